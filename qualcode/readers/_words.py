"""Words that tell a speaker from a heading: two literal lists, in several languages, and the roles."""

from __future__ import annotations

import re
from functools import lru_cache

_THINGS = """
break pause interruption music jingle intro outro laughter laughs silence crosstalk applause end begin start
note notes nb ps fyi todo update edit ed comment comments remark remarks warning disclaimer caution hint tip
source sources reference references citation example examples e.g eg i.e ie viz cf
date time place location venue duration length language medium mode recording recorded audio video file
filename title subject re cc bcc topic theme project study interview transcript transcription transcriber
transcribed summary abstract keywords speakers participants attendees present agenda minutes copyright
license licence consent version status page pages url link http https www email phone tel
introduction background context conclusion results findings method methods discussion appendix
contents overview chapter section part figure table image illustration photo step task exercise scenario option item point
number day week slide line advantages disadvantages pros cons problem problems solution solutions result
reason reasons idea goal goals aim aims question questions answer answers fact facts challenge challenges
first second third fourth fifth finally next then also and but or so because however therefore anyway
actually basically well okay ok yes yeah yep no nope oh ah um uh hm right sure thanks remember meaning
one two three four five six seven eight nine ten instead otherwise meanwhile similarly
summary_keywords ad ads sponsor sponsors advertisement commercial
datum zeit ort dauer länge sprache aufnahme datei titel thema projekt studie transkript zusammenfassung
anmerkung anmerkungen hinweis quelle quellen beispiel frage fragen antwort antworten kapitel abschnitt
erstens zweitens drittens also und aber oder denn ja nein genau teilnehmer sprecher unterbrechung ende
date heure lieu durée langue enregistrement fichier titre sujet projet étude transcription résumé exemple
remarque remarques réponse oui non bref donc mais alors ensuite enfin partie chapitre fin
fecha hora lugar duración idioma grabación archivo título tema proyecto estudio transcripción resumen nota
notas ejemplo fuente pregunta respuesta sí entonces pero luego primero segundo parte capítulo fin
data ora luogo durata lingua titolo argomento progetto trascrizione riassunto esempio domanda risposta
local duração assunto projeto transcrição resumo exemplo
"""
NEVER_SPEAKERS = frozenset(_THINGS.split())
"""First words that introduce a thing, not a person. A label the caller names is taken all the same."""

_FACTS = """
date time place location venue duration length language medium mode recording recorded audio video file
filename title subject topic project study interview transcript transcriber transcribed keywords speakers
participants attendees present id pseudonym age gender role company organization position job status version
datum zeit ort dauer länge sprache aufnahme datei titel thema projekt studie transkript alter
geschlecht beruf teilnehmer heure lieu durée langue enregistrement fichier titre sujet projet étude âge
fecha hora lugar duración idioma grabación archivo título tema proyecto estudio edad data ora luogo durata
lingua titolo local duração assunto projeto
"""
FILE_FACTS = frozenset(_FACTS.split())
"""First words of the lines that describe a recording above its first turn ("Date: 12 May")."""

_PERSON = """
name participant pseudonym id age gender sex pronouns nationality ethnicity race education degree qualification
occupation profession job role position seniority experience years company organization organisation employer
industry sector department team location country city region birth born marital children religion income
alter geschlecht beruf name bildung abschluss position erfahrung unternehmen nationalität herkunft wohnort
geburtsjahr familienstand teilnehmer âge sexe genre profession métier formation expérience entreprise nationalité
edad sexo género profesión ocupación formación experiencia empresa nacionalidad idade género profissão età genere
"""
PERSON_FACTS = frozenset(_PERSON.split())
"""First words of the headings of a table that describes participants."""

_NUMBER = r"(?:\s*[#nN]?[°o]?\.?\s*\d{1,3}[a-z]?|\s+[A-Z]|\s*\([^)]{1,20}\))?"

