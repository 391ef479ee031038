"""Codebooks in YAML, CSV and Excel: nothing is lost, nothing else is touched, every mistake is explained."""

from __future__ import annotations

import difflib
import random
import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qualcode.codebook import Code, Codebook, ExampleRef, Facet, check, default_codebook
from qualcode.codebook_excel import read_excel, write_excel
from qualcode.codebook_file import codebook_from_yaml, codebook_to_yaml, read_codebook, write_codebook
from qualcode.codebook_table import read_csv, write_csv
from qualcode.errors import FileProblems, InvalidValue, ReadError

DATA = Path(__file__).resolve().parent / "data" / "codebooks"
ROOT = Path(__file__).resolve().parent.parent

# -- random codebooks ----------------------------------------------------------------------------------

_TRICKY = [
    "no", "NA", "1e5", "2021-01-01", "null", "~", "12:30", "0x1f", "yes", "a: b", "# a", "a # b", "- a", "*a", "&a",
    "'q'", '"q"', 'say "q"', "x; y", "a, b", "[in vivo] no", "{a}", "a:", "@x", "`x`", "%x", "!x", "|", ">", "?", "=1+1",
    "#N/A", "_x0041_", "信頼", "الثقة", "👩‍🔬", "P7a@57a2fc3a7b6b2fd7:9-14", "Cafe\u0301", "---", "...", "<<", "x\\ny",
    "trust (json)", "extra: x", '";"', "a ;b", ";", "'", '"', "TRUE", "Name", "code",
]  # fmt: skip
words = st.one_of(
    st.sampled_from(_TRICKY),
    st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co")), min_size=1, max_size=25),
)
texts = st.one_of(
    st.just(""),
    words,
    st.lists(words, min_size=1, max_size=4).map("\n".join),
    st.lists(
        st.sampled_from(["trust", "in", "data:", "is", "#1", "a  b", "-", "\t"]), min_size=10, max_size=60
    ).map(" ".join),
)
examples = st.one_of(words, texts, st.just(ExampleRef("P7a", "57a2fc3a7b6b2fd7", 9, 14)))
values = st.recursive(words, lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(words, inner, max_size=2)),
                      max_leaves=4)  # fmt: skip
extras = st.dictionaries(
    words.filter(lambda w: w.strip() and " ".join(w.split()) not in ("codes", "facet", "facets", "<<")),
    values,
    max_size=2,
)


def _known_taken(extra: dict[str, object], known: tuple[str, ...]) -> dict[str, object]:
    return {key: value for key, value in extra.items() if " ".join(key.split()) not in known}


@st.composite
def codebooks(draw: st.DrawFn) -> Codebook:
    facets = []
    for number in range(draw(st.integers(0, 3))):
        extra = _known_taken(draw(extras), ("id", "name", "exclusive", "scale", "note"))
        facets.append(
            Facet(f"f{number}", draw(words.filter(str.strip)), draw(st.booleans()), tuple(draw(st.lists(words, max_size=2))),
                  draw(texts), extra)
        )  # fmt: skip
    codes: list[Code] = []
    known = tuple(Code.__dataclass_fields__)
    for number in range(draw(st.integers(0, 8 if facets else 0))):
        parent = draw(st.sampled_from([None, *codes])) if codes else None
        facet = parent.facet if parent else draw(st.sampled_from(facets)).id
        earlier = [code.id for code in codes]
        other = st.sampled_from(earlier) if earlier else st.nothing()
        fate = draw(st.sampled_from(["", "", "", "merged", "split", "retired"])) if earlier else ""
        code = Code(
            f"c{number}", draw(words), facet, parent.id if parent else None,
            aliases=tuple(draw(st.lists(words, max_size=3))),
            definition=draw(texts), include=draw(texts), exclude=draw(texts), note=draw(texts),
            examples=tuple(draw(st.lists(examples, max_size=3))),
            colour=draw(st.sampled_from(["", "#b03060", "teal"])), key=draw(st.sampled_from(["", "n", "1", "#"])),
            icon=draw(st.sampled_from(["", "people"])), codable=draw(st.booleans()), in_vivo=draw(st.booleans()),
            counts_as=tuple(draw(st.lists(other, max_size=2))) if earlier and not parent else (),
            merged_into=draw(other) if fate == "merged" else None,
            split_into=(draw(other),) if fate == "split" else (),
            retired=fate == "retired", extra=_known_taken(draw(extras), known),
        )  # fmt: skip
        if code.name:
            codes.append(code)
    kept = [facet for facet in facets if facet.name]
    codes = [code for code in codes if code.facet in {facet.id for facet in kept}]
    ids = {code.id for code in codes}
    codes = [code for code in codes if {code.merged_into or code.id, code.parent or code.id, *code.counts_as,
                                        *code.split_into} <= ids]  # fmt: skip
    extra = _known_taken(draw(extras), ("title", "version"))
    return Codebook(tuple(kept), tuple(codes), draw(texts), draw(st.sampled_from(["", "3"])), extra)


