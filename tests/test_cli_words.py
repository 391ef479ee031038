"""What is typed and what is answered: odd words and odd terminals, and no word of Python in an answer."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import qualcode as qc
from qualcode import codebook_file, git
from qualcode.cli import main
from qualcode.cli_words import in_words
from qualcode.testing import make_project


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = make_project(tmp_path / "study").path
    monkeypatch.setenv("QUALCODE_CODER", "ana")
    monkeypatch.chdir(path)
    return path


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = qc.create_project(tmp_path / "empty").path
    monkeypatch.setenv("QUALCODE_CODER", "ana")
    monkeypatch.chdir(path)
    return path


def answer(capsys: pytest.CaptureFixture[str], *words: str, code: int = 1) -> str:
    """Return the one line that a command answers."""
    capsys.readouterr()
    assert main(list(words)) == code
    out = capsys.readouterr()
    said = out.err if code else out.out
    assert said.count("\n") == 1, said
    assert "mistake in qualcode" not in said
    return said.rstrip("\n")


# -- no word of Python -----------------------------------------------------------------------------------

PYTHON = re.compile(
    r"\b(project|qc|codebook)\.[a-z_]+(?!yaml)|\b[a-z_]+=(\s|$|[.,'\[]|True)|\(start, end\)|_codes?\b"
)

ADVICE = {
    "The quote is empty. Give some words of the transcript, START-END or turn:12.": (
        "code",
        "S1",
        " ",
        "trust",
    ),
    "Give a longer quote, or one of these as START-END.": ("code", "S1", "part", "trust"),
    "See: qualcode codebook.": ("code", "S1", "turn:2", "nothing such"),
    "see: qualcode status.": ("code", "S9", "turn:2", "trust"),
    "Give --facet one of Point, Theme, Problem, or --parent.": ("codebook", "new", "Hope"),
    "would be written over. Choose another place, or allow it with --replace.": ("export", "there.xlsx"),
    "say --unrelated": ("merge", "../other"),
    "Leave --encoding out": ("import", "cp.txt", "--encoding", "utf-8"),
    "--relation turns needs n": ("matrix", "--relation", "turns"),
}


@pytest.mark.parametrize("said", ADVICE)
def test_advice_is_in_words_of_the_command_line(
    study: Path, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (study / "there.xlsx").write_bytes(b"")
    (study / "cp.txt").write_bytes("P: Caf\u00e9 M\u00fcller.\n".encode("cp1252"))
    qc.create_project("../other", title="Another")
    (study.parent / "other/codebooks/codebook.yaml").write_text("facets:\n- id: x\n  name: X\n")
    found = answer(capsys, *ADVICE[said])
    assert said in found
    assert not PYTHON.search(found)


def test_advice_in_an_empty_study(
    empty: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Add interviews with qualcode import FILES." in answer(capsys, "matrix")
    assert answer(capsys, "init", ".", "--title", "x").endswith("already holds a study. It stays as it is; see: qualcode status.")  # fmt: skip
    monkeypatch.delenv("QUALCODE_CODER")
    assert "qualcode init --coder ana" in answer(capsys, "codebook", "new", "Hope")


def test_a_table_of_words_leaves_other_words_alone() -> None:
    for text in (
        "P7 said it at 12:30 (about 3 times).",
        "codebooks/codebook.yaml @ codes[3].parent: none",
        "a = b",
    ):
        assert in_words(text) == text
    assert in_words("project.merge_codes(['a', 'b'], 'c')") == "qualcode codebook merge a b --into c"
    assert (
        in_words("Use project.set_stance('x', 'mixed').")
        == "Use in Python: project.set_stance('x', 'mixed')."
    )


@pytest.mark.parametrize(
    "word", ["one\ntwo", "one\r\ntwo", "one\u2028two", "one\x85two", "\x1b[31mone", "one\x00two"]
)
def test_odd_words_are_answered_in_one_line(
    study: Path, word: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for words in (
        (word,), ("code", word, "turn:2", "trust"), ("code", "S1", word, "trust"), ("code", "S1", "turn:2", word),
        ("codebook", word), ("codebook", "rename", "trust", word), ("import", word), ("merge", word),
        ("matrix", "--rows", word), ("export", f"{word}.pdf"), ("import", "x.txt", f"--{word}"), ("status", "--project", word),
        ("codebook", "import", word), ("codebook", "new", word, "--facet", word), ("code", "S1", "turn:2", "trust", "--stance", word),
    ):  # fmt: skip
        said = answer(capsys, *words)
        assert said.isprintable(), said


# -- words and files that broke it -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "where", ["turn:" + "9" * 5000, "9" * 5000 + "-" + "9" * 5001, "9" * 5000 + ":01", "turn:0", "5-2"]
)
def test_places_beyond_all_interviews(study: Path, where: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert len(answer(capsys, "code", "S1", where, "trust")) < 300


@pytest.mark.parametrize("option", ["--speaker=--", "--speaker==", "--role=x", "--role=--"])
def test_pairs_that_are_none(study: Path, option: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert "was expected as LEFT=RIGHT" in answer(capsys, "import", "x.txt", option)


def test_a_home_folder_of_nobody_is_told_and_not_made(
    study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = "~nobodyxx/x"
    for words in (
        ("status", "--project", place), ("import", place), ("merge", place), ("export", place), ("init", place),
        ("codebook", "export", f"{place}.csv"), ("codebook", "import", f"{place}.csv"), ("check", "--project", place),
    ):  # fmt: skip
        assert "is no possible path" in answer(capsys, *words)
    assert not list(study.glob("~*"))


def test_names_that_excel_saved_in_an_old_encoding(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (study.parent / "names.csv").write_bytes("name,pseudonym\r\nJosé Müller,P1\r\n".encode("cp1252"))
    (study.parent / "m.txt").write_text(
        "I: Who?\n\nJosé Müller: Me.\n\nI: Yes?\n\nJosé Müller: Yes.\n", encoding="utf-8"
    )
    assert main(["import", "../m.txt", "--pseudonyms", "../names.csv", "--id", "m1"]) == 0
    assert "Müller" not in (study / "data/transcripts/m1.txt").read_text(encoding="utf-8")
    (study.parent / "names.csv").write_bytes(bytes(range(256)))
    assert "names.csv" in answer(capsys, "import", "../m.txt", "--pseudonyms", "../names.csv", "--id", "m2")


# -- codebook ----------------------------------------------------------------------------------------------


def test_every_action_of_codebook_answers_programs_too(
    study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def told(*words: str) -> dict[str, object]:
        capsys.readouterr()
        assert main(["codebook", *words, "--json"]) == 0
        found = json.loads(capsys.readouterr().out)
        assert found["action"] == words[0]
        return found

    made = told("new", "Hope", "--facet", "theme")
    assert made["path"] == "Hope"
    assert told("rename", "Hope", "Great hope")["code"] == made["code"]
    assert told("move", "Great hope", "--parent", "process")["path"] == "Process > Great hope"
    assert told("merge", "Great hope", "--into", "process")["code"] == "process"
    assert told("freeze", "after ten")["version"] == "1"
    assert told("export", "../book.csv")["file"] == "../book.csv"
    assert told("import", "../book.csv")["codes"] == len(qc.open_project(study).codebook.active)
    told("new", "Fear", "--facet", "theme")
    assert told("retire", "Fear")["path"] == "Fear"


@pytest.mark.parametrize(
    ("words", "option"),
    [
        (("freeze", "note", "--parent", "nope"), "parent"), (("rename", "trust", "x", "--definition", "D"), "definition"),
        (("merge", "trust", "--into", "process", "--facet", "theme"), "facet"), (("show", "--into", "x"), "into"),
        (("move", "trust", "--definition", "D"), "definition"), (("export", "x.csv", "--parent", "x"), "parent"),
    ],
)  # fmt: skip
def test_an_option_that_an_action_does_not_know_is_refused(
    study: Path, words: tuple[str, ...], option: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (study / "codebooks/codebook.yaml").read_bytes()
    assert f"codebook {words[0]} has no --{option}." in answer(capsys, "codebook", *words)
    assert (study / "codebooks/codebook.yaml").read_bytes() == before


def test_a_read_only_folder_names_the_file_that_was_meant(
    study: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied", ".x.yaml.77.tmp")

    monkeypatch.setattr(codebook_file.Path, "write_bytes", refuse)
    said = answer(capsys, "codebook", "export", "x.yaml")
    assert "x.yaml cannot be written (Permission denied). Is its folder read-only" in said
    assert "tmp" not in said


# -- status and git ----------------------------------------------------------------------------------------

UNREGISTERED = "Git on this computer does not merge this study by record yet: run 'qualcode init .' once on this computer."
OPEN = "Nothing keeps the transcripts out of git: .gitignore has no line for data/transcripts. 'qualcode init .' adds it."


def advice(capsys: pytest.CaptureFixture[str]) -> list[str]:
    capsys.readouterr()
    assert main(["status", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["advice"]
    assert main(["status"]) == 0
    assert [line for line in capsys.readouterr().out.split("\n") if line in (UNREGISTERED, OPEN)] == found
    assert qc.open_project(".").check() == [], "a fresh clone is no damage"
    return list(found)


def test_status_says_what_git_does_not_do_yet(empty: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project = qc.open_project(empty, coder="ana")
    project.add_source(qc.Transcript("P1", "a talk", "Some words.\n", ()))
    assert advice(capsys) == [], "no repository"
    subprocess.run(["git", "init", "-q"], check=True)
    assert advice(capsys) == [UNREGISTERED]
    (empty / ".gitignore").write_text("data/transcripts/.pending/\n")
    assert advice(capsys) == [UNREGISTERED, OPEN]
    assert main(["init", "."]) == 0
    assert advice(capsys) == []
    lines = (empty / ".gitignore").read_text().splitlines()
    (empty / ".gitignore").write_text("\n".join(line for line in lines if line not in git.PRIVATE))
    assert advice(capsys) == [], "the team decided to share them"
    (empty / ".gitignore").write_text("/data/transcripts/\n")
    assert advice(capsys) == []


def test_status_of_made_up_interviews_asks_for_no_privacy(
    study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    subprocess.run(["git", "init", "-q"], check=True)
    assert main(["init", "."]) == 0
    (study / ".gitignore").write_text("")
    assert advice(capsys) == []


# -- terminals ---------------------------------------------------------------------------------------------


def run(words: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        ["sh", "-c", f'"$0" -m qualcode {words}', sys.executable],
        env={**os.environ, **environment}, capture_output=True, check=False,
    )  # fmt: skip


PLAIN = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


@pytest.mark.skipif(sys.platform == "win32", reason="sh and locales")
def test_a_terminal_of_plain_letters_harms_no_name(study: Path) -> None:
    done = run("codebook new 'Tr\u00fcst \u4fe1\u983c' --facet theme", **PLAIN)
    assert (done.returncode, done.stderr) == (0, b"")
    assert qc.open_project(study).codebook.code("Tr\u00fcst \u4fe1\u983c").name == "Tr\u00fcst \u4fe1\u983c"
    (study.parent / "Interv\u00fc \u4fe1.txt").write_text("I: Who?\n\nP: Me.\n\nI: Yes?\n\nP: Yes.\n")
    done = run("import '../Interv\u00fc \u4fe1.txt'", **PLAIN)
    assert (done.returncode, done.stderr) == (0, b"")
    assert "Interv\u00fc-\u4fe1" in set(qc.open_project(study).sources.source)
    assert run("check", **PLAIN).returncode == 0


@pytest.mark.skipif(sys.platform == "win32", reason="bytes for words")
def test_a_word_that_is_no_utf8_is_told(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = answer(capsys, "codebook", "new", "Tr\udcfcst", "--facet", "theme")
    assert (
        said == "qualcode: word 3 of the command is not UTF-8. Set this terminal to UTF-8, and type it again."
    )


@pytest.mark.skipif(sys.platform == "win32", reason="sh")
@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_a_program_without_a_terminal_works(study: Path, closed: str) -> None:
    for words in ("status", "codebook", "check", "--version"):
        done = run(f"{words} {closed}")
        assert (done.returncode, done.stderr) == (0, b"")


def test_a_note_of_the_library_is_one_line(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (study / "data/sources/S1.toml").unlink()
    assert main(["status"]) == 0
    said = capsys.readouterr().err
    assert re.fullmatch(
        r"qualcode: note: (A file|\d files) of codings belongs? to no source of the study: .*\n", said
    )
