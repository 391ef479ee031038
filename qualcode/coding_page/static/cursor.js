/**
 * Moving and stretching the selection by keys: by turn, sentence and word. Pure functions, no DOM.
 *
 * The page has no caret. What is selected is the cursor: a key takes the next turn, sentence or word whole, Shift
 * stretches the end. From something larger, the first key narrows to its first (or last) part.
 *
 * @typedef {import("./offsets.js").MeasuredBlock} MeasuredBlock
 * @typedef {{start: number, end: number}} Range
 */
import { blockIndexAt, sentencesIn, toPlace, trimUnits, wordsIn } from "./offsets.js";

/** Ranges of one block, by "turn", "sentence" or "word". @returns {Range[]} */
export function partsOf(block, unit, language) {
  const pairs =
    unit === "turn" ? [trimUnits(block.text, 0, block.text.length)] : unit === "sentence" ? sentencesIn(block.text, language) : wordsIn(block.text, language);
  return pairs.filter(([from, to]) => from < to).map(([from, to]) => ({ start: toPlace(block, from), end: toPlace(block, to) }));
}

/** The first part that begins at or after a place (step 1), or the last that ends at or before it (step -1). */
function neighbour(blocks, place, unit, step, language) {
  const index = Math.max(blockIndexAt(blocks, step > 0 ? place : place - 1), 0);
  for (let i = index; i >= 0 && i < blocks.length; i += step) {
    const parts = partsOf(blocks[i], unit, language);
    const found = step > 0 ? parts.find((part) => part.start >= place) : parts.findLast((part) => part.end <= place);
    if (found) return found;
  }
  return null;
}

function partAt(blocks, place, unit, language) {
  const index = Math.max(blockIndexAt(blocks, place), 0);
  return partsOf(blocks[index], unit, language).find((part) => place < part.end) ?? null;
}

/**
 * Where the selection goes.
 * @param {MeasuredBlock[]} blocks @param {Range|null} range what is selected; null for nothing yet
 * @param {"turn"|"sentence"|"word"} unit @param {1|-1} step
 * @param {{language?: string, from?: number}} [where] `from`: place to begin at where nothing is selected
 * @returns {Range|null} null where there is nothing further that way
 */
export function moveRange(blocks, range, unit, step, { language = "", from = 0 } = {}) {
  if (blocks.length === 0) return null;
  if (!range) return partAt(blocks, from, unit, language) ?? neighbour(blocks, from, unit, step, language);
  if (unit === "turn") {
    const index = Math.max(blockIndexAt(blocks, step > 0 ? range.end - 1 : range.start), 0);
    for (let i = index + step; i >= 0 && i < blocks.length; i += step) {
      const [whole] = partsOf(blocks[i], "turn", language);
      if (whole) return whole;
    }
    return null;
  }
  const inside = partAt(blocks, step > 0 ? range.start : range.end - 1, unit, language);
  const narrower = inside && inside.start >= range.start && inside.end <= range.end && (inside.start > range.start || inside.end < range.end);
  if (narrower) return inside;
  return neighbour(blocks, step > 0 ? range.end : range.start, unit, step, language);
}

/** The border that takes one part more. */
function grownTo(parts, border, place) {
  return border === "end" ? parts.find((part) => part.end > place)?.end : parts.findLast((part) => part.start < place)?.start;
}

/** The border that leaves one part out, whatever punctuation stands between. */
function shrunkTo(parts, border, place) {
  if (border === "end") {
    const last = parts.findLast((part) => part.start < place);
    return last ? parts.findLast((part) => part.end <= last.start)?.end : parts.at(-1)?.end;
  }
  const first = parts.find((part) => part.end > place);
  return first ? parts.find((part) => part.start >= first.end)?.start : parts[0]?.start;
}

/**
 * Move one border of the selection by a unit. It never passes the other border.
 * @param {MeasuredBlock[]} blocks @param {Range} range @param {"start"|"end"} border
 * @param {"turn"|"sentence"|"word"|"character"} unit @param {1|-1} step @param {string} [language]
 * @returns {Range} the same range where the border cannot move
 */
export function moveBorder(blocks, range, border, unit, step, language = "") {
  const place = range[border];
  const index = Math.max(blockIndexAt(blocks, border === "end" ? place - 1 : place), 0);
  let next = null;
  if (unit === "character") {
    next = place + step;
    if (next < blocks[index].start || next > blocks[index].end) return range;
  } else {
    const grows = (border === "end") === step > 0;
    for (let i = index; i >= 0 && i < blocks.length && next === null; i += step) {
      const parts = partsOf(blocks[i], unit, language);
      next = (grows ? grownTo(parts, border, place) : shrunkTo(parts, border, place)) ?? null;
    }
    if (next === null) return range;
  }
  const moved = { ...range, [border]: next };
  return moved.start < moved.end ? moved : range;
}

/** The whole turn around a place. @returns {Range|null} */
export function turnAround(blocks, place) {
  const block = blocks[blockIndexAt(blocks, place)];
  if (!block) return null;
  const [from, to] = trimUnits(block.text, 0, block.text.length);
  return from < to ? { start: toPlace(block, from), end: toPlace(block, to) } : null;
}

/** Words of a range for a label: its begin, cut at a word. */
export function beginOf(words, length = 60) {
  const line = words.replace(/\s+/g, " ").trim();
  if (line.length <= length) return line;
  return `${line.slice(0, length).replace(/\s+\S*$/, "")} …`;
}
