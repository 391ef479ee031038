/** Which codes fit what was typed: type-ahead over names. Pure functions, no DOM. */

/** Lower case without accents, so that "cafe" finds "Café". */
export function plainOf(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/** Codes with what is compared, made once for each codebook. @param {object[]} codes */
export function searchable(codes) {
  return codes.map((code, order) => {
    const name = plainOf(code.name);
    const words = name.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
    return { code, order, name, words, initials: words.map((word) => word[0]).join(""), others: (code.aliases ?? []).map(plainOf), path: plainOf(code.path ?? "") };
  });
}

/**
 * How well a code fits, smaller is better; null where it does not.
 * Begin of the name, then begin of a word, then begins of several words in order ("d q" or "dq" for "Data quality"), then
 * an alias, then anywhere in the name, then in the path, then letters in order.
 */
export function fitOf(entry, typed) {
  const query = plainOf(typed.trim());
  if (!query) return 0;
  if (entry.name === query) return 0;
  if (entry.others.includes(query)) return 0.5;
  if (entry.name.startsWith(query)) return 1;
  if (entry.words.some((word) => word.startsWith(query))) return 2;
  if (beginsInOrder(entry.words, query.split(/\s+/))) return 3;
  if (query.length > 1 && entry.initials.includes(query)) return 4;
  if (entry.others.some((other) => other.startsWith(query))) return 5;
  if (entry.name.includes(query)) return 6;
  if (entry.path.includes(query)) return 7;
  return query.length > 2 && lettersInOrder(entry.name, query) ? 8 : null;
}

function beginsInOrder(words, parts) {
  let at = 0;
  for (const word of words) if (at < parts.length && word.startsWith(parts[at])) at += 1;
  return parts.length > 1 && at === parts.length;
}

function lettersInOrder(name, query) {
  let at = 0;
  for (const letter of name) if (letter === query[at]) at += 1;
  return at === query.length;
}

/**
 * Codes that fit, best first; of equals those used lately, then the author's order.
 * @param {ReturnType<typeof searchable>} entries @param {string} typed @param {string[]} recent ids, the last used first
 */
export function rankCodes(entries, typed, recent = []) {
  const lately = new Map(recent.map((id, index) => [id, index]));
  return entries
    .map((entry) => ({ entry, fit: fitOf(entry, typed) }))
    .filter(({ fit }) => fit !== null)
    .sort((a, b) => a.fit - b.fit || (lately.get(a.entry.code.id) ?? 99) - (lately.get(b.entry.code.id) ?? 99) || a.entry.order - b.entry.order)
    .map(({ entry }) => entry.code);
}
