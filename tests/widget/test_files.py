"""Modules become one without a build step, what breaks the rules is told, and the page can load nothing."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from qualcode.coding_page import files
from qualcode.coding_page.files import bundle, page_html
from qualcode.errors import InvalidValue

MODULES = {
    "widget.js": 'import { mount, place } from "./main.js";\nimport { twice } from "./numbers.js";\n\n'
    "function render() {\n  return mount(place, twice(21));\n}\n\nexport default { render };\n",
    "main.js": '// the page\nimport { twice } from "./numbers.js";\n\nexport const place = twice(1);\n'
    "export async function later() {\n  return place;\n}\nexport class Thing {}\n"
    "export function mount(one, other) {\n  // export const inner = 1;\n  const one2 = [one, other];\n  return one2;\n}\n",
    "numbers.js": "const factor = 2;\n\n/** Doubled. */\nexport function twice(number) {\n  return factor * number;\n}\n",
}


def folder_of(tmp_path: Path, **changed: str) -> Path:
    for name, text in {**MODULES, **{f"{name}.js": text for name, text in changed.items()}}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_modules_are_joined_each_once_and_before_what_needs_it(tmp_path: Path) -> None:
    made = bundle("widget.js", folder_of(tmp_path))
    assert re.findall(r"^// (\w+\.js)$", made, flags=re.M) == ["numbers.js", "main.js", "widget.js"]
    assert not re.search(r"^import", made, flags=re.M)
    assert re.findall(r"^export .*$", made, flags=re.M) == ["export default { render };"]
    for line in (
        "const place = twice(1);",
        "async function later() {",
        "class Thing {}",
        "function twice(number) {",
    ):
        assert f"\n{line}" in made


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
def test_what_is_joined_runs(tmp_path: Path) -> None:
    (tmp_path / "joined.mjs").write_text(bundle("widget.js", folder_of(tmp_path)), encoding="utf-8")
    script = 'import widget from "./joined.mjs"; console.log(JSON.stringify(widget.render()));'
    (tmp_path / "run.mjs").write_text(script, encoding="utf-8")
    done = subprocess.run(["node", "run.mjs"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == [2, 42]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"main": 'import * as n from "./numbers.js";\n'}, "main.js:1: write imports at the top"),
        ({"main": 'import n from "./numbers.js";\n'}, "main.js:1: write imports at the top"),
        ({"main": 'import { twice as x } from "./numbers.js";\n'}, "main.js:1: write imports at the top"),
        ({"main": 'import {\n  twice,\n} from "./numbers.js";\n'}, "main.js:1: write imports at the top"),
        ({"main": 'import { twice } from "https://x.org/n.js";\n'}, "main.js:1: write imports at the top"),
        ({"main": 'const a = 1;\nimport { twice } from "./numbers.js";\n'}, "main.js:2: write imports at the top"),
        ({"main": 'import { thrice } from "./numbers.js";\n'}, "main.js:1: numbers.js does not export thrice"),
        ({"main": 'import { a } from "./nowhere.js";\n'}, "main.js:1: nowhere.js is not there"),
        ({"main": "export default function mount() {}\n"}, "main.js:1: write export function"),
        ({"main": "const mount = 1;\nexport { mount };\n"}, "main.js:2: write export function"),
        ({"main": "const { a, b } = window;\n"}, "main.js:1: give one name a line"),
        ({"main": "const factor = 3;\nexport const mount = factor, place = 1;\n"}, "numbers.js:1: factor is a name in main.js too"),
        ({"numbers": 'import { mount } from "./main.js";\nexport function twice(n) {\n  return n;\n}\n'}, "which imports it"),
    ],
)  # fmt: skip
def test_what_breaks_the_rules_is_told_with_its_line(
    tmp_path: Path, changed: dict[str, str], said: str
) -> None:
    with pytest.raises(InvalidValue, match="cannot be joined") as caught:
        bundle("widget.js", folder_of(tmp_path, **changed))
    assert said in str(caught.value)


def test_all_breaches_are_told_at_once(tmp_path: Path) -> None:
    broken = folder_of(tmp_path, main="export * from './x.js';\nexport let [a] = [1];\n")
    with pytest.raises(InvalidValue) as caught:
        bundle("widget.js", broken)
    assert len(str(caught.value).split("\n")) >= 4


def test_the_modules_of_the_package_keep_the_rules() -> None:
    for entry in ("widget.js", "page.js"):
        made = bundle(entry)
        assert not re.search(r"^import\b", made, flags=re.M)
        assert made is bundle(entry)
    assert files.css()


# -- the page -------------------------------------------------------------------------------------


def test_the_page_runs_its_script_and_nothing_else() -> None:
    html = page_html("P <1>", 'console.log("x & y");', "p { color: red }", {"a": 1})
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', html)
    assert policy is not None
    rules = dict(rule.strip().split(" ", 1) for rule in policy[1].split(";"))
    script = re.search(r'<script type="module">(.*?)</script>', html, flags=re.S)
    assert script is not None
    digest = base64.b64encode(hashlib.sha256(script[1].encode("utf-8")).digest()).decode("ascii")
    assert rules["script-src"] == f"'sha256-{digest}'"
    assert (
        rules["default-src"] == rules["connect-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
    )
    assert {source for name in ("img-src", "media-src") for source in rules[name].split()} == {
        "data:",
        "blob:",
    }
    assert "<title>P &lt;1&gt;</title>" in html
    assert "connect-src 'self'" in page_html("P1", "", "", None, connect=True)


@pytest.mark.parametrize(
    "words", ["</script><script>alert(1)</script>", "<!-- <script>", "a\u2028b", "🙂 \\ \" '", "]]>"]
)
def test_data_cannot_leave_its_element(words: str) -> None:
    html = page_html("P1", "start();", "", {"quote": words, words: [words]})
    held = re.search(r'<script type="application/json" id="qualcode-data">(.*?)</script>', html, flags=re.S)
    assert held is not None
    assert json.loads(held[1]) == {"quote": words, words: [words]}
    assert "<" not in held[1]
    assert html.count("<script") == 2


@pytest.mark.parametrize("text", ["</script >", "</SCRIPT>", "<!--"])
def test_a_script_that_would_end_early_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue, match="would end there"):
        page_html("P1", f'const a = "{text}";', "", None)


def test_a_style_sheet_that_would_end_early_is_refused() -> None:
    with pytest.raises(InvalidValue, match="would end there"):
        page_html("P1", "", "</style><script>", None)
