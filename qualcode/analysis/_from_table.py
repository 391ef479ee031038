"""qc.matrix_from_table: a matrix counted from a table of facts, one fact a row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from qualcode.analysis._code_matrix import CodeMatrix
from qualcode.analysis._distinct import distinct
from qualcode.analysis._heading import Heading
from qualcode.analysis._join import Triples
from qualcode.analysis._units import plural
from qualcode.errors import InvalidValue, did_you_mean


def matrix_from_table(
    df: pd.DataFrame,
    rows: str,
    columns: str,
    count_by: str | None = None,
    *,
    unit: str | None = None,
    split: str | Mapping[str, str] = ";",
    row_order: Sequence[str] | None = None,
    column_order: Sequence[str] | None = None,
    groups: str | Mapping[str, str | Sequence[str]] | None = None,
    icons: Mapping[str, str] | None = None,
    colours: Mapping[str, str] | None = None,
    n: int | None = None,
    caption_note: str = "",
) -> CodeMatrix:
    """Count a matrix from a table with one fact a row.

    A row of the table stands in every cell whose row and whose column it names. A cell counts those rows
    or, with `count_by`, the distinct values that they name in that column.

    Parameters
    ----------
    df
        One fact a row: a challenge, a recommendation, a paper.
    rows, columns
        Columns of the table. A field may hold several values: a list, a tuple, a set, or a text "a;b".
    count_by
        The column whose distinct values are counted; None counts the rows of the table.
    unit
        What one of them is called, in the singular ("challenge", "participant"); without it "row", or
        the name of the column.
    split
        What stands between the values of a text; a mapping says it per column, and columns that it does
        not name are not split.
    row_order, column_order
        The rows and columns in their order, also those without a fact; without it in order of appearance.
    groups
        The column with the group of each row of the matrix, or a mapping from row to group (or groups,
        outermost first).
    icons, colours
        From the name of a row or column to its icon and colour.
    n
        How many units there could have been, if that is known. When rows are counted: their number.
    caption_note
        Where the facts come from, and what else a reader has to know.

    Returns
    -------
    CodeMatrix
        With `evidence`: one line per cell, unit and row of the table.

    Raises
    ------
    InvalidValue
        If a column is not there, a row has two groups, or an order leaves out a value that occurs.

    Examples
    --------
    >>> facts = pd.DataFrame({
    ...     "point": ["Data", "Data", "Planning"],
    ...     "themes": ["Process;Documentation", "Process", "Process"],
    ...     "cited": [["P1", "P2"], ["P2"], []],
    ... })
    >>> m = matrix_from_table(facts, "point", "themes", count_by="cited", unit="participant")
    >>> m.table.loc["Data"].to_dict(), int(m.row_totals["Data"]), m.total
    ({'Process': 2, 'Documentation': 2}, 2, 2)
    """
    frame = df.reset_index(drop=True)
    for column in [rows, columns, *([count_by] if count_by is not None else [])]:
        _check_column(frame, column)
    row_values = [_values(value, _separator(split, rows)) for value in frame[rows]]
    column_values = [_values(value, _separator(split, columns)) for value in frame[columns]]
    if count_by is None:
        units: list[list[str]] = [[str(at)] for at in range(len(frame))]
    else:
        units = [_values(value, _separator(split, count_by)) for value in frame[count_by]]
    row_keys = _ordered(row_values, row_order, "row_order")
    column_keys = _ordered(column_values, column_order, "column_order")
    facts = [
        (row, column, one, at)
        for at, (r, c, u) in enumerate(zip(row_values, column_values, units, strict=True))
        for row in r
        for column in c
        for one in u
    ]
    above = _groups(groups, frame, row_values)
    name = unit or ("row" if count_by is None else count_by)
    named = plural(name) if unit or count_by is None else name
    triples, row_at, column_at = _triples(facts, row_keys, column_keys)
    found = distinct(triples, len(row_keys), len(column_keys))
    table = pd.DataFrame(found.table, index=pd.Index(row_keys, dtype=object), columns=column_keys).astype(
        "Int64"
    )
    table.columns = pd.Index(column_keys, dtype=object)
    icons, colours = icons or {}, colours or {}

    def heading(key: str, groups: tuple[str, ...] = ()) -> Heading:
        return Heading(key, key, groups, icons.get(key, ""), colours.get(key, ""))

    number = len(frame) if count_by is None else n
    idle = sum(1 for r, c, u in zip(row_values, column_values, units, strict=True) if not (r and c and u))
    return CodeMatrix(
        table=table,
        rows=tuple(heading(key, above.get(key, ())) for key in row_at),
        columns=tuple(heading(key) for key in column_at),
        row_title=rows.replace("_", " ").capitalize(),
        column_title=columns.replace("_", " ").capitalize(),
        count_by=name,
        unit_plural=named,
        n=number,
        row_totals=pd.Series(found.rows, index=row_keys, dtype="Int64"),
        column_totals=pd.Series(found.columns, index=column_keys, dtype="Int64"),
        total=found.total,
        rule=_rule(named, count_by, len(frame), number, idle),
        caption_note=caption_note,
        evidence_frame=lambda: pd.DataFrame(
            {
                name: pd.Series([fact[k] for fact in facts], dtype=object if k < 3 else "int64")
                for k, name in enumerate(("row", "column", "unit", "table_row"))
            }
        ).assign(table_row=lambda made: df.index.to_numpy()[made["table_row"].to_numpy()]),
    )


def _check_column(frame: pd.DataFrame, column: str) -> None:
    if column not in frame.columns:
        known = [str(c) for c in frame.columns]
        raise InvalidValue(
            f"The table has no column {column!r}; it has {', '.join(known)}.{did_you_mean(str(column), known)}"
        )


def _separator(split: str | Mapping[str, str], column: str) -> str:
    return split if isinstance(split, str) else split.get(column, "")


def _values(value: Any, separator: str) -> list[str]:
    """The values of a field, each once."""
    if isinstance(value, str):
        parts: Iterable[Any] = value.split(separator) if separator else [value]
    elif isinstance(value, list | tuple | np.ndarray):
        parts = value
    elif isinstance(value, set | frozenset):
        parts = sorted(value, key=str)
    else:
        parts = [] if value is None or value is pd.NA or value is pd.NaT or value != value else [value]
    return list(dict.fromkeys(text for part in parts if (text := str(part).strip())))


def _ordered(values: list[list[str]], order: Sequence[str] | None, argument: str) -> list[str]:
    there = list(dict.fromkeys(value for one in values for value in one))
    if order is None:
        return there
    missing = [value for value in there if value not in set(order)]
    if missing:
        raise InvalidValue(
            f"{argument} leaves out {', '.join(map(repr, missing[:5]))}, which the table names. "
            "List every value, or take those rows out of the table."
        )
    return list(dict.fromkeys(order))


def _groups(
    groups: str | Mapping[str, str | Sequence[str]] | None, frame: pd.DataFrame, rows: list[list[str]]
) -> dict[str, tuple[str, ...]]:
    if groups is None:
        return {}
    if not isinstance(groups, str):
        return {key: (group,) if isinstance(group, str) else tuple(group) for key, group in groups.items()}
    _check_column(frame, groups)
    found: dict[str, tuple[str, ...]] = {}
    for keys, group in zip(rows, frame[groups], strict=True):
        named = tuple(_values(group, ""))
        for key in keys:
            if named and found.setdefault(key, named) != named:
                raise InvalidValue(
                    f"The row {key!r} is in two groups, {found[key][0]!r} and {named[0]!r}. Give it one in "
                    f"the column {groups!r}."
                )
    return found


def _triples(
    facts: list[tuple[str, str, str, int]], row_keys: list[str], column_keys: list[str]
) -> tuple[Triples, dict[str, int], dict[str, int]]:
    row_at = {key: at for at, key in enumerate(row_keys)}
    column_at = {key: at for at, key in enumerate(column_keys)}
    unit_at: dict[str, int] = {}
    cells = [
        (row_at[row], column_at[column], unit_at.setdefault(unit, len(unit_at)))
        for row, column, unit, _ in facts
    ]
    parts = np.array(cells, dtype=np.int64).reshape(-1, 3)
    return Triples(parts[:, 0], parts[:, 1], parts[:, 2]), row_at, column_at


def _rule(named: str, count_by: str | None, size: int, n: int | None, idle: int) -> str:
    if count_by is None:
        said = f"Counts are the {named} of a table of facts that name both the row and the column; n = {size} {named}"
    else:
        said = (
            f"Counts are distinct {named} cited by a row of a table of {size} facts that names both the row "
            "and the column"
        )
        said += f"; n = {n} {named}" if n is not None else ""
    if idle:
        lacking = "no row or no column" if count_by is None else f"no row, no column or no {named}"
        said += f"; {idle} of the {size} facts name{'s' if idle == 1 else ''} {lacking} and stand{'s' if idle == 1 else ''} in no cell"
    return said + "."
