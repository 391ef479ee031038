"""axe-core looks at every panel, dialog and state of the page, in light and dark: it may find nothing serious."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import qualcode as qc
from qualcode.project import Project
from qualcode.testing import make_project

from .recordings import write_sound

TURNS = "[00:00:00] Ana: How did it begin?\n\n[00:00:04] Ben: We had a plan. Nobody read it.\n"


@pytest.fixture(params=["light", "dark"])
def theme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def faults() -> Callable[[Any], list[str]]:
    """Return what axe finds serious or critical on a page, with the element and the reason."""
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe is not installed (group dev)"
    ).Axe()

    def found(page: Any) -> list[str]:
        page.wait_for_timeout(60)
        return [
            f"{one['impact']} {one['id']}: {node['html'][:160]} {node['failureSummary'][:200]}"
            for one in axe.run(page).response["violations"]
            if one["impact"] in ("serious", "critical") or one["id"] in STRUCTURE
            for node in one["nodes"]
        ]

    return found


# Moderate for axe, but they are how a page is found one's way in.
STRUCTURE = {
    "region",
    "landmark-one-main",
    "landmark-unique",
    "page-has-heading-one",
    "heading-order",
    "landmark-no-duplicate-main",
}


@pytest.fixture
def opened(coding_page: Any, tmp_path: Path, theme: str) -> Callable[..., Any]:
    """A page on a study of three coders with codings, memos and a recording."""

    def page(source: str = "S1", **more: Any) -> Any:
        project = make_project(tmp_path / "team")
        file = tmp_path / "R1.txt"
        file.write_text(TURNS, encoding="utf-8")
        project.add_source(file, coder="ana")
        project.memo("A thought about it.", f"source:{source}", coder="ana")
        project.memo("What this code is for.", "code:trust", coder="ana")
        (project.path / "data" / "raw").mkdir(exist_ok=True)
        write_sound(project.path / "data" / "raw" / "R1.wav", seconds=8)
        return coding_page(project, source, coder="ana", theme=theme, reduced_motion="reduce", **more)

    return page


def ask(page: Any, what: str, args: str = "{}") -> None:
    page.js(f"{page.store}.ask('{what}', {args})")


def close(page: Any) -> None:
    page.press("Escape")
    page.until("document.querySelector('dialog.qc-dialog') === null")


def select(page: Any) -> None:
    page.js(f"{page.store}.activate(null)")
    page.page.locator(".qc-scroll").focus()
    page.press("Home", "j", "j", "l")


def test_the_text_its_bars_and_its_cards(opened: Any, faults: Any) -> None:
    page = opened()
    page.js(f"void {page.store}.showCoder('ben', true)")
    select(page)
    page.press("1", "2", "-")
    page.settle()
    assert faults(page.page) == []
    page.press("Tab")
    assert page.page.locator(".qc-coding-bar").is_visible()
    assert faults(page.page) == []
    page.press("b")
    assert faults(page.page) == []  # borders
    page.press("Escape", "Escape", "Escape")
    page.page.locator(".qc-text").nth(2).dblclick(position={"x": 30, "y": 12})
    assert page.page.locator(".qc-chooser-small").is_visible()
    assert faults(page.page) == []
    page.press("Enter")
    page.page.keyboard.type("t")
    page.press("Tab")
    assert faults(page.page) == []  # the chooser, with a code ticked
    page.press("Escape", "Escape", "Escape", "b")
    assert page.page.locator(".qc-alert").is_visible()
    assert faults(page.page) == []
    page.press("Escape", "?")
    assert faults(page.page) == []
    page.press("Escape")
    page.page.locator(".qc-script-button").click()
    page.page.locator(".qc-menu summary").click()
    assert faults(page.page) == []


def test_the_tree_the_card_and_their_menus(opened: Any, faults: Any) -> None:
    page = opened()
    page.page.locator(".qc-tree [data-id=trust]").click()
    assert page.page.locator(".qc-code-card").is_visible()
    assert faults(page.page) == []
    for field in page.page.locator(".qc-code-card [data-edit]").evaluate_all(
        "(all) => all.map((el) => el.dataset.edit)"
    ):
        page.page.locator(f".qc-code-card [data-edit={field}]").click()
        assert faults(page.page) == [], field
        page.press("Escape")
    page.page.locator(".qc-tree [data-id=trust]").focus()
    page.press("Shift+F10")
    assert faults(page.page) == []
    page.press("Escape", "Alt+ArrowUp")
    page.until("!document.querySelector('.qc-moves').hidden")
    assert faults(page.page) == []
    page.press("Escape")
    page.page.get_by_role("button", name="More about the codes").click()
    assert faults(page.page) == []
    page.press("Escape", "f")
    page.page.keyboard.type("zzz")
    assert faults(page.page) == []  # nothing found


def test_quotes(opened: Any, faults: Any) -> None:
    page = opened()
    page.js(f"{page.store}.showPanel('quotes')")
    assert faults(page.page) == []  # no code chosen
    ask(page, "quotes", "{ code: 'trust' }")
    page.page.wait_for_selector(".qc-panel-quotes [role=option]")
    assert faults(page.page) == []
    page.page.locator(".qc-panel-quotes [role=listbox]").focus()
    page.press("ArrowDown", "Control+a")
    assert page.page.locator(".qc-panel-quotes .qc-tools").is_visible()
    assert faults(page.page) == []
    page.press("s")
    assert faults(page.page) == []  # the menu of stances
    page.press("Escape")
    page.page.locator(".qc-quotes-code").click()
    assert faults(page.page) == []
    close(page)


def test_search_and_coding_hits(opened: Any, faults: Any) -> None:
    page = opened()
    ask(page, "search", "{ text: 'plan', in: 'all' }")
    page.page.wait_for_selector(".qc-panel-search [role=option]")
    assert faults(page.page) == []
    page.page.locator(".qc-panel-search").get_by_role("button", name="Code").first.click()
    page.page.wait_for_timeout(100)
    assert faults(page.page) == []
    page.press("Escape")
    ask(page, "search", "{ text: 'zzzz', in: 'source' }")
    page.page.wait_for_timeout(200)
    assert faults(page.page) == []


def test_memos(opened: Any, faults: Any) -> None:
    page = opened()
    ask(page, "memos")
    assert page.page.locator(".qc-memo").count() == 1
    assert faults(page.page) == []
    page.page.get_by_role("button", name="Change this memo").first.click()
    assert faults(page.page) == []


DIALOGS = {
    "new_code": "{ range: RANGE }",
    "new_facet": "{}",
    "rename_code": "{ code: 'trust' }",
    "move_code": "{ code: 'trust' }",
    "merge_codes": "{ codes: ['trust', 'roles'] }",
    "split_code": "{ code: 'trust' }",
    "retire_code": "{ code: 'trust' }",
    "recode": "{ codings: ['x', 'y'], from: 'trust' }",
    "memo": "{ targets: ['source:S1'], range: RANGE }",
    "correct": "{ range: RANGE }",
}


def test_every_dialog(opened: Any, faults: Any) -> None:
    page = opened()
    select(page)
    for what, args in DIALOGS.items():
        ask(page, what, args.replace("RANGE", f"{page.store}.state.selection"))
        page.page.wait_for_selector("dialog.qc-dialog")
        page.page.wait_for_timeout(350)  # its preview
        assert faults(page.page) == [], what
        if what == "rename_code":
            page.page.locator("dialog.qc-dialog input").fill("Roles")
            page.press("Enter")
            page.page.wait_for_timeout(350)
            assert faults(page.page) == [], "a refusal"
        if what == "split_code":
            page.press("1", "2")
            assert faults(page.page) == [], "dealt"
        close(page)


def test_the_player(opened: Any, faults: Any) -> None:
    page = opened("R1")
    assert page.page.locator(".qc-player").is_visible()
    assert faults(page.page) == []
    page.press("Home", "j", "P")
    page.until("document.querySelector('.qc-heard') !== null")
    page.page.mouse.move(300, 300)
    page.page.mouse.wheel(0, 10)
    page.until("document.querySelector('.qc-follow').innerText === 'Follow again'")
    assert faults(page.page) == []
    page.press("p")
    (page.session.project.path / "data" / "raw" / "R1.wav").write_bytes(b"no sound")
    page.js(f"{page.store}.go('S1').then(() => {page.store}.go('R1'))")
    page.press("Home", "P")
    page.until("document.querySelector('.qc-player').dataset.state === 'wrong'")
    assert faults(page.page) == []


def test_a_narrow_page_with_its_side_open(opened: Any, faults: Any) -> None:
    page = opened("R1", size=(480, 760))
    assert faults(page.page) == []
    page.page.get_by_role("button", name="Side panel").click()
    assert page.page.locator(".qc-side").is_visible()
    assert faults(page.page) == []


def test_a_study_without_interviews(coding_page: Any, faults: Any, tmp_path: Path, theme: str) -> None:
    page = coding_page(qc.create_project(tmp_path / "empty", title="Empty", coder="ana"), theme=theme)
    assert faults(page.page) == []


def test_a_handout(chromium: Any, faults: Any, tmp_path: Path, theme: str) -> None:
    project = make_project(tmp_path / "team")
    file = project.handout("mia", ["S1"], tmp_path / "for-mia.html", coder="ana").path
    context = chromium.new_context(color_scheme=theme, reduced_motion="reduce")
    page = context.new_page()
    page.goto(file.as_uri())
    page.wait_for_selector(".qc-root[data-ready]")
    assert faults(page) == []
    page.keyboard.press("Home")
    page.keyboard.press("1")
    page.locator(".qc-tree [data-id=trust]").focus()
    page.keyboard.press("Shift+F10")
    assert faults(page) == []
    context.close()


# -- landmarks -------------------------------------------------------------------------------------


def test_the_page_of_its_own_is_the_main_thing_and_has_a_heading(coding_page: Any, study: Project) -> None:
    page = coding_page(study)
    assert page.page.get_by_role("main", name="Coding P1").count() == 1
    assert page.page.get_by_role("heading", level=1, name="Coding P1").count() == 1
    assert page.page.get_by_role("region", name="Transcript P1").count() == 1
    assert page.page.locator(".qc-top[role]").count() == 0  # nine groups of controls are no toolbar


def test_in_a_notebook_it_is_one_region_among_others(coding_page: Any, study: Project) -> None:
    page = coding_page(study, host="cell")
    assert page.page.locator(".qc-root[role=main], .qc-root h1").count() == 0
    assert page.page.get_by_role("region", name="Coding P1").count() == 1
    assert page.page.get_by_role("heading", level=2, name="Coding P1").count() == 1
