"""The list of real files, `real_files.toml`, and where they lie on this machine."""

from __future__ import annotations

import csv
import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import pytest

from qualcode.readers import Note, read_with_notes
from qualcode.transcript import Transcript

LIST = Path(__file__).with_name("real_files.toml")


@dataclass(frozen=True)
class RealFile:
    """One entry of the list; what the fields mean stands at its top."""

    path: str
    origin: str
    sha256: str
    counted: str
    format: str = ""
    turns: Mapping[str, int] = field(default_factory=dict)
    marks: int | None = None
    times: tuple[float, ...] = ()
    refused: str = ""
    tool: str = ""
    talk: bool = True
    columns: Mapping[str, str] = field(default_factory=dict)
    tiers: tuple[str, ...] = ()
    one_each: str = ""
    cell: str = ""

    @property
    def case(self) -> str:
        """A name for this entry in the output of the tests."""
        options = [*(f"{key}={value}" for key, value in self.columns.items()), self.one_each, self.cell]
        return " ".join([self.path, *(option for option in options if option)])


def listed() -> list[RealFile]:
    """Return every entry of the list."""
    entries = tomllib.loads(LIST.read_text(encoding="utf-8"))["file"]
    return [RealFile(**{**entry, "times": tuple(entry.get("times", ()))}) for entry in entries]


def is_no_transcript(path: str) -> bool:
    """Return whether the list says that a file beside the transcripts is none."""
    others = tomllib.loads(LIST.read_text(encoding="utf-8"))["no_transcript"]
    return any(fnmatch(path, pattern) for other in others for pattern in other["paths"])


# ---------------------------------------------------------------------------- the folder


def folder() -> Path | None:
    """Return the folder that `QUALCODE_SAMPLES` names, else that of the shared files; None where there is none.

    Raises
    ------
    pytest.UsageError
        If the variable names no folder.
    """
    named = os.environ.get("QUALCODE_SAMPLES")
    if named:
        here = Path(named).expanduser()
        if not here.is_dir():
            raise pytest.UsageError(f"QUALCODE_SAMPLES must name a folder; there is none at {named}.")
        return here
    beside = Path(os.environ.get("QUALCODE_SHARED", Path(__file__).resolve().parents[3] / "shared"))
    return beside if (beside / "samples").is_dir() else None


def collection_of(here: Path) -> Path | None:
    """Return the collection that the list describes, if a folder is it or lies in it; None for other files."""
    for root in (here, *here.resolve().parents):
        if any((root / entry.path).is_file() for entry in listed()):
            inside = here == root or here.resolve().relative_to(root).parts[0] in ("samples", "corpora")
            return root if inside else None
    return None


def found() -> list[Path]:
    """Return the files to try: of the collection what lies in samples and corpora, of another folder all."""
    here = folder()
    if here is None:
        return []
    roots = [here / "samples", here / "corpora"] if here == collection_of(here) else [here]
    files = (path for root in roots for path in root.rglob("*"))
    return sorted(path for path in files if path.is_file() and not _is_hidden(path.relative_to(here)))


def _is_hidden(path: Path) -> bool:
    return any(part.startswith((".", "~$", "__")) for part in path.parts)


# ---------------------------------------------------------------------------- reading


@dataclass(frozen=True)
class Read:
    """What came of one file."""

    path: Path
    transcript: Transcript
    notes: tuple[Note, ...]
    format: str


@cache
def read(path: Path, columns: tuple[tuple[str, str], ...] = ()) -> Read:
    """Read a file once for all tests."""
    return Read(path, *read_with_notes(path, columns=dict(columns)))


def read_all(entry: RealFile, path: Path, scratch: Path) -> list[Read]:
    """Return the readings of an entry: one, or one for each source of a table of many."""
    if not entry.one_each:
        return [read(path, tuple(entry.columns.items()))]
    return [read(part) for part in _parts(entry, path, scratch)]


def _parts(entry: RealFile, path: Path, scratch: Path) -> Iterator[Path]:
    """Save every source of a table of many as a file of its own: its rows, or the one cell that holds it."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    sources = list(dict.fromkeys(row[entry.one_each] for row in rows))
    for source in sources:
        own = [row for row in rows if row[entry.one_each] == source]
        part = scratch / f"source {source}.{'txt' if entry.cell else 'csv'}"
        with part.open("w", encoding="utf-8", newline="") as file:
            if entry.cell:
                file.write("".join(row[entry.cell] for row in own))
            else:
                writer = csv.DictWriter(file, own[0])
                writer.writeheader()
                writer.writerows(own)
        yield part
