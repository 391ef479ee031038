"""Tables of a document that describe participants: known by their headings, or by the facts in their first column."""

from __future__ import annotations

from collections.abc import Sequence

from qualcode.readers._page import Cell
from qualcode.readers._reading import Note, counted
from qualcode.readers._table import heading_key
from qualcode.readers._words import PERSON_FACTS

ROWS, COLUMNS = "rows", "columns"
"""Which way participants stand: each row below the headings is one, or each column beside the facts."""

_TELLING = PERSON_FACTS - {"name", "participant", "id", "role", "location", "date", "pseudonym", "job"}


def people_shape(table: Sequence[Sequence[Cell]]) -> str:
    """Return how a table describes participants, "" where it seems to be about something else.

    Examples
    --------
    >>> people_shape([[Cell(0, "Name"), Cell(5, "Age")], [Cell(9, "Ana"), Cell(13, "31")]])
    'rows'
    >>> people_shape([[Cell(0, "Age:"), Cell(5, "31")], [Cell(9, "Gender:"), Cell(13, "female")]])
    'columns'
    >>> people_shape([[Cell(0, "Name"), Cell(5, "Text")], [Cell(9, "Ana"), Cell(13, "Yes.")]])
    ''
    """
    return _found(table)[0]


def people_note(table: Sequence[Sequence[Cell]], shown: str) -> Note:
    """Return the note on a table of participants, with the call that makes cases of it.

    Examples
    --------
    >>> table = [[Cell(0, "Name"), Cell(5, "Age")], [Cell(9, "Ana"), Cell(13, "31")]]
    >>> people_note(table, "'P7.docx'").message.partition("by it; ")[2]
    "project.add_cases('P7.docx', preview=True) shows what its facts would become as attributes of cases."
    """
    # Only the known first word: a cell may read "Name Ana Lima".
    facts = ", ".join(dict.fromkeys(_first_word(fact) for fact in _found(table)[1][:8]))
    return Note(
        "kept",
        f"A table that seems to describe participants ({counted(len(table), 'row')}: {facts}), outside all turns. "
        f"Check that nobody can be recognised by it; project.add_cases({shown}, preview=True) shows what its facts "
        "would become as attributes of cases.",
    )


def _found(table: Sequence[Sequence[Cell]]) -> tuple[str, list[str]]:
    """Return the shape, and the headings that are facts about people."""
    if len(table) < 2 or len(table) > 200:
        return "", []
    for shape, line in ((ROWS, table[0]), (COLUMNS, [row[0] for row in table if row])):
        cells = [cell.text.strip().rstrip(":") for cell in line if cell.text.strip()]
        facts = [cell for cell in cells if _first_word(cell) in PERSON_FACTS]
        strong = [fact for fact in facts if _first_word(fact) in _TELLING]
        if strong and len(facts) >= 2 and len(facts) * 2 >= len(cells):
            return shape, facts
    return "", []


def _first_word(cell: str) -> str:
    return heading_key(cell).split("_")[0]
