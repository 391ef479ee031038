"""What comes back from a hand-out, merged with what the study has: three states of every coding, memo and code."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from qualcode import folder as paths
from qualcode.change import work_meant
from qualcode.coding import Row
from qualcode.errors import FileProblems, FolderError, InvalidValue, Problem
from qualcode.handed_in import HandedIn
from qualcode.log import Event
from qualcode.memo import Memo, format_memo
from qualcode.merge_tables import PROGRESS_STATES
from qualcode.taken_in import PLACE, Taken, memo_hash, merge_row
from qualcode.verbs._base import memo_text, one_line
from qualcode.verbs._codebook import OPEN_CODES
from qualcode.verbs._team import TeamVerbs

if TYPE_CHECKING:
    from qualcode.change import Change

TAKE_IN = "take in"


@dataclass
class TakingIn:
    """One file on its way into the study.

    Parameters
    ----------
    name, given
        The file.
    before
        What the hand-out brought so far, and where nothing came yet, what was handed out.
    codes
        Id of a code in the file to its id in the study.
    notes
        What was decided.
    """

    name: str
    given: HandedIn
    before: Taken
    codes: dict[str, str]
    notes: list[str]

    @property
    def older(self) -> bool:
        """Whether it was saved before the newest file that was taken in: then it changes nothing that one knew."""
        return bool(self.given.saved) and self.given.saved < self.before.saved


class TakingInVerbs(TeamVerbs):
    """The parts of `take_in`."""

    def _taken_before(self, handout: Event) -> Taken:
        """Return what a hand-out brought so far; take-ins that were undone do not count."""
        coder, id_ = str(handout.about["to"]), handout.about["handout"]
        known = {event.id: event for event in self._writer.events(coder)}
        for step in reversed(self._writer.steps(coder)[0]):
            for event in reversed([meant for each in step for meant in work_meant(each, known)]):
                took = event.about.get("took")
                if event.verb == TAKE_IN and event.about.get("handout") == id_ and isinstance(took, list):
                    return Taken.of(took)
        gave = handout.about.get("gave")
        return Taken.of(gave if isinstance(gave, list) else ())

    def _gave(self, coder: str, sources: Iterable[str]) -> list[str]:
        """Return what the log keeps of the coder's own work that is handed out: hashes of memos, states."""
        memos = {memo.id: memo_hash(memo.text) for memo in self._study.memos.values() if memo.author == coder}
        states = {
            row["source"]: row["state"]
            for row in self._study.progress.get(coder, [])
            if row["source"] in sources and not row["part"] and not row["round"]
        }
        return Taken(memos=memos, states=states).lines()

    # -- codes -----------------------------------------------------------------------------------

    def _take_codes(self, change: Change, work: TakingIn) -> tuple[str, ...]:
        """Find or make the codes of the file; return the names of those that are new."""
        made = []
        book, ids = self._study.codebook, work.codes
        there = {code.id for code in book.codes}
        for each in work.given.codes:
            if work.before.codes.get(each["id"]) in there:
                ids[each["id"]] = work.before.codes[each["id"]]
                continue
            parent = ids.get(each["parent"], each["parent"]) or None
            facet = each["facet"] or self._default_facet(book)
            beside = [
                c
                for c in book.codes
                if c.name.casefold() == each["name"].strip().casefold()
                and c.facet == facet
                and not c.merged_into
            ]
            if beside:
                ids[each["id"]] = beside[0].id
                continue
            if facet == OPEN_CODES and facet not in {each.id for each in book.facets}:
                book = book.new_facet("open codes", id=OPEN_CODES)
            before = {code.id for code in book.codes}
            fields: dict[str, Any] = {"definition": each["definition"]} if each["definition"] else {}
            if each["in_vivo"]:
                fields["in_vivo"] = True
            book = book.new_code(
                one_line(each["name"], "code"), facet=None if parent else facet, parent=parent, **fields
            )
            ids[each["id"]] = next(code.id for code in book.codes if code.id not in before)
            made.append(each["name"].strip())
        if made:
            self._put_codebook(change, work.given.coder, book)
        known = {code.id for code in self._study.codebook.codes}
        lost = sorted({row["code"] for _, row in work.given.codings} - known - set(ids))
        if lost:
            fix = "bring those codes back, or hand it out anew"
            raise FileProblems(
                [Problem(work.name, "codings", f"the codebook has no code '{code}'", fix) for code in lost]
            )
        return tuple(made)

    # -- codings ---------------------------------------------------------------------------------

    def _take_codings(self, change: Change, work: TakingIn) -> tuple[tuple[int, int, int], Taken]:
        """Merge the coder's codings; return how many are new, changed and gone, and what is now taken."""
        given, before, coder = work.given, work.before, work.given.coder
        ours = {
            id_: {**row, "source": source}
            for source in given.sources
            if (held := self._study.codings.get((coder, source))) is not None
            for id_, row in held.rows.items()
        }

        def read(rows: Iterable[tuple[str, Row]]) -> dict[str, Row]:
            return {
                row["id"]: {**row, "source": source, "code": work.codes.get(row["code"], row["code"])}
                for source, row in rows
            }

        began, theirs = read(given.began), read(given.codings)
        gone = (given.removed | began.keys()) - theirs.keys()
        taken = {**before.codings}
        aliases = {id_: to for id_, to in before.same.items() if id_ not in ours}
        merged, of_file = dict(ours), {}
        same = {"place": self._same_place(), "code": self._same_code, "stance": _same_stance}
        for id_ in sorted(theirs.keys() | gone):
            at = aliases.get(id_, id_)
            mine, new = ours.get(at), theirs.get(id_)
            base = taken[id_] if id_ in taken else began.get(id_)
            if id_ in gone and id_ not in taken and base is None:
                base = mine  # the page had it, and says that it is gone
            if work.older and id_ in taken:
                continue
            taken[id_] = new
            row, differs = merge_row(base, mine, new, same)
            if differs:
                work.notes.append(self._said(id_, mine or new or {}, mine, new, differs))
            if row is None:
                merged.pop(at, None)
            else:
                merged[at], of_file[at] = row, id_
        aliases = {**before.same, **self._without_twins(work, ours, merged, of_file)}
        counts = self._write_codings(change, work, ours, merged)
        return counts, replace(before, codings=taken, same=aliases)

    def _same_place(self) -> Any:
        """Return what tells whether two rows stand at one place, on whatever version of the text each is."""
        placed = cache(self._placed_as)

        def same(one: Row, other: Row) -> bool:
            first, second = (tuple(row[key] for key in PLACE) for row in (one, other))
            if first == second or first[2] == second[2]:
                return first == second
            source = one["source"]
            here = self._version_here(source)
            return (
                placed(source, first, here) == placed(source, second, here)
                or placed(source, first, second[2]) == second
                or placed(source, second, first[2]) == first
            )

        return same

    def _placed_as(self, source: str, place: tuple[str, ...], version: str) -> tuple[str, ...]:
        """Return where a place stands in a version of its text; as it is where that is not sure."""
        if place[2] == version:
            return place
        found = self._placed(source, dict(zip(PLACE, place, strict=True)), version)
        if not found.sure or found.span is None:
            return place
        return str(found.span.start), str(found.span.end), version

    def _same_code(self, one: Row, other: Row) -> bool:
        book = self._study.codebook
        return one["code"] == other["code"] or book.resolve(one["code"]) == book.resolve(other["code"])

    def _without_twins(
        self, work: TakingIn, ours: Mapping[str, Row], merged: dict[str, Row], of_file: Mapping[str, str]
    ) -> dict[str, str]:
        """Let no coding of the file become the same as one of the study, or a second code where one may be.

        What the study has stays. Return id of a coding of the file to the one that says the same.
        """
        book, aliases = self._study.codebook, {}
        known = {row["id"] for _, row in (*work.given.codings, *work.given.began)}
        codes = {code.id: code for code in book.codes}
        one_only = {facet.id for facet in book.facets if facet.exclusive}
        placed = cache(self._placed_as)

        def key(row: Row) -> tuple[object, ...]:
            place = placed(
                row["source"], tuple(row[each] for each in PLACE), self._version_here(row["source"])
            )
            code = codes[book.resolve(row["code"])] if row["code"] in codes else None
            if code is None:
                return row["source"], place, row["code"]
            facet = code.facet in one_only
            return row["source"], place, facet, code.facet if facet else code.id

        def moved(id_: str) -> bool:
            return id_ not in ours or any(merged[id_][each] != ours[id_][each] for each in (*PLACE, "code"))

        again = True
        while again:
            again = False
            groups: dict[tuple[object, ...], list[str]] = defaultdict(list)
            for id_ in sorted(merged, key=lambda one: (moved(one), one not in ours, one)):
                groups[key(merged[id_])].append(id_)
            for first, *others in list(groups.values()):
                for id_ in others:
                    one, other = merged[first], merged[id_]
                    twins = one["version"] == other["version"] and any(
                        one[each] != other[each] for each in PLACE
                    )  # two passages that a corrected text made one wait for a person, as always
                    if not moved(id_) or twins:
                        continue
                    alike = self._same_code(one, other)
                    if moved(first) and alike and one["code"] != other["code"]:
                        continue  # two codes that were merged since
                    again = again or id_ in ours
                    if id_ in ours:
                        merged[id_] = {
                            **other,
                            **{each: ours[id_][each] for each in (*PLACE, "code", "codebook")},
                        }
                    else:
                        del merged[id_]
                        if alike and first not in known and id_ in of_file:
                            aliases[of_file[id_]] = first
                    if id_ in ours or not alike or one["stance"] != other["stance"]:
                        work.notes.append(
                            f"{one['source']}: the coding {id_} of the file would be the same passage "
                            f"{'and code ' if alike else ''}as {first}"
                            f"{'' if alike else ', whose facet takes one code a passage'}"
                            f" (code there {self._named(other)}, {other['stance']}; here {self._named(one)}, "
                            f"{one['stance']}); what the study has stays."
                        )
        return aliases

    def _write_codings(
        self, change: Change, work: TakingIn, ours: Mapping[str, Row], merged: Mapping[str, Row]
    ) -> tuple[int, int, int]:
        coder, state = work.given.coder, self._codebook_state()
        gone = sorted(ours.keys() - merged.keys())
        for id_ in gone:
            change.remove_row(coder, ours[id_]["source"], id_)
        self._drop_targets(change, coder, {f"coding:{id_}" for id_ in gone})
        new = changed = 0
        for id_, row in sorted(merged.items()):
            mine = ours.get(id_)
            if row == mine:
                continue
            new, changed = new + (mine is None), changed + (mine is not None)
            book = state if mine is None or mine["code"] != row["code"] else mine["codebook"]
            self._pin_code(change, row["code"])
            kept = {key: value for key, value in row.items() if key != "source"}
            change.add_row(coder, row["source"], {**kept, "codebook": book})
        return new, changed, len(gone)

    def _named(self, row: Row) -> str:
        names = {code.id: code.name for code in self._study.codebook.codes}
        return f"'{names.get(row['code'], row['code'])}'"

    def _said(
        self, id_: str, row: Row, ours: Row | None, theirs: Row | None, differs: tuple[str, ...]
    ) -> str:
        """Return the sentence about a coding that both sides changed."""
        if ours is None:
            what = "taken off in the study, changed in the file"
        elif theirs is None:
            what = "changed in the study, taken off in the file"
        else:
            told = {
                "place": [f"[{each['start']}, {each['end']})" for each in (ours, theirs)],
                "code": [self._named(each) for each in (ours, theirs)],
                "stance": [each["stance"] for each in (ours, theirs)],
            }
            parts = [f"{name} here {told[name][0]}, there {told[name][1]}" for name in differs]
            what = "; ".join(parts)
        return (
            f"{row['source']}: the coding {id_} was changed on both sides ({what}); what the study has stays."
        )

    # -- memos, progress -------------------------------------------------------------------------

    def _take_memos(self, change: Change, work: TakingIn, same: Mapping[str, str]) -> tuple[int, Taken]:
        """Merge the coder's memos; return how many came, changed or went, and what is now taken."""
        given, before, came = work.given, work.before, 0
        taken = dict(before.memos)
        theirs = {each["id"]: each for each in given.memos if memo_text(each["text"])}
        gone = set(given.removed_memos or ())
        if given.removed_memos is None:  # an older page, which does not say what it knew
            gone = {id_ for id_, hash_ in taken.items() if hash_ is not None}
        for id_ in sorted(theirs.keys() | (gone - theirs.keys())):
            mine, each = self._study.memos.get(id_), theirs.get(id_)
            if mine is not None and mine.author != given.coder:
                raise FileProblems([Problem(work.name, "memos", f"the memo {id_} is somebody else's")])
            if work.older and id_ in taken:
                continue
            ours = None if mine is None else memo_hash(mine.text)
            new = None if each is None else memo_hash(memo_text(each["text"]))
            base = taken.get(id_)
            if id_ not in taken and each is None:
                base = ours
            taken[id_] = new
            if new in (base, ours):
                continue
            if ours != base:
                done = "taken away" if mine is None else "changed"
                work.notes.append(
                    f"the memo {id_} was {done} in the study and {'taken away' if each is None else 'changed'} in the "
                    "file; what the study has stays."
                )
                continue
            memo = None if each is None else self._memo_of(work, each, mine, same)
            change.put(paths.memo_file(given.coder, id_), None if memo is None else format_memo(memo))
            came += 1
        return came, replace(before, memos=taken)

    def _memo_of(
        self, work: TakingIn, each: Mapping[str, Any], mine: Memo | None, same: Mapping[str, str]
    ) -> Memo:
        if mine is not None:
            return replace(mine, text=memo_text(each["text"]))
        targets = []
        for target in each["targets"]:
            kind, _, rest = target.partition(":")
            ids = {"code": work.codes, "coding": same}.get(kind, {})
            targets.append(f"{kind}:{ids[rest]}" if rest in ids else target)
        kind = one_line(each["kind"] or "reflection", "kind of a memo")
        return Memo(
            each["id"],
            work.given.coder,
            each["created"],
            kind,
            tuple(dict.fromkeys(self._versioned(targets))),
            memo_text(each["text"]),
        )

    def _versioned(self, targets: Iterable[str]) -> tuple[str, ...]:
        """Return targets as a memo keeps them; what is no more there is left out."""
        kept = []
        for target in targets:
            try:
                kept.append(self._target(target))
            except (InvalidValue, FolderError, LookupError):
                continue
        return tuple(kept)

    def _take_progress(self, change: Change, work: TakingIn) -> tuple[tuple[str, ...], Taken]:
        """Merge how far the coder is; where both sides went on, the further one counts, as in every merge."""
        given, states = work.given, dict(work.before.states)
        rows = [dict(row) for row in self._study.progress.get(given.coder, [])]
        for source, (_, state) in given.sources.items():
            base = states.get(source, "not started")
            if work.older and source in work.before.states:
                continue
            states[source] = state
            row = next((r for r in rows if (r["source"], r["part"], r["round"]) == (source, "", "")), None)
            if row is None:
                rows.append({"source": source, "part": "", "round": "", "state": state})
            elif row["state"] == base:
                row["state"] = state
            elif state != base:
                row["state"] = max(row["state"], state, key=PROGRESS_STATES.index)
        self._put_progress(change, given.coder, rows)
        finished = tuple(source for source, (_, state) in given.sources.items() if state == "finished")
        return finished, replace(work.before, states=states)


def _same_stance(one: Row, other: Row) -> bool:
    return one["stance"] == other["stance"]
