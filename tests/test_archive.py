"""A backup is the whole study, and only a whole one is restored."""

from __future__ import annotations

import hashlib
import warnings
import zipfile
from pathlib import Path

import pytest

import qualcode as qc
from qualcode import archive, unpacking
from qualcode.errors import FolderError, InvalidValue
from qualcode.testing import make_project


@pytest.fixture
def study(tmp_path: Path) -> qc.Project:
    project = make_project(tmp_path / "study")
    (project.path / "data" / "raw").mkdir()
    (project.path / "data" / "raw" / "S1.mp4").write_bytes(bytes(range(256)))
    project.memo("a thought", "source:S1")
    (project.path / "notebooks").mkdir()
    (project.path / "notebooks" / "count.ipynb").write_text("{}")
    (project.path / "figures" / "paper").mkdir(parents=True)
    (project.path / "figures" / "paper" / "matrix.pdf").write_bytes(b"%PDF")
    (project.path / "notes.md").write_text("my notes")
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
    "name",
    [
        "../evil.txt",
        "/evil.txt",
        "data/../../evil.txt",
        "c:/evil.txt",
        "data\\..\\evil",
        "data/./x",
        "data//x",
        ".git/hooks/x",
        "data/.git/x",
        "data/transcripts/.pending/1.json",
        "data/x.tmp",
        ".venv/x",
    ],
)
def test_a_hostile_archive_writes_nothing(tmp_path: Path, name: str) -> None:
    with zipfile.ZipFile(tmp_path / "evil.zip", "w") as archive:
        archive.writestr("qualcode.toml", "format = 1\n")
        archive.writestr("MANIFEST.sha256", "")
        archive.writestr(zipfile.ZipInfo(name), "evil")
    with pytest.raises(FolderError, match=r"outside of a study|cannot|twice"):
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


def test_the_whole_folder_is_in_it_but_what_is_hidden_and_caches(
    study: qc.Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in (
        ".git/config",
        ".venv/x",
        "notebooks/.ipynb_checkpoints/x",
        "data/transcripts/.cache/x",
        "__pycache__/x",
    ):
        (study.path / name).parent.mkdir(parents=True, exist_ok=True)
        (study.path / name).write_text("x")
    monkeypatch.setattr(archive, "MOST_BESIDE", 100)
    for name in ("film.mp4", "figures/large.tiff", "notebooks/large.ipynb", "data/raw/large.mp4"):
        (study.path / name).write_bytes(bytes(101))
    with pytest.warns(UserWarning, match=r"Not in the backup: 'film.mp4' \(larger than"):
        qc.backup(study, tmp_path / "safe.zip")
    again = qc.restore(tmp_path / "safe.zip", tmp_path / "again").path
    there = set(files(again))
    assert {
        "notes.md", "notebooks/count.ipynb", "figures/paper/matrix.pdf", "figures/large.tiff", "notebooks/large.ipynb",
        "data/raw/large.mp4", "qualcode.toml", ".gitignore",
    } <= there  # fmt: skip
    assert not {
        name for name in there if "film" in name or ".git/" in name or ".venv" in name or "cache" in name
    }


def test_transcripts_on_another_disk_are_in_it(study: qc.Project, tmp_path: Path) -> None:
    elsewhere = tmp_path / "disk"
    (study.path / "data" / "transcripts").rename(elsewhere)
    (study.path / "data" / "transcripts").symlink_to(elsewhere, target_is_directory=True)
    qc.backup(study, tmp_path / "safe.zip")
    again = qc.restore(tmp_path / "safe.zip", tmp_path / "again")
    assert again.transcript("S1").text == study.transcript("S1").text
    assert not (tmp_path / "again/data/transcripts").is_symlink()


@pytest.mark.parametrize("step", [1, 2, 3, 4, 30, 77, -4, -3, -2, -1, 0])
@pytest.mark.parametrize("there", [False, True])
def test_a_restore_that_was_cut_off_leaves_nothing_and_can_be_repeated(
    study: qc.Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int, there: bool
) -> None:
    path = qc.backup(study, tmp_path / "safe.zip")
    target = tmp_path / "new" / "again" if not there else tmp_path / "again"
    if there:
        target.mkdir()
    done, cut_at = 0, -1

    def cut(call):  # type: ignore[no-untyped-def]
        def tried(*args, **kwargs):  # type: ignore[no-untyped-def]
            nonlocal done
            done += 1
            if done == cut_at:
                raise KeyboardInterrupt
            return call(*args, **kwargs)

        return tried

    with monkeypatch.context() as patch:
        for name in ("mkdir", "open", "rename", "rmdir"):
            patch.setattr(Path, name, cut(getattr(Path, name)))
        patch.setattr(archive, "_copy", cut(archive._copy))
        qc.restore(path, tmp_path / "first")  # how many steps there are
        cut_at, done = step if step > 0 else done + step, 0
        try:
            qc.restore(path, target)
        except KeyboardInterrupt:
            assert not target.exists() or not any(target.iterdir()) or (target / "qualcode.toml").exists()
    if not target.exists() or not any(target.iterdir()):
        qc.restore(path, target)
    assert files(target) == files(study.path)
    assert [each.name for each in target.parent.iterdir() if each.name.endswith(".restoring")] == []


def test_a_restore_into_a_folder_that_cannot_be_replaced(
    study: qc.Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk, or the folder somebody works in: then what is in the backup is moved into it."""
    path = qc.backup(study, tmp_path / "safe.zip")
    target = tmp_path / "disk"
    target.mkdir()
    rmdir = Path.rmdir

    def held(self: Path) -> None:
        if self == target:
            raise OSError(16, "Device or resource busy")
        rmdir(self)

    monkeypatch.setattr(Path, "rmdir", held)
    assert files(qc.restore(path, target).path) == files(study.path)


def packed(path: Path, contents: dict[str, bytes]) -> Path:
    """Write a backup by hand, with a manifest that fits."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in contents.items():
            made.writestr(name, content)
        lines = [
            f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(contents.items())
        ]
        made.writestr("MANIFEST.sha256", "".join(lines))
    return path


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (b"format = 99\n", "format 99"),
        (b"format = \n", "not readable"),
        (b"format = 1\ncodebook = 'x'\n", "codebook of a study"),
    ],
)
def test_a_study_that_cannot_be_opened_is_not_left_behind(
    tmp_path: Path, settings: bytes, message: str
) -> None:
    path = packed(tmp_path / "odd.zip", {"qualcode.toml": settings, "data/cases.csv": b"case,kind,parent\n"})
    with pytest.raises(FolderError, match=f"nothing was restored.*{message}"):
        qc.restore(path, tmp_path / "deep" / "again")
    assert [each.name for each in tmp_path.iterdir()] == ["odd.zip"]


