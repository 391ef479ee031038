"""Utterances with known speakers and times, as turns: for captions and for all formats with tiers.

The text has one turn a paragraph and holds the words only. Consecutive utterances of one named speaker are
one turn, joined by a blank; every utterance keeps its time mark. An utterance whose speaker is not named is
a turn by itself, unless it says that it goes on with the one above.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qualcode.readers._reading import MAX_LINES, Note, Reading, TooLong, counted, enumerated, listed
from qualcode.readers._times import end_after, sane, time_notes
from qualcode.span import Span
from qualcode.transcript import TimeMark, Turn, prepare_text


@dataclass(slots=True)
class Utterance:
    """What one speaker says in one stretch of time.

    Parameters
    ----------
    speaker
        The label, or None where nobody is named.
    words
        What was said; line ends become blanks.
    begins, ends
        Seconds, or None.
    joint
        What stands between it and the utterance above, where it goes on with that one ("" in the middle of
        a word); None where it begins anew.
    """

    speaker: str | None
    words: str
    begins: float | None = None
    ends: float | None = None
    joint: str | None = None


def utterances_to_reading(
    utterances: Sequence[Utterance],
    notes: Sequence[Note] = (),
    *,
    noun: str = "cue",
    format: str = "",
    title: str = "",
    language: str = "",
    roles: Mapping[str, str] | None = None,
) -> Reading:
    r"""Return the turns of a series of utterances, in the order given.

    Parameters
    ----------
    utterances
        In the order of the text. Those without words are counted and left out.
    notes
        What is known already; kept in front.
    noun
        How the format calls an utterance.
    format, title, language, roles
        As in `Reading`.

    Raises
    ------
    TooLong
        If there are more than any transcript has.

    Examples
    --------
    >>> said = [Utterance("Ana", "Yes,", 0, 2), Utterance("Ana", "it drifts.", 2, 3), Utterance(None, "Oh.", 3, 4)]
    >>> reading = utterances_to_reading(said)
    >>> reading.text
    'Yes, it drifts.\nOh.'
    >>> [(turn.speaker, turn.begins, turn.ends) for turn in reading.turns]
    [('Ana', 0, 3), (None, 3, 4)]
    """
    if len(utterances) > MAX_LINES:
        raise TooLong
    text: list[str] = []
    turns: list[Turn] = []
    marks: list[TimeMark] = []
    length = empty = 0
    odd: list[int] = []
    for number, said in enumerate(utterances, start=1):
        words = one_paragraph(said.words)
        if not words:
            empty += 1
            continue
        begins, ends = sane(said.begins), sane(said.ends)
        if (begins, ends) != (said.begins, said.ends):
            odd.append(number)
        if begins is not None and ends is not None and ends < begins:
            odd.append(number)
            ends = None
        last = turns[-1] if turns else None
        same = last is not None and last.speaker == said.speaker
        goes_on = same and (said.speaker is not None or said.joint is not None)
        if last is not None:
            joint = ("\n" if not goes_on else " " if said.joint is None else said.joint)  # fmt: skip
            text.append(joint)
            length += len(joint)
        if begins is not None:
            marks.append(TimeMark(length, begins, ends))
        start, length = length, length + len(words)
        text.append(words)
        if goes_on and last is not None:
            span = Span(last.span.start, length)
            first = last.begins if last.begins is not None else begins
            turns[-1] = Turn(last.number, last.speaker, span, first, end_after(first, later(last.ends, ends)))
        else:
            turns.append(Turn(len(turns) + 1, said.speaker, Span(start, length), begins, ends))
    found = list(notes)
    if empty:
        found.append(Note("dropped", f"{counted(empty, noun)} without words."))
    if odd:
        found.append(
            Note("changed", f"{counted(len(odd), noun)} with an impossible time ({noun} {listed(odd)}); "
                 "the time was left open.")
        )  # fmt: skip
    found.extend(speaker_notes(turns, noun, any(said.joint is not None for said in utterances)))
    found.extend(time_notes(marks, noun))
    return Reading(
        "".join(text), tuple(turns), tuple(marks), title, language, dict(roles or {}), tuple(found), format
    )


def one_paragraph(words: str) -> str:
    r"""Return words without blanks around them and without line ends; inner blanks stay.

    Examples
    --------
    >>> one_paragraph(" a \n\n b  c ")
    'a b  c'
    """
    lines = (line.strip() for line in prepare_text(words).split("\n"))
    return " ".join(line for line in lines if line)


def one_line_label(label: str) -> str | None:
    """Return a label in one line, None where it is empty.

    Examples
    --------
    >>> one_line_label(" Ana  Lima:"), one_line_label(" ")
    ('Ana Lima', None)
    """
    return " ".join(prepare_text(label).replace("\x00", "").split()).rstrip(":").strip() or None


def later(first: float | None, second: float | None) -> float | None:
    """Return the later of two times, of which either may be unknown."""
    if first is None or second is None:
        return second if first is None else first
    return max(first, second)


def fill_times(times: Sequence[float | None]) -> list[float | None]:
    """Return a line of times in which unknown ones stand evenly between their neighbours.

    Before the first and after the last known time nothing can be said.

    Examples
    --------
    >>> fill_times([None, 0.0, None, None, 6.0, None])
    [None, 0.0, 2.0, 4.0, 6.0, None]
    """
    filled = list(times)
    known = [at for at, time in enumerate(times) if time is not None]
    for before, after in itertools.pairwise(known):
        first, last = times[before], times[after]
        assert first is not None
        assert last is not None
        for at in range(before + 1, after):
            share = (at - before) / (after - before)
            filled[at] = round(first + (last - first) * share, 6)
    return filled


def overlap_notes(utterances: Sequence[Utterance], noun: str) -> list[Note]:
    """Say how often somebody begins while another speaker still talks.

    Examples
    --------
    >>> print(overlap_notes([Utterance("Ana", "a", 0, 5), Utterance("Ben", "b", 4, 6)], "annotation")[0])
    kept: 1 annotation begins while another speaker still talks; all stand in the order of their beginning.
    """
    last, whose = 0.0, None  # the latest end so far, and who talks up to it
    other = 0.0  # the latest end of anybody else
    together = 0
    for said in utterances:
        if said.begins is None:
            continue
        together += (other if said.speaker == whose else last) > said.begins
        if said.ends is None:
            continue
        if said.speaker == whose:
            last = max(last, said.ends)
        elif said.ends > last:
            other, last, whose = last, said.ends, said.speaker
        else:
            other = max(other, said.ends)
    if not together:
        return []
    verb = "begins" if together == 1 else "begin"
    return [
        Note(
            "kept",
            f"{counted(together, noun)} {verb} while another speaker still talks; all stand in the order of "
            "their beginning.",
        )
    ]


def speaker_notes(turns: Sequence[Turn], noun: str = "cue", touching: bool = False) -> list[Note]:
    """Say who speaks, and how much of it has no speaker; `touching`: some went on with the one above."""
    counts: dict[str, int] = {}
    for turn in turns:
        if turn.speaker is not None:
            counts[turn.speaker] = counts.get(turn.speaker, 0) + 1
    nameless = sum(1 for turn in turns if turn.speaker is None)
    if not counts:
        rule = f"{noun}s that touch are one turn" if touching else f"every {noun} is a turn by itself"
        return [Note("guessed", f"No speakers are named; {rule}.")] if turns else []
    listing = enumerated(f"{label} ({counted(count, 'turn')})" for label, count in counts.items())
    notes = [Note("guessed", f"Speakers: {listing}.")]
    if nameless:
        notes.append(Note("kept", f"{counted(nameless, noun)} without a speaker, each a turn by itself."))
    return notes
