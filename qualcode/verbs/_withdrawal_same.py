"""Whether somebody who withdraws may speak in other interviews too: the same name there, the same in another form."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Set
from typing import TYPE_CHECKING, NamedTuple

from qualcode.errors import Refused
from qualcode.study import Study

if TYPE_CHECKING:
    from qualcode.verbs._withdrawal_who import Withdrawn


class Speaker(NamedTuple):
    """Somebody who speaks in the newest text of a source that stays, and belongs to no case."""

    source: str
    label: str
    interviews: bool


def speakers_of_nobody(study: Study, gone: Withdrawn) -> Iterator[Speaker]:
    """Yield who speaks in what stays and is linked to no case; the only participant of a linked source is linked."""
    for source in sorted({*study.sources} - gone.whole):
        linked = {row["speaker"] for row in study.speakers.rows if row["source"] == source and row["case"]}
        labels = _labels(study, source)
        asking = _interviewers(study, source)
        if "" in linked and len(labels - asking) == 1:
            linked |= labels - asking
        for label in sorted(labels - linked):
            yield Speaker(source, label, label in asking)


def refuse_the_same_name(study: Study, gone: Withdrawn) -> None:
    """Refuse to forget somebody of whom another interview would stay: one of the same name, linked to nobody.

    Raises
    ------
    Refused
        With where that is, and how to say whose it is.
    """
    case = gone.case
    held = {row["source"] for row in study.speakers.rows if row["case"]} | gone.ever
    same = [id_ for id_ in sorted(study.sources) if id_.casefold() == case.casefold() and id_ not in held]
    if same:
        raise Refused(
            f"{_begin(gone)}there is a source '{same[0]}', which would stay as it is. If that is their interview, link it first: "
            f"project.link('{same[0]}', '{case}'). If it is somebody else's, link it to them. Nothing was changed."
        )
    own = {label for source in gone.whole for label in _labels(study, source) - _interviewers(study, source)}
    names = {label for label in own.union(*gone.shared.values()) if not _is_anybody(label)}
    names |= {case} if not gone.ever or not _is_anybody(case) else set()
    folded = {name.casefold() for name in names}
    there = [
        each
        for each in speakers_of_nobody(study, gone)
        if not each.interviews and each.label.casefold() in folded
    ]
    if there:
        source, label, _ = there[0]
        others = sorted({each.source for each in there} - {source})
        more = f" (and in {', '.join(others)})" if others else ""
        raise Refused(
            f"{_begin(gone)}somebody called '{label}' speaks in {source}{more}, linked to no case: their words would stay. If that "
            f"is {case}, link them first: project.link('{source}', '{case}', speaker={label!r}). If it is somebody else, link that "
            f"speaker to another case: project.link('{source}', '...', speaker={label!r}). Nothing was changed."
        )


def refuse_who_was_linked(study: Study, gone: Withdrawn, before: Set[tuple[str, str]]) -> None:
    """Refuse to forget somebody whose link was taken back while the words stay.

    Parameters
    ----------
    before
        Sources and labels ("" for a source as a whole) that were linked to the case.

    Raises
    ------
    Refused
        With where that is, and how to say whose the words are.
    """
    nobodys = {(each.source, each.label) for each in speakers_of_nobody(study, gone) if not each.interviews}
    of_whole = {source for source, label in before if not label}
    there = sorted(each for each in nobodys if each in before or each[0] in of_whole)
    if there:
        source, label = there[0]
        raise Refused(
            f"{gone.case} was linked to {source} before and is not any more, and '{label}', who speaks in it, is linked to no "
            f"case: their words would stay. If that is {gone.case}, link them again: project.link('{source}', '{gone.case}', "
            f"speaker={label!r}). If it is somebody else, link that speaker to another case: project.link('{source}', '...', "
            f"speaker={label!r}). Nothing was changed."
        )


def _begin(gone: Withdrawn) -> str:
    if gone.ever:
        return f"{gone.case} is linked to {', '.join(sorted(gone.ever))}, but "
    return f"{gone.case} is linked to no source, and "


def others_of_such_a_name(study: Study, gone: Withdrawn) -> list[str]:
    """Return a sentence for everybody who stays and is called like the one who went, but not quite, or interviews."""
    from qualcode.readers._reading import enumerated

    case, said, unsaid = gone.case, [], set()
    names = {case, *gone.names}.union(*gone.shared.values())
    for source, label, interviews in speakers_of_nobody(study, gone):
        if not interviews:
            unsaid.add(source)
        if not any(is_like(label, name) for name in names if label not in gone.shared.get(source, set())):
            continue
        if interviews:
            said.append(
                f"'{label}', who interviews in {source}: if that is {case}, what they say there stays"
            )
        else:
            said.append(
                f"'{label}', who speaks in {source} and is linked to no case: if that is {case} too, "
                f"project.add_case('{case}') once more, project.link('{source}', '{case}', speaker={label!r}), and forget again"
            )
    if unsaid:
        said.append(
            f"speakers who are linked to no case, in {enumerated(sorted(unsaid))}: whether one is {case} under another name "
            "only you know"
        )
    return said


def is_like(label: str, name: str) -> bool:
    """Whether two labels may be one person: all words of one stand in the other; a single letter is an initial.

    Examples
    --------
    >>> is_like("Kazil, Jackie (Guest)", "jackie"), is_like("Jackie K.", "Kazil, Jackie"), is_like("TERRI R", "Terri")
    (True, True, True)
    >>> is_like("Developer Ana", "Developer Ben"), is_like("P10", "P1"), is_like("Speaker 1", "Speaker")
    (False, False, False)
    """
    if _is_anybody(label) or _is_anybody(name):
        return False
    words, others = _words(label), _words(name)
    return _is_within(words, others) or _is_within(others, words)


def _is_within(words: list[str], others: Iterable[str]) -> bool:
    telling = [word for word in words if len(word) > 1 and not word.isdecimal() and not _is_anybody(word)]
    return bool(telling) and all(
        any(word == other or (len(word) == 1 and other.startswith(word)) for other in others)
        for word in words
    )


def _words(label: str) -> list[str]:
    """Return the words of a label as they are compared: in small letters, without accents."""
    plain = unicodedata.normalize("NFKD", label.casefold())
    return re.findall(r"[^\W_]+", "".join(letter for letter in plain if not unicodedata.combining(letter)))


def _is_anybody(label: str) -> bool:
    """Whether a label is that of somebody else in the next interview: "Participant", "SPK1", "A"."""
    from qualcode.readers._words import is_role_word

    short = sum(letter.isalnum() for letter in label) < 2
    return (
        short
        or is_role_word(label)
        or re.fullmatch(r"(?:spk|resp|ip|ie|part)[\W_]*\d*", label.casefold()) is not None
    )


def _labels(study: Study, source: str) -> set[str]:
    return {turn.speaker for turn in study.turn_set(source)[0] if turn.speaker}


def _interviewers(study: Study, source: str) -> set[str]:
    return {label for label, role in study.roles(source).items() if role == "interviewer"}
