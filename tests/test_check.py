"""Every kind of damage to a study folder is found, named with its file and line, and never raises."""

from __future__ import annotations

import json
import random
import re
import shutil
import warnings
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

import qualcode as qc
from qualcode.check import check_folder
from qualcode.errors import FolderError, Problem, QualcodeError
from qualcode.testing import make_project


@pytest.fixture
def study(tmp_path: Path) -> Path:
    project = make_project(tmp_path / "study")
    project.memo("a thought", "source:S1", "code:trust")
    rows = [
        {"source": "S1", "turn": 2, "code": "trust", "score": 0.5},
        {"source": "S1", "turn": 4, "code": None},
    ]
    ids = project.add_suggestions(rows, assistant="rules", version="1", coder="ana")
    project.reject(ids[0], coder="ben")
    project.accept(ids[1], coder="ben")
    project.freeze_codebook("first round", coder="ana")
    project.memo("the last thing that ana did", "source:S1", "code:trust", coder="ana")
    assert project.check() == []
    return project.path


def edit(file: str, pattern: str, new: str | Callable[[re.Match[str]], str]) -> Callable[[Path], None]:
    """Return an edit of one place of one file, as somebody would make it by hand."""

    def act(study: Path) -> None:
        path = study / file
        text, count = re.subn(pattern, new, path.read_text(encoding="utf-8"), count=1, flags=re.MULTILINE)
        assert count == 1, f"{file} has no {pattern!r}"
        path.write_text(text, encoding="utf-8", newline="\n")

    return act


def add(file: str, text: str) -> Callable[[Path], None]:
    def act(study: Path) -> None:
        (study / file).parent.mkdir(parents=True, exist_ok=True)
        with (study / file).open("a", encoding="utf-8", newline="\n") as out:
            out.write(text)

    return act


def remove(file: str) -> Callable[[Path], None]:
    return lambda study: next(iter(study.glob(file))).unlink()


def copy(file: str, to: str) -> Callable[[Path], None]:
    def act(study: Path) -> None:
        (study / to).parent.mkdir(parents=True, exist_ok=True)
        (study / to).write_bytes((study / file).read_bytes())

    return act


def again(file: str, line: int) -> Callable[[Path], None]:
    """Return an act that writes a line of a table a second time, under another id."""

    def act(study: Path) -> None:
        lines = (study / file).read_text(encoding="utf-8").splitlines(keepends=True)
        lines.append("another" + lines[line - 1][7:])
        (study / file).write_text("".join(lines), encoding="utf-8", newline="\n")

    return act


BACK = r"is gone, and no step removed it \('qualcode check --repair'"
CODINGS = "data/codings/ana/S1.csv"
ROW = r"^(\w{12}),(\d+),(\d+),(\w+),trust,"

SUGGESTIONS = "data/suggestions/rules/S1.csv"
DECISIONS = "data/decisions/ben/rules/S1.csv"

