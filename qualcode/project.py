"""Project: one study, in one folder. Its methods change the study; functions of qualcode read it."""

from __future__ import annotations

import os
import warnings
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

import tomlkit

from qualcode import codebook as codebooks
from qualcode import folder as paths
from qualcode import frames
from qualcode.change import Writer
from qualcode.codebook import Codebook, default_codebook
from qualcode.codebook_file import codebook_to_yaml, read_codebook
from qualcode.csvtext import utf8
from qualcode.errors import FolderError, QualcodeError, Refused
from qualcode.folder import Folder
from qualcode.identity import check_coder_id
from qualcode.relocate import Placement, Relocation
from qualcode.study import Study
from qualcode.transcript import Transcript
from qualcode.unpacking import remove_leftovers
from qualcode.verbs._base import one_line
from qualcode.verbs._handouts import HandoutVerbs
from qualcode.verbs._suggestions import SuggestionVerbs

if TYPE_CHECKING:
    import pandas as pd

    from qualcode.collect import CollectReport
    from qualcode.errors import Problem
    from qualcode.merge_copies import MergeReport


class Project(HandoutVerbs, SuggestionVerbs):
    """One study: transcripts, codebook, codings, cases, memos, and the log of what was done.

    Made by `create_project` and `open_project`. The tables are plain DataFrames and copies: editing one
    changes nothing; the verbs (`code`, `new_code`, `add_case`, ...) do, and each writes at once.

    Parameters
    ----------
    path
        The study folder.
    coder
        Whose work is done in this session; else see `qc.set_coder`.

    Examples
    --------
    >>> import tempfile, qualcode as qc
    >>> project = qc.create_project(tempfile.mkdtemp() + "/talks", coder="ana")
    >>> project.codebook.facets[0].name
    'open codes'
    """

    def __init__(self, path: str | os.PathLike[str], coder: str | None = None) -> None:
        self._coder = check_coder_id(coder) if coder else None
        self._folder = Folder(path)
        if self._folder.pending():
            with self._folder.locked():
                pass  # finishes what was begun
        self._study = Study(self._folder)
        self._study.refresh()
        self._writer = Writer(self._folder, self._study)
        self._transcripts: dict[str, tuple[object, Transcript]] = {}
        self._versions: dict[str, tuple[object, str | None]] = {}
        self._ways: dict[tuple[str, str, str], tuple[object, Relocation]] = {}
        self._placements: dict[tuple[str, str], tuple[object, dict[str, Placement]]] = {}
        self._frames: dict[str, tuple[object, pd.DataFrame]] = {}

    def __repr__(self) -> str:
        study = self._study
        codings = sum(len(file.rows) for _, file in study.counted())
        codes = sum(1 for code in study.codebook.codes if not code.retired and not code.merged_into)
        return (
            f"<Project '{self.title}': {len(study.sources)} sources, {codes} codes, {codings} codings, "
            f"{len(study.coders)} coders>"
        )

    def _repr_html_(self) -> str:
        from html import escape

        return f"<code>{escape(repr(self))}</code>"

    # -- what the study is -----------------------------------------------------------------------

    @property
    def path(self) -> Path:
        """The study folder."""
        return self._folder.path

    @property
    def title(self) -> str:
        """What the study is called."""
        return str(self._study.settings.get("title", self._folder.path.name))

    @property
    def coder(self) -> str | None:
        """Whose work is done in this session, if known."""
        from qualcode.identity import known_coder

        return self._coder or known_coder()

    @property
    def codebook(self) -> Codebook:
        """The codebook as it is now; its own verbs return copies, those of the project change the study."""
        self._study.refresh()
        return self._study.codebook

    @property
    def attributes(self) -> dict[str, str]:
        """Name to type of the declared attributes of cases."""
        self._study.refresh()
        return {name: attribute.type for name, attribute in self._study.attributes.items()}

    # -- tables ----------------------------------------------------------------------------------

    def _frame(self, name: str) -> pd.DataFrame:
        self._study.refresh()
        held = self._frames.get(name)
        # texts may come and go without the study changing: it is shared without them
        state = (self._study.generation, self._folder.stamp("data/transcripts"))
        if held is None or held[0] != state:
            if name == "turns":
                made = frames.turns_frame(self._study, self._version_here, self._transcript_or_none)
            elif name in ("codings", "suggestions"):
                made = getattr(frames, f"{name}_frame")(self._study, self._version_here, self._carried)
            elif name == "sources":
                made = frames.sources_frame(self._study, self._version_here)
            else:
                made = getattr(frames, f"{name}_frame")(self._study)
            held = self._frames[name] = (state, made)
        return held[1].copy()

    @property
    def sources(self) -> pd.DataFrame:
        """One row per source.

        Columns: source, title, file, sha256, length (characters), turns, language, imported_from, version,
        synthetic, text_present.
        """
        return self._frame("sources")

    @property
    def turns(self) -> pd.DataFrame:
        """One row per turn of every source, in its newest version.

        Columns: source, turn, speaker, role, case, start, end (characters), begins, ends (seconds), text
        (None where the transcript is not in this copy of the study).
        """
        return self._frame("turns")

    @property
    def codings(self) -> pd.DataFrame:
        """One row per coding of every coder.

        Columns: id, source, start, end (characters of the text version), version, code (id, merged codes
        resolved), coder, created, codebook, stance, origin, coded_as (id as it was given).
        """
        return self._frame("codings")

    @property
    def suggestions(self) -> pd.DataFrame:
        """One row per suggestion of every assistant. They are no codings and count nowhere.

        Columns: id, source, start, end (characters of the text version), version, code (id, merged codes
        resolved; None says "probably nothing here"), assistant, score (0 to 1, NaN: not said), rank (1 is the
        likeliest, <NA>: not said), status ("open", "accepted", "rejected", "changed": the newest decision),
        decided_by (coders), reason (names), evidence (references), created, codebook, assistant_version,
        training (hash of what it was trained on). Empty where qualcode.toml says ``assist = "off"``.
        """
        return self._frame("suggestions")

    @property
    def decisions(self) -> pd.DataFrame:
        """One row per decision of a person on a suggestion.

        Columns: suggestion (id), source, assistant, coder, decision ("accepted", "rejected", "changed"), coding
        (id of the coding it became; None where it became none), created. Empty where ``assist = "off"``.
        """
        return self._frame("decisions")

    @property
    def cases(self) -> pd.DataFrame:
        """One row per case: case, kind, parent, and one typed column per attribute."""
        return self._frame("cases")

    @property
    def speakers(self) -> pd.DataFrame:
        """One row per speaker of a source (speaker "" is the source as a whole): source, speaker, case, role."""
        return self._frame("speakers")

    @property
    def coders(self) -> pd.DataFrame:
        """One row per coder: coder, name, kind, model, version."""
        return self._frame("coders")

    @property
    def memos(self) -> pd.DataFrame:
        """One row per memo: id, author, created, kind, targets, text."""
        return self._frame("memos")

    @property
    def progress(self) -> pd.DataFrame:
        """One row per coder and source (and part, round): coder, source, part, round, state, codings."""
        return self._frame("progress")

    def _warn_of_lost_codes(self) -> None:
        """Say at once what would else show as a passage that nobody reported."""
        known = {code.id for code in self._study.codebook.codes}
        lost: dict[str, int] = {}
        for _, file in self._study.counted():
            for row in file.rows.values():
                if row["code"] not in known:
                    lost[row["code"]] = lost.get(row["code"], 0) + 1
        if lost:
            names = ", ".join(f"'{code}' ({count})" for code, count in sorted(lost.items())[:5])
            warnings.warn(
                f"{sum(lost.values())} codings have codes that the codebook lacks: {names}. They are counted nowhere. "
                f"If a code was renamed in the file, give its line the old id, such as id: {min(lost)}.",
                stacklevel=3,
            )
        strange = sorted(
            paths.codings_file(*key)
            for key, file in self._study.codings.items()
            if key[1] not in self._study.sources and file.rows
        )
        if strange:
            files = (
                "A file of codings belongs"
                if len(strange) == 1
                else f"{len(strange)} files of codings belong"
            )
            warnings.warn(
                f"{files} to no source of the study: {', '.join(strange[:3])}. What is in there counts nowhere. Remove "
                "it if it is a copy, or restore the source.",
                stacklevel=3,
            )

    def _look_at_texts(self) -> None:
        """Take what was edited outside qualcode, and say where this copy has an older text than others."""
        for source in self._edited_outside():
            file = paths.text_file(source)
            try:
                known = self.coder is not None
                reports = self.take_edits(source) if known else []
                said = (
                    str(reports[0])
                    if reports
                    else "project.take_edits() makes it a new version, coder= says who you are"
                )
            except QualcodeError as error:
                said = str(error)
            warnings.warn(f"{file} was edited outside qualcode. {said}", stacklevel=3)
        for source, record in sorted(self._study.sources.items()):
            here = self._version_here(source)
            if here != record.version:
                warnings.warn(
                    f"{source}: a newer text exists{self._corrected_by(source, record.version)}; this copy has an older one, "
                    f"and you code on that. Ask for {paths.text_file(source)}.",
                    stacklevel=3,
                )

    def _corrected_by(self, source: str, version: str) -> str:
        for event in reversed(self._all_events()):
            if event.about.get("source") == source and event.about.get("version") == version:
                return f" (by {event.coder}, {event.time[:10]})"
        return ""

    def check(self) -> list[Problem]:
        """Return everything that is wrong with the study folder; empty where all is well."""
        from qualcode.check import check_folder

        return check_folder(self.path)

    def merge(
        self, other: str | os.PathLike[str], *, preview: bool = False, unrelated: bool = False
    ) -> MergeReport:
        """Bring another copy of this study into this one: a folder, or a .zip of one.

        Parameters
        ----------
        other
            The other copy; it is only read.
        preview
            Only tell what would come.
        unrelated
            Merge even where nothing tells that both are copies of one study.

        Returns
        -------
        MergeReport
            What came, what was decided where both copies had changed one thing, and what a person must
            decide; nothing of ours is lost.
        """
        from qualcode.merge_copies import merge_folders

        if self._writer.in_batch:
            raise Refused("merge cannot stand inside project.batch(). End the batch first.")
        report = merge_folders(self.path, other, preview=preview, coder=self.coder, unrelated=unrelated)
        self._study.refresh()
        return report

    def merge_all(
        self, folder: str | os.PathLike[str], *, preview: bool = False, unrelated: bool = False
    ) -> CollectReport:
        """Bring in everything that others sent and that lies in one folder: a class, a team.

        What is in the folder is taken in the order of its names: copies of the study (folders, or .zip files of one),
        folders that were handed out, and files that the page of a hand-out saved (``.codings.json``). One that cannot be
        taken is reported, and the others are taken. Doing it again brings only what is new.

        Parameters
        ----------
        folder
            Where they lie; they are only read.
        preview
            Only tell what would come from the copies of the study.
        unrelated
            Merge even where nothing tells that a copy is one of this study.

        Returns
        -------
        CollectReport
            What came from each, and which could not be taken, with the reason.

        Raises
        ------
        FolderError
            If there is no such folder.
        """
        from qualcode.collect import collect

        return collect(self, folder, preview=preview, unrelated=unrelated)

    def batch(self) -> AbstractContextManager[None]:
        """Write everything done in the block in one step, which is also one step to undo.

        If the block raises, nothing of it is kept.
        """
        return self._writer.batch()


