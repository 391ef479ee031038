"""Web pages (.html): what noScribe and oTranscribe save, what Otter and podcasts publish, any page with paragraphs.

The text is what a browser shows. Scripts, styles, menus, buttons and hidden parts are left out.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from qualcode.readers._document import page_to_reading
from qualcode.readers._files import read_bytes
from qualcode.readers._html import looks_like_html, parse_page, read_tree
from qualcode.readers._reading import Note, Reading, ReadOptions, counted

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_NOSCRIBE = re.compile(
    r"Transcribed with noScribe.{0,2000}?\(Language: [^()|]{1,40} \(([a-z]{2,3})\)", re.DOTALL
)
_PERSONAL = (
    "author",
    "creator",
    "dc.creator",
    "audio_source",
    "originator",
    "article:author",
    "twitter:creator",
)


def sniff(head: bytes, name: str) -> float:
    """Return 0.9 where the file begins like a web page, else 0."""
    return 0.9 if looks_like_html(head) else 0.0


def read(path: Path, *, options: ReadOptions) -> Reading:
    """Read a transcript from a web page.

    Raises
    ------
    ReadError
        If the file cannot be opened, is nested too deeply, or holds no words.
    """
    root, found = parse_page(path, read_bytes(path), options.encoding)
    page, times = read_tree(root)
    notes = [*found, *_left_out(root, page.left_out["menu"])]
    return page_to_reading(
        path,
        page,
        options,
        notes,
        "html",
        language=_language(root, page.text),
        title=_title(root),
        times=times,
    )


def _language(root: Any, text: str) -> str:
    told = _NOSCRIBE.search(text[:4000])
    if told:
        return told.group(1)
    declared = (root.get("lang") or "").strip()
    return declared if _LANGUAGE.fullmatch(declared) else ""


def _title(root: Any) -> str:
    title = next(root.iter("title"), None)
    return " ".join("".join(title.itertext()).split())[:200] if title is not None else ""


def _left_out(root: Any, menus: int) -> list[Note]:
    notes = []
    personal = sum(
        1
        for each in root.iter("meta")
        if (each.get("name") or each.get("property") or "").lower() in _PERSONAL
    )
    if personal:
        notes.append(
            Note(
                "dropped",
                f"{counted(personal, 'property', 'properties')} of the page (author, place of the recording).",
            )
        )
    if menus:
        notes.append(Note("dropped", f"{counted(menus, 'menu')} of the page."))
    return notes
