"""Every notebook runs from top to bottom, and is stored without outputs."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def test_there_is_a_first_notebook() -> None:
    assert NOTEBOOKS[0].name == "01_first_matrix.ipynb"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_runs(path: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """nbmake runs it in a folder of its own: a reader may have copied it away from the repository."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    shutil.copy(path, tmp_path)
    (tmp_path / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    words = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "--nbmake", "--nbmake-timeout=300", path.name]
    done = subprocess.run([sys.executable, *words], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-1000:]
    assert "1 passed" in done.stdout


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_states_what_its_reader_should_see(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    checks = [cell for cell in notebook.cells if cell.cell_type == "code" and "assert " in cell.source]
    assert len(checks) >= 3


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_is_stored_without_outputs(path: Path) -> None:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None
        assert cell["metadata"] == {}
    assert set(notebook["metadata"]) <= {"kernelspec", "language_info"}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_filter_of_git_would_change_nothing(path: Path) -> None:
    from nbstripout import strip_output

    notebook = nbformat.read(path, as_version=4)
    before = nbformat.writes(notebook)
    assert (
        nbformat.writes(strip_output(notebook, keep_output=False, keep_count=False, keep_id=False)) == before
    )


NOT_YET: dict[str, tuple[str, Any, str]] = {
    "Task 1": ("", None, "Code at least eight passages."),
    "Task 2": ("", None, "No code is marked in_vivo=True."),
    "Task 3": ("", None, "Define at least three codes"),
    "Task 4": ("nobody_asks", {"S21b"}, "There are more"),
    "Task 5": ("given_data", 5, "Count again"),
    "Task 6": ("nearest", {"promised before anybody asked": "pmr-1"}, "what the codebook does not see"),
    "Task 7": ("", None, "An interview has no coding yet."),
    "Task 8": ("judged", {}, "Not judged yet: S15a turn 40."),
    "Task 9": ("new_cell", ("project-planning", "communication"), "Compare the two tables cell by cell."),
}
"""Task to an answer that is not yet right (a name and its value, or nothing done at all) and the hint that a student gets."""


def test_a_task_that_is_not_done_stops_with_what_to_look_at(capsys: pytest.CaptureFixture[str]) -> None:
    path = ROOT / "notebooks" / "03_replication.ipynb"
    cells = [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    checks = {at: task for task in NOT_YET for at, cell in enumerate(cells) if f'"{task}",' in cell}
    assert sorted(checks.values()) == sorted(NOT_YET)
    names: dict[str, Any] = {"display": lambda *shown: None}
    for at, cell in enumerate(cells):
        if at + 1 in checks and not NOT_YET[checks[at + 1]][0]:  # the answer stands in this cell: without it
            with pytest.raises(AssertionError, match=re.escape(NOT_YET[checks[at + 1]][2])):
                exec(cells[at + 1], names)
        if at in checks and NOT_YET[checks[at]][0]:
            name, wrong, hint = NOT_YET[checks[at]]
            right = names[name]
            names[name] = wrong
            with pytest.raises(AssertionError, match=re.escape(hint)):
                exec(cell, names)
            names[name] = right
        exec(cell, names)
    said = capsys.readouterr().out
    assert all(f"{task}: done." in said for task in NOT_YET)
