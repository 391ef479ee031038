"""The journal: what a write over several files is about to do, so that a kill in its middle can be mended.

It holds, of each file, the new bytes and the hash of the old ones: whoever finishes the write sees whether
somebody else has changed a file since, and then leaves everything as it is.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


def digest(content: bytes) -> str:
    """Return the first 16 hexadecimal digits of the SHA-256 of some bytes.

    Examples
    --------
    >>> digest(b"Ana: yes")
    '850c7b2b4eecd175'
    """
    return hashlib.sha256(content).hexdigest()[:16]


@dataclass(frozen=True)
class Journal:
    """One write over several files.

    Parameters
    ----------
    writes
        File to its new bytes, or to None where it is deleted.
    appends
        File to its size before and the bytes added at its end.
    before
        File of `writes` to the hash of its bytes before, or to None where there was none.
    """

    writes: Mapping[str, bytes | None] = field(default_factory=dict)
    appends: Mapping[str, tuple[int, bytes]] = field(default_factory=dict)
    before: Mapping[str, str | None] = field(default_factory=dict)

    @property
    def files(self) -> list[str]:
        """Every file it touches."""
        return [*self.writes, *self.appends]

    def to_bytes(self) -> bytes:
        """Return the journal as the bytes of its file."""
        record = {
            "write": {file: None if new is None else _text(new) for file, new in self.writes.items()},
            "before": dict(self.before),
            "append": {file: [size, _text(added)] for file, (size, added) in self.appends.items()},
        }
        return json.dumps(record).encode()

    def changed_since(self, read: Callable[[str], bytes | None]) -> list[str]:
        """Return the files that are neither as before this write nor as after it.

        A file that is gone is none of them: writing it harms nobody's work.
        """
        found = []
        for file, new in self.writes.items():
            now = read(file)
            if now is not None and now != new and digest(now) != self.before[file]:
                found.append(file)
        for file, (size, added) in self.appends.items():
            now = read(file) or b""
            if len(now) < size or not added.startswith(now[size:]):
                found.append(file)
        return found


def parse_journal(content: bytes) -> Journal:
    """Return the journal of a file's bytes.

    Raises
    ------
    ValueError
        If it has another shape.
    """
    try:
        record = json.loads(content)
        writes = {file: None if new is None else _bytes(new) for file, new in record["write"].items()}
        appends = {file: (_size(size), _bytes(added)) for file, (size, added) in record["append"].items()}
        before = {file: record["before"][file] for file in writes}
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError("no journal") from error
    if not all(state is None or isinstance(state, str) for state in before.values()):
        raise ValueError("no journal")
    return Journal(writes, appends, before)


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def _size(size: object) -> int:
    if isinstance(size, bool) or not isinstance(size, int) or size < 0:
        raise ValueError("no size")
    return size
