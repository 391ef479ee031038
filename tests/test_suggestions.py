"""What assistants suggest is kept beside the codings, counts nowhere, and becomes a coding only by a person."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import qualcode as qc
from qualcode.errors import FileProblems, InvalidValue, NotFound, Refused
from qualcode.span import Span
from qualcode.suggestion import (
    SUGGESTION_COLUMNS,
    Suggestion,
    format_suggestions,
    parse_suggestion,
    parse_suggestions,
    suggestion_row,
)
from qualcode.testing import make_project, sentences_of


@pytest.fixture
def study(tmp_path: Path) -> qc.Project:
    made = make_project(tmp_path / "study")
    return qc.open_project(made.path, coder="ana")


def files(project: qc.Project) -> dict[str, bytes]:
    """Return the study's files without the log, which only ever grows."""
    return {
        path.relative_to(project.path).as_posix(): path.read_bytes()
        for path in sorted(project.path.rglob("*"))
        if path.is_file() and not {".versions", ".pending", "log"} & set(path.parts)
    }


ROWS: list[dict[str, Any]] = [
    {"source": "S1", "turn": 2, "code": "Trust", "score": 0.91, "rank": 1, "reason": "rule:faith -role:respondent"},
    {"source": "S1", "turn": 2, "code": "delay", "score": 1 / 3, "rank": 2},
    {"source": "S1", "turn": 4, "code": None, "score": 0.8, "reason": ["rule:short"]},
    {"source": "S2", "turn": 6, "code": "Waiting for data", "evidence": ["code:Waiting for data", "span:S1:0:9"]},
]  # fmt: skip


def suggest(project: qc.Project, rows: Any = None, **options: Any) -> list[str]:
    given = {"assistant": "rules", "version": "1", **options}
    return project.add_suggestions(pd.DataFrame(ROWS) if rows is None else rows, **given)


# -- keeping -------------------------------------------------------------------------------------------


def test_what_is_suggested_is_a_table_and_no_coding(study: qc.Project) -> None:
    codings = study.codings
    ids = suggest(study, settings={"words": 3, "also": "x"}, model="keywords", training="0a1b")
    table = study.suggestions.set_index("id").loc[ids]
    assert table["code"].tolist() == ["trust", "delay", None, "waiting"]
    assert table["rank"].isna().tolist() == [False, False, True, True]
    assert table["score"].round(2).tolist()[:3] == [0.91, 0.33, 0.8]
    assert table["reason"].tolist()[0] == ("rule:faith", "-role:respondent")
    version = study.transcript("S1").version
    assert table["evidence"].tolist()[3] == ("code:waiting", f"span:S1:{version}:0:9")
    assert set(table["assistant"]) == {"rules"}
    assert set(table["status"]) == {"open"}
    assert set(table["decided_by"]) == {()}
    assert set(table["training"]) == {"0a1b"}
    spans = [study.transcript("S1").turns[number - 1].span for number in (2, 2, 4)]
    assert list(zip(table["start"], table["end"], strict=True))[:3] == [(s.start, s.end) for s in spans]
    pd.testing.assert_frame_equal(study.codings, codings)
    coder = study.coders.set_index("coder").loc["rules"]
    assert coder.tolist() == ["rules", "machine", "keywords", "1"]
    assert (
        'settings = "{\\"also\\": \\"x\\", \\"words\\": 3}"'
        in (study.path / "data/coders/rules.toml").read_text()
    )
    assert study.check() == []
    assert study.suggestion(ids[2]).code is None
    assert study.suggestion(ids[0]).span == spans[0]
    table.loc[ids[0], "code"] = "delay"
    assert study.suggestion(ids[0]).code == "trust", "the table is a copy"
    about = study.history(verb="add suggestions")["about"].tolist()
    assert about == ["assistant rules, version 1, sources S1, S2, suggestions 4"]


