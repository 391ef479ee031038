"""How fast a codebook is read and asked, beside the library that parses its YAML and a plain loop."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter

import pytest
from ruamel.yaml import YAML

from qualcode.codebook_file import codebook_from_yaml

pytestmark = pytest.mark.benchmark

TEXT = (Path(__file__).resolve().parents[2] / "codebooks" / "codebook.yaml").read_text(encoding="utf-8")


def seconds(call, times: int = 5) -> float:
    """The best of several runs: other programs can only make a run slower."""
    best = float("inf")
    for number in range(times):
        begun = perf_counter()
        call(number)
        best = min(best, perf_counter() - begun)
    return best


def test_reading_takes_little_more_than_parsing(capsys):
    ours = seconds(lambda number: codebook_from_yaml(f"{TEXT}# {number}\n"))
    plain = seconds(lambda number: YAML(typ="safe", pure=True).load(TEXT))
    with capsys.disabled():
        print(f"\n51 codes: {1000 * ours:.0f} ms, ruamel alone {1000 * plain:.0f} ms")
    assert ours < 4 * plain


def test_lookups_are_remembered(capsys):
    book = codebook_from_yaml(TEXT)

    def ask(_: int) -> None:
        for _ in range(10_000):
            book.counts_as("pmr-1")
            book.resolve("pmr-1")
            book.code("Project Planning")

    def search(_: int) -> None:
        for _ in range(1_000):
            next(code for code in book.codes if code.id == "project-planning")

    ours, plain = seconds(ask), 10 * seconds(search)
    with capsys.disabled():
        print(f"\n10,000 times three questions: {1000 * ours:.0f} ms, one search each {1000 * plain:.0f} ms")
    assert ours < 30 * plain
