/**
 * The player: a quiet line under the text, where a recording lies beside the source. It plays from a turn, marks the turn
 * that is heard, and follows it until somebody scrolls or selects.
 */
import { clockOf, icon, iconButton, make } from "./dom.js";
import { blockHeard, placeHeard, sizeInWords, startOf, timedTurns } from "./audio_model.js";
import { fetchRecording, whyNotHeard } from "./audio_file.js";

const SPEEDS = [0.75, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2];
const BACK = 3;
const NO_TIMES = "The turns of this transcript have no times: the recording plays from its begin and cannot be followed.";
const SCROLL_KEYS = new Set(["PageDown", "PageUp", " ", "Home", "End"]);

/**
 * @param {HTMLElement} el the line @param {ReturnType<import("./store.js").createStore>} store
 * @param {ReturnType<import("./text_view.js").createTextView>} view
 * @param {{scroll: HTMLElement, focusText: () => void}} page
 */
export function createPlayer(el, store, view, { scroll, focusText }) {
  const { state } = store;
  let timed = [];
  let loading = null; // {share} while pieces come
  let ready = null; // promise of what can be played
  let url = null;
  let run = 0; // another source, or given up: what was on its way is no longer wanted
  let heard = -1; // index of the turn that is marked
  let follows = true;
  let byHand = false;
  let asked = null; // the time that will be heard first, while nothing was loaded
  let aloud = false; // whether somebody waits to hear it
  let fault = "";
  let recording = ""; // which one this is

  const sound = make("audio", { preload: "metadata" });
  const play = iconButton("play", "Play", () => then(toggle), { key: "p", class: "qc-button qc-icon-only qc-play" });
  const again = iconButton("again", "The last 3 seconds again", () => then(back), { key: "a", text: "3 s" });
  const now = make("span", { class: "qc-clock", text: "0:00" });
  const slider = make("input", { type: "range", class: "qc-slider", min: 0, max: 0, step: 1, value: 0, "aria-label": "Place in the recording", on: { input: seek, change: () => !slider.matches(":focus-visible") && focusText() } });
  const whole = make("span", { class: "qc-clock qc-quiet" });
  const speed = make("select", { class: "qc-field qc-speed", "aria-label": "Speed", title: "Speed", on: { change: () => (setSpeed(), speed.matches(":focus-visible") || focusText()) } }, ...SPEEDS.map((rate) => make("option", { value: rate, selected: rate === 1, text: `${rate} ×` })));
  const followButton = make("button", { type: "button", class: "qc-button qc-follow", title: "Keep what is heard in sight (F)", "aria-keyshortcuts": "F", on: { click: () => then(follow) } });
  const words = make("span", { class: "qc-player-words" });
  const offer = make("button", { type: "button", class: "qc-button qc-small", hidden: true, on: { click: () => then(() => (loading ? giveUp() : playAt(null))) } });
  el.append(sound, play, again, make("span", { class: "qc-player-place" }, now, slider, whole), speed, followButton, words, offer);

  const then = (act) => {
    act();
    focusText();
  };
  const has = () => Boolean(state.source?.audio);
  const length = () => (Number.isFinite(sound.duration) ? sound.duration : 0);

  // ------------------------------------------------------------------------------------------------------------ loading

  function reset() {
    run += 1;
    sound.pause();
    sound.removeAttribute("src");
    sound.load();
    if (url) URL.revokeObjectURL(url);
    url = null;
    ready = null;
    loading = null;
    fault = "";
  }

  /** The recording, ready to play; asked for once. */
  function load() {
    ready ??= (store.audioUrl ? Promise.resolve(store.audioUrl(state.source.id)) : pieces()).then((address) => address && opened(address));
    return ready;
  }

  async function pieces() {
    const mine = run;
    loading = { share: 0 };
    draw();
    const isWanted = () => mine === run;
    const blob = await fetchRecording(store, state.source, {
      isWanted,
      onProgress(share) {
        loading = { share };
        draw();
      },
    });
    if (!blob || !isWanted()) return null;
    loading = null;
    url = URL.createObjectURL(blob);
    return url;
  }

  /** @returns {Promise<boolean>} once the length is known; false where that never will be */
  function opened(address) {
    return new Promise((resolve) => {
      sound.addEventListener("loadedmetadata", () => resolve(true), { once: true });
      sound.addEventListener("error", () => resolve(false), { once: true });
      sound.src = address;
      sound.load();
      setSpeed();
    });
  }

  /** What went wrong, where one looks: beside the text, if one asked there, and here until it is mended. */
  async function wrong(error) {
    reset();
    const mine = run;
    let reason = error.message;
    // A server answers a file that is gone as it answers one that cannot be played: Python knows which it is.
    if (store.audioUrl) await store.send({ do: "audio", source: state.source.id, offset: state.source.audio.size }).catch((refused) => (reason = refused.message));
    if (mine !== run) return;
    fault = reason;
    draw();
    if (aloud) store.say(reason, "error");
    aloud = false;
  }

  function giveUp() {
    reset();
    draw();
  }

  // ------------------------------------------------------------------------------------------------------------ playing

  /** @param {number|null} at seconds; null goes on @param {string} [what] what begins then, if it is later than the end */
  async function playAt(at, what = "It") {
    if (!has()) return noRecording();
    const mine = run;
    byHand = false;
    aloud = true;
    fault = "";
    if (at !== null) asked = at;
    try {
      if (!(await load()) || mine !== run) return undefined;
      if (asked !== null && length() && asked > length()) {
        store.say(`${what} begins at ${clockOf(asked)}, but ${state.source.audio.name} ends at ${clockOf(length())}. Is it the recording of this talk?`, "error");
        asked = null;
        return undefined;
      }
      if (asked !== null) sound.currentTime = asked;
      asked = null;
      await sound.play();
      aloud = false;
    } catch (error) {
      if (mine !== run || error.name === "AbortError") return undefined; // paused before it began
      if (error.name === "NotAllowedError") store.say("The browser wants you to press play yourself.", "error");
      else await wrong(error);
    }
    return undefined;
  }

  function noRecording() {
    const why = store.whyNot("audio");
    const id = state.source?.id;
    store.say(why || (id ? `No recording of ${id} lies beside it. Put it into data/raw of the study as ${id}.mp3 and open the source again.` : "No source is open."), "error");
  }

  /** Where one is: the turn of what is selected, else the first that can be seen. */
  function turnAtHand() {
    const place = state.selection?.start ?? (state.active ? state.codings.get(state.active)?.start : null);
    const block = place === null || place === undefined ? null : store.blockAt(place);
    return block ? state.source.blocks.indexOf(block) : view.firstVisible();
  }

  function toggle() {
    if (!has()) return noRecording();
    if (!sound.paused) return sound.pause();
    const begun = sound.currentTime > 0 || asked !== null;
    return playAt(begun || loading ? null : (startOf(state.source.blocks, turnAtHand())?.begins ?? 0));
  }

  /** @param {number} [index] of the block; else the one at hand */
  function playFrom(index = turnAtHand()) {
    if (!has()) return noRecording();
    if (timed.length === 0) return store.say(NO_TIMES, "error");
    const from = startOf(state.source.blocks, index) ?? { ...timed[0] };
    const what = `Turn ${state.source.blocks[from.index].turn}`;
    if (from.index !== index) store.say(`This turn has no time. It plays from ${what.toLowerCase()}, at ${clockOf(from.begins)}.`);
    return playAt(from.begins, what);
  }

  function back() {
    if (!has()) return noRecording();
    sound.currentTime = Math.max(sound.currentTime - BACK, 0);
    if (sound.paused && sound.readyState > 0) playAt(null);
    return undefined;
  }

  function seek() {
    asked = Number(slider.value);
    if (sound.readyState > 0) {
      sound.currentTime = asked;
      asked = null;
    }
    byHand = false;
    drawTime();
  }

  function setSpeed() {
    sound.defaultPlaybackRate = Number(speed.value);
    sound.playbackRate = Number(speed.value);
  }

  // ---------------------------------------------------------------------------------------------------------- following

  function follow() {
    if (!has()) return noRecording();
    if (timed.length === 0) return store.say(NO_TIMES, "error");
    follows = byHand || !follows;
    byHand = false;
    draw();
    keepInSight();
    return undefined;
  }

  /** Somebody looks elsewhere: the page stays where they are. */
  function hands() {
    if (byHand || !follows || sound.paused) return;
    byHand = true;
    draw();
  }

  function mark(index) {
    if (index === heard) return;
    view.rowAt(heard)?.row.classList.remove("qc-heard");
    heard = index;
    view.rowAt(heard)?.row.classList.add("qc-heard");
  }

  function keepInSight() {
    if (heard < 0 || !follows || byHand || sound.paused) return;
    const start = placeHeard(state.source.blocks[heard], timed, sound.currentTime);
    view.scrollTo({ start, end: start + 1 }, { ahead: true });
  }

  function tick() {
    drawTime();
    if (!has()) return;
    const begun = sound.currentTime > 0 || !sound.paused;
    mark(begun ? blockHeard(timed, sound.currentTime) : -1);
    keepInSight();
  }

  // ------------------------------------------------------------------------------------------------------------ drawing

  function drawTime() {
    const at = asked ?? sound.currentTime;
    now.textContent = clockOf(at);
    slider.value = at;
    slider.style.setProperty("--qc-played", `${length() ? Math.min(at / length(), 1) * 100 : 0}%`);
    slider.setAttribute("aria-valuetext", length() ? `${clockOf(at)} of ${clockOf(length())}` : clockOf(at));
  }

  function draw() {
    el.hidden = !has();
    if (!has()) return;
    const { name, size } = state.source.audio;
    const playing = !sound.paused;
    play.replaceChildren(icon(playing ? "pause" : "play"));
    play.title = `${playing ? "Pause" : "Play"} ${name} (p)`;
    play.setAttribute("aria-label", playing ? "Pause" : "Play");
    play.disabled = loading !== null;
    again.disabled = sound.readyState === 0;
    slider.max = Math.max(Math.floor(length()), 0);
    slider.disabled = length() === 0;
    whole.textContent = length() ? clockOf(length()) : sizeInWords(size);
    const paused = byHand && follows;
    followButton.hidden = timed.length === 0;
    followButton.textContent = paused ? "Follow again" : "Follow";
    followButton.setAttribute("aria-pressed", String(follows && !byHand));
    followButton.classList.toggle("qc-strong", paused);
    words.textContent = fault || (loading ? `Loading ${name}: ${Math.floor(loading.share * 100)} % of ${sizeInWords(size)}` : timed.length ? "" : NO_TIMES);
    el.dataset.state = fault ? "wrong" : loading ? "loading" : playing ? "playing" : "quiet";
    offer.hidden = !fault && !loading;
    offer.textContent = loading ? "Stop" : "Try again";
    drawTime();
  }

  for (const name of ["play", "pause", "ended", "loadedmetadata", "durationchange"]) sound.addEventListener(name, draw);
  for (const name of ["timeupdate", "seeked", "play"]) sound.addEventListener(name, tick);
  sound.addEventListener("error", () => wrong(new Error(whyNotHeard(state.source.audio.name, sound.error))));
  const onScrollbar = (event) => event.target === scroll && event.offsetX >= scroll.clientWidth && hands();
  scroll.addEventListener("wheel", hands, { passive: true });
  scroll.addEventListener("touchmove", hands, { passive: true });
  scroll.addEventListener("pointerdown", onScrollbar);
  scroll.addEventListener("keydown", (event) => SCROLL_KEYS.has(event.key) && hands());

  const offs = [
    store.on("source", () => {
      const { source } = state;
      const before = recording;
      recording = source?.audio ? `${source.id} ${source.audio.name} ${source.audio.size}` : "";
      timed = timedTurns(source?.blocks ?? []);
      heard = -1;
      if (recording && recording === before) return tick(); // the text was corrected: it plays on
      reset();
      asked = null;
      byHand = false;
      draw();
      // A server gives the length for a few bytes; what cannot be played is known before anybody waits for it.
      if (has() && store.audioUrl) load();
      return undefined;
    }),
    store.on("selection", ({ how }) => state.selection && how !== "code" && hands()),
    store.on("place", hands),
    store.on("ask", ({ what, take, index }) => {
      if (what !== "play") return;
      take();
      then(() => playFrom(index));
    }),
  ];

  draw();
  return {
    toggle,
    playFrom: () => playFrom(),
    back,
    follow,
    close() {
      reset();
      offs.forEach((off) => off());
    },
  };
}
