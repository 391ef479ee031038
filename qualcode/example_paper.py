"""The matrices of the published study: the one that was shown, and what its tags and citations derive.

Each comes from a function of its own, so that every number in a figure can be asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from qualcode.analysis import CodeMatrix, matrix_from_table
from qualcode.example_panels import panels

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Facts = Mapping[str, pd.DataFrame]

SOURCE = "Nahar, Zhou, Lewis, Kästner, ICSE 2022"
ICONS = {
    "Communication": "people",
    "Documentation": "page",
    "Engineering": "gears",
    "Process": "calendar",
}
POINTS, THEMES = "Collaboration Points", "Themes"


def read_facts(folder: Path) -> dict[str, pd.DataFrame]:
    """Return the published tables by the name of their file, all columns as text.

    Examples
    --------
    >>> from qualcode.example import example_files
    >>> facts = read_facts(example_files() / "data" / "nahar2022")
    >>> len(facts["challenges"]), len(facts["recommendations"])
    (17, 22)
    """
    return {
        file.stem: pd.read_csv(file, dtype=str, keep_default_na=False)
        for file in sorted(folder.glob("*.csv"))
    }


def talk_matrix(facts: Facts) -> CodeMatrix:
    """Return the matrix as the authors showed it: 17 of 20 cells. A cited fact."""
    return CodeMatrix.from_wide(
        facts["matrix"],
        rows="collaboration_point",
        groups="group",
        icons=ICONS,
        caption_note=f"Cited: redrawn from the talk of {SOURCE}",
        row_title=POINTS,
        column_title=THEMES,
    )


def challenge_matrix(facts: Facts) -> CodeMatrix:
    """Return how many of the 17 challenges of a point are tagged with a theme: 16 cells."""
    return _counted(facts, ["challenges"], None, "challenge")


def recommendation_matrix(facts: Facts) -> CodeMatrix:
    """Return how many challenges and recommendations are tagged with a theme: 18 cells."""
    return _counted(facts, ["challenges", "recommendations"], None, "tagged statement")


def participant_matrix(facts: Facts) -> CodeMatrix:
    """Return how many distinct participants a challenge or recommendation of a theme cites: 17 cells, those of the talk."""
    return _counted(facts, ["challenges", "recommendations"], "participants", "participant")


PAPER: Mapping[str, Callable[[Facts], CodeMatrix]] = {
    "talk": talk_matrix,
    "challenges": challenge_matrix,
    "recommendations": recommendation_matrix,
    "cited": participant_matrix,
}


def _counted(facts: Facts, tables: list[str], count_by: str | None, unit: str) -> CodeMatrix:
    talk = facts["matrix"]
    found = matrix_from_table(
        pd.concat([facts[name] for name in tables], ignore_index=True),
        "collaboration_point",
        "themes",
        count_by,
        unit=unit,
        row_order=list(talk["collaboration_point"]),
        column_order=list(ICONS),
        groups=dict(zip(talk["collaboration_point"], talk["group"], strict=True)),
        icons=ICONS,
        n=len(facts["participants"]) if count_by else None,
        caption_note=f"Derived by this project from the tags and citations printed in {SOURCE}; not a finding of theirs",
    )
    return replace(found, row_title=POINTS, column_title=THEMES)


_PANELS = (
    (
        "talk",
        "a  The talk: 17 cells",
        "Cited: talk of Nahar et al., ICSE 2022. How a cell was decided is not stated.",
    ),
    (
        "challenges",
        "b  Tagged challenges: 16 cells",
        "Derived by this project: a challenge of the point is tagged with the theme. Project Planning × Process is missing.",
    ),
    (
        "recommendations",
        "c  With recommendations: 18 cells",
        "Derived by this project: a challenge or recommendation is tagged. Responsibility × Documentation is added.",
    ),
    (
        "cited",
        "d  Tagged, and somebody is cited: 17 cells",
        "Derived by this project, a reconstruction: as c, and at least one participant is cited. No cell differs from a.",
    ),
)
_PANEL = 3.35  # inches


def four_rules(facts: Facts) -> Axes:
    """Draw the matrix of the talk beside three ways to derive one, with a line of explanation each.

    Returns
    -------
    matplotlib.axes.Axes
        The last of the four panels; its figure holds all.
    """
    from qualcode import plot

    drawn = [_as_facts(PAPER[name](facts), note) for name, _, note in _PANELS]
    titles = [title for _, title, _ in _PANELS]
    return panels([partial(plot.matrix, one, "icons", _PANEL) for one in drawn], 2, _PANEL, titles)


_UNKNOWN = pd.Series(dtype="Int64")


def _as_facts(counted: CodeMatrix, note: str) -> CodeMatrix:
    """Only which cells are filled: a panel compares cells, not numbers."""
    filled = (counted.table > 0).astype("Int64")
    return replace(
        counted,
        table=filled,
        presence=True,
        row_totals=_UNKNOWN,
        column_totals=_UNKNOWN,
        total=None,
        n=None,
        rule="",
        caption_note=note,
    )
