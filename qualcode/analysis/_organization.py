"""How an organization is built: who works where, answers for what, and where they meet. Read from a small YAML file.

::

    title: An organization
    parties:
      - id: client
        name: Client
        kind: outside
      - id: team
        name: One team
        groups:
          - name: Engineers
            people: {software engineer: 7}
            duties: [product, infrastructure]
          - name: Data scientist
            people: {data scientist: 1}
            duties: [model]
    meetings:
      - number: 1
        name: Product requirements
        between: [client, team]
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from qualcode.errors import FileProblems, Problem, did_you_mean
from qualcode.slug import slug
from qualcode.yaml_nodes import Node, parse_nodes

KINDS = ("team", "outside", "data")
"""What a party is: people of the organization, people outside of it, or data."""

MOST_PEOPLE = 60


@dataclass(frozen=True)
class Group:
    """People within a team who have duties of their own.

    Parameters
    ----------
    id, name
        How it is called.
    people
        Role to how many.
    duties
        What they answer for, in the order given.
    """

    id: str
    name: str
    people: Mapping[str, int] = field(default_factory=dict)
    duties: tuple[str, ...] = ()


@dataclass(frozen=True)
class Party:
    """A team, somebody outside, or data.

    Parameters
    ----------
    id, name
        How it is called.
    kind
        "team", "outside" or "data".
    people, duties
        As of a group; of the team as a whole.
    groups
        The groups within.
    column, row
        Where it stands, from 0; by default one beside the other.
    """

    id: str
    name: str
    kind: str = "team"
    people: Mapping[str, int] = field(default_factory=dict)
    duties: tuple[str, ...] = ()
    groups: tuple[Group, ...] = ()
    column: int = 0
    row: int = 0


@dataclass(frozen=True)
class Meeting:
    """A collaboration point between two parties or groups.

    Parameters
    ----------
    number
        What stands in the hexagon; "" draws a plain line.
    name
        What the legend says.
    between
        The two ids.
    """

    number: str
    name: str
    between: tuple[str, str]


@dataclass(frozen=True)
class Frame:
    """A box around parties that belong together, such as one company.

    Parameters
    ----------
    name
        What stands in its corner.
    holds
        Ids of parties.
    """

    name: str
    holds: tuple[str, ...]


@dataclass(frozen=True)
class Organization:
    """Who works where, answers for what, and where they meet; `qualcode.plot.organization` draws it.

    Parameters
    ----------
    title
        What stands above.
    parties, meetings, frames
        What is drawn, in order.
    note
        What stands below, for example where it is from.
    """

    title: str
    parties: tuple[Party, ...]
    meetings: tuple[Meeting, ...] = ()
    frames: tuple[Frame, ...] = ()
    note: str = ""

    def alt_text(self) -> str:
        """Return what the figure shows, for readers who do not see it."""
        every: list[Party | Group] = []
        for party in self.parties:
            every += [party, *party.groups]
        names = {each.id: each.name for each in every}
        who = []
        for party in self.parties:
            said = [_told(party.name, party.people, party.duties)]
            said += [_told(group.name, group.people, group.duties) for group in party.groups]
            who.append(": ".join([said[0], "; ".join(said[1:])]) if said[1:] else said[0])
        met = [
            f"{m.number} {m.name} between {names[m.between[0]]} and {names[m.between[1]]}".strip()
            for m in self.meetings
            if m.name
        ]
        return ". ".join([*([self.title] if self.title else []), *who, *met]) + "."

    def __str__(self) -> str:
        return self.alt_text()


def _told(name: str, people: Mapping[str, int], duties: tuple[str, ...]) -> str:
    inside = [f"{count} {role}" for role, count in people.items()] + list(duties)
    return f"{name} ({', '.join(inside)})" if inside else name


def _hint(value: str, known: Iterable[str]) -> str:
    """Return what was probably meant, to follow a list in brackets."""
    said = did_you_mean(value, known)
    return f".{said.removesuffix('?')}?" if said else ""


def _id(text: str) -> str:
    return slug(text).casefold()


def read_organization(path: str | os.PathLike[str]) -> Organization:
    """Read the description of an organization.

    Parameters
    ----------
    path
        A YAML file with `title`, `parties`, `meetings`, and if wanted `frames` and `note`. A party has `id`, `name`, `kind`
        (team, outside, data), `people` (role: how many), `duties`, `groups` and `place: [column, row]`, from 1. A meeting
        has `number`, `name` and `between`, two ids of parties or groups.

    Returns
    -------
    Organization
        To be drawn by `qualcode.plot.organization`.

    Raises
    ------
    FileProblems
        With every mistake of the file, by line.
    FolderError
        If there is no such file.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "organization.yaml"
    >>> _ = file.write_text("parties: [{name: Product team}, {name: Model team}]", encoding="utf-8")
    >>> [party.id for party in read_organization(file).parties]
    ['product-team', 'model-team']
    """
    from qualcode.errors import FolderError

    file = Path(path)
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileProblems([Problem(file.name, "", "is not UTF-8 text", "save it as UTF-8")]) from None
    except OSError as error:
        raise FolderError(f"{file} cannot be read: {error.strerror or error}.") from None
    return parse_organization(text, file.name)


def parse_organization(text: str, file: str) -> Organization:
    """Return what a YAML text says; see `read_organization`."""
    root = parse_nodes(text, file)
    reader = _Reader(file)
    found = reader.organization(root) if root is not None else None
    if root is None:
        reader.wrong(None, "is empty", "name the parties below `parties:`")
    if reader.problems or found is None:
        raise FileProblems(reader.problems)
    return found


class _Reader:
    """Collects every mistake of a file, by line."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def wrong(self, node: Node | None, message: str, fix: str) -> None:
        line = "" if node is None else str(node.line + 1)
        self.problems.append(Problem(self.file, line, message, fix))

    def organization(self, root: Node) -> Organization:
        entries = self.entries(root, ("title", "note", "parties", "meetings", "frames"))
        parties: list[Party] = []
        for node in self.items(entries.get("parties")):
            if (party := self.party(node, len(parties))) is not None:
                parties.append(party)
        if not parties:
            self.wrong(root, "has no parties", "name at least one below `parties:`")
        known: dict[str, str] = {}
        for party in parties:
            inside: list[Party | Group] = [party, *party.groups]
            for each in inside:
                if each.id in known:
                    self.wrong(
                        entries.get("parties"),
                        f"the id '{each.id}' is given twice",
                        "give each an id of its own",
                    )
                known[each.id] = party.id
        places: dict[tuple[int, int], str] = {}
        for party in parties:
            other = places.setdefault((party.column, party.row), party.id)
            if other != party.id:
                self.wrong(
                    entries.get("parties"),
                    f"'{party.id}' has the place of '{other}'",
                    "give both a place: [column, row]",
                )
        meetings = [
            m for node in self.items(entries.get("meetings")) if (m := self.meeting(node, known)) is not None
        ]
        frames = [
            f for node in self.items(entries.get("frames")) if (f := self.frame(node, known)) is not None
        ]
        title, note = (self.text(entries.get(key)) for key in ("title", "note"))
        return Organization(title, tuple(parties), tuple(meetings), tuple(frames), note)

    def party(self, node: Node, index: int) -> Party | None:
        if node.kind == "text":
            return Party(_id(node.text), node.text, column=index)
        entries = self.entries(node, ("id", "name", "kind", "people", "duties", "groups", "place"))
        name = self.text(entries.get("name")) or self.text(entries.get("id"))
        if not name:
            self.wrong(node, "a party has no name", "add `name:`")
            return None
        kind = self.text(entries.get("kind")) or "team"
        if kind not in KINDS:
            self.wrong(
                entries["kind"],
                f"there is no kind '{kind}'",
                f"write {', '.join(KINDS)}{_hint(kind, KINDS)}",
            )
        groups = []
        for inner in self.items(entries.get("groups")):
            parts = self.entries(inner, ("id", "name", "people", "duties"))
            called = self.text(parts.get("name")) or self.text(parts.get("id"))
            if not called:
                self.wrong(inner, "a group has no name", "add `name:`")
                continue
            id_ = _id(self.text(parts.get("id")) or called)
            groups.append(
                Group(id_, called, self.people(parts.get("people")), self.duties(parts.get("duties")))
            )
        column, row = self.place(entries.get("place"), index)
        id_ = _id(self.text(entries.get("id")) or name)
        people, duties = self.people(entries.get("people")), self.duties(entries.get("duties"))
        return Party(id_, name, kind, people, duties, tuple(groups), column, row)

    def meeting(self, node: Node, known: Mapping[str, str]) -> Meeting | None:
        entries = self.entries(node, ("number", "name", "between"))
        ends = [_id(self.text(each)) for each in self.items(entries.get("between"))]
        if len(ends) != 2 or ends[0] == ends[1]:
            self.wrong(node, "a meeting is between two", "write between: [one id, another id]")
            return None
        if not self.are_known(node, ends, known):
            return None
        return Meeting(self.text(entries.get("number")), self.text(entries.get("name")), (ends[0], ends[1]))

    def frame(self, node: Node, known: Mapping[str, str]) -> Frame | None:
        entries = self.entries(node, ("name", "holds"))
        holds = [_id(self.text(each)) for each in self.items(entries.get("holds"))]
        if not holds:
            self.wrong(node, "a frame holds nothing", "write holds: [ids of parties]")
            return None
        if not self.are_known(node, holds, {id_: id_ for id_ in known.values()}):
            return None
        return Frame(self.text(entries.get("name")), tuple(holds))

    def are_known(self, node: Node, ids: list[str], known: Mapping[str, str]) -> bool:
        for id_ in ids:
            if id_ not in known:
                self.wrong(
                    node,
                    f"there is no party or group '{id_}'",
                    f"expected {', '.join(known)}{_hint(id_, known)}",
                )
        return all(id_ in known for id_ in ids)

    def people(self, node: Node | None) -> dict[str, int]:
        found: dict[str, int] = {}
        for role, count in self.pairs(node):
            number = (
                int(count.text)
                if count.kind == "text" and count.text.isdecimal() and len(count.text) < 4
                else 0
            )
            if not 1 <= number <= MOST_PEOPLE:
                self.wrong(count, f"'{count.text}' is no number of people", f"write 1 to {MOST_PEOPLE}")
            found[role] = number
        return found

    def duties(self, node: Node | None) -> tuple[str, ...]:
        return tuple(text for each in self.items(node) if (text := self.text(each)))

    def place(self, node: Node | None, index: int) -> tuple[int, int]:
        if node is None:
            return index, 0
        numbers = [self.text(each) for each in self.items(node)]
        if len(numbers) != 2 or not all(n.isdecimal() and 1 <= int(n) <= 9 for n in numbers):
            self.wrong(node, "a place is a column and a row", "write place: [1, 2], each from 1 to 9")
            return index, 0
        return int(numbers[0]) - 1, int(numbers[1]) - 1

    # -- pieces ----------------------------------------------------------------------------------

    def entries(self, node: Node, allowed: tuple[str, ...]) -> dict[str, Node]:
        """Return what a mapping holds; an unknown word is a mistake."""
        found: dict[str, Node] = {}
        if node.kind != "map":
            self.wrong(node, "is not made of `word: value`", f"expected {', '.join(allowed)}")
            return found
        for key, value in node.pairs:
            if key.text not in allowed:
                self.wrong(
                    key,
                    f"there is no '{key.text}' here",
                    f"expected {', '.join(allowed)}{_hint(key.text, allowed)}",
                )
            elif key.text in found:
                self.wrong(key, f"'{key.text}' stands twice", "keep one of them")
            else:
                found[key.text] = value
        return found

    def pairs(self, node: Node | None) -> Iterator[tuple[str, Node]]:
        if node is None or (node.kind == "text" and not node.text):
            return
        if node.kind != "map":
            self.wrong(node, "is no list of roles with numbers", "write {data scientist: 2}")
            return
        for key, value in node.pairs:
            yield key.text, value

    def items(self, node: Node | None) -> list[Node]:
        if node is None or (node.kind == "text" and not node.text):
            return []
        if node.kind != "list":
            self.wrong(node, "is no list", "begin each line with a dash, or write [a, b]")
            return []
        return node.items

    def text(self, node: Node | None) -> str:
        if node is None:
            return ""
        if node.kind != "text":
            self.wrong(node, "is no text", "write one text here")
            return ""
        return " ".join(node.text.split())
