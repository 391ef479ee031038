"""Files that go wrong: the small valid files of every format, and changes made to them.

Every format of the registry has a folder of small valid files, ``tests/data/transcripts/<format>/``. They are
changed on three levels: what the format consists of (elements of XML, values of JSON, lines and words of text), so
that the file still opens and says odd things; the bytes of that, inside a zip too; the bytes of the file as it lies.
"""

from __future__ import annotations

import copy
import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from hypothesis import strategies as st
from lxml import etree

DATA = Path(__file__).resolve().parent.parent / "data"


def samples(format: str) -> list[Path]:
    """The valid files of a format."""
    folder = DATA / "transcripts" / format
    return sorted(path for path in folder.glob("[!.]*") if path.name != "ORIGIN.md")


# ---------------------------------------------------------------------------- one change


class Change(NamedTuple):
    """One change: what is done, where (any number; counted around the end), over how much, with which piece."""

    kind: str
    place: int
    length: int
    piece: int


KINDS = ("put", "over", "cut", "flip", "again", "move", "drop", "swap")
changes = st.lists(
    st.builds(Change, st.sampled_from(KINDS), st.integers(0, 2**20), st.sampled_from((1, 3, 20, 200)), st.integers(0, 2**12)),
    min_size=1, max_size=6,
)  # fmt: skip

PIECES = (
    b"\x00", b"\xff", b"\xfe\xff", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xe9", b"\r", b"\r\n", b"\n\n", b"\n", b"\t", b" ", b"\x0b",
    b"\x1c", b"\x85", b"\xc2\x85", b"\xc2\xa0", b"\xe2\x80\xa8", b"\xe2\x80\x8f", b"\xf0\x9f\x91\xa9", b"e\xcc\x81", b"<", b">", b"</", b"/>",
    b"<!--", b"-->", b"<![CDATA[", b"]]>", b"<?x ?>", b"&amp;", b"&lt;", b"&x;", b"&#0;", b"&#13;", b"&#xD800;", b"&#xFEFF;", b"&#x110000;",
    b'"', b"'", b'""', b"\\", b"\\n", b"\\u0000", b"\\ud800", b"{", b"}", b"[", b"]", b"(", b")", b":", b": ", b",", b";", b"|", b"#", b"*", b"%",
    b"_", b"=", b"-", b"0", b"-1", b"1e999", b"NaN", b"Infinity", b"9" * 25, b"9" * 400, b"00:00:05.000", b"99:99:99", b"[00:01:02]", b"0:05",
    b"Ana: ", b"**", b"PT1S", b"true", b"null", b">>", b"<v ", b"\x15", b"\x150_5\x15", b"*PAR:\t", b"@End", b"<table>", b"<tr>", b"<td>", b"</td>",
    b"<pre>", b"<br>", b"<cite>", b"<time>", b"\\par ", b"\\cell ", b"\\'", b"BT ", b"endstream",
)  # fmt: skip
"""Bytes that mean something to one reader or another."""


def pieces_of(content: bytes) -> tuple[bytes, ...]:
    """The pieces to put in: the general ones, and the tags and words of the file itself."""
    own = dict.fromkeys(re.findall(rb"<[^<>]{1,120}>|[\w:.-]{2,40}|[^\w\s]{1,3}", content))
    return (*PIECES, *own)


def change_bytes(content: bytes, change: Change, pieces: Sequence[bytes]) -> bytes:
    at = change.place % (len(content) + 1)
    until = min(len(content), at + change.length)
    piece = pieces[change.piece % len(pieces)]
    if change.kind == "put":
        return content[:at] + piece + content[at:]
    if change.kind == "over":
        return content[:at] + piece + content[until:]
    if change.kind == "flip" and content:
        at = min(at, len(content) - 1)
        return content[:at] + bytes([content[at] ^ 1 << change.piece % 8]) + content[at + 1 :]
    if change.kind == "again":
        return content[:until] + content[at:until] + content[until:]
    if change.kind == "move":
        rest = content[:at] + content[until:]
        there = change.piece * 997 % (len(rest) + 1)
        return rest[:there] + content[at:until] + rest[there:]
    return content[:at] + content[until:]


# ---------------------------------------------------------------------------- lines of text

_WORDS = re.compile(r'"[^"\n]{0,80}"|\d+(?:[.,:]\d+)*|\w+|[^\w\s]+')


def change_lines(content: bytes, change: Change) -> bytes:
    """Change one line of a text: take it away, write it twice or elsewhere; or change one word of it."""
    encoding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "latin-1"
    lines = content.decode(encoding, "replace").split("\n")
    at, there = change.place % len(lines), change.piece % len(lines)
    words = list(_WORDS.finditer(lines[at]))
    if change.kind in ("put", "over", "flip") and words:
        word = words[change.length % len(words)]
        piece = PIECES[change.piece % len(PIECES)].decode("latin-1")
        if change.kind == "flip":  # a number for a number, a word for a word
            others = [
                other
                for other in _WORDS.findall("\n".join(lines))
                if other.isdigit() == word.group().isdigit()
            ]
            piece = others[change.piece % len(others)] if others else piece
        start = word.end() if change.kind == "put" else word.start()
        lines[at] = lines[at][:start] + piece + lines[at][word.end() :]
    elif change.kind == "again":
        lines[at:at] = lines[at : at + 1 + change.length % 5]
    elif change.kind in ("move", "swap"):
        lines.insert(there, lines.pop(at))
    else:
        del lines[at : at + 1 + change.length % 3]
    return "\n".join(lines).encode(encoding, "replace")


