"""Dialogs: new code, rename, move, merge, retire, memo, correct; what they send, refuse, and give back."""

from __future__ import annotations

from typing import Any

import pytest

from qualcode.codebook import Codebook
from qualcode.codebook_file import read_codebook
from qualcode.project import Project, open_project

PLAN = "We had a plan."


@pytest.fixture
def page(coding_page: Any, study: Project) -> Any:
    return coding_page(study)


def book(page: Any) -> Codebook:
    return read_codebook(page.session.project.path / "codebooks" / "codebook.yaml")


def ask(page: Any, what: str, args: str = "{}") -> None:
    """Ask for a dialog as a menu does; by hand it is opened with keys in other tests."""
    page.js(f"{page.store}.ask('{what}', {args})")
    page.page.wait_for_selector("dialog.qc-dialog")


def dialog(page: Any) -> Any:
    return page.page.locator("dialog.qc-dialog")


def closed(page: Any) -> None:
    page.until("document.querySelector('dialog.qc-dialog') === null")
    page.settle()


def preview(page: Any, words: str) -> None:
    page.until(f"document.querySelector('dialog .qc-preview')?.innerText.includes({words!r})")


def to_plan(page: Any) -> None:
    page.page.locator(".qc-scroll").focus()
    page.press("Home", "j", "j", "l")
    assert page.selected() == PLAN


# -- new code --------------------------------------------------------------------------------------


def test_a_new_code_with_definition_and_place_is_made_and_put_in_one_step(page: Any) -> None:
    to_plan(page)
    page.press("n")
    page.page.keyboard.type("Plans on paper")
    dialog(page).get_by_label("Definition").fill("A plan that nobody follows.")
    dialog(page).get_by_role("combobox", name="Where it stands").fill("plann")
    page.press("Enter")
    closed(page)
    [made] = [code for code in book(page).codes if code.name == "Plans on paper"]
    assert (made.definition, made.parent, made.facet, made.in_vivo) == (
        "A plan that nobody follows.",
        "planning",
        "point",
        False,
    )
    assert page.codings() == [(PLAN, made.id, "supports")]
    page.page.wait_for_timeout(350)  # keys typed at once would still be meant for the dialog
    page.press("u")
    page.until(f"{page.store}.state.codings.size === 0")
    assert "Plans on paper" not in [code.name for code in book(page).codes]


def test_words_of_the_passage_as_a_name_are_marked_as_the_participants_own(page: Any) -> None:
    to_plan(page)
    page.press("n")
    page.page.keyboard.type("had a plan")
    assert dialog(page).get_by_label("The name is in the participant's own words").is_checked()
    page.press("Enter")
    closed(page)
    assert next(code for code in book(page).codes if code.name == "had a plan").in_vivo


def test_a_code_can_be_made_and_not_put_anywhere(page: Any) -> None:
    to_plan(page)
    page.press("n")
    page.page.keyboard.type("Later")
    dialog(page).get_by_label("Put it on the selected words").uncheck()
    page.press("Enter")
    closed(page)
    assert "Later" in [code.name for code in book(page).codes]
    assert page.codings() == []


def test_a_name_that_is_taken_is_refused_inside_the_dialog_and_nothing_typed_is_lost(page: Any) -> None:
    ask(page, "new_code")
    page.page.keyboard.type("Trust")
    dialog(page).get_by_label("Definition").fill("Another trust.")
    page.press("Control+Enter")
    page.until("!document.querySelector('dialog .qc-dialog-error').hidden")
    assert "Trust" in dialog(page).get_by_role("alert").inner_text()
    assert dialog(page).get_by_label("Definition").input_value() == "Another trust."
    assert page.page.locator(".qc-alert").is_hidden()
    page.press("Escape")
    ask(page, "new_code")
    assert dialog(page).get_by_label("Definition").input_value() == "Another trust."


def test_after_a_code_was_made_the_next_new_code_begins_empty(page: Any) -> None:
    ask(page, "new_code")
    page.page.keyboard.type("Rumour")
    dialog(page).get_by_label("Definition").fill("What is heard in the kitchen.")
    page.press("Control+Enter")
    page.until("!document.querySelector('dialog.qc-dialog[open]')")
    ask(page, "new_code")
    assert dialog(page).get_by_label("Name", exact=True).input_value() == ""
    assert dialog(page).get_by_label("Definition").input_value() == ""
    page.page.keyboard.type("Given up")
    page.press("Escape")
    ask(page, "new_code")
    assert dialog(page).get_by_label("Name", exact=True).input_value() == ""


def test_a_dialog_without_a_name_says_so_and_sends_nothing(page: Any) -> None:
    ask(page, "new_code")
    page.press("Enter")
    assert dialog(page).get_by_role("alert").inner_text() == "Give the code a name."
    assert page.sent("new_code") == []


