"""What other readers find in the same file, to compare ours with: python-docx, striprtf, odfdo, webvtt-py, ...

Nothing here uses the readers of qualcode. A function gives None where it has no second opinion.
"""

from __future__ import annotations

import csv
import html
import json
import re
import warnings
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from lxml import etree
from lxml import html as lxml_html

UNORDERED = ("eaf", "exb", "textgrid")
"""Formats with a line of time per person: in which order the words of several are told is our choice."""

TO_THE_CHARACTER = ("text", "docx", "rtf")
"""Formats whose paragraphs and tables other readers lay out as we do; in the others white space differs."""

LETTERS = ("exb",)
"""Formats that do not always say where a word ends: their letters are compared."""

_TAGS = re.compile(r"</?[^<>\n]{1,60}>|\{\\an?\d\}")


def visible_text(path: Path, format: str) -> str | None:
    """Return the whole text that a document shows, or None where no other reader gives it."""
    reader = {
        "text": _text, "docx": _docx, "rtf": _rtf, "odt": _odt, "html": _html, "otr": _otr, "tei": _tei_page,
    }.get(format)  # fmt: skip
    return _opinion(reader, path)


def words_said(
    path: Path, format: str, speakers: Iterable[str] = (), tiers: Iterable[str] = ()
) -> list[str] | None:
    """Return the words of all utterances, or None where no other reader gives them.

    Parameters
    ----------
    path, format
        The file.
    speakers
        Labels before a colon that are no words: of captions only.
    tiers
        The tiers that hold what was said; none are all.
    """
    if format in ("vtt", "srt", "sbv"):
        cues = _opinion({"vtt": _vtt, "srt": _srt, "sbv": _sbv}[format], path)
        return _without_labels(cues, tuple(speakers))
    if format in ("eaf", "textgrid"):
        return _opinion({"eaf": _eaf, "textgrid": _textgrid}[format], path, set(tiers))
    reader = {
        "json": _json, "podcast_html": _podcast_html, "exb": _exb, "chat": _chat, "tei": _tei, "csv": _csv,
    }.get(format)  # fmt: skip
    return _opinion(reader, path)


def _opinion(reader: Callable[..., Any] | None, *given: Any) -> Any:
    """Return what another reader gives, or None where it fails: its defects are not ours to report."""
    if reader is None:
        return None
    try:
        return reader(*given)
    except Exception:
        return None


# ---------------------------------------------------------------------------- documents


def _text(path: Path) -> str:
    content = path.read_bytes()
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    text = content.decode(encoding)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _docx(path: Path) -> str | None:
    """Return paragraphs and tables in their order, a tab between cells."""
    import docx

    document = docx.Document(str(path))
    if re.search(rb"w:(?:ins|del|vanish|txbxContent|footnoteReference|sdt)\b", document.part.blob):
        return None  # python-docx leaves these out, or takes what is hidden
    lines = []
    for block in document.iter_inner_content():
        if isinstance(block, docx.table.Table):
            for row in block.rows:
                cells = {id(cell._tc): cell.text for cell in row.cells}  # a merged cell comes several times
                lines.append("\t".join(cells.values()))
        else:
            lines.append(block.text)
    return "\n".join(lines)


def _rtf(path: Path) -> str:
    from striprtf.striprtf import rtf_to_text

    return str(rtf_to_text(path.read_bytes().decode("latin-1"), errors="replace"))


def _odt(path: Path) -> str:
    """Return headings and paragraphs, and below them the notes; comments are not shown."""
    import odfdo

    body = odfdo.Document(str(path)).body
    for comment in body.get_annotations():
        comment.delete()
    notes = []
    for note in body.get_notes():
        notes += [each.text_recursive for each in note.get_elements("descendant::text:p")]
        note.delete()
    lines = [each.text_recursive for each in body.get_elements("descendant::text:p|descendant::text:h")]
    return "\n".join([*lines, *notes])


def _html(path: Path) -> str:
    tree = lxml_html.fromstring(_text(path).encode(), parser=_utf8())
    for hidden in tree.xpath("//script|//style|//head|//nav|//template|//noscript"):
        hidden.drop_tree()
    return " ".join(tree.xpath("//text()[normalize-space()]"))


def _otr(path: Path) -> str:
    page = json.loads(path.read_text(encoding="utf-8-sig"))["text"]
    return " ".join(lxml_html.fromstring(page.encode(), parser=_utf8()).xpath("//text()[normalize-space()]"))


def _utf8() -> Any:
    return lxml_html.HTMLParser(encoding="utf-8")


# ---------------------------------------------------------------------------- captions


def _vtt(path: Path) -> list[str]:
    import webvtt

    return [html.unescape(cue.text) for cue in webvtt.read(str(path))]


def _sbv(path: Path) -> list[str]:
    import webvtt

    return [cue.text for cue in webvtt.from_sbv(str(path))]


def _srt(path: Path) -> list[str]:
    import srt

    return [html.unescape(_TAGS.sub("", cue.content)) for cue in srt.parse(_text(path))]


