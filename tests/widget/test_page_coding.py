"""Coding on the page: what is seen at once, and what then stands on the disk."""

from __future__ import annotations

from typing import Any

import pytest

from qualcode.project import Project

PLAN, NOBODY = "We had a plan.", "Nobody read it, and the plan was wrong anyway."


@pytest.fixture
def page(coding_page: Any, study: Project) -> Any:
    return coding_page(study)


def to_sentence(page: Any, steps: int = 1) -> None:
    """Select a sentence of Mara's first turn by keys."""
    page.js(f"{page.store}.select(null); {page.store}.activate(null)")
    page.press("Home", "j", "j", *["l"] * steps)


# -- code ------------------------------------------------------------------------------------------


def test_a_code_is_put_by_its_key(page: Any) -> None:
    to_sentence(page)
    page.press("1")
    assert page.names() == ["Trust"]
    page.settle()
    assert page.codings() == [(PLAN, "trust", "supports")]


def test_own_keys_of_codes_come_first_and_digits_go_to_the_rest_in_order(page: Any) -> None:
    to_sentence(page)
    page.press("q", "4")
    page.settle()
    assert page.codings() == [(PLAN, "planning", "supports"), (PLAN, "process", "supports")]


def test_a_coding_is_shown_before_python_answers(page: Any) -> None:
    to_sentence(page)
    page.deaf = True
    page.press("1")
    assert page.page.locator(".qc-name.qc-pending .qc-of").inner_text() == "saving"
    assert page.names() == ["Trust"]
    assert page.page.locator(".qc-stripe.qc-pending").count() == 1
    assert page.codings() == []


def test_typing_finds_a_code(page: Any) -> None:
    to_sentence(page)
    page.press("Enter")
    page.page.keyboard.type("dut")
    page.press("Enter")
    page.settle()
    assert page.codings() == [(PLAN, "roles", "supports")]
    assert page.js("document.activeElement.className") == "qc-scroll"


def test_several_codes_go_on_in_one_step(page: Any) -> None:
    to_sentence(page)
    page.press("Enter")
    page.page.keyboard.type("tru")
    page.press("Tab")
    page.page.keyboard.type("comm")
    page.press("Enter")
    page.settle()
    assert page.codings() == [(PLAN, "communication", "supports"), (PLAN, "trust", "supports")]
    page.press("u")
    page.until(f"{page.store}.state.codings.size === 0")
    assert page.codings() == []


def test_ticked_codes_can_be_left_out_again(page: Any) -> None:
    to_sentence(page)
    page.press("Enter")
    page.page.keyboard.type("tru")
    page.press("Tab")
    page.page.keyboard.type("comm")
    page.press("Tab", "Backspace", "Enter")
    page.settle()
    assert page.codings() == [(PLAN, "trust", "supports")]


def test_the_last_codes_are_repeated_with_a_point(page: Any) -> None:
    to_sentence(page)
    page.press("1")
    to_sentence(page, 2)
    page.press(".")
    page.settle()
    assert page.codings() == [(PLAN, "trust", "supports"), (NOBODY, "trust", "supports")]


def test_keys_without_a_selection_say_what_to_do(page: Any) -> None:
    page.press("1")
    assert "Select some words first" in page.page.locator(".qc-alert").inner_text()
    page.press("Escape")
    assert page.page.locator(".qc-alert").is_hidden()


def test_what_python_refuses_is_said_at_the_words_and_taken_back(page: Any, study: Project) -> None:
    to_sentence(page)
    study.retire_code("trust")
    page.press("1")
    page.until("!document.querySelector('.qc-alert').hidden")
    assert page.names() == []
    alert, words = page.page.locator(".qc-alert").bounding_box(), page.point(PLAN)
    assert abs(alert["y"] - words[1]) < 60
    assert page.codings() == []


def test_a_passage_over_several_turns_is_coded_whole(page: Any) -> None:
    page.drag(page.point("So we wrote"), page.point("And then?", at_end=True))
    page.press("1")
    page.settle()
    [(words, code, _)] = page.codings()
    assert words.startswith("So we wrote another one.")
    assert words.endswith("And then?")
    assert code == "trust"
    assert page.page.locator(".qc-stripe").count() == 2
    assert page.names() == ["Trust"]


