"""Who withdraws is gone from older texts too: where labels were corrected, and where the link is no more."""

from __future__ import annotations

from pathlib import Path

import pytest

import qualcode as qc
from qualcode.errors import Refused

GROUP = "Mel: a\nAna: x y z\nMel: b\nBob: secretwords here\nMel: c\nBob: more stuff\n"


def study_of(tmp_path: Path, text: str = GROUP, **links: str) -> qc.Project:
    (tmp_path / "G.txt").write_text(text, encoding="utf-8")
    project = qc.create_project(tmp_path / "study", coder="cleo")
    project.new_code("Time")
    project.add_source(tmp_path / "G.txt", "G", roles={"Mel": "interviewer"})
    for speaker, case in links.items():
        project.add_case(case)
        project.link("G", case, speaker=speaker)
    return project


def correct(project: qc.Project, old: str, new: str, before: str = "") -> None:
    """Replace the first `old` behind the beginning of `before`."""
    text = project.transcript("G").text
    at = text.index(old, text.index(before))
    project.correct("G", (at, at + len(old)), new)


def state(project: qc.Project) -> dict[str, str]:
    return {
        path.relative_to(project.path).as_posix(): path.read_text(encoding="utf-8")
        for path in project.path.rglob("*")
        if path.is_file()
    }


def holding(project: qc.Project, word: str) -> list[str]:
    return [file for file, content in state(project).items() if word in file or word in content]


# -- whoever's label stood there -----------------------------------------------------------------------


@pytest.mark.parametrize("bob", [True, False], ids=["Bob is linked", "Bob is not linked"])
def test_a_short_turn_under_another_label_is_blanked_in_older_texts(tmp_path: Path, bob: bool) -> None:
    project = study_of(tmp_path, Ana="P7a", **({"Bob": "P8"} if bob else {}))
    project.code("G", "secretwords", "Time", coder="ben")
    correct(project, "Bob", "Ana", before="Bob: secret")
    correct(project, "more stuff", "more stuff again")
    report = project.forget("P7a")
    assert report.blanked == {"G": 2}
    assert report.codings == 1
    assert holding(project, "secretwords") == []
    older = [text for file, text in state(project).items() if "/.versions/" in file]
    assert len(older) == 2, "the first two are the same now"
    assert all(text.count("[withdrawn]") == 2 for text in older), "with the label that stood before the words"
    assert all("Bob: more stuff" in text for text in older)
    assert project.check() == []


def test_the_second_half_of_a_turn_that_was_split_is_blanked_in_older_texts(tmp_path: Path) -> None:
    project = study_of(tmp_path, GROUP.replace("more stuff", "more stuff. Hidden gem."), Ana="P7a", Bob="P8")
    correct(project, " Hidden", "\nAna: Hidden")
    project.forget("P7a")
    assert holding(project, "Hidden") == []
    older = [text for file, text in state(project).items() if "/.versions/" in file]
    assert any(text.endswith("Bob: more stuff. [withdrawn]\n") for text in older), (
        "what Bob said before stays"
    )
    assert project.check() == []


def test_a_turn_of_which_label_and_words_were_corrected_is_blanked_in_older_texts(tmp_path: Path) -> None:
    project = study_of(tmp_path, Ana="P7a", Bob="P8")
    correct(project, "Bob: secretwords here", "Ana: secretwords hear")
    project.forget("P7a")
    assert holding(project, "secretwords") == []


def test_a_newer_transcript_with_other_labels_blanks_the_older_one(tmp_path: Path) -> None:
    project = study_of(tmp_path, Ana="P7a", Bob="P8")
    new = GROUP.replace("Bob: secret", "Ana: secret").replace("Mel: c", "Mel: c, then")
    (tmp_path / "new.txt").write_text(new, encoding="utf-8")
    project.update_source("G", tmp_path / "new.txt")
    project.forget("P7a")
    assert holding(project, "secretwords") == []
    assert holding(project, "more stuff")


def test_an_older_text_with_words_much_like_theirs_is_named_with_the_turn(tmp_path: Path) -> None:
    project = study_of(
        tmp_path, GROUP.replace("secretwords here", "the purple elephants"), Ana="P7a", Bob="P8"
    )
    new = "Mel: Hello again, and welcome.\nAna: these purple elephant\nMel: What else is there?\nBob: Nothing.\n"
    (tmp_path / "new.txt").write_text(new, encoding="utf-8")
    project.update_source("G", tmp_path / "new.txt")
    report = project.forget("P7a")
    (line,) = [line for line in report.left if "much like theirs under somebody else's label" in line]
    file = line.partition(" (")[0]
    assert "elephants" in (project.path / file).read_text(encoding="utf-8")
    assert "1 passage" in line
    assert "in turn 4: an older text of G" in line


