"""The verbs of the command line about interviews and surveys, and their advice in its words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import qualcode as qc
from qualcode.cli import main
from qualcode.cli_words import in_words

from .test_cli_words import PYTHON, answer

TALK = "I: Why (3, 5)?\nP7: We had qc.turn(12) even.\n"
SURVEY = "id,Q one?,Word\n1,a b c d e f g h i,x\n2,b c d e f g h i j,y\n"
MANY = "talk,who,words\nA1,I,Why is it?\nA1,P,So it is now.\nA2,I,Why then?\n"


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "talks").mkdir()
    (tmp_path / "talks" / "P7.txt").write_text(TALK)
    (tmp_path / "survey.csv").write_text(SURVEY)
    (tmp_path / "many.csv").write_text(MANY)
    monkeypatch.setenv("QUALCODE_CODER", "ana")
    path = qc.create_project(tmp_path / "study").path
    monkeypatch.chdir(path)
    return path


def told(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    capsys.readouterr()
    assert main(list(words)) == 0, capsys.readouterr().err
    return capsys.readouterr().out


def test_a_preview_shows_words_as_they_are_and_stores_nothing(
    study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = told(capsys, "preview", "../talks/P7.txt", "--role", "P7=other")
    assert "speakers  I (1 turn, interviewer); P7 (1 turn, other)" in out
    assert out.endswith("[1 I] Why (3, 5)?\n[2 P7] We had qc.turn(12) even.\n")
    assert qc.open_project(study).sources.empty


def test_a_folder_is_imported(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert told(capsys, "import", "../talks").startswith("P7: 2 turns")


def test_a_table_of_many_interviews_is_split(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    columns = ("--column", "text=words", "--column", "speaker=who")
    out = told(capsys, "import", "../many.csv", "--split-by", "talk", *columns)
    assert re.findall(r"^(\w+): \d turn", out, re.MULTILINE) == ["A1", "A2"]
    assert told(capsys, "undo").startswith("Taken back: add source")
    assert qc.open_project(study).sources.empty


def test_a_survey_is_looked_at_and_imported(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "closed (text): Word" in told(capsys, "survey", "../survey.csv", "--preview")
    assert qc.open_project(study).cases.empty
    told(
        capsys,
        "survey",
        "../survey.csv",
        "--open",
        "Q one?",
        "--closed",
        "Word=Job",
        "--prefix",
        "S-",
        "--kind",
        "nurse",
    )
    cases = qc.open_project(study).cases
    assert cases[["case", "kind", "Job"]].values.tolist() == [["S-1", "nurse", "x"], ["S-2", "nurse", "y"]]
    assert answer(capsys, "survey", "../survey.csv", "--prefix", "S-").endswith(
        "Else tell them apart: --prefix S2-."
    )


def test_texts_are_corrected_updated_and_brought_back(
    study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told(capsys, "import", "../talks/P7.txt")
    assert "a new text" in told(capsys, "correct", "P7", "We had", "We have")
    Path("../newer.txt").write_text(TALK.replace("even", "odd"))
    assert "a new text" in told(capsys, "update", "P7", "../newer.txt")
    text = study / "data/transcripts/P7.txt"
    assert "odd" in text.read_text()
    assert told(capsys, "undo", "2").count("Taken back: ") == 2
    assert text.read_text() == TALK
    assert told(capsys, "undo", "--redo").startswith("Done again: correct, of 20")
    assert "We have" in text.read_text()
    assert "has only 2 steps to undo; 9 were asked for. See data/log." in answer(capsys, "undo", "9")
    assert "--past-merge goes with undo alone" in answer(capsys, "undo", "--redo", "--past-merge")


def test_ids_are_sorted_without_regard_to_capitals(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project = qc.open_project(study)
    for id_ in ("b", "C", "A"):
        project.add_source(qc.Transcript(id_, id_, f"{id_} so.", ()))
    lines = told(capsys, "status").splitlines()
    assert [line.split()[0] for line in lines[3:]] == ["A", "b", "C"]


def test_a_matrix_is_printed_whole_where_asked(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project = qc.open_project(study)
    for number in range(10):
        project.add_source(qc.Transcript(f"S{number}", f"S{number}", f"{number} so.", ()))
        project.code(f"S{number}", "so.", "Trust", create=True)
    assert "... 2 more columns" in told(capsys, "matrix")
    whole = told(capsys, "matrix", "--all")
    assert "more column" not in whole
    assert "S9" in whole


# -- advice ----------------------------------------------------------------------------------------------------

ADVICE = {
    "Name the columns: --column text=HEADING --column speaker=HEADING. If every row is a respondent, it is a survey: "
    "qualcode survey FILE.": ("import", "../survey.csv"),
    "Bring in each by itself: qualcode import FILE --split-by 'talk'. Or pass --column source= to read all rows": (
        "import", "../many.csv", "--column", "text=words", "--column", "source=talk",
    ),
    "was expected as LEFT=RIGHT, for example 'text=Answer'": ("import", "../many.csv", "--column", "text"),
    "Give another name, or say --replace.": ("backup", "../there.zip"),
    "--split-by is for tables (.csv, .xlsx)": ("import", "../talks/P7.txt", "--split-by", "talk"),
    "Name others: --open HEADING.": ("survey", "../empty.csv", "--open", "b"),
    "there is no file in this folder": ("import", "../nothing"),
}  # fmt: skip


@pytest.mark.parametrize("said", ADVICE)
def test_advice_on_imports_is_in_words_of_the_command_line(
    said: str, study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("../empty.csv").write_text("id,b\n1,\n2,\n")
    Path("../there.zip").write_bytes(b"")
    Path("../nothing").mkdir()
    found = answer(capsys, *ADVICE[said])
    assert said in found
    assert not PYTHON.search(re.sub(r"--column \w+=", "", found))


def test_ids_given_twice_are_told_with_the_way_out(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("../twice.csv").write_text("id,why\n1,a\n1,b\n")
    found = answer(capsys, "survey", "../twice.csv", "--id", "id")
    assert found.endswith("Make the ids differ, name another column: --id HEADING, or number all: --id ''.")


def test_speakers_that_may_be_one_are_told_with_the_option(
    study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("../two.txt").write_text(
        "Ana: Why?\nBEN: So.\nAna: Oh.\nBen: Yes.\nBEN: Ah.\nBen: No.\nAna: Hm.\nBEN: Ah.\nBen: No.\n"
    )
    out = told(capsys, "import", "../two.txt")
    assert "Pass --speaker Ben=BEN to unify them." in out
    assert "--role says who is" in out
    assert not PYTHON.search(out)


def test_a_text_edited_outside_is_told_to_somebody_at_a_terminal(
    study: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    told(capsys, "import", "../talks/P7.txt")
    with (study / "data/transcripts/P7.txt").open("a") as file:
        file.write("Yes.\n")
    monkeypatch.delenv("QUALCODE_CODER")
    monkeypatch.setattr("qualcode.project.Project.coder", None)
    assert main(["status"]) == 0
    said = capsys.readouterr().err
    assert "Say who you are, and the next command makes it a new version: qualcode init --coder ana" in said
    assert not PYTHON.search(said)


@pytest.mark.parametrize(
    ("library", "terminal"),
    [
        ("To read its turns anew: project.update_source('P7', path, ...).", "To read its turns anew: qualcode update P7 FILE."),
        ("If this is a newer text of it: project.update_source('P7', ...).", "If this is a newer text of it: qualcode update P7 FILE."),
        ("Name it: sheet=..., and the columns: columns={'text': heading}.", "Name it: --sheet NAME, and the columns: --column text=HEADING."),
        ("another name: closed={'heading': 'new name'}.", "another name: --closed 'heading=new name'."),
        ("To take back what you did before it, say past_merge=True.", "To take back what you did before it, say --past-merge."),
        ("Pass speakers={'Ana B': 'Ana'} to unify them.", "Pass --speaker 'Ana B=Ana' to unify them."),
    ],
)  # fmt: skip
def test_calls_become_commands(library: str, terminal: str) -> None:
    assert in_words(library) == terminal
