"""Rows made of codes: the leaves of a tree with "(general)" rows, or codes by name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from qualcode.analysis._counted import Counted
from qualcode.analysis._heading import Heading
from qualcode.analysis._study import any_along
from qualcode.codebook import Code


@dataclass(frozen=True)
class CodeRows:
    """Rows (or columns) made of codes.

    Parameters
    ----------
    title
        What they are together.
    headings
        One per row.
    holds, without
        Per row the code whose codings it holds, and the codes whose codings it does not hold.
    itself
        The codes that are themselves among the rows.
    """

    title: str
    headings: tuple[Heading, ...]
    holds: tuple[str, ...]
    without: tuple[tuple[str, ...], ...]
    itself: tuple[str, ...]


def tree_rows(title: str, codes: Sequence[Code], root: Code | None, counted: Counted) -> CodeRows:
    """Return the rows of a facet, or of a code and what is below it.

    Every code without codes below it has a row. A code with codes below it is the heading over them and
    has a "(general)" row for what counts as it and as none of them, where a counted coding stands there.
    A retired code has a row where a counted coding counts as it; merged and split codes have none.

    Parameters
    ----------
    title
        Name of the facet or code.
    codes
        Those of the tree, in the author's order, retired ones too.
    root
        The code whose tree it is; its name is the title, so it is no heading.
    """
    book, at, counts = counted.tables.codebook, counted.tables.code_at, counted.counts_as
    carried = np.unique(counted.code)  # -1 finds the last row, which counts as nothing
    used = any_along(counts[carried], 0)
    living = [code for code in codes if code.merged_into is None and not code.split_into]
    shown = [code for code in living if not code.retired or used[at[code.id]]]
    inside = {code.id for code in shown}
    above = {code.id: [one for one in book.ancestors(code.id) if one.id in inside] for code in shown}
    below: dict[str, list[str]] = {code.id: [] for code in shown}
    for code in shown:
        for one in above[code.id]:
            below[one.id].append(code.id)
    headings: list[Heading] = []
    holds: list[str] = []
    without: list[tuple[str, ...]] = []
    for code in shown:
        groups = tuple(one.name for one in above[code.id] if root is None or one.id != root.id)
        if not below[code.id]:
            headings.append(Heading(code.id, code.name, groups, code.icon, code.colour))
        else:
            others = any_along(counts[:, [at[other] for other in below[code.id]]], 1)
            if not (counts[carried, at[code.id]] & ~others[carried]).any():
                continue
            at_root = root is not None and code.id == root.id
            name = f"{code.name} (general)" if at_root else "(general)"
            groups = groups if at_root else (*groups, code.name)
            headings.append(Heading(f"{code.id} (general)", name, groups, code.icon, code.colour, True))
        holds.append(code.id)
        without.append(tuple(below[code.id]))
    return CodeRows(title, tuple(headings), tuple(holds), tuple(without), tuple(code.id for code in living))


def named_rows(codes: Sequence[Code]) -> CodeRows:
    """Return one row per code named, with everything that counts as it."""
    names = tuple(code.id for code in codes)
    headings = tuple(Heading(code.id, code.name, (), code.icon, code.colour) for code in codes)
    title = codes[0].name if len(codes) == 1 else "Codes"
    return CodeRows(title, headings, names, ((),) * len(codes), names)
