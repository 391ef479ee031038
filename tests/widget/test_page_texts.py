"""Texts that are hard: emoji, combining accents, right-to-left scripts, odd white space, and very long ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from qualcode.project import Project

HARD = {
    "emoji": "🙂 We had a 👩‍👩‍👧‍👦 plan 👍🏽 and 🇩🇪 flags. It was fine.",
    "combining": "Le café de Zu\u0308rich e\u0301tait ferme\u0301. Voila\u0300 tout.",
    "hebrew": "היום דיברנו עם הלקוח. הוא אמר לא.",
    "arabic": "تحدثنا مع العميل اليوم. قال لا.",
    "mixed": "She said שלום to us 🙂 and left. مرحبا again.",
    "astral": "𝒜𝒷𝒸 and 𐍈 are letters too. Music 𝄞 follows.",
    "spaces": "One\u00a0two  three\tfour\u2003five. Six\u200bseven.",
    "markup": "<b>Not bold</b> & <script>alert(1)</script> as said. Done.",
    "japanese": "昨日は計画がありました。誰も読みませんでした。",
}


@pytest.fixture
def hard(study: Project, tmp_path: Path) -> Project:
    file = tmp_path / "H1.txt"
    file.write_text("".join(f"A{i}: {text}\n\n" for i, text in enumerate(HARD.values())), encoding="utf-8")
    study.add_source(file)
    return study


def test_every_word_that_is_coded_by_keys_is_the_word_that_was_seen(coding_page: Any, hard: Project) -> None:
    page = coding_page(hard, "H1")
    seen = []
    for turn in range(len(HARD)):
        page.js(f"{page.store}.select(null)")
        page.press("Home", *["j"] * turn, "w", "w")
        seen.append(page.selected())
        page.press("1")
        page.press("t")
        seen.append(page.selected())
        page.press("2")
    page.settle()
    assert seen[1::2] == list(HARD.values())
    assert sorted(words for words, _, _ in page.codings()) == sorted(seen)
    assert page.page.locator(".qc-alert").is_hidden()


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("plan 👍🏽", "and 🇩🇪"),
        ("Zu\u0308rich", "ferme\u0301"),
        ("𐍈 are", "letters"),
        ("שלום", "us 🙂"),
        ("two  three", "five"),
    ],
)
def test_a_drag_over_hard_words_takes_them(coding_page: Any, hard: Project, first: str, last: str) -> None:
    page = coding_page(hard, "H1", size=(1300, 1000))
    page.drag(page.point(first), page.point(last, at_end=True))
    chosen = page.selected()
    assert chosen.startswith(first.split()[0])
    assert chosen.endswith(last.split()[-1])
    page.press("1")
    page.settle()
    assert page.codings() == [(chosen, "trust", "supports")]


def test_a_drag_over_right_to_left_words_takes_them(coding_page: Any, hard: Project) -> None:
    page = coding_page(hard, "H1", size=(1300, 1000))
    page.drag(page.point("דיברנו"), page.point("הלקוח", at_end=True))
    assert page.selected().strip(".") in HARD["hebrew"]
    page.press("1")
    page.settle()
    [(words, _, _)] = page.codings()
    assert words in HARD["hebrew"]
    assert " " in words


def test_markup_that_was_said_is_shown_as_said(coding_page: Any, hard: Project) -> None:
    page = coding_page(hard, "H1")
    assert page.page.locator(".qc-text b, .qc-text script").count() == 0
    assert HARD["markup"] in page.page.locator(".qc-text").all_inner_texts()


def test_white_space_stays_as_it_was(coding_page: Any, hard: Project) -> None:
    page = coding_page(hard, "H1")
    assert page.js("[...document.querySelectorAll('.qc-text')].map((el) => el.textContent)") == list(
        HARD.values()
    )


def test_a_source_without_turns_can_be_read_and_coded(
    coding_page: Any, study: Project, tmp_path: Path
) -> None:
    file = tmp_path / "N1.txt"
    file.write_text("Notes of the visit. All was quiet.\n\nThen the bell rang.\n", encoding="utf-8")
    study.add_source(file)
    page = coding_page(study, "N1")
    page.press("j", "l", "1")
    page.settle()
    assert page.codings() == [("Notes of the visit.", "trust", "supports")]


def test_a_study_without_sources_says_so(coding_page: Any, tmp_path: Path) -> None:
    from qualcode.project import create_project

    page = coding_page(create_project(tmp_path / "empty", title="Empty", coder="ana"))
    page.press("j", "1", "Enter", "g", "u", "e")
    assert "No source" in page.page.locator(".qc-source-label").inner_text()


# -- long ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def long_study(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """100,000 words in 2,500 turns, 2,000 codings."""
    from qualcode.codebook import Code, Codebook, Facet
    from qualcode.project import create_project

    folder = tmp_path_factory.mktemp("long")
    codes = tuple(Code(f"c{i}", f"Code {i}", "theme") for i in range(9))
    project = create_project(
        folder / "study", Codebook((Facet("theme", "Theme"),), codes), title="Long", coder="ana"
    )
    words = "we had a plan and nobody read it because the plan was wrong again so we wrote another one"
    turns = [
        f"{'Interviewer' if i % 2 == 0 else 'Mara'}: Turn {i} begins. {' '.join([words] * (1 if i % 2 == 0 else 3)).capitalize()}."
        for i in range(2500)
    ]
    file = folder / "L1.txt"
    file.write_text("\n\n".join(turns), encoding="utf-8")
    project.add_source(file)
    spoken = [turn for turn in project.transcript("L1").turns if turn.number % 2 == 0][:1000]
    project.code_many(
        [
            {
                "source": "L1",
                "start": turn.span.start + shift,
                "end": turn.span.start + shift + 60,
                "code": f"c{(turn.number + shift) % 9}",
            }
            for turn in spoken
            for shift in (0, 30)
        ]
    )
    return project


def test_a_text_of_100_000_words_opens_codes_and_keeps_only_what_is_near(
    coding_page: Any, long_study: Project
) -> None:
    page = coding_page(long_study, "L1")
    assert page.js("document.querySelectorAll('.qc-text').length") == 2500
    # One text node a turn, and ranges only near the eye: each costs in every frame.
    assert page.js("[...document.querySelectorAll('.qc-text')].every((el) => el.childNodes.length === 1)")
    painted = "[...CSS.highlights.values()].reduce((sum, h) => sum + h.size, 0)"
    assert 0 < page.js(painted) < 400
    assert page.js("document.querySelectorAll('.qc-stripe').length") < 400
    page.press("End", "ArrowUp")
    page.page.wait_for_timeout(200)
    assert page.selected().startswith("Turn 2498 begins.")
    box = page.js(
        "(() => { const s = qualcodePage.store.state.selection; const el = [...document.querySelectorAll('.qc-text')].find((e) => e.textContent.startsWith('Turn 2498')); const b = el.getBoundingClientRect(); return [b.top, b.bottom, innerHeight]; })()"
    )
    assert 0 < box[0] < box[2]
    page.press("1")
    page.settle()
    assert page.page.locator(".qc-name-words", has_text="Code 0").last.is_visible()
    assert page.js(painted) < 400
    table = Project(long_study.path, "ana").codings
    assert len(table) == 2001


def test_going_far_lands_at_the_place(coding_page: Any, long_study: Project) -> None:
    page = coding_page(long_study, "L1")
    start = page.js("qualcodePage.store.state.source.blocks[1701].start")
    page.js(f"void qualcodePage.store.go(null, {{ start: {start}, end: {start + 20} }})")
    page.page.wait_for_timeout(300)
    top, bottom = page.js(
        "(() => { const b = document.querySelectorAll('.qc-text')[1701].getBoundingClientRect(); const s = document.querySelector('.qc-scroll').getBoundingClientRect(); return [b.top - s.top, s.bottom - b.top]; })()"
    )
    assert top > 0
    assert bottom > 40


def test_the_place_that_was_read_is_found_again(coding_page: Any, long_study: Project) -> None:
    page = coding_page(long_study, "L1", options={"syncEvery": 60_000})
    start = page.js("qualcodePage.store.state.source.blocks[900].start")
    page.js(f"void qualcodePage.store.go(null, {{ start: {start}, end: {start + 20} }})")
    page.until("true")
    page.page.wait_for_timeout(1700)
    kept = page.sent("position")[-1]["turn"]
    assert 880 <= kept <= 902
    again = coding_page(long_study, "L1")
    again.page.wait_for_timeout(300)
    first = again.js(
        "(() => { const s = document.querySelector('.qc-scroll').getBoundingClientRect(); return [...document.querySelectorAll('.qc-turn')].findIndex((el) => el.getBoundingClientRect().bottom > s.top + 8); })()"
    )
    assert abs(first - kept) <= 6
