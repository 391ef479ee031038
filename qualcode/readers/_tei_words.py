"""The words of a TEI element as a person would read them, with blanks and paragraphs put right.

What the file describes in words (an incident, the reason of a gap, a note) stands in round brackets; what
it only marks (a pause, a shift) is left out and counted. Of two versions of a word the spoken one stays.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from qualcode.readers._xml import attribute, child, local, words_of

_EVENTS = frozenset(("incident", "vocal", "kinesic", "writing", "event"))
_ASIDE = frozenset(("note", "stage"))
_SILENT = frozenset(("pause", "shift", "anchor", "pb", "cb", "gb", "milestone", "ptr", "graphic"))
_HIDDEN = frozenset(
    ("spanGrp", "span", "fs", "figDesc", "index", "interp", "interpGrp", "linkGrp", "joinGrp")
)
_LATER = frozenset(("corr", "reg", "expan", "norm", "am", "supplied"))
"""In a choice: what an editor put in the place of what was said."""
_PARAGRAPHS = frozenset(
    ("seg", "p", "ab", "l", "lg", "head", "item", "row", "quote", "div", "list", "table", "docDate", "docTitle",
     "titlePart", "byline", "dateline", "opener", "closer", "salute", "signed", "argument", "epigraph")
)  # fmt: skip
_BLANKS = " \t\r\n"
_WORDS = re.compile(r"[^ \t\r\n]+")
_CLOSING = frozenset(".,;:!?…)]}»”’%")


@dataclass(slots=True)
class Page:
    """Text as it grows: one paragraph a line.

    Parameters
    ----------
    pieces, length
        The text so far, and its code points.
    marks
        Places of which the timeline is known: (position, id of the point).
    left_out, put_in
        What was counted: silent marks and hidden words; brackets.
    joins
        Whether the file says itself where words join.
    spoken
        Whether what comes is in a turn: there alone brackets tell notes from words.
    """

    pieces: list[str] = field(default_factory=list)
    length: int = 0
    marks: list[tuple[int, str]] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    put_in: Counter[str] = field(default_factory=Counter)
    joins: bool = False
    spoken: bool = False
    _gap: str = ""
    _stuck: bool = False
    _waiting: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The whole text."""
        return "".join(self.pieces)

    def paragraph(self) -> None:
        """What follows stands on a line of its own."""
        self._gap, self._stuck = "\n", False

    def add(self, text: str) -> int | None:
        """Append words, runs of white space as one blank; return where they begin, None where there are none."""
        if not self.length:
            text = text.lstrip("\ufeff" + _BLANKS)
        words = _WORDS.findall(text)  # a blank that does not break is part of the words
        if text and text[0] in _BLANKS:
            self._blank()
        if not words:
            return None
        gap = self._gap if self.length else ""
        start = self.length + len(gap)
        self.marks.extend((start, point) for point in self._waiting)
        joined = gap + " ".join(words)
        self.pieces.append(joined)
        self.length += len(joined)
        self._waiting.clear()
        self._gap, self._stuck = "", False
        if text[-1] in _BLANKS:
            self._blank()
        return start

    def _blank(self) -> None:
        if not self._gap and not self._stuck:
            self._gap = " "

    def _glue(self) -> None:
        if self._gap == " ":
            self._gap = ""
        self._stuck = True

    # -- elements --------------------------------------------------------------------------------

    def inside(self, element: Any) -> None:
        """Append everything in an element."""
        self.add(element.text or "")
        for each in element:
            self.element(each)
            self.add(each.tail or "")

    def element(self, element: Any) -> None:
        """Append one element."""
        name = local(element)
        if name in _HIDDEN or not name:
            self.left_out["annotation"] += 1
        elif name in _SILENT:
            point = attribute(element, "synch").lstrip("#")
            if point:
                self._waiting.append(point)
            elif name in ("pause", "shift"):
                self.left_out[name] += 1
        elif name == "lb":
            if attribute(element, "break") != "no":
                self._blank()
        elif name in _EVENTS or name == "gap":
            desc = child(element, "desc")
            words = words_of(desc) if desc is not None else words_of(element) or attribute(element, "reason")
            self._aside(name, words)
        elif name in _ASIDE:
            self._aside(name, words_of(element))
        elif name == "choice":
            for each in element:
                if local(each) in _LATER:
                    self.left_out["correction"] += 1
                else:
                    self.element(each)
        elif name in ("w", "pc"):
            self._token(element, name)
        elif name in _PARAGRAPHS:
            if self.length and self._gap != "\n":
                self.paragraph()
            self.inside(element)
            self.paragraph()
        else:
            self.inside(element)

    def _aside(self, name: str, words: str) -> None:
        if not words:
            self.left_out[name] += 1
            return
        if not self.spoken:
            self.paragraph()
            self.add(words)
            self.paragraph()
            return
        self.put_in[name] += 1
        self._blank()
        self.add(words if words[0] in "([{" and words[-1] in ")]}" else f"({words})")
        self._blank()

    def _token(self, element: Any, name: str) -> None:
        words = words_of(element) if not len(element) else ""
        join = attribute(element, "join")
        closes = name == "pc" and not self.joins and words[:1] in _CLOSING and bool(words)
        if join in ("left", "both") or closes:
            self._glue()
        elif name == "w" and not self._stuck:
            self._blank()
        if words:
            self.add(words)
        else:
            self.inside(element)
        if join in ("right", "both"):
            self._glue()
