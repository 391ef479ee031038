"""Suggestions: what assistants propose is kept, and a person accepts, rejects or changes it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import tomlkit

from qualcode import folder as paths
from qualcode.coding import Coder, Row, check_stance, now
from qualcode.csvtext import utf8
from qualcode.errors import FileProblems, InvalidValue, NotFound, Problem, QualcodeError, Refused
from qualcode.frames import decided
from qualcode.identity import check_coder_id
from qualcode.places import Where, find_span
from qualcode.span import Span
from qualcode.study import RowFile
from qualcode.suggestion import (
    Suggestion,
    format_score,
    format_suggestions,
    parse_suggestion,
    suggestion_faults,
    suggestion_id,
)
from qualcode.verbs._base import coder_toml, one_line
from qualcode.verbs._rows import is_empty, place_in, refuse_mistyped, table_rows
from qualcode.verbs._team import TeamVerbs

if TYPE_CHECKING:
    import pandas as pd

    from qualcode.change import Change

_COLUMNS = (
    "source", "code", "quote", "start", "end", "turn", "last_turn", "time", "version", "score", "rank", "reason",
    "evidence",
)  # fmt: skip

_OF_TURNS = ("id", "assistant", "speaker", "role", "case", "begins", "ends", "text")
"""Columns of the tables that an assistant reads; they may stand beside and are not kept."""

_ORIGINS = ("hand", "script", "import")
"""What the origin of a coding may say already, so no assistant can be called so."""


class SuggestionVerbs(TeamVerbs):
    """The verbs about suggestions."""

    def add_suggestions(
        self,
        table: pd.DataFrame | Iterable[Mapping[str, Any]],
        *,
        assistant: str,
        version: str,
        settings: str | Mapping[str, Any] | None = None,
        model: str = "",
        training: str = "",
        coder: str | None = None,
    ) -> list[str]:
        """Keep what an assistant suggests: all rows in one step, or none where one is wrong.

        Suggestions are no codings and count nowhere. The same suggestion of the same state of an assistant is
        kept once, so a notebook can be run twice. `undo` takes the whole step back.

        Parameters
        ----------
        table
            Columns source and code (an empty cell says "probably nothing here"); the place as for `code_many`;
            and, where the assistant can say it: score (0 to 1), rank (1 for the likeliest code of a passage),
            reason (names such as "rule:waiting", after a "-" what spoke against it), evidence (references such as
            "coding:ID", "code:Trust", "span:P7a:120:188"), version (of the text that was read). Lists, or text
            with blanks between. Other columns, as those of `turns`, are not kept: no words of a transcript may
            stand beside a suggestion.
        assistant
            Id of the assistant. It becomes a coder of kind machine where the study does not have it.
        version
            Which state of the assistant made them.
        settings
            How it was set; text, or a dictionary that can be written as JSON.
        model
            What it is, or which model it asked.
        training
            Hash of what it was trained on, "" where it was not.
        coder
            Who let it work; else the coder of the session.

        Returns
        -------
        list of str
            Ids of the suggestions, in the order of the table.

        Raises
        ------
        FileProblems
            With every row that cannot be kept; nothing is then changed.
        InvalidValue
            If the study has a coder of this id who is no machine.
        Refused
            If qualcode.toml says ``assist = "off"``.
        """
        who = self._who(coder)
        check_coder_id(assistant)
        training = one_line(training, "hash of the training data") if training else ""
        records = table_rows(table)
        refuse_mistyped(records, (*_COLUMNS, *_OF_TURNS))
        ids: list[str] = []
        problems: list[Problem] = []
        with self._writer.change("add suggestions", who, assistant=assistant, version=version) as change:
            self._need_assist()
            machine = self._machine(assistant, model, version, settings)
            held: dict[str, RowFile] = {}
            made: dict[str, dict[tuple[str, ...], str]] = {}
            for number, record in enumerate(records, start=1):
                try:
                    source, row = self._suggested_row(record, who)
                    row |= {"assistant_version": machine.version, "training": training}
                    if source not in held:
                        held[source], made[source] = self._suggested_in(assistant, source)
                    id_ = made[source].setdefault(_same(row), suggestion_id(assistant, source, row))
                    ids.append(id_)
                    held[source].rows.setdefault(id_, {**row, "id": id_})
                except (QualcodeError, ValueError, TypeError) as error:
                    problems.append(Problem("table", str(number), str(error)))
            if problems:
                raise FileProblems(problems)
            self._register(change, who)
            self._put_machine(change, machine)
            new = set(ids) - set(self._study.suggested)
            for source, file in held.items():
                for code in sorted({row["code"] for row in file.rows.values() if row["id"] in new} - {""}):
                    self._pin_code(change, code)
                content = format_suggestions(file.extra, file.rows.values())
                change.put(paths.suggestions_file(assistant, source), content)
            change.about |= {"sources": sorted(held), "suggestions": len(new)}
        return ids

    def suggestion(self, id: str) -> Suggestion:
        """Return one suggestion as it is stored, with its status.

        Raises
        ------
        NotFound
            If there is no such suggestion.
        """
        self._study.refresh()
        assistant, source, row = self._suggestion_row(id)
        return parse_suggestion(row, source, assistant, decided(self._study)[0].get(id, "open"))

    def accept(
        self, suggestion: str, *, stance: str = "supports", memo: str | None = None, coder: str | None = None
    ) -> str | None:
        """Accept a suggestion: it becomes a coding of yours, whose origin names the assistant.

        Accepting "probably nothing here" makes no coding.

        Parameters
        ----------
        suggestion
            Id of the suggestion.
        stance
            "supports", "counters" or "mixed", as for `code`.
        memo
            A thought about the coding.
        coder
            Whose decision it is; else the coder of the session.

        Returns
        -------
        str or None
            Id of the coding. Where you had coded the passage so already, that of this coding.

        Raises
        ------
        InvalidValue
            If its place in the text of this copy is not sure, its code is retired, or you decided otherwise before.
        Refused
            If the coder is no person, or qualcode.toml says ``assist = "off"``.
        """
        return self._decide(suggestion, "accepted", None, None, stance, memo, coder)

    def change(
        self,
        suggestion: str,
        *,
        code: str | None = None,
        where: Where | None = None,
        stance: str = "supports",
        memo: str | None = None,
        coder: str | None = None,
    ) -> str:
        """Accept a suggestion with another code, other borders, or both; parameters as for `accept` and `code`.

        Returns
        -------
        str
            Id of the coding.

        Raises
        ------
        InvalidValue
            If neither `code` nor `where` is given, or no code comes of it.
        """
        if code is None and where is None:
            raise InvalidValue("change: say what is to be another: code=, where=, or both.")
        made = self._decide(suggestion, "changed", code, where, stance, memo, coder)
        assert made is not None
        return made

    def reject(self, suggestion: str, *, coder: str | None = None) -> None:
        """Reject a suggestion. It stays on record, for assistants learn from it."""
        self._decide(suggestion, "rejected", None, None, "supports", None, coder)

    def reopen(self, suggestion: str, *, coder: str | None = None) -> None:
        """Take your decision on a suggestion back; a coding that came of it goes as well.

        Raises
        ------
        InvalidValue
            If you did not decide on it.
        """
        who = self._who(coder)
        with self._writer.change("reopen", who, suggestion=suggestion) as change:
            assistant, source, _ = self._suggestion_row(suggestion)
            file = paths.decisions_file(who, assistant, source)
            decision = self._study.rows_of(file).rows.get(suggestion)
            if decision is None:
                raise InvalidValue(f"{who} has not decided on the suggestion {suggestion}.")
            coding = decision["coding"]
            change.about |= {"source": source, "before": decision["decision"], "coding": coding}
            change.remove_row_from(file, suggestion)
            codings = self._study.codings.get((who, source))
            row = codings.rows.get(coding) if codings else None
            if row is not None and row["origin"] == assistant and not self._came_of_another(who, coding):
                change.remove_row(who, source, coding)
                self._drop_targets(change, who, {f"coding:{coding}"})

    # -- helpers ---------------------------------------------------------------------------------

    def _need_assist(self) -> None:
        if not self._study.assists:
            raise Refused(
                f'{paths.SETTINGS} says assist = "off": this study neither takes nor shows suggestions. Write assist = "on" '
                "there if the team wants them."
            )

    def _machine(
        self, assistant: str, model: str, version: str, settings: str | Mapping[str, Any] | None
    ) -> Coder:
        """Return what data/coders/<assistant>.toml shall say; what is not given stays as it is."""
        if assistant.casefold() in _ORIGINS:
            raise InvalidValue(
                f"An assistant cannot be called {assistant!r}; origins of codings are called so."
            )
        for other in self._study.coders.values():
            if other.id != assistant and other.id.casefold() == assistant.casefold():
                raise InvalidValue(
                    f"The study has a coder '{other.id}'; some computers cannot keep '{assistant}' apart from it."
                )
        known = self._study.coders.get(assistant)
        if known is not None and known.kind != "machine":
            raise InvalidValue(
                f"'{assistant}' is a coder of kind {known.kind}, and only a machine makes suggestions. Give the assistant "
                "an id of its own."
            )
        if isinstance(settings, Mapping):
            settings = json.dumps(dict(settings), sort_keys=True, ensure_ascii=False, default=str)
        return Coder(
            assistant,
            known.name if known else assistant,
            "machine",
            one_line(model, "model") if model else known.model if known else "",
            one_line(version, "version of the assistant"),
            one_line(settings, "settings") if settings else known.settings if known else "",
        )

    def _put_machine(self, change: Change, machine: Coder) -> None:
        file, known = paths.coder_file(machine.id), self._study.coders.get(machine.id)
        if known is None:
            change.put(file, coder_toml(machine))
        elif known != machine:
            document = tomlkit.parse(self._study.contents[file].decode("utf-8-sig"))
            told = {key: getattr(machine, key) for key in ("model", "version", "settings")}
            document.update({key: value for key, value in told.items() if value})
            change.put(file, utf8(tomlkit.dumps(document)))

    def _suggested_row(self, record: Mapping[Any, Any], who: str) -> tuple[str, Row]:
        """Return the source and the row that a record of a table says, without an id and its assistant."""
        row = {str(key): value for key, value in record.items() if not is_empty(value)}
        if "source" not in row or "code" not in {str(key) for key in record}:
            raise InvalidValue(
                "source and code must be columns; an empty code says 'probably nothing here'"
                if "source" in row
                else "source missing"
            )
        source = str(row["source"])
        if "start" in row:
            row.pop("turn", None)  # as in project.turns, where both name the same passage
        span = find_span(self.transcript(source), place_in(row))
        here = self._version_here(source)
        if str(row.get("version", here)) != here:
            raise InvalidValue(
                f"was made on the text version {row['version']!s:.20}, and {source} is read in version {here}; let the "
                "assistant read it again"
            )
        made = {
            "id": "-",
            "start": str(span.start),
            "end": str(span.end),
            "version": here,
            "code": self._code_id(str(row["code"]), False, who) if "code" in row else "",
            "score": _number(row, "score"),
            "rank": _number(row, "rank"),
            "reason": " ".join(_names(row, "reason")),
            "evidence": " ".join(map(self._reference, _names(row, "evidence"))),
            "created": now(),
            "codebook": self._codebook_state(),
        }
        faults = suggestion_faults(made)
        if faults:
            raise InvalidValue("; ".join(": ".join(words) for words in faults))
        return source, made

    def _reference(self, target: str) -> str:
        """Return a reference with ids and versions; a wrong kind is left for the faults of the row to name."""
        kind = target.partition(":")[0]
        return self._target(target) if kind in ("coding", "code", "span", "turn", "source") else target

    def _suggested_in(self, assistant: str, source: str) -> tuple[RowFile, dict[tuple[str, ...], str]]:
        """Return a copy of an assistant's suggestions in a source, and what each says, to its id."""
        there = self._study.suggestions.get((assistant, source), RowFile())
        carried = (self._carried(source, row) for row in there.rows.values())
        return RowFile(list(there.extra), dict(there.rows)), {_same(row): row["id"] for row in carried}

    def _suggestion_row(self, id_: str) -> tuple[str, str, Row]:
        """Return assistant, source and row of a suggestion."""
        self._need_assist()
        key = self._study.suggested.get(id_)
        if key is None:
            raise NotFound(
                f"There is no suggestion {id_!r}. Ids of suggestions stand in project.suggestions."
            )
        return key[0], key[1], self._study.suggestions[key].rows[id_]

    def _decide(
        self,
        id_: str,
        decision: str,
        code: str | None,
        where: Where | None,
        stance: str,
        memo: str | None,
        coder: str | None,
    ) -> str | None:
        who = self._who(coder)
        known = self._study.coders.get(who)
        if known is not None and known.kind in ("machine", "key"):
            raise Refused(f"'{who}' is a coder of kind {known.kind}; only a person decides on suggestions.")
        check_stance(stance)
        verb = {"accepted": "accept", "rejected": "reject", "changed": "change"}[decision]
        with self._writer.change(verb, who, suggestion=id_) as change:
            assistant, source, row = self._suggestion_row(id_)
            file = paths.decisions_file(who, assistant, source)
            before = self._study.rows_of(file).rows.get(id_)
            if before is not None and (before["decision"], decision) in _AGAIN:
                return before["coding"] or None
            if before is not None:
                raise InvalidValue(
                    f"{who} decided on the suggestion {id_} before: {before['decision']}. Take that back first with "
                    f"project.reopen('{id_}'), or change the coding itself."
                )
            change.about |= {"source": source, "assistant": assistant}
            self._register(change, who)
            coding = ""
            if decision != "rejected" and (row["code"] or code is not None or where is not None):
                given = code if code is not None else row["code"]
                if not given:
                    raise InvalidValue(
                        f"The suggestion {id_} says that there is probably nothing here. Give it a code with code=, or "
                        f"project.reject('{id_}')."
                    )
                span = self._suggested_span(source, row, where)
                code_id = self._code_id(given, False, who)
                coding, new = self._put_coding(change, who, source, span, code_id, stance, assistant)
                change.about |= {"code": code_id, "coding": coding}
                if memo and (new or not self._has_memo(who, coding, memo)):
                    self._put_memo(change, who, memo, (f"coding:{coding}",), "coding")
            change.add_row_to(file, {"id": id_, "decision": decision, "coding": coding, "created": now()})
        return coding or None

    def _suggested_span(self, source: str, row: Row, where: Where | None) -> Span:
        """Return where the coding that comes of a suggestion stands, in the text of this copy."""
        if where is not None:
            return find_span(self.transcript(source), where)
        carried = self._carried(source, row)
        if carried["version"] != self._version_here(source):
            raise InvalidValue(
                f"The text of {source} changed, and the place of the suggestion {row['id']} in it is not sure; see "
                f"qc.relocations(project). Give it one with project.change('{row['id']}', where=...), or reject it."
            )
        return Span(int(carried["start"]), int(carried["end"]))

    def _came_of_another(self, who: str, coding: str) -> bool:
        """Whether another decision of this coder led to the same coding."""
        mine = (file for (coder, _, _), file in self._study.decisions.items() if coder == who)
        return any(row["coding"] == coding for file in mine for row in file.rows.values())


_AGAIN = (("accepted", "accepted"), ("rejected", "rejected"))
"""Decisions that say the same again. Changing a second time may mean another change."""


def _same(row: Row) -> tuple[str, ...]:
    return tuple(row[name] for name in ("start", "end", "version", "code", "assistant_version", "training"))


def _number(row: Mapping[str, Any], name: str) -> str:
    """Return a number of a table as a file keeps it; what is none stays for the faults of the row to name."""
    if name not in row:
        return ""
    try:
        number = float(row[name])
    except (TypeError, ValueError):
        return str(row[name])[:20]
    return format_score(number)


def _names(row: Mapping[str, Any], name: str) -> list[str]:
    value = row.get(name, ())
    parts = value.split() if isinstance(value, str) else list(value)
    return [str(part) for part in parts]
