"""A coding page in a real browser, whose messages a real Session answers: tests look at the page and at the files."""

from __future__ import annotations

import base64
import json
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from qualcode.coding_page import files
from qualcode.project import Project
from qualcode.widget.session import Session

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

# A notebook's cell in small: something around the page that listens to keys, and a stand-in for the widget's model.
HOST = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Host</title><style>body { margin: 0 } %(css)s</style></head>
<body><main id="cell"></main><script>
window.heard = [];
for (const name of ["keydown", "keyup", "keypress", "copy", "cut", "paste"]) document.addEventListener(name, (e) => heard.push(name + " " + (e.key ?? "")));
const module = URL.createObjectURL(new Blob([%(script)s], { type: "text/javascript" }));
window.views = [];
const listeners = new Set();
window.model = {
  get: (name) => ({ height: "640px" })[name],
  on: (name, fn) => listeners.add(fn),
  off: (name, fn) => listeners.delete(fn),
  send: (message) => qcIntent(message).then((answer) => answer && listeners.forEach((fn) => fn(...answer))),
};
window.addView = async (shadow = false) => {
  const { default: widget } = await import(module);
  const host = document.createElement("div");
  document.getElementById("cell").append(host);
  let el = host;
  if (shadow) {
    el = document.createElement("div");
    const style = document.createElement("style");
    style.textContent = %(css_text)s;
    host.attachShadow({ mode: "open" }).append(style, el);
  }
  views.push(widget.render({ model, el }));
};
</script></body></html>"""


# What Python answers as text becomes a message with bytes, as a notebook gives it to a widget.
WITH_BYTES = """{
  const ask = window.qcAsk;
  window.qcIntent = async (message) => {
    const answer = await ask(message);
    return answer && [answer.reply, answer.bytes.map((text) => new DataView(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer))];
  };
}"""


class CodingPage:
    """A page in the browser, with what tests do to it."""

    def __init__(self, page: Any, session: Session) -> None:
        self.page, self.session = page, session
        self.deaf = False
        self.messages: list[dict[str, Any]] = []
        self.problems: list[str] = []
        self.store = "window.qualcodePage.store"
        page.on(
            "console",
            lambda message: message.type in ("error", "warning") and self.problems.append(message.text),
        )
        page.on("pageerror", lambda error: self.problems.append(f"{error} {error.stack}"))
        page.expose_function("qcAsk", self._answer)
        page.add_init_script(WITH_BYTES)

    def _answer(self, message: dict[str, Any]) -> dict[str, Any] | None:
        self.messages.append(message)
        if self.deaf:
            return None
        reply, buffers = self.session.handle(message)
        return {"reply": reply, "bytes": [base64.b64encode(each).decode("ascii") for each in buffers or ()]}

    def sent(self, do: str) -> list[dict[str, Any]]:
        """The messages of one kind that the page sent."""
        return [message for message in self.messages if message["do"] == do]

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def js(self, expression: str) -> Any:
        return self.page.evaluate(expression)

    def state(self, expression: str) -> Any:
        """A value of the store's state, such as "selection" or "codings.size"."""
        return self.page.evaluate(f"{self.store}.state.{expression}")

    def until(self, expression: str, seconds: float = 5) -> None:
        """Wait until something is true on the page. (Playwright's own wait is against the page's security policy.)"""
        end = time.monotonic() + seconds
        while not self.page.evaluate(expression):
            assert time.monotonic() < end, f"never true: {expression}"
            self.page.wait_for_timeout(15)

    def settle(self) -> None:
        """Wait until nothing is on its way."""
        self.until(f"{self.store}.state.status.pending === 0")

    def selected(self) -> str:
        """The words that are selected."""
        return str(
            self.page.evaluate(
                f"{self.store}.state.selection ? {self.store}.quote({self.store}.state.selection.start, {self.store}.state.selection.end) : ''"
            )
        )

    def point(self, words: str, *, at_end: bool = False, nth: int = 0) -> tuple[float, float]:
        """The middle of the line at the begin (or the end) of some words on the page."""
        x, y = self.page.evaluate(
            """([words, atEnd, nth]) => {
              const roots = [document, ...[...document.querySelectorAll("*")].map((el) => el.shadowRoot).filter(Boolean)];
              for (const root of roots) for (const el of root.querySelectorAll(".qc-text")) {
                const whole = el.textContent;
                let at = whole.indexOf(words);
                if (at < 0) continue;
                if (nth-- > 0) continue;
                const walker = document.createTreeWalker(el, NodeFilter.SHOW_TEXT);
                const target = atEnd ? at + words.length : at;
                let left = target;
                for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                  if (left <= node.data.length) {
                    const range = document.createRange();
                    range.setStart(node, atEnd ? Math.max(left - 1, 0) : left);
                    range.setEnd(node, atEnd ? left : Math.min(left + 1, node.data.length));
                    const box = range.getBoundingClientRect();
                    return [atEnd ? box.right - 1 : box.left + 1, (box.top + box.bottom) / 2];
                  }
                  left -= node.data.length;
                }
              }
              return [-1, -1];
            }""",
            [words, at_end, nth],
        )
        assert x >= 0, f"{words!r} is not on the page"
        return x, y

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        mouse = self.page.mouse
        mouse.move(*start)
        mouse.down()
        mouse.move((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
        mouse.move(*end)
        mouse.up()
        self.page.wait_for_timeout(30)

    def drag_over(self, words: str) -> None:
        """Select words as a person does: press before the first, release behind the last."""
        self.drag(self.point(words), self.point(words, at_end=True))

    def names(self) -> list[str]:
        """The names in the margin, from top to bottom."""
        return [str(name) for name in self.page.locator(".qc-name .qc-name-words").all_inner_texts()]

    def codings(self, source: str | None = None) -> list[tuple[str, str, str]]:
        """The coder's own codings as they stand on the disk: words, code, stance."""
        project = Project(self.session.project.path, self.session.coder)
        table = project.codings
        wanted = source or self.session.source
        rows = table[(table["source"] == wanted) & (table["coder"] == self.session.coder)].sort_values(
            ["start", "end", "code"]
        )
        text = project.transcript(str(wanted)).text
        return [(text[row.start : row.end], row.code, row.stance) for row in rows.itertuples()]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A headless Chromium for the tests of a file; skipped where there is none.

    Not one for the whole session: while playwright is at work, no other test could run an event loop of its own.
    """
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (group dev)")
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if path is None:
        pytest.skip("no Chromium on this machine (apt-get install chromium)")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def coding_page(chromium: Any, tmp_path: Path) -> Iterator[Callable[..., CodingPage]]:
    """Open a coding page on a project.

    ``coding_page(project, source=, coder=, blind=, size=, theme=, options=, host=)``: `options` go to the page (its
    waiting times, how it paints); `host` puts it into a notebook's cell in small ("cell"), or into a shadow root
    there ("shadow"), instead of a page of its own.
    """
    contexts: list[Any] = []
    opened: list[CodingPage] = []

    def open_page(
        project: Project,
        source: str | None = None,
        *,
        coder: str | None = None,
        blind: bool = False,
        size: tuple[int, int] = (1100, 760),
        theme: str = "light",
        reduced_motion: str = "no-preference",
        options: dict[str, Any] | None = None,
        host: str = "page",
    ) -> CodingPage:
        session = Session(project, source, coder, blind=blind)
        context = chromium.new_context(
            viewport={"width": size[0], "height": size[1]}, color_scheme=theme, reduced_motion=reduced_motion
        )
        contexts.append(context)
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        coding = CodingPage(context.new_page(), session)
        opened.append(coding)
        file = tmp_path / f"page-{len(opened)}.html"
        if host == "page":
            data = {"options": options or {}}
            file.write_text(
                files.page_html("Coding", files.bundle("page.js"), files.css(), data), encoding="utf-8"
            )
            coding.page.goto(file.as_uri())
        else:
            script = json.dumps(files.bundle("widget.js")).replace("</", "<\\/")
            css_text = json.dumps(files.css()).replace("</", "<\\/")
            file.write_text(
                HOST
                % {"css": "" if host == "shadow" else files.css(), "script": script, "css_text": css_text},
                encoding="utf-8",
            )
            coding.page.goto(file.as_uri())
            coding.store = "views[0].store"
            coding.js(f"addView({'true' if host == 'shadow' else 'false'})")
        coding.page.wait_for_selector(".qc-root[data-ready]")
        return coding

    yield open_page
    for context in contexts:
        context.close()
    assert [coding.problems for coding in opened if coding.problems] == []


INTERVIEW = """Interview of the first of May

Interviewer: How did it begin?

Mara: We had a plan. Nobody read it, and the plan was wrong anyway. So we wrote another one.

Interviewer: And then?

Mara: Then the customer came 🙂 and said: "This is not what I need." We talked for an hour. It helped.

Tom: I was not there. I heard of it later, in the kitchen, from a colleague who had not been there either.
"""


@pytest.fixture
def study(tmp_path: Path) -> Project:
    """A small study with one interview of two people, five codes in two facets, and nothing coded."""
    from qualcode.codebook import Code, Codebook, Facet
    from qualcode.project import create_project

    book = Codebook(
        (Facet("point", "Point"), Facet("theme", "Theme")),
        (
            Code("trust", "Trust", "point", definition="Whether they count on each other."),
            Code("roles", "Roles and duties", "point"),
            Code("planning", "Planning", "point", key="q"),
            Code("communication", "Communication", "theme"),
            Code("process", "Process", "theme"),
        ),
    )
    project = create_project(tmp_path / "study", book, title="A study", coder="ana")
    file = tmp_path / "P1.txt"
    file.write_text(INTERVIEW, encoding="utf-8")
    project.add_source(file)
    return project
