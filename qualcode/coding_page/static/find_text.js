/** Searching the text of a source, for pages without Python; the same rules as in qualcode/widget. Positions are code points. No DOM. */

const MOST_HITS = 1000;
const AROUND = 60;

/** @returns {RegExp} what is searched for; letters with and without accents differ, capitals as told */
export function patternOf({ text, match_case: matchCase, whole_words: wholeWords, regex }) {
  const escaped = regex ? text : text.trim().replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/\s+/g, "\\s+");
  const whole = wholeWords ? `(?<![\\p{L}\\p{N}_])(?:${escaped})(?![\\p{L}\\p{N}_])` : escaped;
  return new RegExp(whole, matchCase ? "gu" : "giu");
}

const points = (text, end) => {
  let count = 0;
  for (let at = 0; at < end; at += text.codePointAt(at) > 0xffff ? 2 : 1) count += 1;
  return count;
};

/**
 * @param {{id: string, blocks: object[], codings: object[]}[]} sources
 * @param {{text: string, match_case?: boolean, whole_words?: boolean, regex?: boolean}} asked
 * @returns {{hits: object[], total: number}}
 */
export function hitsOf(sources, asked) {
  if (!asked.text.trim()) return { hits: [], total: 0 };
  const pattern = patternOf(asked);
  const hits = [];
  let total = 0;
  for (const { id, blocks, codings } of sources) {
    for (const block of blocks) {
      for (const found of block.text.matchAll(pattern)) {
        if (found[0] === "") continue;
        total += 1;
        if (hits.length >= MOST_HITS) continue;
        const start = block.start + points(block.text, found.index);
        const end = start + [...found[0]].length;
        hits.push({
          source: id,
          start,
          end,
          before: block.text.slice(Math.max(0, found.index - AROUND), found.index),
          words: found[0],
          after: block.text.slice(found.index + found[0].length, found.index + found[0].length + AROUND),
          turn: block.turn,
          speaker: block.speaker,
          coded: [...new Set(codings.filter((one) => one.start < end && start < one.end).map((one) => one.code))],
        });
      }
    }
  }
  return { hits, total };
}

/** @returns {{start: number, end: number}} the hit, the sentence or the turn around it */
export function unitAround(blocks, hit, unit) {
  const block = blocks.findLast(({ start }) => start <= hit.start);
  if (unit === "hit" || !block) return { start: hit.start, end: hit.end };
  const signs = [...block.text];
  if (unit === "turn") return { start: block.start, end: block.start + signs.length };
  const sentences = [...new Intl.Segmenter(undefined, { granularity: "sentence" }).segment(block.text)];
  let start = block.start;
  for (const { segment } of sentences) {
    const length = [...segment].length;
    if (hit.start < start + length) {
      const words = [...segment.trimEnd()].length;
      const lead = length - [...segment.trimStart()].length;
      return { start: start + lead, end: start + words };
    }
    start += length;
  }
  return { start: hit.start, end: hit.end };
}
