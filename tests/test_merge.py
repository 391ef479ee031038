"""Merging one file: every kind by record, the same whichever side is called ours, and nothing lost."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
import tomlkit
from hypothesis import example, given, settings
from hypothesis import strategies as st

from qualcode.folder import digest
from qualcode.merge import MergeResult, kind_of, merge_file
from qualcode.merge_values import merge_list, merge_order

quick = settings(max_examples=80, deadline=None)


def merge(path: str, base: bytes | None, ours: bytes, theirs: bytes) -> MergeResult:
    """Merge in both directions; the sides must not matter."""
    result, mirrored = merge_file(path, base, ours, theirs), merge_file(path, base, theirs, ours)
    assert result.content == mirrored.content
    assert sorted(result.notes) == sorted(mirrored.notes)
    assert not result.conflicts
    assert not mirrored.conflicts
    return result


def check_laws(path: str, base: bytes, ours: bytes, theirs: bytes) -> MergeResult:
    """Check what holds for every kind of file and return the merged one."""
    assert merge_file(path, base, base, theirs) == MergeResult(theirs)
    assert merge_file(path, base, ours, base) == MergeResult(ours)
    assert merge_file(path, base, ours, ours) == MergeResult(ours)
    result = merge(path, base, ours, theirs)
    if not any("say the same" in note for note in result.notes):
        assert merge(path, base, result.content, theirs).content == result.content, (
            "merging again adds nothing"
        )
    return result


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode())))


def table(columns: str, *lines: str) -> bytes:
    return "".join(f"{line}\n" for line in (columns, *lines)).encode()


# -- the values below ----------------------------------------------------------------------------------

lists = st.lists(st.sampled_from("abcdefgh"), unique=True, max_size=6)


@quick
@given(lists, lists, lists)
def test_lists_take_additions_and_removals_of_both_sides(base: Any, ours: Any, theirs: Any) -> None:
    merged = merge_list(base, ours, theirs)
    assert merged == merge_list(base, theirs, ours)
    added = (set(ours) | set(theirs)) - set(base)
    assert set(merged) == added | (set(base) & set(ours) & set(theirs))
    assert len(merged) == len(set(merged))


@quick
@given(lists, st.permutations("uvwxyz"), st.permutations("123456"), st.permutations("789"))
def test_additions_keep_the_order_of_their_author_and_three_copies_agree(
    base: Any, ours: Any, theirs: Any, third: Any
) -> None:
    ours, theirs, third = base[:2] + ours + base[2:], base + theirs, third + base
    merged = merge_order(base, ours, theirs)
    for side in (ours, theirs):
        assert [e for e in merged if e in side] == side
    one = merge_order(base, merged, third)
    two = merge_order(base, merge_order(base, theirs, third), ours)
    assert one == two


# -- tables --------------------------------------------------------------------------------------------

CODINGS = "data/codings/ana/P1.csv"
HEADER = "id,start,end,version,code,created,codebook,stance,origin"


@st.composite
def codings(draw: st.DrawFn) -> list[bytes]:
    """Three states of a codings file with ids in common."""
    states = []
    for _ in range(3):
        ids = draw(st.lists(st.integers(0, 7), unique=True, max_size=7))
        lines, seen = [], set()
        for number in ids:
            start = draw(st.integers(0, 3))
            length, code = draw(st.integers(1, 2)), draw(st.sampled_from(["trust", "delay"]))
            if (start, length, code) not in seen:
                created = f"2026-01-01T00:00:0{number}Z"
                lines.append(f"c{number},{start},{start + length},v1,{code},{created},1,supports,hand")
            seen.add((start, length, code))
        lines.sort(
            key=lambda line: [int(line.split(",")[1]), int(line.split(",")[2]), line.split(",")[4], line]
        )
        states.append(table(HEADER, *lines))
    return states


@quick
@given(codings())
def test_codings_lose_no_row_that_one_side_added_or_changed(states: list[bytes]) -> None:
    base, ours, theirs = states
    merged = rows(check_laws(CODINGS, base, ours, theirs).content)
    b, o, t, m = (
        {row["id"]: row for row in rows(s)} if isinstance(s, bytes) else {r["id"]: r for r in s}
        for s in (base, ours, theirs, merged)
    )
    said = {(r["start"], r["end"], r["version"], r["code"]) for r in merged}
    for id_ in {*o, *t}:
        one = o.get(id_) or t[id_]
        if id_ in b and (id_ not in o or id_ not in t) and one == b[id_]:
            assert id_ not in m
        elif id_ not in o or id_ not in t:
            assert id_ in m or (one["start"], one["end"], one["version"], one["code"]) in said
    assert len(said) == len(merged), "equal codings are one"
    assert all(int(row["start"]) < int(row["end"]) for row in merged)


@quick
@given(codings(), st.permutations([0, 1, 2]))
def test_codings_of_three_copies_with_new_ids_agree_in_any_order(
    states: list[bytes], order: list[int]
) -> None:
    base = table(HEADER)
    copies = [states[number].replace(b"\nc", b"\nc%d-" % number) for number in range(3)]

    def all_of(numbers: list[int]) -> bytes:
        merged = base
        for number in numbers:
            merged = merge(CODINGS, base, merged, copies[number]).content
        return merged

    assert all_of(order) == all_of([0, 1, 2])


def test_a_changed_field_of_each_side_is_kept() -> None:
    base = table(HEADER, "c1,0,5,v1,trust,2026,1,supports,hand")
    ours = table(HEADER, "c1,0,9,v1,trust,2026,1,supports,hand")
    theirs = table(HEADER, "c1,0,5,v1,delay,2026,1,counters,hand")
    assert merge(CODINGS, base, ours, theirs).content == table(HEADER, "c1,0,9,v1,delay,2026,1,counters,hand")


def test_a_span_is_never_mixed_from_two_sides() -> None:
    base = table(HEADER, "c1,10,20,v1,trust,2026,1,supports,hand")
    ours = table(HEADER, "c1,18,20,v1,trust,2026,1,supports,hand")
    theirs = table(HEADER, "c1,10,12,v1,trust,2026,1,supports,hand")
    result = merge(CODINGS, base, ours, theirs)
    assert result.content == ours
    assert result.notes == (
        "data/codings/ana/P1.csv: start, end, version of id 'c1' was changed in both copies, to '18' - '20' - 'v1' "
        "and '10' - '12' - 'v1'; '18' - '20' - 'v1' stays.",
    )


def test_removed_here_and_changed_there_stays_with_a_note() -> None:
    base = table(HEADER, "c1,0,5,v1,trust,2026,1,supports,hand")
    changed = base.replace(b"trust", b"delay")
    result = merge(CODINGS, base, table(HEADER), changed)
    assert result.content == changed
    assert result.notes == (
        "data/codings/ana/P1.csv: id 'c1' was removed in one copy and changed in the other; it stays.",
    )


def test_removed_here_and_untouched_there_goes() -> None:
    base = table(HEADER, "c1,0,5,v1,trust,2026,1,supports,hand", "c2,0,5,v1,delay,2026,1,supports,hand")
    ours = table(HEADER, "c2,0,5,v1,delay,2026,1,supports,hand")
    theirs = base + b"c3,7,9,v1,trust,2026,1,supports,hand\n"
    ids = [row["id"] for row in rows(merge(CODINGS, base, ours, theirs).content)]
    assert ids == ["c2", "c3"]


def test_equal_codings_of_two_machines_become_the_earliest() -> None:
    ours = table(HEADER, "zz,0,5,v1,trust,2026-01-01,1,supports,hand")
    theirs = table(HEADER, "aa,0,5,v1,trust,2026-01-02,1,supports,script")
    result = merge(CODINGS, None, ours, theirs)
    assert result.content == ours
    assert result.notes == ("data/codings/ana/P1.csv: the codings zz and aa say the same; zz stays.",)


def test_unknown_columns_are_kept_and_ids_stay_text() -> None:
    ours = table(HEADER + ",sure", "1e5,0,5,v1,NA,2026,1,supports,hand,007")
    theirs = table(HEADER, "no,2,5,v1,no,2026,1,supports,hand")
    merged = rows(merge(CODINGS, table(HEADER), ours, theirs).content)
    assert [(row["id"], row["code"], row["sure"]) for row in merged] == [
        ("1e5", "NA", "007"),
        ("no", "no", ""),
    ]


def test_cases_unite_columns_and_merge_fields() -> None:
    base = table("case,kind,parent,years", "P1,participant,,3", "P2,participant,,4")
    ours = table("case,kind,parent,years,tools", "P1,participant,Acme,3,NVivo", "P2,participant,,4,paper")
    theirs = table(
        "case,kind,parent,years,region", "P1,participant,,5,north", "P2,participant,,4,", "P3,participant,,,"
    )
    assert merge("data/cases.csv", base, ours, theirs).content == table(
        "case,kind,parent,years,region,tools",
        "P1,participant,Acme,5,north,NVivo",
        "P2,participant,,4,,paper",
        "P3,participant,,,,",
    )


def test_a_column_removed_on_one_side_goes_unless_it_was_filled_in() -> None:
    base = table("case,kind,parent,years", "P1,participant,,3")
    without = table("case,kind,parent", "P1,participant,")
    added = base + b"P2,participant,,\n"
    assert merge("data/cases.csv", base, without, added).content == without + b"P2,participant,\n"
    filled = base.replace(b",3", b",4")
    assert (
        merge("data/cases.csv", base, without + b"P3,participant,\n", filled).content
        == filled + b"P3,participant,,\n"
    )


def test_two_cases_made_each_others_parent_are_untangled() -> None:
    base = table("case,kind,parent", "A,team,", "B,team,")
    ours, theirs = base.replace(b"A,team,", b"A,team,B"), base.replace(b"B,team,", b"B,team,A")
    result = merge("data/cases.csv", base, ours, theirs)
    assert result.content == theirs
    assert "made the case 'A' its own ancestor" in result.notes[0]


def test_speakers_are_merged_by_source_and_speaker() -> None:
    base = table("source,speaker,case,role", "P1,Ina,,")
    ours = table("source,speaker,case,role", "P1,Ina,,interviewer")
    theirs = table("source,speaker,case,role", "P1,,Acme,", "P1,Ina,,", "P1,Per,P1,participant")
    assert merge("data/speakers.csv", base, ours, theirs).content == table(
        "source,speaker,case,role", "P1,,Acme,", "P1,Ina,,interviewer", "P1,Per,P1,participant"
    )


def test_the_further_state_of_progress_wins_without_a_note() -> None:
    columns = "source,part,round,state"
    base = table(columns, "P1,,,not started")
    result = merge(
        "data/progress/ana.csv", base, table(columns, "P1,,,finished"), table(columns, "P1,,,in progress")
    )
    assert result == MergeResult(table(columns, "P1,,,finished"))


def test_progress_taken_back_by_one_side_is_respected() -> None:
    columns = "source,part,round,state"
    base = table(columns, "P1,,,finished")
    ours, theirs = table(columns, "P1,,,in progress"), table(columns, "P1,,,finished", "P2,,,finished")
    merged = merge("data/progress/ana.csv", base, ours, theirs).content
    assert merged == table(columns, "P1,,,in progress", "P2,,,finished")


TURNS = "version,number,speaker,start,end,begins,ends,marks"


def test_turns_of_new_versions_of_both_sides_stand_side_by_side() -> None:
    base = table(TURNS, "v1,1,Ina,0,5,,,")
    ours = table(TURNS, "v1,1,Ina,0,5,,,", "v9,1,Ina,0,7,,,")
    theirs = table(TURNS, "v1,1,Ina (I),0,5,,,", "v2,1,Ina (I),0,6,,,", "v2,2,,6,9,,,")
    assert merge("data/turns/P1.csv", base, ours, theirs).content == table(
        TURNS, "v1,1,Ina (I),0,5,,,", "v2,1,Ina (I),0,6,,,", "v2,2,,6,9,,,", "v9,1,Ina,0,7,,,"
    )


def test_two_divisions_of_one_text_into_turns_are_never_mixed() -> None:
    base = table(TURNS, "v1,0,,,,,,3@1-2", "v1,1,,0,5,,,", "v1,2,,5,20,,,")
    ours = table(TURNS, "v1,0,,,,,,3@1-2", "v1,1,,0,9,,,", "v1,2,,9,20,,,")
    theirs = table(TURNS, "v1,0,,,,,,3@1-2", "v1,1,,0,5,,,", "v1,2,,5,12,,,", "v1,3,,12,20,,,")
    result = merge("data/turns/P1.csv", base, ours, theirs)
    assert result.content in (ours, theirs)
    assert result.notes == (
        "data/turns/P1.csv: both copies divided the text v1 into turns; one division stays.",
    )


small_tables = st.dictionaries(
    st.tuples(st.sampled_from("ABCD"), st.sampled_from(["", "x"])),
    st.tuples(st.sampled_from(["", "P1", "P2"]), st.sampled_from(["", "interviewer", "participant"])),
)


@quick
@given(small_tables, small_tables, small_tables)
def test_laws_of_speaker_tables(base: Any, ours: Any, theirs: Any) -> None:
    def write(records: dict[Any, Any]) -> bytes:
        return table("source,speaker,case,role", *sorted(",".join((*k, *v)) for k, v in records.items()))

    check_laws("data/speakers.csv", write(base), write(ours), write(theirs))


case_tables = st.dictionaries(st.sampled_from("ABCD"), st.sampled_from(["", "A", "B", "C", "D"]), min_size=1)


def _without_circles(parents: dict[str, str]) -> dict[str, str]:
    return {case: parent if parent < case else "" for case, parent in parents.items()}


@quick
@given(case_tables, case_tables, case_tables)
def test_laws_of_case_tables(base: Any, ours: Any, theirs: Any) -> None:
    def write(parents: dict[str, str]) -> bytes:
        return table("case,kind,parent", *sorted(f"{case},team,{parent}" for case, parent in parents.items()))

    merged = rows(
        check_laws(
            "data/cases.csv",
            write(_without_circles(base)),
            write(_without_circles(ours)),
            write(_without_circles(theirs)),
        ).content
    )
    parents = {row["case"]: row["parent"] for row in merged}
    for case in parents:
        seen, at = set(), case
        while at in parents and at not in seen:
            seen.add(at)
            at = parents[at]
        assert at not in seen, "no case is its own ancestor"


# -- TOML ----------------------------------------------------------------------------------------------

SETTINGS = "qualcode.toml"


def test_settings_merge_key_by_key_with_the_comments_of_both() -> None:
    base = b'# our study\nformat = 1\ntitle = "Talks"\n\n[attributes]\nyears = "number"  # asked twice\n'
    ours = (
        base.replace(b'"Talks"', b'"Forty talks"')
        + b'# new\nregion = "text"\n\n[attributes.size]\ntype = "ordered"\nlevels = ["small", "large"]\n'
    )
    theirs = base.replace(b"format = 1", b"format = 1 # folder format") + b'tools = "list"\n'
    assert merge(SETTINGS, base, ours, theirs).content.decode() == (
        '# our study\nformat = 1  # folder format\ntitle = "Forty talks"\n\n[attributes]\n'
        'years = "number"  # asked twice\n# new\nregion = "text"\ntools = "list"\n\n'
        '[attributes.size]\ntype = "ordered"\nlevels = ["small", "large"]\n'
    )


def test_lists_of_words_take_additions_of_both_sides() -> None:
    base = b'levels = ["small", "large"]\n'
    ours, theirs = b'levels = ["small", "middle", "large"]\n', b'levels = ["small", "large", "huge"]\n'
    assert merge(SETTINGS, base, ours, theirs).content == b'levels = ["small", "middle", "large", "huge"]\n'


def test_version_and_length_of_a_text_are_never_mixed() -> None:
    base = b'title = "P1"\nversion = "aa"\nlength = 10\nversions = ["aa"]\n'
    ours = b'title = "P1"\nversion = "bb"\nlength = 90\nversions = ["aa", "bb"]\n'
    theirs = b'title = "P1"\nversion = "cc"\nlength = 20\nversions = ["aa", "cc"]\n'
    result = merge("data/sources/P1.toml", base, ours, theirs)
    merged = tomlkit.parse(result.content.decode()).unwrap()
    assert (merged["version"], merged["length"]) == ("cc", 20)
    assert merged["versions"] == ["aa", "bb", "cc"]
    assert result.notes == (
        "data/sources/P1.toml: version/length was changed in both copies, to 'cc' - '20' and 'bb' - '90'; "
        "'cc' - '20' stays.",
    )


toml_values = st.one_of(
    st.integers(0, 3), st.booleans(), st.sampled_from(["", "a", "it's", 'say "x"', "#no"])
)
toml_tables = st.recursive(
    st.dictionaries(st.sampled_from(["a", "b", "two words", "d.e"]), toml_values, max_size=4),
    lambda inside: st.dictionaries(
        st.sampled_from(["a", "b", "t1", "t2"]), st.one_of(toml_values, inside), max_size=4
    ),
    max_leaves=6,
)


@quick
@given(toml_tables, toml_tables, toml_tables)
@example({}, {"t1": 0, "a": 0, "b": 0}, {"t1": {}, "b": 0, "a": 0})
def test_laws_of_toml(base: Any, ours: Any, theirs: Any) -> None:
    b, o, t = (tomlkit.dumps(side).encode() for side in (base, ours, theirs))
    merged = tomlkit.parse(check_laws("data/coders/ana.toml", b, o, t).content.decode()).unwrap()
    for key in {*ours, *theirs}:
        if key not in base:
            assert key in merged


# -- logs and memos ------------------------------------------------------------------------------------

LOG = "data/log/ana.jsonl"


def event(id_: str, time: str, **more: Any) -> bytes:
    return (
        json.dumps({"id": id_, "time": time, "coder": "ana", "verb": "code", "about": {}, **more}).encode()
        + b"\n"
    )


@quick
@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 5)), unique_by=lambda e: e[0]), st.data())
def test_logs_keep_every_event_once_and_byte_for_byte(events: Any, data: st.DataObject) -> None:
    lines = [event(f"e{number}", f"2026-01-0{time + 1}", note="ä") for number, time in events]
    base = lines[: data.draw(st.integers(0, len(lines)))]
    rest = lines[len(base) :]
    mine = [line for line in rest if data.draw(st.booleans())]
    ours, theirs = base + mine, base + [line for line in rest if line not in mine]
    merged = check_laws(LOG, b"".join(base), b"".join(ours), b"".join(theirs)).content.splitlines(
        keepends=True
    )
    assert sorted(merged) == sorted(lines)
    assert [line for line in merged if line in ours] == ours


def test_events_of_two_machines_stand_by_time() -> None:
    base, late, early = event("e0", "2026-01-01"), event("e1", "2026-01-03"), event("e2", "2026-01-02")
    assert merge(LOG, base, base + late, base + early).content == base + early + late


def test_an_event_that_was_edited_is_a_conflict() -> None:
    ours, theirs = event("e0", "2026-01-01"), event("e0", "2026-01-02")
    result = merge_file(LOG, None, event("e1", "2026") + ours, theirs)
    assert result.content == event("e1", "2026") + ours
    assert result.conflicts == (
        "data/log/ana.jsonl:2: the event 'e0' says different things in the two copies, but a log is only ever added "
        "to (restore the line that was edited from git or a backup) (in both copies together; nothing was merged)",
    )


MEMO = "data/memos/ana/m1.md"


def memo(text: str, kind: str = "theory", targets: str = "- code:trust\n") -> bytes:
    return f"---\nid: m1\nauthor: ana\ncreated: 2026\nkind: {kind}\ntargets:\n{targets}---\n{text}\n".encode()


def test_memos_merge_fields_and_targets() -> None:
    base = memo("Why?")
    ours = memo("Why? Because.", targets="- code:trust\n- case:P1\n")
    theirs = memo("Why?", kind="method", targets="- code:trust\n- source:P1\n")
    assert merge(MEMO, base, ours, theirs).content == memo(
        "Why? Because.", kind="method", targets="- code:trust\n- case:P1\n- source:P1\n"
    )


def test_both_texts_of_a_memo_stay() -> None:
    result = merge(MEMO, memo("Why?"), memo("Because of\n\n---\n\nmoney."), memo("Because of time."))
    assert result.content == memo(
        "Because of\n\n---\n\nmoney.\n\n[Two copies of this memo differed when they were merged. "
        "The other text follows.]\n\nBecause of time."
    )
    assert result.notes == (
        "data/memos/ana/m1.md: the text was changed in both copies; both texts stay, one after the other.",
    )


@quick
@given(*[st.tuples(st.sampled_from(["a", "b", "c\n\nd", ""]), st.sampled_from("xyz"), lists)] * 3)
def test_laws_of_memos(base: Any, ours: Any, theirs: Any) -> None:
    b, o, t = (
        memo(text, kind, "".join(f"- code:{c}\n" for c in codes))
        for text, kind, codes in (base, ours, theirs)
    )
    merged = check_laws(MEMO, b, o, t).content.decode()
    if ours[0] != base[0] and theirs[0] != base[0]:
        assert ours[0] in merged
        assert theirs[0] in merged


# -- what cannot be merged by record -------------------------------------------------------------------


def test_a_text_that_differs_is_a_conflict_that_quotes_nothing() -> None:
    result = merge_file("study/data/transcripts/P1.txt", b"We wait.", b"We waited long.", b"We wait here.")
    assert result.content == b"We waited long."
    assert result.conflicts == (
        "study/data/transcripts/P1.txt: the text differs (15 bytes here, 13 in the other copy); this copy's stays. "
        "Decide which text is right; if they are two interviews, give one of them another id.",
    )


def test_unknown_files_are_a_conflict_only_when_both_changed() -> None:
    assert merge_file("notes.txt", b"a", b"a", b"b") == MergeResult(b"b")
    assert merge_file("notes.txt", b"a", b"c", b"b").conflicts == (
        "notes.txt: changed in both copies in ways that cannot be merged by record; this copy's stays.",
    )


def test_a_state_is_the_bytes_that_its_name_says() -> None:
    good = b"case,kind,parent\n"
    path = f"data/log/.states/{digest(good)}"
    assert merge(path, None, good, good[:-1]).content == good
    assert merge_file(path, None, b"x", b"y").conflicts


@pytest.mark.parametrize(
    ("path", "good", "broken", "place"),
    [
        (
            CODINGS,
            table(HEADER),
            table(HEADER, "c1,0,5,v1"),
            "data/codings/ana/P1.csv:2: has 4 columns, the header 9",
        ),
        (
            CODINGS,
            table(HEADER),
            table(HEADER, "c1,9,5,v1,t,2026,1,supports,hand"),
            "data/codings/ana/P1.csv:2: start",
        ),
        (
            "data/cases.csv",
            b"case,kind,parent\n",
            b"case;kind;parent\nP1;;\n",
            "data/cases.csv:1: misses the column case",
        ),
        (
            "data/cases.csv",
            b"case,kind\n",
            b"case,kind\nP1,x\nP1,y\n",
            "data/cases.csv:3: case 'P1' is there twice",
        ),
        (
            "data/cases.csv",
            b"case\n",
            b"case\n<<<<<<< HEAD\nP1\n",
            "data/cases.csv:2: holds the marks of an unfinished",
        ),
        ("data/cases.csv", b"case\n", b"case\n\xff\n", "data/cases.csv:2: is not UTF-8 text"),
        (SETTINGS, b"format = 1\n", b"format = 1\ntitle = \n", "qualcode.toml:2: is not TOML"),
        (LOG, event("e0", "2026"), event("e1", "2026") + b'{"id": "e2"', "data/log/ana.jsonl:2: is no event"),
        (MEMO, memo("Why?"), b"Why?\n", "data/memos/ana/m1.md:1: a memo begins with '---'"),
    ],
)
def test_a_broken_side_is_a_conflict_with_its_place(
    path: str, good: bytes, broken: bytes, place: str
) -> None:
    for ours, theirs, side in ((good, broken, "the other copy"), (broken, good, "this copy")):
        result = merge_file(path, None, ours, theirs)
        assert result.content == ours
        assert result.conflicts[0].startswith(place)
        assert f"in {side}; nothing was merged" in result.conflicts[0]


def test_a_broken_base_only_brings_removed_rows_back() -> None:
    ours, theirs = b"case,kind\nA,x\n", b"case,kind\nB,x\n"
    result = merge("data/cases.csv", b"case,kind\n<<<<<<< HEAD\n", ours, theirs)
    assert result.content == b"case,kind\nA,x\nB,x\n"
    assert "nothing counts as removed" in result.notes[0]


@pytest.mark.parametrize("make", [lambda text: "\ufeff" + text, lambda text: text.replace("\n", "\r\n")])
def test_a_table_that_went_through_a_spreadsheet_is_read(make: Callable[[str], str]) -> None:
    base = "case,kind\nA,x\n"
    merged = merge("data/cases.csv", base.encode(), make(base + "B,x\n").encode(), (base + "C,x\n").encode())
    assert merged.content == b"case,kind\nA,x\nB,x\nC,x\n"


def test_paths_are_known_by_their_end_so_a_study_may_lie_anywhere() -> None:
    assert kind_of("data/codings/data/cases.csv")[0] == "data/codings/*/*.csv"
    assert kind_of("a/b/qualcode.toml")[0] == "qualcode.toml"
    assert kind_of("figures/matrix.pdf") == ("", None)
