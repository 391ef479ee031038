"""Span: the algebra of stretches, held against sets of positions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualcode.errors import InvalidValue
from qualcode.span import Span

spans = st.tuples(st.integers(0, 40), st.integers(1, 12)).map(lambda pair: Span(pair[0], pair[0] + pair[1]))


def positions(span: Span) -> set[int]:
    return set(range(span.start, span.end))


@given(spans, spans)
def test_every_relation_is_that_of_the_sets_of_positions(a: Span, b: Span) -> None:
    shared, either = positions(a) & positions(b), positions(a) | positions(b)
    assert a.length == len(positions(a))
    assert a.overlaps(b) == bool(shared)
    assert a.covers(b) == (positions(b) <= positions(a))
    assert a.jaccard(b) == len(shared) / len(either)
    intersection = a.intersection(b)
    assert (positions(intersection) if intersection else set()) == shared
    between = {p for p in range(min(either), max(either)) if p not in either}
    assert a.gap(b) == len(between)
    assert all((p in a) == (p in positions(a)) for p in range(60))


@given(spans, spans, spans)
def test_laws(a: Span, b: Span, c: Span) -> None:
    assert a.overlaps(b) == b.overlaps(a)
    assert a.gap(b) == b.gap(a)
    assert a.jaccard(b) == b.jaccard(a)
    assert a.intersection(b) == b.intersection(a)
    assert a.covers(a)
    assert a.jaccard(a) == 1.0
    assert a.intersection(a) == a
    if a.covers(b) and b.covers(c):
        assert a.covers(c)
    if a.covers(b) and b.covers(a):
        assert a == b
    if a.covers(b):
        assert a.intersection(b) == b
    ab, bc = a.intersection(b), b.intersection(c)
    assert (ab.intersection(c) if ab else None) == (a.intersection(bc) if bc else None)


@given(spans, spans, st.integers(0, 20))
def test_moving_both_changes_no_relation(a: Span, b: Span, by: int) -> None:
    moved_a, moved_b = a.shifted(by), b.shifted(by)
    assert moved_a.shifted(-by) == a
    assert moved_a.overlaps(moved_b) == a.overlaps(b)
    assert moved_a.jaccard(moved_b) == a.jaccard(b)
    assert moved_a.gap(moved_b) == a.gap(b)
    assert (a < b) == (moved_a < moved_b) == ((a.start, a.end) < (b.start, b.end))
    assert hash(a) == hash(Span(a.start, a.end))


@pytest.mark.parametrize(("start", "end"), [(3, 3), (4, 3), (-1, 2)])
def test_an_empty_or_backward_stretch_is_none(start: int, end: int) -> None:
    with pytest.raises(InvalidValue, match=rf"end after its start, got \[{start}, {end}\)"):
        Span(start, end)


def test_touching_is_not_overlapping() -> None:
    assert not Span(0, 3).overlaps(Span(3, 5))
    assert Span(0, 3).gap(Span(3, 5)) == 0
    assert Span(0, 3).gap(Span(4, 5)) == 1
