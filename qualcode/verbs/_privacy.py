"""Names that must not stay: replace them in every version of every text, with a key that lies elsewhere."""

from __future__ import annotations

import os
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

from qualcode import folder as paths
from qualcode.coding import Row, format_codings, now
from qualcode.errors import FolderError, InvalidValue, Refused
from qualcode.relocate import Edit
from qualcode.transcript import Turn, text_version
from qualcode.verbs._moving import Made, Words, called_now, moved_place, moved_row, place_of
from qualcode.verbs._names_left import names_left
from qualcode.verbs._names_search import Search, drop_past
from qualcode.verbs._pseudonym_key import Key, KeySource, KeyText, key_path, write_key
from qualcode.verbs._restoring import RestoringVerbs
from qualcode.verbs._rewriting import Rewriting
from qualcode.verbs._suggestion_files import place_suggestions
from qualcode.verbs._traces import empty_caches, trace_of


@dataclass(frozen=True)
class PseudonymReport:
    """What became of the names.

    Parameters
    ----------
    sources
        Sources in which names were replaced, to the number of places in their newest text.
    not_found
        Pseudonyms whose name stands nowhere in the study.
    left
        Files of the study in which a name still stands, or that cannot be searched, for a person to look at: memos,
        definitions, cases, raw interviews, exports. Never the name itself, but where it is a part of a path or an id.
    missing
        Versions of texts that are not in this copy of the study, or damaged, as "source version".
    dropped_states
        Earlier states of tables and texts that held names and were removed; what was done before cannot be undone.
    joined
        Labels of speakers that became one, as "source: pseudonym".
    """

    sources: Mapping[str, int]
    not_found: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    dropped_states: int = 0
    joined: tuple[str, ...] = ()

    def __str__(self) -> str:
        from qualcode.readers._reading import counted

        places = counted(sum(self.sources.values()), "place")
        lines = [
            f"Names replaced in {places} of {counted(len(self.sources), 'source')}, in all their versions."
        ]
        if self.not_found:
            lines.append(f"  not found anywhere: the names of {', '.join(self.not_found)}")
        lines += [f"  two or more labels are one now: {each}" for each in self.joined]
        lines += [f"  still to look at: {file}" for file in self.left]
        lines += [f"  not in this copy, or damaged: the text {version}" for version in self.missing]
        return "\n".join(lines)

    __repr__ = __str__


