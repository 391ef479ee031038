"""Names that must not stay: replace them in every version of every text, with a key that lies elsewhere."""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tomlkit

from qualcode import folder as paths
from qualcode.case import SPEAKER_COLUMNS
from qualcode.change import Change
from qualcode.codebook_file import codebook_to_yaml
from qualcode.codebook_values import ExampleRef
from qualcode.coding import Row, format_codings, now
from qualcode.errors import FolderError, InvalidValue, Refused
from qualcode.file_names import given_path
from qualcode.folder import Folder, digest
from qualcode.memo import Memo, format_memo
from qualcode.relocate import Edit, follow
from qualcode.span import Span
from qualcode.study import Table, TurnSet, format_turns
from qualcode.transcript import TimeMark, Turn, text_version
from qualcode.verbs._base import table_csv
from qualcode.verbs._hidden import source_of, words_of
from qualcode.verbs._suggestion_files import place_suggestions, point_evidence
from qualcode.verbs._texts import TextVerbs

if TYPE_CHECKING:
    from qualcode.readers._pseudonyms import Names

Words = list[tuple[int, int, str]]
"""Places in a text with the words that stood there before."""


@dataclass(frozen=True)
class PseudonymReport:
    """What became of the names.

    Parameters
    ----------
    sources
        Sources in which names were replaced, to the number of places in their newest text.
    not_found
        Pseudonyms whose name stands in no text.
    left
        Files of the study in which a name still stands, for a person to look at: memos, definitions, cases,
        raw interviews. Never the name itself.
    missing
        Versions of texts that are not in this copy of the study, as "source version".
    dropped_states
        Earlier states of tables that held names and were removed; what was done before cannot be undone.
    """

    sources: Mapping[str, int]
    not_found: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    dropped_states: int = 0

    def __str__(self) -> str:
        places = sum(self.sources.values())
        lines = [
            f"Names replaced in {places:,} places of {len(self.sources)} sources, in all their versions."
        ]
        if self.not_found:
            lines.append(f"  not found anywhere: the names of {', '.join(self.not_found)}")
        lines += [f"  still to look at: {file}" for file in self.left]
        lines += [f"  not in this copy: the text {version}" for version in self.missing]
        return "\n".join(lines)

    __repr__ = __str__


@dataclass
class Rewriting:
    """All files that a rewriting changes, and how the versions of texts are called now."""

    files: dict[str, bytes | None] = field(default_factory=dict)
    versions: dict[str, dict[str, tuple[str, tuple[Edit, ...]]]] = field(default_factory=dict)


