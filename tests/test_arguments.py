"""A slip in an argument is told in words, and changes nothing."""

from __future__ import annotations

import inspect
import warnings
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import qualcode as qc
from qualcode.errors import FolderError, InvalidValue, QualcodeError, ReadError
from qualcode.project import Project
from qualcode.testing import make_project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return qc.open_project(make_project(tmp_path / "study").path, coder="ana")


def state(project: Project) -> dict[str, bytes]:
    return {str(p): p.read_bytes() for p in project.path.rglob("*") if p.is_file()}


SLIPS: dict[str, Any] = {
    "finish: round must be text in quotation marks, got the number 2.": lambda p: p.finish("S1", round=2),
    "assign: part must be text in quotation marks, got the number 2.": lambda p: p.assign("ana", "S1", part=2),
    "rename_code: name must be text in quotation marks, got the number 2.5.": lambda p: p.rename_code("Trust", 2.5),
    "memo: text must be text in quotation marks, got the number 5.": lambda p: p.memo(5),
    "memo: targets must be text in quotation marks, got a list.": lambda p: p.memo("x", "study", ["source:S1"]),
    "undo: steps must be a whole number, got a str.": lambda p: p.undo("1"),
    "undo: steps must be a whole number, got the number 1.5.": lambda p: p.undo(1.5),
    "undo: steps must be a whole number, got True.": lambda p: p.undo(True),
    "add_source: id must be text in quotation marks, got the number 5.": lambda p: p.add_source("x.txt", id=5),
    "add_source: speakers must be a dictionary, got a str.": lambda p: p.add_source("x.txt", speakers="I=P"),
    "add_source: source must be text in quotation marks, a path or a Transcript, got the number 5.": (
        lambda p: p.add_source(5)
    ),
    "add_sources: files must be text in quotation marks, a path or a list, got the number 5.": lambda p: p.add_sources(5),
    "add_sources: files must be paths, got a int among them.": lambda p: p.add_sources(["x.txt", 5]),
    "uncode: coding must be text in quotation marks or a list, got None.": lambda p: p.uncode(None),
    "code: coder must be text in quotation marks, got the number 5.": lambda p: p.code("S1", "x", "Trust", coder=5),
    "finish: finished must be True or False, got a str.": lambda p: p.finish("S1", finished="no"),
    "split_code: deal must be a dictionary, got a str.": lambda p: p.split_code("Process", "x"),
    "merge_codes: codes must be text in quotation marks or a list, got the number 5.": (
        lambda p: p.merge_codes(5, "Trust")
    ),
    "declare_attribute: levels must be a list, got a str.": lambda p: p.declare_attribute("a", "ordered", levels="low"),
    "code_many: table must be a DataFrame or a list, got a str.": lambda p: p.code_many("x.csv"),
    "link: source must be text in quotation marks, got None.": lambda p: p.link(None),
    "S1 has no such turn in 'turn:S1:²'": lambda p: p.memo("x", "turn:S1:²"),
    "Write the span in 'span:S1:²:³' as span:S1:START:END.": lambda p: p.memo("x", "span:S1:²:³"),
    "S1 has no such span in 'span:S1:9:3'": lambda p: p.memo("x", "span:S1:9:3"),
    "S1 has no such span in 'span:S1:0:99999999'": lambda p: p.memo("x", "span:S1:0:99999999"),
    "must be one line, without control characters": lambda p: p.new_code("Tr\x07ust", facet="Theme"),
    "The code 'Tr\\u2028ust' must be one line": lambda p: p.new_code("Tr\u2028ust", facet="Theme"),
    "The code 'Tr\\udcfcst' must be one line": lambda p: p.new_code("Tr\udcfcst", facet="Theme"),
}  # fmt: skip


@pytest.mark.parametrize("message", SLIPS)
def test_a_slip_is_told_and_changes_nothing(project: Project, message: str) -> None:
    before = state(project)
    with pytest.raises(InvalidValue) as error:
        SLIPS[message](project)
    assert message in str(error.value)
    assert state(project) == before


VERBS = [
    name for name, verb in inspect.getmembers(Project, inspect.isfunction) if hasattr(verb, "__wrapped__")
]


