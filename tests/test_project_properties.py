"""The promises of a project, whatever two coders do in whatever order.

After every single step: opening the folder again gives what is in memory, check finds nothing, the log
replayed gives the codings and the decisions, no suggestion is a coding, undo restores every file but the log byte for byte, and redo brings it back.
"""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import qualcode as qc
from qualcode import Project, Transcript
from qualcode.errors import QualcodeError, Refused
from qualcode.log import parse_log
from qualcode.span import Span
from qualcode.transcript import TimeMark, Turn

MARKER = "Zyxomma"
"""A word of every turn of every transcript, and of nothing else: it must stay in the transcripts."""

TABLES = (
    "sources",
    "turns",
    "codings",
    "cases",
    "speakers",
    "coders",
    "memos",
    "progress",
    "suggestions",
    "decisions",
)
CODERS = ("ana", "ben")
ASSISTANTS = ("rules", "bert-2")
SPEAKERS = ("Interviewer", "Penny 🙂", "O'Hara, Zoë")


def transcript(id_: str, dice: random.Random) -> Transcript:
    text, turns, marks = "Synthetic interview\n", [], []
    for number in range(1, dice.randint(2, 5)):
        speaker = dice.choice((*SPEAKERS, None))
        text += f"{speaker}: " if speaker else ""
        said = f"{MARKER} {number} " + "".join(dice.choice("ab cé\u0301🙂,;\"'") for _ in range(20)) + "."
        begins = dice.choice((None, number * 10.0 + dice.random()))
        turns.append(Turn(number, speaker, Span(len(text), len(text) + len(said)), begins))
        marks.append(TimeMark(len(text) - dice.randint(0, 2), number / 3, dice.choice((None, 1e3 / 7))))
        text += said + "\n"
    roles = {"Interviewer": "interviewer"} if dice.random() < 0.5 else {}
    return Transcript(id_, f"Talk {id_}", text, tuple(turns), tuple(marks), "en", "made", roles)


def contents(path: Path, log: bool = True) -> dict[str, bytes]:
    """Return the files of a study; without the log, what undo promises to restore."""
    kept = {}
    for file in sorted(path.rglob("*")):
        name = file.relative_to(path).as_posix()
        logged = name.startswith(("data/log/", "data/transcripts/.versions/"))
        if file.is_file() and name != "data/transcripts/.pending/lock" and (log or not logged):
            kept[name] = file.read_bytes()
    return kept


def assert_same(one: Project, other: Project) -> None:
    for name in TABLES:
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name), obj=name)
    assert one.codebook == other.codebook
    assert one.attributes == other.attributes
    assert all(one.transcript(source) == other.transcript(source) for source in one.sources.source)


def replayed(path: Path) -> dict[str, tuple[str, str]]:
    """Return coding id to (coder, code), as the log tells it."""
    found: dict[str, tuple[str, str]] = {}
    for log in (path / "data/log").glob("*.jsonl"):
        for event in parse_log(log.read_bytes(), log.name):
            for file, rows in event.rows.items():
                if file.startswith("data/codings/"):
                    for row in rows.removed:
                        found.pop(row["id"])
                    for row in rows.added:
                        found[row["id"]] = (log.stem, row["code"])
    return found


def replayed_decisions(path: Path) -> set[tuple[str, ...]]:
    """Return (coder, assistant, source, suggestion, decision) of every decision, as the log tells it."""
    found: set[tuple[str, ...]] = set()
    for log in (path / "data/log").glob("*.jsonl"):
        for event in parse_log(log.read_bytes(), log.name):
            for file, rows in event.rows.items():
                if file.startswith("data/decisions/"):
                    key = file.removesuffix(".csv").split("/")[2:]
                    found -= {(*key, row["id"], row["decision"]) for row in rows.removed}
                    found |= {(*key, row["id"], row["decision"]) for row in rows.added}
    return found


def stored(project: Project) -> dict[str, tuple[str, str]]:
    table = project.codings
    return dict(zip(table.id, zip(table.coder, table.coded_as, strict=True), strict=True))


