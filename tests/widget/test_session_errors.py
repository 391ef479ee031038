"""Whatever comes in, a sentence goes out: never a traceback, never words of a transcript, and nothing half done."""

from __future__ import annotations

import inspect
import json
import logging
import os
import shutil
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

import qualcode.widget
from qualcode.project import Project
from qualcode.testing import make_project
from qualcode.widget import acts_codebook, acts_coding, acts_finding, acts_memos, acts_reading, previews
from qualcode.widget.intents import INTENTS
from qualcode.widget.kinds import KINDS
from qualcode.widget.session import Session

sys.path.insert(0, str(Path(__file__).parent))
from session_page import Page, bytes_of

WRONG: dict[str, list[Any]] = {
    "str": [7, None, ["x"], {"x": 1}, True],
    "int": ["7", 7.5, True, None, [7]],
    "bool": ["yes", 1, None],
    "list[str]": ["x", 7, [7], None, {"x": "y"}],
    "list[Plain]": ["x", [7], {}, None],
    "Plain": ["x", [], 7],
    "dict[str, list[str]]": ["x", [], {"x": "y"}, {"x": [7]}],
}


@pytest.fixture
def study(tmp_path: Path) -> Project:
    return make_project(tmp_path / "study")


@pytest.fixture
def page(study: Project) -> Page:
    return Page(Session(study, "S1"))


def good(page: Page) -> dict[str, dict[str, Any]]:
    """For every intent, arguments that would be taken."""
    place = page.passage(2)
    coding = page.mine()[0]["id"]
    hits = page.do("search", text="part")["hits"]
    memo = page.do("memo", text="Hm")["memo"]
    split = [s["coding"] for s in page.do("quotes", code="roles")["segments"]]
    words = {key: place[key] for key in ("start", "end", "quote")}
    return {
        "open": {"source": "S1"},
        "sync": {},
        "go": {"source": "S1"},
        "position": {"source": "S1", "turn": 3},
        "select": {"start": 60, "end": 70},
        "search": {"text": "part", "in": "all", "match_case": False, "whole_words": False, "regex": False},
        "quotes": {"code": "trust", "coders": ["ana"]},
        "audio": {"source": "S1", "offset": 0},
        "preview": {"intent": {"do": "retire_code", "code": "roles"}},
        "code": {**place, "codes": ["trust"], "stance": "mixed", "memo": "x"},
        "code_new": {**place, "name": "Hope", "facet": "theme", "parent": None, "after": None, "in_vivo": False,
                     "fields": {}, "also": ["trust"], "stance": "mixed", "memo": None},
        "code_hits": {"hits": hits, "codes": ["trust"], "unit": "hit", "new": None},
        "uncode": {"codings": [coding]},
        "recode": {"codings": [coding], "code": "roles"},
        "resize": {"coding": coding, **words, "version": place["version"]},
        "stance": {"codings": [coding], "stance": "mixed"},
        "undo": {"steps": 1, "past_merge": False},
        "redo": {"steps": 1},
        "finish": {"source": "S1", "finished": True, "part": "", "round": ""},
        "correct": {**place, "text": "x"},
        "memo": {"text": "x", "kind": "theory", "targets": ["study"]},
        "change_memo": {"memo": memo, "text": "x"},
        "remove_memo": {"memo": memo},
        "new_code": {"name": "Hope", "facet": "theme", "parent": None, "after": None, "in_vivo": False, "fields": {}},
        "change_code": {"code": "trust", "fields": {"note": "x"}},
        "rename_code": {"code": "trust", "name": "x"},
        "move_code": {"code": "trust", "parent": None, "facet": "point", "after": None},
        "merge_codes": {"codes": ["trust"], "into": "delay"},
        "split_code": {"code": "roles", "deal": {"One": split[:1], "Two": split[1:]}},
        "deal": {"code": "roles", "deal": {"trust": split[:1]}},
        "retire_code": {"code": "roles"},
        "new_facet": {"name": "Mood", "exclusive": True, "note": "x"},
    }  # fmt: skip


def test_every_intent_is_in_the_table_and_every_argument_can_be_checked(page: Page) -> None:
    known = good(page)
    assert set(known) == set(INTENTS)
    for do, intent in INTENTS.items():
        assert set(known[do]) == set(intent.parameters), do
        for parameter in intent.parameters.values():
            assert all(kind.strip() in KINDS for kind in str(parameter.annotation).split("|")), (
                do,
                parameter,
            )
    functions = {intent.function for intent in INTENTS.values()}
    for module in (acts_codebook, acts_coding, acts_finding, acts_memos, acts_reading, previews):
        for name, function in inspect.getmembers(module, inspect.isfunction):
            first = next(iter(inspect.signature(function).parameters), "")
            if function.__module__ == module.__name__ and not name.startswith("_") and first == "session":
                makes = str(inspect.signature(function).return_annotation) == "Done"
                assert not makes or function in functions, f"{name} is an intent that no page can ask for"


