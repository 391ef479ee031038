/**
 * Where stripes stand in the margin, and what is coded. Pure functions, no DOM.
 *
 * @typedef {{id: string, start: number, end: number, order?: number}} Placed anything with a place
 * @typedef {{start: number, end: number}} Range code points in the source, end exclusive
 */

/**
 * Text order; of two that begin together the longer comes first, so that it takes the outer lane; of equal places the
 * one that came first (`order`), so that nothing jumps when a pending coding gets its id.
 */
export function inTextOrder(a, b) {
  return a.start - b.start || b.end - a.end || (a.order ?? 0) - (b.order ?? 0) || (a.id < b.id ? -1 : 1);
}

/**
 * Give each coding the first lane that is free over its whole length.
 * @param {Placed[]} codings in any order
 * @returns {{lanes: Map<string, number>, count: number}} lane by id, counted from 0, and how many there are
 */
export function assignLanes(codings) {
  const lanes = new Map();
  const ends = [];
  for (const coding of [...codings].sort(inTextOrder)) {
    let lane = 0;
    while (lane < ends.length && ends[lane] > coding.start) lane += 1;
    ends[lane] = coding.end;
    lanes.set(coding.id, lane);
  }
  return { lanes, count: ends.length };
}

/**
 * Stripes of one block, in percent of its text: a first guess that needs no layout, until the words are measured.
 * @param {{start: number, end: number}} block
 * @param {Placed[]} codings those that touch the block
 * @param {Map<string, number>} lanes
 * @returns {{id: string, lane: number, top: number, height: number, begins: boolean, ends: boolean}[]}
 */
export function stripesOf(block, codings, lanes) {
  const length = Math.max(block.end - block.start, 1);
  return codings.map((coding) => {
    const from = Math.max(coding.start, block.start);
    const to = Math.min(coding.end, block.end);
    return {
      id: coding.id,
      lane: lanes.get(coding.id) ?? 0,
      top: (100 * (from - block.start)) / length,
      height: (100 * (to - from)) / length,
      begins: coding.start >= block.start,
      ends: coding.end <= block.end,
    };
  });
}

/**
 * Stripes at the lines where their words were measured (pixels from the top of the text). Those of one lane that share a line
 * share its height, one below the other.
 * @typedef {{top: number, bottom: number}} Line
 * @param {{lane: number}[]} stripes in text order
 * @param {({first: Line, last: Line}|null)[]} lines the first and the last line of the words of each
 * @returns {(Line|null)[]}
 */
export function stripesAtLines(stripes, lines) {
  const sharing = new Map(); // lane and line -> indexes of stripes, in text order
  const keyOf = ({ lane }, { top }) => `${lane}|${Math.round(top)}`;
  const edges = ({ first, last }) => (Math.round(first.top) === Math.round(last.top) ? [first] : [first, last]);
  lines.forEach((each, i) => {
    if (!each) return;
    for (const line of edges(each)) sharing.set(keyOf(stripes[i], line), [...(sharing.get(keyOf(stripes[i], line)) ?? []), i]);
  });
  const shareOf = (line, i) => {
    const all = sharing.get(keyOf(stripes[i], line));
    const part = (line.bottom - line.top) / all.length;
    const top = line.top + part * all.indexOf(i);
    return { top, bottom: top + part };
  };
  return lines.map((each, i) => each && { top: shareOf(each.first, i).top, bottom: shareOf(edges(each).at(-1), i).bottom });
}

/** Join ranges that overlap or touch. @param {Range[]} ranges @returns {Range[]} in text order, apart */
export function joinRanges(ranges) {
  const joined = [];
  for (const { start, end } of [...ranges].sort((a, b) => a.start - b.start)) {
    const last = joined[joined.length - 1];
    if (last && start <= last.end) last.end = Math.max(last.end, end);
    else if (start < end) joined.push({ start, end });
  }
  return joined;
}

/**
 * How much of the turns is coded: code points covered by at least one range, among all code points of turns.
 * @param {{turn: number|null, start: number, end: number}[]} blocks @param {Range[]} ranges
 * @returns {number} from 0 to 1
 */
export function coverageOf(blocks, ranges) {
  let all = 0;
  let covered = 0;
  const joined = joinRanges(ranges);
  let next = 0;
  for (const block of blocks) {
    if (block.turn === null) continue;
    all += block.end - block.start;
    while (next < joined.length && joined[next].end <= block.start) next += 1;
    for (let i = next; i < joined.length && joined[i].start < block.end; i += 1) {
      covered += Math.min(joined[i].end, block.end) - Math.max(joined[i].start, block.start);
    }
  }
  return all === 0 ? 0 : covered / all;
}

/**
 * What is not coded, turn by turn. Turns of interviewers are passed over: they are rarely coded.
 * @param {{turn: number|null, role: string, start: number, end: number}[]} blocks @param {Range[]} ranges
 * @returns {Range[]} in text order; none reaches over a turn
 */
export function uncodedIn(blocks, ranges) {
  const joined = joinRanges(ranges);
  const found = [];
  let next = 0;
  for (const block of blocks) {
    if (block.turn === null || block.role === "interviewer") continue;
    while (next < joined.length && joined[next].end <= block.start) next += 1;
    let from = block.start;
    for (let i = next; i < joined.length && joined[i].start < block.end; i += 1) {
      if (joined[i].start > from) found.push({ start: from, end: joined[i].start });
      from = Math.max(from, joined[i].end);
    }
    if (from < block.end) found.push({ start: from, end: block.end });
  }
  return found;
}
