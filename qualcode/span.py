"""Span: a stretch of a text, [start, end), counted in Unicode code points from 0."""

from __future__ import annotations

from dataclasses import dataclass

from qualcode.errors import InvalidValue


@dataclass(frozen=True, order=True, slots=True)
class Span:
    """A stretch of a text: from `start` up to, but without, `end`.

    Positions are Unicode code points from 0, as Python counts them, so ``text[span.start:span.end]``
    is the words of the span. A span is never empty.

    ::

        text   T h e   m o d e l   d r i f t s
               0 1 2 3 4 5 6 7 8 9 ...
        Span(4, 9)     |---------|            "model"

    Parameters
    ----------
    start, end
        Code points, ``0 <= start < end``.

    Raises
    ------
    InvalidValue
        If the span is empty, backward or begins before the text.

    Examples
    --------
    >>> Span(4, 9).length
    5
    >>> Span(4, 9).overlaps(Span(8, 12)), Span(4, 9).overlaps(Span(9, 12))
    (True, False)
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise InvalidValue(
                f"A span must begin at 0 or later and end after its start, got [{self.start}, {self.end}). "
                "Give start and end in characters of the text, counted from 0."
            )

    def __contains__(self, position: int) -> bool:
        return self.start <= position < self.end

    @property
    def length(self) -> int:
        """Number of code points."""
        return self.end - self.start

    def overlaps(self, other: Span) -> bool:
        """Whether the two share at least one character; touching is not enough."""
        return self.start < other.end and other.start < self.end

    def covers(self, other: Span) -> bool:
        """Whether every character of `other` lies in this span."""
        return self.start <= other.start and other.end <= self.end

    def gap(self, other: Span) -> int:
        """Number of characters between the two; 0 where they touch or overlap."""
        return max(0, max(self.start, other.start) - min(self.end, other.end))

    def intersection(self, other: Span) -> Span | None:
        """Return what the two share, or None.

        ::

            self    |-------|
            other        |-------|
            shared       |--|
        """
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Span(start, end) if start < end else None

    def jaccard(self, other: Span) -> float:
        """Shared characters divided by the characters that either covers, 0 to 1."""
        shared = self.intersection(other)
        if shared is None:
            return 0.0
        return shared.length / (self.length + other.length - shared.length)

    def shifted(self, by: int) -> Span:
        """Return the span moved by a number of characters."""
        return Span(self.start + by, self.end + by)
