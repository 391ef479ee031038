"""Stripes and names stand in the margin beside the words they are about."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from qualcode.project import Project

LONG = "They said that we never agreed on what good means, and then they came back with another list. "
PARAGRAPHS = (
    "Yes.",
    LONG * 3,
    "No.\nNot at all.\nNever.\nYes.",
    LONG * 5 + "So it went.",
    "Well.\n" + "It was the second winter. " + LONG * 2,
    "That is all.",
)
WORDS = (LONG + LONG[:40], "It was the second winter. They said")

# For each coding: how far its stripe and its name are from the first and last line of its words.
APART = """() => {
  const { state } = window.qualcodePage.store;
  return [...document.querySelectorAll(".qc-stripe")].map((stripe) => {
    const { start, end } = state.codings.get(stripe.dataset.coding);
    const block = state.source.blocks.find((each) => each.start <= start && end <= each.end);
    const row = stripe.closest(".qc-turn"), node = row.querySelector(".qc-text").firstChild;
    const range = document.createRange();
    range.setStart(node, start - block.start);
    range.setEnd(node, end - block.start);
    const boxes = [...range.getClientRects()].filter(({ width }) => width > 0), at = stripe.getBoundingClientRect();
    const name = row.querySelector(`.qc-name[data-coding="${stripe.dataset.coding}"]`).getBoundingClientRect();
    return [at.top - boxes[0].top, at.bottom - boxes[boxes.length - 1].bottom, name.top - boxes[0].top];
  });
}"""


@pytest.fixture
def long_turn(study: Project) -> Project:
    """One turn of six paragraphs, with codings in the second and the fifth."""
    file = study.path.parent / "P2.txt"
    file.write_text("Interviewer: And?\n\nMara: " + "\n".join(PARAGRAPHS) + "\n", encoding="utf-8")
    study.add_source(file)
    text = study.transcript("P2").text
    for words, code in zip(WORDS, ("trust", "roles"), strict=True):
        start = text.index(words)
        study.code("P2", (start, start + len(words)), code)
    return study


def apart(page: Any) -> list[list[float]]:
    page.settle()
    page.page.wait_for_timeout(120)
    return [[round(each, 1) for each in row] for row in page.js(APART)]


def test_stripes_and_names_stand_beside_their_words_at_every_width(
    coding_page: Any, long_turn: Project
) -> None:
    page = coding_page(long_turn, "P2", size=(1400, 900))
    first = len(apart(page))
    assert first == 2
    for width in (1400, 900, 560, 1400, 1010):
        page.page.set_viewport_size({"width": width, "height": 900})
        for top, bottom, name in apart(page):
            assert abs(top) < 14, width
            assert abs(bottom) < 14, width
            assert width == 560 or abs(name) < 14, width
    page.drag_over("Not at all.")
    page.press("3", "Escape", "Escape")
    found = apart(page)
    assert len(found) == 3
    assert all(abs(each) < 14 for row in found for each in row)


def test_stripes_of_one_line_stand_apart(coding_page: Any, long_turn: Project) -> None:
    text = long_turn.transcript("P2").text
    at = text.index("It was the second")
    long_turn.code("P2", (at - 6, at - 1), "process")
    for words in ("Not", "at", "all"):
        start = text.index("Not at all.") + "Not at all.".index(words)
        long_turn.code("P2", (start, start + len(words)), "planning")
    page = coding_page(long_turn, "P2", size=(1400, 900))
    apart(page)
    boxes = sorted(
        (one["y"], one["y"] + one["height"])
        for one in (stripe.bounding_box() for stripe in page.page.locator(".qc-stripe").all())
    )
    assert len(boxes) == 6
    assert all(above[1] <= below[0] + 0.5 for above, below in itertools.pairwise(boxes))


def test_stripes_of_turns_far_below_are_right_when_one_comes_there(
    coding_page: Any, long_turn: Project
) -> None:
    file = long_turn.path.parent / "P3.txt"
    turns = [f"Mara: {number}. " + "\n".join(PARAGRAPHS) for number in range(30)]
    file.write_text("\n\n".join(turns) + "\n", encoding="utf-8")
    long_turn.add_source(file)
    text = long_turn.transcript("P3").text
    start = text.index(WORDS[1], text.index("27. Yes."))
    long_turn.code("P3", (start, start + len(WORDS[1])), "trust")
    page = coding_page(long_turn, "P3", size=(1100, 760))
    assert page.js("document.querySelectorAll('.qc-stripe').length") == 0
    page.press("g")
    [[top, bottom, name]] = apart(page)
    assert max(map(abs, (top, bottom, name))) < 14
