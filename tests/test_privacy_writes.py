"""Taking words out for good, and others who write: nobody's work is lost, and a write that is cut off loses no key."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import qualcode as qc
from qualcode.errors import FolderError, Refused
from qualcode.verbs._rewriting import RewritingVerbs

TALK = (
    "Interviewer: Who?\nMaria: We decide mostly zebra.\nInterviewer: So?\nBob: It took weeks.\n"
    "Interviewer: Oh?\nMaria: Zebra again.\nInterviewer: Yes\nBob: Good.\n"
)


def make(path: Path) -> qc.Project:
    (path / "g.txt").write_text(TALK, encoding="utf-8")
    project = qc.create_project(path / "study", coder="ana")
    project.new_code("Code")
    project.add_source(path / "g.txt", "G")
    for case, speaker in (("M1", "Maria"), ("B1", "Bob")):
        project.add_case(case)
        project.link("G", case, speaker=speaker)
    project.correct("G", "It took weeks.", "It took many weeks.")
    project.code("G", "mostly zebra", "Code", memo="why?")
    project.code("G", "many weeks", "Code", coder="ben")
    return project


@pytest.fixture
def study(tmp_path: Path) -> qc.Project:
    return make(tmp_path)


def held(path: Path) -> dict[str, bytes]:
    return {
        file.relative_to(path).as_posix(): file.read_bytes()
        for file in sorted(path.rglob("*"))
        if file.is_file() and file.name != "lock"
    }


def held_words(path: Path) -> bytes:
    return b"\n".join(held(path).values()).lower()


# -- two who write at once -----------------------------------------------------------------------------

VERBS: dict[str, Callable[[qc.Project, Path], object]] = {
    "forget": lambda p, path: p.forget("M1"),
    "pseudonymize": lambda p, path: p.pseudonymize({"Maria": "X1"}, path / "new.json"),
    "restore_names": lambda p, path: p.restore_names(path / "key.json"),
}


@pytest.mark.parametrize("verb", list(VERBS))
def test_who_waits_for_another_writer_sees_what_that_one_wrote(
    study: qc.Project, tmp_path: Path, verb: str
) -> None:
    if verb == "restore_names":
        study.pseudonymize({"Maria": "X1"}, tmp_path / "key.json")
    ben = qc.open_project(study.path, coder="ben")
    inside = threading.Event()

    def other() -> None:
        with ben.batch():
            ben.add_case("C3")
            ben.link("G", "C3", speaker="Interviewer")
            inside.set()
            time.sleep(0.4)  # ana comes and waits
            ben.code("G", "Good.", "Code")

    thread = threading.Thread(target=other)
    thread.start()
    assert inside.wait(20)
    VERBS[verb](study, tmp_path)
    thread.join()
    again = qc.open_project(study.path)
    assert "C3" in again.cases["case"].tolist()
    assert "C3" in again.speakers["case"].tolist()
    assert "Good." in qc.retrieve(again)["quote"].tolist()
    assert again.check() == []


@pytest.mark.parametrize("file", ["data/cases.csv", "data/transcripts/G.txt", "data/log/ana.jsonl"])
def test_what_another_program_writes_meanwhile_is_not_written_over(
    study: qc.Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str
) -> None:
    real = RewritingVerbs._settle

    def settle(self: RewritingVerbs, *arguments: object) -> None:
        real(self, *arguments)  # type: ignore[arg-type]
        (study.path / file).write_bytes((study.path / file).read_bytes() + b"\n")

    monkeypatch.setattr(RewritingVerbs, "_settle", settle)
    before = held(study.path)
    with pytest.raises(FolderError, match=r"was changed by another program just now\. Nothing was written"):
        study.forget("M1")
    after = held(study.path)
    assert {name for name in {*before, *after} if before.get(name) != after.get(name)} == {file}


# -- texts that were edited outside --------------------------------------------------------------------


@pytest.mark.parametrize("verb", list(VERBS))
def test_an_edit_outside_stops_what_would_write_over_it(study: qc.Project, tmp_path: Path, verb: str) -> None:
    if verb == "restore_names":
        study.pseudonymize({"Maria": "X1"}, tmp_path / "key.json")
    text = study.path / "data/transcripts/G.txt"
    text.write_text(text.read_text(encoding="utf-8").replace("Good.", "Good, and more."), encoding="utf-8")
    before = held(study.path)
    with pytest.raises(Refused, match=r"data/transcripts/G\.txt was edited outside qualcode.*take_edits"):
        VERBS[verb](study, tmp_path)
    assert held(study.path) == before
    assert not (tmp_path / "new.json").exists()
    study.take_edits()
    VERBS[verb](study, tmp_path)
    assert "Bob: Good, and more." in study.transcript("G").text


def test_the_words_of_an_edit_go_with_a_source_that_goes_as_a_whole(tmp_path: Path) -> None:
    (tmp_path / "i.txt").write_text(
        "Interviewer: Who?\nP: Me.\nInterviewer: So?\nP: Yes.\n", encoding="utf-8"
    )
    project = qc.create_project(tmp_path / "one", coder="ana")
    project.add_source(tmp_path / "i.txt", "I")
    project.add_case("C")
    project.link("I", "C", speaker="P")
    text = project.path / "data/transcripts/I.txt"
    text.write_text(text.read_text(encoding="utf-8") + "zebra\n", encoding="utf-8")
    assert project.forget("C").sources == ("I",)
    assert b"zebra" not in held_words(project.path)


# -- cut off -------------------------------------------------------------------------------------------


class Cut:
    """Lets the n-th `os.replace` fail, once or from then on."""

    def __init__(self, at: int, error: BaseException, then_all: bool) -> None:
        self.at, self.error, self.then_all, self.count = at, error, then_all, 0
        self.real = os.replace

    def __call__(self, *arguments: object, **named: object) -> object:
        self.count += 1
        if self.count == self.at or (self.then_all and self.count > self.at):
            raise self.error
        return self.real(*arguments, **named)  # type: ignore[arg-type]


ERRORS = {
    "Ctrl-C": (KeyboardInterrupt(), False),
    "a full disk": (OSError(28, "No space left on device"), True),
    "one file held": (OSError(13, "Permission denied"), False),
}


@pytest.mark.parametrize("error", list(ERRORS))
@pytest.mark.parametrize("verb", list(VERBS))
def test_a_write_that_is_cut_off_is_done_or_not_done_and_the_key_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, verb: str, error: str
) -> None:
    (tmp_path / "made").mkdir()
    made = make(tmp_path / "made")
    if verb == "restore_names":
        made.pseudonymize({"Maria": "X1"}, tmp_path / "made" / "key.json")
    gone = {"forget": b"zebra", "pseudonymize": b"maria", "restore_names": b"x1"}[verb]
    ends = []
    for at in range(1, 60):
        here = tmp_path / str(at)
        shutil.copytree(tmp_path / "made", here)
        keys = here / "keys"
        keys.mkdir()
        if verb == "restore_names":
            shutil.move(here / "key.json", keys / "key.json")
        before = held(here / "study")
        project = qc.open_project(here / "study", coder="ana")
        cut = Cut(at, *ERRORS[error])
        with monkeypatch.context() as patch:
            patch.setattr(os, "replace", cut)
            try:
                VERBS[verb](project, keys)
                was_cut = False
            except (KeyboardInterrupt, FolderError) as raised:
                was_cut, said = True, str(raised) + " ".join(getattr(raised, "__notes__", []))
        again = qc.open_project(here / "study", coder="ana")
        after = held(here / "study")
        done = (
            gone
            not in b"".join(
                content
                for name, content in after.items()
                if name.startswith(("data/transcripts/", "data/turns/"))
            ).lower()
        )
        assert done or after == before, f"{verb} cut at {at} is half done"
        assert again.check() == []
        assert "many weeks" in qc.retrieve(again)["quote"].tolist(), "ben's work is there"
        if verb == "pseudonymize":
            there = sorted(path.name for path in keys.rglob("*"))
            assert there == (["new.json"] if done else []), (
                f"cut at {at}: the key, and only where names are replaced"
            )
            if was_cut:
                assert ("new.json was kept" in said) == done
                assert ("Nothing was changed" not in said) or not done
            if done:
                again.restore_names(keys / "new.json")
                assert "Maria: We decide" in again.transcript("G").text
        ends.append(done)
        if not was_cut:
            break
    assert not was_cut, "every step was tried"
    assert ends[-1]
    assert len(ends) > 5
    assert ends.count(False) > 0


def test_writing_the_key_leaves_nothing_else_beside_it(study: qc.Project, tmp_path: Path) -> None:
    key = tmp_path / "keys" / "deep" / "key.json"
    study.pseudonymize({"Maria": "X1"}, key)
    assert [path.name for path in (tmp_path / "keys").rglob("*")] == ["deep", "key.json"]
    if os.name == "posix":
        assert key.stat().st_mode & 0o077 == 0, "nobody else on the computer reads it"


def test_a_key_that_cannot_be_written_changes_nothing(study: qc.Project, tmp_path: Path) -> None:
    before = held(study.path)
    with pytest.raises(FolderError, match=r"The key key\.json cannot be written .*Nothing was changed"):
        study.pseudonymize({"Maria": "X1"}, tmp_path / "g.txt" / "key.json")
    assert held(study.path) == before
