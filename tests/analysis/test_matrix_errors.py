"""What the analyses say when they are asked for something that is not there, or not clear."""

from __future__ import annotations

import re

import pytest
from clinic import BOOK, clinic, coding, turn

from qualcode.analysis import code_counts, matrix, retrieve
from qualcode.codebook import Codebook, Facet
from qualcode.errors import InvalidValue, NotFound, UnknownCode, UnknownCoder, UnknownFacet

STUDY = clinic([coding("nurse", turn(2), "data")])


def says(kind: type[Exception], message: str, call, *args, **kwargs):
    with pytest.raises(kind, match=re.escape(message)):
        call(*args, **kwargs)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"rows": "themes"},
            "rows='themes' is not known. Did you mean 'theme'? Expected a facet (point, theme, challenge), a code, "
            "a list of codes, 'source', 'case' or a kind of case (participant, organization) or an attribute of "
            "cases (size, years, tools).",
        ),
        ({"columns": "attribute:colour"}, "columns='attribute:colour' is not known."),
        (
            {"rows": ["data", "source"]},
            "rows mixes codes with 'source'. A list holds codes only; for 'source' itself",
        ),
        ({"rows": ["data", "theme"]}, "rows mixes codes with 'theme'."),
        ({"rows": []}, "rows is an empty list. Name at least one code."),
        (
            {"rows": ["data", "Patient data"]},
            "rows names the code 'Patient data' twice. Name every code once.",
        ),
        (
            {"relation": "near"},
            "relation='near' is not known. Expected one of codebook, marked, segment, overlap, turn, turns, source.",
        ),
        ({"relation": "overlaps"}, "Did you mean 'overlap'?"),
        (
            {"relation": "turn", "n": 2},
            "n=2 goes with relation='turns' only, not with 'turn'. Leave n out, or",
        ),
        ({"relation": "turns"}, "relation='turns' needs n, the number of turns apart. For example n=1"),
        ({"relation": "turns", "n": -1}, "n=-1 must be a whole number of turns, 0 or more."),
        (
            {"count_by": "participants"},
            "count_by='participants' is not known. Expected coding, segment, source or a kind of case. Kinds of "
            "cases in this project: participant, organization. Did you mean 'participant'?",
        ),
        (
            {"where": {"colour": "red"}},
            "where= does not know 'colour'. It knows facet, code, role, stance, source,",
        ),
        (
            {"where": {"stance": "against"}},
            "'against' is no stance. Expected one of supports, counters, mixed.",
        ),
        (
            {"where": {"role": "nurse"}},
            "'nurse' is no role of a speaker. Expected one of interviewer, participant",
        ),
        ({"where": {"size": "huge"}}, "No case has 'huge' as its size. There are: large, small."),
        (
            {"where": {"source": []}},
            "where={'source': []} would keep nothing. Give a value, or leave it out.",
        ),
        ({"where": "supports"}, "where= must be a dict such as {'stance': 'supports'}, got str."),
        ({"coders": []}, "coders=[] counts nobody. Name coders, or leave it out."),
    ],
)
def test_unclear_arguments_say_what_is_expected(arguments, message):
    says(InvalidValue, message, matrix, STUDY, **{"rows": "point", "columns": "theme", **arguments})


@pytest.mark.parametrize(
    ("kind", "arguments", "message"),
    [
        (UnknownCode, {"rows": ["data", "dta"]}, "The codebook has no code 'dta'. Did you mean 'data'?"),
        (
            UnknownFacet,
            {"where": {"facet": "themes"}},
            "The codebook has no facet 'themes'. Did you mean 'Theme'?",
        ),
        (
            UnknownCoder,
            {"coders": "Mirra"},
            "The project has no coder 'Mirra'; it has mira, tom, agreed, robot,",
        ),
        (
            NotFound,
            {"where": {"source": "nurses"}},
            "The project has no source 'nurses'. Did you mean 'nurse'?",
        ),
        (NotFound, {"where": {"case": "Nadina"}}, "The project has no case 'Nadina'. Did you mean 'Nadine'?"),
    ],
)
def test_names_that_are_not_in_the_study(kind, arguments, message):
    says(kind, message, matrix, STUDY, **{"rows": "point", "columns": "theme", **arguments})


