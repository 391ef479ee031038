"""Sources: bring interviews into the study, and take them out."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tomlkit

from qualcode import folder as paths
from qualcode.coding import now
from qualcode.csvtext import format_csv, utf8
from qualcode.errors import InvalidValue, QualcodeError, ReadError, Refused
from qualcode.study import PROGRESS_COLUMNS, SourceRecord, format_turns
from qualcode.transcript import Transcript, prepare_text
from qualcode.verbs._base import one_line
from qualcode.verbs._hidden import (
    found_kinds,
    kinds_to_keep,
    notes_on_missing,
    notes_on_names,
    source_of,
    without_kept,
)
from qualcode.verbs._import_report import ImportReport, files_of
from qualcode.verbs._speakers import SpeakerVerbs

if TYPE_CHECKING:
    from qualcode.change import Change
    from qualcode.readers import FileReading


class SourceVerbs(SpeakerVerbs):
    """The verbs about sources."""

    def add_source(
        self,
        source: str | os.PathLike[str] | Transcript,
        id: str | None = None,
        *,
        title: str | None = None,
        speakers: Mapping[str, str] | None = None,
        roles: Mapping[str, str] | None = None,
        pseudonyms: Mapping[str, str] | None = None,
        format: str | None = None,
        encoding: str | None = None,
        columns: Mapping[str, str] | None = None,
        sheet: str | None = None,
        language: str = "",
        synthetic: bool = False,
        keep: str | Iterable[str] = (),
        coder: str | None = None,
    ) -> ImportReport:
        """Bring one interview into the study.

        Bringing in the same text under the same id again changes nothing, so a notebook can be run twice; but what
        `speakers`, `roles` and `keep` say anew is done.

        Parameters
        ----------
        source
            A transcript file (see `qc.formats()`), or a Transcript.
        id
            Id of the new source, for example "P7a"; else made from the name of the file. With pseudonyms, a
            file name that may tell who spoke becomes "source-1", "source-2", ...
        title
            What people call it; else the id. Pseudonyms are put in here as well.
        speakers
            Spelling in the file to the label wanted: ``{"Interviewer 1": "Interviewer"}``.
        roles
            Label to role: ``{"Interviewer": "interviewer", "P7a": "participant"}``.
        pseudonyms
            Real name to pseudonym. Replaced in labels, text and title before anything is stored; then of the
            file only the SHA-256 is kept, and its name nowhere. The report says which names were never
            found, and which still stand inside longer words.
        format, encoding, columns, sheet
            As for `qc.read_transcript`, where the file does not say it itself.
        language
            Like "en".
        synthetic
            Whether the interview was made up; every figure and table made from it says so.
        keep
            Kinds of hidden data to keep on purpose, of "comment", "property", "tracked change", "hidden text",
            "custom xml", "address", "signed address"; all others are dropped. Look at them first:
            ``qc.preview(path).hidden``. A comment becomes a memo of yours on the words it was put to;
            everything else goes into data/raw/<source>-hidden.json, which stays out of git.
        coder
            Who does this; else the coder of the session.

        Returns
        -------
        ImportReport
            What came in, and what was changed, dropped or guessed.

        Raises
        ------
        ReadError
            If the file cannot be read; nothing is then stored.
        InvalidValue
            If the study already has another source of this id; if `keep` names no kind; or with pseudonyms, if a
            listed name is part of the id, or of a longer word in the title.
        """
        from qualcode.readers import FileReading, file_hash, read_file, title_without_names

        who = self._who(coder)
        wanted = kinds_to_keep(keep)
        file = sha256 = ""
        if isinstance(source, Transcript):
            transcript = source if id is None else replace(source, id=id)
            if speakers or pseudonyms or wanted:
                raise InvalidValue(
                    "speakers=, pseudonyms= and keep= are for files; change the Transcript before adding it."
                )
            transcript = replace(transcript, roles={**transcript.roles, **(roles or {})})
            reading = FileReading(transcript, (), transcript.origin)
        else:
            sha256 = file_hash(source)
            if pseudonyms and title:
                title = title_without_names(title, pseudonyms)
            reading = read_file(
                source,
                id=id,
                format=format,
                speakers=speakers,
                roles=roles,
                pseudonyms=pseudonyms,
                encoding=encoding,
                columns=columns,
                sheet=sheet,
                neutral_id=self._neutral_id(sha256),
            )
            file = "" if pseudonyms else Path(source).name
        return self._take_in(
            who,
            reading,
            _Given(
                file,
                sha256,
                title,
                language,
                synthetic,
                wanted,
                speakers or {},
                roles or {},
                pseudonyms or {},
            ),
        )

    def _take_in(self, who: str, reading: FileReading, given: _Given) -> ImportReport:
        """Store what was read, or where it is here already, what is said anew of it."""
        from qualcode.readers import Note

        transcript, hidden, wanted, pseudonyms = (
            reading.transcript,
            reading.hidden,
            given.wanted,
            given.pseudonyms,
        )
        file, found = given.file, reading.format
        known = self._study.sources.get(transcript.id)
        if known is not None and known.version == transcript.version:
            said = (
                "The text was missing in this copy of the study and was put back."
                if self._put_back(transcript)
                else "The study has this source already; nothing was changed."
            )
            if self._times_differ(known.id, transcript):
                said += f" The times in this file are others: project.update_source('{known.id}', path) takes them."
            later = self._speakers_again(who, known.id, transcript, given.speakers, given.roles, pseudonyms)
            kept = self._keep_later(who, known, hidden, wanted, bool(pseudonyms))
            if later or kept:
                what = "text was" if later else "text and turns were"
                said = f"The study has this source already; its {what} not changed."
                later += [*kept, *(notes_on_names(hidden, wanted, pseudonyms) if kept else ())]
            roles_now = self._study.roles(known.id)
            speakers_now = [turn.speaker for turn in self._study.turn_set(known.id)[0] if turn.speaker]
            return ImportReport(
                file,
                known.id,
                found,
                len(self._study.turn_set(known.id)[0]),
                known.length,
                {speaker: roles_now.get(speaker, "") for speaker in speakers_now},
                (Note("kept", said), *later, *notes_on_missing(hidden, wanted)),
            )
        self._check_new_id(transcript.id)
        if prepare_text(transcript.text) != transcript.text or not transcript.text.strip():
            raise InvalidValue(f"The transcript {transcript.id} has no text.")
        record = SourceRecord(
            id=transcript.id,
            title=one_line(given.title or transcript.title or transcript.id, "title"),
            file=file,
            sha256=given.sha256,
            length=len(transcript.text),
            language=given.language or transcript.language,
            imported_from=found,
            added=now(),
            version=transcript.version,
            versions=(transcript.version,),
            synthetic=given.synthetic,
            kept=found_kinds(hidden, wanted),
            pseudonyms=pseudonyms_in(transcript, pseudonyms),
        )
        with self._writer.change(
            "add source", who, source=record.id, version=record.version, sha256=given.sha256
        ) as change:
            self._check_new_id(record.id)
            self._register(change, who)
            self._put_source(change, record, transcript)
            told = self._keep(change, who, record, hidden, record.kept)
        told += [*notes_on_names(hidden, record.kept, pseudonyms), *notes_on_missing(hidden, wanted)]
        same = [other.id for other in self._study.sources.values() if other.version == record.version != ""]
        if len(same) > 1:
            others = ", ".join(each for each in same if each != record.id)
            told.append(
                Note("kept", f"The same text is in the study already, as {others}; now it is there twice.")
            )
        roles_now = self._study.roles(record.id)
        return ImportReport(
            file,
            record.id,
            found,
            len(transcript.turns),
            len(transcript.text),
            {speaker: roles_now.get(speaker, "") for speaker in transcript.speakers},
            (*without_kept(reading.notes, record.kept), *told),
            hidden=Counter(each.kind for each in hidden if each.kind not in record.kept),
            times=sum(turn.begins is not None for turn in transcript.turns),
        )

    def _times_differ(self, source: str, transcript: Transcript) -> bool:
        """Whether a transcript of the same text has times where the study has none, or others."""
        turns, marks = self._study.turn_set(source)
        new = [(turn.begins, turn.ends) for turn in transcript.turns], transcript.marks
        has = any(begins is not None for begins, _ in new[0]) or bool(new[1])
        return has and new != ([(turn.begins, turn.ends) for turn in turns], marks)

    def add_sources(
        self,
        files: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
        *,
        split_by: str | None = None,
        **options: Any,
    ) -> list[ImportReport]:
        """Bring many interviews into the study; a file that cannot be read does not stop the others.

        Parameters
        ----------
        files
            Transcript files, and folders whose files are taken in the order of their names.
        split_by
            For tables that hold several transcripts: the heading of the column that names the one each row belongs
            to. Every value becomes a source, called so; it is one step for `undo`.
        **options
            As for `add_source`, except `id` and `title`.

        Returns
        -------
        list of ImportReport
            One per file or transcript, in order; `error` says why one could not be read.
        """
        from tqdm.auto import tqdm

        if isinstance(files, str | os.PathLike):
            files = [files]
        # once, not for every file: a slip would be told again and again
        options = {**options, "keep": kinds_to_keep(options.get("keep", ()))}
        reports: list[ImportReport] = []
        given = list(files)
        todo: list[str | os.PathLike[str] | ReadError] = []
        for file in given:
            if not isinstance(file, str | os.PathLike):
                raise InvalidValue(
                    f"add_sources: files must be paths, got a {type(file).__name__} among them."
                )
            try:
                todo += files_of(file, self._folder.path)
            except ReadError as error:
                todo.append(error)
        for file in tqdm(todo, desc="import", leave=False, disable=len(todo) < 20 or None):
            name = "" if options.get("pseudonyms") or isinstance(file, ReadError) else Path(file).name
            try:
                if isinstance(file, ReadError):
                    raise file
                if split_by is None:
                    reports.append(self.add_source(file, **options))
                else:
                    reports += self._add_parts(file, name, split_by, **options)
            except (QualcodeError, OSError) as error:
                reports.append(ImportReport(name, error=_of_file(name, error)))
        return reports

    def _add_parts(
        self,
        path: str | os.PathLike[str],
        name: str,
        split_by: str,
        *,
        language: str = "",
        synthetic: bool = False,
        keep: tuple[str, ...] = (),
        coder: str | None = None,
        **options: Any,
    ) -> list[ImportReport]:
        """Bring in every transcript of a table, in one step."""
        from qualcode.readers import file_hash, read_parts

        who = self._who(coder)
        parts = read_parts(path, split_by, **options)
        labels, roles, pseudonyms = (options.get(key) or {} for key in ("speakers", "roles", "pseudonyms"))
        given = _Given(name, file_hash(path), None, language, synthetic, keep, labels, roles, pseudonyms)
        reports = []
        with self._writer.batch():
            for id_, reading in parts:
                try:
                    if isinstance(reading, ReadError):
                        raise reading
                    reports.append(self._take_in(who, reading, given))
                except QualcodeError as error:
                    reports.append(ImportReport(name, error=f"{id_}: {error}"))
        return reports

    def remove_source(self, source: str, *, coder: str | None = None) -> None:
        """Take a source out of the study, with your own codings of it. `undo` brings it back.

        Its text, and what was kept of its hidden data, stay among the kept versions until the study forgets it;
        your memos stay, without it as their target. What assistants suggested in it goes, with your decisions on it.

        Raises
        ------
        Refused
            If another coder has codings of it or memos on it, decided on suggestions in it, or was given it; or if its
            text was edited outside qualcode and not taken yet.
        """
        who = self._who(coder)
        with self._writer.change("remove source", who, source=source) as change:
            record = self._source(source)
            self._need_unedited(source)
            others = sorted(
                {c for (c, s), held in self._study.codings.items() if s == source and c != who and held.rows}
            )
            if others:
                raise Refused(
                    f"{source} cannot be removed: {', '.join(others)} coded it. Ask for those codings to be removed first."
                )
            own = self._study.codings.get((who, source))
            gone = {f"coding:{id_}" for id_ in own.rows} if own else set()
            gone |= {
                target
                for memo in self._study.memos.values()
                for target in memo.targets
                if target.partition(":")[0] in ("source", "turn", "span") and target.split(":")[1] == source
            }
            authors = {m.author for m in self._study.memos.values() if gone & set(m.targets)} - {who}
            if authors:
                raise Refused(
                    f"{source} cannot be removed: {', '.join(sorted(authors))} wrote memos on it. Ask for those to be "
                    "put elsewhere first."
                )
            for id_ in list(own.rows) if own else []:
                change.remove_row(who, source, id_)
            self._remove_suggestions(change, who, source)
            self._drop_targets(change, who, gone)
            rows = [row for row in self._study.speakers.rows if row["source"] != source]
            self._put_speakers(change, rows)
            for name in sorted(self._study.progress):
                kept = [row for row in self._study.progress[name] if row["source"] != source]
                if len(kept) != len(self._study.progress[name]):
                    if name != who:
                        raise Refused(f"{source} cannot be removed: it is assigned to {name}.")
                    self._put_progress(change, name, kept)
            change.put(paths.turns_file(source), None)
            change.put(paths.source_file(source), None)
            if source_of(self._study.read(paths.hidden_file(source))) == source:
                change.put(paths.hidden_file(source), None)
            change.put_text(record.id, None)

    # -- helpers ---------------------------------------------------------------------------------

    def _remove_suggestions(self, change: Change, who: str, source: str) -> None:
        """Let the suggestions in a source go, with one's own decisions on them."""
        decided = [key for key, held in self._study.decisions.items() if key[2] == source and held.rows]
        others = sorted({coder for coder, _, _ in decided} - {who})
        if others:
            raise Refused(
                f"{source} cannot be removed: {', '.join(others)} decided on suggestions in it. Ask for those decisions to be "
                "taken back first (project.reopen)."
            )
        for key in decided:
            for id_ in list(self._study.decisions[key].rows):
                change.remove_row_from(paths.decisions_file(*key), id_)
        for assistant, id_ in list(self._study.suggestions):
            if id_ == source:
                change.put(paths.suggestions_file(assistant, source), None)

    def _put_back(self, transcript: Transcript) -> bool:
        """Put the text of a source back where this copy of the study lacks it; whether it did."""
        there = (paths.text_file(transcript.id), paths.version_file(transcript.version))
        if any(map(self._folder.exists, there)):
            return False
        content = transcript.text.encode("utf-8")
        self._folder.write(dict.fromkeys(there, content))
        return True

    def _neutral_id(self, sha256: str) -> str:
        """Return the next free "source-1", "source-2", ...; a file that the study has keeps the id it has."""
        same = [record.id for record in self._study.sources.values() if record.sha256 == sha256 != ""]
        if same:
            return same[0]
        taken = [re.fullmatch(r"source-([0-9]{1,9})", id_.casefold()) for id_ in self._study.sources]
        return f"source-{1 + max((int(each[1]) for each in taken if each), default=0)}"

    def _check_new_id(self, id_: str) -> None:
        from qualcode.slug import slug

        if slug(id_) != id_:
            raise InvalidValue(
                f"{id_!r} cannot be the id of a source. Use letters, digits and hyphens, such as {slug(id_)!r}."
            )
        for other in self._study.sources:
            if other.casefold() == id_.casefold():
                raise InvalidValue(
                    f"The study already has a source '{other}'. If this is a newer text of it: project.update_source('{other}', "
                    "...). Else give the new one another id, or remove the old one first "
                    f"with project.remove_source('{other}')."
                )

    def _put_text_of(self, change: Change, record: SourceRecord, transcript: Transcript) -> None:
        change.put_text(record.id, transcript.text.encode("utf-8"))
        change.put(
            paths.turns_file(record.id), format_turns({record.version: (transcript.turns, transcript.marks)})
        )
        change.put(paths.source_file(record.id), source_toml(record))

    def _put_source(self, change: Change, record: SourceRecord, transcript: Transcript) -> None:
        self._put_text_of(change, record, transcript)
        known = {(row["source"], row["speaker"]) for row in self._study.speakers.rows}
        new = [
            {"source": record.id, "speaker": speaker, "case": "", "role": transcript.roles.get(speaker, "")}
            for speaker in transcript.speakers
            if (record.id, speaker) not in known
        ]
        self._put_speakers(change, [*self._study.speakers.rows, *new])

    def _put_progress(self, change: Change, coder: str, rows: list[dict[str, str]]) -> None:
        change.put(paths.progress_file(coder), progress_csv(rows))


