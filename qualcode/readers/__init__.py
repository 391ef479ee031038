"""Reading transcripts: any file of the formats in `formats()` becomes a `Transcript`.

The format is told by content; the suffix only breaks ties. Every failure is one `ReadError` that names the
file, the reason and the way out. What was kept, changed, dropped and guessed comes back as notes.

Adding a format: see `_registry.py`. Readers share rules (`_turns.py`, `_cues.py`, `_rows.py`, ...) and never
import each other.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from qualcode.errors import InvalidValue, QualcodeError, ReadError
from qualcode.file_names import given_path
from qualcode.readers._files import check_file
from qualcode.readers._people import (
    alike_speakers,
    check_pseudonyms,
    give_roles,
    join_cues,
    rename_file_name,
    replace_names,
    unify_speakers,
)
from qualcode.readers._reading import Note, Reading, ReadOptions
from qualcode.readers._registry import Format, detect, format_named, formats, module_of
from qualcode.slug import slug
from qualcode.transcript import Transcript

__all__ = ["Note", "ReadOptions", "Reading", "formats", "read_transcript", "read_with_notes"]


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
        Real name to pseudonym. Names are replaced in text, labels, title and id: whole words, the longest
        first, as given and in capitals. They also count as labels.
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
    transcript, _, _ = read_with_notes(
        path, id=id, format=format, speakers=speakers, roles=roles, pseudonyms=pseudonyms, encoding=encoding,
        columns=columns, sheet=sheet,
    )  # fmt: skip
    return transcript


def read_with_notes(
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
) -> tuple[Transcript, tuple[Note, ...], str]:
    r"""Read a transcript file; also return what was kept, changed, dropped and guessed, and the format.

    Parameters and errors are those of `read_transcript`.

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
    file = _as_path(path)
    speakers = _mapping("speakers", speakers, '{"Interviewer 1": "Interviewer"}')
    roles = _mapping("roles", roles, '{"Ana": "interviewer"}')
    pseudonyms = _mapping("pseudonyms", pseudonyms, '{"Ana Lima": "P1"}')
    columns = _mapping("columns", columns, '{"text": "answer"}')
    if pseudonyms:
        check_pseudonyms(pseudonyms)
    if id is not None and rename_file_name(id, pseudonyms) != id:
        raise InvalidValue("id= holds one of the names in pseudonyms=. Give an id without it.")
    row = format_named(format) if format is not None else None
    check_file(file)
    row = row or detect(file, columns)
    options = ReadOptions(
        encoding=encoding, speakers={**{name: name for name in pseudonyms}, **speakers}, roles=roles,
        columns=columns, sheet=sheet,
    )  # fmt: skip
    reading = _read(file, row, options)
    reading = alike_speakers(unify_speakers(reading, speakers))
    reading = replace_names(reading, pseudonyms)
    if row.kind == "timed":
        reading = join_cues(reading)
    reading = give_roles(reading, roles, speakers, pseudonyms)
    stem = rename_file_name(_stem(file), pseudonyms)
    transcript = Transcript(
        id=id if id is not None else slug(stem),
        title=reading.title or (id if id is not None else stem),
        text=reading.text,
        turns=reading.turns,
        marks=reading.marks,
        language=reading.language,
        origin=row.name,
        roles=reading.roles,
    )
    return transcript, reading.notes, row.name


def _read(path: Path, row: Format, options: ReadOptions) -> Reading:
    try:
        reading = module_of(row).read(path, options=options)
    except QualcodeError:
        raise
    except Exception as error:  # a file may be broken in ways nobody thought of; a user gets one sentence
        raise ReadError(
            path,
            f"it could not be read as {row.title} ({type(error).__name__}). Open it in its program and save it "
            "anew, or save it as .txt.",
        ) from error
    assert isinstance(reading, Reading)
    return reading


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
