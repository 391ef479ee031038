"""What a reader takes and gives: ReadOptions in, a Reading with its notes and what is hidden out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from qualcode.errors import ReadError
from qualcode.span import Span
from qualcode.transcript import TimeMark, Transcript, Turn

MAX_LETTERS = 5_000_000
MAX_LINES = 100_000
"""A hundred hours of talk; what is longer is no transcript of one source, and is not looked at further."""


class TooLong(Exception):
    """A text is longer than any transcript; `readers` says so with the name of the file."""


def too_long(path: object) -> ReadError:
    """Return the error for a text that is longer than any transcript."""
    return ReadError(
        path,
        f"it has more than {MAX_LETTERS:,} characters or {MAX_LINES:,} lines, which no transcript has. Give one interview "
        "a file.",
    )


def check_length(text: str, lines: int = MAX_LINES) -> str:
    r"""Return a text, if it is not longer than any transcript.

    Parameters
    ----------
    text
        The text, or what its file holds.
    lines
        How many lines it may have.

    Raises
    ------
    TooLong
        If it has more than `MAX_LETTERS` characters, or more lines.

    Examples
    --------
    >>> check_length("Ana: yes\nBen: no")
    'Ana: yes\nBen: no'
    >>> check_length("\n" * 9, lines=5)
    Traceback (most recent call last):
    ...
    qualcode.readers._reading.TooLong
    """
    if len(text) > MAX_LETTERS * max(1, lines // MAX_LINES) or text.count("\n") >= lines:
        raise TooLong
    return text


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
    hidden
        The kind of hidden data that it counts, "" for none; such a note goes where that kind is kept.

    Examples
    --------
    >>> print(Note("dropped", "2 comments were left out."))
    dropped: 2 comments were left out.
    """

    kind: str
    message: str
    hidden: str = field(default="", compare=False)

    def __str__(self) -> str:
        return f"{self.kind}: {self.message}"


@dataclass(frozen=True, slots=True)
class Hidden:
    """One thing that stands behind the page of a file; it enters a study only where it is kept on purpose.

    Parameters
    ----------
    kind
        "comment", "property", "tracked change", "hidden text", "custom xml", "address" or "signed address".
    name
        How the file calls it: "creator", "deletion", the key of an address; "" for nothing.
    value
        Its words.
    author
        Who wrote or changed it, as the file says; "" where it does not.
    span
        The words of the text at which it stands, the line where it has none of its own; None where it stands
        nowhere in the text.
    """

    kind: str
    name: str
    value: str
    author: str = ""
    span: Span | None = None


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
    shown
        How a note names the file in a call that it proposes: its path in quotation marks, or the word path.
    """

    encoding: str | None = None
    speakers: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    sheet: str | None = None
    shown: str = "path"

    @property
    def certain_labels(self) -> tuple[str, ...]:
        """Every label the caller has named, in whatever role."""
        return tuple(dict.fromkeys([*self.speakers, *self.speakers.values(), *self.roles]))


@dataclass(frozen=True, slots=True)
class DocumentTable:
    """A table of a document: its cells, and which way it describes participants.

    Parameters
    ----------
    rows
        The words of the cells.
    people
        "rows" where each row below the headings is a participant, "columns" where each column beside the facts
        is one, "" where it seems to be about something else.
    """

    rows: tuple[tuple[str, ...], ...]
    people: str = ""


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
    hidden
        What stands behind the page: for a person to look at, never stored unasked.
    tables
        The tables of a document: rows of cells, and whether it seems to describe participants.
    """

    text: str
    turns: tuple[Turn, ...]
    marks: tuple[TimeMark, ...] = ()
    title: str = ""
    language: str = ""
    roles: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    format: str = ""
    hidden: tuple[Hidden, ...] = ()
    tables: tuple[DocumentTable, ...] = ()


@dataclass(frozen=True, slots=True)
class FileReading:
    """What a transcript file holds.

    Parameters
    ----------
    transcript
        As it would be stored.
    notes
        What was kept, changed, dropped and guessed.
    format
        As which format it was read.
    hidden
        What stands behind the page, for a person to look at.
    """

    transcript: Transcript
    notes: tuple[Note, ...]
    format: str
    hidden: tuple[Hidden, ...] = field(default=(), repr=False)


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


def enumerated(names: Iterable[str], limit: int = 30) -> str:
    """Return names one after the other, of many the first ones: "Ana, Ben and 4 more".

    Examples
    --------
    >>> enumerated(["Ana", "Ben"]), enumerated("abcd", limit=2)
    ('Ana, Ben', 'a, b and 2 more')
    """
    every = list(names)
    return ", ".join(every[:limit]) + (f" and {len(every) - limit:,} more" if len(every) > limit else "")


def counted(number: int, noun: str, plural: str = "") -> str:
    """Return "1 comment", "3 comments".

    Examples
    --------
    >>> counted(1, "comment"), counted(2, "reply", "replies")
    ('1 comment', '2 replies')
    """
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"
