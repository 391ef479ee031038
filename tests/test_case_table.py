"""A table of participants in a document becomes cases with attributes, in one step that can be undone."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest

import qualcode as qc
from qualcode.errors import FileProblems, InvalidValue, ReadError

ALONE = [
    ["Name", "Ana Lima"],
    ["Age:", "31"],
    ["Role", "tester"],
    ["Years of experience", "7.5"],
    ["E-mail", ""],
]
GROUP = [
    ["Participant", "Full name", "Age", "Role", "Remote", "Contact"],
    ["P1", "Ana Lima", "31", "tester", "yes", "ana@example.org"],
    ["P2", "Ben Ode", "40", "lead", "no", "ben@example.org"],
]


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> qc.Project:
    monkeypatch.chdir(tmp_path)
    return qc.create_project(tmp_path / "study", coder="ana")


def write(name: str, *tables: list[list[str]]) -> str:
    """Write a Word file with tables and a short talk; return its name."""
    document = docx.Document()
    for rows in tables:
        grid = document.add_table(len(rows), max(map(len, rows)))
        for row, cells in zip(grid.rows, rows, strict=True):
            for cell, words in zip(row.cells, cells, strict=True):
                cell.text = words
        document.add_paragraph("")
    document.add_paragraph("Interviewer: Why?")
    document.add_paragraph("P1: Because it drifts.")
    document.save(name)
    return name


def odt(name: str, rows: list[list[str]]) -> str:
    names = " ".join(
        f'xmlns:{each}="urn:oasis:names:tc:opendocument:xmlns:{each}:1.0"'
        for each in ("office", "text", "table")
    )
    cells = [
        "".join(f"<table:table-cell><text:p>{words}</text:p></table:table-cell>" for words in row)
        for row in rows
    ]
    grid = "".join(f"<table:table-row>{row}</table:table-row>" for row in cells)
    Path(name).write_text(
        f'<?xml version="1.0"?><office:document {names} office:mimetype="application/vnd.oasis.opendocument.text">'
        f"<office:body><office:text><table:table>{grid}</table:table><text:p>I: Why?</text:p></office:text></office:body>"
        "</office:document>",
        encoding="utf-8",
    )
    return name


def everything(project: qc.Project) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in project.path.rglob("*") if path.is_file())


# ---------------------------------------------------------------------------- both shapes


def test_facts_of_one_participant_belong_to_the_source_of_the_same_file(study: qc.Project) -> None:
    write("interview 3.docx", ALONE)
    report = study.add_source("interview 3.docx", "P7")
    call = "project.add_cases('interview 3.docx', preview=True) shows what its facts would become"
    assert any(call in note.message for note in report.notes)
    with pytest.warns(
        UserWarning, match=r"interview 3\.docx: left out what may identify people: Name \(to take"
    ):
        seen = study.add_cases("interview 3.docx", preview=True)
    assert study.cases.empty
    assert seen.iloc[0].to_dict() == {
        "case": "P7", "kind": "participant", "parent": "", "source": "P7", "speaker": "", "how": "named",
        "Age": 31.0, "Role": "tester", "Years of experience": 7.5,
    }  # fmt: skip
    with pytest.warns(UserWarning, match="left out"):
        done = study.add_cases("interview 3.docx")
    assert done.equals(seen)
    assert study.attributes == {"Age": "number", "Role": "text", "Years of experience": "number"}
    assert study.cases.set_index("case").loc["P7", "Age"] == 31
    assert study.speakers.query("speaker == ''")["case"].tolist() == ["P7"]
    assert "Lima" not in everything(study).replace(study.transcript("P7").text, "")
    assert study.check() == []
    assert study.undo()["verb"].tolist() == ["add cases"]
    assert study.cases.empty
    assert study.attributes == {}


@pytest.mark.parametrize(
    ("given", "id_"), [({}, "interview-3"), ({"case": "P9"}, "P9"), ({"case": "Code"}, "X1")]
)
def test_without_a_source_the_case_is_the_name_of_the_file_or_what_is_said(
    study: qc.Project, given: dict[str, str], id_: str
) -> None:
    write("interview 3.docx", [["Code", "X1"], *ALONE[1:]])
    assert study.add_cases("interview 3.docx", **given)["case"].tolist() == [id_]
    assert study.cases["case"].tolist() == [id_]


def test_a_row_each_below_headings(study: qc.Project) -> None:
    write("group.docx", GROUP)
    study.add_source("group.docx")
    with pytest.warns(UserWarning, match="left out what may identify people: Full name, Contact"):
        seen = study.add_cases("group.docx")
    assert seen[["case", "source", "speaker", "how", "Age", "Remote"]].values.tolist() == [
        ["P1", "group", "P1", "same name", 31.0, True],
        ["P2", "", "", "", 40.0, False],
    ]
    assert study.attributes == {"Age": "number", "Role": "text", "Remote": "boolean"}
    assert "example.org" not in study.cases.to_csv()


def test_a_column_each_beside_the_facts(study: qc.Project) -> None:
    write("group.docx", [["", "P1", "P2"], ["Age", "31", "40"], ["Gender", "f", "m"], ["Team", "", ""]])
    assert study.add_cases("group.docx")[["case", "Age", "Gender"]].values.tolist() == [
        ["P1", 31.0, "f"],
        ["P2", 40.0, "m"],
    ]


def test_a_table_that_goes_on_after_a_break_is_one(study: qc.Project) -> None:
    rows = [["ID", "Age", "Gender"], ["P1", "31", "f"], ["P2", "40", "m"]]
    write("group.docx", rows, [rows[0], ["P3", "50", "f"]])
    assert study.add_cases("group.docx")["case"].tolist() == ["P1", "P2", "P3"]


def test_a_heading_that_is_named_finds_a_table_nobody_would_guess(study: qc.Project) -> None:
    write("group.docx", [["Who", "Eats"], ["P1", "soup"], ["P2", "rice"]], GROUP)
    assert study.add_cases("group.docx", case="Who")[["case", "Eats"]].values.tolist() == [
        ["P1", "soup"],
        ["P2", "rice"],
    ]


@pytest.mark.parametrize("name", ["talk.fodt", "talk.rtf", "talk.html"])
def test_other_documents_give_the_same(study: qc.Project, name: str) -> None:
    rows = [["Age", "31"], ["Gender", "f"]]
    if name.endswith("fodt"):
        odt(name, rows)
    elif name.endswith("rtf"):
        table = "".join(rf"\trowd\intbl {a}\cell {b}\cell\row " for a, b in rows)
        Path(name).write_text(rf"{{\rtf1\ansi {table}\pard I: Why?\par}}")
    else:
        table = "".join(f"<tr><td>{a}</td><td>{b}</td></tr>" for a, b in rows)
        Path(name).write_text(
            f"<!DOCTYPE html><html><body><table>{table}</table><p>I: Why?</p></body></html>"
        )
    assert study.add_cases(name)[["case", "Age", "Gender"]].values.tolist() == [["talk", 31.0, "f"]]


# ---------------------------------------------------------------------------- names


def test_columns_are_taken_where_they_are_named(study: qc.Project) -> None:
    write("group.docx", GROUP)
    seen = study.add_cases("group.docx", attributes=["Full name", "Age"], preview=True)
    assert seen.columns.tolist()[6:] == ["Full name", "Age"]
    with pytest.raises(
        InvalidValue,
        match=r"attributes= names 'Ages', and group\.docx has no such column\. Did you mean 'Age'",
    ):
        study.add_cases("group.docx", attributes=["Ages"])


def test_attributes_can_be_chosen_from_any_table(study: qc.Project) -> None:
    Path("cases.csv").write_text("case,Name,Age\nP1,Ana,31\n")
    assert study.add_cases("cases.csv", preview=True).columns.tolist()[6:] == ["Name", "Age"]
    study.add_cases("cases.csv", attributes=["Age"])
    assert study.attributes == {"Age": "number"}


def test_pseudonyms_are_put_into_every_cell(study: qc.Project) -> None:
    write("Ana Lima.docx", [["Age", "31"], ["Role", "reports to Ben Ode"]])
    names = {"Ana Lima": "P1", "Ben Ode": "a manager"}
    seen = study.add_cases("Ana Lima.docx", pseudonyms=names)
    assert seen[["case", "Role"]].values.tolist() == [["P1", "reports to a manager"]]
    assert "Lima" not in everything(study)
    with pytest.raises(InvalidValue, match="The id of a case still holds one of the names"):
        study.add_cases(write("Limas talk.docx", ALONE[1:]), pseudonyms={"Lima": "P1"})


# ---------------------------------------------------------------------------- what cannot be


def test_refusals(study: qc.Project) -> None:
    plain = [["Time", "Words"], ["0:05", "so it is"]]
    with pytest.raises(
        ReadError, match=r"talk\.docx: it has no table that describes participants .* \(no table\)"
    ):
        study.add_cases(write("talk.docx"))
    with pytest.raises(
        ReadError, match=r"\(1 other table\)\. Say case='\.\.\.' which heading names the case"
    ):
        study.add_cases(write("talk.docx", plain))
    with pytest.raises(ReadError, match="2 of its tables describe participants, each with other headings"):
        study.add_cases(write("talk.docx", GROUP, [["Age", "31"], ["Gender", "f"]]))
    nobody = [["Age", "Gender", "Role"], ["31", "f", "tester"], ["31", "m", "tester"]]
    with pytest.raises(
        InvalidValue, match=r"no column .* is known to name the case. It has Age, Gender, Role"
    ):
        study.add_cases(write("talk.docx", nobody))
    with pytest.raises(InvalidValue, match=r"talk\.docx has the column 'Age' twice"):
        study.add_cases(write("talk.docx", [["Age", "31"], ["Age", "32"], ["Gender", "f"]]))
    twice = [["ID", "Age", "Gender"], ["P1", "31", "f"], ["P1", "40", "m"]]
    with pytest.raises(FileProblems, match=r"talk\.docx:3: the case 'P1' is there twice"):
        study.add_cases(write("talk.docx", twice), case="ID")
    with pytest.raises(ReadError, match="there is no such file"):
        study.add_cases("nowhere.docx")
    assert study.cases.empty


def test_cells_under_no_heading_are_told(study: qc.Project) -> None:
    write("group.docx", [["ID", "Age", "Gender", ""], ["P1", "31", "f", "left early"]])
    with pytest.warns(UserWarning, match=r"group\.docx: left out cells under no heading\."):
        study.add_cases("group.docx")
