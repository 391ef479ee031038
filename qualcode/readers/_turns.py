"""Prose with speakers: from the lines of a text to turns and time marks. For .txt, .md and Word alike.

The text itself stays whole. A turn holds the words only: its label, its time and the blanks around them
lie outside. A paragraph without a label continues the turn; but where nobody except interviewers has a
label, it is somebody else's, and a turn without a speaker. What stands above the first turn lies outside
all turns, and so does the header of the file ("Date: 12 May", "Interviewer: Ana Lima").
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from qualcode.readers._header import end_of_header
from qualcode.readers._labels import STRONG, Candidate, choose_labels
from qualcode.readers._lines import WINDOW, Line, split_lines
from qualcode.readers._names import has_name_shape, label_key, never_speaks
from qualcode.readers._reading import Note, Reading, check_length, counted, enumerated, listed
from qualcode.readers._times import BRACKETED, end_after, marks_inside, read_range, time_notes
from qualcode.readers._words import guess_roles
from qualcode.span import Span
from qualcode.transcript import TimeMark, Turn

_BLANKS = re.compile(r"[\s\u200b\u200e\u200f\ufeff]*")
_TIME_HERE = re.compile(rf"(?:{BRACKETED})\s*")
_TIME_LAST = re.compile(rf"\s*(?P<time>{BRACKETED})\s*$")
_DASHED = re.compile(r"\s*(?P<label>\S.{0,70}?)\s+(?:[–—]|-{1,2})\s+")
_F4 = re.compile(r"#[\d:,.-]+#")


@dataclass(slots=True)
class _Open:
    """A turn in the making: the words from `start`, on the lines from `line` up to `stop`."""

    speaker: str | None
    line: int
    stop: int
    start: int
    begins: float | None
    ends: float | None
    end: int = 0
    f4: bool = False


def read_prose(
    text: str,
    certain: Iterable[str] = (),
    leads: Sequence[tuple[int, int]] = (),
    notes: Sequence[Note] = (),
    format: str = "text",
    roles: Mapping[str, str] | None = None,
    headings: Sequence[tuple[int, int]] = (),
    silent: Sequence[tuple[int, int]] = (),
    times: Sequence[TimeMark] = (),
    given: Mapping[str, str] | None = None,
) -> Reading:
    r"""Return the turns and time marks of a text.

    Parameters
    ----------
    text
        The whole text, as `prepare_text` gives it.
    certain
        Labels that the caller has named.
    leads
        Emphasised stretches [from, up to) that open a line (bold runs of Word).
    notes
        What is known already; kept in front.
    format
        Name of the format in the registry.
    roles
        Roles that the file itself states.
    headings
        Stretches [from, up to) that the file says are headings: no words of the turn above.
    silent
        Stretches [from, up to) that nobody speaks (footnotes, a table of participants): no label and no
        time is looked for there.
    times
        Times that the file states apart from its visible text, by position; they go before printed ones.
    given
        Roles that the caller states.

    Raises
    ------
    TooLong
        If the text is longer than any transcript.

    Examples
    --------
    >>> reading = read_prose("Talk with P7\n\nI: [0:05] Why?\nP7: Because.\n\nReally.\n")
    >>> [(turn.speaker, turn.span.start, turn.span.end, turn.begins) for turn in reading.turns]
    [('I', 24, 28, 5.0), ('P7', 33, 50, None)]
    """
    certain = tuple(certain)
    lines = split_lines(check_length(text), leads)
    _before_dashes(text, lines, certain)
    _set_apart(lines, headings, silent)
    first = end_of_header(text, lines)
    chosen, refused = _choose(lines, first, certain)
    drafts = _labelled(lines, first, chosen) if chosen else _unlabelled(lines, first)
    if _names_only_interviewers(drafts, given or {}):
        drafts = _with_answers(lines, drafts)
    spoken = [draft for draft in drafts if _trim(text, lines, draft)]
    empty = [draft.line + 1 for draft in drafts if draft.end <= draft.start]
    _times_of_f4(spoken)
    if times:
        _times_of_file(lines, spoken, times)
    turns = tuple(
        Turn(number, draft.speaker, Span(draft.start, draft.end), draft.begins, end_after(draft.begins, draft.ends))
        for number, draft in enumerate(spoken, start=1)
    )  # fmt: skip
    early = [turn.number for turn, draft in zip(turns, spoken, strict=True) if turn.ends != draft.ends]
    marks = _marks(text, lines, turns, times)
    found = [
        *notes,
        *_notes(turns, refused, empty, early, _seen_before_dashes(text, lines)),
        *time_notes(marks, "time mark"),
    ]
    return Reading(text, turns, marks, roles=dict(roles or {}), notes=tuple(found), format=format)


def _before_dashes(text: str, lines: list[Line], certain: tuple[str, ...]) -> None:
    """Take "Maria - yes" as a label and words, where the caller has named Maria: others may write so as they talk."""
    keys = {label_key(label) for label in certain}
    for line in lines if keys else ():
        timed = line.timed_start >= 0
        start = line.timed_start if timed else line.start
        found = _DASHED.match(text, start, min(line.end, start + WINDOW))
        if (
            found is None
            or line.kind not in ("text", "heading")
            or label_key(found["label"].strip("*_")) not in keys
        ):
            continue
        line.label, line.style = found["label"].strip("*_ "), "timed" if timed else "plain"
        line.words_at = found.end()
        if timed:
            line.begins, line.ends = line.opening


def _set_apart(
    lines: list[Line], headings: Sequence[tuple[int, int]], silent: Sequence[tuple[int, int]]
) -> None:
    starts = [line.start for line in lines]
    for stretches, kind in ((headings, "heading"), (silent, "footer")):
        for start, end in stretches:
            for at in range(max(0, bisect_right(starts, start) - 1), len(lines)):
                line = lines[at]
                if line.start >= end:
                    break
                if line.kind != "blank" and line.start >= start:
                    line.kind = kind
                    line.style = line.style if kind == "heading" else ""


def _times_of_file(lines: list[Line], drafts: list[_Open], times: Sequence[TimeMark]) -> None:
    positions = [mark.position for mark in times]
    for draft in drafts:
        # A time may stand before the label of its turn.
        own = times[bisect_left(positions, lines[draft.line].start) : bisect_left(positions, draft.end)]
        if own and own[0].position <= draft.start:
            draft.begins = own[0].begins
        ends = [mark.ends for mark in own if mark.ends is not None]
        if draft.begins is not None and ends and max(ends) >= draft.begins:
            draft.ends = max(ends)


def _choose(lines: list[Line], first: int, certain: tuple[str, ...]) -> tuple[dict[int, str], list[int]]:
    """Return line -> label of the lines that open a turn, and the lines that only look like it."""
    body = range(first, len(lines))
    opens = {at for at in body if _opens(lines, at)}
    named = {label_key(label) for label in certain}
    shaped = [
        at for at in body
        if lines[at].style in ("plain", *STRONG) and not _is_heading(lines[at], named)
        and (has_name_shape(lines[at].label) or label_key(lines[at].label) in named)
    ]  # fmt: skip
    written = [at for at in body if lines[at].kind in ("text", "time") and shaped and at >= shaped[0]]
    by_blocks = sum(1 for at in shaped if at in opens) >= len(shaped) * 0.8
    if by_blocks:
        paragraphs = sum(1 for at in written if at in opens)
    else:
        paragraphs = sum(1 for at in written if lines[at].kind == "text" and not _under_name(lines, at))
        opens = set(body)
    candidates = [
        Candidate(at, lines[at].label, lines[at].style, lines[at].words_at < lines[at].end, at in opens)
        for at in body
        if lines[at].style and (lines[at].style != "alone" or _has_words_below(lines, at))
        if not _is_heading(lines[at], named)
    ]
    chosen = {each.line: each.label for each in choose_labels(candidates, paragraphs, certain)}
    refused = [
        at + 1 for at in shaped
        if at not in chosen and lines[at].words_at < lines[at].end and not never_speaks(lines[at].label)
    ]  # fmt: skip
    return chosen, refused


def _is_heading(line: Line, named: set[str]) -> bool:
    """Whether a line is a heading such as "# Trust: a study", not a name above words such as "## Ana"."""
    if line.kind != "heading" or line.style == "timed" or label_key(line.label) in named:
        return False
    return line.words_at < line.end


def _opens(lines: list[Line], at: int) -> bool:
    return at == 0 or lines[at - 1].kind in ("blank", "time", "heading")


def _under_name(lines: list[Line], at: int) -> bool:
    above = lines[at - 1] if at else None
    return above is not None and above.style in ("timed", "plain") and above.words_at >= above.end


def _has_words_below(lines: list[Line], at: int) -> bool:
    """A name alone on its line has words under it, at most one blank line further down."""
    below = [line for line in lines[at + 1 : at + 3] if line.kind != "blank"]
    return bool(below) and below[0].kind in ("text", "time") and below[0].style not in STRONG


def _labelled(lines: list[Line], first: int, chosen: Mapping[int, str]) -> list[_Open]:
    strong = any(lines[at].style in STRONG for at in chosen)
    drafts: list[_Open] = []
    above: int | None = None  # a line with nothing but a time, not yet followed by words
    open_turn = False
    for at in range(first, len(lines)):
        line = lines[at]
        if line.kind == "blank":
            continue
        if line.kind == "time" and at not in chosen:
            above = at if above is None else above
            continue
        ends_turn = strong and line.style in STRONG and never_speaks(line.label)  # "**Break:**"
        if at in chosen or ends_turn:
            if open_turn:
                drafts[-1].stop = at if above is None else above
            open_turn = at in chosen
        if at in chosen:
            timed = lines[above] if above is not None and line.begins is None else line
            drafts.append(_Open(chosen[at], at, len(lines), line.words_at, timed.begins, timed.ends))
        above = None
    return drafts


def _unlabelled(lines: list[Line], first: int) -> list[_Open]:
    """Lines that open with a time and name nobody: one turn each, if nearly all paragraphs are like that."""
    written = [at for at in range(first, len(lines)) if lines[at].kind in ("text", "time")]
    timed = [at for at in written if lines[at].timed_start >= 0]
    openings = sum(1 for at in written if _opens(lines, at) and lines[at - 1].kind != "time")
    everywhere = len(timed) >= len(written) * 0.8 or (
        len(timed) >= openings * 0.8 and len(timed) * 6 >= len(written)
    )
    if len(timed) < 2 or not everywhere:
        return []
    return [
        _Open(None, at, stop, lines[at].timed_start, *lines[at].opening)
        for at, stop in zip(timed, [*timed[1:], len(lines)], strict=True)
    ]


def _names_only_interviewers(drafts: list[_Open], given: Mapping[str, str]) -> bool:
    labels = tuple(dict.fromkeys(draft.speaker for draft in drafts if draft.speaker is not None))
    stated = {label_key(label): role for label, role in given.items()}
    guessed = guess_roles(labels)
    roles = {stated.get(label_key(label), guessed.get(label, "")) for label in labels}
    return roles == {"interviewer"}


def _with_answers(lines: list[Line], drafts: list[_Open]) -> list[_Open]:
    """End the turn of an interviewer with its paragraph; what follows up to the next label is nobody's by name.

    A paragraph ends at a blank line where most labels stand below one, else at the end of its line.
    """
    by_blocks = sum(1 for draft in drafts if _opens(lines, draft.line)) >= len(drafts) * 0.8
    found: list[_Open] = []
    for draft in drafts:
        at = draft.line if lines[draft.line].words_at < lines[draft.line].end else draft.line + 1
        while at < draft.stop and lines[at].kind in ("blank", "time"):
            at += 1
        at += 1
        while by_blocks and at < draft.stop and lines[at].kind not in ("blank", "heading"):
            at += 1
        found.append(draft)
        answer = next((below for below in range(at, draft.stop) if lines[below].kind == "text"), None)
        if answer is not None:
            above = [line for line in lines[at:answer] if line.kind == "time"]
            own, start = lines[answer].opening, lines[answer].start
            times = (above[-1].begins, above[-1].ends) if above and own[0] is None else own
            found.append(_Open(None, answer, draft.stop, start, *times))
            draft.stop = at
    return found


def _trim(text: str, lines: list[Line], draft: _Open) -> bool:
    """Take blanks, times and what is not spoken off both ends; return whether words are left."""
    last = draft.stop - 1
    while last > draft.line and lines[last].kind != "text":
        last -= 1
    end = lines[last].end
    start = draft.start
    below = draft.line + 1
    while True:
        blank = _BLANKS.match(text, start, end)
        start = blank.end() if blank else start
        while below <= last and lines[below].start < start:
            below += 1
        if below <= last and lines[below].kind == "time" and not text[start : lines[below].start].strip():
            if draft.begins is None:
                draft.begins, draft.ends = lines[below].begins, lines[below].ends
            start = lines[below].end
            continue
        here = _TIME_HERE.match(text, start, end)
        if here is None:
            break
        begins, ends = read_range(here.group())
        if draft.begins is None:
            draft.begins, draft.ends = begins, ends
        start = here.end()
    words = text[start:end].rstrip()
    tail = _TIME_LAST.search(words, max(0, len(words) - 60))
    if tail and tail.end() == len(words):
        time, _ = read_range(tail.group("time"))
        if _F4.fullmatch(tail.group("time")):
            draft.ends, draft.f4 = time, True
        words = words[: tail.start()].rstrip()
    draft.start, draft.end = start, start + len(words)
    return bool(words)


def _times_of_f4(drafts: list[_Open]) -> None:
    """f4 puts the time at the END of a turn; the next one begins there."""
    if sum(draft.f4 for draft in drafts) * 2 < len(drafts):
        return
    for above, draft in itertools.pairwise(drafts):
        if above.f4 and draft.begins is None:
            draft.begins = above.ends


def _marks(
    text: str, lines: list[Line], turns: tuple[Turn, ...], times: Sequence[TimeMark]
) -> tuple[TimeMark, ...]:
    if times:
        return _marks_of_file(turns, times)
    found = {turn.span.start: TimeMark(turn.span.start, turn.begins, turn.ends)
             for turn in turns if turn.begins is not None}  # fmt: skip
    inside = marks_inside(text)
    inside += [
        (line.start, line.end, line.begins, end_after(line.begins, line.ends))
        for line in lines if line.kind == "time" and line.begins is not None
    ]  # fmt: skip
    starts = [turn.span.start for turn in turns]
    for start, end, begins, ends in inside:
        blank = _BLANKS.match(text, end)
        position = blank.end() if blank else end
        if turns:
            nearest = bisect_right(starts, start) - 1
            if nearest < 0 or end > turns[nearest].span.end:
                continue
            position = min(position, turns[nearest].span.end)
        found.setdefault(position, TimeMark(position, begins, ends))
    return tuple(found[position] for position in sorted(found))


def _marks_of_file(turns: tuple[Turn, ...], times: Sequence[TimeMark]) -> tuple[TimeMark, ...]:
    """Put the file's own times on the words: the last one before a turn counts for its first word."""
    if not turns:
        return tuple(times)
    starts = [turn.span.start for turn in turns]
    found: dict[int, TimeMark] = {}
    for mark in times:
        at = bisect_right(starts, mark.position) - 1
        if at >= 0 and mark.position < turns[at].span.end:
            found.setdefault(mark.position, mark)
        elif at + 1 < len(turns):
            found[starts[at + 1]] = TimeMark(starts[at + 1], mark.begins, mark.ends)
    return tuple(found[position] for position in sorted(found))


