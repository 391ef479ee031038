/**
 * The store: what the page knows, who wants to hear of it, and how anything is changed.
 *
 * Python holds the truth. The page never changes a study: it sends an *intent* (`{do: "code", ...}`) and applies the
 * *changes* that come back. What is sent and not yet answered is shown as pending and never dropped (see queue.js).
 *
 * ## For panels
 *
 * A panel is a row of the literal list in panels.js: `{id, title, mount(el, store) -> {show?(), close?()} | void}`.
 * `mount` is called once, when the panel is first shown; `el` is empty and belongs to the panel.
 *
 * ```
 * store.state                      what is known now; read it, never write it (shape: `State` in state.js)
 * store.on(topic, fn) -> off       fn(detail) is called after the state has changed; off() ends it
 * store.send(intent) -> Promise    the reply's result. Rejects with `Refused` (its message is the sentence for the person).
 *                                  Changes wait in order until the kernel answers; questions give up after 20 s.
 * store.attempt(intent) -> Promise as send, but a refusal is said where the person looks, and the result is then null
 * store.select(range|null, how?)   {start, end} is what the next code goes on; how: "keys" | "mouse" | "code"
 * store.activate(codingId|null)    the coding that the coding bar and the keys x r b s m act on
 * store.go(source|null, place?)    open a source and/or scroll to a place {start, end} | {turn} | {coding};
 *                                  a place with start and end is lit up for a moment. Promise
 * store.say(text, kind?)           "note" (default), "done" or "error": shown in the page and read out
 * store.ask(what, args?) -> bool   "please open that dialog or panel"; true if a listener of topic "ask" took it
 * store.showPanel(id)              bring a panel of the side to the front
 * store.showCoder(id, shown)       show or hide another coder's codings
 * store.setHits(ranges, current?)  places of a search to paint in the open source
 * store.hover(codeId|null)         light up all codings of a code while the pointer is over its name
 * store.codeOf(id)                 the code, or undefined
 * store.quote(start, end)          the words of a range, as the page shows them (blocks joined by "\n")
 * store.shownCodings()             codings that are to be seen now (mine, and those of coders shown), unordered
 * store.codingsAt(start, end)      the same, touching a range, in text order
 * store.isMine(coding)             whether the person at the page may change it
 * store.whyNot(intent)             why this session does not take an intent; "" where it does
 * ```
 *
 * Higher verbs that panels and keys share (code the selection, repeat, uncode, ...) are functions of actions.js.
 *
 * | topic | when | detail |
 * |---|---|---|
 * | `open` | the study was opened or opened again | `{place}` where the session wants the page to begin, or null |
 * | `source` | another source, or its text changed | `{moved: bool}` true when it is another source |
 * | `codings` | codings came, changed or went (also while pending) | `{put: [coding], gone: [id]}` |
 * | `codebook` `counts` `sources` `memos` `undo` `waiting` `to_deal` `panel` `script` `status` | that part of the state changed | |
 * | `selection` | `state.selection` | `{how}` |
 * | `active` | `state.active` | |
 * | `hover` `hits` `coders` | what is to be painted changed | |
 * | `place` | scroll there | `{start, end, flash}` |
 * | `say` | something to tell | `{text, kind}` |
 * | `ask` | a dialog is wanted; call `detail.take()` if it is yours | `{what, take, ...args}` |
 *
 * | `ask` | arguments | what is opened |
 * |---|---|---|
 * | `codes` | code?, reveal? | the tree: its filter; with `reveal`, that code in it; with `code`, its card too |
 * | `code_card` | code | what a code means |
 * | `quotes` | code | a code's quotes |
 * | `search` | text?, in? ("source", "all"), backwards? | hits |
 * | `memos` | about? ("code:id") | memos |
 * | `new_code` | name?, range?, parent? | dialog; with `range` the code is put there |
 * | `rename_code` `move_code` `split_code` `retire_code` | code | dialog |
 * | `merge_codes` `new_facet` | codes; nothing | dialog |
 * | `recode` | codings, from?, done? | dialog: many codings onto another code |
 * | `memo` | targets?, range? | dialog |
 * | `correct` | range? | dialog: the words there, to be corrected |
 * | `play` | index? of a block | the recording from there (audio.js takes it) |
 *
 * What the session does not take (`state.cannot`) is not opened: the reason is said instead.
 */

