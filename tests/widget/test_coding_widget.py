"""The widget in a notebook: what it carries, what it keeps, and above all what it does not keep."""

from __future__ import annotations

import json
import sys
import textwrap
import threading
from pathlib import Path
from typing import Any

import pytest

import qualcode as qc
from qualcode.coding_page import files
from qualcode.errors import InvalidValue, QuoteError, UnknownSource
from qualcode.project import Project
from qualcode.span import Span
from qualcode.testing import make_project

sys.path.insert(0, str(Path(__file__).parent))
from session_page import bytes_of

LINE = "S1: 6 turns, 5 codings by ana. No words of the transcript are kept in this notebook; run the cell to code."


@pytest.fixture
def study(tmp_path: Path) -> Project:
    return make_project(tmp_path / "study")


@pytest.fixture
def widget(study: Project) -> Any:
    return watched(qc.coding_widget(study, "S1"))


def watched(widget: Any) -> Any:
    """A widget whose messages to the page are kept."""
    widget.sent = []
    widget.send = lambda content, buffers=None: widget.sent.append((content, buffers))
    return widget


def say(widget: Any, do: str, **arguments: Any) -> dict[str, Any]:
    """Send a message as the page does; return the answer."""
    widget._handle_custom_msg({"id": f"m{len(widget.sent)}", "do": do, **arguments}, [])
    return dict(widget.sent[-1][0])


def phrases(study: Project) -> set[str]:
    """Every four words that stand beside each other in an interview, the notice at the top left out."""
    found = set()
    for id_ in study.sources["source"]:
        words = study.transcript(id_).text.split()[5:]
        found |= {" ".join(words[at : at + 4]) for at in range(len(words) - 3)}
    assert len(found) > 100
    return found


# -- messages -------------------------------------------------------------------------------------


def test_a_message_of_the_page_is_answered_through_the_session(widget: Any, study: Project) -> None:
    opened = say(widget, "open")
    assert opened["result"]["source"]["id"] == "S1"
    block = opened["result"]["source"]["blocks"][1]
    place = {"source": "S1", "version": opened["result"]["source"]["version"], "start": block["start"],
             "end": block["start"] + 4, "quote": block["text"][:4]}  # fmt: skip
    seen: list[dict[str, Any]] = []
    end = widget.on_coding(seen.append)
    made = say(widget, "code", **place, codes=["roles"])["result"]["codings"]
    assert made[0] in set(study.codings["id"])
    assert [coding["id"] for coding in seen] == made
    end()
    say(widget, "select", start=block["start"], end=block["start"] + 4)
    assert widget.selection == ("S1", Span(block["start"], block["start"] + 4), block["text"][:4])
    assert widget.selection.quote == block["text"][:4]


def test_a_recording_goes_as_bytes(widget: Any, study: Project) -> None:
    (study.path / "data" / "raw").mkdir()
    (study.path / "data" / "raw" / "S1.ogg").write_bytes(b"sound")
    say(widget, "audio", source="S1", offset=0)
    assert widget.sent[-1][1] == [b"sound"]


def test_python_opens_a_place_on_the_page(widget: Any, study: Project) -> None:
    say(widget, "open")
    turn = study.transcript("S2").turns[3]
    place = {"start": turn.span.start, "end": turn.span.end}
    for where in (
        4,
        qc.turn(4),
        turn,
        turn.span,
        (turn.span.start, turn.span.end),
        study.transcript("S2").text_of(turn),
    ):
        widget.go("S2", where)
        assert widget.sent[-1][0] == {"do": "go", "source": "S2", "place": place}
    assert widget.source == "S2"
    assert say(widget, "sync")["changes"]["source"]["id"] == "S2"
    widget.go("S1")
    assert widget.sent[-1][0] == {"do": "go", "source": "S1", "place": None}
    with pytest.raises(UnknownSource):
        widget.go("S9")
    with pytest.raises(InvalidValue, match="no turn 99"):
        widget.go("S1", 99)
    with pytest.raises(QuoteError):
        widget.go("S1", "nobody said this")
    assert widget.source == "S1"


def test_a_page_that_opens_after_go_begins_at_the_place(widget: Any) -> None:
    widget.go("S2", 2)
    opened = say(widget, "open")["result"]
    assert (opened["source"]["id"], opened["place"]["start"]) == (
        "S2",
        opened["source"]["blocks"][2]["start"],
    )


def test_messages_on_other_threads_are_saved(widget: Any, study: Project) -> None:
    opened = say(widget, "open")["result"]["source"]
    block = opened["blocks"][2]

    def code(at: int) -> None:
        place = {"source": "S1", "version": opened["version"], "start": block["start"] + at,
                 "end": block["start"] + at + 2, "quote": block["text"][at : at + 2]}  # fmt: skip
        widget._handle_custom_msg({"id": f"t{at}", "do": "code", **place, "codes": ["roles"]}, [])

    threads = [threading.Thread(target=code, args=(at,)) for at in range(8)]
    for thread in threads:
        thread.start()
    study.code("S1", qc.turn(1), "roles")  # a cell meanwhile
    for thread in threads:
        thread.join()
    assert len(study.codings) == 35 + 9
    assert study.check() == []


# -- what is kept ---------------------------------------------------------------------------------


