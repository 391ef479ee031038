"""Another copy of a study into ours without git: a folder that came by mail, on a stick, as a zip."""

from __future__ import annotations

import os
import tomllib
import unicodedata
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from qualcode.coding import new_id
from qualcode.csvtext import decode, not_too_deep
from qualcode.errors import FileProblems, FolderError, Problem, QualcodeError, Refused
from qualcode.file_names import given_path
from qualcode.folder import PENDING, SETTINGS, STATES, VERSIONS, Folder, belongs, digest, log_file
from qualcode.log import FOR_GOOD, Event, Rows
from qualcode.logged_rows import row_kind
from qualcode.merge import kind_of, merge_file
from qualcode.merge_history import Files, History
from qualcode.merge_mend import keep_texts_apart, mend_references, same_codings

Changes = dict[str, bytes | None]
Write = Callable[[Changes], None]

NEVER_TAKEN = ("data/raw/", f"{PENDING}/", "data/transcripts/.cache/", "data/.cache/")
"""What belongs to one computer only, and raw material, which nobody sends unasked."""


@dataclass(frozen=True)
class MergeReport:
    """What came from another copy of a study, or would come.

    Parameters
    ----------
    new, changed, removed
        Files of the study.
    notes
        What was decided where both copies had changed one thing, one sentence each.
    conflicts
        What a person must decide, one sentence each; our side was kept.
    written
        Whether the study was changed.
    """

    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()
    written: bool = False
    changes: Changes = field(default_factory=dict, repr=False, compare=False)

    def __str__(self) -> str:
        count = [(len(self.new), "new"), (len(self.changed), "changed"), (len(self.removed), "removed")]
        files = ", ".join(f"{number} {word}" for number, word in count if number)
        if not files and not self.conflicts:
            return "Nothing to merge: this copy has everything that the other has."
        said = "Merged" if self.written else "Nothing was written. The other copy would bring"
        lines = [f"{said}: files {files}." if files else f"{said} no file."]
        for title, names in (("new", self.new), ("changed", self.changed), ("removed", self.removed)):
            lines += [f"  {title}: {name}" for name in names]
        lines[1:1] = [f"To decide: {conflict}" for conflict in self.conflicts]
        lines += [f"Decided: {note}" for note in self.notes]
        return "\n".join(lines)


def merge_folders(
    ours: str | os.PathLike[str],
    theirs: str | os.PathLike[str],
    *,
    preview: bool = False,
    coder: str | None = None,
    unrelated: bool = False,
    write: Write | None = None,
) -> MergeReport:
    """Bring another copy of a study into ours.

    What both copies come from is told by their logs, so what one side removed goes, and what it never
    had comes. All is written in one step. Bringing in several copies gives the same in any order.

    Parameters
    ----------
    ours
        The study folder that is changed.
    theirs
        The other copy, only read: a folder, or a .zip of one.
    preview
        Only say what would come.
    coder
        Who merges; the log then tells of it. Without one, the log holds no line about the merge.
    unrelated
        Merge even where nothing tells that both are copies of one study.
    write
        How files are written (None deletes); by default as one step of the folder.

    Returns
    -------
    MergeReport
        What came. Where both copies have another text under one source id, ours stays, the other is kept
        among the versions, and a conflict says so.

    Raises
    ------
    FileProblems
        If a file of one copy is broken, or the result would not hold together. Nothing is then written.
    Refused
        If they have nothing in common, and `unrelated` is not said.
    FolderError
        If one of them is no study, of another format, or cannot be read or written.
    """
    folder = Folder(ours)
    if not folder.path.is_dir():
        raise FolderError(f"{folder.path.name} is no study folder. Give the folder that holds {SETTINGS}.")
    if preview:
        return _merge(_files(folder.path), _read_copy(given_path(theirs)), None, unrelated)
    with folder.locked():
        report = _merge(_files(folder.path), _read_copy(given_path(theirs)), coder, unrelated)
        if not report.changes:
            return report
        (write or folder.write)(report.changes)
    return MergeReport(
        report.new, report.changed, report.removed, report.notes, report.conflicts, True, report.changes
    )


