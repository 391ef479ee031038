"""The stretches of text on the pages of a PDF and where they stand, as PDFium gives them.

pypdfium2 (BSD and Apache) is the only library asked: pdfminer.six and pypdf are slower by a factor of ten and
lose blanks in real files, PyMuPDF is under the AGPL.
"""

from __future__ import annotations

import ctypes
import math
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from qualcode.errors import ReadError
from qualcode.readers._hidden import LONGEST, Piece

MAX_PAGES = 3_000
MAX_LETTERS = 1_500_000
MAX_ON_PAGE = 500_000
"""More than any transcript has; a book or a data dump is no interview. One endless page may hold a whole talk."""

_LIGATURES = {ord(sign): unicodedata.normalize("NFKC", sign) for sign in "ﬀﬁﬂﬃﬄﬅﬆ"}
_COMMENTS = frozenset((1, 3, 4, 9, 10, 11, 12, 13, 14, 15))
"""Kinds of annotation in which a reader of the PDF wrote or marked something."""


@dataclass(slots=True)
class Stretch:
    """A stretch of text on one line of a page.

    Parameters
    ----------
    text
        The letters.
    left, right, bottom, top
        In points, from the lower left corner of the page as it is shown.
    bold
        How many letters at its beginning are bold.
    """

    text: str
    left: float
    right: float
    bottom: float
    top: float
    bold: int = 0

    @property
    def size(self) -> float:
        """Height of the letters."""
        return max(1.0, self.top - self.bottom)


@dataclass(slots=True)
class PdfPage:
    """One page."""

    width: float = 0.0
    height: float = 0.0
    stretches: list[Stretch] = field(default_factory=list)
    pictures: int = 0


@dataclass(slots=True)
class Pdf:
    """What a PDF holds."""

    pages: list[PdfPage] = field(default_factory=list)
    comments: int = 0
    attachments: int = 0
    properties: bool = False
    hidden: list[Piece] = field(default_factory=list)
    ligatures: int = 0
    turned: int = 0


def read_pages(path: Path, content: bytes) -> Pdf:
    """Return the pages of a PDF.

    Raises
    ------
    ReadError
        If it is broken, protected by a password, or too large.
    """
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", 0) in (4, 5):
            raise ReadError(
                path,
                "it is protected by a password. Open it with the password, print it to a new PDF, and read that.",
            ) from None
        raise ReadError(
            path, "it begins like a PDF, but is broken or cut off. Copy or download it again."
        ) from None
    try:
        if len(document) > MAX_PAGES:
            raise ReadError(
                path, f"it has {len(document):,} pages, more than any transcript. Give one interview a file."
            )
        return _read(path, document)
    finally:
        document.close()


def _read(path: Path, document: Any) -> Pdf:
    import pypdfium2
    from pypdfium2 import raw

    facts = document.get_metadata_dict(skip_empty=True)
    found = Pdf(properties=bool(facts.keys() & {"Author", "Title", "Subject", "Keywords"}))
    if found.properties:
        found.hidden = [Piece("property", name, str(value)) for name, value in facts.items()]
    found.attachments = max(0, raw.FPDFDoc_GetAttachmentCount(document))
    letters = 0
    for number in range(len(document)):
        try:
            page = document[number]
        except pypdfium2.PdfiumError:
            raise ReadError(path, f"its page {number + 1} is broken. Copy or download it again.") from None
        one = PdfPage()
        text = page.get_textpage()
        letters += text.count_chars()
        if letters > MAX_LETTERS or text.count_chars() > MAX_ON_PAGE:
            raise ReadError(path, "it holds more text than any transcript. Give one interview a file.")
        one.stretches = list(_stretches(_letters(text, one, page.get_bbox(), found), found))
        one.pictures = sum(1 for _ in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3))
        for index in range(min(10_000, max(0, raw.FPDFPage_GetAnnotCount(page)))):
            note = raw.FPDFPage_GetAnnot(page, index)
            if note:
                if raw.FPDFAnnot_GetSubtype(note) in _COMMENTS:
                    found.comments += 1
                    words, author = _string(note, b"Contents"), _string(note, b"T")
                    found.hidden.append(Piece("comment", f"page {number + 1}", words, author))
                raw.FPDFPage_CloseAnnot(note)
        found.pages.append(one)
        text.close()
        page.close()
    return found


def _string(note: Any, key: bytes) -> str:
    """Return a text of a comment, "" where it has none."""
    from pypdfium2 import raw

    size = raw.FPDFAnnot_GetStringValue(note, key, None, 0)
    if not 2 < size < 100 * LONGEST:  # PDFium fills the whole buffer or nothing
        return ""
    buffer = ctypes.create_string_buffer(size)
    raw.FPDFAnnot_GetStringValue(note, key, ctypes.cast(buffer, ctypes.POINTER(raw.FPDF_WCHAR)), size)
    return buffer.raw.decode("utf-16-le", errors="replace").partition("\0")[0]


@dataclass(slots=True)
class _Letter:
    sign: str
    left: float
    right: float
    bottom: float
    top: float
    bold: bool
    way: int | None  # quarters of a turn, -1 for another angle, None for a blank


