"""Where each file of a study lies, by its path relative to the study ("data/cases.csv"), and which may be written."""

from __future__ import annotations

import os
import re
from pathlib import Path

from qualcode.errors import InvalidValue

SETTINGS = "qualcode.toml"
CODEBOOK = "codebooks/codebook.yaml"
CASES = "data/cases.csv"
SPEAKERS = "data/speakers.csv"
STATES = "data/log/.states"
VERSIONS = "data/transcripts/.versions"
PENDING = "data/transcripts/.pending"
RAW = "data/raw/"
RAW_STATES = "data/raw/.states"


def codings_file(coder: str, source: str) -> str:
    """Return the path of a coder's codings of a source."""
    return f"data/codings/{coder}/{source}.csv"


def suggestions_file(assistant: str, source: str) -> str:
    """Return the path of what an assistant suggests in a source."""
    return f"data/suggestions/{assistant}/{source}.csv"


def decisions_file(coder: str, assistant: str, source: str) -> str:
    """Return the path of what a coder made of an assistant's suggestions in a source."""
    return f"data/decisions/{coder}/{assistant}/{source}.csv"


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


def hidden_file(source: str) -> str:
    """Return the path of what stood behind the page of a source and was kept on purpose."""
    return f"{RAW}{source}-hidden.json"


def kept_file(file: str, state: str) -> str:
    """Return the path where the bytes of an earlier state of a file are kept: raw material stays with the raw.

    Examples
    --------
    >>> kept_file("data/cases.csv", "0f"), kept_file("data/raw/P1-hidden.json", "0f"), kept_file("data/transcripts/P1.txt", "0f")
    ('data/log/.states/0f', 'data/raw/.states/0f', 'data/transcripts/.versions/0f.txt')
    """
    if file.startswith("data/transcripts/"):
        return version_file(state)
    return f"{RAW_STATES}/{state}" if file.startswith(RAW) else state_file(state)


_ODD_PART = re.compile(r"(^|/)[. ]*(/|$)|\0")
"""A part of a path that is empty, a dot or two, or only blanks: it would lead out of the study."""


def leads_out(file: str) -> bool:
    """Whether a path relative to the study may lead out of it; Windows reads ":" and backslash as signs too.

    Examples
    --------
    >>> leads_out("data/cases.csv"), leads_out("data/../../cases.csv"), leads_out("/etc/hosts")
    (False, True, True)
    """
    return bool(_ODD_PART.search(file)) or (os.sep == "\\" and ("\\" in file or ":" in file))


def belongs(file: str) -> bool:
    """Whether a file is one that a verb may write: settings, codebooks and data, nothing that is hidden.

    Examples
    --------
    >>> belongs("data/codings/ana/P7a.csv"), belongs(".git/hooks/post-merge"), belongs("data/../x.csv")
    (True, False, False)
    """
    if file == SETTINGS:
        return True
    shown = file
    for kept in (STATES, VERSIONS, RAW_STATES):
        shown = shown.removeprefix(f"{kept}/")
    return (
        file.startswith(("codebooks/", "data/"))
        and not leads_out(file)
        and not any(part.startswith(".") for part in shown.split("/"))
    )


SCANNED = (
    ("", (SETTINGS,)),
    ("codebooks", ("codebook.yaml",)),
    ("data", ("cases.csv", "speakers.csv")),
    ("data/sources", (".toml",)),
    ("data/turns", (".csv",)),
    ("data/coders", (".toml",)),
    ("data/progress", (".csv",)),
    ("data/codings/*", (".csv",)),
    ("data/suggestions/*", (".csv",)),
    ("data/decisions/*/*", (".csv",)),
    ("data/memos/*", (".md",)),
)
"""Which files of which folders ("*": any) make up the study in memory, by ending (".csv") or name."""


def is_scanned(file: str) -> bool:
    """Whether a file is one of those that make up the study in memory, by its path."""
    *folders, name = file.split("/")
    for pattern, endings in SCANNED:
        wanted = pattern.split("/") if pattern else []
        there = len(wanted) == len(folders) and all(map(_is_wanted, folders, wanted))
        if there and is_part(name, endings):
            return True
    return False


def _is_wanted(part: str, want: str) -> bool:
    return want in ("*", part)


def is_part(name: str, endings: tuple[str, ...]) -> bool:
    """Whether a file counts; conflict copies of synchronised folders ("P1 (1).csv") are for check to report."""
    if name.startswith((".", "~$")) or any(sign in name for sign in " ()[]"):
        return False
    return any(name.endswith(ending) if ending.startswith(".") else name == ending for ending in endings)


def given_path(path: str | os.PathLike[str]) -> Path:
    """Return a path that somebody typed, "~" as the home folder; the file need not be there.

    Raises
    ------
    InvalidValue
        If no file can be called so on this computer.

    Examples
    --------
    >>> given_path("interviews/P7a.docx").name
    'P7a.docx'
    >>> given_path(500 * "x")
    Traceback (most recent call last):
    ...
    qualcode.errors.InvalidValue: 'xxxxxxxxxxxxxx...' is no possible path (File name too long). Check its spelling.
    """
    try:
        found = Path(path).expanduser()
        found.lstat()
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return found
    except (RuntimeError, OSError, ValueError, TypeError) as error:
        shown = repr(str(path) if len(str(path)) < 80 else f"{str(path)[:14]}...")
        reason = getattr(error, "strerror", None) or str(error).rstrip(".")
        if isinstance(error, UnicodeError):
            reason = "it has letters that file names cannot have on this computer"
        raise InvalidValue(f"{shown} is no possible path ({reason}). Check its spelling.") from None
    return found
