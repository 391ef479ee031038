"""SRT subtitles (.srt): numbers, times with a comma, words; also with dots, without numbers or blanks."""

from __future__ import annotations

import re
from pathlib import Path

from qualcode.errors import ReadError
from qualcode.readers._captions import split_captions
from qualcode.readers._cues import cues_to_reading, is_timing
from qualcode.readers._encoding import decode, peek
from qualcode.readers._files import read_bytes
from qualcode.readers._reading import MAX_LINES, Note, Reading, ReadOptions, check_length, counted

_TEAMS = re.compile(r"\s*\d{1,2}:(?:\d:\d{1,2}|\d{1,2}:\d)\.\d+\s*-->")


def sniff(head: bytes, name: str) -> float:
    """Return how sure it is that a file is SRT: lines of times, without WEBVTT above them.

    Single-digit minutes or seconds are the blocks that Teams writes, with the speaker on a line below;
    these are prose, unless the name says otherwise.
    """
    text = peek(head)
    if "->" not in text or text.lstrip().startswith("WEBVTT"):
        return 0.0
    timings = [line for line in text.split("\n") if is_timing(line)]
    if not timings:
        return 0.0
    if _TEAMS.match(timings[0]):
        return 0.3 if name.lower().endswith(".srt") else 0.1
    return 0.95


def read(path: Path, *, options: ReadOptions) -> Reading:
    """Read a SRT file.

    Raises
    ------
    ReadError
        If the file cannot be opened, is not text, or holds no cue with words.
    """
    text, notes = decode(path, read_bytes(path), options.encoding)
    check_length(text, 4 * MAX_LINES)
    captions = split_captions(text, "srt")
    above = sum(1 for line in captions.above if line.strip() and not line.strip().isdecimal())
    extra = [Note("dropped", f"{counted(above, 'line')} above the first cue.")] if above else []
    reading = cues_to_reading(
        captions.cues, options.certain_labels, [*notes, *extra, *captions.notes], format="srt"
    )
    if not reading.turns:
        raise ReadError(path, "it holds no subtitles with words. Export it again, with the transcript in it.")
    return reading
