"""WebVTT and SRT: every rule with the full result, and other libraries as a second opinion."""

from __future__ import annotations

import pytest
import srt
import webvtt

from qualcode.errors import ReadError
from qualcode.readers import read_transcript, read_with_notes


def timed(transcript):
    return [(t.speaker, transcript.text_of(t), t.begins, t.ends) for t in transcript.turns]


def test_zoom(data):
    transcript, notes, format = read_with_notes(data / "vtt" / "zoom.vtt")
    assert format == "vtt"
    assert (
        transcript.text
        == "So, tell me what you do.\nI build & test.\nThe first one is: trust.\nOh.\nYes.\nGood."
    )
    assert timed(transcript) == [
        ("Ana Lima", "So, tell me what you do.", 1, 5),
        ("Ben Ode", "I build & test.", 5.25, 7),
        (None, "The first one is: trust.", 7, 8),
        ("Ana Lima", "Oh.", 8, 9),
        ("Ben Ode", "Yes.", 9, 10),
        ("Ana Lima", "Good.", 10, 11),
    ]
    assert [(m.position, m.begins, m.ends) for m in transcript.marks] == [
        (0, 1, 3.5), (12, 3.5, 5), (25, 5.25, 7), (41, 7, 8), (66, 8, 9), (70, 9, 10), (75, 10, 11),
    ]  # fmt: skip
    assert [str(note) for note in notes] == [
        "guessed: Speakers: Ana Lima (3 turns), Ben Ode (2 turns).",
        "kept: 1 cue without a speaker, each a turn by itself.",
    ]


def test_teams_voices_classes_entities_notes(data):
    transcript, notes, _ = read_with_notes(data / "vtt" / "teams.vtt")
    assert transcript.language == "en-GB"
    assert timed(transcript) == [
        ("Lima, Ana", "So, tell me what you do.", 1, 4),
        ("Ben", "I build <things>", 4.1, 5.2),
        ("Lima, Ana", "Oh.", 4.1, 5.2),
        (None, "(laughter)", 6, 7),
    ]
    assert [str(note) for note in notes][:2] == ["dropped: 2 NOTE blocks.", "dropped: 1 STYLE block."]


def test_noscribe_slashes_are_no_part_of_a_name(data):
    transcript = read_transcript(data / "vtt" / "noscribe.vtt")
    assert timed(transcript) == [
        ("S01", "Hello //S02: hi // there.", 0, 4),
        ("S02", "Yes (..) right. (12 seconds pause)", 4, 7),
    ]


def test_messy_srt(data):
    transcript, notes, format = read_with_notes(data / "srt" / "messy.srt")
    assert format == "srt"
    assert timed(transcript) == [
        ("Ana", "Hello there 42", 1, 3),
        ("Ben", "Yes indeed.", 3, 5),
        ("Ana", "Oh.", 5, 6),
        ("Ben", "Ah.", 5, 6),
        ("Ana", "Bye.", 6, None),
        ("Ben", "Bye.", 6, None),
    ]
    assert [str(note) for note in notes] == [
        "guessed: Lines after a blank line were taken as part of the cue above (cue 6).",
        "changed: 1 cue ends before the beginning (cue 6); the end was left open.",
        "guessed: Speakers: Ana (3 turns), Ben (3 turns).",
    ]


