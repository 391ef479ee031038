"""Getting the bytes of a file: every way this can fail is one ReadError, and size is bounded."""

from __future__ import annotations

import errno
import io
import stat
import zipfile
from pathlib import Path

from qualcode.errors import ReadError

MAX_BYTES = 200 * 1024 * 1024
"""No transcript is larger than this; a recording given by mistake often is."""

HEAD = 64 * 1024
"""How much of a file is looked at to tell its format."""

MAX_UNPACKED = 300 * 1024 * 1024
MAX_ENTRY = 120 * 1024 * 1024
MAX_ENTRIES = 10_000
MAX_RATIO = 400
"""A part that grows more than this when unpacked is a zip bomb; real Word text grows about tenfold."""

RATIO_FREE = 4 * 1024 * 1024
"""Below this size a part may grow by any ratio: a page of blanks packs very well."""


def check_file(path: Path) -> int:
    """Return the size of a file, or say why it cannot be read.

    Raises
    ------
    ReadError
        If there is no such file, or it is a folder, a device, a circle of links, empty, or too large.
    """
    try:
        status = path.stat()
    except (OSError, RuntimeError, ValueError) as error:
        raise _unreachable(path, error) from None
    if stat.S_ISDIR(status.st_mode):
        raise ReadError(
            path, "this is a folder. Give the path of one transcript, or each file of the folder."
        )
    if not stat.S_ISREG(status.st_mode):
        raise ReadError(path, "this is a device or a pipe, not a file. Give the path of a transcript.")
    if status.st_size == 0:
        raise ReadError(path, "the file is empty (0 bytes). Export or copy it again.")
    if status.st_size > MAX_BYTES:
        raise ReadError(
            path,
            f"the file has {status.st_size / 1e6:,.0f} MB, more than {MAX_BYTES / 1e6:,.0f} MB. "
            "Give the transcript, not the recording.",
        )
    return status.st_size


def read_bytes(path: Path) -> bytes:
    """Return the whole content of a file.

    Raises
    ------
    ReadError
        As `check_file`; also if reading is not permitted or breaks off.
    """
    check_file(path)
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise _unreachable(path, error) from None
    if not content:
        raise ReadError(path, "the file is empty (0 bytes). Export or copy it again.")
    return content


def read_head(path: Path) -> bytes:
    """Return what detection looks at: the first 64 KB, and of a zip the last 64 KB (its list of parts)."""
    size = check_file(path)
    try:
        with path.open("rb") as file:
            head = file.read(HEAD)
            if size > HEAD and head.startswith(b"PK"):
                file.seek(max(HEAD, size - HEAD))
                head += file.read(HEAD)
    except OSError as error:
        raise _unreachable(path, error) from None
    return head


def _unreachable(path: Path, error: Exception) -> ReadError:
    number = getattr(error, "errno", None)
    if isinstance(error, RuntimeError) or number == errno.ELOOP:
        return ReadError(path, "this is a link that leads back to itself. Give the path of the file itself.")
    if isinstance(error, (FileNotFoundError, NotADirectoryError)):
        return ReadError(path, "there is no such file. Check the path.")
    if isinstance(error, PermissionError):
        return ReadError(
            path, "you are not permitted to read it. Change its permissions, or close it in other programs."
        )
    if isinstance(error, ValueError) or number == errno.ENAMETOOLONG:
        return ReadError(path, "this is not a possible path. Check it for stray characters.")
    return ReadError(path, f"it cannot be opened ({type(error).__name__}). Check the disk or the connection.")


def open_zip(path: Path, content: bytes, what: str) -> zipfile.ZipFile:
    """Open the zip that a Word or Excel file is, after checking that unpacking it is harmless.

    Parameters
    ----------
    path
        For the message.
    content
        The bytes of the file.
    what
        How people call it, for example "a Word file (.docx)".

    Raises
    ------
    ReadError
        If it is broken, encrypted, a zip bomb, packed in another way, or holds a part twice.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError, OverflowError):
        raise ReadError(
            path,
            f"it begins like {what}, but is broken or cut off. Copy it again, "
            "or open it in its program and save it anew.",
        ) from None
    if len(entries) > MAX_ENTRIES:
        raise ReadError(path, f"it holds {len(entries):,} parts, which {what} never does; it was not opened.")
    total = 0
    seen: set[str] = set()
    for entry in entries:
        total += entry.file_size
        ratio = entry.file_size / max(1, entry.compress_size)
        if (entry.file_size > RATIO_FREE and ratio > MAX_RATIO) or entry.file_size > MAX_ENTRY:
            raise ReadError(
                path, "a part of it would grow to many times its size (a zip bomb); it was not opened."
            )
        if entry.flag_bits & 0x1:
            raise ReadError(path, "it is protected by a password. Remove the password and save it again.")
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise ReadError(
                path, f"it is packed in a way {what} never is. Open it in its program and save it anew."
            )
        part = entry.filename.lower()
        if part in seen and part.endswith((".xml", ".rels")):
            raise ReadError(
                path, "it holds a part twice, and programs differ in which they show. Open it in its program and "
                "save it anew.",
            )  # fmt: skip
        seen.add(part)
    if total > MAX_UNPACKED:
        raise ReadError(path, f"it would unpack to {total / 1e6:,.0f} MB; it was not opened.")
    return archive


def read_part(path: Path, archive: zipfile.ZipFile, name: str) -> bytes | None:
    """Return one part of a zip, or None where it has no such part; names compare without case.

    Raises
    ------
    ReadError
        If the part is broken or larger than it says.
    """
    found = next((e for e in archive.infolist() if e.filename.lower() == name.lower()), None)
    if found is None:
        return None
    try:
        with archive.open(found) as file:
            content = file.read(MAX_ENTRY + 1)
    except Exception:  # zipfile and zlib raise half a dozen kinds on a damaged part
        raise ReadError(
            path, f"its part {name} is broken. Open it in its program and save it anew."
        ) from None
    if len(content) > MAX_ENTRY:
        raise ReadError(path, "a part of it is larger than it says (a zip bomb); it was not opened.")
    return content
