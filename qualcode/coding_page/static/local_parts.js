/** Parts of a hand-out's own session (local.js): ids, where the browser keeps work, the codebook, the file that goes back. No DOM. */

export const CODINGS_FORMAT = "qualcode-codings-1";

/** @returns {string} 12 hexadecimal digits, as ids in a study are */
export function studyId() {
  const bytes = crypto.getRandomValues(new Uint8Array(6));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

const ONLY_THE_KEEPER = "This page is a hand-out: only whoever keeps the study can change the codebook. Write a memo about it instead.";
const OF_THE_CODEBOOK = ["change_code", "rename_code", "move_code", "merge_codes", "split_code", "deal", "retire_code", "new_facet"];

/** What a hand-out does not take, and why; the page shows nothing that leads there. */
export const NOT_IN_HANDOUTS = {
  ...Object.fromEntries(OF_THE_CODEBOOK.map((intent) => [intent, ONLY_THE_KEEPER])),
  correct: "This page is a hand-out: only whoever keeps the study can correct the text. Write a memo about it instead.",
  audio: "A hand-out holds no recordings.",
  script: "A hand-out has no script.",
};

/** Why a window that another one overtook takes no step. */
export const ELSEWHERE =
  "Nothing was done: this hand-out was coded in another window since, and this would write over it. Reload this page: it then shows that work, and goes on from it.";

// As the verbs of Python are called: the page says what undo takes back.
const STEP_NAMES = { code_new: "new code", code_hits: "code many", stance: "set stance" };

/** What a step is called. @param {string} intent */
export const stepName = (intent) => STEP_NAMES[intent] ?? intent.replaceAll("_", " ");

/** Now, as times in a study are written. */
export const timeNow = () => new Date().toISOString().replace(/\.\d+Z$/, "Z");

/**
 * A store for work in progress; where the browser allows none, work lives as long as the page.
 * Two windows of one hand-out share it: `changed` says that another one wrote since this one read or wrote.
 */
export function browserShelf(key) {
  const name = `qualcode-handout-${key}`;
  let mine = null;
  const tried = (what, otherwise) => {
    try {
      return what();
    } catch {
      return otherwise;
    }
  };
  return {
    read: () =>
      tried(() => {
        mine = localStorage.getItem(name);
        return JSON.parse(mine ?? "null");
      }, null),
    write: (value) =>
      tried(() => {
        const text = JSON.stringify(value);
        localStorage.setItem(name, text);
        mine = text;
        return true;
      }, false),
    changed: () =>
      tried(() => {
        const now = localStorage.getItem(name);
        return now !== null && now !== mine;
      }, false),
    /** Keep what cannot be used under another name, for somebody who can read it. */
    setAside: () => tried(() => localStorage.setItem(`${name}-set-aside`, mine), null),
  };
}

/** What is kept of this hand-out, null where nothing is; `broken` where it cannot be used. */
export function keptIn(shelf, handout) {
  const held = shelf.read();
  if (!held || held.format !== CODINGS_FORMAT || held.handout !== handout.handout) return null;
  try {
    const work = workFrom(held, handout.coder);
    if (Array.isArray(work.codes) && [...work.codings.values()].every((one) => one.id && handout.texts[one.source])) {
      return { work, positions: held.positions ?? {}, open: handout.texts[held.open] ? held.open : null, unsaved: Boolean(held.unsaved) };
    }
  } catch {
    // lists that are missing or are none
  }
  shelf.setAside?.();
  return { broken: true };
}

/** What was done, as a file of codings or the browser holds it. */
export function workFrom(held, coder) {
  return {
    codings: new Map(held.codings.map((one) => [one.id, { ...one, coder, memos: 0 }])),
    memos: new Map(held.memos.map((one) => [one.id, { ...one, author: coder }])),
    removed: new Set(held.removed),
    removedMemos: new Set(held.removed_memos),
    codes: held.codes,
    states: Object.fromEntries(Object.entries(held.sources).map(([id, said]) => [id, said.state])),
  };
}

/** A copy of the work that a step may change. */
export function copyOf(held) {
  const sets = { removed: new Set(held.removed), removedMemos: new Set(held.removedMemos) };
  return { ...held, ...sets, codings: new Map(held.codings), memos: new Map(held.memos) };
}

/** An earlier or later state of the work; what is there now and not then counts as taken off. */
export function backTo(then, now) {
  const gone = (key, off) => new Set([...then[off], ...now[off], ...now[key].keys()].filter((id) => !then[key].has(id)));
  return { ...then, removed: gone("codings", "removed"), removedMemos: gone("memos", "removedMemos") };
}

/** The codebook with the codes that were made here, each behind those beside it. */
export function bookWith({ version, facets, codes }, made) {
  const all = [...codes];
  for (const { id, name, facet, parent, definition, colour, in_vivo: inVivo } of made) {
    const above = all.findIndex((one) => one.id === parent);
    const path = above >= 0 ? `${all[above].path} > ${name}` : name;
    let last = above;
    all.forEach((one, at) => {
      if (above < 0 ? one.facet === facet : one.parent === parent && at > above) last = at;
    });
    const empty = { aliases: [], include: "", exclude: "", note: "", examples: [], key: "", icon: "", counts_as: [] };
    all.splice(last + 1, 0, { ...empty, id, name, path, facet, parent: parent || null, definition, colour, codable: true, retired: false, in_vivo: inVivo });
  }
  const open = { id: "open-codes", name: "open codes", exclusive: false, note: "" };
  const needed = made.some((code) => code.facet === open.id) && !facets.some(({ id }) => id === open.id);
  return { version: `${version}+${made.length}`, facets: needed ? [...facets, open] : facets, codes: all };
}

/** The words of a range, blocks joined by line ends. */
export function quoteIn(blocks, start, end) {
  return blocks
    .map((block) => [...block.text].slice(Math.max(0, start - block.start), Math.max(0, end - block.start)).join(""))
    .filter(Boolean)
    .join("\n");
}

/** A coding with its words and where they stand. @param {{title: string, blocks: object[]}} text */
export function segmentIn(text, { id, source, start, end, coder, stance, code }, memos) {
  const block = text.blocks.find((one) => start < one.start + [...one.text].length) ?? null;
  const { turn = null, speaker = "", begins = null } = block ?? {};
  const quote = quoteIn(text.blocks, start, end);
  return { coding: id, source, title: text.title, start, end, turn, speaker, begins, quote, coder, stance, code, memos };
}

/** The file that goes back: places, codes and memos, no words of the transcript. See qualcode/handed_in.py. */
export function codingsFile(handout, work, { began, rows }) {
  const versionOf = (id) => handout.texts[id].version;
  const bare = ({ id, source, version, start, end, code, created, stance, origin }) => ({
    id,
    source,
    version: version ?? versionOf(source),
    start,
    end,
    code,
    created,
    stance,
    origin,
  });
  return {
    format: CODINGS_FORMAT,
    handout: handout.handout,
    coder: handout.coder,
    saved: timeNow(),
    sources: Object.fromEntries(rows.map((row) => [row.id, { version: versionOf(row.id), state: row.state }])),
    codings: [...work.codings.values()].map(bare),
    began: began.map(bare),
    removed: [...work.removed].filter((id) => !work.codings.has(id)),
    codes: work.codes,
    memos: [...work.memos.values()].map(({ id, created, kind, targets, text }) => ({ id, created, kind, targets, text })),
    removed_memos: [...work.removedMemos].filter((id) => !work.memos.has(id)),
  };
}

/** A port for the store, answered by a session in this page. */
export function localPort(session) {
  const listeners = new Set();
  return {
    send(message) {
      queueMicrotask(() => {
        const reply = session.handle(message);
        for (const fn of listeners) fn({ re: message.id, ...reply });
      });
    },
    onMessage(fn) {
      listeners.add(fn);
      return () => listeners.delete(fn);
    },
  };
}
