"""Praat TextGrids (.TextGrid), long and short: tiers of intervals as speakers; silences are no words."""

from __future__ import annotations

import re
from pathlib import Path

from qualcode.errors import ReadError
from qualcode.readers._encoding import decode, peek
from qualcode.readers._files import read_bytes
from qualcode.readers._reading import Note, Reading, ReadOptions, counted
from qualcode.readers._speech import Utterance, overlap_notes, utterances_to_reading
from qualcode.readers._tiers import SILENCES, Tier, speech_of

_HEAD = re.compile(
    r'\s*(?:File type\s*=\s*)?"ooTextFile(?: short)?"\s*(?:Object class\s*=\s*)?"([^"\n]{1,60})"'
)
_OLD_HEAD = re.compile(r'\s*"?Praat chronological TextGrid text file')
# Praat reads strings, flags and free-standing numbers, and passes over every other word: so both forms are one.
_TOKEN = re.compile(
    r'"(?P<text>[^"]*(?:""[^"]*)*)"|(?<!\S)(?P<flag><\w{1,20}>)(?!\S)'
    r"|(?<!\S)(?P<number>[-+]?\d{1,40}(?:\.\d{0,40})?(?:[eE][-+]?\d{1,3})?)(?!\S)|(?<!\S)![^\n]*"
)
_MAX_TIERS = 1_000


def sniff(head: bytes, name: str) -> float:
    """Return 1 where the file begins as Praat writes a text file, else 0."""
    text = peek(head)
    return 1.0 if _HEAD.match(text) or _OLD_HEAD.match(text) else 0.0


def read(path: Path, *, options: ReadOptions) -> Reading:
    """Read a TextGrid.

    Raises
    ------
    ReadError
        If the file cannot be opened, is another kind of Praat file, is cut off, or holds no words.
    """
    text, notes = decode(path, read_bytes(path), options.encoding)
    found = list(notes)
    head = _HEAD.match(text)
    if head is None:
        raise ReadError(
            path,
            "it is a TextGrid in a form that is not read. Open it in Praat and choose Save as text file.",
        )
    if head.group(1) != "TextGrid":
        raise ReadError(
            path,
            f"it holds a {head.group(1)} of Praat, not a TextGrid. Select the TextGrid in Praat and choose Save as text file.",
        )
    tiers = _Tokens(path, text, head.end()).tiers()
    silent = _without_silences(tiers)
    if silent:
        found.append(Note("dropped", f"{counted(silent, 'interval')} labelled as silence."))
    said, more = speech_of(path, tiers, options.certain_labels)
    found.extend([*more, *overlap_notes(said, "interval")])
    return utterances_to_reading(said, found, noun="interval", format="textgrid")


def _without_silences(tiers: list[Tier]) -> int:
    silent = 0
    for tier in tiers:
        kept = [said for said in tier.said if said.words.strip().casefold() not in SILENCES]
        silent += len(tier.said) - len(kept)
        tier.said = [said for said in kept if said.words.strip()]
    return silent


class _Tokens:
    """The strings, flags and numbers of a TextGrid, one after the other."""

    def __init__(self, path: Path, text: str, start: int) -> None:
        self._path = path
        self._found = _TOKEN.finditer(text, start)

    def _next(self, kind: str) -> str:
        for match in self._found:
            if match.lastgroup is None:  # a comment
                continue
            if match.lastgroup != kind:
                break
            return match.group(kind)
        raise ReadError(
            self._path, "it is cut off or damaged. Open it in Praat and save it anew, or copy it again."
        )

    def _number(self) -> float:
        return float(self._next("number"))

    def _text(self) -> str:
        return self._next("text").replace('""', '"')

    def _count(self) -> int:
        value = self._number()
        return max(0, int(min(value, 1e12)))

    def tiers(self) -> list[Tier]:
        """Return all tiers."""
        self._number()
        self._number()
        if self._next("flag") != "<exists>":
            return []
        count = self._count()
        if count > _MAX_TIERS:
            raise ReadError(self._path, f"it says it has {count:,} tiers; it is damaged. Copy it again.")
        return [self._tier() for _ in range(count)]

    def _tier(self) -> Tier:
        kind, name = self._text(), self._text()
        self._number()
        self._number()
        tier = Tier(name, points=kind != "IntervalTier")
        for _ in range(self._count()):
            begins = self._number()
            ends = None if tier.points else self._number()
            tier.said.append(Utterance(None, self._text(), begins, ends))
        return tier
