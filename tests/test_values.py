"""Small values and their files: what is written comes back, and what is broken is named."""

from __future__ import annotations

import json
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qualcode.case import Attribute, Case, guess_attribute, is_missing
from qualcode.coding import CODING_COLUMNS, Coder, format_codings, parse_codings, row_order
from qualcode.csvtext import decode, format_csv, parse_csv
from qualcode.errors import FileProblems, InvalidValue
from qualcode.identity import check_coder_id, known_coder, set_coder, settings_path
from qualcode.log import Event, Rows, history_frame, parse_log, steps
from qualcode.memo import Memo, check_target, format_memo, parse_memo
from qualcode.span import Span
from qualcode.transcript import TimeMark, Transcript, Turn
from qualcode.turns_file import format_turns, parse_turns

odd = st.sampled_from(['"', ",", ";", "\n", "\r", "\r\n", "'", "---", "NA", "1e5", "no", "é", "e\u0301", "🙂", " ", "=1+1", "\ufeff", "<<<<<<< ours"])  # fmt: skip
texts = st.lists(odd | st.text(max_size=4), max_size=4).map("".join)
lines = texts.map(lambda text: " ".join(text.split()))


def kept(text: str) -> str:
    """Return a text as a file keeps it: "\\n" newlines, no half characters (st.text makes none)."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


class TestCsv:
    @given(st.integers(1, 4).flatmap(lambda n: st.lists(st.lists(texts, min_size=n, max_size=n), max_size=5)))
    def test_what_is_written_comes_back(self, rows: list[list[str]]) -> None:
        header = [f"column {number}" for number in range(len(rows[0]) if rows else 2)]
        content = format_csv(header, rows)
        if any(line.startswith("<<<<<<< ") for line in content.decode().split("\n")):
            return  # looks like an unfinished merge, and is refused
        assert parse_csv(content, "t.csv") == (header, [[kept(cell) for cell in row] for row in rows], [])
        assert format_csv(header, parse_csv(content, "t.csv")[1]) == content

    @given(st.integers(1, 4).flatmap(lambda n: st.lists(st.lists(texts, min_size=n, max_size=n), max_size=5)))
    def test_a_table_is_written_as_its_lines_are(self, rows: list[list[str]]) -> None:
        header = [f"column {number}" for number in range(len(rows[0]) if rows else 2)]
        assert format_csv(header, rows) == b"".join(format_csv(row, []) for row in [header, *rows])

    @given(st.lists(st.lists(st.text("ab;. '", max_size=3), min_size=2, max_size=2)))
    def test_quick_and_slow_reading_agree(self, rows: list[list[str]]) -> None:
        plain = format_csv(["a", "b"], rows)
        quoted = plain.replace(b"a,b", b'"a",b', 1)
        assert parse_csv(plain, "t.csv") == parse_csv(quoted, "t.csv")

    @pytest.mark.parametrize("first", ["a,b", '"a",b'])
    def test_a_row_of_another_width_is_named_and_left_out(self, first: str) -> None:
        content = f"\n{first}\n1,2\n\n3\n4,5,6\n7,8\n".encode()
        header, rows, problems = parse_csv(content, "t.csv", ["a"])
        assert (header, rows) == (["a", "b"], [["1", "2"], ["7", "8"]])
        assert [str(problem).split(" (")[0] for problem in problems] == [
            "t.csv:5: has 1 columns, the header 2",
            "t.csv:6: has 3 columns, the header 2",
        ]

    @pytest.mark.parametrize(
        ("content", "message"),
        [
            (b"", "t.csv:1: misses the column case"),
            (b"case;kind\nA;B\n", "t.csv:1: misses the column case (it was perhaps saved with semicolons"),
            (b"case,kind,kind\n", "t.csv:1: has the column 'kind' twice"),
            (b"case\nA\n\xff\xfe\n", "t.csv:3: is not UTF-8 text"),
            (b"case\nA\n<<<<<<< ours\nB\n", "t.csv:3: holds the marks of an unfinished git merge"),
            (b'case,x\nA,"B\nC,D\n', "t.csv:3: is not readable as a table: unexpected end of data"),
            (b'case,x\nA,"B" C\n', "t.csv:2: is not readable as a table: ',' expected"),
        ],
    )
    def test_what_is_no_table(self, content: bytes, message: str) -> None:
        with pytest.raises(FileProblems) as error:
            parse_csv(content, "t.csv", ["case"])
        assert message in str(error.value)

    def test_a_byte_order_mark_and_windows_newlines_are_dropped(self) -> None:
        assert parse_csv(b"\xef\xbb\xbfcase\r\nA\r\n", "t.csv", ["case"]) == (["case"], [["A"]], [])
        assert decode(b"\xef\xbb\xbfa\r\nb", "t") == "a\nb"

    def test_a_field_may_be_long(self) -> None:
        long = "12@3 " * 60_000 + '"'
        assert parse_csv(format_csv(["a"], [[long]]), "t.csv")[1] == [[long]]

    def test_half_characters_do_not_stop_a_write(self) -> None:
        assert format_csv(["a"], [["x\ud83d"]]) == "a\nx\ufffd\n".encode()


class TestCases:
    @given(st.text(max_size=8) | texts)
    def test_text_comes_back_in_one_line(self, value: str) -> None:
        attribute = Attribute("note")
        written = attribute.write(value)
        assert not {"\n", "\r"} & set(written)
        assert attribute.read(written) == (written or None)
        assert attribute.write(written) == written

    @given(st.floats(allow_nan=False, allow_infinity=False))
    def test_numbers_come_back(self, value: float) -> None:
        attribute = Attribute("years", "number")
        assert attribute.read(attribute.write(value)) == value
        assert attribute.read(attribute.write(np.float64(value))) == value

    @given(st.integers(-(2**52), 2**52), st.booleans(), st.dates())
    def test_other_single_values_come_back(self, number: int, yes: bool, day: date) -> None:
        for kind, value in (("number", number), ("boolean", yes), ("date", day)):
            attribute = Attribute("a", kind)
            assert attribute.read(attribute.write(value)) == value

    @given(st.lists(lines.map(lambda t: t.replace(";", "").strip()).filter(bool), min_size=1, max_size=4))
    def test_lists_come_back(self, values: list[str]) -> None:
        attribute = Attribute("tools", "list")
        assert attribute.read(attribute.write(values)) == tuple(values)

    @pytest.mark.parametrize("value", [None, float("nan"), np.nan, pd.NA, pd.NaT])
    def test_what_is_missing_is_an_empty_cell(self, value: object) -> None:
        assert is_missing(value)
        for kind in ("text", "number", "boolean", "date", "list"):
            assert Attribute("a", kind).write(value) == ""
            assert Attribute("a", kind).read("") is None

    def test_an_array_is_not_missing(self) -> None:
        assert not is_missing(np.array([1, 2]))
        assert not is_missing("")

    @pytest.mark.parametrize(
        ("kind", "text", "expected"),
        [
            ("number", "nan", "a number such as 7"),
            ("number", "inf", "a number such as 7"),
            ("number", "1_000", "a number such as 7"),
            ("number", "seven", "a number such as 7"),
            ("boolean", "maybe", "yes or no"),
            ("date", "1.3.2026", "a date such as 2026-03-01"),
            ("ordered", "mid", "one of low, high"),
        ],
    )
    def test_what_is_no_value(self, kind: str, text: str, expected: str) -> None:
        attribute = Attribute("a", kind, ("low", "high") if kind == "ordered" else ())
        for attempt in (attribute.read, attribute.write):
            with pytest.raises(InvalidValue, match=f"'{text}' is no value of the attribute 'a'.*{expected}"):
                attempt(text)

    @pytest.mark.parametrize(
        ("kind", "value"), [("number", object()), ("boolean", 7), ("list", ["a;b"]), ("number", float("inf"))]
    )
    def test_objects_that_are_no_value(self, kind: str, value: object) -> None:
        with pytest.raises(InvalidValue, match="is no value of the attribute 'a'"):
            Attribute("a", kind).write(value)

    @pytest.mark.parametrize(
        ("values", "kind"),
        [
            (["3", "", "7.5"], "number"),
            (["-1", "0"], "number"),
            (["007", "012"], "text"),
            (["1e5"], "text"),
            (["NO", "SE"], "text"),
            (["NO"], "text"),
            (["Nan", "Inf"], "text"),
            (["yes", "No"], "boolean"),
            (["TRUE"], "boolean"),
            (["2026-03-01"], "date"),
            (["2026-13-01"], "text"),
            (["20260301"], "number"),
            ([""], "text"),
            ([], "text"),
        ],
    )
    def test_only_what_is_beyond_doubt_is_guessed(self, values: list[str], kind: str) -> None:
        assert guess_attribute("a", values).type == kind

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (("a", "colour"), "Unknown type 'colour' of the attribute 'a'. Use text, number"),
            (("a", "ordered"), "needs its levels"),
            (("a", "ordered", ("x", "x")), "must differ"),
            (("a", "ordered", ("x", "")), "none may be empty"),
            (("parent",), "An attribute cannot be called 'parent'"),
        ],
    )
    def test_declarations_that_cannot_be(self, arguments: tuple, message: str) -> None:
        with pytest.raises(InvalidValue, match=message):
            Attribute(*arguments)

    def test_cases_that_cannot_be(self) -> None:
        with pytest.raises(InvalidValue, match="A case needs an id"):
            Case(" ")
        with pytest.raises(InvalidValue, match="The case 'A' cannot be its own parent"):
            Case("A", parent="A")


ids = st.text("abcdef0123456789", min_size=12, max_size=12)
targets = st.sampled_from(
    ["study", "source:P1", "turn:P1:12", "span:P1:00ff:3:9", "case:Ltd, the", "code:trust"]
)


class TestMemos:
    @given(
        st.builds(
            Memo,
            ids,
            st.just("ana"),
            st.just("2026-03-01T10:00:00Z"),
            lines,
            st.lists(targets).map(tuple),
            texts,
        )
    )
    def test_what_is_written_comes_back(self, memo: Memo) -> None:
        content = format_memo(memo)
        if any(line.startswith("<<<<<<< ") for line in content.decode().split("\n")):
            return
        back = parse_memo(content, "m.md")
        assert back.text == kept(memo.text)
        assert (back.id, back.author, back.kind, back.targets) == (memo.id, "ana", memo.kind, memo.targets)
        assert format_memo(parse_memo(format_memo(back), "m.md")) == format_memo(back)

    @pytest.mark.parametrize("text", ["---", "a\n---\nb", "\n\n", "", "- study", "kind: x", "last\n\n"])
    def test_texts_that_look_like_front_matter(self, text: str) -> None:
        memo = Memo("1", "ana", "2026", "", ("study",), text)
        assert parse_memo(format_memo(memo), "m.md") == memo

    @pytest.mark.parametrize("kind", ["two\nlines", "carriage\rreturn", " blank"])
    def test_fields_are_one_line(self, kind: str) -> None:
        with pytest.raises(InvalidValue, match="of a memo must be one line"):
            format_memo(Memo("1", "ana", "2026", kind, (), ""))

    @pytest.mark.parametrize(
        ("content", "message"),
        [
            (b"", "m.md:1: a memo begins with '---'"),
            (b"text\n", "m.md:1: a memo begins with '---'"),
            (b"---\nid: 1\n", "m.md:1: a memo begins with '---'"),
            (b"---\nid: 1\n---\n", "m.md:2: the memo misses author, created"),
            (b"---\n\xff\n---\n", "m.md:2: is not UTF-8 text"),
        ],
    )
    def test_broken_files(self, content: bytes, message: str) -> None:
        with pytest.raises(FileProblems) as error:
            parse_memo(content, "m.md")
        assert message in str(error.value)

    @pytest.mark.parametrize("target", ["page:3", "study:x", "source:", "source", "", "case:a\nb"])
    def test_targets_that_cannot_be(self, target: str) -> None:
        with pytest.raises(InvalidValue, match="A memo cannot be attached to"):
            check_target(target)


def row(number: int, start: int = 0, end: int = 5, **fields: str) -> dict[str, str]:
    plain = {
        "version": "v",
        "code": "trust",
        "created": "2026",
        "codebook": "",
        "stance": "supports",
        "origin": "hand",
    }
    return {"id": f"c{number}", "start": str(start), "end": str(end), **plain, **fields}


class TestCodings:
    @given(
        st.lists(st.tuples(st.integers(0, 10**6), st.integers(1, 500), lines, st.sampled_from(["supports", "counters", "mixed"]), lines)),
        st.lists(st.sampled_from(["weight", "note", "other column"]), unique=True),
    )  # fmt: skip
    def test_what_is_written_comes_back_in_order(self, given: list[tuple], extra: list[str]) -> None:
        rows = [
            row(n, start, start + length, code=code, stance=stance, **dict.fromkeys(extra, note))
            for n, (start, length, code, stance, note) in enumerate(given)
        ]
        content = format_codings(extra, rows)
        if b"<<<<<<< " in content:
            return
        extra_back, back = parse_codings(content, "c.csv")
        assert extra_back == extra
        assert back == sorted(rows, key=row_order)
        assert format_codings(extra_back, back) == content
        assert format_codings(extra, rows[::-1]) == content, "the order of the rows does not matter"

    @pytest.mark.parametrize(
        ("changed", "message"),
        [
            (
                {"start": "²"},
                r"c.csv:2: start and end must be whole numbers with start < end, got '²' and '5'",
            ),
            ({"start": "5"}, "must be whole numbers with start < end"),
            ({"end": "1.0"}, "must be whole numbers with start < end"),
            ({"end": "9" * 5000}, "must be whole numbers with start < end"),
            ({"stance": "Supports"}, "c.csv:2: unknown stance 'Supports' (use supports, counters, mixed)"),
            ({"id": ""}, "c.csv:2: the id '' is empty or there twice"),
        ],
    )
    def test_broken_lines(self, changed: dict[str, str], message: str) -> None:
        with pytest.raises(FileProblems) as error:
            parse_codings(
                format_csv(CODING_COLUMNS, [[{**row(1), **changed}[c] for c in CODING_COLUMNS]]), "c.csv"
            )
        assert message in str(error.value)
        assert len(str(error.value)) < 300

    def test_an_id_twice(self) -> None:
        with pytest.raises(FileProblems, match=r"c.csv:3: the id 'c1' is empty or there twice"):
            parse_codings(format_codings([], [row(1), row(1, 3, 4)]), "c.csv")

    def test_kinds_of_coders(self) -> None:
        with pytest.raises(InvalidValue, match=r"Unknown kind of coder 'robot'. Use one of human, machine"):
            Coder("r", "r", "robot")


about_values = texts | st.integers() | st.lists(texts, max_size=3)
hashes = st.none() | st.text("0123456789abcdef", min_size=16, max_size=16)
places = st.sampled_from(
    ["data/cases.csv", "data/memos/ana/a1.md", "qualcode.toml", "codebooks/codebook.yaml"]
)
codings = st.sampled_from(["data/codings/ana/P1.csv", "data/codings/Zoë/P 2.csv"])
events = st.builds(
    Event,
    ids, st.just("2026-03-01T10:00:00.000000Z"), st.just("ana"), lines, st.dictionaries(texts, about_values, max_size=3),
    st.dictionaries(places, st.tuples(hashes, hashes), max_size=2),
    st.dictionaries(codings, st.builds(Rows, st.just((row(1),)), st.just((row(2),))), max_size=2),
    st.just("") | ids,
)  # fmt: skip


class TestLog:
    @given(st.lists(events, max_size=4))
    def test_what_is_written_comes_back(self, written: list[Event]) -> None:
        content = b"".join(event.line() for event in written)
        assert parse_log(content, "log.jsonl") == written
        assert content.count(b"\n") == len(written), "one event a line"
        assert history_frame(written).id.tolist() == [event.id for event in written]

    @pytest.mark.parametrize(
        "record",
        [
            "{", "[]", "7", "null", '"x"', "{}", '{"id": 1, "time": "2026-03-01T10:00:00.000000Z", "coder": "a", "verb": "v"}',
            '{"id": "1", "time": "2026-03-01T10:00:00.000000Z", "coder": "a", "verb": "v", "files": {"data/cases.csv": ["a"]}}',
            '{"id": "1", "time": "2026-03-01T10:00:00.000000Z", "coder": "a", "verb": "v", "files": {"data/cases.csv": [1, 2]}}',
            '{"id": "1", "time": "2026-03-01T10:00:00.000000Z", "coder": "a", "verb": "v", "rows": {"data/codings/a/b.csv": {"added": [1], "removed": []}}}',
            '{"id": "1", "time": "2026-03-01T10:00:00.000000Z", "coder": "a", "verb": "v", "rows": {"data/codings/a/b.csv": {"added": [{"id": 1}], "removed": []}}}',
            '{"id": "1", "time": "2026-03-01T10:00:00.000000Z", "coder": "a", "verb": "v", "about": []} x', "\udcff", "[" * 100_000,
        ],
    )  # fmt: skip
    def test_a_line_that_is_no_event_is_named(self, record: str) -> None:
        good = Event("1", "2026-03-01T10:00:00.000000Z", "ana", "code").line()
        with pytest.raises(FileProblems) as error:
            parse_log(good + record.encode("utf-8", "surrogateescape") + b"\n" + good, "data/log/ana.jsonl")
        assert [(p.file, p.place, p.message) for p in error.value.problems] == [
            ("data/log/ana.jsonl", "2", "is no event of the log")
        ]

    def test_steps(self) -> None:
        def event(id_: str, verb: str = "code", batch: str = "", *of: str) -> Event:
            return Event(id_, id_, "ana", verb, {"of": list(of)} if of else {}, batch=batch)

        def ids(groups: list[list[Event]]) -> list[list[str]]:
            return [[e.id for e in group] for group in groups]

        log = [
            event("1"),
            event("2", batch="b"),
            event("3", batch="b"),
            event("4", "edited outside"),
            event("5"),
        ]
        assert ids(steps(log)[0]) == [["1"], ["2", "3"], ["5"]]
        log += [event("6", "undo", "u", "5"), event("7", "undo", "v", "2", "3")]
        assert ids(steps(log)[0]) == [["1"]]
        assert ids(steps(log)[1]) == [["6"], ["7"]]
        log += [event("8", "redo", "r", "7")]
        assert ids(steps(log)[0]) == [["1"], ["8"]]
        assert ids(steps(log)[1]) == [["6"]]
        log += [event("9")]
        assert ids(steps(log)[0]) == [["1"], ["8"], ["9"]]
        assert steps(log)[1] == []

    def test_a_batch_is_one_step_also_where_another_machine_worked_in_between(self) -> None:
        log = [
            Event("1", "1", "ana", "code", batch="b"),
            Event("2", "2", "ana", "code"),
            Event("3", "3", "ana", "memo", batch="b"),
        ]
        assert [[e.id for e in group] for group in steps(log)[0]] == [["1", "3"], ["2"]]
        log.append(Event("4", "4", "ana", "undo", {"of": ["1", "3"]}))
        assert [[e.id for e in group] for group in steps(log)[0]] == [["2"]], (
            "what was undone, not what is last"
        )

    def test_an_event_says_no_more_than_it_must(self) -> None:
        assert json.loads(Event("1", "t", "ana", "code").line()) == {
            "id": "1", "time": "t", "coder": "ana", "verb": "code", "about": {},
        }  # fmt: skip


seconds = (
    st.floats(0, 1e5) | st.integers(0, 100_000).map(float) | st.sampled_from([1e-7, 0.1 + 0.2, 1e16, 3600.5])
)


class TestTurns:
    @given(st.data())
    @settings(deadline=None)
    def test_turns_and_marks_come_back(self, data: st.DataObject) -> None:
        sets = {}
        for version in data.draw(st.lists(ids, max_size=2, unique=True)):
            at, turns = 0, []
            for number in range(1, data.draw(st.integers(0, 5)) + 1):
                start = at + data.draw(st.integers(0, 3))
                at = start + data.draw(st.integers(1, 9))
                times = data.draw(st.tuples(st.none() | seconds, st.none() | seconds))
                speaker = data.draw(st.sampled_from(["Ana", 'O"Hara, Zoë 🙂', None]))
                turns.append(Turn(number, speaker, Span(start, at), *times))
            mark = st.builds(TimeMark, st.integers(0, at + 3), seconds, st.none() | seconds)
            marks = data.draw(st.lists(mark, max_size=6))
            transcript = Transcript("P1", "P1", "x" * (at + 3), tuple(turns), tuple(marks))
            if turns or marks:
                sets[version] = (transcript.turns, transcript.marks)
        content = format_turns(sets)
        assert parse_turns("P1", content, "t.csv") == sets
        assert format_turns(parse_turns("P1", content, "t.csv")) == content

    @pytest.mark.parametrize(
        "line",
        [
            "v,1,A,5,3,,,",
            "v,1,A,a,3,,,",
            "v,1,A,1,3,nan,,",
            "v,1,A,1,3,,-2,",
            "v,x,A,1,3,,,",
            "v,0,,,,,,3@",
            "v,0,,,,,,x",
        ],
    )
    def test_broken_lines_are_named(self, line: str) -> None:
        content = f"version,number,speaker,start,end,begins,ends,marks\n{line}\n".encode()
        with pytest.raises(FileProblems, match=r"t.csv:2: turn '.' has a place or time that is none"):
            parse_turns("P1", content, "t.csv")


class TestIdentity:
    @pytest.mark.parametrize("coder", ["ana", "Ana-2", "zoë", "信", "a.b", "7"])
    def test_ids_that_can_name_files(self, coder: str) -> None:
        assert check_coder_id(coder) == coder

    @pytest.mark.parametrize(
        "coder",
        ["", "a b", "../x", "a/b", "a\\b", ".a", "-a", "a.", "con", "NUL", "con.txt", "a\n", "a:b", "x" * 61],
    )
    def test_ids_that_cannot(self, coder: str) -> None:
        with pytest.raises(InvalidValue, match=r"cannot be the id of a coder. Use a short word"):
            check_coder_id(coder)

    def test_the_environment_goes_before_the_settings(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert known_coder() is None
        set_coder("ana")
        assert known_coder() == "ana"
        monkeypatch.setenv("QUALCODE_CODER", " ben ")
        assert known_coder() == "ben"
        monkeypatch.setenv("QUALCODE_CODER", "b/c")
        with pytest.raises(InvalidValue, match="'b/c' cannot be the id of a coder"):
            known_coder()

    def test_broken_settings_name_nobody(self) -> None:
        settings_path().parent.mkdir(parents=True, exist_ok=True)
        for content in (b"coder = ", b"\xff\xfe", b"coder = 7 7"):
            settings_path().write_bytes(content)
            assert known_coder() is None
