"""How every file and every row should be by what all logs together tell, where they leave no doubt.

Steps of one coder on two computers, or of two coders on one file, may have crossed, and a merge by git is no step. So
what is followed are the *open ends*: states that some step made and no later one began from. Where one is left, the
file must be in it; where several are, somebody put them together, and nothing is said::

    made -> a -> b -> c                  one end, c
    made -> a -> b (ana)                 two ends, b and d: a merge may have made anything of them
         -> a -> d (ben)
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from qualcode.coding import Row
from qualcode.log import FOR_GOOD, OUTSIDE, Event
from qualcode.logged_rows import row_kind

State = TypeVar("State")


@dataclass
class Life(Generic[State]):
    """What became of one file or row.

    Parameters
    ----------
    ends
        The states that no later step began from; None is "not there".
    seen
        Every state that it ever had.
    time
        When the last step touched it.
    steps
        What every step began from and left.
    """

    ends: list[State | None] = field(default_factory=list)
    seen: list[State] = field(default_factory=list)
    time: str = ""
    steps: list[tuple[State | None, State | None]] = field(default_factory=list)

    def step(self, before: State | None, after: State | None, time: str) -> None:
        """Take in a step, in the order of time."""
        if before in self.ends:
            self.ends.remove(before)
        elif before is not None and before not in self.seen:
            self.ends.clear()  # a merge, or somebody's hand, made what this step began from
        self.seen += [state for state in (before, after) if state is not None and state not in self.seen]
        if after not in self.ends:
            self.ends.append(after)
        self.time = time
        self.steps.append((before, after))

    def misses_steps(self, merges: bool) -> bool:
        """Whether a step began from a state that no step left, and no merge can have made.

        A merge by git puts two states together that no step began from; no step tells of it. The order of time is of
        no account: the clocks of two computers differ.

        Parameters
        ----------
        merges
            Whether what a merge by git made of the file has no step of its own.
        """
        began, left = ({pair[side] for pair in self.steps} for side in (0, 1))
        for state in began - left - {None}:
            if None not in began or not merges:
                return True
            later = {state}
            while more := {after for before, after in self.steps if before in later} - later:
                later |= more
            if len(left - began - later) < 2:
                return True
        return None not in began


class Told:
    """What the logs tell.

    Parameters
    ----------
    events
        Of all logs; each once.
    """

    def __init__(self, events: Iterable[Event]) -> None:
        self.files: dict[str, Life[str]] = {}
        self.rows: dict[str, dict[str, Life[Row]]] = {}
        self.rewritten = ""  # when files were last rewritten without steps of their own
        for event in sorted(events, key=lambda event: (event.time, event.id)):
            for file, (before, after) in event.files.items():
                life = self.files.setdefault(file, Life())
                if event.verb == OUTSIDE:
                    life.ends.clear()
                life.step(before, after, event.time)
            for file, change in event.rows.items():
                old = {row["id"]: row for row in change.removed}
                new = {row["id"]: row for row in change.added}
                for id_ in old.keys() | new.keys():
                    row_life = self.rows.setdefault(file, {}).setdefault(id_, Life())
                    row_life.step(old.get(id_), new.get(id_), event.time)
            if event.verb in FOR_GOOD:
                self.rewritten = event.time

    def state(self, file: str) -> str | None:
        """Return the hash of what a file must be, or None where that cannot be told."""
        life = self.files.get(file)
        if life is None or len(life.ends) != 1 or life.time <= self.rewritten:
            return None
        return life.ends[0]

    def row(self, file: str, id_: str) -> Row | None:
        """Return what a row must be, or None where that cannot be told.

        Places are not in it where names were replaced since: then they moved without a step.
        """
        life = self.rows.get(file, {}).get(id_)
        if life is None or len(life.ends) != 1 or life.ends[0] is None:
            return None
        moved = ("start", "end", "version") if life.time <= self.rewritten else ()
        return {column: value for column, value in life.ends[0].items() if column not in moved}

    def content(self, file: str) -> bytes | None:
        """Return the bytes that a file of codings or decisions must be, or None where that cannot be told."""
        kind, lives = row_kind(file), self.rows.get(file, {})
        rows = [life.ends[0] for life in lives.values() if len(life.ends) == 1]
        doubtful = len(rows) != len(lives) or any(life.time <= self.rewritten for life in lives.values())
        there = [row for row in rows if row is not None]
        if kind is None or doubtful or not there:
            return None
        extra = dict.fromkeys(name for row in there for name in row if name not in kind.columns)
        return kind.format(extra, there)
