"""What the logs of all coders tell of the past, and lines of them without what must not stay."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from qualcode import folder as paths
from qualcode.folder import Folder


@dataclass
class Past:
    """What all logs together tell.

    Parameters
    ----------
    states
        Hash of an earlier state to the files it was a state of.
    texts
        Source to the versions that its text ever had.
    links
        Source, label in it ("" for the source as a whole) and case that were ever linked.
    verbs
        What was ever done.
    """

    states: dict[str, set[str]] = field(default_factory=dict)
    texts: dict[str, set[str]] = field(default_factory=dict)
    links: set[tuple[str, str, str]] = field(default_factory=set)
    verbs: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, folder: Folder) -> Past:
        """Read the logs; lines that are no events are passed over, `check` names them."""
        past = cls()
        for _, line in log_lines(folder):
            event = event_of(line)
            if event is None:
                continue
            past.verbs.add(str(event.get("verb")))
            about, files = event["about"], event["files"]
            if "case" in about and "source" in about:
                past.links.add((str(about["source"]), str(about.get("speaker", "")), str(about["case"])))
            for file, states in files.items():
                for state in states if isinstance(states, list) else ():
                    if isinstance(state, str):
                        past.states.setdefault(state, set()).add(file)
                        if file.startswith("data/transcripts/") and file.count("/") == 2:
                            source = file.removeprefix("data/transcripts/").removesuffix(".txt")
                            past.texts.setdefault(source, set()).add(state)
        return past


def log_files(folder: Folder) -> list[str]:
    """Return the logs of all coders."""
    files = folder.list_files(["data/log"])
    return [file for file in files if file.endswith(".jsonl") and file.count("/") == 2]


def log_lines(folder: Folder) -> Iterator[tuple[str, str]]:
    """Yield the lines of all logs with their file."""
    for file in log_files(folder):
        for line in (folder.read(file) or b"").decode("utf-8", errors="replace").split("\n"):
            yield file, line


def event_of(line: str) -> dict[str, Any] | None:
    """Return what a line of a log says, with its tables about, files and rows; None where it is no event."""
    try:
        event = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(event, dict):
        return None
    tables = {name: event.get(name, {}) for name in ("about", "files", "rows")}
    return {**event, **tables} if all(isinstance(table, dict) for table in tables.values()) else None


def rewritten_line(line: str, change: Callable[[dict[str, Any]], dict[str, Any]]) -> str:
    """Return a line of a log changed and marked, so that a merge keeps it so; as it is where nothing changes."""
    event = event_of(line)
    if event is None:
        return line
    new = change(event)
    if new == event:
        return line
    for name in ("files", "rows"):
        if not new[name]:
            del new[name]
    return json.dumps({**new, "cleaned": True}, ensure_ascii=False)


def rewritten_logs(
    folder: Folder, change: Callable[[dict[str, Any]], dict[str, Any]]
) -> dict[str, bytes | None]:
    """Return the logs whose lines change."""
    files: dict[str, bytes | None] = {}
    for file in log_files(folder):
        content = folder.read(file) or b""
        try:
            lines = content.decode("utf-8").split("\n")
        except UnicodeDecodeError:
            continue  # no log can be read so; check names it
        new = "\n".join(rewritten_line(line, change) for line in lines).encode("utf-8")
        if new != content:
            files[file] = new
    return files


IDS = frozenset(
    {
        *("source", "code", "coding", "codes", "codings", "of", "verbs", "added", "to", "memo"),
        *("version", "before", "after", "sha256", "state"),
    }
)
"""What an event tells of by id or hash: it stays what it is."""


def in_words(about: dict[str, Any], replace: Callable[[str], str]) -> dict[str, Any]:
    """Return what an event is about, with its words (not its ids) replaced."""

    def changed(value: Any) -> Any:
        if isinstance(value, list):
            return [changed(each) for each in value]
        return replace(value) if isinstance(value, str) else value

    return {key: value if key in IDS else changed(value) for key, value in about.items()}


def version_files(folder: Folder) -> dict[str, str]:
    """Return the version that the name of each kept text says to its file."""
    return {
        file.rsplit("/", 1)[1].removesuffix(".txt"): file
        for file in folder.list_files([paths.VERSIONS])
        if file.endswith(".txt")
    }
