"""Pseudonyms put into a reading: text, labels, title and notes; and what is said of it, never by a real name."""

from __future__ import annotations

import itertools
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from qualcode.readers._pseudonyms import Found, Names, beside_digits
from qualcode.readers._reading import Hidden, Note, Reading, counted, listed
from qualcode.span import Span
from qualcode.transcript import TimeMark


def replace_labels(reading: Reading, names: Names) -> Reading:
    """Return a reading whose labels, roles and title hold no listed name."""
    return replace(
        reading,
        turns=tuple(
            replace(turn, speaker=names.replace(turn.speaker)) if turn.speaker is not None else turn
            for turn in reading.turns
        ),
        title=names.replace(reading.title),
        roles={names.replace(label): role for label, role in reading.roles.items()},
    )


def replace_names(reading: Reading, names: Names, beside: Iterable[str] = ()) -> Reading:
    """Return a reading in which no listed name is left: text, labels, roles, title, notes, hidden data.

    Turns, marks and the places of hidden data move with the text. A name that reaches over the border of a turn is replaced on both
    sides. Notes say what was replaced, what was never found, and what still stands in longer words.

    Parameters
    ----------
    reading
        What was read.
    names
        The names.
    beside
        Other words of the file, in which names count as found: labels before they were replaced, its name.

    Examples
    --------
    >>> from qualcode.transcript import Turn
    >>> reading = Reading("Ana: I met Joe.", (Turn(1, "Ana", Span(5, 15)),))
    >>> done = replace_names(reading, Names({"Ana": "P1", "Joe": "a colleague"}))
    >>> done.text, done.turns[0]
    ('P1: I met a colleague.', Turn(number=1, speaker='P1', span=Span(start=4, end=22), begins=None, ends=None))
    """
    labels = list(dict.fromkeys(turn.speaker for turn in reading.turns if turn.speaker is not None))
    places = names.find(reading.text)
    notes = _notes(reading, names, places, [*labels, reading.title, *beside])
    text, old, new = _replaced(reading, places)

    def moved(position: int) -> int:
        index = bisect_right(old, position) - 1
        if index + 1 < len(new):
            return min(new[index] + position - old[index], new[index + 1])
        return new[index]

    reading = replace_labels(reading, names)
    return replace(
        reading,
        text=text,
        turns=tuple(
            replace(turn, span=Span(moved(turn.span.start), moved(turn.span.end))) for turn in reading.turns
        ),
        marks=tuple(TimeMark(moved(mark.position), mark.begins, mark.ends) for mark in reading.marks),
        notes=(*(replace(note, message=names.replace(note.message)) for note in reading.notes), *notes),
        hidden=tuple(_without_names(each, names, moved) for each in reading.hidden),
    )


def _without_names(hidden: Hidden, names: Names, moved: Callable[[int], int]) -> Hidden:
    span = None
    if hidden.span is not None:
        start, end = moved(hidden.span.start), moved(hidden.span.end)
        span = Span(start, end) if start < end else None  # it stood inside of a name
    return Hidden(
        hidden.kind,
        names.replace(hidden.name),
        names.replace(hidden.value),
        names.replace(hidden.author),
        span,
    )


def parts_of(text: str, place: Found, borders: Sequence[int]) -> list[tuple[int, int]]:
    r"""Return the parts of a name's place on either side of borders of turns, which it may reach over.

    Examples
    --------
    >>> parts_of("ask Ana\nLima", Found(4, 12, 0, "P1"), [0, 7, 8])
    [(4, 7), (8, 12)]
    """
    cuts = borders[bisect_right(borders, place.start) : bisect_left(borders, place.end)]
    found = []
    for start, end in itertools.pairwise([place.start, *cuts, place.end]):
        core = text[start:end].strip()
        if any(character.isalnum() for character in core):
            start += len(text[start:end]) - len(text[start:end].lstrip())
            found.append((start, start + len(core)))
    return found


