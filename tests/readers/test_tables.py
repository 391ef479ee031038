"""CSV and Excel: columns by heading, by content and by name; rows as turns."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import zipfile

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualcode.errors import ReadError
from qualcode.readers import ReadOptions, read_with_notes
from qualcode.readers.delimited import read as read_table


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
         "Name the columns: columns={'text': heading, 'speaker': heading}. If every row is a respondent, it is a survey: "
         "project.add_survey(path)."),
        ("id,answer\n1,Yes\n", {"text": "reply"},
         "turns.csv: it has no column 'reply'; its first row has: id, answer. Name a column that is there."),
        ("id,answer\n1,Yes\n", {"words": "answer"},
         "turns.csv: columns= names the field 'words'. Use text, speaker, start, end, duration or source."),
        ("transcript_id,text\n1,Yes\n2,No\n", None,
         "turns.csv: the column 'transcript_id' names 2 different sources, and a transcript is one. Bring in each "
         "by itself: project.add_sources(path, split_by='transcript_id'). Or pass columns={'source': ''} to read all rows as one "
         "source."),
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


def test_a_heading_of_two_lines_is_told_in_one(read):
    _, notes, _ = read("turns.csv", '"Speaker","Text","My\nown  remark"\nI,Why?,x\nP,So.,y\n')
    assert "dropped: 1 column not read: My own remark." in map(str, notes)
    with pytest.raises(ReadError, match="its first row has: My answer, id"):
        read("turns.csv", '"My\nanswer",id\nx,1\n')


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
        "dropped: 1 row above the first turn not read (row 1).",
        "guessed: 1 row without speaker and time went on with the turn above (row 6).",
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


# ---------------------------------------------------------------------------- no word is dropped in silence


def messages(notes, kind="dropped"):
    return [note.message for note in notes if note.kind == kind]


def test_words_after_a_comma_without_quotation_marks_are_kept(read):
    transcript, notes, _ = read("a.csv", "speaker,text\nI,who did it?\nP,Well, I think, it was me\nI,ok\n")
    assert [words for _, words, _, _ in timed(transcript)] == [
        "who did it?",
        "Well, I think, it was me",
        "ok",
    ]
    assert messages(notes, "changed") == [
        "1 row had more cells than the table, as words without quotation marks have that hold a comma; the cells "
        "were joined to the words (row 3)."
    ]


def test_without_headings_too(read):
    content = "I,Why do you think so?\nP,Because, well, data drift.\nI,Oh do you?\nP,Yes we all do.\n"
    transcript, notes, _ = read("a.csv", content)
    assert timed(transcript)[1] == ("P", "Because, well, data drift.", None, None)
    assert "(row 2)" in messages(notes, "changed")[0]


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        ("text,speaker\nwho?,I\nWell, I think,P\nok,I\n", "1 row has more cells than the headings (row 3)"),
        # A table whose first column has no heading, as R writes it: every row is wider.
        ("speaker,text\n1,I,who?\n2,P,me\n", "2 rows have more cells than the headings (row 2, 3)"),
    ],
)
def test_cells_that_could_belong_anywhere_are_refused(content, rows, read):
    with pytest.raises(ReadError) as caught:
        read("a.csv", content)
    assert rows in str(caught.value)
    assert "quotation marks" in str(caught.value)


def test_empty_cells_at_the_end_of_rows_are_nothing(read):
    transcript, notes, _ = read("a.csv", "speaker,text,,\nI,who?,,\nP,me,,\n")
    assert transcript.text == "who?\nme"
    assert messages(notes) == []


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ('speaker,text\nI,who?\nP,"so he said no\nI,really?\nP,yes\n', 3),
        ('speaker,text\nI,who?\nP,"so he said no\nI,"really?"\nP,yes\n', 3),
        ('sep=,\nspeaker,text\nI,"a\nb"\n\nP,"so" he said\nI,really?\n', 6),
    ],
)
def test_an_open_quotation_mark_is_an_error_with_its_line(content, line, read):
    with pytest.raises(ReadError) as caught:
        read("a.csv", content)
    assert str(caught.value).startswith(f"a.csv: line {line}: a quotation mark is opened here")


def test_an_open_quotation_mark_that_closes_by_chance_is_noted(read):
    content = 'speaker,text\nI,who?\nP,"so he said no\nI,"\nP,yes\n'
    _, notes, _ = read("a.csv", content)
    assert any("look like rows of their own (row 3)" in note for note in messages(notes, "guessed"))


def test_tables_with_tabs_need_no_quotation_marks(read):
    transcript, notes, _ = read("a.tsv", 'start\tend\ttext\n0\t1\t"Yes" he said\n1\t2\t"No\n')
    assert transcript.text == '"Yes" he said\n"No'
    assert any("each line is a row" in note for note in messages(notes, "guessed"))


def test_rows_and_cells_that_come_in_nowhere_are_noted(excel, read):
    rows = [["Study about trust"], ["Speaker", "Text", None, "Start"], ["I", "why?", None, 1], ["P"], [],
            ["P", "so", "aside", 0.5], ["I", "oh", None, "soon"]]  # fmt: skip
    _, notes, _ = read_with_notes(excel({"One": rows}))
    assert messages(notes) == [
        "1 row above the first turn not read (row 1).",
        "1 row without words not read (row 4).",
        "Cells under no heading not read in 1 row (row 6).",
        "Unreadable times not read in 1 row (row 7).",
    ]
    assert "1 row begins earlier than the one above (row 6); the order of the file was kept." in messages(
        notes, "kept"
    )


def test_excel_rows_far_below_are_read(excel):
    rows = [["Speaker", "Text"], ["I", "why?"], *[[] for _ in range(1500)], ["P", "because"]]
    transcript, _, _ = read_with_notes(excel({"One": rows}))
    assert transcript.text == "why?\nbecause"


def test_excel_formulas_without_a_result_are_refused(excel):
    path = excel({"One": [["Speaker", "Text", "Note"], ["I", "why?", "=1+1"], ["P", '="well "&"yes"', ""]]})
    with pytest.raises(ReadError) as caught:
        read_with_notes(path)
    assert str(caught.value) == (
        "turns.xlsx: 1 row holds a formula without a result (row 3), so what stands there is not in the file. "
        "Open it in Excel and save it anew."
    )
    path = excel({"One": [["Speaker", "Text", "Note"], ["I", "why?", "=1+1"], ["P", "well", ""]]})
    assert "Formulas without a result were not read (row 2)." in messages(read_with_notes(path)[1])


@pytest.mark.parametrize("result", ["yes", ""])
def test_excel_formulas_with_a_result_are_words(result, excel, tmp_path):
    path = excel({"One": [["Speaker", "Text"], ["I", "why?"], ["P", "=A2"], ["I", "oh"]]})
    other = tmp_path / "other.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(other, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                content = re.sub(
                    rb'<c r="B3"[^>]*>.*?</c>',
                    f'<c r="B3" t="str"><f>A2</f><v>{result}</v></c>'.encode(), content,
                )  # fmt: skip
            new.writestr(name, content)
    assert read_with_notes(other)[0].text == "\n".join(["why?", *([result] if result else []), "oh"])


WORDS = st.text("ab ,;\"'\n\t|", max_size=8)


@given(
    rows=st.lists(st.tuples(st.sampled_from(["I", "P", ""]), WORDS), min_size=1),
    separator=st.sampled_from(",;\t|"),
    careless=st.booleans(),
)
def test_every_word_comes_in_or_is_noted(rows, separator, careless, tmp_path_factory):
    """Written well, a table gives its words; written without quotation marks, it may be refused."""
    rows = [(who, " ".join(words.split()) if careless else words) for who, words in rows]
    stream = io.StringIO()
    if careless:
        stream.write("".join(separator.join(row) + "\n" for row in [("speaker", "text"), *rows]))
    else:
        csv.writer(stream, delimiter=separator, lineterminator="\n").writerows([("speaker", "text"), *rows])
    path = tmp_path_factory.mktemp("tables") / "a.csv"
    path.write_text(stream.getvalue(), encoding="utf-8", newline="")
    try:
        reading = read_table(path, options=ReadOptions())
    except ReadError:
        assert careless or not any(words.strip() for _, words in rows)
        return
    if careless:
        letters = "".join(re.findall(r"[ab]", "".join(words for _, words in rows)))
        assert re.findall(r"[ab]", reading.text) == list(letters)
    else:
        assert reading.text == "\n".join(words.strip() for _, words in rows if words.strip())