def test_a_name_with_two_meanings_has_to_be_said_in_full():
    study = clinic([coding("nurse", turn(2), "data")])
    study.attributes = {**study.attributes, "theme": "text"}
    study.case_rows[1]["theme"] = "wards"
    says(
        InvalidValue,
        "rows='theme' is not clear: it is the name of a facet and of an attribute. "
        "Write one of rows='facet:theme', rows='attribute:theme'.",
        matrix,
        study,
        "theme",
        "point",
    )
    assert list(matrix(study, "facet:theme", "source").table.index) == ["talk", "paper"]
    assert list(matrix(study, "attribute:theme", "source").table.index) == ["wards"]
    assert list(matrix(study, "kind:organization", "code:data").table.index) == ["hospital", "vendor"]


def test_a_code_can_be_named_with_its_facet():
    assert list(matrix(STUDY, "theme:Communication", "point").table.index) == ["talk"]
    with pytest.raises(UnknownCode):
        matrix(STUDY, ["theme:Patient data"], "point")


def test_a_role_that_is_an_attribute_is_explained():
    study = clinic([coding("nurse", turn(2), "data")])
    study.attributes = {**study.attributes, "role": "text"}
    study.case_rows[1]["role"] = "nurse"
    says(
        InvalidValue,
        "For the attribute 'role' of cases write where={'attribute:role': ...}.",
        matrix,
        study,
        "point",
        "theme",
        where={"role": "nurse"},
    )
    assert matrix(study, "point", "point", where={"attribute:role": "nurse"}).total == 1


@pytest.mark.parametrize(
    ("coder", "words"),
    [
        ("robot", "robot (a machine)"),
        ("solution", "solution (a key)"),
        ("agreed", "agreed (a consensus that is not finished)"),
    ],
)
@pytest.mark.parametrize("ask", [lambda s: matrix(s, "point", "theme"), retrieve, code_counts])
def test_coding_that_no_person_did_never_counts_by_itself(coder, words, ask):
    study = clinic([coding("nurse", turn(2), "data", "mira"), coding("group", turn(2), "data", coder)])
    says(
        InvalidValue,
        f"Only {words} coded group: no person did, and no finished consensus. Say that this coding shall count "
        f"with coders=['{coder}'], leave the source out with where=, or let a person code it.",
        ask,
        study,
    )
    assert matrix(study, "point", "theme", where={"source": "nurse"}).n == 1
    assert matrix(study, "point", "theme", coders=["mira", coder]).n == 2


def test_case_needs_one_kind():
    study = clinic([coding("nurse", turn(2), "data")])
    assert matrix(study, "point", "case", count_by="case").count_by == "participant"
    study.speaker_rows.append({"source": "nurse", "speaker": "", "case": "hospital", "role": ""})
    says(
        InvalidValue,
        "Say which, for example count_by='participant'.",
        matrix,
        study,
        "point",
        "theme",
        "case",
    )
    study.speaker_rows.clear()
    says(
        InvalidValue,
        "rows='case' needs cases, but no source and no speaker is linked to one. Link them with "
        "project.link(source, speaker, case), or use 'source'.",
        matrix,
        study,
        "case",
        "theme",
    )


def test_an_attribute_without_values():
    study = clinic([coding("nurse", turn(2), "data")])
    for row in study.case_rows:
        row.pop("tools", None)
    says(
        InvalidValue,
        "has a value of the attribute 'tools', so there is nothing",
        matrix,
        study,
        "point",
        "tools",
    )


def test_empty_studies():
    empty = clinic([], source_rows=[])
    says(InvalidValue, "The project has no sources yet. Add interviews with", matrix, empty, "point", "theme")
    bare = clinic([], codebook=Codebook((Facet("open-codes", "open codes"),)))
    says(
        InvalidValue,
        "The facet 'open-codes' has no codes yet, so rows would be",
        matrix,
        bare,
        "open-codes",
        "source",
    )


def test_a_split_code_is_not_a_row():
    book = BOOK.new_code("Beds", parent="planning", id="beds").split_code("effort", ["beds"])
    study = clinic([], codebook=book)
    says(
        InvalidValue, "which was split into Planning > Beds. Name those.", matrix, study, ["effort"], "theme"
    )
