"""Heads of the columns: level where the words fit, slanted where not, numbered as the last resort.

Never upright at 90 degrees. The three are tried in this order, each with the names of the rows as
wide as they can stay; what fits first is taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians, sin

from qualcode.analysis._heading import Heading
from qualcode.plot._rows import Labels, too_narrow
from qualcode.plot._sheet import Look, Sheet
from qualcode.plot._text import LEADING, SMALLEST, Block, Ruler, Type, clean

MOST_LINES = 4


@dataclass(frozen=True)
class Span:
    """A title above neighbouring columns of one group, at one level."""

    level: int
    first: int
    last: int
    block: Block


@dataclass(frozen=True)
class Heads:
    """Where the columns stand and how their heads are written; lengths in inches."""

    blocks: tuple[Block, ...]
    centres: tuple[float, ...]
    pitch: float
    labels: float
    angle: float
    height: float
    numbered: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()

    def over(self, columns: int) -> float:
        """Height of the heads of the columns alone, without that of the margin."""
        if self.angle or self.spans:
            return self.height
        return max(block.height for block in self.blocks[:columns])

    def draw(self, sheet: Sheet, base: float, look: Look, names: Sequence[str]) -> None:
        """Write the heads so that they end at `base`."""
        for block, x, name in zip(self.blocks, self.centres, names, strict=True):
            if self.angle:
                sheet.slanted(x, base - _foot(block, self.angle), block, name, self.angle)
            else:
                sheet.block(x, base - block.height, block, name, ha="center")
        y = base - max((b.height for b in self.blocks), default=0.0)
        for level in sorted({span.level for span in self.spans}, reverse=True):
            here = [span for span in self.spans if span.level == level]
            y -= 0.35 * look.em
            for span in here:
                left, right = (
                    self.centres[span.first] - self.pitch / 2,
                    self.centres[span.last] + self.pitch / 2,
                )
                inset = min(0.3 * look.em, 0.1 * self.pitch)
                sheet.line(left + inset, y, right - inset, y, look.light)
                top = y - 0.2 * look.em - span.block.height
                sheet.block(
                    (left + right) / 2,
                    top,
                    span.block,
                    f"column-group-{span.level}-{span.first}",
                    ha="center",
                )
            y -= 0.2 * look.em + max(span.block.height for span in here)


@dataclass(frozen=True)
class _Task:
    """What has to be placed: names of columns, the head of the margin, and the room."""

    ruler: Ruler
    look: Look
    width: float
    columns: Sequence[Heading]
    names: Sequence[str]
    margin: str
    number: float
    labels: Labels
    least: float
    comfort: float
    most: float

    @property
    def gap(self) -> float:
        return 0.9 * self.look.em

    @property
    def margin_gap(self) -> float:
        return 0.7 * self.look.em if self.margin else 0.0

    def heads_of(self, type_: Type) -> list[tuple[str, Type]]:
        """Name and type of every head, that of the margin last."""
        found = [(name, type_) for name in self.names]
        return [*found, (self.margin, Type(type_.size, style="italic"))] if self.margin else found


def choose_heads(
    ruler: Ruler,
    look: Look,
    width: float,
    columns: Sequence[Heading],
    margin: str,
    number: float,
    labels: Labels,
    least: float,
    comfort: float,
    most: float,
    style: str,
) -> Heads:
    """Find the first way of writing the heads that fits.

    `margin` is the head of the margin or empty, `number` the width of its widest number;
    `least`, `comfort` and `most` are what a cell needs, likes, and should not exceed.
    """
    names = [clean(c.name) for c in columns]
    task = _Task(ruler, look, width, columns, names, margin, number, labels, least, comfort, most)
    grouped = any(c.above for c in columns)
    level = _level(task)
    if level is not None and grouped:
        spans = _spans(task, level.pitch)
        level = None if spans is None else _with_spans(level, spans, look)
    if level is not None:
        return level
    if grouped:
        paths = [clean(" › ".join((*c.above, c.name))) for c in columns]
        task = _Task(ruler, look, width, columns, paths, margin, number, labels, least, comfort, most)
    found = _slanted(task) or _numbered(task)
    if found is None:
        raise too_narrow(
            width, width + (least - _widest_pitch(task)) * len(columns) + 0.1, len(columns), style
        )
    return found


def _margin_width(task: _Task, type_: Type) -> float:
    if not task.margin:
        return 0.0
    word = task.ruler.longest_word(task.margin, Type(type_.size, style="italic"))
    return max(word, task.number) + 0.3 * task.look.em


def _place(task: _Task, pitch: float, labels: float, margin: float) -> tuple[float, ...]:
    """Middles of the columns; the last column ends where the margin or the figure does."""
    first = labels + task.gap
    centres = [first + pitch * (j + 0.5) for j in range(len(task.names))]
    if task.margin:
        centres.append(first + pitch * len(task.names) + task.margin_gap + margin / 2)
    return tuple(centres)


def _level(task: _Task) -> Heads | None:
    type_, count = task.look.body, len(task.names)
    words = (
        max((task.ruler.longest_word(name, type_) for name in task.names), default=0.0) + 0.7 * task.look.em
    )
    pitch, margin = max(task.least, words), _margin_width(task, type_)
    free = task.width - task.gap - task.margin_gap - margin
    if not count or free - pitch * count < task.labels.narrow:
        return None
    pitch = min(max(task.most, pitch), max(pitch, (free - task.labels.natural) / count))
    inner = pitch - 0.7 * task.look.em
    blocks = [task.ruler.wrap(name, type_, inner) for name in task.names]
    if task.margin:
        blocks.append(task.ruler.wrap(task.margin, Type(type_.size, style="italic"), margin))
    if max(len(b.lines) for b in blocks) > MOST_LINES:
        return None
    labels = free - pitch * count
    return Heads(
        tuple(blocks), _place(task, pitch, labels, margin), pitch, labels, 0.0, max(b.height for b in blocks)
    )


def _slanted(task: _Task) -> Heads | None:
    """Try gentle angles and large type first; the names of the rows give way before the heads shrink."""
    natural, narrow = min(task.labels.natural, 0.5 * task.width), task.labels.narrow
    for least in dict.fromkeys((task.comfort, task.least)):
        found = _slanted_at(task, natural, narrow, least)
        if found is not None:
            return found
    return None


def _slanted_at(task: _Task, natural: float, narrow: float, least: float) -> Heads | None:
    size = task.look.body.size
    for angle, points in (
        (45, size),
        (45, 0.9 * size),
        (60, 0.9 * size),
        (60, 0.8 * size),
        (65, 5.5),
        (70, SMALLEST),
    ):
        type_ = Type(max(SMALLEST, points))
        wrapped = []
        for limit in (0.8, 1.1, 1.5, 2.0):
            blocks = [task.ruler.wrap(n, t, limit) for n, t in task.heads_of(type_)]
            if max(b.width for b in blocks) <= limit + 0.01:
                wrapped.append(blocks)
        for share in (1.0, 0.66, 0.33, 0.0):
            labels = max(narrow, narrow + share * (natural - narrow))
            for blocks in wrapped:
                made = _try_slant(task, blocks, labels, float(angle), least)
                if made is not None:
                    return made
    return None


def _try_slant(task: _Task, blocks: list[Block], labels: float, angle: float, least: float) -> Heads | None:
    a, count = radians(angle), len(task.names)
    # How far each head reaches to the right of the middle of its column.
    reach = [b.width * cos(a) + _thick(b) / 2 * sin(a) + 0.02 for b in blocks]
    start = labels + task.gap
    margin = task.number + 0.3 * task.look.em if task.margin else 0.0
    free = task.width - start - task.margin_gap - margin
    pitch = min(
        [task.most, free / count] + [(task.width - start - reach[j]) / (j + 0.5) for j in range(count)]
    )
    if task.margin:
        pitch = min(pitch, (task.width - start - task.margin_gap - margin / 2 - reach[-1]) / count)
    thick = max(_thick(b) for b in blocks)
    if pitch < least or pitch * sin(a) < thick * 1.04:
        return None
    if task.margin and (pitch / 2 + task.margin_gap + margin / 2) * sin(a) < thick:
        return None
    spare = min(
        [free - pitch * count]
        + [task.width - (start + pitch * (j + 0.5)) - reach[j] for j in range(count)]
        + (
            [task.width - start - pitch * count - task.margin_gap - margin / 2 - reach[-1]]
            if task.margin
            else []
        )
    )
    labels += max(0.0, spare)  # what is left goes to the names of the rows
    height = max(b.width * sin(a) + _thick(b) * cos(a) for b in blocks) + 0.02
    return Heads(tuple(blocks), _place(task, pitch, labels, margin), pitch, labels, angle, height)


def _numbered(task: _Task) -> Heads | None:
    """Numbers over the columns; the names go into the legend."""
    type_ = task.look.body.scaled(0.9)
    numbers = [str(j + 1) for j in range(len(task.names))]
    widest = max(task.ruler.width(n, type_) for n in numbers) + 0.25 * task.look.em
    least = max(task.least, widest)
    pitch = min(task.most, _widest_pitch(task))
    if pitch < least:
        return None
    margin = _margin_width(task, type_)
    blocks = [task.ruler.block([n], type_) for n in numbers]
    if task.margin:
        blocks.append(task.ruler.wrap(task.margin, Type(type_.size, style="italic"), margin))
    labels = task.width - task.gap - task.margin_gap - margin - pitch * len(numbers)
    centres = _place(task, pitch, labels, margin)
    height = max(b.height for b in blocks)
    return Heads(tuple(blocks), centres, pitch, labels, 0.0, height, tuple(task.names))


def _widest_pitch(task: _Task) -> float:
    margin = _margin_width(task, task.look.body.scaled(0.9))
    room = task.width - task.gap - task.margin_gap - margin - min(task.labels.narrow, 0.3 * task.width)
    return room / len(task.names)


def _spans(task: _Task, pitch: float) -> list[Span] | None:
    """Titles above groups of columns; None when a word of one does not fit over its columns."""
    spans = []
    for level in range(max(len(c.above) for c in task.columns)):
        j = 0
        while j < len(task.columns):
            path, last = task.columns[j].above[: level + 1], j
            while last + 1 < len(task.columns) and task.columns[last + 1].above[: level + 1] == path:
                last += 1
            if len(path) > level:
                title, room = clean(path[level]), pitch * (last - j + 1) - 0.6 * task.look.em
                if task.ruler.longest_word(title, task.look.bold) > room:
                    return None
                spans.append(Span(level, j, last, task.ruler.wrap(title, task.look.bold, room)))
            j = last + 1
    return spans


def _with_spans(heads: Heads, spans: list[Span], look: Look) -> Heads:
    levels = {span.level for span in spans}
    extra = sum(0.55 * look.em + max(s.block.height for s in spans if s.level == level) for level in levels)
    return Heads(
        heads.blocks, heads.centres, heads.pitch, heads.labels, 0.0, heads.height + extra, (), tuple(spans)
    )  # fmt: skip


def _thick(block: Block) -> float:
    """Height of a slanted block across its lines."""
    return LEADING * block.type.em + (len(block.lines) - 1) * block.pitch if block.lines else 0.0


def _foot(block: Block, angle: float) -> float:
    """How far the start of a slanted block is lifted so that its lowest line stays above the base."""
    return (_thick(block) / 2) * cos(radians(angle))
