"""ELAN: tiers as speakers, times of slots, and everything that is not speech left out and reported."""

from __future__ import annotations

import pympi
import pytest

from qualcode.errors import ReadError
from qualcode.readers import read_transcript, read_with_notes


def timed(transcript):
    return [(t.speaker, transcript.text_of(t), t.begins, t.ends) for t in transcript.turns]


def eaf(*tiers, slots=(0, 1000, 2000, 3000), kinds=""):
    points = "".join(
        f'<TIME_SLOT TIME_SLOT_ID="t{n}"' + (f' TIME_VALUE="{time}"' if time is not None else "") + "/>"
        for n, time in enumerate(slots)
    )
    return f"<ANNOTATION_DOCUMENT><HEADER/><TIME_ORDER>{points}</TIME_ORDER>{''.join(tiers)}{kinds}</ANNOTATION_DOCUMENT>"


def tier(name, *said, attributes=""):
    """A tier of (from slot, to slot, words)."""
    annotations = "".join(
        f'<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="{name}{a}" TIME_SLOT_REF1="t{a}" TIME_SLOT_REF2="t{b}">'
        f"<ANNOTATION_VALUE>{words}</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>"
        for a, b, words in said
    )
    return f'<TIER TIER_ID="{name}" LINGUISTIC_TYPE_REF="x" {attributes}>{annotations}</TIER>'


def below(name, parent, *said, kind="orthT"):
    annotations = "".join(
        f'<ANNOTATION><REF_ANNOTATION ANNOTATION_ID="{name}{ref}" ANNOTATION_REF="{ref}">'
        f"<ANNOTATION_VALUE>{words}</ANNOTATION_VALUE></REF_ANNOTATION></ANNOTATION>"
        for ref, words in said
    )
    return f'<TIER TIER_ID="{name}" PARENT_REF="{parent}" LINGUISTIC_TYPE_REF="{kind}">{annotations}</TIER>'


def test_two_speakers(data):
    transcript, notes, format = read_with_notes(data / "eaf" / "two_speakers.eaf")
    assert format == "eaf"
    assert transcript.language == "eng"
    assert transcript.text == "Why?\nBecause it drifts & drifts and drifts. 👩‍🔬\nmhm\nCafé."
    assert timed(transcript) == [
        ("Ana", "Why?", 0, 2),
        ("P7", "Because it drifts & drifts and drifts. 👩‍🔬", 3, 5),
        ("Ana", "mhm", 4, 5),
        ("P7", "Café.", 6, 9),
    ]
    assert dict(transcript.roles) == {"P7": "participant"}
    assert [str(note) for note in notes] == [
        "guessed: 1 time slot of 7 without a time; they were put evenly between their neighbours where these are known.",
        "dropped: 1 tier that depends on another, with 1 annotation: Ana-Words.",
        "dropped: 1 tier that is not speech: hands. Pass speakers= to have one read.",
        "kept: 1 annotation begins while another speaker still talks; all stand in the order of their beginning.",
        "dropped: What the file says of the author, the annotators, the path of the recording.",
        "guessed: Speakers: Ana (2 turns), P7 (2 turns).",
        "guessed: Roles by their labels: P7 = participant.",
    ]
    assert not any("Eve" in note.message or "/eve" in note.message for note in notes)


def test_neighbours_of_one_speaker_are_one_turn_and_keep_their_times(read):
    content = eaf(tier("Ana", (0, 1, "a"), (1, 2, "b"), (2, 3, "c")))
    transcript, _, _ = read("a.eaf", content)
    assert timed(transcript) == [("Ana", "a b c", 0, 3)]
    assert [(mark.position, mark.begins, mark.ends) for mark in transcript.marks] == [
        (0, 0, 1), (2, 1, 2), (4, 2, 3)
    ]  # fmt: skip


def test_a_tier_can_be_named_to_have_it_read(data):
    transcript = read_transcript(data / "eaf" / "two_speakers.eaf", speakers={"hands": "Ana's hands"})
    assert ("Ana's hands", "up", 0, 2) in timed(transcript)
    transcript = read_transcript(data / "eaf" / "two_speakers.eaf", speakers={"Ana-Words": "words"})
    assert ("words", "Why", 0, 2) in timed(transcript)


def test_under_a_tier_of_numbers_stands_the_speech(read):
    content = eaf(
        tier("ref@Ana", (0, 1, "talk.001"), (2, 3, "talk.002")),
        below("orth@Ana", "ref@Ana", ("ref@Ana0", "So it is."), ("ref@Ana2", "Yes.")),
        below("ft@Ana", "ref@Ana", ("ref@Ana0", "translated"), kind="ftT"),
        tier("Ben", (1, 2, "Why?")),
    )
    transcript, notes, _ = read("a.eaf", content)
    assert timed(transcript) == [("Ana", "So it is.", 0, 1), ("Ben", "Why?", 1, 2), ("Ana", "Yes.", 2, 3)]
    assert "guessed: 1 tier below one that only numbers its parts was taken as the speech." in map(str, notes)


