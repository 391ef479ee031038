"""CHAT: main lines word for word, times from bullets, everything else counted and left out."""

from __future__ import annotations

import warnings

import pytest

from qualcode.errors import ReadError
from qualcode.readers import read_transcript, read_with_notes

B = "\x15"


def timed(transcript):
    return [(t.speaker, transcript.text_of(t), t.begins, t.ends) for t in transcript.turns]


def chat(*lines, participants="ANA Ana Interviewer, BEN Participant"):
    return "\n".join(
        ["@UTF8", "@Begin", "@Languages:\teng", f"@Participants:\t{participants}", *lines, "@End", ""]
    )


def test_a_talk(data):
    transcript, notes, format = read_with_notes(data / "chat" / "talk.cha")
    assert (format, transcript.language) == ("chat", "eng")
    assert timed(transcript) == [
        ("INV", "so &-uh why do you do <this this> [//] that ?", 0, 2.5),
        ("PAR", "because it drifts +... and it (.) hurts . yes .", 2.5, 6),
        ("MOT", "&=laughs xxx .", None, None),
        ("INV", "c\u0301ool really 👩‍🔬 !", None, None),
    ]
    par = transcript.turns[1]
    assert [(mark.position - par.span.start, mark.begins) for mark in transcript.marks][1:] == [
        (0, 2.5), (23, 4), (42, 5.5)
    ]  # fmt: skip
    assert dict(transcript.roles) == {"INV": "interviewer", "PAR": "participant"}
    assert [str(note) for note in notes] == [
        "kept: The codes of CHAT as they stand in the words: 1 retracing, 1 filler, 1 event, 1 special ending, "
        "1 pause, 1 unclear stretch.",
        "dropped: 2 dependent lines: %mor (1), %com (1).",
        "dropped: 5 header lines: @ID (2), @Media, @Comment, @New Episode.",
        "dropped: 1 bullet that points to a file.",
        "dropped: 2 signs around underlined words.",
        "guessed: Speakers: INV (2 turns), PAR (1 turn), MOT (1 turn).",
        "guessed: Roles by their labels: INV = interviewer, PAR = participant.",
    ]
    assert not any("Eve" in note.message or "invented" in note.message for note in notes)


CASES = {
    "a bullet in the middle": (f"*ANA:\tso {B}0_1000{B} why ?{B}1000_2000{B}", [("ANA", "so why ?", 0, 2)]),
    "a bullet with its file": (f'*ANA:\tso .{B}%snd:"talk"_500_1500{B}', [("ANA", "so .", 0.5, 1.5)]),
    "the old bullet": (f"*ANA:\tso .{B}500_1500-{B}", [("ANA", "so .", 0.5, 1.5)]),
    "a bullet as it is shown": ("*ANA:\tso . •500_1500•", [("ANA", "so .", 0.5, 1.5)]),
    "a bullet on the next line": (f"*ANA:\tso .\n\t{B}500_1500{B}", [("ANA", "so .", 0.5, 1.5)]),
    "an end before the beginning": (f"*ANA:\tso .{B}1500_500{B}", [("ANA", "so .", 1.5, None)]),
    "no tab": ("*ANA: so .", [("ANA", "so .", None, None)]),
    "several lines": ("*ANA:\tso\n\twhy\n  not ?", [("ANA", "so why not ?", None, None)]),
    "linkers and overlaps": (
        '*ANA:\t+< <so> [>] +/.\n*BEN:\t<no> [<1] +"/.',
        [("ANA", "+< <so> [>] +/.", None, None), ("BEN", '<no> [<1] +"/.', None, None)],
    ),
    "words with a colon": ("*ANA:\tnote: so: it is .", [("ANA", "note: so: it is .", None, None)]),
    "an empty line of a speaker": ("*ANA:\t\n*BEN:\tno .", [("BEN", "no .", None, None)]),
}


@pytest.mark.parametrize("name", CASES)
def test_lines(name, read):
    lines, expected = CASES[name]
    assert timed(read("a.cha", chat(lines))[0]) == expected


def test_carriage_returns_and_no_headers(read):
    content = "@Participants:\tANA Interviewer\r\n*ANA:\tso .\r\n*XYZ:\tno .\r\nstray\r\n"
    transcript, notes, format = read("a.txt", content)
    assert format == "chat"
    assert timed(transcript) == [("ANA", "so .", None, None), ("XYZ", "no .", None, None)]
    assert [str(note) for note in notes][:3] == [
        "dropped: 1 line that is no part of CHAT.",
        "guessed: The file has no @End; it may be cut off.",
        "kept: 1 speaker that @Participants does not name.",
    ]


def test_latin_letters_of_old_files(read):
    content = chat("*ANA:\tça drôle , é è à ö .").encode("cp1252")
    transcript, notes, _ = read("a.cha", content)
    assert transcript.text == "ça drôle , é è à ö ."
    assert "read as cp1252" in notes[0].message


@pytest.mark.parametrize("content", [chat(), chat("%mor:\tn|a"), chat(f"*ANA:\t{B}0_500{B}")])
def test_nothing_said(content, read):
    with pytest.raises(ReadError) as caught:
        read("talk.cha", content)
    assert str(caught.value) == (
        "talk.cha: it has no line that begins with a speaker (*PAR:) and holds words. Give the transcript."
    )


def other_utterances(path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pylangacq

        return pylangacq.read_chat(str(path), strict=False).utterances()


def test_pylangacq_finds_the_same_main_lines(data):
    theirs = other_utterances(data / "chat" / "talk.cha")
    assert [each.participant for each in theirs if each.participant] == ["INV", "PAR", "PAR", "MOT", "INV"]


def test_pylangacq_finds_the_same_times_in_a_real_file(shared):
    path = shared / "samples" / "transcripts" / "chat" / "batchalign_test.cha"
    theirs = [each.time_marks for each in other_utterances(path) if each.participant]
    marks = read_transcript(path).marks
    assert [(mark.begins, mark.ends) for mark in marks] == [
        tuple(ms / 1000 for ms in each) for each in theirs
    ]
