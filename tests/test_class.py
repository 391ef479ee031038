"""A class: interviews are dealt, folders come back and are collected, and what each found of the key is told."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import qualcode as qc
from qualcode.dealing import deal
from qualcode.errors import FolderError, InvalidValue, UnknownCoder, UnknownSource
from qualcode.testing import make_project

# -- dealing -------------------------------------------------------------------------------------------


@given(
    sources=st.integers(1, 45),
    coders=st.integers(1, 30),
    per_source=st.integers(1, 5),
    seed=st.integers(0, 99),
)
def test_everybody_gets_nearly_the_same_and_each_source_enough(
    sources: int, coders: int, per_source: int, seed: int
) -> None:
    per_source = min(per_source, coders)
    names, people = [f"S{i}" for i in range(sources)], [f"c{i}" for i in range(coders)]
    dealt = deal(names, people, per_source, seed)
    assert Counter(source for _, source in dealt) == Counter(dict.fromkeys(names, per_source))
    assert len(set(dealt)) == len(dealt), "nobody gets a source twice"
    load = Counter(dict.fromkeys(people, 0))
    load.update(person for person, _ in dealt)
    assert max(load.values()) - min(load.values()) <= 1
    assert dealt == deal(names, people, per_source, seed)


def test_coders_work_beside_many_others() -> None:
    dealt = deal([f"S{i}" for i in range(45)], [f"c{i}" for i in range(30)], 2, seed=1)
    together = Counter(frozenset((a, b)) for (a, s), (b, t) in combinations(dealt, 2) if s == t)
    assert max(together.values()) == 1, "no two share more than one interview"


def test_assign_deals_a_study_and_later_what_came_since(tmp_path: Path) -> None:
    project = make_project(tmp_path / "study", sources=6)
    project = qc.open_project(project.path, coder="teacher")
    for name in ("eva", "finn", "gil"):
        project.add_coder(name)
    before = project.progress
    dealt = project.assign(["eva", "finn", "gil"], per_source=2, seed=7)
    assert len(dealt) == 12
    assert Counter(dealt["coder"]) == {"eva": 4, "finn": 4, "gil": 4}
    new = project.progress.merge(before, how="outer", indicator=True).query("_merge == 'left_only'")
    assert set(zip(new["coder"], new["source"], strict=True)) == set(
        zip(dealt["coder"], dealt["source"], strict=True)
    )
    assert set(new["state"]) == {"not started"}
    assert project.assign(["eva", "finn", "gil"], per_source=2, seed=8).empty, "what is dealt stays"
    project.add_source(qc.Transcript("S9", "S9", "Hello there.", ()))
    again = project.assign(["eva", "finn", "gil"], per_source=2, seed=7)
    assert again["source"].tolist() == ["S9", "S9"]
    project.undo()
    project.undo()
    project.undo()
    assert project.progress.equals(before), "one step each"
    assert project.check() == []


def test_one_coder_and_one_source_as_before(tmp_path: Path) -> None:
    project = make_project(tmp_path / "study")
    project = qc.open_project(project.path, coder="ana")
    project.add_coder("mia")
    assert project.assign("mia", "S1").values.tolist() == [["mia", "S1"]]
    assert project.assign("mia", "S1").empty


@pytest.mark.parametrize(
    ("to", "options", "error", "said"),
    [
        ("mia", {}, InvalidValue, r"assign: name the source, such as project\.assign\('mia', 'P7a'\)"),
        (["mia", "ana"], {"per_source": 3}, InvalidValue, r"per_source is 3, and 2 coders are named\. Expected 1 to 2"),
        (["mia", "mia"], {}, InvalidValue, r"to names 'mia' twice"),
        ([], {}, InvalidValue, r"to names nobody"),
        (["mia"], {"source": ["S1", "S1"]}, InvalidValue, r"source names 'S1' twice"),
        (["mia"], {"source": ["S1", "nowhere"]}, UnknownSource, r"nowhere"),
        (["mia"], {"per_source": "2"}, InvalidValue, r"assign: per_source must be a whole number"),
    ],
)  # fmt: skip
def test_what_cannot_be_dealt_is_explained_and_gives_nothing(
    tmp_path: Path, to: object, options: dict[str, object], error: type[Exception], said: str
) -> None:
    project = qc.open_project(make_project(tmp_path / "study").path, coder="ana")
    before = project.progress
    with pytest.raises(error, match=said):
        project.assign(to, **options)  # type: ignore[arg-type]
    assert project.progress.equals(before)


# -- collecting ----------------------------------------------------------------------------------------


def copies(tmp_path: Path) -> tuple[qc.Project, Path]:
    """A study, and a folder with what three people sent, a broken file and something else."""
    project = qc.open_project(make_project(tmp_path / "study").path, coder="teacher")
    inbox = tmp_path / "inbox"
    for name in ("eva", "finn"):
        shutil.copytree(project.path, inbox / f"study-{name}")
        copy = qc.open_project(inbox / f"study-{name}", coder=name)
        copy.code("S1", qc.turn(2), "Trust")
        copy.finish("S1")
    shutil.make_archive(str(inbox / "study-finn"), "zip", inbox / "study-finn")
    shutil.rmtree(inbox / "study-finn")
    page = project.handout("gil", ["S1"], tmp_path / "for-gil.html")
    assert page.path.is_file()
    (inbox / "broken.zip").write_bytes(b"no zip")
    (inbox / "letter.docx").write_bytes(b"a letter")
    (inbox / "gil.codings.json").write_text(json.dumps({"qualcode": "nonsense"}), encoding="utf-8")
    return project, inbox


def test_everything_that_was_sent_comes_in_and_the_rest_is_told(tmp_path: Path) -> None:
    project, inbox = copies(tmp_path)
    sent = {p.relative_to(inbox): p.read_bytes() for p in inbox.rglob("*") if p.is_file()}
    preview = project.merge_all(inbox, preview=True)
    assert "eva" not in set(project.codings["coder"])
    assert set(preview.taken) == {"study-eva", "study-finn.zip"}
    report = project.merge_all(inbox)
    assert set(report.taken) == {"study-eva", "study-finn.zip"}
    assert set(report.refused) == {"broken.zip", "gil.codings.json"}
    assert report.passed_over == ("letter.docx",)
    assert {"eva", "finn"} <= set(project.codings["coder"])
    done = project.progress.query("state == 'finished'")
    assert {("eva", "S1"), ("finn", "S1")} <= set(zip(done["coder"], done["source"], strict=True))
    said = str(report)
    assert said.startswith("Taken: 2. Not taken: 2.")
    assert "broken.zip: not taken. " in said
    assert "Passed over, as nothing that qualcode made: letter.docx" in said
    assert project.check() == []
    assert {p.relative_to(inbox): p.read_bytes() for p in inbox.rglob("*") if p.is_file()} == sent, (
        "only read"
    )
    again = project.merge_all(inbox)
    assert all(not r.written for r in again.taken.values()), "doing it again brings nothing twice"


def test_the_command_says_the_same_and_ends_with_one_where_something_was_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from qualcode.cli import main

    project, inbox = copies(tmp_path)
    arguments = ["merge", "--all", str(inbox), "--project", str(project.path), "--coder", "teacher"]
    assert main(arguments) == 1
    out = capsys.readouterr().out
    assert "Taken: 2. Not taken: 2." in out
    for name in ("broken.zip", "gil.codings.json"):
        (inbox / name).unlink()
    assert main(arguments) == 0


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    project = make_project(tmp_path / "study")
    with pytest.raises(FolderError, match=r"nowhere cannot be opened"):
        project.merge_all(tmp_path / "nowhere")


# -- what each found of the key ------------------------------------------------------------------------


def by_hand(project: qc.Project, key: str, coder: str) -> dict[str, tuple[int, int, int, int, int]]:
    """Planted, found, more, sources planted and found of every code of the key, from the printed rule alone."""
    rows = project.codings.to_dict("records")
    done = {
        r["source"] for r in project.progress.to_dict("records")
        if r["coder"] == coder and r["state"] == "finished" and not r["part"]
    }  # fmt: skip
    book = project.codebook
    answer = {}
    for code in {r["code"] for r in rows if r["coder"] == key}:
        planted = [r for r in rows if r["coder"] == key and r["code"] == code and r["source"] in done]
        mine = [
            r for r in rows
            if r["coder"] == coder and r["source"] in done and code in book.counts_as(r["code"])
        ]  # fmt: skip

        def meet(a: dict[str, object], b: dict[str, object]) -> bool:
            return a["source"] == b["source"] and a["start"] < b["end"] and b["start"] < a["end"]  # type: ignore[operator]

        found = sum(any(meet(p, m) for m in mine) for p in planted)
        more = sum(not any(meet(p, m) for p in planted) for m in mine)
        there = {p["source"] for p in planted}
        answer[code] = (len(planted), found, more, len(there), len(there & {m["source"] for m in mine}))
    return answer


def test_the_table_is_that_of_a_count_by_hand(tmp_path: Path) -> None:
    project = qc.open_project(make_project(tmp_path / "study", sources=8).path, coder="teacher")
    project.add_coder("planted", kind="key")
    people = [
        c for c in project.coders.query("kind == 'human'")["coder"] if c in set(project.codings["coder"])
    ]
    for row in project.codings.query("coder == @people[0]").iloc[::2].itertuples():
        project.code(row.source, (max(0, row.start - 3), row.end), row.code, coder="planted")
    for source in project.sources["source"]:
        project.finish(source, people[1])
    table = qc.found_of_key(project, "planted")
    assert set(table["coder"]) <= set(people)
    seen = 0
    for coder in set(table["coder"]):
        expected = by_hand(project, "planted", coder)
        for row in table[table["coder"] == coder].itertuples():
            got = (row.planted, row.found, row.more, row.planted_sources, row.found_sources)
            assert got == expected[row.code], (coder, row.code)
            assert row.missed == row.planted - row.found
            seen += row.planted
    assert seen > 0
    total = qc.found_of_key(project, "planted", by="coder").set_index("coder")
    assert total.loc[people[1], "planted"] == table[table["coder"] == people[1]]["planted"].sum()
    one = qc.found_of_key(project, "planted", people[1], by="source")
    assert one["found"].sum() == table[table["coder"] == people[1]]["found"].sum()


def test_only_finished_sources_count_and_wrong_names_are_told(tmp_path: Path) -> None:
    project = qc.open_project(make_project(tmp_path / "study").path, coder="mia")
    project.add_coder("planted", kind="key")
    project.code("S1", qc.turn(2), "Trust", coder="planted")
    project.code("S1", qc.turn(2), "Trust")
    assert "mia" not in set(qc.found_of_key(project)["coder"]), "mia has finished nothing yet"
    with pytest.raises(
        InvalidValue, match=r"No source is finished by mia, so.*project\.finish\('P7a', 'mia'\)"
    ):
        qc.found_of_key(project, coders="mia")
    project.finish("S1")
    row = qc.found_of_key(project, coders="mia").query("code == 'trust'").iloc[0]
    assert (row["planted"], row["found"], row["missed"], row["more"]) == (1, 1, 0, 0)
    with pytest.raises(UnknownCoder, match=r"There is no coder 'plantd'\. Keys of this study: planted"):
        qc.found_of_key(project, "plantd")
    with pytest.raises(InvalidValue, match=r"'mia' is of kind human, not key"):
        qc.found_of_key(project, "mia")
    with pytest.raises(InvalidValue, match=r"by is 'turn'"):
        qc.found_of_key(project, by="turn")
