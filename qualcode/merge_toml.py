"""Three-way merge of the TOML files of a study, key by key, with the comments of both sides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import tomlkit
import tomlkit.exceptions
from tomlkit.container import Container
from tomlkit.items import AbstractTable, AoT, Comment, Item, SingleKey, Table

from qualcode.csvtext import decode
from qualcode.errors import FileProblems, Problem
from qualcode.merge_comments import Comments, merge_comments
from qualcode.merge_values import each, merge_list, merge_order, pick, shown

Path = tuple[str, ...]


@dataclass
class _Tree:
    """A TOML table: its values as written, its tables, and the order of both."""

    values: dict[str, tuple[Any, str]] = field(default_factory=dict)  # key -> (value, its spelling)
    tables: dict[str, _Tree] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)

    def entry(self, key: str) -> tuple[Any, str] | None:
        return self.values.get(key)

    def order_of(self, kind: Mapping[str, Any]) -> list[str]:
        return [key for key in self.order if key in kind]


def merge_toml(
    path: str,
    base: bytes | None,
    ours: bytes,
    theirs: bytes,
    notes: list[str],
    together: Sequence[tuple[str, ...]] = (),
) -> bytes:
    """Return the merged bytes of a TOML file.

    Parameters
    ----------
    together
        Keys of the top that only make sense as one: the version of a text and its length.
    """
    sides = each((base or b"", ours, theirs), lambda content: _read(content, path))
    comments = merge_comments(*each(sides, lambda side: side[1]))
    merged = _merge(path, (), *each(sides, lambda side: side[0]), notes, together)
    return "".join(_lines(merged, (), comments)).encode("utf-8")


def _read(content: bytes, path: str) -> tuple[_Tree, Comments]:
    text = decode(content, path)
    try:
        document = tomlkit.parse(text)
    except tomlkit.exceptions.ParseError as error:
        reason = str(error).split(" at line")[0]
        raise FileProblems(
            [Problem(path, str(error.line), f"is not TOML: {reason}", "correct the line")]
        ) from None
    tree, comments = _Tree(), Comments()
    waiting: list[str] = []
    _walk(document, (), tree, comments, waiting)
    comments.above[()] = tuple(waiting)
    return tree, comments


def _walk(container: Container, at: Path, tree: _Tree, comments: Comments, waiting: list[str]) -> None:
    """Collect values and comments in the order of the file; a comment belongs to what follows it."""
    for key, item in container.body:
        if isinstance(item, Comment):
            waiting.append(item.as_string().strip())
        if key is None:
            continue
        here = (*at, *(part.key for part in key))
        if waiting:
            comments.above[here] = (*comments.above.get(here, ()), *waiting)
            waiting.clear()
        if item.trivia.comment:
            comments.beside[here] = item.trivia.comment
        _put(tree, here[len(at) :], item, here, comments, waiting)


def _put(tree: _Tree, keys: Path, item: Item, here: Path, comments: Comments, waiting: list[str]) -> None:
    key, *rest = keys
    if key not in tree.order:
        tree.order.append(key)
    if rest:
        _put(tree.tables.setdefault(key, _Tree()), tuple(rest), item, here, comments, waiting)
    elif isinstance(item, AbstractTable) and isinstance(item, Table):
        _walk(item.value, here, tree.tables.setdefault(key, _Tree()), comments, waiting)
    elif isinstance(item, AoT):
        tree.values[key] = item.unwrap(), _spelled(item.unwrap())
    else:
        tree.values[key] = item.unwrap(), item.as_string()


def _spelled(value: Any) -> str:
    """Return a value on one line."""
    if isinstance(value, Mapping):
        inside = ", ".join(f"{SingleKey(key).as_string()} = {_spelled(part)}" for key, part in value.items())
        return "{" + inside + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_spelled(part) for part in value) + "]"
    return str(tomlkit.item(value).as_string())


def _merge(
    path: str,
    at: Path,
    base: _Tree,
    ours: _Tree,
    theirs: _Tree,
    notes: list[str],
    together: Sequence[tuple[str, ...]] = (),
) -> _Tree:
    merged = _Tree()
    for key in sorted({*ours.tables, *theirs.tables}):
        table = _merge_part(path, (*at, key), base, ours, theirs, notes)
        if table is not None:
            merged.tables[key] = table
    grouped = {key: group for group in together for key in group}
    for key in sorted({*ours.values, *theirs.values} - set(merged.tables)):
        group = grouped.get(key, (key,))
        if group[0] == key or group[0] not in {*ours.values, *theirs.values}:
            for member, value in _merge_values(path, at, group, base, ours, theirs, notes).items():
                merged.values[member] = value
    # A key can be a value in one copy and a table in the other. TOML writes values before tables, so its
    # place among the one says nothing about its place among the other: each kind has an order of its own.
    values = each((base, ours, theirs), lambda side: side.order_of(side.values))
    tables = each((base, ours, theirs), lambda side: side.order_of(side.tables))
    merged.order = [*merge_order(*values, set(merged.values)), *merge_order(*tables, set(merged.tables))]
    return merged


def _merge_part(
    path: str, at: Path, base: _Tree, ours: _Tree, theirs: _Tree, notes: list[str]
) -> _Tree | None:
    """Return the merged table at a key, or None where one side removed it and the other left it alone."""
    key = at[-1]
    b, o, t = (tree.tables.get(key) for tree in (base, ours, theirs))
    if o is not None and t is not None:
        return _merge(path, at, b or _Tree(), o, t, notes)
    one = o if o is not None else t
    if one is None or b is None:
        return one
    if _plain(one) == _plain(b):
        return None
    notes.append(f"{path}: [{'.'.join(at)}] was removed in one copy and changed in the other; it stays.")
    return one


def _plain(tree: _Tree) -> dict[str, Any]:
    return {key: value for key, (value, _) in tree.values.items()} | {
        key: _plain(table) for key, table in tree.tables.items()
    }


def _merge_values(
    path: str, at: Path, group: tuple[str, ...], base: _Tree, ours: _Tree, theirs: _Tree, notes: list[str]
) -> dict[str, tuple[Any, str]]:
    sides = [[tree.entry(key) for key in group] for tree in (base, ours, theirs)]
    values: list[list[Any]] = [[None if entry is None else entry[0] for entry in side] for side in sides]
    if len(group) == 1 and all(_is_list_of_words(side[0]) for side in values[1:]):
        listed = merge_list(values[0][0] or [], values[1][0], values[2][0])
        if listed not in (values[1][0], values[2][0]):
            return {group[0]: (listed, _spelled(listed))}
    chosen, clash = pick(values[0], values[1], values[2])
    if clash:
        lost = values[2] if chosen == values[1] else values[1]
        at_odds = [i for i in range(len(group)) if chosen[i] != lost[i]]
        name = ".".join((*at, "/".join(group[i] for i in at_odds)))
        stays, goes = (_together([side[i] for i in at_odds]) for side in (chosen, lost))
        notes.append(f"{path}: {name} was changed in both copies, to {stays} and {goes}; {stays} stays.")
    # One value can be spelled in two ways ("a" and 'a'); that choice must not depend on the side either.
    spelled = [
        [None if entry is None else entry[1] for entry in side]
        for side, value in zip(sides, values, strict=True)
        if value == chosen
    ]
    words = pick(spelled[0], spelled[1], spelled[2])[0] if len(spelled) == 3 else max(spelled, key=str)
    return {
        key: (value, spelling)
        for key, value, spelling in zip(group, chosen, words, strict=True)
        if spelling is not None
    }


def _is_list_of_words(value: Any) -> bool:
    return (
        isinstance(value, list) and all(isinstance(v, str) for v in value) and len(set(value)) == len(value)
    )


def _together(values: list[Any]) -> str:
    return " - ".join(shown(value) for value in values)


def _lines(tree: _Tree, at: Path, comments: Comments) -> list[str]:
    """Return the lines of a table: comments, values, then the tables inside."""
    lines: list[str] = []
    for key in (key for key in tree.order if key in tree.values):
        here = (*at, key)
        lines += [f"{line}\n" for line in comments.above.get(here, ())]
        beside = f"  {comments.beside[here]}" if here in comments.beside else ""
        lines.append(f"{SingleKey(key).as_string()} = {tree.values[key][1]}{beside}\n")
    for key in (key for key in tree.order if key in tree.tables):
        here, table = (*at, key), tree.tables[key]
        above = [f"{line}\n" for line in comments.above.get(here, ())]
        beside = f"  {comments.beside[here]}" if here in comments.beside else ""
        inside = _lines(table, here, comments)
        if table.values or not table.tables or above or beside:
            header = f"[{'.'.join(SingleKey(part).as_string() for part in here)}]{beside}\n"
            inside = [*(["\n"] if lines or at else []), *above, header, *inside]
        lines += inside
    if not at:
        lines += [f"{line}\n" for line in comments.above.get((), ())]
    return lines
