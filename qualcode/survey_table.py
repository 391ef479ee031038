"""The table of a survey: where its headings are, and its rows as text. Knows how survey tools export."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from qualcode.errors import ReadError
from qualcode.readers._files import read_head
from qualcode.readers._foreign import foreign_kind
from qualcode.readers._html import looks_like_html
from qualcode.readers._reading import Note, counted
from qualcode.readers.delimited import read_cells
from qualcode.readers.excel import read_sheets
from qualcode.readers.excel import sniff as is_excel
from qualcode.transcript import prepare_text

MAX_RESPONDENTS = 50_000

_SUBHEADS = {"response", "open-ended response"}
"""What SurveyMonkey writes in its second row."""


@dataclass(frozen=True)
class SurveyTable:
    """Headings and rows of a survey.

    Parameters
    ----------
    headings
        The questions; no two are the same.
    codes
        What else a column is called ("Q3"), "" for nothing.
    rows
        One per respondent, every cell as text, as many as headings.
    notes
        What was guessed and dropped.
    """

    headings: tuple[str, ...]
    codes: tuple[str, ...]
    rows: list[list[str]]
    notes: tuple[Note, ...]


def read_survey_table(path: Path, sheet: str | None = None, encoding: str | None = None) -> SurveyTable:
    """Read the table of a survey.

    Raises
    ------
    ReadError
        If the file cannot be opened, is no table, or has no respondents.
    """
    head = read_head(path)
    notes: list[Note] = []
    raw: Sequence[Sequence[object]]
    if is_excel(head, path.name):
        raw = _sheet(path, read_sheets(path), sheet, notes)
    else:
        kind = foreign_kind(head)
        name = kind.name if kind is not None else "a web page (HTML)" if looks_like_html(head) else ""
        if name:
            raise ReadError(path, f"this is {name}, not a table. Export the answers as .csv or .xlsx.")
        raw, found = read_cells(path, encoding)
        notes.extend(found)
    cells = [[cell_text(value) for value in row] for row in raw]
    cells = [row for row in cells if any(row)]
    at, width = _heading_row(path, cells)
    if at:
        notes.append(Note("dropped", f"{counted(at, 'row')} above the headings."))
    headings, codes, first = _headings(cells, at, width, notes)
    rows = [[*row[:width], *[""] * (width - len(row))] for row in cells[first:]]
    if not rows:
        raise ReadError(path, "it has headings and no respondents. Export it again, with the answers in it.")
    if len(rows) > MAX_RESPONDENTS:
        raise ReadError(
            path, f"it has {len(rows):,} rows, more than {MAX_RESPONDENTS:,} respondents. Save a part of it."
        )
    return SurveyTable(_all_different(headings), tuple(codes), rows, tuple(notes))


def cell_text(value: object) -> str:
    """Return a cell as text: 7.0 of a spreadsheet is 7, a day is 2026-03-01, line ends of an answer stay.

    Examples
    --------
    >>> cell_text(7.0), cell_text(None), cell_text(True), cell_text(" so ")
    ('7', '', 'yes', 'so')
    """
    if value is None or value != value:  # NaN is unequal to itself
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(sep=" ")
    return prepare_text(str(value)).strip()


def _sheet(
    path: Path, sheets: dict[str, list[list[object]]], wanted: str | None, notes: list[Note]
) -> list[list[object]]:
    if wanted is not None:
        if wanted not in sheets:
            raise ReadError(path, f"it has no sheet {wanted!r}. It has: {', '.join(sheets)}.")
        return sheets[wanted]
    filled = {name: sum(len(row) for row in rows) for name, rows in sheets.items() if rows}
    if not filled:
        raise ReadError(path, "its sheets are empty. Give the workbook with the answers.")
    name = max(filled, key=lambda each: filled[each])
    others = [each for each in filled if each != name]
    if others:
        listing = ", ".join(repr(each) for each in others)
        notes.append(
            Note("dropped", f"{counted(len(others), 'sheet')} not read: {listing}. Pass sheet= for another.")
        )
    return sheets[name]


def _heading_row(path: Path, cells: list[list[str]]) -> tuple[int, int]:
    """Return the place of the headings and the width: the first row that fills half of the table."""
    widths = [max((place + 1 for place, cell in enumerate(row) if cell), default=0) for row in cells[:200]]
    width = max(widths, default=0)
    if width < 2:
        raise ReadError(
            path, "it has one column; a survey has a column for every question. Export it as .csv or .xlsx."
        )
    for at, row in enumerate(cells[:5]):
        if sum(1 for cell in row if cell) >= max(2, width / 2):
            return at, width
    return 0, width


def _headings(
    cells: list[list[str]], at: int, width: int, notes: list[Note]
) -> tuple[list[str], list[str], int]:
    """Return headings, short codes and the first row of answers; survey tools write up to three heading rows."""
    top = [*cells[at][:width], *[""] * (width - len(cells[at]))]
    second = [*cells[at + 1][:width], *[""] * width][:width] if len(cells) > at + 1 else []
    third = cells[at + 2] if len(cells) > at + 2 else []
    if third and any(cell.startswith('{"ImportId"') for cell in third):
        notes.append(
            Note("guessed", "Three rows of headings, as Qualtrics writes them; the second has the questions.")
        )
        return [b or a for a, b in zip(top, second, strict=True)], top, at + 3
    if second and sum(cell.casefold() in _SUBHEADS for cell in second) >= 1 and not second[0]:
        notes.append(Note("guessed", "Two rows of headings, as SurveyMonkey writes them."))
        question, merged = "", []
        for above, below in zip(top, second, strict=True):
            question = above or question
            merged.append(question if below.casefold() in {*_SUBHEADS, ""} else f"{question}: {below}")
        return merged, [""] * width, at + 2
    return top, [""] * width, at + 1


def _all_different(headings: list[str]) -> tuple[str, ...]:
    found: list[str] = []
    for place, heading in enumerate(headings, start=1):
        name = base = " ".join(heading.split()) or f"column {place}"
        number = 1
        while name in found:
            number += 1
            name = f"{base} ({number})"
        found.append(name)
    return tuple(found)
