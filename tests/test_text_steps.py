"""Places over many versions of a text: whoever changed it, and whoever wrote when, the same passage stays the same."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import qualcode as qc
from qualcode.errors import FolderError, InvalidValue, QualcodeError, Refused

TEXT = (
    "Interviewer: so good model weeks.\n"
    "Maria: good weeks because we model took it. weeks good bad model it drifts so.\n"
    "Bob: and good so weeks said model never and.\n"
)
PASSAGE = "good weeks because we model took it."
WORDS = ["good", "weeks", "model", "took", "said", "so", "it", "never", "bad", "drifts"]
CODERS = ("ana", "ben", "cleo")

Place = tuple[int, int, str]


def started(folder: Path, text: str = TEXT) -> qc.Project:
    project = qc.create_project(folder, coder="ana")
    (folder.parent / "new.txt").write_text(text, encoding="utf-8")
    project.add_source(folder.parent / "new.txt", id="P1")
    for name in ("Code", "Other"):
        project.new_code(name)
    return project


def places(project: qc.Project) -> dict[str, list[Place]]:
    """Return coder to the places that count, and those that wait for a person, of the code that all have put."""
    counted, waiting = qc.retrieve(project), qc.relocations(project)
    found: dict[str, list[Place]] = {coder: [] for coder in CODERS}
    for frame, columns, sure in (
        (counted, ["coder", "name", "start", "end"], "counts"),
        (waiting, ["coder", "code", "new_start", "new_end"], "waits"),
    ):
        for coder, code, start, end in frame[columns].fillna(-1).itertuples(index=False):
            if code == "Code":
                found[coder].append((int(start), int(end), sure))
    return {coder: sorted(each) for coder, each in found.items()}


def changed(dice: random.Random, text: str) -> str:
    """Return a text with a few words taken out, put in or doubled somewhere."""
    for _ in range(dice.randint(1, 3)):
        start = dice.randrange(len(text))
        end = min(len(text), start + dice.choice((0, 1, 6, 20, 60)))
        new = " ".join(dice.choice(WORDS) for _ in range(dice.choice((0, 0, 1, 3, 8))))
        text = text[:start] + dice.choice((new, f" {new} ", f"\nBob: {new}\nMaria: ")) + text[end:]
    return text


def change(dice: random.Random, project: qc.Project, folder: Path) -> None:
    text = project.transcript("P1").text
    kind = dice.choice(("correct", "correct", "update", "take"))
    new = changed(dice, text)
    if kind == "correct":
        start = dice.randrange(len(text) - 1)
        end = dice.randint(start + 1, min(len(text), start + 15))
        project.correct(
            "P1", qc.Span(start, end), dice.choice(("", "x", "good weeks", "so. \nBob: it", "took it"))
        )
    elif kind == "update":
        (folder.parent / "new.txt").write_text(new, encoding="utf-8")
        project.update_source("P1", folder.parent / "new.txt")
    else:
        (folder / "data/transcripts/P1.txt").write_text(new, encoding="utf-8", newline="")
        project.take_edits()


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10**9))
def test_two_coders_with_the_same_codings_have_them_at_the_same_places(
    seed: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    dice = random.Random(seed)
    folder = tmp_path_factory.mktemp("steps") / "study"
    project = started(folder)
    spans = []
    for _ in range(4):
        start = dice.randrange(len(TEXT) - 3)
        spans.append(qc.Span(start, min(len(TEXT), start + dice.choice((3, 12, 36, 80)))))
    for coder in CODERS:
        for span in spans:
            project.code("P1", span, "Code", coder=coder)
    for _ in range(5):
        changes = qc.open_project(folder, coder=dice.choice(CODERS))
        try:
            change(dice, changes, folder)
        except QualcodeError:
            continue
        if dice.random() < 0.5:  # whoever writes has their codings written anew
            length = len(changes.transcript("P1").text)
            start = dice.randrange(length - 1)
            changes.code("P1", qc.Span(start, min(length, start + 2)), "Other", coder=dice.choice(CODERS))
        here = places(changes)
        assert here["ana"] == here["ben"] == here["cleo"]
        assert places(qc.open_project(folder, coder="ana")) == here


def test_a_word_corrected_elsewhere_moves_nobodys_coding(tmp_path: Path) -> None:
    project = started(tmp_path / "study")
    for coder in ("ana", "ben"):
        project.code("P1", PASSAGE, "Code", coder=coder)
    (tmp_path / "new.txt").write_text(TEXT.replace(PASSAGE, PASSAGE + " took said model said good."))
    project.update_source("P1", tmp_path / "new.txt")
    project.correct("P1", "so good", "good")
    assert list(qc.retrieve(project)["quote"]) == [PASSAGE, PASSAGE]


def test_words_that_come_back_are_found_again_by_everybody(tmp_path: Path) -> None:
    project = started(tmp_path / "study")
    for coder in ("ana", "ben"):
        project.code("P1", PASSAGE, "Code", coder=coder)
    project.correct("P1", PASSAGE, "")
    assert places(project)["ana"] == places(project)["ben"] != []
    project.correct("P1", "it drifts so.", f"it drifts so. {PASSAGE}")
    project.correct("P1", "so good", "good", coder="ben")
    assert [(each[2]) for each in places(project)["ana"]] == ["counts"]
    assert places(project)["ana"] == places(project)["ben"]


def test_names_that_are_replaced_leave_the_steps_as_they_are(tmp_path: Path) -> None:
    project = started(tmp_path / "study")
    for coder in ("ana", "ben"):
        project.code("P1", PASSAGE, "Code", coder=coder)
    project.correct("P1", "because we", "because, Maria says, we")
    project.correct("P1", "so good", "Maria so good")
    project.pseudonymize({"Maria": "P-1"}, key=tmp_path / "key.json")
    again = qc.open_project(project.path, coder="ana")
    assert set(qc.retrieve(again)["quote"]) == {"good weeks because, P-1 says, we model took it."}
    steps = again._study.sources["P1"].corrected
    assert {*steps, *(new for new, _ in steps.values())} == {*again._study.sources["P1"].versions}


@pytest.mark.parametrize("by_hand", ["correct", "take"])
def test_undo_passes_over_other_line_ends(tmp_path: Path, by_hand: str) -> None:
    project = started(tmp_path / "study")
    file = tmp_path / "study/data/transcripts/P1.txt"
    before = file.read_bytes()
    if by_hand == "correct":
        project.correct("P1", "it drifts", "it moves")
    else:
        file.write_bytes(before.replace(b"it drifts", b"it moves"))
        project.take_edits()
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    again = qc.open_project(project.path, coder="ana")
    again.undo()
    assert file.read_bytes() == before
    assert again.check() == []
    again.redo()
    assert "it moves" in again.transcript("P1").text


def test_undo_under_an_edit_from_outside_says_what_happened(tmp_path: Path) -> None:
    project = started(tmp_path / "study")
    project.correct("P1", "it drifts", "it moves")
    file = tmp_path / "study/data/transcripts/P1.txt"
    kept = file.read_bytes()
    file.write_bytes(kept.replace(b"never", b"ever"))
    with pytest.raises(
        Refused, match=r"P1.txt was edited outside qualcode since.*take_edits.*Nothing was changed"
    ) as told:
        project.undo()
    holds = str(told.value).split("back: ")[-1].split(" holds it")[0]
    assert (project.path / holds).read_bytes() == kept
    file.write_bytes((project.path / holds).read_bytes())
    project.undo()
    assert project.transcript("P1").text == TEXT


def test_no_step_is_no_undo(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="undo takes 1 step or more, got 0"):
        started(tmp_path / "study").undo(0)


def test_a_correction_holds_no_control_characters(tmp_path: Path) -> None:
    project = started(tmp_path / "study")
    with pytest.raises(InvalidValue, match=r"control character \(U\+0001\)"):
        project.correct("P1", "it drifts", "it\x01moves")
    project.correct("P1", "it drifts", "it\r\n\tmoves")
    assert "it\n\tmoves" in project.transcript("P1").text


@pytest.mark.parametrize("coder", ["ana", "ben"])
def test_words_that_are_again_as_first_read_are_not_to_be_read_again(tmp_path: Path, coder: str) -> None:
    project = started(tmp_path / "study")
    id_ = project.code("P1", PASSAGE, "Code", coder=coder)
    assert [each.coding for each in project.correct("P1", "because", "for").edited] == [id_]
    (tmp_path / "new.txt").write_text(TEXT.replace("so good", "good"))
    assert project.update_source("P1", tmp_path / "new.txt").edited == ()
    assert list(qc.relocations(project, all=True)["coding"]) == ([] if coder == "ana" else [id_])


def test_a_folder_in_place_of_a_text_is_called_so(tmp_path: Path) -> None:
    project = started(tmp_path / "study")
    file = project.path / "data/transcripts/P1.txt"
    file.unlink()
    file.mkdir()
    with pytest.raises(
        FolderError, match=r"P1\.txt: cannot be read: a folder or a device stands in the place"
    ):
        qc.open_project(project.path, coder="ana")
