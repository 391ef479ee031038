"""What an intent did: the answer for the page, the line of Python that does the same, and what was made."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Done:
    """The outcome of an intent.

    Parameters
    ----------
    result
        The answer to the page.
    script
        The same as Python; "" where nothing was changed.
    made
        (source, id) of the codings that were made.
    buffers
        Bytes that go with the answer.
    """

    result: dict[str, Any] = field(default_factory=dict)
    script: str = ""
    made: tuple[tuple[str, str], ...] = ()
    buffers: tuple[bytes, ...] = ()
