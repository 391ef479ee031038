"""Splitting a code by dealing its quotes: one by one, many at once, one undo; and what colleagues keep."""

from __future__ import annotations

from typing import Any

import pytest

from qualcode.codebook_file import read_codebook
from qualcode.project import Project, open_project
from qualcode.testing import make_project


@pytest.fixture
def team(tmp_path: Any) -> Project:
    return make_project(tmp_path / "team")


@pytest.fixture
def page(coding_page: Any, team: Project) -> Any:
    return coding_page(team, "S1", coder="ana")


def open_deal(page: Any, code: str) -> Any:
    page.page.locator(f"[data-id={code}]").focus()
    page.press("Shift+F10", "s")
    page.page.get_by_role("menuitem", name="Split by dealing").click()
    page.page.wait_for_selector(".qc-dialog-deal")
    return page.page.locator(".qc-dialog-deal")


def codes_of(page: Any, coder: str = "ana") -> list[str]:
    table = open_project(page.session.project.path).codings
    return sorted(str(code) for code in table[table["coder"] == coder]["code"])


def name_piles(deal: Any, *names: str) -> None:
    for index, name in enumerate(names, start=1):
        deal.get_by_label(f"Name of the code on pile {index}").fill(name)


def own(page: Any, code: str) -> int:
    return codes_of(page).count(code)


def test_one_by_one_with_the_number_keys_and_one_undo(page: Any) -> None:
    n, before = own(page, "roles"), codes_of(page)
    assert n >= 3
    deal = open_deal(page, "roles")
    assert deal.locator(".qc-deal-count").inner_text() == f"{n} of {n} to deal"
    first = deal.locator(".qc-deal-quote").inner_text()
    page.press("1")
    assert deal.locator(".qc-deal-quote").inner_text() != first
    page.press(*["2"] * (n - 1))
    assert deal.locator(".qc-deal-count").inner_text() == f"All {n} are dealt"
    name_piles(deal, "Early roles", "Late roles")
    page.until(
        "document.querySelector('.qc-dialog-deal .qc-preview').innerText.includes(\"'Early roles' gets 1 coding.\")"
    )
    deal.get_by_role("button", name="Split into 2 codes").click()
    page.until("document.querySelector('.qc-dialog-deal') === null")
    page.settle()
    book = read_codebook(page.session.project.path / "codebooks" / "codebook.yaml")
    parts = {code.name: code.id for code in book.codes if code.name in ("Early roles", "Late roles")}
    assert codes_of(page).count(parts["Early roles"]) == 1
    assert codes_of(page).count(parts["Late roles"]) == n - 1
    assert book.code("roles").split_into == tuple(parts.values())
    assert page.page.locator("[data-id=roles]").count() == 0
    page.press("Control+z")
    page.until("document.querySelector('[data-id=roles]') !== null")
    assert codes_of(page) == before


def test_many_at_once_onto_a_third_pile(page: Any) -> None:
    n = own(page, "roles")
    deal = open_deal(page, "roles")
    page.press("1", "2", "+")
    page.page.keyboard.type("The rest")
    deal.get_by_role("listbox", name="Quotes to deal").focus()
    page.press("Control+a")
    assert f"{n - 2} quote" in deal.locator(".qc-deal-hint").inner_text()
    page.press("3")
    name_piles(deal, "One", "Two")
    deal.get_by_role("button", name="Split into 3 codes").click()
    page.until("document.querySelector('.qc-dialog-deal') === null")
    page.settle()
    book = read_codebook(page.session.project.path / "codebooks" / "codebook.yaml")
    assert codes_of(page).count(next(code.id for code in book.codes if code.name == "The rest")) == n - 2


def test_back_later_and_off_a_pile(page: Any) -> None:
    n = own(page, "roles")
    deal = open_deal(page, "roles")
    first = deal.locator(".qc-deal-quote").inner_text()
    page.press("ArrowRight")
    assert deal.locator(".qc-deal-quote").inner_text() != first
    page.press("1")
    assert f"{n - 1} of {n}" in deal.locator(".qc-deal-count").inner_text()
    page.press("Backspace")
    assert f"{n} of {n}" in deal.locator(".qc-deal-count").inner_text()
    page.press("2")
    deal.get_by_label("Back to the quotes to deal").click()
    assert f"{n} of {n}" in deal.locator(".qc-deal-count").inner_text()


def test_numbers_typed_into_a_name_deal_nothing(page: Any) -> None:
    n = own(page, "roles")
    deal = open_deal(page, "roles")
    deal.get_by_label("Name of the code on pile 1").focus()
    page.page.keyboard.type("Phase 1 and 2")
    page.press("Backspace")
    assert deal.get_by_label("Name of the code on pile 1").input_value() == "Phase 1 and "
    assert f"{n} of {n}" in deal.locator(".qc-deal-count").inner_text()


