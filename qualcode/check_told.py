"""What check finds where files and rows are not as the logs tell: changed by hand, cut off, or steps that were lost."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator

from qualcode import folder as paths
from qualcode.case import CASE_COLUMNS
from qualcode.check_files import Files
from qualcode.codebook_file import codebook_from_yaml
from qualcode.coding import Row
from qualcode.csvtext import decode, not_too_deep
from qualcode.errors import FileProblems, Problem
from qualcode.logged_rows import row_kind
from qualcode.study import Study
from qualcode.told import Told, damage

REPAIR = "'qualcode check --repair' (qc.repair_project) puts it back as it was"

OURS_ALONE = ("data/turns/", "data/progress/", "data/suggestions/", "codebooks/")
"""Files that nobody writes by hand: what no step made of them is damage."""


def check_told(study: Study, files: Files, told: Told, unread: frozenset[str]) -> Iterator[Problem]:
    """Find rows and files that no step made what they are, and steps that no log tells.

    Parameters
    ----------
    study
        What could be read of the study.
    files
        Its files.
    told
        What the logs tell.
    unread
        Files and folders that could not be read; nothing more is said of them.
    """
    held = {paths.codings_file(*key): rows for key, rows in sorted(study.codings.items())}
    held |= {paths.decisions_file(*key): rows for key, rows in sorted(study.decisions.items())}
    for file in sorted({*held, *told.rows}):
        yield from _cut(files, file, told.content(file))
    for file, rows in held.items():
        for number, row in enumerate(rows.rows.values(), start=2):
            yield from _row(told, file, str(number), row)
    for file in sorted(told.files):
        if file.startswith(OURS_ALONE) and file != paths.CODEBOOK:
            yield from _file(files, told, file, file in unread)
    yield from _frozen(files)
    yield from _declared(study, files, told)
    yield from _lost_steps(study, files, told)


def _row(told: Told, file: str, line: str, row: Row) -> Iterator[Problem]:
    wanted, kind = told.row(file, row["id"]), row_kind(file)
    if wanted is None or kind is None:
        return
    other = [name for name in kind.columns if name in wanted and row.get(name, "") != wanted[name]]
    if other:
        was = ", ".join(f"{name} {row.get(name, '')[:40]!r} (was {wanted[name][:40]!r})" for name in other)
        what = f"the {kind.name} {row['id']} was changed by no step: {was}"
        yield Problem(file, line, what, "write the line as it was, and change it with qualcode")


def _cut(files: Files, file: str, wanted: bytes | None) -> Iterator[Problem]:
    content = files.read(file)
    if content and not content.endswith(b"\n"):
        mended = wanted is not None and damage(content, wanted)
        yield Problem(
            file, "", "ends in the middle of a line", REPAIR if mended else "restore it from a backup"
        )


def _file(files: Files, told: Told, file: str, unread: bool) -> Iterator[Problem]:
    state, content = told.state(file), files.read(file)
    if state is None or content is None or paths.digest(content) == state:
        return
    kept = paths.state_file(state)
    wanted = files.read(kept)
    how = damage(content, wanted) if wanted is not None else ""
    if how:
        yield Problem(file, "", how, REPAIR)
    if how or unread:
        return
    fix = f"put back its last state, kept as {kept}" if wanted is not None else "restore it from a backup"
    yield Problem(file, "", "is not as the last step left it; somebody changed it by hand", fix)


def _frozen(files: Files) -> Iterator[Problem]:
    """Read the frozen copies of the codebook, which nothing else reads."""
    for file in files.list_files("codebooks"):
        if file == paths.CODEBOOK or not file.endswith(".yaml") or file.count("/") > 1:
            continue
        content = files.read(file)
        try:
            if content is not None:
                codebook_from_yaml(decode(content, file), file)
        except FileProblems as error:
            yield from error.problems


def _declared(study: Study, files: Files, told: Told) -> Iterator[Problem]:
    """Find attributes of cases that were declared once, are declared no more, and have values still."""
    life = told.files.get(paths.SETTINGS)
    there = {
        name
        for name in study.cases.header
        if name not in CASE_COLUMNS
        and name not in study.attributes
        and any(r.get(name) for r in study.cases.rows)
    }
    for state in reversed(life.seen if life is not None and there else []):
        content = files.read(paths.state_file(state))
        declared = _attributes(content) if content is not None else {}
        for name in sorted(there & declared.keys()):
            there.remove(name)
            if declared[name] != "text":
                what = f"the attribute {name!r} is declared no more; its values count as text now"
                fix = f"write {name} = {declared[name]!r} again"
                yield Problem(paths.SETTINGS, "attributes", what, fix)


def _attributes(content: bytes) -> dict[str, str]:
    try:
        with not_too_deep(""):
            declared = tomllib.loads(decode(content, "")).get("attributes", {})
    except (tomllib.TOMLDecodeError, FileProblems):
        return {}
    if not isinstance(declared, dict):
        return {}
    return {
        name: str(kind.get("type", "text")) if isinstance(kind, dict) else str(kind)
        for name, kind in declared.items()
    }


def _lost_steps(study: Study, files: Files, told: Told) -> Iterator[Problem]:
    """Find files that qualcode wrote, for their state is kept, in steps that no log tells: lines of it are gone."""
    known = {state for life in told.files.values() for state in life.seen}
    beginning = {paths.SETTINGS, paths.CODEBOOK} - told.files.keys()  # a new study has them without a step
    for file, content in sorted(study.contents.items()):
        state = paths.digest(content)
        if (
            told.files
            and file not in beginning
            and state not in known
            and files.exists(paths.state_file(state))
        ):
            what = "was written by a step that no log tells: lines of a log are gone"
            yield Problem(
                file,
                "",
                what,
                "put the logs back from git or a backup; history and undo do not know the step",
            )
