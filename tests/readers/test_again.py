"""A text that was changed is read again by the rules that read it first."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from qualcode.readers._again import read_again
from qualcode.readers._turns import read_prose
from qualcode.relocate import Relocation
from qualcode.span import Span
from qualcode.transcript import Transcript, Turn

pieces = st.sampled_from(
    ["Ana: yes.", "Ben: no, never.", "Interviewer: why?", "[0:05]", "", "and so on: it goes", "Cem:", "Ana: [1:10] well.",
     "Title of it", "*Ben:* so", "x"]
)  # fmt: skip
texts = st.lists(pieces, max_size=9).map("\n".join)
CERTAIN = ("Ana", "Ben", "Cem", "Interviewer")


def transcript(text: str) -> Transcript:
    reading = read_prose(text, CERTAIN)
    return Transcript("P1", "P1", text, reading.turns, reading.marks)


@settings(max_examples=300, deadline=None)
@given(texts, texts, st.integers(0, 200), st.integers(0, 60), st.booleans())
def test_what_the_rules_told_before_they_tell_again(
    old: str, instead: str, at: int, length: int, known: bool
) -> None:
    start = min(at, len(old))
    new = old[:start] + instead + old[start + length :]
    before = transcript(old)
    again = read_again(before, Relocation(old, new if known else instead))
    text = new if known else instead
    now = Transcript("P1", "P1", text, again.turns, again.marks)
    assert set(again.numbers.values()) <= {turn.number for turn in now.turns}
    if {turn.speaker for turn in before.turns} >= set(CERTAIN):
        wanted = read_prose(text, CERTAIN)
        assert [(turn.speaker, turn.span) for turn in now.turns] == [
            (turn.speaker, turn.span) for turn in wanted.turns
        ]


@settings(max_examples=200, deadline=None)
@given(texts, texts, st.data())
def test_what_no_rule_told_stays(old: str, new: str, data: st.DataObject) -> None:
    """Turns by somebody's hand keep their speakers, whatever stands in the text."""
    cuts = sorted(data.draw(st.sets(st.integers(0, len(old)), max_size=8)))
    spans = [
        Span(start, end) for start, end in zip(cuts[::2], cuts[1::2], strict=False) if old[start:end].strip()
    ]
    turns = tuple(Turn(number, f"S{number}", span) for number, span in enumerate(spans, start=1))
    before = Transcript("P1", "P1", old, turns)
    again = read_again(before, Relocation(old, new))
    now = Transcript("P1", "P1", new, again.turns, again.marks)
    starts = {turn.span.start for turn in read_prose(old, CERTAIN).turns}
    by_number = {turn.number: turn for turn in now.turns}
    for turn in turns:
        if turn.number in again.numbers and turn.span.start not in starts:
            assert (by_number[again.numbers[turn.number]].speaker or "").startswith("S")
