"""The coding page where people use it: JupyterLab, Notebook 7 and marimo, in a real browser, with real kernels."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import qualcode as qc
from qualcode.testing import make_project

pytest.importorskip("jupyterlab", reason="JupyterLab is not installed (extra lab)")
pytest.importorskip("notebook", reason="Notebook 7 is not installed (group dev)")

from .notebook_servers import jupyter, marimo, words_of, write_notebook
from .recordings import write_sound

OPEN = 'import qualcode as qc\nproject = qc.open_project("study", coder="ana")\n'
WIDGET = OPEN + 'widget = qc.coding_widget(project, "S1", height="420px")\nwidget'
PAGE = ".qc-root[data-ready]"
SLOW = 60_000
"""Milliseconds that a notebook may take on a busy machine."""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("desk")


@pytest.fixture(scope="module")
def servers(desk: Path) -> Iterator[Callable[[str], tuple[str, Path]]]:
    """Address and folder of a server of one kind; each is started once for all tests of this module."""
    import contextlib

    with contextlib.ExitStack() as stack:
        running: dict[str, tuple[str, Path]] = {}

        def server(kind: str) -> tuple[str, Path]:
            if kind not in running:
                folder = desk / kind
                folder.mkdir()
                running[kind] = (stack.enter_context(jupyter(kind, folder)), folder)
            return running[kind]

        yield server


class Notebook:
    """A notebook open in a browser."""

    def __init__(self, page: Any, kind: str, address: str, folder: Path, name: str) -> None:
        self.page, self.kind, self.folder, self.name = page, kind, folder, name
        self.errors: list[str] = []
        # widgets are modules from blob: addresses; the notebook's own errors are not ours
        page.on(
            "pageerror",
            lambda error: "blob:" in str(error.stack) and self.errors.append(f"{error} {error.stack}"),
        )
        where = f"lab/workspaces/{name}/tree" if kind == "lab" else "notebooks"
        self.url = f"{address}/{where}/{name}/{name}.ipynb"

    @property
    def path(self) -> Path:
        return self.folder / self.name / f"{self.name}.ipynb"

    @property
    def project(self) -> qc.Project:
        return qc.open_project(self.path.parent / "study", coder="ana")

    def open(self) -> None:
        self.page.goto(self.url, timeout=SLOW)
        self.page.wait_for_selector(".jp-Notebook .jp-CodeCell", timeout=SLOW)
        self.page.wait_for_selector(
            '.jp-Notebook-ExecutionIndicator[data-status="idle"]', timeout=SLOW, state="attached"
        )

    def run(self, number: int = 0) -> None:
        """Run a cell, as with Shift+Enter; again where the kernel was not yet there."""
        cell = self.page.locator(".jp-CodeCell").nth(number)
        prompt = cell.locator(".jp-InputPrompt")
        before = prompt.inner_text()
        end = time.monotonic() + 2 * SLOW / 1000
        while time.monotonic() < end:
            self._take_the_kernel_offered()
            cell.locator(".cm-content").click(timeout=SLOW)
            self.page.keyboard.press("Shift+Enter")
            for _ in range(10):
                self.page.wait_for_timeout(300)
                if prompt.inner_text() not in ("[ ]:", "[*]:", before):
                    return
            if prompt.inner_text() == "[*]:":
                wait_until(lambda: prompt.inner_text() != "[*]:", 60)
                return
        raise AssertionError("the notebook did not run the cell")

    def _take_the_kernel_offered(self) -> None:
        """Say yes to "Select Kernel", which JupyterLab asks where a cell is run before its kernel is there."""
        button = self.page.locator("dialog.jp-Dialog button.jp-mod-accept")
        if button.count():
            button.first.click()
            wait_until(lambda: button.count() == 0)

    def wait_for_page(self, number: int = 0) -> Any:
        found = self.page.locator(PAGE).nth(number)
        found.wait_for(timeout=SLOW)
        return found

    def cells(self) -> int:
        return int(self.page.locator(".jp-CodeCell").count())

    def save(self) -> dict[str, Any]:
        before = self.path.stat().st_mtime_ns
        self.page.locator(".jp-CodeCell .cm-content").first.click()
        self.page.keyboard.press("Control+s")
        wait_until(lambda: self.path.stat().st_mtime_ns > before)
        return json.loads(self.path.read_text(encoding="utf-8"))


@pytest.fixture
def notebook(
    chromium: Any, servers: Callable[[str], tuple[str, Path]], request: pytest.FixtureRequest
) -> Iterator[Callable[..., Notebook]]:
    contexts: list[Any] = []
    opened: list[Notebook] = []

    def make(kind: str, *cells: str) -> Notebook:
        address, folder = servers(kind)
        name = f"n{len(list(folder.iterdir()))}"
        (folder / name).mkdir()
        make_project(folder / name / "study")
        write_notebook(folder / name / f"{name}.ipynb", *cells)
        context = chromium.new_context(viewport={"width": 1250, "height": 900})
        contexts.append(context)
        opened.append(Notebook(context.new_page(), kind, address, folder, name))
        opened[-1].open()
        return opened[-1]

    yield make
    for context in contexts:
        context.close()
    assert [error for book in opened for error in book.errors] == []


def wait_until(true: Callable[[], Any], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.1)


def mine(project: qc.Project) -> set[tuple[int, int, str]]:
    table = project.codings.query("coder == 'ana' and source == 'S1'")
    return set(zip(table["start"], table["end"], table["code"], strict=True))


def code_turn(page: Any, number: int, key: str) -> None:
    """Go to a turn by the keyboard alone, and code it with one key."""
    page.locator(".qc-scroll").click(position={"x": 5, "y": 5})
    page.keyboard.press("Escape")
    page.keyboard.press("Control+Home")
    for _ in range(number):
        page.keyboard.press("ArrowDown")
    page.keyboard.press(key)


@pytest.mark.parametrize("kind", ["lab", "notebook"])
def test_code_by_keyboard_save_and_come_back(notebook: Callable[..., Notebook], kind: str) -> None:
    book = notebook(kind, WIDGET, "2 + 2")
    book.run()
    page = book.wait_for_page()
    before, cells = mine(book.project), book.cells()
    # every letter that means something to the notebook: cut, insert, delete, change the kind of cell
    for key in ("ArrowDown", "ArrowDown", "ArrowDown", "1"):
        page.locator(".qc-scroll").press(key)
    wait_until(lambda: len(mine(book.project) - before) == 1)
    page.locator(".qc-scroll").press("Escape")
    for key in "xbadmyzo0":
        page.locator(".qc-scroll").press(key)
        page.locator(".qc-scroll").press("Escape")
    assert book.cells() == cells
    assert book.page.locator(PAGE).count() == 1
    kept = book.save()
    said = json.dumps(kept, ensure_ascii=False)
    text = book.project.transcript("S1").text
    assert not [word for word in words_of(text) if word in said]
    assert "run the cell to code" in said
    # another day: the page comes back with what was coded
    now = len(mine(book.project))
    book.open()
    book.run()
    book.wait_for_page()
    assert len(mine(book.project)) == now


@pytest.mark.parametrize("kind", ["lab", "notebook"])
def test_undo_in_the_page_is_undo_in_the_study(notebook: Callable[..., Notebook], kind: str) -> None:
    book = notebook(kind, WIDGET)
    book.run()
    page = book.wait_for_page()
    before = mine(book.project)
    for key in ("ArrowDown", "ArrowDown", "1"):
        page.locator(".qc-scroll").press(key)
    wait_until(lambda: mine(book.project) != before)
    page.locator(".qc-scroll").press("Control+z")
    wait_until(lambda: mine(book.project) == before)


def test_two_widgets_and_a_script_see_each_other(notebook: Callable[..., Notebook]) -> None:
    book = notebook(
        "lab",
        WIDGET,
        'other = qc.coding_widget(project, "S1", height="420px")\nother',
        'project.code("S1", qc.turn(1), "Trust")',
    )
    book.run(0)
    book.wait_for_page(0)
    book.run(1)
    second = book.wait_for_page(1)
    before = second.locator(".qc-name").count()
    book.run(2)
    wait_until(lambda: second.locator(".qc-name").count() == before + 1)
    first = book.page.locator(PAGE).nth(0)
    first.scroll_into_view_if_needed()  # a page that nobody sees asks nothing
    wait_until(lambda: first.locator(".qc-name").count() == before + 1)


def test_a_script_opens_a_place_on_the_page(notebook: Callable[..., Notebook]) -> None:
    book = notebook("lab", WIDGET, 'widget.go("S2", 2)')
    book.run(0)
    page = book.wait_for_page()
    book.run(1)
    wanted = book.project.transcript("S2")
    words = wanted.text_of(wanted.turns[1])
    page.get_by_text(words[:30]).first.wait_for(timeout=SLOW)
    before = len(book.project.codings.query("source == 'S2'"))
    scroll = page.locator(".qc-scroll")
    for key in ("ArrowDown", "ArrowDown", "ArrowDown", "1"):
        scroll.press(key)
    wait_until(lambda: len(book.project.codings.query("source == 'S2'")) == before + 1)


def plays(page: Any) -> None:
    """Press play; the recording of some pieces comes over the notebook's connection."""
    page.locator(".qc-play").click()
    sound = page.locator("audio")
    wait_until(lambda: sound.evaluate("(el) => !el.paused && el.currentTime > 0.2"))
    assert sound.evaluate("(el) => el.duration") == pytest.approx(80, abs=0.1)


