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

import base64
import contextlib
import hashlib
import json
import os
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

from filelock import FileLock, Timeout

from qualcode.errors import FolderError

FORMAT = 1
"""The number of the folder format that this version writes."""

SETTINGS = "qualcode.toml"
CODEBOOK = "codebooks/codebook.yaml"
CASES = "data/cases.csv"
SPEAKERS = "data/speakers.csv"
STATES = "data/log/.states"
VERSIONS = "data/transcripts/.versions"
PENDING = "data/transcripts/.pending"

LOCK_SECONDS = 20.0


def codings_file(coder: str, source: str) -> str:
    """Return the path of a coder's codings of a source."""
    return f"data/codings/{coder}/{source}.csv"


def source_file(source: str) -> str:
    """Return the path of what is known about a source."""
    return f"data/sources/{source}.toml"


def turns_file(source: str) -> str:
    """Return the path of the turns of a source."""
    return f"data/turns/{source}.csv"


def text_file(source: str) -> str:
    """Return the path of the text of a source."""
    return f"data/transcripts/{source}.txt"


def version_file(version: str) -> str:
    """Return the path of one version of a text."""
    return f"{VERSIONS}/{version}.txt"


def coder_file(coder: str) -> str:
    """Return the path of what is known about a coder."""
    return f"data/coders/{coder}.toml"


def progress_file(coder: str) -> str:
    """Return the path of what a coder was given and finished."""
    return f"data/progress/{coder}.csv"


def memo_file(author: str, memo: str) -> str:
    """Return the path of a memo."""
    return f"data/memos/{author}/{memo}.md"


def log_file(coder: str) -> str:
    """Return the path of a coder's log."""
    return f"data/log/{coder}.jsonl"


def state_file(state: str) -> str:
    """Return the path of the bytes of an earlier state of a file."""
    return f"{STATES}/{state}"


def digest(content: bytes) -> str:
    """Return the first 16 hexadecimal digits of the SHA-256 of some bytes."""
    return hashlib.sha256(content).hexdigest()[:16]


SCANNED = (
    ("", (SETTINGS,)),
    ("codebooks", ("codebook.yaml",)),
    ("data", ("cases.csv", "speakers.csv")),
    ("data/sources", (".toml",)),
    ("data/turns", (".csv",)),
    ("data/coders", (".toml",)),
    ("data/progress", (".csv",)),
    ("data/codings/*", (".csv",)),
    ("data/memos/*", (".md",)),
)
"""Which files of which folders make up the study in memory, by ending (".csv") or name."""

Stamp = tuple[int, int, int]
"""Time of the last change in nanoseconds, size, and number of the file on its disk."""


def _stamp(stat: os.stat_result) -> Stamp:
    # Clocks of file systems tick slowly: two writes may share time and size, but are two files on the
    # disk. Windows tells the number only at a price, and its clock is finer.
    return stat.st_mtime_ns, stat.st_size, 0 if sys.platform == "win32" else stat.st_ino


def is_scanned(file: str) -> bool:
    """Whether a file is one of those that make up the study in memory, by its path."""
    folder, _, name = file.rpartition("/")
    for pattern, endings in SCANNED:
        parent = folder.rpartition("/")[0] + "/*" if pattern.endswith("/*") else folder
        if parent == pattern and _is_part(name, endings):
            return True
    return False


def _is_part(name: str, endings: tuple[str, ...]) -> bool:
    """Whether a file counts; conflict copies of synchronised folders ("P1 (1).csv") are for check to report."""
    if name.startswith((".", "~$")) or any(sign in name for sign in " ()[]"):
        return False
    return any(name.endswith(ending) if ending.startswith(".") else name == ending for ending in endings)


