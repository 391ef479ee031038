"""A study as one .zip, to keep and to bring back: all of its folder, transcripts and raw interviews too."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import stat
import unicodedata
import warnings
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import IO, TYPE_CHECKING

from qualcode import folder as paths
from qualcode.errors import FileProblems, FolderError, InvalidValue
from qualcode.file_names import given_path, leads_out
from qualcode.folder import Folder
from qualcode.unpacking import beside

if TYPE_CHECKING:
    from qualcode.project import Project

_STUDY = ("codebooks", "data", "data/transcripts", "data/raw")
"""Folders of the study itself; each may be a link to another disk."""

_HIDDEN = (f"{paths.STATES}/", f"{paths.VERSIONS}/", f"{paths.RAW_STATES}/")
_SINGLE = (".gitignore", ".gitattributes")
_NEVER = ("__pycache__", "node_modules", "venv")
_MOST = 4 * 1024**3
"""No study is larger; a bomb is."""

MOST_BESIDE = 10 * 1024**2
"""Larger files that lie beside the study (not in its codebooks, data, notebooks, figures) are named and left out."""

MAX_RATIO, RATIO_FREE = 400, 4 * 1024**2
"""A file above 4 MB that grows more than this when unpacked is a bomb; ours are then packed without compression."""

MANIFEST = "MANIFEST.sha256"
"""Every file with its hash, as ``sha256sum`` writes it: a file that got lost on the way is noticed."""

_A_LINK = "a link to somewhere else"
_UNFINISHED = "of a program that did not finish writing"
_LARGE = f"larger than {MOST_BESIDE // 1024**2} MB"

LeftOut = dict[str, list[str]]
"""Why files are not in a backup to their names."""

_DATE = (1980, 1, 1, 0, 0, 0)
_PIECE = 1 << 20


def backup(project: Project, path: str | os.PathLike[str], *, replace: bool = False) -> Path:
    """Write the whole study folder into one .zip: settings, codebooks, data, raw interviews, notebooks, figures, notes.

    Left out are hidden files of other programs (.git, .venv, ...) and caches. Left out as well, and named by a warning,
    are links to files that lie elsewhere, files that a program did not finish writing or has open (``*.tmp``, ``~$...``),
    and files of more than 10 MB outside of codebooks, data, notebooks and figures. The file holds what participants said;
    keep it where the interviews are.

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
        If the path is inside the study or does not end in .zip, or the file is there; or if a file of the study has a
        name that other computers cannot have.
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
    target = given_path(path).resolve()
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
        left_out: LeftOut = defaultdict(list)
        stored = _write_zip(folder, temporary, frozenset(), left_out)
        if stored:
            left_out = defaultdict(list)
            _write_zip(folder, temporary, stored, left_out)
        _read_back(temporary, target.name)
        temporary.replace(target)
    except (OSError, zipfile.BadZipFile, zlib.error) as error:
        if isinstance(error, FolderError):
            raise
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise FolderError(
            f"{target.name} cannot be written ({reason}). Is the disk full or read-only?"
        ) from None
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
    _warn_of(left_out)
    return target


def restore(
    path: str | os.PathLike[str], folder: str | os.PathLike[str], *, coder: str | None = None
) -> Project:
    """Bring a study back from a backup, into a new folder.

    It is unpacked beside that folder and looked at before it takes its place: an attempt that fails leaves nothing. One
    that is killed leaves what it had unpacked in a hidden folder beside (``.name.1234.restoring``); the next `restore` to
    the same place, or opening the study there, removes that.

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
    InvalidValue
        If one of the paths is impossible.
    """
    from qualcode.project import open_project
    from qualcode.study import Study

    source, target = given_path(path), given_path(folder).resolve()
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise FolderError(f"{target.name} holds something already. Give a folder that is new or empty.")
    broken = f"{source.name} is broken or no backup; nothing was restored. Take another backup."
    try:
        with zipfile.ZipFile(source) as archive:
            entries = _checked_entries(source.name, archive)
            with beside(target) as place:
                _unpack(archive, entries, place, source.name)
                try:
                    Study(Folder(place)).refresh()
                except (FileProblems, FolderError) as error:
                    raise FolderError(
                        f"{source.name} holds a study that cannot be opened; nothing was restored. It is an ordinary .zip: unpack it, "
                        f"and run 'qualcode check --repair' in it. {error}"
                    ) from None
                _put_in_place(place, target)
    except FileNotFoundError as error:
        if source.exists():
            raise _cannot(target, error) from None
        raise FolderError(f"{source.name}: there is no such file. Check the path.") from None
    except FolderError:
        raise
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError):
        raise FolderError(broken) from None
    except OSError as error:
        raise _cannot(target, error) if source.is_file() else FolderError(broken) from None
    return open_project(target, coder=coder)


