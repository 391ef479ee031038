"""Shapes that icons are made of, and plain marks for codes without an icon.

Every shape lives in the square from -0.5 to 0.5 and is filled. A hole is the same outline walked
the other way round (the rule of non-zero winding, which PDF, SVG and PNG share), so an icon is one
path: it scales without line widths and prints the same everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, pi, sin

import numpy as np
from matplotlib.path import Path

Point = tuple[float, float]


def polygon(*points: Point, hole: bool = False) -> Path:
    """A closed polygon; the order of the points does not matter for what is filled."""
    anticlockwise = sum(a[0] * b[1] - b[0] * a[1] for a, b in _sides(points)) > 0
    ordered = list(points) if anticlockwise != hole else list(points)[::-1]
    return Path([*ordered, ordered[0]], closed=True)


def rectangle(x: float, y: float, x2: float, y2: float, *, hole: bool = False) -> Path:
    """A rectangle between two corners."""
    return polygon((x, y), (x2, y), (x2, y2), (x, y2), hole=hole)


def rounded(x: float, y: float, x2: float, y2: float, r: float, *, hole: bool = False) -> Path:
    """A rectangle with round corners of radius `r`."""
    corners = [(x2 - r, y + r, -90), (x2 - r, y2 - r, 0), (x + r, y2 - r, 90), (x + r, y + r, 180)]
    points = [p for cx, cy, start in corners for p in arc(cx, cy, r, start, start + 90, 7)]
    return polygon(*points, hole=hole)


def circle(x: float, y: float, r: float, *, hole: bool = False) -> Path:
    """A circle of Bézier curves."""
    unit = Path.unit_circle()
    points = np.asarray(unit.vertices)[:-1] * r + (x, y)
    if hole:
        points = points[::-1]
    return Path(np.vstack([points, points[:1]]), unit.codes)


def ring(x: float, y: float, r: float, width: float) -> tuple[Path, Path]:
    """A circle with a hole; `width` is the width of the band."""
    return circle(x, y, r), circle(x, y, r - width, hole=True)


def arc(x: float, y: float, r: float, start: float, stop: float, steps: int = 24) -> list[Point]:
    """Points on a circle between two angles in degrees."""
    angles = [(start + (stop - start) * i / (steps - 1)) * pi / 180 for i in range(steps)]
    return [(x + r * cos(a), y + r * sin(a)) for a in angles]


def dome(x: float, base: float, half: float, height: float, *, from_x: float = -1, to_x: float = 1) -> Path:
    """Shoulders: half an ellipse on a base line, cut off left of `from_x` and right of `to_x`."""
    points = [(x + half * cos(i * pi / 24), base + height * sin(i * pi / 24)) for i in range(25)]
    return polygon(*((min(max(px, from_x), to_x), py) for px, py in points))


def bar(start: Point, stop: Point, width: float) -> Path:
    """A thick straight line with flat ends."""
    dx, dy = stop[0] - start[0], stop[1] - start[1]
    length = (dx * dx + dy * dy) ** 0.5
    nx, ny = -dy / length * width / 2, dx / length * width / 2
    return polygon(
        (start[0] + nx, start[1] + ny),
        (start[0] - nx, start[1] - ny),
        (stop[0] - nx, stop[1] - ny),
        (stop[0] + nx, stop[1] + ny),
    )


def gear(x: float, y: float, r: float, teeth: int, turn: float = 0.0) -> tuple[Path, Path]:
    """A cogwheel with a hole; `r` is the radius to the tips of the teeth."""
    root, step = 0.76 * r, 360 / teeth
    points: list[Point] = []
    for tooth in range(teeth):
        middle = turn + tooth * step
        points += arc(x, y, root, middle - 0.5 * step, middle - 0.27 * step, 4)
        points += arc(x, y, r, middle - 0.17 * step, middle + 0.17 * step, 3)
        points += arc(x, y, root, middle + 0.27 * step, middle + 0.5 * step, 4)[:-1]
    return polygon(*points), circle(x, y, 0.4 * r, hole=True)


def regular(sides: int, r: float = 0.46, turn: float = 90.0) -> list[Point]:
    """Corners of a regular polygon around the middle."""
    return [
        (r * cos((turn + 360 * i / sides) * pi / 180), r * sin((turn + 360 * i / sides) * pi / 180))
        for i in range(sides)
    ]


def star(points: int = 5, r: float = 0.48, inner: float = 0.42) -> list[Point]:
    """Corners of a star; `inner` is the inner radius as a part of the outer."""
    outside, inside = regular(points, r), regular(points, r * inner, 90 + 180 / points)
    return [p for pair in zip(outside, inside, strict=True) for p in pair]


def joined(*parts: Path | Sequence[Path]) -> Path:
    """One path of several parts."""
    flat = [p for part in parts for p in ([part] if isinstance(part, Path) else part)]
    return Path.make_compound_path(*flat)


def hollow(points: Sequence[Point], inner: float = 0.62) -> Path:
    """The outline of a polygon around the middle."""
    return joined(polygon(*points), polygon(*((inner * x, inner * y) for x, y in points), hole=True))


def _sides(points: Sequence[Point]) -> list[tuple[Point, Point]]:
    return list(zip(points, (*points[1:], points[0]), strict=True))


def _plus(width: float) -> list[Point]:
    w, r = width / 2, 0.42
    return [
        (-w, -r),
        (w, -r),
        (w, -w),
        (r, -w),
        (r, w),
        (w, w),
        (w, r),
        (-w, r),
        (-w, w),
        (-r, w),
        (-r, -w),
        (-w, -w),
    ]


_PLUS = _plus(0.28)
_CROSS = [(0.7071 * (x - y), 0.7071 * (x + y)) for x, y in _plus(0.24)]
_HOURGLASS = [(-0.42, 0.46), (0.42, 0.46), (0.09, 0.0), (0.42, -0.46), (-0.42, -0.46), (-0.09, 0.0)]
_FORMS: tuple[list[Point], ...] = (
    regular(4, 0.53, 45),
    [(x, y - 0.08) for x, y in regular(3, 0.5)],
    regular(4, 0.49),
    _PLUS,
    regular(5),
    [(x, y + 0.08) for x, y in regular(3, 0.5, -90)],
    _HOURGLASS,
    star(4, inner=0.34),
    _CROSS,
)

# Told apart by form, so in grey and by colour-blind readers: first filled, then as outlines.
MARKS: tuple[Path, ...] = (
    circle(0, 0, 0.42),
    *(polygon(*form) for form in _FORMS),
    joined(ring(0, 0, 0.42, 0.14)),
    *(hollow(form, 0.5) for form in _FORMS if form not in (_PLUS, _CROSS)),
)

DOT = circle(0, 0, 0.5)
SQUARE = rectangle(-0.5, -0.5, 0.5, 0.5)
NOT_READ = joined(
    rectangle(-0.5, -0.5, 0.5, 0.5),
    polygon((-0.42, -0.32), (-0.42, 0.42), (0.32, 0.42), hole=True),
    polygon((-0.32, -0.42), (0.42, -0.42), (0.42, 0.32), hole=True),
)
