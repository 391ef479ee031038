"""Fixtures for the tests of the readers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from qualcode.readers import Note, read_with_notes
from qualcode.transcript import Transcript

Read = Callable[..., tuple[Transcript, tuple[Note, ...], str]]


@pytest.fixture
def data() -> Path:
    """The small files written for these tests."""
    return Path(__file__).resolve().parent.parent / "data" / "transcripts"


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str | bytes], Path]:
    """Write a file and return its path."""

    def write_file(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        return path

    return write_file


@pytest.fixture
def read(write: Callable[[str, str | bytes], Path]) -> Read:
    """Write a file and read it."""

    def read_file(name: str, content: str | bytes, **options: object):  # type: ignore[no-untyped-def]
        return read_with_notes(write(name, content), **options)  # type: ignore[arg-type]

    return read_file


@pytest.fixture
def said() -> Callable[[Transcript], list[tuple[str | None, str]]]:
    """Return speaker and words of every turn."""
    return lambda transcript: [(turn.speaker, transcript.text_of(turn)) for turn in transcript.turns]
