"""Matrices from tables of facts; the numbers of the 45-interview study come out of its own tables."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from qualcode.analysis import matrix_from_table
from qualcode.errors import InvalidValue

THEMES = ["Communication", "Documentation", "Engineering", "Process"]
PLACES = ["collaboration_point", "themes", "participants_cited"]


@pytest.fixture(scope="module")
def study(shared: Path) -> dict[str, pd.DataFrame]:
    names = ("challenges", "recommendations", "matrix", "participants")
    return {name: pd.read_csv(shared / "study" / f"{name}.csv", dtype=str) for name in names}


def facts(study: dict[str, pd.DataFrame], *names: str) -> pd.DataFrame:
    return pd.concat([study[name][PLACES] for name in names], ignore_index=True)


def counted(df: pd.DataFrame, study: dict[str, pd.DataFrame], **more):
    return matrix_from_table(
        df,
        "collaboration_point",
        "themes",
        split={"themes": ";", "participants_cited": " "},
        row_order=study["matrix"]["collaboration_point"].tolist(),
        column_order=THEMES,
        groups=dict(zip(study["matrix"]["collaboration_point"], study["matrix"]["group"], strict=True)),
        **more,
    )


def filled(m) -> set[tuple[str, str]]:
    return {(r, c) for r in m.table.index for c in m.table.columns if m.table.loc[r, c] > 0}


def published(study) -> set[tuple[str, str]]:
    wide = study["matrix"].set_index("collaboration_point")[THEMES]
    return {(r, c) for r in wide.index for c in THEMES if wide.loc[r, c] == "1"}


def test_challenges_fill_16_cells(study):
    m = counted(facts(study, "challenges"), study, unit="challenge")
    assert len(filled(m)) == 16
    assert published(study) - filled(m) == {("Project Planning", "Process")}
    assert (m.total, m.n, m.unit_plural) == (17, 17, "challenges")
    assert m.row_totals.sum() == 17


def test_challenges_and_recommendations_fill_18(study):
    m = counted(facts(study, "challenges", "recommendations"), study, unit="statement")
    assert filled(m) == published(study) | {("Responsibility and Cultural Clashes", "Documentation")}
    assert (len(filled(m)), m.total, m.n) == (18, 39, 39)


def test_cells_with_a_cited_participant_are_the_17_of_the_talk(study):
    m = counted(
        facts(study, "challenges", "recommendations"),
        study,
        count_by="participants_cited",
        unit="participant",
        n=45,
    )
    assert filled(m) == published(study)
    assert m.table.to_numpy().tolist() == [
        [19, 32, 23, 17],
        [23, 0, 0, 5],
        [19, 25, 14, 20],
        [35, 0, 30, 8],
        [27, 26, 20, 26],
    ]
    assert (m.n, m.count_by, m.unit_plural) == (45, "participant", "participants")
    assert m.rows[0].above == ("Requirements and Planning",)
    everybody = {p for cited in m.evidence["unit"] for p in [cited]}
    assert m.total == len(everybody)
    assert everybody <= set(study["participants"]["participant"])
    assert (m.row_totals <= m.total).all()
    assert (m.row_totals >= m.table.max(axis=1)).all()
    assert "participants cited by a row of a table of 39 facts" in m.rule
    assert "n = 45 participants" in m.rule
    assert "8 of the 39 facts name no row, no column or no participants and stand in no cell" in m.rule


def test_lists_tuples_sets_arrays_and_texts_are_the_same():
    kinds = [["x", "y"], ("x", "y"), {"x", "y"}, np.array(["x", "y"]), "x; y"]
    for value in kinds:
        df = pd.DataFrame({"row": ["a"], "column": [None], "who": ["p"]}).astype(object)
        df.at[0, "column"] = value
        m = matrix_from_table(df, "row", "column", "who")
        assert m.table.to_numpy().tolist() == [[1, 1]]
        assert (m.unit_plural, m.n) == ("who", None)


def test_margins_are_of_distinct_values():
    df = pd.DataFrame({"row": ["a", "a", "b"], "column": ["x", "y", "x"], "who": [["p"], ["p", "q"], ["p"]]})
    m = matrix_from_table(df, "row", "column", "who")
    assert m.table.to_numpy().tolist() == [[1, 2], [1, 0]]
    assert (m.row_totals.tolist(), m.column_totals.tolist(), m.total) == ([2, 1], [1, 2], 2)
    assert m.evidence.to_dict("list") == {
        "row": ["a", "a", "a", "b"],
        "column": ["x", "y", "y", "x"],
        "unit": ["p", "p", "q", "p"],
        "table_row": [0, 1, 1, 2],
    }


def test_rows_of_the_table_are_counted_without_count_by():
    df = pd.DataFrame({"row": ["a", "a", None], "column": ["x", "x;y", "x"]}, index=[10, 20, 30])
    m = matrix_from_table(df, "row", "column")
    assert m.table.to_numpy().tolist() == [[2, 1]]
    assert (m.total, m.n, m.count_by) == (2, 3, "row")
    assert m.evidence["table_row"].tolist() == [10, 20, 20]
    assert m.rule == (
        "Counts are the rows of a table of facts that name both the row and the column; n = 3 rows; "
        "1 of the 3 facts names no row or no column and stands in no cell."
    )


def test_groups_from_a_column_icons_and_colours():
    df = pd.DataFrame({"area": ["A", "B"], "row": ["a", "b"], "column": ["x", "x"]})
    m = matrix_from_table(df, "row", "column", groups="area", icons={"x": "people"}, colours={"a": "#000"})
    assert [h.path for h in m.rows] == ["A > a", "B > b"]
    assert (m.columns[0].icon, m.rows[0].colour) == ("people", "#000")


def test_an_empty_table_has_no_cells():
    m = matrix_from_table(pd.DataFrame({"row": [], "column": []}), "row", "column")
    assert (m.shape, m.total, m.n) == ((0, 0), 0, 0)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"columns": "colum"},
            "The table has no column 'colum'; it has row, column, area. Did you mean 'column'?",
        ),
        ({"row_order": ["b"]}, "row_order leaves out 'a', which the table names. List every value, or"),
        ({"groups": "area"}, "The row 'a' is in two groups, 'A' and 'B'. Give it one in the column 'area'."),
    ],
)
def test_what_does_not_fit_is_said(arguments, message):
    df = pd.DataFrame({"row": ["a", "a"], "column": ["x", "y"], "area": ["A", "B"]})
    with pytest.raises(InvalidValue) as error:
        matrix_from_table(df, **{"rows": "row", "columns": "column", **arguments})
    assert message in str(error.value)
