/**
 * The codes as a tree: what stands below what, which rows are to be seen, and where a code can be moved to. Pure
 * functions, no DOM.
 *
 * @typedef {{facet: string, parent: string|null, after: string}} Place where a code stands: `after` is the sibling before
 *   it, "" for the first place
 * @typedef {{code: object, parent: string|null, facet: string, children: string[]}} CodeNode
 * @typedef {{facets: {id: string, name: string, roots: string[]}[], nodes: Map<string, CodeNode>}} CodeTree
 * @typedef {{kind: "facet"|"code", id: string, level: number, size: number, position: number, expanded: boolean|null,
 *   match: boolean}} TreeRow
 */
import { fitOf, searchable } from "./ranking.js";

const LOOSEST_FIT = 6; // names, not paths or letters in order

/** @param {{facets: object[], codes: object[]}} codebook @param {{retired?: boolean}} [which] @returns {CodeTree} */
export function treeOf(codebook, { retired = false } = {}) {
  const nodes = new Map();
  for (const code of codebook.codes) if (retired || !code.retired) nodes.set(code.id, { code, parent: null, facet: code.facet, children: [] });
  const facets = codebook.facets.map(({ id, name }) => ({ id, name, roots: [] }));
  for (const [id, node] of nodes) {
    const above = nodes.get(node.code.parent);
    if (above && node.code.parent !== id) {
      node.parent = node.code.parent;
      above.children.push(id);
    } else facets.find((facet) => facet.id === node.facet)?.roots.push(id);
  }
  return { facets, nodes };
}

/** Ids of codes that stand beside each other. @param {CodeTree} tree */
export function siblingsAt(tree, facet, parent) {
  return (parent ? tree.nodes.get(parent)?.children : tree.facets.find(({ id }) => id === facet)?.roots) ?? [];
}

/** Whether a code is another one, or stands somewhere below it. @param {CodeTree} tree */
export function isWithin(tree, id, above) {
  for (let at = id; at; at = tree.nodes.get(at)?.parent ?? null) if (at === above) return true;
  return false;
}

/** Ids of a code and all below it, in the author's order. @param {CodeTree} tree */
export function familyOf(tree, id) {
  return [id, ...(tree.nodes.get(id)?.children ?? []).flatMap((child) => familyOf(tree, child))];
}

/** Ids from the top down to the code's parent. @param {CodeTree} tree */
export function aboveOf(tree, id) {
  const found = [];
  for (let at = tree.nodes.get(id)?.parent ?? null; at; at = tree.nodes.get(at)?.parent ?? null) found.unshift(at);
  return found;
}

/**
 * The rows to draw, from top to bottom.
 * @param {CodeTree} tree
 * @param {{isOpen: (id: string) => boolean, typed?: string}} how `typed`: only codes of such names, with what is above
 * @returns {TreeRow[]}
 */
export function rowsOf(tree, { isOpen, typed = "" }) {
  const fitting = typed.trim() ? fittingCodes(tree, typed) : null;
  const kept = fitting && new Set([...fitting].flatMap((id) => [...aboveOf(tree, id), id]));
  const several = tree.facets.length > 1;
  const rows = [];
  const put = (ids, level) => {
    const shown = kept ? ids.filter((id) => kept.has(id)) : ids;
    shown.forEach((id, index) => {
      const children = tree.nodes.get(id).children;
      const below = kept ? children.filter((child) => kept.has(child)) : children;
      const expanded = below.length === 0 ? null : kept !== null || isOpen(id);
      rows.push({ kind: "code", id, level, size: shown.length, position: index + 1, expanded, match: fitting === null || fitting.has(id) });
      if (expanded) put(children, level + 1);
    });
  };
  const facets = tree.facets.filter(({ roots }) => kept === null || roots.some((id) => kept.has(id)));
  facets.forEach(({ id, roots }, index) => {
    const expanded = kept !== null || isOpen(`facet:${id}`);
    if (several) rows.push({ kind: "facet", id: `facet:${id}`, level: 1, size: facets.length, position: index + 1, expanded, match: true });
    if (expanded || !several) put(roots, several ? 2 : 1);
  });
  return rows;
}

function fittingCodes(tree, typed) {
  const entries = searchable([...tree.nodes.values()].map(({ code }) => code));
  return new Set(entries.filter((entry) => (fitOf(entry, typed) ?? Infinity) <= LOOSEST_FIT).map(({ code }) => code.id));
}

// ----------------------------------------------------------------------------------------------------------------- moving

/** Where a code stands. @param {CodeTree} tree @returns {Place} */
export function placeOfCode(tree, id) {
  const { facet, parent } = tree.nodes.get(id);
  const siblings = siblingsAt(tree, facet, parent);
  return { facet, parent, after: siblings[siblings.indexOf(id) - 1] ?? "" };
}

