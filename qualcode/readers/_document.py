"""From a page to a reading, for every document with a layout: which part of it is the talk.

It is the paragraphs with their labels, or one table, or paragraphs whose styles are named after the
speakers. Tables of participants, footnotes and text boxes stay in the text, outside all turns.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from qualcode.errors import ReadError
from qualcode.readers._hidden import delivered
from qualcode.readers._names import label_key
from qualcode.readers._page import Cell, Page
from qualcode.readers._people_table import people_note, people_shape
from qualcode.readers._reading import DocumentTable, Note, Reading, ReadOptions, counted, listed
from qualcode.readers._row_notes import column_notes, row_notes
from qualcode.readers._rows import RowTurn, read_rows
from qualcode.readers._table import Columns, find_columns
from qualcode.readers._times import time_notes
from qualcode.readers._turns import read_prose
from qualcode.readers._words import is_role_word
from qualcode.span import Span
from qualcode.transcript import TimeMark, Turn, prepare_text


def page_to_reading(
    path: Path,
    page: Page,
    options: ReadOptions,
    notes: Sequence[Note] = (),
    format: str = "",
    *,
    language: str = "",
    title: str = "",
    times: Sequence[TimeMark] = (),
) -> Reading:
    """Return the turns of a page.

    Parameters
    ----------
    path
        For messages.
    page
        What the reader found.
    options
        What the caller knows.
    notes
        What is known already; kept in front.
    format
        Name of the format in the registry.
    language, title
        As the file says them.
    times
        Times that the file states apart from its visible text.

    Raises
    ------
    ReadError
        If the page holds no words, or the caller's columns are in no table.
    """
    body = prepare_text(page.text)
    if not body.strip():
        raise ReadError(
            path, "it holds no words (perhaps only pictures). Give the document with the transcript."
        )
    text, found = _with_tail(body, page, [*notes, *left_out_notes(page)])
    hidden, cut = delivered(page.hidden, text)
    tables = tuple(
        DocumentTable(tuple(tuple(cell.text for cell in row) for row in table), people_shape(table))
        for table in page.tables
    )
    people = [number for number, table in enumerate(tables) if table.people]
    silent = [_extent(page.tables[number]) for number in people] + [(len(body), len(text))]

    def talk(silent: Sequence[tuple[int, int]], found: Sequence[Note]) -> Reading:
        return read_prose(
            text, options.certain_labels, page.leads, found, format, headings=page.headings, silent=silent, times=times,
            given=options.roles,
        )  # fmt: skip

    prose = talk(silent, found)
    table = _transcript_table(path, page, options, prose, frozenset(people))
    beside = _beside_talk(page, prose, frozenset(people)) if table is None else []
    if beside:
        prose = talk(
            sorted([*silent, *(_extent(each) for each in beside)]),
            [*found, Note("kept", f"{counted(len(beside), 'table')} in the text, outside all turns.")],
        )
    if table is not None:
        number, columns, said = table
        others = len(page.tables) - len({number, *people})
        reading = _from_table(text, page.tables[number], others, columns, said, found, format)
    else:
        reading = _by_styles(text, page, prose, found) or prose
    extra = [
        people_note(page.tables[number], options.shown)
        for number in people
        if table is None or number != table[0]
    ]
    return replace(
        reading, title=title, language=language, notes=(*reading.notes, *extra, *cut), format=format, hidden=hidden,
        tables=tables,
    )  # fmt: skip


def _with_tail(body: str, page: Page, notes: list[Note]) -> tuple[str, list[Note]]:
    tail = [prepare_text(each).strip() for each in page.tail]
    tail = [each for each in tail if each]
    if not tail:
        return body, notes
    kept = Note(
        "kept", f"{counted(len(tail), 'footnote or text box', 'footnotes and text boxes')}, below the text, outside all turns."
    )  # fmt: skip
    return body.rstrip() + "\n\n" + "\n".join(tail), [*notes, kept]


_KINDS = {"deleted": "tracked change", "inserted": "tracked change", "hidden": "hidden text"}
"""What is counted, to the kind of hidden data it is."""

_LEFT_OUT: dict[str, tuple[str, str, str]] = {
    "deleted": ("dropped", "tracked deletion", ""),
    "inserted": ("changed", "tracked insertion", ""),
    "hidden": ("dropped", "hidden stretch", "hidden stretches"),
    "footnote": ("dropped", "footnote", ""),
    "text box": ("dropped", "text box", "text boxes"),
    "picture": ("dropped", "picture", ""),
    "number": ("dropped", "automatic number or bullet of a list", "automatic numbers and bullets of lists"),
    "embedded": ("dropped", "embedded document", ""),
    "reading": ("dropped", "reading above characters (ruby)", "readings above characters (ruby)"),
    "sign": ("changed", "sign of a symbol font became \N{REPLACEMENT CHARACTER}",
             "signs of a symbol font became \N{REPLACEMENT CHARACTER}"),
    "form": ("dropped", "field or list of a form, with words", "fields and lists of forms, with words"),
    "frame": ("dropped", "drawing, formula, frame or part for browsers without scripts, with words",
              "drawings, formulas, frames and parts for browsers without scripts, with words"),
    "margin": ("dropped", "page header or footer", "page headers and footers"),
}  # fmt: skip
"""What a reader counts in `Page.left_out`: kind of note, name, plural."""


def left_out_notes(page: Page) -> list[Note]:
    """Say what stands in the file and not in the text, by number and never by content.

    Examples
    --------
    >>> page = Page()
    >>> page.left_out.update(["deleted", "inserted", "deleted"])
    >>> for note in left_out_notes(page):
    ...     print(note)
    dropped: 2 tracked deletions.
    changed: 1 tracked insertion accepted as text.
    """
    notes = []
    for name, (kind, noun, plural) in _LEFT_OUT.items():
        number = page.left_out[name]
        if number:
            after = " accepted as text" if name == "inserted" else ""
            notes.append(Note(kind, f"{counted(number, noun, plural)}{after}.", _KINDS.get(name, "")))
    return notes


def comments_note(comments: int, authors: int) -> list[Note]:
    """Return the note on comments: their words and authors were left out.

    Examples
    --------
    >>> print(*comments_note(2, 1))
    dropped: 2 comments by 1 author.
    """
    if not comments:
        return []
    by = f" by {counted(authors, 'author')}" if authors else ""
    return [Note("dropped", f"{counted(comments, 'comment')}{by}.", "comment")]


def _extent(table: Sequence[Sequence[Cell]]) -> tuple[int, int]:
    cells = [cell for row in table for cell in row]
    return cells[0].start, max(cell.start + len(cell.text) for cell in cells)


def _transcript_table(
    path: Path, page: Page, options: ReadOptions, prose: Reading, people: frozenset[int]
) -> tuple[int, Columns, list[RowTurn]] | None:
    """Return the table that is the transcript, or None where the talk stands in paragraphs.

    It is the table with most words in its text column; it must hold half of the words of the document, or
    there must be no labels elsewhere.
    """
    found: list[tuple[int, int, Columns, list[RowTurn]]] = []
    problem: ReadError | None = None
    for number, cells in enumerate(page.tables):
        if number in people and not options.columns:
            continue
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
            found.append((words, -number, columns, said))
    if options.columns and not found:
        raise problem or ReadError(path, "columns= was given, but no table has them. Leave columns= out.")
    if not found:
        return None
    words, number, columns, said = max(found, key=lambda each: each[:2])
    half = words * 2 >= len(page.text.split())
    labels = sum(1 for turn in prose.turns if turn.speaker is not None)
    return (-number, columns, said) if half or options.columns or labels < 2 else None


def _beside_talk(page: Page, prose: Reading, people: frozenset[int]) -> list[list[list[Cell]]]:
    """Return the tables between paragraphs of talk that are none of it: nobody has a label in them.

    A table of one column, or with most of the words, may be nothing but a frame around the talk.
    """
    starts = sorted(turn.span.start for turn in prose.turns if turn.speaker is not None)
    every = len(prose.text.split())
    found = []
    for number, table in enumerate(page.tables):
        start, end = _extent(table)
        words = len(prose.text[start:end].split())
        labelled = bisect_left(starts, end) > bisect_left(starts, start)
        columns = max(sum(1 for cell in row if cell.text.strip()) for row in table)
        if starts and not labelled and columns > 1 and number not in people and words * 2 < every:
            found.append(table)
    return found


def _from_table(
    text: str,
    cells: Sequence[Sequence[Cell]],
    others: int,
    columns: Columns,
    said: Sequence[RowTurn],
    notes: Sequence[Note],
    format: str,
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
    found.extend(column_notes(rows, columns, in_text=True))
    found.extend(row_notes(rows, columns, {row.row for row in said}, in_text=True))
    if others:
        found.append(Note("kept", f"{counted(others, 'other table')} in the text, outside all turns."))
    if on:
        found.append(
            Note("guessed", f"Rows without a speaker went on with the turn above (row {listed(on)}).")
        )
    found.extend(time_notes(marks, "row"))
    return Reading(text, tuple(turns), tuple(marks), notes=tuple(found), format=format)


def _by_styles(text: str, page: Page, prose: Reading, notes: Sequence[Note]) -> Reading | None:
    """Return turns by the names of paragraph styles ("Interviewer", "Respondent"), where no label is found."""
    if any(turn.speaker is not None for turn in prose.turns):
        return None
    spoken = [
        each for each in page.paragraphs if is_role_word(each.style) and text[each.start : each.end].strip()
    ]
    if len({label_key(each.style) for each in spoken}) < 2:
        return None
    turns: list[Turn] = []
    for each in spoken:
        words = text[each.start : each.end]
        start = each.start + len(words) - len(words.lstrip())
        end = each.start + len(words.rstrip())
        last = turns[-1] if turns else None
        if last is not None and last.speaker == each.style and not text[last.span.end : start].strip():
            turns[-1] = Turn(last.number, last.speaker, Span(last.span.start, end))
        else:
            turns.append(Turn(len(turns) + 1, each.style, Span(start, end)))
    counts: Mapping[str, int] = {
        name: sum(1 for turn in turns if turn.speaker == name)
        for name in dict.fromkeys(each.style for each in spoken)
    }
    listing = ", ".join(f"{name} ({counted(number, 'turn')})" for name, number in counts.items())
    note = Note("guessed", f"Speakers by the styles of the paragraphs: {listing}.")
    return Reading(text, tuple(turns), prose.marks, notes=(*notes, note), format=prose.format)
