import test from "node:test";
import assert from "node:assert/strict";
import { measureBlocks, quoteOf } from "./static/offsets.js";
import { beginOf, moveBorder, moveRange, turnAround } from "./static/cursor.js";

const TEXTS = ["How did it begin?", "We had a plan. Nobody 🙂 read it, anyway. So what?", "And then?"];
const blocks = (() => {
  let start = 3;
  return measureBlocks(TEXTS.map((text, i) => {
    const made = { turn: i + 1, role: "", start, text };
    start += [...text].length + 9;
    return made;
  }));
})();
const words = (range) => range && quoteOf(blocks, range.start, range.end);

test("sentences are visited in order, over the borders of turns and back", () => {
  const seen = [];
  let range = null;
  for (let next = moveRange(blocks, null, "sentence", 1, { from: 0 }); next; next = moveRange(blocks, next, "sentence", 1)) seen.push(words((range = next)));
  assert.deepEqual(seen, ["How did it begin?", "We had a plan.", "Nobody 🙂 read it, anyway.", "So what?", "And then?"]);
  const back = [];
  for (let next = range; next; next = moveRange(blocks, next, "sentence", -1)) back.push(words(next));
  assert.deepEqual(back, [...seen].reverse());
});

test("from a turn the first key narrows to its first or last part", () => {
  const turn = turnAround(blocks, blocks[1].start + 20);
  assert.equal(words(turn), TEXTS[1]);
  assert.equal(words(moveRange(blocks, turn, "sentence", 1)), "We had a plan.");
  assert.equal(words(moveRange(blocks, turn, "sentence", -1)), "So what?");
  assert.equal(words(moveRange(blocks, turn, "word", 1)), "We");
});

test("a border takes one word more or less, and punctuation is no word", () => {
  let range = moveRange(blocks, turnAround(blocks, blocks[1].start), "sentence", 1);
  range = moveBorder(blocks, range, "end", "sentence", 1);
  assert.equal(words(range), "We had a plan. Nobody 🙂 read it, anyway.");
  range = moveBorder(blocks, range, "end", "word", -1);
  assert.equal(words(range), "We had a plan. Nobody 🙂 read it");
  range = moveBorder(blocks, range, "start", "word", 1);
  assert.equal(words(range), "had a plan. Nobody 🙂 read it");
  range = moveBorder(blocks, range, "end", "character", -1);
  assert.equal(words(range), "had a plan. Nobody 🙂 read i");
});

test("a border never passes the other, and stops at the ends of the text", () => {
  const word = moveRange(blocks, turnAround(blocks, blocks[1].start), "word", 1);
  assert.equal(moveBorder(blocks, word, "end", "word", -1), word);
  const last = turnAround(blocks, blocks[2].start);
  assert.equal(moveBorder(blocks, last, "end", "turn", 1), last);
  assert.equal(moveRange(blocks, last, "turn", 1), null);
});

test("the begin of a quote is cut at a word", () => {
  assert.equal(beginOf("one two three four", 10), "one two …");
  assert.equal(beginOf(" short\n one "), "short one");
});
