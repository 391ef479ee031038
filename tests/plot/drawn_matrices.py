"""Matrices to draw: the study's own, a counted one, and those that are hard to lay out."""

from __future__ import annotations

import random
import warnings
from collections.abc import Callable, Sequence
from functools import cache

import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

from qualcode import example_figures, plot
from qualcode.analysis import CodeMatrix
from qualcode.example import example_files

STYLES = ("icons", "dots", "bubbles", "heatmap")
COUNTING = ("dots", "bubbles", "heatmap")
WIDTHS = (3.3, 7.0)

LONG_ROWS = (
    "Understanding what is feasible before anything was modelled",
    "Requirements that nobody wrote down and everybody assumed",
    "Interdisciplinarity",
    "Verantwortungsübernahmebereitschaft der Produktabteilung",
    "Who answers for quality when the model changes under the product",
)
LONG_COLUMNS = (
    "Communication between data scientists and software engineers",
    "Documentation",
    "Engineering practices for data, models and products alike",
    "Process and its steps",
)
ARABIC = ("التواصل بين الفرق", "جمع المتطلبات", "جودة البيانات", "التخطيط")
CHINESE = ("需求与规划", "训练数据的质量与数量", "模型集成", "过程 🙂")
SIGNS = ("cost $5 and $x^2$", "a_b^c\\frac{1}{2}", "100 % & more", "two\nlines\there", "<b>&amp;</b>")


def seeded(
    rows: Sequence[str], columns: Sequence[str], *, seed: int = 0, most: int = 30, **details: object
) -> CodeMatrix:
    """Counts from 1 to `most`, zeros and unread cells in equal parts, with margins."""
    chance = random.Random(seed)
    cells = [
        [chance.choice([0, None, chance.randint(1, most), chance.randint(1, most)]) for _ in columns]
        for _ in rows
    ]
    frame = pd.DataFrame(cells, index=list(rows), columns=list(columns), dtype="Int64")
    known = {
        "count_by": "participant",
        "n": most + 7,
        "row_title": "Points",
        "column_title": "Themes",
        "row_totals": [most + i % 3 for i in range(len(rows))],
        "column_totals": [most + j % 4 for j in range(len(columns))],
        "total": most + 5,
    }
    return CodeMatrix.from_wide(frame, **{**known, **details})


def facts() -> dict[str, pd.DataFrame]:
    return example_figures.read_facts(example_files() / "data" / "nahar2022")


def in_groups() -> CodeMatrix:
    rows = [f"{name} {i}" for name in ("Scope", "Contracts", "Data", "Tests") for i in (1, 2)]
    groups = {r: ["Planning", "Building the product"] if i < 4 else ["Operation"] for i, r in enumerate(rows)}
    return seeded(rows, ["Communication", "Process"], groups=groups)


def pale() -> CodeMatrix:
    rows, columns = ["Yellow", "White", "Sky"], ["Lemon", "Snow", "Mist", "Odd"]
    colours = {"Lemon": "#ffff66", "Snow": "#ffffff", "Mist": "#d0e8ff", "Odd": "no colour"}
    return seeded(rows, columns, colours=colours)


CASES: dict[str, Callable[[], CodeMatrix]] = {
    "talk": lambda: example_figures.talk_matrix(facts()),
    "cited": lambda: example_figures.participant_matrix(facts()),
    "long names": lambda: seeded(LONG_ROWS, LONG_COLUMNS),
    "40 x 12": lambda: seeded([f"Row {i}" for i in range(40)], [f"Theme {j}" for j in range(12)]),
    "1 x 1": lambda: seeded(["Only"], ["One"], seed=2),
    "nested groups": in_groups,
    "arabic": lambda: seeded(ARABIC, ARABIC[::-1], row_title="النقاط", column_title="المواضيع"),
    "chinese": lambda: seeded(CHINESE, CHINESE[::-1]),
    "signs": lambda: seeded(SIGNS, SIGNS[::-1]),
    "pale": pale,
    "large numbers": lambda: seeded(["a", "b", "c"], list("stuvwxyz"), most=12345),
    "large margins": lambda: seeded(
        ["a", "b"], [f"c{j}" for j in range(9)], most=7, column_totals=[54321] * 9, row_totals=[98765, 1]
    ),
    "facts": lambda: CodeMatrix.from_wide(pd.DataFrame({"A": [1, 0], "B": [None, 1]}, index=["x", "y"])),
}


@cache
def case(name: str) -> CodeMatrix:
    return CASES[name]()


@cache
def drawing(name: str, style: str, width: float) -> Axes:
    """The axes of one case; drawn once, because all that is asked of it leaves it as it is."""
    return draw(case(name), style, width)


def drawings(name: str, style: str) -> list[Axes]:
    """One case at the width of a column and of a page."""
    return [drawing(name, style, width) for width in WIDTHS]


def draw(m: CodeMatrix, style: str, width: float = 7.0, **options: object) -> Axes:
    """Draw, and let go of the figure; letters that no font of this machine has are no matter here."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="No installed font has")
        ax = plot.matrix(m, style, width, **options)
    plt.close(ax.get_figure(root=True))
    return ax
