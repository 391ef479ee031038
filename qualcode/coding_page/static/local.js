/**
 * A hand-out's own session: what `Session` does in Python, as far as it goes without Python, in the browser of whoever codes.
 *
 * Work is kept in this browser (places, codes, memos; no words of the transcript) after every step, and leaves it only as
 * the file that "Save codings" writes. Nothing is asked of any other computer. No DOM.
 *
 * @typedef {object} Handout  what `page_of` in qualcode/handout.py writes into the page
 */
import { hitsOf, unitAround } from "./find_text.js";
import { ELSEWHERE, NOT_IN_HANDOUTS, backTo, bookWith, codingsFile, copyOf, keptIn, segmentIn, stepName, studyId, timeNow } from "./local_parts.js";

/**
 * @param {Handout} handout
 * @param {{read: () => object|null, write: (value: object) => boolean}} shelf
 */
export function createLocalSession(handout, shelf) {
  const me = handout.coder;
  const given = Object.entries(handout.codings).flatMap(([source, list]) => list.map((one) => ({ ...one, source })));
  const began = given.filter((one) => one.coder === me);
  const others = given.filter((one) => one.coder !== me);
  const fresh = {
    codings: new Map(began.map((one) => [one.id, one])),
    memos: new Map(handout.memos.map((one) => [one.id, one])),
    removed: new Set(),
    removedMemos: new Set(),
    codes: [],
    states: Object.fromEntries(handout.sources.map((row) => [row.id, row.state])),
  };
  let work = fresh;
  const past = [];
  const future = [];
  const positions = {};
  const done = new Map();
  let source = handout.sources[0]?.id ?? null;
  let unsaved = false;
  let kept = true;
  const held = keptIn(shelf, handout);
  if (held?.work) {
    work = held.work;
    Object.assign(positions, held.positions);
    source = held.open ?? source;
    unsaved = held.unsaved;
  }

  function shelve() {
    kept = shelf.write({ ...fileOf(), positions, open: source, unsaved });
  }

  const versionOf = (id) => handout.texts[id].version;

  function memosOn(coding) {
    return [...work.memos.values()].filter((memo) => memo.targets.includes(`coding:${coding}`)).length;
  }

  function codingsOf(id) {
    return [...work.codings.values(), ...others]
      .filter((one) => one.source === id)
      .map((one) => (one.coder === me ? { ...one, memos: memosOn(one.id) } : one));
  }

  const codebookNow = () => bookWith(handout.codebook, work.codes);

  function countsNow() {
    const counts = {};
    for (const one of [...work.codings.values(), ...others]) {
      counts[one.code] ??= [0, 0];
      counts[one.code][1] += 1;
      if (one.source === source) counts[one.code][0] += 1;
    }
    return counts;
  }

  function rowsNow() {
    return handout.sources.map((row) => {
      const here = codingsOf(row.id);
      const mine = here.filter((one) => one.coder === me).length;
      const said = work.states[row.id];
      return { ...row, codings: here.length, mine, state: said === "not started" && mine > 0 ? "in progress" : said };
    });
  }

  const undoNow = () => ({ undo: past.at(-1)?.verb ?? null, redo: future.at(-1)?.verb ?? null });

  const openSource = (id) => ({
    ...handout.texts[id],
    finished: work.states[id] === "finished",
    position: positions[id] ?? handout.texts[id].position ?? null,
  });

  // ---------------------------------------------------------------------------------------------------------------- verbs

  class Wrong extends Error {}

  function need(found, sentence) {
    if (!found) throw new Wrong(sentence);
    return found;
  }

  const mine = (id) => need(work.codings.get(id), "This coding is not yours, or it is gone.");

  function codable(id) {
    const code = codebookNow().codes.find((one) => one.id === id);
    need(code, `There is no code '${id}' in this hand-out.`);
    need(code.codable && !code.retired, `'${code.name}' is not to be put on passages; use one below it.`);
    return code;
  }

  function checkExclusive(place, code, but) {
    const book = codebookNow();
    const wanted = book.codes.find((one) => one.id === code);
    if (!book.facets.find(({ id }) => id === wanted.facet)?.exclusive) return;
    for (const one of work.codings.values()) {
      const same = one.source === place.source && one.start === place.start && one.end === place.end && one.id !== but;
      const other = same && book.codes.find(({ id }) => id === one.code);
      if (other && other.facet === wanted.facet && other.id !== code) {
        throw new Wrong(`The facet takes one code a passage, and this one already has '${other.name}'.`);
      }
    }
  }

  function put(next, message, code) {
    const same = [...next.codings.values()].find(
      (one) => one.source === message.source && one.start === message.start && one.end === message.end && one.code === code,
    );
    if (same) return same.id;
    checkExclusive(message, code);
    const coding = {
      id: studyId(),
      source: message.source,
      version: versionOf(message.source),
      start: message.start,
      end: message.end,
      code,
      coder: me,
      stance: message.stance ?? "supports",
      origin: "hand-out",
      created: timeNow(),
      memos: 0,
    };
    next.codings.set(coding.id, coding);
    return coding.id;
  }

  function newMemo(next, text, kind, targets) {
    need(text.trim(), "The memo is empty. Write what you think.");
    const memo = { id: studyId(), author: me, created: timeNow(), kind: kind || "reflection", targets, text };
    next.memos.set(memo.id, memo);
    return memo.id;
  }

  function born(next, message) {
    const name = (message.name ?? "").trim();
    need(name && !/[\n\r]/.test(name), "A code needs a name of one line.");
    const book = codebookNow();
    const above = message.parent ? need(book.codes.find(({ id }) => id === message.parent), "There is no such code above.") : null;
    const facet = above?.facet ?? message.facet ?? openFacet(book);
    const twin = book.codes.find((one) => one.facet === facet && one.name.toLowerCase() === name.toLowerCase());
    need(!twin, `There is a code '${name}' already.`);
    const code = {
      id: `new-${studyId()}`,
      name,
      facet,
      parent: above?.id ?? "",
      definition: message.fields?.definition ?? "",
      in_vivo: Boolean(message.in_vivo),
      colour: message.fields?.colour || "#6b7280",
    };
    next.codes = [...next.codes, code];
    return code.id;
  }

  function openFacet(book) {
    if (book.facets.some(({ id }) => id === "open-codes")) return "open-codes";
    return book.facets.length === 1 ? book.facets[0].id : "open-codes";
  }

  function takeOff(next, ids) {
    for (const id of ids) {
      mine(id);
      next.codings.delete(id);
      next.removed.add(id);
    }
  }

  const change = (ids, fields) => (next) => ids.forEach((id) => changeOne(next, id, fields));

  function changeOne(next, id, fields) {
    const after = { ...mine(id), ...fields };
    const same = [...next.codings.values()].find(
      (one) => one.id !== id && one.source === after.source && one.start === after.start && one.end === after.end && one.code === after.code,
    );
    need(!same, "The coding would become the same as another one of yours.");
    checkExclusive(after, after.code, id);
    next.codings.set(id, after);
  }

  /** Verb to what it does to a copy of the work; what it returns is the result. */
  const VERBS = {
    code(message) {
      message.codes.forEach(codable);
      return (next) => {
        const ids = message.codes.map((code) => put(next, message, code));
        if (message.memo) newMemo(next, message.memo, "coding", ids.map((id) => `coding:${id}`));
        return { codings: ids };
      };
    },
    new_code: (message) => (next) => ({ code: born(next, message) }),
    code_new: (message) => (next) => {
      const code = born(next, message);
      work = next; // the code must be known before it is put
      return { code, codings: [code, ...(message.also ?? [])].map((one) => put(next, message, one)) };
    },
    uncode: (message) => (next) => takeOff(next, message.codings),
    recode(message) {
      codable(message.code);
      return change(message.codings, { code: message.code });
    },
    resize: (message) => change([message.coding], { start: message.start, end: message.end }),
    stance: (message) => change(message.codings, { stance: message.stance }),
    memo: (message) => (next) => ({ memo: newMemo(next, message.text, message.kind, message.targets ?? []) }),
    change_memo: (message) => (next) => {
      const memo = need(next.memos.get(message.memo), "This memo is not yours, or it is gone.");
      need(message.text.trim(), "The memo is empty. Write what you think.");
      next.memos.set(memo.id, { ...memo, text: message.text });
    },
    remove_memo: (message) => (next) => {
      need(next.memos.delete(message.memo), "This memo is not yours, or it is gone.");
      next.removedMemos.add(message.memo);
    },
    finish: (message) => (next) => {
      next.states = { ...next.states, [message.source]: message.finished ? "finished" : "in progress" };
    },
    code_hits(message) {
      message.codes.forEach(codable);
      return (next) => {
        const codes = [...message.codes];
        if (message.new) {
          codes.push(born(next, message.new));
          work = next; // the code must be known before it is put
        }
        const codings = message.hits.flatMap((hit) => {
          const place = { source: hit.source, ...unitAround(handout.texts[hit.source].blocks, hit, message.unit ?? "hit") };
          return codes.map((code) => put(next, place, code));
        });
        return { codings };
      };
    },
  };

  const QUESTIONS = {
    sync: () => ({}),
    select: () => ({}),
    position(message) {
      positions[message.source] = message.turn;
      return {};
    },
    go(message) {
      need(handout.texts[message.source], "That interview is not in this hand-out.");
      source = message.source;
      return { source: openSource(source), codings: codingsOf(source) };
    },
    search(message) {
      const wanted = message.in === "all" ? handout.sources.map(({ id }) => id) : [source];
      try {
        return hitsOf(wanted.map((id) => ({ id, blocks: handout.texts[id].blocks, codings: codingsOf(id) })), message);
      } catch (error) {
        throw error instanceof SyntaxError ? new Wrong(`This is no pattern that can be searched for: ${error.message}`) : error;
      }
    },
    quotes(message) {
      const book = codebookNow();
      const below = new Set([message.code]);
      for (const code of book.codes) if (below.has(code.parent)) below.add(code.id);
      const found = handout.sources.flatMap((row) => codingsOf(row.id).map((one) => ({ ...one, source: row.id })));
      const segments = found
        .filter((one) => below.has(one.code) && (!message.coders || message.coders.includes(one.coder)))
        .map((one) => segmentOf(one));
      return { segments, total: segments.length };
    },
    preview: (message) =>
      message.intent?.do === "code_hits" ? { lines: [`${message.intent.hits.length} passages would be coded.`] } : { lines: [] },
  };

  const segmentOf = (one) => segmentIn(handout.texts[one.source], one, memosOn(one.id));

  function step(from, to, count, message) {
    need(from.length > 0, message);
    for (let left = Math.min(count ?? 1, from.length); left > 0; left -= 1) {
      const one = from.pop();
      to.push({ verb: one.verb, work });
      work = backTo(one.work, work);
    }
  }

  function perform(message) {
    if (message.do === "undo") return void step(past, future, message.steps, "There is nothing to undo.");
    if (message.do === "redo") return void step(future, past, message.steps, "There is nothing to do again.");
    const before = work;
    const next = copyOf(work);
    try {
      const result = VERBS[message.do](message)(next);
      work = next;
      past.push({ verb: stepName(message.do), work: before });
      future.length = 0;
      return result;
    } catch (error) {
      work = before;
      throw error;
    }
  }

  // ------------------------------------------------------------------------------------------------------------- answering

  function snapshot() {
    return { codings: new Map(source ? codingsOf(source).map((one) => [one.id, one]) : []), work, book: work.codes };
  }

  function changesSince(before) {
    const now = snapshot();
    if (now.work === before.work) return {};
    const put = [...now.codings.values()].filter((one) => JSON.stringify(before.codings.get(one.id)) !== JSON.stringify(one));
    const gone = [...before.codings.keys()].filter((id) => !now.codings.has(id));
    const changes = { codings: { put, gone }, counts: countsNow(), sources: rowsNow(), undo: undoNow() };
    if (now.book !== before.book) changes.codebook = codebookNow();
    if (now.work.memos !== before.work.memos) {
      changes.memos = {
        put: [...work.memos.values()],
        gone: [...before.work.memos.keys()].filter((id) => !work.memos.has(id)),
      };
    }
    return changes;
  }

  function handle(message) {
    if (message.do === "open") {
      if (message.source && handout.texts[message.source]) source = message.source;
      return { ok: true, result: stateNow(), changes: {} };
    }
    if (done.has(message.id)) return done.get(message.id);
    const before = snapshot();
    let reply;
    try {
      if (message.do in QUESTIONS) {
        reply = { ok: true, result: QUESTIONS[message.do](message), changes: {} };
        if (["position", "go"].includes(message.do) && !shelf.changed?.()) shelve();
        return reply;
      }
      if (!(message.do in VERBS) && message.do !== "undo" && message.do !== "redo") throw new Wrong(NOT_IN_HANDOUTS[message.do] ?? NOT_IN_HANDOUTS.change_code);
      if (shelf.changed?.()) throw new Wrong(ELSEWHERE);
      const result = perform(message) ?? {};
      unsaved = true;
      shelve();
      reply = { ok: true, result, changes: changesSince(before) };
    } catch (error) {
      if (!(error instanceof Wrong)) throw error;
      reply = { ok: false, error: error.message, changes: {} };
    }
    done.set(message.id, reply);
    return reply;
  }

  function stateNow() {
    return {
      study: handout.study,
      coder: me,
      coders: handout.coders,
      blind: handout.blind,
      cannot: NOT_IN_HANDOUTS,
      source: source ? openSource(source) : null,
      codings: source ? codingsOf(source) : [],
      codebook: codebookNow(),
      counts: countsNow(),
      sources: rowsNow(),
      memos: [...work.memos.values()],
      undo: undoNow(),
      waiting: 0,
    };
  }

  const fileOf = () => codingsFile(handout, work, { began, rows: rowsNow() });

  return {
    handle,
    /** The file that goes back: places and codes, no words of the transcript. */
    file: fileOf,
    saved() {
      unsaved = false;
      if (!shelf.changed?.()) shelve();
    },
    get unsaved() {
      return unsaved;
    },
    /** Whether the browser keeps the work when the page is closed. */
    get kept() {
      return kept;
    },
    /** Whether what the browser had kept could not be used. */
    broken: Boolean(held?.broken),
  };
}
