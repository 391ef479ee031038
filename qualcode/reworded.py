"""Codings that are on the newest text already, and whose words are not those that their coder read when placing them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from qualcode.coding import Row
from qualcode.log import REDO, UNDO, Event
from qualcode.span import Span

if TYPE_CHECKING:
    from qualcode.project import Project

BY_HAND = ("relocate", "resize")
"""Steps by which a coder says where a coding of theirs stands: whoever says so has read it."""


class Reworded(NamedTuple):
    """A coding, as its coder placed it and as it is now, with its words then and now."""

    coder: str
    source: str
    before: Row
    now: Row
    old: str
    new: str


def reworded(project: Project) -> Iterator[Reworded]:
    """Yield the codings whose words changed inside since their coder placed them or said that they still hold."""
    placed = placed_by_hand(project._all_events())
    for (coder, source), held in sorted(project._study.counted()):
        here = project._version_here(source)
        for row in held.rows.values():
            first = placed.get((coder, source, row["id"]))
            if first is None or row["version"] != here:
                continue
            span = Span(int(first["start"]), int(first["end"]))
            old = project._words(source, *project._unreplaced(source, first["version"], span))
            new = project._words(source, here, Span(int(row["start"]), int(row["end"])))
            if old is not None and new is not None and old != new:
                yield Reworded(coder, source, first, row, old, new)


def placed_by_hand(events: Iterable[Event]) -> dict[tuple[str, str, str], Row]:
    """Return the codings that were carried from text to text since, as they were placed by hand.

    Parameters
    ----------
    events
        Of all coders, oldest first.

    Returns
    -------
    dict
        Coder, source and id of a coding to its row on the text where its coder last placed it.
    """
    events = list(events)
    undone = _undone(events)
    found: dict[tuple[str, str, str], Row] = {}
    for event in events:
        if event.id in undone:
            continue
        said = event.about.get("codings", [])
        named = {event.about.get("coding"), *(said if isinstance(said, list) else ())}
        for file, rows in event.rows.items():
            _, kind, coder, name = file.split("/")[:4]
            if kind != "codings":
                continue
            source = name.removesuffix(".csv")
            before = {row["id"]: row for row in rows.removed}
            for row in rows.added:
                key, old = (coder, source, row["id"]), before.pop(row["id"], None)
                by_hand = event.verb in BY_HAND and row["id"] in named
                if (
                    old is None
                    or by_hand
                    or (old["version"] == row["version"] and _place(old) != _place(row))
                ):
                    found.pop(key, None)
                elif old["version"] != row["version"]:
                    found.setdefault(key, old)
            for id_ in before:
                found.pop((coder, source, id_), None)
        if event.verb in BY_HAND:
            for key in [key for key in found if key[0] == event.coder and key[2] in named]:
                del found[key]
    return found


def _place(row: Row) -> tuple[str, str]:
    return row["start"], row["end"]


def _undone(events: Iterable[Event]) -> set[str]:
    """Return the ids of events that were taken back and not done again, and of all that did so."""
    of: dict[str, list[str]] = {}
    undone: set[str] = set()

    def meant(id_: str) -> set[str]:
        """Return the steps that an undo or redo is about; a step itself is about itself."""
        return {step for inner in of[id_] for step in meant(inner)} if id_ in of else {id_}

    for event in events:
        if event.verb in (UNDO, REDO):
            of[event.id] = list(event.about.get("of", ()))
            steps = meant(event.id)
            undone = undone | steps if event.verb == UNDO else undone - steps
    return undone | of.keys()
