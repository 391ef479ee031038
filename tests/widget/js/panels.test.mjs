import assert from "node:assert/strict";
import { test } from "node:test";
import { dropPlace, familyOf, isWithin, moveIntent, placeInWords, placeOfCode, rowsOf, samePlace, stepPlace, treeOf, treeWith } from "./static/code_tree.js";
import { addPile, backIn, dealIntent, dealTo, leftIn, lookAt, missingIn, namePile, newDeal, onPile, removePile, skipIn, splitIntent, withQuotes } from "./static/deal_model.js";

// facet f: a(a1(a11), a2), b     facet g: c
const code = (id, parent = null, facet = "f", more = {}) => ({ id, name: id.toUpperCase(), parent, facet, aliases: [], path: id, ...more });
const BOOK = {
  facets: [{ id: "f", name: "F" }, { id: "g", name: "G" }],
  codes: [code("a"), code("a1", "a"), code("a11", "a1"), code("a2", "a"), code("b"), code("c", null, "g"), code("old", "a", "f", { retired: true })],
};
const tree = () => treeOf(BOOK);
const lines = (of, open = () => true) => rowsOf(of, { isOpen: open }).map(({ id, level }) => `${level}${id}`);
const at = (facet, parent, after) => ({ facet, parent, after });

test("rows stand in the author's order, facets first, retired codes left out", () => {
  assert.deepEqual(lines(tree()), ["1facet:f", "2a", "3a1", "4a11", "3a2", "2b", "1facet:g", "2c"]);
  assert.deepEqual(lines(treeOf(BOOK, { retired: true }))[5], "3old");
});

test("a single facet needs no head", () => {
  assert.deepEqual(lines(treeOf({ facets: [BOOK.facets[0]], codes: BOOK.codes.slice(0, 2) })), ["1a", "2a1"]);
});

test("closed codes hide what is below; position and size are told", () => {
  assert.deepEqual(lines(tree(), (id) => id !== "a"), ["1facet:f", "2a", "2b", "1facet:g", "2c"]);
  const b = rowsOf(tree(), { isOpen: () => true }).find(({ id }) => id === "b");
  assert.deepEqual([b.position, b.size, b.expanded], [2, 2, null]);
});

test("finding shows what fits, with what stands above it, however closed", () => {
  const rows = rowsOf(tree(), { isOpen: () => false, typed: "a11" });
  assert.deepEqual(rows.map(({ id, match }) => [id, match]), [["facet:f", true], ["a", false], ["a1", false], ["a11", true]]);
});

test("a code whose parent is gone stands at the top, and a circle does not hang the page", () => {
  const orphan = treeOf({ facets: BOOK.facets, codes: [code("x", "nowhere"), code("y", "y")] });
  assert.deepEqual(lines(orphan), ["1facet:f", "2x", "2y", "1facet:g"]);
});

test("families", () => {
  assert.deepEqual(familyOf(tree(), "a"), ["a", "a1", "a11", "a2"]);
  assert.ok(isWithin(tree(), "a11", "a"));
  assert.ok(!isWithin(tree(), "a", "a11"));
});

test("dropping before, on and after", () => {
  assert.deepEqual(dropPlace(tree(), "b", "a2", "before"), at("f", "a", "a1"));
  assert.deepEqual(dropPlace(tree(), "b", "a1", "before"), at("f", "a", ""));
  assert.deepEqual(dropPlace(tree(), "b", "a", "on"), at("f", "a", "a2"));
  assert.deepEqual(dropPlace(tree(), "b", "a", "after", true), at("f", "a", ""));
  assert.deepEqual(dropPlace(tree(), "b", "a", "after", false), at("f", null, "a"));
  assert.deepEqual(dropPlace(tree(), "b", "facet:g", "on"), at("g", null, "c"));
});

test("a code cannot come below itself", () => {
  assert.equal(dropPlace(tree(), "a", "a11", "on"), null);
  assert.equal(dropPlace(tree(), "a", "a", "before"), null);
});

test("dropping where it stands changes nothing", () => {
  for (const id of ["a", "a1", "a11", "a2", "b", "c"]) {
    const place = placeOfCode(tree(), id);
    assert.ok(samePlace(place, placeOfCode(treeWith(tree(), id, place), id)), id);
    assert.deepEqual(lines(treeWith(tree(), id, place)), lines(tree()), id);
  }
});

test("steps of the arrows: among siblings, past their ends, below and out", () => {
  const step = (id, place, way) => stepPlace(tree(), id, place, way);
  assert.deepEqual(step("a2", at("f", "a", "a1"), "up"), at("f", "a", ""));
  assert.deepEqual(step("a2", at("f", "a", ""), "up"), at("f", null, ""));
  assert.deepEqual(step("a2", at("f", "a", "a1"), "down"), at("f", null, "a"));
  assert.deepEqual(step("b", at("f", null, "a"), "down"), at("g", null, ""));
  assert.deepEqual(step("c", at("g", null, ""), "up"), at("f", null, "b"));
  assert.deepEqual(step("a2", at("f", "a", "a1"), "right"), at("f", "a1", "a11"));
  assert.deepEqual(step("a1", at("f", "a", ""), "right"), at("f", "a", ""));
  assert.deepEqual(step("a11", at("f", "a1", ""), "left"), at("f", "a", "a1"));
});

