"""Selecting words on the coding page, by mouse and by keys."""

from __future__ import annotations

from typing import Any

import pytest

from qualcode.project import Project


@pytest.fixture
def page(coding_page: Any, study: Project) -> Any:
    return coding_page(study)


def test_the_interview_is_there_with_speakers_and_without_labels(page: Any) -> None:
    assert page.page.locator(".qc-speaker").all_inner_texts()[1:4] == ["Interviewer", "Mara", "Interviewer"]
    texts = page.page.locator(".qc-text").all_inner_texts()
    assert texts[0] == "Interview of the first of May"
    assert texts[2].startswith("We had a plan.")


# -- mouse -----------------------------------------------------------------------------------------


def test_a_drag_selects_whole_words(page: Any) -> None:
    page.drag(page.point("obody read"), page.point("the plan w", at_end=True))
    assert page.selected() == "Nobody read it, and the plan was"


def test_a_drag_with_alt_takes_letters_as_they_are(page: Any) -> None:
    page.page.keyboard.down("Alt")
    page.drag(page.point("obody read"), page.point("the plan w", at_end=True))
    page.page.keyboard.up("Alt")
    assert page.selected() == "obody read it, and the plan w"


def test_a_drag_backward_selects_the_same(page: Any) -> None:
    page.drag(page.point("the plan was", at_end=True), page.point("Nobody read"))
    assert page.selected() == "Nobody read it, and the plan was"


def test_a_drag_into_the_gutter_stays_with_the_turn(page: Any) -> None:
    x, y = page.point("We had a plan.")
    page.drag(page.point("a plan. Nobody", at_end=True), (x - 60, y))
    assert page.selected() == "We had a plan. Nobody"


def test_a_drag_into_the_margin_stays_with_the_turn(page: Any) -> None:
    _, y = page.point("We talked for")
    page.drag(page.point("We talked for"), (1060, y))
    assert page.selected().startswith("We talked for an hour")
    assert "\n" not in page.selected()


def test_a_double_click_takes_a_word_and_a_triple_click_the_turn_alone(page: Any) -> None:
    x, y = page.point("customer")
    page.page.mouse.dblclick(x + 3, y)
    page.page.wait_for_timeout(30)
    assert page.selected() == "customer"
    page.page.mouse.click(x + 3, y, click_count=3)
    page.page.wait_for_timeout(30)
    assert page.selected().startswith("Then the customer")
    assert page.selected().endswith("It helped.")


def test_a_drag_over_several_turns_holds_their_words_without_labels(page: Any) -> None:
    page.drag(page.point("So we wrote"), page.point("And then?", at_end=True))
    assert page.selected() == "So we wrote another one.\nAnd then?"


def test_a_click_on_a_speaker_takes_the_turn(page: Any) -> None:
    page.page.locator(".qc-speaker", has_text="Tom").click()
    page.page.wait_for_timeout(30)
    assert page.selected().startswith("I was not there.")
    assert page.selected().endswith("either.")


def test_shift_and_click_moves_the_nearer_end(page: Any) -> None:
    page.drag_over("Nobody read it")
    x, y = page.point("plan was", at_end=True)
    page.page.keyboard.down("Shift")
    page.page.mouse.click(x - 2, y)
    page.page.keyboard.up("Shift")
    page.page.wait_for_timeout(30)
    assert page.selected() == "Nobody read it, and the plan was"


def test_a_drag_that_begins_inside_the_selection_selects_anew(page: Any) -> None:
    """A browser would drag the selected words away; so its selection is not kept."""
    page.drag_over("Nobody read it, and the plan was wrong")
    assert page.js("getSelection().isCollapsed || getSelection().rangeCount === 0")
    page.drag_over("the plan was")
    assert page.selected() == "the plan was"


def test_after_the_mouse_the_codes_used_last_stand_beside_and_the_keys_stay_with_the_text(page: Any) -> None:
    page.js(f"{page.store}.noteUsed(['process', 'trust'])")
    page.drag_over("Nobody read it")
    assert page.page.locator(".qc-pick-name").all_inner_texts() == ["Process", "Trust"]
    assert page.js("document.activeElement.className") == "qc-scroll"
    page.page.locator(".qc-pick", has_text="Trust").click()
    page.settle()
    assert page.codings() == [("Nobody read it", "trust", "supports")]
    assert page.page.locator(".qc-chooser").is_hidden()


def test_a_click_beside_words_ends_the_selection(page: Any) -> None:
    page.drag_over("Nobody read it")
    page.page.mouse.click(*page.point("And then?"))
    page.page.wait_for_timeout(30)
    assert page.selected() == ""


# -- keys ------------------------------------------------------------------------------------------


def test_arrows_go_by_turn_sentence_and_word(page: Any) -> None:
    page.press("ArrowDown", "ArrowDown", "ArrowDown")
    assert page.selected().startswith("We had a plan. Nobody")
    page.press("ArrowRight")
    assert page.selected() == "We had a plan."
    page.press("ArrowRight")
    assert page.selected() == "Nobody read it, and the plan was wrong anyway."
    page.press("Alt+ArrowRight")
    assert page.selected() == "Nobody"
    page.press("Control+ArrowRight", "w")
    assert page.selected() == "it"
    page.press("Alt+ArrowLeft")
    assert page.selected() == "read"
    page.press("ArrowLeft")
    assert page.selected() == "We had a plan."
    page.press("ArrowUp")
    assert page.selected() == "How did it begin?"


def test_shift_stretches_the_end_and_brackets_the_begin(page: Any) -> None:
    page.press("j", "j", "j", "l")
    page.press("Shift+ArrowRight")
    assert page.selected() == "We had a plan. Nobody read it, and the plan was wrong anyway."
    page.press("Shift+Alt+ArrowLeft")
    assert page.selected().endswith("the plan was wrong")
    page.press("]")
    assert page.selected().startswith("had a plan.")
    page.press("[")
    assert page.selected().startswith("We had")
    page.press("Shift+ArrowLeft", "Shift+ArrowLeft", "Shift+ArrowLeft")
    assert page.selected() == "We had a plan."
    page.press("Shift+ArrowDown")
    assert page.selected().endswith("So we wrote another one.")


def test_t_and_y_take_the_turn_and_the_sentence(page: Any) -> None:
    page.drag_over("the plan was")
    page.press("y")
    assert page.selected() == "Nobody read it, and the plan was wrong anyway."
    page.press("t")
    assert page.selected().startswith("We had")
    assert page.selected().endswith("another one.")


def test_what_is_selected_is_said_and_told_to_python(page: Any) -> None:
    page.press("j", "j", "j", "l")
    page.until("document.querySelector('.qc-live').textContent.includes('We had a plan.')")
    page.page.wait_for_timeout(50)
    assert page.session.selection.quote == "We had a plan."


def test_escape_goes_a_step_back(page: Any) -> None:
    page.press("j", "Enter")
    assert page.page.locator(".qc-chooser-open").is_visible()
    page.press("Escape")
    assert page.page.locator(".qc-chooser-open").is_hidden()
    assert page.selected() != ""
    page.press("Escape")
    assert page.selected() == ""


def test_copying_takes_the_selected_words_as_they_are(page: Any) -> None:
    page.press("j", "j", "j", "l", "Control+c")
    assert page.js("navigator.clipboard.readText()") == "We had a plan."