import { blockIndexAt, measureBlocks, quoteOf } from "./offsets.js";
import { inTextOrder } from "./lanes.js";
import { Refused, createQueue, forgetPending, isQuestion, orphanPending, rememberPending, strandedPending } from "./queue.js";
import { createQuestions } from "./questions.js";
import { wellFormed } from "./port.js";
import { applyGuess, guessOf } from "./guess.js";
import { emptyState, codeKeys, placeIn } from "./state.js";

const RECENT = 12;

/**
 * @param {{send: (message: object, buffers?: ArrayBuffer[]) => void,
 *   onMessage: (fn: (message: object, buffers?: DataView[]) => void) => () => void}} port
 * @param {{patience?: number, syncEvery?: number, isVisible?: () => boolean}} [options]
 */
export function createStore(port, { patience = 4000, syncEvery = 3000, isVisible = () => true } = {}) {
  const state = emptyState();
  const base = new Map(); // codings as Python has them; state.codings also has what is on its way
  const orders = new Map(); // id -> how many came before
  const listeners = new Map();
  const answered = new Set();
  const owner = {};
  let lastHeard = Date.now();
  let syncTimer = null;
  let closed = false;
  let trouble = "";

  const emit = (topic, detail = {}) => {
    for (const fn of [...(listeners.get(topic) ?? [])]) {
      try {
        fn(detail);
      } catch (error) {
        console.error(error); // one broken panel must not stop the others
      }
    }
  };

  const post = (message) => port.send(wellFormed(message));
  const peer = port.peer ?? "the kernel";
  const silence = `${peer[0].toUpperCase()}${peer.slice(1)} does not answer. ${port.whenSilent ?? "Is it busy, or was it restarted? Run the cell again if it was."}`;
  const questions = createQuestions(post, syncEvery, silence);
  const queue = createQueue({ post, onStatus: noteStatus, patience });

  function noteStatus() {
    const stranded = state.study ? strandedPending(state.study.id, owner, { patience }).length : 0;
    const next = { pending: queue.steps.length, late: queue.late, trouble, silent: isSilent(), stranded };
    const same = Object.keys(next).every((key) => next[key] === state.status[key]);
    if (same) return;
    state.status = next;
    emit("status");
  }

  const isSilent = () => Date.now() - lastHeard > Math.max(patience, syncEvery) * 2.5 && questions.waiting();

  // ------------------------------------------------------------------------------------------------ codings, also guessed

  /** A coding with the number of its coming. */
  function ordered(coding) {
    if (!orders.has(coding.id)) orders.set(coding.id, orders.size);
    return { ...coding, order: orders.get(coding.id) };
  }

  function show(touched) {
    const put = [];
    const gone = [];
    for (const id of touched) {
      if (base.has(id)) state.codings.set(id, base.get(id));
      else state.codings.delete(id);
    }
    for (const step of queue.steps) if (step.guess) applyGuess(step.guess, state);
    for (const id of touched) {
      if (state.codings.has(id)) put.push(state.codings.get(id));
      else gone.push(id);
    }
    if (touched.size > 0) emit("codings", { put, gone });
    if (state.active && !state.codings.has(state.active)) store.activate(null);
  }

  function settleGuess(step, changes) {
    const touched = new Set(step.guess ? step.guess.map(({ id }) => id) : []);
    for (const { id, coding } of step.guess ?? []) {
      if (!coding || base.has(id)) continue;
      const real = (changes?.codings?.put ?? []).find(
        (one) => one.start === coding.start && one.end === coding.end && one.code === coding.code && one.coder === coding.coder,
      );
      if (!real) continue;
      queue.rename(id, real.id);
      orders.set(real.id, orders.get(id));
      for (const later of queue.steps.flatMap((one) => one.guess ?? [])) {
        if (later.id !== id) continue;
        later.id = real.id;
        if (later.coding) later.coding = { ...later.coding, id: real.id };
        touched.add(real.id);
      }
      if (state.active === id) state.active = real.id;
    }
    return touched;
  }

  // ---------------------------------------------------------------------------------------------------------- what comes in

  function putSource(source, codings) {
    const moved = state.source?.id !== source?.id;
    state.source = source && { ...source, blocks: measureBlocks(source.blocks ?? []) };
    base.clear();
    for (const coding of codings ?? []) base.set(coding.id, ordered(coding));
    state.codings = new Map(base);
    for (const step of queue.steps) if (step.guess) applyGuess(step.guess, state);
    if (moved) {
      state.hits = { ranges: [], current: -1 };
      state.active = null;
    }
    state.selection = null;
    emit("source", { moved });
    emit("selection", { how: "code" });
    emit("active");
  }

  function putCodebook(codebook) {
    state.codebook = codebook;
    state.codes = new Map(codebook.codes.map((code) => [code.id, code]));
    state.keys = codeKeys(codebook.codes, state.digits);
    emit("codebook");
  }

  function mergeRows(rows) {
    const changed = new Map(rows.map((row) => [row.id, row]));
    state.sources = state.sources.map((row) => changed.get(row.id) ?? row);
    const known = new Set(state.sources.map((row) => row.id));
    state.sources.push(...rows.filter((row) => !known.has(row.id)));
  }

  function applyChanges(changes, touched = new Set()) {
    if (!changes) return show(touched);
    if (changes.codebook) putCodebook(changes.codebook);
    if ("source" in changes) putSource(changes.source, changes.codings_all);
    for (const coding of changes.codings?.put ?? []) {
      base.set(coding.id, ordered(coding));
      touched.add(coding.id);
    }
    for (const id of changes.codings?.gone ?? []) {
      base.delete(id);
      touched.add(id);
    }
    show(touched);
    for (const memo of changes.memos?.put ?? []) state.memos.set(memo.id, memo);
    for (const id of changes.memos?.gone ?? []) state.memos.delete(id);
    if (changes.memos) emit("memos");
    if (changes.sources) mergeRows(changes.sources);
    if (changes.sources_gone) state.sources = state.sources.filter(({ id }) => !changes.sources_gone.includes(id));
    for (const part of ["counts_of", "counts", "undo", "waiting", "to_deal", "coders"]) {
      if (!(part in changes)) continue;
      state[part] = changes[part];
      emit(part);
    }
    if (changes.sources || changes.sources_gone) emit("sources");
    return undefined;
  }

  function applyState(whole) {
    for (const part of ["study", "coder", "coders", "blind", "cannot", "counts", "counts_of", "sources", "undo", "waiting", "to_deal"]) state[part] = whole[part] ?? state[part];
    state.memos = new Map((whole.memos ?? []).map((memo) => [memo.id, memo]));
    putCodebook(whole.codebook);
    putSource(whole.source, whole.codings);
    noteStatus();
    emit("open", { place: whole.place ?? null });
  }

  function receive(message, buffers) {
    if (closed || !message) return;
    lastHeard = Date.now();
    if (message.do === "go") store.go(message.source, message.place); // a cell asked for it
    if (!("re" in message)) return;
    if (message.later) return refuseForNow(message);
    trouble = "";
    if (!answered.has(message.re)) {
      answered.add(message.re);
      const step = queue.take(message);
      const question = questions.take(message);
      const touched = step ? settleGuess(step, message.changes) : new Set();
      if (step) forgetPending(state.study?.id, step.id);
      // Replies to another view of the same session carry changes for this one, too.
      applyChanges(message.changes, touched);
      if (message.notice) store.say(message.notice, "error");
      if (message.script) {
        state.script.push(message.script);
        emit("script");
      }
      const waiting = step ?? question;
      if (question?.opens && message.ok) applyState(message.result);
      if (waiting && message.ok) waiting.resolve(buffers?.length ? { ...message.result, buffers } : message.result);
      else if (waiting) waiting.reject(new Refused(message.error));
    }
    queue.heard();
    noteStatus();
  }

  /** The study's folder is gone, and may come back: nothing that waits is dropped, and the page says so. */
  function refuseForNow(message) {
    trouble = message.error;
    questions.take(message)?.reject(new Refused(message.error));
    queue.hold();
    noteStatus();
  }

  // One question at a time, and only while somebody can see the answer.
  function keepInStep() {
    syncTimer = setTimeout(async () => {
      if (state.study && isVisible() && queue.steps.length === 0) {
        const soon = setTimeout(noteStatus, Math.max(patience, syncEvery) * 2.6);
        await questions.ask({ do: "sync" }, { within: 30000 }).catch(() => {});
        clearTimeout(soon);
      }
      if (!closed) keepInStep();
    }, syncEvery);
  }

  const off = port.onMessage(receive);

  const store = {
    state,
    peer,
    audioUrl: port.audioUrl ?? null,
    whyNot: (intent) => state.cannot[intent] ?? "",
    on(topic, fn) {
      if (!listeners.has(topic)) listeners.set(topic, new Set());
      listeners.get(topic).add(fn);
      return () => listeners.get(topic).delete(fn);
    },
    /** Ask for everything; again and again until somebody answers. */
    open: (source = null) => questions.ask({ do: "open", ...(source ? { source } : {}) }, { opens: true }).then(() => keepInStep()),
    send(intent) {
      if (isQuestion(intent)) return questions.ask(queue.renamed(intent));
      const guess = guessOf(intent, state);
      const { step, answered: reply } = queue.push(intent, { guess });
      rememberPending(state.study?.id, step, owner);
      for (const one of guess ?? []) if (one.coding) one.coding = ordered(one.coding);
      if (guess) show(new Set(guess.map(({ id }) => id)));
      return reply;
    },
    attempt: (intent) =>
      store.send(intent).catch((error) => {
        if (!(error instanceof Refused)) return null;
        store.say(error.message, "error");
        return null;
      }),
    select(range, how = "code") {
      if (!state.source) return;
      state.selection = range && range.start < range.end ? { start: range.start, end: range.end } : null;
      emit("selection", { how });
    },
    activate(id) {
      const next = id === null ? null : queue.realName(id);
      if (next === state.active) return;
      state.active = next;
      emit("active");
    },
    async go(source, place = null) {
      if (source && source !== state.source?.id) {
        await store.send({ do: "go", source });
      }
      const found = store.placeOf(place);
      if (found) emit("place", found);
    },
    /** Start and end of a place given in any of the ways that `go` takes. */
    placeOf: (place) => placeIn(state, place),
    say: (text, kind = "note") => emit("say", { text, kind }),
    ask(what, args = {}) {
      let taken = false;
      emit("ask", { ...args, what, take: () => (taken = true) });
      return taken;
    },
    showPanel(id) {
      state.panel = id;
      emit("panel");
    },
    showCoder(id, shown) {
      if (shown) state.shown.add(id);
      else state.shown.delete(id);
      for (const topic of ["coders", "counts"]) emit(topic);
    },
    setHits(ranges, current = -1) {
      state.hits = { ranges, current };
      emit("hits");
    },
    hover(code) {
      if (state.hovered === code) return;
      state.hovered = code;
      emit("hover");
    },
    /** Remember which codes were used, for the list of recent ones and for repeat. */
    noteUsed(codes) {
      state.last = [...codes];
      state.recent = [...new Set([...codes, ...state.recent])].slice(0, RECENT);
    },
    codeOf: (id) => state.codes.get(id),
    quote: (start, end) => (state.source ? quoteOf(state.source.blocks, start, end) : ""),
    blockAt: (place) => state.source?.blocks[blockIndexAt(state.source.blocks, place)] ?? null,
    isMine: (coding) => coding.coder === state.coder,
    // Codings that became equal when codes were merged are one (`same_as`).
    shownCodings: () => [...state.codings.values()].filter((coding) => !coding.same_as && (store.isMine(coding) || state.shown.has(coding.coder))),
    codingsAt: (start, end) => store.shownCodings().filter((coding) => coding.start < end && start < coding.end).sort(inTextOrder),
    retry: () => queue.retry(),
    discard() {
      const touched = new Set();
      for (const step of queue.discard()) {
        forgetPending(state.study?.id, step.id);
        for (const { id } of step.guess ?? []) touched.add(id);
      }
      show(touched);
    },
    /** Steps that an earlier page of this study in this tab could not save. */
    stranded: () => strandedPending(state.study?.id, owner, { patience }),
    adopt(save) {
      for (const { id, intent } of store.stranded()) {
        forgetPending(state.study.id, id);
        if (save) store.attempt(intent);
      }
      noteStatus();
    },
    close() {
      closed = true;
      off();
      queue.close();
      clearTimeout(syncTimer);
      questions.close();
      orphanPending(owner);
    },
  };

  return store;
}
