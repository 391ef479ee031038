"""Web pages: noScribe, oTranscribe, Otter, podcasts, pages with paragraphs and labels; what is left out and refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from qualcode.errors import ReadError
from qualcode.readers import read_file, read_with_notes

SHAPES = {
    "paragraphs": ("<p>Ana: Why?</p><p>Ben: Because.</p><p>Really.</p>", [("Ana", "Why?"), ("Ben", "Because.\nReally.")]),
    "bold names": ("<p><b>Ana</b> so why?<p><strong>Ben</strong> because.<p><span style='font-weight:700'>Ana</span> oh.<p><b>Ben</b> yes.",
                   [("Ana", "so why?"), ("Ben", "because."), ("Ana", "oh."), ("Ben", "yes.")]),
    "breaks": ("<div>Ana: Why?<br>Ben: Because.<br/><br>Ana: Oh.</div>", [("Ana", "Why?"), ("Ben", "Because."), ("Ana", "Oh.")]),
    "entities": ("<p>Ana:&nbsp;I&#39;m &lt;here&gt; &amp; so&hellip;</p><p>Ben: \U0001f600 ok</p>",
                 [("Ana", "I'm <here> & so…"), ("Ben", "\U0001f600 ok")]),
    "blanks": ("<p>\n  Ana:\n   so   why\n</p>\n<p> Ben: <i> no </i> </p>", [("Ana", "so why"), ("Ben", "no")]),
    "as typed": ("<pre>Ana: Why?\nBen: a  b</pre>", [("Ana", "Why?"), ("Ben", "a  b")]),
    "definition list": ("<dl><dt>Ana</dt><dd>Why?</dd><dt>Ben</dt><dd>So.</dd><dt>Ana</dt><dd>Oh.</dd><dt>Ben</dt><dd>Yes.</dd></dl>",
                        [("Ana", "Why?"), ("Ben", "So."), ("Ana", "Oh."), ("Ben", "Yes.")]),
    "headings": ("<h1>Talk</h1><p>INT: Why?<p>P1: So.<h2>Second part</h2><p>INT: Oh.", [("INT", "Why?"), ("P1", "So."), ("INT", "Oh.")]),
    "a table": ("<table><tr><th>Speaker<th>Text<tr><td>Ana<td>Why is it?<tr><td>Ben<td>Because it is.<tr><td></td><td>Yes.</table>",
                [("Ana", "Why is it?"), ("Ben", "Because it is.\n\tYes.")]),
}  # fmt: skip


@pytest.mark.parametrize("name", SHAPES)
def test_shapes(name, read, said):
    body, expected = SHAPES[name]
    transcript, _, format = read("talk.html", f"<!DOCTYPE html><html><body>{body}</body></html>")
    assert format == "html"
    assert said(transcript) == expected


def test_scripts_menus_and_hidden_parts_are_left_out(read, said):
    page = (
        '<html lang="de-CH"><head><title>Talk  7</title><style>p{}</style><meta name="author" content="Eve"></head><body>'
        "<nav>Home: start</nav><script>Ana: x</script><!-- Ana: y --><p>Ana: Why?<img alt='Ben: z'></p>"
        '<p hidden>Ben: a</p><div style="display: none">Ben: b</div><button>Play</button><p>Ben: So.</p></body></html>'
    )
    transcript, notes, _ = read("talk.html", page)
    assert transcript.text == "Ana: Why?\nBen: So."
    assert (transcript.title, transcript.language) == ("Talk 7", "de-CH")
    assert [str(note) for note in notes if note.kind == "dropped"] == [
        "dropped: 1 property of the page (author, place of the recording).",
        "dropped: 1 menu of the page.",
        "dropped: 2 hidden stretches.",
        "dropped: 1 picture.",
    ]


NOSCRIBE = """<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.0//EN" "http://www.w3.org/TR/REC-html40/strict.dtd">
<html ><head ><meta charset="UTF-8" /><style type="text/css" >p, li { white-space: pre-wrap; }</style>
<meta name="audio_source" content="/home/eve/talk.mp3" /></head><body ><div class="WordSection1" ><p style="font-weight: 600" >Talk</p>
<p ><span >Transcribed with noScribe vers. 0.7<br />Audio file: talk.mp3<br />(Language: Deutsch (de) | Overlapping speech: 1)</span></p>
<p ><a name="ts_0_3000_" >(3 seconds pause) </a></p><p></p>
<p ><a name="ts_3140_5800_S01" >S01: <span >[00:00:03]</span> Warum?</a><a name="ts_5800_6360_S01" > (..)</a>
<a name="ts_6500_7000_//S00" > //S00: Ja.</a><a name="ts_7000_9000_S01" >// Und?</a></p>
<p ><a name="ts_9500_12000_S00" >S00: <span >[00:00:09]</span> Darum.</a></p></div></body></html>"""


def test_noscribe(read):
    transcript, notes, _ = read("talk.html", NOSCRIBE)
    assert [(t.speaker, " ".join(transcript.text_of(t).split()), t.begins, t.ends) for t in transcript.turns] == [
        ("S01", "Warum? (..) //S00: Ja.// Und?", 3.14, 9.0), ("S00", "Darum.", 9.5, 12.0),
    ]  # fmt: skip
    words = [transcript.text[mark.position :].split()[0] for mark in transcript.marks]
    assert words == ["Warum?", "(..)", "//S00:", "//", "Darum."]
    assert transcript.language == "de"
    assert "eve" not in transcript.text + "".join(note.message for note in notes)


def test_otranscribe(read):
    page = (
        '<p><span class="timestamp" data-timestamp="9.48">0:09</span>&nbsp;Ana: Why?</p>'
        '<p><span class="timestamp" data-timestamp="12.25">0:12</span> Ben: So <span class="timestamp" data-timestamp="15">0:15</span> yes.</p>'
    )
    transcript, _, _ = read("talk.html", page)
    assert [(t.speaker, transcript.text_of(t), t.begins) for t in transcript.turns] == [
        ("Ana", "Why?", 9.48), ("Ben", "So 0:15 yes.", 12.25),
    ]  # fmt: skip
    assert [mark.begins for mark in transcript.marks] == [9.48, 12.25, 15.0]


def test_otter(read):
    page = "".join(f"<p><b>{name}</b>  {time}  </p><p>{words}</p>" for name, time, words in [
        ("Ana Lima", "0:00", "Why?"), ("Ben", "0:05", "Because."), ("Ana Lima", "1:01:09", "Oh.")])  # fmt: skip
    transcript, _, _ = read("talk.html", page + "<p>Transcribed by https://otter.ai</p>")
    assert [(t.speaker, transcript.text_of(t), t.begins) for t in transcript.turns] == [
        ("Ana Lima", "Why?", 0), ("Ben", "Because.", 5), ("Ana Lima", "Oh.", 3669),
    ]  # fmt: skip


def test_names_times_and_words_on_lines_of_their_own(read):
    said = [("Ana Lima", 4, "Why?"), ("Ben", 9, "So."), ("Ana Lima", 15, "Oh."), ("Ben", 20, "Yes.")]
    page = "".join(f"<p>{name}:</p><p>0:{time:02}</p><p>{words}</p>" for name, time, words in said)
    transcript, _, _ = read("talk.html", page)
    assert [(t.speaker, t.begins, transcript.text_of(t)) for t in transcript.turns] == said


def test_podcast(read):
    page = (
        "<cite>Ana :</cite>\n<time>0:00</time>\n<p>Why &amp;</p>\n<p></p>\n<cite>Ana:</cite>\n<time>0:04</time>\n<p>how?</p>\n"
        "<cite>Ben:</cite>\n<time>0:09</time>\n<p>Because.</p>\n<p>Really.</p>\n"
    )
    transcript, _, format = read("talk.html", page)
    assert format == "podcast_html"
    assert transcript.text == "Why & how?\nBecause. Really."
    assert [(t.speaker, t.begins) for t in transcript.turns] == [("Ana", 0), ("Ben", 9)]
    assert [(mark.position, mark.begins) for mark in transcript.marks] == [(0, 0), (6, 4), (11, 9)]


def test_a_cell_inside_a_cell_is_no_column(read, said):
    page = (
        "<table><tr><td>Speaker<td>Text<tr><td>Ana<td>Why is it so?<tr><td>Ben<td>Because it is. <x><tr><td>Ana<td>Oh I see.</table>"
        "<p>Ana: And now?<p>Ben: Now I go."
    )
    transcript, _, _ = read("talk.html", page)
    assert said(transcript) == [("Ana", "And now?"), ("Ben", "Now I go.")]
    assert "Oh I see." in transcript.text


def test_a_name_of_a_podcast_that_is_not_closed_swallows_no_words(read, said):
    page = "<cite>Ana:</cite><time>0:00</time><p>Pourquoi\u00a0?</p><cite>Ben:<time>0:04</time><p>Because.</p><p>Really.</p>"
    transcript, _, format = read("talk.html", page)
    assert format == "podcast_html"
    assert said(transcript) == [("Ana", "Pourquoi\u00a0?"), ("Ben", "Because. Really.")]


def test_a_zero_byte_is_no_part_of_a_page(read):
    transcript, notes, _ = read("talk.html", "<p>Ana: Why\x00?</p><p>Ben: So.</p>" + "<hr>" * 40)
    assert transcript.text == "Ana: Why?\nBen: So."
    assert [str(note) for note in notes if "zero" in note.message] == ["dropped: 1 zero byte."]


def test_podcast_without_times(read, said):
    transcript, _, format = read("talk.html", "<cite>Ana:</cite><p>Why?</p><cite>Ben:</cite><p>So.</p>")
    assert (format, said(transcript)) == ("podcast_html", [("Ana", "Why?"), ("Ben", "So.")])


@pytest.mark.parametrize(
    ("charset", "encoding"),
    [("utf-8", "utf-8"), ("windows-1252", "cp1252"), ("iso-8859-1", "cp1252"), ("utf-8", "cp1252"), ("klingon", "utf-8"), ("hex", "utf-8"),
     ("windows-1251", "cp1251"), ("utf-16", "utf-8"), ("utf-16", "utf-16")],
)  # fmt: skip
def test_encodings(charset, encoding, read, said):
    words = "Почему так?" if encoding == "cp1251" else "Größe – „süß“"
    page = f'<html><head><meta charset="{charset}"></head><body><p>Ana: {words}</p></body></html>'
    assert said(read("talk.html", page.encode(encoding))[0]) == [("Ana", words)]


def test_xhtml_with_a_declaration(read, said):
    page = '<?xml version="1.0" encoding="utf-8"?>\n<html xmlns="http://www.w3.org/1999/xhtml"><body><p>Ana: Größe</p></body></html>'
    assert said(read("talk.xhtml", page)[0]) == [("Ana", "Größe")]


REFUSED = {
    "no words": ("<html><body><p> </p><script>Ana: x</script></body></html>",
                 "talk.html: it holds no words (perhaps only pictures). Give the document with the transcript."),
    "deep": ("<html><body>" + "<div>" * 100_000 + "Ana: Why?",
             "talk.html: it is nested deeper than any page is. Copy its text and save it as .docx or .txt."),
    "names only": ("<cite>Ana:</cite><time>0:00</time><p></p>",
                   "talk.html: it names speakers, but holds no words. Save the page again, with the transcript in it."),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_refusals(name, write):
    page, message = REFUSED[name]
    with pytest.raises(ReadError) as caught:
        read_with_notes(write("talk.html", page))
    assert str(caught.value) == message


def test_entities_of_the_page_are_not_followed(read):
    page = '<!DOCTYPE html [<!ENTITY a SYSTEM "file:///etc/hostname">]><html><body><p>Ana: &a; so</p></body></html>'
    assert "so" in read("talk.html", page)[0].text


def test_many_blank_lines_take_linear_time(read):
    assert read("talk.html", "<pre>" + " \n" * 50_000 + "Ana: x</pre>")[0].text.strip() == "Ana: x"


def test_headers_and_footers_of_a_page_from_an_office_program_are_no_talk(tmp_path: Path) -> None:
    """LibreOffice writes them as blocks with a title; found by somebody who saved a transcript as a web page."""
    page = (
        "<html><body><div title='header'><p>Talk with Ana</p></div><p><b>I:</b> Why?</p><p><b>Ana:</b> Because it drifts.</p>"
        "<div title='footer'><p>Page 3</p></div></body></html>"
    )
    file = tmp_path / "talk.html"
    file.write_text(page, encoding="utf-8")
    reading = read_file(file)
    assert "Page 3" not in reading.transcript.text
    assert "Talk with Ana" not in reading.transcript.text
    assert any(note.message == "2 page headers and footers." for note in reading.notes)
