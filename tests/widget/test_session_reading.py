"""What a page is shown when it opens, reads on, or comes back: text, counts, memos, sources; and what it never sees."""

from __future__ import annotations

import json
import shutil
import sys
from collections import Counter
from pathlib import Path

import pytest

import qualcode as qc
from qualcode.coding_page.blocks import blocks, shown_words
from qualcode.coding_page.colours import PALETTE, colours
from qualcode.coding_page.data import codebook_dict
from qualcode.coding_page.made import order_made
from qualcode.errors import InvalidValue, UnknownSource
from qualcode.project import Project, create_project
from qualcode.span import Span
from qualcode.testing import make_project
from qualcode.transcript import Transcript, Turn
from qualcode.widget.session import Session

sys.path.insert(0, str(Path(__file__).parent))
from session_page import Page


@pytest.fixture
def study(tmp_path: Path) -> Project:
    return make_project(tmp_path / "study")


# -- the text -------------------------------------------------------------------------------------


def test_blocks_hold_the_turns_and_what_stands_outside_them(study: Project) -> None:
    page = Page(Session(study, "S1"))
    text = study.transcript("S1")
    outside, *turns = page.source["blocks"]
    assert outside["turn"] is None
    assert outside["text"].startswith("SYNTHETIC INTERVIEW")
    assert [(b["turn"], b["speaker"], b["start"], b["text"]) for b in turns] == [
        (turn.number, turn.speaker, turn.span.start, text.text_of(turn)) for turn in text.turns
    ]
    assert {b["role"] for b in turns} == {"interviewer", "participant"}


LAYOUTS = {
    "a label before the words": "Ana: Why?\nBen: Because.\nAna: So?\nBen: Yes.",
    "labels and times on lines of their own": "Ana\n00:00:05\nWhy?\n\nBen 00:00:09\nBecause.\n\nAna\nSo?\n\nBen\nYes.",
    "times behind the words": "Ana: Why? [0:05]\nBen: Because. [0:09]\nAna: So?\nBen: Yes. (0:11)",
}


@pytest.mark.parametrize("text", LAYOUTS.values(), ids=LAYOUTS.keys())
def test_labels_and_times_are_no_blocks(text: str) -> None:
    turns, at = [], 0
    for number, words in enumerate(("Why?", "Because.", "So?", "Yes."), start=1):
        at = text.index(words, at)
        turns.append(Turn(number, "Ana" if number % 2 else "Ben", Span(at, at + len(words))))
    found = blocks(Transcript("P1", "P1", text, tuple(turns)))
    assert [(b["turn"], b["text"]) for b in found] == [(1, "Why?"), (2, "Because."), (3, "So?"), (4, "Yes.")]


def test_a_label_that_was_given_another_name_at_import_is_no_block_and_a_heading_is() -> None:
    text = "Talk\n\nSpeaker one\nWhy?\n\nSpeaker two\nBecause.\n\nPart 2: later\n\nSpeaker one\nSo?\n\nSpeaker two\nYes.\n\nEnd of talk"
    turns, at = [], 0
    for number, words in enumerate(("Why?", "Because.", "So?", "Yes."), start=1):
        at = text.index(words, at)
        turns.append(Turn(number, "Ana" if number % 2 else "Ben", Span(at, at + len(words))))
    found = blocks(Transcript("P1", "P1", text, tuple(turns)))
    assert [b["text"] for b in found if b["turn"] is None] == ["Talk", "Part 2: later", "End of talk"]
    for block in found:
        assert text[block["start"] : block["start"] + len(block["text"])] == block["text"]


def test_what_the_page_shows_of_a_place_leaves_out_what_stands_between() -> None:
    parts = [{"start": 5, "text": "Why?"}, {"start": 15, "text": "Because."}]
    assert shown_words(parts, 5, 9) == "Why?"
    assert shown_words(parts, 0, 30) == "Why?\nBecause."
    assert shown_words(parts, 9, 15) == ""


