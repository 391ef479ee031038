"""Repairing mends what is safe, loses nothing, and leaves decisions to people."""

from __future__ import annotations

from pathlib import Path

import pytest

import qualcode as qc
from qualcode.check import check_folder
from qualcode.cli import main
from qualcode.errors import FolderError
from qualcode.folder import digest as qc_digest
from qualcode.testing import make_project


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return make_project(tmp_path / "study").path


def test_a_sound_study_is_left_alone(study: Path) -> None:
    before = {path: path.read_bytes() for path in study.rglob("*") if path.is_file()}
    assert qc.repair_project(study) == []
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
    done = qc.repair_project(study)
    assert len(done) >= 5
    assert codings.read_bytes() == before
    assert (study / "data/transcripts/S3.txt").read_bytes() == text
    assert "data/transcripts" in (study / ".gitignore").read_text(encoding="utf-8")
    assert check_folder(study) == []
    assert len(qc.open_project(study).codings) == 35
    assert qc.repair_project(study) == []


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
        assert [line for line in qc.repair_project(study) if f"all 3 {what} are as they were" in line]
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
    assert qc.repair_project(study) == []
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


# ---------------------------------------------------------------------------- put back as it was


@pytest.fixture
def worked(study: Path) -> Path:
    """A study with something of every kind in it."""
    project = qc.open_project(study, coder="ana")
    project.memo("a thought", "source:S1")
    project.freeze_codebook("first round")
    project.new_code("Late", facet="theme")
    project.correct("S2", "part 1", "part one")
    made = project.add_suggestions(
        [{"source": "S1", "turn": 2, "code": "trust", "score": 0.5}], assistant="rules", version="1"
    )
    project.reject(made[0])
    assert project.check() == []
    return study


FILES = [
    "codebooks/codebook.yaml", "codebooks/codebook-1.yaml", "data/cases.csv", "data/speakers.csv", "data/sources/S1.toml",
    "data/turns/S2.csv", "data/progress/ana.csv", "data/codings/ana/S1.csv", "data/codings/ben/S3.csv", "data/transcripts/S2.txt",
    "data/memos/ana/*.md", "data/suggestions/rules/S1.csv", "data/decisions/ana/rules/S1.csv",
]  # fmt: skip

DAMAGES = {
    "gone": lambda path: path.unlink(),
    "emptied": lambda path: path.write_bytes(b""),
    "zeros": lambda path: path.write_bytes(bytes(path.stat().st_size)),
    "cut off": lambda path: path.write_bytes(path.read_bytes()[:-3]),
    "saved on Windows": lambda path: path.write_bytes(
        b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n")
    ),
}


DAMAGED = [
    (file, damage)
    for file in FILES
    for damage in DAMAGES
    if not ("transcripts" in file and damage in ("cut off", "saved on Windows"))  # an edit, and the same text
    and not ("memos" in file and damage == "cut off")  # its author may have taken words out
]


@pytest.mark.parametrize(("file", "damage"), DAMAGED)
def test_a_damaged_file_is_put_back_as_the_last_step_left_it(worked: Path, file: str, damage: str) -> None:
    path = next(iter(worked.glob(file)))
    before = path.read_bytes()
    DAMAGES[damage](path)
    done = qc.repair_project(worked)
    assert path.read_bytes() == before
    assert len(done) == 1
    assert done[0].startswith(f"{path.relative_to(worked).as_posix()}: ")
    assert check_folder(worked) == []
    assert qc.repair_project(worked) == []


def test_rows_that_somebody_changed_or_took_out_by_hand_are_left_alone(worked: Path) -> None:
    codings = worked / "data/codings/ana/S1.csv"
    codings.write_bytes(codings.read_bytes().replace(b"supports", b"counters", 1).replace(b"\n", b"\r\n"))
    progress = worked / "data/progress/ana.csv"
    progress.write_bytes(progress.read_bytes().rsplit(b"\n", 2)[0] + b"\n")
    before = {path: path.read_bytes() for path in worked.rglob("*") if path.is_file()}
    assert qc.repair_project(worked) == []
    assert {path: path.read_bytes() for path in worked.rglob("*") if path.is_file()} == before
    assert {problem.file for problem in check_folder(worked)} == {
        "data/codings/ana/S1.csv",
        "data/progress/ana.csv",
    }


