"""Headings of a code matrix, and what its table and margins must be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from qualcode.errors import InvalidValue, NotFound, did_you_mean

FILLED, EMPTY, NOT_READ = "reported", "not reported", "not read"


@dataclass(frozen=True)
class Heading:
    """One row or column of a code matrix: what it is called and where it stands.

    Parameters
    ----------
    key
        Its label in the table: a code id, a source, a case or the value of an attribute.
    name
        What a reader sees.
    above
        Names of the groups it stands in, outermost first.
    icon, colour
        As the codebook gives them; both may be empty.
    general
        True for the row that holds what counts as the group itself and as nothing below it.

    Examples
    --------
    >>> Heading("planning", "Project Planning", above=("Requirements and Planning",)).path
    'Requirements and Planning > Project Planning'
    """

    key: str
    name: str
    above: tuple[str, ...] = ()
    icon: str = ""
    colour: str = ""
    general: bool = False

    @property
    def path(self) -> str:
        """The name with its groups, outermost first."""
        return " > ".join((*self.above, self.name))


def state_of(count: Any) -> str:
    """Reading state of one cell: "reported", "not reported" or "not read"."""
    if pd.isna(count):
        return NOT_READ
    return FILLED if count else EMPTY


def counts_of(table: pd.DataFrame) -> pd.DataFrame:
    """A copy of the table as Int64; anything that is no whole count is an error."""
    try:
        counts = table.astype("Int64")
    except (TypeError, ValueError) as error:
        raise InvalidValue(
            "A cell of the table is no whole number. Expected counts, 1 and 0, or a missing value."
        ) from error
    if bool((counts < 0).fillna(False).to_numpy().any()):
        raise InvalidValue("A cell of the table is below 0. Expected counts of distinct units.")
    return counts


def margin_of(totals: Any, keys: list[str], side: str) -> pd.Series:
    """Distinct units per key; a plain list is taken in the order of the keys."""
    series = totals if isinstance(totals, pd.Series) else pd.Series(list(totals), dtype="Int64")
    if series.empty:
        return pd.Series(pd.NA, index=pd.Index(keys, dtype=object), dtype="Int64")
    if len(series) != len(keys):
        raise InvalidValue(
            f"There are {len(series)} {side} totals for {len(keys)} {side}s. Expected one for each."
        )
    if set(series.index) == set(keys):
        series = series.reindex(keys)
    return pd.Series(series.astype("Int64").to_numpy(), index=pd.Index(keys, dtype=object), dtype="Int64")


def key_of(reference: str, headings: tuple[Heading, ...], side: str) -> str:
    """The key that a key, a path or a name means."""
    for field in ("key", "path", "name"):
        found = [h.key for h in headings if getattr(h, field) == reference]
        if len(found) == 1:
            return found[0]
        if found:
            paths = ", ".join(repr(h.path) for h in headings if h.key in found)
            raise InvalidValue(
                f"The {side} {reference!r} is there {len(found)} times: {paths}. Give its key or path."
            )
    known = [h.name for h in headings]
    raise NotFound(
        f"The matrix has no {side} {reference!r}; it has {', '.join(known[:8])}"
        + (", ..." if len(known) > 8 else "")
        + f".{did_you_mean(reference, known)}"
    )
