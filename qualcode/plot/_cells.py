"""Marks of the cells that carry counts: dots, bubbles, shades."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import sqrt

from qualcode.plot._shapes import DOT, NOT_READ
from qualcode.plot._sheet import FAINT, SOFT, Look, Sheet, best_ink, legible, mixed
from qualcode.plot._text import CAPITAL, SMALLEST, Ruler, Type

QUIET = "#767676"  # the lightest grey that still reaches 4.5 to one
BLUE = "#134f9b"
NUMBER_GAP = 0.2  # between the numbers of two neighbouring cells, in sizes of the body


@dataclass(frozen=True)
class Cells:
    """What every cell of a matrix is drawn with; lengths in inches.

    `mark` is the diameter of a dot or of the largest bubble, `most` the largest count,
    `beside` whether the number of a dot stands beside it, `numbers` whether there are any,
    `known` all counts above 0.
    """

    style: str
    ruler: Ruler
    number: Type
    pitch: float
    mark: float
    most: int
    digits: float
    beside: bool
    numbers: bool
    known: frozenset[int] = frozenset()

    @classmethod
    def of(
        cls, style: str, ruler: Ruler, look: Look, pitch: float, known: frozenset[int], numbers: bool
    ) -> Cells:
        """Fit the marks to the distance of the columns."""
        em, most = look.em, max(known, default=0)
        written = [str(count) for count in known] if numbers else []
        number = ruler.fitted(written, look.body, pitch - NUMBER_GAP * em, SMALLEST)
        digits = ruler.widest(written, number)
        mark = min(2.9 * em, 0.92 * pitch) if style == "bubbles" else min(0.72 * em, 0.62 * pitch)
        beside = style == "dots" and mark + 0.35 * em + digits <= pitch - 0.3 * em
        cells = cls(style, ruler, number, pitch, mark, most, digits, beside, numbers, known)
        if style == "bubbles":  # beside only where every number outside its bubble can stand there
            outside = [c for c in known if not cells.inside(c)]
            room = all(
                cells.radius(c) + cells.gap + ruler.width(str(c), number) <= pitch / 2 for c in outside
            )
            cells = replace(cells, beside=room)
        return cells

    @property
    def capital(self) -> float:
        """Height of a number."""
        return CAPITAL * self.number.em

    @property
    def gap(self) -> float:
        """Between a mark and its number."""
        return 0.28 * self.number.em

    def radius(self, count: int) -> float:
        """Radius of a bubble: its area is the count."""
        return self.mark / 2 * sqrt(count / self.most) if self.most else 0.0

    def inside(self, count: int) -> bool:
        """Whether a number fits into its bubble."""
        wide = self.ruler.width(str(count), self.number)
        return sqrt((wide / 2) ** 2 + (self.capital / 2) ** 2) <= 0.93 * self.radius(count)

    def place(self, count: int) -> str:
        """Where the number of a bubble stands; without numbers it takes no room."""
        if not self.numbers:
            return "inside"
        return "inside" if self.inside(count) else "beside" if self.beside else "below"

    def height(self, count: int | None) -> float:
        """Height that a cell needs."""
        if not count:
            return self.capital
        if self.style == "bubbles":
            below = self.gap + self.capital if self.place(count) == "below" else 0.0
            return 2 * self.radius(count) + below
        if self.style == "dots":
            return self.mark + (self.gap + self.capital if self.numbers and not self.beside else 0.0)
        return 1.45 * self.capital

    def draw(
        self, sheet: Sheet, name: str, count: int | None, x: float, y: float, height: float, colour: str
    ) -> None:
        """Draw one cell around its middle; `name` is "row-column"; a count of None means not read."""
        if self.style == "heatmap":
            self._shade(sheet, name, count, x, y, height, colour)
        elif not count:
            at = (
                x - (self.gap + self.digits) / 2
                if self.style == "dots" and self.beside and self.numbers
                else x
            )
            self.nothing(sheet, name, count, at, y)
        elif self.style == "bubbles":
            self._bubble(sheet, name, count, x, y, colour)
        else:
            self._dot(sheet, name, count, x, y, colour)

    def nothing(self, sheet: Sheet, name: str, count: int | None, x: float, y: float) -> None:
        """A dash for 0, a crossed square for not read."""
        em = min(self.number.em, self.pitch)
        if count is None:
            sheet.mark(NOT_READ, x, y, 0.75 * em, f"unread-{name}", colour=SOFT)
        elif self.pitch < 1.5 * self.number.em:  # many columns: dashes must not join into a line
            sheet.dash(x, y, 0.6 * em, f"dash-{name}", colour=QUIET)
        else:
            sheet.dash(x, y, em, f"dash-{name}")

    def write(
        self, sheet: Sheet, name: str, count: int, x: float, middle: float, ha: str, colour: str
    ) -> None:
        """A number with the middle of its digits at a height."""
        sheet.text(
            x, middle + self.capital / 2, str(count), self.number, f"count-{name}", ha=ha, colour=colour
        )

    def _dot(self, sheet: Sheet, name: str, count: int, x: float, y: float, colour: str) -> None:
        shade = legible(colour, 3.0)
        if not self.numbers:
            sheet.mark(DOT, x, y, self.mark, f"dot-{name}", colour=shade)
        elif self.beside:
            left = x - (self.gap + self.digits) / 2
            sheet.mark(DOT, left, y, self.mark, f"dot-{name}", colour=shade)
            self.write(sheet, name, count, left + self.mark / 2 + self.gap, y, "left", "#000000")
        else:
            top = y - self.height(count) / 2
            sheet.mark(DOT, x, top + self.mark / 2, self.mark, f"dot-{name}", colour=shade)
            self.write(
                sheet, name, count, x, top + self.height(count) - self.capital / 2, "center", "#000000"
            )

    def _bubble(self, sheet: Sheet, name: str, count: int, x: float, y: float, colour: str) -> None:
        shade, r, place = legible(colour, 4.5, BLUE), self.radius(count), self.place(count)
        top = y - self.height(count) / 2
        middle = top + r
        sheet.mark(DOT, x, middle, 2 * r, f"bubble-{name}", colour=shade)
        if not self.numbers:
            return
        if place == "inside":
            self.write(sheet, name, count, x, middle, "center", "#ffffff")
        elif place == "beside":
            self.write(sheet, name, count, x + r + self.gap, middle, "left", "#000000")
        else:
            self.write(sheet, name, count, x, top + 2 * r + self.gap + self.capital / 2, "center", "#000000")

    def _shade(
        self, sheet: Sheet, name: str, count: int | None, x: float, y: float, height: float, colour: str
    ) -> None:
        inset = 0.014
        edges = (
            x - self.pitch / 2 + inset,
            y - height / 2 + inset,
            x + self.pitch / 2 - inset,
            y + height / 2 - inset,
        )
        if not count:
            sheet.box(*edges, edge=FAINT, points=0.5, name=f"cell-{name}")
            self.nothing(sheet, name, count, x, y)
            return
        shade = mixed(legible(colour, 7.0, BLUE), 0.12 + 0.88 * count / self.most)
        sheet.box(*edges, face=shade, name=f"cell-{name}")
        if self.numbers:
            self.write(sheet, name, count, x, y, "center", best_ink(shade))
