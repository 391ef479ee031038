"""CSV and its kin (.csv, .tsv, .tab): a column each for words, speaker and times."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

from qualcode.errors import ReadError
from qualcode.readers._encoding import decode, peek
from qualcode.readers._files import read_bytes
from qualcode.readers._foreign import foreign_kind
from qualcode.readers._reading import Reading, ReadOptions
from qualcode.readers._rows import no_columns, rows_to_reading
from qualcode.readers._table import find_by_heading, find_columns

SEPARATORS = (",", ";", "\t", "|")
_SUFFIXES = (".csv", ".tsv", ".tab")
_MAX_CELL = 10_000_000
_ONE_COLUMN = "\x1f"  # a separator that no table has


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
    """Read a table with separators.

    Raises
    ------
    ReadError
        If the file cannot be opened, is no table, or no column is known to hold the words.
    """
    text, notes = decode(path, read_bytes(path), options.encoding)
    try:
        rows = _rows(text, _separator(text), None)
    except csv.Error as error:
        raise ReadError(
            path, f"its quotation marks do not match ({error}). Open it in Excel and save it as .xlsx."
        ) from None
    columns = find_columns(path, rows, options.columns)
    if columns is None:
        raise no_columns(path, rows, "the table")
    return rows_to_reading(path, rows, columns, notes, "csv", options.columns)


def _rows(text: str, separator: str, limit: int | None) -> list[list[str]]:
    text = _without_hint(text)
    before = csv.field_size_limit(
        _MAX_CELL
    )  # a cell may hold a whole answer; the limit is global, so put it back
    try:
        found = []
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=False):
            if any(cell.strip() for cell in row) and not _is_rule(row, separator):
                found.append(row)
            if limit is not None and len(found) >= limit:
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
