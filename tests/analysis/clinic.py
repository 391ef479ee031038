"""A small study with people in it, for examples whose tables can be checked by reading.

Three interviews at a hospital that buys a model for triage. Positions are short so that a reader can
follow them: every turn is 10 characters long, and 2 characters stand between two turns.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
from plain_study import PlainStudy

from qualcode.analysis import CodeMatrix
from qualcode.codebook import Code, Codebook, Facet

BOOK = Codebook(
    (Facet("point", "Collaboration point"), Facet("theme", "Theme"), Facet("challenge", "Challenge")),
    (
        Code("planning", "Planning", "point"),
        Code("needs", "Needs of the ward", "point", parent="planning", icon="bed"),
        Code("effort", "Effort", "point", parent="planning"),
        Code("data", "Patient data", "point", colour="#336699"),
        Code("talk", "Communication", "theme"),
        Code("paper", "Documentation", "theme"),
        Code("vague", "Vague needs", "challenge", counts_as=("needs", "talk")),
        Code("messy", "Messy records", "challenge", counts_as=("data", "paper")),
    ),
)


def turn(number: int) -> tuple[int, int]:
    """Where a turn stands: 1 at [0, 10), 2 at [12, 22), ..."""
    return 12 * (number - 1), 12 * (number - 1) + 10


def coding(
    source: str, where: tuple[int, int], code: str, coder: str = "mira", **more: Any
) -> dict[str, Any]:
    return {"source": source, "start": where[0], "end": where[1], "code": code, "coder": coder, **more}


def clinic(codings: list[dict[str, Any]], **tables: Any) -> PlainStudy:
    """Nadine (nurse) alone, Deniz (data scientist) alone, and both in a group talk; Ivo interviews."""
    turns, speakers = [], []
    for source, people in (("nurse", ["Nadine"]), ("science", ["Deniz"]), ("group", ["Nadine", "Deniz"])):
        talk = ["Ivo", people[0], "Ivo", people[-1]]
        turns += [
            {
                "source": source,
                "turn": n,
                "speaker": who,
                "start": turn(n)[0],
                "end": turn(n)[1],
                "begins": 30.0 * n,
            }
            for n, who in enumerate(talk, start=1)
        ]
        speakers.append({"source": source, "speaker": "Ivo", "case": "", "role": "interviewer"})
        speakers += [{"source": source, "speaker": p, "case": p, "role": "participant"} for p in people]
    parts: dict[str, Any] = {
        "codebook": BOOK,
        "source_rows": [
            {"source": "group", "title": "Group talk"},
            {"source": "nurse", "title": "Interview with Nadine"},
            {"source": "science", "title": "Interview with Deniz"},
        ],
        "turn_rows": turns,
        "case_rows": [
            {
                "case": "Deniz",
                "kind": "participant",
                "parent": "vendor",
                "years": 3.0,
                "tools": ["R", "Python"],
            },
            {"case": "Nadine", "kind": "participant", "parent": "hospital", "years": 12.0},
            {"case": "hospital", "kind": "organization", "size": "large"},
            {"case": "vendor", "kind": "organization", "size": "small"},
        ],
        "speaker_rows": speakers,
        "coder_rows": [
            {"coder": "mira", "name": "Mira", "kind": "human"},
            {"coder": "tom", "name": "Tom", "kind": "human"},
            {"coder": "agreed", "name": "Agreed", "kind": "consensus"},
            {"coder": "robot", "name": "Robot", "kind": "machine"},
            {"coder": "solution", "name": "Solution", "kind": "key"},
        ],
        "attributes": {"size": "text", "years": "number", "tools": "list"},
        "texts": {s: "".join(f"{n:02}" * 6 for n in range(1, 6)) for s in ("group", "nurse", "science")},
    }
    return PlainStudy(coding_rows=codings, **{**parts, **tables})


NA = "?"


def cells(m: CodeMatrix) -> dict[str, list[object]]:
    """Row key to its counts, "?" where nobody read."""
    return {str(key): [NA if pd.isna(v) else int(v) for v in m.table.loc[key]] for key in m.table.index}


# Mira: in the nurse's interview one passage is a challenge, and inside it one that is about effort;
# Deniz mentions messy records; in the group talk both points are only near each other.
TALKS = [
    coding("nurse", (12, 22), "vague"),  # Nadine's first turn: counts as needs and communication
    coding("nurse", (14, 18), "effort"),  # inside it
    coding("science", (36, 46), "messy"),  # Deniz: counts as data and documentation
    coding("group", (12, 22), "data"),  # Nadine
    coding("group", (36, 46), "talk"),  # Deniz, two turns later
]
