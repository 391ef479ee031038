"""The matrix counted by nested loops, written from the sentences in the docstring of `qualcode.matrix` alone.

Nothing of `qualcode.analysis` is used: only the tables of a study and what its codebook says a code
counts as, so that a wrong idea in the implementation cannot be repeated here by calling it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Any

from brute_force_codings import CodingsThatCount


@dataclass
class Expected:
    rows: list[str]
    columns: list[str]
    table: dict[tuple[str, str], int | None]
    row_totals: dict[str, int | None]
    column_totals: dict[str, int | None]
    total: int | None
    n: int


class BruteForce(CodingsThatCount):
    # ---- rows and columns: key -> test of (coding, case)
    def axis(self, spec: Any) -> dict[str, Any]:
        if not isinstance(spec, str):
            return {code: (lambda c, k, code=code: code in self.book.counts_as(c["code"])) for code in spec}
        if spec == "source":
            return {source: (lambda c, k, source=source: c["source"] == source) for source in self.asked}
        kinds = {row["kind"] for row in self.cases.values()}
        bounded = self.asks_for_cases() or "source" in self.where
        shown = {c for s in self.asked for c in self.linked(s) if self.case_is_asked_about(c)}
        if not bounded:
            shown = set(self.cases)
        if spec in kinds:
            keys = sorted({one for c in shown if (one := self.case_of_kind(c, spec))})
            return {
                key: (lambda c, k, key=key: k is not None and self.case_of_kind(k, spec) == key)
                for key in keys
            }
        if spec in self.study.attributes:
            keys = sorted({v for c in shown for v in self.values(c, spec)}, key=lambda v: (v.casefold(), v))
            return {
                key: (lambda c, k, key=key: k is not None and key in self.values(k, spec)) for key in keys
            }
        return self.tree(spec)

    def tree(self, spec: str) -> dict[str, Any]:
        if spec in {facet.id for facet in self.book.facets}:
            codes = [code.id for code in self.book.codes if code.facet == spec]
        else:
            below = [code.id for code in self.book.codes if spec in self.above(code.id)]
            codes = [spec, *below]
        used = {one for coding in self.codings for one in self.book.counts_as(coding["code"])}
        found = {}
        shown = []
        for id_ in codes:
            code = self.book.code(id_)
            gone = code.merged_into is not None or code.split_into
            if not gone and (not code.retired or id_ in used):
                shown.append(id_)
        for id_ in shown:
            below = [one for one in shown if id_ in self.above(one)]

            def here(c: dict[str, Any], k: Any, id_: str = id_, below: list[str] = below) -> bool:
                counts = self.book.counts_as(c["code"])
                return id_ in counts and not set(below) & counts

            if not below:
                found[id_] = here
            elif any(here(coding, None) for coding in self.codings):
                found[f"{id_} (general)"] = here
        return found

    def above(self, code: str) -> list[str]:
        return [one.id for one in self.book.ancestors(code)]

    def named(self, spec: Any) -> set[str]:
        """The codes that are themselves among rows made from a facet, a tree or a list."""
        if not isinstance(spec, str):
            return set(spec)
        living = [c.id for c in self.book.codes if c.merged_into is None and not c.split_into]
        if spec in {facet.id for facet in self.book.facets}:
            return {id_ for id_ in living if self.book.code(id_).facet == spec}
        return {id_ for id_ in living if id_ == spec or spec in self.above(id_)}

    def is_codes(self, spec: Any) -> bool:
        others = {"source", *self.study.attributes, *(row["kind"] for row in self.cases.values())}
        return not isinstance(spec, str) or spec not in others

    # ---- relations
    def stretches_of(self, source: str) -> list[tuple[int, int, float]]:
        """The turns of a source and the text between them, with the place of each: 1, 1.5, 2, 2.5, ..."""
        found, end, place = [], 0, 0
        for turn in sorted((t for t in self.turns if t["source"] == source), key=lambda t: t["start"]):
            if turn["start"] > end:
                found.append((end, turn["start"], place + 0.5))
            place += 1
            found.append((turn["start"], turn["end"], place))
            end = turn["end"]
        return [*found, (end, 10**9, place + 0.5)]

    def touched(self, coding: dict[str, Any]) -> set[float]:
        return {
            place
            for start, end, place in self.stretches_of(coding["source"])
            if start < coding["end"] and coding["start"] < end
        }

    def related(
        self, a: dict[str, Any], b: dict[str, Any], relation: str, n: int | None, named: set[str]
    ) -> bool:
        if a["id"] == b["id"]:
            return True
        if a["coder"] != b["coder"] or a["source"] != b["source"]:
            return False
        overlap = a["start"] < b["end"] and b["start"] < a["end"]
        if relation == "codebook":
            return False
        if relation == "marked":
            return overlap and bool({a["code"], b["code"]} & named)
        if relation == "segment":
            return (a["start"], a["end"]) == (b["start"], b["end"])
        if relation == "overlap":
            return overlap
        if relation == "source":
            return True
        mine, others = self.touched(a), self.touched(b)
        if overlap or mine & others:
            return True
        if relation == "turn":
            return False
        low, high = (max(mine), min(others)) if max(mine) < min(others) else (max(others), min(mine))
        between = [number for number in range(int(low), int(high) + 1) if low < number < high]
        return len(between) < n

    # ---- counting
    def units(self, coding: dict[str, Any], case: str | None, count_by: str) -> set[Any]:
        if count_by == "source":
            return {coding["source"]}
        if count_by == "coding":
            return {coding["id"]}
        if count_by == "segment":
            return {(coding["source"], coding["start"], coding["end"])}
        found = self.case_of_kind(case, count_by) if case is not None else None
        return {found} if found is not None else set()

    def n(self, count_by: str) -> int:
        if count_by == "source":
            return len(self.read)
        if count_by in ("coding", "segment"):
            return len(set().union(*(self.units(c, None, count_by) for c in self.among)))
        cases = {c for s in self.read for c in self.linked(s) if self.case_is_asked_about(c)}
        return len(set().union(*(self.units({}, c, count_by) for c in cases)))

    def is_read(self, spec: Any, key: str, test: Any) -> bool:
        if self.is_codes(spec):
            return bool(self.read)
        if spec == "source":
            return key in self.read
        cases = {c for s in self.read for c in self.linked(s) if self.case_is_asked_about(c)}
        return any(test({}, case) for case in cases)

    def matrix(
        self,
        rows: Any,
        columns: Any,
        count_by: str = "source",
        relation: str = "marked",
        n: int | None = None,
    ) -> Expected:
        row_tests, column_tests = self.axis(rows), self.axis(columns)
        cells: dict[tuple[str, str], set[Any]] = {key: set() for key in product(row_tests, column_tests)}
        joined = self.is_codes(rows) and self.is_codes(columns)
        if joined:
            named = self.named(rows) | self.named(columns)
            for a, b in product(self.codings, self.codings):
                if not self.related(a, b, relation, n, named):
                    continue
                units: set[Any] = set()
                if count_by in ("source", "coding", "segment"):
                    units = self.units(a, None, count_by) | self.units(b, None, count_by)
                else:
                    ones = set().union(*(self.units(a, case, count_by) for case in self.stands(a)))
                    units = ones & set().union(*(self.units(b, case, count_by) for case in self.stands(b)))
                for r, c in product(row_tests, column_tests):
                    if row_tests[r](a, None) and column_tests[c](b, None):
                        cells[r, c] |= units
        else:
            for a in self.codings:
                for case, (r, c) in product(self.stands(a), list(cells)):
                    if row_tests[r](a, case) and column_tests[c](a, case):
                        cells[r, c] |= self.units(a, case, count_by)
        row_read = {key: self.is_read(rows, key, test) for key, test in row_tests.items()}
        column_read = {key: self.is_read(columns, key, test) for key, test in column_tests.items()}

        def margin(keys: list[tuple[str, str]]) -> int | None:
            there = [key for key in keys if row_read[key[0]] and column_read[key[1]]]
            return len(set().union(*(cells[key] for key in there))) if there else None

        return Expected(
            rows=list(row_tests),
            columns=list(column_tests),
            table={
                k: len(units) if row_read[k[0]] and column_read[k[1]] else None for k, units in cells.items()
            },
            row_totals={r: margin([(r, c) for c in column_tests]) for r in row_tests},
            column_totals={c: margin([(r, c) for r in row_tests]) for c in column_tests},
            total=margin(list(cells)),
            n=self.n(count_by),
        )