def test_a_bomb_is_refused_and_a_study_with_an_empty_film_is_none(study: qc.Project, tmp_path: Path) -> None:
    zeros = bytes(archive.RATIO_FREE + 1)
    bomb = packed(tmp_path / "bomb.zip", {"qualcode.toml": b"format = 1\n", "data/raw/zeros": zeros})
    with pytest.raises(FolderError, match="more than any study holds"):
        qc.restore(bomb, tmp_path / "again")
    (study.path / "data/raw/S1.wav").write_bytes(zeros)
    again = qc.restore(qc.backup(study, tmp_path / "safe.zip"), tmp_path / "again")
    assert (again.path / "data/raw/S1.wav").read_bytes() == zeros


@pytest.mark.parametrize("name", ["\0", "x" * 300 + ".zip", "~nosuchuser-of-qualcode/x.zip"])
def test_impossible_paths_are_said_to_be_impossible(study: qc.Project, tmp_path: Path, name: str) -> None:
    path = qc.backup(study, tmp_path / "safe.zip")
    for call in (
        lambda: qc.backup(study, name),
        lambda: qc.restore(name, tmp_path / "a"),
        lambda: qc.restore(path, name),
    ):
        with pytest.raises(InvalidValue, match="is no possible path"):
            call()


def test_a_file_that_other_computers_cannot_name_is_no_part_of_a_backup(
    study: qc.Project, tmp_path: Path
) -> None:
    (study.path / "data/raw/10:30.mp4").write_bytes(b"x")
    with pytest.raises(
        InvalidValue, match=r"'data/raw/10:30.mp4' has a name that other computers cannot have"
    ):
        qc.backup(study, tmp_path / "safe.zip")
    assert not (tmp_path / "safe.zip").exists()


def test_what_is_left_out_is_named(study: qc.Project, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "talk.mp3").write_bytes(b"sound")
    (study.path / "data/raw/a.mp3").symlink_to(tmp_path / "talk.mp3")
    (study.path / "data/raw/more").symlink_to(tmp_path / "elsewhere")
    for name in ("~$notes.docx", "half.tmp", "data/raw/half.tmp"):
        (study.path / name).write_text("x")
    with pytest.warns(UserWarning, match="Not in the backup") as told:
        qc.backup(study, tmp_path / "safe.zip")
    said = str(told[0].message)
    for name in ("data/raw/a.mp3", "data/raw/more", "~$notes.docx", "half.tmp", "data/raw/half.tmp"):
        assert said.count(repr(name)) == 1, said
    assert "'data/raw/a.mp3', 'data/raw/more' (a link to somewhere else)" in said
    there = files(qc.restore(tmp_path / "safe.zip", tmp_path / "again").path)
    assert not [name for name in there if name.endswith((".mp3", ".tmp", ".docx"))]


@pytest.mark.parametrize("by_opening", [False, True])
def test_what_a_killed_restore_left_goes_the_next_time(
    study: qc.Project, tmp_path: Path, by_opening: bool
) -> None:
    qc.backup(study, tmp_path / "safe.zip")
    place = tmp_path / "there" / "again"
    dead, other = (place.with_name(name) for name in (".again.4242.restoring", ".other.4242.restoring"))
    if by_opening:
        qc.restore(tmp_path / "safe.zip", place)
    for each in (dead, other):
        (each / "data").mkdir(parents=True)
        (each / "data" / "P1.txt").write_text("what Maria said")
    if by_opening:
        qc.open_project(place)
    else:
        qc.restore(tmp_path / "safe.zip", place)
    assert sorted(path.name for path in place.parent.iterdir()) == [".other.4242.restoring", "again"]


def test_a_restore_that_is_under_way_is_left_alone(study: qc.Project, tmp_path: Path) -> None:
    qc.backup(study, tmp_path / "safe.zip")
    place = tmp_path / "again"
    with unpacking.beside(place) as under_way:
        qc.restore(tmp_path / "safe.zip", tmp_path / "elsewhere")
        unpacking.remove_leftovers(place)
        assert under_way.is_dir()
    assert not under_way.exists()
    assert not list(tmp_path.glob(".again*"))
