"""The header of a transcript: the lines above the first turn that describe the recording.

"Date: 12 May" and "Interviewer: Ana Lima" have the shape of a turn but are none. A header is told by its
facts ("Date", "Duration", "File", ...): it reaches down to the last of these lines, as long as all lines
above it are short. "Interviewer: Ana Lima" belongs to it where the words are a name and the line stands
in the same block. A block of nothing but such lines, whose labels come again below, is a header as well,
and so is a legend ("I: interviewer").
"""

from __future__ import annotations

from collections import Counter

from qualcode.readers._lines import Line
from qualcode.readers._names import has_name_shape, label_key
from qualcode.readers._words import FILE_FACTS, is_code, is_role_word

_LOOK = 60
"""A header is no longer than this many lines."""

_GREETING_WORDS = (
    "hello hi hey welcome thanks great good bonjour salut merci hallo guten danke hola gracias ciao olá"
)
_GREETINGS = frozenset(_GREETING_WORDS.split())


def end_of_header(text: str, lines: list[Line]) -> int:
    r"""Return the index of the first line below the header, 0 where there is none.

    Examples
    --------
    >>> from qualcode.readers._lines import split_lines
    >>> text = "Date: 12 May\nInterviewer: Ana Lima\n\nInterviewer: Why?\nP7: Because."
    >>> end_of_header(text, split_lines(text))
    2
    """
    end = 0
    named: list[int] = []
    for at, line in enumerate(lines[:_LOOK]):
        if line.kind != "text":
            continue
        words = text[line.words_at : line.end].strip()
        if line.style and line.style not in ("alone", "bare") and words:
            if _is_fact(line.label) and len(words.split()) <= 25:
                end = at + 1
            elif _names_somebody(line, words):
                named.append(at)
            else:
                break
        elif line.style not in ("alone", "bare", "") or line.end - line.start > 120:
            break
    if end:
        return _with_names(lines, end, named)
    return _names_only(text, lines, named)


def _is_fact(label: str) -> bool:
    words = label.casefold().strip("([{ ").replace("_", " ").replace("/", " ").split()
    return bool(words) and len(words) <= 5 and words[0].rstrip(".,#0123456789") in FILE_FACTS


def _names_somebody(line: Line, words: str) -> bool:
    """Whether a line reads "Interviewer: Ana Lima", "Participant: P7" or "I: interviewer"."""
    bare = words.strip("*_ ").rstrip(",")
    if (
        len(bare.split()) > 4
        or not has_name_shape(bare)
        or bare.split()[0].casefold().rstrip(",!") in _GREETINGS
    ):
        return False
    return is_role_word(line.label) or is_code(line.label) or is_role_word(bare)


def _with_names(lines: list[Line], end: int, named: list[int]) -> int:
    """Take in the naming lines that follow the last fact in the same block."""
    while end < len(lines) and end in named:
        end += 1
    return end


def _names_only(text: str, lines: list[Line], named: list[int]) -> int:
    if not named:
        return 0
    first = named[0]
    last = first
    while last + 1 in named:
        last += 1
    block = range(first, last + 1)
    below = lines[last + 1] if last + 1 < len(lines) else None
    if below is None or below.kind != "blank":
        return 0
    again = Counter(label_key(line.label) for line in lines[last + 1 :] if line.style)
    told = [text[lines[at].words_at : lines[at].end].strip("*_ ") for at in block]
    legend = all(is_role_word(words) for words in told)
    people = all(has_name_shape(words) for words in told) and all(
        is_role_word(lines[at].label) for at in block
    )
    if not all(again[label_key(lines[at].label)] for at in block):
        return 0
    return last + 1 if legend or (people and (len(block) > 1 or len(told[0].split()) > 1)) else 0
