"""The formats that can be read: one literal table, which is also the documentation.

To add a format, write one module with ``sniff(head: bytes, name: str) -> float`` and
``read(path: Path, *, options: ReadOptions) -> Reading``, and add one row to `FORMATS`; the page
``docs/add-a-transcript-format.md`` goes through it with a small example.

``sniff`` sees the first 64 KB of the file (of a zip also the last 64 KB, where the names of its parts
stand) and the file's name, and returns how sure it is, 0 to 1, by content first: 1 a signature that
nothing else has, 0.9 a telling structure, 0.7 only the suffix, below 0.5 a last resort.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from qualcode.errors import InvalidValue, ReadError, did_you_mean
from qualcode.readers._files import read_head
from qualcode.readers._foreign import foreign_kind

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Format:
    """One row of the table of formats.

    Parameters
    ----------
    name
        What `format=` and `Transcript.origin` say.
    title
        What people call it.
    suffixes
        Usual endings of its files; they only break ties.
    module
        The module in this package that reads it.
    kind
        "prose" (the whole visible text), "timed" or "tabular" (utterances only, one turn a paragraph).
    speaker, time
        Where the speaker and the time are found.
    extra
        The extra that must be installed, or None.
    """

    name: str
    title: str
    suffixes: tuple[str, ...]
    module: str
    kind: str
    speaker: str
    time: str
    extra: str | None = None


FORMATS: tuple[Format, ...] = (
    Format("text", "Plain text and Markdown", (".txt", ".md", ".markdown", ".text"), "text", "prose",
           "Name: at the line start, bold, in capitals, Q/A, alone on its line, before or after a time",
           "[0:05], [00:01:02], (00:01:02), #00:01:02-3#, Name  0:05, lines of times"),
    Format("docx", "Word", (".docx", ".docm"), "word", "prose",
           "as in text, also a bold run; a column of the table that is the transcript; Teams blocks",
           "as in text; a column of that table"),
    Format("odt", "OpenDocument text (LibreOffice)", (".odt", ".fodt", ".ott"), "odt", "prose", "as in Word", "as in Word"),
    Format("rtf", "Rich text (f4, easytranscript, TextEdit)", (".rtf",), "rtf", "prose", "as in Word",
           "as in text; #00:01:02-3# at the end of a turn"),
    Format("pdf", "PDF with text", (".pdf",), "pdf", "prose", "as in text, also bold", "as in text"),
    Format("html", "Web pages (noScribe, Otter, oTranscribe)", (".html", ".htm", ".xhtml"), "html", "prose",
           "as in Word", "as in text; anchors of noScribe; data-timestamp"),
    Format("podcast_html", "Podcast transcripts in HTML", (".html", ".htm"), "podcast_html", "timed", "<cite>Name:</cite>",
           "<time>0:05</time>"),
    Format("vtt", "WebVTT (Zoom, Teams, Descript)", (".vtt",), "vtt", "timed",
           "<v Name>, or Name: on every cue or at the beginning of a turn", "cue"),
    Format("srt", "SRT subtitles", (".srt",), "srt", "timed", "Name: on every cue or at the beginning of a turn", "cue"),
    Format("sbv", "SBV subtitles of YouTube", (".sbv", ".sub"), "sbv", "timed", "as in SRT, also >> Name:", "cue"),
    Format("json", "JSON of Whisper, AssemblyAI, Deepgram, Amazon, Google, Azure, Rev, podcasts, BBC", (".json",),
           "speech_json", "timed", "the recogniser's label, for example spk_0; numbers become Speaker 0",
           "segment or sentence"),
    Format("otr", "oTranscribe", (".otr",), "otr", "prose", "as in text", "its marks, to the fraction of a second"),
    Format("eaf", "ELAN", (".eaf",), "elan", "timed",
           "the participant of a tier, else its name; tiers that depend on others are left out", "annotation"),
    Format("exb", "EXMARaLDA", (".exb",), "exmaralda", "timed",
           "the abbreviation in the table of speakers; tiers of type t", "timeline"),
    Format("textgrid", "Praat TextGrid", (".textgrid",), "praat", "timed",
           "the name of a tier: Ana, Ana - words, utterances", "interval"),
    Format("chat", "CHAT (TalkBank, CLAN)", (".cha",), "chat", "timed", "*PAR:", "bullets with milliseconds"),
    Format("tei", "TEI (speech, Parla-CLARIN)", (".xml", ".tei"), "tei", "prose",
           "<u who=\"#ana\"> with the list of persons; <sp>", "timeline"),
    Format("csv", "CSV, one row a turn", (".csv", ".tsv", ".tab"), "delimited", "tabular",
           "a column: speaker, name, who, Sprecher, locuteur, hablante, ...",
           "columns: start, end, duration, timestamp, ..."),
    Format("excel", "Excel, one row a turn", (".xlsx", ".xlsm"), "excel", "tabular",
           "as in CSV", "as in CSV; Excel times"),
)  # fmt: skip
"""Every format, in the order in which `formats()` shows them."""

SURE_ENOUGH = 0.3
TIE = 0.05


def formats() -> pd.DataFrame:
    """Return the table of formats that can be read.

    Returns
    -------
    DataFrame
        One row per format: format, title, suffixes, kind, speaker, time, needs (an extra to install, or "").

    Examples
    --------
    >>> formats().set_index("format").loc["vtt", ["title", "suffixes", "kind", "time"]].tolist()
    ['WebVTT (Zoom, Teams, Descript)', '.vtt', 'timed', 'cue']
    """
    import pandas as pd

    return pd.DataFrame(
        {
            "format": [row.name for row in FORMATS],
            "title": [row.title for row in FORMATS],
            "suffixes": [" ".join(row.suffixes) for row in FORMATS],
            "kind": [row.kind for row in FORMATS],
            "speaker": [row.speaker for row in FORMATS],
            "time": [row.time for row in FORMATS],
            "needs": [row.extra or "" for row in FORMATS],
        }
    )


def format_named(name: str) -> Format:
    """Return a format by its name.

    Raises
    ------
    InvalidValue
        If there is none of that name.
    """
    for row in FORMATS:
        if row.name == name:
            return row
    known = [row.name for row in FORMATS]
    raise InvalidValue(
        f"There is no format {name!r}.{did_you_mean(str(name), known)} Use one of {', '.join(known)}, "
        "or leave format= out."
    )


def is_prose(name: str) -> bool:
    """Whether the labels of a source may stand in its text: it is of a prose format, or made by hand ("").

    Examples
    --------
    >>> is_prose("docx"), is_prose(""), is_prose("vtt"), is_prose("survey")
    (True, True, False, False)
    """
    return not name or any(row.name == name and row.kind == "prose" for row in FORMATS)


def module_of(row: Format) -> ModuleType:
    """Import the module that reads a format; only then are its libraries loaded."""
    return importlib.import_module(f"qualcode.readers.{row.module}")


def detect(path: Path, columns: Mapping[str, str] | None = None) -> Format:
    """Return the format of a file, by its content; the suffix only breaks a tie.

    Parameters
    ----------
    path
        The file.
    columns
        If the caller names columns, a text file is a table.

    Raises
    ------
    ReadError
        If the file cannot be opened, is none of the formats, or could be several.
    """
    head = read_head(path)
    scores = {row.name: float(module_of(row).sniff(head, path.name)) for row in FORMATS}
    if columns and scores.get("text", 0) == max(scores.values()):
        return format_named("csv")
    best = max(scores.values())
    if best < SURE_ENOUGH:
        raise _unknown(path, head)
    close = [row for row in FORMATS if scores[row.name] >= best - TIE]
    if len(close) > 1:
        close = [row for row in close if path.suffix.lower() in row.suffixes] or close
    if len(close) > 1:
        names = " or ".join(f"format={row.name!r}" for row in close)
        raise ReadError(path, f"it could be {' or '.join(row.title for row in close)}. Say which: {names}.")
    return close[0]


def _unknown(path: Path, head: bytes) -> ReadError:
    kind = foreign_kind(head)
    if kind is not None:
        return ReadError(path, f"this is {kind.name}, which is not read. {kind.way_out}")
    if not head.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        return ReadError(path, "it holds no words, only blanks. Export or copy it again.")
    return ReadError(
        path,
        "it is no format known here (it holds binary data). Save the transcript as .docx or .txt; "
        "qualcode.formats() lists what is read.",
    )
