"""Speakers after the import: labels, roles and turns can be put right at any time, and the text stays as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

import qualcode as qc
from qualcode.errors import InvalidValue, Refused

TALK = "Interviewer 1: Who?\nMaria: We decide.\nInterviewer 1: So?\nBob: It took weeks.\nMARIA: Violet.\n" * 2


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    path = tmp_path / "talk.txt"
    path.write_text(TALK)
    return path


@pytest.fixture
def study(tmp_path: Path, talk: Path) -> qc.Project:
    project = qc.create_project(tmp_path / "study", coder="ana")
    project.add_source(talk, "G")
    return project


def speakers(project: qc.Project, source: str = "G") -> dict[str, tuple[str, str]]:
    rows = project.speakers[project.speakers["source"] == source]
    return {row.speaker: (row.case, row.role) for row in rows.itertuples()}


def files(folder: Path) -> dict[str, bytes]:
    """The files of a study, without its log and what it keeps for undo."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "log" not in path.parts
    }


def test_a_speaker_gets_another_label_in_all_turns_and_the_text_stays(study: qc.Project) -> None:
    before, turns = study.transcript("G"), study.turns
    study.rename_speaker("G", "Bob", "P2")
    now = study.transcript("G")
    assert now.text == before.text
    assert [turn.span for turn in now.turns] == [turn.span for turn in before.turns]
    assert study.turns["speaker"].tolist() == turns["speaker"].replace("Bob", "P2").tolist()
    assert set(speakers(study)) == {"Interviewer 1", "Maria", "MARIA", "P2"}
    assert study.check() == []
    assert qc.open_project(study.path).turns["speaker"].tolist() == study.turns["speaker"].tolist()


def test_two_labels_become_one_with_the_case_of_either(study: qc.Project) -> None:
    study.add_case("C1")
    study.link("G", "C1", speaker="MARIA", role="other")
    study.link("G", speaker="Maria", role="participant")
    study.rename_speaker("G", "MARIA", "Maria")
    assert speakers(study)["Maria"] == ("C1", "participant")
    assert "MARIA" not in speakers(study)
    assert study.turns.query("speaker == 'Maria'")["turn"].tolist() == [2, 5, 7, 10]
    assert study.turns.query("speaker == 'Maria'")["case"].tolist() == ["C1"] * 4


def test_speakers_of_two_cases_are_not_made_one(study: qc.Project) -> None:
    for case, speaker in (("C1", "Maria"), ("C2", "Bob")):
        study.add_case(case)
        study.link("G", case, speaker=speaker)
    before = files(study.path)
    with pytest.raises(Refused, match="one to the case 'C2' and one to 'C1'"):
        study.rename_speaker("G", "Bob", "Maria")
    assert files(study.path) == before


def test_it_is_undone_byte_for_byte_and_on_record_without_the_old_label(study: qc.Project) -> None:
    before = files(study.path)
    study.rename_speaker("G", "Bob", "P2")
    study.set_role("G", "P2", "participant")
    assert speakers(study)["P2"] == ("", "participant")
    assert study.history()["verb"].tolist()[-2:] == ["rename speaker", "set role"]
    assert "Bob" not in (study.path / "data" / "log" / "ana.jsonl").read_text()
    assert study.undo(2)["verb"].tolist() == ["set role", "rename speaker"]
    assert files(study.path) == before


def test_doing_it_twice_changes_nothing_more(study: qc.Project) -> None:
    study.set_role("G", "Bob", "participant")
    events = len(study.history())
    study.set_role("G", "Bob", "participant")
    study.rename_speaker("G", "Bob", "Bob")
    assert len(study.history()) == events


