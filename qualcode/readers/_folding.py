"""Spellings that are one: a text without capitals, unseen signs and kinds of apostrophes, and where each letter stood.

"Zoë", "ZOE" with a dot above each, "Zo\u00ad\u00eb" and "Zo" with a combining accent differ in their code points and
are one name to a reader. Names are looked for in such a *folded* text; what is replaced is the original.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import accumulate

_APOSTROPHES = "'’‘‛ʼʹʻʽ`´′＇՚׳ꞌ"
_HYPHENS = "-‐‑‒–—−﹣－"
_SAME = str.maketrans({**dict.fromkeys(_APOSTROPHES, "'"), **dict.fromkeys(_HYPHENS, "-")})

NO_BLANKS = (
    "\u0e00-\u0eff\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff\u1950-\u19df\u1a20-\u1aaf\u3005-\u3007\u3021-\u3029"
    "\u3031-\u3035\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua980-\ua9df\uaa60-\uaa7f\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
"""Scripts without blanks between words, for a class of a pattern: Thai, Lao, Tibetan, Burmese, Khmer, kana, Han, ..."""

_NO_BLANKS = re.compile(f"[{NO_BLANKS}]")
_BEYOND_ASCII = re.compile(r"[\x00-\x7f]?[^\x00-\x7f]+")
_BROKEN_WORD = re.compile(rf"(?<=[^\W\d_])[{_HYPHENS}\u00ad][^\S\n]*\n[^\S\n]*(?=[^\W\d_])")


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text, and of which pieces of the original it is made.

    Piece `n` begins at `begins[n]` of the folded text and comes from [starts[n], ends[n]) of the original: letter
    for letter where it is as long as that, else as a whole.
    """

    text: str
    begins: list[int]
    starts: list[int]
    ends: list[int]

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Return where a stretch of the folded text stands in the original."""
        return self._letter(start)[0], self._letter(end - 1)[1]

    def _letter(self, at: int) -> tuple[int, int]:
        """Return where one letter of the folded text stands in the original."""
        piece = bisect_right(self.begins, at) - 1
        begin, start, end = self.begins[piece], self.starts[piece], self.ends[piece]
        after = self.begins[piece + 1] if piece + 1 < len(self.begins) else len(self.text)
        if after - begin == end - start:
            return start + at - begin, start + at - begin + 1
        return start, end


def fold(text: str, plain: bool = False, joined: bool = False) -> Folded:
    r"""Return a text as it is compared.

    Capitals, composed and decomposed accents, kinds of apostrophes, hyphens and blanks, wide and narrow
    letters do not count; soft hyphens and other unseen characters are left out.

    Parameters
    ----------
    text
        The original.
    plain
        Whether accents are left out as well, and ä is "a".
    joined
        Whether words that are parted at the end of a line ("Ma-\nria") are joined.

    Examples
    --------
    >>> fold("Zo\u00adE\u0308 O’Neil").text
    "zoë o'neil"
    >>> fold("Zoë", plain=True).text, fold("Ma-\nria", joined=True).text
    ('zoe', 'maria')
    """
    pieces: list[tuple[str, int, int]] = []
    at = 0
    for gap in _BROKEN_WORD.finditer(text) if joined else ():
        _fold_stretch(text, at, gap.start(), plain, pieces)
        at = gap.end()
    _fold_stretch(text, at, len(text), plain, pieces)
    begins = accumulate((len(piece) for piece, _, _ in pieces), initial=0)
    return Folded(
        "".join(piece for piece, _, _ in pieces),
        [begin for begin, _ in zip(begins, pieces, strict=False)],
        [start for _, start, _ in pieces],
        [end for _, _, end in pieces],
    )


def has_broken_words(text: str) -> bool:
    r"""Return whether a text has words that `fold` would join.

    Examples
    --------
    >>> has_broken_words("Ma-\nria"), has_broken_words("Ana -\n Ben")
    (True, False)
    """
    return _BROKEN_WORD.search(text) is not None


def _fold_stretch(text: str, at: int, last: int, plain: bool, pieces: list[tuple[str, int, int]]) -> None:
    """Fold text[at:last]: plain letters many at once, others (and a letter before them) one by one."""
    for match in _BEYOND_ASCII.finditer(text, at, last):
        if match.start() > at:
            pieces.append((text[at : match.start()].translate(_ascii()), at, match.start()))
        _fold_slowly(text, match.start(), match.end(), plain, pieces)
        at = match.end()
    if last > at:
        pieces.append((text[at:last].translate(_ascii()), at, last))


def _fold_slowly(text: str, at: int, last: int, plain: bool, pieces: list[tuple[str, int, int]]) -> None:
    while at < last:
        letter = text[at]
        if is_unseen(letter):
            at += 1
            continue
        end = ahead = at + 1
        whole = letter
        while ahead < last and text[ahead] > "\u00ac" and (_joins(text[ahead]) or is_unseen(text[ahead])):
            if _joins(text[ahead]):
                whole += text[ahead]
                end = ahead + 1
            ahead += 1
        piece = _fold_letter(whole, plain)
        if piece:
            # a letter of several code points is one place, even where it is folded into as many
            each = len(piece) == end - at > 1
            pieces.extend((part, at, end) for part in (piece if each else [piece]))
        at = end


@cache
def _ascii() -> dict[int, str]:
    """Return each ASCII character to its folded one: one for one."""
    return {code: _fold_letter(chr(code), False) for code in range(128)}


@lru_cache(maxsize=4096)
def is_unseen(letter: str) -> bool:
    """Return whether a character shows nothing: soft hyphen, zero-width blank, mark of direction, ..."""
    return letter > "\x7f" and (
        unicodedata.category(letter) == "Cf" or letter == "\u034f" or "\ufe00" <= letter <= "\ufe0f"
    )


@lru_cache(maxsize=4096)
def _joins(letter: str) -> bool:
    """Return whether a character is an accent of the one before."""
    return unicodedata.combining(letter) > 0 or letter in "\uff9e\uff9f"


@lru_cache(maxsize=8192)
def _fold_letter(whole: str, plain: bool) -> str:
    letter = whole[0]
    if letter.isspace():
        return " " + whole[1:]
    if letter in _APOSTROPHES or letter in _HYPHENS:
        return letter.translate(_SAME) + whole[1:]
    if unicodedata.decomposition(letter).startswith(("<super>", "<sub>")):
        return " "  # the number of a footnote is no part of the word before it
    if unicodedata.category(letter)[0] not in "LN":
        return whole
    found = unicodedata.normalize("NFKC", unicodedata.normalize("NFKD", whole).casefold())
    found = found.replace("ı", "i").replace("i\u0307", "i")
    if plain and ("\u00c0" <= found[0] < "\u0700" or "\u1e00" <= found[0] < "\u2000" or len(found) > 1):
        found = "".join(c for c in unicodedata.normalize("NFD", found) if not unicodedata.combining(c))
        found = found.translate(_PLAIN)
    return found


_PLAIN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ħ": "h"})


@cache
def marks() -> str:
    """Return the characters that belong to the letter before them, for a class of a pattern."""
    found = [code for code in range(0x300, 0x1F000) if unicodedata.category(chr(code))[0] == "M"]
    return "".join(re.escape(chr(code)) for code in found)


def without_blanks(letter: str) -> bool:
    """Return whether a letter belongs to a script that has no blanks between words.

    Examples
    --------
    >>> without_blanks("田"), without_blanks("т"), without_blanks("김")
    (True, False, False)
    """
    return _NO_BLANKS.match(letter) is not None
