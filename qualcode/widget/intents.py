"""Every intent of the coding page in one table, and how their arguments are checked.

An intent is a small function ``(session, ...arguments) -> Done`` that calls verbs of the project; its annotations say
what the page must send. A name that Python keeps for itself has an underscore at its end (``in_``).
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from qualcode.errors import InvalidValue
from qualcode.widget import acts_coding, acts_reading
from qualcode.widget.done import Done

if TYPE_CHECKING:
    from qualcode.widget.session import Session


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_list_of_text(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


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


@dataclass(frozen=True)
class Intent:
    """One thing that a page can ask for.

    Parameters
    ----------
    function
        Does it.
    writes
        Whether it changes the study; what was done is then not done again when it is sent again.
    refreshes
        Whether the study is read again first and the reply tells what is new.
    whole
        Whether the answer is the whole state, so that nothing more is new.
    """

    function: Callable[..., Done]
    writes: bool = False
    refreshes: bool = True
    whole: bool = False

    @cached_property
    def parameters(self) -> dict[str, inspect.Parameter]:
        """What the page must send, by the name that it has there."""
        found = inspect.signature(self.function).parameters
        return {name.rstrip("_"): each for name, each in found.items() if name != "session"}

    def run(self, session: Session, message: Mapping[str, Any]) -> Done:
        """Check the arguments of a message and do it.

        Raises
        ------
        InvalidValue
            If an argument is missing, strange or of a wrong kind.
        """
        do = message["do"]
        given = {name: value for name, value in message.items() if name not in ("id", "do")}
        strange = [name for name in given if name not in self.parameters]
        if strange:
            raise InvalidValue(f"{do}: no argument {strange[0]!r:.40} is known. Reload the page.")
        for name, parameter in self.parameters.items():
            if name not in given:
                if parameter.default is parameter.empty:
                    raise InvalidValue(f"{do}: {name} is missing. Reload the page.")
                continue
            kinds = [kind.strip() for kind in str(parameter.annotation).split("|")]
            if not any(KINDS[kind][1](given[name]) for kind in kinds):
                wanted = " or ".join(KINDS[kind][0] for kind in kinds)
                got = type(given[name]).__name__
                raise InvalidValue(
                    f"{do}: {name} must be {wanted}, got a value of type {got}. Reload the page."
                )
        return self.function(session, **{self.parameters[name].name: value for name, value in given.items()})


INTENTS: dict[str, Intent] = {
    "open": Intent(acts_reading.open_page, whole=True),
    "sync": Intent(acts_reading.sync),
    "go": Intent(acts_reading.go),
    "position": Intent(acts_reading.position, refreshes=False),
    "select": Intent(acts_reading.select, refreshes=False),
    "code": Intent(acts_coding.code, writes=True),
    "uncode": Intent(acts_coding.uncode, writes=True),
    "recode": Intent(acts_coding.recode, writes=True),
    "resize": Intent(acts_coding.resize, writes=True),
    "stance": Intent(acts_coding.stance, writes=True),
    "undo": Intent(acts_coding.undo, writes=True),
    "redo": Intent(acts_coding.redo, writes=True),
    "finish": Intent(acts_coding.finish, writes=True),
}
"""Name of an intent to what it does."""
