"""EXMARaLDA: events of one speaker put together again, times between known points, other tiers left out."""

from __future__ import annotations

import pytest

from qualcode.errors import ReadError
from qualcode.readers import read_with_notes


def timed(transcript):
    return [(t.speaker, transcript.text_of(t), t.begins, t.ends) for t in transcript.turns]


def exb(tiers, points="<tli id='T0' time='0'/><tli id='T1' time='1'/><tli id='T2' time='2'/>", head=""):
    return (
        f"<basic-transcription><head>{head}</head><basic-body><common-timeline>{points}</common-timeline>{tiers}"
        "</basic-body></basic-transcription>"
    )


def test_two_speakers(data):
    transcript, notes, format = read_with_notes(data / "exb" / "two_speakers.exb")
    assert format == "exb"
    assert (transcript.title, transcript.language) == ("Talk 7", "deu")
    assert timed(transcript) == [
        ("INT", "Warum den", 0, 4),
        ("P7", "Weil es driftet.", 2, 5),  # one word, cut where the other speaker ends
        ("INT", "Ach so.", 5, 7),
        ("P7", "Ja.", 7, None),
    ]
    assert dict(transcript.roles) == {"INT": "interviewer", "P7": "participant"}
    assert [str(note) for note in notes] == [
        "guessed: 2 of 6 points of the timeline without a time; they were put evenly between their neighbours.",
        "kept: 1 pair of events that touch without a blank, as one word; if words look glued, the blank is missing in "
        "the file.",
        "dropped: 2 tiers that are not speech: annotation (1), description (1).",
        "dropped: What the file says of 2 speakers (sex, languages, comments and the like).",
        "dropped: What the file says of the path of the recording.",
        "kept: 1 event begins while another speaker still talks; all stand in the order of their beginning.",
        "guessed: Speakers: INT (2 turns), P7 (2 turns).",
        "guessed: Roles by their labels: INT = interviewer, P7 = participant.",
    ]


def test_a_sign_that_ends_a_word_gets_its_blank(read):
    tier = "<tier speaker='A' type='t'><event start='T0' end='T1'>test|</event><event start='T1' end='T2'>it is</event></tier>"
    transcript, notes, _ = read("a.exb", exb(tier))
    assert timed(transcript) == [("A", "test| it is", 0, 2)]
    assert "changed: A blank put between 1 pair of events that touch." in map(str, notes)
    assert [mark.position for mark in transcript.marks] == [0, 6]


def test_a_speaker_who_is_not_named(read):
    tier = (
        "<tier type='t'><event start='T0' end='T1'>so </event><event start='T1' end='T2'>it is</event></tier>"
    )
    transcript, _, _ = read("a.exb", exb(tier))
    assert timed(transcript) == [(None, "so it is", 0, 2)]


def test_no_times_at_all(read):
    tiers = (
        "<tier speaker='B' type='t'><event start='T1' end='T2'>b</event></tier>"
        "<tier speaker='A' type='t'><event start='T0' end='T1'>a</event><event start='T9' end='T9'>c</event></tier>"
    )
    transcript, notes, _ = read("a.exb", exb(tiers, "<tli id='T0'/><tli id='T1'/><tli id='T2'/>"))
    assert timed(transcript) == [("A", "c a", None, None), ("B", "b", None, None)]
    assert transcript.marks == ()
    assert "kept: 1 event outside the timeline, at the beginning." in map(str, notes)


REFUSALS = {
    "only annotations": (
        exb("<tier type='a'><event start='T0' end='T1'>a</event></tier>"),
        "talk.exb: it has no tier of type t (transcription) with words. Set the type of the speakers' tiers in the "
        "Partitur-Editor, or give the file with the transcript.",
    ),
    "cut off": (
        exb("<tier type='t'>")[:60],
        "talk.exb: its XML is broken or cut off. Open it in the EXMARaLDA Partitur-Editor and save it anew.",
    ),
    "no body": (
        "<basic-transcription><head/></basic-transcription>",
        "talk.exb: it has no basic-body, where the speech stands. Open it in the EXMARaLDA Partitur-Editor and save it "
        "anew.",
    ),
    "segmented": (
        "<?xml version='1.0'?><segmented-transcription><head/></segmented-transcription>",
        "talk.exb: this is a segmented transcription of EXMARaLDA (.exs), which is not read. Open it in the EXMARaLDA "
        "Partitur-Editor and save it as a basic transcription (.exb).",
    ),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_refusals(name, read):
    content, message = REFUSALS[name]
    with pytest.raises(ReadError) as caught:
        read("talk.exb", content)
    assert str(caught.value) == message


def test_another_kind_of_xml_is_told_in_utf16_too(read):
    content, message = REFUSALS["segmented"]
    with pytest.raises(ReadError) as caught:
        read("talk.exb", content.encode("utf-16"))
    assert str(caught.value) == message


def test_the_timeline_of_a_real_file(shared):
    path = shared / "samples" / "transcripts" / "exmaralda" / "Example_basic.exb"
    transcript, notes, _ = read_with_notes(path)
    assert "10 of 20 points" in notes[0].message  # counted in the file
    assert transcript.at_time(6.5).speaker == "SPK2"