class Folder:
    """The files of a study, by their path relative to the study ("data/cases.csv").

    Parameters
    ----------
    path
        The study folder; it need not exist.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path).expanduser().resolve()
        self._thread = threading.RLock()
        self._depth = 0
        self._lock: FileLock | None = None

    # -- reading ---------------------------------------------------------------------------------

    def full(self, file: str) -> Path:
        """Return the whole path of a file of the study."""
        return self.path / PurePosixPath(file)

    def read(self, file: str) -> bytes | None:
        """Return the bytes of a file, or None where there is none.

        Raises
        ------
        FolderError
            If the file is there and cannot be read.
        """
        try:
            return self.full(file).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise FolderError(
                f"{file}: cannot be read ({error.strerror}). Is it open in another program?"
            ) from None

    def exists(self, file: str) -> bool:
        """Whether a file is there."""
        return self.full(file).is_file()

    def scan(self) -> dict[str, Stamp]:
        """Return every file that makes up the study, with its stamp; changed files have another stamp."""
        found: dict[str, Stamp] = {}
        for pattern, endings in SCANNED:
            for folder in self._folders(pattern):
                with (
                    contextlib.suppress(FileNotFoundError, NotADirectoryError),
                    os.scandir(self.full(folder)) as it,
                ):
                    for entry in it:
                        if _is_part(entry.name, endings) and entry.is_file():
                            file = f"{folder}/{entry.name}" if folder else entry.name
                            with contextlib.suppress(FileNotFoundError):  # removed this very moment
                                found[file] = _stamp(entry.stat())
        return found

    def stamp(self, file: str) -> Stamp | None:
        """Return the stamp of a file now, or None where there is none."""
        try:
            return _stamp(self.full(file).stat())
        except OSError:
            return None

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
            raise FolderError(
                f"{file}: cannot be read ({error.strerror}). Is it open in another program?"
            ) from None

    def _folders(self, pattern: str) -> list[str]:
        if not pattern.endswith("/*"):
            return [pattern]
        parent = pattern[:-2]
        with contextlib.suppress(FileNotFoundError, NotADirectoryError), os.scandir(self.full(parent)) as it:
            return sorted(f"{parent}/{e.name}" for e in it if e.is_dir() and not e.name.startswith("."))
        return []

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
            lock = FileLock(str(self.full(PENDING) / "lock"), timeout=LOCK_SECONDS)
            lock.acquire()
        except Timeout:
            raise FolderError(
                f"Another program is writing to the study {self.path.name} and has not finished after "
                f"{LOCK_SECONDS:.0f} seconds. Close it, or try again. Nothing was changed."
            ) from None
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
            If it could not be written. The folder is then as before; where even that failed, the
            write is finished when the folder is next opened.
        """
        appends = appends or {}
        with self.locked():
            before = {file: self.read(file) for file in changes}
            changes = {file: new for file, new in changes.items() if before[file] != new}
            if not changes and not appends:
                return
            sizes = {file: self._size(file) for file in appends}
            journal = self.full(PENDING) / f"{time.time_ns():020d}-{os.getpid()}.json"
            record = {
                "write": {f: None if b is None else base64.b64encode(b).decode() for f, b in changes.items()},
                "append": {f: [sizes[f], base64.b64encode(b).decode()] for f, b in appends.items()},
            }
            try:
                _write_file(journal, json.dumps(record).encode())
            except OSError as error:
                with contextlib.suppress(OSError):
                    journal.unlink(missing_ok=True)
                raise self._unwritable(error) from None
            try:
                self._apply(changes, {f: (sizes[f], b) for f, b in appends.items()})
                _unlink(journal)
            except OSError as error:
                self._roll_back(journal, {file: before[file] for file in changes}, sizes)
                raise self._unwritable(error) from None

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

    def _roll_back(self, journal: Path, before: Mapping[str, bytes | None], sizes: Mapping[str, int]) -> None:
        """Put the old state back; where that fails too, the journal stays and is finished at the next open."""
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
            return

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

        Raises
        ------
        FolderError
            If there is one and the folder cannot be written.
        """
        pending = self.full(PENDING)
        try:
            names = sorted(path.name for path in pending.iterdir() if path.name != "lock")
        except (FileNotFoundError, NotADirectoryError):
            return
        for name in names:
            journal = pending / name
            if not name.endswith(".json"):
                with contextlib.suppress(OSError):
                    journal.unlink()  # begun before the write counted as done: never happened
                continue
            try:
                record = json.loads(journal.read_bytes())
                writes = {f: None if b is None else base64.b64decode(b) for f, b in record["write"].items()}
                appends = {f: (size, base64.b64decode(b)) for f, (size, b) in record["append"].items()}
            except (ValueError, KeyError, TypeError):
                raise FolderError(
                    f"{PENDING}/{name}: an unfinished write that cannot be read. Move the file out of the study, "
                    "run 'qualcode check', and compare with your backup."
                ) from None
            except OSError as error:
                raise self._unwritable(error) from None
            try:
                for file in writes:
                    for left in self.full(file).parent.glob(f"{PurePosixPath(file).name}.*.tmp"):
                        left.unlink(missing_ok=True)
                self._apply(writes, appends)
                _unlink(journal)
            except OSError as error:
                raise self._unwritable(error) from None

    def pending(self) -> bool:
        """Whether a write was begun and not finished."""
        try:
            return any(path.suffix == ".json" for path in self.full(PENDING).iterdir())
        except OSError:
            return False

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
    except OSError:
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
