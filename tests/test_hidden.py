"""What a file hides is shown and dropped, unless somebody keeps it on purpose."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import docx
import pytest

import qualcode as qc
from qualcode.cli import main
from qualcode.errors import InvalidValue, Refused

KINDS = ["comment", "property", "tracked change", "hidden text", "custom xml", "address", "signed address"]


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    """A Word file with two comments, an author and a title."""
    document = docx.Document()
    document.add_paragraph("Interviewer: Why?")
    said = document.add_paragraph("Maria: Because of Jonas.")
    document.add_comment(said.runs, text='She "means" Jonas\nthe boss.', author="Eve Stone")
    document.core_properties.author = "Maria Lima"
    document.core_properties.title = "Talk with\nMaria"
    document.save(str(tmp_path / "talk.docx"))
    return tmp_path / "talk.docx"


@pytest.fixture
def study(tmp_path: Path) -> qc.Project:
    return qc.create_project(tmp_path / "study", coder="ana")


def kept(project: qc.Project, source: str = "P1") -> list[dict[str, object]]:
    file = project.path / "data" / "raw" / f"{source}-hidden.json"
    return list(json.loads(file.read_text(encoding="utf-8"))["kept"]) if file.exists() else []


def held(project: qc.Project, but: tuple[str, ...] = ()) -> str:
    return "\n".join(
        path.read_text(encoding="utf-8")
        for path in sorted(project.path.rglob("*"))
        if path.is_file() and not path.relative_to(project.path).as_posix().startswith(but)
    )


def hidden_file(project: qc.Project, source: str = "P1") -> Path:
    return project.path / "data" / "raw" / f"{source}-hidden.json"


# ---------------------------------------------------------------------------- looking


def test_a_preview_counts_and_its_table_shows(talk: Path) -> None:
    seen = qc.preview(talk)
    for shown in (str(seen), seen._repr_html_(), repr(seen)):
        assert not any(word in shown for word in ("Eve", "means", "Lima", "Talk with"))
    assert "hidden    comment (1), property (" in str(seen)
    assert "look at preview.hidden" in seen._repr_html_()
    frame = seen.hidden
    assert frame.columns.tolist() == ["kind", "name", "author", "value", "start", "end"]
    comment = frame[frame.kind == "comment"].iloc[0]
    assert (comment.author, comment.value) == ("Eve Stone", 'She "means" Jonas\nthe boss.')
    assert seen.transcript.text[comment.start : comment.end] == "Maria: Because of Jonas."
    assert frame[frame.name == "creator"][["author", "value"]].values.tolist() == [["", "Maria Lima"]]
    assert frame[frame.name == "creator"].start.isna().all()


def test_a_file_that_hides_nothing_has_an_empty_table(tmp_path: Path) -> None:
    (tmp_path / "P1.txt").write_text("I: Why?\nP1: So.\n")
    seen = qc.preview(tmp_path / "P1.txt")
    assert seen.hidden.empty
    assert "hidden" not in str(seen)


# ---------------------------------------------------------------------------- dropping and keeping


def test_nothing_hidden_enters_the_study_unasked(study: qc.Project, talk: Path) -> None:
    report = study.add_source(talk, "P1")
    everything = held(study)
    assert not any(word in everything for word in ("Eve", "means", "Lima", "Talk with"))
    assert not (study.path / "data" / "raw").exists()
    assert study.memos.empty
    assert report.hidden is not None
    assert report.hidden["comment"] == 1
    assert "qc.preview(path).hidden shows what was hidden and dropped; keep= keeps it" in str(report)


def test_a_comment_becomes_a_memo_on_its_words(study: qc.Project, talk: Path) -> None:
    report = study.add_source(talk, "P1", keep=["comment"])
    memo = study.memos.iloc[0]
    assert (memo.author, memo.kind) == ("ana", "comment")
    assert memo.text == 'Eve Stone: She "means" Jonas\nthe boss.'
    kind, source, version, start, end = memo.targets[0].split(":")
    assert (kind, source, version) == ("span", "P1", study.transcript("P1").version)
    assert study.transcript("P1").text[int(start) : int(end)] == "Maria: Because of Jonas."
    said = [str(note) for note in report.notes]
    assert "kept: 1 comment as memos of ana, on the words they were put to." in said
    assert "dropped: 1 comment by 1 author." not in said
    assert "dropped: The properties of the document (author, last editor, dates, title)." in said
    assert not (study.path / "data" / "raw").exists()
    assert study.check() == []


def test_everything_else_goes_into_one_file_under_data_raw_and_nowhere_else(
    study: qc.Project, talk: Path
) -> None:
    report = study.add_source(talk, "P1", keep=["property", "custom xml"])
    pieces = kept(study)
    assert {"kind": "property", "name": "creator", "author": "", "value": "Maria Lima"} in pieces
    assert {piece["kind"] for piece in pieces} == {"property", "custom xml"}
    assert "Maria Lima" not in held(study, but=("data/raw/",))
    assert any("in data/raw/P1-hidden.json." in note.message for note in report.notes if note.kind == "kept")
    assert not any("properties of the document" in note.message for note in report.notes)
    assert study.check() == []
    assert "data/raw/" in (study.path / ".gitignore").read_text().split()


def test_deleted_words_keep_their_place(study: qc.Project, tmp_path: Path, talk: Path) -> None:
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    document = docx.Document(str(talk))
    deleted = "<w:r><w:delText>No. </w:delText></w:r>"
    document.paragraphs[1]._p.append(parse_xml(f'<w:del {nsdecls("w")} w:author="Eve">{deleted}</w:del>'))
    document.save(str(talk))
    study.add_source(talk, "P1", keep="tracked change")
    (piece,) = kept(study)
    assert (piece["name"], piece["author"], piece["value"]) == ("deletion", "Eve", "No.")
    assert piece["version"] == study.transcript("P1").version
    assert study.transcript("P1").text[piece["start"] : piece["end"]] == "Maria: Because of Jonas."  # type: ignore[misc]


def test_names_are_replaced_in_what_is_kept_too(study: qc.Project, talk: Path) -> None:
    names = {"Maria": "P1", "Maria Lima": "P1", "Jonas": "a colleague", "Eve Stone": "colleague 2"}
    study.add_source(talk, "P1", pseudonyms=names, keep=KINDS[:2])
    everything = held(study)
    assert not any(name in everything for name in ("Maria", "Lima", "Jonas", "Stone"))
    assert study.memos.text.tolist() == ['colleague 2: She "means" a colleague\nthe boss.']
    assert {"kind": "property", "name": "title", "author": "", "value": "Talk with\nP1"} in kept(study)


def test_a_name_inside_a_longer_word_that_is_kept_is_told(study: qc.Project, talk: Path) -> None:
    document = docx.Document(str(talk))
    document.core_properties.author = "marialima@example.org"
    document.save(str(talk))
    report = study.add_source(talk, "P1", pseudonyms={"Maria": "P1"}, keep=["property"])
    said = "The name behind P1 still stands inside longer words in 1 kept piece of hidden data."
    assert any(said in note.message for note in report.notes)


def test_a_kind_that_is_none_and_one_that_the_file_lacks_are_told(study: qc.Project, talk: Path) -> None:
    with pytest.raises(
        InvalidValue, match=r"keep= names 'coments', .* Did you mean 'comment'\? Use comment, property"
    ):
        study.add_source(talk, "P1", keep=["coments"])
    with pytest.raises(InvalidValue, match="keep= names 'coments'"):
        study.add_sources([talk], keep=["coments"])
    assert study.sources.empty
    report = study.add_source(talk, "P1", keep=["address", "comment"])
    said = "dropped: keep= names 'address', of which nothing was found in the file that could be kept."
    assert said in map(str, report.notes)
    with pytest.raises(InvalidValue, match=r"keep= are for files"):
        study.add_source(study.transcript("P1"), "P2", keep=["comment"])


def test_a_file_of_somebody_elses_is_never_written_over(study: qc.Project, talk: Path) -> None:
    hidden_file(study).parent.mkdir()
    hidden_file(study).write_text("mine")
    with pytest.raises(Refused, match=r"data/raw/P1-hidden\.json is there already"):
        study.add_source(talk, "P1", keep=["comment", "property"])
    assert hidden_file(study).read_text() == "mine"
    assert study.sources.empty
    assert study.memos.empty
    study.add_source(talk, "P1", keep=["comment"])
    study.remove_source("P1")
    assert hidden_file(study).read_text() == "mine"


# ---------------------------------------------------------------------------- again, undo, redo, away


def test_the_same_import_again_changes_nothing_and_may_add_a_kind(study: qc.Project, talk: Path) -> None:
    study.add_source(talk, "P1", keep=["property"])
    before = held(study)
    again = study.add_source(talk, "P1", keep=["property"])
    assert held(study) == before
    assert "nothing was changed" in str(again)
    pieces = kept(study)
    more = study.add_source(talk, "P1", keep=["comment", "custom xml"])
    assert "its text and turns were not changed" in str(more)
    assert "kept: 1 comment as memos of ana" in str(more)
    assert kept(study)[: len(pieces)] == pieces
    assert kept(study)[len(pieces)]["kind"] == "custom xml"
    after = held(study)
    study.add_source(talk, "P1", keep=["comment", "custom xml", "property"])
    assert held(study) == after
    assert len(study.memos) == 1
    study.undo()
    assert kept(study) == pieces
    assert study.memos.empty
    assert study.check() == []


def test_a_kind_kept_later_needs_the_pseudonyms_again(study: qc.Project, talk: Path) -> None:
    names = {"Maria": "P1", "Jonas": "a colleague", "Lima": "X", "Eve Stone": "E"}
    study.add_source(talk, "P1", pseudonyms=names)
    shutil.copy(talk, talk.with_name("P1.docx"))
    document = docx.Document(str(talk))
    for paragraph in document.paragraphs:
        for run in paragraph.runs:
            run.text = run.text.replace("Maria", "P1").replace("Jonas", "a colleague") or run.text
    document.save(str(talk))
    with pytest.raises(Refused, match=r"P1 came in with pseudonyms\. Give pseudonyms= again"):
        study.add_source(talk, "P1", keep=["property"])
    study.add_source(talk, "P1", keep=["property"], pseudonyms=names)
    assert "Lima" not in held(study)


def test_undo_takes_memos_and_file_away_and_redo_brings_them_back(study: qc.Project, talk: Path) -> None:
    before = held(study, but=("data/log/", "data/transcripts/."))
    study.add_source(talk, "P1", keep=KINDS)
    done = held(study, but=("data/log/", "data/raw/."))
    study.undo()
    assert held(study, but=("data/log/", "data/transcripts/.", "data/raw/.")) == before
    assert not hidden_file(study).exists()
    assert "Maria Lima" not in held(study, but=("data/raw/.states/",))
    assert study.check() == []
    study.redo()
    assert held(study, but=("data/log/", "data/raw/.")) == done
    assert study.check() == []


def test_a_source_that_is_removed_takes_its_hidden_data_along(study: qc.Project, talk: Path) -> None:
    study.add_source(talk, "P1", keep=KINDS)
    pieces = kept(study)
    study.remove_source("P1")
    assert not hidden_file(study).exists()
    assert study.memos.targets.tolist() == [()]
    study.undo()
    assert kept(study) == pieces


def test_a_copy_without_raw_material_is_whole_and_merges(
    study: qc.Project, talk: Path, tmp_path: Path
) -> None:
    study.add_source(talk, "P1", keep=KINDS)
    shutil.copytree(study.path, tmp_path / "copy", ignore=shutil.ignore_patterns("raw"))
    copy = qc.open_project(tmp_path / "copy", coder="ben")
    assert copy.check() == []
    copy.memo("from ben", "source:P1")
    study.merge(copy.path)
    copy.merge(study.path)
    assert len(study.memos) == len(copy.memos) == 2
    assert kept(study)
    assert not (copy.path / "data" / "raw").exists(), "raw material stays where it is"
    assert study.check() == copy.check() == []


def test_a_backup_brings_it_back(study: qc.Project, talk: Path, tmp_path: Path) -> None:
    study.add_source(talk, "P1", keep=KINDS)
    qc.backup(study, tmp_path / "safe.zip")
    again = qc.restore(tmp_path / "safe.zip", tmp_path / "again")
    assert kept(again) == kept(study)
    assert again.check() == []


# ---------------------------------------------------------------------------- names and withdrawal


def test_forget_takes_all_of_it(study: qc.Project, talk: Path) -> None:
    study.add_source(talk, "P1", keep=KINDS)
    study.undo()
    study.redo()
    study.add_case("Maria")
    study.link("P1", "Maria", speaker="Maria", role="participant")
    report = study.forget("Maria")
    everything = held(study)
    assert not any(word in everything for word in ("Maria", "Eve", "means", "Lima"))
    assert report.memos == 1
    assert not any("hidden" in each for each in report.left)
    assert list((study.path / "data" / "raw").rglob("*.json")) == []
    assert study.check() == []


def test_hidden_data_of_a_group_is_named_and_comments_on_blanked_turns_go(
    study: qc.Project, tmp_path: Path
) -> None:
    document = docx.Document()
    for words in ("Interviewer: Why?", "Quist: zebra talk.", "Ravel: otter talk.", "Quist: more zebra."):
        document.add_paragraph(words)
    first, second = document.paragraphs[1].runs[0], document.paragraphs[2].runs[0]
    document.add_comment(first, text="on the zebra")
    document.add_comment(second, text="on the otter")
    document.core_properties.title = "Group"
    document.save(str(tmp_path / "G1.docx"))
    study.add_source(tmp_path / "G1.docx", keep=["comment", "property"])
    for name in ("Quist", "Ravel"):
        study.add_case(name)
        study.link("G1", name, speaker=name, role="participant")
    study.memo("on both", "turn:G1:2", "turn:G1:3")
    report = study.forget("Quist")
    assert report.memos == 1
    assert sorted(study.memos.text) == ["on both", "on the otter"]
    targets = [target for targets in study.memos.targets for target in targets]
    assert len(targets) == 2
    text = study.transcript("G1")
    for target in targets:
        kind, _, version, *numbers = target.split(":")
        assert version == text.version
        if kind == "span":
            assert text.text[int(numbers[0]) : int(numbers[1])] == "Ravel: otter talk."
    assert "what was hidden in the file of G1; look whether it is about Quist" in str(report)
    assert [path.name for path in (study.path / "data" / "raw").rglob("*")] == ["G1-hidden.json"]
    assert "zebra" not in held(study)
    assert study.check() == []


def test_pseudonymize_names_kept_data_in_which_a_name_stands(
    study: qc.Project, talk: Path, tmp_path: Path
) -> None:
    study.add_source(talk, "P1", keep=["property"])
    (study.path / "data" / "raw" / "other.wav").write_bytes(b"\xff\x00")
    report = study.pseudonymize({"Jonas": "P9"}, tmp_path / "key1.json")
    assert not any("hidden" in each for each in report.left), "no Jonas in it"
    assert any("other.wav (as it came" in each for each in report.left)
    report = study.pseudonymize({"Maria": "P1"}, tmp_path / "key2.json")
    assert "data/raw/P1-hidden.json" in report.left
    assert report.dropped_states > 0
    assert "Maria" not in held(study, but=("data/raw/P1", "data/raw/other"))
    assert study.check() == []


# ---------------------------------------------------------------------------- the command line


def test_the_command_line_says_the_same(
    study: qc.Project, talk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["import", str(talk), "--project", str(study.path), "--coder", "ana", "--id", "P1"]
    assert main([*words, "--keep", "coment"]) == 1
    assert (
        "--keep names 'coment', which is no kind of hidden data. Did you mean 'comment'?"
        in capsys.readouterr().err
    )
    assert main([*words, "--keep", "custom xml", "--json"]) == 0
    (report,) = json.loads(capsys.readouterr().out)
    assert report["hidden"]["comment"] == 1
    assert "custom xml" not in report["hidden"]
    assert main([*words, "--keep", "comment", "--keep", "property"]) == 0
    assert "kept: 1 comment as memos of ana" in capsys.readouterr().out
    assert qc.open_project(study.path).memos.kind.tolist() == ["comment"]
