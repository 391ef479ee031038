"""Writing a codebook as YAML, into the text that was there: only the lines of what changed are touched.

What is unchanged is copied line by line, with its comments, its order and its way of quoting. What is
new is written the way the file does it already.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from qualcode.codebook import Codebook, default_codebook
from qualcode.codebook_values import Code, Facet
from qualcode.codebook_yaml import Reading, read_yaml
from qualcode.errors import FileProblems
from qualcode.slug import slug
from qualcode.yaml_layout import Entry, Item, map_entries, shifted
from qualcode.yaml_nodes import write_entry, write_item, write_text

Record = dict[str, Any]
"""The filled fields of a facet or a code as YAML values, in the order in which they are written."""

_ORDER = (
    "title", "version", "id", "name", "parent", "exclusive", "scale", "aliases", "definition", "include", "exclude",
    "examples", "note", "colour", "key", "icon", "codable", "counts_as", "merged_into", "split_into", "retired",
    "in_vivo",
)  # fmt: skip
_LAST = ("codes", "facets")


def write_yaml(
    codebook: Codebook,
    previous: str | None = None,
    file: str = "codebook.yaml",
    pinned: frozenset[str] = frozenset(),
) -> str:
    """Return the text of a codebook; see `qualcode.codebook_file.codebook_to_yaml`.

    Parameters
    ----------
    pinned
        Ids of codes that must stand in the text, even where they could be made from the name.
    """
    if previous is None or not previous.strip():
        return "\n".join(_Writer(codebook).document()) + "\n"
    bom = "\ufeff" if previous.startswith("\ufeff") else ""
    windows = "\r\n" in previous
    text = previous.removeprefix("\ufeff").replace("\r\n", "\n")
    reading = read_yaml(text, file)
    pinned = frozenset(code for code in pinned if not states_id(reading, code))
    if reading.codebook == codebook and not pinned:
        return previous
    written = "\n".join(_Writer(codebook, reading, text, pinned).document()) + "\n"
    if not _says(written, codebook, file):
        # Anchors and other rare devices tie lines together: write the whole anew.
        written = "\n".join([*_leading_comments(text), *_Writer(codebook).document()]) + "\n"
    return bom + (written.replace("\n", "\r\n") if windows else written)


def states_id(reading: Reading, code: str) -> bool:
    """Whether the id of a code stands in the text, so that it stays when somebody edits the name."""
    node = reading.codes.get(code)
    return node is not None and any(key.text == "id" for key, _ in node.pairs)


def _says(text: str, codebook: Codebook, file: str) -> bool:
    try:
        return read_yaml(text, file).codebook == codebook
    except FileProblems:
        return False


def _leading_comments(text: str) -> list[str]:
    lines = []
    for line in text.split("\n"):
        if line.strip() and not line.startswith("#"):
            break
        lines.append(line)
    return lines


def code_record(code: Code, inside: str | None) -> Record:
    """Return the filled fields of a code; the parent only where it is not the code it is written in."""
    record: Record = {"id": code.id, "name": code.name}
    if code.parent != inside:
        record["parent"] = code.parent
    for name in ("aliases", "definition", "include", "exclude"):
        record[name] = _plain(getattr(code, name))
    record["examples"] = [str(example) for example in code.examples]
    for name in ("note", "colour", "key", "icon"):
        record[name] = getattr(code, name)
    if not code.codable:
        record["codable"] = False
    for name in ("counts_as", "merged_into", "split_into"):
        record[name] = _plain(getattr(code, name))
    if code.retired and not code.merged_into and not code.split_into:
        record["retired"] = True
    if code.in_vivo:
        record["in_vivo"] = True
    return {key: value for key, value in {**record, **code.extra}.items() if value not in ("", None, [])}


def facet_record(facet: Facet) -> Record:
    """Return the filled fields of a facet."""
    record: Record = {"id": facet.id, "name": facet.name}
    if facet.exclusive:
        record["exclusive"] = True
    record |= {"scale": list(facet.scale), "note": facet.note, **facet.extra}
    return {key: value for key, value in record.items() if value not in ("", [])}


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


class _Writer:
    """Writes one codebook, with or without a text that was there."""

    def __init__(
        self,
        codebook: Codebook,
        reading: Reading | None = None,
        text: str = "",
        pinned: frozenset[str] = frozenset(),
    ) -> None:
        self.new = codebook
        self.pinned = pinned
        self.old = reading.codebook if reading else Codebook()
        self.old_codes = {code.id: code for code in self.old.codes}
        self.items: dict[int, Item] = {}
        self.nodes = (reading.facets, reading.codes) if reading else ({}, {})
        self.inside = reading.inside if reading else {}
        self.entries: list[Entry] = []
        self.tail: list[str] = []
        self.offset = 2
        if reading and reading.root.pairs and not reading.root.flow:
            lines = text.removesuffix("\n").split("\n")
            self.entries, after = map_entries(lines, reading.root, 0, len(lines))
            self.tail = lines[after:]
            self._index(self.entries, 0)
        self.old_facets = {facet.id: facet for facet in self.old.facets}
        self.old_below = self._below(self.old)
        self.new_below = self._below(self.new)
        self.same: dict[str, bool] = {}

    def _index(self, entries: list[Entry], column: int) -> None:
        for entry in entries:
            if entry.key not in _LAST or not entry.items:
                continue
            self.offset = entry.items[0].dash - column
            for item in entry.items:
                self.items[id(item.node)] = item
                if item.entries:
                    self._index(item.entries, item.node.pairs[0][0].column)

    def _below(self, book: Codebook) -> dict[tuple[str, str], list[Code]]:
        """Return facet or code to the codes that are written in it."""
        below: dict[tuple[str, str], list[Code]] = {}
        for code in book.codes:
            inside = self._container(code)
            key = ("facet", code.facet) if inside is None else ("code", inside)
            below.setdefault(key, []).append(code)
        return below

    def _container(self, code: Code) -> str | None:
        """Return the code in which a code is written; a list with `parent:` keys stays one."""
        before = self.old_codes.get(code.id)
        if before is not None and (before.parent, before.facet) == (code.parent, code.facet):
            return self.inside[code.id]
        return code.parent

    # -- the document ----------------------------------------------------------------------------

    def document(self) -> list[str]:
        old = {"title": self.old.title, "version": self.old.version, **self.old.extra}
        new = {"title": self.new.title, "version": self.new.version, **self.new.extra}
        plain = any(entry.key == "codes" for entry in self.entries)
        if plain and self.new.facets == default_codebook().facets:
            children: list[Any] = self.new_below.get(("facet", self.new.facets[0].id), [])
            made = self._rebuilt(self.entries, _filled(old), _filled(new), "codes", children, 0, 0)
        else:
            entries = [] if plain else self.entries
            made = self._rebuilt(entries, _filled(old), _filled(new), "facets", list(self.new.facets), 0, 0)
            if not self.new.facets and not any(entry.key == "facets" for entry in entries):
                made.append("facets: []")
        return made + self.tail

    def _item(self, each: Facet | Code) -> Item | None:
        node = self.nodes[0 if isinstance(each, Facet) else 1].get(each.id)
        return None if node is None else self.items.get(id(node))

    def _children(self, each: Facet | Code) -> list[Code]:
        return self.new_below.get(("facet" if isinstance(each, Facet) else "code", each.id), [])

    def _unchanged(self, each: Facet | Code) -> bool:
        kind = "facet" if isinstance(each, Facet) else "code"
        key = f"{kind}:{each.id}"
        if key not in self.same:
            known = self.old_facets if isinstance(each, Facet) else self.old_codes
            before, after = self.old_below.get((kind, each.id), []), self._children(each)
            self.same[key] = (
                known.get(each.id) == each
                and not (kind == "code" and each.id in self.pinned)
                and [code.id for code in before] == [code.id for code in after]
                and all(self._unchanged(code) for code in after)
            )
        return self.same[key]

    # -- facets and codes ------------------------------------------------------------------------

    def _write(self, each: Facet | Code, dash: int) -> list[str]:
        """Return the lines of a facet or a code with all in it, its comments above first."""
        item = self._item(each)
        if item is not None and self._unchanged(each):
            return shifted([*item.lead, *item.lines], dash - item.dash)
        new = facet_record(each) if isinstance(each, Facet) else code_record(each, self._container(each))
        if item is None or not item.entries:
            made = self._rebuilt([], {}, new, "codes", self._children(each), dash + 2, 0)
            if item is None:
                return _dashed(made, dash)
            made = _with_comment(made, item, dash + 2)
            return [*shifted(item.lead, dash - item.dash), *_dashed(made, dash)]
        if isinstance(each, Facet):
            old = facet_record(self.old_facets[each.id])
        else:
            old = code_record(self.old_codes[each.id], self.inside[each.id])
        by = dash - item.dash
        column = item.node.pairs[0][0].column + by
        made = self._rebuilt(item.entries, old, new, "codes", self._children(each), column, by)
        made = shifted(item.head, by) + made if item.head else _dashed(made, dash)
        return [*shifted(item.lead, by), *made, *shifted(item.tail, by)]

    def _rebuilt(
        self, entries: list[Entry], old: Record, new: Record, below: str, children: Sequence[Facet | Code],
        column: int, by: int,
    ) -> list[str]:  # fmt: skip
        """Return the lines of the entries of a facet, a code or the document."""
        made: list[tuple[str, list[str]]] = []
        carried: list[str] = []  # comments above an entry that goes stay for the next one
        for entry in entries:
            lead = carried + shifted(entry.lead, by)
            carried = []
            key = entry.key
            if key == below and (children or entry.items):
                lines = self._write_children(entry, below, children, column, by) if children else []
            elif key in new and new[key] != old.get(key):
                lines = _changed(entry, new[key], old.get(key), column, by)
            elif key in old and key not in new:
                lines = []
            else:
                lines = shifted(entry.lines, by)
                lines += [line for i in entry.items for line in shifted([*i.lead, *i.lines], by)]
                lines += shifted(entry.after, by)
            if lines:
                made.append((key, lead + lines))
            else:
                carried = lead
        there = {entry.key for entry in entries}
        for key, value in new.items():
            derived = slug(new.get("name", ""), lower=True) == value and value not in self.pinned
            implied = key in old and old[key] == value and (key != "id" or derived)
            if key not in there and not (implied and entries):
                _insert(made, key, write_entry(key, value, column))
        if children and below not in there:
            made.append((below, self._write_children(None, below, children, column, by)))
        return [line for _, lines in made for line in lines] + carried

    def _write_children(
        self, entry: Entry | None, below: str, children: Sequence[Facet | Code], column: int, by: int
    ) -> list[str]:
        if entry is not None and entry.items:
            lines, dash = shifted(entry.lines, by), entry.items[0].dash + by
            spaced = len(entry.items) > 1 and all(item.lead[:1] == [""] for item in entry.items[1:])
            here = [id(item) for item in entry.items]
        else:
            comment = f"  {entry.comment}" if entry is not None and entry.comment else ""
            lines, dash = [f"{' ' * column}{below}:{comment}"], column + self.offset
            spaced, here = below == "facets", []
        for number, child in enumerate(children):
            written = self._write(child, dash)
            if id(self._item(child)) not in here[: 1 if number == 0 else None]:
                while written and not written[0].strip():
                    written = written[1:]
            if spaced and number and written[0].strip() and id(self._item(child)) not in here[1:]:
                written = ["", *written]
            lines += written
        return lines + (shifted(entry.after, by) if entry is not None else [])


def _with_comment(made: list[str], item: Item, column: int) -> list[str]:
    """Return the lines of a code that was a name alone, with the comment that stood beside the name."""
    node = item.node
    if node.kind != "text" or node.flow or node.line != node.end_line or not item.lines:
        return made
    beside = item.lines[0][node.end_column :].strip()
    if not beside.startswith("#"):
        return made
    name = " " * column + "name: "
    return [f"{line}  {beside}" if line.startswith(name) else line for line in made]


def _filled(record: Record) -> Record:
    return {key: value for key, value in record.items() if value not in ("", [])}


def _dashed(lines: list[str], dash: int) -> list[str]:
    """Return lines with a dash before the first that is no comment."""
    for number, line in enumerate(lines):
        if line.strip() and not line.lstrip().startswith("#"):
            return [*lines[:number], line[:dash] + "-" + line[dash + 1 :], *lines[number + 1 :]]
    return lines


def _insert(made: list[tuple[str, list[str]]], key: str, lines: list[str]) -> None:
    """Put a new entry after those that come before it in the usual order."""

    def rank(name: str) -> int:
        if name in _LAST:
            return len(_ORDER) + 1
        return _ORDER.index(name) if name in _ORDER else len(_ORDER)

    at = 0
    for number, (name, _) in enumerate(made):
        if rank(name) <= rank(key):
            at = number + 1
    made.insert(at, (key, lines))


def _changed(entry: Entry, new: Any, old: Any, column: int, by: int) -> list[str]:
    """Return the lines of an entry with another value, in the manner of the old one."""
    node = entry.node
    after = shifted(entry.after, by)
    known = old if isinstance(old, list) and len(old) == len(node.items) else []
    if entry.items and isinstance(new, list):
        lines = shifted(entry.lines, by)
        for value in new:
            if value in known:
                item = entry.items[known.index(value)]
                lines += shifted([*item.lead, *item.lines], by)
            else:
                lines += write_item(value, node.column + by)
        return lines + after
    simple = isinstance(new, list) and all(isinstance(value, str) and "\n" not in value for value in new)
    if node.kind == "list" and node.flow and not node.shared and node.last_line == node.line and simple:
        # Keep the author's words for what stays, for example a name where we would write the id.
        words = [entry.lines[0][item.column : item.end_column] for item in node.items]
        parts = [words[known.index(v)] if v in known else write_text(v, flow=True) for v in new]
        comment = f"  {entry.comment}" if entry.comment else ""
        return [f"{' ' * column}{write_text(entry.key)}: [{', '.join(parts)}]{comment}", *after]
    return [*write_entry(entry.key, new, column, entry.comment), *after]
