"""Word documents: runs, tables, Teams, tracked changes, what is left out, and what is refused."""

from __future__ import annotations

import io
import zipfile

import docx
import docx.enum.style
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from qualcode.errors import ReadError
from qualcode.readers import read_with_notes

W = nsdecls("w")


def timed(transcript):
    return [(t.speaker, transcript.text_of(t), t.begins, t.ends) for t in transcript.turns]


@pytest.fixture
def word(tmp_path):
    """Save a document; read it."""

    def read(document, **options):
        path = tmp_path / "talk.docx"
        document.save(path)
        return read_with_notes(path, **options)

    return read


def paragraphs(*texts):
    """A document whose runs are given as "bold|plain|..." with ** around what is bold."""
    document = docx.Document()
    for text in texts:
        paragraph = document.add_paragraph()
        for number, part in enumerate(text.split("**")):
            if part:
                paragraph.add_run(part).bold = bool(number % 2)
    return document


def body(*xml):
    document = docx.Document()
    for each in reversed(xml):
        document.element.body.insert(0, parse_xml(each))
    return document


DOCUMENTS = {
    "plain labels": (["Ana: Why?", "Ben: Because.", "Really."], [("Ana", "Why?"), ("Ben", "Because.\nReally.")]),
    "bold labels": (["**Ana: **Why?", "**Ben:** Because.", "Really."], [("Ana", "Why?"), ("Ben", "Because.\nReally.")]),
    "bold name, plain colon": (["**Ana**: Why?", "**Ben**: No.", "**Ana**: Oh."],
                               [("Ana", "Why?"), ("Ben", "No."), ("Ana", "Oh.")]),
    "label split over runs": (["**A****na**** L****ima:** Why?", "**Ben**:** ** No.", "**Ana Lima:** x"],
                              [("Ana Lima", "Why?"), ("Ben", "No."), ("Ana Lima", "x")]),
    "bold without a colon": (
        ["**Ana** so why is that?", "**Ben** because it is.", "**Ana** oh I see.", "**Ben** and it was **very** bad."],
        [("Ana", "so why is that?"), ("Ben", "because it is."), ("Ana", "oh I see."), ("Ben", "and it was very bad.")],
    ),
    "bold name on its own line": (
        ["**Ana Lima**", "Why?", "**Ben**", "Because.", "Really.", "**Ana Lima**", "Oh.", "**Ben**", "Yes."],
        [("Ana Lima", "Why?"), ("Ben", "Because.\nReally."), ("Ana Lima", "Oh."), ("Ben", "Yes.")],
    ),
    "questions in bold": (
        ["**Ana: Why is that?**", "Ben: Because.", "**Ana: Really?**", "Ben: Yes."],
        [("Ana", "Why is that?"), ("Ben", "Because."), ("Ana", "Really?"), ("Ben", "Yes.")],
    ),
    "tabs": (["INT\tWhy?", "P1\tBecause.", "INT\tOh.", "P1\tYes."],
             [("INT", "Why?"), ("P1", "Because."), ("INT", "Oh."), ("P1", "Yes.")]),
    "soft breaks": (["Ana: Why?\nBen: Because.\nAna: Oh."], [("Ana", "Why?"), ("Ben", "Because."), ("Ana", "Oh.")]),
    "a header": (["Interview 4", "Date: 12 May", "Interviewer: Ana Lima", "", "Interviewer: Why is it so?", "P4: Because."],
                 [("Interviewer", "Why is it so?"), ("P4", "Because.")]),
}  # fmt: skip


@pytest.mark.parametrize("name", DOCUMENTS)
def test_paragraphs(name, word):
    texts, expected = DOCUMENTS[name]
    transcript, _, format = word(paragraphs(*texts))
    assert format == "docx"
    assert [(t.speaker, transcript.text_of(t)) for t in transcript.turns] == expected
    assert transcript.text == "\n".join(texts).replace("**", "")