def sound(book: Codebook) -> bool:
    try:
        codebook_from_yaml(codebook_to_yaml(book))
    except FileProblems as error:
        if all("circle" in problem.message for problem in error.problems):
            return False
        raise
    return True


@settings(max_examples=100, deadline=None)
@given(codebooks())
def test_every_format_gives_back_what_was_written_and_writes_the_same_twice(book: Codebook) -> None:
    if not sound(book):
        return
    text = codebook_to_yaml(book)
    assert codebook_from_yaml(text) == book
    assert codebook_to_yaml(codebook_from_yaml(text)) == text
    assert codebook_to_yaml(book, text) == text
    table = write_csv(book)
    assert read_csv(table, "book.csv") == book
    assert write_csv(read_csv(table, "book.csv")) == table


@settings(max_examples=15, deadline=None)
@given(codebooks())
def test_excel_gives_back_what_was_written(book: Codebook) -> None:
    if not sound(book):
        return
    content = write_excel(book)
    assert read_excel(content, "book.xlsx") == book
    assert write_excel(book) == content


# -- only the lines concerned change -------------------------------------------------------------------

BY_HAND = """\
# Our codebook.
# Ask Ben before you change it.

title:   'Trust study'      # working title
owner: Ana                  # nobody but us knows this key
facets:
- id: theme
  name: "Theme"
  codes:

  # --- trust ---
  - name: Trust             # no id: it comes from the name
    definition: Whether people rely
      on what others give them.
    aliases:
    - faith   # old word
    - 'no'
    # the children
    codes:
    - {name: Broken trust, aliases: [betrayal]}
    -   id: early
        name: Early trust
        weight: 3
        # end of early

  # --- delay ---
  - id: delay
    # the reason comes later
    name: Delay
    note: >
      A folded
      note.

    counts_as: [Trust]      # by name

# the second facet
- name: Point
  codes:
  - Planning
  - Goals                   # a name alone is enough
# the end
"""


def changed(before: str, after: str) -> list[str]:
    lines = difflib.ndiff(before.split("\n"), after.split("\n"))
    return [line for line in lines if line[0] in "+-"]


def written(book: Codebook, previous: str = BY_HAND) -> str:
    after = codebook_to_yaml(book, previous)
    assert codebook_from_yaml(after) == book
    assert codebook_to_yaml(book, after) == after
    return after


def test_unchanged_is_untouched() -> None:
    book = codebook_from_yaml(BY_HAND)
    assert codebook_to_yaml(book, BY_HAND) == BY_HAND
    assert book.extra == {"owner": "Ana"}
    assert book.code("early").extra == {"weight": "3"}
    assert [code.id for code in book.codes] == [
        "trust",
        "broken-trust",
        "early",
        "delay",
        "planning",
        "goals",
    ]
    assert book.code("delay").counts_as == ("trust",)
    windows = "\ufeff" + BY_HAND.replace("\n", "\r\n")
    assert codebook_to_yaml(codebook_from_yaml(windows), windows) == windows
    renamed = codebook_to_yaml(book.rename_code("delay", "Lag"), windows)
    assert renamed.startswith("\ufeff# Our codebook.\r\n")
    assert "\n" not in renamed.replace("\r\n", "")


@pytest.mark.parametrize(
    ("act", "expected"),
    [
        (lambda b: b.change_code("delay", definition="Waiting."), ["+     definition: Waiting."]),
        (lambda b: b.change_code("early", note="new"), ["+         note: new"]),
        (lambda b: b.rename_code("early", "Trust at once", keep_alias=False),
         ["-         name: Early trust", "+         name: Trust at once"]),
        (lambda b: b.rename_code("delay", "Lag"), ["-     name: Delay", "+     name: Lag", "+     aliases: [Delay]"]),
        (lambda b: b.rename_code("trust", "Reliance", keep_alias=False),
         ["-   - name: Trust             # no id: it comes from the name", "+   - id: trust",
          "+     name: Reliance  # no id: it comes from the name"]),
        (lambda b: b.change_code("trust", aliases=["no", "belief"]),
         ["-     - faith   # old word", "+     - belief"]),
        (lambda b: b.change_code("delay", counts_as=["trust", "planning"]),
         ["-     counts_as: [Trust]      # by name", "+     counts_as: [Trust, planning]  # by name"]),
        (lambda b: b.change_code("delay", counts_as=[]), ["-     counts_as: [Trust]      # by name"]),
        (lambda b: b.change_code("delay", note="Short."),
         ["-     note: >", "-       A folded", "-       note.", "+     note: Short."]),
        (lambda b: b.new_code("New", parent="delay", id="new"),
         ["+     codes:", "+     - id: new", "+       name: New"]),
        (lambda b: b.new_code("New", parent="trust", id="new"), ["+     - id: new", "+       name: New"]),
        (lambda b: b.new_code("New", "point", id="new", after="planning"), ["+   - id: new", "+     name: New"]),
        (lambda b: b.retire_code("early"), ["+         retired: yes"]),
        (lambda b: b.merge_codes("early", "delay"), ["+         merged_into: delay"]),
        (lambda b: b.change_code("goals", definition="What to reach."),
         ["-   - Goals                   # a name alone is enough", "+   - id: goals", "+     name: Goals  # a name alone is enough",
          "+     definition: What to reach."]),
        (lambda b: b.change_facet("point", exclusive=True), ["+   exclusive: yes"]),
        (lambda b: b.new_facet("Role"), ["+ ", "+ - id: role", "+   name: Role"]),
        (lambda b: b.move_code("planning", after="goals"), ["-   - Goals                   # a name alone is enough", "+   - Goals                   # a name alone is enough"]),
    ],
)  # fmt: skip
def test_a_verb_changes_only_its_lines(act, expected: list[str]) -> None:
    after = written(act(codebook_from_yaml(BY_HAND)))
    assert sorted(changed(BY_HAND, after)) == sorted(expected), after


