/**
 * How a recording reaches the browser. A server is asked for it by address, and the browser takes the parts it needs; in a
 * notebook it comes in pieces over the port and is put together as a Blob, which the browser may keep on its disk.
 */
import { MOST_THROUGH_NOTEBOOK, kindOfSound, sizeInWords } from "./audio_model.js";
import { Refused } from "./queue.js";

/**
 * @param {ReturnType<import("./store.js").createStore>} store @param {{id: string, audio: {name: string, size: number}}} source
 * @param {{onProgress: (share: number) => void, isWanted: () => boolean}} how
 * @returns {Promise<Blob|null>} null where it is no longer wanted
 */
export async function fetchRecording(store, { id, audio }, { onProgress, isWanted }) {
  if (audio.size > MOST_THROUGH_NOTEBOOK) {
    throw new Refused(`${audio.name} has ${sizeInWords(audio.size)}, too much for a notebook. “qualcode open” plays it, or make it smaller (mp3, m4a).`);
  }
  const pieces = [];
  let offset = 0;
  for (;;) {
    const { size, last, buffers } = await store.send({ do: "audio", source: id, offset });
    if (!isWanted()) return null;
    const [piece] = buffers ?? [];
    if (!piece) throw new Refused("Sound does not come through here. “qualcode open” plays it.");
    if (size !== audio.size || (piece.byteLength === 0 && !last)) throw new Refused(`${audio.name} was changed meanwhile. Open the source again to hear it.`);
    pieces.push(new Blob([piece]));
    offset += piece.byteLength;
    if (last) return new Blob(pieces, { type: kindOfSound(audio.name) });
    onProgress(offset / size);
  }
}

/** Why a recording does not play, in words. @param {MediaError|null} error */
export function whyNotHeard(name, error) {
  if (error?.code === 2) return `${name} stopped coming. Is qualcode still running?`;
  return `Your browser cannot play ${name}: it is damaged, or of a kind this browser does not know. mp3, m4a and wav play in most.`;
}
