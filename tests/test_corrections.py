"""Texts that change while people code them: codings follow or are said to need a look, and undo is exact."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import qualcode as qc
from qualcode.errors import InvalidValue, Refused
from qualcode.transcript import TimeMark, Turn

LINES = [
    ("Interviewer", "How did you plan the project?"),
    ("Penny", "We guessed. Nobody could say how long the modle would take. 🙂"),
    ("Interviewer", "And the data?"),
    ("Penny", "The data came late, and nobody could say what the columns meant."),
]


def transcript(id_: str = "P1", lines: list[tuple[str, str]] = LINES) -> qc.Transcript:
    text, turns, marks = "Synthetic interview\n\n", [], []
    for number, (speaker, words) in enumerate(lines, start=1):
        text += f"{speaker}: "
        turns.append(Turn(number, speaker, qc.Span(len(text), len(text) + len(words)), number * 10.0))
        marks.append(TimeMark(len(text), number * 10.0))
        text += words + "\n"
    return qc.Transcript(id_, id_, text, tuple(turns), tuple(marks), roles={"Interviewer": "interviewer"})


@pytest.fixture
def study(tmp_path: Path) -> qc.Project:
    project = qc.create_project(tmp_path / "study", coder="ana")
    for name in ("Guessing", "Data", "Meaning"):
        project.new_code(name)
    project.add_source(transcript())
    project.code("P1", "We guessed.", "Guessing")
    project.code("P1", "the modle would take", "Guessing")
    project.code("P1", "The data came late", "Data")
    project.code("P1", "what the columns meant", "Meaning", coder="ben")
    project.code("P1", qc.turn(2), "Guessing", coder="ben")
    return project


def files(project: qc.Project) -> dict[str, bytes]:
    """Return the study's files without the log and the kept versions, which only ever grow."""
    return {
        path.relative_to(project.path).as_posix(): path.read_bytes()
        for path in sorted(project.path.rglob("*"))
        if path.is_file() and not {".versions", ".pending", "log"} & set(path.parts)
    }


def quotes(project: qc.Project) -> list[tuple[str, str]]:
    found = qc.retrieve(project)
    return sorted(zip(found["coder"], found["quote"], strict=True))


BEFORE = [
    ("ana", "The data came late"),
    ("ana", "We guessed."),
    ("ana", "the modle would take"),
    ("ben", "We guessed. Nobody could say how long the modle would take. 🙂"),
    ("ben", "what the columns meant"),
]


def test_a_corrected_word_moves_everybodys_codings(study: qc.Project) -> None:
    before = files(study)
    report = study.correct("P1", "modle", "big model")
    assert report.placed == {"same": 1, "edited": 2, "moved": 2}
    assert str(report).splitlines()[0].startswith("P1: a new text of 4 turns")
    assert quotes(study) == [
        ("ana", "The data came late"),
        ("ana", "We guessed."),
        ("ana", "the big model would take"),
        ("ben", "We guessed. Nobody could say how long the big model would take. 🙂"),
        ("ben", "what the columns meant"),
    ]
    after = files(study)
    assert before["data/codings/ben/P1.csv"] == after["data/codings/ben/P1.csv"], "ben's file is ben's"
    assert set(study.codings["version"]) == {study.transcript("P1").version}
    assert [t.begins for t in study.transcript("P1").turns] == [10, 20, 30, 40]
    assert study.transcript("P1").marks[3].position == study.transcript("P1").turns[3].span.start
    assert study.check() == []
    study.undo()
    assert files(study) == before
    assert quotes(study) == BEFORE
    study.redo()
    assert files(study) == after


