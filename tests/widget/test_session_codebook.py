"""The codebook from the page: each step as the verb of a script does it, told before it is done, undone in one step."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import pytest

from qualcode.project import Project
from qualcode.testing import make_project
from qualcode.widget.previews import PREVIEWS
from qualcode.widget.session import Session

sys.path.insert(0, str(Path(__file__).parent))
from session_page import Page, bytes_of


@pytest.fixture
def study(tmp_path: Path) -> Project:
    return make_project(tmp_path / "study")


@pytest.fixture
def page(study: Project) -> Page:
    return Page(Session(study, "S1"))


def codes_of(page: Page) -> dict[str, Any]:
    return {code["id"]: code for code in page.state["codebook"]["codes"]}


def split_by_ben(page: Page) -> dict[str, list[str]]:
    """A code with two codings of ana's, in two sources, that ben split."""
    ana, ben = page.disk(), Project(page.session.project.path, "ben")
    ana.new_code("Late", facet="theme", id="late")
    mine = [ana.code("S1", (60, 70), "late"), ana.code("S2", (60, 70), "late")]
    theirs = ben.code("S3", (60, 70), "late")
    parts = ben.split_code("late", {"Very late": [theirs], "A little late": []})
    page.do("sync")
    return {"own": mine, "parts": list(parts.values()), "theirs": [theirs]}


def own(page: Page, code: str) -> list[str]:
    """All of the coder's codings of a code, in all sources."""
    segments = page.do("quotes", code=code, coders=[page.session.coder])["segments"]
    return [segment["coding"] for segment in segments if segment["counts_by"] == "itself"]


# -- make -----------------------------------------------------------------------------------------


def test_a_code_is_made_with_all_that_describes_it(page: Page, study: Project) -> None:
    fields = {
        "definition": "What it means.",
        "include": "this",
        "exclude": "that",
        "note": "from Ana",
        "key": "h",
        "colour": "#b03060",
        "aliases": ["Hopes"],
        "counts_as": ["communication"],
    }
    id_ = page.do("new_code", name="Hope", parent="team", after="trust", fields=fields)["code"]
    code = study.codebook.code(id_)
    assert (code.parent, code.facet, code.definition, code.key, code.counts_as) == (
        "team",
        "point",
        "What it means.",
        "h",
        ("communication",),
    )
    assert [child.id for child in study.codebook.children("team")] == ["trust", id_, "roles"]
    shown = codes_of(page)[id_]
    assert (shown["path"], shown["colour"], shown["aliases"]) == ("Team > Hope", "#b03060", ["Hopes"])
    assert page.last["script"].startswith('project.new_code("Hope", "Team", after="trust", definition=')
    assert page.last["script"].endswith(f'id="{id_}")')


def test_a_new_code_and_its_first_passage_are_one_step(page: Page, study: Project) -> None:
    before = bytes_of(study.path)
    result = page.do(
        "code_new",
        name="Hope",
        facet="theme",
        also=["trust"],
        memo="First!",
        stance="mixed",
        **page.passage(2),
    )
    rows = study.codings.set_index("id").loc[result["codings"]]
    assert rows["code"].tolist() == [result["code"], "trust"]
    assert set(rows["stance"]) == {"mixed"}
    assert page.state["undo"]["undo"] == "new code, code, memo"
    page.do("undo")
    after = bytes_of(study.path)
    assert {f: c for f, c in after.items() if "/log/" not in f} == {
        f: c for f, c in before.items() if "/log/" not in f
    }


def test_words_of_a_participant_become_a_code_and_long_ones_do_not(page: Page, study: Project) -> None:
    place = page.passage(2)
    result = page.do("code_new", name=f"  {place['quote']}\n", facet="theme", in_vivo=True, **place)
    code = study.codebook.code(result["code"])
    assert (code.name, code.in_vivo) == (" ".join(place["quote"].split()), True)
    said = page.refused("code_new", name="word " * 50, facet="theme", in_vivo=True, **place)
    assert "at most 120" in said
    assert "word" not in said.replace("words", "")


