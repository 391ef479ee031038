"""What the tests of this folder share lies in modules beside them: matrices to draw, and how to read a figure."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from matplotlib import pyplot as plt

from qualcode.analysis import CodeMatrix, matrix
from qualcode.testing import make_project

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(autouse=True)
def _no_figure_stays_open() -> Iterator[None]:
    plt.close("all")
    yield
    plt.close("all")


@pytest.fixture(scope="session")
def counted(tmp_path_factory: pytest.TempPathFactory) -> CodeMatrix:
    """What a small study of known counts gives: 8 sources, all synthetic."""
    project = make_project(tmp_path_factory.mktemp("plot") / "study", sources=8)
    return matrix(project, "point", "theme")
