"""The figures in figures/: one row of a table each, with what it shows, where its numbers are from, and the line that draws it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from qualcode.analysis import CodeMatrix, code_counts, matrix, read_organization
from qualcode.example_panels import panels, whole
from qualcode.example_paper import (
    PAPER,
    SOURCE,
    Facts,
    four_rules,
    participant_matrix,
    read_facts,
    talk_matrix,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from qualcode.project import Project

__all__ = ["FIGURES", "PAPER", "Figures", "participant_matrix", "read_facts", "talk_matrix", "write_figures"]

SUFFIXES = ("svg", "pdf", "png")
FACT, DERIVED, SYNTHETIC = "fact", "derived", "synthetic"
KINDS: Mapping[str, str] = {
    FACT: "a fact of the paper, redrawn",
    DERIVED: "derived by this project from what the paper prints",
    SYNTHETIC: "made-up interviews: shows the method; no finding about the field",
}


@dataclass(frozen=True)
class Figures:
    """What the figures are drawn from.

    Parameters
    ----------
    study
        The example study.
    facts
        The published tables.
    folder
        Where the descriptions of organizations lie.
    """

    study: Project
    facts: Facts
    folder: Path


@dataclass(frozen=True)
class Drawing:
    """One figure.

    Parameters
    ----------
    name
        Of its files.
    shows
        What is to be seen, in a few words.
    kind
        "fact", "derived" or "synthetic".
    line
        The line of a notebook that draws it.
    draw
        What draws it here.
    """

    name: str
    shows: str
    kind: str
    line: str
    draw: Callable[[Figures], Axes]


# -- what is drawn, each from a function of its own ----------------------------------------------------


def key_matrix(
    study: Project, rows: str = "collaboration-point", columns: str = "theme", **options: str
) -> CodeMatrix:
    """Return a matrix of the example study, as its planted answers count."""
    from qualcode.example import PLANTED

    return matrix(study, rows, columns, coders=PLANTED, **options)  # type: ignore[arg-type]


def demographics(facts: Facts) -> pd.DataFrame:
    """Return the paper's Table 1: heading, value, number."""
    table = facts["demographics"].copy()
    table["count"] = table["count"].astype(int)
    return table


def organization_counts(facts: Facts) -> pd.DataFrame:
    """Return how many of the 28 organizations are of which type, trajectory, kind of training data and integration."""
    names = {
        "company_type": "Type",
        "trajectory": "What came first",
        "training_data": "Training data (three have two)",
        "integration": "Integration of the model",
    }
    rows = []
    for column, heading in names.items():
        parts = (
            facts["organizations"][column]
            .str.split(";")
            .explode()
            .str.replace(r" \(.*| also.*|:.*", "", regex=True)
        )
        counts = parts.str.strip()[lambda names: names != ""].value_counts()
        rows += [(heading, value, int(counts[value])) for value in counts.index]
    return pd.DataFrame(rows, columns=["heading", "value", "organizations"])


def recommendation_counts(study: Project) -> pd.DataFrame:
    """Return how many interviews voice each recommendation, under the collaboration point that it counts as."""
    from qualcode.example import PLANTED

    counts = code_counts(study, coders=PLANTED).query("facet == 'recommendation'").set_index("code")
    book = study.codebook
    rows = []
    for code in counts.index:
        point = next(
            id_
            for id_ in book.counts_as(code)
            if book.code(id_).facet == "collaboration-point" and book.code(id_).codable
        )
        rows.append((book.code(point).name, counts.loc[code, "name"], int(counts.loc[code, "sources"])))
    return pd.DataFrame(rows, columns=["point", "recommendation", "synthetic interviews"])


def _demographics(given: Figures) -> Axes:
    from qualcode import plot

    headings = {
        "role": "Role of the 45 participants", "seniority": "Their seniority", "company type": "Type of the 28 organizations",
        "company location": "Where these are",
    }  # fmt: skip
    return plot.bars(
        demographics(given.facts), headings=headings, note=f"Cited: Table 1 of {SOURCE}, redrawn."
    )


def _organizations(given: Figures) -> Axes:
    from qualcode import plot

    note = f"Cited: supplement and sections 5.1, 6.1, 7.1 of {SOURCE}, counted."
    return plot.bars(organization_counts(given.facts), note=note)


def _recommendations(given: Figures) -> Axes:
    from qualcode import plot

    note = "Made-up interviews, coded by planted (a key): shows the method; no finding about the field."
    return plot.bars(recommendation_counts(given.study), note=note)


def _organization(number: int) -> Callable[[Figures], Axes]:
    def draw(given: Figures) -> Axes:
        from qualcode import plot

        return plot.organization(
            read_organization(given.folder / "organizations" / f"organization-{number}.yaml")
        )

    return draw


def _key(
    style: str, rows: str = "collaboration-point", columns: str = "theme", **options: str
) -> Callable[[Figures], Axes]:
    def draw(given: Figures) -> Axes:
        from qualcode import plot

        return plot.matrix(key_matrix(given.study, rows, columns, **options), style)  # type: ignore[arg-type]

    return draw