def test_closing_loses_nothing(page: Any) -> None:
    n = own(page, "roles")
    deal = open_deal(page, "roles")
    name_piles(deal, "Early", "Late")
    deal.locator(".qc-deal-one").focus()
    page.press("1", "Escape")
    assert page.page.locator(".qc-dialog-deal").count() == 0
    deal = open_deal(page, "roles")
    assert f"{n - 1} of {n}" in deal.locator(".qc-deal-count").inner_text()
    assert deal.get_by_label("Name of the code on pile 2").input_value() == "Late"
    assert page.sent("split_code") == []


def test_what_is_missing_is_said_and_the_button_sleeps(page: Any) -> None:
    n = own(page, "roles")
    deal = open_deal(page, "roles")
    assert deal.get_by_role("button", name="Split", exact=True).is_disabled()
    page.press(*["1"] * n)
    assert deal.get_by_role("status").last.inner_text() == "Give the code on pile 1 a name."
    name_piles(deal, "All")
    assert "at least two" in deal.get_by_role("status").last.inner_text()


def test_colleagues_keep_theirs_and_are_told(page: Any, team: Project) -> None:
    # Nothing stands below trust and nothing counts as it; ben has codings of it.
    theirs = codes_of(page, "ben").count("trust")
    n = own(page, "trust")
    deal = open_deal(page, "trust")
    assert f"{theirs} codings of other coders stay on “Trust”" in deal.inner_text()
    page.press("1", *["2"] * (n - 1))
    name_piles(deal, "In people", "In numbers")
    page.until(
        "document.querySelector('.qc-dialog-deal .qc-preview').innerText.includes('wait for their coders to deal them')"
    )
    deal.get_by_role("button", name="Split into 2 codes").click()
    page.until("document.querySelector('.qc-dialog-deal') === null")
    page.settle()
    assert codes_of(page, "ben").count("trust") == theirs
    assert len(team.to_be_dealt(coder="ben")) == theirs


def test_what_a_colleague_left_undealt_is_offered_and_dealt(page: Any, team: Project) -> None:
    ben = Project(team.path, "ben")
    table = ben.codings
    theirs = sorted(table[(table["coder"] == "ben") & (table["code"] == "trust")]["id"])
    n = own(page, "trust")
    assert n >= 2
    parts = ben.split_code("trust", {"In people": theirs[:1], "In numbers": theirs[1:]})
    page.until("document.querySelector('.qc-to-deal') !== null", 8)
    line = page.page.locator(".qc-foot .qc-to-deal")
    assert line.inner_text() == f"{n} of your quotes of “Trust” wait to be dealt onto In people, In numbers"
    line.click()
    page.page.wait_for_selector(".qc-dialog-deal")
    deal = page.page.locator(".qc-dialog-deal")
    assert "Deal your quotes of a code that was split" in deal.inner_text()
    assert deal.get_by_label("Name of the code on pile 1").input_value() == "In people"
    assert not deal.get_by_label("Name of the code on pile 1").is_editable()
    assert deal.get_by_role("button", name="Deal", exact=True).is_disabled()
    page.press("2")
    page.until("document.querySelector('.qc-dialog-deal .qc-preview').innerText.includes('of yours wait')")
    page.press("Escape")  # closing loses nothing
    line.click()
    page.page.wait_for_selector(".qc-dialog-deal")
    deal.get_by_role("button", name="Deal 1 quote").click()
    page.until("document.querySelector('.qc-dialog-deal') === null")
    page.settle()
    assert codes_of(page).count(parts["In numbers"]) == 1
    assert len(Project(team.path, "ana").to_be_dealt()) == n - 1
    line.click()
    page.page.wait_for_selector(".qc-dialog-deal")
    page.press(*["1"] * (n - 1))
    deal.get_by_role("button", name="Deal").last.click()
    page.until("document.querySelector('.qc-dialog-deal') === null")
    page.until("document.querySelector('.qc-to-deal') === null")
    assert codes_of(page).count(parts["In people"]) == n - 1
    page.page.locator(".qc-scroll").focus()
    page.page.wait_for_timeout(350)  # keys typed at once would still be meant for the dialog
    page.press("u")
    page.settle()
    page.until("document.querySelector('.qc-to-deal') !== null")
    assert len(Project(team.path, "ana").to_be_dealt()) == n - 1


def test_why_a_code_cannot_be_split_is_told_before_anything_is_dealt(page: Any) -> None:
    page.js(f"{page.store}.ask('split_code', {{code: 'process'}})")
    page.page.wait_for_selector("dialog.qc-dialog")
    assert (
        "'Process' cannot be split yet: 'Waiting for data' counts as it"
        in page.page.locator("dialog.qc-dialog").inner_text()
    )
    assert page.page.locator(".qc-dialog-deal").count() == 0


def test_a_code_without_quotes_has_nothing_to_deal(page: Any, team: Project) -> None:
    team.new_code("Empty", "communication", coder="ana", id="empty")
    page.until("document.querySelector('[data-id=empty]') !== null", 8)
    page.js(f"{page.store}.ask('split_code', {{code: 'empty'}})")
    page.page.wait_for_selector("dialog.qc-dialog")
    assert "You have coded nothing with “Empty”" in page.page.locator("dialog.qc-dialog").inner_text()