def test_a_source_without_turns_is_shown_by_lines_and_can_be_coded(study: Project) -> None:
    page = Page(Session(study, "S3"))
    assert {block["turn"] for block in page.source["blocks"]} == {None}
    text = study.transcript("S3").text
    assert [b["text"] for b in page.source["blocks"]] == [line for line in text.split("\n") if line.strip()]
    made = page.do("code", **page.passage(2), codes=["trust"])["codings"]
    row = study.codings.set_index("id").loc[made[0]]
    assert text[row["start"] : row["end"]] == page.block(2)["text"]


def test_a_source_shared_without_its_text_says_so_and_keeps_its_counts(study: Project) -> None:
    shutil.rmtree(study.path / "data" / "transcripts")
    page = Page(Session(Project(study.path, "ana"), "S1"))
    assert page.source["blocks"] == []
    assert "The text of S1 is not in this copy of the study" in page.source["missing"]
    assert (page.sources["S1"]["text"], page.sources["S1"]["codings"], page.sources["S1"]["turns"]) == (
        False,
        10,
        6,
    )
    assert len(page.codings) == 10
    place = {"source": "S1", "version": page.source["version"], "start": 59, "end": 63, "quote": "What"}
    assert "The text of S1 is not in this copy" in page.refused("code", **place, codes=["trust"])
    found = page.do("search", text="data", **{"in": "all"})
    assert (found["total"], found["missing"]) == (0, ["S1", "S2", "S3", "S4"])
    quotes = page.do("quotes", code="trust")["segments"]
    assert {segment["quote"] for segment in quotes} == {None}
    assert [s["turn"] for s in quotes if s["source"] == "S1"] == [2, 2, 6]
    page.do("uncode", codings=[page.mine()[0]["id"]])


def test_a_text_that_comes_later_is_shown_by_the_next_answer(study: Project, tmp_path: Path) -> None:
    shutil.move(study.path / "data" / "transcripts", tmp_path / "away")
    page = Page(Session(Project(study.path, "ana"), "S1"))
    shutil.copytree(tmp_path / "away", study.path / "data" / "transcripts", dirs_exist_ok=True)
    page.ask("sync")
    assert len(page.source["blocks"]) == 7
    assert page.sources["S1"]["text"]


def test_a_study_without_sources_opens_empty(tmp_path: Path) -> None:
    project = create_project(tmp_path / "study", coder="ana")
    page = Page(Session(project))
    assert (page.state["source"], page.codings, page.sources) == (None, {}, {})
    project.add_source(Transcript("P1", "P1", "Ana: Yes.", (Turn(1, "Ana", Span(5, 9)),)))
    assert page.ask("sync")["changes"]["sources"][0]["id"] == "P1"
    page.do("go", source="P1")
    assert page.block(1)["text"] == "Yes."


# -- counts and colours ---------------------------------------------------------------------------


def test_counts_are_those_of_the_codings_that_are_shown(study: Project) -> None:
    twin = study.code("S1", (195, 238), "delay")
    study.merge_codes("waiting", into="delay")  # now two of ana's are equal: they count once
    page = Page(Session(study, "S1"))
    table = study.codings.drop_duplicates(["coder", "source", "start", "end", "code"])
    everywhere, here = Counter(table["code"]), Counter(table.query("source == 'S1'")["code"])
    assert page.state["counts"] == {code: [here[code], number] for code, number in everywhere.items()}
    rows = study.codings.groupby("source").size()
    assert sum(row["codings"] for row in page.sources.values()) == len(table) < rows.sum()
    equal = [c for c in page.mine() if c["code"] == "delay"]
    first, second = sorted(equal, key=lambda c: (c["created"], c["id"]))
    assert (first.get("same_as"), second.get("same_as")) == (None, first["id"])
    page.do("uncode", codings=[first["id"]])
    assert "same_as" not in page.codings[second["id"]]
    assert twin in {first["id"], second["id"]}


