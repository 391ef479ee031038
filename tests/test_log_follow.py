"""A log is read once and then from where it grew: what is known is what reading it whole would tell."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qualcode.errors import FileProblems, Refused
from qualcode.log import REDO, UNDO, Event, KnownLog, parse_log, steps
from qualcode.project import Project
from qualcode.testing import make_project


def event(number: int, verb: str, of: tuple[str, ...] = (), batch: str = "") -> Event:
    time = f"2026-01-01T00:{number // 60:02}:{number % 60:02}.000000Z"
    return Event(f"e{number}", time, "ana", verb, {"of": list(of)} if of else {}, batch=batch)


@st.composite
def logs(draw: st.DrawFn) -> list[Event]:
    """Work, batches, undo and redo in any order, also of things that were never done."""
    events: list[Event] = []
    for number in range(draw(st.integers(1, 25))):
        kind = draw(st.sampled_from(["code", "code", "batch", UNDO, REDO, "edited outside"]))
        if kind in (UNDO, REDO):
            done, undone = steps(events)
            pool = done if kind == UNDO else undone
            if pool:
                group = draw(st.sampled_from(pool))
                events.append(event(number, kind, tuple(each.id for each in group)))
        elif kind == "batch":
            events.append(event(number, "code", batch=f"b{draw(st.integers(0, 3))}"))
        else:
            events.append(event(number, kind))
    return events


@settings(deadline=None)  # a loaded machine is no fault of the log
@given(events=logs(), cuts=st.lists(st.integers(0, 25)), whole=st.booleans())
def test_a_log_that_grows_is_known_as_if_it_were_read_whole(
    events: list[Event], cuts: list[int], whole: bool
) -> None:
    known, content = KnownLog("data/log/ana.jsonl"), b""
    for cut in [*sorted(cuts), len(events)]:
        content = b"".join(each.line() for each in events[:cut])
        given_now = (
            content if whole else content.removesuffix(b"\n")
        )  # the last line without its end is whole too
        known.follow(lambda position, now=given_now: now[position:])
        expected = parse_log(content, "log")
        assert known.events == expected
        assert (known.steps.done, known.steps.undone) == steps(expected)


def test_only_what_is_new_is_read() -> None:
    lines = [event(number, "code").line() for number in range(2000)]
    known, asked = KnownLog("log"), []

    def read_from(position: int) -> bytes:
        asked.append(position)
        return content[position:]

    content = b"".join(lines[:1999])
    known.follow(read_from)
    content = b"".join(lines)
    known.follow(read_from)
    assert asked[0] == 0
    assert len(content) - asked[1] < 5000
    assert len(known.events) == 2000


def test_another_log_in_its_place_is_read_whole() -> None:
    known = KnownLog("log")
    one = b"".join(event(number, "code").line() for number in range(5))
    other = b"".join(event(number, "memo").line() for number in range(9))
    known.follow(lambda position: one[position:])
    known.follow(lambda position: other[position:])
    assert [each.verb for each in known.events] == ["memo"] * 9


def test_a_line_that_is_no_event_is_told_by_its_number_in_the_file(tmp_path: Path) -> None:
    study = make_project(tmp_path / "study")
    study.memo("x")
    study.undo()
    log = study.path / "data/log/ana.jsonl"
    lines = log.read_bytes().count(b"\n")
    with log.open("ab") as file:
        file.write(b"nonsense\n")
    with pytest.raises(FileProblems, match=rf"data/log/ana.jsonl:{lines + 1}: is no event"):
        study.undo()


def test_two_programs_undo_what_is_there(tmp_path: Path) -> None:
    study = make_project(tmp_path / "study")
    other = Project(study.path, "ana")
    for number in range(3):
        study.memo(f"one {number}")
        other.memo(f"two {number}")
        assert other.undo()["verb"].tolist() == ["memo"]
    assert study.undo(3)["verb"].tolist() == ["memo"] * 3
    assert other.memos.empty
    other.redo(3)
    assert sorted(study.memos["text"]) == ["one 0", "one 1", "one 2"]
    log = study.path / "data/log/ana.jsonl"
    log.write_bytes(log.read_bytes())  # by an editor: the same file, or another
    log.unlink()
    with pytest.raises(Refused, match="nothing to undo"):
        study.undo()
