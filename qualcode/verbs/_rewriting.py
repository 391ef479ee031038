"""Other words in every version of a text: what else has to change with them, written in one step for good.

Names that are replaced or put back, and turns that are blanked, are no new version of a text but stand in the place
of the old one. All that names a place in it follows: turns, codings, suggestions, memos, examples of the codebook.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import tomlkit

from qualcode import folder as paths
from qualcode.case import SPEAKER_COLUMNS
from qualcode.change import Change
from qualcode.codebook import Codebook
from qualcode.codebook_file import codebook_to_yaml
from qualcode.codebook_values import ExampleRef
from qualcode.coding import Coder, Row
from qualcode.errors import FolderError, Refused
from qualcode.folder import Stamp, digest
from qualcode.memo import Memo, format_memo
from qualcode.relocate import Edit, follow
from qualcode.study import SourceRecord, Table, TurnSet, format_turns
from qualcode.transcript import TimeMark, Turn, text_version
from qualcode.verbs._base import coder_toml, table_csv
from qualcode.verbs._moving import Made, Place, moved_target, moved_turn
from qualcode.verbs._suggestion_files import point_evidence
from qualcode.verbs._texts import TextVerbs


@dataclass
class Rewriting:
    """All that a rewriting changes, until it is written.

    Parameters
    ----------
    stamps
        Every file of the study as it was before the first was read.
    files
        File to its new bytes; None: it goes.
    memos
        Memos that change; None: it goes.
    codebook
        The codebook, where it changes.
    """

    stamps: Mapping[str, Stamp | None] = field(default_factory=dict)
    files: dict[str, bytes | None] = field(default_factory=dict)
    memos: dict[str, Memo | None] = field(default_factory=dict)
    codebook: Codebook | None = None

    @property
    def removed(self) -> set[str]:
        """The files that go."""
        return {file for file, content in self.files.items() if content is None}


def _steps_now(
    steps: Mapping[str, tuple[str, tuple[Edit, ...]]], called: Mapping[str, tuple[str, tuple[Edit, ...]]]
) -> dict[str, tuple[str, tuple[Edit, ...]]]:
    """Return how versions were made of each other, where other texts stand in the place of some."""
    found = {}
    for old, (new, edits) in steps.items():
        (old_now, before), (new_now, after) = (called.get(each, (each, ())) for each in (old, new))
        moved = tuple(
            Edit(
                follow(before, edit.start), follow(before, edit.end, True),
                follow(after, edit.new_start), follow(after, edit.new_end, True),
            )
            for edit in edits
        )  # fmt: skip
        if old_now != new_now:
            found[old_now] = new_now, moved
    return found


class RewritingVerbs(TextVerbs):
    """What the verbs share that take words out of a study's past, or put them back."""

    @contextlib.contextmanager
    def _alone(self, verb: str) -> Iterator[Rewriting]:
        """Keep every other writer out from the first look at the study to the last byte written."""
        if self._writer.in_batch:
            raise Refused(f"{verb} cannot stand inside project.batch(). End the batch first.")
        with self._folder.locked():
            files = self._folder.list_files(["codebooks", "data"])
            stamps = {file: self._folder.stamp(file) for file in files}
            self._study.refresh()
            yield Rewriting(stamps)

    def _versions_of(self, source: str) -> list[str]:
        """Return every version of a source, the oldest first; also such as only turns or codings know of."""
        record = self._source(source)
        used = {*self._study.turns.get(source, {})}
        used |= {
            row["version"]
            for rows in (self._study.codings, self._study.suggestions)
            for (_, id_), held in rows.items()
            if id_ == source
            for row in held.rows.values()
        }
        known = [*record.versions, record.version]
        return list(dict.fromkeys([*sorted(used - {*known, *record.replaced}), *known]))

    # -- one source ------------------------------------------------------------------------------

    def _rewrite_source(
        self,
        work: Rewriting,
        source: str,
        made: Made,
        speaker_of: Callable[[str, Turn], str | None],
        title: str | None = None,
        file: str | None = None,
    ) -> None:
        """Put new texts in the place of versions of a source, with its turns and what is known of it.

        Parameters
        ----------
        speaker_of
            Gives the label of a turn of a version.
        title, file
            Of the source; None: as it is. "" as file: its name goes.
        """
        record, files = self._source(source), work.files
        called = {old: (text_version(text), edits) for old, (text, edits) in made.items()}
        sets: dict[str, TurnSet] = {}
        for version, (turns, marks) in self._study.turns.get(source, {}).items():
            name, edits = called.get(version, (version, ()))
            sets[name] = (
                tuple(moved_turn(turn, edits, speaker_of(version, turn)) for turn in turns),
                tuple(TimeMark(follow(edits, mark.position), mark.begins, mark.ends) for mark in marks),
            )
        if sets:
            files[paths.turns_file(source)] = format_turns(sets)
        for old in made:
            files[paths.version_file(old)] = None
        for old, (text, _) in made.items():
            files[paths.version_file(called[old][0])] = text.encode("utf-8")
        here = self._version_of_file(source) or record.version
        if here in made:
            files[paths.text_file(source)] = made[here][0].encode("utf-8")
        length = len(made[record.version][0]) if record.version in made else record.length
        files[paths.source_file(source)] = self._record_toml(record, called, length, title, file)

    def _record_toml(
        self,
        record: SourceRecord,
        called: Mapping[str, tuple[str, tuple[Edit, ...]]],
        length: int,
        title: str | None,
        file: str | None,
    ) -> bytes:
        document = tomlkit.parse(self._study.contents[paths.source_file(record.id)].decode("utf-8"))
        if title is not None:
            document["title"] = title
        if file is not None:
            document.pop("file", None)
            if file:
                document["file"] = file
        versions = list(dict.fromkeys(called.get(v, (v, ()))[0] for v in record.versions))
        document["version"] = called.get(record.version, (record.version, ()))[0]
        document["length"] = length
        document["versions"] = versions
        document.pop("replaced", None)
        document.pop("corrected", None)
        kept = {old: new for old, new in {**record.replaced, **called}.items() if old not in versions}
        # by hand: a document of thousands of moves takes tomlkit longer than all else together
        steps = {"replaced": kept, "corrected": _steps_now(record.corrected, called)}
        tables = [
            f'\n[{name}.{old}]\nversion = "{new}"\nmoves = '
            f"{[[e.start, e.end, e.new_start, e.new_end] for e in edits]}\n"
            for name, made in steps.items()
            for old, (new, edits) in made.items()
        ]
        return (tomlkit.dumps(document).rstrip("\n") + "\n" + "".join(tables)).encode("utf-8")

    def _put_speaker_rows(
        self, work: Rewriting, source: str, renamed: Callable[[Row], Iterable[Row]]
    ) -> None:
        """Give a source other rows in the table of speakers; of two with one label the first stays."""
        rows: dict[tuple[str, str], Row] = {}
        for row in self._speaker_rows(work):
            for new in renamed(row) if row["source"] == source else [row]:
                rows.setdefault((new["source"], new["speaker"]), new)
        table = Table(list(self._study.speakers.header), list(rows.values()))
        work.files[paths.SPEAKERS] = table_csv(table, SPEAKER_COLUMNS[:2])

    def _speaker_rows(self, work: Rewriting) -> list[Row]:
        """Return the rows of the table of speakers as this rewriting leaves them."""
        from qualcode.csvtext import parse_csv

        if paths.SPEAKERS not in work.files:
            return [dict(row) for row in self._study.speakers.rows]
        content = work.files[paths.SPEAKERS]
        if content is None:
            return []
        header, values, _ = parse_csv(content, paths.SPEAKERS)
        return [dict(zip(header, row, strict=True)) for row in values]

    def _follow_references(
        self,
        work: Rewriting,
        author: str | None,
        moved: Callable[[str, Place], Place | None],
        called: Callable[[str, str], str],
    ) -> int:
        """Let memos (of one author, or of everybody), suggestions and examples of the codebook name the new places.

        Parameters
        ----------
        moved
            Gives the place of a span in a source now, None where it is gone.
        called
            Gives the version that stands in the place of one of a source.

        Returns
        -------
        int
            How many examples are gone.
        """
        for id_, memo in {**self._study.memos, **work.memos}.items():
            if memo is None or author not in (None, memo.author):
                continue
            targets = tuple(moved_target(target, moved, called) for target in memo.targets)
            if targets != memo.targets:
                work.memos[id_] = Memo(memo.id, memo.author, memo.created, memo.kind, targets, memo.text)
        point_evidence(self._study, work.files, lambda target: moved_target(target, moved, called))
        book = work.codebook or self._study.codebook
        gone = 0
        for code in book.codes:
            examples = []
            for example in code.examples:
                place: Place | None = None
                if isinstance(example, ExampleRef):
                    place = moved(example.source, (example.version, example.start, example.end))
                    gone += place is None
                    if place is None:
                        continue
                    example = ExampleRef(example.source, *place)
                examples.append(example)
            if tuple(examples) != code.examples:
                book = book.change_code(code.id, examples=tuple(examples))
        if book is not self._study.codebook:
            work.codebook = book
        return gone

    def _newest_place(self, source: str, place: Place) -> Place:
        """Return a place in the version that stands where names were replaced before, if they were."""
        replaced = self._study.sources[source].replaced if source in self._study.sources else {}
        version, start, end = place
        seen = {version}
        while version in replaced:
            version, edits = replaced[version]
            start, end = follow(edits, start), follow(edits, end, True)
            if version in seen:
                break
            seen.add(version)
        return version, start, end

    # -- writing ---------------------------------------------------------------------------------

    def _write_rewriting(self, work: Rewriting, who: str, verb: str, about: Mapping[str, object]) -> None:
        """Write a rewriting and the event that tells of it, in one step.

        The event names the files that are gone for good: a merge looks whether the other copy still has one of them.

        Raises
        ------
        FolderError
            If another program changed one of the files meanwhile, or it cannot be written.
        """
        self._settle(work, who)
        change = Change(self._study, who, verb, dict(about), "")
        gone = sorted(f for f in work.removed if not f.startswith((paths.STATES, paths.RAW)))
        held = {file: self._folder.read(file) for file in gone}
        change.files = {file: (digest(old), None) for file, old in held.items() if old is not None}
        for file, line in self._writer.log_lines([change]).items():
            work.files[file] = (work.files.get(file, self._folder.read(file)) or b"") + line
        self._writer.check_unchanged(work.files)
        for file in work.files:
            if self._folder.stamp(file) != work.stamps.get(file):
                raise FolderError(
                    f"{file} was changed by another program just now. Nothing was written; look at it, and do it again."
                )
        self._folder.write(work.files)
        self._ways.clear()
        self._versions.clear()
        self._study.refresh()

    def _settle(self, work: Rewriting, who: str) -> None:
        """Turn memos and codebook into the bytes of their files, and add the coder whose first work this is."""
        for id_, memo in work.memos.items():
            known = self._study.memos[id_]
            work.files[paths.memo_file(known.author, id_)] = format_memo(memo) if memo else None
        content = self._study.contents.get(paths.CODEBOOK)
        if work.codebook is not None and content:
            yaml = codebook_to_yaml(work.codebook, content.decode("utf-8"))
            work.files[paths.CODEBOOK] = yaml.encode("utf-8")
        if who not in self._study.coders:
            work.files[paths.coder_file(who)] = coder_toml(Coder(who, who))