def test_nothing_is_kept_of_a_new_code_whose_passage_is_refused(page: Page, study: Project) -> None:
    before = bytes_of(study.path)
    place = page.passage(2)
    assert "no code 'nowhere'" in page.refused(
        "code_new", name="Hope", facet="theme", also=["nowhere"], **place
    )
    page.refused("code_new", name="Hope", facet="theme", **{**place, "quote": "other"})
    assert bytes_of(study.path) == before


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"colour": 7}, "colour is of a wrong kind (int)"),
        ({"codable": "no"}, "codable is of a wrong kind (str)"),
        ({"counts_as": "delay"}, "counts_as is of a wrong kind (str)"),
        ({"parent": "team"}, "a code has no field 'parent'"),
        ({"examples": [3]}, "an example must be"),
        ({"examples": [{"source": "S9", "start": 1, "end": 2}]}, "no source 'S9'"),
        ({"colour": "no colour"}, "is no colour"),
        ({"counts_as": ["nowhere"]}, "no code 'nowhere'"),
    ],
)
def test_a_field_that_cannot_be_is_refused_in_words(page: Page, fields: dict[str, Any], said: str) -> None:
    assert said in page.refused("new_code", name="Hope", facet="theme", fields=fields)
    assert said in page.refused("change_code", code="trust", fields=fields)


def test_a_code_is_changed_renamed_and_moved(page: Page, study: Project) -> None:
    page.do("change_code", code="trust", fields={"definition": "Whom one believes."})
    page.do("rename_code", code="trust", name="Confidence")
    page.do("move_code", code="trust", facet="point", after="")
    code = study.codebook.code("trust")
    assert (code.name, code.definition, code.parent) == ("Confidence", "Whom one believes.", None)
    assert [c.id for c in study.codebook.children(facet="point")] == ["trust", "team", "delay"]
    assert codes_of(page)["trust"]["path"] == "Confidence"
    page.do("move_code", code="trust", parent="team", after="roles")
    assert [c.id for c in study.codebook.children("team")] == ["roles", "trust"]
    assert page.last["script"] == 'project.move_code("Confidence", "Team", after="Roles")'
    page.do("undo", steps=4)
    assert codes_of(page)["trust"]["path"] == "Team > Trust"
    assert "nothing was given to change" in page.refused("change_code", code="trust", fields={})


def test_codes_are_merged_and_nobody_is_rewritten(page: Page, study: Project) -> None:
    before = bytes_of(study.path / "data" / "codings")
    page.do("merge_codes", codes=["waiting", "delay"], into="process")
    assert bytes_of(study.path / "data" / "codings") == before
    assert not {"waiting", "delay"} & set(codes_of(page))
    assert not {"waiting", "delay"} & {coding["code"] for coding in page.codings.values()}
    assert page.state["counts"]["process"] == [4, 14]
    page.do("undo")
    assert {"waiting", "delay"} <= set(codes_of(page)) & {coding["code"] for coding in page.codings.values()}


def test_a_code_is_split_by_dealing_its_quotes(page: Page, study: Project) -> None:
    ids = own(page, "communication")
    result = page.do("split_code", code="communication", deal={"Slow": ids[:1], "Fast": ids[1:]})
    assert {study.coding(id_).code for id_ in ids[1:]} == {result["codes"]["Fast"]}
    assert study.to_be_dealt(coder="ben") != []
    assert codes_of(page)["communication"]["retired"]
    page.do("undo")
    assert {study.coding(id_).code for id_ in ids} == {"communication"}
    assert "dealt to no code" in page.refused(
        "split_code", code="communication", deal={"Slow": ids[:1], "Fast": ids[2:]}
    )


