"""A folder beside the place of a study, in which a backup is unpacked, and what a killed restore left in one."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout

_ENDING = ".restoring"


@contextlib.contextmanager
def beside(target: Path) -> Iterator[Path]:
    """Give a new folder beside a place; whatever is left of it and above it goes when the block ends."""
    above = [each for each in target.parents if not each.exists()]
    place = target.parent / f"{_name(target)}{os.getpid()}{_ENDING}"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        remove_leftovers(target)
        with _held(place):
            place.mkdir()
            yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)
        for each in above:  # empty where nothing was put in place
            with contextlib.suppress(OSError):
                each.rmdir()


def remove_leftovers(target: Path) -> None:
    """Remove what restoring to a place left beside it when it was killed: it holds whole interviews."""
    ours = re.compile(re.escape(_name(target)) + r"\d+" + re.escape(_ENDING) + r"(\.lock)?")
    with contextlib.suppress(OSError):
        there = [path.name for path in target.parent.iterdir()]
        names = {name.removesuffix(".lock") for name in there if ours.fullmatch(name)}
        for place in map(target.with_name, sorted(names)):
            with contextlib.suppress(OSError, Timeout), _held(place):
                if place.is_dir() and not place.is_symlink():
                    shutil.rmtree(place)


@contextlib.contextmanager
def _held(place: Path) -> Iterator[None]:
    """Hold the lock of a folder that is being unpacked; the system lets it go with the process, however that ends."""
    file = place.with_name(f"{place.name}.lock")
    lock = FileLock(file, timeout=0)
    lock.acquire()
    try:
        yield
    finally:
        lock.release()
        file.unlink(missing_ok=True)


def _name(target: Path) -> str:
    return f".{target.name[:40]}."
