"""Which stretches of a text somebody said who withdraws: their turns with what stands before the words, in any version.

In an older text the labels may have been others, or none. What they said there is found by comparing it with the
newest text: what has the same words, and what stands between them.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from qualcode.relocate import edits_between
from qualcode.transcript import Turn

ENOUGH_WORDS = 3
"""So many words in a row, the same as theirs, are theirs also where somebody else's label stands."""

_TIME = re.compile(r"[\[(<]?\d+[\d:.,\s]*(?:-->?|–)?[\d:.,\s]*[\])>]?")
_BORDER = " \t\n:;,.-–—*_#>[](){}\"'"

Stretch = tuple[int, int]
"""Start and end in a text."""


class _Part(NamedTuple):
    """A turn with its label (its words begin at `words`), or what stands between two turns."""

    start: int
    words: int
    end: int
    label: str | None
    is_turn: bool


def label_start(text: str, before: int, turn: Turn) -> int:
    r"""Return where a turn begins with its label: on the same line, or alone on a line above.

    Parameters
    ----------
    before
        Where the turn before it ends.

    Examples
    --------
    >>> from qualcode.span import Span
    >>> label_start("Hi.\n[0:05] Ana: Yes.", 3, Turn(1, "Ana", Span(16, 20)))
    4
    >>> label_start("Hi.\n\nAna\n0:05\nYes.", 3, Turn(1, "Ana", Span(14, 18)))
    5
    """
    start = turn.span.start
    line = max(before, text.rfind("\n", 0, start) + 1)
    if text[line:start].strip():
        return line
    while line > before:
        above = max(before, text.rfind("\n", 0, line - 1) + 1)
        if any(letter.isalpha() for letter in text[above:line]):
            return above
        line = above
    return start


def label_words(stretch: str) -> str:
    """Return the name in what stands before the words of a turn.

    Examples
    --------
    >>> label_words("[00:01:02] Ana Lima: "), label_words("Ana (typed):")
    ('Ana Lima', 'Ana (typed')
    """
    return _TIME.sub(" ", stretch).strip(_BORDER)


def names_in(text: str, turns: Sequence[Turn], labels: Collection[str | None]) -> set[str]:
    """Return how the speakers of some labels are called in the text itself.

    Examples
    --------
    >>> from qualcode.span import Span
    >>> names_in("Maria: Yes.", [Turn(1, "P1", Span(7, 11))], {"P1"})
    {'Maria'}
    """
    parts = (part for part in _parts(text, turns) if part.label is not None and part.label in labels)
    names = {label_words(text[part.start : part.words]) for part in parts}
    return {name for name in names if 0 < len(name) <= 60}


def stretches_of(text: str, turns: Sequence[Turn], labels: Collection[str | None]) -> list[Stretch]:
    """Return the turns of some labels, each with its label."""
    return [(part.start, part.end) for part in _parts(text, turns) if part.is_turn and part.label in labels]


def stretches_in_older(
    old: str, old_turns: Sequence[Turn], new: str, new_turns: Sequence[Turn], labels: Collection[str | None]
) -> list[Stretch]:
    r"""Return what people of some labels said in an older version of a text.

    Parameters
    ----------
    old, old_turns
        The older text.
    new, new_turns
        The newest text, whose labels are known.
    labels
        Their labels in the newest text.

    Examples
    --------
    >>> from qualcode.span import Span
    >>> old, new = "Yes, I did. And you?", "Ana: Yes, I did.\nBen: And you?"
    >>> turns = (Turn(1, "Ana", Span(5, 16)), Turn(2, "Ben", Span(22, 30)))
    >>> [old[start:end] for start, end in stretches_in_older(old, (), new, turns, {"Ana"})]
    ['Yes, I did.']
    """
    regions = [part for part in _parts(new, new_turns) if part.is_turn]
    others = {part.label for part in regions if part.label is not None} - {*labels}
    equal = list(_equal(old, new))
    mine = [at for at, _ in _carried(equal, [part for part in regions if part.label in labels])]
    theirs = [
        at
        for at, whole in _carried(equal, [part for part in regions if part.label not in labels])
        if whole or _has_enough(old, at)
    ]
    found: list[Stretch] = []
    for part in _parts(old, old_turns):
        here, other = _clipped(mine, part), _clipped(theirs, part)
        more_here = _length(here) >= _length(other)
        if part.is_turn and part.label in labels:
            found.append((part.start, part.end))
        elif part.is_turn and part.label is None and here and other:
            found += _between(part, other)  # nobody parted it: only what is surely another's stays
        elif part.is_turn and part.label not in others and more_here:
            found.append((part.start, part.end))
        else:
            found += [at for at in here if _has_enough(old, at)]
    return [(start, end) for start, end in (_trimmed(old, at) for at in found) if start < end]


def _has_enough(text: str, stretch: Stretch) -> bool:
    return len(re.findall(r"\w+", text[slice(*stretch)])) >= ENOUGH_WORDS


def _length(stretches: Iterable[Stretch]) -> int:
    return sum(end - start for start, end in stretches)


def _parts(text: str, turns: Sequence[Turn]) -> Iterator[_Part]:
    """Yield the turns of a text, each from its label on, and what stands between; without turns it is one."""
    if not turns:
        yield _Part(0, 0, len(text), None, True)
        return
    before = 0
    for turn in turns:
        start = label_start(text, before, turn) if turn.speaker is not None else turn.span.start
        if start > before:
            yield _Part(before, before, start, None, False)
        yield _Part(start, turn.span.start, turn.span.end, turn.speaker, True)
        before = turn.span.end
    if before < len(text):
        yield _Part(before, before, len(text), None, False)


def _equal(old: str, new: str) -> Iterator[tuple[int, int, int]]:
    """Yield stretches that both texts share: start and end in the old one, and where it begins in the new one."""
    at = at_new = 0
    for edit in edits_between(old, new):
        if edit.start > at:
            yield at, edit.start, at_new
        at, at_new = edit.end, edit.new_end
    if at < len(old):
        yield at, len(old), at_new


def _carried(equal: Sequence[tuple[int, int, int]], regions: Iterable[_Part]) -> list[tuple[Stretch, bool]]:
    """Return what of some parts of the new text stands in the old one word for word, and whether it is all that somebody said."""
    begins = [begin for _, _, begin in equal]
    found = []
    for region in regions:
        for old_start, old_end, begin in equal[max(0, bisect_right(begins, region.start) - 1) :]:
            if begin >= region.end:
                break
            first, last = max(region.start, begin), min(region.end, begin + old_end - old_start)
            if first < last:
                stretch = old_start + first - begin, old_start + last - begin
                found.append((stretch, first <= region.words and last == region.end))
    return sorted(found)


def _clipped(stretches: Sequence[Stretch], part: _Part) -> list[Stretch]:
    at = max(0, bisect_left(stretches, (part.start, 0)) - 1)
    found = []
    for start, end in stretches[at:]:
        if start >= part.end:
            break
        if max(start, part.start) < min(end, part.end):
            found.append((max(start, part.start), min(end, part.end)))
    return found


def _between(part: _Part, others: Sequence[Stretch]) -> Iterator[Stretch]:
    """Yield what stands between the stretches of others."""
    borders = [part.start, *(at for stretch in others for at in stretch), part.end]
    yield from zip(borders[::2], borders[1::2], strict=True)


def _trimmed(text: str, stretch: Stretch) -> Stretch:
    start, end = stretch
    words = text[start:end]
    start += len(words) - len(words.lstrip())
    return start, start + len(words.strip())
