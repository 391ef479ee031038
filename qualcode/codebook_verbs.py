"""What changes a codebook: make, change, rename, move, merge, split, retire. Each returns a new one.

The functions stand here so that `codebook.py` stays short; use them as methods of `Codebook`.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from qualcode.codebook_check import faults, tree_places, valid_colour
from qualcode.codebook_values import CODE_FIELDS, FACET_FIELDS, Code, Facet, clean_name
from qualcode.errors import InvalidValue, did_you_mean
from qualcode.slug import slug

if TYPE_CHECKING:
    from qualcode.codebook import Codebook

_BASE32 = "abcdefghijklmnopqrstuvwxyz234567"
_ID_LENGTH = 40
"""Longest part of a name in an id; ids stand in every row of codings."""

_OWN_VERBS = {
    "id": "An id never changes; rename_code changes the name",
    "name": "Use rename_code",
    "facet": "Use move_code",
    "parent": "Use move_code",
    "merged_into": "Use merge_codes",
    "split_into": "Use split_code",
    "retired": "Use retire_code",
}


def new_facet(book: Codebook, name: str, id: str | None, *, after: str | None, **fields: Any) -> Codebook:
    """Add a facet."""
    _check_fields(fields, tuple(f for f in FACET_FIELDS if f not in ("id", "name")), "facet")
    facet = Facet(id or slug(name, lower=True), name, **fields)
    same = [f for f in book.facets if f.id == facet.id or f.name.casefold() == facet.name.casefold()]
    if same:
        raise InvalidValue(
            f"There is a facet '{same[0].name}' (id {same[0].id}) already. Choose another name."
        )
    facets = list(book.facets)
    at = facets.index(book.facet(after)) + 1 if after is not None else len(facets)
    return _checked(book, replace(book, facets=(*facets[:at], facet, *facets[at:])))


def change_facet(book: Codebook, ref: str | Facet, **fields: Any) -> Codebook:
    """Change what describes a facet."""
    _check_fields(fields, tuple(f for f in FACET_FIELDS if f != "id"), "facet")
    old = book.facet(ref)
    new = replace(old, **fields)
    same = [f for f in book.facets if f is not old and f.name.casefold() == new.name.casefold()]
    if same:
        raise InvalidValue(
            f"There is a facet '{same[0].name}' (id {same[0].id}) already. Choose another name."
        )
    return _checked(book, replace(book, facets=tuple(new if f is old else f for f in book.facets)))


def new_code(
    book: Codebook, name: str, facet: str | None, parent: str | None, id: str | None, after: str | None,
    **fields: Any,
) -> Codebook:  # fmt: skip
    """Add a code."""
    _check_fields(fields, tuple(f for f in CODE_FIELDS if f not in _OWN_VERBS), "code")
    above = None if parent is None else _living(book, parent, "The parent")
    place = _facet_of(book, facet, above)
    if not clean_name(name):
        raise InvalidValue("A code needs a name; it was empty.")
    if id is not None and id in {code.id for code in book.codes}:
        raise InvalidValue(f"The id '{id}' belongs to '{book.code(id).name}'; ids are never used again.")
    _check_name(book, name, place, above)
    made = Code(id or _mint(book, name), name, place, above.id if above else None, **_prepared(book, fields))
    _check_values(book, made)
    return _checked(book, replace(book, codes=_inserted(book, list(book.codes), made, after)))


def change_code(book: Codebook, ref: str | Code, **fields: Any) -> Codebook:
    """Change what describes a code."""
    for name in fields:
        if name in _OWN_VERBS:
            raise InvalidValue(f"change_code does not change '{name}'. {_OWN_VERBS[name]}.")
    _check_fields(fields, tuple(f for f in CODE_FIELDS if f not in _OWN_VERBS), "code")
    old = book.code(ref)
    new = replace(old, **_prepared(book, fields))
    _check_values(book, new)
    return _checked(book, _with(book, {old.id: new}))


def rename_code(book: Codebook, ref: str | Code, name: str, keep_alias: bool) -> Codebook:
    """Give a code another name."""
    old = book.code(ref)
    name = clean_name(name)
    if not name:
        raise InvalidValue(f"'{old.name}' needs a new name; it was empty.")
    if name == old.name:
        return book
    ancestors = book.ancestors(old.id)
    if not old.retired:
        _check_name(book, name, old.facet, ancestors[-1] if ancestors else None, but=old.id)
    aliases = [alias for alias in old.aliases if alias != name]
    if keep_alias and not any(
        c.name.casefold() == old.name.casefold() for c in book.active if c.id != old.id
    ):
        aliases.append(old.name)  # unless it is what another code is called
    return _checked(book, _with(book, {old.id: replace(old, name=name, aliases=tuple(aliases))}))


def move_code(
    book: Codebook, ref: str | Code, parent: str | None, facet: str | None, after: str | None
) -> Codebook:
    """Put a code, with all below it, somewhere else."""
    code = book.code(ref)
    above = None if parent is None else _living(book, parent, "The parent")
    place = _facet_of(book, facet or (None if above else code.facet), above)
    below = {each.id for each in _subtree(book, code)}
    if above is not None and above.id in below:
        raise InvalidValue(f"'{code.name}' cannot be put below itself ('{book.path(above.id)}').")
    if not code.retired:
        _check_name(book, code.name, place, above, but=code.id)
    moved = replace(code, parent=above.id if above else None, facet=place)
    rest = [
        replace(each, facet=place) if each.id in below else each for each in book.codes if each.id != code.id
    ]
    if after is None and (moved.parent, moved.facet) == (code.parent, code.facet):
        after = _before(book, code)  # already there: keep its place among its siblings
    return _checked(book, replace(book, codes=_inserted(book, rest, moved, after)))


def merge_codes(book: Codebook, refs: str | Code | Iterable[str | Code], into: str | Code) -> Codebook:
    """Merge codes into one."""
    target = _living(book, into, "The code to merge into")
    named = _listed(refs)
    if not named:
        raise InvalidValue("Give at least one code to merge.")
    # what was merged into it before stays so: a notebook can be run twice
    named = [
        ref for ref in named if book.resolve(book.code(ref).id) != target.id or book.code(ref).id == target.id
    ]
    codes = [_living(book, ref, "A code to merge") for ref in named]
    for code in codes:
        if code.id == target.id:
            raise InvalidValue(f"'{code.name}' cannot be merged into itself.")
        if target.id in {below.id for below in _subtree(book, code)}:
            raise InvalidValue(
                f"'{target.name}' stands below '{code.name}'. Move it out first (move_code), or merge it upward."
            )
    for code in codes:
        for child in book.children(code.id):
            if child.id not in {each.id for each in codes}:
                book = move_code(book, child, target.id, None, None)
        merged = replace(book.code(code.id), merged_into=target.id)
        book = _checked(book, _with(book, {code.id: merged}))
    return book


def split_code(book: Codebook, ref: str | Code, into: Iterable[str | Code]) -> Codebook:
    """Retire a code in favour of several."""
    code = _living(book, ref, "The code to split")
    parts = [_living(book, part, "A code to split into") for part in _listed(into)]
    if not parts:
        raise InvalidValue(
            f"'{code.name}' must be split into at least one code. Make them first with new_code."
        )
    for part in parts:
        if part.id == code.id:
            raise InvalidValue(
                f"'{code.name}' cannot be split into itself. Give the part that stays a new name."
            )
    _check_no_children(book, code)
    return _checked(book, _with(book, {code.id: replace(code, split_into=tuple(part.id for part in parts))}))


def retire_code(book: Codebook, ref: str | Code) -> Codebook:
    """Take a code out of use."""
    code = _living(book, ref, "The code to retire")
    _check_no_children(book, code)
    return _checked(book, _with(book, {code.id: replace(code, retired=True)}))


def remove_code(book: Codebook, ref: str | Code) -> Codebook:
    """Take a code out of the codebook altogether."""
    code = book.code(ref)
    for other in book.codes:
        named = {other.parent, other.merged_into, *other.counts_as, *other.split_into}
        if code.id in named and other.id != code.id:
            raise InvalidValue(
                f"'{code.name}' cannot be removed: '{other.name}' names it. Retire it instead."
            )
    return replace(book, codes=tuple(each for each in book.codes if each.id != code.id))


# -- helpers -------------------------------------------------------------------------------------------


def _checked(before: Codebook, after: Codebook) -> Codebook:
    """Return the new codebook, or say which rule it would break that the old one kept."""
    new = {str(p): p for p in faults(after.facets, after.codes, *tree_places(after.facets, after.codes), "")}
    if new:
        places = tree_places(before.facets, before.codes)
        old = {p.message for p in faults(before.facets, before.codes, *places, "")}
        wrong = [p for p in new.values() if p.message not in old]
        if wrong:
            words = [p.message + (f" ({p.fix})" if p.fix else "") for p in wrong]
            raise InvalidValue("The codebook would be wrong: " + "; ".join(words))
    return after


def _with(book: Codebook, changed: dict[str, Code]) -> Codebook:
    return replace(book, codes=tuple(changed.get(code.id, code) for code in book.codes))


def _listed(refs: str | Code | Iterable[str | Code]) -> list[str | Code]:
    return [refs] if isinstance(refs, str | Code) else list(refs)


def _check_fields(fields: dict[str, Any], known: Sequence[str], what: str) -> None:
    for name in fields:
        if name not in known:
            raise InvalidValue(
                f"A {what} has no field '{name}'.{did_you_mean(name, known)} Its fields: {', '.join(known)}."
            )


def _prepared(book: Codebook, fields: dict[str, Any]) -> dict[str, Any]:
    """Return the fields with the codes that counts_as names as ids."""
    if "counts_as" not in fields:
        return fields
    targets = [book.code(ref) for ref in _listed(fields["counts_as"])]
    for target in targets:
        living = book.code(book.resolve(target.id))
        if living.split_into:
            parts = ", ".join(f"'{book.code(part).name}'" for part in living.split_into)
            raise InvalidValue(f"'{target.name}' was split into {parts}. Name one of these in counts_as.")
    return {**fields, "counts_as": tuple(target.id for target in targets)}


def _check_values(book: Codebook, code: Code) -> None:
    for name in ("codable", "in_vivo"):
        if not isinstance(getattr(code, name), bool):
            raise InvalidValue(f"{name} must be True or False, got {getattr(code, name)!r}.")
    if not valid_colour(code.colour):
        raise InvalidValue(f"'{code.colour}' is no colour. Write it like '#b03060', or a name like 'teal'.")
    holder = next((c for c in book.active if code.key and c.key == code.key and c.id != code.id), None)
    if holder is not None and not code.retired:
        raise InvalidValue(f"The key '{code.key}' already belongs to '{holder.name}'. Choose another one.")


def _living(book: Codebook, ref: str | Code, what: str) -> Code:
    code = book.code(ref)
    if not code.retired:
        return code
    if code.merged_into:
        instead = f" It was merged into '{book.code(book.resolve(code.id)).name}'; use that."
    elif code.split_into:
        parts = ", ".join(f"'{book.code(part).name}'" for part in code.split_into)
        instead = f" It was split into {parts}; use one of them."
    else:
        instead = " Make a new code, or undo its retiring."
    raise InvalidValue(f"{what}, '{code.name}' (id {code.id}), is retired.{instead}")


def _facet_of(book: Codebook, facet: str | None, above: Code | None) -> str:
    if facet is None and above is None:
        if len(book.facets) == 1:
            return book.facets[0].id
        names = ", ".join(f.id for f in book.facets) or "none yet; make one with new_facet"
        raise InvalidValue(f"Say in which facet the code stands. There are: {names}.")
    if facet is None:
        assert above is not None
        return above.facet
    found = book.facet(facet).id
    if above is not None and above.facet != found:
        raise InvalidValue(
            f"The parent '{above.name}' is in the facet '{above.facet}', not in '{found}'. Give one of the two."
        )
    return found


def _check_name(book: Codebook, name: str, facet: str, above: Code | None, but: str = "") -> None:
    wanted = clean_name(name).casefold()
    for sibling in book.children(above.id if above else None, facet=None if above else facet):
        if sibling.name.casefold() == wanted and sibling.id != but:
            where = f"below '{above.name}'" if above else f"at the top of '{facet}'"
            raise InvalidValue(
                f"There is a code '{sibling.name}' (id {sibling.id}) {where} already. Use it, or choose another name."
            )


def _check_no_children(book: Codebook, code: Code) -> None:
    children = book.children(code.id)
    if children:
        names = ", ".join(f"'{child.name}'" for child in children)
        raise InvalidValue(f"'{code.name}' still has codes below it: {names}. Move or retire them first.")


def _mint(book: Codebook, name: str) -> str:
    """Return a new id; the random part keeps two coders from making the same."""
    taken = {code.id for code in book.codes}
    stem = slug(name, lower=True)[:_ID_LENGTH].strip("-.")
    while True:
        made = f"{stem}-" + "".join(secrets.choice(_BASE32) for _ in range(4))
        if made not in taken:
            return made


def _subtree(book: Codebook, code: Code) -> list[Code]:
    """Return a code and everything written below it, out of use or not."""
    found = [code]
    for each in found:
        found += [child for child in book.codes if child.parent == each.id and child not in found]
    return found


def _before(book: Codebook, code: Code) -> str:
    siblings = [c.id for c in book.codes if (c.parent, c.facet) == (code.parent, code.facet)]
    at = siblings.index(code.id)
    return siblings[at - 1] if at else ""


def _inserted(book: Codebook, codes: list[Code], new: Code, after: str | None) -> tuple[Code, ...]:
    """Return the codes with one more: at the end, first (after="") or after a sibling."""
    if after is None:
        return (*codes, new)
    if after == "":
        return (new, *codes)
    sibling = book.code(after)
    at = next((n for n, code in enumerate(codes) if code.id == sibling.id), None)
    if at is None or (codes[at].parent, codes[at].facet) != (new.parent, new.facet):
        if sibling.id == new.id:
            raise InvalidValue(f"'{new.name}' cannot stand after itself.")
        raise InvalidValue(
            f"'{sibling.name}' does not stand where '{new.name}' goes; give one of its siblings."
        )
    return (*codes[: at + 1], new, *codes[at + 1 :])