def test_no_synced_trait_ever_holds_words(widget: Any, study: Project) -> None:
    opened = say(widget, "open")
    say(widget, "search", text="e", **{"in": "all"})
    say(
        widget,
        "select",
        start=opened["result"]["source"]["blocks"][1]["start"],
        end=opened["result"]["source"]["blocks"][1]["start"] + 9,
    )
    state = json.dumps(widget.get_state(), default=str, ensure_ascii=False)
    assert not [phrase for phrase in phrases(study) if phrase in state]
    assert set(widget.keys) - {"_esm", "_css", "height"} <= {
        name for name in widget.keys if name.startswith("_")
    } | {
        "layout",
        "tabbable",
        "tooltip",
    }


def test_without_a_kernel_a_notebook_shows_counts_and_one_line(widget: Any, study: Project) -> None:
    data, _ = widget._repr_mimebundle_()
    assert data["text/plain"] == LINE
    assert data["text/html"] == f"<p>{LINE}</p>"
    assert data["application/vnd.jupyter.widget-view+json"]["model_id"]
    assert repr(widget) == "<CodingWidget S1: 6 turns, 5 codings by ana>"
    study.uncode(study.codings.query("coder == 'ana' and source == 'S1'")["id"].tolist()[1:])
    assert repr(widget) == "<CodingWidget S1: 6 turns, 1 coding by ana>"
    blind = qc.coding_widget(study, "S1", "ben", blind=True)
    assert repr(blind) == "<CodingWidget S1: 6 turns, 5 codings by ben>"


def test_with_save_text_the_coded_transcript_is_kept_as_plain_html(study: Project) -> None:
    study.add_coder("planted", kind="key")
    study.code("S1", qc.turn(1), "delay", coder="planted")
    data, _ = qc.coding_widget(study, "S1", save_text=True)._repr_mimebundle_()
    text = study.transcript("S1")
    for turn in text.turns:
        for words in text.text_of(turn).split(" ("):
            assert words.split(").")[0] in data["text/html"]
    assert "Trust (ben)" in data["text/html"]
    assert "planted" not in data["text/html"]
    assert "<script" not in data["text/html"]
    assert "is kept in this notebook, as it was when the cell ran" in data["text/plain"]
    blind, _ = qc.coding_widget(study, "S1", save_text=True, blind=True)._repr_mimebundle_()
    assert "Trust (ana)" in blind["text/html"]
    assert "ben" not in blind["text/html"]


def test_a_source_without_text_can_still_be_shown(study: Project) -> None:
    for file in (study.path / "data" / "transcripts").rglob("*.txt"):
        file.unlink()
    data, _ = qc.coding_widget(Project(study.path, "ana"), "S1", save_text=True)._repr_mimebundle_()
    assert "is not in this copy of the study" in data["text/html"]


@pytest.mark.parametrize("height", ["", "75", "75vh;color:red", "auto", "-5px", "calc(1px)"])
def test_a_height_is_a_height(study: Project, height: str) -> None:
    with pytest.raises(InvalidValue, match="is no height"):
        qc.coding_widget(study, height=height)


def test_a_study_without_sources_has_a_widget_too(tmp_path: Path) -> None:
    widget = qc.coding_widget(qc.create_project(tmp_path / "study", coder="ana"))
    assert repr(widget) == "<CodingWidget no source yet>"
    assert "no source yet" in widget._repr_mimebundle_()[0]["text/html"]


@pytest.mark.parametrize("save_text", [False, True])
def test_an_executed_and_saved_notebook_holds_words_only_when_asked(
    study: Project, tmp_path: Path, save_text: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    nbformat = pytest.importorskip("nbformat")
    nbclient = pytest.importorskip("nbclient")
    nbconvert = pytest.importorskip("nbconvert")
    monkeypatch.setenv("QUALCODE_CODER", "ana")
    monkeypatch.setenv("PYTHONPATH", str(Path(files.__file__).parents[2]))
    before = bytes_of(study.path)
    # the page asks for everything as it does in a browser, so that whatever could stay behind does
    source = f"""
        import qualcode as qc
        study = qc.open_project({str(study.path)!r})
        widget = qc.coding_widget(study, "S1", save_text={save_text})
        widget._handle_custom_msg({{"id": "1", "do": "open"}}, [])
        widget._handle_custom_msg({{"id": "2", "do": "search", "text": "e", "in": "all"}}, [])
        widget
    """
    notebook = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_code_cell(textwrap.dedent(source)),
            nbformat.v4.new_code_cell("widget"),
            nbformat.v4.new_code_cell("widget.selection, widget.source"),
        ]
    )
    client = nbclient.NotebookClient(notebook, timeout=120, store_widget_state=True, kernel_name="python3")
    client.execute(cwd=str(tmp_path))
    saved = nbformat.writes(notebook)
    assert notebook.metadata["widgets"]["application/vnd.jupyter.widget-state+json"]["state"]
    page, _ = nbconvert.HTMLExporter().from_notebook_node(notebook)
    text = study.transcript("S1")
    kept = [turn.number for turn in text.turns if text.text_of(turn)[:25] in saved]
    if save_text:
        assert kept == [turn.number for turn in text.turns]
    else:
        assert kept == []
        found = [phrase for phrase in phrases(study) if phrase in saved or phrase in page]
        assert not found, found
        assert LINE in saved
    assert bytes_of(study.path) == before
