/**
 * Dealing the quotes of a code onto piles. Pure functions, no DOM; a deal is never changed, each step gives a new one.
 *
 * @typedef {{ids: string[], to: Map<string, number>, piles: {name: string, code?: string}[], at: string|null,
 *   done: {ids: string[], before: (number|null)[], at: string|null}[]}} Deal
 *   A pile with a code takes quotes of a code that somebody split already: such a deal may be done in parts.
 *   `ids` in text order; `to`: quote -> pile; `at`: the quote that is looked at; `done`: steps, for going back
 */

export const MOST_PILES = 9; // one key each

/** @param {string[]} ids @returns {Deal} */
export function newDeal(ids, piles = [{ name: "" }, { name: "" }]) {
  return { ids, to: new Map(), piles, at: ids[0] ?? null, done: [] };
}

/** Quotes that lie on no pile yet. @param {Deal} deal */
export function leftIn(deal) {
  return deal.ids.filter((id) => !deal.to.has(id));
}

/** Quotes on a pile, in text order. @param {Deal} deal */
export function onPile(deal, pile) {
  return deal.ids.filter((id) => deal.to.get(id) === pile);
}

function nextLeft(deal, from) {
  const at = deal.ids.indexOf(from);
  const order = [...deal.ids.slice(at + 1), ...deal.ids.slice(0, at + 1)];
  return order.find((id) => !deal.to.has(id)) ?? null;
}

/** Put quotes on a pile, and look at the next one. @param {Deal} deal @param {string[]} ids @param {number|null} pile null takes them off */
export function dealTo(deal, ids, pile) {
  if (pile !== null && !deal.piles[pile]) return deal;
  const to = new Map(deal.to);
  const before = ids.map((id) => deal.to.get(id) ?? null);
  for (const id of ids) {
    if (pile === null) to.delete(id);
    else to.set(id, pile);
  }
  const step = { ids, before, at: deal.at };
  const next = { ...deal, to, done: [...deal.done, step] };
  const at = pile === null ? ids[0] : nextLeft(next, ids.includes(deal.at) ? deal.at : (ids.at(-1) ?? deal.at));
  return { ...next, at };
}

/** Take the last step back. @param {Deal} deal */
export function backIn(deal) {
  const step = deal.done.at(-1);
  if (!step) return deal;
  const to = new Map(deal.to);
  step.ids.forEach((id, index) => {
    if (step.before[index] === null) to.delete(id);
    else to.set(id, step.before[index]);
  });
  return { ...deal, to, done: deal.done.slice(0, -1), at: step.ids.includes(step.at) ? step.at : step.ids[0] };
}

/** Leave the quote for later. @param {Deal} deal */
export function skipIn(deal) {
  const next = deal.at === null ? leftIn(deal)[0] : nextLeft(deal, deal.at);
  return next ? { ...deal, at: next } : deal;
}

/** @param {Deal} deal */
export function lookAt(deal, id) {
  return deal.ids.includes(id) ? { ...deal, at: id } : deal;
}

/** @param {Deal} deal */
export function addPile(deal, name = "") {
  return deal.piles.length < MOST_PILES ? { ...deal, piles: [...deal.piles, { name }] } : deal;
}

/** @param {Deal} deal */
export function namePile(deal, pile, name) {
  return { ...deal, piles: deal.piles.map((each, index) => (index === pile ? { ...each, name } : each)) };
}

/** Take a pile away; its quotes are to be dealt again. @param {Deal} deal */
export function removePile(deal, pile) {
  if (deal.piles.length <= 2) return deal;
  const down = (index) => (index > pile ? index - 1 : index);
  const kept = [...deal.to].filter(([, index]) => index !== pile).map(([id, index]) => [id, down(index)]);
  return { ...deal, to: new Map(kept), piles: deal.piles.filter((_, index) => index !== pile), done: [] };
}

/**
 * The quotes changed meanwhile (undo, a colleague, another page): keep what is still there.
 * @param {Deal} deal @param {string[]} ids
 */
export function withQuotes(deal, ids) {
  const there = new Set(ids);
  const to = new Map([...deal.to].filter(([id]) => there.has(id)));
  const next = { ...deal, ids, to, done: [] };
  return { ...next, at: there.has(deal.at) && !to.has(deal.at) ? deal.at : (leftIn(next)[0] ?? null) };
}

/** What is still missing, as a sentence; null when all is dealt and named. @param {Deal} deal */
export function missingIn(deal) {
  const left = leftIn(deal).length;
  if (deal.piles.some(({ code }) => code)) return deal.to.size ? null : "Nothing is dealt yet.";
  if (left > 0) return `${left} ${left === 1 ? "quote is" : "quotes are"} still to be dealt.`;
  const used = deal.piles.map((pile, index) => ({ ...pile, index, n: onPile(deal, index).length })).filter(({ name, n }) => name.trim() || n > 0);
  const nameless = used.find(({ name }) => !name.trim());
  if (nameless) return `Give the code on pile ${nameless.index + 1} a name.`;
  const names = used.map(({ name }) => name.trim().toLowerCase());
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice) return `Two piles are called “${used[names.lastIndexOf(twice)].name.trim()}”. Give one of them another name.`;
  if (used.length < 2) return "A code is split into at least two. Deal onto a second pile, or rename the code instead.";
  return null;
}

/** @param {Deal} deal @param {string} code that was split @returns {object} the intent */
export function dealIntent(deal, code) {
  return { do: "deal", code, deal: Object.fromEntries(deal.piles.map((pile, index) => [pile.code, onPile(deal, index)]).filter(([, ids]) => ids.length)) };
}

/** @param {Deal} deal @param {string} code @returns {object} the intent */
export function splitIntent(deal, code) {
  const piles = deal.piles.map(({ name }, index) => [name.trim(), onPile(deal, index)]).filter(([name]) => name);
  return { do: "split_code", code, deal: Object.fromEntries(piles) };
}
