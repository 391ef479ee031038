"""Every invariant of a study folder in one place. Checking changes nothing.

Each finding is a Problem with the file, the line or place, what is wrong, and what to do about it.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterable, Iterator
from dataclasses import replace

from qualcode import codebook as codebooks
from qualcode import folder as paths
from qualcode.case import CASE_COLUMNS
from qualcode.check_files import Files, check_notebooks, check_strays
from qualcode.check_known import Known
from qualcode.check_log import Logs, check_logs
from qualcode.check_suggestions import check_suggestions
from qualcode.check_told import REPAIR, find_damaged
from qualcode.damage import wanted
from qualcode.errors import FileProblems, FolderError, InvalidValue, Problem, did_you_mean
from qualcode.folder import Folder
from qualcode.study import SourceRecord, Study, put_faulty_table
from qualcode.told import Told
from qualcode.transcript import Transcript, prepare_text, text_version


def check_folder(path: str | os.PathLike[str]) -> list[Problem]:
    """Return everything that is wrong with a study folder, in the order of its files.

    Parameters
    ----------
    path
        The study folder. It need not open: broken files are what this looks for.

    Returns
    -------
    list of Problem
        Empty where all is well.

    Raises
    ------
    FolderError
        If the folder is no study at all.
    """
    folder = Folder(path)
    study, files = Study(folder), Files(folder)
    problems: list[Problem] = []
    stamps = files.scan()
    if paths.SETTINGS not in stamps:
        raise FolderError(
            f"{folder.path.name}: is no study folder; it has no {paths.SETTINGS}. Give the folder that holds it."
        )
    logs = Logs.read(files)
    told = logs.told
    damaged = {problem.file: problem for problem in find_damaged(files, told)}
    problems += damaged.values()
    unread = {*files.problems, *damaged}
    if not files.exists(paths.CODEBOOK) and paths.CODEBOOK not in unread:
        fix = "put the file back from git or a backup"
        problems.append(Problem(paths.CODEBOOK, "", "the study has no codebook", fix))
        unread.add(paths.CODEBOOK)
    for file in sorted(stamps.keys() - damaged, key=lambda f: (f != paths.SETTINGS, f != paths.CODEBOOK, f)):
        content = files.read(file)
        try:
            if content is not None:
                study.put(file, content)
        except FileProblems as error:
            problems += error.problems
            if put_faulty_table(study, file, content):
                continue
        except FolderError as error:  # another format
            files.note(error)
        else:
            if content is not None:
                continue
        unread.add(file)
    known = Known.of(study, unread)
    for part in (_codebook, _sources, _versions, _codings, check_suggestions, _cases, _team):
        problems += part(study, files, known)
    problems += check_logs(study, files, logs, frozenset(unread))
    problems += check_strays(study, files)
    problems += check_notebooks(study, files)
    found = dict.fromkeys([*problems, *files.problems.values()])
    return [_with_kept_state(problem, files, told) for problem in found]


def _with_kept_state(problem: Problem, files: Files, told: Told) -> Problem:
    """Say where the last state of a file is kept, if it has another one now."""
    file, content = problem.file, files.read(problem.file)
    known = wanted(told, file, files.read)
    if known is None or content is None or content == known[0] or REPAIR in problem.fix:
        return problem
    state = told.state(file)
    if file in told.rows or state is None:
        where = "if you move the file away, 'qualcode check --repair' writes it from the log"
    else:
        where = f"its last state is kept as {paths.state_file(state)}"
    return replace(problem, fix=f"{problem.fix}; {where}" if problem.fix else where)


def _codebook(study: Study, files: Files, known: Known) -> Iterator[Problem]:
    yield from codebooks.check(study.codebook)


def _sources(study: Study, files: Files, known: Known) -> Iterator[Problem]:
    for id_, record in sorted(study.sources.items()):
        file = paths.source_file(id_)
        turns, marks = study.turn_set(id_)
        if not record.version:
            yield Problem(file, "version", "the version of the text is missing", "restore the file")
            continue
        if id_ not in known.turns:
            yield Problem(paths.turns_file(id_), "", f"the turns of {id_} are missing", "restore the file")
        text = _text(study, files, id_)
        yield from _edited(record, files)
        if text is not None:
            if len(text) != record.length:
                yield Problem(file, "length", f"says {record.length} characters, the text has {len(text)}")
            try:
                Transcript(id_, record.title or id_, text, turns, marks)
            except InvalidValue as error:
                yield Problem(paths.turns_file(id_), "", str(error), "restore the file from git or a backup")
        spans = sorted((turn.span.start, turn.span.end, turn.number) for turn in turns)
        for (_, end, number), (start, _, next_number) in itertools.pairwise(spans):
            if start < end:
                yield Problem(
                    paths.turns_file(id_), "", f"turns {number} and {next_number} overlap", "restore the file"
                )
    for id_ in sorted(study.turns):
        if id_ not in known.sources:
            yield Problem(
                paths.turns_file(id_),
                "",
                f"belongs to no source '{id_}'",
                f"restore {paths.source_file(id_)}",
            )


def _edited(record: SourceRecord, files: Files) -> Iterator[Problem]:
    """Find a text that is not the newest one, and say why."""
    file, kept = paths.text_file(record.id), paths.version_file(record.version)
    content = files.read(file)
    if content is None:
        if files.exists(kept) and file not in files.problems:  # else this copy was shared without its texts
            yield Problem(file, "", f"is gone, but its words are still in the study, as {kept}", REPAIR)
        return
    found = text_version(prepare_text(content.decode("utf-8", errors="replace")))
    back = f"put back {kept}" if files.exists(kept) else "put the file back from git or a backup"
    if found == record.version:
        return
    if not content.strip(b"\0 \t\r\n"):
        yield Problem(file, "", "is empty", REPAIR if files.exists(kept) else back)
    elif found in record.versions:
        what = f"is an older text than the newest ({record.version})"
        yield Problem(file, "", what, f"ask who corrected it for the newest, or {back}")
    elif not _is_utf8(content):
        what = "is not UTF-8 text any more"
        yield Problem(file, "", what, f"save it as UTF-8 in the editor that changed it, or {back}")
    else:
        what = "was edited outside qualcode"
        fix = f"opening the study, or project.take_edits(), makes it a new version, and codings follow; else {back}"
        yield Problem(file, "", what, fix)


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _versions(study: Study, files: Files, known: Known) -> Iterator[Problem]:
    """Find earlier texts that this copy should have: those before the one that is here."""
    for id_, record in sorted(study.sources.items()):
        content = files.read(paths.text_file(id_))
        here = text_version(prepare_text(content.decode("utf-8", errors="replace"))) if content else ""
        if here not in record.versions:
            continue
        before = record.versions[: record.versions.index(here) + 1]
        missing = [version for version in before if not files.exists(paths.version_file(version))]
        if missing == [here]:
            yield Problem(paths.version_file(here), "", f"the text of {id_} is not kept", REPAIR)
        elif missing:
            number = f"{len(missing)} texts" if len(missing) > 1 else "a text"
            what = f"{number} of {id_} ({missing[0]}) {'are' if len(missing) > 1 else 'is'} missing"
            said = "codings on them lose their place, and corrections cannot be undone"
            yield Problem(paths.VERSIONS, "", f"{what}: {said}", "put the folder back from a backup")


def _text(study: Study, files: Files, source: str) -> str | None:
    version = study.sources[source].version
    for file in (paths.text_file(source), paths.version_file(version)):
        content = files.read(file)
        if content is not None:
            text = prepare_text(content.decode("utf-8", errors="replace"))
            if text_version(text) == version:
                return text
    return None


def _codings(study: Study, files: Files, known: Known) -> Iterator[Problem]:
    codes = {code.id: code for code in study.codebook.codes}
    names = [code.id for code in study.codebook.codes]
    seen: dict[str, str] = {}
    for (coder, source), held in sorted(study.codings.items()):
        file = paths.codings_file(coder, source)
        if coder not in known.coders:
            yield Problem(
                file,
                "",
                f"belongs to the coder '{coder}', whom the study does not have",
                f"restore {paths.coder_file(coder)}",
            )
        record = study.sources.get(source)
        if record is None and source in known.sources:
            continue
        if record is None:
            hint = did_you_mean(source, study.sources)
            yield Problem(
                file,
                "",
                f"codes the source '{source}', which the study does not have.{hint}",
                "restore the source, or rename the file",
            )
            continue
        same: dict[tuple[str, str, str, str], str] = {}
        for number, row in enumerate(held.rows.values(), start=2):
            line = str(number)
            if row["id"] in seen:
                yield Problem(
                    file,
                    line,
                    f"the id {row['id']} is also in {seen[row['id']]}",
                    "a file was copied; remove the copy",
                )
            seen[row["id"]] = file
            if row["code"] not in known.codes:
                yield Problem(
                    file,
                    line,
                    f"the code '{row['code']}' is not in the codebook.{did_you_mean(row['code'], names)}",
                    "bring the code back with its id, or undo",
                )
            elif (code := codes.get(row["code"])) and not code.codable and not code.split_into:
                yield Problem(
                    file,
                    line,
                    f"the code '{row['code']}' is not for coding (codable: no)",
                    "recode it, or make the code codable",
                )
            if row["version"] == record.version and int(row["end"]) > record.length:
                yield Problem(
                    file,
                    line,
                    f"[{row['start']}, {row['end']}) ends after the text of {record.length} characters",
                    "resize or remove the coding",
                )
            if row["version"] not in (record.version, *record.versions, *record.replaced):
                yield Problem(
                    file,
                    line,
                    f"belongs to a text version {row['version']} that {source} never had",
                    "restore the line or the source",
                )
            key = (row["start"], row["end"], row["version"], row["code"])
            if key in same:
                yield Problem(
                    file, line, f"is the same passage and code as {same[key]}", "remove one of the two lines"
                )
            same.setdefault(key, row["id"])
        yield from _exclusive(study, file, held.rows.values())


def _exclusive(study: Study, file: str, rows: Iterable[dict[str, str]]) -> Iterator[Problem]:
    facets = {facet.id for facet in study.codebook.facets if facet.exclusive}
    if not facets:
        return
    codes = {code.id: code for code in study.codebook.codes}
    taken: dict[tuple[str, str, str], str] = {}
    for number, row in enumerate(rows, start=2):
        code = codes.get(row["code"])
        if code is None or code.facet not in facets:
            continue
        key = (row["start"], row["end"], code.facet)
        living = study.codebook.resolve(code.id)
        if taken.setdefault(key, living) != living:
            yield Problem(
                file,
                str(number),
                f"the facet '{code.facet}' takes one code a passage, here are two",
                "remove one",
            )


def _cases(study: Study, files: Files, known: Known) -> Iterator[Problem]:
    cases = known.cases
    for number, row in enumerate(study.cases.rows, start=2):
        if row["parent"] and row["parent"] not in cases:
            yield Problem(
                paths.CASES,
                str(number),
                f"the parent '{row['parent']}' is no case.{did_you_mean(row['parent'], cases)}",
            )
        for name in study.cases.header:
            if name not in CASE_COLUMNS:
                try:
                    study.attribute(name).read(row.get(name, ""))
                except InvalidValue as error:
                    yield Problem(paths.CASES, str(number), str(error))
    parents = {row["case"]: row["parent"] for row in study.cases.rows}
    for case in sorted(parents):
        seen, at = {case}, parents.get(case, "")
        while at and at not in seen:
            seen.add(at)
            at = parents.get(at, "")
        if at == case:
            yield Problem(paths.CASES, "", f"the case '{case}' stands above itself", "correct the parents")
    for number, row in enumerate(study.speakers.rows, start=2):
        if row["source"] not in known.sources:
            yield Problem(paths.SPEAKERS, str(number), f"the study has no source '{row['source']}'")
            continue
        if row["case"] and row["case"] not in cases:
            yield Problem(
                paths.SPEAKERS,
                str(number),
                f"there is no case '{row['case']}'.{did_you_mean(row['case'], cases)}",
            )
        if row["role"] not in ("interviewer", "participant", "other", ""):
            yield Problem(
                paths.SPEAKERS,
                str(number),
                f"unknown role '{row['role']}'",
                "use interviewer, participant or other",
            )
        record = study.sources.get(row["source"])
        if record is None or not record.version or row["source"] not in study.turns:
            continue  # said above
        speakers = {turn.speaker for turn in study.turn_set(row["source"])[0]}
        if row["speaker"] and row["speaker"] not in speakers:
            yield Problem(
                paths.SPEAKERS, str(number), f"nobody is called '{row['speaker']}' in {row['source']}"
            )


def _team(study: Study, files: Files, known: Known) -> Iterator[Problem]:
    folded: dict[str, str] = {}
    for coder in sorted(study.coders):
        other = folded.setdefault(coder.casefold(), coder)
        if other != coder:
            yield Problem(
                paths.coder_file(coder),
                "",
                f"'{other}' and '{coder}' are one file on some computers",
                "rename one",
            )
        if not study.contents.get(paths.coder_file(coder), b"").strip():
            yield Problem(paths.coder_file(coder), "", "is empty", "restore it from git or a backup")
    for coder, rows in sorted(study.progress.items()):
        for number, row in enumerate(rows, start=2):
            if row["source"] not in known.sources:
                yield Problem(
                    paths.progress_file(coder), str(number), f"the study has no source '{row['source']}'"
                )
    for memo in study.memos.values():
        for target in memo.targets:
            kind, _, rest = target.partition(":")
            gone = (kind == "code" and rest not in known.codes) or (
                kind in ("source", "turn", "span") and rest.split(":")[0] not in known.sources
            )
            if gone:
                yield Problem(
                    paths.memo_file(memo.author, memo.id),
                    "",
                    f"is attached to '{target}', which is not there",
                )
