"""Praat TextGrids: both forms, both encodings, levels of description, silences."""

from __future__ import annotations

import pytest
from praatio import textgrid

from qualcode.errors import ReadError
from qualcode.readers import read_transcript, read_with_notes

HEAD = 'File type = "ooTextFile"\nObject class = "TextGrid"\n\n0\n9\n<exists>\n'


def timed(transcript):
    return [(t.speaker, transcript.text_of(t), t.begins, t.ends) for t in transcript.turns]


def grid(*tiers):
    """A TextGrid in the short form of (name, [(from, to, words)])."""
    parts = [HEAD, f"{len(tiers)}\n"]
    for name, said in tiers:
        parts.append(f'"IntervalTier"\n"{name}"\n0\n9\n{len(said)}\n')
        parts.extend(f'{a}\n{b}\n"{words}"\n' for a, b, words in said)
    return "".join(parts)


def test_short(data):
    transcript, notes, format = read_with_notes(data / "textgrid" / "short.TextGrid")
    assert format == "textgrid"
    assert timed(transcript) == [
        ("Ana", 'Why "drift"?', 1, 3), ("Ben", "it drifts all day", 2.5, 6), ("Ana", "Oh.", 8, 9),
    ]  # fmt: skip
    assert [mark.begins for mark in transcript.marks] == [1, 2.5, 3, 5, 8]
    assert [str(note) for note in notes] == [
        "dropped: 1 interval labelled as silence.",
        "dropped: 2 tiers that are not speech: Ben - phones, pitch. Pass speakers= to have one read.",
        "kept: 1 interval begins while another speaker still talks; all stand in the order of their beginning.",
        "guessed: Speakers: Ana (2 turns), Ben (1 turn).",
    ]


def test_long_in_utf16(data):
    transcript, _, _ = read_with_notes(data / "textgrid" / "long_utf16.TextGrid")
    assert timed(transcript) == [("Zoë", "Größe 12 = 3? 👩‍🔬", 0, 1.5)]


def test_words_that_touch_are_one_turn_where_nobody_is_named(read):
    content = grid(
        ("words", [(0, 1, "it"), (1, 2, "drifts"), (2, 3, ""), (3, 4, "yes")]), ("phones", [(0, 1, "I")])
    )
    transcript, _, _ = read("a.TextGrid", content)
    assert timed(transcript) == [(None, "it drifts", 0, 2), (None, "yes", 3, 4)]


def test_utterances_come_before_words(read):
    content = grid(("Ana - words", [(0, 1, "it")]), ("Ana - utterances", [(0, 2, "it drifts")]))
    assert timed(read("a.TextGrid", content)[0]) == [("Ana", "it drifts", 0, 2)]


def test_tiers_of_one_name_are_one_speaker(read):
    transcript, notes, _ = read("a.TextGrid", grid(("Ana", [(0, 1, "a")]), ("Ana", [(1, 2, "b")])))
    assert timed(transcript) == [("Ana", "a b", 0, 2)]
    assert "kept: 1 tier with the name of another, as one speaker." in map(str, notes)


def test_a_tier_without_a_name(read):
    assert timed(read("a.TextGrid", grid(("", [(0, 1, "a"), (1, 2, "b")])))[0]) == [
        (None, "a", 0, 1), (None, "b", 1, 2),
    ]  # fmt: skip


def test_a_point_tier_is_read_where_it_is_named(data):
    transcript = read_transcript(data / "textgrid" / "short.TextGrid", speakers={"pitch": "pitch"})
    assert ("pitch", "120", 2, None) in timed(transcript)


def test_negative_zero_and_impossible_times(read):
    content = grid(("Ana", [("-0", 1, "a"), (3, 2, "b"), ("1e300", "2e300", "c"), (-5, 1, "d")]))
    transcript, notes, _ = read("a.TextGrid", content)
    assert timed(transcript) == [("Ana", "a b c d", 0, 1)]
    assert "changed: 3 intervals with an impossible time (interval 2, 3, 4); the time was left open." in map(
        str, notes
    )


CUT = "talk.TextGrid: it is cut off or damaged. Open it in Praat and save it anew, or copy it again."
REFUSALS = {
    "cut off": (grid(("Ana", [(0, 1, "a"), (1, 2, "b")]))[:-6], CUT),
    "cut in a word": (grid(("Ana", [(0, 1, "a"), (1, 2, "b")]))[:-3], CUT),
    "too many tiers": (
        HEAD + "99999999\n",
        "talk.TextGrid: it says it has 99,999,999 tiers; it is damaged. Copy it again.",
    ),
    "more intervals than there are": (grid(("Ana", [])).replace("\n0\n9\n0\n", "\n0\n9\n9000000\n"), CUT),
    "another object": (
        'File type = "ooTextFile"\nObject class = "PitchTier"\n\n0\n1\n1\n0.5\n120\n',
        "talk.TextGrid: it holds a PitchTier of Praat, not a TextGrid. Select the TextGrid in Praat and choose Save as "
        "text file.",
    ),
    "binary": (
        b"ooBinaryFile\x08TextGrid\x00\x00",
        "talk.TextGrid: this is a binary file of Praat, which is not read. Open it in Praat and choose Save as text file.",
    ),
    "chronological": (
        '"Praat chronological TextGrid text file"\n0 1 ! Time domain.\n',
        "talk.TextGrid: it is a TextGrid in a form that is not read. Open it in Praat and choose Save as text file.",
    ),
    "only silences": (
        grid(("Ana", [(0, 1, "silent"), (1, 2, "sounding")])),
        "talk.TextGrid: its tiers hold no words. Give the file with the transcript.",
    ),
    "only phones": (
        grid(("phones", [(0, 1, "a")])),
        "talk.TextGrid: none of its tiers is known to hold what was said; it has: phones. Name the tier and its "
        "speaker: speakers={'name of the tier': 'label'}.",
    ),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_refusals(name, read):
    content, message = REFUSALS[name]
    with pytest.raises(ReadError) as caught:
        read("talk.TextGrid", content)
    assert str(caught.value) == message


def praatio_words(path, tiers):
    other = textgrid.openTextgrid(str(path), includeEmptyIntervals=False, duplicateNamesMode="rename")
    return sorted(
        (each.start, each.end, " ".join(each.label.split()))
        for name in tiers
        for each in other.getTier(name).entries
        if each.label.strip() and each.label != "sil"
    )


@pytest.mark.parametrize(
    ("file", "tiers"), [("short.TextGrid", ("Ana", "Ben - words")), ("long_utf16.TextGrid", ("Zoë",))]
)
def test_praatio_finds_the_same_intervals(file, tiers, data):
    path = data / "textgrid" / file
    transcript = read_transcript(path)
    theirs = praatio_words(path, tiers)
    assert [(mark.begins, mark.ends) for mark in transcript.marks] == [each[:2] for each in theirs]
    assert sorted(transcript.text.split()) == sorted(word for each in theirs for word in each[2].split())


@pytest.mark.parametrize(
    ("file", "tiers"),
    [("MaureenMarvinRobin.TextGrid", ("Maureen", "Marvin", "Robin")),
     ("mary.TextGrid", ("word",)), ("mary_longfile.TextGrid", ("word",))],
)  # fmt: skip
def test_praatio_finds_the_same_times_in_real_files(file, tiers, shared):
    path = shared / "samples" / "transcripts" / "praat" / file
    theirs = praatio_words(path, tiers)
    assert [(mark.begins, mark.ends) for mark in read_transcript(path).marks] == [each[:2] for each in theirs]
