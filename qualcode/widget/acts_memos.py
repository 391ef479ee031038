"""Intents about memos: write, change, take away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qualcode.errors import NotFound
from qualcode.widget.acts_coding import check_own
from qualcode.widget.done import Done
from qualcode.widget.script import call

if TYPE_CHECKING:
    from qualcode.widget.session import Session


def memo(session: Session, text: str, kind: str = "reflection", targets: list[str] | None = None) -> Done:
    """Write a memo about whatever it is about."""
    about = list(dict.fromkeys(targets or []))
    for target in about:
        if target.startswith("coding:"):
            check_own(session, target.removeprefix("coding:"))
    options: dict[str, Any] = {"kind": kind} if kind != "reflection" else {}
    made = session.project.memo(text, *about, **options)
    return Done({"memo": made}, call("memo", text, *about, **options))


def change_memo(session: Session, memo: str, text: str) -> Done:
    """Give a memo another text."""
    _check_seen(session, memo)
    session.project.change_memo(memo, text)
    return Done(script=call("change_memo", memo, text))


def remove_memo(session: Session, memo: str) -> Done:
    """Take a memo away."""
    _check_seen(session, memo)
    session.project.remove_memo(memo)
    return Done(script=call("remove_memo", memo))


def _check_seen(session: Session, memo: str) -> None:
    held = session.project._study.memos.get(memo)
    if held is None or held.author not in session.viewer.coders:
        raise NotFound(f"There is no memo {memo!r:.40}. Ids of memos stand in project.memos.")