def test_every_intent_and_argument_is_in_the_docs() -> None:
    page = (Path(__file__).parents[2] / "docs" / "coding-widget.md").read_text(encoding="utf-8")
    for do, intent in INTENTS.items():
        assert f"`{do}`" in page, do
        assert all(name in page for name in intent.parameters), do


def test_arguments_of_a_wrong_kind_are_refused_in_words_and_change_nothing(
    page: Page, study: Project
) -> None:
    known = good(page)
    before = bytes_of(study.path)
    for do, intent in INTENTS.items():
        for name, parameter in intent.parameters.items():
            kinds = [kind.strip() for kind in str(parameter.annotation).split("|")]
            for value in WRONG[kinds[0]]:
                if value is None and "None" in kinds:
                    continue
                said = page.refused(do, **{**known[do], name: value})
                assert said.startswith(f"{do}: {name} must be "), said
            if parameter.default is parameter.empty:
                rest = {key: value for key, value in known[do].items() if key != name}
                assert page.refused(do, **rest) == f"{do}: {name} is missing. Reload the page."
        assert "no argument 'colour_of_hair' is known" in page.refused(do, **known[do], colour_of_hair="grey")
    assert bytes_of(study.path) == before


@pytest.mark.parametrize(
    "message",
    [None, 7, "code", [], {}, {"id": "1"}, {"id": 1, "do": "sync!"}, {"id": "1", "do": None}, {"id": None, "do": "x" * 99},
     {"id": "1", "do": "__class__"}, {"id": "1", "do": "code", "source": "S1"}],
)  # fmt: skip
def test_any_message_gets_an_answer(study: Project, message: Any) -> None:
    reply, buffers = Session(study, "S1").handle(message)
    assert (reply["ok"], reply["changes"], buffers) == (False, {}, [])
    assert reply["error"].endswith(".")
    json.dumps(reply).encode("utf-8")


@pytest.mark.parametrize("value", ["\ud83d", "a\udc00b"])
def test_half_a_sign_is_refused_everywhere(page: Page, study: Project, value: str) -> None:
    before = bytes_of(study.path)
    for do, arguments in (
        ("memo", {"text": value}),
        ("new_code", {"name": value, "facet": "theme"}),
        ("change_code", {"code": "trust", "fields": {"note": value}}),
        ("change_code", {"code": "trust", "fields": {"aliases": [value]}}),
        ("correct", {**page.passage(2), "text": value}),
        ("search", {"text": value}),
        ("split_code", {"code": "roles", "deal": {value: []}}),
    ):
        assert "half a sign" in page.refused(do, **arguments)
    json.dumps(page.ask(value), ensure_ascii=False).encode("utf-8")
    assert bytes_of(study.path) == before


def test_no_error_holds_words_of_the_transcript(page: Page, study: Project) -> None:
    known = good(page)
    texts = [study.transcript(id_).text.split() for id_ in study.sources["source"]]
    phrases = {" ".join(words[at : at + 2]) for words in texts for at in range(8, len(words) - 1)}
    said = []
    for do, arguments in known.items():
        for name in arguments:
            for value in (
                "nothing",
                "S9",
                10**9,
                -1,
                [],
                {},
                ["nothing"],
                {"do": "retire_code", "code": "no"},
            ):
                said.append(page.ask(do, **{**arguments, name: value}).get("error", ""))
                page.ask("undo")
    sentences = " ".join(filter(None, said))
    assert len(phrases) > 100
    assert not [phrase for phrase in phrases if phrase in sentences]
    assert "Traceback" not in sentences
    assert "inside qualcode" not in sentences


