"""The panel of quotes, and the panel of memos."""

from __future__ import annotations

from typing import Any

import pytest

from qualcode.project import Project, open_project
from qualcode.testing import make_project


@pytest.fixture
def team(tmp_path: Any) -> Project:
    """Two coders in four sources; "waiting" counts as delay and as process."""
    return make_project(tmp_path / "team")


@pytest.fixture
def page(coding_page: Any, team: Project) -> Any:
    return coding_page(team, "S1", coder="ana")


def show(page: Any, code: str) -> None:
    page.js(f"{page.store}.ask('quotes', {{code: '{code}'}})")
    page.until("document.querySelector('.qc-panel-quotes .qc-item') !== null")


def items(page: Any) -> list[str]:
    return [str(text) for text in page.page.locator(".qc-panel-quotes .qc-item").all_inner_texts()]


def quotes(page: Any) -> Any:
    return page.page.locator(".qc-panel-quotes")


# -- seen ------------------------------------------------------------------------------------------


def test_quotes_of_all_sources_and_coders_stand_by_source(page: Any, team: Project) -> None:
    show(page, "trust")
    table = team.codings
    wanted = table[(table["code"] == "trust") & (table["coder"] != "key")]
    assert len(items(page)) == len(wanted)
    assert (
        quotes(page).locator(".qc-panel-count").inner_text()
        == f"{len(wanted)} quotes in {wanted['source'].nunique()} sources"
    )
    heads = [
        text.split("\n")[0].split("  ")[0] for text in quotes(page).locator(".qc-list-head").all_inner_texts()
    ]
    assert heads == sorted(wanted["source"].unique())
    first = wanted[wanted["source"] == "S1"].sort_values("start").iloc[0]
    assert team.transcript("S1").text[first.start : first.end] in items(page)[0]


def test_the_tab_of_quotes_shows_the_code_that_is_chosen_in_the_tree(page: Any) -> None:
    for code in ("delay", "waiting"):
        page.page.locator(".qc-tab[data-panel='codes']").click()
        page.page.locator(f".qc-tree [data-id='{code}']").click()
        name = page.page.locator(".qc-code-title").inner_text()
        page.page.locator(".qc-tab[data-panel='quotes']").click()
        assert quotes(page).locator(".qc-quotes-code").inner_text() == name
        page.until("document.querySelector('.qc-panel-quotes .qc-item') !== null")


def test_codes_that_count_as_it_are_there_and_can_be_left_out(page: Any) -> None:
    show(page, "process")
    assert any("Waiting" in item for item in items(page))
    quotes(page).get_by_label("also codes that count as it").uncheck()
    assert not any("Waiting" in item for item in items(page))


def test_only_one_coder_or_one_source(page: Any) -> None:
    show(page, "trust")
    quotes(page).get_by_label("Whose codings").select_option("ana")
    assert not any("ben" in item.split() for item in items(page))
    n = len(items(page))
    quotes(page).get_by_label("From which source").select_option("S1")
    assert 0 < len(items(page)) < n


def test_blind_pages_have_only_ones_own_quotes(coding_page: Any, team: Project) -> None:
    page = coding_page(team, "S1", coder="ana", blind=True)
    show(page, "trust")
    assert not any("ben" in item for item in items(page))
    assert quotes(page).get_by_label("Whose codings").is_hidden()


def test_a_quote_leads_to_its_place_in_another_source(page: Any) -> None:
    show(page, "roles")
    quotes(page).locator(".qc-item").last.click()
    page.until(f"{page.store}.state.source.id !== 'S1'")
    page.until(f"{page.store}.state.active !== null")
    assert page.js(f"{page.store}.state.codings.get({page.store}.state.active).code") == "roles"


def test_a_colleagues_quote_is_shown_in_the_text_when_it_is_gone_to(page: Any) -> None:
    show(page, "delay")
    quotes(page).locator(".qc-item", has_text="ben").first.click()
    page.until(f"{page.store}.state.active !== null")
    assert page.js(f"[...{page.store}.state.shown]") == ["ben"]


def test_the_list_follows_what_is_coded(page: Any) -> None:
    show(page, "trust")
    before = len(items(page))
    page.js(
        f"{page.store}.select({{start: {page.state('source.blocks[1].start')}, end: {page.state('source.blocks[1].end')}}})"
    )
    page.js(
        f"{page.store}.send({{do: 'code', source: 'S1', version: {page.store}.state.source.version, start: {page.store}.state.selection.start, end: {page.store}.state.selection.end, quote: {page.store}.quote({page.store}.state.selection.start, {page.store}.state.selection.end), codes: ['trust']}})"
    )
    page.until(f"document.querySelectorAll('.qc-panel-quotes .qc-item').length === {before + 1}")


# -- many at once ----------------------------------------------------------------------------------


def mine(page: Any, code: str) -> list[str]:
    table = Project(page.session.project.path, "ana").codings
    return [
        str(row.source) for row in table[(table["coder"] == "ana") & (table["code"] == code)].itertuples()
    ]


def test_quotes_are_chosen_and_recoded_by_keys_alone(page: Any) -> None:
    show(page, "roles")
    quotes(page).get_by_role("listbox").focus()
    page.press("ArrowDown", " ", "ArrowDown", " ")
    assert quotes(page).get_by_role("group", name="The chosen quotes").inner_text().startswith("2 chosen")
    before, there = len(mine(page, "roles")), len(mine(page, "trust"))
    page.press("r")
    page.page.keyboard.type("trust")
    page.press("Enter")
    page.until("document.querySelector('dialog.qc-dialog') === null")
    page.settle()
    assert (len(mine(page, "roles")), len(mine(page, "trust"))) == (before - 2, there + 2)
    page.until(f"document.querySelectorAll('.qc-panel-quotes .qc-item').length === {before - 2}")
    page.page.locator(".qc-scroll").focus()
    page.press("u")
    page.settle()
    assert (len(mine(page, "roles")), len(mine(page, "trust"))) == (before, there)


