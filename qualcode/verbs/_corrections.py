"""Text that changes: correct a transcript, take a newer file, take what was edited outside. Codings follow.

Every text stays among the kept versions. Your own codings are rewritten where their place is sure; those of
others keep their version and are carried forward on reading until they next write. What is not sure waits on
the list of `qc.relocations` with the old and the new words side by side. Nothing is dropped.
"""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import tomlkit

from qualcode import folder as paths
from qualcode.errors import InvalidValue, Refused
from qualcode.memo import Memo, format_memo
from qualcode.places import Where, find_span
from qualcode.relocate import EDITED, FOUND, LOST, MOVED, SAME, SIMILAR, Edit, Relocation, narrowed
from qualcode.span import Span
from qualcode.study import format_turns
from qualcode.transcript import Transcript, prepare_text, text_version
from qualcode.verbs._codings import CodingVerbs
from qualcode.verbs._sources import SourceVerbs

if TYPE_CHECKING:
    from qualcode.change import Change

_WORDS = {
    SAME: "stayed where they were",
    MOVED: "moved with their words",
    EDITED: "had words changed inside",
    FOUND: "were found elsewhere in the text",
    SIMILAR: "need a look: their words are only similar",
    LOST: "need a look: their words are gone",
}


@dataclass(frozen=True)
class CorrectionReport:
    """What became of the codings of a source when its text changed.

    Parameters
    ----------
    source
        The source.
    before, after
        Versions of the text; equal where nothing changed.
    placed
        How codings were placed ("same", "moved", "edited", "found", "similar", "lost") to their number, of all
        coders together.
    turns
        How many turns the new text has.
    suggestions
        As `placed`, of the open suggestions of all assistants.
    """

    source: str
    before: str
    after: str
    placed: Mapping[str, int]
    turns: int
    suggestions: Mapping[str, int] = field(default_factory=dict)

    @property
    def to_review(self) -> int:
        """How many codings wait for a person; `qc.relocations` lists them."""
        return self.placed.get(SIMILAR, 0) + self.placed.get(LOST, 0)

    def __str__(self) -> str:
        if self.before == self.after:
            return f"{self.source}: the text is the same; nothing was changed."
        lines = [f"{self.source}: a new text of {self.turns} turns (version {self.after})"]
        lines += [
            f"  {count} coding{'s' if count > 1 else ''} {_WORDS[how]}"
            for how in _WORDS
            if (count := self.placed.get(how, 0))
        ]
        if self.to_review:
            lines.append("  see qc.relocations(project); project.resize or project.relocate places them")
        lost = self.suggestions.get(SIMILAR, 0) + self.suggestions.get(LOST, 0)
        followed = sum(self.suggestions.values()) - lost
        if followed:
            lines.append(f"  {followed} suggestion{'s' if followed > 1 else ''} followed the words")
        if lost:
            lines.append(
                f"  {lost} suggestion{'s' if lost > 1 else ''} lost the place; see qc.relocations(project); "
                "project.change places them, project.reject puts them away"
            )
        return "\n".join(lines)

    __repr__ = __str__


def _shared(one: Span, other: Span) -> int:
    """Return how many characters two spans share."""
    common = one.intersection(other)
    return common.length if common is not None else 0


def _with_its_line(text: str, span: Span) -> Span:
    """Return what to take out with a passage: where it is a whole line, the end of the line as well."""
    first = not span.start or text[span.start - 1] == "\n"
    if first and text[span.end : span.end + 1] == "\n":
        return Span(span.start, span.end + 1)
    if first and span.start and span.end == len(text):
        return Span(span.start - 1, span.end)
    return span


