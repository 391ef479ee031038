"""Names where ids are meant: people write `counts_as: [Communication]`, the codebook keeps the id."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from qualcode.codebook import Codebook
from qualcode.codebook_check import Place
from qualcode.codebook_values import Code, Facet
from qualcode.errors import InvalidValue, Problem, UnknownCode

_MANY = ("counts_as", "split_into")
_ONE = ("merged_into",)


def resolve_names(
    facets: Sequence[Facet], codes: Sequence[Code], place: Place, file: str
) -> tuple[list[Code], list[Problem]]:
    """Return the codes with ids in place of names, and the names that several codes have.

    What is no code at all stays as it is; `codebook_check.faults` tells of it.
    """
    problems: list[Problem] = []
    ids = {code.id for code in codes}

    def found(book: Codebook, ref: str, facet: str | None, number: int, field: str) -> str:
        if ref in ids:
            return ref
        try:
            return book.code(ref, facet).id
        except UnknownCode:
            return ref
        except InvalidValue as error:
            problems.append(Problem(file, place(number, field), str(error)))
            return ""  # told; nothing more is to be said of it

    known = {facet.id for facet in facets}
    resolved = list(codes)
    if any(code.parent is not None and code.parent not in ids for code in codes):
        book = Codebook(tuple(facets), tuple(codes))
        for number, code in enumerate(codes):
            if code.parent is not None and code.facet in known:
                parent = found(book, code.parent, code.facet, number, "parent")
                resolved[number] = replace(code, parent=parent or None)
    if any(not ids.issuperset(_targets(code)) for code in resolved):
        book = Codebook(tuple(facets), tuple(resolved))
        for number, code in enumerate(resolved):
            if ids.issuperset(_targets(code)):
                continue
            changes: dict[str, object] = {}
            for field in _MANY:
                changes[field] = tuple(found(book, ref, None, number, field) for ref in getattr(code, field))
            for field in _ONE:
                ref = getattr(code, field)
                changes[field] = ref and (found(book, ref, None, number, field) or None)
            resolved[number] = replace(code, **changes)  # type: ignore[arg-type]  # fields by name
    return resolved, problems


def _targets(code: Code) -> list[str]:
    merged = [code.merged_into] if code.merged_into is not None else []
    return [*code.counts_as, *code.split_into, *merged]
