"""WebVTT (.vtt), as Zoom, Teams, Descript, noScribe and speech recognisers write it."""

from __future__ import annotations

import re
from pathlib import Path

from qualcode.errors import ReadError
from qualcode.readers._captions import split_captions
from qualcode.readers._cues import cues_to_reading
from qualcode.readers._encoding import decode, peek
from qualcode.readers._files import read_bytes
from qualcode.readers._reading import MAX_LINES, Reading, ReadOptions, check_length

_SIGNATURE = re.compile(r"\s*WEBVTT(?=[\s:-]|$)")
_LANGUAGE = re.compile(r"\s*(?:NOTE\s+)?[Ll]anguage\s*:\s*\"?([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)\"?\s*$")


def sniff(head: bytes, name: str) -> float:
    """Return 1 where the file begins with WEBVTT, else 0."""
    return 1.0 if _SIGNATURE.match(peek(head)) else 0.0


def read(path: Path, *, options: ReadOptions) -> Reading:
    """Read a WebVTT file.

    Raises
    ------
    ReadError
        If the file cannot be opened, is not text, or holds no cue with words.
    """
    text, notes = decode(path, read_bytes(path), options.encoding)
    check_length(text, 4 * MAX_LINES)
    captions = split_captions(text, "vtt")
    language = next((found.group(1) for line in captions.above if (found := _LANGUAGE.match(line))), "")
    reading = cues_to_reading(
        captions.cues, options.certain_labels, [*notes, *captions.notes], format="vtt", language=language
    )
    if not reading.turns:
        raise ReadError(path, "it holds no captions with words. Export it again, with the transcript in it.")
    return reading
