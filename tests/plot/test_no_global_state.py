"""A plot leaves matplotlib as it was: no settings changed, no window shown, no figure that nobody asked for."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path

import matplotlib as mpl
import pytest
from drawn_figure import outside, overlaps, texts_of
from drawn_matrices import STYLES, case, draw
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

from qualcode import plot
from qualcode.errors import InvalidValue


@pytest.mark.parametrize("style", STYLES)
def test_settings_are_those_from_before_also_after_an_error(style: str, tmp_path: Path) -> None:
    with mpl.rc_context({"font.size": 13, "pdf.fonttype": 3, "savefig.bbox": "tight"}):
        before = dict(mpl.rcParams)
        ax = plot.matrix(case("facts"), style)  # type: ignore[arg-type]
        plot.save_figure(ax, *(tmp_path / f"a.{s}" for s in ("pdf", "svg", "png")))
        with pytest.raises(InvalidValue):
            plot.matrix(case("facts"), style, font="no such font")  # type: ignore[arg-type]
        assert dict(mpl.rcParams) == before


def test_no_window_is_shown_and_the_user_s_axes_stays_the_current_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(plt, "show", lambda *_, **__: pytest.fail("plt.show was called"))
    monkeypatch.setattr(mpl.figure.Figure, "show", lambda *_, **__: pytest.fail("Figure.show was called"))
    _, (one, other) = plt.subplots(1, 2, figsize=(10, 4))
    plt.sca(other)
    for style in STYLES:
        plot.matrix(case("facts"), style, ax=one)  # type: ignore[arg-type]
        one.clear()
    assert plt.gca() is other


def test_a_plot_opens_one_figure_and_none_when_it_is_given_an_axes() -> None:
    plot.matrix(case("talk"))
    assert len(plt.get_fignums()) == 1
    _, ax = plt.subplots(figsize=(7, 4))
    assert plot.matrix(case("talk"), ax=ax) is ax
    assert len(plt.get_fignums()) == 2


def test_an_error_leaves_no_figure_behind() -> None:
    for options in ({"style": "pie"}, {"font": "no such font"}, {"width": 0.5}):
        with pytest.raises(InvalidValue):
            plot.matrix(case("talk"), **options)  # type: ignore[arg-type]
    assert plt.get_fignums() == []


def test_a_closed_figure_is_let_go(tmp_path: Path) -> None:
    ax = draw(case("talk"), "icons")
    plot.save_figure(ax, tmp_path / "a.svg")
    figure = weakref.ref(ax.get_figure(root=True))
    del ax
    gc.collect()
    assert figure() is None


def side_by_side(style: str, width: float = 3.3) -> tuple[Axes, Axes]:
    figure = plt.figure(figsize=(2 * width + 0.5, 6))
    share = width / (2 * width + 0.5)
    left, right = figure.add_axes((0, 0.05, share, 0.9)), figure.add_axes((1 - share, 0.05, share, 0.9))
    plot.matrix(case("cited"), style, ax=left)  # type: ignore[arg-type]
    plot.matrix(case("nested groups"), style, ax=right)  # type: ignore[arg-type]
    return left, right


@pytest.mark.parametrize("style", STYLES)
def test_two_matrices_stand_side_by_side_each_in_its_axes(style: str) -> None:
    left, right = side_by_side(style)
    for ax in (left, right):
        assert overlaps(ax) == []
        assert outside(ax) == []
        assert not ax.axison
    edge = max(t.right for t in texts_of(left))
    assert edge < min(t.left for t in texts_of(right))


def test_an_axes_in_a_subfigure_is_as_wide_as_it_is() -> None:
    figure = plt.figure(figsize=(8, 4))
    upper, _ = figure.subfigures(1, 2, width_ratios=[3, 1])
    ax = upper.add_axes((0, 0, 1, 1))
    plot.matrix(case("talk"), ax=ax)
    assert ax.get_xlim() == pytest.approx((0, 6))
    assert ax.get_ylim() == pytest.approx((4, 0))
    assert overlaps(ax) == []


@pytest.mark.parametrize("style", STYLES)
def test_lengths_in_a_given_axes_are_inches(style: str) -> None:
    ax = plt.figure(figsize=(5, 5), dpi=200).add_axes((0.1, 0.1, 0.8, 0.8))
    plot.matrix(case("talk"), style, ax=ax)  # type: ignore[arg-type]
    assert ax.get_xlim() == pytest.approx((0, 4))
    assert ax.get_ylim() == pytest.approx((4, 0))


def test_a_matrix_is_left_as_it_was() -> None:
    m = case("cited")
    before = m.table.copy(), m.row_totals.copy()
    draw(m, "bubbles")
    assert m.table.equals(before[0])
    assert m.row_totals.equals(before[1])
