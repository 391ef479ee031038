"""Change: what one verb does to the study, in memory and on disk, as one event of the log.

A verb opens a change, puts new bytes and codings into it, and closes it; then everything is written in
one step together with the event. If anything goes wrong, memory and disk are as before.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from qualcode import folder as paths
from qualcode.coding import Row, new_id
from qualcode.dangling import dangling
from qualcode.errors import FileProblems, FolderError, Problem, Refused
from qualcode.folder import Folder, digest
from qualcode.log import FOR_GOOD, MERGE, OUTSIDE, REDO, UNDO, Event, KnownLog, Rows, is_time
from qualcode.logged_rows import row_kind
from qualcode.study import RowFile, Study
from qualcode.transcript import prepare_text, text_version

HAND_EDITED = (paths.SETTINGS, paths.CODEBOOK, paths.CASES, paths.SPEAKERS)
"""Files that people edit by hand; a state of them that the log does not know is recorded."""

_TIME = "%Y-%m-%dT%H:%M:%S.%fZ"
_LOGGED_TIME = re.compile(rb'"time": "(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z)"')


class Change:
    """One verb's work; made by `Writer.change`."""

    def __init__(self, study: Study, coder: str, verb: str, about: dict[str, Any], batch: str) -> None:
        self.study = study
        self.coder = coder
        self.verb = verb
        self.about = about
        self.batch = batch
        self.files: dict[str, tuple[str | None, str | None]] = {}
        self.bytes: dict[str, bytes | None] = {}
        self.kept: dict[str, bytes] = {}
        self.added: dict[str, dict[str, Row]] = {}
        self.removed: dict[str, dict[str, Row]] = {}
        self.always = False
        self.carried: set[tuple[str, str]] = set()
        """Coder and source whose codings this change has brought onto the newest text."""
        self._undo: list[Callable[[], None]] = []

    @property
    def empty(self) -> bool:
        """Whether there is nothing to write: nothing was changed, and it need not be on record anyway."""
        return (
            not self.always
            and not self.files
            and not any(self.added.values())
            and not any(self.removed.values())
        )

    def put(self, file: str, content: bytes | None) -> None:
        """Give a file (none of codings, decisions or texts) new bytes, or None to delete it."""
        before = self.study.read(file)
        if content == before:
            return
        self._record(file, before, content)
        for state in (before, content):
            if state is not None:
                self.kept[paths.kept_file(file, digest(state))] = state
        # first the way back: the new bytes may be refused half way
        if paths.is_scanned(file):
            self._undo.append(lambda: self.study.put(file, before))
            self.study.put(file, content)
        else:
            self._put_unwritten(file, content)

    def put_text(self, source: str, content: bytes | None, edited_from: bytes | None = None) -> None:
        """Give a source another text; every version of a text is kept.

        Where somebody edited the file outside qualcode, `edited_from` is the text that undo brings back.
        """
        file = paths.text_file(source)
        before = self.study.read(file) if edited_from is None else edited_from
        if content == before:
            return
        self._record(file, before, content)
        for state in (before, content):
            if state is not None:
                self.kept[paths.version_file(digest(state))] = state
                self._put_unwritten(paths.version_file(digest(state)), state)
        self._put_unwritten(file, content)

    def _put_unwritten(self, file: str, content: bytes | None) -> None:
        unwritten = self.study.unwritten
        there, before = file in unwritten, unwritten.get(file)
        unwritten[file] = content

        def back() -> None:
            if there:
                unwritten[file] = before
            else:
                unwritten.pop(file, None)

        self._undo.append(back)

    def _record(self, file: str, before: bytes | None, after: bytes | None) -> None:
        first = self.files[file][0] if file in self.files else None if before is None else digest(before)
        last = None if after is None else digest(after)
        if first == last:  # back to where it began
            del self.files[file], self.bytes[file]
            return
        self.files[file] = (first, last)
        self.bytes[file] = after

    def add_row(self, coder: str, source: str, row: Row) -> None:
        """Add a coding; a row of the same id is replaced."""
        self.add_row_to(paths.codings_file(coder, source), row)

    def remove_row(self, coder: str, source: str, id_: str) -> None:
        """Remove a coding."""
        self.remove_row_from(paths.codings_file(coder, source), id_)

    def add_row_to(self, file: str, row: Row) -> None:
        """Add a row to a file of codings or decisions; one of the same id is replaced."""
        held, kind = self.study.rows_of(file), row_kind(file)
        assert kind is not None
        before = held.rows.get(row["id"])
        if before == row:
            return
        if before is not None:
            self._note_removed(file, before)
        held.rows[row["id"]] = row
        held.extra += [name for name in row if name not in kind.columns and name not in held.extra]
        taken_back = self.removed.get(file, {}).get(row["id"])
        if taken_back == row:
            del self.removed[file][row["id"]]
        else:
            self.added.setdefault(file, {})[row["id"]] = row
        self._row_undo(file, row["id"], before)

    def remove_row_from(self, file: str, id_: str) -> None:
        """Remove a row of a file of codings or decisions."""
        before = self.study.rows_of(file).rows.pop(id_)
        self._note_removed(file, before)
        self._row_undo(file, id_, before)

    def _note_removed(self, file: str, row: Row) -> None:
        if self.added.get(file, {}).pop(row["id"], None) is None:
            self.removed.setdefault(file, {})[row["id"]] = row

    def _row_undo(self, file: str, id_: str, before: Row | None) -> None:
        self.study.row_changed(file, id_)

        def back() -> None:
            rows = self.study.rows_of(file).rows
            if before is None:
                rows.pop(id_, None)
            else:
                rows[id_] = before
            self.study.row_changed(file, id_)

        self._undo.append(back)

    def take_back(self) -> None:
        """Put the study in memory back to what it was."""
        for step in reversed(self._undo):
            step()
        for held in (self._undo, self.files, self.bytes, self.kept, self.added, self.removed):
            held.clear()

    def event(self, time: str) -> Event:
        """Return the event that the log keeps of this change."""
        touched = sorted({f for d in (self.added, self.removed) for f, rows in d.items() if rows})
        rows = {
            file: Rows(tuple(self.added.get(file, {}).values()), tuple(self.removed.get(file, {}).values()))
            for file in touched
        }
        return Event(new_id(), time, self.coder, self.verb, self.about, self.files, rows, self.batch)


