"""The project: verbs that write at once, tables that are copies, and no way to lose a coding."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import qualcode as qc
from qualcode import Project, Transcript
from qualcode.errors import (
    FileProblems,
    FolderError,
    InvalidValue,
    NotFound,
    QuoteError,
    Refused,
    UnknownCase,
    UnknownCode,
    UnknownCoder,
    UnknownSource,
)
from qualcode.span import Span
from qualcode.transcript import TimeMark, Turn

LINES = [
    ("Interviewer", "How did you plan the project?"),
    ("Penny", "We guessed. Nobody could say how long the model would take. 🙂"),
    ("Interviewer", "And the data?"),
    ("Penny", "The data came late, and nobody could say what the columns meant."),
]


def transcript(id_: str = "P1", lines: list[tuple[str, str]] = LINES) -> Transcript:
    text, turns, marks = "Synthetic interview\n\n", [], []
    for number, (speaker, words) in enumerate(lines, start=1):
        text += f"{speaker}: "
        turns.append(
            Turn(number, speaker, Span(len(text), len(text) + len(words)), number * 10.0, number * 10.0 + 9.5)
        )
        marks.append(TimeMark(len(text), number * 10.0))
        text += words + "\n"
    return Transcript(id_, id_, text, tuple(turns), tuple(marks), roles={"Interviewer": "interviewer"})


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = qc.create_project(tmp_path / "study", title="Talks", coder="ana")
    made.new_code("Guessing", definition="estimates without ground")
    made.new_code("Data")
    made.new_code("Late data", parent="Data")
    made.add_source(transcript())
    return made


def files(project: Project, log: bool = False) -> dict[str, bytes]:
    """Return the study's files; without the log and what only the log refers to."""
    kept = {}
    for path in sorted(project.path.rglob("*")):
        name = path.relative_to(project.path).as_posix()
        if path.is_file() and (log or not name.startswith(("data/log/", "data/transcripts/."))):
            kept[name] = path.read_bytes()
    return kept


