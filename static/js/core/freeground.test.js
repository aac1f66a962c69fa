// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { freeGround } from "./freeground.js";

const WHOLE = { left: 0, top: 0, right: 1000, bottom: 600 };
const CARD = { left: 10, top: 300, right: 350, bottom: 580 };

test("the ground beside a card is free, and a wide thing goes above it", () => {
  assert.deepEqual(freeGround(WHOLE, [CARD]), { left: 350, top: 0, right: 1000, bottom: 600 });
  assert.deepEqual(freeGround(WHOLE, [CARD], { width: 9, height: 1 }), { left: 0, top: 0, right: 1000, bottom: 300 });
});

test("what lies outside of the map, or only touches it, covers nothing", () => {
  const beside = { left: 1000, top: 0, right: 1300, bottom: 600 };
  assert.deepEqual(freeGround(WHOLE, [beside]), WHOLE);
});

test("between a card and a list the rest is free, and none of them reaches into it", () => {
  const list = { left: 700, top: 10, right: 990, bottom: 590 };
  const found = freeGround(WHOLE, [CARD, list]);
  assert.deepEqual(found, { left: 350, top: 0, right: 700, bottom: 600 });
});

test("a map that is covered whole is shown as it is", () => {
  assert.deepEqual(freeGround(WHOLE, [{ left: -5, top: -5, right: 1005, bottom: 605 }]), WHOLE);
});
