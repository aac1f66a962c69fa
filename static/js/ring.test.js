import assert from "node:assert/strict";
import { test } from "node:test";
import { ring } from "./ring.js";

test("however many there are, no two are nearer than they may be", () => {
  for (let count = 2; count < 40; count++) {
    const places = ring(count, 30);
    assert.equal(places.length, count);
    for (const [i, one] of places.entries())
      for (const other of places.slice(i + 1)) assert.ok(Math.hypot(one.x - other.x, one.y - other.y) >= 30 - 1e-9);
  }
});

test("the first is at the top", () => {
  const [{ x, y }] = ring(4, 30);
  assert.ok(Math.abs(x) < 1e-9 && y < 0);
});
