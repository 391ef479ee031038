"""YAML as a tree of texts, lists and mappings that know their lines. Every scalar is text: `no`, `1e5`, `NA`.

The lines allow two things that a plain reader cannot do: name the place of a mistake in the words of
somebody who is no programmer, and change a file without touching the lines that stay
(`codebook_layout.py`). Anchors, aliases and merge keys are understood.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceStartEvent,
)

from qualcode.errors import FileProblems, Problem


@dataclass(slots=True)
class Node:
    """A piece of a YAML file.

    Parameters
    ----------
    kind
        "text", "list" or "map".
    line, column
        Where it begins, from 0.
    end_line, end_column
        Where it ends; of lists and maps in block style only the start of what follows.
    flow
        Whether it is written within brackets; for texts, whether it is a block (``|`` or ``>``).
    shared
        Whether it is written elsewhere, and here is an alias like ``*name``.
    text, items, pairs
        The content, by kind.
    size
        How many pieces it is, those inside it and those of its aliases included.
    """

    kind: str
    line: int
    column: int
    end_line: int
    end_column: int
    flow: bool = False
    shared: bool = False
    plain: bool = False
    text: str = ""
    items: list[Node] = field(default_factory=list)
    pairs: list[tuple[Node, Node]] = field(default_factory=list)
    size: int = 1

    @property
    def last_line(self) -> int:
        """The line of its last word, from 0."""
        if self.shared or self.flow or self.kind == "text":
            return self.end_line
        inner = self.items if self.kind == "list" else [node for pair in self.pairs for node in pair]
        return max((node.last_line for node in inner), default=self.line)


def parse_nodes(text: str, file: str) -> Node | None:
    r"""Return the one document of a YAML text, None where it is empty.

    Raises
    ------
    FileProblems
        If it is not YAML, with the line and what people usually did.

    Examples
    --------
    >>> parse_nodes("codable: no\n", "codebook.yaml").pairs[0][1].text
    'no'
    >>> parse_nodes("name: Trust: in data\n", "codebook.yaml")
    Traceback (most recent call last):
    ...
    qualcode.errors.FileProblems: codebook.yaml:1: a colon stands inside the text, or the line is set in too
    far (put a text with a colon in quotation marks, like name: "Trust: in data")
    """
    try:
        return _compose(text, file, pure=False)
    except YAMLError:
        pass  # the plain Python reader has the better messages, and the last word
    try:
        return _compose(text, file, pure=True)
    except YAMLError as error:
        raise FileProblems(_explained(error, text, file)) from None


def _compose(text: str, file: str, pure: bool) -> Node | None:
    lines = text.split("\n")
    events = YAML(typ="base", pure=pure).parse(text)
    composer = _Composer(events, lines, file)
    root = None
    for event in events:
        if isinstance(event, DocumentStartEvent):
            if root is not None:
                line = str(event.start_mark.line + 1)
                message = "a second document begins here with '---'"
                raise FileProblems([Problem(file, line, message, "keep one codebook in a file")])
        elif isinstance(event, NodeEvent):
            root = composer.node(event)
        elif isinstance(event, DocumentEndEvent):
            continue
    if root is not None and root.kind == "text" and not root.text:
        return None
    if root is not None:
        _refuse_swallowed(root, lines, file)
    return root


def _refuse_swallowed(node: Node, lines: list[str], file: str) -> None:
    """Refuse a text that goes on in the next line with a dash: YAML makes one name of two entries."""
    for inner in (*node.items, *(each for pair in node.pairs for each in pair)):
        if not inner.shared:
            _refuse_swallowed(inner, lines, file)
    if not node.plain:
        return
    for number in range(node.line + 1, min(node.end_line + 1, len(lines))):
        line = lines[number].strip()
        if line.startswith("- ") or line == "-":
            message = "the line is set in too far, so that YAML reads it as part of the text above"
            fix = "begin the dash under the dash above"
            raise FileProblems([Problem(file, str(number + 1), message, fix)])


MOST_DEEP, MOST_COPIED = 200, 10_000
"""How deep lists stand in lists, and how many pieces come by aliases: more is no codebook, and would never end."""


class _Composer:
    """Makes nodes of events, one after the other."""

    def __init__(self, events: Iterator[Any], lines: list[str], file: str) -> None:
        self.events = events
        self.lines = lines
        self.file = file
        self.anchors: dict[str, Node] = {}
        self.copied = 0

    def node(self, event: Any, depth: int = 0) -> Node:
        start, end = event.start_mark, event.end_mark
        if depth > MOST_DEEP:
            message, fix = "nests too deeply to be a codebook", "close the brackets, or restore the file"
            raise FileProblems([Problem(self.file, str(start.line + 1), message, fix)])
        if isinstance(event, AliasEvent):
            return self.alias(event)
        if isinstance(event, ScalarEvent):
            block = event.style in ("|", ">")
            node = Node("text", start.line, start.column, end.line, end.column, block, text=event.value)
            node.plain = not event.style
            if block:
                node.end_line = _block_end(self.lines, start.line, end.line)
        else:
            kind = "map" if isinstance(event, MappingStartEvent) else "list"
            node = Node(kind, start.line, start.column, end.line, end.column, bool(event.flow_style))
            self.fill(node, isinstance(event, SequenceStartEvent), depth + 1)
        if event.anchor:
            self.anchors[event.anchor] = node
        return node

    def fill(self, node: Node, is_list: bool, depth: int) -> None:
        """Read what is inside a list or a mapping, up to its end."""
        while isinstance(inner := next(self.events), NodeEvent):
            if is_list:
                node.items.append(self.node(inner, depth))
                node.size += node.items[-1].size
                continue
            key = self.node(inner, depth)
            value = self.node(next(self.events), depth)
            if value.kind == "text" and value.plain and not value.text:
                # Where an empty value stands is told differently by different readers.
                value.line, value.column = key.end_line, key.end_column + 1
                value.end_line, value.end_column = value.line, value.column
            node.pairs.append((key, value))
            node.size += key.size + value.size
        node.end_line, node.end_column = inner.end_mark.line, inner.end_mark.column

    def alias(self, event: Any) -> Node:
        start, end = event.start_mark, event.end_mark
        line = str(start.line + 1)
        known = self.anchors.get(event.anchor)
        if known is None:
            message = f"a text may not begin with '*', and no '&{event.anchor}' stands above"
            raise FileProblems([Problem(self.file, line, message, "put the text in quotation marks")])
        self.copied += known.size
        if self.copied > MOST_COPIED:
            message = f"aliases such as '*{event.anchor}' stand for more than {MOST_COPIED:,} pieces"
            raise FileProblems([Problem(self.file, line, message, "write out what is meant")])
        return Node(
            known.kind, start.line, start.column, end.line, end.column, known.flow, True, False,
            known.text, known.items, known.pairs, known.size,
        )  # fmt: skip


def _block_end(lines: list[str], start: int, end: int) -> int:
    """Return the last line of a text in block style; what follows may be blank or comments set in less."""
    header = lines[start].split("#")[0]
    inner = 1 if re.search(r"[|>][-+]?[1-9]", header) else None  # the depth may be given
    last = start
    for number in range(start + 1, min(end + 1, len(lines))):
        line = lines[number]
        if not line.strip():
            continue
        depth = len(line) - len(line.lstrip(" "))
        inner = depth if inner is None else inner
        if depth < inner or (number == end and inner == 1):
            break
        last = number
    return last


_EXPLAINED = (
    ("\\t", "a tab stands where blanks must", "replace each tab by two blanks"),
    ("mapping values are not allowed", "a colon stands inside the text, or the line is set in too far",
     'put a text with a colon in quotation marks, like name: "Trust: in data"'),
    ("cannot start any token", "a text may not begin with this sign", "put the text in quotation marks"),
    ("while scanning an alias", "a text may not begin with '*'", "put the text in quotation marks"),
    ("while scanning an anchor", "a text may not begin with '&'", "put the text in quotation marks"),
    ("while scanning a quoted scalar", "a quotation mark is opened here and never closed",
     "close it; within \"...\" write \\\" for a quotation mark, within '...' write ''"),
    ("could not find expected ':'", "the line has no colon, or is set in too little",
     "write key: value, or set a text that goes on in by two more blanks"),
    ("while parsing a flow", "a list in [ ] or { } is not closed, or a text begins with a bracket",
     "close it; put a text that begins with a bracket in quotation marks"),
    ("while scanning a simple key", "the line has no colon, or is set in too little",
     "write key: value, or set a text that goes on in by two more blanks"),
    ("while parsing a block", "the line is not set in like the lines it belongs to",
     "set lines that belong together in by the same number of blanks; put a text that begins with a "
     "quotation mark in quotation marks as a whole"),
    ("special characters are not allowed", "a character stands here that cannot be seen",
     "delete it and type the text again"),
)  # fmt: skip
"""What the reader says, what that means, and what to do."""


def _explained(error: YAMLError, text: str, file: str) -> list[Problem]:
    tabs = [number for number, line in enumerate(text.split("\n"), start=1) if re.match(r" *\t\s*\S", line)]
    if tabs:
        _, message, fix = _EXPLAINED[0]
        return [Problem(file, str(number), message, fix) for number in tabs]
    said = str(error)
    line = ""
    if isinstance(error, MarkedYAMLError):
        said = f"{error.context or ''} {error.problem or ''}"
        begun = "quoted scalar" in said or "simple key" in said  # told where it began
        mark = (error.context_mark if begun else None) or error.problem_mark or error.context_mark
        line = "" if mark is None else str(mark.line + 1)
    elif (position := re.search(r"position (\d+)", said)) is not None:
        line = str(text.count("\n", 0, int(position[1])) + 1)
    for sign, message, fix in _EXPLAINED:
        if sign in said:
            return [Problem(file, line, message, fix)]
    words = " ".join(said.split("\n")[0].split())
    return [Problem(file, line, f"is not readable as YAML: {words}", "compare the line with those above")]


# -- writing -------------------------------------------------------------------------------------------

_TYPED = re.compile(
    r"y|n|yes|no|true|false|on|off|null|~|[-+]?\.(inf|nan)"
    r"|[-+]?(0x[0-9a-f_]+|0o[0-7_]+|0b[01_]+|[0-9][0-9_,]*(\.[0-9_]*)?(e[-+]?[0-9]+)?|\.[0-9_]+(e[-+]?[0-9]+)?)"
    r"|[0-9]+(:[0-5]?[0-9])+(\.[0-9]*)?|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}.*",
    re.IGNORECASE,
)
"""Texts that other programs would read as a number, a date or yes and no; we write them in quotes."""

_WIDTH = 88
"""Longer texts are written on several lines."""


def write_text(text: str, flow: bool = False) -> str:
    """Return a text of one line as YAML, in quotes where it needs them.

    Examples
    --------
    >>> write_text("Trust in data"), write_text("no"), write_text("Trust: in data")
    ('Trust in data', "'no'", "'Trust: in data'")
    """
    if "\n" in text or "\t" in text:
        escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
        return f'"{escaped}"'
    unsafe = re.search(r": |:$| #|^\s|\s$" + (r"|[\[\]{},:]" if flow else ""), text)
    if re.match(r"\w", text) and not unsafe and not _TYPED.fullmatch(text):
        return text
    return "'" + text.replace("'", "''") + "'"


def write_entry(key: str, value: Any, column: int, comment: str = "") -> list[str]:
    """Return the lines of one entry of a mapping, set in by `column` blanks.

    Parameters
    ----------
    key
        The word before the colon.
    value
        A text, a bool, a list or a mapping of those.
    column
        Number of blanks before the key.
    comment
        What follows on the line ("# ..."), or "".

    Examples
    --------
    >>> write_entry("aliases", ["trust", "1e5"], 2)
    ["  aliases: [trust, '1e5']"]
    """
    blanks, tail = " " * column, f"  {comment}" if comment else ""
    head = f"{blanks}{write_text(key)}:"
    if isinstance(value, bool):
        return [f"{head} {'yes' if value else 'no'}{tail}"]
    if isinstance(value, str):
        block = _block(value, len(head))
        if block is None:
            return [f"{head} {write_text(value)}{tail}"]
        style, lines = block
        return [f"{head} {style}{tail}", *(f"{blanks}  {line}" if line else "" for line in lines)]
    if not value:
        return [f"{head} {'{}' if isinstance(value, dict) else '[]'}{tail}"]
    flow = f"{head} {_flow(value)}"
    if (
        isinstance(value, list)
        and key != "examples"  # sentences: one a line
        and len(flow) <= _WIDTH
        and all(isinstance(v, str) and "\n" not in v for v in value)
    ):
        return [flow + tail]
    if isinstance(value, list):
        return [head + tail, *(line for item in value for line in write_item(item, column + 2))]
    return [head + tail, *(line for k, v in value.items() for line in write_entry(k, v, column + 2))]


def write_item(value: Any, column: int) -> list[str]:
    """Return the lines of one item of a list, its dash set in by `column` blanks."""
    blanks = " " * column
    if not isinstance(value, str) or not value:
        return [f"{blanks}- {_flow(value)}"]
    block = _block(value, column)
    if block is None:
        return [f"{blanks}- {write_text(value)}"]
    style, lines = block
    return [f"{blanks}- {style}", *(f"{blanks}  {line}" if line else "" for line in lines)]


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{write_text(k, True)}: {_flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(inner) for inner in value) + "]"
    return write_text(str(value), flow=True)


def _block(text: str, used: int) -> tuple[str, list[str]] | None:
    """Return style and lines of a text that takes several lines, None where one line will do."""
    lines = text.split("\n")
    if "\t" in text or any(line != line.strip() and line != line.rstrip() for line in lines):
        return None  # blanks at line ends would be lost in editors: one line with escapes
    if len(lines) > 1:
        return "|-", lines
    words = text.split(" ")
    if used + len(text) <= _WIDTH + 12 or "" in words or len(words) == 1:
        return None
    folded = [""]
    for word in words:
        if folded[-1] and len(folded[-1]) + 1 + len(word) > _WIDTH:
            folded.append(word)
        else:
            folded[-1] += f" {word}" if folded[-1] else word
    return (">-", folded) if len(folded) > 1 else None
