"""The page and its kernel: nothing is lost, nothing is done twice, and others' work is seen."""

from __future__ import annotations

from typing import Any

import pytest

from qualcode.project import Project
from qualcode.widget.session import Session

PLAN = "We had a plan."
QUICK = {"patience": 250, "syncEvery": 200}


def to_sentence(page: Any, steps: int = 1) -> None:
    page.js(f"{page.store}.select(null); {page.store}.activate(null)")
    page.press("Home", "j", "j", *["l"] * steps)


@pytest.fixture
def page(coding_page: Any, study: Project) -> Any:
    return coding_page(study, options=QUICK)


def test_a_kernel_that_is_silent_is_named_and_nothing_is_dropped(page: Any) -> None:
    to_sentence(page)
    page.deaf = True
    page.press("1", "2")
    to_sentence(page, 2)
    page.press("3")
    page.until(
        "document.querySelector('.qc-foot').textContent.includes('Not saved yet: 3 steps wait for the kernel')"
    )
    assert sorted(page.names()) == ["Communication", "Roles and duties", "Trust"]
    assert page.page.locator(".qc-name.qc-pending").count() == 3
    assert page.codings() == []
    page.deaf = False
    page.settle()
    assert len(page.codings()) == 3
    assert page.page.locator(".qc-name.qc-pending").count() == 0
    assert "All saved" in page.page.locator(".qc-foot").inner_text()


def test_a_folder_that_is_gone_is_said_and_what_waits_is_kept(page: Any, tmp_path: Any) -> None:
    path = page.session.project.path
    path.rename(tmp_path / "elsewhere")
    page.until("document.querySelector('.qc-foot').textContent.includes('is no longer here')")
    to_sentence(page)
    page.press("1")
    to_sentence(page, 2)
    page.press("2")
    page.until(
        "document.querySelector('.qc-foot').textContent.includes('Not saved yet: 2 steps wait. The study study')"
    )
    assert page.page.locator(".qc-name.qc-pending").count() == 2
    assert not path.exists(), "nothing is made in its place"
    (tmp_path / "elsewhere").rename(path)
    page.settle()
    assert [code for _, code, _ in page.codings()] == ["trust", "roles"]
    page.until("document.querySelector('.qc-foot').textContent.includes('All saved')")


def test_a_step_whose_answer_was_lost_is_not_done_twice(page: Any) -> None:
    to_sentence(page)
    heard, answer = [], page.session.handle

    def lose_first(message: Any, buffers: Any = None) -> Any:
        reply = answer(message, buffers)
        if message["do"] == "code":
            heard.append(message["id"])
            if len(heard) == 1:
                return {"re": "nobody"}, []
        return reply

    page.session.handle = lose_first
    page.press("1")
    page.settle()
    assert len(heard) == 2
    assert len(set(heard)) == 1
    assert page.codings() == [(PLAN, "trust", "supports")]
    assert len(Project(page.session.project.path, "ana").codings) == 1


def test_steps_on_a_coding_that_is_not_saved_yet_follow_it(page: Any) -> None:
    to_sentence(page)
    page.deaf = True
    page.press("1")
    page.press("-")
    page.press("Escape", "Escape")
    page.js(f"{page.store}.activate([...{page.store}.state.codings.keys()][0])")
    page.press("r")
    page.page.keyboard.type("proc")
    page.press("Enter")
    page.deaf = False
    page.settle()
    assert page.codings() == [(PLAN, "process", "counters")]


def test_a_coding_that_was_taken_off_before_it_was_saved_is_gone(page: Any) -> None:
    to_sentence(page)
    page.deaf = True
    page.press("1", "x")
    assert page.names() == []
    page.deaf = False
    page.settle()
    assert page.codings() == []
    assert page.names() == []


def test_pending_steps_can_be_given_up_when_asked_twice(page: Any) -> None:
    to_sentence(page)
    page.deaf = True
    page.press("1")
    page.until("document.querySelector('.qc-foot').dataset.state === 'trouble'")
    page.page.locator(".qc-foot button", has_text="Discard").click()
    assert page.names() == ["Trust"]
    page.page.locator(".qc-foot button", has_text="Really").click()
    assert page.names() == []
    page.deaf = False
    page.page.wait_for_timeout(300)
    assert page.codings() == []


def test_a_long_silence_is_told_before_anything_is_coded(page: Any) -> None:
    page.deaf = True
    page.until("document.querySelector('.qc-foot').textContent.includes('No answer from the kernel')")
    page.deaf = False
    page.until("document.querySelector('.qc-foot').textContent.includes('All saved')", seconds=40)


