"""The key of replaced names: one file outside the study, which alone brings the names back."""

from __future__ import annotations

import contextlib
import glob
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from qualcode.coding import Row
from qualcode.errors import FolderError, InvalidValue
from qualcode.file_names import given_path
from qualcode.folder import Folder
from qualcode.verbs._moving import Place, Words


@dataclass(frozen=True)
class KeyText:
    """One version of a text in which names were replaced.

    Parameters
    ----------
    now
        The version in its place.
    words
        Places in that one, in order, with the words that stood there.
    labels
        Number of a turn to its label before and after.
    """

    now: str
    words: Words = field(default_factory=list)
    labels: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class KeySource:
    """What was replaced in one source.

    Parameters
    ----------
    texts
        Version before to what was done to it.
    title
        The title before and after; empty where it stayed.
    file
        The name of the file that it was read from; "" where that stayed.
    speakers
        Rows of the table of speakers before, of labels that changed.
    """

    texts: Mapping[str, KeyText] = field(default_factory=dict)
    title: tuple[str, ...] = ()
    file: str = ""
    speakers: list[Row] = field(default_factory=list)


@dataclass(frozen=True)
class Key:
    """All that brings the names back.

    Parameters
    ----------
    study, made
        Name of the folder, and when.
    names
        Real name to pseudonym, as they were given.
    sources
        What was replaced where.
    codings
        Id of a coding that began or ended inside a name to its place before and after.
    """

    study: str
    made: str
    names: Mapping[str, str]
    sources: Mapping[str, KeySource] = field(default_factory=dict)
    codings: Mapping[str, tuple[Place, Place]] = field(default_factory=dict)


def key_path(key: str | os.PathLike[str], folder: Folder) -> Path:
    """Return where a new key is written.

    Raises
    ------
    InvalidValue
        If it would lie inside the study, or a file is there already.
    """
    target = given_path(key).resolve()
    homes = {(folder.path / home).resolve() for home in ("", "data", "data/transcripts")}
    if any(target.is_relative_to(home) for home in homes):
        raise InvalidValue(
            "The key must not lie inside the study: who has both has the names. Give a place outside."
        )
    if target.exists():
        raise InvalidValue(
            f"{target.name} is there already, and may be the key of other names. Give another name."
        )
    return target


def write_key(path: Path, key: Key) -> None:
    """Write a key so that it is there wholly or not at all, for nobody else on this computer to read.

    Raises
    ------
    FolderError
        If it cannot be written.
    """
    content = json.dumps({"qualcode key": 1, **asdict(key)}, ensure_ascii=False, indent=1).encode("utf-8")
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        for left in path.parent.glob(f"{glob.escape(path.name)}.*.tmp"):
            left.unlink(missing_ok=True)  # of a computer that died in between
        number = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        with os.fdopen(number, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        temporary.replace(path)
    except OSError as error:
        raise FolderError(
            f"The key {path.name} cannot be written ({error.strerror or error}). Nothing was changed."
        ) from None
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()


def read_key(path: Path) -> Key:
    """Return the key in a file.

    Raises
    ------
    FolderError
        If it cannot be read, is none, or is damaged.
    """
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        return _key(record)
    except OSError as error:
        raise FolderError(f"The key {path.name} cannot be read ({error.strerror or error}).") from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise FolderError(
            f"{path.name} is no key that project.pseudonymize wrote, or it is damaged. Nothing was changed."
        ) from None


def _key(record: Any) -> Key:
    """Return the key of a record; one of another shape raises an error that `read_key` expects."""
    if _fits(record, dict)["qualcode key"] != 1:
        raise ValueError("another key")
    return Key(
        _fits(record["study"], str),
        _fits(record["made"], str),
        _texts(record["names"]),
        {source: _source(held) for source, held in _fits(record["sources"], dict).items()},
        {id_: (_place(was), _place(now)) for id_, (was, now) in _fits(record["codings"], dict).items()},
    )


def _source(held: Any) -> KeySource:
    title = tuple(_fits(part, str) for part in _fits(held["title"], list))
    if len(title) not in (0, 2):
        raise ValueError("a title")
    return KeySource(
        {version: _text(text) for version, text in _fits(held["texts"], dict).items()},
        title,
        _fits(held["file"], str),
        [_texts({"source": "", "speaker": "", **row}) for row in _fits(held["speakers"], list)],
    )


def _text(held: Any) -> KeyText:
    words: Words = []
    at = 0
    for start, end, word in _fits(held["words"], list):
        if not at <= _fits(start, int) < _fits(end, int):
            raise ValueError("places out of order")
        words.append((start, end, _fits(word, str)))
        at = end
    labels = {number: (_fits(was, str), _fits(now, str)) for number, (was, now) in held["labels"].items()}
    return KeyText(_fits(held["now"], str), words, labels)


def _place(held: Any) -> Place:
    version, start, end = held
    if not 0 <= _fits(start, int) < _fits(end, int):
        raise ValueError("a place")
    return _fits(version, str), start, end


def _texts(held: Any) -> dict[str, str]:
    return {_fits(key, str): _fits(value, str) for key, value in _fits(held, dict).items()}


def _fits(value: Any, kind: type) -> Any:
    if not isinstance(value, kind) or isinstance(value, bool):
        raise TypeError(f"{kind.__name__} expected")
    return value
