"""What the rows and columns of a matrix are: codes, sources, cases or values of an attribute."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from qualcode.analysis._cases import value_words
from qualcode.analysis._code_axis import CodeRows, named_rows, tree_rows
from qualcode.analysis._counted import Counted
from qualcode.analysis._heading import Heading
from qualcode.analysis._study import Bools, any_along, listed
from qualcode.analysis._units import linked_kind, plural
from qualcode.analysis._where import check_facet
from qualcode.errors import InvalidValue, UnknownCode, did_you_mean

PREFIXES = ("facet", "code", "attribute", "kind")


@dataclass(frozen=True)
class Axis:
    """One side of a matrix.

    Parameters
    ----------
    what
        "code", "source" or "case" (also for an attribute of cases).
    title
        What a reader would call it.
    headings
        Its rows or columns.
    member
        Code (or source, or case) by heading: whether one with it stands there. The last row is none.
    direct
        Of codes: per code whether it is itself among the rows or columns. The last one is none.
    read
        Per heading: whether anything that could fill it was read.
    lacks
        What it says of a coding that stands nowhere on it; "" where that needs no word.
    """

    what: str
    title: str
    headings: tuple[Heading, ...]
    member: Bools
    direct: Bools
    read: Bools
    lacks: str = ""

    def __len__(self) -> int:
        return len(self.headings)

    @property
    def keys(self) -> list[str]:
        """The keys of the headings."""
        return [heading.key for heading in self.headings]


def read_axis(spec: Any, argument: str, counted: Counted) -> Axis:
    """Return the rows or columns that an argument asks for.

    Raises
    ------
    InvalidValue
        If it names nothing, several things, or mixes codes with something else.
    """
    if not isinstance(spec, str):
        return _code_axis(named_rows(_codes_listed(spec, argument, counted)), counted)
    if spec == "source":
        return _source_axis(counted)
    if spec == "case":
        return _kind_axis(linked_kind(counted.cases, argument), counted)
    meanings = _meanings(spec, counted)
    if len(meanings) > 1:
        choices = ", ".join(f"{argument}='{kind}:{name}'" for kind, name in meanings)
        raise InvalidValue(
            f"{argument}={spec!r} is not clear: it is the name of {' and of '.join(map(_a, meanings))}. "
            f"Write one of {choices}."
        )
    if not meanings:
        raise InvalidValue(_unknown(spec, argument, counted))
    kind, name = meanings[0]
    if kind == "attribute":
        return _attribute_axis(name, counted)
    if kind == "kind":
        return _kind_axis(name, counted)
    book = counted.tables.codebook
    if kind == "facet":
        facet = book.facet(name)
        codes = [code for code in counted.tables.codes if code.facet == facet.id]
        if not any(not code.retired for code in codes):
            raise InvalidValue(f"The facet '{facet.id}' has no codes yet, so {argument} would be empty.")
        return _code_axis(tree_rows(facet.name, codes, None, counted), counted)
    code = book.code(name)
    if not book.children(code.id):
        return _code_axis(named_rows(_codes_listed(code, argument, counted)), counted)
    below = (code, *book.descendants(code.id, retired=True))
    inside = {one.id for one in below}
    codes = [one for one in counted.tables.codes if one.id in inside]
    return _code_axis(tree_rows(code.name, codes, code, counted), counted)


def _a(meaning: tuple[str, str]) -> str:
    words = {"kind": "a kind of case", "attribute": "an attribute"}
    return words.get(meaning[0], f"a {meaning[0]}")


def _meanings(spec: str, counted: Counted) -> list[tuple[str, str]]:
    """Everything a name can mean, as (kind, name)."""
    prefix, colon, rest = spec.partition(":")
    named = [(prefix, rest)] if colon and prefix in PREFIXES else [(kind, spec) for kind in PREFIXES]
    found = []
    for kind, name in named:
        if (
            (kind == "facet" and check_facet(name, counted.tables))
            or (kind == "attribute" and name in counted.tables.attributes)
            or (kind == "kind" and name in counted.cases.kinds)
        ):
            found.append((kind, name))
        elif kind == "code":
            try:
                counted.tables.codebook.code(name)
            except UnknownCode:
                continue
            found.append((kind, name))
    if not found and colon and len(named) == 1:
        # A facet may be called like a prefix: "code:Trust" can be the code Trust of a facet "code".
        try:
            counted.tables.codebook.code(spec)
        except UnknownCode:
            return []
        return [("code", spec)]
    return found


def _unknown(spec: str, argument: str, counted: Counted) -> str:
    book = counted.tables.codebook
    facets = [facet.id for facet in book.facets]
    kinds = list(dict.fromkeys(counted.cases.kinds))
    known = [
        *facets,
        *(code.name for code in book.active),
        "source",
        "case",
        *kinds,
        *counted.tables.attributes,
    ]
    parts = [
        f"a facet ({', '.join(facets)})" if facets else "a facet",
        "a code",
        "a list of codes",
        "'source'",
    ]
    parts.append(f"'case' or a kind of case ({', '.join(kinds)})" if kinds else "'case'")
    parts.append(
        f"an attribute of cases ({', '.join(counted.tables.attributes)})"
        if counted.tables.attributes
        else "an attribute of cases"
    )
    return (
        f"{argument}={spec!r} is not known.{did_you_mean(spec, known)} "
        f"Expected {', '.join(parts[:-1])} or {parts[-1]}."
    )


def _codes_listed(spec: Any, argument: str, counted: Counted) -> list[Any]:
    """The codes a list names; a list that holds something else is an error."""
    book = counted.tables.codebook
    codes = []
    for value in listed(spec):
        try:
            code = book.code(value)
        except UnknownCode as error:
            other = isinstance(value, str) and (
                value in ("source", "case") or any(kind != "code" for kind, _ in _meanings(value, counted))
            )
            if other:
                raise InvalidValue(
                    f"{argument} mixes codes with {value!r}. A list holds codes only; "
                    f"for {value!r} itself write {argument}={value!r}."
                ) from None
            raise error from None
        living = book.code(book.resolve(code.id))
        if living.split_into:
            into = [book.path(one) for one in living.split_into]
            raise InvalidValue(
                f"{argument} names the code '{living.name}', which was split into {', '.join(into)}. Name those."
            )
        if living in codes:
            raise InvalidValue(f"{argument} names the code '{living.name}' twice. Name every code once.")
        codes.append(living)
    if not codes:
        raise InvalidValue(f"{argument} is an empty list. Name at least one code.")
    return codes


def _code_axis(rows: CodeRows, counted: Counted) -> Axis:
    """Make the axis of headings that each hold what counts as a code and as none of some others."""
    at, counts = counted.tables.code_at, counted.counts_as
    member = np.zeros((len(counts), len(rows.headings)), np.bool_)
    for k, (code, others) in enumerate(zip(rows.holds, rows.without, strict=True)):
        member[:, k] = counts[:, at[code]]
        if others:
            member[:, k] &= ~any_along(counts[:, [at[other] for other in others]], 1)
    direct = np.zeros(len(counts), np.bool_)
    direct[[at[code] for code in rows.itself]] = True
    anything = bool((counted.listened.read & counted.asked).any())
    return Axis("code", rows.title, rows.headings, member, direct, np.full(len(rows.headings), anything))


def _source_axis(counted: Counted) -> Axis:
    shown = np.flatnonzero(counted.asked)
    frame = counted.tables.sources
    headings = [
        Heading(counted.tables.source_ids[at], str(frame["title"].iloc[at] or counted.tables.source_ids[at]))
        for at in shown
    ]
    member = np.zeros((len(frame) + 1, len(shown)), np.bool_)
    member[shown, np.arange(len(shown))] = True
    return Axis("source", "Sources", tuple(headings), member, _none(counted), counted.listened.read[shown])


def _kind_axis(kind: str, counted: Counted) -> Axis:
    of_kind = counted.cases.of_kind(kind)
    asked, read = _asked_and_read(counted)
    shown = np.unique(of_kind[:-1][asked & (of_kind[:-1] >= 0)])
    member = of_kind[:, None] == shown[None, :]
    headings = [Heading(counted.cases.ids[at], counted.cases.ids[at]) for at in shown]
    return Axis(
        "case",
        plural(kind).capitalize(),
        tuple(headings),
        member,
        _none(counted),
        any_along(member[:-1][read], 0),
        f"no {kind}",
    )


def _attribute_axis(name: str, counted: Counted) -> Axis:
    held = counted.cases.values(name)
    asked, read = _asked_and_read(counted)
    values = _in_order(name, {v for at in np.flatnonzero(asked) for v in held[at]}, counted)
    words = list(dict.fromkeys(value_words(value) for value in values))
    if not words:
        raise InvalidValue(
            f"No case that is asked about has a value of the attribute '{name}', so there is nothing to show."
        )
    member = np.zeros((len(held) + 1, len(words)), np.bool_)
    for case, own in enumerate(held):
        member[case, [words.index(word) for v in own if (word := value_words(v)) in words]] = True
    headings = [Heading(word, word) for word in words]
    return Axis(
        "case",
        name,
        tuple(headings),
        member,
        _none(counted),
        any_along(member[:-1][read], 0),
        f"no value of {name}",
    )


def _asked_and_read(counted: Counted) -> tuple[Bools, Bools]:
    """Per case: whether it is asked about, and whether something of it was read."""
    links = counted.read_links()
    read = np.zeros(len(counted.cases.ids), np.bool_)
    read[links.loc[links["read"], "case"].to_numpy(dtype=np.int64)] = True
    asked = np.ones_like(read)
    if counted.where.asks_cases or counted.where.sources is not None:
        asked[:] = False
        asked[links["case"].to_numpy(dtype=np.int64)] = True
    return asked, read


def _in_order(name: str, values: set[Any], counted: Counted) -> list[Any]:
    """Values as people expect them: declared levels first to last, numbers and dates by size, text by letter."""
    column = counted.tables.cases.get(name)
    if column is not None and getattr(column.dtype, "name", "") == "category":
        return [level for level in column.cat.categories if level in values]
    try:
        return sorted(values) if not any(isinstance(v, str) for v in values) else sorted(values, key=_letters)
    except TypeError:
        return sorted(values, key=lambda value: _letters(value_words(value)))


def _letters(value: Any) -> tuple[str, str]:
    return str(value).casefold(), str(value)


def _none(counted: Counted) -> Bools:
    return np.zeros(len(counted.tables.codes) + 1, np.bool_)