_INTERVIEWER = re.compile(
    r"(?:(?:the|second|2nd|lead|co|male|female)[\s-])?"
    r"(?:interviewer(?:in)?|interviewers|moderator(?:in)?|facilitator|researcher|investigator|host|"
    r"intervieweuse|enquêteur|enquêtrice|modérateur|modératrice|entrevistador(?:a)?|moderador(?:a)?|"
    r"intervistat(?:ore|rice)|interviewleiter(?:in)?|forscher(?:in)?|intervjuare|haastattelija|ankieter|"
    r"интервьюер|модератор|采访者|訪談者|访谈者|主持人|インタビュアー|聞き手|면접자|מראיין|מראיינת|المحاور)"
    + _NUMBER,
    re.IGNORECASE,
)
_PARTICIPANT = re.compile(
    r"(?:(?:the|male|female)[\s-])?"
    r"(?:participant(?:e)?|respondent(?:in)?|interviewee|informant(?:in)?|subject|"
    r"befragte(?:r)?|teilnehmer(?:in)?|interviewte(?:r)?|interviewpartner(?:in)?|"
    r"enquêté(?:e)?|répondant(?:e)?|interviewé(?:e)?|entrevistad[oa]|participante|intervistat[oa]|rispondente|"
    r"geïnterviewde|respondente|haastateltava|респондент|информант|受访者|受訪者|被访者|参加者|回答者|응답자|מרואיין|מרואיינת)"
    + _NUMBER,
    re.IGNORECASE,
)
_SOMEBODY = re.compile(
    r"(?:unknown|unidentified|male|female|other)[\s_-]+(?:speaker|voice|person|participant)s?"
    + _NUMBER
    + r"|(?:speaker|sprecher(?:in)?|locuteur|orateur|hablante|parlante|person|voice)[\s_-]*(?:[#]?\d{1,3}|[A-Z])?"
    + r"|(?:all|both|several|group|gruppe|alle|tous|todos)"
    + r"|(?:observer|translator|interpreter|captioner|transcriber|transcriptionist|note-?taker|assistant|dolmetscher(?:in)?)"
    + _NUMBER,
    re.IGNORECASE,
)
_CODE = re.compile(r"(?:[A-Z]{1,4}[-_ ]?\d{1,3}[a-z]?|(?:SPEAKER|SPK|S)_\d{1,3})")

_SHORT = {"i": "interviewer", "int": "interviewer", "iv": "interviewer", "ir": "interviewer",
          "mod": "interviewer", "q": "interviewer", "p": "participant", "resp": "participant",
          "part": "participant", "ie": "participant", "ip": "participant", "b": "participant",
          "r": "participant", "a": "participant", "m": "interviewer", "e": "participant"}  # fmt: skip
"""Short labels, as used in transcripts; whether they are believed depends on their company."""


@lru_cache(maxsize=20_000)
def is_role_word(label: str) -> bool:
    """Return whether a label by itself says that somebody speaks: "Interviewer 1", "Unknown Speaker".

    Examples
    --------
    >>> [is_role_word(label) for label in ("Interviewer", "Participant 3", "Speaker 2", "Ana", "Note")]
    [True, True, True, False, False]
    """
    return any(pattern.fullmatch(label) for pattern in (_INTERVIEWER, _PARTICIPANT, _SOMEBODY))


def is_code(label: str) -> bool:
    """Return whether a label is like P7a, S01 or SPEAKER_00.

    Examples
    --------
    >>> is_code("P7a"), is_code("SPEAKER_00"), is_code("Ana")
    (True, True, False)
    """
    return _CODE.fullmatch(label) is not None


_ID = re.compile(r"[A-Z]{1,3}[-_ ]?\d{1,3}[a-z]?")


def guess_roles(labels: tuple[str, ...]) -> dict[str, str]:
    """Return the role of every label whose role the word itself, or its company, gives away.

    Full words decide alone. Short ones decide together: "I", "INT", "M", "Q" on one side with "P", "R",
    "A", "B", "E" on the other; "R" beside "P" is the researcher, "A" counts only beside "Q" or "I".
    "P7", "R2" and "IP1" are participants, and beside "I" so is whoever has an id like "N1".

    Examples
    --------
    >>> guess_roles(("Q", "A"))
    {'Q': 'interviewer', 'A': 'participant'}
    >>> guess_roles(("Ana", "Ben", "Moderator"))
    {'Moderator': 'interviewer'}
    >>> guess_roles(("A", "B"))
    {}
    """
    roles: dict[str, str] = {}
    stems: dict[str, str] = {}
    for label in labels:
        if _INTERVIEWER.fullmatch(label):
            roles[label] = "interviewer"
        elif _PARTICIPANT.fullmatch(label):
            roles[label] = "participant"
        else:
            match = re.fullmatch(r"([A-Za-z]{1,4})[-_ .]?(\d{0,3}[a-z]?)\.?", label)
            if match and match.group(1).lower() in _SHORT:
                stems[label] = match.group(1).lower()
    sides = {_SHORT[stem] for stem in stems.values()} | set(roles.values())
    if any(_ID.fullmatch(label) for label in labels if label not in stems and label not in roles):
        sides.add("participant")  # "I" beside "N1" or "S3a": such ids are given to who is interviewed
    kinds = set(stems.values())
    asks = kinds & {"i", "int", "iv", "ir", "mod", "q", "m"} or "interviewer" in roles.values()
    for label, stem in stems.items():
        role = _SHORT[stem]
        numbered = any(character.isdigit() for character in label)
        if stem == "r" and "p" in kinds and not asks:
            role = "interviewer"
        believed = (
            stem in ("int", "iv", "mod", "resp", "ip")
            or (numbered and stem in ("p", "r", "i"))
            or (stem == "q" and "a" in kinds)
            or (stem in ("a", "b", "e") and bool(asks))
            or (stem in ("i", "m", "ir") and "participant" in sides)
            or (stem in ("p", "r", "ie", "part") and (bool(asks) or "r" in kinds))
        )
        if believed:
            roles[label] = role
    return {label: roles[label] for label in labels if label in roles}