@pytest.mark.parametrize("kind", ["lab", "notebook"])
def test_a_recording_comes_through_the_notebook_and_plays(
    notebook: Callable[..., Notebook], kind: str
) -> None:
    book = notebook(kind, WIDGET)
    raw = book.path.parent / "study" / "data" / "raw"
    raw.mkdir(exist_ok=True)
    write_sound(raw / "S1.wav", seconds=80, rate=16000)
    assert (raw / "S1.wav").stat().st_size > 2 << 20
    book.run()
    plays(book.wait_for_page())
    book.save()
    assert book.path.stat().st_size < 100_000  # nothing of it is kept in the notebook


def test_a_restarted_kernel_loses_nothing(notebook: Callable[..., Notebook]) -> None:
    book = notebook("lab", WIDGET)
    book.run()
    page = book.wait_for_page()
    before = mine(book.project)
    book.page.evaluate("() => document.activeElement?.blur()")
    book.page.locator(".jp-CodeCell .cm-content").first.click()
    book.page.keyboard.press("Escape")
    book.page.keyboard.press("0")
    book.page.keyboard.press("0")
    dialog = book.page.locator(".jp-Dialog button.jp-mod-accept")
    dialog.wait_for(timeout=SLOW)
    dialog.click()
    wait_until(lambda: book.page.locator(".jp-Dialog").count() == 0)
    book.page.wait_for_timeout(3000)
    for key in ("ArrowDown", "ArrowDown", "ArrowDown", "1"):
        page.locator(".qc-scroll").press(key)
    page.get_by_text("Not saved yet").wait_for(timeout=SLOW)
    assert mine(book.project) == before
    book.run()
    book.page.get_by_text("of an earlier page").first.wait_for(timeout=SLOW)
    book.page.get_by_role("button", name="Save now").first.click()
    wait_until(lambda: len(mine(book.project) - before) == 1)


