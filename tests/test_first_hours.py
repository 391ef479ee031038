"""What people do in their first hours with a study, and what must not surprise them."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

import qualcode as qc
from qualcode.errors import FileProblems, FolderError, InvalidValue, Refused, UnknownCode

TALK = (
    "Interviewer: Why?\nAda: We never plan. It drifts.\nInterviewer: Really?\nAda: Yes, the data came late.\n"
)
BOOK = """\
facets:
- name: Point
  codes:
  - Planning  # our first
  - Data
- name: Theme
  codes:
  - name: Process
  - Trust
"""


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    (tmp_path / "talk.txt").write_text(TALK, encoding="utf-8")
    return tmp_path / "talk.txt"


@pytest.fixture
def study(tmp_path: Path, talk: Path) -> qc.Project:
    (tmp_path / "codebook.yaml").write_text(BOOK, encoding="utf-8")
    project = qc.create_project(tmp_path / "study", tmp_path / "codebook.yaml", coder="ana")
    project.add_source(talk, "P1")
    return project


# -- making and opening ------------------------------------------------------------------------------------


def test_a_study_made_in_python_keeps_transcripts_out_of_git(study: qc.Project) -> None:
    subprocess.run(["git", "init", "-q"], cwd=study.path, check=True)
    subprocess.run(["git", "add", "."], cwd=study.path, check=True)
    listed = subprocess.run(["git", "ls-files"], cwd=study.path, check=True, capture_output=True, text=True)
    assert "data/sources/P1.toml" in listed.stdout
    assert ".txt" not in listed.stdout


def test_the_first_cell_of_a_notebook_can_be_run_again(study: qc.Project) -> None:
    study.code("P1", "We never plan", "Planning")
    with pytest.raises(
        FolderError, match=r"already holds a study. Open it with qc.open_project, or say exist_ok"
    ):
        qc.create_project(study.path, coder="ana")
    again = qc.create_project(study.path, coder="ana", exist_ok=True)
    assert len(again.codings) == 1


def test_a_study_opens_from_its_notebooks_folder(study: qc.Project, monkeypatch: pytest.MonkeyPatch) -> None:
    (study.path / "notebooks").mkdir()
    monkeypatch.chdir(study.path / "notebooks")
    assert qc.open_project().path == study.path
    monkeypatch.chdir(study.path.parent)
    with pytest.raises(FolderError, match=r"is no study folder"):
        qc.open_project()


def test_doubts_about_a_codebook_are_said_when_the_study_is_made(tmp_path: Path) -> None:
    (tmp_path / "book.yaml").write_text("facets:\n- name: A\n  codes:\n  - name: B\n    defintion: x\n")
    with pytest.warns(UserWarning, match=r"defintion.*definition"):
        qc.create_project(tmp_path / "study", tmp_path / "book.yaml")


def test_the_matrix_takes_the_first_two_facets(study: qc.Project) -> None:
    study.code("P1", "We never plan", "Planning")
    study.code("P1", "We never plan", "Process")
    assert qc.matrix(study).table.loc["planning", "process"] == 1
    assert "1 source that ana coded or finished (1 not yet finished)" in qc.matrix(study).rule
    study.finish("P1")
    assert "not yet finished" not in qc.matrix(study).rule


# -- codes edited by hand ----------------------------------------------------------------------------------


def test_a_code_in_use_can_be_renamed_in_the_file(study: qc.Project) -> None:
    coding = study.code("P1", "We never plan", "Planning")
    file = study.path / "codebooks" / "codebook.yaml"
    text = file.read_text(encoding="utf-8")
    assert "- id: planning\n    name: Planning  # our first\n" in text
    assert "\n  - Data\n" in text, "codes that nobody uses are left alone"
    file.write_text(text.replace("name: Planning", "name: Plans"), encoding="utf-8")
    again = qc.open_project(study.path, coder="ana")
    assert again.codebook.code("Plans").id == again.coding(coding).code
    assert again.check() == []


def test_codings_of_a_code_that_is_gone_are_said_at_once(study: qc.Project) -> None:
    study.code("P1", "We never plan", "Planning")
    file = study.path / "codebooks" / "codebook.yaml"
    file.write_text(BOOK.replace("Planning", "Plans"), encoding="utf-8")
    with pytest.warns(
        UserWarning, match=r"1 codings have codes that the codebook lacks: 'planning'.*id: planning"
    ):
        qc.open_project(study.path)


def test_a_colleague_who_uses_a_merged_code_loses_nothing(study: qc.Project) -> None:
    first = study.code("P1", "We never plan", "Planning")
    for _ in range(2):  # a notebook is run twice
        study.merge_codes("Planning", "Data")
        assert study.code("P1", "We never plan", "Planning") == first
    assert study.codings["code"].tolist() == ["data"]
    assert qc.retrieve(study, "Planning")["code"].tolist() == ["data"]


def test_one_text_where_a_list_is_meant_is_a_list_of_one(study: qc.Project) -> None:
    code = study.new_code("Late", facet="point", aliases="too late", counts_as="Process")
    study.change_code(code, examples="it came late")
    found = study.codebook.code(code)
    assert (found.aliases, found.counts_as, found.examples) == (
        ("too late",),
        ("process",),
        ("it came late",),
    )


def test_a_split_may_not_lose_what_counts_as_the_code(study: qc.Project) -> None:
    study.new_code("Waiting", facet="point", id="waiting", counts_as=["Process"])
    study.code("P1", "We never plan", "Waiting")
    for make_it_hard in (lambda: study.retire_code("Waiting"), lambda: study.merge_codes("Process", "Trust")):
        make_it_hard()
        counted_as = study.codebook.resolve("process")
        with pytest.raises(Refused, match=r"'Waiting' counts as it"):
            study.split_code(counted_as, {"One": [], "Two": []})


def test_nothing_new_counts_as_a_code_that_was_split(study: qc.Project) -> None:
    study.split_code("Process", {"One": [], "Two": []})
    with pytest.raises(InvalidValue, match=r"'Process' was split into 'One', 'Two'. Name one of these"):
        study.new_code("Waiting", facet="point", counts_as=["Process"])


def test_names_that_two_facets_have_are_told_apart(study: qc.Project) -> None:
    study.new_code("Data", facet="theme", id="theme-data")
    with pytest.raises(InvalidValue, match=r"'point:Data' \(id data\), 'theme:Data' \(id theme-data\)"):
        study.code("P1", "the data", "Data")
    study.code("P1", "the data", "theme:Data")
    with pytest.raises(UnknownCode, match=r"'Theme' is a facet of the codebook, not a code"):
        study.code("P1", "the data", "Theme")


# -- coding ------------------------------------------------------------------------------------------------


def test_a_slip_of_the_hand_makes_no_code_in_silence(study: qc.Project) -> None:
    with pytest.warns(UserWarning, match=r"A new code 'Plannign' was made, and there is 'Planning'"):
        study.code("P1", "We never plan", "Plannign", create=True)


def test_a_memo_is_not_written_twice_when_a_cell_is_run_again(study: qc.Project) -> None:
    rows = [{"source": "P1", "quote": "the data", "code": "Data", "memo": "two"}]
    for _ in range(2):
        study.code("P1", "We never plan", "Planning", memo="one\n")
        study.code_many(rows)
    assert sorted(study.memos["text"]) == ["one", "two"]


def test_a_mistyped_column_is_no_silent_loss(study: qc.Project) -> None:
    with pytest.raises(InvalidValue, match=r"The table has a column 'quotes'. Did you mean 'quote'?"):
        study.code_many([{"source": "P1", "quotes": "the data", "code": "Data"}])
    study.code_many([{"source": "P1", "quote": "the data", "code": "Data", "my own remark": "x"}])


# -- importing ---------------------------------------------------------------------------------------------


def test_a_role_nobody_has_is_said(tmp_path: Path, talk: Path) -> None:
    project = qc.create_project(tmp_path / "study", coder="ana")
    report = project.add_source(talk, "P1", roles={"Adda": "participant"})
    assert "dropped: roles= names 'Adda', which no turn of the file has." in str(report)
    assert project.sources["title"].tolist() == ["P1"]


def test_labels_that_were_unified_are_not_said_to_be_apart(tmp_path: Path) -> None:
    text = TALK.replace("Ada: Yes", "ADA: Yes") * 3
    (tmp_path / "talk.txt").write_text(text, encoding="utf-8")
    project = qc.create_project(tmp_path / "study", coder="ana")
    apart = project.add_source(tmp_path / "talk.txt", "P1")
    assert "'Ada' and 'ADA' may be one speaker" in str(apart)
    one = project.add_source(tmp_path / "talk.txt", "P2", speakers={"ADA": "Ada"})
    assert "may be one speaker" not in str(one)


def test_who_has_the_original_file_puts_a_missing_text_back(study: qc.Project, talk: Path) -> None:
    study.code("P1", "We never plan", "Planning")
    shutil.rmtree(study.path / "data" / "transcripts")
    bare = qc.open_project(study.path, coder="ben")
    with pytest.raises(FolderError, match=r"import the original file again under the same id"):
        bare.transcript("P1")
    report = bare.add_source(talk, "P1")
    assert "put back" in str(report)
    assert qc.retrieve(bare)["quote"].tolist() == ["We never plan"]
    assert bare.check() == []


# -- together ----------------------------------------------------------------------------------------------


def test_undo_does_not_reach_through_a_merge_unasked(study: qc.Project, tmp_path: Path) -> None:
    study.code("P1", "We never plan", "Planning")
    shutil.copytree(study.path, tmp_path / "ben")
    ben = qc.open_project(tmp_path / "ben", coder="ben")
    ben.code("P1", "the data", "Data")
    study.merge(ben.path)
    with pytest.raises(Refused, match=r"a merge cannot be taken back.*past_merge=True"):
        study.undo()
    study.undo(past_merge=True)
    assert study.codings["coder"].tolist() == ["ben"]


def test_strangers_do_not_merge(study: qc.Project, tmp_path: Path) -> None:
    other = qc.create_project(tmp_path / "other", title="Another", coder="eva")
    other.new_code("Something")
    before = {p: p.read_bytes() for p in study.path.rglob("*.*") if p.is_file()}
    with pytest.raises(Refused, match=r"nothing in common. Nothing was merged.*unrelated=True"):
        study.merge(other.path)
    assert {p: p.read_bytes() for p in study.path.rglob("*.*") if p.is_file()} == before
    assert study.merge(other.path, unrelated=True).written


def test_one_coder_on_two_computers_with_two_stances_is_mixed(study: qc.Project, tmp_path: Path) -> None:
    shutil.copytree(study.path, tmp_path / "laptop")
    laptop = qc.open_project(tmp_path / "laptop", coder="ana")
    study.code("P1", "We never plan", "Planning")
    laptop.code("P1", "We never plan", "Planning", stance="counters")
    report = study.merge(laptop.path)
    assert study.codings["stance"].tolist() == ["mixed"]
    assert "mixed, for one says" in str(report)


# -- what must not turn into something else ----------------------------------------------------------------


def test_a_key_never_becomes_a_person(study: qc.Project) -> None:
    study.add_coder("planted", "The key", "key")
    study.code("P1", "We never plan", "Planning", coder="planted")
    file = study.path / "data" / "coders" / "planted.toml"
    file.write_text('name = "The key"\n', encoding="utf-8")
    with pytest.raises(FileProblems, match=r"does not say what kind of coder this is"):
        qc.open_project(study.path)
    file.unlink()
    with pytest.raises(InvalidValue, match=r"Only planted \(unknown kind\) coded P1"):
        qc.matrix(qc.open_project(study.path), "point", "theme")


def test_a_kept_version_that_was_edited_is_not_used(study: qc.Project) -> None:
    version = study.transcript("P1").version
    (study.path / "data/transcripts/P1.txt").unlink()
    (study.path / f"data/transcripts/.versions/{version}.txt").write_bytes(b"\xff\xfe other words")
    with pytest.raises(FolderError, match=r"is not the text that was coded: somebody edited it"):
        qc.open_project(study.path).transcript("P1")


def test_the_codebook_stands_where_the_settings_say_or_nowhere(study: qc.Project) -> None:
    settings = study.path / "qualcode.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("codebooks/codebook.yaml", "codebooks/mine.yaml"), encoding="utf-8")
    with pytest.raises(FileProblems, match=r"the codebook of a study is codebooks/codebook.yaml"):
        qc.open_project(study.path)
