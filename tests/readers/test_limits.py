"""Files larger than any transcript, and files made to be slow: refused early, or read in time that grows evenly.

Nothing here is measured in seconds: what is counted are the calls that Python makes, which are the same on every machine.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from qualcode.errors import ReadError
from qualcode.readers import read_file, read_transcript
from qualcode.readers._pdf_lines import _gutter
from qualcode.readers._pdf_pages import Stretch
from qualcode.readers._reading import MAX_LETTERS, MAX_LINES
from qualcode.readers._speech import Utterance, overlap_notes

from .pdf_maker import lines, pdf


def calls(work: Callable[[], object]) -> int:
    """How many functions are called, ours and those of Python itself."""
    number = 0

    def count(frame: object, event: str, argument: object) -> None:
        nonlocal number
        number += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
    return number


def read(path: Path, content: str | bytes) -> Callable[[], object]:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return lambda: read_file(path)


def refused(path: Path, content: str | bytes) -> str:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(ReadError) as caught:
        read_file(path)
    return str(caught.value)


# ---------------------------------------------------------------------------- longer than any transcript

CAPTION = "00:00:01.000 --> 00:00:02.000\nYes.\n\n"
HTML = "<html><body>{}</body></html>"
LONG: dict[str, tuple[str, str]] = {
    "short turns": ("talk.txt", "Ana: yes\n" * MAX_LINES),
    "empty lines": ("talk.txt", "Ana: hi\n" + "\n" * MAX_LINES + "Ben: no"),
    "one long line": ("talk.txt", "word " * (MAX_LETTERS // 5 + 1)),
    "paragraphs of RTF": ("talk.rtf", r"{\rtf1\ansi " + r"{\b Ana:} x\par " * MAX_LINES + r"\par}"),
    "letters of RTF": ("talk.rtf", r"{\rtf1\ansi " + "\\" * 3_000_000 + "}"),
    "paragraphs of a page": ("talk.html", HTML.format("<p>Ana: hi" * (MAX_LINES + 1))),
    "cues": ("talk.vtt", "WEBVTT\n\n" + CAPTION * (2 * MAX_LINES)),
    "times of CHAT": ("talk.cha", "@UTF8\n@Begin\n*PAR:\t" + "\x15" * 1_000_000 + "\n@End\n"),
    "rows": ("talk.csv", "speaker,text\n" + "Ana,hi\n" * (MAX_LINES + 1)),
}


@pytest.mark.parametrize("what", LONG)
def test_what_is_longer_than_any_transcript_is_refused_in_one_sentence(what: str, tmp_path: Path) -> None:
    name, content = LONG[what]
    said = refused(tmp_path / name, content)
    assert "no transcript has. Give one interview a file." in said or "than any program writes" in said


@pytest.mark.parametrize(
    "what", ["short turns", "empty lines", "one long line", "letters of RTF", "cues", "times of CHAT"]
)
def test_it_is_refused_before_it_is_looked_at_line_by_line(what: str, tmp_path: Path) -> None:
    name, content = LONG[what]
    assert calls(lambda: refused(tmp_path / name, content)) < 20_000


def test_a_transcript_as_long_as_they_get_is_read(tmp_path: Path) -> None:
    talk = "".join(f"Ana: so it went, part {n}\nBen: yes\n" for n in range(3_000))
    (tmp_path / "talk.txt").write_text(talk)
    assert len(read_transcript(tmp_path / "talk.txt").turns) == 6_000


def test_many_tiers_are_refused(tmp_path: Path) -> None:
    tier = (
        '<TIER TIER_ID="T{0}"><ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a{0}"><ANNOTATION_VALUE>hi'
        "</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION></TIER>"
    )
    body = "".join(tier.format(n) for n in range(1_001))
    said = refused(
        tmp_path / "talk.eaf", f'<?xml version="1.0"?><ANNOTATION_DOCUMENT>{body}</ANNOTATION_DOCUMENT>'
    )
    assert "it has 1,001 tiers, more than any recording" in said


# ---------------------------------------------------------------------------- time grows evenly


def names(number: int) -> str:
    """Turns of as many different people."""
    letters = "abcdefghij"
    return "".join(f"X{''.join(letters[int(d)] for d in f'{n:05d}')}: hi there\n" for n in range(number))


GROWING: dict[str, tuple[str, Callable[[int], str]]] = {
    "different labels": ("talk.txt", names),
    "short turns": ("talk.txt", lambda n: "Q: a\nA: b\n" * (n // 2)),
    "bold labels": ("talk.txt", lambda n: "**Ana:** a\n" * n),
    "names under times": ("talk.txt", lambda n: "00:00:01\nAna\nhello\n" * (n // 3)),
    "paragraphs of RTF": ("talk.rtf", lambda n: r"{\rtf1\ansi " + r"{\b Ana:} x\par " * n + "}"),
    "paragraphs of a page": ("talk.html", lambda n: HTML.format("<p>Ana: hi" * n)),
}


@pytest.mark.parametrize("what", GROWING)
def test_twice_as_much_takes_twice_as_long(what: str, tmp_path: Path) -> None:
    name, make = GROWING[what]
    read(tmp_path / name, make(300))()  # what is done once only: imports, patterns
    once, twice = (calls(read(tmp_path / name, make(number))) for number in (3_000, 6_000))
    assert twice < 2.3 * once


def test_what_is_known_of_a_label_is_asked_once(tmp_path: Path) -> None:
    path = tmp_path / "talk.txt"
    read(path, "Q: a\nA: b\n" * 30)()
    few, many = (calls(read(path, "Q: a\nA: b\n" * number)) for number in (1_000, 3_000))
    assert (many - few) / 4_000 < 110  # calls a turn; without memory it is more than 200


def test_different_labels_take_little_more_than_one(tmp_path: Path) -> None:
    path = tmp_path / "talk.txt"
    read(path, names(30))()
    many, one = calls(read(path, names(3_000))), calls(read(path, "Xaaaaa: hi there\n" * 3_000))
    assert many < 3 * one


def test_a_note_names_some_of_many_speakers(tmp_path: Path) -> None:
    (tmp_path / "talk.txt").write_text(names(400))
    note = next(str(note) for note in read_file(tmp_path / "talk.txt").notes if "Speakers" in str(note))
    assert note.endswith("and 370 more.")


def test_overlaps_are_found_in_one_pass_and_are_those_that_a_look_at_everybody_finds() -> None:
    def everybody(number: int) -> list[Utterance]:
        return [Utterance(f"S{n}", "yes", n * 2.0, n * 2.0 + 1 + n % 3) for n in range(number)]

    few, many = (calls(lambda n=n: overlap_notes(everybody(n), "cue")) for n in (1_000, 2_000))
    assert many < 2.3 * few
    said = [Utterance("ABC"[n * 7 % 3], "yes", n * 1.0, n + (n * 5 % 9) / 2) for n in range(60)]
    until: dict[str | None, float] = {}
    together = 0
    for each in said:
        assert each.begins is not None
        assert each.ends is not None
        together += any(end > each.begins for who, end in until.items() if who != each.speaker)
        until[each.speaker] = max(each.ends, until.get(each.speaker, 0.0))
    assert together > 10
    assert f"{together} cues" in overlap_notes(said, "cue")[0].message


# ---------------------------------------------------------------------------- PDF


def packed(content: bytes) -> bytes:
    """A PDF of one page, with its commands packed."""
    small = zlib.compress(content, 9)
    return pdf(small).replace(
        b"<</Length %d>>" % len(small), b"<</Length %d/Filter/FlateDecode>>" % len(small)
    )


def test_a_page_that_unpacks_to_gigabytes_is_refused_before_pdfium_sees_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pypdfium2

    (tmp_path / "small.pdf").write_bytes(packed(lines(["Ana: Why?", "Ben: So."])))
    assert "So." in read_transcript(tmp_path / "small.pdf").text

    def opened(*given: object) -> object:
        raise AssertionError("PDFium was asked")

    monkeypatch.setattr(pypdfium2, "PdfDocument", opened)
    said = refused(tmp_path / "bomb.pdf", packed(b"BT /F1 1 Tf " + b"1 0 Td (a) Tj " * 1_000_000 + b" ET"))
    assert "unpacks to more than any page of a transcript" in said
    twice = packed(zlib.compress(b"q " * 10_000_000, 9))
    twice = twice.replace(b"/Filter/FlateDecode", b"/Filter[/FlateDecode/FlateDecode]")
    assert "unpacks to more than any page of a transcript" in refused(tmp_path / "twice.pdf", twice)


def test_a_large_picture_is_no_reason_to_refuse_a_pdf(tmp_path: Path) -> None:
    white = zlib.compress(b"\xff" * 12_000_000, 9)
    picture = b"<</Type/XObject/Subtype/Image/Width 4000/Height 3000/ColorSpace/DeviceGray/BitsPerComponent 8"
    picture += b"/Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(white), white)
    content = pdf(lines(["Ana: Why?", "Ben: So."]), info=picture)
    (tmp_path / "talk.pdf").write_bytes(content)
    assert len(read_transcript(tmp_path / "talk.pdf").turns) == 2


def scattered(number: int) -> list[list[Stretch]]:
    """A page of scattered words, a hundred lines."""
    rows: list[list[Stretch]] = [[] for _ in range(100)]
    for n in range(number):
        left = n * 7919 % 560 + 0.5
        rows[n % 100].append(Stretch("word", left, left + 30, 7.0 * (n % 100), 7.0 * (n % 100) + 6))
    return rows


def test_a_page_of_scattered_words_is_looked_at_once() -> None:
    few, many = (calls(lambda n=n: _gutter(scattered(n))) for n in (1_000, 2_000))
    assert many < 2.3 * few
    assert many < 60 * 2_000  # without the sweep it is a look at every word for every possible gutter


def test_columns_are_found_as_a_look_at_every_row_finds_them() -> None:
    words = "so it went and then"
    rows = [
        [Stretch(words, 50 + n % 3, 280 - n % 7, 700 - 12.0 * n, 709 - 12.0 * n),
         Stretch(words, 310 + n % 5, 540 - n % 9, 700 - 12.0 * n, 709 - 12.0 * n)]
        for n in range(40)
    ]  # fmt: skip
    rows.insert(20, [Stretch(words, 50, 540, 480, 489)])
    gutter = _gutter(rows)
    assert gutter is not None
    assert 280 < gutter < 310
