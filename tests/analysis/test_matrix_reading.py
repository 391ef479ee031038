"""Whose coding counts, what is read and kept, what is behind a cell, and the sentence that says so."""

from __future__ import annotations

import pandas as pd
import pytest
from clinic import BOOK, NA, TALKS, cells, clinic, coding, turn

from qualcode.analysis import matrix
from qualcode.codebook import Code, Codebook, Facet


def test_the_source_as_a_whole_gives_the_case_where_no_respondent_does():
    study = clinic([coding("nurse", turn(1), "data"), coding("science", turn(1), "data")])
    study.speaker_rows.append({"source": "nurse", "speaker": "", "case": "hospital", "role": ""})
    m = matrix(study, ["data"], ["data"], count_by="organization")
    assert cells(m) == {"data": [1]}
    assert "1 coding with no organization is left out" in m.rule


def test_sources_nobody_read_are_not_zero():
    study = clinic(
        [coding("nurse", turn(2), "data")],
        progress_rows=[{"coder": "mira", "source": "science", "part": "", "round": "", "state": "finished"}],
    )
    m = matrix(study, ["data", "talk"], "source")
    assert list(m.table.columns) == ["group", "nurse", "science"]
    assert cells(m) == {"data": [NA, 1, 0], "talk": [NA, 0, 0]}
    assert m.column_totals.isna().tolist() == [True, False, False]
    assert m.n == 2
    assert [h.name for h in m.columns] == ["Group talk", "Interview with Nadine", "Interview with Deniz"]
    people = matrix(study, ["data"], "participant", count_by="participant")
    assert (cells(people), people.n) == ({"data": [0, 1]}, 2)


def test_nothing_read_at_all():
    m = matrix(clinic([]), "point", "theme")
    assert cells(m) == {"needs": [NA, NA], "effort": [NA, NA], "data": [NA, NA]}
    assert (m.total, m.n) == (None, 0)
    assert m.rule.startswith("Counts are distinct sources in which a row and a column meet in one coding")
    assert "n = 0, for nobody coded or finished" in m.rule


def test_the_finished_consensus_stands_for_its_sources():
    study = clinic(
        [
            coding("nurse", turn(2), "data", "mira"),
            coding("nurse", turn(2), "talk", "agreed"),
            coding("group", turn(2), "data", "tom"),
            coding("group", turn(2), "talk", "agreed"),
        ],
        progress_rows=[
            {"coder": "agreed", "source": "nurse", "part": "", "round": "", "state": "finished"},
            {"coder": "agreed", "source": "group", "part": "", "round": "", "state": "in progress"},
        ],
    )
    m = matrix(study, ["data", "talk"], "source")
    assert cells(m) == {"data": [1, 0, NA], "talk": [0, 1, NA]}
    assert "agreed (consensus, in 1) and tom (in the other 1)" in m.rule


def test_codings_that_a_merge_made_equal_count_once_with_the_earliest():
    book = BOOK.merge_codes(["paper"], "talk")
    study = clinic(
        [
            coding("nurse", turn(2), "paper", id="b", created="2026-01-01", stance="counters"),
            coding("nurse", turn(2), "talk", id="a", created="2026-01-02"),
        ],
        codebook=book,
    )
    m = matrix(study, ["talk"], "source", count_by="coding")
    assert cells(m) == {"talk": [NA, 1, NA]}
    assert m.evidence["row_coding"].tolist() == ["b"]
    assert "1 coding behind it runs counter" in m.rule
    assert [h.key for h in matrix(study, "theme", "source").rows] == ["talk"]


def test_a_retired_code_keeps_its_row_while_something_counts_there():
    book = BOOK.retire_code("effort")
    assert list(matrix(clinic(TALKS, codebook=book), "point", "theme").table.index) == [
        "needs",
        "effort",
        "data",
    ]
    assert list(matrix(clinic(TALKS[2:], codebook=book), "point", "theme").table.index) == ["needs", "data"]


def test_what_was_split_counts_as_its_category():
    book = BOOK.new_code("Beds", parent="planning", id="beds").split_code("effort", ["beds"])
    m = matrix(clinic([coding("nurse", turn(2), "effort")], codebook=book), "point", "source")
    assert cells(m) == {
        "planning (general)": [NA, 1, NA],
        "needs": [NA, 0, NA],
        "beds": [NA, 0, NA],
        "data": [NA, 0, NA],
    }


def test_evidence_and_quotes_lead_back_to_the_passages():
    m = matrix(clinic(TALKS), "point", "theme")
    joined = m.evidence.query("row == 'effort'")
    assert joined.to_dict("records") == [
        {
            "row": "effort",
            "column": "talk",
            "unit": "nurse",
            "coder": "mira",
            "source": "nurse",
            "row_coding": "c001",
            "row_start": 14,
            "row_end": 18,
            "column_coding": "c000",
            "column_start": 12,
            "column_end": 22,
            "by": "passage",
        }
    ]
    quotes = m.quotes("Effort", "Communication")
    assert quotes[["coding", "side", "code", "speaker", "quote"]].values.tolist() == [
        ["c000", "column", "vague", "Nadine", "0202020202"],
        ["c001", "row", "effort", "Nadine", "0202"],
    ]
    assert m.quotes("needs", "talk")["side"].tolist() == ["both"]
    assert m.quotes("needs", "paper").empty


