"""What stands behind the page of a file: comments, properties, tracked changes, addresses.

A reader notes each such thing as a `Piece`, with the place of its page where it stood; `delivered` makes
`Hidden` values of them, bounded in number and length. They are for a person to look at. Nothing of them enters
the study unless it is kept on purpose.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from qualcode.readers._reading import Hidden, Note, counted
from qualcode.span import Span
from qualcode.transcript import prepare_text

KINDS = {
    "comment": "a comment, on the words it was put to",
    "property": "a property of the document: author, last editor, dates, title; the account of an author",
    "tracked change": "words that were deleted or inserted while changes were tracked, and by whom",
    "hidden text": "words that are formatted as hidden",
    "custom xml": "data that other programs left in a Word file",
    "address": "an address of a file or a service",
    "signed address": "an address that opens the recording for whoever has it",
}
"""Every kind of hidden data that a reader delivers, and what it is."""

MOST, LONGEST = 5_000, 20_000
"""No more pieces of a file, and no more characters of one, are delivered."""

INSERTION, DELETION = "insertion", "deletion"

PROPERTIES_NOTE = Note(
    "dropped", "The properties of the document (author, last editor, dates, title).", "property"
)
"""What every reader says of them."""


@dataclass(slots=True)
class Piece:
    """Hidden data as a reader finds it, with a place of the page, or -1 where it has none.

    Parameters
    ----------
    kind, name, value, author
        As in `Hidden`.
    start, end
        From where up to where it stands; both the same where it has no words of its own.
    """

    kind: str
    name: str = ""
    value: str = ""
    author: str = ""
    start: int = -1
    end: int = -1

    def away(self) -> Piece:
        """Return the piece without a place: it stands outside the flow of the text."""
        return replace(self, start=-1, end=-1)


class Places:
    """Places that are known only once a paragraph is written: so many of its runs stand before.

    Examples
    --------
    >>> places, piece = Places(), Piece("comment")
    >>> places.begins(piece, 1)
    >>> places.ends(piece, 2)
    >>> places.settle(100, [5, 4, 3])
    >>> piece.start, piece.end
    (105, 109)
    """

    def __init__(self) -> None:
        self._waiting: list[tuple[Piece, bool, int]] = []
        self._begun: dict[int, Piece] = {}  # by identity; held, so that no other piece gets the same one

    def begins(self, piece: Piece, runs: int) -> None:
        """Note that a piece begins after so many runs of the paragraph."""
        self._begun[id(piece)] = piece
        self._waiting.append((piece, True, runs))

    def ends(self, piece: Piece, runs: int) -> None:
        """Note that a piece ends after so many runs of the paragraph."""
        self._waiting.append((piece, False, runs))

    def stands(self, piece: Piece, runs: int) -> None:
        """Note that a piece stands at one place, if it has not begun yet."""
        if id(piece) not in self._begun:
            self.begins(piece, runs)
            self.ends(piece, runs)

    def settle(self, start: int, lengths: Iterable[int]) -> None:
        """Give the waiting pieces their places, in a paragraph that begins at `start` with runs of these lengths."""
        if not self._waiting:
            return
        at = [start]
        for length in lengths:
            at.append(at[-1] + length)
        for piece, is_start, runs in self._waiting:
            place = max(0, at[min(runs, len(at) - 1)])
            if is_start:
                piece.start = place
            else:
                piece.end = place
        self._waiting.clear()


def delivered(pieces: Sequence[Piece], text: str) -> tuple[tuple[Hidden, ...], list[Note]]:
    """Return pieces with words of the text as their places, and a note where not all could be delivered.

    Examples
    --------
    >>> pieces = [Piece("comment", value="ask again", author="Eve", start=5, end=10)]
    >>> delivered(pieces, "Ana:  why? ")[0]
    (Hidden(kind='comment', name='', value='ask again', author='Eve', span=Span(start=6, end=10)),)
    """
    found: list[Hidden] = []
    cut = 0
    for piece in pieces[:MOST]:
        one, other = (piece.start, piece.end) if piece.start >= 0 else (piece.end, piece.end)
        span = words_at(text, one, other)
        inserted = piece.name == INSERTION and not piece.value and span is not None
        last = min(span.end, span.start + LONGEST + 1) if span is not None else 0
        value = text[span.start : last] if inserted and span is not None else _clean(piece.value)
        cut += len(value) > LONGEST
        value = value if len(value) <= LONGEST else value[: LONGEST - 1] + "…"
        if value:
            found.append(Hidden(piece.kind, _clean(piece.name), value, _clean(piece.author), span))
    left = max(0, len(pieces) - MOST)
    notes = []
    if left:
        notes.append(
            Note("dropped", f"{counted(left, 'further piece')} of hidden data; {MOST:,} can be looked at.")
        )
    if cut:
        notes.append(
            Note(
                "changed",
                f"{counted(cut, 'piece')} of hidden data cut to {LONGEST:,} characters, to be looked at.",
            )
        )
    return tuple(found), notes


def _clean(words: str) -> str:
    return prepare_text(words).strip()


def words_at(text: str, start: int, end: int) -> Span | None:
    r"""Return the words at a place: without blanks around them, the line where it has none, else None.

    Examples
    --------
    >>> words_at("Ana: why?\nBen: so.", 4, 9), words_at("Ana: why?\nBen: so.", 12, 12), words_at("a", -1, -1)
    (Span(start=5, end=9), Span(start=10, end=18), None)
    """
    if start < 0 or not text:
        return None
    start = min(start, len(text))
    first, last = _without_blanks(text, start, min(max(start, end), len(text)))
    if first == last:
        line = text.find("\n", start)
        first, last = _without_blanks(text, text.rfind("\n", 0, start) + 1, len(text) if line < 0 else line)
    return Span(first, last) if first < last else None


def _without_blanks(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a stretch of a text without the blanks at its ends; many may be long, so none is copied."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
