"""One line of a transcript: the label, the times and the words that it may hold."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qualcode.readers._times import BRACKETED, CLOCK, RANGE, read_range
from qualcode.readers._words import is_role_word

WINDOW = 240
"""A label ends within so many characters; no line is looked at further, so time stays linear."""

_BREAKS = re.compile("[\n\x0b\x0c\x85\u2028\u2029]")
_UNSEEN = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_HIDDEN = re.compile(
    r"[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]|\*+|(?<![^\W_])_+|_+(?![^\W_])|\\(?=[^\w\s]|$)"
)

_LABEL = r"(?P<label>[^\s:：][^:：\t\n]{0,70}?)"
_PREFIX = re.compile(r"\s*(?:#{1,6}\s+|[-•–]\s+|>>\s*|\d{1,4}[.)]?(?:\t|\s{2,})|\d{1,4}[.)]\s+)?")
_QUOTE = re.compile(r"\s*(?:>\s?){1,3}")
_TIME_FIRST = rf"(?>(?P<first>{BRACKETED}|{RANGE})(?!\d)(?:[\s|,]|[–-]\s){{0,4}})"
_COLON = re.compile(
    rf"{_TIME_FIRST}?{_LABEL}(?:[\s|,–-]{{0,4}}(?P<second>{BRACKETED}|(?<=[\s|]){CLOCK}))?"
    rf"\s{{0,3}}[:：](?![/:])(?:\s{{0,4}}(?P<third>{BRACKETED}))?"
)
_HEADER = re.compile(
    rf"{_TIME_FIRST}?{_LABEL}(?:[\s|,–-]{{1,6}}|(?=[(\[{{])|(?<=\]))(?P<second>{BRACKETED}|{RANGE})[\s:：]*$"
)
_INLINE = re.compile(rf"{_LABEL}[\s|,–-]{{1,4}}(?P<second>{BRACKETED})(?=\s)")
_TAB = re.compile(r"(?P<label>[^\s:：][^:：\t\n]{0,70}?)\s*\t+(?=\s*\S)")
_DEPOSITION = re.compile(r"(?P<label>[QA])\.(?=\s+\S)")
_ONLY_TIME = re.compile(rf"\s*(?P<first>{BRACKETED}|{RANGE})\s*$")
_TIMED_START = re.compile(rf"\s*(?P<first>{BRACKETED}|{RANGE})(?:\s*[–-])?(?=\s|$)")
_HEADING = re.compile(r"\s*(?:#{1,6}\s|(?:[-*_=]{3,}|`{3,}\w{0,20}|~{3,}\w{0,20})\s*$)")
_OPENING = re.compile(r"\*{1,3}|_{1,3}")
_JUST_OPENED = re.compile(r"(?:(?<!\*)\*{1,3}|(?<!_)_{1,3})$")
_DASH = re.compile(r"\s*(?:[–—]|-{1,2})\s+")
_QUOTED_BLANK = re.compile(r"\s*>[\s>]*$")
_SPACE = re.compile(r"\s*")
_BEFORE_WORDS = re.compile(r"[\s\u200b\u200e\u200f]*")
_FOOTER = re.compile(
    r"\s*(?:transcribed by \S.{0,100}|transcription ended after .{0,30}|this editable transcript was computer.{0,160}|"
    r"this transcript was (?:exported|generated) .{0,120}|.{1,60} (?:stopped|started) transcription|"
    r"\W{0,4}(?:end of (?:the )?(?:transcript|interview|recording|audio)|end)\W{0,4})\s*$",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Line:
    """One line of a text and what may be on it.

    Parameters
    ----------
    start, end
        Code points in the text, without the line break.
    lead
        How many characters at the beginning are emphasised (bold), as far as the file format says.
    label, style
        As in `Candidate`; style "" where there is no candidate.
    words_at
        Where the words begin: after label and time.
    begins, ends
        Seconds, from a time on the line.
    kind
        "blank", "time" (nothing but a time), "heading", "footer" or "text".
    timed_start
        Where the words begin if a time opens the line, else -1.
    opening
        That time: begin and end.
    """

    start: int
    end: int
    lead: int = 0
    label: str = ""
    style: str = ""
    words_at: int = 0
    begins: float | None = None
    ends: float | None = None
    kind: str = "text"
    timed_start: int = -1
    opening: tuple[float | None, float | None] = (None, None)


def split_lines(text: str, leads: Sequence[tuple[int, int]] = ()) -> list[Line]:
    r"""Return the lines of a text; "\n", vertical tab, form feed, NEL, U+2028 and U+2029 part them.

    Parameters
    ----------
    text
        The whole text.
    leads
        Emphasised stretches [from, up to) of the text that open a line, in order.

    Examples
    --------
    >>> [(line.start, line.end, line.label) for line in split_lines("Ana: yes\nand no.")]
    [(0, 8, 'Ana'), (9, 16, '')]
    """
    lead_at = dict(leads)
    ends = [match.span() for match in _BREAKS.finditer(text)]
    spans = list(zip([0, *(after for _, after in ends)], [*(end for end, _ in ends), len(text)], strict=True))
    # A quoted line is no turn, unless the whole text is quoted, as in a mail.
    shown = [_QUOTE.match(text, start, end) is not None for start, end in spans if text[start:end].strip()]
    quoted = len(shown) > 1 and sum(shown) >= len(shown) * 0.9
    lines = [_parse(text, start, end, lead_at, quoted) for start, end in spans]
    _names_under_times(text, lines)
    return lines


def _parse(text: str, start: int, end: int, lead_at: dict[int, int], quoted: bool = False) -> Line:
    line = Line(start, end, words_at=end)
    window = text[start : min(end, start + WINDOW)]
    if not window or window.isspace():
        line.kind = "blank" if end - start <= WINDOW or not text[start:end].strip() else "text"
        return line
    if quoted and end - start <= WINDOW and _QUOTED_BLANK.match(window):
        line.kind = "blank"
        return line
    shown = len(window) - len(window.lstrip())
    line.lead = max(0, lead_at.get(start + shown, lead_at.get(start, start)) - start)
    if _HEADING.match(window):
        line.kind = "heading"
    elif end - start <= WINDOW and _FOOTER.match(window):
        line.kind = "footer"
    whole = end - start <= WINDOW
    bare, place = _bare(window)
    quote = _QUOTE.match(bare) if quoted else None
    prefix = _PREFIX.match(bare, quote.end() if quote else 0)
    at = prefix.end() if prefix else 0
    if at >= len(bare):
        return line
    if ":" in bare:
        _times_of_line(line, bare, place, whole)
        if line.kind == "time":
            return line
    if line.kind != "footer":
        _label_of_line(line, bare, place, at, window, whole)
    return line


def _bare(window: str) -> tuple[str, Sequence[int]]:
    """Return a line without emphasis marks, Markdown's backslashes and unseen characters, and where each came from."""
    if not _HIDDEN.search(window):
        return window, range(len(window))
    place: list[int] = []
    pieces = []
    at = 0
    for match in _HIDDEN.finditer(window):
        pieces.append(window[at : match.start()])
        place.extend(range(at, match.start()))
        at = match.end()
    pieces.append(window[at:])
    place.extend(range(at, len(window)))
    return "".join(pieces), place


