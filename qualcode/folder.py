"""The study folder on disk: read files, and write many files as one step that cannot be half done.

A write goes in three steps. First everything that shall be written is put into one journal file in
``data/transcripts/.pending`` and forced to disk; from that moment the write counts as done. Then each
file is replaced. Last the journal is removed. Whoever opens the folder finds either no journal (the
old state, or the new one complete) or a journal, and then finishes it. A kill at any moment therefore
leaves the old state or the new.

Two programs on one folder are kept apart by a lock, and by looking, under the lock, whether a file is
still the one that was read.
"""

from __future__ import annotations

import contextlib
import glob
import os
import re
import stat
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from filelock import FileLock, Timeout

from qualcode.errors import FolderError, InvalidValue
from qualcode.file_names import (
    CASES,
    CODEBOOK,
    HANDOUT,
    PENDING,
    RAW,
    RAW_STATES,
    SCANNED,
    SETTINGS,
    SPEAKERS,
    STATES,
    VERSIONS,
    belongs,
    coder_file,
    codings_file,
    decisions_file,
    given_path,
    hidden_file,
    is_part,
    is_scanned,
    kept_file,
    leads_out,
    log_file,
    memo_file,
    progress_file,
    source_file,
    state_file,
    suggestions_file,
    text_file,
    turns_file,
    version_file,
)
from qualcode.journal import Journal, digest, parse_journal

__all__ = [
    "CASES",
    "CODEBOOK",
    "FORMAT",
    "HANDOUT",
    "PENDING",
    "RAW",
    "RAW_STATES",
    "SCANNED",
    "SETTINGS",
    "SPEAKERS",
    "STATES",
    "VERSIONS",
    "Folder",
    "Stamp",
    "belongs",
    "coder_file",
    "codings_file",
    "decisions_file",
    "digest",
    "hidden_file",
    "is_scanned",
    "kept_file",
    "leads_out",
    "log_file",
    "memo_file",
    "progress_file",
    "source_file",
    "state_file",
    "suggestions_file",
    "text_file",
    "turns_file",
    "version_file",
]

FORMAT = 1
"""The number of the folder format that this version writes."""

LOCK_SECONDS = 20.0


Stamp = tuple[int, int, int]
"""Time of the last change in nanoseconds, size, and number of the file on its disk."""


def _stamp(stat: os.stat_result) -> Stamp:
    # Clocks of file systems tick slowly: two writes may share time and size, but are two files on the
    # disk. Windows tells the number only at a price, and its clock is finer.
    return stat.st_mtime_ns, stat.st_size, 0 if sys.platform == "win32" else stat.st_ino


