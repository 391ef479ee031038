"""The one sentence under a matrix: what is counted, among which n, by which rule, whose coding, what is left out."""

from __future__ import annotations

import numpy as np

from qualcode.analysis._axes import Axis
from qualcode.analysis._counted import Counted
from qualcode.analysis._join import Join
from qualcode.analysis._relations import relation_words
from qualcode.analysis._study import Bools, any_along
from qualcode.analysis._units import Unit
from qualcode.coding import STANCES

_IN = {
    "source": "in which",
    "case": "for which",
    "coding": "by which",
    "segment": "by which",
}


def rule(join: Join, n: int, turns_apart: int, relation: str) -> str:
    """Return the sentence.

    Parameters
    ----------
    join
        The matrix as it was counted.
    n
        Units that could have been counted.
    turns_apart, relation
        As asked for.
    """
    counted, unit = join.counted, join.unit
    parts = [
        f"Counts are distinct {_units(unit)} "
        + (
            f"{_IN[unit.what]} a row and a column meet {relation_words(relation, turns_apart)}, "
            "of one coder in one source"
            if join.joined
            else _unjoined(unit)
        ),
        _among(unit, counted, n),
    ]
    if counted.where.words:
        parts.append(f"only what has {counted.where.words} is kept")
    parts.append(_counter(join))
    if unit.what == "case" and join.joined:
        parts[0] += f", both counting for the {unit.name}"
    parts += _left_out(join)
    return "; ".join(part for part in parts if part) + "."


def _units(unit: Unit) -> str:
    return "segments (coded spans)" if unit.what == "segment" else unit.plural


def _unjoined(unit: Unit) -> str:
    if unit.what in ("coding", "segment"):
        return "that stand at the row and at the column"
    return "with a coding that stands at the row and at the column"


def _among(unit: Unit, counted: Counted, n: int) -> str:
    who = counted.listened.words
    sources = int((counted.listened.read & counted.asked).sum())
    if not sources:
        return f"n = 0, for {who} coded or finished none of the sources, so nothing is read"
    read = f"{sources} {'source' if sources == 1 else 'sources'} that {who} coded or finished"
    open_ones = int((counted.listened.read & counted.asked & ~counted.listened.finished).sum())
    if open_ones:
        read += f" ({open_ones} not yet finished)"
    if unit.what == "source":
        return f"n = {read}"
    return f"n = {n} {unit.name if n == 1 else unit.plural} of the {read}"


def _counter(join: Join) -> str:
    counted = join.counted
    stances = counted.stance[join.behind(np.flatnonzero(counted.stance))]
    counters = int((stances == STANCES.index("counters")).sum())
    mixed = int((stances == STANCES.index("mixed")).sum())
    if not counters and not mixed:
        return "no coding behind it runs counter"
    said = (
        f"all stances count, and {_number(counters)} behind it {'runs' if counters == 1 else 'run'} counter"
    )
    return said + (f" and {_number(mixed)} {'is' if mixed == 1 else 'are'} mixed" if mixed else "")


def _number(codings: int) -> str:
    return f"{codings} {'coding' if codings == 1 else 'codings'}"


def _left_out(join: Join) -> list[str]:
    counted = join.counted
    lacking: dict[str, Bools] = {}  # a kind that is both a side and the unit is said once
    on_codes = _stands_on_codes(join)
    if join.unit.what == "case":
        of_kind = counted.cases.of_kind(join.unit.name) >= 0
        lacking[f"no {join.unit.name}"] = on_codes & ~_with_case(counted, of_kind)
    for axis in (join.rows, join.columns):
        if axis.what == "case":
            lacking[axis.lacks] = on_codes & ~_with_case(counted, any_along(axis.member, 1))
    parts = [
        f"{_said(int(codings.sum()), f'with {words}')} left out"
        for words, codings in sorted(lacking.items())
        if codings.any()
    ]
    if counted.older:
        parts.append(f"{_said(counted.older, 'on an older text')} left out")
    unknown = int((counted.code < 0).sum())
    if unknown:
        parts.append(f"{_said(unknown, 'of codes that the codebook lacks')} left out")
    return parts


def _said(number: int, what: str) -> str:
    return f"{_number(number)} {what} {'is' if number == 1 else 'are'}"


def _stands_on_codes(join: Join) -> Bools:
    """The codings that stand on a side made of codes; all of them where no side is."""
    sides: list[Axis] = [axis for axis in (join.rows, join.columns) if axis.what == "code"]
    if not sides:
        return np.ones(len(join.counted), np.bool_)
    stands: Bools = np.logical_or.reduce([any_along(axis.member, 1)[join.counted.code] for axis in sides])
    return stands


def _with_case(counted: Counted, wanted: Bools) -> Bools:
    """The codings that count for one of some cases."""
    found = np.zeros(len(counted), np.bool_)
    found[counted.stands.coding[wanted[counted.stands.case]]] = True
    return found
