"""qc.relocations: codings and suggestions whose text changed, with the old and the new words side by side."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from qualcode.frames import table_of
from qualcode.relocate import EDITED
from qualcode.reworded import reworded
from qualcode.span import Span

if TYPE_CHECKING:
    import pandas as pd

    from qualcode.project import Project

COLUMNS = (
    "coding", "coder", "source", "code", "how", "start", "end", "new_start", "new_end", "version", "old_text",
    "new_text", "kind", "suggestion", "turn",
)  # fmt: skip


def relocations(project: Project, *, all: bool = False) -> pd.DataFrame:
    """Return the codings and open suggestions that lost their place when a text changed, and wait for a person.

    Parameters
    ----------
    project
        A `qualcode.Project`.
    all
        Also those that are carried forward for sure: codings until their coder next works on the source,
        suggestions as long as they are open. And codings to read again: on the newest text already, with words changed
        inside since their coder placed them.

    Returns
    -------
    pandas.DataFrame
        ``coding`` (id), ``coder, source, code`` (name), ``how``: "similar" (a place is proposed: accept it with
        `project.relocate`), "lost" (none was found: `project.resize` or `project.uncode`), "double" (it became the same
        as another of its coder: `project.uncode` or `project.resize`), and with `all` "same", "moved", "edited",
        "found"; ``start, end`` in the text version ``version``, ``new_start, new_end`` (<NA> where lost) in the text of
        this copy; ``old_text, new_text`` (None where a text is not in this copy);
        ``turn`` (of the new place, else of the old one; <NA> outside turns);
        ``kind``: "coding" or "suggestion". A suggestion has no ``coding``, its id is ``suggestion``, its ``coder`` the
        assistant and its ``code`` None where it says "probably nothing here"; `project.change` gives it a place,
        `project.reject` puts it away. Codings that are "similar", "lost" or "double" are left out of matrices; the
        sentence under a matrix says how many. "edited" ones are not: read them again, for one word can turn the
        meaning round, and say so with `project.relocate`, which takes them off this list. Suggestions are in none.

    Examples
    --------
    >>> import tempfile
    >>> from qualcode.testing import make_project
    >>> project = make_project(tempfile.mkdtemp() + "/study")
    >>> relocations(project).empty
    True
    """
    project.codebook  # noqa: B018  (reads what changed on disk)
    names = {code.id: code.name for code in project.codebook.codes}
    text_of = cache(project._text_of_version)
    rows = []
    moved = [("coding", *each) for each in project._moved_rows()]
    moved += [("suggestion", *each) for each in project._moved_suggestions()]
    for kind, coder, source, row, placement in moved:
        if placement.sure and not all:
            continue
        start, end, span = int(row["start"]), int(row["end"]), placement.span
        old = text_of(source, row["version"])
        new = text_of(source, project._version_here(source)) if span is not None else None
        rows.append(
            (
                row["id"] if kind == "coding" else None, coder, source, names.get(row["code"], row["code"]) or None,
                placement.how, start, end,
                span.start if span is not None else None, span.end if span is not None else None, row["version"],
                None if old is None else old[start:end],
                None if new is None or span is None else new[span.start : span.end],
                kind, row["id"] if kind == "suggestion" else None,
                _turn(project, source, row["version"], Span(start, end)) if span is None
                else _turn(project, source, project._version_here(source), span),
            )
        )  # fmt: skip
    for each in reworded(project) if all else ():
        then, now = each.before, each.now
        rows.append(
            (
                now["id"], each.coder, each.source, names.get(now["code"], now["code"]), EDITED, int(then["start"]),
                int(then["end"]), int(now["start"]), int(now["end"]), then["version"], each.old, each.new, "coding", None,
                _turn(project, each.source, now["version"], Span(int(now["start"]), int(now["end"]))),
            )
        )  # fmt: skip
    kinds = {"start": "int64", "end": "int64", "new_start": "Int64", "new_end": "Int64", "turn": "Int64"}
    frame = table_of(rows, COLUMNS, kinds)
    return frame.sort_values(["source", "start", "coder"], kind="stable").reset_index(drop=True)


def _turn(project: Project, source: str, version: str, span: Span) -> int | None:
    """Return the number of the first turn that a span touches, None where it touches none."""
    turns = project._study.turn_set(source, version)[0]
    return next((turn.number for turn in turns if turn.span.overlaps(span)), None)
