"""Where a coder was reading: kept on this computer only, beside the texts, in no log and in no git."""

from __future__ import annotations

import contextlib
import json
from typing import Any

from qualcode.project import Project


class Reading:
    """The last turn that a coder read in each source, and the source that was open last.

    Where the folder cannot be written nothing is remembered, and nothing else is disturbed.

    Parameters
    ----------
    project
        The study.
    coder
        Who reads.
    """

    def __init__(self, project: Project, coder: str) -> None:
        self._folder = project._folder
        self._path = project._folder.full(f"data/transcripts/.cache/reading-{coder}.json")

    def _read(self) -> dict[str, Any]:
        try:
            found = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}

    def position(self, source: str) -> int:
        """Return the turn that was read last in a source (its block, where it has no turns); 0 for none."""
        turns = self._read().get("turns")
        number = turns.get(source, 0) if isinstance(turns, dict) else 0
        return number if isinstance(number, int) and not isinstance(number, bool) and number >= 0 else 0

    def last(self) -> str | None:
        """Return the source that was open last."""
        found = self._read().get("source")
        return found if isinstance(found, str) else None

    def keep(self, source: str, turn: int | None = None) -> None:
        """Remember that a source is open, and where in it somebody reads."""
        found = self._read()
        turns = found.get("turns")
        turns = dict(turns) if isinstance(turns, dict) else {}
        if turn is not None:
            turns[source] = turn
        new = {"source": source, "turns": turns}
        if new == found or self._folder.is_gone():
            return
        temporary = self._path.with_name(f"{self._path.name}.tmp")
        with contextlib.suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            temporary.write_text(json.dumps(new, ensure_ascii=False), encoding="utf-8")
            temporary.replace(self._path)
