"""What check finds in files that people may edit by hand: what they said, and say no more.

Their bytes need not be those that qualcode wrote: another order, quotation marks, comments and line ends change
nothing. What somebody added or changed there counts as meant; a line or key that is gone may be a slip of the hand.
What only qualcode knows (the hash of a file, the versions of a text) nobody changes by hand.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from qualcode import folder as paths
from qualcode.check_files import Files
from qualcode.csvtext import decode, not_too_deep, parse_csv
from qualcode.errors import FileProblems, Problem
from qualcode.told import Told

_KEYS: Mapping[str, tuple[str, ...]] = {paths.CASES: ("case",), paths.SPEAKERS: ("source", "speaker")}

_OURS: Mapping[str, frozenset[str]] = {
    "data/sources/": frozenset(
        {
            *("file", "sha256", "length", "imported_from", "added", "version", "versions"),
            *("replaced", "corrected", "pseudonyms", "kept"),
        }
    ),
    "data/coders/": frozenset({"kind", "model", "version", "settings"}),
}
"""Keys that only qualcode writes."""


def check_said(files: Files, told: Told, file: str) -> Iterator[Problem]:
    """Find what a table or settings said after the last step, and say no more.

    Parameters
    ----------
    files
        The files of the study.
    told
        What the logs tell.
    file
        Which of them to look into; others than tables of cases and speakers and TOML files have nothing to compare.
    """
    state, content = told.state(file), files.read(file)
    if state is None or content is None or paths.digest(content) == state:
        return
    kept = paths.state_file(state)
    before = files.read(kept)
    try:
        if before is None:
            return
        if file in _KEYS:
            yield from _rows_gone(file, before, content)
        elif file == paths.SETTINGS or file.startswith(tuple(_OURS)):
            yield from _keys(file, before, content)
    except (FileProblems, tomllib.TOMLDecodeError):
        return  # said elsewhere


def _rows_gone(file: str, before: bytes, content: bytes) -> Iterator[Problem]:
    (old_header, old), (header, new) = _table(file, before), _table(file, content)
    fix = "write it again; where you took it out yourself, the next step of anybody takes the table as it is"
    for key in old:
        if key not in new:
            named = ", ".join(repr(part) for part in key)
            yield Problem(file, "", f"the line of {named} is gone, and no step removed it", fix)
    for name in old_header:
        if name not in header and any(row.get(name) for row in old.values()):
            yield Problem(file, "1", f"the column {name!r} is gone, and no step removed it", fix)


def _table(file: str, content: bytes) -> tuple[list[str], dict[tuple[str, ...], dict[str, str]]]:
    header, values, _ = parse_csv(content, file, _KEYS[file])
    rows = [dict(zip(header, row, strict=True)) for row in values]
    return header, {tuple(row[name] for name in _KEYS[file]): row for row in rows}


def _keys(file: str, before: bytes, content: bytes) -> Iterator[Problem]:
    old, new = _said(before), _said(content)
    ours = next((keys for folder, keys in _OURS.items() if file.startswith(folder)), frozenset())
    for key, value in old.items():
        shown = f"{key.rpartition('.')[2]} = {value!r}" if len(repr(value)) < 60 else "it"
        if key not in new and key.startswith("attributes."):
            what = f"the attribute {key.removeprefix('attributes.')!r} is declared no more; its values count as text now"
            yield Problem(file, "attributes", what, f"write {shown} again")
        elif key not in new:
            yield Problem(file, key, "is gone, and no step removed it", f"write {shown} again")
        elif new[key] != value and key.partition(".")[0] in ours:
            yield Problem(file, key, "was changed by no step", f"write {shown} again")


def _said(content: bytes) -> dict[str, Any]:
    """Return key to value; the keys of a table as table.key."""
    with not_too_deep(""):
        record = tomllib.loads(decode(content, ""))
    tables = {key: value for key, value in record.items() if isinstance(value, dict)}
    plain = {key: value for key, value in record.items() if key not in tables}
    return plain | {f"{name}.{key}": value for name, table in tables.items() for key, value in table.items()}
