"""A participant withdraws: what they said, and every trace of it, leaves the study."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from qualcode import folder as paths
from qualcode.case import CASE_COLUMNS, SPEAKER_COLUMNS
from qualcode.change import Change
from qualcode.codebook_file import codebook_to_yaml
from qualcode.codebook_values import ExampleRef
from qualcode.coding import Row, format_codings
from qualcode.errors import Refused
from qualcode.memo import Memo, format_memo, parse_memo
from qualcode.relocate import Edit, follow
from qualcode.study import Table
from qualcode.transcript import Turn, text_version
from qualcode.verbs._base import table_csv
from qualcode.verbs._cases import CaseVerbs
from qualcode.verbs._hidden import source_of
from qualcode.verbs._privacy import PrivacyVerbs, Rewriting, cleaned, replaced
from qualcode.verbs._sources import progress_csv
from qualcode.verbs._suggestion_files import place_suggestions, point_evidence, remove_decisions

WITHDRAWN = "[withdrawn]"


@dataclass(frozen=True)
class ForgetReport:
    """What left the study with a participant, and what a person has to look after.

    Parameters
    ----------
    sources
        Sources that were removed as a whole, with every version of their text.
    blanked
        Sources of several speakers in which only this one's turns were blanked, to the number of turns.
    codings
        How many codings of whichever coder went.
    memos
        How many memos went: those on nothing but what is gone.
    suggestions
        How many suggestions of whichever assistant went, with the decisions on them.
    left
        What remains elsewhere.
    """

    sources: tuple[str, ...]
    blanked: Mapping[str, int]
    codings: int
    memos: int
    left: tuple[str, ...]
    suggestions: int = 0

    def __str__(self) -> str:
        lines = [f"Gone: {len(self.sources)} sources, {self.codings} codings, {self.memos} memos."]
        if self.suggestions:
            lines[0] = f"{lines[0][:-1]}, {self.suggestions} suggestions."
        lines += [f"  {source}: {turns} turns were blanked" for source, turns in self.blanked.items()]
        return "\n".join([*lines, *(f"  still to do: {each}" for each in self.left)])

    __repr__ = __str__


class WithdrawalVerbs(PrivacyVerbs, CaseVerbs):
    """The verb that forgets."""

    def forget(self, case: str, *, coder: str | None = None) -> ForgetReport:
        """Remove a participant who withdrew: their interviews, turns, codings, attributes, and all of it in the log.

        A source in which nobody else but interviewers speaks goes as a whole, with every version of its text and
        the codings of all coders. In a source with other participants their turns are blanked in every version,
        and codings and memos that lie in these turns go. So it is with suggestions and the decisions on them. This
        cannot be undone.

        Parameters
        ----------
        case
            Id of the case.

        Returns
        -------
        ForgetReport
            What went, and what remains elsewhere: git history, other copies, backups, tables, notebooks, and memos
            that are about other things too.

        Raises
        ------
        UnknownCase
            If the study has no such case.
        Refused
            Inside a batch, or where a version of a text that would have to be blanked is not in this copy.
        """
        who = self._who(coder)
        with self._alone("forget"):
            self._case_row(case)
            links = [row for row in self._study.speakers.rows if row["case"] == case]
            whole = {row["source"] for row in links if self._nobody_else(row["source"], case)}
            shared: dict[str, set[str]] = {}
            for row in links:
                if row["source"] not in whole and row["speaker"]:
                    shared.setdefault(row["source"], set()).add(row["speaker"])
            work, gone, suggested = Rewriting(), set[str](), set[str]()
            for source in sorted(whole):
                gone |= self._remove_whole(work, source)
                suggested |= place_suggestions(self._study, work.files, source, _nowhere)
            blanked: dict[str, int] = {}
            targets: set[str] = set()
            for source, speakers in sorted(shared.items()):
                targets |= self._targets_in(source, speakers)
                point_evidence(self._study, work.files, partial(_left_of, gone=targets.__contains__))
                ids, placeless, turns = self._blank(work, source, speakers)
                gone |= ids
                suggested |= placeless
                blanked[source] = turns
            self._remove_rows(work, case, whole, shared)
            is_gone = partial(_is_gone, case=case, whole=whole, gone=gone, targets=targets)
            memos = self._remove_memos(work, is_gone)
            point_evidence(self._study, work.files, partial(_left_of, gone=is_gone))
            remove_decisions(self._study, work.files, suggested)
            self._remove_examples(work, whole)
            self._clean_past(work, case, whole, gone | suggested)
            left = self._elsewhere(work, case, shared)
            change = Change(self._study, who, "forget", {"codings": len(gone)}, "")
            change.files = self._taken_out(work)
            self._write_rewriting(work, change)
            return ForgetReport(tuple(sorted(whole)), blanked, len(gone), memos, tuple(left), len(suggested))

    # -- helpers ---------------------------------------------------------------------------------

    def _nobody_else(self, source: str, case: str) -> bool:
        """Whether a source has no other participant: its other speakers interview, or belong to the same case."""
        rows = [row for row in self._study.speakers.rows if row["source"] == source]
        if any(not row["speaker"] and row["case"] == case for row in rows):
            others = [row for row in rows if row["case"] not in ("", case)]
            return not others
        own = {row["speaker"] for row in rows if row["case"] == case}
        roles = {row["speaker"]: row["role"] for row in rows}
        speaking = {turn.speaker for turn in self._study.turn_set(source)[0] if turn.speaker}
        return all(speaker in own or roles.get(speaker) == "interviewer" for speaker in speaking)

    def _remove_whole(self, work: Rewriting, source: str) -> set[str]:
        """Let everything of a source go; return the ids of its codings."""
        record, files = self._source(source), work.files
        for file in (paths.text_file(source), paths.turns_file(source), paths.source_file(source)):
            files[file] = None
        for version in (*record.versions, record.version):
            files[paths.version_file(version)] = None
        gone: set[str] = set()
        for (coder, id_), held in self._study.codings.items():
            if id_ == source:
                files[paths.codings_file(coder, source)] = None
                gone |= set(held.rows)
        for file in self._folder.list_files(["data/raw"]):
            content = self._folder.read(file) or b""
            same = bool(record.sha256) and hashlib.sha256(content).hexdigest() == record.sha256
            if same or (_is_hidden(file) and source_of(content) == source):
                files[file] = None
        return gone

    def _targets_in(self, source: str, speakers: set[str]) -> set[str]:
        """Return the targets (of memos, of suggestions) within turns of some speakers: such a turn, or a span in it."""
        found = set()
        named = {target for memo in self._study.memos.values() for target in memo.targets}
        for held in self._study.suggestions.values():
            named |= {target for row in held.rows.values() for target in row["evidence"].split()}
        for target in named:
            kind, *parts = target.split(":")
            if kind not in ("turn", "span") or len(parts) < 3 or parts[0] != source:
                continue
            turns = [t for t in self._study.turn_set(source, parts[1])[0] if t.speaker in speakers]
            if kind == "turn":
                inside = any(str(turn.number) == parts[2] for turn in turns)
            else:
                text = self._text_of_version(source, parts[1]) or ""
                start, end = int(parts[2]), int(parts[3])
                inside = any(_from_label(text, turn) <= start and end <= turn.span.end for turn in turns)
            if inside:
                found.add(target)
        return found

    def _blank(self, work: Rewriting, source: str, speakers: set[str]) -> tuple[set[str], set[str], int]:
        """Blank the turns of speakers in every version.

        Returns
        -------
        tuple
            The ids of codings that go, those of suggestions, and how many turns were blanked.
        """
        made: dict[str, tuple[str, tuple[Edit, ...]]] = {}
        count = 0
        for version in self._versions_of(source):
            text = self._text_of_version(source, version)
            turns = [t for t in self._study.turn_set(source, version)[0] if t.speaker in speakers]
            if text is None:
                raise Refused(
                    f"The version {version} of {source} is not in this copy of the study, and {WITHDRAWN} cannot be put into "
                    "it. Forget where all texts are."
                )
            new, edits, _ = replaced(text, [(_from_label(text, t), t.span.end, WITHDRAWN) for t in turns])
            if edits:
                made[version] = (new, edits)
            if version == self._source(source).version:
                count = len(turns)
        gone: set[str] = set()
        for (coder, id_), held in self._study.codings.items():
            if id_ != source:
                continue
            kept: list[Row] = []
            for row in held.rows.values():
                moved = _kept(row, made)
                if moved is None:
                    gone.add(row["id"])
                else:
                    kept.append(moved)
            work.files[paths.codings_file(coder, source)] = format_codings(held.extra, kept) if kept else None
        placeless = place_suggestions(self._study, work.files, source, partial(_kept, made=made))
        self._rewrite_source(
            work, None, source, made, lambda label: WITHDRAWN if label in speakers else label
        )
        for file in self._folder.list_files([paths.RAW_STATES]):  # no step before this one can be undone
            if source_of(self._folder.read(file)) == source:
                work.files[file] = None
        return gone, placeless, count

    def _remove_rows(
        self, work: Rewriting, case: str, whole: set[str], shared: Mapping[str, Iterable[str]]
    ) -> None:
        cases = [
            {**row, "parent": "" if row["parent"] == case else row["parent"]}
            for row in self._study.cases.rows
            if row["case"] != case
        ]
        work.files[paths.CASES] = table_csv(Table(list(self._study.cases.header), cases), CASE_COLUMNS[:1])
        rows = [
            {**row, "case": "" if row["case"] == case else row["case"]}
            for row in self._speaker_rows(work)
            if row["source"] not in whole
        ]
        work.files[paths.SPEAKERS] = table_csv(
            Table(list(self._study.speakers.header), rows), SPEAKER_COLUMNS[:2]
        )
        for coder, progress in self._study.progress.items():
            kept = [row for row in progress if row["source"] not in whole]
            if len(kept) != len(progress):
                work.files[paths.progress_file(coder)] = progress_csv(kept)

    def _remove_memos(self, work: Rewriting, is_gone: Callable[[str], bool]) -> int:
        removed = 0
        for memo in self._study.memos.values():
            if not any(map(is_gone, memo.targets)):
                continue
            file = paths.memo_file(memo.author, memo.id)
            moved = parse_memo(work.files.get(file) or format_memo(memo), file).targets
            kept = tuple(new for old, new in zip(memo.targets, moved, strict=True) if not is_gone(old))
            if kept:
                new = Memo(memo.id, memo.author, memo.created, memo.kind, kept, memo.text)
                work.files[file] = format_memo(new)
            else:
                work.files[file] = None
                removed += 1
        return removed

    def _remove_examples(self, work: Rewriting, whole: set[str]) -> None:
        content = work.files.get(paths.CODEBOOK, self._study.contents.get(paths.CODEBOOK))
        book = self._study.codebook
        for code in book.codes:
            kept = tuple(e for e in code.examples if not (isinstance(e, ExampleRef) and e.source in whole))
            if kept != code.examples:
                book = book.change_code(code.id, examples=kept)
        if book is not self._study.codebook and content:
            work.files[paths.CODEBOOK] = codebook_to_yaml(book, content.decode("utf-8")).encode("utf-8")

    def _clean_past(self, work: Rewriting, case: str, whole: set[str], gone: set[str]) -> None:
        """Take what is gone out of the logs, and drop the earlier states of tables and memos that tell of it."""
        removed = {file for file, content in work.files.items() if content is None}
        words = {case, *whole}
        memos = {
            file.rsplit("/", 1)[1].removesuffix(".md") for file in removed if file.startswith("data/memos/")
        }
        for file in self._folder.list_files(["data/log"]):
            content = self._folder.read(file) or b""
            if file.startswith(f"{paths.STATES}/"):
                if _tells_of(content, words | gone | memos):
                    work.files[file] = None
                continue
            lines = [_without(line, removed, words, gone) for line in content.decode("utf-8").split("\n")]
            work.files[file] = "\n".join(lines).encode("utf-8")

    def _elsewhere(self, work: Rewriting, case: str, shared: Mapping[str, Any]) -> list[str]:
        left = [
            "git history, backups and other copies of the study (merging with such a copy can bring things back): forget "
            "there too"
        ]
        left += [
            f"{file} (look whether it is about {case})"
            for file in self._folder.list_files(["figures", "notebooks"])
        ]
        for file in self._folder.list_files(["data/raw"]):
            if work.files.get(file, b"") is None or file.startswith(paths.RAW_STATES):
                continue
            of = source_of(self._folder.read(file)) if _is_hidden(file) else ""
            what = f"what was hidden in the file of {of}; look whether it is about {case}" if of else ""
            left.append(f"{file} ({what or 'as it came; look whether it is this interview'})")
        if shared:
            left.append(f"what others say about {case} in {', '.join(sorted(shared))}")
        return left


def _is_hidden(file: str) -> bool:
    """Whether a file below data/raw may be kept hidden data, or an earlier state of such a file."""
    return file.endswith("-hidden.json") or file.startswith(f"{paths.RAW_STATES}/")


def _is_gone(target: str, case: str, whole: set[str], gone: set[str], targets: set[str]) -> bool:
    """Whether what a memo or a suggestion refers to leaves the study."""
    kind, _, rest = target.partition(":")
    return (
        (kind == "case" and rest == case)
        or (kind in ("source", "turn", "span") and rest.split(":")[0] in whole)
        or (kind == "coding" and rest in gone)
        or target in targets
    )


def _left_of(target: str, gone: Callable[[str], bool]) -> str | None:
    """Return a reference, or None where what it names is gone."""
    return None if gone(target) else target


def _nowhere(row: Row) -> None:
    """Return no place: the source of the row is gone."""


def _from_label(text: str, turn: Turn) -> int:
    """Return where a turn begins with its label, where that stands before it on the line."""
    line = text.rfind("\n", 0, turn.span.start) + 1
    return line if turn.speaker and turn.speaker in text[line : turn.span.start] else turn.span.start


def _kept(row: Row, made: Mapping[str, tuple[str, tuple[Edit, ...]]]) -> Row | None:
    """Return a coding as it is after turns were blanked, or None where nothing of it is left."""
    if row["version"] not in made:
        return row
    text, edits = made[row["version"]]
    start, end = int(row["start"]), int(row["end"])
    for edit in edits:  # a coding keeps only what reaches beyond a blanked turn
        if edit.start <= start < edit.end:
            start = edit.end
        if edit.start < end <= edit.end:
            end = edit.start
    if start >= end:
        return None
    new_start, new_end = follow(edits, start), follow(edits, end, True)
    words = text[new_start:new_end]
    if not words.replace(WITHDRAWN, "").strip():
        return None
    return {**row, "version": text_version(text), "start": str(new_start), "end": str(new_end)}


def _tells_of(content: bytes, words: set[str]) -> bool:
    text = content.decode("utf-8", errors="replace")
    return any(word and word in text for word in words)


def _without(line: str, removed: set[str], words: set[str], gone: set[str]) -> str:
    """Return a line of the log without what is gone; that something was done then stays on record."""
    try:
        event = json.loads(line)
        files, rows, about = event.get("files", {}), event.get("rows", {}), event.get("about", {})
    except (ValueError, AttributeError):
        return line
    kept_files = {f: s for f, s in files.items() if f not in removed}
    kept_rows = {
        file: {
            kind: [row for row in change[kind] if row.get("id") not in gone] for kind in ("added", "removed")
        }
        for file, change in rows.items()
        if file not in removed
    }
    kept_rows = {file: change for file, change in kept_rows.items() if any(change.values())}
    told = {
        k: [each for each in v if not (isinstance(each, str) and (each in gone or _names(each, words)))]
        if isinstance(v, list)
        else v
        for k, v in about.items()
        if not (isinstance(v, str) and v in words | gone)
    }
    if (kept_files, kept_rows, told) == (files, rows, about):
        return line
    event |= {"about": told}
    for key, kept in (("files", kept_files), ("rows", kept_rows)):
        event.pop(key, None)
        if kept:
            event[key] = kept
    return cleaned(json.dumps(event, ensure_ascii=False))


def _names(target: str, words: set[str]) -> bool:
    return any(part in words for part in target.split(":"))