def test_a_new_facet(page: Any) -> None:
    ask(page, "new_facet")
    page.page.keyboard.type("Open codes")
    page.press("Enter")
    closed(page)
    assert [facet.name for facet in book(page).facets] == ["Point", "Theme", "Open codes"]


# -- order -----------------------------------------------------------------------------------------


def test_renaming_tells_what_will_happen_and_is_one_step(page: Any, study: Project) -> None:
    study.code("P1", PLAN, "trust")
    page.until(f"{page.store}.state.codings.size === 1")
    page.page.locator("[data-id=trust]").focus()
    page.press("F2")
    page.page.keyboard.type("Confidence")
    preview(page, "1 coding in 1 source stay with it.")
    page.press("Enter")
    closed(page)
    assert book(page).code("trust").name == "Confidence"
    assert page.names() == ["Confidence"]
    assert page.js("document.activeElement.dataset.id") == "trust"
    page.press("Control+z")
    page.until(f"{page.store}.codeOf('trust').name === 'Trust'")


def test_a_code_is_moved_without_a_mouse(page: Any) -> None:
    ask(page, "move_code", "{code: 'planning'}")
    page.page.keyboard.type("proc")
    preview(page, "becomes 'Theme: Process > Planning'")
    page.press("Enter")
    closed(page)
    assert book(page).code("planning").parent == "process"
    assert page.js("document.activeElement.dataset.id") == "planning"


def test_a_code_is_moved_among_its_siblings_by_the_order(page: Any) -> None:
    ask(page, "move_code", "{code: 'planning'}")
    dialog(page).get_by_label("Order").select_option("first")
    page.page.get_by_role("button", name="Move", exact=True).click()
    closed(page)
    assert [code.id for code in book(page).codes][:3] == ["planning", "trust", "roles"]


def test_merging_tells_of_everybody_and_counts_once(page: Any, study: Project) -> None:
    study.code("P1", PLAN, "trust")
    study.code("P1", PLAN, "roles")
    open_project(study.path, coder="ben").code("P1", PLAN, "trust")
    page.until(f"{page.store}.state.codings.size === 3")
    ask(page, "merge_codes", "{codes: ['trust']}")
    page.page.keyboard.type("roles")
    preview(page, "2 codings (1 yours, 1 ben) in 1 source will count as 'Roles and duties'.")
    preview(page, "1 passage with both will count once.")
    page.press("Enter")
    closed(page)
    assert book(page).code("trust").merged_into == "roles"
    assert page.page.locator("[data-id=trust]").count() == 0
    page.press("Control+z")
    page.until("document.querySelector('[data-id=trust]') !== null")


def test_what_cannot_be_merged_is_told_beforehand_and_the_button_sleeps(page: Any, study: Project) -> None:
    study.new_code("Blame", "trust", id="blame")
    page.until("document.querySelector('[data-id=blame]') !== null")
    ask(page, "retire_code", "{code: 'trust'}")
    page.until("document.querySelector('dialog .qc-preview.qc-refused') !== null")
    assert dialog(page).get_by_role("button", name="Retire the code").is_disabled()


def test_a_code_is_taken_out_of_use(page: Any) -> None:
    ask(page, "retire_code", "{code: 'roles'}")
    preview(page, "can be given no more")
    dialog(page).get_by_role("button", name="Retire the code").click()
    closed(page)
    assert book(page).code("roles").retired


# -- the dialog itself -----------------------------------------------------------------------------


def test_keys_in_a_dialog_do_nothing_to_the_page(page: Any) -> None:
    to_plan(page)
    page.press("1")
    page.settle()
    ask(page, "retire_code", "{code: 'roles'}")
    page.press("x", "u", "Delete", "2", "j")
    assert page.selected() == PLAN
    page.press("Escape")
    page.settle()
    assert page.codings() == [(PLAN, "trust", "supports")]
    assert page.sent("uncode") == []


def test_escape_closes_and_the_focus_returns(page: Any) -> None:
    page.page.locator("[data-id=roles]").focus()
    page.press("F2", "Escape")
    assert dialog(page).count() == 0
    assert page.js("document.activeElement.dataset.id") == "roles"


def test_what_is_typed_on_after_a_dialog_closed_is_no_command(page: Any) -> None:
    page.drag_over(PLAN)
    page.press("n")
    page.page.keyboard.type("Talk")
    page.press("Enter")
    page.until("!document.querySelector('dialog.qc-dialog[open]')")
    page.page.keyboard.type("volunt", delay=120)
    assert [message["do"] for message in page.messages if message["do"] in ("code", "code_new")] == [
        "code_new"
    ]
    assert page.page.locator("dialog[open]").count() == 0
    page.page.wait_for_timeout(350)
    page.press("u")
    page.settle()
    assert page.codings() == []


def test_a_dialog_in_which_nothing_was_changed_closes_and_does_nothing(page: Any) -> None:
    page.page.locator("[data-id=roles]").focus()
    page.press("F2", "Enter")
    assert dialog(page).count() == 0
    assert page.sent("rename_code") == []


