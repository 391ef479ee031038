/** What stands in the margin: a stripe for every coding, and its name where it begins. */
import { dayOf, icon, make } from "./dom.js";

/** So many lanes stand beside each other; what overlaps more takes the first again. */
export const MOST_LANES = 8;

/** "supports" goes without saying. */
export const STANCE_SIGNS = { supports: "", counters: "−", mixed: "±" };

/** What a coding is called: its code's name, or what was typed for a code that is being made. */
export function nameOfCoding(store, coding) {
  return store.codeOf(coding.code)?.name ?? coding.newName ?? coding.code ?? "";
}

/** Everything that colour says, in words. */
export function describeCoding(store, coding) {
  const coder = store.state.coders.find(({ id }) => id === coding.coder)?.name ?? coding.coder;
  const stance = coding.stance === "supports" ? "" : ` (${coding.stance})`;
  const state = coding.pending ? "saving" : dayOf(coding.created);
  const memos = coding.memos ? `${coding.memos} memo${coding.memos === 1 ? "" : "s"}` : "";
  return [nameOfCoding(store, coding) + stance, coder, state, memos].filter(Boolean).join(" · ");
}

/** Where a stripe stands, as properties for the style sheet. */
const stripePlace = (top, height, unit) => ({ "--qc-top": `${top}${unit}`, "--qc-length": `${height}${unit}` });

/** A stripe beside the text. @param {{id: string, lane: number, top: number, height: number, begins: boolean, ends: boolean}} stripe */
export function stripeInMargin(store, coding, { id, lane, top, height, begins, ends }, colour) {
  const classes = ["qc-stripe"];
  if (!store.isMine(coding)) classes.push("qc-theirs");
  if (coding.pending) classes.push("qc-pending");
  if (id === store.state.active) classes.push("qc-active");
  // A stripe that goes on runs over the speaker's line and the names to the border of its turn: the style sheet knows.
  if (begins) classes.push("qc-begins");
  if (ends) classes.push("qc-ends");
  return make("span", {
    class: classes.join(" "),
    "data-coding": id,
    title: describeCoding(store, coding),
    "aria-hidden": "true",
    style: { ...stripePlace(top, height, "%"), "--qc-lane": lane % MOST_LANES, "--qc-code": colour },
  });
}

/** The name of a coding, as a button that chooses it. @param {number} order how many names stand above it in this turn */
export function nameInMargin(store, coding, order, colour) {
  const classes = ["qc-name"];
  if (!store.isMine(coding)) classes.push("qc-theirs");
  if (coding.pending) classes.push("qc-pending");
  if (coding.id === store.state.active) classes.push("qc-active");
  const coder = store.isMine(coding) ? null : make("span", { class: "qc-of", text: store.state.coders.find(({ id }) => id === coding.coder)?.name ?? coding.coder });
  const saving = coding.pending ? make("span", { class: "qc-of", text: "saving" }) : null;
  const sign = STANCE_SIGNS[coding.stance];
  return make(
    "button",
    {
      type: "button",
      tabindex: "-1",
      class: classes.join(" "),
      "data-coding": coding.id,
      title: describeCoding(store, coding),
      "aria-label": describeCoding(store, coding),
      style: { "--qc-code": colour, "grid-row": String(2 * order + 2) },
    },
    sign ? make("span", { class: "qc-stance-sign", text: sign }) : null,
    // A space between them, so that the line may break there.
    make("span", { class: "qc-name-text" }, make("span", { class: "qc-name-words", text: nameOfCoding(store, coding) }), document.createTextNode(" "), coder ?? saving),
    coding.memos ? icon("memo") : null,
  );
}

/** Passages and turns with memos that begin in a block: `{start, end, target, memos}`. */
export function memoPlacesIn({ memos, source }, block) {
  const found = new Map();
  for (const { targets } of memos.values()) {
    for (const target of targets) {
      const [kind, id, first, last] = target.split(":");
      const turn = kind === "turn" && block.turn !== null && Number(first) === block.turn;
      if (id !== source.id || !(turn || (kind === "span" && last && first >= block.start && first < block.end))) continue;
      const place = turn ? { start: block.start, end: block.end } : { start: Number(first), end: Math.min(Number(last), block.end) };
      found.set(target, { ...place, target, memos: (found.get(target)?.memos ?? 0) + 1 });
    }
  }
  return [...found.values()];
}

/** The sign of memos on a passage or a turn, as a button that shows them. */
export function memoInMargin(store, { target, memos }, order) {
  const words = `${memos} memo${memos === 1 ? "" : "s"} on this ${target.startsWith("turn:") ? "turn" : "passage"}`;
  return make("button", { type: "button", tabindex: "-1", class: "qc-name qc-memo-mark", title: words, "aria-label": words, style: { "grid-row": String(2 * order + 2) }, on: { click: () => store.ask("memos", { about: target }) } }, icon("memo"));
}

const ABOVE_STRIPES = 3; // as in the style sheet
const NAME_ABOVE_LINE = 4; // from the top of a name to the top of its letters, and of the margin

/** Put stripes and names where the words were measured. @param {({top: number, bottom: number}|null)[]} places one for each stripe */
export function moveStripes(stripes, places) {
  places.forEach((line, i) => {
    if (!line || !stripes.children[i]) return;
    const place = stripePlace((line.top - ABOVE_STRIPES).toFixed(1), (line.bottom - line.top).toFixed(1), "px");
    for (const [name, value] of Object.entries(place)) stripes.children[i].style.setProperty(name, value);
  });
}

/**
 * Rows for names that stand at the first line of their words; one that finds another name there stands below it.
 * @param {(number|null)[]} tops of the first lines, in text order @param {number[]} heights of the names
 */
export function rowsAtLines(tops, heights) {
  let bottom = 0;
  const rows = tops.flatMap((top, i) => {
    const gap = Math.max((top ?? 0) - NAME_ABOVE_LINE - bottom, 0);
    bottom += gap + heights[i];
    return [`${gap.toFixed(1)}px`, "auto"];
  });
  return [...rows, "minmax(0, 1fr)"].join(" ");
}

/**
 * A first guess: names stand about where their stripes begin: rows of free space, in proportion, between rows of names. Where there is
 * no free space they stand under each other.
 */
export function rowsOfNames(block, begun) {
  const length = Math.max(block.end - block.start, 1);
  let before = 0;
  const rows = begun.flatMap(({ start }) => {
    const at = (start - block.start) / length;
    const gap = at - before;
    before = at;
    return [`minmax(0, ${gap.toFixed(3)}fr)`, "auto"];
  });
  return [...rows, `minmax(0, ${Math.max(1 - before, 0.001).toFixed(3)}fr)`].join(" ");
}
