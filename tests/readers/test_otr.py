"""oTranscribe: the visible text whole, times from its marks, turns without label and time."""

from __future__ import annotations

import json

import pytest

from qualcode.errors import ReadError


def timed(transcript):
    return [(t.speaker, transcript.text_of(t), t.begins, t.ends) for t in transcript.turns]


def marks(transcript):
    return [(mark.position, mark.begins) for mark in transcript.marks]


def stamp(seconds, shown):
    return f'<span class="timestamp" contenteditable="false" data-timestamp="{seconds}">{shown}</span>&nbsp;'


def otr(page, **more):
    return json.dumps({"text": page, "media": "P7 Maria.mp3", "media-source": "", "media-time": 12.5, **more})


INTERVIEW = otr(
    f"<p>Talk with P7</p><p>{stamp(0.56, '0:00')}<b>I</b>: Why &amp; how?<br /></p>\n"
    f"<p>P7: {stamp(4.501235, '0:04')} Because {stamp(6, '0:06')}it drifts.<br />All\n the  time. {stamp(9, '0:09')}</p>"
    f"<p>I: Oh 👩‍🚀<script>no()</script></p>"
)


def test_interview(read):
    transcript, notes, format = read("P7.otr", INTERVIEW)
    assert format == "otr"
    assert transcript.text == (
        "Talk with P7\n0:00\xa0I: Why & how?\nP7: 0:04\xa0 Because 0:06\xa0it drifts.\nAll the time. 0:09\xa0\nI: Oh 👩‍🚀\n"
    )
    assert timed(transcript) == [
        ("I", "Why & how?", 0.56, None),
        ("P7", "Because 0:06\xa0it drifts.\nAll the time.", 4.501235, 9),
        ("I", "Oh 👩‍🚀", None, None),
    ]
    assert marks(transcript) == [
        (transcript.text.index("Why"), 0.56), (transcript.text.index("Because"), 4.501235),
        (transcript.text.index("it drifts"), 6),
    ]  # fmt: skip
    assert dict(transcript.roles) == {"I": "interviewer", "P7": "participant"}
    assert [str(note) for note in notes] == [
        "dropped: The name of the recording.",
        "guessed: Speakers by their labels: I (2 turns), P7 (1 turn).",
        "guessed: Roles by their labels: I = interviewer, P7 = participant.",
    ]


PAGES = {
    "times and no names": (
        f"<p>{stamp(1, '0:01')}Hello.</p><p>{stamp(4.5, '0:04')}You.</p>",
        [(None, "Hello.", 1, None), (None, "You.", 4.5, None)], [(5, 1), (17, 4.5)],
    ),
    "a time at both ends": (
        f"<p>{stamp(1, '0:01')} Hello. {stamp(4.5, '0:04')}<br /></p><p>{stamp(4.5, '0:04')} You. {stamp(7, '0:07')}</p>",
        [(None, "Hello.", 1, 4.5), (None, "You.", 4.5, 7)], [(6, 1), (25, 4.5)],
    ),
    "times in the middle of one paragraph": (
        f"<p>Well {stamp(9.483, '0:09')}we go {stamp(12.5, '0:12')}on</p>", [], [(10, 9.483), (21, 12.5)],
    ),
    "an older file: the time as people read it": (
        f"<p>{stamp('1:02', '1:02')}Ana: a</p><p>{stamp('', '1:05')}Ben: b</p><p>{stamp('x', '1:07:01')}Ana: c</p>",
        [("Ana", "a", 62, None), ("Ben", "b", 65, None), ("Ana", "c", 4021, None)], [(10, 62), (22, 65), (37, 4021)],
    ),
    "times that are none": (
        f"<p>I: {stamp('-3', 'x')}a</p><p>P: {stamp('1e999', '')}b</p><p>I: {stamp('', '')}c</p>",
        [("I", "x\xa0a", None, None), ("P", "b", None, None), ("I", "c", None, None)], [],
    ),
    "plain text": ("I: a\nb<br>P: c<div>I: d</div>", [("I", "a b", None, None), ("P", "c", None, None), ("I", "d", None, None)], []),
}  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_pages(name, read):
    page, turns, expected = PAGES[name]
    transcript, _, format = read("a.json", otr(page))
    assert format == "otr"
    assert timed(transcript) == turns
    assert marks(transcript) == expected


def test_words_between_the_turns_are_labels_and_times_only(read):
    transcript, _, _ = read("P7.otr", INTERVIEW)
    rest = transcript.text
    for turn in transcript.turns:
        rest = rest.replace(transcript.text_of(turn), "", 1)
    assert rest.split() == ["Talk", "with", "P7", "0:00", "I:", "P7:", "0:04", "0:09", "I:"]


def test_times_that_run_backward_are_noted(read):
    _, notes, _ = read("a.otr", otr(f"<p>I: {stamp(9, '0:09')}a</p><p>P: {stamp(5, '0:05')}b</p>"))
    assert [str(note) for note in notes if "earlier" in str(note)] == [
        "kept: 1 time mark begins earlier than the one above (time mark 2); the order of the file was kept."
    ]


def test_addresses_are_dropped_and_counted(read):
    source = "https://store.example.org/maria.mp3?Expires=1&Signature=abc"
    _, notes, _ = read("a.otr", otr("<p>I: a</p>", **{"media-source": source}))
    shown = [str(note) for note in notes]
    assert shown[1] == "dropped: 1 signed address (who has it can open the recording)."
    assert "maria" not in " ".join(shown).lower()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ('{"text": 42, "media-time": 0}', "it is JSON, but not of oTranscribe. Leave format= out to find out what it is."),
        ('{"text": "<p> &nbsp;<br /></p>", "media-time": 0}', "it holds no words. Open it in oTranscribe and export it again."),
        ('{"text": "<p>I: a', "it is JSON, but broken or cut off at line 1. Download it again; if it is plain text, pass format='text'."),
        ("[]", "it is JSON, but not of oTranscribe. Leave format= out to find out what it is."),
    ],
)  # fmt: skip
def test_refusals(content, reason, read):
    with pytest.raises(ReadError) as caught:
        read("a.otr", content, format="otr")
    assert str(caught.value) == f"a.otr: {reason}"


def test_hostile_pages_are_harmless(read):
    nested = "<div>" * 200_000 + "I: a"
    comments = "<!--" * 200_000
    entities = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><p>P: &a; b</p>'
    transcript, _, _ = read("a.otr", otr(entities + nested + "<p>P: b</p>" + comments))
    assert "root:" not in transcript.text
    transcript, _, _ = read("b.otr", otr("".join(f"<p>I: {stamp(n, '0:01')}a</p>" for n in range(5_000))))
    assert len(transcript.turns) == 5_000
