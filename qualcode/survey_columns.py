"""What a column of a survey is: an id, an open question, a closed one, or nothing for a study.

An open question has answers of several words that are hardly ever the same; one sentence that nobody else gave
is enough, as attributes are shared more widely than texts. Closed are all others: their type is guessed as for any
attribute, and well-known scales of answers are put in order. Columns that identify people, or describe the form,
are left out unless they are named.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from qualcode.case import guess_attribute

_ID_HEADINGS = (
    "respondent_id", "respondentid", "response_id", "responseid", "participant_id", "participantid", "case_id",
    "participant_code", "record_id", "subject_id", "id", "respondent", "participant", "case", "subject", "token",
    "code", "antwort_id", "id_der_antwort", "teilnehmer_id", "teilnehmer", "lfdn", "nr", "no", "identifiant",
    "id_de_la_réponse", "código", "codigo", "id_de_respuesta", "pseudonym", "interviewee",
)  # fmt: skip
_PERSONAL_WORDS = """
email e_mail mail email_address e_mail_address mail_address username user_name ip ip_address ipaddress ipaddr name
your_name participant_name interviewee_name respondent_name name_of_participant name_of_interviewee real_name first_name last_name full_name surname recipientfirstname recipientlastname recipientemail
recipient_first_name recipient_last_name recipient_email externalreference external_data_reference
locationlatitude locationlongitude latitude longitude phone telephone phone_number address vorname nachname
e_mail_adresse telefon adresse anschrift nom prénom prenom courriel téléphone apellido apellidos nombre correo
correo_electrónico teléfono ip_adresse
"""
_PERSONAL = frozenset(_PERSONAL_WORDS.split())
_OF_THE_FORM_WORDS = """
startdate enddate start_date end_date start_time completion_time recordeddate recorded_date date_created
date_modified submitdate date_submitted datestamp startlanguage start_language lastpage last_page seed refurl
status progress finished duration_in_seconds distributionchannel distribution_channel userlanguage user_language
collector_id collectorid timestamp zeitstempel marca_temporal horodateur custom_data_1 last_modified_time
date_last_action date_started submitted submitted_at submitted_on submission_date submission_time eingereicht
abgeschickt date_last_action_time referrer_url interviewtime total_time
"""
_OF_THE_FORM = frozenset(_OF_THE_FORM_WORDS.split())
_EMAIL = re.compile(r"[^@\s]{1,80}@[^@\s]{1,80}\.[A-Za-z]{2,}")
_IP = re.compile(r"(?:\d{1,3}\.){3}\d{1,3}")

_SCALE_LINES = """
strongly disagree | disagree | neutral | agree | strongly agree
strongly disagree | disagree | neither agree nor disagree | agree | strongly agree
strongly disagree | disagree | somewhat disagree | neither agree nor disagree | somewhat agree | agree | strongly agree
never | rarely | sometimes | often | always
never | rarely | sometimes | often | very often
never | almost never | sometimes | almost always | always
very dissatisfied | dissatisfied | neutral | satisfied | very satisfied
very unsatisfied | unsatisfied | neutral | satisfied | very satisfied
very unlikely | unlikely | neutral | likely | very likely
very poor | poor | fair | good | very good | excellent
not at all | a little | somewhat | a lot | extremely
not at all important | slightly important | moderately important | very important | extremely important
stimme gar nicht zu | stimme nicht zu | teils teils | stimme zu | stimme voll zu
nie | selten | manchmal | oft | immer
jamais | rarement | parfois | souvent | toujours
nunca | raramente | a veces | a menudo | siempre
"""
SCALES = tuple(tuple(part.strip() for part in line.split("|")) for line in _SCALE_LINES.strip().split("\n"))
"""Scales of answers that are known, lowest first."""


@dataclass(frozen=True, slots=True)
class Question:
    """One column of a survey.

    Parameters
    ----------
    question
        The heading.
    kind
        "id", "open", "closed" or "left out".
    name
        Of the attribute it becomes, or its heading in the sources.
    type, levels
        Of the attribute.
    answers, distinct, words
        How many answers, how many different ones, and the median of their words.
    why
        Why it was taken for that.
    """

    question: str
    kind: str
    name: str
    type: str = ""
    levels: tuple[str, ...] = ()
    answers: int = 0
    distinct: int = 0
    words: float = 0
    why: str = ""


def key_of(heading: str) -> str:
    """Return a heading as it is compared: "E-Mail address?" is "e_mail_address".

    Examples
    --------
    >>> key_of(" E-Mail address? ")
    'e_mail_address'
    """
    return re.sub(r"[^\w]+", "_", heading.strip().casefold()).strip("_")


def guess_questions(
    headings: Sequence[str],
    columns: Sequence[Sequence[str]],
    id_at: int | None = None,
    opened: Mapping[int, str] | None = None,
    closes: Mapping[int, str] | None = None,
) -> list[Question]:
    """Return what every column is: as the caller says, else guessed.

    Parameters
    ----------
    headings, columns
        The questions, and the cells under each.
    id_at
        The place of the ids, where known.
    opened, closes
        Places of the open and the closed questions with their new names, where the caller named them.

    Examples
    --------
    >>> found = guess_questions(["id", "Job", "E-mail"], [["1", "2"], ["DS", "SE"], ["a@b.de", "c@d.de"]])
    >>> [question.kind for question in found]
    ['id', 'closed', 'left out']
    """
    named = {**(opened or {}), **(closes or {})}
    given = id_at is not None
    if id_at is None:
        id_at = find_ids(headings, columns, named)
    found = []
    for at, (heading, cells) in enumerate(zip(headings, columns, strict=True)):
        filled = [cell for cell in cells if cell]
        lengths = [len(cell.split()) for cell in filled]
        kind, why = _kind(heading, filled, lengths)
        if at == id_at:
            kind, why = "id", "named by you" if given else "by its heading"
        elif at in named:
            kind, why = "open" if opened and at in opened else "closed", "named by you"
        elif kind in ("open", "closed") and (opened if kind == "open" else closes) is not None:
            kind, why = (
                "left out",
                f"looks {kind}, but is not among {'open=' if kind == 'open' else 'closed='}",
            )
        type_, levels, more = attribute_type(filled) if kind == "closed" else ("", (), "")
        found.append(
            Question(
                heading, kind, named.get(at) or heading, type_, levels, len(filled), len(set(filled)),
                float(median(lengths)) if lengths else 0.0, "; ".join(part for part in (why, more) if part),
            )
        )  # fmt: skip
    return found


def find_ids(
    headings: Sequence[str], columns: Sequence[Sequence[str]], named: Collection[int] = ()
) -> int | None:
    """Return the place of the column that holds ids by its heading and its cells, or None.

    Examples
    --------
    >>> find_ids(["Age", "Participant"], [["31", "40"], ["P1", "P2"]])
    1
    >>> find_ids(["id"], [["1", "2", "3", "4", "4"]]), find_ids(["No"], [["yes", "no", "no", "no"]])
    (0, None)
    """
    keys = [key_of(heading) for heading in headings]
    for enough in (1.0, 0.8):  # a column with a slip is one of ids all the same, where there is none without
        for wanted in _ID_HEADINGS:
            for at, key in enumerate(keys):
                if key == wanted and at not in named and _can_be_ids(columns[at], enough):
                    return at
    return None


def _can_be_ids(cells: Sequence[str], enough: float) -> bool:
    """Whether so large a share of the cells is filled and different, all are short, and none is a person's address."""
    different = {cell.casefold() for cell in cells if cell}
    return (
        bool(different)
        and len(different) >= len(cells) * enough
        and max(len(cell) for cell in cells) <= 60
        and not any(_EMAIL.fullmatch(cell) for cell in cells)
    )


