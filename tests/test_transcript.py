"""Transcript: offsets in code points, whatever the letters, held against brute force."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qualcode.errors import InvalidValue, QuoteError
from qualcode.places import TimePlace, TurnPlace, at, clock, find_span, turn
from qualcode.span import Span
from qualcode.transcript import TimeMark, Transcript, Turn, prepare_text, text_version

PIECES = [
    "a",
    "b",
    " ",
    "  ",
    "\n",
    "é",
    "e\u0301",
    "🙂",
    "👩\u200d🔬",
    "ß",
    "İ",
    "信",
    "\u00a0",
    ".",
    "*",
    "\\",
]
texts = st.lists(st.sampled_from(PIECES), max_size=25).map("".join)
words = st.lists(st.sampled_from(PIECES), min_size=1, max_size=8).map("".join).filter(str.strip)


@st.composite
def transcripts(draw: st.DrawFn) -> Transcript:
    text, turns = draw(texts), []
    for number, said in enumerate(draw(st.lists(words, max_size=6)), start=1):
        speaker = draw(st.sampled_from(["Ana", "Zoë 🙂", None]))
        text += f"{speaker}: " if speaker else ""
        begins = draw(st.none() | st.integers(0, 20).map(float))
        ends = None if begins is None else draw(st.none() | st.integers(0, 9).map(lambda n: begins + n))  # noqa: B023
        turns.append(Turn(number, speaker, Span(len(text), len(text) + len(said)), begins, ends))
        text += said + draw(texts)
    places = st.integers(0, len(text))
    marks = draw(
        st.lists(st.builds(TimeMark, places, st.floats(0, 1e4), st.none() | st.floats(0, 1e4)), max_size=5)
    )
    return Transcript("P1", "P1", text, tuple(turns), tuple(marks))


@given(transcripts(), words)
@settings(deadline=None)
def test_find_gives_every_place_and_no_other(transcript: Transcript, quote: str) -> None:
    text, wanted = transcript.text, quote.strip()
    exact = [Span(i, i + len(wanted)) for i in range(len(text)) if text[i : i + len(wanted)] == wanted]
    pattern = re.compile(r"\s+".join(map(re.escape, wanted.split())))
    loose = [Span(i, match.end()) for i in range(len(text)) if (match := pattern.match(text, i))]
    assert transcript.find(quote) == (exact or loose)
    for span in transcript.find(quote):
        assert transcript.text_of(span).split() == wanted.split()


def test_what_no_screen_shows_does_not_part_a_quote() -> None:
    text = "We were even late. It is e\u00adven worse, un\u00ad\u200bbe\u00adliev\u00adable and\u00ad\n\u00adodd."
    talk = Transcript("P1", "P1", text, ())
    assert [talk.text_of(span) for span in talk.find("even")] == ["even", "e\u00adven"]
    assert [talk.text_of(span) for span in talk.find("e\u00adven worse, unbeliev")] == [
        "e\u00adven worse, un\u00ad\u200bbe\u00adliev"
    ]
    assert talk.text_of(talk.find("unbelievable and odd")[0]) == text[text.index("un\u00ad") : -1]
    assert talk.find("ev en") == talk.find("\u00ad") == []
    assert Transcript("P1", "P1", "even", ()).find("e\u00adven") == [Span(0, 4)]


@given(transcripts(), st.data())
@settings(deadline=None)
def test_looking_up_turns_is_looking_through_all(transcript: Transcript, data: st.DataObject) -> None:
    end = len(transcript.text)
    for position in range(-1, end + 2):
        holding = [t for t in transcript.turns if t.span.start <= position < t.span.end]
        assert transcript.turn_at(position) == (holding[0] if holding else None)
    if end:
        start = data.draw(st.integers(0, end - 1))
        span = Span(start, data.draw(st.integers(start + 1, end)))
        touched = tuple(t for t in transcript.turns if set(range(*_ends(t.span))) & set(range(*_ends(span))))
        assert transcript.turns_touching(span) == touched
        assert find_span(transcript, span) == find_span(transcript, _ends(span)) == span
    for seconds in range(0, 32):
        spoken = [
            t
            for t in transcript.turns
            if t.begins is not None and t.begins <= seconds and (t.ends is None or seconds < t.ends)
        ]
        assert transcript.at_time(seconds) == (spoken[-1] if spoken else None)
    assert [m.position for m in transcript.marks] == sorted(m.position for m in transcript.marks)
    frame = transcript.to_frame()
    assert frame.text.tolist() == [transcript.text[t.span.start : t.span.end] for t in transcript.turns]


def _ends(span: Span) -> tuple[int, int]:
    return span.start, span.end


@given(st.text())
def test_a_prepared_text_stays_as_it_is(raw: str) -> None:
    text = prepare_text(raw)
    assert prepare_text(text) == text or text.startswith("\ufeff")
    assert "\r" not in text
    text.encode("utf-8")
    assert text_version(text) == text_version(text)


def test_letters_are_never_normalised() -> None:
    assert prepare_text("e\u0301\r\né") == "e\u0301\né"
    transcript = Transcript("P1", "P1", "cafe\u0301 🙂 café", ())
    assert transcript.find("café") == [Span(8, 12)]
    assert transcript.find("cafe\u0301") == [Span(0, 5)]
    assert transcript.find("🙂") == [Span(6, 7)], "one code point, though two units in a browser"


def test_places_that_share_letters_are_all_found() -> None:
    assert Transcript("P1", "P1", "aaa", ()).find("aa") == [Span(0, 2), Span(1, 3)]
    assert Transcript("P1", "P1", "a\na\na", ()).find("a a") == [Span(0, 3), Span(2, 5)]


@pytest.mark.parametrize(
    ("turns", "message"),
    [
        ((Turn(2, "A", Span(0, 1)),), "Turn 1 of P1 is numbered 2"),
        ((Turn(1, "A", Span(0, 3)), Turn(2, "A", Span(2, 4))), r"Turn 2 of P1 lies at \[2, 4\)"),
        ((Turn(1, "A", Span(0, 99)),), r"Turn 1 of P1 lies at \[0, 99\).*the text at 5"),
        ((Turn(1, "", Span(0, 1)),), "empty speaker"),
        ((Turn(1, "A\nB", Span(0, 1)),), "must be one line without blanks around it, got 3 characters"),
        ((Turn(1, " A", Span(0, 1)),), "must be one line"),
        ((Turn(1, "A", Span(0, 1), -1.0),), r"Turn 1 of P1 has the time -1.0; times are seconds"),
        ((Turn(1, "A", Span(0, 1), 0.0, float("nan")),), "has the time nan"),
    ],
)
def test_turns_that_cannot_be(turns: tuple[Turn, ...], message: str) -> None:
    with pytest.raises(InvalidValue, match=message):
        Transcript("P1", "P1", "words", turns)


@pytest.mark.parametrize("text", ["a\rb", "\ufeffa", "a\ud800"])
def test_a_text_that_was_not_prepared_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue, match=r"Pass it through qualcode.transcript.prepare_text"):
        Transcript("P1", "P1", text, ())


def test_time_marks_stand_in_the_text() -> None:
    with pytest.raises(InvalidValue, match=r"A time mark of P1 stands at 6, outside the text \(0 to 5\)"):
        Transcript("P1", "P1", "words", (), (TimeMark(6, 1.0),))
    with pytest.raises(InvalidValue, match=r"The time mark at 2 of P1 has the time inf"):
        Transcript("P1", "P1", "words", (), (TimeMark(2, float("inf")),))


class TestPlaces:
    transcript = Transcript(
        "P1",
        "P1",
        "Ana: secret words\nBen: secret words",
        (Turn(1, "Ana", Span(5, 17)), Turn(2, "Ben", Span(23, 35))),
    )

    def test_a_turn_of_a_longer_transcript_is_refused(self) -> None:
        with pytest.raises(
            InvalidValue, match=r"\[0, 50\) ends after the text of P1, which has 35 characters"
        ):
            find_span(self.transcript, Turn(1, "A", Span(0, 50)))

    @pytest.mark.parametrize(
        ("where", "message"),
        [
            (
                "secret words",
                r"\(12 characters\) is in P1 2 times: \(5, 17\) in turn 1, \(23, 35\) in turn 2",
            ),
            ("SECRET words", r"\(12 characters\) is not in P1. Turn 1 has the same words"),
            (" \n", "The quote is empty"),
            ((3, 99), "ends after the text"),
            ((1.5, 2), "A place of type tuple is not understood"),
            (TurnPlace(2, 1), "P1 has no turns 2 to 1"),
            (TimePlace(3.0), "Nobody speaks in P1 at 0:03. It has no times."),
        ],
    )
    def test_mistakes_say_what_to_do_and_never_quote(self, where: object, message: str) -> None:
        with pytest.raises(InvalidValue, match=message) as error:
            find_span(self.transcript, where)
        assert "secret" not in str(error.value).lower()
        if isinstance(where, str):
            assert isinstance(error.value, QuoteError)

    @pytest.mark.parametrize(
        ("time", "seconds"),
        [("1:02", 62), ("00:01:02,5", 62.5), (" 7 ", 7), (62.25, 62.25), ("1:00:00", 3600)],
    )
    def test_times(self, time: str | float, seconds: float) -> None:
        assert at(time) == TimePlace(seconds, whole=isinstance(time, str) and seconds == int(seconds))

    def test_a_time_as_it_is_shown_finds_the_turn_it_is_shown_at(self) -> None:
        """Turns begin within a second; what is shown of it is the second."""
        begins = (0.04, 1.2, 81.961, 82.0, 3661.9)
        turns = tuple(
            Turn(n, "A", Span(10 * n, 10 * n + 5), b, e)
            for n, (b, e) in enumerate(zip(begins, (1.1, 81.9, 82.0, None, None), strict=True))
        )
        spoken = Transcript("P1", "P1", "x" * 100, tuple(replace(t, number=t.number + 1) for t in turns))
        for each in spoken.turns:
            assert each.begins is not None
            assert find_span(spoken, at(clock(each.begins))) == each.span
        assert find_span(spoken, at("0:30")) == spoken.turns[1].span, "in the middle of a turn"
        assert find_span(spoken, at(81.0)) == spoken.turns[1].span, "a number of seconds is exact"

    @pytest.mark.parametrize(
        ("text", "quote"),
        [
            ("I didn\u2019t say \u201cnever\u201d.", 'didn\'t say "never"'),
            ('I didn\'t say "never".', "didn\u2019t say \u201cnever\u201d"),
            ("It was \u2013 well \u2013 late.", "was - well -  late"),
        ],
    )
    def test_marks_that_no_keyboard_has_are_found_by_those_it_has(self, text: str, quote: str) -> None:
        found = Transcript("P1", "P1", text, ()).find(quote)
        assert len(found) == 1
        assert text[found[0].start : found[0].end].split()[0] in text
        assert Transcript("P1", "P1", text, ()).find("nowhere's") == []

    @pytest.mark.parametrize("time", ["soon", "", "1:2:3:4", None, float("nan"), -1, True])
    def test_what_is_no_time(self, time: object) -> None:
        with pytest.raises(InvalidValue, match=r"is no time. Write 00:01:02"):
            at(time)  # type: ignore[arg-type]

    @pytest.mark.parametrize("number", ["2", 2.0, None])
    def test_turns_are_whole_numbers(self, number: object) -> None:
        with pytest.raises(InvalidValue, match="Turns are named by whole numbers"):
            turn(number)  # type: ignore[arg-type]