def _times_of_line(line: Line, bare: str, place: Sequence[int], whole: bool) -> None:
    timed = _TIMED_START.match(bare)
    if not timed:
        return
    begins, ends = read_range(timed.group("first"))
    if begins is None:
        return
    if whole and _ONLY_TIME.match(bare):
        line.kind, line.begins, line.ends = "time", begins, ends
    rest = _SPACE.match(bare, timed.end())
    after = rest.end() if rest else timed.end()
    line.timed_start = line.start + place[after] if after < len(bare) else line.end
    line.opening = (begins, ends)


def _label_of_line(line: Line, bare: str, place: Sequence[int], at: int, window: str, whole: bool) -> None:
    match, style = _match_label(bare, at, whole)
    if match is None or not any(character.isalpha() for character in match.group("label")):
        _label_without_sign(line, bare, place, at, window, whole)
        return
    groups = match.groupdict()
    times = [
        read_range(mark) for mark in (groups.get("first"), groups.get("second"), groups.get("third")) if mark
    ]
    times = [each for each in times if each[0] is not None]
    label = _UNSEEN.sub("", match.group("label")).strip()
    if label.startswith("[") and label.endswith("]"):
        label = label[1:-1].strip()
    label = label.rstrip(" |,–-").strip()
    after = place[match.end() - 1] + 1
    opening = _OPENING.match(window, place[at]) or _JUST_OPENED.search(window, 0, place[match.start("label")])
    closing = window[place[match.end("label") - 1] + 1 : after + 3]
    marked = False
    if opening:
        mark = opening.group()
        if mark in closing:
            marked = True
            if window.startswith(mark, after):
                after += len(mark)
    label_end = line.start + place[match.end("label") - 1] + 1
    line.label = label
    words = _BEFORE_WORDS.match(window, after)
    line.words_at = min(line.end, line.start + (words.end() if words else after))
    if line.lead and label_end - line.start <= line.lead + 1 and line.start + line.lead <= line.words_at:
        marked = True
    line.style = "timed" if times else style
    if marked and style in ("plain", "timed") and not times:
        line.style = "marked"
    if times:
        line.begins, line.ends = times[0]


