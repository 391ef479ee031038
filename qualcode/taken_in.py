"""What a take-in of a hand-out brought, as the log keeps it, and how three states of one thing become one.

The next file of the same hand-out is compared with it: what is as it was then was not changed there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from qualcode.coding import Row

PLACE = ("start", "end", "version")
_KEPT = (*PLACE, "code", "stance")


@dataclass(frozen=True)
class Taken:
    """What a hand-out brought so far.

    Parameters
    ----------
    codings
        Id in the file to its row (with its source), None where it was taken off.
    memos
        Id to the hash of the text, None where it was taken away.
    codes
        Id of a new code in the file to its id in the study.
    same
        Id of a coding in the file to the one in the study that says the same.
    states
        Source to how far its coder was.
    saved
        When the newest file was saved.
    """

    codings: Mapping[str, Row | None] = field(default_factory=dict)
    memos: Mapping[str, str | None] = field(default_factory=dict)
    codes: Mapping[str, str] = field(default_factory=dict)
    same: Mapping[str, str] = field(default_factory=dict)
    states: Mapping[str, str] = field(default_factory=dict)
    saved: str = ""

    def lines(self) -> list[str]:
        """Return it as an event of the log keeps it: ids, places and hashes, parted by ":"."""
        found = [
            ":".join(("coding", id_, *(() if row is None else (row["source"], *(row[key] for key in _KEPT)))))
            for id_, row in self.codings.items()
        ]
        found += [f"memo:{id_}:{hash_ or ''}" for id_, hash_ in self.memos.items()]
        for kind, pairs in (("code", self.codes), ("same", self.same), ("state", self.states)):
            found += [f"{kind}:{one}:{other}" for one, other in pairs.items()]
        return sorted(found) + ([f"saved:{self.saved}"] if self.saved else [])

    @classmethod
    def of(cls, lines: Iterable[object]) -> Taken:
        """Return what lines tell; one that tells nothing is passed over.

        Examples
        --------
        >>> Taken.of(["coding:0123456789ab", "code:new-1:waiting", "?"]).codes
        {'new-1': 'waiting'}
        """
        codings: dict[str, Row | None] = {}
        memos: dict[str, str | None] = {}
        pairs: dict[str, dict[str, str]] = {"code": {}, "same": {}, "state": {}}
        saved = ""
        for line in lines:
            kind, _, rest = str(line).partition(":")
            parts = rest.split(":")
            if kind == "saved":
                saved = rest
            elif kind == "coding" and len(parts) == 1:
                codings[rest] = None
            elif kind == "coding" and len(parts) == 2 + len(_KEPT):
                codings[parts[0]] = {
                    "id": parts[0],
                    **dict(zip(("source", *_KEPT), parts[1:], strict=True)),
                }
            elif kind == "memo" and len(parts) == 2:
                memos[parts[0]] = parts[1] or None
            elif kind in pairs and len(parts) == 2:
                pairs[kind][parts[0]] = parts[1]
        return cls(codings, memos, pairs["code"], pairs["same"], pairs["state"], saved)


def memo_hash(text: str) -> str:
    """Return the hash by which the log tells one text of a memo from another."""
    return hashlib.sha256(text.encode("utf-8", errors="replace")).hexdigest()[:16]


Same = Callable[[Row, Row], bool]


def merge_row(
    base: Row | None, ours: Row | None, theirs: Row | None, same: Mapping[str, Same]
) -> tuple[Row | None, tuple[str, ...]]:
    """Return one coding out of three states, and what differs where both sides changed it.

    What one side left as it was comes from the other. What both changed stays as it is in the study.

    Parameters
    ----------
    base, ours, theirs
        As both began, in the study, in the file; None where it is not there.
    same
        "place", "code" and "stance", each with what tells whether two rows agree in it.

    Examples
    --------
    >>> same = {key: (lambda one, two, key=key: one[key] == two[key]) for key in ("place", "code", "stance")}
    >>> one = {"start": "1", "end": "2", "version": "v", "place": "1", "code": "a", "stance": "mixed"}
    >>> merged, differs = merge_row(one, {**one, "stance": "counters"}, {**one, "code": "b"}, same)
    >>> merged["code"], merged["stance"], differs
    ('b', 'counters', ())
    >>> merge_row(one, {**one, "code": "c"}, {**one, "code": "b"}, same)[1]
    ('code',)
    """

    def alike(one: Row | None, other: Row | None) -> bool:
        if one is None or other is None:
            return one is other
        return all(each(one, other) for each in same.values())

    if alike(theirs, base) or alike(ours, theirs):
        return ours, ()
    if alike(ours, base) and (ours is None or theirs is None):
        return theirs, ()
    if ours is None:
        return None, ("taken off here",)
    if theirs is None:
        return ours, ("taken off there",)
    merged, differs = dict(ours), []
    for name, agree in same.items():
        if agree(ours, theirs) or (base is not None and agree(theirs, base)):
            continue
        if base is not None and agree(ours, base):
            merged.update({key: theirs[key] for key in (PLACE if name == "place" else (name,))})
        else:
            differs.append(name)
    return merged, tuple(differs)