class TestCoding:
    def test_by_quote_span_turn_and_time(self, project: Project) -> None:
        text = project.transcript("P1")
        ids = [
            project.code("P1", "The data came late", "Late data"),
            project.code("P1", (text.turns[1].span.start, text.turns[1].span.start + 11), "Guessing"),
            project.code("P1", qc.turn(2), "Data"),
            project.code("P1", qc.turn(2, 4), "Guessing"),
            project.code("P1", qc.at("00:00:25"), "Guessing"),
        ]
        table = project.codings.set_index("id").loc[ids]
        quotes = [text.text[start:end] for start, end in zip(table.start, table.end, strict=True)]
        assert quotes[:2] == ["The data came late", "We guessed."]
        assert quotes[2] == LINES[1][1]
        assert quotes[3].startswith("We guessed.")
        assert quotes[3].endswith("columns meant.")
        assert quotes[4] == LINES[1][1]
        assert list(table.coder.unique()) == ["ana"]
        assert project.check() == []

    def test_what_was_coded_is_there_after_opening_again(self, project: Project) -> None:
        project.code("P1", "We guessed.", "Guessing", stance="counters", memo="she laughs")
        again = qc.open_project(project.path)
        pd.testing.assert_frame_equal(again.codings, project.codings)
        pd.testing.assert_frame_equal(again.turns, project.turns)
        assert again.memos.text.tolist() == ["she laughs"]
        assert again.memos.targets[0] == (f"coding:{project.codings.id[0]}",)

    def test_again_is_the_same_coding(self, project: Project) -> None:
        first = project.code("P1", "We guessed.", "Guessing")
        before = files(project, log=True)
        assert project.code("P1", "We guessed.", "Guessing") == first
        assert files(project, log=True) == before
        with pytest.raises(
            InvalidValue, match=r"already coded with 'Guessing', stance supports. Use project.set_stance"
        ):
            project.code("P1", "We guessed.", "Guessing", stance="counters")

    def test_a_quote_that_is_there_twice_names_the_places(self, project: Project) -> None:
        with pytest.raises(
            QuoteError, match=r"is in P1 2 times: \(\d+, \d+\) in turn 2, \(\d+, \d+\) in turn 4"
        ):
            project.code("P1", "obody could say", "Data")

    def test_a_quote_that_is_not_there_says_so_without_quoting(self, project: Project) -> None:
        with pytest.raises(QuoteError) as error:
            project.code("P1", "we GUESSED", "Guessing")
        assert (
            "The quote (10 characters) is not in P1. Turn 2 has the same words with other punctuation"
            in str(error.value)
        )
        assert "GUESSED" not in str(error.value)

    @pytest.mark.parametrize(
        ("arguments", "error", "message"),
        [
            (("P2", "We", "Data"), UnknownSource, "The study has no source 'P2'"),
            (("P1", "We guessed.", "Gessing"), UnknownCode, "Did you mean 'Guessing'"),
            (("P1", (5, 5), "Data"), InvalidValue, "end after its start"),
            (("P1", (0, 9999), "Data"), InvalidValue, "ends after the text of P1"),
            (("P1", qc.turn(9), "Data"), InvalidValue, "P1 has no turn 9; its turns are numbered 1 to 4"),
            (("P1", qc.at("2:00"), "Data"), InvalidValue, "Nobody speaks in P1 at 2:00"),
            (("P1", 12, "Data"), InvalidValue, r"Give a quote, \(start, end\), qc.turn\(12\)"),
        ],
    )
    def test_mistakes(self, project: Project, arguments: tuple, error: type, message: str) -> None:
        before = files(project, log=True)
        with pytest.raises(error, match=message):
            project.code(*arguments)
        assert files(project, log=True) == before

    def test_create_makes_an_open_code_in_the_same_step(self, project: Project) -> None:
        project.code("P1", "nobody could say what the columns meant", "Tribal knowledge", create=True)
        assert project.codebook.code("Tribal knowledge").facet == "open-codes"
        project.undo()
        assert project.codings.empty
        with pytest.raises(UnknownCode):
            project.codebook.code("Tribal knowledge")

    def test_uncode_recode_resize(self, project: Project) -> None:
        id_ = project.code("P1", "We guessed.", "Guessing", memo="why?")
        project.recode(id_, "Data")
        project.resize(id_, qc.turn(4))
        coding = project.coding(id_)
        assert project.codebook.code(coding.code).name == "Data"
        assert coding.span == project.transcript("P1").turns[3].span
        project.uncode(id_)
        assert project.codings.empty
        assert project.memos.targets.tolist() == [()]
        with pytest.raises(NotFound, match="There is no coding"):
            project.uncode(id_)

    def test_many_codings_are_changed_in_one_step_or_none(self, project: Project) -> None:
        one = project.code("P1", "We guessed.", "Guessing")
        two = project.code("P1", qc.turn(4), "Guessing")
        guessing, data = (project.codebook.code(name).id for name in ("Guessing", "Data"))
        project.recode([one, two, one], "Data")
        project.set_stance([two, one], "counters")
        assert project.codings[["code", "stance"]].values.tolist() == [[data, "counters"]] * 2
        assert project.history().verb.tolist()[-2:] == ["recode", "set stance"]
        project.undo(2)
        table = project.codings
        assert table[["code", "stance"]].values.tolist() == [[guessing, "supports"]] * 2
        same = project.code("P1", qc.turn(4), "Data")
        with pytest.raises(InvalidValue, match=f"would become the same as {same}"):
            project.recode([one, two], "Data")
        with pytest.raises(NotFound, match="There is no coding 'x'"):
            project.set_stance([one, "x"], "mixed")
        project.uncode(same)
        pd.testing.assert_frame_equal(project.codings, table)

    def test_nobody_changes_the_coding_of_another(self, project: Project) -> None:
        id_ = project.code("P1", "We guessed.", "Guessing", coder="ben")
        with pytest.raises(Refused, match=f"The coding {id_} is ben's, and ana cannot change it"):
            project.uncode(id_)

    def test_an_exclusive_facet_takes_one_code_a_passage(self, project: Project) -> None:
        project.new_facet("Mood", exclusive=True)
        project.new_code("calm", facet="Mood")
        project.new_code("angry", facet="Mood")
        project.code("P1", qc.turn(2), "calm")
        with pytest.raises(InvalidValue, match="The facet 'Mood' takes one code a passage"):
            project.code("P1", qc.turn(2), "angry")

    def test_a_heading_is_not_for_coding(self, project: Project) -> None:
        project.change_code("Data", codable=False)
        with pytest.raises(InvalidValue, match=r"'Data' is a heading of the codebook.*Late data"):
            project.code("P1", qc.turn(4), "Data")


