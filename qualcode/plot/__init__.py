"""Figures from results: each function takes a result and gives back the axes it drew.

No function shows a window, and none changes matplotlib's settings. matplotlib is loaded with the
first figure, not with the import.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure, SubFigure

    from qualcode.analysis._code_matrix import CodeMatrix
    from qualcode.analysis._organization import Organization

__all__ = ["bars", "icons", "matrix", "organization", "save_figure"]


def matrix(
    m: CodeMatrix,
    style: Literal["icons", "dots", "bubbles", "heatmap"] = "icons",
    width: float = 7.0,
    ax: Axes | None = None,
    *,
    font: str | None = None,
    colour: str | None = None,
    caption: bool = True,
) -> Axes:
    """Draw a code matrix.

    Parameters
    ----------
    m
        What `qualcode.matrix` or `CodeMatrix.from_wide` gave. Order, groups, names, icons, colours
        and the sentence under the figure come from it.
    style
        ``"icons"``: a frame with a box per group, the icon of the column where something is
        reported, a dash where not; the icons are explained under the frame. Nothing shows a
        magnitude. ``"dots"``: a dot and a small number. ``"bubbles"``: the area is the number.
        ``"heatmap"``: shade and number. These three have heads and margins; a margin counts
        distinct units and is never a sum. A finished table of facts (`CodeMatrix.presence`) has
        nothing to count: its cells bear no numbers.
    width
        Width in inches: a column of a paper has about 3.3, a page about 7. The height follows.
    ax
        Draw into the box of these axes instead of a new figure; `width` is then that of the box.
    font
        An installed family of fonts; DejaVu Sans when None. Letters it does not have are taken
        from other installed fonts.
    colour
        One colour for all marks; the colours of the codes when None, and black (bubbles: blue)
        where they have none. A heatmap has one colour, blue when None, so that its shades compare.
        A colour too light to be read is darkened.
    caption
        False leaves the counting rule out of the small print, for a paper that gives it in its own
        caption. What is counted, n and "synthetic" stay.

    Returns
    -------
    matplotlib.axes.Axes
        In inches, y downwards. Save it with `save_figure`.

    Raises
    ------
    InvalidValue
        For an unknown style or font, or a width or axes that cannot hold the matrix; the message
        says what would.

    Examples
    --------
    >>> import pandas as pd
    >>> from qualcode.analysis._code_matrix import CodeMatrix
    >>> wide = pd.DataFrame({"Communication": [1, 1], "Process": [1, 0]}, index=["Requirements", "Planning"])
    >>> m = CodeMatrix.from_wide(wide, icons={"Communication": "people", "Process": "calendar"})
    >>> ax = matrix(m, width=3.3)
    >>> [text.get_text() for text in ax.texts]
    ['Requirements', 'Planning', 'Communication', 'Process']
    >>> import matplotlib.pyplot as plt; plt.close(ax.figure)
    """
    from qualcode.plot._matrix import draw_matrix

    return draw_matrix(m, style, width, ax, font, colour, caption)


def bars(
    table: pd.DataFrame | pd.Series[int],
    width: float = 7.0,
    ax: Axes | None = None,
    *,
    headings: Mapping[str, str] | None = None,
    note: str = "",
    font: str | None = None,
    colour: str | None = None,
) -> Axes:
    """Draw numbers as bars under headings: who was interviewed, how often something was found.

    Parameters
    ----------
    table
        One row per bar: heading, value, number, as `qualcode.case_counts` gives them; or value and number; or a Series of
        numbers, such as ``frame["role"].value_counts()``. The order is kept. The name of the last column is what is counted.
    width
        Width in inches. The height follows.
    ax
        Draw into the box of these axes instead of a new figure; `width` is then that of the box.
    headings
        A heading of the table to the one that is shown.
    note
        A sentence below, for example where the numbers are from.
    font
        An installed family of fonts; DejaVu Sans when None.
    colour
        Of the bars.

    Returns
    -------
    matplotlib.axes.Axes
        In inches, y downwards. Save it with `save_figure`.

    Raises
    ------
    InvalidValue
        For a table without numbers, or a width that cannot hold it; the message says what would.

    Examples
    --------
    >>> import pandas as pd
    >>> ax = bars(pd.DataFrame({"role": ["engineer", "manager"], "people": [9, 5]}))
    >>> [text.get_text() for text in ax.texts]
    ['engineer', '9', 'manager', '5', 'Numbers are people.']
    >>> import matplotlib.pyplot as plt; plt.close(ax.figure)
    """
    from qualcode.plot._bars import draw_bars

    return draw_bars(table, width, ax, headings, note, font, colour)


def organization(
    o: Organization, width: float = 7.0, ax: Axes | None = None, *, font: str | None = None
) -> Axes:
    """Draw how an organization is built: teams, duties, data, and where they meet.

    Teams have heavy boxes, groups within them dashed ones; data is a drum; duties are small tags; persons are told apart by
    how they are filled; a numbered hexagon is a collaboration point, named below.

    Parameters
    ----------
    o
        What `qualcode.read_organization` gave.
    width
        Width in inches. The height follows.
    ax
        Draw into the box of these axes instead of a new figure; `width` is then that of the box.
    font
        An installed family of fonts; DejaVu Sans when None.

    Returns
    -------
    matplotlib.axes.Axes
        In inches, y downwards. Save it with `save_figure`.

    Raises
    ------
    InvalidValue
        For a width or axes that cannot hold it; the message says what would.

    Examples
    --------
    >>> from qualcode.analysis._organization import Meeting, Organization, Party
    >>> parties = Party("a", "Product team"), Party("b", "Model team", column=1)
    >>> ax = organization(Organization("Two teams", parties, (Meeting("1", "Integration", ("a", "b")),)))
    >>> [text.get_text() for text in ax.texts]
    ['Two teams', 'Product team', 'Model team', '1', '1', 'Integration']
    >>> import matplotlib.pyplot as plt; plt.close(ax.figure)
    """
    from qualcode.plot._organization import draw_organization

    return draw_organization(o, width, ax, font)


def save_figure(
    figure: Figure | SubFigure | Axes, *paths: str | Path, dpi: int = 300, alt_text: str | None = None
) -> tuple[Path, ...]:
    """Save a figure as PDF, SVG or PNG, ready for print and the same bytes in every run.

    Fonts are embedded as TrueType, text in SVG stays text, no dates are written, and the
    description for readers who do not see the figure goes into the file.

    Parameters
    ----------
    figure
        The axes that a plot returned, or any matplotlib figure.
    *paths
        One file or several; the suffix (.pdf, .svg, .png) decides. Missing folders are made.
    dpi
        Dots per inch of a PNG.
    alt_text
        The description, where the one of the plot is not wanted.

    Returns
    -------
    tuple of Path
        The files written.

    Raises
    ------
    InvalidValue
        For another suffix, or for something that is no figure.

    Examples
    --------
    >>> import tempfile, matplotlib.pyplot as plt
    >>> fig, ax = plt.subplots()
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     [p.name for p in save_figure(ax, f"{folder}/a.pdf", f"{folder}/a.svg")]
    ['a.pdf', 'a.svg']
    >>> plt.close(fig)
    """
    from qualcode.plot._save import save

    return save(figure, paths, dpi, alt_text)


def icons() -> tuple[str, ...]:
    """Names of the icons that a codebook can give its codes.

    Examples
    --------
    >>> "people" in icons()
    True
    """
    from qualcode.plot._icons import icon_names

    return icon_names()
