"""What can be mended in a study folder without deciding anything: nothing that somebody did is lost or guessed."""

from __future__ import annotations

import json
import os
from pathlib import PurePosixPath

import tomlkit
import tomlkit.exceptions

from qualcode import folder as paths
from qualcode.damage import PRIVATE, find_damage
from qualcode.errors import FileProblems, FolderError
from qualcode.folder import Folder
from qualcode.git import register
from qualcode.log import Event, parse_log
from qualcode.logged_rows import row_kind
from qualcode.suggestion import format_suggestions, parse_suggestions
from qualcode.told import Told
from qualcode.transcript import prepare_text, text_version


def repair_project(path: str | os.PathLike[str] = ".") -> list[str]:
    """Mend what is safe in a study folder; return what was done, one sentence each.

    - A write that was cut off is finished, or its leftovers are removed.
    - A text that is missing or empty, and is kept among the versions, is put back; so is a kept version of a text that
      is there.
    - The length of a text is corrected where the text is the one that was coded.
    - A file that is gone, empty, cut off in the middle of a line, or has other line ends than it was written with,
      is put back as the last step left it: its state is kept, or the log holds its codings and decisions.
    - A file of codings, suggestions or decisions whose columns or lines were put in another order is written as
      qualcode writes it; every line stays. One that is not as the log tells is left alone.
    - A line of a log that was cut off is moved into a file beside it, so that undo works again; one that stands there
      twice goes once.
    - The files that keep transcripts out of git are completed.

    What needs a decision (a code that is gone, a coding that somebody changed by hand, a text edited outside, two
    copies of a file) is left to you; `project.check` names it.

    Parameters
    ----------
    path
        The study folder; it need not open.

    Returns
    -------
    list of str
        Empty where there was nothing to mend.

    Raises
    ------
    FolderError
        If it is no study, or cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> from qualcode.testing import make_project
    >>> project = make_project(tempfile.mkdtemp() + "/study")
    >>> (project.path / "data/sources/S1.toml").unlink()
    >>> repair_project(project.path)
    ['data/sources/S1.toml: was gone, and was put back as the last step left it.']
    """
    folder = Folder(path)
    if not folder.exists(paths.SETTINGS):
        raise FolderError(
            f"{folder.path.name}: is no study folder; it has no {paths.SETTINGS}. Give the folder that holds it."
        )
    with folder.locked():  # finishes what was begun
        repair = _Repair(folder)
        repair.leftovers()
        repair.logs()
        repair.files()
        repair.texts()
        repair.rows()
        folder.write(repair.changes)
    return [*repair.done, *register(folder.path)]


