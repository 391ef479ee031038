"""The icons of the code matrix: drawings of our own, one filled path each, no font behind them."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from functools import cache

from matplotlib.path import Path

from qualcode.errors import InvalidValue, did_you_mean
from qualcode.plot._shapes import (
    MARKS,
    arc,
    bar,
    circle,
    dome,
    gear,
    joined,
    polygon,
    rectangle,
    ring,
    rounded,
    star,
)


def _people() -> Path:
    side = [
        (circle(s * 0.335, 0.17, 0.105), dome(s * 0.335, -0.3, 0.165, 0.31, from_x=lo, to_x=hi))
        for s, lo, hi in ((-1, -1.0, -0.265), (1, 0.265, 1.0))
    ]
    return joined(circle(0, 0.275, 0.15), dome(0, -0.42, 0.225, 0.47), *side)


def _person() -> Path:
    return joined(circle(0, 0.25, 0.2), dome(0, -0.46, 0.36, 0.46))


def _page() -> Path:
    sheet = polygon((-0.37, -0.49), (0.37, -0.49), (0.37, 0.25), (0.13, 0.49), (-0.37, 0.49))
    inside = polygon((-0.3, -0.42), (0.3, -0.42), (0.3, 0.22), (0.1, 0.42), (-0.3, 0.42), hole=True)
    fold = polygon((0.09, 0.47), (0.09, 0.19), (0.36, 0.19))
    return joined(sheet, inside, fold, *(rectangle(-0.2, y, 0.2, y + 0.065) for y in (0.0, -0.145, -0.29)))


def _gears() -> Path:
    return joined(gear(-0.15, -0.13, 0.345, 9), gear(0.27, 0.27, 0.225, 7, 20))


def _gear() -> Path:
    return joined(gear(0, 0, 0.48, 9))


def _calendar() -> Path:
    parts = [rounded(-0.44, -0.48, 0.44, 0.36, 0.06), rectangle(-0.37, -0.41, 0.37, 0.1, hole=True)]
    for x in (-0.24, 0.0, 0.24):  # the rings, standing free of the band they bind
        parts += [
            rectangle(x - 0.07, 0.19, x + 0.07, 0.36, hole=True),
            rounded(x - 0.033, 0.23, x + 0.033, 0.49, 0.03),
        ]
    parts += [rectangle(x, y, x + 0.13, y + 0.13) for x in (-0.28, -0.065, 0.15) for y in (-0.32, -0.11)]
    return joined(*parts)


def _speech() -> Path:
    dots = [circle(x, 0.1, 0.055, hole=True) for x in (-0.2, 0, 0.2)]
    return joined(
        rounded(-0.47, -0.2, 0.47, 0.42, 0.14), polygon((-0.28, -0.14), (0.02, -0.14), (-0.24, -0.46)), *dots
    )


def _chart() -> Path:
    bars = [rectangle(x, -0.34, x + 0.15, top) for x, top in ((-0.29, -0.08), (-0.06, 0.14), (0.17, 0.36))]
    return joined(rectangle(-0.46, -0.46, -0.39, 0.46), rectangle(-0.46, -0.46, 0.46, -0.39), *bars)


def _clock() -> Path:
    return joined(
        ring(0, 0, 0.47, 0.08), bar((0, -0.03), (0, 0.3), 0.08), bar((-0.025, -0.01), (0.22, -0.15), 0.08)
    )


def _database() -> Path:
    def disc(y: float) -> Path:
        lower = [(0.4 * x / 0.5, y + 0.14 * z / 0.5) for x, z in arc(0, 0, 0.5, 180, 360)]
        upper = [(x, z + 0.16) for x, z in lower[::-1]]
        return polygon(*lower, *upper)

    lid = polygon(*((0.4 * x / 0.5, 0.33 + 0.14 * z / 0.5) for x, z in arc(0, 0, 0.5, 0, 345)))
    return joined(lid, disc(0.07), disc(-0.15), disc(-0.35))


def _shield() -> Path:
    def outline(k: float) -> list[tuple[float, float]]:
        side = [(0.4, 0.34), (0.4, 0.02), (0.33, -0.2), (0.18, -0.37), (0.0, -0.49)]
        points = [(0.0, 0.49), *side, *((-x, y) for x, y in side[-2::-1])]
        return [(k * x, k * y) for x, y in points]

    half = [(k * 0.78, y * 0.78) for k, y in outline(1.0) if k >= 0]
    return joined(polygon(*outline(1.0)), polygon(*half, hole=True))


def _lightbulb() -> Path:
    glass = [*arc(0, 0.16, 0.32, -52, 232, 40), (-0.15, -0.2), (0.15, -0.2)]
    return joined(
        polygon(*glass), rounded(-0.15, -0.34, 0.15, -0.26, 0.03), rounded(-0.11, -0.48, 0.11, -0.4, 0.03)
    )


def _flag() -> Path:
    return joined(
        rectangle(-0.36, -0.48, -0.28, 0.48),
        polygon((-0.28, 0.46), (0.42, 0.46), (0.22, 0.2), (0.42, -0.06), (-0.28, -0.06)),
    )


def _puzzle() -> Path:
    outline = [
        (-0.45, -0.47),
        (0.25, -0.47),
        (0.25, -0.22),
        *arc(0.33, -0.13, 0.13, -130, 130, 20),
        (0.25, 0.23),
    ]
    outline += [(-0.01, 0.23), *arc(-0.1, 0.33, 0.13, -40, 220, 20), (-0.19, 0.23), (-0.45, 0.23)]
    return joined(polygon(*outline), circle(-0.34, -0.12, 0.11, hole=True))


def _star() -> Path:
    return joined(polygon(*star()))


def _lock() -> Path:
    bow = polygon(*arc(0, 0.12, 0.29, 0, 180), *arc(0, 0.12, 0.2, 180, 0))
    legs = [rectangle(x, -0.02, x + 0.09, 0.13) for x in (-0.29, 0.2)]
    return joined(rounded(-0.4, -0.47, 0.4, 0.02, 0.06), circle(0, -0.22, 0.08, hole=True), bow, *legs)


def _eye() -> Path:
    def lens(k: float) -> list[tuple[float, float]]:
        r = 0.62
        return [(k * x, k * y) for x, y in (*arc(0, -0.395, r, 39.5, 140.5), *arc(0, 0.395, r, 219.5, 320.5))]

    return joined(polygon(*lens(1.0)), polygon(*lens(0.78), hole=True), circle(0, 0, 0.12))


def _heart() -> Path:
    return joined(polygon(*arc(0.215, 0.2, 0.235, -38, 156), *arc(-0.215, 0.2, 0.235, 24, 218), (0, -0.44)))


def _magnifier() -> Path:
    return joined(ring(-0.1, 0.1, 0.36, 0.085), bar((0.12, -0.12), (0.45, -0.45), 0.13))


def _target() -> Path:
    return joined(ring(0, 0, 0.48, 0.085), ring(0, 0, 0.29, 0.085), circle(0, 0, 0.1))


def _check() -> Path:
    return joined(
        polygon((-0.47, 0.0), (-0.34, 0.13), (-0.13, -0.09), (0.34, 0.4), (0.47, 0.27), (-0.13, -0.36))
    )


def _warning() -> Path:
    mark = [rectangle(-0.045, -0.12, 0.045, 0.18, hole=True), rectangle(-0.045, -0.3, 0.045, -0.2, hole=True)]
    return joined(polygon((0, 0.47), (0.49, -0.42), (-0.49, -0.42)), *mark)


def _building() -> Path:
    windows = [rectangle(x, y, x + 0.13, y + 0.13, hole=True) for x in (-0.22, 0.09) for y in (-0.06, 0.19)]
    return joined(
        rectangle(-0.34, -0.48, 0.34, 0.46), *windows, rectangle(-0.09, -0.48, 0.09, -0.2, hole=True)
    )


def _book() -> Path:
    left = [(-0.04, -0.38), (-0.04, 0.34), (-0.26, 0.42), (-0.48, 0.38), (-0.48, -0.36), (-0.26, -0.3)]
    return joined(polygon(*left), polygon(*((-x, y) for x, y in left)))


def _code() -> Path:
    bracket = [(-0.49, 0.0), (-0.22, 0.3), (-0.12, 0.22), (-0.32, 0.0), (-0.12, -0.22), (-0.22, -0.3)]
    return joined(
        polygon(*bracket), polygon(*((-x, y) for x, y in bracket)), bar((-0.07, -0.38), (0.07, 0.38), 0.075)
    )


def _flow() -> Path:
    boxes = [
        rectangle(-0.48, 0.14, -0.16, 0.44),
        rectangle(0.16, 0.14, 0.48, 0.44),
        rectangle(0.16, -0.44, 0.48, -0.14),
    ]
    arrows = [rectangle(-0.16, 0.255, 0.06, 0.325), polygon((0.02, 0.39), (0.14, 0.29), (0.02, 0.19))]
    arrows += [rectangle(0.285, 0.04, 0.355, 0.14), polygon((0.22, 0.05), (0.42, 0.05), (0.32, -0.11))]
    return joined(*boxes, *arrows)


def _money() -> Path:
    return joined(
        rectangle(-0.49, -0.3, 0.49, 0.3), rectangle(-0.42, -0.23, 0.42, 0.23, hole=True), circle(0, 0, 0.15),
        circle(-0.3, 0, 0.05), circle(0.3, 0, 0.05),
    )  # fmt: skip


_DRAWINGS = {
    "people": _people, "page": _page, "gears": _gears, "calendar": _calendar, "person": _person, "gear": _gear,
    "speech": _speech, "chart": _chart, "clock": _clock, "database": _database, "shield": _shield,
    "lightbulb": _lightbulb, "flag": _flag, "puzzle": _puzzle, "star": _star, "lock": _lock, "eye": _eye,
    "heart": _heart, "magnifier": _magnifier, "target": _target, "check": _check, "warning": _warning,
    "building": _building, "book": _book, "code": _code, "flow": _flow, "money": _money,
}  # fmt: skip

# Other words for the same drawing, as people write them in a codebook.
_OTHER_WORDS = {
    "communication": "people", "group": "people", "team": "people", "users": "people", "user": "person",
    "document": "page", "documentation": "page", "file": "page", "paper": "page", "engineering": "gears",
    "cogs": "gears", "cog": "gear", "settings": "gear", "process": "calendar", "schedule": "calendar", "date": "calendar",
    "chat": "speech", "talk": "speech", "comment": "speech", "bars": "chart", "graph": "chart", "time": "clock",
    "data": "database", "security": "shield", "privacy": "lock", "idea": "lightbulb", "bulb": "lightbulb",
    "goal": "target", "search": "magnifier", "organization": "building", "company": "building", "workflow": "flow",
    "risk": "warning", "budget": "money", "cost": "money", "software": "code", "trust": "heart", "literature": "book",
}  # fmt: skip


def icon_names() -> tuple[str, ...]:
    """Names that a codebook may give as the icon of a code.

    Examples
    --------
    >>> icon_names()[:4]
    ('people', 'page', 'gears', 'calendar')
    """
    return tuple(_DRAWINGS)


@cache
def drawing(name: str) -> Path | None:
    """The path of an icon in the square from -0.5 to 0.5; None when there is no such icon."""
    word = name.strip().casefold().replace("_", "-")
    make = _DRAWINGS.get(_OTHER_WORDS.get(word, word))
    return make() if make else None


def drawings_for(icons: Sequence[str]) -> list[Path]:
    """One path per column: its icon, or a plain mark that no other column has.

    A name that is no icon of ours is drawn as a plain mark, with a warning that lists what there is;
    so is an icon that an earlier column already has.

    Raises
    ------
    InvalidValue
        When more columns need a plain mark than there are.
    """
    found: list[Path | None] = []
    for name in icons:
        path = drawing(name) if name.strip() else None
        found.append(None if any(path is earlier for earlier in found) else path)
    unknown = sorted({name for name in icons if name.strip() and drawing(name) is None})
    if unknown:
        warnings.warn(
            f"There is no icon {unknown[0]!r}; a plain mark is drawn instead. "
            f"Icons: {', '.join(icon_names())}.{did_you_mean(unknown[0], icon_names())}",
            UserWarning,
            stacklevel=2,
        )
    if found.count(None) > len(MARKS):
        raise InvalidValue(
            f"{found.count(None)} columns have no icon of their own and there are {len(MARKS)} plain marks. "
            'Give the codes icons, show fewer columns, or draw style="dots", where columns have heads.'
        )
    marks = iter(MARKS)
    return [path if path is not None else next(marks) for path in found]
