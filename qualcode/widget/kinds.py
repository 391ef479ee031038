"""What the arguments of an intent can be: annotation to words and to a check."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_list_of_text(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def has_half_sign(value: Any) -> bool:
    """Whether a text somewhere in a value has a lone surrogate, which no file and no message can hold."""
    if isinstance(value, str):
        return not value.isascii() and _HALF.search(value) is not None
    if isinstance(value, dict):
        return any(map(has_half_sign, (*value.keys(), *value.values())))
    return isinstance(value, list) and any(map(has_half_sign, value))


_HALF = re.compile("[\ud800-\udfff]")

KINDS: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "str": ("text", lambda value: isinstance(value, str)),
    "int": ("a whole number", _is_number),
    "bool": ("true or false", lambda value: isinstance(value, bool)),
    "list[str]": ("a list of texts", _is_list_of_text),
    "list[Plain]": (
        "a list of records",
        lambda value: isinstance(value, list) and all(isinstance(each, dict) for each in value),
    ),
    "Plain": ("a record", lambda value: isinstance(value, dict)),
    "dict[str, list[str]]": (
        "a record of lists",
        lambda value: isinstance(value, dict) and all(map(_is_list_of_text, value.values())),
    ),
    "None": ("nothing", lambda value: value is None),
}
"""Annotation of an argument to what people call it, and whether a value is one."""
