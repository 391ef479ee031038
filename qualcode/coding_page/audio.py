"""The recording of a source, where one lies in data/raw; it is read in pieces and never copied."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from qualcode.errors import FolderError, InvalidValue
from qualcode.project import Project

AUDIO_ENDINGS = (".mp3", ".m4a", ".wav", ".ogg", ".opus", ".flac", ".aac", ".mp4", ".webm")
PIECE = 1 << 20
"""Most bytes of one piece."""


@dataclass(frozen=True)
class Audio:
    """A recording: its name, its file and its size in bytes."""

    name: str
    path: Path
    size: int


def find_audio(project: Project, source: str) -> Audio | None:
    """Return the recording of a source: data/raw/<source>.mp3 or so, or with the name of the imported file."""
    stems = dict.fromkeys([source, Path(project._source(source).file).stem])
    try:
        names = {path.name.casefold(): path.name for path in project._folder.full("data/raw").iterdir()}
    except OSError:
        return None
    for stem in stems:
        for ending in AUDIO_ENDINGS:
            name = names.get(f"{stem}{ending}".casefold()) if stem else None
            if name is None:
                continue
            path = project._folder.full(f"data/raw/{name}")
            if project._folder._leads_elsewhere(f"data/raw/{name}") or not path.is_file():
                continue
            return Audio(name, path, path.stat().st_size)
    return None


def piece_of(project: Project, source: str, offset: int) -> tuple[int, bool, bytes]:
    """Return the size of the recording, whether this piece is its last, and the bytes from an offset on.

    Raises
    ------
    FolderError
        If there is no recording, or it cannot be read.
    """
    audio = find_audio(project, source)
    if audio is None:
        raise FolderError(
            f"No recording of {source} lies in data/raw. Put it there as {source}.mp3 (or {', '.join(AUDIO_ENDINGS[1:])})."
        )
    if offset < 0:
        raise InvalidValue(f"offset must be 0 or more, got {offset}.")
    try:
        with audio.path.open("rb") as file:
            file.seek(offset)
            piece = file.read(PIECE)
    except OSError as error:
        raise FolderError(f"data/raw/{audio.name} cannot be read ({error.strerror}).") from None
    return audio.size, offset + len(piece) >= audio.size, piece