class Writer:
    """Carries changes to disk: one at a time, or all those of a batch together.

    Parameters
    ----------
    folder, study
        The study on disk and in memory.
    """

    def __init__(self, folder: Folder, study: Study) -> None:
        self.folder = folder
        self.study = study
        self._batch: list[Change] | None = None
        self._batch_id = ""
        self._last_time = ""
        self._known: set[str] = set()
        self._logs: dict[str, tuple[paths.Stamp | None, KnownLog]] = {}

    @contextlib.contextmanager
    def change(self, verb: str, coder: str, **about: Any) -> Iterator[Change]:
        """Open the change of one verb; written when the block ends, forgotten when it raises."""
        with self.folder.locked():
            self.study.refresh()
            change = Change(self.study, coder, verb, about, self._batch_id)
            self.study.ahead = True
            try:
                yield change
                if change.empty:
                    return
                if self._batch is None:
                    self._write([change])
            except BaseException:
                change.take_back()
                raise
            finally:
                self.study.ahead = self._batch is not None
            if self._batch is not None:
                self._batch.append(change)

    @property
    def in_batch(self) -> bool:
        """Whether a batch is open."""
        return self._batch is not None

    @contextlib.contextmanager
    def batch(self) -> Iterator[None]:
        """Write all changes of the block in one step and undo them as one; nothing is written if it raises."""
        with self.folder.locked():
            if self._batch is not None:
                with self._all_or_nothing(self._batch):
                    yield
                return
            self.study.refresh()
            self._batch, self._batch_id, self.study.ahead = [], new_id(), True
            try:
                with self._all_or_nothing(self._batch):
                    yield
                    if self._batch:
                        self._write(self._batch)
            finally:
                self._batch, self._batch_id, self.study.ahead = None, "", False

    @contextlib.contextmanager
    def _all_or_nothing(self, changes: list[Change]) -> Iterator[None]:
        """Forget what the block added to the changes if it raises; a verb may be many changes."""
        before = len(changes)
        try:
            yield
        except BaseException:
            for change in reversed(changes[before:]):
                change.take_back()
            del changes[before:]
            raise

    def _write(self, changes: list[Change]) -> None:
        files: dict[str, bytes | None] = {}
        touched: set[str] = set()
        for change in changes:
            files.update(change.bytes)
            touched |= {f for d in (change.added, change.removed) for f in d}
        for file in touched:
            held, kind = self.study.rows_of(file), row_kind(file)
            assert kind is not None
            files[file] = kind.format(held.extra, held.rows.values()) if held.rows else None
        outside = self._outside(changes)
        for change in [*outside, *changes]:
            files.update({f: b for f, b in change.kept.items() if not self.folder.exists(f)})
        self.check_unchanged(files)
        self.folder.write(files, self.log_lines([*outside, *changes]))
        self.study.unwritten.clear()
        self._known |= {digest(self.study.contents[f]) for f in HAND_EDITED if f in self.study.contents}
        for file in files:
            if file in touched and files[file] is None:
                self.study.drop_rows(file)
            if paths.is_scanned(file):
                self.study.stamps.pop(file, None)
                stamp = self.folder.stamp(file)
                if stamp is not None:
                    self.study.stamps[file] = stamp

    def check_unchanged(self, files: Iterable[str]) -> None:
        """Refuse to write over what something else than qualcode (an editor, a synchronised folder) just wrote."""
        for file in files:
            if paths.is_scanned(file) and self.folder.stamp(file) != self.study.stamps.get(file):
                raise FolderError(
                    f"{file} was changed by another program just now. Nothing was written; look at it, and do it again."
                )

    def log_lines(self, changes: Iterable[Change]) -> dict[str, bytes]:
        """Return log file to the lines that are added. Times only go up, whatever the clock does."""
        changes = list(changes)
        log: dict[str, bytes] = {}
        for file in dict.fromkeys(paths.log_file(change.coder) for change in changes):
            last = self.folder.last_line(file)
            log[file] = b"" if last.endswith(b"\n") or not last else b"\n"
            found = _LOGGED_TIME.search(last)
            if found and not is_time(found[1].decode()):
                what = f"the time {found[1].decode()} of the last event is none"
                fix = "restore the line from git or a backup; nothing was written"
                raise FileProblems([Problem(file, "", what, fix)])
            if found:
                self._last_time = max(self._last_time, found[1].decode())
        for change in changes:
            log[paths.log_file(change.coder)] += change.event(self._time()).line()
        return log

    def _outside(self, changes: list[Change]) -> list[Change]:
        """Record states of hand-edited files that the log does not know, so that nothing is unexplained."""
        found = []
        for file in HAND_EDITED:
            before = self.study.contents.get(file)
            for change in changes:
                if file in change.files:
                    first = change.files[file][0]
                    before = change.kept.get(paths.state_file(first)) if first else None
                    break
            if before is None or digest(before) in self._known:
                continue
            if self.folder.exists(paths.state_file(digest(before))):
                continue
            change = Change(self.study, changes[0].coder, OUTSIDE, {"file": file}, "")
            change.files[file] = (None, digest(before))
            change.kept[paths.state_file(digest(before))] = before
            found.append(change)
        return found

    def _time(self) -> str:
        """Return the time, or where the clock was set back, a time just after the last event."""
        time = datetime.now(UTC).strftime(_TIME)
        if time <= self._last_time:
            time = (datetime.strptime(self._last_time, _TIME) + timedelta(microseconds=1)).strftime(_TIME)
        self._last_time = time
        return time

    # -- undo ------------------------------------------------------------------------------------

    def events(self, coder: str) -> list[Event]:
        """Return the events of one coder, oldest first."""
        return list(self._log(coder).events)

    def steps(self, coder: str) -> tuple[list[list[Event]], list[list[Event]]]:
        """Return what a coder can undo and redo, the newest last; see `qualcode.log.steps`."""
        known = self._log(coder).steps
        return list(known.done), known.undone

    def _log(self, coder: str) -> KnownLog:
        file = paths.log_file(coder)
        stamp = self.folder.stamp(file)
        before, log = self._logs.get(coder, (None, KnownLog(file)))
        if stamp is None or stamp != before:
            replaced = stamp is None or before is None or stamp[2] != before[2] or stamp[1] < before[1]
            self._logs.pop(coder, None)
            try:
                log.follow(lambda position: self.folder.read_from(file, position), anew=replaced)
            except FileProblems:
                # tells the lines as they are numbered in the whole file
                log.follow(lambda position: self.folder.read_from(file, position), anew=True)
            self._logs[coder] = (stamp, log)
        return log

    def undo(self, coder: str, count: int, past_merge: bool = False) -> list[Event]:
        """Take back the newest steps of a coder; return their events.

        Merges are no step to take back: they stop it, or are passed over with `past_merge`.

        Raises
        ------
        Refused
            If there are not so many, or another coder builds on one of them. Nothing is then changed.
        """
        return self._step(coder, count, UNDO, past_merge)

    def redo(self, coder: str, count: int) -> list[Event]:
        """Do again what was undone; return its events."""
        return self._step(coder, count, REDO)

    def _step(self, coder: str, count: int, verb: str, past_merge: bool = False) -> list[Event]:
        if self._batch is not None:
            raise Refused(f"{verb} cannot stand inside project.batch(). End the batch first.")
        if count < 1:
            raise Refused(f"{verb} takes 1 step or more, got {count}. Nothing was changed.")
        with self.folder.locked():
            todo = self.steps(coder)[0 if verb == UNDO else 1]
            for step in reversed(todo[-count:]):
                if step[0].verb in FOR_GOOD:
                    raise Refused(
                        f"'{step[0].verb}' stands in the way. It took words out of the study's past, and what was done before "
                        "it cannot be undone."
                    )
            merges = [step for step in todo if step[0].verb == MERGE]
            if past_merge:
                todo = [step for step in todo if step not in merges]
            elif any(step in merges for step in todo[-count:]):
                raise Refused(
                    "A merge with another copy stands in the way, and a merge cannot be taken back: it brought the work of "
                    "others. To take back what you did before it, say past_merge=True."
                )
            if len(todo) < count:
                there = f"only {len(todo)} step{'s' if len(todo) > 1 else ''}" if todo else "nothing"
                raise Refused(
                    f"{coder} has {there} to {verb}; {count} {'was' if count == 1 else 'were'} asked for. See project.history()."
                )
            chosen = [todo[-1 - i] for i in range(count)]
            with self.batch():
                for group in chosen:
                    self._invert(coder, group, verb)
            known = {event.id: event for event in self.events(coder)}
            return [meant for group in chosen for event in group for meant in work_meant(event, known)]

    def _invert(self, coder: str, group: Iterable[Event], verb: str) -> None:
        events = list(group)
        verbs = sorted({v for e in events for v in e.about.get("verbs", [e.verb])})
        cannot = f"'{', '.join(verbs)}' cannot be {'taken back' if verb == UNDO else 'done again'}"
        before = dangling(self.study)
        # one batch id for the whole group, another for the next, so that each stays one step
        self._batch_id = new_id()
        with self.change(verb, coder, of=[event.id for event in events], verbs=verbs) as c:
            c.always = True  # else a step that somebody already took back by hand would be undone for ever
            for event in reversed(events):
                for file, rows in event.rows.items():
                    self._restore_rows(c, file, rows.inverse, cannot)
                for file, (old, new) in sorted(event.files.items(), key=_coders_last):
                    if old is not None or not self._is_needed(file):
                        self._restore_file(c, file, old, new, cannot)
            now = dangling(self.study)
            for name in sorted(now):
                others = now[name] - before.get(name, set())
                if others:
                    who = sorted({person for person, _ in others if person}) or ["the study"]
                    what = " and ".join(sorted({thing for _, thing in others}))
                    raise Refused(
                        f"{cannot}: {', '.join(who)} already has {what} that use "
                        f"{name.replace(':', ' ', 1)}. Ask for them to be changed first."
                    )

    def _is_needed(self, file: str) -> bool:
        """Whether this is the file of a coder (a person, or an assistant) who by now has work of their own."""
        study = self.study
        coder = file.removeprefix("data/coders/").removesuffix(".toml")
        kinds: tuple[dict[Any, RowFile], ...] = (study.codings, study.suggestions, study.decisions)
        return coder != file and (
            coder in study.progress
            or any(key[0] == coder and held.rows for rows in kinds for key, held in rows.items())
            or any(memo.author == coder for memo in study.memos.values())
        )

    def _restore_rows(self, change: Change, file: str, rows: Rows, cannot: str) -> None:
        held, kind = self.study.rows_of(file).rows, row_kind(file)
        assert kind is not None
        source = file.rsplit("/", 1)[1].removesuffix(".csv")
        coming = {row["id"] for row in rows.added}
        for row in rows.removed:
            if row["id"] in held and held[row["id"]] != row:
                raise Refused(f"{cannot}: the {kind.name} {row['id']} in {source} was changed since.")
            if row["id"] in held and row["id"] not in coming:
                change.remove_row_from(file, row["id"])
        for row in rows.added:
            change.add_row_to(file, dict(row))

    def _restore_file(self, change: Change, file: str, old: str | None, new: str | None, cannot: str) -> None:
        is_text = file.startswith("data/transcripts/")
        current = self.study.read(file)
        now = None if current is None else digest(current)
        if now == old:
            return
        wanted = self._state(file, old)
        if is_text and now != new:
            self._need_same_text(file, current, old, new, cannot)
        elif now != new:
            wanted = self._without(file, self._state(file, new), current, wanted, cannot)
        if is_text:
            change.put_text(file.rsplit("/", 1)[1].removesuffix(".txt"), wanted)
        else:
            change.put(file, wanted)

    def _need_same_text(
        self, file: str, current: bytes | None, old: str | None, new: str | None, cannot: str
    ) -> None:
        """Refuse to put a text in the place of another one; other line ends (an editor's, git's) are no other text."""
        version = _version(current)
        if version in (_version(self._state(file, state)) for state in (old, new)):
            return
        record = self.study.sources.get(file.rsplit("/", 1)[1].removesuffix(".txt"))
        if current is None:
            raise Refused(f"{cannot}: {file} is not there any more. Put it back from git or a backup first.")
        if record is None or new is None or version in (record.version, *record.versions):
            raise Refused(
                f"{cannot}: {file} has the text of a later correction by now. Whoever made that takes it back first; "
                "project.history() says who."
            )
        raise Refused(
            f"{cannot}: {file} was edited outside qualcode since. To keep that edit, take it (project.take_edits()), and put "
            "right by project.correct what you wanted to take back. To drop it, put the text of before the edit back: "
            f"{paths.kept_file(file, new)} holds it. Nothing was changed."
        )

    def _state(self, file: str, state: str | None) -> bytes | None:
        if state is None:
            return None
        kept = self.study.read(paths.kept_file(file, state))
        if kept is None:
            raise Refused(
                f"An earlier state of {file} ({state}) is not in this copy of the study, so this cannot be taken "
                "back here. Undo it in the copy where it was done."
            )
        return kept

    def _without(
        self, file: str, done: bytes | None, current: bytes | None, before: bytes | None, cannot: str
    ) -> bytes | None:
        """Take one change out of a file that others have changed since."""
        from qualcode.merge import merge_file

        states = [done, current, before]
        header = next((state.partition(b"\n")[0] + b"\n" for state in states if state), b"")
        if file.endswith(".csv"):
            # a table without rows is no file; to merge, it is one with a header
            states = [header if state is None else state for state in states]
        if states[0] is None or states[1] is None or states[2] is None:
            raise Refused(f"{cannot}: {file} was changed by somebody since.")
        result = merge_file(file, states[0], states[1], states[2])
        if result.conflicts or result.notes:
            why = [*result.conflicts, *result.notes][0].removeprefix(f"{file}: ")
            raise Refused(f"{cannot}: {file} was changed by somebody since ({why}).")
        rows = result.content.count(b"\n") > 1
        return result.content if rows or not file.endswith(".csv") else None


def _version(content: bytes | None) -> str | None:
    """Return the version of the text that a file holds, whatever its line ends."""
    return None if content is None else text_version(prepare_text(content.decode("utf-8", errors="replace")))


def _coders_last(item: tuple[str, tuple[str | None, str | None]]) -> bool:
    return item[0].startswith("data/coders/")


def work_meant(event: Event, known: Mapping[str, Event]) -> list[Event]:
    """Return the work that an event is about: for an undo or redo, what it took back or did again."""
    if event.verb not in (UNDO, REDO):
        return [event]
    return [
        meant for id_ in event.about.get("of", []) if id_ in known for meant in work_meant(known[id_], known)
    ]