def pattern_sketches(given: Figures) -> Axes:
    """Draw the patterns of training data and of integration beside each other.

    Returns
    -------
    matplotlib.axes.Axes
        The last of the six panels; its figure holds all.
    """
    from qualcode import plot

    names = [
        "data-provided", "data-external", "data-in-house", "integration-shared-code", "integration-api", "integration-all-in-one",
    ]  # fmt: skip
    sketches = [read_organization(given.folder / "patterns" / f"{name}.yaml") for name in names]
    note = f"Facts: patterns described in {SOURCE}, sections 6.1 and 7.1; design by this project."
    return panels([partial(plot.organization, s, 2.2) for s in sketches], 3, 2.2, note=note)


def two_relations(given: Figures) -> Axes:
    """Draw the matrix of the key by the codebook alone and by everything that stands in one interview.

    Returns
    -------
    matplotlib.axes.Axes
        The right of the two panels.
    """
    from qualcode import plot

    found = [key_matrix(given.study, relation=relation) for relation in ("codebook", "source")]
    titles = ["a  By the codebook alone", "b  All that stands in one interview"]
    return panels([partial(plot.matrix, m, "heatmap", 3.4) for m in found], 2, 3.4, titles)


_OF_KEY = 'qc.matrix(study, "collaboration-point", "theme", coders="planted")'
FIGURES: tuple[Drawing, ...] = (
    Drawing("nahar2022-matrix", "the talk's matrix: 17 of 20 cells", FACT,
            'qc.plot.matrix(talk_matrix(facts), "icons")', lambda g: _matrix_of(talk_matrix(g.facts), "icons")),
    Drawing("nahar2022-four-rules", "the talk beside three ways to derive it: 16, 18 and 17 cells", DERIVED,
            "four_rules(facts)", lambda g: four_rules(g.facts)),
    Drawing("nahar2022-participants-heatmap", "distinct participants cited per cell", DERIVED,
            'qc.plot.matrix(participant_matrix(facts), "heatmap")', lambda g: _matrix_of(participant_matrix(g.facts), "heatmap")),
    Drawing("nahar2022-participants-bubbles", "the same as areas", DERIVED,
            'qc.plot.matrix(participant_matrix(facts), "bubbles")', lambda g: _matrix_of(participant_matrix(g.facts), "bubbles")),
    Drawing("nahar2022-demographics", "who was interviewed (Table 1)", FACT, "qc.plot.bars(demographics(facts))", _demographics),
    Drawing("nahar2022-organizations", "the 28 organizations by type and patterns", FACT,
            "qc.plot.bars(organization_counts(facts))", _organizations),
    Drawing("nahar2022-organization-3", "organization 3: teams, duties, collaboration points (Figure 1)", FACT,
            'qc.plot.organization(qc.read_organization("organization-3.yaml"))', _organization(3)),
    Drawing("nahar2022-organization-7", "organization 7, likewise", FACT,
            'qc.plot.organization(qc.read_organization("organization-7.yaml"))', _organization(7)),
    Drawing("nahar2022-patterns", "patterns of training data and of integration", FACT, "pattern_sketches(figures)", pattern_sketches),
    Drawing("example-matrix", "points by themes in the key, as icons", SYNTHETIC, f'qc.plot.matrix({_OF_KEY}, "icons")', _key("icons")),
    Drawing("example-matrix-dots", "the same with numbers", SYNTHETIC, f'qc.plot.matrix({_OF_KEY}, "dots")', _key("dots")),
    Drawing("example-matrix-bubbles", "the same as areas", SYNTHETIC, f'qc.plot.matrix({_OF_KEY}, "bubbles")', _key("bubbles")),
    Drawing("example-matrix-heatmap", "the same as shades", SYNTHETIC, f'qc.plot.matrix({_OF_KEY}, "heatmap")', _key("heatmap")),
    Drawing("example-relations", "the key by the codebook alone, and by all that one interview says", SYNTHETIC,
            "two_relations(figures)", two_relations),
    Drawing("example-incidence", "which interview voices which challenge: 257 of 17 × 45", SYNTHETIC,
            'qc.plot.matrix(qc.matrix(study, "challenge", "source", coders="planted"), "heatmap", width=11)',
            lambda g: _matrix_of(key_matrix(g.study, "challenge", "source"), "heatmap", 11.0)),
    Drawing("example-trajectory", "challenges by what came first, model or product", SYNTHETIC,
            'qc.plot.matrix(qc.matrix(study, "challenge", "attribute:trajectory", coders="planted"), "heatmap")',
            _key("heatmap", "challenge", "attribute:trajectory")),
    Drawing("example-training-data", "challenges by where training data is from", SYNTHETIC,
            'qc.plot.matrix(qc.matrix(study, "challenge", "attribute:training_data", coders="planted"), "heatmap")',
            _key("heatmap", "challenge", "attribute:training_data")),
    Drawing("example-recommendations", "recommendations under their collaboration points", SYNTHETIC,
            "qc.plot.bars(recommendation_counts(study))", _recommendations),
    Drawing("example-recommendations-by-challenge", "recommendations in interviews that voice a challenge", SYNTHETIC,
            'qc.plot.matrix(qc.matrix(study, "challenge", "recommendation", coders="planted", relation="source"), "heatmap")',
            _key("heatmap", "challenge", "recommendation", relation="source")),
)  # fmt: skip
"""Every figure of figures/, in the order of figures/README.md."""


