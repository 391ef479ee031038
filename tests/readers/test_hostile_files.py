"""Files made to do harm, or saved by programs that know no better: zips, XML and text, in every reader they concern.

Zips: nothing is ever unpacked to the disk or followed, and what would unpack too large is not opened. XML: nothing
outside of the file is looked at. Text: the words come in whatever the line ends, marks and encodings.
"""

from __future__ import annotations

import contextlib
import io
import json
import re
import socket
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import pytest

from qualcode.errors import ReadError
from qualcode.readers import FileReading, _files, read_file, read_transcript, read_with_notes
from qualcode.readers._registry import FORMATS
from qualcode.transcript import Transcript

from .mangling import packed, parts_of, samples


def sample(format: str, name: str = "") -> Path:
    return next(path for path in samples(format) if name in path.name)


def outcome(path: Path) -> tuple[FileReading | None, str]:
    """What is read, or what is said instead; never the sentence for what no reader foresaw."""
    try:
        return read_file(path, id="talk"), ""
    except ReadError as error:
        said = str(error)
    assert "could not be read as" not in said
    return None, said


def in_short(transcript: Transcript) -> tuple[object, ...]:
    return transcript.text, transcript.turns, transcript.marks, transcript.origin


def files_in(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# ---------------------------------------------------------------------------- zips

ZIPS = {"docx": sample("docx", "talk"), "odt": sample("odt", "talk.odt"), "excel": sample("excel")}
MAIN = {"docx": "word/document.xml", "odt": "content.xml", "excel": "xl/worksheets/sheet1.xml"}


def main_part(content: bytes) -> str:
    return next(name for name in MAIN.values() if name in parts_of(content))


def entry(name: str, mode: int = 0) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.create_system, info.external_attr = 3, mode << 16
    info.filename = info.orig_filename = name  # as it stands: zipfile itself cuts a name at a zero byte
    return info


STRANGERS: dict[str, tuple[zipfile.ZipInfo, bytes]] = {
    "out of the folder": (entry("../../outside.txt"), b"x"),
    "beside a part": (entry("word/../../../outside.txt"), b"x"),
    "absolute": (entry("{root}/outside.txt"), b"x"),
    "a drive": (entry("C:\\outside.txt"), b"x"),
    "backslashes": (entry("..\\..\\outside.txt"), b"x"),
    "a zero byte": (entry("word/a\x00.xml"), b"x"),
    "a name in no encoding": (entry("word/\x80\xff.xml"), b"x"),
    "a link": (entry("word/link.txt", stat.S_IFLNK | 0o777), b"/etc/hostname"),
    "a link to a folder": (entry("word/folder", stat.S_IFLNK | 0o777), b"/"),
    "a device": (entry("word/device", stat.S_IFCHR | 0o666), b""),
    "what macOS adds": (entry("__MACOSX/word/._document.xml"), b"\x00\x05\x16\x07"),
    "a folder": (entry("word/"), b""),
    "a zip in it": (entry("word/embeddings/a.zip"), packed({"a.txt": b"x"})),
}  # fmt: skip


@pytest.mark.parametrize("trap", STRANGERS)
@pytest.mark.parametrize("format", ZIPS)
def test_strangers_in_a_zip_change_nothing_and_are_never_unpacked(
    format: str, trap: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "a" / "b"
    here.mkdir(parents=True)
    monkeypatch.chdir(here)
    info, stranger = STRANGERS[trap]
    buffer = io.BytesIO(ZIPS[format].read_bytes())
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr(
            entry(info.filename.replace("{root}", str(tmp_path)), info.external_attr >> 16), stranger
        )
    path = here / ZIPS[format].name
    path.write_bytes(buffer.getvalue())
    assert in_short(read_transcript(path)) == in_short(read_transcript(ZIPS[format]))
    assert files_in(tmp_path) == {str(path.relative_to(tmp_path)): buffer.getvalue()}


def patched(content: bytes, listed: int, own: int, value: bytes) -> bytes:
    """A zip with the headers of its main part overwritten: in the list of parts, and before the part itself."""
    raw, name = bytearray(content), main_part(content).encode()
    for at in (raw.rindex(name) - 46 + listed, raw.index(name) - 30 + own):
        raw[at : at + len(value)] = value
    return bytes(raw)


def twice(content: bytes, name: Callable[[str], str]) -> bytes:
    """A zip that holds its main part a second time, with other words."""
    parts, main = parts_of(content), main_part(content)
    other = main.replace("m", "_")
    raw = packed({**parts, other: parts[main].replace(b"lamp", b"camp")})
    return raw.replace(other.encode(), name(main).encode())


def with_parts(content: bytes, more: dict[str, bytes], how: int = zipfile.ZIP_STORED) -> bytes:
    buffer = io.BytesIO(content)
    with zipfile.ZipFile(buffer, "a", how) as archive:
        for name, part in more.items():
            archive.writestr(name, part)
    return buffer.getvalue()


HARMFUL: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "the same part twice": (lambda c: twice(c, str), "it holds a part twice, and programs differ in which they show"),
    "the same part in other letters": (lambda c: twice(c, str.upper), "it holds a part twice"),
    "a bomb": (lambda c: with_parts(c, {"word/a.xml": bytes(_files.RATIO_FREE * 2)}, zipfile.ZIP_DEFLATED),
               r"would grow to many times its size \(a zip bomb\); it was not opened"),
    "too many parts": (lambda c: with_parts(c, {f"word/{number}": b"" for number in range(_files.MAX_ENTRIES)}),
                       "it holds 10,0.. parts, which .* never does; it was not opened"),
    "a password": (lambda c: patched(c, 8, 6, b"\x01\x00"), "it is protected by a password"),
    "packed as Deflate64": (lambda c: patched(c, 10, 8, b"\x09\x00"), "it is packed in a way .* never is"),
    "packed in no known way": (lambda c: patched(c, 10, 8, b"\x63\x00"), "it is packed in a way .* never is"),
    "a part larger than it says": (lambda c: patched(c, 24, 22, b"\x10\x00\x00\x00"), "is broken"),
    "a part with another check sum": (lambda c: patched(c, 16, 14, b"abcd"), "is broken"),
    "a part that is a link": (lambda c: packed({**parts_of(c), main_part(c): b"/etc/hostname"}), "is broken"),
    "a folder too deep": (lambda c: packed({f"talk/{name}": part for name, part in parts_of(c).items()}),
                          "without a text|is broken"),
    "in another zip": (lambda c: packed({"talk": c}), "without a text|is broken"),
    "without its list of parts": (lambda c: c[: c.rindex(b"PK\x01\x02")], "broken or cut off"),
}  # fmt: skip


@pytest.mark.parametrize("trap", HARMFUL)
@pytest.mark.parametrize("format", ZIPS)
def test_a_zip_that_is_not_what_it_seems_is_refused(format: str, trap: str, tmp_path: Path) -> None:
    make, reason = HARMFUL[trap]
    path = tmp_path / ZIPS[format].name
    path.write_bytes(make(ZIPS[format].read_bytes()))
    found, said = outcome(path)
    assert found is None
    assert re.search(reason, said)
    assert files_in(tmp_path).keys() == {path.name}


@pytest.mark.parametrize("format", ZIPS)
def test_many_parts_that_are_large_together_are_not_opened(
    format: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = ZIPS[format].read_bytes()
    monkeypatch.setattr(_files, "MAX_UNPACKED", sum(map(len, parts_of(content).values())) - 1)
    with pytest.raises(ReadError, match="it would unpack to 0 MB; it was not opened"):
        read_transcript(ZIPS[format])


# ---------------------------------------------------------------------------- XML

XMLS: dict[str, tuple[Path, str]] = {
    "eaf": (sample("eaf"), ""), "exb": (sample("exb"), ""), "tei": (sample("tei"), ""), "fodt": (sample("odt", ".fodt"), ""),
    "xhtml": (sample("html", ".xhtml"), ""),
    **{f"{path.name}, {part}": (path, part) for path, parts in [
        (ZIPS["docx"], ("word/document.xml", "_rels/.rels", "word/styles.xml", "word/footnotes.xml", "word/comments.xml",
                         "docProps/core.xml", "customXml/item1.xml")),
        (ZIPS["odt"], ("content.xml", "styles.xml", "meta.xml")),
        (ZIPS["excel"], ("xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/sharedStrings.xml")),
    ] for part in parts},
}  # fmt: skip
"""Everything that is read as XML: a file, and which part of it where it is a zip."""

_DECLARATION = re.compile(rb"^<\?xml[^>]*\?>\s*")
_DOCTYPE = re.compile(rb"<!DOCTYPE[^>\[]*>\s*")


def bare(name: str) -> bytes:
    """The XML without declaration and document type."""
    path, part = XMLS[name]
    xml = parts_of(path.read_bytes())[part] if part else path.read_bytes()
    return _DOCTYPE.sub(b"", _DECLARATION.sub(b"", xml))


def save_as(name: str, xml: bytes, folder: Path) -> Path:
    """The file with other XML in its place."""
    path, part = XMLS[name]
    there = folder / path.name
    there.write_bytes(packed({**parts_of(path.read_bytes()), part: xml}) if part else xml)
    return there


def root_of(xml: bytes) -> str:
    found = re.search(rb"<([A-Za-z][\w:.-]*)", xml)
    assert found
    return found[1].decode()


def into_words(xml: bytes, more: bytes) -> bytes:
    """Put something into the words: behind the last ones of the talk, else (a part without any) behind the first."""
    for pattern in (
        rb"(?s).*>[^<>&]*?[a-z]{3}(?=[^<>&]*</)",
        rb"(?s).*?>[^<>&\s]+(?=[^<>&]*</)",
        rb"(?s).*(?=</[\w:]+>\s*$)",
    ):
        if found := re.match(pattern, xml):
            return xml[: found.end()] + more + xml[found.end() :]
    return re.sub(rb"/>\s*$", b">" + more + b"</" + root_of(xml).encode() + b">", xml)


CLOTHES: dict[str, Callable[[bytes], bytes]] = {
    "no declaration": bytes,
    "a mark": lambda xml: b'\xef\xbb\xbf<?xml version="1.0" encoding="UTF-8"?>' + xml,
    "a mark and no declaration": lambda xml: b"\xef\xbb\xbf" + xml,
    "UTF-16": lambda xml: xml.decode().encode("utf-16"),
    "UTF-16, the other way": lambda xml: ("\ufeff" + xml.decode()).encode("utf-16-be"),
    "UTF-16, declared": lambda xml: ('<?xml version="1.0" encoding="UTF-16"?>' + xml.decode()).encode("utf-16"),
    "comments": lambda xml: b"<?xml version='1.0'?><!-- <!DOCTYPE a [ --><?target b?>" + xml + b"\n<!-- end -->\n",
    "line ends of Windows": lambda xml: xml.replace(b"\n", b"\r\n"),
}  # fmt: skip


@pytest.mark.parametrize("clothes", CLOTHES)
@pytest.mark.parametrize("name", XMLS)
def test_xml_in_other_clothes_is_the_same(name: str, clothes: str, tmp_path: Path) -> None:
    path = save_as(name, CLOTHES[clothes](bare(name)), tmp_path)
    assert in_short(read_transcript(path)) == in_short(read_transcript(XMLS[name][0]))


DOUBLING = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
OUTSIDE: dict[str, tuple[str, str]] = {
    "a bomb": ('[<!ENTITY l0 "lol">' + DOUBLING + "]", "&l9;"),
    "a wide bomb": ('[<!ENTITY big "' + "lol" * 20_000 + '">]', "&big;" * 60_000),
    "a file": ('[<!ENTITY a SYSTEM "{secret}">]', "&a;"),
    "a public file": ('[<!ENTITY a PUBLIC "x" "{secret}">]', "&a;"),
    "a file of declarations": ('[<!ENTITY % a SYSTEM "{secret}">%a;]', ""),
    "a grammar elsewhere": ('SYSTEM "{address}"', "&a;"),
    "a page": ('[<!ENTITY a SYSTEM "{address}">]', "&a;"),
    "a page of declarations": ('[<!ENTITY % a SYSTEM "{address}">%a;]', ""),
    "an inclusion": ("", '<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="{secret}" parse="text"/>'),
    "a style sheet": ("", '<?xml-stylesheet type="text/xsl" href="{address}"?>'),
}  # fmt: skip
"""What a document declares, and what stands in its words."""


@pytest.mark.parametrize("trap", OUTSIDE)
@pytest.mark.parametrize("name", XMLS)
def test_nothing_outside_of_xml_comes_in(name: str, trap: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("SECRETWORD", encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/a.dtd"
        declared, used = (
            each.replace("{secret}", secret.as_uri()).replace("{address}", address).encode()
            for each in OUTSIDE[trap]
        )
        xml = bare(name)
        doctype = b"<!DOCTYPE " + root_of(xml).encode() + b" " + declared + b">" if declared else b""
        path = save_as(name, b'<?xml version="1.0"?>' + doctype + into_words(xml, used), tmp_path)
        found, said = outcome(path)
        with pytest.raises(BlockingIOError):  # nobody has called
            server.accept()
    assert "SECRETWORD" not in said
    if found is not None:
        transcript = found.transcript
        everything = [
            transcript.text,
            *transcript.speakers,
            *(f"{each.author} {each.value}" for each in found.hidden),
        ]
        assert "SECRETWORD" not in "".join(everything)
        assert "lollol" not in "".join(everything)
        assert sum(map(len, everything)) < 2 * path.stat().st_size


BROKEN: dict[str, Callable[[bytes], bytes]] = {
    "another encoding": lambda xml: b'<?xml version="1.0" encoding="UTF-16"?>' + xml,
    "no such encoding": lambda xml: b'<?xml version="1.0" encoding="klingon"?>' + xml,
    **{what: lambda xml, sign=sign: into_words(xml, sign) for what, sign in [  # type: ignore[misc]
        ("a zero", b"\x00"), ("half a letter", b"\xff"), ("a surrogate", b"\xed\xa0\x80"), ("a surrogate as a sign", b"&#xD800;"),
        ("a zero as a sign", b"&#0;"), ("a control", b"\x01"), ("a line end as a sign", b"&#13;"), ("a mark as a sign", b"&#xFEFF;"),
        ("deep", b"<a>" * 100_000 + b"</a>" * 100_000), ("a long word", b"a" * 12_000_000),
        ("many attributes", b"<a" + b"".join(b" a%d=''" % n for n in range(20_000)) + b"/>"),
    ]},
    "cut off": lambda xml: xml[: len(xml) * 2 // 3],
    "only a mark": lambda xml: b"\xef\xbb\xbf",
    "another root": lambda xml: b"<a/>",
}  # fmt: skip


@pytest.mark.parametrize("trap", BROKEN)
@pytest.mark.parametrize("name", XMLS)
def test_broken_xml_is_read_or_refused_in_a_sentence(name: str, trap: str, tmp_path: Path) -> None:
    found, said = outcome(save_as(name, BROKEN[trap](bare(name)), tmp_path))
    if found is None:
        assert re.search(r"[a-z]\. .*[a-z]|[a-z]; .*[a-z]", said)  # what is wrong, and what to do
    else:
        assert found.transcript.text.strip()
        assert not re.search("[\r\ud800-\udfff]", found.transcript.text)


# ---------------------------------------------------------------------------- text

TEXTS = {
    f"{format}, {path.name}": path
    for format in ("text", "vtt", "srt", "sbv", "csv", "chat", "textgrid", "json", "otr", "html", "podcast_html")
    for path in samples(format)
    if "cp1252" not in path.name and "utf16" not in path.name
}  # fmt: skip


@pytest.mark.parametrize("name", TEXTS)
def test_text_in_other_clothes_is_the_same(name: str, tmp_path: Path) -> None:
    clean = read_transcript(TEXTS[name])
    text = TEXTS[name].read_text(encoding="utf-8").removeprefix("\ufeff")
    path = tmp_path / TEXTS[name].name
    for encoding in (
        "utf-8",
        "utf-8-sig",
        "utf-16",
        "utf-16-le",
        "utf-16-be",
        "utf-16-be with a mark",
        "utf-32",
    ):
        for end in ("\n", "\r\n", "\r"):
            mark = "\ufeff" if encoding.endswith("mark") else ""
            path.write_bytes((mark + text.replace("\n", end)).encode(encoding.split()[0]))
            assert in_short(read_transcript(path)) == in_short(clean), (encoding, end)


def word_of(transcript: Transcript, content: str) -> str:
    """A spoken word that comes as seldom as can be, so that changing it changes no label and no key."""
    spoken = re.findall(r"\b[a-zA-Z]{3,}\b", " ".join(transcript.text_of(turn) for turn in transcript.turns))
    return min(spoken, key=lambda word: (content.count(word), -len(word)))


SIGNS = {
    "line separator": "\u2028", "paragraph separator": "\u2029", "next line": "\x85", "vertical tab": "\x0b", "form feed": "\x0c",
    "no-break blank": "\u00a0", "narrow blank": "\u202f", "soft hyphen": "\u00ad", "left to right": "\u200e", "right to left": "\u200f",
    "embedding": "\u202bא\u202c", "isolate": "\u2067א\u2069", "joiner": "\u200d", "blank of no width": "\u200b", "mark": "\ufeff",
    "family": "👩\u200d👩\u200d👧", "flag": "🇩🇪", "accent": "\u0301", "parts of Hangul": "\u1112\u1161\u11ab", "zero": "\x00", "no letter": "\uffff",
    "private": "\ue000", "replacement": "\ufffd",
}  # fmt: skip
BECOMES = {
    **{("json", sign): " " for sign in ("line separator", "paragraph separator", "next line", "vertical tab", "form feed")},
    **{(format, "form feed"): " " for format in ("html", "podcast_html", "otr")},
    **{(format, "zero"): "" for format in ("html", "podcast_html", "otr")},
}  # fmt: skip
"""Where a sign does not come in as it stands: a segment is one line; HTML takes a form feed for a blank, and has no zero."""


@pytest.mark.parametrize("name", TEXTS)
def test_odd_signs_in_a_word_stay_where_they_are(name: str, tmp_path: Path) -> None:
    clean = read_transcript(TEXTS[name])
    content = TEXTS[name].read_text(encoding="utf-8")
    word = word_of(clean, content)
    path = tmp_path / TEXTS[name].name
    for sign, letters in SIGNS.items():
        odd = word[:2] + letters + word[2:]
        written = json.dumps(odd)[1:-1] if clean.origin in ("json", "otr") else odd
        path.write_text(content.replace(word, written), encoding="utf-8", newline="")
        transcript = read_transcript(path)
        assert word[:2] + BECOMES.get((clean.origin, sign), letters) + word[2:] in transcript.text, sign
        assert len(transcript.turns) == len(clean.turns), sign


@pytest.mark.parametrize("name", [name for name in TEXTS if not name.startswith(("json", "otr"))])
def test_half_a_letter_becomes_a_sign_and_is_told(name: str, tmp_path: Path) -> None:
    """A surrogate alone is no letter; a careless program may write one into what else is UTF-8."""
    clean = read_transcript(TEXTS[name])
    content = TEXTS[name].read_text(encoding="utf-8")
    word = word_of(clean, content)
    odd = word[:2] + "\ud83d" + word[2:]
    path = tmp_path / TEXTS[name].name
    path.write_bytes(content.replace(word, odd + " é" * 30).encode("utf-8", "surrogatepass"))
    transcript, notes, _ = read_with_notes(path)
    assert re.search(rf"{word[:2]}\ufffd+{word[2:]} é", transcript.text)
    assert re.search(
        r"changed: \d+ places in the file not being UTF-8 became \ufffd", "\n".join(map(str, notes))
    )


NO_WORDS = {
    "a mark of UTF-8": b"\xef\xbb\xbf", "of UTF-16": b"\xff\xfe", "of UTF-16, the other way": b"\xfe\xff", "of UTF-32": b"\xff\xfe\x00\x00",
    "of UTF-32, the other way": b"\x00\x00\xfe\xff", "two marks": b"\xef\xbb\xbf\xef\xbb\xbf", "a zero": b"\x00", "zeros": b"\x00" * 99,
    "blanks": b" \r\n\t\n", "blanks in UTF-16": "\ufeff \n".encode("utf-16"),
}  # fmt: skip


@pytest.mark.parametrize("content", NO_WORDS)
def test_a_file_without_a_word_says_so_whatever_its_name(content: str, tmp_path: Path) -> None:
    for suffix in sorted({suffix for row in FORMATS for suffix in row.suffixes}):
        path = tmp_path / f"talk{suffix}"
        path.write_bytes(NO_WORDS[content])
        with pytest.raises(ReadError) as caught:
            read_transcript(path)
        assert str(caught.value) == f"talk{suffix}: it holds no words, only blanks. Export or copy it again."


# ---------------------------------------------------------------------------- size


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
