"""The 45 synthetic interviews: they voice what the study's tables cite, share no words, and say everywhere what they are."""

from __future__ import annotations

import csv
import re
import zipfile
from collections import Counter, defaultdict
from itertools import combinations
from pathlib import Path

import pandas as pd
import pytest

import qualcode as qc
from qualcode import example

ROOT = Path(__file__).resolve().parent.parent
RAW, FACTS = ROOT / "data" / "raw", ROOT / "data" / "nahar2022"
NOTICE = "SYNTHETIC INTERVIEW"


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> qc.Project:
    return example.build_example(tmp_path_factory.mktemp("interviews") / "study")


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def cited() -> set[tuple[str, str]]:
    """Every participant as a synthetic id, with every challenge and recommendation that cites them."""
    found = set()
    for table in ("challenges", "recommendations"):
        for row in rows(FACTS / f"{table}.csv"):
            found |= {("S" + p[1:], row["id"]) for p in row["participants"].split("; ") if p}
    return found


def words(text: str) -> list[str]:
    return re.findall(r"[\w']+", text.casefold().replace("\u2019", "'"))


def said(study: qc.Project, source: str) -> str:
    transcript = study.transcript(source)
    return "\n".join(transcript.text_of(turn) for turn in transcript.turns)


# -- incidence -----------------------------------------------------------------------------------------


def test_what_is_planted_is_exactly_what_is_cited(study: qc.Project) -> None:
    key = study.codings.query("coder == 'planted'")
    assert len(cited()) == 257 + 57
    assert set(zip(key["source"], key["code"], strict=True)) == cited()
    counters = key.query("stance == 'counters'")
    assert set(zip(counters["source"], counters["code"], strict=True)) == {
        ("S14a", "pmr-3"),
        ("S22a", "pmr-3"),
    }


def test_the_incidence_is_that_of_the_published_citations(study: qc.Project) -> None:
    m = qc.matrix(study, "challenge", "source", coders="planted")
    assert m.table.shape == (17, 45)
    expected = {(code, source) for source, code in cited() if not code.startswith("rec-")}
    got = {(r, c) for r in m.table.index for c in m.table.columns if m.table.loc[r, c] > 0}
    assert got == expected
    assert len(got) == 257


def test_the_matrices_of_the_key_are_those_that_the_tables_give(study: qc.Project) -> None:
    """16 cells from challenges, 17 with recommendations, 20 by the source relation; numbers as derived from the paper."""
    challenges = qc.matrix(
        study, "collaboration-point", "theme", coders="planted", where={"facet": "challenge"}
    )
    assert int((challenges.table > 0).to_numpy().sum()) == 16
    both = qc.matrix(study, "collaboration-point", "theme", coders="planted", relation="codebook")
    assert both.table.to_numpy().tolist() == [
        [19, 32, 23, 17],
        [23, 0, 0, 5],
        [19, 25, 14, 20],
        [35, 0, 30, 8],
        [27, 26, 20, 26],
    ]
    loose = qc.matrix(study, "collaboration-point", "theme", coders="planted", relation="source")
    assert int((loose.table > 0).to_numpy().sum()) == 20, "one conversation brings nearly everything together"


def test_cases_are_the_published_rows(study: qc.Project) -> None:
    table = study.cases.set_index("case")
    for row in rows(FACTS / "participants.csv"):
        case = table.loc["S" + row["participant"][1:]]
        assert (case["job"], case["parent"]) == (row["role"], "O" + row["organization"])
    for row in rows(FACTS / "organizations.csv"):
        case = table.loc["O" + row["organization"]]
        assert case["company_type"] == row["company_type"]
        assert case["product_domain"] == row["product_domain"]
        assert case["trajectory"] == row["trajectory"]
        assert "; ".join(case["training_data"]) == row["training_data"].replace(";", "; ").replace(
            ";  ", "; "
        )
        for part in re.split(r"[():;]| also ", row["integration"]):
            word = part.strip().removeprefix("outlier").strip()
            assert (
                not word
                or word in f"{case['integration']} {case['model_team']} separate model-deployment team"
            )
    assert len(table) == 45 + 28


