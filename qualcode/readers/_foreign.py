"""Files that no reader takes: what they are, and the way out. One row per kind.

When a reader for such a format joins the registry its `sniff` wins, and the row is only used by the
text reader to step aside.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from qualcode.readers._encoding import narrow
from qualcode.readers._json import looks_like_json


@dataclass(frozen=True, slots=True)
class Foreign:
    """A kind of file that is recognised in order to be refused well."""

    name: str
    way_out: str
    test: Callable[[bytes], bool]


def _starts(*magic: bytes) -> Callable[[bytes], bool]:
    return lambda head: head.startswith(magic)


def _at(offset: int, *magic: bytes) -> Callable[[bytes], bool]:
    return lambda head: head[offset:].startswith(magic)


def _looks(pattern: bytes) -> Callable[[bytes], bool]:
    compiled = re.compile(pattern, re.IGNORECASE)
    return lambda head: compiled.match(narrow(head[:4000]).lstrip()) is not None


def _ole(head: bytes) -> bool:
    return head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")


def _locked(head: bytes) -> bool:
    return _ole(head) and "EncryptedPackage".encode("utf-16-le") in head


def _zip_with(*names: bytes) -> Callable[[bytes], bool]:
    return lambda head: head.startswith(b"PK") and any(name in head for name in names)


_AS_TEXT = "Open it in its program and save it as .docx or .txt."
_TRANSCRIBE = "Have it transcribed and give the transcript (.vtt, .srt, .docx or .txt)."

FOREIGN: tuple[Foreign, ...] = (
    Foreign("protected by a password", "Remove the password in Word or Excel and save it again.", _locked),
    Foreign("an old Office file (.doc, .xls), or one protected by a password",
            "Open it in Word or Excel and save it as .docx or .xlsx, without a password.", _ole),
    Foreign("an OpenDocument table (.ods)", "Open it and save it as .xlsx or .csv.",
            _zip_with(b"application/vnd.oasis.opendocument.spreadsheet")),
    Foreign("a REFI-QDA project (.qdpx)", "It is a project, not a transcript.", _zip_with(b".qde")),
    Foreign("a PowerPoint file", "Save its text as .docx or .txt.", _zip_with(b"ppt/presentation")),
    Foreign("an e-book (.epub)", _AS_TEXT, _zip_with(b"application/epub+zip")),
    Foreign("a Pages document", "Export it from Pages as Word (.docx).", _zip_with(b"Index/Document.iwa")),
    Foreign("a zip archive", "Unpack it and give the transcripts in it.", _starts(b"PK\x03\x04", b"PK\x05\x06")),
    Foreign("a compressed file", "Unpack it and give the transcript in it.",
            _starts(b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf\x27\x1c", b"Rar!")),
    Foreign("a sound file", _TRANSCRIBE,
            lambda head: head.startswith((b"ID3", b"OggS", b"fLaC", b"\xff\xfb", b"\xff\xf3", b"\xff\xf1",
                                          b"FORM", b"#!AMR"))
            or (head[:4] == b"RIFF" and head[8:12] == b"WAVE")),
    Foreign("a sound or video file", _TRANSCRIBE,
            lambda head: head[4:8] == b"ftyp" or head.startswith((b"\x1aE\xdf\xa3", b"0&\xb2u\x8ef\xcf\x11",
                                                                  b"FLV\x01", b"\x00\x00\x01\xba"))
            or head[:4] == b"RIFF"),
    Foreign("a picture", "Type its text, or run it through text recognition, and save it as .docx or .txt.",
            _starts(b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"BM\x36")),
    Foreign("an SQLite database (a QualCoder, Taguette or RQDA project)",
            "It is a project, not a transcript.", _starts(b"SQLite format 3\x00")),
    Foreign("a Python pickle", "Export its text as .txt or .csv.", _starts(b"\x80\x03c", b"\x80\x04\x95", b"\x80\x05\x95")),
    Foreign("a segmented transcription of EXMARaLDA (.exs)",
            "Open it in the EXMARaLDA Partitur-Editor and save it as a basic transcription (.exb).",
            _looks(rb"(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--.{0,500}?-->\s*)?<segmented-transcription")),
    Foreign("an XML file", "Export the transcript as .docx, .txt, .vtt or .srt.",
            _looks(rb"<\?xml[\s>]|<[a-z][\w:.-]*(?:\s+[\w:.-]+\s*=\s*[\"'])[^>]*>\s*<")),
    # Read by speech_json.py and otr.py; the row makes the readers of text and of tables step aside.
    Foreign("JSON", "Export the transcript as .vtt, .srt, .docx or .txt.", looks_like_json),
    Foreign("a Jupyter notebook or source code", "Give the transcript itself.",
            _starts(b"#!/", b"<?php", b"MZ\x90", b"\x7fELF")),
    Foreign("a binary file of Praat", "Open it in Praat and choose Save as text file.",
            lambda head: b"ooBinaryFile" in head[:200]),
)  # fmt: skip
"""In the order they are tried: the particular before the general."""


def foreign_kind(head: bytes) -> Foreign | None:
    """Return what a file is that no reader takes, or None where nothing is recognised.

    Examples
    --------
    >>> foreign_kind(b"OggS...").name
    'a sound file'
    >>> foreign_kind(b"Ana: yes") is None
    True
    """
    return next((kind for kind in FOREIGN if kind.test(head)), None)
