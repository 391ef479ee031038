"""qc.preview: what an interview file would become, before anything is stored."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING

from qualcode.places import clock
from qualcode.readers import Hidden, Note, read_file
from qualcode.readers._reading import counted
from qualcode.transcript import Transcript

if TYPE_CHECKING:
    import pandas as pd

LINES, CHARACTERS = 6, 160


@dataclass(frozen=True)
class Preview:
    """What would come in. Shown in a notebook it is a table; printed it is text.

    Parameters
    ----------
    transcript
        As it would be stored.
    notes
        What would be kept, changed, dropped and guessed.
    format
        As which format the file is read.
    behind
        What stands behind the page; `hidden` is the table of it. Only its numbers are shown here.
    """

    transcript: Transcript
    notes: tuple[Note, ...]
    format: str
    behind: tuple[Hidden, ...] = field(default=(), repr=False)

    @property
    def hidden(self) -> pd.DataFrame:
        """What stands behind the page of the file and would be dropped, one row a piece.

        Columns: kind ("comment", "property", "tracked change", "hidden text", "custom xml", "address", "signed
        address"), name (how the file calls it), author, value (its words), start and end (the words of the text
        it was put to, where it has a place). A notebook keeps a table that it shows; `add_source(keep=[...])`
        keeps kinds on purpose.
        """
        import pandas as pd

        rows = [
            (
                each.kind,
                each.name,
                each.author,
                each.value,
                each.span.start if each.span is not None else None,
                each.span.end if each.span is not None else None,
            )
            for each in self.behind
        ]
        frame = pd.DataFrame(rows, columns=["kind", "name", "author", "value", "start", "end"])
        return frame.astype({"start": "Int64", "end": "Int64"})

    @property
    def speakers(self) -> dict[str, int]:
        """Label to number of turns, in the order of first appearance; "" for turns without one."""
        return dict(Counter(turn.speaker or "" for turn in self.transcript.turns))

    def __repr__(self) -> str:
        t = self.transcript
        return f"<Preview of {t.id}: {len(t.turns)} turns, {len(t.speakers)} speakers; print it to read>"

    def _facts(self) -> list[tuple[str, str]]:
        t = self.transcript
        roles = {label: f", {role}" for label, role in t.roles.items() if role}
        who = "; ".join(
            f"{label or 'no speaker'} ({counted(n, 'turn')}{roles.get(label, '')})"
            for label, n in self.speakers.items()
        )
        times = [turn.begins for turn in t.turns if turn.begins is not None]
        last = max([*times, *(turn.ends for turn in t.turns if turn.ends is not None)], default=0.0)
        when = f"{counted(len(times), 'turn')} from {clock(min(times))} to {clock(last)}" if times else "none"
        counts = Counter(each.kind for each in self.behind)
        behind = ", ".join(f"{kind} ({number})" for kind, number in counts.items())
        facts = [
            ("read as", self.format),
            ("source", t.id + (f" ({t.title})" if t.title != t.id else "")),
            (
                "text",
                f"{len(t.text):,} characters, {counted(len(t.turns), 'turn')}"
                + (f", {t.language}" if t.language else ""),
            ),
            ("speakers", who or "none found"),
            ("times", when),
        ]
        return [*facts, *([("hidden", f"{behind}; look at preview.hidden")] if behind else [])]

    def _first(self) -> list[tuple[str, str]]:
        t = self.transcript
        if not t.turns:
            return [("", _cut(line)) for line in t.text.split("\n") if line.strip()][:LINES]
        return [
            (f"{turn.number} {turn.speaker or ''}".strip(), _cut(t.text_of(turn))) for turn in t.turns[:LINES]
        ]

    def __str__(self) -> str:
        lines = [f"{name:<9} {value}" for name, value in self._facts()]
        lines += [f"{note.kind:<9} {note.message}" for note in self.notes]
        return "\n".join([*lines, "", *(f"[{who}] {said}" if who else said for who, said in self._first())])

    def _repr_html_(self) -> str:
        cell = "padding:2px 12px 2px 0;vertical-align:top;text-align:left"
        rows = [*self._facts(), *((note.kind, note.message) for note in self.notes)]
        table = "".join(
            f'<tr><th style="{cell}">{escape(name)}</th><td style="{cell}">{escape(value)}</td></tr>'
            for name, value in rows
        )
        said = "".join(
            f'<tr><td style="{cell}"><b>{escape(who)}</b></td><td style="{cell}">{escape(words)}</td></tr>'
            for who, words in self._first()
        )
        return f"<table>{table}</table><table>{said}</table>"


def preview(
    path: str | os.PathLike[str],
    *,
    id: str | None = None,
    format: str | None = None,
    speakers: Mapping[str, str] | None = None,
    roles: Mapping[str, str] | None = None,
    pseudonyms: Mapping[str, str] | None = None,
    encoding: str | None = None,
    columns: Mapping[str, str] | None = None,
    sheet: str | None = None,
) -> Preview:
    r"""Show what an interview file would become: speakers, turns, times, first lines, and what would be dropped.

    Nothing is stored. The parameters are those of `qualcode.read_transcript`; when all is as it should be, give
    them to `project.add_source`. The first lines are words of participants, and a notebook keeps what it shows.
    What stands behind the page (comments, properties, tracked changes) is in `hidden`, a table.

    Raises
    ------
    ReadError
        If the file cannot be read; the message says why and what to do.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "P7.txt"
    >>> _ = path.write_text("I: Why?\nP7: Because it drifts.\n")
    >>> print(preview(path))
    read as   text
    source    P7
    text      31 characters, 2 turns
    speakers  I (1 turn, interviewer); P7 (1 turn, participant)
    times     none
    guessed   Speakers by their labels: I (1 turn), P7 (1 turn).
    guessed   Roles by their labels: I = interviewer, P7 = participant.
    <BLANKLINE>
    [1 I] Why?
    [2 P7] Because it drifts.
    """
    found = read_file(
        path, id=id, format=format, speakers=speakers, roles=roles, pseudonyms=pseudonyms, encoding=encoding,
        columns=columns, sheet=sheet,
    )  # fmt: skip
    return Preview(found.transcript, found.notes, found.format, found.hidden)


def _cut(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= CHARACTERS else line[: CHARACTERS - 1].rstrip() + "…"
