"""Files of suggestions and decisions as a whole: rewritten with the texts they belong to, or taken away.

What assistants wrote is nobody's own work, so whoever takes names or a participant out of a study does it in
these files too. The functions put new bytes into a dictionary of file to bytes (None: the file goes), and see
what stands there already.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from qualcode import folder as paths
from qualcode.coding import Row
from qualcode.logged_rows import DECISIONS
from qualcode.study import RowFile, Study
from qualcode.suggestion import format_suggestions, parse_suggestions

Files = dict[str, bytes | None]


def place_suggestions(
    study: Study, files: Files, source: str, placed: Callable[[Row], Row | None]
) -> set[str]:
    """Give the suggestions in a source other places; return the ids of those that have none any more."""
    gone: set[str] = set()
    for file, there in _held(study, files, source):
        rows = {row["id"]: placed(row) for row in there.rows.values()}
        kept = [row for row in rows.values() if row is not None]
        gone |= {id_ for id_, row in rows.items() if row is None}
        if kept != list(there.rows.values()):
            files[file] = format_suggestions(there.extra, kept) if kept else None
    return gone


def point_evidence(study: Study, files: Files, moved: Callable[[str], str | None]) -> None:
    """Give the references of all suggestions other targets; those that are gone (None) are left out."""
    for file, there in _held(study, files):
        pointed = {
            id_: {**row, "evidence": " ".join(filter(None, map(moved, row["evidence"].split())))}
            for id_, row in there.rows.items()
            if row["evidence"]
        }
        if any(row != there.rows[id_] for id_, row in pointed.items()):
            files[file] = format_suggestions(there.extra, {**there.rows, **pointed}.values())


def remove_decisions(study: Study, files: Files, gone: set[str]) -> None:
    """Take decisions on suggestions that are gone out of everybody's files."""
    for key, there in study.decisions.items():
        kept = [row for id_, row in there.rows.items() if id_ not in gone]
        if len(kept) != len(there.rows):
            files[paths.decisions_file(*key)] = DECISIONS.format(there.extra, kept) if kept else None


def _held(study: Study, files: Files, source: str | None = None) -> Iterator[tuple[str, RowFile]]:
    """Every file of suggestions (of one source) as it will be."""
    for (assistant, id_), there in study.suggestions.items():
        file = paths.suggestions_file(assistant, id_)
        if source is not None and id_ != source:
            continue
        if file not in files:
            yield file, there
        elif (content := files[file]) is not None:
            extra, rows = parse_suggestions(content, file)
            yield file, RowFile(extra, {row["id"]: row for row in rows})
