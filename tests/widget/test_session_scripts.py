"""Every click is a line of script: what a page does, and the lines it shows for it, lead two copies of a study to the same.

And whatever two coders do, in whatever order, a page that only hears of changes knows what one knows that opens now.
"""

from __future__ import annotations

import random
import secrets
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import qualcode as qc
from qualcode.errors import QualcodeError
from qualcode.project import Project
from qualcode.testing import make_project
from qualcode.verbs import _base, _codings
from qualcode.widget.acts_coding import STEPS_OF_PAGE
from qualcode.widget.intents import INTENTS
from qualcode.widget.session import Session

sys.path.insert(0, str(Path(__file__).parent))
from session_page import Page


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_project(tmp_path_factory.mktemp("scripts") / "study").path


@contextmanager
def same_ids(seed: object) -> Iterator[None]:
    """Random ids come out the same on both copies of a study."""
    ids, names = random.Random(repr(seed)), random.Random(repr(seed))  # a script says the ids of new codes

    def new_id() -> str:
        return ids.randbytes(6).hex()

    with (
        mock.patch.object(_codings, "new_id", new_id),
        mock.patch.object(_base, "new_id", new_id),
        mock.patch.object(secrets, "choice", names.choice),
    ):
        yield


# -- what a person may do -------------------------------------------------------------------------


def a_place(page: Page, draw: random.Random) -> dict[str, Any]:
    block = draw.choice(page.source["blocks"])
    start = draw.randrange(len(block["text"]))
    end = draw.randint(start + 1, min(len(block["text"]), start + 12))
    return page.place(block["start"] + start, block["start"] + end)


def a_code(page: Page, draw: random.Random, *, retired: bool = False) -> str:
    codes = [code["id"] for code in page.state["codebook"]["codes"] if retired or not code["retired"]]
    return draw.choice(codes)


def a_coding(page: Page, draw: random.Random) -> str:
    return draw.choice([coding["id"] for coding in page.mine()] or ["none"])


def a_memo(page: Page, draw: random.Random) -> str:
    return draw.choice([id_ for id_, memo in page.memos.items() if memo["author"] == "ana"] or ["none"])


def a_name(draw: random.Random) -> str:
    return draw.choice(["Hope", "Trust", 'With "quotes"', "Ünïcode 🙂", "Doubt > More", "Process", "a \\ b"])


def some_fields(draw: random.Random) -> dict[str, Any]:
    fields = {
        "definition": "Two\nlines: \"one\" and 'two'.",
        "include": "",
        "key": draw.choice("xyz"),
        "colour": draw.choice(["teal", "#b03060", "x!"]),
        "examples": ["own words", {"source": "S1", "start": 82, "end": 90}],
        "aliases": ["Another"],
    }
    return {name: fields[name] for name in draw.sample(sorted(fields), draw.randint(0, 3))}


def a_deal(page: Page, draw: random.Random, code: str) -> dict[str, list[str]]:
    found = page.do("quotes", code=code, coders=["ana"])["segments"]
    ids = [segment["coding"] for segment in found if segment["counts_by"] == "itself"]
    cut = draw.randint(0, len(ids))
    return {a_name(draw): ids[:cut], "Rest": ids[cut:]}


def some_codings(page: Page, draw: random.Random) -> list[str]:
    return [a_coding(page, draw) for _ in range(draw.choice([1, 1, 2, 3]))]


def a_rest(page: Page, draw: random.Random) -> dict[str, Any]:
    """Some of what waits to be dealt, onto parts of the code that was split, or something like it."""
    code = draw.choice(sorted(page.state["to_deal"]) or ["trust"])
    parts = next((c["split_into"] for c in page.state["codebook"]["codes"] if c["id"] == code), [])
    ids = [segment["coding"] for segment in page.do("quotes", code=code, coders=["ana"])["segments"]]
    return {
        "code": code,
        "deal": {draw.choice(parts or ["team"]): ids[: draw.choice([1, 9])], "delay": ids[9:]},
    }


