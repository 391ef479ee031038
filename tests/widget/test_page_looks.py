"""What the page shows of codings: names where they begin, stripes over turns, the tint of what is pointed at."""

from __future__ import annotations

import io
import itertools
import re
from typing import Any

import pytest
from PIL import Image

from qualcode.project import Project


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [480, 700, 1200, 1420])
def test_a_stripe_goes_on_over_whatever_stands_between_turns(
    coding_page: Any, study: Project, width: int, theme: str
) -> None:
    """Wide, the speakers stand beside the words; narrow, between them, and narrower still the names do as well."""
    page = coding_page(study, size=(width, 760), theme=theme)
    page.drag(page.point("So we wrote"), page.point("customer came", at_end=True))
    page.press("1", "Escape", "Escape", "Home")
    page.page.mouse.move(5, 5)
    page.settle()
    page.page.wait_for_timeout(150)
    stripes = page.page.locator(".qc-stripe").all()
    assert len(stripes) == 3
    first, last = stripes[0].bounding_box(), stripes[2].bounding_box()
    x, top, bottom = first["x"] + 2, first["y"] + 3, last["y"] + last["height"] - 3
    assert top < page.point("And then?")[1] < bottom
    shot = page.page.screenshot(clip={"x": x, "y": top, "width": 1, "height": bottom - top})
    with Image.open(io.BytesIO(shot)) as image:
        colours = {image.convert("RGB").getpixel((0, y)) for y in range(image.height)}
    assert len(colours) == 1
    paper = page.js("getComputedStyle(document.querySelector('.qc-root')).backgroundColor")
    assert colours != {tuple(int(part) for part in re.findall(r"\d+", paper))}


def test_a_stripe_begins_and_ends_with_its_words(coding_page: Any, study: Project) -> None:
    study.code("P1", "Nobody read it", "trust")
    page = coding_page(study, size=(480, 760))
    stripe = page.page.locator(".qc-stripe").bounding_box()
    text = page.page.locator(".qc-text").nth(2).bounding_box()
    assert text["y"] <= stripe["y"]
    assert stripe["y"] + stripe["height"] <= text["y"] + text["height"]


def test_a_name_stands_about_where_its_stripe_begins_and_names_never_overlap(
    coding_page: Any, study: Project
) -> None:
    file = study.path.parent / "P2.txt"
    file.write_text("Mara: " + "This is one of many sentences that were said. " * 24 + "\n", encoding="utf-8")
    study.add_source(file)
    text = study.transcript("P2")
    for n, code in enumerate(("trust", "roles", "planning", "process")):
        start = text.turns[0].span.start + (0, 500, 520, 900)[n]
        study.code("P2", (start, start + 60), code)
    page = coding_page(study, "P2")
    names = [name.bounding_box() for name in page.page.locator(".qc-name").all()]
    stripes = sorted(
        (stripe.bounding_box() for stripe in page.page.locator(".qc-stripe").all()), key=lambda box: box["y"]
    )
    for name, stripe in zip(names, stripes, strict=True):
        assert abs(name["y"] - stripe["y"]) < 45
    for one, next_ in itertools.pairwise(names):
        assert one["y"] + one["height"] <= next_["y"] + 0.5


def test_what_is_pointed_at_is_tinted_and_still_takes_the_click(coding_page: Any, study: Project) -> None:
    study.code("P1", "We had a plan.", "trust")
    page = coding_page(study)
    tinted = "[...CSS.highlights].some(([name, h]) => name.includes('-full-') && h.size > 0)"
    assert page.js(tinted) is False
    page.page.locator(".qc-name").hover()
    assert page.js(tinted) is True
    page.page.locator(".qc-name").click()
    assert page.state("active") is not None
    page.press("Escape")
    page.page.mouse.move(5, 5)
    page.page.mouse.move(200, 500)
    assert page.js(tinted) is False


def test_a_code_that_is_pointed_at_elsewhere_is_tinted_wherever_it_stands(
    coding_page: Any, study: Project
) -> None:
    study.code("P1", "We had a plan.", "trust")
    study.code("P1", "It helped.", "trust")
    page = coding_page(study)
    page.js(f"{page.store}.hover('trust')")
    count = "[...CSS.highlights].filter(([name]) => name.includes('-full-')).reduce((sum, [, h]) => sum + h.size, 0)"
    assert page.js(count) == 2
    page.js(f"{page.store}.hover(null)")
    assert page.js(count) == 0


def test_hits_of_a_search_are_painted(coding_page: Any, study: Project) -> None:
    page = coding_page(study)
    start = page.state("source.blocks[2].start")
    page.js(
        f"{page.store}.setHits([{{ start: {start}, end: {start + 2} }}, {{ start: {start + 7}, end: {start + 13} }}], 1)"
    )
    sizes = page.js(
        "Object.fromEntries([...CSS.highlights].map(([name, h]) => [name.split('-')[1], h.size]))"
    )
    assert (sizes["hit"], sizes["hitnow"]) == (1, 1)


def test_interviewers_are_quieter_and_still_readable(coding_page: Any, study: Project) -> None:
    page = coding_page(study)
    quiet, plain = (
        page.js(f"getComputedStyle(document.querySelectorAll('.qc-text')[{n}]).color") for n in (1, 2)
    )
    assert quiet != plain


@pytest.mark.parametrize("height", [420, 560, 900])
@pytest.mark.parametrize("words", ["How did it begin?", "I was not there."])
def test_the_chooser_never_covers_what_is_coded_nor_leaves_the_page(
    coding_page: Any, study: Project, height: int, words: str
) -> None:
    for number in range(12):
        study.new_code(f"Another code {number}", facet="theme")
    page = coding_page(study, size=(1220, height))
    page.drag_over(words)
    page.press("Enter")
    for typed in ("", "an", "o"):
        page.page.keyboard.type(typed)
        card = page.page.locator(".qc-chooser").bounding_box()
        top, bottom = page.point(words)[1] - 12, page.point(words, at_end=True)[1] + 10
        assert card["y"] >= bottom or card["y"] + card["height"] <= top, (card, top, bottom)
        assert card["x"] >= 0
        assert card["x"] + card["width"] <= 1220
        field = page.page.locator(".qc-chooser input").bounding_box()
        pane = page.page.locator(".qc-pane").bounding_box()
        assert pane["y"] <= field["y"]
        assert field["y"] + field["height"] <= pane["y"] + pane["height"]