@pytest.mark.parametrize("rest", [b'{"id": "abc", "time": "2026-', b"\0" * 300])
@pytest.mark.parametrize("worked_on", [False, True])
def test_a_line_of_a_log_that_was_cut_off_is_moved_aside_and_undo_works_again(
    worked: Path, rest: bytes, worked_on: bool
) -> None:
    log = worked / "data/log/ana.jsonl"
    before = log.read_bytes()
    log.write_bytes(
        before
        + rest
        + (
            b"\n" + before.splitlines(keepends=True)[-1].replace(b'"id": "', b'"id": "f')
            if worked_on
            else b""
        )
    )
    with pytest.raises(qc.QualcodeError):
        qc.open_project(worked, coder="ana").undo()
    (said,) = qc.repair_project(worked)
    assert "a line that was cut off went into data/log/ana-" in said
    (aside,) = (worked / "data/log").glob("ana-*.cut")
    assert aside.read_bytes() == rest + b"\n"
    assert log.read_bytes().startswith(before)
    assert qc.repair_project(worked) == []
    if not worked_on:
        assert check_folder(worked) == []
        qc.open_project(worked, coder="ana").undo()


def test_a_line_of_a_log_that_somebody_edited_is_left_to_people(worked: Path) -> None:
    log = worked / "data/log/ana.jsonl"
    log.write_bytes(log.read_bytes().replace(b'"coder": "ana"', b'"coder": 5', 1))
    (worked / "data/sources/S1.toml").unlink()
    assert qc.repair_project(worked) == [], "half the logs would tell half"


def test_kept_states_and_versions_are_kept_again(worked: Path) -> None:
    turns = worked / "data/turns/S1.csv"
    state = worked / "data/log/.states" / qc_digest(turns.read_bytes())
    state.unlink()
    for path in (worked / "data/transcripts/.versions").iterdir():
        path.unlink()
    assert check_folder(worked)
    done = qc.repair_project(worked)
    assert state.read_bytes() == turns.read_bytes()
    assert len([line for line in done if "the text is kept again" in line]) == 4
    left = [str(problem) for problem in check_folder(worked)]
    assert len(left) == 1
    assert "a text of S2" in left[0], "only the text before the correction is lost"


def test_kept_states_and_versions_that_were_damaged_are_kept_again(worked: Path) -> None:
    turns, text = (
        (worked / "data/turns/S1.csv").read_bytes(),
        (worked / "data/transcripts/S1.txt").read_bytes(),
    )
    for file in (f"data/log/.states/{qc_digest(turns)}", f"data/transcripts/.versions/{qc_digest(text)}.txt"):
        before = (worked / file).read_bytes()
        (worked / file).write_bytes(b"other")
        (found,) = check_folder(worked)
        assert (found.file, "--repair" in found.fix) == (file, True)
        assert len(qc.repair_project(worked)) == 1
        assert (worked / file).read_bytes() == before
    assert check_folder(worked) == []


def test_a_line_that_is_in_a_log_twice_goes_once(worked: Path) -> None:
    log = worked / "data/log/ana.jsonl"
    before = log.read_bytes()
    lines = before.splitlines(keepends=True)
    log.write_bytes(b"".join([*lines[:4], *lines[2:], lines[-1]]))
    assert qc.repair_project(worked) == ["data/log/ana.jsonl: 3 lines that stood there twice went once."]
    assert log.read_bytes() == before


def test_a_file_of_codings_that_was_moved_away_is_written_from_the_log(worked: Path) -> None:
    codings = worked / "data/codings/ana/S1.csv"
    before = codings.read_bytes()
    codings.write_bytes(b"".join(before.splitlines(keepends=True)[:2]))
    (found,) = check_folder(worked)
    assert "if you move the file away, 'qualcode check --repair' writes it from the log" in found.fix
    codings.rename(worked.parent / "away.csv")
    qc.repair_project(worked)
    assert codings.read_bytes() == before


def test_a_memo_that_was_cut_off_in_its_fields_is_put_back_and_one_that_was_shortened_is_not(
    worked: Path,
) -> None:
    memo = next(iter(worked.glob("data/memos/ana/*.md")))
    before = memo.read_bytes()
    memo.write_bytes(before[:-3])
    assert qc.repair_project(worked) == []
    memo.write_bytes(before[:30])
    assert len(qc.repair_project(worked)) == 1
    assert memo.read_bytes() == before


def test_a_folder_in_the_place_of_a_file_is_left_to_people(worked: Path) -> None:
    for name in ("data/transcripts/S1.txt", "data/turns/S1.csv"):
        (worked / name).unlink()
        (worked / name).mkdir()
    version = next((worked / "data/transcripts/.versions").iterdir())
    version.unlink()
    version.mkdir()
    (worked / "data/sources/S3.toml").unlink()
    assert [line.partition(":")[0] for line in qc.repair_project(worked)] == ["data/sources/S3.toml"]
    found = [str(problem) for problem in check_folder(worked)]
    told = [line for line in found if "a folder or a device stands in the place of this file" in line]
    assert any(line.startswith("data/transcripts/S1.txt: ") for line in told), found
    assert not [line for line in found if "name is not possible" in line]


def test_what_is_no_study_is_not_repaired(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("x")
    with pytest.raises(FolderError, match="is no study folder"):
        qc.repair_project(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]
