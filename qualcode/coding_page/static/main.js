/** The coding page: makes its regions and joins the parts. One page is one element, one store and one port. */
import { isField, make } from "./dom.js";
import { themeOf } from "./colours.js";
import { createStore } from "./store.js";
import { createPainter } from "./painter.js";
import { createTextView } from "./text_view.js";
import { watchMouse } from "./selection.js";
import { codeSelection, createActions } from "./actions.js";
import { createChooser } from "./chooser.js";
import { createBorders } from "./borders.js";
import { createCodingBar } from "./coding_bar.js";
import { createTopBar } from "./top_bar.js";
import { createAlert, createStatusLine } from "./status_line.js";
import { createHelp } from "./help.js";
import { createPlayer } from "./audio.js";
import { createSide } from "./side.js";
import { watchKeys } from "./keys.js";
import { freshId } from "./panel_parts.js";
import { PANELS } from "./panels.js";
import { createDialogs } from "./dialogs.js";

const KEEP_POSITION_AFTER = 1200;
const TELL_SELECTION_AFTER = 200;

/** A function that runs when there was quiet for a while. */
function whenQuiet(ms, fn) {
  let timer = null;
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(fn, ms);
  };
  later.cancel = () => clearTimeout(timer);
  return later;
}

/** Tell the browser's own record of times when the text was first painted; `make bench` reads it. */
function measureFirstFrame(begun) {
  requestAnimationFrame(() => {
    const painted = new MessageChannel();
    painted.port1.onmessage = () => {
      performance.measure("qualcode first frame", { start: begun, end: performance.now() });
      painted.port1.close();
    };
    painted.port2.postMessage(null);
  });
}

/** Keep `data-theme` on the page in step with what is behind it. */
function followTheme(root, onTheme) {
  let theme = null;
  const look = () => {
    const now = themeOf(root.parentElement ?? root.getRootNode().host ?? document.body);
    if (now === theme) return;
    theme = now;
    root.dataset.theme = now;
    onTheme(now);
  };
  const media = window.matchMedia("(prefers-color-scheme: dark)");
  const watcher = new MutationObserver(look);
  for (const el of [document.documentElement, document.body]) {
    watcher.observe(el, { attributes: true, attributeFilter: ["class", "style", "data-jp-theme-light", "data-jp-theme-name", "data-theme"] });
  }
  media.addEventListener("change", look);
  look();
  return {
    theme: () => theme,
    close() {
      watcher.disconnect();
      media.removeEventListener("change", look);
    },
  };
}

/**
 * Put a coding page into an element.
 * @param {HTMLElement} el
 * @param {import("./port.js").Port} port
 * @param {{height?: string, panels?: object[], painter?: "auto"|"mark", patience?: number, syncEvery?: number, focus?: boolean,
 *   alone?: boolean}} [options] `alone`: the page is the main thing here; else it is one region among others, as in a notebook
 * @returns {(() => void) & {store: object}} call it to take the page away
 */
