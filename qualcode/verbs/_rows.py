"""Tables that a verb is given: rows as dictionaries, their empty cells, the place that a row names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from qualcode.case import is_missing
from qualcode.coding import is_position
from qualcode.errors import InvalidValue, did_you_mean
from qualcode.places import Where, at, turn
from qualcode.span import Span

if TYPE_CHECKING:
    import pandas as pd


def table_rows(table: pd.DataFrame | Iterable[Mapping[str, Any]]) -> list[dict[Any, Any]]:
    """Return the rows of a DataFrame, or of a list of dictionaries."""
    import pandas as pd

    rows = table.to_dict("records") if isinstance(table, pd.DataFrame) else table
    given: list[Any] = list(rows)
    if not all(isinstance(row, Mapping) for row in given):
        raise InvalidValue("Each row of the table must be a dictionary of column and value.")
    return [dict(row) for row in given]


def refuse_mistyped(records: Iterable[Mapping[Any, Any]], columns: Iterable[str]) -> None:
    """Refuse a column that is nearly one of ours; others are the user's own and do not matter."""
    known = list(columns)
    for name in dict.fromkeys(str(key) for record in records for key in record):
        hint = did_you_mean(name, known) if name not in known else ""
        if hint and len(name) > 2:
            raise InvalidValue(f"The table has a column '{name}'.{hint} Rename it, or leave it out.")


def is_empty(value: Any) -> bool:
    """Whether a cell counts as empty: nothing, NaN, only blanks."""
    return is_missing(value) or (isinstance(value, str) and not value.strip())


def place_in(row: Mapping[str, Any]) -> Where:
    """Return the place that a row of a table names.

    Examples
    --------
    >>> place_in({"turn": 12})
    TurnPlace(first=12, last=12)
    """
    given = [name for name in ("quote", "start", "turn", "time") if name in row]
    if len(given) != 1:
        raise InvalidValue(
            "a row needs one place: quote, or start and end, or turn, or time; this one has "
            + (" and ".join(given) if given else "none")
        )
    if given[0] == "quote":
        return str(row["quote"])
    if given[0] == "start":
        if "end" not in row:
            raise InvalidValue("a row with start needs end")
        return Span(_whole(row["start"], "start"), _whole(row["end"], "end"))
    if given[0] == "turn":
        last = _whole(row["last_turn"], "last_turn") if "last_turn" in row else None
        return turn(_whole(row["turn"], "turn"), last)
    time = row["time"]
    return at(time if isinstance(time, timedelta | float | int) else str(time))


def _whole(value: Any, name: str) -> int:
    """Return a cell as a whole number; a column with empty cells makes 12 a 12.0."""
    text = str(value).strip().removesuffix(".0")
    if not is_position(text):
        raise InvalidValue(f"{name} must be a whole number, got {text[:20]!r}")
    return int(text)
