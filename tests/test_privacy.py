"""Names taken out of a study are out: of every version, label, state and log line; with the key they come back."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

import qualcode as qc
from qualcode.errors import FolderError, InvalidValue, Refused
from qualcode.span import Span
from qualcode.transcript import Turn

TALK = (
    "Interviewer: Who decided, Maria?\nMaria: I did, with Jonas Ode. JONAS was late.\n"
    "Interviewer: Both of you?\nMaria: Yes. Ask Jonas.\n"
)
NAMES = {"Maria": "P1", "Jonas Ode": "a colleague", "Jonas": "a colleague"}


@pytest.fixture
def study(tmp_path: Path) -> qc.Project:
    (tmp_path / "Maria.txt").write_text(TALK, encoding="utf-8")
    project = qc.create_project(tmp_path / "study", coder="ana")
    project.new_code("Deciding")
    project.new_code("Waiting")
    project.add_source(tmp_path / "Maria.txt", "S1", title="Talk with Maria")
    project.code("S1", "I did, with Jonas Ode.", "Deciding", memo="who is that?")
    project.code("S1", "was late", "Waiting", coder="ben")
    project.correct("S1", "Both of you?", "Both of you, Maria?")
    project.code("S1", "Ask Jonas", "Waiting")
    project.code("S1", "Jonas Ode. JONAS", "Waiting", coder="ben")
    project.memo("about this", "turn:S1:2")
    return project


def held(project: qc.Project) -> bytes:
    return b"\n".join(
        str(path.relative_to(project.path)).encode() + b"\n" + path.read_bytes()
        for path in sorted(project.path.rglob("*"))
        if path.is_file()
    )


def quotes(project: qc.Project) -> list[tuple[str, str]]:
    found = qc.retrieve(project)
    return sorted(zip(found["coder"], found["quote"], strict=True))


def test_no_name_is_left_in_any_file(study: qc.Project, tmp_path: Path) -> None:
    before = quotes(study)
    bens = (study.path / "data/codings/ben/S1.csv").read_bytes()
    report = study.pseudonymize(NAMES, tmp_path / "key.json")
    everything = held(study).lower()
    assert b"maria" not in everything
    assert b"jonas" not in everything
    assert report.sources == {"S1": 7}
    assert (report.left, report.not_found, report.missing) == ((), (), ())
    expected = [(coder, quote.replace("Jonas Ode", "a colleague").replace("JONAS", "a colleague").replace("Jonas", "a colleague"))
                for coder, quote in before]  # fmt: skip
    assert quotes(study) == sorted(expected)
    assert (study.path / "data/codings/ben/S1.csv").read_bytes() == bens, "ben's file is ben's"
    assert study.transcript("S1").speakers == ("Interviewer", "P1")
    assert study.speakers["speaker"].tolist() == ["Interviewer", "P1"]
    assert study.check() == []
    again = qc.open_project(study.path, coder="ben")
    assert quotes(again) == sorted(expected)
    again.code("S1", "Both", "Deciding")
    assert quotes(again) == sorted([*expected, ("ben", "Both")])
    assert again.check() == []


def test_with_the_key_everything_is_as_it_was(study: qc.Project, tmp_path: Path) -> None:
    before, text, versions = quotes(study), study.transcript("S1"), study._source("S1").versions
    study.pseudonymize(NAMES, tmp_path / "key.json")
    assert study.restore_names(tmp_path / "key.json") == ["S1"]
    assert quotes(study) == before
    assert study.transcript("S1").text == text.text
    assert study.transcript("S1").turns == text.turns
    assert study._source("S1").versions == versions
    assert study.sources["title"].tolist() == ["Talk with Maria"]
    assert study.check() == []


def test_what_was_done_before_cannot_be_undone(study: qc.Project, tmp_path: Path) -> None:
    study.pseudonymize(NAMES, tmp_path / "key.json")
    after = held(study)
    with pytest.raises(Refused, match="'pseudonymize' stands in the way"):
        study.undo()
    assert held(study) == after
    study.new_code("Later")
    study.undo()
    with pytest.raises(Refused, match="'pseudonymize' stands in the way"):
        study.undo()


def test_what_people_typed_is_named_and_left_to_them(study: qc.Project, tmp_path: Path) -> None:
    study.memo("Maria seemed tired", "source:S1")
    study.add_case("Jonas", "participant")
    report = study.pseudonymize({**NAMES, "Zoe": "nobody"}, tmp_path / "key.json")
    assert any(file.startswith("data/memos/ana/") for file in report.left)
    assert "data/cases.csv" in report.left
    assert report.not_found == ("nobody",)
    assert "Maria" not in str(report)
    assert "Jonas" not in str(report)


def test_the_key_lies_outside_and_is_never_written_over(study: qc.Project, tmp_path: Path) -> None:
    before = held(study)
    with pytest.raises(InvalidValue, match="must not lie inside the study"):
        study.pseudonymize(NAMES, study.path / "data" / "key.json")
    (tmp_path / "key.json").write_text("other names")
    with pytest.raises(InvalidValue, match="is there already"):
        study.pseudonymize(NAMES, tmp_path / "key.json")
    with pytest.raises(FolderError, match=r"is no key that project\.pseudonymize wrote"):
        study.restore_names(tmp_path / "key.json")
    with pytest.raises(InvalidValue, match="pseudonym that holds one of the real names"):
        study.pseudonymize({"Maria": "not Maria"}, tmp_path / "key2.json")
    with pytest.raises(Refused, match=r"inside project\.batch"), study.batch():
        study.pseudonymize(NAMES, tmp_path / "key2.json")
    assert not (tmp_path / "key2.json").exists()
    assert held(study) == before


def test_a_key_of_another_study_changes_nothing(study: qc.Project, tmp_path: Path) -> None:
    study.pseudonymize(NAMES, tmp_path / "key.json")
    record = json.loads((tmp_path / "key.json").read_text(encoding="utf-8"))
    for text in record["sources"]["S1"]["texts"].values():
        text["words"][0][2] = "Another"
    (tmp_path / "other.json").write_text(json.dumps(record), encoding="utf-8")
    before = held(study)
    with pytest.raises(FolderError, match="does not fit the text of S1"):
        study.restore_names(tmp_path / "other.json")
    record["sources"] = {"S9": record["sources"]["S1"]}
    (tmp_path / "other.json").write_text(json.dumps(record), encoding="utf-8")
    with pytest.raises(FolderError, match="fits no text of this study"):
        study.restore_names(tmp_path / "other.json")
    assert held(study) == before


DAMAGED = (
    lambda r: {},
    lambda r: [],
    lambda r: {**r, "qualcode key": 2},
    lambda r: {k: v for k, v in r.items() if k != "sources"},
    lambda r: {**r, "sources": {"S1": None}},
    lambda r: {**r, "sources": {"S1": {**r["sources"]["S1"], "texts": []}}},
    lambda r: {**r, "sources": {"S1": {**r["sources"]["S1"], "title": ["one"]}}},
    lambda r: {**r, "sources": {"S1": {**r["sources"]["S1"], "speakers": [{"speaker": 1}]}}},
    lambda r: {**r, "codings": []},
    lambda r: {**r, "codings": {"x": [["v", 3, 1], ["v", 0, 1]]}},
    lambda r: {**r, "sources": {"S1": {"texts": {"v": {"now": "w", "words": [[-5, 9, "x"]], "labels": {}}}}}},
)


@pytest.mark.parametrize("number", range(len(DAMAGED)))
def test_a_damaged_key_is_said_in_words(study: qc.Project, tmp_path: Path, number: int) -> None:
    key = tmp_path / "key.json"
    study.pseudonymize(NAMES, key)
    before = held(study)
    key.write_text(json.dumps(DAMAGED[number](json.loads(key.read_text(encoding="utf-8")))), encoding="utf-8")
    with pytest.raises(
        FolderError, match=r"key\.json is no key that .* or it is damaged\. Nothing was changed"
    ):
        study.restore_names(key)
    assert held(study) == before


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"[" * 100_000, b"\x00", b'"x"', b"NaN"])
def test_what_is_no_key_at_all_is_said_in_words(study: qc.Project, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "key.json").write_bytes(content)
    with pytest.raises(FolderError, match="is no key"):
        study.restore_names(tmp_path / "key.json")


def test_words_that_no_text_has_room_for_are_refused(study: qc.Project, tmp_path: Path) -> None:
    key = tmp_path / "key.json"
    study.pseudonymize(NAMES, key)
    record = json.loads(key.read_text(encoding="utf-8"))
    for text in record["sources"]["S1"]["texts"].values():
        text["words"][-1][1] = 10**9
    key.write_text(json.dumps(record), encoding="utf-8")
    with pytest.raises(FolderError, match="does not fit the text of S1"):
        study.restore_names(key)


# -- names come back whatever was done since -----------------------------------------------------------


def test_names_come_back_into_a_text_that_was_corrected_since(study: qc.Project, tmp_path: Path) -> None:
    study.pseudonymize(NAMES, tmp_path / "key.json")
    study.correct("S1", "Yes. Ask a colleague.", "Yes, we did. Ask a colleague and P1.")
    study.code("S1", "we did", "Deciding")
    assert study.restore_names(tmp_path / "key.json") == ["S1"]
    text = study.transcript("S1")
    assert text.text == (
        "Interviewer: Who decided, Maria?\nMaria: I did, with Jonas Ode. JONAS was late.\n"
        "Interviewer: Both of you, Maria?\nMaria: Yes, we did. Ask Jonas and P1.\n"
    ), "what was written since is nobody's name"
    assert text.speakers == ("Interviewer", "Maria")
    assert ("ana", "we did") in quotes(study)
    assert ("ana", "I did, with Jonas Ode.") in quotes(study)
    assert study.check() == []
    assert quotes(qc.open_project(study.path)) == quotes(study)


def test_a_pseudonym_that_was_changed_by_hand_stays_and_is_told(study: qc.Project, tmp_path: Path) -> None:
    study.pseudonymize(NAMES, tmp_path / "key.json")
    study.correct("S1", "Who decided, P1?", "Who decided, P12?")
    with pytest.warns(UserWarning, match="S1: 1 pseudonym stayed"):
        study.restore_names(tmp_path / "key.json")
    assert "Who decided, P12?\nMaria: I did" in study.transcript("S1").text


@pytest.mark.parametrize("first", [1, 2])
def test_two_keys_open_in_any_order(study: qc.Project, tmp_path: Path, first: int) -> None:
    before, text = quotes(study), study.transcript("S1")
    keys = {1: tmp_path / "one.json", 2: tmp_path / "two.json"}
    study.pseudonymize({"Maria": "P1"}, keys[1])
    study.pseudonymize({"Jonas Ode": "a colleague", "Jonas": "a colleague"}, keys[2])
    assert study.restore_names(keys[first]) == ["S1"]
    assert ("Maria" in study.transcript("S1").text) == (first == 1)
    study.restore_names(keys[3 - first])
    assert study.transcript("S1").text == text.text
    assert study.transcript("S1").turns == text.turns
    assert quotes(study) == before
    assert study.check() == []


def test_names_that_are_back_already_change_nothing(study: qc.Project, tmp_path: Path) -> None:
    study.pseudonymize(NAMES, tmp_path / "key.json")
    study.restore_names(tmp_path / "key.json")
    before = held(study)
    assert study.restore_names(tmp_path / "key.json") == []
    assert held(study) == before


# -- one label for two people --------------------------------------------------------------------------


def talk(tmp_path: Path, text: str, name: str = "two") -> qc.Project:
    (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    project = qc.create_project(tmp_path / name, coder="ana")
    project.new_code("Code")
    project.add_source(tmp_path / f"{name}.txt", "G")
    return project


BOTH = "Interviewer: Who?\nMaria: a b c.\nInterviewer: Oh?\n{0}: d e f.\nInterviewer: So?\nMaria: z.\nInterviewer: Yes?\n{0}: q.\n"


def test_a_pseudonym_of_somebody_else_who_speaks_is_refused(tmp_path: Path) -> None:
    project = talk(tmp_path, BOTH.format("P1"))
    before = held(project)
    with pytest.raises(Refused, match="somebody else is called 'P1' already, and two speakers would be one"):
        project.pseudonymize({"Maria": "P1"}, tmp_path / "key.json")
    assert held(project) == before
    assert not (tmp_path / "key.json").exists()
    project.add_case("M")
    for speaker in ("Maria", "P1"):
        project.link("G", "M", speaker=speaker)
    labels = project.turns["speaker"].tolist()
    report = project.pseudonymize({"Maria": "P1"}, tmp_path / "key.json")
    assert report.joined == ("G: P1",)
    assert "two or more labels are one now: G: P1" in str(report)
    assert project.transcript("G").speakers == ("Interviewer", "P1")
    project.restore_names(tmp_path / "key.json")
    assert project.turns["speaker"].tolist() == labels
    assert sorted(project.speakers["speaker"]) == ["Interviewer", "Maria", "P1"]
    assert project.check() == []


def test_two_spellings_of_one_label_come_back_each_in_its_place(tmp_path: Path) -> None:
    project = talk(tmp_path, BOTH.format("MARIA"))
    project.link("G", speaker="MARIA", role="participant")
    labels = project.turns["speaker"].tolist()
    rows = project.speakers.values.tolist()
    assert project.pseudonymize({"Maria": "P1"}, tmp_path / "key.json").joined == ("G: P1",)
    project.restore_names(tmp_path / "key.json")
    assert project.turns["speaker"].tolist() == labels
    assert project.speakers.values.tolist() == rows


def test_labels_of_two_cases_are_never_one(tmp_path: Path) -> None:
    project = talk(tmp_path, BOTH.format("MARIA"))
    for case, speaker in (("A", "Maria"), ("B", "MARIA")):
        project.add_case(case)
        project.link("G", case, speaker=speaker)
    with pytest.raises(Refused, match="two speakers would be one"):
        project.pseudonymize({"Maria": "P1"}, tmp_path / "key.json")


# -- codings inside of names ---------------------------------------------------------------------------


def test_codings_inside_of_a_name_come_back_and_stay_apart(tmp_path: Path) -> None:
    project = talk(tmp_path, BOTH.format("Bob"))
    at = BOTH.index("Maria:")
    for start, end in ((at, at + 3), (at, at + 2), (at + 2, at + 9), (at - 5, at + 3)):
        project.code("G", (start, end), "Code")
    project.code("G", (at + 1, at + 4), "Code", coder="ben")
    before = project.codings
    project.pseudonymize({"Maria": "X9"}, tmp_path / "key.json")
    assert project.check() == []
    assert len(project.codings) == 5
    assert set(project.codings["id"]) == set(before["id"])
    project.restore_names(tmp_path / "key.json")
    columns = ["id", "start", "end", "version", "coder"]
    assert project.codings[columns].sort_values("id").values.tolist() == (
        before[columns].sort_values("id").values.tolist()
    )
    assert project.check() == []


def test_in_an_exclusive_facet_one_passage_never_gets_two_codes(tmp_path: Path) -> None:
    project = talk(tmp_path, BOTH.format("Bob"))
    project.new_facet("Mood", exclusive=True)
    for name in ("Glad", "Sad"):
        project.new_code(name, facet="mood")
    at = BOTH.index("Maria:")
    project.code("G", (at, at + 2), "Glad")
    project.code("G", (at, at + 3), "Sad")
    project.pseudonymize({"Maria": "X9"}, tmp_path / "key.json")
    assert project.check() == []


def test_a_name_over_the_border_of_two_turns_leaves_both(tmp_path: Path) -> None:
    text = "I met Ana\nLima yesterday."
    turns = (Turn(1, None, Span(0, 9)), Turn(2, None, Span(10, 25)))
    project = qc.create_project(tmp_path / "cues", coder="ana")
    project.add_source(qc.Transcript("V", "V", text, turns))
    project.pseudonymize({"Ana Lima": "P1"}, tmp_path / "key.json")
    found = project.transcript("V")
    assert [found.text_of(turn) for turn in found.turns] == ["I met P1", "P1 yesterday."]
    project.restore_names(tmp_path / "key.json")
    assert project.transcript("V").text == text


# -- every place of the folder -------------------------------------------------------------------------


def test_texts_that_no_source_has_any_more_are_found(study: qc.Project, tmp_path: Path) -> None:
    study.correct("S1", "Yes.", "Yes, by Wendelin.")
    study.undo()
    (tmp_path / "u.txt").write_text("Interviewer: So?\nMaria: Wendelin left.\n", encoding="utf-8")
    study.add_source(tmp_path / "u.txt", "S2")
    study.remove_source("S2")
    report = study.pseudonymize({**NAMES, "Wendelin": "a friend"}, tmp_path / "key.json")
    everything = held(study).lower()
    assert not [name for name in (b"maria", b"jonas", b"wendelin") if name in everything]
    assert report.not_found == ()
    assert report.dropped_states > 0
    assert study.check() == []


def test_a_damaged_version_loses_the_name_too_and_stays(study: qc.Project, tmp_path: Path) -> None:
    old = study._source("S1").versions[0]
    file = study.path / f"data/transcripts/.versions/{old}.txt"
    file.write_bytes(file.read_bytes().replace(b"late", b"slow") + b"\xff")
    report = study.pseudonymize(NAMES, tmp_path / "key.json")
    assert report.missing == (f"S1 {old}",)
    assert "not in this copy, or damaged: the text S1" in str(report)
    assert b"a colleague was slow" in file.read_bytes()
    assert b"maria" not in held(study).lower()


def test_two_sources_of_one_text_lose_the_name_both(study: qc.Project, tmp_path: Path) -> None:
    study.add_source(tmp_path / "Maria.txt", "S2")
    study.pseudonymize(NAMES, tmp_path / "key.json")
    assert b"maria" not in held(study).lower()
    study.restore_names(tmp_path / "key.json")
    assert "Maria" in study.transcript("S1").text
    assert study.transcript("S2").text == TALK
    assert study.check() == []


def test_names_in_small_letters_and_longer_words_are_told(study: qc.Project, tmp_path: Path) -> None:
    small = study.memo("maria was sad")
    longer = study.memo("Marias boss, and marias dog")
    accent = study.memo("ask José")
    study.memo("also nothing")
    names = {**NAMES, "Jose": "P4", "Al": "P5"}
    report = study.pseudonymize(names, tmp_path / "key.json")
    files = (
        f"data/memos/ana/{small}.md (in small letters)",
        f"data/memos/ana/{longer}.md (inside a longer word)",
    )
    assert set(files) <= set(report.left)
    assert f"data/memos/ana/{accent}.md (with other accents)" in report.left
    assert any(line.startswith("data/log/.states (") for line in report.left)
    assert report.not_found == ("P5",)
    assert "maria" not in str(report).lower()


def test_words_that_hold_a_name_are_counted_in_the_texts(tmp_path: Path) -> None:
    project = talk(tmp_path, BOTH.format("Bob").replace("d e f", "Marias hut, Mariana"))
    report = project.pseudonymize({"Maria": "P1"}, tmp_path / "key.json")
    assert "data/transcripts/G.txt: 2 words with the name of P1 inside a longer word" in report.left
    assert any(line.startswith("data/transcripts/.versions (1 kept text,") for line in report.left)


def test_every_file_with_a_name_is_told_also_those_that_are_no_part_of_the_study(
    study: qc.Project, tmp_path: Path
) -> None:
    study.code("S1", "I did", "Jonas as boss", create=True)
    (study.path / "exports").mkdir()
    qc.export_tables(study, study.path / "exports" / "all.xlsx", quotes=True)
    qc.export_tables(study, study.path / "exports" / "csv", quotes=True)
    (study.path / "notes.txt").write_bytes("Mar\xeda, Maria".encode("latin-1"))
    (study.path / "old.txt").write_text("Maria", encoding="utf-16")
    (study.path / ".hidden").write_text("Maria", encoding="utf-8")
    (study.path / "n.ipynb").write_text('{"cells": [{"outputs": ["Mar\\u0069a"]}]}', encoding="utf-8")
    copy = study.path / "data" / "transcripts" / "S1 (conflicted copy).txt"
    copy.write_text("Maria", encoding="utf-8")
    cache = study.path / "data" / "transcripts" / ".cache" / "words"
    cache.parent.mkdir()
    cache.write_text("maria")
    report = study.pseudonymize(NAMES, tmp_path / "key.json")
    left = "\n".join(report.left)
    for file in ("exports/all.xlsx (cannot be searched", "exports/csv/codings.csv", "notes.txt", "old.txt", ".hidden",
                 "n.ipynb", "data/transcripts/S1 (conflicted copy).txt", "codebooks/codebook.yaml",
                 "data/log/ana.jsonl (in an id", "data/codings/ana/S1.csv (in an id"):  # fmt: skip
        assert file in left, file
    assert not cache.exists()


def test_a_second_run_finds_what_was_left_and_says_so(study: qc.Project, tmp_path: Path) -> None:
    study.code("S1", "I did", "Jonas as boss", create=True)
    code = next(code.id for code in study.codebook.codes if "boss" in code.name)
    study.pseudonymize(NAMES, tmp_path / "one.json")
    study.rename_code(code, "Colleague as boss", keep_alias=False)
    report = study.pseudonymize({"Jonas": "a colleague", "Tom": "Q"}, tmp_path / "two.json")
    assert report.not_found == ("Q",)
    assert report.sources == {}
    assert report.dropped_states > 0, "renaming had kept the old codebook"
    assert {line.split(" (")[0] for line in report.left} >= {
        "codebooks/codebook.yaml",
        "data/log/ana.jsonl",
        "data/codings/ana/S1.csv",
    }


def test_where_nothing_is_replaced_nothing_is_written(study: qc.Project, tmp_path: Path) -> None:
    before = held(study)
    study.memo("ask Zoe")
    report = study.pseudonymize({"Tom": "Q"}, tmp_path / "key.json")
    assert (report.sources, report.not_found, report.left) == ({}, ("Q",), ())
    assert not (tmp_path / "key.json").exists()
    study.undo()
    assert held(study).count(b"\n") > before.count(b"\n"), "the log of undo"


def test_git_is_told_of(study: qc.Project, tmp_path: Path) -> None:
    (study.path / ".git").mkdir()
    report = study.pseudonymize(NAMES, tmp_path / "key.json")
    assert report.left == ("the history of git, which keeps what was committed before",)


def test_a_newer_file_cannot_bring_the_names_back_unnoticed(study: qc.Project, tmp_path: Path) -> None:
    study.pseudonymize({"Jonas Ode": "a colleague", "Jonas": "a colleague"}, tmp_path / "key.json")
    with pytest.raises(Refused, match=r"names were replaced in it.*Give pseudonyms="):
        study.update_source("S1", tmp_path / "Maria.txt")
    study.restore_names(tmp_path / "key.json")
    assert study.sources["file"].tolist() == ["Maria.txt"]


def test_only_labels_hold_names_and_they_come_back(tmp_path: Path) -> None:
    project = qc.create_project(tmp_path / "table", coder="ana")
    (tmp_path / "t.csv").write_text("speaker,text\nMaria,Yes.\nI,Why?\nMaria,No.\n", encoding="utf-8")
    project.add_source(tmp_path / "t.csv", "T")
    assert project.pseudonymize({"Maria": "P1"}, tmp_path / "key.json").sources == {"T": 0}
    assert project.transcript("T").speakers == ("P1", "I")
    project.restore_names(tmp_path / "key.json")
    assert project.transcript("T").speakers == ("Maria", "I")


def test_a_title_or_the_name_of_a_file_alone_comes_back(study: qc.Project, tmp_path: Path) -> None:
    (tmp_path / "Xaver.txt").write_text("Interviewer: So?\nA: Well.\n", encoding="utf-8")
    study.add_source(tmp_path / "Xaver.txt", "S2")
    study.add_source(tmp_path / "Xaver.txt", "S3", title="Talk with Yves")
    for names, column in (({"Xaver": "P2"}, "file"), ({"Yves": "P3"}, "title")):
        before = study.sources.set_index("source")[column].tolist()
        key = tmp_path / f"{column}.json"
        study.pseudonymize(names, key)
        assert study.sources.set_index("source")[column].tolist() != before
        study.restore_names(key)
        assert study.sources.set_index("source")[column].tolist() == before
        assert study.restore_names(key) == []


def test_memos_on_two_sources_follow_both(study: qc.Project, tmp_path: Path) -> None:
    (tmp_path / "u.txt").write_text("Interviewer: So?\nMaria: Jonas left. Good.\n", encoding="utf-8")
    study.add_source(tmp_path / "u.txt", "S2")
    ids = {s: study.transcript(s).version for s in ("S1", "S2")}
    spots = {s: study.transcript(s).text.index("was late" if s == "S1" else "left") for s in ids}
    refs = [f"{s}@{ids[s]}:{spots[s]}-{spots[s] + 4}" for s in ids]
    study.change_code("deciding", examples=refs)
    study.memo("both", *(f"span:{s}:{spots[s]}:{spots[s] + 4}" for s in ids))
    study.pseudonymize(NAMES, tmp_path / "key.json")
    words = {s: study.transcript(s).text for s in ids}
    for target in study.memos.set_index("text").loc["both", "targets"]:
        _, source, version, start, end = target.split(":")
        assert version == study.transcript(source).version
        assert words[source][int(start) : int(end)] in ("was ", "left")
    for example in study.codebook.code("deciding").examples:
        assert words[example.source][example.start : example.end] in ("was ", "left")
        assert example.version == study.transcript(example.source).version


def test_an_older_text_in_this_copy_loses_the_name_too(study: qc.Project, tmp_path: Path) -> None:
    record = study._source("S1")
    old = study._text_of_version("S1", record.versions[0])
    (study.path / f"data/transcripts/.versions/{record.version}.txt").unlink()
    (study.path / "data/transcripts/S1.txt").write_text(old or "", encoding="utf-8")
    with pytest.warns(UserWarning, match="a newer text exists"):
        again = qc.open_project(study.path, coder="ana")
    report = again.pseudonymize(NAMES, tmp_path / "key.json")
    assert report.missing == (f"S1 {record.version}",)
    assert b"maria" not in held(study).lower()


def test_a_coder_new_to_the_study_is_registered(study: qc.Project, tmp_path: Path) -> None:
    study.pseudonymize(NAMES, tmp_path / "key.json", coder="cleo")
    assert "cleo" in study.coders["coder"].tolist()
    assert study.check() == []


def test_suggestions_stand_on_the_new_words_and_come_back(study: qc.Project, tmp_path: Path) -> None:
    rows = [
        {"source": "S1", "quote": "I did, with Jonas Ode.", "code": "Deciding"},
        {
            "source": "S1",
            "quote": "Both of you, Maria?",
            "code": None,
            "evidence": ["turn:S1:2", "source:S1"],
        },
    ]
    first = study.add_suggestions(rows[:1], assistant="rules", version="1")
    study.correct("S1", "Yes.", "Yes, Maria did.")  # the first now stands on an older version
    start = study.transcript("S1").text.index("Ask Jonas")
    rows[0] = {
        **rows[0],
        "quote": "Yes, Maria did.",
        "evidence": f"span:S1:{start}:{start + 9} code:Deciding",
    }
    ids = [*first, *study.add_suggestions(rows, assistant="rules", version="1")]
    study.reject(ids[2])
    file = study.path / "data/suggestions/rules/S1.csv"
    before, words = file.read_bytes(), said(study, ids)
    study.pseudonymize(NAMES, tmp_path / "key.json")
    assert said(study, ids) == {
        ids[0]: "I did, with a colleague.", ids[1]: "Yes, P1 did.", ids[2]: "Both of you, P1?",
    }  # fmt: skip
    versions = set(study._source("S1").versions)
    stored = pd.read_csv(file)
    assert set(stored["version"]) <= versions, "rewritten, not only carried forward"
    assert len(set(stored["version"])) == 2
    evidence = study.suggestions.set_index("id").evidence
    kind, source, version, *place = evidence[ids[1]][0].split(":")
    assert (kind, source, version in versions) == ("span", "S1", True)
    assert study.transcript("S1").text[slice(*map(int, place))] == "Ask a colleague"
    assert evidence[ids[2]][0].split(":")[2] in versions
    assert study.suggestions.set_index("id").status[ids[2]] == "rejected"
    assert study.check() == []
    study.restore_names(tmp_path / "key.json")
    assert said(study, ids) == words
    assert file.read_bytes() == before
    assert study.check() == []


def said(project: qc.Project, ids: list[str]) -> dict[str, str]:
    table, text = project.suggestions.set_index("id"), project.transcript("S1").text
    assert set(table["version"]) == {project.transcript("S1").version}
    return {id_: text[table["start"][id_] : table["end"][id_]] for id_ in ids}
