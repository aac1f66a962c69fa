import assert from "node:assert/strict";
import { test } from "node:test";
import { lay, take } from "./shelf.js";

const shelf = () => {
  const kept = new Map();
  return { getItem: (key) => kept.get(key) ?? null, setItem: (key, text) => kept.set(key, text), removeItem: (key) => kept.delete(key) };
};

test("what was laid there is there again, until it is forgotten", () => {
  const store = shelf();
  assert.equal(lay("a", [1, { b: 2 }], store), true);
  assert.deepEqual(take("a", store), [1, { b: 2 }]);
  lay("a", null, store);
  assert.equal(take("a", store), null);
});

test("a browser that keeps nothing, or has no room, says so", () => {
  const full = { ...shelf(), setItem: () => { throw new Error("quota"); }, getItem: () => "{" };
  assert.equal(lay("a", 1, full), false);
  assert.equal(take("a", full), null);
  assert.equal(lay("a", 1, null), false);
});
