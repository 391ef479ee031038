/**
 * What a person can do on the page, by name. Keys (keys.js), buttons and panels call these; each ends in an intent
 * that Python carries out, or only moves what is seen.
 */
import { beginOf, moveBorder, moveRange, turnAround } from "./cursor.js";
import { inTextOrder, uncodedIn } from "./lanes.js";
import { sentencesIn, tidyRange, toPlace, toUnit } from "./offsets.js";

const STANCES = ["supports", "counters", "mixed"];

/** The place of the selection with the words that were seen, as intents carry it. */
export function placeIntent(store, range = store.state.selection) {
  const { source } = store.state;
  return { source: source.id, version: source.version, start: range.start, end: range.end, quote: store.quote(range.start, range.end) };
}

/** Put codes on the selection (or a given range), as one step. @param {string[]} codes ids */
export function codeSelection(store, codes, { range = store.state.selection, ...more } = {}) {
  if (!range) {
    store.say("Select some words first: with the mouse, or with the arrow keys.", "error");
    return Promise.resolve(null);
  }
  const known = codes.filter((code) => store.codeOf(code));
  if (known.length === 0) return Promise.resolve(null);
  store.noteUsed(known);
  const done = store.attempt({ do: "code", ...placeIntent(store, range), codes: known, ...more });
  store.say(`Coded: ${known.map((code) => store.codeOf(code).name).join(", ")}`, "done");
  return done;
}

/** Where a new code goes: open codes where there are some, else beside the code used last; then all other facets. */
export function facetsForNew(state) {
  const last = state.codes.get(state.recent[0])?.facet;
  const rank = ({ id }) => (id === "open-codes" ? 0 : id === last ? 1 : 2);
  return [...state.codebook.facets].sort((a, b) => rank(a) - rank(b));
}

/** Make a code and put it, and others, on the selection, as one undo step. */
export async function codeNew(store, name, { also = [], range = store.state.selection, ...more } = {}) {
  if (!range) return null;
  const facet = facetsForNew(store.state)[0]?.id;
  const result = await store.attempt({ do: "code_new", name, ...placeIntent(store, range), also, ...(facet ? { facet } : {}), ...more });
  if (result) {
    store.noteUsed([result.code, ...also]);
    store.say(`New code: ${name}`, "done");
  }
  return result;
}

/** Make the selected words a code. */
function inVivo(store) {
  const { selection } = store.state;
  if (!selection) return codeSelection(store, []);
  const words = store.quote(selection.start, selection.end).replace(/\s+/g, " ").trim();
  if (words.length > 80) {
    store.say("These are many words for a name. Select the few that say it, then press v.", "error");
    return null;
  }
  const there = store.state.codebook.codes.find((code) => code.name === words && code.codable);
  return there ? codeSelection(store, [there.id]) : codeNew(store, words, { in_vivo: true });
}

/** The coding that keys act on: the active one, else the only one of mine at the selection. */
export function codingAtHand(store) {
  const { active, codings, selection } = store.state;
  if (active) return codings.get(active) ?? null;
  if (!selection) return null;
  const mine = store.codingsAt(selection.start, selection.end).filter(store.isMine);
  const exact = mine.filter((one) => one.start === selection.start && one.end === selection.end);
  if (exact.length === 1) return exact[0];
  return mine.length === 1 ? mine[0] : null;
}

/** The coding at hand, if it is mine (or `anyones` will do); else says why not. */
function ownCoding(store, verb, { anyones = false } = {}) {
  const coding = codingAtHand(store);
  if (!coding) {
    const many = store.state.selection && store.codingsAt(store.state.selection.start, store.state.selection.end).length > 1;
    store.say(many ? `Several codings are here. Tab goes through them, then ${verb}.` : `No coding is chosen to ${verb}. Click one, or go to it with g.`, "error");
    return null;
  }
  if (anyones || store.isMine(coding)) return coding;
  const owner = store.state.coders.find(({ id }) => id === coding.coder)?.name ?? coding.coder;
  store.say(`This is ${owner}'s coding; only ${owner} can ${verb} it.`, "error");
  return null;
}

/** Go to a coding: it becomes the active one and its place is scrolled to. */
export function visitCoding(store, coding) {
  store.select(null);
  store.activate(coding.id);
  store.go(null, { start: coding.start, end: coding.end, flash: false });
}

/**
 * @param {ReturnType<import("./store.js").createStore>} store
 * @param {{view: any, chooser: any, bar: any, help: any, scroll: HTMLElement, search: () => void}} parts
 * @returns {Object<string, (event?: KeyboardEvent) => any>} functions by the names in keys.js
 */
