"""Surveys: a table with one row per respondent, its open answers to be coded, its closed ones as attributes.

`preview_survey` reads the table and says of every column what it would become; `Project.add_survey` does it.
Nothing is stored by a preview, and it shows no answer.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from qualcode.errors import InvalidValue, ReadError, did_you_mean
from qualcode.readers._files import check_file
from qualcode.readers._reading import Note, counted, listed
from qualcode.slug import slug
from qualcode.survey_columns import PHRASE, Question, guess_questions, key_of, sentences
from qualcode.survey_table import SurveyTable, read_survey_table

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Survey", "preview_survey"]

Choice = Iterable[str] | Mapping[str, str] | None


@dataclass(frozen=True)
class Survey:
    """What a survey table would become.

    Parameters
    ----------
    file
        Name of the file.
    questions
        One per column: what it is, and why.
    ids
        One per respondent: the id of the case and of the source.
    answers
        Per respondent the cells, in the order of the questions. Never shown.
    notes
        What was kept, changed, dropped and guessed.
    """

    file: str
    questions: tuple[Question, ...]
    ids: tuple[str, ...]
    answers: tuple[tuple[str, ...], ...] = field(repr=False)
    notes: tuple[Note, ...] = ()

    def of_kind(self, kind: str) -> list[tuple[int, Question]]:
        """Return the place and the question of every column of a kind: "id", "open", "closed", "left out"."""
        return [(place, question) for place, question in enumerate(self.questions) if question.kind == kind]

    def to_frame(self) -> pd.DataFrame:
        """Return one row per column of the table.

        Columns: question, kind ("id", "open", "closed", "left out"), name (of the attribute, or the heading
        in the source), type (of the attribute), answers, distinct, words (median of an answer), why.
        """
        import pandas as pd

        columns = ("question", "kind", "name", "type", "answers", "distinct", "words", "why")
        return pd.DataFrame(
            [[getattr(each, column) for column in columns] for each in self.questions], columns=list(columns)
        )

    def __str__(self) -> str:
        counts = {kind: len(self.of_kind(kind)) for kind in ("open", "closed", "left out")}
        lines = [
            f"{self.file}: {counted(len(self.ids), 'respondent')}; {counts['open']} open, {counts['closed']} closed, "
            f"{counts['left out']} left out"
        ]
        for each in self.questions:
            typed = f" ({each.type})" if each.type else ""
            lines.append(f"  {each.kind}{typed}: {_short(each.question)} - {each.why}")
        return "\n".join(lines + [f"  {note.kind}: {note.message}" for note in self.notes])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        from html import escape

        return f"<p>{escape(str(self).splitlines()[0])}</p>" + self.to_frame().to_html(
            escape=True, index=False
        )


def preview_survey(
    path: str | os.PathLike[str],
    *,
    id: str | None = None,
    open: Choice = None,
    closed: Choice = None,
    prefix: str = "",
    sheet: str | None = None,
    encoding: str | None = None,
) -> Survey:
    r"""Read a survey table and say what every column would become; nothing is stored.

    Parameters
    ----------
    path
        .csv or .xlsx with one row per respondent, as LimeSurvey, Qualtrics, SurveyMonkey, Google and
        Microsoft Forms export it.
    id
        Heading of the column with the id of the respondent; else guessed, else respondents are numbered R1, R2.
        "" numbers them in any case.
    open
        Headings of the open questions, whose answers will be coded; or heading to a shorter one. Else guessed:
        answers of many words that are not the same again and again.
    closed
        Headings of the closed questions, which become attributes of cases; or heading to name of the attribute.
        Else guessed: all others, apart from what identifies people or describes the form.
    prefix
        Put before every id, for example "S-".
    sheet
        For Excel: the sheet.
    encoding
        As for `read_transcript`.

    Returns
    -------
    Survey
        Its `to_frame()` has one row per column: kind, name, type, how many answers, why.

    Raises
    ------
    ReadError
        If the file cannot be read as such a table, or its ids are missing or not unique.
    InvalidValue
        If a heading is named that the table does not have.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "survey.csv"
    >>> _ = path.write_text("id,Years,Why?\n1,3,It drifts and nobody looks at it.\n2,5,We had no time for it at all.\n")
    >>> preview_survey(path).to_frame()[["question", "kind", "type"]].values.tolist()
    [['id', 'id', ''], ['Years', 'closed', 'number'], ['Why?', 'open', '']]
    """
    if not isinstance(path, str | os.PathLike) or not str(path):
        raise InvalidValue(f"path= must be the path of a file, got {type(path).__name__}. Give one path.")
    file = Path(path).expanduser()
    check_file(file)
    table = read_survey_table(file, sheet, encoding)
    columns = [[row[place] for row in table.rows] for place in range(len(table.headings))]
    opened, closes = _named(table, "open", open), _named(table, "closed", closed)
    id_at = _place(table, "id", id) if id else None
    both = sorted(set(opened or ()) & set(closes or ()))
    if both:
        raise InvalidValue(f"{table.headings[both[0]]!r} is named in open= and in closed=. Name it in one.")
    questions = guess_questions(table.headings, columns, -1 if id == "" else id_at, opened, closes)
    notes = list(table.notes)
    ids = _ids(file, questions, columns, prefix, notes)
    notes += _own_words(questions, columns)
    return Survey(file.name, _distinct_names(questions), ids, tuple(map(tuple, table.rows)), tuple(notes))


def _named(table: SurveyTable, what: str, choice: Choice) -> dict[int, str] | None:
    """Return the place of every column that the caller names, with its new name ("" for the old one)."""
    if choice is None:
        return None
    if isinstance(choice, str):
        raise InvalidValue(f"{what}= must be a list of headings, got one text. Write {what}=[{choice!r}].")
    pairs = choice.items() if isinstance(choice, Mapping) else ((heading, "") for heading in choice)
    return {_place(table, what, heading): str(name).strip() for heading, name in pairs}


def _place(table: SurveyTable, what: str, heading: str) -> int:
    for names in (table.headings, table.codes):
        if heading in names:
            return names.index(heading)
    keys = [key_of(each) for each in table.headings]
    key = key_of(str(heading))
    if keys.count(key) == 1:
        return keys.index(key)
    shown = ", ".join(_short(each) for each in table.headings[:12]) + (
        ", ..." if len(table.headings) > 12 else ""
    )
    raise InvalidValue(
        f"{what}= names {heading!r}, which is no heading of the table.{did_you_mean(str(heading), table.headings)} "
        f"It has: {shown}."
    )


def _ids(
    path: Path, questions: list[Question], columns: list[list[str]], prefix: str, notes: list[Note]
) -> tuple[str, ...]:
    place = next((at for at, question in enumerate(questions) if question.kind == "id"), None)
    count = len(columns[0])
    if place is None:
        said = Note(
            "guessed", f"No column holds ids; respondents are numbered {prefix}R1 to {prefix}R{count}."
        )
        notes.append(said)
        return tuple(f"{prefix}R{number}" for number in range(1, count + 1))
    raw = [" ".join(cell.split()) for cell in columns[place]]
    shown = repr(_short(questions[place].question))
    missing = [number for number, cell in enumerate(raw, start=1) if not cell]
    if missing:
        raise ReadError(
            path,
            f"{counted(len(missing), 'respondent')} without an id in the column {shown} (respondent {listed(missing)}). Fill "
            'them in, name another column: id=..., or number all: id="".',
        )
    ids = [slug(prefix + cell) for cell in raw]
    seen: dict[str, int] = {}
    for number, each in enumerate(ids, start=1):
        other = seen.setdefault(each.casefold(), number)
        if other != number:
            raise ReadError(
                path, f"respondents {other} and {number} have one id in the column {shown}. Make the ids differ, name "
                'another column: id=..., or number all: id="".'
            )  # fmt: skip
    changed = sum(1 for each, cell in zip(ids, raw, strict=True) if each != prefix + cell)
    if changed:
        notes.append(Note("changed", f"{counted(changed, 'id')} with signs that an id cannot have."))
    return tuple(ids)


def _own_words(questions: list[Question], columns: list[list[str]]) -> list[Note]:
    """Say which attributes would hold words that one respondent alone gave: cases are shared more widely than texts."""
    found = [
        (question, sentences([cell for cell in cells if cell], PHRASE))
        for question, cells in zip(questions, columns, strict=True)
        if question.kind == "closed" and question.type == "text" and question.why != "named by you"
    ]
    return [
        Note(
            "guessed",
            f"{_short(question.question)!r} becomes an attribute, in data/cases.csv, with {counted(len(own), 'answer')} of "
            f"{PHRASE} or more words that nobody else gave. If these are people's own words: open=[...].",
        )
        for question, own in found
        if own
    ]


def _distinct_names(questions: list[Question]) -> tuple[Question, ...]:
    """Return the questions with no attribute named twice, or like a column that every case has."""
    used = {"case", "kind", "parent", "source", "speaker"}
    found = []
    for each in questions:
        if each.kind == "closed":
            name, number = each.name, 1
            while name.casefold() in used:
                number += 1
                name = f"{each.name} ({number})"
            used.add(name.casefold())
            each = replace(each, name=name)
        found.append(each)
    return tuple(found)


def _short(heading: str) -> str:
    return heading if len(heading) <= 60 else heading[:59] + "…"
