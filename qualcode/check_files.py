"""What check looks for in the files as files: unreadable ones, copies, left-overs, notebooks that show too much."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from qualcode import folder as paths
from qualcode.csvtext import decode, not_too_deep, parse_csv
from qualcode.errors import FileProblems, FolderError, Problem
from qualcode.folder import Folder
from qualcode.logged_rows import CODINGS, DECISIONS
from qualcode.study import Study
from qualcode.suggestion import SUGGESTION_COLUMNS

_COPY = re.compile(
    r"conflict|konflikt|\(\d+\)\.|-[A-Z0-9-]*(DESKTOP|LAPTOP|PC)[A-Z0-9-]*\.|"
    r"_(BACKUP|BASE|LOCAL|REMOTE)_\d+\.|\.(orig|rej|mine|bak)$|"
    r"\b(copy|kopie|copie|copia|cópia|kopia|kopio)\b|副本|コピー",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"(.+) \d+(\.\w+)")
_OF_ROWS = ("data/codings", "data/suggestions", "data/decisions")
_OF_THE_SYSTEM = ("thumbs.db", "desktop.ini", "icon\r")


class Files:
    """The files of a study for check: what cannot be read is told once, and then counts as not there.

    Parameters
    ----------
    folder
        The study folder.
    """

    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        self.problems: dict[str, Problem] = {}

    def read(self, file: str) -> bytes | None:
        """Return the bytes of a file, or None."""
        try:
            return self.folder.read(file)
        except FolderError as error:
            self.note(error)
            return None

    def exists(self, file: str) -> bool:
        """Whether a file is there."""
        return self.folder.exists(file)

    def list_files(self, *folders: str) -> list[str]:
        """Return every file below some folders of the study, or below the study."""
        return [file for file in self.folder.list_files(folders or ("",)) if not paths.leads_out(file)]

    def scan(self) -> dict[str, paths.Stamp]:
        """Return the files that make up the study."""
        unreadable: list[FolderError] = []
        stamps = self.folder.scan(unreadable)
        for error in unreadable:
            self.note(error)
        return stamps

    def note(self, error: FolderError) -> None:
        """Keep an error "file: what is wrong" as a problem of the file."""
        file, _, what = str(error).partition(": ")
        self.problems.setdefault(file, Problem(file, "", what))


def check_strays(study: Study, files: Files) -> Iterator[Problem]:
    """Find what does not belong into a study: copies, left-overs, tables that are open elsewhere."""
    for file, why in files.folder.unfinished():
        yield Problem(file, "", why.removeprefix(f"{file}: "))
    there = files.list_files("codebooks", "data")
    for file in there:
        folder, _, name = file.rpartition("/")
        if file.startswith((paths.PENDING, "data/raw/", "data/transcripts/.")):
            continue
        numbered = _NUMBERED.fullmatch(name)
        if name.startswith("~$"):
            what = "the table is open in a spreadsheet program"
            yield Problem(file, "", what, "close it before you work on the study")
        elif name.endswith(".tmp"):
            yield Problem(file, "", "was left behind by a write that was cut off", "remove it")
        elif (_COPY.search(name) and not _is_named_so(study, file)) or (
            numbered and f"{folder}/{numbered[1]}{numbered[2]}" in there
        ):
            what = "looks like a conflict copy of a synchronised folder"
            yield Problem(file, "", what, "compare it with the file beside it and remove one")
        elif folder.startswith(_OF_ROWS) and not paths.is_scanned(file) and not _of_the_system(name):
            kind = file.split("/")[1]
            what = f"is no file of {kind}, so nothing in it counts"
            yield Problem(file, "", what, f"move it out of data/{kind}")
    yield from _columns(study, files)


def _is_named_so(study: Study, file: str) -> bool:
    """Whether a name that looks like a copy's is that of a source, a coder or a text of the study."""
    parts = file.split("/")
    stem = parts[-1].rpartition(".")[0]
    if len(parts) < 3:
        return False
    if parts[1] in ("sources", "turns", "transcripts", "codings", "suggestions", "decisions"):
        return stem in study.sources
    return parts[1] in ("coders", "progress", "log") and stem in study.coders


def _of_the_system(name: str) -> bool:
    return name.startswith(".") or name.casefold() in _OF_THE_SYSTEM


def _columns(study: Study, files: Files) -> Iterator[Problem]:
    kinds = [(paths.codings_file(*key), CODINGS.columns) for key in sorted(study.codings)]
    kinds += [(paths.suggestions_file(*key), SUGGESTION_COLUMNS) for key in sorted(study.suggestions)]
    kinds += [(paths.decisions_file(*key), DECISIONS.columns) for key in sorted(study.decisions)]
    for file, columns in kinds:
        content = files.read(file)
        if content:
            header, _, _ = parse_csv(content, file)
            if header[: len(columns)] != list(columns):
                what = "the columns are in another order than they were written"
                yield Problem(file, "1", what, "restore the file")


def check_notebooks(study: Study, files: Files) -> Iterator[Problem]:
    """Find notebooks whose outputs may show what was said."""
    for file in files.list_files():
        if not file.endswith(".ipynb"):
            continue
        try:
            with not_too_deep(file):
                notebook = json.loads(decode(files.read(file) or b"", file))
        except (ValueError, FileProblems):
            continue  # no notebook: nothing can show it
        cells = notebook.get("cells") if isinstance(notebook, dict) else None
        if not isinstance(cells, list):
            continue
        if any(cell.get("outputs") for cell in cells if isinstance(cell, dict)):
            yield Problem(
                file,
                "",
                "holds outputs, which may show transcript text",
                "clear them before you share it (qualcode init sets up a filter that does it in git)",
            )
