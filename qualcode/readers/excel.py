"""Excel workbooks (.xlsx, .xlsm): the sheet with a column of words."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from qualcode.errors import ReadError
from qualcode.readers._files import open_zip, read_bytes
from qualcode.readers._reading import Note, Reading, ReadOptions, counted, listed
from qualcode.readers._rows import Table, no_columns, parts_of, rows_to_reading
from qualcode.readers._table import Columns, find_by_content, find_by_heading, find_columns

_WHAT = "an Excel file (.xlsx)"
_MAX_ROWS = 500_000
_LAST_ROW = 1_048_576
_MAX_COLUMNS = 500


@dataclass(slots=True)
class _Sheet:
    """The rows of a sheet that hold something.

    Parameters
    ----------
    rows
        Their cells.
    numbers
        Their numbers, as Excel shows them.
    too_wide
        The numbers of rows that reach beyond the last column that is read.
    part
        Where the sheet stands in the file.
    """

    rows: list[list[object]] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    too_wide: list[int] = field(default_factory=list)
    part: str = ""


def sniff(head: bytes, name: str) -> float:
    """Return 1 where the file is a zip with a workbook in it, else 0."""
    return 1.0 if head.startswith(b"PK") and b"xl/workbook" in head else 0.0


def read(path: Path, *, options: ReadOptions) -> Reading:
    """Read the sheet of an Excel workbook that holds the transcript.

    Raises
    ------
    ReadError
        As `read_table`; also if no row holds words, or it holds several transcripts.
    """
    table = read_table(path, options)
    return rows_to_reading(
        path, table.rows, table.columns, table.notes, table.format, options.columns, table.numbers
    )


def read_parts(path: Path, *, options: ReadOptions) -> list[tuple[str, Reading | ReadError]]:
    """Read a sheet that holds several transcripts; see `parts_of`."""
    return parts_of(path, read_table(path, options))


def read_table(path: Path, options: ReadOptions) -> Table:
    """Return the rows of the sheet that holds the words.

    Raises
    ------
    ReadError
        If the file cannot be opened, or the sheet or its text column cannot be told.
    """
    content = read_bytes(path)
    sheets = _sheets(path, content)
    if options.sheet is not None:
        if options.sheet not in sheets:
            raise ReadError(path, f"it has no sheet {options.sheet!r}. It has: {', '.join(sheets)}.")
        others = [name for name in sheets if name != options.sheet and sheets[name].rows]
        sheets = {options.sheet: sheets[options.sheet]}
    else:
        others = []
    filled = {name: sheet.rows for name, sheet in sheets.items() if sheet.rows}
    if not filled:
        raise ReadError(path, "its sheets are empty. Give the workbook that holds the transcript.")
    name, columns = _choose(path, filled, options)
    sheet = sheets[name]
    others += [other for other in filled if other != name]
    notes = [Note("dropped", f"The sheet {other!r} was not read.") for other in others]
    if sheet.too_wide:
        notes.append(
            Note(
                "dropped", f"Cells beyond column {_MAX_COLUMNS} were not read (row {listed(sheet.too_wide)})."
            )
        )
    notes.extend(_check_formulas(path, content, sheet, columns))
    notes.extend(_comments(content))
    return Table(sheet.rows, columns, notes, "excel", sheet.numbers)


def _comments(content: bytes) -> list[Note]:
    """Say that the comments of cells are not read, where the workbook has some."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        there = any(
            re.match(r"xl/(?:.*/)?(?:comments|threadedComment)\d*\.xml$", name) for name in archive.namelist()
        )
    return [Note("dropped", "The comments of cells were not read.")] if there else []


def _check_formulas(path: Path, content: bytes, sheet: _Sheet, columns: Columns) -> list[Note]:
    """Refuse a transcript whose words are formulas without results; note them where they are in no column read."""
    lost = _without_result(content, sheet.part) if sheet.part else []
    first = sheet.numbers[columns.first_row] if columns.first_row < len(sheet.numbers) else 0
    read = {index + 1 for index in columns.at.values()}
    needed = sorted({row for row, column in lost if column in read and row >= first})
    if needed:
        raise ReadError(
            path,
            f"{counted(len(needed), 'row')} {'holds a formula' if len(needed) == 1 else 'hold formulas'} without a result "
            f"(row {listed(needed)}), so what stands there is not in the file. Open it in Excel and save it anew.",
        )
    if lost:
        rows = sorted({row for row, _ in lost})
        return [Note("dropped", f"Formulas without a result were not read (row {listed(rows)}).")]
    return []


