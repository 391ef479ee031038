"""Memos: written, changed and taken away by their own author, logged and undone."""

from __future__ import annotations

from pathlib import Path

import pytest

from qualcode.errors import InvalidValue, NotFound, Refused
from qualcode.project import Project
from qualcode.testing import make_project


@pytest.fixture
def study(tmp_path: Path) -> Project:
    return make_project(tmp_path / "study")


def test_a_memo_gets_another_text_and_keeps_all_else(study: Project) -> None:
    id_ = study.memo("One", "code:trust", "turn:S1:2", kind="theory")
    before = study.memos.set_index("id").loc[id_]
    study.change_memo(id_, "\nTwo\r\nlines\n")
    after = study.memos.set_index("id").loc[id_]
    assert after["text"] == "Two\nlines"
    assert after.drop("text").equals(before.drop("text"))
    assert study.history(verb="change memo")["about"].tolist() == [f"memo {id_}"]
    study.undo()
    assert study.memos.set_index("id").loc[id_, "text"] == "One"
    study.redo()
    assert study.memos.set_index("id").loc[id_, "text"] == "Two\nlines"
    assert study.check() == []


def test_the_same_text_again_is_no_step(study: Project) -> None:
    id_ = study.memo("One")
    before = len(study.history())
    study.change_memo(id_, "One\n")
    assert len(study.history()) == before


def test_a_memo_is_taken_away_and_comes_back(study: Project) -> None:
    id_ = study.memo("One", "code:trust")
    kept = study.memos
    file = study.path / "data" / "memos" / "ana" / f"{id_}.md"
    study.remove_memo(id_)
    assert study.memos.empty
    assert not file.exists()
    assert study.undo()["verb"].tolist() == ["remove memo"]
    assert study.memos.equals(kept)
    study.redo()
    assert study.memos.empty
    assert study.check() == []


def test_a_memo_is_its_authors(study: Project) -> None:
    id_ = study.memo("mine", coder="ben")
    for act in (lambda: study.change_memo(id_, "x"), lambda: study.remove_memo(id_)):
        with pytest.raises(Refused, match="is ben's, and ana cannot change it"):
            act()
    study.change_memo(id_, "still mine", coder="ben")
    assert study.memos["text"].tolist() == ["still mine"]


def test_what_is_no_memo_or_no_text_is_said(study: Project) -> None:
    id_ = study.memo("One")
    with pytest.raises(NotFound, match=r"no memo 'x'. Ids of memos stand in project.memos"):
        study.remove_memo("x")
    with pytest.raises(NotFound):
        study.change_memo("x", "y")
    with pytest.raises(InvalidValue, match="would be empty"):
        study.change_memo(id_, " \n ")
    with pytest.raises(InvalidValue, match="change_memo: text must be text"):
        study.change_memo(id_, 7)  # type: ignore[arg-type]


def test_a_memo_written_in_a_batch_can_be_changed_in_it(study: Project) -> None:
    with study.batch():
        id_ = study.memo("One")
        study.change_memo(id_, "Two")
    assert study.memos["text"].tolist() == ["Two"]
    study.undo()
    assert study.memos.empty
