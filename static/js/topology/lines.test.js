import assert from "node:assert/strict";
import { test } from "node:test";
import { Coverage, geometryOf, invert, outlineOf } from "./coverage.js";
import { NotPossible, insert, move, remove, shift } from "./operations.js";
import { distance_m, length_m, selfCrossing, shapeCrossing } from "./plane.js";
import { snapTo } from "./snapping.js";

const FORK = [103.5, 31.2];
const WEST = { type: "LineString", coordinates: [[103.49, 31.2], [103.495, 31.201], FORK] };
const EAST = { type: "MultiLineString", coordinates: [[FORK, [103.51, 31.203]], [[103.52, 31.2], [103.53, 31.2], [103.53, 31.21]]] };
const faults = () => Coverage.of([["1", outlineOf(WEST)], ["2", outlineOf(EAST)]]);
const nodesOf = (coverage, id) => coverage.shape(id).flat(2);

test("a line comes back from its outline as it was, one part or several", () => {
  for (const geometry of [WEST, EAST]) assert.deepEqual(geometryOf(outlineOf(geometry), true), geometry);
});

test("every node of a line is found, its two ends too, and moves in every line that has it", () => {
  const coverage = faults();
  for (const id of ["1", "2"]) for (const node of nodesOf(coverage, id)) assert.ok(coverage.usersOf(node).includes(id));
  assert.deepEqual(coverage.usersOf(FORK), ["1", "2"]);
  const { topology } = move(coverage, FORK, [103.501, 31.2005]);
  assert.deepEqual([topology.shape("1")[0][0].at(-1), topology.shape("2")[0][0][0]], [[103.501, 31.2005], [103.501, 31.2005]]);
  const { topology: alone } = move(coverage, FORK, [103.501, 31.2005], { only: "1" });
  assert.deepEqual(alone.usersOf(FORK), ["2"]);
});

test("a line stays a line whatever is put in, taken out or shifted, and every change is taken back", () => {
  const coverage = faults();
  const [a, b] = WEST.coordinates;
  const done = [insert(coverage, a, b, [103.492, 31.2004]), remove(coverage, a), remove(coverage, b), shift(coverage, ["1", "2"], [0.001, -0.002])];
  assert.deepEqual(done.map(({ topology }) => topology.shape("1")[0][0].length), [4, 2, 2, 3]);
  for (const { topology, change } of done) {
    assert.equal(geometryOf(topology.shape("1"), true).type, "LineString");
    const back = topology.apply(invert(change));
    for (const id of ["1", "2"]) assert.deepEqual(back.shape(id), coverage.shape(id));
  }
});

test("a line keeps two nodes at least", () => {
  const { topology } = remove(faults(), WEST.coordinates[1]);
  assert.throws(() => remove(topology, WEST.coordinates[0]), (trouble) => trouble instanceof NotPossible && trouble.why === "few");
});

test("the ends of a line may lie anywhere; a line that crosses itself is told", () => {
  const hook = [[0, 0], [2, 0], [2, 1], [0, 1]];
  assert.equal(shapeCrossing([[hook]]), null);
  const loop = [[0, 0], [2, 0], [2, 1], [1, 1], [1, -1]];
  assert.deepEqual(shapeCrossing([[loop]]), selfCrossing(loop, false));
  assert.deepEqual(shapeCrossing([[loop]]), [1, 0]);
});

test("the length is that of all parts, and the pointer is drawn to ends and edges alike", () => {
  const [[a, b], [c, d, e]] = EAST.coordinates;
  assert.equal(length_m(outlineOf(EAST)), distance_m(a, b) + distance_m(c, d) + distance_m(d, e));
  assert.equal(snapTo(faults(), [103.53001, 31.21001], { radius_m: 20 }).kind, "vertex");
  assert.equal(snapTo(faults(), [103.525, 31.20001], { radius_m: 20 }).kind, "edge");
});
