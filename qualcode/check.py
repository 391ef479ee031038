"""Every invariant of a study folder in one place. Checking changes nothing.

Each finding is a Problem with the file, the line or place, what is wrong, and what to do about it.
"""

from __future__ import annotations

import itertools
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from qualcode import codebook as codebooks
from qualcode import folder as paths
from qualcode.case import CASE_COLUMNS
from qualcode.coding import CODING_COLUMNS
from qualcode.csvtext import decode, parse_csv
from qualcode.errors import FileProblems, FolderError, InvalidValue, Problem, did_you_mean
from qualcode.folder import Folder
from qualcode.log import parse_log
from qualcode.study import Study
from qualcode.transcript import Transcript, prepare_text, text_version

_CONFLICT_COPY = re.compile(
    r"conflict(ed)? copy|konflikt|\(\d+\)\.|-[A-Z0-9-]*(DESKTOP|LAPTOP|PC)[A-Z0-9-]*\.", re.I
)


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
    study = Study(folder)
    problems: list[Problem] = []
    stamps = folder.scan()
    if paths.SETTINGS not in stamps:
        raise FolderError(
            f"{folder.path.name}: is no study folder; it has no {paths.SETTINGS}. Give the folder that holds it."
        )
    unread: set[str] = set()
    for file in sorted(stamps, key=lambda f: (f != paths.SETTINGS, f != paths.CODEBOOK, f)):
        try:
            study.put(file, folder.read(file))
        except FileProblems as error:
            problems += error.problems
            unread.add(file)
        except FolderError as error:
            problems.append(Problem(file, "", str(error)))
            unread.add(file)
    known = _Known.of(study, unread)
    for part in (_codebook, _sources, _codings, _cases, _team, _logs, _strays, _notebooks):
        problems += part(study, folder, known)
    return list(dict.fromkeys(problems))


@dataclass(frozen=True)
class _Known:
    """What other files may name. Of a file that could not be read nothing is said to be missing.

    None means that everything is taken to be there.
    """

    codes: frozenset[str] | None
    sources: frozenset[str]
    cases: frozenset[str] | None
    coders: frozenset[str]

    @classmethod
    def of(cls, study: Study, unread: Iterable[str]) -> _Known:
        by_folder = {
            folder: {PurePosixPath(file).stem for file in unread if file.startswith(f"data/{folder}/")}
            for folder in ("sources", "coders")
        }
        return cls(
            None if paths.CODEBOOK in unread else frozenset(code.id for code in study.codebook.codes),
            frozenset({*study.sources, *by_folder["sources"]}),
            None if paths.CASES in unread else frozenset(row["case"] for row in study.cases.rows),
            frozenset({*study.coders, *by_folder["coders"]}),
        )


def _codebook(study: Study, folder: Folder, known: _Known) -> Iterator[Problem]:
    if not folder.exists(paths.CODEBOOK):
        yield Problem(
            paths.CODEBOOK, "", "the study has no codebook", "put the file back from git or a backup"
        )
        return
    yield from codebooks.check(study.codebook)


def _sources(study: Study, folder: Folder, known: _Known) -> Iterator[Problem]:
    for id_, record in sorted(study.sources.items()):
        file = paths.source_file(id_)
        turns, marks = study.turn_set(id_)
        if not record.version:
            yield Problem(file, "version", "the version of the text is missing", "restore the file")
            continue
        if id_ not in study.turns:
            yield Problem(paths.turns_file(id_), "", f"the turns of {id_} are missing", "restore the file")
        text = _text(study, folder, id_)
        content = folder.read(paths.text_file(id_))
        if content is not None:
            found = text_version(prepare_text(content.decode("utf-8", errors="replace")))
            if found != record.version:
                older = " (an older version of it)" if found in record.versions else ""
                yield Problem(
                    paths.text_file(id_),
                    "",
                    f"is not the text that was coded{older}",
                    "put the file back; a changed text is added as a new source",
                )
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


def _text(study: Study, folder: Folder, source: str) -> str | None:
    version = study.sources[source].version
    for file in (paths.text_file(source), paths.version_file(version)):
        content = folder.read(file)
        if content is not None:
            text = prepare_text(content.decode("utf-8", errors="replace"))
            if text_version(text) == version:
                return text
    return None


