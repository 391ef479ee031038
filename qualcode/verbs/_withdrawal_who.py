"""What belongs to a participant who withdraws: interviews, labels in interviews of several, interviews removed before."""

from __future__ import annotations

from dataclasses import dataclass, field

from qualcode import folder as paths
from qualcode.csvtext import parse_csv
from qualcode.errors import FileProblems, Refused
from qualcode.folder import Folder
from qualcode.span import Span
from qualcode.study import Study
from qualcode.verbs._moving import Made
from qualcode.verbs._past import Past
from qualcode.verbs._withdrawal_same import refuse_the_same_name, refuse_who_was_linked


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
    older
        Shared source to labels that were linked to the case and stand in older texts only.
    made
        Shared source to the texts in the place of its versions.
    blanked
        Shared source to how many turns its newest text had of this one.
    unsure
        Shared source to its older texts with places, under somebody else's label, of words much like theirs.
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
    older: dict[str, set[str]] = field(default_factory=dict)
    made: dict[str, Made] = field(default_factory=dict)
    blanked: dict[str, int] = field(default_factory=dict)
    unsure: dict[str, dict[str, list[Span]]] = field(default_factory=dict)
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
        If it is not clear which of several speakers the case is; or somebody speaks who was linked to the case before,
        or in another source somebody of the same name, and is linked to nobody.
    """
    gone = Withdrawn(case)
    rows = [row for row in study.speakers.rows if row["source"] in study.sources]
    linked = {row["source"] for row in rows if row["case"] == case}
    before = _linked_before(folder, past, case)
    gone.ever = linked | {source for source, _ in before}
    gone.earlier = gone.ever - {*study.sources}
    for source in sorted(linked):
        labels = _labels_of(study, source, case)
        if labels is None:
            gone.whole.add(source)
        else:
            gone.shared[source] = labels
    refuse_who_was_linked(study, gone, {each for each in before if each[0] not in linked or each[1]})
    for source, label in sorted(before):
        if source in study.sources and source not in gone.whole and _is_in_older_only(study, source, label):
            gone.shared.setdefault(source, set()).add(label)
            gone.older.setdefault(source, set()).add(label)
    refuse_the_same_name(study, gone)
    return gone


def _is_in_older_only(study: Study, source: str, label: str) -> bool:
    """Whether a label stands in an older text of a source and not in the newest."""
    now = {turn.speaker for turn in study.turn_set(source)[0]}
    ever = {turn.speaker for turns, _ in study.turns.get(source, {}).values() for turn in turns}
    return bool(label) and label in ever - now


def _linked_before(folder: Folder, past: Past, case: str) -> set[tuple[str, str]]:
    """Return the sources with the label ("" for all of it) that the logs, or earlier tables of speakers, link to a case."""
    found = {(source, speaker) for source, speaker, other in past.links if other == case}
    for state, files in past.states.items():
        content = folder.read(paths.state_file(state)) if paths.SPEAKERS in files else None
        if content is None:
            continue
        try:
            header, values, _ = parse_csv(content, paths.SPEAKERS, ("source", "case"))
        except FileProblems:
            continue
        rows = [dict(zip(header, row, strict=False)) for row in values]
        found |= {(row["source"], row.get("speaker", "")) for row in rows if row["case"] == case}
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
