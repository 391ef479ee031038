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
from qualcode.widget import acts_codebook, acts_coding, acts_finding, acts_memos, acts_reading, previews
from qualcode.widget.done import Done
from qualcode.widget.kinds import KINDS, has_half_sign

if TYPE_CHECKING:
    from qualcode.widget.session import Session


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
    alone
        Whether it can stand in no batch.
    """

    function: Callable[..., Done]
    writes: bool = False
    refreshes: bool = True
    whole: bool = False
    alone: bool = False

    @cached_property
    def parameters(self) -> dict[str, inspect.Parameter]:
        """What the page must send, by the name that it has there."""
        found = inspect.signature(self.function).parameters
        return {name.rstrip("_"): each for name, each in found.items() if name != "session"}

    def run(self, session: Session, message: Mapping[str, Any]) -> Done:
        """Check the arguments of a message and do it; raises what `arguments` raises, and what the verbs raise."""
        return self.function(session, **self.arguments(message))

    def arguments(self, message: Mapping[str, Any]) -> dict[str, Any]:
        """Return the arguments of a message by the names that the function gives them.

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
            if has_half_sign(given[name]):
                raise InvalidValue(
                    f"{do}: {name} holds half a sign, such as a cut emoji. Take it out, and try again."
                )
        return {self.parameters[name].name: value for name, value in given.items()}


INTENTS: dict[str, Intent] = {
    # read
    "open": Intent(acts_reading.open_page, whole=True),
    "sync": Intent(acts_reading.sync),
    "go": Intent(acts_reading.go),
    "position": Intent(acts_reading.position, refreshes=False),
    "select": Intent(acts_reading.select, refreshes=False),
    "search": Intent(acts_finding.search),
    "quotes": Intent(acts_finding.quotes),
    "audio": Intent(acts_finding.audio, refreshes=False),
    "preview": Intent(previews.preview),
    # code
    "code": Intent(acts_coding.code, writes=True),
    "code_new": Intent(acts_codebook.code_new, writes=True),
    "code_hits": Intent(acts_finding.code_hits, writes=True),
    "uncode": Intent(acts_coding.uncode, writes=True),
    "recode": Intent(acts_coding.recode, writes=True),
    "resize": Intent(acts_coding.resize, writes=True),
    "stance": Intent(acts_coding.stance, writes=True),
    "undo": Intent(acts_coding.undo, writes=True, alone=True),
    "redo": Intent(acts_coding.redo, writes=True, alone=True),
    "finish": Intent(acts_coding.finish, writes=True),
    "correct": Intent(acts_coding.correct, writes=True),
    # think
    "memo": Intent(acts_memos.memo, writes=True),
    "change_memo": Intent(acts_memos.change_memo, writes=True),
    "remove_memo": Intent(acts_memos.remove_memo, writes=True),
    # order
    "new_code": Intent(acts_codebook.new_code, writes=True),
    "change_code": Intent(acts_codebook.change_code, writes=True),
    "rename_code": Intent(acts_codebook.rename_code, writes=True),
    "move_code": Intent(acts_codebook.move_code, writes=True),
    "merge_codes": Intent(acts_codebook.merge_codes, writes=True),
    "split_code": Intent(acts_codebook.split_code, writes=True),
    "deal": Intent(acts_codebook.deal, writes=True),
    "retire_code": Intent(acts_codebook.retire_code, writes=True),
    "new_facet": Intent(acts_codebook.new_facet, writes=True),
}
"""Name of an intent to what it does."""
