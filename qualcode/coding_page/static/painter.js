/**
 * Paint stretches of text without touching the text.
 *
 * Where the browser has the CSS Custom Highlight API, ranges are registered and the page's elements stay as they are:
 * one text node a block, so selecting and counting stay cheap. Elsewhere a block's text is cut into `<mark>`s.
 *
 * One neutral tint says "coded", however many codes lie there; colours are in underlines (and in the margin). Tints
 * of several colours on top of each other turn to mud.
 *
 * @typedef {{layer: string, from: number, to: number, colour?: string}} Stroke `layer` is a key of LAYERS
 */
import { luminanceOf } from "./colours.js";

const UNDERLINE_OFFSETS = [3, 6.5, 10];

/** Later layers lie on top. `style(colour, dark)` gives the declarations of a ::highlight rule or a mark. */
const LAYERS = {
  coded: { style: (_, dark) => `background-color: ${dark ? "rgba(205, 218, 235, .13)" : "rgba(70, 84, 104, .085)"}` },
  line0: { style: (colour) => underline(colour, 0) },
  line1: { style: (colour) => underline(colour, 1) },
  line2: { style: (colour) => underline(colour, 2) },
  other0: { style: (colour) => underline(colour, 0, "dotted") },
  other1: { style: (colour) => underline(colour, 1, "dotted") },
  other2: { style: (colour) => underline(colour, 2, "dotted") },
  full: { style: (colour, dark) => `background-color: ${fullTint(colour, dark)}` },
  hit: { style: (_, dark) => `background-color: ${dark ? "rgba(214, 178, 60, .38)" : "rgba(250, 204, 60, .45)"}` },
  hitnow: { style: (_, dark) => `background-color: ${dark ? "rgba(232, 150, 40, .62)" : "rgba(250, 160, 50, .72)"}` },
  flash: { style: (_, dark) => `background-color: ${dark ? "rgba(110, 160, 255, .42)" : "rgba(90, 140, 255, .30)"}` },
  cursor: { style: (_, dark) => `background-color: ${dark ? "rgba(84, 136, 230, .38)" : "rgba(64, 124, 232, .22)"}` },
};
const ORDER = Object.keys(LAYERS);

function underline(colour, slot, kind = "solid") {
  return `text-decoration: underline ${kind} ${colour} 2px; text-underline-offset: ${UNDERLINE_OFFSETS[slot]}px; text-decoration-skip-ink: none`;
}

/** The colour of the chosen code behind its words: in the dark a bright one is dimmed, for the words are bright too. */
function fullTint(hex, dark) {
  const parts = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
  const dim = dark ? Math.min(1, 0.42 / Math.sqrt(Math.max(luminanceOf(parts), 0.01))) : 1;
  return `rgba(${parts.map((part) => Math.round(part * dim)).join(", ")}, ${dark ? 0.4 : 0.24})`;
}

/** @param {HTMLElement} root where the rules go: they must stand in the same tree as the text (shadow DOM) */
export function createPainter(root, kind = "auto") {
  const able = typeof CSS !== "undefined" && CSS.highlights && typeof StaticRange !== "undefined";
  return kind === "mark" || !able ? markPainter() : highlightPainter(root);
}

