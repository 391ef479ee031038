"""The card of a code: what it means, changed in place."""

from __future__ import annotations

from typing import Any

import pytest

from qualcode.codebook import Code, ExampleRef
from qualcode.codebook_file import read_codebook
from qualcode.project import Project

PLAN = "We had a plan."


@pytest.fixture
def page(coding_page: Any, study: Project) -> Any:
    page = coding_page(study)
    page.page.locator("[data-id=trust]").click()
    return page


def trust(page: Any) -> Code:
    """The code as it stands on the disk."""
    return read_codebook(page.session.project.path / "codebooks" / "codebook.yaml").code("trust")


def card(page: Any) -> Any:
    return page.page.locator(".qc-code-card")


def kept(page: Any) -> None:
    page.until("document.querySelector('.qc-edit') === null")
    page.settle()


def test_a_definition_is_changed_in_place_and_undone(page: Any) -> None:
    card(page).get_by_role("button", name="Change: Definition").focus()
    page.press("Enter")
    page.press("Control+a")
    page.page.keyboard.type("Counting on each other, said or shown.")
    page.press("Control+Enter")
    kept(page)
    assert trust(page).definition == "Counting on each other, said or shown."
    assert page.js("document.activeElement.dataset.edit") == "definition"
    page.press("Control+z")
    page.until("document.querySelector('.qc-code-body').innerText.includes('Whether they count')")
    assert trust(page).definition == "Whether they count on each other."


def test_what_is_empty_invites_to_be_filled(page: Any) -> None:
    card(page).get_by_role("button", name="Say when not").click()
    page.page.keyboard.type("Contracts.")
    card(page).get_by_role("button", name="Keep").click()
    kept(page)
    assert trust(page).exclude == "Contracts."


def test_names_keys_and_what_it_counts_as(page: Any) -> None:
    card(page).get_by_role("button", name="Add another name").click()
    page.page.keyboard.type("Confidence, Faith")
    page.press("Enter")
    kept(page)
    card(page).get_by_role("button", name="Give it a key").click()
    page.page.keyboard.type("z")
    page.press("Enter")
    kept(page)
    card(page).get_by_role("button", name="Let it count as another code").click()
    page.page.keyboard.type("comm")
    page.press("Enter")
    card(page).get_by_role("button", name="Keep").click()
    kept(page)
    code = trust(page)
    assert (code.aliases, code.key, code.counts_as) == (("Confidence", "Faith"), "z", ("communication",))
    page.js(f"{page.store}.select({{start: 58, end: 72}})")
    page.page.locator(".qc-scroll").focus()
    page.press("z")
    page.settle()
    assert [code for _, code, _ in page.codings()] == ["trust"]


def test_a_key_that_is_taken_is_refused_in_the_card_and_what_was_typed_stays(page: Any) -> None:
    card(page).get_by_role("button", name="Give it a key").click()
    page.page.keyboard.type("q")
    page.press("Enter")
    page.until("document.querySelector('.qc-edit .qc-dialog-error:not([hidden])') !== null")
    assert "Planning" in card(page).get_by_role("alert").inner_text()
    assert card(page).locator("input[type=text]").input_value() == "q"
    assert not trust(page).key


def test_the_selection_becomes_an_example_and_one_can_go_to_it(page: Any) -> None:
    page.js(
        f"{page.store}.select({{start: {page.session.project.transcript('P1').text.index(PLAN)}, end: {page.session.project.transcript('P1').text.index(PLAN) + len(PLAN)}}})"
    )
    card(page).get_by_role("button", name="Add an example").click()
    card(page).get_by_role("button", name="Add the selection").click()
    page.page.get_by_label("Examples: in your own words").fill("I know they will do it.")
    card(page).get_by_role("button", name="Add these words").click()
    card(page).get_by_role("button", name="Keep").click()
    kept(page)
    place, words = trust(page).examples
    assert isinstance(place, ExampleRef)
    assert (place.source, words) == ("P1", "I know they will do it.")
    assert PLAN in card(page).inner_text()
    assert PLAN not in (page.session.project.path / "codebooks" / "codebook.yaml").read_text(encoding="utf-8")


def test_what_is_typed_waits_while_another_code_is_looked_at(page: Any) -> None:
    card(page).get_by_role("button", name="Say when not").click()
    page.page.keyboard.type("Half a thought")
    page.page.locator("[data-id=roles]").click()
    assert card(page).locator("textarea").count() == 0
    page.page.locator("[data-id=trust]").click()
    assert card(page).locator("textarea").input_value() == "Half a thought"
    card(page).locator("textarea").focus()
    page.press("Escape")
    assert card(page).locator("textarea").count() == 0
    assert page.sent("change_code") == []


def test_what_a_colleague_changes_shows_and_does_not_take_the_words_being_typed(
    page: Any, study: Project
) -> None:
    card(page).get_by_role("button", name="Say when not").click()
    page.page.keyboard.type("Mine")
    study.change_code("trust", definition="By a colleague.")
    page.until("document.querySelector('.qc-code-body').innerText.includes('By a colleague.')", 8)
    assert card(page).locator("textarea").input_value() == "Mine"
    page.page.keyboard.type(" still")
    assert card(page).locator("textarea").input_value() == "Mine still"


def test_counts_lead_to_the_quotes(page: Any, study: Project) -> None:
    study.code("P1", PLAN, "trust")
    page.until("document.querySelector('.qc-code-facts').innerText.includes('1 here, 1 in all')")
    card(page).get_by_role("button", name="1 here, 1 in all").click()
    page.until("document.querySelector('.qc-panel-quotes .qc-item') !== null")
    assert PLAN in page.page.locator(".qc-panel-quotes .qc-item").inner_text()


def test_the_card_folds(page: Any) -> None:
    card(page).get_by_role("button", name="Fold").click()
    assert card(page).locator(".qc-code-body").is_hidden()
    card(page).get_by_role("button", name="Show what the code means").click()
    assert card(page).locator(".qc-code-body").is_visible()
