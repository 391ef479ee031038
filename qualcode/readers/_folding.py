"""Spellings that are one: a text without capitals, unseen signs and kinds of apostrophes, and where each letter stood.

"Zoë", "ZOE" with a dot above each, "Zo\u00ad\u00eb" and "Zo" with a combining accent differ in their code points and
are one name to a reader. Names are looked for in such a *folded* text; what is replaced is the original.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

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
_BROKEN_WORD = re.compile(rf"(?<=[^\W\d_])[{_HYPHENS}\u00ad][^\S\n]*\n[^\S\n]*(?=[^\W\d_])")


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text; its letter `n` stands in the original at [starts[n], ends[n])."""

    text: str
    starts: list[int]
    ends: list[int]

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Return where a stretch of the folded text stands in the original."""
        return self.starts[start], self.ends[end - 1]


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
    skipped = {match.start(): match.end() for match in _BROKEN_WORD.finditer(text)} if joined else {}
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at, last = 0, len(text)
    while at < last:
        if at in skipped:
            at = skipped[at]
            continue
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
        pieces.append(piece)
        starts.extend([at] * len(piece))
        ends.extend([end] * len(piece))
        at = end
    return Folded("".join(pieces), starts, ends)


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
