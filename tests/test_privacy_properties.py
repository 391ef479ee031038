"""After a participant was forgotten, or names were replaced, no file holds their name or words but those that are named.

Studies are random: interviews of one and of several, labels before the words, above them, or other ones; texts that
were corrected, taken back, brought in anew; memos that quote, codes born from words, exports, copies, removed sources.
"""

from __future__ import annotations

import random
import shutil
import warnings
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import qualcode as qc
from qualcode import Project

NAMES = ("Quintus", "Zorblat Fay", "Ünsal", "O'Harrow", "Wendelin")
SOUNDS = ("ba", "ke", "mi", "zo", "lu", "xa", "we", "ri", "to", "fu")


def words_of(dice: random.Random, mark: str) -> list[str]:
    """Return words that nobody else uses."""
    return sorted(
        {f"{mark}{dice.choice(SOUNDS)}{dice.choice(SOUNDS)}{dice.choice(SOUNDS)}" for _ in range(30)}
    )


class Random:
    """A study with at least one interview of several, and what is known of it."""

    def __init__(self, path: Path, dice: random.Random) -> None:
        self.dice, self.path = dice, path
        self.people = dice.sample(NAMES, 3)
        self.words = {name: words_of(dice, mark) for name, mark in zip(self.people, "qvj", strict=True)}
        self.case_of = {name: f"C{number}" for number, name in enumerate(self.people)}
        self.project = qc.create_project(path / "study", coder="ana")
        self.ben = qc.open_project(path / "study", coder="ben")
        self.project.new_code("Things")
        for case in self.case_of.values():
            self.project.add_case(case, kind=dice.choice(("participant", "expert")))
        self.labels: dict[str, dict[str, str]] = {}
        self.add("G", self.people)
        for number, name in enumerate(self.people):
            if dice.random() < 0.6:
                self.add(f"S{number}", [name])

    def said(self, name: str) -> str:
        words = self.words[name]
        return " ".join(self.dice.choice(words) for _ in range(self.dice.randint(1, 6))).capitalize() + "."

    def text(self, people: list[str], style: str) -> str:
        dice, lines = self.dice, []
        order = [name for name in people for _ in range(3)]
        dice.shuffle(order)
        for number, name in enumerate(order):
            lines.append(("Moderator", dice.choice(("And so?", "What then?", "Please tell."))))
            what = self.said(name)
            if dice.random() < 0.15 and len(people) > 1:
                what += f" {dice.choice([n for n in people if n != name])} knows."
            lines.append((name, what))
            del number
        if style == "above":
            return "\n\n".join(f"{who}\n{what}" for who, what in lines) + "\n"
        if style == "timed":
            return "\n".join(f"[00:{n:02}:00] {who}: {what}" for n, (who, what) in enumerate(lines)) + "\n"
        return "\n".join(f"{who}: {what}" for who, what in lines) + "\n"

    def add(self, id_: str, people: list[str]) -> None:
        dice, project = self.dice, self.project
        style = dice.choice(("plain", "above", "timed"))
        speakers = {name: f"{name[0]}x{n}" for n, name in enumerate(people)} if dice.random() < 0.4 else None
        file = self.path / f"{id_}.txt"
        file.write_text(self.text(people, style), encoding="utf-8")
        project.add_source(file, id_, speakers=speakers, roles={"Moderator": "interviewer"})
        there = project.transcript(id_).speakers
        self.labels[id_] = {}
        for name in people:
            label = (speakers or {}).get(name, name)
            if label in there:
                self.labels[id_][name] = label
                project.link(id_, self.case_of[name], speaker=label)

    # -- what people do --------------------------------------------------------------------------

    def quote(self, name: str, source: str = "G") -> tuple[int, int] | None:
        text = self.project.transcript(source)
        turns = [turn for turn in text.turns if turn.speaker == self.labels[source].get(name)]
        turn = self.dice.choice(turns) if turns else None
        return (turn.span.start, turn.span.end) if turn else None

    def step(self) -> None:
        dice, project, name = self.dice, self.project, self.dice.choice(self.people)
        place = self.quote(name)
        if place is None:
            return
        text = project.transcript("G")
        start, end = place
        turn = text.turn_at(start)
        assert turn is not None
        kind = dice.randrange(12)
        if kind == 0:
            project.correct("G", place, self.said(name))
            if dice.random() < 0.5:
                project.undo()
        elif kind == 1:
            dice.choice((project, self.ben)).code("G", place, "Things")
        elif kind == 2:
            after = text.turns[min(turn.number, len(text.turns) - 1)].span.end
            dice.choice((project, self.ben)).code("G", (start, max(after, end)), "Things")
        elif kind == 3 and len(text.text[start:end].split()) > 2:
            targets = dice.sample([f"turn:G:{turn.number}", f"span:G:{start}:{end}", "study", "source:G"], 2)
            said = " ".join(dice.choice(self.words[name]) for _ in range(4))
            project.memo(f"wrote of: {text.text[start:end]} {said if dice.random() < 0.3 else ''}", *targets)
        elif kind == 4:
            refs = [*project.codebook.codes[0].examples, f"G@{text.version}:{start}-{end}"]
            project.change_code(project.codebook.codes[0].id, examples=refs)
        elif kind == 5:
            project.set_attribute(self.case_of[name], "age", str(dice.randint(20, 90)))
        elif kind == 6 and len(text.text[start:end].split()) < 4:
            project.code("G", place, text.text[start:end].strip("."), create=True)
        elif kind == 7:
            project.memo(f"{name} was late", dice.choice(("study", f"case:{self.case_of[name]}")))
        elif kind == 8:
            new = self.path / "newer.txt"
            new.write_text(text.text.replace("And so?", "And so then?"), encoding="utf-8")
            speakers = {n: label for n, label in self.labels["G"].items() if n != label} or None
            project.update_source("G", new, speakers=speakers)
        elif kind == 9:
            project.finish("G", coder=dice.choice(("ana", "ben")))
        elif kind == 10:
            project.freeze_codebook(note="so far")

        elif kind == 11:
            evidence = [f"turn:G:{turn.number}", f"span:G:{start}:{end}", "source:G"]
            row = {"source": "G", "start": start, "end": end, "code": "Things", "evidence": evidence}
            ids = project.add_suggestions([row], assistant="rules", version="1")
            if dice.random() < 0.5:
                dice.choice((project, self.ben)).reject(ids[0])

    def lie_about(self) -> None:
        """Put things beside the study, and take an interview out of it."""
        dice, project, root = self.dice, self.project, self.project.path
        for source in [s for s in self.labels if s != "G"]:
            if dice.random() < 0.3 and source in project.sources["source"].tolist():
                project.remove_source(source)
        transcripts = root / "data" / "transcripts"
        if dice.random() < 0.4:
            shutil.copy(transcripts / "G.txt", transcripts / "G (1).txt")
        if dice.random() < 0.4:
            (transcripts / ".cache").mkdir()
            shutil.copy(transcripts / "G.txt", transcripts / ".cache" / "index")
        if dice.random() < 0.4:
            (root / "exports").mkdir()
            qc.export_tables(project, root / "exports" / "tables", quotes=True)
        if dice.random() < 0.4:
            (root / "data" / "raw").mkdir()
            shutil.copy(self.path / "G.txt", root / "data" / "raw" / "G.txt")


