"""A hand-out in a browser: one file, opened from the disk, codes without Python and offers nothing that it refuses."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import qualcode as qc
from qualcode.coding_page.files import bundle
from qualcode.testing import make_project
from qualcode.widget.intents import INTENTS

STORE = "window.qualcodePage.store"


class HandedOut:
    """The page, the study it was made of, and what is done with both."""

    def __init__(self, page: Any, project: qc.Project, downloads: Path) -> None:
        self.page, self.project, self.downloads = page, project, downloads
        self.problems: list[str] = []
        page.on("console", lambda said: said.type in ("error", "warning") and self.problems.append(said.text))
        page.on("pageerror", lambda error: self.problems.append(str(error)))

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def js(self, expression: str) -> Any:
        return self.page.evaluate(expression)

    def to_turn(self, number: int) -> None:
        self.page.locator(".qc-scroll").focus()
        self.press("Home", *["j"] * (number - 1))

    def error(self) -> str:
        return str(self.page.locator(".qc-alert").inner_text())

    def menu_of(self, code: str) -> list[str]:
        self.page.locator(f".qc-tree [data-id='{code}']").focus()
        self.press("Shift+F10")
        return [str(text) for text in self.page.locator(".qc-popup-text").all_inner_texts()]

    def send_back(self) -> Any:
        with self.page.expect_download() as waiting:
            self.page.get_by_role("button", name="Save codings").click()
        path = self.downloads / "back.json"
        waiting.value.save_as(path)
        return self.project.take_in(path)


@pytest.fixture
def handed_out(chromium: Any, tmp_path: Path) -> Iterator[Callable[..., HandedOut]]:
    opened: list[HandedOut] = []
    contexts: list[Any] = []

    def open_page(theme: str = "light", size: tuple[int, int] = (1100, 760)) -> HandedOut:
        project = make_project(tmp_path / "study")
        raw = project.path / "data" / "raw"
        raw.mkdir(exist_ok=True)
        (raw / "S1.wav").write_bytes(b"sound")
        file = project.handout("mia", ["S1", "S2"], tmp_path / "for-mia.html", coder="ana").path
        context = chromium.new_context(
            viewport={"width": size[0], "height": size[1]}, color_scheme=theme, accept_downloads=True
        )
        contexts.append(context)
        found = HandedOut(context.new_page(), project, tmp_path)
        opened.append(found)
        found.page.goto(file.as_uri())
        found.page.wait_for_selector(".qc-root[data-ready]")
        return found

    yield open_page
    for context in contexts:
        context.close()
    assert [found.problems for found in opened if found.problems] == []


def test_it_is_coded_saved_and_taken_in(handed_out: Any) -> None:
    away = handed_out()
    away.to_turn(2)
    away.press("1", "j", "2", "-", "j", "n")
    away.page.keyboard.type("Waiting for answers")
    away.press("Enter")
    away.page.wait_for_selector("dialog.qc-dialog", state="detached")
    report = away.send_back()
    assert (report.new, report.codes) == (3, ("Waiting for answers",))
    table = away.project.codings.query("coder == 'mia'")
    assert sorted(table["stance"]) == ["counters", "supports", "supports"]


def test_every_step_can_be_taken_back(handed_out: Any) -> None:
    """Undo refuses steps that were not made on the page; a hand-out must call its own as Python does."""
    away = handed_out()
    away.to_turn(2)
    away.press("1", "-")
    away.press("j", "v")
    away.to_turn(4)
    away.press("m")
    away.page.keyboard.type("A thought.")
    away.press("Control+Enter")
    away.page.wait_for_selector("dialog.qc-dialog", state="detached")
    away.page.locator(".qc-switch").click()
    away.page.wait_for_timeout(350)  # keys typed at once would still be meant for the dialog
    before = away.js(f"{STORE}.state.codings.size")
    steps = 0
    while away.js(f"{STORE}.state.undo.undo"):
        steps += 1
        away.press("u")
        away.page.wait_for_timeout(30)
        assert away.page.locator(".qc-alert").is_hidden(), away.error()
        assert steps < 9
    assert steps >= 4
    assert away.js(f"{STORE}.state.codings.size") < before
    away.press(*["U"] * steps)
    away.page.wait_for_timeout(50)
    assert away.js(f"{STORE}.state.codings.size") == before


def test_the_menus_offer_nothing_that_is_refused_and_say_why(handed_out: Any) -> None:
    away = handed_out()
    items = away.menu_of("trust")
    assert not {
        "Rename …",
        "Move to …",
        "Merge into …",
        "Split by dealing its quotes …",
        "Take out of use …",
    } & set(items)
    assert items[-1].startswith(
        "This page is a hand-out: only whoever keeps the study can change the codebook."
    )
    assert "Quotes" in items
    away.press("Escape")
    away.page.get_by_role("button", name="More about the codes").click()
    assert "New facet …" not in away.page.locator(".qc-popup-text").all_inner_texts()
    away.press("Escape")
    assert away.page.locator(".qc-tree [draggable=true]").count() == 0
    away.page.locator(".qc-tree [data-id='trust']").click()
    card = away.page.locator(".qc-code-card")
    assert card.is_visible()
    assert card.locator("[data-edit]").count() == 0
    assert card.get_by_label("Colour").is_disabled()


def test_keys_that_lead_to_a_refusal_say_so_and_open_nothing(handed_out: Any) -> None:
    away = handed_out()
    away.page.locator(".qc-tree [data-id='trust']").focus()
    for key in ("F2", "Delete", "Alt+ArrowUp"):
        away.press(key)
        assert "only whoever keeps the study" in away.error()
        assert away.page.locator("dialog[open]").count() == 0
        away.js("document.querySelector('.qc-alert').hidden = true")
    away.to_turn(2)
    away.press("C")
    assert "correct the text" in away.error()
    away.press("Escape", "p")
    assert away.error() == "A hand-out holds no recordings."
    assert away.page.locator(".qc-player").is_hidden()


def test_the_key_map_the_dialogs_and_the_foot_leave_out_what_is_not_there(handed_out: Any) -> None:
    away = handed_out()
    away.to_turn(2)
    away.press("?")
    told = away.page.locator(".qc-help").inner_text()
    assert "correct the selected words" not in told
    assert "play from this turn" not in told
    assert "choose codes for the selection" in told
    away.press("Escape", "n")
    assert away.page.locator("dialog.qc-dialog").get_by_label("Definition").is_visible()
    assert away.page.locator("dialog.qc-dialog details").count() == 0
    away.press("Escape")
    assert away.page.locator(".qc-script-button").is_hidden()
    away.page.mouse.dblclick(400, 300)
    assert away.page.get_by_role("button", name="Correct these words").count() == 0


TRY = """
const [data, intents] = process.argv.slice(2).map((text) => JSON.parse(text));
const session = createLocalSession(data, { read: () => null, write: () => true });
const { cannot } = session.handle({ id: "open", do: "open" }).result;
const refused = (intent) => {
  try {
    return session.handle({ id: intent, do: intent }).error ?? "";
  } catch {
    return ""; // it was tried, and these are no arguments
  }
};
console.log(JSON.stringify({ cannot, refused: Object.fromEntries(intents.map((intent) => [intent, refused(intent)])) }));
"""


def test_every_intent_of_the_page_is_done_or_named_as_impossible(tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("Node.js is not on this machine; it runs the page's own code")
    project = make_project(tmp_path / "study")
    (project.path / "data" / "raw").mkdir(exist_ok=True)
    (project.path / "data" / "raw" / "S1.wav").write_bytes(b"sound")
    page = project.handout("mia", ["S1", "S2"], tmp_path / "for-mia.html", coder="ana").path
    held = re.search(r'id="qualcode-data">(.*?)</script>', page.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert held is not None
    assert json.loads(held[1])["texts"]["S1"]["audio"] is None
    script = tmp_path / "try.mjs"
    script.write_text(bundle("local.js") + TRY, encoding="utf-8")
    run = subprocess.run(
        [node, script, held[1], json.dumps(sorted(INTENTS))],
        capture_output=True, text=True, encoding="utf-8", timeout=60, check=True,
    )  # fmt: skip
    told = json.loads(run.stdout)
    impossible = {intent for intent, error in told["refused"].items() if error in told["cannot"].values()}
    assert impossible == set(told["cannot"]) & set(INTENTS)
    assert "rename_code" in impossible
    assert "code" not in impossible


def test_a_window_that_another_one_overtook_writes_nothing_over_its_work(handed_out: Any) -> None:
    """Two windows of one file share what the browser keeps; the second would have written over the first."""
    first = handed_out()
    address = first.page.url
    second = first.page.context.new_page()
    second.goto(address)
    second.wait_for_selector(".qc-root[data-ready]")
    first.to_turn(2)
    first.press("1", "j", "2")
    assert first.js(f"{STORE}.state.codings.size") == 2
    second.locator(".qc-scroll").focus()
    for key in ("Home", "j", "j", "j", "1"):
        second.keyboard.press(key)
    second.wait_for_selector(".qc-alert:visible")
    said = second.locator(".qc-alert").inner_text()
    assert "coded in another window since" in said
    assert "Reload this page" in said
    second.reload()
    second.wait_for_selector(".qc-root[data-ready]")
    assert second.evaluate(f"{STORE}.state.codings.size") == 2
    second.locator(".qc-scroll").focus()
    for key in ("Home", "j", "j", "j", "1"):
        second.keyboard.press(key)
    second.wait_for_function(f"{STORE}.state.codings.size === 3")
    first.page.reload()
    first.page.wait_for_selector(".qc-root[data-ready]")
    assert first.js(f"{STORE}.state.codings.size") == 3, "nothing of either window is lost"


@pytest.mark.parametrize(
    "damage",
    ["delete held.codings", "held.codes = 7", "held.codings[0].source = 'nowhere'", "held.memos = {}"],
)
def test_work_that_the_browser_kept_and_cannot_be_read_is_put_aside(handed_out: Any, damage: str) -> None:
    away = handed_out()
    away.to_turn(2)
    away.press("1")
    away.page.wait_for_timeout(100)
    away.js(
        "(() => { const name = Object.keys(localStorage).find((key) => key.startsWith('qualcode-handout-'));"
        f"const held = JSON.parse(localStorage.getItem(name)); {damage}; localStorage.setItem(name, JSON.stringify(held)); }})()"
    )
    away.page.reload()
    away.page.wait_for_selector(".qc-root[data-ready]")
    assert "could not be read, and was put aside" in away.page.locator(".qc-handout-told").inner_text()
    assert away.js("Object.keys(localStorage).some((key) => key.endsWith('-set-aside'))")
    away.to_turn(2)
    away.press("1")
    away.page.wait_for_function(f"{STORE}.state.codings.size === 1")
