"""Style "icons": one frame, a box per group, an icon where a theme is reported, a dash where not."""

from __future__ import annotations

from matplotlib.path import Path

from qualcode.analysis._code_matrix import CodeMatrix
from qualcode.plot._icons import drawings_for
from qualcode.plot._key import Sign, draw_key, draw_small_print, small_print, state_signs
from qualcode.plot._rows import Entry, Labels, boxes_of, column_names, too_narrow
from qualcode.plot._shapes import NOT_READ
from qualcode.plot._sheet import INK, SOFT, Look, Sheet, legible
from qualcode.plot._text import CAPITAL, Block, Ruler, clean

UNREAD = 0.6  # size of the crossed square, in icons


def icon_sheet(
    m: CodeMatrix,
    ruler: Ruler,
    width: float,
    *,
    stretch: float = 1.0,
    colour: str | None = None,
    caption: bool | None = None,
) -> Sheet:
    """Lay out the figure of the talk; `stretch` scales the free space between lines."""
    look, sheet = Look.of(width), Sheet(ruler, width)
    em, stroke = look.em, look.heavy / 72
    paths = drawings_for([c.icon for c in m.columns])
    colours = [legible(colour if colour is not None else c.colour, 3.0) for c in m.columns]
    boxes = boxes_of(m.rows) if m.columns else []
    grouped = any(row.above for row in m.rows)
    left, bullet = 0.8 * em + stroke, 0.95 * em if grouped else 0.0
    indent = 0.9 * em
    entries = [entry for box in boxes for entry in box]
    labels = Labels.of(entries, ruler, look, indent, width)
    pitch, icon = _pitch(width - 2 * left - bullet - 0.8 * em, labels, len(m.columns), em, width)
    first = width - left - pitch * len(m.columns) + pitch / 2
    room = first - pitch / 2 - 0.8 * em - left - bullet if m.columns else width - 2 * left - bullet

    top = _titles(sheet, m, look, stroke)
    y = top
    for i, box in enumerate(boxes):
        if i:
            sheet.line(0, y, width, y, look.light * 1.25, name=f"rule-{i}")
        y += 0.62 * em * stretch
        for k, entry in enumerate(box):
            if entry.row is None:
                at = left + indent * entry.level
                title = ruler.wrap(entry.text, look.bold, width - left - at)
                y = sheet.block(at, y, title, f"group-{i}-{k}") + 0.28 * em * stretch
                continue
            at = left + bullet + indent * max(0, entry.level - 1)
            name = ruler.wrap(entry.text, look.body, max(room - (at - left - bullet), 2 * em))
            height = max(name.height, icon)
            _row(sheet, entry, name, at, y, height, bullet if entry.level else 0.0)
            middle = y + height / 2 - _above_middle(name)
            _cells(sheet, m, entry.row or 0, middle, first, pitch, icon, em, paths, colours)
            y += height + (0.3 if k + 1 < len(box) else 0.0) * em * stretch
        y += 0.62 * em * stretch
    if not boxes:
        nothing = "No columns." if m.rows else "No rows."
        y = sheet.block(left, y + em, ruler.wrap(nothing, look.body, width - 2 * left), "empty") + em
    sheet.box(stroke / 2, top, width - stroke / 2, y, edge=INK, points=look.heavy, name="frame")

    signs = [Sign(*sign) for sign in zip(column_names(m.columns), paths, colours, strict=True)]
    explained = state_signs(m, UNREAD)
    if not m.presence or len(explained) > 1 or any(sign.path for sign in explained):
        signs += explained
    y = draw_key(sheet, y + 0.75 * em, signs, look.body, min(icon, 1.45 * em), centred=True)
    print_ = small_print(m, counted=False, margins=False, rule=caption is not False)
    y = draw_small_print(sheet, y + 0.7 * em, print_, look) if print_ else y
    sheet.height = y + 0.15 * em
    return sheet


def _titles(sheet: Sheet, m: CodeMatrix, look: Look, stroke: float) -> float:
    """What the rows are at the left, what the columns are at the right; the top of the frame is returned."""
    em, half = look.em, sheet.width / 2 - 0.5 * look.em
    texts = clean(m.row_title), clean(m.column_title)
    both = all(texts)
    blocks = [sheet.ruler.wrap(t, look.italic, half if both else sheet.width - em) for t in texts if t]
    if both and sum(sheet.ruler.width(t, look.italic) for t in texts) < sheet.width - 2 * em:
        blocks = [sheet.ruler.block([t], look.italic) for t in texts]
    tallest = max((b.height for b in blocks), default=0.0)
    for text, side in zip(texts, ("rows", "columns"), strict=True):
        if text:
            block = blocks.pop(0)
            x, ha = (0.0, "left") if side == "rows" else (sheet.width, "right")
            sheet.block(x, 0.1 * em + tallest - block.height, block, f"title-{side}", ha=ha)
    return 0.1 * em + tallest + (0.3 * em if tallest else 0.0) + stroke / 2


def _pitch(room: float, labels: Labels, count: int, em: float, width: float) -> tuple[float, float]:
    """Distance of the icon columns and size of an icon: as large as the names of the rows allow."""
    icon, wide, close = 1.62 * em, 2.9 * em, 2.0 * em
    if not count:
        return 0.0, icon
    pitch = min(wide, max(close, (room - labels.natural) / count))
    if room - pitch * count < labels.narrow:
        pitch = min(pitch, (room - labels.narrow) / count)
    least = 0.95 * em
    if pitch < least:
        pitch = least
        if room - pitch * count < 5 * em:  # names would be broken into syllables
            raise too_narrow(width, width - room + pitch * count + 5 * em, count, "icons")
    return pitch, min(icon, 0.88 * pitch)


def _above_middle(name: Block) -> float:
    """How far the middle of the letters stands above the middle of their block."""
    return (name.height / 2) - (
        name.ascent + (len(name.lines) - 1) * name.pitch / 2 - CAPITAL / 2 * name.type.em
    )


def _row(sheet: Sheet, entry: Entry, name: Block, x: float, y: float, height: float, bullet: float) -> None:
    text_top = y + (height - name.height) / 2
    if bullet:
        sheet.text(x - bullet * 0.62, text_top + name.ascent, "-", name.type, f"bullet-{entry.row}")
    sheet.block(x, text_top, name, f"row-{entry.row}")


def _cells(
    sheet: Sheet,
    m: CodeMatrix,
    row: int,
    y: float,
    first: float,
    pitch: float,
    icon: float,
    em: float,
    paths: list[Path],
    colours: list[str],
) -> None:
    for j in range(len(m.columns)):
        count, x = m.table.iat[row, j], first + j * pitch
        if count is None or str(count) == "<NA>":
            sheet.mark(NOT_READ, x, y, UNREAD * icon, f"unread-{row}-{j}", colour=SOFT)
        elif count:
            sheet.mark(paths[j], x, y, icon, f"icon-{row}-{j}", colour=colours[j])
        else:
            sheet.dash(x, y, min(em, pitch), f"dash-{row}-{j}")
