import assert from "node:assert/strict";
import test from "node:test";

import { blockHeard, kindOfSound, placeHeard, sizeInWords, startOf, timedTurns } from "./static/audio_model.js";
import { fetchRecording } from "./static/audio_file.js";

const block = (begins, ends = null, start = 0, end = 100) => ({ begins, ends, start, end });
const BLOCKS = [block(null), block(0), block(4), block(null), block(4), block(12)];

test("the turn that is heard is the last that has begun", () => {
  const timed = timedTurns(BLOCKS);
  assert.deepEqual([0, 3.9, 4, 11.9, 12, 99].map((seconds) => blockHeard(timed, seconds)), [1, 1, 4, 4, 5, 5]);
  assert.equal(blockHeard(timedTurns([block(7)]), 2), -1);
  assert.equal(blockHeard([], 2), -1);
});

test("turns that speak over each other are found by their times, not by their order", () => {
  const timed = timedTurns([block(10), block(8), block(20)]);
  assert.deepEqual([8, 9.9, 10, 19].map((seconds) => blockHeard(timed, seconds)), [1, 1, 0, 0]);
});

test("a turn without a time begins with the last one before it that has a time", () => {
  assert.deepEqual(startOf(BLOCKS, 3), { index: 2, begins: 4 });
  assert.deepEqual(startOf(BLOCKS, 5), { index: 5, begins: 12 });
  assert.equal(startOf(BLOCKS, 0), null);
});

test("the place that is heard goes through the turn and never out of it", () => {
  const one = block(10, 20, 1000, 1200);
  const timed = timedTurns([one, block(30)]);
  assert.deepEqual([5, 10, 15, 20, 29].map((seconds) => placeHeard(one, timed, seconds)), [1000, 1000, 1100, 1199, 1199]);
  const open = block(10, null, 1000, 1200);
  assert.equal(placeHeard(open, timedTurns([open, block(30)]), 20), 1100);
  assert.equal(placeHeard(open, timedTurns([open]), 20), 1000);
});

test("sizes and kinds are said as people and browsers know them", () => {
  assert.deepEqual([12, 740_000, 86_400_000, 1_230_000_000].map(sizeInWords), ["1 kB", "740 kB", "86 MB", "1.2 GB"]);
  assert.deepEqual(["S1.MP3", "a.b.m4a", "x.xyz"].map(kindOfSound), ["audio/mpeg", "audio/mp4", ""]);
});

const PIECE = 4;
function storeOf(bytes, change = (reply) => reply) {
  const asked = [];
  return {
    asked,
    async send({ offset }) {
      asked.push(offset);
      const piece = bytes.slice(offset, offset + PIECE);
      return change({ size: bytes.length, last: offset + PIECE >= bytes.length, buffers: [new DataView(piece.buffer)] }, asked.length);
    },
  };
}
const SOURCE = { id: "S1", audio: { name: "S1.wav", size: 10 } };
const how = { onProgress() {}, isWanted: () => true };

test("pieces are put together, one after the other, and progress is told", async () => {
  const bytes = Uint8Array.from({ length: 10 }, (_, i) => i);
  const store = storeOf(bytes);
  const told = [];
  const blob = await fetchRecording(store, SOURCE, { ...how, onProgress: (share) => told.push(share) });
  assert.deepEqual(new Uint8Array(await blob.arrayBuffer()), bytes);
  assert.equal(blob.type, "audio/wav");
  assert.deepEqual(store.asked, [0, 4, 8]);
  assert.deepEqual(told, [0.4, 0.8]);
});

test("what is no longer wanted is no longer asked for", async () => {
  const store = storeOf(new Uint8Array(10));
  assert.equal(await fetchRecording(store, SOURCE, { ...how, isWanted: () => store.asked.length < 2 }), null);
  assert.deepEqual(store.asked, [0, 4]);
});

test("a file that changed meanwhile is no recording, nor one that stops coming", async () => {
  const longer = storeOf(new Uint8Array(10), (reply, n) => ({ ...reply, size: n > 1 ? 11 : 10 }));
  await assert.rejects(fetchRecording(longer, SOURCE, how), /was changed meanwhile/);
  const empty = storeOf(new Uint8Array(10), (reply) => ({ ...reply, last: false, buffers: [new DataView(new ArrayBuffer(0))] }));
  await assert.rejects(fetchRecording(empty, SOURCE, how), /was changed meanwhile/);
  const mute = storeOf(new Uint8Array(10), (reply) => ({ ...reply, buffers: undefined }));
  await assert.rejects(fetchRecording(mute, SOURCE, how), /qualcode open/);
});

test("more than a browser can hold is refused before anything is asked for", async () => {
  const store = storeOf(new Uint8Array(10));
  await assert.rejects(fetchRecording(store, { id: "S1", audio: { name: "S1.wav", size: 2 ** 31 } }, how), /2\.1 GB.*qualcode open/);
  assert.deepEqual(store.asked, []);
});