CUES = {
    "no numbers, dots, no blank lines": (
        "a.srt",
        "00:00:01.0 --> 00:00:02.0\na\n00:00:02.0 --> 00:00:03.0\nb\n",
        [(None, "a", 1, 2), (None, "b", 2, 3)],
    ),
    "numbers are words": (
        "a.srt",
        "1\n00:00:01,000 --> 00:00:02,000\n7\n\n2\n00:00:02,000 --> 00:00:03,000\n2\n\n3\n00:00:03,000 --> 00:00:04,000\n5\n",
        [(None, "7", 1, 2), (None, "2", 2, 3), (None, "5", 3, 4)],
    ),
    "words on the line of times": (
        "a.srt", "1\n00:00:01,000 --> 00:00:02,000 Yes, sure.\n", [(None, "Yes, sure.", 1, 2)],
    ),
    "no hours": ("a.vtt", "WEBVTT\n\n00:01.000 --> 00:02.500\na\n", [(None, "a", 1, 2.5)]),
    "long hours": ("a.vtt", "WEBVTT\n\n100:00:01.000 --> 100:00:02.000\na\n", [(None, "a", 360001, 360002)]),
    "named after the signature": ("a.vtt", "WEBVTT - talk\n\n00:01.000 --> 00:02.500\na\n", [(None, "a", 1, 2.5)]),
    "VTT named .txt": ("a.txt", "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ana>a\n", [("Ana", "a", 1, 2)]),
    "VTT named .srt": ("a.srt", "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ana>a\n", [("Ana", "a", 1, 2)]),
    "SRT named .vtt": ("a.vtt", "1\n00:00:01,000 --> 00:00:02,000\na\n", [(None, "a", 1, 2)]),
    "UTF-16 with CR": (
        "a.vtt", "WEBVTT\r\r00:01.000 --> 00:02.000\r<v Ana>ä\r".encode("utf-16"), [("Ana", "ä", 1, 2)],
    ),
    "name at the beginning of a turn only": (
        "a.srt",
        "1\n00:00:01,000 --> 00:00:02,000\nAna: a\n\n2\n00:00:02,000 --> 00:00:03,000\nb\n\n"
        "3\n00:00:03,000 --> 00:00:04,000\nBen: c\n\n4\n00:00:04,000 --> 00:00:05,000\nd\n\n"
        "5\n00:00:05,000 --> 00:00:06,000\nAna: e\n\n6\n00:00:06,000 --> 00:00:07,000\nThe first: f\n",
        [("Ana", "a b", 1, 3), ("Ben", "c d", 3, 5), ("Ana", "e The first: f", 5, 7)],
    ),
    "tags that are words": ("a.srt", "1\n00:00:01,000 --> 00:00:02,000\n<laughs> R&D &quot;a&quot;\n",
                            [(None, '<laughs> R&D "a"', 1, 2)]),
    "a cue without words": (
        "a.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\n\n00:02.000 --> 00:03.000\n<v Ana>a\n", [("Ana", "a", 2, 3)],
    ),
    "two lines are one": ("a.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ana>a \n  b\n", [("Ana", "a b", 1, 2)]),
    "emoji": (
        "a.vtt",
        "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ana>👩‍🚀 e\u0301\n\n00:02.000 --> 00:03.000\n<v Ben>😀\n",
        [("Ana", "👩‍🚀 e\u0301", 1, 2), ("Ben", "😀", 2, 3)],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CUES)
def test_cues(name, read):
    file, content, expected = CUES[name]
    transcript, _, _ = read(file, content)
    assert timed(transcript) == expected


def test_times_that_run_backward_are_noted_and_kept(read):
    transcript, notes, _ = read(
        "a.vtt",
        "WEBVTT\n\n00:05.000 --> 00:06.000\na\n\n00:01.000 --> 00:02.000\nb\n\n00:07.000 --> 00:08.000\nc\n",
    )
    assert [turn.begins for turn in transcript.turns] == [5, 1, 7]
    assert "kept: 1 cue begins earlier than the one above (cue 2); the order of the file was kept." in [
        str(note) for note in notes
    ]


def test_a_turn_whose_cues_run_backward_has_no_end(read):
    content = "1\n10:00:03,000 --> 00:00:04,000\nBen: Yes\n\n2\n00:00:04,000 --> 00:00:05,000\nBen: indeed.\n"
    transcript, notes, _ = read("a.srt", content)
    assert timed(transcript) == [("Ben", "Yes indeed.", 36003, None)]
    assert "kept: 1 cue begins earlier than the one above (cue 2); the order of the file was kept." in map(
        str, notes
    )
    content = content.replace("Ben: indeed", "Benny: indeed")
    transcript, _, _ = read("a.srt", content, speakers={"Benny": "Ben"})
    assert timed(transcript) == [("Ben", "Yes indeed.", 36003, None)]


def test_unified_speakers_become_one_turn(read):
    content = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ana L.>a\n\n00:02.000 --> 00:03.000\n<v Ana Lima>b\n"
    transcript, _, _ = read("a.vtt", content, speakers={"Ana L.": "Ana", "ANA LIMA": "Ana"})
    assert transcript.text == "a b"
    assert timed(transcript) == [("Ana", "a b", 1, 3)]
    assert [mark.position for mark in transcript.marks] == [0, 2]


@pytest.mark.parametrize(
    "content", ["WEBVTT\n", "WEBVTT\n\nNOTE nothing\n", "WEBVTT\n\n00:01.000 --> 00:02.000\n\n"]
)
def test_captions_without_words(content, read):
    with pytest.raises(ReadError) as caught:
        read("a.vtt", content)
    assert str(caught.value) == (
        "a.vtt: it holds no captions with words. Export it again, with the transcript in it."
    )


def words(text):
    return " ".join(text.replace("\n", " ").split())


@pytest.mark.parametrize("file", ["teams.vtt", "zoom.vtt", "noscribe.vtt"])
def test_webvtt_py_finds_the_same_cues(file, data):
    transcript = read_transcript(data / "vtt" / file)
    other = [
        caption
        for caption in webvtt.read(data / "vtt" / file)
        if file != "teams.vtt" or caption.start < "00:00:04"
    ]
    ours = [(mark.begins, mark.ends) for mark in transcript.marks][: len(other)]
    assert ours == [(caption.start_in_seconds + caption.start_time.milliseconds / 1000,
                     caption.end_in_seconds + caption.end_time.milliseconds / 1000) for caption in other]  # fmt: skip


def test_srt_finds_the_same_cues(read):
    content = "".join(
        f"{n}\n00:00:{n:02},120 --> 00:00:{n:02},{n}99\nline {n}\nand more\n\n" for n in range(1, 8)
    )
    transcript, _, _ = read("a.srt", content)
    other = list(srt.parse(content))
    assert [(m.begins, m.ends) for m in transcript.marks] == [
        (each.start.total_seconds(), each.end.total_seconds()) for each in other
    ]
    assert [transcript.text_of(t) for t in transcript.turns] == [words(each.content) for each in other]
