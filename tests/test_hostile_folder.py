"""A study folder may come from anywhere: opening, checking and undoing never reach beyond it, and never break."""

from __future__ import annotations

import base64
import json
import os
import sys
from pathlib import Path

import pytest

import qualcode as qc
from qualcode.check import check_folder
from qualcode.errors import FileProblems, FolderError
from qualcode.folder import Folder, belongs, leads_out
from qualcode.journal import Journal, parse_journal
from qualcode.testing import make_project

PENDING = "data/transcripts/.pending"


@pytest.fixture
def study(tmp_path: Path) -> Path:
    project = make_project(tmp_path / "study")
    project.memo("a thought", "source:S1", "code:trust")
    assert project.check() == []
    return project.path


def around(study: Path) -> dict[str, bytes]:
    """Return every file beside the study, which nothing in it may touch."""
    return {
        path.relative_to(study.parent).as_posix(): path.read_bytes()
        for path in study.parent.rglob("*")
        if path.is_file() and study not in path.parents
    }


def journal(study: Path, content: object) -> Path:
    path = study / PENDING / "00000000000000000001-1.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def write_of(file: str, new: bytes = b"hi") -> dict[str, object]:
    return {"write": {file: base64.b64encode(new).decode()}, "before": {file: None}, "append": {}}


def append_to(file: str, size: int = 0, new: bytes = b"hi") -> dict[str, object]:
    return {"write": {}, "before": {}, "append": {file: [size, base64.b64encode(new).decode()]}}


# -- what a journal may do ------------------------------------------------------------------------------


ELSEWHERE = (
    "../evil.txt",
    "data/../../evil.txt",
    "/tmp/qualcode-evil.txt",
    "data//evil.txt",
    "data/.. /evil.txt",
    "data/x\0.csv",
    ".git/hooks/post-merge",
    "data/.hidden/x.csv",
    "data/transcripts/.pending/2.json",
    "data/log/.states/../../../../evil.txt",
    "notebooks/evil.ipynb",
    "",
)


@pytest.mark.parametrize("file", ELSEWHERE)
@pytest.mark.parametrize("make", [write_of, append_to])
def test_a_received_journal_writes_nothing_but_files_of_a_study(study: Path, file: str, make: object) -> None:
    before, inside = around(study), {p for p in study.rglob("*") if p.is_file()}
    left = journal(study, make(file))  # type: ignore[operator]
    with pytest.raises(
        FolderError, match=r"unfinished write that reaches beyond the study.*Nothing was written"
    ):
        qc.open_project(study)
    assert around(study) == before
    assert {p for p in study.rglob("*") if p.is_file()} - inside == {left}
    assert [p.file for p in check_folder(study)] == [f"{PENDING}/{left.name}"]
    left.unlink()
    assert qc.open_project(study).check() == []


def test_a_path_leads_out_or_belongs() -> None:
    assert not any(belongs(file) for file in ELSEWHERE)
    assert all(
        belongs(file) and not leads_out(file)
        for file in (
            "qualcode.toml",
            "data/codings/ana/P1.csv",
            "data/log/.states/0a",
            "codebooks/codebook-1.yaml",
        )
    )
    assert belongs("data/transcripts/.versions/0a.txt")


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights on Windows")
def test_a_link_in_a_received_folder_is_not_written_through(study: Path) -> None:
    outside = study.parent / "outside"
    (outside / "x").mkdir(parents=True)
    (outside / "own.txt").write_text("mine")
    (study / "data/linked").symlink_to(outside / "x")
    (study / "data/log/zoe.jsonl").symlink_to(outside / "own.txt")
    before = around(study)
    for content in (write_of("data/linked/evil.csv"), append_to("data/log/zoe.jsonl", 4)):
        left = journal(study, content)
        with pytest.raises(FolderError, match="reaches beyond the study"):
            qc.open_project(study)
        left.unlink()
    zoe = qc.open_project(study, coder="zoe")
    with pytest.raises(FolderError, match=r"data/log/zoe\.jsonl is a link to another file"):
        zoe.memo("a thought")
    assert around(study) == before


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights on Windows")
@pytest.mark.parametrize("linked", [".pending", ".pending/lock"])
def test_a_linked_journal_folder_neither_removes_nor_empties_files(study: Path, linked: str) -> None:
    outside = study.parent / "outside"
    outside.mkdir()
    for name in ("lock", "thesis.docx", "1.json", "1.json.77.tmp"):
        (outside / name).write_text("mine")
    pending = study / PENDING
    (pending / "lock").unlink(missing_ok=True)
    if linked == ".pending":
        pending.rmdir()
        pending.symlink_to(outside)
    else:
        (pending / "lock").symlink_to(outside / "lock")
    before = around(study)
    with pytest.raises(FolderError, match="leads out of the study"):
        qc.open_project(study, coder="ana").memo("a thought")
    assert around(study) == before


