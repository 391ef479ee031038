"""A participant who withdraws is gone: from texts, versions, codings, cases, memos and the log."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import qualcode as qc
from qualcode.errors import Refused, UnknownCase
from qualcode.span import Span
from qualcode.transcript import Turn

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
        ["T2", "ana", "Ravel: As you"],
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
    with pytest.raises(Refused, match="is not in this copy of the study, or damaged"):
        study.forget("Quist")
    assert "T1" in study.sources["source"].tolist()


def test_a_damaged_version_stops_it(study: qc.Project) -> None:
    old = study._source("T2").versions[0]
    (study.path / f"data/transcripts/.versions/{old}.txt").write_text("Quist: zebra", encoding="utf-8")
    before = held(study)
    with pytest.raises(Refused, match="or damaged"):
        study.forget("Quist")
    assert held(study) == before


# -- who it is -----------------------------------------------------------------------------------------


def one(tmp_path: Path, text: str, name: str = "group", **options: object) -> qc.Project:
    (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    project = qc.create_project(tmp_path / name, coder="ana")
    project.new_code("Animals")
    project.add_source(tmp_path / f"{name}.txt", "G", **options)
    return project


def linked(tmp_path: Path, text: str = GROUP, name: str = "group", **options: object) -> qc.Project:
    project = one(tmp_path, text, name, **options)
    for case, speaker in (("K1", "Quist"), ("K2", "Ravel")):
        project.add_case(case)
        project.link("G", case, speaker=speaker)
    return project


def test_a_group_that_is_linked_as_a_whole_is_not_removed(tmp_path: Path) -> None:
    project = one(tmp_path, GROUP, roles={"Quist": "participant", "Ravel": "participant"})
    project.code("G", "otter", "Animals", coder="ben")
    project.add_case("K1")
    project.link("G", "K1")
    before = held(project)
    with pytest.raises(Refused, match=r"others speak in it.*: Quist, Ravel\. Say who K1 is.*speaker='Quist'"):
        project.forget("K1")
    assert held(project) == before
    project.link("G", "K1", speaker="Quist")
    assert project.forget("K1").blanked == {"G": 2}
    assert "otter" in qc.retrieve(project)["quote"].tolist()
    assert "zebra" not in held(project)


def test_a_source_with_one_participant_goes_though_only_the_source_is_linked(tmp_path: Path) -> None:
    project = one(tmp_path, ALONE)
    project.add_case("K1")
    project.link("G", "K1")
    assert project.forget("K1").sources == ("G",)
    assert "zebra" not in held(project)


def test_a_source_linked_as_a_whole_to_one_case_and_by_speaker_to_another_is_refused(tmp_path: Path) -> None:
    project = one(tmp_path, ALONE)
    for case in ("K1", "K2"):
        project.add_case(case)
    project.link("G", "K1")
    project.link("G", "K2", speaker="Quist")
    with pytest.raises(Refused, match="it is not clear whose words go"):
        project.forget("K1")


def test_a_case_that_is_linked_to_nothing_is_not_forgotten_beside_its_interview(tmp_path: Path) -> None:
    project = one(tmp_path, ALONE)
    for case in ("g", "Quist", "other"):
        project.add_case(case)
    before = held(project)
    with pytest.raises(Refused, match=r"there is a source 'G', which would stay .*project\.link\('G', 'g'\)"):
        project.forget("g")
    with pytest.raises(Refused, match="somebody called 'Quist' speaks in G"):
        project.forget("Quist")
    assert held(project) == before
    report = project.forget("other")
    assert "other was linked to no source, so no interview was looked at" in report.left
    project.link("G", "Quist")
    assert project.forget("g").sources == (), "the interview is known to be another's"
    assert project.forget("Quist").sources == ("G",)


# -- labels ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "speakers"),
    [
        (GROUP, {"Quist": "KQ"}),
        ("\n\n".join(line.replace(": ", "\n") for line in GROUP.splitlines()), None),
        ("\n\n".join(line.replace(": ", "\n") for line in GROUP.splitlines()), {"Quist": "KQ"}),
        ("\n".join(f"[00:0{n}:00] {line}" for n, line in enumerate(GROUP.splitlines())), {"Quist": "KQ"}),
        (GROUP.replace("Quist:", "Quist (on the phone):"), None),
    ],
    ids=["other label", "alone on its line", "alone and other", "with times", "with an addition"],
)
def test_the_name_as_it_stands_in_the_text_goes_too(
    tmp_path: Path, text: str, speakers: dict[str, str] | None
) -> None:
    project = one(tmp_path, text, speakers=speakers)
    label = next(s for s in project.transcript("G").speakers if s.startswith(("KQ", "Quist")))
    project.add_case("K1")
    project.link("G", "K1", speaker=label)
    project.link("G", speaker="Moderator", role="interviewer")
    project.correct("G", "otter", "red otter")
    report = project.forget("K1")
    assert report.blanked == {"G": 2}
    everything = held(project)
    for word in ("Quist", "KQ", "zebra", "K1"):
        assert word not in everything, word
    assert "I said red otter." in everything
    assert project.transcript("G").speakers == ("Moderator", "[withdrawn]", "Ravel")
    assert project.check() == []


def test_a_label_that_was_corrected_goes_in_every_version(tmp_path: Path) -> None:
    project = linked(tmp_path)
    at = GROUP.index("Quist:")
    project.correct("G", (at, at + 5), "Quentin")
    before = held(project)
    with pytest.raises(
        Refused, match=r"that are Quentin's now were Quist's.*link\('G', 'K1', speaker='Quentin'\)"
    ):
        project.forget("K1")
    assert held(project) == before
    project.link("G", "K1", speaker="Quentin")
    project.forget("K1")
    everything = held(project)
    assert not [word for word in ("Quist", "Quentin", "zebra") if word in everything]


def test_older_texts_with_other_labels_or_none_are_blanked_as_well(tmp_path: Path) -> None:
    plain = "Hello. I said zebra first. I said otter. No, zebra. As you like."
    project = qc.create_project(tmp_path / "older", coder="ana")
    project.add_source(qc.Transcript("G", "G", plain, (Turn(1, None, Span(0, len(plain))),)))
    for text in (GROUP.replace("Quist", "Q").replace("Ravel", "R"), GROUP):
        (tmp_path / "next.txt").write_text(text, encoding="utf-8")
        project.update_source(
            "G", tmp_path / "next.txt", speakers={"Q": "Q", "R": "R"} if "Q:" in text else None
        )
    assert len(project._source("G").versions) == 3
    for case, speaker in (("K1", "Quist"), ("K2", "Ravel")):
        project.add_case(case)
        project.link("G", case, speaker=speaker)
    project.forget("K1")
    everything = held(project)
    assert "zebra" not in everything
    assert "Q:" not in everything
    assert everything.count("I said otter.") == 4, "in three versions and the text"
    assert everything.count("As you like.") == 4


def test_the_speaker_goes_from_the_log_and_from_earlier_tables(tmp_path: Path) -> None:
    project = linked(tmp_path)
    project.set_attribute("K2", "age", 40)
    project.forget("K1")
    everything = held(project)
    assert "Quist" not in everything
    assert '"speaker": "Ravel"' in everything


def test_only_what_tells_of_them_is_dropped(tmp_path: Path) -> None:
    project = one(tmp_path, GROUP)
    for number in (1, 10, 11):
        project.add_case(f"P{number}")
    project.memo("on ten", "case:P10")
    project.memo("on nobody")
    states = project.path / "data" / "log" / ".states"
    before = {path.name: path.read_text(encoding="utf-8") for path in states.iterdir()}
    project.link("G", "P1", speaker="Quist")
    project.forget("P1")
    kept = {path.name for path in states.iterdir()}
    assert {name for name, text in before.items() if "on ten" in text or "on nobody" in text} <= kept
    assert not [text for name, text in before.items() if name in kept and "P1," in text]


def test_an_id_that_stands_everywhere_drops_and_names_nothing_else(tmp_path: Path) -> None:
    project = one(tmp_path, GROUP)
    for case in ("1", "12"):
        project.add_case(case, years=1)
        project.memo(f"on {case}", f"case:{case}")
    project.memo("question 1 is odd")
    project.link("G", "1", speaker="Quist")
    report = project.forget("1")
    assert sorted(project.memos["text"]) == ["on 12", "question 1 is odd"]
    assert "the ids 1: too short to be looked for" in report.left
    assert not [line for line in report.left if "the id stands" in line]
    states = [path.read_text(encoding="utf-8") for path in (project.path / "data/log/.states").iterdir()]
    assert any("question 1" in state for state in states)
    assert not [state for state in states if "\n1,participant" in state or "case:1\n" in state]


# -- memos, examples, codes ------------------------------------------------------------------------------


def test_memos_and_examples_on_blanked_words_go(tmp_path: Path) -> None:
    project = linked(tmp_path)
    version, at = project.transcript("G").version, GROUP.index("zebra")
    otter = GROUP.index("otter")
    project.change_code(
        "animals", examples=[f"G@{version}:{at}-{at + 5}", f"G@{version}:{otter}-{otter + 5}"]
    )
    for number, targets in enumerate(
        (
            ["turn:G:2"],
            [f"span:G:{at}:{at + 5}"],
            ["turn:G:2", "turn:G:3"],
            ["case:K1", "study"],
            ["turn:G:3"],
        )
    ):
        project.memo(f"memo {number}", *targets)
    project.correct("G", "As you like.", "As you wish.")
    report = project.forget("K1")
    assert (report.memos, report.examples) == (2, 1)
    assert "1 example of a code" in str(report)
    assert sorted(project.memos["text"]) == ["memo 2", "memo 3", "memo 4"]
    files = dict(zip(project.memos["text"], project.memos["id"], strict=True))
    about = [line.split(" (")[0] for line in report.left if "was about K1 and about other things" in line]
    assert sorted(about) == sorted(f"data/memos/ana/{files[text]}.md" for text in ("memo 2", "memo 3"))
    (example,) = project.codebook.code("animals").examples
    assert example.version == version or example.version in project._source("G").versions
    text = project._text_of_version("G", example.version)
    assert text is not None
    assert text[example.start : example.end] == "otter"
    assert project.check() == []


def test_two_codings_that_become_one_passage_are_one(tmp_path: Path) -> None:
    project = linked(tmp_path)
    keep = project.code("G", "Ravel: I said otter.", "Animals", memo="one")
    both = project.code("G", "I said zebra first.\nRavel: I said otter.", "Animals", memo="two")
    report = project.forget("K1")
    assert report.codings == 1
    assert len(project.codings) == 1
    left = project.codings["id"].iloc[0]
    assert left in (keep, both)
    assert list(project.memos["targets"]) == [(f"coding:{left}",)] * 2
    assert project.check() == []


def test_a_colleagues_coding_from_before_names_were_replaced_goes_too(tmp_path: Path) -> None:
    project = linked(tmp_path)
    project.code("G", "zebra first", "Animals", coder="ben")
    project.code("G", "otter", "Animals", coder="ben")
    project.pseudonymize({"Quist": "Person"}, tmp_path / "key.json")
    report = project.forget("K1")
    assert report.codings == 1
    assert qc.retrieve(project)["quote"].tolist() == ["otter"]
    assert "keys that pseudonymize wrote, which lie outside the study, may hold the name" in report.left


def test_a_code_born_from_their_words_is_named(tmp_path: Path) -> None:
    project = linked(tmp_path)
    project.code("G", "zebra first", "zebra first", create=True)
    report = project.forget("K1")
    assert any(
        line.startswith("codebooks/codebook.yaml: codes whose names only K1 said (zebra-first")
        for line in report.left
    )


# -- what was removed before, and what lies beside -------------------------------------------------------


def test_an_interview_that_was_removed_before_goes_as_well(tmp_path: Path) -> None:
    project = one(tmp_path, ALONE)
    (tmp_path / "other.txt").write_text(
        GROUP.replace("Quist", "Timo").replace("zebra", "yak"), encoding="utf-8"
    )
    project.add_source(tmp_path / "other.txt", "H")
    project.add_case("K1")
    project.link("G", "K1", speaker="Quist")
    project.correct("G", "zebra", "striped zebra")
    project.remove_source("G")
    report = project.forget("K1")
    assert report.sources == ("G",)
    everything = held(project)
    assert not [word for word in ("zebra", "Quist", "K1", '"G"', "data/sources/G.toml") if word in everything]
    assert project.check() == []


def test_words_of_a_correction_that_was_undone_go(study: qc.Project) -> None:
    study.correct("T1", "Nothing.", "Nothing, purple.")
    study.undo()
    study.correct("T2", "No, zebra.", "No, violet zebra.")
    study.undo()
    study.forget("Quist")
    everything = held(study)
    assert "purple" not in everything
    assert "violet" not in everything


def test_another_who_was_removed_can_still_be_brought_back_from_the_versions(study: qc.Project) -> None:
    (study.path / "u.txt").write_text("Moderator: So?\nUlla: Yak milk every day.\n", encoding="utf-8")
    study.add_source(study.path / "u.txt", "T9")
    version = study._source("T9").version
    study.remove_source("T9")
    (study.path / "u.txt").unlink()
    study.forget("Quist")
    assert (study.path / f"data/transcripts/.versions/{version}.txt").exists()


def test_the_same_text_under_another_id_is_anothers(study: qc.Project, tmp_path: Path) -> None:
    study.add_source(tmp_path / "T1.txt", "T8")
    study.add_case("Ulla")
    study.link("T8", "Ulla")
    study.forget("Quist")
    assert study.sources["source"].tolist() == ["T2", "T3", "T8"]
    assert study.transcript("T8").text == ALONE
    assert study.check() == []


def test_what_lies_beside_is_named(study: qc.Project) -> None:
    data = study.path / "data"
    for copy in ("T1 (conflicted copy).txt", "T1-DESKTOP-ABC.txt"):
        shutil.copy(data / "transcripts" / "T1.txt", data / "transcripts" / copy)
    (data / "transcripts" / ".cache").mkdir()
    (data / "transcripts" / ".cache" / "index").write_bytes(b"zebra")
    (study.path / "exports").mkdir()
    qc.export_tables(study, study.path / "exports" / "tab", quotes=True)
    qc.export_tables(study, study.path / "exports" / "all.xlsx", quotes=True)
    (study.path / "figures").mkdir()
    (study.path / "figures" / "m.svg").write_text("<svg/>", encoding="utf-8")
    (study.path / "notes.txt").write_text("nothing to see", encoding="utf-8")
    (study.path / "diary.txt").write_text("as he said, because of the zebra", encoding="utf-8")
    memo = study.memo("quist was late", "case:Ravel")
    left = "\n".join(study.forget("Quist").left)
    for file in ("data/transcripts/T1 (conflicted copy).txt", "data/transcripts/T1-DESKTOP-ABC.txt", "exports/tab/",
                 "exports/all.xlsx (cannot be searched", "figures/m.svg (look whether", "diary.txt (words of theirs",
                 f"data/memos/ana/{memo}.md (the name they had in a transcript in 1 place, in small letters)", "data/log/ana.jsonl (says by its id that T1 went"):  # fmt: skip
        assert file in left, file
    assert "notes.txt" not in left
    assert not (data / "transcripts" / ".cache" / "index").exists()


def test_what_others_say_about_them_is_named(tmp_path: Path) -> None:
    project = linked(tmp_path, GROUP.replace("As you like.", "As you like, Quist."))
    left = project.forget("K1").left
    assert "data/transcripts/G.txt (the name they had in a transcript in 1 place (turn 5))" in left
    assert any(
        line.startswith("data/transcripts/.versions (the name they had in a transcript in 1 kept text")
        for line in left
    )
    assert any("what others say about K1" in line for line in left)


def test_a_label_that_many_have_tells_nothing(tmp_path: Path) -> None:
    text = GROUP.replace("Quist", "Participant 1").replace("Ravel", "Participant 2")
    project = one(tmp_path, text)
    (tmp_path / "h.txt").write_text(text.replace("zebra", "yak"), encoding="utf-8")
    project.add_source(tmp_path / "h.txt", "H")
    project.add_case("K1")
    project.link("G", "K1", speaker="Participant 1")
    report = project.forget("K1")
    assert not [line for line in report.left if "H." in line]
    assert "zebra" not in held(project)


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
    assert study.transcript("T2").text[slice(*place)] == "Ravel: As you"
    assert study.decisions[["suggestion", "coder"]].values.tolist() == [[kept, "ben"]]
    everything = held(study)
    assert not [trace for trace in (alone, theirs, zebra, "span:T1", "source:T1") if trace in everything]
    assert study.check() == []
    assert qc.open_project(study.path, coder="ben").suggestions.equals(study.suggestions)
