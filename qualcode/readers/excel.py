"""Excel workbooks (.xlsx, .xlsm): the sheet with a column of words."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

from qualcode.errors import ReadError
from qualcode.readers._files import open_zip, read_bytes
from qualcode.readers._reading import Note, Reading, ReadOptions
from qualcode.readers._rows import no_columns, rows_to_reading
from qualcode.readers._table import Columns, find_by_content, find_by_heading, find_columns

_WHAT = "an Excel file (.xlsx)"
_MAX_ROWS = 500_000
_MAX_BLANK = 1_000
_MAX_COLUMNS = 500


def sniff(head: bytes, name: str) -> float:
    """Return 1 where the file is a zip with a workbook in it, else 0."""
    return 1.0 if head.startswith(b"PK") and b"xl/workbook" in head else 0.0


def read(path: Path, *, options: ReadOptions) -> Reading:
    """Read the sheet of an Excel workbook that holds the transcript.

    Raises
    ------
    ReadError
        If the file cannot be opened, or the sheet or its text column cannot be told.
    """
    sheets = read_sheets(path)
    if options.sheet is not None:
        if options.sheet not in sheets:
            raise ReadError(path, f"it has no sheet {options.sheet!r}. It has: {', '.join(sheets)}.")
        sheets = {options.sheet: sheets[options.sheet]}
    filled = {name: rows for name, rows in sheets.items() if rows}
    if not filled:
        raise ReadError(path, "its sheets are empty. Give the workbook that holds the transcript.")
    name, columns = _choose(path, filled, options)
    notes = [
        Note("dropped", f"The sheet {other!r} was not read.") for other in filled if other != name
    ]  # fmt: skip
    return rows_to_reading(path, filled[name], columns, notes, "excel", options.columns)


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
    content = read_bytes(path)
    archive = open_zip(path, content, _WHAT)
    archive.close()
    import io

    import openpyxl

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of styles and extensions that hold no words
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            try:
                return {
                    sheet.title: _cells(path, sheet)
                    for sheet in book.worksheets
                    if hasattr(sheet, "iter_rows")
                }
            finally:
                book.close()
    except ReadError:
        raise
    except Exception:  # openpyxl raises whatever it stumbles over in a damaged part
        raise ReadError(
            path, "a part of the workbook is broken. Open it in Excel and save it anew, or save it as .csv."
        ) from None


def _cells(path: Path, sheet: Any) -> list[list[object]]:
    if hasattr(sheet, "reset_dimensions"):
        sheet.reset_dimensions()  # what the file says about its own size is often wrong
    rows: list[list[object]] = []
    blank = 0
    for row in sheet.iter_rows(values_only=True, max_col=_MAX_COLUMNS):
        values = list(row)
        while values and (values[-1] is None or values[-1] == ""):
            values.pop()
        blank = 0 if values else blank + 1
        if blank > _MAX_BLANK:
            break
        if values:
            rows.append(values)
        if len(rows) > _MAX_ROWS:
            raise ReadError(path, f"a sheet has more than {_MAX_ROWS:,} rows. Save the transcript as .csv.")
    return rows
