"""Real names and their pseudonyms: which spellings of a name are found, and which are kept.

A listed name is found as a whole word in any mix of capitals, with composed or decomposed accents, any kind
of apostrophe and hyphen, blanks or line ends between its words, unseen characters inside, and with digits
right after it. In scripts without blanks between words (Chinese, Japanese, Thai, ...) it is found inside a
text as well, and in Korean with particles after it. What is a part of a longer word ("Marias", "Mariana")
is not replaced but reported, by the pseudonym.

A spelling in small letters that is its own pseudonym ("rose" beside "Rose") is an ordinary word and stays.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from qualcode.errors import InvalidValue
from qualcode.readers._folding import NO_BLANKS, fold, has_broken_words, is_unseen, marks, without_blanks

_LETTER = rf"[^\W\d_{NO_BLANKS}]"
_PARTICLES = (
    "께서는 이라는 이라고 이랑 에게서 에게 한테 께서 에서 으로 까지 부터 보다 처럼 하고 라는 라고 이는 이가 이를 이의 "
    "이도 씨 님 은 는 이 가 을 를 의 에 와 과 도 만 랑 아 야 로"
)
_TITLES = (
    "さん 様 さま 氏 君 くん ちゃん 先生 先輩 部長 課長 小姐 女士 老师 老師 教授 博士 经理 經理 总 總 哥 姐"
)


@dataclass(frozen=True, slots=True)
class Found:
    """A place of a text where a name stands."""

    start: int
    end: int
    name: int
    pseudonym: str
    small: bool = False


@dataclass(frozen=True, slots=True)
class Left:
    """A place where the letters of a name stand and are kept: as a part of a word, or with other accents."""

    start: int
    pseudonym: str
    whole: bool
    capital: bool


@dataclass(frozen=True, slots=True)
class _Name:
    """A listed name: as given (composed), folded, without accents, and whether it has capitals."""

    given: str
    folded: str
    plain: str
    pseudonym: str

    @property
    def letters(self) -> int:
        return sum(character.isalnum() for character in self.folded)


@dataclass(slots=True)
class Names:
    """The names of a caller, ready to be looked for.

    Parameters
    ----------
    listed
        Real name to pseudonym.

    Raises
    ------
    InvalidValue
        If a name or a pseudonym is empty, a name has two pseudonyms, or a pseudonym holds one of the names.

    Examples
    --------
    >>> names = Names({"Ana": "P1", "Ana Lima": "P2", "田中": "P3"})
    >>> names.replace("ANA LIMA and Ana2, not Anais. 田中さん")
    'P2 and P1-2, not Anais. P3さん'
    >>> Names({"Rose": "P1", "rose": "rose"}).replace("Rose: It rose.")
    'P1: It rose.'
    """

    listed: Mapping[str, str]
    names: list[_Name] = field(init=False)
    _kept: set[str] = field(init=False)
    _pattern: re.Pattern[str] = field(init=False)

    def __post_init__(self) -> None:
        wanted = isinstance(self.listed, Mapping)
        if not wanted or not all(isinstance(each, str) for pair in self.listed.items() for each in pair):
            raise InvalidValue('Names are given as a mapping of text to text, such as {"Ana Lima": "P1"}.')
        if any(not _tokens(fold(name).text) for name in self.listed):
            raise InvalidValue("pseudonyms= holds an empty name. Map each real name to its pseudonym.")
        if any(not pseudonym.strip() for pseudonym in self.listed.values()):
            raise InvalidValue("pseudonyms= holds an empty pseudonym. Map each real name to its pseudonym.")
        if any(len(pseudonym.strip().splitlines()) > 1 for pseudonym in self.listed.values()):
            raise InvalidValue("pseudonyms= has a pseudonym of several lines. Give each in one line.")
        self._kept = set()
        itself = {name for name, pseudonym in self.listed.items() if _composed(name) == _composed(pseudonym)}
        found: dict[str, _Name] = {}
        for given, pseudonym in self.listed.items():
            if given in itself:
                continue
            folded = " ".join(fold(given).text.split())
            name = _Name(_composed(given), folded, fold(folded, plain=True).text, " ".join(pseudonym.split()))
            other = found.setdefault(_key(folded), name)
            if other.pseudonym != name.pseudonym:
                raise InvalidValue(
                    f"pseudonyms= gives one name two pseudonyms, {other.pseudonym!r} and {name.pseudonym!r}; capitals and "
                    "kinds of apostrophes do not make another name. Give it one."
                )
        self.names = sorted(found.values(), key=lambda name: (-len(name.folded), name.folded))
        for given in itself:
            small = given == given.lower() and _key(" ".join(fold(given).text.split())) in found
            if not small:
                raise _real_names_left()
            self._kept.add(_composed(given))
        self._pattern = _pattern_of(self.names) if self.names else re.compile(r"(?!)")
        if any(self.find(name.pseudonym) for name in self.names):
            raise _real_names_left()

    def find(self, text: str) -> list[Found]:
        """Return the places of a text that are replaced, in order."""
        found = self._find(text, joined=False)
        if has_broken_words(text):
            taken = [each.start for each in found]
            for each in self._find(text, joined=True):
                at = bisect_right(taken, each.start) - 1
                if (at < 0 or found[at].end <= each.start) and (
                    at + 1 >= len(found) or each.end <= found[at + 1].start
                ):
                    found.insert(at + 1, each)
                    taken.insert(at + 1, each.start)
        return found

    def _find(self, text: str, joined: bool) -> list[Found]:
        folded = fold(text, joined=joined)
        found = []
        for match in self._pattern.finditer(folded.text):
            start, end = folded.place(match.start(), match.end())
            number = int((match.lastgroup or "n0")[1:])
            name = self.names[number]
            written = _composed(text[start:end])
            if written in self._kept or (name.letters == 1 and not _cjk(name) and written != name.given):
                continue
            small = written == written.lower() != written.upper() and name.given != name.given.lower()
            found.append(Found(start, end, number, name.pseudonym, small))
        return found

    def replace(self, text: str) -> str:
        """Return a piece of text without the names."""
        pieces = []
        at = 0
        for each in self.find(text):
            pieces += [text[at : each.start], beside_digits(text, each.start, each.end, each.pseudonym)]
            at = each.end
        return "".join([*pieces, text[at:]])

    def left(self, text: str, found: Sequence[Found] | None = None) -> list[Left]:
        """Return where letters of a name stand that are not replaced; `found` is what `find` found in this text."""
        gone = self.find(text) if found is None else found
        starts = [each.start for each in gone]
        folded = fold(text, plain=True)
        left: dict[tuple[int, str], Left] = {}
        for name in self.names:
            if name.letters < 2 and not _cjk(name):
                continue
            for spelling in _plain_spellings(name):
                core = _joined([re.escape(token) for token in _tokens(spelling)], name.letters)
                pattern = re.compile(core + (r"(?!\d)" if spelling[-1].isdecimal() else ""))
                whole = re.compile(rf"(?<!{_LETTER}){core}(?!{_LETTER})")
                for match in pattern.finditer(folded.text):
                    start, end = folded.place(match.start(), match.end())
                    at = bisect_right(starts, end - 1) - 1
                    if at >= 0 and gone[at].end > start:
                        continue
                    written = _composed(text[start:end])
                    is_whole = whole.match(folded.text, match.start()) is not None
                    if is_whole and written in self._kept:
                        continue
                    capital = written != written.lower() or written.lower() == written.upper()
                    left.setdefault((start, name.pseudonym), Left(start, name.pseudonym, is_whole, capital))
        return [left[key] for key in sorted(left)]

    def holds(self, text: str) -> bool:
        """Return whether an id or a title gives a name away: as a word, or as a part of one that looks like it.

        Examples
        --------
        >>> names = Names({"Ana": "P1"})
        >>> [names.holds(text) for text in ("ana-2", "Anas talk", "InterviewAna", "analysis", "P1")]
        [True, True, True, False, False]
        """
        flat = re.sub(r"[._]", " ", text)
        if self.find(flat):
            return True
        sizes = {name.pseudonym: name.letters for name in self.names}
        return any(each.whole or each.capital or sizes[each.pseudonym] >= 5 for each in self.left(flat))


def beside_digits(text: str, start: int, end: int, pseudonym: str) -> str:
    """Return a pseudonym that does not run into digits beside it: "P1" and "2" are not "P12"."""
    before = "-" if pseudonym[:1].isdecimal() and text[start - 1 : start].isdecimal() and start else ""
    after = "-" if pseudonym[-1:].isdecimal() and text[end : end + 1].isdecimal() else ""
    return before + pseudonym + after


def _real_names_left() -> InvalidValue:
    return InvalidValue(
        "pseudonyms= has a pseudonym that holds one of the real names, so that name would stay. "
        "Choose pseudonyms without real names in them."
    )


# -- patterns --------------------------------------------------------------------------------------


def _composed(text: str) -> str:
    seen = "".join(character for character in text if not is_unseen(character))
    return unicodedata.normalize("NFC", " ".join(seen.split()))


def _tokens(folded: str) -> list[str]:
    return [token for token in re.split(r"[ \-_]+", folded) if token]


def _key(folded: str) -> str:
    return " ".join(_tokens(folded))


def _cjk(name: _Name) -> bool:
    return any(without_blanks(letter) for letter in name.folded)


def _joined(tokens: Sequence[str], letters: int, cjk: bool = False) -> str:
    # "Ana Lima" is also "Ana-Lima" and "analima"; "I T" is not "it".
    between = r"[ \-_]*" if letters >= 6 or cjk else r"[ \-_]+"
    return between.join(token.replace("'", r"['\- ]?") for token in tokens)


def _pattern_of(names: Sequence[_Name]) -> re.Pattern[str]:
    """Return the pattern of all names, each a group: those that begin a word, and those that stand anywhere."""
    opening = [(number, name) for number, name in enumerate(names) if not without_blanks(name.folded[0])]
    inside = [(number, name) for number, name in enumerate(names) if without_blanks(name.folded[0])]
    one, other = ("|".join(f"(?P<n{at}>{_spelled(name)})" for at, name in some) for some in (opening, inside))
    mark = f"[{marks()}]"
    return re.compile(f"(?:(?<!{_LETTER})(?<!{mark})(?:{one or '(?!)'})|(?:{other or '(?!)'}))(?!{mark})")


def _spelled(name: _Name) -> str:
    """Return the pattern of one name with its borders."""
    core = _joined([re.escape(token) for token in _tokens(name.folded)], name.letters, _cjk(name))
    first, last = name.folded[0], name.folded[-1]
    if _cjk(name) and name.letters == 1:
        # One Han letter is a part of many words: alone, or before the title of a person.
        alone = rf"(?<![{NO_BLANKS}]){core}(?![{NO_BLANKS}])"
        return f"{alone}|{core}(?={'|'.join(_TITLES.split())})"
    if name.letters == 1:
        return rf"(?<!\w){core}(?!\w)"
    before = r"(?<!\d)" if first.isdecimal() else ""
    after = r"(?!\d)" if last.isdecimal() else ""
    if "\uac00" <= last <= "\ud7a3":
        after = rf"(?=(?:{'|'.join(_PARTICLES.split())}){{0,3}}(?!{_LETTER}))"
    elif last.isalnum() and not without_blanks(last):
        after += rf"(?!{_LETTER})"
    return before + core + after


def _plain_spellings(name: _Name) -> list[str]:
    """Return a name without accents, and with "ue" for "ü"."""
    wide = name.folded.translate(
        {ord(a): b for a, b in zip("äöüåø", ("ae", "oe", "ue", "aa", "oe"), strict=True)}
    )
    return list(dict.fromkeys((name.plain, fold(wide, plain=True).text)))
