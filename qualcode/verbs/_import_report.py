"""What an import takes, the files of a folder, and what it tells of each."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

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


def files_of(path: str | os.PathLike[str]) -> list[Path]:
    """Return the files of a folder in the order of their names; a file as it is, to be read or refused.

    Raises
    ------
    ReadError
        If the folder cannot be looked into, or holds no file.
    """
    path = given_path(path)
    try:
        if path.is_dir():
            found = [p for p in path.iterdir() if p.is_file() and not p.name.startswith((".", "~$"))]
            if not found:
                raise ReadError(
                    path, "there is no file in this folder. Folders in it are not looked into; name them."
                )
            return sorted(found)
    except OSError as error:
        raise ReadError(path, f"cannot be looked into ({error.strerror}). Check the path.") from None
    return [path]