WRONG = {
    "a number": 5, "a fraction": 2.5, "nothing": None, "bytes": b"x", "an object": object(), "a list": ["x"],
    "a dictionary": {"x": 1}, "a zero byte": "\0", "half a character": "\udcfc", "much": "x" * 5000,
}  # fmt: skip


@pytest.mark.parametrize("kind", WRONG)
def test_whatever_stands_in_an_argument_errors_are_those_of_qualcode(
    project: Project, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project.path.parent)
    assert len(VERBS) > 25
    for name in VERBS:
        verb = getattr(project, name)
        taken = {
            name: p
            for name, p in inspect.signature(verb).parameters.items()
            if p.kind not in (p.VAR_KEYWORD, p.VAR_POSITIONAL)
        }
        needed = {name: "S1" for name, p in taken.items() if p.default is p.empty}
        for wrong in taken:
            with suppress(QualcodeError), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                verb(**needed | {wrong: WRONG[kind]})
    assert project.check() == []


def test_what_names_itself_and_numbers_of_other_kinds_are_taken(project: Project) -> None:
    trust = project.codebook.code("trust")
    coding = project.code("S1", (0, 5), trust)
    project.rename_code(trust, "Faith")
    assert project.undo(np.int64(1)).verb.tolist() == ["rename code"]
    project.finish("S1", finished=np.True_)
    project.add_case(7)
    project.uncode(pd.Series([coding]))
    assert project.check() == []


def test_a_table_of_cases_that_is_cut_off_is_told(project: Project, tmp_path: Path) -> None:
    (tmp_path / "cases.xlsx").write_bytes(b"PK\x03\x04 and then nothing")
    with pytest.raises(
        ReadError, match=r"cases\.xlsx: it begins like an Excel table \(\.xlsx\), but is broken"
    ):
        project.add_cases(tmp_path / "cases.xlsx")
    with pytest.raises(ReadError, match="there is no such file"):
        project.add_cases("nowhere.csv")


@pytest.mark.parametrize("path", ["a\0b", "x" * 5000, "~nobodyxx/x", 5])
def test_a_folder_that_cannot_be_is_told(project: Project, path: Any) -> None:
    for call in (qc.open_project, qc.create_project):
        with pytest.raises(FolderError, match=r"is no possible path \(.*\)\. Check its spelling"):
            call(path)
    for verb in (project.merge, project.add_source, project.add_sources):
        with suppress(QualcodeError):
            assert verb(path)[0].error


@pytest.mark.parametrize("coder", [5, "", "x" * 99, "a/b"])
def test_a_coder_that_cannot_be_is_told(project: Project, coder: Any) -> None:
    with pytest.raises(InvalidValue, match=r"cannot be the id of a coder|Who is coding"):
        qc.open_project(project.path, coder=coder).memo("x")
    with pytest.raises(InvalidValue, match="cannot be the id of a coder"):
        qc.set_coder(coder)


def test_a_codebook_that_was_deleted_is_not_begun_anew(project: Project, tmp_path: Path) -> None:
    file = project.path / "codebooks/codebook.yaml"
    kept = file.read_bytes()
    file.unlink()
    for call in (
        lambda: project.freeze_codebook("now"),
        lambda: project.new_code("Hope"),
        lambda: project.new_facet("Theme"),
    ):
        with pytest.raises(FolderError, match=r"codebooks/codebook\.yaml is missing\. Put it back"):
            call()
    assert not file.exists()
    (tmp_path / "kept.yaml").write_bytes(kept)
    project.replace_codebook(tmp_path / "kept.yaml")
    assert project.codebook.code("trust").name == "Trust"


def test_frozen_codebooks_of_odd_names_do_not_stop_the_next(project: Project) -> None:
    for name in ("²", "x", "9" * 5000)[:2]:
        (project.path / f"codebooks/codebook-{name}.yaml").write_text("facets: []\n")
    assert project.freeze_codebook("now") == "1"


@pytest.mark.parametrize("note", ["", "a\0zero", "two\nlines\x0b", " \ufeff "])
def test_a_frozen_codebook_can_be_read_whatever_its_note_says(project: Project, note: str) -> None:
    version = project.freeze_codebook(note)
    assert (
        qc.read_codebook(project.path / f"codebooks/codebook-{version}.yaml").codes == project.codebook.codes
    )
