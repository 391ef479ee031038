"""What a page shows beside the talk is never silently mixed into it or lost: tables, numbers, signs, readings, forms."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from qualcode.readers import Note, read_with_notes
from qualcode.transcript import Transcript

from .conftest import Read

Said = Callable[[Transcript], list[tuple[str | None, str]]]

TALK = (
    "INT: Why?",
    "Ana: Because so.",
    "INT: And then?",
    "Ana: Nothing more was said than what you can read here.",
)
FACTS = (("Year", "Team"), ("2019", "five"))


def told(notes: tuple[Note, ...], word: str) -> list[str]:
    return [str(note) for note in notes if word in note.message]


def document(*talk: str) -> docx.document.Document:
    made = docx.Document()
    for line in talk:
        made.add_paragraph(line)
    return made


def add_table(made: docx.document.Document, rows: tuple[tuple[str, ...], ...]) -> None:
    table = made.add_table(len(rows), len(rows[0]))
    for cells, row in zip(table.rows, rows, strict=True):
        for cell, words in zip(cells.cells, row, strict=True):
            cell.text = words


def test_a_table_below_the_last_turn_is_outside_of_it(tmp_path: Path, said: Said) -> None:
    made = document(*TALK)
    add_table(made, FACTS)
    made.save(str(tmp_path / "talk.docx"))
    transcript, notes, _ = read_with_notes(tmp_path / "talk.docx")
    assert said(transcript)[-1] == ("Ana", TALK[-1].removeprefix("Ana: "))
    assert "2019" in transcript.text
    assert told(notes, "table") == ["kept: 1 table in the text, outside all turns."]


def test_it_is_so_in_every_kind_of_document(read: Read, said: Said) -> None:
    rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in FACTS)
    page = "".join(f"<p>{line}</p>" for line in TALK) + f"<table>{rows}</table>"
    transcript, notes, _ = read("talk.html", f"<html><body>{page}</body></html>")
    assert said(transcript)[-1] == ("Ana", TALK[-1].removeprefix("Ana: "))
    assert told(notes, "table") == ["kept: 1 table in the text, outside all turns."]


@pytest.mark.parametrize(
    "rows",
    [(("Ana: I see.", "INT: Good."), ("Ana: So it is.", "INT: Bye.")), (("It is all in this frame.",),)],
    ids=["labels in it", "a frame around an answer"],
)
def test_a_table_that_holds_talk_stays_talk(rows: tuple[tuple[str, ...], ...], tmp_path: Path) -> None:
    made = document(*TALK)
    add_table(made, rows)
    made.save(str(tmp_path / "talk.docx"))
    transcript, notes, _ = read_with_notes(tmp_path / "talk.docx")
    last = rows[-1][0]
    assert transcript.turn_at(transcript.text.index(last) + len(last) - 1) is not None
    assert not told(notes, "outside all turns")


def test_numbers_that_a_style_gives_are_counted(tmp_path: Path) -> None:
    made = document(*TALK)
    for style in ("List Number", "List Bullet 2", "Normal"):
        made.add_paragraph("one thing", style=style)
    made.save(str(tmp_path / "talk.docx"))
    notes = read_with_notes(tmp_path / "talk.docx")[1]
    assert told(notes, "automatic") == ["dropped: 2 automatic numbers and bullets of lists."]


def test_signs_without_meaning_and_readings_of_word_are_counted(tmp_path: Path) -> None:
    made = document(*TALK)
    w = nsdecls("w")
    run = made.add_paragraph("INT: ").add_run()
    run._r.append(parse_xml(f'<w:sym {w} w:font="Wingdings" w:char="F04A"/>'))
    base = "<w:rubyBase><w:r><w:t>漢</w:t></w:r></w:rubyBase>"
    ruby = f"<w:ruby {w}><w:rt><w:r><w:t>kan</w:t></w:r></w:rt>{base}</w:ruby>"
    made.add_paragraph("Ana: ").add_run()._r.append(parse_xml(ruby))
    made.save(str(tmp_path / "talk.docx"))
    transcript, notes, _ = read_with_notes(tmp_path / "talk.docx")
    assert "Ana: 漢" in transcript.text
    assert "kan" not in transcript.text
    assert told(notes, "symbol font") == ["changed: 1 sign of a symbol font became \ufffd."]
    assert told(notes, "ruby") == ["dropped: 1 reading above characters (ruby)."]


def test_words_of_a_page_that_are_not_read_are_counted(read: Read, said: Said) -> None:
    beside = (
        "<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby><select><option>Yes</option></select><textarea>Notes</textarea>"
        "<noscript>Turn it on</noscript><svg><text>drawn</text></svg><iframe></iframe><noscript><img></noscript>"
    )
    transcript, notes, _ = read(
        "talk.html", f"<html><body><p>INT: Why?</p><p>Ana: So. {beside}</p></body></html>"
    )
    assert said(transcript)[-1] == ("Ana", "So. 漢")
    assert told(notes, "words") == [
        "dropped: 2 fields and lists of forms, with words.",
        "dropped: 2 drawings, formulas, frames and parts for browsers without scripts, with words.",
    ]
    assert told(notes, "ruby") == ["dropped: 1 reading above characters (ruby)."]


def test_readings_in_captions_are_no_words(read: Read, said: Said) -> None:
    cue = "00:01.000 --> 00:02.000\n<v Ana>so <ruby>漢<rt>kan</rt>字<rt>ji</ruby> it is\n"
    transcript, notes, _ = read("talk.vtt", f"WEBVTT\n\n{cue}")
    assert said(transcript) == [("Ana", "so 漢字 it is")]
    assert told(notes, "ruby") == ["dropped: 2 readings above characters (ruby)."]


@pytest.mark.parametrize("heading", ["Äußerung", "A\u0308u\u00dferung", "ÄUSSERUNG"])
def test_german_headings_of_a_table_are_known_however_they_are_spelled(
    heading: str, tmp_path: Path, said: Said
) -> None:
    made = docx.Document()
    add_table(
        made,
        (
            ("Zeit", "Sprecherin", heading),
            ("0:01", "Ana", "Warum?"),
            ("0:05", "Eva", "Darum."),
            ("0:09", "Ana", "Ah."),
        ),
    )
    made.save(str(tmp_path / "talk.docx"))
    transcript, _, _ = read_with_notes(tmp_path / "talk.docx")
    assert said(transcript) == [("Ana", "Warum?"), ("Eva", "Darum."), ("Ana", "Ah.")]


# ---------------------------------------------------------------------------- labels that may have been overlooked


def test_a_turn_with_most_of_the_words_is_pointed_out(read: Read) -> None:
    long = "so it went on and on and nobody asked " * 60
    notes = read("talk.txt", f"Ana: Why?\nBen: {long}\nAna: Oh.\nBen: Yes.\n")[1]
    assert told(notes, "holds") == [
        "guessed: Turn 2 holds 99% of the words. If others speak in it, name them: speakers=."
    ]
    even = "".join(f"Ana: {long}\nBen: {long}\n" for _ in range(2))
    assert not told(read("talk.txt", even)[1], "holds")
    assert not told(read("talk.txt", "Ana: Why?\nBen: so it went and nobody asked\n")[1], "holds")


def test_it_is_said_where_nobody_but_interviewers_was_found(read: Read) -> None:
    notes = read("talk.txt", "Interviewer: Why?\nModerator: Oh.\nInterviewer: So?\nModerator: Yes.\n")[1]
    assert told(notes, "Nobody but") == [
        "guessed: Nobody but interviewers was found (Interviewer, Moderator). If others speak, name them: speakers=, or say "
        "their roles=."
    ]
    assert not told(read("talk.txt", "Interviewer: Why?\nP7: Oh.\n")[1], "Nobody but")


# ---------------------------------------------------------------------------- dashes

DASHES = "Maria – wir entscheiden - meist\nBob — nein\nweiter geht es\n[0:05] Maria -- ja\n"


def test_a_dash_after_a_label_that_the_caller_names_is_a_label(read: Read, said: Said) -> None:
    transcript, notes, _ = read("talk.txt", DASHES, speakers={"MARIA": "M1"}, roles={"Bob": "participant"})
    assert said(transcript) == [
        ("M1", "wir entscheiden - meist"),
        ("Bob", "nein\nweiter geht es"),
        ("M1", "ja"),
    ]
    assert transcript.turns[2].begins == 5
    assert not told(notes, "no turn of the file")


def test_nobody_else_is_taken_for_a_speaker_by_a_dash(read: Read, said: Said) -> None:
    assert said(read("talk.txt", DASHES)[0]) == []
    assert [who for who, _ in said(read("talk.txt", DASHES, speakers={"Bob": "Bob"})[0])] == ["Bob"]