def test_what_a_split_left_undealt_waits_for_its_coder(page: Page, study: Project) -> None:
    late = split_by_ben(page)
    assert page.state["to_deal"] == {"late": 2}
    assert Page(Session(study, "S1", "ben")).state["to_deal"] == {}
    assert codes_of(page)["late"]["split_into"] == late["parts"]
    very, little = late["parts"]
    page.do("deal", code="late", deal={very: late["own"][:1]})
    assert page.state["to_deal"] == {"late": 1}
    assert page.last["script"] == f'project.recode(["{late["own"][0]}"], "Very late")'
    page.do("deal", code="late", deal={little: late["own"][1:]})
    assert page.state["to_deal"] == {}
    assert [study.coding(id_).code for id_ in late["own"]] == [very, little]
    assert study.coding(late["theirs"][0]).code == very
    page.do("undo", steps=2)
    assert page.state["to_deal"] == {"late": 2}
    page.do("deal", code="late", deal={little: late["own"][1:], very: late["own"][:1]})
    page.do("undo")
    assert page.state["to_deal"] == {"late": 2}, "a deal onto two codes is one step"
    assert study.check() == []


def test_only_what_waits_is_dealt(page: Page, study: Project) -> None:
    late = split_by_ben(page)
    trust = own(page, "trust")
    before = bytes_of(study.path)
    for deal, said in (
        (
            {late["parts"][0]: late["theirs"]},
            "is ben's, and ana cannot change it|no coding of 'Late' that waits",
        ),
        ({late["parts"][0]: trust[:1]}, "is no coding of 'Late' that waits to be dealt"),
        ({"late": late["own"]}, "The code 'Late' is retired"),
        ({"trust": []}, "No coding was dealt"),
    ):
        assert re.search(said, page.refused("deal", code="late", deal=deal))
    assert bytes_of(study.path) == before


def test_parts_that_were_split_again_or_merged_are_followed(page: Page, study: Project) -> None:
    late = split_by_ben(page)
    ben = Project(study.path, "ben")
    again = ben.split_code("Very late", {"An hour late": late["theirs"], "A day late": []})
    ben.merge_codes("A little late", into="delay")
    page.do("sync")
    assert codes_of(page)["late"]["split_into"] == [*again.values(), "delay"]
    ben.retire_code("A day late")
    page.do("sync")
    assert codes_of(page)["late"]["split_into"] == [again["An hour late"], "delay"]


def test_codings_that_became_equal_are_dealt_as_one(page: Page, study: Project) -> None:
    one, two = (study.code("S1", (60, 70), code, coder="ana") for code in ("roles", "trust"))
    study.merge_codes("roles", into="trust", coder="ana")
    page.do("sync")
    ids = own(page, "trust")
    assert len({one, two} & set(ids)) == 1
    page.do(
        "split_code",
        code="trust",
        deal={
            "Early": [id_ for id_ in ids if id_ not in (one, two)],
            "Late": [id_ for id_ in ids if id_ in (one, two)],
        },
    )
    assert len({one, two} & set(study.codings["id"])) == 1
    assert study.check() == []
    page.do("undo")
    assert {one, two} <= set(study.codings["id"])


def test_a_code_retires_and_a_facet_begins(page: Page, study: Project) -> None:
    page.do("retire_code", code="trust")
    assert (codes_of(page)["trust"]["retired"], codes_of(page)["trust"]["codable"]) == (True, False)
    facet = page.do("new_facet", name="Mood", exclusive=True, note="One a passage")["facet"]
    assert [(f["id"], f["exclusive"]) for f in page.state["codebook"]["facets"]][-1] == (facet, True)
    page.do("new_code", name="Glad", facet=facet)
    page.do("new_code", name="Sad", facet=facet)
    glad, sad = (study.codebook.code(name).id for name in ("Glad", "Sad"))
    page.do("code", **page.passage(2), codes=[glad])
    assert "takes one code a passage" in page.refused("code", **page.passage(2), codes=[sad])


# -- tell before ----------------------------------------------------------------------------------


