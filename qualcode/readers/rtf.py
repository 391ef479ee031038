"""Rich text (.rtf), as f4, easytranscript, TextEdit and old versions of Word write it.

striprtf (BSD) reads the words alone; bold labels, tables as tables, deleted and hidden words and comments
need a walk of our own. It serves as the oracle in the tests.
"""

from __future__ import annotations

from pathlib import Path

from qualcode.errors import ReadError
from qualcode.readers._document import comments_note, page_to_reading
from qualcode.readers._files import read_bytes
from qualcode.readers._hidden import PROPERTIES_NOTE
from qualcode.readers._reading import Note, Reading, ReadOptions, counted
from qualcode.readers._rtf_body import TooMuch, read_rtf


def sniff(head: bytes, name: str) -> float:
    r"""Return 1 where the file begins with "{\rtf", else 0."""
    return 1.0 if head.removeprefix(b"\xef\xbb\xbf").lstrip()[:5].lower() == b"{\\rtf" else 0.0


def read(path: Path, *, options: ReadOptions) -> Reading:
    """Read a transcript from an RTF file.

    Raises
    ------
    ReadError
        If the file cannot be opened, is too deeply nested, or holds no words.
    """
    content = read_bytes(path).removeprefix(b"\xef\xbb\xbf").lstrip()
    try:
        found = read_rtf(content)
    except TooMuch:
        raise ReadError(
            path, "it has more groups, or deeper ones, than any program writes. Open it and save it as .docx."
        ) from None
    notes = comments_note(found.comments, len(set(found.authors)))
    if found.properties:
        notes.append(PROPERTIES_NOTE)
    if found.broken:
        notes.append(
            Note("changed", f"{counted(found.broken, 'letter')} not in the code page of the file became \N{REPLACEMENT CHARACTER}.")
        )  # fmt: skip
    if found.cut_off:
        notes.append(
            Note("kept", "The file ends before it is closed; what is there was read. Check that the end is not missing.")
        )  # fmt: skip
    return page_to_reading(path, found.page, options, notes, "rtf")
