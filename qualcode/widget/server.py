"""The coding page in a browser without a notebook: a small server on this computer alone.

It listens on 127.0.0.1, and every address under it begins with a secret word, so that neither another computer
nor another page in the browser can read an interview. One view of the page is one `Session`.
"""

from __future__ import annotations

import hmac
import json
import os
import re
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

from qualcode.coding_page.audio import Audio, find_audio
from qualcode.coding_page.files import bundle, css, page_html
from qualcode.errors import FolderError, QualcodeError
from qualcode.widget.session import Session

if TYPE_CHECKING:
    from qualcode.project import Project

MOST_VIEWS = 20
"""How many tabs are remembered; the one that was quiet longest is forgotten, and opens anew."""

MOST_BYTES = 8 * 1024 * 1024
"""No message of the page is larger: 1,000 hits of a search are 0.1 MB."""

_CHUNK = 1024 * 1024

_AUDIO = {".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".mp4": "audio/mp4", ".aac": "audio/aac", ".wav": "audio/wav",
          ".ogg": "audio/ogg", ".opus": "audio/ogg", ".flac": "audio/flac", ".webm": "audio/webm"}  # fmt: skip


class CodingServer:
    """Serves the coding page of one study to browsers on this computer.

    Parameters
    ----------
    project
        A `qualcode.Project`; the server opens the study of its folder anew.
    source
        The source shown first; else where the coder was last.
    coder, blind
        As in `qualcode.coding_widget`.
    port
        A number from 1024 to 65535; 0 takes a free one.

    Examples
    --------
    >>> import tempfile
    >>> from qualcode.testing import make_project
    >>> with CodingServer(make_project(tempfile.mkdtemp() + "/study"), coder="ana") as server:
    ...     server.address.startswith("http://127.0.0.1:")
    True
    """

    def __init__(
        self,
        project: Project,
        source: str | None = None,
        coder: str | None = None,
        *,
        blind: bool = False,
        port: int = 0,
    ) -> None:
        self._make: Callable[[], Session] = lambda: Session(project, source, coder, blind=blind)
        first = self._make()  # fails here, in words, and not in the browser
        self._project = project
        self._views: OrderedDict[str, Session] = OrderedDict({"": first})
        self._lock = threading.Lock()
        self.html = page_html(project.title, bundle("page.js"), css(), {}, connect=True).encode("utf-8")
        self.token = secrets.token_urlsafe(24)
        try:
            self._server = _Server(("127.0.0.1", port), _Handler)
        except (OSError, OverflowError) as error:
            raise FolderError(
                f"Port {port} cannot be used on this computer: {getattr(error, 'strerror', error)}. Leave it out, and a "
                "free one is taken."
            ) from None
        self._server.coding = self
        self._thread: threading.Thread | None = None

    @property
    def port(self) -> int:
        """The port that is listened on."""
        return int(self._server.server_address[1])

    @property
    def address(self) -> str:
        """Where the browser finds the page; whoever has it can read the interviews, on this computer only."""
        return f"http://127.0.0.1:{self.port}/{self.token}/"

    def serve(self) -> None:
        """Serve until `close` or Ctrl-C."""
        self._server.serve_forever(poll_interval=0.2)

    def __enter__(self) -> CodingServer:
        self._thread = threading.Thread(target=self.serve, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop serving. What was coded is on the disk already."""
        if self._thread is not None:
            self._server.shutdown()
            self._thread.join()
            self._thread = None
        self._server.server_close()

    def session(self, view: str) -> Session:
        """Return the session of one view of the page."""
        with self._lock:
            found = self._views.pop(view, None) or self._views.pop("", None) or self._make()
            self._views[view] = found
            while len(self._views) > MOST_VIEWS:
                self._views.popitem(last=False)
            return found

    def audio(self, source: str) -> Audio | None:
        """Return the recording beside a source, if there is one; it may have come after the server was started."""
        with self._lock:
            try:
                self._project._study.refresh()
                return find_audio(self._project, source)
            except QualcodeError:
                return None


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    coding: CodingServer

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Write nothing: a browser that goes away in the middle is no news, and a trace could hold words."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    server_version = "qualcode"
    sys_version = ""
    timeout = 60

    def log_message(self, format: str, *args: Any) -> None:
        """Write nothing: an address is a secret, and a path may name a participant."""

    # -- what is asked for -----------------------------------------------------------------------

    def do_GET(self) -> None:
        path = self._allowed()
        if path is None:
            return
        if path == "":
            self._answer(HTTPStatus.OK, self.server.coding.html, "text/html; charset=utf-8")
        elif path.startswith("audio/"):
            self._audio(unquote(path.removeprefix("audio/")))
        else:
            self._refuse(HTTPStatus.NOT_FOUND)

    def do_POST(self) -> None:
        path = self._allowed()
        if path is None:
            return
        if path != "intent" or self.headers.get_content_type() != "application/json":
            self._refuse(HTTPStatus.NOT_FOUND)
            return
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > MOST_BYTES:
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return
        try:
            message = json.loads(self.rfile.read(int(length)))
        except (ValueError, RecursionError):
            self._refuse(HTTPStatus.BAD_REQUEST)
            return
        view = parse_qs(urlsplit(self.path).query).get("view", [""])[0][:64]
        reply, _ = self.server.coding.session(view).handle(message)
        self._answer(HTTPStatus.OK, json.dumps(reply).encode("utf-8"), "application/json")

    def _allowed(self) -> str | None:
        """Return the path after the secret word; None, with a refusal sent, where the request is not the page's own."""
        coding = self.server.coding
        names = {f"127.0.0.1:{coding.port}", f"localhost:{coding.port}"}
        origin = self.headers.get("Origin")
        word, _, rest = urlsplit(self.path).path.lstrip("/").partition("/")
        secret = hmac.compare_digest(word.encode("utf-8", "replace"), coding.token.encode())
        at_home = self.headers.get("Host", "") in names  # else another name was made to point here
        if secret and at_home and (origin is None or origin.removeprefix("http://") in names):
            return rest
        self._refuse(HTTPStatus.FORBIDDEN)
        return None

    # -- what is answered ------------------------------------------------------------------------

    def _refuse(self, status: HTTPStatus) -> None:
        self.close_connection = True
        text = "This is no page of qualcode. Use the address that 'qualcode open' printed.\n"
        self._answer(status, text.encode(), "text/plain; charset=utf-8")

    def _head(self, status: HTTPStatus, kind: str, length: int, **more: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(length))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("X-Frame-Options", "DENY")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")
        if self.close_connection:
            self.send_header("Connection", "close")
        for name, value in more.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def _answer(self, status: HTTPStatus, body: bytes, kind: str) -> None:
        self._head(status, kind, len(body))
        self.wfile.write(body)

    def _audio(self, source: str) -> None:
        """Send a recording, or the part that the player asks for."""
        file = self.server.coding.audio(source)
        try:
            recording = file.path.open("rb") if file else None
        except OSError:
            recording = None
        if file is None or recording is None:
            self._refuse(HTTPStatus.NOT_FOUND)
            return
        with recording:
            size = os.fstat(recording.fileno()).st_size
            part = part_of(self.headers.get("Range", ""), size)
            first, last = part or (0, size - 1)
            if part and first > last:
                self._head(
                    HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
                    "text/plain",
                    0,
                    Content_Range=f"bytes */{size}",
                )
                return
            more = {"Accept_Ranges": "bytes"}
            if part:
                more["Content_Range"] = f"bytes {first}-{last}/{size}"
            status = HTTPStatus.PARTIAL_CONTENT if part else HTTPStatus.OK
            kind = _AUDIO.get(file.path.suffix.lower(), "application/octet-stream")
            self._head(status, kind, last - first + 1, **more)
            recording.seek(first)
            left = last - first + 1
            while left > 0 and (piece := recording.read(min(_CHUNK, left))):
                self.wfile.write(piece)
                left -= len(piece)
            if (
                left > 0
            ):  # it was made shorter meanwhile; what comes next on this connection must not be taken for the rest
                self.close_connection = True


def part_of(asked: str, size: int) -> tuple[int, int] | None:
    """Return the first and the last byte of a Range header; None where it asks for no part, or for several.

    The first is behind the last where the part lies outside of the file.

    Examples
    --------
    >>> part_of("bytes=100-", 1000), part_of("bytes=-100", 1000), part_of("bytes=0-5000", 1000)
    ((100, 999), (900, 999), (0, 999))
    >>> part_of("", 1000) is None
    True
    """
    found = re.fullmatch(r"bytes=(\d{0,15})-(\d{0,15})", asked.strip(), re.ASCII)
    if found is None or found[0].strip() == "bytes=-":
        return None
    if not found[1]:
        length = min(int(found[2]), size)
        return size - length, size - 1
    return int(found[1]), min(int(found[2] or size - 1), size - 1)