def _seen_before_dashes(text: str, lines: Sequence[Line]) -> list[str]:
    """Return what stands before a dash on more than one line and is written like a name: "Maria - yes"."""
    found = (
        _DASHED.match(
            text, line.start if line.timed_start < 0 else line.timed_start, min(line.end, line.start + WINDOW)
        )
        for line in lines
        if line.kind == "text"
    )
    counts = Counter(match["label"].strip("*_ ") for match in found if match is not None)
    return [
        label
        for label, count in counts.items()
        if count > 1 and has_name_shape(label) and not never_speaks(label)
    ]


def _notes(
    turns: tuple[Turn, ...], refused: list[int], empty: list[int], early: list[int], dashed: Sequence[str]
) -> list[Note]:
    counts = Counter(turn.speaker for turn in turns if turn.speaker is not None)
    notes = []
    if counts:
        listing = enumerated(f"{label} ({counted(count, 'turn')})" for label, count in counts.items())
        notes.append(Note("guessed", f"Speakers by their labels: {listing}."))
        answers = sum(1 for turn in turns if turn.speaker is None)
        if answers:
            notes.append(
                Note(
                    "guessed",
                    "Nobody but the interviewer has a label; the talk between was taken as somebody else's: "
                    f"{counted(answers, 'turn')} without a speaker.",
                )
            )
    elif turns:
        notes.append(
            Note("guessed", f"No speakers are named; each of the {len(turns)} timed paragraphs is a turn.")
        )
    elif dashed:
        labels = ", ".join(f"{label!r}: {label!r}" for label in dashed[:8])
        notes.append(
            Note(
                "guessed",
                f"No speakers are named; the text has no turns. {' and '.join(dashed) if len(dashed) == 2 else enumerated(dashed[:8])} stand{'s' if len(dashed) == 1 else ''} "
                f"before a dash: if these speak, pass speakers={{{labels}}}.",
            )
        )
    else:
        notes.append(
            Note("guessed", "No speakers are named; the text has no turns. Pass speakers= if it has labels.")
        )
    if refused:
        notes.append(
            Note(
                "guessed",
                f"{counted(len(refused), 'line')} with a colon {'was' if len(refused) == 1 else 'were'} taken as "
                f"talk, not as a label (line {listed(refused)}). Pass speakers= to name labels.",
            )
        )
    if empty:
        notes.append(Note("dropped", f"{counted(len(empty), 'label')} without words (line {listed(empty)})."))
    if early:
        verb = "ends" if len(early) == 1 else "end"
        notes.append(
            Note(
                "changed",
                f"{counted(len(early), 'turn')} {verb} before the beginning (turn {listed(early)}); the end was left open.",
            )
        )
    return notes
