"""Text that changes: correct a transcript, take a newer file, take what was edited outside. Codings follow.

Every text stays among the kept versions. Your own codings are rewritten where their place is sure; those of
others keep their version and are carried forward on reading until they next write. What is not sure waits on
the list of `qc.relocations` with the old and the new words side by side. Nothing is dropped.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unicodedata import category

import tomlkit

from qualcode import folder as paths
from qualcode.coding import Row
from qualcode.csvtext import utf8
from qualcode.edits import Edit, narrowed, shared_words
from qualcode.errors import InvalidValue, Refused
from qualcode.memo import Memo, format_memo
from qualcode.places import Where, find_span
from qualcode.relocate import EDITED, SAME, Relocation, within_turns
from qualcode.reworded import placed_by_hand
from qualcode.span import Span
from qualcode.study import SourceRecord, format_turns
from qualcode.transcript import Transcript, Turn, prepare_text, text_version
from qualcode.verbs._codings import CodingVerbs
from qualcode.verbs._correction_report import ChangedWords, CorrectionReport, told_of_turns
from qualcode.verbs._sources import SourceVerbs, pseudonyms_in

if TYPE_CHECKING:
    from qualcode.change import Change
    from qualcode.readers import Note
    from qualcode.readers._again import TurnsAgain


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
        """Correct a passage of a transcript: a word misheard, a name, a label, a line that is missing.

        Where labels in the text tell who speaks, a changed label changes the speaker, and a new line with a label
        is a new turn.

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
        odd = next((sign for sign in text if category(sign) == "Cc" and sign not in "\n\r\t"), None)
        if odd is not None:
            raise InvalidValue(
                f"The words to put there hold a control character (U+{ord(odd):04X}), which nobody can see. Type them again "
                "without it. Nothing was changed."
            )
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
            return self._put_text(change, who, before, way)

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

        Turns, times and speakers come from the new file, also where its text is the same. The other parameters are
        those of `add_source`.

        Returns
        -------
        CorrectionReport
            Where the codings went, what changed in turns and speakers, and what was kept, changed, dropped and
            guessed in the file.

        Raises
        ------
        ReadError
            If the file cannot be read; nothing is then changed.
        Refused
            If the source came in with pseudonyms, or names were replaced in it, and none are given now: real names
            would come in. Say ``pseudonyms={}`` if the file has none. Or if the text was edited outside qualcode and
            not taken yet, or if turns would get other numbers in the same text, and memos of others are on them.
        """
        who = self._who(coder)
        record = self._source(source)
        sha256 = name = ""
        notes: tuple[Note, ...] = ()
        stated = {*(roles or {}), *((speakers or {}).get(label, label) for label in roles or {})}
        if isinstance(file, Transcript):
            new = replace(file, id=source, roles={**file.roles, **(roles or {})})
        else:
            from qualcode.readers import file_hash, read_file

            if _is_secret(record) and pseudonyms is None:
                raise Refused(
                    f"{source} came in with pseudonyms, or names were replaced in it. Give pseudonyms= again, or pseudonyms={{}} if the file holds no real names."
                )
            reading = read_file(
                file, id=source, format=format, speakers=speakers, roles=roles, pseudonyms=pseudonyms,
                encoding=encoding, columns=columns,
            )  # fmt: skip
            sha256 = file_hash(file)
            name = "" if pseudonyms or _is_secret(record) else Path(file).name
            new, notes = replace(reading.transcript, origin=reading.format), reading.notes
            _need_pseudonyms(record, new, pseudonyms or {})
        if not new.text.strip():
            raise InvalidValue(f"The new transcript of {source} has no text.")
        with self._writer.change("update source", who, source=source, sha256=sha256) as change:
            self._need_newest(source)
            self._need_unedited(source)
            before = self._transcript(source)
            way = Relocation(before.text, new.text)
            more: dict[str, Any] = {"file": name, "sha256": sha256, "imported_from": new.origin}
            more["pseudonyms"] = list(dict.fromkeys([*record.pseudonyms, *pseudonyms_in(new, pseudonyms)]))
            lost = self._corrections_not_in(record, before, new.text)
            report = self._put_text(change, who, before, way, new, more, stated=stated)
            if lost and report.before != report.after:
                report = replace(report, told=(*report.told, lost))
            shared = shared_words(before.text, new.text) if report.before != report.after else 1.0
            changed = not change.empty
            return replace(report, notes=notes if changed else (), shared=shared)

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
                origin, roles = record.imported_from, self._study.roles(id_)
                before = Transcript(
                    id_, record.title or id_, old, turns, marks, record.language, origin, roles
                )
                report = self._put_text(change, who, before, Relocation(old, new), edited=True)
                reports.append(replace(report, shared=shared_words(old, new)))
        return reports

    def relocate(self, *codings: str, coder: str | None = None) -> None:
        """Accept the places that `qc.relocations` proposes for codings of yours; they are then on its list no more.

        For a coding that had words changed inside, this says that you read it again, and that it still holds.

        Raises
        ------
        InvalidValue
            If no place was found for a coding: then `resize` or `uncode` it.
        """
        who = self._who(coder)
        with self._writer.change("relocate", who, codings=list(codings)) as change:
            for id_ in codings:
                owner, source, row = self._own_here(change, id_, who)
                here = self._version_here(source)
                change.always = True  # read again, with nothing to be written
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

    def _corrections_not_in(self, record: SourceRecord, before: Transcript, new: str) -> str:
        """Say which corrections of the text so far a newer file takes back; "" where none."""
        made = {new: (old, edits) for old, (new, edits) in record.corrected.items() if edits}
        places: list[Span] = []  # in the text that is here: what was corrected
        version, later = record.version, [Relocation(before.text, before.text, (), known=True)]
        while version in made:
            older, edits = made.pop(version)
            old, now = self._text_of_version(record.id, older), self._text_of_version(record.id, version)
            if old is None or now is None:
                break
            for edit in edits:
                at = Span(edit.new_start, edit.new_end) if edit.new_end > edit.new_start else None
                for way in reversed(later):
                    at = at and way.place(at).span
                if at is not None:
                    places.append(at)
            later.append(Relocation(old, now, tuple(edits), known=True))
            version = older
        way = Relocation(before.text, new)
        gone = []
        for at in (_whole_words(before.text, place) for place in places):
            if new[way.begin_of(at.start) : way.end_of(at.end)] != before.text[at.start : at.end]:
                gone.append(at)
        if not gone:
            return ""
        turns = sorted({turn.number for at in gone for turn in before.turns if turn.span.overlaps(at)})
        where = (
            f" (turn{'s' if len(turns) > 1 else ''} {', '.join(map(str, turns[:8]))} of the text before)"
            if turns
            else ""
        )
        count = f"{len(gone)} correction{'s' if len(gone) > 1 else ''} made here before {'are' if len(gone) > 1 else 'is'}"
        return f"{count} not in this file{where}; project.undo() keeps them and leaves the file out"

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
        way: Relocation,
        made: Transcript | None = None,
        more: Mapping[str, Any] | None = None,
        *,
        stated: Collection[str] = (),
        edited: bool = False,
    ) -> CorrectionReport:
        """Write a new version of a source: text, turns, record, the caller's codings and memos.

        `made` is what a reader found in the new file; without it turns and times follow the text. `stated` names the
        speakers whose roles are no guess. `edited` says that the new text stands in the file already.
        """
        source, text = before.id, way.new
        version = text_version(text)
        record = self._source(source)
        if not text.strip():
            raise InvalidValue(f"Nothing would be left of the text of {source}. Use project.remove_source.")
        same = version == record.version
        found = self._turns_now(before, way, made)
        if same and (made is None or self._is_known(before, made, stated)):
            return CorrectionReport(source, version, version, {}, len(before.turns))
        self._register(change, who)
        change.about |= {"before": record.version, "version": version}
        if same:
            self._need_no_other_memos(who, source, version, found.numbers)
        else:
            change.put_text(source, text.encode("utf-8"), before.text.encode("utf-8") if edited else None)
        sets = {**self._study.turns.get(source, {}), version: (found.turns, found.marks)}
        change.put(paths.turns_file(source), format_turns(sets))
        self._put_record(change, record, version, way, more or {})
        told = told_of_turns(before.turns, found.turns, found.numbers)
        told += self._put_speakers_of(change, before, found, made, stated)
        if not same:
            self._ways[source, record.version, version] = way.edits if way.known else None, way
        placed, words = self._placed_now(before, text, version) if not same else ({}, [])
        self._carry_forward(change, who, source)
        self._move_targets(change, who, source, record.version, version, way, found, made)
        if same and not told:
            told = ["times or roles changed"]
        suggested = Counter(each.placement.how for each in self._moved_suggestions(source))
        return CorrectionReport(
            source, record.version, version, placed, len(found.turns), dict(suggested), len(before.turns), tuple(words),
            tuple(told),
        )  # fmt: skip

    def _is_known(self, before: Transcript, made: Transcript, stated: Collection[str]) -> bool:
        """Whether a transcript of the same text says nothing new of turns, times and roles."""
        known = self._study.roles(before.id)
        roles = all(
            made.roles.get(name, "") == known.get(name, "") for name in made.speakers if name in stated
        )
        return roles and (made.turns, made.marks) == (before.turns, before.marks)

    def _turns_now(self, before: Transcript, way: Relocation, made: Transcript | None) -> TurnsAgain:
        """Return the turns of the new text: of the new file, or else read again where its labels tell them."""
        from qualcode.readers._again import TurnsAgain, follow_turns, read_again
        from qualcode.readers._registry import is_prose

        if made is None:
            return read_again(before, way) if is_prose(before.origin) else follow_turns(before, way)
        numbers = {}
        for turn in before.turns:
            start, end = way.begin_of(turn.span.start), way.end_of(turn.span.end)
            like = _most_of(made, Span(start, end)) if start < end else None
            if like is not None:
                numbers[turn.number] = like.number
        return TurnsAgain(made.turns, made.marks, numbers)

    def _put_record(
        self, change: Change, record: SourceRecord, version: str, way: Relocation, more: Mapping[str, Any]
    ) -> None:
        """Write what is known of a source whose newest text is now this version."""
        document = tomlkit.parse((self._study.contents[paths.source_file(record.id)]).decode("utf-8"))
        for key, value in more.items():
            if value:
                document[key] = value
        document["length"] = len(way.new)
        document["version"] = version
        document["versions"] = [*(v for v in record.versions if v != version), version]
        steps = dict(record.corrected)
        if version != record.version:  # also what was compared is a step, so that all codings go the same way
            steps[record.version] = version, way.edits if way.known else ()
        document.pop("corrected", None)
        if steps:
            document["corrected"] = moves_table(steps)
        change.put(paths.source_file(record.id), utf8(tomlkit.dumps(document)))

    def _placed_now(
        self, before: Transcript, text: str, version: str
    ) -> tuple[dict[str, int], list[ChangedWords]]:
        """Return how many codings of a source were placed in which way, and those that had words changed inside."""
        placed: dict[str, int] = {}
        words: list[ChangedWords] = []
        names = {code.id: code.name for code in self._study.codebook.codes}
        for (coder, id_), held in self._study.codings.items():
            if id_ != before.id:
                continue
            places = self._places(coder, id_)
            for row in held.rows.values():
                placement = places.get(row["id"])
                how = SAME if placement is None else placement.how
                placed[how] = placed.get(how, 0) + 1
                if placement is not None and placement.span is not None and how == EDITED:
                    span, to = Span(int(row["start"]), int(row["end"])), placement.span
                    old = before.text[span.start : span.end]
                    if row["version"] != before.version:
                        old = self._words(id_, *self._unreplaced(id_, row["version"], span)) or ""
                    code = names.get(row["code"], row["code"])
                    at = next(
                        (t.number for t in self._study.turn_set(id_, version)[0] if t.span.overlaps(to)), None
                    )
                    words.append(ChangedWords(row["id"], coder, old, text[to.start : to.end], code, at))
        return placed, self._to_read(before.id, words)

    def _to_read(self, source: str, words: list[ChangedWords]) -> list[ChangedWords]:
        """Return the codings whose words are not (again) those that their coder read when placing them."""
        first: dict[tuple[str, str, str], Row] = {}
        for coder in {each.coder for each in words}:
            first |= placed_by_hand(self._writer.events(coder))
        found = []
        for each in words:
            row = first.get((each.coder, source, each.coding))
            at = None if row is None else (row["version"], Span(int(row["start"]), int(row["end"])))
            read = None if at is None else self._words(source, *self._unreplaced(source, *at))
            if read is None or read != each.after:
                found.append(each)
        return found

    def _need_no_other_memos(self, who: str, source: str, version: str, numbers: Mapping[int, int]) -> None:
        """Refuse to give turns other numbers while somebody else's memo is on one of them."""
        place = f"turn:{source}:{version}:"
        for memo in self._study.memos.values():
            turns = [int(target.split(":")[3]) for target in memo.targets if target.startswith(place)]
            if memo.author != who and any(numbers.get(turn) != turn for turn in turns):
                raise Refused(
                    f"The turns of {source} would get other numbers, and {memo.author} wrote a memo on one of them "
                    f"({memo.id}). Ask {memo.author} to put it on a passage or on the source first."
                )

    def _put_speakers_of(
        self,
        change: Change,
        before: Transcript,
        found: TurnsAgain,
        made: Transcript | None,
        stated: Collection[str],
    ) -> list[str]:
        """Keep the table of speakers to those who speak in the newest text; return what is to be said of it.

        Who took over all turns of somebody takes over role and case as well, where nothing else is known.
        """
        from qualcode.readers import guess_roles

        source = before.id
        there = {turn.speaker for turn in found.turns if turn.speaker}
        table = [row for row in self._study.speakers.rows if row["source"] == source and row["speaker"]]
        others = [row for row in self._study.speakers.rows if row not in table]
        rows = {row["speaker"]: dict(row) for row in table if row["speaker"] in there}
        roles = made.roles if made is not None else guess_roles(tuple(there - before.roles.keys()))
        for speaker in sorted(there - rows.keys()):
            rows[speaker] = {"source": source, "speaker": speaker, "case": "", "role": ""}
        told = []
        for gone in (row for row in table if row["speaker"] not in there):
            heir = _heir(gone["speaker"], before, found)
            if heir is not None and not rows[heir]["case"] and rows[heir]["role"] in ("", gone["role"]):
                rows[heir] |= {key: gone[key] for key in gone if key not in ("source", "speaker")}
                told.append(f"{heir} has what was known of {gone['speaker']}, who speaks in no turn any more")
            elif gone["case"]:
                told.append(
                    f"{gone['speaker']} speaks in no turn any more; the link to {gone['case']} is gone"
                )
        for speaker, row in rows.items():
            if speaker in stated or not row["role"]:
                row["role"] = roles.get(speaker, row["role"])
        self._put_speakers(change, [*others, *rows.values()])
        return told

    def _move_targets(
        self,
        change: Change,
        who: str,
        source: str,
        before: str,
        after: str,
        way: Relocation,
        found: TurnsAgain,
        made: Transcript | None,
    ) -> None:
        """Let the caller's memos on spans and turns follow the text; one whose place is not sure stays."""
        turns = self._study.turn_set(source, before)[0]

        def moved(target: str) -> str:
            kind, _, rest = target.partition(":")
            parts = rest.split(":")
            if kind not in ("span", "turn") or parts[:2] != [source, before]:
                return target
            if kind == "turn":
                number = found.numbers.get(int(parts[2]), 0)
                there = [turn for turn in turns if turn.number == int(parts[2])]
                if made is not None and not number and there:
                    placement = way.place(there[0].span)
                    like = None if placement.span is None else _most_of(made, placement.span)
                    number = like.number if like is not None else 0
                return f"turn:{source}:{after}:{number}" if number else target
            span = Span(int(parts[2]), int(parts[3]))
            placement = within_turns(way, way.place(span), span, turns, found.turns)
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


