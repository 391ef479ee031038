"""The team and its trail: coders, history, undo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qualcode import folder as paths
from qualcode.coding import Coder
from qualcode.errors import InvalidValue
from qualcode.identity import check_coder_id, known_coder
from qualcode.log import Event, history_frame, parse_log
from qualcode.verbs._assignments import AssignmentVerbs
from qualcode.verbs._base import coder_toml
from qualcode.verbs._corrections import CorrectionVerbs
from qualcode.verbs._memos import MemoVerbs
from qualcode.verbs._survey import SurveyVerbs
from qualcode.verbs._withdrawal import WithdrawalVerbs

if TYPE_CHECKING:
    import pandas as pd


class TeamVerbs(AssignmentVerbs, MemoVerbs, CorrectionVerbs, SurveyVerbs, WithdrawalVerbs):
    """The verbs about coders and their work."""

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
