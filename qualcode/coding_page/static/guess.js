/**
 * What an intent will most likely do to the codings: shown at once, as pending, until Python answers. No DOM.
 *
 * A guess is a list of `{id, coding}`; a coding of null means that it goes. What Python answers always wins.
 */
import { newId } from "./queue.js";

function fresh(intent, code, state, more = {}) {
  return {
    id: newId("tmp"),
    start: intent.start,
    end: intent.end,
    code,
    coder: state.coder,
    stance: intent.stance ?? "supports",
    origin: "hand",
    created: new Date().toISOString(),
    memos: intent.memo ? 1 : 0,
    pending: true,
    ...more,
  };
}

/** Codings of other sources are not shown here, so there is nothing to guess for them. */
function changed(state, ids, fields) {
  const here = ids.map((id) => state.codings.get(id)).filter(Boolean);
  return here.length ? here.map((coding) => ({ id: coding.id, coding: { ...coding, ...fields, pending: true } })) : null;
}

const GUESSES = {
  code(intent, state) {
    const there = (code) =>
      [...state.codings.values()].some(
        (one) => one.start === intent.start && one.end === intent.end && one.code === code && one.coder === state.coder,
      );
    return intent.codes.filter((code) => !there(code)).map((code) => fresh(intent, code, state));
  },
  code_new(intent, state) {
    const also = (intent.also ?? []).map((code) => fresh(intent, code, state));
    return [fresh(intent, null, state, { newName: intent.name }), ...also];
  },
  uncode: (intent, state) => intent.codings.filter((id) => state.codings.has(id)).map((id) => ({ id, coding: null })),
  recode: (intent, state) => changed(state, intent.codings, { code: intent.code }),
  resize: (intent, state) => changed(state, [intent.coding], { start: intent.start, end: intent.end }),
  stance: (intent, state) => changed(state, intent.codings, { stance: intent.stance }),
};

/** @returns {{id: string, coding: object|null}[]|null} null where nothing can be shown beforehand */
export function guessOf(intent, state) {
  if (!state.source || (intent.source && intent.source !== state.source.id)) return null;
  const guess = GUESSES[intent.do]?.(intent, state) ?? null;
  return guess?.map((one) => ("coding" in one ? one : { id: one.id, coding: one })) ?? null;
}

/** Lay a guess over what is known. */
export function applyGuess(guess, state) {
  for (const { id, coding } of guess) {
    if (coding) state.codings.set(id, coding);
    else state.codings.delete(id);
  }
}
