"""Where a page lives: a notebook's cell, a shadow root, light and dark, wide and narrow, with and without sight."""

from __future__ import annotations

from typing import Any

import pytest

from qualcode.project import Project

PLAN = "We had a plan."


def to_sentence(page: Any) -> None:
    page.js(f"{page.store}.select(null); {page.store}.activate(null)")
    page.page.locator(".qc-scroll").first.focus()
    page.press("Home", "j", "j", "l")


# -- a notebook's cell -----------------------------------------------------------------------------


def test_no_key_reaches_the_notebook_around(coding_page: Any, study: Project) -> None:
    page = coding_page(study, host="cell")
    assert page.page.locator(".qc-root").get_attribute("data-lm-suppress-shortcuts") == "true"
    to_sentence(page)
    page.press("x", "b", "Escape", "a", "d", "d", "Enter")
    page.page.keyboard.type("trust")
    page.press("Escape", "Control+z", "Shift+Enter", "Control+c", "?", "j", "Escape")
    page.page.locator(".qc-search").focus()
    page.page.keyboard.type("dd")
    page.press("Escape")
    page.page.locator(".qc-switch").focus()
    page.press("Space")
    assert page.js("heard") == []


def test_the_widget_takes_the_height_it_is_given(coding_page: Any, study: Project) -> None:
    page = coding_page(study, host="cell")
    assert page.page.locator(".qc-root").bounding_box()["height"] == 640


def test_a_cell_can_send_the_page_to_a_place(coding_page: Any, study: Project) -> None:
    page = coding_page(study, host="cell", size=(900, 500))
    start = page.js("views[0].store.state.source.blocks.at(-1).start")
    page.js(
        f"listeners.forEach((fn) => fn({{ do: 'go', source: 'P1', place: {{ start: {start}, end: {start + 5} }} }}))"
    )
    page.page.wait_for_timeout(100)
    assert page.js("[...CSS.highlights].some(([name, h]) => name.includes('-flash-') && h.size)")


# -- shadow DOM (marimo) ---------------------------------------------------------------------------


def test_in_a_shadow_root_words_are_selected_and_painted(coding_page: Any, study: Project) -> None:
    page = coding_page(study, host="shadow")
    page.drag_over("Nobody read it")
    assert page.selected() == "Nobody read it"
    page.press("1")
    page.settle()
    assert page.codings() == [("Nobody read it", "trust", "supports")]
    page.drag(page.point("the plan was", at_end=True), page.point("read it"))
    assert page.selected() == "read it, and the plan was"
    # The rules must stand in the same tree as the text, or nothing is painted.
    rules = page.js(
        "[...views[0].store && document.querySelector('#cell > div').shadowRoot.querySelectorAll('.qc-root > style')].flatMap((s) => [...s.sheet.cssRules]).map((r) => r.selectorText)"
    )
    names = page.js("[...CSS.highlights].filter(([, h]) => h.size).map(([name]) => `::highlight(${name})`)")
    assert names
    assert set(names) <= set(rules)
    assert page.js("heard") == []


def test_in_a_shadow_root_the_words_under_a_click_are_known(coding_page: Any, study: Project) -> None:
    page = coding_page(study, host="shadow")
    to_sentence(page)
    page.press("1")
    page.settle()
    page.press("Escape")
    x, y = page.point("plan.")
    page.page.mouse.click(x, y)
    page.page.wait_for_timeout(30)
    assert page.state("active") is not None


# -- without the highlight API ---------------------------------------------------------------------


def test_without_css_highlights_marks_are_painted_and_places_stay_right(
    coding_page: Any, study: Project
) -> None:
    page = coding_page(study, options={"painter": "mark"})
    page.drag_over("We had a plan. Nobody")
    page.press("1")
    page.drag_over("plan. Nobody read it")
    page.press("2")
    page.drag_over("the plan was wrong")
    page.press("3")
    page.settle()
    assert [words for words, _, _ in page.codings()] == [
        "We had a plan. Nobody",
        "plan. Nobody read it",
        "the plan was wrong",
    ]
    assert page.page.locator("mark.qc-mark-line0").count() > 0
    assert page.page.locator("mark.qc-mark-line1").count() > 0
    assert (
        page.page.locator(".qc-text")
        .nth(2)
        .inner_text()
        .startswith("We had a plan. Nobody read it, and the plan was wrong anyway.")
    )


# -- themes ----------------------------------------------------------------------------------------


