"""A code matrix in words: the description for those who do not see it, the terminal, the notebook page."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from qualcode.analysis._code_matrix import CodeMatrix
    from qualcode.analysis._heading import Heading

NAMED = 5  # cells that the description names one by one
PAGE_ROWS, PAGE_COLUMNS = 200, 60  # what a notebook page shows; the table holds the rest

# Inline styles only: an untrusted notebook drops everything else. No colours of text, so that
# the page stays readable in a dark theme.
TABLE = "border-collapse:collapse;margin:0.5em 0"
CAPTION = "caption-side:bottom;text-align:left;font-size:0.85em;padding-top:0.5em;max-width:60em"
HEAD = "padding:0.3em 0.7em;text-align:center;vertical-align:bottom;border-bottom:1px solid currentColor"
SIDE = "padding:0.2em 0.7em;text-align:left;font-weight:normal"
GROUP = "padding:0.5em 0.7em 0.1em 0.7em;text-align:left;font-weight:bold"
CELL = "padding:0.2em 0.7em;text-align:center;font-variant-numeric:tabular-nums"
MARGIN = CELL + ";font-style:italic;border-left:1px solid currentColor"
FOOT = CELL + ";font-style:italic;border-top:1px solid currentColor"


def any_of(title: str, otherwise: str) -> str:
    """The head of a margin: "any theme" for the columns "Themes".

    Examples
    --------
    >>> any_of("Themes", "column"), any_of("", "row"), any_of("Categories", "row")
    ('any theme', 'any row', 'any category')
    """
    words = " ".join(title.split()) or otherwise
    if words.isascii():
        words = words if words.isupper() else words[0].lower() + words[1:].lower()
        if words.endswith("ies") and len(words) > 4:
            words = words[:-3] + "y"
        elif words.endswith("s") and not words.endswith(("ss", "us", "is")):
            words = words[:-1]
    return f"any {words}"


def alt_text(m: CodeMatrix) -> str:
    """Size, filled cells, strongest cells, empty and unread cells, the rule."""
    cells = m.to_frame()
    states = cells["state"].value_counts()
    filled, empty, unread = (int(states.get(s, 0)) for s in ("reported", "not reported", "not read"))
    rows = f"{len(m.rows)} rows" + (f" ({m.row_title})" if m.row_title else "")
    columns = f"{len(m.columns)} columns" + (f" ({m.column_title})" if m.column_title else "")
    parts = [f"Code matrix of {rows} by {columns}."]
    if cells.empty:
        parts.append("It has no cells.")
    else:
        parts.append(f"{filled} of {len(cells)} cells are reported.")
    if filled and not m.presence:
        strongest = cells.sort_values("count", ascending=False, kind="stable").head(min(NAMED, filled))
        named = "; ".join(f"{_where(cell)} ({cell['count']})" for _, cell in strongest.iterrows())
        parts.append(f"Most {m.unit_plural}: {named}.")
    for state, number in (("not reported", empty), ("not read", unread)):
        if number:
            some = [_where(cell) for _, cell in cells[cells["state"] == state].head(NAMED).iterrows()]
            more = f"; and {number - len(some)} more" if number > len(some) else ""
            parts.append(f"{state.capitalize()}: {'; '.join(some)}{more}.")
    parts += notes(m)
    return " ".join(parts)


def notes(m: CodeMatrix) -> list[str]:
    """The sentences that stand with every view: rule, n, coders, note, synthetic. Nothing twice."""
    found = [_sentence(m.rule)] if m.rule else []
    said = m.rule
    if not m.presence and not m.rule:
        found.append(f"Counts are distinct {m.unit_plural}.")
    if m.n is not None and not _says_number(said, m.n):
        found.append(f"n = {m.n} {m.unit_plural if m.n != 1 else m.count_by}.")
    missing = [coder for coder in m.coders if coder not in said]
    if missing:
        found.append(f"Coded by {', '.join(m.coders)}.")
    if m.caption_note:
        found.append(_sentence(m.caption_note))
    if m.synthetic and "synthetic" not in " ".join(found).casefold():
        found.append("Synthetic: made-up interviews, no findings.")
    return found


ROWS, COLUMNS = 12, 8  # what a terminal shows unasked


def as_text(m: CodeMatrix, whole: bool = False) -> str:
    """What a terminal shows: one line of facts, the table (where it is large a part of it, or the whole), the rule."""
    filled = int((m.table > 0).fillna(False).to_numpy().sum())
    what = "facts" if m.presence else f"distinct {m.unit_plural}"
    head = f"CodeMatrix: {len(m.rows)} rows x {len(m.columns)} columns of {what}, {filled} of {m.table.size} cells filled"
    if 0 in m.shape:
        return head
    rows, columns = m.shape if whole else (ROWS, COLUMNS)
    shown = m.table.iloc[:rows, :columns].astype(object)
    shown = shown.where(shown.notna(), "?").replace(0, "-")
    shown.index = pd.Index([_short(h.name, 34) for h in m.rows[:rows]])
    shown.columns = pd.Index([_short(h.name, 16) for h in m.columns[:columns]])
    lines = [head, shown.to_string()]
    counts = (len(m.rows) - rows, "row"), (len(m.columns) - columns, "column")
    left = [f"{more} more {noun}{'s' if more > 1 else ''}" for more, noun in counts if more > 0]
    if left:
        lines.append(f"... {', '.join(left)}")
    return "\n".join(lines + notes(m))


def as_html(m: CodeMatrix) -> str:
    """A table a screen reader can walk: caption, scopes, groups as headings of their rows."""
    rows, columns = m.rows[:PAGE_ROWS], m.columns[:PAGE_COLUMNS]
    wide = 1 + len(columns) + m.has_margins
    out = [f'<table style="{TABLE}">', f'<caption style="{CAPTION}">{_caption(m)}</caption>', "<thead>"]
    out += _column_groups(m, columns)
    corner = escape(m.row_title or "")
    out.append(f'<tr><th scope="col" style="{HEAD};text-align:left;font-style:italic">{corner}</th>')
    out += [f'<th scope="col" style="{HEAD}">{escape(c.name)}</th>' for c in columns]
    if m.has_margins:
        margin_head = escape(any_of(m.column_title, "column"))
        out.append(f'<th scope="col" style="{HEAD};font-style:italic">{margin_head}</th>')
    out.append("</tr></thead><tbody>")
    above: tuple[str, ...] = ()
    for i, row in enumerate(rows):
        if row.above[:1] != above[:1]:
            out.append("</tbody><tbody>")
        for level, name in new_groups(above, row.above):
            indent = f"{GROUP};padding-left:{0.7 + level}em"
            out.append(f'<tr><th scope="rowgroup" colspan="{wide}" style="{indent}">{escape(name)}</th></tr>')
        above = row.above
        side = f"{SIDE};padding-left:{0.7 + len(row.above)}em"
        out.append(f'<tr><th scope="row" style="{side}">{escape(row.name)}</th>')
        out += [f'<td style="{CELL}">{_cell(m.table.iat[i, j])}</td>' for j in range(len(columns))]
        if m.has_margins:
            out.append(f'<td style="{MARGIN}">{_cell(m.row_totals.iat[i])}</td>')
        out.append("</tr>")
    out.append("</tbody>")
    if m.has_margins:
        foot = escape(any_of(m.row_title, "row"))
        out.append(
            f'<tfoot><tr><th scope="row" style="{SIDE};font-style:italic;border-top:1px solid">{foot}</th>'
        )
        out += [f'<td style="{FOOT}">{_cell(m.column_totals.iat[j])}</td>' for j in range(len(columns))]
        out.append(f'<td style="{MARGIN};border-top:1px solid">{_cell(m.total)}</td></tr></tfoot>')
    out.append("</table>")
    return "".join(out).replace("<tbody></tbody>", "")


def new_groups(before: tuple[str, ...], now: tuple[str, ...]) -> list[tuple[int, str]]:
    """The group headings that have to be written before a row: (level, name).

    Examples
    --------
    >>> new_groups(("Data", "Labels"), ("Data", "Drift"))
    [(1, 'Drift')]
    """
    same = 0
    while same < min(len(before), len(now)) and before[same] == now[same]:
        same += 1
    return [(level, now[level]) for level in range(same, len(now))]


def _column_groups(m: CodeMatrix, columns: tuple[Heading, ...]) -> list[str]:
    """One row of heads per level of column groups, each spanning its columns."""
    deepest = max((len(c.above) for c in columns), default=0)
    out = []
    for level in range(deepest):
        out.append("<tr><td></td>")
        j = 0
        while j < len(columns):
            path = columns[j].above[: level + 1]
            span = 1
            while j + span < len(columns) and columns[j + span].above[: level + 1] == path:
                span += 1
            name = path[level] if len(path) > level else ""
            cell = (
                f'<th scope="colgroup" colspan="{span}" style="{GROUP};text-align:center">{escape(name)}</th>'
            )
            out.append(cell if name else f'<td colspan="{span}"></td>')
            j += span
        out.append("<td></td></tr>" if m.has_margins else "</tr>")
    return out


def _caption(m: CodeMatrix) -> str:
    title = " by ".join(escape(t) for t in (m.row_title, m.column_title) if t)
    said = [f"<strong>{title}.</strong>"] if title else []
    said += [escape(sentence) for sentence in notes(m)]
    if m.has_margins:
        said.append(f"Margins are distinct {escape(m.unit_plural)}, not sums.")
    states = set(m.to_frame()["state"])
    if "not reported" in states:
        said.append("– not reported.")
    if "not read" in states:
        said.append("? not read.")
    hidden = max(0, len(m.rows) - PAGE_ROWS), max(0, len(m.columns) - PAGE_COLUMNS)
    if any(hidden):
        said.append(f"{hidden[0]} rows and {hidden[1]} columns are not shown here; .table holds them.")
    return " ".join(said)


def _cell(count: Any) -> str:
    if count is None or pd.isna(count):
        return '<span title="not read">?</span>'
    return str(count) if count else '<span title="not reported">–</span>'


def _where(cell: pd.Series) -> str:
    return f"{cell['row_name']} × {cell['column_name']}"


def _sentence(text: str) -> str:
    text = text.strip()
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?", ")")) else f"{text}."


def _says_number(text: str, number: int) -> bool:
    """Whether the text already gives this number, as a number of its own."""
    return str(number) in "".join(c if c.isdigit() else " " for c in text).split()


def _short(name: str, most: int) -> str:
    return name if len(name) <= most else name[: most - 1] + "…"
