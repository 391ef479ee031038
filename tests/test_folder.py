"""The folder on disk: many files as one step, whatever goes wrong in the middle."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from qualcode import folder as module
from qualcode.errors import FolderError
from qualcode.folder import Folder
from qualcode.testing import make_project


def files_of(path: Path) -> dict[str, bytes]:
    found = {p.relative_to(path).as_posix(): p.read_bytes() for p in sorted(path.rglob("*")) if p.is_file()}
    found.pop("data/transcripts/.pending/lock", None)
    return found


def test_write_replaces_deletes_and_appends_in_one_step(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write({"data/a.csv": b"1", "data/codings/ana/P1.csv": b"2"}, {"data/log/ana.jsonl": b"one\n"})
    folder.write({"data/a.csv": b"3", "data/codings/ana/P1.csv": None}, {"data/log/ana.jsonl": b"two\n"})
    assert files_of(tmp_path) == {"data/a.csv": b"3", "data/log/ana.jsonl": b"one\ntwo\n"}
    assert not (tmp_path / "data/codings").exists(), "a folder that became empty is removed"


def test_writing_what_is_there_touches_nothing(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write({"data/a.csv": b"1"})
    before = (tmp_path / "data/a.csv").stat().st_mtime_ns
    folder.write({"data/a.csv": b"1"})
    assert (tmp_path / "data/a.csv").stat().st_mtime_ns == before


STEPS = ("_write_file", "_replace", "_append", "_unlink")


def write_calls(monkeypatch: pytest.MonkeyPatch, fail_at: int | None, then_all: bool = False) -> list[str]:
    """Count every single step that writes, and let one of them (or all from it on) fail."""
    calls: list[str] = []

    def wrap(name: str) -> None:
        real = getattr(module, name)

        def step(*arguments: object) -> object:
            calls.append(name)
            if fail_at is not None and (len(calls) == fail_at or (then_all and len(calls) > fail_at)):
                raise OSError(28, "No space left on device")
            return real(*arguments)

        monkeypatch.setattr(module, name, step)

    for name in STEPS:
        wrap(name)
    return calls


CHANGES = {"data/a.csv": b"new", "data/b.csv": None, "data/c.csv": b"also new"}
APPENDS = {"data/log/ana.jsonl": b"second\n"}
OLD = {"data/a.csv": b"old", "data/b.csv": b"old", "data/log/ana.jsonl": b"first\n"}
NEW = {"data/a.csv": b"new", "data/c.csv": b"also new", "data/log/ana.jsonl": b"first\nsecond\n"}


def begin(path: Path) -> Folder:
    folder = Folder(path)
    folder.write({"data/a.csv": b"old", "data/b.csv": b"old"}, {"data/log/ana.jsonl": b"first\n"})
    return folder


@pytest.mark.parametrize("disk_stays_full", [False, True], ids=["one error", "every later write fails too"])
def test_an_error_at_any_write_leaves_the_old_state_or_the_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, disk_stays_full: bool
) -> None:
    counting = begin(tmp_path / "count")
    with monkeypatch.context() as patch:
        calls = write_calls(patch, None)
        counting.write(CHANGES, APPENDS)
        total = len(calls)
    assert total > 6
    for fail_at in range(1, total + 1):
        path = tmp_path / f"study-{disk_stays_full}-{fail_at}"
        folder = begin(path)
        with monkeypatch.context() as patch:
            write_calls(patch, fail_at, disk_stays_full)
            with pytest.raises(
                FolderError, match=r"cannot be written here|could be written only in part"
            ) as caught:
                folder.write(CHANGES, APPENDS)
        assert ("Nothing was changed" in str(caught.value)) == (not folder.pending())
        again = Folder(path)
        with again.locked():
            pass
        assert files_of(path) in (OLD, NEW), f"half a write after step {fail_at}"
        if not disk_stays_full:
            assert files_of(path) == OLD, f"an error was reported, but step {fail_at} was kept"
        again.write(CHANGES, {} if files_of(path) == NEW else APPENDS)
        assert files_of(path) == NEW


KILLED = """
import os, sys
from qualcode.folder import Folder
folder = Folder(sys.argv[1])
for number in range(200):
    text = ("%d\\n" % number).encode()
    folder.write({"data/a.csv": text * 50, "data/b.csv": text}, {"data/log/ana.jsonl": text})
    os.write(1, text)
