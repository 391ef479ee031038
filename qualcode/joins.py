"""Which stretches of text overlap: interval joins over whole tables, sorted and vectorised.

A stretch is [start, end) within a group (one coder in one source, say); stretches of different groups
never meet. Two questions are answered: *which* pairs overlap (`overlap_pairs`, as long as its answer),
and *whether* a stretch meets anything of a kind (`Meetings`, whose cost does not grow with the number
of pairs).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

# Columns of `Meetings.any` that are summed at once: bounds memory to some 100 MB at a million stretches.
_CELLS_AT_ONCE = 12_000_000


def overlap_pairs(
    starts: npt.ArrayLike,
    ends: npt.ArrayLike,
    starts2: npt.ArrayLike,
    ends2: npt.ArrayLike,
    groups: npt.ArrayLike | None = None,
    groups2: npt.ArrayLike | None = None,
) -> tuple[Ints, Ints]:
    """Return every pair of a first and a second stretch that share at least one position.

    ::

        first    |-----0-----|      |--1--|
        second        |--0--|  |-1-|
        pairs    (0, 0)                          touching is not overlapping

    Parameters
    ----------
    starts, ends
        The first stretches, ``[start, end)`` with ``start < end``.
    starts2, ends2
        The second stretches.
    groups, groups2
        Only stretches of an equal group can pair. Whole numbers; one group when None.

    Returns
    -------
    tuple of numpy.ndarray
        Positions in the first and in the second table, sorted by the first, then the second.

    Examples
    --------
    >>> i, j = overlap_pairs([0, 14], [11, 20], [5, 10], [10, 14])
    >>> list(zip(i.tolist(), j.tolist()))
    [(0, 0), (0, 1)]
    """
    s1, e1, s2, e2 = (_ints(values) for values in (starts, ends, starts2, ends2))
    g1 = np.zeros(len(s1), np.int64) if groups is None else _ints(groups)
    g2 = np.zeros(len(s2), np.int64) if groups2 is None else _ints(groups2)
    if not len(s1) or not len(s2):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    low = min(int(s1.min()), int(s2.min()))
    width = max(int(e1.max()), int(e2.max())) - low + 1
    base1, base2 = g1 * width - low, g2 * width - low
    order1, order2 = np.argsort(base1 + s1, kind="stable"), np.argsort(base2 + s2, kind="stable")
    sorted1, sorted2 = (base1 + s1)[order1], (base2 + s2)[order2]
    # Of two that overlap, one begins inside the other: either the second in the first (equal starts
    # count here) or the first strictly inside the second. Nothing else is ever looked at.
    first, at = spread(np.searchsorted(sorted2, base1 + s1), np.searchsorted(sorted2, base1 + e1))
    second, at1 = spread(np.searchsorted(sorted1, base2 + s2, "right"), np.searchsorted(sorted1, base2 + e2))
    i, j = np.concatenate([first, order1[at1]]), np.concatenate([order2[at], second])
    order = np.lexsort((j, i))
    return i[order], j[order]


def spread(begins: Ints, ends: Ints) -> tuple[Ints, Ints]:
    """Write ranges out: for each range its number, once for every position in it, and those positions.

    Examples
    --------
    >>> number, position = spread(np.array([4, 0]), np.array([6, 1]))
    >>> number.tolist(), position.tolist()
    ([0, 0, 1], [4, 5, 0])
    """
    lengths = np.maximum(ends - begins, 0)
    number = np.repeat(np.arange(len(lengths), dtype=np.int64), lengths)
    before = np.cumsum(lengths) - lengths
    return number, np.arange(len(number), dtype=np.int64) - before[number] + begins[number]


class Meetings:
    """Whether each stretch meets a stretch of a kind, without writing out the pairs.

    A stretch meets as many stretches of a kind as begin before it ends, less those that end before it
    begins. Both numbers are running sums over the stretches in the order of their starts and ends.

    Parameters
    ----------
    groups, starts, ends
        Whole numbers; only stretches of an equal group meet.

    Examples
    --------
    >>> meetings = Meetings(np.array([0, 0, 0]), np.array([0, 4, 9]), np.array([5, 8, 12]))
    >>> kinds = np.array([[True, False], [False, True], [False, True]])
    >>> meetings.any(kinds).tolist()
    [[True, True], [True, True], [False, True]]
    """

    def __init__(self, groups: Ints, starts: Ints, ends: Ints) -> None:
        low = int(starts.min()) if len(starts) else 0
        width = (int(ends.max()) if len(ends) else 0) - low + 1
        base = groups * width - low
        begin_keys, end_keys = base + starts, base + ends
        self._by_start: Ints = np.argsort(begin_keys, kind="stable")
        self._by_end: Ints = np.argsort(end_keys, kind="stable")
        sorted_starts, sorted_ends = begin_keys[self._by_start], end_keys[self._by_end]
        # Searched in sorted order and put back: neighbouring searches hit the same memory.
        self._begun = np.empty(len(starts), np.int64)
        self._begun[self._by_end] = np.searchsorted(sorted_starts, sorted_ends, "left")
        self._ended = np.empty(len(starts), np.int64)
        self._ended[self._by_start] = np.searchsorted(sorted_ends, sorted_starts, "right")

    def any(self, kinds: Bools, at: Ints | None = None) -> Bools:
        """Return, for each stretch (those at the positions `at`) and kind, whether it meets one of the kind.

        Parameters
        ----------
        kinds
            One row per stretch, one column per kind.
        """
        begun, ended = (self._begun, self._ended) if at is None else (self._begun[at], self._ended[at])
        met = np.empty((len(begun), kinds.shape[1]), np.bool_)
        step = max(1, _CELLS_AT_ONCE // max(1, len(kinds)))
        for k in range(0, kinds.shape[1], step):
            part = kinds[:, k : k + step]
            met[:, k : k + step] = _running(part, self._by_start)[begun] > _running(part, self._by_end)[ended]
        return met


def _running(kinds: Bools, order: Ints) -> npt.NDArray[np.int32]:
    """How many of each kind stand among the first 0, 1, 2, ... in an order."""
    sums = np.zeros((len(order) + 1, kinds.shape[1]), np.int32)
    np.cumsum(kinds[order], axis=0, dtype=np.int32, out=sums[1:])
    return sums


def _ints(values: Any) -> Ints:
    return np.asarray(values, dtype=np.int64)
