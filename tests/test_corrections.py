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
    edited = [
        ["ben", "edited", BEFORE[3][1], BEFORE[3][1].replace("modle", "model")],
        ["ana", "edited", "the modle would take", "the model would take"],
    ]
    shown = ["coder", "how", "old_text", "new_text"]
    assert qc.relocations(ben, all=True)[shown].values.tolist() == [
        *edited,
        ["ben", "same", "what the columns meant", "what the columns meant"],
    ]
    ben.code("P1", "came late", "Data")
    assert qc.relocations(ben, all=True)[shown].values.tolist() == edited, "to be read again, by both"
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
    assert (report.turns, report.turns_before) == (6, 4)
    waiting = qc.relocations(study)  # what came in place of the last sign is another speaker's
    assert waiting[["coder", "how", "new_text"]].values.tolist() == [
        ["ben", "similar", "We guessed. Nobody could say how long the model would take."]
    ]
    assert study.transcript("P1").turns[5].speaker == "Penny"
    assert study.memos.set_index("id").targets[memo] == (f"turn:P1:{report.after}:6",)
    assert study.sources.loc[0, "imported_from"] == "text"
    assert ("ana", "the model would take") in quotes(study)
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


# ---------------------------------------------------------------------------- who speaks, and where

GROUP = "Interviewer: Who?\nMaria: We decide mostly purple.\nInterviewer: So?\nBob: It took weeks.\nInterviewer: Oh?\nMaria: violet.\n"


@pytest.fixture
def group(tmp_path: Path) -> qc.Project:
    (tmp_path / "g.txt").write_text(GROUP, encoding="utf-8")
    project = qc.create_project(tmp_path / "group", coder="ana")
    project.add_source(tmp_path / "g.txt", "G")
    project.add_case("M1")
    project.add_case("B1")
    project.link("G", "M1", speaker="Maria", role="participant")
    project.link("G", "B1", speaker="Bob", role="participant")
    return project


def said(project: qc.Project, source: str = "G") -> list[tuple[str | None, str]]:
    text = project.transcript(source)
    return [(turn.speaker, text.text_of(turn)) for turn in text.turns]


def edit(project: qc.Project, old: str, new: str, source: str = "G") -> qc.Project:
    """Change the text in an editor, and open the study anew."""
    file = project.path / f"data/transcripts/{source}.txt"
    file.write_bytes(file.read_bytes().replace(old.encode(), new.encode(), 1))
    with pytest.warns(UserWarning, match="edited outside"):
        return qc.open_project(project.path, coder="ana")


def test_a_corrected_label_is_another_speaker(group: qc.Project) -> None:
    place = group.transcript("G").text.index("Bob")
    report = group.correct("G", (place, place + 3), "Robert")
    assert said(group)[3] == ("Robert", "It took weeks.")
    speakers = group.speakers.set_index("speaker")
    assert "Bob" not in speakers.index
    assert speakers.loc["Robert", ["case", "role"]].tolist() == ["B1", "participant"]
    assert "1 turn has another speaker: Bob is Robert (1)" in str(report)
    assert "Robert has what was known of Bob" in str(report)
    assert group.check() == []
    group.undo()
    assert said(group)[3] == ("Bob", "It took weeks.")
    assert group.speakers.set_index("speaker").loc["Bob", "case"] == "B1"


def test_one_label_of_several_leaves_the_others(group: qc.Project) -> None:
    place = group.transcript("G").text.rindex("Maria")
    report = group.correct("G", (place, place + 5), "Ruth")
    assert [speaker for speaker, _ in said(group)] == [
        "Interviewer", "Maria", "Interviewer", "Bob", "Interviewer", "Ruth",
    ]  # fmt: skip
    assert group.speakers.set_index("speaker").loc["Maria", "case"] == "M1"
    assert group.speakers.set_index("speaker").loc["Ruth", "case"] == ""
    assert "new speaker: Ruth" in str(report)


