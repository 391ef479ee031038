"""Intents that look through the study: search, code every hit, a code's quotes, the recording."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from qualcode.coding_page import data
from qualcode.coding_page.audio import piece_of
from qualcode.coding_page.data import Plain
from qualcode.errors import FolderError, InvalidValue, Refused
from qualcode.span import Span
from qualcode.transcript import Transcript
from qualcode.widget.acts_codebook import make_code
from qualcode.widget.acts_coding import own_codings
from qualcode.widget.done import Done
from qualcode.widget.finding import blocks_of, hits, pattern_of, widened
from qualcode.widget.script import call, code_name, together

if TYPE_CHECKING:
    from qualcode.widget.session import Session

UNITS = ("hit", "sentence", "turn")
MOST_QUOTES = 1000
"""How many quotes are listed; the total is exact however many there are."""


def search(
    session: Session,
    text: str,
    in_: str = "source",
    match_case: bool = False,
    whole_words: bool = False,
    regex: bool = False,
) -> Done:
    """Return every place of some words in the open source, or in all."""
    if in_ not in ("source", "all"):
        raise InvalidValue('search: in must be "source" or "all". Reload the page.')
    here = [] if session.source is None else [session.source]
    sources = sorted(session.project._study.sources) if in_ == "all" else here
    if not text.strip():
        return Done({"hits": [], "total": 0, "totals": {}, "missing": []})
    found, totals, missing = hits(session, sources, pattern_of(text, match_case, whole_words, regex))
    return Done({"hits": found, "total": sum(totals.values()), "totals": totals, "missing": missing})


def code_hits(
    session: Session, hits: list[Plain], codes: list[str], unit: str = "hit", new: Plain | None = None
) -> Done:
    """Put codes on every hit of a search, and a new one (its name and facet) where one is given, in one step."""
    with session.project.batch():
        first: list[str] = []
        if new is not None:
            if not isinstance(new.get("name"), str):
                raise InvalidValue("code_hits: a new code needs a name. Reload the page.")
            made_code, line = make_code(session, new["name"], new.get("facet"), None, None, False, None)
            codes, first = [*codes, made_code], [line]
        rows = rows_of_hits(session, hits, codes, unit)
        before = {row["source"]: own_codings(session, row["source"]) for row in rows}
        ids = session.project.code_many(rows, origin="search")
    made = [
        (row["source"], id_) for row, id_ in zip(rows, ids, strict=True) if id_ not in before[row["source"]]
    ]
    book = session.project._study.codebook
    lines = [{**row, "code": code_name(book, row["code"])} for row in rows]
    script = together([*first, call("code_many", lines, origin="search")])
    return Done({"codings": ids, "new": len(made)}, script, tuple(made))


def rows_of_hits(session: Session, hits: list[Plain], codes: list[str], unit: str) -> list[Plain]:
    """Return one row per passage and code, each passage once.

    Raises
    ------
    Refused
        If a text changed since it was searched.
    """
    if unit not in UNITS:
        raise InvalidValue(f"code_hits: unit must be one of {', '.join(UNITS)}. Reload the page.")
    if not hits or not codes:
        raise InvalidValue("Nothing was chosen: code_hits needs hits and codes.")
    rows: dict[tuple[str, Span, str], Plain] = {}
    for hit in hits:
        source, start, end = hit.get("source"), hit.get("start"), hit.get("end")
        if not isinstance(source, str) or type(start) is not int or type(end) is not int:
            raise InvalidValue("code_hits: a hit needs source, start and end. Reload the page.")
        session.project._source(source)
        version, parts = blocks_of(session, source)
        words = hit.get("words", hit.get("quote"))
        span = widened(parts, start, end, unit)
        same = words is None or data.text_of(session.project, source).text[start:end] == words
        if span is None or not same or hit.get("version", version) != version:
            session.snapshot.send_text_again(source)
            raise Refused(
                f"The text of {source} changed since it was searched, so nothing was coded. Search again."
            )
        for code in dict.fromkeys(codes):
            row = {"source": source, "start": span.start, "end": span.end, "code": code}
            rows.setdefault((source, span, code), row)
    return list(rows.values())


def quotes(session: Session, code: str, coders: list[str] | None = None) -> Done:
    """Return the segments of a code, and of all codes that count as it, marked by why they count."""
    book = session.project._study.codebook
    id_ = book.resolve(book.code(code).id)
    why = {}
    for other in book.codes:
        if other.merged_into:
            continue
        if other.id == id_:
            why[other.id] = "itself"
        elif id_ in {above.id for above in book.ancestors(other.id)}:
            why[other.id] = "below"
        elif id_ in book.counts_as(other.id):
            why[other.id] = "counts as"
    found: list[Plain] = []
    totals: Counter[str] = Counter()
    for source in sorted(session.project._study.sources):
        here = _segments(session, source, why, coders)
        totals.update(segment["counts_by"] for segment in here)
        found += here[: max(0, MOST_QUOTES - len(found))]
    return Done({"code": id_, "segments": found, "total": totals.total(), "totals": dict(totals)})


def _segments(session: Session, source: str, why: dict[str, str], coders: list[str] | None) -> list[Plain]:
    chosen: dict[tuple[Any, ...], Plain] = {}
    for coding in session.snapshot.codings_of(source, why):
        if coders is None or coding["coder"] in coders:
            place = (coding["coder"], coding["start"], coding["end"], coding["code"])
            chosen.setdefault(place, coding)  # after a merge, equal ones count once
    if not chosen:
        return []
    text: Transcript | None
    try:
        text = data.text_of(session.project, source)
    except FolderError:
        text = None
    order = sorted(chosen.values(), key=lambda each: (each["start"], each["end"], each["coder"]))
    return [
        {**data.segment_dict(session.viewer, source, each, text), "counts_by": why[each["code"]]}
        for each in order
    ]


def audio(session: Session, source: str, offset: int = 0) -> Done:
    """Return a piece of the recording of a source."""
    size, last, piece = piece_of(session.project, source, offset)
    return Done({"size": size, "last": last, "offset": offset}, buffers=(piece,))