def create_project(
    path: str | os.PathLike[str],
    codebook: str | os.PathLike[str] | Codebook | None = None,
    *,
    title: str | None = None,
    coder: str | None = None,
    exist_ok: bool = False,
) -> Project:
    """Make a new study folder and open it.

    It keeps raw material and transcripts out of git until you decide otherwise (.gitignore), and tells git
    to merge by record (.gitattributes); see `qualcode init` for a copy that somebody else made.

    Parameters
    ----------
    path
        The folder; it may exist, and then keeps what is in it.
    codebook
        A codebook file (YAML, CSV, Excel) or a Codebook; else one facet "open codes".
    title
        What the study is called; else the name of the folder.
    coder
        Whose work is done in this session.
    exist_ok
        Open the study that is there instead of refusing, so that a notebook can be run twice; its codebook
        and title stay as they are.

    Raises
    ------
    FolderError
        If the folder already holds a study, or cannot be written.
    FileProblems
        If the codebook is broken; nothing is then made.
    """
    folder = Folder(path)
    if folder.exists(paths.SETTINGS):
        if exist_ok:
            return Project(folder.path, coder)
        raise FolderError(
            f"{folder.path.name} already holds a study. Open it with qc.open_project, or say exist_ok=True."
        )
    if folder.path.exists() and not folder.path.is_dir():
        raise FolderError(f"{folder.path.name} is a file. Give a folder for the study.")
    if coder:
        check_coder_id(coder)
    files: dict[str, bytes | None] = {}
    if not (codebook is None and folder.exists(paths.CODEBOOK)):
        if (
            folder.exists(paths.CODEBOOK)
            and codebook is not None
            and Path(str(codebook)).resolve() != folder.full(paths.CODEBOOK)
        ):
            raise FolderError(
                f"{paths.CODEBOOK} is already there. Move it away, or make the study without codebook=."
            )
        book = (
            codebook
            if isinstance(codebook, Codebook)
            else read_codebook(codebook)
            if codebook
            else default_codebook()
        )
        previous = None
        if isinstance(codebook, str | os.PathLike) and Path(codebook).suffix.lower() in (".yaml", ".yml"):
            previous = Path(codebook).read_text(encoding="utf-8-sig")
        files[paths.CODEBOOK] = codebook_to_yaml(book, previous).encode("utf-8")
        doubts = codebooks.check(book, Path(str(codebook)).name if previous is not None else paths.CODEBOOK)
        if doubts:
            said = "; ".join(map(str, doubts[:5])) + (
                f"; and {len(doubts) - 5} more" if len(doubts) > 5 else ""
            )
            warnings.warn(f"The codebook can be used, but look at it: {said}.", stacklevel=2)
    else:
        read_codebook(folder.full(paths.CODEBOOK))
    name = one_line(folder.path.name if title is None else title, "title of the study")
    settings = tomlkit.document()
    settings["format"] = paths.FORMAT
    settings["title"] = name
    settings["codebook"] = paths.CODEBOOK
    settings["assist"] = "on"
    settings["attributes"] = tomlkit.table()
    files[paths.SETTINGS] = utf8(tomlkit.dumps(settings))
    for file in (paths.SETTINGS, paths.CODEBOOK):
        content = files.get(file) or folder.read(file)
        if content:
            files[paths.state_file(paths.digest(content))] = content
    folder.write(files)
    from qualcode.git import register

    register(folder.path)
    return Project(folder.path, coder)


def open_project(path: str | os.PathLike[str] = ".", *, coder: str | None = None) -> Project:
    """Open a study folder.

    Parameters
    ----------
    path
        The folder that holds qualcode.toml. Without one: the folder you are in, or the nearest above it
        that is a study, so that it works from ``notebooks/``.
    coder
        Whose work is done in this session; else the environment variable QUALCODE_CODER, else what
        `qc.set_coder` remembers.

    A transcript that was edited outside qualcode becomes a new version, in the coder's name, and codings
    follow; a warning says so, and `undo` takes it back.

    Raises
    ------
    FolderError
        If the folder holds no study.
    FileProblems
        If files of the study are broken; all problems at once.
    """
    if str(path) == ".":
        here = Path.cwd()
        path = next((p for p in (here, *here.parents) if (p / paths.SETTINGS).is_file()), here)
    project = Project(path, coder)
    remove_leftovers(project.path)
    project._warn_of_lost_codes()
    project._look_at_texts()
    return project
