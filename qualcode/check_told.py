"""What check finds where files and rows are not as the logs tell: changed by hand, cut off, or steps that were lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from qualcode import folder as paths
from qualcode.check_files import Files
from qualcode.check_said import check_said
from qualcode.codebook_file import codebook_from_yaml
from qualcode.coding import Row
from qualcode.csvtext import decode
from qualcode.damage import LINE_ENDS, damage, find_damage
from qualcode.errors import FileProblems, Problem
from qualcode.logged_rows import row_kind
from qualcode.study import Study
from qualcode.told import Life, Told

REPAIR = "'qualcode check --repair' (qc.repair_project) puts it back as it was"

PUT_LOGS_BACK = "put the logs back from git or a backup; history and undo do not know the step"

NO_STEP = "was written by a step that no log tells: lines of a log are gone"

OURS_ALONE = ("data/turns/", "data/progress/", "data/suggestions/", "codebooks/")
"""Files that nobody writes by hand: what no step made of them is damage."""

BY_STEPS = (
    "data/turns/",
    "data/progress/",
    "data/suggestions/",
    "data/sources/",
    paths.CASES,
    paths.SPEAKERS,
)
"""Files that only steps make, each from nothing: where no log tells that, lines of it are gone."""

RECORDED = (paths.CASES, paths.SPEAKERS)
"""Of these a change by hand, or by a merge, is recorded as a step of its own."""


def find_damaged(files: Files, told: Told) -> Iterator[Problem]:
    """Find files that a failing disk or computer, or a slip of the hand, damaged, and that repair puts back."""
    for found in find_damage(told, files.read):
        if found.file in files.problems or found.how == LINE_ENDS:
            continue
        what = "is gone, and no step removed it" if found.how == "was gone" else found.how
        yield Problem(found.file, "", what, REPAIR)


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
    for file in sorted({*held, *told.rows} - unread):
        yield from _cut(files, file, told.content(file))
    for file, rows in held.items():
        for number, row in enumerate(rows.rows.values(), start=2):
            yield from _row(told, file, str(number), row)
    for file in sorted(told.files.keys() - unread):
        if file.startswith(OURS_ALONE) and file != paths.CODEBOOK:
            yield from _file(files, told, file)
        else:
            yield from check_said(files, told, file)
    yield from _frozen(files, unread)
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


def _file(files: Files, told: Told, file: str) -> Iterator[Problem]:
    state, content = told.state(file), files.read(file)
    if state is None or content is None or paths.digest(content) == state:
        return
    before = files.read(paths.state_file(state))
    if before is not None and damage(content, before):
        yield Problem(file, "", damage(content, before), REPAIR)
        return
    line, by = "", "somebody changed it by hand"
    if before is not None:
        old, new = before.split(b"\n")[:-1], content.split(b"\n")
        line = str(
            next((n for n, (a, b) in enumerate(zip(old, new, strict=False), 1) if a != b), len(old) + 1)
        )
        gone = (Counter(old) - Counter(new)).total()
        lines = f"{gone} lines were" if gone > 1 else "a line was"
        by = f"{lines} changed or taken out by hand" if gone else "lines were added or moved by hand"
    yield Problem(file, line, f"is not as the last step left it; {by}", "restore it from a backup")


def _frozen(files: Files, unread: frozenset[str]) -> Iterator[Problem]:
    """Read the frozen copies of the codebook, which nothing else reads."""
    for file in files.list_files("codebooks"):
        if file in {paths.CODEBOOK, *unread} or not file.endswith(".yaml") or file.count("/") > 1:
            continue
        content = files.read(file)
        try:
            if content is not None:
                codebook_from_yaml(decode(content, file), file)
        except FileProblems as error:
            yield from error.problems


def _lost_steps(study: Study, files: Files, told: Told) -> Iterator[Problem]:
    """Find files that qualcode wrote in steps that no log tells: lines of it are gone."""
    known = {state for life in told.files.values() for state in life.seen}
    beginning = {paths.SETTINGS, paths.CODEBOOK} - told.files.keys()  # a new study has them without a step
    for file, content in sorted(study.contents.items() if told.files else ()):
        state, life = paths.digest(content), told.files.get(file)
        if file in beginning:
            continue
        kept = state not in known and files.exists(paths.state_file(state))
        if kept or (file.startswith(BY_STEPS) and not told.rewritten and _misses_steps(file, life)):
            yield Problem(file, "", NO_STEP, PUT_LOGS_BACK)


def _misses_steps(file: str, life: Life[str] | None) -> bool:
    if life is None:
        return file not in RECORDED  # which somebody may have written by hand
    if file.startswith("data/sources/"):  # somebody may have written a title by hand
        return all(before is not None for before, _ in life.steps)
    return life.misses_steps(merges=file not in RECORDED)
