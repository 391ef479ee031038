"""A document as it grows while a reader walks through it: text, emphasis, tables, what lies outside the talk.

Word, OpenDocument, RTF, web pages and PDF all come down to a `Page`; `_document.py` makes a reading of it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from qualcode.readers._hidden import Piece
from qualcode.readers._reading import MAX_LETTERS, MAX_LINES, TooLong

_BLANKS = re.compile(r"[ \t\r\n\f]+")

SPACE, TAB, LINE = "\x00", "\x01", "\x02"
"""What stands for a blank, a tab, a line break that is meant, until `squeeze` has taken away the others."""


@dataclass(slots=True)
class Cell:
    """One cell of a table: its words and where they stand in the text."""

    start: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph [start, end) of the text and the name of its style, as a person sees it."""

    start: int
    end: int
    style: str


@dataclass(slots=True)
class Page:
    r"""The text of a document as it grows.

    Parameters
    ----------
    pieces
        Stretches of text, to be joined.
    length, lines
        Code points and line breaks so far.
    leads
        Bold stretches [from, up to) that open a line.
    tables
        Rows of cells, for the tables of the body.
    headings
        Stretches [from, up to) that are headings; they part the talk, and may still name a speaker.
    paragraphs
        Paragraphs that have a style of their own.
    tail
        Texts that stand outside the flow (footnotes, text boxes): kept below the text, outside all turns.
    left_out
        What was not taken, counted by name.
    hidden
        What stands behind it, with places of its text.

    Examples
    --------
    >>> page = Page()
    >>> page.add_runs([("Ana: ", True), ("yes", False)])
    >>> page.text, page.leads
    ('Ana: yes', [(0, 5)])
    """

    pieces: list[str] = field(default_factory=list)
    length: int = 0
    lines: int = 0
    leads: list[tuple[int, int]] = field(default_factory=list)
    tables: list[list[list[Cell]]] = field(default_factory=list)
    headings: list[tuple[int, int]] = field(default_factory=list)
    paragraphs: list[Paragraph] = field(default_factory=list)
    tail: list[str] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    hidden: list[Piece] = field(default_factory=list)

    def add(self, text: str) -> None:
        """Append text; a byte order mark at the very beginning is none of it.

        Raises
        ------
        TooLong
            If the text is now longer than any transcript.
        """
        text = text if self.length else text.lstrip("\ufeff")
        self.pieces.append(text)
        self.length += len(text)
        self.lines += text.count("\n")
        if self.length > MAX_LETTERS or self.lines >= MAX_LINES:
            raise TooLong

    def add_runs(self, runs: Sequence[tuple[str, bool]]) -> None:
        """Append a paragraph of (text, is bold), and note the bold beginnings of its lines."""
        if not self.length and "".join(text for text, _ in runs).startswith("\ufeff"):
            runs = [(text.replace("\ufeff", ""), is_bold) for text, is_bold in runs]
        line_start = lead = at = self.length
        opening = True
        for text, is_bold in runs:
            for number, part in enumerate(text.split("\n")):
                if number:
                    if lead > line_start:
                        self.leads.append((line_start, lead))
                    at += 1
                    line_start, lead, opening = at, at, True
                at += len(part)
                if opening and part:
                    if is_bold:
                        lead = at
                    elif part.strip():
                        opening = False
        if lead > line_start:
            self.leads.append((line_start, lead))
        self.add("".join(text for text, _ in runs))

    @property
    def text(self) -> str:
        """The whole text, without the tail."""
        return "".join(self.pieces)


def squeeze(runs: Sequence[tuple[str, bool]], trim: bool = False) -> list[tuple[str, bool]]:
    r"""Make one blank of any run of blanks, as XML and HTML mean it; none opens a paragraph or a line.

    Parameters
    ----------
    runs
        (text, is bold); `SPACE`, `TAB` and `LINE` stand for what is meant to be there.
    trim
        Whether blanks at the end of a line go as well.

    Returns
    -------
    list
        As many runs; some may be empty.

    Examples
    --------
    >>> squeeze([("\n  Ana: ", True), (" yes" + LINE + " and  no", False)])
    [('Ana: ', True), ('yes\nand no', False)]
    """
    found = []
    blank = True  # whether a blank here would open a line or follow another one
    for text, is_bold in runs:
        text = _BLANKS.sub(" ", text)
        if blank:
            text = text.removeprefix(" ")
        text = text.replace(LINE + " ", LINE)
        if trim:
            text = text.replace(" " + LINE, LINE)
        if text:
            blank = text[-1] in (" ", LINE)
        found.append((text.translate(_MEANT), is_bold))
    for at in range(len(found) - 1, -1, -1):
        text, is_bold = found[at]
        if text.strip(" ") or (text and not trim and text != " "):
            found[at] = (text.rstrip(" ") if trim else text, is_bold)
            break
        found[at] = ("", is_bold)
    return found


_MEANT = str.maketrans({SPACE: " ", TAB: "\t", LINE: "\n"})
