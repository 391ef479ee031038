"""The recording beside a source: played from a turn, followed while it plays, and what is said where it cannot be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from qualcode.project import Project
from qualcode.widget.server import CodingServer

from .recordings import write_sound

APART = 4
"""Seconds between the begins of two turns."""

TURNS = (
    "How did it begin?",
    "We had a plan. Nobody read it.",
    "And then?",
    *(
        f"{word} we began again, and the plan was another one. " * 9
        for word in ("First", "Then", "Later", "At last")
    ),
    "Thank you.",
)
SOUND = "document.querySelector('audio')"


@pytest.fixture
def talk(study: Project, tmp_path: Path) -> Callable[..., Project]:
    """A study with an interview R1 whose turns have times, and its recording."""

    def made(
        sound: bool = True, stamp: Callable[[int], str] = lambda n: f"[00:00:{n * APART:02d}] "
    ) -> Project:
        lines = [f"{stamp(n)}{('Interviewer', 'Mara')[n % 2]}: {text}" for n, text in enumerate(TURNS)]
        file = tmp_path / "R1.txt"
        file.write_text("\n\n".join(lines) + "\n", encoding="utf-8")
        study.add_source(file)
        (study.path / "data" / "raw").mkdir(exist_ok=True)
        if sound:
            write_sound(study.path / "data" / "raw" / "R1.wav", APART * len(TURNS))
        return study

    return made


def heard(page: Any) -> int | None:
    """The number of the turn that is marked as heard."""
    found = page.js(
        f"{page.store}.state.source.blocks[document.querySelector('.qc-heard')?.dataset.index]?.turn ?? null"
    )
    return None if found is None else int(found)


def seconds(page: Any) -> float:
    return float(page.js(f"{SOUND}.currentTime"))


def plays(page: Any) -> None:
    page.until(f"!{SOUND}.paused && {SOUND}.readyState > 2")


def said(page: Any) -> str:
    return str(page.page.locator(".qc-player-words").inner_text())


def to_turn(page: Any, number: int) -> None:
    page.page.locator(".qc-scroll").focus()
    page.press("Home", *["j"] * (number - 1))


def in_sight(page: Any, number: int) -> bool:
    return bool(
        page.js(
            f"(() => {{ const index = {page.store}.state.source.blocks.findIndex(({{ turn }}) => turn === {number});"
            "const box = document.querySelector('.qc-scroll').getBoundingClientRect();"
            "const row = document.querySelector(`.qc-turn[data-index='${index}']`).getBoundingClientRect();"
            "return row.bottom > box.top + 20 && row.top < box.bottom - 20; })()"
        )
    )


# -- playing ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["page", "cell", "shadow"])
def test_it_plays_from_the_turn_that_is_selected_and_stops(coding_page: Any, talk: Any, host: str) -> None:
    page = coding_page(talk(), "R1", host=host)
    root = "document" if host != "shadow" else "document.querySelector('#cell > div').shadowRoot"
    sound = f"{root}.querySelector('audio')"
    assert page.sent("audio") == []  # nothing is fetched before somebody wants to hear it
    page.page.locator(".qc-scroll").focus()
    page.press("Home", "j", "P")
    page.until(f"!{sound}.paused && {sound}.currentTime >= {APART}")
    assert page.js(f"{sound}.currentTime") < APART + 3
    assert page.js(f"{root}.querySelector('.qc-heard .qc-text').textContent") == TURNS[1]
    assert page.sent("audio")
    page.press("p")
    assert page.js(f"{sound}.paused")
    at = page.js(f"{sound}.currentTime")
    page.press("p")
    page.until(f"{sound}.currentTime > {at}")  # it goes on where it was
    assert page.js(f"{sound}.currentTime") < at + 3


def test_the_time_of_a_turn_plays_it_and_the_keys_stay_with_the_text(coding_page: Any, talk: Any) -> None:
    page = coding_page(talk(), "R1")
    page.page.get_by_role("button", name="Play from 0:08").click()
    plays(page)
    page.until("document.querySelector('.qc-heard') !== null")
    assert heard(page) == 3
    assert page.js("document.activeElement.className") == "qc-scroll"
    page.press("p")
    assert page.js(f"{SOUND}.paused")


def test_the_first_press_plays_what_one_reads(coding_page: Any, talk: Any) -> None:
    page = coding_page(talk(), "R1", size=(1000, 500))
    page.js(f"{page.store}.go(null, {{ turn: 6 }})")
    page.page.wait_for_timeout(100)
    page.page.get_by_role("button", name="Play", exact=True).click()
    plays(page)
    assert seconds(page) >= 4 * APART


def test_three_seconds_again_another_speed_and_another_place(coding_page: Any, talk: Any) -> None:
    page = coding_page(talk(), "R1")
    to_turn(page, 3)
    page.press("P")
    plays(page)
    at = seconds(page)
    page.press("a")
    assert at - 3.5 < seconds(page) < at
    page.page.get_by_label("Speed").select_option("1.5")
    assert page.js(f"{SOUND}.playbackRate") == 1.5
    page.press("p")
    slider = page.page.get_by_label("Place in the recording")
    slider.focus()
    page.press("End")
    assert seconds(page) == pytest.approx(APART * len(TURNS), abs=1.1)
    page.press("Home")
    assert seconds(page) == 0
    assert slider.get_attribute("aria-valuetext") == "0:00 of 0:32"
    page.press("ArrowRight", "p")  # arrows belong to the slider, letters to the page
    plays(page)


def test_the_end_can_be_heard_again(coding_page: Any, talk: Any) -> None:
    page = coding_page(talk(), "R1")
    to_turn(page, len(TURNS))
    page.press("P")
    page.page.get_by_label("Speed").select_option("2")
    page.until(f"{SOUND}.ended", seconds=10)
    assert page.page.get_by_role("button", name="Play", exact=True).is_visible()
    page.press("P")
    plays(page)


def test_another_source_ends_it(coding_page: Any, talk: Any) -> None:
    page = coding_page(talk(), "R1")
    to_turn(page, 1)
    page.press("P")
    plays(page)
    page.press("<")
    page.until(f"{page.store}.state.source.id === 'P1'")
    assert page.js(f"{SOUND}.paused")
    assert page.page.locator(".qc-player").is_hidden()
    assert page.page.locator(".qc-heard").count() == 0


def test_a_corrected_text_does_not_end_it(coding_page: Any, talk: Any) -> None:
    page = coding_page(talk(), "R1")
    to_turn(page, 2)
    page.press("P")
    plays(page)
    version = page.state("source.version")
    page.session.project.correct("R1", "Nobody read it.", "Nobody has read it.")
    page.until(f"{page.store}.state.source.version !== '{version}'", seconds=8)
    assert not page.js(f"{SOUND}.paused")
    assert heard(page) == 2 + int((seconds(page) - APART) // APART)


# -- following -------------------------------------------------------------------------------------


def test_what_is_heard_stays_in_sight_until_somebody_scrolls(coding_page: Any, talk: Any) -> None:
    page = coding_page(talk(), "R1", size=(1000, 480))
    to_turn(page, 1)
    page.press("P", "Escape")
    plays(page)
    page.js(f"{SOUND}.currentTime = {5 * APART + 1}")
    page.until("document.querySelector('.qc-heard') !== null")
    page.page.wait_for_timeout(500)
    assert heard(page) == 6
    assert in_sight(page, 6)
    page.page.mouse.move(400, 250)
    page.page.mouse.wheel(0, -4000)
    page.page.wait_for_timeout(700)
    assert in_sight(page, 1)  # it stays where the hand went
    follow = page.page.locator(".qc-follow")
    assert (follow.inner_text(), follow.get_attribute("aria-pressed")) == ("Follow again", "false")
    page.press("F")
    page.page.wait_for_timeout(500)
    assert in_sight(page, heard(page) or 0)
    assert (follow.inner_text(), follow.get_attribute("aria-pressed")) == ("Follow", "true")


def test_selecting_while_it_plays_leaves_the_page_alone(coding_page: Any, talk: Any) -> None:
    page = coding_page(talk(), "R1", size=(1000, 480))
    to_turn(page, 1)
    page.press("P")
    plays(page)
    page.press("j")
    page.js(f"{SOUND}.currentTime = {5 * APART + 1}")
    page.page.wait_for_timeout(700)
    assert heard(page) == 6
    assert in_sight(page, 2)
    assert page.selected() == TURNS[1]


def test_following_can_be_left_off(coding_page: Any, talk: Any) -> None:
    page = coding_page(talk(), "R1", size=(1000, 480))
    page.press("F")
    assert page.page.locator(".qc-follow").get_attribute("aria-pressed") == "false"
    to_turn(page, 1)
    page.press("P")
    plays(page)
    page.js(f"{SOUND}.currentTime = {5 * APART + 1}")
    page.page.wait_for_timeout(700)
    assert heard(page) == 6
    assert in_sight(page, 1)


# -- what cannot be played -------------------------------------------------------------------------


def test_without_a_recording_there_is_no_player_and_the_key_says_where_one_belongs(
    coding_page: Any, talk: Any
) -> None:
    page = coding_page(talk(sound=False), "R1")
    assert page.page.locator(".qc-player").is_hidden()
    assert page.page.locator("button.qc-time").count() == 0
    for key in ("p", "P", "a", "F"):
        page.press(key)
        assert "data/raw of the study as R1.mp3" in page.page.locator(".qc-alert").inner_text()
        page.press("Escape")


def test_a_file_that_is_no_sound_says_so_where_one_asked_and_at_the_player(
    coding_page: Any, talk: Any
) -> None:
    project = talk()
    (project.path / "data" / "raw" / "R1.wav").write_bytes(b"These are words, no sound. " * 400)
    page = coding_page(project, "R1")
    to_turn(page, 2)
    page.press("P")
    page.until("document.querySelector('.qc-player').dataset.state === 'wrong'")
    assert "cannot play R1.wav: it is damaged" in said(page)
    page.until("!document.querySelector('.qc-alert').hidden")
    assert page.page.locator(".qc-alert p").inner_text() == said(page)
    assert page.page.get_by_role("button", name="Try again").is_visible()
    page.press("Escape", "1")  # the rest of the page works on
    page.settle()
    assert page.codings("R1") == [(TURNS[1], "trust", "supports")]


def test_a_recording_that_went_away_says_so_as_python_does(coding_page: Any, talk: Any) -> None:
    project = talk()
    page = coding_page(project, "R1")
    (project.path / "data" / "raw" / "R1.wav").unlink()
    to_turn(page, 2)
    page.press("P")
    page.until("document.querySelector('.qc-player').dataset.state === 'wrong'")
    assert "No recording of R1 lies in data/raw" in said(page)
    write_sound(project.path / "data" / "raw" / "R1.wav", APART * len(TURNS))
    page.page.get_by_role("button", name="Try again").click()
    plays(page)
    assert said(page) == ""
    assert seconds(page) >= APART  # from where it was wanted


def test_turns_without_times_say_why_they_cannot_be_played(coding_page: Any, talk: Any) -> None:
    page = coding_page(talk(stamp=lambda n: ""), "R1")
    assert page.page.locator("button.qc-time").count() == 0
    assert page.page.locator(".qc-follow").is_hidden()
    assert "have no times" in said(page)
    to_turn(page, 2)
    page.press("P")
    assert "have no times" in page.page.locator(".qc-alert").inner_text()
    assert page.sent("audio") == []
    page.press("Escape", "p")
    plays(page)
    assert page.page.locator(".qc-heard").count() == 0


def test_a_turn_without_a_time_plays_from_the_one_before_and_says_so(coding_page: Any, talk: Any) -> None:
    page = coding_page(talk(stamp=lambda n: "" if n == 2 else f"[00:00:{n * APART:02d}] "), "R1")
    to_turn(page, 3)
    page.press("P")
    plays(page)
    assert APART <= seconds(page) < 2 * APART
    assert (
        page.page.locator(".qc-note").inner_text() == "This turn has no time. It plays from turn 2, at 0:04."
    )


def test_a_turn_after_the_end_asks_whether_it_is_the_right_recording(coding_page: Any, talk: Any) -> None:
    project = talk()
    write_sound(project.path / "data" / "raw" / "R1.wav", seconds=10)
    page = coding_page(project, "R1")
    to_turn(page, 5)
    page.press("P")
    page.until("!document.querySelector('.qc-alert').hidden")
    words = page.page.locator(".qc-alert").inner_text()
    assert "Turn 5 begins at 0:16, but R1.wav ends at 0:10" in words
    assert page.js(f"{SOUND}.paused")


# -- on its way ------------------------------------------------------------------------------------

LARGE = """() => {
  const ask = window.qcIntent;
  const piece = new DataView(new ArrayBuffer(1 << 20));
  window.longest = 0;
  let last = performance.now();
  const frame = () => { const now = performance.now(); window.longest = Math.max(window.longest, now - last); last = now; requestAnimationFrame(frame); };
  requestAnimationFrame(frame);
  const store = window.qualcodePage.store;
  const send = store.send;
  store.state.source.audio = { name: "R1.wav", size: 300 << 20 };
  window.pieces = 0;
  store.send = async (intent) => {
    if (intent.do !== "audio") return send(intent);
    await new Promise((done) => setTimeout(done, 2));
    window.pieces += 1;
    return { size: 300 << 20, last: false, buffers: [piece] };
  };
}"""


def test_a_large_recording_on_its_way_tells_how_far_it_is_and_stops_nobody(
    coding_page: Any, talk: Any
) -> None:
    page = coding_page(talk(), "R1")
    page.js(LARGE)
    to_turn(page, 2)
    page.press("P")
    page.until("window.pieces > 20")
    assert "% of 315 MB" in said(page)
    page.press("1", "j", "j", "2")
    page.settle()
    assert len(page.codings("R1")) == 2
    page.until("window.pieces > 150", seconds=20)
    assert page.js("window.longest") < 400
    page.page.get_by_role("button", name="Stop").click()
    pieces = page.js("window.pieces")
    page.page.wait_for_timeout(150)
    assert page.js("window.pieces") <= pieces + 1
    assert said(page) == ""
    assert page.page.get_by_role("button", name="Play", exact=True).is_enabled()


# -- at the server ---------------------------------------------------------------------------------


@pytest.fixture
def at_server(chromium: Any) -> Iterator[Callable[..., Any]]:
    """Open the page that `qualcode open` serves."""
    closing: list[Callable[[], Any]] = []

    def opened(project: Project) -> tuple[Any, list[Any]]:
        server = CodingServer(project, "R1", "ana")
        closing.append(server.__enter__().close)
        context = chromium.new_context(viewport={"width": 1000, "height": 600})
        closing.append(context.close)
        page = context.new_page()
        answers: list[Any] = []
        page.on("response", lambda answer: "/audio/" in answer.url and answers.append(answer))
        page.goto(server.address)
        page.wait_for_selector(".qc-root[data-ready]")
        return page, answers

    yield opened
    for close in reversed(closing):
        close()


def until(page: Any, expression: str) -> None:
    """Wait until something is true. (Playwright's own wait is against the page's security policy.)"""
    for _ in range(250):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(20)
    raise AssertionError(f"never true: {expression}")


def test_the_server_gives_the_parts_that_are_played(at_server: Any, talk: Any) -> None:
    page, answers = at_server(talk())
    until(page, "document.querySelector('audio').readyState > 0")
    assert page.locator(".qc-player").inner_text().count("0:32") == 1  # its length, before anybody pressed
    page.get_by_role("button", name="Play from 0:12").click()
    until(page, "document.querySelector('audio').currentTime > 12 && !document.querySelector('audio').paused")
    assert {answer.status for answer in answers} == {206}
    assert page.evaluate("document.querySelector('audio').seekable.end(0)") == pytest.approx(32, abs=0.1)


def test_the_server_s_page_says_what_cannot_be_played(at_server: Any, talk: Any) -> None:
    project = talk()
    (project.path / "data" / "raw" / "R1.wav").write_bytes(b"no sound")
    page, _ = at_server(project)
    page.wait_for_selector(".qc-player[data-state=wrong]")
    assert "cannot play R1.wav" in page.locator(".qc-player-words").inner_text()
    assert page.locator(".qc-alert").is_hidden()  # nobody asked yet
    (project.path / "data" / "raw" / "R1.wav").unlink()
    page.get_by_role("button", name="Try again").click()
    until(page, "document.querySelector('.qc-player-words').innerText.includes('No recording of R1')")
    assert "No recording of R1" in page.locator(".qc-alert").inner_text()