def _merge(ours: Files, theirs: Files, coder: str | None, unrelated: bool) -> MergeReport:
    _check_comparable(ours, theirs)
    history = History(ours, theirs)
    _check_taken_out(history)
    related = bool(history.common) or any(theirs.get(file) == content for file, content in ours.items())
    if not related and not unrelated:
        raise Refused(
            "Nothing tells that these are two copies of one study: their logs and files have nothing in common. "
            "Nothing was merged. If they are to become one study nevertheless, say unrelated=True (--unrelated)."
        )
    notes: list[str] = []
    conflicts: list[str] = []
    problems: list[str] = []
    merged: dict[str, bytes] = {}
    for file in sorted({*ours, *theirs}):
        content = _merge_one(file, history, notes, conflicts, problems)
        if content is not None:
            merged[file] = content
    if problems:
        raise FileProblems([_as_problem(problem) for problem in problems])
    keep_texts_apart(ours, theirs, merged)
    same_codings(ours, theirs, merged, notes)
    mend_references(ours, theirs, merged, notes)
    if not related:
        notes.insert(0, "The logs of the two copies have nothing in common; everything of both was kept.")
    changes: Changes = {file: content for file, content in merged.items() if ours.get(file) != content}
    changes |= {file: None for file in ours if file not in merged}
    shown = [file for file in sorted(changes) if not file.startswith((f"{STATES}/", f"{VERSIONS}/"))]
    report = MergeReport(
        tuple(file for file in shown if file not in ours),
        tuple(file for file in shown if file in ours and changes[file] is not None),
        tuple(file for file in shown if changes[file] is None),
        tuple(notes),
        tuple(conflicts),
        changes=changes,
    )
    if changes and coder is not None:
        _log(report, merged, history, coder)
    return report


def _merge_one(
    file: str, history: History, notes: list[str], conflicts: list[str], problems: list[str]
) -> bytes | None:
    """Return the merged bytes of a file, or None where it goes."""
    ours, theirs = (side.get(file) for side in history.sides)
    if ours == theirs:
        return ours
    base = history.base(file)
    if ours is None or theirs is None:
        one = ours if ours is not None else theirs
        if row_kind(file) is not None and base is not None:
            empty = base.split(b"\n", 1)[0] + b"\n"
            ours, theirs = (empty if side is None else side for side in (ours, theirs))
        elif base is not None and history.was_removed(file, 0 if ours is None else 1):
            if one == base:
                return None
            notes.append(f"{file}: was removed in one copy and changed in the other; it stays.")
            return one
        else:
            return one
    assert ours is not None
    assert theirs is not None
    result = merge_file(file, base, ours, theirs)
    notes += result.notes
    broken = problems if kind_of(file)[1] is not None else conflicts
    broken += result.conflicts
    if file.startswith(_NEVER_EMPTY) and result.content.count(b"\n") == 1:
        return None  # only the header is left, and such a file is not kept
    return result.content


_NEVER_EMPTY = ("data/codings/", "data/suggestions/", "data/decisions/", "data/progress/")


def _as_problem(conflict: str) -> Problem:
    """Return the problem that a conflict sentence ("file:line: reason") tells of."""
    place, _, reason = conflict.partition(": ")
    file, _, inside = place.partition(" @ ") if " @ " in place else place.partition(":")
    return Problem(file, inside, reason)


def _log(report: MergeReport, merged: Files, history: History, coder: str) -> None:
    """Add the event of the merge to the changes: the states it made, which the logs of both cannot tell."""
    ours, theirs = history.sides
    files: dict[str, tuple[str | None, str | None]] = {}
    rows: dict[str, Rows] = {}
    # what the other copy's log tells and ours does not hold is as much of the merge as what came
    kept = [f for f in merged if f not in report.changes and row_kind(f) and ours.get(f) != theirs.get(f)]
    for file in [*(file for file in report.changes if not file.startswith("data/log/")), *kept]:
        before, after = ours.get(file), report.changes.get(file, merged.get(file))
        if (kind := row_kind(file)) is not None:
            told = history.told(file)
            now = {row["id"]: row for row in kind.parse(after, file)[1]} if after else {}
            changed = {id_: row for id_, row in now.items() if told.get(id_) != row}
            added = tuple(row for id_, row in changed.items() if file not in kept or id_ in told)
            removed = tuple(row for id_, row in told.items() if now.get(id_) != row)
            if added or removed:
                rows[file] = Rows(added, removed)
        elif after != theirs.get(file) and kind_of(file)[0] not in ("", "data/transcripts/.versions/*"):
            files[file] = (
                digest(before) if before is not None else None,
                digest(after) if after is not None else None,
            )
            for state in (before, after):
                if state is not None and f"{STATES}/{digest(state)}" not in merged:
                    report.changes[f"{STATES}/{digest(state)}"] = state
    time = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    about = {"new": len(report.new), "changed": len(report.changed), "removed": len(report.removed)}
    event = Event(new_id(), time, coder, "merge", about, files, rows)
    place = log_file(coder)
    report.changes[place] = merged.get(place, b"") + event.line()


def _check_taken_out(history: History) -> None:
    """Refuse a copy that still has what was taken out of the other for good: it would come back."""
    for number, (side, other) in enumerate((history.sides, history.sides[::-1])):
        for event in history.events[number].values():
            if event.verb not in FOR_GOOD:
                continue
            back = sorted(
                f for f, (_, after) in event.files.items() if after is None and f in other and f not in side
            )
            if back:
                here, there = (
                    ("this copy", "the other copy") if number == 0 else ("the other copy", "this copy")
                )
                what = "a participant was forgotten" if event.verb == "forget" else "names were replaced"
                raise Refused(
                    f"In {here} {what} ({event.coder}, {event.time[:10]}), and {there} still has it all, so a merge would bring it "
                    f"back. Do the same in {there} first. Nothing was merged."
                )


