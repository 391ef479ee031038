"""Merging codebooks: by code, field by field, with the comments of both; never a circle, never a lost code."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from qualcode.codebook import Code, Codebook, Facet, check
from qualcode.codebook_file import codebook_from_yaml, codebook_to_yaml
from qualcode.errors import FileProblems
from qualcode.merge import MergeResult, merge_file
from qualcode.merge_codebook import merge_codebooks
from qualcode.merge_yaml import put_comments, strip_comments, yaml_comments

FILE = "codebooks/codebook.yaml"
IDS = ("a", "b", "c", "d")


def book(*codes: Code) -> Codebook:
    return Codebook((Facet("theme", "Theme"), Facet("point", "Point")), codes)


def code(id_: str, **fields: Any) -> Code:
    return Code(id_, fields.pop("name", id_.title()), fields.pop("facet", "theme"), **fields)


def merged(base: Codebook, ours: Codebook, theirs: Codebook) -> tuple[Codebook, list[str]]:
    """Merge in both directions, through files and without; nothing may differ."""
    notes: list[str] = []
    result = merge_codebooks(base, ours, theirs, notes, FILE)
    assert merge_codebooks(base, theirs, ours, [], FILE) == result
    texts = [codebook_to_yaml(side, None).encode() for side in (base, ours, theirs)]
    written = merge_file(FILE, *texts)
    assert written.conflicts == ()
    assert written.content == merge_file(FILE, texts[0], texts[2], texts[1]).content
    assert codebook_from_yaml(written.content.decode(), FILE) == result
    return result, notes


BASE = book(code("trust"), code("delay"), code("tools"))


def test_codes_added_on_both_sides_stand_where_their_authors_put_them() -> None:
    ours = BASE.new_code("Money", "theme", id="money", after="trust")
    theirs = BASE.new_code("Blame", "theme", id="blame", after="trust").new_code("Last", "theme", id="last")
    result, notes = merged(BASE, ours, theirs)
    assert [c.id for c in result.codes] == ["trust", "blame", "money", "delay", "tools", "last"]
    assert notes == []


def test_a_code_merged_here_and_renamed_moved_and_described_there() -> None:
    ours = BASE.merge_codes(["delay"], "trust")
    theirs = BASE.rename_code("delay", "Waiting").change_code(
        "delay", definition="Nobody comes.", aliases=("Wait",)
    )
    theirs = theirs.move_code("delay", parent="tools")
    result, notes = merged(BASE, ours, theirs)
    delay = result.code("delay")
    assert (delay.merged_into, delay.retired, delay.name, delay.parent) == ("trust", True, "Waiting", "tools")
    assert set(delay.aliases) >= {"Wait"}
    assert result.resolve("delay") == "trust"
    assert notes == []


def test_a_code_merged_here_and_given_sub_codes_there() -> None:
    result, _ = merged(
        BASE, BASE.merge_codes(["delay"], "trust"), BASE.new_code("Late", parent="delay", id="late")
    )
    assert "trust" in result.counts_as("late")
    assert check(result) == []


def test_codes_merged_into_each_other_leave_one_survivor() -> None:
    result, notes = merged(BASE, BASE.merge_codes(["delay"], "trust"), BASE.merge_codes(["trust"], "delay"))
    assert result.resolve("trust") == result.resolve("delay") == "delay"
    assert not result.code("delay").retired
    assert notes == [
        f"{FILE}: the two copies merged codes into each other in a circle; 'delay' stays the living code."
    ]


def test_codes_moved_below_each_other_are_put_back_once() -> None:
    result, notes = merged(
        BASE, BASE.move_code("delay", parent="trust"), BASE.move_code("trust", parent="delay")
    )
    assert (result.code("delay").parent, result.code("trust").parent) == (None, "delay")
    assert "moved 'delay' below itself; it stands under nothing again" in notes[0]


def test_a_move_to_another_facet_takes_along_what_the_other_side_put_below() -> None:
    ours = BASE.move_code("trust", facet="point")
    theirs = BASE.new_code("Broken", parent="trust", id="broken")
    result, _ = merged(BASE, ours, theirs)
    assert result.code("broken").facet == "point"
    assert check(result) == []


def test_codes_that_were_made_to_count_as_each_other() -> None:
    ours, theirs = (
        BASE.change_code("delay", counts_as=("tools",)),
        BASE.change_code("tools", counts_as=("delay",)),
    )
    result, notes = merged(BASE, ours, theirs)
    assert (result.code("delay").counts_as, result.code("tools").counts_as) == ((), ("delay",))
    assert notes == [
        f"{FILE}: the two copies made 'delay' and 'tools' count as each other; 'delay' no longer counts as 'tools'."
    ]


@pytest.mark.parametrize("field", ["parent", "merged_into", "counts_as"])
def test_a_code_removed_here_and_named_there_stays(field: str) -> None:
    ours = BASE.remove_code("tools")
    value: Any = ("tools",) if field == "counts_as" else "tools"
    theirs = book(*(replace(c, **{field: value}) if c.id == "delay" else c for c in BASE.codes))
    result, notes = merged(BASE, ours, theirs)
    assert result.code("tools").name == "Tools"
    assert f"{FILE}: the code 'tools' was removed in one copy and used in the other; it stays." in notes


def test_a_facet_removed_here_and_filled_there_stays() -> None:
    ours = Codebook((Facet("theme", "Theme"),), BASE.codes)
    result, notes = merged(BASE, ours, BASE.new_code("Start", "point", id="start"))
    assert result.code("start").facet == "point"
    assert f"{FILE}: the facet 'point' was removed in one copy and used in the other; it stays." in notes


def test_two_new_codes_of_one_name_both_stay_and_a_note_says_so() -> None:
    ours, theirs = (
        BASE.new_code("Money", "theme", id="money-1"),
        BASE.new_code("money", "theme", id="money-2"),
    )
    result, notes = merged(BASE, ours, theirs)
    assert {"money-1", "money-2"} <= {c.id for c in result.codes}
    assert notes == [
        f"{FILE}: both copies have a code 'Money' (money-1, money-2); both stay. "
        "If they mean the same: project.merge_codes(['money-2'], 'money-1')."
    ]


def test_two_new_names_of_one_code_are_both_found() -> None:
    ours, theirs = BASE.rename_code("delay", "Waiting"), BASE.rename_code("delay", "Lateness")
    result, notes = merged(BASE, ours, theirs)
    assert result.code("delay").name == "Waiting"
    assert {"Lateness", "Delay"} <= set(result.code("delay").aliases)
    assert "name of the code 'delay' was changed in both copies, to 'Waiting' and 'Lateness'" in notes[0]


def test_lists_of_a_code_take_additions_and_removals_of_both_sides() -> None:
    base = book(code("trust", aliases=("faith",), examples=("We trust them.",)), code("delay"), code("tools"))
    ours = base.change_code("trust", aliases=("faith", "reliance"), counts_as=("delay",))
    theirs = base.change_code(
        "trust", aliases=("belief",), examples=("We trust them.", "We do."), counts_as=("tools",)
    )
    trust = merged(base, ours, theirs)[0].code("trust")
    assert trust.aliases == ("belief", "reliance")
    assert trust.examples == ("We trust them.", "We do.")
    assert set(trust.counts_as) == {"delay", "tools"}


def test_a_key_given_away_twice_stays_with_one() -> None:
    ours, theirs = BASE.change_code("trust", key="t"), BASE.change_code("tools", key="t")
    result, notes = merged(BASE, ours, theirs)
    assert {c.id: c.key for c in result.codes} == {"trust": "", "delay": "", "tools": "t"}
    assert notes == [f"{FILE}: the key 't' was given to 'tools' and 'trust'; 'tools' keeps it."]


def test_split_here_and_merged_there_is_decided_as_one() -> None:
    book_ = BASE.new_code("Early", "theme", id="early").new_code("Late", "theme", id="late")
    result, notes = merged(
        book_, book_.split_code("delay", ["early", "late"]), book_.merge_codes(["delay"], "trust")
    )
    delay = result.code("delay")
    assert (delay.merged_into is None) != (not delay.split_into), "one of the two, never both"
    assert "retired and merged_into and split_into of the code 'delay' was changed in both copies" in notes[0]


def test_unknown_fields_are_kept_and_merged() -> None:
    base = book(code("trust", extra={"origin": "talk"}))
    ours, theirs = (
        base.change_code("trust", extra={"origin": "talk", "week": "3"}),
        base.change_code("trust", extra={"origin": "paper"}),
    )
    assert merged(base, ours, theirs)[0].code("trust").extra == {"origin": "paper", "week": "3"}


# -- laws on random codebooks --------------------------------------------------------------------------


@st.composite
def books(draw: st.DrawFn) -> Codebook:
    """A codebook without faults: links point to earlier ids only or to later ids only."""
    ids = draw(st.lists(st.sampled_from(IDS), unique=True))
    order = sorted(ids, reverse=draw(st.booleans()))
    codes = []
    for number, id_ in enumerate(order):
        before = order[:number]
        link = draw(st.sampled_from(["none", "parent", "merged", "counts"])) if before else "none"
        target = draw(st.sampled_from(before)) if before else ""
        parent = target if link == "parent" else None
        facet = next((c.facet for c in codes if c.id == parent), draw(st.sampled_from(["theme", "point"])))
        codes.append(
            Code(
                id_,
                draw(st.sampled_from(["Trust", "Delay", "Tools: old", "ja"])),
                facet,
                parent,
                aliases=tuple(draw(st.lists(st.sampled_from("xyz"), unique=True, max_size=2))),
                definition=draw(st.sampled_from(["", "What it is.", "Line\n# no comment"])),
                merged_into=target if link == "merged" else None,
                counts_as=(target,) if link == "counts" else (),
                key=draw(st.sampled_from(["", "k"])) if not any(c.key for c in codes) else "",
            )
        )
    return book(*draw(st.permutations(codes)))


@settings(max_examples=100, deadline=None)
@given(books(), books(), books())
def test_laws_of_codebooks(base: Codebook, ours: Codebook, theirs: Codebook) -> None:
    assert merge_codebooks(base, ours, ours, []) == ours
    assert merge_codebooks(base, base, theirs, []) == theirs
    result, _ = merged(base, ours, theirs)
    ids = {c.id for c in result.codes}
    for side, other in ((ours, theirs), (theirs, ours)):
        for c in side.codes:
            untouched = c in base.codes and c.id not in {o.id for o in other.codes}
            assert c.id in ids or untouched, "only what one side removed and the other left alone may go"
    doubts = {problem.place.rpartition(".")[2] for problem in check(result)}
    assert doubts <= {"name", "aliases"}, "equal names are the team's to settle; anything else was mended"


# -- comments ------------------------------------------------------------------------------------------

TEXT = """\
# Our codebook, see the wiki
facets:
- name: Theme
  codes:
  # from the pilot
  - name: Trust  # ask Ana
    definition: |
      Relying on others.
      # 1 is no comment
    # still open
    note: long "#2"
  - name: Delay
