"""SBV subtitles (.sbv) as YouTube gives them, and SubViewer (.sub): begin and end on a line, then words."""

from __future__ import annotations

from pathlib import Path

from qualcode.errors import ReadError
from qualcode.readers._captions import split_captions
from qualcode.readers._cues import cues_to_reading, is_timing
from qualcode.readers._encoding import decode, peek
from qualcode.readers._files import read_bytes
from qualcode.readers._reading import MAX_LINES, Note, Reading, ReadOptions, check_length, counted


def sniff(head: bytes, name: str) -> float:
    """Return 0.95 where the first line holds two times, a comma between them and nothing else, else 0.

    The lines that SubViewer writes above, in square brackets, do not count.
    """
    lines = (line.strip() for line in peek(head).split("\n"))
    first = next((line for line in lines if line and not line.startswith("[")), "")
    return 0.95 if is_timing(first, sbv=True) else 0.0


def read(path: Path, *, options: ReadOptions) -> Reading:
    """Read an SBV file.

    Raises
    ------
    ReadError
        If the file cannot be opened, is not text, or holds no cue with words.
    """
    text, notes = decode(path, read_bytes(path), options.encoding)
    check_length(text, 4 * MAX_LINES)
    captions = split_captions(text, "sbv")
    above = sum(1 for line in captions.above if line.strip())
    extra = [Note("dropped", f"{counted(above, 'line')} above the first cue.")] if above else []
    reading = cues_to_reading(
        captions.cues, options.certain_labels, [*notes, *extra, *captions.notes], format="sbv"
    )
    if not reading.turns:
        raise ReadError(path, "it holds no subtitles with words. Export it again, with the transcript in it.")
    return reading
