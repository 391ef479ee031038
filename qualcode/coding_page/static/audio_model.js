/** Which turn is heard at a time, and where a turn stands in the recording. Pure functions, no DOM. */

/** A recording larger than this is not carried through a notebook: it would have to be held whole by the browser. */
export const MOST_THROUGH_NOTEBOOK = 1 << 30;

const KINDS_OF_SOUND = { mp3: "mpeg", m4a: "mp4", mp4: "mp4", aac: "aac", wav: "wav", ogg: "ogg", opus: "ogg", flac: "flac", webm: "webm" };

/** What the browser is told a file is. @param {string} name */
export function kindOfSound(name) {
  const kind = KINDS_OF_SOUND[name.split(".").at(-1).toLowerCase()];
  return kind ? `audio/${kind}` : "";
}

/** "740 kB", "86 MB", "1.2 GB". @param {number} bytes */
export function sizeInWords(bytes) {
  if (bytes < 1e6) return `${Math.max(Math.round(bytes / 1e3), 1)} kB`;
  return bytes < 1e9 ? `${Math.round(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}

/**
 * The turns that have a time, by time. A turn that is written later keeps its place among those that begin at once.
 * @param {{begins: number|null}[]} blocks @returns {{index: number, begins: number}[]}
 */
export function timedTurns(blocks) {
  return blocks
    .map(({ begins }, index) => ({ index, begins }))
    .filter(({ begins }) => begins !== null && begins !== undefined)
    .sort((a, b) => a.begins - b.begins || a.index - b.index);
}

/** Index of the block that is heard at a time: the last that has begun; -1 before the first. */
export function blockHeard(timed, seconds) {
  let [low, high] = [0, timed.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (timed[middle].begins <= seconds + 0.05) low = middle + 1; // a player stops a little before the time it is sent to
    else high = middle;
  }
  return low > 0 ? timed[low - 1].index : -1;
}

/**
 * Where to play from for a turn: its own time, else that of the last turn before it that has one.
 * @returns {{index: number, begins: number}|null} null where no turn up to here has a time
 */
export function startOf(blocks, index) {
  for (let at = Math.min(index, blocks.length - 1); at >= 0; at -= 1) {
    const { begins } = blocks[at];
    if (begins !== null && begins !== undefined) return { index: at, begins };
  }
  return null;
}

/** About which place of a block is heard, as if one spoke evenly until its end, or until the next turn begins. */
export function placeHeard(block, timed, seconds) {
  const next = timed.find(({ begins }) => begins > block.begins)?.begins ?? null;
  const ends = block.ends > block.begins ? block.ends : next;
  const share = ends === null ? 0 : Math.min(Math.max((seconds - block.begins) / (ends - block.begins), 0), 1);
  return Math.min(block.start + Math.floor(share * (block.end - block.start)), Math.max(block.end - 1, block.start));
}
