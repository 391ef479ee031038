"""Transcripts that other people and programs wrote: every one comes in as it was counted, or is refused as foreseen.

The files are not in the repository. `real_files.toml` lists them, with their addresses and how they were counted;
the tests look for them in the folder that QUALCODE_SAMPLES names, else beside the repository. Where that variable
names a folder of other files, each of these must at least keep what holds for every transcript. A failure tells
number and place, never what was said.
"""

from __future__ import annotations

import hashlib
import itertools
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from qualcode.errors import ReadError
from qualcode.span import Span
from qualcode.transcript import TimeMark, Transcript, Turn

from .independent import LETTERS, TO_THE_CHARACTER, UNORDERED, difference, visible_text, words_said
from .real_files import (
    Read,
    RealFile,
    collection_of,
    folder,
    found,
    is_no_transcript,
    listed,
    read,
    read_all,
)

ENTRIES = listed()
HERE = folder()
FILES = found()


@pytest.fixture
def collection() -> Path:
    """The folder of the files that are listed."""
    if HERE is None:
        pytest.skip(
            "real files are not on this machine (set QUALCODE_SAMPLES to try a folder of transcripts)"
        )
    root = collection_of(HERE)
    if root is None:
        pytest.skip("QUALCODE_SAMPLES names other files than those of the list")
    return root


# ---------------------------------------------------------------------------- the list


def test_the_list_holds_the_files_that_were_counted(collection: Path) -> None:
    for entry in ENTRIES:
        content = (collection / entry.path).read_bytes()
        assert hashlib.sha256(content).hexdigest().startswith(entry.sha256), f"{entry.path} is another file"


def test_no_real_transcript_is_forgotten(collection: Path) -> None:
    paths = {entry.path for entry in ENTRIES}
    there = [path.resolve().relative_to(collection.resolve()).as_posix() for path in FILES]
    assert [path for path in there if path not in paths and not is_no_transcript(path)] == []
    assert [path for path in paths if is_no_transcript(path)] == []


@pytest.mark.parametrize("entry", [entry for entry in ENTRIES if entry.refused], ids=lambda entry: entry.case)
def test_refused_as_the_list_says(entry: RealFile, collection: Path) -> None:
    with pytest.raises(ReadError) as refusal:
        read(collection / entry.path)
    assert entry.refused in str(refusal.value)


TAKEN = pytest.mark.parametrize(
    "entry", [entry for entry in ENTRIES if not entry.refused], ids=lambda entry: entry.case
)


@TAKEN
def test_speakers_turns_and_times_are_those_counted(
    entry: RealFile, collection: Path, tmp_path: Path
) -> None:
    readings = read_all(entry, collection / entry.path, tmp_path)
    turns = Counter(turn.speaker or "" for each in readings for turn in each.transcript.turns)
    marks = [mark for each in readings for mark in each.transcript.marks]
    times = [time for mark in marks for time in (mark.begins, mark.ends) if time is not None]
    assert {each.format for each in readings} == {entry.format}
    assert turns == entry.turns
    assert entry.marks in (None, len(marks))
    assert entry.times == ((min(times), max(times)) if times else ())


@TAKEN
def test_the_text_of_a_listed_file_can_be_got_back(entry: RealFile, collection: Path, tmp_path: Path) -> None:
    for each in read_all(entry, collection / entry.path, tmp_path):
        wrong = not_got_back(each, entry.tiers, exact=True)
        assert wrong is not None, f"no other reader knows {entry.format}"
        assert not wrong, f"{each.path.name}: {wrong}"


# ---------------------------------------------------------------------------- any file


NOBODY = re.compile(
    r"break|pause|music|laughter|notes?|webvtt|summary keywords|speakers|keywords|transcript"
    r"|[\W\d_]+|//.*|.*-->.*|\d+ ?(?:s|sec|seconds|min|minutes)(?: pause)?",
    re.IGNORECASE,
)
"""What real files have where a speaker could stand, and is none: **Break:**, 12:30, <v //S02>."""


@pytest.mark.parametrize(
    "path",
    FILES or [pytest.param(None, marks=pytest.mark.skip(reason="there are no real files to try"))],
    ids=lambda path: path.relative_to(HERE).as_posix() if path else "none",
)
def test_any_file_is_a_sound_transcript_or_is_refused_in_one_line(path: Path) -> None:
    try:
        each = read(path)
    except ReadError as refusal:
        broken = wrong_with_refusal(path.name, str(refusal))
    except Exception as error:  # its traceback could show what was said
        broken = [f"{type(error).__name__} instead of a ReadError"]
    else:
        broken = wrong_with_transcript(each)
    assert not broken, "; ".join(broken)


def wrong_with_refusal(name: str, message: str) -> list[str]:
    wrong = []
    if not message.startswith(f"{name}: ") or not message.endswith(".") or "\n" in message:
        wrong.append("the refusal is not one line that begins with the file")
    if "could not be read as" in message:
        wrong.append("the reader failed in a way that nobody foresaw")
    return wrong


