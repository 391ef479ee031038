"""Distinct units per cell, per row, per column and in all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qualcode.analysis._join import Triples
from qualcode.analysis._study import Ints

# Cells times units that are ticked off in one table of booleans; above that, triples are sorted.
_TABLE = 60_000_000


@dataclass(frozen=True)
class Distinct:
    """Numbers of distinct units; `rows`, `columns` and `total` are over the cells, never sums of them."""

    table: Ints
    rows: Ints
    columns: Ints
    total: int


def distinct(triples: Triples, n_rows: int, n_columns: int) -> Distinct:
    """Count the distinct units of every cell and margin.

    Examples
    --------
    >>> t = Triples(np.array([0, 0, 0]), np.array([0, 1, 0]), np.array([7, 7, 7]))
    >>> found = distinct(t, 1, 2)
    >>> found.table.tolist(), found.rows.tolist(), found.total
    ([[1, 1]], [1], 1)
    """
    units = int(triples.unit.max(initial=-1)) + 1
    if n_rows * n_columns * units <= _TABLE:
        ticked = np.zeros((n_rows, n_columns, units), np.bool_)
        ticked[triples.row, triples.column, triples.unit] = True
        by_row, by_column = ticked.any(axis=1), ticked.any(axis=0)
        return Distinct(
            ticked.sum(axis=2, dtype=np.int64),
            by_row.sum(axis=1, dtype=np.int64),
            by_column.sum(axis=1, dtype=np.int64),
            int(by_row.any(axis=0).sum()),
        )
    cell = np.unique((triples.row * n_columns + triples.column) * units + triples.unit)
    cells, unit = cell // units, cell % units
    by_row = np.unique(cells // n_columns * units + unit) // units
    by_column = np.unique(cells % n_columns * units + unit) // units
    return Distinct(
        np.bincount(cells, minlength=n_rows * n_columns).reshape(n_rows, n_columns).astype(np.int64),
        np.bincount(by_row, minlength=n_rows).astype(np.int64),
        np.bincount(by_column, minlength=n_columns).astype(np.int64),
        len(np.unique(unit)),
    )
