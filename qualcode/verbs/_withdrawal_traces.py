"""What is looked for after a participant went: ids, names, and runs of words that only they said."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from qualcode.errors import InvalidValue
from qualcode.verbs._traces import tokens_in, trace_of, words_of_path

if TYPE_CHECKING:
    from qualcode.codebook import Codebook
    from qualcode.readers._pseudonyms import Names

RUN = 3
"""So many words in a row that nobody else said are a quote."""


def words_in(text: str) -> list[str]:
    """Return the words of a text as they are compared."""
    return re.findall(r"[^\W_]+", text.casefold())


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    words = words_in(text)
    return zip(*(words[at:] for at in range(RUN)), strict=False)


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
    """

    ids: frozenset[str]
    names: Names | None = None
    runs: frozenset[tuple[str, ...]] = field(default=frozenset(), repr=False)
    words: frozenset[str] = field(default=frozenset(), repr=False)

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
        runs, words = set[tuple[str, ...]](), set[str]()
        for text in said:
            runs.update(_runs(text))
            words.update(word for word in words_in(text) if len(word) > 3)
        for text in others:
            runs.difference_update(_runs(text))
            words.difference_update(words_in(text))
        return cls(frozenset(filter(is_telling, ids)), _names(names), frozenset(runs), frozenset(words))

    def found_in(self, text: str, path: str = "", ids: bool = True, words: bool = False) -> list[str]:
        """Return what of it stands in a text, or in the path of its file: "the id", "the name", "words of theirs"."""
        found = []
        if ids and tokens_in(f"{text}\n{re.sub(r'[/.]', ' ', path)}", self.ids):
            found.append("the id")
        names = self.names
        if names is not None and any(trace_of(names, each) for each in (text, words_of_path(path))):
            found.append("the name")
        if not self.runs.isdisjoint(_runs(text)) or (words and not self.words.isdisjoint(words_in(text))):
            found.append("words of theirs")
        return found


def _names(names: Iterable[str]) -> Names | None:
    from qualcode.readers._pseudonyms import Names

    listed = {name: "…" for name in names if sum(letter.isalnum() for letter in name) > 1}
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
