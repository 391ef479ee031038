"""Word documents (.docx): prose with labels, a table that is the transcript, or the blocks of Teams.

The text is all that is visible: paragraphs, and tables with tabs between their cells. What identifies
people behind the page (comments, authors, properties, tracked changes) is counted and never taken.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from pathlib import Path
from typing import Any

from qualcode.errors import ReadError
from qualcode.readers._document import comments_note, page_to_reading
from qualcode.readers._files import open_zip, read_bytes
from qualcode.readers._page import Page
from qualcode.readers._parts import read_xml_part
from qualcode.readers._reading import Note, Reading, ReadOptions, counted
from qualcode.readers._word_body import Styles, read_body, read_story, read_styles
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
        page, notes = read_body(element, styles)
        _footnotes(path, archive, folder, page, notes, styles)
        left_out = _left_out(path, archive, folder)
    return page_to_reading(path, page, options, left_out, "docx")


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


def _left_out(path: Path, archive: zipfile.ZipFile, folder: str) -> list[Note]:
    """Say what stands in other parts of the file, by number and never by content."""
    part = _xml(path, archive, posixpath.join(folder, "comments.xml"))
    comments = [each for each in part if local(each) == "comment"] if part is not None else []
    notes = comments_note(len(comments), len({attribute(each, "author") for each in comments}))
    names = [entry.lower() for entry in archive.namelist()]
    margins = [
        name for name in names
        if posixpath.basename(name).startswith(("header", "footer")) and name.endswith(".xml")
    ]  # fmt: skip
    filled = sum(_has_words(_xml(path, archive, name)) for name in margins)
    if filled:
        notes.append(
            Note("dropped", f"{counted(filled, 'page header or footer', 'page headers and footers')}.")
        )
    core = _xml(path, archive, "docProps/core.xml")
    if core is not None and any((each.text or "").strip() for each in core):
        notes.append(Note("dropped", "The properties of the document (author, last editor, dates, title)."))
    custom = _xml(path, archive, "docProps/custom.xml")
    foreign = sum(1 for name in names if re.fullmatch(r"customxml/item\d*\.xml", name))
    foreign += len(custom) if custom is not None else 0
    if foreign:
        notes.append(Note("dropped", f"{counted(foreign, 'piece')} of data of other programs (custom XML)."))
    return notes


def _has_words(part: Any | None) -> bool:
    return part is not None and any(local(each) == "t" and (each.text or "").strip() for each in part.iter())
