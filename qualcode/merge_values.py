"""The small rules of every merge: which value wins, which list elements stay, in which order.

All of them give the same answer whichever side is called ours, and none depends on a clock. Merging
three copies gives the same in any order as long as the copies do not change one thing in three ways.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any, TypeVar

T = TypeVar("T")
U = TypeVar("U")
H = TypeVar("H", bound=Hashable)


def weight(value: Any) -> tuple[int, str]:
    """Return what values are compared by when both sides changed one: nothing is least, then by letters.

    Examples
    --------
    >>> weight(None) < weight("") < weight("delay") < weight("trust")
    True
    """
    if value is None:
        return 0, ""
    if isinstance(value, str):
        return 1, value
    return 1, json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)


def each(sides: tuple[T, T, T], function: Callable[[T], U]) -> tuple[U, U, U]:
    """Return what a function makes of base, ours and theirs.

    Examples
    --------
    >>> each(("a", "bb", ""), len)
    (1, 2, 0)
    """
    base, ours, theirs = sides
    return function(base), function(ours), function(theirs)


def pick(base: T, ours: T, theirs: T, order: Callable[[T], Any] = weight) -> tuple[T, bool]:
    """Return the merged value, and whether both sides changed it to different things.

    The side that changed wins; where both changed, the greater value (by `order`).

    Examples
    --------
    >>> pick("trust", "trust", "confidence")
    ('confidence', False)
    >>> pick("trust", "reliance", "confidence")
    ('reliance', True)
    """
    if ours == theirs or theirs == base:
        return ours, False
    if ours == base:
        return theirs, False
    return max(ours, theirs, key=order), True


def merge_list(base: Sequence[H], ours: Sequence[H], theirs: Sequence[H]) -> list[H]:
    """Return a list without repeats in which every addition and removal of both sides has happened.

    Examples
    --------
    >>> merge_list(["a", "b"], ["a", "b", "x"], ["b"])
    ['b', 'x']
    """
    gone = {element for element in base if element not in ours or element not in theirs}
    return merge_order(base, ours, theirs, {element for element in (*ours, *theirs) if element not in gone})


def merge_order(
    base: Sequence[H],
    ours: Sequence[H],
    theirs: Sequence[H],
    keep: Iterable[H] | None = None,
    order: Callable[[H], Any] = weight,
) -> list[H]:
    """Return the elements to keep (default: those of both sides) in an order both authors recognise.

    What both sides have stands in the order of the side that rearranged it; what one side added
    follows its predecessor there. Additions of both sides at one place are woven by `order`,
    without rearranging those of a side.

    Examples
    --------
    >>> merge_order(["a", "b"], ["a", "x", "b"], ["a", "c", "b", "d"])
    ['a', 'c', 'x', 'b', 'd']
    >>> merge_order(["a", "b"], ["b", "a"], ["a", "b", "c"])
    ['b', 'c', 'a']
    """
    kept = set(ours) | set(theirs) if keep is None else set(keep)
    ours = [element for element in dict.fromkeys(ours) if element in kept]
    theirs = [element for element in dict.fromkeys(theirs) if element in kept]
    common = set(ours) & set(theirs)
    spine = _spine(base, [e for e in ours if e in common], [e for e in theirs if e in common], order)
    our_runs, their_runs = _runs(ours, common), _runs(theirs, common)
    merged = _weave(our_runs.get(None, []), their_runs.get(None, []), order)
    for element in spine:
        merged.append(element)
        merged += _weave(our_runs.get(element, []), their_runs.get(element, []), order)
    return merged + sorted(kept - set(merged), key=order)


def _spine(base: Sequence[H], ours: list[H], theirs: list[H], order: Callable[[H], Any]) -> list[H]:
    """Return the order of what both sides have."""
    if ours == theirs:
        return ours
    here = set(ours)
    before = [element for element in base if element in here]
    known = set(before)
    ours_moved = [e for e in ours if e in known] != before
    theirs_moved = [e for e in theirs if e in known] != before
    if ours_moved != theirs_moved:
        return ours if ours_moved else theirs
    return max(ours, theirs, key=lambda elements: [order(element) for element in elements])


def _runs(elements: list[H], common: set[H]) -> dict[H | None, list[H]]:
    """Return what one side alone has, by the common element it follows (None: the beginning)."""
    runs: dict[H | None, list[H]] = {}
    after: H | None = None
    for element in elements:
        if element in common:
            after = element
        else:
            runs.setdefault(after, []).append(element)
    return runs


def _weave(left: list[H], right: list[H], order: Callable[[H], Any]) -> list[H]:
    """Return two runs as one, taking the lesser head each time.

    This equals sorting blocks that begin at a new greatest element, hence it is the same for
    three runs woven in any order.
    """
    woven: list[H] = []
    left, right = left[::-1], right[::-1]
    while left and right:
        woven.append((left if order(left[-1]) <= order(right[-1]) else right).pop())
    return woven + left[::-1] + right[::-1]


def break_circles(
    above: dict[str, str | None], before: dict[str, str | None]
) -> list[tuple[str, str | None]]:
    """Put elements back to where they stood before until nothing is its own ancestor.

    Parameters
    ----------
    above
        Element to parent, as merged.
    before
        The same in the common base.

    Returns
    -------
    list of (element, parent)
        The changes to make.

    Examples
    --------
    >>> break_circles({"a": "b", "b": "a"}, {"a": None, "b": None})
    [('a', None)]
    """
    above, changes = dict(above), []
    while circle := _find_circle(above):
        moved = [element for element in circle if above[element] != before.get(element)]
        element = min(moved or circle)
        above[element] = before.get(element) if moved else None
        if element in _ancestors(above, element):
            above[element] = None
        changes.append((element, above[element]))
    return changes


def _find_circle(above: dict[str, str | None]) -> list[str]:
    for element in sorted(above):
        ancestors = _ancestors(above, element)
        if element in ancestors:
            return ancestors
    return []


def _ancestors(above: dict[str, str | None], element: str) -> list[str]:
    """Return the ancestors up to the first that comes twice; in a circle the element is among them."""
    found: list[str] = []
    at = above.get(element)
    while at is not None and at in above and at not in found:
        found.append(at)
        at = above[at]
    return found


def shown(value: Any) -> str:
    """Return a value for a message, shortened.

    Examples
    --------
    >>> shown("trust")
    "'trust'"
    """
    if value is None or value == "":
        return "nothing"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return repr(text if len(text) <= 60 else text[:57] + "...")