def test_a_cell_of_the_matrix_opens_its_passages_and_their_place(notebook: Callable[..., Notebook]) -> None:
    book = notebook("lab", OPEN + 'm = qc.matrix(project, "point", "theme")\nm')
    book.run()
    cell = book.page.locator(".qcm td button").first
    cell.wait_for(timeout=SLOW)
    cell.focus()
    book.page.keyboard.press("Enter")
    passage = book.page.locator(".qcm-list li").first
    passage.wait_for(timeout=SLOW)
    kept = json.dumps(book.save(), ensure_ascii=False)
    words = words_of(" ".join(book.project.transcript(s).text for s in book.project.sources["source"]))
    assert not [word for word in words if word in kept]
    passage.get_by_role("button").click()
    book.wait_for_page()
    assert book.page.locator(".qcm .qc-text").first.is_visible()


def test_marimo_shows_and_codes(chromium: Any, tmp_path: Path) -> None:
    pytest.importorskip("marimo", reason="marimo is not installed (group dev)")
    made = make_project(tmp_path / "study")
    (made.path / "data" / "raw").mkdir(exist_ok=True)
    write_sound(made.path / "data" / "raw" / "S1.wav", seconds=80, rate=16000)
    (tmp_path / "book.py").write_text(
        "import marimo\n\napp = marimo.App()\n\n\n@app.cell\ndef _():\n    import marimo as mo\n    import qualcode as qc\n"
        f"    project = qc.open_project({str(made.path)!r}, coder='ana')\n"
        "    mo.ui.anywidget(qc.coding_widget(project, 'S1', height='420px'))\n    return\n\n\n"
        "if __name__ == '__main__':\n    app.run()\n",
        encoding="utf-8",
    )
    # the last line of a cell is what marimo shows
    text = (tmp_path / "book.py").read_text(encoding="utf-8").replace("    return\n", "", 1)
    (tmp_path / "book.py").write_text(text, encoding="utf-8")
    with marimo(tmp_path / "book.py") as address:
        context = chromium.new_context(viewport={"width": 1200, "height": 900})
        page = context.new_page()
        page.goto(address, timeout=SLOW)
        scroll = page.locator(".qc-root[data-ready] .qc-scroll")
        scroll.wait_for(timeout=SLOW)
        before = mine(made)
        for key in ("ArrowDown", "ArrowDown", "ArrowDown", "1"):
            scroll.press(key)
        wait_until(lambda: len(mine(made) - before) == 1)
        plays(page)
        context.close()
