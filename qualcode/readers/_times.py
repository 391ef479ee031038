"""Times in transcripts: what counts as one, and how many seconds it is."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Sequence

from qualcode.readers._reading import Note, counted, listed
from qualcode.transcript import TimeMark

CLOCK = r"\d{1,3}:\d{1,2}(?::\d{1,2})?(?:[.,]\d{1,6}|-\d(?!\d))?"
"""0:05, 12:30, 00:01:02, 0:0:5.100 (Teams), 00:01:02-3 (f4: tenths after the hyphen)."""

RANGE = rf"{CLOCK}(?:\s{{0,3}}(?:-{{1,2}}>|[-–—]|to)\s{{0,3}}{CLOCK})?"
"""One time or two: 0:05 --> 0:09."""

_LINK = r"(?:\(https?://[^\s()]{1,300}\))?"

BRACKETED = rf"\\?\[\s{{0,3}}{RANGE}\s{{0,3}}\\?\]{_LINK}|\(\s{{0,3}}{RANGE}\s{{0,3}}\)|\{{\s{{0,3}}{RANGE}\s{{0,3}}\}}|#{RANGE}#|<{RANGE}>"
"""A time that is set apart from the words, also with Markdown's backslashes and links."""

_INSIDE = re.compile(
    rf"\\?\[\s{{0,3}}{RANGE}\s{{0,3}}\\?\]{_LINK}|#{RANGE}#|\(\s{{0,3}}\d{{1,3}}:\d{{2}}:\d{{2}}(?:[.,]\d{{1,6}})?\s{{0,3}}\)"
)
_CLOCK = re.compile(CLOCK)
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,4})?", re.ASCII)
_UNITS = re.compile(
    r"(?:(\d{1,3})\s*h)?\s*(?:(\d{1,5})\s*m(?:in)?)?\s*(?:(\d{1,7}(?:[.,]\d{1,6})?)\s*s(?:ec)?)?"
)


def seconds(clock: str) -> float | None:
    """Return a time as seconds, or None where it is none.

    With two parts they are minutes and seconds, with three hours as well.

    Examples
    --------
    >>> seconds("00:01:02.5"), seconds("1:59"), seconds("00:01:02-3"), seconds("0:0:5,100")
    (62.5, 119.0, 62.3, 5.1)
    >>> seconds("yes") is None, seconds("1:75") is None
    (True, True)
    """
    clock = clock.strip()
    if not _CLOCK.fullmatch(clock):
        return None
    parts = re.sub(r"-(?=\d$)", ".", clock).replace(",", ".").split(":")
    numbers = [float(part) for part in parts]
    if any(number >= 60 for number in numbers[1:]):
        return None
    total = 0.0
    for number in numbers:
        total = total * 60 + number
    return round(total, 6)


def read_range(mark: str) -> tuple[float | None, float | None]:
    """Return begin and end of a mark such as "[0:05]" or "00:01 --> 00:03".

    Examples
    --------
    >>> read_range("[0:05]"), read_range("(0:05 - 0:09)")
    ((5.0, None), (5.0, 9.0))
    """
    found = _CLOCK.findall(mark)
    begins = seconds(found[0]) if found else None
    ends = seconds(found[1]) if len(found) > 1 else None
    return begins, ends


def duration(cell: str) -> float | None:
    """Return a length such as "5.0s", "1m 3s" or "0:05" as seconds.

    Examples
    --------
    >>> duration("5.0s"), duration("3m 2.89s"), duration("0:05"), duration("7"), duration("")
    (5.0, 182.89, 5.0, 7.0, None)
    """
    cell = cell.strip()
    if not cell:
        return None
    if ":" in cell:
        return seconds(cell)
    if re.fullmatch(r"\d{1,9}(?:[.,]\d{1,6})?", cell):
        return float(cell.replace(",", "."))
    match = _UNITS.fullmatch(cell)
    if match is None or not any(match.groups()):
        return None
    hours, minutes, rest = (float((group or "0").replace(",", ".")) for group in match.groups())
    return round(hours * 3600 + minutes * 60 + rest, 6)


