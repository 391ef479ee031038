"""The keys 1 to 9 and the colours of codes stay what they are while the codebook grows."""

from __future__ import annotations

from typing import Any

from qualcode.project import Project

KEYS = "Object.fromEntries(window.qualcodePage.store.state.keys)"
COLOURS = (
    "Object.fromEntries(window.qualcodePage.store.state.codebook.codes.map(({ id, colour }) => [id, colour]))"
)


def test_keys_and_colours_stay_with_their_codes(coding_page: Any, study: Project) -> None:
    page = coding_page(study)
    keys, colours = page.js(KEYS), page.js(COLOURS)
    assert keys == {"q": "planning", "1": "trust", "2": "roles", "3": "communication", "4": "process"}
    study.move_code("process", facet="point", after="trust")
    study.merge_codes("trust", into="roles")
    study.new_code("Zeal", facet="point", id="zeal")
    page.until("window.qualcodePage.store.state.codes.has('zeal')", 8)
    assert page.js(KEYS) == {key: code for key, code in keys.items() if code != "trust"} | {"5": "zeal"}
    now = page.js(COLOURS)
    assert {code: now[code] for code in colours if code != "trust"} == {
        code: colour for code, colour in colours.items() if code != "trust"
    }
    page.drag_over("We had a plan.")
    page.press("1")
    page.press("2")
    page.settle()
    assert [code for _, code, _ in page.codings()] == ["roles"]
    study.undo(3)
    page.until("!window.qualcodePage.store.state.codes.has('zeal')", 8)
    assert page.js(KEYS)["1"] == "trust"
