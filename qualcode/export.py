"""The tables of a study as an Excel file or as CSV files, safe to open and safe to share.

A spreadsheet runs a cell that begins with ``=`` as a formula. In Excel files such cells are marked as text
and keep their content; in CSV, which has no types, they get a leading apostrophe.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from qualcode.errors import InvalidValue, Refused
from qualcode.file_names import given_path

if TYPE_CHECKING:
    from qualcode.project import Project

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NOT_IN_EXCEL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_EXCEL_CELL = 32_767


def export_tables(
    project: Project, path: str | os.PathLike[str], *, quotes: bool = False, replace: bool = False
) -> tuple[Path, ...]:
    """Write sources, turns, codings, codebook, cases, speakers, memos, progress, suggestions and decisions as tables.

    Parameters
    ----------
    project
        The study.
    path
        A file ending in ``.xlsx`` (one sheet a table), or a folder for one CSV file a table.
    quotes
        Whether to write what was said: the quote of every coding and suggestion and the text of every turn. Without
        it only places and lengths are written. Memos and definitions are the coders' own words and
        are always written.
    replace
        Whether to write over files that are there.

    Returns
    -------
    tuple of Path
        The files written. CSV files are UTF-8 with a byte order mark, so that Excel reads every letter.

    Raises
    ------
    Refused
        If a file is there already and `replace` is false.
    InvalidValue
        If `path` has another ending.

    Examples
    --------
    >>> import tempfile, qualcode as qc
    >>> folder = tempfile.TemporaryDirectory()
    >>> study = qc.create_project(folder.name + "/study", coder="ana")
    >>> [file.name for file in qc.export_tables(study, folder.name + "/tables")][:3]
    ['sources.csv', 'turns.csv', 'codings.csv']
    >>> folder.cleanup()
    """
    target = given_path(path)
    suffix = target.suffix.lower()
    tables = study_tables(project, quotes=quotes)
    if suffix == ".xlsx":
        _refuse([target], replace)
        target.parent.mkdir(parents=True, exist_ok=True)
        _write_excel(tables, target)
        return (target,)
    if suffix and not target.is_dir():
        raise InvalidValue(
            f"'{target.name}' ends in '{suffix}'; tables are written to a file ending in .xlsx, "
            "or as CSV files into a folder. Give one of the two."
        )
    files = [target / f"{name}.csv" for name in tables]
    _refuse(files, replace)
    target.mkdir(parents=True, exist_ok=True)
    for file, table in zip(files, tables.values(), strict=True):
        safe_for_csv(table).to_csv(file, index=False, encoding="utf-8-sig", lineterminator="\n")
    return tuple(files)


def study_tables(project: Project, *, quotes: bool = False) -> dict[str, pd.DataFrame]:
    """Return the tables that :func:`export_tables` writes, by name.

    Examples
    --------
    >>> import tempfile, qualcode as qc
    >>> folder = tempfile.TemporaryDirectory()
    >>> study = qc.create_project(folder.name + "/study", coder="ana")
    >>> "text" in study_tables(study)["turns"]
    False
    >>> folder.cleanup()
    """
    turns = project.turns
    codings, suggestions = project.codings, project.suggestions
    paths = {code.id: project.codebook.path(code.id) for code in project.codebook.codes}
    codings.insert(list(codings.columns).index("code") + 1, "code_path", codings["code"].map(paths))
    for table in (codings, suggestions):
        table.insert(list(table.columns).index("end") + 1, "length", table["end"] - table["start"])
        if quotes:
            table["quote"] = _quotes(project, table)
    if not quotes:
        turns = turns.drop(columns="text")
    made_up = dict(zip(project.sources["source"], project.sources["synthetic"], strict=True))
    found = {
        "sources": project.sources,
        "turns": turns,
        "codings": codings,
        "codebook": project.codebook.to_frame(),
        "cases": project.cases,
        "speakers": project.speakers,
        "memos": project.memos,
        "progress": project.progress,
        "suggestions": suggestions,
        "decisions": project.decisions,
    }
    for name, table in found.items():
        if "source" in table.columns and name != "sources":
            table["synthetic"] = [bool(made_up.get(source)) for source in table["source"]]
    return found


def _quotes(project: Project, codings: pd.DataFrame) -> list[str | None]:
    """Return the words of every row, in the version of the text it belongs to; None where that is not in this copy."""
    text_of = cache(project._text_of_version)
    places = codings[["source", "version", "start", "end"]].itertuples(index=False, name=None)
    return [
        None if (text := text_of(source, version)) is None else text[start:end]
        for source, version, start, end in places
    ]


def _refuse(files: Iterable[Path], replace: bool) -> None:
    there = [file.name for file in files if file.exists()]
    if there and not replace:
        raise Refused(
            f"{', '.join(there)} would be written over. Choose another place, or allow it with replace=True "
            "(on the command line: --replace)."
        )


def safe_for_csv(table: pd.DataFrame) -> pd.DataFrame:
    """Return a copy whose texts no spreadsheet runs as a formula.

    Examples
    --------
    >>> safe_for_csv(pd.DataFrame({"name": ["=1+1", "trust"], "n": [-1, 2]}))
        name  n
    0  '=1+1 -1
    1  trust  2
    """
    safe = table.copy()
    safe.columns = pd.Index([_csv_cell(str(name)) for name in table.columns])
    for position, name in enumerate(table.columns):
        if not pd.api.types.is_numeric_dtype(table[name]):
            safe.isetitem(position, [_csv_cell(value) for value in table[name]])
    return safe


def _csv_cell(value: Any) -> Any:
    text = _plain(value)
    return "'" + text if isinstance(text, str) and text.startswith(_FORMULA) else text


def _plain(value: Any) -> Any:
    """A list or tuple becomes its parts with "; " between; None and NaN become an empty cell."""
    if isinstance(value, (list, tuple, set, frozenset)):
        return "; ".join(str(part) for part in value)
    return None if value is None or value is pd.NA or value != value else value


def _write_excel(tables: dict[str, pd.DataFrame], target: Path) -> None:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    book = Workbook(write_only=True)
    bold = Font(bold=True)
    for name, table in tables.items():
        sheet = book.create_sheet(name)
        sheet.freeze_panes = "A2"
        head = [WriteOnlyCell(sheet, value=str(column)) for column in table.columns]
        for cell in head:
            cell.font = bold
        sheet.append(head)
        for row in table.itertuples(index=False, name=None):
            sheet.append([_excel_cell(sheet, value) for value in row])
    # Written beside the target first: a full disk leaves the old file whole.
    draft = target.with_name(f".{target.name}.part")
    try:
        book.save(draft)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def _excel_cell(sheet: Any, value: Any) -> Any:
    from openpyxl.cell import WriteOnlyCell

    value = _plain(value)
    if hasattr(value, "item"):  # numpy's numbers
        value = value.item()
    if not isinstance(value, str):
        return value
    text = _NOT_IN_EXCEL.sub("\ufffd", value)
    if len(text) > _EXCEL_CELL:
        text = text[: _EXCEL_CELL - 1] + "…"  # Excel holds no longer text in a cell
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"
    if text.startswith(_FORMULA):
        cell.quotePrefix = True
    return cell
