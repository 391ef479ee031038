"""The styles of a Word document, as far as they mean something for its text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from qualcode.readers._xml import attribute, child, local


def is_on(element: Any | None) -> bool:
    """Return whether a switch such as w:b is there and not turned off."""
    return element is not None and attribute(element, "val") not in ("0", "false", "off", "none")


@dataclass(frozen=True, slots=True)
class Styles:
    """What the styles of a document mean for its text.

    Parameters
    ----------
    bold, hidden
        Ids of character styles that are bold, or hide their words; themselves or by what they build on.
    names
        Id to name, of paragraph styles.
    headings, numbered
        Ids of paragraph styles that are headings, or give numbers or bullets to their paragraphs.
    """

    bold: frozenset[str] = frozenset()
    hidden: frozenset[str] = frozenset()
    names: Mapping[str, str] = field(default_factory=dict)
    headings: frozenset[str] = frozenset()
    numbered: frozenset[str] = frozenset()


def read_styles(styles: Any | None) -> Styles:
    """Return the styles of a document, from the root of its part styles.xml."""
    each = [style for style in styles if local(style) == "style"] if styles is not None else []
    named = [(attribute(style, "styleId"), style) for style in each]
    characters = {name: style for name, style in named if attribute(style, "type") == "character"}
    paragraphs = {name: style for name, style in named if attribute(style, "type") == "paragraph"}
    names = {}
    for name, style in paragraphs.items():
        shown = child(style, "name")
        names[name] = (attribute(shown, "val") or name) if shown is not None else name
    # Word keeps the English name of its own headings in every language.
    headings = {
        name for name, shown in names.items() if re.fullmatch(r"(?:heading \d|title|subtitle|toc heading)", shown.lower())
    }  # fmt: skip
    headings |= {name for name, style in paragraphs.items() if is_level(child(style, "pPr", "outlineLvl"))}
    return Styles(
        _switched(characters, "rPr", "b"), _switched(characters, "rPr", "vanish"), names, frozenset(headings),
        _switched(paragraphs, "pPr", "numPr", "numId"),
    )  # fmt: skip


def is_level(level: Any | None) -> bool:
    """Return whether an outline level makes a paragraph a heading."""
    return level is not None and attribute(level, "val") in tuple("012345678")


def _switched(styles: Mapping[str, Any], *way: str) -> frozenset[str]:
    """Return the ids of the styles in which a switch is on, also by the style they build on; `way` leads to it."""
    on: dict[str, bool] = {}
    based: dict[str, str] = {}
    for key, style in styles.items():
        switch = child(style, *way)
        if switch is not None:
            on[key] = is_on(switch)
        parent = child(style, "basedOn")
        if parent is not None:
            based[key] = attribute(parent, "val")
    found = set()
    for key in {*on, *based}:
        seen: set[str] = set()
        at = key
        while at not in on and at in based and at not in seen:
            seen.add(at)
            at = based[at]
        if on.get(at):
            found.add(key)
    return frozenset(found)
