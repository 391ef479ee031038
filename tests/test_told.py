"""What the logs leave no doubt of is told, and what a merge by git may have made is not held against anybody."""

from __future__ import annotations

import pytest

from qualcode.log import OUTSIDE, Event
from qualcode.told import Life, Told

FILE = "data/progress/ana.csv"


def life(*steps: tuple[str | None, str | None]) -> Life[str]:
    found: Life[str] = Life()
    for number, (before, after) in enumerate(steps):
        found.step(before, after, str(number))
    return found


@pytest.mark.parametrize(
    ("steps", "misses"),
    [
        ([(None, "a"), ("a", "b")], False),
        ([(None, "a"), ("a", None), (None, "b")], False),
        ([("a", "b")], True),
        ([(None, "a"), ("b", "c")], True),
        ([(None, "a"), ("a", "b"), ("a", "c"), ("merged", "d")], False),
        ([("merged", "d"), ("a", "c"), ("a", "b"), (None, "a")], False),
        ([(None, "a"), ("a", "b"), ("b", "a"), ("c", "d"), ("d", "e")], True),
    ],
)
def test_a_step_that_begins_from_nowhere_tells_that_lines_are_gone(
    steps: list[tuple[str | None, str | None]], misses: bool
) -> None:
    assert life(*steps).misses_steps(merges=True) is misses


def test_where_merges_are_recorded_none_is_taken_for_an_excuse() -> None:
    assert life((None, "a"), ("a", "b"), ("a", "c"), ("x", "d")).misses_steps(merges=False)
    assert not life((None, "a"), ("a", "b"), ("a", "c"), (None, "x"), ("x", "d")).misses_steps(merges=False)


def event(second: int, before: str | None, after: str | None, verb: str = "finish") -> Event:
    time = f"2026-03-01T09:00:{second:02}.000000Z"
    return Event(f"e{second}", time, "ana", verb, files={FILE: (before, after)})


def test_one_open_end_is_what_a_file_must_be_and_two_are_nobodys_fault() -> None:
    a, b, c = "a" * 16, "b" * 16, "c" * 16
    assert Told([event(2, a, b), event(1, None, a)]).state(FILE) == b
    assert Told([event(1, None, a), event(2, a, b), event(3, a, c)]).state(FILE) is None
    assert Told([event(1, None, a), event(2, a, b), event(3, None, c, OUTSIDE)]).state(FILE) == c
    assert Told([event(1, None, a), event(2, a, b, "forget")]).state(FILE) is None
