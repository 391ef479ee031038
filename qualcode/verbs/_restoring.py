"""Names put back with their key, also into texts that were corrected, or lost other names, since."""

from __future__ import annotations

import os
import warnings
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from qualcode import folder as paths
from qualcode.coding import Row, format_codings
from qualcode.errors import FolderError
from qualcode.file_names import given_path
from qualcode.relocate import Edit, edits_between, follow
from qualcode.transcript import Turn, text_version
from qualcode.verbs._moving import Made, Words, called_now, moved_place, moved_row, place_of, replaced
from qualcode.verbs._pseudonym_key import Key, KeySource, KeyText, read_key
from qualcode.verbs._rewriting import Rewriting, RewritingVerbs
from qualcode.verbs._suggestion_files import place_suggestions


@dataclass
class _Names:
    """The names that the key knows of one version of a text.

    Parameters
    ----------
    words
        Places with the words that stood there.
    labels
        Number of a turn to the label it gets back.
    lost
        How many places have other words by now, so that nothing can be put back.
    """

    words: Words
    labels: dict[int, str] = field(default_factory=dict)
    lost: int = 0


class RestoringVerbs(RewritingVerbs):
    """The verb that puts names back."""

    def restore_names(self, key: str | os.PathLike[str], *, coder: str | None = None) -> list[str]:
        """Put real names back with the key that `pseudonymize` wrote; return the sources that were changed.

        What was done since stays: texts that were corrected, or in which other names were replaced, get back every
        name whose pseudonym still stands at its place. A warning says where one does not.

        Raises
        ------
        FolderError
            If the key cannot be read, or is the key of another study.
        Refused
            Inside a batch; where a text was edited outside qualcode and not taken yet.
        """
        who = self._who(coder)
        held = read_key(given_path(key))
        with self._alone("restore_names") as work:
            sources = [source for source in sorted(held.sources) if source in self._study.sources]
            self._need_unedited(*sources)
            said: list[str] = []
            fits = {source: self._restore_source(work, who, source, held, said) for source in sources}
            strange = [source for source, fit in fits.items() if not fit]
            if held.sources and strange == sources:
                raise FolderError(
                    "The key fits no text of this study. Is it the key of another study? Nothing was changed."
                )
            if strange:
                said.append(
                    f"The key knows no text of {', '.join(strange)} as it is by now; nothing was changed there."
                )
            changed = sorted(source for source in sources if paths.source_file(source) in work.files)
            if changed:
                self._write_rewriting(work, who, "restore names", {"sources": changed})
        for each in said:
            warnings.warn(each, stacklevel=3)
        return changed

    # -- helpers ---------------------------------------------------------------------------------

    def _restore_source(self, work: Rewriting, who: str, source: str, key: Key, said: list[str]) -> bool:
        """Put names back into a source; whether the key knows one of its texts, with or without the names."""
        from qualcode.readers._reading import counted

        held, record = key.sources[source], self._source(source)
        known = self._known_names(source, held)
        made: dict[str, tuple[str, tuple[Edit, ...]]] = {}
        for version, names in known.items():
            text = self._text_of_version(source, version)
            if names.words and text is not None:
                new, edits, _ = replaced(text, names.words)
                made[version] = (new, edits)
        sets = self._study.turns.get(source, {})
        relabelled = {version for version, names in known.items() if names.labels and version in sets}
        title = held.title[0] if held.title and record.title == held.title[1] else None
        lost = known[record.version].lost if record.version in known else 0
        if lost:
            said.append(
                f"{source}: {counted(lost, 'pseudonym')} stayed, for the words there were changed since names were replaced."
            )
        only_file = bool(held.file) and not held.texts and not record.file
        if made or relabelled or title is not None or only_file:

            def speaker_of(version: str, turn: Turn) -> str | None:
                back = known[version].labels if version in known else {}
                return back.get(turn.number, turn.speaker)

            file = held.file if held.file and not record.file else None
            self._rewrite_source(work, source, made, speaker_of, title, file)
            self._put_speakers_back(work, source, held, known)
            place_suggestions(self._study, work.files, source, partial(moved_row, made=made))
            self._put_codings_back(work, who, source, made, key)

            self._follow_references(
                work, who, partial(moved_place, source, made), partial(called_now, source, made)
            )
        back = {*held.texts} & {*self._versions_of(source)}
        return bool(known or back or not held.texts)

    def _known_names(self, source: str, held: KeySource) -> dict[str, _Names]:
        """Return the versions of a source into which the key can put names, with what it puts there.

        Raises
        ------
        FolderError
            If the key says of one of its own texts what cannot be.
        """
        ours = {text.now: (before, text) for before, text in held.texts.items()}
        steps = {self._newest_place(source, (now, 0, 0))[0]: now for now in ours}
        found: dict[str, _Names] = {}
        last = ""
        for version in self._versions_of(source):
            text = self._text_of_version(source, version)
            turns, _ = self._study.turns.get(source, {}).get(version, ((), ()))
            if version in ours:
                before, told = ours[version]
                if text is not None:
                    _check(source, text, before, told)
                found[version] = _Names(told.words, _labels(turns, told))
            elif version in held.texts:
                continue  # the names are back already
            elif version in steps and text is not None:  # other words were replaced in it since
                told = ours[steps[version]][1]
                found[version] = _followed(told.words, self._steps_from(source, steps[version]), text)
                found[version].labels = _labels(turns, told)
            elif last and text is not None:  # it was corrected since
                old = self._text_of_version(source, last) or ""
                found[version] = _followed(found[last].words, [edits_between(old, text)], text)
                found[version].lost += found[last].lost
                before_turns, _ = self._study.turns.get(source, {}).get(last, ((), ()))
                found[version].labels = _labels_like(turns, before_turns, found[last].labels)
            else:
                continue
            last = version
        return found

    def _steps_from(self, source: str, version: str) -> list[tuple[Edit, ...]]:
        """Return how words were replaced in a version, each time one after the other."""
        replaced, steps = self._source(source).replaced, []
        seen: set[str] = set()
        while version in replaced and version not in seen:
            seen.add(version)
            version, edits = replaced[version]
            steps.append(edits)
        return steps

    def _put_speakers_back(
        self, work: Rewriting, source: str, held: KeySource, known: dict[str, _Names]
    ) -> None:
        """Give the rows of the table of speakers their labels back; one that was several is several again."""
        names = known.get(self._source(source).version)
        if names is None or not names.labels:
            return
        labels: dict[str, set[str]] = {}
        for turn in self._study.turn_set(source)[0]:
            if turn.speaker:
                labels.setdefault(turn.speaker, set()).add(names.labels.get(turn.number, turn.speaker))
        before = {row["speaker"]: row for row in held.speakers}
        cases = {row["case"] for row in self._study.cases.rows}

        def restored(row: Row) -> list[Row]:
            own = sorted(labels.get(row["speaker"], ()))
            if len(own) < 2:
                return [{**row, "speaker": label} for label in own] or [row]
            rows = []
            for label in own:
                known_as = before.get(label, row) if label != row["speaker"] else row
                case = known_as.get("case", "")
                rows.append(
                    {
                        **row,
                        **known_as,
                        "source": source,
                        "speaker": label,
                        "case": case if case in cases else "",
                    }
                )
            return rows

        self._put_speaker_rows(work, source, restored)

    def _put_codings_back(self, work: Rewriting, who: str, source: str, made: Made, key: Key) -> None:
        """Let the caller's codings name the restored versions; those inside of names go where they were."""
        held = self._study.codings.get((who, source))
        if held is None:
            return
        rows = []
        for row in held.rows.values():
            new = moved_row(row, made)
            before, after = key.codings.get(row["id"], (None, None))
            if before is not None and place_of(row) == after and new["version"] == before[0]:
                new = {**new, "start": str(before[1]), "end": str(before[2])}
            rows.append(new)
        if rows != list(held.rows.values()):
            work.files[paths.codings_file(who, source)] = format_codings(held.extra, rows)


