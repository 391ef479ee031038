"""What the page says is for somebody with a mouse: buttons and keys, and no call of Python where the page has one."""

from __future__ import annotations

from typing import Any

import pytest

from qualcode.project import Project
from qualcode.widget.page_words import in_words


def test_an_error_on_the_page_names_its_button(coding_page: Any, study: Project) -> None:
    study.code("P1", "We had a plan.", "trust", stance="counters")
    page = coding_page(study)
    page.drag_over("We had a plan.")
    page.press("1")
    page.settle()
    said = page.page.locator(".qc-alert:visible").inner_text()
    assert "choose supports below (key +)" in said
    assert "project." not in said
    page.page.locator(".qc-name").click()
    assert page.page.locator(".qc-coding-bar").get_by_role("button", name="supports").is_visible()


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Use project.set_stance('b7', 'mixed').", "choose both below (key ~)."),
        ("already has 'X'. Use project.recode('b7', ...).", "choose Recode below (key r)."),
        ("Use project.uncode('b7').", "choose Take off below (key x)."),
        ("If that was meant: undo(), and code again.", "If that was meant: Undo (key u), and code again."),
        ("Move it out first (move_code), or", "Move it out first (Move to, from its menu …), or"),
        ("first: project.change_code('a', counts_as=[...]).", "in Python: project.change_code('a', counts_as=[...])."),
        ("See project.history() says", "The button Undo says what is next says"),
    ],
)  # fmt: skip
def test_what_the_library_says_becomes_what_the_page_says(said: str, shown: str) -> None:
    assert in_words(said).endswith(shown)


def test_words_that_are_no_calls_stay() -> None:
    for text in ("'Undo' is taken.", "P7 said it (3 times).", "The project has no codes."):
        assert in_words(text) == text