@dataclass(frozen=True, slots=True)
class _Given:
    """What the caller of an import says, apart from how the file is read; `file` is "" where its name may be telling."""

    file: str
    sha256: str
    title: str | None
    language: str
    synthetic: bool
    wanted: tuple[str, ...]
    speakers: Mapping[str, str]
    roles: Mapping[str, str]
    pseudonyms: Mapping[str, str]


def _of_file(name: str, error: Exception) -> str:
    """Return what went wrong with a file, with its name in front where the error does not say it."""
    return str(error) if isinstance(error, ReadError) or not name else f"{name}: {error}"


def progress_csv(rows: Iterable[Mapping[str, str]]) -> bytes | None:
    """Return the bytes of data/progress/<coder>.csv, None where there is nothing to keep."""
    ordered = sorted([row[column] for column in PROGRESS_COLUMNS] for row in rows)
    return format_csv(PROGRESS_COLUMNS, ordered) if ordered else None


def pseudonyms_in(transcript: Transcript, pseudonyms: Mapping[str, str] | None) -> tuple[str, ...]:
    """Return the pseudonyms that stand in a transcript."""
    words = "\n".join([transcript.text, *transcript.speakers])
    return tuple(name for name in dict.fromkeys((pseudonyms or {}).values()) if name in words)


def source_toml(record: SourceRecord) -> bytes:
    """Return the bytes of data/sources/<id>.toml."""
    document = tomlkit.document()
    document["title"] = record.title
    for key in ("file", "sha256"):
        if getattr(record, key):
            document[key] = getattr(record, key)
    document["length"] = record.length
    for key in ("language", "imported_from", "added"):
        if getattr(record, key):
            document[key] = getattr(record, key)
    document["version"] = record.version
    document["versions"] = list(record.versions)
    for key in ("pseudonyms", "kept"):
        if getattr(record, key):
            document[key] = list(getattr(record, key))
    if record.synthetic:
        document["synthetic"] = True
    return utf8(tomlkit.dumps(document))
