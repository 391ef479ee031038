"""Where a place of one text stands in another: through the difference, else by its words, else nowhere.

::

    old   So the modle drifts, and nobody sees it.
                 [---------]                              a coding
    new   So, honestly, the model drifts, and nobody sees it.
                            [---------]                   "edited": its borders stand, words inside changed

A place is *sure* when its words are the same, or when only words inside it changed and its borders
stand. What merely looks similar is proposed, never taken; so is a place that grew by more than what is left of
its words, or that now reaches over the border of a turn which it did not cross before.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from qualcode.edits import Edit, edits_between, follow, narrowed
from qualcode.span import Span
from qualcode.transcript import TimeMark, Turn

__all__ = [
    "DOUBLE", "EDITED", "FOUND", "LOST", "MOVED", "SAME", "SIMILAR", "SURE", "Edit", "Placement", "Relocation",
    "edits_between", "follow", "narrowed", "within_turns",
]  # fmt: skip

CONTEXT = 60
"""How many characters on either side tell one place from another with the same words."""

KEPT_ENOUGH = 0.5
"""A passage of which less than this share is left, by the difference alone, is another passage."""

SIMILAR_ENOUGH = 70.0
"""Least similarity (0 to 100) of a place that is proposed to a person."""

SAME, MOVED, EDITED, FOUND, SIMILAR, LOST = "same", "moved", "edited", "found", "similar", "lost"
DOUBLE = "double"
"""Of two codings that a changed text made one, the later."""

SURE = (SAME, MOVED, EDITED, FOUND)


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a span of the old text stands in the new one.

    Parameters
    ----------
    span
        The place in the new text; for "similar" a proposal, for "lost" None.
    how
        "same" (not moved), "moved" (the same words elsewhere), "edited" (words inside it changed),
        "found" (the same words, put elsewhere by the author), "similar", "lost", "double" (sure, but another coding
        of the same code and coder stands there already).
    """

    span: Span | None
    how: str

    @property
    def sure(self) -> bool:
        """Whether the place can be taken without asking a person."""
        return self.how in SURE


def within_turns(
    way: Relocation, placement: Placement, before: Span, old_turns: Sequence[Turn], new_turns: Sequence[Turn]
) -> Placement:
    r"""Return a placement; only similar, and cut off there, where it takes in the border of one more turn.

    What is proposed for a passage of one turn lies within one turn.

    Parameters
    ----------
    way
        The way from the old text to the new one.
    placement
        Where a span of the old text stands in the new one.
    before
        The span in the old text.
    old_turns, new_turns
        The turns of both texts, in order.

    Examples
    --------
    >>> way = Relocation("Maria: It drifts.", "Maria: It drifts, \nBob: we saw. It.")
    >>> one, two = Turn(1, "Maria", Span(7, 17)), Turn(1, "Maria", Span(7, 17))
    >>> within_turns(way, Placement(Span(7, 33), "edited"), Span(7, 17), [one], [two, Turn(2, "Bob", Span(24, 35))])
    Placement(span=Span(start=7, end=17), how='similar')
    """
    if placement.how == SIMILAR and placement.span is not None:
        return Placement(_in_one_turn(placement.span, before, old_turns, new_turns), SIMILAR)
    if placement.how != EDITED or placement.span is None:
        return placement
    start, end = placement.span.start, placement.span.end
    more = _not_from(way, _beginning_in(before, old_turns), _beginning_in(placement.span, new_turns))
    if not more:
        return placement
    first, last = way.kept_of(before)
    left = [turn for turn in more if turn.span.start <= first]
    if left and first < last:
        start = left[-1].span.start
    right = next((turn for turn in more if turn not in left), None)
    if right is not None:
        beyond = bisect_left(new_turns, right.span.start, key=_start)
        own = new_turns[beyond - 1].span.end if beyond else end
        end = own if start < own <= end else end
    return Placement(Span(start, end), SIMILAR)


def _not_from(way: Relocation, old: Sequence[Turn], new: Sequence[Turn]) -> list[Turn]:
    """Return the turns of the new text that do not begin where one of these old ones began."""
    borders = [
        (min(way.end_of(turn.span.start), way.begin_of(turn.span.start)), way.begin_of(turn.span.start))
        for turn in old
    ]
    more = []
    for turn in new:
        own = next((border for border in borders if border[0] <= turn.span.start <= border[1]), None)
        if own is None:
            more.append(turn)
        else:
            borders.remove(own)
    return more


