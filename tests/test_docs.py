"""The pages keep their word: examples run, nothing public is left out, links lead somewhere, tables are current.

``python tests/test_docs.py`` writes the tables that are made from the code (formats, commands) anew.
"""

from __future__ import annotations

import argparse
import contextlib
import doctest
import inspect
import io
import re
import shlex
import shutil
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import qualcode as qc
from qualcode import cli
from qualcode.cli_options import VERBS, build_parser

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
OTHERS = [ROOT / "CHANGELOG.md", ROOT / "CONTRIBUTING.md", ROOT / "data" / "raw" / "README.md"]
FLAGS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS

TABLES = {"formats": "transcripts.md", "commands": "command-line.md"}
"""Name of a table that is made from the code, to the page that holds it."""


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


# ---------------------------------------------------------------------------- examples


@dataclass(frozen=True)
class Block:
    """One fenced piece of a page."""

    language: str
    text: str
    line: int


def blocks(page: Path) -> list[Block]:
    text = page.read_text(encoding="utf-8")
    found = re.finditer(r"^```(\w*)[^\n]*\n(.*?)^```$", text, flags=re.M | re.S)
    return [Block(m[1], m[2], text.count("\n", 0, m.start()) + 2) for m in found]


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example study, made once."""
    from qualcode.example import build_example

    folder = tmp_path_factory.mktemp("docs") / "try-it"
    build_example(folder)
    return folder


@pytest.fixture
def reader_at_desk(tmp_path: Path, example: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with what a reader has who cloned the repository and made the example study ``try-it``."""
    for name in ("codebooks", "data/raw", "data/nahar2022"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copytree(example, tmp_path / "try-it")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_examples_run(page: Path, reader_at_desk: Path) -> None:
    names = {"qc": qc, "__name__": "__main__"}
    for block in blocks(page):
        where = f"{name_of(page)}:{block.line}"
        if block.language == "python" and ">>>" in block.text:
            _run_session(block, names, where)
        elif block.language == "python":
            source = "\n" * (block.line - 1) + block.text
            exec(compile(source, name_of(page), "exec"), names)
        elif block.language == "console":
            _run_commands(block, where)


def _run_session(block: Block, names: dict[str, object], where: str) -> None:
    test = doctest.DocTestParser().get_doctest(block.text, names, where, None, 0)
    said = io.StringIO()
    doctest.DocTestRunner(optionflags=FLAGS, verbose=False).run(test, out=said.write, clear_globs=False)
    names.update(test.globs)
    assert not said.getvalue(), f"{where} does not give what the page says:\n{said.getvalue()}"


def _run_commands(block: Block, where: str) -> None:
    """Run the lines that begin with ``$ qualcode`` and compare what they print."""
    for line, expected in re.findall(r"^\$ (.+)\n((?:(?!\$ ).*\n)*)", block.text, flags=re.M):
        words = shlex.split(line, comments=True)
        assert words[0] == "qualcode", f"{where}: {line} cannot be run here; use a block without a language"
        said = io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            try:
                code = cli.main(words[1:])
            except SystemExit as stop:
                code = int(stop.code or 0)
        fails = expected.startswith("qualcode: ")
        assert bool(code) == fails, f"{where}: {line} ended with {code}:\n{said.getvalue()}"
        if expected.strip():
            same = doctest.OutputChecker().check_output(expected, said.getvalue(), FLAGS)
            assert same, f"{where}: {line} printed\n{said.getvalue()}\ninstead of\n{expected}"


# ---------------------------------------------------------------------------- completeness


def words_of_all_pages() -> str:
    return "\n".join(page.read_text(encoding="utf-8") for page in PAGES)


def public_names() -> Iterator[str]:
    yield from (f"qc.{name}" for name in qc.__all__)
    yield from (f"qc.plot.{name}" for name in qc.plot.__all__)
    yield from (f"project.{name}" for name, _ in inspect.getmembers(qc.Project) if not name.startswith("_"))


@pytest.mark.parametrize("name", list(public_names()))
def test_every_public_name_is_explained(name: str) -> None:
    last = re.escape(name.rpartition(".")[2])
    prefix = re.escape(name.rpartition(".")[0])
    # `qc.Span` or, for what a project does, `.code(` on any study
    wanted = rf"\b{prefix}\.{last}\b" if prefix == "qc" else rf"\.{last}\b"
    assert re.search(wanted, words_of_all_pages()), f"{name} stands on no page of docs/"


@pytest.mark.parametrize("name", sorted(qc.formats()["format"]))
def test_every_format_is_explained(name: str) -> None:
    assert name in (ROOT / "docs" / TABLES["formats"]).read_text(encoding="utf-8")


@pytest.mark.parametrize("verb", VERBS)
def test_every_command_is_shown(verb: str) -> None:
    assert f"qualcode {verb}" in words_of_all_pages()


def test_every_page_is_in_the_list_of_pages() -> None:
    listed = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    missing = [page.name for page in PAGES[1:] if page.name != "README.md" and f"({page.name})" not in listed]
    assert not missing, f"docs/README.md does not list {missing}"


# ---------------------------------------------------------------------------- links and paths


def anchors(page: Path) -> set[str]:
    """The places of a page that a link can name, as GitHub makes them from headings."""
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)
    titles = re.findall(r"^#+ (.+)$", text, flags=re.M)
    return {re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", [*PAGES, *OTHERS], ids=name_of)
def test_links_lead_somewhere(page: Path) -> None:
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)
    targets = re.findall(r"\]\(([^)\s]+)\)", text) + re.findall(r"(?:src|href)=\"([^\"]+)\"", text)
    for target in targets:
        if target.startswith(("https://", "http://", "mailto:")):
            continue
        path, _, place = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        assert there.exists(), f"{name_of(page)} links to {target}, which is not there"
        if place and there.suffix == ".md":
            assert place in anchors(there), (
                f"{name_of(page)} links to {target}; {there.name} has no such heading"
            )


