"""The tree of codes: going through it, coding from it, and moving codes; the page and the codebook on the disk."""

from __future__ import annotations

from typing import Any

import pytest

from qualcode.codebook import Codebook
from qualcode.codebook_file import read_codebook
from qualcode.project import Project

PLAN = "We had a plan."


@pytest.fixture
def page(coding_page: Any, study: Project) -> Any:
    return coding_page(study)


def book(page: Any) -> Codebook:
    """The codebook as it stands on the disk."""
    return read_codebook(page.session.project.path / "codebooks" / "codebook.yaml")


def rows(page: Any) -> list[str]:
    """The names in the tree, from top to bottom, each with its level before it."""
    return [
        str(row)
        for row in page.js(
            "[...document.querySelectorAll('.qc-tree [role=treeitem]')].map((el) => el.ariaLevel + ' ' + el.querySelector('.qc-row-name').textContent)"
        )
    ]


def row(page: Any, code: str) -> Any:
    return page.page.locator(f".qc-tree [data-id='{code}']")


def select_plan(page: Any) -> None:
    page.drag_over(PLAN)
    page.until(f"{page.store}.state.selection !== null")


def focused(page: Any) -> str:
    return str(page.js("document.activeElement.dataset.id ?? document.activeElement.className"))


# -- seen ------------------------------------------------------------------------------------------


def test_facets_head_their_codes_in_the_order_of_the_codebook(page: Any) -> None:
    assert rows(page) == [
        "1 Point",
        "2 Trust",
        "2 Roles and duties",
        "2 Planning",
        "1 Theme",
        "2 Communication",
        "2 Process",
    ]
    assert page.page.get_by_role("tree", name="Codes").count() == 1
    for name in ("Point facet", "Planning no codings, key q"):
        assert page.page.get_by_role("treeitem", name=name, exact=True).count() == 1


def test_counts_here_and_in_all_follow_every_step(page: Any, study: Project) -> None:
    other = study.path / "P2.txt"
    other.write_text("Mara: Another talk. It was short.\n", encoding="utf-8")
    study.add_source(other)
    study.code("P2", "It was short.", "trust")
    select_plan(page)
    page.press("1")
    page.settle()
    page.page.get_by_role("treeitem", name="Trust 1 coding here, 2 in all, key 1", exact=True).wait_for()
    assert row(page, "trust").locator(".qc-row-counts").inner_text().split() == ["1", "2"]
    page.press("u")
    page.page.get_by_role("treeitem", name="Trust 0 codings here, 1 in all, key 1", exact=True).wait_for()


def test_codes_on_the_selection_are_marked(page: Any) -> None:
    select_plan(page)
    page.press("1")
    page.settle()
    assert row(page, "trust").get_attribute("aria-description") == "on the selection"
    assert row(page, "roles").get_attribute("aria-description") is None
    page.js(f"{page.store}.select(null)")
    assert row(page, "trust").get_attribute("aria-description") is None


def test_a_code_under_the_pointer_is_lit_up_in_the_text(page: Any) -> None:
    row(page, "trust").hover()
    assert page.state("hovered") == "trust"
    page.page.mouse.move(300, 300)
    assert page.state("hovered") is None


# -- coding ----------------------------------------------------------------------------------------


def test_a_click_with_words_selected_codes_nothing_and_f2_renames_the_code(page: Any) -> None:
    select_plan(page)
    row(page, "communication").click()
    assert page.page.locator(".qc-code-title").inner_text() == "Communication"
    assert focused(page) == "communication"
    page.press("F2")
    page.page.keyboard.type("Talk")
    page.press("Enter")
    page.until("!document.querySelector('dialog[open]')")
    page.settle()
    assert book(page).code("communication").name == "Talk"
    assert focused(page) == "communication"
    assert page.sent("code") == []
    assert page.sent("code_new") == []
    assert page.selected() == PLAN


def test_a_double_click_codes_once_and_says_so_beforehand(page: Any) -> None:
    select_plan(page)
    assert "double click" in (row(page, "communication").get_attribute("title") or "")
    row(page, "communication").dblclick()
    page.settle()
    assert page.codings() == [(PLAN, "communication", "supports")]
    assert len(page.sent("code")) == 1


def test_the_card_has_a_button_that_codes_while_words_are_selected(page: Any) -> None:
    row(page, "trust").click()
    button = page.page.get_by_role("button", name="Code selection")
    assert button.count() == 0
    select_plan(page)
    button.click()
    page.settle()
    assert page.codings() == [(PLAN, "trust", "supports")]
    page.js(f"{page.store}.select(null)")
    assert button.count() == 0