def test_what_was_typed_becomes_a_new_code_with_others_in_one_step(page: Any, study: Project) -> None:
    to_sentence(page)
    page.press("Enter")
    page.page.keyboard.type("tru")
    page.press("Tab")
    page.page.keyboard.type("Hopes & <fears>")
    page.press("Enter")
    page.settle()
    assert sorted(page.names()) == ["Hopes & <fears>", "Trust"]
    assert [code.name for code in Project(study.path, "ana").codebook.codes].count("Hopes & <fears>") == 1
    page.press("u")
    page.until(f"{page.store}.state.codings.size === 0")
    assert "Hopes & <fears>" not in [code.name for code in Project(study.path, "ana").codebook.codes]


def test_a_new_code_is_ticked_like_others_and_all_go_on_in_one_step(page: Any) -> None:
    to_sentence(page)
    page.press("Enter")
    page.page.keyboard.type("Hope")
    page.press("Tab")
    assert page.page.locator(".qc-chip").all_inner_texts() == ["new: Hope"]
    page.page.keyboard.type("tru")
    page.press("Tab")
    page.page.keyboard.type("Another")
    page.press("Enter")
    assert page.page.locator(".qc-chooser .qc-hint").inner_text().startswith("One new code at a time")
    assert page.sent("code") == []
    assert page.sent("code_new") == []
    page.page.locator(".qc-chooser input").fill("")
    page.press("Control+Enter")
    page.settle()
    assert sorted(page.names()) == ["Hope", "Trust"]
    page.press("u")
    page.until(f"{page.store}.state.codings.size === 0")
    assert "Hope" not in [code.name for code in Project(page.session.project.path, "ana").codebook.codes]


def test_the_selected_words_become_a_code(page: Any) -> None:
    page.drag_over("in the kitchen")
    page.press("v")
    page.settle()
    assert page.names() == ["in the kitchen"]
    [(words, _, _)] = page.codings()
    assert words == "in the kitchen"


# -- overlaps --------------------------------------------------------------------------------------


def test_three_overlapping_codings_can_be_told_apart(page: Any) -> None:
    page.drag_over("We had a plan. Nobody read it")
    page.press("1")
    page.drag_over("Nobody read it, and the plan was wrong")
    page.press("2")
    page.drag_over("read it, and the plan")
    page.press("3")
    page.settle()
    page.js(f"{page.store}.select(null)")
    boxes = [stripe.bounding_box() for stripe in page.page.locator(".qc-stripe").all()]
    assert len({round(box["x"]) for box in boxes}) == 3
    layers = page.js("[...CSS.highlights].filter(([, h]) => h.size).map(([name]) => name.split('-')[1])")
    assert {"coded", "line0", "line1", "line2"} <= set(layers)
    # One neutral tint, however many codes: its ranges do not lie on each other.
    coded = page.js(
        "[...CSS.highlights].filter(([name]) => name.includes('-coded-')).flatMap(([, h]) => [...h].map((r) => [r.startOffset, r.endOffset]))"
    )
    assert len(coded) == 1
    assert page.names() == ["Trust", "Roles and duties", "Communication"]


def test_tab_goes_through_codings_at_the_selection_and_a_click_through_those_under_it(page: Any) -> None:
    to_sentence(page)
    page.press("1", "2")
    page.settle()
    page.press("Tab")
    first = page.state("active")
    page.press("Tab")
    second = page.state("active")
    assert first
    assert second
    assert first != second
    page.press("Escape", "Escape")
    x, y = page.point("plan.")
    page.page.mouse.click(x, y)
    page.page.wait_for_timeout(30)
    assert page.state("active") is not None
    assert page.page.locator(".qc-coding-bar").is_visible()


# -- change ----------------------------------------------------------------------------------------


