"""What is said when a text changed: where codings went, which of them to read again, who speaks where now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from qualcode.relocate import DOUBLE, EDITED, FOUND, LOST, MOVED, SAME, SIMILAR

if TYPE_CHECKING:
    from qualcode.readers import Note
    from qualcode.transcript import Turn

_WORDS = {
    SAME: ("stayed where it was", "stayed where they were"),
    MOVED: ("moved with its words", "moved with their words"),
    EDITED: ("had words changed inside", "had words changed inside"),
    FOUND: ("was found elsewhere in the text", "were found elsewhere in the text"),
    SIMILAR: ("needs a look: its words are only similar", "need a look: their words are only similar"),
    LOST: ("needs a look: its words are gone", "need a look: their words are gone"),
    DOUBLE: (
        "needs a look: it became the same as another of its coder and is not counted",
        "need a look: they became the same as others of their coder and are not counted",
    ),
}

ANOTHER_INTERVIEW = 0.2
"""Where less than this share of three words in a row is in both texts, they may be two interviews."""


@dataclass(frozen=True)
class ChangedWords:
    """A coding inside which words changed. It keeps its place; whether its code still fits, a person must read.

    Parameters
    ----------
    coding, coder
        Which, and whose.
    before, after
        Its words in the text before and in the new one; they are not shown unless asked for.
    code, turn
        Name of its code, and the turn in the new text, None outside turns.
    """

    coding: str
    coder: str
    before: str = field(repr=False)
    after: str = field(repr=False)
    code: str = ""
    turn: int | None = None

    def __str__(self) -> str:
        return f"{self.coding} ({self.code}{f', turn {self.turn}' if self.turn else ''})"


@dataclass(frozen=True)
class CorrectionReport:
    """What became of the codings of a source when its text changed.

    Parameters
    ----------
    source
        The source.
    before, after
        Versions of the text; equal where the text is the same.
    placed
        How codings were placed ("same", "moved", "edited", "found", "similar", "lost", "double") to their number,
        of all coders together.
    turns
        How many turns the new text has.
    suggestions
        As `placed`, of the open suggestions of all assistants.
    turns_before
        How many the text had before.
    edited
        The codings that had words changed inside, with the words before and after: to be read again. One whose words are
        as its coder first read them is not among them.
    told
        What changed in turns and speakers, one sentence each.
    notes
        What was kept, changed, dropped and guessed in the file that was read.
    shared
        Which share (0 to 1) of three words in a row of the shorter text the other has too; where it is small, the
        text may be another interview's.
    """

    source: str
    before: str
    after: str
    placed: Mapping[str, int]
    turns: int
    suggestions: Mapping[str, int] = field(default_factory=dict)
    turns_before: int | None = None
    edited: tuple[ChangedWords, ...] = ()
    told: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    shared: float = 1.0

    @property
    def to_review(self) -> int:
        """How many codings wait for a person; `qc.relocations` lists them."""
        return sum(self.placed.get(how, 0) for how in (SIMILAR, LOST, DOUBLE))

    def __str__(self) -> str:
        lines = [f"{self.source}: {self._text()}", *(f"  {told}" for told in self.told)]
        for how, (one, many) in _WORDS.items():
            if count := self.placed.get(how, 0):
                lines.append(f"  {count} coding{'s' if count > 1 else ''} {many if count > 1 else one}")
        if self.edited:
            ids = ", ".join(str(each) for each in self.edited[:5])
            more = f" and {len(self.edited) - 5} more" if len(self.edited) > 5 else ""
            lines.append(
                f"  to read again: {ids}{more}; qc.relocations(project, all=True) shows old and new words"
            )
        if self.to_review:
            lines.append("  see qc.relocations(project); project.resize or project.relocate places them")
        lost = self.suggestions.get(SIMILAR, 0) + self.suggestions.get(LOST, 0)
        followed = sum(self.suggestions.values()) - lost
        if followed:
            lines.append(f"  {followed} suggestion{'s' if followed > 1 else ''} followed the words")
        if lost:
            lines.append(
                f"  {lost} suggestion{'s' if lost > 1 else ''} lost the place; see qc.relocations(project); "
                "project.change places them, project.reject puts them away"
            )
        if self.shared < ANOTHER_INTERVIEW:
            lines.append(
                f"  the two texts have only {self.shared:.0%} of their words in common: is it the same interview? "
                "project.undo() takes this back"
            )
        return "\n".join([*lines, *(f"  {note}" for note in self.notes)])

    def _text(self) -> str:
        if self.before == self.after and not self.told:
            return "text, turns and speakers are the same; nothing was changed."
        if self.before == self.after:
            return f"the text is the same (version {self.after})"
        was = f", {self.turns_before} before" if self.turns_before not in (None, self.turns) else ""
        return f"a new text of {self.turns} turn{'' if self.turns == 1 else 's'}{was} (version {self.after})"

    __repr__ = __str__


def told_of_turns(before: Sequence[Turn], now: Sequence[Turn], numbers: Mapping[int, int]) -> list[str]:
    """Say what changed in turns and speakers.

    Parameters
    ----------
    before, now
        The turns of both texts.
    numbers
        Number of an old turn to that of the new one which has its words.

    Examples
    --------
    >>> from qualcode import Span, Turn
    >>> one = [Turn(1, "Ana", Span(0, 2)), Turn(2, "Ben", Span(3, 5))]
    >>> two = [Turn(1, "Ana", Span(0, 2)), Turn(2, "Cem", Span(3, 5)), Turn(3, "Ben", Span(6, 8))]
    >>> told_of_turns(one, two, {1: 1, 2: 2})
    ['1 turn is new: 3', '1 turn has another speaker: Ben is Cem (1)', 'new speaker: Cem']
    """
    said = []
    old = set(numbers.values())
    new = [turn.number for turn in now if turn.number not in old]
    counts = Counter(numbers.values())
    gone = [turn.number for turn in before if turn.number not in numbers]
    joined = [turn.number for turn in before if counts[numbers.get(turn.number, 0)] > 1]
    if new:
        said.append(f"{_turns(len(new), 'is', 'are')} new: {_listed(new)}")
    if gone:
        said.append(
            f"{_turns(len(gone), 'has', 'have')} no words any more: {_listed(gone)} of the text before"
        )
    if joined:
        said.append(
            f"{_turns(len(joined), 'was', 'were')} put together: {_listed(joined)} of the text before"
        )
    by_number = {turn.number: turn for turn in now}
    others = Counter(
        (turn.speaker, there.speaker)
        for turn in before
        if (there := by_number.get(numbers.get(turn.number, 0))) and there.speaker != turn.speaker
        if turn.number not in joined
    )
    if others:
        pairs = ", ".join(f"{_name(a)} is {_name(b)} ({count})" for (a, b), count in others.items())
        said.append(f"{_turns(sum(others.values()), 'has', 'have')} another speaker: {pairs}")
    known = {turn.speaker for turn in before}
    arrived = [
        name for name in dict.fromkeys(turn.speaker for turn in now) if name is not None and name not in known
    ]
    if arrived:
        said.append(f"new speaker{'s' if len(arrived) > 1 else ''}: {', '.join(arrived)}")
    return said


def _turns(count: int, one: str, many: str) -> str:
    return f"1 turn {one}" if count == 1 else f"{count} turns {many}"


def _listed(numbers: Sequence[int]) -> str:
    shown = ", ".join(map(str, numbers[:8]))
    return shown + (f" and {len(numbers) - 8} more" if len(numbers) > 8 else "")


def _name(speaker: str | None) -> str:
    return speaker or "nobody named"
