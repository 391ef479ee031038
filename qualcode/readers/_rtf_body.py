r"""The visible text of an RTF file: a walk over its control words, groups and bytes.

Words are bytes in the code page of their font until something else than words comes; `\uN` are UTF-16 units.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import ClassVar

from qualcode.readers._hidden import Piece
from qualcode.readers._page import Cell, Page, Paragraph
from qualcode.readers._rtf_codes import (
    CHARSETS,
    FILE_ENCODINGS,
    INFO,
    SIGNS,
    SILENT,
    STARRED,
    encoding_of_page,
)
from qualcode.readers._rtf_comments import PARTS, WORDS, Comments

_TOKEN = re.compile(
    rb"\\(?:(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})? ?|'(?P<hex>[0-9a-fA-F]{2})|(?P<sign>[^a-zA-Z]))"
    rb"|(?P<brace>[{}])|[\r\n\x00]+|(?P<words>[^\\{}\r\n\x00]+)|\\"
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_MARGINS = frozenset(f"{name}{side}" for name in ("header", "footer") for side in ("", "l", "r", "f"))
MAX_DEPTH = 5_000
MAX_TOKENS = 2_000_000
"""A thousand printed pages have a third of that."""


class TooMuch(Exception):
    """More groups, or groups within groups, than any program writes."""


@dataclass(frozen=True, slots=True)
class _State:
    """What holds inside a group and is forgotten after it."""

    silent: bool = False
    kind: str = ""
    font: str = ""
    bold: bool = False
    hidden: bool = False
    deleted: bool = False
    inserted: bool = False
    skip: int = 1
    style: str = ""
    heading: bool = False
    in_table: bool = False


@dataclass(slots=True)
class Rtf:
    """What an RTF file holds."""

    page: Page = field(default_factory=Page)
    authors: list[str] = field(default_factory=list)
    comments: int = 0
    properties: bool = False
    broken: int = 0
    cut_off: bool = False


def read_rtf(content: bytes) -> Rtf:
    r"""Return the text of an RTF file and what is left out of it.

    Raises
    ------
    TooMuch
        If its groups are nested more than `MAX_DEPTH` deep, or there are more than `MAX_TOKENS` marks.

    Examples
    --------
    >>> read_rtf(rb"{\rtf1\ansi{\b Ana:} caf\'e9\par Ben: no\par}").page.text
    'Ana: café\nBen: no'
    """
    return _Walk(content).run()


class _Walk:
    """The way through the file."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.found = Rtf()
        self.page = self.found.page
        self.state = _State()
        self.stack: list[_State] = []
        self.sinks: list[tuple[int, str, list[tuple[str, bool]]]] = [(0, "", [])]
        self.waiting: list[bytes] = []
        self.encoding = "cp1252"
        self.default_font = ""
        self.fonts: dict[str, str] = {}
        self.style_names: dict[str, str] = {}
        self.to_skip = 0
        self.last_hidden = ""
        self.gap = ""
        self.row: list[Cell] = []
        self.rows: list[list[Cell]] = []
        self.cell_start: int | None = None
        self.comments = Comments(self.page)

    def run(self) -> Rtf:
        if self.content.count(b"\\") > MAX_TOKENS:
            raise TooMuch
        at = tokens = 0
        while at < len(self.content):
            tokens += 1
            if tokens > MAX_TOKENS:
                raise TooMuch
            match = _TOKEN.match(self.content, at)
            if match is None:  # cannot be: every byte is one of the tokens
                break
            at = match.end()
            kind = match.lastgroup
            if kind == "words":
                self._bytes(match.group("words"))
            elif kind == "hex":
                self._bytes(bytes.fromhex(match.group("hex").decode("ascii")))
            elif kind == "brace":
                self._brace(match.group("brace") == b"{")
                if not self.stack:
                    break  # what follows the last group is not part of the document
            elif match.group("word") is not None:
                word = match.group("word").decode("ascii")
                number = match.group("number")
                if word == "bin":
                    at += max(0, int(number or 0))
                else:
                    self._word(word, int(number) if number is not None else None)
            elif kind == "sign":
                self._sign(match.group("sign").decode("latin-1"))
        self.found.cut_off = bool(self.stack)
        while len(self.sinks) > 1:
            self._close_sink()
        if self._runs_left():
            self._paragraph()
        self._end_table()
        self.comments.end()
        self.found.authors, self.found.comments = self.comments.authors, self.comments.count
        return self.found

    # ------------------------------------------------------------------ groups

    def _brace(self, opens: bool) -> None:
        self._decode()
        self.to_skip = 0
        if opens:
            if len(self.stack) >= MAX_DEPTH:
                raise TooMuch
            self.stack.append(self.state)
            if self.state.kind == "stylesheet":
                self._open_sink("style")
            return
        while len(self.sinks) > 1 and self.sinks[-1][0] == len(self.stack):
            self._close_sink()
        if self.stack:
            self.state = self.stack.pop()

    def _open_sink(self, kind: str) -> None:
        self.sinks.append((len(self.stack), kind, []))

    def _close_sink(self) -> None:
        self._decode()
        _, kind, runs = self.sinks.pop()
        words = _joined(runs).strip()
        if kind == "tail" and words:
            self.page.tail.append(words)
        elif kind == "margin" and words:
            self.page.left_out["margin"] += 1
        elif kind in PARTS:
            self.comments.part(kind, words, len(self.sinks[0][2]) if len(self.sinks) == 1 else None)
        elif kind.startswith("property "):
            self.page.hidden.append(Piece("property", kind.partition(" ")[2], words))
        elif kind == "style":
            name = words.rstrip(";").strip()
            if self.state.style and name:
                self.style_names[self.state.style] = name

    # ------------------------------------------------------------------ words

    def _bytes(self, words: bytes) -> None:
        if self.to_skip:
            skipped = min(self.to_skip, len(words))
            self.to_skip -= skipped
            words = words[skipped:]
        if words and self._heard():
            self.waiting.append(words)

    def _heard(self) -> bool:
        """Whether words here are seen on the page; counts what is not."""
        state = self.state
        if state.silent:
            return False
        name = (
            "deleted" if state.deleted else "hidden" if state.hidden else "inserted" if state.inserted else ""
        )
        if name and self.last_hidden != name:
            self.page.left_out[name] += 1
        self.last_hidden = name
        return not (state.deleted or state.hidden)

    def _decode(self) -> None:
        if not self.waiting:
            return
        raw = b"".join(self.waiting)
        self.waiting.clear()
        encoding = self.fonts.get(self.state.font or self.default_font, "") or self.encoding
        if encoding == "symbol":
            text = "".join(
                chr(byte) if byte < 0x80 else "\u2022" if byte == 0xB7 else "\ufffd" for byte in raw
            )
            self.page.left_out["sign"] += text.count("\ufffd")
        else:
            text = raw.decode(encoding, errors="replace")
            self.found.broken += text.count("\ufffd")
        self._put(text)

    def _put(self, text: str) -> None:
        self.sinks[-1][2].append((text, self.state.bold))

    def _say(self, text: str) -> None:
        self._decode()
        if text and self._heard():
            self._put(text)

    def _sign(self, sign: str) -> None:
        if self.to_skip:
            self.to_skip -= 1
        elif sign in "\r\n":
            self._word("par", None)
        elif sign == "*":
            self._decode()
            self.state = replace(self.state, kind="*")
        elif sign in SIGNS:
            self._say(SIGNS[sign])

    # ------------------------------------------------------------------ control words

    def _word(self, word: str, number: int | None) -> None:
        if self.to_skip and word != "u":
            self.to_skip -= 1
            return
        if word in SIGNS:
            self._say(SIGNS[word])
            return
        self._decode()
        if word in INFO and self.stack and self.stack[-1].kind == "info":
            self.state = replace(self.state, silent=False, kind="fact")
            self._open_sink(f"property {word}")
            return
        starred = self.state.kind == "*"
        if starred:
            self.state = replace(self.state, kind="")
            if word not in STARRED and not (word == "cs" or self.sinks[-1][1] == "style"):
                self.state = replace(self.state, silent=True)
                if word != "fldinst":
                    return
        if word in SILENT:
            self._into(word)
        elif word in self._VERBS:
            self._VERBS[word](self, number)
        elif word in WORDS:
            self._begin_sink(word)
        elif word in _MARGINS:
            self._begin_sink("margin")
        elif word in FILE_ENCODINGS:
            self.encoding = FILE_ENCODINGS[word]

    def _into(self, word: str) -> None:
        self.found.properties |= word == "info"
        self.state = replace(self.state, silent=True, kind="fonts" if word == "fonttbl" else word)

    def _begin_sink(self, kind: str) -> None:
        if not self.state.silent:
            self.state = replace(self.state, hidden=False, deleted=False, bold=False)
            self._open_sink(kind)

    def _font(self, number: int | None) -> None:
        self.state = replace(self.state, font=str(number))

    def _charset(self, number: int | None) -> None:
        if self.state.kind == "fonts":
            self.fonts[self.state.font] = CHARSETS.get(number or 0, "")

    def _page_of_font(self, number: int | None) -> None:
        if self.state.kind == "fonts" and number:
            self.fonts[self.state.font] = encoding_of_page(str(number))

    def _default_font(self, number: int | None) -> None:
        self.default_font = str(number)

    def _code_page(self, number: int | None) -> None:
        self.encoding = encoding_of_page(str(number))

    def _unicode(self, number: int | None) -> None:
        if self.to_skip:
            self.to_skip -= 1
            return
        self._say(_PRIVATE.sub("\ufffd", chr((number or 0xFFFD) % 0x10000)))
        self.to_skip = self.state.skip

    def _set(self, **values: bool | int | str) -> None:
        self.state = replace(self.state, **values)  # type: ignore[arg-type]

    def _plain(self, number: int | None) -> None:
        self._set(bold=False, hidden=False, deleted=False, inserted=False, font="")

    def _new_paragraph(self, number: int | None) -> None:
        self._set(style="", heading=False, in_table=False)

    def _style(self, number: int | None) -> None:
        self._set(style=str(number))

    def _outline(self, number: int | None) -> None:
        self._set(heading=number is not None and number < 9)

    def _stylesheet(self, number: int | None) -> None:
        self._set(kind="stylesheet")
        self._open_sink("none")

    def _unicode_only(self, number: int | None) -> None:
        self._set(silent=True)

    def _unicode_part(self, number: int | None) -> None:
        self._set(silent=self.stack[-2].silent if len(self.stack) > 1 else False)

    def _comment(self, number: int | None) -> None:
        self.comments.begin()
        self._begin_sink("comment")

    def _picture(self, number: int | None) -> None:
        self.page.left_out["picture"] += not self.state.silent
        self._set(silent=True)

    def _list_text(self, number: int | None) -> None:
        self.page.left_out["number"] += not self.state.silent
        self._set(silent=True)

    # ------------------------------------------------------------------ paragraphs and tables

    def _end_of_paragraph(self, number: int | None) -> None:
        if len(self.sinks) > 1:
            self._say("\n")
        elif not self.state.silent:
            self._paragraph()

    def _page_break(self, number: int | None) -> None:
        if len(self.sinks) == 1 and self._runs_left():
            self._paragraph()

    def _runs_left(self) -> bool:
        self._decode()
        return any(text for text, _ in self.sinks[0][2])

    def _paragraph(self, in_cell: bool = False) -> None:
        self._decode()
        if not self.state.in_table and not in_cell:
            self._end_table()
        runs = [
            (_SURROGATE.sub("", text) if len(text) > 1 else text, bold) for text, bold in self.sinks[0][2]
        ]
        lengths = _lengths(runs)
        runs = _whole(runs)
        self.sinks[0][2].clear()
        self.page.add(self.gap)
        start = self.page.length
        self.comments.places.settle(start, lengths)
        if (self.state.in_table or in_cell) and self.cell_start is None:
            self.cell_start = start
        self.page.add_runs(runs)
        self.gap = "\n"
        name = self.style_names.get(self.state.style, "")
        if self.page.length > start:
            if name:
                self.page.paragraphs.append(Paragraph(start, self.page.length, name))
            if self.state.heading or re.fullmatch(r"(?i)heading \d|title|subtitle", name):
                self.page.headings.append((start, self.page.length))

    def _cell(self, number: int | None) -> None:
        if len(self.sinks) > 1 or self.state.silent:
            return
        self._paragraph(in_cell=True)
        start = self.cell_start if self.cell_start is not None else self.page.length
        # Only pieces since the cell began are joined, so that long tables stay quick.
        self.row.append(Cell(start, self._since(start)))
        self.cell_start = None
        self.gap = "\t"

    def _since(self, start: int) -> str:
        pieces, length = [], self.page.length
        for piece in reversed(self.page.pieces):
            if length <= start:
                break
            pieces.append(piece)
            length -= len(piece)
        return "".join(reversed(pieces))[start - length :] if pieces else ""

    def _row(self, number: int | None) -> None:
        if self.row and not self.state.silent:
            self.rows.append(self.row)
            self.row = []
            self.gap = "\n"
            self.cell_start = None

    def _end_table(self) -> None:
        self._row(None)
        if self.rows:
            self.page.tables.append(self.rows)
            self.rows = []
        self.cell_start = None

    def _inner_cell(self, number: int | None) -> None:
        self._say("\t")

    def _inner_row(self, number: int | None) -> None:
        self._say("\n")

    _VERBS: ClassVar[dict[str, Callable[[_Walk, int | None], None]]] = {
        "f": _font, "fcharset": _charset, "cpg": _page_of_font, "deff": _default_font, "ansicpg": _code_page,
        "u": _unicode, "uc": lambda walk, number: walk._set(skip=min(max(number or 0, 0), 100)),
        "b": lambda walk, number: walk._set(bold=number != 0),
        "v": lambda walk, number: walk._set(hidden=number != 0),
        "deleted": lambda walk, number: walk._set(deleted=number != 0),
        "revised": lambda walk, number: walk._set(inserted=number != 0),
        "plain": _plain, "pard": _new_paragraph, "s": _style, "outlinelevel": _outline,
        "intbl": lambda walk, number: walk._set(in_table=True),
        "par": _end_of_paragraph, "sect": _page_break, "page": _page_break, "cell": _cell, "row": _row,
        "nestcell": _inner_cell, "nestrow": _inner_row, "stylesheet": _stylesheet,
        "footnote": lambda walk, number: walk._begin_sink("tail"),
        "shptxt": lambda walk, number: walk._begin_sink("tail"),
        "dptxbxtext": lambda walk, number: walk._begin_sink("tail"),
        "annotation": _comment, "pict": _picture, "listtext": _list_text, "pntext": _list_text,
        "upr": _unicode_only, "ud": _unicode_part,
    }  # fmt: skip
    """Control words that change what follows; every other one is look."""


def _whole(runs: list[tuple[str, bool]]) -> list[tuple[str, bool]]:
    """Make one letter of two UTF-16 units that follow each other."""
    found: list[tuple[str, bool]] = []
    for text, bold in runs:
        if found and "\udc00" <= text <= "\udfff" and "\ud800" <= found[-1][0][-1:] <= "\udbff":
            high = found[-1][0][-1]
            letter = chr(0x10000 + ((ord(high) - 0xD800) << 10) + (ord(text) - 0xDC00))
            found[-1] = (found[-1][0][:-1] + letter, found[-1][1])
        elif text:
            found.append((text.replace("\r", " "), bold))
    return [(_SURROGATE.sub("\ufffd", text), bold) for text, bold in found]


def _lengths(runs: list[tuple[str, bool]]) -> list[int]:
    """Return how many letters each run brings: the second of two UTF-16 units brings none."""
    found = []
    high = False
    for text, _ in runs:
        found.append(len(text) - (high and "\udc00" <= text[:1] <= "\udfff"))
        high = "\ud800" <= text[-1:] <= "\udbff" if text else high
    return found


def _joined(runs: list[tuple[str, bool]]) -> str:
    return "".join(text for text, _ in _whole(runs))
