"""Repairing mends what is safe, loses nothing, and leaves decisions to people."""

from __future__ import annotations

from pathlib import Path

import pytest

import qualcode as qc
from qualcode.check import check_folder
from qualcode.cli import main
from qualcode.repair import repair_folder
from qualcode.testing import make_project


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return make_project(tmp_path / "study").path


def test_a_sound_study_is_left_alone(study: Path) -> None:
    before = {path: path.read_bytes() for path in study.rglob("*") if path.is_file()}
    assert repair_folder(study) == []
    assert {path: path.read_bytes() for path in study.rglob("*") if path.is_file()} == before


def test_what_is_safe_is_mended(study: Path) -> None:
    codings = study / "data/codings/ana/S1.csv"
    lines = codings.read_text(encoding="utf-8").splitlines()
    swapped = [
        ",".join([*line.split(",")[1:], line.split(",")[0]]) for line in (lines[0], *reversed(lines[1:]))
    ]
    before = codings.read_bytes()
    codings.write_bytes("\r\n".join([*swapped, ""]).encode("utf-8-sig"))
    source = study / "data/sources/S2.toml"
    source.write_text(source.read_text(encoding="utf-8").replace("length = ", "length = 9"), encoding="utf-8")
    text = (study / "data/transcripts/S3.txt").read_bytes()
    (study / "data/transcripts/S3.txt").unlink()
    (study / "data/codings/ana/S1.csv.77.tmp").write_text("id")
    (study / ".gitignore").unlink()
    done = repair_folder(study)
    assert len(done) >= 5
    assert codings.read_bytes() == before
    assert (study / "data/transcripts/S3.txt").read_bytes() == text
    assert "data/transcripts" in (study / ".gitignore").read_text(encoding="utf-8")
    assert check_folder(study) == []
    assert len(qc.open_project(study).codings) == 35
    assert repair_folder(study) == []


def test_suggestions_and_decisions_are_put_in_order_and_all_stay(study: Path) -> None:
    project = qc.open_project(study, coder="ana")
    rows = [{"source": "S1", "turn": turn, "code": "trust"} for turn in (2, 4, 6)]
    ids = project.add_suggestions(rows, assistant="rules", version="1")
    for id_ in ids:
        project.reject(id_)
    for name, what in (("suggestions/rules", "suggestions"), ("decisions/ana/rules", "decisions")):
        file = study / "data" / name / "S1.csv"
        before = file.read_bytes()
        head, *lines = before.decode().splitlines()
        file.write_bytes("\r\n".join([head, *reversed(lines), ""]).encode("utf-8-sig"))
        assert [line for line in repair_folder(study) if f"all 3 {what} are as they were" in line]
        assert file.read_bytes() == before
    assert check_folder(study) == []


def test_what_needs_a_decision_is_left_to_people(study: Path) -> None:
    book = study / "codebooks/codebook.yaml"
    book.write_text(
        book.read_text(encoding="utf-8").replace("- id: trust\n", "- id: faith\n"), encoding="utf-8"
    )
    edited = study / "data/transcripts/S1.txt"
    edited.write_text(edited.read_text(encoding="utf-8") + "one line more\n", encoding="utf-8")
    before = {path: path.read_bytes() for path in study.rglob("*") if path.is_file()}
    assert repair_folder(study) == []
    assert {path: path.read_bytes() for path in study.rglob("*") if path.is_file()} == before
    assert check_folder(study)


def test_the_command_says_what_it_did_and_what_is_left(
    study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (study / "data/codings/ana/S1.csv.77.tmp").write_text("id")
    assert main(["check", "--repair", "--project", str(study)]) == 0
    out = capsys.readouterr().out
    assert "Mended: data/codings/ana/S1.csv.77.tmp: the rest of a write that was cut off was removed." in out
    assert "Nothing is wrong in the study." in out
