"""What stands behind the page of a file is delivered with its words, its author and its place."""

from __future__ import annotations

import io
import itertools
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qualcode.errors import ReadError
from qualcode.readers import FileReading, Hidden, read_file
from qualcode.readers import _hidden as bounds

W = nsdecls("w")
Open = Callable[..., FileReading]


@pytest.fixture
def word(tmp_path: Path) -> Open:
    def save(document: Document, extra: dict[str, str] | None = None, **options: object) -> FileReading:
        buffer = io.BytesIO()
        document.save(buffer)
        if extra:
            with zipfile.ZipFile(buffer, "a") as archive:
                for name, content in extra.items():
                    archive.writestr(name, content)
        path = tmp_path / "talk.docx"
        path.write_bytes(buffer.getvalue())
        return read_file(path, **options)  # type: ignore[arg-type]

    return save


@pytest.fixture
def read(tmp_path: Path) -> Open:
    def save(name: str, content: bytes | str, **options: object) -> FileReading:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_file(path, **options)  # type: ignore[arg-type]

    return save


def body(*xml: str) -> Document:
    document = docx.Document()
    for each in reversed(xml):
        document.element.body.insert(0, parse_xml(each))
    return document


def of_kind(reading: FileReading, kind: str) -> list[Hidden]:
    return [each for each in reading.hidden if each.kind == kind]


def told(reading: FileReading, kind: str) -> list[tuple[str, str, str, str | None]]:
    """Return name, author, words, and the words at the place of every piece of a kind."""
    text = reading.transcript.text
    return [
        (each.name, each.author, each.value, text[each.span.start : each.span.end] if each.span else None)
        for each in of_kind(reading, kind)
    ]


# ---------------------------------------------------------------------------- Word


def test_comments_stand_on_the_words_they_were_put_to(word: Open) -> None:
    document = docx.Document()
    first = document.add_paragraph()
    for words in ("Ana: ", "Why 🙂 ", "is that?"):
        first.add_run(words)
    second = document.add_paragraph("Ben: Because.")
    grid = document.add_table(rows=1, cols=2)
    grid.cell(0, 1).text = "in a cell"
    _, why, rest = first.runs  # a comment adds runs
    document.add_comment(why, text="one\ntwo", author="Eve Stone")
    document.add_comment([rest, second.runs[0]], text="both", author="Ann")
    document.add_comment(grid.cell(0, 1).paragraphs[0].runs[0], text="cell")
    reading = word(document)
    assert told(reading, "comment") == [
        ("", "Eve Stone", "one\ntwo", "Why 🙂"),
        ("", "Ann", "both", "is that?\nBen: Because."),
        ("", "", "cell", "in a cell"),
    ]


def test_a_comment_without_words_of_its_own_stands_on_its_line_or_nowhere(word: Open) -> None:
    document = docx.Document()
    said = document.add_paragraph("Ana: Why?")
    document.add_comment(said.runs, text="here", author="Eve")
    for tag in ("w:commentRangeStart", "w:commentRangeEnd"):
        said._p.remove(said._p.find(qn(tag)))
    assert told(word(document), "comment") == [("", "Eve", "here", "Ana: Why?")]
    said._p.remove(said._p.r_lst[-1])
    assert told(word(document), "comment") == [("", "Eve", "here", None)]


