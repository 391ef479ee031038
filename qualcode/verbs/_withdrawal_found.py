"""Where something tells of a participant who went: in how many places of a file, and in which turns of a transcript."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from qualcode.transcript import Turn


@dataclass(frozen=True)
class Finding:
    """What tells of somebody in one text.

    Parameters
    ----------
    ids
        Ids to the places where they stand.
    names
        Places where they are called as they were in a transcript.
    small
        Whether all these are in small letters.
    quotes
        Places where words of theirs begin; one where it is not known where.
    in_name
        Whether it is the name of the file that holds an id or a name.
    """

    ids: dict[str, list[int]] = field(default_factory=dict)
    names: list[int] = field(default_factory=list)
    small: bool = False
    quotes: list[int] = field(default_factory=list)
    in_name: bool = False

    def __bool__(self) -> bool:
        return bool(self.ids or self.names or self.quotes or self.in_name)

    def kinds(self) -> str:
        """Return what was found, in a few words: "the name and words of theirs"."""
        kinds = [f"the id {id_}" for id_ in self.ids]
        kinds += ["the name they had in a transcript"] if self.names else []
        kinds += ["words of theirs"] if self.quotes else []
        return " and ".join(kinds)

    def told(self, turn_of: Callable[[int], int | None] = lambda _: None) -> str:
        """Return what was found with the number of places, and the turns where `turn_of` gives them.

        Examples
        --------
        >>> Finding(ids={"P1": [4, 9]}, names=[4], quotes=[0]).told()
        'words of theirs; the id P1 in 2 places; the name they had in a transcript in 1 place'
        >>> Finding(names=[4], small=True, quotes=[0]).told(lambda _: 3)
        'words of theirs in turn 3; the name they had in a transcript in 1 place, in small letters (turn 3)'
        """
        from qualcode.readers._reading import counted

        parts = []
        if self.quotes:
            where = _in_turns(self.quotes, turn_of, 100)
            parts.append("words of theirs" + (f" in {where}" if where else ""))
        small = ", in small letters" if self.small else ""
        found = [(f"the id {id_}", places, "") for id_, places in self.ids.items()]
        found += [("the name they had in a transcript", self.names, small)] if self.names else []
        for what, places, how in found:
            where = _in_turns(places, turn_of)
            parts.append(f"{what} in {counted(len(places), 'place')}{how}" + (f" ({where})" if where else ""))
        return "; ".join([*parts, *(["its file name"] if self.in_name else [])])


def _in_turns(places: Iterable[int], turn_of: Callable[[int], int | None], limit: int = 20) -> str:
    from qualcode.readers._reading import listed

    turns = sorted({turn for turn in map(turn_of, places) if turn is not None})
    return f"turn{'s' if len(turns) > 1 else ''} {listed(turns, limit)}" if turns else ""


def turn_at(turns: Sequence[Turn]) -> Callable[[int], int | None]:
    """Return what says to which turn a place of a text belongs; a label belongs to the turn after it."""
    ends = [turn.span.end for turn in turns]

    def of(place: int) -> int | None:
        at = bisect_right(ends, place)
        return turns[at].number if at < len(turns) else None

    return of


_ID = re.compile(r"[\w-]+")


def places_of_ids(text: str, ids: Iterable[str]) -> dict[str, list[int]]:
    """Return where ids stand in a text: as such, not as a part of a longer one.

    Examples
    --------
    >>> places_of_ids("P1, P10 and P1-b of Ana Lima. P1", ["P1", "P2", "Ana Lima"])
    {'P1': [0, 30], 'Ana Lima': [20]}
    """
    wanted = {*ids}
    found: dict[str, list[int]] = {}
    for match in _ID.finditer(text) if wanted else ():
        if match.group() in wanted:
            found.setdefault(match.group(), []).append(match.start())
    for id_ in sorted(each for each in wanted if each and not _ID.fullmatch(each)):
        places = [match.start() for match in re.finditer(rf"(?<![\w-]){re.escape(id_)}(?![\w-])", text)]
        found |= {id_: places} if places else {}
    return found
