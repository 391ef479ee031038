"""What is counted: codings, segments, sources, or cases of a kind."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qualcode.analysis._cases import Cases
from qualcode.analysis._counted import Counted
from qualcode.analysis._study import Ints
from qualcode.errors import InvalidValue, did_you_mean

UNITS = ("coding", "segment", "source", "case")
"""What can be counted besides the kinds of cases by their own names."""


@dataclass(frozen=True)
class Unit:
    """The unit that is counted.

    Parameters
    ----------
    name
        In the singular: "source", "participant".
    what
        One of `UNITS`.
    """

    name: str
    what: str

    @property
    def plural(self) -> str:
        """The plural."""
        return plural(self.name)


def plural(word: str) -> str:
    """Return the plural of a word.

    Examples
    --------
    >>> plural("source"), plural("company"), plural("business")
    ('sources', 'companies', 'businesses')
    """
    if word.endswith("y") and word[-2:-1] not in tuple("aeiou"):
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(("s", "x", "ch", "sh")) else "s")


def read_unit(count_by: str, cases: Cases) -> Unit:
    """Return the unit that `count_by` names.

    Raises
    ------
    InvalidValue
        If there is no such unit, or "case" could mean cases of several kinds.
    """
    if count_by == "case":
        return Unit(linked_kind(cases, "count_by"), "case")
    if count_by in UNITS:
        return Unit(count_by, count_by)
    kinds = list(dict.fromkeys(cases.kinds))
    kind = str(count_by).removeprefix("kind:")
    if kind in kinds:
        return Unit(kind, "case")
    there = f" Kinds of cases in this project: {', '.join(kinds)}." if kinds else " The project has no cases."
    raise InvalidValue(
        f"count_by={count_by!r} is not known. Expected coding, segment, source or a kind of case.{there}"
        + did_you_mean(str(count_by), [*UNITS, *kinds])
    )


def linked_kind(cases: Cases, argument: str) -> str:
    """Return the kind that "case" means: the one kind of case that sources and speakers are linked to."""
    kinds = cases.linked_kinds
    if len(kinds) == 1:
        return kinds[0]
    if not kinds:
        raise InvalidValue(
            f"{argument}='case' needs cases, but no source and no speaker is linked to one. "
            "Link them with project.link(source, speaker, case), or use 'source'."
        )
    raise InvalidValue(
        f"{argument}='case' is not clear: sources and speakers are linked to cases of the kinds "
        f"{', '.join(kinds)}. Say which, for example {argument}={kinds[0]!r}."
    )


def unit_names(unit: Unit, counted: Counted, at: Ints) -> list[str]:
    """Return what units are called in a table of evidence."""
    if unit.what == "source":
        return [counted.tables.source_ids[u] for u in at]
    if unit.what == "case":
        return [counted.cases.ids[u] for u in at]
    if unit.what == "coding":
        return [str(id_) for id_ in counted.ids[at]]
    sources = counted.tables.source_ids
    first = {int(segment): place for place, segment in enumerate(segments(counted))}
    return [
        f"{sources[counted.source[p]]}:{counted.start[p]}-{counted.end[p]}" for p in (first[u] for u in at)
    ]


def segments(counted: Counted) -> Ints:
    """Return the number of the distinct span of each coding, whoever coded it."""
    if not len(counted):
        return np.empty(0, np.int64)
    width = int(counted.end.max()) + 1
    ends = int((counted.end - counted.start).max()) + 1
    key = (counted.source * width + counted.start) * ends + (counted.end - counted.start)
    return np.unique(key, return_inverse=True)[1].astype(np.int64)


def number_among(unit: Unit, counted: Counted) -> int:
    """Return n: the units whose source a counted coder finished or coded."""
    if unit.what == "source":
        return int((counted.listened.read & counted.asked).sum())
    if unit.what == "coding":
        return len(counted)
    if unit.what == "segment":
        return int(segments(counted).max(initial=-1)) + 1
    links = counted.read_links()
    cases = counted.cases.of_kind(unit.name)[links.loc[links["read"], "case"].to_numpy(dtype=np.int64)]
    return len(np.unique(cases[cases >= 0]))