def test_moved_codes_take_their_comments_along() -> None:
    after = written(
        codebook_from_yaml(BY_HAND).change_code("delay", counts_as=()).move_code("trust", "delay")
    )
    for comment in (
        "# --- trust ---",
        "# no id: it comes from the name",
        "# old word",
        "# the children",
        "# end of early",
    ):
        assert comment in after
    assert "      - faith   # old word" in after
    assert "{name: Broken trust, aliases: [betrayal]}" in after
    assert after.index("# --- delay ---") < after.index("# --- trust ---")
    assert after.endswith("# the end\n")


def test_a_flat_list_with_parents_stays_one() -> None:
    flat = (
        "facets:\n  - name: Theme\n    codes:\n      - name: Broken trust\n        parent: Trust  # see there\n"
        "      - name: Trust\n      - name: Delay\n"
    )
    book = codebook_from_yaml(flat)
    assert book.path("broken-trust") == "Trust > Broken trust"
    after = written(book.change_code("delay", note="n"), flat)
    assert "parent: Trust  # see there" in after
    assert written(book.move_code("broken-trust", "delay"), flat).count("parent:") == 0


def test_a_list_of_codes_alone_is_a_codebook_of_open_codes() -> None:
    text = "codes:\n- Trust\n- name: Delay\n  note: x  # y\n"
    book = codebook_from_yaml(text)
    assert book.facets == default_codebook().facets
    after = written(book.new_code("New", id="new"), text)
    assert changed(text, after) == ["+ - id: new", "+   name: New"]
    assert written(book.new_facet("Theme"), text).startswith("facets:\n- id: open-codes\n")


def test_anchors_and_merge_keys_are_read_and_survive() -> None:
    text = (
        "base: &base\n  note: shared\n  colour: '#b03060'\nfacets:\n- name: Theme\n  codes:\n"
        "  - <<: *base\n    name: A\n  - <<: [*base]\n    name: B\n    colour: teal\n    definition: &d long\n"
        "  - name: C\n    definition: *d\n"
    )
    book = codebook_from_yaml(text)
    assert [(c.note, c.colour) for c in book.codes] == [("shared", "#b03060"), ("shared", "teal"), ("", "")]
    assert book.code("C").definition == "long"
    after = written(book.change_code("a", note="own"), text)
    assert changed(text, after) == ["+     note: own"]
    after = written(book.change_code("c", definition="other"), text)
    assert changed(text, after) == ["-     definition: *d", "+     definition: other"]
    # What cannot be said with these devices is written anew, and still says the right thing.
    written(book.change_code("a", note=""), text)
    written(book.change_code("b", definition="other"), text)


def test_an_empty_codebook_and_the_first_code() -> None:
    assert codebook_to_yaml(Codebook()) == "facets: []\n"
    text = "# mine\nfacets: []  # none yet\n"
    after = written(Codebook().new_facet("Theme").new_code("Trust", id="trust"), text)
    assert (
        after
        == "# mine\nfacets:  # none yet\n  - id: theme\n    name: Theme\n    codes:\n      - id: trust\n        name: Trust\n"
    )


def test_written_anew_it_reads_well() -> None:
    book = Codebook((Facet("theme", "Theme"),)).new_code(
        "Trust", id="trust", counts_as=(), aliases=("no", "a, b")
    )
    book = book.new_code("Broken", parent="trust", id="broken", definition="One\n\ntwo: three", codable=False)
    book = book.change_code("broken", note="word " * 30, examples=["say: no", ExampleRef("P1", "ab12", 3, 9)])
    assert codebook_to_yaml(book) == (
        "facets:\n"
        "  - id: theme\n"
        "    name: Theme\n"
        "    codes:\n"
        "      - id: trust\n"
        "        name: Trust\n"
        "        aliases: ['no', 'a, b']\n"
        "        codes:\n"
        "          - id: broken\n"
        "            name: Broken\n"
        "            definition: |-\n"
        "              One\n"
        "\n"
        "              two: three\n"
        "            examples:\n"
        "              - 'say: no'\n"
        "              - P1@ab12:3-9\n"
        "            note: >-\n"
        "              " + " ".join(["word"] * 17) + "\n"
        "              " + " ".join(["word"] * 13) + "\n"
        "            codable: no\n"
    )