def _match_label(bare: str, at: int, whole: bool) -> tuple[re.Match[str] | None, str]:
    if ":" in bare or "：" in bare:
        if whole and (match := _HEADER.match(bare, at)) and _stands(match, "second"):
            return match, "timed"
        if (match := _INLINE.match(bare, at)) and _stands(match, "second"):
            return match, "timed"
        if match := _COLON.match(bare, at):
            return match, "plain"
    if "\t" in bare and (match := _TAB.match(bare, at)):
        return match, "tab"
    return _DEPOSITION.match(bare, at), "tab"


def _stands(match: re.Match[str], group: str) -> bool:
    return read_range(match.group(group))[0] is not None


def _label_without_sign(
    line: Line, bare: str, place: Sequence[int], at: int, window: str, whole: bool
) -> None:
    """A name alone on its line, perhaps after a time; or a bold name before words without a colon."""
    begins: float | None = None
    ends: float | None = None
    timed = _TIMED_START.match(bare, at)
    if timed:
        begins, ends = read_range(timed.group("first"))
        at = timed.end()
    rest = bare[at:].strip()
    lead = line.lead
    opening = _OPENING.match(window.lstrip())
    if opening:
        shift = len(window) - len(window.lstrip())
        close = window.find(opening.group(), shift + opening.end(), shift + 80)
        lead = close + len(opening.group()) if close > 0 else 0
    if 0 < lead <= 80 and window[lead:].strip(" \t\\") and not timed:
        line.label = _bare(window[:lead])[0].strip()
        line.style = "bare"
        dash = _DASH.match(window, lead)
        after = dash.end() if dash else lead
        line.words_at = line.start + after + len(window[after:]) - len(window[after:].lstrip())
        return
    if whole and rest and len(rest) <= 60 and rest[-1] not in ".,?!…;":
        line.label = rest[1:-1].strip() if rest[0] == "[" and rest[-1] == "]" else rest
        line.style, line.words_at = "alone", line.end
        if begins is not None and is_role_word(line.label):
            line.style = "timed"  # "00:00:03 Speaker 1", as Word's own transcription writes it
        line.begins, line.ends = begins, ends


def _names_under_times(text: str, lines: list[Line]) -> None:
    """Blocks of a time, a name and the words, each on a line of its own (Teams): the name has the time."""
    for above, line, below in zip(lines, lines[1:], lines[2:], strict=False):
        if above.kind == "time" and line.style == "alone" and line.begins is None and below.kind == "text":
            line.style, line.begins, line.ends = "timed", above.begins, above.ends