def not_named(
    root: Path, words: list[str], left: tuple[str, ...], but: tuple[str, ...] = ("\0",)
) -> list[str]:
    """Return files that hold one of some words, or whose path does, and that no line of a report names."""
    found = []
    for path in sorted(root.rglob("*")):
        file = path.relative_to(root).as_posix()
        if not path.is_file() or file == "data/transcripts/.pending/lock":
            continue
        content = f"{file}\n{path.read_bytes().decode('utf-8', errors='replace')}".casefold()
        held = [word for word in words if word.casefold() in content]
        folder = file.rpartition("/")[0]
        if (
            held
            and not file.startswith(but)
            and not any(line.startswith((file, f"{folder} (")) for line in left)
        ):
            found.append(f"{file}: {held}")
    return found


def problems(project: Project) -> list[str]:
    return [str(problem) for problem in project.check() if "conflict copy" not in str(problem)]


def build(path: Path, seed: int) -> Random:
    dice = random.Random(seed)
    made = Random(path, dice)
    for _ in range(dice.randint(0, 12)):
        made.step()
    made.lie_about()
    return made


@given(seed=st.integers(0, 10**6))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_who_is_forgotten_stands_in_no_file_but_those_that_are_named(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    warnings.simplefilter("ignore")
    made = build(tmp_path_factory.mktemp("forget"), seed)
    project, dice = made.project, made.dice
    name = dice.choice(made.people)
    if dice.random() < 0.3:
        other = next(n for n in made.people if n != name)
        project.pseudonymize({other: "Someone"}, made.path / "key.json")
    assert problems(project) == []
    before = project.transcript("G").text
    report = project.forget(made.case_of[name])
    assert problems(project) == []
    codes = any(line.startswith("codebooks/codebook.yaml: codes") for line in report.left)
    but = ("data/codings", "data/log", "codebooks/codebook") if codes else ("\0",)
    words = [name, *(f" {word} " for word in made.words[name]), *(f"{w}." for w in made.words[name])]
    assert not_named(project.path, words, report.left, but) == []
    after = project.transcript("G").text
    for other in made.people:
        if other != name:
            for word in made.words[other]:
                assert before.casefold().count(word) == after.casefold().count(word), (
                    "the words of others stay"
                )
    again = qc.open_project(project.path, coder="ben")
    again.code("G", (0, 3), "Things")
    assert problems(again) == []


@given(seed=st.integers(0, 10**6))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_names_that_were_replaced_stand_in_no_file_but_those_that_are_named(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    warnings.simplefilter("ignore")
    made = build(tmp_path_factory.mktemp("names"), seed)
    project = made.project
    names = {name: f"Person {number}" for number, name in enumerate(made.people)}
    text, labels = project.transcript("G").text, project.turns["speaker"].tolist()
    codings = project.codings[["id", "start", "end"]].sort_values("id").values.tolist()
    report = project.pseudonymize(names, made.path / "key.json")
    assert problems(project) == []
    assert not_named(project.path, made.people, report.left) == []
    assert problems(qc.open_project(project.path)) == []
    project.restore_names(made.path / "key.json")
    assert project.transcript("G").text == text
    assert project.turns["speaker"].tolist() == labels
    assert project.codings[["id", "start", "end"]].sort_values("id").values.tolist() == codings
    assert problems(project) == []
