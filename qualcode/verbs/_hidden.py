"""What stood behind the page of a file and is kept on purpose: comments as memos, everything else under data/raw."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import tomlkit

from qualcode import folder as paths
from qualcode.csvtext import utf8
from qualcode.errors import InvalidValue, Refused, did_you_mean
from qualcode.verbs._texts import TextVerbs

if TYPE_CHECKING:
    from qualcode.change import Change
    from qualcode.readers import Hidden, Note
    from qualcode.study import SourceRecord

COMMENT = "comment"
"""The kind that becomes memos, and what these memos are called."""

_NOUNS = {
    COMMENT: ("comment", "comments"),
    "property": ("property", "properties"),
    "tracked change": ("tracked change", "tracked changes"),
    "hidden text": ("hidden stretch", "hidden stretches"),
    "custom xml": ("piece of custom XML", "pieces of custom XML"),
    "address": ("address", "addresses"),
    "signed address": ("signed address", "signed addresses"),
}


def kinds_to_keep(keep: str | Iterable[str]) -> tuple[str, ...]:
    """Return the kinds of hidden data that somebody names.

    Raises
    ------
    InvalidValue
        If there is no such kind.

    Examples
    --------
    >>> kinds_to_keep(["property", "comment"]), kinds_to_keep("comment"), kinds_to_keep([])
    (('comment', 'property'), ('comment',), ())
    >>> kinds_to_keep(["coment"])
    Traceback (most recent call last):
    ...
    qualcode.errors.InvalidValue: keep= names 'coment', which is no kind of hidden data. Did you mean 'comment'? Use comment,
    property, tracked change, hidden text, custom xml, address or signed address.
    """
    from qualcode.readers._hidden import KINDS

    named = list(keep) if isinstance(keep, Iterable) and not isinstance(keep, str) else [keep]
    for kind in named:
        if kind not in KINDS:
            known = list(KINDS)
            raise InvalidValue(
                f"keep= names {kind!r}, which is no kind of hidden data.{did_you_mean(str(kind), known)} "
                f"Use {', '.join(known[:-1])} or {known[-1]}."
            )
    return tuple(kind for kind in KINDS if kind in named)


def pieces_of(content: bytes | None) -> list[dict[str, Any]] | None:
    """Return the pieces in a file of kept hidden data, None where it is no such file."""
    try:
        held = json.loads(content or b"")
        pieces, source = held["kept"], held["source"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    fits = isinstance(source, str) and isinstance(pieces, list) and all(isinstance(p, dict) for p in pieces)
    return list(pieces) if fits else None


def source_of(content: bytes | None) -> str:
    """Return the source that a file of kept hidden data belongs to, "" where it is no such file."""
    return str(json.loads(content or b"")["source"]) if pieces_of(content) is not None else ""


def words_of(content: bytes) -> str:
    """Return all words in a file of kept hidden data, to look for names in them; any other file as it is."""
    pieces = pieces_of(content)
    if pieces is None:
        return content.decode("utf-8", errors="replace")
    return "\n".join(str(value) for piece in pieces for value in piece.values())


def format_hidden(source: str, pieces: Iterable[Mapping[str, Any]]) -> bytes:
    """Return the bytes of a file of kept hidden data, one piece a line.

    Examples
    --------
    >>> print(format_hidden("P1", [{"kind": "property", "value": "Eve"}]).decode())
    {"source": "P1", "kept": [
    {"kind": "property", "value": "Eve"}
    ]}
    <BLANKLINE>
    """
    lines = ",\n".join(json.dumps(piece, ensure_ascii=False) for piece in pieces)
    return utf8(f'{{"source": {json.dumps(source, ensure_ascii=False)}, "kept": [\n{lines}\n]}}\n')


class HiddenVerbs(TextVerbs):
    """Keeping what is hidden, for the verbs that import."""

    def _keep(
        self, change: Change, who: str, record: SourceRecord, hidden: Sequence[Hidden], kinds: Sequence[str]
    ) -> list[Note]:
        """Keep some kinds of hidden data of a source; return what is to be said of it."""
        from qualcode.readers import Note
        from qualcode.readers._reading import counted

        comments = [each for each in hidden if each.kind == COMMENT and COMMENT in kinds]
        others = [each for each in hidden if each.kind != COMMENT and each.kind in kinds]
        notes = []
        for each in comments:
            place = "" if each.span is None else f":{record.version}:{each.span.start}:{each.span.end}"
            target = f"span:{record.id}{place}" if place else f"source:{record.id}"
            text = f"{each.author}: {each.value}" if each.author else each.value
            self._put_memo(change, who, text, (target,), COMMENT)
        if comments:
            loose = sum(1 for each in comments if each.span is None)
            beside = f" ({loose} of them on the source as a whole)" if loose else ""
            said = f"{counted(len(comments), *_NOUNS[COMMENT])} as memos of {who}, on the words they were put to{beside}."
            notes.append(Note("kept", said))
        if others:
            file = paths.hidden_file(record.id)
            there = self._study.read(file)
            pieces = (pieces_of(there) or []) if source_of(there) == record.id else []
            if there is not None and source_of(there) != record.id:
                raise Refused(
                    f"{file} is there already and does not come from an import of {record.id}. Move it away, or leave "
                    "keep= out."
                )
            known = set(self._study.sources[record.id].kept) if record.id in self._study.sources else set()
            pieces = [piece for piece in pieces if piece.get("kind") in known - set(kinds)]
            pieces += [_written(each, record.version) for each in others]
            change.put(file, format_hidden(record.id, pieces))
            counts = Counter(each.kind for each in others)
            listing = ", ".join(counted(number, *_NOUNS[kind]) for kind, number in counts.items())
            notes.append(Note("kept", f"{listing} in {file}."))
        return notes

    def _keep_later(
        self, who: str, record: SourceRecord, hidden: Sequence[Hidden], kinds: Sequence[str], named: bool
    ) -> list[Note]:
        """Keep hidden data of a source that is in the study already, of kinds that were not kept before."""
        kinds = [kind for kind in found_kinds(hidden, kinds) if kind not in record.kept]
        if not kinds:
            return []
        if record.sha256 and not record.file and not named:
            raise Refused(
                f"{record.id} came in with pseudonyms. Give pseudonyms= again, so that no real name is kept."
            )
        with self._writer.change("keep hidden", who, source=record.id, kept=kinds) as change:
            self._register(change, who)
            notes = self._keep(change, who, record, hidden, kinds)
            file = paths.source_file(record.id)
            document = tomlkit.parse(self._study.contents[file].decode("utf-8"))
            document["kept"] = [*record.kept, *kinds]
            change.put(file, utf8(tomlkit.dumps(document)))
        return notes


def found_kinds(hidden: Iterable[Hidden], kinds: Iterable[str]) -> tuple[str, ...]:
    """Return those of some kinds that a file holds."""
    there = {each.kind for each in hidden}
    return tuple(kind for kind in kinds if kind in there)


def without_kept(notes: Iterable[Note], kept: Iterable[str]) -> list[Note]:
    """Return the notes of a reader without those on what was dropped and is kept after all."""
    kinds = set(kept)
    return [note for note in notes if note.kind != "dropped" or note.hidden not in kinds]


def notes_on_missing(hidden: Iterable[Hidden], kinds: Iterable[str]) -> list[Note]:
    """Say which kinds somebody wants to keep, and the file has none of."""
    from qualcode.readers import Note

    there = {each.kind for each in hidden}
    missing = ", ".join(repr(kind) for kind in kinds if kind not in there)
    said = f"keep= names {missing}, of which nothing was found in the file that could be kept."
    return [Note("dropped", said)] if missing else []


def notes_on_names(
    hidden: Iterable[Hidden], kinds: Iterable[str], pseudonyms: Mapping[str, str] | None
) -> list[Note]:
    """Say where the letters of a name still stand in what is kept."""
    from qualcode.readers import Note
    from qualcode.readers._pseudonyms import Names
    from qualcode.readers._reading import counted

    if not pseudonyms:
        return []
    names = Names(pseudonyms)
    wanted = set(kinds)
    pieces = [f"{each.name}\n{each.author}\n{each.value}" for each in hidden if each.kind in wanted]
    counts = Counter(who for words in pieces for who in {each.pseudonym for each in names.left(words)})
    return [
        Note(
            "kept",
            f"The name behind {who} still stands inside longer words in {counted(number, 'kept piece')} of hidden data. "
            "Look through what was kept.",
        )
        for who, number in sorted(counts.items())
    ]


def _written(each: Hidden, version: str) -> dict[str, Any]:
    piece: dict[str, Any] = {"kind": each.kind, "name": each.name, "author": each.author, "value": each.value}
    if each.span is not None:
        piece |= {"version": version, "start": each.span.start, "end": each.span.end}
    return piece
