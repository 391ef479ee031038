"""Session: one coding page at work. It takes the intents of the page, runs the verbs, and tells what changed.

A session has a project of its own, for its messages may come on other threads than the cells of a notebook, and
one lock. It never raises: whatever goes wrong comes back as a sentence for the person at the page.
"""

from __future__ import annotations

import logging
import re
import threading
import traceback
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from qualcode.coding_page import data
from qualcode.coding_page.blocks import Block
from qualcode.coding_page.data import Plain, Viewer
from qualcode.coding_page.reading import Reading
from qualcode.errors import FileProblems, QualcodeError
from qualcode.identity import no_coder
from qualcode.project import Project
from qualcode.span import Span
from qualcode.transcript import Transcript
from qualcode.widget import page_words
from qualcode.widget.changes import Snapshot
from qualcode.widget.done import Done
from qualcode.widget.intents import INTENTS, Intent

REMEMBERED = 1000
"""How many intents a session knows it has done, so that one that is sent again is not done again."""

MOST_PROBLEMS = 5
"""How many problems of files are told at once."""

_LOG = logging.getLogger("qualcode")

Callback = Callable[[Plain], None]
Reply = tuple[Plain, list[bytes]]


class Selection(NamedTuple):
    """What is selected on the page."""

    source: str
    span: Span
    quote: str


