"""Word documents (.docx): prose with labels, a table that is the transcript, or the blocks of Teams.

The text is all that is visible: paragraphs, and tables with tabs between their cells. What identifies
people behind the page (comments, authors, properties, tracked changes) is counted and never taken.
"""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from qualcode.errors import ReadError
from qualcode.readers._files import open_zip, read_bytes, read_part
from qualcode.readers._reading import Note, Reading, ReadOptions, counted, listed
from qualcode.readers._rows import RowTurn, column_notes, read_rows
from qualcode.readers._table import Columns, find_columns
from qualcode.readers._times import time_notes
from qualcode.readers._turns import read_prose
from qualcode.readers._word_body import Body, Cell, attribute, bold_styles, child, local, read_body
from qualcode.readers._xml import parse_xml
from qualcode.span import Span
from qualcode.transcript import TimeMark, Turn, prepare_text

_WHAT = "a Word file (.docx)"


def sniff(head: bytes, name: str) -> float:
    """Return 1 where the file is a zip with a Word document in it, else 0."""
    return 1.0 if head.startswith(b"PK") and b"word/document" in head else 0.0


def read(path: Path, *, options: ReadOptions) -> Reading:
    """Read a transcript from a Word document.

    Raises
    ------
    ReadError
        If the file cannot be opened, is broken or protected, or holds no words.
    """
    archive = open_zip(path, read_bytes(path), _WHAT)
    with archive:
        main = _main_part(path, archive)
        document = _xml(path, archive, main)
        element = child(document, "body") if document is not None else None
        if element is None:
            raise ReadError(path, f"it is {_WHAT} without a text. Open it in Word and save it anew.")
        styles = _xml(path, archive, posixpath.join(posixpath.dirname(main), "styles.xml"))
        body = read_body(element, bold_styles(styles))
        notes = _left_out(path, archive, main, body)
    text = prepare_text(body.text)
    if not text.strip():
        raise ReadError(
            path, "it holds no words (perhaps only pictures). Give the document with the transcript."
        )
    prose = read_prose(text, options.certain_labels, body.leads, notes, "docx")
    table = _transcript_table(path, body, options, prose)
    return prose if table is None else _from_table(text, *table, body, notes)


def _main_part(path: Path, archive: zipfile.ZipFile) -> str:
    relations = _xml(path, archive, "_rels/.rels")
    for relation in relations if relations is not None else ():
        if (attribute(relation, "Type") or "").endswith("/officeDocument"):
            target = (attribute(relation, "Target") or "").lstrip("/")
            if target:
                return target
    return "word/document.xml"


def _xml(path: Path, archive: zipfile.ZipFile, name: str) -> Any | None:
    """Return the root of a part, or None where it is absent; nothing outside the file is ever looked at."""
    content = read_part(path, archive, name)
    if content is None:
        return None
    broken = f"its part {name} is broken. Open it in Word and save it anew."
    doctype = "it holds a document type, which Word never writes; it was not opened."
    return parse_xml(path, content, broken, doctype=doctype)


def _transcript_table(
    path: Path, body: Body, options: ReadOptions, prose: Reading
) -> tuple[list[list[Cell]], Columns, list[RowTurn]] | None:
    """Return the table that is the transcript, or None where the talk stands in paragraphs.

    It is the table with most words in its text column; it must hold half of the words of the document, or
    there must be no labels elsewhere.
    """
    found: list[tuple[int, int, list[list[Cell]], Columns, list[RowTurn]]] = []
    problem: ReadError | None = None
    for number, cells in enumerate(body.tables):
        rows = [[cell.text for cell in row] for row in cells]
        try:
            columns = find_columns(path, rows, options.columns, headed=True)
        except ReadError as error:
            problem = error
            continue
        if columns is None or (not {"speaker", "start"} & set(columns.at) and not options.columns):
            continue
        said = read_rows(rows, columns)
        words = sum(len(row.words.split()) for row in said)
        if len(said) >= 2:
            found.append((words, -number, cells, columns, said))
    if options.columns and not found:
        raise problem or ReadError(path, "columns= was given, but no table has them. Leave columns= out.")
    if not found:
        return None
    words, _, cells, columns, said = max(found, key=lambda each: each[:2])
    half = words * 2 >= len(body.text.split())
    labels = sum(1 for turn in prose.turns if turn.speaker is not None)
    return (cells, columns, said) if half or options.columns or labels < 2 else None


