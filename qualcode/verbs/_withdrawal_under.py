"""What lies in an older text under what somebody says in the newest, whoever's label stood there."""

from __future__ import annotations

from collections.abc import Sequence

from qualcode.relocate import Edit, Relocation
from qualcode.span import Span
from qualcode.transcript import Turn
from qualcode.verbs._withdrawal_words import Stretch, label_start


def backwards(way: Relocation) -> Relocation:
    """Return the way from the newer text to the older.

    Examples
    --------
    >>> backwards(Relocation("Bob: Yes.", "Ben M: Yes.")).place(Span(7, 10))
    Placement(span=Span(start=5, end=8), how='moved')
    """
    edits = tuple(Edit(e.new_start, e.new_end, e.start, e.end) for e in way.edits)
    return Relocation(way.new, way.old, edits, known=True) if way.known else Relocation(way.new, way.old)


def under(ways: Sequence[Relocation], spans: Sequence[Span]) -> tuple[Span | None, bool]:
    """Return where the first of some spans stands at the end of some ways, and whether that is sure.

    Parameters
    ----------
    ways
        From the newest text to the older one.
    spans
        A turn with its label, and its words alone: where a label was put in, only the words have a place before.
    """
    similar = None
    for span in spans:
        at: Span | None = span
        sure = True
        for way in ways:
            if at is not None:
                at, step = _step(way, at)
                sure = sure and step
        if at is not None and sure:
            return at, True
        similar = at or similar
    return similar, False


def _step(way: Relocation, span: Span) -> tuple[Span | None, bool]:
    """Return where a span stands in the older text, and whether that is sure: what was corrected into it surely is."""
    touched = [edit for edit in way.edits if edit.start < span.end and span.start < edit.end]
    if way.known and all(span.start <= edit.start and edit.end <= span.end for edit in touched):
        start, end = way.begin_of(span.start), way.end_of(span.end)
        if start < end and way.new[start:end].strip():
            return Span(start, end), True
    placement = way.place(span)
    return placement.span, placement.sure


def with_label(text: str, turns: Sequence[Turn], span: Span) -> Stretch:
    """Return a place in an older text, with the labels of the turns of which it has all words.

    Examples
    --------
    >>> with_label("Bob: Yes. No.", [Turn(1, "Bob", Span(5, 13))], Span(5, 13))
    (0, 13)
    >>> with_label("Bob: Yes. No.", [Turn(1, "Bob", Span(5, 13))], Span(10, 13))
    (10, 13)
    """
    start, end, before = span.start, span.end, 0
    for turn in turns:
        if (
            turn.speaker is not None
            and turn.span.start < end
            and start <= turn.span.start
            and turn.span.end <= end
        ):
            start = min(start, label_start(text, before, turn))
        before = turn.span.end
    return start, end


def joined(stretches: Sequence[Stretch]) -> list[Stretch]:
    """Return stretches in order, those that overlap as one.

    Examples
    --------
    >>> joined([(4, 9), (0, 2), (6, 12)])
    [(0, 2), (4, 12)]
    """
    found: list[Stretch] = []
    for start, end in sorted(stretches):
        if found and start < found[-1][1]:
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((start, end))
    return found