class CorrectionVerbs(SourceVerbs, CodingVerbs):
    """The verbs that change a text."""

    def correct(self, source: str, where: Where, text: str, *, coder: str | None = None) -> CorrectionReport:
        """Correct a passage of a transcript: a word misheard, a name, a line that is missing.

        Parameters
        ----------
        source
            Id of the source.
        where
            The passage to replace: a quote, a span, a turn, a time, as in `code`. A Span of a stretch outside
            all turns works too, for example a speaker's label.
        text
            What stands there instead; "" takes the passage out.
        coder
            Who does this; else the coder of the session.

        Returns
        -------
        CorrectionReport
            The new version, and where the codings went.

        Raises
        ------
        InvalidValue
            If nothing would be left of the text.
        Refused
            If the text was edited outside qualcode and not taken yet.
        UnknownSource, QuoteError
            If there is no such source or place.
        """
        who = self._who(coder)
        with self._writer.change("correct", who, source=source) as change:
            self._need_newest(source)
            self._need_unedited(source)
            before = self._transcript(source)
            span = find_span(before, where)
            span = span if text else _with_its_line(before.text, span)
            new = prepare_text(before.text[: span.start] + text + before.text[span.end :])
            edit = Edit(
                span.start, span.end, span.start, span.start + len(new) - len(before.text) + span.length
            )
            way = Relocation(before.text, new, (narrowed(edit, before.text, new),), known=True)
            return self._put_text(change, who, before, new, way, None)

    def update_source(
        self,
        source: str,
        file: str | os.PathLike[str] | Transcript,
        *,
        speakers: Mapping[str, str] | None = None,
        roles: Mapping[str, str] | None = None,
        pseudonyms: Mapping[str, str] | None = None,
        format: str | None = None,
        encoding: str | None = None,
        columns: Mapping[str, str] | None = None,
        coder: str | None = None,
    ) -> CorrectionReport:
        """Take a newer transcript of a source, for example the one a typist corrected; codings follow.

        Turns, times and speakers come from the new file. The other parameters are those of `add_source`.

        Raises
        ------
        ReadError
            If the file cannot be read; nothing is then changed.
        Refused
            If the source came in with pseudonyms, or names were replaced in it, and none are given now: real names
            would come in. Say ``pseudonyms={}`` if the file has none. Or if the text was edited outside qualcode and
            not taken yet.
        """
        who = self._who(coder)
        record = self._source(source)
        secret = bool(record.sha256) and not record.file
        if secret and pseudonyms is None and not isinstance(file, Transcript):
            raise Refused(
                f"{source} came in with pseudonyms, or names were replaced in it. Give pseudonyms= again, or pseudonyms={{}} if the file holds no real names."
            )
        sha256 = name = ""
        if isinstance(file, Transcript):
            new = replace(file, id=source)
        else:
            from qualcode.readers import read_with_notes

            new, _, found = read_with_notes(
                file, id=source, format=format, speakers=speakers, roles=roles, pseudonyms=pseudonyms,
                encoding=encoding, columns=columns,
            )  # fmt: skip
            sha256 = hashlib.sha256(Path(file).read_bytes()).hexdigest()
            name = "" if pseudonyms or secret else Path(file).name
            new = replace(new, origin=found)
        if not new.text.strip():
            raise InvalidValue(f"The new transcript of {source} has no text.")
        with self._writer.change("update source", who, source=source, sha256=sha256) as change:
            self._need_newest(source)
            self._need_unedited(source)
            before = self._transcript(source)
            way = Relocation(before.text, new.text)
            more = {"file": name, "sha256": sha256, "imported_from": new.origin}
            return self._put_text(change, who, before, new.text, way, new, more)

    def take_edits(self, source: str | None = None, *, coder: str | None = None) -> list[CorrectionReport]:
        """Make texts that were edited outside qualcode new versions; codings follow.

        Opening a study does this by itself where your coder id is known.

        Parameters
        ----------
        source
            Only this source; else all whose file in data/transcripts is none of the known versions.
        """
        self._study.refresh()
        reports = []
        for id_ in [source] if source is not None else self._edited_outside():
            who = self._who(coder)
            with self._writer.change("take edit", who, source=id_) as change:
                record = self._source(id_)
                content = self._study.read(paths.text_file(id_))
                new = prepare_text((content or b"").decode("utf-8", errors="replace"))
                if content is None or text_version(new) in record.versions:
                    continue
                if b"\xef\xbf\xbd" not in content and "\ufffd" in new:
                    raise InvalidValue(
                        f"{paths.text_file(id_)} is not UTF-8 text any more. Save it as UTF-8 in the editor that changed it."
                    )
                old = self._text_of_version(id_, record.version)
                if old is None:
                    raise InvalidValue(
                        f"{paths.text_file(id_)} was edited, and the text that was coded (version {record.version}) is not "
                        "among the kept versions. Put it back from git or a backup first."
                    )
                turns, marks = self._study.turn_set(id_, record.version)
                before = Transcript(id_, record.title or id_, old, turns, marks)
                way = Relocation(old, new)
                reports.append(self._put_text(change, who, before, new, way, None, edited=True))
        return reports

    def relocate(self, *codings: str, coder: str | None = None) -> None:
        """Accept the places that `qc.relocations` proposes for codings of yours.

        Raises
        ------
        InvalidValue
            If a coding needs no place, or none was found: then `resize` or `uncode` it.
        """
        who = self._who(coder)
        with self._writer.change("relocate", who, codings=list(codings)) as change:
            for id_ in codings:
                owner, source, row = self._own_here(change, id_, who)
                here = self._version_here(source)
                if row["version"] == here:
                    continue
                placement = self._placed(source, row)
                if placement.span is None:
                    raise InvalidValue(
                        f"No place was found for the coding {id_} in the new text of {source}. Give it one with "
                        f"project.resize('{id_}', ...), or take it off with project.uncode('{id_}')."
                    )
                place = {"start": str(placement.span.start), "end": str(placement.span.end), "version": here}
                self._replace(change, owner, source, row, place)

    # -- helpers ---------------------------------------------------------------------------------

    def _need_newest(self, source: str) -> None:
        """Refuse to correct an older text: two newest ones would come of it."""
        record = self._source(source)
        if self._version_here(source) != record.version:
            raise Refused(
                f"This copy of the study has an older text of {source}; a newer one exists (version {record.version}). Get "
                f"{paths.text_file(source)} from whoever corrected it first."
            )

    def _put_text(
        self,
        change: Change,
        who: str,
        before: Transcript,
        text: str,
        way: Relocation,
        made: Transcript | None,
        more: Mapping[str, str] | None = None,
        *,
        edited: bool = False,
    ) -> CorrectionReport:
        """Write a new version of a source: text, turns, record, the caller's codings and memos.

        `made` is what a reader found in the new file; without it turns and times follow the text. `edited`
        says that the new text stands in the file already.
        """
        source, version = before.id, text_version(text)
        record = self._source(source)
        if not text.strip():
            raise InvalidValue(f"Nothing would be left of the text of {source}. Use project.remove_source.")
        if version == record.version:
            return CorrectionReport(source, version, version, {}, len(before.turns))
        self._register(change, who)
        change.about |= {"before": record.version, "version": version}
        if made is not None:
            turns, marks = made.turns, made.marks
            numbers = {turn.number: self._turn_like(way, turn.span, made) for turn in before.turns}
        else:
            turns, mapped = way.turns(before.turns)
            marks, numbers = way.marks(before.marks), dict(mapped)
        sets = {**self._study.turns.get(source, {}), version: (turns, marks)}
        change.put_text(source, text.encode("utf-8"), before.text.encode("utf-8") if edited else None)
        change.put(paths.turns_file(source), format_turns(sets))
        document = tomlkit.parse((self._study.contents[paths.source_file(source)]).decode("utf-8"))
        for key, value in (more or {}).items():
            if value:
                document[key] = value
        document["length"] = len(text)
        document["version"] = version
        document["versions"] = [*(v for v in record.versions if v != version), version]
        change.put(paths.source_file(source), tomlkit.dumps(document).encode("utf-8"))
        self._put_speakers_of(change, source, {turn.speaker for turn in turns if turn.speaker}, made)
        self._ways[(source, record.version, version)] = way
        own = self._study.codings.get((who, source))
        moved = {
            id_: self._placed(source, row).how
            for id_, row in (own.rows.items() if own else ())
            if row["version"] != version
        }
        self._carry_forward(change, who, source)
        self._move_targets(change, who, source, record.version, version, way, numbers)
        if way.known:  # what is carried whenever it is read must read the same in every session
            del self._ways[(source, record.version, version)]
        placed = Counter(
            moved.get(row["id"], SAME) if row["version"] == version else self._placed(source, row).how
            for (_, id_), held in self._study.codings.items()
            if id_ == source
            for row in held.rows.values()
        )
        suggested = Counter(each.placement.how for each in self._moved_suggestions(source))
        return CorrectionReport(source, record.version, version, dict(placed), len(turns), dict(suggested))

    def _turn_like(self, way: Relocation, span: Span, made: Transcript) -> int:
        """Return the number of the turn in a newer transcript that holds most of an older one, or 0."""
        placement = way.place(span)
        if placement.span is None:
            return 0
        touching = made.turns_touching(placement.span)
        place = placement.span
        best = max(touching, key=lambda turn: _shared(turn.span, place), default=None)
        return best.number if best is not None else 0

    def _put_speakers_of(self, change: Change, source: str, there: set[str], made: Transcript | None) -> None:
        """Keep the table of speakers to those who speak in the newest text."""
        rows = [
            row
            for row in self._study.speakers.rows
            if row["source"] != source or not row["speaker"] or row["speaker"] in there
        ]
        known = {row["speaker"] for row in rows if row["source"] == source}
        roles = made.roles if made is not None else {}
        rows += [
            {"source": source, "speaker": speaker, "case": "", "role": roles.get(speaker, "")}
            for speaker in sorted(there - known)
        ]
        self._put_speakers(change, rows)

    def _move_targets(
        self,
        change: Change,
        who: str,
        source: str,
        before: str,
        after: str,
        way: Relocation,
        numbers: dict[int, int],
    ) -> None:
        """Let the caller's memos on spans and turns follow the text; one whose place is not sure stays."""

        def moved(target: str) -> str:
            kind, _, rest = target.partition(":")
            parts = rest.split(":")
            if kind not in ("span", "turn") or parts[:2] != [source, before]:
                return target
            if kind == "turn":
                number = numbers.get(int(parts[2]), 0)
                return f"turn:{source}:{after}:{number}" if number else target
            placement = way.place(Span(int(parts[2]), int(parts[3])))
            if not placement.sure or placement.span is None:
                return target
            return f"span:{source}:{after}:{placement.span.start}:{placement.span.end}"

        self._rewrite_targets(change, who, moved)

    def _rewrite_targets(self, change: Change, author: str, moved: Callable[[str], str]) -> None:
        for memo in list(self._study.memos.values()):
            targets = tuple(moved(target) for target in memo.targets)
            if memo.author == author and targets != memo.targets:
                new = Memo(memo.id, memo.author, memo.created, memo.kind, targets, memo.text)
                change.put(paths.memo_file(memo.author, memo.id), format_memo(new))