def test_older_texts_follow(study: qc.Project) -> None:
    study.correct(
        "G", "It took weeks.\nMARIA: Violet.\nInterviewer", "It took days.\nMARIA: Violet.\nInterviewer"
    )
    study.rename_speaker("G", "MARIA", "Maria")
    turns = (study.path / "data" / "turns" / "G.csv").read_text()
    assert "MARIA" not in turns
    assert study.check() == []


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda p: p.rename_speaker("G", "Mara", "x"), "G has no speaker 'Mara'. Did you mean 'Maria'"),
        (lambda p: p.rename_speaker("G", "Bob", " "), "must be one line of text that is not empty"),
        (lambda p: p.set_role("G", "Eve", "other"), "It has: Interviewer 1, Maria, Bob, MARIA."),
        (lambda p: p.set_role("G", "Bob", "boss"), "Unknown role 'boss'"),
        (lambda p: p.set_role("H", "Bob", "other"), "The study has no source 'H'"),
    ],
)  # fmt: skip
def test_slips_are_told_and_change_nothing(call, message, study: qc.Project) -> None:  # type: ignore[no-untyped-def]
    before = files(study.path)
    with pytest.raises(qc.QualcodeError) as caught:
        call(study)
    assert message in str(caught.value)
    assert files(study.path) == before


# ---------------------------------------------------------------------------- the same file again


def test_what_is_said_of_speakers_later_is_done(study: qc.Project, talk: Path) -> None:
    again = {
        "speakers": {"Interviewer 1": "I", "MARIA": "Maria"},
        "roles": {"Bob": "participant", "I": "other"},
    }
    before = study.transcript("G").text
    report = study.add_source(talk, "G", **again)
    assert [str(note) for note in report.notes] == [
        "kept: The study has this source already; its text was not changed.",
        "changed: Speakers renamed: Interviewer 1 = I, MARIA = Maria.",
        "changed: Roles set: I = other, Bob = participant.",
    ]
    assert dict(report.speakers or {}) == {"I": "other", "Maria": "", "Bob": "participant"}
    assert study.transcript("G").text == before
    events = len(study.history())
    assert [note.message for note in study.add_source(talk, "G", **again).notes] == [
        "The study has this source already; nothing was changed."
    ]
    assert len(study.history()) == events
    assert study.undo()["verb"].tolist() == ["set speakers"]


def test_what_was_renamed_by_hand_is_not_renamed_back(study: qc.Project, talk: Path) -> None:
    study.add_source(talk, "G", speakers={"Interviewer 1": "I"})
    study.rename_speaker("G", "I", "Interviewer")
    study.add_source(talk, "G", speakers={"Interviewer 1": "I"})
    assert "Interviewer" in speakers(study)


def test_the_report_on_a_source_that_is_there_names_everybody(study: qc.Project, talk: Path) -> None:
    assert list(study.add_source(talk, "G").speakers or {}) == ["Interviewer 1", "Maria", "Bob", "MARIA"]


def test_real_names_in_labels_stay_out_when_speakers_are_given_later(tmp_path: Path, talk: Path) -> None:
    project = qc.create_project(tmp_path / "secret", coder="ana")
    names = {"Maria": "P1", "Bob": "P2"}
    project.add_source(talk, "G", pseudonyms=names)
    report = project.add_source(
        talk, "G", pseudonyms=names, speakers={"Bob": "P3"}, roles={"Maria": "participant"}
    )
    assert "changed: Speakers renamed: P2 = P3." in str([str(note) for note in report.notes])
    assert speakers(project, "G")["P1"] == ("", "participant")
    held = b"".join(path.read_bytes() for path in project.path.rglob("*") if path.is_file())
    assert b"Maria" not in held
    assert b"Bob" not in held


def test_labels_that_make_new_turns_are_pointed_out(tmp_path: Path) -> None:
    path = tmp_path / "dashes.txt"
    path.write_text("Maria – We decide.\nBob – It took weeks.\n" * 3)
    project = qc.create_project(tmp_path / "study", coder="ana")
    project.add_source(path, "D")
    report = project.add_source(path, "D", speakers={"Maria": "M", "Bob": "Bob"})
    assert "The turns of the study name nobody 'M', 'Bob'" in str(report.notes[-1])
    assert "project.update_source('D', path, ...)" in str(report.notes[-1])


def test_the_same_text_under_a_second_id_is_said(study: qc.Project, talk: Path) -> None:
    report = study.add_source(talk, "H")
    assert "The same text is in the study already, as G; now it is there twice." in str(report)
    with pytest.raises(InvalidValue):
        study.rename_speaker("H", "Eve", "x")
