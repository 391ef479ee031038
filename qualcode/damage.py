"""Files that are damaged without anybody's intention, and the bytes that they must have by what the logs tell.

`check` names them and `repair` puts them back, so both ask here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from qualcode import folder as paths
from qualcode.csvtext import decode, not_too_deep
from qualcode.errors import FileProblems
from qualcode.memo import parse_memo
from qualcode.told import Told

PRIVATE = ("data/transcripts/", paths.RAW)
"""What a copy of the study may lack on purpose."""

MEMOS = "data/memos/"

LINE_ENDS = "had other line ends, or a mark at its beginning"


@dataclass(frozen=True)
class Damage:
    """One damaged file.

    Parameters
    ----------
    file
        Its path.
    how
        What happened to it: "was gone".
    wanted
        The bytes that it had.
    whence
        Who knows them: "as the last step left it" or "from the log".
    """

    file: str
    how: str
    wanted: bytes
    whence: str


Read = Callable[[str], bytes | None]
"""Returns the bytes of a file of the study, None where it is not there."""


def wanted(told: Told, file: str, read: Read) -> tuple[bytes, str] | None:
    """Return the bytes that a file must have and who knows them, or None where nobody does."""
    state = told.state(file)
    if file in told.rows:
        content = told.content(file)
        return None if content is None else (content, "from the log")
    kept = read(paths.state_file(state)) if state is not None and not file.startswith(PRIVATE) else None
    if kept is None or paths.digest(kept) != state:
        return None
    return kept, "as the last step left it"


def find_damage(told: Told, read: Read) -> Iterator[Damage]:
    """Find files that are gone, empty, cut off or have other line ends, of those whose bytes are known."""
    for file in sorted({*told.files, *told.rows}):
        known = wanted(told, file, read)
        if known is None:
            continue
        content = read(file)
        how = "was gone" if content is None else damage(content, known[0])
        if how == "was cut off" and file.startswith(MEMOS) and _is_memo(content or b"", file):
            continue  # somebody may have taken its last words out
        if how:
            yield Damage(file, how, *known)


def _is_memo(content: bytes, file: str) -> bool:
    try:
        parse_memo(content, file)
    except FileProblems:
        return False
    return True


def damage(content: bytes, wanted: bytes) -> str:
    """Say how a file was damaged without anybody's intention, "" where somebody may have meant it.

    Examples
    --------
    >>> damage(b"", b"case: P1"), damage(b"case: ", b"case: P1"), damage(b"case: P2", b"case: P1")
    ('was empty', 'was cut off', '')
    """
    if content == wanted:
        return ""
    if not content.strip(b"\0 \t\r\n"):
        return "was empty"
    # whole lines somebody may have taken out
    if wanted.startswith(content) and not content.endswith(b"\n") and wanted[len(content) :] != b"\n":
        return "was cut off"
    try:
        with not_too_deep(""):
            same = decode(content, "").rstrip("\n") == decode(wanted, "").rstrip("\n")
    except FileProblems:
        return ""
    return LINE_ENDS if same else ""
