"""Surveys: what every column becomes, one source and one case per respondent, all in one step."""

from __future__ import annotations

import datetime as dt

import openpyxl
import pytest

import qualcode as qc
from qualcode.errors import InvalidValue, QualcodeError, ReadError, Refused

HEADINGS = [
    "Respondent ID",
    "Years",
    "Remote?",
    "How often do you test?",
    "Tools",
    "E-mail",
    "Why does it fail?",
    "More",
]
ROWS = [
    ["17", "3", "yes", "Often", "NVivo; paper", "a@example.org", "Because nobody looks at the data after we ship it.", ""],
    ["18", "7.5", "no", "Never", "paper", "b@example.org", "We had no time,\nand then no money for it. 👩‍🔬", "Thank you for asking me all of this."],
    ["a b", "12", "yes", "Often", "NVivo; Excel", "c@example.org", "", "My cafe\u0301 is closed, that is all I can say."],
    ["20", "", "no", "Sometimes", "paper; Excel", "d@example.org", "", ""],
]  # fmt: skip


def csv(headings=HEADINGS, rows=ROWS):
    def cell(text):
        return '"' + text.replace('"', '""') + '"' if set(text) & set(';,"\n') else text

    return "\n".join(",".join(cell(each) for each in row) for row in [headings, *rows]) + "\n"


@pytest.fixture
def table(tmp_path):
    def write(content=None, name="survey.csv"):
        path = tmp_path / name
        path.write_text(csv() if content is None else content, encoding="utf-8")
        return path

    return write


@pytest.fixture
def project(tmp_path):
    return qc.create_project(tmp_path / "study", coder="ana")


def kinds(survey):
    return {each.question: (each.kind, each.type) for each in survey.questions}


# ---------------------------------------------------------------------------- what it would become


def test_every_guess_is_shown_and_no_answer(table):
    survey = qc.preview_survey(table())
    assert kinds(survey) == {
        "Respondent ID": ("id", ""),
        "Years": ("closed", "number"),
        "Remote?": ("closed", "boolean"),
        "How often do you test?": ("closed", "ordered"),
        "Tools": ("closed", "list"),
        "E-mail": ("left out", ""),
        "Why does it fail?": ("open", ""),
        "More": ("open", ""),
    }
    assert str(survey) == (
        "survey.csv: 4 respondents; 2 open, 4 closed, 1 left out\n"
        "  id: Respondent ID - by its heading\n"
        "  closed (number): Years - 3 different short answers\n"
        "  closed (boolean): Remote? - 2 different short answers\n"
        "  closed (ordered): How often do you test? - 3 different short answers; a known scale\n"
        "  closed (list): Tools - the same options again and again; several options in one cell, parted by semicolons\n"
        "  left out: E-mail - identifies people, by its heading\n"
        "  open: Why does it fail? - 2 answers of 8 to 11 words that nobody else gave\n"
        "  open: More - 2 answers of 8 to 10 words that nobody else gave\n"
        "  changed: 1 id with signs that an id cannot have."
    )
    shown = repr(survey) + survey._repr_html_() + survey.to_frame().to_string()
    assert not any(word in shown for word in ("nobody looks", "example.org", "closed, that"))
    frame = survey.to_frame()
    assert frame.columns.tolist() == [
        "question",
        "kind",
        "name",
        "type",
        "answers",
        "distinct",
        "words",
        "why",
    ]
    assert frame.set_index("question").loc["Why does it fail?", ["answers", "distinct"]].tolist() == [2, 2]


LIKERT = "Strongly agree that this is what we should have done from the very beginning of it all"
COLUMNS = {
    "long options, the same again": ([LIKERT] * 5 + ["No, we should not have done this at all, I think, never ever"], "closed"),
    "short words": (["data scientist", "engineer", "lead", "tester", "", "boss"], "closed"),
    "one long answer among short ones": (["no"] * 4 + ["well, this is a long story that I can tell you some other day", "-"], "open"),
    "long answers": (["It is what it is for us.", "We do not know why that is.", "", "Nobody asked us about it.", "no", "none of it"], "open"),
    "addresses": ([f"someone{n}@example.org" for n in range(6)], "left out"),
    "network addresses": ([f"10.0.0.{n}" for n in range(6)], "left out"),
    "nothing": ([""] * 6, "left out"),
    "dates": ([f"2026-03-0{n + 1}" for n in range(6)], "closed"),
}  # fmt: skip


@pytest.mark.parametrize("name", COLUMNS)
def test_kinds_of_columns(name, table):
    cells, kind = COLUMNS[name]
    rows = [[str(number), cell] for number, cell in enumerate(cells)]
    assert kinds(qc.preview_survey(table(csv(["id", "Question"], rows))))["Question"][0] == kind


