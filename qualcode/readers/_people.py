"""Labels after reading: spellings unified, cues of one speaker joined, roles given or guessed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from qualcode.errors import InvalidValue
from qualcode.readers._names import base_of, label_key
from qualcode.readers._reading import Note, Reading, enumerated
from qualcode.readers._speech import later
from qualcode.readers._times import end_after
from qualcode.readers._words import guess_roles
from qualcode.span import Span
from qualcode.transcript import ROLES, Turn


def unify_speakers(reading: Reading, speakers: Mapping[str, str]) -> Reading:
    """Return a reading with the labels the caller wants; case and blanks of the spelling do not matter.

    Examples
    --------
    >>> reading = Reading("Why?", (Turn(1, "INTERVIEWER 1", Span(0, 4)),))
    >>> unify_speakers(reading, {"Interviewer 1": "Ana"}).turns[0].speaker
    'Ana'
    """
    if not speakers:
        return reading
    exact = dict(speakers)
    loose = {label_key(spelling): label for spelling, label in speakers.items()}
    used: set[str] = set()

    def wanted(label: str | None) -> str | None:
        if label is None:
            return None
        if label in exact:
            used.add(label_key(label))
            return exact[label] or None
        used.add(label_key(label))
        return loose.get(label_key(label), label) or None

    turns = tuple(replace(turn, speaker=wanted(turn.speaker)) for turn in reading.turns)
    unused = [spelling for spelling in speakers if label_key(spelling) not in used]
    notes = reading.notes
    if unused:
        listing = ", ".join(repr(spelling) for spelling in unused)
        notes += (Note("dropped", f"speakers= names {listing}, which no turn of the file has."),)
    roles = {wanted(label) or label: role for label, role in reading.roles.items()}
    return replace(reading, turns=turns, notes=notes, roles=roles)


def alike_speakers(reading: Reading) -> Reading:
    """Return a reading with a note on labels that may be one person: the same but for case or an addition."""
    groups: dict[str, dict[str, None]] = {}
    for turn in reading.turns:
        if turn.speaker is not None:
            groups.setdefault(base_of(turn.speaker), {})[turn.speaker] = None
    notes = [
        Note(
            "guessed",
            f"{' and '.join(map(repr, labels))} may be one speaker; they were kept apart. "
            f"Pass speakers={{{list(labels)[1]!r}: {next(iter(labels))!r}}} to unify them.",
        )
        for labels in groups.values()
        if len(labels) > 1
    ]
    return replace(reading, notes=(*reading.notes, *notes))


def join_cues(reading: Reading) -> Reading:
    """Return a timed reading in which neighbours that now have one named speaker are one turn."""
    text = list(reading.text)
    turns: list[Turn] = []
    for turn in reading.turns:
        last = turns[-1] if turns else None
        if last is not None and turn.speaker is not None and last.speaker == turn.speaker:
            if turn.span.start == last.span.end + 1:
                text[last.span.end] = " "  # the paragraph break between them; the length stays
            begins = last.begins if last.begins is not None else turn.begins
            ends = end_after(begins, later(last.ends, turn.ends))
            span = Span(last.span.start, turn.span.end)
            turns[-1] = Turn(last.number, last.speaker, span, begins, ends)
        else:
            turns.append(replace(turn, number=len(turns) + 1))
    return replace(reading, text="".join(text), turns=tuple(turns))


MOST = 0.6
"""A turn with a larger share of the words may hide the turns of others."""

ENOUGH = 300
"""Words; where there are fewer, one long answer is nothing odd."""


def doubts(reading: Reading) -> Reading:
    """Return a reading with a note where labels were perhaps overlooked: one long turn, or nobody but interviewers.

    Examples
    --------
    >>> text = "Why? " + "So it went. " * 200
    >>> turns = (Turn(1, "I", Span(0, 4)), Turn(2, "P", Span(5, len(text))))
    >>> print(*doubts(Reading(text, turns)).notes)
    guessed: Turn 2 holds 100% of the words. If others speak in it, name them: speakers=.
    """
    lengths = [len(reading.text[turn.span.start : turn.span.end].split()) for turn in reading.turns]
    total = sum(lengths)
    notes = []
    if total >= ENOUGH and max(lengths) > total * MOST:
        at = lengths.index(max(lengths))
        notes.append(
            Note(
                "guessed",
                f"Turn {at + 1} holds {lengths[at] / total:.0%} of the words. If others speak in it, name them: speakers=.",
            )
        )
    labels = list(dict.fromkeys(turn.speaker for turn in reading.turns))
    if labels and all(label and reading.roles.get(label) == "interviewer" for label in labels):
        notes.append(
            Note(
                "guessed",
                f"Nobody but interviewers was found ({enumerated(map(str, labels))}). If others speak, name them: speakers=, or "
                "say their roles=.",
            )
        )
    return replace(reading, notes=(*reading.notes, *notes))


def give_roles(
    reading: Reading,
    roles: Mapping[str, str],
    speakers: Mapping[str, str],
    rename: Callable[[str], str],
) -> Reading:
    """Return a reading with the caller's roles, and guesses for the labels that give themselves away.

    Parameters
    ----------
    reading
        What was read; its labels hold pseudonyms already.
    roles, speakers
        What the caller says, in real names or pseudonyms.
    rename
        Puts pseudonyms into a label.

    Raises
    ------
    InvalidValue
        If a role is none of interviewer, participant, other.
    """
    for label, role in roles.items():
        if role not in ROLES:
            raise InvalidValue(
                f"The role {role!r} of {label!r} is unknown. Use interviewer, participant or other."
            )
    labels = tuple(dict.fromkeys(turn.speaker for turn in reading.turns if turn.speaker is not None))
    given: dict[str, str] = {}
    for label, role in roles.items():
        # A label may be named as it stands in the file or as it is wanted.
        for key in (label, speakers.get(label, label)):
            given[label_key(rename(key))] = role
    guessed = guess_roles(labels)
    found: dict[str, str] = {}
    by_guess: list[str] = []
    for label in labels:
        known = given.get(label_key(label))
        role = known if known is not None else reading.roles.get(label) or guessed.get(label, "")
        if role:
            found[label] = role
            if known is None:
                by_guess.append(f"{label} = {role}")
    notes = reading.notes
    if by_guess:
        notes += (Note("guessed", f"Roles by their labels: {enumerated(by_guess)}."),)
    there = {label_key(label) for label in labels}
    unused = [
        label
        for label in roles
        if not {label_key(rename(key)) for key in (label, speakers.get(label, label))} & there
    ]
    if unused:
        listing = ", ".join(repr(rename(label)) for label in unused)
        notes += (Note("dropped", f"roles= names {listing}, which no turn of the file has."),)
    return replace(reading, roles=found, notes=notes)
