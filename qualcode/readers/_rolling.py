"""Captions that show words more than once: doubled cues, and lines that roll up or grow word by word.

YouTube's automatic captions and live captions show each line two or three times: new below, then moved up,
or again with one more word. As everywhere, the whole file is the evidence: only where at least a third of the
cues go on with what the one above shows is a repeated line taken once. Elsewhere "No." after "No." was said
twice, and so it was after a cue that shows nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from qualcode.readers._reading import Note, counted

_ENOUGH = 3  # cues; fewer are no evidence
_GAP = 0.5  # seconds; later than this a repeated line was said again
_SCREEN = 12  # lines; no screen shows more

T = TypeVar("T")


def drop_doubles(cues: Sequence[T]) -> tuple[list[T], list[Note]]:
    """Return cues without those that repeat the one above in everything, times and words.

    Examples
    --------
    >>> drop_doubles(["1 Yes.", "1 Yes.", "2 Yes."])[0]
    ['1 Yes.', '2 Yes.']
    """
    kept: list[T] = []
    for cue in cues:
        if not kept or cue != kept[-1]:
            kept.append(cue)
    doubled = len(cues) - len(kept)
    if not doubled:
        return kept, []
    verb = "stands" if doubled == 1 else "stand"
    return kept, [
        Note("dropped", f"{counted(doubled, 'cue')} that {verb} twice, with the same times and words.")
    ]


def unroll(
    shown: Sequence[list[str]], times: Sequence[tuple[float, float | None]]
) -> tuple[list[list[str]], dict[int, float | None], list[Note]]:
    """Return the lines that are new in each cue, the later ends of cues that only went on, and notes.

    Parameters
    ----------
    shown
        The lines of each cue.
    times
        Begin and end of each cue.

    Examples
    --------
    >>> shown = [["so we"], ["so we", "test it"], ["test it"], ["test it", "each"], ["each day"]]
    >>> new, ends, notes = unroll(shown, [(n, n + 1) for n in range(5)])
    >>> new, ends
    ([['so we'], ['test it'], [], ['each day'], []], {1: 3, 3: 5})
    >>> print(*notes)
    changed: Rolling captions: 4 cues repeat lines of the cue above; each line was taken once.
    """
    overlaps = _overlaps(shown, times)
    rolling = sum(1 for count in overlaps if count)
    if rolling < _ENOUGH or rolling * 3 < len([lines for lines in shown if lines]):
        return list(shown), {}, []
    new: list[list[str]] = []
    ends: dict[int, float | None] = {}
    owner = -1  # the cue that holds the last new line
    for at, (lines, count) in enumerate(zip(shown, overlaps, strict=True)):
        if count and owner >= 0:
            new[owner][-1] = lines[count - 1]  # the same line, or the same with more words
        fresh = lines[count:]
        if lines and not fresh:
            ends[owner] = times[at][1]
        new.append(fresh)
        if fresh:
            owner = at
    return (
        new,
        ends,
        [
            Note(
                "changed",
                f"Rolling captions: {counted(rolling, 'cue')} repeat lines of the cue above; each line was taken once.",
            )
        ],
    )


def _overlaps(shown: Sequence[list[str]], times: Sequence[tuple[float, float | None]]) -> list[int]:
    """Return for each cue how many of its first lines are the last ones of the cue above."""
    counts: list[int] = []
    above: list[str] = []
    until: float | None = None
    for lines, (begins, ends) in zip(shown, times, strict=True):
        near = until is None or begins <= until + _GAP
        counts.append(_overlap(above, lines) if near else 0)
        above, until = lines, ends
    return counts


def _overlap(above: list[str], lines: list[str]) -> int:
    for count in range(min(len(above), len(lines), _SCREEN), 0, -1):
        tail = above[-count:]
        if lines[: count - 1] == tail[:-1] and _goes_on(tail[-1], lines[count - 1]):
            return count
    return 0


def _goes_on(before: str, after: str) -> bool:
    """Whether a line is the one before, or that one with more words."""
    return after == before or (after.startswith(before) and not after[len(before)].isalnum())
