"""The panel of searching: from hit to hit, here and in all sources, and a code for every hit."""

from __future__ import annotations

from typing import Any

import pytest

from qualcode.project import Project


@pytest.fixture
def page(coding_page: Any, study: Project) -> Any:
    file = study.path / "P2.txt"
    file.write_text(
        "Interviewer: A plan?\n\nMara: No plan. The Plan came later. Plans are paper.\n", encoding="utf-8"
    )
    study.add_source(file)
    return coding_page(study, "P1")


def panel(page: Any) -> Any:
    return page.page.locator(".qc-panel-search")


def find(page: Any, words: str, key: str = "/") -> None:
    page.page.locator(".qc-scroll").focus()
    page.press(key)
    page.page.keyboard.type(words)
    page.press("Enter")
    page.until("document.querySelector('.qc-panel-search .qc-panel-count')?.textContent !== ''")


def hits(page: Any) -> list[str]:
    return [str(words) for words in panel(page).locator("mark").all_inner_texts()]


def test_hits_are_listed_lit_up_and_gone_to(page: Any) -> None:
    find(page, "plan")
    assert hits(page) == ["plan", "plan"]
    assert panel(page).locator(".qc-panel-count").inner_text() == "2 hits"
    assert len(page.js(f"{page.store}.state.hits.ranges")) == 2
    first = page.state("selection.start")
    assert page.selected() == "plan"
    page.press("Enter")
    page.until(f"{page.store}.state.selection.start !== {first}")
    assert panel(page).locator(".qc-search-at").inner_text() == "2 / 2"
    page.press("Enter")
    page.until(f"{page.store}.state.selection.start === {first}")


def test_hits_here_are_put_out_when_another_source_is_opened(page: Any) -> None:
    assert "Enter" in (page.page.locator(".qc-search").get_attribute("placeholder") or "")
    find(page, "plan")
    assert len(page.state("hits.ranges")) == 2
    page.page.locator(".qc-scroll").focus()
    page.press(">")
    page.until(f"{page.store}.state.source.id === 'P2'")
    page.page.wait_for_timeout(200)
    assert page.state("hits.ranges") == []
    page.press("<")
    page.until(f"{page.store}.state.source.id === 'P1'")
    page.page.wait_for_timeout(200)
    assert page.state("hits.ranges") == []


def test_escape_in_the_text_puts_the_hits_out_and_they_stay_out(page: Any) -> None:
    find(page, "plan")
    page.page.locator(".qc-scroll").focus()
    page.press("Escape", "Escape")
    assert page.state("hits.ranges") == []
    page.press("Home", "1")
    page.settle()
    page.page.wait_for_timeout(300)
    assert page.state("hits.ranges") == []


def test_all_sources_and_the_words_around(page: Any) -> None:
    find(page, "plan", "Control+Shift+f")
    page.until("document.querySelectorAll('.qc-panel-search mark').length === 6")
    assert panel(page).locator(".qc-panel-count").inner_text() == "6 hits in 2 sources"
    assert panel(page).locator(".qc-list-head span:first-child").all_inner_texts() == ["P1", "P2"]
    panel(page).get_by_role("option").nth(3).click()
    page.until(f"{page.store}.state.source.id === 'P2'")
    assert page.selected() == "plan"
    assert len(page.js(f"{page.store}.state.hits.ranges")) == 4


def test_capitals_whole_words_and_patterns(page: Any) -> None:
    find(page, "Plan", "Control+Shift+f")
    panel(page).get_by_label("Tell capitals apart").click()
    page.until("document.querySelectorAll('.qc-panel-search mark').length === 2")
    panel(page).get_by_label("Whole words only").click()
    page.until("document.querySelectorAll('.qc-panel-search mark').length === 1")
    panel(page).get_by_label("Regular expression").click()
    panel(page).get_by_label("Words to search for").fill("[Pp]lans?")
    page.press("Enter")
    page.until("document.querySelectorAll('.qc-panel-search mark').length === 6")


def test_a_broken_pattern_is_told_at_the_field(page: Any) -> None:
    find(page, "plan")
    panel(page).get_by_label("Regular expression").click()
    panel(page).get_by_label("Words to search for").fill("(plan")
    page.press("Enter")
    page.until("!document.querySelector('.qc-panel-search [role=alert]').hidden")
    assert "no regular expression" in panel(page).get_by_role("alert").inner_text()


def test_nothing_found_says_so(page: Any) -> None:
    find(page, "zebra")
    assert panel(page).locator(".qc-panel-count").inner_text() == "0 hits"
    assert panel(page).locator(".qc-empty").inner_text() == "Nothing found."


