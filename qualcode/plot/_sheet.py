"""A sheet: what will be drawn, placed in inches from the top left, before any axes exist.

A layout writes on a sheet, reads its height, and only then a figure of that size is made.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import cos, radians, sin
from typing import Any

from matplotlib.axes import Axes
from matplotlib.colors import is_color_like, to_hex, to_rgb
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import Affine2D

from qualcode.plot._shapes import SQUARE
from qualcode.plot._text import Block, Ruler, Type

INK, SOFT, FAINT = "#000000", "#3d3d3d", "#c4c4c4"  # text, small print, rules between rows


@dataclass(frozen=True)
class Look:
    """Sizes that follow from the width of the figure."""

    size: float

    @classmethod
    def of(cls, width: float) -> Look:
        """7 points in a column of 3.3 inches, 8.5 points over 7 inches."""
        return cls(min(9.5, max(6.0, 7 + (width - 3.3) * 1.5 / 3.7)))

    @property
    def body(self) -> Type:
        """Names of rows and columns, numbers."""
        return Type(self.size)

    @property
    def bold(self) -> Type:
        """Titles of groups."""
        return Type(self.size, "bold")

    @property
    def italic(self) -> Type:
        """What the rows and columns are, and the margins."""
        return Type(self.size, style="italic")

    @property
    def small(self) -> Type:
        """The small print under the frame."""
        return Type(max(5.5, self.size * 0.84))

    @property
    def em(self) -> float:
        """The size of the body in inches."""
        return self.body.em

    @property
    def heavy(self) -> float:
        """Points of the frame and of the rules at top and bottom."""
        return 0.19 * self.size

    @property
    def light(self) -> float:
        """Points of a rule inside the frame."""
        return 0.085 * self.size


class Sheet:
    """Collects artists in inches, y downwards; `height` is what has been used."""

    def __init__(self, ruler: Ruler, width: float) -> None:
        self.ruler, self.width, self.height = ruler, width, 0.0
        self._made: list[Any] = []

    def text(
        self,
        x: float,
        baseline: float,
        text: str,
        type_: Type,
        name: str,
        *,
        ha: str = "left",
        colour: str = INK,
        angle: float = 0.0,
    ) -> None:
        """One line of text; `name` finds it again in the SVG and in a test."""
        made: Any = Text  # its keywords are wider than its types say
        self._made.append(
            made(
                x,
                baseline,
                text,
                fontproperties=self.ruler.font(type_, text),
                color=colour,
                ha=ha,
                va="baseline",
                rotation=angle,
                rotation_mode="anchor",
                parse_math=False,  # a name may hold dollar signs
                usetex=False,
                gid=identifier(name),
                zorder=3,
            )
        )

    def block(
        self, x: float, top: float, block: Block, name: str, *, ha: str = "left", colour: str = INK
    ) -> float:
        """Lines one under the other on fixed baselines; the bottom of the last is returned."""
        for i, line in enumerate(block.lines):
            self.text(
                x, top + block.ascent + i * block.pitch, line, block.type, f"{name}-{i}", ha=ha, colour=colour
            )
        return top + block.height

    def slanted(
        self, x: float, base: float, block: Block, name: str, angle: float, *, colour: str = INK
    ) -> None:
        """Lines that rise to the right from a point, the block in the middle of the point."""
        a, count = radians(angle), len(block.lines)
        for i, line in enumerate(block.lines):
            off = ((count - 1) / 2 - i) * block.pitch - (block.ascent - block.descent) * 0.46
            self.text(
                x - off * sin(a),
                base - off * cos(a),
                line,
                block.type,
                f"{name}-{i}",
                colour=colour,
                angle=angle,
            )

    def line(
        self, x: float, y: float, x2: float, y2: float, points: float, *, colour: str = INK, name: str = ""
    ) -> None:
        """A straight rule."""
        line = Line2D([x, x2], [y, y2], linewidth=points, color=colour, solid_capstyle="butt", zorder=1)
        line.set_gid(identifier(name) if name else None)
        self._made.append(line)

    def box(
        self,
        x: float,
        y: float,
        x2: float,
        y2: float,
        *,
        face: str = "none",
        edge: str = "none",
        points: float = 0.0,
        name: str = "",
    ) -> None:
        """A rectangle between two corners."""
        box = Rectangle(
            (x, y),
            x2 - x,
            y2 - y,
            facecolor=face,
            edgecolor=edge,
            linewidth=points,
            joinstyle="miter",
            zorder=1,
        )
        box.set_gid(identifier(name) if name else None)
        self._made.append(box)

    def outline(
        self,
        path: Path,
        *,
        face: str = "none",
        edge: str = INK,
        points: float = 0.7,
        dashed: bool = False,
        name: str = "",
    ) -> None:
        """A shape that is given in inches, with a line around it."""
        patch = PathPatch(path, facecolor=face, edgecolor=edge, linewidth=points, joinstyle="miter", zorder=1)
        if dashed:
            patch.set_linestyle((0, (4, 2.2)))
        patch.set_gid(identifier(name) if name else None)
        self._made.append(patch)

    def mark(self, path: Path, x: float, y: float, size: float, name: str, *, colour: str = INK) -> None:
        """An icon or a dot; paths are drawn with y upwards, the sheet counts downwards."""
        placed = path.transformed(Affine2D().scale(size, -size).translate(x, y))
        patch = PathPatch(placed, facecolor=colour, edgecolor="none", linewidth=0, zorder=2)
        if path is not SQUARE:  # drawn on the grid of pixels, thin sides vanish at low resolution
            patch.set_snap(False)
        patch.set_gid(identifier(name))
        self._made.append(patch)

    def dash(self, x: float, y: float, em: float, name: str, *, colour: str = INK) -> None:
        """The short dash of an empty cell."""
        self.line(x - 0.3 * em, y, x + 0.3 * em, y, 0.1 * em * 72, colour=colour, name=name)

    def draw(self, ax: Axes, height: float) -> None:
        """Put everything into an axes that is `width` by `height` inches."""
        ax.set_axis_off()
        ax.set_autoscale_on(False)
        ax.set_xlim(0, self.width)
        ax.set_ylim(height, 0)
        for artist in self._made:
            artist.set_clip_on(False)
            if isinstance(artist, Text):
                artist.set_transform(ax.transData)
            ax.add_artist(artist)  # the limits are set: add_patch would measure every path for nothing


def identifier(name: str) -> str:
    """A name that SVG accepts as an id."""
    return re.sub(r"[^A-Za-z0-9_.-]", "_", name)


def legible(colour: str, least: float = 4.5, otherwise: str = INK) -> str:
    """The colour, darkened until it stands out from white by `least` to one; black when it is no colour.

    Examples
    --------
    >>> legible("#ffcc00") != "#ffcc00", legible("#123456")
    (True, '#123456')
    """
    if not colour or not is_color_like(colour):
        return otherwise
    red, green, blue = to_rgb(colour)
    while contrast(to_hex((red, green, blue)), "#ffffff") < least:
        red, green, blue = red * 0.96, green * 0.96, blue * 0.96
    return to_hex((red, green, blue))


def contrast(one: str, other: str) -> float:
    """Contrast of two colours after WCAG 2.1: from 1 to 21."""
    brighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def mixed(colour: str, part: float) -> str:
    """A colour between white (0) and the colour (1)."""
    red, green, blue = (1 - part * (1 - c) for c in to_rgb(colour))
    return to_hex((red, green, blue))


def best_ink(background: str) -> str:
    """Black or white, whichever reads better; one of them always reaches 4.58 to one."""
    return max(("#000000", "#ffffff"), key=lambda ink: contrast(ink, background))


def _luminance(colour: str) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
