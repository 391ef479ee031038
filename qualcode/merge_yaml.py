"""Where the comments of a YAML codebook stand, and how they come back after it was written anew."""

from __future__ import annotations

from collections.abc import Iterator

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from qualcode.merge_comments import Anchor, Comments
from qualcode.slug import slug


def yaml_comments(text: str) -> Comments:
    r"""Return the comments of a codebook, each by the code and field it stands above or beside.

    Examples
    --------
    >>> yaml_comments("codes:\n  # the first\n  - id: trust  # ask Ana\n    name: Trust\n").above
    {('code', 'trust'): ('# the first',)}
    """
    found = Comments()
    anchors = _anchors(text)
    waiting: list[str] = []
    last: Anchor = ()
    starts = dict(_comments(text))
    for number, line in enumerate(text.split("\n")):
        if number in starts and not line[: starts[number]].strip():
            waiting.append(line[starts[number] :].rstrip())
            continue
        if number in anchors:
            last = anchors[number]
            if waiting:
                found.above[last] = tuple(waiting)
                waiting = []
        if number in starts:
            found.beside[last] = line[starts[number] :].rstrip()
    if waiting:
        found.above[()] = tuple(waiting)
    return found


def strip_comments(text: str) -> str:
    """Return a YAML text without its comments, everything else as it was."""
    starts = dict(_comments(text))
    kept = []
    for number, line in enumerate(text.split("\n")):
        if number not in starts:
            kept.append(line)
        elif line[: starts[number]].strip():
            kept.append(line[: starts[number]].rstrip())
    return "\n".join(kept)


def put_comments(text: str, comments: Comments) -> str:
    r"""Return a YAML text without comments with these put in; those of entries that are gone are left out.

    Examples
    --------
    >>> comments = Comments({("code", "trust"): ("# the first",)}, {("code", "trust"): "# ask Ana"})
    >>> print(put_comments("codes:\n  - id: trust\n    name: Trust\n", comments), end="")
    codes:
      # the first
      - id: trust  # ask Ana
        name: Trust
    """
    anchors = _anchors(text)
    there = set(anchors.values())
    above: dict[Anchor, list[str]] = {}
    for anchor, lines in comments.above.items():
        # A comment above a field that is gone stays with its code.
        place = anchor if anchor in there else anchor[:2]
        if place in there or not anchor:
            above.setdefault(place, []).extend(lines)
    open_lines = _open_lines(text)
    written = []
    for number, line in enumerate(text.split("\n")):
        if number not in anchors:
            written.append(line)
            continue
        anchor = anchors[number]
        indent = line[: len(line) - len(line.lstrip())]
        written += [indent + comment for comment in above.get(anchor, [])]
        beside = comments.beside.get(anchor)
        if beside and number in open_lines:
            written.append(indent + beside)
            beside = None
        written.append(f"{line}  {beside}" if beside else line)
    end = above.get((), [])
    return "\n".join(written).rstrip("\n") + "\n" + "".join(f"{comment}\n" for comment in end)


def _open_lines(text: str) -> set[int]:
    """Return the lines on which a text goes on: a comment at their end would become part of it."""
    return {
        number
        for token in YAML(typ="safe", pure=True).scan(text)
        if hasattr(token, "plain")
        for number in range(token.start_mark.line, token.end_mark.line)
    }


def _comments(text: str) -> Iterator[tuple[int, int]]:
    """Yield line and column of every comment; a "#" inside a text is none."""
    inside = [False] * (len(text) + 1)
    if "#" not in text:
        return
    for token in YAML(typ="safe", pure=True).scan(text):
        for position in range(token.start_mark.index, token.end_mark.index):
            inside[position] = True
    position = 0
    for number, line in enumerate(text.split("\n")):
        for column, letter in enumerate(line):
            before = line[column - 1] if column else " "
            if letter == "#" and before.isspace() and not inside[position + column]:
                yield number, column
                break
        position += len(line) + 1


def _anchors(text: str) -> dict[int, Anchor]:
    """Return line number to what begins there, as a path that holds ids and not positions."""
    found: dict[int, Anchor] = {}
    node = YAML(typ="safe", pure=True).compose(text) if text.strip() else None
    if node is not None:
        _walk(node, (), found)
    return found


def _walk(node: Node, at: Anchor, found: dict[int, Anchor]) -> None:
    if isinstance(node, MappingNode):
        for key, value in node.value:
            here = (*at, str(key.value))
            found.setdefault(key.start_mark.line, here)
            _walk(value, here, found)
    elif isinstance(node, SequenceNode):
        for item in node.value:
            here = _item(item, at)
            found.setdefault(item.start_mark.line, here)
            _walk(item, here, found)


def _item(node: Node, at: Anchor) -> Anchor:
    """Return what an element of a list is: a facet or code by its id wherever it stands, else its words."""
    kind = {"facets": "facet", "codes": "code"}.get(at[-1] if at else "")
    if isinstance(node, ScalarNode):
        words = str(node.value)
        return (kind, slug(words, lower=True)) if kind else (*at, words)
    fields: dict[str, str] = {}
    if isinstance(node, MappingNode):
        fields = {
            str(key.value): str(value.value) for key, value in node.value if isinstance(value, ScalarNode)
        }
    if kind:
        return kind, fields.get("id") or slug(fields.get("name", ""), lower=True)
    return (*at, str(sorted(fields.items())))
