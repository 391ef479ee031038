/** Small helpers to build elements. Text always goes in as text: nothing of a transcript is ever parsed as HTML. */

const SVG = "http://www.w3.org/2000/svg";

// Paths on a grid of 16, drawn with a stroke of 1.5 in the colour of the text.
const ICONS = {
  left: "M10 3.5 5.5 8l4.5 4.5",
  right: "M6 3.5 10.5 8 6 12.5",
  down: "M3.5 6 8 10.5 12.5 6",
  undo: "M6 3.5 3 6.5l3 3M3.2 6.5H9a3.5 3.5 0 0 1 0 7H6.5",
  redo: "M10 3.5l3 3-3 3M12.8 6.5H7a3.5 3.5 0 0 0 0 7h2.5",
  search: "M7 2.8a4.2 4.2 0 1 1 0 8.4 4.2 4.2 0 0 1 0-8.4zM10.2 10.2l3.3 3.3",
  people: "M6 7.5a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.6zM1.8 13.2c.2-2.7 1.8-4 4.2-4s4 1.3 4.2 4M10.5 3.2a2.2 2.2 0 0 1 0 4.2M11.8 9.5c1.5.4 2.3 1.6 2.4 3.7",
  close: "M4 4l8 8M12 4l-8 8",
  check: "M3.2 8.4l3.2 3.2 6.4-7",
  memo: "M3 3h10v7.2H8.2L5 13v-2.8H3z",
  borders: "M3 3v10M13 3v10M5.5 8h5M7 6.2 5.2 8 7 9.8M9 6.2 10.8 8 9 9.8",
  recode: "M2.8 6.5h8.4L8.8 4M13.2 9.5H4.8L7.2 12",
  remove: "M3.5 4.5h9M6.5 4.3V3h3v1.3M5 4.8l.5 8.2h5l.5-8.2",
  panel: "M2.5 3h11v10h-11zM9.5 3v10",
  help: "M5.8 6.1c0-1.4 1-2.3 2.3-2.3s2.2.9 2.2 2c0 1.6-2.2 1.8-2.2 3.6M8.1 12.1v.2",
  plus: "M8 3v10M3 8h10",
  play: "M5 3.2v9.6L12.6 8z",
  pause: "M5.5 3.5v9M10.5 3.5v9",
  again: "M3.4 9a4.7 4.7 0 1 0 1.3-4.2M4.3 2v3.1h3.1",
  copy: "M5.5 5.5h7.5V13H5.5zM3 10.2V3h7.2",
};

/**
 * @param {string} tag @param {Object<string, any>} [options] `class`, `text`, `on: {event: fn}`, `style`, else attributes
 * (false and null leave an attribute away) @param {...(Node|null)} children @returns {HTMLElement}
 */
export function make(tag, options = {}, ...children) {
  const el = document.createElement(tag);
  for (const [name, value] of Object.entries(options)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "class") el.className = value;
    else if (name === "text") el.textContent = value;
    else if (name === "on") for (const [event, fn] of Object.entries(value)) el.addEventListener(event, fn);
    else if (name === "style") for (const [property, set] of Object.entries(value)) el.style.setProperty(property, set);
    else el.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children) if (child) el.append(child);
  return el;
}

/** A picture sign; it says nothing to a screen reader, so its button needs a label. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  for (const [key, value] of Object.entries({ viewBox: "0 0 16 16", class: "qc-icon", "aria-hidden": "true" })) svg.setAttribute(key, value);
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/** A quiet button with a sign; `label` is its name and, with its key, its tool tip. */
export function iconButton(name, label, run, { key = "", text = "", ...more } = {}) {
  return make(
    "button",
    {
      type: "button",
      class: text ? "qc-button" : "qc-button qc-icon-only",
      title: key ? `${label} (${key})` : label,
      "aria-label": label,
      "aria-keyshortcuts": key || null,
      on: { click: run },
      ...more,
    },
    icon(name),
    text ? make("span", { text }) : null,
  );
}

/** Whether an element takes typed text, so that keys belong to it. */
export function isField(el) {
  return Boolean(el?.closest?.("input:not([type=checkbox]):not([type=radio]):not([type=range]), textarea, select, [contenteditable=true]"));
}

/** "4:07", "1:02:33"; "" for no time. @param {number|null} seconds */
export function clockOf(seconds) {
  if (seconds === null || seconds === undefined) return "";
  const whole = Math.floor(seconds);
  const two = (n) => String(n).padStart(2, "0");
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** "1,234". The browser's own numerals for a language cost tens of milliseconds when a page first asks for them. */
export function inDigits(n) {
  return String(n).replace(/\B(?=(\d{3})+$)/g, ",");
}

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec".split(" ");

/** "12 May 2026"; "" for no date. @param {string} iso */
export function dayOf(iso) {
  const when = new Date(iso);
  return Number.isNaN(when.valueOf()) ? "" : `${when.getDate()} ${MONTHS[when.getMonth()]} ${when.getFullYear()}`;
}

/** "3 codings", "1 coding". */
export function countOf(n, noun) {
  return `${inDigits(n)} ${noun}${n === 1 ? "" : "s"}`;
}