class PrivacyVerbs(TextVerbs):
    """The verbs that take names out and, with the key, put them back."""

    def pseudonymize(
        self, names: Mapping[str, str], key: str | os.PathLike[str], *, coder: str | None = None
    ) -> PseudonymReport:
        """Replace real names in every version of every text, and in the labels of speakers; codings follow.

        No version with a real name stays in the folder, nor an earlier state of a table that held one; so what
        was done before cannot be undone any more. What git, backups and other copies of the study keep is not
        touched: merging with such a copy would bring names back. The key, which alone brings the names back
        (`restore_names`), is written outside the study: keep it apart, or destroy it.

        Parameters
        ----------
        names
            Real name to pseudonym, as at import: whole words, as given and in capitals.
        key
            The file to write, outside the study; it must not exist.

        Returns
        -------
        PseudonymReport
            Where names stood, which were never found, and where some are left.

        Raises
        ------
        InvalidValue
            If a pseudonym holds a name, or the key would lie inside the study or over another file.
        Refused
            Inside a batch.
        """
        from qualcode.readers._pseudonyms import Names, beside_digits

        who = self._who(coder)
        if not names:
            raise InvalidValue('Give the names to replace: {"Ana Lima": "P1"}.')
        wanted = Names(names)
        target = self._key_path(key)
        rename = wanted.replace
        with self._alone("pseudonymize"):
            work, words, missing = Rewriting(), dict[str, dict[str, Words]](), []
            found: set[str] = set()
            left: list[str] = []
            for source in sorted(self._study.sources):
                made: dict[str, tuple[str, tuple[Edit, ...]]] = {}
                for version in self._versions_of(source):
                    text = self._text_of_version(source, version)
                    if text is None:
                        missing.append(f"{source} {version}")
                        continue
                    places = wanted.find(text)
                    found |= {place.pseudonym for place in places}
                    new, edits, old_words = replaced(
                        text,
                        [(p.start, p.end, beside_digits(text, p.start, p.end, p.pseudonym)) for p in places],
                    )
                    if version == self._source(source).version:
                        parts = Counter(each.pseudonym for each in wanted.left(text))
                        left += [
                            f"{paths.text_file(source)}: {count} longer words with the name of {pseudonym} in them"
                            for pseudonym, count in parts.items()
                        ]
                    if edits:
                        made[version] = (new, edits)
                        words.setdefault(source, {})[text_version(new)] = old_words
                self._rewrite_source(work, who, source, made, rename)
            labels = self._old_labels(rename)
            dropped = self._clean_log(work, wanted)
            left += self._left(work, wanted)
            record = {
                "qualcode key": 1, "study": self._folder.path.name, "made": now(), "names": dict(names),
                "words": words, "labels": labels,
                "versions": {s: {old: new for old, (new, _) in m.items()} for s, m in work.versions.items()},
            }  # fmt: skip
            _write_key(target, record)
            try:
                self._write_rewriting(work, self._told(who, "pseudonymize", work))
            except BaseException:
                target.unlink(missing_ok=True)
                raise
            return PseudonymReport(
                {
                    s: len(words[s][work.versions[s][self._old_newest(work, s)][0]])
                    for s in sorted(work.versions)
                },
                tuple(name.pseudonym for name in wanted.names if name.pseudonym not in found),
                tuple(left),
                tuple(missing),
                dropped,
            )

    def restore_names(self, key: str | os.PathLike[str], *, coder: str | None = None) -> list[str]:
        """Put real names back with the key that `pseudonymize` wrote; return the sources that were changed.

        Raises
        ------
        FolderError
            If the key cannot be read.
        Refused
            If a text was corrected since: undo that first.
        """
        who = self._who(coder)
        record = _read_key(given_path(key))
        with self._alone("restore_names"):
            work = Rewriting()
            for source, versions in record["versions"].items():
                if source not in self._study.sources:
                    continue
                now_there = set(self._versions_of(source))
                back = {new: old for old, new in versions.items()}
                if self._source(source).version not in back:
                    raise Refused(f"{source} was corrected since names were replaced. Undo that first.")
                made: dict[str, tuple[str, tuple[Edit, ...]]] = {}
                for new, old in back.items():
                    text = self._text_of_version(source, new)
                    if new not in now_there or text is None:
                        continue
                    before, edits = _with_words(text, record["words"][source][new])
                    if text_version(before) != old:
                        raise FolderError(
                            f"The key does not fit the text of {source}. Is it the key of another study?"
                        )
                    made[new] = (before, edits)
                labels = record["labels"].get(source, {})
                self._rewrite_source(work, who, source, made, partial(_known, labels))
            self._write_rewriting(work, self._told(who, "restore names", work))
            return sorted(work.versions)

    # -- helpers ---------------------------------------------------------------------------------

    def _alone(self, verb: str) -> Any:
        if self._writer.in_batch:
            raise Refused(f"{verb} cannot stand inside project.batch(). End the batch first.")
        locked = self._folder.locked()
        self._study.refresh()
        return locked

    def _told(self, who: str, verb: str, work: Rewriting) -> Change:
        change = Change(self._study, who, verb, {"sources": sorted(work.versions)}, "")
        if verb == "pseudonymize":
            change.files = self._taken_out(work)
        return change

    def _taken_out(self, work: Rewriting) -> dict[str, tuple[str | None, str | None]]:
        """Return the files that a rewriting takes out for good, as an event tells of them.

        A merge looks whether the other copy still has one of them.
        """
        gone = [
            f
            for f, content in work.files.items()
            if content is None and not f.startswith((paths.STATES, paths.RAW))
        ]
        held = {file: self._folder.read(file) for file in gone}
        return {
            file: (digest(content), None) for file, content in sorted(held.items()) if content is not None
        }

    def _key_path(self, key: str | os.PathLike[str]) -> Path:
        target = given_path(key).resolve()
        if target.is_relative_to(self._folder.path):
            raise InvalidValue(
                "The key must not lie inside the study: who has both has the names. Give a place outside."
            )
        if target.exists():
            raise InvalidValue(
                f"{target.name} is there already, and may be the key of other names. Give another name."
            )
        return target

    def _versions_of(self, source: str) -> list[str]:
        record = self._source(source)
        return list(dict.fromkeys([*record.versions, record.version]))

    def _old_newest(self, work: Rewriting, source: str) -> str:
        """Return the version that was the newest before this rewriting, or one that was rewritten."""
        made = work.versions[source]
        record = tomlkit.parse((work.files[paths.source_file(source)] or b"").decode("utf-8"))
        return next((old for old, (new, _) in made.items() if new == record["version"]), next(iter(made)))

    def _rewrite_source(
        self,
        work: Rewriting,
        who: str | None,
        source: str,
        made: Mapping[str, tuple[str, tuple[Edit, ...]]],
        relabel: Callable[[str], str],
    ) -> None:
        """Put new texts in the place of versions of a source, and everything that names these versions."""
        record, files = self._source(source), work.files
        rows = self._speaker_rows(work)
        labels = {row["speaker"] for row in rows if row["source"] == source}
        renamed = {label: relabel(label) for label in labels if relabel(label) != label}
        if not made and not renamed:
            return
        called = {old: (text_version(text), edits) for old, (text, edits) in made.items()}
        sets: dict[str, TurnSet] = {}
        for version, (turns, marks) in self._study.turns.get(source, {}).items():
            name, edits = called.get(version, (version, ()))
            sets[name] = (
                tuple(_turn(turn, edits, relabel) for turn in turns),
                tuple(TimeMark(follow(edits, mark.position), mark.begins, mark.ends) for mark in marks),
            )
        files[paths.turns_file(source)] = format_turns(sets)
        for old, (text, _) in made.items():
            files[paths.version_file(old)] = None
            files[paths.version_file(called[old][0])] = text.encode("utf-8")
        if record.version in made:
            files[paths.text_file(source)] = made[record.version][0].encode("utf-8")
        document = tomlkit.parse(self._study.contents[paths.source_file(source)].decode("utf-8"))
        document["title"] = relabel(str(document.get("title", source)))
        if "file" in document and relabel(str(document["file"])) != document["file"]:
            del document["file"]
        document["version"] = called.get(record.version, (record.version, ()))[0]
        if record.version in made:
            document["length"] = len(made[record.version][0])
        document["versions"] = list(dict.fromkeys(called.get(v, (v, ()))[0] for v in record.versions))
        replaced = tomlkit.table()
        for old, (new, edits) in {**record.replaced, **called}.items():
            if old not in document["versions"]:
                entry = tomlkit.table()
                entry["version"] = new
                entry["moves"] = [[e.start, e.end, e.new_start, e.new_end] for e in edits]
                replaced[old] = entry
        document.pop("replaced", None)
        if replaced:
            document["replaced"] = replaced
        files[paths.source_file(source)] = tomlkit.dumps(document).encode("utf-8")
        if renamed:
            kept = [
                {**row, "speaker": relabel(row["speaker"])} if row["source"] == source else row
                for row in rows
            ]
            table = Table(list(self._study.speakers.header), _once(kept, ("source", "speaker")))
            files[paths.SPEAKERS] = table_csv(table, SPEAKER_COLUMNS[:2])
        if called:
            work.versions[source] = called
            place_suggestions(self._study, files, source, partial(_row, called=called))
            if who is not None:
                self._rewrite_codings(work, who, source, called)
            self._rewrite_references(work, who, source, called)

    def _speaker_rows(self, work: Rewriting) -> list[dict[str, str]]:
        """Return the rows of the table of speakers as this rewriting leaves them."""
        content = work.files.get(paths.SPEAKERS)
        return list(self._study.speakers.rows) if content is None else _rows_of(content)

    def _rewrite_codings(
        self, work: Rewriting, who: str, source: str, called: Mapping[str, tuple[str, tuple[Edit, ...]]]
    ) -> None:
        held = self._study.codings.get((who, source))
        if held is None:
            return
        rows = [_row(row, called) for row in held.rows.values()]
        work.files[paths.codings_file(who, source)] = format_codings(held.extra, rows)

    def _rewrite_references(
        self,
        work: Rewriting,
        who: str | None,
        source: str,
        called: Mapping[str, tuple[str, tuple[Edit, ...]]],
    ) -> None:
        """Let memos (the caller's, or everybody's), suggestions and the codebook's examples name the new versions."""

        def moved(target: str) -> str:
            parts = target.split(":")
            if (
                parts[0] not in ("span", "turn")
                or len(parts) < 4
                or parts[1] != source
                or parts[2] not in called
            ):
                return target
            version, edits = called[parts[2]]
            numbers = (
                parts[3:]
                if parts[0] == "turn"
                else [str(follow(edits, int(p), i == 1)) for i, p in enumerate(parts[3:])]
            )
            return ":".join([parts[0], source, version, *numbers])

        for memo in self._study.memos.values():
            targets = tuple(moved(target) for target in memo.targets)
            if who in (None, memo.author) and targets != memo.targets:
                new = Memo(memo.id, memo.author, memo.created, memo.kind, targets, memo.text)
                work.files[paths.memo_file(memo.author, memo.id)] = format_memo(new)
        point_evidence(self._study, work.files, moved)
        content = work.files.get(paths.CODEBOOK, self._study.contents.get(paths.CODEBOOK))
        if not content:
            return
        book = self._study.codebook
        for code in book.codes:
            examples = tuple(
                ExampleRef(
                    source,
                    called[e.version][0],
                    follow(called[e.version][1], e.start),
                    follow(called[e.version][1], e.end, True),
                )
                if isinstance(e, ExampleRef) and e.source == source and e.version in called
                else e
                for e in code.examples
            )
            if examples != code.examples:
                book = book.change_code(code.id, examples=examples)
        if book is not self._study.codebook:
            text = content.decode("utf-8")
            work.files[paths.CODEBOOK] = codebook_to_yaml(book, text).encode("utf-8")

    def _old_labels(self, rename: Callable[[str], str]) -> dict[str, dict[str, str]]:
        """Return source to new label (or title) to the old one."""
        labels: dict[str, dict[str, str]] = {}
        for source, known in self._study.sources.items():
            if rename(known.title) != known.title:
                labels.setdefault(source, {})[rename(known.title)] = known.title
        for row in self._study.speakers.rows:
            if rename(row["speaker"]) != row["speaker"]:
                labels.setdefault(row["source"], {})[rename(row["speaker"])] = row["speaker"]
        return labels

    def _clean_log(self, work: Rewriting, wanted: Names) -> int:
        """Take names out of the lines of the logs, and drop earlier states of tables that hold some."""
        dropped = 0
        for file in self._folder.list_files(["data/log", paths.RAW_STATES]):
            content = self._folder.read(file) or b""
            text = _decoded(content)
            if not wanted.find(words_of(content) if file.startswith(paths.RAW) else text):
                continue
            if file.startswith((f"{paths.STATES}/", f"{paths.RAW_STATES}/")):
                work.files[file] = None
                dropped += 1
            else:
                lines = [_line_without(line, wanted) for line in text.split("\n")]
                work.files[file] = "\n".join(lines).encode("utf-8")
        return dropped

    def _left(self, work: Rewriting, wanted: Names) -> list[str]:
        """Return the files in which a name still stands, outside of what was rewritten."""
        left = []
        for file in self._folder.list_files():
            if file.startswith((paths.PENDING, paths.VERSIONS, paths.RAW_STATES)):
                continue
            is_hidden = file.endswith("-hidden.json")
            if file.startswith(paths.RAW) and not (is_hidden and source_of(self._folder.read(file))):
                left.append(f"{file} (as it came; it cannot be searched, take it out of the study)")
                continue
            content = work.files.get(file, self._folder.read(file))
            text = words_of(content or b"") if file.startswith(paths.RAW) else _decoded(content)
            words = re.sub(r"[/._-]", " ", file)
            if any(not place.small for place in (*wanted.find(text), *wanted.find(words))):
                left.append(file)
        return left

    def _write_rewriting(self, work: Rewriting, change: Change) -> None:
        """Write a rewriting and the event that tells of it, in one step."""
        for file, line in self._writer.log_lines([change]).items():
            held = work.files.get(file, self._folder.read(file)) or b""
            work.files[file] = held + line
        self._folder.write(work.files)
        self._ways.clear()
        self._versions.clear()
        self._study.refresh()