def _without_labels(cues: list[str] | None, speakers: tuple[str, ...]) -> list[str] | None:
    if cues is None:
        return None
    labels = "|".join(map(re.escape, speakers))
    opening = re.compile(rf"^\s*(?:>>\s*)?(?:{labels}):\s" if speakers else r"(?!)", re.M)
    return " ".join(opening.sub("", cue) for cue in cues).split()


# ---------------------------------------------------------------------------- speech recognisers, tables, pages


def _json(path: Path) -> list[str] | None:
    """Return the words of the transcript that the service gives beside its single words."""
    data = json.loads(path.read_text(encoding="utf-8-sig"))
    if not isinstance(data, dict):
        return None
    if "Transcript" in data:  # Amazon Transcribe Call Analytics
        said = " ".join(turn["Content"] for turn in data["Transcript"])
    elif "monologues" in data:  # Rev
        parts = [part for each in data["monologues"] for part in [*each["elements"], {"value": " "}]]
        said = "".join(
            f" [{part['value']}] " if part.get("type") == "tag" else part["value"] for part in parts
        )
    elif "channels" in data.get("results", ()):  # Deepgram
        said = data["results"]["channels"][0]["alternatives"][0]["transcript"]
    elif "transcripts" in data.get("results", ()):  # Amazon Transcribe
        said = " ".join(each["transcript"] for each in data["results"]["transcripts"])
    elif "body" in (data.get("segments") or [{}])[0]:  # podcasts
        said = " ".join(each["body"] for each in data["segments"])
    elif isinstance(data.get("text"), str):  # AssemblyAI, Whisper
        said = data["text"]
    else:
        return None
    return said.split()


def _podcast_html(path: Path) -> list[str]:
    paragraphs = lxml_html.fromstring(_text(path).encode(), parser=_utf8()).iter("p")
    return " ".join(each.text_content() for each in paragraphs).split()


def _csv(path: Path) -> list[str]:
    """Return the words of the column that holds most of them, a cell that comes again counted once."""
    page = _text(path)
    separator = max(",;\t|", key=page.partition("\n")[0].count)
    rows = list(csv.reader(page.splitlines(keepends=True), delimiter=separator))
    columns = [[row[at] for row in rows[1:] if at < len(row)] for at in range(len(rows[0]))]
    return " ".join(max(columns, key=lambda column: len(" ".join(set(column)).split()))).split()


# ---------------------------------------------------------------------------- tiers and corpora


def _eaf(path: Path, tiers: set[str]) -> list[str]:
    import pympi

    other = pympi.Elan.Eaf(str(path), suppress_version_warning=True)
    names = tiers or other.get_tier_names()
    said = [each[2] for name in names for each in other.get_annotation_data_for_tier(name)]
    return " ".join(said).split()


def _textgrid(path: Path, tiers: set[str]) -> list[str]:
    from praatio import textgrid

    grid = textgrid.openTextgrid(str(path), includeEmptyIntervals=False, duplicateNamesMode="rename")
    names = [name for name in grid.tierNames if name in tiers or not tiers]
    return " ".join(entry.label for name in names for entry in grid.getTier(name).entries).split()


def _exb(path: Path) -> list[str]:
    """Return the letters of all events of speech, one by one."""
    events = etree.parse(path).xpath("//tier[@type='t']/event")
    return list("".join("".join(event.itertext()) for event in events).replace(" ", "").replace("\n", ""))


def _chat(path: Path) -> list[str]:
    import pylangacq

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        utterances = pylangacq.read_chat(str(path), strict=False).utterances()
    lines = [each.tiers[each.participant] for each in utterances if each.participant]
    return re.sub("\x15[^\x15]*\x15", " ", " ".join(lines)).split()


def _tei_page(path: Path) -> str:
    (text,) = etree.parse(path).getroot().findall("{*}text")
    return " ".join(text.itertext())


def _tei(path: Path) -> list[str]:
    utterances = etree.parse(path).iter("{*}u", "{*}sp")
    return " ".join(" ".join(each.itertext()) for each in utterances).split()


# ---------------------------------------------------------------------------- comparing


def difference(ours: list[str], theirs: list[str], *, ordered: bool = True, may_lose: bool = False) -> str:
    """Return how two lists of words differ, or "" where they do not: by number and place, never by word.

    Examples
    --------
    >>> difference("so I said no".split(), "so I said no".split())
    ''
    >>> difference("so I say no".split(), "so I said no".split())
    '1 of 4 words is not in the file, 1 of its 4 is missing; the first difference is at word 3'
    >>> difference("I said".split(), "so I said no".split(), may_lose=True)
    ''
    """
    made, lost = Counter(ours) - Counter(theirs), Counter(theirs) - Counter(ours)
    if may_lose and not made:
        return ""
    if ours == theirs or (not ordered and not made and not lost):
        return ""
    pairs = zip(ours, theirs, strict=False)
    first = next(
        (at for at, pair in enumerate(pairs, 1) if pair[0] != pair[1]), min(len(ours), len(theirs)) + 1
    )
    more, less = sum(made.values()), sum(lost.values())
    return (
        f"{more} of {len(ours)} words {'is' if more == 1 else 'are'} not in the file, {less} of its {len(theirs)} "
        f"{'is' if less == 1 else 'are'} missing; the first difference is at word {first}"
    )