def wrong_with_transcript(each: Read) -> list[str]:
    """Return what does not hold and should for every transcript: by number, never by word."""
    transcript, wrong = each.transcript, []
    nobody = [at for at, speaker in enumerate(transcript.speakers, start=1) if NOBODY.fullmatch(speaker)]
    if nobody:
        wrong.append(f"the speakers {nobody} are none")
    begins = [mark.begins for mark in transcript.marks]
    back = [at for at, (above, below) in enumerate(itertools.pairwise(begins), start=2) if below < above]
    if back and not any("earlier than the one above" in note.message for note in each.notes):
        wrong.append(f"the time marks {back} go back, and no note says so")
    timed = [turn for turn in transcript.turns if turn.begins is not None and turn.ends is not None]
    ended = [turn.number for turn in timed if turn.ends < turn.begins]
    if ended:
        wrong.append(f"the turns {ended} end before they begin")
    text = not_got_back(each, may_lose=any(note.kind == "dropped" for note in each.notes))
    return [*wrong, *([text] if text else [])]


def not_got_back(
    each: Read, tiers: tuple[str, ...] = (), *, exact: bool = False, may_lose: bool = False
) -> str | None:
    """Return what is missing from the turns or too much in them, "" if nothing, None if nobody else can tell."""
    transcript = each.transcript
    shown = visible_text(each.path, each.format)
    said = words_said(each.path, each.format, transcript.speakers, tiers)
    if shown is None and said is None:
        return None
    wrong = []
    if shown is not None:
        whole = put_together(transcript)
        if each.format == "text" or (exact and each.format in TO_THE_CHARACTER):
            last = "" if each.format == "text" else "\n"  # others end a text with a line break, or do not
            wrong.append(parting(whole.rstrip(last), shown.rstrip(last)))
        wrong.append(difference(whole.split(), shown.split(), may_lose=may_lose))
    if said is not None:
        words = " ".join(transcript.text_of(turn) for turn in transcript.turns).split()
        words = list("".join(words)) if each.format in LETTERS else words
        wrong.append(difference(words, said, ordered=each.format not in UNORDERED, may_lose=may_lose))
    return "; ".join(filter(None, wrong))


def parting(ours: str, theirs: str) -> str:
    """Return at which character two texts part, or "" where they do not."""
    pairs = enumerate(zip(ours, theirs, strict=False))
    first = next((at for at, (one, other) in pairs if one != other), min(len(ours), len(theirs)))
    return "" if ours == theirs else f"the texts part at character {first}"


def put_together(transcript: Transcript) -> str:
    """Return the text of the turns with what stands between them."""
    pieces, end = [], 0
    for turn in transcript.turns:
        pieces += [transcript.text[end : turn.span.start], transcript.text_of(turn)]
        end = turn.span.end
    return "".join([*pieces, transcript.text[end:]])


# ---------------------------------------------------------------------------- what is looked for is found


def reading(
    path: Path, text: str, turns: Sequence[Turn], marks: Sequence[TimeMark] = (), format: str = "vtt"
) -> Read:
    return Read(path, Transcript("P1", "P1", text, tuple(turns), tuple(marks)), (), format)


@pytest.mark.parametrize("label", ["Break", "12:30", "//S02", "00:01 --> 00:02", "3 sec pause", "WEBVTT"])
def test_a_speaker_who_is_none_is_found(label: str, tmp_path: Path) -> None:
    each = reading(tmp_path / "none.pdf", "Yes.", [Turn(1, label, Span(0, 4))], format="pdf")
    assert wrong_with_transcript(each) == ["the speakers [1] are none"]


def test_times_that_go_back_unsaid_are_found(tmp_path: Path) -> None:
    turns = [Turn(1, "Ana", Span(0, 4), 9.0, 8.0), Turn(2, "Ben", Span(5, 8), 3.0)]
    each = reading(tmp_path / "none.pdf", "Yes.\nNo.", turns, [TimeMark(0, 9.0), TimeMark(5, 3.0)], "pdf")
    assert wrong_with_transcript(each) == [
        "the time marks [2] go back, and no note says so", "the turns [1] end before they begin",
    ]  # fmt: skip


def test_lost_and_invented_words_are_found(tmp_path: Path) -> None:
    captions = tmp_path / "talk.vtt"
    captions.write_text("WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ana>So I said no.\n", encoding="utf-8")
    assert not_got_back(reading(captions, "So I said no.", [Turn(1, "Ana", Span(0, 13))])) == ""
    assert "1 of its 4 is missing" in (
        not_got_back(reading(captions, "So I no.", [Turn(1, "Ana", Span(0, 8))])) or ""
    )
    page = tmp_path / "talk.txt"
    page.write_bytes(b"Ana: Yes.\r\n")
    assert not_got_back(reading(page, "Ana: Yes.\n", [Turn(1, "Ana", Span(5, 9))], format="text")) == ""
    assert "part at character 5; 1 of 2 words" in (
        not_got_back(reading(page, "Ana: No.", [], format="text")) or ""
    )


def test_a_refusal_that_nobody_foresaw_is_found() -> None:
    assert wrong_with_refusal("a.rtf", "a.rtf: it holds no words. Export it again.") == []
    assert len(wrong_with_refusal("a.rtf", "a.rtf: it could not be read as Rich text (KeyError).\nMore")) == 2
