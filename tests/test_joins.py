"""Interval joins against two nested loops."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from qualcode.joins import Meetings, overlap_pairs, spread

stretches = st.lists(
    st.tuples(st.integers(0, 3), st.integers(-5, 30), st.integers(1, 12)).map(
        lambda t: (t[0], t[1], t[1] + t[2])
    ),
    max_size=25,
)


def by_hand(first: list[tuple[int, int, int]], second: list[tuple[int, int, int]]) -> list[tuple[int, int]]:
    return [
        (i, j)
        for i, (g, s, e) in enumerate(first)
        for j, (g2, s2, e2) in enumerate(second)
        if g == g2 and s < e2 and s2 < e
    ]


def columns(rows: list[tuple[int, int, int]]) -> list[np.ndarray]:
    return list(np.array(rows, dtype=np.int64).reshape(-1, 3).T)


@settings(deadline=None, max_examples=100)
@given(stretches, stretches)
def test_every_overlapping_pair_once_and_in_order(first, second):
    g, s, e = columns(first)
    g2, s2, e2 = columns(second)
    i, j = overlap_pairs(s, e, s2, e2, g, g2)
    assert list(zip(i.tolist(), j.tolist(), strict=True)) == by_hand(first, second)


@settings(deadline=None, max_examples=100)
@given(stretches, st.integers(0, 2**25 - 1))
def test_meetings_say_whether_a_pair_exists(rows, bits):
    g, s, e = columns(rows)
    kinds = np.array([[bool(bits >> i & 1), not bits >> i & 1] for i in range(len(rows))]).reshape(-1, 2)
    met = Meetings(g, s, e).any(kinds)
    pairs = by_hand(rows, rows)
    expected = [[any(kinds[j, k] for i2, j in pairs if i2 == i) for k in (0, 1)] for i in range(len(rows))]
    assert met.tolist() == expected


def test_without_groups_all_stretches_share_one():
    i, j = overlap_pairs([0], [4], [3, 4], [9, 9])
    assert (i.tolist(), j.tolist()) == ([0], [0])


def test_empty_tables_pair_with_nothing():
    assert [len(x) for x in overlap_pairs([], [], [1], [2])] == [0, 0]
    assert Meetings(*columns([])).any(np.zeros((0, 3), bool)).shape == (0, 3)


def test_an_empty_range_is_written_out_as_nothing():
    number, position = spread(np.array([3, 5]), np.array([3, 7]))
    assert (number.tolist(), position.tolist()) == ([1, 1], [5, 6])