def _decoded(content: bytes | None) -> str:
    return (content or b"").decode("utf-8", errors="replace")


_IDS = (
    "source",
    "code",
    "coding",
    "codes",
    "codings",
    "of",
    "verbs",
    "added",
    "version",
    "before",
    "sha256",
    "memo",
)


def _line_without(line: str, wanted: Names) -> str:
    """Return a line of the log without names in what it tells; ids stay what they are."""
    try:
        event = json.loads(line)
        about = {
            key: wanted.replace(value) if isinstance(value, str) and key not in _IDS else value
            for key, value in event["about"].items()
        }
    except (ValueError, TypeError, KeyError, AttributeError):
        return line
    return (
        line
        if about == event["about"]
        else cleaned(json.dumps({**event, "about": about}, ensure_ascii=False))
    )


def cleaned(line: str) -> str:
    """Return a line of the log, marked: it was rewritten for good reason, and a merge keeps it so."""
    try:
        return json.dumps({**json.loads(line), "cleaned": True}, ensure_ascii=False)
    except (ValueError, TypeError):
        return line


def replaced(text: str, places: Iterable[tuple[int, int, str]]) -> tuple[str, tuple[Edit, ...], Words]:
    """Return a text with places replaced, the edits, and what stood at the new places."""
    pieces: list[str] = []
    edits: list[Edit] = []
    words: Words = []
    at = length = 0
    for start, end, instead in places:
        pieces += [text[at:start], instead]
        length += start - at
        edits.append(Edit(start, end, length, length + len(instead)))
        words.append((length, length + len(instead), text[start:end]))
        length += len(instead)
        at = end
    return "".join([*pieces, text[at:]]), tuple(edits), words