DAMAGE = {
    "a suggestion of a code that is none": (
        edit(SUGGESTIONS, ",trust,", ",trsut,"),
        rf"{SUGGESTIONS}:\d: the code 'trsut' is not in the codebook. Did you mean 'trust'",
    ),
    "a suggestion after the end of the text": (
        edit(SUGGESTIONS, r"^(\w+),(\d+),(\d+),", r"\1,\2,99999,"),
        rf"{SUGGESTIONS}:\d: \[\d+, 99999\) ends after the text",
    ),
    "a suggestion on a text that never was": (
        edit(SUGGESTIONS, r"^(\w+),(\d+),(\d+),\w+,", r"\1,\2,\3,0123456789abcdef,"),
        rf"{SUGGESTIONS}:\d: belongs to a text version 0123456789abcdef that S1 never had",
    ),
    "a score that is none": (
        edit(SUGGESTIONS, ",trust,0.5,", ',trust,"0,5",'),
        rf"{SUGGESTIONS}:\d: the score '0,5' is no number from 0 to 1",
    ),
    "words where a reason belongs": (
        edit(SUGGESTIONS, ",trust,0.5,,,", ",trust,0.5,,they said so,"),
        rf"{SUGGESTIONS}:\d: the reason must be names such as rule:waiting",
    ),
    "suggestions of nobody": (
        copy(SUGGESTIONS, "data/suggestions/bert/S1.csv"),
        "data/suggestions/bert/S1.csv: belongs to the assistant 'bert', whom the study does not have",
    ),
    "suggestions of a person": (
        edit("data/coders/rules.toml", 'kind = "machine"', 'kind = "human"'),
        rf"{SUGGESTIONS}: says that 'rules' suggested this, a coder of kind human",
    ),
    "suggestions twice": (
        copy(SUGGESTIONS, "data/suggestions/rules/S2.csv"),
        rf"data/suggestions/rules/S2.csv:\d: the id \w+ is also in {SUGGESTIONS}",
    ),
    "suggestions of no source": (
        copy(SUGGESTIONS, "data/suggestions/rules/S9.csv"),
        "data/suggestions/rules/S9.csv: is about the source 'S9', which the study does not have",
    ),
    "suggestions were deleted": (remove(SUGGESTIONS), rf"{SUGGESTIONS}: is gone, and no step removed it"),
    "a suggestion was deleted that somebody decided on": (
        edit(SUGGESTIONS, r"^\w+,.*,trust,.*\n", ""),
        rf"{DECISIONS}:\d: decides on the suggestion \w+, which is not there \(restore {SUGGESTIONS}\)",
    ),
    "a decision that is none": (
        edit(DECISIONS, "rejected", "refused"), rf"{DECISIONS}:\d: unknown decision 'refused' \(use accepted, rejected",
    ),
    "a decision was deleted": (
        edit(DECISIONS, r"^\w+,rejected.*\n", ""), rf"{DECISIONS}: a decision is gone that no step removed",
    ),
    "a decision was added": (
        again(DECISIONS, 2), rf"{DECISIONS}: a decision is in no log, another\w* first: they came from elsewhere",
    ),
    "a decision of nobody": (
        copy(DECISIONS, "data/decisions/zoe/rules/S1.csv"),
        "data/decisions/zoe/rules/S1.csv: belongs to the coder 'zoe', whom the study does not have",
    ),
    "a conflict copy of suggestions": (
        copy(SUGGESTIONS, "data/suggestions/rules/S1 (1).csv"), "looks like a conflict copy of a synchronised folder",
    ),
    "a strange file among the decisions": (
        copy(DECISIONS, "data/decisions/ben/rules/S1.txt"), "is no file of decisions, so nothing in it counts",
    ),
    "columns of suggestions in another order": (
        lambda study: (study / SUGGESTIONS).write_text(
            "".join(
                ",".join([*line.split(",")[1:], line.split(",")[0]]) + "\n"
                for line in (study / SUGGESTIONS).read_text().splitlines()
            )
        ),
        rf"{SUGGESTIONS}:1: the columns are in another order",
    ),
    "a word that is neither on nor off": (
        edit("qualcode.toml", 'assist = "on"', 'assist = "perhaps"'), "qualcode.toml @ assist: says neither on nor off",
    ),
    "settings are no TOML": (
        edit("qualcode.toml", r"^title = .*", "title = Trust"),
        "qualcode.toml: is not readable",
    ),
    "another format": (edit("qualcode.toml", "format = 1", "format = 9"), "qualcode.toml: the study has format 9"),
    "unknown type of attribute": (
        edit("qualcode.toml", '"number"', '"nummer"'),
        "qualcode.toml @ attributes.years: .*number",
    ),
    "no codebook": (remove("codebooks/codebook.yaml"), "codebooks/codebook.yaml: "),
    "codebook is no YAML": (add("codebooks/codebook.yaml", "\n  : [\n"), "codebooks/codebook.yaml"),
    "a code is gone from the codebook": (
        edit("codebooks/codebook.yaml", r"^ +- id: trust\n +name: Trust\n", ""),
        r"data/codings/ana/S1.csv:\d: the code 'trust' is not in the codebook",
    ),
    "a code is not for coding": (
        edit("codebooks/codebook.yaml", r"^( +)(- id: trust\n)", r"\1\2\1  codable: no\n"),
        r"S1.csv:\d: the code 'trust' is not for coding",
    ),
    "counts as nothing there": (edit("codebooks/codebook.yaml", r"process\]", "processes]"), "processes"),
    "the version of a text is gone": (
        edit("data/sources/S1.toml", "^version = .*\n", ""),
        "data/sources/S1.toml @ version: the version of the text is missing",
    ),
    "the length is wrong": (
        edit("data/sources/S1.toml", r"^length = (\d+)", r"length = 1\1"),
        r"data/sources/S1.toml @ length: says 1\d+ characters, the text has",
    ),
    "the length is no number": (
        edit("data/sources/S1.toml", r"^length = \d+", 'length = "long"'),
        "data/sources/S1.toml @ length: is no number",
    ),
    "turns are gone": (remove("data/turns/S1.csv"), rf"data/turns/S1.csv: {BACK}"),
    "turns of nobody": (copy("data/turns/S1.csv", "data/turns/S9.csv"), "data/turns/S9.csv: belongs to no source 'S9'"),
    "turns overlap": (
        edit("data/turns/S1.csv", r"^(\w+,2,S1,\d+),\d+", r"\1,390"),
        "data/turns/S1.csv: turns 2 and 3 overlap",
    ),
    "a turn ends after the text": (
        edit("data/turns/S1.csv", r"^(\w+,6,S1,\d+),\d+", r"\g<1>,99999"),
        "data/turns/S1.csv: .*99999",
    ),
    "a place of a turn is none": (
        edit("data/turns/S1.csv", r"^(\w+,6,S1),\d+", r"\1,here"),
        "data/turns/S1.csv:7: turn '6' has a place or time that is none",
    ),
    "the text was edited": (
        edit("data/transcripts/S1.txt", "part 1", "chapter 1"),
        r"data/transcripts/S1.txt: was edited outside qualcode \(opening the study, or project.take_edits\(\), makes it a new",
    ),
    "the text is no UTF-8 any more": (
        lambda study: (study / "data/transcripts/S1.txt").write_bytes(b"caf\xe9"),
        "data/transcripts/S1.txt: is not UTF-8 text any more \\(save it as UTF-8 in the editor that changed it",
    ),
    "the text was emptied": (
        lambda study: (study / "data/transcripts/S1.txt").write_bytes(b""),
        r"data/transcripts/S1.txt: is empty \('qualcode check --repair'",
    ),
    "kept versions are gone": (
        lambda study: shutil.rmtree(study / "data/transcripts/.versions"),
        r"data/transcripts/.versions/\w+.txt: the text of S1 is not kept \('qualcode check --repair'",
    ),
    "a coding was moved by hand": (
        edit(CODINGS, ROW, r"\1,\g<2>0,\g<3>0,\4,trust,"),
        rf"{CODINGS}:\d: the coding \w+ was changed by no step: start '\d+0' \(was '\d+'\), end '\d+0'",
    ),
    "a stance was changed by hand": (
        edit(CODINGS, "supports", "counters"),
        rf"{CODINGS}:\d+: the coding \w+ was changed by no step: stance 'counters' \(was 'supports'\)",
    ),
    "a decision was changed by hand": (
        edit(DECISIONS, "rejected", "changed"),
        rf"{DECISIONS}:\d: the decision \w+ was changed by no step: decision 'changed' \(was 'rejected'\)",
    ),
    "codings were cut off": (
        lambda study: (study / CODINGS).write_bytes((study / CODINGS).read_bytes()[:-3]),
        rf"{CODINGS}: was cut off \('qualcode check --repair' \(qc.repair_project\) puts it back",
    ),
    "the last turn is gone": (
        edit("data/turns/S1.csv", r"^\w+,\d+,[^\n]*\n\Z", ""),
        r"data/turns/S1.csv:7: is not as the last step left it; a line was changed or taken out by hand .*; its last state is kept as data/log/.states/\w+\)",
    ),
    "a turn has another speaker": (
        edit("data/turns/S1.csv", ",S1,", ",Bob,"),
        r"data/turns/S1.csv:\d: is not as the last step left it; a line was changed or taken out by hand",
    ),
    "turns were cut off": (
        lambda study: (study / "data/turns/S1.csv").write_bytes((study / "data/turns/S1.csv").read_bytes()[:-2]),
        r"data/turns/S1.csv: was cut off \('qualcode check --repair'",
    ),
    "somebody is not finished any more": (
        edit("data/progress/ana.csv", r"^S1.*finished\n", ""),
        r"data/progress/ana.csv:\d: is not as the last step left it",
    ),
    "an attribute is declared no more": (
        edit("qualcode.toml", r"^years = .*\n", ""),
        r"qualcode.toml @ attributes: the attribute 'years' is declared no more; .* \(write years = 'number' again; its last state is kept as",
    ),
    "a frozen codebook is zeros": (
        lambda study: (study / "codebooks/codebook-1.yaml").write_bytes(bytes(500)),
        "codebooks/codebook-1.yaml",
    ),
    "a frozen codebook was emptied": (
        lambda study: (study / "codebooks/codebook-1.yaml").write_bytes(b""),
        r"codebooks/codebook-1.yaml: was empty \('qualcode check --repair'",
    ),
    "the last line of a log is gone": (
        edit("data/log/ana.jsonl", r"^[^\n]*\n\Z", ""),
        "was written by a step that no log tells: lines of a log are gone",
    ),
    "a coding ends later than it was made": (
        edit(CODINGS, r"^(\w{12},\d+),(\d+),", lambda m: f"{m[1]},{int(m[2]) + 7},"),
        rf"{CODINGS}:2: the coding \w+ was changed by no step: end '\d+' \(was '\d+'\) \(write the line as it was",
    ),
    "a speaker is gone": (
        edit("data/speakers.csv", "^S1,S1,.*\n", ""),
        r"data/speakers.csv: the line of 'S1', 'S1' is gone, and no step removed it \(.*; its last state is kept as data/log",
    ),
    "the last speaker is gone": (
        edit("data/speakers.csv", r"^[^\n]*\n\Z", ""), r"data/speakers.csv: the line of 'S4', 'S4' is gone, and no step",
    ),
    "a case is gone": (
        edit("data/cases.csv", "^S1,.*\n", ""), "data/cases.csv: the line of 'S1' is gone, and no step removed it",
    ),
    "an attribute has no column": (
        edit("data/cases.csv", ",years$", ",age"), "data/cases.csv:1: the column 'years' is gone, and no step removed it",
    ),
    "the title of the study is gone": (
        edit("qualcode.toml", "^title = .*\n", ""), r"qualcode.toml @ title: is gone, .* \(write title = 'A made study' again",
    ),
    "a source does not say when it came": (
        edit("data/sources/S1.toml", "^added = .*\n", ""), "data/sources/S1.toml @ added: is gone, and no step removed it",
    ),
    "a source came at another time": (
        edit("data/sources/S1.toml", r'^added = "\d\d', 'added = "19'), "data/sources/S1.toml @ added: was changed by no step",
    ),
    "a person became a key": (
        edit("data/coders/ben.toml", '"human"', '"key"'), r"data/coders/ben.toml @ kind: was changed by no step \(write kind = 'human'",
    ),
    "a step is in a log twice": (
        lambda study: add("data/log/ana.jsonl", (study / "data/log/ana.jsonl").read_text().splitlines()[-1] + "\n")(study),
        r"data/log/ana.jsonl:\d+: the step \w+ is there twice, first in line \d+ \('qualcode check --repair'",
    ),
    "a step is in a log twice, and differs": (
        lambda study: add(
            "data/log/ana.jsonl", (study / "data/log/ana.jsonl").read_text().splitlines()[-1].replace("memo", "note", 1) + "\n"
        )(study),
        r"data/log/ana.jsonl:\d+: the step \w+ is there twice, first in line \d+ \(the two differ",
    ),
    "the step that made the turns is in no log": (
        edit("data/log/ana.jsonl", r'^[^\n]*"verb": "add source"[^\n]*\n', ""),
        "data/turns/S1.csv: was written by a step that no log tells: lines of a log are gone",
    ),
    "the words of a text that is gone are still there": (
        remove("data/transcripts/S1.txt"),
        r"data/transcripts/S1.txt: is gone, but its words are still in the study, as data/transcripts/.versions/\w+.txt",
    ),
    "a case is there twice": (
        add("data/cases.csv", "S1,participant,,\nS77,participant,nobody,\n"),
        r"data/cases.csv:\d+: the parent 'nobody' is no case",
    ),
    "a kept version was edited": (
        lambda study: next(iter((study / "data/transcripts/.versions").iterdir())).write_text("other"),
        r"data/transcripts/.versions/\w+.txt: is not the version its name says",
    ),
    "codings of nobody": (
        copy("data/codings/ben/S1.csv", "data/codings/zoe/S1.csv"),
        "data/codings/zoe/S1.csv: belongs to the coder 'zoe'",
    ),
    "kind of coder unknown": (
        edit("data/coders/ben.toml", '"human"', '"person"'),
        "data/coders/ben.toml @ kind: .*human",
    ),
    "codings of no source": (
        copy(CODINGS, "data/codings/ana/S11.csv"),
        "data/codings/ana/S11.csv: codes the source 'S11', which the study does not have",
    ),
    "a codings file was copied": (
        copy(CODINGS, "data/codings/ben/S4.csv"),
        rf"data/codings/ben/S4.csv:\d: the id \w+ is also in {CODINGS}",
    ),
    "a coding ends after the text": (
        edit(CODINGS, ROW, r"\1,\2,99999,\4,trust,"),
        rf"{CODINGS}:\d: \[\d+, 99999\) ends after the text of \d+ characters",
    ),
    "a coding has no place": (
        edit(CODINGS, ROW, r"\1,1.2E+05,\3,\4,trust,"),
        rf"{CODINGS}:\d: start and end must be whole numbers .*spreadsheet programs change numbers",
    ),
    "a coding of an unknown version": (
        edit(CODINGS, ROW, r"\1,\2,\3,abcdef,trust,"),
        rf"{CODINGS}:\d: belongs to a text version abcdef that S1 never had",
    ),
    "the same coding twice": (
        again(CODINGS, 2),
        rf"{CODINGS}:\d: is the same passage and code as",
    ),
    "a stance nobody knows": (
        edit(CODINGS, "supports", "agrees"),
        rf"{CODINGS}:\d: unknown stance 'agrees'",
    ),
    "a line was cut off": (edit(CODINGS, r",[^,\n]*,[^,\n]*\n\Z", "\n"), rf"{CODINGS}:6: "),
    "marks of a git merge": (
        edit(CODINGS, r"\A(.*\n)", r"\1<<<<<<< HEAD\n"),
        rf"{CODINGS}:2: holds the marks of an unfinished git merge",
    ),
    "saved in another encoding": (
        lambda study: (study / "data/cases.csv").write_bytes("case,kind,parent\nJosé,p,\n".encode("cp1252")),
        "data/cases.csv:2: is not UTF-8 text \\(save it as 'CSV UTF-8'",
    ),
    "a case has no parent": (
        edit("data/cases.csv", r"^(S1,participant),O1", r"\1,O9"),
        r"data/cases.csv:\d: the parent 'O9' is no case",
    ),
    "a case stands above itself": (
        edit("data/cases.csv", r"^(O1,organization),", r"\1,S1"),
        "data/cases.csv: the case 'O1' stands above itself",
    ),
    "a case twice": (
        add("data/cases.csv", "O1,organization,,\n"),
        r"data/cases.csv:\d+: case 'O1' is empty or there twice",
    ),
    "a value does not fit its type": (
        edit("data/cases.csv", r"^(S1,participant,O1),1", r"\1,one"),
        r"data/cases.csv:\d: .*'one'",
    ),
    "a speaker of no source": (
        edit("data/speakers.csv", r"^S1,S1,", "S9,S1,"),
        r"data/speakers.csv:\d: the study has no source 'S9'",
    ),
    "a speaker of no case": (
        edit("data/speakers.csv", r"^S1,S1,S1,", "S1,S1,S12,"),
        r"data/speakers.csv:\d: there is no case 'S12'",
    ),
    "a speaker who says nothing": (
        edit("data/speakers.csv", r"^S1,S1,", "S1,Bob,"),
        r"data/speakers.csv:\d: nobody is called 'Bob' in S1",
    ),
    "an unknown role": (
        edit("data/speakers.csv", "interviewer", "host"),
        r"data/speakers.csv:\d: unknown role 'host' \(use interviewer",
    ),
    "two coders of one name": (
        copy("data/coders/ben.toml", "data/coders/Ben.toml"),
        "'Ben' and 'ben' are one file on some computers",
    ),
    "progress of no source": (
        edit("data/progress/ana.csv", "^S1,", "S9,"),
        r"data/progress/ana.csv:\d: the study has no source 'S9'",
    ),
    "an unknown state": (
        edit("data/progress/ana.csv", "finished", "done"),
        r"data/progress/ana.csv:\d: unknown state 'done' \(use not started",
    ),
    "a memo on a code that is gone": (
        lambda study: next(iter((study / "data/memos/ana").iterdir())).write_text(
            next(iter((study / "data/memos/ana").iterdir())).read_text().replace("code:trust", "code:trsut")
        ),
        r"data/memos/ana/\w+.md: is attached to 'code:trsut', which is not there",
    ),
    "a log line is broken": (
        add("data/log/ana.jsonl", '{"id": "x", \n'),
        r"data/log/ana.jsonl:\d+: ",
    ),
    "an earlier state was edited": (
        lambda study: next(iter((study / "data/log/.states").iterdir())).write_text("other"),
        r"data/log/.states/\w+: is not the state its name says",
    ),
    "a conflict copy": (
        copy(CODINGS, "data/codings/ana/S1 (ana's conflicted copy 2026-11-24).csv"),
        "looks like a conflict copy of a synchronised folder",
    ),
    "codings were deleted": (remove(CODINGS), rf"{CODINGS}: {BACK}"),
    "a row of codings was deleted": (
        edit(CODINGS, ROW + r".*\n", ""), rf"{CODINGS}: a coding is gone that no step removed \(put the file back",
    ),
    "a row of codings was added": (
        again(CODINGS, 2), rf"{CODINGS}: a coding is in no log, another\w+ first: they came from elsewhere",
    ),
    "a memo was deleted": (
        remove("data/memos/ana/*.md"),
        r"data/memos/ana/\w+.md: is gone, and no step removed it \('qualcode check --repair' \(qc.repair_project\) puts it back as it was\)",
    ),
    "speakers were deleted": (remove("data/speakers.csv"), "data/speakers.csv: is gone, and no step removed it"),
    "cases were deleted": (remove("data/cases.csv"), "data/cases.csv: is gone, and no step removed it"),
    "progress was deleted": (remove("data/progress/ana.csv"), "data/progress/ana.csv: is gone, and no step"),
    "a source was deleted": (remove("data/sources/S1.toml"), "data/sources/S1.toml: is gone, and no step removed it"),
    "a coder was deleted": (remove("data/coders/ben.toml"), "data/coders/ben.toml: is gone, and no step removed it"),
    "a coder was emptied": (
        lambda study: (study / "data/coders/ben.toml").write_bytes(b""), "data/coders/ben.toml: was empty \\('qualcode check --repair'",
    ),
    "a log was deleted": (
        remove("data/log/ben.jsonl"), "data/log/ben.jsonl: is missing, and nothing tells how the codings of ben came",
    ),
    "a log was emptied": (
        lambda study: (study / "data/log/ben.jsonl").write_bytes(b""), "data/log/ben.jsonl: is missing",
    ),
    "all logs were deleted": (
        lambda study: [file.unlink() for file in (study / "data/log").glob("*.jsonl")], "data/log: the logs are gone",
    ),
    "an earlier state is gone": (
        remove("data/log/.states/*"), r"data/log/.states: an earlier state of files \(\w+\) is missing; undo cannot",
    ),
    "the format is no number": (edit("qualcode.toml", "format = 1", "format = true"), "qualcode.toml: .*format True"),
    "a version that is a path": (
        edit("data/sources/S1.toml", r'^version = .*', 'version = "../../../secret"'),
        "data/sources/S1.toml @ version: is no version of a text",
    ),
    "a spreadsheet is open": (add("data/~$cases.csv", "ana"), r"data/~\$cases.csv: the table is open"),
    "a cut-off write": (add("data/codings/ana/S1.csv.77.tmp", "id"), "was left behind by a write that was cut off"),
    "columns in another order": (
        lambda study: (study / CODINGS).write_text(
            "\n".join(
                ",".join([*line.split(",")[1:], line.split(",")[0]])
                for line in (study / CODINGS).read_text().splitlines()
            )
            + "\n"
        ),
        rf"{CODINGS}:1: the columns are in another order",
    ),
    "a notebook with outputs": (
        add("notebooks/look.ipynb", json.dumps({"cells": [{"outputs": [{"text": "what was said"}]}]})),
        "notebooks/look.ipynb: holds outputs, which may show transcript text",
    ),
}  # fmt: skip


