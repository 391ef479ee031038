"""The studies that qualcode.testing makes: valid, and exactly as their plan says."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from qualcode import Project
from qualcode.errors import InvalidValue
from qualcode.testing import known_codings, make_project, sentences_of


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return make_project(tmp_path_factory.mktemp("made") / "study", sources=6)


def passages(project: Project, coder: str) -> Counter[tuple[str, int, int, str]]:
    """Source, start, end and code of every coding of one coder."""
    own = project.codings[project.codings["coder"] == coder]
    return Counter(zip(own.source, own.start.astype(int), own.end.astype(int), own.code, strict=True))


def test_the_study_is_valid_and_marked_synthetic(made: Project) -> None:
    assert made.check() == []
    assert made.sources.synthetic.all()
    assert all(
        text.startswith("SYNTHETIC") for text in (made.transcript(s).text for s in made.sources.source)
    )


def test_codings_are_those_of_the_plan(made: Project) -> None:
    for place, coder in enumerate(("ana", "ben")):
        planned = [plan for plan in known_codings() if plan.coder == place]
        for source in made.sources.source:
            own = made.codings[(made.codings.source == source) & (made.codings.coder == coder)]
            if coder == "ben" and source == "S6":
                assert own.empty
                continue
            pairs = sentences_of(made.transcript(source))
            expected = [
                (
                    pairs[p.turn // 2 - 1][p.first - 1].start,
                    pairs[p.turn // 2 - 1][p.last - 1].end,
                    p.code,
                    p.stance,
                )
                for p in planned
            ]
            found = zip(own.start.astype(int), own.end.astype(int), own.code, own.stance, strict=True)
            assert Counter(found) == Counter(expected)


def test_the_coders_agree_and_differ_as_the_head_of_the_module_says(made: Project) -> None:
    ana, ben = passages(made, "ana"), passages(made, "ben")
    both = 5  # sources that both finished
    same = ana & ben
    assert sum(same.values()) == 2 * both
    assert Counter(code for *_, code in same.elements()) == {"trust": both, "process": both}

    def of_code(found: Counter[tuple[str, int, int, str]], code: str) -> list[tuple[str, int, int]]:
        return sorted(row[:3] for row in found if row[3] == code)

    # borders differ: ben's second sentence lies inside ana's two
    for (source, start, end), (_, start2, end2) in zip(
        [row for row in of_code(ana, "communication") if row[0] != "S6"],
        of_code(ben, "communication"),
        strict=True,
    ):
        assert start < start2 < end2 == end, source
    # codes differ on one passage
    assert of_code(ben, "delay") == [row for row in of_code(ana, "waiting") if row[0] != "S6"]
    assert not of_code(ben, "roles")


def test_every_kind_of_source_is_there(made: Project) -> None:
    turns = made.turns.groupby("source").size().to_dict()
    assert turns == {"S1": 6, "S2": 6, "S3": 6, "S4": 6, "S6": 6}  # S5 has no turns
    cases = made.turns[made.turns.source == "S2"].groupby("case").turn.apply(list).to_dict()
    assert cases["S2a"] == [2, 6]
    assert cases["S2b"] == [4]
    whole = made.speakers[made.speakers.speaker == ""]
    assert list(zip(whole.source, whole.case, strict=True)) == [("S5", "S5")]
    table = made.cases.set_index("case")
    assert table.loc["S2b", "parent"] == "O2"
    assert table.loc["S5", "parent"] == "O1"
    assert table.loc["S2b", "years"] == 3
    states = {(row.coder, row.source): row.state for row in made.progress.itertuples()}
    assert states["ben", "S6"] == "not started"
    assert states["ana", "S6"] == "finished"


def test_the_seed_chooses_words_and_nothing_else(made: Project, tmp_path: Path) -> None:
    same = make_project(tmp_path / "same", sources=6)
    other = make_project(tmp_path / "other", sources=6, seed=1)
    texts = [[study.transcript(s).text for s in study.sources.source] for study in (made, same, other)]
    assert texts[0] == texts[1] != texts[2]
    columns = ["source", "start", "end", "code", "coder", "stance"]
    rows = [study.codings[columns].sort_values(columns).values.tolist() for study in (made, same, other)]
    assert rows[0] == rows[1]
    plans = [Counter((r[0], *r[3:]) for r in study) for study in rows]
    assert plans[0] == plans[2]


def test_every_sentence_is_a_quote_that_is_found_once(made: Project) -> None:
    for source in made.sources.source:
        transcript = made.transcript(source)
        for pair in sentences_of(transcript):
            for span in pair:
                assert transcript.find(transcript.text_of(span)) == [span]


def test_what_cannot_be_made_is_said(tmp_path: Path) -> None:
    with pytest.raises(InvalidValue, match="at least 4 sources, got 2"):
        make_project(tmp_path / "a", sources=2)
    with pytest.raises(InvalidValue, match="two coders, got 1"):
        make_project(tmp_path / "b", coders=["ana"])