def test_a_comment_that_begins_in_deleted_words_or_between_paragraphs_keeps_its_place(word: Open) -> None:
    document = body(
        f'<w:p {W}><w:del w:author="Eve"><w:commentRangeStart w:id="0"/><w:r><w:delText>Well, </w:delText></w:r></w:del>'
        '<w:r><w:t>Ana: so it is.</w:t></w:r><w:commentRangeEnd w:id="0"/></w:p>',
        f'<w:commentRangeStart {W} w:id="1"/>',
        f"<w:p {W}><w:r><w:t>Ben: no.</w:t></w:r></w:p>",
        f'<w:commentRangeEnd {W} w:id="1"/>',
        f"<w:p {W}><w:r><w:t>Ana: oh.</w:t></w:r></w:p>",
    )
    part = document.part._comments_part.element  # type: ignore[attr-defined]
    for number in range(2):
        words = f"<w:p><w:r><w:t>remark {number}</w:t></w:r></w:p>"
        part.append(parse_xml(f'<w:comment {W} w:id="{number}" w:author="Eve">{words}</w:comment>'))
    assert told(word(document), "comment") == [
        ("", "Eve", "remark 0", "Ana: so it is."),
        ("", "Eve", "remark 1", "Ben: no."),
    ]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.lists(st.text("aé🙂 ", max_size=4).map("x{}".format), min_size=1, max_size=4), min_size=1, max_size=4),
    st.data(),
)  # fmt: skip
def test_every_comment_holds_the_words_between_its_marks(
    word: Open, paragraphs: list[list[str]], data: st.DataObject
) -> None:
    document = docx.Document()
    runs = [
        (number, paragraph.add_run(words))
        for number, texts in enumerate(paragraphs)
        for paragraph in [document.add_paragraph()]
        for words in texts
    ]
    expected = []
    for _ in range(data.draw(st.integers(1, 4))):
        first = data.draw(st.integers(0, len(runs) - 1))
        last = data.draw(st.integers(first, len(runs) - 1))
        document.add_comment([runs[first][1], runs[last][1]], text="remark")
        inside = itertools.groupby(runs[first : last + 1], key=lambda each: each[0])
        expected.append("\n".join("".join(run.text for _, run in some) for _, some in inside).strip())
    assert [words for *_, words in told(word(document), "comment")] == expected


def test_tracked_changes_have_words_author_and_place(word: Open) -> None:
    document = body(
        f'<w:p {W}><w:r><w:t xml:space="preserve">Ana: I </w:t></w:r>'
        '<w:del w:id="1" w:author="Eve"><w:r><w:delText>never</w:delText></w:r></w:del>'
        '<w:ins w:id="2" w:author="Ann"><w:r><w:t>always</w:t></w:r></w:ins>'
        '<w:r><w:t xml:space="preserve"> say so.</w:t></w:r></w:p>',
        f'<w:tbl {W}><w:tr><w:trPr><w:del w:author="Eve"/></w:trPr><w:tc><w:p><w:r><w:t>a row</w:t></w:r></w:p></w:tc></w:tr>'
        "<w:tr><w:tc><w:p><w:r><w:t>stays</w:t></w:r></w:p></w:tc></w:tr></w:tbl>",
        f"<w:p {W}><w:r><w:rPr><w:vanish/></w:rPr><w:t>secret</w:t></w:r><w:r><w:t>Ben: Oh.</w:t></w:r></w:p>",
    )
    reading = word(document)
    assert told(reading, "tracked change") == [
        ("deletion", "Eve", "never", "Ana: I always say so."),
        ("insertion", "Ann", "always", "always"),
        ("deletion", "Eve", "a row", "stays"),
    ]
    assert told(reading, "hidden text") == [("", "", "secret", "Ben: Oh.")]


def test_every_piece_has_its_own_place_however_many_there_are(word: Open) -> None:
    runs = (
        "<w:r><w:rPr><w:vanish/></w:rPr></w:r>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>secret {0}</w:t></w:r><w:r><w:t>line {0}</w:t></w:r>"
    )
    reading = word(body(*(f"<w:p {W}>{runs.format(number)}</w:p>" for number in range(200))))
    places = [(words, place) for _, _, words, place in told(reading, "hidden text")]
    assert places == [(f"secret {number}", f"line {number}") for number in range(200)]