@settings(max_examples=60, deadline=None)
@given(codebooks(), st.integers(0, 10**9))
def test_comments_survive_any_change(book: Codebook, seed: int) -> None:
    if not sound(book) or not book.codes:
        return
    rng = random.Random(seed)
    lines = codebook_to_yaml(book).split("\n")
    # Comments above the entries of codes (a block of text would swallow them).
    commented: list[str] = []
    count = 0
    for line in lines:
        stripped = line.strip()
        if stripped.startswith(("- id: c", "name: ")) and rng.random() < 0.6:
            commented.append(" " * (len(line) - len(line.lstrip())) + f"# comment {count}")
            count += 1
        commented.append(line)
    text = "\n".join(commented)
    if codebook_from_yaml(text) != book:
        return  # a line of a longer text looked like an entry
    code = rng.choice(book.codes)
    acts = [
        lambda: book.change_code(code.id, definition="changed", aliases=("x", "y")),
        lambda: book.change_code(code.id, definition="", note="", aliases=(), extra={}),
        lambda: book.rename_code(code.id, "renamed"),
        lambda: book.new_code("New one", parent=code.id),
        lambda: book.move_code(code.id, rng.choice(book.codes).id),
        lambda: book.retire_code(code.id),
    ]
    try:
        after_book = rng.choice(acts)()
    except InvalidValue:
        return
    after = codebook_to_yaml(after_book, text)
    assert codebook_from_yaml(after) == after_book
    assert after.count("# comment") == text.count("# comment")
    kept = [line.strip() for line in after.split("\n")]
    for before, line in pairwise(commented):
        # A comment still stands above the code that it stood above.
        if before.strip().startswith("# comment") and line.strip().startswith("- id: c"):
            assert kept[kept.index(before.strip()) + 1] == line.strip()


# -- mistakes people make ------------------------------------------------------------------------------


def said(text: str) -> list[str]:
    with pytest.raises(FileProblems) as error:
        codebook_from_yaml(text)
    return str(error.value).split("\n")


