"""The codings that an analysis counts: living codes, equal ones once, of the coders listened to, as asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from qualcode.analysis._cases import Cases, Stands
from qualcode.analysis._coders import Listened, coder_places, listen_to
from qualcode.analysis._study import Bools, Ints, Tables, any_along, listed, places_of
from qualcode.analysis._where import Where, read_where
from qualcode.coding import STANCES
from qualcode.joins import overlap_pairs


@dataclass(frozen=True)
class Counted:
    """The codings of an analysis as arrays of equal length, and what they were chosen by.

    Parameters
    ----------
    row
        The row in `Tables.codings`.
    source, coder, code
        Places in `Tables.source_ids`, `Listened.coders`, `Tables.codes` (-1: not in the codebook).
    start, end
        Code points of the newest text.
    stance
        Place in `STANCES`.
    asked
        Per source: whether it is asked about.
    older
        Number of codings left out because they belong to an older text.
    """

    tables: Tables
    cases: Cases
    where: Where
    listened: Listened
    asked: Bools
    row: Ints
    source: Ints
    coder: Ints
    code: Ints
    start: Ints
    end: Ints
    stance: Ints
    older: int = 0

    def __len__(self) -> int:
        return len(self.row)

    def take(self, keep: Bools | Ints) -> Counted:
        """Return some of the codings."""
        arrays = ("row", "source", "coder", "code", "start", "end", "stance")
        return replace(self, **{name: getattr(self, name)[keep] for name in arrays})

    @cached_property
    def ids(self) -> npt.NDArray[np.object_]:
        """The id of each coding."""
        return self.tables.codings["id"].to_numpy(dtype=object)[self.row]

    @cached_property
    def stands(self) -> Stands:
        """The cases each coding counts for, as far as they are asked about."""
        found = self.cases.cases_of(self.source, self.start, self.end)
        if not self.where.asks_cases:
            return found
        return found.where(np.array(self.where.keeps_cases(self.cases))[found.case])

    @cached_property
    def counts_as(self) -> Bools:
        """Code by code: whether a coding with the first counts as the second. The last row is no code."""
        return counts_as(self.tables)

    def read_links(self) -> pd.DataFrame:
        """The links of sources to cases, as far as asked about, with `read` per link."""
        links = self.cases.links
        keep = np.array(self.where.keeps_cases(self.cases))[links["case"].to_numpy(dtype=np.int64)]
        source = links["source"].to_numpy(dtype=np.int64)
        links = links.assign(read=self.listened.read[source])
        found: pd.DataFrame = links[keep & self.asked[source]]
        return found


def counts_as(tables: Tables) -> Bools:
    """Return code by code whether a coding with the first counts as the second; the last row is no code."""
    table = np.zeros((len(tables.codes) + 1, len(tables.codes)), np.bool_)
    for place, code in enumerate(tables.codes):
        table[place, [tables.code_at[id_] for id_ in tables.codebook.counts_as(code.id)]] = True
    return table


def counted_codings(
    study: Any, coders: str | Iterable[str] | None = None, where: Mapping[str, Any] | None = None
) -> Counted:
    """Return the codings of a study that count, before `where` looks at the coding itself.

    Sources, cases and attributes asked for are already applied, because they also bound what is counted
    *among*; `kept` then applies facet, code, role and stance.
    """
    tables = Tables(study)
    tables.sources  # noqa: B018 - a project without sources is said first
    cases = Cases(tables)
    asked_for = read_where(where, tables, cases)
    asked = _asked(tables, cases, asked_for)
    frame = tables.codings
    source = places_of(frame["source"], {id_: at for at, id_ in enumerate(tables.source_ids)})
    coder = coder_places(tables)
    listened = listen_to(tables, coders, coder, source, asked)
    keep = (source >= 0) & (coder >= 0)
    keep[keep] = listened.counts[coder[keep], source[keep]]
    current, older = _in_newest_text(tables, source, keep)
    row = np.flatnonzero(current)
    codes = {code.id: tables.code_at[tables.codebook.resolve(code.id)] for code in tables.codes}
    counted = Counted(
        tables=tables,
        cases=cases,
        where=asked_for,
        listened=listened,
        asked=asked,
        row=row,
        source=source[row],
        coder=coder[row],
        code=places_of(frame["code"], codes)[row],
        start=frame["start"].to_numpy(dtype=np.int64)[row],
        end=frame["end"].to_numpy(dtype=np.int64)[row],
        stance=np.maximum(places_of(frame["stance"], {s: at for at, s in enumerate(STANCES)})[row], 0),
        older=older,
    )
    counted = _equal_ones_once(counted)
    if asked_for.asks_cases:
        keep = np.zeros(len(counted), np.bool_)
        keep[counted.stands.coding] = True
        counted = counted.take(keep)
    return counted


def kept(counted: Counted, codes: Iterable[Any] | None = None) -> Counted:
    """Return the codings that `where` keeps by facet, code, role and stance (and `codes`, if given)."""
    tables, where = counted.tables, counted.where
    keep = np.ones(len(counted), np.bool_)
    wanted = []
    if where.facets is not None:
        wanted.append([code.facet in where.facets for code in tables.codes])
    if where.codes is not None:
        wanted.append([code.id in where.codes for code in tables.codes])
    if codes is not None:
        book = tables.codebook
        named = {book.resolve(book.code(code).id) for code in listed(codes)}
        wanted.append([code.id in named for code in tables.codes])
    for one in wanted:
        keep &= any_along(counted.counts_as[:, np.array(one, dtype=bool)], 1)[counted.code]
    if where.stances is not None:
        keep &= np.isin(counted.stance, [STANCES.index(stance) for stance in where.stances])
    if where.roles is not None:
        keep &= _touch_role(counted, where.roles)
    return counted.take(keep)


def _asked(tables: Tables, cases: Cases, where: Where) -> Bools:
    asked = np.ones(len(tables.source_ids), np.bool_)
    if where.sources is not None:
        asked[:] = False
        asked[list(where.sources)] = True
    if where.asks_cases:
        keep = np.array(where.keeps_cases(cases))[cases.links["case"].to_numpy(dtype=np.int64)]
        linked = np.zeros_like(asked)
        linked[cases.links["source"].to_numpy(dtype=np.int64)[keep]] = True
        asked &= linked
    return asked


def _in_newest_text(tables: Tables, source: Ints, keep: Bools) -> tuple[Bools, int]:
    """Return which codings lie in the newest text of their source, and how many of `keep` do not."""
    if "version" not in tables.codings or "version" not in tables.sources:
        return keep, 0
    newest = tables.sources["version"].to_numpy(dtype=object)
    at = {version: place for place, version in enumerate(dict.fromkeys(newest))}
    same = places_of(tables.codings["version"], at) == places_of(pd.Series(newest), at)[source]
    return keep & same, int((keep & ~same).sum())


def _equal_ones_once(counted: Counted) -> Counted:
    """Return the codings without those equal to an earlier one of the same coder (after a merge)."""
    parts = (counted.coder, counted.source, counted.start, counted.end, _code_keys(counted))
    sizes = [int(part.max(initial=0)) + 1 for part in parts]
    if np.prod([float(size) for size in sizes]) < 2**62:
        key = np.zeros(len(counted), np.int64)
        for part, size in zip(parts, sizes, strict=True):
            key = key * size + part
        again = pd.Series(key).duplicated(keep=False).to_numpy()
    else:
        again = pd.DataFrame(dict(enumerate(parts))).duplicated(keep=False).to_numpy()
    if not again.any():
        return counted
    twice = np.flatnonzero(again)
    frame = counted.tables.codings.iloc[counted.row[twice]]
    created = frame["created"] if "created" in frame else pd.Series("", index=frame.index)
    equal = pd.DataFrame({name: part[twice] for name, part in zip("abcde", parts, strict=True)})
    equal = equal.assign(created=created.astype(str).to_numpy(), id=frame["id"].astype(str).to_numpy())
    later = equal.sort_values(["created", "id"]).duplicated(list("abcde")).sort_index().to_numpy()
    keep = np.ones(len(counted), np.bool_)
    keep[twice[later]] = False
    return counted.take(keep)


def _code_keys(counted: Counted) -> Ints:
    """The codes as numbers from 0; those that the codebook lacks keep apart by name."""
    if (counted.code >= 0).all():
        return counted.code
    names = counted.tables.codings["code"].iloc[counted.row]
    return np.where(counted.code >= 0, counted.code, len(counted.tables.codes) + pd.factorize(names)[0])


def _touch_role(counted: Counted, roles: frozenset[str]) -> Bools:
    tables = counted.tables
    turns = tables.turns[tables.turns["role"].isin(list(roles)).to_numpy(dtype=bool)]
    source = places_of(turns["source"], {id_: at for at, id_ in enumerate(tables.source_ids)})
    touched, _ = overlap_pairs(
        counted.start, counted.end, turns["start"], turns["end"], counted.source, source
    )
    keep = np.zeros(len(counted), np.bool_)
    keep[touched] = True
    return keep
