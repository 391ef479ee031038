"""Suggestion and Decision: a code that an assistant proposes for a passage, and what a person made of it.

An assistant writes ``data/suggestions/<assistant>/<source>.csv``; each person's answers stand in a file of
their own, ``data/decisions/<coder>/<assistant>/<source>.csv``. A suggestion is no coding and counts nowhere.

No word of a transcript stands in these files. The words that speak for a suggestion are words of
participants: an assistant keeps those in ``data/transcripts/.cache/``. Here `reason` holds names
("rule:waiting") and `evidence` references ("coding:1f3a...", "span:P7a:<version>:120:188"), and what they
refer to is looked up when it is shown.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

from qualcode.coding import Row, format_rows, parse_rows, place_faults, row_order
from qualcode.errors import InvalidValue
from qualcode.span import Span

SUGGESTION_COLUMNS = (
    "id", "start", "end", "version", "code", "score", "rank", "reason", "evidence", "created", "codebook",
    "assistant_version", "training",
)  # fmt: skip
"""The columns of data/suggestions/<assistant>/<source>.csv; others may follow and are kept."""

DECISION_COLUMNS = ("id", "decision", "coding", "created")
"""The columns of data/decisions/<coder>/<assistant>/<source>.csv; others may follow and are kept."""

DECISIONS = ("accepted", "rejected", "changed")
"""What a person can make of a suggestion."""

STATUSES = ("open", *DECISIONS)
"""What a suggestion can be."""

EVIDENCE_KINDS = ("coding", "code", "span", "turn", "source")
"""What a suggestion can refer to; see `qualcode.memo.Memo` for how each is written."""

_REASON = re.compile(r"-?[a-z][a-z_-]{0,39}:[\w.+-]{1,60}")
_EVIDENCE = re.compile(
    r"(coding|code|source):[^\s:]+|turn:[^\s:]+:\w+:[0-9]{1,15}|span:[^\s:]+:\w+:[0-9]{1,15}:[0-9]{1,15}"
)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An assistant proposes a code for a stretch of a text, or says that there is probably nothing.

    Parameters
    ----------
    id
        Never changes.
    source
        Id of the source.
    span
        Where, in code points of the text `version`.
    version
        The text the span belongs to (see `Transcript.version`).
    code
        Id of the code; None says "probably nothing here".
    assistant
        Id of the assistant, a coder of kind machine.
    created
        When, as ISO 8601 in UTC.
    codebook
        Which state of the codebook.
    score
        How sure the assistant is, 0 to 1; a probability where the assistant is calibrated. None: it does not say.
    rank
        1 for the likeliest code of the passage, 2 for the next. None: it does not say.
    reason
        Names of what spoke for it, and after a "-" against it: ``("rule:waiting", "-role:interviewer")``.
    evidence
        References: the nearest hand-coded passages, the code whose definition matched.
    assistant_version
        Which state of the assistant.
    training
        Hash of what it was trained on, "" where it was not.
    status
        "open", "accepted", "rejected" or "changed": what people decided, the newest decision where they differ.

    Raises
    ------
    InvalidValue
        If score, rank, reason, evidence or status are none.

    Examples
    --------
    >>> Suggestion("a1", "P7a", Span(4, 9), "0a", "trust", "rules", "2026-03-01T09:30:00Z", score=0.8).status
    'open'
    """

    id: str
    source: str
    span: Span
    version: str
    code: str | None
    assistant: str
    created: str
    codebook: str = ""
    score: float | None = None
    rank: int | None = None
    reason: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    assistant_version: str = ""
    training: str = ""
    status: str = "open"

    def __post_init__(self) -> None:
        if self.status not in STATUSES:
            raise InvalidValue(f"Unknown status {self.status!r}. Use one of {', '.join(STATUSES)}.")
        faults = _value_faults(suggestion_row(self))
        if faults:
            raise InvalidValue(". ".join(": ".join(words) for words in faults) + ".")


def suggestion_row(suggestion: Suggestion) -> Row:
    """Return the line of a suggestion in its file; `parse_suggestion` gives the suggestion back."""
    return {
        "id": suggestion.id,
        "start": str(suggestion.span.start),
        "end": str(suggestion.span.end),
        "version": suggestion.version,
        "code": suggestion.code or "",
        "score": format_score(suggestion.score),
        "rank": "" if suggestion.rank is None else str(suggestion.rank),
        "reason": " ".join(suggestion.reason),
        "evidence": " ".join(suggestion.evidence),
        "created": suggestion.created,
        "codebook": suggestion.codebook,
        "assistant_version": suggestion.assistant_version,
        "training": suggestion.training,
    }