class PrivacyVerbs(RestoringVerbs):
    """The verb that takes names out; `RestoringVerbs` puts them back."""

    def pseudonymize(
        self, names: Mapping[str, str], key: str | os.PathLike[str], *, coder: str | None = None
    ) -> PseudonymReport:
        """Replace real names in every version of every text, and in the labels of speakers; codings follow.

        No version with a real name stays in the folder, nor an earlier state of a table or text that held one; so
        what was done before cannot be undone any more. What git, backups and other copies of the study keep is not
        touched: merging with such a copy would bring names back. The key, which alone brings the names back
        (`restore_names`), is written outside the study: keep it apart, or destroy it.

        Parameters
        ----------
        names
            Real name to pseudonym, as at import: whole words, in any capitals.
        key
            The file to write, outside the study; it must not exist. Where the work is cut off, it stays as long as
            names were or will be replaced. Where no name stands that can be replaced, nothing is written.

        Returns
        -------
        PseudonymReport
            Where names stood, which were never found, and where some are left.

        Raises
        ------
        InvalidValue
            If a pseudonym holds a name, or the key would lie inside the study or over another file.
        Refused
            Inside a batch; where a text was edited outside qualcode and not taken yet; where a pseudonym is the label
            of somebody else who speaks in the same source.
        """
        from tqdm.auto import tqdm

        from qualcode.readers._pseudonyms import Names

        who = self._who(coder)
        if not names:
            raise InvalidValue('Give the names to replace: {"Ana Lima": "P1"}.')
        wanted = Names(names)
        target = key_path(key, self._folder)
        with self._alone("pseudonymize") as work:
            sources = sorted(self._study.sources)
            self._need_unedited(*sources)
            search = Search(wanted, lru_cache(4096)(wanted.replace))
            for source in sources:
                self._check_labels(source, search)
            replaced_in = {
                source: self._replace_names(work, who, source, search)
                for source in tqdm(
                    sources, desc="pseudonymize", leave=False, disable=len(sources) < 20 or None
                )
            }
            dropped = drop_past(
                self._folder, work, search, {v for source in sources for v in self._versions_of(source)}
            )
            empty_caches(self._folder, lambda text: trace_of(wanted, text) is not None)
            if work.files:
                self._settle(work, who)
                known = {source: held for source, held in replaced_in.items() if held is not None}
                made = Key(self._folder.path.name, now(), dict(names), known, search.codings)
                left, still = names_left(self._folder, work.files, wanted, sources)
                self._write_with_key(work, who, target, made)
            else:
                left, still = names_left(self._folder, {}, wanted, sources)
            nowhere = [n.pseudonym for n in wanted.names if n.pseudonym not in search.found | still]
            return PseudonymReport(
                search.places,
                tuple(dict.fromkeys(nowhere)),
                tuple(left),
                tuple(search.missing),
                dropped,
                tuple(search.joined),
            )

    # -- helpers ---------------------------------------------------------------------------------

    def _check_labels(self, source: str, search: Search) -> None:
        """Refuse pseudonyms that make one speaker of two people; note where labels of one become one.

        Raises
        ------
        Refused
            If a pseudonym is the label of somebody else in this source.
        """
        rows = [row for row in self._study.speakers.rows if row["source"] == source]
        cases = {row["speaker"]: row["case"] for row in rows}
        spoken = [turns for turns, _ in self._study.turns.get(source, {}).values()]
        together = [{turn.speaker for turn in turns if turn.speaker} for turns in spoken]
        for labels in [*together, {*cases} - {""}]:
            same: dict[str, set[str]] = {}
            for label in labels:
                same.setdefault(search.rename(label), set()).add(label)
            for new, old in same.items():
                if len(old) < 2:
                    continue
                linked = {cases.get(label, "") for label in old}
                if len(linked - {""}) > 1 or (new in old and (len(linked) > 1 or "" in linked)):
                    raise Refused(
                        f"In {source} somebody else is called '{new}' already, and two speakers would be one. Give another "
                        "pseudonym. If both are one person, first make them one (project.rename_speaker), or link both labels "
                        f"to one case: project.link('{source}', ..., speaker=...). Nothing was changed."
                    )
                if f"{source}: {new}" not in search.joined:
                    search.joined.append(f"{source}: {new}")

    def _replace_names(self, work: Rewriting, who: str, source: str, search: Search) -> KeySource | None:
        """Replace names in a source and all that belongs to it.

        Returns
        -------
        KeySource or None
            What the key has to know of it; None where no name stood.
        """
        record, rename = self._source(source), search.rename
        made: dict[str, tuple[str, tuple[Edit, ...]]] = {}
        texts: dict[str, KeyText] = {}
        for version in self._versions_of(source):
            turns, _ = self._study.turns.get(source, {}).get(version, ((), ()))
            changed = [turn for turn in turns if turn.speaker and search.in_label(turn.speaker)]
            labels = {str(t.number): (t.speaker or "", rename(t.speaker or "")) for t in changed}
            text = self._text_of_version(source, version)
            words: Words = []
            if text is None:
                search.missing.append(f"{source} {version}")
            else:
                new, edits, words = search.without_names(text, turns)
                if edits:
                    made[version] = (new, edits)
            if words or labels:
                now_called = text_version(made[version][0]) if version in made else version
                texts[version] = KeyText(now_called, words, labels)
        titled = search.in_label(record.title)
        rows = [
            dict(row)
            for row in self._study.speakers.rows
            if row["source"] == source and search.in_label(row["speaker"])
        ]
        if not (texts or titled or rows or search.in_label(record.file)):
            return None
        search.places[source] = len(texts[record.version].words) if record.version in texts else 0

        def renamed(_: str, turn: Turn) -> str | None:
            return rename(turn.speaker) if turn.speaker else None

        title = rename(record.title) if titled else None
        self._rewrite_source(work, source, made, renamed, title, "" if record.file else None)
        if rows:
            self._put_speaker_rows(work, source, lambda row: [{**row, "speaker": rename(row["speaker"])}])
        place_suggestions(self._study, work.files, source, partial(moved_row, made=made))
        self._move_codings(work, who, source, made, search)
        self._follow_references(
            work, who, partial(moved_place, source, made), partial(called_now, source, made)
        )
        # a text that was there without the name before must not get it from the key
        as_before = {*self._versions_of(source)} - {*made}
        texts = {v: t for v, t in texts.items() if t.now not in as_before or t.now == v}
        return KeySource(texts, (record.title, title) if title is not None else (), record.file, rows)

    def _move_codings(self, work: Rewriting, who: str, source: str, made: Made, search: Search) -> None:
        """Let the caller's codings name the new versions; remember places inside of names for the key.

        Two that become one passage would be one coding: the second stays on the text that is no more, and is
        carried forward whenever it is read, as a colleague's is.
        """
        book = self._study.codebook
        exclusive = {facet.id for facet in book.facets if facet.exclusive}
        facet_of = {code.id: code.facet for code in book.codes if code.facet in exclusive}
        for (coder, id_), held in self._study.codings.items():
            if id_ != source:
                continue
            moved = {row["id"]: moved_row(row, made) for row in held.rows.values()}
            inside = {row["id"] for row in held.rows.values() if _is_inside(row, made)}
            search.codings |= {i: (place_of(held.rows[i]), place_of(moved[i])) for i in inside}
            if coder != who:
                continue
            kept: dict[str, Row] = {}
            taken: set[tuple[str, ...]] = set()
            for i, row in sorted(moved.items(), key=lambda item: item[0] in inside):
                place = (row["version"], row["start"], row["end"])
                keys = {(*place, "code", row["code"])}
                if row["code"] in facet_of:
                    keys.add((*place, "facet", facet_of[row["code"]]))
                kept[i] = row if not keys & taken else held.rows[i]
                taken |= keys
            if kept != held.rows:
                content = format_codings(held.extra, list(kept.values()))
                work.files[paths.codings_file(who, source)] = content

    def _write_with_key(self, work: Rewriting, who: str, path: Path, key: Key) -> None:
        """Write the key, then the study; the key goes again only where for sure nothing was and will be changed."""
        log = paths.log_file(who)
        before = self._folder.read(log)
        write_key(path, key)
        try:
            self._write_rewriting(work, who, "pseudonymize", {"sources": sorted(key.sources)})
        except BaseException as error:
            if not self._folder.pending() and self._folder.read(log) == before:
                path.unlink(missing_ok=True)
                raise
            said = f"The key {path.name} was kept: it belongs to the names that this write replaces."
            if isinstance(error, FolderError):
                raise FolderError(f"{error} {said}") from None
            error.add_note(said)
            raise


def _is_inside(row: Row, made: Made) -> bool:
    """Whether a coding begins or ends inside of a place that was replaced, so that following it back is not exact."""
    if row["version"] not in made:
        return False
    _, edits = made[row["version"]]
    for position in (int(row["start"]), int(row["end"])):
        at = bisect_left(edits, position, key=lambda edit: edit.start) - 1
        if at >= 0 and position < edits[at].end:
            return True
    return False