def _cannot(target: Path, error: OSError) -> FolderError:
    return FolderError(
        f"{target.name} cannot be written ({error.strerror or error}). Nothing was restored. Is the disk full or read-only?"
    )


# -- writing -------------------------------------------------------------------------------------------


def _write_zip(folder: Folder, path: Path, stored: frozenset[str], left_out: LeftOut) -> frozenset[str]:
    """Write a backup; return the files that are to be packed without compression, as they would look like a bomb."""
    manifest: dict[str, str] = {}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        with folder.locked():  # what belongs together is of one moment; what lies beside it may take its time
            for name in _files_of_study(folder, left_out):
                manifest[name] = _pack(archive, folder.full(name), name, name in stored)
        for name in _files_beside(folder, left_out):
            manifest[name] = _pack(archive, folder.full(name), name, name in stored)
        archive.writestr(zipfile.ZipInfo(MANIFEST, _DATE), _manifest(manifest), zipfile.ZIP_DEFLATED)
        return frozenset(entry.filename for entry in archive.infolist() if _is_bomb(entry))


def _pack(archive: zipfile.ZipFile, path: Path, name: str, stored: bool) -> str:
    entry = zipfile.ZipInfo(name, _DATE)
    entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    try:
        entry.file_size = path.stat().st_size
        with path.open("rb") as read, archive.open(entry, "w") as written:
            return _copy(read, written.write)
    except (FileNotFoundError, PermissionError) as error:
        raise FolderError(
            f"{name}: cannot be read ({error.strerror}). Is it open in another program? No backup was written."
        ) from None


def _copy(read: IO[bytes], write: Callable[[bytes], object]) -> str:
    """Copy piece by piece, so that a film needs no memory; return the hash."""
    found = hashlib.sha256()
    while piece := read.read(_PIECE):
        found.update(piece)
        write(piece)
    return found.hexdigest()


def _manifest(hashes: Mapping[str, str]) -> bytes:
    return "".join(f"{digest}  {name}\n" for name, digest in sorted(hashes.items())).encode("utf-8")


def _files_of_study(folder: Folder, left_out: LeftOut) -> list[str]:
    names = [name for name in (paths.SETTINGS, *_SINGLE) if folder.exists(name)]
    for name in folder.list_files(_STUDY):
        if name.endswith(".tmp"):
            left_out[_UNFINISHED].append(name)
        elif _is_taken(name):
            names.append(name)
    odd = [name for name in names if not _is_nameable(name)]
    if odd:
        raise InvalidValue(
            f"{odd[0]!r} has a name that other computers cannot have, so a backup with it could not be restored there. "
            "Rename the file."
        )
    links = {name for name in names if folder.full(name).is_symlink()}
    left_out[_A_LINK] += sorted(links | _linked_folders(folder))
    return [name for name in dict.fromkeys(names) if name not in links]


def _linked_folders(folder: Folder) -> set[str]:
    """Return folders below those of the study that are links; what is behind them is not looked at."""
    found = set()
    for top in _STUDY:
        for root, names, _ in os.walk(folder.full(top)):
            inside = Path(root).relative_to(folder.path).as_posix()
            found |= {f"{inside}/{name}" for name in names if (Path(root) / name).is_symlink()}
    return {name for name in found if name not in _STUDY and _is_taken(name)}


def _files_beside(folder: Folder, left_out: LeftOut) -> list[str]:
    """Return notebooks, figures, notes: what else lies in the folder of the study."""
    names: list[str] = []
    for name in folder.list_files():
        path = folder.full(name) if not leads_out(name) else None
        if (
            name in (paths.SETTINGS, *_SINGLE)
            or name.startswith(("codebooks/", "data/"))
            or not _is_taken(name)
        ):
            continue
        if path is not None and path.is_symlink():
            left_out[_A_LINK].append(name)
        elif name.endswith(".tmp"):
            left_out[_UNFINISHED].append(name)
        elif name.rsplit("/", 1)[-1].startswith("~$"):
            left_out["of a program that has a file open"].append(name)
        elif path is None or not _is_nameable(name) or name == MANIFEST:
            left_out["with a name that other computers cannot have"].append(name)
        elif path.is_file():
            large = path.stat().st_size > MOST_BESIDE and not name.startswith(("notebooks/", "figures/"))
            (left_out[_LARGE] if large else names).append(name)
    return names


