"""Every error of the plots says what was wrong, what is expected, and what to do."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from drawn_matrices import STYLES, case, draw, seeded
from matplotlib import pyplot as plt

from qualcode import plot
from qualcode.errors import InvalidValue, QualcodeError


def test_an_unknown_style_names_the_four_and_the_likely_one() -> None:
    with pytest.raises(InvalidValue) as caught:
        plot.matrix(case("talk"), "heat map")  # type: ignore[arg-type]
    assert str(caught.value) == (
        "There is no style 'heat map'. Expected icons, dots, bubbles, heatmap. Did you mean 'heatmap'?"
    )


def test_an_unknown_font_names_installed_ones() -> None:
    with pytest.raises(InvalidValue, match=r"The font 'DejaVu Sanz' is not installed\. Expected the name of"):
        plot.matrix(case("talk"), font="DejaVu Sanz")
    with pytest.raises(InvalidValue, match=r"Did you mean 'DejaVu Sans'"):
        plot.matrix(case("talk"), font="DejaVu Sanz")


@pytest.mark.parametrize("wrong", [None, pd.DataFrame({"A": [1]}), "matrix"])
def test_something_that_is_no_matrix_is_named_by_its_type(wrong: object) -> None:
    said = (
        f"plot.matrix() got {type(wrong).__name__}. Expected a CodeMatrix, as qualcode.matrix(...) gives it."
    )
    with pytest.raises(InvalidValue, match=re.escape(said)):
        plot.matrix(wrong)  # type: ignore[arg-type]


def test_a_colour_that_is_none_is_named() -> None:
    with pytest.raises(InvalidValue, match=r"'blau' is no colour\. Expected a name or a hex value"):
        plot.matrix(case("talk"), colour="blau")


@pytest.mark.parametrize("width", [0, -3, 1.4, 61, float("nan")])
def test_a_width_that_no_page_has_is_refused(width: float) -> None:
    with pytest.raises(InvalidValue, match=r"The width is .* inches\. Expected 1\.5 to 60"):
        plot.matrix(case("talk"), width=width)


@pytest.mark.parametrize("style", STYLES)
def test_too_many_columns_for_a_width_say_which_width_would_do(style: str) -> None:
    m = seeded(["One", "Two"], [f"Theme {j}" for j in range(18)])
    with pytest.raises(InvalidValue, match="or show fewer columns") as caught:
        draw(m, style, 1.6)
    said = re.fullmatch(
        rf'18 columns do not fit into 1\.6 inches with style="{style}"\. Give width=(\S+) or more, '
        r"or show fewer columns\.",
        str(caught.value),
    )
    assert said is not None
    draw(m, style, float(said[1]))


def test_more_columns_without_icons_than_there_are_forms() -> None:
    m = seeded(["One"], [f"Theme {j}" for j in range(19)])
    with pytest.raises(
        InvalidValue, match=r'19 columns have no icon .* 18 plain marks\. .* draw style="dots"'
    ):
        plot.matrix(m, "icons", 20)


def test_an_axes_too_low_says_how_much_height_is_needed() -> None:
    _, ax = plt.subplots(figsize=(7, 1))
    with pytest.raises(InvalidValue, match=r"The axes is 0\.77 inches high; the matrix needs") as caught:
        plot.matrix(case("talk"), ax=ax)
    said = re.search(r"needs (\S+) at (\S+) inches width", str(caught.value))
    assert said is not None
    assert "Make the axes higher or wider, or leave ax out." in str(caught.value)
    assert not ax.texts
    high, wide = float(said[1]) + 0.01, float(said[2])
    figure = plt.figure(figsize=(wide, high))
    assert plot.matrix(case("talk"), ax=figure.add_axes((0, 0, 1, 1))).texts


def test_more_rows_than_any_page_holds() -> None:
    m = seeded([f"Row {i}" for i in range(1100)], ["A"])
    with pytest.raises(InvalidValue, match=r"The figure would be \d+ inches high\. Expected 200 at most"):
        plot.matrix(m)


def test_all_are_errors_of_the_package_and_values() -> None:
    assert issubclass(InvalidValue, QualcodeError)
    assert issubclass(InvalidValue, ValueError)
    assert plt.get_fignums() == []
