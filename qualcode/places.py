"""Places in a transcript as people name them: a span, a quote, a turn, a time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from numbers import Real
from typing import Any

from qualcode.errors import InvalidValue, QuoteError
from qualcode.span import Span
from qualcode.transcript import Transcript, Turn

LONGEST = 1e7
"""Seconds; no recording lasts four months."""


@dataclass(frozen=True)
class TurnPlace:
    """One turn by its number, or several in a row; made by `turn`."""

    first: int
    last: int


@dataclass(frozen=True)
class TimePlace:
    """The turn spoken at a time, or anywhere in that second where `whole`; made by `at`."""

    seconds: float
    whole: bool = False


def turn(number: int, last: int | None = None) -> TurnPlace:
    """Name a turn by its number, or all turns from one to another.

    Examples
    --------
    >>> turn(12)
    TurnPlace(first=12, last=12)
    """
    numbers = (number, number if last is None else last)
    if not all(_is_whole(each) for each in numbers):
        raise InvalidValue(
            f"Turns are named by whole numbers, got {number!r} and {last!r}, such as qc.turn(12)."
        )
    return TurnPlace(*(int(each) for each in numbers))


def at(time: str | float | timedelta) -> TimePlace:
    """Name the turn that is spoken at a time: seconds, or "1:02", "00:01:02", "00:01:02.5".

    A text without a fraction, as `show` and the coding page write times, means that whole second: a turn that begins in
    it is meant, else the one that is being spoken.

    Examples
    --------
    >>> at("00:01:02")
    TimePlace(seconds=62.0, whole=True)
    >>> at(62.4)
    TimePlace(seconds=62.4, whole=False)
    """
    if isinstance(time, timedelta):
        return TimePlace(time.total_seconds())
    if isinstance(time, str):
        if not re.fullmatch(r"(\d+:)?(\d+:)?\d+([.,]\d+)?", time.strip()):
            raise InvalidValue(f"{time!r} is no time. Write 00:01:02, 1:02 or a number of seconds.")
        seconds = 0.0
        for part in time.strip().replace(",", ".").split(":"):
            seconds = seconds * 60 + float(part)
        if not seconds < LONGEST:
            raise InvalidValue(
                "The time is longer than any recording. Write 00:01:02, 1:02 or a number of seconds."
            )
        return TimePlace(seconds, whole=seconds == int(seconds) and not re.search(r"[.,]", time))
    number: Any = time  # whatever a caller without types gives
    if isinstance(number, bool) or not isinstance(number, Real) or not float(number) >= 0:
        raise InvalidValue(f"{time!r} is no time. Write 00:01:02, 1:02 or a number of seconds.")
    return TimePlace(float(time))


def clock(seconds: float) -> str:
    """Return a time as people write it.

    Examples
    --------
    >>> clock(62), clock(3725.5)
    ('1:02', '1:02:05')
    """
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}" if minutes >= 60 else f"{minutes}:{rest:02}"


Where = Span | tuple[int, int] | str | Turn | TurnPlace | TimePlace


def find_span(transcript: Transcript, where: Any) -> Span:
    """Return the span that a place means in a transcript.

    Raises
    ------
    QuoteError
        If a quote is not in the text, or more than once.
    InvalidValue
        If there is no such turn, time or stretch.
    """
    if isinstance(where, str):
        return _quote(transcript, where)
    if isinstance(where, Turn):
        where = where.span
    if isinstance(where, TurnPlace):
        return _turns(transcript, where)
    if isinstance(where, TimePlace):
        return _time(transcript, where)
    if isinstance(where, tuple | list) and len(where) == 2 and all(_is_whole(number) for number in where):
        where = Span(int(where[0]), int(where[1]))
    if not isinstance(where, Span):
        raise InvalidValue(
            f"A place of type {type(where).__name__} is not understood. Give a quote, (start, end), qc.turn(12) "
            "or qc.at('00:01:02')."
        )
    if where.end > len(transcript.text):
        raise InvalidValue(
            f"The span [{where.start}, {where.end}) ends after the text of {transcript.id}, which has "
            f"{len(transcript.text)} characters."
        )
    return where


def _is_whole(number: Any) -> bool:
    return not isinstance(number, bool) and hasattr(number, "__index__")


def _turns(transcript: Transcript, place: TurnPlace) -> Span:
    count = len(transcript.turns)
    if not 1 <= place.first <= place.last <= count:
        asked = f"turn {place.first}" if place.first == place.last else f"turns {place.first} to {place.last}"
        raise InvalidValue(f"{transcript.id} has no {asked}; its turns are numbered 1 to {count}.")
    return Span(transcript.turns[place.first - 1].span.start, transcript.turns[place.last - 1].span.end)


def _time(transcript: Transcript, place: TimePlace) -> Span:
    seconds, begun = place.seconds, None
    if place.whole:
        begun = next((t for t in transcript.turns if t.begins is not None and int(t.begins) == seconds), None)
    spoken = begun or transcript.at_time(seconds)
    if spoken is None:
        known = [turn.begins for turn in transcript.turns if turn.begins is not None]
        hint = (
            f"Its turns begin between {clock(min(known))} and {clock(max(known))}."
            if known
            else "It has no times."
        )
        raise InvalidValue(f"Nobody speaks in {transcript.id} at {clock(seconds)}. {hint}")
    return spoken.span


def _quote(transcript: Transcript, quote: str) -> Span:
    found = transcript.find(quote)
    if len(found) == 1:
        return found[0]
    words = quote.strip()
    if not words:
        raise QuoteError(
            "The quote is empty. Give some words of the transcript, (start, end) or qc.turn(12)."
        )
    if not found:
        raise QuoteError(
            f"The quote ({len(words)} characters) is not in {transcript.id}.{_nearly(transcript, words)} "
            "Copy it from the transcript as it stands there, or give qc.turn(12) or (start, end)."
        )
    places = []
    for span in found[:4]:
        spoken = transcript.turn_at(span.start)
        places.append(f"({span.start}, {span.end})" + (f" in turn {spoken.number}" if spoken else ""))
    more = f" and {len(found) - 4} more" if len(found) > 4 else ""
    raise QuoteError(
        f"The quote ({len(words)} characters) is in {transcript.id} {len(found)} times: {', '.join(places)}{more}. "
        "Give a longer quote, or one of these as (start, end)."
    )


def _nearly(transcript: Transcript, quote: str) -> str:
    """Say in which turn the quote stands but for letters and marks, without showing it."""

    def plain(text: str) -> str:
        return " ".join(re.findall(r"\w+", text.replace("\u00ad", "").casefold()))

    wanted = plain(quote)
    if not wanted:
        return ""
    for spoken in transcript.turns:
        if wanted in plain(transcript.text_of(spoken)):
            return f" Turn {spoken.number} has the same words with other punctuation or capitals."
    return ""