class TestCodeMany:
    def test_places_of_every_kind(self, project: Project) -> None:
        table = pd.DataFrame(
            [
                {"source": "P1", "quote": "We guessed.", "code": "Guessing", "stance": "mixed"},
                {"source": "P1", "start": 30, "end": 40, "code": "Data"},
                {"source": "P1", "turn": 2, "last_turn": 3, "code": "Data"},
                {"source": "P1", "time": "0:45", "code": "Late data", "memo": "late again"},
            ]
        )
        ids = project.code_many(table)
        assert len(set(ids)) == 4
        assert sorted(project.codings.id) == sorted(ids)
        assert project.codings.stance.value_counts().to_dict() == {"supports": 3, "mixed": 1}
        project.undo()
        assert project.codings.empty, "one step"

    def test_all_problems_at_once_and_nothing_changed(self, project: Project) -> None:
        before = files(project, log=True)
        rows = [
            {"source": "P1", "quote": "We guessed.", "code": "Guessing"},
            {"source": "P1", "quote": "not there", "code": "Guessing"},
            {"source": "P7", "turn": 1, "code": "Guessing"},
            {"source": "P1", "turn": 1, "code": "nothing such"},
            {"source": "P1", "code": "Guessing"},
        ]
        with pytest.raises(FileProblems) as error:
            project.code_many(rows)
        assert [problem.place for problem in error.value.problems] == ["2", "3", "4", "5"]
        assert "table:5: a row needs one place" in str(error.value)
        assert files(project, log=True) == before
        assert project.codings.empty


