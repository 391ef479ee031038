"""A study that is only its tables: what the analyses read, without a folder."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pandas as pd

from qualcode.codebook import Codebook

TURN_COLUMNS = ["source", "turn", "speaker", "role", "case", "start", "end", "begins", "ends", "text"]
CODING_COLUMNS = ["id", "source", "start", "end", "version", "code", "coder", "created", "stance"]


def frame(rows: Iterable[Mapping[str, Any]], columns: list[str]) -> pd.DataFrame:
    rows = list(rows)
    made = pd.DataFrame({c: pd.Series([row.get(c, "") for row in rows], dtype=object) for c in columns})
    whole = {c: "int64" for c in ("start", "end", "turn") if c in columns}
    seconds = {c: "float64" for c in ("begins", "ends") if c in columns}
    return made.astype({**whole, **seconds})


@dataclass
class PlainStudy:
    """Every table as a list of rows; missing fields get what most tests want."""

    codebook: Codebook
    source_rows: list[dict[str, Any]]
    coding_rows: list[dict[str, Any]]
    turn_rows: list[dict[str, Any]] = field(default_factory=list)
    case_rows: list[dict[str, Any]] = field(default_factory=list)
    speaker_rows: list[dict[str, Any]] = field(default_factory=list)
    coder_rows: list[dict[str, Any]] = field(default_factory=list)
    progress_rows: list[dict[str, Any]] = field(default_factory=list)
    attributes: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)

    @property
    def sources(self) -> pd.DataFrame:
        rows = [{"title": row["source"], "version": "v1", **row} for row in self.source_rows]
        made = frame(rows, ["source", "title", "version"])
        return made.assign(synthetic=[bool(row.get("synthetic", False)) for row in rows])

    @property
    def codings(self) -> pd.DataFrame:
        """As a project gives them: the code is the living one."""
        known = {code.id for code in self.codebook.codes}
        rows = [
            {
                "id": f"c{number:03}",
                "version": "v1",
                "created": "2026-01-01T00:00:00Z",
                "stance": "supports",
                **row,
                "code": self.codebook.resolve(row["code"]) if row["code"] in known else row["code"],
            }
            for number, row in enumerate(self.coding_rows)
        ]
        return frame(rows, CODING_COLUMNS)

    @property
    def turns(self) -> pd.DataFrame:
        roles = {(row["source"], row["speaker"]): row.get("role", "") for row in self.speaker_rows}
        nothing = float("nan")
        rows = [
            {
                "begins": nothing,
                "ends": nothing,
                **row,
                "role": roles.get((row["source"], row["speaker"]), ""),
            }
            for row in self.turn_rows
        ]
        return frame(rows, TURN_COLUMNS)

    @property
    def cases(self) -> pd.DataFrame:
        made = frame(self.case_rows, ["case", "kind", "parent"])
        for name in self.attributes:
            made[name] = pd.Series([row.get(name) for row in self.case_rows], dtype=object)
        return made

    @property
    def speakers(self) -> pd.DataFrame:
        return frame(self.speaker_rows, ["source", "speaker", "case", "role"])

    @property
    def coders(self) -> pd.DataFrame:
        return frame([{"name": row["coder"], **row} for row in self.coder_rows], ["coder", "name", "kind"])

    @property
    def progress(self) -> pd.DataFrame:
        return frame(self.progress_rows, ["coder", "source", "part", "round", "state"])

    def transcript(self, source: str) -> SimpleNamespace:
        return SimpleNamespace(text=self.texts.get(source, "x" * 10_000))
