"""XML parts of zipped documents, read so that nothing outside the file is looked at and nothing explodes."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

from qualcode.errors import ReadError
from qualcode.readers._files import read_part


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
    return parse_xml(path, content, f"its part {name}", program) if content is not None else None


def parse_xml(path: Path, content: bytes, what: str, program: str) -> Any:
    """Return the root of some XML, parsed without entities, network and document types."""
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise ReadError(path, f"{what} is broken. Open it in {program} and save it anew.") from None
    tree: Any = root.getroottree()
    if tree.docinfo.doctype:
        raise ReadError(path, f"it holds a document type, which {program} never writes; it was not opened.")
    return root


def local(element: Any) -> str:
    """Return the name of an element without its namespace; "" for comments and the like."""
    tag = element.tag
    return tag.rsplit("}", 1)[-1] if isinstance(tag, str) else ""


def attribute(element: Any, name: str) -> str | None:
    """Return an attribute by its local name, or None."""
    for key, value in element.attrib.items():
        if key.rsplit("}", 1)[-1] == name:
            return str(value)
    return None


def child(element: Any, *names: str) -> Any | None:
    """Return the first element down a path of local names, or None."""
    for name in names:
        element = next((each for each in element if local(each) == name), None)
        if element is None:
            return None
    return element