class Session:
    """One coding page at work.

    Parameters
    ----------
    project
        The study; the session opens the same folder for itself.
    source
        What is shown first; else what this coder had open last, else the first source.
    coder
        Whose codings are made; else the coder of the project.
    blind
        Whether everything of other coders is left out.

    Raises
    ------
    UnknownSource
        If the study has no such source.
    InvalidValue
        If it is not known who codes.

    Examples
    --------
    >>> import tempfile
    >>> from qualcode.testing import make_project
    >>> session = Session(make_project(tempfile.mkdtemp() + "/study"), "S1")
    >>> reply, _ = session.handle({"id": "1", "do": "open"})
    >>> reply["ok"], reply["result"]["source"]["id"], len(reply["result"]["codings"])
    (True, 'S1', 10)
    >>> reply, _ = session.handle({"id": "2", "do": "uncode", "codings": [reply["result"]["codings"][0]["id"]]})
    >>> reply["ok"], len(reply["changes"]["codings"]["gone"]), reply["changes"]["undo"]
    (True, 1, {'undo': 'uncode', 'redo': None})
    """

    def __init__(
        self, project: Project, source: str | None = None, coder: str | None = None, *, blind: bool = False
    ) -> None:
        self.project = Project(project.path, coder or project.coder)
        if self.project.coder is None:
            raise no_coder()
        self.coder = self.project._who(coder or self.project.coder)
        self.blind = blind
        self.viewer = Viewer(self.project, self.coder, blind)
        self.snapshot = Snapshot(self.viewer)
        self.reading = Reading(self.project, self.coder)
        self.place: Plain | None = None
        self.blocks: dict[str, tuple[Transcript, list[Block]]] = {}
        self._lock = threading.RLock()
        self._done: OrderedDict[str, Plain] = OrderedDict()
        self._callbacks: list[Callback] = []
        self._selected: tuple[str, Span] | None = None
        if source is not None:
            self.project._source(source)
        self.snapshot.open(source or self._first_source())

    def __repr__(self) -> str:
        return f"<Session of {self.coder} on {self.project.title!r}, {self.source or 'no source'} open>"

    @property
    def source(self) -> str | None:
        """The source that is open; None in a study without sources."""
        return self.snapshot.source

    @property
    def lock(self) -> threading.RLock:
        """Held while the session is at work."""
        return self._lock

    def _first_source(self) -> str | None:
        sources = self.project._study.sources
        last = self.reading.last()
        return last if last in sources else min(sources, default=None)

    # -- what the page sends ---------------------------------------------------------------------

    def handle(self, message: Any, buffers: Sequence[Any] | None = None) -> Reply:
        """Do what a message asks for and return the reply, with the bytes that go with it. Never raises.

        Parameters
        ----------
        message
            ``{"id": ..., "do": ..., ...arguments}``.
        buffers
            Bytes that came with the message; none are used.

        Returns
        -------
        tuple
            ``{"re": id, "ok": True, "result", "changes", "script"}`` or ``{"re": id, "ok": False, "error",
            "changes"}``, with ``notice`` where a sentence is to be shown besides, and ``later`` where the same may be sent
            again, for the study is gone just now; and a list of bytes.
        """
        with self._lock:
            try:
                reply, done = self._answer(message)
            except Exception as error:
                reply, done = self._refusal(_id(message), self._sentence(message, error)), Done()
        notice = self._call_back(done)
        if notice:
            reply = {**reply, "notice": notice}
        return reply, list(done.buffers)

    def _answer(self, message: Any) -> tuple[Plain, Done]:
        if not isinstance(message, Mapping) or not isinstance(message.get("do"), str):
            return self._refusal(
                _id(message), "The page sent a message without do, so nothing was done. Reload the page."
            ), Done()
        id_ = _id(message)
        if id_ is not None and id_ in self._done:
            return self._answer_again(id_), Done()
        intent = INTENTS.get(message["do"])
        if intent is None:
            said = (
                f"This qualcode knows no step {message['do']!r:.40}. Run the cell again, or reload the page."
            )
            return self._refusal(id_, said), Done()
        try:
            if intent.refreshes and not intent.writes:
                self._refresh()
            # another view of this session hears every answer, and must not miss what this page is told whole
            changes = self._quietly(self.snapshot.changes) if intent.whole and self.snapshot.begun else {}
            done = self._carried_out(intent, message)
        except Exception as error:
            refusal = self._refusal(id_, self._sentence(message, error))
            if self.project._folder.is_gone():
                return {**refusal, "later": True}, Done()
            if intent.refreshes:
                refusal["changes"] = self._quietly(self._changes_now)
            return refusal, Done()
        reply: Plain = {"re": id_, "ok": True, "result": done.result, "script": done.script}
        if (intent.writes or intent.whole) and id_ is not None:
            self._done[id_] = {**reply, "result": None} if intent.whole else reply
            while len(self._done) > REMEMBERED:
                self._done.popitem(last=False)
        if intent.refreshes and not intent.whole:
            changes = self._quietly(self.snapshot.changes)
        return {**reply, "changes": changes}, done

    def _carried_out(self, intent: Intent, message: Mapping[str, Any]) -> Done:
        """Do an intent; one that writes checks and does in one step, so that nothing comes between."""
        if not intent.writes or intent.alone:
            return intent.run(self, message)
        with self.project.batch():
            return intent.run(self, message)

    def _answer_again(self, id_: str) -> Plain:
        """Return the answer to an intent that was sent again, because the first one may be lost."""
        self._refresh()
        reply = self._done[id_]
        if reply["result"] is None:
            return {**reply, "result": {**self.snapshot.fresh().state(), "place": None}, "changes": {}}
        return {**reply, "changes": self._quietly(self.snapshot.again)}

    def _refresh(self) -> None:
        self.project._study.refresh()

    def _refusal(self, id_: str | None, error: str) -> Plain:
        return {"re": id_, "ok": False, "error": error, "changes": {}}

    def _changes_now(self) -> Plain:
        self._refresh()
        return self.snapshot.changes()

    def _quietly(self, changes: Callable[[], Plain]) -> Plain:
        """Return changes; none where the study cannot be read just now, for then nothing is gone."""
        if not self.snapshot.begun:
            return {}  # no page was opened yet
        try:
            return changes()
        except Exception as error:
            if not isinstance(error, QualcodeError):
                _LOG.exception("What changed could not be told")
            self.snapshot.forget()  # the next answer tells everything
            return {}

    def _sentence(self, message: Any, error: Exception) -> str:
        """Return what went wrong, for the person at the page; never with words of a transcript."""
        if isinstance(error, FileProblems) and len(error.problems) > MOST_PROBLEMS:
            told = "\n".join(map(str, error.problems[:MOST_PROBLEMS]))
            more = len(error.problems) - MOST_PROBLEMS
            return self._blinded(f"{told}\nand {more} more problems; 'qualcode check' lists all.")
        if isinstance(error, QualcodeError):
            return self._blinded(page_words.in_words(str(error)))
        where = traceback.extract_tb(error.__traceback__)[-1:]
        place = (
            f", {where[0].filename.replace(chr(92), '/').rsplit('/', 1)[-1]} line {where[0].lineno}"
            if where
            else ""
        )
        do = message.get("do") if isinstance(message, Mapping) else None
        return (
            f"Something went wrong inside qualcode ({type(error).__name__}{place}) while doing {do!r:.40}. Look at what the "
            "page shows before you do it again, and please report this sentence."
        )

    def _blinded(self, sentence: str) -> str:
        """Return a sentence; in blind coding, another one where it would tell of somebody else's work."""
        if not self.blind:
            return sentence
        others = {*self.project._study.coders, *self._named_by_files()} - {self.coder}
        if any(re.search(rf"(?<![\w-]){re.escape(other)}(?![\w-])", sentence) for other in others):
            return "This cannot be done: the work of somebody else stands in the way. In blind coding it is not shown."
        return sentence

    def _named_by_files(self) -> set[str]:
        """Return the coders that names of files tell of: a file that cannot be read leaves the study without a list."""
        files = self.project._folder.list_files(
            ["data/codings", "data/coders", "data/memos", "data/log", "data/progress"]
        )
        return {file.split("/")[2].partition(".")[0] for file in files if file.count("/") >= 2}

    # -- what Python asks ------------------------------------------------------------------------

    def on_coding(self, callback: Callback) -> Callable[[], None]:
        """Call a function with every coding that is made on the page; return a function that ends it."""
        with self._lock:
            self._callbacks.append(callback)

        def end() -> None:
            with self._lock:
                if callback in self._callbacks:
                    self._callbacks.remove(callback)

        return end

    def _call_back(self, done: Done) -> str:
        """Give what was made to the callbacks; return a sentence where one of them failed."""
        failed = ""
        for source, id_ in done.made:
            coding = self._made(source, id_)
            for callback in list(self._callbacks):
                if coding is None:
                    continue
                try:
                    callback(dict(coding))
                except Exception as error:
                    failed = (
                        f"The coding is saved. Your function {getattr(callback, '__name__', 'for codings')} failed "
                        f"({type(error).__name__})."
                    )
                    _LOG.exception("A function given to on_coding failed")
        return failed

    def _made(self, source: str, id_: str) -> Plain | None:
        with self._lock:
            held = self.project._study.codings.get((self.coder, source))
            row = held.rows.get(id_) if held else None
            if row is None:
                return None
            code = self.snapshot.resolve(row["code"])
            coding = data.coding_dict(row, self.coder, code, self.snapshot.number_of_memos(id_))
            return {**coding, "source": source}

    @property
    def selection(self) -> Selection | None:
        """What is selected on the page, with its words; None where nothing is."""
        with self._lock:
            if self._selected is None:
                return None
            source, span = self._selected
            try:
                text = data.text_of(self.project, source).text
            except QualcodeError:
                return None
            return Selection(source, span, text[span.start : span.end]) if span.end <= len(text) else None

    def select(self, source: str, span: Span | None) -> None:
        """Take what is selected on the page."""
        self._selected = None if span is None else (source, span)

    def go(self, source: str, place: Plain | None = None) -> None:
        """Open a source; a page that is opened later begins there."""
        with self._lock:
            self.project._study.refresh()
            self.project._source(source)
            if source != self.source:
                self.snapshot.open(source)
                self._selected = None
            self.place = place
            self.reading.keep(source)


def _id(message: Any) -> str | None:
    found = message.get("id") if isinstance(message, Mapping) else None
    return found if isinstance(found, str) else None


__all__ = ["Intent", "Selection", "Session"]
