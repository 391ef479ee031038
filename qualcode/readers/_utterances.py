"""From utterances to turns: the last step of every timed format.

The text has one turn a paragraph and holds the words only. Consecutive utterances of one named speaker are
one turn, joined by a blank; each keeps its time mark. An utterance whose speaker is not named is a turn by
itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qualcode.readers._reading import Note, Reading, counted
from qualcode.readers._times import time_notes
from qualcode.span import Span
from qualcode.transcript import TimeMark, Turn


@dataclass(slots=True)
class Utterance:
    """Words that one speaker said in one stretch of time.

    Parameters
    ----------
    speaker
        The label, or None where nobody is named.
    words
        What was said, on one line.
    begins, ends
        Seconds, or None where the file gives none.
    """

    speaker: str | None
    words: str
    begins: float | None
    ends: float | None


def utterances_to_reading(
    utterances: Sequence[Utterance],
    notes: Sequence[Note] = (),
    format: str = "",
    language: str = "",
    noun: str = "cue",
) -> Reading:
    r"""Return the turns of a series of utterances; what they are called in the notes is `noun`.

    Examples
    --------
    >>> said = [Utterance("Ana", "Yes,", 0, 2), Utterance("Ana", "it drifts.", 2, 3), Utterance(None, "Oh.", 3, 4)]
    >>> reading = utterances_to_reading(said)
    >>> reading.text
    'Yes, it drifts.\nOh.'
    >>> [(turn.speaker, turn.begins, turn.ends) for turn in reading.turns]
    [('Ana', 0, 3), (None, 3, 4)]
    """
    text: list[str] = []
    turns: list[Turn] = []
    marks: list[TimeMark] = []
    length = 0
    for each in utterances:
        last = turns[-1] if turns else None
        same = last is not None and each.speaker is not None and last.speaker == each.speaker
        if last is not None:
            text.append(" " if same else "\n")
            length += 1
        if each.begins is not None:
            marks.append(TimeMark(length, each.begins, each.ends))
        start, length = length, length + len(each.words)
        text.append(each.words)
        if same and last is not None:
            begins = last.begins if last.begins is not None else each.begins
            ends = _later(last.ends, each.ends)
            turns[-1] = Turn(last.number, last.speaker, Span(last.span.start, length), begins, ends)
        else:
            turns.append(Turn(len(turns) + 1, each.speaker, Span(start, length), each.begins, each.ends))
    found = [*notes, *_speaker_notes(turns, noun), *time_notes(marks, noun)]
    return Reading(
        "".join(text), tuple(turns), tuple(marks), language=language, notes=tuple(found), format=format
    )


def _later(first: float | None, second: float | None) -> float | None:
    if first is None or second is None:
        return second if first is None else first
    return max(first, second)


def _speaker_notes(turns: Sequence[Turn], noun: str) -> list[Note]:
    counts: dict[str, int] = {}
    for turn in turns:
        if turn.speaker is not None:
            counts[turn.speaker] = counts.get(turn.speaker, 0) + 1
    nameless = sum(1 for turn in turns if turn.speaker is None)
    if not counts:
        return [Note("guessed", f"No speakers are named; every {noun} is a turn by itself.")] if turns else []
    listing = ", ".join(f"{label} ({counted(count, 'turn')})" for label, count in counts.items())
    notes = [Note("guessed", f"Speakers: {listing}.")]
    if nameless:
        notes.append(Note("kept", f"{counted(nameless, noun)} without a speaker, each a turn by itself."))
    return notes
