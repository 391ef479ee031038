"""Rows of a table as turns, for CSV, Excel and the transcript table of a Word file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from qualcode.errors import ReadError
from qualcode.readers._reading import MAX_LINES, Note, Reading, TooLong, counted, listed, too_long
from qualcode.readers._row_notes import cell_text, column_notes, row_notes
from qualcode.readers._table import Columns, name_headings
from qualcode.readers._times import backward, cell_seconds, duration, read_range
from qualcode.span import Span
from qualcode.transcript import TimeMark, Turn


@dataclass(slots=True)
class RowTurn:
    """What one row says.

    Parameters
    ----------
    row
        Index of the row.
    speaker, begins, ends
        As in `Turn`.
    words
        The text cell.
    goes_on
        Whether the row has neither speaker nor time of its own and so goes on with the turn above.
    """

    row: int
    speaker: str | None
    words: str
    begins: float | None
    ends: float | None
    goes_on: bool = False


def read_rows(rows: Sequence[Sequence[object]], columns: Columns) -> list[RowTurn]:
    """Return the rows that hold words.

    Examples
    --------
    >>> table = [["I", "Why?"], ["P", "Because."], ["", "Really."]]
    >>> [(row.speaker, row.words, row.goes_on) for row in read_rows(table, Columns({"speaker": 0, "text": 1}))]
    [('I', 'Why?', False), ('P', 'Because.', False), (None, 'Really.', True)]
    """
    found: list[RowTurn] = []
    for number in range(columns.first_row, len(rows)):
        row = rows[number]

        def cell(name: str, row: Sequence[object] = row) -> object:
            index = columns.at.get(name, -1)
            return row[index] if 0 <= index < len(row) else None

        words = cell_text(cell("text")).strip()
        if not words:
            continue
        speaker = " ".join(cell_text(cell("speaker")).split()).rstrip(":").strip() or None
        begins, ends = _times(cell, columns)
        goes_on = speaker is None and begins is None and "speaker" in columns.at and bool(found)
        found.append(RowTurn(number, speaker, words, begins, ends, goes_on))
    return found


def _times(cell: object, columns: Columns) -> tuple[float | None, float | None]:
    assert callable(cell)
    start = cell("start")
    begins = cell_seconds(start, "start" in columns.milliseconds)
    ends = cell_seconds(cell("end"), "end" in columns.milliseconds)
    if ends is None and isinstance(start, str) and start.count(":") > 1:
        ends = read_range(start)[1]
    if ends is None and begins is not None and "duration" in columns.at:
        raw = cell("duration")
        length = duration(raw) if isinstance(raw, str) else cell_seconds(raw)
        if length is not None:
            ends = begins + (length / 1000 if "duration" in columns.milliseconds else length)
    if begins is not None and (begins < 0 or begins != begins):
        begins = None
    if begins is None or ends is None or ends < begins or ends != ends:
        ends = None
    return begins, round(ends, 6) if ends is not None else None


@dataclass(slots=True)
class Table:
    """A table as its reader found it.

    Parameters
    ----------
    rows, columns
        The cells, and which column holds what.
    notes
        What is known already.
    format
        Name of the format in the registry.
    numbers
        The number of each row as its program shows it.
    """

    rows: Sequence[Sequence[object]]
    columns: Columns
    notes: Sequence[Note]
    format: str
    numbers: Sequence[int]


def parts_of(path: object, table: Table) -> list[tuple[str, Reading | ReadError]]:
    """Return a reading for every value of the column "source", in the order of the table.

    Rows without a value belong to none, which the first reading says. Of a part that cannot be read, it is the reason.

    Raises
    ------
    ReadError
        If the column holds no value at all.
    """
    columns = replace(table.columns, split=True)
    at = columns.at["source"]
    groups: dict[str, list[int]] = {}
    for row in range(columns.first_row, len(table.rows)):
        cells = table.rows[row]
        groups.setdefault(cell_text(cells[at]).strip() if at < len(cells) else "", []).append(row)
    left = [table.numbers[row] for row in groups.pop("", [])]
    if not groups:
        raise ReadError(
            path, "the column that names the source is empty in every row. Name another: split_by=."
        )
    notes = list(table.notes)
    if left:
        notes.append(
            Note("dropped", f"{counted(len(left), 'row')} that no source is named for (row {listed(left)}).")
        )
    head = list(range(columns.first_row))
    found: list[tuple[str, Reading | ReadError]] = []
    for value, rows in groups.items():
        part = [table.rows[row] for row in head + rows]
        try:
            if not read_rows(part, columns):
                raise ReadError(path, "no row of it holds words.")
            reading = rows_to_reading(
                path, part, columns, notes, table.format, {"source": ""},
                [table.numbers[row] for row in head + rows],
            )  # fmt: skip
        except (ReadError, TooLong) as error:
            found.append((value, error if isinstance(error, ReadError) else too_long(path)))
            continue
        notes = list(table.notes)
        found.append((value, reading))
    return found


def rows_to_reading(
    path: object,
    rows: Sequence[Sequence[object]],
    columns: Columns,
    notes: Sequence[Note] = (),
    format: str = "",
    wanted: Mapping[str, str] | None = None,
    numbers: Sequence[int] | None = None,
) -> Reading:
    """Return a table as a reading: one turn a paragraph, words only.

    Parameters
    ----------
    path
        For messages.
    rows, columns
        The cells, and which column holds what.
    notes
        What is known already; kept in front.
    format
        Name of the format in the registry.
    wanted
        The caller's words for the columns.
    numbers
        The number of each row as its program shows it; by default 1, 2, 3, ...

    Raises
    ------
    ReadError
        If no row holds words, or the table holds several transcripts.
    TooLong
        If more rows hold words than any transcript has.
    """
    _one_source(path, rows, columns, wanted or {})
    numbers = numbers if numbers is not None else range(1, len(rows) + 1)
    said = read_rows(rows, columns)
    if len(said) > MAX_LINES:
        raise TooLong
    if not said:
        raise ReadError(
            path, "its text column holds no words. Name the right one: columns={'text': heading}."
        )
    text: list[str] = []
    turns: list[Turn] = []
    marks: list[TimeMark] = []
    length = 0
    on: list[int] = []
    timed: list[int] = []
    for row in said:
        if turns:
            text.append("\n")
            length += 1
        start, length = length, length + len(row.words)
        text.append(row.words)
        if row.begins is not None:
            marks.append(TimeMark(start, row.begins, row.ends))
            timed.append(numbers[row.row])
        if row.goes_on:
            on.append(numbers[row.row])
            last = turns[-1]
            turns[-1] = Turn(last.number, last.speaker, Span(last.span.start, length), last.begins, last.ends)
        else:
            turns.append(Turn(len(turns) + 1, row.speaker, Span(start, length), row.begins, row.ends))
    found = [
        *notes,
        *column_notes(rows, columns),
        *row_notes(rows, columns, {row.row for row in said}, numbers),
    ]
    if on:
        found.append(
            Note(
                "guessed",
                f"{counted(len(on), 'row')} without speaker and time went on with the turn above "
                f"(row {listed(on)}).",
            )
        )
    wrong = [timed[number - 1] for number in backward(marks)]
    if wrong:
        found.append(
            Note(
                "kept",
                f"{counted(len(wrong), 'row')} {'begins' if len(wrong) == 1 else 'begin'} earlier than the one above "
                f"(row {listed(wrong)}); the order of the file was kept.",
            )
        )
    return Reading("".join(text), tuple(turns), tuple(marks), notes=tuple(found), format=format)


def _one_source(
    path: object, rows: Sequence[Sequence[object]], columns: Columns, wanted: Mapping[str, str]
) -> None:
    index = columns.at.get("source")
    if index is None or wanted.get("source", "x") == "":
        return
    values = {
        str(row[index]).strip()
        for row in rows[columns.first_row :]
        if index < len(row) and row[index] is not None and str(row[index]).strip()
    }
    if len(values) > 1:
        heading = str(rows[columns.first_row - 1][index]) if columns.first_row else f"column {index + 1}"
        raise ReadError(
            path,
            f"the column {heading!r} names {len(values):,} different sources, and a transcript is one. Bring in each by "
            f"itself: project.add_sources(path, split_by={heading!r}). Or pass columns={{'source': ''}} to read all rows as "
            "one source.",
        )


def no_columns(path: object, rows: Sequence[Sequence[object]], what: str) -> ReadError:
    """Return the error for a table in which no text column is found."""
    return ReadError(
        path,
        f"{what} has no column known to hold the words; {name_headings(rows)}. "
        "Name the columns: columns={'text': heading, 'speaker': heading}. If every row is a respondent, it is a survey: "
        "project.add_survey(path).",
    )
