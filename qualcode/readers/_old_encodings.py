"""Which of the old encodings a text without any mark is in: a guess by its letters, always noted.

The general guesser (charset-normalizer) is asked last: short texts mislead it, and it takes Hebrew for
Russian, as both alphabets stand at the same bytes. What is telling is looked at first: runs of Hebrew
letters, the few special letters of western texts, the case and the common letters of Cyrillic ones.
"""

from __future__ import annotations

import re

CANDIDATES = (
    "cp1252", "mac_roman", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "koi8_r",
    "shift_jis", "euc_jp", "gb18030", "big5", "euc_kr",
)  # fmt: skip
"""The encodings that the general guesser chooses from; rarer ones can be named by the caller."""

_SAMPLE = 60_000


def guess_encoding(content: bytes) -> str:
    """Return the likeliest encoding, or "" where the bytes are no text.

    Examples
    --------
    >>> guess_encoding("Ana: Größe".encode("cp1252")), guess_encoding("Дана: Хорошо, так и есть".encode("koi8_r"))
    ('cp1252', 'koi8_r')
    """
    lines = [line for line in content.splitlines() if any(byte > 0x7F for byte in line)]
    sample = b"\n".join(lines)[:_SAMPLE]
    found = _hebrew(sample) or _western(sample) or _cyrillic(sample)
    if found:
        return found
    from charset_normalizer import from_bytes

    best = from_bytes(sample, cp_isolation=list(CANDIDATES), steps=4, chunk_size=512).best()
    return _sister(str(best.encoding), sample) if best is not None else ""


_HEBREW_RUN = re.compile(rb"(?<![\xc0-\xff])[\xe0-\xfa]{2,}(?![\xc0-\xff])")


def _hebrew(sample: bytes) -> str:
    """Return "cp1255" for runs of Hebrew letters.

    At the same bytes cp1251 has small Russian letters, but among those stand capitals and the frequent ones
    of the end of the alphabet; western letters stand alone among others.
    """
    runs = b"".join(_HEBREW_RUN.findall(sample))
    others = sum(1 for byte in sample if byte >= 0xC0) - len(runs)
    # One-letter words and vowel points stand outside the runs.
    if len(runs) < 6 or others > len(runs) * 0.1 or any(byte in sample for byte in b"\xff\xfc\xfb"):
        return ""
    hebrew, russian = (
        sum(runs.count(byte) for byte in letters) for letters in (b"\xe9\xe5\xe4", b"\xee\xe0\xe8")
    )
    return "cp1255" if len(runs) >= 60 or hebrew >= russian else ""


# Letters and signs of western European text, as people type it.
_EXPECTED = set("äöüÄÖÜßéèêëàâîïôûùçÉÈÀÇœŒæÆáíóúñÁÍÓÚÑ¿¡ãõåøÅØìòâ’‘“”«»„–—…€£°§·  ´")


def _western(sample: bytes) -> str:
    """Return "cp1252", "mac_roman" or "cp850" where nearly all letters beyond ASCII are common western ones.

    Short western texts mislead the general guesser, while their few special letters are telling: in the
    right encoding nearly all are common letters or quotes between ordinary ones.
    """
    scores = {}
    for name in ("cp1252", "mac_roman", "cp850"):
        text = sample.decode(name, errors="replace")
        special = [at for at, letter in enumerate(text) if letter > "\x7f"]
        if not special or len(special) > len(text) * 0.3:
            return ""
        fitting = sum(1 for at in special if _fits(text, at))
        scores[name] = fitting / len(special)
    name = max(scores, key=lambda each: scores[each])
    return name if scores[name] >= 0.9 else ""


def _fits(text: str, at: int) -> bool:
    letter = text[at]
    if letter not in _EXPECTED:
        return False
    before = text[at - 1] if at else " "
    # A capital in the middle of a lower-case word is what a wrong encoding looks like.
    return not (letter.isupper() and before.islower())


_COMMON = frozenset("оеаинтсрвлік")


def _cyrillic(sample: bytes) -> str:
    """Return the Cyrillic encoding in which case and common letters are right, or ""."""
    best, highest = "", 0.0
    for name in ("cp1251", "koi8_r", "koi8_u", "mac_cyrillic", "cp866", "iso8859_5"):
        text = sample.decode(name, errors="replace")
        special = [at for at, letter in enumerate(text) if letter > "\x7f"]
        if len(special) < 12:
            return ""
        letters = [at for at in special if "\u0400" <= text[at] <= "\u04ff"]
        wrong = sum(1 for at in letters if text[at].isupper() and at and text[at - 1].islower())
        common = sum(1 for at in letters if text[at] in _COMMON)
        score = (common - 2 * wrong - (len(special) - len(letters))) / len(special)
        if score > highest + 1e-9:
            best, highest = name, score
    return best if highest >= 0.5 else ""


_LETTERS = {
    "cp1250": ("ąćęłńóśźżĄĆĘŁŃÓŚŹŻ", "áčďéěíňóřšťúůýžÁČĎÉĚÍŇÓŘŠŤÚŮÝŽ", "áéíóöőúüűÁÉÍÓÖŐÚÜŰ", "čćđšžČĆĐŠŽ", "áäčďéíĺľňóôŕšťúýžÁČĽŠŤŽ", "ăâîşţ"),
    "cp1253": ("άέήίόύώϊϋΐΰΆΈΉΊΌΎΏαβγδεζηθικλμνξοπρστυφχψωςΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ",),
}  # fmt: skip
_SISTERS = {"cp1250": ("cp1250", "iso8859_2"), "cp1253": ("cp1253", "iso8859_7")}
"""Windows and ISO put a few letters of one alphabet at different bytes."""


def _sister(name: str, sample: bytes) -> str:
    """Return the one of two sister encodings in which more letters belong to one language."""
    best, highest = name, -1.0
    for each in _SISTERS.get(name, ()):
        text = [letter for letter in sample.decode(each, errors="replace") if letter > "\x7f"]
        for alphabet in _LETTERS[name]:
            score = sum(letter in alphabet for letter in text) / max(1, len(text))
            if score > highest + 1e-9:
                best, highest = each, score
    return best
