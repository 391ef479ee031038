"""Word documents (.docx): prose with labels, a table that is the transcript, or the blocks of Teams.

The text is all that is visible: paragraphs, and tables with tabs between their cells. What identifies
people behind the page (comments, authors, properties, tracked changes) is counted, and delivered apart from it.
"""

from __future__ import annotations

import posixpath
import zipfile
from functools import partial
from pathlib import Path
from typing import Any

from qualcode.errors import ReadError
from qualcode.readers._document import page_to_reading
from qualcode.readers._files import open_zip, read_bytes
from qualcode.readers._page import Page
from qualcode.readers._parts import read_xml_part
from qualcode.readers._reading import Note, Reading, ReadOptions, counted
from qualcode.readers._word_body import read_body, read_story
from qualcode.readers._word_parts import Parts, read_comments, read_custom, read_properties
from qualcode.readers._word_styles import Styles, read_styles
from qualcode.readers._xml import attribute, child, local

_WHAT = "a Word file (.docx)"


def sniff(head: bytes, name: str) -> float:
    """Return 1 where the file is a zip with a Word document in it, else 0."""
    return 1.0 if head.startswith(b"PK") and b"word/document" in head else 0.0


def read(path: Path, *, options: ReadOptions) -> Reading:
    """Read a transcript from a Word document.

    Raises
    ------
    ReadError
        If the file cannot be opened, is broken or protected, or holds no words.
    """
    archive = open_zip(path, read_bytes(path), _WHAT)
    with archive:
        main = _main_part(path, archive)
        folder = posixpath.dirname(main)
        document = _xml(path, archive, main)
        element = child(document, "body") if document is not None else None
        if element is None:
            raise ReadError(path, f"it is {_WHAT} without a text. Open it in Word and save it anew.")
        styles = read_styles(_xml(path, archive, posixpath.join(folder, "styles.xml")))
        page, notes, comments = read_body(element, styles)
        _footnotes(path, archive, folder, page, notes, styles)
        parts = Parts(archive.namelist(), folder, partial(_xml, path, archive))
        found = read_comments(parts, page, comments, styles)
        found += [*_margins(path, archive), *read_properties(parts, page), *read_custom(parts, page)]
    return page_to_reading(path, page, options, found, "docx")


def _main_part(path: Path, archive: zipfile.ZipFile) -> str:
    relations = _xml(path, archive, "_rels/.rels")
    for relation in relations if relations is not None else ():
        if attribute(relation, "Type").endswith("/officeDocument"):
            target = attribute(relation, "Target").lstrip("/")
            if target:
                return target
    return "word/document.xml"


def _xml(path: Path, archive: zipfile.ZipFile, name: str) -> Any | None:
    return read_xml_part(path, archive, name, "Word")


def _footnotes(
    path: Path, archive: zipfile.ZipFile, folder: str, page: Page, wanted: list[str], styles: Styles
) -> None:
    """Keep the notes that the text refers to, in its order; their sign in the text is left away."""
    stories: dict[str, Any] = {}
    for kind in ("footnote", "endnote") if wanted else ():
        part = _xml(path, archive, posixpath.join(folder, f"{kind}s.xml"))
        for each in part if part is not None else ():
            stories[f"{kind} {attribute(each, 'id')}"] = each
    texts: list[str] = []
    for name in wanted:
        words = read_story(stories[name], styles) if name in stories else ""
        if words:
            texts.append(words)
        else:
            page.left_out["footnote"] += 1
    page.tail[:0] = texts


def _margins(path: Path, archive: zipfile.ZipFile) -> list[Note]:
    """Say how many page headers and footers hold words."""
    margins = [
        name for name in archive.namelist()
        if posixpath.basename(name).lower().startswith(("header", "footer")) and name.lower().endswith(".xml")
    ]  # fmt: skip
    filled = sum(_has_words(_xml(path, archive, name)) for name in margins)
    noun = counted(filled, "page header or footer", "page headers and footers")
    return [Note("dropped", f"{noun}.")] if filled else []


def _has_words(part: Any | None) -> bool:
    return part is not None and any(local(each) == "t" and (each.text or "").strip() for each in part.iter())