def test_teams(word):
    document = docx.Document()
    document.add_paragraph("Talk-20260615-Meeting Transcript")
    document.add_paragraph("Ana Lima started transcription")
    for name, time, words in [
        ("Ben Ode", "0:03", "So I"),
        ("Ana Lima", "0:05", "Yes.\nBut."),
        ("Ben Ode", "1:00:19", "Ok."),
    ]:
        paragraph = document.add_paragraph()
        paragraph.add_run(name).bold = True
        paragraph.add_run(f"   {time}\n{words}")
    document.add_paragraph("Ana Lima stopped transcription")
    transcript, _, _ = word(document)
    assert timed(transcript) == [
        ("Ben Ode", "So I", 3, None), ("Ana Lima", "Yes.\nBut.", 5, None), ("Ben Ode", "Ok.", 3619, None),
    ]  # fmt: skip


def test_teams_in_its_first_shape(word):
    document = paragraphs(
        "0:0:5.100 --> 0:0:8.250", "Ana Lima", "Hello.", "0:0:9.0 --> 0:0:12.0", "Ben", "Yeah.", "So."
    )
    transcript, _, _ = word(document)
    assert timed(transcript) == [("Ana Lima", "Hello.", 5.1, 8.25), ("Ben", "Yeah.\nSo.", 9, 12)]


