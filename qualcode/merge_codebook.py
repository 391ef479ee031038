"""Three-way merge of codebooks, code by code and field by field."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from qualcode.codebook import Code, Codebook, Facet
from qualcode.codebook_file import codebook_from_yaml, codebook_to_yaml
from qualcode.csvtext import decode
from qualcode.merge_comments import merge_comments
from qualcode.merge_values import break_circles, each, merge_list, merge_order, pick, shown
from qualcode.merge_yaml import put_comments, strip_comments, yaml_comments

Entry = TypeVar("Entry", Code, Facet)

TOGETHER = (("facet", "parent"), ("retired", "merged_into", "split_into"))
"""Fields that only make sense as one: where a code stands, and what became of it."""

LISTS = frozenset({"aliases", "counts_as", "examples", "scale"})
"""Fields in which the additions and removals of both sides happen."""


def merge_codebook(path: str, base: bytes | None, ours: bytes, theirs: bytes, notes: list[str]) -> bytes:
    """Return the merged bytes of a codebook in YAML, with the comments of both sides."""
    written = each((base or b"", ours, theirs), lambda content: decode(content, path))
    books = each(written, lambda text: codebook_from_yaml(text, path) if text else Codebook((), ()))
    merged = merge_codebooks(*books, notes, path)
    text = codebook_to_yaml(merged, strip_comments(written[0]) or None)
    comments = merge_comments(*each(written, yaml_comments))
    commented = put_comments(text, comments)
    if codebook_from_yaml(commented, path) != codebook_from_yaml(text, path):
        notes.append(f"{path}: the comments of the two copies could not be kept.")
        commented = text
    return commented.encode("utf-8")


def restore_codes(content: bytes, ids: Sequence[str], sides: Sequence[bytes]) -> bytes:
    """Return a codebook with some codes of either side brought back, and what those need."""
    path = "codebooks/codebook.yaml"
    text = decode(content, path)
    book = codebook_from_yaml(text, path) if text else Codebook()
    facets, codes = {f.id: f for f in book.facets}, {c.id: c for c in book.codes}
    books = [codebook_from_yaml(decode(side, path), path) for side in sides]
    codes |= {c.id: c for known in books for c in known.codes if c.id in ids and c.id not in codes}
    _restore_needed(facets, codes, books[0], books[-1], [], path)
    restored = dataclasses.replace(book, facets=tuple(facets.values()), codes=tuple(codes.values()))
    return codebook_to_yaml(restored, text or None).encode("utf-8")


def merge_codebooks(
    base: Codebook, ours: Codebook, theirs: Codebook, notes: list[str], path: str = "codebook"
) -> Codebook:
    """Return the codebook in which the changes of both sides have happened.

    Parameters
    ----------
    base
        What both sides began from; an empty codebook where nothing is known.
    ours, theirs
        The two sides; swapping them changes nothing.
    notes
        What was decided is added here, one sentence each.
    path
        The file, for the notes.
    """
    books = (base, ours, theirs)
    facets = _merge_entries([{f.id: f for f in book.facets} for book in books], "facet", notes, path)
    codes = _merge_entries([{c.id: c for c in book.codes} for book in books], "code", notes, path)
    _restore_needed(facets, codes, ours, theirs, notes, path)
    _keep_lost_names(codes, books)
    _mend_places(codes, {c.id: c for c in base.codes}, notes, path)
    _mend_merges(codes, {c.id: c for c in base.codes}, notes, path)
    _mend_counts_as(codes, {c.id: c for c in base.codes}, notes, path)
    _mend_keys(codes, {c.id: c for c in base.codes}, notes, path)
    _note_equal_names(codes, ours, theirs, notes, path)
    _note_split_targets(codes, ours, theirs, notes, path)
    order = merge_order(*each(books, lambda book: [f.id for f in book.facets]), facets)
    return Codebook(
        tuple(facets[id_] for id_ in order),
        _in_order(order, codes, books),
        pick(*each(books, lambda book: book.title))[0],
        pick(*each(books, lambda book: book.version))[0],
        _merge_extra(*each(books, lambda book: book.extra), notes, path, "the codebook"),
    )


def _note_split_targets(
    codes: Mapping[str, Code], ours: Codebook, theirs: Codebook, notes: list[str], path: str
) -> None:
    """Say which code of one side counts as a code that the other split: nobody can guess which part is meant."""
    told = {
        (code.id, target)
        for book in (ours, theirs)
        for code in book.codes
        for target in code.counts_as
        if any(other.id == target and other.split_into for other in book.codes)
    }
    for code in codes.values():
        for target in code.counts_as:
            if target in codes and codes[target].split_into and (code.id, target) not in told:
                notes.append(
                    f"{path}: the code {code.id!r} counts as {target!r}, which was split in the other copy; say as which "
                    "part it counts."
                )


def _merge_entries(
    sides: Sequence[Mapping[str, Entry]], kind: str, notes: list[str], path: str
) -> dict[str, Entry]:
    """Return the codes or facets of both sides by id."""
    merged: dict[str, Entry] = {}
    for id_ in sorted({*sides[1], *sides[2]}):
        b, o, t = (side.get(id_) for side in sides)
        if o is not None and t is not None:
            merged[id_] = _merge_fields(b, o, t, f"the {kind} {id_!r}", notes, path)
            continue
        one = o if o is not None else t
        assert one is not None
        if b is None or b != one:
            merged[id_] = one
        if b is not None and b != one:
            notes.append(
                f"{path}: the {kind} {id_!r} was removed in one copy and changed in the other; it stays."
            )
    return merged


def _merge_fields(
    base: Entry | None, ours: Entry, theirs: Entry, name: str, notes: list[str], path: str
) -> Entry:
    changes: dict[str, Any] = {}
    grouped = {field: group for group in TOGETHER for field in group}
    for field in (field.name for field in dataclasses.fields(ours)):
        b, o, t = getattr(base, field, None), getattr(ours, field), getattr(theirs, field)
        if field in LISTS:
            changes[field] = tuple(merge_list(b or (), o, t))
        elif field == "extra":
            changes[field] = _merge_extra(b or {}, o, t, notes, path, name)
        elif field not in changes:
            group = grouped.get(field, (field,)) if isinstance(ours, Code) else (field,)
            b, o, t = (
                None if side is None else [getattr(side, f) for f in group] for side in (base, ours, theirs)
            )
            values, clash = pick(b, o, t)
            assert values is not None
            changes.update(zip(group, values, strict=True))
            if clash:
                lost = next(
                    v for v in ([getattr(s, f) for f in group] for s in (ours, theirs)) if v != values
                )
                notes.append(
                    f"{path}: {' and '.join(group)} of {name} was changed in both copies, to {_listed(values)} "
                    f"and {_listed(lost)}; {_listed(values)} stays."
                )
    return dataclasses.replace(ours, **changes)


def _merge_extra(
    base: Mapping[str, Any],
    ours: Mapping[str, Any],
    theirs: Mapping[str, Any],
    notes: list[str],
    path: str,
    name: str,
) -> dict[str, Any]:
    """Return the fields this version of qualcode does not know."""
    merged: dict[str, Any] = {}
    for key in merge_order(list(base), list(ours), list(theirs)):
        value, clash = pick(base.get(key), ours.get(key), theirs.get(key))
        if value is not None:
            merged[key] = value
        if clash:
            notes.append(f"{path}: {key} of {name} was changed in both copies; {shown(value)} stays.")
    return merged


def _listed(values: Sequence[Any]) -> str:
    return " - ".join(shown(value) for value in values)


def _restore_needed(
    facets: dict[str, Facet],
    codes: dict[str, Code],
    ours: Codebook,
    theirs: Codebook,
    notes: list[str],
    path: str,
) -> None:
    """Bring back what one side removed while the other began to use it."""
    known_codes = {c.id: c for book in (ours, theirs) for c in book.codes}
    known_facets = {f.id: f for book in (ours, theirs) for f in book.facets}
    waiting = list(codes)
    while waiting:
        code = codes[waiting.pop()]
        for id_ in (code.parent, code.merged_into, *code.counts_as, *code.split_into):
            if id_ is not None and id_ not in codes and id_ in known_codes:
                codes[id_] = known_codes[id_]
                waiting.append(id_)
                notes.append(
                    f"{path}: the code {id_!r} was removed in one copy and used in the other; it stays."
                )
        if code.facet not in facets and code.facet in known_facets:
            facets[code.facet] = known_facets[code.facet]
            notes.append(
                f"{path}: the facet {code.facet!r} was removed in one copy and used in the other; it stays."
            )


def _keep_lost_names(codes: dict[str, Code], books: Sequence[Codebook]) -> None:
    """Make the name that lost against another new name an alias, so that both are found."""
    base, *sides = ({c.id: c.name for c in book.codes} for book in books)
    for id_, code in codes.items():
        new = {side[id_] for side in sides if id_ in side} - {base.get(id_)}
        aliases = [alias for alias in (*code.aliases, *sorted(new)) if alias != code.name]
        if len(new) == 2 or code.name in code.aliases:
            codes[id_] = dataclasses.replace(code, aliases=tuple(dict.fromkeys(aliases)))


def _mend_places(codes: dict[str, Code], base: Mapping[str, Code], notes: list[str], path: str) -> None:
    """Undo one of two moves that put each code under the other; keep sub-codes in the facet of their parent."""
    before = {id_: code.parent for id_, code in base.items()}
    for id_, parent in break_circles({i: c.parent for i, c in codes.items()}, before):
        facet = base[id_].facet if id_ in base and parent == base[id_].parent else codes[id_].facet
        codes[id_] = dataclasses.replace(codes[id_], parent=parent, facet=facet)
        notes.append(
            f"{path}: the two copies moved {id_!r} below itself; it stands under {shown(parent)} again."
        )
    for id_ in sorted(codes):
        top = id_
        while (parent := codes[top].parent) is not None and parent in codes:
            top = parent
        if codes[id_].facet != codes[top].facet:
            codes[id_] = dataclasses.replace(codes[id_], facet=codes[top].facet)


def _mend_merges(codes: dict[str, Code], base: Mapping[str, Code], notes: list[str], path: str) -> None:
    """Let one code survive where each was merged into the other."""
    before = {id_: code.merged_into for id_, code in base.items()}
    for id_, target in break_circles({i: c.merged_into for i, c in codes.items()}, before):
        retired = target is not None or bool(codes[id_].split_into) or (id_ in base and base[id_].retired)
        codes[id_] = dataclasses.replace(codes[id_], merged_into=target, retired=retired)
        notes.append(
            f"{path}: the two copies merged codes into each other in a circle; {id_!r} stays the living code."
        )


def _mend_counts_as(codes: dict[str, Code], base: Mapping[str, Code], notes: list[str], path: str) -> None:
    """Drop links of counts_as that close a circle: first those that one side added, then any."""
    for old in (False, True):
        for id_ in sorted(codes):
            for target in sorted(codes[id_].counts_as):
                if old != (id_ in base and target in base[id_].counts_as):
                    continue
                if target == id_ or _counts(codes, target, id_):
                    kept = tuple(t for t in codes[id_].counts_as if t != target)
                    codes[id_] = dataclasses.replace(codes[id_], counts_as=kept)
                    notes.append(
                        f"{path}: the two copies made {id_!r} and {target!r} count as each other; "
                        f"{id_!r} no longer counts as {target!r}."
                    )


def _counts(codes: Mapping[str, Code], start: str, goal: str) -> bool:
    """Whether a code counts as another, over any number of steps."""
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        at = waiting.pop()
        if at == goal:
            return True
        if at in seen or at not in codes:
            continue
        seen.add(at)
        code = codes[at]
        waiting += [i for i in (code.parent, code.merged_into, *code.counts_as) if i is not None]
    return False


def _mend_keys(codes: dict[str, Code], base: Mapping[str, Code], notes: list[str], path: str) -> None:
    """Let one code keep a shortcut key that both sides gave away."""
    holders: dict[str, str] = {}
    for id_ in sorted(codes, key=lambda i: (not (i in base and base[i].key == codes[i].key), i)):
        key = codes[id_].key
        if not key or codes[id_].retired:
            continue
        if key in holders:
            codes[id_] = dataclasses.replace(codes[id_], key="")
            notes.append(
                f"{path}: the key {key!r} was given to {holders[key]!r} and {id_!r}; {holders[key]!r} keeps it."
            )
        else:
            holders[key] = id_


def _note_equal_names(
    codes: Mapping[str, Code], ours: Codebook, theirs: Codebook, notes: list[str], path: str
) -> None:
    """Say which new codes of the two sides have one name: the team will want to merge them."""
    ids = [{c.id for c in book.codes} for book in (ours, theirs)]
    by_name: dict[tuple[str, str], list[str]] = {}
    for id_ in sorted(codes):
        if not codes[id_].retired:
            by_name.setdefault((codes[id_].facet, codes[id_].name.casefold()), []).append(id_)
    for same in by_name.values():
        if len(same) > 1 and not any(side.issuperset(same) for side in ids):
            notes.append(
                f"{path}: both copies have a code {codes[same[0]].name!r} ({', '.join(same)}); both stay. "
                f"If they mean the same: project.merge_codes({same[1:]!r}, {same[0]!r})."
            )


def _in_order(
    facets: Sequence[str], codes: Mapping[str, Code], books: Sequence[Codebook]
) -> tuple[Code, ...]:
    """Return the codes depth first, siblings in the order that both authors recognise."""
    placed: list[Code] = []

    def place(facet: str, parent: str | None) -> None:
        here = {id_ for id_, code in codes.items() if (code.facet, code.parent) == (facet, parent)}
        siblings = [
            [c.id for c in book.codes if (c.facet, c.parent) == (facet, parent) and c.id in here]
            for book in books
        ]
        for id_ in merge_order(siblings[0], siblings[1], siblings[2], here):
            placed.append(codes[id_])
            place(facet, id_)

    for facet in facets:
        place(facet, None)
    rest = set(codes) - {code.id for code in placed}
    return (*placed, *(codes[id_] for id_ in sorted(rest)))
