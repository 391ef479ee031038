r"""What two copies of a study had in common, as their logs tell it: the base of a merge without git.

Every event of a log names the states of the files it changed, and the codings and decisions it added and removed.
A copy holds what the events in its log did, for whoever merges takes files and logs together. So both
copies come from what the events did that both logs have::

    x ---- a1 ------- a2        this copy knows x a1 a2
     \       \
      b1 ---- merge -- b2       the other knows x a1 b1 b2: in common they have a1, and not b1
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

from qualcode.coding import Row
from qualcode.folder import STATES, VERSIONS, digest
from qualcode.log import Event, parse_log
from qualcode.logged_rows import row_kind
from qualcode.merge import merge_file

Files = Mapping[str, bytes]
"""Path to bytes: all files of one copy."""

Node = tuple[str, str]
"""A moment in the life of a file: (time, id) of the event that made it, ("", state) of where it began."""


class History:
    """The common past of two copies.

    Parameters
    ----------
    ours, theirs
        All files of the two copies.

    Raises
    ------
    FileProblems
        If a log cannot be read.
    """

    def __init__(self, ours: Files, theirs: Files) -> None:
        self.sides = (ours, theirs)
        self.events = (_events(ours), _events(theirs))
        self.common = [event for event in self.events[0].values() if event.id in self.events[1]]

    @cached_property
    def _by_file(self) -> dict[str, list[Event]]:
        """File to the events of both copies that touched it, oldest first."""
        found: dict[str, list[Event]] = {}
        for event in sorted((self.events[0] | self.events[1]).values(), key=_when):
            for file in {*event.files, *event.rows}:
                found.setdefault(file, []).append(event)
        return found

    def base(self, file: str) -> bytes | None:
        """Return the state that both copies of a file come from, or None where none is known."""
        if row_kind(file) is not None:
            return self._row_base(file)
        return _Life(self, file).common()

    def was_removed(self, file: str, side: int) -> bool:
        """Whether the log of a copy (0 ours, 1 theirs) says that a file was removed, and not made again."""
        life = _Life(self, file)
        return any(life.state[node] is None for node in life.newest(life.known[side]))

    def told(self, file: str) -> dict[str, Row]:
        """Return the codings or decisions of a file as all events of both copies together tell them."""
        return _replay(self._by_file.get(file, []), file)

    def content(self, file: str, state: str | None) -> bytes | None:
        """Return the bytes of a state of a file, if one of the copies kept them."""
        kept = f"{VERSIONS}/{state}.txt" if file.startswith("data/transcripts/") else f"{STATES}/{state}"
        for side in self.sides:
            for place in (kept, file):
                content = side.get(place)
                if content is not None and digest(content) == state:
                    return content
        return None

    def _row_base(self, file: str) -> bytes | None:
        kind = row_kind(file)
        assert kind is not None
        events = self._by_file.get(file, [])
        common = [e for e in events if e.id in self.events[0] and e.id in self.events[1]]
        rows = _replay(common, file)
        named = {row["id"] for event in common for row in _rows(event, file)}
        for side in (0, 1):
            content = self.sides[side].get(file)
            there = {row["id"] for row in kind.parse(content, file)[1]} if content else set()
            for event in events:
                if event.id in self.events[side]:
                    # What only the log of this copy names, and this copy no longer has, was removed here.
                    gone = (row for row in _rows(event, file) if row["id"] not in named | there)
                    rows |= {row["id"]: row for row in gone}
        if not rows:
            return None
        extra = {column: None for row in rows.values() for column in row if column not in kind.columns}
        return kind.format(extra, rows.values())


class _Life:
    """The states of one file and what each was made from.

    A state can come back (undo), so it is the moments that are compared, not the hashes.
    """

    def __init__(self, history: History, file: str) -> None:
        self.history = history
        self.file = file
        self.state: dict[Node, str | None] = {}
        self.made: dict[str | None, Node] = {}  # state to the last moment that made it
        self.last: Node | None = None
        self.above: dict[Node, set[Node]] = {}
        self.known: tuple[set[Node], set[Node]] = (set(), set())
        for event in history._by_file.get(file, []):
            if file in event.files:
                self._add(event)
        for side in (0, 1):
            content = history.sides[side].get(file)
            if content is not None and not self.known[side]:
                # No event of this copy touched the file: it is still as it was in the beginning.
                state = digest(content)
                begin = self.made.get(state, ("", state))
                self.state[begin] = state
                self.known[side].update(self._reach({begin}))

    def _add(self, event: Event) -> None:
        before, after = event.files[self.file]
        if before is None:
            origin = self.last  # made new, or edited outside qualcode: then from what stood there
        else:
            origin = self.made.setdefault(before, ("", before))
            self.state.setdefault(origin, before)
        node = _when(event)
        self.state[node] = after
        self.above[node] = {origin} if origin is not None else set()
        self.made[after] = self.last = node
        for side in (0, 1):
            if event.id in self.history.events[side]:
                self.known[side].add(node)
                self.known[side].update(above for above in self.above[node] if not above[0])

    def common(self) -> bytes | None:
        """Return what the moments that both copies know made together."""
        return self._joined(self.known[0] & self.known[1])

    def newest(self, nodes: set[Node]) -> list[Node]:
        """Return the moments that led to none of the others."""
        return sorted(nodes - self._reach({above for node in nodes for above in self.above.get(node, ())}))

    def _joined(self, nodes: set[Node]) -> bytes | None:
        """Return the state in which everything up to these moments has happened."""
        merged: bytes | None = None
        reach: set[Node] = set()
        for node in self.newest(nodes):
            content = self.history.content(self.file, self.state[node])
            if content is None:
                continue
            if merged is None:
                merged = content
            else:
                merged = merge_file(
                    self.file, self._joined(reach & self._reach({node})), merged, content
                ).content
            reach |= self._reach({node})
        return merged

    def _reach(self, nodes: set[Node]) -> set[Node]:
        """Return some moments and all that led to them."""
        found: set[Node] = set()
        waiting = list(nodes)
        while waiting:
            at = waiting.pop()
            if at not in found:
                found.add(at)
                waiting += self.above.get(at, ())
        return found


def _events(files: Files) -> dict[str, Event]:
    events = [
        event
        for file, content in files.items()
        if file.startswith("data/log/") and file.endswith(".jsonl") and file.count("/") == 2
        for event in parse_log(content, file)
    ]
    return {event.id: event for event in sorted(events, key=_when)}


def _when(event: Event) -> Node:
    return event.time, event.id


def _rows(event: Event, file: str) -> Iterable[Row]:
    rows = event.rows.get(file)
    return () if rows is None else (*rows.removed, *rows.added)


def _replay(events: Iterable[Event], file: str) -> dict[str, Row]:
    rows: dict[str, Row] = {}
    for event in events:
        change = event.rows.get(file)
        if change is not None:
            for row in change.removed:
                rows.pop(row["id"], None)
            rows |= {row["id"]: dict(row) for row in change.added}
    return rows
