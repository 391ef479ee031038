"""What is looked for after a participant went: ids, names, and runs of words that only they said."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from qualcode.errors import InvalidValue
from qualcode.verbs._traces import words_of_path
from qualcode.verbs._withdrawal_found import Finding, places_of_ids

if TYPE_CHECKING:
    from qualcode.codebook import Codebook
    from qualcode.readers._pseudonyms import Names

RUN = 3
"""So many words in a row that nobody else said are a quote."""

PAIR, PAIR_LETTERS = 2, 8
"""In a memo so many words in a row, with so many letters, that nobody else said: it may quote a short answer."""

PASSAGE, LETTERS = 6, 28
"""So many words in a row, with so many letters, are a quote though somebody else says them too: reads them out."""

_WORD = re.compile(r"[^\W_]+")
_SPOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


def words_in(text: str) -> list[str]:
    """Return the words of a text as they are compared."""
    return _WORD.findall(text.casefold())


def _runs(text: str, size: int = RUN) -> Iterator[tuple[str, ...]]:
    words = words_in(text)
    return zip(*(words[at:] for at in range(size)), strict=False)


def _pairs(text: str) -> Iterator[tuple[str, ...]]:
    return (run for run in _runs(text, PAIR) if sum(map(len, run)) >= PAIR_LETTERS)


def _passages(text: str) -> Iterator[tuple[str, ...]]:
    """Yield every run of words that is long enough to be a quote, whoever says it: "I don't know if that is" is none."""
    words = _SPOKEN.findall(text.casefold())
    runs = zip(*(words[at:] for at in range(PASSAGE)), strict=False)
    return (run for run in runs if sum(map(len, run)) >= LETTERS)


def _places_of(runs: frozenset[tuple[str, ...]], pattern: re.Pattern[str], text: str) -> list[int]:
    """Return where runs of words begin in a text."""
    size = len(next(iter(runs), ()))
    words = [(match.start(), match.group().casefold()) for match in pattern.finditer(text)]
    return [
        words[at][0]
        for at in range(len(words) - size + 1)
        if tuple(word for _, word in words[at : at + size]) in runs
    ]


def is_telling(id_: str) -> bool:
    """Whether an id can be looked for as a word: "1" and "a" stand everywhere.

    Examples
    --------
    >>> is_telling("P1"), is_telling("12"), is_telling("a")
    (True, False, False)
    """
    return len(id_) > 1 and not id_.isdecimal()


@dataclass(frozen=True)
class Evidence:
    """What tells that a file is about a participant.

    Parameters
    ----------
    ids
        Ids that are gone, as far as they can be looked for.
    names
        How they were called in transcripts; None where that tells nothing ("Participant").
    runs
        Words in a row that nobody else said.
    words
        Single words that nobody else said: looked for where nobody types, in exports and the like.
    passages
        Longer runs of words that they said, whoever else says them: an interviewer may have read them out.
    pairs
        Two words in a row that nobody else said: looked for in memos.
    """

    ids: frozenset[str]
    names: Names | None = None
    runs: frozenset[tuple[str, ...]] = field(default=frozenset(), repr=False)
    words: frozenset[str] = field(default=frozenset(), repr=False)
    passages: frozenset[tuple[str, ...]] = field(default=frozenset(), repr=False)
    pairs: frozenset[tuple[str, ...]] = field(default=frozenset(), repr=False)

    @classmethod
    def of(
        cls, ids: Iterable[str], names: Iterable[str], said: Iterable[str], others: Iterable[str]
    ) -> Evidence:
        """Return what tells of somebody.

        Parameters
        ----------
        ids, names
            Theirs alone.
        said
            What they said.
        others
            What stays in the study.
        """
        runs, words, passages = set[tuple[str, ...]](), set[str](), set[tuple[str, ...]]()
        pairs = set[tuple[str, ...]]()
        for text in said:
            runs.update(_runs(text))
            pairs.update(_pairs(text))
            passages.update(_passages(text))
            words.update(word for word in words_in(text) if len(word) > 3)
        for text in others:
            runs.difference_update(_runs(text))
            pairs.difference_update(_pairs(text))
            words.difference_update(words_in(text))
        called = _names(names)
        telling = filter(is_telling, ids)
        if called is not None:  # an id that is a name as well is looked for as one: that finds more
            telling = filter(lambda id_: not called.find(id_), telling)
        found = (frozenset(runs), frozenset(words), frozenset(passages), frozenset(pairs))
        return cls(frozenset(telling), called, *found)

    def found_in(
        self,
        text: str,
        path: str = "",
        ids: bool = True,
        words: bool = False,
        passages: bool = True,
        pairs: bool = False,
    ) -> Finding:
        """Return what of it stands in a text, or in the path of its file.

        Parameters
        ----------
        ids, words, passages, pairs
            Whether ids, single words, passages that others say too, and two words in a row are looked for.
        """
        found_ids = places_of_ids(text, self.ids) if ids else {}
        in_name = ids and bool(places_of_ids(re.sub(r"[/.]", " ", path), self.ids))
        names, small = self._names_in(text)
        quotes = [0] if words and not self.words.isdisjoint(words_in(text)) else []
        if pairs and not self.pairs.isdisjoint(_pairs(text)):
            quotes += _places_of(self.pairs, _WORD, text) or [0]
        if not self.runs.isdisjoint(_runs(text)):
            quotes += _places_of(self.runs, _WORD, text) or [0]
        if passages and not self.passages.isdisjoint(_passages(text)):
            quotes += _places_of(self.passages, _SPOKEN, text) or [0]
        return Finding(found_ids, names, small, quotes, in_name or self.called_in(path))

    def called_in(self, path: str) -> bool:
        """Whether a name stands in the path of a file, or in an id."""
        return bool(self._names_in(words_of_path(path))[0])

    def _names_in(self, text: str) -> tuple[list[int], bool]:
        """Return where names stand as whole words, also with other accents; and whether all are in small letters."""
        if self.names is None:
            return [], False
        found = self.names.find(text)
        accented = [each.start for each in self.names.left(text, found) if each.whole]
        small = bool(found) and not accented and all(each.small for each in found)
        return sorted([*(each.start for each in found), *accented]), small


def _names(names: Iterable[str]) -> Names | None:
    """Return names to look for, also as in "Quists": not in a longer word, such as "terrible" for Terri."""
    from qualcode.readers._pseudonyms import Names

    listed = {name: "…" for name in names if sum(letter.isalnum() for letter in name) > 1}
    listed |= {f"{name}s": "…" for name in listed if name[-1:].isalpha()}
    try:
        return Names(listed) if listed else None
    except InvalidValue:  # of signs only
        return None


def own_codes(book: Codebook, said: Iterable[str], others: Iterable[str]) -> list[str]:
    """Return the ids of codes whose name (or alias) somebody said and nobody else."""
    own, rest = (
        f" {' '.join(word for text in texts for word in words_in(text))} " for texts in (said, others)
    )
    found = []
    for code in book.codes:
        names = [f" {' '.join(words_in(name))} " for name in (code.name, *code.aliases)]
        if any(name.strip() and name in own and name not in rest for name in names):
            found.append(code.id)
    return found