def test_quotes_are_taken_off_in_one_step(page: Any) -> None:
    show(page, "roles")
    before = len(mine(page, "roles"))
    quotes(page).get_by_role("listbox").focus()
    page.press("Control+a", "x")
    page.settle()
    assert mine(page, "roles") == []
    page.page.locator(".qc-scroll").focus()
    page.press("u")
    page.settle()
    assert len(mine(page, "roles")) == before


def test_quotes_get_a_stance(page: Any) -> None:
    show(page, "roles")
    quotes(page).locator(".qc-item .qc-tick").first.click()
    quotes(page).get_by_role("button", name="Stance").click()
    page.page.get_by_role("menuitem", name="counters").click()
    page.settle()
    page.until("document.querySelector('.qc-panel-quotes .qc-item-stance') !== null")
    table = Project(page.session.project.path, "ana").codings
    assert (
        list(table[(table["coder"] == "ana") & (table["code"] == "roles")]["stance"]).count("counters") == 1
    )


def test_many_quotes_get_a_stance_in_one_step(page: Any) -> None:
    show(page, "roles")
    quotes(page).get_by_role("listbox").focus()
    page.press("Control+a", "s")
    page.page.get_by_role("menuitem", name="counters").click()
    page.settle()

    def stances() -> set[str]:
        table = Project(page.session.project.path, "ana").codings
        return set(table[(table["coder"] == "ana") & (table["code"] == "roles")]["stance"])

    assert stances() == {"counters"}
    assert len(page.sent("stance")) == 1
    page.page.locator(".qc-scroll").focus()
    page.press("u")
    page.settle()
    assert "counters" not in stances()


def test_what_a_colleague_coded_cannot_be_chosen(page: Any) -> None:
    show(page, "delay")
    quotes(page).get_by_role("listbox").focus()
    page.press("Control+a")
    chosen = quotes(page).locator(".qc-item[aria-selected=true]").all_inner_texts()
    assert not any("ben" in text for text in chosen)


# -- memos -----------------------------------------------------------------------------------------


@pytest.fixture
def memos(page: Any, team: Project) -> Any:
    team.memo("About the talk.", "source:S1", coder="ana", kind="method")
    team.memo("About trust.", "code:trust", coder="ben", kind="theory")
    team.memo("About it all.", "study", coder="ana")
    team.memo("About turn two.", "turn:S1:2", coder="ana")
    page.page.get_by_role("tab", name="Memos").click()
    page.until(f"{page.store}.state.memos.size >= 4", 8)
    page.page.wait_for_timeout(50)
    return page.page.locator(".qc-panel-memos")


def test_memos_are_listed_by_what_they_are_about(memos: Any) -> None:
    def texts() -> set[str]:
        return set(memos.locator(".qc-memo-text").all_inner_texts())

    assert {"About the talk.", "About turn two."} <= texts()
    assert "About it all." not in texts()
    memos.get_by_label("About").select_option("study")
    assert texts() == {"About it all."}
    memos.get_by_label("About").select_option("codes")
    assert "About trust." in texts()
    memos.get_by_label("About").select_option("all")
    memos.get_by_label("Kind").select_option("theory")
    assert texts() == {"About trust."}


def test_ones_own_memo_is_changed_and_taken_away_and_a_colleagues_is_not(
    page: Any, memos: Any, team: Project
) -> None:
    talk = memos.locator(".qc-memo", has_text="About the talk.")
    talk.get_by_role("button", name="Change this memo").click()
    page.press("Control+a")
    page.page.keyboard.type("About the whole talk.")
    page.press("Control+Enter")
    page.until("document.querySelector('.qc-panel-memos').innerText.includes('About the whole talk.')")
    assert "About the whole talk." in set(open_project(team.path).memos["text"])
    memos.locator(".qc-memo", has_text="About the whole talk.").get_by_role(
        "button", name="Take this memo away"
    ).click()
    page.until("!document.querySelector('.qc-panel-memos').innerText.includes('About the whole talk.')")
    assert "About the whole talk." not in set(open_project(team.path).memos["text"])
    memos.get_by_label("About").select_option("codes")
    assert (
        memos.locator(".qc-memo", has_text="About trust.")
        .get_by_role("button", name="Change this memo")
        .count()
        == 0
    )


def test_a_memo_leads_to_what_it_is_about(page: Any, memos: Any) -> None:
    page.js(f"{page.store}.go('S2')")
    page.until(f"{page.store}.state.source.id === 'S2'")
    memos.get_by_label("About").select_option("all")
    memos.get_by_role("button", name="S1, turn 2").click()
    page.until(f"{page.store}.state.source.id === 'S1'")
    memos.get_by_role("button", name="code “Trust”").first.click()
    assert page.state("panel") == "codes"
    assert page.page.locator(".qc-code-title").inner_text() == "Trust"


def test_a_memo_is_written_from_the_panel_about_what_is_shown_there(
    page: Any, memos: Any, team: Project
) -> None:
    memos.get_by_label("About").select_option("study")
    memos.get_by_role("button", name="Memo", exact=True).click()
    page.page.keyboard.type("The end.")
    page.press("Control+Enter")
    page.until("document.querySelector('.qc-panel-memos').innerText.includes('The end.')")
    made = open_project(team.path).memos
    assert list(map(list, made[made["text"] == "The end."]["targets"])) == [["study"]]