def test_a_new_line_with_a_label_is_a_new_turn(group: qc.Project) -> None:
    code = group.code("G", "It took weeks.", "Time", create=True)
    memo = group.memo("why?", "turn:G:4")
    group = edit(group, "So?\n", "So?\nMaria: One more.\n")
    assert said(group)[3:5] == [("Maria", "One more."), ("Bob", "It took weeks.")]
    assert "1 turn is new: 4" in str(group.take_edits()) or len(said(group)) == 7
    assert group.memos.set_index("id").targets[memo][0].endswith(":5"), "the memo stays with its turn"
    assert qc.retrieve(group).set_index("coding").loc[code, "speaker"] == "Bob"
    group.correct("G", "One more.", "One more.\nThat goes on.\nInterviewer: Yes?")
    assert said(group)[3:5] == [("Maria", "One more.\nThat goes on."), ("Interviewer", "Yes?")]
    assert group.check() == []


def test_a_label_taken_out_joins_the_turn_to_the_one_above(group: qc.Project) -> None:
    place = group.transcript("G").text.index("Interviewer: So")
    report = group.correct("G", (place, place + len("Interviewer: ")), "")
    assert said(group)[1] == ("Maria", "We decide mostly purple.\nSo?")
    assert "2 turns were put together: 2, 3 of the text before" in str(report)


def test_a_colon_inside_talk_makes_no_turn(group: qc.Project) -> None:
    group.correct("G", "It took weeks.", "It took this: weeks.\nThe first one is: trust.")
    assert said(group)[3] == ("Bob", "It took this: weeks.\nThe first one is: trust.")


def test_speakers_that_were_renamed_at_import_stay_renamed(tmp_path: Path) -> None:
    (tmp_path / "g.txt").write_text(GROUP, encoding="utf-8")
    project = qc.create_project(tmp_path / "study", coder="ana")
    project.add_source(tmp_path / "g.txt", "G", speakers={"Maria": "KM"})
    project.correct("G", "So?\n", "So?\nMaria: One more.\n")
    assert [speaker for speaker, _ in said(project)] == [
        "Interviewer", "KM", "Interviewer", "KM", "Bob", "Interviewer", "KM",
    ]  # fmt: skip


def test_turns_that_no_label_told_follow_the_text(tmp_path: Path) -> None:
    project = qc.create_project(tmp_path / "study", coder="ana")
    text = "We went.\nThey came: late.\n"
    turns = (Turn(1, "Ana", qc.Span(0, 8)), Turn(2, "Ben", qc.Span(9, 25)))
    project.add_source(qc.Transcript("P1", "P1", text, turns))
    project.correct("P1", "We went.\n", "We went.\nAna: Home.\n")
    assert [speaker for speaker, _ in said(project, "P1")] == ["Ana", "Ben"]
    (tmp_path / "c.vtt").write_text(
        "WEBVTT\n\n00:01.000 --> 00:02.000\nAna: One.\n\n00:03.000 --> 00:04.000\nBen: Two.\n\n"
        "00:05.000 --> 00:06.000\nAna: Three.\n",
        encoding="utf-8",
    )
    project.add_source(tmp_path / "c.vtt", "C")
    before = said(project, "C")
    project.correct("C", "Two.", "Two.\nAna: And.")
    assert [speaker for speaker, _ in said(project, "C")] == [speaker for speaker, _ in before]


def test_the_same_text_with_other_speakers_is_not_the_same(group: qc.Project, tmp_path: Path) -> None:
    coding = group.code("G", "violet.", "Colour", create=True)
    memo = group.memo("hm", "turn:G:6")
    version = group.transcript("G").version
    report = group.update_source("G", tmp_path / "g.txt", speakers={"Maria": "KM"})
    assert report.before == report.after == version
    assert "the text is the same" in str(report)
    assert "2 turns have another speaker: Maria is KM (2)" in str(report)
    assert said(group)[5] == ("KM", "violet.")
    assert group.speakers.set_index("speaker").loc["KM", "case"] == "M1"
    assert group.coding(coding).version == version
    assert group.memos.set_index("id").targets[memo] == (f"turn:G:{version}:6",)
    again = group.update_source("G", tmp_path / "g.txt", speakers={"Maria": "KM"})
    assert "text, turns and speakers are the same; nothing was changed" in str(again)
    roles = group.update_source("G", tmp_path / "g.txt", speakers={"Maria": "KM"}, roles={"Bob": "other"})
    assert "nothing was changed" not in str(roles)
    assert group.speakers.set_index("speaker").loc["Bob", "role"] == "other"
    group.undo(2)
    assert said(group)[5] == ("Maria", "violet.")


