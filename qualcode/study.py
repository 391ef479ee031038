"""The study in memory: what the files of the folder hold, read once and read again where they changed.

Codings stay rows of text until somebody asks for the table: a study of 22,500 codings opens without
making 22,500 objects.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from qualcode import folder as paths
from qualcode.case import CASE_COLUMNS, SPEAKER_COLUMNS, Attribute
from qualcode.codebook import Codebook
from qualcode.codebook_file import codebook_from_yaml
from qualcode.coding import Coder, Row
from qualcode.csvtext import decode, not_too_deep, parse_csv
from qualcode.errors import FileProblems, FolderError, InvalidValue, Problem
from qualcode.folder import Folder
from qualcode.logged_rows import row_kind
from qualcode.memo import Memo, parse_memo
from qualcode.relocate import Edit
from qualcode.span import Span
from qualcode.suggestion import parse_suggestions
from qualcode.transcript import TimeMark, Turn

PROGRESS_COLUMNS = ("source", "part", "round", "state")
STATES = ("not started", "in progress", "finished")
TURN_COLUMNS = ("version", "number", "speaker", "start", "end", "begins", "ends", "marks")


@dataclass
class SourceRecord:
    """What data/sources/<id>.toml says: everything about a source but its text and turns."""

    id: str
    title: str = ""
    file: str = ""
    sha256: str = ""
    length: int = 0
    language: str = ""
    imported_from: str = ""
    added: str = ""
    version: str = ""
    versions: tuple[str, ...] = ()
    synthetic: bool = False
    replaced: Mapping[str, tuple[str, tuple[Edit, ...]]] = field(default_factory=dict)
    """Versions that are no more, to the version in their place and how places moved: names were replaced."""
    corrected: Mapping[str, tuple[str, tuple[Edit, ...]]] = field(default_factory=dict)
    """Versions to the version made of them and what was changed, so that no comparison need guess it; no changes where a
    whole text was taken, and the two are compared."""
    pseudonyms: tuple[str, ...] = ()
    """What was put in the place of names when the source came in."""
    kept: tuple[str, ...] = ()
    """Kinds of hidden data of the file that were kept on purpose."""


@dataclass
class RowFile:
    """One file of codings, suggestions or decisions: its rows by id, and which further columns it has."""

    extra: list[str] = field(default_factory=list)
    rows: dict[str, Row] = field(default_factory=dict)


@dataclass
class Table:
    """A table of the study whose further columns are kept."""

    header: list[str]
    rows: list[Row] = field(default_factory=list)


TurnSet = tuple[tuple[Turn, ...], tuple[TimeMark, ...]]


class Study:
    """Everything the files say, by noun. Changed only by `Change`; `refresh` follows the disk.

    Parameters
    ----------
    folder
        The study folder.

    Raises
    ------
    FolderError
        If the folder is no study, or of a format that this version does not know.
    FileProblems
        If files of the study are broken; all problems at once.
    """

    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        self.stamps: dict[str, paths.Stamp] = {}
        self.contents: dict[str, bytes] = {}
        self.settings: dict[str, Any] = {}
        self.codebook = Codebook((), ())
        self.sources: dict[str, SourceRecord] = {}
        self.turns: dict[str, dict[str, TurnSet]] = {}
        self.codings: dict[tuple[str, str], RowFile] = {}
        self.suggestions: dict[tuple[str, str], RowFile] = {}
        self.decisions: dict[tuple[str, str, str], RowFile] = {}
        self.cases = Table(list(CASE_COLUMNS))
        self.speakers = Table(list(SPEAKER_COLUMNS))
        self.coders: dict[str, Coder] = {}
        self.progress: dict[str, list[Row]] = {}
        self.memos: dict[str, Memo] = {}
        self.attributes: dict[str, Attribute] = {}
        self.generation = 0
        self.ahead = False
        self.unwritten: dict[str, bytes | None] = {}
        self._owner: dict[str, tuple[str, str]] | None = None
        self._suggested: dict[str, tuple[str, str]] | None = None

    # -- following the disk ----------------------------------------------------------------------

    def refresh(self) -> bool:
        """Read again what changed on disk; return whether anything did.

        Inside a verb or a batch nothing is read: memory is then ahead of the disk.
        """
        if self.ahead:
            return False
        stamps = self.folder.scan()
        if paths.SETTINGS not in stamps:
            raise FolderError(
                f"{self.folder.path.name}: is no study folder; it has no {paths.SETTINGS}. "
                "Open the folder that holds it, or make a study with qc.create_project (qualcode init)."
            )
        if stamps == self.stamps:
            return False
        problems: list[Problem] = []
        read: dict[str, bytes | None] = {file: None for file in self.stamps if file not in stamps}
        for file in sorted(stamps, key=lambda f: (f != paths.SETTINGS, f)):
            if self.stamps.get(file) != stamps[file]:
                read[file] = self.folder.read(file)
        for file, content in read.items():
            try:
                self.put(file, content)
            except FileProblems as error:
                problems += error.problems
        if problems:
            self._forget()
            raise FileProblems(problems)
        self.stamps = stamps
        return True

    def _forget(self) -> None:
        """Empty the memory, so that the next refresh reads everything; half a study must not be worked on."""
        for held in (
            self.stamps, self.contents, self.sources, self.turns, self.codings, self.suggestions, self.decisions,
            self.coders, self.progress, self.memos,
        ):  # fmt: skip
            held.clear()
        self.codebook = Codebook((), ())
        self.cases, self.speakers = Table(list(CASE_COLUMNS)), Table(list(SPEAKER_COLUMNS))
        self._owner = None
        self.generation += 1
        self._suggested = None

    def read(self, file: str) -> bytes | None:
        """Return the bytes of a file as they are now, those that a batch has not yet written included."""
        for held in (self.unwritten, self.contents):
            if file in held:
                return held[file]
        return self.folder.read(file)

    def put(self, file: str, content: bytes | None) -> None:
        """Take the new bytes of one file into memory (None: the file is gone)."""
        if content is None:
            self.contents.pop(file, None)
        elif row_kind(file) is None:
            self.contents[file] = content
        parts = file.split("/")
        name = parts[-1].rsplit(".", 1)[0]
        self.generation += 1
        if file == paths.SETTINGS:
            self._put_settings(content or b"")
        elif file == paths.CODEBOOK:
            self.codebook = codebook_from_yaml(decode(content, file), file) if content else Codebook((), ())
        elif file == paths.CASES:
            self.cases = _table(content, file, CASE_COLUMNS, ("case",))
        elif file == paths.SPEAKERS:
            self.speakers = _table(content, file, SPEAKER_COLUMNS, ("source", "speaker"))
        elif parts[1] in ("codings", "decisions"):
            self._owner = None
            self.drop_rows(file)
            kind = row_kind(file)
            if content is not None and kind is not None:
                extra, rows = kind.parse(content, file)
                held = self.rows_of(file)
                held.extra, held.rows = extra, {row["id"]: row for row in rows}
        elif parts[1] == "suggestions" and len(parts) == 4 and file.endswith(".csv"):
            self.suggestions.pop((parts[2], name), None)
            self._suggested = None
            if content is not None:
                extra, rows = parse_suggestions(content, file)
                self.suggestions[parts[2], name] = RowFile(extra, {row["id"]: row for row in rows})
        elif parts[1] == "memos":
            self.memos.pop(name, None)
            if content is not None:
                self.memos[name] = parse_memo(content, file)
        else:
            self._put_one(parts[1], name, content, file)

    def _put_one(self, folder: str, name: str, content: bytes | None, file: str) -> None:
        held: dict[str, dict[str, Any]] = {
            "sources": self.sources,
            "turns": self.turns,
            "coders": self.coders,
            "progress": self.progress,
        }
        if folder not in held:
            return
        held[folder].pop(name, None)
        if folder == "sources":
            self._owner = self._suggested = None
        if content is None:
            return
        reader = {"sources": _source, "turns": _turns, "coders": _coder, "progress": _progress}[folder]
        held[folder][name] = reader(name, content, file)

    def _put_settings(self, content: bytes) -> None:
        self.settings = _toml(content, paths.SETTINGS)
        number = self.settings.get("format")
        if isinstance(number, bool) or number != paths.FORMAT:
            raise FolderError(
                f"{paths.SETTINGS}: the study has format {number!r}, this qualcode reads format {paths.FORMAT}. "
                + (
                    "Update qualcode."
                    if isinstance(number, int) and number > paths.FORMAT
                    else "Write 'format = 1'."
                )
            )
        if self.settings.get("assist", "on") not in ("on", "off", True, False):
            problem = Problem(
                paths.SETTINGS, "assist", "says neither on nor off", 'write assist = "on" or "off"'
            )
            raise FileProblems([problem])
        if self.settings.get("codebook", paths.CODEBOOK) != paths.CODEBOOK:
            fix = f"move the codebook there, and write codebook = '{paths.CODEBOOK}'"
            problem = Problem(paths.SETTINGS, "codebook", f"the codebook of a study is {paths.CODEBOOK}", fix)
            raise FileProblems([problem])
        attributes = {}
        declarations = self.settings.get("attributes", {})
        if not isinstance(declarations, Mapping):
            fix = "write a table: [attributes], and below it a line such as years = 'number'"
            raise FileProblems([Problem(paths.SETTINGS, "attributes", "is no table of attributes", fix)])
        for key, declared in declarations.items():
            try:
                if isinstance(declared, Mapping):
                    levels = tuple(str(level) for level in _list(declared.get("levels", [])))
                    attributes[key] = Attribute(key, str(declared.get("type", "text")), levels)
                else:
                    attributes[key] = Attribute(key, str(declared))
            except InvalidValue as error:
                raise FileProblems([Problem(paths.SETTINGS, f"attributes.{key}", str(error))]) from None
        self.attributes = attributes

    # -- looking things up -----------------------------------------------------------------------

    @property
    def owner(self) -> dict[str, tuple[str, str]]:
        """Coding id to the coder and source of its file."""
        if self._owner is None:
            self._owner = {id_: key for key, file in self.counted() for id_ in file.rows}
        return self._owner

    @property
    def suggested(self) -> dict[str, tuple[str, str]]:
        """Suggestion id to the assistant and source of its file; those of no source of the study are none."""
        if self._suggested is None:
            held = ((key, file) for key, file in self.suggestions.items() if key[1] in self.sources)
            self._suggested = {id_: key for key, file in held for id_ in file.rows}
        return self._suggested

    def rows_of(self, file: str) -> RowFile:
        """Return the rows of a file of codings or decisions, to be changed; none as yet where it is not there."""
        _, folder, *key = file.removesuffix(".csv").split("/")
        if folder == "codings":
            return self.codings.setdefault((key[0], key[1]), RowFile())
        return self.decisions.setdefault((key[0], key[1], key[2]), RowFile())

    def drop_rows(self, file: str) -> None:
        """Forget a file of codings or decisions."""
        _, folder, *key = file.removesuffix(".csv").split("/")
        held: dict[Any, RowFile] = self.codings if folder == "codings" else self.decisions
        held.pop(tuple(key), None)

    @property
    def assists(self) -> bool:
        """Whether this study shows suggestions; qualcode.toml says so (assist)."""
        return self.settings.get("assist", "on") in ("on", True)

    def counted(self) -> Iterator[tuple[tuple[str, str], RowFile]]:
        """Yield (coder, source) and their codings; a file of a source that the study lacks counts nowhere.

        Such a file is most often a copy that a synchronised folder made ("P7a-DESKTOP-ABC.csv").
        """
        return ((key, file) for key, file in self.codings.items() if key[1] in self.sources)

    def row_changed(self, file: str, id_: str) -> None:
        """Bring what was derived from the rows up to date after one of a file came, changed or went."""
        self.generation += 1
        _, folder, *key = file.removesuffix(".csv").split("/")
        if self._owner is None or folder != "codings":
            return
        coder, source = key
        held = self.codings.get((coder, source))
        if held is not None and id_ in held.rows and source in self.sources:
            self._owner[id_] = (coder, source)
        elif self._owner.get(id_) == (coder, source):
            del self._owner[id_]

    def turn_set(self, source: str, version: str | None = None) -> TurnSet:
        """Return turns and time marks of a version of a source; nothing where it has none."""
        return self.turns.get(source, {}).get(version or self.sources[source].version, ((), ()))

    def roles(self, source: str) -> dict[str, str]:
        """Return speaker to role in a source."""
        return {r["speaker"]: r["role"] for r in self.speakers.rows if r["source"] == source and r["role"]}

    def attribute(self, name: str) -> Attribute:
        """Return the declaration of an attribute; text where none was made."""
        return self.attributes.get(name, Attribute(name))

    def dangling(self) -> dict[str, set[tuple[str, str]]]:
        """Return what the study refers to and does not have.

        Returns
        -------
        dict
            "code:trust", "source:P7a", "case:P7", "coding:...", to the (coder, what) that refer to it.
        """
        missing: dict[str, set[tuple[str, str]]] = {}

        def need(kind: str, id_: str, there: bool, coder: str, what: str) -> None:
            if not there:
                missing.setdefault(f"{kind}:{id_}", set()).add((coder, what))

        codes = {code.id for code in self.codebook.codes}
        for (coder, source), file in self.codings.items():
            need("source", source, source in self.sources or not file.rows, coder, "codings")
            record = self.sources.get(source)
            for code in {row["code"] for row in file.rows.values()}:
                need("code", code, code in codes, coder, "codings")
            if record is not None:
                for version in {row["version"] for row in file.rows.values()}:
                    known = version in (record.version, *record.versions, *record.replaced)
                    need("version", f"{source}:{version}", known, coder, "codings")
        for (assistant, source), file in self.suggestions.items():
            need("source", source, source in self.sources or not file.rows, assistant, "suggestions")
            record = self.sources.get(source)
            for row in file.rows.values():
                need("code", row["code"], not row["code"] or row["code"] in codes, assistant, "suggestions")
                if record is not None:
                    known = row["version"] in (record.version, *record.versions, *record.replaced)
                    need("version", f"{source}:{row['version']}", known, assistant, "suggestions")
        for (coder, _, _), file in self.decisions.items():
            for id_ in file.rows:
                need("suggestion", id_, id_ in self.suggested, coder, "decisions")
        for coder, rows in self.progress.items():
            for row in rows:
                need("source", row["source"], row["source"] in self.sources, coder, "progress")
        cases = {row["case"] for row in self.cases.rows}
        for row in self.speakers.rows:
            need("source", row["source"], row["source"] in self.sources, "", "speakers")
            need("case", row["case"], row["case"] in cases or not row["case"], "", "speakers")
        for row in self.cases.rows:
            need("case", row["parent"], row["parent"] in cases or not row["parent"], "", "cases")
            for name in self.attributes:
                need("attribute", name, self.attribute(name).fits(row.get(name, "")), "", "values")
        there = {
            "code": codes,
            "source": set(self.sources),
            "turn": set(self.sources),
            "span": set(self.sources),
        }
        there |= {"case": cases, "coding": set(self.owner)}
        for memo in self.memos.values():
            for target in memo.targets:
                kind, _, rest = target.partition(":")
                id_ = rest.split(":")[0] if kind in ("turn", "span") else rest
                if kind in there:
                    kind_named = "source" if kind in ("turn", "span") else kind
                    need(kind_named, id_, id_ in there[kind], memo.author, "memos")
        return missing


# -- one file each -------------------------------------------------------------------------------------


def _toml(content: bytes, file: str) -> dict[str, Any]:
    try:
        with not_too_deep(file):
            return tomllib.loads(decode(content, file))
    except tomllib.TOMLDecodeError as error:
        raise FileProblems(
            [Problem(file, "", f"is not readable: {error}", "correct it in a text editor")]
        ) from None


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise InvalidValue(f"{value!r} is no list. Write it in brackets: ['low', 'high'].")
    return value


def _table(content: bytes | None, file: str, columns: tuple[str, ...], key: tuple[str, ...]) -> Table:
    if content is None:
        return Table(list(columns))
    header, values, problems = parse_csv(content, file, key)
    rows = [{**dict.fromkeys(columns, ""), **dict(zip(header, row, strict=True))} for row in values]
    seen: set[tuple[str, ...]] = set()
    for number, row in enumerate(rows, start=2):
        name = tuple(row[column] for column in key)
        if name in seen or not name[0]:
            problems.append(
                Problem(file, str(number), f"{' and '.join(key)} {' '.join(name)!r} is empty or there twice")
            )
        seen.add(name)
    if problems:
        raise FileProblems(problems)
    return Table([*columns, *(column for column in header if column not in columns)], rows)


def _source(name: str, content: bytes, file: str) -> SourceRecord:
    record = _toml(content, file)
    length, versions = record.get("length", 0), record.get("versions", [])
    problems = []
    if isinstance(length, bool) or not isinstance(length, int) or length < 0:
        problems.append(Problem(file, "length", "is no number of characters", "restore the file"))
    if not isinstance(versions, list):
        problems.append(Problem(file, "versions", "is no list of versions", "restore the file"))
    named = [record.get("version", ""), *(versions if isinstance(versions, list) else [])]
    if not all(isinstance(version, str) and re.fullmatch(r"[\w-]*", version) for version in named):
        problems.append(Problem(file, "version", "is no version of a text", "restore the file"))
    if problems:
        raise FileProblems(problems)
    return SourceRecord(
        name,
        str(record.get("title", name)),
        str(record.get("file", "")),
        str(record.get("sha256", "")),
        length,
        str(record.get("language", "")),
        str(record.get("imported_from", "")),
        str(record.get("added", "")),
        str(record.get("version", "")),
        tuple(str(version) for version in versions),
        record.get("synthetic") is True,
        _moves(record, "replaced", file),
        _moves(record, "corrected", file),
        _words(record.get("pseudonyms")),
        _words(record.get("kept")),
    )


def _words(listed: Any) -> tuple[str, ...]:
    return tuple(map(str, listed)) if isinstance(listed, list) else ()


def _moves(record: dict[str, Any], key: str, file: str) -> dict[str, tuple[str, tuple[Edit, ...]]]:
    try:
        return {
            str(old): (str(entry["version"]), tuple(Edit(*map(int, move)) for move in entry["moves"]))
            for old, entry in record.get(key, {}).items()
        }
    except (KeyError, TypeError, ValueError, AttributeError):
        fix = "restore the file from git or a backup"
        raise FileProblems([Problem(file, key, f"does not say which texts were {key}", fix)]) from None


def _coder(name: str, content: bytes, file: str) -> Coder:
    record = _toml(content, file)
    known = ("name", "kind", "model", "version", "settings")
    if not content.strip():
        raise FileProblems([Problem(file, "", "is empty", "restore it from git or a backup")])
    if "kind" not in record:  # a key or a machine must not become a person because a line is gone
        fix = "write kind = 'human', 'machine', 'consensus' or 'key'"
        raise FileProblems([Problem(file, "kind", "does not say what kind of coder this is", fix)])
    try:
        return Coder(
            name,
            **{key: str(record[key]) for key in known if key in record}
            | {"name": str(record.get("name", name))},
        )
    except InvalidValue as error:
        raise FileProblems([Problem(file, "kind", str(error))]) from None


def _progress(name: str, content: bytes, file: str) -> list[Row]:
    header, values, problems = parse_csv(content, file, PROGRESS_COLUMNS)
    rows = [dict(zip(header, row, strict=True)) for row in values]
    for number, row in enumerate(rows, start=2):
        if row["state"] not in STATES:
            problems.append(
                Problem(file, str(number), f"unknown state {row['state']!r}", f"use {', '.join(STATES)}")
            )
    if problems:
        raise FileProblems(problems)
    return rows


def _turns(name: str, content: bytes, file: str) -> dict[str, TurnSet]:
    header, values, problems = parse_csv(content, file, TURN_COLUMNS)
    if problems:
        raise FileProblems(problems)
    at = [header.index(column) for column in TURN_COLUMNS]
    sets: dict[str, tuple[list[Turn], list[TimeMark]]] = {}
    for number, row in enumerate(values, start=2):
        version, turn, speaker, start, end, begins, ends, marks = [row[i] for i in at]
        turns, times = sets.setdefault(version, ([], []))
        try:
            if turn != "0":  # number 0 carries time marks that stand outside all turns
                span = Span(int(start), int(end))
                turns.append(Turn(int(turn), speaker or None, span, _seconds(begins), _seconds(ends)))
            if marks:
                times += [_mark(mark) for mark in marks.split()]
        except ValueError:
            what = f"turn {turn!r} has a place or time that is none"
            problems.append(Problem(file, str(number), what, "restore the line from git or a backup"))
    if problems:
        raise FileProblems(problems)
    return {
        version: (tuple(turns), tuple(sorted(times, key=_position)))
        for version, (turns, times) in sets.items()
    }


def _position(mark: TimeMark) -> int:
    return mark.position


def _seconds(text: str) -> float | None:
    return _time(text) if text else None


def _time(text: str) -> float:
    seconds = float(text)
    if not 0 <= seconds < float("inf"):
        raise ValueError(text)
    return seconds


def _mark(text: str) -> TimeMark:
    position, _, times = text.partition("@")
    begins, _, ends = times.partition("-")
    return TimeMark(int(position), _time(begins), _seconds(ends))


def format_turns(sets: Mapping[str, TurnSet]) -> bytes:
    """Return the bytes of data/turns/<source>.csv: one set of turns per version of the text."""
    from qualcode.csvtext import format_csv

    rows: list[list[str]] = []
    for version, (turns, marks) in sets.items():
        inside: dict[int, list[str]] = {}
        index = 0
        for mark in marks:
            while index + 1 < len(turns) and turns[index + 1].span.start <= mark.position:
                index += 1
            number = turns[index].number if turns and turns[index].span.start <= mark.position else 0
            inside.setdefault(number, []).append(_write_mark(mark))
        if 0 in inside:
            rows.append([version, "0", "", "", "", "", "", " ".join(inside[0])])
        for turn in turns:
            rows.append(
                [
                    version,
                    str(turn.number),
                    turn.speaker or "",
                    str(turn.span.start),
                    str(turn.span.end),
                    _write_seconds(turn.begins),
                    _write_seconds(turn.ends),
                    " ".join(inside.get(turn.number, [])),
                ]
            )
    return format_csv(TURN_COLUMNS, rows)


def _write_seconds(seconds: float | None) -> str:
    if seconds is None:
        return ""
    # never as 1e-07: the "-" stands between begin and end of a mark
    return format(Decimal(repr(float(seconds))), "f").removesuffix(".0")


def _write_mark(mark: TimeMark) -> str:
    ends = "" if mark.ends is None else f"-{_write_seconds(mark.ends)}"
    return f"{mark.position}@{_write_seconds(mark.begins)}{ends}"
