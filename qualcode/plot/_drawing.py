"""From a layout to axes: a new figure as high as needed, or the box of axes that are there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes

from qualcode.errors import InvalidValue
from qualcode.plot._save import drawing_settings
from qualcode.plot._sheet import Sheet

TALLEST = 200.0  # inches; beyond, no page and no screen shows it


@dataclass(frozen=True)
class Area:
    """A box on a sheet, in inches, y downwards."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """From left to right."""
        return self.right - self.left

    @property
    def middle(self) -> float:
        """Half way from left to right."""
        return (self.left + self.right) / 2

    @property
    def centre(self) -> float:
        """Half way from top to bottom."""
        return (self.top + self.bottom) / 2

    def grown(self, by: float) -> Area:
        """The same, larger on all sides."""
        return Area(self.left - by, self.top - by, self.right + by, self.bottom + by)

    @classmethod
    def around(cls, areas: Sequence[Area]) -> Area:
        """The smallest box that holds all."""
        return cls(
            min(a.left for a in areas),
            min(a.top for a in areas),
            max(a.right for a in areas),
            max(a.bottom for a in areas),
        )


def check_width(width: float) -> None:
    """Refuse a width that no page has."""
    if not 1.5 <= width <= 60:
        raise InvalidValue(f"The width is {width:g} inches. Expected 1.5 to 60; a column of a paper has 3.3.")


def box_of(ax: Axes) -> tuple[float, float]:
    """Width and height of axes, in inches."""
    figure = ax.get_figure(root=False)
    place = ax.get_position().transformed(figure.transSubfigure)  # type: ignore[union-attr]
    return place.width / figure.dpi, place.height / figure.dpi  # type: ignore[union-attr]


def new_axes(sheet: Sheet) -> Axes:
    """Make a figure of the size of a sheet."""
    if sheet.height > TALLEST:
        raise InvalidValue(
            f"The figure would be {sheet.height:.0f} inches high. Expected {TALLEST:.0f} at most: show fewer rows."
        )
    from matplotlib import pyplot as plt  # only here: a plot into given axes needs no window system

    figure = plt.figure(figsize=(sheet.width, sheet.height))
    return figure.add_axes((0.0, 0.0, 1.0, 1.0))


def drawn(lay: Callable[[float], Sheet], width: float, ax: Axes | None) -> Axes:
    """Lay out for a width, or for axes that are there, and draw."""
    high = None
    if ax is not None:
        width, high = box_of(ax)
    check_width(width)
    with drawing_settings():
        sheet = lay(width)
        if high is not None and sheet.height > high + 1e-6:
            raise InvalidValue(
                f"The axes is {high:.2f} inches high; what is drawn needs {sheet.height:.2f} at {width:.2f} inches width. "
                "Make the axes higher or wider, or leave ax out."
            )
        ax = new_axes(sheet) if ax is None else ax
        sheet.draw(ax, sheet.height if high is None else high)
    return ax
