"""Reading again what was coded, and how often each code was used."""

from __future__ import annotations

import pytest
from clinic import BOOK, clinic, coding, turn

from qualcode.analysis import code_counts, retrieve
from qualcode.errors import FolderError, UnknownCode

TALKS = [
    coding("science", turn(4), "messy", stance="counters"),
    coding("nurse", (12, 22), "vague"),
    coding("nurse", (12, 22), "vague", "tom"),
    coding("group", (14, 40), "effort"),  # from Nadine over Ivo to Deniz
    coding("group", (22, 24), "talk"),  # between two turns
]


def test_every_segment_with_its_place_and_words():
    assert retrieve(clinic(TALKS)).to_dict("records")[0] == {
        "coding": "c003",
        "source": "group",
        "start": 14,
        "end": 40,
        "turn": 2,
        "last_turn": 4,
        "speaker": "Nadine; Ivo; Deniz",
        "role": "participant; interviewer",
        "case": "Deniz; Nadine",
        "code": "effort",
        "name": "Effort",
        "coder": "mira",
        "stance": "supports",
        "quote": "02" * 5 + "03" * 6 + "04" * 2,
        "begins": 60.0,
        "memo": "",
        "synthetic": False,
    }


def test_in_the_order_of_the_sources_and_the_text():
    found = retrieve(clinic(TALKS))
    assert found["coding"].tolist() == ["c003", "c004", "c001", "c002", "c000"]
    outside = found.iloc[1]
    assert (outside["turn"] is not None, outside["speaker"], outside["case"]) == (True, "", "")
    assert found["turn"].isna().tolist() == [False, True, False, False, False]
    assert list(found.index) == list(range(5))


@pytest.mark.parametrize(
    ("asked", "ids"),
    [
        ({"codes": "planning"}, ["c003", "c001", "c002"]),  # all that counts as it
        ({"codes": ["Documentation", "talk"]}, ["c004", "c001", "c002", "c000"]),
        ({"where": {"stance": "counters"}}, ["c000"]),
        ({"where": {"case": "Deniz"}}, ["c003", "c000"]),
        ({"where": {"role": "interviewer"}}, ["c003"]),
        ({"coders": "tom"}, ["c002"]),
        ({"codes": "paper", "where": {"source": "nurse"}}, []),
    ],
)
def test_only_what_is_asked_for(asked, ids):
    found = retrieve(clinic(TALKS), **asked)
    assert found["coding"].tolist() == ids
    assert list(found.columns) == list(retrieve(clinic([])).columns)


def test_an_unknown_code_is_an_error():
    with pytest.raises(UnknownCode, match="Did you mean 'Effort'"):
        retrieve(clinic(TALKS), "Efort")


def test_without_the_text_only_the_quotes_are_missing():
    study = clinic(TALKS)

    def gone(source: str) -> None:
        raise FolderError("The text is not in this copy of the study.")

    study.transcript = gone  # type: ignore[method-assign,assignment]
    found = retrieve(study)
    assert found["quote"].tolist() == [None] * 5
    assert found["speaker"].tolist()[0] == "Nadine; Ivo; Deniz"


def test_how_often_each_code_was_used():
    counts = code_counts(clinic(TALKS))
    assert counts["code"].tolist() == [code.id for code in BOOK.codes]
    assert counts["path"].tolist()[1] == "Planning > Needs of the ward"
    by_code = counts.set_index("code")
    own = ["codings", "segments", "sources", "cases", "coders"]
    everything = [f"all_{name}" for name in own]
    assert list(counts.columns) == ["facet", "code", "name", "path", *own, *everything, "synthetic"]
    assert by_code.loc["vague", own].tolist() == [2, 1, 1, 1, 2]
    assert by_code.loc["planning", own].tolist() == [0, 0, 0, 0, 0]
    assert by_code.loc["planning", everything].tolist() == [3, 2, 2, 2, 2]
    assert by_code.loc["talk", own].tolist() == [1, 1, 1, 0, 1]
    assert by_code.loc["talk", everything].tolist() == [3, 2, 2, 1, 2]
    assert by_code.loc["data", everything].tolist() == [1, 1, 1, 1, 1]


def test_counts_of_some_coders_and_codings():
    counts = code_counts(clinic(TALKS), coders="tom").set_index("code")
    assert counts["codings"].to_dict() == dict.fromkeys(counts.index, 0) | {"vague": 1}
    assert code_counts(clinic(TALKS), where={"stance": "counters"})["codings"].sum() == 1


def test_nothing_coded_yet():
    counts = code_counts(clinic([]))
    assert counts["all_codings"].tolist() == [0] * len(BOOK.codes)


def test_codes_out_of_use_are_listed_while_codings_carry_them():
    book = BOOK.new_code("Beds", parent="planning", id="beds").split_code("effort", ["beds"])
    book = book.merge_codes(["paper"], "talk")
    counts = code_counts(clinic(TALKS, codebook=book)).set_index("code")
    assert counts.loc["effort", ["codings", "all_codings"]].tolist() == [1, 0]  # to be dealt
    assert counts.loc["planning", "all_codings"] == 3
    assert "paper" not in counts.index
    assert "effort" not in code_counts(clinic(TALKS[:3], codebook=book))["code"].tolist()