def _with_words(text: str, words: Words) -> tuple[str, tuple[Edit, ...]]:
    back, edits, _ = replaced(text, [(start, end, word) for start, end, word in words])
    return back, edits


def _turn(turn: Turn, edits: tuple[Edit, ...], relabel: Callable[[str], str]) -> Turn:
    span = Span(follow(edits, turn.span.start), follow(edits, turn.span.end, True))
    speaker = None if turn.speaker is None else relabel(turn.speaker)
    return Turn(turn.number, speaker, span, turn.begins, turn.ends)


def _row(row: Row, called: Mapping[str, tuple[str, tuple[Edit, ...]]]) -> Row:
    if row["version"] not in called:
        return row
    version, edits = called[row["version"]]
    start, end = follow(edits, int(row["start"])), follow(edits, int(row["end"]), True)
    return {**row, "version": version, "start": str(start), "end": str(end)}


def _rows_of(content: bytes) -> list[dict[str, str]]:
    from qualcode.csvtext import parse_csv

    header, values, _ = parse_csv(content, paths.SPEAKERS)
    return [dict(zip(header, row, strict=True)) for row in values]


def _once(rows: list[dict[str, str]], key: tuple[str, ...]) -> list[dict[str, str]]:
    """Return rows without those whose key is there already: two labels may have become one."""
    first: dict[tuple[str, ...], dict[str, str]] = {}
    for row in rows:
        first.setdefault(tuple(row[name] for name in key), row)
    return list(first.values())


def _known(labels: Mapping[str, str], label: str) -> str:
    return labels.get(label, label)


def _write_key(path: Path, record: Mapping[str, Any]) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        Folder(path.parent).write(
            {path.name: json.dumps(record, ensure_ascii=False, indent=1).encode("utf-8")}
        )
    except OSError as error:
        raise FolderError(
            f"The key {path.name} cannot be written ({error.strerror or error}). Nothing was changed."
        ) from None


def _read_key(path: Path) -> dict[str, Any]:
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        if record["qualcode key"] != 1 or not isinstance(record["versions"], dict):
            raise ValueError
    except OSError as error:
        raise FolderError(f"The key {path.name} cannot be read ({error.strerror or error}).") from None
    except (ValueError, KeyError, TypeError):
        raise FolderError(f"{path.name} is no key that project.pseudonymize wrote.") from None
    return dict(record)
