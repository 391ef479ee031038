"""The rows of a matrix as lines of a page: group titles and names, each at its depth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qualcode.analysis._code_matrix_text import new_groups
from qualcode.analysis._heading import Heading
from qualcode.errors import InvalidValue
from qualcode.plot._sheet import Look
from qualcode.plot._text import Ruler, clean


@dataclass(frozen=True)
class Entry:
    """One line of the page: a group title (`row` is None) or the name of a row."""

    text: str
    level: int
    row: int | None


def entries_of(rows: Sequence[Heading]) -> list[Entry]:
    """Group titles where a group begins, then the rows below them."""
    entries: list[Entry] = []
    above: tuple[str, ...] = ()
    for i, row in enumerate(rows):
        entries += [Entry(clean(name), level, None) for level, name in new_groups(above, row.above)]
        entries.append(Entry(clean(row.name), len(row.above), i))
        above = row.above
    return entries


def boxes_of(rows: Sequence[Heading]) -> list[list[Entry]]:
    """The same, cut where a new top-level group begins; rows without a group share one box."""
    boxes: list[list[Entry]] = []
    before: tuple[str, ...] | None = None
    for entry in entries_of(rows):
        starts = entry.row is None and entry.level == 0
        ungrouped = entry.row is not None and entry.level == 0
        top = ("group", entry.text) if starts else ("rows", "") if ungrouped else before
        if before is None or starts or (ungrouped and top != before):
            boxes.append([])
        before = top
        boxes[-1].append(entry)
    return boxes


def column_names(columns: Sequence[Heading]) -> list[str]:
    """Names of the columns, with their group where the name alone could mean two columns."""
    names = [clean(c.name) for c in columns]
    return [
        f"{clean(c.above[-1])}: {name}" if c.above and (c.general or names.count(name) > 1) else name
        for c, name in zip(columns, names, strict=True)
    ]


@dataclass(frozen=True)
class Labels:
    """How wide the names of the rows want to be, and how narrow they can become."""

    natural: float
    narrow: float

    @classmethod
    def of(cls, entries: Sequence[Entry], ruler: Ruler, look: Look, indent: float, width: float) -> Labels:
        """Measure: unbroken, and broken so that no word is cut unless it is longer than half the figure."""
        rows = [e for e in entries if e.row is not None]
        natural = max((indent * e.level + ruler.width(e.text, look.body) for e in rows), default=0.0)
        word = max((indent * e.level + ruler.longest_word(e.text, look.body) for e in rows), default=0.0)
        narrow = min(natural, max(min(word, 0.5 * width), 0.24 * width))
        return cls(natural, narrow)

    def with_room_for(self, width: float) -> Labels:
        """The same, wanting to be as wide as one more line, which may be broken."""
        return Labels(max(self.natural, width), self.narrow)


def too_narrow(width: float, needed: float, columns: int, style: str) -> InvalidValue:
    """The error for more columns than a width can hold."""
    return InvalidValue(
        f'{columns} columns do not fit into {width:g} inches with style="{style}". Give width={needed:.1f} or more, '
        "or show fewer columns."
    )
