"""Every reader on files that go wrong: a transcript that keeps its promises, or one ReadError; nothing else.

A format that joins the registry is tried here as soon as a small valid file lies in its folder of
``tests/data/transcripts``. ``make fuzz`` tries twenty times as many changes, new ones in every run; what it
finds becomes a test of the reader that was mended.
"""

from __future__ import annotations

import itertools
import json
import math
import re
from collections.abc import Iterable
from pathlib import Path
from typing import cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import qualcode as qc
from qualcode.errors import InvalidValue, ReadError
from qualcode.look import Preview
from qualcode.readers import FileReading, Hidden, Note, Reading, ReadOptions, read_file
from qualcode.readers._hidden import KINDS
from qualcode.readers._reading import NOTE_KINDS
from qualcode.readers._registry import FORMATS, format_named, module_of
from qualcode.transcript import Transcript
from qualcode.turns_file import format_turns, parse_turns

from .mangling import DATA, LEVELS, Change, changes, mangled, samples
from .test_speech_json import SHAPES

NAMES = [row.name for row in FORMATS]
FILES = {name: [(path.suffix, path.read_bytes()) for path in samples(name)] for name in NAMES}
FILES["json"] += [(".json", json.dumps(document).encode()) for document, *_ in SHAPES.values()]
SEARCHING = settings.get_current_profile_name() == "searching"
GROWTH = 8
"""No text is longer than so many times the file; a zip is, and what it may unpack to is bounded elsewhere."""

thorough = settings(
    max_examples=3000 if SEARCHING else 150, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip


def keeps_its_promises(
    found: Reading | Transcript, notes: Iterable[Note], hidden: Iterable[Hidden], size: int | None
) -> None:
    """What everybody who takes a transcript relies on. Written down anew, not asked of Transcript."""
    text = found.text
    assert not re.search("[\r\ud800-\udfff]", text)
    assert not text.startswith("\ufeff")
    if size is None:  # a zip, so XML, which holds none of these signs: readers mark places with them
        assert not re.search("[\x00-\x02]", text)
    else:
        assert len(text) <= GROWTH * size + 1000
    assert [turn.number for turn in found.turns] == list(range(1, len(found.turns) + 1))
    edge = 0
    for turn in found.turns:
        assert edge <= turn.span.start < turn.span.end <= len(text)
        assert text[turn.span.start : turn.span.end].strip()
        edge = turn.span.end
        assert turn.speaker is None or re.fullmatch(r"\S(?:[^\n\r]*\S)?", turn.speaker)
        assert turn.ends is None or turn.begins is None or turn.begins <= turn.ends
    marks = sorted(found.marks, key=lambda mark: mark.position)
    for place in (*found.turns, *marks):
        for time in (place.begins, place.ends):
            assert time is None or (math.isfinite(time) and time >= 0)
    assert all(0 <= mark.position <= len(text) for mark in marks)
    said = [note.message for note in notes]
    if any(above.begins > below.begins for above, below in itertools.pairwise(marks)):
        assert any("earlier than the one above" in message for message in said)
    assert all(message and "\n" not in message for message in said)
    assert {note.kind for note in notes} <= set(NOTE_KINDS)
    assert set(found.roles.values()) <= {"interviewer", "participant", "other", ""}
    for piece in hidden:
        assert piece.kind in KINDS
        assert piece.value.strip()
        assert not re.search("[\r\ud800-\udfff]", piece.value + piece.author + piece.name)
        assert piece.span is None or (
            piece.span.end <= len(text) and text[piece.span.start : piece.span.end].strip()
        )


@pytest.mark.parametrize("format", NAMES)
def test_every_format_has_small_valid_files_told_by_what_they_hold(format: str, tmp_path: Path) -> None:
    assert FILES[format], f"put a small file that you wrote into tests/data/transcripts/{format}"
    for _, content in FILES[format]:
        path = tmp_path / "talk.dat"
        path.write_bytes(content)
        found = read_file(path)
        assert found.format == format
        assert found.transcript.turns
        keeps_its_promises(found.transcript, found.notes, found.hidden, size_of(content))


def size_of(content: bytes) -> int | None:
    """The size of a file, None for a zip."""
    return None if content.startswith(b"PK") else len(content)


def read_without_a_net(format: str, path: Path) -> Reading | None:
    """What a reader gives by itself; `read_file` would make a ReadError of any surprise."""
    try:
        return cast(Reading, module_of(format_named(format)).read(path, options=ReadOptions()))
    except ReadError:
        return None


def read_as_anybody_does(path: Path) -> tuple[FileReading | None, str]:
    try:
        return read_file(path), ""
    except ReadError as error:
        return None, str(error)


@pytest.mark.parametrize("format", NAMES)
@thorough
@given(which=st.integers(0, 99), done=changes, level=st.sampled_from(LEVELS))
def test_a_changed_file_is_read_or_refused(
    format: str, which: int, done: list[Change], level: str, tmp_path: Path
) -> None:
    suffix, content = FILES[format][which % len(FILES[format])]
    content = mangled(content, done, level)
    path = tmp_path / f"talk{suffix}"
    path.write_bytes(content)
    size = size_of(content)
    reading = read_without_a_net(format, path)
    if reading is not None:
        keeps_its_promises(reading, reading.notes, reading.hidden, size)
        for table in reading.tables:
            assert table.people in ("", "rows", "columns")
            assert all(isinstance(cell, str) for row in table.rows for cell in row)
    found, said = read_as_anybody_does(path)
    assert "could not be read as" not in said  # the sentence for what no reader foresaw
    if found is not None:
        transcript = found.transcript
        keeps_its_promises(transcript, found.notes, found.hidden, size)
        assert str(Preview(transcript, found.notes, found.format, found.hidden))
        # and what was read comes back from the files of a study as it went in
        stored = format_turns({transcript.version: (transcript.turns, transcript.marks)})
        back = parse_turns("talk", stored, "talk.csv").get(transcript.version, ((), ()))
        assert back == (transcript.turns, transcript.marks)


SURVEYS = [DATA / "survey" / "answers.csv", *samples("excel")]


@pytest.mark.parametrize("sample", SURVEYS, ids=lambda path: path.name)
@thorough
@given(done=changes, level=st.sampled_from(LEVELS))
def test_a_changed_survey_is_read_or_refused(
    sample: Path, done: list[Change], level: str, tmp_path: Path
) -> None:
    path = tmp_path / sample.name
    path.write_bytes(mangled(sample.read_bytes(), done, level))
    try:
        survey = qc.preview_survey(path)
    except (ReadError, InvalidValue):
        return
    assert len(set(map(str.casefold, survey.ids))) == len(survey.ids) == len(survey.answers) > 0
    assert len({each.question for each in survey.questions}) == len(survey.questions)
    for row in survey.answers:
        assert len(row) == len(survey.questions)
        assert not any(re.search("[\r\ud800-\udfff]", cell) for cell in row)
