"""From codings to the cells they stand in: (row, column, unit) triples, without writing out pairs.

Two cases. Where one side is sources, cases or an attribute nothing is joined: each coding stands, once
for every case it counts for, at the row and the column of its own. Where both sides are codes, two
codings in relation stand at the row of the one and the column of the other; they count for a unit that
both belong to. An *element* is a coding, or a coding together with one case it counts for.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qualcode.analysis._axes import Axis
from qualcode.analysis._counted import Counted
from qualcode.analysis._relations import stretches
from qualcode.analysis._study import Bools, Ints, any_along
from qualcode.analysis._units import Unit, segments
from qualcode.joins import Meetings, overlap_pairs, spread


@dataclass(frozen=True)
class Triples:
    """Cells with a unit that stands in them; a triple can come several times."""

    row: Ints
    column: Ints
    unit: Ints


@dataclass(frozen=True)
class Pairs:
    """Cells with the two codings (places in `Counted`; equal where one coding is both) and a unit."""

    row: Ints
    column: Ints
    first: Ints
    second: Ints
    unit: Ints


class Join:
    """The codings of a matrix, ready to be asked which cells they stand in.

    Parameters
    ----------
    counted
        The codings that are kept.
    rows, columns
        The two sides.
    unit
        What is counted.
    relation, n
        How two codings are joined, where both sides are codes.
    """

    def __init__(
        self, counted: Counted, rows: Axis, columns: Axis, unit: Unit, relation: str, n: int
    ) -> None:
        self.counted, self.rows, self.columns, self.unit = counted, rows, columns, unit
        self.joined = rows.what == columns.what == "code"
        self.relation = relation if self.joined else "codebook"
        coding, case = self._elements()
        self.unit_of = self._units(coding, case)
        keep = self.unit_of >= 0
        if self.joined:  # what stands on neither side can be in no cell
            keep &= (any_along(rows.member, 1) | any_along(columns.member, 1))[counted.code[coding]]
        self.coding, self.case, self.unit_of = coding[keep], case[keep], self.unit_of[keep]
        if self.relation != "codebook":
            self._prepare(n)

    # ------------------------------------------------------------------ elements
    def _elements(self) -> tuple[Ints, Ints]:
        """Coding and case of every element; the case matters only where something asks for cases."""
        counted = self.counted
        asks = "case" in (self.rows.what, self.columns.what) or self.unit.what == "case"
        if asks:
            return counted.stands.coding, counted.stands.case
        return np.arange(len(counted), dtype=np.int64), np.full(len(counted), -1, np.int64)

    def _units(self, coding: Ints, case: Ints) -> Ints:
        if self.unit.what == "case":
            return self.counted.cases.of_kind(self.unit.name)[case]
        if self.unit.what == "source":
            return self.counted.source[coding]
        if self.unit.what == "segment":
            return segments(self.counted)[coding]
        return coding

    def _key(self, axis: Axis) -> Ints:
        """Where each element looks up its place on an axis."""
        if axis.what == "code":
            return self.counted.code[self.coding]
        return self.counted.source[self.coding] if axis.what == "source" else self.case

    def _prepare(self, n: int) -> None:
        """Group and stretch of every element, and which elements stand on which side."""
        counted, coding = self.counted, self.coding
        coders, sources = len(counted.listened.coders), len(counted.tables.source_ids)
        group = counted.coder * sources + counted.source
        start, end = stretches(self.relation, n, counted)
        self.group, self.start, self.end = group[coding], start[coding], end[coding]
        if self.relation == "segment":
            # Codings of one span are a group of their own, in which all meet.
            self.group = segments(counted)[coding] * coders + counted.coder[coding]
            self.start, self.end = np.zeros(len(coding), np.int64), np.ones(len(coding), np.int64)
        if self.unit.what == "case":  # both codings of a pair must count for the case
            self.group = self.group * (len(counted.cases.ids) + 1) + self.unit_of
        code = counted.code[coding]
        self.on_rows, self.on_columns = self.rows.member[code], self.columns.member[code]
        self.direct = (self.rows.direct | self.columns.direct)[code]
        self.meetings = Meetings(self.group, self.start, self.end)

    # ------------------------------------------------------------------ triples
    def in_one_coding(self) -> Triples:
        """Cells of codings that stand at the row and at the column themselves."""
        number, row, column = self._own_cells(np.arange(len(self.coding), dtype=np.int64))
        return Triples(row, column, self.unit_of[number])

    def _own_cells(self, elements: Ints) -> tuple[Ints, Ints, Ints]:
        number, row = self._places(self.rows, elements)
        again, column = self._places(self.columns, elements[number])
        return elements[number[again]], row[again], column

    def _places(self, axis: Axis, elements: Ints) -> tuple[Ints, Ints]:
        begins, ends, headings = places_on(axis)
        key = self._key(axis)[elements]
        number, at = spread(begins[key], ends[key])
        return number, headings[at]

    def triples(self) -> Triples:
        """Every cell with every unit that stands in it."""
        if self.relation == "codebook":
            return self.in_one_coding()
        if self.unit.what in ("coding", "segment"):
            # The two codings of a pair are two units: ask from both sides.
            element, column = self._meet(self.on_rows, self.on_columns)
            other, row = self._meet(self.on_columns, self.on_rows)
            number, r = self._places(self.rows, element)
            number2, c = self._places(self.columns, other)
            return Triples(
                np.concatenate([r, row[number2]]),
                np.concatenate([column[number], c]),
                np.concatenate([self.unit_of[element[number]], self.unit_of[other[number2]]]),
            )
        if len(self.rows) < len(self.columns):  # the shorter side is the dearer one to meet
            element, row = self._meet(self.on_columns, self.on_rows)
            number, column = self._places(self.columns, element)
            return Triples(row[number], column, self.unit_of[element[number]])
        element, column = self._meet(self.on_rows, self.on_columns)
        number, row = self._places(self.rows, element)
        return Triples(row, column[number], self.unit_of[element[number]])

    def _meet(self, mine: Bools, kinds: Bools) -> tuple[Ints, Ints]:
        """Elements of one side, each with every heading of the other side that it meets."""
        at = np.flatnonzero(any_along(mine, 1))
        found, heading = np.nonzero(self._meets(kinds, at))
        return at[found], heading.astype(np.int64)

    def _meets(self, kinds: Bools, at: Ints) -> Bools:
        if self.relation != "marked":
            return self.meetings.any(kinds, at)
        # Who carries a code of the matrix meets everybody; who only counts as one, those who do.
        met = self.meetings.any(kinds & self.direct[:, None], at) | kinds[at]
        carries = np.flatnonzero(self.direct[at])
        met[carries] |= self.meetings.any(kinds, at[carries])
        return met

    def behind(self, codings: Ints) -> Ints:
        """Return which of some codings (places in `Counted`) stand behind a cell, with a unit."""
        elements = np.flatnonzero(np.isin(self.coding, codings))
        if self.relation == "codebook":
            return np.unique(self.coding[self._own_cells(elements)[0]])
        rows, columns = any_along(self.on_rows, 1), any_along(self.on_columns, 1)
        there = rows[elements] & self._meets(columns[:, None], elements)[:, 0]
        there |= columns[elements] & self._meets(rows[:, None], elements)[:, 0]
        return np.unique(self.coding[elements[there]])

    # ------------------------------------------------------------------ evidence
    def pairs(self, row: int | None = None, column: int | None = None) -> Pairs:
        """Every pair of codings behind every cell (or one cell), once per unit it counts for."""
        if self.relation == "codebook":
            one, r, c = self._own_cells(np.arange(len(self.coding), dtype=np.int64))
            first = second = one
        else:
            first, second = self._related(row, column)
            number, r = self._places(self.rows, first)
            again, c = self._places(self.columns, second[number])
            first, second, r = first[number[again]], second[number[again]], r[again]
        here = np.ones(len(r), np.bool_)
        if row is not None:
            here &= r == row
        if column is not None:
            here &= c == column
        first, second, r, c = first[here], second[here], r[here], c[here]
        found = [r, c, self.coding[first], self.coding[second], self.unit_of[first]]
        if self.unit.what in ("coding", "segment"):
            more = self.unit_of[second] != self.unit_of[first]
            found = [np.concatenate([x, x[more]]) for x in found]
            found[4][len(first) :] = self.unit_of[second][more]
        # Elements of one coding differ by case only; two cases of one unit make one entry.
        order = np.lexsort(found[::-1])
        entries = np.stack(found, axis=1)[order]
        new = np.ones(len(entries), np.bool_)
        new[1:] = (entries[1:] != entries[:-1]).any(axis=1)
        return Pairs(*entries[new].T)

    def _related(self, row: int | None, column: int | None) -> tuple[Ints, Ints]:
        ones = any_along(self.on_rows, 1) if row is None else self.on_rows[:, row]
        others = any_along(self.on_columns, 1) if column is None else self.on_columns[:, column]
        i, j = np.flatnonzero(ones), np.flatnonzero(others)
        a, b = overlap_pairs(
            self.start[i], self.end[i], self.start[j], self.end[j], self.group[i], self.group[j]
        )
        first, second = i[a], j[b]
        if self.relation == "marked":
            joined = (first == second) | self.direct[first] | self.direct[second]
            first, second = first[joined], second[joined]
        return first, second


def places_on(axis: Axis) -> tuple[Ints, Ints, Ints]:
    """Return, per code (source, case), the range of its headings in one long list: begins, ends, headings."""
    sizes = axis.member.sum(axis=1).astype(np.int64)
    ends = np.cumsum(sizes)
    return ends - sizes, ends, np.nonzero(axis.member)[1].astype(np.int64)
