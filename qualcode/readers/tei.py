"""TEI (.xml): transcripts of speech as `<u who="#ana">`, debates (Parla-CLARIN), and plays (`<sp>`).

The text is what a reader of the document sees: headings, notes and what was said, one paragraph a line. A
turn holds what was said; everything between stands outside of all turns.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from qualcode.errors import ReadError
from qualcode.readers._files import read_bytes
from qualcode.readers._reading import Note, Reading, ReadOptions, counted
from qualcode.readers._speech import later, one_line_label, speaker_notes
from qualcode.readers._tei_header import label_of, persons, timeline, title_of
from qualcode.readers._tei_words import Page
from qualcode.readers._times import end_after, sane, seconds, time_notes
from qualcode.readers._xml import attribute, child, children, local, parse_xml, root_name, words_of
from qualcode.span import Span
from qualcode.transcript import TimeMark, Turn, prepare_text

_SPEECH = frozenset(("u", "sp"))
_BESIDE = frozenset(
    ("teiHeader", "standOff", "listEvent", "timeline", "facsimile", "sourceDoc", "spanGrp", "fw", "listPerson",
     "listOrg", "listRelation", "linkGrp", "pb", "cb", "lb", "milestone", "anchor", "graphic", "fs")
)  # fmt: skip
"""What is no part of the page."""


def sniff(head: bytes, name: str) -> float:
    """Return 1 where the first element is that of TEI, else 0."""
    return 1.0 if root_name(head) in ("TEI", "teiCorpus", "TEI.2") else 0.0


def read(path: Path, *, options: ReadOptions) -> Reading:
    """Read a TEI document with speech.

    Raises
    ------
    ReadError
        If the file cannot be opened, is broken, holds no speech, or several documents with speech.
    """
    broken = "its XML is broken or cut off. Validate it in an XML editor, or save it anew where it was made."
    root = parse_xml(path, read_bytes(path), broken, options.encoding)
    document, body = _document(path, root)
    labels, roles, notes = persons(root)
    points, more = timeline(root)
    notes.extend(more)
    walk = _Walk(labels, points, _holders(body))
    walk.page.joins = any(attribute(each, "join") for each in body.iter() if local(each) in ("w", "pc"))
    walk.block(body)
    if not walk.turns:
        raise ReadError(path, "its utterances hold no words. Give the document with the transcript.")
    notes.append(Note("dropped", "The header of the file (who made it, from what, under which licence)."))
    notes.extend(walk.notes())
    spoken = {turn.speaker for turn in walk.turns}
    marks = tuple(sorted(walk.marks.values(), key=lambda mark: mark.position))
    notes.extend([*speaker_notes(walk.turns, "utterance"), *time_notes(marks, "time mark")])
    return Reading(
        prepare_text(walk.page.text),
        tuple(walk.turns),
        marks,
        title_of(document),
        _language(body, document, root),
        {label: role for label, role in roles.items() if label in spoken},
        tuple(notes),
        "tei",
    )


def _document(path: Path, root: Any) -> tuple[Any, Any]:
    """Return the one document with speech, and its text."""
    found = []
    for text in (each for each in root.iter() if local(each) == "text"):
        if any(local(each) in _SPEECH for each in text.iter()):
            found.append(text)
    found = [text for text in found if not any(other in found for other in text.iterancestors())]
    if not found:
        raise ReadError(
            path,
            "it is TEI without speech (no <u> and no <sp>). Give a transcript, or save its text as .docx or .txt.",
        )
    if len(found) > 1:
        raise ReadError(
            path,
            f"it holds {len(found):,} documents with speech, and a transcript is one. Save one file for each.",
        )
    parent = found[0].getparent()
    return (parent if parent is not None else root), found[0]


def _holders(body: Any) -> set[Any]:
    """Return every element in which speech stands, at whatever depth."""
    found: set[Any] = set()
    for each in body.iter():
        if local(each) in _SPEECH:
            for above in each.iterancestors():
                if above in found:
                    break
                found.add(above)
    return found


@dataclass(slots=True)
class _Walk:
    """One way through the page from top to bottom."""

    labels: dict[str, str]
    points: dict[str, float]
    holders: set[Any]
    page: Page = field(default_factory=Page)
    turns: list[Turn] = field(default_factory=list)
    marks: dict[int, TimeMark] = field(default_factory=dict)
    empty: int = 0
    joined: int = 0
    outside: int = 0

    def block(self, element: Any) -> None:
        """Take everything in an element that holds speech."""
        self._plain(element.text or "")
        for each in element:
            name = local(each)
            if name == "u":
                self._speech(each, self._speaker(each))
            elif name == "sp":
                self._part(each)
            elif each in self.holders:
                self.block(each)
            elif name and name not in _BESIDE:
                self._aside(each)
            self._plain(each.tail or "")

    def _plain(self, text: str) -> None:
        if text.strip():
            self.page.paragraph()
            self.page.add(text)
            self.outside += 1

    def _aside(self, element: Any) -> None:
        before = self.page.length
        self.page.paragraph()
        self.page.element(element)
        self.page.paragraph()
        self.outside += self.page.length > before

    def _speaker(self, element: Any) -> str | None:
        label = label_of(attribute(element, "who"), self.labels)
        above = element.getprevious()
        if label is None and above is not None and attribute(above, "type") == "speaker":
            label = one_line_label(words_of(above))
        return label

    def _part(self, element: Any) -> None:
        """Take a part of a play: the name stands above the words."""
        name = child(element, "speaker")
        label = label_of(attribute(element, "who"), self.labels)
        if name is not None:
            self._aside(name)
            label = label or one_line_label(words_of(name).rstrip("."))
            element.remove(name)
        self._speech(element, label)

    def _speech(self, element: Any, speaker: str | None) -> None:
        page = self.page
        page.paragraph()
        before, marked = page.length, len(page.marks)
        page.spoken = True
        page.inside(element)
        page.spoken = False
        page.paragraph()
        if page.length == before:
            self.empty += 1
            return
        start = before + (1 if before else 0)
        begins, ends = self._times(element)
        anchors = [(at, self.points[point]) for at, point in page.marks[marked:] if point in self.points]
        if begins is not None:
            self.marks[start] = TimeMark(start, begins, ends)
        for at, time in anchors:
            if at < page.length and sane(time) is not None:
                self.marks.setdefault(at, TimeMark(at, time))
        last = self.turns[-1] if self.turns else None
        if last is not None and speaker is not None and last.speaker == speaker and last.span.end == before:
            self.joined += 1
            span = Span(last.span.start, page.length)
            self.turns[-1] = Turn(
                last.number, speaker, span, last.begins, end_after(last.begins, later(last.ends, ends))
            )
        else:
            self.turns.append(Turn(len(self.turns) + 1, speaker, Span(start, page.length), begins, ends))

    def _times(self, element: Any) -> tuple[float | None, float | None]:
        """Return begin and end: of the utterance, of the block around it, or of the parts in it."""
        parent = element.getparent()
        holders = [element, *([parent] if parent is not None and local(parent) == "annotationBlock" else [])]
        for each in holders:
            begins = self.points.get(attribute(each, "start").lstrip("#"))
            ends = self.points.get(attribute(each, "end").lstrip("#"))
            if begins is not None or ends is not None:
                return _both(begins, ends)
        parts = [element, *children(element, "seg")]
        first = next(
            (time for each in parts if (time := seconds(attribute(each, "begin"))) is not None), None
        )
        last = next(
            (time for each in reversed(parts) if (time := seconds(attribute(each, "end"))) is not None), None
        )
        return _both(first, last)

    def notes(self) -> list[Note]:
        """Say what was kept, put in and left out."""
        found = []
        if self.outside:
            found.append(
                Note(
                    "kept",
                    f"{counted(self.outside, 'heading or note', 'headings and notes')} in the text, outside all turns.",
                )
            )
        if self.page.put_in:
            listing = ", ".join(f"{name} ({count})" for name, count in self.page.put_in.items())
            found.append(
                Note("changed", f"Described in the file, and put into the words in brackets: {listing}.")
            )
        if self.page.left_out:
            listing = ", ".join(f"{name} ({count})" for name, count in self.page.left_out.items())
            found.append(Note("dropped", f"Marked in the file without words: {listing}."))
        if self.joined:
            found.append(
                Note("changed", f"{counted(self.joined, 'utterance')} that {'follows' if self.joined == 1 else 'follow'} "
                     "one of the same speaker went on with that turn.")
            )  # fmt: skip
        if self.empty:
            found.append(Note("dropped", f"{counted(self.empty, 'utterance')} without words."))
        return found


def _both(begins: float | None, ends: float | None) -> tuple[float | None, float | None]:
    begins, ends = sane(begins), sane(ends)
    return begins, None if begins is None or ends is None or ends < begins else ends


def _language(*elements: Any) -> str:
    for element in elements:
        found = attribute(element, "lang")
        if re.fullmatch(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*", found):
            return found
    return ""
