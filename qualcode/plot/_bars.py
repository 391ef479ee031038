"""Bars under headings: how many have which value, each bar with its number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import is_color_like

from qualcode.errors import InvalidValue, did_you_mean
from qualcode.plot._drawing import drawn
from qualcode.plot._save import remember
from qualcode.plot._sheet import SOFT, Look, Sheet, legible
from qualcode.plot._text import CAPITAL, Ruler, clean

BAR = "#3f5f8a"
MOST_BARS = 400


@dataclass(frozen=True)
class _Bar:
    """One bar: under which heading, of what, how many."""

    heading: str
    label: str
    count: float

    @property
    def number(self) -> str:
        """The count as it is written."""
        return f"{self.count:,.0f}" if float(self.count).is_integer() else f"{self.count:g}"


def draw_bars(
    table: pd.DataFrame | pd.Series[int],
    width: float,
    ax: Axes | None,
    headings: Mapping[str, str] | None,
    note: str,
    font: str | None,
    colour: str | None,
) -> Axes:
    """Check what was asked, lay out, draw; see `qualcode.plot.bars`."""
    bars, unit = _bars(table)
    if headings is not None and (
        unknown := [name for name in headings if name not in {b.heading for b in bars}]
    ):
        known = list(dict.fromkeys(b.heading for b in bars))
        raise InvalidValue(
            f"headings= names {unknown[0]!r}, which is none of the headings. Expected {', '.join(known)}."
            f"{did_you_mean(str(unknown[0]), known)}"
        )
    if colour is not None and not is_color_like(colour):
        raise InvalidValue(f'{colour!r} is no colour. Expected a name or a hex value such as "#1f4e8c".')
    named = [_Bar((headings or {}).get(b.heading, b.heading), b.label, b.count) for b in bars]
    small = clean(f"Numbers are {unit}. {note}" if unit else note)
    texts = [text for b in named for text in (clean(b.heading), clean(b.label), b.number)]
    ruler = Ruler([*texts, small], font)
    fill = legible(colour or BAR, 3.0)
    axes = drawn(lambda wide: _sheet(named, ruler, wide, fill, small), width, ax)
    said = [f"{b.heading}, {b.label}: {b.number}" if b.heading else f"{b.label}: {b.number}" for b in named]
    remember(axes, "Bars", "; ".join(said) + ". " + small)
    return axes


def _bars(table: pd.DataFrame | pd.Series[int]) -> tuple[list[_Bar], str]:
    """Return the bars of a table and what is counted."""
    if isinstance(table, pd.Series):
        name = "" if table.name is None or table.name == "count" else str(table.name)
        table = pd.DataFrame({"value": table.index.astype(str), "count": table.to_numpy()})
        heading = pd.Series([name] * len(table))
    elif isinstance(table, pd.DataFrame):
        if len(table.columns) not in (2, 3):
            raise InvalidValue(
                f"plot.bars() got a table with {len(table.columns)} columns. Expected two (value, number) or three (heading, value, "
                "number), as qualcode.case_counts(project) gives them."
            )
        heading = table.iloc[:, 0].astype(str) if len(table.columns) == 3 else pd.Series([""] * len(table))
        table = table.iloc[:, -2:]
    else:
        raise InvalidValue(
            f"plot.bars() got {type(table).__name__}. Expected a DataFrame or a Series with numbers."
        )
    numbers = pd.to_numeric(table.iloc[:, 1], errors="coerce").to_numpy(dtype=float, na_value=float("nan"))
    wrong = [i for i, n in enumerate(numbers) if not 0 <= n < float("inf")]
    if wrong:
        raise InvalidValue(
            f"Row {wrong[0] + 1} of the column '{table.columns[1]}' holds {table.iat[wrong[0], 1]!r}. Expected a number, 0 or more."
        )
    if not 0 < len(table) <= MOST_BARS:
        raise InvalidValue(f"The table has {len(table)} rows. Expected 1 to {MOST_BARS}: one bar per row.")
    unit = str(table.columns[1])
    labels = table.iloc[:, 0].astype(str)
    bars = [_Bar(h, label, n) for h, label, n in zip(heading, labels, numbers, strict=True)]
    return bars, "" if unit in ("count", "n", "number") else unit.replace("_", " ")


def _sheet(bars: list[_Bar], ruler: Ruler, width: float, fill: str, small: str) -> Sheet:
    look, sheet = Look.of(width), Sheet(ruler, width)
    em = look.em
    indent = 0.9 * em if any(b.heading for b in bars) else 0.0
    natural = max(ruler.width(clean(b.label), look.body) for b in bars)
    names = min(natural, max(0.42 * width, 4 * em))
    numbers = max(ruler.width(b.number, look.body) for b in bars)
    left = indent + names + 0.7 * em
    room = width - left - numbers - 0.7 * em
    if room < 4 * em:
        raise InvalidValue(
            f"The bars do not fit into {width:g} inches. Give width={width + 4 * em - room + 0.05:.1f} or more."
        )
    most = max(b.count for b in bars) or 1.0
    y, above = 0.1 * em, None
    base = y
    for i, bar in enumerate(bars):
        if bar.heading != above:
            if above is not None:
                sheet.line(left, base, left, y - 0.15 * em, look.light, name=f"axis-{i}")
                y += 0.75 * em
            if bar.heading:
                y = (
                    sheet.block(0, y, ruler.wrap(clean(bar.heading), look.bold, width), f"heading-{i}")
                    + 0.4 * em
                )
            above, base = bar.heading, y - 0.1 * em
        name = ruler.wrap(clean(bar.label), look.body, names)
        height = max(name.height, 1.25 * em)
        top = y + (height - name.height) / 2
        sheet.block(left - 0.5 * em, top, name, f"label-{i}", ha="right")
        middle, end = y + height / 2, left + room * bar.count / most
        if bar.count:
            sheet.box(left, middle - 0.46 * em, end, middle + 0.46 * em, face=fill, name=f"bar-{i}")
        sheet.text(end + 0.45 * em, middle + CAPITAL / 2 * em, bar.number, look.body, f"number-{i}")
        y += height + 0.28 * em
    sheet.line(left, base, left, y - 0.15 * em, look.light, name="axis-end")
    if small:
        block = ruler.wrap(small, look.small, width - 0.1 * em, balanced=False)
        y = sheet.block(0, y + 0.5 * em, block, "caption", colour=SOFT)
    sheet.height = y + 0.15 * em
    return sheet