def test_named_columns(table):
    survey = qc.preview_survey(table(), open=["more"], closed={"Years": "experience", "E-mail": "mail"})
    assert [each.question for each in survey.questions if each.kind == "open"] == ["More"]
    assert [each.name for each in survey.questions if each.kind == "closed"] == ["experience", "mail"]
    left = {each.question: each.why for each in survey.questions if each.kind == "left out"}
    assert left["Why does it fail?"] == "looks open, but is not among open="
    assert left["Tools"] == "looks closed, but is not among closed="


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"open": ["Why does it fai?"]}, r"open= names 'Why does it fai\?', which is no heading.*Did you mean 'Why does it fail\?'"),
        ({"open": "More"}, r"open= must be a list of headings, got one text\. Write open=\['More'\]\."),
        ({"open": ["More"], "closed": ["More"]}, r"'More' is named in open= and in closed=\. Name it in one\."),
        ({"id": "nr"}, "id= names 'nr', which is no heading of the table"),
    ],
)  # fmt: skip
def test_names_that_are_wrong(options, message, table):
    with pytest.raises(InvalidValue, match=message):
        qc.preview_survey(table(), **options)


def test_qualtrics_and_surveymonkey(table):
    qualtrics = csv(
        ["StartDate", "ResponseId", "Q1", "Q2"],
        [["Start Date", "Response ID", "Why does it fail, in your words?", "How many years?"],
         ['{"ImportId":"startDate"}', '{"ImportId":"_recordId"}', '{"ImportId":"QID1"}', '{"ImportId":"QID2"}'],
         ["2026-03-01 10:00:00", "R_1x", "It is what it always was for us.", "3"],
         ["2026-03-01 11:00:00", "R_2y", "We do not know, nobody does here.", "4"]],
    )  # fmt: skip
    survey = qc.preview_survey(table(qualtrics))
    assert survey.ids == ("R_1x", "R_2y")
    assert kinds(survey) == {
        "Start Date": ("left out", ""), "Response ID": ("id", ""), "Why does it fail, in your words?": ("open", ""),
        "How many years?": ("closed", "number"),
    }  # fmt: skip
    assert qc.preview_survey(table(qualtrics), open=["Q1"]).of_kind("open")[0][1].answers == 2
    monkey = csv(
        ["Respondent ID", "Which tools?", "", "Why?"],
        [["", "paper", "NVivo", "Open-Ended Response"], ["1", "paper", "", "It is what it always was."],
         ["2", "paper", "NVivo", "We do not know, nobody does."]],
    )  # fmt: skip
    survey = qc.preview_survey(table(monkey))
    assert list(kinds(survey)) == ["Respondent ID", "Which tools?: paper", "Which tools?: NVivo", "Why?"]
    assert survey.ids == ("1", "2")


def test_excel(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "Answers"
    for row in (
        ["Survey of spring 2026"],
        [],
        ["Code", "Day", "Age", "Why?", "Why?"],
        ["P1", dt.datetime(2026, 3, 1), 31.0, "It is what it always was for us.", None],
        [
            "P2",
            dt.datetime(2026, 3, 2),
            None,
            "We do not know, nobody does here.",
            "And so it goes on and on.",
        ],
    ):
        book.active.append(row)  # fmt: skip
    book.create_sheet("Notes").append(["x"])
    book.save(tmp_path / "survey.xlsx")
    survey = qc.preview_survey(tmp_path / "survey.xlsx", open=["Why?", "Why? (2)"])
    assert survey.ids == ("P1", "P2")
    assert kinds(survey) == {
        "Code": ("id", ""), "Day": ("closed", "date"), "Age": ("closed", "number"), "Why?": ("open", ""),
        "Why? (2)": ("open", ""),
    }  # fmt: skip
    assert survey.answers[0][:3] == ("P1", "2026-03-01", "31")
    assert [str(note) for note in survey.notes] == [
        "dropped: 1 sheet not read: 'Notes'. Pass sheet= for another.",
        "dropped: 1 row above the headings.",
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("a,b\n", "survey.csv: it has headings and no respondents. Export it again, with the answers in it."),
        ("a\nb\n", "survey.csv: it has one column; a survey has a column for every question. Export it as .csv or .xlsx."),
        ("<html><body>x</body></html>", "survey.csv: this is a web page (HTML), not a table. Export the answers as .csv or .xlsx."),
        ("id,why\n1,x\n1,y\n", "survey.csv: respondents 1 and 2 have one id in the column 'id'. Make the ids differ, name another column: id=..., or number all: id=\"\"."),
        ("id,why\n1,x\n,y\n", "survey.csv: 1 respondent without an id in the column 'id' (respondent 2). Fill them in, name another column: id=..., or number all: id=\"\"."),
    ],
)  # fmt: skip
def test_tables_that_cannot_be(content, message, table):
    with pytest.raises(ReadError) as caught:
        qc.preview_survey(table(content), id="id" if content.startswith("id") else None)
    assert str(caught.value) == message


