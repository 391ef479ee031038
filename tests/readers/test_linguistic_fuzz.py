"""Mangled files of the formats with tiers: one ReadError or a transcript, and quickly."""

from __future__ import annotations

import contextlib
import random
from pathlib import Path
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qualcode.errors import ReadError
from qualcode.readers import read_with_notes
from qualcode.readers._reading import ReadOptions
from qualcode.readers._registry import format_named, module_of
from qualcode.transcript import Transcript

DATA = Path(__file__).resolve().parent.parent / "data" / "transcripts"
FILES = {
    "eaf": DATA / "eaf" / "two_speakers.eaf",
    "exb": DATA / "exb" / "two_speakers.exb",
    "textgrid": DATA / "textgrid" / "short.TextGrid",
    "chat": DATA / "chat" / "talk.cha",
    "tei": DATA / "tei" / "debate.xml",
}
PIECES = [b"", b"\x00", b"\xff", b"<", b">", b'"', b"&amp;", b"&x;", b"-1", b"1e999", b"NaN", b"Infinity", b"9" * 400,
          b"\n", b"\t", b" ", b"\x15", b"_", b"#", b"T0", b"ts1", b"\xef\xbb\xbf", b"\xed\xa0\x80", "é".encode("cp1252"),
          b"<u>", b"</TIER>", b"<pause/>", b"@End", b"*", b"%", b"\xc2\xa0", b"\xe2\x80\xa8", b"&#13;", b"&#xFEFF;"]  # fmt: skip


def mangle(content: bytes, seed: int) -> bytes:
    chance = random.Random(seed)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(content) + 1)
        until = min(len(content), at + chance.choice((0, 1, 3, 20, 200)))
        middle = chance.choice(PIECES) if chance.random() < 0.7 else content[until : until + 50]
        content = content[:at] + middle + content[until:]
    return content


@pytest.mark.parametrize("format", FILES)
@settings(max_examples=150, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_mangled_files(format: str, seed: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.getbasetemp() / f"mangled-{format}"
    path.write_bytes(mangle(FILES[format].read_bytes(), seed))
    begun = perf_counter()
    try:
        # without the net that turns surprises into a ReadError
        reading = module_of(format_named(format)).read(path, options=ReadOptions())
        Transcript("x", "x", reading.text, reading.turns, reading.marks, roles=reading.roles)
        read_with_notes(path, format=format)
    except ReadError:
        pass
    assert perf_counter() - begun < 60  # no reader hangs


@pytest.mark.parametrize(
    ("format", "content"),
    [
        ("textgrid", b'File type = "ooTextFile"\nObject class = "TextGrid"\n0\n1\n<exists>\n1\n' + b'"' * 400_001),
        ("textgrid", b'File type = "ooTextFile"\nObject class = "TextGrid"\n0\n1\n<exists>\n1\n' + b"1" * 2_000_000),
        ("chat", b"@UTF8\n@Begin\n*A:\t" + b"\x15" * 300_001 + b"\n"),
        ("chat", b"@UTF8\n@Begin\n*A:\t" + b"\x151_" * 200_000 + b"\n"),
        ("chat", b"@UTF8\n@Begin\n*A:\ta\n" + b"\t\n" * 500_000),
        ("eaf", b"<ANNOTATION_DOCUMENT>" + b"<TIER/>" * 100_000 + b"</ANNOTATION_DOCUMENT>"),
        ("eaf", b"<ANNOTATION_DOCUMENT>" + b"<a/>" * 4_100_000),
        ("tei", b"<TEI><text>" + b"<div><u>a</u></div>" * 50_000 + b"</text></TEI>"),
        ("tei", b"<TEI><text>" + b"<div>" * 200 + b"<u>a</u>" * 20_000 + b"</div>" * 200 + b"</text></TEI>"),
        ("tei", b"<TEI><text><u>" + b"<w>a</w>" * 200_000 + b"</u></text></TEI>"),
        ("exb", b"<basic-transcription><basic-body><tier type='t'>" + b"<event start='T0' end='T0'>a</event>" * 50_000
         + b"</tier></basic-body></basic-transcription>"),
    ],
    ids=range(11),
)  # fmt: skip
def test_large_and_lopsided_files_take_little_time(format: str, content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "large"
    path.write_bytes(content)
    begun = perf_counter()
    with contextlib.suppress(ReadError):
        read_with_notes(path)
    assert perf_counter() - begun < 120  # no reader hangs
