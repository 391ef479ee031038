"""Looking through every file of a study folder for what should not be there any more: names, words, ids."""

from __future__ import annotations

import contextlib
import json
import os
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qualcode import folder as paths
from qualcode.errors import FolderError
from qualcode.folder import Folder
from qualcode.verbs._hidden import source_of, words_of

if TYPE_CHECKING:
    from qualcode.readers._pseudonyms import Names

CACHES = ("data/transcripts/.cache", "data/.cache")
"""What is made from texts and can be made again."""

_NOT_OURS = frozenset({".git", ".venv"})
_OF_THE_SYSTEM = frozenset({".ds_store", "thumbs.db", "desktop.ini"})
_PACKED = (b"PK\x03\x04", b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"{\\rtf")


def every_file(folder: Folder) -> list[str]:
    """Return every file below a study folder, also hidden ones and those that are no part of the study.

    Left out are git's own (its history is named in words) and what waits in .pending.
    """
    found = []
    for root, names, files in os.walk(folder.path):
        names[:] = sorted(name for name in names if name not in _NOT_OURS)
        inside = Path(root).relative_to(folder.path).as_posix()
        found += [name if inside == "." else f"{inside}/{name}" for name in files]
    return sorted(
        file
        for file in found
        if not file.startswith(f"{paths.PENDING}/") and file.rsplit("/", 1)[-1].lower() not in _OF_THE_SYSTEM
    )


def empty_caches(folder: Folder, tells: Callable[[str], bool]) -> None:
    """Remove what is kept of texts only to be quicker, where it tells of what must not stay or cannot be searched.

    It is no part of the write that follows: no harm where that is then not done.
    """
    for file in folder.list_files(CACHES):
        with contextlib.suppress(OSError):  # else it is found when the folder is searched
            text, sure = searchable(file, folder.read(file) or b"")
            if not sure or tells(text):
                folder.full(file).unlink(missing_ok=True)


def is_hidden_data(file: str, content: bytes | None) -> bool:
    """Whether a file below data/raw is hidden data that was kept on purpose, which can be searched."""
    return file.endswith("-hidden.json") and bool(source_of(content))


def searchable(file: str, content: bytes) -> tuple[str, bool]:
    r"""Return the words of a file, and whether all of them can be seen.

    Examples
    --------
    >>> searchable("exports/a.csv", b"Mar\xeda"), searchable("a.xlsx", b"PK\x03\x04..")
    (('María', False), ('', False))
    >>> searchable("notebooks/a.ipynb", b'{"cells": ["Mar\\u00eda"]}')
    ('cells\nMaría', True)
    """
    if content.startswith(_PACKED):
        return "", False
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace"), True
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1"), False
    if file.startswith(paths.RAW):
        return words_of(content), True
    if file.endswith((".ipynb", ".json")):
        try:
            return "\n".join(_strings(json.loads(text))), True
        except (ValueError, RecursionError):
            pass
    return text, "\0" not in text


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield str(key)
            yield from _strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each)


def contents(folder: Folder, changed: Mapping[str, bytes | None]) -> Iterator[tuple[str, bytes]]:
    """Yield every file with its bytes as a rewriting leaves them; those that go are left out."""
    for file in sorted({*every_file(folder), *changed}):
        if file in changed:
            content = changed[file]
        else:
            try:
                content = folder.read(file)
            except FolderError:
                content = b"\0"  # nobody can look into it
        if content is not None:
            yield file, content


@dataclass(frozen=True)
class Trace:
    """Whether names stand in a text: how clearly, and whose.

    Parameters
    ----------
    how
        "" for a whole word as it was given, else how it is written.
    pseudonyms
        The pseudonyms of the names.
    count
        In how many places.
    """

    how: str
    pseudonyms: tuple[str, ...]
    count: int


SMALL, LONGER, ACCENTS = "in small letters", "inside a longer word", "with other accents"


def words_of_path(file: str) -> str:
    """Return the words in the path of a file, which may be a name as well.

    Examples
    --------
    >>> words_of_path("data/transcripts/Maria-1.txt")
    'data transcripts Maria 1 txt'
    """
    return re.sub(r"[/._-]", " ", file)


def trace_of(names: Names, text: str) -> Trace | None:
    """Return how names stand in a text, None where they do not.

    Letters inside a longer word count where they look like the name: with a capital, or five and more.

    Examples
    --------
    >>> from qualcode.readers._pseudonyms import Names
    >>> names = Names({"Maria": "P1", "Al": "P2"})
    >>> trace_of(names, "Ask Maria."), trace_of(names, "marias boss"), trace_of(names, "also")
    (Trace(how='', pseudonyms=('P1',), count=1), Trace(how='inside a longer word', pseudonyms=('P1',), count=1), None)
    """
    found = names.find(text)
    if found:
        how = SMALL if all(place.small for place in found) else ""
        return Trace(how, tuple(sorted({place.pseudonym for place in found})), len(found))
    letters = {name.pseudonym: name.letters for name in names.names}
    left = [
        each for each in names.left(text, found) if each.whole or each.capital or letters[each.pseudonym] >= 5
    ]
    if not left:
        return None
    how = ACCENTS if all(each.whole for each in left) else LONGER
    return Trace(how, tuple(sorted({each.pseudonym for each in left})), len(left))


def tokens_in(text: str, tokens: Collection[str]) -> bool:
    """Whether one of some ids stands in a text: as such, not as a part of a longer one.

    Examples
    --------
    >>> tokens_in("case,P10", ["P1"]), tokens_in("case:P1", ["P1"]), tokens_in("P1-b", ["P1"])
    (False, True, False)
    >>> tokens_in("of Ana Lima.", ["Ana Lima"]), tokens_in("of Ana Limas", ["Ana Lima"])
    (True, False)
    """
    plain = {token for token in tokens if _ID.fullmatch(token)}
    if not plain.isdisjoint(_ID.findall(text)):
        return True
    others = [re.escape(token) for token in tokens if token and token not in plain]
    return any(re.search(rf"(?<![\w-]){other}(?![\w-])", text) for other in others)


_ID = re.compile(r"[\w-]+")
