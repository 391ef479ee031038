"""How large the pages of a PDF are when they are unpacked, before any library does so.

A stream of 300 KB can unpack to 140 MB of drawing commands, for which PDFium then takes gigabytes. Each stream is
unpacked here up to a limit only, and thrown away. Pictures and fonts are left alone: they may be large.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from qualcode.errors import ReadError

MAX_CONTENT = 10_000_000
"""Bytes of one page's commands; a page full of letters has a hundredth of that."""

MAX_TIMES = 4
"""A stream packed over and over again is no page."""

MAX_ODD = 200_000
"""Packed bytes of a stream packed in a way that no program has used for pages since about 2000."""

_STREAM = re.compile(rb"(?<!end)stream(?:\r\n|\n)")
_LARGE = re.compile(rb"/Image\b|/Length1\b|/FontFile|/Width\b")
_PACKED = re.compile(rb"/(?:FlateDecode|Fl)\b")
_ODD = re.compile(rb"/(?:LZWDecode|LZW|RunLengthDecode|RL)\b")
_CHUNK = 65_536


def check_streams(path: Path, content: bytes) -> None:
    """Refuse a PDF with a page that unpacks to more than any page of a transcript.

    Raises
    ------
    ReadError
        If a stream of it, pictures and fonts apart, unpacks to more than `MAX_CONTENT` bytes.
    """
    for match in _STREAM.finditer(content):
        head = content[max(0, match.start() - 1_000) : match.start()]
        head = head[max(0, head.rfind(b" obj")) :]
        if _LARGE.search(head):
            continue
        packed = len(_PACKED.findall(head))
        end = content.find(b"endstream", match.end())
        size = (end if end >= 0 else len(content)) - match.end()
        if _ODD.search(head) or packed > MAX_TIMES:
            size = size if size <= MAX_ODD else MAX_CONTENT + 1
        elif packed:
            size = _unpacked(content, match.end(), packed)
        if size > MAX_CONTENT:
            raise ReadError(
                path,
                "a page of it unpacks to more than any page of a transcript has; it was not opened. Save the transcript "
                "as .docx or .txt.",
            )


def _unpacked(content: bytes, at: int, times: int) -> int:
    """Return how many bytes a stream unpacks to, counted up to the limit; 0 where it is protected or broken."""
    pieces: Iterable[bytes] = (content[place : place + _CHUNK] for place in range(at, len(content), _CHUNK))
    for _ in range(times):
        pieces = _unpack(pieces)
    size = 0
    try:
        for piece in pieces:
            size += len(piece)
            if size > MAX_CONTENT:
                break
    except zlib.error:
        return 0
    return size


def _unpack(packed: Iterable[bytes]) -> Iterator[bytes]:
    unpack = zlib.decompressobj()
    for data in packed:
        while data and not unpack.eof:
            yield unpack.decompress(data, _CHUNK)
            data = unpack.unconsumed_tail
        if unpack.eof:
            return