def _kind(heading: str, filled: Sequence[str], lengths: Sequence[int]) -> tuple[str, str]:
    if not filled:
        return "left out", "no answers"
    why = identifies(heading, filled)
    if why:
        return "left out", why
    key = key_of(heading)
    if key in _OF_THE_FORM:
        return "left out", "describes the form, not the person"
    several = sum(1 for length in lengths if length >= 4)
    same = 1 - len({cell.casefold() for cell in filled}) / len(filled)
    if _is_list(filled):
        return "closed", "the same options again and again"
    own = sentences(filled)
    if own and len(own) > 0.4 * sum(length >= SENTENCE for length in lengths):
        return "open", f"{_answers(len(own))} of {SENTENCE} to {max(lengths)} words that nobody else gave"
    if median(lengths) >= 4 and several >= 2 and same <= 0.4:
        return "open", f"answers of up to {max(lengths)} words, hardly any the same"
    if max(lengths) >= SENTENCE:
        return "closed", "long answers, but the same again and again"
    return "closed", f"{len(set(filled))} different short answer{'s' if len(set(filled)) > 1 else ''}"


SENTENCE = 8
"""An answer of so many words is no option of a closed question, unless others gave it too."""

PHRASE = 4
"""An answer of so many words may be somebody's own."""


def sentences(filled: Sequence[str], words: int = SENTENCE) -> list[str]:
    """Return the answers of several words that one respondent alone gave.

    Examples
    --------
    >>> sentences(["No", "It was the data that nobody had looked at.", "no", "-"])
    ['It was the data that nobody had looked at.']
    """
    counts = Counter(" ".join(cell.split()).casefold() for cell in filled)
    return [
        cell
        for cell in filled
        if len(cell.split()) >= words and counts[" ".join(cell.split()).casefold()] == 1
    ]


