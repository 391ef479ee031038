"""The modules of the coding page that need no browser, under ``node --test``; and the rules that all modules keep."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from qualcode.coding_page import files

STATIC = Path(files.__file__).parent / "static"
JS_TESTS = Path(__file__).parent / "js"


@pytest.mark.parametrize("test", sorted(path.name for path in JS_TESTS.glob("*.test.mjs")))
def test_modules_without_a_page(test: str, tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not on this machine (apt-get install nodejs)")
    shutil.copytree(STATIC, tmp_path / "static")
    (tmp_path / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    shutil.copy(JS_TESTS / test, tmp_path / test)
    done = subprocess.run([node, "--test", test], cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"^# pass [1-9]", done.stdout, re.MULTILINE), done.stdout


@pytest.mark.parametrize("entry", ["widget.js", "page.js"])
def test_all_modules_of_an_entry_make_one_without_a_clash_of_names(entry: str) -> None:
    joined = files.bundle(entry)
    assert not re.search(r"^import ", joined, re.MULTILINE)


def test_no_module_is_longer_than_400_lines_or_reaches_the_network() -> None:
    for path in STATIC.glob("*.js"):
        text = path.read_text(encoding="utf-8")
        assert text.count("\n") <= 400, path.name
        assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", text), path.name


def test_words_of_a_transcript_never_become_html() -> None:
    """Text goes in as text; a selection is never read as a string, which changes its white space."""
    for path in STATIC.glob("*.js"):
        code = re.sub(r"//.*|/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        for forbidden in (
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "document.write",
            "localStorage",
            "sessionStorage",
            "eval(",
        ):
            if forbidden in ("localStorage",) and path.name == "local_parts.js":
                continue
            assert forbidden not in code, f"{path.name} uses {forbidden}"