def test_dialogs_work_in_a_notebook_and_in_a_shadow_root(coding_page: Any, study: Project) -> None:
    for host in ("cell", "shadow"):
        page = coding_page(study, host=host, size=(1200, 800))
        page.js(f"{page.store}.ask('rename_code', {{code: 'trust'}})")
        page.page.keyboard.type(f"Trust in a {host}")
        page.press("Enter")
        page.until(f"{page.store}.codeOf('trust').name === 'Trust in a {host}'")
        page.settle()
        assert book(page).code("trust").name == f"Trust in a {host}"
        assert page.js("window.heard") == []


def test_a_kernel_that_is_silent_is_told_in_the_dialog_and_the_step_is_kept(
    coding_page: Any, study: Project
) -> None:
    page = coding_page(study, options={"patience": 300, "syncEvery": 300})
    ask(page, "rename_code", "{code: 'trust'}")
    page.deaf = True
    page.page.keyboard.type("Confidence")
    page.press("Enter")
    page.until(
        "document.querySelector('dialog .qc-dialog-state').textContent.includes('waits for the kernel')", 8
    )
    page.press("Escape")
    assert page.state("status.pending") == 1
    page.deaf = False
    page.until(f"{page.store}.codeOf('trust').name === 'Confidence'", 8)
    assert book(page).code("trust").name == "Confidence"


# -- memo ------------------------------------------------------------------------------------------


def test_a_memo_on_a_coding_its_code_and_the_source(page: Any, study: Project) -> None:
    to_plan(page)
    page.press("1")
    page.settle()
    page.press("m")
    page.page.keyboard.type("Whose plan?")
    about = dialog(page).get_by_role("group", name="About").get_by_role("checkbox")
    assert [box.is_checked() for box in about.all()] == [True, *[False] * 5]
    dialog(page).get_by_label("code “Trust”").check()
    dialog(page).get_by_label("Kind").fill("theory")
    dialog(page).get_by_role("button", name="Keep the memo").click()
    closed(page)
    [memo] = open_project(study.path, coder="ana").memos.to_dict("records")
    assert (memo["kind"], memo["text"]) == ("theory", "Whose plan?")
    coding = page.state("codings.keys().next().value")
    assert set(memo["targets"]) == {f"coding:{coding}", "code:trust"}


def test_the_text_can_be_read_while_a_memo_is_written_and_its_words_wait(page: Any) -> None:
    to_plan(page)
    page.press("m")
    page.page.keyboard.type("Not yet")
    page.page.mouse.click(*page.point("Nobody read it"))
    assert dialog(page).get_by_label("Memo", exact=True).input_value() == "Not yet"
    dialog(page).get_by_label("Memo", exact=True).focus()
    page.press("Escape")
    page.page.wait_for_timeout(350)  # keys typed at once would still be meant for the dialog
    to_plan(page)
    page.press("m")
    assert dialog(page).get_by_label("Memo", exact=True).input_value() == "Not yet"


def test_ctrl_enter_keeps_a_memo_on_a_turn(page: Any, study: Project) -> None:
    page.page.locator(".qc-scroll").focus()
    page.press("Home", "j", "j", "m")
    page.page.keyboard.type("A whole turn.")
    page.press("Control+Enter")
    closed(page)
    [memo] = open_project(study.path, coder="ana").memos.to_dict("records")
    assert [target.split(":")[0] for target in memo["targets"]] == ["turn"]


# -- correct ---------------------------------------------------------------------------------------


def test_words_are_corrected_in_place_and_codings_stay_on_theirs(page: Any, study: Project) -> None:
    study.code("P1", "So we wrote another one.", "trust")
    page.until(f"{page.store}.state.codings.size === 1")
    page.drag_over("Nobody read it")
    ask(page, "correct")
    page.page.keyboard.press("Control+a")
    page.page.keyboard.type("Hardly anybody read it 🙂")
    preview(page, "14 characters become 24.")
    dialog(page).get_by_role("button", name="Correct").click()
    closed(page)
    page.until("document.querySelector('.qc-column').innerText.includes('Hardly anybody read it 🙂, and')")
    assert "Hardly anybody read it 🙂, and the plan" in open_project(study.path).transcript("P1").text
    assert page.codings() == [("So we wrote another one.", "trust", "supports")]
    page.page.wait_for_timeout(350)  # keys typed at once would still be meant for the dialog
    page.press("u")
    page.until("!document.querySelector('.qc-column').innerText.includes('Hardly')")


def test_a_correction_takes_one_turn_at_a_time(page: Any) -> None:
    page.drag(page.point("So we wrote"), page.point("And then?", at_end=True))
    ask(page, "correct")
    assert dialog(page).get_by_role("textbox").input_value() == "So we wrote another one."
    assert "One turn at a time" in dialog(page).inner_text()