def test_what_a_second_notebook_does_is_seen(page: Any, study: Project) -> None:
    other = Project(study.path, "ana")
    made = other.code("P1", PLAN, "trust")
    page.until(f"{page.store}.state.codings.size === 1")
    assert page.names() == ["Trust"]
    other.uncode(made)
    page.until(f"{page.store}.state.codings.size === 0")
    assert page.names() == []


def test_a_text_that_changed_is_shown_anew_and_never_coded_unseen(coding_page: Any, study: Project) -> None:
    page = coding_page(study, options={"syncEvery": 60_000})
    page.drag_over("We talked for an hour")
    page.deaf = True  # the page does not hear of it
    study.correct("P1", "hour", "day")
    page.deaf = False
    page.press("1")
    page.until("document.querySelector('.qc-column').textContent.includes('talked for an day')")
    page.settle()
    assert "The text of P1 changed" in page.page.locator(".qc-alert").inner_text()
    assert page.codings() == []
    page.page.wait_for_timeout(100)
    page.drag_over("for an day")
    page.press("1")
    page.settle()
    assert page.codings() == [("for an day", "trust", "supports")]


def test_a_code_that_was_renamed_elsewhere_is_renamed_here(page: Any, study: Project) -> None:
    to_sentence(page)
    page.press("1")
    page.settle()
    Project(study.path, "ana").rename_code("trust", "Confidence")
    page.until("document.querySelector('.qc-name-words')?.textContent === 'Confidence'")


def test_leaving_with_unsaved_steps_is_asked_about(page: Any) -> None:
    to_sentence(page)
    page.deaf = True
    page.press("1")
    asked = page.js(
        "(() => { const event = new Event('beforeunload', { cancelable: true }); dispatchEvent(event); return event.defaultPrevented; })()"
    )
    assert asked is True
    page.deaf = False
    page.settle()
    assert (
        page.js(
            "(() => { const event = new Event('beforeunload', { cancelable: true }); dispatchEvent(event); return event.defaultPrevented; })()"
        )
        is False
    )


# -- views -----------------------------------------------------------------------------------------


def test_two_views_of_one_widget_stay_in_step(coding_page: Any, study: Project) -> None:
    page = coding_page(study, host="cell", size=(1100, 1400))
    page.js("addView()")
    page.until("views.length === 2 && views[1].store.state.source !== null")
    page.page.locator(".qc-scroll").nth(0).focus()
    to_sentence(page)
    page.press("1")
    page.settle()
    page.until("views[1].store.state.codings.size === 1")
    assert page.page.locator(".qc-root").nth(1).locator(".qc-name-words").all_inner_texts() == ["Trust"]
    assert page.js("views[1].store.state.selection") is None
    # Each paints under names of its own in the document's one registry.
    coded = page.js(
        "[...CSS.highlights].filter(([name, h]) => name.includes('-coded-') && h.size).map(([name]) => name)"
    )
    assert len(coded) == 2


def test_a_view_that_is_taken_away_leaves_nothing_behind(coding_page: Any, study: Project) -> None:
    page = coding_page(study, host="cell")
    page.page.locator(".qc-scroll").focus()
    to_sentence(page)
    page.press("1")
    page.settle()
    page.js("views[0]()")
    assert page.js("document.querySelectorAll('.qc-root').length + CSS.highlights.size") == 0


def test_what_a_dead_kernel_did_not_save_is_offered_when_the_cell_is_run_again(
    coding_page: Any, study: Project
) -> None:
    page = coding_page(study, host="cell")
    page.page.locator(".qc-scroll").focus()
    to_sentence(page)
    page.deaf = True
    page.press("1", "2")
    page.js("views[0]()")  # the old output is cleared
    page.deaf = False
    page.session = Session(study, coder="ana")  # a new kernel knows nothing
    page.store = "views[1].store"
    page.js("addView()")
    page.until(
        "document.querySelector('.qc-foot')?.textContent.includes('2 steps of an earlier page were not saved')"
    )
    assert page.codings() == []
    page.page.locator(".qc-foot button", has_text="Save now").click()
    page.settle()
    assert [code for _, code, _ in page.codings()] == ["roles", "trust"]
    page.until("document.querySelector('.qc-foot').textContent.includes('All saved')")


def test_a_kernel_that_comes_late_finds_the_page_waiting(coding_page: Any, study: Project) -> None:
    page = coding_page(study, host="cell")
    page.js("views[0]()")
    page.deaf = True
    page.store = "views[1].store"
    page.js("addView()")
    page.until("document.querySelector('.qc-foot').textContent.includes('Opening')")
    page.deaf = False
    page.until("document.querySelector('.qc-root').dataset.ready === 'true'", seconds=8)
