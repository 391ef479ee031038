"""The numbers beside codes are those of the codings that are shown, and stand where nothing lies on them."""

from __future__ import annotations

from typing import Any

import pytest

from qualcode.project import Project

ROW = ".qc-tree [data-id=trust]"


@pytest.fixture
def coded_by_two(study: Project) -> Project:
    study.code("P1", "We had a plan.", "trust")
    study.add_coder("ben")
    other = Project(study.path, "ben")
    for words in ("Nobody read it", "the plan was wrong anyway"):
        other.code("P1", words, "trust")
    return study


def test_the_tree_counts_codings_of_other_coders_only_while_they_are_shown(
    coding_page: Any, coded_by_two: Project
) -> None:
    page = coding_page(coded_by_two)
    counts = page.page.locator(f"{ROW} .qc-row-counts")
    said = page.page.locator(f"{ROW} > .qc-unseen")
    assert counts.inner_text().split() == ["1", "1"]
    assert "1 coding here, 1 in all, 2 more of coders that are hidden" in said.text_content()
    page.js("window.qualcodePage.store.showCoder('ben', true)")
    page.until(f"document.querySelector('{ROW} .qc-row-counts b').textContent === '3'")
    assert counts.inner_text().split() == ["3", "3"]
    assert "hidden" not in said.text_content()
    Project(coded_by_two.path, "ben").code("P1", "It helped.", "trust")
    page.until(f"document.querySelector('{ROW} .qc-row-counts b').textContent === '4'", 8)
    page.js("window.qualcodePage.store.showCoder('ben', false)")
    page.until(f"document.querySelector('{ROW} .qc-row-counts b').textContent === '1'")


@pytest.mark.parametrize("width", [480, 900, 1400])
def test_the_caption_of_the_counts_lies_on_no_row(
    coding_page: Any, coded_by_two: Project, width: int
) -> None:
    page = coding_page(coded_by_two, size=(width, 760))
    if width < 820:
        page.press("f")
    caption = page.page.locator(".qc-tree-caption").bounding_box()
    first = page.page.locator(".qc-tree .qc-row").first.bounding_box()
    assert caption["height"] > 8
    assert caption["y"] + caption["height"] <= first["y"] + 0.5


def test_without_a_pointer_that_hovers_the_menu_of_a_row_stands_beside_its_counts(
    coding_page: Any, coded_by_two: Project
) -> None:
    page = coding_page(coded_by_two)
    session = page.page.context.new_cdp_session(page.page)
    session.send("Emulation.setEmulatedMedia", {"features": [{"name": "hover", "value": "none"}]})
    session.send("Emulation.setTouchEmulationEnabled", {"enabled": True, "maxTouchPoints": 1})
    page.page.wait_for_timeout(50)
    assert page.js("matchMedia('(hover: none)').matches")
    counts = page.page.locator(f"{ROW} .qc-row-counts").bounding_box()
    more = page.page.locator(f"{ROW} .qc-row-more")
    box = more.bounding_box()
    assert counts["x"] + counts["width"] <= box["x"] + 0.5
    assert more.evaluate("el => getComputedStyle(el).opacity") == "1"
    caption = page.page.locator(".qc-tree-caption")
    end = caption.evaluate(
        "el => { const r = document.createRange(); r.selectNodeContents(el); return r.getBoundingClientRect().right; }"
    )
    assert abs(end - (counts["x"] + counts["width"])) < 6
