"""Names taken out of a study are out: of every version, label, state and log line; with the key they come back."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

import qualcode as qc
from qualcode.errors import FolderError, InvalidValue, Refused

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
    for words in record["words"]["S1"].values():
        words[0][2] = "Another"
    (tmp_path / "other.json").write_text(json.dumps(record), encoding="utf-8")
    before = held(study)
    with pytest.raises(FolderError, match="does not fit the text of S1"):
        study.restore_names(tmp_path / "other.json")
    assert held(study) == before


def test_a_text_corrected_since_keeps_its_pseudonyms(study: qc.Project, tmp_path: Path) -> None:
    study.pseudonymize(NAMES, tmp_path / "key.json")
    study.correct("S1", "Yes.", "Yes, we did.")
    with pytest.raises(Refused, match="was corrected since"):
        study.restore_names(tmp_path / "key.json")
    study.undo()
    study.restore_names(tmp_path / "key.json")
    assert "Maria" in study.transcript("S1").text


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