# -- words ---------------------------------------------------------------------------------------------


def test_every_interview_has_the_length_of_one(study: qc.Project) -> None:
    lengths = {source: len(words(said(study, source))) for source in study.sources["source"]}
    assert len(lengths) == 45
    planted = Counter(source for source, _ in cited())
    for source, length in lengths.items():
        assert 900 <= length <= (3500 if planted[source] > 8 else 2000), (source, length)
    turns = study.turns
    for source, of_one in turns.groupby("source"):
        asked = of_one[of_one["role"] == "interviewer"]["text"].map(lambda t: len(words(t))).sum()
        assert 0.05 < asked / lengths[source] < 0.35, source


def test_no_two_interviews_share_eight_words_in_a_row(study: qc.Project) -> None:
    runs = {}
    for source in study.sources["source"]:
        of_one = words(said(study, source))
        runs[source] = {tuple(of_one[i : i + 8]) for i in range(len(of_one) - 7)}
    shared = [(a, b, runs[a] & runs[b]) for a, b in combinations(runs, 2) if runs[a] & runs[b]]
    assert shared == []


def test_no_interview_speaks_the_words_of_the_codebook(study: qc.Project) -> None:
    book = [
        words(text) for code in study.codebook.codes for text in (code.definition, code.include, code.exclude)
    ]
    known = {tuple(text[i : i + 5]) for text in book for i in range(len(text) - 4)}
    for source in study.sources["source"]:
        of_one = words(said(study, source))
        spoken = {tuple(of_one[i : i + 5]) for i in range(len(of_one) - 4)}
        assert not spoken & known, source


def test_planted_passages_are_spread_and_lie_in_answers(study: qc.Project) -> None:
    found = qc.retrieve(study, coders="planted")
    assert set(found["role"]) <= {"", "participant"}
    assert (found["turn"] == found["last_turn"]).all(), "each lies in one turn"
    lengths = found["quote"].map(lambda q: len(words(q)))
    assert lengths.between(10, 130).all()
    for source, of_one in found.groupby("source"):
        turns = study.turns.query("source == @source")["turn"].max()
        if of_one["code"].nunique() > 4:
            assert of_one["turn"].max() - of_one["turn"].min() > turns / 3, source


# -- files ---------------------------------------------------------------------------------------------


def test_they_come_in_the_formats_that_studies_have() -> None:
    files = example.interviews(RAW)
    assert len(files) == 45
    spread = Counter(file.suffix for file in files)
    assert set(spread) == {".docx", ".vtt", ".srt", ".txt", ".md", ".odt", ".rtf", ".pdf", ".json", ".csv"}
    assert max(spread.values()) <= 20


def test_a_notice_stands_at_the_top_of_every_file_and_in_no_turn(study: qc.Project) -> None:
    for file in example.interviews(RAW):
        content = file.read_bytes()
        if file.suffix in (".docx", ".odt"):
            inner = "word/document.xml" if file.suffix == ".docx" else "content.xml"
            text = zipfile.ZipFile(file).read(inner).decode("utf-8")
        elif file.suffix == ".pdf":
            text = qc.read_transcript(file).text
        else:
            text = content.decode("cp1252" if file.name == "S12a.txt" else "utf-8")
        assert NOTICE in text, file.name
    assert not study.turns["text"].str.contains(NOTICE, case=False).any()


def test_the_folder_is_marked_and_explained() -> None:
    said = (RAW / "README.md").read_text(encoding="utf-8")
    assert "**Nobody said these words.**" in said
    assert not [p.name for p in RAW.iterdir() if re.match(r"P\d", p.name)], "a P names a person of the study"


# -- synthetic everywhere ------------------------------------------------------------------------------