def _whole_words(text: str, span: Span) -> Span:
    """Return a span with the whole of the words at its borders."""
    start, end = span.start, span.end
    while start > 0 and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    return Span(start, end)


def _is_secret(record: SourceRecord) -> bool:
    """Whether a source came in with pseudonyms: then the name of its file is not kept."""
    return bool(record.sha256) and not record.file


def _need_pseudonyms(record: SourceRecord, new: Transcript, pseudonyms: Mapping[str, str]) -> None:
    """Refuse a newer text in which a pseudonym of before is missing: the real name may stand in its place."""
    there = {*pseudonyms.values(), *pseudonyms_in(new, {name: name for name in record.pseudonyms})}
    missing = [name for name in record.pseudonyms if name not in there]
    if missing and pseudonyms:
        raise Refused(
            f"{record.id} came in with the pseudonyms {', '.join(record.pseudonyms)}. {', '.join(missing)} is not in the new "
            "text, and pseudonyms= lists no name for it, so a real name may come in. List that name too, also where it is "
            "not in the file any more."
        )


def _most_of(transcript: Transcript, span: Span) -> Turn | None:
    """Return the turn that holds most of a span."""
    touching = transcript.turns_touching(span)
    return max(touching, key=lambda turn: _shared(turn.span, span), default=None)


def _shared(one: Span, other: Span) -> int:
    """Return how many characters two spans share."""
    common = one.intersection(other)
    return common.length if common is not None else 0


def _heir(speaker: str, before: Transcript, found: TurnsAgain) -> str | None:
    """Return who speaks all turns now that were somebody's, None where it is nobody or more than one."""
    now = {turn.number: turn.speaker for turn in found.turns}
    numbers = [found.numbers.get(turn.number, 0) for turn in before.turns if turn.speaker == speaker]
    heirs = {now.get(number) for number in numbers if number}
    return heirs.pop() if len(heirs) == 1 else None


def moves_table(steps: Mapping[str, tuple[str, Sequence[Edit]]]) -> Any:
    """Return version to the version made of it, and what was changed, as a table of data/sources/<id>.toml."""
    table = tomlkit.table()
    for old, (new, edits) in steps.items():
        entry = tomlkit.inline_table()
        moves = [[e.start, e.end, e.new_start, e.new_end] for e in edits]
        entry.update({"version": new, "moves": moves})
        table[old] = entry
    return table
