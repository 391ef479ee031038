"""A verb and its arguments as the line of Python that does the same; it never holds words of a transcript."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from qualcode.codebook import Codebook
from qualcode.errors import QualcodeError


class Name(str):
    """A text that stands in a script as it is, without quotation marks."""

    __slots__ = ()


def call(verb: str, *values: Any, **named: Any) -> str:
    """Return a call of a verb of the project as Python.

    Examples
    --------
    >>> print(call("code", "P7a", (120, 188), "Trust", stance="counters"))
    project.code("P7a", (120, 188), "Trust", stance="counters")
    """
    parts = [written(value) for value in values]
    parts += [f"{name}={written(value)}" for name, value in named.items()]
    return f"project.{verb}({', '.join(parts)})"


def together(lines: Iterable[str]) -> str:
    """Return several calls as one step.

    Examples
    --------
    >>> print(together(["project.undo()", "project.redo()"]))
    with project.batch():
        project.undo()
        project.redo()
    """
    found = list(lines)
    if len(found) == 1:
        return found[0]
    return "\n".join(["with project.batch():", *(f"    {line}" for line in found)])


def written(value: Any) -> str:
    r"""Return a value as Python writes it, text in double quotation marks.

    Examples
    --------
    >>> print(written(["a \"b\"", ("é", 1), True, None]))
    ["a \"b\"", ("é", 1), True, None]
    """
    if isinstance(value, Name):
        return str(value)
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{written(key)}: {written(each)}" for key, each in value.items()) + "}"
    if isinstance(value, tuple):
        return "(" + ", ".join(map(written, value)) + ("," if len(value) == 1 else "") + ")"
    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    return repr(value)


def code_name(book: Codebook, code: str) -> str:
    """Return the name of a code where it means this code and no other, else its id."""
    try:
        found = book.code(code)
        return found.name if book.code(found.name).id == found.id else found.id
    except QualcodeError:
        return code