SHAPES = {
    "lists for tables": {"write": [], "before": {}, "append": {}},
    "a size in words": {"write": {}, "before": {}, "append": {"data/log/a.jsonl": ["x", ""]}},
    "a size below zero": {"write": {}, "before": {}, "append": {"data/log/a.jsonl": [-5, ""]}},
    "no pair": {"write": {}, "before": {}, "append": {"data/log/a.jsonl": 5}},
    "no base 64": {"write": {"data/a.csv": "!"}, "before": {"data/a.csv": None}, "append": {}},
    "a number for bytes": {"write": {"data/a.csv": 5}, "before": {"data/a.csv": None}, "append": {}},
    "no state before": {"write": {"data/a.csv": ""}, "before": {}, "append": {}},
    "a list for a state": {"write": {"data/a.csv": ""}, "before": {"data/a.csv": []}, "append": {}},
    "nothing": None,
    "a number": 5,
    "deep": "[" * 100_000,
    "empty": "",
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_a_journal_of_another_shape_is_named(study: Path, shape: str) -> None:
    left = journal(study, SHAPES[shape] if isinstance(SHAPES[shape], str) else json.dumps(SHAPES[shape]))
    with pytest.raises(FolderError, match=r"-1\.json: an unfinished write that cannot be read"):
        qc.open_project(study)
    assert [p.file for p in check_folder(study)] == [f"{PENDING}/{left.name}"]


def test_a_journal_comes_back_as_it_was() -> None:
    made = Journal({"data/a.csv": b"\xff", "data/b.csv": None}, {"data/log/a.jsonl": (3, b"x")}, {"data/a.csv": "0a", "data/b.csv": None})  # fmt: skip
    assert parse_journal(made.to_bytes()) == made


# -- a hand edit after a kill ------------------------------------------------------------------------------


def killed(study: Path, monkeypatch: pytest.MonkeyPatch, after: int = 0) -> Path:
    """Stop a verb after its journal and some of its files are written; return the journal."""
    project = qc.open_project(study, coder="ana")
    real, calls = Folder._apply, []

    def die(self: Folder, changes: dict[str, bytes | None], appends: object) -> None:
        calls.append(1)
        real(self, dict(list(changes.items())[:after]), {})
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Folder, "_apply", die)
        with pytest.raises(KeyboardInterrupt):
            project.add_case("X9", years=3)
    assert calls
    return next((study / PENDING).glob("*.json"))


