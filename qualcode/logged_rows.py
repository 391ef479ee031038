"""The files whose rows the log knows one by one: codings and decisions.

A person makes them one at a time, so an event holds the rows it added and removed. Of every other file it
holds the hashes of the states before and after.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from qualcode import coding, suggestion
from qualcode.coding import Row


@dataclass(frozen=True)
class RowKind:
    """A kind of such files.

    Parameters
    ----------
    name
        What one row is called in messages; an "s" makes it several.
    pattern
        The path of such a file.
    columns
        Those of the format.
    faults
        What keeps a row from being one.
    order
        The order of the rows in the file.
    """

    name: str
    pattern: re.Pattern[str]
    columns: tuple[str, ...]
    faults: Callable[[Row], list[tuple[str, ...]]]
    order: Callable[[Row], Any]

    def parse(self, content: bytes, file: str) -> tuple[list[str], list[Row]]:
        """Return the extra columns and the rows of a file."""
        return coding.parse_rows(content, file, self.columns, self.faults)

    def format(self, extra: Iterable[str], rows: Iterable[Row]) -> bytes:
        """Return the bytes of a file."""
        return coding.format_rows([*self.columns, *extra], sorted(rows, key=self.order))


CODINGS = RowKind(
    "coding",
    re.compile(r"data/codings/[^/]+/[^/]+\.csv"),
    coding.CODING_COLUMNS,
    coding.row_faults,
    coding.row_order,
)
DECISIONS = RowKind(
    "decision",
    re.compile(r"data/decisions/[^/]+/[^/]+/[^/]+\.csv"),
    suggestion.DECISION_COLUMNS,
    suggestion.decision_faults,
    suggestion.decision_order,
)


def row_kind(file: str) -> RowKind | None:
    """Return which kind of such files a path names, or None.

    Examples
    --------
    >>> row_kind("data/decisions/ana/rules/P7a.csv").name
    'decision'
    >>> row_kind("data/cases.csv") is None
    True
    """
    return next((kind for kind in (CODINGS, DECISIONS) if kind.pattern.fullmatch(file)), None)