def test_suggestions_count_in_no_matrix_and_no_count(study: qc.Project) -> None:
    def everything() -> list[Any]:
        matrices = [
            qc.matrix(study, "point", "theme"),
            qc.matrix(study, "theme", "source", count_by="coding"),
        ]
        return [
            *[(m.to_frame().to_csv(), m.rule) for m in matrices],
            qc.code_counts(study).to_csv(),
            qc.retrieve(study).to_csv(),
            qc.show(study, "S1", 1, 6)._repr_html_(),
            study.progress.to_csv(),
            repr(study).replace("3 coders", "2 coders"),
        ]

    before = everything()
    for pair in sentences_of(study.transcript("S1")):
        for code in ("trust", "communication", "process"):
            suggest(study, [{"source": "S1", "start": pair[0].start, "end": pair[1].end, "code": code}])
    assert len(study.suggestions) == 9
    assert everything() == before


def test_one_wrong_row_and_nothing_is_kept_and_every_wrong_row_is_named(study: qc.Project) -> None:
    before = files(study)
    rows = [
        {**ROWS[0], "score": 91},
        {**ROWS[0], "code": "Trsut"},
        {**ROWS[0], "source": "S9"},
        {**ROWS[0], "turn": 99},
        {**ROWS[0], "rank": 0},
        {**ROWS[0], "reason": "nobody told us"},
        {**ROWS[0], "evidence": "memo:12"},
        {**ROWS[0], "evidence": "coding:12"},
        {**ROWS[0], "version": "0123456789abcdef"},
        {**ROWS[0], "code": "Team", "score": "certain"},
        {"source": "S1", "turn": 2},
        ROWS[0],
    ]
    with pytest.raises(FileProblems) as caught:
        suggest(study, rows)
    lines = str(caught.value).splitlines()
    expected = [
        r"table:1: the score '91' is no number from 0 to 1",
        r"table:2: .*no code 'Trsut'.* Did you mean 'Trust'\?",
        r"table:3: The study has no source 'S9'",
        r"table:4: S1 has no turn 99",
        r"table:5: the rank '0' is none: it is 1 for the likeliest",
        r"table:6: the reason must be names such as rule:waiting .*: words of a transcript must not stand here",
        r"table:7: the evidence must be references",
        r"table:8: There is no coding '12'",
        r"table:9: was made on the text version 0123456789abcdef",
        r"table:10: the score 'certain' is no number",
        r"table:11: source and code must be columns; an empty code says 'probably nothing here'",
    ]
    assert len(lines) == len(expected)
    for line, pattern in zip(lines, expected, strict=True):
        assert re.match(pattern, line), line
    assert "nobody told us" not in str(caught.value)
    assert files(study) == before
    assert study.suggestions.empty


def test_no_word_of_a_transcript_is_kept_beside_a_suggestion(study: qc.Project) -> None:
    """An assistant reads project.turns, text and all; what it gives back may still hold these columns."""
    table = study.turns.query("source == 'S1' and role == 'participant'").assign(code="trust", score=0.5)
    suggest(study, table)
    words = {word for text in table["text"] for word in re.findall(r"\(\d+[xy]\)", text)}
    assert words
    held = (study.path / "data/suggestions/rules/S1.csv").read_bytes()
    logged = (study.path / "data/log/ana.jsonl").read_text(encoding="utf-8")
    assert not [word for word in words if word.encode() in held or word in logged]
    assert held.split(b"\n")[0].decode().split(",") == list(SUGGESTION_COLUMNS)


def test_the_same_suggestion_is_kept_once(study: qc.Project) -> None:
    ids = suggest(study)
    before, steps = files(study), len(study.history())
    assert suggest(study) == ids
    assert files(study) == before
    assert len(study.history()) == steps
    assert suggest(study, version="2") != ids
    assert len(study.suggestions) == 8
    assert study.coders.set_index("coder").version["rules"] == "2"
    # its words stand elsewhere by now, and it says the same of the same words
    study.correct("S1", (0, 9), "A made-up")
    again = suggest(study, version="2")
    assert len(study.suggestions) == 8
    assert set(again) <= set(study.suggestions["id"])
    assert study.check() == []


