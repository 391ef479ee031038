"""Cases: who was interviewed, where they belong, and what is known of them."""

from __future__ import annotations

import os
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qualcode import folder as paths
from qualcode.case import CASE_COLUMNS, SPEAKER_COLUMNS, Attribute, Case, guess_attribute
from qualcode.case_table import read_case_table
from qualcode.errors import FileProblems, InvalidValue, Problem, UnknownCase, did_you_mean
from qualcode.transcript import ROLES
from qualcode.verbs._base import Verbs, one_line, table_csv

if TYPE_CHECKING:
    import pandas as pd

    from qualcode.change import Change
    from qualcode.coding import Row


class CaseVerbs(Verbs):
    """The verbs about cases."""

    def add_case(
        self,
        case: str | int,
        kind: str | None = None,
        *,
        parent: str = "",
        coder: str | None = None,
        **attributes: Any,
    ) -> None:
        """Add a case, or complete one there is.

        Parameters
        ----------
        case
            Its id, for example "P7a".
        kind
            "participant" (of a new case, where nothing is said), "organization", or what the study has.
        parent
            Id of the case it belongs to.
        **attributes
            Attribute to value. An attribute not yet declared is declared as text (or number, boolean,
            date, by its value).
        """
        who = self._who(coder)
        with self._writer.change("add case", who, case=case) as change:
            self._register(change, who)
            texts = self._as_text(change, {key: [value] for key, value in attributes.items()})
            case = one_line(str(case), "case")
            there = next((row["kind"] for row in self._study.cases.rows if row["case"] == case), "")
            new = Case(
                case,
                one_line(kind, "kind") if kind else there or "participant",
                parent,
                {key: column[0] for key, column in texts.items()},
            )
            if parent and parent not in self._case_ids():
                raise UnknownCase(
                    f"There is no case '{parent}' to be the parent.{did_you_mean(parent, self._case_ids())}"
                )
            self._put_cases(change, [new])

    def add_cases(
        self,
        table: str | os.PathLike[str] | pd.DataFrame,
        *,
        case: str = "case",
        kind: str | None = None,
        parent: str = "parent",
        parent_kind: str = "organization",
        source: str = "source",
        speaker: str = "speaker",
        attributes: Sequence[str] | None = None,
        pseudonyms: Mapping[str, str] | None = None,
        preview: bool = False,
        coder: str | None = None,
    ) -> pd.DataFrame:
        """Add many cases from a table, and link them to sources and speakers.

        A case is linked to the source or speaker that the row names; where the table names neither, to
        the source of the same id, or to the speaker of the same name where one source alone has it.

        Parameters
        ----------
        table
            .csv or .xlsx file, or a DataFrame: one row a case. Or a document (.docx, .odt, .rtf, .html) with a
            table that describes participants: one row each below headings, or facts in the first column and one
            participant in each further one.
        case, parent, source, speaker
            Names of the columns; those the table lacks are passed over. All other columns are attributes. In a
            document, the column that names the case may also be found; where one participant is described,
            `case` may be the id itself, else it is the source that was read from this file, or the file's name.
        attributes
            The columns that become attributes; else all others. Of a document, columns that identify people
            (name, e-mail) are left out with a warning, unless they are named here.
        pseudonyms
            Real name to pseudonym, replaced in every cell before anything is stored.
        kind
            Kind of all cases; else the table's column kind, else "participant".
        parent_kind
            Kind of parents that are no case yet; they are added.
        preview
            Only show what would come in and be linked; nothing is changed.

        Returns
        -------
        DataFrame
            One row per case: case, kind, parent, source, speaker, how ("named", "same id", "same name", ""), and
            the attributes with their values.

        Raises
        ------
        FileProblems
            With every row that cannot be a case; nothing is then changed.
        """
        who = self._who(coder)
        read = read_case_table(
            table, case, attributes=attributes, pseudonyms=pseudonyms, source_of=self._source_of_file
        )
        name, frame, case = read.name, read.frame, read.case
        if read.notes:
            warnings.warn(f"{name}: left out {'; '.join(read.notes)}.", stacklevel=3)
        with self._writer.change("add cases", who) as change:
            kinds = (
                [kind] * len(frame)
                if kind
                else [k or "participant" for k in frame.get("kind", [""] * len(frame))]
            )
            parents = list(frame.get(parent, [""] * len(frame)))
            special = {case, "kind", parent, source, speaker} - (
                {"kind"} if "kind" not in frame.columns else set()
            )
            columns = {column: list(frame[column]) for column in read.attributes if column not in special}
            problems = self._check_rows(name, list(frame[case]), frame, source, speaker)
            if problems:
                raise FileProblems(problems)
            links = self._links(list(frame[case]), frame, source, speaker)
            import pandas as pd

            result = pd.DataFrame(
                [(c, k, p, *link) for c, k, p, link in zip(frame[case], kinds, parents, links, strict=True)],
                columns=["case", "kind", "parent", "source", "speaker", "how"],
            )
            for column, (declared, values) in self._typed(columns).items():
                if column not in result.columns:
                    result[column] = [declared.read(value) for value in values]
            if preview:
                return result
            self._register(change, who)
            texts = self._as_text(change, columns)
            known = self._case_ids() | set(frame[case])
            new = [Case(p, parent_kind) for p in dict.fromkeys(parents) if p and p not in known]
            for i, id_ in enumerate(frame[case]):
                new.append(Case(id_, kinds[i], parents[i], {key: column[i] for key, column in texts.items()}))
            self._put_cases(change, new)
            for id_, (linked_source, linked_speaker, how) in zip(frame[case], links, strict=True):
                if how:
                    self._put_link(change, linked_source, linked_speaker, id_, None)
            change.about["cases"] = [row.id for row in new]
        return result

    def set_attribute(self, case: str, attribute: str, value: Any, *, coder: str | None = None) -> None:
        """Give a case a value of an attribute; None takes it away."""
        who = self._who(coder)
        with self._writer.change("set attribute", who, case=case, attribute=attribute) as change:
            row = self._case_row(case)
            texts = self._as_text(change, {attribute: [value]})
            attributes = {k: v for k, v in row.items() if k not in CASE_COLUMNS} | {
                attribute: texts[attribute][0]
            }
            self._put_cases(change, [Case(case, row["kind"], row["parent"], attributes)])

    def declare_attribute(
        self, name: str, type: str = "text", *, levels: Sequence[str] = (), coder: str | None = None
    ) -> None:
        """Say what an attribute is: text, number, boolean, date, list, or ordered with its levels, lowest first.

        Raises
        ------
        FileProblems
            If cases have values that do not fit; nothing is then changed.
        """
        who = self._who(coder)
        with self._writer.change("declare attribute", who, attribute=name, type=type) as change:
            declared = Attribute(
                one_line(name, "attribute"),
                type,
                tuple(str(level) for level in ([levels] if isinstance(levels, str) else levels)),
            )
            problems = []
            for row in self._study.cases.rows:
                try:
                    declared.read(row.get(name, ""))
                except InvalidValue as error:
                    problems.append(Problem(paths.CASES, f"case {row['case']}", str(error)))
            if problems:
                raise FileProblems(problems)
            self._declare(change, {name: declared})

    def link(
        self,
        source: str,
        case: str | None = None,
        *,
        speaker: str = "",
        role: str | None = None,
        coder: str | None = None,
    ) -> None:
        """Say which case a speaker of a source (or, without speaker, the source as a whole) is, or which role it has.

        Parameters
        ----------
        case
            Id of the case; "" for none; left out, it stays as it is.
        role
            "interviewer", "participant" or "other"; an interviewer's turns make no case.
        """
        who = self._who(coder)
        about = {"source": source, "speaker": speaker} | ({} if case is None else {"case": case})
        with self._writer.change("link", who, **about) as change:
            self._source(source)
            if case:
                self._case_row(case)
            if role is not None and role not in ROLES:
                raise InvalidValue(f"Unknown role {role!r}. Use interviewer, participant or other.")
            turns, _ = self._study.turn_set(source)
            speakers = list(dict.fromkeys(turn.speaker for turn in turns if turn.speaker))
            if speaker and speaker not in speakers:
                raise InvalidValue(
                    f"{source} has no speaker '{speaker}'.{did_you_mean(speaker, speakers)} It has: {', '.join(speakers)}."
                )
            self._put_link(change, source, speaker, case, role)

    # -- helpers ---------------------------------------------------------------------------------

    def _case_ids(self) -> set[str]:
        return {row["case"] for row in self._study.cases.rows}

    def _case_row(self, case: str) -> Row:
        for row in self._study.cases.rows:
            if row["case"] == case:
                return row
        raise UnknownCase(
            f"The study has no case {case!r}.{did_you_mean(case, self._case_ids())} See project.cases."
        )

    def _as_text(self, change: Change, columns: Mapping[str, Sequence[Any]]) -> dict[str, list[str]]:
        """Return attribute values as the table keeps them; declare the attributes that are new."""
        typed = self._typed(columns)
        new = {name: each for name, (each, _) in typed.items() if name not in self._study.attributes}
        if new:
            self._declare(change, new)
        return {name: texts for name, (_, texts) in typed.items()}

    def _typed(self, columns: Mapping[str, Sequence[Any]]) -> dict[str, tuple[Attribute, list[str]]]:
        """Return attribute to its declaration, guessed where it is new, and its values as the table keeps them."""
        typed = {}
        for name, values in columns.items():
            one_line(name, "attribute")
            declared = self._study.attributes.get(name)
            if declared is None:
                plain = [Attribute(name).write(_plain(value)) for value in values]
                declared = guess_attribute(name, plain)
            typed[name] = declared, [declared.write(_plain(value)) for value in values]
        return typed

    def _source_of_file(self, path: Path) -> str:
        """Return the id of the source that was read from a file, "" where there is none."""
        from qualcode.readers import file_hash

        sha256 = file_hash(path)
        return next((record.id for record in self._study.sources.values() if record.sha256 == sha256), "")

    def _put_cases(self, change: Change, cases: Sequence[Case]) -> None:
        rows = {row["case"]: dict(row) for row in self._study.cases.rows}
        header = list(self._study.cases.header)
        for case in cases:
            row = rows.setdefault(case.id, {"case": case.id})
            row["kind"] = case.kind
            row["parent"] = case.parent or row.get("parent", "")
            row.update(case.attributes)
            header += [name for name in case.attributes if name not in header]
        for start in rows:
            seen, at = {start}, rows[start].get("parent", "")
            while at:
                if at in seen:
                    raise InvalidValue(f"The case '{start}' would stand above itself. Correct the parents.")
                seen.add(at)
                at = rows.get(at, {}).get("parent", "")
        table = type(self._study.cases)(header, list(rows.values()))
        change.put(paths.CASES, table_csv(table, CASE_COLUMNS[:1]))

    def _put_link(
        self, change: Change, source: str, speaker: str, case: str | None, role: str | None
    ) -> None:
        rows = [dict(row) for row in self._study.speakers.rows]
        for row in rows:
            if (row["source"], row["speaker"]) == (source, speaker):
                row["case"] = row["case"] if case is None else case
                row["role"] = row["role"] if role is None else role
                break
        else:
            rows.append({"source": source, "speaker": speaker, "case": case or "", "role": role or ""})
        table = type(self._study.speakers)(list(self._study.speakers.header), rows)
        change.put(paths.SPEAKERS, table_csv(table, SPEAKER_COLUMNS[:2]))

    def _check_rows(
        self, name: str, cases: list[str], frame: pd.DataFrame, source: str, speaker: str
    ) -> list[Problem]:
        problems = []
        for number, id_ in enumerate(cases, start=2):
            if not id_:
                problems.append(Problem(name, str(number), "the case has no id"))
            elif cases.index(id_) != number - 2:
                problems.append(
                    Problem(name, str(number), f"the case '{id_}' is there twice", "one row a case")
                )
        if source in frame.columns:
            for number, value in enumerate(frame[source], start=2):
                if value and value not in self._study.sources:
                    hint = did_you_mean(value, self._study.sources)
                    problems.append(Problem(name, str(number), f"the study has no source '{value}'.{hint}"))
        return problems

    def _links(
        self, cases: list[str], frame: pd.DataFrame, source: str, speaker: str
    ) -> list[tuple[str, str, str]]:
        spoken: dict[str, list[str]] = {}
        for id_ in self._study.sources:
            turns, _ = self._study.turn_set(id_)
            for label in dict.fromkeys(turn.speaker for turn in turns if turn.speaker):
                spoken.setdefault(label, []).append(id_)
        sources = list(frame.get(source, [""] * len(frame)))
        speakers = list(frame.get(speaker, [""] * len(frame)))
        links = []
        for case, named_source, named_speaker in zip(cases, sources, speakers, strict=True):
            if named_source:
                links.append((named_source, named_speaker, "named"))
            elif named_speaker and len(spoken.get(named_speaker, [])) == 1:
                links.append((spoken[named_speaker][0], named_speaker, "named"))
            elif case in self._study.sources:
                links.append((case, "", "same id"))
            elif len(spoken.get(case, [])) == 1:
                links.append((spoken[case][0], case, "same name"))
            else:
                links.append(("", "", ""))
        return links


def _plain(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value
