"""Previews: what a step would do, told before it is done. Nothing is written.

Each preview carries the step out in memory and takes it back, so that it is refused for the same reasons, and counts
what it touches.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container
from typing import TYPE_CHECKING, Any

from qualcode.coding_page.data import Plain
from qualcode.errors import InvalidValue
from qualcode.widget.acts_finding import rows_of_hits
from qualcode.widget.done import Done

if TYPE_CHECKING:
    from qualcode.widget.session import Session


def preview(session: Session, intent: Plain) -> Done:
    """Return sentences about what an intent would do."""
    from qualcode.widget.intents import INTENTS

    do = intent.get("do")
    tell = PREVIEWS.get(do) if isinstance(do, str) else None
    if tell is None:
        raise InvalidValue(f"There is no preview of {do!r:.40}. There is one of {', '.join(PREVIEWS)}.")
    meant = INTENTS[str(do)]
    arguments = meant.arguments(intent)
    lines: list[str] = tell(session, **arguments)
    return Done({"lines": lines + _tried(session, lambda: meant.function(session, **arguments))})


class _TakenBack(Exception):
    """Ends a step that is only tried."""


def _tried(session: Session, act: Callable[[], Done]) -> list[str]:
    """Carry a step out and take it back, so that what refuses it is told now; return what it says itself."""
    said: list[str] = []
    try:
        with session.project.batch():
            report = act().result.get("report")
            said = str(report).split("\n")[1:] if report else []
            raise _TakenBack
    except _TakenBack:
        return [line.strip() for line in said if "project." not in line]


# -- one each --------------------------------------------------------------------------------------


def _merge(session: Session, codes: list[str], into: str) -> list[str]:
    book = session.project._study.codebook
    target = book.code(into)
    merged = [book.code(code) for code in codes]
    ids = {code.id for code in merged}
    tally = _Tally(session, ids)
    lines = [f"{tally} will count as '{target.name}'."]
    both = _places_of_both(session, ids, target.id)
    if both:
        lines.append(f"{_many(both, 'passage')} with both will count once.")
    below = [child.name for code in merged for child in book.children(code.id) if child.id not in ids]
    if below:
        lines.append(f"{_many(len(below), 'code')} will stand below '{target.name}': {_listed(below)}.")
    names = _listed([code.name for code in merged])
    return [*lines, f"Nobody's codings are rewritten; {names} stays in the codebook, marked as merged."]


def _split(session: Session, code: str, deal: dict[str, list[str]]) -> list[str]:
    book = session.project._study.codebook
    old = book.code(code)
    lines = [f"'{name}' gets {_many(len(set(codings)), 'coding')}." for name, codings in deal.items()]
    others = _Tally(session, {old.id}).others
    if others.total():
        above = book.ancestors(old.id)
        counted = f"count as '{above[-1].name}'" if above else "count as no code"
        lines.append(
            f"{_many(others.total(), 'coding')} of others ({_by(others)}) stay on '{old.name}', {counted}, and wait for "
            "their coders to deal them."
        )
    return [*lines, f"'{old.name}' can be given no more."]


def _deal(session: Session, code: str, deal: dict[str, list[str]]) -> list[str]:
    book, dealt = session.project._study.codebook, sum(map(len, deal.values()))
    lines = [
        f"'{book.code(part).name}' gets {_many(len(codings), 'coding')}."
        for part, codings in deal.items()
        if codings
    ]
    left = session.snapshot.to_deal().get(book.code(code).id, 0) - dealt
    if left > 0:
        lines.append(f"{_many(left, 'coding')} of yours {'waits' if left == 1 else 'wait'} on.")
    return lines


def _rename(session: Session, code: str, name: str) -> list[str]:
    old = session.project._study.codebook.code(code)
    return [
        f"'{old.name}' will be called '{name}'; {_Tally(session, {old.id})} stay with it.",
        "The old name will still find it.",
    ]


def _move(
    session: Session, code: str, parent: str | None = None, facet: str | None = None, after: str | None = None
) -> list[str]:
    book = session.project._study.codebook
    moved = book.code(code)
    new = book.move_code(moved.id, book.code(parent).id if parent else None, facet, _id(session, after))
    places = [(book, moved.facet), (new, new.code(moved.id).facet)]
    before, then = (f"{each.facet(place).name}: {each.path(moved.id)}" for each, place in places)
    lines = [f"'{before}' becomes '{then}'." if before != then else f"'{before}' only changes its place."]
    below = book.descendants(moved.id)
    if below:
        lines.append(f"{_many(len(below), 'code')} below go with it.")
    tally = _Tally(session, {moved.id, *(each.id for each in below)})
    gained = new.counts_as(moved.id) - book.counts_as(moved.id)
    lost = book.counts_as(moved.id) - new.counts_as(moved.id)
    if gained:
        lines.append(
            f"{tally} will count as {_listed([new.code(each).name for each in sorted(gained)])} too."
        )
    if lost:
        lines.append(
            f"{tally} will no longer count as {_listed([new.code(each).name for each in sorted(lost)])}."
        )
    return lines


def _retire(session: Session, code: str) -> list[str]:
    old = session.project._study.codebook.code(code)
    return [f"'{old.name}' can be given no more; {_Tally(session, {old.id})} stay and count."]


def _code_hits(
    session: Session, hits: list[Plain], codes: list[str], unit: str = "hit", new: Plain | None = None
) -> list[str]:
    fresh = f"A new code '{new.get('name')}' will be made and put on all of them." if new is not None else ""
    if fresh and not codes:
        return [fresh]
    rows = rows_of_hits(session, hits, codes, unit)
    book = session.project._study.codebook
    passages = {(row["source"], row["start"], row["end"]) for row in rows}
    there = 0
    for row in rows:
        held = session.project._study.codings.get((session.coder, row["source"]))
        version = session.project._version_here(row["source"])
        place = (str(row["start"]), str(row["end"]), version)
        there += any(
            (each["start"], each["end"], each["version"]) == place
            and session.snapshot.resolve(each["code"]) == book.resolve(book.code(row["code"]).id)
            for each in (held.rows.values() if held else ())
        )
    names = _listed([book.code(code).name for code in dict.fromkeys(codes)])
    sources = _many(len({source for source, *_ in passages}), "source")
    lines = [
        f"{_many(len(passages), 'passage')} in {sources} will be coded with {names}: {len(rows) - there} new codings."
    ]
    if there:
        lines.append(f"{_many(there, 'coding')} of yours stand there already.")
    if len(passages) < len(hits):
        lines.append(f"{len(hits)} hits lie in {_many(len(passages), 'passage')}.")
    return [*lines, fresh] if fresh else lines


def _correct(
    session: Session, source: str, version: str, start: int, end: int, quote: str, text: str
) -> list[str]:
    touching = Counter(
        coding["coder"]
        for coding in session.snapshot.codings_of(source)
        if coding["start"] < end and start < coding["end"]
    )
    lines = [
        f"{source}: {end - start} characters become {len(text)}. The old text is kept, and undo brings it back."
    ]
    if touching:
        lines.append(
            f"{_many(touching.total(), 'coding')} touch the passage ({_by(touching, session.coder)})."
        )
    return lines


PREVIEWS: dict[str, Callable[..., list[str]]] = {
    "merge_codes": _merge,
    "split_code": _split,
    "deal": _deal,
    "rename_code": _rename,
    "move_code": _move,
    "retire_code": _retire,
    "code_hits": _code_hits,
    "correct": _correct,
}
"""Intents that can be told before they are done."""


# -- counting --------------------------------------------------------------------------------------


class _Tally:
    """How many codings some codes have, of whom, in how many sources; of what may be seen."""

    def __init__(self, session: Session, codes: Container[str]) -> None:
        self.me = session.coder
        self.coders: Counter[str] = Counter()
        self.sources: set[str] = set()
        for (coder, source), held in session.project._study.counted():
            if coder not in session.viewer.coders:
                continue
            number = sum(1 for row in held.rows.values() if session.snapshot.resolve(row["code"]) in codes)
            if number:
                self.coders[coder] += number
                self.sources.add(source)

    @property
    def others(self) -> Counter[str]:
        """Those of everybody else."""
        return Counter({coder: number for coder, number in self.coders.items() if coder != self.me})

    def __str__(self) -> str:
        total = self.coders.total()
        if not total:
            return "no coding"
        by = f" ({_by(self.coders, self.me)})" if set(self.coders) != {self.me} else ""
        return f"{_many(total, 'coding')}{by} in {_many(len(self.sources), 'source')}"


def _places_of_both(session: Session, codes: Container[str], into: str) -> int:
    """Return how many passages a coder gave two of these codes, or one of them and the one they go into."""
    places: dict[tuple[str, ...], int] = {}
    for (coder, source), held in session.project._study.counted():
        if coder in session.viewer.coders:
            for row in held.rows.values():
                code = session.snapshot.resolve(row["code"])
                if code in codes or code == into:
                    place = (coder, source, row["version"], row["start"], row["end"])
                    places[place] = places.get(place, 0) + 1
    return sum(1 for number in places.values() if number > 1)


def _id(session: Session, code: str | None) -> str | None:
    return session.project._study.codebook.code(code).id if code else code


def _many(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _by(coders: Counter[str], me: str = "") -> str:
    return ", ".join(
        f"{number} {'yours' if coder == me else coder}" for coder, number in sorted(coders.items())
    )


def _listed(names: list[Any]) -> str:
    shown = [f"'{name}'" for name in names[:3]]
    return ", ".join(shown) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