# -- the link is no more -------------------------------------------------------------------------------


def relabelled(tmp_path: Path, **links: str) -> qc.Project:
    """Return a study in which the last turn of Bob became Ana's: Bob speaks no more, and is linked no more."""
    project = study_of(tmp_path, GROUP.replace("Bob: more", "Ana: more"), Bob="B1", **links)
    project.link("G", speaker="Ana", role="participant")
    project.code("G", "secretwords", "Time", coder="ben")
    correct(project, "Bob", "Ana", before="Bob: secret")
    assert "B1" not in project.speakers["case"].tolist()
    return project


def test_who_spoke_in_an_older_text_only_is_blanked_there(tmp_path: Path) -> None:
    project = relabelled(tmp_path, Ana="A1")
    report = project.forget("B1")
    assert holding(project, "Bob") == []
    assert holding(project, "B1") == []
    assert (report.sources, report.blanked, report.codings) == ((), {}, 0)
    assert "G: what Bob said in older texts is blanked there; where it is somebody else's now, it stays in the newest text" in report.left  # fmt: skip
    assert "Ana: secretwords here" in project.transcript("G").text
    assert qc.retrieve(project)["quote"].tolist() == ["secretwords"], "a coding of what is Ana's now stays"
    assert project.check() == []
    assert qc.retrieve(qc.open_project(project.path, coder="ben"))["quote"].tolist() == ["secretwords"]


def test_who_spoke_in_an_older_text_only_and_may_be_somebody_unknown_is_refused(tmp_path: Path) -> None:
    project = relabelled(tmp_path)
    before = state(project)
    with pytest.raises(
        Refused, match=r"words that are Ana's now were Bob's, who is B1.*link\('G', 'B1', speaker='Ana'\)"
    ):
        project.forget("B1")
    assert state(project) == before
    project.link("G", "B1", speaker="Ana")
    assert project.forget("B1").sources == ("G",)
    assert holding(project, "secretwords") == []


@pytest.mark.parametrize("whole", [False, True])
def test_a_link_that_was_taken_back_does_not_leave_the_interview_behind(tmp_path: Path, whole: bool) -> None:
    project = study_of(tmp_path, Ana="P7a")
    project.add_case("B1")
    project.link("G", "B1", speaker="" if whole else "Bob")
    project.undo()
    before = state(project)
    with pytest.raises(Refused) as refused:
        project.forget("B1")
    assert str(refused.value) == (
        "B1 was linked to G before and is not any more, and 'Bob', who speaks in it, is linked to no case: their words would "
        "stay. If that is B1, link them again: project.link('G', 'B1', speaker='Bob'). If it is somebody else, link that speaker "
        "to another case: project.link('G', '...', speaker='Bob'). Nothing was changed."
    )
    assert state(project) == before
    project.link("G", "B1", speaker="Bob")
    assert project.forget("B1").blanked == {"G": 2}
    assert holding(project, "secretwords") == []


def test_who_was_linked_by_mistake_can_be_forgotten(tmp_path: Path) -> None:
    project = study_of(tmp_path, Ana="P7a", Bob="B1")
    project.add_case("B2")
    project.link("G", "B2", speaker="Bob")
    text = project.transcript("G").text
    assert project.forget("B1").blanked == {}
    assert project.transcript("G").text == text
    assert project.forget("B2").blanked == {"G": 2}


# -- memos ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "why"), [("quote: Secretwords, here!", "words of theirs"), ("secretwords", "")]
)
def test_a_memo_on_a_code_that_quotes_them_is_named(tmp_path: Path, said: str, why: str) -> None:
    project = study_of(tmp_path, Ana="P7a", Bob="B1")
    id_ = project.memo(said, "code:time")
    file = f"data/memos/cleo/{id_}.md"
    left = project.forget("B1").left
    (count,) = [line for line in left if line.startswith("memos: 1 stay")]
    if why:
        assert f"{file} ({why})" in left
        assert file not in count, "it is named once"
    else:
        assert f"memos: 1 stay (not named above: {file});" in count


def test_two_words_that_others_say_too_are_no_quote_in_a_memo(tmp_path: Path) -> None:
    project = study_of(tmp_path, GROUP.replace("x y z", "more stuff"), Ana="P7a", Bob="B1")
    id_ = project.memo("they want more stuff", "code:time")
    assert not [line for line in project.forget("B1").left if line.startswith(f"data/memos/cleo/{id_}")]