def test_how_to_code_from_the_tree_stands_among_the_keys(page: Any) -> None:
    page.press("?")
    told = page.page.locator(".qc-help").inner_text()
    assert "put the code on the selection, also by a double click" in told


def test_without_a_selection_a_click_shows_what_the_code_means(page: Any) -> None:
    row(page, "trust").click()
    assert page.page.locator(".qc-code-title").inner_text() == "Trust"
    assert "Whether they count on each other." in page.page.locator(".qc-code-body").inner_text()
    assert page.codings() == []


def test_a_press_near_the_foot_of_the_tree_is_not_lost_when_the_card_opens(
    coding_page: Any, study: Project
) -> None:
    page = coding_page(study, size=(1100, 480))
    row(page, "process").click()
    assert page.page.locator(".qc-code-title").inner_text() == "Process"


# -- keys ------------------------------------------------------------------------------------------


def test_the_tree_is_one_stop_of_tab_and_arrows_go_through_it(page: Any) -> None:
    assert page.js("document.querySelectorAll('.qc-tree [tabindex=\"0\"]').length") == 1
    row(page, "trust").focus()
    page.press("ArrowDown")
    assert focused(page) == "roles"
    assert page.page.locator(".qc-code-title").inner_text() == "Roles and duties"
    page.press("End")
    assert focused(page) == "process"
    page.press("Home", "ArrowLeft")
    assert rows(page)[:2] == ["1 Point", "1 Theme"]
    assert row(page, "facet:point").get_attribute("aria-expanded") == "false"
    page.press("ArrowRight", "ArrowRight")
    assert focused(page) == "trust"
    page.press("ArrowLeft")
    assert focused(page) == "facet:point"


def test_enter_codes_the_selection(page: Any) -> None:
    select_plan(page)
    row(page, "roles").focus()
    page.press("Enter")
    page.settle()
    assert page.codings() == [(PLAN, "roles", "supports")]
    assert focused(page) == "roles"


def test_letters_in_the_tree_look_for_a_name(page: Any) -> None:
    select_plan(page)
    row(page, "trust").focus()
    page.page.keyboard.type("proc")
    assert rows(page) == ["1 Theme", "2 Process"]
    page.press("Enter")
    page.settle()
    assert page.codings() == [(PLAN, "process", "supports")]
    assert len(rows(page)) == 7
    assert focused(page) == "qc-scroll"


def test_the_filter_finds_without_accents_and_keeps_what_stands_above(page: Any, study: Project) -> None:
    study.new_code("Café talk", "trust")
    page.until("document.querySelectorAll('.qc-tree [role=treeitem]').length === 8")
    page.page.get_by_label("Find a code").fill("cafe")
    assert rows(page) == ["1 Point", "2 Trust", "3 Café talk"]
    page.page.get_by_label("Find a code").fill("zebra")
    assert rows(page) == []
    assert page.page.locator(".qc-tree-box .qc-empty").inner_text() == "No code has such a name."


def test_the_menu_has_all_that_can_be_done_and_gives_the_focus_back(page: Any) -> None:
    row(page, "trust").focus()
    page.press("Shift+F10")
    items = page.page.get_by_role("menu").locator(".qc-popup-text").all_inner_texts()
    assert items == [
        "Quotes",
        "Definition",
        "Memo on the code …",
        "Rename …",
        "New code below …",
        "Move with the arrows",
        "Move to …",
        "Merge into …",
        "Split by dealing its quotes …",
        "Can be put on passages",
        "Take out of use …",
    ]
    page.press("Escape")
    assert page.page.get_by_role("menu").count() == 0
    assert focused(page) == "trust"


def test_delete_in_the_tree_is_about_the_code_and_takes_no_coding_off(page: Any) -> None:
    select_plan(page)
    page.press("1")
    page.settle()
    page.press("Tab")
    row(page, "roles").focus()
    page.press("Backspace", "Delete")
    assert page.page.get_by_role("dialog").get_by_role("heading").inner_text() == "Take a code out of use"
    page.press("Escape")
    assert focused(page) == "roles"
    assert page.codings() == [(PLAN, "trust", "supports")]


def test_a_code_that_only_gathers_others_is_no_longer_put_on_passages(page: Any) -> None:
    row(page, "roles").focus()
    page.press("Shift+F10")
    page.page.get_by_role("menuitemcheckbox", name="Can be put on passages").click()
    page.until(f"{page.store}.codeOf('roles').codable === false")
    assert not book(page).code("roles").codable
    select_plan(page)
    row(page, "roles").click()
    page.settle()
    assert page.codings() == []
    assert page.page.locator(".qc-code-title").inner_text() == "Roles and duties"