def test_the_other_coders_file_is_brought_forward_when_they_next_write(study: qc.Project) -> None:
    study.correct("P1", "modle", "model")
    ben = qc.open_project(study.path, coder="ben")
    assert qc.relocations(ben).empty
    assert qc.relocations(ben, all=True)[["coder", "how", "old_text", "new_text"]].values.tolist() == [
        ["ben", "edited", BEFORE[3][1], BEFORE[3][1].replace("modle", "model")],
        ["ben", "same", "what the columns meant", "what the columns meant"],
    ]
    ben.code("P1", "came late", "Data")
    assert qc.relocations(ben, all=True).empty
    assert set(pd.read_csv(ben.path / "data/codings/ben/P1.csv")["version"]) == {ben.transcript("P1").version}


def test_what_is_carried_forward_reads_the_same_in_every_session(study: qc.Project) -> None:
    """Only the session that corrects knows what was typed; nobody else's coding may depend on that."""
    report = study.correct("P1", qc.turn(2), "Somebody guessed, and it took long.")
    again = qc.open_project(study.path, coder="ana")
    pd.testing.assert_frame_equal(again.codings, study.codings)
    pd.testing.assert_frame_equal(qc.relocations(again, all=True), qc.relocations(study, all=True))
    assert report.to_review == len(qc.relocations(again))


def test_nothing_is_counted_twice_or_lost_by_a_correction(study: qc.Project) -> None:
    before = qc.code_counts(study)
    study.correct("P1", "modle", "model")
    study.correct("P1", "Synthetic interview", "Synthetic interview, corrected")
    pd.testing.assert_frame_equal(qc.code_counts(study), before)


def test_what_lost_its_words_waits_with_old_and_new_side_by_side(study: qc.Project) -> None:
    report = study.correct("P1", qc.turn(4), "No idea.")
    assert report.to_review == 2
    waiting = qc.relocations(study)
    assert waiting[["coder", "how", "old_text"]].values.tolist() == [
        ["ana", "lost", "The data came late"],
        ["ben", "lost", "what the columns meant"],
    ]
    assert len(study.codings) == 5, "none is dropped"
    assert "2 codings on an older text are left out" in qc.matrix(study, ["Data"], "source").rule
    coding = waiting["coding"][0]
    with pytest.raises(InvalidValue, match=r"No place was found for the coding"):
        study.relocate(coding)
    study.resize(coding, "No idea.")
    assert qc.relocations(study)["coder"].tolist() == ["ben"]
    study.undo(2)
    assert quotes(study) == BEFORE


def test_a_similar_place_is_proposed_and_taken_only_when_accepted(study: qc.Project) -> None:
    study.code("P1", "could say what the columns meant", "Meaning")
    new = transcript(
        lines=[*LINES[:3], ("Penny", "Data arrived late; no one ever said what the column means.")]
    )
    study.update_source("P1", new)
    waiting = qc.relocations(study)
    mine = waiting[waiting["coder"] == "ana"]
    assert set(mine["how"]) <= {"similar", "lost"}
    similar = mine[mine["how"] == "similar"].iloc[0]
    study.relocate(similar["coding"])
    assert study.coding(similar["coding"]).span == qc.Span(int(similar["new_start"]), int(similar["new_end"]))
    bens = study.codings.query("coder == 'ben'")["id"].iloc[0]
    with pytest.raises(Refused, match="is ben's"):
        study.relocate(bens)


def test_a_newer_file_brings_its_own_turns_and_speakers(study: qc.Project, tmp_path: Path) -> None:
    study.link("P1", None, speaker="Penny", role="participant")
    memo = study.memo("why?", "turn:P1:4", coder="ana")
    (tmp_path / "corrected.txt").write_text(
        "Interviewer: How did you plan the project?\nPenny: We guessed. Nobody could say how long the model would take.\n"
        "Interviewer: Really?\nPenny: Yes.\nInterviewer: And the data?\n"
        "Penny: The data came late, and nobody could say what the columns meant.\n",
        encoding="utf-8",
    )
    report = study.update_source("P1", tmp_path / "corrected.txt")
    assert report.turns == 6
    assert report.to_review == 0
    assert study.transcript("P1").turns[5].speaker == "Penny"
    assert study.memos.set_index("id").targets[memo] == (f"turn:P1:{report.after}:6",)
    assert study.sources.loc[0, "imported_from"] == "text"
    assert quotes(study)[2] == ("ana", "the model would take")
    assert study.check() == []
    again = study.update_source("P1", tmp_path / "corrected.txt")
    assert "nothing was changed" in str(again)


