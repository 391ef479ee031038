"""A codebook as a table, for CSV and Excel: one row a code.

::

    kind   facet  code    name          parent  definition ...  counts_as
    facet  theme          Theme
    code   theme  trust   Trust                 Whether ...
    code   theme  broken  Broken trust  trust                   communication; process

Fields of several values are joined by "; "; a value that holds one is put in quotation marks. Rows of
kind "facet" and "codebook" carry what belongs to no code; by hand one needs neither them nor `kind`,
and of the columns only `name`.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

from qualcode.codebook import Codebook, default_codebook
from qualcode.codebook_check import faults
from qualcode.codebook_names import resolve_names
from qualcode.codebook_values import (
    CODE_FIELDS,
    FACET_FIELDS,
    Code,
    ExampleRef,
    Facet,
    clean_name,
    clean_text,
)
from qualcode.codebook_yaml import FLAGS, LISTS, NO, YES
from qualcode.errors import FileProblems, Problem, did_you_mean
from qualcode.slug import slug

ALWAYS = (
    "facet",
    "code",
    "name",
    "parent",
    "definition",
    "include",
    "exclude",
    "examples",
    "note",
    "counts_as",
)
COLUMNS = (
    "kind", "facet", "code", "name", "parent", "aliases", "definition", "include", "exclude", "examples", "note",
    "colour", "key", "icon", "codable", "counts_as", "merged_into", "split_into", "retired", "in_vivo",
    "exclusive", "scale", "version",
)  # fmt: skip
KINDS = ("code", "facet", "codebook")
_NAME_WORDS = ("label", "title", "code", "code name", "codename", "codes", "theme", "category", "node")
_JSON = " (json)"
_EXTRA = "extra: "
_QUOTED = re.compile(r'\s*"((?:[^"]|"")*)"\s*(?:;|$)')

Row = tuple[int, list[str]]
"""Line (or Excel row) and cells."""


# -- lists in a cell -----------------------------------------------------------------------------------


def join_list(values: Iterable[str | ExampleRef]) -> str:
    """Return several values as one cell.

    Examples
    --------
    >>> join_list(["trust, or not", "a; b"])
    'trust, or not; "a; b"'
    """
    parts = []
    for value in values:
        text = str(value)
        quoted = ";" in text or text[:1] == '"'
        parts.append('"' + text.replace('"', '""') + '"' if quoted else text)
    return "; ".join(parts)


def split_list(cell: str) -> list[str]:
    """Return the values of a cell.

    Examples
    --------
    >>> split_list('trust, or not; "a; b"')
    ['trust, or not', 'a; b']
    """
    values: list[str] = []
    at = 0
    while at < len(cell):
        quoted = _QUOTED.match(cell, at)
        if quoted:
            values.append(quoted[1].replace('""', '"'))
            at = quoted.end()
            continue
        end = cell.find(";", at)
        end = len(cell) if end < 0 else end
        word = cell[at:end].strip()
        if word:
            values.append(word)
        at = end + 1
    return values


# -- codebook to table ---------------------------------------------------------------------------------


def codebook_rows(codebook: Codebook) -> tuple[list[str], list[list[str]]]:
    """Return header and rows of a codebook."""
    records: list[dict[str, str]] = []
    if codebook.title or codebook.version or codebook.extra:
        head = {"kind": "codebook", "name": codebook.title, "version": codebook.version}
        records.append(head | _extra_cells(codebook.extra))
    used = {code.facet for code in codebook.codes}
    known = {facet.id for facet in codebook.facets}
    for facet in codebook.facets:
        implied = facet == Facet(facet.id, facet.id) and facet.id == slug(facet.id, lower=True)
        if not implied or facet.id not in used:
            records.append({"kind": "facet"} | _facet_cells(facet))
        records += [_code_cells(code) for code in codebook.codes if code.facet == facet.id]
    records += [_code_cells(code) for code in codebook.codes if code.facet not in known]
    filled = {"kind"} if any(record["kind"] != "code" for record in records) else set()
    filled |= {key for record in records for key, cell in record.items() if cell and key != "kind"}
    extra = dict.fromkeys(key for record in records for key in record if key not in COLUMNS)
    header = [column for column in COLUMNS if column in filled or column in ALWAYS] + list(extra)
    return header, [[record.get(column, "") for column in header] for record in records]


def _facet_cells(facet: Facet) -> dict[str, str]:
    cells = {"facet": facet.id, "name": facet.name, "scale": join_list(facet.scale), "note": facet.note}
    return cells | {"exclusive": "yes" if facet.exclusive else ""} | _extra_cells(facet.extra)


def _code_cells(code: Code) -> dict[str, str]:
    cells = {"kind": "code", "facet": code.facet, "code": code.id}
    for field in CODE_FIELDS:
        value = getattr(code, field)
        if field in ("id", "facet", "extra"):
            continue
        if field in FLAGS:
            implied = bool(code.merged_into or code.split_into) if field == "retired" else field == "codable"
            cells[field] = "" if value == implied else ("yes" if value else "no")
        else:
            cells[field] = join_list(value) if isinstance(value, tuple) else value or ""
    return cells | _extra_cells(code.extra)


def _extra_cells(extra: Any) -> dict[str, str]:
    cells = {}
    for key, value in extra.items():
        column = f"{_EXTRA}{key}" if key.casefold() in (*COLUMNS, "id") or key.startswith(_EXTRA) else key
        if isinstance(value, str) and not key.endswith(_JSON):
            cells[column] = value
        else:
            cells[column + _JSON] = json.dumps(value, ensure_ascii=False)
    return cells


# -- table to codebook ---------------------------------------------------------------------------------


def codebook_from_rows(header: Sequence[str], rows: Sequence[Row], file: str) -> Codebook:
    """Return the codebook that a table says.

    Raises
    ------
    FileProblems
        All problems at once, each with its line.
    """
    return _TableReader(file).read(header, rows)


class _TableReader:
    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def add(self, line: int, message: str, fix: str = "") -> None:
        self.problems.append(Problem(self.file, str(line), message, fix))

    def read(self, header: Sequence[str], rows: Sequence[Row]) -> Codebook:
        columns = self.columns(header)
        facets: dict[str, Facet] = {}
        described: dict[str, int] = {}
        codes: list[Code] = []
        lines: list[int] = []
        book: dict[str, Any] = {}
        for line, cells in rows:
            record = {
                column: text
                for column, cell in zip(columns, cells, strict=False)
                if (text := clean_text(cell))
            }
            extra = {
                key: self.extra(key, record.pop(key), line) for key in list(record) if key not in COLUMNS
            }
            extra = {_plain_key(key): value for key, value in extra.items()}
            if not record and not extra:
                continue
            kind = record.pop("kind", "code").casefold()
            if kind == "codebook":
                book = {
                    "title": record.pop("name", ""),
                    "version": record.pop("version", ""),
                    "extra": extra | record,
                }
            elif kind == "facet":
                facet = self.facet(record, extra, line)
                if facet.id in described:
                    first = described[facet.id]
                    self.add(
                        line,
                        f"the facet '{facet.id}' is there twice, first in line {first}",
                        "delete one row",
                    )
                described.setdefault(facet.id, line)
                facets[facet.id] = facet
            elif kind == "code":
                name = record.pop("facet", "")
                known = _facet_named(name, facets)
                if known is None:
                    known = Facet(slug(name, lower=True), name) if name else default_codebook().facets[0]
                    facets.setdefault(known.id, known)
                codes.append(self.code(record, extra, known.id, line))
                lines.append(line)
            else:
                self.add(
                    line,
                    f"the kind '{kind}' is unknown.{did_you_mean(kind, KINDS)}",
                    f"write {', '.join(KINDS)}",
                )

        def place(number: int, field: str) -> str:
            return str(lines[number])

        def facet_place(number: int, field: str) -> str:
            return str(described.get(list(facets)[number], 1))

        listed = list(facets.values())
        codes, doubtful = resolve_names(listed, codes, place, self.file)
        self.problems += doubtful + faults(listed, codes, facet_place, place, self.file)
        if self.problems:
            raise FileProblems(sorted(self.problems, key=lambda problem: int(problem.place or 0)))
        return Codebook(tuple(listed), tuple(codes), **book)

    def columns(self, header: Sequence[str]) -> list[str]:
        """Return the columns as we call them; unknown ones as they are."""
        given = [clean_name(column) for column in header]
        columns = [name.casefold() if name.casefold() in COLUMNS else name for name in given]
        if "code" not in columns:
            columns = ["code" if name.casefold() == "id" else name for name in columns]
        twice = sorted({name for name in columns if name and columns.count(name) > 1})
        if twice:
            problem = Problem(
                self.file, "1", f"the column '{twice[0]}' is there twice", "rename or delete one of them"
            )
            raise FileProblems([problem])
        if "name" not in columns:
            likely = [name for name in given if name.casefold() in _NAME_WORDS]
            likely += [name for name in given if did_you_mean(name, ["name"])]
            which = " or ".join(f"'{name}'" for name in dict.fromkeys(likely)) or "the column with the names"
            listed = ", ".join(f"'{name}'" for name in given if name) or "none"
            message = f"has no column 'name' that holds the names of the codes; its columns are {listed}"
            raise FileProblems([Problem(self.file, "1", message, f"rename {which} to 'name'")])
        return columns

    def extra(self, column: str, cell: str, line: int) -> Any:
        if not column.endswith(_JSON):
            return cell
        try:
            return json.loads(cell)
        except json.JSONDecodeError:
            self.add(line, f"the column '{column}' holds no JSON", "correct the cell, or rename the column")
            return cell

    def facet(self, record: dict[str, str], extra: dict[str, Any], line: int) -> Facet:
        values: dict[str, Any] = {"id": record.pop("facet", ""), "name": record.pop("name", "")}
        values["id"] = values["id"] or (slug(values["name"], lower=True) if values["name"] else "")
        for field in [field for field in record if field in FACET_FIELDS]:
            values[field] = self.value(field, record.pop(field), line)
        return Facet(**values, extra=extra | record)

    def code(self, record: dict[str, str], extra: dict[str, Any], facet: str, line: int) -> Code:
        name = record.pop("name", "")
        id_ = record.pop("code", "") or (slug(name, lower=True) if name else "")
        values = {
            field: self.value(field, record.pop(field), line)
            for field in list(record)
            if field in CODE_FIELDS
        }
        return Code(id_, name, facet, extra=extra | record, **values)

    def value(self, field: str, cell: str, line: int) -> Any:
        if field in LISTS or field == "examples":
            return tuple(split_list(cell))
        if field in FLAGS:
            word = cell.casefold()
            if word not in YES and word not in NO:
                self.add(line, f"{field} is '{cell}', expected yes or no", "write yes or no")
            return word in YES
        return cell


def _facet_named(name: str, facets: dict[str, Facet]) -> Facet | None:
    if name in facets:
        return facets[name]
    same = [facet for facet in facets.values() if facet.name.casefold() == name.casefold()]
    return same[0] if same else None


def _plain_key(column: str) -> str:
    return column.removesuffix(_JSON).removeprefix(_EXTRA)


# -- CSV -----------------------------------------------------------------------------------------------


def write_csv(codebook: Codebook) -> str:
    """Return a codebook as CSV with commas."""
    header, rows = codebook_rows(codebook)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()


def read_csv(text: str, file: str) -> Codebook:
    """Return the codebook of a CSV text; commas, semicolons (as Excel writes them) or tabs.

    Raises
    ------
    FileProblems
        All problems at once, each with its line.
    """
    if not text.strip():
        raise FileProblems(
            [Problem(file, "", "is empty", "write the columns facet, code, name, ... in the first line")]
        )
    first = text.lstrip("\n").split("\n", 1)[0]
    outside = re.sub(r'"[^"]*"', "", first)
    delimiter = max(",;\t", key=outside.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[Row] = []
    begun = 1
    problems: list[Problem] = []
    header: list[str] = []
    try:
        for cells in reader:
            line, begun = begun, reader.line_num + 1
            if not any(cell.strip() for cell in cells):
                continue
            if not header:
                header = cells
            elif any(cell.strip() for cell in cells[len(header) :]):
                message = f"has {len(cells)} columns, the first line {len(header)}"
                fix = f"put a cell that holds '{delimiter}' in quotation marks"
                problems.append(Problem(file, str(line), message.replace("\t", "tab"), fix))
            else:
                rows.append((line, cells))
    except csv.Error:
        message = "a quotation mark is opened here and not closed, or text follows a closed one"
        problems.append(Problem(file, str(begun), message, 'write "" for a quotation mark within a cell'))
    if problems:
        raise FileProblems(problems)
    return codebook_from_rows(header, rows, file)