def search_hits(page: Page, draw: random.Random) -> list[dict[str, Any]]:
    return page.do(
        "search", text=draw.choice(["part", "e", "the"]), **{"in": draw.choice(["source", "all"])}
    )["hits"][:4]


def target(page: Page, draw: random.Random) -> str:
    place = a_place(page, draw)
    source = place["source"]
    return draw.choice(
        [f"coding:{a_coding(page, draw)}", f"code:{a_code(page, draw)}", f"source:{source}", f"turn:{source}:2",
         f"span:{source}:{place['start']}:{place['end']}", "study", "case:S1"]
    )  # fmt: skip


def borders(page: Page, draw: random.Random) -> dict[str, Any]:
    place = a_place(page, draw)
    return {key: place[key] for key in ("start", "end", "quote")}


Arguments = Callable[[Page, random.Random], dict[str, Any]]

STEPS: dict[str, Arguments] = {
    "code": lambda p, d: {
        **a_place(p, d),
        "codes": [a_code(p, d) for _ in range(d.choice([1, 1, 2, 3]))],
        "stance": d.choice(["supports", "counters", "mixed"]),
        "memo": d.choice([None, None, 'A "thought"\nof two lines']),
    },
    "code_new": lambda p, d: {
        **a_place(p, d), "name": a_name(d), "facet": d.choice([None, "theme", "point"]), "also": [a_code(p, d)],
        "fields": some_fields(d), "memo": d.choice([None, "m"]), "in_vivo": d.random() < 0.3,
    },
    "code_hits": lambda p, d: {
        "hits": search_hits(p, d), "codes": [a_code(p, d)], "unit": d.choice(["hit", "sentence", "turn"]),
    },
    "uncode": lambda p, d: {"codings": some_codings(p, d)},
    "recode": lambda p, d: {"codings": some_codings(p, d), "code": a_code(p, d)},
    "resize": lambda p, d: {"coding": a_coding(p, d), **borders(p, d)},
    "stance": lambda p, d: {"codings": some_codings(p, d), "stance": d.choice(["supports", "counters", "mixed"])},
    "undo": lambda p, d: {"steps": d.choice([1, 1, 2])},
    "redo": lambda p, d: {"steps": 1},
    "finish": lambda p, d: {"source": p.source["id"], "finished": d.random() < 0.5},
    "correct": lambda p, d: {**a_place(p, d), "text": d.choice(["", "x", "other words", "🙂"])},
    "memo": lambda p, d: {"text": d.choice(["One", "Two\n\n*lines*"]), "kind": d.choice(["theory", "reflection"]),
                          "targets": [target(p, d) for _ in range(d.randint(0, 2))]},
    "change_memo": lambda p, d: {"memo": a_memo(p, d), "text": d.choice(["Other", ""])},
    "remove_memo": lambda p, d: {"memo": a_memo(p, d)},
    "new_code": lambda p, d: {
        "name": a_name(d), "parent": d.choice([None, a_code(p, d)]), "facet": d.choice([None, "theme"]),
        "after": d.choice([None, None, "", a_code(p, d)]), "fields": some_fields(d),
    },
    "change_code": lambda p, d: {"code": a_code(p, d, retired=True), "fields": some_fields(d)},
    "rename_code": lambda p, d: {"code": a_code(p, d, retired=True), "name": a_name(d)},
    "move_code": lambda p, d: {
        "code": a_code(p, d), "parent": d.choice([None, a_code(p, d)]), "facet": d.choice([None, "theme", "point"]),
        "after": d.choice([None, None, "", a_code(p, d)]),
    },
    "merge_codes": lambda p, d: {"codes": [a_code(p, d) for _ in range(d.choice([1, 2]))], "into": a_code(p, d)},
    "split_code": lambda p, d: {"code": (code := a_code(p, d)), "deal": a_deal(p, d, code)},
    "deal": a_rest,
    "retire_code": lambda p, d: {"code": a_code(p, d)},
    "new_facet": lambda p, d: {"name": a_name(d), "exclusive": d.random() < 0.5},
    "go": lambda p, d: {"source": d.choice(["S1", "S2", "S3", "S4"])},
}  # fmt: skip