def test_hits_outside_the_basic_plane_are_at_their_place(page: Any) -> None:
    find(page, "🙂 and said")
    assert page.selected() == "🙂 and said"
    page.press("Escape")
    page.page.locator(".qc-scroll").focus()
    page.press("1")
    page.settle()
    assert page.codings() == [("🙂 and said", "trust", "supports")]


def test_every_hit_is_coded_by_its_sentence_in_one_step(page: Any) -> None:
    find(page, "plan", "Control+Shift+f")
    page.until("document.querySelectorAll('.qc-panel-search mark').length === 6")
    panel(page).get_by_role("button", name="Code every hit").click()
    assert panel(page).locator(".qc-tools-count").inner_text() == "6 of 6"
    panel(page).locator(".qc-item .qc-tick").nth(2).click()
    assert panel(page).locator(".qc-tools-count").inner_text() == "5 of 6"
    panel(page).get_by_role("button", name="Code them").click()
    page.page.keyboard.type("trust")
    page.press("Enter")
    page.page.keyboard.type("proc")
    page.press("Enter")
    page.until("document.querySelector('dialog .qc-preview')?.innerText.includes('5 passages in 2 sources')")
    page.page.get_by_role("dialog").get_by_role("button", name="Code them").click()
    page.until("document.querySelector('dialog.qc-dialog') === null")
    page.settle()
    assert [words for words, code, _ in page.codings("P2") if code == "trust"] == [
        "No plan.",
        "The Plan came later.",
        "Plans are paper.",
    ]
    assert [words for words, code, _ in page.codings("P1") if code == "process"] == [
        "We had a plan.",
        "Nobody read it, and the plan was wrong anyway.",
    ]
    page.until("document.querySelectorAll('.qc-panel-search .qc-hit-codes').length === 5", 8)
    page.page.locator(".qc-scroll").focus()
    page.page.wait_for_timeout(350)
    page.press("u")
    page.settle()
    page.until(f"{page.store}.state.codings.size === 0")
    assert page.codings("P1") == []
    assert page.codings("P2") == []


def test_hits_are_coded_with_a_new_code_in_one_step_and_the_button_stays_where_it_is(page: Any) -> None:
    find(page, "plan")
    panel(page).get_by_role("button", name="Code every hit").click()
    panel(page).get_by_role("button", name="Code them").click()
    button = page.page.get_by_role("dialog").get_by_role("button", name="Code them")
    page.page.wait_for_timeout(250)  # it has risen
    place = button.bounding_box()
    page.page.keyboard.type("Paper")
    page.press("Enter")
    page.page.keyboard.type("trust")
    page.press("Enter")
    page.until("document.querySelector('dialog .qc-preview')?.innerText.includes('A new code')")
    assert button.bounding_box() == place
    page.page.mouse.click(5, 5)
    assert page.page.locator("dialog .qc-chip").count() == 2
    button.click()
    page.until("document.querySelector('dialog.qc-dialog') === null")
    page.settle()
    book = Project(page.session.project.path, "ana").codebook
    made = next(code.id for code in book.codes if code.name == "Paper")
    assert [code for _, code, _ in page.codings()].count(made) == 2
    assert len(page.codings()) == 4
    page.page.locator(".qc-scroll").focus()
    page.page.wait_for_timeout(350)
    page.press("u")
    page.until(f"{page.store}.state.codings.size === 0")
    assert "Paper" not in [code.name for code in Project(page.session.project.path, "ana").codebook.codes]


def test_hits_are_gone_through_with_the_keyboard(page: Any) -> None:
    find(page, "plan", "Control+Shift+f")
    page.until("document.querySelectorAll('.qc-panel-search mark').length === 6")
    panel(page).get_by_label("Words to search for").focus()
    page.press("ArrowDown", "End", "Enter")
    page.until(f"{page.store}.state.source.id === 'P2'")
    assert page.selected() == "Plan"
    assert page.js("document.activeElement.getAttribute('role')") == "listbox"


def test_a_text_that_changed_since_is_not_coded(page: Any, study: Project) -> None:
    find(page, "plan")
    panel(page).get_by_role("button", name="Code every hit").click()
    panel(page).get_by_role("button", name="Code them").click()
    study.correct("P1", "We had a plan.", "We had no plan at all.")
    page.page.keyboard.type("trust")
    page.press("Enter")
    page.until("document.querySelector('dialog .qc-preview.qc-refused') !== null")
    assert "changed since it was searched" in page.page.get_by_role("dialog").inner_text()
    assert page.codings("P1") == []
