"""The blocks of a caption file, tolerant of what programs write: shared by WebVTT, SRT and SBV."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from qualcode.readers._cues import Cue, is_timing, read_timing
from qualcode.readers._reading import Note, counted, listed

_BLOCKS = ("NOTE", "STYLE", "REGION")


@dataclass(slots=True)
class Captions:
    """The cues of a file, the lines above the first of them, and what was noticed."""

    cues: list[Cue]
    above: list[str]
    notes: list[Note]


def split_captions(text: str, kind: str) -> Captions:
    r"""Return the cues of a caption file.

    A cue begins at its line of times. A line right above that one is its number or name: in WebVTT any
    line after a blank one, in SRT a number, which without a blank line above must be the next one, unless
    nearly all cues have one. In WebVTT, blocks NOTE, STYLE and REGION are left out, and so are the headers
    of files that were put together. Other lines after a blank one still belong to the cue above, as no word
    is to be lost.

    Parameters
    ----------
    text
        The whole text.
    kind
        "vtt", "srt" or "sbv".

    Examples
    --------
    >>> found = split_captions("1\n00:00:01,0 --> 00:00:02,0\nYes.\n2\n00:00:02,0-->00:00:03,0\n42\n", "srt")
    >>> [(cue.begins, cue.lines) for cue in found.cues]
    [(1.0, ['Yes.']), (2.0, ['42'])]
    """
    webvtt, sbv = kind == "vtt", kind == "sbv"
    lines = text.split("\n")
    timings = [at for at, line in enumerate(lines) if is_timing(line, sbv)]
    numbered = sum(1 for at in timings if at and _is_number(lines[at - 1])) >= max(2, len(timings) * 0.8)
    cues: list[Cue] = []
    notes: list[Note] = []
    dropped = dict.fromkeys(_BLOCKS, 0)
    headers = 0
    late: list[int] = []
    backward: list[int] = []
    for number, (at, following) in enumerate(zip(timings, [*timings[1:], len(lines)], strict=False), start=1):
        times = read_timing(lines[at], sbv)
        if times is None:
            continue
        begins, ends, rest = times
        if ends < begins:
            backward.append(number)
        cue = Cue(begins, ends if ends >= begins else None, [rest] if rest else [])
        stop = following
        if (
            not sbv
            and following < len(lines)
            and _is_name_of_cue(lines, at, following, number, webvtt, numbered)
        ):
            stop -= 1
        first = True
        for block in _blocks(lines[at + 1 : stop]):
            word = block[0].split(maxsplit=1)[0].rstrip(":") if webvtt and not first else ""
            if word in dropped and block[0].startswith(word):
                dropped[word] += 1
            elif word == "WEBVTT" or word.startswith("X-TIMESTAMP-MAP"):
                headers += word == "WEBVTT"
            else:
                if cue.lines and not first:
                    late.append(number)
                cue.lines.extend(block)
            first = False
        cues.append(cue)
    above = lines[: timings[0]] if timings else lines
    if webvtt:
        for block in _blocks(above):
            word = block[0].split(maxsplit=1)[0].rstrip(":")
            if word in dropped:
                dropped[word] += 1
    for word, count in dropped.items():
        if count:
            notes.append(Note("dropped", f"{counted(count, f'{word} block')}."))
    if headers:
        notes.append(
            Note("dropped", f"{counted(headers, 'header')} in the middle: the file is several put together.")
        )
    if late:
        notes.append(
            Note(
                "guessed",
                f"Lines after a blank line were taken as part of the cue above (cue {listed(late)}).",
            )
        )
    if backward:
        verb = "ends" if len(backward) == 1 else "end"
        notes.append(
            Note(
                "changed",
                f"{counted(len(backward), 'cue')} {verb} before the beginning (cue {listed(backward)}); "
                "the end was left open.",
            )
        )
    return Captions(cues, above, notes)


def _is_name_of_cue(
    lines: list[str], at: int, following: int, number: int, webvtt: bool, numbered: bool
) -> bool:
    """Whether the line above a line of times is the number or name of that cue and not words."""
    name = lines[following - 1].strip()
    if following - 1 <= at or not name:
        return False
    after_blank = following - 2 > at and not lines[following - 2].strip()
    if _is_number(name):
        above = lines[at - 1].strip() if at else ""
        name = name.lstrip("\ufeff")
        return (
            after_blank
            or numbered
            or int(name) in (number + 1, number)
            or (_is_number(above) and int(name) == int(above.lstrip("\ufeff")) + 1)
        )
    return webvtt and after_blank


def _is_number(line: str) -> bool:
    line = line.strip().lstrip("\ufeff")
    return line.isdecimal() and len(line) <= 9


def _blocks(lines: Iterable[str]) -> list[list[str]]:
    blocks: list[list[str]] = []
    current: list[str] = []
    for line in lines:
        if line.strip():
            current.append(line)
        elif current:
            blocks.append(current)
            current = []
    return [*blocks, current] if current else blocks