def codes(*lines: str) -> str:
    return "facets:\n- name: Theme\n  codes:\n" + "".join(f"  {line}\n" for line in lines)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["codebook.yaml: is empty (a codebook looks like: facets: - name: Theme, and below it codes: - name: Trust; "
              "or delete the file)"]),
        ("# only a comment\n", ["codebook.yaml: is empty (a codebook looks like: facets: - name: Theme, and below it "
                                "codes: - name: Trust; or delete the file)"]),
        ("just words", ["codebook.yaml:1: does not begin with 'facets:' (a codebook looks like: facets: - name: Theme, "
                        "and below it codes: - name: Trust)"]),
        ("facet:\n- name: x\n", ["codebook.yaml: has neither facets nor codes. Did you mean 'facets'? (a codebook looks "
                                 "like: facets: - name: Theme, and below it codes: - name: Trust)"]),
        ("facets:\n  Theme:\n    codes:\n",
         ["codebook.yaml @ facets: is no list of facets (begin each facet with a dash: - name: and the name)"]),
        ("facets:\n- name: Theme\n  codes:\n    Trust: x\n",
         ["codebook.yaml @ facets[0].codes: is no list of codes (begin each code with a dash: - name: and the name)"]),
        ("facets:\n- name: T\ncodes:\n- x\n",
         ["codebook.yaml @ codes: stands beside facets: (put the codes below one of the facets)"]),
        (codes("- name: Trust", "- name: Trust"),
         ["codebook.yaml @ facets[0].codes[1].id: the code 'Trust' (id trust) is listed twice, also at facets[0].codes[0] "
          "(delete one, or give it an id of its own, for example id: theme-trust)"]),
        (codes("- id: t", "  name: Trust", "- id: t", "  name: Delay"),
         ["codebook.yaml @ facets[0].codes[1].id: the id 't' belongs to two codes, also to 'Trust' at facets[0].codes[0] "
          "(give one of them another id, for example id: theme-delay)"]),
        (codes("- name: Trust", "  parent: Turst"),
         ["codebook.yaml @ facets[0].codes[0].parent: the parent 'Turst' is no code of the codebook "
          "(Did you mean 'Trust'?)"]),
        (codes("- name: Trust", "  counts_as: [Comunication]"),
         ["codebook.yaml @ facets[0].codes[0].counts_as: counts_as names 'Comunication', which is no code of the codebook "
          "(write the id or the name of a code, or take it out)"]),
        (codes("- name: Trust", "  aliases: faith"),
         ["codebook.yaml @ facets[0].codes[0].aliases: is a text where a list is expected (write aliases: [faith])"]),
        (codes("- name: Trust", "  definition: [a, b]", "  include:", "    when: x"),
         ["codebook.yaml @ facets[0].codes[0].definition: holds a list where a text is expected (write the text after the "
          "colon; in quotation marks if it begins with [, { or -, or holds ': ')",
          "codebook.yaml @ facets[0].codes[0].include: holds further fields where a text is expected (write the text after "
          "the colon; in quotation marks if it begins with [, { or -, or holds ': ')"]),
        (codes("- name:", "  definition: x", "- defintion: x", "- nmae: x"),
         ["codebook.yaml @ facets[0].codes[0].name: the code has no name (write name: and then the name)",
          "codebook.yaml @ facets[0].codes[1].name: the code has no name (write name: and then the name)",
          "codebook.yaml @ facets[0].codes[2].name: the code has no name ('nmae' is not known. Did you mean 'name'?)"]),
        (codes("- name: Trust", "  name: Delay", "  colour: #b03060"),
         ["codebook.yaml:5: 'name' is there twice in one entry, first in line 4 (delete one of the two, or begin a new "
          "entry with '- ')",
          "codebook.yaml @ facets[0].codes[0].colour: is empty, because # begins a comment (write the colour in quotation "
          "marks, like colour: '#b03060')"]),
        (codes("- name: Trust", "  codable: maybe", "  facet: Theme", "-"),
         ["codebook.yaml @ facets[0].codes[0].codable: is 'maybe', expected yes or no (write yes or no)",
          "codebook.yaml @ facets[0].codes[0].facet: is not needed here (delete the line; a code belongs to the facet below "
          "which it is written)",
          "codebook.yaml @ facets[0].codes[1]: is no code (write - name: and the name of the code, or delete the dash)"]),
        (codes("- name: A", "  counts_as: [B]", "- name: B", "  counts_as: [A]"),
         ["codebook.yaml @ facets[0].codes[0].counts_as: counts_as goes in a circle: a > b > a (take one of these links "
          "out)"]),
        (codes("- name: A", "  merged_into: X Y", "- name: X", "  codes: [O]", "- name: Y", "  codes: [{id: o2, name: O}]",
               "- name: B", "  counts_as: [O]"),
         ["codebook.yaml @ facets[0].codes[0].merged_into: merged_into names 'X Y', which is no code of the codebook "
          "(write the id or the name of a code, or take it out)",
          "codebook.yaml @ facets[0].codes[3].counts_as: 'O' is the name of 2 codes: 'theme:X > O' (id o), 'theme:Y > O' (id o2). Give "
          "one of these, or its id."]),
        (codes("- name: A", "  codes:", "  - name: B", "    parent: C", "- name: C"),
         ["codebook.yaml @ facets[0].codes[0].codes[0].parent: says 'C', but it is written below 'a' (write it in one place "
          "only: delete the line parent:, or move the code)"]),
        (codes("- name: A", "  examples:", "  - he said: no", "  - {source: P1, version: v, start: x, end: 2}"),
         ["codebook.yaml @ facets[0].codes[0].examples[0]: An example is a text, or a place with source, version, start and "
          "end. (put a text with a colon in quotation marks)",
          "codebook.yaml @ facets[0].codes[0].examples[1]: start and end must be whole numbers (write like start: 120 and "
          "end: 180)"]),
        (codes("- id: a b", "  name: A"), ["codebook.yaml @ facets[0].codes[0].id: 'a b' cannot be an id (write id: a-b)"]),
        ("facets:\n- note: x\n- name: T\n- name: T\n- [x]\n",
         ["codebook.yaml @ facets[0].name: the facet has no name (write name: and then the name)",
          "codebook.yaml @ facets[2].id: the facet 't' is there twice (give one of them another id, or join their codes)",
          "codebook.yaml @ facets[3]: is no facet (write - name: and the name of the facet)"]),
        (codes("- name: A", "  <<: [x]"),
         ["codebook.yaml @ facets[0].codes[0]: '<<:' must name an entry with fields (write <<: *name)"]),
        # what is no YAML at all: with the line
        (codes("- name: Trust: in data"),
         ['codebook.yaml:4: a colon stands inside the text, or the line is set in too far (put a text with a colon in '
          'quotation marks, like name: "Trust: in data")']),
        (codes("- name: A", "\tdefinition: x", "\tnote: y"),
         ["codebook.yaml:5: a tab stands where blanks must (replace each tab by two blanks)",
          "codebook.yaml:6: a tab stands where blanks must (replace each tab by two blanks)"]),
        (codes("- name: *trust"),
         ["codebook.yaml:4: a text may not begin with '*', and no '&trust' stands above (put the text in quotation marks)"]),
        (codes("- name: @home"),
         ["codebook.yaml:4: a text may not begin with this sign (put the text in quotation marks)"]),
        (codes("- name: 'Trust", "- name: Delay"),
         ["codebook.yaml:4: a quotation mark is opened here and never closed (close it; within \"...\" write \\\" for a "
          "quotation mark, within '...' write '')"]),
        (codes('- name: "trust" in data'),
         ["codebook.yaml:4: the line is not set in like the lines it belongs to (set lines that belong together in by the "
          "same number of blanks; put a text that begins with a quotation mark in quotation marks as a whole)"]),
        (codes("- name: [in vivo] trust"),
         ["codebook.yaml:4: the line is not set in like the lines it belongs to (set lines that belong together in by the "
          "same number of blanks; put a text that begins with a quotation mark in quotation marks as a whole)"]),
        (codes("- Burnout", " - Bus factor", "- Other"),
         ["codebook.yaml:5: the line is set in too far, so that YAML reads it as part of the text above (begin the dash "
          "under the dash above)"]),
        (codes("- name: A", "  aliases: [b, c", "- name: B"),
         ["codebook.yaml:6: a list in [ ] or { } is not closed, or a text begins with a bracket (close it; put a text that "
          "begins with a bracket in quotation marks)"]),
        (codes("- name: A", " definition: x"),
         ["codebook.yaml:5: the line is not set in like the lines it belongs to (set lines that belong together in by the "
          "same number of blanks; put a text that begins with a quotation mark in quotation marks as a whole)"]),
        (codes("- name: A", "  definition x", "  note: y"),
         ["codebook.yaml:5: the line has no colon, or is set in too little (write key: value, or set a text that goes on in "
          "by two more blanks)"]),
        ("facets: []\n---\nfacets: []\n",
         ["codebook.yaml:2: a second document begins here with '---' (keep one codebook in a file)"]),
    ],
)  # fmt: skip
def test_each_mistake_is_explained(text: str, expected: list[str]) -> None:
    assert said(text) == expected


