"""The codebook: make codes, order them, join and split them. No verb rewrites another coder's codings."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from qualcode import folder as paths
from qualcode.codebook_file import (
    codebook_from_yaml,
    codebook_to_yaml,
    pin_id,
    read_codebook,
    write_codebook,
)
from qualcode.codebook_values import clean_text
from qualcode.coding import is_position
from qualcode.csvtext import decode, utf8
from qualcode.dangling import dangling
from qualcode.errors import FolderError, InvalidValue, Refused, UnknownCode
from qualcode.verbs._base import Verbs, one_line

if TYPE_CHECKING:
    from qualcode.change import Change
    from qualcode.codebook import Code, Codebook

OPEN_CODES = "open-codes"
"""The facet where codes born while reading go."""


class CodebookVerbs(Verbs):
    """The verbs about codes and facets."""

    def new_facet(self, name: str, *, coder: str | None = None, **fields: Any) -> str:
        """Add a facet (a tree of codes of one sort); return its id.

        Parameters
        ----------
        name
            For example "Theme".
        **fields
            `id`, `exclusive` (one code a passage), `scale`, `note`.
        """
        who = self._who(coder)
        with self._writer.change("new facet", who, name=name) as change:
            before = {facet.id for facet in self._study.codebook.facets}
            book = self._study.codebook.new_facet(one_line(name, "facet"), **fields)
            self._put_codebook(change, who, book)
            made = next(facet.id for facet in book.facets if facet.id not in before)
            change.about["facet"] = made
        return made

    def new_code(
        self,
        name: str,
        parent: str | None = None,
        *,
        facet: str | None = None,
        in_vivo: bool = False,
        coder: str | None = None,
        **fields: Any,
    ) -> str:
        """Add a code; return its id.

        Parameters
        ----------
        name
            For example "Broken trust".
        parent
            The code above it (id, name or path); else it stands at the top of its facet.
        facet
            The facet; else that of the parent, else that of open codes, else the only one there is.
        in_vivo
            Whether the name is a participant's own words.
        **fields
            `definition`, `include`, `exclude`, `examples`, `aliases`, `colour`, `key`, `icon`, `note`,
            `codable`, `counts_as` (ids or names), `id`.

        Raises
        ------
        InvalidValue
            If the name is taken beside it, or the facet is not clear.
        """
        who = self._who(coder)
        with self._writer.change("new code", who, name=name) as change:
            book = self._study.codebook
            if parent is not None:
                parent = book.code(parent).id
            if facet is None and parent is None:
                facet = self._default_facet(book)
            before = {code.id for code in book.codes}
            book = book.new_code(
                one_line(name, "code"), facet=facet, parent=parent, in_vivo=in_vivo, **fields
            )
            self._put_codebook(change, who, book)
            made = next(code.id for code in book.codes if code.id not in before)
            change.about["code"] = made
        return made

    def change_code(self, code: str, *, coder: str | None = None, **fields: Any) -> None:
        """Change the definition, include, exclude, examples, colour, icon, ... of a code."""
        who = self._who(coder)
        with self._writer.change("change code", who, fields=sorted(fields)) as change:
            id_ = self._about_code(change, code)
            self._put_codebook(change, who, self._study.codebook.change_code(id_, **fields))

    def rename_code(self, code: str, name: str, *, keep_alias: bool = True, coder: str | None = None) -> None:
        """Give a code another name; its id and codings stay, the old name finds it still."""
        who = self._who(coder)
        with self._writer.change("rename code", who, name=name) as change:
            id_ = self._about_code(change, code)
            book = self._study.codebook.rename_code(id_, one_line(name, "code"), keep_alias=keep_alias)
            self._put_codebook(change, who, book)

    def move_code(
        self,
        code: str,
        parent: str | None = None,
        *,
        facet: str | None = None,
        after: str | None = None,
        coder: str | None = None,
    ) -> None:
        """Put a code, with all below it, under another parent (None: at the top of its facet).

        Parameters
        ----------
        code
            The code.
        parent
            The code it comes under.
        facet
            With ``parent=None``: the facet at whose top it comes.
        after
            The code that it comes after among its new siblings; "" puts it first. Without: last.
        """
        who = self._who(coder)
        with self._writer.change("move code", who) as change:
            book = self._study.codebook
            id_ = self._about_code(change, code)
            parent_id = book.code(parent).id if parent is not None else None
            after_id = book.code(after).id if after else after
            change.about["parent"] = parent_id or ""
            self._put_codebook(
                change, who, book.move_code(id_, parent=parent_id, facet=facet, after=after_id)
            )

    def merge_codes(self, codes: str | Sequence[str], into: str, *, coder: str | None = None) -> None:
        """Join codes into one. They stay in the codebook, retired, and all codings count as the one.

        Nobody's codings are rewritten; codings that thereby become equal count once.
        """
        who = self._who(coder)
        with self._writer.change("merge codes", who) as change:
            book = self._study.codebook
            ids = [book.code(code).id for code in ([codes] if isinstance(codes, str) else codes)]
            target = book.code(into).id
            change.about |= {"codes": ids, "code": target}
            self._put_codebook(change, who, book.merge_codes(ids, target))

    def split_code(
        self, code: str, deal: Mapping[str, Iterable[str]], *, coder: str | None = None
    ) -> dict[str, str]:
        """Split a code by dealing your own codings of it onto new codes.

        Parameters
        ----------
        code
            The code to split; it is retired afterwards.
        deal
            Name of a new code (or of one there is) to the ids of your codings that go to it. All your
            codings of the code must be dealt, each once.

        Returns
        -------
        dict
            Name to id of the codes it was split into.

        Notes
        -----
        Codings of other coders stay on the retired code, count as what stands above it, and are listed
        for them by `to_be_dealt`.
        """
        who = self._who(coder)
        with self._writer.change("split code", who) as change:
            book = self._study.codebook
            old = book.code(code)
            dealt = {name: [ids] if isinstance(ids, str) else list(ids) for name, ids in deal.items()}
            if len(dealt) < 2:
                raise InvalidValue("A code is split into at least two. Use project.rename_code for one.")
            counting = [
                c
                for c in book.codes
                if not c.merged_into and old.id in {book.resolve(target) for target in c.counts_as}
            ]
            if counting:
                raise Refused(
                    f"'{old.name}' cannot be split yet: '{counting[0].name}' counts as it, and would count as none of the "
                    f"parts. Take it out first: project.change_code('{counting[0].id}', counts_as=[...])."
                )
            self._check_deal(old, dealt, who)
            new: dict[str, str] = {}
            for name in dealt:
                try:
                    new[name] = book.code(name).id
                except UnknownCode:
                    before = {c.id for c in book.codes}
                    book = book.new_code(one_line(name, "code"), facet=old.facet, parent=old.parent)
                    new[name] = next(c.id for c in book.codes if c.id not in before)
            if old.id in new.values():
                raise InvalidValue(
                    f"'{old.name}' cannot be split into itself. Give the part that stays a name too."
                )
            book = book.split_code(old.id, list(new.values()))
            change.about |= {"code": old.id, "into": list(new.values())}
            self._put_codebook(change, who, book)
            state = self._codebook_state()
            for name, ids in dealt.items():
                for id_ in ids:
                    owner, source, row = self._own(id_, who)
                    change.add_row(owner, source, {**row, "code": new[name], "codebook": state})
        return new

    def _check_deal(self, old: Code, dealt: Mapping[str, list[str]], who: str) -> None:
        given = [id_ for ids in dealt.values() for id_ in ids]
        twice = sorted({id_ for id_ in given if given.count(id_) > 1})
        if twice:
            raise InvalidValue(f"The coding {twice[0]} is dealt twice; each goes to one code.")
        own = {
            id_
            for (coder, _), held in self._study.codings.items()
            if coder == who
            for id_, row in held.rows.items()
            if self._study.codebook.resolve(row["code"]) == old.id
        }
        strange = [id_ for id_ in given if id_ not in own]
        if strange:
            raise InvalidValue(f"{strange[0]} is no coding of '{old.name}' by {who}.")
        left = sorted(own - set(given))
        if left:
            raise InvalidValue(
                f"{len(left)} of {who}'s {len(own)} codings of '{old.name}' are dealt to no code, {left[0]} first. "
                "Deal all of them."
            )

    def to_be_dealt(self, *, coder: str | None = None) -> list[str]:
        """Return the ids of one's own codings whose code somebody else has split."""
        who = self._who(coder)
        self._study.refresh()
        book = self._study.codebook
        split = {code.id for code in book.codes if code.split_into}
        return sorted(
            id_
            for (owner, _), held in self._study.codings.items()
            if owner == who
            for id_, row in held.rows.items()
            if book.resolve(row["code"]) in split
        )

    def retire_code(self, code: str, *, coder: str | None = None) -> None:
        """Take a code out of use; its codings stay and count."""
        who = self._who(coder)
        with self._writer.change("retire code", who) as change:
            id_ = self._about_code(change, code)
            self._put_codebook(change, who, self._study.codebook.retire_code(id_))

    def freeze_codebook(self, note: str, *, coder: str | None = None) -> str:
        """Keep a copy of the codebook as it is now, with a note; return its version ("1", "2", ...)."""
        who = self._who(coder)
        with self._writer.change("freeze codebook", who, note=note) as change:
            there = {*self._folder.list_files(["codebooks"]), *self._study.unwritten}
            frozen = [file for file in there if file.startswith("codebooks/codebook-")]
            ends = [file.removesuffix(".yaml").rsplit("-", 1)[1] for file in frozen]
            numbers = [int(end) for end in ends if is_position(end)]
            version = str(max(numbers, default=0) + 1)
            text = decode(self._codebook_bytes(), paths.CODEBOOK)
            said = clean_text(f"Frozen as version {version}.\n{note}")
            lines = "".join(f"# {line}\n" for line in said.split("\n"))
            change.put(f"codebooks/codebook-{version}.yaml", utf8(lines + text))
            change.about["version"] = version
        return version

    def replace_codebook(
        self, codebook: str | os.PathLike[str] | Codebook, *, coder: str | None = None
    ) -> None:
        """Take another codebook (YAML, CSV or Excel file) for the study.

        Raises
        ------
        FileProblems
            If the file is broken; all problems at once.
        Refused
            If codings use codes that the new codebook lacks; retire or merge those instead.
        """
        who = self._who(coder)
        book = read_codebook(codebook) if isinstance(codebook, str | os.PathLike) else codebook
        with self._writer.change("replace codebook", who) as change:
            before = dangling(self._study)
            self._put_codebook(change, who, book, anew=True)
            lost = {name: by for name, by in dangling(self._study).items() if name not in before}
            if lost:
                what = " and ".join(sorted({thing for by in lost.values() for _, thing in by}))
                raise Refused(
                    f"The new codebook lacks {len(lost)} codes that {what} use, '{min(lost).partition(':')[2]}' first. "
                    "Keep them, marked merged_into or retired."
                )

    def export_codebook(self, path: str | os.PathLike[str]) -> None:
        """Write the codebook as .yaml, .csv or .xlsx."""
        self._study.refresh()
        write_codebook(self._study.codebook, path)

    # -- helpers ---------------------------------------------------------------------------------

    def _about_code(self, change: Change, code: str) -> str:
        id_ = self._study.codebook.code(code).id
        change.about["code"] = id_
        return id_

    def _codebook_bytes(self) -> bytes:
        """Return the codebook's file; a study whose codebook was deleted gets no new one in its place."""
        content = self._study.contents.get(paths.CODEBOOK)
        if content is None:
            raise FolderError(
                f"{paths.CODEBOOK} is missing. Put it back from git or a backup, or take another one with "
                "project.replace_codebook(path)."
            )
        return content

    def _default_facet(self, book: Codebook) -> str:
        self._codebook_bytes()
        ids = [facet.id for facet in book.facets]
        if OPEN_CODES in ids:
            return OPEN_CODES
        if len(ids) == 1:
            return ids[0]
        if not ids:
            raise InvalidValue("The codebook has no facet yet. Make one with project.new_facet('Theme').")
        raise InvalidValue(
            "In which facet shall the new code stand? Give facet= one of "
            f"{', '.join(facet.name for facet in book.facets)}, or parent=."
        )

    def _pin_code(self, change: Change, code: str) -> None:
        """Write the id of a code that is now in use into the codebook: its name may be edited by hand."""
        content = self._study.contents.get(paths.CODEBOOK)
        if content:
            text = content.decode("utf-8")
            change.put(paths.CODEBOOK, pin_id(text, code).encode("utf-8"))

    def _put_codebook(self, change: Change, who: str, book: Codebook, anew: bool = False) -> None:
        previous = self._study.contents.get(paths.CODEBOOK) if anew else self._codebook_bytes()
        self._register(change, who)
        text = codebook_to_yaml(book, decode(previous, paths.CODEBOOK) if previous else None)
        codebook_from_yaml(text, paths.CODEBOOK)
        change.put(paths.CODEBOOK, text.encode("utf-8"))
