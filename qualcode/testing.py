"""Small studies with known counts and known disagreement, to try things on and to test with.

::

    turn           1    2             3    4                5    6
    speaker        I    respondent    I    respondent       I    respondent
    sentence            1      2           1        2            1        2
    ana                 trust              waiting  roles        process
                        [communication]                          (counters)
    ben                 trust              delay                 process  trust
                               communication                     (counters)

Every source that both coded looks like this, with other words. "waiting" counts as delay and as process.
So in each such source the coders agree on two codings (same passage, same code), differ in one pair of
borders (communication) and in one pair of codes (waiting, delay); one coding of ana's (roles) and one of
ben's (trust in turn 6) have no partner.
"""

from __future__ import annotations

import os
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qualcode.codebook import Code, Codebook, Facet
from qualcode.errors import InvalidValue
from qualcode.span import Span
from qualcode.transcript import Transcript, Turn

if TYPE_CHECKING:
    from qualcode.project import Project

__all__ = ["Planned", "known_codings", "make_project", "sentences_of"]

NOTICE = "SYNTHETIC INTERVIEW made by qualcode.testing"

_SUBJECTS = (
    "The model",
    "Our data",
    "The team",
    "Their plan",
    "The customer",
    "A colleague 🙂",
    "The caf\u0065\u0301 app",
)
_VERBS = ("changed", "surprised us", "came late", "was fine", "needed work", "went missing", "grew")
_WHENS = ("in spring", "last week", "without a word", "after the demo", "as always", "in the end", "twice")


@dataclass(frozen=True)
class Planned:
    """One coding that `make_project` makes in a source.

    Parameters
    ----------
    coder
        0 for the first coder, 1 for the second.
    turn
        Number of the respondent's turn: 2, 4 or 6.
    first, last
        The sentences of the turn that it covers, counted from 1.
    code
        Id of the code.
    stance
        "supports" or "counters".
    """

    coder: int
    turn: int
    first: int
    last: int
    code: str
    stance: str = "supports"


_PLAN = (
    Planned(0, 2, 1, 1, "trust"),
    Planned(0, 2, 1, 2, "communication"),
    Planned(0, 4, 1, 1, "waiting"),
    Planned(0, 4, 2, 2, "roles"),
    Planned(0, 6, 1, 1, "process", "counters"),
    Planned(1, 2, 1, 1, "trust"),
    Planned(1, 2, 2, 2, "communication"),
    Planned(1, 4, 1, 1, "delay"),
    Planned(1, 6, 1, 1, "process", "counters"),
    Planned(1, 6, 2, 2, "trust"),
)


def known_codings() -> tuple[Planned, ...]:
    """Return what `make_project` codes in every source that both coders finished.

    Examples
    --------
    >>> [plan.code for plan in known_codings() if plan.coder == 0]
    ['trust', 'communication', 'waiting', 'roles', 'process']
    """
    return _PLAN


def make_project(
    path: str | os.PathLike[str], *, sources: int = 4, coders: Sequence[str] = ("ana", "ben"), seed: int = 0
) -> Project:
    """Make a small valid study whose counts and disagreements are known beforehand.

    Parameters
    ----------
    path
        Folder for the study; it must not hold one.
    sources
        How many interviews, at least 4: ``S1``, ``S2``, ... Of these,

        - ``S1`` and all that are not named below have one respondent, who is the case of the same id;
        - ``S2`` has two respondents, ``S2a`` (turns 2 and 6) and ``S2b`` (turn 4), each a case;
        - the last but one has no speakers and no turns: its text is unlabelled, and it is linked as a whole
          to the case of its id;
        - the last was coded and finished by the first coder alone; the second was given it and has not
          begun.

        Cases of odd sources belong to the organization ``O1``, those of even ones to ``O2``.
    coders
        Ids of the two coders.
    seed
        Chooses the words. Places, codes and counts follow the plan in the head of this module, whatever
        the seed; ids of codings and times of writing differ from run to run.

    Returns
    -------
    Project
        The study, open for the first coder. Its codebook has the facets ``point`` (team > trust, team > roles,
        delay), ``theme`` (communication, process) and ``problem`` (waiting, which counts as delay and process).

    Raises
    ------
    InvalidValue
        If there are fewer than 4 sources or not two coders.

    Examples
    --------
    >>> import tempfile
    >>> project = make_project(tempfile.mkdtemp() + "/study")
    >>> project
    <Project 'A made study': 4 sources, 7 codes, 35 codings, 2 coders>
    >>> project.codings.groupby("coder").size().to_dict()
    {'ana': 20, 'ben': 15}
    """
    from qualcode.project import create_project

    if sources < 4:
        raise InvalidValue(f"A made study has at least 4 sources, got {sources}.")
    if len(set(coders)) != 2:
        raise InvalidValue(f"A made study has two coders, got {len(set(coders))}.")
    words = random.Random(seed)
    project = create_project(path, _codebook(), title="A made study", coder=coders[0])
    with project.batch():
        for coder in coders:
            project.add_coder(coder, coder.capitalize())
        project.declare_attribute("years", "number")
        for organization in ("O1", "O2"):
            project.add_case(organization, "organization")
        for number in range(1, sources + 1):
            _add_source(project, number, sources, words)
            _code_source(project, f"S{number}", coders[:1] if number == sources else coders)
            if number == sources:
                project.assign(coders[1], f"S{number}")
    return project


