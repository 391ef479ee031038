"""Random studies: several coders of every kind, nested cases, text outside turns, half-finished sources."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from plain_study import PlainStudy

from qualcode.codebook import Code, Codebook, Facet

POINTS, THEMES, CHALLENGES = "point", "theme", "challenge"


def codebook(draw: Any) -> Codebook:
    """Three facets; challenges count as points and themes; some codes are merged, split or retired."""
    maybe = st.booleans()
    facets = (Facet(POINTS, "Point"), Facet(THEMES, "Theme"), Facet(CHALLENGES, "Challenge"))
    split = draw(maybe)
    codes = [
        Code("planning", "Planning", POINTS),
        Code("needs", "Needs", POINTS, parent="planning"),
        Code("effort", "Effort", POINTS, parent="planning", retired=draw(maybe)),
        Code("data", "Data", POINTS),
        Code("quality", "Quality", POINTS, parent="data"),
        Code("noise", "Noise", POINTS, parent="quality"),
        Code("volume", "Volume", POINTS, parent="data", split_into=("rows", "columns") if split else ()),
        Code("rows", "Rows", POINTS, parent="data"),
        Code("columns", "Columns", POINTS, parent="data"),
        Code("talk", "Talk", THEMES),
        Code("paper", "Paper", THEMES, merged_into="talk" if draw(maybe) else None),
        Code("tools", "Tools", THEMES),
        Code("vague", "Vague needs", CHALLENGES, counts_as=("needs", "talk")),
        Code("late", "Late data", CHALLENGES, counts_as=("data", "tools", "paper")),
        Code("siloed", "Siloed", CHALLENGES, parent="late", counts_as=("planning",)),
    ]
    return Codebook(facets, tuple(codes))


@st.composite
def studies(draw: Any) -> PlainStudy:
    book = codebook(draw)
    ids = [code.id for code in book.codes]
    sources = ["s1", "s2", "s3"]
    kinds = {"ana": "human", "ben": "human", "bot": "machine", "both": "consensus", "answers": "key"}
    turns, speakers = [], []
    for source in sources:
        at = draw(st.integers(0, 4))
        labels = ["Int", "Ada", "Bob", "Ada", "Bob", None]
        for number in range(1, draw(st.sampled_from([0, 3, 5, 6])) + 1):
            length = draw(st.integers(1, 8))
            speaker = draw(st.sampled_from(labels))
            turns.append(
                {"source": source, "turn": number, "speaker": speaker, "start": at, "end": at + length}
            )
            at += length + draw(st.sampled_from([0, 0, 1, 3]))
        speakers.append({"source": source, "speaker": "Int", "case": draw(st.sampled_from(["", "p1"])),
                         "role": "interviewer"})  # fmt: skip
        for label in ("Ada", "Bob", ""):
            case = draw(st.sampled_from(["", "p1", "p2", "p3", "o1", "gone"]))
            role = draw(st.sampled_from(["participant", "", "other"])) if label else ""
            if draw(st.integers(0, 3)):
                speakers.append({"source": source, "speaker": label, "case": case, "role": role})
    number = draw(st.sampled_from([0, 4, 8, 12, 16]))
    codings = []
    for at in range(number):
        start = draw(st.integers(0, 28))
        codings.append(
            {
                "id": f"{draw(st.integers(0, 9))}-{at}",
                "source": draw(st.sampled_from(["s1", "s1", "s1", "s2", "s3"])),
                "start": start,
                "end": start + draw(st.sampled_from([1, 1, 2, 5, 9, 20])),
                "code": draw(st.sampled_from(ids)),
                "coder": draw(st.sampled_from(["ana", "ana", "ana", "ana", "ben", "bot", "both"])),
                "stance": draw(st.sampled_from(["supports", "supports", "counters", "mixed"])),
                "created": draw(st.sampled_from(["2026-01-01", "2026-01-02"])),
            }
        )
    progress = [
        {"coder": coder, "source": source, "part": part, "round": round_, "state": state}
        for coder in ("ana", "both")
        for source in sources
        for part, round_ in (("", ""), ("2", ""), ("", "two"))
        if (state := draw(st.sampled_from(["", "finished", "finished", "in progress", "not started"])))
    ]
    cases = [
        {"case": "o1", "kind": "organization", "parent": "", "size": "big", "fields": ["maps", "cars"]},
        {"case": "o2", "kind": "organization", "parent": "", "size": draw(st.sampled_from([None, "small"]))},
        {"case": "p1", "kind": "participant", "parent": "o1", "job": "SE", "size": draw(st.sampled_from([None, "tiny"]))},
        {"case": "p2", "kind": "participant", "parent": draw(st.sampled_from(["o1", "o2"])), "job": "DS", "fields": ["cars"]},
        {"case": "p3", "kind": "participant", "parent": "", "job": draw(st.sampled_from([None, "DS"]))},
    ]  # fmt: skip
    return PlainStudy(
        codebook=book,
        source_rows=[{"source": source} for source in sources],
        coding_rows=codings,
        turn_rows=turns,
        case_rows=cases,
        speaker_rows=speakers,
        coder_rows=[{"coder": coder, "kind": kind} for coder, kind in kinds.items()],
        progress_rows=progress,
        attributes={"size": "text", "job": "text", "fields": "list"},
    )


code_axes = st.sampled_from(
    [
        POINTS,
        THEMES,
        CHALLENGES,
        "data",
        "planning",
        ["talk", "tools"],
        ["planning", "vague"],
        ["needs"],
        ["data", "late", "siloed", "noise"],
    ]
)
other_axes = st.sampled_from(["source", "participant", "organization", "size", "job", "fields"])
units = st.sampled_from(["coding", "segment", "source", "participant", "organization"])
CHAIN = (("codebook", None), ("marked", None), ("overlap", None), ("turn", None), ("turns", 0), ("turns", 1),
         ("turns", 2), ("source", None))  # fmt: skip
relations = st.sampled_from([*CHAIN, ("segment", None)])
coder_choices = st.sampled_from(
    [["ana"], ["ana", "ben"], ["bot", "ana"], ["both"], ["ana", "ben", "bot", "both"]]
)
wheres = st.fixed_dictionaries(
    {},
    optional={
        "facet": st.sampled_from([POINTS, [THEMES, CHALLENGES]]),
        "code": st.sampled_from(["data", ["needs", "tools"]]),
        "role": st.sampled_from(["participant", ["", "interviewer"]]),
        "stance": st.sampled_from(["supports", ["supports", "counters"]]),
        "source": st.sampled_from(["s1", ["s1", "s2"]]),
        "case": st.sampled_from(["p1", ["o1"], ["p2", "p3"]]),
        "job": st.sampled_from(["SE", ["SE", "DS"]]),
    },
)
