"""Every rule of a codebook in one place.

`faults` are the rules without which a codebook cannot be understood: reading and every verb refuse
them. `check` adds what is worth a look: equal names, keys used twice, a mistyped field.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from qualcode.codebook_values import CODE_FIELDS, FACET_FIELDS, Code, Facet
from qualcode.errors import Problem, did_you_mean
from qualcode.slug import slug

if TYPE_CHECKING:
    from qualcode.codebook import Codebook

Place = Callable[[int, str], str]
"""(number of the code or facet, field) to its place in the file."""


def check(codebook: Codebook, file: str = "codebook.yaml") -> list[Problem]:
    """Return everything that is wrong or doubtful in a codebook; empty where all is well.

    Parameters
    ----------
    codebook
        The codebook to look through.
    file
        The name to show in front of each problem.

    Examples
    --------
    >>> from qualcode.codebook import Code, Codebook, Facet
    >>> book = Codebook((Facet("theme", "Theme"),), (Code("trust", "Trust", "theme", parent="turst"),))
    >>> print(check(book)[0])
    codebook.yaml @ facets[0].codes[0].parent: the parent 'turst' is no code of the codebook \
(Did you mean 'Trust'?)
    """
    facet_place, code_place = tree_places(codebook.facets, codebook.codes)
    found = faults(codebook.facets, codebook.codes, facet_place, code_place, file)
    if not found:
        found = list(_doubts(codebook, facet_place, code_place, file))
    return found


def tree_places(facets: Sequence[Facet], codes: Sequence[Code]) -> tuple[Place, Place]:
    """Return the places that facets and codes have in a YAML file: "facets[1].codes[3].parent"."""
    numbers: dict[str, int] = {}
    tops = {facet.id: f"facets[{number}]" for number, facet in enumerate(facets)}
    ids = {code.id: code for code in codes}
    places: list[str] = []
    own: dict[str, str] = {}
    for code in codes:
        above = own.get(code.parent or "") if code.parent in ids else None
        above = above or tops.get(code.facet, "facets[?]")
        number = numbers.get(above, 0)
        numbers[above] = number + 1
        places.append(f"{above}.codes[{number}]")
        own.setdefault(code.id, places[-1])

    def facet_place(number: int, field: str) -> str:
        return f"facets[{number}]" + (f".{field}" if field else "")

    def code_place(number: int, field: str) -> str:
        return places[number] + (f".{field}" if field else "")

    return facet_place, code_place


def faults(
    facets: Sequence[Facet], codes: Sequence[Code], facet_place: Place, code_place: Place, file: str
) -> list[Problem]:
    """Return the problems without whose mending the codebook cannot be used, in the order of the file."""
    found = [
        Problem(file, facet_place(number, field), *words) for number, field, *words in _facet_faults(facets)
    ]
    in_codes = [*_own_faults(facets, codes, code_place), *_reference_faults(codes), *_circles(codes)]
    in_codes.sort(key=lambda fault: fault[0])
    return found + [Problem(file, code_place(number, field), *words) for number, field, *words in in_codes]


_Fault = tuple[int, str, str, str]


def _facet_faults(facets: Sequence[Facet]) -> Iterator[_Fault]:
    seen: dict[str, int] = {}
    for number, facet in enumerate(facets):
        if not facet.name:
            yield number, "name", "the facet has no name", _near("name", facet.extra, FACET_FIELDS)
        elif facet.id in seen:
            yield (
                number,
                "id",
                f"the facet '{facet.id}' is there twice",
                "give one of them another id, or join their codes",
            )
        elif facet.id != slug(facet.id):
            yield number, "id", f"'{facet.id}' cannot be an id", f"write id: {slug(facet.id)}"
        seen.setdefault(facet.id, number)


def _own_faults(facets: Sequence[Facet], codes: Sequence[Code], place: Place) -> Iterator[_Fault]:
    known = [facet.id for facet in facets]
    first: dict[str, int] = {}
    for number, code in enumerate(codes):
        if not code.name:
            yield number, "name", "the code has no name", _near("name", code.extra, CODE_FIELDS)
        if code.id in first and code.id:
            twin = codes[first[code.id]]
            where = place(first[code.id], "") or "above"
            where = f"line {where}" if where.isdigit() else where
            if twin.name == code.name:
                yield (
                    number, "id", f"the code '{code.name}' (id {code.id}) is listed twice, also at {where}",
                    f"delete one, or give it an id of its own, for example id: {_other_id(code, codes)}",
                )  # fmt: skip
            else:
                yield (
                    number, "id", f"the id '{code.id}' belongs to two codes, also to '{twin.name}' at {where}",
                    f"give one of them another id, for example id: {_other_id(code, codes)}",
                )  # fmt: skip
        elif code.id and code.id != slug(code.id):
            yield number, "id", f"'{code.id}' cannot be an id", f"write id: {slug(code.id)}"
        first.setdefault(code.id, number)
        if code.facet not in known:
            fix = did_you_mean(code.facet, known).strip() or f"its facets are: {', '.join(known) or 'none'}"
            yield number, "facet", f"the facet '{code.facet}' is not in the codebook", fix


def _other_id(code: Code, codes: Sequence[Code]) -> str:
    names = {each.id: each.name for each in codes}
    above = names.get(code.parent, code.facet) if code.parent else code.facet
    taken = set(names)
    candidate = slug(f"{above} {code.name}", lower=True)
    number = 2
    while candidate in taken:
        candidate = slug(f"{above} {code.name} {number}", lower=True)
        number += 1
    return candidate


def _reference_faults(codes: Sequence[Code]) -> Iterator[_Fault]:
    ids = {code.id: code for code in codes}
    names = [*(code.name for code in codes), *ids]
    for number, code in enumerate(codes):
        if code.parent is not None and code.parent not in ids:
            yield (
                number,
                "parent",
                f"the parent '{code.parent}' is no code of the codebook",
                _hint(code.parent, names),
            )
        elif code.parent is not None and ids[code.parent].facet != code.facet:
            other = ids[code.parent].facet
            yield (
                number, "facet", f"'{code.name}' is in the facet '{code.facet}', its parent '{code.parent}' in '{other}'",
                "a code stands in the facet of its parent",
            )  # fmt: skip
        targets = [("merged_into", code.merged_into)] if code.merged_into is not None else []
        targets += [("split_into", target) for target in code.split_into]
        targets += [("counts_as", target) for target in code.counts_as]
        for field, target in targets:
            if target not in ids:
                yield (
                    number,
                    field,
                    f"{field} names '{target}', which is no code of the codebook",
                    _hint(target, names),
                )
            elif target == code.id:
                yield number, field, f"{field} of '{code.name}' names the code itself", "take it out"


def _hint(wanted: str, known: Iterable[str]) -> str:
    return did_you_mean(wanted, known).strip() or "write the id or the name of a code, or take it out"


def _near(field: str, extra: Mapping[str, object], known: Sequence[str]) -> str:
    """Return the fix for a missing field, with the mistyped one where there is one."""
    for key in extra:
        if did_you_mean(key, known) == f" Did you mean '{field}'?":
            return f"'{key}' is not known. Did you mean '{field}'?"
    return f"write {field}: and then the {field}"


def _circles(codes: Sequence[Code]) -> Iterator[_Fault]:
    ids = {code.id: code for code in codes}
    numbers = {code.id: number for number, code in reversed(list(enumerate(codes)))}

    def parent(code: Code) -> list[str]:
        return [code.parent] if code.parent else []

    def merged(code: Code) -> list[str]:
        return [code.merged_into] if code.merged_into else []

    def counts(code: Code) -> list[str]:
        return [*parent(code), *merged(code), *code.counts_as]

    plain: set[str] = set()
    for field, steps, fix in (
        ("parent", parent, "move one of them to another place"),
        ("merged_into", merged, "one of them must stay; take its merged_into out"),
        ("counts_as", counts, "take one of these links out"),
    ):
        told: set[frozenset[str]] = set()
        for code in ids.values():
            starts = code.counts_as if field == "counts_as" else steps(code)
            for start in starts:
                circle = (
                    _way(start, code.id, ids, steps) if start != code.id or field != "counts_as" else None
                )
                if circle is None or frozenset(circle) in told:
                    continue
                if field == "counts_as" and plain & set(circle):
                    continue  # a circle of parents or merges, told already
                told.add(frozenset(circle))
                if field != "counts_as":
                    plain |= set(circle)
                shown = " > ".join([code.id, *circle])
                yield numbers[code.id], field, f"{field} goes in a circle: {shown}", fix


def _way(
    start: str, goal: str, ids: Mapping[str, Code], steps: Callable[[Code], list[str]]
) -> list[str] | None:
    """Return the ids from start to goal, or None where there is no way."""
    before: dict[str, str | None] = {start: None}
    waiting = [start]
    while waiting:
        at = waiting.pop(0)
        if at == goal:
            way = [at]
            while (previous := before[way[-1]]) is not None:
                way.append(previous)
            return way[::-1]
        for step in steps(ids[at]) if at in ids else ():
            if step not in before:
                before[step] = at
                waiting.append(step)
    return None


def valid_colour(colour: str) -> bool:
    """Whether a colour is "#rgb", "#rrggbb", a name, or empty."""
    return re.fullmatch(r"|#[0-9a-fA-F]{3}|#[0-9a-fA-F]{6}|[a-zA-Z]+", colour) is not None


def _doubts(codebook: Codebook, facet_place: Place, code_place: Place, file: str) -> Iterator[Problem]:
    siblings: dict[tuple[str, str | None, str], Code] = {}
    keys: dict[str, Code] = {}
    named = {code.name.casefold(): code for code in codebook.active}
    for number, facet in enumerate(codebook.facets):
        for key in facet.extra:
            if hint := did_you_mean(key, (*FACET_FIELDS, "codes")):
                yield Problem(file, facet_place(number, key), f"'{key}' is kept, but not known.{hint}")
    for number, code in enumerate(codebook.codes):
        for key in code.extra:
            if hint := did_you_mean(key, (*CODE_FIELDS, "codes", "color")).replace("'color'", "'colour'"):
                yield Problem(file, code_place(number, key), f"'{key}' is kept, but not known.{hint}")
        if not valid_colour(code.colour):
            fix = "write it like '#b03060', in quotation marks"
            yield Problem(file, code_place(number, "colour"), f"'{code.colour}' is no colour", fix)
        if code.retired:
            continue
        above = [each.id for each in codebook.ancestors(code.id)]
        place = (code.facet, above[-1] if above else None, code.name.casefold())
        twin = siblings.setdefault(place, code)
        if twin is not code:
            message = f"'{code.name}' stands beside another code of this name, {twin.id}"
            yield Problem(
                file, code_place(number, "name"), message, "rename one, or merge them if they mean the same"
            )
        if code.key and keys.setdefault(code.key, code) is not code:
            message = f"the key '{code.key}' already belongs to '{keys[code.key].name}'"
            yield Problem(file, code_place(number, "key"), message, "give one of them another key")
        for alias in code.aliases:
            other = named.get(alias.casefold(), code)
            if other is not code:
                message = f"'{alias}' is the name of another code, {other.id}, and will find that one"
                yield Problem(file, code_place(number, "aliases"), message, "take the alias out")
        for target in code.counts_as:
            if codebook.code(target).split_into:
                message = f"'{code.name}' counts as '{target}', which was split"
                yield Problem(
                    file, code_place(number, "counts_as"), message, "name one of the codes it was split into"
                )
