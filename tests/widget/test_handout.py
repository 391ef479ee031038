"""Interviews handed out and coded elsewhere: one page there and back, and nothing of others' work in it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

import qualcode as qc
from qualcode.coding_page.files import bundle
from qualcode.errors import FileProblems, InvalidValue, Refused, UnknownSource
from qualcode.testing import make_project
from qualcode.verbs._handouts import TakeInReport

NODE = shutil.which("node")
needs_node = pytest.mark.skipif(
    NODE is None, reason="Node.js is not on this machine; it runs the page's own code"
)

RUN = """
const data = JSON.parse(process.argv[2]);
const shelf = { held: JSON.parse(process.argv[4]), read() { return this.held; }, write(value) { this.held = structuredClone(value); return true; } };
const session = createLocalSession(data, shelf);
const replies = JSON.parse(process.argv[3]).map((message, at) => session.handle({ id: `m${at}`, ...message }));
console.log(JSON.stringify({ replies, file: session.file(), shelf: shelf.held, unsaved: session.unsaved }));
"""


@pytest.fixture
def project(tmp_path: Path) -> qc.Project:
    return make_project(tmp_path / "study")


def data_of(page: Path) -> dict[str, Any]:
    found = re.search(r'id="qualcode-data">(.*?)</script>', page.read_text(encoding="utf-8"), flags=re.S)
    assert found
    return json.loads(found[1])


def at_home(page: Path, *messages: dict[str, Any], shelf: Any = None) -> dict[str, Any]:
    """Do the steps in the page's own code, as a browser would, and return replies, file and what the browser keeps."""
    assert NODE
    script = page.with_suffix(".mjs")
    script.write_text(bundle("local.js") + RUN, encoding="utf-8")
    given = [json.dumps(each) for each in (data_of(page), messages, shelf)]
    run = subprocess.run(
        [NODE, script, *given], capture_output=True, text=True, encoding="utf-8", timeout=60, check=False
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def sent_back(tmp_path: Path, said: dict[str, Any], name: str = "mia.codings.json") -> Path:
    assert all(reply["ok"] for reply in said["replies"]), said["replies"]
    path = tmp_path / name
    path.write_text(json.dumps(said["file"]), encoding="utf-8")
    return path


def code(source: str, start: int, end: int, *codes: str, **more: Any) -> dict[str, Any]:
    return {"do": "code", "source": source, "start": start, "end": end, "codes": list(codes), **more}


def mias(project: qc.Project) -> list[tuple[str, int, int, str, str]]:
    table = project.codings
    table = table[table["coder"] == "mia"].sort_values(["source", "start", "code"])
    return list(
        zip(table["source"], table["start"], table["end"], table["code"], table["stance"], strict=True)
    )


def code_ids(project: qc.Project) -> list[str]:
    return [c.id for c in project.codebook.active if c.codable]


# -- out ---------------------------------------------------------------------------------------------


def test_the_page_holds_what_was_handed_out_and_nothing_of_others(
    project: qc.Project, tmp_path: Path
) -> None:
    project.memo("what ana thinks of it", "source:S1", coder="ana")
    report = project.handout("mia", ["S1"], tmp_path / "for-mia.html", name="Mia", coder="ana")
    page = report.path.read_text(encoding="utf-8")
    data = data_of(report.path)
    assert list(data["texts"]) == ["S1"]
    assert data["codings"] == {"S1": []}
    assert "what ana thinks" not in page
    other = project.transcript("S2").text_of(project.transcript("S2").turns[1])
    assert other not in page
    others = set(project.codings["id"])
    assert not [id_ for id_ in others if id_ in page]
    assert "ana" not in {coder["id"] for coder in data["coders"]}
    assert "connect-src 'none'" in page


def test_not_blind_others_work_is_in_it(project: qc.Project, tmp_path: Path) -> None:
    page = project.handout("mia", "S1", tmp_path / "open.html", blind=False, coder="ana").path
    assert {c["coder"] for c in data_of(page)["codings"]["S1"]} == {"ana", "ben"}


def test_the_coder_and_what_they_were_given_are_on_record(project: qc.Project, tmp_path: Path) -> None:
    report = project.handout("mia", ["S1", "S2"], tmp_path / "for-mia.html", name="Mia", coder="ana")
    assert project.coders.set_index("coder").loc["mia", "name"] == "Mia"
    given = project.progress.query("coder == 'mia'")
    assert given[["source", "state"]].values.tolist() == [["S1", "not started"], ["S2", "not started"]]
    assert report.id in str(project.history(verb="hand out")["about"].iloc[-1])
    assert project.check() == []
    project.undo(coder="ana")
    assert "mia" not in set(project.coders["coder"])


def test_it_goes_only_where_it_may(project: qc.Project, tmp_path: Path) -> None:
    (tmp_path / "there.html").write_text("mine", encoding="utf-8")
    for path, said in [
        (project.path / "x.html", "inside the study"),
        (project.path / "data" / "x.html", "inside the study"),
        (tmp_path / "there.html", "is there already"),
        (tmp_path / "x.txt", "ends in .html"),
        (tmp_path / "no" / "x.html", "no folder no"),
    ]:
        with pytest.raises(InvalidValue, match=said):
            project.handout("mia", "S1", path, coder="ana")
    with pytest.raises(InvalidValue, match="'html'"):
        project.handout("mia", "S1", tmp_path / "x.html", as_="pdf", coder="ana")
    with pytest.raises(UnknownSource, match="no source 'S77'"):
        project.handout("mia", "S77", tmp_path / "x.html", coder="ana")
    with pytest.raises(InvalidValue, match="Which interviews"):
        project.handout("mia", [], tmp_path / "x.html", coder="ana")
    assert (tmp_path / "there.html").read_text(encoding="utf-8") == "mine"
    assert "mia" not in set(project.coders["coder"])


# -- and back ----------------------------------------------------------------------------------------


@needs_node
def test_there_and_back(project: qc.Project, tmp_path: Path) -> None:
    page = project.handout("mia", ["S1", "S2"], tmp_path / "for-mia.html", coder="ana").path
    one, two = code_ids(project)[:2]
    said = at_home(
        page,
        {"do": "open"},
        code("S1", 10, 24, one, two),
        code("S2", 5, 9, one, stance="counters", memo="not quite"),
        {"do": "finish", "source": "S1", "finished": True},
    )
    assert said["unsaved"]
    report = project.take_in(sent_back(tmp_path, said))
    assert isinstance(report, TakeInReport)
    assert (report.new, report.changed, report.removed, report.finished, report.memos) == (
        3,
        0,
        0,
        ("S1",),
        1,
    )
    expected = [("S1", 10, 24, *pair) for pair in sorted([(one, "supports"), (two, "supports")])]
    assert mias(project) == [*expected, ("S2", 5, 9, one, "counters")]
    assert project.memos.query("author == 'mia'")["text"].tolist() == ["not quite"]
    assert project.progress.query("coder == 'mia'")[["source", "state"]].values.tolist() == [
        ["S1", "finished"], ["S2", "in progress"],
    ]  # fmt: skip
    assert set(project.codings.query("coder == 'mia'")["origin"]) == {"hand-out"}
    assert project.check() == []
    project.undo(coder="mia")
    assert mias(project) == []


@needs_node
def test_the_file_holds_no_words(project: qc.Project, tmp_path: Path) -> None:
    page = project.handout("mia", "S1", tmp_path / "for-mia.html", coder="ana").path
    turn = project.transcript("S1").turns[1]
    words = project.transcript("S1").text_of(turn)
    said = at_home(page, code("S1", turn.span.start, turn.span.end, code_ids(project)[0], quote=words))
    kept = json.dumps([said["file"], said["shelf"]], ensure_ascii=False)
    assert words not in kept
    assert not [word for word in words.split() if len(word) > 6 and word in kept]


@needs_node
def test_many_codings_are_changed_in_one_step_at_home(project: qc.Project, tmp_path: Path) -> None:
    page = project.handout("mia", "S1", tmp_path / "for-mia.html", coder="ana").path
    one, two = code_ids(project)[:2]
    first = at_home(page, code("S1", 10, 24, one), code("S1", 30, 41, one))
    ids = [reply["result"]["codings"][0] for reply in first["replies"]]
    many = {"do": "recode", "codings": ids, "code": two}, {"do": "stance", "codings": ids, "stance": "mixed"}
    second = at_home(page, *many, shelf=first["shelf"])
    assert [(row["code"], row["stance"]) for row in second["file"]["codings"]] == [(two, "mixed")] * 2
    third = at_home(page, *many, {"do": "undo"}, {"do": "undo"}, shelf=first["shelf"])
    assert [(row["code"], row["stance"]) for row in third["file"]["codings"]] == [(one, "supports")] * 2
    same = at_home(page, code("S1", 10, 24, two), many[0], shelf=first["shelf"])
    assert "would become the same" in same["replies"][1]["error"]
    assert [row["code"] for row in same["file"]["codings"]] == [one, one, two], "all of them, or none"


@needs_node
def test_a_later_file_brings_what_changed_since(project: qc.Project, tmp_path: Path) -> None:
    page = project.handout("mia", "S1", tmp_path / "for-mia.html", coder="ana").path
    one, two = code_ids(project)[:2]
    first = at_home(page, code("S1", 10, 24, one), code("S1", 30, 41, one))
    project.take_in(sent_back(tmp_path, first))
    stay, go = (reply["result"]["codings"][0] for reply in first["replies"])
    second = at_home(
        page, {"do": "uncode", "codings": [go]}, {"do": "recode", "codings": [stay], "code": two}, code("S1", 50, 60, two),
        shelf=first["shelf"],
    )  # fmt: skip
    report = project.take_in(sent_back(tmp_path, second))
    assert isinstance(report, TakeInReport)
    assert (report.new, report.changed, report.removed) == (1, 1, 1)
    assert mias(project) == [("S1", 10, 24, two, "supports"), ("S1", 50, 60, two, "supports")]
    again = project.take_in(sent_back(tmp_path, second))
    assert isinstance(again, TakeInReport)
    assert (again.new, again.changed, again.removed) == (0, 0, 0)


@needs_node
def test_what_was_done_in_the_study_meanwhile_stays(project: qc.Project, tmp_path: Path) -> None:
    one, two = code_ids(project)[:2]
    project.add_coder("mia", coder="ana")
    before = project.code("S1", (10, 24), one, coder="mia")
    other = project.code("S1", (30, 41), one, coder="mia")
    page = project.handout("mia", "S1", tmp_path / "for-mia.html", coder="ana").path
    meanwhile = project.code("S1", (70, 80), two, coder="mia")
    project.set_stance(other, "mixed", coder="mia")
    said = at_home(
        page, {"do": "uncode", "codings": [before]}, {"do": "recode", "codings": [other], "code": two}
    )
    project.take_in(sent_back(tmp_path, said))
    assert mias(project) == [("S1", 30, 41, two, "mixed"), ("S1", 70, 80, two, "supports")]
    assert set(project.codings.query("coder == 'mia'")["id"]) == {other, meanwhile}


@needs_node
def test_codes_made_at_home_come_along(project: qc.Project, tmp_path: Path) -> None:
    page = project.handout("mia", "S1", tmp_path / "for-mia.html", coder="ana").path
    said = at_home(page, {"do": "code_new", "name": "Waiting for answers", "source": "S1", "start": 10, "end": 24,
                          "fields": {"definition": "Nobody answers."}})  # fmt: skip
    report = project.take_in(sent_back(tmp_path, said))
    assert isinstance(report, TakeInReport)
    assert report.codes == ("Waiting for answers",)
    made = project.codebook.code("Waiting for answers")
    assert made.definition == "Nobody answers."
    assert [row[3] for row in mias(project)] == [made.id]
    assert project.take_in(sent_back(tmp_path, said)).codes == ()


@needs_node
def test_a_memo_taken_away_at_home_goes(project: qc.Project, tmp_path: Path) -> None:
    page = project.handout("mia", "S1", tmp_path / "for-mia.html", coder="ana").path
    write = [{"do": "memo", "text": text, "targets": ["source:S1"]} for text in ("one", "two", "three")]
    first = at_home(page, *write)
    project.take_in(sent_back(tmp_path, first))
    assert sorted(project.memos.query("author == 'mia'")["text"]) == ["one", "three", "two"]
    one, two, _ = (reply["result"]["memo"] for reply in first["replies"])
    away = [{"do": "remove_memo", "memo": memo} for memo in (one, two)]
    second = at_home(page, *away, {"do": "undo"}, shelf=first["shelf"])
    assert second["file"]["removed_memos"] == [one]
    project.take_in(sent_back(tmp_path, second))
    assert sorted(project.memos.query("author == 'mia'")["text"]) == ["three", "two"]
    third = at_home(page, away[1], shelf=second["shelf"])
    assert sorted(third["file"]["removed_memos"]) == sorted([one, two])
    unwritten = at_home(page, *write[:2], {"do": "undo"}, {"do": "undo"})
    assert len(unwritten["file"]["removed_memos"]) == 2, "a file saved in between may have told of both"


@needs_node
def test_an_in_vivo_code_made_at_home_stays_one(project: qc.Project, tmp_path: Path) -> None:
    page = project.handout("mia", "S1", tmp_path / "for-mia.html", coder="ana").path
    said = at_home(
        page,
        {"do": "code_new", "name": "nobody answers", "source": "S1", "start": 10, "end": 24, "in_vivo": True},
    )
    project.take_in(sent_back(tmp_path, said))
    assert project.codebook.code("nobody answers").in_vivo


@needs_node
def test_undo_and_redo_at_home(project: qc.Project, tmp_path: Path) -> None:
    page = project.handout("mia", "S1", tmp_path / "for-mia.html", coder="ana").path
    one, two = code_ids(project)[:2]
    said = at_home(
        page, code("S1", 10, 24, one), code("S1", 30, 41, two), {"do": "undo", "steps": 2}, {"do": "redo", "steps": 1},
        {"do": "resize", "coding": "", "start": 12, "end": 20},
    )  # fmt: skip
    assert [reply["ok"] for reply in said["replies"]] == [True, True, True, True, False]
    assert [c["code"] for c in said["file"]["codings"]] == [one]
    assert len(said["file"]["removed"]) == 1
    back = at_home(page, code("S1", 10, 24, one), code("S1", 30, 41, two), {"do": "undo"}, {"do": "undo"})
    assert len(back["file"]["removed"]) == 2, "a file saved in between may have told of both"


@needs_node
def test_a_corrected_text_meanwhile_moves_what_comes_back(project: qc.Project, tmp_path: Path) -> None:
    page = project.handout("mia", "S1", tmp_path / "for-mia.html", coder="ana").path
    text = project.transcript("S1").text
    turn = project.transcript("S1").turns[3]
    said = at_home(page, code("S1", turn.span.start, turn.span.end, code_ids(project)[0]))
    project.correct("S1", qc.turn(1), "Something else at the beginning?", coder="ana")
    project.take_in(sent_back(tmp_path, said))
    (found,) = qc.retrieve(project, coders="mia")["quote"].tolist()
    assert found == text[turn.span.start : turn.span.end]


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda d: d.update(format="x"), "no file of codings"),
        (lambda d: d.update(codings="x"), "codings: is no list"),
        (lambda d: d["codings"][0].update(start=5, end=5), "start < end"),
        (lambda d: d["codings"][0].update(start="5"), "whole numbers"),
        (lambda d: d["codings"][0].update(end=10**9), "ends after the text"),
        (lambda d: d["codings"][0].update(id="../../x"), "codings[0].id"),
        (lambda d: d["codings"][0].update(version="../x"), "codings[0].version"),
        (lambda d: d["codings"][0].update(code="gone"), "no code 'gone'"),
        (lambda d: d["codings"][0].update(stance="maybe"), "supports, counters, mixed"),
        (lambda d: d["codings"].append(d["codings"][0]), "there twice"),
        (lambda d: d["sources"].update(S2=d["sources"]["S1"]), "was not handed out"),
        (lambda d: d["memos"].append({"id": "../../../evil", "text": "x"}), "memos[0].id"),
        (lambda d: d["memos"].append(3), "memos[0]"),
    ],
)  # fmt: skip
def test_a_broken_file_changes_nothing(project: qc.Project, tmp_path: Path, spoil: Any, said: str) -> None:
    report = project.handout("mia", "S1", tmp_path / "for-mia.html", coder="ana")
    good = {
        "format": "qualcode-codings-1", "handout": report.id, "coder": "mia", "saved": "2026-01-01T00:00:00Z",
        "sources": {"S1": {"version": project.transcript("S1").version, "state": "in progress"}},
        "codings": [{"id": "0123456789ab", "source": "S1", "version": project.transcript("S1").version, "start": 5,
                     "end": 9, "code": code_ids(project)[0], "created": "2026-01-01T00:00:00Z", "stance": "supports"}],
        "began": [], "removed": [], "codes": [], "memos": [],
    }  # fmt: skip
    spoil(good)
    path = tmp_path / "back.json"
    path.write_text(json.dumps(good), encoding="utf-8")
    with pytest.raises(FileProblems) as error:
        project.take_in(path)
    assert said in str(error.value)
    assert mias(project) == []
    assert not list(tmp_path.rglob("evil*"))


