"""qc.show: an interview to read, with its codings, escaped, and nothing more than was asked for."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import html

import qualcode as qc
from qualcode.errors import InvalidValue, UnknownSource

TALK = "Interviewer: Why?\nAda: We <b>never</b> plan. It drifts & drifts.\nInterviewer: Really?\nAda: Yes.\n"


@pytest.fixture
def study(tmp_path: Path) -> qc.Project:
    (tmp_path / "talk.txt").write_text(TALK, encoding="utf-8")
    project = qc.create_project(tmp_path / "study", coder="ana")
    project.add_source(tmp_path / "talk.txt", "P1")
    project.code("P1", "plan. It drifts", "Plans", create=True)
    project.code("P1", "It drifts & drifts", "Data < code", create=True, stance="counters")
    project.code("P1", qc.turn(2), "Plans", coder="ben")
    return project


def test_printed_it_reads_like_a_transcript(study: qc.Project) -> None:
    assert str(qc.show(study, "P1", 2, 3)) == (
        "[2 Ada] We <b>never</b> plan. It drifts & drifts.\n"
        "    Plans (ben)\n"
        "    Plans (ana)\n"
        "    Data < code (ana, counters)\n"
        "[3 Interviewer] Really?"
    )
    assert str(qc.show(study, "P1", coders="ben")).count("Plans") == 1


def test_in_a_notebook_every_word_stands_once_and_escaped(study: qc.Project) -> None:
    page = qc.show(study, "P1")._repr_html_()
    table = html.fromstring(page)
    rows = [[cell.text_content() for cell in row.findall("td")] for row in table.iter("tr")]
    assert [row[3] for row in rows] == [
        "Why?",
        "We <b>never</b> plan. It drifts & drifts.",
        "Really?",
        "Yes.",
    ]
    assert [row[0] for row in rows] == ["1", "2", "3", "4"]
    assert "<b>never</b>" not in page
    assert not list(table.iter("script", "style"))
    grounds = [(span.text_content(), span.get("title")) for span in table.iter("span")]
    assert grounds == [
        ("We <b>never</b> ", "Plans (ben)"),
        ("plan. ", "Plans (ben); Plans (ana)"),
        ("It drifts", "Plans (ben); Plans (ana); Data < code (ana, counters)"),
        (" & drifts", "Plans (ben); Data < code (ana, counters)"),
        (".", "Plans (ben)"),
    ]


def test_a_repr_holds_no_word_of_the_interview(study: qc.Project) -> None:
    assert repr(qc.show(study, "P1")) == "<Page of P1: 4 turns, 3 codings; print it to read>"


def test_a_text_without_turns_is_shown_by_paragraphs(study: qc.Project) -> None:
    study.add_source(qc.Transcript("N1", "Notes", "One.\n\nTwo words.\n", ()))
    study.code("N1", "Two", "Plans")
    assert str(qc.show(study, "N1", 2)) == "[2] Two words.\n    Plans (ana)"


def test_what_is_not_there_is_said(study: qc.Project) -> None:
    with pytest.raises(InvalidValue, match="P1 has turns 1 to 4; 3 to 9 are not there"):
        qc.show(study, "P1", 3, 9)
    with pytest.raises(UnknownSource):
        qc.show(study, "P2")
