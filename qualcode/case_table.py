"""Tables of cases: a DataFrame, a CSV or Excel file, or the table in a document that describes participants.

Every cell becomes text here; what a column means is decided by `Project.add_cases`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qualcode.case import is_missing
from qualcode.csvtext import decode
from qualcode.errors import InvalidValue, QualcodeError, ReadError, did_you_mean
from qualcode.file_names import given_path
from qualcode.survey_columns import find_ids, identifies, key_of

if TYPE_CHECKING:
    import pandas as pd

    from qualcode.readers import DocumentTable

CASE = "case"
"""The column of the ids, where nobody says otherwise."""

DOCUMENTS = (".docx", ".docm", ".odt", ".ott", ".fodt", ".rtf", ".html", ".htm", ".xhtml")
"""Endings of the files in which a table of participants is looked for."""


@dataclass(frozen=True)
class CaseTable:
    """A table with one row a case, every cell as text.

    Parameters
    ----------
    name
        Of the file, for messages.
    frame
        Its cells.
    case
        The column of the ids.
    attributes
        The columns that may become attributes.
    notes
        What a person should know of columns that were left out.
    """

    name: str
    frame: pd.DataFrame
    case: str
    attributes: tuple[str, ...]
    notes: tuple[str, ...] = ()


def read_case_table(
    table: str | os.PathLike[str] | pd.DataFrame,
    case: str = CASE,
    *,
    attributes: Sequence[str] | None = None,
    pseudonyms: Mapping[str, str] | None = None,
    source_of: Callable[[Path], str] = lambda path: "",
) -> CaseTable:
    """Read a table of cases.

    Parameters
    ----------
    table
        A DataFrame; a .csv or .xlsx file; or a document with a table that describes participants.
    case
        The column of the ids; for a document that describes one participant, also the id itself.
    attributes
        The columns that become attributes; by default all, of a document without those that identify people.
    pseudonyms
        Real name to pseudonym, replaced in every cell.
    source_of
        Returns the id of the source that was read from a file, "" where there is none.

    Raises
    ------
    ReadError
        If the file cannot be read, or holds no such table, or several.
    InvalidValue
        If it has no such column, or one twice.
    """
    import pandas as pd

    if isinstance(table, pd.DataFrame):
        frame = table.rename(columns=str)
        _check_columns("The table", frame.columns)
        found = _chosen("table", frame.map(_cell), case, attributes)
    else:
        path = given_path(table)
        if path.suffix.lower() in DOCUMENTS:
            found = _from_document(path, case, attributes, source_of)
        else:
            found = _chosen(path.name, _read_file(path), case, attributes)
    return _renamed(found, pseudonyms) if pseudonyms else found


def _chosen(name: str, frame: pd.DataFrame, case: str, attributes: Sequence[str] | None) -> CaseTable:
    if case not in frame.columns:
        raise InvalidValue(
            f"{name} has no column '{case}'. It has {', '.join(frame.columns)}; say case='...' which names the case."
        )
    return CaseTable(name, frame, case, _wanted(name, frame, attributes, frame.columns))


def _wanted(
    name: str, frame: pd.DataFrame, attributes: Sequence[str] | None, otherwise: Iterable[str]
) -> tuple[str, ...]:
    for column in attributes or ():
        if column not in frame.columns:
            hint = did_you_mean(str(column), frame.columns) or f" It has {', '.join(frame.columns)}."
            raise InvalidValue(f"attributes= names '{column}', and {name} has no such column.{hint}")
    return tuple(otherwise if attributes is None else attributes)


def _check_columns(name: str, columns: pd.Index) -> None:
    twice = columns[columns.duplicated()]
    if len(twice):
        raise InvalidValue(f"{name} has the column '{twice[0]}' twice. Give each column a name of its own.")


def _renamed(table: CaseTable, pseudonyms: Mapping[str, str]) -> CaseTable:
    from qualcode.readers._pseudonyms import Names

    names = Names(pseudonyms)
    frame = table.frame.map(names.replace)
    if any(names.holds(id_) for id_ in frame[table.case]):
        raise InvalidValue(
            "The id of a case still holds one of the names in pseudonyms=. List that spelling as well, or say "
            "case='...' which column names the case."
        )
    return CaseTable(table.name, frame, table.case, table.attributes, table.notes)


# -- tables ----------------------------------------------------------------------------------------


def _read_file(path: Path) -> pd.DataFrame:
    import io

    import pandas as pd

    from qualcode.readers._files import open_zip, read_bytes

    content = read_bytes(path)
    try:
        if path.suffix.lower() in (".xlsx", ".xlsm"):
            open_zip(path, content, "an Excel table (.xlsx)").close()
            frame = pd.read_excel(io.BytesIO(content), dtype=object, keep_default_na=False)
        else:
            text = decode(content, path.name)
            first = text.split("\n", 1)[0]
            separator = max(",;\t", key=first.count)
            frame = pd.read_csv(io.StringIO(text), sep=separator, dtype=str, keep_default_na=False)
    except QualcodeError:
        raise
    except Exception as error:  # pandas, zipfile and openpyxl raise a dozen kinds on a damaged file
        raise ReadError(
            path, f"cannot be read as a table ({error}). Save it as .xlsx or as CSV UTF-8."
        ) from None
    return frame.rename(columns=lambda column: str(column).strip()).map(_cell)


def _cell(value: Any) -> Any:
    """Return a cell as text: 7.0 of a spreadsheet is 7, a day is 2026-03-01, an empty cell is empty."""
    import datetime

    if is_missing(value):
        return ""
    if isinstance(value, bool) or type(value).__name__ in ("bool_", "bool"):  # numpy's is no bool
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(sep=" ")
    if isinstance(value, tuple | list | set | frozenset):
        return "; ".join(str(part) for part in value)
    return re.sub(r"\s*[\r\n]+\s*", " ", str(value)).strip()


# -- documents -------------------------------------------------------------------------------------


def _from_document(
    path: Path, case: str, attributes: Sequence[str] | None, source_of: Callable[[Path], str]
) -> CaseTable:
    """Return the table of a document that describes participants: a row each, or a column each beside the facts."""
    import pandas as pd

    shape, headings, rows = _people_of(path, case)
    alone = shape == "columns" and len(rows) == 1
    first = [row[0] for row in rows]
    if not headings[0] and not alone and all(first) and len(set(first)) == len(first):
        headings[0] = CASE  # above the ids of participants there is often nothing
    notes = []
    filled = [at for at in range(len(headings)) if any(row[at] for row in rows)]
    if any(not headings[at] for at in filled):
        notes.append("cells under no heading")
    at = [place for place in filled if headings[place]]
    frame = pd.DataFrame(
        [[row[place] for place in at] for row in rows], columns=[headings[place] for place in at]
    )
    _check_columns(path.name, frame.columns)
    column = _id_column(frame, case, alone=alone)
    if not column and not alone:
        raise InvalidValue(
            f"{path.name}: no column of its table of participants is known to name the case. It has "
            f"{', '.join(frame.columns)}; say case='...' which does."
        )
    source = source_of(path) if alone else ""
    if not column:
        column = CASE
        frame.insert(0, CASE, [_id_of(path, case, source)])
        if source and "source" not in frame.columns:
            frame.insert(1, "source", [source])
    personal = [
        heading
        for heading in frame.columns
        if heading != column and identifies(heading, list(frame[heading]))
    ]
    left = [heading for heading in personal if heading not in (attributes or ())]
    chosen = _wanted(path.name, frame, attributes, [each for each in frame.columns if each not in personal])
    if left and attributes is None:
        everything = [str(heading) for heading in frame.columns if heading not in (column, "source")]
        notes.append(f"what may identify people: {', '.join(left)} (to take it too: attributes={everything})")
    return CaseTable(path.name, frame, column, chosen, tuple(notes))


def _people_of(path: Path, case: str) -> tuple[str, list[str], list[list[str]]]:
    """Return the shape of the table of participants, its headings, and a row for each of them.

    Several tables of the same headings are one.
    """
    from qualcode.readers import read_tables

    tables = read_tables(path)
    named = [(table, shape) for table in tables if case != CASE and (shape := _shape_with(table, case))]
    found = named or [(table, table.people) for table in tables if table.people]
    if not found:
        there = f"{len(tables)} other table{'s' if len(tables) != 1 else ''}" if tables else "no table"
        raise ReadError(
            path,
            f"it has no table that describes participants by headings such as age, gender, role or experience ({there}). "
            "Say case='...' which heading names the case, or put the table into a .csv or .xlsx file.",
        )
    grids = [_upright(table, shape) for table, shape in found]
    if any(headings != grids[0][0] for headings, _ in grids):
        raise ReadError(
            path,
            f"{len(grids)} of its tables describe participants, each with other headings. Put the one you mean into a "
            ".csv or .xlsx file.",
        )
    rows = [row for _, some in grids for row in some if any(row)]
    if not rows:
        raise ReadError(path, "its table of participants has headings and nothing else. Fill it in.")
    return found[0][1], grids[0][0], rows


def _shape_with(table: DocumentTable, case: str) -> str:
    """Return the shape of a table in which a heading names the case, "" where none does."""
    wanted = key_of(case)
    lines = {"rows": table.rows[0], "columns": [row[0] for row in table.rows if row]}
    shapes = [shape for shape in (table.people, "rows", "columns") if shape]
    return next((shape for shape in shapes if wanted in map(key_of, lines[shape])), "")


def _upright(table: DocumentTable, shape: str) -> tuple[list[str], list[list[str]]]:
    width = max(len(row) for row in table.rows)
    grid = [[str(_cell(cell)) for cell in (*row, *[""] * (width - len(row)))] for row in table.rows]
    if shape == "columns":
        grid = [list(column) for column in zip(*grid, strict=True)]
    return [" ".join(heading.split()).rstrip(":").strip() for heading in grid[0]], grid[1:]


def _id_column(frame: pd.DataFrame, case: str, *, alone: bool) -> str:
    """Return the column that names the case, "" where there is none."""
    for column in frame.columns:
        if key_of(column) == key_of(case):
            return str(column)
    if alone or case != CASE:
        return ""
    at = find_ids(list(frame.columns), [list(frame[column]) for column in frame.columns])
    return "" if at is None else str(frame.columns[at])


def _id_of(path: Path, case: str, source: str) -> str:
    from qualcode.slug import slug

    return case if case != CASE else source or slug(path.stem)
