"""Intents that change nothing in the study: open, go on reading, select."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qualcode.errors import InvalidValue
from qualcode.span import Span
from qualcode.widget.done import Done

if TYPE_CHECKING:
    from qualcode.widget.session import Session


def open_page(session: Session, source: str | None = None) -> Done:
    """Return everything that a page shows when it is opened."""
    if source is not None and source != session.source:
        session.go(source)
    if session.source is None or session.source not in session.project._study.sources:
        session.snapshot.open(min(session.project._study.sources, default=None))
    state = session.snapshot.state()
    place, session.place = session.place, None
    return Done({**state, "place": place})


def sync(session: Session) -> Done:
    """Only tell what is new."""
    return Done()


def go(session: Session, source: str) -> Done:
    """Show another source; the changes hold it whole."""
    if source == session.source:
        session.snapshot.send_text_again(source)  # who asks does not have it
    session.go(source)
    return Done()


def position(session: Session, source: str, turn: int) -> Done:
    """Remember where the coder reads."""
    if source not in session.project._study.sources or turn < 0:
        raise InvalidValue("position: there is no such source or turn. Nothing was remembered.")
    session.reading.keep(source, turn)
    session.place = None
    return Done()


def select(session: Session, start: int | None = None, end: int | None = None) -> Done:
    """Take what is selected; nothing without start and end."""
    span = None if start is None or end is None else Span(start, end)
    if session.source is not None:
        session.select(session.source, span)
    return Done()