def _answers(number: int) -> str:
    return f"{number} answer{'s' if number > 1 else ''}"


def identifies(heading: str, cells: Sequence[str]) -> str:
    """Return why a column identifies people, "" where it does not seem to.

    Examples
    --------
    >>> identifies("Full name", ["Ana Lima"]), identifies("Contact", ["ana@x.org"]), identifies("Age", ["31"])
    ('identifies people, by its heading', 'identifies people: e-mail addresses', '')
    """
    if key_of(heading) in _PERSONAL:
        return "identifies people, by its heading"
    filled = [cell for cell in cells if cell]
    for pattern, what in ((_EMAIL, "e-mail addresses"), (_IP, "network addresses")):
        if filled and sum(1 for cell in filled if pattern.fullmatch(cell)) * 2 >= len(filled):
            return f"identifies people: {what}"
    return ""


def attribute_type(filled: Sequence[str]) -> tuple[str, tuple[str, ...], str]:
    """Return type, levels and reason of the attribute that a closed question becomes.

    Examples
    --------
    >>> attribute_type(["Often", "Never", "Often"])
    ('ordered', ('Never', 'Rarely', 'Sometimes', 'Often', 'Always'), 'a known scale')
    >>> attribute_type(["NVivo; paper", "paper", "NVivo; Excel", "paper; Excel"])[0]
    'list'
    """
    present = {" ".join(cell.split()).casefold(): " ".join(cell.split()) for cell in filled}
    for scale in SCALES:
        if len(present) >= 2 and set(present) <= set(scale):
            return "ordered", tuple(present.get(word, word.capitalize()) for word in scale), "a known scale"
    if _is_list(filled):
        return "list", (), "several options in one cell, parted by semicolons"
    return guess_attribute("answers", [" ".join(cell.split()) for cell in filled]).type, (), ""


def _is_list(filled: Sequence[str]) -> bool:
    """Whether cells hold options parted by semicolons: the same parts come again."""
    split = [[part.strip() for part in cell.split(";") if part.strip()] for cell in filled]
    parts = [part for each in split for part in each]
    several = sum(1 for each in split if len(each) > 1)
    return several >= 2 and len(set(parts)) <= len(parts) * 0.7 and max(len(part) for part in parts) <= 80