def assert_sound(project: Project) -> Project:
    """Assert what holds after any step; return the project opened again."""
    again = qc.open_project(project.path)
    assert_same(project, again)
    assert [str(problem) for problem in again.check()] == []
    assert replayed(project.path) == stored(project)
    columns = ["coder", "assistant", "source", "suggestion", "decision"]
    assert replayed_decisions(project.path) == set(
        project.decisions[columns].itertuples(index=False, name=None)
    )
    assert_suggestions_are_no_codings(project)
    return again


def assert_suggestions_are_no_codings(project: Project) -> None:
    """Every coding of an assistant's making was decided on by its own coder, and is never the assistant's."""
    table, decided = project.suggestions, project.decisions
    assert not set(project.codings["coder"]) & {*ASSISTANTS}
    assert not set(project.codings["id"]) & set(table["id"])
    made = project.codings[project.codings["origin"].isin(ASSISTANTS)]
    known = set(decided[["coder", "coding"]].itertuples(index=False, name=None))
    assert set(made[["coder", "id"]].itertuples(index=False, name=None)) <= known
    assert set(table["id"][table["status"] != "open"]) == set(decided["suggestion"])


def counted(project: Project) -> dict[str, set[str]]:
    """Return code to the codings that count as it."""
    book, table = project.codebook, project.codings
    counts: dict[str, set[str]] = {code.id: set() for code in book.codes}
    for id_, code in zip(table.id, table.coded_as, strict=True):
        for target in book.counts_as(code):
            counts[target].add(id_)
    return counts


