"""The visible text of a Word document: paragraphs, bold beginnings of lines, tables, and what is left out.

Elements are known by their local names, so that transitional and strict files read alike. Tracked changes
count as accepted: inserted words stay, deleted ones go. What is hidden is noted with its place (`Page.hidden`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from qualcode.readers._hidden import DELETION, INSERTION, Piece, Places
from qualcode.readers._page import Cell, Page, Paragraph
from qualcode.readers._word_styles import Styles, is_level, is_on
from qualcode.readers._xml import attribute, child, local

_THROUGH = frozenset(
    ("ins", "moveTo", "hyperlink", "smartTag", "sdt", "sdtContent", "customXml", "fldSimple", "dir", "bdo", "ruby",
     "rubyBase", "oMath", "oMathPara", "AlternateContent")
)  # fmt: skip
"""Elements around words that are passed through."""

_ANCHORS = frozenset(("commentRangeStart", "commentRangeEnd", "commentReference"))
"""Elements that say where a comment stands."""

_SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011", "softHyphen": "", "ptab": "\t"}


def read_body(element: Any, styles: Styles) -> tuple[Page, list[str], dict[str, Piece]]:
    """Return the text of the body element of a document, what it refers to, and where its comments stand.

    Returns
    -------
    tuple
        The page, the ids of its notes ("footnote 2") in order, and id of a comment to its place, without words.
    """
    walk = _Walk(Page(), styles)
    _blocks(element, walk, top=True)
    walk.places.settle(walk.page.length, ())
    return walk.page, walk.notes, walk.comments


def read_story(element: Any, styles: Styles) -> str:
    """Return the text of a part that stands outside the flow: a footnote, a text box."""
    walk = _Walk(Page(), styles)
    _blocks(element, walk, top=False)
    return walk.page.text.strip()


@dataclass(slots=True)
class _Walk:
    """What goes along on the way through a document."""

    page: Page
    styles: Styles
    notes: list[str] = field(default_factory=list)
    comments: dict[str, Piece] = field(default_factory=dict)
    places: Places = field(default_factory=Places)

    def anchor(self, element: Any, runs: int) -> None:
        """Note where a comment begins, ends or stands."""
        piece = self.comments.setdefault(attribute(element, "id"), Piece("comment"))
        if local(element) == "commentRangeStart":
            self.places.begins(piece, runs)
        elif local(element) == "commentRangeEnd":
            self.places.ends(piece, runs)
        else:
            self.places.stands(piece, runs)

    def deleted(self, element: Any, runs: int, author: str = "") -> None:
        """Note deleted words, and the comments in them."""
        self.page.left_out["deleted"] += 1
        words = "".join(
            each.text or "" for each in element.iter() if local(each) in ("delText", "t") and each.text
        )
        piece = Piece("tracked change", DELETION, words, author or attribute(element, "author"))
        self.page.hidden.append(piece)
        self.places.stands(piece, runs)
        for each in element.iter():
            if local(each) in _ANCHORS:
                self.anchor(each, runs)


def _blocks(element: Any, walk: _Walk, top: bool) -> None:
    page = walk.page
    joined = True  # whether the next paragraph begins without a line break
    for block in _flat(element, walk):
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


def _flat(element: Any, walk: _Walk) -> Iterator[Any]:
    """Paragraphs, tables, rows and cells, also those wrapped in content controls and tracked changes."""
    for block in element:
        name = local(block)
        if name in ("p", "tbl", "tr", "tc"):
            yield block
        elif name in _THROUGH:
            yield from _flat(block, walk)
        elif name in ("del", "moveFrom"):
            walk.deleted(block, 0)
        elif name in _ANCHORS:
            walk.anchor(block, 0)
        elif name == "altChunk":
            walk.page.left_out["embedded"] += 1


def _paragraph(paragraph: Any, walk: _Walk) -> None:
    runs: list[tuple[str, bool]] = []
    _runs(paragraph, runs, walk)
    page = walk.page
    start = page.length
    page.add_runs(runs)
    lost = len("\ufeff") if not start and sum(len(text) for text, _ in runs) > page.length else 0
    walk.places.settle(start - lost, (len(text) for text, _ in runs))
    look = child(paragraph, "pPr")
    if look is None or page.length == start:
        return
    style = child(look, "pStyle")
    key = attribute(style, "val") if style is not None else ""
    if key in walk.styles.names:
        page.paragraphs.append(Paragraph(start, page.length, walk.styles.names[key]))
    if key in walk.styles.headings or is_level(child(look, "outlineLvl")):
        page.headings.append((start, page.length))
    number = child(look, "numPr", "numId")
    if attribute(number, "val") not in ("", "0") if number is not None else key in walk.styles.numbered:
        page.left_out["number"] += 1


def _runs(element: Any, runs: list[tuple[str, bool]], walk: _Walk) -> None:
    for each in element:
        name = local(each)
        if name == "r":
            _run(each, runs, walk)
        elif name in ("del", "moveFrom"):
            walk.deleted(each, len(runs))
        elif name in _ANCHORS:
            walk.anchor(each, len(runs))
        elif name == "AlternateContent":
            choice = next((part for part in each if local(part) in ("Choice", "Fallback")), None)
            if choice is not None:
                _runs(choice, runs, walk)
        elif name == "rt":
            walk.page.left_out["reading"] += any((part.text or "").strip() for part in each.iter())
        elif name == "t":  # formulas hold their text without runs of their own
            runs.append((each.text or "", False))
        elif name in ("ins", "moveTo"):
            walk.page.left_out["inserted"] += 1
            piece = Piece("tracked change", INSERTION, author=attribute(each, "author"))
            walk.page.hidden.append(piece)
            walk.places.begins(piece, len(runs))
            _runs(each, runs, walk)
            walk.places.ends(piece, len(runs))
        elif name in _THROUGH:
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
            words = [each.text or "" for each in run if local(each) == "t"]
            left_out["hidden"] += bool(words)
            piece = Piece("hidden text", value="".join(words))
            walk.page.hidden += [piece] if words else []
            walk.places.stands(piece, len(runs))
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
            left_out["sign"] += pieces[-1] == "\ufffd"
        elif name in _ANCHORS:
            walk.anchor(each, len(runs))
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
    for row in _flat(table, walk):
        if local(row) != "tr":
            continue
        gone = child(row, "trPr", "del")
        if gone is not None:
            walk.deleted(row, 0, attribute(gone, "author"))
            continue
        if rows:
            page.add("\n")
        cells: list[Cell] = []
        for cell in _flat(row, walk):
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
