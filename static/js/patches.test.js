import assert from "node:assert/strict";
import { test } from "node:test";
import { median, patchesOf, spanOf } from "./patches.js";

const box = (west, south, wide, high) => [
  [
    [west, south],
    [west + wide, south],
    [west + wide, south + high],
    [west, south + high],
    [west, south],
  ],
];

test("a square is as wide as its side, a strip twice as wide as it is, however long", () => {
  assert.ok(Math.abs(spanOf(box(0, 0, 0.01, 0.01)) - 0.01) < 1e-6);
  const strip = spanOf(box(0, 0, 5, 0.01));
  assert.ok(strip > 0.0199 && strip < 0.02);
});

test("holes leave less room", () => {
  const [outer] = box(0, 0, 0.03, 0.03);
  const [hole] = box(0.01, 0.01, 0.01, 0.01);
  assert.ok(spanOf([outer, hole]) < spanOf([outer]));
});

test("each part of a shape is a patch of its own, the largest first", () => {
  const patches = patchesOf({ type: "MultiPolygon", coordinates: [box(0, 0, 0.01, 0.01), box(1, 0, 0.02, 0.02)] });
  assert.deepEqual(patches.map(({ rings }) => rings[0][0][0]), [1, 0]);
  assert.deepEqual(patchesOf({ type: "Point", coordinates: [0, 0] }), []);
  assert.deepEqual(patchesOf(null), []);
});

test("the size of units is that of the middle one", () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([]), 0);
});
