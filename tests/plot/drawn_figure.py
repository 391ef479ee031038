"""Read a drawn figure as a reader would: where every text and mark stands, what it says, in which colour.

Everything is measured with matplotlib's own renderer on the returned axes; nothing is taken from the
layout code that is tested.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, pairwise
from math import cos, radians, sin

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.colors import to_rgb
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.text import Text

TOLERANCE = 0.6  # pixels at 100 dots per inch: what rounding to the grid of pixels may move a letter
INVISIBLE = re.compile(r"[\u200e\u200f]")


@dataclass(frozen=True)
class Piece:
    """A text, a mark or a rule: its name in the figure and the four corners it fills, in pixels."""

    name: str
    kind: str
    corners: np.ndarray
    artist: Text | Patch | Line2D

    @property
    def left(self) -> float:
        return float(self.corners[:, 0].min())

    @property
    def right(self) -> float:
        return float(self.corners[:, 0].max())

    @property
    def low(self) -> float:
        return float(self.corners[:, 1].min())

    @property
    def high(self) -> float:
        return float(self.corners[:, 1].max())

    @property
    def middle(self) -> tuple[float, float]:
        return (self.left + self.right) / 2, (self.low + self.high) / 2


def texts_of(ax: Axes) -> list[Piece]:
    return _texts_of(ax, ax.get_figure(root=True).dpi)


@lru_cache(maxsize=256)
def _texts_of(ax: Axes, dpi: float) -> list[Piece]:
    renderer = RendererAgg(8, 8, dpi)
    found = []
    for text in ax.texts:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Glyph")  # no font of this machine has it
            w, h, d = renderer.get_text_width_height_descent(
                text.get_text(), text.get_fontproperties(), False
            )
        x, y = text.get_transform().transform(text.get_position())
        start = {"left": 0.0, "center": -w / 2, "right": -w}[text.get_ha()]
        a = radians(text.get_rotation())
        corners = [(start, -d), (start + w, -d), (start + w, h - d), (start, h - d)]
        turned = [(x + px * cos(a) - py * sin(a), y + px * sin(a) + py * cos(a)) for px, py in corners]
        found.append(Piece(text.get_gid() or "", "text", np.array(turned), text))
    return found


def marks_of(ax: Axes) -> list[Piece]:
    """Icons, dots, bubbles, shades, squares and dashes; the frame and the rules are no marks."""
    return _marks_of(ax, ax.get_figure(root=True).dpi)


@lru_cache(maxsize=256)
def _marks_of(ax: Axes, dpi: float) -> list[Piece]:
    found = [
        Piece(p.get_gid() or "", "mark", _corners(p.get_window_extent()), p)
        for p in ax.patches
        if p.get_gid() != "frame"
    ]
    return found + [line for line in _lines(ax) if "dash" in line.name]


def rules_of(ax: Axes) -> list[Piece]:
    return [line for line in _lines(ax) if "dash" not in line.name]


def frame_of(ax: Axes) -> Piece:
    (frame,) = [p for p in ax.patches if p.get_gid() == "frame"]
    return Piece("frame", "frame", _corners(frame.get_window_extent()), frame)


def _lines(ax: Axes) -> Iterator[Piece]:
    for line in ax.lines:
        points = line.get_transform().transform(line.get_xydata())
        half = line.get_linewidth() / 72 * ax.get_figure(root=True).dpi / 2
        (x, y), (x2, y2) = points
        box = np.array([(x, y - half), (x2, y - half), (x2, y2 + half), (x, y2 + half)])
        yield Piece(line.get_gid() or "", "line", box, line)


def _corners(box: object) -> np.ndarray:
    return np.array([(box.x0, box.y0), (box.x1, box.y0), (box.x1, box.y1), (box.x0, box.y1)])  # type: ignore[attr-defined]


def overlap(one: Piece, other: Piece, tolerance: float) -> bool:
    """Whether two boxes, which may be slanted, share more than a hair: no line can be drawn between them."""
    for corners in (one.corners, other.corners):
        for i in range(4):
            side = corners[(i + 1) % 4] - corners[i]
            length = float(np.hypot(*side))
            if length < 1e-9:
                continue
            across = np.array([-side[1], side[0]]) / length
            a, b = one.corners @ across, other.corners @ across
            if a.max() <= b.min() + tolerance or b.max() <= a.min() + tolerance:
                return False
    return True


def tolerance_of(ax: Axes) -> float:
    return TOLERANCE * ax.get_figure(root=True).dpi / 100


def belong(one: Piece, other: Piece) -> bool:
    """A number and the bubble or shade it stands in, and what stands in an empty shade."""
    (kind, _, cell), (kind2, _, cell2) = one.name.partition("-"), other.name.partition("-")
    return cell == cell2 and bool({kind, kind2} & {"cell", "bubble"}) and kind != kind2


def overlaps(ax: Axes) -> list[tuple[str, str]]:
    """Every two things that stand on one another and should not."""
    pieces = [*texts_of(ax), *marks_of(ax), *rules_of(ax)]
    pieces.sort(key=lambda p: p.low)
    hair = tolerance_of(ax)
    found = []
    for i, one in enumerate(pieces):
        for other in pieces[i + 1 :]:
            if other.low > one.high:
                break
            if (
                not belong(one, other)
                and not (one.kind == other.kind == "line")
                and overlap(one, other, hair)
            ):
                found.append((_named(one), _named(other)))
    return found


def outside(ax: Axes) -> list[str]:
    """Everything that sticks out of the axes."""
    box, hair = ax.get_window_extent(), tolerance_of(ax)
    return [
        _named(p)
        for p in [*texts_of(ax), *marks_of(ax), *rules_of(ax)]
        if p.left < box.x0 - hair
        or p.right > box.x1 + hair
        or p.low < box.y0 - hair
        or p.high > box.y1 + hair
    ]


def _named(piece: Piece) -> str:
    said = f" {piece.artist.get_text()!r}" if isinstance(piece.artist, Text) else ""
    return f"{piece.name or piece.kind}{said}"


# ---------------------------------------------------------------------- what is written
def written(ax: Axes, name: str) -> str:
    """The lines of a text put together again, without the marks of direction."""
    lines = [t.get_text() for t in ax.texts if re.fullmatch(rf"{re.escape(name)}-\d+", t.get_gid() or "")]
    return INVISIBLE.sub("", " ".join(lines))


def same_words(one: str, other: str) -> bool:
    """Whether two texts are equal but for where their lines break."""
    return "".join(one.split()) == "".join(INVISIBLE.sub("", other).split())


def text_named(ax: Axes, name: str) -> str | None:
    """The text of one line that bears this name; None when there is none."""
    found = [t.get_text() for t in ax.texts if t.get_gid() == name]
    assert len(found) <= 1, f"{name} is there {len(found)} times"
    return found[0] if found else None


def names_of(ax: Axes) -> set[str]:
    """Names of everything that is drawn."""
    return {a.get_gid() for a in (*ax.texts, *ax.patches, *ax.lines) if a.get_gid()}


def from_left_to_right(pieces: Sequence[Piece]) -> bool:
    return all(a.middle[0] < b.middle[0] for a, b in pairwise(pieces))


def from_top_to_bottom(pieces: Sequence[Piece]) -> bool:
    return all(a.middle[1] > b.middle[1] for a, b in pairwise(pieces))


# ---------------------------------------------------------------------- colours, after WCAG 2.1
def luminance(colour: object) -> float:
    parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one: object, other: object) -> float:
    dark, bright = sorted((luminance(one), luminance(other)))
    return (bright + 0.05) / (dark + 0.05)


def behind(text: Piece, marks: Sequence[Piece]) -> object:
    """The colour a text stands on: that of the bubble or shade around it, else white."""
    x, y = text.middle
    for mark in marks:
        if belong(text, mark) and mark.left < x < mark.right and mark.low < y < mark.high:
            return mark.artist.get_facecolor() if mark.artist.get_fill() else "white"  # type: ignore[union-attr]
    return "white"


def ink_of(mark: Piece) -> object:
    return mark.artist.get_color() if isinstance(mark.artist, Line2D) else mark.artist.get_facecolor()  # type: ignore[union-attr]


def differ_in_grey(shapes: Sequence[np.ndarray]) -> bool:
    """Whether no two masks are alike: the share of pixels that differ is more than a tenth of their ink."""
    return all(np.logical_xor(a, b).sum() > 0.1 * max(a.sum(), b.sum()) for a, b in combinations(shapes, 2))