class _Repair:
    """The files to write, and what is to be said of them."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        self.changes: dict[str, bytes | None] = {}
        self.done: list[str] = []
        self.told = Told(())

    def read(self, file: str) -> bytes | None:
        """Return the bytes of a file as it will be; None where there is none, or it cannot be read."""
        if file in self.changes:
            return self.changes[file]
        try:
            return self.folder.read(file)
        except FolderError:  # check names it
            return None

    def put(self, file: str, content: bytes | None, said: str) -> None:
        self.changes[file] = content
        self.done.append(f"{file}: {said}.")

    def may_write(self, file: str) -> bool:
        """Whether there is a file, or room for one: a folder or device in its place is for people to move."""
        path = self.folder.full(file)
        return path.is_file() or not (path.exists() or path.is_symlink())

    def leftovers(self) -> None:
        for file in self.folder.list_files(["codebooks", "data"]):
            if file.endswith(".tmp") and not file.startswith((paths.PENDING, paths.RAW)):
                self.put(file, None, "the rest of a write that was cut off was removed")

    # -- logs ------------------------------------------------------------------------------------

    def logs(self) -> None:
        """Move lines that were cut off aside, and take in what all others tell."""
        events: dict[str, Event] = {}
        whole = True
        for file in self.folder.list_files(["data/log"]):
            if not file.endswith(".jsonl") or file.count("/") != 2:
                continue
            content = self.read(file)
            lines = (content or b"").split(b"\n")
            once = list(dict.fromkeys(line for line in lines if line.strip()))
            doubled = sum(1 for line in lines if line.strip()) - len(once)
            if doubled and not any(_is_cut_off(line) for line in once):
                content, lines = b"\n".join([*once, b""]), once
                number = "a line" if doubled == 1 else f"{doubled} lines"
                self.put(file, content, f"{number} that stood there twice went once")
            cut = [line for line in lines if _is_cut_off(line)]
            if cut:
                content = b"\n".join(line for line in lines if line not in cut)
                content += b"" if content.endswith(b"\n") or not content else b"\n"
                aside = f"{file.removesuffix('.jsonl')}-{paths.digest(b''.join(cut))}.cut"
                number = "a line that was" if len(cut) == 1 else f"{len(cut)} lines that were"
                self.changes[aside] = b"\n".join(cut) + b"\n"
                self.put(file, content, f"{number} cut off went into {aside}")
            try:
                events |= {event.id: event for event in parse_log(content or b"", file)}
            except FileProblems:
                whole = False  # a line that somebody edited: half the logs would tell half
        if whole:
            self.told = Told(events.values())

    # -- files -----------------------------------------------------------------------------------

    def files(self) -> None:
        """Put back what is damaged and was not meant to be, as the last step left it."""
        for found in list(find_damage(self.told, self.read)):
            if self.may_write(found.file):
                self.put(found.file, found.wanted, f"{found.how}, and was put back {found.whence}")
        for file, life in sorted(self.told.files.items()):
            content = None if file.startswith(PRIVATE) else self.read(file)
            state = paths.digest(content) if content is not None else ""
            kept = paths.state_file(state)
            if content is None or state not in life.seen or not self.may_write(kept):
                continue
            before = self.read(kept)
            if before is None or paths.digest(before) != state:
                how = "was missing" if before is None else "was damaged"
                self.put(kept, content, f"an earlier state {how}, and is kept again")

    def texts(self) -> None:
        """Put back texts and kept versions of texts, and correct lengths."""
        sources = {*self.folder.list_files(["data/sources"]), *self.changes}
        for file in sorted(sources):
            if file.startswith("data/sources/") and file.endswith(".toml"):
                self.text(file)

    def text(self, file: str) -> None:
        try:
            record = tomlkit.parse((self.read(file) or b"").decode("utf-8"))
        except (UnicodeDecodeError, tomlkit.exceptions.ParseError):
            return
        source, version = PurePosixPath(file).stem, str(record.get("version", ""))
        if not version.isalnum():
            return
        place, keep = paths.text_file(source), paths.version_file(version)
        content, kept = self.read(place), self.read(keep)
        if kept is not None and _is_version(kept, version) and self.may_write(place):
            if content is None:
                self.put(place, kept, "was missing and was put back from the kept versions")
            elif not content.strip(b"\0 \t\r\n"):
                self.put(place, kept, "was empty and was put back from the kept versions")
        content = self.read(place)
        if content is None or not _is_version(content, version):
            return
        if (kept is None or not _is_version(kept, version)) and self.may_write(keep):
            self.put(keep, prepare_text(content.decode("utf-8")).encode("utf-8"), "the text is kept again")
        length = len(prepare_text(content.decode("utf-8")))
        if record.get("length") != length:
            record["length"] = length
            self.put(file, tomlkit.dumps(record).encode("utf-8"), f"the length was corrected to {length}")

    def rows(self) -> None:
        """Put columns and lines in order, where every line is as it was written."""
        for file in self.folder.list_files(["data/codings", "data/suggestions", "data/decisions"]):
            content, kind = self.read(file), row_kind(file)
            if not paths.is_scanned(file) or file in self.changes or content is None:
                continue
            try:
                extra, rows = kind.parse(content, file) if kind else parse_suggestions(content, file)
            except FileProblems:
                continue
            written = kind.format(extra, rows) if kind else format_suggestions(extra, rows)
            told = {row["id"]: self.told.row(file, row["id"]) or {} for row in rows}
            changed = any(row.get(name) != value for row in rows for name, value in told[row["id"]].items())
            if written != content and rows and not changed:
                what = f"{kind.name}s" if kind else "suggestions"
                self.put(
                    file, written, f"columns, lines and line ends were put in order; all {len(rows)} {what} are as they were"
                )  # fmt: skip


def _is_cut_off(line: bytes) -> bool:
    """Whether a line is the beginning of an event, or zeros that a crash left."""
    if not line.strip():
        return False
    if not line.strip(b"\0 \r"):
        return True
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return line.startswith(b'{"id"') and not line.rstrip().endswith(b"}")
    return False


def _is_version(content: bytes, version: str) -> bool:
    try:
        return text_version(prepare_text(content.decode("utf-8"))) == version
    except UnicodeDecodeError:
        return False
