"""The XML parts of a zipped document (Word, OpenDocument)."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

from qualcode.readers._files import read_part
from qualcode.readers._xml import parse_xml


def read_xml_part(path: Path, archive: zipfile.ZipFile, name: str, program: str) -> Any | None:
    """Return the root of a part, or None where it is absent.

    Parameters
    ----------
    path
        For the message.
    archive
        The open file.
    name
        Name of the part.
    program
        Who writes such files, for the message: "Word".

    Raises
    ------
    ReadError
        If the part is broken, too deeply nested, or holds a document type.
    """
    content = read_part(path, archive, name)
    return parse_of(path, content, f"its part {name}", program) if content is not None else None


def parse_of(path: Path, content: bytes, what: str, program: str) -> Any:
    """Return the root of the XML that a program wrote, which never holds a document type."""
    return parse_xml(
        path, content, f"{what} is broken. Open it in {program} and save it anew.",
        doctype=f"it holds a document type, which {program} never writes; it was not opened.",
    )  # fmt: skip