@pytest.mark.parametrize(("number", "left"), [(1, "two\nthree"), (2, "one\nthree"), (3, "one\ntwo")])
def test_a_turn_that_is_a_line_goes_with_its_line(number: int, left: str, tmp_path: Path) -> None:
    project = qc.create_project(tmp_path / "cues", coder="ana")
    cues = "".join(
        f"00:0{n}.000 --> 00:0{n}.900\n{word}\n\n" for n, word in enumerate(("one", "two", "three"))
    )
    (tmp_path / "talk.vtt").write_text(f"WEBVTT\n\n{cues}")
    project.add_source(tmp_path / "talk.vtt", "T")
    for word in ("one", "two", "three"):
        project.code("T", word, "c", create=True)
    project.correct("T", qc.turn(number), "")
    assert project.transcript("T").text == left
    assert sorted(words for _, words in quotes(project)) == sorted(left.split("\n"))
    project.undo()
    assert project.transcript("T").text == "one\ntwo\nthree"


def test_an_edit_in_an_editor_is_found_when_the_study_is_opened(study: qc.Project) -> None:
    before = files(study)
    file = study.path / "data/transcripts/P1.txt"
    file.write_text(file.read_text(encoding="utf-8").replace("modle", "model"), encoding="utf-8")
    with pytest.warns(UserWarning, match=r"P1.txt was edited outside qualcode. P1: a new text of 4 turns"):
        opened = qc.open_project(study.path, coder="ana")
    assert quotes(opened)[2] == ("ana", "the model would take")
    assert opened.check() == []
    assert opened.history().iloc[-1]["verb"] == "take edit"
    opened.undo()
    assert files(opened) == before


def test_without_a_known_coder_an_edit_is_said_and_left_alone(study: qc.Project) -> None:
    file = study.path / "data/transcripts/P1.txt"
    file.write_text(file.read_text(encoding="utf-8").replace("modle", "model"), encoding="utf-8")
    edited = file.read_bytes()
    with pytest.warns(UserWarning, match=r"project.take_edits\(\) makes it a new version"):
        opened = qc.open_project(study.path)
    with pytest.warns(UserWarning, match="The text that was coded is used"):
        assert quotes(opened) == BEFORE
    assert file.read_bytes() == edited


WRITES = {
    "correct": lambda p: p.correct("P1", "The data", "Our data"),
    "update_source": lambda p: p.update_source("P1", transcript(lines=LINES[:3])),
    "remove_source": lambda p: p.remove_source("P1", coder="cleo"),
}


@pytest.mark.parametrize("verb", list(WRITES))
def test_what_was_edited_outside_meanwhile_is_not_written_over(study: qc.Project, verb: str) -> None:
    path = study.path / "data/transcripts/P1.txt"
    path.write_text(path.read_text(encoding="utf-8").replace("modle", "model"), encoding="utf-8")
    before = files(study)
    with pytest.raises(
        Refused, match=r"data/transcripts/P1\.txt was edited outside qualcode.*project\.take_edits"
    ):
        WRITES[verb](study)
    assert files(study) == before
    study.take_edits()
    if verb != "remove_source":  # others coded it
        WRITES[verb](study)
        assert len(study._source("P1").versions) == 3, "what was edited stays among the versions"


