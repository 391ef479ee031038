"""Memos: write what you think, change it, take it back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from qualcode import folder as paths
from qualcode.coding import is_position
from qualcode.errors import InvalidValue, NotFound, Refused
from qualcode.memo import Memo, check_target, format_memo
from qualcode.verbs._base import memo_text, one_line
from qualcode.verbs._cases import CaseVerbs
from qualcode.verbs._texts import TextVerbs

if TYPE_CHECKING:
    from qualcode.change import Change


class MemoVerbs(TextVerbs, CaseVerbs):
    """The verbs about memos."""

    def memo(self, text: str, *targets: str, kind: str = "reflection", coder: str | None = None) -> str:
        """Write a memo; return its id.

        Parameters
        ----------
        text
            Markdown. It is kept as written: do not put words of participants in it that may not be shared.
        *targets
            What it is about: "study", "source:P7a", "turn:P7a:12", "span:P7a:120:188", "case:P7a",
            "code:Trust", "coding:<id>"; none for a free memo.
        kind
            "theory", "method", "reflection", "member check", or what the team uses.
        """
        who = self._who(coder)
        if not text.strip():
            raise InvalidValue("The memo is empty. Write what you think.")
        kind = one_line(kind, "kind")
        with self._writer.change("memo", who, kind=kind) as change:
            checked = tuple(self._target(target) for target in targets)
            self._register(change, who)
            id_ = self._put_memo(change, who, text, checked, kind)
            change.about |= {"memo": id_, "targets": list(checked)}
        return id_

    def change_memo(self, memo: str, text: str, *, coder: str | None = None) -> None:
        """Give a memo of yours another text; its id, kind and targets stay.

        Parameters
        ----------
        memo
            Id of the memo, as in `project.memos`.
        text
            Markdown, the whole new text.

        Raises
        ------
        NotFound
            If there is no such memo.
        Refused
            If somebody else wrote it.
        """
        who = self._who(coder)
        if not text.strip():
            raise InvalidValue(f"The memo would be empty. Use project.remove_memo('{memo}') to take it away.")
        with self._writer.change("change memo", who, memo=memo) as change:
            self._rewrite_memo(change, replace(self._own_memo(memo, who), text=memo_text(text)))

    def remove_memo(self, memo: str, *, coder: str | None = None) -> None:
        """Take a memo of yours away; `undo` brings it back.

        Raises
        ------
        NotFound
            If there is no such memo.
        Refused
            If somebody else wrote it.
        """
        who = self._who(coder)
        with self._writer.change("remove memo", who, memo=memo) as change:
            change.put(paths.memo_file(who, self._own_memo(memo, who).id), None)

    def _own_memo(self, id_: str, who: str) -> Memo:
        memo = self._study.memos.get(id_)
        if memo is None:
            raise NotFound(f"There is no memo {id_!r}. Ids of memos stand in project.memos.")
        if memo.author != who:
            raise Refused(
                f"The memo {id_} is {memo.author}'s, and {who} cannot change it. Write one of your own, or ask {memo.author}."
            )
        return memo

    def _rewrite_memo(self, change: Change, memo: Memo) -> None:
        change.put(paths.memo_file(memo.author, memo.id), format_memo(memo))

    def _target(self, target: str) -> str:
        kind, _, rest = check_target(target).partition(":")
        if kind == "code":
            return f"code:{self._study.codebook.code(rest).id}"
        if kind == "coding":
            self._row(rest)
        elif kind == "case":
            self._case_row(rest)
        elif kind in ("source", "turn", "span"):
            source, *numbers = rest.split(":")
            record = self._source(source)
            if kind == "turn":
                if len(numbers) == 2 and numbers[0] in record.versions and is_position(numbers[1]):
                    return target
                here = self._version_here(source)
                turns, _ = self._study.turn_set(source, here)
                if len(numbers) != 1 or not is_position(numbers[0]) or not 1 <= int(numbers[0]) <= len(turns):
                    raise InvalidValue(
                        f"{source} has no such turn in {target!r}; its turns are 1 to {len(turns)}."
                    )
                return f"turn:{source}:{here}:{int(numbers[0])}"
            if kind == "span":
                if len(numbers) == 2:
                    numbers = [self._version_here(source), *numbers]
                if len(numbers) != 3 or not all(map(is_position, numbers[1:])):
                    raise InvalidValue(f"Write the span in {target!r} as span:{source}:START:END.")
                version, start, end = numbers
                if int(start) >= int(end) or (version == record.version and int(end) > record.length):
                    raise InvalidValue(
                        f"{source} has no such span in {target!r}; it begins before it ends, and at most at "
                        f"{record.length}."
                    )
                return f"span:{source}:" + ":".join(numbers)
        return target