export function mount(el, port, { height = "", panels = PANELS, painter: paintWith = "auto", focus = false, alone = false, ...timing } = {}) {
  const begun = performance.now();
  const scroll = make("div", { class: "qc-scroll", tabindex: "0", role: "region", "aria-label": "Transcript" });
  const pane = make("section", { class: "qc-pane" }, scroll);
  const heading = make(alone ? "h1" : "h2", { class: "qc-unseen", id: freshId("qc-page"), text: "Coding" });
  const top = make("header", { class: "qc-top" });
  const line = make("section", { class: "qc-player", "aria-label": "Recording", hidden: true });
  const foot = make("footer", { class: "qc-foot" });
  const live = make("p", { class: "qc-live", "aria-live": "polite" });
  const body = make("div", { class: "qc-body" }, pane);
  // The attribute keeps JupyterLab and Notebook from taking keys typed here; stopping them alone is not enough there.
  const root = make(
    "div",
    { class: "qc-root", role: alone ? "main" : "region", "aria-labelledby": heading.id, "data-lm-suppress-shortcuts": "true" },
    heading,
    make("div", { class: "qc-page" }, top, body, line, foot),
    live,
  );
  // Notebook 7 looks at keys first, and at the element that has the focus before anything around it.
  root.addEventListener("focusin", (event) => event.target.setAttribute?.("data-lm-suppress-shortcuts", "true"));
  if (height) root.style.setProperty("--qc-height", height);
  el.append(root);

  let seen = true;
  const eye = new IntersectionObserver(([entry]) => (seen = entry.isIntersecting));
  eye.observe(root);
  const store = createStore(port, { isVisible: () => seen && document.visibilityState === "visible" && root.isConnected, ...timing });
  const { state } = store;
  const focusText = () => scroll.focus({ preventScroll: true });

  const painter = createPainter(root, paintWith);
  const view = createTextView(scroll, store, painter, { freeBelow: () => pane.querySelector(".qc-coding-bar:not([hidden])")?.offsetHeight ?? 0 });
  const colours = followTheme(root, (theme) => view.setTheme(theme));
  const theme = () => colours.theme();
  const parts = { view, scroll };
  let actions = {};
  const page = { actions: () => actions, focusText, theme };

  const chooser = createChooser(scroll, store, view, page);
  const alert = createAlert(scroll, store, view);
  const mouse = watchMouse(scroll, store, view, {
    onSelect(range) {
      if (borders.isOn()) return borders.take(range);
      store.activate(null);
      store.select(range, "mouse");
      return chooser.showSmall();
    },
    onPoint(place) {
      if (borders.isOn()) return;
      chooser.close();
      const here = place === null ? [] : store.codingsAt(place, place + 1).sort((a, b) => a.end - a.start - (b.end - b.start));
      const at = here.findIndex(({ id }) => id === state.active);
      store.select(null, "mouse");
      store.activate(here.length ? here[(at + 1) % here.length].id : null);
    },
  });
  const borders = createBorders(scroll, store, view, mouse, () => bar.draw());
  const bar = createCodingBar(pane, store, { ...page, borders });
  const side = createSide(body, root, store, panels);
  const closeDialogs = createDialogs(root, store);
  const bars = createTopBar(top, store, { ...page, toggleSide: side.toggle, hasSide: panels.length > 0, isSideOpen: side.isOpen });
  const status = createStatusLine(foot, store, page);
  const help = createHelp(root, store, focusText);
  const player = createPlayer(line, store, view, { scroll, focusText });
  Object.assign(parts, { chooser, alert, bar, help, player, search: bars.search });
  actions = createActions(store, parts);

  function codeByKey(key) {
    const id = state.keys.get(key);
    if (!id || !state.source) return false;
    const coding = state.active ? state.codings.get(state.active) : null;
    codeSelection(store, [id], { range: state.selection ?? coding });
    chooser.close();
    return true;
  }

  /** Whether a key belongs to what has the focus: a field, an open dialog, a button that is pressed with it. */
  function ownsKey(event) {
    const at = event.composedPath()[0];
    if (isField(at) || at.closest?.("dialog")) return true;
    const control = at.closest?.("button, summary, input, select, a, [role=tab], [role=treeitem], [role=option], pre");
    return Boolean(control) && /^(Enter| |Tab|Arrow.*|Home|End|Page.*)$/.test(event.key);
  }

  const stopKeys = watchKeys(root, { actions, codeKey: codeByKey, inField: ownsKey, mode: () => (borders.isOn() ? borders.key : null) });

  // ------------------------------------------------------------------------------------------------- what Python is told

  const keepPosition = whenQuiet(KEEP_POSITION_AFTER, () => {
    if (!state.source?.blocks.length) return;
    const index = view.firstVisible();
    const turn = state.source.blocks.slice(0, index + 1).findLast((block) => block.turn !== null)?.turn;
    const turns = state.source.blocks.some((block) => block.turn !== null);
    store.send({ do: "position", source: state.source.id, turn: turns ? (turn ?? 0) : index + 1 }).catch(() => {});
  });
  const tellSelection = whenQuiet(TELL_SELECTION_AFTER, () => {
    const range = state.selection;
    store.send({ do: "select", start: range?.start ?? null, end: range?.end ?? null }).catch(() => {});
    live.textContent = actions.selectionInWords();
  });
  scroll.addEventListener("scroll", keepPosition, { passive: true });

  const offs = [
    store.on("selection", ({ how }) => {
      root.dataset.selecting = state.selection ? how : "";
      if (how !== "borders") tellSelection();
    }),
    store.on("active", () => {
      const coding = state.active && state.codings.get(state.active);
      if (coding) live.textContent = `${store.codeOf(coding.code)?.name ?? ""}: ${store.quote(coding.start, coding.end).slice(0, 120)}`;
    }),
    store.on("source", ({ moved }) => {
      if (borders.isOn()) borders.end();
      scroll.setAttribute("aria-label", `Transcript ${state.source?.title ?? ""}`);
      heading.textContent = `Coding ${state.source?.title ?? state.study?.title ?? ""}`.trim();
      root.dataset.empty = state.source ? "" : "true";
      if (moved && state.source?.position) store.go(null, { turn: state.source.position });
    }),
    store.on("open", ({ place }) => {
      root.dataset.ready = "true";
      measureFirstFrame(begun);
      if (place) store.go(null, place);
      if (focus) focusText();
    }),
  ];

  const warn = (event) => state.status.pending > 0 && event.preventDefault();
  window.addEventListener("beforeunload", warn);
  store.open();

  const close = () => {
    for (const off of offs) off();
    keepPosition.cancel();
    tellSelection.cancel();
    window.removeEventListener("beforeunload", warn);
    for (const part of [stopKeys, mouse.close, eye.disconnect.bind(eye), colours.close, chooser.closeView, alert.closeView, bar.close, closeDialogs, side.close, bars.close, status.close, player.close, view.close]) part();
    store.close();
    port.close?.();
    root.remove();
  };
  return Object.assign(close, { store });
}