def test_a_file_of_another_study_is_refused(project: qc.Project, tmp_path: Path) -> None:
    other = make_project(tmp_path / "other")
    report = other.handout("mia", "S1", tmp_path / "for-mia.html", coder="ana")
    path = tmp_path / "back.json"
    path.write_text(
        json.dumps({"format": "qualcode-codings-1", "handout": report.id, "coder": "mia", "sources": {}}),
        encoding="utf-8",
    )
    with pytest.raises(Refused, match="does not belong to a hand-out of this study"):
        project.take_in(path)


# -- a folder ----------------------------------------------------------------------------------------


def test_a_folder_there_and_back(project: qc.Project, tmp_path: Path) -> None:
    one = code_ids(project)[0]
    before = project.cases, project.speakers
    report = project.handout("mia", ["S1"], tmp_path / "for-mia", as_="folder", coder="ana")
    away = qc.open_project(report.path, coder="mia")
    assert away.sources["source"].tolist() == ["S1"]
    assert away.codings.empty
    assert away.check() == []
    away.code("S1", (10, 24), one)
    away.finish("S1")
    project.take_in(report.path)
    assert mias(project) == [("S1", 10, 24, one, "supports")]
    assert project.progress.query("coder == 'mia'")["state"].tolist() == ["finished"]
    assert project.cases.equals(before[0])
    assert project.speakers.equals(before[1])
    assert project.sources["source"].tolist() == ["S1", "S2", "S3", "S4"]
    assert project.check() == []


