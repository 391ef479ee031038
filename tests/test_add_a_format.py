"""The page on adding a format is enough by itself: its blocks, put where it says, are a format that works.

Once inside this process, where the invented format is registered as a contributor does it; and once in a copy of
the repository, in which every command of the page is run.
"""

from __future__ import annotations

import ast
import doctest
import importlib
import importlib.util
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import qualcode as qc
from qualcode import readers
from qualcode.errors import ReadError
from qualcode.readers import _registry

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "add-a-transcript-format.md"
NAME = "larkspur"
REGISTRY = "qualcode/readers/_registry.py"
ABOVE = '    Format("csv",'


def text_of_page() -> str:
    return PAGE.read_text(encoding="utf-8")


def placed() -> dict[str, str]:
    """The blocks that belong into a file, which is named right above them."""
    found = re.findall(r"^`([\w./-]+)`[^\n]*:\n\n```\w*\n(.*?)^```$", text_of_page(), flags=re.M | re.S)
    assert len(found) == len(dict(found))
    return dict(found)


def sessions() -> list[str]:
    return re.findall(r"^```pycon\n(.*?)^```$", text_of_page(), flags=re.M | re.S)


def commands() -> list[list[str]]:
    """The lines of the blocks that hold nothing but commands."""
    blocks = re.findall(r"^```\n((?:(?:python|ruff|mypy)\b[^\n]*\n)+)```$", text_of_page(), flags=re.M)
    return [shlex.split(line) for block in blocks for line in block.splitlines()]


def the_row() -> _registry.Format:
    row = ast.parse(placed()[REGISTRY].strip().rstrip(","), mode="eval")
    made = eval(compile(row, "the row", "eval"), {"Format": _registry.Format})
    assert isinstance(made, _registry.Format)
    return made


def put(blocks: dict[str, str], folder: Path) -> None:
    for name, text in blocks.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")