def test_undo_and_redo_any_number_of_steps(page: Any) -> None:
    to_sentence(page)
    page.press("1", "2", "3")
    page.settle()
    page.press("u", "Control+z")
    page.until(f"{page.store}.state.codings.size === 1")
    page.settle()
    assert [code for _, code, _ in page.codings()] == ["trust"]
    page.press("Control+Shift+z", "U")
    page.until(f"{page.store}.state.codings.size === 3")
    assert len(page.codings()) == 3
    assert "Undo" in page.page.locator("[aria-label=Undo]").get_attribute("title")


def test_undo_stops_where_the_work_on_the_page_began(page: Any) -> None:
    to_sentence(page)
    page.press("1")
    page.settle()
    page.press("u")
    page.until(f"{page.store}.state.codings.size === 0")
    page.settle()
    page.press("u")
    assert "add source" in page.page.locator(".qc-alert").inner_text()
    assert page.state("source.id") == "P1"


@pytest.mark.parametrize("key", ["x", "Delete", "Backspace"])
def test_a_code_is_taken_off(page: Any, key: str) -> None:
    to_sentence(page)
    page.press("1")
    page.settle()
    page.press(key)
    assert page.names() == []
    page.settle()
    assert page.codings() == []


def test_taking_off_where_several_are_asks_which(page: Any) -> None:
    to_sentence(page)
    page.press("1", "2")
    page.settle()
    page.press("x")
    assert "Tab" in page.page.locator(".qc-alert").inner_text()
    page.press("Tab", "x")
    page.settle()
    assert [code for _, code, _ in page.codings()] == ["roles"]


def test_a_coding_gets_another_code(page: Any) -> None:
    to_sentence(page)
    page.press("1")
    page.settle()
    page.press("r")
    page.page.keyboard.type("proc")
    page.press("Enter")
    page.settle()
    assert page.codings() == [(PLAN, "process", "supports")]
    assert page.names() == ["Process"]


def test_borders_move_by_keys_one_at_a_time(page: Any) -> None:
    to_sentence(page)
    page.press("1")
    page.settle()
    page.press("b", "ArrowRight", "ArrowRight", "Tab", "ArrowRight")
    assert page.selected() == "had a plan. Nobody read"
    assert page.codings() == [(PLAN, "trust", "supports")]
    page.press("Enter")
    page.settle()
    assert page.codings() == [("had a plan. Nobody read", "trust", "supports")]


def test_borders_are_left_as_they_were_with_escape(page: Any) -> None:
    to_sentence(page)
    page.press("1")
    page.settle()
    page.press("b", "ArrowRight", "Escape")
    page.settle()
    assert page.codings() == [(PLAN, "trust", "supports")]
    assert page.page.locator(".qc-handle-end").is_hidden()


def test_a_handle_is_dragged_to_the_word(page: Any) -> None:
    to_sentence(page)
    page.press("1")
    page.settle()
    page.press("b")
    box = page.page.locator(".qc-handle-end").bounding_box()
    page.drag(
        (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2), page.point("Nobody rea", at_end=True)
    )
    page.page.locator(".qc-coding-bar button", has_text="Keep").click()
    page.settle()
    assert page.codings() == [("We had a plan. Nobody read", "trust", "supports")]


def test_a_selection_by_mouse_gives_new_borders(page: Any) -> None:
    to_sentence(page)
    page.press("1")
    page.settle()
    page.press("b")
    page.drag_over("the plan was wrong")
    page.press("Enter")
    page.settle()
    assert page.codings() == [("the plan was wrong", "trust", "supports")]


def test_a_stance_is_set_by_key_and_by_button_and_shown_by_a_sign(page: Any) -> None:
    to_sentence(page)
    page.press("1")
    page.settle()
    page.press("-")
    page.settle()
    assert page.codings() == [(PLAN, "trust", "counters")]
    assert page.page.locator(".qc-stance-sign").inner_text() == "−"
    page.page.locator(".qc-segment", has_text="both").click()
    page.settle()
    assert page.codings() == [(PLAN, "trust", "mixed")]
    page.press("s")
    page.settle()
    assert page.codings() == [(PLAN, "trust", "supports")]


def test_the_chosen_coding_says_code_coder_and_date(page: Any) -> None:
    to_sentence(page)
    page.press("1")
    page.settle()
    page.press("Escape", "g")
    bar = page.page.locator(".qc-coding-bar").inner_text()
    assert "Trust" in bar
    assert "ana" in bar
    title = page.page.locator(".qc-stripe").get_attribute("title")
    assert title.startswith("Trust · ana · ")


