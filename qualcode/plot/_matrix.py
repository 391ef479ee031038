"""Draw a code matrix: measure, lay out, and only then make a figure of the height that is needed."""

from __future__ import annotations

from collections.abc import Callable

import matplotlib as mpl
from matplotlib.axes import Axes

from qualcode.analysis._code_matrix import CodeMatrix
from qualcode.analysis._code_matrix_text import any_of
from qualcode.errors import InvalidValue, did_you_mean
from qualcode.plot._count_matrix import count_sheet
from qualcode.plot._drawing import box_of, check_width, new_axes
from qualcode.plot._icon_matrix import icon_sheet
from qualcode.plot._key import small_print
from qualcode.plot._save import drawing_settings, remember
from qualcode.plot._sheet import Sheet
from qualcode.plot._text import Ruler, clean

STYLES = ("icons", "dots", "bubbles", "heatmap")


def draw_matrix(
    m: CodeMatrix,
    style: str,
    width: float,
    ax: Axes | None,
    font: str | None,
    colour: str | None,
    caption: bool,
) -> Axes:
    """Check what was asked, lay out, draw; see `qualcode.plot.matrix`."""
    if not isinstance(m, CodeMatrix):
        raise InvalidValue(
            f"plot.matrix() got {type(m).__name__}. Expected a CodeMatrix, as qualcode.matrix(...) gives it."
        )
    if style not in STYLES:
        raise InvalidValue(
            f"There is no style {style!r}. Expected {', '.join(STYLES)}.{did_you_mean(str(style), STYLES)}"
        )
    if colour is not None and not mpl.colors.is_color_like(colour):
        raise InvalidValue(f'{colour!r} is no colour. Expected a name or a hex value such as "#1f4e8c".')
    if ax is not None:
        width, high = box_of(ax)
    check_width(width)
    ruler = Ruler(_texts(m), font)

    def lay(stretch: float) -> Sheet:
        if style == "icons":
            return icon_sheet(m, ruler, width, stretch=stretch, colour=colour, caption=caption)
        return count_sheet(m, ruler, width, style, stretch=stretch, colour=colour, caption=caption)

    with drawing_settings():
        if ax is None:
            sheet = lay(1.0)
            ax = new_axes(sheet)
            high = sheet.height
        else:
            sheet = _fitted(lay, high)
        sheet.draw(ax, high)
    title = " by ".join(clean(t) for t in (m.row_title, m.column_title) if t) or "Code matrix"
    remember(ax, title, m.alt_text())
    return ax


def _fitted(lay: Callable[[float], Sheet], high: float) -> Sheet:
    """The loosest layout that fits into the height of a given axes."""
    for stretch in (1.0, 0.8, 0.6, 0.4, 0.2):
        sheet = lay(stretch)
        if sheet.height <= high:
            return sheet
    raise InvalidValue(
        f"The axes is {high:.2f} inches high; the matrix needs {sheet.height:.2f} at {sheet.width:.2f} inches width. "
        "Make the axes higher or wider, or leave ax out."
    )


def _texts(m: CodeMatrix) -> list[str]:
    """Everything that could be written, so that the fonts can be chosen."""
    headings = [text for h in (*m.rows, *m.columns) for text in (h.name, *h.above)]
    margins = [any_of(m.row_title, "row"), any_of(m.column_title, "column")]
    prints = [small_print(m, counted=True, margins=True)]
    return [clean(text) for text in (*headings, m.row_title, m.column_title, *margins, *prints)]
