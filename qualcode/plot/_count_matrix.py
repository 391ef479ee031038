"""Styles "dots", "bubbles" and "heatmap": heads, counts of distinct units, margins, small print."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from qualcode.analysis._code_matrix import CodeMatrix
from qualcode.analysis._code_matrix_text import any_of
from qualcode.plot._cells import BLUE, NUMBER_GAP, Cells
from qualcode.plot._heads import Heads, choose_heads
from qualcode.plot._key import Sign, draw_key, draw_small_print, small_print, state_signs
from qualcode.plot._rows import Labels, entries_of
from qualcode.plot._shapes import DOT, SQUARE
from qualcode.plot._sheet import FAINT, INK, Look, Sheet, legible
from qualcode.plot._text import CAPITAL, LEADING, POINT, SMALLEST, Block, Ruler, Type, clean


def count_sheet(
    m: CodeMatrix,
    ruler: Ruler,
    width: float,
    style: str,
    *,
    stretch: float = 1.0,
    colour: str | None = None,
    caption: bool = True,
) -> Sheet:
    """Lay out a table of counts; `stretch` scales the free space between lines."""
    look, sheet = Look.of(width), Sheet(ruler, width)
    em, indent = look.em, 0.9 * look.em
    if not m.rows or not m.columns:
        return _nothing(sheet, m, look, caption)
    entries = entries_of(m.rows)
    counts = [[count_at(m, i, j) for j in range(len(m.columns))] for i in range(len(m.rows))]
    known = frozenset(count for line in counts for count in line if count)
    numbers = not m.presence  # a finished table of facts has nothing to count
    written = [str(count) for count in known] if numbers else []
    labels = Labels.of(entries, ruler, look, indent, width)
    if m.has_margins:
        labels = labels.with_room_for(ruler.width(any_of(m.row_title, "row"), look.italic))
    heads = _heads(m, ruler, look, width, style, labels, written)
    cells = Cells.of(style, ruler, look, heads.pitch, known, numbers)

    lines = [
        ruler.wrap(e.text, look.body, max(heads.labels - indent * e.level, 2 * em))
        for e in entries
        if e.row is not None
    ]
    even = min(
        max(b.height for b in lines), 2 * look.body.em * LEADING
    )  # shades of equal height compare better

    y = _draw_heads(sheet, m, heads, look)
    for k, entry in enumerate(entries):
        at = indent * entry.level
        if entry.row is None:
            y += (0.45 if k and entries[k - 1].row is not None else 0.25) * em * stretch
            title = ruler.wrap(entry.text, look.bold, width - at)
            y = sheet.block(at, y, title, f"group-{k}") + 0.1 * em * stretch
            continue
        name = ruler.wrap(entry.text, look.body, max(heads.labels - at, 2 * em))
        needed = max(name.height, *(cells.height(count) for count in counts[entry.row]))
        if style == "heatmap":
            needed = max(needed, even)
        height = needed + (0.5 if style == "heatmap" else 0.45) * em * stretch
        middle = y + height / 2
        _name(sheet, name, at, middle, f"row-{entry.row}")
        for j, count in enumerate(counts[entry.row]):
            shade = colour or (BLUE if style == "heatmap" else m.columns[j].colour)
            cells.draw(sheet, f"{entry.row}-{j}", count, heads.centres[j], middle, height, shade)
        if m.has_margins:
            total, label = m.row_totals.iat[entry.row], f"margin-row-{entry.row}"
            _margin(sheet, total, heads.centres[-1], middle, look.italic, label)
        y += height
        if style != "heatmap" and k + 1 < len(entries) and entries[k + 1].row is not None:
            sheet.line(at, y, width, y, 0.06 * look.size, colour=FAINT)
    y += 0.12 * em
    if m.has_margins:
        y = _margin_row(sheet, m, y, heads, look)
    sheet.line(0, y, width, y, look.heavy * 0.75, name="rule-bottom")
    y = draw_key(sheet, y + 0.6 * em, _signs(m, heads, cells, colour), look.body, 0.72 * em, centred=False)
    words = small_print(m, counted=numbers, margins=m.has_margins, rule=caption)
    sheet.height = draw_small_print(sheet, y + 0.5 * em, words, look) + 0.15 * em
    return sheet


def count_at(m: CodeMatrix, row: int, column: int) -> int | None:
    """The count of a cell; None when it was not read."""
    count: Any = m.table.iat[row, column]
    return None if str(count) == "<NA>" else int(count)


def _heads(
    m: CodeMatrix,
    ruler: Ruler,
    look: Look,
    width: float,
    style: str,
    labels: Labels,
    written: list[str],
) -> Heads:
    # Numbers may shrink before the columns have to be fewer.
    digits = [(written, look.body), (_shown(m.column_totals), look.italic)]
    least = (0.7 if style == "dots" else 0.95) * SMALLEST * POINT
    for texts, type_ in digits:
        if texts:
            least = max(least, ruler.widest(texts, type_.sized(SMALLEST)) + NUMBER_GAP * look.em)
    totals = _shown((*m.row_totals, m.total))
    return choose_heads(
        ruler,
        look,
        width,
        m.columns,
        any_of(m.column_title, "column") if m.has_margins else "",
        ruler.widest(totals, look.body),
        labels,
        least,
        max(least, _comfort(style, look, ruler.widest(written, look.body))),
        (4.2 if written else 3.0) * look.em,
        style,
    )


def _shown(counts: Iterable[object]) -> list[str]:
    """Counts of a margin as they are written; unknown ones are not."""
    return [str(count) for count in counts if count is not None and str(count) != "<NA>"]


def _comfort(style: str, look: Look, digits: float) -> float:
    """Distance of the columns at which the marks look their best."""
    if style == "dots":
        return 1.4 * look.em + (0.35 * look.em + digits if digits else 0.0)
    return max(3.2 * look.em if style == "bubbles" else 2.7 * look.em, digits + look.em)


def _draw_heads(sheet: Sheet, m: CodeMatrix, heads: Heads, look: Look) -> float:
    """Titles, heads and the heavy rule under them; the y below the rule is returned."""
    em, ruler = look.em, sheet.ruler
    # The title stands over the columns alone, so that the head of the margin may rise beside it.
    left, right = heads.centres[0] - heads.pitch / 2, heads.centres[len(m.columns) - 1] + heads.pitch / 2
    room = right - left if m.has_margins and not heads.angle else sheet.width - left
    over = heads.over(len(m.columns))
    corner = ruler.wrap(clean(m.row_title), look.italic, heads.labels) if m.row_title else None
    title = ruler.wrap(clean(m.column_title), look.italic, max(room, 8 * em)) if m.column_title else None
    stacked = over + (title.height + 0.3 * em if title else 0.0)
    base = 0.1 * em + max(stacked, heads.height, corner.height if corner else 0.0)
    if title:
        middle = min((left + right) / 2, sheet.width - title.width / 2)
        sheet.block(middle, base - stacked, title, "title-columns", ha="center")
    names = [*(f"column-{j}" for j in range(len(m.columns))), "margin-head"]
    heads.draw(sheet, base, look, names[: len(heads.blocks)])
    if corner:
        sheet.block(0.0, base - corner.height, corner, "title-rows")
    y = base + 0.3 * em
    sheet.line(0, y, sheet.width, y, look.heavy * 0.75, name="rule-top")
    return y + 0.12 * em


def _name(sheet: Sheet, name: Block, x: float, middle: float, label: str) -> None:
    """The name of a row, the middle of its letters at the middle of the row."""
    letters = name.ascent + (len(name.lines) - 1) * name.pitch / 2 - CAPITAL / 2 * name.type.em
    sheet.block(x, middle - letters, name, label)


def _margin(sheet: Sheet, count: object, x: float, middle: float, type_: Type, name: str) -> None:
    for number in _shown([count]):
        sheet.text(x, middle + CAPITAL / 2 * type_.em, number, type_, name, ha="center")


def _margin_row(sheet: Sheet, m: CodeMatrix, y: float, heads: Heads, look: Look) -> float:
    """The last line: distinct units of each column, and of the whole table in the corner."""
    em = look.em
    sheet.line(0, y, sheet.width, y, look.light, name="rule-margin")
    name = sheet.ruler.wrap(any_of(m.row_title, "row"), look.italic, heads.labels)
    height = name.height + 0.55 * em
    middle = y + height / 2
    _name(sheet, name, 0.0, middle, "margin-label")
    room = heads.pitch - NUMBER_GAP * em
    fitted = sheet.ruler.fitted(_shown(m.column_totals), look.italic, room, SMALLEST)
    for j in range(len(m.columns)):
        _margin(sheet, m.column_totals.iat[j], heads.centres[j], middle, fitted, f"margin-column-{j}")
    _margin(sheet, m.total, heads.centres[-1], middle, look.italic, "margin-total")
    return y + height


def _signs(m: CodeMatrix, heads: Heads, cells: Cells, colour: str | None) -> list[Sign]:
    """What the marks mean, and the names of numbered columns."""
    numbered = [Sign(name, number=str(j + 1)) for j, name in enumerate(heads.numbered)]
    if numbered:
        return numbered
    counted = f"distinct {m.unit_plural}" + (f" (n = {m.n})" if m.n is not None else "")
    shades = {colour or column.colour for column in m.columns}
    shade = legible(shades.pop(), 3.0, BLUE if cells.style == "bubbles" else INK) if len(shades) == 1 else INK
    meaning = {
        "dots": f"number: {counted}",
        "bubbles": f"area and number: {counted}",
        "heatmap": f"shade and number: {counted}",
    }[cells.style]
    if not cells.numbers:
        meaning = "reported"
    if cells.style == "heatmap":
        return [Sign(meaning, SQUARE, legible(colour or "", 4.5, BLUE)), *state_signs(m)]
    return [Sign(meaning, DOT, shade), *state_signs(m)]


def _nothing(sheet: Sheet, m: CodeMatrix, look: Look, caption: bool) -> Sheet:
    """A table without cells: its titles and one sentence."""
    em = look.em
    titles = " × ".join(clean(t) for t in (m.row_title, m.column_title) if t)
    y = (
        sheet.block(0, 0.1 * em, sheet.ruler.wrap(titles, look.italic, sheet.width), "title-rows")
        if titles
        else 0.1 * em
    )
    sheet.line(0, y + 0.3 * em, sheet.width, y + 0.3 * em, look.heavy * 0.75, name="rule-top")
    text = "No rows." if not m.rows else "No columns."
    y = sheet.block(0, y + 0.8 * em, sheet.ruler.wrap(text, look.body, sheet.width), "empty") + 0.5 * em
    sheet.line(0, y, sheet.width, y, look.heavy * 0.75, name="rule-bottom")
    words = small_print(m, counted=False, margins=False, rule=caption)
    sheet.height = draw_small_print(sheet, y + 0.5 * em, words, look) + 0.15 * em
    return sheet
