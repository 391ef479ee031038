"""Real notebook servers on this computer, with one notebook each: what a person opens and runs."""

from __future__ import annotations

import contextlib
import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import nbformat

READY_WITHIN = 90
"""Seconds that a server may take to answer; on a busy machine JupyterLab needs more than ten."""

_LAB_PAGE = {
    # A pop-up with news covers the page in a fresh profile.
    "disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True},
}


def write_notebook(path: Path, *cells: str) -> None:
    """Write a notebook with some cells of Python."""
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(book, path)


@contextlib.contextmanager
def jupyter(kind: str, folder: Path) -> Iterator[str]:
    """Run "lab" or "notebook" on a folder; yield its address without a slash at the end."""
    settings = folder / ".jupyter"
    (settings / "labconfig").mkdir(parents=True)
    (settings / "labconfig" / "page_config.json").write_text(json.dumps(_LAB_PAGE), encoding="utf-8")
    port = _free_port()
    command = [
        sys.executable, "-m", "jupyter", kind, "--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0", "--IdentityProvider.token=", "--ServerApp.password=", f"--ServerApp.root_dir={folder}",
    ]  # fmt: skip
    changed = {"JUPYTER_CONFIG_DIR": str(settings), "JUPYTER_RUNTIME_DIR": str(settings / "run")}
    with _running(command, folder, changed, f"http://127.0.0.1:{port}/api/status"):
        yield f"http://127.0.0.1:{port}"


@contextlib.contextmanager
def marimo(notebook: Path) -> Iterator[str]:
    """Run a marimo notebook as an application; yield its address."""
    port = _free_port()
    command = [sys.executable, "-m", "marimo", "-q", "run", str(notebook), "--headless", "--no-token", "--host", "127.0.0.1", "--port", str(port)]  # fmt: skip
    with _running(
        command, notebook.parent, {"MARIMO_SKIP_UPDATE_CHECK": "1"}, f"http://127.0.0.1:{port}/health"
    ):
        yield f"http://127.0.0.1:{port}"


@contextlib.contextmanager
def _running(command: list[str], folder: Path, environment: dict[str, str], probe: str) -> Iterator[None]:
    log = folder / "server.log"
    with log.open("w", encoding="utf-8") as out:
        process = subprocess.Popen(
            command, cwd=folder, stdout=out, stderr=out, env={**os.environ, **environment}
        )
        try:
            end = time.monotonic() + READY_WITHIN
            while not _answers(probe):
                if process.poll() is not None or time.monotonic() > end:
                    raise AssertionError(
                        f"the server did not start:\n{log.read_text(encoding='utf-8')[-3000:]}"
                    )
                time.sleep(0.2)
            yield
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _answers(address: str) -> bool:
    with (
        contextlib.suppress(urllib.error.URLError, OSError),
        urllib.request.urlopen(address, timeout=2) as answer,
    ):
        return bool(answer.status == 200)
    return False


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def words_of(text: str) -> set[str]:
    """Return the longer words of a transcript, to look for in what a notebook keeps."""
    return {word for word in re.findall(r"\w+", text) if len(word) > 7} - {"qualcode"}
