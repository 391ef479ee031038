"""A colour for every code: its own, or one from a palette that can be seen on white and on dark ground."""

from __future__ import annotations

import zlib
from collections.abc import Iterable

from qualcode.codebook import Code, Codebook
from qualcode.codebook_check import valid_colour

PALETTE = (
    "#2e7cd8", "#cb5a1a", "#008d65", "#a45fc2", "#867e00", "#cf5162",
    "#108a8a", "#786dd9", "#4a8b11", "#c25498", "#a87000", "#0086aa",
)  # fmt: skip
"""Twelve hues of one lightness: each stands 4.2 to one from white and 3.8 from JupyterLab's dark ground (#212121)."""


def colours(book: Codebook) -> dict[str, str]:
    """Return code id to colour.

    A code without a colour of its own gets one by its id, so that it keeps it wherever it moves; only where
    an earlier code beside it already has that colour, it gets the next that is free.

    Examples
    --------
    >>> from qualcode.codebook import Facet
    >>> book = Codebook((Facet("theme", "Theme"),), (Code("a", "A", "theme", colour="#b03060"), Code("b", "B", "theme")))
    >>> colours(book)["a"], colours(book)["b"] in PALETTE
    ('#b03060', True)
    """
    found: dict[str, str] = {}
    beside: dict[tuple[str, str], set[str]] = {}
    for code in book.codes:
        if code.colour and valid_colour(code.colour):
            found[code.id] = code.colour
            continue
        above = book.ancestors(code.id)
        taken = beside.setdefault((code.facet, above[-1].id if above else ""), set())
        found[code.id] = _free(code, taken)
        taken.add(found[code.id])
    return found


def _free(code: Code, taken: Iterable[str]) -> str:
    first = zlib.crc32(code.id.encode("utf-8")) % len(PALETTE)
    in_turn = [PALETTE[(first + 5 * step) % len(PALETTE)] for step in range(len(PALETTE))]
    return next((colour for colour in in_turn if colour not in taken), in_turn[0])