def test_respondents_without_ids_are_numbered(table):
    survey = qc.preview_survey(
        table(csv(["Why?", "Years"], [["a b c d e", "1"], ["f g h i j", "2"]])), prefix="S-"
    )
    assert survey.ids == ("S-R1", "S-R2")
    assert [str(note) for note in survey.notes] == [
        "guessed: No column holds ids; respondents are numbered S-R1 to S-R2."
    ]


# ---------------------------------------------------------------------------- bringing it in


def test_sources_turns_and_cases(project, table):
    report = project.add_survey(table(), language="en")
    assert report.sources == ("17", "18", "a-b")
    assert report.cases == ("17", "18", "a-b", "20")
    assert str(report).startswith("3 sources, 4 cases from survey.csv: 4 respondents")
    assert "No source for 1 respondent without an open answer; the cases are there." in str(report)
    transcript = project.transcript("18")
    assert transcript.text == (
        "Why does it fail?\nWe had no time,\nand then no money for it. 👩‍🔬\n\nMore\nThank you for asking me all of this."
    )
    assert [(turn.speaker, transcript.text_of(turn)) for turn in transcript.turns] == [
        ("18", ROWS[1][6]), ("18", ROWS[1][7]),
    ]  # fmt: skip
    assert project.transcript("a-b").text == "More\n" + ROWS[2][7]  # no letter is normalised
    cases = project.cases.set_index("case")
    assert cases.loc["18", ["kind", "Years", "Remote?", "How often do you test?", "Tools"]].tolist() == [
        "participant", 7.5, False, "Never", ("paper",),
    ]  # fmt: skip
    assert project.attributes["How often do you test?"] == "ordered"
    assert cases["How often do you test?"].max() == "Often"
    assert "E-mail" not in cases.columns
    assert project.turns.query("source == '18'")["case"].tolist() == ["18", "18"]
    assert project.check() == []


def test_one_step_to_undo_gives_the_same_bytes(project, table, tmp_path):
    project.add_case("X", job="tester")

    def files():
        return {
            path.relative_to(project.path).as_posix(): path.read_bytes()
            for path in project.path.rglob("*")
            if path.is_file()
            and not {"log", ".versions", ".cache"} & set(path.relative_to(project.path).parts)
        }

    before = files()
    project.add_survey(table())
    assert files() != before
    assert project.undo()["verb"].tolist() == ["add survey"]
    assert files() == before
    project.redo()
    assert len(project.sources) == 3
    assert project.check() == []


def test_codings_count_for_the_respondent_also_with_the_question(project, table):
    project.add_survey(table())
    project.code("18", "no money for it", "Money", create=True)
    project.code("18", (0, 30), "Money")
    found = qc.retrieve(project, codes="Money")
    assert set(found["case"]) == {"18"}


def test_a_survey_inside_a_batch(project, table):
    with project.batch():
        project.add_survey(table())
        project.add_case("X")
    assert len(project.undo()) == 2
    assert len(project.sources) == 0


def test_the_same_survey_twice_is_refused(project, table):
    project.add_survey(table())
    with pytest.raises(Refused) as caught:
        project.add_survey(table())
    assert str(caught.value) == (
        "The study already has 3 sources of these ids (17, 18, a-b). Was the survey imported before? Else tell them apart: "
        "prefix='S-'."
    )
    assert len(project.add_survey(table(), prefix="S-", closed={"Years": "Years"}).sources) == 3


def test_a_case_that_is_there_is_completed_and_never_overwritten(project, table):
    project.add_case("17", parent="", job="tester")
    project.add_survey(table())
    case = project.cases.set_index("case").loc["17"]
    assert (case["job"], case["Years"]) == ("tester", 3)
    project.undo()
    project.declare_attribute("Years", "number")
    project.set_attribute("17", "Years", 4)
    with pytest.raises(Refused) as caught:
        project.add_survey(table())
    assert str(caught.value) == (
        "1 case of the study already has another value of the attribute 'Years'. Give the answers another name: "
        "closed={'heading': 'new name'}."
    )
    assert len(project.sources) == 0
    assert project.add_survey(table(), closed={"Years": "years of work"}).cases[0] == "17"


def test_pseudonyms_are_put_in_before_anything_is_stored(project, table):
    rows = [
        ["Ana", "3", "Ana Lima told me that Joe was right all along."],
        ["Ben", "4", "I asked JOE, and he had no idea."],
    ]
    path = table(csv(["id", "Years", "What happened, Joe?"], rows), "ana.csv")
    project.add_survey(path, pseudonyms={"Ana Lima": "P1", "Ana": "P1", "Joe": "a colleague", "Ben": "P2"})
    assert project.sources["source"].tolist() == ["P1", "P2"]
    assert project.transcript("P1").text == (
        "What happened, a colleague?\nP1 told me that a colleague was right all along."
    )
    for file in project.path.rglob("*"):
        if file.is_file():
            content = file.read_bytes().lower()
            assert not any(name in content for name in (b"ana lima", b"joe", b"ana.csv")), file