def _matrix_of(m: CodeMatrix, style: str, width: float = 7.0) -> Axes:
    from qualcode import plot

    return plot.matrix(m, style, width)  # type: ignore[arg-type]


# -- writing -------------------------------------------------------------------------------------------


def write_figures(study: Project, facts_folder: Path, folder: Path) -> dict[Path, bool]:
    """Draw every figure as SVG, PDF and PNG, the sheet with all of them, and the table of what they are.

    Parameters
    ----------
    study
        The example study.
    facts_folder
        The folder with the published tables.
    folder
        Where to; it is made if needed. A file whose content would be the same is left as it is.

    Returns
    -------
    dict
        Every file's path to whether it is new or changed.
    """
    from matplotlib import pyplot as plt

    from qualcode import plot

    given = Figures(study, read_facts(facts_folder), facts_folder)
    written: dict[Path, bool] = {}
    with tempfile.TemporaryDirectory() as drafts:
        for figure in FIGURES:
            axes = figure.draw(given)
            for draft in plot.save_figure(axes, *(f"{drafts}/{figure.name}.{suffix}" for suffix in SUFFIXES)):
                _put(folder / draft.name, draft.read_bytes(), written)
            plt.close(whole(axes))
        sheet = contact_sheet([Path(drafts) / f"{figure.name}.png" for figure in FIGURES])
        plot.save_figure(sheet, f"{drafts}/contact-sheet.png", dpi=110)
        _put(folder / "contact-sheet.png", (Path(drafts) / "contact-sheet.png").read_bytes(), written)
        plt.close(sheet)
    _put(folder / "README.md", readme().encode("utf-8"), written)
    return written


def _put(path: Path, content: bytes, written: dict[Path, bool]) -> None:
    written[path] = not path.is_file() or path.read_bytes() != content
    if written[path]:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def contact_sheet(files: Sequence[Path], columns: int = 4) -> Figure:
    """Return one figure with all others small, each over its name; a row is as high as its highest."""
    from matplotlib import pyplot as plt

    cell, edge, label = 2.6, 0.12, 0.24
    pictures = [plt.imread(file) for file in files]
    sizes = [min((cell - 2 * edge) / p.shape[1], 3.4 / p.shape[0]) for p in pictures]  # inches per pixel
    heights = [p.shape[0] * size for p, size in zip(pictures, sizes, strict=True)]
    rows = [max(heights[i : i + columns]) + label + 2 * edge for i in range(0, len(heights), columns)]
    wide, high = columns * cell, sum(rows)
    figure = plt.figure(figsize=(wide, high))
    for number, (picture, size) in enumerate(zip(pictures, sizes, strict=True)):
        row, column = divmod(number, columns)
        left, top = column * cell + edge, sum(rows[:row]) + edge
        down, across = picture.shape[0] * size, picture.shape[1] * size
        axes = figure.add_axes((left / wide, 1 - (top + down) / high, across / wide, down / high))
        axes.imshow(picture, interpolation="antialiased", aspect="auto")
        axes.set_axis_off()
        below = sum(rows[: row + 1]) - edge
        figure.text(
            left / wide, 1 - below / high, files[number].stem, size=6, family="DejaVu Sans", color="#3d3d3d"
        )
    return figure


def readme() -> str:
    """Return figures/README.md: figure, what it shows, where it is from, the line that draws it."""
    lines = [
        "# Figures", "",
        "Rebuilt by `make study`, byte for byte with the matplotlib of [constraints.txt](constraints.txt). Each is there as SVG (text is text),",
        "PDF (TrueType embedded) and PNG. All of them small: [contact-sheet.png](contact-sheet.png).", "",
        *(f"- **{kind}**: {said}." for kind, said in KINDS.items()), "",
        "| figure | what it shows | kind | drawn by |", "|---|---|---|---|",
        *(f"| [{f.name}]({f.name}.svg) | {f.shows} | {f.kind} | `{f.line}` |" for f in FIGURES), "",
        f"`facts`, `figures` and the functions without `qc.` are those of `qualcode.example_figures` and `qualcode.example_paper`. The paper: {SOURCE},",
        "doi 10.1145/3510003.3510209. `coding-page.png` shows the coding page on a synthetic interview (`python tests/widget/take_still.py`).", "",
    ]  # fmt: skip
    return "\n".join(lines)