def test_an_older_text_is_no_edit_and_is_coded_as_it_is(study: qc.Project, tmp_path: Path) -> None:
    """Transcripts are kept out of git: ben gets what ana did, and not her text."""
    bens = shutil.copytree(study.path, tmp_path / "bens")
    study.correct("P1", "modle", "model")
    shutil.copytree(
        study.path, bens, dirs_exist_ok=True, ignore=lambda folder, names: {"transcripts"} & set(names)
    )
    with pytest.warns(
        UserWarning, match=r"P1: a newer text exists \(by ana, .*\); this copy has an older one"
    ):
        ben = qc.open_project(bens, coder="ben")
    coding = ben.code("P1", "the modle", "Guessing")
    assert ben.coding(coding).version == ben.transcript("P1").version
    assert "the modle" in [quote for _, quote in quotes(ben)]
    with pytest.raises(Refused, match="a newer one exists"):
        ben.correct("P1", "modle", "module")
    assert [p for p in ben.check() if p.file.startswith("data/codings")] == []
    # ana's text comes at last
    shutil.copytree(study.path / "data/transcripts", bens / "data/transcripts", dirs_exist_ok=True)
    ben = qc.open_project(bens, coder="ben")
    assert ("ben", "the model") in quotes(ben)


def test_a_correction_and_new_codings_merge(study: qc.Project, tmp_path: Path) -> None:
    bens = shutil.copytree(study.path, tmp_path / "bens")
    study.correct("P1", "modle", "model")
    ben = qc.open_project(bens, coder="ben")
    ben.code("P1", "the modle", "Guessing")
    for ours, theirs in ((study.path, bens), (bens, study.path)):
        copy = shutil.copytree(ours, tmp_path / f"merged-{Path(ours).name}")
        merged = qc.open_project(copy, coder="ana")
        report = merged.merge(theirs)
        assert not report.conflicts
        assert ("ben", "the model") in quotes(merged)
        assert merged.check() == []


def test_undoing_a_correction_that_somebody_coded_on_is_refused(study: qc.Project) -> None:
    study.correct("P1", "modle", "model")
    study.code("P1", "the model", "Guessing", coder="ben")
    with pytest.raises(Refused, match="ben already has codings that use version"):
        study.undo()


def test_pseudonyms_must_be_given_again(tmp_path: Path) -> None:
    (tmp_path / "talk.txt").write_text("I: Why?\nMaria: I did.\nI: Both?\nMaria: Yes.\n", encoding="utf-8")
    project = qc.create_project(tmp_path / "study", coder="ana")
    project.add_source(tmp_path / "talk.txt", "P1", pseudonyms={"Maria": "P1"})
    (tmp_path / "talk.txt").write_text("I: Why?\nMaria: I did it.\nI: Both?\nMaria: Yes.\n", encoding="utf-8")
    with pytest.raises(Refused, match=r"came in with pseudonyms.*Give pseudonyms= again"):
        project.update_source("P1", tmp_path / "talk.txt")
    project.update_source("P1", tmp_path / "talk.txt", pseudonyms={"Maria": "P1"})
    held = b"".join(path.read_bytes() for path in project.path.rglob("*") if path.is_file())
    assert b"Maria" not in held


def test_nothing_left_is_refused_and_nothing_is_changed(study: qc.Project) -> None:
    before = files(study)
    with pytest.raises(InvalidValue, match="Nothing would be left"):
        study.correct("P1", (0, len(study.transcript("P1").text)), "  \n")
    assert files(study) == before


def decide(project: qc.Project, row: pd.Series, dice: random.Random) -> int:
    """Decide on a suggestion; return how many steps that were."""
    text, counted = project.transcript(row.source).text, len(project.codings)
    if row.version != project.transcript(row.source).version:
        with pytest.raises(InvalidValue, match="is not sure"):
            project.change(row.id, code="Code")
        project.reject(row.id)
        assert len(project.codings) == counted
        return 1
    made = project.accept(row.id) if dice.random() < 0.7 else project.change(row.id, code="Code")
    if made is not None:
        span = project.coding(made).span
        assert text[span.start : span.end] == text[row.start : row.end]
        assert project.coding(made).origin in ("rules", "hand")
    assert project.suggestion(row.id).status in ("accepted", "changed")
    return 1


