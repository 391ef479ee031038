"""Tables with one field a column: which column is which, and the rows as turns.

For CSV, Excel, and the table in a Word file that is the transcript. A column is found by the caller's
word, by its heading (several languages), or, without headings, by what stands in it: long texts, few
short names again and again, rising times. A row is a turn; a row without speaker and time goes on with
the turn above.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from qualcode.errors import ReadError
from qualcode.readers._names import has_name_shape, never_speaks
from qualcode.readers._times import cell_seconds

HEADINGS: dict[str, tuple[str, ...]] = {
    "text": (
        "text", "utterance", "utterance_text", "transcript", "transcription", "content", "speech", "words",
        "sentence", "message", "turn_text", "spoken", "said", "dialogue", "caption", "subtitle", "quote",
        "äußerung", "aussage", "transkript", "transkription", "inhalt", "wortlaut", "beitrag", "redebeitrag",
        "texte", "énoncé", "parole", "paroles", "propos", "contenu", "discours",
        "texto", "enunciado", "transcripción", "contenido", "transcrição", "fala", "conteúdo",
        "testo", "enunciato", "trascrizione", "battuta", "tekst", "uitspraak", "текст", "реплика", "文本", "内容",
    ),
    "speaker": (
        "speaker", "speaker_name", "speaker_label", "name", "who", "person", "interlocutor", "participant",
        "participant_role", "role", "talker", "voice", "author", "interviewee", "speakerid", "speaker_id", "label",
        "sprecher", "sprecherin", "sprechende", "sprecher_in", "redner", "rednerin", "redner_in", "person", "wer", "teilnehmer", "rolle",
        "locuteur", "locutrice", "intervenant", "personne", "qui", "nom", "orateur", "participant",
        "hablante", "locutor", "interlocutor", "quien", "quién", "nombre", "falante", "orador", "nome",
        "parlante", "interlocutore", "chi", "spreker", "naam", "wie", "говорящий", "спикер", "имя", "说话人", "发言人",
    ),
    "start": (
        "begins", "start", "start_time", "starttime", "begin", "begin_time", "from", "onset", "time", "timestamp",
        "timecode", "time_code", "start_s", "start_ms", "start_sec", "in", "tmin", "time_start", "turn_time",
        "beginn", "anfang", "von", "zeit", "zeitmarke", "startzeit", "zeitstempel",
        "début", "debut", "de", "temps", "heure", "horodatage", "inicio", "desde", "tiempo", "hora", "início", "tempo",
        "inizio", "da", "tijd", "begintijd", "начало", "время", "开始", "时间",
    ),
    "end": (
        "ends", "end", "end_time", "endtime", "stop", "to", "offset", "until", "end_s", "end_ms", "end_sec", "out",
        "tmax", "time_end", "finish", "ende", "bis", "endzeit", "fin", "à", "fim", "hasta", "fine", "einde", "конец", "结束",
    ),
    "duration": ("duration", "dur", "length", "dauer", "durée", "duración", "duração", "durata", "duur"),
    "source": (
        "transcript_id", "interview", "interview_id", "document", "document_id", "doc_id", "source", "source_id",
        "file", "filename", "file_name", "session", "session_id", "dialogue_id", "conversation_id", "video_id",
        "recording", "datei", "dokument", "fichier", "archivo", "documento",
    ),
}  # fmt: skip
"""Field to the headings it is known by; compared without case, accents kept, blanks as underscores."""

FIELDS = tuple(HEADINGS)


@dataclass(slots=True)
class Columns:
    """Which column holds which field.

    Parameters
    ----------
    at
        Field to index of the column.
    first_row
        Index of the first row that is not a heading.
    milliseconds
        The time fields whose numbers are milliseconds, as their heading says.
    named
        Whether the columns were told by their headings, not by what stands in them.
    split
        Whether each source of the table becomes a transcript.
    """

    at: dict[str, int] = field(default_factory=dict)
    first_row: int = 0
    milliseconds: frozenset[str] = frozenset()
    named: bool = True
    split: bool = False


def heading_key(heading: object) -> str:
    """Return a heading as it is compared: "Start time (ms)" is "start_time_ms".

    Examples
    --------
    >>> heading_key(" Start time (ms) "), heading_key("Dur."), heading_key("Äußerung:")
    ('start_time_ms', 'dur', 'äusserung')
    """
    words = unicodedata.normalize("NFC", str(heading if heading is not None else ""))
    return re.sub(r"[^\w]+", "_", words.strip().casefold()).strip("_")


_KNOWN = {name: tuple(map(heading_key, words)) for name, words in HEADINGS.items()}


def find_by_heading(rows: Sequence[Sequence[object]], look: int = 10) -> Columns | None:
    """Return the columns of the first row that names a text column and one more field, or only one column.

    Examples
    --------
    >>> find_by_heading([["Start", "Speaker", "Text"], ["0:05", "Ana", "Yes"]]).at
    {'text': 2, 'speaker': 1, 'start': 0}
    """
    for number, row in enumerate(rows[:look]):
        keys = [heading_key(cell) for cell in row]
        at: dict[str, int] = {}
        for name, words in _KNOWN.items():
            known = [
                (words.index(_unit_free(key)), index)
                for index, key in enumerate(keys)
                if _unit_free(key) in words and index not in at.values()
            ]
            if known:
                at[name] = min(known)[1]
        filled = sum(1 for key in keys if key)
        if "text" in at and (len(at) > 1 or filled == 1):
            return Columns(at, number + 1, _in_milliseconds(at, keys))
    return None


def _unit_free(key: str) -> str:
    return re.sub(r"(?<=\w)_(?:ms|msec|milliseconds|s|sec|secs|seconds|hh_mm_ss|mm_ss|h_m_s)$", "", key)


def _in_milliseconds(at: Mapping[str, int], keys: Sequence[str]) -> frozenset[str]:
    return frozenset(
        name
        for name, index in at.items()
        if name in ("start", "end", "duration")
        and re.search(r"(?:^|_)(?:ms|msec|milliseconds)(?:_|$)", keys[index])
    )


def find_by_content(rows: Sequence[Sequence[object]], headed: bool = False) -> Columns | None:
    """Return the columns of a table without known headings, or None where they cannot be told.

    The speaker stands in a column with few short names that come again and again; the text in the column
    with most words, at least three a cell.

    Parameters
    ----------
    rows
        The cells.
    headed
        Whether a first row whose name never comes again may be a heading in an unknown language;
        otherwise such a table is not told.

    Examples
    --------
    >>> find_by_content([["I", "Why do you think so?"], ["P", "Because it drifts."], ["I", "Oh, I see."]]).at
    {'text': 1, 'speaker': 0}
    """
    width = max((len(row) for row in rows), default=0)
    cells = [[_shown(row[index]) if index < len(row) else "" for row in rows] for index in range(width)]
    words = [sum(len(cell.split()) for cell in column) for column in cells]
    if width < 2 or not any(words):
        return None
    text = words.index(max(words))
    if words[text] < 3 * sum(1 for cell in cells[text] if cell):
        return None
    at = {"text": text}
    first = 0
    for index, column in enumerate(cells):
        filled = [cell.rstrip(":") for cell in column if cell]
        if index == text or not filled:
            continue
        times = sum(1 for cell in filled if cell_seconds(cell) is not None and ":" in cell)
        names = Counter(cell for cell in filled if has_name_shape(cell) and not never_speaks(cell))
        if times >= len(filled) * 0.8 and len(filled) >= 2:
            at.setdefault("end" if "start" in at else "start", index)
        elif (
            names.total() >= len(filled) * 0.9 and len(filled) >= 3 and len(names) <= max(2, len(filled) // 2)
        ):
            if "speaker" not in at and column[0] and names[column[0].rstrip(":")] < 2:
                first = 1
            at.setdefault("speaker", index)
    if ("speaker" not in at and "start" not in at) or (first and not headed):
        return None
    return Columns(at, first, named=False)


def _shown(cell: object) -> str:
    return "" if cell is None else str(cell).strip()


def find_columns(
    path: object,
    rows: Sequence[Sequence[object]],
    columns: Mapping[str, str],
    content: bool = True,
    headed: bool = False,
) -> Columns | None:
    """Return the columns of a table: the caller's, else by heading, else by content; None where unknown.

    Raises
    ------
    ReadError
        If the caller names a field or a column that is not there.
    """
    found = find_by_heading(rows)
    if not columns:
        return found if found is not None or not content else find_by_content(rows, headed)
    for name in columns:
        if name not in FIELDS:
            raise ReadError(
                path, f"columns= names the field {name!r}. Use {', '.join(FIELDS[:-1])} or {FIELDS[-1]}."
            )
    wanted = {name: heading_key(heading) for name, heading in columns.items() if heading}
    for number, row in enumerate(rows[:10]):
        keys = [heading_key(cell) for cell in row]
        if set(wanted.values()) <= set(keys):
            at = {name: keys.index(key) for name, key in wanted.items()}
            if found is not None and found.first_row == number + 1:
                for name, index in found.at.items():
                    if name not in columns and index not in at.values():
                        at[name] = index
            return Columns(at, number + 1, _in_milliseconds(at, keys)) if "text" in at else None
    keys = [heading_key(cell) for cell in (rows[0] if rows else [])]
    missing = next(
        (heading for name, heading in columns.items() if wanted.get(name, "") not in ("", *keys)), ""
    )
    raise ReadError(
        path, f"it has no column {missing!r}; {name_headings(rows)}. Name a column that is there."
    )


def name_headings(rows: Sequence[Sequence[object]]) -> str:
    """Return the first row for a message, if it can only be headings; words of a person are never shown.

    Examples
    --------
    >>> name_headings([["id", "answer"], ["1", "Because."]])
    'its first row has: id, answer'
    >>> name_headings([["I", "Why?"], ["P", "Because."], ["I", "Oh."]])
    'its first row has 2 cells and does not look like headings'
    """
    cells = [" ".join(_shown(cell).split()) for cell in (rows[0] if rows else [])]
    filled = [cell for cell in cells if cell]
    below = {" ".join(_shown(cell).split()) for row in rows[1:] for cell in row}
    short = all(len(cell) <= 40 and len(cell.split()) <= 6 and cell[-1] not in ".?!…" for cell in filled)
    if not filled or not short or len(set(filled)) < len(filled) or below & set(filled):
        return f"its first row has {len(cells)} cell{'s' if len(cells) != 1 else ''} and does not look like headings"
    return "its first row has: " + ", ".join(filled[:12]) + (", ..." if len(filled) > 12 else "")
