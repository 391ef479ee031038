"""The code matrix as a result: counts with their names, groups, margins and the rule they were counted by.

``qualcode.matrix`` counts and fills it; a plot, a page or a table takes it and needs nothing else.
Nothing here reads a project.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pandas as pd

from qualcode.analysis._code_matrix_text import alt_text, as_html, as_text
from qualcode.analysis._from_wide import wide_parts
from qualcode.analysis._heading import Heading, counts_of, key_of, margin_of, state_of
from qualcode.errors import InvalidValue, did_you_mean

__all__ = ["CodeMatrix", "Heading"]

# A frame, or a function that makes it when it is first asked for.
Frame = pd.DataFrame | Callable[[], pd.DataFrame] | None


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class CodeMatrix:
    """Rows by columns with a count of distinct units in every cell. Made by ``qualcode.matrix``.

    Parameters
    ----------
    table
        Counts as ``Int64``; index and columns are the keys of the headings, in their order.
        ``<NA>`` means that nobody has read what could fill the cell; 0 means read and not reported.
    rows, columns
        The headings.
    row_title, column_title
        What the rows and the columns are, as a reader would say it ("Themes").
    count_by
        The unit that is counted, in the singular ("source", "participant").
    unit_plural
        Its plural; `count_by` and an "s" when empty.
    relation
        How two codes were joined, when two were; empty otherwise.
    coders
        Whose coding is counted.
    n
        Units that could have been counted; None when that is not known.
    row_totals, column_totals, total
        Distinct units over the cells of a row, of a column, of the table: never a sum of cells.
        ``<NA>`` or None when they are not known.
    rule
        One sentence: what is counted, among which n, by which rule, whose coding.
    caption_note
        What else a reader has to know ("derived by this project").
    synthetic
        True when anything counted comes from a source marked synthetic.
    presence
        True when the cells are facts (1 or 0) and not counts.
    evidence_frame, by_frame
        The frames behind `evidence` and `by`, or functions that make them when asked.
    quotes_function
        Gives the passages of one cell, called with the keys of row and column.
    project
        What it was counted from, so that a notebook can open its passages; None for a table of facts.

    Raises
    ------
    InvalidValue
        When table, headings and margins do not belong together.

    Examples
    --------
    >>> wide = pd.DataFrame({"Communication": [1, 1], "Process": [1, 0]}, index=["Requirements", "Data"])
    >>> m = CodeMatrix.from_wide(wide, row_title="Points", column_title="Themes")
    >>> m.shape, int(m.table.loc["Data", "Process"])
    ((2, 2), 0)
    """

    table: pd.DataFrame
    rows: tuple[Heading, ...]
    columns: tuple[Heading, ...]
    row_title: str = ""
    column_title: str = ""
    count_by: str = "source"
    unit_plural: str = ""
    relation: str = ""
    coders: tuple[str, ...] = ()
    n: int | None = None
    row_totals: pd.Series = field(default_factory=lambda: pd.Series(dtype="Int64"))
    column_totals: pd.Series = field(default_factory=lambda: pd.Series(dtype="Int64"))
    total: int | None = None
    rule: str = ""
    caption_note: str = ""
    synthetic: bool = False
    presence: bool = False
    evidence_frame: Frame = None
    by_frame: Frame = None
    quotes_function: Callable[[str, str], pd.DataFrame] | None = None
    project: Any = None

    def __post_init__(self) -> None:
        rows, columns = tuple(self.rows), tuple(self.columns)
        row_keys, column_keys = [h.key for h in rows], [h.key for h in columns]
        for side, keys in (("row", row_keys), ("column", column_keys)):
            twice = sorted({k for k in keys if keys.count(k) > 1}) if len(set(keys)) < len(keys) else []
            if twice:
                raise InvalidValue(
                    f"The {side} key {twice[0]!r} is there twice. Every heading needs its own key."
                )
        if list(self.table.index) != row_keys or list(self.table.columns) != column_keys:
            raise InvalidValue(
                f"The table ({self.table.shape[0]} x {self.table.shape[1]}) does not have the keys of the "
                f"{len(rows)} rows and {len(columns)} columns in their order. Reindex it by the keys."
            )
        table = counts_of(self.table)
        table.index, table.columns = pd.Index(row_keys, dtype=object), pd.Index(column_keys, dtype=object)
        fixed = {
            "table": table,
            "rows": rows,
            "columns": columns,
            "coders": tuple(self.coders),
            "unit_plural": self.unit_plural or f"{self.count_by}s",
            "row_totals": margin_of(self.row_totals, row_keys, "row"),
            "column_totals": margin_of(self.column_totals, column_keys, "column"),
        }
        for name, value in fixed.items():
            object.__setattr__(self, name, value)  # the way into a frozen dataclass

    # ------------------------------------------------------------------ what is behind the cells
    @property
    def shape(self) -> tuple[int, int]:
        """Number of rows and columns."""
        return len(self.rows), len(self.columns)

    @property
    def has_margins(self) -> bool:
        """Whether the distinct units per row and per column are known."""
        known = self.row_totals.notna().any() or self.column_totals.notna().any()
        return bool(known) and 0 not in self.shape

    @property
    def evidence(self) -> pd.DataFrame:
        """Every coding behind every cell; empty when the matrix came from a finished table."""
        return self._evidence.copy()

    @property
    def by(self) -> pd.DataFrame:
        """Per cell, how its units came in: by the codebook or by a passage."""
        return self._by.copy()

    @cached_property
    def _evidence(self) -> pd.DataFrame:
        return _made(self.evidence_frame)

    @cached_property
    def _by(self) -> pd.DataFrame:
        return _made(self.by_frame)

    def quotes(self, row: str, column: str) -> pd.DataFrame:
        """Passages behind one cell.

        Parameters
        ----------
        row, column
            A key, a name, or a path such as ``"Training Data > Data Quality"``.

        Raises
        ------
        NotFound
            When the matrix has no such row or column.
        InvalidValue
            When the matrix came from a table and holds no passages.
        """
        keys = key_of(row, self.rows, "row"), key_of(column, self.columns, "column")
        if self.quotes_function is None:
            raise InvalidValue(
                "This matrix came from a table of facts and holds no passages. "
                "Count it from a project (qualcode.matrix) to read what is behind a cell."
            )
        return self.quotes_function(*keys)

    # ------------------------------------------------------------------ as text, page and table
    def to_frame(self) -> pd.DataFrame:
        """One row per cell: keys, names, groups, count and reading state.

        Returns
        -------
        pandas.DataFrame
            Columns ``row, row_name, row_group, column, column_name, column_group, count, state, synthetic``; a
            group is the path of names; the state is "reported", "not reported" or "not read"; synthetic says whether anything
            counted comes from a source marked as made up.

        Examples
        --------
        >>> m = CodeMatrix.from_wide(pd.DataFrame({"Process": [1, 0, None]}, index=["A", "B", "C"]))
        >>> m.to_frame()[["row", "column", "count", "state"]]
          row   column  count         state
        0   A  Process      1      reported
        1   B  Process      0  not reported
        2   C  Process   <NA>      not read
        """
        cells: list[tuple[Heading, Heading, Any]] = [
            (r, c, self.table.iat[i, j]) for i, r in enumerate(self.rows) for j, c in enumerate(self.columns)
        ]
        return pd.DataFrame(
            {
                "row": [r.key for r, _, _ in cells],
                "row_name": [r.name for r, _, _ in cells],
                "row_group": [" > ".join(r.above) for r, _, _ in cells],
                "column": [c.key for _, c, _ in cells],
                "column_name": [c.name for _, c, _ in cells],
                "column_group": [" > ".join(c.above) for _, c, _ in cells],
                "count": pd.Series([count for _, _, count in cells], dtype="Int64"),
                "state": [state_of(count) for _, _, count in cells],
                "synthetic": self.synthetic,
            }
        )

    def alt_text(self) -> str:
        """A description for readers who do not see the figure: size, filled, strongest and empty cells."""
        return alt_text(self)

    def __repr__(self) -> str:
        return as_text(self)

    def _repr_html_(self) -> str:
        return as_html(self)

    def _repr_mimebundle_(self, **_: Any) -> Any:
        """Return what a notebook shows: a table whose cells open their passages, where a kernel answers."""
        still = {"text/plain": repr(self), "text/html": self._repr_html_()}
        if self.project is None:
            return still
        from qualcode.widget.matrix import live_bundle

        return live_bundle(self, self.project, still)

    # ------------------------------------------------------------------ from a finished table
    @classmethod
    def from_wide(
        cls,
        df: pd.DataFrame,
        *,
        rows: str | None = None,
        groups: str | Sequence[str] | Mapping[str, str] | None = None,
        icons: Mapping[str, str] | None = None,
        colours: Mapping[str, str] | None = None,
        count_by: str | None = None,
        **details: object,
    ) -> CodeMatrix:
        """Take a finished table: one line per row, one column per column.

        Parameters
        ----------
        df
            Cells are 1 or 0 (facts), or counts; a missing value means not read.
        rows
            The column that holds the names of the rows; the index when None.
        groups
            The column (or columns, outermost first) that hold the group of each row, or a mapping
            from the name of a row to its group.
        icons, colours
            From the name of a row or column to its icon and colour.
        count_by
            What was counted, in the singular. Needed when a cell is above 1; without it the cells
            are facts (`presence`).
        **details
            Any other field of `CodeMatrix`: ``row_title``, ``column_title``, ``n``, ``rule``,
            ``caption_note``, ``row_totals`` (by name, in the order of the rows), ...

        Examples
        --------
        >>> df = pd.DataFrame({"area": ["Data", "Data"], "point": ["Quality", "Quantity"], "Process": [12, 0]})
        >>> m = CodeMatrix.from_wide(df, rows="point", groups="area", count_by="participant", n=45)
        >>> m.rows[0].path, m.unit_plural
        ('Data > Quality', 'participants')
        """
        parts = wide_parts(df, rows, groups, icons or {}, colours or {}, count_by)
        unknown = sorted(set(details) - set(cls.__dataclass_fields__) | set(details) & set(parts))
        if unknown:
            known = sorted(set(cls.__dataclass_fields__) - set(parts))
            raise InvalidValue(
                f"from_wide() has no option {unknown[0]!r}; it knows {', '.join(known)}."
                + did_you_mean(unknown[0], known)
            )
        return cls(**{**parts, **details})


def _made(frame: Frame) -> pd.DataFrame:
    if frame is None:
        return pd.DataFrame()
    return frame() if callable(frame) else frame