def cell_seconds(value: object, milliseconds: bool = False) -> float | None:
    """Return the time in a table cell as seconds: a clock, a number, an Excel time; None where it is none.

    Parameters
    ----------
    value
        The cell.
    milliseconds
        Whether plain numbers are milliseconds, as the heading says.

    Examples
    --------
    >>> cell_seconds("0:01:02"), cell_seconds("1500", milliseconds=True), cell_seconds("")
    (62.0, 1.5, None)
    """
    if isinstance(value, dt.datetime):
        value = value.time()
    if isinstance(value, dt.time):
        return value.hour * 3600 + value.minute * 60 + value.second + value.microsecond / 1e6
    if isinstance(value, dt.timedelta):
        return value.total_seconds()
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        value = repr(value)
    if not isinstance(value, str):
        return None
    value = value.strip().strip("[](){}")
    if " --> " in value or "-->" in value:
        return read_range(value)[0]
    number = duration(value)
    if number is not None and milliseconds and ":" not in value:
        number /= 1000
    return number


LONGEST = 10_000_000
"""No recording lasts longer than this, in seconds; a larger number is no time."""


def sane(time: float | None) -> float | None:
    """Return a time in seconds if a recording can have it, else None; -0 is 0.

    Examples
    --------
    >>> sane(5.5), sane(-0.0), sane(-1), sane(float("nan")), sane(1e300)
    (5.5, 0, None, None, None)
    """
    if time is None or not 0 <= time <= LONGEST:
        return None
    return time if time else 0


def end_after(begins: float | None, ends: float | None) -> float | None:
    """Return an end in time, None where it lies before its begin and so is no end.

    Examples
    --------
    >>> end_after(2.0, 5.0), end_after(5.0, 2.0), end_after(None, 2.0)
    (5.0, None, 2.0)
    """
    return None if begins is not None and ends is not None and ends < begins else ends


def marks_inside(text: str) -> list[tuple[int, int, float, float | None]]:
    """Return every time set apart in a text: (from, up to, begins, ends), in order.

    A bare "12:30" between words is talk, and so is "(12:30)"; "[12:30]", "(00:12:30)" and
    "#00:12:30-1#" are marks.

    Examples
    --------
    >>> marks_inside("so [00:01:02] yes, at 12:30")
    [(3, 13, 62.0, None)]
    """
    found = []
    for match in _INSIDE.finditer(text):
        begins, ends = read_range(match.group())
        if begins is not None:
            found.append((match.start(), match.end(), begins, end_after(begins, ends)))
    return found


def backward(marks: Sequence[TimeMark]) -> list[int]:
    """Return which marks (1, 2, 3, ...) begin before the one above them."""
    return [
        number
        for number, (before, after) in enumerate(itertools.pairwise(marks), start=2)
        if after.begins < before.begins
    ]


def time_notes(marks: Sequence[TimeMark], noun: str) -> list[Note]:
    """Return a note where times run backward; the order of the file is kept."""
    wrong = backward(marks)
    if not wrong:
        return []
    verb = "begins" if len(wrong) == 1 else "begin"
    return [
        Note(
            "kept",
            f"{counted(len(wrong), noun)} {verb} earlier than the one above ({noun} {listed(wrong)}); "
            "the order of the file was kept.",
        )
    ]


def number_of(text: str) -> float | None:
    """Return a plain number of a file, None where it is none; never infinite, never "not a number".

    Examples
    --------
    >>> number_of(" 12.5 "), number_of("1e3"), number_of("nan"), number_of("1e999"), number_of("")
    (12.5, 1000.0, None, None, None)
    """
    text = text.strip()
    if len(text) > 60 or not _NUMBER.fullmatch(text):
        return None
    value = float(text)
    return value if abs(value) < float("inf") else None