COPIES = (
    "S1 2.csv", "S1 copy.csv", "S1 copy 3.csv", "S1 - Kopie.csv", "S1 - Kopie (2).csv", "Copy of S1.csv", "S1 (1).csv",
    "S1.csv.orig", "S1.csv.rej", "S1.csv.mine", "S1-DESKTOP-ABC.csv", "S1.sync-conflict-20261124-101010-ABCDEF.csv",
    "S1_BACKUP_123.csv", "S1_REMOTE_123.csv", "S1 (ana's conflicted copy 2026-11-24).csv", "S1のコピー.csv",
)  # fmt: skip


@pytest.mark.parametrize("name", COPIES)
def test_a_copy_beside_a_file_of_codings_is_named_and_counts_nowhere(study: Path, name: str) -> None:
    before = len(qc.open_project(study).codings)
    copy(CODINGS, f"data/codings/ana/{name}")(study)
    found = [problem for problem in check_folder(study) if problem.file == f"data/codings/ana/{name}"]
    assert any("looks like a conflict copy of a synchronised folder" in p.message for p in found), shown(
        found
    )
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        project = qc.open_project(study, coder="ana")
    assert len(project.codings) == before
    assert repr(project).count(f" {before} codings") == 1
    assert project.progress.codings.sum() == before
    assert [str(w.message)[:52] for w in said] in (
        [],
        ["A file of codings belongs to no source of the study:"],
    )
    project.uncode(project.codings.id[0])
    assert len(project.codings) == before - 1


