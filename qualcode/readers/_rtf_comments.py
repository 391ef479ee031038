r"""The comments of an RTF file, and where they stand.

A comment is told in parts: `\atrfstart 3` and `\atrfend 3` around the words it is put to, then its author, then
`\annotation` with its own words and `\atnref 3` in it.
"""

from __future__ import annotations

from qualcode.readers._hidden import Piece, Places
from qualcode.readers._page import Page

WORDS = frozenset(("atrfstart", "atrfend", "atnref", "atnauthor"))
"""Control words that open a part of a comment."""

PARTS = WORDS | {"comment"}
"""The parts of a comment; the last is its own words."""


class Comments:
    """Takes the parts of comments in the order of the file.

    Parameters
    ----------
    page
        Whose `hidden` takes the comments.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self.places = Places()
        self.authors: list[str] = []
        self.count = 0
        self._author = self._number = ""
        self._anchors: dict[str, Piece] = {}
        self._numbered: dict[str, Piece] = {}

    def begin(self) -> None:
        """Count a comment, whose words follow."""
        self.count += 1
        self._number = ""

    def part(self, kind: str, words: str, runs: int | None) -> None:
        """Take a part: its words, and how many runs of the paragraph stand before (None: it is in a footnote)."""
        if kind == "atnref":
            self._number = words
        elif kind == "atnauthor":
            self._author = words
            self.authors += [words] if words else []
        elif kind == "comment":
            piece = Piece("comment", "", words, self._author)
            self.page.hidden.append(piece)
            self._author = ""
            if self._number:
                self._numbered[self._number] = piece
            if runs is not None:
                self.places.stands(piece, runs)
        elif runs is not None:
            anchor = self._anchors.setdefault(words, Piece("comment"))
            note = self.places.begins if kind == "atrfstart" else self.places.ends
            note(anchor, runs)

    def end(self) -> None:
        """Give each comment the place of its number, once all places are known."""
        self.places.settle(self.page.length, ())
        for number, piece in self._numbered.items():
            anchor = self._anchors.get(number)
            if anchor is not None:
                piece.start, piece.end = anchor.start, anchor.end