def test_undo_takes_the_batch_with_its_assistant(study: qc.Project) -> None:
    before = files(study)
    suggest(study)
    after = files(study)
    assert study.undo()["verb"].tolist() == ["add suggestions"]
    assert files(study) == before
    assert study.suggestions.empty
    study.redo()
    assert files(study) == after
    assert study.check() == []


def test_undo_takes_one_of_two_batches(study: qc.Project) -> None:
    first = suggest(study)
    ben = qc.open_project(study.path, coder="ben")
    second = suggest(ben, version="2")
    study.undo(coder="ana")
    assert sorted(study.suggestions["id"]) == sorted(second)
    assert not set(first) & set(second)
    assert study.coders.set_index("coder").kind["rules"] == "machine"
    assert study.check() == []


def test_only_a_machine_suggests(study: qc.Project) -> None:
    before = files(study)
    with pytest.raises(
        InvalidValue, match="'ben' is a coder of kind human, and only a machine makes suggestions"
    ):
        suggest(study, assistant="ben")
    with pytest.raises(InvalidValue, match="cannot be called 'hand'"):
        suggest(study, assistant="hand")
    suggest(study)
    with pytest.raises(InvalidValue, match="has a coder 'rules'; some computers"):
        suggest(study, assistant="Rules")
    with pytest.raises(InvalidValue, match="version of the assistant '' must be one line"):
        suggest(study, version="")
    study.undo()
    assert files(study) == before


def test_what_else_is_said_of_the_assistant_stays(study: qc.Project) -> None:
    suggest(study, model="keywords")
    file = study.path / "data/coders/rules.toml"
    file.write_text(file.read_text() + 'cite = "Ana, 2026"  # ours\n')
    suggest(study, version="2")
    assert 'cite = "Ana, 2026"  # ours' in file.read_text()
    assert study.coders.set_index("coder").loc["rules", ["model", "version"]].tolist() == ["keywords", "2"]


# -- deciding ------------------------------------------------------------------------------------------


def test_an_accepted_suggestion_is_a_coding_of_the_person_with_its_origin(study: qc.Project) -> None:
    ids = suggest(study)
    before = files(study)
    coding = study.accept(ids[1], memo="so it is")
    assert coding is not None
    made = study.coding(coding)
    assert (made.coder, made.code, made.origin, made.stance) == ("ana", "delay", "rules", "supports")
    assert made.span == study.suggestion(ids[1]).span
    assert study.suggestions.set_index("id").status.loc[ids].tolist() == ["open", "accepted", "open", "open"]
    assert study.suggestions.set_index("id").decided_by[ids[1]] == ("ana",)
    decided = study.decisions.iloc[0]
    assert decided[["suggestion", "source", "assistant", "coder", "decision", "coding"]].tolist() == [
        ids[1], "S1", "rules", "ana", "accepted", coding,
    ]  # fmt: skip
    assert study.accept(ids[1]) == coding, "a notebook can be run twice"
    assert study.codings.query("origin == 'rules'")["id"].tolist() == [coding]
    assert study.check() == []
    after = files(study)
    assert study.undo()["verb"].tolist() == ["accept"]
    assert files(study) == before
    study.redo()
    assert files(study) == after


def test_nothing_here_is_accepted_without_a_coding(study: qc.Project) -> None:
    ids = suggest(study)
    count = len(study.codings)
    assert study.accept(ids[2]) is None
    assert len(study.codings) == count
    assert study.suggestion(ids[2]).status == "accepted"
    study.reopen(ids[2])
    with pytest.raises(InvalidValue, match="says that there is probably nothing here"):
        study.change(ids[2], where=qc.turn(4))
    coding = study.change(ids[2], code="Process")
    assert study.coding(coding).span == study.transcript("S1").turns[3].span
    assert study.suggestion(ids[2]).status == "changed"


