"""A file of a hand-out and the study become one: nothing that one side did is undone by what the other left alone."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

import qualcode as qc
from qualcode.errors import FileProblems
from qualcode.log import history_frame
from qualcode.testing import make_project
from qualcode.verbs._handouts import TakeInReport

CREATED = "2026-11-28T14:00:00Z"
A, B, C = "a" * 12, "b" * 12, "c" * 12


class Out:
    """A hand-out of S1 to mia, and the file that its page would save."""

    def __init__(self, folder: Path, before: Callable[[qc.Project], None] = lambda project: None) -> None:
        self.folder = folder
        self.project = make_project(folder / "study")
        self.project.add_coder("mia", coder="ana")
        before(self.project)
        self.report = self.project.handout("mia", ["S1"], folder / "for-mia.html", coder="ana")
        page = self.report.path.read_text(encoding="utf-8").split('id="qualcode-data">')[1]
        data = json.loads(page.split("</script>")[0])
        self.version = data["texts"]["S1"]["version"]
        self.began = [
            {
                **{key: one[key] for key in ("id", "start", "end", "code", "created", "stance", "origin")},
                "source": "S1",
                "version": self.version,
            }
            for one in data["codings"]["S1"]
        ]
        self.file: dict[str, Any] = {
            "format": "qualcode-codings-1", "handout": self.report.id, "coder": "mia", "saved": "2026-11-28T15:00:00Z",
            "sources": {"S1": {"version": self.version, "state": "in progress"}}, "codings": deepcopy(self.began),
            "began": self.began, "removed": [], "codes": [], "memos": [], "removed_memos": [],
        }  # fmt: skip

    def coding(self, **fields: Any) -> dict[str, Any]:
        return {
            "id": A, "source": "S1", "version": self.version, "start": 0, "end": 10, "code": "trust", "created": CREATED,
            "stance": "supports", "origin": "hand-out", **fields,
        }  # fmt: skip

    def memo(self, **fields: Any) -> dict[str, Any]:
        return {
            "id": C,
            "created": CREATED,
            "kind": "reflection",
            "targets": ["source:S1"],
            "text": "short",
            **fields,
        }

    def take(self, **changes: Any) -> TakeInReport:
        self.file.update(changes)
        path = self.folder / "back.codings.json"
        path.write_text(json.dumps(self.file), encoding="utf-8")
        report = self.project.take_in(path)
        assert isinstance(report, TakeInReport)
        assert self.project.check() == []
        return report

    def mias(self) -> list[tuple[str, int, int, str, str]]:
        table = self.project.codings.query("coder == 'mia'").sort_values("id")
        return list(
            zip(table["id"], table["start"], table["end"], table["code"], table["stance"], strict=True)
        )

    def memos(self) -> dict[str, str]:
        table = self.project.memos.query("author == 'mia'")
        return dict(zip(table["id"], table["text"], strict=True))


@pytest.fixture
def out(tmp_path: Path) -> Out:
    return Out(tmp_path)


# -- what changed on the page since the last file ---------------------------------------------------


@pytest.mark.parametrize("change", [{"stance": "mixed"}, {"stance": "counters"}, {"code": "roles"},
                                    {"code": "communication"}, {"end": 8}, {"end": 12}])  # fmt: skip
def test_a_change_after_a_first_file_comes_and_so_does_its_way_back(out: Out, change: dict[str, Any]) -> None:
    out.take(codings=[out.coding()])
    report = out.take(codings=[out.coding(**change)])
    wanted = out.coding(**change)
    assert (report.changed, report.notes) == (1, ())
    assert out.mias() == [(A, 0, wanted["end"], wanted["code"], wanted["stance"])]
    out.take(codings=[out.coding()])
    assert out.mias() == [(A, 0, 10, "trust", "supports")]


def test_a_coding_from_before_recoded_and_then_taken_off_goes(tmp_path: Path) -> None:
    out = Out(tmp_path, lambda project: project.code("S1", (100, 110), "trust", coder="mia"))
    (one,) = out.began
    out.take(codings=[{**one, "code": "roles"}])
    assert [row[3] for row in out.mias()] == ["roles"]
    out.take(codings=[], removed=[one["id"]])
    assert out.mias() == []


def corrected(project: qc.Project) -> None:
    project.code("S1", (155, 175), "trust", coder="mia")
    start = project.transcript("S1").turns[0].span.start
    project.correct("S1", (start, start + 2), "Well now ", coder="ana")


def test_a_text_corrected_before_the_hand_out_is_no_change_of_a_coding(tmp_path: Path) -> None:
    out = Out(tmp_path, corrected)
    (one,) = out.began
    assert one["version"] != out.project.coding(one["id"]).version
    assert out.take().notes == ()
    out.take(codings=[{**one, "stance": "mixed", "end": one["end"] + 3}])
    assert out.mias() == [(one["id"], one["start"], one["end"] + 3, "trust", "mixed")]
    out.take(codings=[], removed=[one["id"]])
    assert out.mias() == []


def test_a_text_corrected_meanwhile_is_no_change_of_a_coding(out: Out) -> None:
    out.take(codings=[out.coding(start=155, end=175)])
    start = out.project.transcript("S1").turns[0].span.start
    out.project.correct("S1", (start, start + 2), "Well now ", coder="ana")
    out.project.code("S1", (300, 310), "roles", coder="mia")  # brings the coding onto the new text
    (before,) = [row for row in out.mias() if row[0] == A]
    assert before[1] != 155
    report = out.take(codings=[out.coding(start=155, end=175, code="roles")])
    assert (report.changed, report.notes) == (1, ())
    assert [row for row in out.mias() if row[0] == A] == [(*before[:3], "roles", "supports")]


# -- what was done in the study since ---------------------------------------------------------------


def test_work_in_the_study_is_not_undone_by_the_same_file(out: Out) -> None:
    project = out.project
    out.take(
        codings=[out.coding(), out.coding(id=B, start=20, end=30)],
        memos=[out.memo(), out.memo(id="d" * 12)],
    )
    project.uncode(A, coder="mia")
    project.recode(B, "roles", coder="mia")
    project.change_memo(C, "a longer text", coder="mia")
    project.remove_memo("d" * 12, coder="mia")
    project.finish("S1", coder="mia")
    before, number = out.mias(), len(project.history())
    report = out.take()
    assert (report.new, report.changed, report.removed, report.memos, report.notes) == (0, 0, 0, 0, ())
    assert out.mias() == before == [(B, 20, 30, "roles", "supports")]
    assert out.memos() == {C: "a longer text"}
    assert project.progress.query("coder == 'mia'")["state"].tolist() == ["finished"]
    assert len(project.history()) == number


def test_what_both_sides_changed_stays_as_in_the_study_and_is_said_once(out: Out) -> None:
    out.take(codings=[out.coding(), out.coding(id=B, start=20, end=30)], memos=[out.memo()])
    out.project.recode(A, "roles", coder="mia")
    out.project.set_stance(B, "mixed", coder="mia")
    out.project.change_memo(C, "here", coder="mia")
    report = out.take(
        codings=[out.coding(code="communication", stance="counters")],
        removed=[B],
        memos=[out.memo(text="there")],
    )
    assert out.mias() == [(A, 0, 10, "roles", "counters"), (B, 20, 30, "trust", "mixed")]
    assert out.memos() == {C: "here"}
    assert len(report.notes) == 3
    name = out.project.codebook.code("communication").name
    assert A in report.notes[0]
    assert f"there '{name}'" in report.notes[0]
    assert "stance" not in report.notes[0]
    assert "taken off in the file" in report.notes[1]
    assert C in report.notes[2]
    assert out.take().notes == ()


def test_an_undone_take_in_is_taken_in_anew(out: Out) -> None:
    out.take(codings=[out.coding()])
    out.project.undo(coder="mia")
    assert out.mias() == []
    assert out.take().new == 1
    out.project.undo(coder="mia")
    out.project.redo(coder="mia")
    assert out.take(codings=[out.coding(code="roles")]).notes == ()
    assert out.mias() == [(A, 0, 10, "roles", "supports")]


def test_files_may_come_in_the_wrong_order(tmp_path: Path) -> None:
    found = []
    for turned in (False, True):
        out = Out(tmp_path / str(turned))
        one, two, three = (out.coding(id=id_, start=at, end=at + 9) for id_, at in ((A, 0), (B, 20), (C, 40)))
        files: list[dict[str, Any]] = [
            {"saved": "2026-11-28T15:00:00Z", "codings": [one, two], "removed": [], "memos": [out.memo(text="old")]},
            {"saved": "2026-11-28T16:00:00Z", "codings": [{**one, "code": "roles"}, three], "removed": [B],
             "memos": [out.memo(text="new")]},
        ]  # fmt: skip
        notes = [out.take(**file).notes for file in (reversed(files) if turned else files)]
        assert ["saved at" in "".join(each) for each in notes] == [False, turned]
        found.append((out.mias(), out.memos()))
    assert found[0] == found[1]
    assert [row[0] for row in found[0][0]] == [A, C]


def test_work_of_a_second_browser_adds_to_that_of_the_first(out: Out) -> None:
    out.take(codings=[out.coding()], memos=[out.memo()])
    out.take(saved="2026-11-28T16:00:00Z", codings=[out.coding(id=B, start=20, end=30)], memos=[])
    assert [row[0] for row in out.mias()] == [A, B]
    assert out.memos() == {C: "short"}


# -- codes, memos -----------------------------------------------------------------------------------

QUEUE = {
    "id": "new-1",
    "name": "Queueing",
    "facet": "problem",
    "parent": "",
    "definition": "",
    "in_vivo": True,
}


@pytest.mark.parametrize("meanwhile", ["rename", "merge", "move"])
def test_a_code_made_in_a_hand_out_is_made_once_whatever_became_of_it(out: Out, meanwhile: str) -> None:
    out.take(codes=[QUEUE], codings=[out.coding(code="new-1")])
    made = out.project.codebook.code("Queueing")
    assert made.in_vivo
    if meanwhile == "rename":
        out.project.rename_code(made.id, "Standing in line", coder="ana")
    elif meanwhile == "merge":
        out.project.merge_codes([made.id], into="waiting", coder="ana")
    else:
        out.project.move_code(made.id, facet="theme", coder="ana")
    number = len(out.project.codebook.codes)
    report = out.take(codings=[out.coding(code="new-1"), out.coding(id=B, start=20, end=30, code="new-1")])
    assert (report.codes, report.new, report.changed, report.notes) == ((), 1, 0, ())
    assert len(out.project.codebook.codes) == number
    resolved = out.project.codebook.resolve(made.id)
    assert [out.project.codebook.resolve(row[3]) for row in out.mias()] == [resolved, resolved]


def test_a_memo_removed_on_the_page_goes(tmp_path: Path) -> None:
    out = Out(tmp_path, lambda project: project.memo("from before", "source:S1", coder="mia"))
    ((before, _),) = out.memos().items()
    given = out.memo(id=before, text="from before")
    out.take(memos=[given, out.memo()])
    assert out.memos() == {before: "from before", C: "short"}
    assert out.take(memos=[], removed_memos=[before, C]).memos == 2
    assert out.memos() == {}


def test_a_memo_changed_on_both_sides_since_it_was_handed_out_stays(tmp_path: Path) -> None:
    out = Out(tmp_path, lambda project: project.memo("from before", "source:S1", coder="mia"))
    ((before, _),) = out.memos().items()
    out.project.change_memo(before, "longer", coder="mia")
    report = out.take(memos=[out.memo(id=before, text="from before")])
    assert (out.memos(), report.notes) == ({before: "longer"}, ())
    assert before in out.take(memos=[out.memo(id=before, text="other")]).notes[0]
    assert out.memos() == {before: "longer"}


def test_a_passage_coded_on_both_sides_keeps_the_studys_coding_and_both_memos(out: Out) -> None:
    mine = out.project.code("S1", (0, 10), "trust", coder="mia", memo="here")
    on_it = [f"coding:{A}"]
    report = out.take(codings=[out.coding()], memos=[out.memo(targets=on_it)])
    assert (report.new, report.notes) == (0, ())
    assert out.mias() == [(mine, 0, 10, "trust", "supports")]
    assert {memo.targets for memo in out.project._study.memos.values() if memo.author == "mia"} == {
        (f"coding:{mine}",)
    }
    out.take(codings=[out.coding(stance="mixed")])
    assert out.mias() == [(mine, 0, 10, "trust", "mixed")]
    out.take(codings=[], removed=[A])
    assert out.mias() == []
    assert {memo.targets for memo in out.project._study.memos.values() if memo.author == "mia"} == {()}


def test_a_coding_moved_onto_one_of_the_study_is_left_where_it_was(out: Out) -> None:
    out.take(codings=[out.coding()])
    other = out.project.code("S1", (20, 30), "trust", coder="mia")
    report = out.take(codings=[out.coding(start=20, end=30)])
    assert {row[0]: row[1] for row in out.mias()} == {A: 0, other: 20}
    assert A in report.notes[0]


# -- files changed by hand --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda o: o.file["codings"].append(o.coding(id=o.project.codings.query("coder == 'ana'")["id"].iloc[0])), "another coder"),
        (lambda o: o.file["codings"].append(o.coding(id=o.project.code("S2", (0, 9), "trust", coder="mia"))), "another source"),
        (lambda o: o.file["codings"].extend([o.coding(), o.coding(id=B)]), "same passage and code"),
        (lambda o: o.file["codings"].append(o.coding(created="2026-99-99T99:99:99Z")), "codings[0].created"),
        (lambda o: o.file["memos"].append(o.memo(created="2026-02-30T10:00:00Z")), "memos[0].created"),
        (lambda o: o.file["memos"].append(o.memo(text="x\x00y")), "memos[0].text"),
        (lambda o: o.file["memos"].append(o.memo(text="x\ud800y")), "memos[0].text"),
        (lambda o: o.file["memos"].extend([o.memo(), o.memo()]), "memos[1].id"),
        (lambda o: o.file["codings"].append(o.coding(origin="a\nb")), "codings[0].origin"),
        (lambda o: o.file["codes"].append({**QUEUE, "id": "trust"}), "codes[0].id"),
        (lambda o: o.file.update(saved="tomorrow"), "saved"),
    ],
)  # fmt: skip
def test_a_file_that_the_study_could_not_hold_is_refused(out: Out, spoil: Any, said: str) -> None:
    spoil(out)
    before = out.mias()
    with pytest.raises(FileProblems) as error:
        out.take()
    assert said in str(error.value)
    assert (out.mias(), out.memos(), out.project.check()) == (before, {}, [])


def test_the_log_holds_no_words_of_a_memo(out: Out) -> None:
    out.take(codings=[out.coding()], memos=[out.memo(text="unheard-of words")])
    logs = [path.read_text(encoding="utf-8") for path in (out.project.path / "data" / "log").glob("*.jsonl")]
    assert logs
    assert "unheard-of" not in "".join(logs)
    assert len(history_frame(out.project._all_events())) == len(out.project._all_events())


# -- any series of steps on both sides --------------------------------------------------------------

State = dict[str, tuple[Any, ...]]


def merged(base: State, ours: State, theirs: State) -> State:
    """Three states into one, said as plainly as can be."""
    found = {}
    for id_ in {*base, *ours, *theirs}:
        was, here, there = (side.get(id_) for side in (base, ours, theirs))
        if there == was:
            now = here
        elif here == was:
            now = there
        elif here is None or there is None or was is None:
            now = here
        else:
            now = tuple(t if h == w else h for w, h, t in zip(was, here, there, strict=True))
        if now is not None:
            found[id_] = now
    return found


def changed(chance: random.Random, one: tuple[Any, ...]) -> tuple[Any, ...]:
    start, end, code, stance = one[0][0], *one[0][1:], one[1], one[2]
    what = chance.randrange(3)
    if what == 0:
        end = start + 1 + (end - start) % 4
    elif what == 1:
        code = chance.choice([each for each in ("trust", "roles", "communication") if each != code])
    else:
        stance = chance.choice([each for each in ("supports", "counters", "mixed") if each != stance])
    return (start, end), code, stance


@pytest.mark.parametrize("seed", range(12))
def test_any_steps_on_both_sides_become_what_a_plain_three_way_merge_says(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)

    def begin(project: qc.Project) -> None:
        for at in range(4):
            project.code("S1", (at * 6, at * 6 + 3), "trust", coder="mia")
        if seed % 2:
            start = project.transcript("S1").turns[-1].span.start
            project.correct("S1", (start, start + 1), "Well ", coder="ana")

    out = Out(tmp_path, begin)
    project, slots = out.project, iter(range(24, 400, 6))
    page: State = {one["id"]: ((one["start"], one["end"]), one["code"], one["stance"]) for one in out.began}
    study, base, gone = dict(page), dict(page), set()
    notes: dict[str, str] = {}
    here: dict[str, str] = {}
    taken: dict[str, str] = {}
    for _ in range(25):
        what = chance.choice(["page", "page", "study", "study", "take", "again"])
        if what == "page":
            step = chance.randrange(4)
            if step == 0 or not page:
                at = next(slots)
                page[f"{chance.getrandbits(48):012x}"] = ((at, at + 2), "trust", "supports")
                notes[f"{chance.getrandbits(48):012x}"] = f"memo {at}"
            elif step == 1:
                id_ = chance.choice(sorted(page))
                del page[id_]
                gone.add(id_)
            else:
                id_ = chance.choice(sorted(page))
                page[id_] = changed(chance, page[id_])
                if notes:
                    notes[chance.choice(sorted(notes))] += "!"
        elif what == "study":
            step = chance.randrange(4)
            if step == 0 or not study:
                at = next(slots)
                id_ = project.code("S1", (at, at + 2), "trust", coder="mia")
                study[id_] = ((at, at + 2), "trust", "supports")
            elif step == 1:
                id_ = chance.choice(sorted(study))
                project.uncode(id_, coder="mia")
                del study[id_]
            else:
                id_ = chance.choice(sorted(study))
                before, study[id_] = study[id_], changed(chance, study[id_])
                now = study[id_]
                if now[0] != before[0]:
                    project.resize(id_, now[0], coder="mia")
                elif now[1] != before[1]:
                    project.recode(id_, now[1], coder="mia")
                else:
                    project.set_stance(id_, now[2], coder="mia")
                if here:
                    memo = chance.choice(sorted(here))
                    here[memo] += "?"
                    project.change_memo(memo, here[memo], coder="mia")
        else:
            codings = [
                out.coding(id=i, start=o[0][0], end=o[0][1], code=o[1], stance=o[2]) for i, o in page.items()
            ]
            chance.shuffle(codings)
            memos = [out.memo(id=id_, text=text) for id_, text in notes.items()]
            study, base = merged(base, study, page), dict(page)
            for id_, text in notes.items():
                if here.get(id_) == taken.get(id_):
                    here[id_] = text
                taken[id_] = text
            out.take(codings=codings, removed=sorted(gone), memos=memos)
            assert {row[0]: ((row[1], row[2]), row[3], row[4]) for row in out.mias()} == study
            assert out.memos() == here
            if what == "again":
                assert str(out.take()).startswith("mia: 0 codings came, 0 changed, 0 went, 0 memos.")
                assert {row[0] for row in out.mias()} == set(study)


def test_what_a_withdrawn_participant_said_leaves_no_place_in_what_was_taken_in(out: Out) -> None:
    """The log keeps what a file brought; a withdrawal takes the places in the interview out of it."""
    out.take(codings=[out.coding()], memos=[out.memo()])
    [case] = out.project.speakers.query("source == 'S1' and case != ''")["case"].unique()
    log = out.project.path / "data" / "log" / "mia.jsonl"
    assert f"coding:{A}:S1:" in log.read_text(encoding="utf-8")
    out.project.forget(case, coder="ana")
    assert "S1" not in set(out.project.sources["source"])
    for file in (out.project.path / "data" / "log").glob("*.jsonl"):
        told = file.read_text(encoding="utf-8")
        assert ":S1" not in told, file.name
    assert out.project.check() == []
