"""From stretches on a page to lines in reading order: furniture taken away, columns told apart."""

from __future__ import annotations

import itertools
import re
import statistics
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from qualcode.readers._pdf_pages import PdfPage, Stretch
from qualcode.readers._times import BRACKETED, RANGE

MARGIN = 0.12
"""Running heads and page numbers stand in this part of the height, above or below."""

MAX_STRETCHES = 5_000
"""A page with more pieces is one endless page or odd; no columns are looked for."""

_PAGE_NUMBER = re.compile(
    r"\W*(?:(?:page|seite|p\.|s\.|página|pagina|pág\.)\s*)?\d{1,4}(?:\s*(?:/|of|von|de|sur|di|av|van)\s*\d{1,4})?\W*",
    re.IGNORECASE,
)
_TIME = re.compile(rf"\s*(?:{BRACKETED}|{RANGE})\s*")
_DIGITS = re.compile(r"\d{1,5}")


@dataclass(slots=True)
class Line:
    """A line of text; `flow` is the same for the lines of one column of one page."""

    text: str
    left: float
    right: float
    bottom: float
    top: float
    bold: int
    flow: int
    inner: float = 0.0
    """Where the words begin that follow a tab, else `left`."""

    @property
    def size(self) -> float:
        """Height of the letters."""
        return max(1.0, self.top - self.bottom)


@dataclass(slots=True)
class Furniture:
    """What was taken away, by number."""

    margins: int = 0
    numbers: int = 0
    numbered_pages: int = 0
    columns: int = 0


Row = list[Stretch]


def rows_of(stretches: Sequence[Stretch]) -> list[Row]:
    """Group stretches that stand on one line, from top to bottom, each row from left to right."""
    rows: list[Row] = []
    for each in sorted(stretches, key=lambda one: -(one.bottom + one.top)):
        middle = (each.bottom + each.top) / 2
        if rows and any(one.bottom <= middle <= one.top for one in rows[-1][:8]):
            rows[-1].append(each)
        else:
            rows.append([each])
    for row in rows:
        row.sort(key=lambda one: one.left)
    return rows


def read_lines(pages: Sequence[PdfPage]) -> tuple[list[Line], Furniture]:
    """Return the lines of all pages in reading order, and what was taken away."""
    found = Furniture()
    by_page = [rows_of(page.stretches) for page in pages]
    _take_margins(pages, by_page, found)
    _take_numbers(by_page, found)
    lines: list[Line] = []
    flow = itertools.count()
    for rows in by_page:
        parts = _columns(rows)
        found.columns += any(len(part) for part in parts[1:]) and _is_split(parts)
        for part in parts:
            number = next(flow)
            lines.extend(_line(row, number) for row in part if row)
    return lines, found


def _is_split(parts: list[list[Row]]) -> bool:
    return len(parts) > 1


# ---------------------------------------------------------------------- running heads and page numbers


def _take_margins(pages: Sequence[PdfPage], by_page: list[list[Row]], found: Furniture) -> None:
    places: dict[str, list[tuple[int, float]]] = {}
    for number, (page, rows) in enumerate(zip(pages, by_page, strict=True)):
        for row in rows:
            if _in_margin(row, page):
                places.setdefault(_shape(row), []).append((number, row[0].bottom))
    running = {shape: _common_heights(where, len(pages)) for shape, where in places.items() if shape}
    usual = _pitch(*by_page)
    for page, rows in zip(pages, by_page, strict=True):
        pitch = min(_pitch(rows), usual)  # a page of few lines is mostly gaps

        def comes_again(row: Row, page: PdfPage = page) -> bool:
            heights = running.get(_shape(row), []) if _in_margin(row, page) else []
            return any(abs(row[0].bottom - height) <= 6 for height in heights)

        def is_number(row: Row, page: PdfPage = page) -> bool:
            return _in_margin(row, page) and _PAGE_NUMBER.fullmatch(_words(row)) is not None

        for end in (0, -1):
            number = _outer(rows[:: 1 if end == 0 else -1], comes_again, is_number, pitch)
            found.margins += number
            rows[:] = rows[number:] if end == 0 else rows[: len(rows) - number]


def _pitch(*pages: list[Row]) -> float:
    steps = [above[0].bottom - below[0].bottom for rows in pages for above, below in itertools.pairwise(rows)]
    return statistics.median(steps) if steps else 0.0


def _outer(
    rows: list[Row], comes_again: Callable[[Row], bool], is_number: Callable[[Row], bool], pitch: float
) -> int:
    """Return how many rows from the edge of a page are furniture: the talk begins after a gap."""
    run = 0
    while run < len(rows) and (comes_again(rows[run]) or is_number(rows[run])):
        run += 1
    while run:
        last, after = rows[run - 1], rows[run] if run < len(rows) else None
        if after is None or abs(last[0].bottom - after[0].bottom) > pitch * 1.15 + 1:
            return run
        run -= 1
    return 0


def _in_margin(row: Row, page: PdfPage) -> bool:
    return row[0].bottom >= page.height * (1 - MARGIN) or row[0].top <= page.height * MARGIN


def _shape(row: Row) -> str:
    """The words of a row, every number the same; "" for a time, which is part of the talk."""
    words = _words(row)
    return "" if _TIME.fullmatch(words) else re.sub(r"\d+", "0", words)


def _words(row: Row) -> str:
    return " ".join(" ".join(each.text for each in row).split())


def _common_heights(where: list[tuple[int, float]], pages: int) -> list[float]:
    """Heights at which one text comes again: on half of the pages, or, left and right apart, on a quarter."""
    found = []
    for _, height in where[:50]:
        on = {number for number, other in where if abs(other - height) <= 6}
        if len(on) >= max(2, pages * 0.5) or (len(on) >= 3 and len(on) >= pages * 0.25):
            found.append(height)
    return found


