"""What a coding page was told, and what is new since: the whole state once, then only differences.

One action must be acknowledged at once, also in a large study. So what is counted is kept per file of codings
and made anew only where the file changed, and of the open source only rows that changed are made anew.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from typing import Any

from qualcode import folder as paths
from qualcode.codebook import Codebook
from qualcode.coding import Row
from qualcode.coding_page import data
from qualcode.coding_page.data import Plain, Viewer
from qualcode.errors import QualcodeError
from qualcode.log import FOR_GOOD, Event, verbs_of
from qualcode.memo import Memo

_ABSENT: Any = object()


@dataclass
class _Counted:
    """What one file of codings holds, by code; equal codings count once."""

    stamp: object
    counts: Counter[str] = field(default_factory=Counter)
    waiting: int = 0


@dataclass
class _Shown:
    """The codings of one coder in the open source, as the page knows them."""

    key: object
    rows: dict[str, tuple[Row, Plain]] = field(default_factory=dict)


class Snapshot:
    """What the page of one session knows of the study.

    Parameters
    ----------
    viewer
        Whose page it is, and what may be seen.
    """

    def __init__(self, viewer: Viewer) -> None:
        self.viewer = viewer
        self.source: str | None = None
        self.begun = False
        """Whether a page was told anything yet."""
        self._gone: dict[str, None] = {}
        self._files: dict[tuple[str, str], _Counted] = {}
        self._files_state: object = None
        self._totals: Counter[str] = Counter()
        self._of_source: dict[str, Counter[str]] = {}
        self._shown: dict[str, _Shown] = {}
        self._memos: dict[str, tuple[Memo, Plain]] = {}
        self._memos_state: object = None
        self._on_codings: Counter[str] = Counter()
        self._rows: dict[str, tuple[object, Plain]] = {}
        self._told: dict[str, Any] = {}
        self._text: object = _ABSENT
        self._texts: object = None
        """What tells that texts came, went or changed."""
        self._coders: set[str] = set()
        self._resolved: tuple[Codebook | None, dict[str, str]] = (None, {})

    # -- what the page asks ----------------------------------------------------------------------

    def open(self, source: str | None) -> None:
        """Show another source from now on; the next changes hold it whole."""
        self.source = source
        self._shown.clear()
        self._gone.clear()
        self._text = _ABSENT
        self._told.pop("counts", None)
        self._told.pop("counts_of", None)

    def send_text_again(self, source: str) -> None:
        """Let the next changes hold the text, because the page's is not the one that is here."""
        if source == self.source:
            self._text = _ABSENT

    def state(self) -> Plain:
        """Return everything that the page shows, and take it as told."""
        viewer, project = self.viewer, self.viewer.project
        changes = self.changes(whole=True)
        return {
            "study": {"title": project.title, "id": paths.digest(str(project.path).encode("utf-8"))},
            "coder": viewer.coder,
            "coders": data.coder_dicts(viewer),
            "blind": viewer.blind,
            "source": changes.get("source"),
            "codings": changes.get("codings_all", []),
            "codebook": changes["codebook"],
            "counts": changes["counts"],
            "counts_of": changes["counts_of"],
            "sources": changes["sources"],
            "memos": changes["memos"]["put"],
            "undo": changes["undo"],
            "waiting": changes["waiting"],
            "to_deal": changes["to_deal"],
        }

    def changes(self, *, whole: bool = False) -> Plain:
        """Return what is new since the last time, by noun; empty where nothing is.

        Parameters
        ----------
        whole
            Everything, as if the page knew nothing.
        """
        if whole:
            self.forget()
        self.begun = True
        found: Plain = {}
        folder = self.viewer.project._folder
        self._texts = folder.stamp("data/transcripts"), folder.stamp(paths.VERSIONS)
        self._coders = self.viewer.coders
        self._count_files()
        self._put(found, "coders", data.coder_dicts(self.viewer))
        self._put_memos(found, whole)
        self._put_codebook(found)
        self._put_source(found)
        self._put_codings(found)
        self._put(found, "counts", self._counts())
        self._put(found, "counts_of", self._counts_of_others())
        self._put_rows(found, whole)
        self._put(found, "undo", self._undo())
        self._put(found, "waiting", self._waiting())
        self._put(found, "to_deal", self.to_deal())
        return found

    def again(self) -> Plain:
        """Return all that is and all that is gone, for an answer that is given again; nothing is taken as told."""
        fresh = self.fresh()
        found = fresh.changes(whole=True)
        here = {coding["id"] for coding in found.get("codings_all", [])}
        known = {id_ for shown in self._shown.values() for id_ in shown.rows}
        if self._told_version() == fresh._told_version():
            found["codings"] = {
                "put": found.pop("codings_all", []),
                "gone": [id_ for id_ in (*self._gone, *known) if id_ not in here],
            }
            found.pop("source", None)
        found["memos"]["gone"] = [id_ for id_ in self._memos if id_ not in fresh._memos]
        return found

    def fresh(self) -> Snapshot:
        """Return what a page knows that shows the same source and was told nothing."""
        new = Snapshot(self.viewer)
        new.source = self.source
        return new

    def _told_version(self) -> object:
        """Return which text the page shows."""
        return self._text[0] if isinstance(self._text, tuple) else self._text

    def codings_of(self, source: str, codes: Container[str] | None = None) -> Iterator[Plain]:
        """Yield the codings (of some codes) that may be seen and whose place is known in the text that is here."""
        for coder in sorted(self.viewer.coders):
            for row, code in self._rows_here(coder, source, codes):
                yield data.coding_dict(row, coder, code, self._on_codings[row["id"]])

    def number_of_memos(self, coding: str) -> int:
        """Return how many memos that may be seen are about a coding."""
        return self._on_codings[coding]

    def forget(self) -> None:
        """Take nothing as told any more; the next changes hold everything."""
        self._told.clear()
        self._rows.clear()
        self._memos.clear()
        self._memos_state = None
        self._text = _ABSENT

    # -- parts -----------------------------------------------------------------------------------

    def _put(self, found: Plain, noun: str, now: Any) -> None:
        if self._told.get(noun, _ABSENT) != now:
            self._told[noun] = found[noun] = now

    def resolve(self, code: str) -> str:
        """Return the code that a code counts as now; itself where the codebook does not know it."""
        return self._living().get(code, code)

    def _living(self) -> dict[str, str]:
        """Return every code of the codebook to the one that it counts as now."""
        book = self.viewer.project._study.codebook
        if self._resolved[0] is not book:
            self._resolved = (book, {each.id: book.resolve(each.id) for each in book.codes})
        return self._resolved[1]

    def _count_files(self) -> None:
        study, coders = self.viewer.project._study, self._coders
        state = (study.codebook, self._texts, coders)
        if self._files_state is None or self._files_state != state:
            self._files_state = state
            self._files.clear()
            self._totals.clear()
            self._of_source.clear()
        there = {key for key, _ in study.counted() if key[0] in coders}
        for key in [key for key in self._files if key not in there]:
            self._add(key, self._files.pop(key).counts, -1)
        for key in there:
            stamp = study.stamps.get(paths.codings_file(*key))
            held = self._files.get(key)
            if held is not None and held.stamp == stamp:
                continue
            if held is not None:
                self._add(key, held.counts, -1)
            self._files[key] = counted = self._counted(key, stamp)
            self._add(key, counted.counts, 1)

    def _counted(self, key: tuple[str, str], stamp: object) -> _Counted:
        coder, source = key
        living = self._living()
        places = {
            (row["start"], row["end"], row["version"], living.get(row["code"], row["code"]))
            for row in self.viewer.project._study.codings[key].rows.values()
        }
        counted = _Counted(stamp, Counter(code for *_, code in places))
        if coder == self.viewer.coder:
            project = self.viewer.project
            here = project._version_here(source)
            counted.waiting = sum(
                1
                for row in project._study.codings[key].rows.values()
                if row["version"] != here and project._carried(source, row)["version"] != here
            )
        return counted

    def _add(self, key: tuple[str, str], counts: Counter[str], sign: int) -> None:
        of_coder = self._of_source.setdefault(key[1], Counter())
        of_coder[key[0]] += sign * counts.total()
        for code, number in counts.items():
            self._totals[code] += sign * number

    def _counts(self) -> dict[str, list[int]]:
        here: Counter[str] = Counter()
        for (_, source), counted in self._files.items():
            if source == self.source:
                here.update(counted.counts)
        return {code: [here[code], number] for code, number in self._totals.items() if number}

    def _counts_of_others(self) -> dict[str, dict[str, list[int]]]:
        """Return every other coder to the part of the counts that is theirs, for a page that does not show them."""
        found: dict[str, dict[str, list[int]]] = {}
        for (coder, source), counted in self._files.items():
            if coder == self.viewer.coder:
                continue
            for code, number in counted.counts.items():
                of_code = found.setdefault(coder, {}).setdefault(code, [0, 0])
                of_code[0] += number if source == self.source else 0
                of_code[1] += number
        return found

    def _waiting(self) -> int:
        return sum(counted.waiting for counted in self._files.values())

    def to_deal(self) -> dict[str, int]:
        """Return every code that somebody split to how many passages of the coder's own wait to be dealt."""
        book, me = self.viewer.project._study.codebook, self.viewer.coder
        waiting: Counter[str] = Counter()
        for split in (code.id for code in book.codes if code.split_into):
            for (coder, _), counted in self._files.items():
                if coder == me:
                    waiting[split] += counted.counts[split]
        return dict(+waiting)

    def _put_codebook(self, found: Plain) -> None:
        study = self.viewer.project._study
        state = (study.contents.get(paths.CODEBOOK), self._texts)
        if self._told.get("codebook state") != state:
            self._told["codebook state"] = state
            self._put(found, "codebook", data.codebook_dict(self.viewer.project))

    def _put_source(self, found: Plain) -> None:
        source, study = self.source, self.viewer.project._study
        if source is None or source not in study.sources:
            state: object = None
        else:
            version = self.viewer.project._version_here(source)
            state = (
                version,
                study.contents.get(paths.source_file(source)),
                study.contents.get(paths.turns_file(source)),
                study.roles(source),
                self.viewer.project._folder.exists(paths.text_file(source)),
            )
        if self._text is _ABSENT or self._text != state:
            self._text = state
            self._shown.clear()
            if state is None:
                found["source"], found["codings_all"] = None, []
            else:
                assert source is not None
                found["source"] = data.source_dict(self.viewer, source)
                found["codings_all"] = []

    def _rows_here(
        self, coder: str, source: str, codes: Container[str] | None = None
    ) -> Iterator[tuple[Row, str]]:
        """Yield the rows of a file that have a place in the text that is here, and the code each counts as."""
        project = self.viewer.project
        held = project._study.codings.get((coder, source))
        if held is None or source not in project._study.sources:
            return
        here, living = project._version_here(source), self._living()
        for row in held.rows.values():
            code = living.get(row["code"], row["code"])
            if codes is not None and code not in codes:
                continue
            carried = row if row["version"] == here else project._carried(source, row)
            if carried["version"] == here:
                yield carried, code

    def _put_codings(self, found: Plain) -> None:
        whole = "codings_all" in found
        source, study = self.source, self.viewer.project._study
        if source is None or source not in study.sources:
            return
        put: list[Plain] = []
        gone: list[str] = []
        seen = self._coders
        for coder in [coder for coder in self._shown if coder not in seen]:
            gone += self._shown.pop(coder).rows
        for coder in sorted(seen):
            key = (
                study.stamps.get(paths.codings_file(coder, source)),
                study.codebook,
                self._on_codings,
                self._texts,
            )
            shown = self._shown.get(coder)
            if shown is not None and shown.key == key:
                continue
            before = shown.rows if shown is not None else {}
            after = self._coded(coder, source, before)
            put += [
                coding for id_, (_, coding) in after.items() if id_ not in before or before[id_][1] != coding
            ]
            gone += [id_ for id_ in before if id_ not in after]
            self._shown[coder] = _Shown(key, after)
        if whole:
            found["codings_all"] = put
        elif put or gone:
            found["codings"] = {"put": put, "gone": gone}
        self._gone.update(dict.fromkeys(gone))
        for coding in put:
            self._gone.pop(coding["id"], None)

    def _coded(
        self, coder: str, source: str, before: dict[str, tuple[Row, Plain]]
    ) -> dict[str, tuple[Row, Plain]]:
        after: dict[str, tuple[Row, Plain]] = {}
        first: dict[tuple[str, str, str], str] = {}
        equal: dict[tuple[str, str, str], list[str]] = {}
        for row, code in self._rows_here(coder, source):
            id_ = row["id"]
            memos = self._on_codings[id_]
            held = before.get(id_)
            known = held[1] if held is not None and held[0] is row else {}
            if (known.get("code"), known.get("memos"), "same_as" in known) != (code, memos, False):
                known = data.coding_dict(row, coder, code, memos)
            after[id_] = (row, known)
            place = (row["start"], row["end"], code)
            if first.setdefault(place, id_) != id_:
                equal.setdefault(place, [first[place]]).append(id_)
        for ids in equal.values():
            earliest, *later = sorted(ids, key=lambda each: (after[each][0]["created"], each))
            for id_ in later:
                row, known = after[id_]
                after[id_] = (row, {**known, "same_as": earliest})
        return after

    def _put_memos(self, found: Plain, whole: bool) -> None:
        study, seen = self.viewer.project._study, self._coders
        now = {id_: memo for id_, memo in study.memos.items() if memo.author in seen}
        versions = self._texts
        state = (now, versions)
        if self._memos_state == state:
            return
        moved = self._memos_state is None or self._memos_state[1] != versions  # type: ignore[index]
        self._memos_state = state
        put = []
        for id_, memo in now.items():
            held = self._memos.get(id_)
            if held is None or held[0] != memo or moved:
                made = data.memo_dict(self.viewer.project, memo)
                if held is None or held[1] != made:
                    put.append(made)
                self._memos[id_] = (memo, made)
        gone = [id_ for id_ in self._memos if id_ not in now]
        for id_ in gone:
            del self._memos[id_]
        if put or gone or whole:
            put.sort(key=lambda memo: (memo["created"], memo["id"]))
            found["memos"] = {"put": put, "gone": gone}
        self._on_codings = data.memos_per_coding(now.values())

    def _put_rows(self, found: Plain, whole: bool) -> None:
        project, me = self.viewer.project, self.viewer.coder
        study, texts = project._study, self._texts
        progress = study.contents.get(paths.progress_file(me))
        changed = []
        for source in sorted(study.sources):
            of_coder = self._of_source.get(source, Counter())
            codings, mine = of_coder.total(), of_coder[me]
            state = (codings, mine, study.contents.get(paths.source_file(source)), progress, texts)
            held = self._rows.get(source)
            if held is not None and held[0] == state:
                continue
            row = data.source_row(self.viewer, source, codings, mine)
            if held is None or held[1] != row:
                changed.append(row)
            self._rows[source] = (state, row)
        gone = [source for source in self._rows if source not in study.sources]
        for source in gone:
            del self._rows[source]
        if changed or whole:
            found["sources"] = changed
        if gone:
            found["sources_gone"] = gone

    def _undo(self) -> dict[str, str | None]:
        try:
            done, undone = self.viewer.project._writer.steps(self.viewer.coder)
        except QualcodeError:  # somebody is writing the log just now, or it is broken, which undo will say
            return dict(self._told.get("undo", {"undo": None, "redo": None}))
        return {
            "undo": _label(done[-1]) if done and done[-1][0].verb not in FOR_GOOD else None,
            "redo": _label(undone[-1]) if undone else None,
        }


def _label(step: list[Event]) -> str:
    return ", ".join(verbs_of(step))
