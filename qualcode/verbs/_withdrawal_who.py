"""What belongs to a participant who withdraws: interviews, labels in interviews of several, interviews removed before."""

from __future__ import annotations

from dataclasses import dataclass, field

from qualcode import folder as paths
from qualcode.csvtext import parse_csv
from qualcode.errors import FileProblems, Refused
from qualcode.folder import Folder
from qualcode.study import Study
from qualcode.verbs._moving import Made
from qualcode.verbs._past import Past
from qualcode.verbs._withdrawal_same import refuse_the_same_name


@dataclass
class Withdrawn:
    """What belongs to a case, and what went with it so far.

    Parameters
    ----------
    case
        Its id.
    whole
        Sources in which nobody else but interviewers speaks.
    shared
        Sources in which others speak as well, to the labels of this one.
    earlier
        Sources of this one that were removed from the study before.
    ever
        Sources that were ever linked to the case.
    made
        Shared source to the texts in the place of its versions.
    blanked
        Shared source to how many turns its newest text had of this one.
    codings, suggestions
        Ids of those that are gone.
    twins
        Ids of codings that became the same as another to the id of that one.
    kept_memos
        Files of memos that are about other things too.
    said, names
        What they said, and how they were called in transcripts.
    """

    case: str
    whole: set[str] = field(default_factory=set)
    shared: dict[str, set[str]] = field(default_factory=dict)
    earlier: set[str] = field(default_factory=set)
    ever: set[str] = field(default_factory=set)
    made: dict[str, Made] = field(default_factory=dict)
    blanked: dict[str, int] = field(default_factory=dict)
    codings: set[str] = field(default_factory=set)
    suggestions: set[str] = field(default_factory=set)
    twins: dict[str, str] = field(default_factory=dict)
    kept_memos: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    names: set[str] = field(default_factory=set)


def who_withdraws(study: Study, folder: Folder, past: Past, case: str) -> Withdrawn:
    """Return what belongs to a case.

    Raises
    ------
    Refused
        If it is not clear which of several speakers the case is, or somebody of the same name speaks in another source
        and is linked to nobody.
    """
    gone = Withdrawn(case)
    rows = [row for row in study.speakers.rows if row["source"] in study.sources]
    linked = {row["source"] for row in rows if row["case"] == case}
    gone.ever = linked | _linked_before(folder, past, case)
    gone.earlier = gone.ever - {*study.sources}
    for source in sorted(linked):
        labels = _labels_of(study, source, case)
        if labels is None:
            gone.whole.add(source)
        else:
            gone.shared[source] = labels
    refuse_the_same_name(study, gone)
    return gone


def _linked_before(folder: Folder, past: Past, case: str) -> set[str]:
    """Return the sources that earlier states of the table of speakers, or the logs, link to a case."""
    found = {source for source, other in past.links if other == case}
    for state, files in past.states.items():
        content = folder.read(paths.state_file(state)) if paths.SPEAKERS in files else None
        if content is None:
            continue
        try:
            header, values, _ = parse_csv(content, paths.SPEAKERS, ("source", "case"))
        except FileProblems:
            continue
        at = header.index("source"), header.index("case")
        found |= {row[at[0]] for row in values if row[at[1]] == case}
    return found


def _labels_of(study: Study, source: str, case: str) -> set[str] | None:
    """Return the labels of a case in a source; None where nobody else but interviewers speaks in it."""
    rows = [row for row in study.speakers.rows if row["source"] == source]
    own = {row["speaker"] for row in rows if row["case"] == case}
    others = {row["speaker"] for row in rows if row["case"] not in ("", case)}
    interviewers = {label for label, role in study.roles(source).items() if role == "interviewer"}
    speaking = {turn.speaker for turn in study.turn_set(source)[0] if turn.speaker}
    left = speaking - own - interviewers
    if not left and not others:
        return None
    if own - {""}:
        return own - {""}
    if len(left) == 1 and not others:
        return None  # one participant, whom the source as a whole is
    said = ", ".join(sorted(left)) or "somebody else"
    raise Refused(
        f"{case} is linked to {source} as a whole, and others speak in it, so it is not clear whose words go: {said}. Say who "
        f"{case} is, such as project.link('{source}', '{case}', speaker={min(left, default='...')!r}), and who interviews: "
        f"project.link('{source}', speaker=..., role='interviewer'). Nothing was changed."
    )
