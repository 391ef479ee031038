"""A document as it grows while a reader walks through it: text, emphasis, tables, what lies outside the talk.

Word, OpenDocument, RTF, web pages and PDF all come down to a `Page`; `_document.py` makes a reading of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field


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
    length
        Code points so far.
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

    Examples
    --------
    >>> page = Page()
    >>> page.add_runs([("Ana: ", True), ("yes", False)])
    >>> page.text, page.leads
    ('Ana: yes', [(0, 5)])
    """

    pieces: list[str] = field(default_factory=list)
    length: int = 0
    leads: list[tuple[int, int]] = field(default_factory=list)
    tables: list[list[list[Cell]]] = field(default_factory=list)
    headings: list[tuple[int, int]] = field(default_factory=list)
    paragraphs: list[Paragraph] = field(default_factory=list)
    tail: list[str] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)

    def add(self, text: str) -> None:
        """Append text; a byte order mark at the very beginning is none of it."""
        text = text if self.length else text.lstrip("\ufeff")
        self.pieces.append(text)
        self.length += len(text)

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