def _codings(study: Study, folder: Folder, known: _Known) -> Iterator[Problem]:
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
            if known.codes is None:
                pass
            elif row["code"] not in codes:
                yield Problem(
                    file,
                    line,
                    f"the code '{row['code']}' is not in the codebook.{did_you_mean(row['code'], names)}",
                    "bring the code back with its id, or undo",
                )
            elif not codes[row["code"]].codable and not codes[row["code"]].split_into:
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


def _cases(study: Study, folder: Folder, known: _Known) -> Iterator[Problem]:
    cases = known.cases
    for number, row in enumerate(study.cases.rows, start=2):
        if row["parent"] and cases is not None and row["parent"] not in cases:
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
        if row["case"] and cases is not None and row["case"] not in cases:
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


def _team(study: Study, folder: Folder, known: _Known) -> Iterator[Problem]:
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
    for coder, rows in sorted(study.progress.items()):
        for number, row in enumerate(rows, start=2):
            if row["source"] not in known.sources:
                yield Problem(
                    paths.progress_file(coder), str(number), f"the study has no source '{row['source']}'"
                )
    for memo in study.memos.values():
        for target in memo.targets:
            kind, _, rest = target.partition(":")
            gone = (kind == "code" and known.codes is not None and rest not in known.codes) or (
                kind in ("source", "turn", "span") and rest.split(":")[0] not in known.sources
            )
            if gone:
                yield Problem(
                    paths.memo_file(memo.author, memo.id),
                    "",
                    f"is attached to '{target}', which is not there",
                )


def _logs(study: Study, folder: Folder, known: _Known) -> Iterator[Problem]:
    for file in folder.list_files(["data/log"]):
        if file.endswith(".jsonl") and file.count("/") == 2:
            try:
                parse_log(folder.read(file) or b"", file)
            except FileProblems as error:
                yield from error.problems
        elif file.startswith(paths.STATES + "/"):
            content = folder.read(file) or b""
            if paths.digest(content) != file.rsplit("/", 1)[1]:
                yield Problem(
                    file,
                    "",
                    "is not the state its name says; undo could bring back wrong bytes",
                    "restore it",
                )
    for file in folder.list_files([paths.VERSIONS]):
        content = folder.read(file) or b""
        if paths.digest(content) != file.rsplit("/", 1)[1].removesuffix(".txt"):
            yield Problem(file, "", "is not the version its name says", "restore it from git or a backup")


def _strays(study: Study, folder: Folder, known: _Known) -> Iterator[Problem]:
    for file in folder.list_files(["codebooks", "data"]):
        name = file.rsplit("/", 1)[1]
        if file.startswith((paths.PENDING, "data/raw/", "data/transcripts/.")):
            continue
        if _CONFLICT_COPY.search(name):
            yield Problem(
                file,
                "",
                "looks like a conflict copy of a synchronised folder",
                "compare it with the file beside it and remove one",
            )
        elif name.startswith("~$"):
            yield Problem(
                file,
                "",
                "the table is open in a spreadsheet program",
                "close it before you work on the study",
            )
        elif name.endswith(".tmp"):
            yield Problem(file, "", "was left behind by a write that was cut off", "remove it")
    for coder, source in sorted(study.codings):
        file = paths.codings_file(coder, source)
        content = folder.read(file)
        if content:
            header, _, _ = parse_csv(content, file)
            if header[: len(CODING_COLUMNS)] != list(CODING_COLUMNS):
                yield Problem(
                    file, "1", "the columns are in another order than they were written", "restore the file"
                )


def _notebooks(study: Study, folder: Folder, known: _Known) -> Iterator[Problem]:
    import json

    for file in folder.list_files():
        if not file.endswith(".ipynb"):
            continue
        try:
            cells = json.loads(decode(folder.read(file) or b"", file)).get("cells", [])
        except (ValueError, AttributeError):
            continue
        if any(cell.get("outputs") for cell in cells if isinstance(cell, dict)):
            yield Problem(
                file,
                "",
                "holds outputs, which may show transcript text",
                "clear them before you share it (qualcode init sets up a filter that does it in git)",
            )