@pytest.mark.parametrize("page", [*PAGES, *OTHERS], ids=name_of)
def test_no_page_names_somebodys_computer(page: Path) -> None:
    found = re.findall(r"(?:/(?:work|root|home|Users|tmp)/\S*|[A-Z]:\\\S*)", page.read_text(encoding="utf-8"))
    assert not found


def test_the_tour_of_the_readme_is_twelve_lines() -> None:
    first = next(block for block in blocks(ROOT / "README.md") if block.language == "python")
    assert len([line for line in first.text.splitlines() if line.strip()]) <= 12


# ---------------------------------------------------------------------------- tables made from the code


def formats_table() -> str:
    frame = qc.formats()
    frame["tested on"] = [real_files_of(name) for name in frame["format"]]
    lines = ["| " + " | ".join(frame.columns) + " |", "|" + "---|" * len(frame.columns)]
    for row in frame.itertuples(index=False):
        cells = [", ".join(cell) if isinstance(cell, tuple | list) else str(cell) for cell in row]
        lines.append(
            "| " + " | ".join("" if cell == "None" else cell.replace("|", "\\|") for cell in cells) + " |"
        )
    return "\n".join(lines)


REAL_FILES = tomllib.loads((ROOT / "tests" / "readers" / "real_files.toml").read_text(encoding="utf-8"))


def real_files_of(name: str) -> str:
    """Return the real files of a format and where they come from, and the programs of which there was none."""
    files = [file for file in REAL_FILES["file"] if file.get("format") == name]
    talk = _by_project([file for file in files if file.get("talk", True)])
    other = _by_project(
        [*(file for file in files if not file.get("talk", True)),
         *(file for file in REAL_FILES["document"] if file["format"] == name)]
    )  # fmt: skip
    if not talk and not other:
        return "none: only files we wrote"
    parts = (
        [talk, f"No talk in: {other}"] if talk and other else [talk or f"no transcript; no talk in: {other}"]
    )
    never = ", ".join(REAL_FILES["not_tried"].get(name, ()))
    return ". ".join([*parts, *([f"Never: {never}"] if never else [])])


