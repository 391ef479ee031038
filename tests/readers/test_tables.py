"""CSV and Excel: columns by heading, by content and by name; rows as turns."""

from __future__ import annotations

import datetime as dt

import openpyxl
import pytest

from qualcode.errors import ReadError
from qualcode.readers import read_with_notes


def timed(transcript):
    return [(t.speaker, transcript.text_of(t), t.begins, t.ends) for t in transcript.turns]


@pytest.fixture
def excel(tmp_path):
    def make(sheets, name="turns.xlsx"):
        book = openpyxl.Workbook()
        book.remove(book.active)
        for title, rows in sheets.items():
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(row)
        book.save(tmp_path / name)
        return tmp_path / name

    return make


def test_semicolons_and_german_headings(data):
    transcript, notes, format = read_with_notes(data / "csv" / "semicolon_cp1252.csv")
    assert format == "csv"
    assert transcript.text == "Sag mir; was?\nGröße.\nUnd mehr.\nOh"
    assert timed(transcript) == [
        ("Ana", "Sag mir; was?", 5, 9), ("Ben", "Größe.\nUnd mehr.", 10, 12), (None, "Oh", 15, None),
    ]  # fmt: skip
    assert [str(note) for note in notes] == [
        "guessed: The file is not UTF-8; it was read as cp1252. Pass encoding= if letters look wrong.",
        "guessed: Columns by their headings: text = 'Text', speaker = 'Sprecherin', start = 'Start', end = 'Ende'.",
        "dropped: 1 column not read: Notiz.",
        "guessed: 1 row without speaker and time went on with the turn above (row 4).",
    ]


def test_milliseconds(data):
    transcript, _, _ = read_with_notes(data / "csv" / "turns.csv")
    assert timed(transcript) == [
        ("SPEAKER_00", "Hello, you", 0.5, 1.5), ("SPEAKER_01", "Two\nlines 👩‍🔬", 1.5, 2.75),
    ]  # fmt: skip


TABLES = {
    "tabs": ("speaker\ttext\nAna\ta, b\nBen\tc\n", [("Ana", "a, b", None, None), ("Ben", "c", None, None)]),
    "bars": ("who|utterance\nAna|a\nBen|b\n", [("Ana", "a", None, None), ("Ben", "b", None, None)]),
    "French": ("Début,Durée,Locuteur,Énoncé\n0:05,2,Ana,a\n", [("Ana", "a", 5, 7)]),
    "Spanish": ("inicio;fin;hablante;texto\n1,5;2,25;Ana;a\n", [("Ana", "a", 1.5, 2.25)]),
    "Whisper": ("start\tend\ttext\n0\t1500\ta\n", [(None, "a", 0, 1500)]),
    "one column": ("text\nYes, we do.\nNo.\n", [(None, "Yes, we do.", None, None), (None, "No.", None, None)]),
    "Excel's hint": ("sep=;\nspeaker;text\nAna;a\n", [("Ana", "a", None, None)]),
    "newlines in cells": ('speaker,text\r\nAna,"a\r\nb"\r\n', [("Ana", "a\nb", None, None)]),
    "by content": (
        "I,Why do you think so?\nP,Because the data drift.\nI,\"Oh, I see that.\"\nP,Yes we all do.\n",
        [("I", "Why do you think so?", None, None), ("P", "Because the data drift.", None, None),
         ("I", "Oh, I see that.", None, None), ("P", "Yes we all do.", None, None)],
    ),
    "own export": (
        "turn,speaker,role,start,end,begins,ends,text\n1,Ana,,0,1,5.0,6.0,a\n", [("Ana", "a", 5, 6)],
    ),
    "ids as text": ("speaker,text\n1e5,NA\nno,007\n", [("1e5", "NA", None, None), ("no", "007", None, None)]),
}  # fmt: skip


@pytest.mark.parametrize("name", TABLES)
def test_csv(name, read):
    content, expected = TABLES[name]
    transcript, _, _ = read("turns.csv", content)
    assert timed(transcript) == expected