def _choose(path: Path, sheets: dict[str, list[list[object]]], options: ReadOptions) -> tuple[str, Columns]:
    if len(sheets) == 1:
        name, rows = next(iter(sheets.items()))
        columns = find_columns(path, rows, options.columns)
        if columns is None:
            raise no_columns(path, rows, f"the sheet {name!r}")
        return name, columns
    if options.columns:
        found = {}
        for name, rows in sheets.items():
            try:
                columns = find_columns(path, rows, options.columns, content=False)
            except ReadError:
                continue
            if columns is not None:
                found[name] = columns
    else:
        by_heading = {name: find_by_heading(rows) for name, rows in sheets.items()}
        found = {name: columns for name, columns in by_heading.items() if columns is not None}
        if not found:
            by_content = {name: find_by_content(rows) for name, rows in sheets.items()}
            found = {name: columns for name, columns in by_content.items() if columns is not None}
    if len(found) == 1:
        return next(iter(found.items()))
    listing = ", ".join(repr(name) for name in (found or sheets))
    problem = "several sheets could be the transcript" if found else "no sheet is known to hold the words"
    raise ReadError(
        path, f"{problem}: {listing}. Name it: sheet=..., and the columns: columns={{'text': heading}}."
    )


def read_sheets(path: Path) -> dict[str, list[list[object]]]:
    """Return the rows of every sheet of a workbook, blank ones left out.

    Raises
    ------
    ReadError
        If the file cannot be opened or is broken.
    """
    return {name: sheet.rows for name, sheet in _sheets(path, read_bytes(path)).items()}


def _sheets(path: Path, content: bytes) -> dict[str, _Sheet]:
    archive = open_zip(path, content, _WHAT)
    archive.close()
    import openpyxl

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of styles and extensions that hold no words
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            try:
                found = {
                    sheet.title: _cells(path, sheet)
                    for sheet in book.worksheets
                    if hasattr(sheet, "iter_rows")
                }
                for sheet in book.worksheets:
                    if sheet.title in found:
                        found[sheet.title].part = str(getattr(sheet, "_worksheet_path", ""))
                return found
            finally:
                book.close()
    except ReadError:
        raise
    except Exception:  # openpyxl raises whatever it stumbles over in a damaged part
        raise ReadError(
            path, "a part of the workbook is broken. Open it in Excel and save it anew, or save it as .csv."
        ) from None


def _cells(path: Path, sheet: Any) -> _Sheet:
    if hasattr(sheet, "reset_dimensions"):
        sheet.reset_dimensions()  # what the file says about its own size is often wrong
    found = _Sheet()
    for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
        if number > _LAST_ROW:
            raise ReadError(path, f"a sheet has a row below {_LAST_ROW:,}, which Excel cannot have.")
        if row.count(None) == len(row):
            continue
        values = list(row[:_MAX_COLUMNS])
        if any(value not in (None, "") for value in row[_MAX_COLUMNS:]):
            found.too_wide.append(number)
        while values and (values[-1] is None or values[-1] == ""):
            values.pop()
        if values:
            found.rows.append(values)
            found.numbers.append(number)
        if len(found.rows) > _MAX_ROWS:
            raise ReadError(path, f"a sheet has more than {_MAX_ROWS:,} rows. Save the transcript as .csv.")
    return found


def _without_result(content: bytes, part: str) -> list[tuple[int, int]]:
    """Return (row, column) of the formulas whose result the file does not hold: other programs wrote them.

    Excel keeps the result beside each formula, also where it is an empty text.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        xml = archive.read(part.lstrip("/"))
    if not re.search(rb"<(?:\w+:)?f[\s/>]", xml):
        return []
    from lxml import etree
    from openpyxl.utils.cell import coordinate_to_tuple

    found = []
    row = column = 0
    events = etree.iterparse(
        io.BytesIO(xml), events=("start", "end"), resolve_entities=False, no_network=True
    )
    for event, element in events:
        name = etree.QName(element).localname if isinstance(element.tag, str) else ""
        if event == "start" and name == "row":
            row, column = int(element.get("r") or row + 1), 0
        elif event == "end" and name == "c":
            at = element.get("r")
            row, column = coordinate_to_tuple(at) if at else (row, column + 1)
            parts = {etree.QName(child).localname: child for child in element if isinstance(child.tag, str)}
            result = parts.get("v")
            empty = result is None or (not result.text and element.get("t") != "str")
            if "f" in parts and empty and "is" not in parts:
                found.append((row, column))
        elif event == "end" and name == "row":
            element.clear()
    return found
