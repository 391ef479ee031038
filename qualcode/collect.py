"""Everything that others sent, from one folder: copies of a study, and what was coded in hand-outs."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from qualcode.errors import FolderError, QualcodeError
from qualcode.file_names import HANDOUT, SETTINGS, given_path

if TYPE_CHECKING:
    from qualcode.merge_copies import MergeReport
    from qualcode.project import Project
    from qualcode.verbs._handouts import TakeInReport


@dataclass(frozen=True)
class CollectReport:
    """What came from a folder of things that others sent.

    Parameters
    ----------
    taken
        Name to what came from it.
    refused
        Name to why it could not be taken.
    passed_over
        Names of what is neither a copy of a study nor a file of codings.
    """

    taken: dict[str, MergeReport | TakeInReport]
    refused: dict[str, str]
    passed_over: tuple[str, ...] = ()

    @property
    def conflicts(self) -> tuple[str, ...]:
        """What a person must decide, one sentence each, with the name of the copy."""
        return tuple(
            f"{name}: {said}"
            for name, report in self.taken.items()
            for said in getattr(report, "conflicts", ())
        )

    def __str__(self) -> str:
        lines = [f"Taken: {len(self.taken)}. Not taken: {len(self.refused)}."]
        for name, report in self.taken.items():
            first, *rest = str(report).split("\n")
            lines += [
                f"{name}: {first}",
                *(f"  {line}" for line in rest if line.startswith(("To decide", "Decided"))),
            ]
        lines += [f"{name}: not taken. {why}" for name, why in self.refused.items()]
        if self.passed_over:
            lines.append(f"Passed over, as nothing that qualcode made: {', '.join(self.passed_over)}")
        return "\n".join(lines)

    __repr__ = __str__


def collect(
    project: Project, folder: str | os.PathLike[str], *, preview: bool = False, unrelated: bool = False
) -> CollectReport:
    """Take in whatever of a study lies in a folder; see `Project.merge_all`."""
    path = given_path(folder)
    try:
        inside = sorted((p for p in path.iterdir() if not p.name.startswith(".")), key=lambda p: p.name)
    except OSError as error:
        raise FolderError(
            f"{path.name or path} cannot be opened: {error.strerror or error}. Name the folder in which the copies lie."
        ) from None
    taken: dict[str, MergeReport | TakeInReport] = {}
    refused: dict[str, str] = {}
    passed: list[str] = []
    for each in inside:
        kind = _kind(each, project.path)
        if not kind:
            passed.append(each.name)
            continue
        try:
            if kind == "handed out" and preview:
                refused[each.name] = "It was handed out; there is no preview of it."
            elif kind == "handed out":
                taken[each.name] = project.take_in(each)
            else:
                taken[each.name] = project.merge(each, preview=preview, unrelated=unrelated)
        except QualcodeError as error:
            refused[each.name] = str(error)
    return CollectReport(taken, refused, tuple(passed))


def _kind(path: Path, own: Path) -> str:
    """Return "copy" or "handed out", "" where it is neither, or the study itself."""
    if path.is_dir():
        if path.resolve() == own.resolve() or not (path / SETTINGS).is_file():
            return ""
        return "handed out" if (path / HANDOUT).is_file() else "copy"
    name = path.name.casefold()
    return "handed out" if name.endswith(".codings.json") else "copy" if name.endswith(".zip") else ""
