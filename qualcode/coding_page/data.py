"""The study as plain dictionaries, as the coding page gets them; docs/coding-widget.md lists their keys.

Positions are Unicode code points in the text of the source, the end exclusive. Nothing here is written anywhere:
the dictionaries hold words of participants and go to the page alone.
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from qualcode import folder as paths
from qualcode.codebook import Code, Codebook, ExampleRef
from qualcode.coding import Row
from qualcode.coding_page.audio import find_audio
from qualcode.coding_page.blocks import blocks
from qualcode.coding_page.colours import colours
from qualcode.coding_page.made import order_made
from qualcode.coding_page.reading import Reading
from qualcode.errors import FolderError, QualcodeError
from qualcode.memo import Memo
from qualcode.project import Project
from qualcode.span import Span
from qualcode.transcript import Transcript

Plain = dict[str, Any]


@dataclass(frozen=True)
class Viewer:
    """Who looks at a study, and what may be seen.

    Parameters
    ----------
    project
        The study.
    coder
        Whose codings can be changed.
    blind
        Whether the work of everybody else is left out altogether: codings, memos, counts, names.
    """

    project: Project
    coder: str
    blind: bool = False

    @property
    def coders(self) -> set[str]:
        """The coders whose work is shown; never a key, unless it is one's own."""
        if self.blind:
            return {self.coder}
        known = self.project._study.coders.values()
        return {self.coder, *(coder.id for coder in known if coder.kind != "key")}


def text_of(project: Project, source: str) -> Transcript:
    """Return the transcript of a source; unlike in a script, an edit outside qualcode is no warning here.

    Raises
    ------
    FolderError
        If this copy of the study was shared without its text.
    """
    if project._version_of_file(source) in (None, *project._source(source).versions):
        return project._transcript(source)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return project._transcript(source)


def source_dict(viewer: Viewer, source: str) -> Plain:
    """Return a source with its text as blocks; without blocks, and with the reason, where the text is missing."""
    project = viewer.project
    record, missing, found = project._source(source), None, []
    try:
        found = blocks(text_of(project, source))
    except FolderError as error:
        missing = str(error)
    audio = find_audio(project, source)
    return {
        "id": source,
        "title": record.title or source,
        "version": project._version_here(source),
        "length": record.length,
        "language": record.language,
        "synthetic": record.synthetic,
        "blocks": found,
        "missing": missing,
        "finished": state_of(viewer, source) == "finished",
        "audio": {"name": audio.name, "size": audio.size} if audio else None,
        "position": Reading(project, viewer.coder).position(source),
    }


def state_of(viewer: Viewer, source: str) -> str:
    """Return how far the viewer is with a source: "not started", "in progress" or "finished"."""
    study = viewer.project._study
    rows = [row for row in study.progress.get(viewer.coder, []) if row["source"] == source]
    whole = [row["state"] for row in rows if not row["part"] and not row["round"]]
    states = set(whole or (row["state"] for row in rows))
    if states == {"finished"}:
        return "finished"
    held = study.codings.get((viewer.coder, source))
    begun = bool(held and held.rows) or bool(states - {"not started"})
    return "in progress" if begun else "not started"


def source_row(viewer: Viewer, source: str, codings: int, mine: int) -> Plain:
    """Return the row of a source in the list of sources."""
    project = viewer.project
    record = project._source(source)
    turns, _ = project._study.turn_set(source, project._version_here(source))
    folder = project._folder
    return {
        "id": source,
        "title": record.title or source,
        "turns": len(turns),
        "codings": codings,
        "mine": mine,
        "state": state_of(viewer, source),
        "synthetic": record.synthetic,
        "text": folder.exists(paths.text_file(source)) or folder.exists(paths.version_file(record.version)),
    }


def viewer_row(viewer: Viewer, source: str) -> Plain:
    """Return the row of one source, its codings counted now."""
    viewer.project._study.refresh()
    held = viewer.project._study.codings
    numbers = {coder: len(held[(coder, source)].rows) for coder in viewer.coders if (coder, source) in held}
    return source_row(viewer, source, sum(numbers.values()), numbers.get(viewer.coder, 0))


def coder_dicts(viewer: Viewer) -> list[Plain]:
    """Return the coders whose work is shown, oneself first."""
    known, me = viewer.project._study.coders, viewer.coder
    others = sorted(viewer.coders - {me})
    return [
        {
            "id": id_,
            "name": known[id_].name if id_ in known else id_,
            "kind": known[id_].kind if id_ in known else "human",
        }
        for id_ in (me, *others)
    ]


def coding_dict(row: Row, coder: str, code: str, memos: int) -> Plain:
    """Return a coding; `row` stands in the text that is here, `code` is the code it counts as now."""
    return {
        "id": row["id"],
        "start": int(row["start"]),
        "end": int(row["end"]),
        "code": code,
        "coder": coder,
        "stance": row["stance"],
        "origin": row["origin"],
        "created": row["created"],
        "memos": memos,
    }