@pytest.mark.parametrize("after", [0, 9])
def test_a_hand_edit_after_a_kill_is_never_overwritten(
    study: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    left = killed(study, monkeypatch, after)
    cases = study / "data/cases.csv"
    cases.write_text(cases.read_text() + "HAND,participant,,\n", newline="\n")
    edited = cases.read_bytes()
    with pytest.raises(FolderError, match=r"cannot be finished: data/cases\.csv was changed since"):
        qc.open_project(study)
    assert cases.read_bytes() == edited
    assert any("data/cases.csv was changed since" in str(p) for p in check_folder(study))
    left.rename(study.parent / left.name)
    assert "HAND" in set(qc.open_project(study).cases.case)


def test_a_file_moved_away_lets_the_write_finish(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    killed(study, monkeypatch)
    cases = study / "data/cases.csv"
    cases.write_text(cases.read_text() + "HAND,participant,,\n", newline="\n")
    cases.rename(study.parent / "cases.csv")
    project = qc.open_project(study)
    assert "X9" in set(project.cases.case)
    assert project.check() == []


def test_a_log_that_grew_after_a_kill_is_never_cut(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    killed(study, monkeypatch)
    log = study / "data/log/ana.jsonl"
    log.write_bytes(log.read_bytes() + b'{"one": "more"}\n')
    grown = log.read_bytes()
    with pytest.raises(FolderError, match=r"data/log/ana\.jsonl was changed since"):
        qc.open_project(study)
    assert log.read_bytes() == grown


def test_no_received_journal_empties_a_log(study: Path) -> None:
    log = study / "data/log/ana.jsonl"
    before = log.read_bytes()
    journal(study, append_to("data/log/ana.jsonl", 0, b""))
    with pytest.raises(FolderError, match="was changed since"):
        qc.open_project(study)
    assert log.read_bytes() == before


# -- what a log may make undo do ---------------------------------------------------------------------------


def last_event(study: Path, **changed: object) -> None:
    """Add an event to ana's log that differs from a real one in some fields."""
    log = study / "data/log/ana.jsonl"
    event = {
        "id": "0" * 12,
        "time": "2030-01-01T00:00:00.000000Z",
        "coder": "ana",
        "verb": "memo",
        "about": {},
    }
    log.write_bytes(log.read_bytes() + json.dumps(event | changed).encode() + b"\n")


ROW = {
    "id": "abc",
    "start": "0",
    "end": "9",
    "version": "0a",
    "code": "trust",
    "created": "",
    "codebook": "",
    "stance": "supports",
    "origin": "hand",
}  # fmt: skip
FILE = "data/codings/ana/S1.csv"


def rows(row: object, file: str = FILE) -> dict[str, object]:
    return {"rows": {file: {"added": [], "removed": [row]}}}


EVENTS = {
    "a file above the study": {"files": {"../evil.txt": ["44136fa355b3678a", None]}},
    "a hidden file": {"files": {".git/hooks/pre-commit": ["44136fa355b3678a", None]}},
    "another log": {"files": {"data/log/ben.jsonl": ["44136fa355b3678a", None]}},
    "a state that is a path": {"files": {"data/cases.csv": ["../../../../../etc/hostname", None]}},
    "codings above the study": rows(ROW, "data/codings/../../evil.csv"),
    "codings elsewhere": rows(ROW, "data/cases.csv"),
    "a row without a code": rows({key: ROW[key] for key in ROW if key != "code"}),
    "a row without a place": rows(ROW | {"start": "here"}),
    "a row with a number": rows(ROW | {"code": 5}),
    "about is a list": {"about": []},
    "of is a number": {"about": {"of": 5}},
    "verbs is a number": {"about": {"verbs": 5}},
    "verbs are numbers": {"about": {"verbs": [5]}},
    "files are a list": {"files": []},
    "a day that is none": {"time": "2030-99-99T00:00:00.000000Z"},
    "a time that is none": {"time": "9999-99-99T99:99:99.999999Z"},
    "the last time there is": {"time": "9999-12-31T23:59:59.999999Z"},
    "no time": {"time": "soon"},
}


@pytest.mark.parametrize("name", EVENTS)
def test_an_event_that_undo_could_not_take_back_safely_is_a_broken_line(study: Path, name: str) -> None:
    (study / "data/log/.states/44136fa355b3678a").write_bytes(b"{}")
    last_event(study, **EVENTS[name])
    before = around(study)
    line = len((study / "data/log/ana.jsonl").read_bytes().splitlines())
    assert [str(p) for p in check_folder(study)] == [
        f"data/log/ana.jsonl:{line}: is no event of the log (restore the line from git or a backup)"
    ]
    project = qc.open_project(study, coder="ana")
    for call in (project.undo, project.redo, project.history):
        with pytest.raises(FileProblems, match="is no event of the log"):
            call()
    if name in ("a day that is none", "a time that is none", "the last time there is"):
        with pytest.raises(
            FileProblems, match=r"data/log/ana\.jsonl: the time \S+ of the last event is none"
        ):
            project.add_case("X9")
    else:
        project.add_case("X9")
    assert around(study) == before


# -- files of odd shapes -----------------------------------------------------------------------------------


def deep(study: Path, file: str, text: str) -> None:
    (study / file).parent.mkdir(parents=True, exist_ok=True)
    (study / file).write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("qualcode.toml", "format = 1\nx = " + "[" * 3000 + "]" * 3000),
        ("data/sources/S1.toml", "x = " + "[" * 3000 + "]" * 3000),
        ("data/coders/ben.toml", "x = " + "{a=" * 3000 + "1" + "}" * 3000),
        ("codebooks/codebook.yaml", "facets: " + "[" * 3000),
        ("codebooks/codebook.yaml", "".join("  " * n + f"- a{n}:\n" for n in range(1000))),
    ],
)
def test_a_file_that_nests_without_end_is_a_problem_of_the_file(study: Path, file: str, text: str) -> None:
    deep(study, file, text)
    assert {p.file for p in check_folder(study)} == {file}
    with pytest.raises(FileProblems, match=file):
        qc.open_project(study)


@pytest.mark.parametrize(
    "text",
    ['{"cells": 5}', "null", "5", "[]", '{"cells": [5]}', '{"cells": null}', "[" * 200_000, "\xff", ""],
)
def test_a_notebook_of_another_shape_is_passed_over(study: Path, text: str) -> None:
    (study / "look.ipynb").write_text(text, encoding="utf-8")
    assert check_folder(study) == []


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights on Windows")
@pytest.mark.parametrize(
    "file", ["data/turns/S1.csv", "data/turns/X.csv", "data/log/zoe.jsonl", "data/cases.csv"]
)
def test_a_link_in_a_circle_is_named(study: Path, file: str) -> None:
    (study / file).unlink(missing_ok=True)
    (study / file).symlink_to(study / file)
    found = [p for p in check_folder(study) if p.file == file]
    assert len(found) == 1
    assert found[0].message.startswith("cannot be read")
    with pytest.raises(FolderError, match=f"{file}: cannot be read"):
        qc.open_project(study).history()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes on this system")
@pytest.mark.parametrize(
    "file", ["data/turns/X.csv", "data/log/zoe.jsonl", "look.ipynb", "data/log/.states/0a"]
)
def test_a_pipe_is_not_waited_for(study: Path, file: str) -> None:
    os.mkfifo(study / file)
    assert {p.file for p in check_folder(study)} <= {file}


def test_a_folder_where_a_file_should_be_is_one_problem(study: Path) -> None:
    for file in ("data/transcripts/S2.txt", "data/log/zoe.jsonl", "data/codings/ana/S9.csv"):
        (study / file).unlink(missing_ok=True)
        (study / file).mkdir()
    assert [p.file for p in check_folder(study)] == ["data/transcripts/S2.txt"]


needs_permissions = pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0, reason="the person who runs this may read everything"
)


