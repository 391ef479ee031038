"""Places that follow their words: what stands where, after words of a text were replaced for good."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from qualcode.coding import Row
from qualcode.relocate import Edit, follow
from qualcode.span import Span
from qualcode.transcript import Turn, text_version

Words = list[tuple[int, int, str]]
"""Places in a text with the words that stood there before."""

Made = Mapping[str, tuple[str, tuple[Edit, ...]]]
"""Version of a text to the text in its place, and how places move."""

Place = tuple[str, int, int]
"""Version of a text, start and end."""


def replaced(text: str, places: Iterable[tuple[int, int, str]]) -> tuple[str, tuple[Edit, ...], Words]:
    """Return a text with places replaced, the edits, and what stood at the new places.

    Examples
    --------
    >>> replaced("I met Maria.", [(6, 11, "P1")])
    ('I met P1.', (Edit(start=6, end=11, new_start=6, new_end=8),), [(6, 8, 'Maria')])
    """
    pieces: list[str] = []
    edits: list[Edit] = []
    words: Words = []
    at = length = 0
    for start, end, instead in places:
        pieces += [text[at:start], instead]
        length += start - at
        edits.append(Edit(start, end, length, length + len(instead)))
        words.append((length, length + len(instead), text[start:end]))
        length += len(instead)
        at = end
    return "".join([*pieces, text[at:]]), tuple(edits), words


def moved_row(row: Row, made: Made) -> Row:
    """Return a coding in the text that stands in the place of its own."""
    if row["version"] not in made:
        return row
    text, edits = made[row["version"]]
    start, end = follow(edits, int(row["start"])), follow(edits, int(row["end"]), True)
    return {**row, "version": text_version(text), "start": str(start), "end": str(end)}


def moved_place(source: str, made: Made, other: str, place: Place) -> Place:
    """Return a place (in some source) after texts of one source were replaced."""
    version, start, end = place
    if other != source or version not in made:
        return place
    text, edits = made[version]
    return text_version(text), follow(edits, start), follow(edits, end, True)


def called_now(source: str, made: Made, other: str, version: str) -> str:
    """Return how a version (of some source) is called after texts of one source were replaced."""
    return text_version(made[version][0]) if other == source and version in made else version


def place_of(row: Row) -> Place:
    """Return where a coding stands."""
    return row["version"], int(row["start"]), int(row["end"])


def moved_turn(turn: Turn, edits: tuple[Edit, ...], speaker: str | None) -> Turn:
    """Return a turn after words were replaced, with the label it has now."""
    span = Span(follow(edits, turn.span.start), follow(edits, turn.span.end, True))
    return Turn(turn.number, speaker, span, turn.begins, turn.ends)


def moved_target(
    target: str, moved: Callable[[str, Place], Place | None], called: Callable[[str, str], str]
) -> str:
    """Return the target of a memo in the text that stands in the place of its own; one that is gone stays."""
    kind, *parts = target.split(":")
    numbers = [int(part) for part in parts[2:] if part.isascii() and part.isdigit()]
    if kind == "turn" and len(parts) == 3 and len(numbers) == 1:
        return f"turn:{parts[0]}:{called(parts[0], parts[1])}:{parts[2]}"
    if kind == "span" and len(parts) == 4 and len(numbers) == 2:
        place = moved(parts[0], (parts[1], numbers[0], numbers[1]))
        return target if place is None else f"span:{parts[0]}:{place[0]}:{place[1]}:{place[2]}"
    return target
