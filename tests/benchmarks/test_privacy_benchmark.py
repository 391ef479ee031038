"""How long it takes to replace names in a study, beside importing its texts."""

from __future__ import annotations

import random
import re
from pathlib import Path
from time import process_time

import pytest

import qualcode as qc

pytestmark = pytest.mark.benchmark

SOURCES, TURNS, WORDS = 40, 150, 40


def test_replacing_names_takes_at_most_four_times_as_long_as_importing_the_texts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dice = random.Random(1)
    words = [
        "".join(dice.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(dice.randint(2, 9)))
        for _ in range(3000)
    ]
    words += ["für", "schön", "Straße", "über"] * 20
    project = qc.create_project(tmp_path / "study", coder="ana")
    begun = process_time()
    for number in range(SOURCES):
        lines = [
            f"{'Maria' if turn % 2 else 'Interviewer'}: {' '.join(dice.choices(words, k=WORDS))}"
            + (" Jonas said." if turn % 20 == 0 else ".")
            for turn in range(TURNS)
        ]
        (tmp_path / "S.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
        project.add_source(tmp_path / "S.txt", f"S{number}")
    imported = process_time() - begun
    begun = process_time()
    report = project.pseudonymize(
        {"Maria": "P1", "Jonas": "a colleague", "Karl Heinz": "b"}, tmp_path / "key.json"
    )
    taken = process_time() - begun
    with capsys.disabled():
        print(
            f"\n{len(report.sources)} sources, {project.sources['length'].sum():,} characters: names replaced in "
            f"{taken:.1f} s, imported in {imported:.1f} s"
        )
    left = "\n".join(path.read_text(encoding="utf-8") for path in (project.path / "data").rglob("*.txt"))
    assert not re.search("Maria|Jonas", left)
    assert taken < 4 * imported
