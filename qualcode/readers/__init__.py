"""Reading transcripts: any file of the formats in `formats()` becomes a `Transcript`.

The format is told by content; the suffix only breaks ties. Every failure is one `ReadError` that names the
file, the reason and the way out. What was kept, changed, dropped and guessed comes back as notes.

Adding a format: see `_registry.py`. Readers share rules (`_turns.py`, `_cues.py`, `_rows.py`, ...) and never
import each other.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from qualcode.errors import InvalidValue, QualcodeError, ReadError
from qualcode.file_names import given_path
from qualcode.readers._file_names import is_neutral, rename_file_name
from qualcode.readers._files import check_file, read_bytes
from qualcode.readers._name_table import read_pseudonyms
from qualcode.readers._names import label_key
from qualcode.readers._people import alike_speakers, doubts, give_roles, join_cues, unify_speakers
from qualcode.readers._pseudonyms import Names
from qualcode.readers._reading import (
    DocumentTable,
    FileReading,
    Hidden,
    Note,
    Reading,
    ReadOptions,
    TooLong,
    too_long,
)
from qualcode.readers._registry import Format, detect, format_named, formats, module_of
from qualcode.readers._renaming import replace_labels, replace_names
from qualcode.readers._words import guess_roles
from qualcode.slug import slug
from qualcode.transcript import Transcript

__all__ = [
    "DocumentTable", "FileReading", "Hidden", "Note", "ReadOptions", "Reading", "file_hash", "formats", "guess_roles", "label_key", "label_renamer", "read_file",
    "read_parts", "read_pseudonyms", "read_tables", "read_transcript", "read_with_notes", "title_without_names",
]  # fmt: skip


def read_transcript(
    path: str | os.PathLike[str],
    *,
    id: str | None = None,
    format: str | None = None,
    speakers: Mapping[str, str] | None = None,
    roles: Mapping[str, str] | None = None,
    pseudonyms: Mapping[str, str] | None = None,
    encoding: str | None = None,
    columns: Mapping[str, str] | None = None,
    sheet: str | None = None,
) -> Transcript:
    r"""Read a transcript file of any known format.

    Parameters
    ----------
    path
        The file.
    id
        The id of the source; by default the file name without its suffix.
    format
        Name from `formats()`; by default found by content.
    speakers
        Label in the file to the label wanted, for example ``{"Interviewer 1": "Interviewer"}``. Labels named
        here, or in `roles`, are taken as labels whatever they look like.
    roles
        Label to "interviewer", "participant" or "other". Labels such as *Interviewer*, *I*, *P7* are guessed.
    pseudonyms
        Real name to pseudonym. Names are replaced in text, labels and title: whole words, the longest first, in
        any capitals and spelling of accents and apostrophes; in scripts without blanks, inside text too. They
        also count as labels. A spelling in small letters that is its own pseudonym stays:
        ``{"Rose": "P1", "rose": "rose"}``. Without `id`, a file name that may be telling becomes "source-1".
    encoding
        Text encoding, for example "cp1252"; by default found.
    columns
        For tables, field to heading: ``{"text": "answer", "speaker": "who", "start": "sec"}``; further
        fields: "end", "duration", "source" (``""``: all rows are one source).
    sheet
        For Excel, the sheet; by default found.

    Returns
    -------
    Transcript
        Spans are code points of its text; times are seconds.

    Raises
    ------
    ReadError
        If the file cannot be read; the message says why and what to do.
    InvalidValue
        If an argument cannot be used.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "P7.txt"
    >>> _ = path.write_text("I: Why?\nP7: Because it drifts.\n")
    >>> transcript = read_transcript(path)
    >>> transcript
    <Transcript P7: 2 turns, 2 speakers, 31 characters>
    >>> transcript.to_frame()[["speaker", "role", "text"]].values.tolist()
    [['I', 'interviewer', 'Why?'], ['P7', 'participant', 'Because it drifts.']]
    """
    return read_file(
        path, id=id, format=format, speakers=speakers, roles=roles, pseudonyms=pseudonyms, encoding=encoding,
        columns=columns, sheet=sheet,
    ).transcript  # fmt: skip


def read_with_notes(path: str | os.PathLike[str], **options: Any) -> tuple[Transcript, tuple[Note, ...], str]:
    r"""Read a transcript file; also return what was kept, changed, dropped and guessed, and the format.

    Parameters and errors are those of `read_file`.

    Returns
    -------
    tuple
        Transcript, notes, name of the format.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "P7.txt"
    >>> _ = path.write_text("I: Why?\nP7: Because it drifts.\n")
    >>> for note in read_with_notes(path)[1]:
    ...     print(note)
    guessed: Speakers by their labels: I (1 turn), P7 (1 turn).
    guessed: Roles by their labels: I = interviewer, P7 = participant.
    """
    found = read_file(path, **options)
    return found.transcript, found.notes, found.format


def read_file(
    path: str | os.PathLike[str],
    *,
    id: str | None = None,
    format: str | None = None,
    speakers: Mapping[str, str] | None = None,
    roles: Mapping[str, str] | None = None,
    pseudonyms: Mapping[str, str] | None = None,
    encoding: str | None = None,
    columns: Mapping[str, str] | None = None,
    sheet: str | None = None,
    neutral_id: str = "source-1",
) -> FileReading:
    """Read everything of a transcript file: transcript, notes, format, and what stands behind its page.

    Parameters and errors are those of `read_transcript`; `neutral_id` is the id where pseudonyms are given, no
    id is, and the name of the file may tell who spoke.
    """
    asked = _asked(path, speakers, roles, pseudonyms, encoding, columns, sheet)
    if id is not None and asked.names.holds(id):
        raise InvalidValue("id= holds one of the names in pseudonyms=. Give an id without it.")
    row = _format_of(asked.file, format, asked.options.columns)
    return _finished(asked, _read(asked.file, row, asked.options), row, id, neutral_id)


def read_parts(
    path: str | os.PathLike[str],
    split_by: str,
    *,
    format: str | None = None,
    speakers: Mapping[str, str] | None = None,
    roles: Mapping[str, str] | None = None,
    pseudonyms: Mapping[str, str] | None = None,
    encoding: str | None = None,
    columns: Mapping[str, str] | None = None,
    sheet: str | None = None,
) -> list[tuple[str, FileReading | ReadError]]:
    r"""Read a table that holds several transcripts, one for every value of a column, in the order of the table.

    Parameters
    ----------
    path
        The file, a table.
    split_by
        Heading of the column that names the transcript of each row.

    The other parameters are those of `read_transcript`.

    Returns
    -------
    list of tuple
        Id, made from the value and with numbers alone from the file's name as well, and what was read; or why that
        part cannot be read.

    Raises
    ------
    ReadError
        If the file cannot be read as a table, or has no such column.
    InvalidValue
        If an argument cannot be used.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "talks.csv"
    >>> _ = path.write_text("talk,speaker,text\nP1,I,Why?\nP1,A,So.\nP2,I,Why?\n")
    >>> [(id, found.transcript.text) for id, found in read_parts(path, "talk")]
    [('P1', 'Why?\nSo.'), ('P2', 'Why?')]
    """
    asked = _asked(
        path, speakers, roles, pseudonyms, encoding, {**(columns or {}), "source": split_by}, sheet
    )
    row = _format_of(asked.file, format, columns or {})
    if row.kind != "tabular":
        raise InvalidValue(
            f"split_by= is for tables (.csv, .xlsx); {asked.file.name} is read as {row.name}. Leave it out."
        )
    found: list[tuple[str, FileReading | ReadError]] = []
    taken: dict[str, str] = {}
    for value, reading in _guarded(
        asked.file, row, lambda: module_of(row).read_parts(asked.file, options=asked.options)
    ):
        id_ = _id_of_part(asked, value, len(found) + 1)
        if isinstance(reading, ReadError):
            found.append((id_, reading))
        elif id_.casefold() in taken:
            found.append(
                (id_, ReadError(asked.file, "two values of the column that names the source give one id."))
            )
        else:
            taken[id_.casefold()] = id_
            found.append((id_, _finished(asked, reading, row, id_, id_)))
    return found


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a caller asks for, checked."""

    file: Path
    speakers: Mapping[str, str]
    roles: Mapping[str, str]
    names: Names
    options: ReadOptions