def _by_project(files: list[dict[str, str]]) -> str:
    """Return "one.vtt, two.vtt by Descript (webvtt-py)": the files, who wrote them, the project that has them."""
    projects: dict[str, dict[str, None]] = {}
    for file in files:
        name = file["path"].split("/")[-1] + (" cell by cell" if "cell" in file else "")
        name += f" by {file['tool']}" if "tool" in file else ""
        projects.setdefault(file["origin"].split("/")[4], {})[name] = None
    found = []
    for project, names in projects.items():
        first, *more = names
        shown = f"{first} and {len(more)} more" if len(more) > 3 else ", ".join(names)
        found.append(f"{shown} ({project})")
    return "; ".join(found)


@pytest.mark.parametrize("row", qc.formats().to_dict("records"), ids=lambda row: row["format"])
def test_a_program_in_the_name_of_a_format_was_tried_or_is_told_not_to_be(row: dict[str, str]) -> None:
    named = re.search(r"\((.+)\)$| of (.+)$", row["title"])
    programs = re.split(r", ", next(filter(None, named.groups()))) if named else []
    tried = [
        file.get("tool", "").lower() for file in REAL_FILES["file"] if file.get("format") == row["format"]
    ]
    not_tried = REAL_FILES["not_tried"].get(row["format"], [])
    for program in set(programs) - {"speech", "podcasts"}:  # these are no programs
        was_tried = any(tool.startswith(program.lower()) for tool in tried)
        assert was_tried != (program in not_tried), (
            f"{program}: tried {was_tried}, told not to be {not was_tried}"
        )


def commands_table() -> str:
    verbs = next(a for a in build_parser()._actions if isinstance(a, argparse._SubParsersAction))
    parts = []
    for verb in VERBS:
        parser = verbs.choices[verb]
        parts += [f"## qualcode {verb}", "", " ".join((parser.description or "").split("\n")[0:1]).strip()]
        rest = (parser.description or "").partition("\n")[2]
        parts[-1] = " ".join([parts[-1], " ".join(rest.split())]).strip() if "  " not in rest else parts[-1]
        if "  " in rest:
            parts += ["", "```", rest.rstrip(), "```"]
        parts += ["", "| option | |", "|---|---|"]
        for action in parser._actions:
            if isinstance(action, argparse._HelpAction):
                continue
            name = action.option_strings[0] if action.option_strings else (action.metavar or action.dest)
            value = (
                ""
                if action.nargs == 0 or not action.option_strings
                else f" {action.metavar or action.dest.upper()}"
            )
            text = (action.help or "").replace("|", "\\|")
            parts.append(f"| `{name}{value}` | {text} |")
        examples = (parser.epilog or "").partition("\n")[2]
        parts += ["", "```", inspect.cleandoc("\n" + examples), "```", ""]
    return "\n".join(parts).rstrip()


MADE = {"formats": formats_table, "commands": commands_table}


def between(page: str, name: str) -> tuple[str, str, str]:
    """Return a page's text before, inside and after one made table."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    begin, end = f"<!-- {name}: made by tests/test_docs.py -->\n", f"\n<!-- {name}: end -->"
    before, inside = text.split(begin)
    inside, after = inside.split(end)
    return before + begin, inside, end + after


@pytest.mark.parametrize("name", TABLES)
def test_made_tables_are_current(name: str) -> None:
    inside = between(TABLES[name], name)[1]
    assert inside == MADE[name](), f"docs/{TABLES[name]} is behind the code. Run: python tests/test_docs.py"


if __name__ == "__main__":
    for table, where in TABLES.items():
        before, _, after = between(where, table)
        (ROOT / "docs" / where).write_text(before + MADE[table]() + after, encoding="utf-8", newline="\n")
        print(f"docs/{where}: {table} written")
