import assert from "node:assert/strict";
import test from "node:test";
import { compare } from "./merge.js";

const names = ["name", "staff", "address", "geometry"];
const base = { name: "甲厂", staff: 5, address: null, geometry: { type: "Point", coordinates: [1, 2] } };

test("what only the other changed is theirs, what both changed to different values is asked", () => {
  const theirs = { ...base, name: "乙厂", staff: 9, version: 2 };
  assert.deepEqual(compare({ names, base, mine: { staff: 7 }, theirs }), { both: ["staff"], theirs: ["name"] });
});

test("what both changed to the same value, and what only I changed, is no question", () => {
  const theirs = { ...base, staff: 7 };
  assert.deepEqual(compare({ names, base, mine: { staff: 7, address: "东街" }, theirs }), { both: [], theirs: [] });
});

test("a value that is missing is one that is null, and shapes are compared whole", () => {
  const moved = { type: "Point", coordinates: [1, 3] };
  const theirs = { name: "甲厂", staff: 5, geometry: moved };
  assert.deepEqual(compare({ names, base, mine: {}, theirs }), { both: [], theirs: ["geometry"] });
  assert.deepEqual(compare({ names, base, mine: { geometry: moved }, theirs }), { both: [], theirs: [] });
  const written = { ...base, geometry: { coordinates: [1, 2], type: "Point" } };
  assert.deepEqual(compare({ names, base, mine: {}, theirs: written }), { both: [], theirs: [] });
});
