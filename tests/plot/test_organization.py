"""Organizations: everything that the file says is drawn, in its box, at the width of a column and a page."""

from __future__ import annotations

from pathlib import Path

import pytest
from drawn_figure import outside, texts_of
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

import qualcode as qc
from qualcode import plot
from qualcode.analysis import Organization
from qualcode.errors import FileProblems, FolderError, InvalidValue
from qualcode.example import example_files

FACTS = example_files() / "data" / "nahar2022"
FILES = sorted(FACTS.glob("*/*.yaml"))
WHOLE = """
title: Everything at once
parties:
  - {id: client, name: Client, kind: outside, duties: [use it]}
  - id: team
    name: Product team
    people: {tester: 2}
    groups:
      - {id: se, name: Engineers, people: {software engineer: 3}, duties: [product, API]}
      - {id: ds, name: Scientists, people: {data scientist: 40}, duties: [model]}
  - {id: raw, name: Data, kind: data}
  - {name: Labellers, kind: outside, place: [2, 2]}
meetings:
  - {number: 1, name: Requirements, between: [client, team]}
  - {number: 2, name: Integration, between: [se, ds]}
  - {number: 3, name: Data, between: [client, raw]}
  - {number: 4, name: Labels, between: [team, labellers]}
  - {number: 5, name: More, between: [client, team]}
  - {between: [team, raw]}
frames:
  - {name: Company, holds: [team, raw]}
note: Invented for this test.
"""


def read(tmp_path: Path, text: str) -> Organization:
    file = tmp_path / "o.yaml"
    file.write_text(text, encoding="utf-8")
    return qc.read_organization(file)


def words(ax: Axes) -> str:
    return " ".join(text.get_text() for text in ax.texts)


def box(ax: Axes, name: str) -> tuple[float, float, float, float]:
    patch = next(p for p in ax.patches if p.get_gid() == name)
    extent = patch.get_window_extent()
    return extent.x0, extent.y0, extent.x1, extent.y1


@pytest.mark.parametrize("width", [3.6, 7.0])
def test_all_that_the_file_says_is_there_and_inside_its_box(tmp_path: Path, width: float) -> None:
    ax = plot.organization(read(tmp_path, WHOLE), width)
    said = words(ax)
    for word in (
        "Everything at once", "Client", "Product team", "Engineers", "Scientists", "Data", "Labellers", "use it", "product",
        "API", "model", "× 40", "tester", "software engineer", "data scientist", "Requirements", "Integration", "Labels",
        "Company", "Invented for this test.",
    ):  # fmt: skip
        assert word in said, word
    assert outside(ax) == []
    team, se, ds = box(ax, "party-team"), box(ax, "group-se"), box(ax, "group-ds")
    for inner in (se, ds):
        assert team[:2] < inner[:2]
        assert inner[2] < team[2]
        assert team[1] < inner[1]
        assert inner[3] < team[3]
    assert se[1] > ds[3], "one group stands above the other"
    persons = [p for p in ax.patches if (p.get_gid() or "").startswith("person-")]
    assert len(persons) == 2 + 3 + 1, "forty are one sign and a number"
    texts = [t for t in texts_of(ax) if t.name.startswith(("name-se", "dutyname-se"))]
    assert texts
    for text in texts:
        assert se[0] < text.left
        assert text.right < se[2]


@pytest.mark.parametrize("width", [3.6, 7.0])
def test_no_two_texts_stand_on_each_other(tmp_path: Path, width: float) -> None:
    for organization in (read(tmp_path, WHOLE), *(qc.read_organization(file) for file in FILES)):
        ax = plot.organization(organization, width)
        found = texts_of(ax)
        for i, one in enumerate(found):
            for other in found[i + 1 :]:
                apart = (
                    one.right <= other.left + 0.6 or other.right <= one.left + 0.6
                    or one.high <= other.low + 0.6 or other.high <= one.low + 0.6
                )  # fmt: skip
                assert apart, (one.name, other.name)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_descriptions_of_the_study_can_be_drawn(file: Path) -> None:
    ax = plot.organization(qc.read_organization(file), 2.2 if file.parent.name == "patterns" else 7.0)
    assert outside(ax) == []


