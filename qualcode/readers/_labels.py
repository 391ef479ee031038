"""Which words at the beginning of a line name a speaker: the rule, for every format.

A line such as "Ana: yes" or "So the first one is: trust" is only a *candidate*. What it is, the whole
document decides:

1. A candidate must have the shape of a name: at most 6 words and 60 characters; no sentence marks; every
   word begins with a capital or a digit (small words such as *van*, *de*, *and* excepted), or it is a role
   word ("interviewer 2", "unknown speaker"). Words such as *Note*, *Break*, *Option* are never a name, nor are
   days and months; those that are given names too (*June*) are names where no other date stands like a label.
2. Labels the caller names are certain, whatever their shape.
3. A label is *established* by itself: a role word once, and so short labels that together
   make an interview (I and P7, Q and A), and a name with a time where there are
   three such; CAPITALS, a code such as P7, emphasis (bold) or a
   time beside it twice; any other name three times. A name alone on its line, before a tab, or bold
   without a colon says little: there at least two labels must occur twice each. Lower-case words need
   four times and must open at least half of the paragraphs.
4. Beside established labels a rarer one counts if it is written the same way: CAPITALS where those are
   CAPITALS (a captioner who speaks once), emphasis or time where those have it; or if it is an established
   name with an addition or in other case ("MEL (typed)", "Amanda" beside "AMANDA (typed)"); and also a plain
   name that opens a paragraph twice. Where nothing is established, two names that take turns (Ana, Ben,
   Ana) and open three of ten paragraphs are.
5. Where four of five paragraphs open with a candidate, each of these is a label: a short file in which
   everybody speaks once. Where nothing is established and there are two names, three of five suffice.
6. Where labels carry emphasis or times throughout, plain "Python: a language" inside a turn is talk.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass

from qualcode.readers._names import (
    base_of,
    has_name_shape,
    is_capitals,
    is_date,
    label_key,
    may_be_a_name,
    never_speaks,
)
from qualcode.readers._words import guess_roles, is_code, is_role_word

STRONG = ("marked", "timed")
WEAK = ("alone", "tab", "bare")


@dataclass(frozen=True, slots=True)
class Candidate:
    """Words at the beginning of a line that may name a speaker.

    Parameters
    ----------
    line
        Index of the line.
    label
        The words.
    style
        "plain" (Name: ...), "marked" (bold), "timed" (a time beside it), "alone" (on its own line),
        "tab" (before a tab), "bare" (bold without a colon).
    has_words
        Whether words follow on the same line.
    opens
        Whether the line opens a paragraph.
    """

    line: int
    label: str
    style: str
    has_words: bool = True
    opens: bool = True


def choose_labels(
    candidates: Sequence[Candidate], paragraphs: int, certain: Iterable[str] = ()
) -> list[Candidate]:
    """Return the candidates that name a speaker, by the rule at the top of this module.

    Parameters
    ----------
    candidates
        At most one for each line, in the order of the document.
    paragraphs
        How many paragraphs (or cues) the document has, without its header.
    certain
        Labels that the caller has named.

    Examples
    --------
    >>> talk = [Candidate(n, name, "plain") for n, name in enumerate(["MEL", "NICK", "MEL", "NICK", "KIM"])]
    >>> note = Candidate(5, "So the first one is", "plain")
    >>> [found.label for found in choose_labels([*talk, note], paragraphs=9)]
    ['MEL', 'NICK', 'MEL', 'NICK', 'KIM']
    """
    named = {label_key(label) for label in certain}
    keys = {label_key(each.label): each.label for each in candidates}
    dates = {key for key, label in keys.items() if is_date(label)}
    refused = {label for label in {each.label for each in candidates} if _refused(label, keys.keys(), dates)}
    shaped = [
        each
        for each in candidates
        if label_key(each.label) in named or (has_name_shape(each.label) and each.label not in refused)
    ]
    usable = [each for each in candidates if each.label not in refused]
    established = _established(shaped, paragraphs, named) | _lower_case(usable, paragraphs)
    chosen = [each for each in candidates if _is_in(each, established)]
    company = _Company(chosen, shaped, paragraphs)
    for each in shaped:
        if not _is_in(each, established) and company.admits(each):
            established.add((label_key(each.label), each.style))
    chosen = [each for each in candidates if _is_in(each, established)]
    return [each for each in chosen if label_key(each.label) in named or not company.is_talk(each)]


def _refused(label: str, keys: Set[str], dates: set[str]) -> bool:
    """Question and Answer are speakers where both stand in the document, otherwise headings; days never speak."""
    pairs = ({"question", "answer"}, {"frage", "antwort"}, {"question", "réponse"}, {"pregunta", "respuesta"})
    key = label_key(label)
    if any(key in pair for pair in pairs):
        return not any(key in pair and pair <= keys for pair in pairs)
    if is_date(label):
        return bool(dates - {key}) or not may_be_a_name(label)
    return never_speaks(label)


def _is_in(each: Candidate, established: set[tuple[str, str]]) -> bool:
    key = label_key(each.label)
    if (key, each.style) in established:
        return True
    # Once a name is known, "Name:" and a bold or timed one are all its label; a name alone on a line
    # or before a tab may be talk.
    return each.style not in WEAK and any((key, style) in established for style in ("plain", *STRONG))


def _established(shaped: list[Candidate], paragraphs: int, named: set[str]) -> set[tuple[str, str]]:
    counts = Counter((label_key(each.label), each.style) for each in shaped)
    mixed = {(label_key(each.label), each.style) for each in shaped if not is_capitals(each.label)}
    written = {(label_key(each.label), each.style): each.label for each in shaped}
    pair = guess_roles(tuple(dict.fromkeys(each.label for each in shaped if each.style not in WEAK)))
    interview = set(pair) if {"interviewer", "participant"} <= set(pair.values()) else set()
    timed = sum(count for (_, style), count in counts.items() if style == "timed")
    found: set[tuple[str, str]] = set()
    for (key, style), count in counts.items():
        label = written[key, style]
        if key in named:
            enough = 1
        elif style in WEAK:
            continue
        elif is_role_word(label) or label in interview or (style == "timed" and timed >= 3):
            enough = 1
        elif style in STRONG or (key, style) not in mixed or is_code(label):
            enough = 2
        else:
            enough = 3
        if count >= enough:
            found.add((key, style))
    for style in WEAK:
        frequent = {key for (key, its), count in counts.items() if its == style and count >= 2}
        uses = sum(counts[key, style] for key in frequent)
        if len(frequent) >= 2 and uses >= 4 and uses >= paragraphs * 0.2:
            found |= {(key, style) for key in frequent}
    return found or _taking_turns(shaped, paragraphs)


def _taking_turns(shaped: list[Candidate], paragraphs: int) -> set[tuple[str, str]]:
    keys = [label_key(each.label) for each in shaped if each.style == "plain"]
    around = zip(keys, keys[1:], keys[2:], strict=False)
    found = {key for first, second, third in around if first == third != second for key in (first, second)}
    uses = sum(1 for key in keys if key in found)
    return {(key, "plain") for key in found} if uses >= paragraphs * 0.3 else set()


def _lower_case(candidates: Sequence[Candidate], paragraphs: int) -> set[tuple[str, str]]:
    """Rule 3, last sentence: chats in which names are not capitalised."""
    usable = [
        each
        for each in candidates
        if each.style in ("plain", *STRONG)
        and len(each.label.split()) <= 3
        and has_name_shape(each.label.title())
    ]
    counts = Counter(label_key(each.label) for each in usable)
    frequent = {key for key, count in counts.items() if count >= 4}
    if len(frequent) < 2 or sum(counts[key] for key in frequent) < paragraphs * 0.5:
        return set()
    return {(key, "plain") for key in frequent}


class _Company:
    """What the established labels of a document look like, to judge the rarer ones (rules 4 to 6)."""

    def __init__(self, chosen: list[Candidate], shaped: list[Candidate], paragraphs: int) -> None:
        total = max(1, len(chosen))
        self.keys = {label_key(each.label) for each in chosen}
        self.bases = {base_of(each.label) for each in chosen}
        self.capitals = sum(is_capitals(each.label) for each in chosen) / total > 0.5
        self.styles = Counter(each.style for each in chosen)
        self.main = self.styles.most_common(1)[0][0] if chosen else ""
        self.two = len(self.keys) >= 2
        self.counts = Counter(label_key(each.label) for each in shaped)
        self.strong_keys = {label_key(each.label) for each in chosen if each.style in STRONG}
        strong = sum(self.styles[style] for style in STRONG)
        self.strong = strong > total * 0.8 and strong >= 4 and self.two
        main = self.main or "plain"
        openings = sum(1 for each in shaped if each.opens and (each.style == main or each.style not in WEAK))
        several = len({label_key(each.label) for each in shaped}) > 1
        enough = 0.6 if several and not self.keys else 0.8
        self.dense = paragraphs > 0 and openings >= paragraphs * enough

    def admits(self, each: Candidate) -> bool:
        key, base = label_key(each.label), base_of(each.label)
        if each.style in WEAK:
            return each.style == self.main and self.two and (self.dense or is_role_word(each.label))
        if key in self.bases or base in self.bases:
            return True
        if self.keys and each.style == "plain" and self.counts[key] >= 2 and each.opens:
            return True
        if self.keys and each.opens:
            if each.style in STRONG and self.styles[each.style] >= 2:
                return True
            if self.capitals and is_capitals(each.label) and len(each.label.split()) <= 4:
                return True
        return self.dense and each.opens and (each.has_words or each.style in STRONG)

    def is_talk(self, each: Candidate) -> bool:
        if not self.strong or each.style in STRONG or is_role_word(each.label):
            return False
        return label_key(each.label) not in self.strong_keys
