"""Turns of a text that somebody changed: read again by the rules of prose, and what those rules never told is kept.

::

    old   Maria: We decide.        new   Ruth: We decide.          the label changed: another speaker
          Bob: It took weeks.            Bob: It took weeks.
                                         Maria: It did.            a new line with a label: a new turn

The rules read both texts. Wherever they find in the old one what the turns say (a speaker, a border, a time),
they are believed in the new one as well; wherever a turn has it from elsewhere (a table, bold type, `speakers=`,
somebody's hand), it stays and follows the text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace

from qualcode.readers._lines import split_lines
from qualcode.readers._names import label_key
from qualcode.readers._reading import Reading
from qualcode.readers._turns import read_prose
from qualcode.relocate import Relocation
from qualcode.span import Span
from qualcode.transcript import TimeMark, Transcript, Turn

_MAY_MATTER = re.compile(r"[\n\t:：\[\](){}#]")
"""Signs without which neither a label nor a time nor a line comes or goes."""

_Numbers = dict[int, int]


@dataclass(frozen=True)
class TurnsAgain:
    """The turns of a changed text.

    Parameters
    ----------
    turns, marks
        Of the new text.
    numbers
        Number of an old turn to that of the new one which has its words; a turn without words left is not in it.
    """

    turns: tuple[Turn, ...]
    marks: tuple[TimeMark, ...]
    numbers: _Numbers


def follow_turns(before: Transcript, way: Relocation) -> TurnsAgain:
    """Return the turns as they follow the text, each with the speaker that it has."""
    turns, numbers = way.turns(before.turns)
    return TurnsAgain(turns, way.marks(before.marks), numbers)


def read_again(before: Transcript, way: Relocation) -> TurnsAgain:
    r"""Return the turns of a changed text of prose, with what its labels say now.

    Parameters
    ----------
    before
        The transcript before.
    way
        The way from its text to the new one.

    Examples
    --------
    >>> old = "Ana: Why?\nBen: It drifts.\n"
    >>> turns = (Turn(1, "Ana", Span(5, 9)), Turn(2, "Ben", Span(15, 25)))
    >>> way = Relocation(old, "Ana: Why?\nCem: It drifts.\nBen: No.\n")
    >>> [(turn.number, turn.speaker) for turn in read_again(Transcript("P1", "P1", old, turns), way).turns]
    [(1, 'Ana'), (2, 'Cem'), (3, 'Ben')]
    """
    followed = follow_turns(before, way)
    if not _may_matter(before, way):
        return followed
    speakers = {turn.speaker for turn in before.turns if turn.speaker is not None}
    old = read_prose(before.text, speakers, given=before.roles)
    at = {turn.span.start: turn for turn in old.turns}
    seen = [(turn, at[turn.span.start]) for turn in before.turns if turn.span.start in at]
    if len(seen) * 2 < len(before.turns):
        return followed  # the speakers of this source stand elsewhere than in its labels
    read = way.turns(old.turns)
    certain = {*speakers, *(turn.speaker for turn in old.turns if turn.speaker is not None)}
    certain |= _new_labels(way.new, read[0], old, {label_key(label) for label in certain})
    new = read_prose(way.new, certain, given=before.roles)
    return _Combined(before, followed, old, read, new, way.new).result()


def _may_matter(before: Transcript, way: Relocation) -> bool:
    """Whether a change may have touched a label, a time or the border of a turn."""
    for edit in way.edits:
        turn = before.turn_at(edit.start) if edit.start else None
        inside = turn is not None and turn.span.start < edit.start and edit.end <= turn.span.end
        words = way.old[edit.start : edit.end] + way.new[edit.new_start : edit.new_end]
        if not inside or _MAY_MATTER.search(words):
            return True
    return False


def _new_labels(text: str, followed: Iterable[Turn], old: Reading, known: set[str]) -> set[str]:
    """Return what stands where a known label stood: a label, whatever it looks like."""
    labels = {line.words_at: line.label for line in split_lines(text) if line.style}
    named = [turn for turn in followed if turn.speaker is not None]
    found = {labels.get(turn.span.start, "") for turn in named}
    return {label for label in found if label and label_key(label) not in known}


class _Combined:
    """What the rules find in both texts, put together with the turns that are there."""

    def __init__(
        self,
        before: Transcript,
        followed: TurnsAgain,
        old: Reading,
        read: tuple[tuple[Turn, ...], _Numbers],
        new: Reading,
        text: str,
    ) -> None:
        self.before = before
        self.followed = followed
        self.old = old
        self.new = new
        self.text = text
        self.match = _matched(old.turns, *read, new.turns, text)
        at = {turn.span.start: turn for turn in old.turns}
        self.rule = {turn.number: at.get(turn.span.start) for turn in before.turns}
        pairs = {(one.speaker, turn.speaker) for turn in before.turns if (one := self.rule[turn.number])}
        twice = [label for label, _ in pairs]
        self.called = {label: speaker for label, speaker in pairs if twice.count(label) == 1}

    def result(self) -> TurnsAgain:
        found = [(turn, number) for turn, number in map(self._again, self.before.turns) if turn is not None]
        known = {turn.number for turn in self.match.values()}
        found += [
            (replace(turn, speaker=self._called(turn.speaker)), 0)
            for turn in self.new.turns
            if turn.number not in known
        ]
        found.sort(key=lambda each: (each[0].span.start, each[1]))
        joined = {number for turn, number in found if self._goes_on(turn, number)}
        opening = [(turn, number) for turn, number in found if number not in joined]
        turns: list[Turn] = []
        numbers: _Numbers = {}
        for index, (turn, number) in enumerate(opening):
            start, end = turn.span.start, turn.span.end
            after = opening[index + 1][0].span.start if index + 1 < len(opening) else end
            end = max(start, end if end <= after else self._line_above(after))
            words = self.text[start:end].rstrip()
            if words:
                turns.append(replace(turn, number=len(turns) + 1, span=Span(start, start + len(words))))
            if words and number:
                numbers[number] = len(turns)
        for turn, number in found:
            if number in joined:
                at = bisect_right(turns, turn.span.start, key=lambda each: each.span.start) - 1
                if at >= 0:
                    numbers[number] = at + 1
                    turns[at] = self._longer(turns, at, turn.span.end)
        return TurnsAgain(tuple(turns), self._marks(known), numbers)

    def _longer(self, turns: list[Turn], at: int, end: int) -> Turn:
        """Return a turn that reaches to a place, but not over the label of the next one."""
        own = turns[at]
        if at + 1 < len(turns) and end > turns[at + 1].span.start:
            end = self._line_above(turns[at + 1].span.start)
        return replace(own, span=Span(own.span.start, max(end, own.span.end)))

    def _again(self, turn: Turn) -> tuple[Turn | None, int]:
        """Return a turn in the new text, with what the rules say where they said it before."""
        if turn.number not in self.followed.numbers:
            return None, turn.number
        there = self.followed.turns[self.followed.numbers[turn.number] - 1]
        rule = self.rule[turn.number]
        now = self.match.get(rule.number) if rule is not None else None
        if rule is None or now is None:
            return there, turn.number
        if rule.speaker != now.speaker:
            there = replace(there, speaker=self._called(now.speaker))
        if rule.span == turn.span:
            there = replace(there, span=now.span)
        if (rule.begins, rule.ends) == (turn.begins, turn.ends):
            there = replace(there, begins=now.begins, ends=now.ends)
        return there, turn.number

    def _called(self, label: str | None) -> str | None:
        return self.called.get(label, label)

    def _goes_on(self, turn: Turn, number: int) -> bool:
        """Whether the rules saw a label before a turn and see none now: its words go on with the turn above."""
        rule = self.rule.get(number)
        if rule is None or rule.number in self.match:
            return False
        return any(
            each.span.start < turn.span.start and turn.span.end <= each.span.end for each in self.new.turns
        )

    def _line_above(self, start: int) -> int:
        """Return where the line above the one that holds a position ends."""
        return max(0, self.text.rfind("\n", 0, start))

    def _marks(self, known: set[int]) -> tuple[TimeMark, ...]:
        if self.before.marks == self.old.marks:
            return self.new.marks
        added = [turn for turn in self.new.turns if turn.number not in known]
        starts = [turn.span.start for turn in added]
        inside = [
            mark
            for mark in self.new.marks
            if (at := bisect_right(starts, mark.position) - 1) >= 0 and mark.position in added[at].span
        ]
        there = {mark.position for mark in self.followed.marks}
        marks = [*self.followed.marks, *(mark for mark in inside if mark.position not in there)]
        return tuple(sorted(marks, key=lambda mark: mark.position))


def _matched(
    old: tuple[Turn, ...], followed: tuple[Turn, ...], numbers: _Numbers, new: tuple[Turn, ...], text: str
) -> dict[int, Turn]:
    """Return number of a turn of the old text to the turn of the new one that begins with it."""
    at = {turn.span.start: turn for turn in new}
    exact = {
        turn.number: at[there.span.start]
        for turn in old
        if turn.number in numbers and (there := followed[numbers[turn.number] - 1]).span.start in at
    }
    taken = {turn.number for turn in exact.values()}
    found: dict[int, Turn] = {}
    rest = iter([turn for turn in new if turn.number not in taken])
    turn = next(rest, None)
    for each in old:
        if each.number in exact:
            found[each.number] = exact[each.number]
            continue
        if each.number not in numbers:
            continue
        span = followed[numbers[each.number] - 1].span
        while turn is not None and turn.span.start < span.start:
            turn = next(rest, None)
        # a time was put before its words, or taken away
        begins = turn is not None and turn.span.start < span.end
        if turn is not None and begins and "\n" not in text[span.start : turn.span.start]:
            found[each.number] = turn
            turn = next(rest, None)
    return found
