"""Nothing overlaps, nothing sticks out, everything can be read: in every style, at the width of a column and a page."""

from __future__ import annotations

import pytest
from drawn_figure import behind, contrast, ink_of, marks_of, outside, overlaps, texts_of
from drawn_matrices import CASES, STYLES, WIDTHS, case, draw, drawing, drawings, seeded
from matplotlib.axes import Axes

from qualcode.analysis import CodeMatrix

SMALLEST = 5.0  # points, the least the package promises
EVERY = pytest.mark.parametrize(("name", "style"), [(n, s) for n in CASES for s in STYLES])


@EVERY
def test_nothing_stands_on_anything_else(name: str, style: str) -> None:
    for ax in drawings(name, style):
        assert overlaps(ax) == []


@EVERY
def test_nothing_sticks_out_of_the_figure(name: str, style: str) -> None:
    for ax, width in zip(drawings(name, style), WIDTHS, strict=True):
        assert outside(ax) == []
        assert ax.get_figure(root=True).get_size_inches()[0] == pytest.approx(width)
        assert tuple(ax.get_position().bounds) == (0, 0, 1, 1)


@EVERY
def test_no_text_is_too_small_to_read(name: str, style: str) -> None:
    assert all(t.get_fontsize() >= SMALLEST for ax in drawings(name, style) for t in ax.texts)


@EVERY
def test_text_and_marks_stand_out_from_what_is_behind_them(name: str, style: str) -> None:
    for ax in drawings(name, style):
        assert too_faint(ax) == []


def too_faint(ax: Axes) -> list[str]:
    """Texts below 4.5 to one and marks below 3 to one; a shade is read by its number."""
    marks = marks_of(ax)
    around = [m for m in marks if m.name.startswith(("bubble", "cell"))]
    texts = [t.name for t in texts_of(ax) if contrast(t.artist.get_color(), behind(t, around)) < 4.5]
    return texts + [
        m.name for m in marks if not m.name.startswith("cell") and contrast(ink_of(m), "white") < 3
    ]


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("colour", ["yellow", "#ffffff"])
def test_a_colour_for_all_is_darkened_until_it_can_be_read(style: str, colour: str) -> None:
    assert too_faint(draw(case("pale"), style, 3.3, colour=colour)) == []


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("width", WIDTHS)
def test_a_project_that_was_counted_is_laid_out_as_well(
    counted: CodeMatrix, style: str, width: float
) -> None:
    ax = draw(counted, style, width)
    assert overlaps(ax) == []
    assert outside(ax) == []


@pytest.mark.parametrize("style", STYLES)
def test_a_matrix_without_rows_or_columns_says_so(style: str) -> None:
    for rows, columns, said in (([], ["A"], "No rows."), ([], [], "No rows."), (["x"], [], "No columns.")):
        ax = draw(seeded(rows, columns), style, 3.3)
        assert said in [t.get_text() for t in ax.texts]
        assert overlaps(ax) == []
        assert outside(ax) == []


@pytest.mark.parametrize("style", STYLES)
def test_a_name_stays_on_one_line_where_there_is_room(style: str) -> None:
    ax = drawing("40 x 12", style, 3.3)
    rows = [t.get_text() for t in ax.texts if (t.get_gid() or "").startswith("row-")]
    assert rows == [f"Row {i}" for i in range(40)]


@pytest.mark.parametrize("style", STYLES)
def test_no_word_is_cut_on_a_page(style: str) -> None:
    names = " ".join(h.name for h in (*case("long names").rows, *case("long names").columns))
    words = set(names.split())
    ax = drawing("long names", style, 7.0)
    for text in ax.texts:
        if (text.get_gid() or "").startswith(("row-", "column-")):
            assert set(text.get_text().split()) <= words


@pytest.mark.parametrize("dpi", [150, 600])
@pytest.mark.parametrize("name", ["cited", "long names", "large numbers"])
@pytest.mark.parametrize("style", STYLES)
def test_the_layout_holds_at_the_resolutions_of_screens_and_journals(name: str, style: str, dpi: int) -> None:
    for ax in drawings(name, style):
        figure = ax.get_figure(root=True)
        before = figure.dpi
        figure.dpi = dpi
        assert overlaps(ax) == []
        assert outside(ax) == []
        figure.dpi = before
