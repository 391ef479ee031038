"""What can be done is reached by keys and by buttons, and what the modules say of each other is true."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from qualcode.coding_page import files
from qualcode.project import Project

STATIC = Path(files.__file__).parent / "static"
PLAN = "We had a plan."


def to_plan(page: Any) -> None:
    page.page.locator(".qc-scroll").focus()
    page.press("Home", "j", "j", "l")
    assert page.selected() == PLAN


@pytest.mark.parametrize("how", ["key", "button"])
def test_the_selected_words_are_corrected_in_place(coding_page: Any, study: Project, how: str) -> None:
    page = coding_page(study)
    if how == "key":
        to_plan(page)
        page.press("C")
    else:
        page.drag_over(PLAN)
        page.page.get_by_role("button", name="Correct these words").click()
    dialog = page.page.locator("dialog.qc-dialog")
    assert dialog.get_by_role("textbox").input_value() == PLAN
    dialog.get_by_role("textbox").fill("We had no plan.")
    page.press("Control+Enter")
    page.until("document.querySelector('dialog.qc-dialog') === null")
    page.settle()
    assert "We had no plan. Nobody read it" in Project(study.path, "ana").transcript("P1").text


def test_correcting_without_a_selection_says_what_is_missing(coding_page: Any, study: Project) -> None:
    page = coding_page(study)
    page.press("C")
    assert page.page.locator(".qc-alert").inner_text() == "Select the words to correct first."


@pytest.mark.parametrize("size", [(1200, 760), (520, 760)])
def test_a_code_is_found_by_a_key_and_put_on_the_selection(
    coding_page: Any, study: Project, size: tuple[int, int]
) -> None:
    page = coding_page(study, size=size)  # in the narrow page the panel is folded until it is asked for
    to_plan(page)
    page.press("f")
    assert page.js("document.activeElement.getAttribute('aria-label')") == "Find a code"
    page.page.keyboard.type("proc")
    page.press("Enter")
    page.settle()
    assert page.codings() == [(PLAN, "process", "supports")]
    assert page.js("document.activeElement.className") == "qc-scroll"


@pytest.mark.parametrize("how", ["key", "button"])
def test_the_quotes_of_the_chosen_coding_s_code_are_listed(
    coding_page: Any, study: Project, how: str
) -> None:
    study.code("P1", PLAN, "trust")
    study.code("P1", "It helped.", "trust")
    page = coding_page(study)
    page.page.locator(".qc-name").first.click()
    if how == "key":
        page.press("Q")
    else:
        page.page.locator(".qc-coding-bar").get_by_role("button", name="Quotes").click()
    page.until("document.querySelectorAll('.qc-panel-quotes [role=option]').length === 2")
    assert page.page.locator(".qc-quotes-code").inner_text() == "Trust"


def test_a_colleague_s_coding_leads_to_its_quotes_too(coding_page: Any, study: Project) -> None:
    Project(study.path, "ben").code("P1", "It helped.", "process")
    page = coding_page(study)
    page.js(f"void {page.store}.showCoder('ben', true)")
    page.page.locator(".qc-name").first.click()
    page.press("Q")
    page.until("document.querySelectorAll('.qc-panel-quotes [role=option]').length === 1")


def test_without_a_coding_the_key_for_quotes_says_how_to_choose_one(coding_page: Any, study: Project) -> None:
    page = coding_page(study)
    page.press("Q")
    assert "No coding is chosen" in page.page.locator(".qc-alert").inner_text()


def test_every_new_key_stands_in_the_key_map(coding_page: Any, study: Project) -> None:
    page = coding_page(study)
    page.press("?")
    told = page.page.locator(".qc-help").inner_text()
    for what in (
        "correct the selected words",
        "find a code in the tree",
        "all quotes of its code",
        "play from this turn",
    ):
        assert what in told


def test_no_key_stands_in_the_table_twice_and_every_row_does_something() -> None:
    table = (STATIC / "keys.js").read_text(encoding="utf-8")
    keys = table[table.index("export const KEYS") : table.index("/** Key -> name")]
    actions = (STATIC / "actions.js").read_text(encoding="utf-8")
    bound: list[str] = []
    for found in re.finditer(r'\[\[([^\]]*|"\[", "\]")\], (null|"\w+"), "', keys):
        if found[2] != "null":
            bound += re.findall(r'"([^"]+)"', found[1])
            assert re.search(rf"^    {found[2][1:-1]}\b", actions, re.MULTILINE), found[2]
    bound += re.findall(r'^\s*\["([^"]+)", "\w+"\],$', keys, re.MULTILINE)
    assert len(bound) > 60
    assert sorted(bound) == sorted(set(bound))


def test_what_can_be_asked_for_is_what_the_store_says() -> None:
    said = (STATIC / "store.js").read_text(encoding="utf-8")
    table = said[said.index("| `ask` | arguments") : said.index("What the session does not take")]
    told = {
        name
        for line in table.splitlines()[2:]
        if "|" in line
        for name in re.findall(r"`(\w+)`", line.split("|")[1])
    }
    dialogs = (STATIC / "dialogs.js").read_text(encoding="utf-8")
    taken = set(re.findall(r"^  (\w+): \w+Dialog,$", dialogs, re.MULTILINE))
    taken |= set(
        re.findall(
            r"(\w+): \"",
            dialogs[dialogs.index("PANEL_OF = {") : dialogs.index("};", dialogs.index("PANEL_OF"))],
        )
    )
    assert told == taken | {"play"}
    asked = {
        name
        for path in STATIC.glob("*.js")
        for name in re.findall(r'\bask\("(\w+)"', path.read_text(encoding="utf-8"))
    }
    assert asked <= told
