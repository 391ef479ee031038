r"""Rich text: code pages, \u, groups, tables, f4's times, what is left out, what is refused."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qualcode.errors import ReadError
from qualcode.readers._rtf_body import TooMuch, read_rtf


def rtf(body: str | bytes, head: str = r"\ansi\ansicpg1252") -> bytes:
    body = body if isinstance(body, bytes) else body.encode("latin-1")
    return b"{\\rtf1" + head.encode() + b" " + body + b"}"


TEXTS = {
    "code page": (rtf(rb"Gr\'f6\'dfe\par"), "Größe"),
    "code page 1251": (rtf(rb"\'c0\'ed\'ed\'e0", r"\ansi\ansicpg1251"), "Анна"),
    "mac": (rtf(rb"Gr\'9a\'a7e", r"\mac"), "Größe"),
    "raw bytes": (rtf("Größe".encode("cp1252")), "Größe"),
    "charset of the font": (rtf(rb"{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset204 Arial Cyr;}}\f0 caf\'e9 {\f1 \'c0\'ed\'ed\'e0}"), "café Анна"),
    "two bytes a letter": (rtf(rb"{\fonttbl{\f0\fcharset128 MS Gothic;}}\f0 \'83A\'83\'69"), "アナ"),
    "hebrew font": (rtf(rb"{\fonttbl{\f0\fcharset177 David;}}\f0\rtlch \'f9\'ec\'e5\'ed"), "שלום"),
    "unicode with a substitute": (rtf(r"\u1040?\u1085\'3f\u-10179?\u-8704? x"), "\u0410\u043d\U0001f600 x"),
    "unicode without substitutes": (rtf(r"\uc0\u1040\u1085 x"), "\u0410\u043dx"),
    "two bytes of substitute": (rtf(rb"\uc2\u26085\'93\'fa\uc1 !"), "\u65e5!"),
    "half a letter": (rtf(r"a\u-10187?b"), "a\ufffdb"),
    "signs": (rtf(r"\ldblquote a\rdblquote\~b\_c\-d\emdash e\{\}\\"), "\u201ca\u201d\xa0b\u2011cd\u2014e{}\\"),
    "line ends of TextEdit": (rtf("A\\\nB\\\r\nC\\\n"), "A\nB\nC"),
    "line ends of the file mean nothing": (rtf("A\r\nB\nC"), "ABC"),
    "links": (rtf(r'{\field{\*\fldinst HYPERLINK "http://a"}{\fldrslt see this}}'), "see this"),
    "unknown groups": (rtf(r"{\*\secret hidden}{\*\bkmkstart x}a{\info{\author Eve}{\title T}}b"), "ab"),
    "both writings": (rtf(r"{\upr{ansi}{\*\ud{\u1040?}}}"), "\u0410"),
    "a picture of raw bytes": (rtf(b"a{\\pict\\bin7 }{\\}}}{}b"), "ab"),
    "bad escapes": (rtf(rb"a\'zzb\'"), "azzb"),
    "symbols": (rtf(rb"{\fonttbl{\f3\fcharset2 Symbol;}}{\f3 \'b7} a {\u-3913?}"), "\u2022 a \ufffd"),
    "after the end": (rtf("a") + b"\x00 rubbish {", "a"),
}  # fmt: skip


@pytest.mark.parametrize("name", TEXTS)
def test_text(name):
    content, expected = TEXTS[name]
    assert read_rtf(content).page.text == expected


def test_f4(read):
    body = r"I: Why? #00:00:05-1#\par B: Because it is\'85 #00:00:09-3#\par {\b I:} And then? #00:00:12-0#\par B: Nothing. #00:00:15-5#\par"
    transcript, _, format = read("talk.rtf", rtf(body))
    assert format == "rtf"
    assert [(t.speaker, transcript.text_of(t), t.begins, t.ends) for t in transcript.turns] == [
        ("I", "Why?", None, 5.1), ("B", "Because it is…", 5.1, 9.3), ("I", "And then?", 9.3, 12.0), ("B", "Nothing.", 12.0, 15.5),
    ]  # fmt: skip
    assert transcript.roles == {"I": "interviewer", "B": "participant"}


def test_bold_names(read, said):
    body = r"{\b Ana} so why is that?\par\b Ben\b0  because it is.\par{\b Ana}  oh I see.\par{\b Be}{\b n} and it was {\b very} bad."
    transcript, _, _ = read("talk.rtf", rtf(body))
    assert said(transcript) == [
        ("Ana", "so why is that?"), ("Ben", "because it is."), ("Ana", "oh I see."), ("Ben", "and it was very bad."),
    ]  # fmt: skip


def test_a_table_is_the_transcript(read, said):
    def row(*cells: str) -> str:
        return (
            r"\trowd\cellx1000\cellx2000\pard\intbl " + "".join(rf"{cell}\cell " for cell in cells) + r"\row "
        )

    body = (
        "Interview 3\\par "
        + row("Speaker", "Text")
        + row("Ana", r"Why is it so?\par Tell me.")
        + row("Ben", "Because.")
        + r"\pard The end.\par"
    )
    transcript, _, _ = read("talk.rtf", rtf(body))
    assert (
        transcript.text == "Interview 3\nSpeaker\tText\nAna\tWhy is it so?\nTell me.\nBen\tBecause.\nThe end."
    )
    assert said(transcript) == [("Ana", "Why is it so?\nTell me."), ("Ben", "Because.")]


def test_styles_headings_notes_comments_and_changes(read, said):
    body = (
        r"{\stylesheet{\s0 Normal;}{\s3\b heading 1;}{\*\cs4 Strong;}}{\info{\author Eve}}{\header Confidential Eve}"
        r"\pard\s3 Talk\par\pard\plain INT: Why{\super\chftn{\footnote\chftn  P1: a note}}?\par P1: I {\deleted never }{\revised always} say"
        r"{\v secret} so.{\*\atnid E}{\*\atnauthor Eve}\chatn{\*\annotation ask again}\par"
        r"{\shp{\*\shpinst{\sp{\sn x}{\sv y}}{\shptxt in a box\par}}{\shprslt{\*\do in a box}}}{\pict 00}\par"
        r"{\listtext 1.\tab}INT: Oh.\par"
    )
    transcript, notes, _ = read("talk.rtf", rtf(body))
    assert said(transcript) == [("INT", "Why?"), ("P1", "I always say so."), ("INT", "Oh.")]
    assert transcript.text == "Talk\nINT: Why?\nP1: I always say so.\n\nINT: Oh.\n\nP1: a note\nin a box"
    assert [str(note) for note in notes if note.kind != "guessed"] == [
        "dropped: 1 comment by 1 author.",
        "dropped: The properties of the document (author, last editor, dates, title).",
        "dropped: 1 tracked deletion.",
        "changed: 1 tracked insertion accepted as text.",
        "dropped: 1 hidden stretch.",
        "dropped: 1 picture.",
        "dropped: 1 automatic number or bullet of a list.",
        "dropped: 1 page header or footer.",
        "kept: 2 footnotes and text boxes, below the text, outside all turns.",
    ]
    assert not any("Eve" in note.message for note in notes)


def test_a_file_that_is_cut_off_is_told(read):
    _, notes, _ = read("talk.rtf", rtf(r"Ana: Why?\par {\b Ben: Bec")[:-1])
    assert (
        "kept: The file ends before it is closed; what is there was read. Check that the end is not missing."
        in map(str, notes)
    )


def test_refusals(read):
    for body, message in [
        ("", "talk.rtf: it holds no words (perhaps only pictures). Give the document with the transcript."),
        (
            "{" * 6000,
            "talk.rtf: it has more groups, or deeper ones, than any program writes. Open it and save it as .docx.",
        ),
    ]:
        with pytest.raises(ReadError) as caught:
            read("talk.rtf", rtf(body))
        assert str(caught.value) == message


SEED = TEXTS["charset of the font"][0] + rtf(
    r"{\b I:} Why? #00:00:05-1#\par \trowd\intbl a\cell b\cell\row \u1040? {\footnote x}"
)


@settings(max_examples=200, deadline=1000)
@given(st.lists(st.tuples(st.integers(0, len(SEED)), st.integers(0, 9), st.binary(max_size=6)), max_size=6))
def test_mutated_files_are_walked(changes):
    content = SEED
    for at, length, new in changes:
        content = content[:at] + new + content[at + length :]
    page = read_rtf(b"{\\rtf1" + content).page
    assert not re.search("[\ud800-\udfff\r]", page.text)
    for table in page.tables:
        for row in table:
            for cell in row:
                assert page.text[cell.start : cell.start + len(cell.text)] == cell.text


def test_depth_is_bounded():
    with pytest.raises(TooMuch):
        read_rtf(b"{" * 10_000)


def test_long_files_take_linear_time():
    row = rb"\trowd\pard\intbl Ana\cell why is it so?\cell\row "
    assert len(read_rtf(rtf(row * 8000)).page.tables[0]) == 8000
