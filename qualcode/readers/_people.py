"""Labels and names after reading: spellings unified, roles given or guessed, real names replaced."""

from __future__ import annotations

import itertools
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from qualcode.errors import InvalidValue
from qualcode.readers._names import base_of, label_key
from qualcode.readers._reading import Note, Reading
from qualcode.readers._words import guess_roles
from qualcode.span import Span
from qualcode.transcript import ROLES, TimeMark, Turn


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
            ends = [time for time in (last.ends, turn.ends) if time is not None]
            turns[-1] = replace(last, span=Span(last.span.start, turn.span.end), ends=max(ends, default=None))
        else:
            turns.append(replace(turn, number=len(turns) + 1))
    return replace(reading, text="".join(text), turns=tuple(turns))


def give_roles(
    reading: Reading,
    roles: Mapping[str, str],
    speakers: Mapping[str, str],
    pseudonyms: Mapping[str, str],
) -> Reading:
    """Return a reading with the caller's roles, and guesses for the labels that give themselves away.

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
    rename = renamer(pseudonyms) if pseudonyms else str
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
        notes += (Note("guessed", f"Roles by their labels: {', '.join(by_guess)}."),)
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


def check_pseudonyms(pseudonyms: Mapping[str, str]) -> None:
    """Refuse a mapping that would leave a real name in the text.

    Raises
    ------
    InvalidValue
        If a name is empty, or a pseudonym holds one of the names.
    """
    if any(not name.strip() for name in pseudonyms):
        raise InvalidValue("pseudonyms= holds an empty name. Map each real name to its pseudonym.")
    if any(not pseudonym.strip() for pseudonym in pseudonyms.values()):
        raise InvalidValue("pseudonyms= holds an empty pseudonym. Map each real name to its pseudonym.")
    pattern = name_pattern(pseudonyms)
    if any(pattern.search(pseudonym) for pseudonym in pseudonyms.values()):
        raise InvalidValue(
            "pseudonyms= has a pseudonym that holds one of the real names, so that name would stay. "
            "Choose pseudonyms without real names in them."
        )


def name_pattern(pseudonyms: Mapping[str, str]) -> re.Pattern[str]:
    """Return the pattern of all names: whole words, longest first, as given and in capitals, over line breaks."""
    spellings = set(_by_key(pseudonyms))
    ordered = sorted(spellings, key=lambda spelling: (-len(spelling), spelling))
    options = "|".join(r"\s+".join(re.escape(word) for word in spelling.split()) for spelling in ordered)
    # "_" parts words here, for Markdown's _Ana_.
    return re.compile(rf"(?<![^\W_])(?:{options})(?![^\W_])")


def renamer(pseudonyms: Mapping[str, str]) -> Callable[[str], str]:
    """Return a function that replaces every name in a piece of text.

    Examples
    --------
    >>> renamer({"Ana": "P1", "Ana Lima": "P2"})("ANA LIMA and Ana, not Anais")
    'P2 and P1, not Anais'
    """
    by_key = _by_key(pseudonyms)
    pattern = name_pattern(pseudonyms)
    return lambda text: pattern.sub(lambda match: by_key[" ".join(match.group().split())], text)


def name_places(text: str, pseudonyms: Mapping[str, str]) -> Iterator[tuple[int, int, str]]:
    """Yield where names stand in a text, in order, with what shall stand there instead.

    Examples
    --------
    >>> list(name_places("I met ANA.", {"Ana": "P1"}))
    [(6, 9, 'P1')]
    """
    by_key = _by_key(pseudonyms)
    for match in name_pattern(pseudonyms).finditer(text):
        yield match.start(), match.end(), by_key[" ".join(match.group().split())]


def _by_key(pseudonyms: Mapping[str, str]) -> dict[str, str]:
    """Every spelling of every name: as given and in capitals, composed and decomposed accents."""
    by_key: dict[str, str] = {}
    for capitals in (True, False):
        for name, pseudonym in pseudonyms.items():
            key = " ".join(name.split())
            for form in ("NFC", "NFD"):
                by_key[unicodedata.normalize(form, key.upper() if capitals else key)] = pseudonym
    by_key.update({" ".join(name.split()): pseudonym for name, pseudonym in pseudonyms.items()})
    return by_key


def rename_file_name(name: str, pseudonyms: Mapping[str, str]) -> str:
    """Return a file name without real names: there case does not count, and "_", "-" and digits part words.

    Examples
    --------
    >>> rename_file_name("interview_ana-lima2", {"Ana Lima": "P2", "Ana": "P1"})
    'interview_P22'
    """
    if not pseudonyms:
        return name
    by_key = {" ".join(each.casefold().split()): pseudonym for each, pseudonym in pseudonyms.items()}
    ordered = sorted(by_key, key=lambda key: (-len(key), key))
    options = "|".join(r"[\s_.\-]*".join(re.escape(word) for word in key.split()) for key in ordered)
    pattern = re.compile(rf"(?<![^\W\d_])(?:{options})(?![^\W\d_])", re.IGNORECASE)
    flat = {re.sub(r"[\s_.\-]+", "", key): pseudonym for key, pseudonym in by_key.items()}
    return pattern.sub(lambda match: flat.get(re.sub(r"[\s_.\-]+", "", match.group()).casefold(), "X"), name)


def replace_names(reading: Reading, pseudonyms: Mapping[str, str]) -> Reading:
    """Return a reading in which no real name is left: text, labels, roles, title and notes.

    Turns and marks move with the text. Each turn, and each stretch between turns, is replaced by itself,
    so that a name never reaches over the border of a turn.

    Examples
    --------
    >>> reading = Reading("Ana: I met Joe.", (Turn(1, "Ana", Span(5, 15)),))
    >>> done = replace_names(reading, {"Ana": "P1", "Joe": "a colleague"})
    >>> done.text, done.turns[0]
    ('P1: I met a colleague.', Turn(number=1, speaker='P1', span=Span(start=4, end=22), begins=None, ends=None))
    """
    if not pseudonyms:
        return reading
    rename = renamer(pseudonyms)
    pattern, by_key = name_pattern(pseudonyms), _by_key(pseudonyms)
    borders = sorted(
        {0, len(reading.text), *(at for turn in reading.turns for at in (turn.span.start, turn.span.end))}
    )
    pieces: list[str] = []
    old, new = (
        [0],
        [0],
    )  # positions that correspond; between two of them both texts run alike, or a name stood
    length = 0
    names = 0

    def keep(words: str, until: int) -> None:
        nonlocal length
        pieces.append(words)
        length += len(words)
        old.append(until)
        new.append(length)

    for start, end in itertools.pairwise(borders):
        at = start
        for match in pattern.finditer(reading.text, start, end):
            keep(reading.text[at : match.start()], match.start())
            keep(by_key[" ".join(match.group().split())], match.end())
            names += 1
            at = match.end()
        keep(reading.text[at:end], end)
    text = "".join(pieces)

    def moved(position: int) -> int:
        index = bisect_right(old, position) - 1
        if index + 1 < len(new):
            return min(new[index] + position - old[index], new[index + 1])
        return new[index]

    turns = tuple(
        replace(
            turn,
            speaker=rename(turn.speaker) if turn.speaker is not None else None,
            span=Span(moved(turn.span.start), moved(turn.span.end)),
        )
        for turn in reading.turns
    )
    marks = tuple(TimeMark(moved(mark.position), mark.begins, mark.ends) for mark in reading.marks)
    notes = tuple(Note(note.kind, rename(note.message)) for note in reading.notes)
    found = Note("changed", f"Names replaced in the text: {names:,}.")
    return replace(
        reading,
        text=text,
        turns=turns,
        marks=marks,
        title=rename(reading.title),
        roles={rename(label): role for label, role in reading.roles.items()},
        notes=(*notes, found),
    )
