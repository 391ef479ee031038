"""A backup is the whole study, and only a whole one is restored."""

from __future__ import annotations

import warnings
import zipfile
from pathlib import Path

import pytest

import qualcode as qc
from qualcode.errors import FolderError, InvalidValue
from qualcode.testing import make_project


@pytest.fixture
def study(tmp_path: Path) -> qc.Project:
    project = make_project(tmp_path / "study")
    (project.path / "data" / "raw").mkdir()
    (project.path / "data" / "raw" / "S1.mp4").write_bytes(bytes(range(256)))
    project.memo("a thought", "source:S1")
    return project


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and ".pending" not in path.parts
    }


def test_what_was_backed_up_comes_back_byte_for_byte(study: qc.Project, tmp_path: Path) -> None:
    assert qc.backup(study, tmp_path / "safe.zip") == tmp_path / "safe.zip"
    before = files(study.path)
    study.code("S1", qc.turn(2), "Roles")
    again = qc.restore(tmp_path / "safe.zip", tmp_path / "again", coder="ana")
    assert files(again.path) == before
    assert again.check() == []
    again.undo()
    assert [p.name for p in tmp_path.iterdir() if p.suffix == ".tmp"] == []


def test_two_backups_of_one_state_are_the_same_file(study: qc.Project, tmp_path: Path) -> None:
    one, two = (qc.backup(study, tmp_path / f"{n}.zip").read_bytes() for n in (1, 2))
    assert one == two


def test_a_backup_is_never_written_over_or_inside(study: qc.Project, tmp_path: Path) -> None:
    qc.backup(study, tmp_path / "safe.zip")
    with pytest.raises(InvalidValue, match="is there already"):
        qc.backup(study, tmp_path / "safe.zip")
    qc.backup(study, tmp_path / "safe.zip", replace=True)
    with pytest.raises(InvalidValue, match="inside the study is lost with it"):
        qc.backup(study, study.path / "data" / "safe.zip")
    with pytest.raises(InvalidValue, match=r"is a \.zip"):
        qc.backup(study, tmp_path / "safe.tar")
    with pytest.raises(FolderError, match="cannot be written"):
        qc.backup(study, tmp_path / "no" / "such" / "folder.zip")


def test_a_study_is_never_restored_over_something(study: qc.Project, tmp_path: Path) -> None:
    path = qc.backup(study, tmp_path / "safe.zip")
    with pytest.raises(FolderError, match="holds something already"):
        qc.restore(path, study.path)
    with pytest.raises(FolderError, match="there is no such file"):
        qc.restore(tmp_path / "other.zip", tmp_path / "again")


def test_a_broken_backup_is_refused_whole(study: qc.Project, tmp_path: Path) -> None:
    content = qc.backup(study, tmp_path / "safe.zip").read_bytes()
    for number, place in enumerate(range(40, len(content) - 40, len(content) // 40)):
        damaged = content[:place] + bytes([content[place] ^ 0xFF]) + content[place + 1 :]
        (tmp_path / "bad.zip").write_bytes(damaged)
        target = tmp_path / f"again-{number}"
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", UserWarning)
                restored = qc.restore(tmp_path / "bad.zip", target)
        except FolderError:
            assert not target.exists() or not any(target.iterdir())
        else:  # the damage fell on what does not matter, such as a date
            assert files(restored.path) == files(study.path)


@pytest.mark.parametrize(
    "name", ["../evil.txt", "/evil.txt", "data/../../evil.txt", "c:/evil.txt", "evil.txt", "data\\..\\evil"]
)
def test_a_hostile_archive_writes_nothing(tmp_path: Path, name: str) -> None:
    with zipfile.ZipFile(tmp_path / "evil.zip", "w") as archive:
        archive.writestr("qualcode.toml", "format = 1\n")
        archive.writestr("MANIFEST.sha256", "")
        archive.writestr(zipfile.ZipInfo(name), "evil")
    with pytest.raises(FolderError, match=r"outside of a study|cannot"):
        qc.restore(tmp_path / "evil.zip", tmp_path / "again")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["evil.zip"]


def test_what_is_no_backup_is_said_to_be_none(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "photos.zip", "w") as archive:
        archive.writestr("photo.jpg", "x")
    with pytest.raises(FolderError, match="is no backup of a study"):
        qc.restore(tmp_path / "photos.zip", tmp_path / "again")
    (tmp_path / "text.zip").write_text("hello")
    with pytest.raises(FolderError, match="broken or no backup"):
        qc.restore(tmp_path / "text.zip", tmp_path / "again")
