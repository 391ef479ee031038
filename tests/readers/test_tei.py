"""TEI: utterances as turns, the rest of the page outside; brackets, tokens, timelines, persons."""

from __future__ import annotations

import pytest

from qualcode.errors import ReadError
from qualcode.readers import read_transcript, read_with_notes


def timed(transcript):
    return [(t.speaker, transcript.text_of(t), t.begins, t.ends) for t in transcript.turns]


def tei(body, header=""):
    return f'<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader>{header}</teiHeader><text><body>{body}</body></text></TEI>'


def test_a_debate(data):
    transcript, notes, format = read_with_notes(data / "tei" / "debate.xml")
    assert (format, transcript.title, transcript.language) == ("tei", "Talk 7", "en")
    assert transcript.text == (
        "First part\nANA:\nSo, why do do you?\nTell me.\nBecause it drifts (laughs) (inaudible) alot.\n"
        "And hurts\xa0! 👩‍🔬\nA door.\nYes, it does.\nOh.\nAh."
    )
    assert timed(transcript) == [
        ("Ana Lima", "So, why do do you?\nTell me.", 0, 2.5),
        ("P7", "Because it drifts (laughs) (inaudible) alot.\nAnd hurts\xa0! 👩‍🔬", 2.5, 6),
        ("P7", "Yes, it does.", None, None),
        ("Ana Lima (eve) + Ana Lima", "Oh.", None, None),
        (None, "Ah.", None, None),
    ]
    assert [transcript.text[m.position :].split()[0] for m in transcript.marks] == [
        "So,",
        "Because",
        "drifts",
    ]
    assert [mark.begins for mark in transcript.marks] == [0, 2.5, 4.25]
    assert dict(transcript.roles) == {"Ana Lima": "interviewer", "P7": "participant"}
    assert [str(note) for note in notes] == [
        "dropped: What the file says of 1 person or group, their names apart.",
        "guessed: 1 of 4 points of the timeline without a time; they were put evenly between their neighbours where "
        "these are known.",
        "dropped: The header of the file (who made it, from what, under which licence).",
        "kept: 3 headings and notes in the text, outside all turns.",
        "changed: Described in the file, and put into the words in brackets: vocal (1), gap (1).",
        "dropped: Marked in the file without words: pause (2), correction (1).",
        "changed: 1 utterance that follows one of the same speaker went on with that turn.",
        "dropped: 1 utterance without words.",
        "guessed: Speakers: Ana Lima (1 turn), P7 (2 turns), Ana Lima (eve) + Ana Lima (1 turn).",
        "kept: 1 utterance without a speaker, each a turn by itself.",
        "guessed: Roles by their labels: Ana Lima = interviewer, P7 = participant.",
    ]
    assert not any("Eve" in note.message for note in notes)


CASES = {
    "words that say where they join": (
        "<u who='#a'><w>do</w><w join='left'>n't</w> <w join='right'>go</w> <pc>!</pc></u>",
        [("a", "don't go!", None, None)],
    ),
    "words without white space": (
        "<u who='#a'><w>so</w><w>it</w><pc>,</pc><w>is</w></u>", [("a", "so it, is", None, None)],
    ),
    "a word with parts": ("<u who='a'>he <w><w>did</w></w> it</u>", [("a", "he did it", None, None)]),
    "white space in the middle of a word stays out": (
        "<u who='#a'>un<emph>believ</emph>able\n   yes</u>", [("a", "unbelievable yes", None, None)],
    ),
    "a line break in a word": ("<u who='#a'>un<lb break='no'/>able<lb/>yes</u>", [("a", "unable yes", None, None)]),
    "notes in an utterance": ("<u who='#a'>yes <note>[nods]</note> no</u>", [("a", "yes [nods] no", None, None)]),
    "the name above": (
        "<note type='speaker'>THE CHAIR:</note><u>Yes.</u>", [("THE CHAIR", "Yes.", None, None)],
    ),
    "blocks with times": (
        "<timeline><when xml:id='x' absolute='10:00:00'/><when xml:id='y' absolute='10:00:07.5'/></timeline>"
        "<annotationBlock who='#a' start='#x' end='#y'><u who='#a'>yes</u><spanGrp><span>n</span></spanGrp>"
        "</annotationBlock>",
        [("a", "yes", 0, 7.5)],
    ),
    "clocks on the parts": (
        "<u who='#a'><seg begin='00:00:01.5' end='00:00:02'>a</seg><seg begin='00:00:02' end='00:00:04'>b</seg></u>",
        [("a", "a\nb", 1.5, 4)],
    ),
    "a play": (
        "<sp who='#h'><speaker>Ham.</speaker><l>To be</l><stage>aside</stage><l>or not</l></sp>"
        "<sp><speaker>Oph.</speaker><p>My lord.</p></sp>",
        [("h", "To be\n(aside)\nor not", None, None), ("Oph", "My lord.", None, None)],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_utterances(name, read):
    body, expected = CASES[name]
    assert timed(read("a.xml", tei(body))[0]) == expected


def test_one_speaker_twice_is_two_turns_where_something_stands_between(read):
    transcript, _, _ = read("a.xml", tei("<u who='#a'>a</u><note>Present 76.</note><u who='#a'>b</u>"))
    assert timed(transcript) == [("a", "a", None, None), ("a", "b", None, None)]
    assert transcript.text == "a\nPresent 76.\nb"


REFUSALS = {
    "no speech": (
        tei("<p>A letter.</p>"),
        "talk.xml: it is TEI without speech (no <u> and no <sp>). Give a transcript, or save its text as .docx or .txt.",
    ),
    "no words": (tei("<u who='#a'><pause/></u>"), "talk.xml: its utterances hold no words. Give the document with the transcript."),
    "two documents": (
        f"<teiCorpus>{tei('<u>a</u>')}{tei('<u>b</u>')}</teiCorpus>",
        "talk.xml: it holds 2 documents with speech, and a transcript is one. Save one file for each.",
    ),
    "cut off": (
        tei("<u>a</u>")[:-20],
        "talk.xml: its XML is broken or cut off. Validate it in an XML editor, or save it anew where it was made.",
    ),
    "an unknown sign": (
        "<!DOCTYPE TEI SYSTEM 'tei.dtd'>" + tei("<u>a &nowhere; b</u>"),
        "talk.xml: 1 sign in it (such as &eacute;) can only be told with a grammar that lies elsewhere, which is not "
        "fetched. Save it anew with all letters written out (UTF-8).",
    ),
    "declarations": (
        "<!DOCTYPE TEI [<!ENTITY a 'b'>]>" + tei("<u>&a;</u>"),
        "talk.xml: it declares a document type of its own, which transcripts never do; it was not opened.",
    ),
    "another XML": (
        "<?xml version='1.0'?><letters><u>a</u></letters>",
        "talk.xml: this is an XML file, which is not read. Export the transcript as .docx, .txt, .vtt or .srt.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSALS)
def test_refusals(name, read):
    content, message = REFUSALS[name]
    with pytest.raises(ReadError) as caught:
        read("talk.xml", content)
    assert str(caught.value) == message


def test_the_title_of_a_real_file(shared):
    path = shared / "samples" / "transcripts" / "tei" / "Parla-CLARIN-Exemplar.xml"
    assert read_transcript(path).title == "The parliament of the Republic of Slovenia"
