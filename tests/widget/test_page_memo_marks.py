"""A memo on a passage or a turn has a sign in the margin at its line."""

from __future__ import annotations

from typing import Any

from qualcode.project import Project


def test_a_memo_on_a_passage_and_on_a_turn_can_be_seen_and_opened(coding_page: Any, study: Project) -> None:
    page = coding_page(study)
    assert page.page.locator(".qc-memo-mark").count() == 0
    at = study.transcript("P1").text.index("It helped.")
    for text in ("One thought.", "Another."):
        study.memo(text, f"span:P1:{at}:{at + 10}")
    study.memo("On the turn.", "turn:P1:2")
    page.until("document.querySelectorAll('.qc-memo-mark').length === 2", 8)
    page.page.wait_for_timeout(100)
    passage = page.page.get_by_role("button", name="2 memos on this passage")
    box = passage.bounding_box()
    assert abs(box["y"] + box["height"] / 2 - page.point("It helped.")[1]) < 14
    assert page.page.get_by_role("button", name="1 memo on this turn").is_visible()
    passage.click()
    page.until("document.querySelectorAll('.qc-memo').length === 2")