def test_examples_are_texts_or_places_in_two_ways() -> None:
    text = codes(
        "- name: A",
        "  examples:",
        "  - they said no",
        "  - P1@ab12:3-9",
        "  - {source: P2, version: c, start: 1, end: 2}",
    )
    book = codebook_from_yaml(text)
    assert book.code("a").examples == (
        "they said no",
        ExampleRef("P1", "ab12", 3, 9),
        ExampleRef("P2", "c", 1, 2),
    )
    assert read_csv(write_csv(book), "x.csv") == book


def test_all_problems_come_at_once_in_the_order_of_the_file() -> None:
    path = DATA / "broken.yaml"
    with pytest.raises(FileProblems) as error:
        read_codebook(path)
    assert [(p.file, p.place) for p in error.value.problems] == [
        ("broken.yaml", "facets[0].codes[0].aliases"),
        ("broken.yaml", "facets[0].codes[1].codes[0].parent"),
        ("broken.yaml", "13"),
        ("broken.yaml", "facets[0].codes[2].id"),
        ("broken.yaml", "facets[1].codes[0].counts_as"),
        ("broken.yaml", "facets[1].codes[1].name"),
    ]


def test_unknown_keys_are_kept_and_only_hinted_at() -> None:
    text = codes("- name: Trust", "  defintion: x", "  weight: 3")
    book = codebook_from_yaml(text)
    assert book.code("trust").extra == {"defintion": "x", "weight": "3"}
    assert [str(problem) for problem in check(book)] == [
        "codebook.yaml @ facets[0].codes[0].defintion: 'defintion' is kept, but not known. Did you mean 'definition'?"
    ]


def test_scalars_stay_text() -> None:
    names = ["no", "NA", "1e5", "2021-01-01", "null", "0123", "1_000", "12:30:00", "TRUE", "3.10"]
    book = codebook_from_yaml(codes(*(f"- name: {name}" for name in names)))
    assert [code.name for code in book.codes] == names
    assert [code.name for code in read_csv(write_csv(book), "x").codes] == names
    assert [code.name for code in read_excel(write_excel(book), "x").codes] == names


