import assert from "node:assert/strict";
import { test } from "node:test";
import { stepTo } from "./list.js";

test("arrows walk, Home and End leap, other keys do nothing", () => {
  const list = { at: 1, count: 4 };
  assert.deepEqual(["ArrowDown", "ArrowUp", "Home", "End", "x"].map((key) => stepTo(key, list)), [2, 0, 0, 3, null]);
});

test("at its ends a list stops, and above the first is where one came from", () => {
  assert.equal(stepTo("ArrowDown", { at: 3, count: 4 }), 3);
  assert.equal(stepTo("ArrowUp", { at: 0, count: 4 }), -1);
  assert.equal(stepTo("ArrowUp", { at: -1, count: 4 }), -1);
});

test("or goes round", () => {
  const step = (key, at) => stepTo(key, { at, count: 3, wraps: true });
  assert.deepEqual([step("ArrowDown", 2), step("ArrowUp", 0), step("ArrowUp", -1), step("ArrowDown", -1)], [0, 2, 2, 0]);
});

test("in an empty list no key walks", () => {
  assert.equal(stepTo("ArrowDown", { at: -1, count: 0 }), null);
});
