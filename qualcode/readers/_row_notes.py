"""What is said of a table that is a transcript: which columns were taken for what, and which cells were not read."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from qualcode.readers._reading import Note, counted, listed
from qualcode.readers._table import Columns
from qualcode.readers._times import cell_seconds, duration
from qualcode.transcript import prepare_text


def cell_text(value: object) -> str:
    """Return a cell as text: 7.0 of a spreadsheet is 7.

    Examples
    --------
    >>> cell_text(7.0), cell_text(None), cell_text("so")
    ('7', '', 'so')
    """
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return prepare_text(str(value))


def column_notes(rows: Sequence[Sequence[object]], columns: Columns, in_text: bool = False) -> list[Note]:
    """Say which column was taken for what, and which were left out.

    Parameters
    ----------
    in_text
        Whether the whole table stands in the text, as in a document, so that nothing of it is lost.
    """
    if not columns.named:
        taken = ", ".join(
            f"{name} = column {index + 1}" for name, index in columns.at.items() if name != "source"
        )
        return [Note("guessed", f"The table has no known headings; by content: {taken}.")]
    headings = [" ".join(cell_text(cell).split()) for cell in rows[columns.first_row - 1]]
    taken = ", ".join(
        f"{name} = {headings[index]!r}" for name, index in columns.at.items() if name != "source"
    )
    notes = [Note("guessed", f"Columns by their headings: {taken}.")]
    read = {index for name, index in columns.at.items() if name != "source" or columns.split}
    left = [heading for index, heading in enumerate(headings) if heading and index not in read]
    if left:
        shown = ", ".join(heading[:40] for heading in left[:10]) + (" ..." if len(left) > 10 else "")
        notes.append(_left(f"{counted(len(left), 'column')}", f": {shown}", in_text))
    return notes


def row_notes(
    rows: Sequence[Sequence[object]],
    columns: Columns,
    spoken: Collection[int],
    numbers: Sequence[int] | None = None,
    in_text: bool = False,
) -> list[Note]:
    """Say which cells that hold something came in neither as words nor as label nor as time.

    Parameters
    ----------
    rows, columns
        The table.
    spoken
        Indices of the rows with words.
    numbers
        The number of each row as its program shows it; by default 1, 2, 3, ...
    in_text
        As for `column_notes`.

    Examples
    --------
    >>> rows = [["Speaker", "Text"], ["Ana", "Why?"], ["Ben", ""], ["Ben", "So.", "loud"]]
    >>> columns = Columns({"speaker": 0, "text": 1}, 1)
    >>> for note in row_notes(rows, columns, {1, 3}):
    ...     print(note)
    dropped: 1 row without words not read (row 3).
    dropped: Cells under no heading not read in 1 row (row 4).
    """
    numbers = numbers if numbers is not None else range(1, len(rows) + 1)
    notes = []
    above = [
        numbers[at] for at in range(columns.first_row - (1 if columns.named else 0)) if _filled(rows[at])
    ]
    if above:
        what = f"{counted(len(above), 'row')} above the first turn"
        notes.append(_left(what, f" (row {listed(above)})", in_text))
    body = range(columns.first_row, len(rows))
    empty = [numbers[at] for at in body if at not in spoken and _filled(rows[at])]
    if empty:
        what = f"{counted(len(empty), 'row')} without words"
        notes.append(_left(what, f" (row {listed(empty)})", in_text))
    headings = rows[columns.first_row - 1] if columns.named and columns.first_row else []
    known = {index for index, heading in enumerate(headings) if cell_text(heading).strip()}
    known |= set(columns.at.values())
    beside = [
        numbers[at]
        for at in body
        if any(index not in known and cell_text(value).strip() for index, value in enumerate(rows[at]))
    ]
    if beside:
        where = "under no heading" if columns.named else "in other columns"
        what = f"Cells {where}"
        notes.append(_left(what, f" in {counted(len(beside), 'row')} (row {listed(beside)})", in_text))
    unread = [numbers[at] for at in sorted(spoken) if _has_unread_time(rows[at], columns)]
    if unread:
        what = "Unreadable times"
        notes.append(_left(what, f" in {counted(len(unread), 'row')} (row {listed(unread)})", in_text))
    return notes


def _left(what: str, where: str, in_text: bool) -> Note:
    if in_text and where.startswith(":"):
        return Note("kept", f"{what} not read as talk, but in the text{where}.")
    if in_text:
        return Note("kept", f"{what}{where} not read as talk, but in the text.")
    return Note("dropped", f"{what} not read{where}.")


def _filled(row: Sequence[object]) -> bool:
    return any(cell_text(value).strip() for value in row)


def _has_unread_time(row: Sequence[object], columns: Columns) -> bool:
    for name in ("start", "end", "duration"):
        index = columns.at.get(name, len(row))
        value = row[index] if index < len(row) else None
        if not cell_text(value).strip():
            continue
        if cell_seconds(value) is None and not (isinstance(value, str) and duration(value) is not None):
            return True
    return False