def _asked(
    path: str | os.PathLike[str],
    speakers: Mapping[str, str] | None,
    roles: Mapping[str, str] | None,
    pseudonyms: Mapping[str, str] | None,
    encoding: str | None,
    columns: Mapping[str, str] | None,
    sheet: str | None,
) -> _Asked:
    file = _as_path(path)
    speakers = _mapping("speakers", speakers, '{"Interviewer 1": "Interviewer"}')
    roles = _mapping("roles", roles, '{"Ana": "interviewer"}')
    pseudonyms = _mapping("pseudonyms", pseudonyms, '{"Ana Lima": "P1"}')
    columns = _mapping("columns", columns, '{"text": "answer"}')
    options = ReadOptions(
        encoding=encoding, speakers={**{name: name for name in pseudonyms}, **speakers}, roles=roles,
        columns=columns, sheet=sheet, shown="path" if pseudonyms else repr(os.fspath(path)),
    )  # fmt: skip
    return _Asked(file, speakers, roles, Names(pseudonyms), options)


def _format_of(file: Path, format: str | None, columns: Mapping[str, str]) -> Format:
    row = format_named(format) if format is not None else None
    check_file(file)
    return row or detect(file, columns)


def _finished(asked: _Asked, reading: Reading, row: Format, id: str | None, neutral_id: str) -> FileReading:
    """Return what was read, with the labels the caller wants, pseudonyms and roles."""
    file, names = asked.file, asked.names
    reading = alike_speakers(unify_speakers(reading, asked.speakers))
    beside = [*{turn.speaker: None for turn in reading.turns if turn.speaker is not None}, _stem(file)]
    stem, title, renamed = _stem(file), reading.title, Note("", "")
    if names.listed:
        # Labels first: cues of one pseudonym are one turn, and a name may reach over two cues.
        reading = replace_labels(reading, names)
        stem, title, renamed = _file_names(file, id, title, names, neutral_id)
    if row.kind == "timed":
        reading = join_cues(reading)
    if names.listed:
        reading = replace_names(reading, names, beside)
        reading = replace(reading, notes=(*reading.notes, *([renamed] if renamed.message else [])))
    reading = doubts(give_roles(reading, asked.roles, asked.speakers, names.replace))
    transcript = Transcript(
        id=id if id is not None else slug(stem),
        title=title or (id if id is not None else stem),
        text=reading.text,
        turns=reading.turns,
        marks=reading.marks,
        language=reading.language,
        origin=row.name,
        roles=reading.roles,
    )
    return FileReading(transcript, reading.notes, row.name, reading.hidden)