class TestCodebook:
    def test_merged_codes_count_as_one_and_nothing_is_rewritten(self, project: Project) -> None:
        a = project.code("P1", "We guessed.", "Guessing")
        b = project.code("P1", "We guessed.", "Data", coder="ben")
        before = files(project)
        project.merge_codes("Guessing", "Data")
        after = files(project)
        assert {name for name in after if before.get(name) != after[name]} == {"codebooks/codebook.yaml"}
        table = project.codings.set_index("id")
        assert table.code[a] == table.code[b] == project.codebook.code("Data").id
        assert table.coded_as[a] != table.coded_as[b]
        assert project.code("P1", "We guessed.", "Guessing") == a, "who still uses the old code loses nothing"
        new = project.coding(project.code("P1", qc.turn(1), "Guessing"))
        assert new.code == project.codebook.code("Data").id
        project.merge_codes("Guessing", "Data")  # a notebook can be run twice
        assert project.check() == []

    def test_split_deals_ones_own_codings(self, project: Project) -> None:
        a = project.code("P1", "We guessed.", "Guessing")
        b = project.code("P1", "The data came late", "Guessing")
        other = project.code("P1", qc.turn(4), "Guessing", coder="ben")
        with pytest.raises(InvalidValue, match=r"1 of ana's 2 codings of 'Guessing' are dealt to no code"):
            project.split_code("Guessing", {"Wild guess": [a], "Rough guess": []})
        new = project.split_code("Guessing", {"Wild guess": [a], "Rough guess": [b]})
        table = project.codings.set_index("id")
        assert table.code[a] == new["Wild guess"]
        assert table.code[b] == new["Rough guess"]
        assert table.coded_as[other] == table.code[other]
        assert project.to_be_dealt() == []
        assert project.to_be_dealt(coder="ben") == [other]
        assert project.check() == []
        project.undo()
        assert set(project.codings.code) == {project.codebook.code("Guessing").id}

    def test_a_code_that_others_count_as_is_not_split_under_them(self, project: Project) -> None:
        a = project.code("P1", "We guessed.", "Guessing")
        b = project.code("P1", qc.turn(4), "Guessing")
        project.new_code("Late and wrong", counts_as=["Guessing"])
        before = files(project, log=True)
        with pytest.raises(Refused, match="'Guessing' cannot be split yet: 'Late and wrong' counts as it"):
            project.split_code("Guessing", {"One": [a], "Two": [b]})
        assert files(project, log=True) == before

    def test_rename_and_move_keep_the_id(self, project: Project) -> None:
        id_ = project.codebook.code("Guessing").id
        project.rename_code("Guessing", "Estimating")
        project.move_code("Estimating", "Data")
        assert project.codebook.code("Guessing").id == id_ == project.codebook.code("Data > Estimating").id
        assert project.history(code="Estimating").verb.tolist() == ["new code", "rename code", "move code"]

    def test_freeze_keeps_a_copy(self, project: Project) -> None:
        assert project.freeze_codebook("after the pilot") == "1"
        project.new_code("Later")
        assert project.freeze_codebook("after the first ten") == "2"
        frozen = qc.read_codebook(project.path / "codebooks/codebook-1.yaml")
        assert [code.name for code in frozen.codes] == ["Guessing", "Data", "Late data"]
        assert (
            (project.path / "codebooks/codebook-1.yaml")
            .read_text()
            .startswith("# Frozen as version 1.\n# after the pilot")
        )

    def test_a_new_codebook_must_keep_what_was_used(self, project: Project, tmp_path: Path) -> None:
        project.code("P1", "We guessed.", "Guessing")
        (tmp_path / "other.yaml").write_text("facets:\n- name: Theme\n  codes:\n  - name: Trust\n")
        with pytest.raises(Refused, match="The new codebook lacks 1 codes that codings use"):
            project.replace_codebook(tmp_path / "other.yaml")


class TestCases:
    def test_from_a_table_with_a_preview(self, project: Project, tmp_path: Path) -> None:
        table = pd.DataFrame(
            {
                "case": ["P1", "Penny"],
                "parent": ["O1", "O1"],
                "years": [7, None],
                "remote": [True, False],
                "role": ["SE", "DS"],
            }
        )
        before = files(project, log=True)
        preview = project.add_cases(table, preview=True)
        assert files(project, log=True) == before
        assert preview[["case", "source", "speaker", "how"]].values.tolist() == [
            ["P1", "P1", "", "same id"],
            ["Penny", "P1", "Penny", "same name"],
        ]
        project.add_cases(table)
        assert project.attributes == {"years": "number", "remote": "boolean", "role": "text"}
        cases = project.cases.set_index("case")
        assert cases.kind.to_dict() == {"O1": "organization", "P1": "participant", "Penny": "participant"}
        assert cases.years["P1"] == 7
        assert bool(cases.remote["P1"]) is True
        turns = project.turns
        assert turns.case.tolist() == ["", "Penny", "", "Penny"]
        assert project.check() == []

    @pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
    def test_from_files(self, project: Project, tmp_path: Path, suffix: str) -> None:
        table = pd.DataFrame({"id": ["1e5", "NA"], "group": ["no", "007"]})
        path = tmp_path / f"cases{suffix}"
        table.to_csv(path, index=False, sep=";") if suffix == ".csv" else table.to_excel(path, index=False)
        project.add_cases(path, case="id", kind="team")
        assert project.cases.case.tolist() == ["1e5", "NA"]
        assert project.cases.kind.tolist() == ["team", "team"]

    def test_mistakes_name_row_and_way_out(self, project: Project) -> None:
        with pytest.raises(FileProblems, match=r"table:3: the case 'A' is there twice"):
            project.add_cases(pd.DataFrame({"case": ["A", "A"]}))
        with pytest.raises(InvalidValue, match=r"has no column 'case'. It has name"):
            project.add_cases(pd.DataFrame({"name": ["A"]}))
        with pytest.raises(FileProblems, match=r"table:2: the study has no source 'P11'.*Did you mean 'P1'"):
            project.add_cases(pd.DataFrame({"case": ["A"], "source": ["P11"]}))
        with pytest.raises(UnknownCase, match="There is no case 'O9' to be the parent"):
            project.add_case("A", parent="O9")
        project.add_case("A", years=3)
        with pytest.raises(InvalidValue, match=r"'many' is no value of the attribute 'years' \(number\)"):
            project.set_attribute("A", "years", "many")

    def test_declared_levels_are_ordered(self, project: Project) -> None:
        project.add_case("A", seniority="2-5 years")
        project.declare_attribute("seniority", "ordered", levels=["<2 years", "2-5 years", ">=5 years"])
        assert project.cases.seniority.cat.ordered
        with pytest.raises(InvalidValue, match="Expected one of <2 years, 2-5 years, >=5 years"):
            project.set_attribute("A", "seniority", "6 years")