def test_kinds_of_people_have_the_same_sign_in_every_figure(tmp_path: Path) -> None:
    """A data scientist is filled, a software engineer is not, whoever is named first."""
    vertices = []
    for order in ("{software engineer: 1, data scientist: 1}", "{data scientist: 1, software engineer: 1}"):
        ax = plot.organization(read(tmp_path, f"parties: [{{name: T, people: {order}}}]"))
        signs = {p.get_gid(): p.get_path() for p in ax.patches if (p.get_gid() or "").startswith("legend-")}
        vertices.append([len(signs[f"legend-{i}-sign"].vertices) for i in (0, 1)])
        plt.close(ax.figure)
    assert vertices[0] == vertices[1]
    assert vertices[0][0] != vertices[0][1]


def test_a_description_for_readers_who_do_not_see_it(tmp_path: Path) -> None:
    said = read(tmp_path, WHOLE).alt_text()
    assert said.startswith(
        "Everything at once. Client (use it). Product team (2 tester): Engineers (3 software engineer"
    )
    assert "1 Requirements between Client and Product team" in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", r"o\.yaml: is empty"),
        ("title: x", r"has no parties"),
        ("partys: [A]", r"o\.yaml:1: there is no 'partys' here.*Did you mean 'parties'"),
        ("parties:\n  - {name: A, kind: teem}", r"o\.yaml:2: there is no kind 'teem'.*team, outside, data"),
        ("parties:\n  - {name: A, people: {tester: many}}", r"o\.yaml:2: 'many' is no number of people \(write 1 to 60\)"),
        ("parties: [A, A]", r"the id 'a' is given twice"),
        ("parties: [A, B]\nmeetings:\n  - {between: [a, c]}", r"o\.yaml:3: there is no party or group 'c'"),
        ("parties: [A, B]\nmeetings:\n  - {between: [a]}", r"o\.yaml:3: a meeting is between two"),
        ("parties:\n  - {name: A, place: [1, 1]}\n  - {name: B, place: [1, 1]}", r"'b' has the place of 'a'"),
        ("parties:\n  - {name: A, place: far}", r"o\.yaml:2: is no list"),
        ("parties: [A]\nframes:\n  - {name: F}", r"o\.yaml:3: a frame holds nothing"),
        ("parties: [[A", r"o\.yaml:1"),
    ],
)  # fmt: skip
def test_mistakes_are_told_with_their_lines(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(FileProblems, match=said):
        read(tmp_path, text)


def test_no_file_no_organization_no_room(tmp_path: Path) -> None:
    with pytest.raises(FolderError, match=r"nowhere\.yaml cannot be read"):
        qc.read_organization(tmp_path / "nowhere.yaml")
    with pytest.raises(
        InvalidValue, match=r"plot\.organization\(\) got str\. Expected what qualcode\.read_organization"
    ):
        plot.organization("o.yaml")  # type: ignore[arg-type]
    many = Organization(
        "", read(tmp_path, "parties: [" + ", ".join(f"Party{i}" for i in range(9)) + "]").parties
    )
    with pytest.raises(
        InvalidValue, match=r"9 columns do not fit into 2 inches\. Give width=\d+\.\d or more"
    ):
        plot.organization(many, 2.0)
    plot.organization(many, 9.0)


def test_into_axes_that_are_there(tmp_path: Path) -> None:
    organization = read(tmp_path, "parties: [A, B]\nmeetings: [{number: 1, name: M, between: [a, b]}]")
    figure = plt.figure(figsize=(8, 4))
    ax = figure.add_axes((0.1, 0.1, 0.5, 0.8))
    assert plot.organization(organization, ax=ax) is ax
    assert outside(ax) == []
    low = figure.add_axes((0.1, 0.1, 0.5, 0.05))
    with pytest.raises(InvalidValue, match=r"Make the axes higher or wider"):
        plot.organization(organization, ax=low)
