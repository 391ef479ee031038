"""A participant who withdraws is gone: from texts, versions, codings, cases, memos and the log."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import qualcode as qc
from qualcode.errors import Refused, UnknownCase

ALONE = "Interviewer: Why?\nQuist: Because of the zebra.\nInterviewer: And?\nQuist: Nothing.\n"
GROUP = "Moderator: Hello.\nQuist: I said zebra first.\nRavel: I said otter.\nQuist: No, zebra.\nRavel: As you like.\n"


@pytest.fixture
def study(tmp_path: Path) -> qc.Project:
    project = qc.create_project(tmp_path / "study", coder="ana")
    project.new_code("Animals")
    for id_, text in (
        ("T1", ALONE),
        ("T2", GROUP),
        ("T3", ALONE.replace("Quist", "Ravel").replace("zebra", "otter")),
    ):
        (tmp_path / f"{id_}.txt").write_text(text, encoding="utf-8")
        project.add_source(tmp_path / f"{id_}.txt", id_)
    (project.path / "data" / "raw").mkdir()
    shutil.copy(tmp_path / "T1.txt", project.path / "data" / "raw" / "first.txt")
    project.add_case("O1", "organization")
    project.add_case("Quist", "participant", parent="O1", age=41)
    project.add_case("Ravel", "participant", parent="O1", age=52)
    project.link("T1", "Quist", speaker="Quist", role="participant")
    project.link("T2", "Quist", speaker="Quist", role="participant")
    project.link("T2", "Ravel", speaker="Ravel", role="participant")
    project.link("T3", "Ravel", speaker="Ravel", role="participant")
    project.correct("T2", "zebra first", "zebra at first")
    project.code("T1", "the zebra", "Animals", memo="really?")
    project.code("T2", "zebra at first", "Animals", coder="ben")
    project.code("T2", "No, zebra.\nRavel: As you", "Animals")
    project.code("T2", "otter", "Animals", memo="another", coder="ben")
    project.code("T3", "the otter", "Animals")
    project.finish("T1")
    project.finish("T3")
    project.memo("about both", "case:Quist", "case:Ravel")
    return project


def held(project: qc.Project) -> str:
    return "\n".join(
        f"{path.relative_to(project.path)}\n{path.read_text(encoding='utf-8')}"
        for path in sorted(project.path.rglob("*"))
        if path.is_file()
    )


def test_nothing_of_them_is_left(study: qc.Project) -> None:
    report = study.forget("Quist")
    assert (report.sources, report.blanked, report.codings, report.memos) == (("T1",), {"T2": 2}, 2, 1)
    everything = held(study)
    assert "zebra" not in everything
    assert "Quist" not in everything
    assert "T1.toml" in everything, "the log says that the source went, so that a merge lets it go as well"
    assert not (study.path / "data" / "raw" / "first.txt").exists()
    assert study.check() == []
    again = qc.open_project(study.path, coder="ana")
    found = qc.retrieve(again)
    assert found[["source", "coder", "quote"]].values.tolist() == [
        ["T2", "ben", "otter"],
        ["T2", "ana", "\nRavel: As you"],
        ["T3", "ana", "the otter"],
    ]
    assert again.cases["case"].tolist() == ["O1", "Ravel"]
    assert dict(zip(again.memos["text"], again.memos["targets"], strict=True))["about both"] == (
        "case:Ravel",
    )
    assert len(again.memos) == 2
    assert again.transcript("T2").text.count("[withdrawn]") == 2
    assert set(again.progress["source"]) == {"T2", "T3"}
    assert "git history" in str(report)


def test_it_cannot_be_undone_and_work_goes_on(study: qc.Project) -> None:
    study.forget("Quist")
    with pytest.raises(Refused, match="'forget' stands in the way"):
        study.undo()
    study.code("T3", "Nothing", "Animals")
    study.undo()
    assert study.check() == []


def test_a_colleagues_copy_must_forget_as_well_before_it_is_merged(study: qc.Project, tmp_path: Path) -> None:
    shutil.copytree(study.path, tmp_path / "bens")
    ben = qc.open_project(tmp_path / "bens", coder="ben")
    ben.code("T3", "Nothing", "Animals")
    study.forget("Quist")
    for ours, theirs in ((study, ben), (ben, study)):
        with pytest.raises(Refused, match=r"a participant was forgotten .*Do the same in"):
            ours.merge(theirs.path)
    ben.forget("Quist")
    study.merge(ben.path)
    assert study.sources["source"].tolist() == ["T2", "T3"]
    assert "Nothing" in qc.retrieve(study)["quote"].tolist()
    assert "zebra" not in held(study)
    assert study.check() == []


def test_who_is_not_there_cannot_be_forgotten(study: qc.Project) -> None:
    before = held(study)
    with pytest.raises(UnknownCase):
        study.forget("Nobody")
    with pytest.raises(Refused, match="End the batch first"), study.batch():
        study.forget("Quist")
    assert held(study) == before


def test_a_version_that_is_not_here_stops_it(study: qc.Project) -> None:
    old = study._source("T2").versions[0]
    (study.path / f"data/transcripts/.versions/{old}.txt").unlink()
    with pytest.raises(Refused, match="is not in this copy of the study"):
        study.forget("Quist")
    assert "T1" in study.sources["source"].tolist()


def test_what_was_suggested_in_their_words_goes_with_the_decisions_on_it(study: qc.Project) -> None:
    def suggest(source: str, quote: str, **more: str) -> str:
        row = {"source": source, "quote": quote, "code": "Animals", **more}
        return study.add_suggestions([row], assistant="rules", version="1")[0]

    alone, theirs = suggest("T1", "the zebra"), suggest("T2", "No, zebra.")
    zebra = study.codings.query("source == 'T1'")["id"].iloc[0]
    kept = suggest("T3", "the otter", evidence=f"coding:{zebra} span:T1:0:9 source:T1 code:Animals")
    both = suggest("T2", "No, zebra.\nRavel: As you", evidence="turn:T2:2 turn:T2:3")
    study.accept(alone)
    study.reject(theirs, coder="ben")
    study.reject(kept, coder="ben")
    report = study.forget("Quist")
    assert report.suggestions == 2
    assert ", 2 suggestions." in str(report)
    table = study.suggestions.set_index("id")
    assert sorted(table.index) == sorted([kept, both])
    assert table.evidence[kept] == (f"code:{study.codebook.codes[0].id}",)
    version = study.transcript("T2").version
    assert table.evidence[both] == (f"turn:T2:{version}:3",), "what others said is still referred to"
    place = table.loc[both, ["start", "end"]].astype(int)
    assert study.transcript("T2").text[slice(*place)] == "\nRavel: As you"
    assert study.decisions[["suggestion", "coder"]].values.tolist() == [[kept, "ben"]]
    everything = held(study)
    assert not [trace for trace in (alone, theirs, zebra, "span:T1", "source:T1") if trace in everything]
    assert study.check() == []
    assert qc.open_project(study.path, coder="ben").suggestions.equals(study.suggestions)