test("no walk of arrows loses a code or leaves the tree", () => {
  const ways = ["up", "down", "left", "right"];
  let seed = 7;
  const random = (n) => (seed = (seed * 1103515245 + 12345) % 2147483648) % n;
  for (const id of ["a", "a1", "b", "c"]) {
    let place = placeOfCode(tree(), id);
    for (let i = 0; i < 300; i += 1) {
      place = stepPlace(tree(), id, place, ways[random(4)]);
      const moved = treeWith(tree(), id, place);
      assert.deepEqual(rowsOf(moved, { isOpen: () => true }).map((row) => row.id).sort(), rowsOf(tree(), { isOpen: () => true }).map((row) => row.id).sort());
      assert.ok(samePlace(placeOfCode(moved, id), place));
      assert.ok(!place.parent || !isWithin(tree(), place.parent, id));
    }
  }
});

test("a move in words and as an intent", () => {
  assert.equal(placeInWords(tree(), at("f", "a", "a1")), "below “A”, after “A1”");
  assert.equal(placeInWords(tree(), at("g", null, "")), "at the top of G, first");
  assert.deepEqual(moveIntent("b", at("g", null, "c")), { do: "move_code", code: "b", parent: null, facet: "g", after: "c" });
  assert.deepEqual(moveIntent("b", at("f", "a", "")), { do: "move_code", code: "b", parent: "a", after: "" });
});

// ------------------------------------------------------------------------------------------------------------ dealing

test("each quote lies on one pile, and the next one comes up", () => {
  let deal = newDeal(["q1", "q2", "q3"]);
  deal = dealTo(deal, ["q1"], 1);
  assert.equal(deal.at, "q2");
  deal = dealTo(deal, ["q1"], 0);
  assert.deepEqual([onPile(deal, 0), onPile(deal, 1), leftIn(deal)], [["q1"], [], ["q2", "q3"]]);
});

test("later goes round, back takes the last step and shows its quote", () => {
  let deal = newDeal(["q1", "q2", "q3"]);
  deal = skipIn(deal);
  assert.equal(deal.at, "q2");
  deal = dealTo(deal, ["q2"], 0);
  assert.equal(deal.at, "q3");
  deal = dealTo(deal, ["q3"], 1);
  assert.equal(deal.at, "q1");
  deal = backIn(deal);
  assert.deepEqual([deal.at, leftIn(deal)], ["q3", ["q1", "q3"]]);
  assert.deepEqual(leftIn(backIn(backIn(deal))), ["q1", "q2", "q3"]);
});

test("many at once, and back in one step", () => {
  let deal = dealTo(newDeal(["q1", "q2", "q3"]), ["q2", "q3"], 1);
  assert.deepEqual(onPile(deal, 1), ["q2", "q3"]);
  deal = backIn(deal);
  assert.deepEqual(onPile(deal, 1), []);
});

test("what a split left undealt is dealt onto its parts, all of it or some", () => {
  let deal = newDeal(["q1", "q2"], [{ name: "One", code: "a" }, { name: "Two", code: "b" }]);
  assert.equal(missingIn(deal), "Nothing is dealt yet.");
  deal = dealTo(deal, ["q2"], 1);
  assert.equal(missingIn(deal), null);
  assert.deepEqual(dealIntent(deal, "old"), { do: "deal", code: "old", deal: { b: ["q2"] } });
});

test("a quote that is dealt elsewhere goes back to the pile it lay on", () => {
  let deal = dealTo(dealTo(newDeal(["q1", "q2"]), ["q1"], 0), ["q1"], 1);
  deal = backIn(deal);
  assert.deepEqual(onPile(deal, 0), ["q1"]);
});

test("a pile that goes gives its quotes back, the others keep theirs", () => {
  let deal = addPile(newDeal(["q1", "q2", "q3"]));
  deal = dealTo(dealTo(dealTo(deal, ["q1"], 0), ["q2"], 1), ["q3"], 2);
  deal = removePile(deal, 1);
  assert.deepEqual([onPile(deal, 0), onPile(deal, 1), leftIn(deal)], [["q1"], ["q3"], ["q2"]]);
  assert.equal(removePile(deal, 0), deal, "two piles stay");
});

test("what is missing is told, then the intent", () => {
  let deal = newDeal(["q1", "q2"]);
  assert.equal(missingIn(deal), "2 quotes are still to be dealt.");
  deal = dealTo(dealTo(deal, ["q1"], 0), ["q2"], 1);
  assert.equal(missingIn(deal), "Give the code on pile 1 a name.");
  deal = namePile(namePile(deal, 0, "Early"), 1, "early ");
  assert.match(missingIn(deal), /Two piles are called/);
  deal = namePile(deal, 1, " Late ");
  assert.equal(missingIn(deal), null);
  assert.deepEqual(splitIntent(deal, "c"), { do: "split_code", code: "c", deal: { Early: ["q1"], Late: ["q2"] } });
});

test("all on one pile is no split", () => {
  const deal = namePile(dealTo(newDeal(["q1"]), ["q1"], 0), 0, "Early");
  assert.match(missingIn(deal), /at least two/);
});

test("quotes that went meanwhile are forgotten, new ones are to be dealt", () => {
  const deal = withQuotes(dealTo(newDeal(["q1", "q2"]), ["q1"], 0), ["q1", "q3"]);
  assert.deepEqual([onPile(deal, 0), leftIn(deal), deal.at], [["q1"], ["q3"], "q3"]);
  assert.equal(lookAt(deal, "q2"), deal);
});
