"""The published facts in data/nahar2022, counted with plain Python, and the codebook that says the same."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from qualcode.codebook import Codebook, check
from qualcode.codebook_file import codebook_to_yaml, read_codebook

ROOT = Path(__file__).resolve().parent.parent
FACTS = ROOT / "data" / "nahar2022"
THEMES = ("Communication", "Documentation", "Engineering", "Process")
POINTS = (
    "Product and Model Requirements",
    "Project Planning",
    "Negotiating Data Quality and Quantity",
    "Responsibility and Cultural Clashes",
    "Quality Assurance for Model and Product",
)
Cell = tuple[str, str]


def table(name: str) -> list[dict[str, str]]:
    with (FACTS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def several(cell: str) -> list[str]:
    return cell.split("; ") if cell else []


CHALLENGES, RECOMMENDATIONS = table("challenges"), table("recommendations")
TALK = {
    (row["collaboration_point"], theme) for row in table("matrix") for theme in THEMES if row[theme] == "1"
}


def tagged(rows: list[dict[str, str]]) -> set[Cell]:
    return {(row["collaboration_point"], theme) for row in rows for theme in several(row["themes"])}


def cited(rows: list[dict[str, str]]) -> dict[Cell, set[str]]:
    found: dict[Cell, set[str]] = {}
    for row in rows:
        for theme in several(row["themes"]):
            found.setdefault((row["collaboration_point"], theme), set()).update(several(row["participants"]))
    return found


@pytest.fixture(scope="module")
def book() -> Codebook:
    return read_codebook(ROOT / "codebooks" / "codebook.yaml")


# -- the numbers ---------------------------------------------------------------------------------------


def test_challenges_and_recommendations_carry_the_printed_tags() -> None:
    tags = Counter(theme for row in CHALLENGES for theme in several(row["themes"]))
    assert len(CHALLENGES) == 17
    assert tags == {"Communication": 9, "Documentation": 7, "Engineering": 5, "Process": 6}
    tags = Counter(theme for row in RECOMMENDATIONS for theme in several(row["themes"]))
    assert len(RECOMMENDATIONS) == 22
    assert tags == {"Communication": 7, "Documentation": 4, "Engineering": 5, "Process": 7}


def test_cited_participants_are_counted_and_known() -> None:
    pairs = [(row["id"], p) for row in CHALLENGES for p in several(row["participants"])]
    assert len(pairs) == len(set(pairs)) == 257
    advised = [(row["id"], p) for row in RECOMMENDATIONS for p in several(row["participants"])]
    assert len(advised) == len(set(advised)) == 57
    assert sum(not row["participants"] for row in RECOMMENDATIONS) == 8
    known = {row["participant"] for row in table("participants")}
    assert {p for _, p in pairs + advised} == known, "every participant is cited at least once"
    estimation = next(row for row in CHALLENGES if row["id"] == "pp-1")
    assert len(several(estimation["participants"])) == 19


def test_participants_and_organizations() -> None:
    participants, organizations = table("participants"), table("organizations")
    assert len(participants) == len({row["participant"] for row in participants}) == 45
    assert [row["organization"] for row in organizations] == [str(number) for number in range(1, 29)]
    assert {row["organization"] for row in participants} == {row["organization"] for row in organizations}
    assert all(row["participant"][1:-1] == row["organization"] for row in participants)
    assert Counter(row["trajectory"] for row in organizations) == {
        "model-first": 13, "product-first": 13, "parallel": 2,
    }  # fmt: skip
    assert Counter(kind for row in organizations for kind in several(row["training_data"])) == {
        "provided": 7, "external public": 5, "external hired": 6, "in-house": 13,
    }  # fmt: skip
    integration = Counter(row["integration"].split(" (")[0].split(";")[0] for row in organizations)
    assert (integration["shared model code"], integration["model as API"], integration["all-in-one"]) == (
        4,
        18,
        5,
    )


def test_demographics_add_up() -> None:
    totals: Counter[str] = Counter()
    for row in table("demographics"):
        totals[row["attribute"]] += int(row["count"])
    assert totals == {"role": 45, "seniority": 45, "company type": 28, "company location": 28}


def test_the_matrix_of_the_talk_has_five_points_in_three_groups_and_seventeen_cells() -> None:
    rows = table("matrix")
    assert tuple(row["collaboration_point"] for row in rows) == POINTS
    assert list(Counter(row["group"] for row in rows).values()) == [2, 1, 2]
    assert len(TALK) == 17
    empty = {(point, theme) for point in POINTS for theme in THEMES} - TALK
    assert empty == {
        ("Project Planning", "Documentation"),
        ("Project Planning", "Engineering"),
        ("Responsibility and Cultural Clashes", "Documentation"),
    }


def test_challenge_tags_alone_give_sixteen_cells() -> None:
    assert len(tagged(CHALLENGES)) == 16
    assert TALK - tagged(CHALLENGES) == {("Project Planning", "Process")}
    assert tagged(CHALLENGES) < TALK


def test_with_recommendations_there_are_eighteen_cells() -> None:
    both = tagged(CHALLENGES) | tagged(RECOMMENDATIONS)
    assert len(both) == 18
    assert both - TALK == {("Responsibility and Cultural Clashes", "Documentation")}
    assert both > TALK


def test_cells_with_a_cited_participant_are_those_of_the_talk() -> None:
    found = cited(CHALLENGES + RECOMMENDATIONS)
    assert {cell for cell, people in found.items() if people} == TALK
    assert [[len(found.get((point, theme), ())) for theme in THEMES] for point in POINTS] == [
        [19, 32, 23, 17],
        [23, 0, 0, 5],
        [19, 25, 14, 20],
        [35, 0, 30, 8],
        [27, 26, 20, 26],
    ]
    entered = found[("Project Planning", "Process")]
    assert entered == {"P8a", "P19a", "P22b", "P22c", "P23a"}


def test_facts_equal_the_shared_notes(shared: Path) -> None:
    with (shared / "study" / "challenges.csv").open(encoding="utf-8", newline="") as file:
        noted = list(csv.DictReader(file))
    assert [(r["challenge_id"].lower(), r["challenge"], r["themes"].split(";")) for r in noted] == [
        (r["id"], r["challenge"], several(r["themes"])) for r in CHALLENGES
    ]
    assert [r["participants_cited"].split() for r in noted] == [
        several(r["participants"]) for r in CHALLENGES
    ]


# -- the codebook says the same ------------------------------------------------------------------------


def test_codebook_has_the_four_facets_and_is_without_fault(book: Codebook) -> None:
    assert [facet.id for facet in book.facets] == [
        "collaboration-point",
        "theme",
        "challenge",
        "recommendation",
    ]
    assert check(book) == []
    text = (ROOT / "codebooks" / "codebook.yaml").read_text(encoding="utf-8")
    assert codebook_to_yaml(book, text) == text


def test_codebook_has_points_in_groups_and_themes_with_icons(book: Codebook) -> None:
    points = book.leaves("collaboration-point")
    assert tuple(code.name for code in points) == POINTS
    groups = {row["collaboration_point"]: row["group"] for row in table("matrix")}
    assert {point.name: book.ancestors(point.id)[0].name for point in points} == groups
    assert all(not code.codable for code in book.children(facet="collaboration-point"))
    assert all(code.codable for code in points)
    assert tuple((code.name, code.icon) for code in book.leaves("theme")) == tuple(
        zip(THEMES, ("people", "page", "gears", "calendar"), strict=True)
    )
    assert book.code("Responsibility and Culture Clashes").id == "responsibility-and-cultural-clashes"


@pytest.mark.parametrize(
    ("facet", "rows", "name"),
    [("challenge", CHALLENGES, "challenge"), ("recommendation", RECOMMENDATIONS, "recommendation")],
)
def test_codes_count_as_their_point_and_themes(
    book: Codebook, facet: str, rows: list[dict[str, str]], name: str
) -> None:
    codes = book.leaves(facet)
    assert [(code.id, code.name) for code in codes] == [(row["id"], row[name]) for row in rows]
    for code, row in zip(codes, rows, strict=True):
        point = book.code(row["collaboration_point"])
        themes = {book.code(theme, "theme").id for theme in several(row["themes"])}
        group = book.ancestors(point.id)[0].id
        assert book.counts_as(code.id) == {code.id, point.id, group} | themes
        assert code.definition
        assert code.note.startswith("Nahar et al. 2022, section ")


def test_initial_areas_are_the_nine_of_the_supplement() -> None:
    areas = read_codebook(ROOT / "codebooks" / "initial-areas.yaml")
    assert check(areas) == []
    rows = table("initial_areas")
    assert [(code.aliases[0], code.name) for code in areas.codes] == [
        (row["number"], row["area"]) for row in rows
    ]
    assert [code.id for code in areas.children("area-3")] == [f"area-3.{n}" for n in range(1, 7)]