def test_properties_accounts_and_data_of_other_programs(word: Open) -> None:
    document = docx.Document()
    document.add_paragraph("Ana: Why?")
    document.core_properties.author = "Eve Stone"
    document.core_properties.comments = ""
    people = (
        '<w15:people xmlns:w15="p"><w15:person w15:author="Eve"><w15:presenceInfo w15:providerId="AD" '
        'w15:userId="S::eve@example.org"/></w15:person></w15:people>'
    )
    own = (
        '<Properties><property name="Client"><vt:lpwstr xmlns:vt="v">ACME</vt:lpwstr></property></Properties>'
    )
    reading = word(
        document,
        {"word/people.xml": people, "docProps/custom.xml": own, "customXml/item9.xml": "<a><b>x</b></a>"},
    )
    assert ("creator", "", "Eve Stone", None) in told(reading, "property")
    assert ("account", "Eve", "S::eve@example.org", None) in told(reading, "property")
    assert ("Client", "", "ACME", None) in told(reading, "custom xml")
    assert ("item9.xml", "", "<a><b>x</b></a>", None) in told(reading, "custom xml")


def test_broken_data_behind_the_page_does_not_stop_the_reading(word: Open) -> None:
    document = docx.Document()
    document.add_paragraph("Ana: Why?")
    reading = word(document, {"word/people.xml": "<a", "customXml/item9.xml": "<!DOCTYPE a><a"})
    assert reading.transcript.text.endswith("Ana: Why?")
    assert ("item9.xml", "", "(cannot be read)", None) in told(reading, "custom xml")
    with pytest.raises(ReadError, match=r"its part word/comments\.xml is broken"):
        word(document, {"word/comments.xml": "<a"})


def words_between_marks(path: Path) -> list[tuple[str, str]]:
    """Return the words of every comment as python-docx has them, and those between its two marks."""
    document = docx.Document(str(path))
    at: dict[str, list[str]] = {}
    closed: set[str] = set()
    for paragraph in document.paragraphs:
        for each in paragraph._p.iter():
            if each.tag == qn("w:commentRangeStart"):
                at[each.get(qn("w:id"))] = []
            elif each.tag == qn("w:commentRangeEnd"):
                closed.add(each.get(qn("w:id")))
            elif each.tag == qn("w:t"):
                for number in at.keys() - closed:
                    at[number].append(each.text)
        for number in at.keys() - closed:
            at[number].append("\n")
    return [(each.text, "".join(at[str(each.comment_id)]).strip()) for each in document.comments]


def test_the_comments_of_a_real_file_hold_what_python_docx_says(shared: Path) -> None:
    path = shared / "samples/qda-projects/docx-comments/bopp_test_examples.docx"
    reading = read_file(path)
    expected = words_between_marks(path)
    assert len(expected) == 18
    assert [(words, place) for _, _, words, place in told(reading, "comment")] == expected
    assert {each.author for each in of_kind(reading, "comment")} == {"Author"}
    assert {each.name for each in of_kind(reading, "property")} == {"revision", "created", "modified"}
    assert {each.kind for each in reading.hidden} == {"comment", "property"}


@pytest.mark.parametrize(
    ("file", "author"), [("aws_example-call", "python-docx"), ("rqdaassist_lorem", "Victor Ordu")]
)
def test_the_properties_of_real_files(shared: Path, file: str, author: str) -> None:
    path = shared / f"samples/transcripts/docx/{file}.docx"
    properties = {name: words for name, _, words, _ in told(read_file(path), "property")}
    assert properties["creator"] == author == docx.Document(str(path)).core_properties.author


# ---------------------------------------------------------------------------- other formats


OASIS = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{kind}:1.0"'
    for name, kind in [("office", "office"), ("text", "text"), ("style", "style"), ("meta", "meta")]
)


