"""What stands under the frame: the legend in a line or a grid, and the small print."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.path import Path

from qualcode.analysis._code_matrix import CodeMatrix
from qualcode.analysis._code_matrix_text import any_of, notes
from qualcode.plot._shapes import NOT_READ
from qualcode.plot._sheet import INK, SOFT, Look, Sheet
from qualcode.plot._text import CAPITAL, Block, Type, clean


@dataclass(frozen=True)
class Sign:
    """One sign of the legend: an icon, a dash (`path` None) or a number of a column, and what it means."""

    text: str
    path: Path | None = None
    colour: str = INK
    number: str = ""
    scale: float = 1.0


def state_signs(m: CodeMatrix, scale: float = 1.0) -> list[Sign]:
    """Signs for the cells that hold nothing, as far as the matrix has them; `scale` of the crossed square."""
    unread = bool(m.table.isna().to_numpy().any())
    empty = bool(m.table.eq(0).fillna(False).to_numpy().any())
    return [Sign("not reported")] * empty + [Sign("not read", NOT_READ, SOFT, scale=scale)] * unread


def draw_key(
    sheet: Sheet, top: float, signs: Sequence[Sign], type_: Type, size: float, *, centred: bool
) -> float:
    """Write the legend: one line when it fits, else a grid with as many columns as fit; give its bottom."""
    if not signs:
        return top
    em = type_.em
    gap, between = 0.45 * em, 1.7 * em
    lead = size if not signs[0].number else max(sheet.ruler.width(s.number, type_) for s in signs)
    blocks = [
        sheet.ruler.wrap(clean(s.text), type_, max(sheet.width - lead - gap - 0.1 * em, 2 * em))
        for s in signs
    ]
    per_line = _per_line(blocks, lead + gap, between, sheet.width)
    if len(blocks) > per_line > 1:  # even lines: six signs as 3 + 3, not 5 + 1
        per_line = -(-len(blocks) // -(-len(blocks) // per_line))
    widths = [
        max(b.width for b in blocks[i::per_line]) + lead + gap for i in range(min(per_line, len(blocks)))
    ]
    whole = sum(widths) + between * (len(widths) - 1)
    left = (sheet.width - whole) / 2 if centred and per_line > 1 else 0.0
    y = top
    for start in range(0, len(blocks), per_line):
        line = blocks[start : start + per_line]
        height = max(size, *(b.height for b in line))
        x = left
        for i, block in enumerate(line):
            _draw_sign(sheet, x, y, height, signs[start + i], block, lead, gap, f"legend-{start + i}")
            x += widths[i] + between
        y += height + 0.3 * em
    return y - 0.3 * em


def _per_line(blocks: Sequence[Block], lead: float, between: float, width: float) -> int:
    for count in range(len(blocks), 1, -1):
        widths = [max(b.width for b in blocks[i::count]) + lead for i in range(count)]
        if sum(widths) + between * (count - 1) <= width:
            return count
    return 1


def _draw_sign(
    sheet: Sheet,
    x: float,
    y: float,
    height: float,
    sign: Sign,
    block: Block,
    lead: float,
    gap: float,
    name: str,
) -> None:
    text_top = y + (height - block.height) / 2
    middle = text_top + block.ascent - CAPITAL / 2 * block.type.em
    if sign.number:
        sheet.text(x + lead, text_top + block.ascent, sign.number, block.type, f"{name}-number", ha="right")
    elif sign.path is None:
        sheet.dash(x + lead / 2, middle, block.type.em, f"{name}-dash")
    else:
        sheet.mark(sign.path, x + lead / 2, middle, lead * sign.scale, f"{name}-sign", colour=sign.colour)
    sheet.block(x + lead + gap, text_top, block, name)


def small_print(m: CodeMatrix, *, counted: bool, margins: bool, rule: bool = True) -> str:
    """The sentences under the figure: what is counted, the margins, rule, n, coders, notes."""
    said = notes(m)
    if not rule:
        said = said[1:] if m.rule else said
    if counted and not m.presence and m.unit_plural.casefold() not in " ".join(said).casefold():
        said.insert(0, f"Numbers are distinct {m.unit_plural}.")
    if margins:
        heads = f"{any_of(m.column_title, 'column')}, {any_of(m.row_title, 'row')}"
        said.append(f"Margins ({heads}) are distinct {m.unit_plural}, not sums.")
    return " ".join(clean(sentence) for sentence in said)


def draw_small_print(sheet: Sheet, top: float, text: str, look: Look) -> float:
    """Write the small print over the whole width; give its bottom."""
    if not text:
        return top
    room = sheet.width - 0.1 * look.small.em  # the first letter stands a hair to the right
    block = sheet.ruler.wrap(text, look.small, room, balanced=False)
    return sheet.block(0.0, top, block, "caption", colour=SOFT)
