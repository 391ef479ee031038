"""The text of a source as blocks: its turns, and what stands outside them and is worth reading."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from typing import Any

from qualcode.span import Span
from qualcode.transcript import Transcript, Turn

Block = dict[str, Any]

_TIME = re.compile(r"\d{1,3}:\d{1,2}(?::\d{1,2})?(?:[.,]\d{1,6})?")
_NO_LETTER = re.compile(r"[\W\d_]+")
_LINE = re.compile(r"[^\n]+")


def blocks(transcript: Transcript) -> list[Block]:
    r"""Return the blocks of a transcript in the order of the text.

    A block is ``{turn, speaker, role, begins, ends, start, text}``; `turn` is None for a paragraph outside all
    turns (a heading, a note; in a source without turns every line). Labels and times that only say who speaks
    and when are no blocks.

    Examples
    --------
    >>> text = "Talk in May\n\nAna: Why?\n\n[0:05]\nBen\nBecause.\n"
    >>> t = Transcript("P1", "P1", text, (Turn(1, "Ana", Span(18, 22)), Turn(2, "Ben", Span(35, 43))))
    >>> [(block["turn"], block["start"], block["text"]) for block in blocks(t)]
    [(None, 0, 'Talk in May'), (1, 18, 'Why?'), (2, 35, 'Because.')]
    """
    found: list[Block] = []
    labels = _label_lines(transcript)
    at = 0
    for turn in transcript.turns:
        for span in _lines(transcript.text, at, turn.span.start):
            last = span.end >= _line_of(transcript.text, turn.span.start)
            if not last and not _is_label(transcript.text[span.start : span.end], labels):
                found.append(_outside(transcript, span))
        found.append(_spoken(transcript, turn))
        at = turn.span.end
    for span in _lines(transcript.text, at, len(transcript.text)):
        if not transcript.turns or not _is_label(transcript.text[span.start : span.end], labels):
            found.append(_outside(transcript, span))
    return found


def shown_words(parts: list[Block], start: int, end: int) -> str:
    r"""Return what the page shows of a place: the parts of its blocks, one line each, without what stands between.

    Examples
    --------
    >>> shown_words([{"start": 5, "text": "Why?"}, {"start": 15, "text": "Because."}], 7, 18)
    'y?\nBec'
    """
    pieces = []
    for block in parts[max(0, bisect_right(parts, start, key=_start_of) - 1) :]:
        first, text = block["start"], block["text"]
        if first >= end:
            break
        if start < first + len(text):
            pieces.append(text[max(0, start - first) : end - first])
    return "\n".join(pieces)


def _start_of(block: Block) -> int:
    return int(block["start"])


def _spoken(transcript: Transcript, turn: Turn) -> Block:
    return {
        "turn": turn.number,
        "speaker": turn.speaker or "",
        "role": transcript.roles.get(turn.speaker or "", ""),
        "begins": turn.begins,
        "ends": turn.ends,
        "start": turn.span.start,
        "text": transcript.text_of(turn),
    }


def _outside(transcript: Transcript, span: Span) -> Block:
    return {
        "turn": None,
        "speaker": "",
        "role": "",
        "begins": None,
        "ends": None,
        "start": span.start,
        "text": transcript.text_of(span),
    }


def _lines(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield the lines of a stretch that are not blank, without the blanks around them."""
    for found in _LINE.finditer(text, start, max(start, end)):
        words = found.group().strip()
        if words:
            begin = found.start() + found.group().index(words)
            yield Span(begin, begin + len(words))


def _line_of(text: str, position: int) -> int:
    """Return where the line of a position begins."""
    return text.rfind("\n", 0, position) + 1


def _label_lines(transcript: Transcript) -> set[str]:
    """Return what stands on lines of its own above turns and only says who speaks.

    These are the speakers' names, and whatever stands above at least half of the turns of one speaker: a label
    may be another word than the name that was given at import.
    """
    labels = {_letters(speaker) for speaker in transcript.speakers}
    turns_of = Counter(turn.speaker for turn in transcript.turns)
    above: Counter[tuple[str, str | None]] = Counter()
    at = 0
    for turn in transcript.turns:
        line = _line_of(transcript.text, turn.span.start)
        lines = list(_lines(transcript.text, at, line))
        if lines:
            above[(_timeless(transcript.text[lines[-1].start : lines[-1].end]), turn.speaker)] += 1
        at = turn.span.end
    return labels | {
        line for (line, speaker), times in above.items() if times > 1 and 2 * times >= turns_of[speaker]
    }


def _is_label(line: str, labels: set[str]) -> bool:
    letters = _letters(line)
    return not letters or letters in labels or _timeless(line) in labels


def _letters(line: str) -> str:
    return _NO_LETTER.sub(" ", line).strip().casefold()


def _timeless(line: str) -> str:
    return _TIME.sub("", line).strip().casefold()
