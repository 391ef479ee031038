"""Search counts every place, lists what it can, and every hit can be coded; quotes are all that counts as a code."""

from __future__ import annotations

import re
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from qualcode.project import Project, create_project
from qualcode.span import Span
from qualcode.testing import make_project
from qualcode.transcript import Transcript, Turn
from qualcode.widget import finding
from qualcode.widget.finding import sentences
from qualcode.widget.session import Session

sys.path.insert(0, str(Path(__file__).parent))
from session_page import Page


@pytest.fixture
def study(tmp_path: Path) -> Project:
    return make_project(tmp_path / "study", sources=6)


@pytest.fixture
def page(study: Project) -> Page:
    return Page(Session(study, "S1"))


def talk(tmp_path: Path, *turns: str) -> Page:
    """A page on one interview of these turns."""
    project = create_project(tmp_path / "talk", coder="ana")
    project.new_code("Seen", id="seen")
    project.new_code("Heard", id="heard")
    text, spoken = "", []
    for number, words in enumerate(turns, start=1):
        text += f"Ana: {words}\n"
        spoken.append(Turn(number, "Ana", Span(len(text) - len(words) - 1, len(text) - 1)))
    project.add_source(Transcript("P1", "P1", text, tuple(spoken)))
    return Page(Session(project, "P1"))


# -- search ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("where", ["source", "all"])
@pytest.mark.parametrize(
    ("options", "flags", "expression"),
    [
        ({"text": "the"}, re.IGNORECASE, "the"),
        ({"text": "The", "match_case": True}, 0, "The"),
        ({"text": "a", "whole_words": True}, re.IGNORECASE, r"(?<!\w)a(?!\w)"),
        ({"text": r"\w+ed\b", "regex": True}, re.IGNORECASE, r"\w+ed\b"),
        ({"text": "(", "regex": False}, 0, r"\("),
        ({"text": "cafe\u0301"}, re.IGNORECASE, "cafe\u0301"),
        ({"text": "caf\u00e9"}, re.IGNORECASE, "cafe\u0301"),
        ({"text": "zebra"}, 0, "zebra"),
    ],
)
def test_search_finds_every_place_in_what_is_shown(page, study, options, flags, expression, where) -> None:
    found = page.do("search", **options, **{"in": where})
    sources = ["S1"] if where == "source" else sorted(study.sources["source"])
    expected = []
    for source in sources:
        page.do("go", source=source)
        for block in page.source["blocks"]:
            for match in re.finditer(expression, block["text"], flags):
                expected.append(
                    (source, block["start"] + match.start(), block["start"] + match.end(), block["turn"])
                )
    assert [(h["source"], h["start"], h["end"], h["turn"]) for h in found["hits"]] == expected
    assert found["total"] == len(expected)
    assert found["totals"] == dict(Counter(source for source, *_ in expected))
    for hit in found["hits"]:
        text = study.transcript(hit["source"]).text
        assert text[hit["start"] : hit["end"]] == hit["words"]
        assert text[: hit["start"]].endswith(hit["before"])
        assert text[hit["end"] :].startswith(hit["after"])


def test_each_hit_tells_which_codes_it_has(page: Page, study: Project) -> None:
    table = study.codings
    for hit in page.do("search", text="e", **{"in": "all"})["hits"]:
        here = table[
            (table["source"] == hit["source"]) & (table["start"] < hit["end"]) & (table["end"] > hit["start"])
        ]
        assert set(hit["coded"]) == set(here["code"])


def test_a_search_reaches_over_line_ends_and_never_over_turns(tmp_path: Path) -> None:
    page = talk(tmp_path, "it broke  and\n\tbroke again", "and broke")
    found = page.do("search", text="and broke")
    assert [(hit["turn"], hit["words"]) for hit in found["hits"]] == [(1, "and\n\tbroke"), (2, "and broke")]
    assert page.do("search", text="again and")["total"] == 0
    assert page.do("search", text="Ana")["total"] == 0  # a label is no word of anybody


def test_a_thousand_hits_are_listed_and_all_are_counted(tmp_path: Path) -> None:
    page = talk(tmp_path, "la " * 700, "la " * 600)
    found = page.do("search", text="la")
    assert (len(found["hits"]), found["total"], found["totals"]) == (1000, 1300, {"P1": 1300})


@pytest.mark.parametrize("text", ["(", "[a", "a{2,1}", "*"])
def test_what_is_no_regular_expression_is_said(page: Page, text: str) -> None:
    assert "This is no regular expression" in page.refused("search", text=text, regex=True)


@pytest.mark.parametrize("text", [r"(a+)+$", r"(a|aa)+$", r"^(([a-z])+.)+[A-Z]([a-z])+$", "(?R)"])
def test_an_expression_that_searches_for_ever_is_stopped_and_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setattr(finding, "SECONDS", 0.2)
    page = talk(tmp_path, "a" * 4000 + "!", "a" * 4000 + "?")
    begun = time.process_time()
    assert "searches for ever, so it was stopped" in page.refused("search", text=text, regex=True)
    assert time.process_time() - begun < 5, "without a bound, it would be centuries"
    assert page.do("search", text="a!$", regex=True)["total"] == 1


