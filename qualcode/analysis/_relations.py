"""Which codings stand in relation to each other: every relation as an overlap of stretches.

::

    "codebook"   one coding counts as both
    "marked"     ... or two overlap, and one of them carries a code of the rows or columns itself
    "segment"    two have the same span
    "overlap"    two share a character
    "turn"       two overlap or touch a common turn; text between turns is a stretch of its own
    "turns"      ... or fewer than n turns lie between them
    "source"     two are in the same source

Always within the codings of one coder in one source, and every coding stands in relation to itself.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from qualcode.analysis._counted import Counted
from qualcode.analysis._study import Ints, places_of
from qualcode.errors import InvalidValue, did_you_mean

RELATIONS = {
    "codebook": "in one coding",
    "marked": (
        "in one coding, or in two that overlap and of which at least one carries a code of the rows or "
        "columns itself"
    ),
    "segment": "in one coding, or in two with the same span",
    "overlap": "in one coding, or in two that overlap",
    "turn": (
        "in one coding, or in two that overlap or touch a common turn (text between two turns counting as a turn)"
    ),
    "turns": (
        "in one coding, or in two that overlap, touch a common turn (text between two turns counting as a "
        "turn) or are at most {n} turns apart (with fewer than {n} turns between them)"
    ),
    "source": "in one coding, or in two in the same source",
}
"""Every relation in the words of the sentence under a matrix, from the narrowest to the widest."""


def check_relation(relation: str, n: int | None) -> int:
    """Return the number of turns apart (0 where the relation has none), or raise InvalidValue."""
    if relation not in RELATIONS:
        known = list(RELATIONS)
        raise InvalidValue(
            f"relation={relation!r} is not known. Expected one of {', '.join(known)}."
            + did_you_mean(str(relation), known)
        )
    if relation != "turns":
        if n is not None:
            raise InvalidValue(
                f"n={n} goes with relation='turns' only, not with {relation!r}. Leave n out, or use 'turns'."
            )
        return 0
    if n is None:
        raise InvalidValue(
            "relation='turns' needs n, the number of turns apart. For example n=1: the next turn."
        )
    if isinstance(n, bool) or not isinstance(n, int | np.integer) or n < 0:
        raise InvalidValue(f"n={n!r} must be a whole number of turns, 0 or more.")
    return int(n)


def relation_words(relation: str, n: int) -> str:
    """Return a relation in words.

    Examples
    --------
    >>> relation_words("overlap", 0)
    'in one coding, or in two that overlap'
    """
    return RELATIONS["turn" if relation == "turns" and n == 0 else relation].format(n=n)


def stretches(relation: str, n: int, counted: Counted) -> tuple[Ints, Ints]:
    """Return a stretch [start, end) per coding such that two are related exactly when these overlap.

    Only codings of one source (and coder) are to be compared. "codebook" needs no stretch, and "marked"
    and "segment" use more than one: see `_join`.
    """
    if relation == "source":
        return np.zeros(len(counted), np.int64), np.ones(len(counted), np.int64)
    if relation in ("turn", "turns"):
        first, last = _touched(counted)
        if relation == "turn" or n == 0:
            return first, last + 1
        # Two stand at most n apart when the first turn at or after one's begin comes at most n after
        # the last turn at or before the other's end. Turns have even places, text between them odd.
        return (first + 1) // 2, last // 2 + n + 1
    return counted.start, counted.end


def _touched(counted: Counted) -> tuple[Ints, Ints]:
    """Return the first and the last place that each coding touches: turn k is 2k, the text after it 2k + 1."""
    tables = counted.tables
    turns: Any = tables.turns
    source = places_of(turns["source"], {id_: at for at, id_ in enumerate(tables.source_ids)})
    start, end = turns["start"].to_numpy(dtype=np.int64), turns["end"].to_numpy(dtype=np.int64)
    known = source >= 0
    source, start, end = source[known], start[known], end[known]
    width = max(int(end.max(initial=0)), int(counted.end.max(initial=0))) + 1
    order = np.argsort(source * width + start, kind="stable")
    begin_keys, ends = (source * width + start)[order], end[order]
    before = np.searchsorted(begin_keys, np.arange(len(tables.source_ids), dtype=np.int64) * width)

    def place(position: Ints) -> Ints:
        begun = np.searchsorted(begin_keys, counted.source * width + position, "right")
        number = begun - before[counted.source]  # turns of this source that have begun: 0 before the first
        ended = np.append(ends, 0)[begun - 1] <= position
        return np.where((number == 0) | ended, 2 * number + 1, 2 * number).astype(np.int64)

    return place(counted.start), place(counted.end - 1)