def _check(source: str, text: str, before: str, told: KeyText) -> None:
    """Refuse a key that would not give the very text that was there."""
    fits = not told.words or told.words[-1][1] <= len(text)
    if not fits or text_version(replaced(text, told.words)[0]) != before:
        raise FolderError(
            f"The key does not fit the text of {source}. Is it the key of another study? Nothing was changed."
        )


def _labels(turns: Iterable[Turn], told: KeyText) -> dict[int, str]:
    """Return the label that each turn gets back; one that was changed since keeps what it has."""
    found = {}
    for turn in turns:
        before, after = told.labels.get(str(turn.number), ("", ""))
        if before and turn.speaker == after:
            found[turn.number] = before
    return found


def _labels_like(turns: Sequence[Turn], before: Sequence[Turn], labels: Mapping[int, str]) -> dict[int, str]:
    """Return the labels that turns of a newer text get back, as those of the text before it do."""
    if [turn.speaker for turn in turns] == [turn.speaker for turn in before]:
        return {turn.number: labels[turn.number] for turn in turns if turn.number in labels}
    back: dict[str, set[str]] = {}
    for turn in before:
        if turn.speaker:
            back.setdefault(turn.speaker, set()).add(labels.get(turn.number, turn.speaker))
    only = {label: next(iter(names)) for label, names in back.items() if len(names) == 1}
    return {turn.number: only[turn.speaker] for turn in turns if turn.speaker in only}


def _followed(words: Words, steps: Sequence[Sequence[Edit]], text: str) -> _Names:
    """Return where pseudonyms stand after a text was changed, as far as nobody touched them."""
    found = _Names([])
    for start, end, word in words:
        touched = False
        for edits in steps:
            at = bisect_left(edits, end, key=_start_of) - 1
            touched |= at >= 0 and edits[at].end > start
            start, end = follow(edits, start), follow(edits, end, True)
        around = text[start - 1 : start] * (start > 0), text[end : end + 1]
        grown = len(steps) == 1 and any(
            letter.isalnum() and _is_new(steps[0], at)
            for letter, at in ((around[0], start - 1), (around[1], end))
            if letter
        )
        if not touched and not grown:
            found.words.append((start, end, word))
        elif text[start:end] != word:
            found.lost += 1
    return found


def _start_of(edit: Edit) -> int:
    return edit.start


def _is_new(edits: Sequence[Edit], position: int) -> bool:
    """Whether a character of the new text was put there by one of the edits."""
    at = bisect_right(edits, position, key=lambda edit: edit.new_start) - 1
    return at >= 0 and position < edits[at].new_end