# the end
"""


def test_comments_of_both_sides_are_kept() -> None:
    ours = TEXT.replace(
        "  - name: Delay\n", "  # ours: waiting too?\n  - name: Delay\n  - name: Money  # new\n"
    )
    theirs = TEXT.replace("# ask Ana", "# ask Ben").replace("# the end\n", "")
    result = merge_file(FILE, TEXT.encode(), ours.encode(), theirs.encode())
    assert result == MergeResult(merge_file(FILE, TEXT.encode(), theirs.encode(), ours.encode()).content)
    text = result.content.decode()
    for comment in (
        "# Our codebook",
        "# from the pilot",
        "# ask Ben",
        "# still open",
        "# ours: waiting too?",
        "# new",
    ):
        assert comment in text
    assert "# the end" not in text
    assert "# ask Ana" not in text
    assert text.index("# ours: waiting too?") < text.index("Delay") < text.index("Money")
    assert codebook_from_yaml(text, FILE).code("trust").definition == "Relying on others.\n# 1 is no comment"


def test_comments_go_with_their_code_and_never_into_a_text() -> None:
    comments = yaml_comments(TEXT)
    plain = strip_comments(TEXT)
    assert "wiki" not in plain
    assert "# 1 is no comment" in plain
    assert '"#2"' in plain
    assert put_comments(plain, comments) == TEXT
    without = plain.replace('    note: long "#2"\n', "")
    assert "# still open" in put_comments(without, comments)
    assert codebook_from_yaml(put_comments(plain, comments), FILE) == codebook_from_yaml(plain, FILE)


@settings(max_examples=50, deadline=None)
@given(books(), st.lists(st.tuples(st.integers(0, 60), st.booleans()), max_size=5))
def test_comments_put_anywhere_change_no_code(codebook: Codebook, places: list[tuple[int, bool]]) -> None:
    lines = codebook_to_yaml(codebook, None).split("\n")
    for number, (at, beside) in enumerate(places):
        line = lines[at % len(lines)]
        if beside and line.strip() and not line.rstrip().endswith(("|", "|-", "|+")):
            lines[at % len(lines)] = f"{line}  # beside {number}"
        else:
            lines.insert(at % len(lines), f"# above {number}")
    text = "\n".join(lines)
    try:
        assume(codebook_from_yaml(text, FILE) == codebook)
    except FileProblems:
        assume(False)  # the line fell into the middle of a text
    again = put_comments(strip_comments(text), yaml_comments(text))
    assert codebook_from_yaml(again, FILE) == codebook_from_yaml(text, FILE)


def test_a_broken_codebook_is_a_conflict_with_its_place() -> None:
    good, broken = (
        TEXT.replace("Delay", "Money").encode(),
        TEXT.replace("note: long", "merged_into: nobody #").encode(),
    )
    result = merge_file(FILE, TEXT.encode(), good, broken)
    assert result.content == good
    assert result.conflicts[0].startswith(
        f"{FILE} @ facets[0].codes[0].merged_into: merged_into names 'nobody'"
    )
    assert "(in the other copy; nothing was merged)" in result.conflicts[0]
