"""From lines of a PDF to paragraphs: where one ends, and what became of words divided at the ends of lines."""

from __future__ import annotations

import itertools
import re
import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from qualcode.readers._lines import split_lines
from qualcode.readers._names import has_name_shape, never_speaks
from qualcode.readers._page import Page
from qualcode.readers._pdf_lines import Line

_HYPHENS = "-\u00ad\u2010"
_KEPT = frozenset(
    [
        "self",
        "non",
        "co",
        "ex",
        "semi",
        "half",
        "high",
        "low",
        "long",
        "short",
        "full",
        "part",
        "all",
        "cross",
        "multi",
        "well",
        "anti",
        "pre",
        "post",
        "inter",
        "e",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "twenty",
        "thirty",
        "forty",
        "fifty",
        "sixty",
        "seventy",
        "eighty",
        "ninety",
    ]
)
"""First parts after which English keeps its hyphen."""
_AND = frozenset(["und", "oder", "bzw", "and", "or", "y", "o", "et", "ou", "e", "of", "en", "och", "og"])
_WORD = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)*")
_ENDS = re.compile(r"[.?!:…][\"'”’»)\]]*$")


@dataclass(slots=True)
class _Geometry:
    """What is usual in one column: where lines begin and end, and how far apart they are."""

    left: float
    right: float
    pitch: float


@dataclass(slots=True)
class Joined:
    """Paragraphs on a page, and how many words were put together."""

    page: Page = field(default_factory=Page)
    divided: int = 0


def join_lines(lines: Sequence[Line]) -> Joined:
    """Return paragraphs: a line goes on with the one above unless place, size or a label say otherwise."""
    found = Joined()
    flows = {
        flow: _geometry(list(group)) for flow, group in itertools.groupby(lines, key=lambda line: line.flow)
    }
    known = Counter(
        word.casefold()
        for line in lines
        for word in _WORD.findall(line.text.rstrip(_HYPHENS))
        if len(word) > 2
    )
    text = ""
    bold = 0
    for above, line in zip([None, *lines], lines, strict=False):
        if above is None:
            text, bold = line.text, line.bold
        elif _begins(above, line, flows):
            _add(found.page, text, bold)
            text, bold = line.text, line.bold
        else:
            text = _join(text, line.text, known, found)
    if text:
        _add(found.page, text, bold)
    return found


def _geometry(lines: list[Line]) -> _Geometry:
    lefts = Counter(round(line.left / 3) for line in lines)
    # Several equally common edges: the leftmost, as indents are further in.
    most = max(lefts.values())
    left = min(edge for edge, count in lefts.items() if count == most) * 3
    steps = [above.bottom - below.bottom for above, below in itertools.pairwise(lines)]
    steps = [step for step in steps if step > 0]
    return _Geometry(left, max(line.right for line in lines), _usual(steps) if steps else 0.0)


def _usual(steps: list[float]) -> float:
    """The distance within paragraphs: the most common one, the smaller where two are equally common."""
    counts = Counter(round(step) for step in steps)
    most = max(counts.values())
    usual = min(step for step, count in counts.items() if count == most)
    return statistics.median([step for step in steps if round(step) == usual])


def _add(page: Page, text: str, bold: int) -> None:
    if page.length:
        page.add("\n")
    text = text.replace("\u00ad", "")
    page.add_runs([(text[:bold], True), (text[bold:], False)] if bold else [(text, False)])


def _begins(above: Line, line: Line, flows: dict[int, _Geometry]) -> bool:
    """Whether a line begins a paragraph."""
    if _opens_turn(line.text) or "\t" in line.text:
        return True
    if line.bold and above.bold < len(above.text) and line.text[:1].isupper():
        return True  # a bold name; emphasis in the middle of a sentence begins in lower case
    here = flows[line.flow]
    if above.flow != line.flow:
        full = not _has_room(above, line, flows[above.flow])
        ended = _ENDS.search(above.text) is not None and not line.text[:1].islower()
        return not full or ended or line.left > here.left + line.size * 0.8
    if abs(above.size - line.size) > 0.18 * max(above.size, line.size):
        return True
    if here.pitch and above.bottom - line.bottom > here.pitch * 1.3:
        return True
    if "\t" in above.text and abs(line.left - above.inner) <= line.size * 0.8:
        return _has_room(above, line, here)
    indent = line.left - here.left
    if indent > line.size * 0.8 and abs(line.left - above.left) > line.size * 0.8 and line.left > above.left:
        return True
    if indent < -line.size * 0.8 and line.left < above.left - line.size * 0.8:
        return True
    return _has_room(above, line, here)


def _has_room(above: Line, line: Line, here: _Geometry) -> bool:
    """Whether the first word of a line would have fitted on the line above: then that one ended a paragraph."""
    first = line.text.split(maxsplit=1)[0]
    width = (line.right - line.left) / max(1, len(line.text))
    if above.text.endswith(tuple(_HYPHENS)):
        first = first[:3]
    return above.right + width * (len(first) + 1.5) + line.size * 0.3 < here.right


def _opens_turn(text: str) -> bool:
    """Whether a line begins like a turn: a time, or a label with the shape of a name."""
    parsed = split_lines(text)[0]
    if parsed.kind == "time" or parsed.style == "timed":
        return True
    if parsed.timed_start >= 0 and text.lstrip()[:1] in "[(#{":
        return True
    return (
        parsed.style in ("plain", "tab") and has_name_shape(parsed.label) and not never_speaks(parsed.label)
    )


def _join(text: str, more: str, known: Counter[str], found: Joined) -> str:
    if not text.endswith(tuple(_HYPHENS)) or text.endswith(("--", " -")):
        close = (_is_unspaced(text[-1:]) and _is_unspaced(more[:1])) or (
            more[:1].isdigit() and re.search(r"\w[–/]$", text) is not None
        )
        blank = "" if close else " "
        return f"{text}{blank}{more}"
    before = re.search(r"[^\W\d_]+$", text[:-1])
    after = re.match(r"[^\W\d_]+", more)
    if before is None or after is None:
        return text + more
    first, second = before.group(), after.group()
    if second.casefold() in _AND and text[-1] != "\u00ad":
        return f"{text} {more}"
    whole = (first + second).casefold()
    hyphened = f"{first}-{second}".casefold()
    keeps = second[0].isupper() or (
        text[-1] != "\u00ad" and not known[whole] and (known[hyphened] > 0 or first.casefold() in _KEPT)
    )
    if keeps and not (first.isupper() and second.isupper()):
        return text + more
    found.divided += 1
    return text[:-1] + more


def _is_unspaced(letter: str) -> bool:
    """Whether a script writes no blanks between words."""
    return "\u3040" <= letter <= "\u30ff" or "\u3400" <= letter <= "\u9fff" or "\uff00" <= letter <= "\uffef"
