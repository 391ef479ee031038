"""The codebook: references, what counts as what, and verbs that keep every rule."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qualcode.codebook import Code, Codebook, ExampleRef, Facet, check, default_codebook
from qualcode.errors import InvalidValue, UnknownCode, UnknownFacet
from qualcode.slug import slug


def make(
    *codes: Code, facets: tuple[Facet, ...] = (Facet("point", "Point"), Facet("theme", "Theme"))
) -> Codebook:
    return Codebook(facets, codes)


@pytest.fixture
def book() -> Codebook:
    """Requirements > (Planning, Goals > Goals of users) | Communication, Process."""
    return make(
        Code("req", "Requirements", "point", codable=False),
        Code("plan", "Planning", "point", "req", counts_as=("comm",)),
        Code("goals", "Goals", "point", "req", aliases=("aims",)),
        Code("users", "Goals of users", "point", "goals", counts_as=("proc",)),
        Code("comm", "Communication", "theme"),
        Code("proc", "Process", "theme", counts_as=("comm",)),
    )


# -- references ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "ref",
    ["users", "Goals of users", "goals of USERS", "Goals > Goals of users", "Requirements > goals > goals of users",
     "point:Goals of users", "Point: goals of users", "point:users", " Goals  of users ", "USERS"],
)  # fmt: skip
def test_a_code_is_found_by_id_name_path_and_facet(book: Codebook, ref: str) -> None:
    assert book.code(ref).id == "users"


def test_aliases_and_case() -> None:
    book = make(
        Code("a", "Trust", "theme", aliases=("faith",)),
        Code("b", "trust", "point"),
        Code("c", "Faith", "point"),
    )
    assert book.code("Trust").id == "a"
    assert book.code("trust").id == "b"
    assert book.code("faith").id == "a", "an alias to the letter comes before a name in another case"
    assert book.code("FAITH").id == "c", "a name comes before an alias"
    with pytest.raises(InvalidValue) as error:
        book.code("TRUST")
    assert str(error.value) == (
        "'TRUST' is the name of 2 codes: 'point:trust' (id b), 'theme:Trust' (id a). Give one of these, or its id."
    )
    assert book.code("TRUST", facet="theme").id == "a"


def test_an_id_means_its_code_whatever_others_are_called() -> None:
    book = make(Code("trust", "Confidence", "theme"), Code("t2", "trust", "theme"))
    assert book.code("trust").id == "trust"


def test_equal_names_under_two_parents_are_told_apart_by_path(book: Codebook) -> None:
    book = book.new_code("Other", parent="plan", id="o1").new_code("Other", parent="goals", id="o2")
    assert book.code("planning > other").id == "o1"
    with pytest.raises(InvalidValue, match=r"'point:Requirements > Planning > Other' \(id o1\)"):
        book.code("Other")


def test_names_of_any_script_with_signs() -> None:
    book = make(
        Code("a", "信頼: データ > モデル", "theme"), Code("b", "الثقة", "theme"), Code("c", "Café", "theme")
    )
    assert book.code("信頼: データ > モデル").id == "a"
    assert book.code("الثقة").id == "b"
    assert book.code("cafe\u0301").id == "c", "composed and decomposed letters are one"


def test_unknown_references_say_what_is_meant(book: Codebook) -> None:
    with pytest.raises(UnknownCode) as error:
        book.code("Comunication")
    assert str(error.value) == (
        "The codebook has no code 'Comunication'. Did you mean 'Communication'? See codebook.to_frame()."
    )
    with pytest.raises(UnknownCode, match="The facet 'point' has no code 'Process'"):
        book.code("Process", facet="point")
    with pytest.raises(UnknownFacet) as facet_error:
        book.facet("Themes")
    assert str(facet_error.value) == (
        "The codebook has no facet 'Themes'. Did you mean 'Theme'? Its facets: point, theme."
    )
    assert book.facet("THEME").id == "theme"


def test_retired_codes_are_found_by_id_and_by_name_where_no_living_code_has_it(book: Codebook) -> None:
    gone = book.retire_code("plan")
    assert gone.code("Planning").id == "plan"
    again = gone.new_code("planning", parent="req", id="plan2")
    assert again.code("Planning").id == "plan2"
    assert again.code("plan").id == "plan"


# -- the tree ------------------------------------------------------------------------------------------


def test_tree(book: Codebook) -> None:
    assert [c.id for c in book.children(facet="point")] == ["req"]
    assert [c.id for c in book.children("req")] == ["plan", "goals"]
    assert [c.id for c in book.leaves("point")] == ["plan", "users"]
    assert [c.id for c in book.leaves("req")] == ["plan", "users"]
    assert [c.id for c in book.leaves("plan")] == ["plan"]
    assert [c.id for c in book.leaves()] == ["plan", "users", "comm", "proc"]
    assert [c.id for c in book.ancestors("users")] == ["req", "goals"], "the outermost first"
    assert [c.id for c in book.descendants("req")] == ["plan", "goals", "users"]
    assert book.path("users") == "Requirements > Goals > Goals of users"
    assert not book.is_leaf("goals")
    assert repr(book) == "<Codebook: 2 facets, 6 codes>"


def test_codes_are_put_depth_first_and_siblings_stay_in_order() -> None:
    book = make(
        Code("t", "T", "theme"), Code("b1", "B1", "point", "b"), Code("b", "B", "point"), Code("a", "A", "point"),
        Code("b0", "B0", "point", "b"),
    )  # fmt: skip
    assert [c.id for c in book.codes] == ["b", "b1", "b0", "a", "t"]


def test_html_escapes_names() -> None:
    html = make(Code("x", "<script>alert(1)</script>", "theme"))._repr_html_()
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_frame_has_one_row_a_code(book: Codebook) -> None:
    frame = book.to_frame()
    assert list(frame.columns[:5]) == ["facet", "code", "name", "path", "parent"]
    assert frame.loc[3, "path"] == "Requirements > Goals > Goals of users"
    assert frame.loc[1, "counts_as"] == ["comm"]
    assert frame.loc[0, "parent"] == ""
    assert list(Codebook().to_frame().columns) == list(frame.columns)


# -- counts as -----------------------------------------------------------------------------------------


def test_counts_as_is_transitive_over_parents_and_targets(book: Codebook) -> None:
    assert book.counts_as("users") == {"users", "goals", "req", "proc", "comm"}
    assert book.counts_as("plan") == {"plan", "req", "comm"}
    assert book.counts_as("comm") == {"comm"}


def test_counts_as_of_an_ancestor_counts_for_those_below(book: Codebook) -> None:
    book = book.change_code("goals", counts_as=["Communication"]).new_code("Deep", parent="users", id="deep")
    assert "comm" in book.counts_as("deep")
    assert book.counts_as("deep") == {"deep", "users", "goals", "req", "proc", "comm"}


def test_merged_codes_count_as_the_one_they_went_into(book: Codebook) -> None:
    merged = book.merge_codes("plan", "goals")
    assert merged.code("plan").merged_into == "goals"
    assert merged.code("plan").retired
    assert merged.resolve("plan") == "goals"
    assert merged.counts_as("plan") == merged.counts_as("goals") == {"goals", "req"}
    assert [c.id for c in merged.active] == ["req", "goals", "users", "comm", "proc"]
    chain = merged.new_code("Aims", parent="req", id="aims").merge_codes(["goals"], "aims")
    assert chain.resolve("plan") == "aims"
    assert chain.counts_as("users") == {"users", "aims", "req", "proc", "comm"}, "sub-codes follow"


def test_a_split_code_counts_as_what_stands_above_and_not_as_itself(book: Codebook) -> None:
    parted = book.new_code("Plans", parent="req", id="p1").new_code("Estimates", parent="req", id="p2")
    parted = parted.split_code("plan", ["p1", "p2"])
    assert parted.resolve("plan") == "plan"
    assert parted.counts_as("plan") == {"req", "comm"}
    assert parted.code("plan").split_into == ("p1", "p2")
    assert "plan" not in [c.id for c in parted.leaves("point")]


def test_a_retired_code_still_counts(book: Codebook) -> None:
    assert book.retire_code("users").counts_as("users") == book.counts_as("users")


def test_what_two_copies_made_together_is_understood() -> None:
    # One side merged a code, the other put a new one below it.
    book = make(
        Code("a", "A", "point"), Code("b", "B", "point", merged_into="a"), Code("c", "C", "point", "b"),
        Code("x", "X", "point"), Code("y", "Y", "point", "x", merged_into="z"), Code("z", "Z", "point", "y"),
        Code("p", "P", "point", merged_into="r"), Code("q", "Q", "point", "p"), Code("r", "R", "point", "q"),
    )  # fmt: skip
    assert check(book) == []
    assert book.path("c") == "A > C"
    assert book.counts_as("c") == {"a", "c"}
    assert book.path("z") == "X > Z"
    assert {c.id for c in book.leaves("point")} >= {"c", "z"}
    assert [c.id for c in book.ancestors("r")] == ["q"]
    assert book.path("q") == "Q"
    assert book.counts_as("p") == book.counts_as("r")


# -- faults --------------------------------------------------------------------------------------------


def problems(*codes: Code) -> list[str]:
    return [str(problem) for problem in check(make(*codes), "book")]


def test_circles_are_told_with_their_way() -> None:
    assert problems(Code("a", "A", "point", "b"), Code("b", "B", "point", "a")) == [
        "book @ facets[0].codes[0].parent: parent goes in a circle: a > b > a (move one of them to another place)"
    ]
    assert problems(Code("a", "A", "point", merged_into="b"), Code("b", "B", "point", merged_into="a")) == [
        "book @ facets[0].codes[0].merged_into: merged_into goes in a circle: a > b > a "
        "(one of them must stay; take its merged_into out)"
    ]
    assert problems(
        Code("a", "A", "point", counts_as=("b",)), Code("b", "B", "point", counts_as=("c",)), Code("c", "C", "theme", "d"),
        Code("d", "D", "theme", counts_as=("a",)),
    ) == [
        "book @ facets[0].codes[0].counts_as: counts_as goes in a circle: a > b > c > d > a "
        "(take one of these links out)"
    ]  # fmt: skip


def test_unknown_targets_and_facets() -> None:
    assert problems(
        Code("a", "A", "themes", counts_as=("a", "x")), Code("b", "B", "point", merged_into="cc"),
        Code("c", "C", "theme", "b"),
    ) == [
        "book @ facets[0].codes[0].merged_into: merged_into names 'cc', which is no code of the codebook "
        "(write the id or the name of a code, or take it out)",
        "book @ facets[0].codes[0].codes[0].facet: 'C' is in the facet 'theme', its parent 'b' in 'point' "
        "(a code stands in the facet of its parent)",
        "book @ facets[?].codes[0].facet: the facet 'themes' is not in the codebook (Did you mean 'theme'?)",
        "book @ facets[?].codes[0].counts_as: counts_as of 'A' names the code itself (take it out)",
        "book @ facets[?].codes[0].counts_as: counts_as names 'x', which is no code of the codebook "
        "(write the id or the name of a code, or take it out)",
    ]  # fmt: skip


def test_doubts_are_told_but_do_not_stop() -> None:
    assert problems(
        Code("a", "Trust", "point", key="t", colour="b03060", extra={"defintion": "x", "weight": "3"}),
        Code("b", "trust", "point", key="t", aliases=("C",)),
        Code("c", "C", "point", counts_as=("d",)),
        Code("d", "D", "theme", split_into=("e",)),
        Code("e", "E", "theme"),
    ) == [
        "book @ facets[0].codes[0].defintion: 'defintion' is kept, but not known. Did you mean 'definition'?",
        "book @ facets[0].codes[0].colour: 'b03060' is no colour (write it like '#b03060', in quotation marks)",
        "book @ facets[0].codes[1].name: 'trust' stands beside another code of this name, a "
        "(rename one, or merge them if they mean the same)",
        "book @ facets[0].codes[1].key: the key 't' already belongs to 'Trust' (give one of them another key)",
        "book @ facets[0].codes[1].aliases: 'C' is the name of another code, c, and will find that one "
        "(take the alias out)",
        "book @ facets[0].codes[2].counts_as: 'C' counts as 'd', which was split "
        "(name one of the codes it was split into)",
    ]


def test_examples_are_places_or_words() -> None:
    ref = ExampleRef("P7a", "57a2fc3a7b6b2fd7", 9, 14)
    assert ExampleRef.parse(str(ref)) == ref
    assert ExampleRef.parse("mail me@home: 3-1") is None
    assert Code("a", "A", "f", examples=("x", ref, "x", " ")).examples == ("x", ref)
    with pytest.raises(InvalidValue, match="must be a place like 120-180, got 5-5"):
        ExampleRef("P7a", "v", 5, 5)
    with pytest.raises(InvalidValue, match="source of an example must be an id without blanks, got 'P 7'"):
        ExampleRef("P 7", "v", 5, 6)


# -- verbs ---------------------------------------------------------------------------------------------


def test_new_codes_get_ids_that_nobody_else_makes() -> None:
    one, two = default_codebook().new_code("Trust in Data"), default_codebook().new_code("Trust in Data")
    assert one.codes[0].id.startswith("trust-in-data-")
    assert len(one.codes[0].id) == len("trust-in-data-") + 4
    assert one.codes[0].id != two.codes[0].id
    assert default_codebook().new_code("y" * 200).codes[0].id.count("y") <= 44
    assert default_codebook().new_code("🙂").codes[0].id.startswith("n-")


def test_new_code_places(book: Codebook) -> None:
    book = book.new_code("First", parent="req", after="", id="first").new_code(
        "Mid", parent="req", after="plan", id="m"
    )
    assert [c.id for c in book.children("req")] == ["first", "plan", "m", "goals"]


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (lambda b: b.new_code("X"), "Say in which facet the code stands. There are: point, theme."),
        (lambda b: b.new_code(" ", "theme"), "A code needs a name; it was empty."),
        (lambda b: b.new_code("planning", parent="req"),
         "There is a code 'Planning' (id plan) below 'Requirements' already. Use it, or choose another name."),
        (lambda b: b.new_code("process", "theme"),
         "There is a code 'Process' (id proc) at the top of 'theme' already. Use it, or choose another name."),
        (lambda b: b.new_code("X", "theme", id="plan"), "The id 'plan' belongs to 'Planning'; ids are never used again."),
        (lambda b: b.new_code("X", "theme", id="a b"), "The codebook would be wrong: 'a b' cannot be an id (write id: a-b)"),
        (lambda b: b.new_code("X", "theme", "req"),
         "The parent 'Requirements' is in the facet 'point', not in 'theme'. Give one of the two."),
        (lambda b: b.new_code("X", "theme", defintion="x"),
         "A code has no field 'defintion'. Did you mean 'definition'? Its fields: aliases, definition, include, exclude, "
         "examples, note, colour, key, icon, codable, counts_as, in_vivo, extra."),
        (lambda b: b.new_code("X", "theme", colour="#12"),
         "'#12' is no colour. Write it like '#b03060', or a name like 'teal'."),
        (lambda b: b.change_code("plan", codable="no"), "codable must be True or False, got 'no'."),
        (lambda b: b.change_code("plan", name="X"), "change_code does not change 'name'. Use rename_code."),
        (lambda b: b.change_code("plan", key="p").change_code("goals", key="p"),
         "The key 'p' already belongs to 'Planning'. Choose another one."),
        (lambda b: b.change_code("comm", counts_as="users"),
         "The codebook would be wrong: counts_as goes in a circle: users > proc > comm > users "
         "(take one of these links out)"),
        (lambda b: b.rename_code("plan", ""), "'Planning' needs a new name; it was empty."),
        (lambda b: b.rename_code("plan", "goals"),
         "There is a code 'Goals' (id goals) below 'Requirements' already. Use it, or choose another name."),
        (lambda b: b.move_code("goals", "users"),
         "'Goals' cannot be put below itself ('Requirements > Goals > Goals of users')."),
        (lambda b: b.move_code("plan", "req", after="comm"),
         "'Communication' does not stand where 'Planning' goes; give one of its siblings."),
        (lambda b: b.merge_codes("plan", "plan"), "'Planning' cannot be merged into itself."),
        (lambda b: b.merge_codes([], "plan"), "Give at least one code to merge."),
        (lambda b: b.merge_codes("goals", "users"),
         "'Goals of users' stands below 'Goals'. Move it out first (move_code), or merge it upward."),
        (lambda b: b.merge_codes("plan", "goals").merge_codes("plan", "comm"),
         "A code to merge, 'Planning' (id plan), is retired. It was merged into 'Goals'; use that."),
        (lambda b: b.split_code("users", ["plan", "comm"]).merge_codes("proc", "users"),
         "The code to merge into, 'Goals of users' (id users), is retired. It was split into 'Planning', "
         "'Communication'; use one of them."),
        (lambda b: b.retire_code("plan").new_code("X", parent="plan"),
         "The parent, 'Planning' (id plan), is retired. Make a new code, or undo its retiring."),
        (lambda b: b.retire_code("goals"),
         "'Goals' still has codes below it: 'Goals of users'. Move or retire them first."),
        (lambda b: b.split_code("goals", ["plan"]),
         "'Goals' still has codes below it: 'Goals of users'. Move or retire them first."),
        (lambda b: b.split_code("plan", []),
         "'Planning' must be split into at least one code. Make them first with new_code."),
        (lambda b: b.split_code("plan", ["plan"]),
         "'Planning' cannot be split into itself. Give the part that stays a new name."),
        (lambda b: b.remove_code("comm"), "'Communication' cannot be removed: 'Planning' names it. Retire it instead."),
        (lambda b: b.new_facet("theme"), "There is a facet 'Theme' (id theme) already. Choose another name."),
        (lambda b: b.new_facet("X", colour="red"),
         "A facet has no field 'colour'. Its fields: exclusive, scale, note, extra."),
        (lambda b: b.change_facet("theme", name="point"),
         "There is a facet 'Point' (id point) already. Choose another name."),
    ],
)  # fmt: skip
def test_refusals_say_what_to_do(book: Codebook, act, message: str) -> None:
    with pytest.raises(InvalidValue) as error:
        act(book)
    assert str(error.value) == message


def test_rename_keeps_the_old_name_as_alias(book: Codebook) -> None:
    renamed = book.rename_code("plan", "Schedules")
    assert renamed.code("Planning").id == "plan"
    assert renamed.code("plan").aliases == ("Planning",)
    back = renamed.rename_code("plan", "Planning")
    assert back.code("plan").aliases == ("Schedules",)
    assert book.rename_code("plan", "Schedules", keep_alias=False).code("plan").aliases == ()
    assert book.rename_code("plan", "planning").code("plan").name == "planning", "only the case"


def test_move_takes_all_below_into_another_facet(book: Codebook) -> None:
    moved = book.move_code("goals", facet="theme", after="comm")
    assert [(c.id, c.facet) for c in moved.codes] == [
        ("req", "point"), ("plan", "point"), ("comm", "theme"), ("goals", "theme"), ("users", "theme"), ("proc", "theme"),
    ]  # fmt: skip
    assert moved.code("goals").parent is None
    assert book.move_code("goals", "req") == book, "where it is already, it keeps its place"
    assert [c.id for c in book.move_code("goals", "req", after="").children("req")] == ["goals", "plan"]


def test_facet_verbs(book: Codebook) -> None:
    wider = book.new_facet("Strength of evidence", exclusive=True, scale=("low", "high"), after="point")
    assert [f.id for f in wider.facets] == ["point", "strength-of-evidence", "theme"]
    assert wider.change_facet("Theme", name="Topic", note="n").facet("theme").name == "Topic"


def test_codebooks_with_a_doubt_can_still_be_changed() -> None:
    # Two coders made the same name on two machines; the mending must be possible.
    book = make(Code("a", "Trust", "theme"), Code("b", "Trust", "theme"))
    assert len(check(book)) == 1
    assert check(book.merge_codes("b", "a")) == []
    assert check(book.rename_code("b", "Faith")) == []


def _random_verb(book: Codebook, rng: random.Random) -> Codebook:
    codes = [code.id for code in book.codes]
    living = [code.id for code in book.active]

    def one() -> str:
        return rng.choice(codes)

    verb = rng.randrange(9)
    if verb <= 2 or not codes:
        parent = rng.choice([None, *living])
        facet = None if parent else rng.choice(book.facets).id
        return book.new_code(
            f"N{rng.randrange(60)}", facet, parent, counts_as=tuple(rng.sample(codes, min(1, len(codes))))
        )
    if verb == 3:
        return book.rename_code(one(), f"R{rng.randrange(60)}")
    if verb == 4:
        parent = rng.choice([None, one()])
        return book.move_code(one(), parent, None if parent else rng.choice(book.facets).id)
    if verb == 5:
        return book.merge_codes([one()], one())
    if verb == 6:
        return book.split_code(one(), [one(), one()])
    if verb == 7:
        return book.retire_code(one())
    return book.change_code(one(), counts_as=[one()], definition="d")


def _brute_counts(book: Codebook, id_: str) -> tuple[set[str], set[str]]:
    """Written from the rule in words: follow merges, add what stands above and what counts_as names.

    Returns what counts, and every code that had a say in it.
    """
    ids = {code.id: code for code in book.codes}
    counted: set[str] = set()
    visited: set[str] = set()
    asked: set[str] = set()

    def visit(at: str) -> None:
        asked.add(at)
        while ids[at].merged_into:
            at = ids[at].merged_into or at
            asked.add(at)
        if at in visited:
            return
        visited.add(at)
        if not ids[at].split_into:
            counted.add(at)
        above = ids[at].parent
        while above is not None:
            over = above
            asked.add(over)
            while ids[over].merged_into:
                over = ids[over].merged_into or over
                asked.add(over)
            if not ids[over].retired:
                visit(over)
                break
            above = ids[over].parent
        for target in ids[at].counts_as:
            visit(target)

    visit(id_)
    return counted, asked


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9))
def test_any_sequence_of_verbs_keeps_every_rule(seed: int) -> None:
    rng = random.Random(seed)
    book = Codebook((Facet("one", "One"), Facet("two", "Two")))
    ever: dict[str, None] = {}
    for _ in range(25):
        before = book
        try:
            book = _random_verb(book, rng)
        except InvalidValue:
            assert book is before
            continue
        assert check(book, "x") == [] or all(
            "was split" in p.message or "alias" in p.place for p in check(book)
        )
        ids = [code.id for code in book.codes]
        assert len(ids) == len(set(ids))
        new = set(ids) - {code.id for code in before.codes}
        assert not new & set(ever), "no id is used again"
        assert set(ever) <= set(ids), "no code is lost"
        ever |= dict.fromkeys(ids)
        for code in book.codes:
            assert book.counts_as(code.id) == _brute_counts(book, code.id)[0]
            assert not book.code(book.resolve(code.id)).merged_into
            assert code.facet == (book.code(code.parent).facet if code.parent else code.facet)
        # What the verb did not touch, directly or by what stands above or is named, counts as before.
        changed = {c.id for c in book.codes} ^ {c.id for c in before.codes}
        changed |= {c.id for c in book.codes if c.id not in changed and before.code(c.id) != c}
        for code in before.codes:
            if not changed & _brute_counts(before, code.id)[1]:
                assert before.counts_as(code.id) == book.counts_as(code.id)
    assert replace(book, codes=book.codes) == book


@given(st.text(max_size=200), st.booleans())
def test_slug_is_a_safe_name_and_stays_one(text: str, lower: bool) -> None:
    made = slug(text, lower)
    assert slug(made, lower) == made
    assert made
    assert not set(made) & set('/\\:*?"<>|\n\t ')
    assert made[0] not in ".-"
    assert made[-1] not in ".-"
    assert len(made.encode("utf-8")) <= 180


def test_slug_keeps_scripts_and_avoids_what_windows_keeps() -> None:
    assert slug("Interview 3 – Müller") == "Interview-3-Müller"
    assert slug("Trust in Data", lower=True) == "trust-in-data"
    assert (slug("CON"), slug("nul.txt"), slug("com1")) == ("CON-x", "nul-x.txt", "com1-x")
    assert slug("") == "unnamed"
    assert slug("🙂") != slug("🙃")
    assert slug("x" * 400) != slug("x" * 401)
