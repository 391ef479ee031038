"""Coder and Coding: who put which code on which stretch of which text."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from qualcode.csvtext import format_csv, parse_csv
from qualcode.errors import FileProblems, InvalidValue, Problem
from qualcode.span import Span

CODER_KINDS = ("human", "machine", "consensus", "key")
"""What a coder can be; a key is a planted answer and stands in no default."""

STANCES = ("supports", "counters", "mixed")
"""Whether a passage supports what the code says, runs counter to it, or both."""

CODING_COLUMNS = ("id", "start", "end", "version", "code", "created", "codebook", "stance", "origin")
"""The columns of data/codings/<coder>/<source>.csv; others may follow and are kept."""


@dataclass(frozen=True, slots=True)
class Coder:
    """Somebody or something that codes.

    Parameters
    ----------
    id
        The name of the coder's files, for example "ana".
    name
        What people call the coder.
    kind
        "human", "machine", "consensus" or "key".
    model, version, settings
        Of a machine: which, and how it was set.
    """

    id: str
    name: str
    kind: str = "human"
    model: str = ""
    version: str = ""
    settings: str = ""

    def __post_init__(self) -> None:
        if self.kind not in CODER_KINDS:
            raise InvalidValue(f"Unknown kind of coder {self.kind!r}. Use one of {', '.join(CODER_KINDS)}.")


@dataclass(frozen=True, slots=True)
class Coding:
    """A coder put a code on a stretch of a text.

    Parameters
    ----------
    id
        Never changes; the log tells what happened to it.
    source
        Id of the source.
    span
        Where, in code points of the text `version`.
    version
        The text the span belongs to (see `Transcript.version`).
    code
        Id of the code as it was given; a code merged later is resolved on reading.
    coder
        Id of the coder.
    created
        When, as ISO 8601 in UTC.
    codebook
        Which state of the codebook.
    stance
        "supports", "counters" or "mixed".
    origin
        How it came: "hand", "script", "import", an assistant, ...
    """

    id: str
    source: str
    span: Span
    version: str
    code: str
    coder: str
    created: str
    codebook: str = ""
    stance: str = "supports"
    origin: str = "hand"

    def __post_init__(self) -> None:
        check_stance(self.stance)


def check_stance(stance: str) -> str:
    """Return a stance, or raise InvalidValue naming those there are.

    Examples
    --------
    >>> check_stance("counters")
    'counters'
    """
    if stance not in STANCES:
        raise InvalidValue(f"Unknown stance {stance!r}. Use one of {', '.join(STANCES)}.")
    return stance


def new_id() -> str:
    """Return an id that no other machine will mint: 12 hexadecimal digits."""
    return secrets.token_hex(6)


def now() -> str:
    """Return the time as ISO 8601 in UTC, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


Row = dict[str, str]
"""One line of a codings file, column to text."""


def parse_codings(content: bytes, file: str) -> tuple[list[str], list[Row]]:
    """Return the extra columns and the rows of a codings file.

    Raises
    ------
    FileProblems
        With every line that cannot be a coding.
    """
    return parse_rows(content, file, CODING_COLUMNS, row_faults)


def parse_rows(
    content: bytes, file: str, columns: Sequence[str], faults: Callable[[Row], list[tuple[str, ...]]]
) -> tuple[list[str], list[Row]]:
    """Return the extra columns and the rows of a file of records that have ids.

    Parameters
    ----------
    content, file
        The bytes, and the path for messages.
    columns
        Those that must be there.
    faults
        What keeps a row from being a record: (what is wrong, what to do).

    Raises
    ------
    FileProblems
        With every line that cannot be a record.
    """
    header, table, problems = parse_csv(content, file, columns)
    rows = [dict(zip(header, values, strict=True)) for values in table]
    seen: set[str] = set()
    for number, row in enumerate(rows, start=2):
        problems += [Problem(file, str(number), *words) for words in faults(row)]
        if row["id"] in seen:
            problems.append(Problem(file, str(number), f"the id {row['id']!r} is empty or there twice"))
        seen.add(row["id"])
    if problems:
        raise FileProblems(problems)
    return [column for column in header if column not in columns], rows


def row_faults(row: Row) -> list[tuple[str, ...]]:
    """Return what keeps a row from being a coding: (what is wrong, what to do); empty where nothing does."""
    found = place_faults(row)
    if row["stance"] not in STANCES:
        found.append((f"unknown stance {row['stance']!r}", f"use {', '.join(STANCES)}"))
    return found


def place_faults(row: Row) -> list[tuple[str, ...]]:
    """Return what keeps a row from being one with an id and a passage: (what is wrong, what to do)."""
    found: list[tuple[str, ...]] = []
    start, end = row["start"], row["end"]
    if not (is_position(start) and is_position(end) and int(start) < int(end)):
        what = f"start and end must be whole numbers with start < end, got {start[:20]!r} and {end[:20]!r}"
        found.append((what, "restore the line from git or a backup; spreadsheet programs change numbers"))
    if not row["id"]:
        found.append(("the id '' is empty or there twice",))
    return found


def is_position(text: str) -> bool:
    """Whether a text is a position in a transcript: a whole number, 0 or more.

    Examples
    --------
    >>> is_position("120"), is_position("12.0"), is_position("²")
    (True, False, False)
    """
    return text.isascii() and text.isdigit() and len(text) < 16


def row_order(row: Row) -> tuple[int, int, str, str]:
    """Return the order of rows in a codings file: by place, code and id."""
    return int(row["start"]), int(row["end"]), row["code"], row["id"]


def format_codings(extra: list[str], rows: list[Row]) -> bytes:
    """Return the bytes of a codings file, in its order."""
    return format_rows([*CODING_COLUMNS, *extra], sorted(rows, key=row_order))


def format_rows(columns: Sequence[str], rows: Sequence[Row]) -> bytes:
    """Return the bytes of a file of records as they are given."""
    return format_csv(columns, ([row.get(column, "") for column in columns] for row in rows))