class Folder:
    """The files of a study, by their path relative to the study ("data/cases.csv").

    Parameters
    ----------
    path
        The study folder; it need not exist.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        try:
            self.path = given_path(path).resolve()
        except (InvalidValue, OSError, RuntimeError) as error:
            raise FolderError(str(error)) from None
        self._thread = threading.RLock()
        self._depth = 0
        self._lock: FileLock | None = None

    # -- reading ---------------------------------------------------------------------------------

    def full(self, file: str) -> Path:
        """Return the whole path of a file of the study; every way to the disk goes through here.

        Raises
        ------
        FolderError
            If it would lead out of the study, or this computer cannot name such a file.
        """
        if file and leads_out(file):
            raise FolderError(f"{file[:80]!r} is no file inside the study {self.path.name}.")
        return self.path / file

    def _leads_elsewhere(self, file: str) -> bool:
        """Whether links inside the study lead a file out of it; data and transcripts may lie on another disk."""
        homes = [(self.path / folder).resolve() for folder in ("", "data", "data/transcripts")]
        place = self.full(file).parent.resolve()
        return not any(place.is_relative_to(home) for home in homes) or self.full(file).is_symlink()

    def read(self, file: str) -> bytes | None:
        """Return the bytes of a file, or None where there is none.

        Raises
        ------
        FolderError
            If the file is there and cannot be read.
        """
        path = self.full(file)
        try:
            if stat.S_ISREG(path.stat().st_mode):  # to read a pipe would wait for ever
                return path.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (OSError, ValueError) as error:
            raise _unreadable(file, error) from None
        raise FolderError(
            f"{file}: cannot be read: a folder or a device stands in the place of this file. Move it out of the study, "
            "and put the file back from git or a backup."
        )

    def exists(self, file: str) -> bool:
        """Whether a file is there."""
        try:
            return self.full(file).is_file()
        except (OSError, ValueError):  # behind a folder that nobody may enter
            return False

    def scan(self, unreadable: list[FolderError] | None = None) -> dict[str, Stamp]:
        """Return every file that makes up the study, with its stamp; changed files have another stamp.

        Parameters
        ----------
        unreadable
            Takes the errors of folders that cannot be looked into; without it, the first is raised.

        Raises
        ------
        FolderError
            If a folder of the study cannot be looked into.
        """
        found: dict[str, Stamp] = {}
        for pattern, endings in SCANNED:
            try:
                for folder in self._folders(pattern):
                    for entry in self._entries(folder):
                        if is_part(entry.name, endings):
                            stamp = _stamp_of(entry)
                            if stamp is not None:
                                found[f"{folder}/{entry.name}" if folder else entry.name] = stamp
            except FolderError as error:
                if unreadable is None:
                    raise
                unreadable.append(error)
        return found

    def _entries(self, folder: str) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(self.full(folder)) as it:
                return list(it)
        except (FileNotFoundError, NotADirectoryError):
            return []
        except OSError as error:
            raise _unreadable(folder or self.path.name, error) from None

    def stamp(self, file: str) -> Stamp | None:
        """Return the stamp of a file now, or None where there is none."""
        try:
            return _stamp(self.full(file).stat())
        except OSError:
            return None

    def read_from(self, file: str, position: int) -> bytes:
        """Return the bytes of a file from a position on; empty where there is no file.

        Raises
        ------
        FolderError
            If the file is there and cannot be read.
        """
        if position == 0:
            return self.read(file) or b""
        try:
            with self.full(file).open("rb") as opened:
                opened.seek(position)
                return opened.read()
        except FileNotFoundError:
            return b""
        except OSError as error:
            raise _unreadable(file, error) from None

    def last_line(self, file: str) -> bytes:
        """Return the last line of a file, with its newline if it has one; empty where there is no file."""
        try:
            with self.full(file).open("rb") as opened:
                size = opened.seek(0, os.SEEK_END)
                length = 1 << 13
                while True:
                    opened.seek(max(0, size - length))
                    end = opened.read()
                    begin = end.rfind(b"\n", 0, len(end) - 1) + 1
                    if begin or length >= size:
                        return end[begin:]
                    length *= 8
        except FileNotFoundError:
            return b""
        except OSError as error:
            raise _unreadable(file, error) from None

    def _folders(self, pattern: str) -> list[str]:
        if not pattern.endswith("/*"):
            return [pattern]
        found = []
        for parent in self._folders(pattern[:-2]):
            shown = (entry for entry in self._entries(parent) if not entry.name.startswith("."))
            found += sorted(f"{parent}/{entry.name}" for entry in shown if _is_folder(entry))
        return found

    # -- the lock --------------------------------------------------------------------------------

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Keep every other writer of this folder out, in this program and in others; may be nested.

        Raises
        ------
        FolderError
            If another program keeps the lock, or the folder cannot be written.
        """
        with self._thread:
            if self._depth == 0:
                self._acquire()
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1
                if self._depth == 0 and self._lock is not None:
                    self._lock.release()
                    self._lock = None

    def _acquire(self) -> None:
        try:
            self.full(PENDING).mkdir(parents=True, exist_ok=True)
            if self._leads_elsewhere(f"{PENDING}/lock"):
                raise FolderError(
                    f"{PENDING} leads out of the study {self.path.name}. Remove the link first."
                )
            lock = FileLock(str(self.full(PENDING) / "lock"), timeout=LOCK_SECONDS)
            lock.acquire()
        except Timeout:
            raise FolderError(
                f"Another program is writing to the study {self.path.name} and has not finished after "
                f"{LOCK_SECONDS:.0f} seconds. Close it, or try again. Nothing was changed."
            ) from None
        except FolderError:
            raise
        except OSError as error:
            raise self._unwritable(error) from None
        self._lock = lock
        try:
            self.recover()
        except BaseException:
            lock.release()
            self._lock = None
            raise

    def _unwritable(self, error: OSError) -> FolderError:
        return FolderError(
            f"The study {self.path.name} cannot be written here ({error.strerror or error}). "
            "Nothing was changed. Check that the folder is not read-only and the disk not full, and that "
            "none of its files is open in another program."
        )

    def _half_written(self, error: OSError) -> FolderError:
        return FolderError(
            f"The study {self.path.name} could be written only in part ({error.strerror or error}), and what was there before "
            "could not be put back. Nothing is lost: the whole write is kept, and is finished when the study is next "
            "opened. Make room on the disk, close other programs, and open the study again."
        )

    # -- writing ---------------------------------------------------------------------------------

    def write(self, changes: Mapping[str, bytes | None], appends: Mapping[str, bytes] | None = None) -> None:
        """Write, replace, delete (None) and append to files as one step.

        Parameters
        ----------
        changes
            File to its new bytes, or to None to delete it.
        appends
            File to the bytes that are added at its end.

        Raises
        ------
        FolderError
            If it could not be written. The folder is then as before; where even that failed, the error says so, and
            the write is finished when the folder is next opened.
        """
        appends = appends or {}
        with self.locked():
            before = {file: self.read(file) for file in changes}
            changes = {file: new for file, new in changes.items() if before[file] != new}
            if not changes and not appends:
                return
            sizes = {file: self._size(file) for file in appends}
            linked = [file for file in appends if self.full(file).is_symlink()]
            if linked:
                raise FolderError(
                    f"{linked[0]} is a link to another file. Put the file itself there. Nothing was changed."
                )
            journal = self.full(PENDING) / f"{time.time_ns():020d}-{os.getpid()}.json"
            record = Journal(
                changes,
                {file: (sizes[file], added) for file, added in appends.items()},
                {file: None if (old := before[file]) is None else digest(old) for file in changes},
            )
            try:
                _write_file(journal, record.to_bytes())
            except OSError as error:
                with contextlib.suppress(OSError):
                    journal.unlink(missing_ok=True)
                raise self._unwritable(error) from None
            try:
                self._apply(record.writes, record.appends)
                _unlink(journal)
            except OSError as error:
                if self._roll_back(journal, {file: before[file] for file in changes}, sizes):
                    raise self._unwritable(error) from None
                raise self._half_written(error) from None

    def _size(self, file: str) -> int:
        try:
            return self.full(file).stat().st_size
        except FileNotFoundError:
            return 0

    def _apply(self, changes: Mapping[str, bytes | None], appends: Mapping[str, tuple[int, bytes]]) -> None:
        for file, new in changes.items():
            path = self.full(file)
            if new is None:
                _unlink(path)
                self._prune(path.parent)
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                _write_file(path, new)
        for file, (size, added) in appends.items():
            path = self.full(file)
            path.parent.mkdir(parents=True, exist_ok=True)
            _append(path, size, added)

    def _roll_back(self, journal: Path, before: Mapping[str, bytes | None], sizes: Mapping[str, int]) -> bool:
        """Put the old state back; where that fails too (False), the journal stays and is finished at the next open."""
        try:
            self._apply(before, {})
            for file, size in sizes.items():
                path = self.full(file)
                if path.exists():
                    if size == 0:
                        path.unlink()
                        self._prune(path.parent)
                    else:
                        os.truncate(path, size)
            journal.unlink(missing_ok=True)
        except OSError:
            return False
        return True

    def _prune(self, folder: Path) -> None:
        """Remove a folder that became empty, and those above it inside the study."""
        top = self.path / "data"
        while folder != top and top in folder.parents:
            try:
                folder.rmdir()
            except OSError:
                return
            folder = folder.parent

    def recover(self) -> None:
        """Finish every write that was begun and not finished; called when the folder is opened.

        A folder may come from anywhere: a write that reaches beyond the study is not carried out.

        Raises
        ------
        FolderError
            If there is one and the folder cannot be written, or a file was changed since; nothing is then
            changed.
        """
        for name in self._left_behind():
            journal = self.full(PENDING) / name
            if name.endswith(".tmp"):
                with contextlib.suppress(OSError):
                    journal.unlink()  # begun before the write counted as done: never happened
                continue
            record = self._begun(name)
            try:
                for file in record.writes:
                    path = self.full(file)
                    for left in path.parent.glob(f"{glob.escape(path.name)}.*.tmp"):
                        left.unlink(missing_ok=True)
                self._apply(record.writes, record.appends)
                _unlink(journal)
            except OSError as error:
                raise self._unwritable(error) from None

    def _left_behind(self) -> list[str]:
        """Return the names of journals, finished (.json) or not (.tmp), oldest first."""
        try:
            names = sorted(path.name for path in self.full(PENDING).iterdir())
        except (FileNotFoundError, NotADirectoryError):
            return []
        except OSError as error:
            raise _unreadable(PENDING, error) from None
        return [name for name in names if re.search(r"\.json(\.\d+\.tmp)?$", name)]

    def _begun(self, name: str) -> Journal:
        """Return the journal of a write that can be finished without harm.

        Raises
        ------
        FolderError
            If it cannot.
        """
        what = f"{PENDING}/{name}: an unfinished write that"
        move = f"Move {name} out of the study, run 'qualcode check', and compare with your backup."
        content = self.read(f"{PENDING}/{name}") or b""
        try:
            record = parse_journal(content)
        except ValueError:
            raise FolderError(f"{what} cannot be read. {move}") from None
        for file in record.files:
            if not belongs(file) or self._leads_elsewhere(file):
                raise FolderError(
                    f"{what} reaches beyond the study ({file[:80]!r}). Nothing was written. {move}"
                )
        changed = record.changed_since(self.read)
        if changed:
            raise FolderError(
                f"{what} cannot be finished: {changed[0]} was changed since, by hand or another program. Nothing was "
                f"written. To keep the file as it is now, move {name} out of the study; to finish the write, "
                "move the file out. Then open the study again."
            )
        return record

    def unfinished(self) -> list[tuple[str, str]]:
        """Return the journals that opening the study cannot finish, and why."""
        found = []
        try:
            names = self._left_behind()
        except FolderError as error:
            return [(PENDING, str(error))]
        for name in names:
            try:
                if name.endswith(".json"):
                    self._begun(name)
            except FolderError as error:
                found.append((f"{PENDING}/{name}", str(error)))
        return found

    def pending(self) -> bool:
        """Whether a write was begun and not finished."""
        try:
            names = [path.name for path in self.full(PENDING).iterdir()]
        except OSError:  # none, or texts that this person may not see; writing will say so
            return False
        return any(name.endswith(".json") for name in names)

    def list_files(self, folders: Iterable[str] = ("",)) -> list[str]:
        """Return every file below some folders of the study, sorted, without git's and notebooks' own."""
        found = []
        for folder in folders:
            for root, names, files in os.walk(self.full(folder)):
                names[:] = [
                    n for n in names if n not in (".git", ".venv", ".ipynb_checkpoints", "__pycache__")
                ]
                inside = Path(root).relative_to(self.path).as_posix()
                found += [name if inside == "." else f"{inside}/{name}" for name in files]
        return sorted(found)


