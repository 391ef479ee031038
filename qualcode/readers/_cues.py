"""Timed captions: the speaker and the words of each cue, for WebVTT, SRT and whatever else consists of cues."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from qualcode.readers._labels import Candidate, choose_labels
from qualcode.readers._lines import split_lines
from qualcode.readers._reading import Note, Reading, counted
from qualcode.readers._rolling import drop_doubles, unroll
from qualcode.readers._speech import Utterance, utterances_to_reading

_T = r"(?:(\d{1,4}):)?(\d{1,3}):(\d{1,2})(?:\s?[.,:;]\s?(\d{1,6}))?"
_TIMING = re.compile(rf"\s{{0,20}}{_T}\s{{0,20}}-{{1,3}}>\s{{0,20}}{_T}(?P<rest>.*)", re.DOTALL)
_SBV = re.compile(rf"\s{{0,20}}{_T}\s{{0,20}},\s{{0,20}}{_T}(?P<rest>\s*)")
_SETTINGS = re.compile(r"(?:\s+[A-Za-z]+\d?:\S*)*\s*")
_VOICE = re.compile(r"<v(?:\.[^\s<>]{0,200})?(?:[ \t]([^<>]{0,200}))?>|</v>", re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:c|i|b|u|em|strong|ruby|rt|lang|font|span)(?:[.\s][^<>]{0,200})?/?>|<(?:\d+:)?\d{1,3}:\d{2}[.,]\d{1,3}>"
    r"|\{\\[^{}]{0,100}\}|\{/?[biu]\}",
    re.IGNORECASE,
)
_READING = re.compile(r"<rt(?:[.\s][^<>]{0,200})?>[^<]{0,300}(?:</rt>|(?=</ruby>))")
_BREAK = re.compile(r"<br\s*/?>|\[br\]|\\[Nn](?=\s|\S)", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,31}\d{0,2});")
_UNSEEN = re.compile("[\u200e\u200f]")


SOMEBODY = ""
"""Another speaker, who is not named: captions write ">>" where the speaker changes."""


@dataclass(slots=True)
class Cue:
    """A stretch of time and the lines shown in it.

    Parameters
    ----------
    begins, ends
        Seconds; `ends` None where the file gives none or one before the begin.
    lines
        The lines as they stand in the file.
    """

    begins: float
    ends: float | None
    lines: list[str] = field(default_factory=list)


def is_timing(line: str, sbv: bool = False) -> bool:
    """Return whether a line holds the times of a cue.

    Examples
    --------
    >>> is_timing("00:00:01,179 --> 00:00:02,399"), is_timing("0:01.5-->0:02.5 align:start"), is_timing("1")
    (True, True, False)
    >>> is_timing("0:00:00.599,0:00:04.160", sbv=True)
    True
    """
    return _SBV.fullmatch(line) is not None if sbv else "->" in line and _TIMING.match(line) is not None


def read_timing(line: str, sbv: bool = False) -> tuple[float, float, str] | None:
    """Return begin and end of a cue in seconds and what else stands on the line, or None.

    Examples
    --------
    >>> read_timing("00:01.5 --> 01:00:02,250 align:start")
    (1.5, 3602.25, '')
    >>> read_timing("0:00:00.599,0:00:04.160", sbv=True)
    (0.599, 4.16, '')
    """
    match = _SBV.fullmatch(line) if sbv else _TIMING.match(line)
    if match is None:
        return None
    groups = match.groups()
    rest = match.group("rest")
    return _seconds(groups[:4]), _seconds(groups[4:8]), "" if _SETTINGS.fullmatch(rest) else rest.strip()


def _seconds(parts: Sequence[str | None]) -> float:
    hours, minutes, seconds, fraction = (part or "0" for part in parts)
    return round(int(hours) * 3600 + int(minutes) * 60 + int(seconds) + float(f"0.{fraction}"), 6)


def cues_to_reading(
    cues: Sequence[Cue],
    certain: Iterable[str] = (),
    notes: Sequence[Note] = (),
    format: str = "",
    language: str = "",
) -> Reading:
    r"""Return the turns of a series of cues.

    The speaker of a cue is its `<v Name>`, else a `Name:` at the beginning of a line, by the same rule as
    in prose. Where fewer than four of five cues begin with `Name:`, the name stands at the beginning of a
    turn only, and the cues under it go on with that speaker, up to the next name or ">>".

    Examples
    --------
    >>> cues = [Cue(0, 2, ["<v Ana>Yes,"]), Cue(2, 3, ["<v Ana>it drifts."]), Cue(3, 4, ["Oh."])]
    >>> reading = cues_to_reading(cues)
    >>> reading.text
    'Yes, it drifts.\nOh.'
    >>> [(turn.speaker, turn.begins, turn.ends) for turn in reading.turns]
    [('Ana', 0, 3), (None, 3, 4)]
    """
    cues, doubled = drop_doubles(cues)
    found = [*notes, *doubled]
    bare, readings = _without_readings(cues)
    found += [Note("dropped", f"{counted(readings, 'reading')} above characters (ruby).")] if readings else []
    pieces = [_pieces(lines) for lines in bare]
    ends: dict[int, float | None] = {}
    empty = [not cue for cue in pieces]
    if any(speaker is not None for cue in pieces for speaker, _ in cue):
        said = [[(speaker, " ".join(lines)) for speaker, lines in cue] for cue in pieces]
    else:
        shown = [[line for _, lines in cue for line in lines] for cue in pieces]
        shown, ends, rolled = unroll(shown, [(cue.begins, cue.ends) for cue in cues])
        found += rolled
        said = _said_by_label(shown, certain)
    utterances: list[Utterance] = []
    for number, (cue, parts) in enumerate(zip(cues, said, strict=True)):
        spoken = [(speaker, words) for speaker, words in parts if words.strip()]
        last = ends.get(number, cue.ends)
        utterances += [Utterance(speaker or None, words, cue.begins, last) for speaker, words in spoken]
        if empty[number] or (parts and not spoken):
            utterances.append(Utterance(None, "", cue.begins, last))  # to be counted
    return utterances_to_reading(utterances, found, format=format, language=language)


def _without_readings(cues: Sequence[Cue]) -> tuple[list[Sequence[str]], int]:
    """Return the lines of each cue without what stands in small above characters, and how often it does."""
    found: list[Sequence[str]] = []
    number = 0
    for cue in cues:
        lines: Sequence[str] = cue.lines
        if any("<rt" in line for line in lines):
            kept, times = _READING.subn("", "\n".join(lines))
            lines, number = kept.split("\n"), number + times
        found.append(lines)
    return found, number


def _pieces(lines: Sequence[str]) -> list[tuple[str | None, list[str]]]:
    """Return the parts of one cue, each with the voice that `<v Name>` gives it and its clean lines."""
    joined = _TAG.sub("", _BREAK.sub("\n", "\n".join(lines)))
    parts: list[tuple[str | None, list[str]]] = []
    speaker: str | None = None
    at = 0
    for match in [*_VOICE.finditer(joined), None]:
        words = joined[at : match.start() if match else len(joined)]
        clean = [_unescape(line).strip() for line in words.split("\n")]
        clean = [line for line in clean if line]
        if clean:
            parts.append((speaker, clean))
        if match is None:
            break
        name = _UNSEEN.sub("", _unescape(match.group(1) or "")).strip().lstrip("/").strip(" \t:")
        speaker = " ".join(name.split()) or None
        at = match.end()
    return parts


def _unescape(line: str) -> str:
    return _ENTITY.sub(lambda match: _known(match.group()), line).replace("\r", " ")


def _known(entity: str) -> str:
    character = html.unescape(entity)
    return " " if character in ("\n", "\r", "\x00") or "\ud800" <= character <= "\udfff" else character


def _said_by_label(cues: list[list[str]], certain: Iterable[str]) -> list[list[tuple[str | None, str]]]:
    """Find `Name:` at the beginning of lines, with the whole document as evidence."""
    candidates = []
    words_at: dict[int, int] = {}
    number = 0
    for lines in cues:
        for position, line in enumerate(lines):
            if ":" in line[:120] or "：" in line[:120]:
                parsed = split_lines(line)[0]
                if parsed.style in ("plain", "marked") or (parsed.style == "timed" and parsed.label):
                    has_words = parsed.words_at < parsed.end or position + 1 < len(lines)
                    candidates.append(Candidate(number, parsed.label, "plain", has_words, position == 0))
                    words_at[number] = parsed.words_at
            number += 1
    chosen = {each.line: each.label for each in choose_labels(candidates, sum(map(bool, cues)), certain)}
    number, labelled, filled = 0, 0, 0
    said: list[list[tuple[str | None, str]]] = []
    for lines in cues:
        utterances: list[tuple[str | None, list[str]]] = []
        labelled += bool(lines) and number in chosen
        filled += bool(lines)
        for line in lines:
            if number in chosen:
                utterances.append((chosen[number], [line[words_at[number] :]]))
            elif chosen and line.startswith(">>"):
                utterances.append((SOMEBODY, [line]))
            elif utterances:
                utterances[-1][1].append(line)
            else:
                utterances.append((None, [line]))
            number += 1
        said.append([(speaker, " ".join(part for part in parts if part)) for speaker, parts in utterances])
    if chosen and labelled < filled * 0.8:
        _carry_on(said)
    return said


def _carry_on(said: list[list[tuple[str | None, str]]]) -> None:
    speaker: str | None = None
    for utterances in said:
        for index, (label, words) in enumerate(utterances):
            speaker = speaker if label is None else label
            utterances[index] = (speaker, words)
