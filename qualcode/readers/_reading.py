"""What a reader takes and gives: ReadOptions in, a Reading with its notes out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from qualcode.transcript import TimeMark, Turn

NOTE_KINDS = ("kept", "changed", "dropped", "guessed")
"""What can happen to a part of a file on its way in."""


@dataclass(frozen=True, slots=True)
class Note:
    """One thing a person should know about how a file was read.

    Parameters
    ----------
    kind
        "kept", "changed", "dropped" or "guessed".
    message
        One sentence, with line numbers and labels, never with words that were spoken.

    Examples
    --------
    >>> print(Note("dropped", "2 comments were left out."))
    dropped: 2 comments were left out.
    """

    kind: str
    message: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.message}"


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What the caller knows about a file; everything may be left empty.

    Parameters
    ----------
    encoding
        Name of the text encoding, for example "cp1252"; None finds it.
    speakers
        Label in the file to the label wanted. Every label named here is certain.
    roles
        Label to role. Every label named here is certain as well.
    columns
        For tables: field ("text", "speaker", "start", "end", "duration", "source") to the column's heading.
    sheet
        For Excel: the name of the sheet; None finds it.
    """

    encoding: str | None = None
    speakers: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    sheet: str | None = None

    @property
    def certain_labels(self) -> tuple[str, ...]:
        """Every label the caller has named, in whatever role."""
        return tuple(dict.fromkeys([*self.speakers, *self.speakers.values(), *self.roles]))


@dataclass(frozen=True, slots=True)
class Reading:
    r"""What a reader found in a file, before labels are unified and names replaced.

    Parameters
    ----------
    text
        The whole text, "\\n" newlines.
    turns
        In the order of the text, numbered from 1.
    marks
        Places of known time.
    title, language
        As far as the file says, else "".
    roles
        Label to role, as far as the file itself says.
    notes
        What was kept, changed, dropped and guessed.
    format
        Name of the format in the registry.
    """

    text: str
    turns: tuple[Turn, ...]
    marks: tuple[TimeMark, ...] = ()
    title: str = ""
    language: str = ""
    roles: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    format: str = ""


def listed(numbers: list[int], limit: int = 8) -> str:
    """Return line or row numbers as people write them: "3, 9, 12 and 4 more".

    Examples
    --------
    >>> listed([3, 9, 12])
    '3, 9, 12'
    >>> listed(list(range(1, 12)), limit=3)
    '1, 2, 3 and 8 more'
    """
    shown = ", ".join(str(number) for number in numbers[:limit])
    return shown + (f" and {len(numbers) - limit} more" if len(numbers) > limit else "")


def counted(number: int, noun: str, plural: str = "") -> str:
    """Return "1 comment", "3 comments".

    Examples
    --------
    >>> counted(1, "comment"), counted(2, "reply", "replies")
    ('1 comment', '2 replies')
    """
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"