def test_a_changed_suggestion_has_the_code_and_borders_of_the_person(study: qc.Project) -> None:
    ids = suggest(study)
    first, _ = sentences_of(study.transcript("S1"))[0]
    coding = study.change(ids[1], code="Roles", where=first, stance="counters")
    made = study.coding(coding)
    assert (made.code, made.span, made.stance, made.origin) == ("roles", first, "counters", "rules")
    assert study.decisions["decision"].tolist() == ["changed"]
    with pytest.raises(InvalidValue, match="say what is to be another"):
        study.change(ids[0])
    with pytest.raises(InvalidValue, match=rf"ana decided on the suggestion {ids[1]} before: changed"):
        study.accept(ids[1])
    assert study.check() == []


def test_what_was_coded_by_hand_stays_by_hand(study: qc.Project) -> None:
    first, _ = sentences_of(study.transcript("S1"))[0]
    hand = study.codings.query("coder == 'ana' and source == 'S1' and code == 'trust'").iloc[0]
    (id_,) = suggest(study, [{"source": "S1", "start": first.start, "end": first.end, "code": "trust"}])
    count = len(study.codings)
    assert study.accept(id_) == hand.id
    assert study.coding(hand.id).origin == hand.origin
    study.reopen(id_)
    assert len(study.codings) == count, "reopening takes away only what the decision made"
    assert study.suggestion(id_).status == "open"


def test_a_rejected_suggestion_stays_on_record(study: qc.Project) -> None:
    ids = suggest(study)
    before = study.codings
    study.reject(ids[0])
    study.reject(ids[0])
    pd.testing.assert_frame_equal(study.codings, before)
    assert study.suggestions.set_index("id").status[ids[0]] == "rejected"
    assert len(study.decisions) == 1
    with pytest.raises(InvalidValue, match=r"before: rejected. Take that back first with project.reopen"):
        study.accept(ids[0])
    study.reopen(ids[0])
    assert study.accept(ids[0]) is not None
    study.reopen(ids[0])
    pd.testing.assert_frame_equal(study.codings, before)
    with pytest.raises(InvalidValue, match="ana has not decided"):
        study.reopen(ids[0])
    assert study.check() == []


def test_two_coders_decide_each_for_themselves(study: qc.Project) -> None:
    ids = suggest(study)
    coding = study.accept(ids[0])
    study.reject(ids[0], coder="ben")
    assert study.decisions["decision"].tolist() == ["accepted", "rejected"]
    row = study.suggestions.set_index("id").loc[ids[0]]
    assert row.decided_by == ("ana", "ben")
    assert row.status in ("accepted", "rejected")
    assert coding in set(study.codings["id"])
    with pytest.raises(Refused, match=r"ben already has decisions that use suggestion"):
        study.undo(2)
    study.undo()
    assert study.suggestion(ids[0]).status == "rejected"
    with pytest.raises(Refused, match=r"cannot be taken back: ben already has decisions"):
        study.undo()


def test_only_a_person_decides(study: qc.Project) -> None:
    ids = suggest(study)
    with pytest.raises(Refused, match="'rules' is a coder of kind machine; only a person decides"):
        study.accept(ids[0], coder="rules")
    with pytest.raises(NotFound, match="There is no suggestion 'x'"):
        study.accept("x")
    study.retire_code("trust")
    with pytest.raises(InvalidValue, match="'Trust' is retired"):
        study.accept(ids[0])
    study.merge_codes("delay", into="process")
    coding = study.accept(ids[1])
    assert study.coding(str(coding)).code == "process"
    assert study.suggestions.set_index("id").code[ids[1]] == "process"


