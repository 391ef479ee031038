"""How long it takes to compare a text with its correction: four times the text takes about four times as long.

What is asserted is the ratio within one run. With every twentieth word changed, 1.8 MB take a second where the text has
lines, and some seconds where it is one line; comparing every word with every other took minutes.
"""

from __future__ import annotations

import random
import re
from time import perf_counter

import pytest

from qualcode.edits import edits_between

pytestmark = pytest.mark.benchmark

WORDS = [f"word{number}" for number in range(8000)]
OFTEN = [1 / (number + 1) for number in range(8000)]


def corrected(words: int, in_a_line: int) -> tuple[str, str]:
    """Return a text of words as they are spread in language, and the same with every twentieth changed."""
    dice = random.Random(words)
    drawn = dice.choices(WORDS, OFTEN, k=words)
    old = "".join(word + ("\n" if at % in_a_line == in_a_line - 1 else " ") for at, word in enumerate(drawn))
    number = iter(range(words))
    return old, re.sub(r"\w+", lambda match: match[0] if next(number) % 20 else f"x{match[0]}", old)


def seconds(old: str, new: str) -> float:
    best = float("inf")
    for _ in range(3):
        begun = perf_counter()
        edits = edits_between(old, new)
        best = min(best, perf_counter() - begun)
    assert len(edits) == len(old.split()) / 20
    return best


@pytest.mark.parametrize("in_a_line", [12, 10**9], ids=["lines", "one line"])
def test_four_times_the_text_takes_about_four_times_as_long(
    in_a_line: int, capsys: pytest.CaptureFixture[str]
) -> None:
    short, long = (seconds(*corrected(words, in_a_line)) for words in (50_000, 200_000))
    with capsys.disabled():
        print(f"\n  compared 50,000 words in {short:.2f} s, 200,000 in {long:.2f} s")
    assert long < 10 * short, "comparing every word with every other takes 16 times as long"