def test_a_table_without_suffix_is_known_by_its_headings(read):
    transcript, _, format = read("turns.txt", "speaker,start,text\nAna,0:05,a\n")
    assert format == "csv"
    assert timed(transcript) == [("Ana", "a", 5, None)]


def test_prose_with_commas_is_no_table(read):
    _, _, format = read("talk.txt", "Ana: Yes, well, so.\nBen: No, not, never.\n")
    assert format == "text"


def test_named_columns(read):
    content = "id,answer,x\n1,Yes,Ana\n2,No,Ben\n"
    transcript, _, _ = read("turns.csv", content, columns={"text": "Answer", "speaker": "x"})
    assert timed(transcript) == [("Ana", "Yes", None, None), ("Ben", "No", None, None)]


@pytest.mark.parametrize(
    ("content", "columns", "message"),
    [
        ("id,answer\n1,Yes\n", None,
         "turns.csv: the table has no column known to hold the words; its first row has: id, answer. "
         "Name the columns: columns={'text': heading, 'speaker': heading}."),
        ("id,answer\n1,Yes\n", {"text": "reply"},
         "turns.csv: it has no column 'reply'; its first row has: id, answer. Name a column that is there."),
        ("id,answer\n1,Yes\n", {"words": "answer"},
         "turns.csv: columns= names the field 'words'. Use text, speaker, start, end, duration or source."),
        ("transcript_id,text\n1,Yes\n2,No\n", None,
         "turns.csv: the column 'transcript_id' names 2 different sources, and a transcript is one. Save one file "
         "for each, or pass columns={'source': ''} to read all rows as one source."),
        ("speaker,text\nAna,\n", None,
         "turns.csv: its text column holds no words. Name the right one: columns={'text': heading}."),
    ],
)  # fmt: skip
def test_refusals(content, columns, message, read):
    with pytest.raises(ReadError) as caught:
        read("turns.csv", content, columns=columns)
    assert str(caught.value) == message


def test_an_error_shows_no_words(read):
    with pytest.raises(ReadError) as caught:
        read("turns.csv", "My secret is out.,x\nother,y\n")
    assert "secret" not in str(caught.value)


def test_several_sources_as_one(read):
    transcript, _, _ = read("turns.csv", "transcript_id,text\n1,Yes\n2,No\n", columns={"source": ""})
    assert transcript.text == "Yes\nNo"


def test_excel(excel):
    path = excel(
        {
            "About": [["Study", "X"], ["Year", 2026]],
            "Talk": [
                ["Interview 3"],
                [],
                ["Start", "End", "Speaker", "Text", "Code"],
                [dt.time(0, 0, 5), dt.time(0, 0, 9), "Ana", "Why? 👩‍🔬", None],
                [dt.time(0, 1, 2), None, "Ben", "Because.\r\nReally.", 1],
                [None, None, None, 42, None],
            ],
        }
    )
    transcript, notes, format = read_with_notes(path)
    assert format == "excel"
    assert timed(transcript) == [("Ana", "Why? 👩‍🔬", 5, 9), ("Ben", "Because.\nReally.\n42", 62, None)]
    assert [str(note) for note in notes] == [
        "dropped: The sheet 'About' was not read.",
        "guessed: Columns by their headings: text = 'Text', speaker = 'Speaker', start = 'Start', end = 'End'.",
        "dropped: 1 column not read: Code.",
        "guessed: 1 row without speaker and time went on with the turn above (row 5).",
    ]


def test_excel_with_two_transcripts(excel):
    rows = [["Speaker", "Text"], ["Ana", "a"]]
    path = excel({"One": rows, "Two": rows})
    with pytest.raises(ReadError) as caught:
        read_with_notes(path)
    assert str(caught.value) == (
        "turns.xlsx: several sheets could be the transcript: 'One', 'Two'. Name it: sheet=..., and the columns: "
        "columns={'text': heading}."
    )
    assert read_with_notes(path, sheet="Two")[0].text == "a"
    with pytest.raises(ReadError, match=r"it has no sheet 'Three'\. It has: One, Two\."):
        read_with_notes(path, sheet="Three")


def test_an_empty_workbook(excel):
    with pytest.raises(ReadError, match="its sheets are empty"):
        read_with_notes(excel({"One": []}))
