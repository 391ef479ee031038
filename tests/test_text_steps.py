"""Places over many versions of a text: whoever changed it, and whoever wrote when, the same passage stays the same."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import qualcode as qc
from qualcode.errors import QualcodeError

TEXT = (
    "Interviewer: so good model weeks.\n"
    "Maria: good weeks because we model took it. weeks good bad model it drifts so.\n"
    "Bob: and good so weeks said model never and.\n"
)
PASSAGE = "good weeks because we model took it."
WORDS = "good weeks model took said so it never bad drifts".split()
CODERS = ("ana", "ben", "cleo")

Place = tuple[int, int, str]


def started(folder: Path, text: str = TEXT) -> qc.Project:
    project = qc.create_project(folder, coder="ana")
    (folder.parent / "new.txt").write_text(text, encoding="utf-8")
    project.add_source(folder.parent / "new.txt", id="P1")
    for name in ("Code", "Other"):
        project.new_code(name)
    return project


def places(project: qc.Project) -> dict[str, list[Place]]:
    """Return coder to the places that count, and those that wait for a person, of the code that all have put."""
    counted, waiting = qc.retrieve(project), qc.relocations(project)
    found: dict[str, list[Place]] = {coder: [] for coder in CODERS}
    for frame, columns, sure in (
        (counted, ["coder", "code", "start", "end"], "counts"),
        (waiting, ["coder", "code", "new_start", "new_end"], "waits"),
    ):
        for coder, code, start, end in frame[columns].itertuples(index=False):
            if code == "Code":
                found[coder].append(
                    (-1 if start is None or start != start else int(start), int(end or 0), sure)
                )
    return {coder: sorted(each) for coder, each in found.items()}


def changed(dice: random.Random, text: str) -> str:
    """Return a text with a few words taken out, put in or doubled somewhere."""
    for _ in range(dice.randint(1, 3)):
        start = dice.randrange(len(text))
        end = min(len(text), start + dice.choice((0, 1, 6, 20, 60)))
        new = " ".join(dice.choice(WORDS) for _ in range(dice.choice((0, 0, 1, 3, 8))))
        text = text[:start] + dice.choice((new, f" {new} ", f"\nBob: {new}\nMaria: ")) + text[end:]
    return text


def change(dice: random.Random, project: qc.Project, folder: Path) -> None:
    text = project.transcript("P1").text
    kind = dice.choice(("correct", "correct", "update", "take"))
    new = changed(dice, text)
    if kind == "correct":
        start = dice.randrange(len(text) - 1)
        end = dice.randint(start + 1, min(len(text), start + 15))
        project.correct(
            "P1", qc.Span(start, end), dice.choice(("", "x", "good weeks", "so. \nBob: it", "took it"))
        )
    elif kind == "update":
        (folder.parent / "new.txt").write_text(new, encoding="utf-8")
        project.update_source("P1", folder.parent / "new.txt")
    else:
        (folder / "data/transcripts/P1.txt").write_text(new, encoding="utf-8", newline="")
        project.take_edits()


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10**9))
def test_two_coders_with_the_same_codings_have_them_at_the_same_places(
    seed: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    dice = random.Random(seed)
    folder = tmp_path_factory.mktemp("steps") / "study"
    project = started(folder)
    spans = []
    for _ in range(4):
        start = dice.randrange(len(TEXT) - 3)
        spans.append(qc.Span(start, min(len(TEXT), start + dice.choice((3, 12, 36, 80)))))
    for coder in CODERS:
        for span in spans:
            project.code("P1", span, "Code", coder=coder)
    for _ in range(5):
        changes = qc.open_project(folder, coder=dice.choice(CODERS))
        try:
            change(dice, changes, folder)
        except QualcodeError:
            continue
        if dice.random() < 0.5:  # whoever writes has their codings written anew
            length = len(changes.transcript("P1").text)
            start = dice.randrange(length - 1)
            changes.code("P1", qc.Span(start, min(length, start + 2)), "Other", coder=dice.choice(CODERS))
        here = places(changes)
        assert here["ana"] == here["ben"] == here["cleo"]
        assert places(qc.open_project(folder, coder="ana")) == here
