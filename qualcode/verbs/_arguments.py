"""Arguments of verbs: each is checked against its annotation, so that a slip is told in words and changes nothing.

``project.finish("P7a", round=2)`` says "finish: round must be text in quotation marks, got the number 2." A name
that stands in an annotation and not in the table below is not checked here.
"""

from __future__ import annotations

import functools
import inspect
import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from qualcode.errors import InvalidValue


def _is_text(value: Any) -> bool:
    return isinstance(value, str) or type(value).__name__ in ("Code", "Facet")  # which name themselves


def _is_truth(value: Any) -> bool:
    return isinstance(value, bool) or type(value).__name__ in ("bool_", "bool")  # numpy's is no bool


def _is_number(value: Any) -> bool:
    return hasattr(value, "__index__") and not _is_truth(value)


def _is_several(kind: type) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, kind) and not isinstance(value, str | bytes)


def _has_several(value: Any) -> bool:
    return hasattr(value, "__iter__") and not isinstance(value, str | bytes)


KINDS: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "str": ("text in quotation marks", _is_text),
    "int": ("a whole number", _is_number),
    "bool": ("True or False", _is_truth),
    "None": ("None", lambda value: value is None),
    "os.PathLike": ("a path", lambda value: isinstance(value, os.PathLike)),
    "Mapping": ("a dictionary", _is_several(Mapping)),
    "Sequence": ("a list", _has_several),
    "Iterable": ("a list", _has_several),
    "pd.DataFrame": ("a DataFrame", lambda value: type(value).__name__ == "DataFrame"),
    "Codebook": ("a Codebook", lambda value: type(value).__name__ == "Codebook"),
    "Transcript": ("a Transcript", lambda value: type(value).__name__ == "Transcript"),
}
"""Part of an annotation to what people call it, and whether a value is one."""


def checked(verb: Callable[..., Any]) -> Callable[..., Any]:
    """Return a verb that refuses arguments of a wrong kind before it does anything.

    Examples
    --------
    >>> def finish(self, source: str, round: str = ""): return source
    >>> finish.__annotations__.update(source="str", round="str")
    >>> checked(finish)(None, "P7a", round=2)
    Traceback (most recent call last):
    ...
    qualcode.errors.InvalidValue: finish: round must be text in quotation marks, got the number 2.
    """
    names = list(inspect.signature(verb).parameters)
    rules = {name: _kinds(str(verb.__annotations__.get(name, ""))) for name in names}
    several = next(
        (n for n, p in inspect.signature(verb).parameters.items() if p.kind is p.VAR_POSITIONAL), ""
    )

    @functools.wraps(verb)
    def call(*values: Any, **named: Any) -> Any:
        for position, value in enumerate(values[1:], start=1):
            name = names[position] if position < len(names) else several
            if several and names.index(several) <= position:
                name = several
            _check(verb.__name__, name, rules.get(name, ()), value)
        for name, value in named.items():
            _check(verb.__name__, name, rules.get(name, ()), value)
        return verb(*values, **named)

    return call


def _kinds(annotation: str) -> Sequence[str]:
    """Return the alternatives of an annotation; none where one of them is not known here.

    Examples
    --------
    >>> _kinds("str | Sequence[str] | None"), _kinds("Where"), _kinds("Mapping[str, Iterable[str]]")
    (['str', 'Sequence', 'None'], (), ['Mapping'])
    """
    while "[" in annotation:
        annotation = re.sub(r"\[[^\[\]]*\]", "", annotation)
    kinds = [part.strip() for part in annotation.split("|")]
    return kinds if all(kind in KINDS for kind in kinds) else ()


def _check(verb: str, name: str, kinds: Iterable[str], value: Any) -> None:
    kinds = list(kinds)
    if not kinds or any(KINDS[kind][1](value) for kind in kinds):
        return
    wanted = list(dict.fromkeys(KINDS[kind][0] for kind in kinds if kind != "None"))
    expected = ", ".join(wanted[:-1]) + " or " + wanted[-1] if len(wanted) > 1 else wanted[0]
    if _is_number(value) or isinstance(value, float):
        got = f"the number {value!r:.40}"
    else:
        got = "None" if value is None else repr(value) if _is_truth(value) else f"a {type(value).__name__}"
    raise InvalidValue(f"{verb}: {name} must be {expected}, got {got}.")
