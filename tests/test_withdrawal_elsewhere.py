"""What somebody who withdraws left in interviews that stay: they speak there too, are quoted there, or named."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import qualcode as qc
from qualcode.errors import Refused

PASSAGE = "we always repaired the printing presses before anybody noticed"
FIRST = f"Mel: How?\nQuist: In the winter {PASSAGE}.\nMel: And?\nQuist: I don't know if that is it.\n"
OTHER = "Mel: Hello.\nRavel: I said otter.\nMel: I don't know if that is it.\nRavel: As you like.\n"


def study_of(tmp_path: Path, **texts: str) -> qc.Project:
    project = qc.create_project(tmp_path / "study", coder="ana")
    for id_, text in texts.items():
        (tmp_path / f"{id_}.txt").write_text(text, encoding="utf-8")
        project.add_source(tmp_path / f"{id_}.txt", id_, roles={"Mel": "interviewer"})
    project.add_case("K1")
    first = next(iter(texts))
    speaker = next(s for s in project.transcript(first).speakers if s != "Mel")
    project.link(first, "K1", speaker=speaker)
    return project


def state(project: qc.Project) -> dict[str, bytes]:
    files = (path for path in project.path.rglob("*") if path.is_file())
    return {path.relative_to(project.path).as_posix(): path.read_bytes() for path in files}


def lines(report: object, start: str) -> list[str]:
    return [line for line in report.left if line.startswith(start)]  # type: ignore[attr-defined]


# -- another interview of the same person ----------------------------------------------------------------


@pytest.mark.parametrize("label", ["Quist", "QUIST"])
def test_a_second_interview_that_is_linked_to_nobody_is_not_left_behind(tmp_path: Path, label: str) -> None:
    again = FIRST.replace("Quist", label).replace("winter", "summer")
    project = study_of(tmp_path, A1=FIRST, A2=again, A3=again.replace("summer", "spring"))
    before = state(project)
    with pytest.raises(Refused) as refused:
        project.forget("K1")
    assert str(refused.value) == (
        f"K1 is linked to A1, but somebody called '{label}' speaks in A2 (and in A3), linked to no case: their words would stay. "
        f"If that is K1, link them first: project.link('A2', 'K1', speaker='{label}'). If it is somebody else, link that speaker "
        f"to another case: project.link('A2', '...', speaker='{label}'). Nothing was changed."
    )
    assert state(project) == before
    project.link("A2", "K1", speaker=label)
    project.add_case("K2")
    project.link("A3", "K2", speaker=label)
    assert project.forget("K1").sources == ("A1", "A2")
    assert project.sources["source"].tolist() == ["A3"], "it is said to be somebody else"


def test_somebody_called_like_the_case_is_not_left_behind(tmp_path: Path) -> None:
    project = study_of(tmp_path, A1=FIRST, A2=OTHER)
    project.add_case("ravel")
    project.link("A1", "ravel", speaker="Quist")
    with pytest.raises(
        Refused, match="ravel is linked to A1, but somebody called 'Ravel' speaks in A2, linked to no case"
    ):
        project.forget("ravel")


def test_a_source_called_like_the_case_is_not_left_behind(tmp_path: Path) -> None:
    project = study_of(tmp_path, A1=FIRST, k1=OTHER)
    with pytest.raises(Refused, match="K1 is linked to A1, but there is a source 'k1', which would stay"):
        project.forget("K1")


def test_a_group_that_is_linked_as_a_whole_says_nothing_of_who_speaks_in_it(tmp_path: Path) -> None:
    project = study_of(tmp_path, A1=FIRST, G=OTHER + "Quist: Me too.\n")
    project.add_case("team", "organization")
    project.link("G", "team")
    with pytest.raises(Refused, match="somebody called 'Quist' speaks in G"):
        project.forget("K1")


def test_an_interview_that_is_linked_as_a_whole_is_somebodys(tmp_path: Path) -> None:
    project = study_of(tmp_path, A1=FIRST, A2=FIRST.replace("winter", "summer"))
    project.add_case("K2")
    project.link("A2", "K2")
    assert project.forget("K1").sources == ("A1",)


@pytest.mark.parametrize("label", ["Participant", "Speaker 1", "P", "SPK2"])
def test_a_label_that_every_interview_has_is_no_name(tmp_path: Path, label: str) -> None:
    roles = {label: "participant"}
    project = study_of(tmp_path, A1=FIRST.replace("Quist", label))
    (tmp_path / "A2.txt").write_text(OTHER.replace("Ravel", label), encoding="utf-8")
    project.add_source(tmp_path / "A2.txt", "A2", roles=roles | {"Mel": "interviewer"})
    report = project.forget("K1")
    assert report.sources == ("A1",)
    assert not lines(report, f"'{label}'")
    assert lines(report, "speakers who are linked to no case, in A2: whether one is K1 under another name")


def test_the_same_name_in_another_form_is_told_with_what_to_do(tmp_path: Path) -> None:
    project = study_of(tmp_path, A1=FIRST, A2=OTHER.replace("Ravel", "Lima, Quist (Guest)"))
    (line,) = lines(project.forget("K1"), "'Lima, Quist (Guest)', who speaks in A2 and is linked to no case")
    assert "project.link('A2', 'K1', speaker='Lima, Quist (Guest)'), and forget again" in line
    project.add_case("K1")
    project.link("A2", "K1", speaker="Lima, Quist (Guest)")
    report = project.forget("K1")
    assert report.sources == ("A2",)
    assert not lines(report, "speakers who are linked to no case"), "nobody is left"


def test_who_interviews_elsewhere_under_the_name_is_told(tmp_path: Path) -> None:
    project = study_of(tmp_path, A1=FIRST, A2=OTHER.replace("Mel", "Quist"))
    project.link("A2", speaker="Quist", role="interviewer")
    assert lines(project.forget("K1"), "'Quist', who interviews in A2: if that is K1, what they say there")


# -- words of theirs that others say ---------------------------------------------------------------------


def test_a_passage_that_is_read_out_in_another_interview_is_told_by_its_turns(tmp_path: Path) -> None:
    reads = OTHER.replace("Hello.", f"Somebody said: {PASSAGE.upper()}!")
    project = study_of(tmp_path, A1=FIRST, A2=reads, A3=OTHER)
    (project.path / "export.md").write_text(reads, encoding="utf-8")
    report = project.forget("K1")
    assert lines(report, "data/transcripts/A2.txt") == ["data/transcripts/A2.txt (words of theirs in turn 1)"]
    assert lines(report, "data/transcripts/.versions") == [
        "data/transcripts/.versions (words of theirs in 1 kept text)"
    ]
    assert lines(report, "export.md (words of theirs)")
    assert not lines(report, "data/transcripts/A3.txt"), "common words are no quote, though six in a row"
    assert "presses" not in str(report)


def test_a_passage_can_then_be_taken_out_of_every_version(tmp_path: Path) -> None:
    project = study_of(tmp_path, A1=FIRST, A2=OTHER.replace("Hello.", f"Somebody said {PASSAGE}."))
    project.correct("A2", "As you like.", "As you wish.")
    assert lines(project.forget("K1"), "data/transcripts/A2.txt (words of theirs in turn 1)")
    project.pseudonymize({PASSAGE: "[withdrawn]"}, tmp_path / "key.json")
    assert not [file for file, content in state(project).items() if b"presses" in content]
    assert "Somebody said [withdrawn]." in project.transcript("A2").text
    assert project.check() == []


def test_a_passage_that_others_repeat_in_the_same_group_is_told(tmp_path: Path) -> None:
    group = f"Quist: Yes, {PASSAGE}.\nRavel: Oh.\nQuist: So.\nRavel: You said {PASSAGE}?\n"
    project = study_of(tmp_path, G=group)
    project.add_case("K2")
    project.link("G", "K2", speaker="Ravel")
    report = project.forget("K1")
    assert report.blanked == {"G": 2}
    assert "data/transcripts/G.txt (words of theirs in turn 4)" in report.left


def test_passages_are_found_in_real_interviews_without_false_alarms(tmp_path: Path, shared: Path) -> None:
    folder = shared / "corpora" / "foss-mismatches" / "transcripts"
    project = qc.create_project(tmp_path / "study", coder="ana")
    for id_ in ("nick-2", "terri-1", "terri-3", "donald-1"):
        project.add_source(folder / f"{id_}-full.md", id_, roles={"MEL": "interviewer"})
    project.add_case("T")
    project.link("terri-1", "T", speaker="TERRI")
    with pytest.raises(Refused, match="somebody called 'TERRI' speaks in terri-3"):
        project.forget("T")
    project.link("terri-3", "T", speaker="TERRI")
    report = project.forget("T")
    assert report.sources == ("terri-1", "terri-3")
    quoted = [
        line.split(" (words of theirs in turns ")[0]
        for line in report.left
        if "words of theirs in turn" in line
    ]
    assert quoted == ["data/transcripts/nick-2.txt"], (
        "the interviewer reads from the first interview there, and only there"
    )


def test_a_text_that_is_not_here_is_named(tmp_path: Path) -> None:
    project = study_of(tmp_path, A1=FIRST, A2=OTHER)
    (project.path / "data" / "transcripts" / "A2.txt").unlink()
    assert lines(project.forget("K1"), "the texts of A2 are not in this copy")


# -- names and ids ---------------------------------------------------------------------------------------


def test_a_name_inside_a_longer_word_is_no_alarm(tmp_path: Path) -> None:
    text = OTHER.replace("Hello.", "Terrible, terrified, terrific!").replace(
        "As you like.", "Terris boat. Ask Terri, or TERRI."
    )
    project = study_of(
        tmp_path, A1=FIRST.replace("Quist", "TERRI"), A2=text, A3=OTHER.replace("otter", "Terrible")
    )
    (project.path / "notes.txt").write_text("a terrible day", encoding="utf-8")
    report = project.forget("K1")
    assert lines(report, "data/transcripts/A") == [
        "data/transcripts/A2.txt (the name they had in a transcript in 3 places (turn 4))"
    ]
    assert not lines(report, "notes.txt")


def test_ids_are_told_by_which_they_are(tmp_path: Path) -> None:
    project = study_of(tmp_path, A1=FIRST, A2=OTHER.replace("otter", "A1 and K1, K1"))
    assert lines(project.forget("K1"), "data/transcripts/A2.txt") == [
        "data/transcripts/A2.txt (the id A1 in 1 place (turn 2); the id K1 in 2 places (turn 2))"
    ]


def test_an_id_of_another_source_that_holds_the_name_is_told_once(tmp_path: Path) -> None:
    project = study_of(tmp_path, A1=FIRST, **{"quist-2": OTHER})
    project.new_code("Animals")
    project.code("quist-2", "otter", "Animals")
    report = project.forget("K1")
    (line,) = [line for line in report.left if "quist-2" in line and "no case" not in line]
    assert line.startswith(
        "the id of source quist-2 holds the name they had in a transcript: it stands in names of files"
    )


def test_names_of_files_are_told_as_such_and_ids_once(tmp_path: Path) -> None:
    project = study_of(
        tmp_path, **{"maria-1": OTHER, "maria-2": OTHER.replace("otter", "Maria"), "A1": FIRST}
    )
    project.new_code("Animals")
    project.code("maria-1", "otter", "Animals")
    (project.path / "exports").mkdir()
    shutil.copy(tmp_path / "A1.txt", project.path / "exports" / "Maria.txt")
    report = project.pseudonymize({"Maria": "P1"}, tmp_path / "key.json")
    assert report.left == (
        "exports/Maria.txt (its file name)",
        "the ids of sources maria-1, maria-2 hold the name of P1: it stands in names of files, in tables and in the log. Ids "
        "never change; where this must not stay, import the file into a new study under another id",
    )
    assert report.not_found == ()


def test_raw_files_of_interviews_that_stay_are_not_to_be_looked_at(tmp_path: Path) -> None:
    project = qc.create_project(tmp_path / "study", coder="ana")
    raw = project.path / "data" / "raw"
    raw.mkdir(parents=True, exist_ok=True)
    for name, words in (("A1", "zebra and otter"), ("B1", "rain and snow")):
        (raw / f"{name}.txt").write_text(f"Interviewer: What?\n{name}: {words}.\n", encoding="utf-8")
        project.add_source(raw / f"{name}.txt")
        project.add_case(name)
        project.link(name, name, speaker=name)
    (raw / "other.txt").write_text("who knows", encoding="utf-8")
    report = project.forget("A1")
    assert not (raw / "A1.txt").exists()
    assert [each for each in report.left if each.startswith("data/raw")] == [
        "data/raw/other.txt (as it came; look whether it is this interview)"
    ]