def test_odd_searches_find_nothing_and_hurt_nobody(page: Page) -> None:
    assert page.do("search", text="  ")["total"] == 0
    assert page.do("search", text="ß*", regex=True)["total"] == 0
    assert "at most 1000" in page.refused("search", text="x" * 1001)
    assert 'must be "source" or "all"' in page.refused("search", text="x", **{"in": "everywhere"})


# -- code every hit -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("unit", "words"),
    [
        ("hit", ["model", "Model", "model"]),
        ("sentence", ["The model drifts!", "Model, again?", "No model."]),
        ("turn", ["Yes. The model drifts! Model, again? Hm.", "No model."]),
    ],
)
def test_every_hit_is_coded_as_a_hit_a_sentence_or_a_turn(
    tmp_path: Path, unit: str, words: list[str]
) -> None:
    page = talk(tmp_path, "Yes. The model drifts! Model, again? Hm.", "No model.")
    hits = page.do("search", text="model")["hits"]
    result = page.do("code_hits", hits=hits, codes=["seen", "heard"], unit=unit)
    assert result["new"] == len(result["codings"]) == 2 * len(words)
    study = page.disk()
    text = study.transcript("P1").text
    for code in ("seen", "heard"):
        rows = study.codings[study.codings["code"] == code]
        assert [text[row.start : row.end] for row in rows.itertuples()] == words
        assert set(rows["origin"]) == {"search"}
    assert page.do("code_hits", hits=hits, codes=["seen"], unit=unit)["new"] == 0
    page.do("undo")
    assert page.disk().codings.empty


def test_hits_of_a_text_that_changed_are_not_coded(page: Page, study: Project) -> None:
    hits = page.do("search", text="part")["hits"]
    bare = [{key: hit[key] for key in ("source", "start", "end")} for hit in hits]
    study.correct("S1", (59, 63), "Whatever", coder="ben")
    before = len(study.codings)
    for given in (hits, [{**bare[0], "words": "part"}], [{**bare[0], "start": 0, "end": 3000}]):
        assert "changed since it was searched" in page.refused("code_hits", hits=given, codes=["trust"])
    assert len(study.codings) == before
    assert "a hit needs source, start and end" in page.refused(
        "code_hits", hits=[{"source": "S1"}], codes=["trust"]
    )
    assert "unit must be one of" in page.refused("code_hits", hits=bare, codes=["trust"], unit="word")


def test_none_of_the_hits_is_coded_where_one_cannot_be(page: Page, study: Project) -> None:
    facet = page.do("new_facet", name="Mood", exclusive=True)["facet"]
    glad, sad = (page.do("new_code", name=name, facet=facet)["code"] for name in ("Glad", "Sad"))
    hits = page.do("search", text="part")["hits"]
    page.do("code_hits", hits=hits[:1], codes=[sad])
    before = len(study.codings)
    assert "takes one code a passage" in page.refused("code_hits", hits=hits, codes=[glad])
    assert len(study.codings) == before


def test_sentences_end_where_people_end_them() -> None:
    text = 'He said "No!" Then (he left.) Why? 彼は来た。本当に？ Costs 3.5 percent\nnew line'
    assert [text[s.start : s.end] for s in sentences(text)] == [
        'He said "No!"',
        "Then (he left.)",
        "Why?",
        "彼は来た。",
        "本当に？",
        "Costs 3.5 percent",
        "new line",
    ]


# -- quotes ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["team", "trust", "delay", "process", "communication", "waiting"])
def test_quotes_are_all_that_counts_as_the_code_marked_by_why(page: Page, study: Project, code: str) -> None:
    found = page.do("quotes", code=code)
    book = study.codebook
    table = study.codings[[code in book.counts_as(each) for each in study.codings["code"]]]
    assert {segment["coding"] for segment in found["segments"]} == set(table["id"])
    assert found["total"] == len(table) == sum(found["totals"].values())
    for segment in found["segments"]:
        row = table.set_index("id").loc[segment["coding"]]
        text = study.transcript(row["source"])
        assert segment["quote"] == text.text[row["start"] : row["end"]]
        expected = "itself" if row["code"] == code else "below" if code == "team" else "counts as"
        assert segment["counts_by"] == expected
        turn = text.turn_at(row["start"])
        assert (segment["turn"], segment["speaker"]) == ((turn.number, turn.speaker) if turn else (None, ""))
    only = page.do("quotes", code=code, coders=["ben"])
    assert {s["coding"] for s in only["segments"]} == set(table.query("coder == 'ben'")["id"])


def test_quotes_are_bounded_and_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qualcode.widget.acts_finding.MOST_QUOTES", 3)
    page = talk(tmp_path, "one two three four five")
    hits = page.do("search", text=r"\w+", regex=True)["hits"]
    page.do("code_hits", hits=hits, codes=["seen"])
    found = page.do("quotes", code="seen")
    assert (len(found["segments"]), found["total"]) == (3, 5)


def test_a_merged_code_gives_the_quotes_of_the_one_it_went_into(page: Page, study: Project) -> None:
    study.code("S1", (195, 238), "delay")
    study.merge_codes("waiting", into="delay")
    found = page.do("quotes", code="waiting")
    assert found["code"] == "delay"
    places = [(s["source"], s["start"], s["end"], s["coder"]) for s in found["segments"]]
    assert len(places) == len(set(places))  # equal ones count once
