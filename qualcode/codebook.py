"""Codebook: facets with ordered trees of codes, and what a coding counts as.

::

    facet  challenge
             code  Unclear requirements          counts_as: communication ---+
             code  Evolving data                                             |
    facet  theme                                                             |
             code  Communication  <------------------------------------------+

A codebook never changes: each verb returns a new one. Codes that were merged, split or retired stay
in it, so that the codings of others are still understood.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Any

from qualcode import codebook_verbs as verbs
from qualcode.codebook_check import check
from qualcode.codebook_values import CODE_FIELDS, Code, ExampleRef, Facet, clean_extra, clean_name, clean_text
from qualcode.errors import InvalidValue, UnknownCode, UnknownFacet, did_you_mean

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Code", "Codebook", "ExampleRef", "Facet", "check", "default_codebook"]


@dataclass(frozen=True)
class Codebook:
    """Facets and their codes.

    A codebook can be made with faults (two copies merged by git may hold one); `check` lists them,
    and reading a file or using a verb refuses them.

    Parameters
    ----------
    facets
        In the author's order.
    codes
        In the author's order; made depth first: each code is followed by those below it.
    title, version
        What it is called, and which frozen version it is.
    extra
        Fields that qualcode does not know, kept as they are.

    Examples
    --------
    >>> book = Codebook((Facet("theme", "Theme"),)).new_code("Trust", "theme", id="trust")
    >>> book = book.new_code("Broken trust", parent="trust", id="broken")
    >>> book.path("broken"), sorted(book.counts_as("broken"))
    ('Trust > Broken trust', ['broken', 'trust'])
    >>> book.code("theme:broken trust").id
    'broken'
    """

    facets: tuple[Facet, ...] = ()
    codes: tuple[Code, ...] = ()
    title: str = ""
    version: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        put = object.__setattr__
        put(self, "facets", tuple(self.facets))
        put(self, "codes", _depth_first(self.facets, tuple(self.codes)))
        put(self, "title", clean_text(self.title))
        put(self, "version", clean_name(self.version))
        put(self, "extra", clean_extra(self.extra))

    def __repr__(self) -> str:
        retired = len(self.codes) - len(self.active)
        gone = f", {retired} retired" if retired else ""
        title = f" '{self.title}'" if self.title else ""
        return f"<Codebook{title}: {len(self.facets)} facets, {len(self.active)} codes{gone}>"

    def _repr_html_(self) -> str:
        def branch(codes: tuple[Code, ...]) -> str:
            lines = [f"<li>{escape(code.name)}{branch(self.children(code.id))}</li>" for code in codes]
            return f"<ul>{''.join(lines)}</ul>" if lines else ""

        facets = "".join(
            f"<details open><summary>{escape(facet.name)}</summary>{branch(self.children(facet=facet.id))}</details>"
            for facet in self.facets
        )
        return f"<div><code>{escape(repr(self))}</code>{facets}</div>"

    # -- looking up ------------------------------------------------------------------------------

    @cached_property
    def _index(self) -> dict[str, Code]:
        return {code.id: code for code in reversed(self.codes)}

    @cached_property
    def _found(self) -> dict[tuple[str, str | None], Code]:
        return {}

    def facet(self, ref: str | Facet) -> Facet:
        """Return a facet by id or name.

        Raises
        ------
        UnknownFacet
            If there is none.
        """
        wanted = ref.id if isinstance(ref, Facet) else clean_name(ref)
        for same in (lambda text: text == wanted, lambda text: _fold(text) == _fold(wanted)):
            for value in ("id", "name"):
                found = [facet for facet in self.facets if same(getattr(facet, value))]
                if len(found) > 1 and value == "name":
                    ids = ", ".join(facet.id for facet in found)
                    raise InvalidValue(f"'{wanted}' is the name of {len(found)} facets: {ids}. Give the id.")
                if found:
                    return found[0]
        names = ", ".join(facet.id for facet in self.facets) or "none"
        hint = did_you_mean(wanted, [text for facet in self.facets for text in (facet.name, facet.id)])
        raise UnknownFacet(f"The codebook has no facet '{wanted}'.{hint} Its facets: {names}.")

    def code(self, ref: str | Code, facet: str | None = None) -> Code:
        """Return a code by id, name, alias, path ("Parent > Name") or facet and name ("theme:Trust").

        To the letter first, then in any case. An id always means the code that has it. Retired codes
        are found by id, and by name where no living code has it.

        Parameters
        ----------
        ref
            What names the code.
        facet
            Look only in this facet.

        Raises
        ------
        UnknownCode
            If there is none.
        InvalidValue
            If several have the name; the message lists them.
        """
        wanted = ref.id if isinstance(ref, Code) else clean_name(ref)
        if facet is None and wanted in self._index:
            return self._index[wanted]
        found = self._found.get((wanted, facet))
        if found is None:
            within = None if facet is None else self.facet(facet).id
            found = self._found[(wanted, facet)] = self._look_up(wanted, within)
        return found

    def _look_up(self, wanted: str, facet: str | None) -> Code:
        pool = [code for code in self.codes if facet in (None, code.facet)]
        living = [code for code in pool if not code.retired]
        gone = [code for code in pool if code.retired]
        for codes in (living, gone):
            for fold in (str, _fold):
                by_id = [code for code in codes if fold(code.id) == fold(wanted)]
                found = (fold is str and by_id) or self._named(wanted, codes, fold) or by_id
                if len(found) > 1:
                    raise InvalidValue(
                        f"'{wanted}' is the name of {len(found)} codes: "
                        + ", ".join(f"'{code.facet}:{self.path(code.id)}' (id {code.id})" for code in found)
                        + ". Give one of these, or its id."
                    )
                if found:
                    return found[0]
        known = [text for code in living for text in (code.name, code.id, *code.aliases)]
        if facet is None and any(_fold(wanted) in (_fold(f.id), _fold(f.name)) for f in self.facets):
            raise UnknownCode(f"'{wanted}' is a facet of the codebook, not a code. Name one of its codes.")
        where = "The codebook" if facet is None else f"The facet '{facet}'"
        raise UnknownCode(
            f"{where} has no code '{wanted}'.{did_you_mean(wanted, known)} See codebook.to_frame()."
        )

    def _named(self, wanted: str, pool: list[Code], fold: Any) -> list[Code]:
        """Return the codes that a name, a path, a facet with a name, or else an alias means."""
        key = fold(wanted)
        found = [code for code in pool if fold(code.name) == key]
        if not found and ">" in wanted:
            steps = [fold(step.strip()) for step in wanted.split(">")]
            for code in pool:
                names = [fold(above.name) for above in self.ancestors(code.id)] + [fold(code.name)]
                if names[-len(steps) :] == steps:
                    found.append(code)
        if not found and ":" in wanted:
            prefix, rest = (part.strip() for part in wanted.split(":", 1))
            facets = {f.id for f in self.facets if fold(prefix) in (fold(f.id), fold(f.name))}
            inside = [code for code in pool if code.facet in facets]
            found = [c for c in inside if fold(c.id) == fold(rest)] or (
                self._named(rest, inside, fold) if inside else []
            )
        return found or [code for code in pool if key in map(fold, code.aliases)]

    def _id(self, ref: str | Code) -> str:
        return ref if isinstance(ref, str) and ref in self._index else self.code(ref).id

    @cached_property
    def active(self) -> tuple[Code, ...]:
        """The living codes: neither merged nor split nor retired."""
        return tuple(code for code in self.codes if not code.retired)

    # -- the tree --------------------------------------------------------------------------------

    @cached_property
    def _above(self) -> dict[str, str | None]:
        """Code id to the nearest living code above it; what was merged stands where it went."""

        def climb(code: Code, merged: bool) -> str | None:
            at, seen = code.parent, {code.id}
            while at is not None and at in self._index and at not in seen:
                seen.add(at)
                target = self._index[self.resolve(at) if merged else at]
                if target.id != code.id and not target.retired:
                    return target.id
                at = self._index[at].parent if target.id == code.id else target.parent
            return None

        above = {code.id: climb(code, merged=True) for code in self.codes}
        for code in self.codes:
            # Two copies may have merged a code into one below it: there the plain parents decide.
            seen, at = {code.id}, above[code.id]
            while at is not None and at not in seen:
                seen.add(at)
                at = above[at]
            if at is not None:
                above[code.id] = climb(code, merged=False)
        return above

    @cached_property
    def _below(self) -> dict[str, list[Code]]:
        below: dict[str, list[Code]] = {}
        for code in self.codes:
            parent = self._above[code.id]
            if parent is not None:
                below.setdefault(parent, []).append(code)
        return below

    def children(
        self, code: str | Code | None = None, facet: str | Facet | None = None, *, retired: bool = False
    ) -> tuple[Code, ...]:
        """Return the codes directly below a code (None: at the top of a facet, or of all), in order.

        Parameters
        ----------
        code
            The code above.
        facet
            With ``code=None``: only the top of this facet.
        retired
            Whether to include codes out of use.
        """
        if code is not None:
            found = self._below.get(self._id(code), [])
        else:
            within = None if facet is None else self.facet(facet).id
            found = [c for c in self.codes if self._above[c.id] is None and within in (None, c.facet)]
        return tuple(c for c in found if retired or not c.retired)

    def descendants(self, code: str | Code, *, retired: bool = False) -> tuple[Code, ...]:
        """Return all codes below a code, depth first."""
        found: list[Code] = []
        for child in self.children(code, retired=retired):
            found += (child, *self.descendants(child.id, retired=retired))
        return tuple(found)

    def ancestors(self, code: str | Code) -> tuple[Code, ...]:
        """Return the living codes above a code, the outermost first."""
        chain: list[Code] = []
        at = self._above[self._id(code)]
        while at is not None:
            chain.append(self._index[at])
            at = self._above[at]
        return tuple(reversed(chain))

    def is_leaf(self, code: str | Code) -> bool:
        """Whether no living code stands below it."""
        return not self.children(code)

    def leaves(self, within: str | Facet | Code | None = None) -> tuple[Code, ...]:
        """Return the living codes without codes below them, in the author's order.

        Parameters
        ----------
        within
            A facet (id or name), a code (then what is below it, or itself), or None for all.
        """
        if within is None:
            pool = self.active
        elif isinstance(within, Facet) or (isinstance(within, str) and self._is_facet(within)):
            pool = tuple(code for code in self.active if code.facet == self.facet(within).id)
        else:
            code = self.code(within)
            pool = (code, *self.descendants(code.id))
        return tuple(code for code in pool if self.is_leaf(code.id))

    def _is_facet(self, ref: str) -> bool:
        try:
            self.facet(ref)
        except UnknownFacet:
            return False
        return True

    def path(self, code: str | Code) -> str:
        """Return the names from the top to a code: "Requirements > Planning"."""
        found = self._index[self._id(code)]
        return " > ".join([*(above.name for above in self.ancestors(found.id)), found.name])

    # -- what a coding means ---------------------------------------------------------------------

    @cached_property
    def _resolved(self) -> dict[str, str]:
        resolved = {}
        for code in self.codes:
            seen, at = {code.id}, code
            while at.merged_into is not None and at.merged_into in self._index:
                at = self._index[at.merged_into]
                if at.id in seen:
                    at = code
                    break
                seen.add(at.id)
            resolved[code.id] = at.id
        return resolved

    def resolve(self, code: str | Code) -> str:
        """Return the id of the code that a code was merged into, over any number of merges.

        A code that was not merged gives its own id, also where it was split or retired.
        """
        return self._resolved[self._id(code)]

    @cached_property
    def _counted(self) -> dict[str, frozenset[str]]:
        return {}

    def counts_as(self, code: str | Code) -> frozenset[str]:
        """Return the ids of all codes that a coding with this code counts as.

        These are the code itself (where it was merged: the one it went into; where it was split: not
        itself), the codes above it, what its `counts_as` and theirs name, and so on.
        """
        id_ = self._id(code)
        if id_ not in self._counted:
            counted: set[str] = set()
            seen: set[str] = set()
            waiting = [id_]
            while waiting:
                at = self.resolve(waiting.pop())
                if at in seen:
                    continue
                seen.add(at)
                found = self._index[at]
                if not found.split_into:
                    counted.add(at)
                above = self._above[at]
                waiting += [target for target in found.counts_as if target in self._index]
                waiting += [above] if above is not None else []
            self._counted[id_] = frozenset(counted)
        return self._counted[id_]

    def to_frame(self) -> pd.DataFrame:
        """Return one row per code, in order: facet, code (its id), name, path, ... and every field.

        Fields of several values hold lists of text; `parent` and `merged_into` are "" where empty.
        """
        import pandas as pd

        rows = []
        for code in self.codes:
            row: dict[str, Any] = {"facet": code.facet, "code": code.id, "name": code.name}
            row["path"] = self.path(code.id)
            for name in CODE_FIELDS[3:-1]:
                value = getattr(code, name)
                if isinstance(value, tuple):
                    value = [str(each) for each in value]
                row[name] = "" if value is None else value
            rows.append(row)
        return pd.DataFrame(rows, columns=["facet", "code", "name", "path", *CODE_FIELDS[3:-1]])

    # -- verbs: each returns a new codebook ------------------------------------------------------

    def new_facet(
        self, name: str, id: str | None = None, *, after: str | None = None, **fields: Any
    ) -> Codebook:
        """Add a facet (`exclusive`, `scale`, `note`); its id comes from the name unless given."""
        return verbs.new_facet(self, name, id, after=after, **fields)

    def change_facet(self, facet: str | Facet, **fields: Any) -> Codebook:
        """Change the name, exclusive, scale, note or extra of a facet."""
        return verbs.change_facet(self, facet, **fields)

    def new_code(
        self, name: str, facet: str | None = None, parent: str | None = None, id: str | None = None,
        after: str | None = None, **fields: Any,
    ) -> Codebook:  # fmt: skip
        """Add a code under a parent or at the top of a facet, at the end or after a sibling ("": first).

        Its id is made from the name with four random signs, so that two coders never make the same.
        """
        return verbs.new_code(self, name, facet, parent, id, after, **fields)

    def change_code(self, code: str | Code, **fields: Any) -> Codebook:
        """Change what describes a code: definition, include, exclude, counts_as, colour, ..."""
        return verbs.change_code(self, code, **fields)

    def rename_code(self, code: str | Code, name: str, keep_alias: bool = True) -> Codebook:
        """Give a code another name; the old one becomes an alias unless `keep_alias` is False."""
        return verbs.rename_code(self, code, name, keep_alias)

    def move_code(
        self, code: str | Code, parent: str | None = None, facet: str | None = None, after: str | None = None
    ) -> Codebook:
        """Put a code with all below it under a parent (None: the top of a facet), after a sibling ("": first)."""
        return verbs.move_code(self, code, parent, facet, after)

    def merge_codes(self, codes: str | Code | Iterable[str | Code], into: str | Code) -> Codebook:
        """Merge codes into one: they retire, their codings count as it, their sub-codes go below it."""
        return verbs.merge_codes(self, codes, into)

    def split_code(self, code: str | Code, into: Iterable[str | Code]) -> Codebook:
        """Retire a code in favour of several that are already there."""
        return verbs.split_code(self, code, into)

    def retire_code(self, code: str | Code) -> Codebook:
        """Take a code out of use; its codings stay and count."""
        return verbs.retire_code(self, code)

    def remove_code(self, code: str | Code) -> Codebook:
        """Take a code out of the codebook; only to undo its making, before anything names it."""
        return verbs.remove_code(self, code)


def default_codebook() -> Codebook:
    """Return the codebook of a new study: one facet, "open codes", without codes.

    Examples
    --------
    >>> default_codebook().facets[0].id
    'open-codes'
    """
    return Codebook((Facet("open-codes", "open codes"),))


def _fold(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()


def _depth_first(facets: Iterable[Facet], codes: tuple[Code, ...]) -> tuple[Code, ...]:
    """Return the codes so that each is followed by those below it; siblings keep their order."""
    ids = {code.id for code in codes}
    below: dict[str | None, list[Code]] = {}
    for code in codes:
        below.setdefault(code.parent if code.parent in ids else None, []).append(code)
    rank = {facet.id: number for number, facet in enumerate(facets)}
    roots = sorted(below.get(None, []), key=lambda code: rank.get(code.facet, len(rank)))
    ordered: dict[int, Code] = {}

    def place(code: Code) -> None:
        if id(code) not in ordered:
            ordered[id(code)] = code
            for child in below.get(code.id, []):
                place(child)

    for code in (*roots, *codes):  # the second round finds circles, which `check` reports
        place(code)
    return tuple(ordered.values())
