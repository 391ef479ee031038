"""The team and its trail: coders, who was given what, memos, history, undo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qualcode import folder as paths
from qualcode.coding import Coder, is_position
from qualcode.errors import InvalidValue
from qualcode.identity import check_coder_id, known_coder
from qualcode.log import Event, history_frame, parse_log
from qualcode.memo import check_target
from qualcode.study import STATES
from qualcode.verbs._base import coder_toml, one_line
from qualcode.verbs._corrections import CorrectionVerbs
from qualcode.verbs._survey import SurveyVerbs
from qualcode.verbs._withdrawal import WithdrawalVerbs

if TYPE_CHECKING:
    import pandas as pd


class TeamVerbs(CorrectionVerbs, SurveyVerbs, WithdrawalVerbs):
    """The verbs about coders, their work and their notes."""

    def add_coder(
        self,
        id: str,
        name: str | None = None,
        kind: str = "human",
        *,
        model: str = "",
        version: str = "",
        settings: str = "",
        coder: str | None = None,
    ) -> None:
        """Add a coder to the study, or complete what is said of one.

        Parameters
        ----------
        id
            A short word that names the coder's files, for example "ana".
        kind
            "human", "machine" (say model, version and settings), "consensus", or "key" (a planted answer,
            never counted unless it is named).
        """
        check_coder_id(id)
        new = Coder(id, name or id, kind, model, version, settings)
        for other in self._study.coders:
            if other != id and other.casefold() == id.casefold():
                raise InvalidValue(
                    f"The study has a coder '{other}'; some computers cannot keep '{id}' apart from it."
                )
        who = check_coder_id(coder or self._coder or known_coder() or id)
        if who != id:
            who = self._who(who)
        with self._writer.change("add coder", who, added=id, kind=kind) as change:
            change.put(paths.coder_file(id), coder_toml(new))
            if who != id:
                self._register(change, who)

    def assign(
        self, to: str, source: str, part: str | None = None, *, round: str = "", coder: str | None = None
    ) -> None:
        """Give a coder a source (or a part of it, as "turns 1-20") to code."""
        self._set_state(to, source, part, round, "not started", "assign", coder)

    def finish(
        self,
        source: str,
        coder: str | None = None,
        *,
        part: str | None = None,
        round: str = "",
        finished: bool = True,
    ) -> None:
        """Say that a coder has coded all of a source (finished=False: not yet, after all).

        Agreement, and "not found", count only what a coder was given and finished.
        """
        who = self._who(coder)
        self._set_state(who, source, part, round, "finished" if finished else "in progress", "finish", who)

    def _set_state(
        self, to: str, source: str, part: str | None, round_: str, state: str, verb: str, coder: str | None
    ) -> None:
        assert state in STATES
        who = self._who(coder)
        to = self._who(to)
        with self._writer.change(verb, who, source=source, to=to, state=state) as change:
            self._source(source)
            self._register(change, who)
            self._register(change, to)
            rows = [dict(row) for row in self._study.progress.get(to, [])]
            part = one_line(part, "part") if part else ""
            round_ = one_line(round_, "round") if round_ else ""
            for row in rows:
                if (row["source"], row["part"], row["round"]) == (source, part, round_):
                    if verb == "assign":
                        return
                    row["state"] = state
                    break
            else:
                rows.append({"source": source, "part": part, "round": round_, "state": state})
            self._put_progress(change, to, rows)

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

    def history(
        self,
        *,
        coder: str | None = None,
        source: str | None = None,
        code: str | None = None,
        coding: str | None = None,
        verb: str | None = None,
    ) -> pd.DataFrame:
        """Return who did what, oldest first: time, coder, verb, about, id.

        Parameters
        ----------
        coder, source, code, coding, verb
            Only the events of this coder, about this source, code or coding, or of this verb.
        """
        self._study.refresh()
        if code is not None:
            code = self._study.codebook.code(code).id
        events = [
            event
            for event in self._all_events()
            if (coder is None or event.coder == coder)
            and (verb is None or event.verb == verb)
            and (source is None or _mentions(event, source))
            and (code is None or _mentions(event, code))
            and (coding is None or _mentions(event, coding))
        ]
        return history_frame(events)

    def _all_events(self) -> list[Event]:
        events: list[Event] = []
        for file in self._folder.list_files(["data/log"]):
            if file.endswith(".jsonl") and file.count("/") == 2:
                events += parse_log(self._folder.read(file) or b"", file)
        return sorted(events, key=lambda event: (event.time, event.id))

    def undo(self, steps: int = 1, *, past_merge: bool = False, coder: str | None = None) -> pd.DataFrame:
        """Take back one's own newest steps; return what was taken back, as `history` shows it.

        A batch is one step. What is undone can be redone until something new is done. A merge with another
        copy cannot be taken back; with `past_merge` the steps before it can.

        Raises
        ------
        Refused
            If there is nothing to undo, or another coder builds on it. Nothing is then changed.
        """
        return history_frame(self._writer.undo(self._who(coder), steps, past_merge))

    def redo(self, steps: int = 1, *, coder: str | None = None) -> pd.DataFrame:
        """Do again what was undone last."""
        return history_frame(self._writer.redo(self._who(coder), steps))


def _mentions(event: Event, id_: str) -> bool:
    for value in event.about.values():
        if value == id_ or (isinstance(value, list) and id_ in value):
            return True
    for file, rows in event.rows.items():
        if file.endswith(f"/{id_}.csv"):
            return True
        if any(
            id_ in (row["id"], row.get("code"), row.get("coding")) for row in (*rows.added, *rows.removed)
        ):
            return True
    return False
