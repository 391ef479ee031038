"""What the page asks about codings, what it is answered, and what then stands on the disk."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from qualcode.project import Project
from qualcode.testing import make_project
from qualcode.widget.session import Session


class Page:
    """A page without a browser: it numbers its messages, and keeps what it was told."""

    def __init__(self, session: Session) -> None:
        self.session, self.number = session, 0
        self.state = self.ask("open")["result"]

    def ask(self, do: str, **arguments: Any) -> dict[str, Any]:
        self.number += 1
        reply, _ = self.session.handle({"id": f"m{id(self)}-{self.number}", "do": do, **arguments})
        return reply

    def passage(self, turn: int, length: int = 0) -> dict[str, Any]:
        """The words of a turn, or its first ones, as the page would send them."""
        source = self.state["source"]
        block = next(block for block in source["blocks"] if block["turn"] == turn)
        words = block["text"][: length or None]
        return {
            "source": source["id"],
            "version": source["version"],
            "start": block["start"],
            "end": block["start"] + len(words),
            "quote": words,
        }


@pytest.fixture
def study(tmp_path: Path) -> Project:
    return make_project(tmp_path / "study")


@pytest.fixture
def page(study: Project) -> Page:
    return Page(Session(study, "S1"))


def test_a_passage_is_coded_on_the_disk_and_the_page_is_told(page: Page, study: Project) -> None:
    reply = page.ask("code", **page.passage(1), codes=["trust", "process"], stance="mixed")
    assert reply["ok"], reply
    put = reply["changes"]["codings"]["put"]
    assert [(c["code"], c["stance"], c["coder"]) for c in put] == [
        ("trust", "mixed", "ana"),
        ("process", "mixed", "ana"),
    ]
    assert [c["id"] for c in put] == reply["result"]["codings"]
    held = study.codings.set_index("id").loc[reply["result"]["codings"]]
    assert held["code"].tolist() == ["trust", "process"]
    assert page.ask("undo")["changes"]["codings"]["gone"] == reply["result"]["codings"]
    assert not set(reply["result"]["codings"]) & set(study.codings["id"])
