"""A study as one .zip, to keep and to bring back: everything in it, transcripts and raw interviews too."""

from __future__ import annotations

import hashlib
import os
import stat
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from qualcode import folder as paths
from qualcode.errors import FolderError, InvalidValue
from qualcode.folder import Folder

if TYPE_CHECKING:
    from qualcode.project import Project

_TOPS = ("codebooks", "data")
_SINGLE = (paths.SETTINGS, ".gitignore", ".gitattributes")
_LEFT_OUT = (f"{paths.PENDING}/", "data/transcripts/.cache/", "data/.cache/")
_MOST = 4 * 1024**3
"""No study is larger; a bomb is."""

MANIFEST = "MANIFEST.sha256"
"""Every file with its hash, as ``sha256sum`` writes it: a file that got lost on the way is noticed."""

_DATE = (1980, 1, 1, 0, 0, 0)


def backup(project: Project, path: str | os.PathLike[str], *, replace: bool = False) -> Path:
    """Write the whole study into one .zip: settings, codebooks, data, transcripts, raw interviews, the log.

    Notebooks and figures are not in it. It holds what participants said; keep it where the interviews are.

    Parameters
    ----------
    project
        A `qualcode.Project`.
    path
        The .zip to write, outside the study.
    replace
        Write over a file that is there.

    Returns
    -------
    pathlib.Path
        The file, read back and compared before this returns.

    Raises
    ------
    InvalidValue
        If the path is inside the study or does not end in .zip, or the file is there.
    FolderError
        If it cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> from qualcode.testing import make_project
    >>> folder = tempfile.mkdtemp()
    >>> path = backup(make_project(folder + "/study"), folder + "/study.zip")
    >>> restore(path, folder + "/again")
    <Project 'A made study': 4 sources, 7 codes, 35 codings, 2 coders>
    """
    target = Path(path).expanduser().resolve()
    if target.suffix.lower() != ".zip":
        raise InvalidValue(f"A backup is a .zip, got '{target.name}'. Give a name such as study.zip.")
    if target.is_relative_to(project.path):
        raise InvalidValue(
            "A backup inside the study is lost with it. Give a place outside of the study folder."
        )
    if target.exists() and not replace:
        raise InvalidValue(f"{target.name} is there already. Give another name, or say replace=True.")
    folder = Folder(project.path)
    temporary = target.with_name(f"{target.name}.{os.getpid()}.tmp")
    try:
        with folder.locked():
            files = {name: folder.read(name) or b"" for name in _files(folder)}
        files[MANIFEST] = _manifest(files)
        with zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in files.items():
                archive.writestr(zipfile.ZipInfo(name, _DATE), content, zipfile.ZIP_DEFLATED)
        with zipfile.ZipFile(temporary) as archive:
            if {name: archive.read(name) for name in archive.namelist()} != files:
                raise FolderError(
                    f"{target.name} could not be read back as it was written. Try another disk."
                )
        temporary.replace(target)
    except (OSError, zipfile.BadZipFile, zlib.error) as error:
        temporary.unlink(missing_ok=True)
        if isinstance(error, FolderError):
            raise
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise FolderError(
            f"{target.name} cannot be written ({reason}). Is the disk full or read-only?"
        ) from None
    return target


def restore(
    path: str | os.PathLike[str], folder: str | os.PathLike[str], *, coder: str | None = None
) -> Project:
    """Bring a study back from a backup, into a new folder.

    Parameters
    ----------
    path
        What `backup` wrote.
    folder
        Where the study shall be; it must not exist or be empty.
    coder
        Whose work is done in this session.

    Returns
    -------
    Project
        The study, open. `project.check()` says whether all is well.

    Raises
    ------
    FolderError
        If the file is no backup or broken, or the folder holds something. Nothing is then left behind.
    """
    from qualcode.project import open_project

    source, target = Path(path).expanduser(), Path(folder).expanduser().resolve()
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise FolderError(f"{target.name} holds something already. Give a folder that is new or empty.")
    try:
        with zipfile.ZipFile(source) as archive:
            files = {entry.filename: entry for entry in archive.infolist() if not entry.is_dir()}
            _check_entries(source.name, files)
            contents = {name: archive.read(entry) for name, entry in files.items()}
        if contents.pop(MANIFEST) != _manifest(contents):
            raise FolderError(
                f"{source.name} is not whole: a file is missing or damaged. Take another backup."
            )
    except FileNotFoundError:
        raise FolderError(f"{source.name}: there is no such file. Check the path.") from None
    except (zipfile.BadZipFile, zlib.error, OSError, RuntimeError, NotImplementedError, EOFError) as error:
        if isinstance(error, FolderError):
            raise
        raise FolderError(
            f"{source.name} is broken or no backup; nothing was restored. Take another backup."
        ) from None
    Folder(target).write(dict(contents))
    return open_project(target, coder=coder)


def _manifest(files: Mapping[str, bytes]) -> bytes:
    lines = [f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items())]
    return "".join(lines).encode("utf-8")


def _files(folder: Folder) -> list[str]:
    names = [name for name in _SINGLE if folder.exists(name)]
    for name in folder.list_files(_TOPS):
        if (
            not name.startswith(_LEFT_OUT)
            and not name.endswith(".tmp")
            and not folder.full(name).is_symlink()
        ):
            names.append(name)
    return names


def _check_entries(file: str, entries: dict[str, zipfile.ZipInfo]) -> None:
    """Refuse what no backup of ours holds: strange places, links, bombs."""
    if not {paths.SETTINGS, MANIFEST} <= set(entries):
        raise FolderError(
            f"{file} is no backup of a study; there is no {paths.SETTINGS} or no {MANIFEST} in it."
        )
    for name, entry in entries.items():
        parts = PurePosixPath(name).parts
        inside = name in (*_SINGLE, MANIFEST) or (len(parts) > 1 and parts[0] in _TOPS)
        if not inside or ".." in parts or "\\" in name or ":" in name or "\x00" in name:
            raise FolderError(
                f"{file} holds a file outside of a study; it is no backup of ours. Nothing was restored."
            )
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise FolderError(f"{file} holds a link; it is no backup of ours. Nothing was restored.")
    if sum(entry.file_size for entry in entries.values()) > _MOST:
        raise FolderError(f"{file} would unpack to more than any study holds. Nothing was restored.")