BY_BEN = ("ben codes", "ben corrects", "ben uncodes", "ben merges", "ben splits", "ben notes")


def test_every_intent_that_writes_is_tried() -> None:
    assert {do for do, intent in INTENTS.items() if intent.writes} | {"go"} == set(STEPS)


def by_ben(study: Project, step: str, draw: random.Random) -> None:
    """Something that a colleague does meanwhile, the same on both copies."""
    source = draw.choice(["S1", "S2", "S3"])
    length = len(study.transcript(source).text)
    start = draw.randrange(length - 12)
    place = (start, start + draw.randint(1, 12))
    codes = [code.id for code in study.codebook.active]
    if step == "ben codes":
        study.code(source, place, draw.choice(codes))
    elif step == "ben corrects":
        study.correct(source, place, "something new")
    elif step == "ben uncodes":
        study.uncode(draw.choice(sorted(study.codings.query("coder == 'ben'")["id"])))
    elif step == "ben merges":
        study.merge_codes(draw.choice(codes), into=draw.choice(codes))
    elif step == "ben splits":
        code, table = draw.choice(codes), study.codings
        ids = sorted(table[(table["coder"] == "ben") & (table["coded_as"] == code)]["id"])
        study.split_code(code, {"Half": ids[1:], "Other half": ids[:1]})
    else:
        study.memo("from ben", f"source:{source}", f"code:{draw.choice(codes)}")


def what_is_there(study: Project) -> dict[str, Any]:
    """A study as it can be compared with its copy: without times of writing."""
    return {
        "codings": study.codings.drop(columns="created").to_dict("records"),
        "codebook": (study.path / "codebooks/codebook.yaml").read_text(encoding="utf-8"),
        "memos": sorted((m.id, m.author, m.kind, m.targets, m.text) for m in study._study.memos.values()),
        "progress": study.progress.to_csv(),
        "texts": {id_: study.transcript(id_).text for id_ in study.sources["source"]},
        "turns": study.turns.to_csv(),
    }


@given(
    steps=st.lists(
        st.tuples(st.sampled_from([*STEPS, *BY_BEN]), st.integers(0, 2**32 - 1)), min_size=1, max_size=10
    )
)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@example(steps=[("merge_codes", n) for n in range(4)] + [("code", 1), ("undo", 1), ("redo", 1)])
@example(steps=[("correct", 5), ("code", 3), ("resize", 9), ("ben corrects", 2), ("memo", 7), ("undo", 0)])
@example(steps=[(step, n) for n in range(6) for step in ("ben splits", "deal")] + [("undo", 0), ("deal", 0)])
@example(steps=[("split_code", n) for n in range(3)] + [("code_new", n) for n in range(3)])
def test_a_series_of_intents_and_its_lines_of_script_do_the_same(
    steps: list[tuple[str, int]], template: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("copies")
    for name in ("clicked", "scripted"):
        shutil.copytree(template, folder / name)
    clicked, scripted = (Project(folder / name, "ana") for name in ("clicked", "scripted"))
    theirs = [Project(folder / name, "ben") for name in ("clicked", "scripted")]
    page = Page(Session(clicked, "S1"))
    for number, (step, seed) in enumerate(steps):
        if step in BY_BEN:
            for study in theirs:
                with same_ids(number):
                    try:
                        by_ben(study, step, random.Random(seed))
                    except QualcodeError:
                        continue
            page.ask("sync")
        else:
            arguments, before = STEPS[step](page, random.Random(seed)), page.state["undo"]["undo"]
            with same_ids(number):
                reply = page.ask(step, **arguments)
            assert "inside qualcode" not in reply.get("error", "")
            if reply.get("script"):
                last = page.state["undo"]["undo"]
                assert last in (before, None) or set(last.split(", ")) <= STEPS_OF_PAGE
                with same_ids(number):
                    exec(reply["script"], {"project": scripted, "qc": qc})
        opened = Page(Session(clicked, page.session.source))
        assert page.everything() == opened.everything(), step
    assert what_is_there(clicked) == what_is_there(scripted)
    assert clicked.check() == []
    shutil.rmtree(folder)