def previews(page: Page) -> dict[str, tuple[dict[str, Any], list[str]]]:
    """Each kind of preview: its arguments, and what it must say."""
    hits = page.do("search", text="part", **{"in": "all"})["hits"]
    ids = own(page, "communication")
    late = split_by_ben(page)
    return {
        "deal": (
            {"code": "late", "deal": {late["parts"][0]: late["own"][:1]}},
            ["'Very late' gets 1 coding.", "1 coding of yours waits on."],
        ),
        "merge_codes": (
            {"codes": ["delay"], "into": "process"},
            ["3 codings (3 ben) in 3 sources will count as 'Process'.", "'Delay' stays in the codebook"],
        ),
        "split_code": (
            {"code": "communication", "deal": {"Slow": ids[:1], "Fast": ids[1:]}},
            [
                "'Slow' gets 1 coding.",
                "'Fast' gets 3 codings.",
                "3 codings of others (3 ben) stay on 'Communication'",
            ],
        ),
        "rename_code": (
            {"code": "trust", "name": "Confidence"},
            ["'Trust' will be called 'Confidence'; 10 codings (4 yours, 6 ben) in 4 sources stay with it."],
        ),
        "move_code": (
            {"code": "trust", "facet": "point"},
            ["'Point: Team > Trust' becomes 'Point: Trust'.", "will no longer count as 'Team'"],
        ),
        "retire_code": ({"code": "roles"}, ["'Roles' can be given no more; 4 codings in 4 sources stay"]),
        "code_hits": (
            {"hits": hits, "codes": ["trust", "roles"], "unit": "turn"},
            ["12 passages in 4 sources will be coded with 'Trust', 'Roles': 24 new codings."],
        ),
        "correct": (
            {**page.passage(2), "text": "Nothing"},
            [
                f"{len(page.passage(2)['quote'])} characters become 7.",
                "4 codings touch the passage (2 yours, 2 ben)",
            ],
        ),
    }


def test_there_is_a_preview_of_every_step_that_reaches_far(page: Page) -> None:
    assert set(previews(page)) == set(PREVIEWS)


@pytest.mark.parametrize("do", PREVIEWS)
def test_a_preview_says_what_would_happen_and_changes_nothing(page: Page, study: Project, do: str) -> None:
    arguments, expected = previews(page)[do]
    before, known = bytes_of(study.path), page.everything()
    lines = page.do("preview", intent={"do": do, **arguments})["lines"]
    for words in expected:
        assert any(words in line for line in lines), lines
    assert not any("project." in line for line in lines)
    assert bytes_of(study.path) == before
    assert page.last["changes"] == {}
    assert Page(Session(study, "S1")).everything() == known
    assert page.do(do, **arguments) is not None  # what was told can be done
    assert page.everything() == Page(Session(study, "S1")).everything()


def test_a_preview_is_refused_for_the_same_reasons_as_the_step(page: Page, study: Project) -> None:
    before = bytes_of(study.path)
    for do, arguments, said in (
        ("merge_codes", {"codes": ["team"], "into": "trust"}, "stands below"),
        ("retire_code", {"code": "team"}, "still has codes below it"),
        ("rename_code", {"code": "trust", "name": "Roles"}, "already"),
        ("move_code", {"code": "team", "parent": "trust"}, "below itself"),
        ("split_code", {"code": "roles", "deal": {"One": [], "Two": []}}, "dealt to no code"),
        ("split_code", {"code": "process", "deal": {"One": [], "Two": []}}, "cannot be split yet"),
        ("code_hits", {"hits": [], "codes": ["trust"]}, "Nothing was chosen"),
        ("correct", {**page.passage(2), "quote": "other", "text": ""}, "changed while this page was open"),
        ("new_code", {"name": "x"}, "There is no preview of 'new_code'"),
        ("merge_codes", {"codes": "trust"}, "must be a list of texts"),
    ):
        assert said in page.refused("preview", intent={"do": do, **arguments})
    assert bytes_of(study.path) == before


def test_merging_tells_what_will_count_once(page: Page, study: Project) -> None:
    study.code("S1", (195, 238), "delay")
    lines = page.do("preview", intent={"do": "merge_codes", "codes": ["waiting"], "into": "delay"})["lines"]
    assert "1 passage with both will count once." in lines
    page.do("merge_codes", codes=["waiting"], into="delay")
    table = study.codings.query("code == 'delay'")
    assert len(table) - len(table.drop_duplicates(["coder", "source", "start", "end"])) == 1