# -- files ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", [".yaml", ".yml", ".csv", ".xlsx"])
def test_files_by_suffix(tmp_path: Path, suffix: str) -> None:
    book = codebook_from_yaml(BY_HAND)
    path = tmp_path / f"book{suffix}"
    write_codebook(book, path)
    assert read_codebook(path) == book
    first = path.read_bytes()
    write_codebook(book, path)
    assert path.read_bytes() == first
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_writing_over_a_yaml_file_keeps_its_comments(tmp_path: Path) -> None:
    path = tmp_path / "book.yaml"
    path.write_bytes(BY_HAND.replace("\n", "\r\n").encode())
    write_codebook(read_codebook(path).rename_code("delay", "Lag"), path)
    assert b"# --- delay ---\r\n" in path.read_bytes()
    path.write_text("facets: [", encoding="utf-8")
    with pytest.raises(FileProblems):
        write_codebook(default_codebook(), path)
    assert path.read_text(encoding="utf-8") == "facets: [", "a broken file of somebody is not written over"


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    def reason(name: str, content: bytes | None = None) -> str:
        path = tmp_path / name
        if content is not None:
            path.write_bytes(content)
        with pytest.raises((ReadError, FileProblems)) as error:
            read_codebook(path)
        return str(error.value)

    assert reason("none.yaml") == "none.yaml: cannot be read (No such file or directory). Check the path."
    assert reason("book.docx", b"x") == (
        "book.docx: a codebook is a file .yaml, .yml, .csv, .tsv, .xlsx, .xlsm. Save it as one of these."
    )
    assert reason("latin.yaml", "facets:\n- name: Überblick\n".encode("latin-1")) == (
        "latin.yaml:2: is not UTF-8: the byte 0xdc stands here, often an accented letter "
        "(in your editor: save with encoding UTF-8)"
    )
    assert reason("latin.csv", "name\nÜ\n".encode("cp1252")) == (
        "latin.csv:2: is not UTF-8: the byte 0xdc stands here, often an accented letter (in Excel: Save as 'CSV UTF-8')"
    )
    assert reason("wide.csv", "name\nx\n".encode("utf-16")) == (
        "wide.csv: is UTF-16, not UTF-8 (in Excel: Save as 'CSV UTF-8')"
    )
    assert reason("merge.yaml", b"<<<<<<< ours\nfacets: []\n=======\nfacets: []\n>>>>>>> theirs\n") == (
        "merge.yaml:1: holds the marks of an unfinished git merge (finish the merge first)\n"
        "merge.yaml:5: holds the marks of an unfinished git merge (finish the merge first)"
    )
    assert reason("text.xlsx", b"name\nx\n") == (
        "text.xlsx: is no Excel workbook (open it in Excel and save it as .xlsx without a password)"
    )
    assert reason("old.xlsx", b"\xd0\xcf\x11\xe0rest") == (
        "old.xlsx: is an old Excel file (.xls), or one with a password "
        "(open it in Excel and save it as .xlsx without a password)"
    )
    with pytest.raises(InvalidValue, match=r"cannot be written as 'book\.txt'\. Use \.yaml, \.csv or \.xlsx"):
        write_codebook(default_codebook(), tmp_path / "book.txt")


def test_byte_order_mark_and_windows_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "book.yaml"
    path.write_bytes(
        b"\xef\xbb\xbffacets:\r\n- name: Theme\r\n  codes:\r\n  - name: Trust\r\n    note: |\r\n      a\r\n      b\r\n"
    )
    assert read_codebook(path).code("trust").note == "a\nb"


# -- tables --------------------------------------------------------------------------------------------


def test_csv_looks_like_a_table_of_codes() -> None:
    book = codebook_from_yaml(
        codes("- name: Trust", "  codes:", "  - name: Broken, or lost; gone", "    aliases: [a; b, c]")
    )
    assert write_csv(book) == (
        "kind,facet,code,name,parent,aliases,definition,include,exclude,examples,note,counts_as\n"
        "facet,theme,,Theme,,,,,,,,\n"
        "code,theme,trust,Trust,,,,,,,,\n"
        'code,theme,broken-or-lost-gone,"Broken, or lost; gone",trust,"""a; b""; c",,,,,,\n'
    )


def test_a_csv_by_hand_needs_only_names() -> None:
    book = read_csv("Name\nTrust\nDelay\n", "x.csv")
    assert [(c.facet, c.id, c.name) for c in book.codes] == [
        ("open-codes", "trust", "Trust"), ("open-codes", "delay", "Delay"),
    ]  # fmt: skip
    book = read_csv(
        "Facet;Name;Parent;Definition;Counts_as;Codable;Colour\r\n"
        "Collaboration Point;Planning;;When;Communication; Yes;\r\n"
        ";;;;;;\r\n"
        "Collaboration Point;Estimates;planning;How, and long;;x;#b03060\r\n"
        "Theme;Communication;;;;no;\r\n",
        "x.csv",
    )
    assert [facet.id for facet in book.facets] == ["collaboration-point", "theme"]
    assert [facet.name for facet in book.facets] == ["Collaboration Point", "Theme"]
    assert book.path("estimates") == "Planning > Estimates"
    assert book.counts_as("estimates") == {"estimates", "planning", "communication"}
    assert not book.code("communication").codable
    assert book.code("estimates").definition == "How, and long"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["x.csv: is empty (write the columns facet, code, name, ... in the first line)"]),
        ("Code,Label,Meaning\na,A,x\n",
         ["x.csv:1: has no column 'name' that holds the names of the codes; its columns are 'Code', 'Label', 'Meaning' "
          "(rename 'Code' or 'Label' to 'name')"]),
        ("id,x\na,b\n", ["x.csv:1: has no column 'name' that holds the names of the codes; its columns are 'id', 'x' "
                         "(rename the column with the names to 'name')"]),
        ("name,Name\na,b\n", ["x.csv:1: the column 'name' is there twice (rename or delete one of them)"]),
        ("name,parent,codable,definition\nA,,,x\n,,,y\nB,C,maybe,\nA,,,\n\nE,,,a,b\n",
         ["x.csv:7: has 5 columns, the first line 4 (put a cell that holds ',' in quotation marks)"]),
        ("name,parent,codable,definition\nA,,,x\n,,,y\nB,C,maybe,\nA,,,\n",
         ["x.csv:3: the code has no name (write name: and then the name)",
          "x.csv:4: codable is 'maybe', expected yes or no (write yes or no)",
          "x.csv:4: the parent 'C' is no code of the codebook (write the id or the name of a code, or take it out)",
          "x.csv:5: the code 'A' (id a) is listed twice, also at line 2 (delete one, or give it an id of its own, for "
          "example id: open-codes-a)"]),
        ('name,definition\nA,"one\ntwo"\nB,"open\nC,x\n',
         ["x.csv:4: a quotation mark is opened here and not closed, or text follows a closed one (write \"\" for a quotation "
          "mark within a cell)"]),
        ("kind,name\ncdoe,A\nfacet,T\nfacet,T\n",
         ["x.csv:2: the kind 'cdoe' is unknown. Did you mean 'code'? (write code, facet, codebook)",
          "x.csv:4: the facet 't' is there twice, first in line 3 (delete one row)"]),
        ("name,extras (json)\nA,{\n", ["x.csv:2: the column 'extras (json)' holds no JSON (correct the cell, or rename the "
                                       "column)"]),
    ],
)  # fmt: skip
def test_each_mistake_in_a_table_is_explained(text: str, expected: list[str]) -> None:
    with pytest.raises(FileProblems) as error:
        read_csv(text, "x.csv")
    assert str(error.value).split("\n") == expected


