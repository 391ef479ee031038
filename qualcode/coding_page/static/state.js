/**
 * What the page knows, and which key codes what. No DOM.
 *
 * @typedef {object} State
 * @property {{title: string, id: string}|null} study
 * @property {string} coder            who is coding
 * @property {{id: string, name: string, kind: string}[]} coders
 * @property {boolean} blind           other coders' work is not sent at all
 * @property {Object<string, string>} cannot  intents that the session does not take -> why, for the person
 * @property {object|null} source      the open source; `source.blocks` are measured (see offsets.js)
 * @property {Map<string, object>} codings  of the open source, by id; `pending: true` while not saved
 * @property {object} codebook         `{version, facets, codes}`
 * @property {Map<string, object>} codes    codes by id
 * @property {Map<string, string>} keys     "1"..."9" and the codes' own keys -> id of the code
 * @property {Map<string, string>} digits   "1"..."9" -> id of the code that got it first on this page
 * @property {Object<string, [number, number]>} counts  codings of each code: here, in all
 * @property {Object<string, Object<string, [number, number]>>} counts_of  what of the counts is of each other coder
 * @property {object[]} sources        rows of all sources
 * @property {Map<string, object>} memos
 * @property {{undo: string|null, redo: string|null}} undo  what undo and redo would do
 * @property {number} waiting          codings to review after a text changed
 * @property {Object<string, number>} to_deal  split codes -> how many of one's own quotes wait to be dealt onto the parts
 * @property {{start: number, end: number}|null} selection
 * @property {string|null} active      id of a coding
 * @property {string[]} recent         ids of codes, the last used first
 * @property {string[]} last           ids of the codes of the last coding step (for repeat)
 * @property {Set<string>} shown       other coders that are shown
 * @property {string|null} hovered     id of a code
 * @property {{ranges: object[], current: number}} hits
 * @property {string|null} panel       id of the panel in front
 * @property {string[]} script         lines of Python that did the same
 * @property {{pending: number, late: boolean, trouble: string, silent: boolean, stranded: number}} status
 */

/** What is known before anything came. @returns {State} */
export function emptyState() {
  return {
    study: null,
    coder: "",
    coders: [],
    blind: false,
    cannot: {},
    source: null,
    codings: new Map(),
    codebook: { version: "", facets: [], codes: [] },
    codes: new Map(),
    keys: new Map(),
    digits: new Map(),
    counts: {},
    counts_of: {},
    sources: [],
    memos: new Map(),
    undo: { undo: null, redo: null },
    waiting: 0,
    to_deal: {},
    selection: null,
    active: null,
    recent: [],
    last: [],
    shown: new Set(),
    hovered: null,
    hits: { ranges: [], current: -1 },
    panel: null,
    script: [],
    status: { pending: 0, late: false, trouble: "", silent: false, stranded: 0 },
  };
}

/** Codes that can be put on a passage. @param {object[]} codes */
export function codableCodes(codes) {
  return codes.filter((code) => code.codable && !code.retired);
}

/**
 * Which key puts which code: own keys of codes first; the digits that are left go to the first codes without a key, in the
 * order in which they were made. A digit that was given stays with its code while the page is open, wherever the code
 * moves, and goes to no other when the code is gone: what the hand has learned must not code something else.
 * @param {object[]} codes @param {Map<string, string>} [given] digit -> id of the code that has it on this page; is added to
 * @returns {Map<string, string>} key -> id of the code
 */
export function codeKeys(codes, given = new Map()) {
  const keys = new Map();
  const able = codableCodes(codes);
  for (const code of able) if (code.key && !keys.has(code.key)) keys.set(code.key, code.id);
  const keyless = new Set(able.filter((code) => !code.key).map(({ id }) => id));
  const digits = "123456789".split("").filter((digit) => !keys.has(digit));
  const known = new Set(given.values());
  const fresh = able.filter(({ id }) => keyless.has(id) && !known.has(id)).sort((a, b) => (a.made ?? Infinity) - (b.made ?? Infinity) || 0);
  for (const digit of digits) if (!given.has(digit) && fresh.length > 0) given.set(digit, fresh.shift().id);
  for (const digit of digits) if (keyless.has(given.get(digit))) keys.set(digit, given.get(digit));
  return keys;
}

/**
 * Codings of a code as the page shows them: without those of coders that are hidden, which come third.
 * @param {State} state @param {string} code @returns {[number, number, number]} here, in all, in all of hidden coders
 */
export function countsShown(state, code) {
  const [here, all] = state.counts[code] ?? [0, 0];
  const hidden = Object.entries(state.counts_of).filter(([coder]) => !state.shown.has(coder)).map(([, counts]) => counts[code] ?? [0, 0]);
  const less = [0, 1].map((at) => hidden.reduce((sum, counts) => sum + counts[at], 0));
  return [Math.max(here - less[0], 0), Math.max(all - less[1], 0), less[1]];
}

/** Start and end of a place: `{start, end}`, `{coding}` or `{turn}`; null for none. @param {State} state */
export function placeIn(state, place) {
  if (!place) return null;
  if (place.coding && state.codings.has(place.coding)) return placeIn(state, state.codings.get(place.coding));
  if (Number.isInteger(place.start)) return { start: place.start, end: place.end ?? place.start + 1, flash: place.flash ?? true };
  const blocks = state.source?.blocks ?? [];
  // A source without turns counts its blocks.
  const block = blocks.find(({ turn }) => turn === place.turn) ?? (blocks.some(({ turn }) => turn !== null) ? null : blocks[place.turn - 1]);
  return block ? { start: block.start, end: block.end, flash: false } : null;
}
