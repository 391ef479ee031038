"""What check finds by comparing the logs with the files: what is gone, or came, without any step.

Steps of one coder on two computers may have crossed, so it is counted how often a thing was made and
removed, and not replayed in their order: whatever was made once more often than it was removed must be there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from qualcode import folder as paths
from qualcode.check_files import Files
from qualcode.check_told import REPAIR, check_told
from qualcode.damage import PRIVATE
from qualcode.errors import FileProblems, Problem
from qualcode.log import FOR_GOOD, OUTSIDE, Event, parse_log
from qualcode.logged_rows import row_kind
from qualcode.study import Study
from qualcode.told import Told

RESTORE = "put the file back from git or a backup"


@dataclass
class _Told:
    """What all logs together tell of the codings and decisions, and of the files."""

    rows: Counter[tuple[str, str]] = field(default_factory=Counter)  # (file, id) -> made less removed
    files: Counter[str] = field(default_factory=Counter)  # file -> made less removed
    last: dict[str, str | None] = field(default_factory=dict)  # file -> state that its last event left
    states: dict[str, str] = field(default_factory=dict)  # state of a file -> the file
    ids: dict[str, set[str]] = field(default_factory=dict)  # file -> every row that it ever had

    @classmethod
    def of(cls, events: Iterable[Event]) -> _Told:
        told = cls()
        for event in sorted(events, key=lambda event: (event.time, event.id)):
            for file, rows in event.rows.items():
                added, removed = ({row["id"] for row in side} for side in (rows.added, rows.removed))
                told.rows.update((file, id_) for id_ in added - removed)
                told.rows.subtract((file, id_) for id_ in removed - added)
                told.ids.setdefault(file, set()).update(added | removed)
            for file, (before, after) in event.files.items():
                told.last[file] = after
                told.states |= {state: file for state in (before, after) if state is not None}
                if event.verb != OUTSIDE:
                    told.files[file] += (before is None) - (after is None)
            if event.verb in FOR_GOOD:
                told.states.clear()  # it took earlier states out on purpose
        return told


@dataclass
class Logs:
    """What the logs of a study hold, and what is wrong with their lines.

    Parameters
    ----------
    events
        Every event by its id.
    files
        The logs that hold any.
    problems
        Lines that are no events.
    doubled
        Events that stand in a log twice.
    whole
        Whether all logs could be read; half of them would explain half.
    """

    events: dict[str, Event] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    doubled: list[Problem] = field(default_factory=list)

    @classmethod
    def read(cls, files: Files) -> Logs:
        """Read all logs."""
        logs = cls()
        for file in files.list_files("data/log"):
            if not file.endswith(".jsonl") or file.count("/") != 2:
                continue
            content = files.read(file) or b""
            try:
                found = parse_log(content, file)
            except FileProblems as error:
                logs.problems += error.problems
                continue
            logs.events |= {event.id: event for event in found}
            if len({event.id for event in found}) < len(found):
                logs.doubled += _doubled(content, found, file)
            if found:
                logs.files.add(file)
        logs.whole = not logs.problems and not any(file.startswith("data/log") for file in files.problems)
        return logs

    whole: bool = True

    @property
    def told(self) -> Told:
        """What they tell; nothing, where some of them cannot be read."""
        return Told(self.events.values() if self.whole else ())


def _doubled(content: bytes, events: list[Event], file: str) -> Iterator[Problem]:
    lines = [(number, line) for number, line in enumerate(content.split(b"\n"), start=1) if line.strip()]
    first: dict[str, tuple[int, bytes]] = {}
    for event, (number, line) in zip(events, lines, strict=True):
        before, same = first.setdefault(event.id, (number, line))
        if before == number:
            continue
        what = f"the step {event.id} is there twice, first in line {before}"
        fix = (
            f"{REPAIR}" if same == line else "the two differ: keep the one that is right, see git or a backup"
        )
        yield Problem(file, str(number), what, fix)


def check_logs(study: Study, files: Files, logs: Logs, unread: frozenset[str]) -> Iterator[Problem]:
    """Find broken lines and states of the logs, and what differs from the files that no step explains.

    Parameters
    ----------
    study
        What could be read of the study.
    files
        Its files.
    logs
        Its logs.
    unread
        Files and folders that could not be read, or are damaged; nothing more is said of them.
    """
    yield from logs.problems
    yield from logs.doubled
    yield from _kept(study, files, logs.told)
    if not logs.whole:
        return
    told = _Told.of(logs.events.values())
    yield from check_told(study, files, logs.told, unread)
    yield from _rows(study, told, logs.files, unread)
    yield from _gone(files, told, unread)
    yield from _states(study, files, told, logs.files)


def _kept(study: Study, files: Files, told: Told) -> Iterator[Problem]:
    """Find kept states and versions that are not what their names say."""
    for file in files.list_files(paths.STATES):
        content, state = files.read(file), file.rsplit("/", 1)[1]
        if content is not None and paths.digest(content) != state:
            now = {
                paths.digest(files.read(one) or b"") for one, life in told.files.items() if state in life.seen
            }
            what = "is not the state its name says; undo could bring back wrong bytes"
            yield Problem(file, "", what, REPAIR if state in now else RESTORE)
    for file in files.list_files(paths.VERSIONS):
        content, version = files.read(file), file.rsplit("/", 1)[1].removesuffix(".txt")
        if content is not None and paths.digest(content) != version:
            texts = [paths.text_file(id_) for id_, one in study.sources.items() if one.version == version]
            now = {paths.digest(files.read(text) or b"") for text in texts}
            what = "is not the version its name says"
            yield Problem(file, "", what, REPAIR if version in now else RESTORE)


def _rows(study: Study, told: _Told, logged: set[str], unread: frozenset[str]) -> Iterator[Problem]:
    held = {paths.codings_file(*key): rows for key, rows in sorted(study.codings.items())}
    held |= {paths.decisions_file(*key): rows for key, rows in sorted(study.decisions.items())}
    there = {(file, id_) for file, rows in held.items() for id_ in rows.rows}
    lost = Counter(file for (file, id_), count in told.rows.items() if count > 0 and (file, id_) not in there)
    for file, count in sorted(lost.items()):
        if not _is_under(file, unread):
            yield Problem(file, "", f"{_rows_are(file, count)} gone that no step removed", RESTORE)
    if not logged:
        return  # shared without its logs
    for file, rows in held.items():
        _, _, coder, *_, name = file.split("/")
        log, ids = paths.log_file(coder), told.ids.get(file, set())
        strange = [id_ for id_ in rows.rows if id_ not in ids]
        if not strange or name.removesuffix(".csv") not in study.sources:
            continue
        if log in logged:
            what = f"{_rows_are(file, len(strange))} in no log, {strange[0]} first: they came from elsewhere"
            yield Problem(file, "", what, "ask who put them there; history and undo do not know them")
        else:
            what = f"is missing, and nothing tells how the {_kind(file)}s of {coder} came"
            yield Problem(log, "", what, RESTORE)


def _gone(files: Files, told: _Told, unread: frozenset[str]) -> Iterator[Problem]:
    """Find files that steps made and none removed; what is private may be missing, and some are told of elsewhere."""
    for file, count in sorted(told.files.items()):
        state = told.last[file]
        elsewhere = file in (paths.SETTINGS, paths.CODEBOOK) or file.startswith(
            ("data/transcripts/", "data/turns/", paths.RAW)
        )
        if count < 1 or state is None or elsewhere or files.exists(file) or _is_under(file, unread):
            continue
        kept = paths.state_file(state)
        fix = REPAIR if files.exists(kept) else RESTORE
        yield Problem(file, "", "is gone, and no step removed it", fix)


def _states(study: Study, files: Files, told: _Told, logged: set[str]) -> Iterator[Problem]:
    there = {file.rsplit("/", 1)[1] for file in files.list_files(paths.STATES)}
    # a study in which nobody did anything yet has the first states of its settings and codebook, and no log
    if not logged and (len(there) > 2 or (there and study.coders)):
        yield Problem("data/log", "", "the logs are gone; only earlier states of files are left", RESTORE)
    elsewhere = PRIVATE  # which a copy of the study may lack
    missing = sorted(
        s for s, file in told.states.items() if s not in there and not file.startswith(elsewhere)
    )
    if missing:
        number = f"{len(missing)} earlier states" if len(missing) > 1 else "an earlier state"
        what = f"{number} of files ({missing[0]}) {'are' if len(missing) > 1 else 'is'} missing"
        yield Problem(paths.STATES, "", f"{what}; undo cannot go back over them", RESTORE)


def _is_under(file: str, places: frozenset[str]) -> bool:
    return any(file == place or file.startswith(f"{place}/") for place in places)


def _kind(file: str) -> str:
    kind = row_kind(file)
    return kind.name if kind is not None else "row"


def _rows_are(file: str, count: int) -> str:
    return f"{count} {_kind(file)}s are" if count > 1 else f"a {_kind(file)} is"