def test_excel_of_somebody_else(tmp_path: Path) -> None:
    from datetime import datetime

    from openpyxl import Workbook

    work = Workbook()
    work.active.title = "Notes"
    work.active.append(["nothing"])
    sheet = work.create_sheet("Codebook ")
    sheet.append([None])
    sheet.append(["Name", "Definition", "Note", "Codable", "Weight"])
    sheet.append([2021, datetime(2024, 5, 1), 1.5, False, 3.0])
    sheet.append([None, None, None, None, None])
    sheet.append(["Trust"])
    path = tmp_path / "book.xlsx"
    work.save(path)
    book = read_codebook(path)
    assert [(c.name, c.definition, c.note, c.codable, c.extra) for c in book.codes] == [
        ("2021", "2024-05-01", "1.5", False, {"Weight": "3"}),
        ("Trust", "", "", True, {}),
    ]
    sheet.append(["Trust"])
    work.save(path)
    with pytest.raises(
        FileProblems, match=r"book.xlsx:6: the code 'Trust' \(id trust\) is listed twice, also at line 5"
    ):
        read_codebook(path)
    with pytest.raises(
        InvalidValue, match=r"definition of 'Trust' has 40,000 characters, an Excel cell holds 32,767"
    ):
        write_excel(book.change_code("trust", definition="x" * 40_000))


def test_an_empty_sheet_names_the_others(tmp_path: Path) -> None:
    from openpyxl import Workbook

    work = Workbook()
    work.create_sheet("Codes")
    path = tmp_path / "book.xlsx"
    work.save(path)
    with pytest.raises(FileProblems) as error:
        read_codebook(path)
    assert str(error.value) == (
        "book.xlsx: the sheet 'Sheet' is empty (name the sheet with the codes 'codebook'; there are also: Codes)"
    )


# -- the study's own codebook, and speed ---------------------------------------------------------------


def test_the_codebook_of_the_study_survives_every_format(tmp_path: Path) -> None:
    book = read_codebook(ROOT / "codebooks" / "codebook.yaml")
    for suffix in (".yaml", ".csv", ".xlsx"):
        write_codebook(book, tmp_path / f"book{suffix}")
        assert read_codebook(tmp_path / f"book{suffix}") == book


def test_a_verb_on_the_study_s_codebook_touches_one_place() -> None:
    text = (ROOT / "codebooks" / "codebook.yaml").read_text(encoding="utf-8")
    book = codebook_from_yaml(text)
    after = written(book.new_code("A new challenge", "challenge", id="new", counts_as=["Process"]), text)
    assert changed(text, after) == [
        "+       - id: new", "+         name: A new challenge", "+         counts_as: [process]",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("".join(f"k{i}: &k{i} [{', '.join([f'*k{i - 1}'] * 6) if i else 'x, y'}]\n" for i in range(30)),
         "aliases such as '*k"),
        ("[" * 200_000, "nests too deeply to be a codebook"),
        ("facets: " + "{a: " * 50_000, "nests too deeply to be a codebook"),
        ("- " * 50_000, "nests too deeply to be a codebook"),
    ],
    ids=["aliases of aliases", "brackets", "braces", "dashes"],
)  # fmt: skip
def test_a_codebook_made_to_take_forever_is_refused(text: str, message: str) -> None:
    """Each of these would take minutes to hours; the limits are reached at once."""
    with pytest.raises(FileProblems, match=re.escape(message)):
        codebook_from_yaml(text)


def test_aliases_in_reason_are_understood() -> None:
    shared = "\n".join(f"  - {{name: Code {number}, definition: *said}}" for number in range(300))
    book = codebook_from_yaml(f"note: &said What is meant.\nfacets:\n- name: Theme\n  codes:\n{shared}\n")
    assert {code.definition for code in book.codes} == {"What is meant."}
