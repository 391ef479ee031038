"""qc.show: an interview to read, its turns numbered, with what is coded in the margin."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from qualcode.errors import InvalidValue
from qualcode.places import clock
from qualcode.span import Span

if TYPE_CHECKING:
    from qualcode.project import Project
    from qualcode.transcript import Transcript


@dataclass(frozen=True)
class Coded:
    """A coded passage as a page shows it."""

    span: Span
    code: str
    coder: str
    stance: str


@dataclass(frozen=True)
class Line:
    """A turn, or a paragraph outside all turns (number None)."""

    number: int | None
    speaker: str
    begins: float | None
    span: Span
    text: str


@dataclass(frozen=True)
class Page:
    """A stretch of an interview with its codings. Shown in a notebook it is a table, printed it is text.

    What a cell shows is saved with the notebook, words of participants too; see docs/confidentiality.md.
    """

    source: str
    lines: tuple[Line, ...]
    codings: tuple[Coded, ...]

    def __repr__(self) -> str:
        return (
            f"<Page of {self.source}: {len(self.lines)} turns, {len(self.codings)} codings; print it to read>"
        )

    def __str__(self) -> str:
        shown = []
        for line in self.lines:
            head = " ".join(
                part
                for part in (
                    str(line.number or ""),
                    (clock(line.begins) if line.begins is not None else ""),
                    line.speaker,
                )
                if part
            )
            shown.append(f"[{head}] {line.text}" if head else line.text)
            shown += [f"    {_said(coded)}" for coded in self._beginning_in(line)]
        return "\n".join(shown)

    def _repr_html_(self) -> str:
        cell = "padding:2px 10px 2px 0;vertical-align:top;text-align:left"
        quiet = "color:#767676;white-space:nowrap"
        rows = []
        for line in self.lines:
            codes = "<br>".join(escape(_said(coded)) for coded in self._beginning_in(line))
            rows.append(
                f'<tr><td style="{cell};{quiet};text-align:right">{line.number or ""}</td>'
                f'<td style="{cell};{quiet}">{(clock(line.begins) if line.begins is not None else "")}</td>'
                f'<td style="{cell};white-space:nowrap"><b>{escape(line.speaker)}</b></td>'
                f'<td style="{cell};max-width:44em;white-space:pre-wrap">{self._marked(line)}</td>'
                f'<td style="{cell};color:#134f9b">{codes}</td></tr>'
            )
        return (
            f'<table style="border-collapse:collapse"><caption style="text-align:left">{escape(self.source)}'
            f"</caption><tbody>{''.join(rows)}</tbody></table>"
        )

    def _beginning_in(self, line: Line) -> list[Coded]:
        """Return the codings whose first words on this page stand in a line."""
        return [c for c in self.codings if next(n for n in self.lines if c.span.overlaps(n.span)) is line]

    def _marked(self, line: Line) -> str:
        """Return the words of a line as HTML, what is coded on a ground that is darker where codes meet."""
        found = []
        for words, here in pieces(line, self.codings):
            text = escape(words)
            if here:
                names = escape("; ".join(map(_said, here)), quote=True)
                ground = ("#dbe7f6", "#bcd3ef", "#9dbfe8")[min(len(here), 3) - 1]
                text = f'<span style="background:{ground};color:#000" title="{names}">{text}</span>'
            found.append(text)
        return "".join(found)


def pieces(line: Line, codings: Iterable[Coded]) -> Iterator[tuple[str, list[Coded]]]:
    """Yield the words of a line in pieces, each with the codings that cover it."""
    inside = [coded for coded in codings if coded.span.overlaps(line.span)]
    borders = {line.span.start, line.span.end}
    for coded in inside:
        borders |= {max(coded.span.start, line.span.start), min(coded.span.end, line.span.end)}
    for start, end in itertools.pairwise(sorted(borders)):
        words = line.text[start - line.span.start : end - line.span.start]
        yield words, [coded for coded in inside if coded.span.start < end and start < coded.span.end]


def coders_named(coders: str | Iterable[str] | None) -> set[str] | None:
    """Return the coders that are named, one or several; None for everybody."""
    return None if coders is None else {coders} if isinstance(coders, str) else set(coders)


def coded_passages(
    project: Project, transcript: Transcript, coders: str | Iterable[str] | None
) -> list[Coded]:
    """Return the codings of a source whose place is known in this text, in its order."""
    book, table = project.codebook, project.codings
    names = {code.id: code.name for code in book.codes}
    wanted = coders_named(coders)
    table = table[(table["source"] == transcript.id) & (table["version"] == transcript.version)]
    return [
        Coded(Span(start, stop), names.get(code, code), coder, stance)
        for start, stop, code, coder, stance in zip(
            table["start"], table["end"], table["code"], table["coder"], table["stance"], strict=True
        )
        if wanted is None or coder in wanted
    ]


def show(
    project: Project,
    source: str,
    first: int = 1,
    last: int | None = None,
    *,
    coders: str | Iterable[str] | None = None,
) -> Page:
    """Show an interview, or some of its turns, to read: turn numbers, speakers, times, and what is coded.

    Parameters
    ----------
    project
        A `qualcode.Project`.
    source
        Id of the source.
    first, last
        Numbers of the first and the last turn; without `last`, to the end. A source without turns is shown
        by paragraphs, numbered from 1.
    coders
        Whose codings are shown; everybody's when None.

    Returns
    -------
    Page
        Shows itself in a notebook; ``print`` it elsewhere.

    Raises
    ------
    UnknownSource
        If the study has no such source.
    InvalidValue
        If there is no such turn.
    FolderError
        If this copy of the study was shared without its text.

    Examples
    --------
    >>> import tempfile
    >>> from qualcode.testing import make_project
    >>> page = show(make_project(tempfile.mkdtemp() + "/study"), "S1", 2, 3, coders="ana")
    >>> page
    <Page of S1: 2 turns, 2 codings; print it to read>
    >>> print(str(page).splitlines()[-1])
    [3 Interviewer] What about part 3?
    """
    transcript = project.transcript(source)
    lines = [
        Line(turn.number, turn.speaker or "", turn.begins, turn.span, transcript.text_of(turn))
        for turn in transcript.turns
    ] or _paragraphs(transcript.text)
    end = len(lines) if last is None else last
    if not 1 <= first <= end <= len(lines):
        what = "turns" if transcript.turns else "paragraphs"
        raise InvalidValue(f"{source} has {what} 1 to {len(lines)}; {first} to {end} are not there.")
    shown = tuple(lines[first - 1 : end])
    codings = [
        coded
        for coded in coded_passages(project, transcript, coders)
        if any(line.span.overlaps(coded.span) for line in shown)
    ]
    return Page(source, shown, tuple(codings))


def _paragraphs(text: str) -> list[Line]:
    lines: list[Line] = []
    at = 0
    for words in text.split("\n"):
        if words.strip():
            lines.append(Line(len(lines) + 1, "", None, Span(at, at + len(words)), words))
        at += len(words) + 1
    return lines


def _said(coded: Coded) -> str:
    """Return the code with its coder, and its stance where that is not the usual one."""
    stance = "" if coded.stance == "supports" else f", {coded.stance}"
    return f"{coded.code} ({coded.coder}{stance})"
