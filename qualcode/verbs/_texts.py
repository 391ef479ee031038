"""Which text of a source this copy of the study has, and where places of its other versions stand in it."""

from __future__ import annotations

import itertools
import warnings
from typing import TYPE_CHECKING, NamedTuple

from qualcode import folder as paths
from qualcode.coding import Row
from qualcode.edits import fits, follow
from qualcode.errors import FolderError, Refused
from qualcode.relocate import (
    DOUBLE,
    EDITED,
    FOUND,
    LOST,
    MOVED,
    SAME,
    SIMILAR,
    Placement,
    Relocation,
    within_turns,
)
from qualcode.span import Span
from qualcode.transcript import Transcript, prepare_text, text_version
from qualcode.verbs._base import Verbs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qualcode.change import Change


class MovedRow(NamedTuple):
    """A coding or suggestion made on another version of its text, and where it stands in the one that is here.

    `coder` is the assistant where it is a suggestion.
    """

    coder: str
    source: str
    row: Row
    placement: Placement


class TextVerbs(Verbs):
    """Reading transcripts, and following places from one version of a text to another.

    A coding keeps the version that it was made on until its own coder next writes; until then it is carried
    forward whenever it is read. A suggestion is always: nobody rewrites what an assistant wrote. What cannot be carried for sure waits for a person.
    """

    def transcript(self, source: str) -> Transcript:
        """Return the transcript of a source: text, turns, times.

        Raises
        ------
        UnknownSource
            If the study has no such source.
        FolderError
            If this copy of the study was shared without its text.
        """
        self._study.refresh()
        return self._transcript(source)

    def _transcript(self, source: str) -> Transcript:
        record = self._source(source)
        version = self._version_here(source)
        roles = self._study.roles(source)
        state = (record, version, self._study.contents.get(paths.turns_file(source)), roles)
        held = self._transcripts.get(source)
        if held is not None and held[0] == state:
            return held[1]
        turns, marks = self._study.turn_set(source, version)
        found = Transcript(
            record.id,
            record.title,
            self._text(source, version),
            turns,
            marks,
            record.language,
            record.imported_from,
            roles,
        )
        self._transcripts[source] = (state, found)
        return found

    def _transcript_or_none(self, source: str) -> Transcript | None:
        try:
            return self._transcript(source)
        except FolderError:
            return None

    # -- versions --------------------------------------------------------------------------------

    def _version_here(self, source: str) -> str:
        """Return the version that is read in this copy: the newest, or an older one where only that is here."""
        record = self._source(source)
        found = self._version_of_file(source)
        if found in (None, record.version) or found not in record.versions:
            return record.version
        if self._study.read(paths.version_file(record.version)) is not None:
            return record.version
        assert found is not None
        return found

    def _version_of_file(self, source: str) -> str | None:
        """Return the version of data/transcripts/<source>.txt as it is now, or None where there is none."""
        file = paths.text_file(source)
        stamp = self._folder.stamp(file)
        waiting = file in self._study.unwritten
        held = self._versions.get(source)
        if not waiting and held is not None and held[0] == stamp:
            return held[1]
        content = self._study.read(file)
        found = None
        if content is not None:
            found = text_version(prepare_text(content.decode("utf-8", errors="replace")))
        if not waiting:
            self._versions[source] = (stamp, found)
        return found

    def _edited_outside(self) -> list[str]:
        """Return the sources whose text file is none of their versions."""
        return [source for source in sorted(self._study.sources) if self._is_edited(source)]

    def _is_edited(self, source: str) -> bool:
        record = self._source(source)
        return self._version_of_file(source) not in (None, record.version, *record.versions)

    def _need_unedited(self, *sources: str) -> None:
        """Refuse to write over a text that somebody edited outside qualcode and that nobody took yet.

        Raises
        ------
        Refused
            If the file of one of the sources is none of its versions.
        """
        edited = [paths.text_file(source) for source in sources if self._is_edited(source)]
        if edited:
            were = "were" if len(edited) > 1 else "was"
            raise Refused(
                f"{', '.join(edited)} {were} edited outside qualcode, and this would write over it. First take what was "
                "edited: project.take_edits() makes it a new version, and codings follow. Or put the old text back. "
                "Nothing was changed."
            )

    def _text(self, source: str, version: str) -> str:
        """Return a version of a text; an edit outside qualcode does not move codings silently."""
        file = paths.text_file(source)
        content = self._study.read(file)
        if content is not None:
            text = prepare_text(content.decode("utf-8", errors="replace"))
            if text_version(text) == version:
                return text
        kept = self._study.read(paths.version_file(version))
        if kept is None and content is None:
            raise FolderError(
                f"The text of {source} is not in this copy of the study ({file} is missing). Counts, cases and figures "
                "work without it; quotes do not. Ask whoever shared the study for the file and put it there, or import the "
                "original file again under the same id."
            )
        if kept is None:
            raise FolderError(
                f"{file} was changed outside qualcode, and the text that the codings belong to (version {version}) is "
                "not among the kept versions. Put the file back from git or a backup."
            )
        text = prepare_text(kept.decode("utf-8", errors="replace"))
        if text_version(text) != version:
            raise FolderError(
                f"{paths.version_file(version)} is not the text that was coded: somebody edited it, and {file} is not it "
                "either. Put one of them back from git or a backup."
            )
        if content is not None and self._version_of_file(source) not in self._source(source).versions:
            warnings.warn(
                f"{file} was changed outside qualcode. The text that was coded is used; project.take_edits() makes the "
                "changed one a new version and moves the codings.",
                stacklevel=3,
            )
        return text

    def _text_of_version(self, source: str, version: str) -> str | None:
        """Return the text of any version of a source, or None where this copy does not have it."""
        for file in (paths.version_file(version), paths.text_file(source)):
            content = self._study.read(file)
            if content is not None:
                text = prepare_text(content.decode("utf-8", errors="replace"))
                if text_version(text) == version:
                    return text
        return None

    def _words(self, source: str, version: str, span: Span) -> str | None:
        """Return the words of a span of any version, or None where this copy does not have its text."""
        text = self._text_of_version(source, version)
        return None if text is None else text[span.start : span.end]

    # -- places of other versions ----------------------------------------------------------------

    def _way(self, source: str, old: str, new: str) -> Relocation | None:
        """Return the way from one version to another; None where one of the texts is missing.

        Where somebody corrected one into the other, it is known; else the texts are compared.
        """
        step = self._source(source).corrected.get(old)
        edits = step[1] if step is not None and step[0] == new else None
        held = self._ways.get((source, old, new))
        if held is not None and held[0] == edits:
            return held[1]
        one, other = self._text_of_version(source, old), self._text_of_version(source, new)
        if one is None or other is None:
            return None  # it may come yet
        known = edits is not None and fits(one, other, edits)
        way = Relocation(one, other, edits or (), known=True) if known else Relocation(one, other)
        self._ways[source, old, new] = edits, way
        return way

    def _path(self, source: str, version: str, here: str) -> list[str]:
        """Return the versions over which a place is followed: as each was made of the one before."""
        record = self._source(source)
        following = dict(
            itertools.pairwise(record.versions)
        )  # of studies that did not yet write down every step
        following |= {old: new for old, (new, _) in record.corrected.items()}
        path = [version]
        while path[-1] != here and following.get(path[-1], version) not in path:
            path.append(following[path[-1]])
        return path if path[-1] == here else [version, here]

    def _placed(self, source: str, row: Row, here: str = "") -> Placement:
        """Return where a coding of another version stands in the text that is here."""
        version, span = self._unreplaced(source, row["version"], Span(int(row["start"]), int(row["end"])))
        here = here or self._version_here(source)
        if version == here:
            return Placement(span, MOVED)
        return self._place(source, version, span, here)

    def _unreplaced(self, source: str, version: str, span: Span) -> tuple[str, Span]:
        """Return the version that stands in the place of one in which names were replaced, and the span there."""
        replaced, seen = self._source(source).replaced, {version}
        while version in replaced:
            version, edits = replaced[version]
            span = Span(follow(edits, span.start), follow(edits, span.end, True))
            if version in seen:
                break
            seen.add(version)
        return version, span

    def _place(self, source: str, version: str, span: Span, here: str) -> Placement:
        """Return where a span of one version stands in another.

        It goes step by step, as if its coder had written it anew on every version where its place was sure: so it does
        not matter who wrote when. What was lost is looked for again in every later text, for its words may come back.
        """
        path = self._path(source, version, here)
        held = version, span  # where its place was sure the last time
        step: Placement | None = Placement(span, SAME)
        for old, new in itertools.pairwise(path):
            step = self._step(source, old, new, step)
            if (step is None or not step.sure) and held[0] != old:
                step = self._again(source, held, old, new, step)
            if step is not None and step.sure and step.span is not None:
                held = new, step.span
        if step is None or step.span is None:
            proposed = self._step(source, held[0], here, Placement(held[1], SAME))
            at = None if proposed is None else proposed.span
            return Placement(at, LOST if at is None else SIMILAR)
        if step.how in (MOVED, EDITED):
            first, last = self._way(source, *path[:2]), self._way(source, *path[-2:])
            words = None if first is None else first.old[span.start : span.end]
            if last is not None and words == last.new[step.span.start : step.span.end]:
                return Placement(step.span, SAME if step.span.start == span.start else MOVED)
        return step

    def _step(self, source: str, old: str, new: str, before: Placement | None) -> Placement | None:
        """Follow a place from one version to another; None where one of the texts is not here."""
        if before is None or before.span is None:
            return before
        at, way = before.span, self._way(source, old, new)
        if way is None or at.end > len(way.old):
            return None
        placement = way.place(at)
        if placement.how in (EDITED, SIMILAR):
            old_turns, new_turns = (self._study.turn_set(source, each)[0] for each in (old, new))
            placement = within_turns(way, placement, at, old_turns, new_turns)
        return Placement(placement.span, max(before.how, placement.how, key=HOW.index))

    def _again(
        self, source: str, held: tuple[str, Span], old: str, new: str, step: Placement | None
    ) -> Placement | None:
        """Compare the text where a place was sure the last time with a later one; the step where that is no surer."""
        version, span = held
        way = self._way(source, old, new)
        if (
            step is not None and way is not None
        ):  # no gap between the texts: then the words themselves must be back
            words = self._words(source, version, span)
            if not words or words not in way.new:
                return step
        direct = self._step(source, version, new, Placement(span, SAME))
        sure = direct is not None and direct.sure and (step is None or direct.how != EDITED)
        return direct if sure else step

    def _places(self, coder: str, source: str) -> dict[str, Placement]:
        """Return where the codings of a coder stand that are stored on another version than the one that is here.

        Two that a changed text made one (same passage, same code) are not both counted: the later is "double".
        """
        held = self._study.codings.get((coder, source))
        here = self._version_here(source)
        # texts may come and go without the study changing
        state = (self._study.generation, here, self._folder.stamp(paths.VERSIONS))
        known = self._placements.get((coder, source))
        if known is not None and known[0] == state:
            return known[1]
        rows = held.rows.values() if held else ()
        taken = {(row["start"], row["end"], row["code"]) for row in rows if row["version"] == here}
        found = {}
        for row in sorted((row for row in rows if row["version"] != here), key=_age):
            placement = self._placed(source, row, here)
            if placement.sure and placement.span is not None:
                place = (str(placement.span.start), str(placement.span.end), row["code"])
                if place in taken:
                    placement = Placement(placement.span, DOUBLE)
                taken.add(place)
            found[row["id"]] = placement
        self._placements[coder, source] = state, found
        return found

    def _carried(self, source: str, row: Row) -> Row:
        """Return a coding or suggestion as it reads in the text that is here; as it is stored where that is not sure."""
        here = self._version_here(source)
        if row["version"] == here:
            return row
        key = self._study.owner.get(row.get("id", ""))
        places = self._places(*key) if key is not None and key[1] == source else {}
        placement = places.get(row.get("id", "")) or self._placed(source, row, here)
        if not placement.sure or placement.span is None:
            return row
        return {**row, "start": str(placement.span.start), "end": str(placement.span.end), "version": here}

    def _moved_rows(self) -> Iterator[MovedRow]:
        """Every coding that is stored on another version than the one that is here."""
        for (coder, source), held in sorted(self._study.codings.items()):
            if source in self._study.sources:
                for id_, placement in self._places(coder, source).items():
                    yield MovedRow(coder, source, held.rows[id_], placement)

    def _moved_suggestions(self, source: str | None = None) -> Iterator[MovedRow]:
        """Every open suggestion (in one source) that is stored on another version than the one that is here."""
        decided = {id_ for file in self._study.decisions.values() for id_ in file.rows}
        for (assistant, id_), held in sorted(self._study.suggestions.items()):
            if id_ not in self._study.sources or source not in (None, id_) or not self._study.assists:
                continue
            here = self._version_here(id_)
            for row in held.rows.values():
                if row["version"] != here and row["id"] not in decided:
                    yield MovedRow(assistant, id_, row, self._placed(id_, row))

    def _carry_forward(self, change: Change, coder: str, source: str) -> None:
        """Rewrite the coder's own codings of a source onto the text that is here, where their place is sure."""
        held = self._study.codings.get((coder, source))
        if held is None or source not in self._study.sources or (coder, source) in change.carried:
            return
        change.carried.add((coder, source))
        here, places = self._version_here(source), self._places(coder, source)
        for id_, placement in places.items():
            if placement.sure and placement.span is not None:
                start, end = str(placement.span.start), str(placement.span.end)
                change.add_row(coder, source, {**held.rows[id_], "start": start, "end": end, "version": here})


HOW = (SAME, MOVED, FOUND, EDITED, DOUBLE, SIMILAR, LOST)
"""How a place was found, from the surest to none."""


def _age(row: Row) -> tuple[str, str]:
    return row["created"], row["id"]