# -- go --------------------------------------------------------------------------------------------


def test_next_and_previous_coding_and_uncoded_stretch(page: Any) -> None:
    to_sentence(page)
    page.press("1")
    to_sentence(page, 2)
    page.press("2")
    page.settle()
    page.js(f"{page.store}.select(null)")
    page.press("Home", "g")
    first = page.state("active")
    page.press("g")
    assert page.state("active") != first
    page.press("G")
    assert page.state("active") == first
    page.press("e")
    assert page.selected() == "So we wrote another one."


def test_after_the_last_coding_the_page_says_that_there_is_no_further_one(page: Any) -> None:
    to_sentence(page)
    page.press("1")
    page.settle()
    page.js(f"{page.store}.select(null)")
    page.press("Home", "g", "g")
    assert page.page.locator(".qc-note").inner_text() == "No further coding in this interview."


def test_a_source_is_finished_by_its_switch(page: Any, study: Project) -> None:
    page.page.locator(".qc-switch").click()
    page.until("document.querySelector('.qc-switch').getAttribute('aria-checked') === 'true'")
    again = Project(study.path, "ana")
    assert [row["state"] for row in again._study.progress["ana"]] == ["finished"]


def test_each_step_is_also_a_line_of_python(page: Any) -> None:
    to_sentence(page)
    page.press("1")
    page.settle()
    page.page.locator(".qc-script-button").click()
    lines = page.page.locator(".qc-script-lines").inner_text()
    assert lines.startswith("project.code(")
    assert "Trust" in lines
    assert "plan" not in lines
    page.press("Escape")
    assert page.page.locator(".qc-script").is_hidden()
    assert page.js("document.activeElement.className").endswith("qc-script-button")
    page.page.locator(".qc-script-button").click()
    page.page.locator(".qc-scroll").focus()
    page.press("Escape")
    assert page.page.locator(".qc-script").is_hidden()


def test_how_much_is_coded_stands_in_the_bar(page: Any) -> None:
    to_sentence(page)
    page.press("1")
    page.settle()
    page.until("/^[1-9]\\d* % coded$/.test(document.querySelector('.qc-coverage-share').textContent)")


def test_the_key_map_holds_every_key_and_the_codes(page: Any) -> None:
    page.press("?")
    text = page.page.locator(".qc-help").inner_text()
    assert "next turn" in text
    assert "Planning" in text
    assert "q" in text
    page.press("Escape")
    assert page.page.locator(".qc-help").is_hidden()


# -- others ----------------------------------------------------------------------------------------


def test_others_codings_are_shown_when_asked_for_with_their_name(coding_page: Any, study: Project) -> None:
    Project(study.path, "ben").code("P1", PLAN, "process")
    page = coding_page(study)
    assert page.names() == []
    page.page.locator(".qc-menu summary").click()
    page.page.locator(".qc-check", has_text="ben").click()
    assert page.names() == ["Process"]
    assert "ben" in page.page.locator(".qc-name.qc-theirs").inner_text()
    assert page.page.locator(".qc-stripe.qc-theirs").count() == 1
    page.page.locator(".qc-name").click()
    page.press("x")
    assert "only ben can" in page.page.locator(".qc-alert").inner_text()


def test_blind_nothing_of_others_reaches_the_page(coding_page: Any, study: Project) -> None:
    Project(study.path, "zacharias").code("P1", PLAN, "process")
    page = coding_page(study, blind=True)
    assert page.page.locator(".qc-menu").is_hidden()
    assert page.js(
        "!document.documentElement.innerHTML.includes('zacharias') && qualcodePage.store.state.codings.size === 0"
    )


def test_codings_that_became_equal_by_a_merge_are_shown_once(coding_page: Any, study: Project) -> None:
    study.code("P1", PLAN, "trust")
    study.code("P1", PLAN, "roles")
    study.merge_codes("roles", "trust")
    page = coding_page(study)
    assert page.names() == ["Trust"]