def _id_of_part(asked: _Asked, value: str, number: int) -> str:
    """Return the id of a part of a table; a value that is a number alone tells nobody what it is of."""
    named = rename_file_name(value, asked.names)
    if asked.names.listed and not is_neutral(named, asked.names.listed.values()):
        return f"source-{number}"
    if any(character.isalpha() for character in named):
        return slug(named)
    stem = rename_file_name(_stem(asked.file), asked.names)
    known = not asked.names.listed or is_neutral(stem, asked.names.listed.values())
    return slug(f"{stem if known else 'source'}-{named}")


def read_tables(path: str | os.PathLike[str]) -> tuple[DocumentTable, ...]:
    """Return the tables of a document: Word, OpenDocument, RTF, a web page.

    Raises
    ------
    ReadError
        If it cannot be read.
    """
    file = _as_path(path)
    check_file(file)
    return _read(file, detect(file), ReadOptions()).tables


def file_hash(path: str | os.PathLike[str]) -> str:
    """Return the SHA-256 of a transcript file, in hexadecimal.

    Raises
    ------
    ReadError
        If the file cannot be read, as `read_transcript`.
    """
    return hashlib.sha256(read_bytes(_as_path(path))).hexdigest()


def label_renamer(pseudonyms: Mapping[str, str]) -> Callable[[str], str]:
    """Return what puts pseudonyms into a label.

    Examples
    --------
    >>> label_renamer({"Maria": "P1"})("MARIA (typed)")
    'P1 (typed)'
    """
    return Names(pseudonyms).replace


def title_without_names(title: str, pseudonyms: Mapping[str, str]) -> str:
    """Return a title with pseudonyms in the place of names.

    Raises
    ------
    InvalidValue
        If a name would stay in it as a part of a longer word.

    Examples
    --------
    >>> title_without_names("Interview MARIA", {"Maria": "P1"})
    'Interview P1'
    """
    names = Names(pseudonyms)
    replaced = names.replace(title)
    if names.holds(replaced):
        raise InvalidValue(
            "title= holds one of the names in pseudonyms= as a part of a longer word. Give a title without it."
        )
    return replaced


def _file_names(
    file: Path, id: str | None, title: str, names: Names, neutral_id: str
) -> tuple[str, str, Note]:
    """Return stem and title that tell nobody's name, and what to say about it."""
    title = names.replace(title)
    title = "" if names.holds(title) else title
    stem = rename_file_name(_stem(file), names)
    if is_neutral(stem, names.listed.values()):
        return stem, title, Note("", "")
    message = f"The name of the file may tell who spoke, so the id is {neutral_id}. Pass id= to choose one."
    return neutral_id, title, Note("changed", message) if id is None else Note("", "")


def _read(path: Path, row: Format, options: ReadOptions) -> Reading:
    reading = _guarded(path, row, lambda: module_of(row).read(path, options=options))
    assert isinstance(reading, Reading)
    return reading


def _guarded(path: Path, row: Format, read: Callable[[], Any]) -> Any:
    try:
        return read()
    except QualcodeError:
        raise
    except TooLong:
        raise too_long(path) from None
    except Exception as error:  # a file may be broken in ways nobody thought of; a user gets one sentence
        raise ReadError(
            path,
            f"it could not be read as {row.title} ({type(error).__name__}). Open it in its program and save it "
            "anew, or save it as .txt.",
        ) from error


def _as_path(path: str | os.PathLike[str]) -> Path:
    if isinstance(path, (str, os.PathLike)) and str(path):
        return given_path(path)
    raise InvalidValue(f"path= must be the path of a file, got {type(path).__name__}. Give one path.")


def _stem(path: Path) -> str:
    stem = path.stem
    # "P7.docx.txt" and "P7.en.vtt" keep what tells them apart; only the last suffix goes.
    return stem if stem.strip(".") else path.name


def _mapping(name: str, value: Mapping[str, str] | None, example: str) -> Mapping[str, str]:
    if value is None:
        return {}
    if not isinstance(value, Mapping) or not all(
        isinstance(each, str) for pair in value.items() for each in pair
    ):
        raise InvalidValue(
            f"{name}= must map text to text, got {type(value).__name__}. For example {name}={example}."
        )
    return value
