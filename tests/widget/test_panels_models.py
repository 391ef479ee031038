"""The parts of the panels that need no page run under node: the tree of codes, and dealing."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent
STATIC = HERE.parents[1] / "qualcode" / "coding_page" / "static"


def test_moving_in_the_tree_and_dealing_keep_their_rules(tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("no node on this machine")
    for file in [*STATIC.glob("*.js"), HERE / "panels_models.test.js"]:
        shutil.copy(file, tmp_path)
    (tmp_path / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    done = subprocess.run([node, "--test", "panels_models.test.js"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
