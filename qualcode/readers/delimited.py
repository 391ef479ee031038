"""CSV and its kin (.csv, .tsv, .tab): a column each for words, speaker and times."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from qualcode.errors import ReadError
from qualcode.readers._encoding import decode, peek
from qualcode.readers._files import read_bytes
from qualcode.readers._foreign import foreign_kind
from qualcode.readers._reading import Note, Reading, ReadOptions, counted, listed
from qualcode.readers._rows import Table, no_columns, parts_of, rows_to_reading
from qualcode.readers._table import Columns, find_by_heading, find_columns

SEPARATORS = (",", ";", "\t", "|")
_SUFFIXES = (".csv", ".tsv", ".tab")
_MAX_CELL = 10_000_000
_MAX_ROWS = 500_000
_ONE_COLUMN = "\x1f"  # a separator that no table has
_PLAIN = ("\t", _ONE_COLUMN)
"""Tables that are often written without quotation marks around cells."""
_SAID = {",": "a comma", ";": "a semicolon", "\t": "a tab", "|": "a bar"}


def sniff(head: bytes, name: str) -> float:
    """Return how sure it is that a file is a table: certain by its headings, likely by its name."""
    if foreign_kind(head) is not None:
        return 0.0
    text = peek(head)
    if not text.strip():
        return 0.0
    suffix = Path(name).suffix.lower() in _SUFFIXES
    first = text.lstrip().split("\n", 1)[0]
    if len(first) < 2000 and any(separator in first for separator in SEPARATORS):
        rows = _rows(text[:20_000], _separator(text), 5)
        found = find_by_heading(rows, look=1)
        if found is not None and len(found.at) > 1:
            return 0.9
    return 0.7 if suffix else 0.0


def read(path: Path, *, options: ReadOptions) -> Reading:
    """Read a table with separators as one transcript.

    Raises
    ------
    ReadError
        As `read_table`; also if no row holds words, or it holds several transcripts.
    """
    table = read_table(path, options)
    return rows_to_reading(
        path, table.rows, table.columns, table.notes, table.format, options.columns, table.numbers
    )


def read_parts(path: Path, *, options: ReadOptions) -> list[tuple[str, Reading | ReadError]]:
    """Read a table with separators that holds several transcripts; see `parts_of`."""
    return parts_of(path, read_table(path, options))


def read_table(path: Path, options: ReadOptions) -> Table:
    """Read a table with separators.

    Raises
    ------
    ReadError
        If the file cannot be opened, is no table, no column is known to hold the words, its quotation marks
        do not match, or a row has more cells than the table and it cannot be told where they belong.
    """
    text, decoded = decode(path, read_bytes(path), options.encoding)
    separator = _separator(text)
    notes = list(decoded)
    numbered = _strict_rows(path, text, separator, notes)
    numbers, rows = [number for number, _ in numbered], [row for _, row in numbered]
    width, headed = _width(path, rows, options.columns)
    wide = [at for at, row in enumerate(rows) if len(row) > width]
    whole = rows
    rows = [
        [*row[: width - 1], separator.join(row[width - 1 :])] if len(row) > width else row for row in rows
    ]
    columns = find_columns(path, rows, options.columns)
    if columns is None:
        raise no_columns(path, whole, "the table")
    wide = [at for at in wide if at >= columns.first_row]
    if wide:
        listing = f"row {listed([numbers[at] for at in wide])}"
        body = len(rows) - columns.first_row
        if columns.at["text"] != width - 1 or (headed and len(wide) == body):
            raise ReadError(
                path,
                f"{counted(len(wide), 'row')} {'has' if len(wide) == 1 else 'have'} more cells than the "
                f"{'headings' if headed else 'others'} ({listing}). Give every column a heading, and put words that "
                f"hold {_SAID.get(separator, repr(separator))} in quotation marks.",
            )
        notes.append(
            Note(
                "changed",
                f"{counted(len(wide), 'row')} had more cells than the table, as words without quotation marks have "
                f"that hold {_SAID.get(separator, repr(separator))}; the cells were joined to the words ({listing}).",
            )
        )
    notes.extend(_swallowed(rows, numbers, columns, separator))
    return Table(rows, columns, notes, "csv", numbers)


def read_cells(path: Path, encoding: str | None = None) -> tuple[list[list[str]], tuple[Note, ...]]:
    """Return the rows of a table with separators as they stand, and what had to be guessed.

    Raises
    ------
    ReadError
        If the file cannot be opened, is no table, or its quotation marks do not match.
    """
    text, decoded = decode(path, read_bytes(path), encoding)
    notes = list(decoded)
    rows = [row for _, row in _strict_rows(path, text, _separator(text), notes)]
    return rows, tuple(notes)


def _width(path: Path, rows: list[list[str]], wanted: Mapping[str, str]) -> tuple[int, bool]:
    """Return how many cells a row should have, and whether headings say so.

    Without headings it is the number that most rows have. Empty cells at the end of rows do not count, and
    are taken off.
    """
    for row in rows:
        while len(row) > 1 and not row[-1].strip():
            row.pop()
    named = find_columns(path, rows, wanted, content=False)
    if named is not None:
        return max(len(rows[named.first_row - 1]), 1 + max(named.at.values())), True
    widths = Counter(len(row) for row in rows if len(row) > 1)
    common = max(widths.values(), default=0)
    return min((width for width, count in widths.items() if count == common), default=1), False


def _strict_rows(path: Path, text: str, separator: str, notes: list[Note]) -> list[tuple[int, list[str]]]:
    """Return the rows with their numbers, as Excel counts them: empty rows count, a cell of two lines does not.

    Raises
    ------
    ReadError
        If a quotation mark is never closed, or words follow where it closes: the cell would swallow what
        the next people say.
    """
    before = csv.field_size_limit(_MAX_CELL)
    body = _without_hint(text)
    hint = text.count("\n", 0, len(text) - len(body))
    line = 0
    try:
        reader = csv.reader(io.StringIO(body, newline=""), delimiter=separator, strict=True)
        found: list[tuple[int, list[str]]] = []
        number = 0
        while True:
            line = reader.line_num
            row = next(reader, None)
            if row is None:
                return found
            number += 1
            if number > _MAX_ROWS:
                raise ReadError(
                    path, f"it has more than {_MAX_ROWS:,} rows. Save the rows of one interview alone."
                )
            if any(cell.strip() for cell in row) and not _is_rule(row, separator):
                found.append((number, row))
    except csv.Error as error:
        begins = line + 1 + hint
        if "field larger" in str(error):
            raise ReadError(path, f"line {begins}: a cell has more than {_MAX_CELL:,} characters.") from None
        if separator not in _PLAIN:
            raise ReadError(
                path,
                f"line {begins}: a quotation mark is opened here that is never closed, or words follow where it is "
                'closed. Close it; a quotation mark inside a cell in quotation marks is written twice ("").',
            ) from None
        notes.append(
            Note(
                "guessed",
                f"The quotation marks do not match (line {begins}); they were kept as words, and each line is a row.",
            )
        )
        lines = csv.reader(io.StringIO(body, newline=""), delimiter=separator, quoting=csv.QUOTE_NONE)
        return [(at, row) for at, row in enumerate(lines, 1) if any(cell.strip() for cell in row)]
    finally:
        csv.field_size_limit(before)


def _swallowed(rows: list[list[str]], numbers: list[int], columns: Columns, separator: str) -> list[Note]:
    """Say which cells of several lines hold lines that look like rows: a quotation mark may be open."""
    if "speaker" not in columns.at:
        return []
    index = columns.at["speaker"]
    speakers = {row[index].strip() for row in rows[columns.first_row :] if index < len(row)} - {""}
    suspect = []
    for number, row in zip(numbers[columns.first_row :], rows[columns.first_row :], strict=True):
        for cell in row:
            for line in cell.split("\n")[1:]:
                cells = line.split(separator)
                if len(cells) > max(1, index) and cells[index].strip().strip('"') in speakers:
                    suspect.append(number)
    if not suspect:
        return []
    listing = listed(sorted(set(suspect)))
    return [
        Note(
            "guessed",
            f"A cell in quotation marks holds lines that look like rows of their own (row {listing}); if others "
            "speak there, a quotation mark is open above them.",
        )
    ]


def _rows(text: str, separator: str, limit: int) -> list[list[str]]:
    """Return the first rows, as well as it goes, to find out what the table is like."""
    text = _without_hint(text)
    before = csv.field_size_limit(
        _MAX_CELL
    )  # a cell may hold a whole answer; the limit is global, so put it back
    try:
        found = []
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=False):
            if any(cell.strip() for cell in row) and not _is_rule(row, separator):
                found.append(row)
            if len(found) >= limit:
                break
        return found
    finally:
        csv.field_size_limit(before)


def _is_rule(row: list[str], separator: str) -> bool:
    """Whether a row is the rule below the headings of a table in Markdown: |---|:--:|."""
    return separator == "|" and all(re.fullmatch(r"\s*:?-+:?\s*|\s*", cell) for cell in row)


def _without_hint(text: str) -> str:
    """Excel's first line "sep=;" is no row."""
    first, _, rest = text.partition("\n")
    return rest if first.strip().strip('"').lower().startswith("sep=") and len(first.strip()) <= 7 else text


def _separator(text: str) -> str:
    """Return the separator that stands equally often in the first records, outside quotation marks."""
    first, _, _ = text.partition("\n")
    hint = first.strip().strip('"').lower()
    if hint.startswith("sep=") and len(hint) == 5:
        return hint[4]
    sample = text[:20_000]
    best, best_score = _ONE_COLUMN, (0.0, 0)
    for separator in SEPARATORS:
        try:
            rows = _rows(sample, separator, 20)
        except csv.Error:
            continue
        rows = rows[:-1] if len(rows) > 2 else rows  # the last may be cut
        widths = [len(row) for row in rows]
        if not widths or widths[0] < 2:
            continue
        known = find_by_heading(rows, look=1)
        same = sum(1 for width in widths if width == widths[0]) / len(widths)
        score = (same + (1 if known is not None and len(known.at) > 1 else 0), widths[0])
        if score > best_score:
            best, best_score = separator, score
    return best
