"""The `where=` of every analysis: which codings are kept before anything is joined or counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from qualcode.analysis._cases import Cases, value_words
from qualcode.analysis._study import Tables, listed
from qualcode.coding import STANCES
from qualcode.errors import InvalidValue, UnknownCase, UnknownFacet, UnknownSource, did_you_mean
from qualcode.transcript import ROLES

WORDS = ("facet", "code", "role", "stance", "source", "case")
"""What `where` knows by itself; every other word is an attribute of cases."""


@dataclass(frozen=True)
class Where:
    """What is kept. None keeps everything; several words must all hold, several values are "any of".

    Parameters
    ----------
    facets, codes
        The coding counts as a code of one of these facets; as one of these codes (ids).
    roles
        It touches a turn of a speaker with one of these roles.
    stances
        Its stance is one of these.
    sources, cases
        Places of sources and cases; a case also means those that belong to it.
    attributes
        Attribute to the values wanted, as people write them.
    words
        The same in words, for the sentence under a result.
    """

    facets: frozenset[str] | None = None
    codes: frozenset[str] | None = None
    roles: frozenset[str] | None = None
    stances: frozenset[str] | None = None
    sources: frozenset[int] | None = None
    cases: frozenset[int] | None = None
    attributes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    words: str = ""

    @property
    def asks_cases(self) -> bool:
        """Whether a case or an attribute is asked for."""
        return self.cases is not None or bool(self.attributes)

    def keeps_cases(self, cases: Cases) -> list[bool]:
        """Return, per case, whether it is asked about; the last entry is for "no case"."""
        keep = [True] * len(cases.ids)
        if self.cases is not None:
            keep = [any(at in self.cases for at in cases.line(case)) for case in range(len(keep))]
        for attribute, wanted in self.attributes.items():
            values = cases.values(attribute)
            keep = [
                k and any(value_words(v) in wanted for v in held)
                for k, held in zip(keep, values, strict=True)
            ]
        return [*keep, not self.asks_cases]


def read_where(where: Mapping[str, Any] | None, tables: Tables, cases: Cases) -> Where:
    """Check a `where` and return it resolved.

    Raises
    ------
    InvalidValue
        If a word or a value is not known; the message says what is.
    """
    if not where:
        return Where()
    if not isinstance(where, Mapping):
        raise InvalidValue(
            f"where= must be a dict such as {{'stance': 'supports'}}, got {type(where).__name__}."
        )
    found: dict[str, Any] = {"attributes": {}}
    words = []
    for word, wanted in where.items():
        values = listed(wanted)
        if not values:
            raise InvalidValue(f"where={{{word!r}: []}} would keep nothing. Give a value, or leave it out.")
        name = str(word)
        if name in WORDS:
            found[_FIELDS[name]] = _READ[name](values, tables, cases)
        else:
            name = name.removeprefix("attribute:")
            found["attributes"][name] = _attribute(name, values, tables, cases)
        words.append(f"{name} {' or '.join(value_words(value) for value in values)}")
    return Where(**found, words=" and ".join(words))


def _facets(values: list[Any], tables: Tables, _: Cases) -> frozenset[str]:
    return frozenset(tables.codebook.facet(value).id for value in values)


def _codes(values: list[Any], tables: Tables, _: Cases) -> frozenset[str]:
    return frozenset(tables.codebook.resolve(tables.codebook.code(value).id) for value in values)


def _roles(values: list[Any], tables: Tables, _: Cases) -> frozenset[str]:
    for value in values:
        if value not in ROLES:
            hint = (
                " For the attribute 'role' of cases write where={'attribute:role': ...}."
                if "role" in tables.attributes
                else ""
            )
            raise InvalidValue(
                f"{value!r} is no role of a speaker. Expected one of interviewer, participant, other or '' "
                f"(not known).{hint}"
            )
    return frozenset(values)


def _stances(values: list[Any], _: Tables, __: Cases) -> frozenset[str]:
    for value in values:
        if value not in STANCES:
            raise InvalidValue(f"{value!r} is no stance. Expected one of {', '.join(STANCES)}.")
    return frozenset(values)


def _sources(values: list[Any], tables: Tables, _: Cases) -> frozenset[int]:
    for value in values:
        if value not in tables.source_ids:
            raise UnknownSource(
                f"The project has no source {value!r}.{did_you_mean(str(value), tables.source_ids)} "
                "See project.sources."
            )
    return frozenset(tables.source_ids.index(value) for value in values)


def _cases(values: list[Any], _: Tables, cases: Cases) -> frozenset[int]:
    for value in values:
        if value not in cases.at:
            raise UnknownCase(
                f"The project has no case {value!r}.{did_you_mean(str(value), cases.ids)} See project.cases."
            )
    return frozenset(cases.at[value] for value in values)


_FIELDS = dict(zip(WORDS, ("facets", "codes", "roles", "stances", "sources", "cases"), strict=True))
_READ = dict(zip(WORDS, (_facets, _codes, _roles, _stances, _sources, _cases), strict=True))


def _attribute(name: str, values: list[Any], tables: Tables, cases: Cases) -> frozenset[str]:
    if name not in tables.attributes:
        raise InvalidValue(
            f"where= does not know {name!r}. It knows {', '.join(WORDS)}"
            + (f" and the attributes {', '.join(tables.attributes)}" if tables.attributes else "")
            + f".{did_you_mean(name, [*WORDS, *tables.attributes])}"
        )
    there = {value_words(value) for held in cases.values(name) for value in held}
    wanted = [value_words(float(v) if _is_whole(v) else v) for v in values]
    for value in wanted:
        if value not in there:
            known = sorted(there)
            raise InvalidValue(
                f"No case has {value!r} as its {name}. There are: {', '.join(known[:12]) or 'no values'}"
                + (", ..." if len(known) > 12 else "")
                + f".{did_you_mean(value, known)}"
            )
    return frozenset(wanted)


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def check_facet(name: str, tables: Tables) -> bool:
    """Return whether a name is that of a facet; two facets of one name are an error."""
    try:
        tables.codebook.facet(name)
    except UnknownFacet:
        return False
    return True
