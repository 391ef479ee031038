"""What an import takes, the files of a folder, and what it tells of each."""

from __future__ import annotations

import os
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from qualcode import folder as paths
from qualcode.errors import ReadError
from qualcode.file_names import given_path
from qualcode.readers._reading import counted

if TYPE_CHECKING:
    from qualcode.readers import Note


@dataclass(frozen=True)
class ImportReport:
    """What came of one file: the source it became, or why it could not be read.

    Parameters
    ----------
    file
        Name of the file ("" where pseudonyms were given, for the name may be telling).
    source
        Id of the new source, "" where there is none.
    format
        As which format it was read.
    turns, characters
        How much came in.
    speakers
        Label to role ("" where not known).
    notes
        What was kept, changed, dropped and guessed.
    error
        Why it could not be read, "" where it could.
    hidden
        Kind to number of what stands behind the page of the file and was not kept; `qc.preview` shows it.
    times
        How many turns have the time at which they begin.
    """

    file: str
    source: str = ""
    format: str = ""
    turns: int = 0
    characters: int = 0
    speakers: Mapping[str, str] | None = None
    notes: tuple[Note, ...] = ()
    error: str = ""
    hidden: Mapping[str, int] | None = None
    times: int = 0

    def __str__(self) -> str:
        if self.error:
            return f"not imported: {self.error}"
        who = ", ".join(f"{name} ({role})" if role else name for name, role in (self.speakers or {}).items())
        lines = [
            f"{self.source}: {counted(self.turns, 'turn')}, {self.characters:,} characters, read as {self.format}; "
            + (f"speakers {who}" if who else "no speakers found")
            + (f"; times of {'all' if self.times == self.turns else self.times} turns" if self.times else "")
        ]
        if self.speakers and "interviewer" not in self.speakers.values():
            lines.append("  nobody is known to be the interviewer; roles= says who is")
        lines += [f"  {note.kind}: {note.message}" for note in self.notes]
        if {"comment", "tracked change", "hidden text"} & set(self.hidden or ()):
            lines.append(
                "  qc.preview(path).hidden shows what was hidden and dropped; keep= keeps it on purpose"
            )
        return "\n".join(lines)

    __repr__ = __str__


def files_of(path: str | os.PathLike[str], study: Path) -> list[Path]:
    """Return the files of a folder in the order of their names; a file as it is, to be read or refused.

    The study's own files are no interviews: in its folder they are passed over, and a warning says so.

    Raises
    ------
    ReadError
        If the folder cannot be looked into, or holds no file; if this is a file or a folder of the study itself.
    """
    path = given_path(path)
    try:
        if _is_own(path, study):
            raise ReadError(
                path,
                "this is the study's own, and no interview. Put interviews into a folder of their own (data/raw of the study "
                "is one), and name that.",
            )
        if path.is_dir():
            found = [p for p in path.iterdir() if p.is_file() and not p.name.startswith((".", "~$"))]
            own = [p for p in found if _is_own(p, study)]
            if len(found) == len(own):
                but = " but the study's own" if own else ""
                raise ReadError(
                    path,
                    f"there is no file{but} in this folder. Folders in it are not looked into; name them.",
                )
            if own:
                names = ", ".join(sorted(p.name for p in own))
                warnings.warn(f"{names}: passed over, for it is the study's own.", stacklevel=3)
            return sorted({*found} - {*own})
    except OSError as error:
        raise ReadError(path, f"cannot be looked into ({error.strerror}). Check the path.") from None
    return [path]


def _is_own(path: Path, study: Path) -> bool:
    """Whether a file or folder is one that qualcode writes in a study, other than a transcript."""
    path, study = path.resolve(), study.resolve()
    if not path.is_relative_to(study):
        return False
    first, second = (*path.relative_to(study).parts, "", "")[:2]
    if first == "data":
        return second not in ("raw", "transcripts")
    return first in (paths.SETTINGS, "codebooks")