def test_evidence_of_segments_and_persons_names_the_unit():
    study = clinic(TALKS)
    segments = matrix(study, ["effort"], "theme", count_by="segment").evidence
    assert sorted(segments["unit"]) == ["nurse:12-22", "nurse:14-18"]
    people = matrix(study, "point", "theme", count_by="organization").evidence
    assert set(people["unit"]) == {"hospital", "vendor"}


@pytest.mark.parametrize(
    ("where", "needs", "n"),
    [
        ({"stance": "counters"}, 0, 3),
        ({"role": "interviewer"}, 0, 3),
        ({"role": "participant"}, 1, 3),
        ({"code": "Vague needs"}, 1, 3),
        ({"facet": "challenge"}, 1, 3),
        ({"source": ["science", "group"]}, 0, 2),
        ({"case": "hospital"}, 1, 2),
        ({"size": "small"}, 0, 2),
        ({"years": 12}, 1, 2),
        ({"tools": "R"}, 0, 2),
        ({"attribute:years": [3, 12]}, 1, 3),
    ],
)
def test_where_keeps_codings_before_they_are_joined(where, needs, n):
    m = matrix(clinic(TALKS), ["needs"], ["talk"], where=where)
    assert (int(m.table.iat[0, 0]), m.n) == (needs, n)
    assert "is kept" in m.rule


def test_where_removes_the_partner_of_a_pair():
    study = clinic(TALKS)
    assert matrix(study, ["effort"], ["talk"]).total == 1
    assert matrix(study, ["effort"], ["talk"], where={"code": "effort"}).total == 0


def test_values_of_attributes_in_the_order_people_expect():
    study = clinic([coding("group", (0, 40), "talk"), coding("nurse", turn(2), "data")])
    assert list(matrix(study, "theme", "years").table.columns) == ["3", "12"]
    assert list(matrix(study, "theme", "tools").table.columns) == ["Python", "R"]
    m = matrix(study, ["data", "talk"], "tools", count_by="participant")
    assert cells(m) == {"data": [0, 0], "talk": [1, 1]}
    assert "1 coding with no value of tools is left out" in m.rule


def test_synthetic_sources_are_said():
    study = clinic(TALKS)
    study.source_rows[1]["synthetic"] = True
    assert matrix(study, "point", "theme").synthetic
    assert not matrix(study, "point", "theme", where={"source": "group"}).synthetic


def test_a_coding_on_an_older_text_is_left_out_and_said():
    m = matrix(clinic([*TALKS, coding("nurse", turn(2), "data", version="v0")]), ["data"], ["data"])
    assert "1 coding on an older text is left out" in m.rule
    assert m.total == 2


def test_a_code_the_codebook_lacks_is_said():
    study = clinic([coding("nurse", turn(2), "lost"), coding("nurse", turn(2), "lost too")])
    m = matrix(study, "point", "theme", count_by="coding")
    assert (m.total, m.n) == (0, 2)
    assert "2 codings of codes that the codebook lacks are left out" in m.rule


def test_the_sentence():
    study = clinic([*TALKS, coding("group", turn(4), "data", "tom", stance="counters")])
    assert matrix(study, "point", "theme").rule == (
        "Counts are distinct sources in which a row and a column meet in one coding, or in two that overlap "
        "and of which at least one carries a code of the rows or columns itself, of one coder in one source; "
        "n = 3 sources that mira and tom coded or finished (3 not yet finished); no coding behind it runs counter."
    )
    assert matrix(
        study, "point", "participant", "participant", coders="Tom", where={"stance": ["counters", "mixed"]}
    ).rule == (
        "Counts are distinct participants with a coding that stands at the row and at the column; "
        "n = 2 participants of the 1 source that tom coded or finished (1 not yet finished); "
        "only what has stance counters or mixed is kept; "
        "all stances count, and 1 coding behind it runs counter."
    )


def test_the_sentence_of_a_pair_and_a_case():
    said = matrix(clinic(TALKS), "point", "theme", "participant", "turns", n=2).rule
    assert said == (
        "Counts are distinct participants for which a row and a column meet in one coding, or in two that overlap, "
        "touch a common turn (text between two turns counting as a turn) or are at most 2 turns apart (with fewer "
        "than 2 turns between them), of one coder in one source, both counting for the participant; n = 2 "
        "participants of the 3 sources that mira coded or finished (3 not yet finished); no coding behind it runs counter."
    )


def test_an_organization_of_several_people_counts_once():
    study = clinic(TALKS)
    study.case_rows[0]["parent"] = "hospital"  # Deniz works at the hospital too
    m = matrix(study, ["data", "needs"], ["data", "needs"], count_by="organization")
    assert m.row_totals.tolist() == [1, 1]
    assert (m.total, m.n) == (1, 1)


def test_many_codes_are_counted_without_a_table_of_all_units():
    """The counts of 60 x 60 codes by coding take the sorted way; margins are still of distinct codings."""
    from qualcode.analysis import _distinct

    codes = tuple(Code(f"k{k}", f"K{k}", "all") for k in range(6))
    book = Codebook((Facet("all", "All"),), codes)
    study = clinic([coding("nurse", (k, k + 3), f"k{k}") for k in range(6)], codebook=book)
    before = matrix(study, "all", "all", "coding", "overlap")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_distinct, "_TABLE", 0)
        after = matrix(study, "all", "all", "coding", "overlap")
    pd.testing.assert_frame_equal(before.table, after.table)
    pd.testing.assert_series_equal(before.row_totals, after.row_totals)
    assert (before.total, before.column_totals.tolist()) == (after.total, after.column_totals.tolist())
