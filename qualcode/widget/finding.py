"""Search: every place of some words, here or in all sources, and sentences around a place."""

from __future__ import annotations

import re
import time
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import regex as expressions

from qualcode.coding_page import data
from qualcode.coding_page.blocks import Block, blocks
from qualcode.coding_page.data import Plain
from qualcode.errors import FolderError, InvalidValue
from qualcode.span import Span

if TYPE_CHECKING:
    from qualcode.widget.session import Session

MOST_HITS = 1000
"""How many places are listed; the total is exact however many there are."""

AROUND = 48
LONGEST = 1000

SECONDS = 4.0
"""How long an expression may search; some, such as ``(a+)+$``, would need longer than anybody lives."""

_SENTENCE_END = re.compile(r"[.?!…؟।]+[\"'”’»)\]]*(?=\s)|[。！？]+[”’」』）]*|\n+")


def hits(
    session: Session, sources: Iterable[str], pattern: expressions.Pattern[str]
) -> tuple[list[Plain], dict[str, int], list[str]]:
    """Return the first places of a pattern, how many there are by source, and the sources without text.

    Raises
    ------
    InvalidValue
        If the expression searches for ever.
    """
    end = time.monotonic() + SECONDS
    found: list[Plain] = []
    totals: dict[str, int] = {}
    missing: list[str] = []
    for source in sources:
        try:
            version, parts = blocks_of(session, source)
        except FolderError:
            missing.append(source)
            continue
        number = 0
        here: list[Plain] = []
        for block in parts:
            for match in _matches(pattern, block["text"], end):
                if match.start() == match.end():
                    continue
                number += 1
                if len(found) + len(here) < MOST_HITS:
                    here.append(_hit(source, version, block, *match.span()))
        if number:
            totals[source] = number
        _tell_codes(session, source, here)
        found += here
    return found, totals, missing


def _matches(pattern: expressions.Pattern[str], text: str, end: float) -> Iterator[expressions.Match[str]]:
    """Yield what matches, as long as there is time."""
    left = end - time.monotonic()
    try:
        if left <= 0:
            raise TimeoutError
        yield from pattern.finditer(text, timeout=left, concurrent=True)
    except (TimeoutError, MemoryError):
        raise InvalidValue(
            "This expression searches for ever, so it was stopped: it can be read in too many ways, as where a repetition "
            "stands within a repetition, (a+)+. Make it simpler, or search for plain words."
        ) from None


def blocks_of(session: Session, source: str) -> tuple[str, list[Block]]:
    """Return the version of a text and its blocks, made once.

    Raises
    ------
    FolderError
        If the text is not in this copy of the study.
    """
    text = data.text_of(session.project, source)
    held = session.blocks.get(source)
    if held is None or held[0] is not text:
        held = session.blocks[source] = (text, blocks(text))
    return text.version, held[1]


def _hit(source: str, version: str, block: Block, start: int, end: int) -> Plain:
    text = block["text"]
    return {
        "source": source,
        "version": version,
        "start": block["start"] + start,
        "end": block["start"] + end,
        "before": text[max(0, start - AROUND) : start],
        "words": text[start:end],
        "after": text[end : end + AROUND],
        "turn": block["turn"],
        "speaker": block["speaker"],
    }


def _tell_codes(session: Session, source: str, here: list[Plain]) -> None:
    """Say of each hit which codes it has already."""
    if not here:
        return
    codings = sorted(session.snapshot.codings_of(source), key=lambda coding: int(coding["start"]))
    starts = [coding["start"] for coding in codings]
    longest = max((coding["end"] - coding["start"] for coding in codings), default=0)
    for hit in here:
        near = codings[bisect_left(starts, hit["start"] - longest) : bisect_left(starts, hit["end"])]
        hit["coded"] = list(dict.fromkeys(c["code"] for c in near if c["end"] > hit["start"]))


def pattern_of(text: str, match_case: bool, whole_words: bool, regex: bool) -> expressions.Pattern[str]:
    r"""Return what is searched for; blanks stand for any white space, and accents may be one sign or two.

    Raises
    ------
    InvalidValue
        If it is no regular expression.

    Examples
    --------
    >>> bool(pattern_of("the cafe\u0301", False, True, False).search("In THE\ncaf\u00e9."))
    True
    """
    if len(text) > LONGEST:
        raise InvalidValue(f"The search has {len(text)} characters; at most {LONGEST} are searched for.")
    source = text if regex else r"\s+".join(_either(word) for word in text.split())
    if whole_words:
        source = rf"(?<!\w)(?:{source})(?!\w)"
    try:
        return expressions.compile(source, 0 if match_case else expressions.IGNORECASE)
    except (expressions.error, RecursionError, OverflowError, MemoryError) as error:
        reason = getattr(error, "msg", type(error).__name__)
        raise InvalidValue(
            f"This is no regular expression: {reason}. Mend it, or search for plain words."
        ) from None


def _either(word: str) -> str:
    forms = dict.fromkeys([word, unicodedata.normalize("NFC", word), unicodedata.normalize("NFD", word)])
    written = [re.escape(form) for form in forms]
    return written[0] if len(written) == 1 else f"(?:{'|'.join(written)})"


def widened(parts: list[Block], start: int, end: int, unit: str) -> Span | None:
    """Return a place in one block, widened to its sentences or to the block; None where it is in no block."""
    at = bisect_left([block["start"] for block in parts], start + 1) - 1
    if at < 0:
        return None
    block: dict[str, Any] = parts[at]
    first, text = block["start"], block["text"]
    if not first <= start < end <= first + len(text):
        return None
    if unit == "hit":
        return Span(start, end)
    if unit == "turn":
        return Span(first, first + len(text))
    spans = list(sentences(text))
    touched = [span for span in spans if span.start < end - first and start - first < span.end]
    return Span(first + touched[0].start, first + touched[-1].end) if touched else Span(start, end)


def sentences(text: str) -> Iterator[Span]:
    """Yield the sentences of a turn, without blanks around them.

    Examples
    --------
    >>> [(span.start, span.end) for span in sentences("Why? Because it drifts.  ")]
    [(0, 4), (5, 23)]
    """
    begin = 0
    for end in [*(match.end() for match in _SENTENCE_END.finditer(text)), len(text)]:
        words = text[begin:end].strip()
        if words:
            start = begin + text[begin:end].index(words)
            yield Span(start, start + len(words))
        begin = end
