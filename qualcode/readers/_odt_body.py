"""The visible text of an OpenDocument text: paragraphs, bold beginnings of lines, tables, notes, frames.

Blanks follow the rule of the format: any run of blanks in the XML is one, none opens a paragraph; further
ones are elements of their own. Deleted words lie apart from the text, so that what is read is the text with
all changes accepted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from qualcode.readers._hidden import DELETION, INSERTION, Piece, Places
from qualcode.readers._page import LINE, SPACE, TAB, Cell, Page, Paragraph, squeeze
from qualcode.readers._xml import attribute, child, local

_NO_TEXT = frozenset(
    ("tracked-changes", "sequence-decls", "variable-decls", "user-field-decls", "dde-connection-decls", "forms",
     "ruby-text", "table-columns", "table-column", "shapes", "index-title-template",
     "alphabetical-index-auto-mark-file", "scripts", "event-listeners", "meta", "settings",
     "table-of-content-source", "title", "desc", "note-citation")
)  # fmt: skip
_BLOCKS = frozenset(("p", "h", "table", "list", "section", "index-body", "numbered-paragraph"))
_MANY = 1000
"""No more blanks in a row, or repeated cells, than this are believed."""


@dataclass(frozen=True, slots=True)
class Styles:
    """What the styles of a document mean for its text.

    Parameters
    ----------
    bold, hidden
        Names of text styles that are bold, or hide their words; themselves or by their parents.
    shown
        Name of a paragraph style to what people see: for one made on the fly, that of its parent.
    """

    bold: frozenset[str] = frozenset()
    hidden: frozenset[str] = frozenset()
    shown: Mapping[str, str] = field(default_factory=dict)


def read_styles(*parts: Any | None) -> Styles:
    """Return the styles of a document, from the roots of styles.xml and content.xml."""
    parents: dict[str, str] = {}
    bold: dict[str, bool] = {}
    hidden: dict[str, bool] = {}
    display: dict[str, str] = {}
    automatic: set[str] = set()
    for part in parts:
        for style in part.iter() if part is not None else ():
            name = attribute(style, "name") if local(style) == "style" else ""
            if not name:
                continue
            parent = style.getparent()
            if parent is not None and local(parent) == "automatic-styles":
                automatic.add(name)
            parents[name] = attribute(style, "parent-style-name")
            display[name] = attribute(style, "display-name") or name.replace("_20_", " ")
            look = child(style, "text-properties")
            weight = attribute(look, "font-weight") if look is not None else ""
            if weight:
                bold[name] = weight == "bold" or (
                    weight.isdecimal() and len(weight) < 5 and int(weight) >= 600
                )
            if look is not None and attribute(look, "display"):
                hidden[name] = attribute(look, "display") == "none"
    shown = {}
    for name in parents:
        at = name
        for _ in range(20):
            if at not in automatic or not parents.get(at):
                break
            at = parents[at]
        shown[name] = display.get(at, at)
    return Styles(_on(bold, parents), _on(hidden, parents), shown)


def _on(switch: Mapping[str, bool], parents: Mapping[str, str]) -> frozenset[str]:
    found = set()
    for name in parents:
        at = name
        for _ in range(20):  # styles build on each other a few deep; a circle ends here
            if at in switch or not parents.get(at):
                break
            at = parents[at]
        if switch.get(at):
            found.add(name)
    return frozenset(found)


def read_body(element: Any, styles: Styles) -> tuple[Page, list[str]]:
    """Return the text of the office:text element, and the authors of its comments, one each."""
    walk = _Walk(Page(), styles)
    for region in element.iter():
        for change in region if local(region) == "changed-region" else ():
            if local(change) in (DELETION, INSERTION):
                walk.page.left_out["deleted" if local(change) == DELETION else "inserted"] += 1
                piece = Piece("tracked change", local(change), _words(change), _creator(change))
                walk.changes[attribute(region, "id")] = piece
                walk.page.hidden.append(piece)
    walk.blocks(element, top=True)
    walk.places.settle(walk.page.length, ())
    return walk.page, walk.authors


def _words(element: Any) -> str:
    """Return the words of the paragraphs in a comment or a deletion."""
    return "\n".join("".join(each.itertext()) for each in element.iter() if local(each) in ("p", "h"))


def _creator(element: Any) -> str:
    return next((each.text or "" for each in element.iter() if local(each) == "creator"), "")


_CHANGES = frozenset(("change", "change-start", "change-end"))
_ANCHORS = _CHANGES | {"annotation", "annotation-end"}
"""Elements that say where a tracked change or a comment stands."""


class _Walk:
    """The way through a document."""

    def __init__(self, page: Page, styles: Styles) -> None:
        self.page = page
        self.styles = styles
        self.authors: list[str] = []
        self.started = False
        self.changes: dict[str, Piece] = {}
        self.comments: dict[str, Piece] = {}
        self.places = Places()

    def story(self, element: Any) -> str:
        """Return the text of a footnote or a frame."""
        inner = _Walk(Page(), self.styles)
        inner.blocks(element, top=False)
        self.authors += inner.authors
        self.page.tail += inner.page.tail
        self.page.left_out += inner.page.left_out
        inner.places.settle(0, ())
        self.page.hidden += [piece.away() for piece in inner.page.hidden]
        return inner.page.text.strip()

    def blocks(self, element: Any, top: bool) -> None:
        """Append paragraphs and tables, also those in lists and sections."""
        for block in element:
            name = local(block)
            if name in ("p", "h"):
                self._begin()
                self._paragraph(block, name == "h")
            elif name == "table":
                self._begin()
                self._table(block, top)
            elif name == "list-item":
                self.page.left_out["number"] += 1
                self.blocks(block, top)
            elif name == "section" and attribute(block, "display") == "none":
                self._hidden(block, 0)
            elif name in ("frame", "custom-shape", "g"):
                self._frame(block)
            elif name in _ANCHORS:
                self._anchor(block, name, 0)
            elif name not in _NO_TEXT:
                self.blocks(block, top)

    def _begin(self) -> None:
        if self.started:
            self.page.add("\n")
        self.started = True

    def _paragraph(self, paragraph: Any, heading: bool) -> None:
        runs: list[tuple[str, bool]] = []
        style = attribute(paragraph, "style-name")
        self._inline(paragraph, runs, False)
        start = self.page.length
        runs = squeeze(runs)
        self.page.add_runs(runs)
        self.places.settle(start, (len(text) for text, _ in runs))
        if self.page.length == start:
            return
        shown = self.styles.shown.get(style, style)
        self.page.paragraphs.append(Paragraph(start, self.page.length, shown))
        if heading or shown in ("Title", "Subtitle"):
            self.page.headings.append((start, self.page.length))

    def _inline(self, element: Any, runs: list[tuple[str, bool]], is_bold: bool) -> None:
        runs.append((element.text or "", is_bold))
        for each in element:
            self._sign(each, local(each), runs, is_bold)
            runs.append((each.tail or "", is_bold))

    def _sign(self, each: Any, name: str, runs: list[tuple[str, bool]], is_bold: bool) -> None:
        if name == "s":
            count = attribute(each, "c") or "1"
            runs.append(
                (SPACE * min(int(count) if count.isdecimal() and len(count) < 5 else 1, _MANY), is_bold)
            )
        elif name == "tab":
            runs.append((TAB, is_bold))
        elif name == "line-break":
            runs.append((LINE, is_bold))
        elif name == "note":
            body = child(each, "note-body")
            words = self.story(body) if body is not None else ""
            self.page.tail += [words] if words else []
        elif name in _ANCHORS:
            self._anchor(each, name, len(runs))
        elif name in ("frame", "custom-shape", "g", "a") and any(
            local(part) in ("text-box", "image") for part in each.iter()
        ):
            self._frame(each)
        elif name in ("hidden-text", "hidden-paragraph") or (
            name == "span" and attribute(each, "style-name") in self.styles.hidden
        ):
            self._hidden(each, len(runs))
        elif name == "span":
            self._inline(each, runs, is_bold or attribute(each, "style-name") in self.styles.bold)
        elif name == "ruby-text":
            self.page.left_out["reading"] += any(text.strip() for text in each.itertext())
        elif name and name not in _NO_TEXT:
            self._inline(each, runs, is_bold)

    def _anchor(self, each: Any, name: str, runs: int) -> None:
        """Note where a comment or a tracked change begins, ends or stands."""
        if name == "annotation":
            piece = Piece("comment", "", _words(each), _creator(each))
            self.authors.append(piece.author)
            self.page.hidden.append(piece)
            self.comments[attribute(each, "name")] = piece
            self.places.begins(piece, runs)
            return
        known = self.comments if name == "annotation-end" else self.changes
        found = known.get(attribute(each, "name" if name == "annotation-end" else "change-id"))
        if found is None:
            return
        if name == "change":
            self.places.stands(found, runs)
        elif name == "change-start":
            self.places.begins(found, runs)
        else:
            self.places.ends(found, runs)

    def _hidden(self, each: Any, runs: int) -> None:
        self.page.left_out["hidden"] += 1
        piece = Piece("hidden text", value="".join(each.itertext()))
        self.page.hidden.append(piece)
        self.places.stands(piece, runs)

    def _frame(self, frame: Any) -> None:
        words = ""
        for each in frame.iter():
            if local(each) == "text-box":
                words = self.story(each)
                break
        else:
            if local(frame) == "custom-shape":
                words = self.story(frame)
        if words:
            self.page.tail.append(words)
        else:
            self.page.left_out["picture"] += 1

    def _table(self, table: Any, top: bool) -> None:
        rows: list[list[Cell]] = []
        for row in _rows(table):
            if rows:
                self.page.add("\n")
            cells: list[Cell] = []
            for cell in row:
                if local(cell) not in ("table-cell", "covered-table-cell"):
                    continue
                if cells:
                    self.page.add("\t")
                start, before = self.page.length, len(self.page.pieces)
                self.started = False
                self.blocks(cell, top=False)
                cells.append(Cell(start, "".join(self.page.pieces[before:])))
            rows.append(cells)
        self.started = True
        rows = [row for row in rows if row]
        if top and rows:
            self.page.tables.append(rows)


def _rows(table: Any) -> list[Any]:
    found = []
    for each in table:
        if local(each) == "table-row":
            found.append(each)
        elif local(each) in ("table-header-rows", "table-rows", "table-row-group"):
            found.extend(_rows(each))
    return found