def test_a_folder_is_taken_in_and_not_merged(project: qc.Project, tmp_path: Path) -> None:
    report = project.handout("mia", ["S1"], tmp_path / "for-mia", as_="folder", coder="ana")
    with pytest.raises(Refused, match="take_in"):
        project.merge(report.path)
    other = make_project(tmp_path / "other")
    with pytest.raises(Refused, match="does not belong"):
        other.take_in(report.path)


def test_a_folder_holds_no_attributes_and_no_work_of_others(project: qc.Project, tmp_path: Path) -> None:
    project.add_case("S1", coder="ana", salary="secret-9000")
    project.link("S1", "S1", coder="ana")
    report = project.handout("mia", ["S1"], tmp_path / "for-mia", as_="folder", coder="ana")
    files = {
        path.relative_to(report.path).as_posix(): path.read_bytes()
        for path in report.path.rglob("*")
        if path.is_file()
    }
    assert not [name for name, content in files.items() if b"secret-9000" in content]
    assert not [name for name in files if "/ana" in name or "/ben" in name]
    away = qc.open_project(report.path, coder="mia")
    away.code("S1", (10, 24), code_ids(project)[0])
    project.take_in(report.path)
    assert project.cases.set_index("case").loc["S1", "salary"] == "secret-9000"