# ---------------------------------------------------------------------- numbers in the margin


def _take_numbers(by_page: list[list[Row]], found: Furniture) -> None:
    """Take away the numbers of lines or paragraphs that stand beside the text, left or right of it."""
    for side in (0, -1):
        taken = [_numbers_beside(rows, side) for rows in by_page]
        several = sum(1 for numbers in taken if len(numbers) >= 3)
        for rows, numbers in zip(by_page, taken, strict=True):
            if len(numbers) >= 3 or (several >= 2 and numbers):
                for row, stretch in numbers:
                    row.remove(stretch)
                found.numbers += len(numbers)
                found.numbered_pages += 1
                rows[:] = [row for row in rows if row]


def _numbers_beside(rows: list[Row], side: int) -> list[tuple[Row, Stretch]]:
    """Return the numbers of one page, if they rise evenly and no words stand further out."""
    found = [(row, row[side]) for row in rows if _DIGITS.fullmatch(row[side].text.strip())]
    numbers = {id(stretch) for _, stretch in found}
    others = [each for row in rows for each in row if id(each) not in numbers]
    if not found or len(others) < 3:
        return []
    edge = sorted(each.left for each in others)[len(others) // 20] if side == 0 else 0.0
    far = sorted(each.right for each in others)[-1 - len(others) // 20] if side else 0.0
    found = [(row, one) for row, one in found if (one.right < edge + 1 if side == 0 else one.left > far - 1)]
    values = [int(one.text) for _, one in found]
    steps = [after - before for before, after in itertools.pairwise(values)]
    if steps:
        common = Counter(steps).most_common(1)[0]
        if common[0] < 1 or common[1] < len(steps) * 0.8:
            return []
    return found


# ---------------------------------------------------------------------- columns


def _columns(rows: list[Row]) -> list[list[Row]]:
    """Return the rows in reading order, split into columns where a white strip runs down the page."""
    gutter = _gutter(rows)
    if gutter is None:
        return [rows]
    parts: list[list[Row]] = []
    left: list[Row] = []
    right: list[Row] = []

    def close() -> None:
        for side in (left, right):
            if side:
                parts.extend(_columns(list(side)))
                side.clear()

    for row in rows:
        if any(each.left < gutter < each.right for each in row):
            close()
            parts.append([row])
            continue
        for side, part in (
            (left, [each for each in row if each.right <= gutter]),
            (right, [each for each in row if each.left >= gutter]),
        ):
            if part:
                side.append(part)
    close()
    return parts


def _gutter(rows: list[Row]) -> float | None:
    """Return where a white strip parts two columns of prose, or None.

    Both sides hold at least 5 rows and a quarter of the width, and their rows are prose: a column of names
    or times beside the text is read across.
    """
    if len(rows) < 6:
        return None
    edges = [each for row in rows for each in row]
    if len(edges) > MAX_STRETCHES:
        return None
    x0, x1 = min(each.left for each in edges), max(each.right for each in edges)
    found: list[tuple[int, float, float]] = []
    # Edges two points apart make no other gutter; few are tried, so that odd pages stay quick.
    starts = {
        round(each.right / 2): each.right for each in edges if 0.2 < (each.right - x0) / (x1 - x0 + 1) < 0.75
    }
    ends = sorted(starts.values())[:400]
    tried = [end + 2.1 for end in ends]
    for at, start, crossing in zip(tried, ends, _crossings(rows, tried), strict=True):
        if crossing > len(rows) * 0.15:
            continue
        free = [row for row in rows if not any(each.left < at < each.right for each in row)]
        left = [each for row in free for each in row if each.right <= at]
        right = [each for row in free for each in row if each.left >= at]
        width = min((each.left for each in right), default=x1) - start
        if width >= 6 and _is_prose(left, x1 - x0) and _is_prose(right, x1 - x0):
            found.append((crossing, -width, at))
    return min(found)[2] if found else None


def _crossings(rows: list[Row], tried: list[float]) -> list[int]:
    """Return how many rows have words across each of some places, these from left to right; in one sweep."""
    changes = [0] * (len(tried) + 1)
    for row in rows:
        done = 0  # up to here the row is counted
        for each in sorted(row, key=lambda one: one.left):
            first = max(done, bisect_right(tried, each.left))
            after = bisect_left(tried, each.right)
            if first < after:
                changes[first] += 1
                changes[after] -= 1
                done = after
    return list(itertools.accumulate(changes[:-1]))


def _is_prose(side: list[Stretch], width: float) -> bool:
    if len(side) < 5:
        return False
    spread = statistics.median(each.right - each.left for each in side)
    words = statistics.median(len(each.text.split()) for each in side)
    return spread >= width * 0.22 and words >= 3


def _line(row: Row, flow: int) -> Line:
    letters = "".join(each.text for each in row)
    if sum("\u0590" <= letter <= "\u08ff" for letter in letters) * 2 > sum(map(str.isalpha, letters)):
        row = row[::-1]  # from right to left
    text, bold, inner = "", 0, row[0].left
    for number, each in enumerate(row):
        words = each.text.rstrip()
        if number:
            gap = max(each.left - row[number - 1].right, row[number - 1].left - each.right)
            if gap > each.size * 1.5:
                inner = each.left
            text += "\t" if gap > each.size * 1.5 else " "
        if bold == len(text.rstrip()) or not number:
            bold = len(text) + min(each.bold, len(words)) if each.bold else bold
        text += words
    return Line(
        text, min(each.left for each in row), max(each.right for each in row),
        min(each.bottom for each in row), max(each.top for each in row), bold, flow, inner,
    )  # fmt: skip
