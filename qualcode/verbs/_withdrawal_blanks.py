"""The words of a participant who withdraws leave the texts: whole interviews go, turns among others are blanked."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterable

from qualcode import folder as paths
from qualcode.coding import Row, format_codings
from qualcode.errors import Refused
from qualcode.relocate import Edit, follow
from qualcode.span import Span
from qualcode.transcript import Turn, text_version
from qualcode.verbs._hidden import source_of
from qualcode.verbs._moving import Made, Place, place_of, replaced
from qualcode.verbs._privacy import PrivacyVerbs
from qualcode.verbs._rewriting import Rewriting
from qualcode.verbs._suggestion_files import place_suggestions
from qualcode.verbs._withdrawal_under import backwards, joined, under, with_label
from qualcode.verbs._withdrawal_who import Withdrawn
from qualcode.verbs._withdrawal_words import Stretch, names_in, stretches_in_older, stretches_of

WITHDRAWN = "[withdrawn]"
"""What stands where somebody spoke who withdrew, and what they are called there."""


class BlankingVerbs(PrivacyVerbs):
    """What `forget` does to the texts of a study, and to what stands on them."""

    def _remove_whole(self, work: Rewriting, source: str, gone: Withdrawn) -> None:
        """Let everything of a source go."""
        record, files = self._source(source), work.files
        for file in (paths.text_file(source), paths.turns_file(source), paths.source_file(source)):
            files[file] = None
        interviewers = {label for label, role in self._study.roles(source).items() if role == "interviewer"}
        for version in self._versions_of(source):
            files[paths.version_file(version)] = None
            text = self._text_of_version(source, version) or ""
            turns, _ = self._study.turns.get(source, {}).get(version, ((), ()))
            theirs = [turn for turn in turns if turn.speaker not in interviewers]
            gone.said += [text[t.span.start : t.span.end] for t in theirs] if turns else [text]
            labels = {turn.speaker for turn in theirs if turn.speaker}
            gone.names |= labels | names_in(text, turns, labels)
        for (coder, id_), held in self._study.codings.items():
            if id_ == source:
                files[paths.codings_file(coder, source)] = None
                gone.codings |= set(held.rows)
        gone.suggestions |= place_suggestions(self._study, files, source, lambda _: None)
        for file in self._folder.list_files(["data/raw"]):
            content = self._folder.read(file) or b""
            same = bool(record.sha256) and hashlib.sha256(content).hexdigest() == record.sha256
            hidden = file.endswith("-hidden.json") or file.startswith(f"{paths.RAW_STATES}/")
            if paths.belongs(file) and (same or (hidden and source_of(content) == source)):
                files[file] = None

    def _need_known_speakers(self, gone: Withdrawn) -> None:
        """Refuse where turns that were theirs in an older text are somebody's now of whom nothing is known.

        Raises
        ------
        Refused
            With who that is, and how to say whose words these are.
        """
        for source, labels in sorted(gone.shared.items()):
            known = {
                row["speaker"] for row in self._study.speakers.rows if row["source"] == source and row["case"]
            }
            known |= {
                label for label, role in self._study.roles(source).items() if role == "interviewer"
            } | labels
            here = self._source(source).version
            newest = self._study.turn_set(source, here)[0]
            for version, (turns, _) in self._study.turns.get(source, {}).items():
                for turn in turns if version != here else ():
                    if (
                        turn.speaker not in labels
                        or (place := self._place(source, version, turn.span, here)).span is None
                    ):
                        continue
                    now = {t.speaker for t in newest if t.speaker and t.span.overlaps(place.span)} - known
                    if now and place.sure:
                        other = min(now)
                        raise Refused(
                            f"In an older text of {source}, words that are {other}'s now were {turn.speaker}'s, who is {gone.case}. "
                            f"If {other} is {gone.case} too, say so: project.link('{source}', '{gone.case}', speaker={other!r}). "
                            f"If {other} is somebody else, link that speaker to another case. Nothing was changed."
                        )

    def _blank(self, work: Rewriting, source: str, gone: Withdrawn) -> Made:
        """Blank what somebody said in every version of a source of several speakers, with the codings of it.

        Raises
        ------
        Refused
            If a version is not here: then nobody could blank it.
        """
        record, labels = self._source(source), gone.shared[source]
        sets = self._study.turns.get(source, {})
        newest = self._text_of_version(source, record.version)
        newest_turns, _ = sets.get(record.version, ((), ()))
        made: dict[str, tuple[str, tuple[Edit, ...]]] = {}
        blanked: dict[str, list[tuple[int, int]]] = {}
        for version in self._versions_of(source):
            text = self._text_of_version(source, version)
            turns, _ = sets.get(version, ((), ()))
            if text is None or newest is None:
                if version not in (record.version, *record.versions):
                    continue  # only codings know of it, and nobody can read them
                raise Refused(
                    f"The version {version} of {source} is not in this copy of the study, or damaged, and {WITHDRAWN} cannot "
                    "be put into it. Forget where all texts are. Nothing was changed."
                )
            if version == record.version:
                found = stretches_of(text, turns, labels)
                if found or labels - gone.older.get(source, set()):
                    gone.blanked[source] = len(found)
            else:
                found = stretches_in_older(text, turns, newest, newest_turns, labels)
                found = self._with_what_is_under(source, version, found, gone)
            new, edits, _ = replaced(text, [(start, end, WITHDRAWN) for start, end in found])
            if edits:
                made[version] = (new, edits)
                blanked[version] = found
            gone.said += [text[start:end] for start, end in found]
            theirs = {turn.speaker for turn in turns if _is_in(turn, found)}
            gone.names |= names_in(text, turns, labels | theirs) | {label for label in theirs if label}
        gone.names |= labels

        def speaker_of(version: str, turn: Turn) -> str | None:
            theirs = turn.speaker in labels or (turn.speaker and _is_in(turn, blanked.get(version, ())))
            return WITHDRAWN if theirs else turn.speaker

        self._rewrite_source(work, source, made, speaker_of)
        self._put_speaker_rows(
            work,
            source,
            lambda row: [{**row, "speaker": WITHDRAWN, "case": ""} if row["speaker"] in labels else row],
        )
        for file in self._folder.list_files([paths.RAW_STATES]):  # no step before this one can be undone
            if source_of(self._folder.read(file)) == source:
                work.files[file] = None
        return made

    def _with_what_is_under(
        self, source: str, version: str, found: list[Stretch], gone: Withdrawn
    ) -> list[Stretch]:
        """Return stretches of an older text with what became a turn of theirs since, whoever's label stood there."""
        here, labels = self._source(source).version, gone.shared[source]
        path = self._path(source, version, here)
        ways = [self._way(source, old, new) for old, new in itertools.pairwise(path)]
        back = [backwards(way) for way in reversed(ways) if way is not None]
        if not back or len(back) < len(ways):
            return found  # a text between is not here; then the withdrawal is refused
        text, newest = back[-1].new, back[0].old
        old_turns, turns = (self._study.turn_set(source, each)[0] for each in (version, here))
        theirs = [turn.span for turn in turns if turn.speaker in labels]
        more, like = list(found), list[Span]()
        for (start, end), words in zip(stretches_of(newest, turns, labels), theirs, strict=True):
            span, sure = under(back, (Span(start, end), words))
            if span is not None and sure:
                more.append(with_label(text, old_turns, span))
            elif span is not None:
                like.append(span)
        more = joined(more)
        unsure = [span for span in like if not any(span.overlaps(Span(*each)) for each in more)]
        if unsure:
            gone.unsure.setdefault(source, {})[version] = unsure
        return more

    def _blank_rows(self, work: Rewriting, source: str, gone: Withdrawn) -> None:
        """Let everybody's codings, and suggestions, keep only what reaches beyond the blanked turns; others go."""

        def placed(row: Row) -> Row | None:
            old = place_of(row)
            place = self._kept_place(source, old, gone)
            if place is not None and self._newest_place(source, old) == place:
                return row  # nothing was blanked there
            return place and {**row, "version": place[0], "start": str(place[1]), "end": str(place[2])}

        gone.suggestions |= place_suggestions(self._study, work.files, source, placed)
        for (coder, id_), held in self._study.codings.items():
            if id_ != source:
                continue
            kept: dict[tuple[str, ...], Row] = {}
            for row in held.rows.values():
                new = placed(row)
                if new is None:
                    gone.codings.add(row["id"])
                    continue
                twin = kept.setdefault((*map(str, place_of(new)), new["code"]), new)
                if twin is not new:  # what is left of both is one passage
                    gone.codings.add(row["id"])
                    gone.twins[row["id"]] = twin["id"]
            rows = list(kept.values())
            if rows != list(held.rows.values()):
                content = format_codings(held.extra, rows) if rows else None
                work.files[paths.codings_file(coder, source)] = content

    def _kept_place(self, source: str, place: Place, gone: Withdrawn) -> Place | None:
        """Return what of a place in a source is left after turns were blanked, or None where nothing is.

        A place that was blanked in an older text only is where its words stand now: they are somebody else's.
        """
        made = gone.made.get(source, {})
        version, start, end = place = self._newest_place(source, place)
        kept, here = _kept_place(place, made), self._source(source).version
        if kept is not None or version == here:
            return kept
        now = self._place(source, version, Span(start, end), here)
        if now.span is None or not now.sure:
            return None
        return _kept_place((here, now.span.start, now.span.end), made)


def _is_in(turn: Turn, stretches: Iterable[tuple[int, int]]) -> bool:
    return any(start <= turn.span.start and turn.span.end <= end for start, end in stretches)


def _kept_place(place: Place, made: Made) -> Place | None:
    """Return what of a place is left after turns were blanked, or None where nothing is."""
    version, start, end = place
    if version not in made:
        return place
    text, edits = made[version]
    trimmed = False, False
    for edit in edits:  # only what reaches beyond a blanked turn
        if edit.start <= start < edit.end:
            start, trimmed = edit.end, (True, trimmed[1])
        if edit.start < end <= edit.end:
            end, trimmed = edit.start, (trimmed[0], True)
    if start >= end:
        return None
    start, end = follow(edits, start), follow(edits, end, True)
    words = text[start:end]
    if not words.replace(WITHDRAWN, "").strip():
        return None
    if trimmed[0]:
        start += len(words) - len(words.lstrip())
    if trimmed[1]:
        end -= len(words) - len(words.rstrip())
    return text_version(text), start, end