def flat(words: str, changes: str = "", meta: str = "") -> str:
    return (
        f'<?xml version="1.0"?><office:document {OASIS} xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'office:mimetype="application/vnd.oasis.opendocument.text">'
        f"<office:meta>{meta}</office:meta><office:automatic-styles>"
        '<style:style style:name="H" style:family="text"><style:text-properties text:display="none"/></style:style>'
        f"</office:automatic-styles><office:body><office:text>{changes}{words}</office:text></office:body></office:document>"
    )


def test_opendocument(read: Open) -> None:
    def info(who: str) -> str:
        return f"<office:change-info><dc:creator>{who}</dc:creator></office:change-info>"

    changes = (
        f'<text:tracked-changes><text:changed-region text:id="a"><text:deletion>{info("Eve")}<text:p>never</text:p>'
        f'</text:deletion></text:changed-region><text:changed-region text:id="b"><text:insertion>{info("Ann")}</text:insertion>'
        "</text:changed-region></text:tracked-changes>"
    )
    note = '<office:annotation office:name="{}"><dc:creator>{}</dc:creator><text:p>{}</text:p><text:p>two</text:p></office:annotation>'
    words = (
        '<text:p>Ana:   I <text:change text:change-id="a"/><text:change-start text:change-id="b"/>always'
        f'<text:change-end text:change-id="b"/> {note.format("n", "Eve", "ask")}say <text:span text:style-name="H">secret</text:span>'
        '\n so</text:p><text:p>Ben: yes<office:annotation-end office:name="n"/>, no.'
        f"{note.format('m', 'Ann', 'point')}</text:p>"
    )
    meta = "<dc:creator>Eve Stone</dc:creator><meta:user-defined meta:name='Client'>ACME</meta:user-defined>"
    reading = read("talk.fodt", flat(words, changes, meta))
    assert reading.transcript.text == "Ana: I always say so\nBen: yes, no."
    assert told(reading, "comment") == [
        ("", "Eve", "ask\ntwo", "say so\nBen: yes"),
        ("", "Ann", "point\ntwo", "Ben: yes, no."),
    ]
    assert told(reading, "tracked change") == [
        ("deletion", "Eve", "never", "Ana: I always say so"),
        ("insertion", "Ann", "always", "always"),
    ]
    assert told(reading, "hidden text") == [("", "", "secret", "Ana: I always say so")]
    assert told(reading, "property") == [("creator", "", "Eve Stone", None), ("Client", "", "ACME", None)]


def test_a_comment_in_a_footnote_has_no_place_in_the_text(read: Open) -> None:
    note = "<office:annotation><dc:creator>Eve</dc:creator><text:p>ask</text:p></office:annotation>"
    words = f"<text:p>Ana: so<text:note><text:note-body><text:p>below{note}</text:p></text:note-body></text:note></text:p>"
    assert told(read("talk.fodt", flat(words)), "comment") == [("", "Eve", "ask", None)]


def test_rtf(read: Open) -> None:
    content = (
        r"{\rtf1\ansi{\info{\title Talk}{\author Eve \u-10179?\u-8704?}{\*\company ACME}{\creatim\yr2026}}"
        r"Ana: \u-10179?\u-8704? {\*\atrfstart 7}why{\*\atrfend 7}{\*\atnid E}{\*\atnauthor Eve}\chatn"
        r"{\*\annotation{\*\atnref 7}{\*\atndate 12}ask\par again}?\par Ben: so.{\*\atnauthor Ann}\chatn{\*\annotation point}\par}"
    )
    reading = read("talk.rtf", content)
    assert reading.transcript.text.rstrip() == "Ana: 😀 why?\nBen: so."
    assert told(reading, "comment") == [
        ("", "Eve", "ask\nagain", "why"),
        ("", "Ann", "point", "Ben: so."),
    ]
    assert told(reading, "property") == [
        ("title", "", "Talk", None),
        ("author", "", "Eve 😀", None),
        ("company", "", "ACME", None),
    ]
    assert "dropped: 2 comments by 2 authors." in map(str, reading.notes)


