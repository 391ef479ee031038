"""Which lines of a YAML file belong to which entry, comments included.

A block of entries is cut so that every line has one owner::

    codes:                    entry "codes"
      # the first of all      lead of item 0     (a comment belongs to what follows it ...)
      - name: Trust           item 0, entry "name"
        note: ask Ana         item 0, entry "note"
          # or Ben            item 0, entry "note"  (... unless it is set in deeper than what follows)

      - name: Delay           item 1 (with its blank line as lead)
"""

from __future__ import annotations

from dataclasses import dataclass, field

from qualcode.yaml_nodes import Node


@dataclass
class Entry:
    """A key with its value.

    Parameters
    ----------
    key, node
        What it is.
    lead
        Comments and blank lines above it.
    lines
        Its own lines, without comments below; of a list of items only the line with the key.
    items
        The items, where the value is a list in block style.
    after
        Comments below that are set in deeper.
    """

    key: str
    node: Node
    lead: list[str]
    lines: list[str]
    items: list[Item] = field(default_factory=list)
    after: list[str] = field(default_factory=list)

    @property
    def comment(self) -> str:
        """The comment beside the value, or beside the key of a text in block style."""
        node = self.node
        if node.kind == "list" and not node.flow and not node.shared:
            rest = self.lines[0].partition(":")[2]
        elif node.kind == "text" and node.flow:
            rest = self.lines[0].partition(":")[2].lstrip(" |>+-123456789")
        else:
            offset = node.end_line - node.line
            line = self.lines[offset] if offset < len(self.lines) else ""
            rest = line[node.end_column :]
        rest = rest.strip()
        return rest if rest.startswith("#") else ""


@dataclass
class Item:
    """An item of a list: "- name: Trust" and what belongs to it.

    Parameters
    ----------
    node
        What it is.
    dash
        Column of the dash.
    lead
        Comments and blank lines above it.
    lines
        All its lines, the last ones are comments of its own.
    head
        Lines with the dash but no key.
    entries
        Its entries, the dash of the first replaced by a blank; empty where it is written in brackets.
    tail
        Comments after its last entry.
    """

    node: Node
    dash: int
    lead: list[str]
    lines: list[str]
    head: list[str] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    tail: list[str] = field(default_factory=list)


def map_entries(lines: list[str], node: Node, start: int, limit: int) -> tuple[list[Entry], int]:
    """Return the entries of a mapping in block style and the line after them.

    Parameters
    ----------
    lines
        The whole text.
    node
        The mapping.
    start, limit
        The lines that belong to it: from, up to but without.
    """
    entries = []
    at = start
    for number, (key, value) in enumerate(node.pairs):
        following = node.pairs[number + 1][0].line if number + 1 < len(node.pairs) else limit
        last = max(key.end_line, value.last_line)
        end = _own_comments(lines, last + 1, following, key.column)
        entry = Entry(
            key.text, value, lines[at : key.line], lines[key.line : last + 1], [], lines[last + 1 : end]
        )
        if value.kind == "list" and value.items and not value.flow and not value.shared:
            entry.items, after = _items(lines, value, key.line + 1, end)
            entry.after = lines[after:end]
            entry.lines = lines[key.line : key.line + 1]
        entries.append(entry)
        at = end
    return entries, at


def _items(lines: list[str], node: Node, start: int, limit: int) -> tuple[list[Item], int]:
    items = []
    at = start
    dashes = [_dash_line(lines, item, node.column, start) for item in node.items]
    for number, (inner, dash_line) in enumerate(zip(node.items, dashes, strict=True)):
        following = dashes[number + 1] if number + 1 < len(dashes) else limit
        end = _own_comments(lines, max(inner.last_line, dash_line) + 1, following, node.column)
        item = Item(inner, node.column, lines[at:dash_line], lines[dash_line:end])
        if inner.kind == "map" and inner.pairs and not inner.flow and not inner.shared:
            first = inner.pairs[0][0].line
            own = lines[:end]
            if first == dash_line:
                line = own[dash_line]
                own[dash_line] = line[: node.column] + " " + line[node.column + 1 :]
            item.entries, after = map_entries(own, inner, first, end)
            item.head = lines[dash_line:first]
            item.tail = lines[after:end]
        items.append(item)
        at = end
    return items, at


def _dash_line(lines: list[str], item: Node, column: int, start: int) -> int:
    number = item.line
    while number > start and lines[number][column : column + 1] != "-":
        number -= 1
    return number


def _own_comments(lines: list[str], start: int, limit: int, column: int) -> int:
    """Return the line after the comments that are set in deeper than a column."""
    end = start
    for number in range(start, limit):
        line = lines[number]
        if line.strip():
            if len(line) - len(line.lstrip(" ")) <= column:
                break
            end = number + 1
    return end


def shifted(lines: list[str], by: int) -> list[str]:
    """Return lines set in by some more blanks, or fewer."""
    if by >= 0:
        return [" " * by + line if line.strip() else line for line in lines]
    return [line[min(-by, len(line) - len(line.lstrip(" "))) :] for line in lines]