def test_turns_with_memos_of_others_keep_their_numbers(group: qc.Project) -> None:
    before = group.transcript("G")
    group.memo("mine", "turn:G:6", coder="ben")
    joined = qc.Transcript(
        "G", "G", before.text, tuple(Turn(t.number, t.speaker, t.span) for t in before.turns[:5])
    )
    with pytest.raises(Refused, match=r"ben wrote a memo on one of them"):
        group.update_source("G", joined)
    assert len(said(group)) == 6


# ---------------------------------------------------------------------------- places that are not taken for sure


def test_a_coding_does_not_grow_over_what_somebody_else_says(group: qc.Project) -> None:
    group.code("G", "We decide mostly purple.", "Colour", create=True)
    group = edit(group, "purple.", "\nBob: I doubt that.")
    assert said(group)[1:3] == [("Maria", "We decide mostly"), ("Bob", "I doubt that.")]
    waiting = qc.relocations(group)
    assert waiting[["how", "new_text"]].values.tolist() == [["similar", "We decide mostly"]]


@given(st.integers(0, 2**32))
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_what_is_sure_neither_grew_much_nor_took_in_a_turn(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    dice = random.Random(seed)
    words = [*WORDS, "\nAna:", "\nBen: no", "\nCem: yes and no"]
    lines = [
        f"{dice.choice(('Ana', 'Ben'))}: {' '.join(dice.choices(WORDS[:8], k=8))}"
        for _ in range(dice.randint(2, 7))
    ]
    project = qc.create_project(tmp_path_factory.mktemp("grow") / "study", coder="ana")
    file = project.path / "t.txt"
    file.write_text("\n".join(lines), encoding="utf-8")
    project.add_source(file, "P1", roles={"Ana": "participant", "Ben": "participant"})
    project.new_code("Code")
    text = project.transcript("P1").text
    for _ in range(6):
        start = dice.randrange(len(text) - 1)
        project.code("P1", (start, dice.randint(start + 1, min(len(text), start + 50))), "Code", coder="ben")
    old_turns = project.transcript("P1").turns
    start = dice.randrange(len(text))
    end = min(len(text), start + dice.choice((0, 1, 6, 30)))
    new = text[:start] + " ".join(dice.choices(words, k=dice.randint(1, 6))) + text[end:]
    if dice.random() < 0.5 and end > start:
        project.correct("P1", (start, end), new[start : len(new) - len(text) + end])
    else:
        project.update_source("P1", _as_file(file, new), roles={"Ana": "participant", "Ben": "participant"})
    new_turns = project.transcript("P1").turns
    for each in qc.relocations(project, all=True).itertuples():
        if each.how == "edited":
            assert len(each.new_text) - len(each.old_text) <= len(each.old_text)
            begun, now = (
                sum(s < turn.span.start < e for turn in turns)
                for turns, s, e in (
                    (old_turns, each.start, each.end),
                    (new_turns, each.new_start, each.new_end),
                )
            )
            assert now <= begun


def _as_file(file: Path, text: str) -> Path:
    file.write_text(text, encoding="utf-8")
    return file


def test_two_codings_that_became_one_passage_count_once_and_are_said(tmp_path: Path) -> None:
    project = qc.create_project(tmp_path / "study", coder="ana")
    project.add_source(transcript())
    first = project.code("P1", "the modle would", "Guess", create=True)
    second = project.code("P1", "the modle would take", "Guess")
    report = project.correct("P1", "would take", "would")
    assert report.placed == {"edited": 1, "double": 1} or report.placed == {"same": 1, "double": 1}
    assert report.to_review == 1
    assert "became the same as another" in str(report)
    kept, double = (first, second) if project.coding(first).version == report.after else (second, first)
    assert qc.relocations(project)[["coding", "how"]].values.tolist() == [[double, "double"]]
    assert qc.retrieve(project)["coding"].tolist() == [kept]
    with pytest.raises(InvalidValue, match="would become the same"):
        project.relocate(double)
    project.uncode(double)
    assert qc.relocations(project).empty
    assert project.check() == []


def test_a_corrected_study_reads_the_same_after_it_is_opened_again(group: qc.Project) -> None:
    ben = qc.open_project(group.path, coder="ben")
    ben.code("G", "mostly purple", "Colour", create=True)
    ben.code("G", "violet.", "Colour")
    report = group.correct("G", "mostly purple", "by arrangement")
    group.correct("G", "violet.", "lilac, as it were.")
    group.correct("G", "So?", "And so?")
    assert report.placed == {"same": 1, "edited": 1} or report.placed == {"moved": 1, "edited": 1}
    here = quotes(group)
    assert ("ben", "by arrangement") in here
    assert quotes(qc.open_project(group.path, coder="ana")) == here
    group.update_source(
        "G", _as_file(group.path / "new.txt", group.transcript("G").text.replace("Who?", "Who is it?"))
    )
    assert ("ben", "by arrangement") in quotes(qc.open_project(group.path, coder="ana"))
    group.undo(4)
    assert ("ben", "mostly purple") in quotes(qc.open_project(group.path, coder="ana"))


# ---------------------------------------------------------------------------- what is to be read again, and said


def test_codings_with_words_changed_inside_are_named_until_they_were_read_again(group: qc.Project) -> None:
    mine = group.code("G", "We decide mostly purple.", "Colour", create=True)
    bens = group.code("G", "We decide mostly", "Deciding", create=True, coder="ben")
    group.code("G", "It took weeks.", "Time", create=True)
    report = group.correct("G", "We decide", "We never decide")
    assert {each.coding for each in report.edited} == {mine, bens}
    assert {each.before for each in report.edited} == {"We decide mostly purple.", "We decide mostly"}
    assert {each.after for each in report.edited} == {
        "We never decide mostly purple.",
        "We never decide mostly",
    }
    assert mine in str(report)
    assert "purple" not in repr(report)
    listed = qc.relocations(group, all=True).query("how == 'edited'").set_index("coding")
    assert listed.loc[mine, ["old_text", "new_text"]].tolist() == [
        "We decide mostly purple.",
        "We never decide mostly purple.",
    ]
    assert bens in listed.index
    assert qc.relocations(group).empty, "they keep their place and are counted"
    group.relocate(mine)
    assert mine not in qc.relocations(group, all=True)["coding"].tolist()
    group.undo()
    assert mine in qc.relocations(group, all=True)["coding"].tolist()
    group.undo()
    assert qc.relocations(group, all=True).empty
    group.redo()
    assert mine in qc.relocations(group, all=True)["coding"].tolist()
    group.resize(mine, "We never decide")
    assert mine not in qc.relocations(group, all=True)["coding"].tolist()
    group.correct("G", "never ", "")
    group.correct("G", "We decide", "We never decide")
    assert mine not in qc.relocations(group, all=True)["coding"].tolist(), (
        "its words are those it was placed on"
    )


def test_a_newer_file_is_reported_like_an_import(group: qc.Project, tmp_path: Path) -> None:
    file = _as_file(tmp_path / "new.txt", "Who?\nWe decide.\nSo?\nIt took weeks.\n")
    report = group.update_source("G", file, speakers={"Zorro": "Z"})
    assert [note.message for note in report.notes if "Zorro" in note.message]
    assert "a new text of 0 turns, 6 before" in str(report)
    assert "Maria speaks in no turn any more; the link to M1 is gone" in str(report)


def test_another_interview_is_asked_about(group: qc.Project, tmp_path: Path) -> None:
    other = "".join(
        f"I: And then?\nP9: In {year} we moved on to something else.\n" for year in range(1990, 2010)
    )
    report = group.update_source("G", _as_file(tmp_path / "other.txt", other))
    assert "is it the same interview?" in str(report)
    group.undo()
    report = group.update_source("G", _as_file(tmp_path / "g2.txt", GROUP.replace("weeks", "many weeks")))
    assert "is it the same interview?" not in str(report)


def test_a_pseudonym_that_is_not_given_again_is_noticed(tmp_path: Path) -> None:
    text = "I: Why?\nMaria: I did, with Jonas.\nI: Both?\nMaria: Yes.\n"
    project = qc.create_project(tmp_path / "study", coder="ana")
    file = _as_file(tmp_path / "talk.txt", text)
    project.add_source(file, "P1", pseudonyms={"Maria": "Ruth", "Jonas": "Tom", "Zorro": "Q"})
    _as_file(file, text.replace("I did", "I did it"))
    with pytest.raises(Refused, match=r"Tom is not in the new text, .* so a real name may come in"):
        project.update_source("P1", file, pseudonyms={"Maria": "Ruth"})
    report = project.update_source("P1", file, pseudonyms={"Maria": "Ruth", "Jonas": "Tom", "Zorro": "Q"})
    assert [note.message for note in report.notes if "never found: Q" in note.message]
    held = b"".join(path.read_bytes() for path in project.path.rglob("*") if path.is_file())
    assert b"Jonas" not in held
    already = _as_file(file, text.replace("Jonas", "Tom"))
    project.update_source("P1", already, pseudonyms={"Maria": "Ruth"})


@pytest.mark.parametrize(
    ("count", "words"), [(1, "1 coding moved with its words"), (2, "2 codings moved with their words")]
)
def test_one_coding_is_spoken_of_as_one(tmp_path: Path, count: int, words: str) -> None:
    project = qc.create_project(tmp_path / "study", coder="ana")
    project.add_source(transcript())
    for quote in ("came late", "data came late")[:count]:
        project.code("P1", quote, "Data", create=True)
    assert f"  {words}\n" in f"{project.correct('P1', 'modle', 'model, I think,')}\n"


# -- what a newer file takes back, and what is told of turns -------------------------------------------


def test_a_newer_file_that_takes_back_corrections_says_so(study: qc.Project) -> None:
    study.correct("P1", "modle", "model")
    study.correct("P1", "The data came late", "The data came very late")
    study.correct("P1", "And the data?", "And your data?")
    typed = transcript(
        lines=[
            (who, words.replace("columns", "fields").replace("And the", "And your")) for who, words in LINES
        ]
    )
    report = study.update_source("P1", typed)
    said = "2 corrections made here before are not in this file (turns 2, 4 of the text before); project.undo() keeps them"
    assert said in str(report)
    study.undo()
    text = study.transcript("P1").text
    better = text.replace("columns", "fields")
    again = transcript().__class__("P1", "P1", better, ())
    assert "corrections" not in str(study.update_source("P1", again)), "a file that has them says nothing"


def test_what_is_to_be_read_again_is_told_by_code_and_turn(study: qc.Project) -> None:
    report = study.correct("P1", "modle", "model")
    assert "(Guessing, turn 2)" in str(report)
    table = qc.relocations(study, all=True)
    assert table.loc[table["how"] == "edited", "turn"].tolist() == [2, 2]


def test_no_place_is_proposed_that_reaches_into_another_turn(tmp_path: Path) -> None:
    """Found on a real transcript: the proposal took in the label of the next speaker."""
    lines = [
        ("Interviewer", "How do you use it?"),
        ("Penny", "I use it almost without thinking about it. It is a habit, something that I do."),
        ("Mel", "And in the evening?"),
        ("Penny", "It is something that I do without thinking about it"),
        ("Mel", "Thinking about it, would you stop?"),
    ]
    project = qc.create_project(tmp_path / "study", coder="ana")
    project.new_code("Habit")
    project.add_source(transcript(lines=lines))
    project.code("P1", "I use it almost without thinking about it", "Habit")
    lines[1] = (
        "Penny",
        "Well, I used to, honestly, it was without a thought. It is a habit, something that I do.",
    )
    project.update_source("P1", transcript(lines=lines))
    new = project.transcript("P1")
    for row in qc.relocations(project).itertuples():
        if row.new_start is not pd.NA:
            inside = [t for t in new.turns if t.span.start <= row.new_start and row.new_end <= t.span.end]
            assert inside, "the place lies within one turn"


def test_a_file_with_other_times_of_the_same_text_says_how_to_take_them(study: qc.Project) -> None:
    from dataclasses import replace

    finer = transcript()
    finer = replace(finer, turns=tuple(replace(t, begins=(t.begins or 0) + 0.25) for t in finer.turns))
    report = study.add_source(finer)
    assert "The times in this file are others: project.update_source('P1', path) takes them." in str(report)
    study.update_source("P1", finer)
    assert study.turns["begins"].tolist()[0] == 10.25
    assert "times" not in str(study.add_source(finer)).split("already", 1)[1]
