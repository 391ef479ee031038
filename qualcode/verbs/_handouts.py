"""Interviews handed out to be coded elsewhere, and the work that comes back."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qualcode import folder as paths
from qualcode.coding import Coder, format_codings, new_id, parse_codings
from qualcode.csvtext import decode
from qualcode.errors import FileProblems, FolderError, InvalidValue, Problem, Refused
from qualcode.file_names import given_path
from qualcode.folder import Folder
from qualcode.handed_in import HandedIn, read_handed_in
from qualcode.handout import HandoutReport, page_of, target_of, write_folder
from qualcode.identity import check_coder_id
from qualcode.log import Event
from qualcode.memo import Memo, format_memo
from qualcode.merge import merge_file
from qualcode.verbs._base import coder_toml, memo_text, one_line
from qualcode.verbs._codebook import OPEN_CODES
from qualcode.verbs._team import TeamVerbs

if TYPE_CHECKING:
    from qualcode.change import Change
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


class HandoutVerbs(TeamVerbs):
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
        self._check_fits(name, given)
        with self._writer.change("take in", given.coder, handout=given.handout) as change:
            self._register(change, given.coder)
            codes, made = self._take_codes(change, name, given)
            notes: list[str] = []
            counts = self._take_codings(change, given, codes, notes)
            memos = self._take_memos(change, name, given, codes)
            finished = self._take_progress(change, given)
            change.about["codings"] = counts[0]
        return TakeInReport(given.coder, *counts, finished, made, memos, tuple(notes))

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

    def _check_fits(self, name: str, given: HandedIn) -> None:
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
        if problems:
            raise FileProblems(problems)

    def _take_codes(
        self, change: Change, name: str, given: HandedIn
    ) -> tuple[dict[str, str], tuple[str, ...]]:
        """Return id in the file to id in the study, and the names of the codes that are new."""
        ids: dict[str, str] = {}
        made = []
        book = self._study.codebook
        for each in given.codes:
            parent = ids.get(each["parent"], each["parent"]) or None
            facet = each["facet"] or self._default_facet(book)
            beside = [
                c
                for c in book.codes
                if c.name.casefold() == each["name"].strip().casefold()
                and c.facet == facet
                and not c.merged_into
            ]
            if beside:
                ids[each["id"]] = beside[0].id
                continue
            if facet == OPEN_CODES and facet not in {each.id for each in book.facets}:
                book = book.new_facet("open codes", id=OPEN_CODES)
            before = {code.id for code in book.codes}
            fields: dict[str, Any] = {"definition": each["definition"]} if each["definition"] else {}
            book = book.new_code(
                one_line(each["name"], "code"), facet=None if parent else facet, parent=parent, **fields
            )
            ids[each["id"]] = next(code.id for code in book.codes if code.id not in before)
            made.append(each["name"].strip())
        if made:
            self._put_codebook(change, given.coder, book)
        known = {code.id for code in self._study.codebook.codes}
        lost = sorted({row["code"] for _, row in given.codings} - known - set(ids))
        if lost:
            fix = "bring those codes back, or hand it out anew"
            raise FileProblems(
                [Problem(name, "codings", f"the codebook has no code '{code}'", fix) for code in lost]
            )
        return ids, tuple(made)

    def _take_codings(
        self, change: Change, given: HandedIn, codes: dict[str, str], notes: list[str]
    ) -> tuple[int, int, int]:
        """Merge the coder's codings row by row: began is what both sides come from."""
        new = changed = removed = 0
        state = self._codebook_state()
        for source in given.sources:
            held = self._study.codings.get((given.coder, source))
            ours = dict(held.rows) if held else {}
            began = {row["id"]: row for at, row in given.began if at == source}
            theirs: dict[str, dict[str, str]] = {}
            base: dict[str, dict[str, str]] = {}
            for at, row in given.codings:
                if at != source:
                    continue
                mine, code = ours.get(row["id"]), codes.get(row["code"], row["code"])
                kept = {key: mine[key] for key in mine if key not in row} if mine else {"codebook": state}
                theirs[row["id"]] = {**kept, **row, "code": code}
                if mine and row["id"] in began:
                    base[row["id"]] = {**kept, **began[row["id"]]}
            for id_ in given.removed:
                if id_ in ours:
                    base[id_] = {**ours[id_], **began.get(id_, {})}
            for id_, row in ours.items():
                # What the page never had (coded in the study since) was not taken off there.
                if id_ in began and id_ not in theirs and id_ not in given.removed:
                    base[id_] = {**row, **began[id_]}
            extra = held.extra if held else []
            file = paths.codings_file(given.coder, source)
            merged = merge_file(
                file, *(format_codings(extra, list(rows.values())) for rows in (base, ours, theirs))
            )
            notes += merged.notes
            rows = {row["id"]: row for row in parse_codings(merged.content, file)[1]}
            for id_ in sorted(ours.keys() - rows.keys()):
                change.remove_row(given.coder, source, id_)
                removed += 1
            for id_, row in rows.items():
                if id_ in ours and row == ours[id_]:
                    continue
                new, changed = new + (id_ not in ours), changed + (id_ in ours)
                self._pin_code(change, row["code"])
                change.add_row(given.coder, source, row)
        return new, changed, removed

    def _take_memos(self, change: Change, name: str, given: HandedIn, codes: dict[str, str]) -> int:
        came = 0
        for each in given.memos:
            there = self._study.memos.get(each["id"])
            if there is not None and there.author != given.coder:
                raise FileProblems([Problem(name, "memos", f"the memo {each['id']} is somebody else's")])
            targets = tuple(
                f"code:{codes[target[5:]]}" if target.startswith("code:") and target[5:] in codes else target
                for target in each["targets"]
            )
            kind = one_line(each["kind"] or "reflection", "kind of a memo")
            memo = Memo(
                each["id"],
                given.coder,
                each["created"],
                kind,
                self._versioned(targets),
                memo_text(each["text"]),
            )
            if memo.text and memo != there:
                change.put(paths.memo_file(given.coder, memo.id), format_memo(memo))
                came += 1
        return came

    def _versioned(self, targets: Iterable[str]) -> tuple[str, ...]:
        """Return targets as a memo keeps them; what is no more there is left out."""
        kept = []
        for target in targets:
            try:
                kept.append(self._target(target))
            except (InvalidValue, FolderError, LookupError):
                continue
        return tuple(kept)

    def _take_progress(self, change: Change, given: HandedIn) -> tuple[str, ...]:
        rows = [dict(row) for row in self._study.progress.get(given.coder, [])]
        for source, (_, state) in given.sources.items():
            row = next((r for r in rows if (r["source"], r["part"], r["round"]) == (source, "", "")), None)
            if row is None:
                rows.append({"source": source, "part": "", "round": "", "state": state})
            elif state != "not started":
                row["state"] = state
        self._put_progress(change, given.coder, rows)
        return tuple(source for source, (_, state) in given.sources.items() if state == "finished")
