import assert from "node:assert/strict";
import test from "node:test";
import { stripesAtLines } from "./static/lanes.js";

const line = (n) => ({ top: 28 * n, bottom: 28 * n + 18 });

test("a stripe reaches from the first to the last line of its words", () => {
  assert.deepEqual(stripesAtLines([{ lane: 0 }, { lane: 0 }], [{ first: line(1), last: line(3) }, null]), [{ top: 28, bottom: 102 }, null]);
});

test("stripes of one lane share the height of a line that they share, those of two do not", () => {
  const stripes = [{ lane: 0 }, { lane: 1 }, { lane: 0 }];
  const lines = [{ first: line(0), last: line(1) }, { first: line(1), last: line(1) }, { first: line(1), last: line(1) }];
  assert.deepEqual(stripesAtLines(stripes, lines), [{ top: 0, bottom: 37 }, { top: 28, bottom: 46 }, { top: 37, bottom: 46 }]);
});
