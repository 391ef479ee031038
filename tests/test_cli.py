"""The command line: every verb does its work, and every failure is one line in words."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import qualcode as qc
from qualcode import cli, cli_options, cli_verbs
from qualcode.cli import main

TALK = """\
Interviewer: How do the teams talk to each other?

P7: We never met the data team, not once. It was all e-mail.

Interviewer: And now?

P7: Now we eat together 🍜 on Mondays. Trust came with the soup.
"""
VTT = """\
WEBVTT

00:00:01.000 --> 00:00:04.000
<v Interviewer 1>What went wrong?</v>

00:01:00.000 --> 00:01:09.000
<v Ben>The plan slipped by four months.</v>
"""
CODEBOOK = """\
facets:
- id: problem
  name: Problem
  codes:
  - name: Team
    codes:
    - name: Trust
    - name: Delay
- id: cause
  name: Cause
  codes:
  - name: Distance
  - name: Planning
"""
SECRET = "We never met the data team"


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two interviews, a codebook and a study, which is the current folder."""
    (tmp_path / "talks").mkdir()
    (tmp_path / "talks" / "P7.txt").write_text(TALK, encoding="utf-8")
    (tmp_path / "talks" / "P8.vtt").write_text(VTT, encoding="utf-8")
    (tmp_path / "book.yaml").write_text(CODEBOOK, encoding="utf-8")
    folder = tmp_path / "my study"
    qc.create_project(folder, tmp_path / "book.yaml", title="Talks", coder="ana")
    monkeypatch.setenv("QUALCODE_CODER", "ana")
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def coded(study: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    assert main(["import", "../talks/P7.txt", "../talks/P8.vtt"]) == 0
    assert main(["code", "P7", SECRET, "Trust"]) == 0
    assert main(["code", "P7", "turn:2", "Distance"]) == 0
    assert main(["code", "P8", "00:01:02", "Planning"]) == 0
    capsys.readouterr()
    return study


def say(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    code = main(list(words))
    out = capsys.readouterr()
    assert code == 0, out.err
    assert out.err == ""
    return out.out


def fail(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    code = main(list(words))
    out = capsys.readouterr()
    assert code == 1
    assert out.err.startswith("qualcode: ")
    assert "Traceback" not in out.err
    assert out.err.endswith("\n")
    return out.err.removeprefix("qualcode: ").rstrip("\n")


# -- help ------------------------------------------------------------------------------------------


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert say(capsys, "--version") == f"qualcode {qc.__version__}\n"


def test_without_a_verb_the_help_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    out = say(capsys)
    for verb in cli_options.VERBS:
        assert f"\n    {verb} " in out
    assert "merge-file" not in out


@pytest.mark.parametrize("verb", cli_options.VERBS)
def test_help_is_one_screen_with_an_example(
    verb: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    out = say(capsys, verb, "--help")
    lines = out.splitlines()
    assert len(lines) <= 48
    assert max(map(len, lines)) <= 90
    assert f"  qualcode {verb}" in out.split("examples:")[1]


def test_every_verb_has_its_function() -> None:
    assert set(cli_verbs.RUN) == {*cli_options.VERBS, "merge-file"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["mtrix"], "there is no verb 'mtrix'. Did you mean 'matrix'?"),
        (["frobnicate"], "there is no verb 'frobnicate'. Known: init, preview, import,"),
        (["matrix", "--witdh", "3"], "unrecognized arguments: --witdh 3"),
        (["matrix", "--width", "wide"], "invalid float value: 'wide'"),
        (["code", "P7"], "the following arguments are required: WHERE, CODE"),
        (["codebook", "explode"], "invalid choice: 'explode'"),
    ],
)
def test_wrong_words_are_one_line(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    error = fail(capsys, *words)
    assert said in error
    assert "\n" not in error


# -- init ------------------------------------------------------------------------------------------


def test_init_begins_a_study_among_files_that_are_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    out = say(capsys, "init", str(tmp_path), "--coder", "ana", "--title", "Remote work")
    assert "open codes" in out
    assert "You code as 'ana'" in out
    assert (tmp_path / "notes.txt").read_text(encoding="utf-8") == "mine"
    project = qc.open_project(tmp_path)
    assert (project.title, project.coder) == ("Remote work", "ana")


def test_init_keeps_what_people_said_out_of_git(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    say(capsys, "init", str(tmp_path))
    private = ["data/raw/P7.docx", "data/transcripts/P7.txt", "data/transcripts/.versions/0f.txt"]
    words = ["git", "-C", str(tmp_path), "check-ignore", *private, "data/codings/ana/P7.csv", "qualcode.toml"]
    ignored = subprocess.run(words, capture_output=True, text=True, check=True).stdout.split()
    assert ignored == private


def test_init_registers_the_merge_driver(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    say(capsys, "init", str(tmp_path))
    config = (tmp_path / ".git" / "config").read_text(encoding="utf-8")
    assert "merge-file" in config
    assert "merge=" in (tmp_path / ".gitattributes").read_text(encoding="utf-8")


def test_init_with_a_codebook(study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = say(capsys, "init", "../other", "--codebook", "../book.yaml")
    assert "Problem, Cause" in out


def test_init_in_a_study_sets_up_this_computer_and_changes_nothing(
    study: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("QUALCODE_CODER")
    before = (study / "qualcode.toml").read_bytes()
    out = say(capsys, "init", "--coder", "ben")
    assert "holds the study 'Talks'. It stays as it is." in out
    assert (study / "qualcode.toml").read_bytes() == before
    assert qc.open_project(study).coder == "ben"
    assert "already holds a study" in fail(capsys, "init", "--title", "Another")


def test_init_example(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    out = say(capsys, "init", str(tmp_path / "raw"), "--example")
    assert "45 made-up interviews in data/raw to import" in out
    assert not list((tmp_path / "raw" / "data").glob("raw/solution*")), "no key, no codings, no citations"
    assert not (tmp_path / "raw" / "data" / "nahar2022").exists()
    out = say(capsys, "init", str(tmp_path / "try it"), "--example", "--solution")
    assert "45 made-up interviews, imported and coded" in out
    assert "--solution goes with --example" in fail(capsys, "init", str(tmp_path / "x"), "--solution")
    monkeypatch.chdir(tmp_path / "try it")
    assert "Nothing is wrong" in say(capsys, "check")
    out = say(capsys, "matrix", "--coders", "planted")
    assert "ynthetic" in out
    assert "planted" in out
    # A key is never counted unless it is named.
    assert "planted" in fail(capsys, "matrix")


# -- import ----------------------------------------------------------------------------------------


def test_import_tells_each_file_and_reads_the_rest(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("broken.docx").write_bytes(b"PK\x03\x04 no word file at all")
    code = main(["import", "../talks/P7.txt", "broken.docx", "missing.txt", "../talks/P8.vtt"])
    out = capsys.readouterr()
    assert code == 1
    assert out.out.count("read as") == 2
    errors = out.err.splitlines()
    assert len(errors) == 2
    assert errors[0].startswith("qualcode: broken.docx: ")
    assert "missing.txt" in errors[1]
    assert list(qc.open_project(".").sources["source"]) == ["P7", "P8"]


def test_import_unifies_speakers_and_gives_roles(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    say(
        capsys, "import", "../talks/P8.vtt", "--id", "P8b", "--speaker", "Interviewer 1=I", "--speaker", "Ben=P8b",
        "--role", "I=interviewer", "--role", "P8b=participant", "--synthetic", "--format", "vtt",
    )  # fmt: skip
    project = qc.open_project(".")
    assert list(project.turns["speaker"]) == ["I", "P8b"]
    assert list(project.turns["role"]) == ["interviewer", "participant"]
    assert project.sources.loc[0, "source"] == "P8b"
    assert bool(project.sources.loc[0, "synthetic"])


def test_import_with_pseudonyms_lets_no_real_name_in(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("../names.csv").write_text("name,pseudonym\nBen,P8\n", encoding="utf-8")
    out = say(capsys, "import", "../talks/P8.vtt", "--id", "P8", "--pseudonyms", "../names.csv")
    assert "Ben" not in out
    for path in study.rglob("*"):
        if path.is_file():
            assert b"Ben" not in path.read_bytes(), path


def test_a_table_of_names_from_excel_is_read(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("../names.csv").write_bytes("Name;Pseudonym\r\nBen;P8\r\nZoë;P9\r\n".encode("cp1252"))
    out = say(capsys, "import", "../talks/P8.vtt", "--id", "P8", "--pseudonyms", "../names.csv")
    assert "never found: P9." in out


@pytest.mark.parametrize(
    "table",
    [
        "",
        "name,pseudonym\n",
        "who,as\nBen,P8\n",
        "name,pseudonym\nBen,\n",
        "name,pseudonym\nBen,P8\nBen,P9\n",
    ],
)
def test_a_table_of_names_that_cannot_be_used_names_nobody(
    table: str, study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("names.csv").write_text(table, encoding="utf-8")
    error = fail(capsys, "import", "../talks/P8.vtt", "--pseudonyms", "names.csv")
    assert "names.csv" in error
    assert "Ben" not in error
    assert qc.open_project(".").sources.empty


def test_import_json(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (report,) = json.loads(say(capsys, "import", "../talks/P7.txt", "--json"))
    assert (report["source"], report["turns"], report["error"]) == ("P7", 4, "")
    code = main(["import", "missing.txt", "--json"])
    (report,) = json.loads(capsys.readouterr().out)
    assert code == 1
    assert "missing.txt" in report["error"]


def test_import_understands_a_pattern_the_terminal_left_alone(
    study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = say(capsys, "import", "../talks/*.*")
    assert "P7: 4 turns" in out
    assert "P8: 2 turns" in out


def test_import_wrong_options(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "--id names one source" in fail(capsys, "import", "a.txt", "b.txt", "--id", "P7")
    assert "LEFT=RIGHT" in fail(capsys, "import", "../talks/P7.txt", "--role", "interviewer")


# -- code and codebook -----------------------------------------------------------------------------


def test_code_by_quote_turn_characters_and_time(coded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = say(capsys, "code", "P7", "0-11", "Team > Delay", "--stance", "counters")
    assert "P7 0-11 is coded 'Team > Delay' by ana." in out
    project = qc.open_project(".")
    text = project.transcript("P7").text
    rows = {
        (r.source, r.code): text[r.start : r.end] for r in project.codings.itertuples() if r.source == "P7"
    }
    assert rows["P7", project.codebook.code("Trust").id] == SECRET
    turn = project.transcript("P7").turns[1]
    assert rows["P7", project.codebook.code("Distance").id] == project.transcript("P7").text_of(turn)
    assert list(project.codings.loc[project.codings["source"] == "P8", "code"]) == ["planning"]


def test_code_with_memo_and_new_code(coded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    say(capsys, "code", "P7", "quote:Mondays", "Trust", "--memo", "the soup matters")
    assert list(qc.open_project(".").memos["text"]) == ["the soup matters"]
    assert "Soup" in say(capsys, "code", "P7", "Trust came with the soup", "Soup", "--create")


def test_errors_of_code_show_no_words_of_the_interview(
    coded: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    error = fail(capsys, "code", "P7", "We never met the dato team", "Trust")
    assert "is not in P7" in error
    assert "dato" not in error
    assert "Did you mean 'P7'" in fail(capsys, "code", "p7", "turn:1", "Trust")
    assert "Did you mean 'Trust'" in fail(capsys, "code", "P7", "turn:1", "Trsut")
    assert "numbered 1 to 4" in fail(capsys, "code", "P7", "turn:99", "Trust")
    assert "no times" in fail(capsys, "code", "P7", "00:01:00", "Trust")
    assert fail(capsys, "code", "P7", "9-3", "Trust")
    assert fail(capsys, "code", "P7", "turn:1", "Trust", "--stance", "perhaps")


def test_a_verb_that_needs_a_coder_says_how_to_name_one(
    study: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("QUALCODE_CODER")
    assert "--coder ana" in fail(capsys, "import", "../talks/P7.txt")
    assert say(capsys, "import", "../talks/P7.txt", "--coder", "ben")


def test_codebook_from_new_to_retired(coded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "Trust  (1)" in say(capsys, "codebook")
    say(capsys, "codebook", "new", "Waiting", "--parent", "Team", "--definition", "Time lost")
    say(capsys, "codebook", "rename", "Waiting", "Waiting for data")
    say(capsys, "codebook", "move", "Waiting for data", "--facet", "cause")
    say(capsys, "codebook", "move", "Waiting for data", "--parent", "Team")
    say(capsys, "codebook", "merge", "Delay", "--into", "Waiting for data")
    say(capsys, "codebook", "retire", "Planning")
    assert "version 1" in say(capsys, "codebook", "freeze", "after two interviews")
    shown = say(capsys, "codebook")
    assert "Waiting for data" in shown
    assert "Delay" not in shown
    assert "Planning" not in shown
    assert "Nothing is wrong" in say(capsys, "codebook", "check")
    records = json.loads(say(capsys, "codebook", "--json"))
    assert "Time lost" in {record["definition"] for record in records}


def test_codebook_goes_out_and_comes_back(coded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = json.loads(say(capsys, "codebook", "--json"))
    for name in ("book.xlsx", "book.csv", "book.yaml"):
        say(capsys, "codebook", "export", name)
        say(capsys, "codebook", "import", name)
        assert json.loads(say(capsys, "codebook", "--json")) == before


def test_codebook_wrong_words(coded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "needs the code and its new name" in fail(capsys, "codebook", "rename", "Trust")
    assert "--into" in fail(capsys, "codebook", "merge", "Trust")
    Path("bad.yaml").write_text(
        "facets:\n- name: A\n  codes:\n  - name: B\n    parent_of: [\n", encoding="utf-8"
    )
    assert "bad.yaml" in fail(capsys, "codebook", "import", "bad.yaml")


def test_all_problems_of_a_codebook_file_one_a_line(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("bad.yaml").write_text(
        "facets:\n- id: a\n  name: A\n  codes:\n  - id: x\n    name: X\n    counts_as: [nowhere]\n"
        "  - id: x\n    name: Y\n",
        encoding="utf-8",
    )
    assert main(["codebook", "import", "bad.yaml"]) == 1
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) >= 2
    assert all(line.startswith("qualcode: ") for line in lines)


# -- matrix, status, check -------------------------------------------------------------------------


def test_matrix_counts_and_draws(coded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = say(capsys, "matrix", "--style", "heatmap", "--width", "5", "--out", "figures/m.svg")
    assert "Trust" in out
    assert "Drawn: figures/m.svg" in out
    assert Path("figures/m.svg").read_text(encoding="utf-8").startswith("<?xml")


def test_matrix_json_holds_the_rule_and_every_cell(coded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(say(capsys, "matrix", "--json", "--rows", "problem", "--columns", "cause"))
    cells = {(cell["row_name"], cell["column_name"]): cell["count"] for cell in found["cells"]}
    assert cells["Trust", "Distance"] == 1
    assert cells["Delay", "Distance"] == 0
    assert found["coders"] == ["ana"]
    assert found["n"] == 2
    assert found["rule"]
    transposed = json.loads(say(capsys, "matrix", "--json", "--rows", "Trust,Delay", "--columns", "source"))
    assert [row["path"] for row in transposed["rows"]] != []


@pytest.mark.parametrize(
    ("option", "value"),
    [("--rows", "problme"), ("--relation", "friend"), ("--style", "pie"), ("--coders", "zoe"), ("--count-by", "cat"),
     ("--out", "m.docx")],
)  # fmt: skip
def test_matrix_wrong_options(
    option: str, value: str, coded: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = ["--out", "m.svg"] if option == "--style" else []
    error = fail(capsys, "matrix", option, value, *out)
    assert value in error or value.rpartition(".")[2] in error
    assert "\n" not in error
    assert not Path("m.svg").exists()


def test_status(coded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    qc.open_project(".").finish("P7")
    out = say(capsys, "status")
    assert "2 sources" in out
    assert "3 codings" in out
    assert "finished" in out
    found = json.loads(say(capsys, "status", "--json"))
    assert [source["codings"] for source in found["sources"]] == [2, 1]
    assert found["progress"][0]["state"] == "finished"


def test_status_of_an_empty_study(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "0 sources" in say(capsys, "status")
    assert json.loads(say(capsys, "status", "--json"))["sources"] == []


def test_check_names_file_and_line(coded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert say(capsys, "check") == "Nothing is wrong in the study.\n"
    assert json.loads(say(capsys, "check", "--json")) == []
    file = coded / "data" / "codings" / "ana" / "P7.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("trust", "trsut"), encoding="utf-8")
    assert main(["check"]) == 1
    assert "data/codings/ana/P7.csv:" in capsys.readouterr().out
    assert main(["check", "--json"]) == 1
    (problem, *_) = json.loads(capsys.readouterr().out)
    assert problem["file"] == "data/codings/ana/P7.csv"


@pytest.mark.parametrize("verb", ["status", "matrix", "codebook", "check", "export"])
def test_a_folder_that_is_no_study(
    verb: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    error = fail(capsys, verb, *(["t.xlsx"] if verb == "export" else []))
    assert "qualcode.toml" in error
    assert "\n" not in error
    assert list(tmp_path.iterdir()) == []


# -- merge and export ------------------------------------------------------------------------------


def test_merge_brings_the_other_copy_in(coded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import shutil

    shutil.copytree(coded, coded.parent / "ben")
    say(capsys, "code", "P7", "turn:4", "Trust", "--project", "../ben", "--coder", "ben")
    before = qc.open_project(".").codings
    say(capsys, "merge", "../ben", "--preview")
    assert len(qc.open_project(".").codings) == len(before)
    say(capsys, "merge", "../ben")
    after = qc.open_project(".").codings
    assert len(after) == len(before) + 1
    assert set(after["coder"]) == {"ana", "ben"}
    assert "Nothing is wrong" in say(capsys, "check")
    assert "no-such-folder" in fail(capsys, "merge", "../no-such-folder")


def test_merge_file_joins_what_both_sides_added(coded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = "data/codings/ana/P7.csv"
    base = (coded / path).read_text(encoding="utf-8")
    lines = base.splitlines(keepends=True)
    for name, row in (("ours", "aaaaaaaa"), ("theirs", "bbbbbbbb")):
        fields = lines[1].split(",")
        Path(name).write_text(
            base + ",".join([row, *fields[1:]]).replace("trust", f"delay{name}"), encoding="utf-8"
        )
    Path("base").write_text(base, encoding="utf-8")
    assert main(["merge-file", "base", "ours", "theirs", path]) == 0
    merged = Path("ours").read_text(encoding="utf-8")
    assert "aaaaaaaa" in merged
    assert "bbbbbbbb" in merged


def test_export_writes_no_words_of_an_interview(coded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    say(capsys, "export", "tables")
    say(capsys, "export", "tables.xlsx")
    for path in Path("tables").iterdir():
        assert SECRET not in path.read_text(encoding="utf-8-sig")
    for frame in pd.read_excel("tables.xlsx", sheet_name=None).values():
        assert SECRET not in frame.to_csv()
    out = say(capsys, "export", "spoken.xlsx", "--quotes")
    assert "what people said" in out
    sheets = pd.read_excel("spoken.xlsx", sheet_name=None)
    assert SECRET in set(sheets["codings"]["quote"])
    assert sheets["turns"]["text"].str.contains("soup").any()


def test_export_writes_over_nothing_unasked(coded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    say(capsys, "export", "tables.xlsx")
    assert "--replace" in fail(capsys, "export", "tables.xlsx")
    say(capsys, "export", "tables.xlsx", "--replace")
    assert ".xlsx" in fail(capsys, "export", "tables.ods")


def test_no_spreadsheet_runs_what_an_interview_or_a_coder_wrote(
    coded: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from openpyxl import load_workbook

    evil = '=HYPERLINK("http://x","y")'
    qc.open_project(".").memo(evil)
    qc.open_project(".").memo("+1\x07")
    say(capsys, "export", "t")
    say(capsys, "export", "t.xlsx")
    head = Path("t/memos.csv").read_bytes()
    assert head.startswith(b"\xef\xbb\xbf")
    memos = pd.read_csv("t/memos.csv", encoding="utf-8-sig")
    assert "'" + evil in set(memos["text"])
    cells = [cell for row in load_workbook("t.xlsx")["memos"].iter_rows() for cell in row]
    (found,) = [cell for cell in cells if cell.value == evil]
    assert found.data_type == "s"
    assert found.quotePrefix


# -- failures --------------------------------------------------------------------------------------


def test_ctrl_c_is_one_line(
    study: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setitem(cli_verbs.RUN, "status", stop)
    assert main(["status"]) == 130
    assert capsys.readouterr().err == "qualcode: stopped\n"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            PermissionError(13, "Permission denied", "m.xlsx"),
            "m.xlsx: permission denied. Is it open in another program",
        ),
        (FileNotFoundError(2, "No such file", "m.txt"), "m.txt: there is no such file or folder"),
        (IsADirectoryError(21, "Is a directory", "data"), "data: this is a folder; a file was expected"),
        (OSError(28, "No space left on device"), "no space left on device"),
        (OSError(), "oserror"),
    ],
)
def test_errors_of_the_computer_are_said_in_words(
    error: OSError, said: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(_: object) -> int:
        raise error

    monkeypatch.setitem(cli_verbs.RUN, "status", run)
    assert said in fail(capsys, "status")


def test_a_mistake_in_qualcode_shows_its_place_and_no_text(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(_: object) -> int:
        raise ValueError(SECRET)

    monkeypatch.setitem(cli_verbs.RUN, "status", run)
    error = fail(capsys, "status")
    assert error.startswith("ValueError in test_cli.py, line ")
    assert SECRET not in error
    monkeypatch.setenv("QUALCODE_TRACEBACK", "1")
    with pytest.raises(ValueError, match="never met"):
        main(["status"])


def test_an_old_terminal_shows_a_question_mark(coded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii"))
    qc.open_project(".").rename_code("Trust", "Vertrauen für 🍜")
    assert main(["codebook"]) == 0
    assert b"Vertrauen f?r ?" in raw.getvalue()


def run(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    root = Path(qc.__file__).parents[1]
    return subprocess.run(
        [sys.executable, "-m", "qualcode", *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(root), **environment},
        capture_output=True,
        check=False,
    )


def test_as_a_program(coded: Path) -> None:
    done = run(coded, "status", PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert b"Talks" in done.stdout
    done = run(coded, "code", "P7", "not in there", "Trust", QUALCODE_CODER="ana")
    assert done.returncode == 1
    assert done.stderr.count(b"\n") == 1
    assert done.stdout == b""


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_reader_that_leaves_early(coded: Path, unbuffered: str) -> None:
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-m", "qualcode", "codebook", "--json"],
        cwd=coded,
        env={**os.environ, "PYTHONPATH": str(Path(qc.__file__).parents[1]), "PYTHONUNBUFFERED": unbuffered},
        stdout=write,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(write)
    assert done.stderr == b""
    assert done.returncode == 1


def test_main_takes_what_was_typed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["qualcode", "--version"])
    assert cli.main() == 0
    assert "qualcode" in capsys.readouterr().out
