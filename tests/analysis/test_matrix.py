"""Relations, units and cases: matrices of a small study with the whole expected table written out."""

from __future__ import annotations

import pytest
from clinic import TALKS, cells, clinic, coding, turn

from qualcode.analysis import matrix


def test_one_coding_that_counts_as_both():
    m = matrix(clinic(TALKS), "point", "theme", relation="codebook")
    assert cells(m) == {"needs": [1, 0], "effort": [0, 0], "data": [0, 1]}
    assert m.row_totals.tolist() == [1, 0, 1]
    assert m.column_totals.tolist() == [1, 1]
    assert (m.total, m.n, m.row_title, m.column_title) == (2, 3, "Collaboration point", "Theme")
    assert [(h.above, h.name, h.icon, h.colour) for h in m.rows] == [
        (("Planning",), "Needs of the ward", "bed", ""),
        (("Planning",), "Effort", "", ""),
        ((), "Patient data", "", "#336699"),
    ]
    assert m.coders == ("mira",)


def test_marked_joins_by_a_code_that_is_itself_among_the_rows():
    m = matrix(clinic(TALKS), "point", "theme")
    assert cells(m) == {"needs": [1, 0], "effort": [1, 0], "data": [0, 1]}
    assert m.by.query("row == 'effort' and column == 'talk'")[["codebook", "passage"]].values.tolist() == [
        [0, 1]
    ]


def test_marked_does_not_cross_two_codings_that_only_count_as_points_and_themes():
    two = clinic([coding("nurse", (0, 10), "vague"), coding("nurse", (5, 15), "messy")])
    assert cells(matrix(two, "point", "theme")) == {"needs": [1, 0], "effort": [0, 0], "data": [0, 1]}
    assert cells(matrix(two, "point", "theme", relation="overlap")) == {
        "needs": [1, 1],
        "effort": [0, 0],
        "data": [1, 1],
    }


def test_turns_apart():
    study = clinic(TALKS)
    by_n = {
        n: int(matrix(study, ["data"], ["talk"], relation="turns", n=n).table.iat[0, 0]) for n in range(4)
    }
    assert by_n == {0: 0, 1: 0, 2: 1, 3: 1}  # Nadine's turn 2, Deniz's turn 4: one turn lies between
    assert matrix(study, ["data"], ["talk"], relation="source").table.iat[0, 0] == 1


def test_a_common_turn_and_the_text_between_turns():
    study = clinic(
        [
            coding("nurse", (12, 14), "data"),
            coding("nurse", (20, 22), "talk"),  # the same turn, other words
            coding("science", (22, 23), "data"),
            coding("science", (23, 24), "paper"),  # both between turns 2 and 3
        ]
    )
    assert cells(matrix(study, "point", "theme", relation="overlap"))["data"] == [0, 0]
    assert cells(matrix(study, "point", "theme", relation="turn"))["data"] == [1, 1]


def test_same_span_is_narrower_than_overlap():
    study = clinic(
        [coding("nurse", (0, 9), "data"), coding("nurse", (0, 9), "talk"), coding("nurse", (0, 8), "paper")]
    )
    assert cells(matrix(study, "point", "theme", relation="segment"))["data"] == [1, 0]


def test_two_coders_are_never_joined_but_their_sources_are_pooled():
    study = clinic(
        [
            coding("nurse", (0, 9), "data", "mira"),
            coding("nurse", (0, 9), "talk", "tom"),
            coding("group", (0, 9), "data", "tom"),
            coding("group", (0, 9), "talk", "tom"),
        ]
    )
    m = matrix(study, ["data"], ["talk"], relation="source")
    assert cells(m) == {"data": [1]}
    assert m.n == 2
    assert m.coders == ("mira", "tom")


@pytest.mark.parametrize(
    ("unit", "count"), [("coding", 3), ("segment", 2), ("source", 1), ("participant", 1)]
)
def test_units_are_distinct_and_taken_from_both_sides(unit, count):
    study = clinic(
        [
            coding("nurse", (12, 20), "data"),
            coding("nurse", (12, 20), "talk"),
            coding("nurse", (19, 22), "talk"),
        ]
    )
    m = matrix(study, ["data"], ["talk"], count_by=unit)
    assert int(m.table.iat[0, 0]) == count
    assert (m.count_by, m.unit_plural) == (unit, f"{unit}s")


def test_general_holds_what_counts_as_the_category_and_as_nothing_below():
    study = clinic([*TALKS, coding("group", (36, 46), "planning")])
    m = matrix(study, "point", "theme", relation="segment")
    assert cells(m)["planning (general)"] == [1, 0]
    assert m.rows[0].path == "Planning > (general)"
    assert [h.general for h in m.rows] == [True, False, False, False]
    listed = matrix(study, ["planning", "needs"], "theme", relation="segment")
    assert cells(listed) == {"planning": [2, 0], "needs": [1, 0]}  # a list: all that counts as the code
    tree = matrix(study, "planning", "theme", relation="segment")
    assert [h.path for h in tree.rows] == ["Planning (general)", "Needs of the ward", "Effort"]
    assert tree.row_title == "Planning"


def test_a_coding_counts_for_the_case_of_each_respondent_turn_it_touches():
    study = clinic(
        [
            coding("group", (*turn(2),), "data"),  # Nadine
            coding("group", (14, 40), "talk"),  # from Nadine over Ivo to Deniz
        ]
    )
    m = matrix(study, ["data"], ["talk"], count_by="participant", relation="overlap")
    assert (cells(m), m.n) == ({"data": [1]}, 2)  # Nadine: both codings count for her, only one for Deniz
    by_person = matrix(study, ["data", "talk"], "participant", count_by="source")
    assert cells(by_person) == {"data": [0, 1], "talk": [1, 1]}
    assert [h.key for h in by_person.columns] == ["Deniz", "Nadine"]
    by_size = matrix(study, ["data", "talk"], "size", count_by="organization")
    assert cells(by_size) == {"data": [1, 0], "talk": [1, 1]}  # size is looked up at the parents
    assert by_size.column_title == "size"


def test_each_case_stands_at_its_own_values_only():
    """A passage that both speak in is one of Nadine's and one of Deniz's, not one of each mixture."""
    study = clinic([coding("group", (14, 40), "talk")])
    m = matrix(study, "years", "size", count_by="participant")
    assert cells(m) == {"3": [0, 1], "12": [1, 0]}
