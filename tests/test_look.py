"""qc.preview: everything that would come in, and nothing stored."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import html

import qualcode as qc
from qualcode.errors import ReadError


def test_it_shows_what_add_source_then_stores(tmp_path: Path) -> None:
    (tmp_path / "talk.txt").write_text(
        "[00:05] Ana: Why <b>?\n[01:02:10] Ben: It drifts.\n" * 3, encoding="utf-8"
    )
    before = sorted(tmp_path.iterdir())
    seen = qc.preview(tmp_path / "talk.txt", id="P1", roles={"Ana": "interviewer"})
    assert sorted(tmp_path.iterdir()) == before
    project = qc.create_project(tmp_path / "study", coder="ana")
    report = project.add_source(tmp_path / "talk.txt", "P1", roles={"Ana": "interviewer"})
    assert seen.transcript.text == project.transcript("P1").text
    assert seen.transcript.turns == project.transcript("P1").turns
    assert seen.notes == report.notes
    assert seen.speakers == {"Ana": 3, "Ben": 3}
    assert "speakers  Ana (3 turns, interviewer); Ben (3 turns)" in str(seen)
    assert "6 turns from 0:05 to 1:02:10" in str(seen)
    page = html.fromstring(f"<div>{seen._repr_html_()}</div>")
    assert "Why <b>?" in page.text_content()
    assert "drifts" not in repr(seen)


def test_a_file_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_bytes(b"")
    with pytest.raises(ReadError, match="the file is empty"):
        qc.preview(tmp_path / "empty.txt")


def test_a_text_without_speakers_shows_its_first_lines_cut(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("word " * 100 + "\n\nsecond\n", encoding="utf-8")
    lines = str(qc.preview(tmp_path / "notes.txt")).splitlines()
    assert lines[-1] == "second"
    assert lines[-2].endswith("…")
    assert len(lines[-2]) <= 160


def test_the_times_reach_to_the_end_of_the_last_turn(tmp_path: Path) -> None:
    (tmp_path / "talk.vtt").write_text("WEBVTT\n\n00:00.000 --> 00:26.000\n<v Ana>Yes.\n")
    assert "1 turn from 0:00 to 0:26" in str(qc.preview(tmp_path / "talk.vtt"))
