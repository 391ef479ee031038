"""What every verb needs: the study, whose work it is, and how to write small files."""

from __future__ import annotations

import inspect
import unicodedata
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import tomlkit

from qualcode import folder as paths
from qualcode.case import Attribute
from qualcode.coding import Coder, Row, new_id, now
from qualcode.csvtext import format_csv, utf8
from qualcode.errors import InvalidValue, NotFound, Refused, UnknownCoder, UnknownSource, did_you_mean
from qualcode.folder import digest
from qualcode.identity import check_coder_id, known_coder, no_coder
from qualcode.memo import Memo, format_memo
from qualcode.verbs._arguments import checked

if TYPE_CHECKING:
    from qualcode.change import Change, Writer
    from qualcode.folder import Folder
    from qualcode.relocate import Placement, Relocation
    from qualcode.study import SourceRecord, Study, Table
    from qualcode.transcript import Transcript


class Verbs:
    """The base of the verbs of a project; never made by itself."""

    def __init_subclass__(cls) -> None:
        """Check the arguments of every verb; see `_arguments`."""
        for name, verb in list(vars(cls).items()):
            if not name.startswith("_") and inspect.isfunction(verb):
                setattr(cls, name, checked(verb))

    _folder: Folder
    _study: Study
    _writer: Writer
    _coder: str | None
    _transcripts: dict[str, tuple[object, Transcript]]
    _versions: dict[str, tuple[object, str | None]]
    _ways: dict[tuple[str, str, str], tuple[object, Relocation]]
    _placements: dict[tuple[str, str], tuple[object, dict[str, Placement]]]

    def _who(self, coder: str | None) -> str:
        """Return whose work this is: the coder named, else of the session, the environment, the settings."""
        found = coder or self._coder or known_coder()
        if not found:
            raise no_coder()
        check_coder_id(found)
        known = self._study.coders
        if found in known:
            return found
        for other in known:
            if other.casefold() == found.casefold():
                raise UnknownCoder(
                    f"The study has a coder '{other}', not '{found}'. Some computers cannot keep files of both apart; "
                    f"use '{other}'."
                )
        if coder is not None and did_you_mean(coder, known):
            raise UnknownCoder(
                f"The study has no coder '{coder}'.{did_you_mean(coder, known)} "
                f"If {coder} is somebody else, say so first: project.add_coder('{coder}')."
            )
        return found

    def _register(self, change: Change, coder: str) -> None:
        """Add the coder to the study with their first piece of work."""
        if coder not in self._study.coders:
            change.put(paths.coder_file(coder), coder_toml(Coder(coder, coder)))

    def _source(self, source: str) -> SourceRecord:
        """Return what is known of a source.

        Raises
        ------
        UnknownSource
            If the study has none of this id.
        """
        record = self._study.sources.get(source)
        if record is None:
            raise UnknownSource(
                f"The study has no source {source!r}.{did_you_mean(str(source), self._study.sources)} "
                f"It has {len(self._study.sources)}; see project.sources."
            )
        return record

    def _row(self, id_: str) -> tuple[str, str, Row]:
        """Return coder, source and row of a coding."""
        key = self._study.owner.get(id_)
        if key is None:
            raise NotFound(
                f"There is no coding {id_!r}. Ids of codings stand in project.codings and qc.retrieve(project)."
            )
        return key[0], key[1], self._study.codings[key].rows[id_]

    def _own(self, id_: str, who: str) -> tuple[str, str, Row]:
        """Return coder, source and row of a coding that is one's own."""
        owner, source, row = self._row(id_)
        if owner != who:
            raise Refused(
                f"The coding {id_} is {owner}'s, and {who} cannot change it. Code the passage yourself, or ask {owner}."
            )
        return owner, source, row

    def _codebook_state(self) -> str:
        content = self._study.contents.get(paths.CODEBOOK)
        return digest(content) if content else ""

    def _put_memo(self, change: Change, author: str, text: str, targets: tuple[str, ...], kind: str) -> str:
        memo = Memo(new_id(), author, now(), kind, targets, memo_text(text))
        change.put(paths.memo_file(author, memo.id), format_memo(memo))
        return memo.id

    def _drop_targets(self, change: Change, author: str, gone: set[str]) -> None:
        for memo in list(self._study.memos.values()):
            if memo.author == author and gone & set(memo.targets):
                kept = tuple(target for target in memo.targets if target not in gone)
                changed = Memo(memo.id, memo.author, memo.created, memo.kind, kept, memo.text)
                change.put(paths.memo_file(memo.author, memo.id), format_memo(changed))

    def _declare(self, change: Change, attributes: Mapping[str, Attribute]) -> None:
        document = tomlkit.parse(self._study.contents[paths.SETTINGS].decode("utf-8-sig"))
        if "attributes" not in document:
            document["attributes"] = tomlkit.table()
        table: Any = document["attributes"]  # within brackets, in lines of its own, or in lines with dots
        for name, attribute in attributes.items():
            if attribute.levels:
                inline = tomlkit.inline_table()
                inline.update({"type": attribute.type, "levels": list(attribute.levels)})
                table[name] = inline
            else:
                table[name] = attribute.type
        change.put(paths.SETTINGS, utf8(tomlkit.dumps(document)))


def coder_toml(coder: Coder) -> bytes:
    """Return the bytes of data/coders/<id>.toml."""
    document = tomlkit.document()
    document["name"] = coder.name
    document["kind"] = coder.kind
    for key in ("model", "version", "settings"):
        if getattr(coder, key):
            document[key] = getattr(coder, key)
    return utf8(tomlkit.dumps(document))


def table_csv(table: Table, key: tuple[str, ...]) -> bytes | None:
    """Return the bytes of a table in the order of its key; None where it has no row and no own column."""
    if not table.rows:
        return None
    rows = sorted(table.rows, key=lambda row: [row[column] for column in key])
    return format_csv(table.header, ([row.get(column, "") for column in table.header] for row in rows))


def memo_text(text: str) -> str:
    """Return the text of a memo as it is kept: plain line ends, no empty lines around."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip("\n")


def one_line(text: str, what: str) -> str:
    """Return a text that must stand in one line, or raise InvalidValue."""
    if not isinstance(text, str) or not text.strip():
        raise InvalidValue(f"The {what} {text!r:.60} must be one line of text that is not empty.")
    if not text.strip().isprintable() and any(
        unicodedata.category(sign) in _UNSEEN for sign in text.strip().replace("\t", " ")
    ):
        raise InvalidValue(f"The {what} {text!r:.60} must be one line, without control characters.")
    return text.strip()


_UNSEEN = ("Cc", "Cs", "Zl", "Zp")
"""Control characters, half characters, ends of lines and paragraphs."""
