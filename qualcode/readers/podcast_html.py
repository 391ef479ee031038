"""Podcast transcripts in HTML: <cite>Name:</cite> <time>0:05</time> <p>words</p>, again and again.

The shape that the podcast namespace describes. As the words are cut like captions, it is read like them.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from qualcode.errors import ReadError
from qualcode.readers._encoding import peek
from qualcode.readers._files import read_bytes
from qualcode.readers._html import looks_like_html, parse_page
from qualcode.readers._reading import Note, Reading, ReadOptions, counted
from qualcode.readers._speech import Utterance, utterances_to_reading
from qualcode.readers._times import seconds

_CITE = r"<cite[^<>]{0,200}>[^<>]{0,120}</cite>\s*"
_SHAPE = re.compile(rf"{_CITE}(?:<time[^<>]{{0,200}}>\s*[\d:.,]{{3,16}}\s*</time>|<p[\s>])", re.IGNORECASE)

_BLANKS = re.compile("[ \t\n\r\f]+")
"""What is one blank in HTML; a no-break blank is a letter like others."""


def sniff(head: bytes, name: str) -> float:
    """Return 1 where a web page has a <cite> right before a <time> or <p>, twice or as the first thing."""
    if not looks_like_html(head):
        return 0.0
    text = peek(head).lstrip()
    found = _SHAPE.findall(text)
    return 1.0 if len(found) >= 2 or (found and _SHAPE.match(text)) else 0.0


def read(path: Path, *, options: ReadOptions) -> Reading:
    """Read a podcast transcript.

    Raises
    ------
    ReadError
        If the file cannot be opened, is nested too deeply, or holds no words.
    """
    root, notes = parse_page(path, read_bytes(path), options.encoding)
    said: list[Utterance] = []
    speaker: str | None = None
    begins: float | None = None
    outside = 0
    for element in root.iter("cite", "time", "p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "div"):
        words = _words(element)
        if element.tag == "cite":
            speaker = words.rstrip(":：").strip() or None
        elif element.tag == "time":
            begins = seconds(words)
        elif element.tag == "p":
            if words:
                said.append(Utterance(speaker, words, begins, None))
                begins = None
        elif (element.text or "").strip():
            outside += 1
    if not said:
        raise ReadError(
            path, "it names speakers, but holds no words. Save the page again, with the transcript in it."
        )
    found = list(notes)
    if outside:
        found.append(
            Note(
                "dropped",
                f"{counted(outside, 'heading or other text', 'headings and other texts')} of the page.",
            )
        )
    return utterances_to_reading(said, found, format="podcast_html", noun="paragraph")


def _words(element: Any) -> str:
    inner = {"cite", "time"} if element.tag == "p" else {"time", "p"} if element.tag == "cite" else set()
    return _BLANKS.sub(" ", "".join(_texts(element, inner))).strip(" ")


def _texts(element: Any, inner: set[str]) -> list[str]:
    texts = [element.text or ""]
    for each in element:
        if each.tag == "br":
            texts.append(" ")
        elif each.tag not in inner and each.tag not in ("script", "style"):
            texts.extend(each.itertext())
        texts.append(each.tail or "")
    return texts
