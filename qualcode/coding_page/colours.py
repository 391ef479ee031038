"""A colour for every code: its own, or one from a palette that can be seen on white and on dark ground."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

from qualcode.codebook import Codebook
from qualcode.codebook_check import valid_colour

PALETTE = (
    "#2e7cd8", "#cb5a1a", "#008d65", "#a45fc2", "#867e00", "#cf5162",
    "#108a8a", "#786dd9", "#4a8b11", "#c25498", "#a87000", "#0086aa",
)  # fmt: skip
"""Twelve hues of one lightness: each stands 4.2 to one from white and 3.8 from JupyterLab's dark ground (#212121)."""


def colours(book: Codebook, made: Sequence[str] = ()) -> dict[str, str]:
    """Return code id to colour.

    A code without a colour of its own gets one by its id; only where a code that was made before has that one, it gets
    the next that is used least. So a code keeps its colour wherever it moves, whatever it is called, and whichever
    others are merged, split or retired.

    Parameters
    ----------
    book
        The codebook, with its merged codes.
    made
        Ids of codes in the order in which they were made; all others count as older.

    Examples
    --------
    >>> from qualcode.codebook import Code, Facet
    >>> book = Codebook((Facet("theme", "Theme"),), (Code("a", "A", "theme", colour="#b03060"), Code("b", "B", "theme")))
    >>> colours(book)["a"], colours(book)["b"] in PALETTE
    ('#b03060', True)
    """
    since = {id_: number for number, id_ in enumerate(made, start=1)}
    used = dict.fromkeys(PALETTE, 0)
    given: dict[str, str] = {}
    for code in sorted(book.codes, key=lambda code: (since.get(code.id, 0), _number(code.id), code.id)):
        first = _number(code.id)
        in_turn = [PALETTE[(first + 5 * step) % len(PALETTE)] for step in range(len(PALETTE))]
        given[code.id] = min(in_turn, key=used.__getitem__)
        used[given[code.id]] += 1
    return {
        code.id: code.colour if code.colour and valid_colour(code.colour) else given[code.id]
        for code in book.codes
    }


def _number(id_: str) -> int:
    return zlib.crc32(id_.encode("utf-8"))