def _unreadable(file: str, error: Exception) -> FolderError:
    reason = getattr(error, "strerror", None) or "its name is not possible on this computer"
    return FolderError(
        f"{file}: cannot be read ({reason}). Is it open in another program, or are you not permitted to?"
    )


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link in a circle
        return False


def _stamp_of(entry: os.DirEntry[str]) -> Stamp | None:
    """Return the stamp of a file in a folder, or None where it is none; reading it tells what is wrong with it."""
    try:
        return _stamp(entry.stat()) if entry.is_file() else None
    except FileNotFoundError:  # removed this very moment
        return None
    except OSError:  # a link in a circle
        return 0, 0, 0


# -- the single steps: everything that touches the disk for writing goes through these -----------------


def _write_file(path: Path, content: bytes) -> None:
    """Write a file so that it is, at any moment, wholly the old or wholly the new one."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        _replace(temporary, path)
    except BaseException:  # also Ctrl-C: what it holds may be confidential
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise


def _replace(temporary: Path, path: Path) -> None:
    """Replace a file; on Windows wait a moment where a virus scanner or a sync client holds it."""
    attempts = 20 if sys.platform == "win32" else 1
    for attempt in range(attempts):
        try:
            temporary.replace(path)
            return
        except PermissionError:
            if attempt == attempts - 1:
                raise
            time.sleep(0.05)


def _append(path: Path, size: int, added: bytes) -> None:
    """Add bytes to a file that had a size; what a broken earlier attempt left behind is cut off first."""
    with path.open("ab") as out:
        if out.tell() > size:
            out.truncate(size)
        out.write(added)
        out.flush()
        os.fsync(out.fileno())


def _unlink(path: Path) -> None:
    path.unlink(missing_ok=True)