def test_nothing_open_is_said(project, table):
    path = table(csv(["id", "Years"], [["1", "3"], ["2", "4"]]))
    with pytest.raises(
        InvalidValue, match=r"No column looks like an open question\. Name them: open=\['heading'\]"
    ):
        project.add_survey(path)
    with pytest.raises(InvalidValue, match=r"The open questions have no answers"):
        project.add_survey(table(csv(["id", "Why"], [["1", ""], ["2", ""]])), open=["Why"])


@pytest.mark.parametrize("name", ["case", "kind", "parent", "Source"])
def test_an_attribute_cannot_be_called_like_a_column_of_every_case(name, project, table):
    rows = [["1", "x", "It is what it always was."], ["2", "y", "We do not know, nobody does."]]
    project.add_survey(table(csv(["nr", name, "Why?"], rows)), id="nr")
    assert f"{name} (2)" in project.cases.columns
    assert project.check() == []


def test_odd_tables_give_one_error_or_a_survey(project, table):
    for content in (
        "a,b\n\x00,\xff\n",
        "sep=;\na;b\n1;2\n",
        '"a,b\n1,2\n',
        ",,,\n,,,\n",
        "id,id\n1,2\n",
        "a,b\n" + "," * 5000 + "\n",
    ):
        try:
            project.add_survey(table(content))
        except QualcodeError as error:
            said = str(error)
        else:
            said = "read"
        assert said


def test_a_real_table(shared, project):
    path = shared / "corpora" / "annomi" / "AnnoMI-simple.csv"
    survey = qc.preview_survey(path, open=["utterance_text"])
    # not a survey, but a real table of 9,699 rows (counted in its SOURCES.md): closed columns are told apart
    assert len(survey.ids) == 9699
    assert survey.ids[:2] == ("R1", "R2")


def test_a_sentence_of_one_respondent_never_becomes_an_attribute_silently(table):
    answers = ["no", "No", "-", ""] * 9 + [
        f"Ask {name} why it went as it did, for nobody else was in that room {n}"
        for n, name in enumerate(("Ana", "Ben", "Cem", "Dana"))
    ]
    rows = [[f"P{n}", answer] for n, answer in enumerate(answers)]
    survey = qc.preview_survey(table(csv(["id", "Anything else?"], rows)))
    assert kinds(survey)["Anything else?"][0] == "open"
    few = [["P1", "no"], ["P2", "yes"], ["P3", "it depends on who of us is in the room then"], ["P4", "no"]]
    assert kinds(qc.preview_survey(table(csv(["id", "Why?"], few))))["Why?"][0] == "open"


def test_short_words_of_ones_own_are_pointed_out(table):
    rows = [["P1", "lead"], ["P2", "the one under Ana Lima"], ["P3", "lead"], ["P4", "tester"]]
    survey = qc.preview_survey(table(csv(["id", "Job"], rows)))
    assert kinds(survey)["Job"][0] == "closed"
    assert [str(note) for note in survey.notes] == [
        "guessed: 'Job' becomes an attribute, in data/cases.csv, with 1 answer of 4 or more words that nobody else gave. If "
        "these are people's own words: open=[...]."
    ]
    assert not qc.preview_survey(table(csv(["id", "Job"], rows)), closed=["Job"]).notes


def test_one_id_given_twice_does_not_renumber_everybody(table):
    rows = [[f"P{n}", "so it is and so it was"] for n in (1, 2, 3, 4, 4)]
    file = table(csv(["id", "Why?"], rows))
    with pytest.raises(ReadError, match="respondents 4 and 5 have one id in the column 'id'"):
        qc.preview_survey(file)
    numbered = qc.preview_survey(file, id="")
    assert numbered.ids == ("R1", "R2", "R3", "R4", "R5")
    # a column that is called so and holds something else is none of ids
    other = [["yes", "so it is"], ["no", "so it was"], ["no", "so it goes"]]
    assert qc.preview_survey(table(csv(["No", "Why?"], other))).ids == ("R1", "R2", "R3")


@pytest.mark.parametrize(("given", "advised"), [("", "S-"), ("S-", "S2-"), ("S2-", "S3-"), ("web", "web2-")])
def test_the_prefix_that_is_advised_was_not_given(given, advised, table, tmp_path):
    project = qc.create_project(tmp_path / "study", coder="ana")
    project.add_survey(table(), prefix=given)
    with pytest.raises(Refused) as caught:
        project.add_survey(table(), prefix=given)
    assert f"prefix='{advised}'" in str(caught.value)