def test_every_unknown_file_among_the_codings_is_named(study: Path) -> None:
    for name in ("notes.txt", "S1.xlsx", ".DS_Store", "Thumbs.db"):
        add(f"data/codings/ana/{name}", "x")(study)
    assert sorted(p.file for p in check_folder(study)) == [
        "data/codings/ana/S1.xlsx",
        "data/codings/ana/notes.txt",
    ]


def test_sources_that_are_called_like_copies_are_none(study: Path) -> None:
    project = qc.open_project(study, coder="ana")
    project.add_coder("copy")
    for id_ in ("S1-copy", "Conflict-1", "S1-PC-2", "kopie"):
        project.add_source(qc.Transcript(id_, "a talk", "Some words.\n", ()))
        project.code(id_, "Some words", "trust")
        project.code(id_, "Some words", "trust", coder="copy")
    assert check_folder(study) == []


def test_steps_taken_back_and_done_again_explain_every_file(study: Path) -> None:
    ana = qc.open_project(study, coder="ana")
    made = ana.codings.query("coder == 'ana'").id.tolist()
    ana.uncode(made[:3])
    ana.recode(made[3], "process")
    ana.memo("another")
    for count in (1, 2, 3):
        ana.undo(count)
        assert ana.check() == []
        ana.redo(count)
        assert ana.check() == []


