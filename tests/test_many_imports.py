"""Many interviews at once: folders, lists of files, and tables that hold many transcripts."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

import qualcode as qc
from qualcode.errors import InvalidValue, ReadError

MANY = "transcript_id,speaker,text\n0,I,Why?\n0,A,So it is.\nT2,I,Why then?\nT2,B,Because.\nT3,I, \n,I,lost\n"


@pytest.fixture
def study(tmp_path: Path) -> qc.Project:
    return qc.create_project(tmp_path / "study", coder="ana")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "talks"
    path.mkdir()
    for name in ("b", "a"):
        (path / f"{name}.txt").write_text(f"I: Why {name}?\nP1: So.\n")
    return path


@pytest.fixture
def many(tmp_path: Path) -> Path:
    path = tmp_path / "many.csv"
    path.write_text(MANY)
    return path


@pytest.mark.parametrize("given", ["a path", "its name", "in a list"])
def test_a_folder_is_its_files_in_the_order_of_their_names(
    given: str, study: qc.Project, folder: Path
) -> None:
    files = {"a path": folder, "its name": str(folder), "in a list": [folder]}[given]
    assert [report.source for report in study.add_sources(files)] == ["a", "b"]


def test_every_failure_names_its_file_and_stands_in_its_place(
    study: qc.Project, folder: Path, tmp_path: Path
) -> None:
    study.add_source(folder / "a.txt", "taken")
    (tmp_path / "taken.txt").write_text("I: Another?\nP1: Yes.\n")
    (tmp_path / "empty").mkdir()
    reports = study.add_sources(
        [tmp_path / "empty", tmp_path / "taken.txt", folder / "b.txt", tmp_path / "none.txt"]
    )
    assert [report.source for report in reports] == ["", "", "b", ""]
    said = [report.error for report in reports]
    assert said[0].startswith("empty: there is no file in this folder.")
    assert said[1].startswith("taken.txt: The study already has a source 'taken'.")
    assert said[3].startswith("none.txt: there is no such file.")


def test_a_table_of_many_transcripts_comes_in_by_one_call_and_goes_by_one_undo(
    study: qc.Project, many: Path
) -> None:
    reports = study.add_sources(many, split_by="transcript_id", roles={"B": "other"}, synthetic=True)
    assert [(report.source, report.turns) for report in reports] == [("many-0", 2), ("T2", 2), ("", 0)]
    assert reports[2].error == "T3: many.csv: no row of it holds words."
    assert "1 row that no source is named for (row 7)." in str(reports[0])
    assert "transcript_id" not in str(reports[0])
    assert study.transcript("T2").text == "Why then?\nBecause."
    assert study.speakers.set_index(["source", "speaker"]).loc[("T2", "B"), "role"] == "other"
    assert study.sources["file"].tolist() == ["many.csv"] * 2
    assert study.sources["synthetic"].all()
    assert study.check() == []
    again = study.add_sources(many, split_by="transcript_id")
    assert all("nothing was changed" in str(report) for report in again[:2])
    study.undo()
    assert study.sources.empty


def test_excel_is_split_too(study: qc.Project, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.create_sheet("talks")
    for row in (
        ("who", "words", "talk"),
        ("I", "Why is it?", 7),
        ("A", "So it is.", 7.0),
        ("I", "Why then?", 8),
    ):
        sheet.append(row)
    book.save(tmp_path / "many.xlsx")
    columns = {"text": "words", "speaker": "who"}
    reports = study.add_sources(tmp_path / "many.xlsx", split_by="talk", sheet="talks", columns=columns)
    assert [(report.source, report.turns) for report in reports] == [("many-7", 2), ("many-8", 1)]


def test_one_sheet_of_several_is_named(study: qc.Project, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for title in ("one", "two"):
        for row in (("speaker", "text"), ("I", f"Why {title}?"), ("A", "So it is.")):
            (book[title] if title in book.sheetnames else book.create_sheet(title)).append(row)
    book.save(tmp_path / "both.xlsx")
    assert "Name it: sheet=..." in study.add_sources(tmp_path / "both.xlsx")[0].error
    assert study.add_source(tmp_path / "both.xlsx", sheet="two").turns == 2
    assert study.transcript("both").text.startswith("Why two?")


def test_pseudonyms_are_put_into_ids_too(study: qc.Project, tmp_path: Path) -> None:
    path = tmp_path / "ana lima.csv"
    path.write_text("talk,speaker,text\nMaria 1,Maria,I am Maria.\nJoe Doe,I,Why?\n9,I,So?\n")
    reports = study.add_sources(path, split_by="talk", pseudonyms={"Maria": "P1"})
    assert [report.source for report in reports] == ["P1-1", "source-2", "source-9"]
    assert study.transcript("P1-1").text == "I am P1."
    assert study.sources["file"].tolist() == [""] * 3
    assert not any(b"Maria" in file.read_bytes() for file in study.path.rglob("*") if file.is_file())


def test_one_by_one_the_way_is_told(study: qc.Project, many: Path) -> None:
    with pytest.raises(ReadError, match=r"project\.add_sources\(path, split_by='transcript_id'\)"):
        study.add_source(many)


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"split_by": "talk"}, "it has no column 'talk'; its first row has: transcript_id, speaker, text"),
        ({"split_by": "transcript_id", "keep": ["x"]}, "keep= names 'x'"),
    ],
)
def test_what_cannot_be_is_said(options: dict[str, str], error: str, study: qc.Project, many: Path) -> None:
    try:
        said = study.add_sources(many, **options)[0].error
    except InvalidValue as caught:
        said = str(caught)
    assert error in said
    assert study.sources.empty


def test_only_tables_are_split(study: qc.Project, folder: Path) -> None:
    said = study.add_sources(folder / "a.txt", split_by="talk")[0].error
    assert "split_by= is for tables (.csv, .xlsx); a.txt is read as text." in said


def test_the_files_of_the_study_are_no_interviews(study: qc.Project) -> None:
    (study.path / "talk.txt").write_text("I: Why?\nP1: So.\n")
    with pytest.warns(UserWarning, match=r"qualcode\.toml: passed over, for it is the study's own"):
        assert [report.source for report in study.add_sources(study.path)] == ["talk"]
    for own in ("qualcode.toml", "codebooks", "data", "data/coders"):
        (report,) = study.add_sources(study.path / own)
        assert "this is the study's own, and no interview" in report.error
    (study.path / "data/raw").mkdir()
    (study.path / "data/raw/other.txt").write_text("I: When?\nP1: Soon.\n")
    assert [report.source for report in study.add_sources(study.path / "data/raw")] == ["other"]