def _replaced(reading: Reading, places: Sequence[Found]) -> tuple[str, list[int], list[int]]:
    """Return the new text, and positions that correspond; between two both texts run alike, or a name stood."""
    text = reading.text
    borders = sorted({at for turn in reading.turns for at in (turn.span.start, turn.span.end)})
    pieces: list[str] = []
    old, new = [0], [0]
    length = at = 0

    def keep(words: str, until: int) -> None:
        nonlocal length, at
        pieces.append(words)
        length += len(words)
        old.append(until)
        new.append(length)
        at = until

    for place in places:
        for start, end in parts_of(text, place, borders):
            for border in borders[bisect_right(borders, at) : bisect_right(borders, start)]:
                keep(text[at:border], border)
            keep(text[at:start], start)
            keep(beside_digits(text, start, end, place.pseudonym), end)
    for border in borders[bisect_right(borders, at) :]:
        keep(text[at:border], border)
    keep(text[at:], len(text))
    return "".join(pieces), old, new


# -- what is said ----------------------------------------------------------------------------------


def _notes(reading: Reading, names: Names, places: Sequence[Found], beside: Sequence[str]) -> list[Note]:
    total = Counter(place.pseudonym for place in places)
    each = ", ".join(f"{pseudonym}: {count:,}" for pseudonym, count in total.items())
    notes = [
        Note("changed", f"Names replaced in the text: {len(places):,}" + (f" ({each})." if each else "."))
    ]
    small: dict[str, list[int]] = {}
    for place in places:
        if place.small:
            small.setdefault(place.pseudonym, []).append(place.start)
    if small:
        listing = "; ".join(f"{who} in {_places(reading, at)}" for who, at in small.items())
        notes.append(
            Note(
                "changed",
                f"Some of them stood in small letters: {listing}. If that is an ordinary word, give it as its own "
                "pseudonym, and it stays.",
            )
        )
    there = {place.name for place in places}
    there |= {place.name for words in beside for place in names.find(words)}
    missing = [name for number, name in enumerate(names.names) if number not in there]
    if missing:
        behind = Counter(name.pseudonym for name in names.names)
        gone = Counter(name.pseudonym for name in sorted(missing, key=lambda name: name.pseudonym))
        listing = ", ".join(
            who if count == behind[who] == 1 else f"{who} ({count} of its {behind[who]} names)"
            for who, count in gone.items()
        )
        notes.append(
            Note(
                "dropped",
                f"pseudonyms= lists {counted(len(missing), 'name')} never found: {listing}. Check the spelling.",
            )
        )
    notes.extend(_left_notes(reading, names, beside))
    return notes


def _left_notes(reading: Reading, names: Names, beside: Sequence[str]) -> list[Note]:
    kinds = ("inside longer words", "with other accents", "in small letters inside longer words")
    left: dict[str, dict[str, list[int]]] = {}
    for each in names.left(reading.text):
        kind = kinds[1] if each.whole else kinds[0] if each.capital else kinds[2]
        left.setdefault(each.pseudonym, {}).setdefault(kind, []).append(each.start)
    labels = list(dict.fromkeys(turn.speaker for turn in reading.turns if turn.speaker is not None))
    in_labels = Counter(who for label in labels for who in {each.pseudonym for each in names.left(label)})
    notes = []
    for who in sorted({*left, *in_labels}):
        parts = [
            f"{kind} in {_places(reading, left[who][kind])}" for kind in kinds if kind in left.get(who, {})
        ]
        if in_labels[who]:
            parts.append(f"in {counted(in_labels[who], 'label')}")
        notes.append(
            Note(
                "kept",
                f"The name behind {who} still stands {'; '.join(parts)}. Read there, and list such words as names too.",
            )
        )
    return notes


def _places(reading: Reading, positions: Sequence[int]) -> str:
    """Return "3 places (turn 2, 5)"; beside the turns, lines are counted."""
    turns: dict[int, None] = {}
    lines: dict[int, None] = {}
    starts = [turn.span.start for turn in reading.turns]
    for position in positions:
        at = bisect_right(starts, position) - 1
        if at >= 0 and position < reading.turns[at].span.end:
            turns[reading.turns[at].number] = None
        else:
            lines[reading.text.count("\n", 0, position) + 1] = None
    where = [f"turn {listed(list(turns))}"] if turns else []
    where += [f"line {listed(list(lines))}"] if lines else []
    return f"{counted(len(positions), 'place')} ({', '.join(where)})"
