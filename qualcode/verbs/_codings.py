"""Codings: put codes on passages, change them, take them off."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from qualcode.coding import Coding, Row, check_stance, new_id, now
from qualcode.errors import FileProblems, InvalidValue, Problem, QualcodeError, UnknownCode
from qualcode.places import Where, find_span
from qualcode.span import Span
from qualcode.verbs._base import memo_text, one_line
from qualcode.verbs._codebook import OPEN_CODES, CodebookVerbs
from qualcode.verbs._rows import is_empty, place_in, refuse_mistyped, table_rows
from qualcode.verbs._texts import TextVerbs

if TYPE_CHECKING:
    import pandas as pd

    from qualcode.change import Change


class CodingVerbs(CodebookVerbs, TextVerbs):
    """The verbs about codings."""

    def code(
        self,
        source: str,
        where: Where,
        code: str,
        *,
        coder: str | None = None,
        stance: str = "supports",
        memo: str | None = None,
        create: bool = False,
        origin: str = "hand",
    ) -> str:
        """Put a code on a passage.

        Coding the same passage with the same code again changes nothing and returns the coding there
        is, so a notebook can be run twice.

        Parameters
        ----------
        source
            Id of the source.
        where
            A quote (it must be in the text exactly once), ``(start, end)`` or a Span in characters,
            ``qc.turn(12)``, ``qc.turn(12, 14)`` or ``qc.at("00:01:02")``.
        code
            Id, name, alias or path ("Trust > Broken trust") of a code.
        coder
            Whose coding it is; else the coder of the session.
        stance
            "supports", "counters" (the passage says the opposite) or "mixed".
        memo
            A thought about this coding, kept as a memo.
        create
            Make the code (in the facet of open codes) where there is none of this name.
        origin
            How the coding came about; "hand" unless a program did it.

        Returns
        -------
        str
            Id of the coding.

        Raises
        ------
        QuoteError
            If the quote is not in the text, or more than once.
        UnknownSource, UnknownCode, InvalidValue
            If there is no such source, code, place or stance.
        """
        who = self._who(coder)
        check_stance(stance)
        with self._writer.batch():
            span = find_span(self.transcript(source), where)
            code_id = self._code_id(code, create, who)
            with self._writer.change(
                "code", who, source=source, start=span.start, end=span.end, code=code_id
            ) as change:
                self._register(change, who)
                id_, new = self._put_coding(change, who, source, span, code_id, stance, origin)
                if not new:
                    change.take_back()
                change.about["coding"] = id_
                if memo and (new or not self._has_memo(who, id_, memo)):
                    self._put_memo(change, who, memo, ("coding:" + id_,), "coding")
        return id_

    def code_many(
        self,
        table: pd.DataFrame | Iterable[Mapping[str, Any]],
        *,
        coder: str | None = None,
        origin: str = "script",
    ) -> list[str]:
        """Put codes on many passages in one step: all of them, or none where one is wrong.

        Parameters
        ----------
        table
            Columns source and code; the place as quote, as start and end, as turn (and last_turn), or as
            time; and, where wanted, stance and memo. Empty cells do not count.
        coder
            Whose codings they are; else the coder of the session.
        origin
            How they came about.

        Returns
        -------
        list of str
            Ids of the codings, in the order of the table.

        Raises
        ------
        FileProblems
            With every row that cannot be coded; nothing is then changed.
        """
        who = self._who(coder)
        records = table_rows(table)
        refuse_mistyped(records, _COLUMNS)
        ids: list[str] = []
        problems: list[Problem] = []
        with self._writer.change("code many", who, codings=len(records)) as change:
            self._register(change, who)
            for number, record in enumerate(records, start=1):
                row = {str(key): value for key, value in record.items() if not is_empty(value)}
                try:
                    missing = [name for name in ("source", "code") if name not in row]
                    if missing:
                        raise InvalidValue(f"{' and '.join(missing)} missing")
                    source = str(row["source"])
                    span = find_span(self.transcript(source), place_in(row))
                    code_id = self._code_id(str(row["code"]), False, who)
                    stance = check_stance(str(row.get("stance", "supports")))
                    id_, new = self._put_coding(change, who, source, span, code_id, stance, origin)
                    if "memo" in row and (new or not self._has_memo(who, id_, str(row["memo"]))):
                        self._put_memo(change, who, str(row["memo"]), ("coding:" + id_,), "coding")
                    ids.append(id_)
                except (QualcodeError, ValueError, TypeError) as error:
                    problems.append(Problem("table", str(number), str(error)))
            if problems:
                raise FileProblems(problems)
        return ids

    def uncode(self, coding: str | Iterable[str], *, coder: str | None = None) -> None:
        """Take codings off, by their ids. Memos on them stay, without a target that is gone.

        Raises
        ------
        NotFound
            If there is no such coding.
        Refused
            If it is another coder's.
        """
        who = self._who(coder)
        ids = _each_once(coding)
        with self._writer.change("uncode", who, codings=ids) as change:
            for id_ in ids:
                owner, source, row = self._own(id_, who)
                change.about.setdefault("source", source)
                change.about.setdefault("code", row["code"])
                change.remove_row(owner, source, id_)
            self._drop_targets(change, who, {f"coding:{id_}" for id_ in ids})

    def recode(self, coding: str | Iterable[str], code: str, *, coder: str | None = None) -> None:
        """Give a coding, or several in one step, another code; their ids and places stay.

        Parameters
        ----------
        coding
            Id of a coding of your own, or several: then all are changed, or none where one cannot be.
        code
            Id, name, alias or path of the code.

        Raises
        ------
        NotFound, Refused
            If there is no such coding, or it is another coder's.
        InvalidValue
            If a coding would become the same as another one, or the code cannot be given.
        """
        who, ids = self._who(coder), _each_once(coding)
        with self._writer.change("recode", who, **_about(coding, ids)) as change:
            code_id = self._code_id(code, False, who)
            change.about["code"] = code_id
            for id_ in ids:
                owner, source, row = self._own_here(change, id_, who)
                change.about.setdefault("source", source)
                change.about.setdefault("before", row["code"])
                self._pin_code(change, code_id)
                new = {"code": code_id, "codebook": self._codebook_state()}
                self._replace(change, owner, source, row, new)

    def resize(self, coding: str, where: Where, *, coder: str | None = None) -> None:
        """Give a coding other borders; its id and code stay."""
        who = self._who(coder)
        with self._writer.change("resize", who, coding=coding) as change:
            owner, source, row = self._own_here(change, coding, who)
            text = self.transcript(source)
            span = find_span(text, where)
            change.about |= {"source": source, "start": span.start, "end": span.end, "code": row["code"]}
            self._replace(
                change,
                owner,
                source,
                row,
                {"start": str(span.start), "end": str(span.end), "version": text.version},
            )

    def set_stance(self, coding: str | Iterable[str], stance: str, *, coder: str | None = None) -> None:
        """Say whether the passage of a coding supports what the code says, counters it, or both.

        Several ids are one step: all are changed, or none where one cannot be.
        """
        who, ids = self._who(coder), _each_once(coding)
        check_stance(stance)
        with self._writer.change("set stance", who, **_about(coding, ids), stance=stance) as change:
            for id_ in ids:
                owner, source, row = self._own_here(change, id_, who)
                self._replace(change, owner, source, row, {"stance": stance})

    def coding(self, id: str) -> Coding:
        """Return one coding as it is stored.

        Raises
        ------
        NotFound
            If there is no such coding.
        """
        self._study.refresh()
        owner, source, row = self._row(id)
        span = Span(int(row["start"]), int(row["end"]))
        return Coding(
            row["id"], source, span, row["version"], row["code"], owner, row["created"], row["codebook"],
            row["stance"], row["origin"],
        )  # fmt: skip

    # -- helpers ---------------------------------------------------------------------------------

    def _has_memo(self, author: str, coding: str, text: str) -> bool:
        """Whether this thought is there already: the same cell of a notebook was run again."""
        words, target = memo_text(text), f"coding:{coding}"
        return any(
            memo.author == author and target in memo.targets and memo.text == words
            for memo in self._study.memos.values()
        )

    def _code_id(self, code: str, create: bool, who: str) -> str:
        codebook = self._study.codebook
        try:
            found = codebook.code(code)
        except UnknownCode:
            if not create:
                raise
            return self._born_code(one_line(code, "code"), who)
        if found.merged_into:
            found = codebook.code(codebook.resolve(found.id))
        if found.retired or found.split_into:
            raise InvalidValue(
                f"The code '{found.name}' is retired{self._successor(found)}. It cannot be given any more."
            )
        if not found.codable:
            raise InvalidValue(
                f"'{found.name}' is a heading of the codebook, not for coding (codable: no). "
                f"Use one of its codes: {', '.join(c.name for c in codebook.children(found.id)) or 'it has none'}."
            )
        return found.id

    def _born_code(self, name: str, who: str) -> str:
        """Make a code that was born while reading: in the facet of open codes, which is made where it is missing."""
        facets = [facet.id for facet in self._study.codebook.facets]
        near = _mistyped(name, [code.name for code in self._study.codebook.active])
        if near:
            warnings.warn(
                f"A new code '{name}' was made, and there is '{near}'. If that was meant: undo(), and code again.",
                stacklevel=5,
            )
        if OPEN_CODES not in facets and len(facets) != 1:
            self.new_facet("open codes", id=OPEN_CODES, coder=who)
        return self.new_code(name, coder=who)

    def _successor(self, code: Any) -> str:
        codebook = self._study.codebook
        if code.split_into:
            return ": it was split into " + ", ".join(f"'{codebook.code(c).name}'" for c in code.split_into)
        return ""

    def _same(self, coder: str, source: str, span: Span, code_id: str) -> Row | None:
        held = self._study.codings.get((coder, source))
        start, end, book = str(span.start), str(span.end), self._study.codebook
        here = self._version_here(source)
        for row in held.rows.values() if held else ():
            if (row["start"], row["end"], row["version"]) == (start, end, here) and book.resolve(
                row["code"]
            ) == code_id:
                return row
        return None

    def _check_exclusive(self, coder: str, source: str, span: Span, code_id: str, but: str = "") -> None:
        codebook = self._study.codebook
        code = codebook.code(code_id)
        if not codebook.facet(code.facet).exclusive:
            return
        held = self._study.codings.get((coder, source))
        for row in held.rows.values() if held else ():
            place = (str(span.start), str(span.end), self._version_here(source))
            if row["id"] == but or (row["start"], row["end"], row["version"]) != place:
                continue
            other = codebook.code(codebook.resolve(row["code"]))
            if other.facet == code.facet and other.id != code_id:
                raise InvalidValue(
                    f"The facet '{codebook.facet(code.facet).name}' takes one code a passage, and [{span.start}, "
                    f"{span.end}) of {source} already has '{other.name}'. Use project.recode('{row['id']}', ...)."
                )

    def _put_coding(
        self, change: Change, coder: str, source: str, span: Span, code_id: str, stance: str, origin: str
    ) -> tuple[str, bool]:
        self._carry_forward(change, coder, source)
        there = self._same(coder, source, span, code_id)
        if there is not None:
            if there["stance"] != stance:
                raise InvalidValue(
                    f"The passage is already coded with '{self._study.codebook.code(code_id).name}', stance "
                    f"{there['stance']}. Use project.set_stance('{there['id']}', '{stance}')."
                )
            return there["id"], False
        self._check_exclusive(coder, source, span, code_id)
        self._pin_code(change, code_id)
        row = {
            "id": new_id(),
            "start": str(span.start),
            "end": str(span.end),
            "version": self._version_here(source),
            "code": code_id,
            "created": now(),
            "codebook": self._codebook_state(),
            "stance": stance,
            "origin": one_line(origin, "origin"),
        }
        change.add_row(coder, source, row)
        return row["id"], True

    def _own_here(self, change: Change, id_: str, who: str) -> tuple[str, str, Row]:
        """Return coder, source and row of a coding that is one's own, on the text that is here where it can be."""
        owner, source, _ = self._own(id_, who)
        self._carry_forward(change, owner, source)
        return self._own(id_, who)

    def _replace(self, change: Change, coder: str, source: str, row: Row, new: Mapping[str, str]) -> None:
        changed = {**row, **new}
        span = Span(int(changed["start"]), int(changed["end"]))
        if changed["version"] != self._version_here(source):
            change.add_row(coder, source, changed)  # its place is not known here; nothing to compare it with
            return
        same = self._same(coder, source, span, changed["code"])
        if same is not None and same["id"] != row["id"]:
            raise InvalidValue(
                f"The coding would become the same as {same['id']} (same passage, same code). Use project.uncode('{row['id']}')."
            )
        self._check_exclusive(coder, source, span, changed["code"], but=row["id"])
        change.add_row(coder, source, changed)


_COLUMNS = ("source", "code", "quote", "start", "end", "turn", "last_turn", "time", "stance", "memo")


def _each_once(coding: str | Iterable[str]) -> list[str]:
    return [coding] if isinstance(coding, str) else list(dict.fromkeys(coding))


def _about(coding: str | Iterable[str], ids: list[str]) -> dict[str, Any]:
    """Return what an event of the log names: one coding, or a list of them."""
    return {"coding": coding} if isinstance(coding, str) else {"codings": ids}


def _mistyped(name: str, known: Iterable[str]) -> str:
    """Return the known name that a new one is a slip of the hand away from, or "".

    Examples
    --------
    >>> _mistyped("Fundign", ["Funding"]), _mistyped("Open 12", ["Open 1"]), _mistyped("Funds", ["Funding"])
    ('Funding', '', '')
    """
    from rapidfuzz.distance import OSA

    for other in known:
        one, two = name.casefold(), other.casefold()
        if len(one) > 4 and OSA.distance(one, two) == 1 and re.sub(r"\D", "", one) == re.sub(r"\D", "", two):
            return other
    return ""