@pytest.fixture
def known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The format in this process, its small file in the folder where we stand."""
    put({name: text for name, text in placed().items() if name != REGISTRY}, tmp_path)
    name = f"qualcode.readers.{NAME}"
    spec = importlib.util.spec_from_file_location(name, tmp_path / "qualcode" / "readers" / f"{NAME}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setitem(sys.modules, name, module)
    monkeypatch.setattr(readers, NAME, module, raising=False)
    monkeypatch.setattr(_registry, "FORMATS", (*_registry.FORMATS, the_row()))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "tests" / "data" / "transcripts" / NAME / "lighthouse.flog"


def test_what_the_page_shows_is_what_happens(known: Path) -> None:
    names: dict[str, object] = {}
    for session in sessions():
        test = doctest.DocTestParser().get_doctest(session, names, PAGE.name, None, 0)
        said = io.StringIO()
        doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS, verbose=False).run(
            test, out=said.write, clear_globs=False
        )
        assert not said.getvalue()
        names.update(test.globs)


@pytest.mark.parametrize(
    "name", ["talk.txt", "talk.csv", "talk.docx", "talk.vtt", "talk", "talk.flog", "LOG.FLOG"]
)
def test_the_invented_format_is_told_by_its_content(name: str, known: Path, tmp_path: Path) -> None:
    path = tmp_path / name
    shutil.copy(known, path)
    transcript, notes, format = readers.read_with_notes(path)
    assert format == NAME
    assert transcript.speakers == ("Ada", "Mott")
    assert "dropped: 1 sound that nobody spoke." in map(str, notes)
    preview = qc.preview(path)
    assert preview.format == NAME
    assert all(note.message in str(preview) for note in notes)


def test_the_invented_format_comes_into_a_study_and_back(known: Path, tmp_path: Path) -> None:
    study = qc.create_project(tmp_path / "study", coder="ana")
    report = study.add_source(known, pseudonyms={"Mott": "P1"}, synthetic=True)
    assert (report.format, report.turns) == (NAME, 4)
    assert {str(note) for note in report.notes} >= {
        "dropped: 1 line about the recording.", "dropped: 1 sound that nobody spoke.",
    }  # fmt: skip
    assert "sound that nobody spoke" in str(report)
    study.code(report.source, "Nobody", "Order", create=True)
    again = qc.open_project(tmp_path / "study", coder="ana")
    transcript = again.transcript(report.source)
    assert transcript.speakers == ("Ada", "P1")
    assert [turn.begins for turn in transcript.turns] == [3, 7, 19, 21]
    assert again.check() == []
    same = again.update_source(report.source, known, pseudonyms={"Mott": "P1"})
    assert same.before == same.after == transcript.version


@pytest.mark.parametrize("broken", [0, 1, 2, 3])
def test_a_broken_file_of_the_invented_format_is_one_error(broken: int, known: Path, tmp_path: Path) -> None:
    content = known.read_bytes()
    head, _, _ = content.partition(b"0:00:03")
    damaged = [
        head,
        content.replace(b"|", b"!"),
        content.replace(b"FIELD", b"FIELD\x00\x03\x04" * 40),
        b"\xff\xfe" + content[:-1],
    ]
    path = tmp_path / "broken.flog"
    path.write_bytes(damaged[broken])
    with pytest.raises(ReadError) as caught:
        readers.read_transcript(path, format=NAME)
    assert str(caught.value).startswith("broken.flog: ")
    assert "could not be read as" not in str(caught.value)
    assert "lamp" not in str(caught.value)


def test_every_function_that_the_page_recommends_is_there() -> None:
    rows = re.findall(r"^\| [^|]+ \| ([^|]*`[^|]+) \| ([^|]*`_\w+\.py`[^|]*) \|$", text_of_page(), flags=re.M)
    assert len(rows) >= 10
    for names, files in rows:
        modules = [
            importlib.import_module(f"qualcode.readers.{name}") for name in re.findall(r"`(\w+)\.py`", files)
        ]
        for name in re.findall(r"`(\w+)`", names):
            if name != "sniff":
                assert any(hasattr(module, name) for module in modules), f"{files} has no {name}"


# ---------------------------------------------------------------------------- as a contributor does it


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the repository with everything from the page in it."""
    folder = tmp_path_factory.mktemp("contributor") / "qualcode"
    away = shutil.ignore_patterns(".*", "__pycache__", "build", "dist", "*.egg-info")
    shutil.copytree(ROOT, folder, ignore=away)
    blocks = placed()
    row = blocks.pop(REGISTRY)
    put(blocks, folder)
    registry = folder / REGISTRY
    text = registry.read_text(encoding="utf-8")
    assert text.count(ABOVE) == 1
    registry.write_text(text.replace(ABOVE, row + ABOVE), encoding="utf-8", newline="")
    return folder


def run(folder: Path, words: list[str]) -> str:
    env = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    module = [] if words[0] == "python" else ["-m", words[0]]
    if words[:3] == ["python", "-m", "pytest"]:
        words = [*words, "-p", "no:cacheprovider", "-p", "no:xdist", "-q"]
    done = subprocess.run(
        [sys.executable, *module, *words[1:]], cwd=folder, env=env, capture_output=True, text=True, encoding="utf-8", check=False
    )  # fmt: skip
    assert done.returncode == 0, (
        f"{shlex.join(words)} ended with {done.returncode}:\n{done.stdout[-4000:]}{done.stderr[-2000:]}"
    )
    return done.stdout


def test_the_commands_of_the_page_run_and_change_nothing_but_the_docs(copy: Path) -> None:
    before = {path: path.read_bytes() for path in copy.rglob("*") if path.is_file()}
    ran = commands()
    assert [words[:2] for words in ran[:1]] == [["python", "tests/test_docs.py"]]
    for words in ran:
        if words != ["mypy"]:  # takes a minute; `make check` runs it
            said = run(copy, words)
            assert "no tests ran" not in said
    changed = [
        path.relative_to(copy).as_posix() for path, content in before.items() if path.read_bytes() != content
    ]
    assert changed == ["docs/transcripts.md"]
    assert f"| {NAME} | Larkspur field log | .flog | timed |" in (copy / "docs" / "transcripts.md").read_text(
        encoding="utf-8"
    )