"""


@pytest.mark.parametrize("after", [3, 40, 117])
def test_kill_in_the_middle_of_200_writes_loses_nothing_that_was_acknowledged(
    tmp_path: Path, after: int
) -> None:
    with subprocess.Popen([sys.executable, "-c", KILLED, str(tmp_path)], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        for _ in range(after):
            process.stdout.readline()
        process.kill()
        acknowledged = after + len(process.stdout.read().split())
    folder = Folder(tmp_path)
    with folder.locked():
        pass
    log = (tmp_path / "data/log/ana.jsonl").read_text().split()
    assert log == [str(number) for number in range(len(log))], "the log has a gap or half a line"
    assert len(log) in (acknowledged, acknowledged + 1)
    assert (tmp_path / "data/b.csv").read_text() == f"{log[-1]}\n"
    assert (tmp_path / "data/a.csv").read_text().split() == [log[-1]] * 50
    assert set(files_of(tmp_path)) == {"data/a.csv", "data/b.csv", "data/log/ana.jsonl"}


def test_what_was_begun_is_finished_by_the_next_who_opens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = begin(tmp_path)

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Folder, "_apply", die)
    with pytest.raises(KeyboardInterrupt):
        folder.write(CHANGES, APPENDS)
    monkeypatch.undo()
    assert Folder(tmp_path).pending()
    with Folder(tmp_path).locked():
        assert files_of(tmp_path) == NEW


def test_a_broken_journal_is_named_and_nothing_is_guessed(tmp_path: Path) -> None:
    folder = begin(tmp_path)
    (tmp_path / "data/transcripts/.pending/0001.json").write_text("{")
    with (
        pytest.raises(FolderError, match=r"0001\.json: an unfinished write that cannot be read"),
        folder.locked(),
    ):
        pass
    assert (tmp_path / "data/a.csv").read_bytes() == b"old"


def test_two_threads_take_turns(tmp_path: Path) -> None:
    folder = Folder(tmp_path)

    def add() -> None:
        for _ in range(20):
            with folder.locked():
                number = int(folder.read("data/a.csv") or b"0")
                folder.write({"data/a.csv": str(number + 1).encode()})

    threads = [threading.Thread(target=add) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert folder.read("data/a.csv") == b"60"


COUNT = """
import sys
from qualcode.folder import Folder
folder = Folder(sys.argv[1])
for _ in range(25):
    with folder.locked():
        number = int(folder.read("data/a.csv") or b"0")
        folder.write({"data/a.csv": str(number + 1).encode()})
"""


def test_two_programs_take_turns(tmp_path: Path) -> None:
    programs = [subprocess.Popen([sys.executable, "-c", COUNT, str(tmp_path)]) for _ in range(2)]
    assert [program.wait() for program in programs] == [0, 0]
    assert Folder(tmp_path).read("data/a.csv") == b"50"


def test_a_lock_that_is_kept_is_said_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LOCK_SECONDS", 0.1)
    with (
        Folder(tmp_path).locked(),
        pytest.raises(FolderError, match="Another program is writing to the study"),
        Folder(tmp_path).locked(),
    ):
        pass


def test_a_read_only_folder_is_said_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = begin(tmp_path)

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(module, "_write_file", refuse)
    with pytest.raises(FolderError, match=r"cannot be written here \(Permission denied\).*read-only"):
        folder.write({"data/a.csv": b"new"})
    assert folder.read("data/a.csv") == b"old"


def test_a_study_that_is_gone_is_said_in_words_and_nothing_is_made_in_its_place(tmp_path: Path) -> None:
    project = make_project(tmp_path / "study")
    shutil.move(project.path, tmp_path / "away")
    for act in (
        lambda: project.code("S1", (0, 5), "trust", coder="ana"),
        lambda: project.memo("a thought", coder="ana"),
        lambda: project.undo(coder="ana"),
        lambda: project.codings,
    ):
        with pytest.raises(
            FolderError, match=r"study is no longer here: its folder was moved, renamed or deleted"
        ):
            act()
    assert not project.path.exists()
    shutil.move(tmp_path / "away", project.path)
    project.code("S1", (0, 5), "trust", coder="ana")

    def in_a_batch() -> None:
        with project.batch():
            project.code("S1", (2, 7), "trust", coder="ana")
            shutil.rmtree(project.path)

    with pytest.raises(FolderError, match=r"Nothing was (written|changed)"):
        in_a_batch()
    assert not project.path.exists(), "also where it goes in the middle of a batch"


def test_a_folder_that_cannot_be_made_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    with pytest.raises(FolderError, match="cannot be written here"):
        Folder(tmp_path).write({"data/a.csv": b"new"})
