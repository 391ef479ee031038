"""Surveys: one source and one case per respondent, in one step."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from qualcode.case import Attribute, Case
from qualcode.coding import now
from qualcode.errors import InvalidValue, Refused
from qualcode.readers._file_names import rename_file_name
from qualcode.readers._pseudonyms import Names
from qualcode.readers._reading import Note, counted
from qualcode.span import Span
from qualcode.study import SourceRecord
from qualcode.survey import Choice, Survey, preview_survey
from qualcode.transcript import Transcript, Turn
from qualcode.verbs._base import one_line
from qualcode.verbs._cases import CaseVerbs
from qualcode.verbs._sources import SourceVerbs

if TYPE_CHECKING:
    from qualcode.change import Change


@dataclass(frozen=True)
class SurveyReport:
    """What came of a survey.

    Parameters
    ----------
    survey
        What every column became, and why.
    sources
        Ids of the new sources.
    cases
        Ids of the cases, one per respondent.
    notes
        What was kept, changed, dropped and guessed.
    """

    survey: Survey
    sources: tuple[str, ...]
    cases: tuple[str, ...]
    notes: tuple[Note, ...] = ()

    def __str__(self) -> str:
        lines = [
            f"{counted(len(self.sources), 'source')}, {counted(len(self.cases), 'case')} from {self.survey}"
        ]
        return "\n".join(lines + [f"  {note.kind}: {note.message}" for note in self.notes])

    __repr__ = __str__


class SurveyVerbs(SourceVerbs, CaseVerbs):
    """The verb about surveys."""

    def add_survey(
        self,
        path: str | os.PathLike[str],
        *,
        id: str | None = None,
        open: Choice = None,
        closed: Choice = None,
        kind: str = "participant",
        prefix: str = "",
        pseudonyms: Mapping[str, str] | None = None,
        sheet: str | None = None,
        encoding: str | None = None,
        language: str = "",
        synthetic: bool = False,
        coder: str | None = None,
    ) -> SurveyReport:
        """Bring a survey into the study: a table with one row per respondent.

        Every respondent becomes a case, with the closed answers as attributes, and a source, with the open
        answers as turns under the questions. The questions stand outside of the turns: a count of words or
        a coding of what was said never takes them in. It is one step, also for `undo`.

        Parameters
        ----------
        path, id, open, closed, prefix, sheet, encoding
            As for `qc.preview_survey`, which shows beforehand what every column would become.
        kind
            Kind of the cases.
        pseudonyms
            Real name to pseudonym, replaced in answers and ids before anything is stored.
        language, synthetic, coder
            As for `add_source`.

        Returns
        -------
        SurveyReport
            What came in, and everything that was guessed.

        Raises
        ------
        ReadError
            If the file cannot be read as such a table.
        Refused
            If the study has a source of one of the ids, or a case that has another value already. Nothing
            is then changed.
        """
        who = self._who(coder)
        names = dict(pseudonyms or {})
        if names:
            Names(names)
        survey = preview_survey(
            path, id=id, open=open, closed=closed, prefix=prefix, sheet=sheet, encoding=encoding
        )
        sha256 = hashlib.sha256(Path(path).expanduser().read_bytes()).hexdigest()
        notes: list[Note] = []
        if names:
            survey = _renamed(survey, names)
        if not survey.of_kind("open"):
            raise InvalidValue(
                "No column looks like an open question. Name them: open=['heading']. For closed answers alone there is "
                "project.add_cases."
            )
        transcripts = [
            made for row in range(len(survey.ids)) if (made := _transcript(survey, row)) is not None
        ]
        if not transcripts:
            raise InvalidValue("The open questions have no answers. Name others: open=['heading'].")
        silent = len(survey.ids) - len(transcripts)
        if silent:
            notes.append(
                Note(
                    "dropped",
                    f"No source for {counted(silent, 'respondent')} without an open answer; the cases are there.",
                )
            )
        with self._writer.change("add survey", who, sha256=sha256) as change:
            self._check_survey(survey, transcripts, prefix)
            self._register(change, who)
            self._put_survey_cases(change, survey, kind)
            links = []
            for transcript in transcripts:
                record = SourceRecord(
                    id=transcript.id,
                    title=transcript.id,
                    file="" if names else survey.file,
                    sha256=sha256,
                    length=len(transcript.text),
                    language=language,
                    imported_from="survey",
                    added=now(),
                    version=transcript.version,
                    versions=(transcript.version,),
                    synthetic=synthetic,
                )
                self._put_text_of(change, record, transcript)
                for speaker, role in ((transcript.id, "participant"), ("", "")):
                    links.append({"source": record.id, "speaker": speaker, "case": record.id, "role": role})
            new = {(link["source"], link["speaker"]) for link in links}
            kept = [row for row in self._study.speakers.rows if (row["source"], row["speaker"]) not in new]
            self._put_speakers(change, [*kept, *links])
            change.about["sources"] = [transcript.id for transcript in transcripts]
        return SurveyReport(survey, tuple(each.id for each in transcripts), survey.ids, tuple(notes))

    def _check_survey(self, survey: Survey, transcripts: Sequence[Transcript], prefix: str) -> None:
        known = {source.casefold() for source in self._study.sources}
        taken = [each.id for each in transcripts if each.id.casefold() in known]
        if taken:
            raise Refused(
                f"The study already has {counted(len(taken), 'source')} of these ids ({', '.join(taken[:5])}"
                + (", ..." if len(taken) > 5 else "")
                + f"). Was the survey imported before? Else tell them apart: prefix={_other(prefix)!r}."
            )
        rows = {row["case"]: row for row in self._study.cases.rows}
        differ: dict[str, int] = {}
        for place, question in survey.of_kind("closed"):
            for id_, answers in zip(survey.ids, survey.answers, strict=True):
                there = rows.get(id_, {}).get(question.name, "")
                differ[question.name] = differ.get(question.name, 0) + bool(
                    there and answers[place] and there != self._written(question.name, answers[place])
                )
        wrong = {name: count for name, count in differ.items() if count}
        if wrong:
            name, count = next(iter(wrong.items()))
            raise Refused(
                f"{counted(count, 'case')} of the study already {'has' if count == 1 else 'have'} another value of the "
                f"attribute '{name}'. Give the answers another name: closed={{'heading': 'new name'}}."
            )

    def _written(self, name: str, value: str) -> str:
        try:
            return self._study.attribute(name).write(value)
        except InvalidValue:
            return value

    def _put_survey_cases(self, change: Change, survey: Survey, kind: str) -> None:
        closed = survey.of_kind("closed")
        declared = {
            question.name: Attribute(
                one_line(question.name, "attribute"), question.type or "text", question.levels
            )
            for _, question in closed
            if question.name not in self._study.attributes
        }
        if declared:
            self._declare(change, declared)
        columns = {
            question.name: [answers[place] for answers in survey.answers] for place, question in closed
        }
        texts = self._as_text(change, columns)
        there = {row["case"]: row for row in self._study.cases.rows}
        cases = []
        for row, id_ in enumerate(survey.ids):
            values = {name: cells[row] for name, cells in texts.items() if cells[row] or id_ not in there}
            known = there.get(id_, {})
            cases.append(
                Case(id_, known.get("kind") or one_line(kind, "kind"), known.get("parent", ""), values)
            )
        self._put_cases(change, cases)


def _other(prefix: str) -> str:
    """Return a prefix that was not given."""
    stem = prefix.rstrip("-_ 0123456789") or "S"
    number = re.search(r"(\d{1,6})\W*$", prefix)
    return f"{stem}-" if not prefix else f"{stem}{int(number[1]) + 1 if number else 2}-"


def _transcript(survey: Survey, row: int) -> Transcript | None:
    """Return the open answers of a respondent: each question a heading, each answer a turn under it."""
    pieces: list[str] = []
    turns: list[Turn] = []
    length = 0
    for place, question in survey.of_kind("open"):
        answer = survey.answers[row][place].strip()
        if not answer:
            continue
        head = ("\n\n" if pieces else "") + question.name + "\n"
        start = length + len(head)
        length = start + len(answer)
        pieces += [head, answer]
        turns.append(Turn(len(turns) + 1, survey.ids[row], Span(start, length)))
    if not turns:
        return None
    id_ = survey.ids[row]
    return Transcript(id_, id_, "".join(pieces), tuple(turns), origin="survey", roles={id_: "participant"})


def _renamed(survey: Survey, names: Mapping[str, str]) -> Survey:
    known = Names(names)
    rename = known.replace
    ids = tuple(rename_file_name(id_, known) for id_ in survey.ids)
    if len({id_.casefold() for id_ in ids}) < len(ids):
        raise InvalidValue("pseudonyms= gives two respondents one id. Give each a pseudonym of its own.")
    questions = tuple(
        replace(each, question=rename(each.question), name=rename(each.name)) for each in survey.questions
    )
    answers = tuple(tuple(rename(cell) for cell in row) for row in survey.answers)
    return replace(survey, file="", ids=ids, questions=questions, answers=answers)
