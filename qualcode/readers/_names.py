"""The shape of a label: what is written like a name, and which spellings are one."""

from __future__ import annotations

import re
from functools import lru_cache

from qualcode.readers._folding import fold
from qualcode.readers._words import NEVER_SPEAKERS, is_code, is_role_word

_SMALL_WORDS = """
van von der den de het da di do dos das du del della la le los las el al bin ibn ben und and y e et & + of
zu zum zur ten ter af av san st
"""
_SMALL = frozenset(_SMALL_WORDS.split())
_NOT_IN_A_NAME = re.compile(r"[?!;…\"“”„«»=/\\|*<>{}\[\]@]|\.{2}|https?$|\w{5,}\.\s")
_BRACKET = re.compile(r"\s*(?:\([^()]*\)|\[[^\]]*\])\s*$")
_ADDITION = re.compile(r"\s*(?:\([^()]*\)|,.*|\[[^\]]*\])\s*$")


REMEMBERED = 20_000
"""How many labels are looked at once only: a transcript has few, each on hundreds of lines."""

_PLAIN = re.compile(r"[a-z0-9 .,()&/#:-]*")
"""What `fold` leaves as it is."""


@lru_cache(maxsize=REMEMBERED)
def label_key(label: str) -> str:
    """Return what two spellings of one label share.

    Case, blanks, a final dot, kinds of apostrophes, composed or decomposed accents and unseen characters do
    not count.

    Examples
    --------
    >>> label_key("  Dr.  Ana "), label_key("DR. ANA."), label_key("O’Neil")
    ('dr. ana', 'dr. ana', "o'neil")
    """
    small = label.lower()
    folded = small if _PLAIN.fullmatch(small) else fold(label).text
    return " ".join(folded.split()).rstrip(".: ")


@lru_cache(maxsize=REMEMBERED)
def base_of(label: str) -> str:
    """Return the key of a label without its addition: "mel" for "MEL (typed)" and "MEL, TYPING".

    Examples
    --------
    >>> base_of("MEL (typed)"), base_of("Mel")
    ('mel', 'mel')
    """
    return label_key(_ADDITION.sub("", label))


@lru_cache(maxsize=REMEMBERED)
def has_name_shape(label: str) -> bool:
    """Return whether a label is written like a name (rule 1).

    Examples
    --------
    >>> [has_name_shape(label) for label in ("Ana", "AMANDA (typed)", "So the first one is", "//S02", "12:30")]
    [True, True, False, False, False]
    """
    core = _BRACKET.sub("", label).strip()
    words = core.replace("\xa0", " ").replace(",", " ").split()
    if not words or len(label) > 60 or len(words) > 6 or _NOT_IN_A_NAME.search(core):
        return False
    if not any(character.isalpha() for character in core) or core[0] in "(-–—'’.,:#0123456789":
        return False
    if core[-1] in ".,:" and not re.search(r"(?:^|[\s.])\w{1,3}\.$", core):
        return False
    if is_role_word(core) or is_code(core):
        return True
    return all(_word_of_a_name(word) for word in words) and not (len(words) > 1 and words[-1] in _SMALL)


def _word_of_a_name(word: str) -> bool:
    letter = next((character for character in word if character.isalnum()), "")
    if not letter:
        return word in ("&", "+", "-", "–")
    if letter.isdigit() or letter.isupper() or letter.istitle():
        return True
    if not letter.islower():  # a script without capitals
        return len(word) <= 20
    return word in _SMALL or (
        re.match(r"(?:d|l|o|al|el)['’-][^\W\d_]", word) is not None and word[2:3].isupper()
    )


@lru_cache(maxsize=REMEMBERED)
def never_speaks(label: str) -> bool:
    """Return whether the first word introduces a thing ("Note", "Option 2") and not a person.

    Examples
    --------
    >>> never_speaks("Break"), never_speaks("Option number two"), never_speaks("Noteboom")
    (True, True, False)
    """
    words = label.casefold().strip("([{<>}]) .").replace("_", " ").split()
    if not words:
        return True
    first = re.sub(r"[\d.,#)-]+$", "", words[0])
    return first in NEVER_SPEAKERS and not is_role_word(label.strip())


_DATE_WORDS = """
monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september
october november december montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag januar jänner februar
märz mai juni juli oktober dezember lundi mardi mercredi jeudi vendredi samedi dimanche janvier février mars avril juin
juillet août septembre octobre novembre décembre lunes martes miércoles jueves viernes sábado domingo enero febrero
marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre lunedì martedì mercoledì giovedì venerdì
sabato domenica gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre maandag dinsdag woensdag
donderdag vrijdag zaterdag zondag januari februari maart mei augustus segunda-feira terça-feira quarta-feira
quinta-feira sexta-feira janeiro fevereiro março maio junho julho setembro outubro novembro dezembro today tomorrow
yesterday heute gestern morgen hier demain hoy ayer mañana morning afternoon evening noon
"""
_DATES = frozenset(_DATE_WORDS.split())
_GIVEN_NAMES = "april may june august mai juli juin avril mars julio domingo mayo abril aprile sabato morgen mei marzo maio"
_ALSO_NAMES = frozenset(_GIVEN_NAMES.split())


@lru_cache(maxsize=REMEMBERED)
def is_date(label: str) -> bool:
    """Return whether a label is a day or a month, with or without a number.

    Examples
    --------
    >>> [is_date(label) for label in ("Thursday", "12. Mai 2024", "May Lin", "12")]
    [True, True, False, False]
    """
    words = re.findall(r"[^\W\d_]+(?:-feira)?", label.casefold())
    small = {
        "the",
        "of",
        "de",
        "den",
        "der",
        "am",
        "le",
        "el",
        "st",
        "nd",
        "rd",
        "th",
        "and",
        "und",
        "et",
        "y",
    }
    return any(word in _DATES for word in words) and all(word in _DATES or word in small for word in words)


def may_be_a_name(label: str) -> bool:
    """Return whether a day or month is a given name as well: June, April, Domingo.

    Examples
    --------
    >>> may_be_a_name("June"), may_be_a_name("Thursday")
    (True, False)
    """
    return label.casefold().strip() in _ALSO_NAMES


@lru_cache(maxsize=REMEMBERED)
def is_capitals(label: str) -> bool:
    """Return whether a label is in capitals, additions in brackets apart.

    Examples
    --------
    >>> is_capitals("MEL (typed)"), is_capitals("Mel")
    (True, False)
    """
    core = _ADDITION.sub("", label).strip()
    letters = [character for character in core if character.isalpha()]
    return len(letters) > 1 and all(character.isupper() for character in letters)
