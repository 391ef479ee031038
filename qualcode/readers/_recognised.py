"""What speech recognisers give, words and segments with times, as utterances."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from qualcode.readers._reading import Note
from qualcode.readers._speech import Utterance
from qualcode.transcript import prepare_text

PAUSE = 2.0
"""Where a recogniser gives single words, a silence of so many seconds ends an utterance; so does a sentence."""

LONGEST = 60.0
"""An utterance without a pause and without marks is parted after so many seconds, so that it has a time."""

_SENTENCE = re.compile(r"[.?!…。？！؟][\"'”’»)\]]{0,4}$")
_BREAKS = re.compile("[\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]"
)
_UNSEEN = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
_NEAR = 60  # characters between two words of one segment; further away another word was found


@dataclass(slots=True)
class Word:
    """One word with its time.

    Parameters
    ----------
    text
        The word with the marks that belong to it.
    begins, ends, speaker
        As in `Utterance`.
    blank
        Whether a blank stands before it.
    """

    text: str
    begins: float | None = None
    ends: float | None = None
    speaker: str | None = None
    blank: bool = True


@dataclass(slots=True)
class Heard:
    """What one shape of JSON says.

    Parameters
    ----------
    utterances
        In the order of the file; words may be empty.
    language
        As the file states it, else "".
    notes
        What had to be decided.
    noun
        What the utterances are called in the notes.
    """

    utterances: list[Utterance]
    language: str = ""
    notes: list[Note] = field(default_factory=list)
    noun: str = "segment"


def speaker_label(value: object, noun: str = "Speaker") -> str | None:
    """Return the label of a speaker; numbers become "Speaker 0", as the services print them.

    Examples
    --------
    >>> speaker_label("spk_0"), speaker_label(0), speaker_label("2"), speaker_label("?"), speaker_label(None)
    ('spk_0', 'Speaker 0', 'Speaker 2', None, None)
    """
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{noun} {value}" if abs(value) < 10**6 else None
    if isinstance(value, dict):
        value = value.get("name") or value.get("@id") or value.get("id") or value.get("label")
        return speaker_label(value, noun) if not isinstance(value, dict) else None
    if not isinstance(value, str):
        return None
    label = " ".join(_UNSEEN.sub("", prepare_text(value)).split()).rstrip(":").strip()
    if label.isdecimal() and len(label) < 7:
        return f"{noun} {int(label)}"
    return label[:200].strip() if any(character.isalpha() for character in label) else None


def language_code(value: object) -> str:
    """Return a code such as "en-US", or "" where the value is none.

    Examples
    --------
    >>> language_code("en_us"), language_code("english"), language_code(None)
    ('en-us', '', '')
    """
    return value.replace("_", "-") if isinstance(value, str) and _LANGUAGE.fullmatch(value) else ""


def one_line(text: str) -> str:
    r"""Return words on one line, blanks around line breaks as one, otherwise as they came.

    Examples
    --------
    >>> one_line(" Yes,\n it  drifts. ")
    'Yes, it  drifts.'
    """
    lines = (line.strip() for line in _BREAKS.split(prepare_text(text)))
    return " ".join(line for line in lines if line)


def space(words: Sequence[Word]) -> list[Word]:
    """Decide where blanks stand between words that come without: not in Chinese, Japanese, Thai.

    Where words bring their blanks along (" yes"), these count.

    Examples
    --------
    >>> join(space([Word("你"), Word("好"), Word("Ana")])), join(space([Word(" un"), Word("til")]))
    ('你好 Ana', 'until')
    """
    own = any(word.text[:1].isspace() for word in words)
    before = ""
    for word in words:
        if own:
            word.blank = word.text[:1].isspace()
        elif word.blank and before:
            word.blank = not (_UNSPACED.match(before) and _UNSPACED.match(word.text))
        before = word.text[-1:]
    return list(words)


def join(words: Iterable[Word]) -> str:
    """Return the words as one line."""
    return one_line("".join((" " if word.blank else "") + word.text.strip() for word in words))


def words_to_utterances(words: Sequence[Word]) -> list[Utterance]:
    """Return words as utterances: a new one for each speaker, each sentence, and after a pause.

    Examples
    --------
    >>> words = [Word("Why?", 0, 1, "I"), Word("It", 2, 3, "P"), Word("drifts.", 3, 4, "P"), Word("Oh", 9, 9, "P")]
    >>> [(each.speaker, each.words, each.begins, each.ends) for each in words_to_utterances(words)]
    [('I', 'Why?', 0, 1), ('P', 'It drifts.', 2, 4), ('P', 'Oh', 9, 9)]
    """
    groups: list[list[Word]] = []
    first = last = 0.0
    for word in words:
        begins = word.begins if word.begins is not None else last
        group = groups[-1] if groups else []
        if (
            group
            and word.speaker == group[-1].speaker
            and not (word.blank and _SENTENCE.search(group[-1].text.strip()[-8:]))
            and begins - last < PAUSE
            and begins - first < LONGEST
        ):
            group.append(word)
        else:
            groups.append([word])
            first = begins
        last = word.ends if word.ends is not None else begins
    return [_utterance(group) for group in groups]


def _utterance(words: list[Word]) -> Utterance:
    begins = next((word.begins for word in words if word.begins is not None), None)
    ends = [word.ends for word in words if word.ends is not None]
    last = max(ends, default=None)
    return Utterance(
        words[0].speaker,
        join(words),
        begins,
        last if begins is not None and last is not None and last >= begins else None,
    )


def one_word_each(words: Sequence[Word]) -> bool:
    """Return whether what a file calls segments are single words of nobody named, to be made utterances.

    Examples
    --------
    >>> one_word_each([Word(" Yes,"), Word(" it"), Word(" drifts"), Word(" a"), Word(" lot.")])
    True
    >>> one_word_each([Word("Yes, it drifts.")] * 9), one_word_each([Word("Yes.", speaker="Ana")] * 9)
    (False, False)
    """
    return len(words) > 4 and all(word.speaker is None and len(word.text.split()) < 2 for word in words)


def cut(text: str, words: Sequence[Word]) -> list[Word] | None:
    """Return words as they stand in a text, with its marks and blanks; None where one is not found.

    Examples
    --------
    >>> [word.text for word in cut("Yes, “it” drifts.", [Word("yes"), Word("it"), Word("drifts")])]
    ['Yes,', '“it”', 'drifts.']
    >>> cut("Yes.", [Word("no")]) is None
    True
    """
    lower = text.lower()
    if len(lower) != len(text):
        lower = text
    starts: list[int] = []
    at = 0
    for word in words:
        wanted = word.text.strip()
        found = lower.find(wanted.lower() if lower is not text else wanted, at, at + len(wanted) + _NEAR)
        if not wanted or found < 0:
            return None
        start = found
        while start > at and _opens(text[start - 1]):
            start -= 1
        starts.append(start)
        at = found + len(wanted)
    if not starts:
        return None
    starts[0] = 0
    pieces = []
    for word, start, stop in zip(words, starts, [*starts[1:], len(text)], strict=True):
        piece = text[start:stop]
        blank = start > 0 and text[start - 1].isspace()
        pieces.append(Word(piece.strip(), word.begins, word.ends, word.speaker, blank))
    return pieces


def _opens(character: str) -> bool:
    return character in "\"'¿¡$€£#@" or unicodedata.category(character) in ("Ps", "Pi")


def segment(
    speaker: str | None, text: str, begins: float | None, ends: float | None, words: Sequence[Word]
) -> list[Utterance]:
    """Return a segment as utterances, with the words' times at each sentence where somebody is named.

    The segment's own speaker counts; where it has none, those of its words do.

    Examples
    --------
    >>> words = [Word("why", 0, 1, "I"), Word("well", 1, 2, "P")]
    >>> [(each.speaker, each.words) for each in segment(None, "Why? Well.", 0, 2, words)]
    [('I', 'Why?'), ('P', 'Well.')]
    """
    whole = [Utterance(speaker, one_line(text), begins, ends)]
    named = speaker is not None or any(word.speaker is not None for word in words)
    pieces = cut(text, words) if named and words else None
    if pieces is None:
        return whole
    before = next((piece.speaker for piece in pieces if piece.speaker is not None), None)
    for piece in pieces:
        # A word without a speaker (a number, which could not be aligned) goes with the one above.
        before = piece.speaker = speaker or piece.speaker or before
    found = words_to_utterances(pieces)
    if found[0].begins is None:
        found[0].begins = begins
    if found[-1].ends is None and found[-1].begins is not None:
        found[-1].ends = ends
    return found


def timed_words(
    values: Iterable[dict[str, Any]], build: Callable[[dict[str, Any]], Word | None]
) -> list[Word]:
    """Return the words of a list, blanks decided; values that hold none are left out."""
    return space([word for value in values if (word := build(value)) is not None and word.text.strip()])
