"""Stamps of files: what tells, without reading a file, whether it is still the one that was read."""

from __future__ import annotations

import os
import sys

Stamp = tuple[int, int, int]
"""Time of the last change in nanoseconds, size, and number of the file on its disk."""


def stamp(stat: os.stat_result) -> Stamp:
    """Return the stamp of a file."""
    # Clocks of file systems tick slowly: two writes may share time and size, but are two files on the
    # disk. Windows tells the number only at a price, and its clock is finer.
    return stat.st_mtime_ns, stat.st_size, 0 if sys.platform == "win32" else stat.st_ino


def stamp_of(entry: os.DirEntry[str]) -> Stamp | None:
    """Return the stamp of a file in a folder, or None where it is none; reading it tells what is wrong with it."""
    try:
        return stamp(entry.stat()) if entry.is_file() else None
    except FileNotFoundError:  # removed this very moment
        return None
    except OSError:  # a link in a circle
        return 0, 0, 0


def is_folder(entry: os.DirEntry[str]) -> bool:
    """Whether an entry of a folder is a folder itself."""
    try:
        return entry.is_dir()
    except OSError:  # a link in a circle
        return False
