"""A coded interview as one file: everything is there, nothing can run, and it lands nowhere by mistake."""

from __future__ import annotations

import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest

import qualcode as qc
from qualcode.errors import FolderError, InvalidValue, Refused, UnknownCoder, UnknownSource
from qualcode.project import Project, create_project
from qualcode.span import Span
from qualcode.testing import make_project
from qualcode.transcript import Transcript, Turn


class Read(HTMLParser):
    """What a reader gets: texts by class of block, marked words with their titles, names in the margin."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.stack: list[tuple[str, str]] = []
        self.texts: list[str] = []
        self.marked: list[tuple[str, str]] = []
        self.names: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        known = {name: value or "" for name, value in attrs}
        if tag in ("meta",):
            return
        self.stack.append((tag, known.get("class", "")))
        if known.get("class") == "text":
            self.texts.append("")
        if tag == "mark":
            self.marked.append(("", known["title"]))
        if tag == "li":
            self.names.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.stack.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        inside = [tag for tag, _ in self.stack]
        if ("div", "text") in self.stack:
            self.texts[-1] += data
        if "mark" in inside:
            self.marked[-1] = (self.marked[-1][0] + data, self.marked[-1][1])
        if "li" in inside:
            self.names[-1] += data


@pytest.fixture
def study(tmp_path: Path) -> Project:
    return make_project(tmp_path / "study")


@pytest.fixture
def private(tmp_path: Path) -> Project:
    """A study with an interview that is not made up, and words that would break a page."""
    project = create_project(tmp_path / "private", coder="ana", title="Talks & more")
    project.new_code('Said "so" <b>', id="said")
    text = 'Heading <i>\nAna: I said <script>alert("x")</script> & left 🙂.\nBen: تم الأمر.\n'
    first, second = text.index("I said"), text.index("تم")
    turns = (
        Turn(1, "Ana", Span(first, text.index(".\nBen") + 1), begins=62),
        Turn(2, "Ben", Span(second, len(text) - 1)),
    )
    project.add_source(Transcript("P1", "P <1>", text, turns, language="en"))
    project.code("P1", (first + 7, first + 15), "said", stance="counters")
    project.code("P1", (first + 7, second + 2), "said")
    return project


def test_every_word_and_every_coding_is_in_the_file(study: Project, tmp_path: Path) -> None:
    file = qc.coded_html(study, "S1", tmp_path / "out" / "S1.html")
    read = Read(file.read_text(encoding="utf-8"))
    text = study.transcript("S1")
    assert read.texts == ["SYNTHETIC INTERVIEW made by qualcode.testing", *map(text.text_of, text.turns)]
    assert len(read.names) == 10
    assert "Process ben, counters" in read.names
    coded = {
        position
        for row in study.codings.query("source == 'S1'").itertuples()
        for position in range(row.start, row.end)
    }
    assert sum(len(words) for words, _ in read.marked) == len(coded)
    assert "SYNTHETIC: nobody said these words." in file.read_text(encoding="utf-8")


def test_nothing_in_the_file_can_run_or_be_loaded(private: Project, tmp_path: Path) -> None:
    html = qc.coded_html(private, "P1", tmp_path / "P1.html").read_text(encoding="utf-8")
    read = Read(html)
    assert not {"script", "iframe", "img", "link", "object", "a", "form", "i", "b"} & set(read.tags) - {"b"}
    assert "default-src 'none'; style-src 'unsafe-inline'" in html
    assert not re.search(r"https?:|url\(|@import|\son\w+=", html)
    assert read.texts == ["Heading <i>", 'I said <script>alert("x")</script> & left 🙂.', "تم الأمر."]
    assert read.marked[0] == ("<script>", 'Said "so" <b> (ana, counters); Said "so" <b> (ana)')
    assert html.count('dir="auto"') == 3
    assert "1:02" in html
    assert "It holds words of a participant" in html
    assert "SYNTHETIC" not in html


def test_only_the_coders_that_are_named_are_shown_and_a_key_only_by_name(
    study: Project, tmp_path: Path
) -> None:
    study.add_coder("planted", kind="key")
    study.code("S1", qc.turn(1), "delay", coder="planted")

    def names(coders: str | list[str] | None) -> set[str]:
        html = qc.coded_html(study, "S1", tmp_path / "x.html", coders=coders).read_text(encoding="utf-8")
        return {name.split()[-1] if "," not in name else "counters" for name in Read(html).names} - {
            "counters"
        }

    assert names(None) == {"ana", "ben"}
    assert names("ben") == {"ben"}
    assert names(["ana", "planted"]) == {"ana", "planted"}
    with pytest.raises(UnknownCoder, match=r"no coder 'benn'. Did you mean 'ben'\?"):
        names("benn")


def test_the_same_study_gives_the_same_bytes(study: Project, tmp_path: Path) -> None:
    one = qc.coded_html(study, "S1", tmp_path / "one.html").read_bytes()
    assert qc.coded_html(study, "S1", tmp_path / "two.html").read_bytes() == one
    assert not list(tmp_path.glob("*.tmp"))


def test_words_of_participants_are_not_put_where_the_study_is_shared(
    private: Project, tmp_path: Path
) -> None:
    for place in (
        "P1.html",
        "figures/P1.html",
        "data/P1.html",
        "data/transcripts/P1.html",
        "data/raw/../P1.html",
    ):
        with pytest.raises(Refused, match="would hold words of participants and lie inside the study"):
            qc.coded_html(private, "P1", private.path / place)
    assert not list(private.path.rglob("*.html"))
    assert qc.coded_html(private, "P1", private.path / "data/raw/P1.html").is_file()
    assert private.check() == []


def test_a_made_up_interview_may_lie_anywhere(study: Project) -> None:
    assert qc.coded_html(study, "S1", study.path / "figures" / "S1.html").is_file()


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_a_folder_that_git_shares_is_warned_of(private: Project, study: Project, tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    subprocess.run(["git", "init", "-q"], cwd=shared, check=True)
    with pytest.warns(UserWarning, match="lies in a folder that git shares"):
        qc.coded_html(private, "P1", shared / "deep" / "P1.html")
    (shared / ".gitignore").write_text("*.html\n", encoding="utf-8")
    qc.coded_html(private, "P1", shared / "P1.html")
    qc.coded_html(study, "S1", shared / "S1.html")
    (shared / ".gitignore").unlink()
    qc.coded_html(study, "S1", shared / "S1.html")


def test_what_cannot_be_written_is_said_before_anything_is(private: Project, tmp_path: Path) -> None:
    with pytest.raises(UnknownSource):
        qc.coded_html(private, "P9", tmp_path / "P9.html")
    with pytest.raises(InvalidValue, match=r"must end in \.html"):
        qc.coded_html(private, "P1", tmp_path / "P1.pdf")
    (tmp_path / "folder.html").mkdir()
    with pytest.raises(InvalidValue, match="is a folder"):
        qc.coded_html(private, "P1", tmp_path / "folder.html")
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(FolderError, match="cannot be written"):
        qc.coded_html(private, "P1", tmp_path / "file" / "P1.html")
    for file in (private.path / "data" / "transcripts").rglob("*.txt"):
        file.unlink()
    with pytest.raises(FolderError, match="is not in this copy"):
        qc.coded_html(Project(private.path, "ana"), "P1", tmp_path / "P1.html")
    assert sorted(path.name for path in tmp_path.glob("*.html")) == ["folder.html"]
