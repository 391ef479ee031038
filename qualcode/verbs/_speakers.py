"""Speakers after the import: another label, two labels that are one person, a role. The text stays as it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from qualcode import folder as paths
from qualcode.case import SPEAKER_COLUMNS
from qualcode.errors import InvalidValue, Refused, did_you_mean
from qualcode.readers._reading import enumerated
from qualcode.study import format_turns
from qualcode.transcript import ROLES
from qualcode.verbs._base import one_line, table_csv
from qualcode.verbs._hidden import HiddenVerbs

if TYPE_CHECKING:
    from qualcode.change import Change
    from qualcode.coding import Row
    from qualcode.readers import Note
    from qualcode.transcript import Transcript


class SpeakerVerbs(HiddenVerbs):
    """The verbs about who speaks in a source."""

    def rename_speaker(self, source: str, old: str, new: str, *, coder: str | None = None) -> None:
        """Give a speaker of a source another label; the label of another speaker makes both one.

        Turns keep their numbers and places, and the text keeps its words: what stands in it as a label stays. `undo`
        takes it back.

        Parameters
        ----------
        source
            Id of the source.
        old
            The label as it is now.
        new
            The label wanted. If somebody in the source has it already, all turns of both are that speaker's, with
            that one's role; the case of either stays.
        coder
            Who does this; else the coder of the session.

        Raises
        ------
        InvalidValue
            If nobody in the source has the label.
        Refused
            If both are linked, to different cases.
        """
        who = self._who(coder)
        with self._writer.change("rename speaker", who, source=source) as change:
            self._source(source)
            self._need_speaker(source, old)
            self._rename_speakers(change, source, {old: one_line(new, "speaker")})
            if not change.empty:
                self._register(change, who)

    def set_role(self, source: str, speaker: str, role: str, *, coder: str | None = None) -> None:
        """Say what a speaker of a source is: "interviewer", "participant", "other", or "" for not known.

        What an interviewer says belongs to no case.

        Raises
        ------
        InvalidValue
            If nobody in the source has the label, or there is no such role.
        """
        who = self._who(coder)
        with self._writer.change("set role", who, source=source, role=role) as change:
            self._source(source)
            self._need_speaker(source, speaker)
            if role not in ROLES:
                raise InvalidValue(f"Unknown role {role!r}. Use interviewer, participant or other.")
            self._set_roles(change, source, {speaker: role})
            if not change.empty:
                self._register(change, who)

    # -- helpers ---------------------------------------------------------------------------------

    def _speakers_of(self, source: str) -> list[str]:
        """Return the labels of a source, in the order of first appearance; those of older texts last."""
        sets = self._study.turns.get(source, {})
        newest = self._study.turn_set(source)[0]
        others = (turn for version in reversed(sets) for turn in sets[version][0])
        return list(dict.fromkeys(turn.speaker for turn in (*newest, *others) if turn.speaker))

    def _need_speaker(self, source: str, speaker: str) -> None:
        there = self._speakers_of(source)
        if speaker not in there:
            has = f"It has: {', '.join(there)}." if there else "No turn of it names a speaker."
            raise InvalidValue(f"{source} has no speaker {speaker!r}.{did_you_mean(speaker, there)} {has}")

    def _put_speakers(self, change: Change, rows: list[dict[str, str]]) -> None:
        table = type(self._study.speakers)(list(self._study.speakers.header), rows)
        change.put(paths.SPEAKERS, table_csv(table, SPEAKER_COLUMNS[:2]))

    def _rename_speakers(self, change: Change, source: str, labels: Mapping[str, str]) -> None:
        """Put other labels into the turns of every text of a source, and into the table of speakers."""
        sets = {
            version: (tuple(replace(t, speaker=labels.get(t.speaker or "", t.speaker)) for t in turns), marks)
            for version, (turns, marks) in self._study.turns.get(source, {}).items()
        }
        change.put(paths.turns_file(source), format_turns(sets))
        others = [row for row in self._study.speakers.rows if row["source"] != source]
        own = {row["speaker"]: dict(row) for row in self._study.speakers.rows if row["source"] == source}
        for old, new in labels.items():
            row = own.pop(old, None)
            if row is not None:
                own[new] = _united(source, {**row, "speaker": new}, own.get(new))
        self._put_speakers(change, [*others, *own.values()])

    def _set_roles(self, change: Change, source: str, roles: Mapping[str, str]) -> None:
        rows = [dict(row) for row in self._study.speakers.rows]
        there = {row["speaker"]: row for row in rows if row["source"] == source}
        for speaker, role in roles.items():
            if speaker in there:
                there[speaker]["role"] = role
            elif role:
                rows.append({"source": source, "speaker": speaker, "case": "", "role": role})
        self._put_speakers(change, rows)

    def _speakers_again(
        self,
        who: str,
        source: str,
        found: Transcript,
        speakers: Mapping[str, str],
        roles: Mapping[str, str],
        pseudonyms: Mapping[str, str],
    ) -> list[Note]:
        """Take what is said of the speakers of a source that is here already, and tell what came of it.

        A spelling is renamed where the source still has it, so that the same call again changes nothing.
        """
        from qualcode.readers import Note, label_key, label_renamer

        if not speakers and not roles:
            return []
        renamed = label_renamer(pseudonyms)
        there = {label_key(label): label for label in self._speakers_of(source)}
        labels = {
            there[label_key(renamed(spelling))]: renamed(label)
            for spelling, label in speakers.items()
            if label and label_key(renamed(spelling)) in there
        }
        labels = {old: new for old, new in labels.items() if old != new}
        stated = {}
        for label, role in roles.items():
            for key in (label, speakers.get(label, label)):
                stated[label_key(renamed(key))] = role
        notes: list[Note] = []
        with self._writer.change("set speakers", who, source=source) as change:
            if labels:
                self._rename_speakers(change, source, labels)
                notes.append(
                    Note(
                        "changed", f"Speakers renamed: {enumerated(f'{o} = {n}' for o, n in labels.items())}."
                    )
                )
            known = self._study.roles(source)
            now = {
                label: stated[label_key(label)]
                for label in self._speakers_of(source)
                if stated.get(label_key(label), known.get(label, "")) != known.get(label, "")
            }
            if now:
                self._set_roles(change, source, now)
                notes.append(
                    Note("changed", f"Roles set: {enumerated(f'{o} = {n}' for o, n in now.items())}.")
                )
            if not change.empty:
                self._register(change, who)
        here = {label_key(label) for label in self._speakers_of(source)}
        asked = {label_key(renamed(key)) for key in (*speakers, *speakers.values(), *roles)}
        more = [label for label in found.speakers if label_key(label) in asked - here]
        if more:
            notes.append(
                Note(
                    "kept",
                    f"The turns of the study name nobody {enumerated(map(repr, more))}, whom the file has as it is read now. To "
                    f"read its turns anew: project.update_source({source!r}, path, ...).",
                )
            )
        return notes


def _united(source: str, row: Row, other: Row | None) -> Row:
    """Return the row of a speaker who is two no more; the second one's role goes first."""
    if other is None:
        return row
    if row["case"] and other["case"] and row["case"] != other["case"]:
        raise Refused(
            f"Both speakers of {source} are linked, one to the case '{row['case']}' and one to '{other['case']}'. Say which it "
            "is with project.link first, or with case='' that one is none."
        )
    return {**row, **other, "case": other["case"] or row["case"], "role": other["role"] or row["role"]}