export function createActions(store, parts) {
  const { state } = store;
  const language = () => state.source?.language ?? "";
  const blocks = () => state.source?.blocks ?? [];
  // The end that was moved last is the one that must stay in sight.
  const choose = (range, border = "start") => {
    if (!range) return;
    store.activate(null);
    store.select(range, "keys");
    const end = border === "end";
    parts.view.scrollTo(end ? { start: Math.max(range.end - 1, range.start), end: range.end } : range);
  };
  const current = () => state.selection ?? (state.active ? state.codings.get(state.active) : null);
  const move = (unit, step) => () => {
    const from = blocks()[parts.view.firstVisible()]?.start ?? 0;
    choose(moveRange(blocks(), current(), unit, step, { language: language(), from }));
  };
  const border = (which, unit, step) => () => {
    const range = current() ?? moveRange(blocks(), null, unit === "turn" ? "turn" : "sentence", 1, { language: language(), from: blocks()[parts.view.firstVisible()]?.start });
    if (range) choose(state.selection ? moveBorder(blocks(), range, which, unit, step, language()) : range, which);
  };

  function neighbourCoding(step) {
    const all = store.shownCodings().sort(inTextOrder);
    const here = state.active ? all.findIndex(({ id }) => id === state.active) : -1;
    if (here >= 0) return all[here + step];
    const at = current()?.start ?? blocks()[parts.view.firstVisible()]?.start ?? 0;
    return step > 0 ? all.find(({ start }) => start >= at) : all.findLast(({ start }) => start < at);
  }

  const goCoding = (step) => () => {
    const coding = neighbourCoding(step);
    if (coding) visitCoding(store, coding);
    else store.say(step > 0 ? "No further coding in this interview." : "No earlier coding in this interview.");
  };

  const goUncoded = (step) => () => {
    const gaps = uncodedIn(blocks(), store.shownCodings().filter(store.isMine))
      .map((gap) => tidyRange(blocks(), gap, { language: language() }))
      .filter(Boolean);
    const at = current()?.[step > 0 ? "end" : "start"] ?? blocks()[parts.view.firstVisible()]?.start ?? 0;
    const gap = step > 0 ? gaps.find(({ start }) => start >= at) : gaps.findLast(({ end }) => end <= at);
    if (gap) choose(gap);
    else store.say(step > 0 ? "Nothing uncoded after this." : "Nothing uncoded before this.");
  };

  const goSource = (step) => () => {
    const open = state.sources.filter(({ text }) => text);
    const next = open[open.findIndex(({ id }) => id === state.source?.id) + step];
    if (next) store.go(next.id);
    else store.say(step > 0 ? "This is the last source." : "This is the first source.");
  };

  const cycleCodings = (step) => () => {
    const here = current();
    const around = here ? store.codingsAt(here.start, here.end) : [];
    if (around.length === 0) return false;
    const at = around.findIndex(({ id }) => id === state.active);
    store.activate(around[(at + step + around.length) % around.length].id);
    return true;
  };

  const history = (verb) => async () => {
    if (!state.undo[verb]) return store.say(`Nothing to ${verb}.`);
    const what = state.undo[verb];
    if (await store.attempt({ do: verb, steps: 1 })) store.say(verb === "undo" ? `Undone: ${what}` : `Done again: ${what}`, "done");
    return undefined;
  };

  const setStance = (stance) => {
    const coding = ownCoding(store, "change");
    if (!coding) return;
    store.activate(coding.id);
    if (coding.stance !== stance) store.attempt({ do: "stance", codings: [coding.id], stance });
    store.say(`Stance: ${stance}`, "done");
  };

  return {
    nextTurn: move("turn", 1),
    previousTurn: move("turn", -1),
    nextSentence: move("sentence", 1),
    previousSentence: move("sentence", -1),
    nextWord: move("word", 1),
    previousWord: move("word", -1),
    longerByTurn: border("end", "turn", 1),
    shorterByTurn: border("end", "turn", -1),
    longerBySentence: border("end", "sentence", 1),
    shorterBySentence: border("end", "sentence", -1),
    longerByWord: border("end", "word", 1),
    shorterByWord: border("end", "word", -1),
    startEarlier: border("start", "word", -1),
    startLater: border("start", "word", 1),
    wholeTurn: () => choose(turnAround(blocks(), current()?.start ?? blocks()[parts.view.firstVisible()]?.start ?? 0)),
    sentenceHere() {
      const range = current();
      const block = range && store.blockAt(range.start);
      const pair = block && sentencesIn(block.text, language()).find(([, to]) => to > toUnit(block, range.start));
      if (pair) choose({ start: toPlace(block, pair[0]), end: toPlace(block, pair[1]) });
    },
    firstTurn: () => choose(turnAround(blocks(), blocks()[0]?.start ?? 0)),
    lastTurn: () => choose(turnAround(blocks(), blocks().at(-1)?.start ?? 0)),
    pageDown: () => parts.scroll.scrollBy({ top: parts.scroll.clientHeight * 0.85 }),
    pageUp: () => parts.scroll.scrollBy({ top: -parts.scroll.clientHeight * 0.85 }),
    nextCoding: goCoding(1),
    previousCoding: goCoding(-1),
    nextUncoded: goUncoded(1),
    previousUncoded: goUncoded(-1),
    nextSource: goSource(1),
    previousSource: goSource(-1),
    nextCodingHere: cycleCodings(1),
    previousCodingHere: cycleCodings(-1),

    openChooser() {
      const coding = !state.selection && state.active ? state.codings.get(state.active) : null;
      // On an active coding: another code on the same words.
      if (coding) store.select({ start: coding.start, end: coding.end }, "keys");
      if (!state.selection) return store.say("Select some words first: with the mouse, or with the arrow keys.", "error");
      return parts.chooser.open({ purpose: "code" });
    },
    newCode() {
      if (!store.ask("new_code", { range: state.selection })) this.openChooser();
    },
    correct: () => void store.ask("correct", { range: current() }),
    findCode: () => void store.ask("codes"),
    quotes() {
      const coding = ownCoding(store, "list the quotes of", { anyones: true });
      if (coding?.code) store.ask("quotes", { code: coding.code });
    },
    inVivo: () => inVivo(store),
    repeat() {
      if (state.last.length === 0) return store.say("No code was used yet.", "error");
      return codeSelection(store, state.last);
    },
    uncode() {
      const coding = ownCoding(store, "take off");
      if (!coding) return;
      if (!state.selection) store.select({ start: coding.start, end: coding.end }, "keys");
      store.attempt({ do: "uncode", codings: [coding.id] });
      store.say(`Taken off: ${store.codeOf(coding.code)?.name ?? "the code"}`, "done");
    },
    recode() {
      const coding = ownCoding(store, "recode");
      if (!coding) return;
      store.activate(coding.id);
      parts.chooser.open({ purpose: "recode", coding });
    },
    borders() {
      const coding = ownCoding(store, "resize");
      if (coding) parts.bar.startBorders(coding);
    },
    nextStance() {
      const coding = codingAtHand(store);
      if (coding) setStance(STANCES[(STANCES.indexOf(coding.stance) + 1) % STANCES.length]);
      else ownCoding(store, "change");
    },
    supports: () => setStance("supports"),
    counters: () => setStance("counters"),
    mixed: () => setStance("mixed"),
    memo() {
      const coding = codingAtHand(store);
      const range = state.selection;
      const turn = range ? store.blockAt(range.start)?.turn : null;
      const whole = range && turn !== null && turnAround(blocks(), range.start);
      const source = state.source?.id;
      const target = coding
        ? `coding:${coding.id}`
        : range && whole && whole.start === range.start && whole.end === range.end
          ? `turn:${source}:${turn}`
          : range
            ? `span:${source}:${range.start}:${range.end}`
            : `source:${source}`;
      if (!store.ask("memo", { targets: [target], range: coding ?? range })) store.say("Memos cannot be written on this page.", "error");
    },
    undo: history("undo"),
    redo: history("redo"),
    searchHere: () => parts.search("source"),
    searchAll: () => parts.search("all"),
    copyWords() {
      const range = current();
      if (range) navigator.clipboard?.writeText(store.quote(range.start, range.end));
    },
    playPause: () => parts.player.toggle(),
    playFromHere: () => parts.player.playFrom(),
    playAgain: () => parts.player.back(),
    follow: () => parts.player.follow(),
    help: () => parts.help.open(),
    back() {
      if (parts.chooser.isOpen()) return parts.chooser.close();
      if (parts.alert.isOpen()) return parts.alert.close();
      if (state.active) return store.activate(null);
      if (!state.selection && state.hits.ranges.length) return store.setHits([]);
      return store.select(null, "keys");
    },
    /** For the live region: what is selected now. */
    selectionInWords() {
      const range = state.selection;
      if (!range) return "";
      const block = store.blockAt(range.start);
      const codes = store.codingsAt(range.start, range.end).map((one) => store.codeOf(one.code)?.name).filter(Boolean);
      return [block?.speaker, beginOf(store.quote(range.start, range.end), 120), codes.length ? `coded ${codes.join(", ")}` : ""].filter(Boolean).join(": ");
    },
  };
}
