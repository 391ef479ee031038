"""OpenDocument texts: paragraphs, tables, notes, frames, tracked changes, what is left out, what is refused."""

from __future__ import annotations

import io
import zipfile

import pytest

from qualcode.errors import ReadError
from qualcode.readers import read_with_notes

NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{kind}:1.0"'
    for name, kind in [
        ("office", "office"), ("text", "text"), ("table", "table"), ("style", "style"), ("draw", "drawing"), ("meta", "meta"),
        ("fo", "xsl-fo-compatible"), ("manifest", "manifest"),
    ]
) + ' xmlns:dc="http://purl.org/dc/elements/1.1/"'  # fmt: skip
STYLES = (
    "<office:automatic-styles>"
    '<style:style style:name="B" style:family="text"><style:text-properties fo:font-weight="bold"/></style:style>'
    '<style:style style:name="BB" style:family="text" style:parent-style-name="B"/>'
    '<style:style style:name="H" style:family="text"><style:text-properties text:display="none"/></style:style>'
    '<style:style style:name="P1" style:family="paragraph" style:parent-style-name="Interviewer"/>'
    '<style:style style:name="P2" style:family="paragraph" style:parent-style-name="Respondent"/>'
    "</office:automatic-styles>"
)
MIME = "application/vnd.oasis.opendocument.text"


def content(body: str) -> str:
    return f"<office:document-content {NAMES}>{STYLES}<office:body><office:text>{body}</office:text></office:body></office:document-content>"