# -- moving ----------------------------------------------------------------------------------------


def test_alt_and_arrows_try_a_place_and_enter_keeps_it(page: Any) -> None:
    row(page, "planning").focus()
    page.press("Alt+ArrowUp")
    assert rows(page)[1:4] == ["2 Trust", "2 Planning", "2 Roles and duties"]
    page.press("ArrowRight")
    assert rows(page)[1:3] == ["2 Trust", "3 Planning"]
    assert "below “Trust”, first" in page.page.locator(".qc-moves").inner_text()
    page.until(
        "document.querySelector('.qc-moves .qc-preview').innerText.includes(\"becomes 'Point: Trust > Planning'\")"
    )
    assert page.sent("move_code") == []
    page.press("Enter")
    page.settle()
    assert book(page).code("planning").parent == "trust"
    assert focused(page) == "planning"
    page.press("Control+z")
    page.until("document.querySelector('[data-id=planning]').ariaLevel === '2'")
    assert book(page).code("planning").parent is None


def test_a_tried_place_is_left_with_escape(page: Any) -> None:
    row(page, "planning").focus()
    page.press("Alt+ArrowUp", "ArrowUp", "Escape")
    assert rows(page)[1:4] == ["2 Trust", "2 Roles and duties", "2 Planning"]
    assert page.sent("move_code") == []
    assert focused(page) == "planning"


def drag(page: Any, code: str, target: str, share: float) -> None:
    """Drag a code onto a part of another row: 0.1 is before it, 0.5 on it, 0.9 after it."""
    page.page.wait_for_timeout(50)
    row(page, code).hover()
    page.page.mouse.down()
    box = row(page, target).bounding_box()
    for step in (0.4, 0.5, share):
        page.page.mouse.move(box["x"] + 80, box["y"] + box["height"] * step)
    page.page.wait_for_timeout(300)


def test_a_code_dropped_on_another_comes_below_it_and_the_preview_tells_first(
    page: Any, study: Project
) -> None:
    study.code("P1", PLAN, "roles")
    page.until(f"{page.store}.state.codings.size === 1")
    drag(page, "roles", "communication", 0.5)
    assert row(page, "communication").get_attribute("data-drop") == "on"
    page.until(
        "document.querySelector('.qc-moves').innerText.includes(\"1 coding in 1 source will count as 'Communication' too.\")"
    )
    assert page.sent("move_code") == []
    page.page.mouse.up()
    page.until("document.querySelector('[data-id=roles]').ariaLevel === '3'")
    assert (book(page).code("roles").facet, book(page).code("roles").parent) == ("theme", "communication")
    assert page.page.locator(".qc-moves").is_hidden()


@pytest.mark.parametrize(
    ("share", "order"), [(0.1, ["planning", "trust", "roles"]), (0.9, ["trust", "planning", "roles"])]
)
def test_a_code_dropped_between_two_comes_between_them(page: Any, share: float, order: list[str]) -> None:
    drag(page, "planning", "trust", share)
    page.page.mouse.up()
    page.until(f"{page.store}.state.status.pending === 0 && {page.store}.state.undo.undo !== null")
    assert [code.id for code in book(page).codes if code.facet == "point"] == order


def test_a_code_cannot_be_dropped_below_itself(page: Any, study: Project) -> None:
    study.new_code("Blame", "trust", id="blame")
    page.until("document.querySelector('[data-id=blame]') !== null")
    drag(page, "trust", "blame", 0.5)
    assert "cannot come here" in page.page.locator(".qc-moves").inner_text()
    page.page.mouse.up()
    page.page.wait_for_timeout(100)
    assert page.sent("move_code") == []


def test_what_is_refused_is_told_before_the_drop_and_after_it(page: Any, study: Project) -> None:
    study.new_code("Trust", "communication", id="other-trust")
    page.until("document.querySelector('[data-id=other-trust]') !== null")
    drag(page, "trust", "communication", 0.5)
    page.until("document.querySelector('.qc-moves .qc-preview.qc-refused') !== null")
    page.page.mouse.up()
    page.until("document.querySelector('.qc-alert:not([hidden])') !== null")
    assert book(page).code("trust").parent is None


def test_codes_out_of_use_are_shown_when_asked_for(page: Any, study: Project) -> None:
    study.retire_code("roles")
    page.until("document.querySelector('[data-id=roles]') === null")
    page.page.get_by_label("More about the codes").click()
    page.page.get_by_text("Show codes out of use (1)").click()
    assert page.page.get_by_role(
        "treeitem", name="Roles and duties out of use, no codings", exact=True
    ).is_visible()