def test_every_source_is_marked_in_every_table_and_export(study: qc.Project, tmp_path: Path) -> None:
    assert study.sources["synthetic"].all()
    for file in sorted((study.path / "data" / "sources").glob("*.toml")):
        assert "synthetic = true" in file.read_text(encoding="utf-8"), file.name
    assert qc.retrieve(study, coders="planted")["synthetic"].all()
    assert qc.code_counts(study, coders="planted")["synthetic"].all()
    m = qc.matrix(study, "challenge", "source", coders="planted")
    assert m.synthetic
    assert m.to_frame()["synthetic"].all()
    assert m.quotes("pp-1", "S3a")["synthetic"].all()
    assert "synthetic" in m._repr_html_().casefold()
    for file in qc.export_tables(study, tmp_path / "tables"):
        table = pd.read_csv(file)
        if "source" in table.columns and len(table):
            assert table["synthetic"].all(), file.name
    qc.export_tables(study, tmp_path / "tables.xlsx")
    sheets = pd.read_excel(tmp_path / "tables.xlsx", sheet_name=None)
    for name, table in sheets.items():
        if "source" in table.columns and len(table):
            assert table["synthetic"].all(), name


def test_pages_and_hand_outs_say_it(study: qc.Project, tmp_path: Path) -> None:
    page = qc.coded_html(study, "S3a", tmp_path / "S3a.html", coders="planted")
    assert "SYNTHETIC" in Path(page).read_text(encoding="utf-8")
    handed = qc.open_project(study.path, coder="ana").handout("mia", ["S3a"], tmp_path / "for-mia.html")
    assert '"synthetic": true' in handed.path.read_text(
        encoding="utf-8"
    ) or '"synthetic":true' in handed.path.read_text(encoding="utf-8")
    qc.open_project(study.path, coder="ana").undo()


def test_figures_say_it(study: qc.Project) -> None:
    from matplotlib import pyplot as plt

    m = qc.matrix(study, "collaboration-point", "theme", coders="planted")
    for style in ("icons", "dots", "bubbles", "heatmap"):
        ax = qc.plot.matrix(m, style=style)
        text = " ".join(t.get_text() for t in ax.texts).casefold()
        assert "synthetic" in text, style
        assert "planted" in text, "the key is named"
        plt.close(ax.figure)


# -- the coders ----------------------------------------------------------------------------------------


def test_nobody_s_coding_passes_for_a_human_s(study: qc.Project) -> None:
    kinds = study.coders.set_index("coder")["kind"].to_dict()
    assert kinds == {"planted": "key", **dict.fromkeys(example.MACHINES, "machine")}
    for coder in example.MACHINES:
        told = (study.path / "data" / "coders" / f"{coder}.toml").read_text(encoding="utf-8")
        assert "model = " in told
        assert "without the key" in told
    with pytest.raises(qc.QualcodeError):
        qc.matrix(study, "collaboration-point", "theme")


def test_both_machines_read_every_interview_and_differ(study: qc.Project) -> None:
    held: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for row in study.codings.itertuples():
        held[row.coder].add((row.source, row.code))
    for coder in example.MACHINES:
        assert {source for source, _ in held[coder]} == set(study.sources["source"]), coder
    a, b = (held[coder] for coder in example.MACHINES)
    assert a - b
    assert b - a, "real disagreements stay"
    found = qc.found_of_key(study, by="coder").set_index("coder")
    for coder in example.MACHINES:
        assert 0 < found.loc[coder, "found"] <= found.loc[coder, "planted"]


def test_borders_were_not_taken_from_the_key(study: qc.Project) -> None:
    """Who chooses borders alone hardly ever hits those of another."""
    places = {
        coder: set(zip(of_one["source"], of_one["start"], of_one["end"], strict=True))
        for coder, of_one in study.codings.groupby("coder")
    }
    for coder in example.MACHINES:
        assert len(places[coder] & places["planted"]) < 0.1 * len(places["planted"])


def test_the_tables_of_the_solution_are_what_was_coded() -> None:
    for coder in ("planted", *example.MACHINES):
        table = rows(RAW / "solution" / f"{coder}.csv")
        assert table
        assert set(table[0]) == {"source", "quote", "code", "stance", "memo"}