@pytest.mark.parametrize(
    ("name", "speaker"),
    [("default", None), ("Utterances", None), ("Ana", "Ana"), ("W-Spch", "W"), ("Ana (Utterance)", "Ana"),
     ("orth@Ana", "Ana"), ("ana_text", "ana"), ("Intro", None), ("Transcription 1", None), ("S01", "S01")],
)  # fmt: skip
def test_the_speaker_in_the_name_of_a_tier(name, speaker, read):
    transcript, _, _ = read("a.eaf", eaf(tier(name, (0, 1, "a"))))
    assert transcript.turns[0].speaker == speaker


def test_times_that_cannot_be(read):
    transcript, notes, _ = read(
        "a.eaf",
        eaf(
            tier("Ana", (0, 1, "a")),
            tier("Ben", (2, 3, "b"), (4, 5, "c")),
            slots=(5000, 1000, "1e300", "x", -5, 9),
        ),
    )
    assert sorted(timed(transcript), key=str) == [("Ana", "a", 5, None), ("Ben", "b c", None, 0.009)]
    assert any("impossible time" in note.message for note in notes)


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE ANNOTATION_DOCUMENT [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
    + eaf(tier("Ana", (0, 1, "&i;")))
)
FILE = '<!DOCTYPE ANNOTATION_DOCUMENT [<!ENTITY a SYSTEM "file:///etc/hostname">]>' + eaf(
    tier("Ana", (0, 1, "&a;"))
)
GRAMMAR = "talk.eaf: it declares a document type of its own, which transcripts never do; it was not opened."
XML = "talk.eaf: its XML is broken or cut off. Open it in ELAN and save it anew."
REFUSALS = {
    "an entity bomb": (BOMB, XML),  # the parser itself gives up
    "a file from outside": (FILE, GRAMMAR),
    "cut off": (eaf(tier("Ana", (0, 1, "a")))[:200], XML),
    "too deep": ("<ANNOTATION_DOCUMENT>" + "<a>" * 5000, XML),
    "no tiers": (eaf(), "talk.eaf: it has no tiers. Give the .eaf file with the transcript."),
    "no words": (
        eaf(tier("Ana", (0, 1, " "))),
        "talk.eaf: its tiers hold no words. Give the file with the transcript.",
    ),
    "no speech": (
        eaf(tier("gestures", (0, 1, "up"))),
        "talk.eaf: none of its tiers is known to hold what was said; it has: gestures. Name the tier and its speaker: "
        "speakers={'name of the tier': 'label'}.",
    ),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_refusals(name, read):
    content, message = REFUSALS[name]
    with pytest.raises(ReadError) as caught:
        read("talk.eaf", content)
    assert str(caught.value) == message


def test_a_document_type_that_only_names_its_grammar_is_harmless(read):
    content = '<!DOCTYPE ANNOTATION_DOCUMENT SYSTEM "http://nowhere.invalid/a.dtd">' + eaf(
        tier("Ana", (0, 1, "a"))
    )
    assert read("a.eaf", content)[0].text == "a"


def test_a_circle_of_references_ends(read):
    content = eaf(tier("Ana", (0, 1, "a")), below("orth@Ben", "Ana", ("orth@Benx", "b"), ("orth@Beny", "c")))
    content = content.replace('ANNOTATION_ID="orth@Benorth@Benx"', 'ANNOTATION_ID="orth@Beny"')
    assert read("a.eaf", content)[0].text == "a"


def test_told_by_content_and_in_utf16(read):
    content = '<?xml version="1.0" encoding="UTF-16"?>' + eaf(tier("Zoë", (0, 1, "é")))
    transcript, _, format = read("a.txt", content.encode("utf-16"))
    assert (format, timed(transcript)) == ("eaf", [("Zoë", "é", 0, 1)])


def test_pympi_finds_the_same_annotations(data):
    path = data / "eaf" / "two_speakers.eaf"
    other = pympi.Elan.Eaf(str(path), suppress_version_warning=True)
    theirs = sorted(
        (begins / 1000, " ".join(words.split()))
        for name in ("B (Utterance)", "Ana-Spch")
        for begins, _, words, *_ in other.get_annotation_data_for_tier(name)
        if words.strip() and begins is not None
    )
    transcript = read_transcript(path)
    ours = [(turn.begins, transcript.text_of(turn)) for turn in transcript.turns]
    assert [each for each in ours if each[1] != "mhm"] == [each for each in theirs if each[1] != "mhm"]


def test_the_times_of_a_real_file(shared):
    path = shared / "samples" / "transcripts" / "elan" / "MaureenMarvinRobin.eaf"
    transcript = read_transcript(path)
    # counted by hand: two annotations of Maureen, one of Marvin, one of Robin; the tier "default" is empty
    assert timed(transcript) == [
        ("Maureen", "S", 1.006, 1.896), ("Marvin", "S", 2.401, 3.422), ("Maureen", "S", 3.738, 4.926),
        ("Robin", "S", 5.294, 5.781),
    ]  # fmt: skip