function highlightPainter(root) {
  // The registry belongs to the whole document: two pages in one notebook must not take each other's names.
  const page = (globalThis.__qualcodePages = (globalThis.__qualcodePages ?? 0) + 1);
  const sheet = document.createElement("style");
  root.append(sheet);
  const highlights = new Map(); // "layer|colour" -> {name, highlight, layer, colour}
  const painted = new Map(); // text element -> Map(group -> [[highlight, range]])
  let dark = false;

  const ruleOf = ({ name, layer, colour }) => `::highlight(${name}) { ${LAYERS[layer].style(colour, dark)} }`;

  function highlightOf(layer, colour = "") {
    const key = `${layer}|${colour}`;
    if (!highlights.has(key)) {
      const entry = { name: `qc${page}-${layer}-${highlights.size}`, highlight: new Highlight(), layer, colour };
      entry.highlight.priority = ORDER.indexOf(layer);
      CSS.highlights.set(entry.name, entry.highlight);
      sheet.sheet?.insertRule(ruleOf(entry), sheet.sheet.cssRules.length);
      highlights.set(key, entry);
    }
    return highlights.get(key).highlight;
  }

  function wipe(groups, group) {
    for (const [highlight, range] of groups.get(group) ?? []) highlight.delete(range);
    groups.delete(group);
  }

  return {
    kind: "highlight",
    setDark(value) {
      if (value === dark) return;
      dark = value;
      while (sheet.sheet?.cssRules.length) sheet.sheet.deleteRule(0);
      for (const entry of highlights.values()) sheet.sheet?.insertRule(ruleOf(entry), sheet.sheet.cssRules.length);
    },
    /** Make what will be needed for these colours: a rule that comes later makes the browser look at the whole page. */
    prepare(colours) {
      for (const layer of ["coded", "cursor"]) highlightOf(layer);
      for (const colour of new Set(colours)) for (const layer of ["line0", "line1", "line2", "full"]) highlightOf(layer, colour);
    },
    /** Paint the strokes of a group (codings, cursor, hits, ...) in a text element, in place of what the group had. */
    paint(el, group, strokes) {
      if (!painted.has(el)) painted.set(el, new Map());
      const groups = painted.get(el);
      wipe(groups, group);
      const node = el.firstChild;
      if (!node || strokes.length === 0) return;
      groups.set(
        group,
        strokes.map(({ layer, from, to, colour }) => {
          const highlight = highlightOf(layer, colour);
          const range = new StaticRange({ startContainer: node, startOffset: from, endContainer: node, endOffset: to });
          highlight.add(range);
          return [highlight, range];
        }),
      );
    },
    /** Take everything off an element that is far away: each range costs in every frame. */
    clear(el) {
      const groups = painted.get(el);
      if (!groups) return;
      for (const group of [...groups.keys()]) wipe(groups, group);
      painted.delete(el);
    },
    clearAll() {
      for (const { highlight } of highlights.values()) highlight.clear();
      painted.clear();
    },
    close() {
      for (const { name } of highlights.values()) CSS.highlights.delete(name);
      sheet.remove();
    },
  };
}

function markPainter() {
  const painted = new Map(); // text element -> Map(group -> strokes)
  let dark = false;

  function draw(el) {
    const strokes = [...(painted.get(el)?.values() ?? [])].flat();
    const text = el.textContent;
    const cuts = [...new Set([0, text.length, ...strokes.flatMap(({ from, to }) => [from, to])])].sort((a, b) => a - b);
    const parts = [];
    for (let i = 0; i + 1 < cuts.length; i += 1) {
      const words = document.createTextNode(text.slice(cuts[i], cuts[i + 1]));
      const here = strokes.filter(({ from, to }) => from <= cuts[i] && cuts[i + 1] <= to);
      parts.push(here.length === 0 ? words : markOf(words, here));
    }
    el.replaceChildren(...parts);
  }

  // Each stroke gets an element of its own, for one element has but one underline.
  function markOf(words, strokes) {
    let inner = words;
    for (const { layer, colour } of [...strokes].sort((a, b) => ORDER.indexOf(b.layer) - ORDER.indexOf(a.layer))) {
      const mark = document.createElement("mark");
      mark.className = `qc-mark qc-mark-${layer}`;
      mark.style.cssText = LAYERS[layer].style(colour, dark);
      mark.append(inner);
      inner = mark;
    }
    return inner;
  }

  return {
    kind: "mark",
    setDark(value) {
      if (value === dark) return;
      dark = value;
      for (const el of painted.keys()) draw(el);
    },
    paint(el, group, strokes) {
      const groups = painted.get(el) ?? new Map();
      if (strokes.length === 0 && !groups.has(group)) return;
      painted.set(el, groups.set(group, strokes));
      draw(el);
    },
    clear(el) {
      if (painted.delete(el)) draw(el);
    },
    clearAll: () => painted.clear(),
    prepare() {},
    close() {},
  };
}
