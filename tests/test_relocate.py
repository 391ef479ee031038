"""Places that follow a text: never off their words without saying so."""

from __future__ import annotations

import difflib
import itertools

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from qualcode.relocate import Edit, Placement, Relocation, edits_between, within_turns
from qualcode.span import Span
from qualcode.transcript import TimeMark, Turn

words = st.lists(
    st.sampled_from(["a", "data", "the", "model", "drifts", "e\u0301", "🙂", "\n", ".", "Ana:"]), max_size=30
)
texts = words.map(" ".join)


def applied(old: str, edits: tuple[Edit, ...], new: str) -> str:
    """Return the old text with the edits carried out, by their plain meaning."""
    pieces, at = [], 0
    for edit in edits:
        pieces += [old[at : edit.start], new[edit.new_start : edit.new_end]]
        at = edit.end
    return "".join([*pieces, old[at:]])


@settings(max_examples=300, deadline=None)
@given(texts, texts)
def test_edits_carried_out_give_the_new_text(old: str, new: str) -> None:
    edits = edits_between(old, new)
    assert applied(old, edits, new) == new
    for one, other in itertools.pairwise(edits):
        assert one.end < other.start
        assert one.new_end < other.new_start
    assert all(edit.end > edit.start or edit.new_end > edit.new_start for edit in edits)


@settings(max_examples=300, deadline=None)
@given(texts.filter(lambda text: len(text) > 2), texts, st.data())
@example("a a", "a", None)
def test_what_is_sure_stands_on_its_words(old: str, new: str, data: st.DataObject | None) -> None:
    start = data.draw(st.integers(0, len(old) - 1)) if data else 0
    span = Span(start, data.draw(st.integers(start + 1, len(old))) if data else start + 1)
    way = Relocation(old, new)
    placement = way.place(span)
    if placement.how in ("same", "moved", "found"):
        assert placement.span is not None
        assert new[placement.span.start : placement.span.end] == old[span.start : span.end]
    if placement.how == "edited":  # what stands there is the passage with the edits inside it carried out
        assert placement.span is not None
        inside = tuple(
            Edit(e.start - span.start, e.end - span.start, e.new_start, e.new_end)
            for e in way.edits
            if span.start <= e.start and e.end <= span.end and span.start < e.end and e.start < span.end
        )
        assert new[placement.span.start : placement.span.end] == applied(
            old[span.start : span.end], inside, new
        )
    if placement.span is not None:
        assert 0 <= placement.span.start < placement.span.end <= len(new)
        assert (
            new[placement.span.start : placement.span.end].strip() or not old[span.start : span.end].strip()
        )


@pytest.mark.parametrize(
    ("old", "new", "quote", "expected", "how"),
    [
        ("We train it. It drifts.", "We train it. It drifts.", "It drifts", "It drifts", "same"),
        ("We train it. It drifts.", "Well, we train it. It drifts.", "It drifts", "It drifts", "moved"),
        ("So the modle drifts, always.", "So the model drifts, always.", "the modle drifts", "the model drifts", "edited"),
        # something added at the border stays outside
        ("It drifts. Yes.", "It drifts. Always. Yes.", "It drifts.", "It drifts.", "same"),
        ("It drifts. Yes.", "Oh. It drifts. Yes.", "It drifts.", "It drifts.", "moved"),
        # the first word of the passage was corrected
        ("So teh model drifts.", "So the model drifts.", "teh model drifts", "the model drifts", "edited"),
        # a paragraph was put elsewhere
        ("One two three.\nFour five six seven.\nEight nine ten eleven twelve.\n",
         "One two three.\nEight nine ten eleven twelve.\nFour five six seven.\n",
         "Four five six seven.", "Four five six seven.", "found"),
        # the words are gone
        ("We train it. Nobody sees the drift. Yes.", "We train it. Yes.", "Nobody sees the drift.", None, "lost"),
        # half of it is left and its borders stand
        ("We train it. Nobody here sees that the model drifts. Yes.",
         "We train it. No one sees that our model has drifted. Yes.",
         "Nobody here sees that the model drifts", "No one sees that our model has drifted", "edited"),
        # rewritten: proposed, never taken
        ("We train it. Nobody here sees that the model drifts. Yes.",
         "We train it. No one ever saw how models are drifting. Yes.",
         "Nobody here sees that the model drifts", "No one ever saw how models are drifting", "similar"),
    ],
)  # fmt: skip
def test_places(old: str, new: str, quote: str, expected: str | None, how: str) -> None:
    placement = Relocation(old, new).place(Span(old.index(quote), old.index(quote) + len(quote)))
    assert placement.how == how
    found = None if placement.span is None else new[placement.span.start : placement.span.end]
    assert found == expected


def test_a_passage_whose_border_was_rewritten_is_only_proposed() -> None:
    old = "They said the budget was spent and left early."
    new = "They said the money had gone and left early."
    placement = Relocation(old, new).place(Span(old.index("budget"), old.index(" and")))
    assert not placement.sure


def test_a_known_correction_is_sure_where_a_guess_is_not() -> None:
    old, new = "He said teh.", "He said the."
    guess, known = Relocation(old, new), Relocation(old, new, (Edit(8, 11, 8, 11),), known=True)
    assert known.place(Span(8, 11)).how == "edited"
    assert guess.place(Span(8, 11)).how in ("similar", "edited", "lost")


