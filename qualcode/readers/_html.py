"""Web pages: from bytes to a tree, and from the tree to a page: what a browser shows, and the times behind it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from qualcode.errors import ReadError
from qualcode.readers._encoding import decode, peek
from qualcode.readers._page import LINE, SPACE, TAB, Cell, Page, squeeze
from qualcode.readers._reading import Note, counted
from qualcode.readers._times import seconds
from qualcode.readers._xml import root_name
from qualcode.transcript import TimeMark

_LOOKS = re.compile(
    r"\s*(?:<!--.{0,1500}?-->\s*)*(?:<!doctype\s+html|<(?:html|head|body|cite|p|div|span|h\d|table|article|section|meta|"
    r"style|main|title|br|ul|ol|dl|b|strong|pre|blockquote|header|nav|aside|script|link|font|center)[\s/>]|<\?xml[^>]{0,200}>\s*(?:<!--.{0,1500}?-->\s*)*(?:<!doctype\s+html|<html[\s>]))",
    re.IGNORECASE | re.DOTALL,
)
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_PROLOG = re.compile(r"\s*<\?xml[^>]{0,400}\?>", re.IGNORECASE)
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "details",
        "dialog",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
        "caption",
        "menu",
    ]
)
_SILENT = frozenset(
    [
        "head",
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "math",
        "iframe",
        "object",
        "embed",
        "audio",
        "video",
        "canvas",
        "select",
        "textarea",
        "datalist",
        "map",
        "button",
        "input",
        "rp",
        "rt",
    ]
)
_WITH_WORDS = {
    "rt": "reading",
    **dict.fromkeys(("select", "textarea", "datalist"), "form"),
    **dict.fromkeys(("noscript", "iframe", "svg", "math", "object", "canvas"), "frame"),
}
"""Parts left out that may hold words, to what they are counted as."""
_BOLD = frozenset(("b", "strong", "cite", "dt"))
_STYLE_BOLD = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
_STYLE_THIN = re.compile(r"font-weight\s*:\s*(?:normal|[1-5]00)", re.IGNORECASE)
_STYLE_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_STYLE_PRE = re.compile(r"white-space\s*:\s*(?:pre|break-spaces)", re.IGNORECASE)
_ANCHOR = re.compile(r"ts_(\d{1,10})_(\d{1,10})_.{0,80}", re.DOTALL)
_NUMBER = re.compile(r"\d{1,8}(?:\.\d{1,15})?")
MAX_SIZE = 60_000_000
MAX_TAGS = 2_000_000
"""No page of one interview is larger, or has more elements."""


def looks_like_html(head: bytes) -> bool:
    """Return whether a file begins like a web page, or a piece of one.

    Examples
    --------
    >>> looks_like_html(b"<!DOCTYPE html><html>"), looks_like_html(b"<cite>Ana:</cite>"), looks_like_html(b"Ana: <b>")
    (True, True, False)
    """
    return _LOOKS.match(peek(head)[:8000]) is not None or root_name(head).lower() == "html"


def parse_page(path: Path, content: bytes, encoding: str | None) -> tuple[Any, tuple[Note, ...]]:
    """Return the root element of a web page, and what had to be guessed about its letters.

    Raises
    ------
    ReadError
        If it is too large, nested too deeply, or holds nothing.
    """
    if len(content) > MAX_SIZE or content.count(b"<") > MAX_TAGS:
        raise ReadError(path, "it is larger than any page with one interview. Save the transcript alone.")
    named = encoding or _declared(content)
    text, notes = decode(path, content, named)
    prolog = _PROLOG.match(text)  # lxml takes no text that speaks of its own encoding
    text = text[prolog.end() :] if prolog else text
    from lxml import etree

    parser = etree.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        root = etree.fromstring(text.replace("\x00", ""), parser)  # no page can show a zero byte
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if any("depth" in entry.message for entry in parser.error_log):
        raise ReadError(
            path, "it is nested deeper than any page is. Copy its text and save it as .docx or .txt."
        )
    if root is None:
        raise ReadError(path, "it holds no words. Save the page again, with the transcript in it.")
    zeros = text.count("\x00")
    if zeros:
        notes = (
            *(note for note in notes if "zero byte" not in note.message),
            Note("dropped", f"{counted(zeros, 'zero byte')}."),
        )
    return root, notes


def _declared(content: bytes) -> str | None:
    """Return the encoding that the page declares, if its bytes agree."""
    found = _CHARSET.search(content[:4096])
    if found is None or content.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        return None
    name = found.group(1).decode("ascii").lower()
    name = (
        "cp1252" if name in ("iso-8859-1", "latin1", "latin-1", "us-ascii", "ascii", "windows-1252") else name
    )
    if name.startswith(("utf-16", "utf-32")):  # the declaration itself was readable as ASCII
        return None
    try:
        content.decode(name)
    except (LookupError, UnicodeError, ValueError, TypeError, AssertionError):
        return None
    return name


def read_tree(root: Any) -> tuple[Page, list[TimeMark]]:
    r"""Return what a browser shows of a page, and the times that its elements carry.

    Examples
    --------
    >>> from lxml import etree
    >>> tree = etree.fromstring("<p><b>Ana:</b> yes<br>no<p>Ben: oh <script>x</script>", etree.HTMLParser())
    >>> read_tree(tree)[0].text
    'Ana: yes\nno\nBen: oh'
    """
    return _Walk(root).run()


@dataclass(slots=True)
class _Table:
    """A table on the way: its rows of places, and how many cells were open where it began.

    `layout`: it holds another table, or a cell inside a cell, so its cells are no columns of one table.
    """

    above: int
    rows: list[list[tuple[int, int]]] = field(default_factory=list)
    layout: bool = False


class _Walk:
    """The way through a page; by events, so that deep pages do no harm."""

    def __init__(self, root: Any) -> None:
        self.root = root
        self.page = Page()
        self.times: list[TimeMark] = []
        self.runs: list[tuple[str, bool]] = []
        self.stamps: list[tuple[int, float, float | None]] = []  # index of the run, begins, ends
        self.looks: list[tuple[bool, bool, bool]] = [(False, False, False)]  # bold, as typed, in a heading
        self.gap = ""
        self.tables: list[_Table] = []
        self.done: list[list[list[tuple[int, int]]]] = []
        self.cells: list[int | None] = []

    def run(self) -> tuple[Page, list[TimeMark]]:
        from lxml import etree

        walk = etree.iterwalk(self.root, events=("start", "end"))
        skipped = None
        for event, element in walk:
            name = element.tag if isinstance(element.tag, str) else ""
            name = name.rsplit("}", 1)[-1].lower()
            if event == "start":
                if self._is_unseen(element, name):
                    skipped = element
                    walk.skip_subtree()
                else:
                    self._open(element, name)
            else:
                if element is skipped:
                    skipped = None
                else:
                    self._close(name)
                self._say(element.tail)
        self._flush()
        text = self.page.text
        self.page.tables = [
            [[Cell(start, text[start:end]) for start, end in row] for row in table if row]
            for table in self.done
        ]
        self.page.tables = [table for table in self.page.tables if table]
        return self.page, self.times

    def _is_unseen(self, element: Any, name: str) -> bool:
        left_out = self.page.left_out
        if name in _SILENT:
            if name in _WITH_WORDS:
                left_out[_WITH_WORDS[name]] += any(text.strip() for text in element.itertext())
            return True
        if name == "nav":
            left_out["menu"] += 1
            return True
        if name == "div" and (element.get("title") or "").strip().lower() in ("header", "footer"):
            left_out["margin"] += any(
                text.strip() for text in element.itertext()
            )  # of pages, as LibreOffice writes them
            return True
        if name == "img":
            left_out["picture"] += 1
            return True
        if element.get("hidden") is not None or _STYLE_HIDDEN.search((element.get("style") or "")[:1000]):
            left_out["hidden"] += any(text.strip() for text in element.itertext())
            return True
        return False

    def _open(self, element: Any, name: str) -> None:
        bold, typed, heading = self.looks[-1]
        style = (element.get("style") or "")[:1000]
        bold = (bold or name in _BOLD or _STYLE_BOLD.search(style) is not None) and not _STYLE_THIN.search(
            style
        )
        typed = typed or name == "pre" or _STYLE_PRE.search(style) is not None
        if name in _BLOCKS:
            self._flush()
        self.looks.append((bold, typed, heading or re.fullmatch(r"h[1-6]", name) is not None))
        if name == "br":
            self.runs.append((LINE, False))
        elif name == "table":
            if self.tables:
                self.tables[-1].layout = True
            self.tables.append(_Table(len(self.cells)))
        elif name == "tr" and self.tables:
            self.tables[-1].rows.append([])
        elif name in ("td", "th") and self.tables:
            table = self.tables[-1]
            table.layout = table.layout or len(self.cells) > table.above
            rows = table.rows or [[]]
            self.gap = "\t" if rows[-1] else self.gap
            self.cells.append(None)
        self._stamp(element)
        self._say(element.text)

    def _close(self, name: str) -> None:
        if name in _BLOCKS:
            self._flush()
        self.looks.pop()
        if name in ("td", "th") and self.tables and self.cells:
            start = self.cells.pop()
            if start is None:
                self.page.add(self.gap)
                start = self.page.length
                self.gap = "\n"
            if self.tables[-1].rows:
                self.tables[-1].rows[-1].append((start, self.page.length))
        elif name == "table" and self.tables:
            table = self.tables.pop()
            if not table.layout:
                self.done.append(table.rows)

    def _say(self, text: str | None) -> None:
        if not text:
            return
        bold, typed, _ = self.looks[-1]
        text = text.translate(_NO_SIGNS)
        if typed:
            text = text.replace("\r\n", "\n").replace("\n", LINE).replace(" ", SPACE).replace("\t", TAB)
        self.runs.append((text, bold))

    def _stamp(self, element: Any) -> None:
        """Note the time an element carries: noScribe's anchors, oTranscribe's spans, Hyperaudio's words."""
        anchor = _ANCHOR.fullmatch(element.get("name") or "")
        if anchor:
            begins, ends = int(anchor.group(1)) / 1000, int(anchor.group(2)) / 1000
            self.stamps.append((len(self.runs), begins, ends if ends >= begins else None))
            return
        for name, scale in (("data-timestamp", 1), ("data-m", 1000), ("data-start", 1), ("data-begin", 1)):
            value = (element.get(name) or "").strip()
            clock = float(value) / scale if _NUMBER.fullmatch(value) else seconds(value)
            if value and clock is not None:
                self.stamps.append((len(self.runs), clock, None))
                return

    def _flush(self) -> None:
        runs = squeeze(self.runs, trim=True)
        words = "".join(text for text, _ in runs)
        if not words.strip(" \n\t"):
            # Times of nothing belong to what comes next.
            self.stamps = [(0, begins, ends) for _, begins, ends in self.stamps]
            self.runs.clear()
            return
        self.page.add(self.gap)
        start = self.page.length
        if self.cells and self.cells[-1] is None:
            self.cells[-1] = start
        at = [start]
        for text, _ in runs:
            at.append(at[-1] + len(text))
        for index, begins, ends in self.stamps:
            offset = at[index] - start
            offset += len(words[offset:]) - len(words[offset:].lstrip()) if offset < len(words) else 0
            self.times.append(
                TimeMark(start + offset, round(begins, 6), round(ends, 6) if ends is not None else None)
            )
        self.stamps.clear()
        self.page.add_runs(runs)
        if self.looks[-1][2]:
            self.page.headings.append((start, self.page.length))
        self.gap = "\n"
        self.runs.clear()


_NO_SIGNS = {0: None, 1: None, 2: None, ord("\r"): " "}
