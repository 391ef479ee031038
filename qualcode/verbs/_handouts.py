"""Interviews handed out to be coded elsewhere, and the work that comes back."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from qualcode import folder as paths
from qualcode.coding import Coder, new_id
from qualcode.csvtext import decode
from qualcode.errors import FileProblems, FolderError, InvalidValue, Problem, Refused
from qualcode.file_names import given_path
from qualcode.folder import Folder
from qualcode.handed_in import HandedIn, read_handed_in
from qualcode.handout import HandoutReport, page_of, target_of, write_folder
from qualcode.identity import check_coder_id
from qualcode.log import Event
from qualcode.taken_in import Taken
from qualcode.verbs._base import coder_toml, one_line
from qualcode.verbs._taking_in import TAKE_IN, TakingIn, TakingInVerbs

if TYPE_CHECKING:
    from qualcode.merge_copies import MergeReport


@dataclass(frozen=True)
class TakeInReport:
    """What came back from a hand-out.

    Parameters
    ----------
    coder
        Whose work it is.
    new, changed, removed
        How many of their codings.
    finished
        Sources they say they have finished.
    codes
        Names of codes they made that the codebook did not have.
    memos
        How many memos came or changed.
    notes
        What was decided where both sides had changed one thing, one sentence each.
    """

    coder: str
    new: int = 0
    changed: int = 0
    removed: int = 0
    finished: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    memos: int = 0
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        lines = [
            f"{self.coder}: {self.new} codings came, {self.changed} changed, {self.removed} went, {self.memos} memos."
        ]
        if self.finished:
            lines.append(f"  finished: {', '.join(self.finished)}")
        if self.codes:
            lines.append(f"  new codes: {', '.join(self.codes)}")
        return "\n".join([*lines, *(f"  decided: {note}" for note in self.notes)])

    __repr__ = __str__


class HandoutVerbs(TakingInVerbs):
    """The verbs about hand-outs."""

    def handout(
        self,
        to: str,
        sources: str | Iterable[str],
        path: str | os.PathLike[str],
        *,
        as_: str = "html",
        blind: bool = True,
        name: str | None = None,
        coder: str | None = None,
    ) -> HandoutReport:
        """Hand interviews out to somebody who codes them elsewhere.

        Parameters
        ----------
        to
            Id of the coder who gets them, for example "mia"; a new one is added to the study.
        sources
            Ids of the sources.
        path
            Where to write it, outside the study. It holds what participants said.
        as_
            "html": one page that codes offline in any browser and saves a file of codings (places and
            codes, no quotes) for `take_in`. "folder": a small study for somebody who uses qualcode.
        blind
            Leave out what other coders did.
        name
            What people call the coder, where they are new.

        Returns
        -------
        HandoutReport

        Raises
        ------
        UnknownSource
            If there is no such source.
        InvalidValue
            If it cannot be written there.
        FolderError
            If this copy of the study lacks a text.
        """
        who, id_ = self._who(coder), new_id()
        to = check_coder_id(to)
        wanted = tuple(dict.fromkeys([sources] if isinstance(sources, str) else map(str, sources)))
        if not wanted:
            raise InvalidValue("Which interviews? Give ids of sources, for example ['P7a', 'P8b'].")
        target = target_of(self, path, as_)  # type: ignore[arg-type]
        for source in wanted:
            self.transcript(source)
        about = {"to": to, "sources": list(wanted), "handout": id_, "blind": blind, "as": as_}
        about["gave"] = self._gave(to, wanted)
        with self._writer.change("hand out", who, **about) as change:
            self._register(change, who)
            if to not in self._study.coders:
                change.put(paths.coder_file(to), coder_toml(Coder(to, one_line(name or to, "name"))))
            self._who(to)
            rows = [dict(row) for row in self._study.progress.get(to, [])]
            known = {(row["source"], row["part"], row["round"]) for row in rows}
            rows += [
                {"source": source, "part": "", "round": "", "state": "not started"}
                for source in wanted
                if (source, "", "") not in known
            ]
            self._put_progress(change, to, rows)
            change.always = True
            try:
                if as_ == "html":
                    page = page_of(self, id_, to, wanted, blind)  # type: ignore[arg-type]
                    target.write_bytes(page)
            except OSError as error:
                raise FolderError(
                    f"{target.name} cannot be written ({error.strerror}). Give another place."
                ) from None
        if as_ == "folder":
            write_folder(self, target, id_, to, wanted, blind)  # type: ignore[arg-type]
        return HandoutReport(id_, target, to, wanted, blind)

    def take_in(self, path: str | os.PathLike[str]) -> TakeInReport | MergeReport:
        """Bring back what was coded in a hand-out.

        It can be done again with a later file of the same person: what they added, changed and took off
        since comes too. One step for `undo(coder=...)` in that coder's name.

        Parameters
        ----------
        path
            The file that the page saved (``.codings.json``), or the folder that was handed out.

        Raises
        ------
        FileProblems
            If the file is broken, or does not fit the study; nothing is then changed.
        Refused
            If it was not handed out from this study.
        """
        if given_path(path).is_dir():
            return self._take_folder(given_path(path))
        given = read_handed_in(path)
        name = given_path(path).name
        self._study.refresh()
        with self._writer.change(TAKE_IN, given.coder, handout=given.handout) as change:
            event = self._check_fits(name, given)
            before = self._taken_before(event)
            work = TakingIn(name, given, before, {}, [])
            if work.older:
                work.notes.append(
                    f"{name} was saved at {given.saved}, before the file taken in last ({before.saved}): only what that "
                    "one did not know was taken."
                )
            self._register(change, given.coder)
            made = self._take_codes(change, work)
            counts, codings = self._take_codings(change, work)
            memos, noted = self._take_memos(change, work, codings.same)
            finished, states = self._take_progress(change, work)
            taken = Taken(
                codings.codings,
                noted.memos,
                {**before.codes, **work.codes},
                codings.same,
                states.states,
                max(before.saved, given.saved),
            )
            change.about |= {"codings": counts[0], "took": taken.lines()}
            # a later file of the page is compared with this one, even where nothing of it was taken
            change.always = replace(taken, saved="").lines() != replace(before, saved="").lines()
        return TakeInReport(given.coder, *counts, finished, made, memos, tuple(work.notes))

    # -- what comes back -------------------------------------------------------------------------

    def _handed_out(self, name: str, handout: object, coder: object) -> Event:
        """Return the event of a hand-out."""
        for event in self._all_events():
            if (
                event.verb == "hand out"
                and event.about.get("handout") == handout
                and event.about.get("to") == coder
            ):
                return event
        raise Refused(
            f"{name} does not belong to a hand-out of this study. Take it in where it was handed out, or bring that copy "
            "of the study here first (project.merge)."
        )

    def _take_folder(self, path: Path) -> MergeReport:
        """Take in a folder that was handed out: what its coder did, and nothing else of it."""
        from qualcode.merge_copies import merge_folders

        if self._writer.in_batch:
            raise Refused("take_in of a folder cannot stand inside project.batch(). End the batch first.")
        about = Folder(path).read(paths.HANDOUT)
        if about is None:
            raise Refused(
                f"{path.name} is no folder that was handed out. A copy of the study comes in with project.merge."
            )
        try:
            said = tomllib.loads(decode(about, paths.HANDOUT))
        except tomllib.TOMLDecodeError as error:
            raise FileProblems([Problem(paths.HANDOUT, "", f"is no TOML ({error})")]) from None
        event = self._handed_out(path.name, said.get("handout"), said.get("coder"))
        coder = str(event.about["to"])
        report = merge_folders(self._folder.path, path, coder=self._who(None), work_of=coder)
        self._study.refresh()
        return report

    def _check_fits(self, name: str, given: HandedIn) -> Event:
        """Compare a file with what was handed out; it comes from somebody else's computer."""
        event = self._handed_out(name, given.handout, given.coder)
        problems = []
        for source, (version, _) in given.sources.items():
            record = self._study.sources.get(source)
            if source not in event.about.get("sources", []) or record is None:
                problems.append(
                    Problem(name, f"sources.{source}", "was not handed out, or is no more in the study")
                )
            elif (
                version not in record.versions
                and version != record.version
                and version not in record.replaced
            ):
                fix = "hand it out anew"
                problems.append(Problem(name, f"sources.{source}", "its text is none the study knows", fix))
        lengths = {}
        for number, (source, row) in enumerate(given.codings):
            record = self._study.sources.get(source)
            if record is None or given.sources.get(source, ("", ""))[0] != row["version"]:
                problems.append(Problem(name, f"codings[{number}]", "stands in another text than its source"))
                continue
            if row["version"] not in lengths:
                text = self._text_of_version(source, row["version"])
                lengths[row["version"]] = len(text) if text is not None else None
            length = lengths[row["version"]]
            if length is not None and int(row["end"]) > length:
                problems.append(Problem(name, f"codings[{number}]", "ends after the text"))
            owner = self._study.owner.get(row["id"])
            if owner is not None and owner[0] != given.coder:
                problems.append(Problem(name, f"codings[{number}].id", "is a coding of another coder"))
            elif owner is not None and owner[1] != source:
                problems.append(Problem(name, f"codings[{number}].id", "is a coding in another source"))
        if problems:
            raise FileProblems(problems)
        return event