def table(document, rows):
    grid = document.add_table(rows=len(rows), cols=len(rows[0]))
    for row, cells in zip(grid.rows, rows, strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    return grid


def test_the_table_that_is_the_transcript(word, tmp_path):
    document = docx.Document()
    document.add_paragraph("Interview 3")
    table(document, [["Name", "Age"], ["Ana", "31"], ["Ben", "40"]])
    document.add_paragraph("Transcript")
    table(
        document,
        [["Time", "Speaker", "", "Transcription"],
         ["0:00:01.5", "Ana", "", "Why is it that you do this?"],
         ["0:00:09", "Ben", "", "Because we have to. 👩‍🔬"],
         ["", "", "", "And we like it."]],
    )  # fmt: skip
    transcript, notes, _ = word(document)
    assert timed(transcript) == [
        ("Ana", "Why is it that you do this?", 1.5, None),
        ("Ben", "Because we have to. 👩‍🔬\n\t\t\tAnd we like it.", 9, None),
    ]
    assert transcript.text.startswith(
        "Interview 3\nName\tAge\nAna\t31\nBen\t40\nTranscript\nTime\tSpeaker\t\tTranscription\n"
    )
    assert [str(note) for note in notes if note.kind != "dropped"] == [
        "guessed: The transcript is a table of 3 rows.",
        "guessed: Columns by their headings: text = 'Transcription', speaker = 'Speaker', start = 'Time'.",
        "guessed: Rows without a speaker went on with the turn above (row 4).",
        "kept: A table that seems to describe participants (3 rows: name, age), outside all turns. Check that nobody "
        f"can be recognised by it; project.add_cases('{tmp_path / 'talk.docx'}', preview=True) shows what its facts would "
        "become as attributes of cases.",
    ]


def test_what_a_table_holds_beside_the_talk_is_told_and_stays_in_the_text(word):
    document = docx.Document()
    table(
        document,
        [["A study", "", "", "", ""],
         ["Time", "Speaker", "", "Text", "Notes"],
         ["0:00:01", "Ana", "", "Why is it that you do this?", ""],
         ["0:00:05", "Ben", "", "", ""],
         ["soon", "Ben", "loud", "Because we have to.", "shrugs"]],
    )  # fmt: skip
    transcript, notes, _ = word(document)
    assert timed(transcript) == [
        ("Ana", "Why is it that you do this?", 1, None), ("Ben", "Because we have to.", None, None),
    ]  # fmt: skip
    assert [str(note) for note in notes if "as talk" in note.message] == [
        "kept: 1 column not read as talk, but in the text: Notes.",
        "kept: 1 row above the first turn (row 1) not read as talk, but in the text.",
        "kept: 1 row without words (row 4) not read as talk, but in the text.",
        "kept: Cells under no heading in 1 row (row 5) not read as talk, but in the text.",
        "kept: Unreadable times in 1 row (row 5) not read as talk, but in the text.",
    ]
    assert "loud\tBecause we have to.\tshrugs" in transcript.text


def test_a_call_that_a_note_proposes_names_no_file_where_pseudonyms_are_given(word):
    document = paragraphs("INT: Why?", "P1: Because.")
    table(document, [["Age", "31"], ["Gender", "female"]])
    _, notes, _ = word(document, pseudonyms={"Maria": "P1"})
    assert any("project.add_cases(path, preview=True)" in note.message for note in notes)
    assert not any("talk" in note.message for note in notes if "add_cases" in note.message)


def test_a_table_without_known_headings(word):
    document = docx.Document()
    table(document, [["Vem", "Vad"], ["Ana:", "Varför tror du det här?"], ["Ben:", "För att det är så."],
                     ["Ana:", "Jaha, det visste jag inte."], ["Ben:", "Nej, det vet ingen."]])  # fmt: skip
    transcript, _, _ = word(document)
    assert [turn.speaker for turn in transcript.turns] == ["Ana", "Ben", "Ana", "Ben"]
    assert transcript.text_of(transcript.turns[0]) == "Varför tror du det här?"


def test_a_table_of_demographics_is_not_the_transcript(word):
    document = docx.Document()
    table(
        document,
        [["Participant", "Notes"], ["P1", "works as an engineer in a team"], ["P2", "leads a group"]],
    )
    document.add_paragraph("INT: Why is it so, what do you think about this whole thing?")
    document.add_paragraph("P1: Because it has always been like that here, as far as I know.")
    transcript, _, _ = word(document)
    assert [turn.speaker for turn in transcript.turns] == ["INT", "P1"]


def test_tracked_changes_count_as_accepted(word):
    document = body(
        f'<w:p {W}><w:r><w:t xml:space="preserve">Ana: I </w:t></w:r>'
        '<w:del w:id="1" w:author="Eve"><w:r><w:delText>never</w:delText></w:r></w:del>'
        '<w:ins w:id="2" w:author="Eve"><w:r><w:t>always</w:t></w:r></w:ins>'
        '<w:r><w:t xml:space="preserve"> say so.</w:t></w:r></w:p>',
        f"<w:p {W}><w:r><w:t>Ben: Oh.</w:t></w:r></w:p>",
    )
    transcript, notes, _ = word(document)
    assert transcript.text.startswith("Ana: I always say so.\nBen: Oh.")
    assert {"dropped: 1 tracked deletion.", "changed: 1 tracked insertion accepted as text."} <= {
        str(n) for n in notes
    }
    assert not any("Eve" in note.message for note in notes)


def test_a_deleted_paragraph_mark_joins(word):
    document = body(
        f'<w:p {W}><w:pPr><w:rPr><w:del w:id="1"/></w:rPr></w:pPr><w:r><w:t>Ana: I al</w:t></w:r></w:p>',
        f"<w:p {W}><w:r><w:t>ways do.</w:t></w:r></w:p>",
    )
    transcript, _, _ = word(document)
    assert transcript.text.startswith("Ana: I always do.")


def test_links_controls_fields_signs_and_hidden_words(word):
    document = body(
        f"<w:sdt {W}><w:sdtContent><w:p><w:r><w:t>Ana: </w:t></w:r><w:hyperlink><w:r><w:t>see this</w:t></w:r>"
        "</w:hyperlink><w:r><w:tab/><w:t>a</w:t><w:noBreakHyphen/><w:t>b</w:t><w:br/><w:t>c</w:t></w:r></w:p>"
        "</w:sdtContent></w:sdt>",
        f'<w:p {W}><w:r><w:t xml:space="preserve">Ben: </w:t></w:r><w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        '<w:r><w:instrText>PAGE</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        '<w:r><w:t>4</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>secret</w:t></w:r>"
        '<w:r><w:footnoteReference w:id="2"/></w:r><w:r><w:sym w:font="Symbol" w:char="2122"/></w:r></w:p>',
    )
    transcript, notes, _ = word(document)
    assert transcript.text.rstrip() == "Ana: see this\ta\u2011b\nc\nBen: 4\u2122"
    assert {"dropped: 1 hidden stretch.", "dropped: 1 footnote."} <= {str(note) for note in notes}


def test_bold_by_a_character_style(word):
    document = docx.Document()
    for name, words in [
        ("Ana", "so why is that?"),
        ("Ben", "because it is."),
        ("Ana", "oh."),
        ("Ben", "yes it is."),
    ]:
        paragraph = document.add_paragraph()
        paragraph.add_run(name, style="Strong")
        paragraph.add_run(" " + words)
    transcript, _, _ = word(document)
    assert [turn.speaker for turn in transcript.turns] == ["Ana", "Ben", "Ana", "Ben"]


def test_what_identifies_people_is_counted_and_dropped(word):
    document = paragraphs("Ana: Why?", "Ben: Because.")
    document.core_properties.author = "Ursula Realname"
    document.add_comment(
        document.paragraphs[0].runs, text="ask again", author="Ursula Realname", initials="UR"
    )
    document.sections[0].header.paragraphs[0].text = "Confidential"
    transcript, notes, _ = word(document)
    assert {str(note) for note in notes} >= {
        "dropped: 1 comment by 1 author.",
        "dropped: 1 page header or footer.",
        "dropped: The properties of the document (author, last editor, dates, title).",
    }
    everything = transcript.text + transcript.title + "".join(str(note) for note in notes)
    assert "Realname" not in everything
    assert "ask again" not in everything


def test_footnotes_and_text_boxes_are_kept_below_the_text(read):
    box = (
        '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        "<mc:Choice><w:drawing><w:txbxContent><w:p><w:r><w:t>Ben: in a box</w:t></w:r></w:p></w:txbxContent>"
        "</w:drawing></mc:Choice><mc:Fallback><w:pict><w:txbxContent><w:p><w:r><w:t>Ben: in a box</w:t></w:r></w:p>"
        "</w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent>"
    )
    main = (
        f'<w:document {W}><w:body><w:p><w:r><w:t>Ana: Why</w:t></w:r><w:r><w:endnoteReference w:id="3"/></w:r>'
        '<w:r><w:footnoteReference w:id="2"/><w:t>?</w:t></w:r></w:p>'
        f"<w:p><w:r><w:t>Ben: Because.</w:t>{box}</w:r></w:p></w:body></w:document>"
    )
    notes = (
        '<w:{0}s {1}><w:{0} w:id="{2}"><w:p><w:r><w:{0}Ref/></w:r><w:r><w:t xml:space="preserve"> Ana: of {0}</w:t>'
        "</w:r></w:p></w:{0}></w:{0}s>"
    )
    transcript, found, _ = read(
        "talk.docx",
        archive({
            "word/document.xml": main, "word/footnotes.xml": notes.format("footnote", W, 2),
            "word/endnotes.xml": notes.format("endnote", W, 3),
        }),
    )  # fmt: skip
    assert transcript.text == "Ana: Why?\nBen: Because.\n\nAna: of endnote\nAna: of footnote\nBen: in a box"
    assert timed(transcript) == [("Ana", "Why?", None, None), ("Ben", "Because.", None, None)]
    assert "kept: 3 footnotes and text boxes, below the text, outside all turns." in map(str, found)


def test_paragraph_styles_name_speakers(word):
    document = docx.Document()
    for name in ("Interviewer", "Respondent"):
        document.styles.add_style(name, docx.enum.style.WD_STYLE_TYPE.PARAGRAPH)
    for style, words in [
        ("Interviewer", "Why?"),
        ("Respondent", "Because."),
        ("Respondent", "Really."),
        ("Interviewer", "Oh."),
    ]:
        document.add_paragraph(words, style=style)
    transcript, notes, _ = word(document)
    assert timed(transcript) == [
        ("Interviewer", "Why?", None, None), ("Respondent", "Because.\nReally.", None, None), ("Interviewer", "Oh.", None, None),
    ]  # fmt: skip
    assert (
        "guessed: Speakers by the styles of the paragraphs: Interviewer (2 turns), Respondent (1 turn)."
        in map(str, notes)
    )


def test_a_heading_ends_no_turn_but_is_not_said(word):
    document = docx.Document()
    document.add_heading("Talk with P1", 0)
    document.add_paragraph("INT: Why?")
    document.add_paragraph("P1: Because.")
    document.add_heading("Collaboration", 2)
    document.add_paragraph("INT: And?")
    transcript, _, _ = word(document)
    assert [transcript.text_of(turn) for turn in transcript.turns] == ["Why?", "Because.", "And?"]


def test_a_table_of_participants_ends_the_turn_and_is_told(word):
    document = paragraphs("INT: Why?", "P1: Because.")
    table(document, [["Participant Ana Lima", "P1"], ["Age", "31"], ["Gender", "female"]])
    transcript, notes, _ = word(document)
    assert [transcript.text_of(turn) for turn in transcript.turns] == ["Why?", "Because."]
    assert "Gender\tfemale" in transcript.text
    assert any(
        "seems to describe participants (3 rows: participant, age, gender)" in n.message for n in notes
    )


def test_lists_embedded_documents_and_custom_data_are_counted(read):
    main = (
        f"<w:document {W}><w:body><w:p><w:pPr><w:numPr><w:ilvl w:val='0'/><w:numId w:val='1'/></w:numPr></w:pPr>"
        "<w:r><w:t>Ana: Why?</w:t></w:r></w:p><w:altChunk/><w:p><w:moveFrom><w:r><w:t>gone</w:t></w:r></w:moveFrom>"
        "<w:moveTo><w:r><w:t>Ben: here</w:t></w:r></w:moveTo></w:p></w:body></w:document>"
    )
    comments = (
        f"<w:comments {W}>"
        + "".join(f'<w:comment w:author="Eve{n // 2}"/>' for n in range(3))
        + "</w:comments>"
    )
    transcript, notes, _ = read(
        "talk.docx",
        archive({
            "word/document.xml": main, "word/comments.xml": comments, "customXml/item1.xml": "<secret/>",
            "docProps/custom.xml": "<Properties><property name='Eve'/></Properties>",
        }),
    )  # fmt: skip
    assert timed(transcript) == [("Ana", "Why?", None, None), ("Ben", "here", None, None)]
    assert [str(note) for note in notes if note.kind in ("dropped", "changed")] == [
        "dropped: 3 comments by 2 authors.",
        "dropped: 2 pieces of data of other programs (custom XML).",
        "dropped: 1 tracked deletion.",
        "changed: 1 tracked insertion accepted as text.",
        "dropped: 1 automatic number or bullet of a list.",
        "dropped: 1 embedded document.",
    ]


def test_words_hidden_by_a_style(word):
    document = paragraphs("Ana: Why?", "Ben: Because.")
    style = document.styles.add_style("Away", docx.enum.style.WD_STYLE_TYPE.CHARACTER)
    style.font.hidden = True
    document.paragraphs[1].add_run(" secret", style="Away")
    transcript, notes, _ = word(document)
    assert transcript.text == "Ana: Why?\nBen: Because."
    assert "dropped: 1 hidden stretch." in map(str, notes)


def archive(parts):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return buffer.getvalue()


def saved(document):
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


MAIN = f"<w:document {W}><w:body><w:p><w:r><w:t>Ana: a</w:t></w:r></w:p></w:body></w:document>"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600

BROKEN = {
    "empty": (b"", "talk.docx: the file is empty (0 bytes). Export or copy it again."),
    "cut off": (
        saved(paragraphs("Ana: Why?"))[:9000],
        "talk.docx: it begins like a Word file (.docx), but is broken or cut off. Copy it again, or open it in its "
        "program and save it anew.",
    ),
    "an old .doc": (
        OLE,
        "talk.docx: this is an old Office file (.doc, .xls), or one protected by a password, which is not read. Open "
        "it in Word or Excel and save it as .docx or .xlsx, without a password.",
    ),
    "a password": (
        OLE + "EncryptedPackage".encode("utf-16-le"),
        "talk.docx: this is protected by a password, which is not read. Remove the password in Word or Excel and save "
        "it again.",
    ),
    "no words": (
        saved(docx.Document()),
        "talk.docx: it holds no words (perhaps only pictures). Give the document with the transcript.",
    ),
    "no body": (
        archive({"word/document.xml": f"<w:document {W}/>"}),
        "talk.docx: it is a Word file (.docx) without a text. Open it in Word and save it anew.",
    ),
    "broken XML": (
        archive({"word/document.xml": MAIN[:-30]}),
        "talk.docx: its part word/document.xml is broken. Open it in Word and save it anew.",
    ),
    "an entity bomb": (
        archive({"word/document.xml": '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
                 + MAIN.replace("Ana", "&b;")}),
        "talk.docx: it holds a document type, which Word never writes; it was not opened.",
    ),
    "a file from outside": (
        archive({"word/document.xml": '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
                 + MAIN.replace("Ana", "&a;")}),
        "talk.docx: it holds a document type, which Word never writes; it was not opened.",
    ),
    "a zip bomb": (
        archive({"word/document.xml": MAIN, "word/media/a.bin": b"\x00" * (8 * 1024 * 1024)}),
        "talk.docx: a part of it would grow to many times its size (a zip bomb); it was not opened.",
    ),
    "too many parts": (
        archive({"word/document.xml": MAIN, **{f"word/{n}": "" for n in range(10_001)}}),
        "talk.docx: it holds 10,002 parts, which a Word file (.docx) never does; it was not opened.",
    ),
    "a Word file in a zip": (
        archive({"talk.txt": "a"}),
        "talk.docx: this is a zip archive, which is not read. Unpack it and give the transcripts in it.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_refusals(name, write):
    content, message = BROKEN[name]
    with pytest.raises(ReadError) as caught:
        read_with_notes(write("talk.docx", content))
    assert str(caught.value) == message


def test_a_small_archive_of_our_own_is_read(read):
    transcript, _, _ = read("talk.docx", archive({"word/document.xml": MAIN}))
    assert timed(transcript) == [("Ana", "a", None, None)]


def test_the_main_part_may_have_another_name(read):
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a" '
        'Type="http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument" Target="/word/document22.xml"/>'
        "</Relationships>"
    )
    strict = MAIN.replace(
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "http://purl.oclc.org/ooxml/wordprocessingml/main",
    )
    transcript, _, _ = read("talk.docx", archive({"_rels/.rels": relations, "word/document22.xml": strict}))
    assert timed(transcript) == [("Ana", "a", None, None)]


def test_an_encrypted_zip(read):
    content = bytearray(archive({"word/document.xml": MAIN}))
    at = content.index(b"PK\x01\x02")
    content[at + 8] |= 1
    with pytest.raises(ReadError) as caught:
        read("talk.docx", bytes(content))
    assert (
        str(caught.value)
        == "talk.docx: it is protected by a password. Remove the password and save it again."
    )


def test_the_rows_of_a_real_document_whose_transcript_is_one_of_seven_tables(shared):
    path = shared / "samples/transcripts/docx/aws_example-call.docx"
    transcript, _, _ = read_with_notes(path)
    tables = docx.Document(str(path)).tables
    (table,) = [each for each in tables if each.rows[0].cells[-1].text == "Transcription"]
    assert all(turn.begins is not None and turn.ends is not None for turn in transcript.turns)
    assert [transcript.text_of(turn) for turn in transcript.turns] == [
        row.cells[-1].text.strip() for row in table.rows[1:]
    ]