class TestTeam:
    def test_progress(self, project: Project) -> None:
        project.assign("ben", "P1")
        assert project.progress[["coder", "source", "state"]].values.tolist() == [
            ["ben", "P1", "not started"]
        ]
        project.code("P1", "We guessed.", "Guessing", coder="ben")
        assert project.progress.state.tolist() == ["in progress"]
        project.finish("P1", "ben")
        assert project.progress.state.tolist() == ["finished"]

    def test_memos_on_everything(self, project: Project) -> None:
        coding = project.code("P1", "We guessed.", "Guessing")
        project.add_case("A")
        targets = [
            "study",
            "source:P1",
            "turn:P1:2",
            "span:P1:3:9",
            "case:A",
            "code:Guessing",
            f"coding:{coding}",
        ]
        project.memo("A thought\n\nwith two paragraphs", *targets, kind="theory")
        memo = qc.open_project(project.path).memos.iloc[0]
        assert memo.text == "A thought\n\nwith two paragraphs"
        assert len(memo.targets) == 7
        assert memo.targets[5] == "code:" + project.codebook.code("Guessing").id
        with pytest.raises(InvalidValue, match="A memo cannot be attached to 'page:3'"):
            project.memo("x", "page:3")

    def test_who_is_coding_must_be_known(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        project = qc.create_project(tmp_path / "s")
        with pytest.raises(InvalidValue, match=r"Who is coding\? .*qc.set_coder\('ana'\)"):
            project.new_code("Trust")
        monkeypatch.setenv("QUALCODE_CODER", "eva")
        project.new_code("Trust")
        monkeypatch.delenv("QUALCODE_CODER")
        qc.set_coder("zoe")
        project.new_code("Delay")
        assert project.coders.coder.tolist() == ["eva", "zoe"]

    def test_a_mistyped_coder_is_not_a_new_one(self, project: Project) -> None:
        with pytest.raises(UnknownCoder, match=r"The study has no coder 'anna'. Did you mean 'ana'"):
            project.code("P1", "We guessed.", "Guessing", coder="anna")
        with pytest.raises(UnknownCoder, match="The study has a coder 'ana', not 'Ana'"):
            project.code("P1", "We guessed.", "Guessing", coder="Ana")
        project.add_coder("anna")
        project.code("P1", "We guessed.", "Guessing", coder="anna")

    def test_history_says_who_did_what_without_text(self, project: Project) -> None:
        id_ = project.code("P1", "We guessed.", "Guessing")
        project.recode(id_, "Data")
        table = project.history(coding=id_)
        assert table.verb.tolist() == ["code", "recode"]
        assert not any("guessed" in path.read_text() for path in (project.path / "data/log").glob("*.jsonl"))


class TestUndo:
    def test_any_number_of_steps_and_back(self, project: Project) -> None:
        states = [files(project)]
        id_ = project.code("P1", "We guessed.", "Guessing", memo="hm")
        states.append(files(project))
        project.resize(id_, qc.turn(2))
        states.append(files(project))
        project.merge_codes("Guessing", "Data")
        states.append(files(project))
        with project.batch():
            project.new_code("One")
            project.add_case("A", years=3)
            project.code("P1", qc.turn(3), "One", coder="ana")
        states.append(files(project))
        for back in (3, 2, 1, 0):
            project.undo()
            assert files(project) == states[back]
        for forth in (1, 2, 3, 4):
            project.redo()
            assert files(project) == states[forth]
        project.undo(4)
        assert files(project) == states[0]
        project.redo(4)
        assert files(project) == states[4]
        again = qc.open_project(project.path, coder="ana")
        again.undo(2)
        assert files(again) == states[2]
        assert again.check() == []

    def test_something_new_ends_redo(self, project: Project) -> None:
        project.code("P1", "We guessed.", "Guessing")
        project.undo()
        project.code("P1", qc.turn(3), "Data")
        with pytest.raises(Refused, match="ana has nothing to redo"):
            project.redo()

    def test_only_ones_own_work(self, project: Project) -> None:
        project.code("P1", "We guessed.", "Guessing")
        project.code("P1", "We guessed.", "Guessing", coder="ben")
        project.undo()
        assert project.codings.coder.tolist() == ["ben"]

    def test_refused_where_another_builds_on_it(self, project: Project) -> None:
        project.new_code("Trust")
        project.code("P1", "We guessed.", "Trust", coder="ben")
        before = files(project, log=True)
        with pytest.raises(
            Refused, match=r"'new code' cannot be taken back: ben already has codings that use code trust-"
        ):
            project.undo()
        assert files(project, log=True) == before
        assert project.codebook.code("Trust").name == "Trust"

    def test_the_codebook_of_others_stays_when_ones_own_change_goes(self, project: Project) -> None:
        project.change_code("Guessing", note="mine")
        project.new_code("From Ben", coder="ben")
        project.undo()
        assert project.codebook.code("Guessing").note == ""
        assert project.codebook.code("From Ben").name == "From Ben"

    def test_a_source_comes_and_goes_with_its_text(self, project: Project) -> None:
        project.code("P1", "We guessed.", "Guessing")
        before = files(project)
        project.remove_source("P1")
        assert project.sources.empty
        assert not (project.path / "data/transcripts/P1.txt").exists()
        project.undo()
        assert files(project) == before
        assert project.transcript("P1").text == transcript().text


class TestFolderOfAStudy:
    def test_saving_without_a_change_is_a_zero_byte_diff(self, project: Project) -> None:
        project.code("P1", "We guessed.", "Guessing")
        before = files(project, log=True)
        again = qc.open_project(project.path, coder="ana")
        again.set_stance(again.codings.id[0], "supports")
        again.change_code("Guessing", definition="estimates without ground")
        assert files(project, log=True) == before

    def test_tables_are_copies(self, project: Project) -> None:
        project.code("P1", "We guessed.", "Guessing")
        table = project.codings
        table["code"] = "nonsense"
        assert project.codings.code.tolist() == [project.codebook.code("Guessing").id]

    def test_two_open_projects_see_each_other(self, project: Project) -> None:
        other = qc.open_project(project.path, coder="ben")
        project.new_code("Trust")
        other.code("P1", "We guessed.", "Trust")
        assert project.codings.coder.tolist() == ["ben"]
        project.code("P1", "We guessed.", "Trust")
        assert other.codings.coder.tolist() == ["ana", "ben"]

    def test_unknown_columns_and_files_are_kept(self, project: Project) -> None:
        id_ = project.code("P1", "We guessed.", "Guessing")
        path = project.path / "data/codings/ana/P1.csv"
        head, row = path.read_text().splitlines()
        path.write_text(f"{head},weight\n{row},5\n")
        (project.path / "data/own-notes.txt").write_text("mine")
        project.set_stance(id_, "mixed")
        project.code("P1", qc.turn(3), "Data")
        assert [line.rsplit(",", 1)[1] for line in path.read_text().splitlines()] == ["weight", "5", ""]
        assert (project.path / "data/own-notes.txt").read_text() == "mine"

    def test_a_folder_without_transcripts_still_counts(self, project: Project) -> None:
        project.code("P1", "We guessed.", "Guessing")
        import shutil

        shutil.rmtree(project.path / "data/transcripts")
        bare = qc.open_project(project.path, coder="ana")
        assert len(bare.codings) == 1
        assert bare.turns.turn.tolist() == [1, 2, 3, 4]
        assert bare.turns.text.isna().all()
        assert bare.sources.text_present.tolist() == [False]
        assert bare.check() == []
        with pytest.raises(FolderError, match="The text of P1 is not in this copy of the study"):
            bare.code("P1", "We guessed.", "Data")
        bare.new_code("Still works")

    def test_text_edited_outside_does_not_move_codings_silently(self, project: Project) -> None:
        project.code("P1", "We guessed.", "Guessing")
        path = project.path / "data/transcripts/P1.txt"
        path.write_text("XXX" + path.read_text())
        with pytest.warns(UserWarning, match=r"data/transcripts/P1.txt was edited outside qualcode"):
            again = qc.open_project(project.path)
        with pytest.warns(UserWarning, match=r"data/transcripts/P1.txt was changed outside qualcode"):
            text = again.transcript("P1")
        row = again.codings.iloc[0]
        assert text.text[row.start : row.end] == "We guessed."
        assert [p.file for p in project.check()] == ["data/transcripts/P1.txt"]

    def test_a_hand_edited_codebook_is_taken_and_logged(self, project: Project) -> None:
        path = project.path / "codebooks/codebook.yaml"
        path.write_text("# my own words\n" + path.read_text() + "\n")
        project.new_code("After")
        assert path.read_text().startswith("# my own words\n")
        assert "edited outside" in project.history().verb.tolist()

    def test_all_problems_of_broken_files_at_once(self, project: Project) -> None:
        project.code("P1", "We guessed.", "Guessing")
        path = project.path / "data/codings/ana/P1.csv"
        path.write_text(path.read_text().replace(",supports,", ",maybe,"))
        (project.path / "data/cases.csv").write_text("case;kind\nA;x\n")
        with pytest.raises(FileProblems) as error:
            qc.open_project(project.path)
        assert "data/codings/ana/P1.csv:2: unknown stance 'maybe'" in str(error.value)
        assert "data/cases.csv:1: misses the column case" in str(error.value)

    def test_what_is_no_study(self, tmp_path: Path) -> None:
        with pytest.raises(FolderError, match=r"has no qualcode.toml. Open the folder that holds it"):
            qc.open_project(tmp_path)
        qc.create_project(tmp_path)
        with pytest.raises(FolderError, match="already holds a study"):
            qc.create_project(tmp_path)
        (tmp_path / "qualcode.toml").write_text("format = 9\n")
        with pytest.raises(FolderError, match=r"has format 9, this qualcode reads format 1. Update qualcode"):
            qc.open_project(tmp_path)

    def test_an_error_in_a_batch_leaves_nothing(self, project: Project) -> None:
        before = files(project, log=True)

        def work() -> None:
            with project.batch():
                project.new_code("One")
                project.code("P1", "We guessed.", "One")
                project.code("P1", "not there", "One")

        with pytest.raises(QuoteError):
            work()
        assert files(project, log=True) == before
        assert project.codings.empty
        with pytest.raises(UnknownCode):
            project.codebook.code("One")


KILLED = """
import os, sys
import qualcode as qc
project = qc.open_project(sys.argv[1], coder="ana")
end = len(project.transcript("P1").text)
for number in range(200):
    project.code("P1", (number % 50, 60 + number // 50), "Guessing")
    os.write(1, b"%d\\n" % number)
"""


@pytest.mark.parametrize("after", [5, 60])
def test_kill_in_the_middle_of_200_codings_loses_none(project: Project, after: int) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(project.path)], stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        for _ in range(after):
            process.stdout.readline()
        process.kill()
        acknowledged = after + len(process.stdout.read().split())
    again = qc.open_project(project.path, coder="ana")
    assert len(again.codings) in (acknowledged, acknowledged + 1)
    assert len(again.history(verb="code")) == len(again.codings)
    assert again.check() == []
