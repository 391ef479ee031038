"""Which codings count, for which cases: the first half of `brute_force`, by nested loops as well."""

from __future__ import annotations

from itertools import product
from typing import Any


def records(frame: Any) -> list[dict[str, Any]]:
    return frame.to_dict("records")


class CodingsThatCount:
    def __init__(
        self, study: Any, coders: list[str] | None = None, where: dict[str, Any] | None = None
    ) -> None:
        self.study, self.book = study, study.codebook
        self.where = {
            key: value if isinstance(value, list) else [value] for key, value in (where or {}).items()
        }
        self.sources = [row["source"] for row in records(study.sources)]
        self.cases = {row["case"]: row for row in records(study.cases)}
        self.speakers, self.turns = records(study.speakers), records(study.turns)
        self.kinds = {row["coder"]: row["kind"] for row in records(study.coders)}
        self.asked = [source for source in self.sources if self.source_is_asked_about(source)]
        every = [row for row in records(study.codings) if row["source"] in self.asked]
        self.heard = {source: self.listened_to(source, every, coders) for source in self.asked}
        self.read = [source for source in self.asked if self.heard[source]]
        codings = [row for row in every if row["coder"] in self.heard[row["source"]]]
        codings = self.equal_ones_once(codings)
        self.among = [row for row in codings if self.stands(row)]
        self.codings = [row for row in self.among if self.keeps(row)]

    # ---- whose coding
    def has_finished(self, coder: str, source: str) -> bool:
        rounds: dict[str, list[str]] = {}
        for row in records(self.study.progress):
            if row["coder"] == coder and row["source"] == source:
                rounds.setdefault(row["round"], []).append(row["state"])
        return any(all(state == "finished" for state in states) for states in rounds.values())

    def listened_to(self, source: str, codings: list[dict[str, Any]], coders: list[str] | None) -> set[str]:
        coded = {row["coder"] for row in codings if row["source"] == source}
        finished = {coder for coder in self.kinds if self.has_finished(coder, source)}
        if coders is not None:
            return (coded | finished) & set(coders)
        agreed = {coder for coder in finished if self.kinds[coder] == "consensus"}
        return agreed or {coder for coder in coded | finished if self.kinds[coder] == "human"}

    def equal_ones_once(self, codings: list[dict[str, Any]]) -> list[dict[str, Any]]:
        first: dict[tuple[Any, ...], dict[str, Any]] = {}
        for row in sorted(codings, key=lambda row: (row["created"], row["id"])):
            key = row["source"], row["start"], row["end"], row["code"], row["coder"]
            first.setdefault(key, row)
        return list(first.values())

    # ---- cases
    def line(self, case: str) -> list[str]:
        line = [case]
        while self.cases[line[-1]]["parent"] in self.cases:
            line.append(self.cases[line[-1]]["parent"])
        return line

    def case_of_kind(self, case: str, kind: str) -> str | None:
        return next((one for one in self.line(case) if self.cases[one]["kind"] == kind), None)

    def values(self, case: str, attribute: str) -> list[str]:
        for one in self.line(case):
            value = self.cases[one][attribute]
            if value is not None and value == value and value not in ("", []):
                return [str(part) for part in value] if isinstance(value, list) else [str(value)]
        return []

    def case_is_asked_about(self, case: str) -> bool:
        if "case" in self.where and not set(self.line(case)) & set(self.where["case"]):
            return False
        return all(
            set(self.values(case, key)) & set(wanted)
            for key, wanted in self.where.items()
            if key in self.study.attributes
        )

    def asks_for_cases(self) -> bool:
        return bool({"case", *self.study.attributes} & set(self.where))

    def linked(self, source: str) -> list[str]:
        """Cases of the respondents of a source and of the source as a whole, asked about or not."""
        return [
            row["case"]
            for row in self.speakers
            if row["source"] == source and row["role"] != "interviewer" and row["case"] in self.cases
        ]

    def source_is_asked_about(self, source: str) -> bool:
        if "source" in self.where and source not in self.where["source"]:
            return False
        return not self.asks_for_cases() or any(
            self.case_is_asked_about(case) for case in self.linked(source)
        )

    def stands(self, coding: dict[str, Any]) -> list[str | None]:
        """The cases a coding counts for: those of respondent turns it touches, else those of its source."""
        found = {
            row["case"]
            for turn, row in product(self.turns, self.speakers)
            if turn["source"] == row["source"] == coding["source"]
            and turn["speaker"] == row["speaker"] != ""
            and row["role"] != "interviewer"
            and row["case"] in self.cases
            and turn["start"] < coding["end"]
            and coding["start"] < turn["end"]
        }
        if not found:
            found = {
                row["case"]
                for row in self.speakers
                if row["source"] == coding["source"]
                and row["speaker"] == ""
                and row["role"] != "interviewer"
                and row["case"] in self.cases
            }
        if not found:
            return [] if self.asks_for_cases() else [None]
        return [case for case in sorted(found) if self.case_is_asked_about(case)]

    # ---- where
    def keeps(self, coding: dict[str, Any]) -> bool:
        counts = self.book.counts_as(coding["code"])
        where = self.where
        if "facet" in where and not any(self.book.code(one).facet in where["facet"] for one in counts):
            return False
        if "code" in where and not set(counts) & set(where["code"]):
            return False
        if "stance" in where and coding["stance"] not in where["stance"]:
            return False
        return "role" not in where or any(
            turn["source"] == coding["source"]
            and turn["role"] in where["role"]
            and turn["start"] < coding["end"]
            and coding["start"] < turn["end"]
            for turn in self.turns
        )
