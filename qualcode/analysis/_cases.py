"""Which case a coding counts for, and what a case belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from qualcode.analysis._study import Bools, Ints, Tables, places_of
from qualcode.joins import overlap_pairs


class Cases:
    """The cases of a study, known by their place in its table; -1 is no case."""

    def __init__(self, tables: Tables) -> None:
        frame = tables.cases
        self.tables = tables
        self.ids = [str(case) for case in frame["case"]]
        self.at = {case: place for place, case in enumerate(self.ids)}
        self.kinds = [str(kind) for kind in frame["kind"]]
        parents = [str(parent) if isinstance(parent, str) else "" for parent in frame["parent"]]
        self._lines = [self._line(place, parents) for place in range(len(self.ids))]

    def _line(self, place: int, parents: Sequence[str]) -> tuple[int, ...]:
        line = [place]
        while (above := self.at.get(parents[line[-1]], -1)) >= 0 and above not in line:
            line.append(above)
        return tuple(line)

    def line(self, case: int) -> tuple[int, ...]:
        """Return a case and what it belongs to, the nearest first."""
        return self._lines[case]

    def of_kind(self, kind: str) -> Ints:
        """Return, per case, the nearest case of a kind among itself and its parents; -1 at the end."""
        found = [next((at for at in line if self.kinds[at] == kind), -1) for line in self._lines]
        return np.array([*found, -1], dtype=np.int64)

    def values(self, attribute: str) -> list[tuple[Any, ...]]:
        """Return, per case, the values of an attribute: its own, else those of the nearest parent with one."""
        if attribute not in self.tables.cases.columns:
            return [()] * len(self.ids)
        own = [own_values(value) for value in self.tables.cases[attribute].astype(object)]
        return [next((own[at] for at in line if own[at]), ()) for line in self._lines]

    # ------------------------------------------------------------------ links to sources
    @cached_property
    def links(self) -> pd.DataFrame:
        """One row per respondent (or whole source, speaker "") with a case: source, speaker, case as places."""
        frame = self.tables.speakers
        sources = {source: place for place, source in enumerate(self.tables.source_ids)}
        links = pd.DataFrame(
            {
                "source": places_of(frame["source"], sources),
                "speaker": [speaker if isinstance(speaker, str) else "" for speaker in frame["speaker"]],
                "case": places_of(frame["case"], self.at),
            }
        )
        respondent = (frame["role"] != "interviewer").to_numpy(dtype=bool)
        known = (links["source"] >= 0) & (links["case"] >= 0)
        return links[respondent & known.to_numpy()].reset_index(drop=True)

    @cached_property
    def linked_kinds(self) -> tuple[str, ...]:
        """The kinds of the cases that sources and speakers are linked to."""
        return tuple(dict.fromkeys(self.kinds[at] for at in self.links["case"]))

    def cases_of(self, source: Ints, start: Ints, end: Ints) -> Stands:
        """Return which cases each stretch counts for.

        That is the case of every respondent turn it touches; where there is none, the case of its source.
        """
        links = self.links
        whole = links[links["speaker"] == ""]
        spoken = links[links["speaker"] != ""]
        number, case = np.empty(0, np.int64), np.empty(0, np.int64)
        if len(spoken) and len(source):
            turns = self._respondent_turns(spoken)
            number, turn = overlap_pairs(
                start, end, turns["start"], turns["end"], source, turns["source"].to_numpy()
            )
            case = turns["case"].to_numpy(dtype=np.int64)[turn]
        alone = np.ones(len(source), np.bool_)
        alone[number] = False
        rest = np.flatnonzero(alone)
        by_source = pd.DataFrame({"number": rest, "source": source[rest]}).merge(
            whole[["source", "case"]], on="source", how="left"
        )
        number = np.concatenate([number, by_source["number"].to_numpy(dtype=np.int64)])
        case = np.concatenate([case, by_source["case"].fillna(-1).to_numpy(dtype=np.int64)])
        # A coding over many turns of one person counts for that person once.
        key = np.unique(number * (len(self.ids) + 1) + case + 1)
        return Stands(key // (len(self.ids) + 1), key % (len(self.ids) + 1) - 1)

    def _respondent_turns(self, spoken: pd.DataFrame) -> pd.DataFrame:
        turns = self.tables.turns  # `spoken` holds no interviewers
        sources = {source: place for place, source in enumerate(self.tables.source_ids)}
        frame = pd.DataFrame(
            {
                "source": places_of(turns["source"], sources),
                "speaker": [speaker if isinstance(speaker, str) else "" for speaker in turns["speaker"]],
                "start": turns["start"].to_numpy(dtype=np.int64),
                "end": turns["end"].to_numpy(dtype=np.int64),
            }
        )
        return frame.merge(spoken, on=["source", "speaker"])


@dataclass(frozen=True)
class Stands:
    """Where codings stand: one entry per coding and case it counts for (case -1: for none)."""

    coding: Ints
    case: Ints

    def where(self, keep: Bools) -> Stands:
        """Return some of the entries."""
        return Stands(self.coding[keep], self.case[keep])


def own_values(value: Any) -> tuple[Any, ...]:
    """The values a cell of an attribute holds; none when it is empty."""
    if isinstance(value, list | tuple | set | frozenset | np.ndarray):
        return tuple(dict.fromkeys(one for part in value for one in own_values(part)))
    if value is None or value is pd.NaT or value is pd.NA or value != value or value == "":
        return ()
    return (value,)


def value_words(value: Any) -> str:
    """Return a value of an attribute as people write it.

    Examples
    --------
    >>> [value_words(v) for v in (3.0, 2.5, True, "SE")]
    ['3', '2.5', 'yes', 'SE']
    """
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, float | np.floating):
        return str(int(value)) if value == int(value) else repr(float(value))
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat() if value == value.normalize() else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
