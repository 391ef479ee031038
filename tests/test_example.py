"""The example study: what is committed is what the program makes of the interviews today."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import qualcode as qc
from qualcode import example, example_figures

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> qc.Project:
    return example.build_example(tmp_path_factory.mktemp("example") / "study")


def test_the_committed_study_equals_a_rebuilt_one(built: qc.Project) -> None:
    found = example.differences(built, qc.open_project(ROOT))
    assert found == dict.fromkeys([*example.COMPARED, "codebook"], "")


def test_a_difference_is_named_with_its_number(built: qc.Project, tmp_path: Path) -> None:
    shutil.copytree(built.path, tmp_path / "copy")
    copy = qc.open_project(tmp_path / "copy", coder=example.PLANTED)
    copy.uncode(copy.codings.loc[0, "id"])
    assert (
        example.differences(copy, built)["codings"]
        == f"1 of {len(built.codings)} rows are not there again, 0 are new"
    )
    assert example.differences(copy, built)["turns"] == ""


def test_both_studies_are_sound(built: qc.Project) -> None:
    assert built.check() == []
    assert qc.open_project(ROOT).check() == []


def test_everything_in_it_is_marked_synthetic(built: qc.Project) -> None:
    assert len(built.sources) == 45
    assert built.sources["synthetic"].all()
    assert built.sources["imported_from"].nunique() == 9
    for source in built.sources["source"]:
        transcript = built.transcript(source)
        assert not [t for t in transcript.turns if "SYNTHETIC" in transcript.text_of(t).upper()]


def test_the_planted_coder_is_a_key_and_counts_only_when_named(built: qc.Project) -> None:
    assert set(built.coders["kind"]) == {"key", "machine"}
    with pytest.raises(qc.QualcodeError, match=example.PLANTED):
        qc.matrix(built, "collaboration-point", "theme")
    m = qc.matrix(built, "collaboration-point", "theme", coders=example.PLANTED)
    assert m.synthetic
    assert m.n == 45
    assert (m.table > 0).to_numpy().any()


@pytest.mark.parametrize("coder", [example.PLANTED, *example.MACHINES])
def test_every_passage_of_the_solution_is_coded_once(built: qc.Project, coder: str) -> None:
    import pandas as pd

    table = pd.read_csv(ROOT / "data" / "raw" / "solution" / f"{coder}.csv", dtype=str, keep_default_na=False)
    coded = built.codings.query("coder == @coder")
    assert len(coded) == len(table.drop_duplicates(["source", "quote", "code"]))
    texts = {source: built.transcript(source).text for source in built.sources["source"]}
    quotes = {" ".join(texts[c.source][c.start : c.end].split()) for c in coded.itertuples()}
    assert quotes == {" ".join(quote.split()) for quote in table["quote"]}


def test_a_few_interviews_are_enough_to_try_things(tmp_path: Path) -> None:
    few = example.build_example(tmp_path / "few", ["S3a", "S7a"])
    assert list(few.sources["source"]) == ["S3a", "S7a"]
    assert set(few.cases["case"]) == {"S3a", "S7a", "O3", "O7"}
    assert few.check() == []


def test_it_refuses_a_folder_that_holds_a_study(built: qc.Project) -> None:
    with pytest.raises(qc.QualcodeError, match="already holds a study"):
        example.build_example(built.path)


def test_figures_are_drawn_byte_for_byte_again(built: qc.Project, tmp_path: Path) -> None:
    facts = example.example_files() / "data" / "nahar2022"
    first = example_figures.write_figures(built, facts, tmp_path)
    assert all(first.values())
    assert {path.suffix for path in first} == {".svg", ".pdf", ".png", ".md"}
    second = example_figures.write_figures(built, facts, tmp_path)
    assert list(second) == list(first)
    assert not any(second.values()), "a figure changed from one run to the next"
    assert {path.name for path in first} == {
        p.name
        for p in (ROOT / "figures").iterdir()
        # the picture of the coding page is taken by tests/widget/take_still.py
        if p.name not in ("coding-page.png", "constraints.txt")
    }


def test_the_committed_figures_are_what_the_pinned_matplotlib_draws(
    built: qc.Project, tmp_path: Path
) -> None:
    """SVG only: the other two are compressed by a library that differs from computer to computer."""
    import matplotlib

    pinned = (
        (ROOT / "figures" / "constraints.txt").read_text(encoding="utf-8").split("matplotlib==")[1].strip()
    )
    if matplotlib.__version__ != pinned:
        pytest.skip(f"the figures are drawn with matplotlib {pinned}; `make` installs it")
    facts = example.example_files() / "data" / "nahar2022"
    for path in example_figures.write_figures(built, facts, tmp_path):
        if path.suffix in (".svg", ".md"):
            assert path.read_bytes() == (ROOT / "figures" / path.name).read_bytes(), path.name


def test_the_numbers_of_the_paper_each_from_its_function() -> None:
    facts = example_figures.read_facts(example.example_files() / "data" / "nahar2022")
    found = {name: make(facts) for name, make in example_figures.PAPER.items()}
    filled = {name: int((m.table > 0).to_numpy().sum()) for name, m in found.items()}
    assert filled == {"talk": 17, "challenges": 16, "recommendations": 18, "cited": 17}
    same = (found["talk"].table > 0) == (found["cited"].table > 0)
    assert same.to_numpy().all(), "the reconstruction agrees with the talk in all 20 cells"
    # Distinct participants per cell: Communication, Documentation, Engineering, Process.
    assert found["cited"].table.to_numpy().tolist() == [
        [19, 32, 23, 17],
        [23, 0, 0, 5],
        [19, 25, 14, 20],
        [35, 0, 30, 8],
        [27, 26, 20, 26],
    ]


def test_make_study_says_what_it_did(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(example_figures, "FIGURES", example_figures.FIGURES[:2])  # all are drawn above
    shutil.copytree(ROOT / "data", tmp_path / "data")
    shutil.copytree(ROOT / "figures", tmp_path / "figures")
    shutil.copy2(ROOT / "qualcode.toml", tmp_path / "qualcode.toml")
    shutil.copytree(ROOT / "codebooks", tmp_path / "codebooks")
    assert example.main(["--root", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert len(said.splitlines()) <= 14
    assert "Compared     with the committed study: sources, turns, codings" in said

    # A change of the committed study is found, and taken only when asked for.
    copy = qc.open_project(tmp_path, coder=example.PLANTED)
    copy.uncode(copy.codings.loc[0, "id"])
    assert example.main(["--root", str(tmp_path)]) == 1
    assert "codings differ: 0 of" in capsys.readouterr().out
    assert example.main(["--root", str(tmp_path), "--accept"]) == 0
    capsys.readouterr()
    assert example.main(["--root", str(tmp_path)]) == 0


def test_accept_never_replaces_somebody_s_study(built: qc.Project, tmp_path: Path) -> None:
    shutil.copytree(built.path, tmp_path / "mine")
    mine = qc.open_project(tmp_path / "mine", coder="ana")
    mine.code(mine.sources.loc[0, "source"], qc.turn(1), mine.codebook.leaves()[0].id)
    with pytest.raises(qc.QualcodeError, match="ana"):
        example.main(["--root", str(tmp_path / "mine"), "--accept"])