def _letters(
    text: Any, page: PdfPage, box: tuple[float, float, float, float], found: Pdf
) -> list[_Letter | None]:
    """Return the letters of a page in the order of the file; None where PDFium sees the end of a line.

    The page is turned so that most letters stand upright, whatever its own rotation says; others are left out.
    """
    raw = list(_raw_letters(text))
    ways = Counter(letter.way for letter in raw if letter is not None and letter.way is not None)
    upright = ways.most_common(1)[0][0] if ways else 0
    x0, y0, x1, y1 = box
    page.width, page.height = (x1 - x0, y1 - y0) if upright % 2 == 0 else (y1 - y0, x1 - x0)
    letters: list[_Letter | None] = []
    way: int | None = upright
    for letter in raw:
        if letter is None:
            letters.append(None)
            continue
        if letter.way is not None:
            found.turned += letter.way != upright and way == upright
            way = letter.way
        if way == upright:
            _stand_up(letter, upright, box)
            letters.append(letter)
    return letters


def _raw_letters(text: Any) -> Iterator[_Letter | None]:
    from pypdfium2 import raw

    text = text.raw  # asked for once: there are hundreds of thousands of letters
    box = raw.FS_RECTF()
    here = ctypes.byref(box)
    high = 0
    leading, height = True, 0.0  # whether only bold letters stand before on the line
    fonts: dict[int, bool] = {}
    for index in range(max(0, raw.FPDFText_CountChars(text))):
        code = raw.FPDFText_GetUnicode(text, index)
        if 0xD800 <= code <= 0xDBFF:
            high = code
            continue
        if 0xDC00 <= code <= 0xDFFF and high:
            code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00)
        high = 0
        if code in (10, 13):
            leading = True
            yield None
            continue
        if not raw.FPDFText_GetLooseCharBox(text, index, here):
            continue
        corners = left, right, bottom, top = box.left, box.right, box.bottom, box.top
        if not (-1e6 < left < 1e6 and -1e6 < right < 1e6 and -1e6 < bottom < 1e6 and -1e6 < top < 1e6):
            continue  # also where they are no numbers
        # PDFium writes 2, or U+FFFE, for a hyphen at the end of a line.
        known = 0 < code < 0x110000 and not 0xD800 <= code < 0xE000
        sign = "-" if code in (2, 0xFFFE) else chr(code) if known else "\ufffd"
        if raw.FPDFText_IsGenerated(text, index) == 1 or sign.isspace():
            yield _Letter(sign, *corners, bold=False, way=None)
            continue
        quarters = -raw.FPDFText_GetCharAngle(text, index) / (math.pi / 2)  # PDFium counts clockwise
        way = round(quarters) % 4 if abs(quarters - round(quarters)) < 0.2 else -1
        leading = (leading or abs(box.bottom - height) > (box.top - box.bottom) / 2) and _is_bold(
            text, index, fonts
        )
        height = box.bottom
        yield _Letter(sign, *corners, bold=leading, way=way)


def _is_bold(text: Any, index: int, fonts: dict[int, bool]) -> bool:
    """Whether a letter is bold, by its weight, or by the name of its font where the PDF gives no weight."""
    from pypdfium2 import raw

    if raw.FPDFText_GetFontWeight(text, index) >= 600:
        return True
    found = raw.FPDFText_GetTextObject(text, index)
    font = raw.FPDFTextObj_GetFont(found) if found else None
    if not font:
        return False
    key = ctypes.addressof(font.contents)
    if key not in fonts:
        name = ctypes.create_string_buffer(200)
        raw.FPDFFont_GetBaseFontName(font, name, 200)
        fonts[key] = any(word in name.value.lower() for word in (b"bold", b"black", b"heavy", b"demi"))
    return fonts[key]


def _stand_up(letter: _Letter, quarters: int, page: tuple[float, float, float, float]) -> None:
    """Turn the box of a letter that stands turned by quarters, so that its line runs from left to right."""
    x0, y0, x1, y1 = page
    left, right, bottom, top = letter.left, letter.right, letter.bottom, letter.top
    if quarters == 1:
        box = (bottom - y0, top - y0, x1 - right, x1 - left)
    elif quarters == 2:
        box = (x1 - right, x1 - left, y1 - top, y1 - bottom)
    elif quarters == 3:
        box = (y1 - top, y1 - bottom, left - x0, right - x0)
    else:
        box = (left - x0, right - x0, bottom - y0, top - y0)
    letter.left, letter.right, letter.bottom, letter.top = box


def _stretches(letters: list[_Letter | None], found: Pdf) -> Iterator[Stretch]:
    """Join letters into stretches: one line, no wide gap, no jump."""
    now: Stretch | None = None
    leading = True
    for letter in letters:
        if letter is None:
            if now is not None and now.text.strip():
                yield now
            now = None
            continue
        sign = letter.sign.translate(_LIGATURES)
        found.ligatures += sign != letter.sign
        if now is not None and not _goes_on(now, letter):
            if now.text.strip():
                yield now
            now = None
        if now is None:
            if sign.isspace() and sign != "\xa0":
                continue
            now = Stretch(
                sign, letter.left, letter.right, letter.bottom, letter.top, int(letter.bold) * len(sign)
            )
            leading = letter.bold
            continue
        now.text += sign
        if not sign.isspace():
            now.left, now.right = min(now.left, letter.left), max(now.right, letter.right)
            now.bottom, now.top = min(now.bottom, letter.bottom), max(now.top, letter.top)
        leading = leading and (letter.bold or sign.isspace())
        if leading:
            now.bold = len(now.text)
    if now is not None and now.text.strip():
        yield now


def _goes_on(now: Stretch, letter: _Letter) -> bool:
    if letter.sign.isspace():
        return True
    middle = (letter.bottom + letter.top) / 2
    if not now.bottom <= middle <= now.top:
        return False
    # Letters of scripts that run from right to left come from the other side.
    gap = max(letter.left - now.right, now.left - letter.right)
    return gap < now.size * 0.9
