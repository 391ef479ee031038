"""Take the picture of the coding page that the README shows: ``python tests/widget/take_still.py`` (needs Chromium).

The interview is one of the synthetic ones of this project, and the page says so.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
STILL = ROOT / "figures" / "coding-page.png"
SIZE = {"width": 1280, "height": 720}

CODINGS = (
    (
        "nobody came to me with that, whether it could.",
        "Product requirements require input from the model team",
    ),
    ("They were nice about it. They're epidemiologists, so.", "Communication"),
    (
        "We ended up doing two afternoons with them where I showed what the model gets wrong",
        "Process",
    ),
    ("I showed what the model gets wrong, on their own reports.", "Communication"),
)


def main() -> None:
    """Write the picture."""
    from playwright.sync_api import sync_playwright

    import qualcode as qc
    from qualcode.example import build_example
    from qualcode.widget.server import CodingServer

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "study"
        build_example(path)
        project = qc.open_project(path, coder="ana")
        for quote, code in CODINGS:
            project.code("S3a", quote, code)
        with CodingServer(project, "S3a", "ana") as server, sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
            )
            page = browser.new_page(viewport=SIZE, color_scheme="light")
            page.goto(server.address)
            page.wait_for_selector(".qc-root[data-ready]")
            page.locator(".qc-scroll").focus()
            for key in (
                *("ArrowDown",) * 13,
                *("ArrowUp",) * 2,
            ):  # beyond and back, so that what follows is in view
                page.keyboard.press(key)
            page.keyboard.press("ArrowRight")
            page.keyboard.press("Enter")
            page.keyboard.type("req")
            page.wait_for_timeout(600)
            page.screenshot(path=STILL)
            browser.close()
    print(f"{STILL.relative_to(ROOT)}: {STILL.stat().st_size // 1000} kB")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
