"""A page without a browser: it numbers its messages, keeps what it is told as the page does, and knows the words."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

from qualcode.project import Project
from qualcode.widget.session import Session

_NUMBERS = itertools.count(1)


class Page:
    """What a page knows, from the state it was opened with and every change since."""

    def __init__(self, session: Session, source: str | None = None) -> None:
        self.session = session
        self.last: dict[str, Any] = {}
        opened = self.ask("open", **({"source": source} if source else {}))
        assert opened["ok"], opened["error"]
        self.state = dict(opened["result"])
        self.codings = {coding["id"]: coding for coding in self.state.pop("codings")}
        self.memos = {memo["id"]: memo for memo in self.state.pop("memos")}
        self.sources = {row["id"]: row for row in self.state.pop("sources")}

    def ask(self, do: str, *, id: str | None = None, **arguments: Any) -> dict[str, Any]:
        message = {"id": id or f"m{next(_NUMBERS)}", "do": do, **arguments}
        reply, self.buffers = self.session.handle(message)
        assert reply["re"] == message["id"]
        self.last = reply
        if hasattr(self, "state"):
            self.take(reply["changes"])
        return reply

    def do(self, do: str, **arguments: Any) -> dict[str, Any]:
        """Ask for what must succeed; return the result."""
        reply = self.ask(do, **arguments)
        assert reply["ok"], reply["error"]
        return reply["result"]

    def refused(self, do: str, **arguments: Any) -> str:
        """Ask for what must not succeed; return the sentence."""
        reply = self.ask(do, **arguments)
        assert not reply["ok"], reply
        return reply["error"]

    def take(self, changes: dict[str, Any]) -> None:
        """Take changes as the page's store does."""
        for noun in ("source", "codebook", "counts", "undo", "waiting", "to_deal", "coders"):
            if noun in changes:
                self.state[noun] = changes[noun]
        if "codings_all" in changes:
            self.codings = {coding["id"]: coding for coding in changes["codings_all"]}
        for held, noun in ((self.codings, "codings"), (self.memos, "memos")):
            for record in changes.get(noun, {}).get("put", ()):
                held[record["id"]] = record
            for id_ in changes.get(noun, {}).get("gone", ()):
                held.pop(id_, None)
        self.sources.update({row["id"]: row for row in changes.get("sources", ())})

    @property
    def source(self) -> dict[str, Any]:
        return dict(self.state["source"])

    def block(self, turn: int) -> dict[str, Any]:
        """The block of a turn; without turns, the block of this number."""
        blocks = self.source["blocks"]
        found = [block for block in blocks if block["turn"] == turn]
        return dict(found[0] if found else blocks[turn - 1])

    def place(self, start: int, end: int) -> dict[str, Any]:
        """A place in one block as the page sends it, with the words that it shows."""
        block = next(b for b in self.source["blocks"] if b["start"] <= start < b["start"] + len(b["text"]))
        words = block["text"][start - block["start"] : end - block["start"]]
        assert len(words) == end - start
        return {
            "source": self.source["id"],
            "version": self.source["version"],
            "start": start,
            "end": end,
            "quote": words,
        }

    def passage(self, turn: int, first: int = 0, last: int | None = None) -> dict[str, Any]:
        """Some words of a turn by their characters in it."""
        block = self.block(turn)
        end = len(block["text"]) if last is None else last
        return self.place(block["start"] + first, block["start"] + end)

    def mine(self) -> list[dict[str, Any]]:
        """The coder's own codings that are shown, in text order."""
        own = [coding for coding in self.codings.values() if coding["coder"] == self.session.coder]
        return sorted(own, key=lambda coding: (coding["start"], coding["end"], coding["code"]))

    def disk(self) -> Project:
        """The study as it is on the disk."""
        return Project(self.session.project.path, self.session.coder)

    def everything(self) -> dict[str, Any]:
        """All that the page shows, to be compared."""
        source = self.state["source"]
        shown = {k: v for k, v in (source or {}).items() if k not in ("finished", "position")}
        return {
            **{
                noun: self.state[noun]
                for noun in ("codebook", "counts", "undo", "waiting", "to_deal", "coders")
            },
            "codings": self.codings,
            "memos": self.memos,
            "sources": self.sources,
            "source": shown,
        }


def bytes_of(folder: Path) -> dict[str, bytes]:
    """Every file of a folder but the lock and what is remembered for this computer only."""
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and ".pending" not in file.parts and ".cache" not in file.parts
    }
