"""Git and a study: the merge driver that git calls, and how a repository is told about it.

`register` is what `qualcode init` does so that `git merge` joins two coders' work by record
(qualcode.merge), notebooks are committed without what they show, and raw material and
transcripts stay out of the repository until the team decides otherwise.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from qualcode.errors import FolderError
from qualcode.merge import KINDS, MergeResult, kind_of, merge_file

DRIVER = "qualcode"

# "-text": hashes name exact bytes, so git must not turn line ends into those of Windows.
ATTRIBUTES = (
    "data/** -text",
    "codebooks/** -text",
    "qualcode.toml -text",
    *(f"{pattern} merge={DRIVER}" for pattern, _ in reversed(KINDS)),
    f"data/transcripts/*.txt merge={DRIVER}",
    "*.ipynb filter=nbstripout",
)
"""The lines of .gitattributes."""

ALWAYS_IGNORED = ("data/transcripts/.pending/", "data/transcripts/.cache/", "data/.cache/", "data/**/*.tmp")
PRIVATE = ("data/raw/", "data/transcripts/*.txt", "data/transcripts/.versions/")
PRIVATE_TITLE = "# Raw material and transcripts stay out of git. Delete the lines below, and keep this one, to share them:"
"""As long as this line stands in .gitignore, `register` leaves what the team decided below it alone."""


def merge_driver(
    base_path: str | os.PathLike[str],
    ours_path: str | os.PathLike[str],
    theirs_path: str | os.PathLike[str],
    name: str,
) -> int:
    """Merge one file for git and write the result over ours; what `qualcode merge-file %O %A %B %P` does.

    Parameters
    ----------
    base_path, ours_path, theirs_path
        The three states, in files that git made.
    name
        Path of the file in the repository, which says what it is.

    Returns
    -------
    int
        0 for a clean merge; 1 where a person must decide. The file then holds git's usual marks, or, where
        marks would damage it (a transcript), our side. Notes and conflicts go to the error stream.
    """
    base, ours, theirs = (Path(path).read_bytes() for path in (base_path, ours_path, theirs_path))
    result = merge_file(name.replace("\\", "/"), base or None, ours, theirs)
    for line in (*result.notes, *result.conflicts):
        print(f"qualcode: {line}", file=sys.stderr)
    if not result.conflicts:
        _replace(Path(ours_path), result)
        return 0
    if kind_of(name)[1] is not None:
        # Marks make the file unreadable on purpose: ours alone would look like a finished merge.
        _run(
            [
                "merge-file",
                "-L",
                "ours",
                "-L",
                "base",
                "-L",
                "theirs",
                *map(str, (ours_path, base_path, theirs_path)),
            ]
        )
    return 1


def _replace(path: Path, result: MergeResult) -> None:
    if path.read_bytes() != result.content:
        path.write_bytes(result.content)


def register(folder: str | os.PathLike[str]) -> list[str]:
    """Tell git how to merge a study and what to keep out; doing it again changes nothing.

    Writes .gitattributes and .gitignore of the study and, where the study lies in a git repository, the
    settings of this copy of it. Lines that are already there stay. Each coder does this once per computer,
    because git never takes commands from a repository.

    Parameters
    ----------
    folder
        The study folder; it may be the repository or lie inside one.

    Returns
    -------
    list of str
        What was done, one sentence each; empty where all was in place.

    Raises
    ------
    FolderError
        If one of the files cannot be written.
    """
    study = Path(folder)
    said = []
    if _add_lines(study / ".gitattributes", _missing(study / ".gitattributes", ATTRIBUTES)):
        said.append("git merges this study by record (.gitattributes).")
    ignored = _missing(study / ".gitignore", ALWAYS_IGNORED)
    if PRIVATE_TITLE not in _lines(study / ".gitignore"):
        ignored = [*ignored, PRIVATE_TITLE, *_missing(study / ".gitignore", PRIVATE)]
        said.append("Raw material and transcripts stay out of git (.gitignore says how to share them).")
    _add_lines(study / ".gitignore", ignored)
    if not _in_repository(study):
        return said
    wrong = {key: value for key, value in _settings().items() if _get(study, key) != value}
    for key, value in wrong.items():
        done = _run(["config", "--local", key, value], study)
        if done.returncode:
            reason = f"git cannot be told how to merge this study: {done.stderr.strip()}."
            raise FolderError(f"{reason} Run 'qualcode init' again where the repository can be written.")
    if wrong:
        said.append("This computer's git now calls qualcode to merge, and nbstripout to clean notebooks.")
    return said


def is_registered(folder: str | os.PathLike[str]) -> bool:
    """Whether git in this folder merges by record, on this computer.

    Examples
    --------
    >>> import tempfile
    >>> is_registered(tempfile.mkdtemp())
    False
    """
    study = Path(folder)
    if _missing(study / ".gitattributes", ATTRIBUTES) or not _in_repository(study):
        return False
    return all(_get(study, key) == value for key, value in _settings().items())


def advice(folder: str | os.PathLike[str], private: bool = True) -> list[str]:
    """Return what should be done about git in a study, one sentence each; empty outside a repository.

    Parameters
    ----------
    folder
        The study folder.
    private
        Whether the study has interviews that are not made up.
    """
    study = Path(folder)
    if not _in_repository(study):
        return []
    said = []
    if not is_registered(study):
        said.append(
            "Git on this computer does not merge this study by record yet: run 'qualcode init .' once on this computer."
        )
    lines = _lines(study / ".gitignore")
    own = [line for line in lines if line.lstrip("/") not in ALWAYS_IGNORED]
    if private and not (PRIVATE_TITLE in lines or any("data/transcripts" in line for line in own)):
        said.append(
            "Nothing keeps the transcripts out of git: .gitignore has no line for data/transcripts. 'qualcode init .' adds it."
        )
    return said


def would_share(file: str | os.PathLike[str]) -> bool:
    """Whether git would take a file with the next commit: it lies in a repository that does not leave it out.

    Examples
    --------
    >>> import tempfile
    >>> would_share(tempfile.mkdtemp() + "/S1.html")
    False
    """
    path = Path(file).resolve()
    folder = next((each for each in path.parents if each.is_dir()), None)
    if folder is None or not _in_repository(folder):
        return False
    return _run(["check-ignore", "-q", "--", str(path)], folder).returncode == 1


def _settings() -> dict[str, str]:
    """Return the git settings of this computer: attributes name a driver, only settings say what it is."""
    # -P: what lies in the repository must not be run in place of an installed package.
    python = f'"{Path(sys.executable).as_posix()}" -P'
    return {
        f"merge.{DRIVER}.name": "merge a study record by record",
        f"merge.{DRIVER}.driver": f"{python} -m qualcode merge-file %O %A %B %P",
        "filter.nbstripout.clean": f"{python} -m nbstripout",
        "filter.nbstripout.smudge": "cat",
    }


def _in_repository(study: Path) -> bool:
    return _run(["rev-parse", "--is-inside-work-tree"], study).stdout.strip() == "true"


def _get(study: Path, key: str) -> str | None:
    done = _run(["config", "--local", "--get", key], study)
    return done.stdout.rstrip("\n") if done.returncode == 0 else None


def _run(words: Sequence[str], at: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run git; without git on this computer, answer like a folder outside any repository."""
    try:
        return subprocess.run(
            ["git", *words], cwd=at, capture_output=True, encoding="utf-8", errors="replace", check=False
        )
    except (FileNotFoundError, NotADirectoryError) as error:
        return subprocess.CompletedProcess(list(words), 127, "", str(error))


def _lines(path: Path) -> list[str]:
    try:
        return [line.strip() for line in path.read_text(encoding="utf-8-sig").splitlines()]
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise FolderError(f"{path.name} cannot be read ({error}). Mend it, then try again.") from None


def _missing(path: Path, wanted: Sequence[str]) -> list[str]:
    there = set(_lines(path))
    return [line for line in wanted if line not in there]


def _add_lines(path: Path, lines: Sequence[str]) -> bool:
    """Add lines at the end of a text file, keeping what stands there; return whether there were any."""
    if not lines:
        return False
    try:
        before = path.read_bytes() if path.exists() else b""
        gap = b"\n" if before and not before.endswith(b"\n") else b""
        path.write_bytes(before + gap + "".join(f"{line}\n" for line in lines).encode("utf-8"))
    except OSError as error:
        raise FolderError(
            f"{path.name} cannot be written ({error.strerror}). Nothing was added to it."
        ) from None
    return True