def codebook_dict(project: Project) -> Plain:
    """Return the codebook in the author's order; merged codes are left out, for their codings count elsewhere."""
    book = project._study.codebook
    made = order_made(project)
    shades = colours(book, made)
    since = {id_: number for number, id_ in enumerate(made, start=1)}
    return {
        "version": project._codebook_state(),
        "facets": [
            {"id": facet.id, "name": facet.name, "exclusive": facet.exclusive, "note": facet.note}
            for facet in book.facets
        ],
        "codes": [
            _code_dict(project, code, shades[code.id], since.get(code.id, 0))
            for code in book.codes
            if not code.merged_into
        ],
    }


def _code_dict(project: Project, code: Code, colour: str, made: int) -> Plain:
    book = project._study.codebook
    above = book.ancestors(code.id)
    known = {other.id for other in book.codes}
    return {
        "id": code.id,
        "name": code.name,
        "path": book.path(code.id),
        "facet": code.facet,
        "parent": above[-1].id if above else None,
        "aliases": list(code.aliases),
        "definition": code.definition,
        "include": code.include,
        "exclude": code.exclude,
        "note": code.note,
        "examples": [_example(project, example) for example in code.examples],
        "colour": colour,
        "key": code.key,
        "made": made,
        "icon": code.icon,
        "codable": code.codable and not code.retired,
        "retired": code.retired,
        "in_vivo": code.in_vivo,
        "counts_as": [book.resolve(other) for other in code.counts_as if other in known],
        "split_into": parts_of(book, code),
    }


def parts_of(book: Codebook, code: Code) -> list[str]:
    """Return the codes that can take the codings of a split code: its parts, or theirs where they were split again."""
    found: dict[str, None] = {}
    seen: set[str] = set()
    todo = list(reversed(code.split_into))
    while todo:
        part = book.code(book.resolve(todo.pop()))
        if part.id in seen:
            continue
        seen.add(part.id)
        todo += reversed(part.split_into)
        if part.codable and not part.retired:
            found[part.id] = None
    return list(found)


def _example(project: Project, example: str | ExampleRef) -> Plain:
    """Return an example with its words; None as words where the place is not known in the text that is here."""
    if isinstance(example, str):
        return {"text": example, "source": None, "start": None, "end": None, "ref": None}
    found: Plain = {"text": None, "source": example.source, "start": None, "end": None, "ref": str(example)}
    if example.source not in project._study.sources:
        return found
    row = {"version": example.version, "start": str(example.start), "end": str(example.end)}
    try:
        here = project._carried(example.source, row)
        text = text_of(project, example.source)
    except QualcodeError:
        return found
    if here["version"] == text.version and int(here["end"]) <= len(text.text):
        start, end = int(here["start"]), int(here["end"])
        found |= {"text": text.text[start:end], "start": start, "end": end}
    return found


def memo_dict(project: Project, memo: Memo) -> Plain:
    """Return a memo; targets in the text that is here are written without its version ("turn:P7a:12")."""
    return {
        "id": memo.id,
        "author": memo.author,
        "created": memo.created,
        "kind": memo.kind,
        "targets": [_target_here(project, target) for target in memo.targets],
        "text": memo.text,
    }


def _target_here(project: Project, target: str) -> str:
    kind, _, rest = target.partition(":")
    parts = rest.split(":")
    if kind not in ("turn", "span") or len(parts) < 3 or parts[0] not in project._study.sources:
        return target
    source, version, *numbers = parts
    if version == project._version_here(source):
        return ":".join([kind, source, *numbers])
    if kind == "span" and len(numbers) == 2 and all(number.isdigit() for number in numbers):
        row = project._carried(source, {"version": version, "start": numbers[0], "end": numbers[1]})
        if row["version"] != version:
            return f"span:{source}:{row['start']}:{row['end']}"
    return target


def memos_per_coding(memos: Iterable[Memo]) -> Counter[str]:
    """Return coding id to its number of memos."""
    return Counter(
        target.removeprefix("coding:")
        for memo in memos
        for target in memo.targets
        if target.startswith("coding:")
    )


def segment_dict(viewer: Viewer, source: str, coding: Plain, text: Transcript | None) -> Plain:
    """Return a coding with its words (None where the text is missing) and where they stand."""
    span = Span(coding["start"], coding["end"])
    turns, _ = viewer.project._study.turn_set(source, viewer.project._version_here(source))
    first = next(
        (turn for turn in (text.turns_touching(span) if text else turns) if turn.span.overlaps(span)), None
    )
    return {
        "coding": coding["id"],
        "source": source,
        "title": viewer.project._source(source).title or source,
        "start": span.start,
        "end": span.end,
        "turn": first.number if first else None,
        "speaker": (first.speaker or "") if first else "",
        "begins": first.begins if first else None,
        "quote": text.text[span.start : span.end] if text else None,
        "coder": coding["coder"],
        "stance": coding["stance"],
        "code": coding["code"],
        "memos": coding["memos"],
    }
