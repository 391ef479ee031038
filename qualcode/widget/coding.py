"""CodingWidget: the coding page in a notebook. Its session does the work; this carries messages.

Nothing that was said is in a synced trait, for those are written into saved notebooks; it goes to the page in
messages, which are not kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from typing import Any

import anywidget
import traitlets

from qualcode.coding_page import data, files
from qualcode.coding_page.data import Plain
from qualcode.errors import FolderError, InvalidValue
from qualcode.places import Where, find_span, turn
from qualcode.project import Project
from qualcode.widget.session import Selection, Session

_HEIGHT = re.compile(r"\d{1,4}(\.\d{1,3})?(px|vh|em|rem|cm)")


class CodingWidget(anywidget.AnyWidget):
    """A coding page in a notebook; made by `qualcode.coding_widget`.

    Parameters
    ----------
    project, source, coder, blind, height, save_text
        As in `qualcode.coding_widget`.
    """

    height = traitlets.Unicode("75vh").tag(sync=True)

    def __init__(
        self,
        project: Project,
        source: str | None = None,
        coder: str | None = None,
        *,
        blind: bool = False,
        height: str = "75vh",
        save_text: bool = False,
    ) -> None:
        if not _HEIGHT.fullmatch(height):
            raise InvalidValue(
                f"height={height!r:.40} is no height. Write it as in CSS, such as '75vh' or '600px'."
            )
        self._session = Session(project, source, coder, blind=blind)
        self._save_text = save_text
        self._esm, self._css = files.bundle("widget.js"), files.css()
        super().__init__(height=height)
        self.on_msg(self._receive)

    # -- messages --------------------------------------------------------------------------------

    def _receive(self, _: Any, message: Any, buffers: Any) -> None:
        """Answer a message of the page; may run on another thread than the cells."""
        reply, answer = self._session.handle(message, buffers)
        self.send(reply, answer or None)

    # -- what a script asks ----------------------------------------------------------------------

    @property
    def source(self) -> str | None:
        """Id of the source that is open."""
        return self._session.source

    @property
    def coder(self) -> str:
        """Whose codings are made."""
        return self._session.coder

    @property
    def selection(self) -> Selection | None:
        """What is selected on the page: source, span and quote; None where nothing is."""
        return self._session.selection

    def on_coding(self, callback: Callable[[Plain], None]) -> Callable[[], None]:
        """Call a function with every coding that is made on the page, after it is on the disk.

        Parameters
        ----------
        callback
            Gets a dictionary: id, source, start, end, code, coder, stance, origin, created, memos. What it raises
            is shown on the page and stops nothing.

        Returns
        -------
        function
            Ends it when it is called.
        """
        return self._session.on_coding(callback)

    def go(self, source: str, where: Where | int | None = None) -> None:
        """Open a source, at a place.

        Parameters
        ----------
        source
            Id of the source.
        where
            Number of a turn, or a place as `project.code` takes it: a span, (start, end), ``qc.turn(12)``, a quote.

        Raises
        ------
        UnknownSource, QuoteError, InvalidValue
            If there is no such source or place.
        """
        session = self._session
        with session.lock:
            place: Plain | None = None
            if where is not None:
                text = session.project.transcript(source)
                span = find_span(text, turn(where) if isinstance(where, int) else where)
                place = {"start": span.start, "end": span.end}
            session.go(source, place)
        self.send({"do": "go", "source": source, "place": place})

    # -- what a notebook keeps -------------------------------------------------------------------

    def __repr__(self) -> str:
        return f"<CodingWidget {self._counts()}>"

    def _counts(self) -> str:
        session = self._session
        with session.lock:
            if session.source is None:
                return "no source yet"
            found = data.viewer_row(session.viewer, session.source)
        turns, mine = found["turns"], found["mine"]
        return (
            f"{session.source}: {turns} turn{'' if turns == 1 else 's'}, "
            f"{mine} coding{'' if mine == 1 else 's'} by {session.coder}"
        )

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """Return what a notebook shows and keeps: the live page, and without a kernel the counts."""
        found = super()._repr_mimebundle_(**kwargs)
        if found is None:
            return None
        bundle, metadata = found
        line = (
            f"{self._counts()}. No words of the transcript are kept in this notebook; run the cell to code."
        )
        shown = f"<p>{escape(line)}</p>"
        if self._save_text and self.source is not None:
            line = f"{self._counts()}. The coded transcript is kept in this notebook, as it was when the cell ran."
            shown = f"<p>{escape(line)}</p>{self._coded_text()}"
        return {**bundle, "text/plain": line, "text/html": shown}, metadata

    def _coded_text(self) -> str:
        from qualcode.page import show

        session = self._session
        with session.lock:
            assert session.source is not None
            try:
                page = show(session.project, session.source, coders=session.viewer.coders)
            except FolderError as error:
                return f"<p>{escape(str(error))}</p>"
        return str(page._repr_html_())
