"""Small PDFs for the tests, written by hand: letters of Helvetica and Courier at given places."""

from __future__ import annotations

from collections.abc import Sequence

Word = tuple[float, float, str]


def place(x: float, y: float, text: str, size: float = 11, font: str = "F1", turn: str = "1 0 0 1") -> bytes:
    """One stretch of text; fonts: F1 Courier (every letter 0.6 of the size), F2 Courier bold, F3 Symbol-like without codes."""
    raw = text.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
    return b"BT /%s %g Tf %s %g %g Tm (%s) Tj ET\n" % (font.encode(), size, turn.encode(), x, y, raw)


def lines(texts: Sequence[str], x: float = 72, top: float = 720, step: float = 14, **how: object) -> bytes:
    """Lines under each other; "" leaves one out."""
    return b"".join(place(x, top - step * at, text, **how) for at, text in enumerate(texts) if text)  # type: ignore[arg-type]


def pdf(
    *pages: bytes,
    rotate: int = 0,
    extra: bytes = b"",
    info: bytes = b"",
    trailer: bytes = b"",
    page_extra: bytes = b"",
) -> bytes:
    """Put pages together."""
    objects: list[bytes] = [b"<</Type/Catalog/Pages 2 0 R%s>>" % extra, b""]
    fonts = (
        b"<</F1<</Type/Font/Subtype/Type1/BaseFont/Courier/Encoding/WinAnsiEncoding>>"
        b"/F2<</Type/Font/Subtype/Type1/BaseFont/Courier-Bold/Encoding/WinAnsiEncoding>>>>"
    )
    image = b"<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Length 1>>stream\n0\nendstream"
    objects.append(image)
    kids = []
    for content in pages:
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(content), content))
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Rotate %d/Contents %d 0 R/Resources<</Font%s/XObject<</I 3 0 R>>>>%s>>"
            % (rotate, len(objects), fonts, page_extra)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(kids), b" ".join(kids))
    if info:
        objects.append(info)
        trailer += b"/Info %d 0 R" % len(objects)
    body = b"%PDF-1.4\n"
    places = []
    for number, each in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % at for at in places)
    end = b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n"
    return body + end % (len(objects) + 1, table, len(objects) + 1, trailer, len(body))
