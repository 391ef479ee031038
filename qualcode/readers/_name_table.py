"""The table of names: real names and pseudonyms, as Excel writes it."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from qualcode.errors import ReadError
from qualcode.readers._encoding import decode
from qualcode.readers._files import read_bytes
from qualcode.readers._reading import listed


def read_pseudonyms(path: Path) -> dict[str, str]:
    """Return the names of a table with the columns name and pseudonym, in any encoding that Excel writes.

    Parameters
    ----------
    path
        A CSV file; its cells are parted by commas, semicolons or tabs.

    Raises
    ------
    ReadError
        If it cannot be read, is no such table, or gives one name two pseudonyms. Messages name lines and
        pseudonyms, never a name.
    """
    text, _ = decode(path, read_bytes(path))
    head = text.split("\n", 1)[0]
    separator = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[tuple[int, list[str]]] = []
    line = 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append((line, [cell.strip() for cell in row]))
            line = reader.line_num + 1
    except csv.Error:
        raise ReadError(path, f"line {line}: a quotation mark is not closed.") from None
    headings = [heading.casefold() for heading in rows[0][1]]
    if len(rows) < 2 or not {"name", "pseudonym"} <= set(headings):
        raise ReadError(path, "it needs a header line 'name,pseudonym' and a line for each name.")
    columns = headings.index("name"), headings.index("pseudonym")
    wide = [line for line, row in rows[1:] if any(row[len(headings) :])]
    if wide:
        raise ReadError(
            path,
            f"line {listed(wide)}: more cells than the header line has. Put a name that holds the separator in "
            "quotation marks.",
        )
    full = [(line, row + [""] * len(headings)) for line, row in rows[1:]]
    pairs = [(line, row[columns[0]], row[columns[1]]) for line, row in full]
    empty = [line for line, name, pseudonym in pairs if not name or not pseudonym]
    if empty:
        raise ReadError(path, f"line {listed(empty)}: a name or its pseudonym is missing.")
    found: dict[str, tuple[int, str]] = {}
    for line, name, pseudonym in pairs:
        first, other = found.setdefault(name, (line, pseudonym))
        if other != pseudonym:
            raise ReadError(
                path,
                f"line {first} and line {line} give one name two pseudonyms, {other!r} and {pseudonym!r}. Keep one.",
            )
    return {name: pseudonym for name, (_, pseudonym) in found.items()}