/** Whether two places are one. */
export function samePlace(a, b) {
  return a.facet === b.facet && a.parent === b.parent && a.after === b.after;
}

/**
 * Where a code comes that is dropped on a row.
 * @param {CodeTree} tree @param {string} id the code that moves
 * @param {string} target id of the row: a code, or "facet:…"
 * @param {"before"|"on"|"after"} part of the row @param {boolean} open whether the codes below the target are seen
 * @returns {Place|null} null where it cannot go
 */
export function dropPlace(tree, id, target, part, open = false) {
  if (target.startsWith("facet:")) return lastIn(tree, id, target.slice(6), null);
  const node = tree.nodes.get(target);
  if (!node || isWithin(tree, target, id)) return null;
  if (part === "on") return lastIn(tree, id, node.facet, target);
  if (part === "after") {
    const below = open && node.children.some((child) => child !== id);
    return below ? { facet: node.facet, parent: target, after: "" } : { facet: node.facet, parent: node.parent, after: target };
  }
  const others = siblingsAt(tree, node.facet, node.parent).filter((other) => other !== id);
  return { facet: node.facet, parent: node.parent, after: others[others.indexOf(target) - 1] ?? "" };
}

function lastIn(tree, id, facet, parent) {
  return { facet, parent, after: siblingsAt(tree, facet, parent).filter((other) => other !== id).at(-1) ?? "" };
}

/**
 * Where a code comes by one press of an arrow: up and down among its siblings and past their ends, right below the
 * sibling before it, left out of its parent.
 * @param {CodeTree} tree as it is now, before the move @param {string} id @param {Place} place where it is about to stand
 * @param {"up"|"down"|"left"|"right"} way @returns {Place} the same place where it cannot go further
 */
export function stepPlace(tree, id, place, way) {
  const { facet, parent, after } = place;
  const others = siblingsAt(tree, facet, parent).filter((other) => other !== id);
  const before = others.indexOf(after); // -1: first
  const outOf = (side) => {
    const up = tree.nodes.get(parent).parent;
    const around = siblingsAt(tree, facet, up).filter((other) => other !== id);
    return { facet, parent: up, after: side === "below" ? parent : (around[around.indexOf(parent) - 1] ?? "") };
  };
  const otherFacet = (step) => {
    const next = tree.facets[tree.facets.findIndex((each) => each.id === facet) + step];
    if (!next) return place;
    return step > 0 ? { facet: next.id, parent: null, after: "" } : lastIn(tree, id, next.id, null);
  };
  if (way === "up") {
    if (before >= 0) return { facet, parent, after: others[before - 1] ?? "" };
    return parent ? outOf("above") : otherFacet(-1);
  }
  if (way === "down") {
    if (before + 1 < others.length) return { facet, parent, after: others[before + 1] };
    return parent ? outOf("below") : otherFacet(1);
  }
  if (way === "right") return before >= 0 ? lastIn(tree, id, facet, others[before]) : place;
  return parent ? outOf("below") : place;
}

/** The tree as it would be with a code somewhere else. @param {CodeTree} tree @param {Place} place @returns {CodeTree} */
export function treeWith(tree, id, place) {
  const facets = tree.facets.map((facet) => ({ ...facet, roots: facet.roots.filter((other) => other !== id) }));
  const family = new Set(familyOf(tree, id));
  const nodes = new Map(
    [...tree.nodes].map(([key, node]) => [
      key,
      { ...node, facet: family.has(key) ? place.facet : node.facet, children: node.children.filter((other) => other !== id) },
    ]),
  );
  nodes.get(id).parent = place.parent;
  const siblings = place.parent ? nodes.get(place.parent).children : facets.find((facet) => facet.id === place.facet).roots;
  siblings.splice(siblings.indexOf(place.after) + 1, 0, id);
  return { facets, nodes };
}

/** "below “Trust”, after “Roles”". @param {CodeTree} tree @param {Place} place */
export function placeInWords(tree, place) {
  const name = (id) => tree.nodes.get(id)?.code.name ?? "";
  const facet = tree.facets.find(({ id }) => id === place.facet)?.name ?? "";
  const under = place.parent ? `below “${name(place.parent)}”` : tree.facets.length > 1 ? `at the top of ${facet}` : "at the top";
  return `${under}, ${place.after ? `after “${name(place.after)}”` : "first"}`;
}

/** A move as an intent. @param {Place} place */
export function moveIntent(code, place) {
  return { do: "move_code", code, parent: place.parent, ...(place.parent ? {} : { facet: place.facet }), after: place.after };
}