def luminance(colour: list[int]) -> float:
    parts = [(c / 255 / 12.92 if c / 255 <= 0.04045 else ((c / 255 + 0.055) / 1.055) ** 2.4) for c in colour]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one: list[int], other: list[int]) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def over(top: list[float], ground: list[int]) -> list[int]:
    return [round(c * top[3] + g * (1 - top[3])) for c, g in zip(top[:3], ground, strict=True)]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("colour", ["#ffff66", "navy", "#b03060", "#000", "#fff"])
def test_text_stays_readable_and_stripes_visible_whatever_colour_a_code_has(
    coding_page: Any, study: Project, theme: str, colour: str
) -> None:
    study.change_code("trust", colour=colour)
    page = coding_page(study, theme=theme)
    to_sentence(page)
    page.press("1")
    page.settle()
    page.press("Tab")  # the full tint of the active coding lies on the neutral one, and the selection on both

    rgba = """(css) => { const c = document.createElement('canvas').getContext('2d'); c.clearRect(0, 0, 1, 1); c.fillStyle = css; c.fillRect(0, 0, 1, 1);
      const d = c.getImageData(0, 0, 1, 1).data; return [d[0], d[1], d[2], d[3] / 255]; }"""
    paper = page.page.evaluate(
        rgba, page.js("getComputedStyle(document.querySelector('.qc-root')).backgroundColor")
    )[:3]
    ink = page.page.evaluate(
        rgba, page.js("getComputedStyle(document.querySelectorAll('.qc-text')[2]).color")
    )[:3]
    stripe = page.page.evaluate(
        rgba, page.js("getComputedStyle(document.querySelector('.qc-stripe')).backgroundColor")
    )[:3]
    layers = page.js(
        "Object.fromEntries([...document.querySelectorAll('.qc-root > style')].flatMap((s) => [...s.sheet.cssRules])"
        ".filter((r) => r.style.backgroundColor).map((r) => [r.selectorText.split('-')[1], r.style.backgroundColor]))"
    )
    ground = paper
    for layer in ("coded", "full", "cursor"):
        ground = over(page.page.evaluate(rgba, layers[layer]), ground)
    assert contrast(ink, ground) >= 4.5
    assert contrast(stripe, paper) >= 2.9


def test_the_page_follows_the_theme_of_jupyter(coding_page: Any, study: Project) -> None:
    page = coding_page(study, host="cell")
    assert page.page.locator(".qc-root").get_attribute("data-theme") == "light"
    page.js("document.body.style.setProperty('--jp-layout-color0', '#111')")
    page.js("document.body.style.setProperty('--jp-layout-color1', '#212121')")
    page.js("document.body.dataset.jpThemeLight = 'false'")
    page.until("document.querySelector('.qc-root').dataset.theme === 'dark'")


def test_reduced_motion_is_kept(coding_page: Any, study: Project) -> None:
    still = coding_page(study, reduced_motion="reduce")
    to_sentence(still)
    still.press("Enter")
    assert still.js("getComputedStyle(document.querySelector('.qc-chooser')).animationName") == "none"
    moving = coding_page(study)
    to_sentence(moving)
    moving.press("Enter")
    assert moving.js("getComputedStyle(document.querySelector('.qc-chooser')).animationName") == "qc-rise"


# -- widths ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [480, 700, 1000, 1400, 2000])
def test_nothing_is_cut_off_at_any_width(coding_page: Any, study: Project, width: int) -> None:
    page = coding_page(study, size=(width, 700))
    to_sentence(page)
    page.press("1", "Tab")
    page.settle()
    wide = page.js(
        "document.querySelector('.qc-scroll').scrollWidth - document.querySelector('.qc-scroll').clientWidth"
    )
    assert wide == 0
    outside = page.js(
        f"[...document.querySelectorAll('.qc-root button, .qc-root input, .qc-root select, .qc-name')].filter((el) => el.checkVisibility())"
        f".map((el) => [el.className, el.getBoundingClientRect()]).filter(([, b]) => b.width && (b.right > {width} || b.left < 0)).map(([name]) => name)"
    )
    assert outside == []
    covered = page.js(
        "(() => { const boxes = [...document.querySelectorAll('.qc-top button:not([aria-hidden]), .qc-top input')].filter((el) => el.checkVisibility()).map((el) => el.getBoundingClientRect());"
        "return boxes.some((a, i) => boxes.some((b, j) => i < j && a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1)); })()"
    )
    assert covered is False


def test_stripes_tell_with_words_what_their_colour_tells(coding_page: Any, study: Project) -> None:
    page = coding_page(study)
    to_sentence(page)
    page.press("1", "-")
    page.settle()
    assert page.page.locator(".qc-stripe").get_attribute("title").startswith("Trust (counters) · ana · ")
    assert page.page.locator(".qc-name").get_attribute("aria-label").startswith("Trust (counters)")
