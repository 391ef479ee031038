"""data/turns/<source>.csv: who speaks from where to where, and when, in every version of a text."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from qualcode.csvtext import format_csv, parse_csv
from qualcode.errors import FileProblems, Problem
from qualcode.span import Span
from qualcode.transcript import TimeMark, Turn

TURN_COLUMNS = ("version", "number", "speaker", "start", "end", "begins", "ends", "marks")

TurnSet = tuple[tuple[Turn, ...], tuple[TimeMark, ...]]
"""The turns and time marks of one version of a text."""


def parse_turns(name: str, content: bytes, file: str) -> dict[str, TurnSet]:
    """Return version of a text to its turns and time marks.

    Raises
    ------
    FileProblems
        With every line that is no turn.
    """
    header, values, problems = parse_csv(content, file, TURN_COLUMNS)
    if problems:
        raise FileProblems(problems)
    at = [header.index(column) for column in TURN_COLUMNS]
    sets: dict[str, tuple[list[Turn], list[TimeMark]]] = {}
    for number, row in enumerate(values, start=2):
        version, turn, speaker, start, end, begins, ends, marks = [row[i] for i in at]
        turns, times = sets.setdefault(version, ([], []))
        try:
            if turn != "0":  # number 0 carries time marks that stand outside all turns
                span = Span(int(start), int(end))
                turns.append(Turn(int(turn), speaker or None, span, _seconds(begins), _seconds(ends)))
            if marks:
                times += [_mark(mark) for mark in marks.split()]
        except ValueError:
            what = f"turn {turn!r} has a place or time that is none"
            problems.append(Problem(file, str(number), what, "restore the line from git or a backup"))
    if problems:
        raise FileProblems(problems)
    return {
        version: (tuple(turns), tuple(sorted(times, key=_position)))
        for version, (turns, times) in sets.items()
    }


def _position(mark: TimeMark) -> int:
    return mark.position


def _seconds(text: str) -> float | None:
    return _time(text) if text else None


def _time(text: str) -> float:
    seconds = float(text)
    if not 0 <= seconds < float("inf"):
        raise ValueError(text)
    return seconds


def _mark(text: str) -> TimeMark:
    position, _, times = text.partition("@")
    begins, _, ends = times.partition("-")
    return TimeMark(int(position), _time(begins), _seconds(ends))


def format_turns(sets: Mapping[str, TurnSet]) -> bytes:
    """Return the bytes of data/turns/<source>.csv: one set of turns per version of the text."""
    rows: list[list[str]] = []
    for version, (turns, marks) in sets.items():
        inside: dict[int, list[str]] = {}
        index = 0
        for mark in marks:
            while index + 1 < len(turns) and turns[index + 1].span.start <= mark.position:
                index += 1
            number = turns[index].number if turns and turns[index].span.start <= mark.position else 0
            inside.setdefault(number, []).append(_write_mark(mark))
        if 0 in inside:
            rows.append([version, "0", "", "", "", "", "", " ".join(inside[0])])
        for turn in turns:
            rows.append(
                [
                    version,
                    str(turn.number),
                    turn.speaker or "",
                    str(turn.span.start),
                    str(turn.span.end),
                    _write_seconds(turn.begins),
                    _write_seconds(turn.ends),
                    " ".join(inside.get(turn.number, [])),
                ]
            )
    return format_csv(TURN_COLUMNS, rows)


def _write_seconds(seconds: float | None) -> str:
    if seconds is None:
        return ""
    # never as 1e-07: the "-" stands between begin and end of a mark
    return format(Decimal(repr(float(seconds))), "f").removesuffix(".0")


def _write_mark(mark: TimeMark) -> str:
    ends = "" if mark.ends is None else f"-{_write_seconds(mark.ends)}"
    return f"{mark.position}@{_write_seconds(mark.begins)}{ends}"
