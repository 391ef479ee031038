import test from "node:test";
import assert from "node:assert/strict";
import { rankCodes, searchable } from "./static/ranking.js";
import { KEYS, keyOf, keyTable, normalTable, sharedKeys } from "./static/keys.js";
import { contrastOf, luminanceOf, rgbOf, visibleColour } from "./static/colours.js";
import { coverageGradient } from "./static/top_bar.js";

const names = ["Data quality", "Quality assurance", "Communication", "Café talk", "Documentation", "Process", "Product requirements"];
const entries = searchable(names.map((name, i) => ({ id: `c${i}`, name, aliases: name === "Process" ? ["workflow"] : [], path: `Theme > ${name}` })));
const found = (typed, recent = []) => rankCodes(entries, typed, recent).map(({ name }) => name);

test("the begin of a name comes before the begin of a word, an initial, an alias", () => {
  assert.deepEqual(found("qual").slice(0, 2), ["Quality assurance", "Data quality"]);
  assert.equal(found("dq")[0], "Data quality");
  assert.equal(found("d q")[0], "Data quality");
  assert.equal(found("cafe")[0], "Café talk");
  assert.equal(found("workf")[0], "Process");
  assert.deepEqual(found("zzz"), []);
});

test("of equals those used lately come first, else the author's order", () => {
  assert.deepEqual(found("pro"), ["Process", "Product requirements"]);
  assert.deepEqual(found("pro", ["c6"]), ["Product requirements", "Process"]);
  assert.deepEqual(found("").slice(0, 2), ["Data quality", "Quality assurance"]);
});

test("no key does two things, and every key of the overlay acts", () => {
  const all = KEYS.flatMap(({ rows, also }) => [...rows.filter(([, run]) => run).flatMap(([keys, run]) => keys.map((key) => [key, run])), ...also]);
  const byKey = new Map();
  for (const [key, run] of all) {
    assert.ok(!byKey.has(key), `${key} stands twice`);
    byKey.set(key, run);
  }
  const table = keyTable();
  for (const { rows, own } of KEYS) for (const [keys, run] of rows) if (!run && !own) for (const key of keys) assert.ok(key === "1–9" || table.has(key), `${key} is shown but does nothing`);
  assert.equal(normalTable().size, table.size);
});

const press = (key, more = {}) => ({ key, code: "", ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...more });

test("a key press is read as the table writes it", () => {
  assert.equal(keyOf(press("j")), "j");
  assert.equal(keyOf(press("G", { shiftKey: true })), "G");
  assert.equal(keyOf(press("?", { shiftKey: true })), "?");
  assert.equal(keyOf(press("ArrowRight", { shiftKey: true, altKey: true })), "Alt+Shift+ArrowRight");
  assert.equal(keyOf(press("Z", { ctrlKey: true, shiftKey: true })), "Mod+Shift+z");
  assert.equal(keyOf(press("z", { metaKey: true }), true), "Mod+z");
  assert.equal(keyOf(press("c", { ctrlKey: true }), true), "Other+c");
  assert.equal(keyOf(press("[", { altKey: true, ctrlKey: true, getModifierState: () => true })), "[");
  assert.equal(keyOf(press("©", { altKey: true, code: "KeyG" })), "Alt+g");
  assert.equal(normalTable().get(keyOf(press("ArrowRight", { shiftKey: true, ctrlKey: true }))), "longerByWord");
});

test("keys that codes took are named", () => {
  assert.deepEqual(sharedKeys([{ key: "g" }, { key: "q" }, { key: "" }]).map(({ key }) => key), ["g"]);
});

test("a colour is changed only as far as it must, to be seen on its ground", () => {
  assert.equal(visibleColour(rgbOf("#b03060"), "light"), "#b03060");
  for (const hex of ["#ffff66", "#fff", "#000", "#123"]) {
    for (const [theme, ground] of [["light", [255, 255, 255]], ["dark", [33, 33, 33]]]) {
      assert.ok(contrastOf(luminanceOf(rgbOf(visibleColour(rgbOf(hex), theme))), luminanceOf(ground)) >= 3, `${hex} on ${theme}`);
    }
  }
  assert.equal(rgbOf("teal"), null);
  assert.deepEqual(rgbOf("#1af"), [17, 170, 255]);
});

test("the strip of coverage stays small, however many codings", () => {
  const ranges = Array.from({ length: 3000 }, (_, i) => ({ start: i * 100, end: i * 100 + 50 }));
  assert.ok(coverageGradient(300000, ranges).length < 25000);
  assert.equal(coverageGradient(0, []), "none");
});