def _check_comparable(ours: Files, theirs: Files) -> None:
    """Refuse copies that would harm each other: another format, or names that differ only in their letters' case."""
    formats = []
    for side, files in (("this folder", ours), ("the other copy", theirs)):
        if SETTINGS not in files:
            raise FolderError(f"In {side} there is no {SETTINGS}, so it is no study. Nothing was merged.")
        try:
            with not_too_deep(SETTINGS):
                formats.append(tomllib.loads(decode(files[SETTINGS], SETTINGS)).get("format"))
        except tomllib.TOMLDecodeError as error:
            reason = f"in {side}, is not readable: {error}"
            raise FileProblems([Problem(SETTINGS, "", reason, "correct it in a text editor")]) from None
    if formats[0] != formats[1]:
        raise FolderError(
            f"This copy has format {formats[0]}, the other {formats[1]}. Open the older one with "
            "this version of qualcode first. Nothing was merged."
        )
    names = {unicodedata.normalize("NFC", file).casefold(): file for file in ours}
    for file in theirs:
        same = names.get(unicodedata.normalize("NFC", file).casefold(), file)
        if same != file:
            raise FolderError(
                f"'{same}' here and '{file}' in the other copy differ only in how their letters are written, and many "
                "computers cannot keep both. Rename one of them. Nothing was merged."
            )


# -- reading a copy ------------------------------------------------------------------------------------


def _files(path: Path) -> dict[str, bytes]:
    """Return what a merge looks at: settings, codebooks and data."""
    folder = Folder(path)
    names = [SETTINGS, *folder.list_files(["codebooks", "data"])]
    contents = {name: folder.read(name) for name in names if _is_taken(name)}
    return {name: content for name, content in contents.items() if content is not None}


def _is_taken(name: str) -> bool:
    parts = name.split("/")
    return (
        belongs(name)
        and not name.startswith(NEVER_TAKEN)
        and not name.endswith(".tmp")
        and not any(part.startswith("~$") or "\\" in part or ":" in part for part in parts)
    )


def _read_copy(path: Path) -> Mapping[str, bytes]:
    if path.is_dir():
        if Folder(path).pending():
            raise FolderError(
                f"{path.name}: a write to this copy was begun and not finished. Open it once with qualcode, then merge."
            )
        return _files(path)
    if not path.exists():
        raise FolderError(
            f"{path.name}: there is no such folder or zip file. Give the other copy of the study."
        )
    try:
        with zipfile.ZipFile(path) as archive:
            return dict(_unpack(archive, path.name))
    except QualcodeError:
        raise
    except Exception as error:  # zipfile and zlib raise half a dozen kinds on a damaged file
        reason = getattr(error, "strerror", None) or error
        raise FolderError(
            f"{path.name}: cannot be read as a folder or a zip file ({reason}). Send it again."
        ) from None


MAX_UNPACKED = 2 * 1024**3
MAX_FILE = 256 * 1024**2
MAX_FILES = 200_000
"""What a copy may unpack to: many times the largest study, and less than the memory of a computer."""

MAX_RATIO, RATIO_FREE = 400, 4 * 1024**2
"""A file above 4 MB that grows more than this when unpacked is a zip bomb; text grows about tenfold."""


def _unpack(archive: zipfile.ZipFile, file: str) -> Iterator[tuple[str, bytes]]:
    """Yield the files of the study in a zip; nothing is unpacked before all their sizes are known to be harmless."""
    entries = [e for e in archive.infolist() if not e.is_dir() and not e.filename.startswith("__MACOSX/")]
    tops = sorted(
        (e.filename for e in entries if e.filename.rsplit("/", 1)[-1] == SETTINGS),
        key=lambda name: name.count("/"),
    )
    if not tops:
        raise FolderError(
            f"{file}: holds no study; there is no {SETTINGS} in it. Zip the whole study folder."
        )
    top = tops[0].removesuffix(SETTINGS)
    taken = [e for e in entries if e.filename.startswith(top) and _is_taken(e.filename.removeprefix(top))]
    size = sum(entry.file_size for entry in taken)
    if len(taken) > MAX_FILES or size > MAX_UNPACKED:
        raise FolderError(
            f"{file}: would unpack to {len(taken):,} files and {size / 1e6:,.0f} MB, more than any study; it was not "
            "opened. Send the study folder alone, without recordings."
        )
    for entry in taken:
        grown = entry.file_size / max(1, entry.compress_size)
        if entry.file_size > MAX_FILE or (entry.file_size > RATIO_FREE and grown > MAX_RATIO):
            raise FolderError(
                f"{file}: its file {entry.filename.removeprefix(top)} would grow to {entry.file_size / 1e6:,.0f} MB, as no "
                "file of a study does; it was not opened. Send the study folder alone."
            )
    for entry in taken:
        yield entry.filename.removeprefix(top), archive.read(entry)
