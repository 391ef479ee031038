"""What the page asks about codings, what it is answered, and what then stands on the disk."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import qualcode as qc
from qualcode.errors import Refused
from qualcode.project import Project, create_project
from qualcode.span import Span
from qualcode.testing import make_project
from qualcode.transcript import Transcript, Turn
from qualcode.widget.acts_coding import STEPS_OF_PAGE
from qualcode.widget.session import Session

sys.path.insert(0, str(Path(__file__).parent))
from session_page import Page, bytes_of


@pytest.fixture
def study(tmp_path: Path) -> Project:
    return make_project(tmp_path / "study")


@pytest.fixture
def page(study: Project) -> Page:
    return Page(Session(study, "S1"))


# -- code -----------------------------------------------------------------------------------------


def test_a_passage_is_coded_on_the_disk_and_the_page_is_told(page: Page, study: Project) -> None:
    reply = page.ask("code", **page.passage(1, 0, 4), codes=["trust"])
    made = reply["result"]["codings"]
    assert [(c["id"], c["code"], c["coder"]) for c in reply["changes"]["codings"]["put"]] == [
        (made[0], "trust", "ana")
    ]
    assert reply["script"] == 'project.code("S1", (59, 63), "Trust")'
    row = study.codings.set_index("id").loc[made[0]]
    assert (row["source"], row["start"], row["end"], row["code"], row["origin"]) == (
        "S1",
        59,
        63,
        "trust",
        "hand",
    )
    assert reply["changes"]["counts"]["trust"] == [4, 11]
    assert reply["changes"]["undo"] == {"undo": "code", "redo": None}


def test_several_codes_in_one_go_are_one_step_to_undo(page: Page, study: Project) -> None:
    before = study.codings
    made = page.do(
        "code", **page.passage(3), codes=["trust", "process", "trust"], stance="mixed", memo="Both?"
    )["codings"]
    assert study.codings.set_index("id").loc[made, "code"].tolist() == ["trust", "process"]
    assert set(study.codings.set_index("id").loc[made, "stance"]) == {"mixed"}
    memo = study.memos.iloc[-1]
    assert (memo["text"], set(memo["targets"])) == ("Both?", {f"coding:{id_}" for id_ in made})
    assert [page.codings[id_]["memos"] for id_ in made] == [1, 1]
    page.do("undo")
    assert study.codings.equals(before)
    assert study.memos.empty
    assert not set(made) & set(page.codings)


def test_a_memo_comes_with_one_coding(page: Page, study: Project) -> None:
    made = page.do("code", **page.passage(3), codes=["trust"], memo="Why?")["codings"]
    assert page.last["script"].endswith('"Trust", memo="Why?")')
    assert study.memos["targets"].tolist() == [(f"coding:{made[0]}",)]
    assert page.codings[made[0]]["memos"] == 1


def test_a_selection_over_several_turns_is_known_by_what_the_page_shows(page: Page, study: Project) -> None:
    first, last = page.block(1), page.block(2)
    start, end = first["start"] + 5, last["start"] + 3
    words = first["text"][5:] + "\n" + last["text"][:3]  # the label between is no word of the page
    place = {**page.passage(1), "start": start, "end": end, "quote": words}
    made = page.do("code", **place, codes=["trust"])["codings"]
    row = study.codings.set_index("id").loc[made[0]]
    assert (row["start"], row["end"]) == (start, end)
    raw = study.transcript("S1").text[start:end]
    assert raw != words
    assert page.do("code", **{**place, "quote": raw}, codes=["trust"])["codings"] == made


def test_the_same_passage_with_the_same_code_stays_one_coding(page: Page) -> None:
    first = page.do("code", **page.passage(3), codes=["trust"])
    reply = page.ask("code", **page.passage(3), codes=["trust"])
    assert reply["result"] == first
    assert "codings" not in reply["changes"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Ana: 🙂 The 👩‍👩‍👧 target 🇩🇪 drifts.", "target 🇩🇪"),
        ("Ana: cafe\u0301 and nai\u0308ve te\u0301st", "te\u0301st"),
        ("Ana: اللغة العربية ومعها كلمات", "العربية"),
        ("Ana: a\u00adb\u200bc \u00a0 \t end\u2028of line", "end\u2028of"),
    ],
)
def test_emoji_accents_and_right_to_left_are_coded_where_they_stand(
    tmp_path: Path, text: str, words: str
) -> None:
    project = create_project(tmp_path / "study", coder="ana")
    project.new_code("Target", id="target")
    project.add_source(Transcript("P1", "P1", text, (Turn(1, "Ana", Span(5, len(text))),)))
    page = Page(Session(project, "P1"))
    start = page.block(1)["start"] + page.block(1)["text"].index(words)
    made = page.do("code", **page.place(start, start + len(words)), codes=["target"])["codings"]
    row = project.codings.set_index("id").loc[made[0]]
    assert project.transcript("P1").text[row["start"] : row["end"]] == words


def test_a_quote_that_is_not_the_text_codes_nothing_and_brings_the_text(page: Page, study: Project) -> None:
    before = bytes_of(study.path)
    reply = page.ask("code", **{**page.passage(1), "quote": "something else"}, codes=["trust"])
    assert not reply["ok"]
    assert "changed while this page was open" in reply["error"]
    assert reply["changes"]["source"]["id"] == "S1"
    assert len(reply["changes"]["codings_all"]) == 10
    assert bytes_of(study.path) == before


def test_a_text_that_somebody_corrected_is_shown_before_anything_is_coded(page: Page, study: Project) -> None:
    place = page.passage(2)
    study.correct("S1", (place["start"], place["start"] + 1), "Well, x", coder="ben")
    assert "changed while this page was open" in page.refused("code", **place, codes=["trust"])
    assert page.source["version"] == study.sources.set_index("source").loc["S1", "version"]
    assert page.block(2)["text"].startswith("Well, x")
    page.do("code", **page.passage(2), codes=["delay"])


# -- change ---------------------------------------------------------------------------------------


def test_a_coding_is_recoded_resized_and_given_a_stance(page: Page, study: Project) -> None:
    coding = page.mine()[0]
    end = coding["end"] - 2
    page.do("recode", codings=[coding["id"]], code="roles")
    page.do(
        "resize",
        coding=coding["id"],
        **{k: page.place(coding["start"], end)[k] for k in ("start", "end", "quote")},
    )
    page.do("stance", codings=[coding["id"]], stance="counters")
    row = study.codings.set_index("id").loc[coding["id"]]
    assert (row["code"], row["end"], row["stance"]) == ("roles", end, "counters")
    shown = page.codings[coding["id"]]
    assert (shown["code"], shown["end"], shown["stance"]) == ("roles", end, "counters")
    page.do("undo", steps=3)
    assert page.codings[coding["id"]] == coding
    page.do("redo", steps=2)
    assert (page.codings[coding["id"]]["code"], page.codings[coding["id"]]["end"]) == ("roles", end)
    assert page.state["undo"] == {"undo": "resize", "redo": "set stance"}


def test_many_codings_are_recoded_or_given_a_stance_in_one_step(page: Page, study: Project) -> None:
    before = {coding["id"]: dict(coding) for coding in page.mine()}
    ids = [coding["id"] for coding in page.mine()[:3]]
    reply = page.ask("recode", codings=[*ids, ids[0]], code="roles")
    assert sorted(put["id"] for put in reply["changes"]["codings"]["put"]) == sorted(
        id_ for id_ in ids if before[id_]["code"] != "roles"
    )
    assert reply["script"].count("\n") == 0
    assert reply["script"].startswith(f'project.recode(["{ids[0]}", "{ids[1]}", "{ids[2]}"], ')
    reply = page.ask("stance", codings=ids, stance="mixed")
    assert reply["script"] == f'project.set_stance(["{ids[0]}", "{ids[1]}", "{ids[2]}"], "mixed")'
    rows = study.codings.set_index("id").loc[ids]
    assert (set(rows["code"]), set(rows["stance"])) == ({"roles"}, {"mixed"})
    assert page.state["undo"]["undo"] == "set stance"
    page.do("undo")
    assert page.state["undo"]["undo"] == "recode"
    page.do("undo")
    assert page.codings == {**page.codings, **before}


def test_many_codings_are_changed_or_none(page: Page, study: Project) -> None:
    own = [coding["id"] for coding in page.mine()[:2]]
    theirs = next(coding["id"] for coding in page.codings.values() if coding["coder"] == "ben")
    before = bytes_of(study.path)
    assert "is ben's, and ana cannot change it" in page.refused(
        "recode", codings=[*own, theirs], code="roles"
    )
    assert "is ben's" in page.refused("stance", codings=[*own, theirs], stance="mixed")
    for do, more in (("recode", {"code": "roles"}), ("stance", {"stance": "mixed"}), ("uncode", {})):
        assert "No coding was chosen" in page.refused(do, codings=[], **more)
    assert bytes_of(study.path) == before


def test_codings_are_taken_off_in_one_step(page: Page, study: Project) -> None:
    ids = [coding["id"] for coding in page.mine()[:2]]
    reply = page.ask("uncode", codings=[*ids, ids[0]])
    assert sorted(reply["changes"]["codings"]["gone"]) == sorted(ids)
    assert not set(ids) & set(study.codings["id"])
    page.do("undo")
    assert set(ids) <= set(study.codings["id"]) & set(page.codings)


def test_nobody_changes_the_coding_of_somebody_else(page: Page, study: Project) -> None:
    theirs = next(coding for coding in page.codings.values() if coding["coder"] == "ben")
    before = bytes_of(study.path)
    words = page.place(theirs["start"], theirs["end"])
    for do, arguments in (
        ("uncode", {"codings": [theirs["id"]]}),
        ("recode", {"codings": [theirs["id"]], "code": "roles"}),
        ("stance", {"codings": [theirs["id"]], "stance": "mixed"}),
        ("resize", {"coding": theirs["id"], **{k: words[k] for k in ("start", "end", "quote")}}),
    ):
        assert "is ben's, and ana cannot change it" in page.refused(do, **arguments)
    assert bytes_of(study.path) == before


def test_finished_is_kept_and_taken_back(page: Page, study: Project) -> None:
    page.do("finish", source="S1", finished=False)
    assert page.sources["S1"]["state"] == "in progress"
    assert not Page(Session(study, "S1")).source["finished"]
    page.do("finish", source="S1")
    assert page.sources["S1"]["state"] == "finished"
    progress = study.progress.set_index(["coder", "source"])
    assert progress.loc[("ana", "S1"), "state"] == "finished"


def test_a_correction_brings_the_new_text_and_codings_follow(page: Page, study: Project) -> None:
    coding = page.mine()[0]
    block = page.block(1)
    page.do("correct", **page.passage(1, 0, 4), text="Whatever else")
    assert page.block(1)["text"] == "Whatever else" + block["text"][4:]
    assert study.transcript("S1").text_of(study.transcript("S1").turns[0]) == page.block(1)["text"]
    moved = page.codings[coding["id"]]
    assert moved["start"] == coding["start"] + len("Whatever else") - 4
    assert len(page.codings) == 10
    page.do("undo")
    assert page.codings[coding["id"]] == coding
    assert page.block(1) == block


def test_codings_that_a_new_text_left_without_a_place_wait_and_are_not_shown(
    page: Page, study: Project
) -> None:
    coding = page.mine()[0]
    text = study.transcript("S1")
    words = f"{text.text[: coding['start']]}Quite another thing.{text.text[coding['end'] :]}"
    study.update_source("S1", Transcript("S1", "S1", words, ()), coder="ben")
    page.ask("sync")
    waiting = qc.relocations(study).query("coder == 'ana'")["coding"].tolist()
    assert coding["id"] in waiting
    assert page.state["waiting"] == len(waiting)
    assert not set(waiting) & set(page.codings)


# -- sent again -----------------------------------------------------------------------------------


def test_an_intent_that_is_sent_again_is_not_done_again(page: Page, study: Project) -> None:
    message = {"id": "same", "do": "code", **page.passage(3), "codes": ["trust"]}
    first, _ = page.session.handle(message)
    page.do("uncode", codings=first["result"]["codings"])
    again, _ = page.session.handle(message)
    assert {**again, "changes": 0} == {**first, "changes": 0}
    assert len(study.codings) == 35
    made = first["result"]["codings"][0]
    assert made in again["changes"]["codings"]["gone"]
    page.take(again["changes"])
    assert page.everything() == Page(Session(study, "S1")).everything()


def test_an_answer_that_was_lost_comes_whole_and_takes_nothing_from_the_next(
    page: Page, study: Project
) -> None:
    message = {"id": "same", "do": "code", **page.passage(3), "codes": ["trust"]}
    page.session.handle(message)  # its answer never arrived
    study.code("S1", (59, 63), "process", coder="ben")
    page.take(page.session.handle(message)[0]["changes"])
    assert page.everything() == Page(Session(study, "S1")).everything()
    other = Page(Session(study, "S1"))
    other.session = page.session
    assert "codings" in other.ask("sync")["changes"]  # a page that ignored the second answer hears it now


def test_a_step_that_was_refused_can_be_sent_again(page: Page, study: Project) -> None:
    message = {"id": "same", "do": "code", **page.passage(3), "codes": ["later"]}
    assert not page.session.handle(message)[0]["ok"]
    study.new_code("Later", facet="theme", id="later")
    assert page.session.handle(message)[0]["ok"]


def test_only_the_last_thousand_steps_are_remembered(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qualcode.widget.session.REMEMBERED", 3)
    for number in range(5):
        page.ask("code", id=f"n{number}", **page.passage(3, number), codes=["trust"])
    assert list(page.session._done) == ["n2", "n3", "n4"]


# -- two at once ----------------------------------------------------------------------------------


def test_two_pages_see_each_others_work(page: Page, study: Project) -> None:
    ben = Page(Session(study, "S1", coder="ben"))
    made = page.do("code", **page.passage(1), codes=["trust"])["codings"]
    assert ben.ask("sync")["changes"]["codings"]["put"][0]["id"] == made[0]
    ben.do("code", **ben.passage(1), codes=["delay"])
    page.do("uncode", codings=made)
    page.ask("sync")
    ben.ask("sync")
    assert page.codings == ben.codings
    assert page.state["counts"] == ben.state["counts"]
    assert page.ask("sync")["changes"] == {}


def test_steps_that_no_page_makes_are_not_taken_back_by_one(
    page: Page, study: Project, tmp_path: Path
) -> None:
    file = tmp_path / "P9.txt"
    file.write_text("Ana: It was late.", encoding="utf-8")
    study.add_source(file, coder="ana")
    page.do("code", **page.passage(2), codes=["process"])
    before = bytes_of(study.path)
    said = page.refused("undo", steps=2)
    assert "The last step is 'add source', which is no step of a coding page" in said
    assert "project.undo() does it; at the command line, qualcode undo" in said
    assert bytes_of(study.path) == before, "not one of the two"
    page.do("undo")
    assert "'add source'" in page.refused("undo")
    assert "P9" in set(study.sources["source"])
    study.undo(coder="ana")
    page.do("sync")
    assert page.state["undo"]["redo"] == "add source"
    assert "The next step is 'add source'" in page.refused("redo")
    study.redo(coder="ana")
    page.do("redo")
    assert page.state["undo"] == {"undo": "code", "redo": None}


def test_what_a_page_does_it_takes_back(page: Page) -> None:
    for do, arguments in (("finish", {"source": "S1", "finished": False}), ("new_facet", {"name": "Mood"}),
                          ("memo", {"text": "x"}), ("retire_code", {"code": "roles"})):  # fmt: skip
        page.do(do, **arguments)
        assert set(str(page.state["undo"]["undo"]).split(", ")) <= STEPS_OF_PAGE
        page.do("undo")


def test_undo_that_others_build_on_is_refused_in_words(page: Page, study: Project) -> None:
    code = page.do("new_code", name="Hope", facet="theme")["code"]
    study.code("S2", (59, 63), code, coder="ben")
    assert "ben already has" in page.refused("undo")
    with pytest.raises(Refused):
        study.undo()
