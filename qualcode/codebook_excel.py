"""A codebook as an Excel workbook: the table of `codebook_table` on a sheet "codebook"."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, datetime
from typing import Any

from qualcode.codebook import Codebook
from qualcode.codebook_table import codebook_from_rows, codebook_rows
from qualcode.errors import FileProblems, InvalidValue, Problem

SHEET = "codebook"
_LONGEST = 32_767
_WIDTHS = {
    "name": 34,
    "definition": 60,
    "include": 40,
    "exclude": 40,
    "examples": 40,
    "note": 40,
    "counts_as": 30,
}
_ESCAPED = re.compile(r"_x[0-9A-Fa-f]{4}_")


def write_excel(codebook: Codebook) -> bytes:
    """Return the bytes of a workbook; the same codebook gives the same bytes.

    Raises
    ------
    InvalidValue
        If a text is longer than Excel can hold.
    """
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    header, rows = codebook_rows(codebook)
    book = Workbook()
    sheet: Any = book.active
    sheet.title = SHEET
    for number, cells in enumerate([header, *rows], start=1):
        for column, text in enumerate(cells, start=1):
            if len(text) > _LONGEST:
                raise InvalidValue(
                    f"{header[column - 1]} of '{cells[header.index('name')]}' has {len(text):,} characters, an Excel "
                    f"cell holds {_LONGEST:,}. Shorten it, or write the codebook as YAML or CSV."
                )
            if text:
                # Excel takes _x0041_ for a letter; writing the underscore so keeps it.
                cell = sheet.cell(number, column, _ESCAPED.sub(lambda m: "_x005F" + m[0], text))
                cell.data_type = "s"  # "=1+1" and "#N/A" are texts here
                cell.alignment = Alignment(wrap_text=True, vertical="top")
                if number == 1:
                    cell.font = Font(bold=True)
    for column, name in enumerate(header, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = _WIDTHS.get(name, 16)
    sheet.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return _without_times(out.getvalue())


def _without_times(content: bytes) -> bytes:
    """Return a workbook without the times at which it was made."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "docProps/core.xml":
                part = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", b"2000-01-01T00:00:00Z", part)
            info = zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, part)
    return out.getvalue()


def read_excel(content: bytes, file: str) -> Codebook:
    """Return the codebook of a workbook: its sheet "codebook", else its only or first sheet.

    Raises
    ------
    FileProblems
        All problems at once, each with its row.
    """
    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(content), data_only=True)
    except Exception as error:  # a damaged workbook fails in a dozen ways
        old = content.startswith(b"\xd0\xcf\x11\xe0")
        what = "is an old Excel file (.xls), or one with a password" if old else "is no Excel workbook"
        fix = "open it in Excel and save it as .xlsx without a password"
        raise FileProblems([Problem(file, "", what, fix)]) from error
    named = [name for name in book.sheetnames if name.strip().casefold() == SHEET]
    sheet = book[named[0] if named else book.sheetnames[0]]
    table = [
        (number, [_text(cell.value) for cell in row]) for number, row in enumerate(sheet.iter_rows(), start=1)
    ]
    filled = [(number, cells) for number, cells in table if any(cell.strip() for cell in cells)]
    if not filled:
        others = [name for name in book.sheetnames if name != sheet.title]
        fix = f"name the sheet with the codes '{SHEET}'; there are also: {', '.join(others)}" if others else (
            "write the columns facet, code, name, ... in the first row"
        )  # fmt: skip
        raise FileProblems([Problem(file, "", f"the sheet '{sheet.title}' is empty", fix)])
    return codebook_from_rows(filled[0][1], filled[1:], file)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time().isoformat() == "00:00:00" else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    return _ESCAPED.sub(lambda m: chr(int(m[0][2:6], 16)), str(value))