def test_the_same_words_twice_are_told_apart_by_their_neighbours() -> None:
    old = "Ana: It was late.\nBen: It was late.\n"
    new = "Ana: It was late.\nCem: Really?\nBen: It was late.\n"
    second = old.rindex("It was late.")
    placement = Relocation(old, new).place(Span(second, second + 12))
    assert (placement.how, placement.span) == (
        "moved",
        Span(new.rindex("It was late."), new.rindex("It was late.") + 12),
    )


def turns_of(text: str) -> tuple[Turn, ...]:
    turns, at = [], 0
    for line in text.split("\n"):
        label, colon, said = line.partition(": ")
        if colon and said.strip():
            start = at + len(label) + 2
            turns.append(Turn(len(turns) + 1, label, Span(start, start + len(said))))
        at += len(line) + 1
    return tuple(turns)


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        ("Ana: Why?\nBen: It drifts.\nAna: Oh.\n", ["Why?", "It drifts.", "Oh."]),
        ("Ana: Why? Tell me.\nBen: It drifts.\nAna: Oh.\n", ["Why? Tell me.", "It drifts.", "Oh."]),
        ("Ana: So, why?\nBen: It really drifts.\nAna: Oh.\n", ["So, why?", "It really drifts.", "Oh."]),
        ("Anna: Why?\nBen: It drifts.\nAnna: Oh.\n", ["Why?", "It drifts.", "Oh."]),
        ("Ana: Why?\nAna: Oh.\n", ["Why?", "Oh."]),
        ("Talk of May\n\nAna: Why?\n[pause]\nBen: It drifts.\nAna: Oh.\n", ["Why?", "It drifts.", "Oh."]),
    ],
)
def test_turns_follow_the_text(new: str, expected: list[str]) -> None:
    old = "Ana: Why?\nBen: It drifts.\nAna: Oh.\n"
    turns, numbers = Relocation(old, new).turns(turns_of(old))
    assert [new[turn.span.start : turn.span.end] for turn in turns] == expected
    assert [turn.number for turn in turns] == list(range(1, len(expected) + 1))
    assert sorted(numbers.values()) == list(range(1, len(expected) + 1))


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(["Ana", "Ben"]), texts), max_size=6),
    texts,
    st.integers(0, 200),
    st.integers(0, 40),
)
def test_turns_never_overlap_and_marks_are_never_lost(
    said: list[tuple[str, str]], instead: str, at: int, length: int
) -> None:
    old = "".join(f"{who}: {' '.join(what.split())}\n" for who, what in said)
    start = min(at, len(old))
    new = old[:start] + instead + old[start + length :]
    way = Relocation(old, new)
    turns, _ = way.turns(turns_of(old))
    end = 0
    for turn in turns:
        assert end <= turn.span.start < turn.span.end <= len(new)
        assert new[turn.span.start : turn.span.end].strip()
        end = turn.span.end
    marks = tuple(TimeMark(turn.span.start, float(turn.number)) for turn in turns_of(old))
    moved = way.marks(marks)
    assert [mark.begins for mark in moved] == [mark.begins for mark in marks]
    assert [mark.position for mark in moved] == sorted(mark.position for mark in moved)
    assert all(0 <= mark.position <= len(new) for mark in moved)


def test_far_fewer_steps_than_comparing_letters() -> None:
    """A long text with a word changed in every line is compared at once."""
    old = "".join(f"Ana: line {number} says that the data came late again\n" for number in range(3000))
    new = old.replace("came late", "arrived late")
    way = Relocation(old, new)
    assert len(way.edits) == 3000
    place = old.index("line 1500")
    assert way.place(Span(place, place + 9)).span == Span(new.index("line 1500"), new.index("line 1500") + 9)


def test_agrees_with_the_standard_library_where_one_word_changed() -> None:
    old, new = "one two three four five", "one two 3 four five"
    (edit,) = edits_between(old, new)
    codes = [
        code
        for code in difflib.SequenceMatcher(None, old.split(), new.split()).get_opcodes()
        if code[0] != "equal"
    ]
    assert codes == [("replace", 2, 3, 2, 3)]
    assert (old[edit.start : edit.end], new[edit.new_start : edit.new_end]) == ("three", "3")


def test_a_passage_that_grows_to_the_left_into_another_turn_is_only_proposed() -> None:
    old, new = "Bob: No.\nMaria: It drifts.\n", "Bob: No.\nAnd so\nMaria: it all drifts.\n"
    old_turns = [Turn(1, "Bob", Span(5, 8)), Turn(2, "Maria", Span(16, 26))]
    new_turns = [Turn(1, "Bob", Span(5, 15)), Turn(2, "Maria", Span(23, 37))]
    way = Relocation(old, new, (Edit(9, 19, 9, 30),), known=True)
    placement = within_turns(way, Placement(Span(9, 36), "edited"), Span(16, 25), old_turns, new_turns)
    assert placement == Placement(Span(23, 36), "similar")


def test_borders_of_turns_that_were_crossed_before_may_be_crossed() -> None:
    old, new = "Bob: No.\nMaria: It drifts.\n", "Bob: No, no.\nMaria: Yes, it drifts.\n"
    old_turns = [Turn(1, "Bob", Span(5, 8)), Turn(2, "Maria", Span(16, 26))]
    new_turns = [Turn(1, "Bob", Span(5, 12)), Turn(2, "Maria", Span(20, 35))]
    before = Span(5, 26)
    way = Relocation(old, new)
    placement = way.place(before)
    assert (
        placement
        == within_turns(way, placement, before, old_turns, new_turns)
        == Placement(Span(5, 35), "edited")
    )