def shown(problems: list[Problem]) -> list[str]:
    return [str(problem) for problem in problems]


@pytest.mark.parametrize("name", DAMAGE)
def test_damage_is_found_and_named(study: Path, name: str) -> None:
    act, expected = DAMAGE[name]
    act(study)
    found = shown(check_folder(study))
    assert any(re.search(expected, line) for line in found), "\n".join(found) or "nothing was found"


@pytest.mark.parametrize(
    "file",
    [
        "codebooks/codebook.yaml",
        "data/sources/S1.toml",
        "data/cases.csv",
        "data/coders/ben.toml",
        SUGGESTIONS,
        DECISIONS,
    ],
)
def test_a_file_that_cannot_be_read_is_one_problem_not_fifty(study: Path, file: str) -> None:
    (study / file).write_bytes(b"\xff\xfe\x00")
    assert {problem.file for problem in check_folder(study)} == {file}


@pytest.mark.parametrize(
    "file", ["codebooks/codebook.yaml", "data/cases.csv", "data/sources/S1.toml", "data/coders/ben.toml", CODINGS, DECISIONS]
)  # fmt: skip
@pytest.mark.parametrize("left", ["nothing", "no file", "half"])
def test_a_damaged_file_is_one_problem_not_fifty(study: Path, file: str, left: str) -> None:
    project = qc.open_project(study, coder="ana")
    project.new_code("Late", facet="theme")
    path = study / file
    whole = path.read_bytes()
    path.write_bytes(
        b"" if left == "nothing" else whole[: len(whole) // 2 + (whole[len(whole) // 2 - 1] == 10)]
    )
    if left == "no file":
        path.unlink()
    (found,) = check_folder(study)
    assert found.file == file
    assert "--repair" in found.fix
    assert len(qc.repair_project(study)) == 1
    assert path.read_bytes() == whole


def test_a_codebook_that_nobody_can_put_back_is_one_problem(study: Path) -> None:
    (study / "codebooks/codebook.yaml").unlink()
    for state in (study / "data/log/.states").iterdir():
        if state.read_bytes().startswith(b"facets"):
            state.unlink()
    found = [problem for problem in check_folder(study) if "data/log" not in problem.file]
    assert shown(found) == [
        "codebooks/codebook.yaml: the study has no codebook (put the file back from git or a backup)"
    ]


def test_what_people_may_write_by_hand_is_no_problem(study: Path) -> None:
    memo = next((study / "data/memos/ana").iterdir())
    memo.write_text(memo.read_text().rstrip("\n")[:-4])  # its last words, and no newline
    add("data/speakers.csv", "S1,,O1,\n")(study)
    edit("data/cases.csv", r"^(S1,participant,O1),1", r"\1,12")(study)
    add("data/cases.csv", "S9,participant,O1,3\n")(study)
    edit("qualcode.toml", "^title = .*", "title = 'Another'  # for the paper")(study)
    edit("data/sources/S1.toml", "^title = .*", "title = 'The first'\nplace = 'Bonn'")(study)
    edit("codebooks/codebook.yaml", "name: Trust", "name: Trust in people")(study)
    assert check_folder(study) == []
    assert [line for line in qc.repair_project(study) if ".git" not in line] == []


def test_what_was_taken_out_of_a_table_by_hand_counts_after_the_next_step(study: Path) -> None:
    edit("data/speakers.csv", "^S1,S1,.*\n", "")(study)
    assert [problem.file for problem in check_folder(study)] == ["data/speakers.csv"]
    qc.open_project(study, coder="ben").memo("done")
    assert check_folder(study) == []


@pytest.mark.parametrize("coder", ["ana", "ben"])
def test_files_that_are_alike_do_not_vouch_for_each_other(study: Path, coder: str) -> None:
    for who in ("ana", "ben"):
        (study / f"data/progress/{who}.csv").unlink(missing_ok=True)
    shutil.rmtree(study / "data/log")
    project = qc.open_project(study, coder="ana")
    project.finish("S1", coder="ana")
    project.finish("S1", coder="ben")
    log = study / f"data/log/{coder}.jsonl"
    log.write_text("".join(line for line in log.read_text().splitlines(True) if '"finish' not in line))
    assert f"data/progress/{coder}.csv" in {
        p.file for p in check_folder(study) if "no log tells" in p.message
    }


def test_two_codes_of_an_exclusive_facet(study: Path) -> None:
    edit("codebooks/codebook.yaml", r"^( +)(name: Theme\n)", r"\1\2\1exclusive: yes\n")(study)
    assert check_folder(study) == []
    lines = (study / CODINGS).read_text().splitlines()
    theme = next(line for line in lines if ",communication," in line)
    lines.append("abc" + theme[3:].replace(",communication,", ",process,"))
    (study / CODINGS).write_text("\n".join([*lines, ""]))
    assert [p.message for p in check_folder(study)] == [
        "the facet 'theme' takes one code a passage, here are two",
        f"a coding is in no log, abc{theme[3:12]} first: they came from elsewhere",
    ]


def test_no_message_holds_words_of_a_transcript(study: Path) -> None:
    """The turns of a made study say "S1 ... (12x)."; each sentence has a number nobody else has."""
    said = re.findall(
        r"\(\d+[xy]\)", "".join(p.read_text() for p in (study / "data/transcripts").glob("*.txt"))
    )
    for act, _ in DAMAGE.values():
        try:
            act(study)
        except (AssertionError, StopIteration, OSError, UnicodeDecodeError):
            continue  # an earlier damage took what this one needs
        try:
            found = shown(check_folder(study))
        except QualcodeError as error:
            found = [str(error)]
        assert not [line for line in found for words in said if words in line]
    assert said


def test_a_folder_that_is_no_study_is_said_to_be_none(tmp_path: Path) -> None:
    with pytest.raises(FolderError, match="is no study folder"):
        check_folder(tmp_path)


def test_a_study_in_which_nobody_did_anything_yet_is_sound(tmp_path: Path) -> None:
    project = qc.create_project(tmp_path / "new", coder="ana")
    assert project.check() == []
    book = project.path / "codebooks" / "codebook.yaml"
    book.write_text(book.read_text(encoding="utf-8") + "# a thought\n", encoding="utf-8")
    assert project.check() == []
    project.new_code("Trust")
    assert project.check() == []
    next((project.path / "data/log").glob("*.jsonl")).unlink()
    assert "the logs are gone" in str(project.check()[0])


def test_a_study_shared_without_its_texts_is_sound(study: Path) -> None:
    for file in (study / "data/transcripts").rglob("*.txt"):
        file.unlink()
    assert check_folder(study) == []


# -- damage nobody thought of ------------------------------------------------------------------------------


def mangle(content: bytes, chance: random.Random) -> bytes:
    """Return bytes as a failing disk, a wrong editor or a slip of the hand leaves them."""
    lines = content.split(b"\n")
    place, line = chance.randrange(len(content) + 1), chance.randrange(len(lines))
    kind = chance.randrange(11)
    if kind == 0:
        return content[:place]
    if kind == 1:
        return content[:place] + bytes([chance.randrange(256)]) + content[place + 1 :]
    if kind == 2:
        return b"\n".join([*lines[:line], lines[line], *lines[line:]])
    if kind == 3:
        return b"\n".join([*lines[:line], *lines[line + 1 :]])
    if kind == 4:
        return content.replace(b",", b";")
    if kind == 5:
        return b"\xef\xbb\xbf" + content.replace(b"\n", b"\r\n")
    if kind == 6:
        return content.decode("utf-8", "replace").encode("utf-16")
    if kind == 7:
        return (
            content[:place]
            + chance.choice([b'"', b"'", b"[", b"{", b"\x00", b": ", b"\t", b"- "])
            + content[place:]
        )
    if kind == 8:
        words = re.findall(rb"\w+", content) or [b""]
        return content.replace(
            chance.choice(words), chance.choice([b"", b"-1", b"1e5", b"nan", b"{}", b"\xff"]), 1
        )
    if kind == 9:
        chance.shuffle(lines)
        return b"\n".join(lines)
    return b""


@pytest.mark.parametrize("seed", range(12))
def test_mangled_files_never_raise_anything_else(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    project = make_project(tmp_path / "study", seed=seed)
    project.memo("a thought", "source:S1")
    whole = {
        path: path.read_bytes() for path in project.path.rglob("*") if path.is_file() and path.name != "lock"
    }
    for _ in range(60):
        damaged = chance.sample(sorted(whole), chance.randint(1, 3))
        for path in damaged:
            path.write_bytes(mangle(whole[path], chance))
        with suppress(FolderError):
            assert all(problem.file and problem.message for problem in check_folder(project.path))
        with suppress(QualcodeError), warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # a text or a code that is gone is said, no error
            opened = qc.open_project(project.path, coder="ana")
            for table in ("sources", "turns", "codings", "cases", "speakers", "coders", "memos", "progress"):
                getattr(opened, table)
            opened.history()
            qc.matrix(opened, "point", "theme")
            opened.undo()
        for path in project.path.rglob("*"):
            if path.is_file() and path not in whole and path.name != "lock":
                path.unlink()
        for path, content in whole.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    assert check_folder(project.path) == []
