"""What makes one text into another: its changes, as places in both, found in nearly the time it takes to read them.

Words are compared, not letters. Comparing every word with every other takes a quarter of an hour where an interview
series of 2 MB was corrected, so long stretches are first cut at passages that stand once in either text (as patience
diff does); only the short stretches between are compared in full.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, islice

_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
_WORD = re.compile(r"\w+")

FULLY_COMPARED = 1 << 22
"""Stretches of 2,000 by 2,000 tokens are compared in full; that takes milliseconds."""

ANCHORS = (12, 4, 1)
"""How many tokens in a row must stand once in both texts to hold them together: first many, then few."""


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """One change of a text: old[start:end] became new[new_start:new_end].

    Parameters
    ----------
    start, end
        Code points of the old text; equal where something was only inserted.
    new_start, new_end
        Code points of the new text; equal where something was only deleted.
    """

    start: int
    end: int
    new_start: int
    new_end: int


def edits_between(old: str, new: str) -> tuple[Edit, ...]:
    """Return the changes that make one text into another, in order, none touching the next.

    Words are compared, not letters, so that no change is scattered over letters that happen to be equal;
    then each change is narrowed to the letters that differ.

    Examples
    --------
    >>> edits_between("the modle drifts", "the model drifts often")
    (Edit(start=7, end=9, new_start=7, new_end=9), Edit(start=16, end=16, new_start=16, new_end=22))
    """
    if old == new:
        return ()
    first = _common(old, new)
    last = _common(old[first:][::-1], new[first:][::-1])
    changed: list[Edit] = []
    for start, end, new_start, new_end in _between_lines(old, new, first, last):
        old_words, new_words = _TOKEN.findall(old[start:end]), _TOKEN.findall(new[new_start:new_end])
        old_at = list(accumulate(map(len, old_words), initial=start))
        new_at = list(accumulate(map(len, new_words), initial=new_start))
        changed += [
            Edit(old_at[at], old_at[up_to], new_at[there], new_at[up_there])
            for at, up_to, there, up_there in _changed(old_words, new_words)
        ]
    return tuple(narrowed(edit, old, new) for edit in _joined(changed))


def carry_out(old: str, new: str, edits: Iterable[Edit]) -> str:
    """Return a text with changes carried out, their words taken from the new one.

    Examples
    --------
    >>> carry_out("the modle drifts", "the model drifts", [Edit(7, 9, 7, 9)])
    'the model drifts'
    """
    pieces, at = [], 0
    for edit in edits:
        pieces += [old[at : edit.start], new[edit.new_start : edit.new_end]]
        at = edit.end
    return "".join([*pieces, old[at:]])


def fits(old: str, new: str, edits: Sequence[Edit]) -> bool:
    """Whether changes that somebody wrote down make one text into the other.

    Examples
    --------
    >>> fits("the modle drifts", "the model drifts", [Edit(7, 9, 7, 9)]), fits("the modle", "the model", [])
    (True, False)
    """
    ends = [0, *(place for edit in edits for place in (edit.start, edit.end)), len(old)]
    new_ends = [0, *(place for edit in edits for place in (edit.new_start, edit.new_end)), len(new)]
    in_order = all(places == sorted(places) for places in (ends, new_ends))
    return in_order and carry_out(old, new, edits) == new


def narrowed(edit: Edit, old: str, new: str) -> Edit:
    """Return a change without the letters that both texts share at its borders.

    Examples
    --------
    >>> narrowed(Edit(4, 9, 4, 9), "the modle drifts", "the model drifts")
    Edit(start=7, end=9, new_start=7, new_end=9)
    """
    before, after = old[edit.start : edit.end], new[edit.new_start : edit.new_end]
    first = _common(before, after)
    last = _common(before[first:][::-1], after[first:][::-1])
    return Edit(edit.start + first, edit.end - last, edit.new_start + first, edit.new_end - last)


def follow(edits: Sequence[Edit], position: int, end: bool = False) -> int:
    """Return where a border stands after known changes; inside a change it goes to that change's own border.

    Examples
    --------
    >>> edits = (Edit(4, 9, 4, 6),)   # "met Maria." became "met P1."
    >>> follow(edits, 9), follow(edits, 6), follow(edits, 6, end=True)
    (6, 4, 6)
    """
    moved = position
    for edit in edits:
        if edit.start >= position:
            break
        if edit.end <= position:
            moved = edit.new_end + position - edit.end
        else:
            return edit.new_end if end else edit.new_start
    return moved


def shared_words(old: str, new: str) -> float:
    """Return which share (0 to 1) of the shorter text's sequences of three words the other has too.

    Corrected, shortened or completed, an interview keeps nearly all; two interviews share next to none.

    Examples
    --------
    >>> shared_words("So the model drifts, and nobody sees it.", "The model drifts, and nobody sees it.")
    1.0
    >>> shared_words("So the model drifts, and nobody sees it.", "We hired ten people in spring.")
    0.0
    """
    one, other = (_triples(text) for text in (old, new))
    least = min(len(one), len(other))
    return len(one & other) / least if least else float(old.split() == new.split())


def _triples(text: str) -> set[tuple[str, ...]]:
    words = _WORD.findall(text.casefold())
    return set(zip(words, words[1:], words[2:], strict=False))


# -- comparing words -----------------------------------------------------------------------------------

_Stretch = tuple[int, int, int, int]
"""From and up to which sign or token, in the old text and in the new one."""


def _between_lines(old: str, new: str, first: int, last: int) -> Iterator[_Stretch]:
    """Yield the stretches between lines that stand once in either text; the whole where that is not long."""
    start, new_start, end, new_end = first, first, len(old) - last, len(new) - last
    if (end - start) * (new_end - new_start) > FULLY_COMPARED:
        lines, new_lines = (
            old[start:end].splitlines(keepends=True),
            new[start:new_end].splitlines(keepends=True),
        )
        at, new_at = (list(accumulate(map(len, found), initial=first)) for found in (lines, new_lines))
        for line, new_line in _anchors(lines, new_lines, (0, len(lines), 0, len(new_lines)), (1,)):
            if (start, new_start) != (at[line], new_at[new_line]):
                yield start, at[line], new_start, new_at[new_line]
            start, new_start = at[line + 1], new_at[new_line + 1]
    if (start, new_start) != (end, new_end):
        yield start, end, new_start, new_end


def _changed(old: Sequence[str], new: Sequence[str]) -> list[_Stretch]:
    """Return the stretches of tokens that differ, in order."""
    found: list[_Stretch] = []
    waiting = [(0, len(old), 0, len(new))]
    while waiting:
        start, end, new_start, new_end = _stripped(old, new, waiting.pop())
        if start == end or new_start == new_end:
            found += [(start, end, new_start, new_end)] if start < end or new_start < new_end else []
            continue
        stretch = start, end, new_start, new_end
        if (end - start) * (new_end - new_start) <= FULLY_COMPARED:
            found += _compared(old, new, stretch)
            continue
        anchors = _anchors(old, new, stretch)
        if not anchors:  # thousands of words with nothing in common, or nothing that stands once
            found.append(stretch)
            continue
        for at, new_at in anchors:
            waiting.append((start, at, new_start, new_at))
            start, new_start = at + 1, new_at + 1
        waiting.append((start, end, new_start, new_end))
    return sorted(found)


def _stripped(old: Sequence[str], new: Sequence[str], stretch: _Stretch) -> _Stretch:
    """Return a stretch without the tokens that both texts share at its borders."""
    start, end, new_start, new_end = stretch
    while start < end and new_start < new_end and old[start] == new[new_start]:
        start, new_start = start + 1, new_start + 1
    while start < end and new_start < new_end and old[end - 1] == new[new_end - 1]:
        end, new_end = end - 1, new_end - 1
    return start, end, new_start, new_end


def _compared(old: Sequence[str], new: Sequence[str], stretch: _Stretch) -> list[_Stretch]:
    from rapidfuzz.distance import Levenshtein

    start, end, new_start, new_end = stretch
    return [
        (start + op.src_start, start + op.src_end, new_start + op.dest_start, new_start + op.dest_end)
        for op in Levenshtein.opcodes(old[start:end], new[new_start:new_end])
        if op.tag != "equal"
    ]


def _anchors(
    old: Sequence[str], new: Sequence[str], stretch: _Stretch, lengths: Sequence[int] = ANCHORS
) -> list[tuple[int, int]]:
    """Return pairs of places (in the old and the new text) that belong together, in the order of both."""
    start, end, new_start, new_end = stretch
    for length in lengths:
        there = _once(old, start, end, length)
        pairs = [
            (there[words], at)
            for words, at in _once(new, new_start, new_end, length).items()
            if words in there
        ]
        if pairs:
            return _longest_rising(pairs)
    return []


def _once(tokens: Sequence[str], start: int, end: int, length: int) -> dict[tuple[str, ...], int]:
    """Return every run of so many tokens that stands once in a stretch, to its place."""
    found: dict[tuple[str, ...], int] = {}
    runs = zip(*(islice(tokens, start + shift, end) for shift in range(length)), strict=False)
    for at, run in enumerate(runs, start=start):
        found[run] = -1 if run in found else at
    return {run: at for run, at in found.items() if at >= 0}


def _longest_rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the most pairs that rise in both numbers; the second rises already."""
    least: list[int] = []  # the least last number of a rising series of each length
    last: list[int] = []  # the pair that ends it
    before: list[int] = []
    for index, (at, _) in enumerate(pairs):
        place = bisect_left(least, at)
        before.append(last[place - 1] if place else -1)
        least[place : place + 1] = [at]
        last[place : place + 1] = [index]
    chosen, index = [], last[-1] if last else -1
    while index >= 0:
        chosen.append(pairs[index])
        index = before[index]
    return chosen[::-1]


def _common(one: str, other: str) -> int:
    """Return how many characters two texts share at their beginning."""
    most = min(len(one), len(other))
    if one[:most] == other[:most]:
        return most
    low, high = 0, most
    while low + 1 < high:
        middle = (low + high) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle
    return low


def _joined(edits: Iterable[Edit]) -> list[Edit]:
    joined: list[Edit] = []
    for edit in edits:
        if joined and joined[-1].end == edit.start and joined[-1].new_end == edit.new_start:
            joined[-1] = replace(joined[-1], end=edit.end, new_end=edit.new_end)
        else:
            joined.append(edit)
    return joined