@needs_permissions
@pytest.mark.parametrize(
    "folder", ["data/sources", "data/turns", "data/codings", "data/log", "data/codings/ana"]
)
def test_a_folder_that_nobody_may_look_into_is_one_problem(study: Path, folder: str) -> None:
    (study / folder).chmod(0)
    try:
        assert {p.file for p in check_folder(study)} == {folder}
    finally:
        (study / folder).chmod(0o755)


def test_a_folder_that_nobody_may_look_into_is_one_problem_for_everybody(
    study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the test above, for people (and machines) whom no permission stops."""
    real = os.scandir
    for folder in ("data/sources", "data/turns", "data/codings", "data/coders", "data/memos/ana"):

        def refuse(path: object, closed: Path = study / folder) -> object:
            if Path(str(path)) == closed:
                raise PermissionError(13, "Permission denied", str(path))
            return real(path)  # type: ignore[call-overload]

        with monkeypatch.context() as patch:
            patch.setattr(os, "scandir", refuse)
            assert {p.file for p in check_folder(study)} == {folder}
            with pytest.raises(FolderError, match=rf"{folder}: cannot be read \(Permission denied\)"):
                qc.open_project(study)


SETTINGS = {
    "a byte order mark": lambda text: "\ufeff" + text + "[attributes]\n",
    "line ends of Windows": lambda text: (text + "[attributes]\n").replace("\n", "\r\n"),
    "within brackets": lambda text: text + "attributes = {job = 'text'}\n",
    "empty brackets": lambda text: text + "attributes = {}\n",
    "nothing at all": lambda text: text,
    "with dots": lambda text: text + "attributes.job = 'text'\n",
    "with dots, in front": lambda text: "attributes.job = 'text'\n" + text + "[other]\nx = 1\n",
    "in pieces": lambda text: (
        text + "[attributes.job]\ntype = 'text'\n[other]\nx = 1\n[attributes.rank]\ntype = 'text'\n"
    ),
}


@pytest.mark.parametrize("shape", SETTINGS)
def test_settings_of_any_shape_take_new_attributes(study: Path, shape: str) -> None:
    settings = study / "qualcode.toml"
    plain = settings.read_text(encoding="utf-8").partition("[attributes]")[0]
    settings.write_bytes(SETTINGS[shape](plain).encode())
    before, project = settings.read_bytes(), qc.open_project(study, coder="ana")
    project.add_case("X9", size=3)
    project.declare_attribute("level", "ordered", levels=["low", "high"])
    project.set_attribute("X9", "level", "high")
    again = qc.open_project(study, coder="ana")
    kept = {"job", "rank"} & set(qc.open_project(study).attributes)
    assert again.attributes == {"size": "number", "level": "ordered"} | dict.fromkeys(kept, "text")
    assert again.check() == []
    again.undo(3)
    assert settings.read_bytes() == before
