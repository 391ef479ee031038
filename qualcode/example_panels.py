"""Several drawings in one figure: panels in rows, each below its title."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_PAGE, _GAP, _TITLE, _NOTE = 7.0, 0.22, 0.24, 0.25  # inches


def panels(
    draw: Sequence[Callable[..., Axes]],
    columns: int,
    width: float,
    titles: Sequence[str] = (),
    note: str = "",
) -> Axes:
    """Draw panels in rows over the width of a page, each row as high as its highest.

    Parameters
    ----------
    draw
        What draws each panel into axes that are given, or into a figure of its own for None.
    columns
        How many stand beside each other.
    width
        Of a panel, in inches; it is the width that `draw` uses by itself.
    titles
        One for each panel, or none.
    note
        A sentence below all.

    Returns
    -------
    matplotlib.axes.Axes
        The last panel; its figure holds all.
    """
    from matplotlib import pyplot as plt

    heights = []
    for one in draw:
        alone = whole(one(None))
        heights.append(alone.get_size_inches()[1])
        plt.close(alone)
    head = _TITLE if titles else 0.0
    rows = [max(heights[i : i + columns]) + head for i in range(0, len(heights), columns)]
    high = sum(rows) + _GAP * (len(rows) - 1) + (_NOTE if note else 0.0)
    figure = plt.figure(figsize=(_PAGE, high))
    between = (_PAGE - columns * width) / max(1, columns - 1)
    for number, one in enumerate(draw):
        row, column = divmod(number, columns)
        left, top = column * (width + between), high - sum(rows[:row]) - row * _GAP
        bottom = top - rows[row]
        if titles:
            figure.text(
                left / _PAGE,
                (top - 0.15) / high,
                titles[number],
                size=8.5,
                weight="bold",
                family="DejaVu Sans",
            )
        axes = figure.add_axes((left / _PAGE, bottom / high, width / _PAGE, (rows[row] - head + 1e-3) / high))
        one(axes)
    if note:
        figure.text(0, 0.06 / high, note, size=7, family="DejaVu Sans", color="#3d3d3d")
    return axes


def whole(axes: Axes) -> Figure:
    """Return the figure that holds some axes."""
    figure = axes.get_figure(root=True)
    assert figure is not None
    return figure
