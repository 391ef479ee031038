"""The matrix in a notebook: its cells open the passages behind them, and a saved notebook keeps counts alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import qualcode as qc
from qualcode.analysis import CodeMatrix
from qualcode.testing import make_project
from qualcode.widget import matrix as live
from qualcode.widget.matrix import MatrixWidget


@pytest.fixture
def project(tmp_path: Path) -> qc.Project:
    made = make_project(tmp_path / "study")
    return qc.open_project(made.path, coder="ana")


@pytest.fixture
def matrix(project: qc.Project) -> CodeMatrix:
    return qc.matrix(project, "point", "theme")


@pytest.fixture
def widget(matrix: CodeMatrix, project: qc.Project) -> MatrixWidget:
    return MatrixWidget(matrix, project)


def ask(widget: MatrixWidget, **message: Any) -> dict[str, Any]:
    reply, _ = widget.answer(message)
    return json.loads(json.dumps(reply))


def test_every_filled_cell_opens_its_passages(widget: MatrixWidget, matrix: CodeMatrix) -> None:
    table = ask(widget, do="table")["table"]
    seen = 0
    for i, filled in enumerate(table["filled"]):
        for j in range(len(table["columns"])):
            count = matrix.table.iat[i, j]
            assert (j in filled) == bool(pd.notna(count) and count > 0)
            if j not in filled:
                continue
            cell = ask(widget, do="cell", row=i, column=j)["cell"]
            expected = matrix.quotes(matrix.rows[i].key, matrix.columns[j].key)
            assert [p["quote"] for p in cell["passages"]] == expected["quote"].tolist()
            assert cell["total"] == len(expected)
            assert cell["sources"] == expected["source"].nunique()
            seen += 1
    assert seen


def test_a_passage_opens_the_page_where_it_stands(widget: MatrixWidget, project: qc.Project) -> None:
    table = ask(widget, do="table")["table"]
    i = next(i for i, filled in enumerate(table["filled"]) if filled)
    passage = ask(widget, do="cell", row=i, column=table["filled"][i][0])["cell"]["passages"][0]
    opened = ask(widget, do="page", source=passage["source"], start=passage["start"], end=passage["end"])[
        "open"
    ]
    assert "export default" in opened["script"]
    page = ask(widget, page={"id": "1", "do": "open"})["page"]
    assert page["result"]["source"]["id"] == passage["source"]
    assert passage["coding"] in {coding["id"] for coding in page["result"]["codings"]}
    before = len(project.codings)
    mine = next(coding for coding in page["result"]["codings"] if coding["coder"] == "ana")
    assert ask(widget, page={"id": "2", "do": "uncode", "codings": [mine["id"]]})["page"]["ok"]
    assert len(project.codings) == before - 1


@pytest.mark.parametrize(
    "message",
    [None, 3, {}, {"do": "fly"}, {"do": "cell"}, {"do": "cell", "row": 99, "column": 0}, {"do": "cell", "row": True, "column": 0},
     {"do": "page"}, {"do": "page", "source": "S77"}, {"page": {"do": "open"}}],
)  # fmt: skip
def test_nonsense_is_answered_in_words(widget: MatrixWidget, message: Any) -> None:
    reply, _ = widget.answer(message)
    assert reply["error"].endswith((".", "?"))
    assert "Traceback" not in reply["error"]


def test_without_a_notebook_the_table_stands_still(matrix: CodeMatrix) -> None:
    assert set(matrix._repr_mimebundle_()) == {"text/plain", "text/html"}
    facts = CodeMatrix.from_wide(pd.DataFrame({"Process": [1, 0]}, index=["A", "B"]))
    assert facts._repr_mimebundle_()["text/html"] == facts._repr_html_()


def test_what_a_notebook_keeps_holds_no_words(
    matrix: CodeMatrix, project: qc.Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "in_notebook", lambda: True)
    shown = matrix._repr_mimebundle_()
    bundle = shown[0] if isinstance(shown, tuple) else shown
    assert bundle["text/html"] == matrix._repr_html_()
    widget = MatrixWidget(matrix, project)
    ask(widget, do="cell", row=0, column=0)
    kept = json.dumps([bundle, widget.get_state()], default=str)
    words = {quote for quote in qc.retrieve(project)["quote"] if len(quote) > 12}
    assert words
    assert not [quote for quote in words if quote in kept]
