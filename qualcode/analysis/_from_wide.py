"""Read a finished wide table into the parts of a code matrix."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from qualcode.analysis._heading import Heading
from qualcode.errors import InvalidValue, did_you_mean


def wide_parts(
    df: pd.DataFrame,
    rows: str | None,
    groups: str | Sequence[str] | Mapping[str, str] | None,
    icons: Mapping[str, str],
    colours: Mapping[str, str],
    count_by: str | None,
) -> dict[str, Any]:
    """Give the fields of a code matrix that a wide table decides: table, headings, whether facts or counts."""
    group_columns = [] if groups is None or isinstance(groups, Mapping) else list(_listed(groups))
    for column in [*([rows] if rows is not None else []), *group_columns]:
        if column not in df.columns:
            known = [str(c) for c in df.columns]
            raise InvalidValue(
                f"The table has no column {column!r}; it has {', '.join(known)}.{did_you_mean(column, known)}"
            )
    names = [_text(v) for v in (df[rows] if rows is not None else df.index)]
    if isinstance(groups, Mapping):
        above = [tuple(_listed(groups[n])) if groups.get(n) else () for n in names]
    else:
        above = [
            tuple(t for t in map(_text, line) if t) for line in df[group_columns].itertuples(index=False)
        ]
    cells = df.drop(columns=[*([rows] if rows is not None else []), *group_columns])
    row_headings = _headings(names, above, icons, colours)
    column_names = [_text(c) for c in cells.columns]
    column_headings = _headings(column_names, [()] * len(column_names), icons, colours)
    counts = _whole(cells, row_headings, column_headings)
    above_one = bool((counts > 1).fillna(False).to_numpy().any())
    if above_one and count_by is None:
        raise InvalidValue(
            "The table holds counts (a cell is above 1) and does not say of what. "
            'Give the unit in the singular, for example count_by="participant".'
        )
    parts: dict[str, Any] = {
        "table": counts,
        "rows": row_headings,
        "columns": column_headings,
        "presence": count_by is None,
    }
    if count_by is not None:
        parts["count_by"] = count_by
    return parts


def _headings(
    names: list[str], above: Sequence[tuple[str, ...]], icons: Mapping[str, str], colours: Mapping[str, str]
) -> tuple[Heading, ...]:
    """Key each heading by its name, or by its path where a name stands in two groups."""
    headings = []
    for name, groups in zip(names, above, strict=True):
        heading = Heading(name, name, tuple(groups), icons.get(name, ""), colours.get(name, ""))
        key = heading.path if names.count(name) > 1 else name
        headings.append(Heading(key, name, heading.above, heading.icon, heading.colour))
    return tuple(headings)


def _whole(cells: pd.DataFrame, rows: tuple[Heading, ...], columns: tuple[Heading, ...]) -> pd.DataFrame:
    """The cells as Int64 under the keys; a cell that is no count is named by its place."""
    values: list[list[object]] = []
    for i, line in enumerate(cells.itertuples(index=False)):
        values.append([])
        for j, value in enumerate(line):
            try:
                values[i].append(_count(value))
            except (TypeError, ValueError) as error:
                raise InvalidValue(
                    f"The cell {rows[i].name!r} x {columns[j].name!r} is no count. Expected a whole number "
                    "from 0 up, 1 or 0, or a missing value. If the column holds names or groups, say so "
                    "with rows= or groups=."
                ) from error
    keys = [c.key for c in columns]
    made = pd.DataFrame(values, index=pd.Index([r.key for r in rows], dtype=object), columns=range(len(keys)))
    made = made.astype("Int64")
    made.columns = pd.Index(keys, dtype=object)
    return made


def _count(value: object) -> object:
    if value is None or value is pd.NA or value != value or value == "":
        return pd.NA
    number = float(value)  # type: ignore[arg-type]
    if number < 0 or number != int(number):
        raise ValueError(number)
    return int(number)


def _text(value: object) -> str:
    return "" if value is None or value is pd.NA or value != value else str(value)


def _listed(value: str | Sequence[str]) -> Sequence[str]:
    return (value,) if isinstance(value, str) else value
