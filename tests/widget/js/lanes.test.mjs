import test from "node:test";
import assert from "node:assert/strict";
import { assignLanes, coverageOf, joinRanges, stripesOf, uncodedIn } from "./static/lanes.js";

const block = (start, end, more = {}) => ({ turn: 1, role: "", start, end, ...more });

test("codings that overlap never share a lane, and no lane is empty", () => {
  let seed = 7;
  const random = (n) => (seed = (seed * 16807) % 2147483647) % n;
  for (let round = 0; round < 60; round += 1) {
    const codings = Array.from({ length: 1 + random(25) }, (_, i) => {
      const start = random(100);
      return { id: `c${i}`, start, end: start + 1 + random(30) };
    });
    const { lanes, count } = assignLanes(codings);
    for (const a of codings) for (const b of codings) {
      if (a !== b && a.start < b.end && b.start < a.end) assert.notEqual(lanes.get(a.id), lanes.get(b.id));
    }
    assert.deepEqual([...new Set(lanes.values())].sort((a, b) => a - b), Array.from({ length: count }, (_, i) => i));
    assert.deepEqual(assignLanes([...codings].reverse()), { lanes, count });
  }
});

test("of equal places the one that came first keeps its lane when the other gets its id", () => {
  const before = assignLanes([{ id: "tmp-9", start: 0, end: 5, order: 1 }, { id: "b", start: 0, end: 5, order: 0 }]).lanes;
  const after = assignLanes([{ id: "a", start: 0, end: 5, order: 1 }, { id: "b", start: 0, end: 5, order: 0 }]).lanes;
  assert.deepEqual([before.get("b"), before.get("tmp-9")], [after.get("b"), after.get("a")]);
});

test("stripes stand in percent of their block and know whether they go on", () => {
  const [stripe] = stripesOf(block(100, 200), [{ id: "c", start: 150, end: 260 }], new Map([["c", 2]]));
  assert.deepEqual(stripe, { id: "c", lane: 2, top: 50, height: 50, begins: true, ends: false });
});

test("ranges are joined, coverage counts turns alone and nothing twice", () => {
  assert.deepEqual(joinRanges([{ start: 5, end: 9 }, { start: 0, end: 5 }, { start: 12, end: 13 }, { start: 6, end: 7 }]), [{ start: 0, end: 9 }, { start: 12, end: 13 }]);
  const blocks = [block(0, 10, { turn: null }), block(10, 30), block(35, 55)];
  assert.equal(coverageOf(blocks, [{ start: 0, end: 20 }, { start: 15, end: 40 }]), 25 / 40);
  assert.equal(coverageOf([], []), 0);
});

test("what is uncoded reaches over no turn and passes the interviewer over", () => {
  const blocks = [block(0, 10, { role: "interviewer" }), block(12, 30), block(33, 40)];
  assert.deepEqual(uncodedIn(blocks, [{ start: 15, end: 20 }, { start: 18, end: 22 }, { start: 33, end: 40 }]), [{ start: 12, end: 15 }, { start: 22, end: 30 }]);
});
