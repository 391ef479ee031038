"""Plain text and Markdown: `Name: words`, names on their own line, times, headers, several paragraphs."""

from __future__ import annotations

from pathlib import Path

from qualcode.readers._encoding import decode, peek
from qualcode.readers._files import read_bytes
from qualcode.readers._foreign import foreign_kind
from qualcode.readers._reading import MAX_LETTERS, Reading, ReadOptions, TooLong
from qualcode.readers._turns import read_prose

_SUFFIXES = (".txt", ".text", ".md", ".markdown", ".mdown", ".log", "")


def sniff(head: bytes, name: str) -> float:
    """Return how sure it is that a file is plain text: never certain, as most formats are text too."""
    if foreign_kind(head) is not None or not peek(head).strip():
        return 0.0
    suffix = Path(name).suffix.lower()
    return 0.5 if suffix in _SUFFIXES else 0.3


def read(path: Path, *, options: ReadOptions) -> Reading:
    """Read a transcript of plain text or Markdown.

    Raises
    ------
    ReadError
        If the file cannot be opened or is not text.
    """
    content = read_bytes(path)
    if len(content) > 4 * MAX_LETTERS:  # the widest encodings have four bytes for a letter
        raise TooLong
    text, notes = decode(path, content, options.encoding)
    return read_prose(text, options.certain_labels, notes=notes, format="text", given=options.roles)
