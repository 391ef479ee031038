import test from "node:test";
import assert from "node:assert/strict";
import { Discarded, Refused, createQueue, forgetPending, orphanPending, rememberPending, renameIn, strandedPending } from "./static/queue.js";
import { guessOf } from "./static/guess.js";
import { codeKeys } from "./static/state.js";
import { createStore } from "./static/store.js";
import { functionPort, wellFormed } from "./static/port.js";

/** A clock that the test turns. */
function clock() {
  let time = 0;
  const timers = [];
  return {
    after: (ms, fn) => {
      const timer = { at: time + ms, fn };
      timers.push(timer);
      return timer;
    },
    cancel: (timer) => timers.includes(timer) && timers.splice(timers.indexOf(timer), 1),
    now: () => time,
    pass(ms) {
      const end = time + ms;
      for (;;) {
        const next = timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
        if (!next) break;
        timers.splice(timers.indexOf(next), 1);
        time = next.at;
        next.fn();
      }
      time = end;
    },
  };
}

function queueWith() {
  const posted = [];
  const time = clock();
  const queue = createQueue({ post: (message) => posted.push(message), onStatus() {}, ...time });
  return { posted, time, queue };
}

test("one step is under way at a time, in order", () => {
  const { posted, queue } = queueWith();
  queue.push({ do: "code", n: 1 });
  queue.push({ do: "code", n: 2 });
  assert.deepEqual(posted.map(({ n }) => n), [1]);
  queue.take({ re: posted[0].id });
  queue.heard();
  assert.deepEqual(posted.map(({ n }) => n), [1, 2]);
});

test("after a silence small questions go out, less and less often, and the step is sent again when one is answered", () => {
  const { posted, time, queue } = queueWith();
  queue.push({ do: "code", n: 1 });
  time.pass(3999);
  assert.equal(queue.late, false);
  time.pass(1);
  assert.equal(queue.late, true);
  time.pass(60000);
  const probes = posted.filter((message) => message.do === "sync").length;
  assert.ok(probes >= 4 && probes <= 8, `${probes} probes in a minute`);
  assert.equal(posted.filter((message) => message.do === "code").length, 1);
  queue.heard();
  const codes = posted.filter((message) => message.do === "code");
  assert.equal(codes.length, 2);
  assert.equal(codes[0].id, codes[1].id);
  assert.equal(queue.late, false);
});

test("a step names a coding by the id that it got meanwhile", () => {
  const { posted, queue } = queueWith();
  queue.push({ do: "code" });
  queue.push({ do: "uncode", codings: ["tmp-1", "c"] });
  queue.push({ do: "memo", targets: ["coding:tmp-1", "code:x"] });
  queue.take({ re: posted[0].id });
  queue.rename("tmp-1", "real");
  queue.heard();
  assert.deepEqual(posted[1].codings, ["real", "c"]);
  assert.deepEqual(renameIn({ do: "stance", coding: "tmp-1" }, new Map([["tmp-1", "real"]])).coding, "real");
});

test("steps that are given up say so", async () => {
  const { queue } = queueWith();
  const { answered } = queue.push({ do: "code" });
  queue.discard();
  await assert.rejects(answered, Discarded);
});

test("steps of a page that is gone are found by the next one, those of a living page only when they are old", () => {
  const [one, two] = [{}, {}];
  rememberPending("study", { id: "a", intent: { do: "code" }, since: 1000 }, one);
  assert.deepEqual(strandedPending("study", two, { now: 2000 }), []);
  assert.equal(strandedPending("study", two, { now: 9000 }).length, 1);
  assert.equal(strandedPending("study", one, { now: 9000 }).length, 0);
  assert.equal(strandedPending("another", two, { now: 9000 }).length, 0);
  orphanPending(one);
  assert.equal(strandedPending("study", two, { now: 2000 }).length, 1);
  forgetPending("study", "a");
  assert.deepEqual(strandedPending("study", two, { now: 9000 }), []);
});

test("a guess holds what will most likely be", () => {
  const state = { coder: "ana", source: { id: "P1" }, codings: new Map([["c", { id: "c", start: 0, end: 5, code: "x", coder: "ana" }]]) };
  const put = guessOf({ do: "code", source: "P1", start: 0, end: 5, codes: ["x", "y"] }, state);
  assert.deepEqual(put.map(({ coding }) => [coding.code, coding.pending]), [["y", true]]);
  assert.deepEqual(guessOf({ do: "uncode", codings: ["c", "gone"] }, state), [{ id: "c", coding: null }]);
  assert.deepEqual(guessOf({ do: "stance", codings: ["c", "elsewhere"], stance: "mixed" }, state).map(({ id, coding }) => [id, coding.stance]), [["c", "mixed"]]);
  assert.equal(guessOf({ do: "recode", codings: ["elsewhere"], code: "y" }, state), null);
  assert.equal(guessOf({ do: "resize", coding: "c", start: 1, end: 4 }, state)[0].coding.end, 4);
  assert.equal(guessOf({ do: "code", source: "P2", start: 0, end: 5, codes: ["x"] }, state), null);
  assert.equal(guessOf({ do: "memo", text: "t", targets: [] }, state), null);
});

