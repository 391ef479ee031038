"""The visible text of a Word document: paragraphs, bold beginnings of lines, tables, and what is left out.

Elements are known by their local names, so that transitional and strict files read alike. Tracked changes
count as accepted: inserted words stay, deleted ones go.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from qualcode.readers._page import Cell, Page, Paragraph
from qualcode.readers._xml import attribute, child, local

_THROUGH = frozenset(
    ("ins", "moveTo", "hyperlink", "smartTag", "sdt", "sdtContent", "customXml", "fldSimple", "dir", "bdo", "ruby",
     "rubyBase", "oMath", "oMathPara", "AlternateContent")
)  # fmt: skip
"""Elements around words that are passed through."""

_SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011", "softHyphen": "", "ptab": "\t"}


def is_on(element: Any | None) -> bool:
    """Return whether a switch such as w:b is there and not turned off."""
    return element is not None and attribute(element, "val") not in ("0", "false", "off", "none")


@dataclass(frozen=True, slots=True)
class Styles:
    """What the styles of a document mean for its text.

    Parameters
    ----------
    bold, hidden
        Ids of character styles that are bold, or hide their words; themselves or by what they build on.
    names
        Id to name, of paragraph styles.
    headings
        Ids of paragraph styles that are headings.
    """

    bold: frozenset[str] = frozenset()
    hidden: frozenset[str] = frozenset()
    names: Mapping[str, str] = field(default_factory=dict)
    headings: frozenset[str] = frozenset()


def read_styles(styles: Any | None) -> Styles:
    """Return the styles of a document, from the root of its part styles.xml."""
    each = [style for style in styles if local(style) == "style"] if styles is not None else []
    named = [(attribute(style, "styleId"), style) for style in each]
    characters = {name: style for name, style in named if attribute(style, "type") == "character"}
    paragraphs = {name: style for name, style in named if attribute(style, "type") == "paragraph"}
    names = {}
    for name, style in paragraphs.items():
        shown = child(style, "name")
        names[name] = (attribute(shown, "val") or name) if shown is not None else name
    # Word keeps the English name of its own headings in every language.
    headings = {
        name for name, shown in names.items() if re.fullmatch(r"(?:heading \d|title|subtitle|toc heading)", shown.lower())
    }  # fmt: skip
    headings |= {name for name, style in paragraphs.items() if _is_level(child(style, "pPr", "outlineLvl"))}
    return Styles(_switched(characters, "b"), _switched(characters, "vanish"), names, frozenset(headings))


def _is_level(level: Any | None) -> bool:
    return level is not None and attribute(level, "val") in tuple("012345678")


def _switched(styles: Mapping[str, Any], name: str) -> frozenset[str]:
    """Return the ids of the styles in which a switch is on, also by the style they build on."""
    on: dict[str, bool] = {}
    based: dict[str, str] = {}
    for key, style in styles.items():
        switch = child(style, "rPr", name)
        if switch is not None:
            on[key] = is_on(switch)
        parent = child(style, "basedOn")
        if parent is not None:
            based[key] = attribute(parent, "val")
    found = set()
    for key in {*on, *based}:
        seen: set[str] = set()
        at = key
        while at not in on and at in based and at not in seen:
            seen.add(at)
            at = based[at]
        if on.get(at):
            found.add(key)
    return frozenset(found)


def read_body(element: Any, styles: Styles) -> tuple[Page, list[str]]:
    """Return the text of the body element of a document, and the ids of its notes ("footnote 2"), in order."""
    walk = _Walk(Page(), styles, [])
    _blocks(element, walk, top=True)
    return walk.page, walk.notes


def read_story(element: Any, styles: Styles) -> str:
    """Return the text of a part that stands outside the flow: a footnote, a text box."""
    walk = _Walk(Page(), styles, [])
    _blocks(element, walk, top=False)
    return walk.page.text.strip()


@dataclass(slots=True)
class _Walk:
    """What goes along on the way through a document."""

    page: Page
    styles: Styles
    notes: list[str]


def _blocks(element: Any, walk: _Walk, top: bool) -> None:
    page = walk.page
    joined = True  # whether the next paragraph begins without a line break
    for block in _flat(element, page):
        name = local(block)
        if name == "p":
            if not joined:
                page.add("\n")
            _paragraph(block, walk)
            # Where the mark of a paragraph was deleted, the next one joins it.
            mark = child(block, "pPr", "rPr")
            joined = mark is not None and any(local(each) in ("del", "moveFrom") for each in mark)
        elif name == "tbl":
            if not joined:
                page.add("\n")
            _table(block, walk, top)
            joined = False


def _flat(element: Any, page: Page) -> Iterator[Any]:
    """Paragraphs, tables, rows and cells, also those wrapped in content controls and tracked changes."""
    for block in element:
        name = local(block)
        if name in ("p", "tbl", "tr", "tc"):
            yield block
        elif name in _THROUGH:
            yield from _flat(block, page)
        elif name in ("del", "moveFrom"):
            page.left_out["deleted"] += 1
        elif name == "altChunk":
            page.left_out["embedded"] += 1


def _paragraph(paragraph: Any, walk: _Walk) -> None:
    runs: list[tuple[str, bool]] = []
    _runs(paragraph, runs, walk)
    page = walk.page
    start = page.length
    page.add_runs(runs)
    look = child(paragraph, "pPr")
    if look is None or page.length == start:
        return
    style = child(look, "pStyle")
    key = attribute(style, "val") if style is not None else ""
    if key in walk.styles.names:
        page.paragraphs.append(Paragraph(start, page.length, walk.styles.names[key]))
    if key in walk.styles.headings or _is_level(child(look, "outlineLvl")):
        page.headings.append((start, page.length))
    number = child(look, "numPr", "numId")
    if number is not None and attribute(number, "val") not in ("", "0"):
        page.left_out["number"] += 1


def _runs(element: Any, runs: list[tuple[str, bool]], walk: _Walk) -> None:
    for each in element:
        name = local(each)
        if name == "r":
            _run(each, runs, walk)
        elif name in ("del", "moveFrom"):
            walk.page.left_out["deleted"] += 1
        elif name == "AlternateContent":
            choice = next((part for part in each if local(part) in ("Choice", "Fallback")), None)
            if choice is not None:
                _runs(choice, runs, walk)
        elif name == "t":  # formulas hold their text without runs of their own
            runs.append((each.text or "", False))
        elif name in _THROUGH:
            if name in ("ins", "moveTo"):
                walk.page.left_out["inserted"] += 1
            _runs(each, runs, walk)


def _run(run: Any, runs: list[tuple[str, bool]], walk: _Walk) -> None:
    left_out = walk.page.left_out
    look = child(run, "rPr")
    is_bold = False
    if look is not None:
        style = child(look, "rStyle")
        named = attribute(style, "val") if style is not None else None
        hides = child(look, "vanish")
        if is_on(hides) if hides is not None else named in walk.styles.hidden:
            left_out["hidden"] += any(local(each) == "t" for each in run)
            return
        switch = child(look, "b")
        if switch is None:
            switch = child(look, "bCs")
        is_bold = is_on(switch) if switch is not None else named in walk.styles.bold
    pieces = []
    for each in run:
        name = local(each)
        if name == "t":
            pieces.append((each.text or "").replace("\r", " ").replace("\n", " "))
        elif name == "br" and attribute(each, "type") in ("page", "column"):
            left_out["page break"] += 1
        elif name in _SIGNS:
            pieces.append(_SIGNS[name])
        elif name == "sym":
            pieces.append(_symbol(attribute(each, "char")))
        elif name in ("footnoteReference", "endnoteReference"):
            walk.notes.append(f"{name.removesuffix('Reference')} {attribute(each, 'id')}")
        elif name in ("drawing", "pict", "object", "AlternateContent"):
            _picture(each, walk)
        elif name in _THROUGH:
            _runs(each, runs, walk)
    runs.append(("".join(pieces), is_bold))


def _picture(picture: Any, walk: _Walk) -> None:
    """Keep the words of a text box; it stands twice in the file, once for old versions of Word."""
    if local(picture) == "AlternateContent":
        picture = next((part for part in picture if local(part) in ("Choice", "Fallback")), picture)
    boxes = [each for each in picture.iter() if local(each) == "txbxContent"]
    inner = {id(below) for box in boxes for below in box.iter() if below is not box}
    words = [read_story(box, walk.styles) for box in boxes if id(box) not in inner]
    if any(words):
        walk.page.tail.extend(each for each in words if each)
    else:
        walk.page.left_out["picture"] += 1


def _symbol(code: str) -> str:
    try:
        number = int(code, 16)
    except ValueError:
        return ""
    # Symbol fonts use the private area; such a sign means nothing without its font.
    if 0xE000 <= number <= 0xF8FF or 0xD800 <= number <= 0xDFFF or not 0 < number <= 0x10FFFF:
        return "\ufffd"
    return chr(number)


def _table(table: Any, walk: _Walk, top: bool) -> None:
    page = walk.page
    rows: list[list[Cell]] = []
    for row in _flat(table, page):
        if local(row) != "tr":
            continue
        if child(row, "trPr", "del") is not None:
            page.left_out["deleted"] += 1
            continue
        if rows:
            page.add("\n")
        cells: list[Cell] = []
        for cell in _flat(row, page):
            if local(cell) != "tc":
                continue
            if cells:
                page.add("\t")
            start = page.length
            before = len(page.pieces)
            _blocks(cell, walk, top=False)
            cells.append(Cell(start, "".join(page.pieces[before:])))
            span = child(cell, "tcPr", "gridSpan")
            wide = attribute(span, "val") if span is not None else None
            for _ in range(min(int(wide), 64) - 1 if wide and wide.isdecimal() and len(wide) < 5 else 0):
                cells.append(Cell(page.length, ""))  # keeps the columns of other rows in line
        rows.append(cells)
    rows = [row for row in rows if row]
    if top and rows:
        page.tables.append(rows)