def test_several_decisions_are_one_step_in_a_batch(study: qc.Project) -> None:
    before = files(study)
    with study.batch():
        ids = suggest(study)
        study.accept(ids[0])
        study.reject(ids[1])
        with pytest.raises(InvalidValue):
            study.change(ids[2], where=qc.turn(2))
    assert study.suggestions.set_index("id").status.loc[ids].tolist() == [
        "accepted",
        "rejected",
        "open",
        "open",
    ]
    assert study.check() == []
    study.undo()
    assert files(study) == before


def test_who_codes_on_what_was_suggested_is_not_undone_away(study: qc.Project) -> None:
    study.new_code("Lateness", id="lateness", facet="point")
    ben = qc.open_project(study.path, coder="ben")
    suggest(ben, [{"source": "S1", "turn": 2, "code": "Lateness"}])
    with pytest.raises(Refused, match="rules already has suggestions that use code lateness"):
        study.undo()
    book = qc.Codebook(study.codebook.facets, tuple(c for c in study.codebook.codes if c.id != "lateness"))
    with pytest.raises(Refused, match="lacks 1 codes that suggestions use"):
        study.replace_codebook(book)


# -- hiding --------------------------------------------------------------------------------------------


def test_a_study_that_wants_no_assistants_shows_none(study: qc.Project) -> None:
    ids = suggest(study)
    study.reject(ids[0])
    settings = study.path / "qualcode.toml"
    settings.write_text(settings.read_text().replace('assist = "on"', 'assist = "off"'))
    before = files(study)
    assert study.suggestions.empty
    assert study.decisions.empty
    assert study.suggestions.columns.tolist()[:3] == ["id", "source", "start"]
    for verb in (study.accept, study.reject, study.reopen, study.suggestion):
        with pytest.raises(Refused, match=r'says assist = "off"'):
            verb(ids[1])
    with pytest.raises(Refused, match=r'says assist = "off"'):
        suggest(study)
    study.correct("S1", qc.turn(2), "Nothing at all.")
    assert "suggestion" not in set(qc.relocations(study, all=True)["kind"])
    study.undo()
    assert files(study) == before
    assert study.check() == []
    settings.write_text(settings.read_text().replace('assist = "off"', 'assist = "On"'))
    with pytest.raises(FileProblems, match=r"qualcode\.toml @ assist: says neither on nor off"):
        qc.open_project(study.path)


# -- texts that change ---------------------------------------------------------------------------------


def test_suggestions_follow_their_words_or_wait(study: qc.Project) -> None:
    ids = suggest(study)
    stored = (study.path / "data/suggestions/rules/S1.csv").read_bytes()
    before = files(study)
    words = {id_: quote(study, id_) for id_ in ids}
    report = study.correct("S1", (0, 9), "Made up")
    assert report.suggestions == {"moved": 3}
    assert "  3 suggestions followed the words" in str(report)
    assert {id_: quote(study, id_) for id_ in ids} == words
    assert set(study.suggestions["version"]) == {study.transcript(s).version for s in ("S1", "S2")}
    assert study.accept(ids[0]) is not None
    study.undo()
    turns = study.transcript("S1").turns  # the end of a question and its answer at once: its border goes
    report = study.correct("S1", (turns[2].span.end - 1, turns[3].span.end), "!\nS1: No.")
    assert "  1 suggestion lost the place; see qc.relocations(project)" in str(report)
    waiting = qc.relocations(study).query("kind == 'suggestion'")
    assert waiting[["suggestion", "coding", "coder", "code"]].values.tolist() == [
        [ids[2], None, "rules", None]
    ]
    assert set(waiting["how"]) <= {"similar", "lost"}
    assert set(qc.relocations(study).query("kind == 'coding'")["suggestion"]) == {None}
    assert waiting["old_text"].tolist() == [words[ids[2]]]
    assert len(study.suggestions) == 4, "none is dropped"
    assert (study.path / "data/suggestions/rules/S1.csv").read_bytes() == stored, "written once"
    with pytest.raises(InvalidValue, match=r"place of the suggestion \w+ in it is not sure"):
        study.change(ids[2], code="Process")
    coding = study.change(ids[2], code="Process", where="No.")
    assert study.transcript("S1").text[study.coding(coding).span.start :].startswith("No.")
    assert qc.relocations(study).query("kind == 'suggestion'").empty
    study.undo()
    study.reject(ids[2])
    assert qc.relocations(study).query("kind == 'suggestion'").empty
    study.undo(3)
    assert files(study) == before


