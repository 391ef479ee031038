"""A code matrix in a notebook whose cells can be opened: the passages behind them, and the page where they stand.

The table itself is the one that `CodeMatrix` shows anywhere. Passages travel in messages, when a cell is opened, and
are in no synced trait: a saved notebook keeps the counts.
"""

from __future__ import annotations

import sys
from importlib import resources
from typing import TYPE_CHECKING, Any

import anywidget
import pandas as pd

from qualcode.analysis._code_matrix_text import PAGE_COLUMNS, PAGE_ROWS, as_html
from qualcode.coding_page import files
from qualcode.errors import InvalidValue, QualcodeError
from qualcode.widget.session import Session

if TYPE_CHECKING:
    from qualcode.analysis import CodeMatrix

MOST_PASSAGES = 500
"""How many passages of a cell are sent at most; `CodeMatrix.quotes` gives all."""


def in_notebook() -> bool:
    """Whether this Python is the kernel of a notebook, where a click can be answered."""
    shell = sys.modules.get("IPython")
    active = shell.get_ipython() if shell is not None else None
    return getattr(active, "kernel", None) is not None


def live_bundle(matrix: CodeMatrix, project: Any, still: dict[str, str]) -> Any:
    """Return what a notebook shows of a matrix: the live table where somebody answers, else the still one.

    Parameters
    ----------
    matrix
        Counted from a project.
    project
        That project.
    still
        The table as text and HTML, which a saved notebook keeps.
    """
    if not in_notebook():
        return still
    found = MatrixWidget(matrix, project)._repr_mimebundle_()
    if found is None:
        return still
    bundle, metadata = found
    return {**bundle, **still}, metadata


class MatrixWidget(anywidget.AnyWidget):
    """A matrix that answers clicks; made when a `CodeMatrix` is shown in a notebook.

    Parameters
    ----------
    matrix, project
        As in `live_bundle`.
    """

    def __init__(self, matrix: CodeMatrix, project: Any) -> None:
        static = resources.files("qualcode.coding_page") / "static"
        self._matrix, self._project = matrix, project
        self._session: Session | None = None
        self._esm = (static / "matrix_table.mjs").read_text(encoding="utf-8")
        super().__init__()
        self.on_msg(self._receive)

    def _receive(self, _: Any, message: Any, buffers: Any) -> None:
        """Answer a message; may run on another thread than the cells."""
        reply, answer = self.answer(message, buffers)
        self.send(reply, answer or None)

    def answer(self, message: Any, buffers: Any = None) -> tuple[dict[str, Any], list[bytes]]:
        """Return the answer to a message of the table, with the bytes that go with it. Never raises.

        ``{"do": "table"}`` gives the table; ``{"do": "cell", "row": i, "column": j}`` the passages of a cell by its
        place; ``{"do": "page", "source", "start", "end"}`` the coding page; ``{"page": ...}`` is a message of that page.
        """
        message = message if isinstance(message, dict) else {}
        if "page" in message:
            if self._session is None:
                return {"error": "The page is not open. Open a passage again."}, []
            reply, bytes_ = self._session.handle(message["page"], buffers)
            return {"page": reply}, bytes_
        do = message.get("do")
        try:
            if do == "table":
                return {"table": self._table()}, []
            if do == "cell":
                return {"cell": self._cell(message)}, []
            if do == "page":
                return {"open": self._page(message)}, []
            raise InvalidValue("The table asked for something unknown. Run the cell again.")
        except QualcodeError as error:
            return {"error": str(error)}, []
        except Exception as error:
            return {
                "error": f"Something went wrong inside qualcode ({type(error).__name__}). Run the cell again."
            }, []

    def _table(self) -> dict[str, Any]:
        m = self._matrix
        shown = m.table.iloc[:PAGE_ROWS, :PAGE_COLUMNS].fillna(0) > 0
        return {
            "html": as_html(m),
            "filled": [
                [int(j) for j, filled in enumerate(row) if filled] for row in shown.to_numpy(dtype=bool)
            ],
            "rows": [row.name for row in m.rows[:PAGE_ROWS]],
            "columns": [column.name for column in m.columns[:PAGE_COLUMNS]],
        }

    def _cell(self, message: dict[str, Any]) -> dict[str, Any]:
        m = self._matrix
        i, j = _place(message, "row", len(m.rows)), _place(message, "column", len(m.columns))
        row, column = m.rows[i], m.columns[j]
        found = m.quotes(row.key, column.key)
        passages = [
            {
                name: _plain(record.get(name))
                for name in (
                    "coding",
                    "source",
                    "start",
                    "end",
                    "turn",
                    "speaker",
                    "case",
                    "name",
                    "coder",
                    "stance",
                    "quote",
                )
            }
            for record in found.head(MOST_PASSAGES).to_dict("records")
        ]
        return {
            "row": i,
            "column": j,
            "title": f"{row.name} × {column.name}",
            "passages": passages,
            "total": len(found),
            "sources": int(found["source"].nunique()),
        }

    def _page(self, message: dict[str, Any]) -> dict[str, Any]:
        source = message.get("source")
        if not isinstance(source, str):
            raise InvalidValue("The passage names no source. Run the cell again.")
        start, end = message.get("start"), message.get("end")
        place = {"start": start, "end": end} if isinstance(start, int) and isinstance(end, int) else None
        if self._session is None:
            self._session = Session(self._project, source)
        self._session.go(source, place)
        return {"script": files.bundle("widget.js"), "css": files.css()}


def _place(message: dict[str, Any], name: str, number: int) -> int:
    place = message.get(name)
    if isinstance(place, bool) or not isinstance(place, int) or not 0 <= place < number:
        raise InvalidValue(f"The table has no {name} {place!r:.20}. Run the cell again.")
    return place


def _plain(value: Any) -> Any:
    """Return a value of a table as JSON knows it."""
    if value is None or value is pd.NA or (isinstance(value, float) and pd.isna(value)):
        return None
    return value.item() if hasattr(value, "item") else value