# ---------------------------------------------------------------------------- elements of XML


def change_elements(content: bytes, change: Change) -> bytes:
    """Change one element of XML, which stays well-formed; bytes where it is no XML."""
    try:
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False))
    except (etree.XMLSyntaxError, ValueError):
        return change_bytes(content, change, pieces_of(content))
    elements = [each for each in root.iter() if isinstance(each.tag, str)]
    one, other = elements[change.place % len(elements)], elements[change.piece % len(elements)]
    inside = one.getparent() is not None
    if change.kind == "flip":
        one.tag = other.tag
    elif change.kind in ("over", "drop") and one.attrib:
        name = list(one.attrib)[change.length % len(one.attrib)]
        if change.kind == "drop":
            del one.attrib[name]
        else:
            values = [
                *(value for value in ODD if isinstance(value, str)),
                *(v for each in elements for v in each.attrib.values()),
            ]
            one.set(name, _xml_safe(values[change.piece % len(values)]))
    elif change.kind in ("cut", "drop") and inside:
        one.getparent().remove(one)
    elif change.kind == "again" and inside:
        one.addnext(copy.deepcopy(one))
    elif change.kind == "move" and inside and one not in (other, *other.iterancestors()):
        other.append(one)
    elif change.kind == "swap":
        one.text, other.text = other.text, one.text
    else:
        one.text = (one.text or "") + _xml_safe(PIECES[change.piece % len(PIECES)].decode("utf-8", "replace"))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _xml_safe(text: str) -> str:
    return re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", text)


# ---------------------------------------------------------------------------- values of JSON

ODD: tuple[Any, ...] = (
    None, True, 0, -1, 1.5, 1e308, 10**25, "", " ", "\x00", "\ud800", "a\r\nb", "\u2028", "Ana", "00:00:05", "-1", "NaN", "9" * 30, "PT1S", [], {}, [[]],
    [None], {"": ""}, {"text": "a"}, ["a", 1],
)  # fmt: skip
"""Values that a place in JSON can take."""


def change_values(document: Any, change: Change) -> Any:
    """Change one value of a JSON document: another one, none, twice, or its text as bytes are changed."""
    inside = list(_places(document))
    if not inside:
        return document
    container, key = inside[change.place % len(inside)]
    value = container[key]
    if change.kind in ("drop", "cut"):
        del container[key]
    elif change.kind == "again" and isinstance(container, list):
        container.insert(key, copy.deepcopy(value))
    elif change.kind in ("swap", "move"):
        other, its = inside[change.piece % len(inside)]
        if value is not other and not isinstance(other[its], (dict, list)):
            container[key] = other[its]
    elif isinstance(value, str) and change.kind != "over":
        raw = change_bytes(
            value.encode("utf-8", "surrogatepass"), change, pieces_of(value.encode("utf-8", "surrogatepass"))
        )
        container[key] = raw.decode("utf-8", "replace")
    else:
        container[key] = copy.deepcopy(ODD[change.piece % len(ODD)])
    return document


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    for key in (
        list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    ):
        yield value, key
        yield from _places(value[key])


# ---------------------------------------------------------------------------- files

LEVELS = ("inside", "inside", "parts", "bytes")
"""What is changed: elements and values; the bytes of the parts; the bytes of the file."""


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {entry.filename: archive.read(entry) for entry in archive.infolist()}


def packed(parts: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, part in parts.items():
            archive.writestr(zipfile.ZipInfo(name), part)
    return buffer.getvalue()


def mangled(content: bytes, done: Sequence[Change], level: str = "inside") -> bytes:
    """A file with these changes, each made on one of the `LEVELS`."""
    if level != "bytes" and content.startswith(b"PK"):
        parts = parts_of(content)
        for change in done:
            parts = _change_parts(parts, change, level)
        return packed(parts)
    if level == "inside" and content.lstrip().startswith((b"{", b"[")) and b'"' in content[:80]:
        document = json.loads(content)
        for change in done:
            document = change_values(document, change)
        return json.dumps(document).encode()
    for change in done:
        content = _change_part(content, change, level)
    return content


def _change_parts(parts: dict[str, bytes], change: Change, level: str) -> dict[str, bytes]:
    """Change one part, large ones more often; or take one out, or give one the content of another."""
    names = list(parts)
    if level == "parts" and change.kind in ("drop", "swap"):
        one, other = names[change.place % len(names)], names[change.piece % len(names)]
        if change.kind == "swap":
            return {**parts, one: parts[other]}
        return {name: part for name, part in parts.items() if name != one or len(names) == 1}
    at = change.place % max(1, sum(map(len, parts.values())))
    for name, part in parts.items():
        if at < len(part):
            return {**parts, name: _change_part(part, change, level)}
        at -= len(part)
    return parts


def _change_part(content: bytes, change: Change, level: str) -> bytes:
    if level == "inside" and content.lstrip(b"\xef\xbb\xbf \n").startswith(b"<"):
        return change_elements(content, change)
    if level == "inside" and not content.startswith((b"%PDF", b"PK")):
        return change_lines(content, change)
    return change_bytes(content, change, pieces_of(content))
