import assert from "node:assert/strict";
import { test } from "node:test";
import { sharedBorders, simplify, smooth } from "./borders.js";
import { Coverage, invert, isSameShape } from "./coverage.js";
import { NotPossible, addHole, addPart, removeRing, shift } from "./operations.js";
import { distance_m, keyOf, nearestOn, turning } from "./plane.js";

const STEP = 0.001;
const BENT = 6; // edges of a border between two corners
const NEAR = 1e-18; // square degrees: the last digits of sums

function chance(seed) {
  let state = seed + 1;
  return () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state / 2147483648;
  };
}

// Fields with winding borders; the outer border winds too.
function winding(side, random) {
  const along = side * BENT;
  const nodes = [];
  for (let j = 0; j <= along; j++)
    for (let i = 0; i <= along; i++) nodes.push([103.5 + ((i + random() * 0.4) * STEP) / BENT, 31.2 + ((j + random() * 0.4) * STEP) / BENT]);
  const at = (i, j) => nodes[j * (along + 1) + i];
  const zones = [];
  for (let j = 0; j < side; j++)
    for (let i = 0; i < side; i++) {
      const [x, y] = [i * BENT, j * BENT];
      const ring = [];
      for (let k = 0; k < BENT; k++) ring.push(at(x + k, y));
      for (let k = 0; k < BENT; k++) ring.push(at(x + BENT, y + k));
      for (let k = BENT; k > 0; k--) ring.push(at(x + k, y + BENT));
      for (let k = BENT; k > 0; k--) ring.push(at(x, y + k));
      zones.push([`${j * side + i}`, [[[...ring, ring[0]]]]]);
    }
  return Coverage.of(zones);
}

const ground = (coverage) => [...coverage.zones.values()].flat().reduce((sum, polygon) => sum + polygon.reduce((all, ring, i) => all + Math.abs(turning(ring)) * (i ? -1 : 1), 0), 0);
const nodesOf = (shape) => new Set(shape.flat(2).map(keyOf));
const edgesAlone = (coverage) => {
  const users = new Map();
  for (const ring of [...coverage.zones.values()].flat(2))
    for (let i = 0; i + 1 < ring.length; i++) {
      const name = [keyOf(ring[i]), keyOf(ring[i + 1])].sort().join(" ");
      users.set(name, (users.get(name) ?? 0) + 1);
    }
  return [...users].filter(([, count]) => count === 1).map(([name]) => name).sort();
};

const TRIED = [(coverage, ids) => simplify(coverage, ids, 12), (coverage, ids) => simplify(coverage, ids, 60), smooth];

test("shared borders change for both sides alike, and the zones cover together what they covered", () => {
  for (let seed = 0; seed < 8; seed++) {
    const random = chance(seed);
    const base = winding(3, random);
    for (const edit of TRIED) {
      const ids = random() < 0.5 ? ["4"] : [...base.zones.keys()];
      const { topology, change } = edit(base, ids);
      assert.ok(change.after.length > 1);
      assert.deepEqual(edgesAlone(topology), edgesAlone(base)); // every other edge has both its sides
      assert.ok(Math.abs(ground(topology) - ground(base)) < NEAR * 1e6);
      for (const [id, shape] of topology.apply(invert(change)).zones) assert.ok(isSameShape(shape, base.shape(id)), id);
    }
  }
});

test("what a simpler border leaves out lies within the tolerance of it; ends of borders stay", () => {
  const base = winding(2, chance(3));
  const { topology } = simplify(base, ["0"], 15);
  for (const [id, shape] of base.zones) {
    const [ring] = topology.shape(id)[0];
    const away = shape.flat(2).map((point) => Math.min(...ring.slice(1).map((end, i) => distance_m(point, nearestOn(point, ring[i], end).at))));
    assert.ok(Math.max(...away) <= 15.001);
  }
  for (const { way } of sharedBorders(base, ["0"]))
    for (const end of [way[0], way.at(-1)]) assert.ok(topology.usersOf(end).length > 1);
  assert.ok(nodesOf(topology.shape("0")).size < nodesOf(base.shape("0")).size);
});

test("whoever is asked, a shared border is the same", () => {
  const base = winding(2, chance(5));
  const named = (ids) => new Set(sharedBorders(base, ids).map(({ way }) => way.map(keyOf).join(" ")));
  const [one, other, both] = [named(["0"]), named(["1"]), named(["0", "1"])];
  assert.deepEqual([...both].sort(), [...new Set([...one, ...other])].sort());
  assert.ok([...one].some((border) => other.has(border)));
});

test("an island keeps its two farthest nodes, and one that would fold up is left", () => {
  const turn = [...Array(24).keys()].map((i) => [103.5 + 0.001 * Math.cos((i * Math.PI) / 12), 31.2 + 0.001 * Math.sin((i * Math.PI) / 12)]);
  const island = [...turn, turn[0]];
  const around = [[103.49, 31.19], [103.51, 31.19], [103.51, 31.21], [103.49, 31.21], [103.49, 31.19]];
  const base = Coverage.of([["in", [[island]]], ["out", [[around, [...island].reverse()]]]]);
  const { topology } = simplify(base, ["in"], 20);
  assert.deepEqual(nodesOf([[topology.shape("out")[0][1]]]), nodesOf(topology.shape("in")));
  assert.ok(nodesOf(topology.shape("in")).size < 24);
  assert.throws(() => simplify(base, ["in"], 500), NotPossible);
});

test("a zone has parts put to it and taken from it, and holes filled, and moves with what it borders", () => {
  const base = winding(2, chance(1));
  const square = [[103.51, 31.2], [103.511, 31.2], [103.511, 31.201], [103.51, 31.201], [103.51, 31.2]];
  const two = addPart(base, "0", [...square].reverse()).topology;
  assert.equal(two.shape("0").length, 2);
  assert.throws(() => addPart(two, "0", square), NotPossible);
  assert.throws(() => addPart(base, "0", [[103.4, 31.1], [103.6, 31.1], [103.6, 31.3], [103.4, 31.3], [103.4, 31.1]]), NotPossible);
  assert.ok(isSameShape(removeRing(two, "0", square[1]).topology.shape("0"), base.shape("0")));
  assert.throws(() => removeRing(base, "0", base.shape("0")[0][0][0]), NotPossible);
  const hole = [[103.5004, 31.2004], [103.5004, 31.2005], [103.5005, 31.2005], [103.5004, 31.2004]];
  assert.ok(isSameShape(removeRing(addHole(base, "0", hole).topology, "0", hole[1]).topology.shape("0"), base.shape("0")));
  const moved = shift(base, ["0", "1"], [0.01, -0.01]).topology;
  const shared = [...nodesOf(base.shape("0"))].filter((node) => nodesOf(base.shape("1")).has(node));
  assert.equal([...nodesOf(moved.shape("0"))].filter((node) => nodesOf(moved.shape("1")).has(node)).length, shared.length);
});