def sentences_of(transcript: Transcript) -> list[tuple[Span, Span]]:
    """Return the two sentences of each respondent's turn (2, 4 and 6) of a source made by `make_project`.

    Works for the source without turns as well, where the same sentences stand in plain paragraphs.

    Examples
    --------
    >>> import tempfile
    >>> project = make_project(tempfile.mkdtemp() + "/study")
    >>> [len(pair) for pair in sentences_of(project.transcript("S3"))]
    [2, 2, 2]
    """
    pairs = []
    for start, line in _lines(transcript.text):
        label, colon, _ = line.partition(": ")
        begin = start + (len(label) + 2 if colon else 0)
        words = transcript.text[begin : start + len(line)]
        if not words.endswith(".") or words == NOTICE:
            continue
        cut = begin + words.index(". ") + 1
        pairs.append((Span(begin, cut), Span(cut + 1, begin + len(words))))
    return pairs


def _codebook() -> Codebook:
    facets = (Facet("point", "Point"), Facet("theme", "Theme"), Facet("problem", "Problem"))
    codes = (
        Code("team", "Team", "point", definition="Who works with whom."),
        Code("trust", "Trust", "point", "team"),
        Code("roles", "Roles", "point", "team"),
        Code("delay", "Delay", "point"),
        Code("communication", "Communication", "theme"),
        Code("process", "Process", "theme"),
        Code("waiting", "Waiting for data", "problem", counts_as=("delay", "process")),
    )
    return Codebook(facets, codes)


def _add_source(project: Project, number: int, sources: int, words: random.Random) -> None:
    id_, organization = f"S{number}", "O1" if number % 2 else "O2"
    labelled = number != sources - 1
    people = [f"{id_}a", f"{id_}b"] if number == 2 else [id_]
    text, turns = NOTICE + "\n\n", []
    for turn in range(1, 7):
        speaker = "Interviewer" if turn % 2 else people[-1] if turn == 4 else people[0]
        if labelled:
            text += f"{speaker}: "
        said = f"What about part {turn}?" if turn % 2 else _two_sentences(words, 10 * number + turn)
        if labelled:
            turns.append(Turn(turn, speaker, Span(len(text), len(text) + len(said))))
        text += said + "\n"
    roles = {"Interviewer": "interviewer", **dict.fromkeys(people, "participant")} if labelled else {}
    project.add_source(Transcript(id_, id_, text, tuple(turns), roles=roles), synthetic=True)
    for place, person in enumerate(people):
        project.add_case(person, "participant", parent=organization, years=number + place)
        project.link(
            id_, person, speaker=person if labelled else "", role="participant" if labelled else None
        )


def _two_sentences(words: random.Random, number: int) -> str:
    """Return two sentences that occur nowhere else in the study: each holds a number of its own."""

    def sentence(mark: str) -> str:
        return f"{words.choice(_SUBJECTS)} {words.choice(_VERBS)} {words.choice(_WHENS)} ({number}{mark})."

    return f"{sentence('x')} {sentence('y')}"


def _code_source(project: Project, source: str, coders: Sequence[str]) -> None:
    pairs = sentences_of(project.transcript(source))
    for place, coder in enumerate(coders):
        rows = []
        for plan in _PLAN:
            if plan.coder == place:
                pair = pairs[plan.turn // 2 - 1]
                start, end = pair[plan.first - 1].start, pair[plan.last - 1].end
                rows.append(
                    {"source": source, "start": start, "end": end, "code": plan.code, "stance": plan.stance}
                )
        project.code_many(rows, coder=coder)
        project.finish(source, coder)


def _lines(text: str) -> list[tuple[int, str]]:
    found, start = [], 0
    for line in text.split("\n"):
        found.append((start, line))
        start += len(line) + 1
    return found
