import test from "node:test";
import assert from "node:assert/strict";
import { blockIndexAt, measureBlocks, piecesOf, quoteOf, sentencesIn, snapUnits, tidyRange, toPlace, toUnit, trimUnits, wordsIn } from "./static/offsets.js";

// Emoji, families joined by zero-width joiners, flags, combining accents, right-to-left, no-break spaces, CRLF, tabs.
const TEXTS = [
  "plain words",
  "🙂 one emoji 🙂🙂",
  "👩‍👩‍👧‍👦 a family, a flag 🇩🇪, thumbs 👍🏽",
  "cafe\u0301 Zu\u0308rich a\u0300\u0301",
  "שלום עולם, مرحبا بالعالم",
  "\u00a0no\u00a0break\tand\ttab",
  "𝒜𝒷𝒸 𐍈 music 𝄞",
  "soft\u00adhyphen zero\u200bwidth \u2028 line",
  "",
];

function blocksOf(texts) {
  let start = 7;
  return measureBlocks(
    texts.map((text, i) => {
      const block = { turn: i + 1, speaker: "A", role: "", begins: null, ends: null, start, text };
      start += [...text].length + 5;
      return block;
    }),
  );
}

test("places are code points, whatever the characters", () => {
  for (const block of blocksOf(TEXTS)) {
    const characters = [...block.text];
    assert.equal(block.end - block.start, characters.length);
    let unit = 0;
    for (let i = 0; i <= characters.length; i += 1) {
      assert.equal(toUnit(block, block.start + i), unit, `${block.text} at ${i}`);
      assert.equal(toPlace(block, unit), block.start + i, `${block.text} at unit ${unit}`);
      unit += characters[i]?.length ?? 0;
    }
  }
});

test("a unit in the middle of a pair goes to its end, one outside the block to its border", () => {
  const [block] = blocksOf(["a🙂b"]);
  assert.equal(toPlace(block, 2), block.start + 2);
  assert.equal(toPlace(block, -4), block.start);
  assert.equal(toPlace(block, 99), block.end);
  assert.equal(toUnit(block, block.start - 4), 0);
  assert.equal(toUnit(block, block.end + 9), 4);
});

test("a range is cut into its blocks, and its quote has one line each", () => {
  const blocks = blocksOf(["one 🙂 two", "three", "four"]);
  const all = piecesOf(blocks, blocks[0].start + 4, blocks[2].start + 2);
  assert.deepEqual(all, [{ index: 0, from: 4, to: 10 }, { index: 1, from: 0, to: 5 }, { index: 2, from: 0, to: 2 }]);
  assert.equal(quoteOf(blocks, blocks[0].start + 4, blocks[2].start + 2), "🙂 two\nthree\nfo");
  assert.deepEqual(piecesOf(blocks, 0, 3), []);
  assert.equal(blockIndexAt(blocks, 0), -1);
  assert.equal(blockIndexAt(blocks, blocks[1].start - 1), 0);
});

test("words and sentences", () => {
  const text = "Well, I don't know. It's 3.5 🙂 points! Right?";
  assert.deepEqual(wordsIn(text, "en").map(([a, b]) => text.slice(a, b)), ["Well", "I", "don't", "know", "It's", "3.5", "🙂", "points", "Right"]);
  assert.deepEqual(sentencesIn(text, "en").map(([a, b]) => text.slice(a, b)), ["Well, I don't know.", "It's 3.5 🙂 points!", "Right?"]);
  assert.deepEqual(wordsIn("我们很忙", "zh").length > 1, true);
  assert.equal(wordsIn("a language that no browser knows", "x-nowhere!!").length, 6);
});

test("a selection snaps to words and leaves white space out", () => {
  const text = "Nobody read it, and the plan was wrong.";
  const snapped = (from, to) => text.slice(...snapUnits(text, from, to, "en"));
  assert.equal(snapped(2, 9), "Nobody read");
  assert.equal(snapped(6, 12), "read");
  assert.equal(snapped(12, 16), "it,");
  assert.equal(snapped(38, 39), ".");
  assert.deepEqual(trimUnits("  a ", 0, 4), [2, 3]);
});

test("over several blocks only the ends are snapped; nothing is left of white space alone", () => {
  const blocks = blocksOf(["one two", "   ", "three four"]);
  const range = tidyRange(blocks, { start: blocks[0].start + 5, end: blocks[2].start + 2 });
  assert.equal(quoteOf(blocks, range.start, range.end), "two\n   \nthree");
  assert.equal(tidyRange(blocks, { start: blocks[1].start, end: blocks[1].end }), null);
  assert.deepEqual(tidyRange(blocks, { start: blocks[0].start + 1, end: blocks[0].start + 2 }, { words: false }), { start: blocks[0].start + 1, end: blocks[0].start + 2 });
});
