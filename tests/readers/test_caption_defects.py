"""What programs do to captions: rolling and doubled lines, lost counters, files put together, SBV; real files."""

from __future__ import annotations

import pytest
import webvtt

from qualcode.errors import ReadError
from qualcode.readers import read_transcript


def timed(transcript):
    return [(t.speaker, transcript.text_of(t), t.begins, t.ends) for t in transcript.turns]


# The shape of YouTube's automatic captions: each line with the times of its words, held for 10 ms, then
# shown once more above the next one.
YOUTUBE = """WEBVTT
Kind: captions
Language: en

00:00:00.400 --> 00:00:03.100 align:start position:0%
~
so<00:00:01.400><c> we</c><00:00:01.600><c> ask</c>

00:00:03.100 --> 00:00:03.110 align:start position:0%
so we ask
~

00:00:03.110 --> 00:00:05.900 align:start position:0%
so we ask
no<00:00:04.000><c> no</c>

00:00:05.900 --> 00:00:05.910 align:start position:0%
no no
~

00:00:05.910 --> 00:00:08.000 align:start position:0%
no no
no<00:00:06.000><c> no</c>

00:00:08.000 --> 00:00:08.010 align:start position:0%
no no
~
""".replace("~", " ")  # lines of a blank, as YouTube writes them


def test_rolling_captions_of_youtube(read):
    transcript, notes, _ = read("talk.en.vtt", YOUTUBE)
    assert transcript.language == "en"
    assert timed(transcript) == [
        (None, "so we ask", 0.4, 3.11), (None, "no no", 3.11, 5.91), (None, "no no", 5.91, 8.01),
    ]  # fmt: skip
    assert [str(note) for note in notes] == [
        "changed: Rolling captions: 5 cues repeat lines of the cue above; each line was taken once.",
        "guessed: No speakers are named; every cue is a turn by itself.",
    ]


def cues(*lines, step=2):
    """An SRT file with one cue for each text."""
    return "".join(
        f"{n}\n00:00:{(n - 1) * step:02},000 --> 00:00:{n * step:02},000\n{text}\n\n"
        for n, text in enumerate(lines, start=1)
    )