def quote(project: qc.Project, id_: str) -> str:
    row = project.suggestions.set_index("id").loc[id_]
    return project.transcript(row.source).text[row.start : row.end]


def test_an_edit_outside_and_a_newer_file_move_suggestions_too(study: qc.Project, tmp_path: Path) -> None:
    ids = suggest(study)
    words = [quote(study, id_) for id_ in ids]
    file = study.path / "data/transcripts/S1.txt"
    file.write_text("Two lines\nmore.\n" + file.read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.warns(UserWarning, match="3 suggestions followed the words"):
        opened = qc.open_project(study.path, coder="ana")
    assert [quote(opened, id_) for id_ in ids] == words
    newer = tmp_path / "newer.txt"
    newer.write_text(
        opened.transcript("S1").text.replace("What about part 3", "And part 3"), encoding="utf-8"
    )
    opened.update_source("S1", newer)
    assert [quote(opened, id_) for id_ in ids] == words
    assert opened.check() == []


def test_a_removed_source_takes_its_suggestions_and_undo_brings_them(study: qc.Project) -> None:
    study.add_source(qc.Transcript("S9", "S9", "Some words of nobody.\n", ()), synthetic=True)
    (id_,) = suggest(study, [{"source": "S9", "quote": "words of nobody", "code": "trust"}])
    study.accept(id_)
    before = files(study)
    study.remove_source("S9")
    assert study.suggestions.empty
    assert study.decisions.empty
    assert not (study.path / "data/suggestions").exists()
    assert study.check() == []
    study.undo()
    assert files(study) == before
    study.undo()
    study.reject(id_, coder="ben")
    with pytest.raises(Refused, match="ben decided on suggestions in it"):
        study.remove_source("S9")
    study.reopen(id_, coder="ben")
    study.remove_source("S9")
    assert study.check() == []


# -- two copies ----------------------------------------------------------------------------------------


def test_an_assistant_that_ran_in_two_copies_suggested_it_once(study: qc.Project, tmp_path: Path) -> None:
    shutil.copytree(study.path, tmp_path / "bens")
    ben = qc.open_project(tmp_path / "bens", coder="ben")
    mine = suggest(study)
    theirs = suggest(ben, [*ROWS[:2], {**ROWS[0], "code": "roles"}])
    study.accept(mine[0])
    ben.reject(theirs[0])
    ben.change(theirs[1], code="process")
    merged = shutil.copytree(study.path, tmp_path / "merged")
    one = qc.open_project(merged, coder="ana")
    report = one.merge(ben.path)
    assert not report.conflicts
    assert not report.notes
    assert set(one.suggestions["id"]) == {*mine, *theirs}
    assert one.decisions[["coder", "decision"]].values.tolist().count(["ben", "rejected"]) == 1
    assert len(one.decisions) == 3
    assert one.check() == []
    ben.merge(study.path)
    assert files(ben) == files(one), "the order of merging does not matter"
    again = qc.open_project(merged, coder="ben")
    assert again.merge(ben.path).new == ()


def test_a_suggestion_that_one_copy_took_back_and_another_decided_on_stays(
    study: qc.Project, tmp_path: Path
) -> None:
    ids = suggest(study)
    shutil.copytree(study.path, tmp_path / "bens")
    ben = qc.open_project(tmp_path / "bens", coder="ben")
    ben.reject(ids[0])
    study.undo()
    report = study.merge(ben.path)
    assert study.suggestions["id"].tolist() == [ids[0]]
    assert (
        f"The suggestion '{ids[0]}' was removed in one copy and used in the other; it stays." in report.notes
    )
    assert study.check() == []


def test_one_person_who_decided_differently_on_two_computers_is_told(
    study: qc.Project, tmp_path: Path
) -> None:
    ids = suggest(study)
    shutil.copytree(study.path, tmp_path / "laptop")
    laptop = qc.open_project(tmp_path / "laptop", coder="ana")
    laptop.reject(ids[0])
    coding = study.accept(ids[0])
    laptop.accept(ids[1])
    study.accept(ids[1])
    report = study.merge(laptop.path)
    assert [note for note in report.notes if "accepted stays" in note and "rejected in the other" in note]
    assert study.suggestion(ids[0]).status == "accepted"
    held = study.decisions.set_index("suggestion").coding
    assert held[ids[0]] == coding
    assert held[ids[1]] in set(study.codings["id"]), "the decision names the coding that stayed"
    assert study.check() == []


# -- values and files ----------------------------------------------------------------------------------

names = st.sampled_from(["rule:waiting", "-role:interviewer", "definition:trust-2", "part_of:信頼", "n:+1.5"])
suggestions = st.builds(
    Suggestion,
    st.text("0123456789abcdef", min_size=1, max_size=12),
    st.just("S1"),
    st.tuples(st.integers(0, 99), st.integers(1, 99)).map(lambda two: Span(two[0], two[0] + two[1])),
    st.just("0a"),
    st.sampled_from(["trust", None]),
    st.just("rules"),
    st.just("2026-03-01T09:30:00Z"),
    score=st.none() | st.integers(0, 10**6).map(lambda n: n / 10**6),
    rank=st.none() | st.integers(1, 99),
    reason=st.lists(names, max_size=3).map(tuple),
    evidence=st.lists(st.sampled_from(["coding:1f", "span:S1:0a:1:2", "code:trust"]), max_size=2).map(tuple),
    training=st.sampled_from(["", "0a1b"]),
)


@given(st.lists(suggestions, max_size=6, unique_by=lambda s: s.id))
def test_what_is_written_comes_back(made: list[Suggestion]) -> None:
    content = format_suggestions([], [suggestion_row(each) for each in made])
    extra, rows = parse_suggestions(content, "S1.csv")
    assert extra == []
    assert sorted((parse_suggestion(row, "S1", "rules") for row in rows), key=lambda s: s.id) == sorted(
        made, key=lambda s: s.id
    )
    assert format_suggestions(extra, rows) == content


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"score": 1.2}, "the score '1.2' is no number from 0 to 1"),
        ({"score": float("nan")}, "the score 'nan' is no number"),
        ({"rank": 0}, "the rank '0' is none"),
        ({"reason": ("they said so",)}, "the reason must be names such as rule:waiting"),
        ({"evidence": ("quote:here",)}, "the evidence must be references"),
        ({"evidence": ("span:S1:0a:1:here",)}, "the evidence must be references"),
        ({"status": "maybe"}, "Unknown status 'maybe'. Use one of open, accepted, rejected, changed"),
    ],
)
def test_a_suggestion_that_is_none_is_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidValue, match=re.escape(message)):
        Suggestion("a", "S1", Span(0, 1), "0a", None, "rules", "2026-03-01T09:30:00Z", **change)


def test_the_tables_of_an_export_hold_suggestions_without_words(study: qc.Project, tmp_path: Path) -> None:
    ids = suggest(study)
    study.accept(ids[0])
    qc.export_tables(study, tmp_path / "tables")
    table = pd.read_csv(tmp_path / "tables/suggestions.csv")
    assert sorted(table["id"]) == sorted(ids)
    assert "quote" not in table
    assert pd.read_csv(tmp_path / "tables/decisions.csv")["suggestion"].tolist() == [ids[0]]
    qc.export_tables(study, tmp_path / "words", quotes=True)
    words = pd.read_csv(tmp_path / "words/suggestions.csv").set_index("id")["quote"]
    assert words[ids[0]] == quote(study, ids[0])
