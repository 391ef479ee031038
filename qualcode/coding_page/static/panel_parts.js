/** Small parts that the panels and dialogs share: signs, dots, names of coders, and how one panel calls another. */
import { countOf, inDigits, make } from "./dom.js";
import { inkOf } from "./colours.js";

const SVG_SPACE = "http://www.w3.org/2000/svg";

// Paths on a grid of 16, as the icons of dom.js.
const SIGNS = {
  more: "M3.5 8h.01M8 8h.01M12.5 8h.01",
  edit: "M3 13l.6-2.8L10.8 3l2.2 2.2-7.2 7.2L3 13zM9.6 4.2l2.2 2.2",
  quotes: "M3 4.5h10M3 8h10M3 11.5h6",
  split: "M8 2.5v4M8 6.5 3.5 11M8 6.5 12.5 11M3.5 8v3h3M12.5 8v3h-3",
  merge: "M3.5 3 8 7.5 12.5 3M8 7.5v6M5.8 11.3 8 13.5l2.2-2.2",
  move: "M3 3h4M3 3v9.5h4M7 8h6M11 6l2 2-2 2",
  retire: "M2.5 3.5h11v3h-11zM3.5 6.5v6.5h9V6.5M6.5 9h3",
  eye: "M1.8 8C3.5 5 5.6 3.6 8 3.6S12.5 5 14.2 8C12.5 11 10.4 12.4 8 12.4S3.5 11 1.8 8zM8 6.2a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6z",
  list: "M2.8 4h.01M2.8 8h.01M2.8 12h.01M5.5 4h8M5.5 8h8M5.5 12h8",
};

/** A picture sign, as `icon` of dom.js. */
export function sign(name) {
  const svg = document.createElementNS(SVG_SPACE, "svg");
  for (const [key, value] of Object.entries({ viewBox: "0 0 16 16", class: `qc-icon qc-icon-${name}`, "aria-hidden": "true" })) svg.setAttribute(key, value);
  const path = document.createElementNS(SVG_SPACE, "path");
  path.setAttribute("d", SIGNS[name]);
  svg.append(path);
  return svg;
}

/** A quiet button with a sign. `text` stands beside it; `label` is its name and tool tip. */
export function signButton(name, label, run, { text = "", ...more } = {}) {
  return make(
    "button",
    { type: "button", class: text ? "qc-button" : "qc-button qc-icon-only", title: label, "aria-label": text ? null : label, on: { click: run }, ...more },
    sign(name),
    text ? make("span", { text }) : null,
  );
}

/** A code's colour in both themes; the style sheet takes the one that can be seen. @returns {Object<string, string>} */
export function inksOf(code) {
  return { "--qc-ink-light": inkOf(code?.colour ?? "#7a8494", "light"), "--qc-ink-dark": inkOf(code?.colour ?? "#7a8494", "dark") };
}

/** The dot in a code's colour; a ring for a code that only gathers others. */
export function inkDot(code, more = "") {
  return make("span", { class: `qc-dot qc-ink${code && !code.codable && !code.retired ? " qc-ring" : ""}${more ? ` ${more}` : ""}`, style: inksOf(code) });
}

/** Dot and name. */
export function codeSign(code, more = "") {
  return make("span", { class: `qc-code-sign${more ? ` ${more}` : ""}` }, inkDot(code), make("span", { class: "qc-code-name", text: code?.name ?? "" }));
}

/** The key that puts a code, "" for none. */
export function keyOfCode(store, id) {
  for (const [key, code] of store.state.keys) if (code === id) return key;
  return "";
}

export function coderName(store, id) {
  return store.state.coders.find((coder) => coder.id === id)?.name ?? id;
}

/** "3 codings here, 12 in all, 2 more of coders that are hidden". */
export function countsInWords([here, all, hidden = 0]) {
  const more = hidden ? `, ${inDigits(hidden)} ${all ? "more " : ""}of coders that are hidden` : "";
  return (all === 0 ? "no codings" : `${countOf(here, "coding")} here, ${inDigits(all)} in all`) + more;
}

/** An id for elements that name each other. */
export function freshId(prefix) {
  globalThis.__qualcodeIds = (globalThis.__qualcodeIds ?? 0) + 1;
  return `${prefix}-${globalThis.__qualcodeIds}`;
}

/** A function that runs when there was quiet for a while; `.cancel()` forgets the call. */
export function afterQuiet(ms, fn) {
  let timer = null;
  const later = (...args) => {
    clearTimeout(timer);
    timer = setTimeout(() => fn(...args), ms);
  };
  later.cancel = () => clearTimeout(timer);
  return later;
}

/** Put the keyboard where the transcript is. @param {Element} el anything on the page */
export function focusTranscript(el) {
  el.closest(".qc-root")?.querySelector(".qc-scroll")?.focus({ preventScroll: true });
}

/** Where the side lies over most of the text, fold it away so that a place one went to can be seen. */
export function makeRoom(el) {
  const root = el.closest(".qc-root");
  if (root && root.clientWidth < 620) {
    root.dataset.side = "closed";
    focusTranscript(root);
  }
}

// ------------------------------------------------------------------------------------------- one panel calls another

const chosenCodes = new WeakMap(); // store -> the code chosen in the tree since the quotes were looked at

/** The tree says which code is chosen. */
export function noteChosen(store, id) {
  chosenCodes.set(store, id);
}

/** The code chosen in the tree since this was last asked, undefined for none. */
export function takeChosen(store) {
  const id = chosenCodes.get(store);
  chosenCodes.delete(store);
  return id;
}

const calls = new WeakMap(); // store -> {panel: {take, wish}}

function callsOf(store) {
  if (!calls.has(store)) calls.set(store, {});
  return calls.get(store);
}

/** A panel that is on the page says how it takes what others want of it. */
export function answerCalls(store, panel, take) {
  const entry = (callsOf(store)[panel] ??= {});
  entry.take = take;
  if (entry.wish) take(entry.wish);
  entry.wish = null;
}

/** Bring a panel to the front and tell it what is wanted; a panel that was never shown hears of it when it is made. */
export function callPanel(store, panel, wish) {
  const entry = (callsOf(store)[panel] ??= {});
  store.showPanel(panel);
  if (entry.take) entry.take(wish);
  else entry.wish = wish;
}
