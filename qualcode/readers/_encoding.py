"""Bytes to text: byte order mark, UTF-8, UTF-16 without a mark, then a guess that is always noted."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from qualcode.errors import ReadError
from qualcode.readers._old_encodings import guess_encoding
from qualcode.readers._reading import Note, counted
from qualcode.transcript import prepare_text

_MARKS = (  # UTF-32 first: its mark begins with the one of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

# Not \x01, \x02 and \x15: CHAT writes underlining and times with them, several in a line.
_CONTROL = re.compile(r"[\x00\x03-\x08\x0e-\x14\x16-\x1a\x1c-\x1f\x7f]")
_GARBLED = re.compile("Ã[\u0080-\u00bfŠŒŽšœžŸ„…†‡ˆ‰‹‘’“”•–—™›¡-¿]|â€[\u0080-\u00ff˜™œžŸ“”¦]")
"""UTF-8 that was once read as Windows-1252 and saved so."""
_SAMPLE = 60_000
_NO_WORDS = b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"


def peek(head: bytes) -> str:
    """Return the beginning of a file as text as well as it goes, for detection; "" where it is binary."""
    for mark, name in _MARKS:
        if head.startswith(mark):
            return prepare_text(head.decode(name, errors="replace"))
    wide = _utf16_without_mark(head)
    if wide:
        return prepare_text(head.decode(wide, errors="replace"))
    text = prepare_text(head.decode("utf-8", errors="replace"))
    if text.count("\ufffd") > 1 + len(text) // 50:
        text = prepare_text(head.decode("latin-1"))
    if len(_CONTROL.findall(text)) > len(text) // 100:
        return ""
    return text


def narrow(head: bytes) -> bytes:
    """Return the beginning of a file without byte order marks and zero bytes: what is ASCII in it can be compared.

    Examples
    --------
    >>> narrow("<TEI>".encode("utf-16"))
    b'<TEI>'
    """
    for mark, _ in _MARKS:
        head = head.removeprefix(mark)
    return head.replace(b"\x00", b"")


def decode(path: Path, content: bytes, encoding: str | None = None) -> tuple[str, tuple[Note, ...]]:
    """Return the text of a file, ready to keep, and what had to be guessed.

    In this order: the encoding the caller names; a byte order mark; UTF-8 to the letter; UTF-16 without
    a mark (every other byte is zero); UTF-8 with a few broken bytes, which become U+FFFD; a guess among
    the old encodings (`_old_encodings.py`). Letters are never normalised.

    Parameters
    ----------
    path
        For the message.
    content
        The bytes of the file.
    encoding
        What the caller knows, or None.

    Raises
    ------
    ReadError
        If the bytes are no text in any of these, or not in the one named.
    """
    notes: list[Note] = []
    if encoding is not None:
        raw = _by_name(path, content, encoding)
    else:
        raw = _by_mark(path, content) or _by_rule(content, notes)
    if not content.strip(_NO_WORDS):
        raise ReadError(path, "it holds no words, only blanks. Export or copy it again.")
    if not raw:
        raise ReadError(path, "it is not text in any encoding known here. Save it as UTF-8 text (.txt).")
    if len(_CONTROL.findall(raw)) > len(raw) // 100:
        raise ReadError(path, "it is not text (it holds binary data). Save the transcript as .docx or .txt.")
    if not prepare_text(raw).strip("\u200b\ufeff \t\n\xa0\x0b\x0c\u2028\u2029"):
        raise ReadError(path, "it holds no words, only blanks. Export or copy it again.")
    garbled = len(_GARBLED.findall(raw))
    if garbled >= 3:
        notes.append(
            Note(
                "kept",
                f"{garbled:,} letters seem garbled by an earlier program (such as Ã¼ for ü). Export it again.",
            )
        )
    if "\x00" in raw:
        notes.append(Note("kept", f"The text holds {counted(raw.count(chr(0)), 'zero byte')}."))
    return prepare_text(raw), tuple(notes)


def _by_name(path: Path, content: bytes, encoding: str) -> str:
    try:
        name = codecs.lookup(encoding).name
    except (LookupError, ValueError, TypeError):
        raise ReadError(
            path, f"there is no encoding named {encoding!r}. Use for example 'utf-8', 'cp1252' or 'utf-16'."
        ) from None
    try:
        return content.decode("utf-8-sig" if name == "utf-8" else encoding)
    except UnicodeError as error:
        at = getattr(error, "start", 0)
        reason = f"byte {at:,} is not possible in {encoding}. Leave encoding= out, or name another one."
    except (LookupError, ValueError, TypeError):  # codecs such as "hex" or "zlib" that give no text
        reason = f"{encoding!r} is no text encoding. Use for example 'utf-8', 'cp1252' or 'utf-16'."
    raise ReadError(path, reason)


def _by_mark(path: Path, content: bytes) -> str:
    for mark, name in _MARKS:
        if content.startswith(mark):
            try:
                return content.decode(name)
            except UnicodeDecodeError as error:
                if name == "utf-8-sig":  # some programs put the mark on anything
                    return ""
                raise ReadError(
                    path,
                    f"it says it is {name.upper()}, but breaks at byte {error.start:,}; it may be cut off. "
                    "Export or copy it again.",
                ) from None
    return ""


def _by_rule(content: bytes, notes: list[Note]) -> str:
    content = content.removeprefix(codecs.BOM_UTF8)
    wide = _utf16_without_mark(content)
    if wide:
        try:
            return content.decode(wide)
        except UnicodeDecodeError:
            return ""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        pass
    patched = content.decode("utf-8", errors="replace")
    broken = patched.count("\ufffd")
    real = sum(1 for character in patched if character > "\x7f") - broken
    if broken * 10 <= real:
        notes.append(
            Note(
                "changed",
                f"{counted(broken, 'place')} in the file not being UTF-8 became \N{REPLACEMENT CHARACTER}.",
            )
        )
        return patched
    name = guess_encoding(content)
    if not name:
        return ""
    notes.append(
        Note(
            "guessed", f"The file is not UTF-8; it was read as {name}. Pass encoding= if letters look wrong."
        )
    )
    return content.decode(name, errors="replace")


def _utf16_without_mark(content: bytes) -> str:
    """Return "utf-16-le" or "utf-16-be" where zero bytes stand in every other place only, else "".

    Latin letters have one each; in other scripts blanks and line ends have. A few zeros in what is UTF-8
    are no sign of it.
    """
    sample = content[:_SAMPLE]
    sample = sample[: len(sample) // 2 * 2]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if max(even, odd) < max(1, len(sample) // 100) or max(even, odd) < 5 * min(even, odd):
        return ""
    if max(even, odd) * 8 < len(sample) and _is_utf8(sample):
        return ""
    name = "utf-16-le" if odd > even else "utf-16-be"
    text = sample.decode(name, errors="replace")
    readable = sum(1 for character in text if character.isprintable() or character.isspace())
    return name if readable >= len(text) * 0.97 else ""


def _is_utf8(sample: bytes) -> bool:
    """Whether bytes are plain UTF-8 apart from zeros; Cyrillic in UTF-16 could be, but for its other controls."""
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(sample)  # the last letter may be cut
    except UnicodeDecodeError:
        return False
    return not _CONTROL.search(text.replace("\x00", ""))
