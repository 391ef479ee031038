"""What a hand-out gives back: one file of places, codes and memos, without words of the transcript.

::

    {"format": "qualcode-codings-1", "handout": "3f0c...", "coder": "mia", "saved": "2026-11-28T14:00:00Z",
     "sources": {"P7a": {"version": "9e1d...", "state": "finished"}},
     "codings": [{"id": "...", "source": "P7a", "version": "9e1d...", "start": 120, "end": 188, "code": "trust",
                  "created": "...", "stance": "supports"}],
     "began":   [... the coder's codings as they were when it was handed out ...],
     "removed": ["<id>", ...],
     "codes":   [{"id": "new-1", "name": "Waiting", "facet": "open-codes", "parent": "", "definition": ""}],
     "memos":   [{"id": "...", "created": "...", "kind": "coding", "targets": ["coding:..."], "text": "..."}],
     "removed_memos": ["<id>", ...]}

It comes from somebody else's computer: nothing in it is believed before it is looked at.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
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
_NEW_CODE = re.compile(r"new-[\w-]{1,40}", re.ASCII)
_UNWRITABLE = re.compile("[\\x00\ud800-\udfff]")
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
    removed_memos
        Ids of memos that were taken away; None where the page did not yet say so.
    saved
        When the page wrote the file, "" where it does not say.
    """

    handout: str
    coder: str
    sources: Mapping[str, tuple[str, str]]
    codings: tuple[tuple[str, dict[str, str]], ...]
    began: tuple[tuple[str, dict[str, str]], ...]
    removed: frozenset[str]
    codes: tuple[dict[str, Any], ...]
    memos: tuple[dict[str, Any], ...]
    removed_memos: frozenset[str] | None = None
    saved: str = ""


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
        began = tuple(self._codings("began", sources))
        codings = tuple(self._codings("codings", sources))
        self._refuse_twins(codings, {row["id"] for _, row in began})
        removed_memos = self._ids("removed_memos") if "removed_memos" in self.data else None
        return HandedIn(
            self._text(self.data, "handout", "", _ID),
            self._text(self.data, "coder", ""),
            sources,
            codings,
            began,
            self._ids("removed"),
            tuple(self._codes()),
            tuple(self._memos()),
            removed_memos,
            self._time(self.data, "saved", "") if self.data.get("saved") else "",
        )

    def _wrong(self, place: str, what: str) -> None:
        self.problems.append(Problem(self.name, place, what, "save the file again from the page"))

    def _text(self, given: Given, key: str, place: str, pattern: re.Pattern[str] | None = None) -> str:
        value = given.get(key, "")
        if not isinstance(value, str) or (pattern is not None and not pattern.fullmatch(value)):
            self._wrong(f"{place}.{key}".lstrip("."), "is not what the page writes there")
            return ""
        if _UNWRITABLE.search(value):
            self._wrong(f"{place}.{key}".lstrip("."), "has signs that no text has (NUL, or half a character)")
            return ""
        return value

    def _time(self, given: Given, key: str, place: str) -> str:
        value = self._text(given, key, place, _TIME)
        try:
            if value:
                datetime.fromisoformat(value)
        except ValueError:
            self._wrong(f"{place}.{key}".lstrip("."), "is a time that there is not")
            return ""
        return value

    def _ids(self, key: str) -> frozenset[str]:
        return frozenset(id_ for id_ in self._list(key) if isinstance(id_, str) and _ID.fullmatch(id_))

    def _refuse_twins(self, codings: Iterable[tuple[str, dict[str, str]]], began: set[str]) -> None:
        """Refuse the same passage and code twice; two that were so when they were handed out may stay so."""
        seen: dict[tuple[str, ...], str] = {}
        for number, (source, row) in enumerate(codings):
            other = seen.setdefault((source, row["start"], row["end"], row["code"]), row["id"])
            if other != row["id"] and not {other, row["id"]} <= began:
                self._wrong(f"codings[{number}]", "is the same passage and code as another one")

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
                    "created": self._time(each, "created", place),
                    "stance": stance,
                    "origin": self._origin(each, place),
                },
            )

    def _origin(self, given: Given, place: str) -> str:
        value = (self._text(given, "origin", place).strip() or _ORIGIN)[:80]
        if not value.isprintable():
            self._wrong(f"{place}.origin", "must be one line")
        return value

    def _codes(self) -> Iterator[dict[str, Any]]:
        for place, each in self._records("codes"):
            words = {key: self._text(each, key, place) for key in ("name", "facet", "parent", "definition")}
            yield {
                "id": self._text(each, "id", place, _NEW_CODE),
                **words,
                "in_vivo": each.get("in_vivo") is True,
            }

    def _memos(self) -> Iterator[dict[str, Any]]:
        seen: set[str] = set()
        for place, each in self._records("memos"):
            if each.get("id") in seen:
                self._wrong(f"{place}.id", "is there twice")
            seen.add(str(each.get("id")))
            targets = each.get("targets", [])
            try:
                targets = tuple(check_target(target) for target in targets)
                if any(not target.isprintable() for target in targets):
                    raise InvalidValue("no target")
            except (InvalidValue, AttributeError, TypeError):
                self._wrong(f"{place}.targets", "is no list of what the memo is about")
                targets = ()
            yield {
                "id": self._text(each, "id", place, _ID),
                "created": self._time(each, "created", place),
                "kind": self._text(each, "kind", place),
                "targets": targets,
                "text": self._text(each, "text", place),
            }


def _are_span(start: Any, end: Any) -> bool:
    whole = all(isinstance(each, int) and not isinstance(each, bool) for each in (start, end))
    return whole and 0 <= start < end < 10**12