WORDS = ["model", "data", "plan", "late", "nobody", "🙂", "été", "we", "the", "drifts\n.", ","]


@given(st.integers(0, 2**32))
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_series_of_corrections(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    """Each coding is on its words, or on words changed inside it, or on the list; undoing all gives the bytes back.

    So is each suggestion, in every session; and what is accepted becomes a coding of the words it stood on.
    """
    dice = random.Random(seed)
    lines = [
        (dice.choice(("Ana", "Ben")), " ".join(dice.choices(WORDS, k=9)).replace("\n", "")) for _ in range(8)
    ]
    project = qc.create_project(tmp_path_factory.mktemp("any") / "study", coder="ana")
    project.add_source(transcript("P1", lines))
    project.new_code("Code")
    length = len(project.transcript("P1").text)
    for coder in ("ana", "ben"):
        for _ in range(6):
            start = dice.randrange(length - 1)
            project.code("P1", (start, dice.randint(start + 1, min(length, start + 40))), "Code", coder=coder)
    places = [(dice.randrange(length - 1), dice.choice(("Code", None))) for _ in range(8)]
    rows = [
        {"source": "P1", "start": s, "end": dice.randint(s + 1, min(length, s + 40)), "code": c}
        for s, c in places
    ]
    suggested = set(project.add_suggestions(rows, assistant="rules", version="1"))
    before, steps = files(project), 0
    for _ in range(5):
        text = project.transcript("P1").text
        known = {
            id_: (s, e, v)
            for id_, s, e, v in project.codings[["id", "start", "end", "version"]].values.tolist()
        }
        start = dice.randrange(len(text))
        end = min(len(text), start + dice.choice((0, 1, 5, 30)) + 1)
        new = "".join(dice.choices(WORDS, k=dice.randrange(5)))
        report = project.correct("P1", (start, end), new)
        if report.before == report.after:
            continue
        steps += 1
        now = project.transcript("P1").text
        assert len(project.codings) == len(known)
        unsure = qc.relocations(project)
        waiting = set(unsure["coding"]) - {None}
        mine = project.codings.query("coder == 'ana'")
        for id_, s, e, v in mine[["id", "start", "end", "version"]].values.tolist():
            old_start, old_end, old_version = known[id_]
            assert (v != report.after) == (id_ in waiting)
            if id_ in waiting or old_version != report.before:
                continue
            if old_end <= start or end <= old_start:
                assert now[s:e] == text[old_start:old_end], "untouched words are the same words"
            elif old_start < start and end < old_end:
                assert now[s:e] == text[old_start:start] + new + text[end:old_end]
        for moved in qc.relocations(project, all=True).itertuples():  # carried by comparing texts
            if moved.how in ("same", "moved", "found"):
                assert moved.new_text == moved.old_text
        table = project.suggestions
        assert set(table["id"]) == suggested, "none is dropped"
        still_open = table[table["status"] == "open"]
        lost = set(still_open["id"][still_open["version"] != report.after])
        assert lost == set(unsure["suggestion"]) - {None}, "on its words or on the list"
        assert report.suggestions.get("similar", 0) + report.suggestions.get("lost", 0) == len(lost)
        again = qc.open_project(project.path, coder="ana")
        pd.testing.assert_frame_equal(again.suggestions, table)
        pd.testing.assert_frame_equal(again.codings, project.codings)
        pd.testing.assert_frame_equal(qc.relocations(again, all=True), qc.relocations(project, all=True))
        assert (project.path / "data/suggestions/rules/P1.csv").read_bytes() == before[
            "data/suggestions/rules/P1.csv"
        ]
        if len(still_open):
            steps += decide(project, still_open.iloc[dice.randrange(len(still_open))], dice)
        assert project.check() == []
    if steps:
        project.undo(steps)
    assert files(project) == before