def parse_suggestion(row: Row, source: str, assistant: str, status: str = "open") -> Suggestion:
    """Return the suggestion of a line of a file."""
    return Suggestion(
        row["id"], source, Span(int(row["start"]), int(row["end"])), row["version"], row["code"] or None, assistant,
        row["created"], row["codebook"], float(row["score"]) if row["score"] else None,
        int(row["rank"]) if row["rank"] else None, tuple(row["reason"].split()), tuple(row["evidence"].split()),
        row["assistant_version"], row["training"], status,
    )  # fmt: skip


def format_score(score: float | None) -> str:
    """Return a score as files keep it: to six places, never as 1e-07.

    Examples
    --------
    >>> format_score(0.8), format_score(1 / 3), format_score(1), format_score(None)
    ('0.8', '0.333333', '1', '')
    """
    return "" if score is None else f"{score:.6f}".rstrip("0").rstrip(".")


def suggestion_id(assistant: str, source: str, row: Row) -> str:
    """Return the id of a suggestion: the same one that another machine mints for the same suggestion.

    So an assistant that ran in two copies of a study has, after they are merged, suggested it once.
    """
    told = [row[name] for name in ("version", "start", "end", "code", "assistant_version", "training")]
    return hashlib.sha256("\n".join([assistant, source, *told]).encode("utf-8")).hexdigest()[:12]


# -- files ---------------------------------------------------------------------------------------------


def parse_suggestions(content: bytes, file: str) -> tuple[list[str], list[Row]]:
    """Return the extra columns and the rows of a file of suggestions.

    Raises
    ------
    FileProblems
        With every line that cannot be a suggestion.
    """
    return parse_rows(content, file, SUGGESTION_COLUMNS, suggestion_faults)


def format_suggestions(extra: list[str], rows: Iterable[Row]) -> bytes:
    """Return the bytes of a file of suggestions, in its order: by place, code and id."""
    return format_rows([*SUGGESTION_COLUMNS, *extra], sorted(rows, key=row_order))


def decision_order(row: Row) -> str:
    """Return the order of rows in a file of decisions."""
    return row["id"]


def suggestion_faults(row: Row) -> list[tuple[str, ...]]:
    """Return what keeps a row from being a suggestion: (what is wrong, what to do); empty where nothing does."""
    return [*place_faults(row), *_value_faults(row)]


def decision_faults(row: Row) -> list[tuple[str, ...]]:
    """Return what keeps a row from being a decision: (what is wrong, what to do); empty where nothing does."""
    found: list[tuple[str, ...]] = [] if row["id"] else [("the id '' is empty or there twice",)]
    if row["decision"] not in DECISIONS:
        found.append((f"unknown decision {row['decision'][:20]!r}", f"use {', '.join(DECISIONS)}"))
    return found


def _value_faults(row: Row) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    if not is_score(row["score"]):
        found.append((f"the score {row['score'][:20]!r} is no number from 0 to 1",))
    if not re.fullmatch(r"([1-9][0-9]{0,8})?", row["rank"]):
        found.append((f"the rank {row['rank'][:20]!r} is none: it is 1 for the likeliest code, then 2, 3",))
    if not all(map(_REASON.fullmatch, row["reason"].split())):  # what is there instead may be what was said
        what = "the reason must be names such as rule:waiting or -role:interviewer, blanks between"
        found.append((what, "words of a transcript must not stand here"))
    if not all(map(_EVIDENCE.fullmatch, row["evidence"].split())):
        what = f"the evidence must be references ({', '.join(EVIDENCE_KINDS)}), blanks between"
        found.append((what, "such as coding:ID or span:SOURCE:VERSION:START:END"))
    return found


def is_score(text: str) -> bool:
    """Whether a text is a score: nothing, or a number from 0 to 1.

    Examples
    --------
    >>> is_score(""), is_score("0.8"), is_score("80"), is_score("nan")
    (True, True, False, False)
    """
    if not text:
        return True
    try:
        number = float(text)
    except ValueError:
        return False
    return math.isfinite(number) and 0 <= number <= 1 and text.isascii() and "_" not in text
