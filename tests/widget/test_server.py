"""The coding page in a browser: it answers its own page on this computer, and nobody else."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import qualcode as qc
from qualcode.cli import main
from qualcode.errors import FolderError
from qualcode.testing import make_project
from qualcode.widget.server import CodingServer

SOUND = bytes(range(256)) * 40


@pytest.fixture
def project(tmp_path: Path) -> qc.Project:
    made = make_project(tmp_path / "study")
    (made.path / "data" / "raw").mkdir(exist_ok=True)
    (made.path / "data" / "raw" / "S1.mp3").write_bytes(SOUND)
    return made


@pytest.fixture
def server(project: qc.Project) -> Iterator[CodingServer]:
    with CodingServer(project, coder="ana") as running:
        yield running


def ask(
    server: CodingServer, path: str, message: Any = None, *, token: str | None = None, **headers: str
) -> tuple[int, bytes, Any]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    where = f"/{server.token if token is None else token}/{path}"
    if message is None:
        connection.request("GET", where, headers=headers)
    else:
        body = message if isinstance(message, bytes) else json.dumps(message).encode()
        connection.request("POST", where, body, {"Content-Type": "application/json", **headers})
    answer = connection.getresponse()
    found = answer.status, answer.read(), answer.headers
    connection.close()
    return found


def intent(server: CodingServer, view: str = "one", **message: Any) -> dict[str, Any]:
    status, body, _ = ask(server, f"intent?view={view}", message)
    assert status == 200
    return json.loads(body)


def test_the_page_comes_whole_and_asks_nobody_else(server: CodingServer) -> None:
    status, body, headers = ask(server, "")
    page = body.decode()
    assert status == 200
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Frame-Options"] == "DENY"
    assert "<title>" in page
    assert not re.search(r"(src|href)=[\"']?https?:", page)
    assert "Content-Security-Policy" in page


def test_an_intent_is_done_and_on_the_disk(server: CodingServer, project: qc.Project) -> None:
    opened = intent(server, id="1", do="open", source="S1")
    assert opened["ok"], opened
    block = next(b for b in opened["result"]["source"]["blocks"] if b["turn"] == 2)
    code = opened["result"]["codebook"]["codes"][0]["id"]
    before = len(project.codings)
    said = intent(
        server, id="2", do="code", source="S1", version=opened["result"]["source"]["version"],
        start=block["start"], end=block["start"] + 4, quote=block["text"][:4], codes=[code],
    )  # fmt: skip
    assert said["ok"], said
    assert len(project.codings) == before + 1


def test_two_tabs_see_each_other(server: CodingServer) -> None:
    first = intent(server, "one", id="1", do="open", source="S1")
    intent(server, "two", id="2", do="open", source="S1")
    mine = next(c for c in first["result"]["codings"] if c["coder"] == "ana")
    assert intent(server, "one", id="3", do="uncode", codings=[mine["id"]])["ok"]
    assert intent(server, "two", id="4", do="sync")["changes"]["codings"]["gone"] == [mine["id"]]


@pytest.mark.parametrize(
    ("token", "headers"),
    [
        ("", {}),
        ("guess", {}),
        (None, {"Host": "evil.example"}),
        (None, {"Host": "evil.example:80"}),
        (None, {"Origin": "http://evil.example"}),
        (None, {"Origin": "null"}),
    ],
)
def test_nobody_else_is_answered(server: CodingServer, token: str | None, headers: dict[str, str]) -> None:
    for message in (None, {"id": "1", "do": "open"}):
        status, body, _ = ask(server, "intent" if message else "", message, token=token, **headers)
        assert status == 403
        assert b"qualcode open" in body


def test_the_token_is_long_and_new_each_time(server: CodingServer, project: qc.Project) -> None:
    assert len(server.token) >= 32
    with CodingServer(project, coder="ana") as other:
        assert other.token != server.token


def test_it_listens_on_this_computer_only(server: CodingServer) -> None:
    assert server._server.server_address[0] == "127.0.0.1"


@pytest.mark.parametrize(
    "message", [b"{", b"\xff\xfe", b"[" * 100_000, b"null", b"[]", b'{"do": 3}', b'"code"']
)
def test_nonsense_is_answered_in_words(server: CodingServer, message: bytes) -> None:
    status, body, _ = ask(server, "intent", message)
    assert status in (200, 400)
    if status == 200:
        assert json.loads(body)["ok"] is False
    assert b"Traceback" not in body
    assert intent(server, id="9", do="open", source="S1")["ok"]


def test_a_message_without_end_is_not_read(server: CodingServer) -> None:
    status, _, _ = ask(server, "intent", b"{}", **{"Content-Length": str(10**12)})
    assert status == 413


def test_a_recording_is_played_from_anywhere(server: CodingServer) -> None:
    status, body, headers = ask(server, "audio/S1")
    assert (status, body) == (200, SOUND)
    assert headers["Content-Type"] == "audio/mpeg"
    status, body, headers = ask(server, "audio/S1", Range="bytes=100-199")
    assert (status, body) == (206, SOUND[100:200])
    assert headers["Content-Range"] == f"bytes 100-199/{len(SOUND)}"
    assert ask(server, "audio/S1", Range=f"bytes={len(SOUND)}-")[0] == 416
    assert ask(server, "audio/S1", Range="bytes=10000-")[1] == SOUND[10000:]


@pytest.mark.parametrize(
    ("asked", "status", "part"),
    [
        ("bytes=0-", 206, SOUND),
        ("bytes=0-0", 206, SOUND[:1]),
        ("bytes=100-999999", 206, SOUND[100:]),
        ("bytes=-10", 206, SOUND[-10:]),
        ("bytes=-999999", 206, SOUND),
        ("bytes=-0", 416, b""),
        ("bytes=9-3", 416, b""),
        ("bytes=999999-", 416, b""),
        ("bytes=-", 200, SOUND),
        ("bytes=0-1,5-6", 200, SOUND),
        ("bytes=a-b", 200, SOUND),
        ("bytes=\u0663-", 200, SOUND),
        ("lines=1-2", 200, SOUND),
        ("bytes=" + "9" * 40 + "-", 200, SOUND),
    ],
)
def test_a_part_is_given_as_it_was_asked_for(
    server: CodingServer, asked: str, status: int, part: bytes
) -> None:
    found, body, headers = ask(server, "audio/S1", Range=asked.encode().decode("latin-1"))
    assert (found, body) == (status, part)
    if status == 416:
        assert headers["Content-Range"] == f"bytes */{len(SOUND)}"
    elif status == 206:
        first = int(headers["Content-Range"].split()[1].split("-")[0])
        assert SOUND[first : first + len(part)] == part
    assert headers["Content-Length"] == str(len(part))


@pytest.mark.parametrize("token", ["", "guess"])
def test_a_recording_needs_the_secret_word(server: CodingServer, token: str) -> None:
    assert ask(server, "audio/S1", token=token)[0] == 403
    assert ask(server, "audio/S1", Origin="http://evil.example")[0] == 403


def test_a_recording_may_come_go_and_be_empty_while_the_server_runs(
    server: CodingServer, project: qc.Project, tmp_path: Path
) -> None:
    file = project.path / "data" / "raw" / "S1.mp3"
    file.write_bytes(b"")
    assert ask(server, "audio/S1", Range="bytes=0-")[0] == 416
    assert ask(server, "audio/S1")[:2] == (200, b"")
    file.unlink()
    assert ask(server, "audio/S1")[0] == 404
    (tmp_path / "S9.txt").write_text("Ana: Yes.\n", encoding="utf-8")
    qc.open_project(project.path, coder="ana").add_source(tmp_path / "S9.txt")
    (project.path / "data" / "raw" / "S9.wav").write_bytes(SOUND)
    assert ask(server, "audio/S9")[1] == SOUND


def test_links_lead_to_no_recording(server: CodingServer, project: qc.Project, tmp_path: Path) -> None:
    raw = project.path / "data" / "raw"
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "S2.mp3").write_bytes(SOUND)
    (raw / "S2.mp3").symlink_to(tmp_path / "elsewhere" / "S2.mp3")
    assert ask(server, "audio/S2")[0] == 404
    for file in raw.iterdir():
        file.unlink()
    raw.rmdir()
    raw.symlink_to(tmp_path / "elsewhere")
    assert ask(server, "audio/S2")[0] == 404


@pytest.mark.parametrize("name", ["S2", "nobody", "../qualcode.toml", "%2e%2e%2f%2e%2e%2fqualcode.toml", ""])
def test_no_other_file_is_given_out(server: CodingServer, name: str) -> None:
    assert ask(server, f"audio/{name}")[0] == 404


def test_a_forgotten_tab_opens_anew(project: qc.Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qualcode.widget.server.MOST_VIEWS", 2)
    with CodingServer(project, coder="ana") as server:
        for view in "abcd":
            assert intent(server, view, id=view, do="open", source="S1")["ok"]
        assert len(server._views) == 2
        assert intent(server, "a", id="again", do="sync")["ok"]


def test_a_port_that_is_taken_is_told(server: CodingServer, project: qc.Project) -> None:
    with pytest.raises(FolderError, match=f"Port {server.port} cannot be used"):
        CodingServer(project, coder="ana", port=server.port)


def test_the_command_opens_the_page_and_ends_quietly(project: qc.Project) -> None:
    command = [sys.executable, "-m", "qualcode", "open", str(project.path), "--coder", "ana", "--no-browser"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        line = running.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)/([\w-]+)/", line)
        assert found, line
        connection = http.client.HTTPConnection("127.0.0.1", int(found[1]), timeout=10)
        connection.request("GET", f"/{found[2]}/")
        assert connection.getresponse().status == 200
        connection.close()
        time.sleep(0.1)
        running.send_signal(signal.SIGINT if os.name != "nt" else signal.CTRL_C_EVENT)
        out, err = running.communicate(timeout=20)
    assert out.endswith("Closed.\n")
    assert err == ""
    assert running.returncode == 0


def test_the_command_says_what_is_wrong(
    project: qc.Project, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["open", str(project.path / "data"), "--coder", "ana", "--no-browser"]) == 1
    assert "is no study folder" in capsys.readouterr().err
    assert main(["open", str(project.path), "--coder", "ana", "--source", "S77", "--no-browser"]) == 1
    assert "no source 'S77'" in capsys.readouterr().err
