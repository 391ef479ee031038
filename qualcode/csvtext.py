"""CSV as the study folder keeps it: UTF-8, commas, one record a line, every column read as text.

An id ``1e5``, a quote ``NA`` and a code ``no`` come back as they were written.
"""

from __future__ import annotations

import contextlib
import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from qualcode.errors import FileProblems, Problem

CONFLICT_MARKS = ("<<<<<<< ", ">>>>>>> ")
_NEEDS_QUOTES = re.compile('[",\r\n]')
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def format_csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    r"""Return the bytes of a table. Newlines inside a field become "\n", broken characters U+FFFD.

    Examples
    --------
    >>> format_csv(["case", "kind"], [["P7a", "participant"], ["Ltd, the", "organization"]])
    b'case,kind\nP7a,participant\n"Ltd, the",organization\n'
    """
    table = [header, *rows]
    plain = "\n".join([*map(",".join, table), ""])
    if _is_plain(plain, table):
        return utf8(plain)
    return utf8("\n".join([*map(_line, table), ""]))


def _is_plain(text: str, table: Sequence[Sequence[str]]) -> bool:
    """Whether no field of a table needs quotes; looked up in its whole text at once, for most tables are such."""
    return (
        '"' not in text
        and "\r" not in text
        and "\n\n" not in f"\n{text}"  # an empty line would be no row
        and text.count("\n") == len(table)
        and text.count(",") == sum(map(len, table)) - len(table)
    )


def _line(fields: Sequence[str]) -> str:
    line = ",".join(fields)
    if line.count(",") == len(fields) - 1 and not _NEEDS_QUOTES.search(line.replace(",", "")) and line:
        return line
    if len(fields) == 1 and not fields[0]:
        return '""'  # an empty line would be no row
    return ",".join(map(_field, fields))


def _field(field: str) -> str:
    if not _NEEDS_QUOTES.search(field):
        return field
    return '"' + field.replace("\r\n", "\n").replace("\r", "\n").replace('"', '""') + '"'


def utf8(text: str) -> bytes:
    r"""Return the bytes of a text; half characters, which no file can hold, become U+FFFD.

    Examples
    --------
    >>> utf8("a\ud800b")
    b'a\xef\xbf\xbdb'
    """
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        return _LONE_SURROGATE.sub("\ufffd", text).encode("utf-8")


def decode(content: bytes, file: str) -> str:
    r"""Return the text of a file of the study, newlines as "\n", a byte order mark dropped.

    Raises
    ------
    FileProblems
        If the file is not UTF-8, or holds the marks of an unfinished git merge.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise FileProblems(
            [
                Problem(
                    file, str(line), "is not UTF-8 text", "save it as 'CSV UTF-8' or restore it from a backup"
                )
            ]
        ) from None
    text = text.replace("\r\n", "\n")
    if any(mark in text for mark in CONFLICT_MARKS):
        for number, written in enumerate(text.split("\n"), start=1):
            if written.startswith(CONFLICT_MARKS):
                what = "holds the marks of an unfinished git merge"
                raise FileProblems([Problem(file, str(number), what, "finish the merge first")])
    return text


@contextlib.contextmanager
def not_too_deep(file: str) -> Iterator[None]:
    """Read a file of tables in tables (TOML, YAML, JSON); one that nests without end is a problem of the file.

    Raises
    ------
    FileProblems
        Where Python gives up.
    """
    try:
        yield
    except RecursionError:
        fix = "restore it from git or a backup"
        raise FileProblems([Problem(file, "", "nests too deeply to be a file of a study", fix)]) from None


def parse_csv(
    content: bytes, file: str, required: Sequence[str] = ()
) -> tuple[list[str], list[list[str]], list[Problem]]:
    r"""Return header, rows and what is wrong with the lines of a table.

    A row that is too short or too long is left out and named among the problems; nothing is guessed.

    Raises
    ------
    FileProblems
        If the file is no table at all: not UTF-8, no header, required columns missing.

    Examples
    --------
    >>> parse_csv(b"case,kind\nP7a,participant\n", "data/cases.csv", ["case"])
    (['case', 'kind'], [['P7a', 'participant']], [])
    """
    text = decode(content, file)
    if '"' not in text and "\r" not in text:
        return _parse_plain(text, file, required)
    # strict: an open quotation mark would swallow the lines below it
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    limit = csv.field_size_limit(max(len(text), 1 << 17))  # the marks of an hour in one turn are long
    try:
        return _parse(reader, file, required)
    finally:
        csv.field_size_limit(limit)


def _parse_plain(
    text: str, file: str, required: Sequence[str]
) -> tuple[list[str], list[list[str]], list[Problem]]:
    """Read a table without quotation marks; most are, and this takes a third of the time."""
    lines = text.split("\n")
    first = next((number for number, line in enumerate(lines) if line), len(lines))
    header = lines[first].split(",") if first < len(lines) else []
    _check_header(header, required, file)
    width = len(header)
    rows = [line.split(",") for line in lines[first + 1 :] if line]
    if all(len(row) == width for row in rows):
        return header, rows, []
    problems = [
        _width_problem(file, number, line.count(",") + 1, width)
        for number, line in enumerate(lines[first + 1 :], start=first + 2)
        if line and line.count(",") + 1 != width
    ]
    return header, [row for row in rows if len(row) == width], problems


def _width_problem(file: str, line: int, columns: int, expected: int) -> Problem:
    return Problem(
        file,
        str(line),
        f"has {columns} columns, the header {expected}",
        "correct the line; a comma inside a field needs quotation marks around the field",
    )


def _parse(
    reader: Any, file: str, required: Sequence[str]
) -> tuple[list[str], list[list[str]], list[Problem]]:
    problems: list[Problem] = []
    rows: list[list[str]] = []
    header: list[str] = []
    try:
        for row in reader:
            if not row:
                continue
            if not header:
                header = row
                _check_header(header, required, file)
            elif len(row) != len(header):
                problems.append(_width_problem(file, reader.line_num, len(row), len(header)))
            else:
                rows.append(row)
    except csv.Error as error:
        raise FileProblems(
            [
                Problem(
                    file,
                    str(reader.line_num),
                    f"is not readable as a table: {error}",
                    "open it in a text editor",
                )
            ]
        ) from None
    if not header:
        _check_header(header, required, file)
    return header, rows, problems


def _check_header(header: list[str], required: Sequence[str], file: str) -> None:
    twice = sorted({column for column in header if header.count(column) > 1})
    if twice:
        fix = "give each column a name of its own, or remove the empty ones"
        raise FileProblems([Problem(file, "1", f"has the column '{twice[0]}' twice", fix)])
    missing = [column for column in required if column not in header]
    if not missing:
        return
    fix = "it was perhaps saved with semicolons by a spreadsheet program; save it with commas"
    if len(header) != 1 or ";" not in header[0]:
        fix = "write the columns " + ", ".join(required) + " in the first line"
    raise FileProblems([Problem(file, "1", f"misses the column {', '.join(missing)}", fix)])
