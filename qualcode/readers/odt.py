"""OpenDocument texts (.odt, .fodt), as LibreOffice writes them: prose with labels, or a table that is the transcript.

The text is all that is visible; footnotes and text frames stand below it. What identifies people behind the
page (comments, properties, tracked changes) is counted, and delivered apart from it.
"""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

from qualcode.errors import ReadError
from qualcode.readers._document import comments_note, page_to_reading
from qualcode.readers._encoding import narrow
from qualcode.readers._files import open_zip, read_bytes, read_part
from qualcode.readers._hidden import PROPERTIES_NOTE, Piece
from qualcode.readers._odt_body import read_body, read_styles
from qualcode.readers._page import Page
from qualcode.readers._parts import parse_of, read_xml_part
from qualcode.readers._reading import Note, Reading, ReadOptions, counted
from qualcode.readers._xml import attribute, child, local

_WHAT = "an OpenDocument text (.odt)"
_KIND = b"application/vnd.oasis.opendocument.text"
_FLAT = b"urn:oasis:names:tc:opendocument:xmlns:office:1.0"


def sniff(head: bytes, name: str) -> float:
    """Return 1 where the file is a zip that says it is an OpenDocument text, or such a text as plain XML."""
    if head.startswith(b"PK"):
        telling = _KIND in head or (b"content.xml" in head and name.lower().endswith((".odt", ".ott")))
        return 1.0 if telling and b"word/document" not in head else 0.0
    start = narrow(head[:12_000])
    return 1.0 if _FLAT in start and _KIND in start else 0.0


def read(path: Path, *, options: ReadOptions) -> Reading:
    """Read a transcript from an OpenDocument text.

    Raises
    ------
    ReadError
        If the file cannot be opened, is broken or protected, or holds no words.
    """
    content = read_bytes(path)
    if content.startswith(b"PK"):
        with open_zip(path, content, _WHAT) as archive:
            _check_password(path, archive)
            document = read_xml_part(path, archive, "content.xml", "LibreOffice")
            styles = read_xml_part(path, archive, "styles.xml", "LibreOffice")
            meta = read_xml_part(path, archive, "meta.xml", "LibreOffice")
    else:
        document = parse_of(path, content, "it", "LibreOffice")
        styles = meta = document
    element = child(document, "body", "text") if document is not None else None
    if element is None:
        raise ReadError(path, f"it is {_WHAT} without a text. Open it in LibreOffice and save it anew.")
    page, authors = read_body(element, read_styles(styles, document))
    notes = comments_note(len(authors), len({author for author in authors if author}))
    notes += [*_margins(styles), *_properties(meta, page)]
    return page_to_reading(path, page, options, notes, "odt")


def _check_password(path: Path, archive: zipfile.ZipFile) -> None:
    manifest = read_part(path, archive, "META-INF/manifest.xml")
    if manifest is not None and b"encryption-data" in manifest:
        raise ReadError(
            path, "it is protected by a password. Save it without the password (File, Save As) and read that."
        )


def _margins(styles: Any | None) -> list[Note]:
    """Count page headers and footers with words in them."""
    margins = 0
    for each in styles.iter() if styles is not None else ():
        if local(each).startswith(("header", "footer")) and local(each) not in (
            "header-style",
            "footer-style",
        ):
            margins += any(word.strip() for word in each.itertext())
    return (
        [Note("dropped", f"{counted(margins, 'page header or footer', 'page headers and footers')}.")]
        if margins
        else []
    )


def _properties(meta: Any | None, page: Page) -> list[Note]:
    """Take the properties, and say what was found."""
    inside = child(meta, "meta") if meta is not None else None
    facts = [each for each in inside if (each.text or "").strip()] if inside is not None else []
    personal = any(
        local(each) in ("creator", "initial-creator", "printed-by", "title", "subject") for each in facts
    )
    own = [each for each in facts if local(each) == "user-defined"]
    if personal or own:
        page.hidden += [
            Piece("property", attribute(each, "name") or local(each), each.text or "") for each in facts
        ]
    notes = [PROPERTIES_NOTE] if personal else []
    if own:
        noun = counted(len(own), "property", "properties")
        notes.append(Note("dropped", f"{noun} of the user's own.", "property"))
    return notes