def odt(body: str, **parts: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", MIME, zipfile.ZIP_STORED)
        archive.writestr("content.xml", content(body))
        for name, part in parts.items():
            archive.writestr(name.replace("__", "/") + ".xml", part)
    return buffer.getvalue()


def p(words: str, style: str = "Standard") -> str:
    return f'<text:p text:style-name="{style}">{words}</text:p>'


SHAPES = {
    "plain labels": (p("Ana: Why?") + p("Ben: Because.") + p("Really."), [("Ana", "Why?"), ("Ben", "Because.\nReally.")]),
    "bold labels": (
        p('<text:span text:style-name="B">Ana</text:span> so why is that?')
        + p('<text:span text:style-name="BB">Ben</text:span> because it is.')
        + p('<text:span text:style-name="B">Ana</text:span> oh I see.')
        + p('<text:span text:style-name="B">Be</text:span><text:span text:style-name="BB">n</text:span> and it was bad.'),
        [("Ana", "so why is that?"), ("Ben", "because it is."), ("Ana", "oh I see."), ("Ben", "and it was bad.")],
    ),
    "blanks, tabs, breaks": (
        p('Ana:\n   a<text:s text:c="3"/>b<text:tab/>c<text:line-break/>d ') + p("Ben: <text:s/>x"),
        [("Ana", "a   b\tc\nd"), ("Ben", "x")],
    ),
    "lists and sections": (
        "<text:section><text:list><text:list-item>" + p("Ana: Why?") + "</text:list-item></text:list></text:section>" + p("Ben: No."),
        [("Ana", "Why?"), ("Ben", "No.")],
    ),
    "headings": ('<text:h text:outline-level="1">Talk with P1</text:h>' + p("INT: Why?") + p("P1: So.") + "<text:h>Two</text:h>" + p("INT: Oh."),
                 [("INT", "Why?"), ("P1", "So."), ("INT", "Oh.")]),
    "styles": (p("Why?", "P1") + p("Because.", "P2") + p("Really.", "P2"), [("Interviewer", "Why?"), ("Respondent", "Because.\nReally.")]),
    "links and fields": (p('Ana: <text:a>see <text:span>this</text:span></text:a> on <text:date>May 1</text:date>'),
                         [("Ana", "see this on May 1")]),
}  # fmt: skip


@pytest.mark.parametrize("name", SHAPES)
def test_shapes(name, read, said):
    body, expected = SHAPES[name]
    transcript, _, format = read("talk.odt", odt(body))
    assert format == "odt"
    assert said(transcript) == expected


def test_a_table_that_is_the_transcript(read, said):
    def row(*cells: str) -> str:
        return (
            "<table:table-row>"
            + "".join(f"<table:table-cell>{p(cell)}</table:table-cell>" for cell in cells)
            + "</table:table-row>"
        )

    body = (
        "<table:table>" + row("Name", "Age") + row("Ana", "31") + "</table:table>" + p("Transcript") + "<table:table><table:table-header-rows>"
        + row("Time", "Speaker", "Text") + "</table:table-header-rows>" + row("0:05", "Ana", "Why is it so?") + row("0:09", "Ben", "Because we have to.")
        + "</table:table>"
    )  # fmt: skip
    transcript, notes, _ = read("talk.odt", odt(body))
    assert said(transcript) == [("Ana", "Why is it so?"), ("Ben", "Because we have to.")]
    assert [turn.begins for turn in transcript.turns] == [5, 9]
    assert (
        transcript.text
        == "Name\tAge\nAna\t31\nTranscript\nTime\tSpeaker\tText\n0:05\tAna\tWhy is it so?\n0:09\tBen\tBecause we have to."
    )
    assert any("seems to describe participants (2 rows: name, age)" in note.message for note in notes)


def test_tracked_changes_notes_comments_frames_and_hidden_words(read, said):
    body = (
        "<text:tracked-changes><text:changed-region><text:deletion><office:change-info><dc:creator>Eve</dc:creator></office:change-info>"
        + p("never") + "</text:deletion></text:changed-region><text:changed-region><text:insertion><office:change-info><dc:creator>Eve"
        "</dc:creator></office:change-info></text:insertion></text:changed-region></text:tracked-changes>"
        + p('Ana: I <text:change text:change-id="a"/>always<text:note text:note-class="footnote"><text:note-citation>1</text:note-citation>'
            f"<text:note-body>{p('Ben: of course')}</text:note-body></text:note> say<office:annotation><dc:creator>Eve</dc:creator>"
            f'{p("ask again")}</office:annotation> so.<text:span text:style-name="H">secret</text:span>')
        + p(f"<draw:frame><draw:text-box>{p('in a box')}</draw:text-box></draw:frame>Ben: Oh.<draw:frame><draw:image/></draw:frame>")
    )  # fmt: skip
    styles = f"<office:document-styles {NAMES}><office:master-styles><style:header>{p('Confidential Eve')}</style:header></office:master-styles></office:document-styles>"
    meta = f"<office:document-meta {NAMES}><office:meta><dc:creator>Eve</dc:creator><meta:user-defined>x</meta:user-defined></office:meta></office:document-meta>"
    transcript, notes, _ = read("talk.odt", odt(body, styles=styles, meta=meta))
    assert said(transcript) == [("Ana", "I always say so."), ("Ben", "Oh.")]
    assert transcript.text == "Ana: I always say so.\nBen: Oh.\n\nBen: of course\nin a box"
    assert [str(note) for note in notes if note.kind != "guessed"] == [
        "dropped: 1 comment by 1 author.",
        "dropped: 1 page header or footer.",
        "dropped: The properties of the document (author, last editor, dates, title).",
        "dropped: 1 property of the user's own.",
        "dropped: 1 tracked deletion.",
        "changed: 1 tracked insertion accepted as text.",
        "dropped: 1 hidden stretch.",
        "dropped: 1 picture.",
        "kept: 2 footnotes and text boxes, below the text, outside all turns.",
    ]
    assert "Eve" not in transcript.text + "".join(note.message for note in notes)


def test_a_flat_file(read, said):
    flat = f'<?xml version="1.0"?><office:document {NAMES} office:mimetype="{MIME}">{STYLES}<office:body><office:text>{p("Ana: Why?")}</office:text></office:body></office:document>'
    transcript, _, format = read("talk.fodt", flat)
    assert (format, said(transcript)) == ("odt", [("Ana", "Why?")])


BROKEN = {
    "cut off": (odt(p("Ana: Why?") * 40)[:300],
                "talk.odt: it begins like an OpenDocument text (.odt), but is broken or cut off. Copy it again, or open it in its program "
                "and save it anew."),
    "a password": (odt("", **{"META-INF__manifest": "<manifest><encryption-data/></manifest>"}),
                   "talk.odt: it is protected by a password. Save it without the password (File, Save As) and read that."),
    "no words": (odt(p(" ")), "talk.odt: it holds no words (perhaps only pictures). Give the document with the transcript."),
    "an entity": (odt(p("Ana: &x;")), "talk.odt: its part content.xml is broken. Open it in LibreOffice and save it anew."),
    "deep": (odt("<text:section>" * 5000 + "</text:section>" * 5000),
             "talk.odt: its part content.xml is broken. Open it in LibreOffice and save it anew."),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_refusals(name, write):
    file, message = BROKEN[name]
    with pytest.raises(ReadError) as caught:
        read_with_notes(write("talk.odt", file))
    assert str(caught.value) == message


def test_the_notes_and_the_comment_of_a_real_file(shared):
    _, notes, _ = read_with_notes(shared / "samples/transcripts/odt/odfdo_note.odt")
    assert {note.message for note in notes if note.kind in ("dropped", "kept")} >= {
        "1 comment by 1 author.",
        "2 footnotes and text boxes, below the text, outside all turns.",
    }
