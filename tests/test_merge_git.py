"""Git and folders: two coders' copies of one study become one, in any order, without a conflict."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from qualcode.git import ATTRIBUTES, PRIVATE, PRIVATE_TITLE, is_registered, merge_driver, register

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True)
def _own_git(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Git as on a fresh computer; the driver it starts finds this qualcode."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "no-gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "Ana")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "ana@example.org")


def git(folder: Path, *words: str, ok: bool = True) -> str:
    done = subprocess.run(
        ["git", *words], cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0 or not ok, f"git {' '.join(words)}: {done.stdout}{done.stderr}"
    return done.stdout.strip()


def commit(folder: Path, message: str = "work") -> str:
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", message)
    return git(folder, "rev-parse", "HEAD")


def repository(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "-q", "-b", "main")
    return folder


def write(folder: Path, files: dict[str, str]) -> None:
    for file, text in files.items():
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text(text, encoding="utf-8", newline="\n")


# -- register ------------------------------------------------------------------------------------------


def test_register_twice_changes_nothing_more(tmp_path: Path) -> None:
    study = repository(tmp_path / "study")
    (study / ".gitattributes").write_text("*.png binary", encoding="utf-8")
    (study / ".gitignore").write_text("# mine\n*.log\n", encoding="utf-8")
    assert not is_registered(study)
    assert len(register(study)) == 3
    assert is_registered(study)
    files = [(study / name).read_bytes() for name in (".gitattributes", ".gitignore", ".git/config")]
    assert register(study) == []
    assert files == [(study / name).read_bytes() for name in (".gitattributes", ".gitignore", ".git/config")]
    assert files[0].decode().splitlines() == ["*.png binary", *ATTRIBUTES]
    assert files[1].decode().startswith("# mine\n*.log\n")
    assert git(study, "config", "merge.qualcode.driver") == (
        f'"{Path(sys.executable).as_posix()}" -P -m qualcode merge-file %O %A %B %P'
    )


def test_what_the_team_decided_to_share_stays_shared(tmp_path: Path) -> None:
    study = repository(tmp_path / "study")
    register(study)
    ignored = (study / ".gitignore").read_text(encoding="utf-8")
    assert all(f"\n{line}\n" in ignored for line in PRIVATE)
    shared = ignored.replace("data/transcripts/*.txt\n", "")
    (study / ".gitignore").write_text(shared, encoding="utf-8")
    assert register(study) == []
    assert (study / ".gitignore").read_text(encoding="utf-8") == shared
    assert PRIVATE_TITLE in shared


def test_raw_material_and_texts_are_not_committed_and_codings_are(tmp_path: Path) -> None:
    study = repository(tmp_path / "study")
    register(study)
    private = ["data/raw/P1.docx", "data/transcripts/P1.txt", "data/transcripts/.versions/aa.txt"]
    private += ["data/transcripts/.pending/lock", "data/transcripts/.cache/index", "data/cases.csv.12.tmp"]
    public = ["data/codings/ana/P1.csv", "data/turns/P1.csv", "data/log/.states/aa", "qualcode.toml"]
    write(study, dict.fromkeys([*private, *public], "x\n"))
    commit(study)
    assert git(study, "ls-files").splitlines() == sorted([".gitattributes", ".gitignore", *public])


def test_without_git_or_outside_a_repository_only_the_files_are_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = tmp_path / "plain"
    study.mkdir()
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    assert len(register(study)) == 2
    assert not is_registered(study)
    monkeypatch.setenv("PATH", "")
    assert register(study) == []
    assert not is_registered(study)


def test_every_line_end_is_left_alone_because_hashes_name_exact_bytes(tmp_path: Path) -> None:
    study = repository(tmp_path / "study")
    register(study)
    git(study, "config", "core.autocrlf", "true")
    write(study, {"data/log/.states/aa": "one\ntwo\n", "codebooks/codebook.yaml": "facets: []\n"})
    commit(study)
    for file in ("data/log/.states/aa", "codebooks/codebook.yaml"):
        before = (study / file).read_bytes()
        (study / file).unlink()
        git(study, "checkout", "--", file)
        assert (study / file).read_bytes() == before


# -- the driver ----------------------------------------------------------------------------------------

CASES = "case,kind,parent\n"


def three(tmp_path: Path, base: str, ours: str, theirs: str) -> list[Path]:
    write(tmp_path, {"O": base, "A": ours, "B": theirs})
    return [tmp_path / name for name in "OAB"]


def test_the_driver_writes_the_merged_file_over_ours(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = three(tmp_path, CASES, CASES + "P1,person,\n", CASES + "P2,person,\n")
    assert merge_driver(*files, "data/cases.csv") == 0
    assert files[1].read_text(encoding="utf-8") == CASES + "P1,person,\nP2,person,\n"
    assert capsys.readouterr().err == ""


def test_the_driver_tells_what_it_decided(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = three(tmp_path, CASES + "P1,a,\n", CASES + "P1,b,\n", CASES + "P1,c,\n")
    assert merge_driver(*files, "study/data/cases.csv") == 0
    assert capsys.readouterr().err == (
        "qualcode: study/data/cases.csv: kind of case 'P1' was changed in both copies, to 'c' and 'b'; 'c' stays.\n"
    )


def test_a_broken_side_leaves_the_marks_of_git(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = three(tmp_path, CASES, CASES + "P1,person,\n", CASES + "P2\n")
    assert merge_driver(*files, "data/cases.csv") == 1
    marked = files[1].read_text(encoding="utf-8")
    assert "<<<<<<< ours\nP1,person,\n=======\nP2\n>>>>>>> theirs\n" in marked
    assert "data/cases.csv:2: has 1 columns, the header 3" in capsys.readouterr().err


def test_a_transcript_is_never_marked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = three(tmp_path, "We wait.\n", "We waited.\n", "We wait here.\n")
    assert merge_driver(*files, "data/transcripts/P1.txt") == 1
    assert files[1].read_text(encoding="utf-8") == "We waited.\n"
    said = capsys.readouterr().err
    assert "the text differs" in said
    assert "wait" not in said.lower().replace("await", "")


@pytest.mark.parametrize("inside", ["", "papers/my study/"])
def test_git_itself_calls_the_driver_wherever_the_study_lies(tmp_path: Path, inside: str) -> None:
    top = repository(tmp_path / "top")
    study = top / inside
    write(study, {"data/cases.csv": CASES, "data/log/ana.jsonl": ""})
    register(study)
    commit(top)
    git(top, "branch", "ben")
    for branch, case in (("ben", "P1"), ("main", "P2")):
        git(top, "checkout", "-q", branch)
        write(study, {"data/cases.csv": f"{CASES}{case},person,\n"})
        commit(top)
    git(top, "merge", "-q", "--no-edit", "ben")
    assert (study / "data/cases.csv").read_text(encoding="utf-8") == CASES + "P1,person,\nP2,person,\n"


def test_module_names_in_the_repository_are_not_run(tmp_path: Path) -> None:
    top = repository(tmp_path / "top")
    write(
        top,
        {
            "data/cases.csv": CASES,
            "qualcode/__init__.py": "raise SystemExit(3)\n",
            "csv.py": "raise SystemExit(4)\n",
        },
    )
    register(top)
    commit(top)
    git(top, "checkout", "-q", "-b", "ben")
    write(top, {"data/cases.csv": CASES + "P1,person,\n"})
    commit(top)
    git(top, "checkout", "-q", "main")
    write(top, {"data/cases.csv": CASES + "P2,person,\n"})
    commit(top)
    git(top, "merge", "-q", "--no-edit", "ben")
