"""oTranscribe (.otr): JSON that holds a web page as its text, with times as marks between the words.

The visible text is kept whole, as in all prose; the times come from the marks, to the fraction of a second,
and lie outside the turns where they open or close one.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from qualcode.errors import ReadError
from qualcode.readers._encoding import decode, peek
from qualcode.readers._files import read_bytes
from qualcode.readers._json import addresses, looks_like_json, parse_json
from qualcode.readers._json import seconds as number
from qualcode.readers._reading import Note, Reading, ReadOptions
from qualcode.readers._times import seconds as clock
from qualcode.readers._times import time_notes
from qualcode.readers._turns import read_prose
from qualcode.span import Span
from qualcode.transcript import TimeMark, Turn, prepare_text

_KEYS = re.compile(r'"media-(?:time|source)"\s*:')
_PAGE = re.compile(
    r'\{\s*"text"\s*:\s*"(?:\\[ntr]|\s|&nbsp;)*<(?:p|div|span|br|b|i|strong|em|h\d|ul|ol)\b', re.IGNORECASE
)
_BLANK = re.compile("[ \t\n\r\f]+")
_EDGE = " \t\n\u00a0"
_BLOCKS = {
    "p",
    "div",
    "li",
    "ul",
    "ol",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "blockquote",
    "table",
    "tr",
    "pre",
}
_SILENT = {"script", "style", "head", "title", "template"}


class _Stamp:
    """A time in the text: where its digits stand, and its seconds (None where it says none)."""

    def __init__(self, start: int, given: str | None) -> None:
        self.start = self.end = start
        self.given = given
        self.seconds: float | None = None


class _Page:
    """Takes the events of the HTML parser and grows the visible text."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.length = 0
        self.last = "\n"
        self.stamps: list[_Stamp] = []
        self.leads: list[tuple[int, int]] = []
        self._open: list[str] = []
        self._silent = 0
        self._stamp: _Stamp | None = None
        self._bold = -1

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._silent += tag in _SILENT
        if tag == "br":
            self._add("\n")
        elif tag in _BLOCKS:
            self._paragraph()
        elif tag in ("b", "strong") and self.last == "\n":
            self._bold = self.length
        elif tag == "span" and "timestamp" in attributes.get("class", "").split() and self._stamp is None:
            self._stamp = _Stamp(self.length, attributes.get("data-timestamp"))
            self._open = []
        if self._stamp is not None and tag != "br":
            self._open.append(tag)

    def end(self, tag: str) -> None:
        self._silent -= tag in _SILENT
        if tag in ("b", "strong") and self._bold >= 0:
            self.leads.append((self._bold, self.length))
            self._bold = -1
        if self._stamp is not None and self._open:
            self._open.pop()
            if not self._open:
                self._stamp.end = self.length
                self.stamps.append(self._stamp)
                self._stamp = None
        if tag in _BLOCKS:
            self._paragraph()

    def data(self, words: str) -> None:
        if self._silent:
            return
        words = _BLANK.sub(" ", words)
        if self.last in " \n":
            words = words.removeprefix(" ")
        self._add(words)

    def close(self) -> str:
        return "".join(self.pieces)

    def _paragraph(self) -> None:
        if self.last != "\n":
            self._add("\n")

    def _add(self, words: str) -> None:
        if words:
            self.pieces.append(words)
            self.length += len(words)
            self.last = words[-1]


def sniff(head: bytes, name: str) -> float:
    """Return 1 for JSON with oTranscribe's keys, 0.96 where its text is a web page or the file is named .otr."""
    if not looks_like_json(head):
        return 0.0
    text = peek(head)
    if _KEYS.search(text) and '"text"' in text:
        return 1.0
    return 0.96 if _PAGE.match(text.lstrip()) or name.lower().endswith(".otr") else 0.0


