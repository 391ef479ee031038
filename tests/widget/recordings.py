"""Recordings for tests, made by the tests."""

from __future__ import annotations

import math
import struct
import wave
from pathlib import Path


def write_sound(path: Path, seconds: float, rate: int = 4000) -> None:
    """A tone, as WAV."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        samples = (int(3000 * math.sin(n * 0.6)) for n in range(int(seconds * rate)))
        file.writeframes(b"".join(struct.pack("<h", sample) for sample in samples))