def test_every_code_has_a_colour_that_stands_out_on_white_and_on_dark(study: Project) -> None:
    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    for colour in PALETTE:
        for ground in ("#ffffff", "#212121", "#111111"):
            light, dark = sorted((luminance(colour), luminance(ground)), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= 3
    study.change_code("trust", colour="teal")
    book = study.codebook
    found = colours(book)
    assert found["trust"] == "teal"
    assert set(found) == {code.id for code in book.codes}
    study.new_code("Another", facet="theme", id="another")
    after = colours(study.codebook)
    assert {id_: after[id_] for id_ in found} == found  # a new code takes nobody's colour


def test_no_colour_is_used_twice_before_all_are_used_once(study: Project) -> None:
    for number in range(30 - len(study.codebook.codes)):
        study.new_code(f"Number {number}", facet="theme")
        found = Counter(colours(study.codebook, order_made(study)).values())
        assert max(found.values()) - min(found[colour] for colour in PALETTE) <= 1


def test_codes_keep_their_colours_whatever_is_done_to_others(study: Project) -> None:
    def shown() -> dict[str, tuple[str, int]]:
        codes = codebook_dict(Project(study.path))["codes"]
        return {code["id"]: (code["colour"], code["made"]) for code in codes}

    for name in ("Zeal", "Hope"):
        study.new_code(name, facet="theme", id=name.lower())
    before = shown()
    assert len(before) <= len(PALETTE)
    assert len({colour for colour, _ in before.values()}) == len(before)
    assert {code: made for code, (_, made) in before.items() if made} == {"zeal": 1, "hope": 2}
    study.move_code("communication", facet="point")
    study.rename_code("zeal", "Enthusiasm")
    study.merge_codes("hope", into="trust")
    study.split_code("zeal", {"Short": [], "Long": []})
    study.new_code("Bravery", facet="theme", id="bravery")
    study.retire_code("roles")
    after = shown()
    assert {id_: after[id_] for id_ in after if id_ in before} == {
        id_: before[id_] for id_ in before if id_ != "hope"
    }
    assert after["bravery"][1] == 5


def test_the_codebook_leaves_merged_codes_out_and_keeps_the_authors_order(study: Project) -> None:
    study.merge_codes("roles", into="trust")
    study.retire_code("communication")
    page = Page(Session(study, "S1"))
    codes = {code["id"]: code for code in page.state["codebook"]["codes"]}
    assert list(codes) == [code.id for code in study.codebook.codes if code.id != "roles"]
    assert (codes["trust"]["parent"], codes["trust"]["path"]) == ("team", "Team > Trust")
    assert (codes["communication"]["retired"], codes["communication"]["codable"]) == (True, False)
    assert codes["waiting"]["counts_as"] == ["delay", "process"]


def test_examples_come_with_the_words_of_their_place(study: Project) -> None:
    page = Page(Session(study, "S1"))
    place = page.passage(2, 0, 9)
    fields = {"examples": ["my own words", {"source": "S1", "start": place["start"], "end": place["end"]}]}
    page.do("change_code", code="trust", fields=fields)
    assert "my own words" in page.last["script"]
    assert place["quote"] not in page.last["script"]
    own, shown = next(c for c in page.state["codebook"]["codes"] if c["id"] == "trust")["examples"]
    assert (own["text"], own["source"]) == ("my own words", None)
    assert (shown["text"], shown["source"], shown["start"]) == (place["quote"], "S1", place["start"])
    study.correct("S1", (59, 63), "Something", coder="ben")
    page.ask("sync")
    moved = next(c for c in page.state["codebook"]["codes"] if c["id"] == "trust")["examples"][1]
    assert (moved["text"], moved["start"]) == (place["quote"], place["start"] + 5)
    page.do("change_code", code="trust", fields={"examples": [own, moved], "note": "kept"})
    assert [str(e) for e in study.codebook.code("trust").examples] == ["my own words", moved["ref"]]


# -- where one reads ------------------------------------------------------------------------------


def test_who_comes_back_reads_on_where_they_were(study: Project) -> None:
    page = Page(Session(study, "S1"))
    page.do("go", source="S2")
    page.do("position", source="S2", turn=4)
    page.do("position", source="S1", turn=2)
    page.do("go", source="S4")
    again = Page(Session(study))
    assert again.source["id"] == "S4"
    again.do("go", source="S2")
    assert again.source["position"] == 4
    assert Page(Session(study, coder="ben")).source["id"] == "S1"
    kept = json.loads((study.path / "data/transcripts/.cache/reading-ana.json").read_text(encoding="utf-8"))
    assert kept == {"source": "S2", "turns": {"S1": 2, "S2": 4}}
    assert qc.open_project(study.path, coder="ana").check() == []


@pytest.mark.parametrize(
    "broken", ["", "[]", '{"source": 3, "turns": []}', '{"turns": {"S1": -2}}', "\ufeff{"]
)
def test_a_broken_note_of_where_one_was_is_no_trouble(study: Project, broken: str) -> None:
    file = study.path / "data/transcripts/.cache/reading-ana.json"
    file.parent.mkdir()
    file.write_text(broken, encoding="utf-8")
    page = Page(Session(study))
    assert (page.source["id"], page.source["position"]) == ("S1", 0)
    page.do("position", source="S1", turn=3)
    assert Page(Session(study)).source["position"] == 3


def test_a_page_that_opens_at_a_place_is_told_once(study: Project) -> None:
    session = Session(study, "S1")
    session.go("S2", {"start": 70, "end": 80})
    page = Page(session)
    assert (page.source["id"], page.state["place"]) == ("S2", {"start": 70, "end": 80})
    assert Page(session).state["place"] is None


def test_what_is_selected_on_the_page_is_known_in_python(study: Project) -> None:
    page = Page(Session(study, "S1"))
    assert page.session.selection is None
    place = page.passage(2, 0, 8)
    page.do("select", start=place["start"], end=place["end"])
    selected = page.session.selection
    assert selected == ("S1", Span(place["start"], place["end"]), place["quote"])
    page.do("select", start=None, end=None)
    assert page.session.selection is None
    page.do("select", start=0, end=10_000)
    assert page.session.selection is None


def test_unknown_sources_and_nobody_are_refused_before_anything_is_shown(tmp_path: Path) -> None:
    study = make_project(tmp_path / "study")
    with pytest.raises(UnknownSource, match="no source 'S9'"):
        Session(study, "S9")
    nobody = Project(study.path)
    with pytest.raises(InvalidValue, match="Who is coding"):
        Session(nobody)
    page = Page(Session(study, "S1"))
    assert "no source 'S9'" in page.refused("go", source="S9")
    assert page.session.source == "S1"


def test_a_source_that_somebody_removes_closes(study: Project) -> None:
    study.add_source(Transcript("P9", "P9", "Ana: Yes.", (Turn(1, "Ana", Span(5, 9)),)))
    study.code("P9", (5, 8), "trust")
    page = Page(Session(study, "P9"))
    study.remove_source("P9")
    changes = page.ask("sync")["changes"]
    assert (changes["source"], changes["codings_all"], changes["sources_gone"]) == (None, [], ["P9"])
    assert Page(page.session).source["id"] == "S1"
    study.undo()
    page.do("go", source="P9")
    assert len(page.codings) == 1


def test_a_text_edited_outside_is_coded_as_it_was_until_it_is_taken(study: Project) -> None:
    page = Page(Session(study, "S1"))
    file = study.path / "data/transcripts/S1.txt"
    file.write_text(
        file.read_text(encoding="utf-8").replace("What about part 1?", "What of part 1?"), encoding="utf-8"
    )
    page.do("code", **page.passage(1), codes=["trust"])
    fresh = Page(Session(study, "S1"))
    assert fresh.block(1)["text"] == "What about part 1?"
    study.take_edits()
    page.ask("sync")
    assert page.block(1)["text"] == "What of part 1?"


# -- memos ----------------------------------------------------------------------------------------


def test_memos_are_written_changed_and_taken_away(study: Project) -> None:
    page = Page(Session(study, "S1"))
    coding = page.mine()[0]["id"]
    targets = ["turn:S1:2", "span:S1:82:90", f"coding:{coding}", "code:trust", "study"]
    id_ = page.do("memo", text="One\n\n*two*", kind="theory", targets=targets)["memo"]
    memo = study.memos.set_index("id").loc[id_]
    assert (memo["text"], memo["kind"], memo["author"]) == ("One\n\n*two*", "theory", "ana")
    assert page.memos[id_]["targets"] == targets
    assert page.codings[coding]["memos"] == 1
    page.do("change_memo", memo=id_, text="Three")
    assert study.memos.set_index("id").loc[id_, "text"] == page.memos[id_]["text"] == "Three"
    page.do("remove_memo", memo=id_)
    assert id_ not in page.memos
    assert study.memos.empty
    assert page.codings[coding]["memos"] == 0
    page.do("undo", steps=2)
    assert study.memos.set_index("id").loc[id_, "text"] == page.memos[id_]["text"] == "One\n\n*two*"
    theirs = study.memo("mine alone", coder="ben")
    assert "is ben's, and ana cannot change it" in page.refused("change_memo", memo=theirs, text="x")
    assert "no memo" in page.refused("remove_memo", memo="nothing")


def test_memos_of_places_follow_the_text(study: Project) -> None:
    page = Page(Session(study, "S1"))
    id_ = study.memo("There", "span:S1:82:90", coder="ben")
    page.ask("sync")
    assert page.memos[id_]["targets"] == ["span:S1:82:90"]
    page.do("correct", **page.passage(1, 0, 4), text="Whatever")
    assert page.memos[id_]["targets"] == ["span:S1:86:94"]


# -- the recording --------------------------------------------------------------------------------


def test_a_recording_beside_the_source_comes_in_pieces(study: Project) -> None:
    page = Page(Session(study, "S1"))
    assert page.source["audio"] is None
    assert "No recording of S1 lies in data/raw" in page.refused("audio", source="S1", offset=0)
    raw = study.path / "data" / "raw"
    raw.mkdir()
    sound = bytes(range(256)) * 5000
    (raw / "S1.MP3").write_bytes(sound)
    fresh = Page(Session(study, "S1"))
    assert fresh.source["audio"] == {"name": "S1.MP3", "size": len(sound)}
    pieces, offset, last = [], 0, False
    while not last:
        answer = fresh.do("audio", source="S1", offset=offset)
        pieces += fresh.buffers
        offset += len(fresh.buffers[0])
        last = answer["last"]
        assert answer["size"] == len(sound)
        assert len(fresh.buffers[0]) <= 1 << 20
    assert b"".join(pieces) == sound
    assert fresh.do("audio", source="S1", offset=len(sound))["last"]
    assert "offset must be 0 or more" in fresh.refused("audio", source="S1", offset=-1)


def test_a_recording_is_found_by_the_name_of_the_imported_file(study: Project, tmp_path: Path) -> None:
    (tmp_path / "talk of May.txt").write_text("Ana: Yes.\nBen: No.\n", encoding="utf-8")
    study.add_source(tmp_path / "talk of May.txt", "P9")
    (study.path / "data" / "raw").mkdir()
    (study.path / "data" / "raw" / "talk of May.opus").write_bytes(b"sound")
    assert Page(Session(study, "P9")).source["audio"] == {"name": "talk of May.opus", "size": 5}


def test_a_link_is_no_recording(study: Project, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"not yours")
    (study.path / "data" / "raw").mkdir()
    (study.path / "data" / "raw" / "S1.mp3").symlink_to(tmp_path / "secret")
    assert Page(Session(study, "S1")).source["audio"] is None


# -- what is never seen ---------------------------------------------------------------------------


def test_a_planted_key_is_never_sent(study: Project) -> None:
    study.add_coder("planted", kind="key")
    study.code("S1", (59, 63), "roles", coder="planted", memo="the answer")
    page = Page(Session(study, "S1"))
    assert "planted" not in json.dumps(page.everything()) + json.dumps(page.do("quotes", code="roles"))
    assert page.state["counts"]["roles"] == [1, 4]


def test_blind_coding_shows_nothing_of_anybody_else(study: Project) -> None:
    study.add_coder("benedikta", "Benedikta")
    for who in ("ben", "benedikta"):
        study.memo("secret thought", "code:trust", coder=who)
        study.code("S1", (59, 63), "roles", coder=who, memo="secret thought")
    others = set(study.codings.query("coder != 'ana'")["id"]) | set(study.memos["id"])
    page = Page(Session(study, "S1", blind=True))
    place = page.passage(3)
    theirs = study.codings.query("coder == 'ben'")["id"].iloc[0]
    memo = study.memos["id"].iloc[0]
    said = [page.everything(), page.state]
    messages = [
        ("sync", {}),
        ("code", {**place, "codes": ["trust"]}),
        ("quotes", {"code": "trust"}),
        ("quotes", {"code": "trust", "coders": ["ben"]}),
        ("search", {"text": "part", "in": "all"}),
        ("uncode", {"codings": [theirs]}),
        ("recode", {"codings": [theirs], "code": "roles"}),
        ("stance", {"codings": [theirs], "stance": "mixed"}),
        ("resize", {"coding": theirs, "start": 59, "end": 63, "quote": "What"}),
        ("memo", {"text": "x", "targets": [f"coding:{theirs}"]}),
        ("change_memo", {"memo": memo, "text": "x"}),
        ("remove_memo", {"memo": memo}),
        ("preview", {"intent": {"do": "merge_codes", "codes": ["trust"], "into": "delay"}}),
        ("preview", {"intent": {"do": "retire_code", "code": "trust"}}),
        ("preview", {"intent": {"do": "correct", **page.passage(2), "text": "Nothing"}}),
        ("preview", {"intent": {"do": "split_code", "code": "delay", "deal": {"One": [], "Two": []}}}),
        ("split_code", {"code": "delay", "deal": {"One": [theirs], "Two": []}}),
        ("correct", {**page.passage(2), "text": "Nothing"}),
        ("undo", {}),
        ("go", {"source": "S2"}),
    ]
    for do, arguments in messages:
        said.append(page.ask(do, **arguments))
        known = json.dumps(said[-1], ensure_ascii=False).replace(theirs, "").replace(memo, "")
        assert "ben" not in known.replace("S2b", ""), (do, known)
        assert "secret" not in known
        assert not any(id_ in known for id_ in others), do
    assert page.state["counts"]["trust"] == [1, 5]  # her four, and the one just made
    assert [row["codings"] for row in page.sources.values()] == [6, 5, 5, 5]
    assert page.state["coders"] == [{"id": "ana", "name": "Ana", "kind": "human"}]


def test_in_blind_coding_an_error_about_somebody_else_names_nobody(study: Project) -> None:
    page = Page(Session(study, "S1", blind=True))
    code = page.do("new_code", name="Hope", facet="theme")["code"]
    study.code("S2", (59, 63), code, coder="ben")
    said = page.refused("undo")
    assert "ben" not in said
    assert "somebody else" in said


def test_in_blind_coding_a_broken_file_of_somebody_else_names_nobody(study: Project) -> None:
    """A file that cannot be read leaves the study without a list of coders."""
    page = Page(Session(study, "S1", blind=True))
    file = study.path / "data" / "codings" / "ben" / "S1.csv"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(file.read_bytes() + b"a,b,c,d\n" if file.is_file() else b"a,b,c,d\n")
    said = page.refused("sync")
    assert "ben" not in said
    assert "somebody else" in said
