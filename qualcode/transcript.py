"""Turn and Transcript: the text of one source, who speaks where, and when."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

from qualcode.errors import InvalidValue
from qualcode.span import Span

if TYPE_CHECKING:
    import pandas as pd

ROLES = ("interviewer", "participant", "other", "")
"""What a speaker can be; "" is not known."""

_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")


_PLAIN_MARKS = str.maketrans(dict.fromkeys("\u2018\u2019\u201a\u201b\u02bc\u00b4\u0060", "'") | dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb", '"')
                             | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"))  # fmt: skip
"""Marks that a keyboard does not have, to the one that people type; letter by letter, so that places stay."""

_UNSEEN = re.compile("[\u00ad\u200b\u2060\ufeff]")
"""Soft hyphen, zero-width blank, word joiner: they say where a line may break, and show nothing."""


def _through_unseen(words: str) -> str:
    """Return the pattern of some words, whatever unseen characters stand between their letters."""
    return f"{_UNSEEN.pattern}*".join(map(re.escape, words))


def prepare_text(raw: str) -> str:
    r"""Return a text as qualcode keeps it: "\\n" newlines, no BOM in front, no lone surrogates, else untouched.

    Letters are never normalised: what was typed as two code points stays two.

    Examples
    --------
    >>> prepare_text("\ufeffAna: yes\r\nBen: no\r")
    'Ana: yes\nBen: no\n'
    """
    text = raw.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return _LONE_SURROGATE.sub("\ufffd", text)


def text_version(text: str) -> str:
    """Return the version of a text: the first 16 hexadecimal digits of its SHA-256.

    Examples
    --------
    >>> text_version("Ana: yes")
    '850c7b2b4eecd175'
    """
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]


_ONE_LINE = re.compile(r"\S(.*\S)?")
"""Line ends would break the table of turns; other odd characters are the transcript's own."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One uninterrupted contribution of one speaker.

    Parameters
    ----------
    number
        1, 2, 3, ... in the order of the text.
    speaker
        The label, or None where nobody is named. Never "".
    span
        Where the words stand, without label and time.
    begins, ends
        Seconds from the start of the recording, or None.
    """

    number: int
    speaker: str | None
    span: Span
    begins: float | None = None
    ends: float | None = None


@dataclass(frozen=True, slots=True)
class TimeMark:
    """A moment of the recording tied to a place in the text.

    Parameters
    ----------
    position
        Code point in the text.
    begins, ends
        Seconds from the start of the recording; `ends` may be None.
    """

    position: int
    begins: float
    ends: float | None = None


def _position(mark: TimeMark) -> int:
    return mark.position


@dataclass(frozen=True)
class Transcript:
    r"""The text of one source with its speaker turns. It never changes: another text is another version.

    Parameters
    ----------
    id
        The id of the source, for example "P7a".
    title
        What people call it.
    text
        The whole text, "\n" newlines (see `prepare_text`).
    turns
        In the order of the text, numbered from 1, never overlapping.
    marks
        Places of known time; they are put in the order of the text.
    language
        Like "en", or "" where unknown.
    origin
        The format it was read from, for example "docx".
    roles
        Speaker label to role: "interviewer", "participant", "other".

    Raises
    ------
    InvalidValue
        If the turns overlap, are out of order, or lie outside the text.

    Examples
    --------
    >>> t = Transcript("P1", "P1", "Ana: The model drifts.", (Turn(1, "Ana", Span(5, 22)),))
    >>> t.text_of(t.turns[0])
    'The model drifts.'
    >>> t.find("model")
    [Span(start=9, end=14)]
    """

    id: str
    title: str
    text: str
    turns: tuple[Turn, ...]
    marks: tuple[TimeMark, ...] = ()
    language: str = ""
    origin: str = ""
    roles: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "turns", tuple(self.turns))
        object.__setattr__(self, "marks", tuple(sorted(self.marks, key=_position)))
        object.__setattr__(self, "roles", MappingProxyType(dict(self.roles)))
        if "\r" in self.text or self.text.startswith("\ufeff") or _LONE_SURROGATE.search(self.text):
            raise InvalidValue(
                f"The text of {self.id} holds carriage returns, a byte order mark or broken characters. "
                "Pass it through qualcode.transcript.prepare_text first."
            )
        end = 0
        for number, turn in enumerate(self.turns, start=1):
            if turn.number != number:
                raise InvalidValue(
                    f"Turn {number} of {self.id} is numbered {turn.number}; number turns 1, 2, 3."
                )
            if turn.span.start < end or turn.span.end > len(self.text):
                raise InvalidValue(
                    f"Turn {number} of {self.id} lies at [{turn.span.start}, {turn.span.end}), but the turn "
                    f"before ends at {end} and the text at {len(self.text)}. Turns must follow each other."
                )
            if turn.speaker == "":
                raise InvalidValue(
                    f"Turn {number} of {self.id} has the empty speaker ''; use None for unknown."
                )
            if turn.speaker is not None and not _ONE_LINE.fullmatch(turn.speaker):
                raise InvalidValue(
                    f"The speaker of turn {number} of {self.id} must be one line without blanks around it, "
                    f"got {len(turn.speaker)} characters."
                )
            self._check_times(f"Turn {number}", turn.begins, turn.ends)
            end = turn.span.end
        for mark in self.marks:
            if not 0 <= mark.position <= len(self.text):
                raise InvalidValue(
                    f"A time mark of {self.id} stands at {mark.position}, "
                    f"outside the text (0 to {len(self.text)})."
                )
            self._check_times(f"The time mark at {mark.position}", mark.begins, mark.ends)
        unknown = {role for role in self.roles.values() if role not in ROLES}
        if unknown:
            raise InvalidValue(
                f"Unknown role {sorted(unknown)[0]!r} in {self.id}. Use interviewer, participant or other."
            )

    def _check_times(self, what: str, *times: float | None) -> None:
        for seconds in times:
            if seconds is not None and not 0 <= seconds < float("inf"):
                raise InvalidValue(
                    f"{what} of {self.id} has the time {seconds}; times are seconds from the start, 0 or later."
                )

    def __repr__(self) -> str:
        return (
            f"<Transcript {self.id}: {len(self.turns)} turns, {len(self.speakers)} speakers, "
            f"{len(self.text):,} characters>"
        )

    def _repr_html_(self) -> str:
        from html import escape

        return f"<code>{escape(repr(self))}</code>"

    @cached_property
    def version(self) -> str:
        """The first 16 hexadecimal digits of the text's SHA-256."""
        return text_version(self.text)

    @cached_property
    def speakers(self) -> tuple[str, ...]:
        """The labels, in the order of first appearance."""
        return tuple(dict.fromkeys(turn.speaker for turn in self.turns if turn.speaker is not None))

    @cached_property
    def _starts(self) -> list[int]:
        return [turn.span.start for turn in self.turns]

    def text_of(self, where: Span | Turn) -> str:
        """Return the words of a span or a turn.

        Raises
        ------
        InvalidValue
            If the span ends after the text.
        """
        span = where.span if isinstance(where, Turn) else where
        if span.end > len(self.text):
            raise InvalidValue(
                f"The span [{span.start}, {span.end}) ends after the text of {self.id}, "
                f"which has {len(self.text)} characters."
            )
        return self.text[span.start : span.end]

    def turn_at(self, position: int) -> Turn | None:
        """Return the turn that holds a position, or None between turns."""
        index = bisect_right(self._starts, position) - 1
        if index >= 0 and position in self.turns[index].span:
            return self.turns[index]
        return None

    def turns_touching(self, span: Span) -> tuple[Turn, ...]:
        """Return every turn that shares at least one character with a span."""
        first = max(0, bisect_right(self._starts, span.start) - 1)
        touching = []
        for turn in self.turns[first:]:
            if turn.span.start >= span.end:
                break
            if turn.span.overlaps(span):
                touching.append(turn)
        return tuple(touching)

    def at_time(self, seconds: float) -> Turn | None:
        """Return the turn spoken at a time: the last one that has begun and not yet ended, or None."""
        spoken = None
        for turn in self.turns:
            if turn.begins is None or turn.begins > seconds:
                continue
            if turn.ends is None or seconds < turn.ends:
                spoken = turn
        return spoken

    def find(self, quote: str) -> list[Span]:
        """Return every place where a quote stands, white space compared as one blank.

        The quote is found to the letter first; only where that fails, any run of white space in the
        quote matches any run in the text, so that a quote copied over a line end is found; and only where that fails,
        curly and straight apostrophes, quotation marks and dashes are the same. Soft hyphens and
        other characters that no screen shows do not count: they stay in the text, and in the span found.
        """
        words = _UNSEEN.sub("", quote).strip()
        if not words:
            return []
        if _UNSEEN.search(self.text):
            exact = self._matches(_through_unseen(words))
            return exact or self._matches(
                rf"(?:\s|{_UNSEEN.pattern})+".join(map(_through_unseen, words.split()))
            )
        exact, at = [], self.text.find(words)
        while at >= 0:
            exact.append(Span(at, at + len(words)))
            at = self.text.find(words, at + 1)
        return exact or self._matches(r"\s+".join(map(re.escape, words.split()))) or self._by_marks(words)

    def _by_marks(self, words: str) -> list[Span]:
        """Find a quote whose apostrophes, quotation marks and dashes are the plain ones of a keyboard, or the reverse."""
        plain, text = words.translate(_PLAIN_MARKS), self.text.translate(_PLAIN_MARKS)
        if plain == words and text == self.text:
            return []
        pattern = r"\s+".join(map(re.escape, plain.split()))
        return [Span(*match.span(1)) for match in re.finditer(f"(?=({pattern}))", text)]

    def _matches(self, pattern: str) -> list[Span]:
        # looking ahead, so that places that share letters are all found
        return [Span(*match.span(1)) for match in re.finditer(f"(?=({pattern}))", self.text)]

    def to_frame(self) -> pd.DataFrame:
        """Return one row per turn: turn, speaker, role, start, end, begins, ends, text."""
        import pandas as pd

        return pd.DataFrame(
            {
                "turn": [turn.number for turn in self.turns],
                "speaker": [turn.speaker for turn in self.turns],
                "role": [self.roles.get(turn.speaker or "", "") for turn in self.turns],
                "start": [turn.span.start for turn in self.turns],
                "end": [turn.span.end for turn in self.turns],
                "begins": [turn.begins for turn in self.turns],
                "ends": [turn.ends for turn in self.turns],
                "text": [self.text_of(turn) for turn in self.turns],
            }
        )
