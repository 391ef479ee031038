"""What remains after a participant went, in this folder and elsewhere: for a person to look at."""

from __future__ import annotations

import hashlib

from qualcode import folder as paths
from qualcode.folder import Folder
from qualcode.study import Study
from qualcode.transcript import Turn, text_version
from qualcode.verbs._hidden import source_of
from qualcode.verbs._ids_left import ids_told, without_ids
from qualcode.verbs._moving import moved_turn
from qualcode.verbs._past import Past
from qualcode.verbs._rewriting import Rewriting
from qualcode.verbs._traces import contents, is_hidden_data, searchable
from qualcode.verbs._withdrawal_found import turn_at
from qualcode.verbs._withdrawal_same import others_of_such_a_name
from qualcode.verbs._withdrawal_traces import Evidence, is_telling, own_codes
from qualcode.verbs._withdrawal_who import Withdrawn

_PAST = {
    paths.VERSIONS: ("kept text", "kept texts"),
    paths.STATES: ("earlier state of a file", "earlier states of files"),
    paths.RAW_STATES: ("earlier state of hidden data", "earlier states of hidden data"),
}


def texts_of_others(study: Study, folder: Folder, work: Rewriting, gone: Withdrawn) -> list[str]:
    """Return the newest text of every source that stays, as it will be."""
    texts = []
    for source in study.sources:
        file = paths.text_file(source)
        content = work.files[file] if file in work.files else folder.read(file)
        if source not in gone.whole and content is not None:
            texts.append(content.decode("utf-8", errors="replace"))
    return texts


def evidence_of(study: Study, gone: Withdrawn, others: list[str]) -> Evidence:
    """Return what tells of a participant and of nobody else."""
    from qualcode.readers._words import is_role_word

    labels = {  # by which somebody else is called
        turn.speaker
        for source in study.sources
        if source not in gone.whole
        for turn in study.turn_set(source)[0]
        if turn.speaker not in gone.shared.get(source, set())
    }
    taken = {label.casefold() for label in labels if label}
    names = {name for name in gone.names if not is_role_word(name) and name.casefold() not in taken}
    return Evidence.of({gone.case, *gone.whole, *gone.earlier}, names, gone.said, others)


def what_is_left(
    study: Study,
    folder: Folder,
    work: Rewriting,
    past: Past,
    gone: Withdrawn,
    evidence: Evidence,
    others: list[str],
    log: str,
) -> list[str]:
    """Return what remains, one sentence each.

    Parameters
    ----------
    evidence
        What tells of the participant.
    others
        The texts that stay.
    log
        The log that will tell of the withdrawal.
    """
    from qualcode.readers._reading import enumerated

    case = gone.case
    left = [
        "git history, backups and other copies of the study (merging with such a copy can bring things back): forget "
        "there too"
    ]
    if "pseudonymize" in past.verbs:
        left.append("keys that pseudonymize wrote, which lie outside the study, may hold the name")
    left += [
        f"{file} (was about {case} and about other things, which stay: read it)" for file in gone.kept_memos
    ]
    left += others_of_such_a_name(study, gone)
    named = _in_files(study, folder, work, gone, evidence)
    left += [*named, *_in_older_texts(study, gone)]
    unseen = [
        source
        for source in sorted({*study.sources} - gone.whole)
        if paths.text_file(source) not in work.files and folder.read(paths.text_file(source)) is None
    ]
    if unseen:
        left.append(
            f"the texts of {enumerated(unseen)} are not in this copy: whether {case} is named there nobody looked"
        )
    codes = own_codes(work.codebook or study.codebook, gone.said, others)
    if codes:
        left.append(
            f"{paths.CODEBOOK}: codes whose names only {case} said ({', '.join(codes)}); their names and ids also stand in "
            "data/codings, data/log and frozen codebooks, and ids never change"
        )
    for source in sorted(gone.shared):
        loose = sum(1 for turn in study.turn_set(source)[0] if turn.speaker is None)
        nobody = f", {loose} turns without a speaker," if loose else ""
        left.append(
            f"{paths.text_file(source)}: what others say about {case}{nobody} and what stands outside of turns"
        )
    if gone.whole:
        left.append(f"{log} (says by its id that {', '.join(sorted(gone.whole))} went; a merge needs that)")
    memos = [
        paths.memo_file(memo.author, id_)
        for id_, memo in {**study.memos, **work.memos}.items()
        if memo is not None
    ]
    if memos:
        told = {line.partition(" (")[0] for line in named}.union(gone.kept_memos)
        others_there = enumerated(file for file in memos if file not in told)
        those = f" (not named above: {others_there})" if others_there else ""
        left.append(
            f"memos: {len(memos)} stay{those}; whether one tells of {case} in other words only a reader sees"
        )
    weak = sorted(id_ for id_ in (case, *gone.whole, *gone.earlier) if not is_telling(id_))
    if weak:
        left.append(f"the ids {', '.join(weak)}: too short to be looked for")
    if not gone.ever:
        left.append(f"{case} was linked to no source, so no interview was looked at")
    return left


