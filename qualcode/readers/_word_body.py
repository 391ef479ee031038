"""The visible text of a Word document: paragraphs, bold beginnings of lines, tables, and what is left out.

Elements are known by their local names, so that transitional and strict files read alike. Tracked changes
count as accepted: inserted words stay, deleted ones go.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

_THROUGH = frozenset(
    ("ins", "moveTo", "hyperlink", "smartTag", "sdt", "sdtContent", "customXml", "fldSimple", "dir", "bdo", "ruby",
     "rubyBase", "oMath", "oMathPara", "AlternateContent")
)  # fmt: skip
"""Elements around words that are passed through."""

_SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011", "softHyphen": "", "ptab": "\t"}


@dataclass(slots=True)
class Cell:
    """One cell of a table: its words and where they stand in the text."""

    start: int
    text: str


@dataclass(slots=True)
class Body:
    """The text of a document as it grows.

    Parameters
    ----------
    pieces
        Stretches of text, to be joined.
    length
        Code points so far.
    leads
        Bold stretches [from, up to) that open a line.
    tables
        Rows of cells, for the tables of the body.
    left_out
        What was not taken, counted by name.
    """

    pieces: list[str] = field(default_factory=list)
    length: int = 0
    leads: list[tuple[int, int]] = field(default_factory=list)
    tables: list[list[list[Cell]]] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)

    def add(self, text: str) -> None:
        """Append text."""
        self.pieces.append(text)
        self.length += len(text)

    @property
    def text(self) -> str:
        """The whole text."""
        return "".join(self.pieces)


def local(element: Any) -> str:
    """Return the name of an element without its namespace; "" for comments and the like."""
    tag = element.tag
    return tag.rsplit("}", 1)[-1] if isinstance(tag, str) else ""


def attribute(element: Any, name: str) -> str | None:
    """Return an attribute by its local name, or None."""
    for key, value in element.attrib.items():
        if key.rsplit("}", 1)[-1] == name:
            return str(value)
    return None


def child(element: Any, *names: str) -> Any | None:
    """Return the first element down a path of local names, or None."""
    for name in names:
        element = next((each for each in element if local(each) == name), None)
        if element is None:
            return None
    return element


def is_on(element: Any | None) -> bool:
    """Return whether a switch such as w:b is there and not turned off."""
    return element is not None and attribute(element, "val") not in ("0", "false", "off", "none")


def bold_styles(styles: Any | None) -> frozenset[str]:
    """Return the ids of the character styles that are bold, themselves or by the style they build on."""
    if styles is None:
        return frozenset()
    bold: dict[str, bool] = {}
    based: dict[str, str] = {}
    for style in styles:
        name = attribute(style, "styleId") if local(style) == "style" else None
        if name is None or attribute(style, "type") != "character":
            continue
        switch = child(style, "rPr", "b")
        if switch is not None:
            bold[name] = is_on(switch)
        parent = child(style, "basedOn")
        if parent is not None:
            based[name] = attribute(parent, "val") or ""
    found = set()
    for name in {*bold, *based}:
        seen: set[str] = set()
        at = name
        while at not in bold and at in based and at not in seen:
            seen.add(at)
            at = based[at]
        if bold.get(at):
            found.add(name)
    return frozenset(found)


def read_body(element: Any, bold: frozenset[str]) -> Body:
    """Return the text of the body element of a document.

    Parameters
    ----------
    element
        The w:body element.
    bold
        Ids of character styles that are bold.
    """
    body = Body()
    _blocks(element, body, bold, top=True)
    return body


def _blocks(element: Any, body: Body, bold: frozenset[str], top: bool) -> None:
    joined = True  # whether the next paragraph begins without a line break
    for block in _flat(element, body):
        name = local(block)
        if name == "p":
            if not joined:
                body.add("\n")
            _paragraph(block, body, bold)
            joined = child(block, "pPr", "rPr", "del") is not None  # its mark was deleted: the next one joins
        elif name == "tbl":
            if not joined:
                body.add("\n")
            _table(block, body, bold, top)
            joined = False


def _flat(element: Any, body: Body) -> Iterator[Any]:
    """Paragraphs, tables, rows and cells, also those wrapped in content controls and tracked changes."""
    for block in element:
        name = local(block)
        if name in ("p", "tbl", "tr", "tc"):
            yield block
        elif name in _THROUGH:
            yield from _flat(block, body)
        elif name in ("del", "moveFrom"):
            body.left_out["deleted"] += 1


def _paragraph(paragraph: Any, body: Body, bold: frozenset[str]) -> None:
    runs: list[tuple[str, bool]] = []
    _runs(paragraph, runs, body, bold)
    start = body.length
    line_start, lead, open_lead = start, start, True
    at = start
    for text, is_bold in runs:
        for number, part in enumerate(text.split("\n")):
            if number:
                if lead > line_start:
                    body.leads.append((line_start, lead))
                at += 1
                line_start, lead, open_lead = at, at, True
            at += len(part)
            if open_lead and part:
                if is_bold:
                    lead = at
                elif part.strip():
                    open_lead = False
    if lead > line_start:
        body.leads.append((line_start, lead))
    body.add("".join(text for text, _ in runs))


def _runs(element: Any, runs: list[tuple[str, bool]], body: Body, bold: frozenset[str]) -> None:
    for each in element:
        name = local(each)
        if name == "r":
            _run(each, runs, body, bold)
        elif name in ("del", "moveFrom"):
            body.left_out["deleted"] += 1
        elif name == "AlternateContent":
            choice = next((part for part in each if local(part) in ("Choice", "Fallback")), None)
            if choice is not None:
                _runs(choice, runs, body, bold)
        elif name == "t":  # formulas hold their text without runs of their own
            runs.append((each.text or "", False))
        elif name in _THROUGH:
            if name in ("ins", "moveTo"):
                body.left_out["inserted"] += 1
            _runs(each, runs, body, bold)
        elif name in ("rPr", "pPr"):
            continue


def _run(run: Any, runs: list[tuple[str, bool]], body: Body, bold: frozenset[str]) -> None:
    look = child(run, "rPr")
    is_bold = False
    if look is not None:
        if is_on(child(look, "vanish")):
            body.left_out["hidden"] += any(local(each) == "t" for each in run)
            return
        switch = child(look, "b")
        if switch is None:
            switch = child(look, "bCs")
        style = child(look, "rStyle")
        is_bold = (
            is_on(switch) if switch is not None else style is not None and attribute(style, "val") in bold
        )
    pieces = []
    for each in run:
        name = local(each)
        if name == "t":
            pieces.append((each.text or "").replace("\r", " ").replace("\n", " "))
        elif name == "br" and attribute(each, "type") in ("page", "column"):
            body.left_out["page break"] += 1
        elif name in _SIGNS:
            pieces.append(_SIGNS[name])
        elif name == "sym":
            pieces.append(_symbol(attribute(each, "char") or ""))
        elif name in ("footnoteReference", "endnoteReference"):
            body.left_out["footnote"] += 1
        elif name in ("drawing", "pict", "object", "AlternateContent"):
            words = any(local(part) == "t" and (part.text or "").strip() for part in each.iter())
            body.left_out["text box" if words else "picture"] += 1
        elif name in _THROUGH:
            _runs(each, runs, body, bold)
    runs.append(("".join(pieces), is_bold))


def _symbol(code: str) -> str:
    try:
        number = int(code, 16)
    except ValueError:
        return ""
    # Symbol fonts use the private area; such a sign means nothing without its font.
    return "\ufffd" if 0xE000 <= number <= 0xF8FF or 0xD800 <= number <= 0xDFFF or not number else chr(number)


def _table(table: Any, body: Body, bold: frozenset[str], top: bool) -> None:
    rows: list[list[Cell]] = []
    for row in _flat(table, body):
        if local(row) != "tr" or child(row, "trPr", "del") is not None:
            continue
        if rows:
            body.add("\n")
        cells: list[Cell] = []
        for cell in _flat(row, body):
            if local(cell) != "tc":
                continue
            if cells:
                body.add("\t")
            start = body.length
            before = len(body.pieces)
            _blocks(cell, body, bold, top=False)
            cells.append(Cell(start, "".join(body.pieces[before:])))
            span = child(cell, "tcPr", "gridSpan")
            wide = attribute(span, "val") if span is not None else None
            for _ in range(min(int(wide), 64) - 1 if wide and wide.isdecimal() else 0):
                cells.append(Cell(body.length, ""))  # keeps the columns of other rows in line
        rows.append(cells)
    if top and rows:
        body.tables.append(rows)