def _in_one_turn(span: Span, before: Span, old_turns: Sequence[Turn], new_turns: Sequence[Turn]) -> Span:
    """Return what of a proposed place lies in the turn that has most of it, where the passage was in one turn."""
    at = bisect_right(old_turns, before.start, key=_start) - 1
    if at < 0 or not old_turns[at].span.covers(before):
        return span
    first = max(0, bisect_right(new_turns, span.start, key=_start) - 1)
    parts = [
        part
        for turn in new_turns[first : bisect_left(new_turns, span.end, key=_start)]
        if (part := turn.span.intersection(span))
    ]
    return max(parts, key=lambda part: part.length, default=span)


def _beginning_in(span: Span, turns: Sequence[Turn]) -> Sequence[Turn]:
    """Return the turns that begin inside a span, without one that begins with it."""
    return turns[bisect_right(turns, span.start, key=_start) : bisect_left(turns, span.end, key=_start)]


def _start(turn: Turn) -> int:
    return turn.span.start


@dataclass(frozen=True)
class Relocation:
    """The way from one text to another, for places of every kind.

    Parameters
    ----------
    old, new
        The texts.
    edits
        The changes in order; by default found by comparing the texts.
    known
        Whether the edits are what somebody did, and not what a comparison guessed.

    Examples
    --------
    >>> way = Relocation("So the modle drifts.", "So, well, the model drifts.")
    >>> way.place(Span(7, 19))
    Placement(span=Span(start=14, end=26), how='edited')
    """

    old: str
    new: str
    edits: tuple[Edit, ...] = ()
    known: bool = False

    def __post_init__(self) -> None:
        if not self.known:
            object.__setattr__(self, "edits", edits_between(self.old, self.new))

    @cached_property
    def _starts(self) -> list[int]:
        return [edit.start for edit in self.edits]

    @cached_property
    def _ends(self) -> list[int]:
        return [edit.end for edit in self.edits]

    def place(self, span: Span) -> Placement:
        """Return where a passage stands in the new text."""
        through = self._through(span)
        if through is not None and through.sure:
            return through
        quote = self.old[span.start : span.end]
        return self._by_words(span, quote) or self._similar(span, quote) or through or Placement(None, LOST)

    def _through(self, span: Span) -> Placement | None:
        """Follow the difference; None where a border fell into a change or nothing is left."""
        first, last = bisect_right(self._ends, span.start), bisect_left(self._starts, span.end)
        touched = self.edits[first:last]
        if any(edit.start < span.start or edit.end > span.end for edit in touched):
            return None
        start, end = self.begin_of(span.start), self.end_of(span.end)
        if start >= end or not self.new[start:end].strip():
            return None
        if not touched:
            return Placement(Span(start, end), SAME if start == span.start else MOVED)
        kept = span.length - sum(edit.end - edit.start for edit in touched)
        if not self.known and kept < KEPT_ENOUGH * span.length:
            return Placement(Span(start, end), SIMILAR) if kept > 0 else None
        most = (
            span.length if self.known else kept
        )  # who replaces a whole passage says what stands in its place
        return Placement(Span(start, end), SIMILAR if end - start - span.length > most else EDITED)

    def begin_of(self, position: int) -> int:
        """Return where what begins at a position begins now; inside a change: behind what replaced it."""
        index = bisect_right(self._ends, position)
        if index < len(self.edits) and self.edits[index].start < position:
            return self.edits[index].new_end
        return self._behind(index, position)

    def kept_of(self, span: Span) -> tuple[int, int]:
        """Return from where to where in the new text something of a passage stands that was not changed at its borders."""
        first, last = bisect_right(self._ends, span.start), bisect_left(self._starts, span.end)
        start, end = self.begin_of(span.start), self.end_of(span.end)
        touched = self.edits[first:last]
        if touched and touched[0].start <= span.start:
            start = touched[0].new_end
        if touched and touched[-1].end >= span.end:
            end = touched[-1].new_start
        return start, end

    def end_of(self, position: int) -> int:
        """Return where what ends at a position ends now; inside a change: behind what replaced it."""
        return self._behind(bisect_left(self._starts, position), position)

    def _behind(self, index: int, position: int) -> int:
        """Follow a position that has so many changes before it."""
        if index == 0:
            return position
        edit = self.edits[index - 1]
        return edit.new_end + max(0, position - edit.end)

    def _by_words(self, span: Span, quote: str) -> Placement | None:
        """Find the same words where the new text does not have them from elsewhere in the old one."""
        words = quote.strip()
        places = []
        at = self.new.find(quote)
        while at >= 0 and words:
            if self._is_new(at, at + len(quote)):
                places.append(at)
            at = self.new.find(quote, at + 1)
        if not places:
            return None
        likeness = sorted(((self._likeness(span, at, len(quote)), -at) for at in places), reverse=True)
        best = Span(-likeness[0][1], -likeness[0][1] + len(quote))
        alone = len(places) == 1 and len(words.split()) >= 3 and self.old.count(quote) == 1
        clear = likeness[0][0] >= 80 and (len(likeness) == 1 or likeness[0][0] - likeness[1][0] >= 15)
        return Placement(best, FOUND if alone or clear else SIMILAR)

    def _is_new(self, start: int, end: int) -> bool:
        """Whether a stretch of the new text holds something that the old text does not have there."""
        return any(
            (edit.new_start < end and start < edit.new_end) or start < edit.new_start < end
            for edit in self.edits
        )

    def _likeness(self, span: Span, at: int, length: int) -> float:
        from rapidfuzz import fuzz

        old = self.old[max(0, span.start - CONTEXT) : span.start], self.old[span.end : span.end + CONTEXT]
        new = self.new[max(0, at - CONTEXT) : at], self.new[at + length : at + length + CONTEXT]
        return max(fuzz.ratio(old[0], new[0]), fuzz.ratio(old[1], new[1]))

    def _similar(self, span: Span, quote: str) -> Placement | None:
        """Propose the most similar stretch: near where the passage stood, else anywhere."""
        from rapidfuzz import fuzz

        if not quote.strip():
            return None
        room = 2 * span.length + 5 * CONTEXT
        low = max(0, self.begin_of(span.start) - room)
        high = self.end_of(span.end) + room
        for begin, stretch in ((low, self.new[low:high]), (0, self.new)):
            found = fuzz.partial_ratio_alignment(quote, stretch, score_cutoff=SIMILAR_ENOUGH)
            if found is None or len(quote) > len(stretch) or found.dest_end <= found.dest_start:
                continue
            start, end = begin + found.dest_start, begin + found.dest_end
            start, end = self._whole_words(start, end)
            if self.new[start:end].strip():
                return Placement(Span(start, end), SIMILAR)
        return None

    def _whole_words(self, start: int, end: int) -> tuple[int, int]:
        """Widen or narrow a stretch so that it begins and ends with whole words."""
        text = self.new
        while 0 < start < end and text[start - 1].isalnum() and text[start].isalnum():
            start -= 1
        while start < end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
            end += 1
        while start < end and text[start].isspace():
            start += 1
        while end > start and text[end - 1].isspace():
            end -= 1
        return start, end

    # -- what a text is made of ------------------------------------------------------------------

    def turns(self, turns: Sequence[Turn]) -> tuple[tuple[Turn, ...], dict[int, int]]:
        """Return the turns of the new text, and old number to new; a turn without words left is gone.

        What was added at the border of a turn on its own line belongs to it.
        """
        found: list[Turn] = []
        numbers: dict[int, int] = {}
        end = 0
        for turn in turns:
            span = self._turn(turn.span, end)
            if span is None:
                continue
            end = span.end
            numbers[turn.number] = len(found) + 1
            found.append(replace(turn, number=len(found) + 1, span=span))
        return tuple(found), numbers

    def _turn(self, span: Span, least: int) -> Span | None:
        start, end = self.begin_of(span.start), self.end_of(span.end)
        if not self._inside(span.start):
            inserted = self.new[self.end_of(span.start) : start]
            start -= len(inserted) - (inserted.rfind("\n") + 1)
        if self._inside(span.end):  # the change reaches beyond the turn: what it says up to its line end
            first = self.edits[bisect_left(self._starts, span.end) - 1].new_start
            end = first + len(self.new[first:end].partition("\n")[0])
        else:
            end += len(self.new[end : self.begin_of(span.end)].partition("\n")[0])
        start = max(start, least)
        words = self.new[start:end]
        start += len(words) - len(words.lstrip())
        end = start + len(words.strip())
        return Span(start, end) if start < end else None

    def _inside(self, position: int) -> bool:
        index = bisect_left(self._starts, position) - 1
        return index >= 0 and self.edits[index].end > position

    def marks(self, marks: Iterable[TimeMark]) -> tuple[TimeMark, ...]:
        """Return the time marks of the new text; none is lost, for a moment stays a moment."""
        return tuple(replace(mark, position=self.begin_of(mark.position)) for mark in marks)
