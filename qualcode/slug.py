"""slug: a name as an id that is also a safe file name on every system."""

from __future__ import annotations

import hashlib
import re
import unicodedata

MAX_BYTES = 180
"""An id becomes a file name with a suffix; file systems stop at 255 bytes."""

_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)
_KEPT_SIGNS = "-_."


def slug(text: str, lower: bool = False) -> str:
    """Return a text as an id: letters and digits of any script, the rest as "-".

    The result is never empty, holds no path separator, does not begin or end with a dot, and is
    no name that Windows keeps for itself. Applying `slug` again changes nothing.

    Parameters
    ----------
    text
        A name, for example of a code or a file without its suffix.
    lower
        Whether to write it in small letters, as for the ids of codes. Ids of sources keep their case.

    Returns
    -------
    str
        At most `MAX_BYTES` bytes of UTF-8; a longer name is cut and ends in a hash of the whole.

    Examples
    --------
    >>> slug("Trust in data / models", lower=True)
    'trust-in-data-models'
    >>> slug("P7a"), slug("../Interview 3.docx"), slug("信頼"), slug("con")
    ('P7a', 'Interview-3.docx', '信頼', 'con-x')
    """
    composed = unicodedata.normalize("NFC", text)
    if lower:
        composed = unicodedata.normalize("NFC", composed.lower())
    kept = "".join(c if c in _KEPT_SIGNS or unicodedata.category(c)[0] in "LMN" else "-" for c in composed)
    kept = re.sub(r"\.\.+", ".", kept)
    kept = re.sub(r"-[-.]*-|--+", "-", kept).strip("-.")
    if not kept:
        # Names of signs only (emoji) still need ids that differ.
        return f"n-{_hash(text)}" if text.strip() else "unnamed"
    reserved = _RESERVED.fullmatch(kept)
    if reserved:
        kept = f"{reserved[1]}-x{reserved[2] or ''}"
    if len(kept.encode("utf-8")) > MAX_BYTES:
        head = kept.encode("utf-8")[: MAX_BYTES - 9].decode("utf-8", errors="ignore")
        kept = f"{head.strip('-.')}-{_hash(text)}"
    return kept


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", errors="replace")).hexdigest()[:8]


def by_number(id_: str) -> tuple[list[tuple[int, str]], str]:
    """Return what puts ids into the order that people expect: P2 before P10.

    Examples
    --------
    >>> sorted(["P10", "P2", "P1b", "P1a"], key=by_number)
    ['P1a', 'P1b', 'P2', 'P10']
    """
    parts = re.findall(r"\d+|\D+", id_)
    return [
        (int(part), "") if part.isascii() and part.isdecimal() else (-1, part.casefold()) for part in parts
    ], id_
