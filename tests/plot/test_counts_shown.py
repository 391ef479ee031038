"""Every number of the matrix stands in its cell, every margin in its place, and nothing is said twice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pandas as pd
import pytest
from drawn_figure import (
    from_left_to_right,
    from_top_to_bottom,
    marks_of,
    names_of,
    same_words,
    text_named,
    texts_of,
    written,
)
from drawn_matrices import CASES, COUNTING, STYLES, WIDTHS, case, draw, drawing, drawings, seeded

from qualcode.analysis import CodeMatrix
from qualcode.plot._text import clean

EVERY = pytest.mark.parametrize(("name", "style"), [(n, s) for n in CASES for s in STYLES])
COUNTED = pytest.mark.parametrize(
    ("name", "style"), [(n, s) for n in CASES if not case(n).presence for s in COUNTING]
)


def cells(m: CodeMatrix) -> Iterator[tuple[str, int | None]]:
    """Row and column as "2-0", with the count; None where nobody has read."""
    for i in range(len(m.rows)):
        for j in range(len(m.columns)):
            count = m.table.iat[i, j]
            yield f"{i}-{j}", None if pd.isna(count) else int(count)


@EVERY
def test_every_name_is_written_in_full(name: str, style: str) -> None:
    m = case(name)
    for ax in drawings(name, style):
        for i, row in enumerate(m.rows):
            assert same_words(clean(row.name), written(ax, f"row-{i}"))
        numbered = written(ax, "column-0") == "1"
        for j, column in enumerate(m.columns):
            where = f"legend-{j}" if style == "icons" or numbered else f"column-{j}"
            assert same_words(clean(column.name), written(ax, where))
        for side, title in (("rows", m.row_title), ("columns", m.column_title)):
            assert written(ax, f"title-{side}") == title


@EVERY
def test_rows_and_columns_keep_the_order_of_the_matrix(name: str, style: str) -> None:
    m = case(name)
    for ax in drawings(name, style):
        texts = {t.name: t for t in texts_of(ax)}
        assert from_top_to_bottom([texts[f"row-{i}-0"] for i in range(len(m.rows))])
        marks = {re.sub(r"^[a-z]+-", "", p.name): p for p in marks_of(ax) if not p.name.startswith("legend")}
        assert set(marks) == {place for place, _ in cells(m)}
        for i in range(len(m.rows)):
            assert from_left_to_right([marks[f"{i}-{j}"] for j in range(len(m.columns))])
        for j in range(len(m.columns)):
            assert from_top_to_bottom([marks[f"{i}-{j}"] for i in range(len(m.rows))])


@EVERY
def test_a_dash_is_a_zero_and_a_crossed_square_was_not_read(name: str, style: str) -> None:
    for ax in drawings(name, style):
        drawn = names_of(ax)
        filled = {"icons": "icon", "dots": "dot", "bubbles": "bubble", "heatmap": "cell"}[style]
        for place, count in cells(case(name)):
            assert (f"dash-{place}" in drawn) == (count == 0)
            assert (f"unread-{place}" in drawn) == (count is None)
            if style != "heatmap":
                assert (f"{filled}-{place}" in drawn) == bool(count)


@COUNTED
def test_the_number_in_a_cell_is_that_of_the_table(name: str, style: str) -> None:
    m = case(name)
    for ax in drawings(name, style):
        for place, count in cells(m):
            assert text_named(ax, f"count-{place}") == (str(count) if count else None)


@COUNTED
def test_margins_are_those_of_the_matrix(name: str, style: str) -> None:
    m = case(name)
    for ax in drawings(name, style):
        assert m.has_margins
        for i, total in enumerate(m.row_totals):
            assert text_named(ax, f"margin-row-{i}") == str(total)
        for j, total in enumerate(m.column_totals):
            assert text_named(ax, f"margin-column-{j}") == str(total)
        assert text_named(ax, "margin-total") == str(m.total)


@pytest.mark.parametrize("style", COUNTING)
def test_unknown_margins_are_left_out_and_the_known_ones_stay(style: str) -> None:
    whole = case("cited")
    m = replace(whole, total=None, row_totals=[pd.NA, *whole.row_totals[1:]])
    ax = draw(m, style)
    assert text_named(ax, "margin-total") is None
    assert text_named(ax, "margin-row-0") is None
    assert text_named(ax, "margin-row-1") == "23"
    none = draw(replace(m, row_totals=(), column_totals=()), style)
    assert not [name for name in names_of(none) if "margin" in name]
    assert "not sums" not in written(none, "caption")


@pytest.mark.parametrize("style", COUNTING)
@pytest.mark.parametrize("width", WIDTHS)
def test_counts_of_one_are_counts_too(style: str, width: float) -> None:
    ax = draw(seeded(["a", "b"], ["c", "d"], most=1), style, width)
    counts = [t.get_text() for t in ax.texts if (t.get_gid() or "").startswith("count-")]
    assert counts
    assert set(counts) == {"1"}
    assert "participants" in written(ax, "legend-0")


@pytest.mark.parametrize("style", STYLES)
def test_a_table_of_facts_bears_no_numbers(style: str) -> None:
    for name in ("talk", "facts"):
        ax = drawing(name, style, 3.3)
        assert not [n for n in names_of(ax) if n.startswith("count-")]
        assert not re.search(r"participant|source|distinct", " ".join(t.get_text() for t in ax.texts))
    if style != "icons":
        assert written(ax, "legend-0") == "reported"


@pytest.mark.parametrize("style", STYLES)
def test_what_the_empty_cells_mean_is_said_where_there_are_any(style: str) -> None:
    def said(m: CodeMatrix) -> list[str]:
        ax = draw(m, style)
        return [t.get_text() for t in ax.texts if (t.get_gid() or "").startswith("legend")]

    def of(*values: object) -> CodeMatrix:
        frame = pd.DataFrame({"A": pd.Series(values, dtype="Int64")})
        return CodeMatrix.from_wide(frame, count_by="participant")

    assert "not read" in said(of(2, pd.NA))
    assert "not reported" not in said(of(2, pd.NA))
    assert "not reported" in said(of(2, 0))
    assert "not read" not in said(of(2, 0))


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("width", WIDTHS)
def test_the_title_of_a_group_stands_once_above_its_rows(style: str, width: float) -> None:
    ax = drawing("nested groups", style, width)
    lines = [t.get_text() for t in ax.texts]
    for title in ("Planning", "Building the product", "Operation"):
        assert lines.count(title) == 1
    heights = {t.artist.get_text(): t.middle[1] for t in texts_of(ax)}  # type: ignore[union-attr]
    order = ["Planning", "Building the product", "Scope 1", "Contracts 2", "Operation", "Data 1", "Tests 2"]
    assert sorted(order, key=lambda line: -heights[line]) == order


def test_titles_of_column_groups_stand_once_over_their_columns(counted: CodeMatrix) -> None:
    turned = replace(
        counted,
        table=counted.table.T,
        rows=counted.columns,
        columns=counted.rows,
        row_totals=counted.column_totals,
        column_totals=counted.row_totals,
    )
    ax = draw(turned, "dots", 7.0)
    assert [t.get_text() for t in ax.texts].count("Team") == 1
    below = {t.name: t for t in texts_of(ax)}
    titles = [t for t in below.values() if t.name.startswith("column-group")]
    assert titles
    assert all(t.low > below["column-0-0"].high for t in titles)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("width", WIDTHS)
def test_made_up_material_says_so_and_real_material_does_not(
    counted: CodeMatrix, style: str, width: float
) -> None:
    assert counted.synthetic
    assert "synthetic" in written(draw(counted, style, width), "caption").casefold()
    without = draw(counted, style, width, caption=False)
    assert "synthetic" in written(without, "caption").casefold()
    assert "synthetic" not in " ".join(t.get_text() for t in drawing("cited", style, width).texts).casefold()


@pytest.mark.parametrize("style", COUNTING)
def test_the_numbers_of_a_counted_project_are_its_own(counted: CodeMatrix, style: str) -> None:
    ax = draw(counted, style)
    for place, count in cells(counted):
        assert text_named(ax, f"count-{place}") == (str(count) if count else None)
    assert text_named(ax, "margin-total") == str(counted.total)
    assert "sources" in written(ax, "legend-0")
    assert f"n = {counted.n}" in written(ax, "legend-0")


@pytest.mark.parametrize("style", STYLES)
def test_the_rule_stands_in_the_small_print_unless_it_is_left_to_the_paper(style: str) -> None:
    m = case("cited")
    assert same_words(m.rule[1:], written(drawing("cited", style, 7.0), "caption")[1 : len(m.rule)])
    short = written(draw(m, style, caption=False), "caption")
    assert m.rule[1:20] not in short
    assert "Derived by this project" in short
    if style != "icons":
        assert "n = 45" in short or "n = 45" in written(draw(m, style, caption=False), "legend-0")


def test_the_area_of_a_bubble_is_its_count() -> None:
    ax = drawing("cited", "bubbles", 7.0)
    areas = {
        p.name: (p.right - p.left) ** 2 / int(text_named(ax, p.name.replace("bubble", "count")) or 0)
        for p in marks_of(ax)
        if p.name.startswith("bubble")
    }
    assert len(areas) == 17
    assert max(areas.values()) == pytest.approx(min(areas.values()), rel=1e-6)


def test_a_darker_shade_is_a_larger_count() -> None:
    from drawn_figure import luminance

    m, ax = case("cited"), drawing("cited", "heatmap", 7.0)
    shades = {p.name[5:]: luminance(p.artist.get_facecolor()) for p in marks_of(ax) if "cell" in p.name}  # type: ignore[union-attr]
    filled = sorted((count, -shades[place]) for place, count in cells(m) if count)
    assert [shade for _, shade in filled] == sorted(shade for _, shade in filled)


def test_columns_too_many_for_heads_are_numbered_and_explained() -> None:
    names = [
        f"A theme of so many words that no head can hold them, not even slanted, number {j}"
        for j in range(16)
    ]
    ax = draw(seeded(["a", "b"], names), "heatmap", 3.3)
    assert [written(ax, f"column-{j}") for j in range(16)] == [str(j + 1) for j in range(16)]
    for j, name in enumerate(names):
        assert written(ax, f"legend-{j}") == name
        assert text_named(ax, f"legend-{j}-number") == str(j + 1)
