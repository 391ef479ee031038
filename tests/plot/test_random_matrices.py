"""Whatever a matrix is called and however large it is: it is drawn whole, or one error says what would help."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from drawn_figure import contrast, outside, overlaps, same_words, text_named, written
from drawn_matrices import COUNTING, STYLES, draw, seeded
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from matplotlib.axes import Axes

from qualcode.analysis import CodeMatrix
from qualcode.errors import InvalidValue
from qualcode.plot._sheet import best_ink, legible
from qualcode.plot._text import clean

careful = settings(deadline=None, max_examples=20, suppress_health_check=list(HealthCheck))

WORDS = st.sampled_from(
    [
        *(
            "data",
            "Quality",
            "of",
            "model-",
            "teams/roles",
            "AND",
            "Verantwortungsbereitschaft",
            "x",
            "é",
            "i",
        ),
        *("$", "_", "\\", "{a}", "100%", "التواصل", "数据与模型", "🙂"),
    ]
)
NAMES = st.lists(WORDS, min_size=1, max_size=7).map(" ".join) | st.text(min_size=1, max_size=25)


@st.composite
def matrices(draw_: st.DrawFn) -> CodeMatrix:
    names = st.lists(NAMES.filter(str.strip), min_size=1, max_size=7, unique=True)
    rows, columns = draw_(names), draw_(names)
    groups = draw_(
        st.just(None) | st.fixed_dictionaries({r: st.sampled_from(["G", "A longer group"]) for r in rows})
    )
    details = {} if draw_(st.booleans()) else {"row_totals": (), "column_totals": ()}
    return seeded(
        sorted(rows, key=lambda r: groups[r]) if groups else rows,
        columns,
        seed=draw_(st.integers(0, 99)),
        most=draw_(st.sampled_from([1, 9, 45, 2000])),
        groups=groups,
        row_title=draw_(st.sampled_from(["", "Points", "Collaboration points of the study"])),
        column_title=draw_(st.sampled_from(["", "Themes", "المواضيع"])),
        **details,
    )


@careful
@given(matrices(), st.sampled_from(STYLES), st.floats(1.5, 12))
def test_any_matrix_is_drawn_whole_or_says_what_would_help(m: CodeMatrix, style: str, width: float) -> None:
    ax = drawn_here_or_where_the_error_says(m, style, width)
    assert overlaps(ax) == []
    assert outside(ax) == []
    assert all(t.get_fontsize() >= 5.0 for t in ax.texts)
    for i, row in enumerate(m.rows):
        assert same_words(clean(row.name), written(ax, f"row-{i}"))
    if style in COUNTING:
        for i in range(len(m.rows)):
            for j in range(len(m.columns)):
                count = m.table.iat[i, j]
                said = "" if pd.isna(count) or not count else str(count)
                assert (text_named(ax, f"count-{i}-{j}") or "") == said


def drawn_here_or_where_the_error_says(m: CodeMatrix, style: str, width: float) -> Axes:
    try:
        return draw(m, style, width)
    except InvalidValue as error:
        wider = re.search(r"Give width=(\S+) or more", str(error))
        if wider is None:
            raise
        return draw(m, style, float(wider[1]))


@given(st.tuples(*[st.integers(0, 255)] * 3), st.sampled_from([3.0, 4.5, 7.0]))
@settings(max_examples=200)
def test_any_colour_is_darkened_just_until_it_can_be_read(rgb: tuple[int, int, int], least: float) -> None:
    colour = "#{:02x}{:02x}{:02x}".format(*rgb)
    made = legible(colour, least)
    assert contrast(made, "white") >= least
    assert made == colour or contrast(made, "white") < least * 1.15


@given(st.tuples(*[st.integers(0, 255)] * 3))
def test_black_or_white_can_be_read_on_any_shade(rgb: tuple[int, int, int]) -> None:
    shade = "#{:02x}{:02x}{:02x}".format(*rgb)
    assert contrast(best_ink(shade), shade) >= 4.5


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("width", [2.2, 5.0, 11.0])
def test_one_matrix_at_many_widths(style: str, width: float) -> None:
    ax = draw(
        seeded([f"A point {i} to make" for i in range(6)], [f"Theme {j}" for j in range(5)]), style, width
    )
    assert overlaps(ax) == []
    assert outside(ax) == []