CUES = {
    "captions that grow word by word": (
        cues("So", "So we", "So we ask.", "Then", "Then we", "Then we test."),
        [(None, "So we ask.", 0, 6), (None, "Then we test.", 6, 12)],
    ),
    "two lines that roll": (
        cues("one a", "one a\ntwo b", "two b\nthree c", "three c\nfour d"),
        [(None, "one a", 0, 2), (None, "two b", 2, 4), (None, "three c", 4, 6), (None, "four d", 6, 8)],
    ),
    "said twice": (
        cues("No.", "No.", "Why not?", "Because.", "I see.", "No."),
        [(None, "No.", 0, 2), (None, "No.", 2, 4), (None, "Why not?", 4, 6), (None, "Because.", 6, 8),
         (None, "I see.", 8, 10), (None, "No.", 10, 12)],
    ),
    "the same words long after are said again": (
        "".join(f"{n}\n00:0{n}:00,000 --> 00:0{n}:01,000\nYes.\n\n" for n in range(1, 6)),
        [(None, "Yes.", 60 * n, 60 * n + 1) for n in range(1, 6)],
    ),
    "said twice after a pause in rolling captions": (
        cues("a b", "a b\nno", "no", "<i></i>", "no", "no\nyes", "yes"),
        [(None, "a b", 0, 2), (None, "no", 2, 6), (None, "no", 8, 10), (None, "yes", 10, 14)],
    ),
    "rolling with names": (
        cues("ANA: so we", "ANA: so we\nask", "ask\nBEN: yes", "BEN: yes\nwe do", "we do\nANA: ah", "ANA: ah\nok"),
        [("ANA", "so we ask", 0, 4), ("BEN", "yes we do", 4, 8), ("ANA", "ah ok", 8, 12)],
    ),
    "cues that stand twice": (
        "1\n00:00:01,000 --> 00:00:02,000\nAna: Yes.\n\n" * 2 + "2\n00:00:02,000 --> 00:00:03,000\nBen: No.\n\n" * 2,
        [("Ana", "Yes.", 1, 2), ("Ben", "No.", 2, 3)],
    ),
    "cues that overlap": (
        "1\n00:00:01,000 --> 00:00:05,000\nwell we\n\n2\n00:00:03,000 --> 00:00:06,000\nask them\n",
        [(None, "well we", 1, 5), (None, "ask them", 3, 6)],
    ),
    "wrong counters and no blank lines": (
        "7\n00:00:01,000 --> 00:00:02,000\na\n7\n00:00:02,000 --> 00:00:03,000\n12\n7\n00:00:03,000 --> 00:00:04,000\nc\n",
        [(None, "a", 1, 2), (None, "12", 2, 3), (None, "c", 3, 4)],
    ),
    "a mark before a counter": (
        "1\n00:00:01,000 --> 00:00:02,000\na\n\n\ufeff1\n00:00:02,000 --> 00:00:03,000\nb\n",
        [(None, "a", 1, 2), (None, "b", 2, 3)],
    ),
    "dots, one digit, no hours, blanks": (
        "1\n0:1.5 --> 0:2.25\na\n\n2\n 00:00:02 . 500-->00:00:3,5 \nb\n",
        [(None, "a", 1.5, 2.25), (None, "b", 2.5, 3.5)],
    ),
    "positions, styles, entities": (
        "1\n00:00:01,000 --> 00:00:02,000 X1:117 X2:619 Y1:42 Y2:428\n{\\an8}<font color=\"#fff\"><i>a</i></font> {b}b{/b}<br>c &amp;&nbsp;d\n",
        [(None, "a b c &\xa0d", 1, 2)],
    ),
    "another speaker, not named": (
        cues(">> ANA: So we", "ask them.", ">> Do you?", "Really?", ">> ANA: Yes.", ">> BEN: Yes.", "We do.", ">> No."),
        [("ANA", "So we ask them.", 0, 4), (None, ">> Do you?", 4, 6), (None, "Really?", 6, 8), ("ANA", "Yes.", 8, 10),
         ("BEN", "Yes. We do.", 10, 14), (None, ">> No.", 14, 16)],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CUES)
def test_cues(name, read):
    content, expected = CUES[name]
    transcript, _, _ = read("a.srt", content)
    assert timed(transcript) == expected


def test_notes_of_doubled_cues(read):
    _, notes, _ = read("a.srt", CUES["cues that stand twice"][0])
    assert "dropped: 2 cues that stand twice, with the same times and words." in [str(note) for note in notes]


def test_files_put_together_and_notes_of_teams(read):
    part = (
        "WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:900000,LOCAL:00:00:00.000\n\nNOTE duration:\"00:01:00\"\n\n"
        "NOTE language:de-de\n\nNOTE Confidence: 0.9\n\n7c2b/12-0\n00:0{}.000 --> 00:0{}.500\n<v Ana>a\n\n"
    )  # fmt: skip
    transcript, notes, _ = read("a.vtt", part.format(1, 1) + part.format(2, 2))
    assert transcript.language == "de-de"
    assert timed(transcript) == [("Ana", "a a", 1, 2.5)]
    assert [str(note) for note in notes][:2] == [
        "dropped: 6 NOTE blocks.",
        "dropped: 1 header in the middle: the file is several put together.",
    ]


SBV = """0:00:00.599,0:00:04.160
>> ALICE: Hi, we keep the ovens
and the shop.

0:00:04.160,0:00:06.770
>> BOB: And I bake &amp; sell.[br]Daily.

0:00:06.770,0:00:06.000
2 loaves
0:00:07.000,0:00:09.500

0:01:07.000,0:01:09.500
>> ALICE: Right.
"""


def test_sbv(read):
    transcript, notes, format = read("captions.txt", SBV)
    assert format == "sbv"
    assert timed(transcript) == [
        ("ALICE", "Hi, we keep the ovens and the shop.", 0.599, 4.16),
        ("BOB", "And I bake & sell. Daily. 2 loaves", 4.16, 6.77),
        ("ALICE", "Right.", 67, 69.5),
    ]
    assert [str(note) for note in notes] == [
        "changed: 1 cue ends before the beginning (cue 3); the end was left open.",
        "dropped: 1 cue without words.",
        "guessed: Speakers: ALICE (2 turns), BOB (1 turn).",
    ]


def test_webvtt_py_finds_the_same_cues_in_sbv(tmp_path):
    content = "".join(f"0:00:{n:02}.120,0:00:{n:02}.{n}99\nline {n}\nand more\n\n" for n in range(1, 8))
    path = tmp_path / "a.sbv"
    path.write_text(content, encoding="utf-8")
    transcript = read_transcript(path)
    other = list(webvtt.from_sbv(path))
    assert [(mark.begins, mark.ends) for mark in transcript.marks] == [
        (each.start_in_seconds + each.start_time.milliseconds / 1000,
         each.end_in_seconds + each.end_time.milliseconds / 1000) for each in other
    ]  # fmt: skip
    assert [transcript.text_of(turn) for turn in transcript.turns] == [
        each.text.replace("\n", " ") for each in other
    ]


def test_subviewer_header_is_dropped(read):
    head = "[INFORMATION]\n[TITLE]Talk\n[END INFORMATION]\n[SUBTITLE]\n"
    transcript, notes, format = read("a.sub", head + "00:00:01.00,00:00:02.00\nYes.\n")
    assert format == "sbv"
    assert timed(transcript) == [(None, "Yes.", 1, 2)]
    assert str(notes[0]) == "dropped: 4 lines above the first cue."


def test_sbv_without_words(read):
    with pytest.raises(ReadError) as caught:
        read("a.sbv", "0:00:01.000,0:00:02.000\n\n")
    assert str(caught.value) == (
        "a.sbv: it holds no subtitles with words. Export it again, with the transcript in it."
    )


def test_two_times_in_talk_are_no_sbv(read):
    _, _, format = read("a.txt", "I: When was that?\nP7: At\n0:05,0:10\nI: Oh.\n")
    assert format == "text"


def test_a_long_file_of_the_worst_kind_is_quick(read):
    lines = "\n".join("a a" for _ in range(400))
    content = "".join(f"00:00:{n % 60:02}.000 --> 00:59:00.000\n{lines}\n\n" for n in range(200))
    transcript, _, _ = read("a.vtt", "WEBVTT\n\n" + content + "<v" * 100_000 + "<v Ana>a")
    assert transcript.turns