def test_json_addresses_with_their_keys(read: Open) -> None:
    signed = "https://x.org/a.mp3?Expires=1&Signature=abc"
    content = f'{{"segments": [{{"start": 0, "end": 1, "text": "so it is"}}], "audio_url": "{signed}", "media": ["s3://b/c.wav"]}}'
    reading = read("talk.json", content)
    assert told(reading, "signed address") == [("audio_url", "", signed, None)]
    assert told(reading, "address") == [("media", "", "s3://b/c.wav", None)]
    page = read("talk.otr", f'{{"text": "<p>Ana: so</p>", "media": "", "media-time": 1, "url": "{signed}"}}')
    assert told(page, "signed address") == [("url", "", signed, None)]


def test_the_comment_of_a_real_opendocument_file(shared: Path) -> None:
    odfdo = pytest.importorskip("odfdo")
    path = shared / "samples/transcripts/odt/odfdo_note.odt"
    (note,) = odfdo.Document(str(path)).body.get_annotations()
    first_line = read_file(path).transcript.text.split("\n")[0]
    assert told(read_file(path), "comment") == [("", note.creator, note.note_body, first_line)]


def test_the_addresses_of_a_real_recogniser(shared: Path) -> None:
    path = shared / "samples/transcripts/asr-json/assemblyai_utterances.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    assert told(read_file(path), "signed address") == [("audio_url", "", data["audio_url"], None)]
    assert told(read_file(path), "address") == [("webhook_url", "", data["webhook_url"], None)]


# ---------------------------------------------------------------------------- names and bounds


def test_pseudonyms_are_put_into_hidden_data_and_places_move(word: Open) -> None:
    document = docx.Document()
    said = document.add_paragraph()
    for words in ("Maria: I asked ", "Jonas", " about it, Maria thought."):
        said.add_run(words)
    document.add_paragraph("Ben: Maria?")
    _, jonas, rest = said.runs  # a comment adds runs
    document.add_comment(jonas, text="Jonas is Maria's boss", author="Maria Lima")
    document.add_comment(rest, text="hm")
    document.core_properties.author = "Maria Lima"
    names = {"Maria": "P1", "Maria Lima": "P1", "Jonas": "a colleague of hers"}
    reading = word(document, pseudonyms=names)
    assert told(reading, "comment") == [
        ("", "P1", "a colleague of hers is P1's boss", "a colleague of hers"),
        ("", "", "hm", "about it, P1 thought."),
    ]
    assert ("creator", "", "P1", None) in told(reading, "property")
    assert not any("Maria" in str(each) or "Jonas" in str(each) for each in reading.hidden)


def test_there_is_an_end_to_what_is_delivered_and_it_is_told(
    read: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "MOST", 3)
    monkeypatch.setattr(bounds, "LONGEST", 30)
    links = ", ".join(f'"https://example.org/{"x" * 10 * number}"' for number in range(5))
    reading = read(
        "talk.json",
        f'{{"text": "so it is", "segments": [{{"start": 0, "text": "so it is"}}], "a": [{links}]}}',
    )
    assert [len(each.value) for each in reading.hidden] == [20, 30, 30]
    assert reading.hidden[2].value.endswith("…")
    assert {
        "dropped: 5 addresses of files or services.",
        "dropped: 2 further pieces of hidden data; 3 can be looked at.",
        "changed: 1 piece of hidden data cut to 30 characters, to be looked at.",
    } <= set(map(str, reading.notes))


def test_what_is_hidden_stands_in_no_note_and_no_text(word: Open) -> None:
    document = docx.Document()
    said = document.add_paragraph("Ana: Why?")
    document.add_comment(said.runs, text="zebra", author="Quist")
    document.core_properties.author = "Quist"
    reading = word(document)
    shown = reading.transcript.text + repr(reading) + "".join(map(str, reading.notes))
    assert "zebra" not in shown
    assert "Quist" not in shown