def _warn_of(left_out: LeftOut) -> None:
    said = []
    for why, names in left_out.items():
        names = sorted({*names})
        if names:
            more = f" and {len(names) - 5} more" if len(names) > 5 else ""
            said.append(f"{', '.join(map(repr, names[:5]))}{more} ({why})")
    if said:
        warnings.warn(
            f"Not in the backup: {'; '.join(said)}. Keep what you need of it elsewhere as well, or put the file itself into "
            "data/raw.",
            stacklevel=3,
        )


def _is_taken(name: str) -> bool:
    """Whether a file is of the study: not hidden, and no cache."""
    shown = name
    for kept in _HIDDEN:
        shown = shown.removeprefix(kept)
    parts = shown.split("/")
    return name in _SINGLE or not any(part.startswith(".") or part in _NEVER for part in parts)


def _is_nameable(name: str) -> bool:
    odd = any(sign in "\\:" or unicodedata.category(sign) in ("Cc", "Cs") for sign in name)
    return not odd and not leads_out(name)


def _read_back(path: Path, shown: str) -> None:
    with zipfile.ZipFile(path) as archive:
        if _hashes(archive) != archive.read(MANIFEST):
            raise FolderError(f"{shown} could not be read back as it was written. Try another disk.")


def _hashes(archive: zipfile.ZipFile) -> bytes:
    found = {}
    for entry in archive.infolist():
        if entry.filename != MANIFEST:
            with archive.open(entry) as read:
                found[entry.filename] = _copy(read, len)
    return _manifest(found)


# -- reading -------------------------------------------------------------------------------------------


def _checked_entries(file: str, archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """Return the files of a backup; refuse what no backup of ours holds: strange places, links, bombs."""
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    names = {entry.filename for entry in entries}
    if not {paths.SETTINGS, MANIFEST} <= names:
        raise FolderError(
            f"{file} is no backup of a study; there is no {paths.SETTINGS} or no {MANIFEST} in it."
        )
    for entry in entries:
        name = entry.filename
        if not _is_nameable(name) or not _is_taken(name) or name.endswith(("/", ".tmp")):
            raise FolderError(
                f"{file} holds a file outside of a study; it is no backup of ours. Nothing was restored."
            )
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise FolderError(f"{file} holds a link; it is no backup of ours. Nothing was restored.")
    if len(names) != len(entries):
        raise FolderError(f"{file} holds a file twice; it is no backup of ours. Nothing was restored.")
    if sum(entry.file_size for entry in entries) > _MOST or any(map(_is_bomb, entries)):
        raise FolderError(f"{file} would unpack to more than any study holds. Nothing was restored.")
    return entries


def _is_bomb(entry: zipfile.ZipInfo) -> bool:
    return entry.file_size > RATIO_FREE and entry.file_size > MAX_RATIO * max(entry.compress_size, 1)


def _unpack(archive: zipfile.ZipFile, entries: Iterable[zipfile.ZipInfo], place: Path, file: str) -> None:
    hashes = {}
    for entry in entries:
        if entry.filename == MANIFEST:
            continue
        path = place / entry.filename
        path.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(entry) as read, path.open("xb") as written:
            hashes[entry.filename] = _copy(read, written.write)
    if archive.read(MANIFEST) != _manifest(hashes):
        raise FolderError(f"{file} is not whole: a file is missing or damaged. Take another backup.")


def _put_in_place(place: Path, target: Path) -> None:
    """Let a folder take the place of another one that is empty or not there."""
    try:
        if target.exists():
            target.rmdir()
        place.rename(target)
    except OSError:
        if not target.is_dir():
            raise
        moved: list[Path] = []  # the folder itself cannot be replaced: somebody works in it, or it is a disk
        try:
            for each in sorted(place.iterdir(), key=lambda path: path.name == paths.SETTINGS):
                each.rename(target / each.name)
                moved.append(target / each.name)
        except BaseException:
            for each in moved:
                shutil.rmtree(each, ignore_errors=True)
                each.unlink(missing_ok=True)
            raise