test("own keys stand, digits go to codes without one, and codes that cannot be used get none", () => {
  const codes = [{ id: "a", key: "q", codable: true }, { id: "b", key: "", codable: true }, { id: "c", key: "1", codable: true }, { id: "d", key: "", codable: false }, { id: "e", key: "", codable: true, retired: true }, { id: "f", key: "", codable: true }];
  assert.deepEqual([...codeKeys(codes)], [["q", "a"], ["1", "c"], ["2", "b"], ["3", "f"]]);
});

test("digits stay with their codes while the page is open, whatever happens to other codes", () => {
  const code = (id, more = {}) => ({ id, key: "", codable: true, ...more });
  const given = new Map();
  const keys = (...codes) => Object.fromEntries(codeKeys(codes, given));
  assert.deepEqual(keys(code("a"), code("late", { made: 4 }), code("b", { made: 0 }), code("early", { made: 2 })), { 1: "b", 2: "early", 3: "late", 4: "a" });
  assert.deepEqual(keys(code("late"), code("a"), code("b"), code("early")), { 1: "b", 2: "early", 3: "late", 4: "a" }, "moved");
  assert.deepEqual(keys(code("new"), code("late"), code("a"), code("b")), { 1: "b", 3: "late", 4: "a", 5: "new" }, "one is gone, one is new");
  assert.deepEqual(keys(code("early"), code("late", { key: "4" }), code("a"), code("b")), { 1: "b", 2: "early", 4: "late" }, "one is back, one has a key of its own");
});

// ------------------------------------------------------------------------------------------------------- the store as a whole

const STATE = {
  study: { title: "S", id: "s1" }, coder: "ana", coders: [{ id: "ana", name: "Ana", kind: "human" }], blind: false,
  source: { id: "P1", title: "P1", version: "v", blocks: [{ turn: 1, start: 0, text: "We had a plan.", role: "" }] },
  codings: [], codebook: { version: "1", facets: [], codes: [{ id: "x", name: "X", codable: true, key: "" }] }, counts: {}, sources: [], memos: [], undo: { undo: null, redo: null }, waiting: 0,
}; // prettier-ignore

test("the store shows a coding at once, then what Python made of it, or takes it back", async () => {
  const seen = [];
  const port = functionPort((message) => {
    if (message.do === "open") return { re: message.id, ok: true, result: STATE, changes: {} };
    if (message.codes?.[0] === "x") return { re: message.id, ok: true, result: {}, changes: { codings: { put: [{ id: "c1", start: 0, end: 2, code: "x", coder: "ana", stance: "supports" }], gone: [] } } };
    return { re: message.id, ok: false, error: "No.", changes: {} };
  });
  const store = createStore(port, { syncEvery: 100000 });
  await store.open();
  store.on("codings", ({ put, gone }) => seen.push([put.map(({ id, pending }) => (pending ? "pending" : id)), gone.map((id) => id.slice(0, 3))]));
  const coding = { source: "P1", version: "v", start: 0, end: 2, quote: "We" };
  await store.send({ do: "code", ...coding, codes: ["x"] });
  await assert.rejects(store.send({ do: "code", ...coding, codes: ["y"] }), Refused);
  assert.deepEqual(seen, [[["pending"], []], [["c1"], ["tmp"]], [["pending"], []], [[], ["tmp"]]]);
  assert.deepEqual([...store.state.codings.keys()], ["c1"]);
  store.close();
});

test("a broken listener stops no other", async () => {
  const store = createStore(functionPort((message) => ({ re: message.id, ok: true, result: STATE, changes: {} })), { syncEvery: 100000 });
  const said = [];
  const log = console.error;
  console.error = () => said.push("reported");
  store.on("say", () => {
    throw new Error("broken");
  });
  store.on("say", ({ text }) => said.push(text));
  store.say("hello");
  console.error = log;
  assert.deepEqual(said, ["reported", "hello"]);
  store.close();
});

test("half a surrogate pair never leaves the page", () => {
  assert.deepEqual(wellFormed({ a: ["x\ud83d", "\ude42y", "🙂"], b: null, c: 1 }), { a: ["x\ufffd", "\ufffdy", "🙂"], b: null, c: 1 });
});
