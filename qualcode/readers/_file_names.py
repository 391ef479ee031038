"""What the name of a file gives away, and the id of a source that gives nothing away."""

from __future__ import annotations

import re
from collections.abc import Collection

from qualcode.readers._pseudonyms import Names
from qualcode.readers._words import is_role_word

_NEUTRAL = """
interview interviews transcript transcripts transcription talk conversation session recording audio video call meeting
focus group round part pilot test follow up followup first second third final draft version copy of the and with at
clean cleaned corrected checked edited raw original anonymised anonymized anonymous pseudonymised pseudonymized en de fr es
it pt nl eng ger zoom teams gmt utc otter whisper descript vtt srt txt docx doc csv xlsx text table subtitles captions
captioned closed sheet export no nr num number id source case subject person speaker i p s r q a fg int
gespräch transkript transkription aufnahme sitzung teil endfassung fassung kopie korrigiert
entretien entrevue transcriptions enregistrement partie entrevista transcripción transcripcion transcrição grabación
grabacion parte intervista trascrizione registrazione gesprek opname deel intervju
"""
NEUTRAL_WORDS = frozenset(_NEUTRAL.split())
"""Words of file names that tell nothing about who spoke."""

_WORDS = re.compile(r"[^\W\d_]+|\d+")
_CAMEL = re.compile(r"(?<=[a-zß-ÿ])(?=[A-ZÀ-Þ])")


def is_neutral(name: str, pseudonyms: Collection[str] = ()) -> bool:
    """Return whether a file name holds nothing but neutral words, numbers, codes such as P7a, and pseudonyms.

    Examples
    --------
    >>> is_neutral("Interview 3 (final)"), is_neutral("P7a"), is_neutral("Marias interview"), is_neutral("ACME")
    (True, True, False, False)
    >>> is_neutral("interview_nurse-1", pseudonyms=["nurse 1"])
    True
    """
    known = {word for pseudonym in pseudonyms for word in _words(pseudonym)} | NEUTRAL_WORDS
    known |= {word for word in _words(name) if is_role_word(word)}
    plain = re.sub(r"(?<![^\W_])[A-Za-z]{1,2}[-_ ]?\d{1,4}[a-z]?(?![^\W_])", " ", name)
    return all(word.isdigit() or word in known for word in _words(plain))


def _words(name: str) -> list[str]:
    return [word.casefold() for word in _WORDS.findall(_CAMEL.sub(" ", name))]


def rename_file_name(name: str, names: Names) -> str:
    """Return a file name without listed names; dots and "_" part words there.

    Examples
    --------
    >>> rename_file_name("interview_ana-lima2", Names({"Ana Lima": "P2", "Ana": "P1"}))
    'interview_P2-2'
    """
    flat = name.replace(".", " ")
    if not names.find(flat):
        return name
    return names.replace(flat)