def _in_files(
    study: Study, folder: Folder, work: Rewriting, gone: Withdrawn, evidence: Evidence
) -> list[str]:
    """Return the files in which something tells of the participant, or which cannot be searched."""
    from qualcode.readers._reading import counted

    left: list[str] = []
    groups: dict[tuple[str, str], int] = {}
    look = f"look whether it is about {gone.case}"
    called = [source for source in sorted({*study.sources} - gone.whole) if evidence.called_in(source)]
    texts = {paths.text_file(source): source for source in study.sources}
    staying = (record for id_, record in study.sources.items() if id_ not in {*gone.whole, *gone.shared})
    others = {record.sha256 for record in staying if record.sha256}
    for file, content in contents(folder, work.files):
        text, sure = searchable(file, content)
        ours = file.startswith(("data/", "codebooks/", ".git")) or file == paths.SETTINGS
        told, path = without_ids(called, file, text)
        found = evidence.found_in(told, path, words=not ours, pairs=file.startswith("data/memos/"))
        group = next((each for each in _PAST if file.startswith(f"{each}/")), "")
        if group:
            if found:
                groups[group, found.kinds()] = groups.get((group, found.kinds()), 0) + 1
        elif file.startswith(paths.RAW) and hashlib.sha256(content).hexdigest() in others and not found:
            continue  # the file of an interview that stays
        elif file.startswith(paths.RAW):
            of = source_of(content) if is_hidden_data(file, content) else ""
            what = (
                f"what was hidden in the file of {of}; {look}"
                if of
                else "as it came; look whether it is this interview"
            )
            left.append(f"{file} ({what})")
        elif found and file in texts:
            turns = _turns_of(study, gone, texts[file], text)
            left.append(f"{file} ({found.told(turn_at(turns))})")
        elif found and file not in gone.kept_memos:
            left.append(f"{file} ({found.told()})")
        elif not sure:
            left.append(f"{file} (cannot be searched; {look})")
        elif file.startswith(("figures/", "notebooks/")):
            left.append(f"{file} ({look})")
    left += [
        f"{group} ({found} in {counted(count, *_PAST[group])})" for (group, found), count in groups.items()
    ]
    return [*left, *ids_told(called, "the name they had in a transcript")]


def _in_older_texts(study: Study, gone: Withdrawn) -> list[str]:
    """Return what a person has to look at because labels were other ones in older texts."""
    from qualcode.readers._reading import counted, listed

    left = []
    for source, versions in gone.unsure.items():
        for version, spans in versions.items():
            turn_of = turn_at(study.turn_set(source, version)[0])
            turns = sorted({turn for span in spans if (turn := turn_of(span.start)) is not None})
            now = text_version(gone.made[source][version][0]) if version in gone.made[source] else version
            left.append(
                f"{paths.version_file(now)} ({counted(len(spans), 'passage')} much like theirs under somebody else's label, in turn"
                f"{'s' if len(turns) > 1 else ''} {listed(turns, 100)}: an older text of {source})"
            )
    for source, labels in gone.older.items():
        left.append(
            f"{source}: what {', '.join(sorted(labels))} said in older texts is blanked there; where it is somebody else's now, it "
            "stays in the newest text"
        )
    return left


def _turns_of(study: Study, gone: Withdrawn, source: str, text: str) -> tuple[Turn, ...]:
    """Return the turns of a text as it will be."""
    sets = study.turns.get(source, {})
    for version, (new, edits) in gone.made.get(source, {}).items():
        if new == text:
            return tuple(moved_turn(turn, edits, turn.speaker) for turn in sets.get(version, ((), ()))[0])
    return sets.get(text_version(text), ((), ()))[0]