def _from_table(
    text: str,
    cells: list[list[Cell]],
    columns: Columns,
    said: Sequence[RowTurn],
    body: Body,
    notes: Sequence[Note],
) -> Reading:
    turns: list[Turn] = []
    marks: list[TimeMark] = []
    on: list[int] = []
    for row in said:
        cell = cells[row.row][columns.at["text"]]
        start = cell.start + len(cell.text) - len(cell.text.lstrip())
        end = cell.start + len(cell.text.rstrip())
        if row.begins is not None:
            marks.append(TimeMark(start, row.begins, row.ends))
        if row.goes_on:
            on.append(row.row + 1)
            last = turns[-1]
            turns[-1] = Turn(last.number, last.speaker, Span(last.span.start, end), last.begins, last.ends)
        else:
            turns.append(Turn(len(turns) + 1, row.speaker, Span(start, end), row.begins, row.ends))
    rows = [[cell.text for cell in row] for row in cells]
    found = [*notes, Note("guessed", f"The transcript is a table of {counted(len(said), 'row')}.")]
    found.extend(column_notes(rows, columns))
    others = len(body.tables) - 1
    if others:
        found.append(Note("kept", f"{counted(others, 'other table')} in the text, outside all turns."))
    if on:
        found.append(
            Note("guessed", f"Rows without a speaker went on with the turn above (row {listed(on)}).")
        )
    found.extend(time_notes(marks, "row"))
    return Reading(text, tuple(turns), tuple(marks), notes=tuple(found), format="docx")


_LEFT_OUT = {
    "deleted": ("tracked deletion", "dropped"),
    "inserted": ("tracked insertion", "changed"),
    "hidden": ("hidden stretch", "dropped"),
    "footnote": ("footnote", "dropped"),
    "text box": ("text box", "dropped"),
    "picture": ("picture", "dropped"),
}


def _left_out(path: Path, archive: zipfile.ZipFile, main: str, body: Body) -> list[Note]:
    """Say what stands in the file and not in the text, by number and never by content."""
    notes = []
    for name, (noun, kind) in _LEFT_OUT.items():
        if body.left_out[name]:
            plural = "text boxes" if noun == "text box" else ""
            after = " accepted as text" if kind == "changed" else ""
            notes.append(Note(kind, f"{counted(body.left_out[name], noun, plural)}{after}."))
    folder = posixpath.dirname(main)
    comments = _count(path, archive, posixpath.join(folder, "comments.xml"), "comment")
    if comments:
        notes.append(Note("dropped", f"{counted(comments, 'comment')}, with the names of their authors."))
    margins = 0
    for entry in archive.namelist():
        base = posixpath.basename(entry).lower()
        if base.startswith(("header", "footer")) and base.endswith(".xml"):
            part = _xml(path, archive, entry)
            margins += part is not None and any(
                local(each) == "t" and (each.text or "").strip() for each in part.iter()
            )
    if margins:
        notes.append(
            Note("dropped", f"{counted(margins, 'page header or footer', 'page headers and footers')}.")
        )
    core = _xml(path, archive, "docProps/core.xml")
    if core is not None and any((each.text or "").strip() for each in core):
        notes.append(Note("dropped", "The properties of the document (author, last editor, dates, title)."))
    if any(
        entry.lower().startswith(("customxml/item", "docprops/custom.xml")) for entry in archive.namelist()
    ):
        notes.append(Note("dropped", "Custom data of other programs."))
    return notes


def _count(path: Path, archive: zipfile.ZipFile, part: str, name: str) -> int:
    root = _xml(path, archive, part)
    return sum(1 for each in root if local(each) == name) if root is not None else 0
