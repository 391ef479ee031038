"""An organization as boxes: teams and groups with people and duties, data, and numbered hexagons where they meet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from matplotlib.axes import Axes
from matplotlib.path import Path

from qualcode.analysis._organization import Group, Meeting, Organization, Party
from qualcode.errors import InvalidValue
from qualcode.plot._drawing import Area, drawn
from qualcode.plot._key import Sign, draw_key
from qualcode.plot._people import ROLES_TOLD_APART, person_of
from qualcode.plot._shapes import arc, polygon, regular, rounded
from qualcode.plot._sheet import INK, SOFT, Look, Sheet
from qualcode.plot._text import Block, Ruler, clean

TAG, OUTSIDE, FRAME = "#e6edf5", "#f1f1f1", "#6d6d6d"  # faces of duties and of those outside, line of a frame


@dataclass
class _Content:
    """What stands in a box, measured: title, people, duties, and the groups below."""

    title: Block
    people: list[tuple[str, int, Block | None]]
    tags: list[list[Block]]
    groups: list[_Content] = field(default_factory=list)
    id: str = ""
    height: float = 0.0


class _Layout:
    """Measures an organization for a width, and writes it on a sheet."""

    def __init__(self, organization: Organization, ruler: Ruler, width: float) -> None:
        self.o, self.ruler, self.width = organization, ruler, width
        self.look = Look.of(width)
        self.em = self.look.em
        self.sheet = Sheet(ruler, width)
        self.roles = sorted({role: None for each in _all(organization) for role in each.people}, key=_first)
        self.areas: dict[str, Area] = {}
        self.owner = {g.id: p.id for p in organization.parties for g in p.groups}

    # -- measuring ---------------------------------------------------------------------------------

    def content(self, each: Party | Group, room: float) -> _Content:
        em, look = self.em, self.look
        inner = room - 1.2 * em
        title = self.ruler.wrap(clean(each.name), look.bold if isinstance(each, Party) else look.body, inner)
        people = []
        for role, count in each.people.items():
            told_apart = self.roles.index(role) < ROLES_TOLD_APART
            fits = told_apart and count * 0.95 * em <= inner
            words = f"× {count}" if told_apart and not fits else "" if fits else f"{count} {clean(role)}"
            people.append((role, count, self.ruler.wrap(words, look.small, inner) if words else None))
        tags: list[list[Block]] = []
        used = inner + 1
        for duty in each.duties:
            block = self.ruler.wrap(clean(duty), look.small, inner - 0.8 * em)
            wide = block.width + 0.9 * em
            if used + wide > inner:
                tags.append([])
                used = 0.0
            tags[-1].append(block)
            used += wide + 0.35 * em
        found = _Content(title, people, tags, id=each.id)
        found.height = 0.45 * em + title.height
        found.height += sum(max(1.25 * em, words.height if words else 0) + 0.2 * em for _, _, words in people)
        found.height += sum(max(b.height for b in line) + 0.75 * em for line in tags)
        if isinstance(each, Party):
            for group in each.groups:
                inside = self.content(group, room - 1.1 * em)
                found.groups.append(inside)
                found.height += inside.height + (self.between_groups(each) if found.groups[1:] else 0.55) * em
        found.height += 0.55 * em
        return found

    def between_groups(self, party: Party) -> float:
        """Distance of two groups: wide where they meet."""
        ids = {group.id for group in party.groups}
        return 2.1 if any(set(m.between) <= ids for m in self.o.meetings) else 0.55

    # -- drawing -----------------------------------------------------------------------------------

    def draw(self) -> Sheet:
        em, look, sheet = self.em, self.look, self.sheet
        y = 0.1 * em
        if self.o.title:
            y = (
                sheet.block(0, y, self.ruler.wrap(clean(self.o.title), look.bold, self.width), "title")
                + 0.6 * em
            )
        framed = 1.0 if self.o.frames else 0.0
        columns = max(p.column for p in self.o.parties) + 1
        rows = max(p.row for p in self.o.parties) + 1
        gap, side = (2.7 if self.o.meetings else 1.2) * em, 0.15 * em + framed * 0.9 * em
        wides = self.widths(columns, self.width - 2 * side - gap * (columns - 1))
        lefts = [side + sum(wides[:c]) + gap * c for c in range(columns)]
        over = [m for m in self.o.meetings if self.goes_over(m)]
        y += framed * 1.9 * em + len(over) * 1.9 * em
        top = y
        for row in range(rows):
            here = [p for p in self.o.parties if p.row == row]
            measured = [(p, self.content(p, wides[p.column])) for p in here]
            high = max((c.height + self.extra(p) for p, c in measured), default=0.0)
            for party, content in measured:
                tall = content.height + self.extra(party)
                tall = max(tall, self.room_to_meet(party))
                area = Area(
                    lefts[party.column],
                    y + (high - tall) / 2,
                    lefts[party.column] + wides[party.column],
                    y + (high + tall) / 2,
                )
                self.party(party, content, area)
            y += high + (2.6 * em if row + 1 < rows else 0.0)
        for frame in self.o.frames:
            self.frame(frame.name, [self.areas[id_] for id_ in frame.holds])
        self.meetings(over, top - framed * 1.5 * em)
        sheet.height = self.below(y + framed * 1.0 * em)
        return sheet

    def widths(self, columns: int, room: float) -> list[float]:
        """Return how wide each column is: by what it holds, and never narrower than its longest word."""
        shares = [self.share(column) for column in range(columns)]
        least = [self.least(column) for column in range(columns)]
        if sum(least) > room:
            raise InvalidValue(
                f"{columns} columns do not fit into {self.width:g} inches. Give width={self.width + sum(least) - room + 0.05:.1f} or "
                "more, or place parties below each other with place: [column, row]."
            )
        free = [True] * columns
        while True:
            unit = (room - sum(w for w, f in zip(least, free, strict=True) if not f)) / (
                sum(s for s, f in zip(shares, free, strict=True) if f) or 1.0
            )
            tight = [f and s * unit < w for s, w, f in zip(shares, least, free, strict=True)]
            if not any(tight):
                return [s * unit if f else w for s, w, f in zip(shares, least, free, strict=True)]
            free = [f and not t for f, t in zip(free, tight, strict=True)]

    def least(self, column: int) -> float:
        """Return the width below which a word of a column would be cut."""
        em, look, ruler = self.em, self.look, self.ruler
        found = 4.2 * em
        for party in (p for p in self.o.parties if p.column == column):
            found = max(found, 1.25 * em + ruler.longest_word(clean(party.name), look.bold))
            parts: list[tuple[Party | Group, float]] = [(party, 0.0), *((g, 1.1 * em) for g in party.groups)]
            for each, edge in parts:
                words = [clean(each.name)] if isinstance(each, Group) else []
                found = max(
                    found,
                    1.25 * em + edge + max((ruler.longest_word(w, look.body) for w in words), default=0),
                )
                duties = max((ruler.longest_word(clean(d), look.small) for d in each.duties), default=-em)
                found = max(found, 2.15 * em + edge + duties)
        return found

    def share(self, column: int) -> float:
        """How wide a column is, beside others: data and those outside need less room."""
        here = [p for p in self.o.parties if p.column == column]
        if not here:
            return 0.4
        if all(p.kind != "team" for p in here):
            return 0.62
        return 1.25 if any(p.groups for p in here) else 1.0

    def room_to_meet(self, party: Party) -> float:
        """Return how high a box must be for the hexagons at its side."""
        ends = [frozenset(self.owner.get(id_, id_) for id_ in m.between) for m in self.o.meetings]
        most = max((ends.count(pair) for pair in ends if party.id in pair and len(pair) > 1), default=0)
        return (most + 1) * 1.95 * self.em if most > 1 else 0.0

    def extra(self, party: Party) -> float:
        return 1.1 * self.em if party.kind == "data" else 0.0

    def party(self, party: Party, content: _Content, area: Area) -> None:
        em, sheet = self.em, self.sheet
        self.areas[party.id] = area
        name = f"party-{party.id}"
        if party.kind == "data":
            _cylinder(sheet, area, 0.5 * em, self.look.light * 1.3, name)
            self.fill(content, Area(area.left, area.top + 0.95 * em, area.right, area.bottom))
            return
        if party.kind == "outside":
            corner = min(0.7 * em, area.width / 3)
            path = rounded(area.left, area.top, area.right, area.bottom, corner)
            sheet.outline(path, face=OUTSIDE, edge=INK, points=self.look.light * 1.3, name=name)
        else:
            sheet.box(
                area.left, area.top, area.right, area.bottom, edge=INK, points=self.look.heavy, name=name
            )
        y = self.fill(content, area)
        for group, inside in zip(party.groups, content.groups, strict=True):
            y += self.between_groups(party) * em if group is not party.groups[0] else 0.55 * em
            box = Area(area.left + 0.55 * em, y, area.right - 0.55 * em, y + inside.height)
            self.areas[group.id] = box
            path = polygon(
                (box.left, box.top), (box.right, box.top), (box.right, box.bottom), (box.left, box.bottom)
            )
            sheet.outline(path, points=self.look.light * 1.3, dashed=True, name=f"group-{group.id}")
            self.fill(inside, box)
            y = box.bottom

    def fill(self, content: _Content, area: Area) -> float:
        """Write title, people and duties into a box; give the bottom of it."""
        em, sheet, name = self.em, self.sheet, content.id
        x, y = area.left + 0.6 * em, area.top + 0.45 * em
        y = sheet.block(x, y, content.title, f"name-{name}")
        for role, count, words in content.people:
            y += 0.2 * em
            height = max(1.25 * em, words.height if words else 0.0)
            at = x
            if words is None or words.lines[0].startswith("×"):
                for number in range(1 if words else count):
                    path = person_of(self.roles.index(role))
                    sheet.mark(
                        path,
                        at + 0.42 * em,
                        y + height / 2,
                        1.05 * em,
                        f"person-{name}-{self.roles.index(role)}-{number}",
                    )
                    at += 0.95 * em
            if words is not None:
                sheet.block(
                    at + (0.15 * em if at > x else 0),
                    y + (height - words.height) / 2,
                    words,
                    f"people-{name}-{self.roles.index(role)}",
                )
            y += height
        for i, line in enumerate(content.tags):
            at, high = x, max(block.height for block in line)
            y += 0.35 * em
            for k, block in enumerate(line):
                right = at + block.width + 0.9 * em
                path = rounded(at, y, right, y + high + 0.3 * em, 0.3 * em)
                sheet.outline(
                    path, face=TAG, edge=INK, points=self.look.light * 0.8, name=f"duty-{name}-{i}-{k}"
                )
                sheet.block(at + 0.45 * em, y + 0.15 * em, block, f"dutyname-{name}-{i}-{k}")
                at = right + 0.35 * em
            y += high + 0.4 * em
        return y

    def frame(self, name: str, areas: Sequence[Area]) -> None:
        em = self.em
        around = Area.around(areas).grown(0.75 * em)
        label = self.ruler.wrap(clean(name), self.look.small, max(around.width - em, 2 * em))
        top = around.top - (label.height + 0.3 * em if name else 0.0)
        path = rounded(around.left, top, around.right, around.bottom, 0.5 * em)
        self.sheet.outline(path, edge=FRAME, points=self.look.light, name=f"frame-{name}")
        if name:
            self.sheet.block(around.left + 0.5 * em, top + 0.3 * em, label, f"framename-{name}", colour=SOFT)

    # -- where they meet ---------------------------------------------------------------------------

    def goes_over(self, meeting: Meeting) -> bool:
        """Whether a line has to go around what stands between two in one row."""
        by_id = {p.id: p for p in self.o.parties}
        one, other = (by_id[self.owner.get(id_, id_)] for id_ in meeting.between)
        low, high = sorted((one.column, other.column))
        return one.row == other.row and any(
            p.row == one.row and low < p.column < high for p in self.o.parties
        )

    def meetings(self, over: Sequence[Meeting], top: float) -> None:
        em = self.em
        rest = [m for m in self.o.meetings if m not in over]
        for number, meeting in enumerate(over):
            one, other = sorted((self.areas[id_] for id_ in meeting.between), key=lambda area: area.left)
            y = top - (number + 0.9) * 1.9 * em
            left = one.middle + 0.6 * em * number
            right = other.right - 0.2 * other.width - 0.6 * em * number
            for x, low in ((left, one.top), (right, other.top)):
                self.line(x, y, x, low)
            self.line(left, y, right, y)
            self.hexagon((left + right) / 2, y, meeting)
        together: dict[frozenset[str], list[Meeting]] = {}
        for meeting in rest:
            together.setdefault(frozenset(meeting.between), []).append(meeting)
        for same in together.values():
            one, other = (self.areas[id_] for id_ in same[0].between)
            if one.left > other.left:
                one, other = other, one
            for number, meeting in enumerate(same):
                self.straight(one, other, meeting, (number + 1) / (len(same) + 1))

    def straight(self, one: Area, other: Area, meeting: Meeting, share: float) -> None:
        if one.right <= other.left:  # side by side
            low, high = max(one.top, other.top), min(one.bottom, other.bottom)
            if low < high:
                y = low + (high - low) * share
                self.line(one.right, y, other.left, y)
                self.hexagon((one.right + other.left) / 2, y, meeting)
                return
            y, x = one.centre, other.middle  # another row: out at the side, then up or down
            edge = other.top if other.top > one.bottom else other.bottom
            self.line(one.right, y, x, y)
            self.line(x, y, x, edge)
            self.hexagon(x, (y + edge) / 2, meeting)
            return
        upper, lower = sorted((one, other), key=lambda area: area.top)
        left, right = max(one.left, other.left), min(one.right, other.right)
        x = left + (right - left) * share
        self.line(x, upper.bottom, x, lower.top)
        self.hexagon(x, (upper.bottom + lower.top) / 2, meeting)

    def line(self, x: float, y: float, x2: float, y2: float) -> None:
        self.sheet.line(x, y, x2, y2, self.look.light * 1.6)

    def hexagon(self, x: float, y: float, meeting: Meeting) -> None:
        if not meeting.number:
            return
        _hexagon(
            self.sheet,
            x,
            y,
            0.95 * self.em,
            self.look,
            self.ruler.wrap(clean(meeting.number), self.look.bold, 1.6 * self.em),
        )

    def below(self, y: float) -> float:
        """Write what the signs mean, and the note; give the bottom."""
        em, look = self.em, self.look
        signs = [Sign(role, person_of(i)) for i, role in enumerate(self.roles[:ROLES_TOLD_APART])]
        y += 0.9 * em
        if signs:
            y = draw_key(self.sheet, y, signs, look.body, 1.2 * em, centred=False) + 0.5 * em
        named = [m for m in self.o.meetings if m.number and m.name]
        for meeting in {m.number: m for m in named}.values():
            words = self.ruler.wrap(clean(meeting.name), look.body, self.width - 2.6 * em)
            high = max(words.height, 1.5 * em)
            _hexagon(
                self.sheet,
                0.85 * em,
                y + high / 2,
                0.75 * em,
                look,
                self.ruler.wrap(clean(meeting.number), look.small, 1.6 * em),
            )
            y = (
                self.sheet.block(2.1 * em, y + (high - words.height) / 2, words, f"meeting-{meeting.number}")
                + (high - words.height) / 2
                + 0.25 * em
            )
        if self.o.note:
            note = self.ruler.wrap(clean(self.o.note), look.small, self.width - 0.1 * em, balanced=False)
            y = self.sheet.block(0, y + 0.3 * em, note, "note", colour=SOFT)
        return y + 0.15 * em


def draw_organization(organization: Organization, width: float, ax: Axes | None, font: str | None) -> Axes:
    """Check what was asked, lay out, draw; see `qualcode.plot.organization`."""
    if not isinstance(organization, Organization):
        raise InvalidValue(
            f"plot.organization() got {type(organization).__name__}. Expected what qualcode.read_organization(file) gives."
        )
    ruler = Ruler([clean(text) for text in _texts(organization)], font)
    made = drawn(lambda wide: _Layout(organization, ruler, wide).draw(), width, ax)
    from qualcode.plot._save import remember

    remember(made, organization.title or "Organization", organization.alt_text())
    return made


def _first(role: str) -> int:
    """The two kinds of people of this field have the same signs in every figure."""
    known = ("data scientist", "software engineer")
    return known.index(role) if role in known else len(known)


def _all(organization: Organization) -> list[Party | Group]:
    found: list[Party | Group] = []
    for party in organization.parties:
        found += [party, *party.groups]
    return found


def _texts(o: Organization) -> list[str]:
    inside = [text for each in _all(o) for text in (each.name, *each.people, *each.duties)]
    return [
        o.title,
        o.note,
        "×0123456789",
        *inside,
        *(t for m in o.meetings for t in (m.number, m.name)),
        *(f.name for f in o.frames),
    ]


def _hexagon(sheet: Sheet, x: float, y: float, radius: float, look: Look, words: Block) -> None:
    path = polygon(*((x + px, y + py) for px, py in regular(6, radius, 0.0)))
    sheet.outline(path, face="#ffffff", edge=INK, points=look.light * 1.6, name=f"hexagon-{words.lines[0]}")
    sheet.block(x, y - words.height / 2 - 0.02 * look.em, words, f"number-{words.lines[0]}", ha="center")


def _cylinder(sheet: Sheet, area: Area, depth: float, points: float, name: str) -> None:
    """A drum: a side, a bottom that bends, and a lid."""
    half, x = area.width / 2, area.middle

    def bend(y: float, start: float, stop: float) -> list[tuple[float, float]]:
        return [(x + px * half, y - py * depth) for px, py in arc(0, 0, 1, start, stop, 25)]

    lid, floor = area.top + depth, area.bottom - depth
    side = [(area.left, lid), *bend(floor, 180, 360), (area.right, lid), *bend(lid, 0, 180)]
    sheet.outline(Path([*side, side[0]], closed=True), face="#ffffff", points=points, name=name)
    sheet.outline(Path(bend(lid, 180, 360)), points=points, name=f"{name}-lid")
