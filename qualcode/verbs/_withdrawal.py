"""A participant withdraws: what they said, and every trace of it, leaves the study."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from qualcode import folder as paths
from qualcode.case import CASE_COLUMNS
from qualcode.memo import Memo
from qualcode.study import Table
from qualcode.verbs._base import table_csv
from qualcode.verbs._cases import CaseVerbs
from qualcode.verbs._moving import Place, called_now
from qualcode.verbs._past import Past
from qualcode.verbs._rewriting import Rewriting
from qualcode.verbs._sources import progress_csv
from qualcode.verbs._suggestion_files import point_evidence, remove_decisions
from qualcode.verbs._traces import empty_caches
from qualcode.verbs._withdrawal_blanks import BlankingVerbs
from qualcode.verbs._withdrawal_left import evidence_of, texts_of_others, what_is_left
from qualcode.verbs._withdrawal_past import clean_past
from qualcode.verbs._withdrawal_who import Withdrawn, who_withdraws


@dataclass(frozen=True)
class ForgetReport:
    """What left the study with a participant, and what a person has to look after.

    Parameters
    ----------
    sources
        Sources that were removed as a whole, with every version of their text; also such as had been removed before.
    blanked
        Sources of several speakers in which only this one's turns were blanked, to the number of turns.
    codings
        How many codings of whichever coder went.
    memos
        How many memos went: those on nothing but what is gone.
    left
        What remains: files in which the name, the id or the words still stand (of a transcript the turns), people of a
        like name, files that cannot be searched, and what lies elsewhere.
    suggestions
        How many suggestions of whichever assistant went, with the decisions on them.
    examples
        How many examples of codes went, which pointed at what is gone.
    """

    sources: tuple[str, ...]
    blanked: Mapping[str, int]
    codings: int
    memos: int
    left: tuple[str, ...]
    suggestions: int = 0
    examples: int = 0

    def __str__(self) -> str:
        from qualcode.readers._reading import counted

        gone = [
            counted(len(self.sources), "source"),
            counted(self.codings, "coding"),
            counted(self.memos, "memo"),
        ]
        if self.examples:
            gone.append(counted(self.examples, "example of a code", "examples of codes"))
        if self.suggestions:
            gone.append(counted(self.suggestions, "suggestion"))
        lines = [f"Gone: {', '.join(gone)}."]
        lines += [f"  {source}: {counted(turns, 'turn')} blanked" for source, turns in self.blanked.items()]
        return "\n".join([*lines, *(f"  still to do: {each}" for each in self.left)])

    __repr__ = __str__


class WithdrawalVerbs(BlankingVerbs, CaseVerbs):
    """The verb that forgets."""

    def forget(self, case: str, *, coder: str | None = None) -> ForgetReport:
        """Remove a participant who withdrew: their interviews, turns, codings, attributes, and all of it in the log.

        A source in which nobody else but interviewers speaks goes as a whole, with every version of its text and
        the codings of all coders. In a source with other participants their turns are blanked in every version,
        with their labels, and codings, memos and examples of codes that lie in these turns go. So it is with suggestions
        and the decisions on them. Link every interview of theirs to the case first: only what is linked goes. This cannot be
        undone.

        Parameters
        ----------
        case
            Id of the case.

        Returns
        -------
        ForgetReport
            What went, and what remains: what others say, memos that are about other things too, exports, notebooks,
            git history, other copies, backups.

        Raises
        ------
        UnknownCase
            If the study has no such case.
        Refused
            Inside a batch; where a text that would have to be blanked is not in this copy, damaged, or edited outside
            qualcode and not taken yet; where it is not said which of several speakers the case is; where another source
            has the id of the case, or somebody speaks in one under that id or the label of this one, or was linked to the
            case before, and is linked to no case: say whose they are first.
        """
        who = self._who(coder)
        with self._alone("forget") as work:
            self._case_row(case)
            past = Past.of(self._folder)
            gone = who_withdraws(self._study, self._folder, past, case)
            self._need_unedited(*gone.shared)
            self._need_known_speakers(gone)
            for source in sorted(gone.whole):
                self._remove_whole(work, source, gone)
            for source in sorted(gone.shared):
                gone.made[source] = self._blank(work, source, gone)
                self._blank_rows(work, source, gone)
            self._remove_rows(work, gone)
            remove_decisions(self._study, work.files, gone.suggestions)
            memos = self._remove_memos(work, gone)

            def moved(source: str, place: Place) -> Place | None:
                return None if source in gone.whole else self._kept_place(source, place, gone)

            def called(source: str, version: str) -> str:
                version = self._newest_place(source, (version, 0, 0))[0]
                return called_now(source, gone.made.get(source, {}), source, version)

            examples = self._follow_references(work, None, moved, called)
            self._settle(work, who)
            others = texts_of_others(self._study, self._folder, work, gone)
            evidence = evidence_of(self._study, gone, others)
            empty_caches(self._folder, lambda text: bool(evidence.found_in(text, words=True)))
            clean_past(self._study, self._folder, work, past, gone, evidence)
            log = paths.log_file(who)
            left = what_is_left(self._study, self._folder, work, past, gone, evidence, others, log)
            self._write_rewriting(work, who, "forget", {"codings": len(gone.codings)})
            return ForgetReport(
                tuple(sorted(gone.whole | gone.earlier)),
                gone.blanked,
                len(gone.codings),
                memos,
                tuple(left),
                len(gone.suggestions),
                examples,
            )

    # -- helpers ---------------------------------------------------------------------------------

    def _remove_rows(self, work: Rewriting, gone: Withdrawn) -> None:
        case = gone.case
        cases = [
            {**row, "parent": "" if row["parent"] == case else row["parent"]}
            for row in self._study.cases.rows
            if row["case"] != case
        ]
        work.files[paths.CASES] = table_csv(Table(list(self._study.cases.header), cases), CASE_COLUMNS[:1])
        for source in {row["source"] for row in self._speaker_rows(work)}:
            if source in gone.whole or source in gone.earlier:
                self._put_speaker_rows(work, source, lambda _: [])
            else:
                self._put_speaker_rows(
                    work, source, lambda row: [{**row, "case": "" if row["case"] == case else row["case"]}]
                )
        for coder, progress in self._study.progress.items():
            kept = [row for row in progress if row["source"] not in gone.whole]
            if len(kept) != len(progress):
                work.files[paths.progress_file(coder)] = progress_csv(kept)

    def _remove_memos(self, work: Rewriting, gone: Withdrawn) -> int:
        """Let memos on nothing but what is gone go, and references of suggestions to it; return how many memos."""

        def kept(target: str) -> str | None:
            kind, colon, rest = target.partition(":")
            if kind == "coding":
                target = f"{kind}{colon}{gone.twins.get(rest, rest)}"
            return None if self._is_gone(target, gone) else target

        point_evidence(self._study, work.files, kept)
        removed = 0
        for id_, memo in self._study.memos.items():
            targets = tuple(dict.fromkeys(filter(None, map(kept, memo.targets))))
            if targets == memo.targets:
                continue
            if targets:
                work.memos[id_] = Memo(memo.id, memo.author, memo.created, memo.kind, targets, memo.text)
                gone.kept_memos.append(paths.memo_file(memo.author, id_))
            else:
                work.memos[id_] = None
                removed += 1
        return removed

    def _is_gone(self, target: str, gone: Withdrawn) -> bool:
        """Whether the target of a memo is about nothing but what is gone."""
        kind, _, rest = target.partition(":")
        source, *numbers = rest.split(":")
        if kind == "case":
            return rest == gone.case
        if kind == "coding":
            return rest in gone.codings
        if kind not in ("source", "turn", "span"):
            return False
        if source in gone.whole or source in gone.earlier:
            return True
        if kind == "source" or source not in gone.shared:
            return False
        if len(numbers) == (1 if kind == "turn" else 2):  # written by hand: in the newest text
            numbers.insert(0, self._source(source).version)
        if len(numbers) < 2 or not all(number.isascii() and number.isdigit() for number in numbers[1:]):
            return False
        if kind == "span":
            return self._kept_place(source, (numbers[0], int(numbers[1]), int(numbers[-1])), gone) is None
        version = self._newest_place(source, (numbers[0], 0, 0))[0]
        turns, _ = self._study.turns.get(source, {}).get(version, ((), ()))
        places = [(version, t.span.start, t.span.end) for t in turns if t.number == int(numbers[1])]
        return any(self._kept_place(source, place, gone) is None for place in places)