def read(path: Path, *, options: ReadOptions) -> Reading:
    """Read a file of oTranscribe.

    Raises
    ------
    ReadError
        If the file cannot be opened, is not of oTranscribe, or holds no words.
    """
    raw, notes = decode(path, read_bytes(path), options.encoding)
    data = parse_json(path, raw)
    page = data.get("text") if isinstance(data, dict) else None
    if not isinstance(page, str):
        raise ReadError(path, "it is JSON, but not of oTranscribe. Leave format= out to find out what it is.")
    text, stamps, leads = _visible(page)
    if not text.strip():
        raise ReadError(path, "it holds no words. Open it in oTranscribe and export it again.")
    found = [*notes]
    if isinstance(data.get("media"), str) and data["media"].strip():
        found.append(Note("dropped", "The name of the recording."))
    more, hidden = addresses({key: value for key, value in data.items() if key != "text"})
    reading = read_prose(
        text, options.certain_labels, leads, [*found, *more], format="otr", given=options.roles
    )
    reading = replace(reading, hidden=hidden)
    return _with_times(reading, [stamp for stamp in stamps if stamp.seconds is not None])


def _visible(page: str) -> tuple[str, list[_Stamp], list[tuple[int, int]]]:
    from lxml import etree

    target = _Page()
    # A target builds no tree: nesting without end costs nothing, and nothing is fetched or expanded.
    parser = etree.HTMLParser(target=target, encoding="utf-8", no_network=True, huge_tree=False)
    page = prepare_text(page).replace("\x00", "")
    parser.feed(f"<html><body>{page}</body></html>".encode())
    text = str(parser.close())
    for stamp in target.stamps:
        given = (stamp.given or "").strip()
        found = number(given) if number(given) is not None else clock(given)
        stamp.seconds = found if found is not None else clock(text[stamp.start : stamp.end].strip())
    return text, target.stamps, target.leads


def _with_times(reading: Reading, stamps: Sequence[_Stamp]) -> Reading:
    """Return a reading whose times are those of the marks, and whose turns begin and end beside them."""
    text = reading.text
    starts = [stamp.start for stamp in stamps]
    begin_at = {stamp.start: stamp for stamp in stamps if stamp.end > stamp.start}
    end_at = {stamp.end: stamp for stamp in begin_at.values()}
    turns: list[Turn] = []
    marks: dict[int, TimeMark] = {}
    used: set[int] = set()
    above = 0
    for turn in reading.turns:
        before = stamps[bisect_left(starts, above) : bisect_left(starts, turn.span.start)]
        opening = before[-1] if before and _only_label(text[before[-1].end : turn.span.start]) else None
        closing: _Stamp | None = None
        start, end = turn.span.start, turn.span.end
        while start < end and (text[start] in _EDGE or start in begin_at):
            opening = begin_at.get(start, opening)
            start = begin_at[start].end if start in begin_at else start + 1
        while end > start and (text[end - 1] in _EDGE or end in end_at):
            closing = end_at.get(end, closing)
            end = end_at[end].start if end in end_at else end - 1
        if end <= start:
            continue
        begins = opening.seconds if opening is not None else None
        ends = closing.seconds if closing is not None else None
        if begins is not None:
            marks[start] = TimeMark(start, begins)
            own = starts[bisect_left(starts, above) : bisect_left(starts, start)]
            used.update(own)
        if closing is not None and begins is not None and ends is not None and ends >= begins:
            used.add(closing.start)
        else:
            ends = None
        turns.append(Turn(len(turns) + 1, turn.speaker, Span(start, end), begins, ends))
        above = turn.span.end
    for stamp in stamps:
        if stamp.start not in used and stamp.seconds is not None:
            at = stamp.end
            while at < len(text) and text[at] in _EDGE:
                at += 1
            at = at if at < len(text) else stamp.start
            marks.setdefault(at, TimeMark(at, stamp.seconds))
    ordered = tuple(marks[position] for position in sorted(marks))
    notes = tuple(note for note in reading.notes if "earlier than the one above" not in note.message)
    return replace(
        reading, turns=tuple(turns), marks=ordered, notes=(*notes, *time_notes(ordered, "time mark"))
    )


def _only_label(between: str) -> bool:
    """Whether between a time and the words there is nothing but the label of the turn."""
    return "\n" not in between.strip(_EDGE)
