"""What a hand-out gives back: one file of places, codes and memos, without words of the transcript.

::

    {"format": "qualcode-codings-1", "handout": "3f0c...", "coder": "mia", "saved": "2026-11-28T14:00:00Z",
     "sources": {"P7a": {"version": "9e1d...", "state": "finished"}},
     "codings": [{"id": "...", "source": "P7a", "version": "9e1d...", "start": 120, "end": 188, "code": "trust",
                  "created": "...", "stance": "supports"}],
     "began":   [... the coder's codings as they were when it was handed out ...],
     "removed": ["<id>", ...],
     "codes":   [{"id": "new-1", "name": "Waiting", "facet": "open-codes", "parent": "", "definition": ""}],
     "memos":   [{"id": "...", "created": "...", "kind": "coding", "targets": ["coding:..."], "text": "..."}]}

It comes from somebody else's computer: nothing in it is believed before it is looked at.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from qualcode.coding import STANCES
from qualcode.errors import FileProblems, FolderError, InvalidValue, Problem
from qualcode.file_names import given_path
from qualcode.memo import check_target
from qualcode.study import STATES

FORMAT = "qualcode-codings-1"

MOST_BYTES = 50 * 1024 * 1024

_ID = re.compile(r"[0-9a-f]{12}")
_VERSION = re.compile(r"[0-9a-f]{8,64}")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z")
_ORIGIN = "hand-out"

Given = Mapping[str, Any]


@dataclass(frozen=True)
class HandedIn:
    """A file of codings that came back, looked through.

    Parameters
    ----------
    handout
        Id of the hand-out.
    coder
        Who coded.
    sources
        Source to its text version and state.
    codings, began
        Rows as in a codings file, with the source beside: (source, row); now, and when it was handed out.
    removed
        Ids of codings that were taken off.
    codes
        Codes that were made; their ids are of this file alone.
    memos
        As `qualcode.memo.Memo` has them, as dictionaries.
    """

    handout: str
    coder: str
    sources: Mapping[str, tuple[str, str]]
    codings: tuple[tuple[str, dict[str, str]], ...]
    began: tuple[tuple[str, dict[str, str]], ...]
    removed: frozenset[str]
    codes: tuple[dict[str, str], ...]
    memos: tuple[dict[str, Any], ...]


def read_handed_in(path: str | os.PathLike[str]) -> HandedIn:
    """Read a file of codings that a hand-out saved.

    Raises
    ------
    FolderError
        If there is no such file, or it is too large.
    FileProblems
        If it is none, or broken; all problems at once, none with words out of it.
    """
    file = given_path(path)
    try:
        if file.stat().st_size > MOST_BYTES:
            raise FolderError(f"{file.name} is larger than any file of codings. Is it the right one?")
        content = file.read_bytes()
    except OSError as error:
        raise FolderError(
            f"{file.name} cannot be read ({error.strerror}). Check its place and name."
        ) from None
    try:
        data = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        fix = "take the file that the page saved with 'Save codings'; it ends in .codings.json"
        raise FileProblems([Problem(file.name, "", "is no file of codings from a hand-out", fix)])
    problems: list[Problem] = []
    found = _HandedIn(file.name, data, problems).read()
    if problems:
        raise FileProblems(problems)
    return found


class _HandedIn:
    """Looks through the file; what is wrong is collected, with its place."""

    def __init__(self, name: str, data: Given, problems: list[Problem]) -> None:
        self.name, self.data, self.problems = name, data, problems

    def read(self) -> HandedIn:
        sources = self._sources()
        return HandedIn(
            self._text(self.data, "handout", "", _ID),
            self._text(self.data, "coder", ""),
            sources,
            tuple(self._codings("codings", sources)),
            tuple(self._codings("began", sources)),
            frozenset(id_ for id_ in self._list("removed") if isinstance(id_, str)),
            tuple(self._codes()),
            tuple(self._memos()),
        )

    def _wrong(self, place: str, what: str) -> None:
        self.problems.append(Problem(self.name, place, what, "save the file again from the page"))

    def _text(self, given: Given, key: str, place: str, pattern: re.Pattern[str] | None = None) -> str:
        value = given.get(key, "")
        if not isinstance(value, str) or (pattern is not None and not pattern.fullmatch(value)):
            self._wrong(f"{place}.{key}".lstrip("."), "is not what the page writes there")
            return ""
        return value

    def _list(self, key: str) -> list[Any]:
        value = self.data.get(key, [])
        if not isinstance(value, list):
            self._wrong(key, "is no list")
            return []
        return value

    def _records(self, key: str) -> Iterator[tuple[str, Given]]:
        for number, each in enumerate(self._list(key)):
            if isinstance(each, dict):
                yield f"{key}[{number}]", each
            else:
                self._wrong(f"{key}[{number}]", "is no record")

    def _sources(self) -> dict[str, tuple[str, str]]:
        given = self.data.get("sources")
        if not isinstance(given, dict):
            self._wrong("sources", "is missing")
            return {}
        found = {}
        for source, said in given.items():
            place = f"sources.{source}"
            said = said if isinstance(said, dict) else {}
            state = self._text(said, "state", place)
            if state not in STATES:
                self._wrong(f"{place}.state", f"must be one of {', '.join(STATES)}")
            found[source] = (self._text(said, "version", place, _VERSION), state)
        return found

    def _codings(
        self, key: str, sources: Mapping[str, tuple[str, str]]
    ) -> Iterator[tuple[str, dict[str, str]]]:
        seen: set[str] = set()
        for place, each in self._records(key):
            source = self._text(each, "source", place)
            if source not in sources:
                self._wrong(f"{place}.source", "is none of the sources of this file")
            start, end = each.get("start"), each.get("end")
            if not _are_span(start, end):
                self._wrong(f"{place}.start", "start and end must be whole numbers with start < end")
            stance = self._text(each, "stance", place)
            if stance not in STANCES:
                self._wrong(f"{place}.stance", f"must be one of {', '.join(STANCES)}")
            id_ = self._text(each, "id", place, _ID)
            if id_ in seen:
                self._wrong(f"{place}.id", "is there twice")
            seen.add(id_)
            yield (
                source,
                {
                    "id": id_,
                    "start": str(start),
                    "end": str(end),
                    "version": self._text(each, "version", place, _VERSION),
                    "code": self._text(each, "code", place),
                    "created": self._text(each, "created", place, _TIME),
                    "stance": stance,
                    "origin": str(each.get("origin") or _ORIGIN)[:80],
                },
            )

    def _codes(self) -> Iterator[dict[str, str]]:
        for place, each in self._records("codes"):
            yield {
                key: self._text(each, key, place) for key in ("id", "name", "facet", "parent", "definition")
            }

    def _memos(self) -> Iterator[dict[str, Any]]:
        for place, each in self._records("memos"):
            targets = each.get("targets", [])
            try:
                targets = tuple(check_target(target) for target in targets)
            except (InvalidValue, AttributeError, TypeError):
                self._wrong(f"{place}.targets", "is no list of what the memo is about")
                targets = ()
            yield {
                "id": self._text(each, "id", place, _ID),
                "created": self._text(each, "created", place, _TIME),
                "kind": self._text(each, "kind", place),
                "targets": targets,
                "text": self._text(each, "text", place),
            }


def _are_span(start: Any, end: Any) -> bool:
    whole = all(isinstance(each, int) and not isinstance(each, bool) for each in (start, end))
    return whole and 0 <= start < end < 10**12
