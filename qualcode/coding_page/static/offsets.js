/**
 * Places in a text. Pure functions, no DOM.
 *
 * Python counts Unicode code points from the start of the source's text; JavaScript strings count UTF-16 units. The
 * page keeps one string per block (a turn, or text outside all turns) and converts inside the block, so that only the
 * few blocks with characters beyond the basic plane (emoji, some scripts) cost anything.
 *
 * "place" or "start"/"end" means code points in the source; "unit" means UTF-16 units inside one block.
 *
 * @typedef {{turn: number|null, speaker: string|null, role: string, begins: number|null, ends: number|null,
 *   start: number, text: string}} Block as the session sends it
 * @typedef {Block & {end: number, wide: number[]}} MeasuredBlock `wide`: units at which a surrogate pair begins
 * @typedef {{start: number, end: number}} Range code points in the source, end exclusive
 */

const SURROGATE = /[\ud800-\udbff][\udc00-\udfff]/g;

/** Units at which a character of two units begins. @param {string} text @returns {number[]} */
export function wideUnits(text) {
  const found = [];
  if (!/[\ud800-\udbff]/.test(text)) return found;
  for (const match of text.matchAll(SURROGATE)) found.push(match.index);
  return found;
}

/** Add to each block where it ends, and what conversion needs. @param {Block[]} blocks @returns {MeasuredBlock[]} */
export function measureBlocks(blocks) {
  return blocks.map((block) => {
    const wide = wideUnits(block.text);
    return { ...block, wide, end: block.start + block.text.length - wide.length };
  });
}

/** How many entries of a rising list are smaller than a value. */
function countBelow(list, value) {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Code points in the source -> units in the block. @param {MeasuredBlock} block @param {number} place */
export function toUnit(block, place) {
  const points = Math.min(Math.max(place - block.start, 0), block.end - block.start);
  const wide = block.wide;
  if (wide.length === 0) return points;
  // The i-th wide character begins at unit wide[i], which is code point wide[i] - i.
  let low = 0;
  let high = wide.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (wide[middle] - middle < points) low = middle + 1;
    else high = middle;
  }
  return points + low;
}

/** Units in the block -> code points in the source. A unit in the middle of a pair counts as the end of that pair. */
export function toPlace(block, unit) {
  const inside = Math.min(Math.max(unit, 0), block.text.length);
  const before = countBelow(block.wide, inside);
  const split = before > 0 && block.wide[before - 1] === inside - 1;
  return block.start + inside - before + (split ? 1 : 0);
}

/** Index of the block in which a place lies; in a gap, of the block before it (-1 before the first). */
export function blockIndexAt(blocks, place) {
  let low = 0;
  let high = blocks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (blocks[middle].start <= place) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/**
 * The parts of blocks that a range covers, in text order.
 * @param {MeasuredBlock[]} blocks @param {number} start @param {number} end
 * @returns {{index: number, from: number, to: number}[]} `from` and `to` in units of block `index`
 */
export function piecesOf(blocks, start, end) {
  const pieces = [];
  for (let index = Math.max(blockIndexAt(blocks, start), 0); index < blocks.length; index += 1) {
    const block = blocks[index];
    if (block.start >= end) break;
    if (block.end <= start) continue;
    pieces.push({ index, from: toUnit(block, start), to: toUnit(block, end) });
  }
  return pieces;
}

/** What the page shows of a range: the parts of its blocks, one line each. */
export function quoteOf(blocks, start, end) {
  return piecesOf(blocks, start, end)
    .map(({ index, from, to }) => blocks[index].text.slice(from, to))
    .join("\n");
}

// ---------------------------------------------------------------------------------------------- words and sentences

const segmenters = new Map();

function segmenterFor(language, granularity) {
  const key = `${language}|${granularity}`;
  if (!segmenters.has(key)) {
    let made = null;
    if (typeof Intl !== "undefined" && Intl.Segmenter) {
      try {
        made = new Intl.Segmenter(language || undefined, { granularity });
      } catch {
        made = new Intl.Segmenter(undefined, { granularity }); // a language tag that no browser knows
      }
    }
    segmenters.set(key, made);
  }
  return segmenters.get(key);
}

const LETTER = /[\p{L}\p{N}\p{M}\p{Extended_Pictographic}]/u;

/**
 * Words of a text as pairs of units. Emoji count as words: people code them.
 * @param {string} text @param {string} [language] @returns {[number, number][]}
 */
export function wordsIn(text, language = "") {
  const segmenter = segmenterFor(language, "word");
  if (!segmenter) return [...text.matchAll(/[\p{L}\p{N}\p{M}\p{Extended_Pictographic}'’_-]+/gu)].map((m) => [m.index, m.index + m[0].length]);
  const words = [];
  for (const { segment, index, isWordLike } of segmenter.segment(text)) {
    if (isWordLike || LETTER.test(segment)) words.push([index, index + segment.length]);
  }
  return words;
}

/** Sentences of a text as pairs of units, without the white space around them. */
export function sentencesIn(text, language = "") {
  const segmenter = segmenterFor(language, "sentence");
  const pairs = segmenter
    ? [...segmenter.segment(text)].map(({ segment, index }) => [index, index + segment.length])
    : [...text.matchAll(/[^.!?…\n]*(?:[.!?…]+["'”’)]*|\n|$)\s*/g)].map((m) => [m.index, m.index + m[0].length]);
  return pairs.map(([from, to]) => trimUnits(text, from, to)).filter(([from, to]) => from < to);
}

/** Take white space off both ends. @returns {[number, number]} */
export function trimUnits(text, from, to) {
  while (from < to && /\s/.test(text[from])) from += 1;
  while (to > from && /\s/.test(text[to - 1])) to -= 1;
  return [from, to];
}

/** Widen to whole words: a word that is touched in its inside is taken whole. */
export function snapUnits(text, from, to, language = "") {
  let [low, high] = trimUnits(text, from, to);
  if (low >= high) return [low, high];
  for (const [begin, end] of wordsIn(text, language)) {
    if (begin >= high) break;
    if (begin < low && low < end) low = begin;
    if (begin < high && high < end) high = end;
  }
  return [low, high];
}

/**
 * Snap and trim a range over one or more blocks.
 * @param {MeasuredBlock[]} blocks @param {Range} range @param {{words?: boolean, language?: string}} [how]
 * @returns {Range|null} null where only white space is left
 */
export function tidyRange(blocks, range, { words = true, language = "" } = {}) {
  const tidy = words ? (text, from, to) => snapUnits(text, from, to, language) : trimUnits;
  let start = null;
  let end = null;
  for (const { index, from, to } of piecesOf(blocks, range.start, range.end)) {
    const [low, high] = tidy(blocks[index].text, from, to);
    if (low >= high) continue;
    if (start === null) start = toPlace(blocks[index], low);
    end = toPlace(blocks[index], high);
  }
  return start === null ? null : { start, end };
}

/** The pair that holds a unit, else the first one after it, else the last one (null where there is none). */
export function pairAt(pairs, unit) {
  let last = null;
  for (const pair of pairs) {
    if (unit < pair[1]) return pair;
    last = pair;
  }
  return last;
}
