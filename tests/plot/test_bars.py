"""Bars: every number stands beside its bar, bars are as long as their numbers say, nothing overlaps."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from drawn_figure import outside, texts_of
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib import pyplot as plt

import qualcode as qc
from qualcode import plot
from qualcode.errors import InvalidValue
from qualcode.example import example_files
from qualcode.testing import make_project

PEOPLE = pd.DataFrame(
    {
        "attribute": ["role", "role", "years in the job"],
        "value": ["engineer", "somebody who does many things at once and has a long title", "5 or more"],
        "people": [9, 0, 28],
    }
)


def words(ax: plt.Axes) -> list[str]:
    return [text.get_text() for text in ax.texts]


def lengths(ax: plt.Axes) -> list[float]:
    return [p.get_width() for p in ax.patches if (p.get_gid() or "").startswith("bar-")]


@pytest.mark.parametrize("width", [3.3, 7.0])
def test_every_value_has_its_number_and_a_bar_of_that_length(width: float) -> None:
    ax = plot.bars(PEOPLE, width, note="Invented for this test.")
    said = " ".join(words(ax))
    for word in ("role", "engineer", "years in the job", "5 or more", "9", "0", "28", "Numbers are people."):
        assert word in said
    nine, most = lengths(ax)
    assert nine / most == pytest.approx(9 / 28), "no bar is drawn for none"
    assert outside(ax) == []
    boxes = [(t.left, t.low, t.right, t.high) for t in texts_of(ax)]
    for i, (left, low, right, high) in enumerate(boxes):
        for left2, low2, right2, high2 in boxes[i + 1 :]:
            apart = right <= left2 + 0.6 or right2 <= left + 0.6 or high <= low2 + 0.6 or high2 <= low + 0.6
            assert apart, "two texts stand on each other"


def test_the_published_table_is_redrawn_whole() -> None:
    facts = pd.read_csv(example_files() / "data" / "nahar2022" / "demographics.csv")
    ax = plot.bars(facts, headings={"role": "Role"})
    said = words(ax)
    assert [w for w in said if w in ("Role", "seniority", "company type", "company location")] == [
        "Role",
        "seniority",
        "company type",
        "company location",
    ]
    assert [int(w) for w in said if w.isdecimal()] == facts["count"].tolist()


def test_a_series_of_counts_is_enough() -> None:
    ax = plot.bars(pd.Series(["a", "b", "a"], name="team").value_counts())
    assert words(ax) == ["team", "a", "2", "b", "1"] or words(ax) == ["a", "2", "b", "1"]


@pytest.mark.filterwarnings("ignore:No installed font")
@given(
    st.lists(
        st.tuples(st.sampled_from(["", "A", "B"]), st.text(max_size=40), st.integers(0, 10**6)),
        min_size=1,
        max_size=12,
    )
)
@settings(max_examples=30, deadline=None)
def test_whatever_the_values_are_called_nothing_leaves_the_figure(rows: list[tuple[str, str, int]]) -> None:
    ax = plot.bars(pd.DataFrame(rows, columns=["heading", "value", "count"]), 3.3)
    assert outside(ax) == []
    plt.close(ax.figure)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ([1, 2], r"got list\. Expected a DataFrame or a Series with numbers"),
        (pd.DataFrame({"a": [1]}), r"a table with 1 columns\. Expected two \(value, number\) or three"),
        (pd.DataFrame({"a": ["x", "y"], "n": [1, "many"]}), r"Row 2 of the column 'n' holds 'many'\. Expected a number"),
        (pd.DataFrame({"a": ["x"], "n": [-1]}), r"Row 1 .* holds .*-1"),
        (pd.DataFrame({"a": [], "n": []}), r"has 0 rows\. Expected 1 to 400"),
    ],
)  # fmt: skip
def test_a_table_that_cannot_be_drawn_is_explained(table: object, said: str) -> None:
    with pytest.raises(InvalidValue, match=said):
        plot.bars(table)  # type: ignore[arg-type]


def test_a_heading_that_is_not_there_a_colour_that_is_none_and_too_little_room() -> None:
    with pytest.raises(InvalidValue, match=r"'rolle', which is none of the headings.*Did you mean 'role'"):
        plot.bars(PEOPLE, headings={"rolle": "Role"})
    with pytest.raises(InvalidValue, match=r"'blau' is no colour"):
        plot.bars(PEOPLE, colour="blau")
    with pytest.raises(InvalidValue, match=r"Expected 1\.5 to 60"):
        plot.bars(PEOPLE, 0.5)


def test_case_counts_are_those_of_a_count_by_hand(tmp_path: Path) -> None:
    project = make_project(tmp_path / "study", sources=8)
    counts = qc.case_counts(project)
    cases = project.cases
    for row in counts.itertuples():
        column = cases[row.attribute].dropna()
        flat = [v for cell in column for v in (cell if isinstance(cell, tuple) else (cell,))]
        same = [v for v in flat if str(v) == row.value or (isinstance(v, float) and f"{v:g}" == row.value)]
        assert len(same) == row.cases or row.value in ("yes", "no"), row
    assert set(counts["attribute"]) <= set(project.attributes)
    with pytest.raises(InvalidValue, match=r"There is no attribute 'colour'"):
        qc.case_counts(project, "colour")
    with pytest.raises(InvalidValue, match=r"There are no cases of kind 'planet'"):
        qc.case_counts(project, kind="planet")


def test_cases_count_by_what_they_belong_to_where_a_kind_is_named(tmp_path: Path) -> None:
    project = qc.create_project(tmp_path / "study", coder="ana")
    project.add_cases(
        pd.DataFrame(
            {
                "case": ["O1", "O2", "P1", "P2", "P3"],
                "kind": ["organization"] * 2 + ["participant"] * 3,
                "parent": ["", "", "O1", "O1", "O2"],
                "size": ["big", "small", "", "", ""],
            }
        )
    )
    assert qc.case_counts(project, "size").to_dict("records") == [
        {"attribute": "size", "value": "big", "cases": 1},
        {"attribute": "size", "value": "small", "cases": 1},
    ]
    assert qc.case_counts(project, ["size"], "participant").to_dict("records") == [
        {"attribute": "size", "value": "big", "participants": 2},
        {"attribute": "size", "value": "small", "participants": 1},
    ]
