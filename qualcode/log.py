"""The log: who did what, one event a line, only ever added to. It is also what undo works from.

An event names ids, places and hashes, never text of a transcript. It holds both states of every
coding and decision it touched, and the hashes of both states of every other file; their bytes lie in
``data/log/.states`` (texts in ``data/transcripts/.versions``).
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from qualcode.coding import Row
from qualcode.csvtext import utf8
from qualcode.errors import FileProblems, Problem
from qualcode.folder import belongs
from qualcode.logged_rows import row_kind

if TYPE_CHECKING:
    import pandas as pd

UNDO, REDO = "undo", "redo"
MERGE = "merge"
FOR_GOOD = frozenset({"pseudonymize", "restore names", "forget"})
"""What was done before these cannot be undone: they take words out of the past too."""

OUTSIDE = "edited outside"
"""The verb of an event that records what somebody did to a file by hand."""

PASSED_OVER = frozenset({"create", OUTSIDE})
"""Events that undo passes over: there is nothing before them, or nobody did them here."""


@dataclass(frozen=True)
class Rows:
    """The codings (or decisions) of one file that an event added and removed; a changed one is in both."""

    added: tuple[Row, ...] = ()
    removed: tuple[Row, ...] = ()

    @property
    def inverse(self) -> Rows:
        """The change that takes this one back."""
        return Rows(self.removed, self.added)


@dataclass(frozen=True)
class Event:
    """One thing that was done to the study.

    Parameters
    ----------
    id
        Never changes.
    time
        ISO 8601 in UTC, to the microsecond, so that events keep their order.
    coder
        Who did it.
    verb
        For example "code" or "rename code".
    about
        Ids, places and hashes.
    files
        File to the hashes of its state before and after (None where there was no file).
    rows
        File of codings or decisions to its added and removed rows.
    batch
        The id that the events of one ``with project.batch():`` share, or "".
    """

    id: str
    time: str
    coder: str
    verb: str
    about: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, tuple[str | None, str | None]] = field(default_factory=dict)
    rows: Mapping[str, Rows] = field(default_factory=dict)
    batch: str = ""

    def line(self) -> bytes:
        """Return the event as one line of the log."""
        record: dict[str, Any] = {"id": self.id, "time": self.time, "coder": self.coder, "verb": self.verb}
        if self.batch:
            record["batch"] = self.batch
        record["about"] = dict(self.about)
        if self.files:
            record["files"] = {file: list(states) for file, states in self.files.items()}
        if self.rows:
            record["rows"] = {
                file: {"added": list(rows.added), "removed": list(rows.removed)}
                for file, rows in self.rows.items()
            }
        return utf8(json.dumps(record, ensure_ascii=False) + "\n")


def parse_log(content: bytes, file: str) -> list[Event]:
    """Return the events of a log file.

    Raises
    ------
    FileProblems
        With every line that is no event.
    """
    events, problems = [], []
    for number, line in enumerate(content.split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            events.append(_event(json.loads(line.decode("utf-8"))))
        except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError):
            problems.append(
                Problem(file, str(number), "is no event of the log", "restore the line from git or a backup")
            )
    if problems:
        raise FileProblems(problems)
    return events


def is_time(text: str) -> bool:
    """Whether a text is the time of an event, after which there is still time for another.

    Examples
    --------
    >>> is_time("2026-03-01T09:30:00.000000Z"), is_time("2026-03-99T09:30:00.000000Z")
    (True, False)
    """
    if not _TIME.fullmatch(text) or text >= "9999":
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", re.ASCII)
_STATE = re.compile(r"[0-9a-f]{16}")


def _event(record: dict[str, Any]) -> Event:
    """Return the event of a line; a line of another shape raises one of the errors that parse_log expects.

    A log may come from anywhere, and undo writes what it says: so it may name no file outside the study, no
    other log, and no coding or decision that could not stand in its file.
    """
    id_, time, coder, verb = (record[key] for key in ("id", "time", "coder", "verb"))
    batch, about, files, rows = (record.get(key, empty) for key, empty in _OPTIONAL)
    lists = [about.get(name, []) for name in ("of", "verbs")]
    if not all(isinstance(part, dict) for part in (about, files, rows)) or not all(
        isinstance(part, list) for part in lists
    ):
        raise TypeError("table expected")
    if not all(isinstance(text, str) for text in (id_, time, coder, verb, batch, *itertools.chain(*lists))):
        raise TypeError("text expected")
    states = [state for pair in files.values() for state in pair if state is not None]
    if not (
        is_time(time)
        and all(belongs(file) and not file.startswith("data/log/") for file in files)
        and all(belongs(file) and row_kind(file) is not None for file in rows)
        and all(_STATE.fullmatch(state) for state in states)
    ):
        raise ValueError("a time, a file or a state that is none")
    return Event(
        id_,
        time,
        coder,
        verb,
        about,
        {file: (before, after) for file, (before, after) in files.items()},
        {
            file: Rows(_rows(change["added"], file), _rows(change["removed"], file))
            for file, change in rows.items()
        },
        batch,
    )


_OPTIONAL: tuple[tuple[str, Any], ...] = (("batch", ""), ("about", {}), ("files", {}), ("rows", {}))


def _rows(rows: list[Row], file: str) -> tuple[Row, ...]:
    kind = row_kind(file)
    assert kind is not None
    for row in rows:
        if not row.keys() >= set(kind.columns):
            raise KeyError("a column is missing")
        if not all(isinstance(text, str) for text in row.values()) or kind.faults(row):
            raise ValueError("no row of such a file")
    return tuple(rows)


def steps(events: Sequence[Event]) -> tuple[list[list[Event]], list[list[Event]]]:
    """Return what can be undone and what can be redone, the newest last.

    A step is one event, or all events of one batch. For something undone, the redo step holds the
    undo events that took it back, in their order.

    Parameters
    ----------
    events
        All events of one coder, oldest first. A merge is a step as well, one that nobody can take back.
    """
    found = Steps()
    found.add(events)
    return found.done, found.undone


def verbs_of(step: Iterable[Event]) -> list[str]:
    """Return the verbs of a step, each once; for an undone one, the verbs that were undone."""
    verbs = (verb for event in step for verb in event.about.get("verbs", [event.verb]))
    return list(dict.fromkeys(map(str, verbs)))


class Steps:
    """What can be undone and what can be redone; events are added as they come."""

    def __init__(self) -> None:
        self.done: list[list[Event]] = []
        self._undone: list[tuple[list[Event], list[Event]]] = []
        self._batches: set[str] = set()

    @property
    def undone(self) -> list[list[Event]]:
        """What can be redone, the newest last: the undo events that took it back."""
        return [undo for _, undo in self._undone]

    def goes_on(self, events: Iterable[Event]) -> bool:
        """Whether events come after all that were added; one of a batch that was added does not."""
        return self._batches.isdisjoint(event.batch for event in events)

    def add(self, events: Iterable[Event]) -> None:
        """Add events, oldest first."""
        for group in _grouped(events):
            self._batches |= {group[0].batch} - {""}
            self._add(group)

    def _add(self, group: list[Event]) -> None:
        verb = group[0].verb
        of = {id_ for event in group for id_ in event.about.get("of", ())}
        if verb == UNDO:
            at = _newest(self.done, of)
            if at is not None:
                self._undone.append((self.done.pop(at), group))
        elif verb == REDO:
            at = _newest([undo for _, undo in self._undone], of)
            if at is not None:
                del self._undone[at]
                self.done.append(group)
        elif verb not in PASSED_OVER:
            self.done.append(group)
            self._undone.clear()


class KnownLog:
    """The events of one log, and what can be undone; a log that only grew is read from where it grew.

    Parameters
    ----------
    file
        Path of the log inside the study.
    """

    def __init__(self, file: str) -> None:
        self.file = file
        self.events: list[Event] = []
        self.steps = Steps()
        self._size = 0
        self._tail = b""

    def follow(self, read_from: Callable[[int], bytes], *, anew: bool = False) -> None:
        """Take the log as it is now.

        Parameters
        ----------
        read_from
            Returns the bytes of the log from a position on.
        anew
            Whether it may be another file than before, and must be read whole.

        Raises
        ------
        FileProblems
            With every line that is no event.
        """
        if not anew and self._size:
            piece = read_from(self._size - len(self._tail))
            if piece.startswith(self._tail):
                added = piece[len(self._tail) :]
                new = sorted(parse_log(added, self.file), key=_time_of)
                if not new or (self.steps.goes_on(new) and self.events[-1].time <= new[0].time):
                    self._take(new, added)
                    return
        self.events, self.steps, self._size, self._tail = [], Steps(), 0, b""
        content = read_from(0)
        self._take(sorted(parse_log(content, self.file), key=_time_of), content)

    def _take(self, new: list[Event], added: bytes) -> None:
        self.events += new
        self.steps.add(new)
        end = self._tail + added
        if end.endswith(b"\n"):
            self._size, self._tail = self._size + len(added), end[-_TAIL:]
        else:  # the last line may go on: the whole is read next time
            self._size, self._tail = 0, b""


_TAIL = 4096
"""How many bytes before its end tell that a log is the one that was read, only longer."""


def _newest(groups: Sequence[list[Event]], ids: set[str]) -> int | None:
    """Return the place of the newest group that has exactly these events."""
    for at in reversed(range(len(groups))):
        if ids == {event.id for event in groups[at]}:
            return at
    return None


def _time_of(event: Event) -> str:
    return event.time


def _grouped(events: Iterable[Event]) -> list[list[Event]]:
    """Return the events of each batch together, where its first stands.

    Work of one coder on two machines, merged, may stand between the events of a batch.
    """
    groups: list[list[Event]] = []
    batches: dict[str, list[Event]] = {}
    for event in events:
        group = batches.get(event.batch) if event.batch else None
        if group is None:
            groups.append(group := [])
            if event.batch:
                batches[event.batch] = group
        group.append(event)
    return groups


def history_frame(events: Iterable[Event]) -> pd.DataFrame:
    """Return events as a table: time, coder, verb, about (as text), id."""
    import pandas as pd

    rows = [
        (e.time, e.coder, e.verb, ", ".join(f"{k} {_short(v)}" for k, v in e.about.items()), e.id)
        for e in events
    ]
    return pd.DataFrame(rows, columns=["time", "coder", "verb", "about", "id"])


def _short(value: Any) -> str:
    if isinstance(value, list):
        shown = ", ".join(str(v) for v in value[:3])
        return shown + (f" and {len(value) - 3} more" if len(value) > 3 else "")
    return str(value)