class Session:
    """Two coders on one study, doing anything; what they do follows from a seed.

    Parameters
    ----------
    path
        Where the study is made.
    dice
        Chooses verbs and arguments; some of them are mistakes.
    """

    def __init__(self, path: Path, dice: random.Random) -> None:
        self.dice = dice
        made = qc.create_project(path, title="Talks: a study", coder="ana")
        self.projects = {"ana": made, "ben": qc.open_project(path, coder="ben")}
        self.made = 0
        self.refused: list[str] = []
        self.done: list[str] = []
        for _ in range(2):
            made.add_source(transcript(self.fresh("P"), dice))
        for number in range(4):
            made.new_code(f"Code {number}")
        codes = [f"Code {number}" for number in range(4)]
        rows = [{"source": s, "turn": 1, "code": code} for s in ("P1", "P2") for code in (*codes, None)]
        made.add_suggestions(rows, assistant=ASSISTANTS[0], version="0")

    def fresh(self, stem: str) -> str:
        self.made += 1
        return f"{stem}{self.made}"

    # -- arguments -------------------------------------------------------------------------------

    def some(self, values: Any, mistake: Any = "nothing such") -> Any:
        values = list(values)
        return self.dice.choice(values) if values and self.dice.random() > 0.05 else mistake

    def a_code(self, p: Project) -> str:
        return self.some(
            [c.id for c in (p.codebook.active if self.dice.random() < 0.9 else p.codebook.codes)]
        )

    def a_source(self, p: Project) -> str:
        return self.some(p.sources.source)

    def a_coding(self, p: Project, who: str) -> str:
        table = p.codings
        return self.some(table.id[table.coder == who] if self.dice.random() < 0.9 else table.id)

    def a_case(self, p: Project) -> str:
        return self.some(p.cases.case)

    def a_place(self, p: Project, source: str) -> Any:
        if source not in list(p.sources.source):
            return (0, 5)
        text = p.transcript(source)
        start = self.dice.randrange(len(text.text))
        places: list[Any] = [
            (start, start + self.dice.randint(1, 30)),
            qc.turn(self.dice.randint(1, len(text.turns) + 1)),
            text.text[start : start + 12],
            qc.at(self.dice.choice((12, 25, 999))),
            (0, 5),
            (0, 5),
        ]
        return self.dice.choice(places)

    # -- verbs -----------------------------------------------------------------------------------

    def code(self, p: Project, who: str) -> None:
        source = self.a_source(p)
        memo = self.dice.choice((None, "hm", "---\nkind: x\r\n\n"))
        stance = self.some(("supports", "counters"), "perhaps")
        p.code(source, self.a_place(p, source), self.a_code(p), stance=stance, memo=memo)

    def code_new(self, p: Project, who: str) -> None:
        source = self.a_source(p)
        p.code(
            source, self.a_place(p, source), self.fresh("Open "), create=True, stance=self.some(("mixed",))
        )

    def code_many(self, p: Project, who: str) -> None:
        rows = []
        for _ in range(3):
            source, turn = self.a_source(p), self.dice.randint(1, 2)
            rows.append(
                {"source": source, "turn": turn, "code": self.a_code(p), "memo": self.some(["", "so"])}
            )
        p.code_many(pd.DataFrame(rows).convert_dtypes())

    def uncode(self, p: Project, who: str) -> None:
        p.uncode(self.a_coding(p, who))

    def recode(self, p: Project, who: str) -> None:
        p.recode(self.a_coding(p, who), self.a_code(p))

    def resize(self, p: Project, who: str) -> None:
        p.resize(self.a_coding(p, who), (self.dice.randint(0, 9), self.dice.randint(8, 20)))

    def set_stance(self, p: Project, who: str) -> None:
        p.set_stance(self.a_coding(p, who), self.some(("supports", "counters", "mixed")))

    def new_facet(self, p: Project, who: str) -> None:
        p.new_facet(self.fresh("Facet: "), exclusive=self.dice.random() < 0.5)

    def new_code(self, p: Project, who: str) -> None:
        if self.dice.random() < 0.5:
            p.new_code(
                self.fresh("Kind "), parent=self.a_code(p), definition="two\nlines: 'yes'", icon="gear"
            )
        else:
            counts_as = [self.a_code(p)] if self.dice.random() < 0.5 else []
            p.new_code(
                self.fresh("信頼 "), facet=self.some([f.id for f in p.codebook.facets]), counts_as=counts_as
            )

    def remove_source(self, p: Project, who: str) -> None:
        p.remove_source(self.a_source(p))

    def add_source(self, p: Project, who: str) -> None:
        id_ = self.fresh("P") if self.dice.random() < 0.8 else self.a_source(p)
        p.add_source(transcript(id_, self.dice), synthetic=True)

    def split_code(self, p: Project, who: str) -> None:
        code = self.a_code(p)
        table = p.codings
        own = list(table.id[(table.coder == who) & (table.code == code)])
        p.split_code(code, {self.fresh("Part "): own[::2], self.fresh("Part "): own[1::2]})

    def freeze_codebook(self, p: Project, who: str) -> None:
        p.freeze_codebook("after the pilot")

    def replace_codebook(self, p: Project, who: str) -> None:
        book = p.codebook.new_code(self.fresh("Given "), facet=p.codebook.facets[0].id)
        p.replace_codebook(book if self.dice.random() < 0.7 else qc.Codebook(p.codebook.facets, ()))

    def add_case(self, p: Project, who: str) -> None:
        values: dict[str, Any] = {"years": self.dice.randint(0, 9), "remote": True, "role, now": 'a "b";\nc'}
        chosen = {k: v for k, v in values.items() if self.dice.random() < 0.5}
        case = self.fresh("C") if self.dice.random() < 0.7 else self.a_case(p)
        p.add_case(case, parent=self.a_case(p) if self.dice.random() < 0.3 else "", **chosen)

    def add_cases(self, p: Project, who: str) -> None:
        table = pd.DataFrame(
            {"case": [self.fresh("C"), self.a_source(p)], "parent": "Org", "size": [1.5, None]}
        )
        p.add_cases(table.convert_dtypes(), preview=self.dice.random() < 0.2)

    def set_attribute(self, p: Project, who: str) -> None:
        p.set_attribute(self.a_case(p), self.some(("years", "note")), self.some((7, None, 2.5), "many"))

    def declare_attribute(self, p: Project, who: str) -> None:
        p.declare_attribute(self.some(("years", "note", "grade")), self.some(("number", "text", "list")))

    def link(self, p: Project, who: str) -> None:
        source = self.a_source(p)
        speaker = self.some(("", *p.turns.speaker[p.turns.source == source].dropna()))
        role = self.some((None, "participant", "interviewer"))
        p.link(source, self.a_case(p) if self.dice.random() < 0.7 else None, speaker=speaker, role=role)

    def memo(self, p: Project, who: str) -> None:
        targets = [
            "study", f"source:{self.a_source(p)}", f"turn:{self.a_source(p)}:1", f"span:{self.a_source(p)}:0:5",
            f"case:{self.a_case(p)}", f"code:{self.a_code(p)}", f"coding:{self.a_coding(p, who)}",
        ]  # fmt: skip
        p.memo("A thought\r\n---\n", *self.dice.sample(targets, 2), kind=self.some(("theory",), "two\nlines"))

    def add_coder(self, p: Project, who: str) -> None:
        p.add_coder(self.some(("eva", "rater-2", "ana"), "../x"), "Eva: 'E'", self.some(("human", "machine")))

    def assign(self, p: Project, who: str) -> None:
        p.assign(
            self.some((*CODERS, *p.coders.coder)), self.a_source(p), self.some((None, "turns 1-2"), "a\nb")
        )

    def finish(self, p: Project, who: str) -> None:
        p.finish(self.a_source(p), finished=self.dice.random() < 0.8)

    def correct(self, p: Project, who: str) -> None:
        source = self.a_source(p)
        place = self.a_place(p, source)
        p.correct(source, place, self.dice.choice((f"{MARKER} {self.fresh('new')}.", "🙂 a\n", "")))

    def add_suggestions(self, p: Project, who: str) -> None:
        rows = []
        for _ in range(4):
            source = self.a_source(p)
            row = {"source": source, "turn": self.dice.randint(1, 2), "score": self.dice.random()}
            row["code"] = self.a_code(p) if self.dice.random() < 0.8 else None
            row["reason"] = self.some(("rule:a -role:b", ""), f"{MARKER} said")
            row["text"] = MARKER
            rows.append(row)
        version = self.some(("1", "2"), "")
        p.add_suggestions(pd.DataFrame(rows), assistant=self.some(ASSISTANTS, "ben"), version=version)

    def a_suggestion(self, p: Project) -> str:
        table = p.suggestions
        return self.some(table.id[table.status == "open"] if self.dice.random() < 0.7 else table.id)

    def accept(self, p: Project, who: str) -> None:
        p.accept(self.a_suggestion(p), memo=self.dice.choice((None, "yes")))

    def reject(self, p: Project, who: str) -> None:
        p.reject(self.a_suggestion(p))

    def change(self, p: Project, who: str) -> None:
        id_ = self.a_suggestion(p)
        p.change(id_, code=self.a_code(p), where=self.some((None, (0, 5), qc.turn(1))))

    def reopen(self, p: Project, who: str) -> None:
        table = p.decisions
        p.reopen(self.some(table.suggestion[table.coder == who]))

    def change_code(self, p: Project, who: str) -> None:
        p.change_code(self.a_code(p), note=self.fresh("note: "), colour=self.some(("#b03060", "")))

    def batch(self, p: Project, who: str) -> None:
        with p.batch():
            id_ = self.fresh("P")
            p.add_source(transcript(id_, self.dice))
            code = p.new_code(self.fresh("Batch "))
            first = p.code(id_, qc.turn(1), code)
            p.code(id_, (0, 9), code)
            p.memo("both", f"coding:{first}")
            if self.dice.random() < 0.3:
                p.remove_source(id_)
            with pytest.raises(QualcodeError):
                p.code(id_, "not in there", self.fresh("Never "), create=True)
            p.freeze_codebook("in between")

    # -- verbs that keep counts ------------------------------------------------------------------

    def rename_code(self, p: Project, who: str) -> None:
        before = counted(p)
        p.rename_code(self.a_code(p), self.fresh("Renamed "), keep_alias=self.dice.random() < 0.5)
        assert counted(p) == before

    def retire_code(self, p: Project, who: str) -> None:
        before = counted(p)
        p.retire_code(self.a_code(p))
        assert counted(p) == before

    def merge_codes(self, p: Project, who: str) -> None:
        before, rows, into = counted(p), p.codings.coded_as.tolist(), self.a_code(p)
        codes = [self.a_code(p) for _ in range(self.dice.randint(1, 2))]
        p.merge_codes(codes, into)
        now = counted(p)
        # what counts as the code that a merged one counted as may also change, so nothing is lost, ...
        assert now[into] >= before[into].union(*(before[code] for code in codes))
        # ... nobody's rows are touched, and what is merged is counted nowhere else
        assert p.codings.coded_as.tolist() == rows
        assert all(not now[code] for code in codes)

    def move_code(self, p: Project, who: str) -> None:
        before, code = counted(p), self.a_code(p)
        p.move_code(code, self.a_code(p) if self.dice.random() < 0.7 else None)
        assert counted(p)[code] == before[code]

    VERBS = (
        code, code, code, code, code_new, code_many, uncode, recode, resize, set_stance, new_facet, new_code, new_code,
        remove_source, add_source, split_code, split_code, freeze_codebook, replace_codebook, add_case, add_case,
        add_cases, set_attribute, declare_attribute, link, memo, memo, add_coder, assign, finish, change_code, batch,
        correct, correct, add_suggestions, add_suggestions, accept, accept, accept, reject, change, reopen,
        rename_code, retire_code, merge_codes, merge_codes, move_code, move_code,
    )  # fmt: skip

    def step(self) -> None:
        """Do one thing as one of the coders, and assert that it was one whole step."""
        who = self.dice.choice(CODERS)
        project, verb = self.projects[who], self.dice.choice(self.VERBS)
        before = contents(project.path)
        self.done.append(f"{who} {verb.__name__}")
        try:
            verb(self, project, who)
        except QualcodeError as error:
            self.refused.append(str(error))
            assert contents(project.path) == before, "refused, and yet something changed"
            self.done[-1] += " (refused)"
            assert_same(project, self.projects["ben" if who == "ana" else "ana"])
            return
        after = contents(project.path)
        if after == before:
            return
        assert_sound(project)
        steps = len(project.history(coder=who))
        project.undo(coder=who)
        assert contents(project.path, log=False) == without_log(before)
        assert len(project.history(coder=who)) == steps + len(project.history(coder=who, verb="undo").tail(1))
        assert_sound(project)
        project.redo(coder=who)
        assert contents(project.path, log=False) == without_log(after)

    def undo_some(self) -> None:
        """Undo and redo the work of one coder in several steps; what the other builds on is refused."""
        who = self.dice.choice(CODERS)
        project, before = self.projects[who], contents(self.projects[who].path)
        count = self.dice.randint(1, 4)
        self.done.append(f"{who} undo {count}")
        try:
            project.undo(count)
        except Refused as error:
            self.refused.append(str(error))
            assert contents(project.path) == before
            return
        assert_sound(project)
        project.redo(count)
        assert_sound(project)
        assert contents(project.path, log=False) == without_log(before)
        if self.dice.random() < 0.5:
            project.undo(count)


def without_log(files: dict[str, bytes]) -> dict[str, bytes]:
    return {f: b for f, b in files.items() if not f.startswith(("data/log/", "data/transcripts/.versions/"))}


def assert_confidential(session: Session) -> None:
    """No word of a transcript outside data/transcripts, and none in an error."""
    path = session.projects["ana"].path
    word = MARKER.encode()
    for name, content in contents(path).items():
        if not name.startswith("data/transcripts/"):
            assert word not in content, name
    assert not [message for message in session.refused if MARKER in message]


@given(st.integers(0, 2**32))
@example(1737043)
@settings(max_examples=14, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_two_coders_do(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    session = Session(tmp_path_factory.mktemp("any") / "study", random.Random(seed))
    try:
        for number in range(22):
            session.step()
            if number % 6 == 5:
                session.undo_some()
        assert_confidential(session)
    except BaseException:
        print("\n".join(session.done[-12:]))
        raise