def test_an_error_inside_is_a_sentence_without_what_it_said(
    page: Page, study: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise KeyError("what Maria said")

    before = bytes_of(study.path)
    monkeypatch.setattr(Project, "code", broken)
    said = page.refused("code", **page.passage(2), codes=["trust"])
    assert "KeyError" in said
    assert "Maria" not in said
    assert "please report" in said
    assert bytes_of(study.path) == before


def test_a_step_is_done_even_where_what_changed_cannot_be_told_and_is_told_next(
    page: Page, study: Project, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> None:
        raise KeyError("what Maria said")

    coding = page.mine()[0]["id"]
    with monkeypatch.context() as patch:
        patch.setattr(page.session.snapshot, "_put_rows", lambda *_: broken())
        reply = page.ask("uncode", codings=[coding])
    assert (reply["ok"], reply["changes"]) == (True, {})
    assert coding not in set(study.codings["id"])
    page.ask("sync")
    assert page.everything() == Page(Session(study, "S1")).everything()


def test_a_folder_that_is_gone_or_broken_is_said_and_nothing_seems_gone(
    page: Page, study: Project, tmp_path: Path
) -> None:
    known = page.everything()
    file = study.path / "data/codings/ben/S1.csv"
    whole = file.read_bytes()
    file.write_bytes(b"<<<<<<< ours\n" + whole)
    assert "data/codings/ben/S1.csv" in page.refused("sync")
    assert page.last["changes"] == {}
    assert "S1.csv" in page.refused("code", **page.passage(2), codes=["trust"])
    file.write_bytes(whole)
    page.ask("sync")
    assert page.everything() == known
    shutil.move(study.path, tmp_path / "away")
    for do, more in (("code", {**page.passage(2), "codes": ["trust"]}), ("sync", {}), ("undo", {})):
        assert "The study study is no longer here" in page.refused(do, **more)
        assert page.last["later"], "the same may be sent again"
    page.do("position", source="S1", turn=3)
    assert not study.path.exists(), "nothing is made in its place"
    assert page.everything() == known
    shutil.move(tmp_path / "away", study.path)
    page.do("code", **page.passage(2), codes=["process"])
    assert page.everything() == Page(Session(study, "S1")).everything()


def test_many_problems_are_not_all_told(page: Page, study: Project) -> None:
    file = study.path / "data/codings/ben/S1.csv"
    lines = file.read_text(encoding="utf-8").split("\n")
    file.write_text(
        "\n".join([lines[0], *(line.replace(",", ",x", 1) for line in lines[1:] * 8)]), encoding="utf-8"
    )
    said = page.refused("sync")
    assert said.count("\n") <= 6
    assert "more problems" in said


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="everything can be written here")
def test_a_folder_that_cannot_be_written_can_be_read(page: Page, study: Project) -> None:
    study.path.chmod(0o500)
    try:
        page.do("search", text="part")
    finally:
        study.path.chmod(0o700)


def test_another_writer_is_waited_for_and_told_of(
    page: Page, study: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qualcode.folder.LOCK_SECONDS", 0.1)
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with study._folder.locked():
            held.set()
            done.wait(20)

    other = threading.Thread(target=hold)
    other.start()
    assert held.wait(10)
    try:
        assert "Another program is writing" in page.refused("code", **page.passage(2), codes=["roles"])
    finally:
        done.set()
        other.join()
    page.do("code", **page.passage(2), codes=["roles"])


# -- threads and callbacks ------------------------------------------------------------------------


def test_messages_from_many_threads_are_done_one_after_the_other(page: Page, study: Project) -> None:
    places = [page.passage(2, at, at + 3) for at in range(24)]
    replies: list[dict[str, Any]] = []

    def send(at: int) -> None:
        replies.append(
            page.session.handle({"id": f"t{at}", "do": "code", **places[at], "codes": ["trust"]})[0]
        )

    threads = [threading.Thread(target=send, args=(at,)) for at in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [reply["ok"] for reply in replies] == [True] * 24
    assert len(study.codings) == 35 + 24
    assert study.check() == []


def test_a_callback_gets_every_new_coding_once_it_is_on_the_disk(page: Page, study: Project) -> None:
    seen: list[dict[str, Any]] = []

    def look(coding: dict[str, Any]) -> None:
        assert coding["id"] in set(Project(study.path, "ana").codings["id"])
        coding["code"] = "changed by the callback"
        seen.append(coding)

    end = page.session.on_coding(look)
    made = page.do("code", **page.passage(2), codes=["roles", "process"])["codings"]
    assert [(c["id"], c["source"], c["coder"]) for c in seen] == [(id_, "S1", "ana") for id_ in made]
    assert {page.codings[id_]["code"] for id_ in made} == {"roles", "process"}
    page.do("code", **page.passage(2), codes=["roles"])  # is there already
    page.do("stance", codings=[made[0]], stance="mixed")
    assert len(seen) == 2
    page.do("code_new", name="Hope", facet="theme", **page.passage(4))
    page.do("code_hits", hits=page.do("search", text="part")["hits"][:2], codes=["roles"])
    assert len(seen) == 5
    end()
    end()
    page.do("code", **page.passage(5), codes=["roles"])
    assert len(seen) == 5


def test_a_callback_that_fails_harms_nothing_and_is_told(
    page: Page, study: Project, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(coding: dict[str, Any]) -> None:
        raise ZeroDivisionError("inside")

    seen: list[str] = []
    page.session.on_coding(broken)
    page.session.on_coding(lambda coding: seen.append(coding["id"]))
    with caplog.at_level(logging.ERROR, "qualcode"):
        reply = page.ask("code", **page.passage(2), codes=["roles"])
    assert reply["ok"]
    assert reply["notice"] == "The coding is saved. Your function broken failed (ZeroDivisionError)."
    assert seen == reply["result"]["codings"]
    assert seen[0] in set(study.codings["id"])
    assert "on_coding failed" in caplog.text


def test_a_callback_may_use_the_study_and_the_page(page: Page, study: Project) -> None:
    def also(coding: dict[str, Any]) -> None:
        study.code(coding["source"], (coding["start"], coding["end"]), "process", coder="ben")
        page.session.go("S2")

    page.session.on_coding(also)
    page.do("code", **page.passage(2), codes=["roles"])
    assert page.session.source == "S2"
    assert len(study.codings) == 37


def test_the_package_names_what_is_public() -> None:
    assert qualcode.widget.__all__ == ["coded_html", "coding_widget"]
