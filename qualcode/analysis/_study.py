"""What an analysis reads of a study: its plain tables, each read once and only when needed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from qualcode.codebook import Code, Codebook
from qualcode.errors import InvalidValue

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


class Study(Protocol):
    """Tables with the columns that `qualcode.Project` gives them; a Project is one."""

    @property
    def codebook(self) -> Codebook:
        """The codebook."""

    @property
    def sources(self) -> pd.DataFrame:
        """Columns source, title, version, synthetic."""

    @property
    def turns(self) -> pd.DataFrame:
        """Columns source, turn, speaker, role, start, end, begins."""

    @property
    def codings(self) -> pd.DataFrame:
        """Columns id, source, start, end, version, code, coder, created, stance."""

    @property
    def cases(self) -> pd.DataFrame:
        """Columns case, kind, parent and one per attribute."""

    @property
    def speakers(self) -> pd.DataFrame:
        """Columns source, speaker, case, role."""

    @property
    def coders(self) -> pd.DataFrame:
        """Columns coder, name, kind."""

    @property
    def progress(self) -> pd.DataFrame:
        """Columns coder, source, part, round, state."""

    @property
    def attributes(self) -> Mapping[str, str]:
        """Attribute of cases to its type."""


class Tables:
    """The tables of a study as one analysis sees them: read once, so that all its numbers agree."""

    def __init__(self, study: Study) -> None:
        self.study = study

    @cached_property
    def codebook(self) -> Codebook:
        """The codebook."""
        return self.study.codebook

    @cached_property
    def codes(self) -> tuple[Code, ...]:
        """The codes in the author's order; an analysis knows a code by its place here."""
        return self.codebook.codes

    @cached_property
    def code_at(self) -> dict[str, int]:
        """Code id to place."""
        return {code.id: place for place, code in enumerate(self.codes)}

    @cached_property
    def sources(self) -> pd.DataFrame:
        """The sources; their order here is the order everywhere."""
        frame = self.study.sources.reset_index(drop=True)
        if frame.empty:
            raise InvalidValue(
                "The project has no sources yet. Add interviews with project.add_source(path)."
            )
        return frame

    @cached_property
    def source_ids(self) -> list[str]:
        """Ids in the order of `sources`."""
        return [str(source) for source in self.sources["source"]]

    @cached_property
    def synthetic(self) -> Bools:
        """Per source: whether it is marked as made up."""
        return np.asarray(self.sources.get("synthetic", [False] * len(self.sources)), dtype=np.bool_)

    @cached_property
    def turns(self) -> pd.DataFrame:
        """The turns; reading them can mean reading transcripts, so only where a question needs them."""
        return self.study.turns

    @cached_property
    def codings(self) -> pd.DataFrame:
        """The codings of every coder."""
        return self.study.codings

    @cached_property
    def cases(self) -> pd.DataFrame:
        """The cases."""
        return self.study.cases.reset_index(drop=True)

    @cached_property
    def speakers(self) -> pd.DataFrame:
        """The links of speakers to cases."""
        return self.study.speakers

    @cached_property
    def coder_kinds(self) -> dict[str, str]:
        """Coder to kind; "unknown" where the file of the coder is gone, which is nobody by default."""
        frame = self.study.coders
        known = dict(zip(frame["coder"], frame["kind"], strict=True))
        for table in (self.codings, self.progress):
            for coder in pd.unique(table["coder"]):
                known.setdefault(str(coder), "unknown")
        return known

    @cached_property
    def coder_names(self) -> dict[str, str]:
        """Coder to the name people use."""
        frame = self.study.coders
        return dict(zip(frame["coder"], frame["name"], strict=True))

    @cached_property
    def progress(self) -> pd.DataFrame:
        """Who was given what and is how far."""
        return self.study.progress

    @cached_property
    def attributes(self) -> tuple[str, ...]:
        """Names of the attributes of cases: the declared ones and whatever columns there are."""
        columns = [str(c) for c in self.cases.columns if c not in ("case", "kind", "parent")]
        return tuple(dict.fromkeys([*columns, *self.study.attributes]))


def places_of(values: pd.Series | Iterable[Any], known: Mapping[str, int]) -> Ints:
    """Return the place of each value in a list of known ones, -1 where it is not among them.

    Examples
    --------
    >>> places_of(pd.Series(["b", "a", "c"]), {"a": 0, "b": 1}).tolist()
    [1, 0, -1]
    """
    series = values if isinstance(values, pd.Series) else pd.Series(list(values), dtype=object)
    codes, distinct = pd.factorize(series)
    # The extra last place is where missing values (code -1) look.
    at = np.array([*(known.get(value, -1) for value in distinct), -1], dtype=np.int64)
    found: Ints = at[codes]
    return found


def any_along(table: Bools, axis: int) -> Bools:
    """Return whether anything is true along an axis of a table."""
    found: Bools = np.asarray(table.any(axis=axis), dtype=np.bool_)
    return found


def listed(value: Any) -> list[Any]:
    """Return a single value as a list of one; a list, tuple, set, Series or array as a list."""
    if isinstance(value, str) or not isinstance(value, Iterable):
        return [value]
    return list(value)
