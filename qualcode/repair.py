"""What can be mended in a study folder without deciding anything: nothing that somebody did is lost or guessed."""

from __future__ import annotations

import os
from pathlib import PurePosixPath

import tomlkit
import tomlkit.exceptions

from qualcode import folder as paths
from qualcode.errors import FileProblems
from qualcode.folder import Folder
from qualcode.git import register
from qualcode.logged_rows import row_kind
from qualcode.suggestion import format_suggestions, parse_suggestions
from qualcode.transcript import prepare_text, text_version


def repair_folder(path: str | os.PathLike[str]) -> list[str]:
    """Mend what is safe in a study folder; return what was done, one sentence each.

    - A write that was cut off is finished, or its leftovers are removed.
    - A text that is missing, and is kept among the versions, is put back.
    - The length of a text is corrected where the text is the one that was coded.
    - A file of codings, suggestions or decisions whose columns or lines were put in another order, or whose line ends were changed, is
      written as qualcode writes it; every line stays.
    - The files that keep transcripts out of git are completed.

    What needs a decision (a code that is gone, a coding after the end of its text, two copies of a file) is left
    to you; `check` names it.

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
        If it cannot be written.
    """
    folder = Folder(path)
    done: list[str] = []
    with folder.locked():  # finishes what was begun
        changes: dict[str, bytes | None] = {}
        for file in folder.list_files(["codebooks", "data"]):
            if file.endswith(".tmp") and not file.startswith((paths.PENDING, "data/raw/")):
                changes[file] = None
                done.append(f"{file}: the rest of a write that was cut off was removed.")
        for file in folder.list_files(["data/sources"]):
            _mend_source(folder, file, changes, done)
        for file in folder.list_files(["data/codings", "data/suggestions", "data/decisions"]):
            if paths.is_scanned(file) and file not in changes:
                _mend_rows(folder, file, changes, done)
        folder.write(changes)
    return [*done, *register(folder.path)]


def _mend_source(folder: Folder, file: str, changes: dict[str, bytes | None], done: list[str]) -> None:
    try:
        record = tomlkit.parse((folder.read(file) or b"").decode("utf-8"))
    except (UnicodeDecodeError, tomlkit.exceptions.ParseError):
        return
    source, version = PurePosixPath(file).stem, str(record.get("version", ""))
    place = paths.text_file(source)
    kept = folder.read(paths.version_file(version)) if version.isalnum() else None
    if not folder.exists(place) and kept is not None and _is_version(kept, version):
        changes[place] = kept
        done.append(f"{place}: was missing and was put back from the kept versions.")
    content = changes.get(place) or folder.read(place)
    if content is None or not _is_version(content, version):
        return
    length = len(prepare_text(content.decode("utf-8")))
    if record.get("length") != length:
        record["length"] = length
        changes[file] = tomlkit.dumps(record).encode("utf-8")
        done.append(f"{file}: the length was corrected to {length}.")


def _is_version(content: bytes, version: str) -> bool:
    try:
        return text_version(prepare_text(content.decode("utf-8"))) == version
    except UnicodeDecodeError:
        return False


def _mend_rows(folder: Folder, file: str, changes: dict[str, bytes | None], done: list[str]) -> None:
    content, kind = folder.read(file) or b"", row_kind(file)
    try:
        extra, rows = kind.parse(content, file) if kind else parse_suggestions(content, file)
    except FileProblems:
        return
    written = kind.format(extra, rows) if kind else format_suggestions(extra, rows)
    if written != content and rows:
        changes[file] = written
        what = f"{kind.name}s" if kind else "suggestions"
        done.append(
            f"{file}: columns, lines and line ends were put in order; all {len(rows)} {what} are as they were."
        )
