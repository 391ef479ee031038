/** What the page knows before anything came, and which key codes what. No DOM. */

/** @returns {import("./store.js").State} */
export function emptyState() {
  return {
    study: null,
    coder: "",
    coders: [],
    blind: false,
    source: null,
    codings: new Map(),
    codebook: { version: "", facets: [], codes: [] },
    codes: new Map(),
    keys: new Map(),
    counts: {},
    sources: [],
    memos: new Map(),
    undo: { undo: null, redo: null },
    waiting: 0,
    selection: null,
    active: null,
    recent: [],
    last: [],
    shown: new Set(),
    hovered: null,
    hits: { ranges: [], current: -1 },
    panel: null,
    script: [],
    status: { pending: 0, late: false, silent: false, stranded: 0 },
  };
}

/** Codes that can be put on a passage. @param {object[]} codes */
export function codableCodes(codes) {
  return codes.filter((code) => code.codable && !code.retired);
}

/**
 * Which key puts which code: own keys of codes first; the digits that are left go to the first codes without a key,
 * in the author's order, so that they stay the same while the codebook does.
 * @param {object[]} codes @returns {Map<string, string>} key -> id of the code
 */
export function codeKeys(codes) {
  const keys = new Map();
  const able = codableCodes(codes);
  for (const code of able) if (code.key && !keys.has(code.key)) keys.set(code.key, code.id);
  const keyless = able.filter((code) => !code.key);
  for (let digit = 1; digit <= 9 && keyless.length > 0; digit += 1) {
    if (!keys.has(String(digit))) keys.set(String(digit), keyless.shift().id);
  }
  return keys;
}
