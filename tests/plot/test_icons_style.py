"""Style "icons" is the figure of the talk: a frame of three boxes, four icons, a dash, one line of legend."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from drawn_figure import differ_in_grey, frame_of, marks_of, names_of, rules_of, texts_of, written
from drawn_matrices import draw, drawing, seeded
from matplotlib.axes import Axes
from matplotlib.path import Path

import qualcode as qc
from qualcode import plot
from qualcode.analysis import CodeMatrix
from qualcode.plot._icons import drawings_for
from qualcode.plot._shapes import MARKS

GROUPS = ("Requirements and Planning", "Training Data", "Product-Model Integration")
THEMES = ("Communication", "Documentation", "Engineering", "Process")


@pytest.fixture(params=[3.3, 7.0])
def talk(request: pytest.FixtureRequest) -> Axes:
    return drawing("talk", "icons", request.param)


def mask(path: Path) -> np.ndarray:
    """The ink of an icon on a grid of 48 by 48 points, as a grey print has it."""
    at = (np.arange(48) + 0.5) / 48 - 0.5
    points = np.array([(x, y) for y in at for x in at])
    turns = np.zeros(len(points))
    for ring in path.to_polygons(closed_only=True):
        inside = Path(ring).contains_points(points)
        x, y = ring[:, 0], ring[:, 1]
        turns += np.sign(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1])) * inside
    return turns != 0


def test_above_the_frame_stand_what_rows_and_columns_are(talk: Axes) -> None:
    texts = {t.name: t for t in texts_of(talk)}
    rows, columns, frame = texts["title-rows-0"], texts["title-columns-0"], frame_of(talk)
    for title, said in ((rows, "Collaboration Points"), (columns, "Themes")):
        assert title.artist.get_text() == said  # type: ignore[union-attr]
        assert title.artist.get_fontstyle() == "italic"  # type: ignore[union-attr]
        assert title.low > frame.high
    assert rows.left == pytest.approx(frame.left, abs=2)
    assert columns.right == pytest.approx(frame.right, abs=2)


def test_one_frame_is_cut_into_three_titled_boxes(talk: Axes) -> None:
    frame, rules = frame_of(talk), rules_of(talk)
    assert len(rules) == 2
    assert all(r.left <= frame.left + 2 and r.right >= frame.right - 2 for r in rules)
    heights = [frame.high, *sorted((r.middle[1] for r in rules), reverse=True), frame.low]
    texts = {t.name: t for t in texts_of(talk)}
    for box, title in enumerate(GROUPS):
        text = texts[f"group-{box}-0-0"]
        assert text.artist.get_text() == title  # type: ignore[union-attr]
        assert text.artist.get_fontweight() == "bold"  # type: ignore[union-attr]
        assert heights[box] > text.high > text.low > heights[box + 1]
    frame_width = frame.artist.get_linewidth()  # type: ignore[union-attr]
    assert all(frame_width > r.artist.get_linewidth() for r in rules)  # type: ignore[union-attr]


def test_points_are_hyphen_bullets_at_the_left_and_icons_end_at_the_right(talk: Axes) -> None:
    texts = {t.name: t for t in texts_of(talk)}
    for i in range(5):
        assert texts[f"bullet-{i}"].artist.get_text() == "-"  # type: ignore[union-attr]
        assert texts[f"bullet-{i}"].right < texts[f"row-{i}-0"].left
    frame = frame_of(talk)
    right = [m for m in marks_of(talk) if m.name.startswith("icon")]
    assert min(m.left for m in right) > max(texts[f"row-{i}-0"].right for i in range(5))
    assert max(m.right for m in right) < frame.right


def test_every_cell_has_its_icon_or_a_dash_and_no_head_or_number(talk: Axes) -> None:
    names = names_of(talk)
    assert len([n for n in names if n.startswith("icon-")]) == 17
    assert {n for n in names if n.startswith("dash-")} == {"dash-1-1", "dash-1-2", "dash-3-1"}
    assert not [n for n in names if n.startswith(("count", "margin", "column"))]


def test_one_size_and_one_colour_for_all(talk: Axes) -> None:
    icons = [m for m in marks_of(talk) if m.name.startswith("icon")]
    assert {m.artist.get_facecolor() for m in icons} == {(0, 0, 0, 1)}  # type: ignore[union-attr]
    for j in range(4):
        column = [m for m in icons if m.name.endswith(f"-{j}")]
        assert np.ptp([m.right - m.left for m in column]) < 0.01
        assert np.ptp([m.middle[0] for m in column]) < 0.01


def test_the_legend_names_the_icons_in_the_order_of_the_columns(talk: Axes) -> None:
    frame, texts = frame_of(talk), {t.name: t for t in texts_of(talk)}
    signs = {m.name: m for m in marks_of(talk)}
    for j, theme in enumerate(THEMES):
        assert written(talk, f"legend-{j}") == theme
        assert texts[f"legend-{j}-0"].high < frame.low
        assert signs[f"legend-{j}-sign"].right < texts[f"legend-{j}-0"].left


def test_on_a_page_the_legend_is_one_line() -> None:
    texts = {t.name: t for t in texts_of(drawing("talk", "icons", 7.0))}
    baselines = [texts[f"legend-{j}-0"].artist.get_position()[1] for j in range(4)]  # type: ignore[union-attr]
    assert np.ptp(baselines) < 0.001  # inches


def test_who_drew_it_first_stands_under_the_figure(talk: Axes) -> None:
    assert written(talk, "caption").startswith("Cited: redrawn from the talk of Nahar")


def test_icons_differ_in_form_so_that_a_grey_print_tells_them_apart() -> None:
    every = drawings_for(list(plot.icons()))
    assert differ_in_grey([mask(path) for path in every])


def test_codes_without_an_icon_get_forms_that_differ() -> None:
    forms = drawings_for([""] * len(MARKS))
    assert differ_in_grey([mask(path) for path in forms])


def test_a_form_is_not_given_twice_when_icons_and_forms_are_mixed() -> None:
    drawn = drawings_for(["people", "", "page", ""])
    assert differ_in_grey([mask(path) for path in drawn])


def test_an_unknown_icon_gets_a_form_and_says_which_names_there_are() -> None:
    wide = pd.DataFrame({"Process": [1]}, index=["Planning"])
    m = CodeMatrix.from_wide(wide, icons={"Process": "calender"})
    with pytest.warns(UserWarning, match=r"calender.*calendar"):
        ax = draw(m, "icons")
    assert "icon-0-0" in names_of(ax)


def test_the_dash_is_explained_where_a_count_stands_behind_it() -> None:
    legend = [t.get_text() for t in drawing("cited", "icons", 7.0).texts]
    assert "not reported" in legend


def test_rows_without_groups_stand_in_one_box_without_bullets() -> None:
    ax = draw(seeded(["a", "b"], ["c"]), "icons")
    assert rules_of(ax) == []
    assert not [n for n in names_of(ax) if n.startswith("bullet")]


def test_the_tour_offers_the_same_function() -> None:
    assert qc.plot.matrix is plot.matrix
