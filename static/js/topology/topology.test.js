import assert from "node:assert/strict";
import { test } from "node:test";
import { Coverage, changed, geometryOf, invert, isSameShape, joined, shapeOf } from "./coverage.js";
import { merge, split } from "./joining.js";
import { NotPossible, addHole, adopt, discard, draw, insert, isOn, move, remove, reshape, shift } from "./operations.js";
import { area_m2, crossing, distance_m, keyOf, selfCrossing, turning } from "./plane.js";
import { snapTo } from "./snapping.js";
import { trace } from "./tracing.js";

const STEP = 0.001;
const SEEDS = 12;

// Numbers of a fixed sequence, so that a failure can be looked at again.
function chance(seed) {
  let state = seed + 1;
  return () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state / 2147483648;
  };
}

// A town of crooked fields: every inner corner is shared by four.
function fields(side, random = () => 0.5) {
  const corner = [];
  for (let j = 0; j <= side; j++)
    for (let i = 0; i <= side; i++) corner.push([103.5 + (i + random() * 0.5) * STEP, 31.2 + (j + random() * 0.5) * STEP]);
  const at = (i, j) => corner[j * (side + 1) + i];
  const zones = [];
  for (let j = 0; j < side; j++)
    for (let i = 0; i < side; i++)
      zones.push([`${j * side + i}`, [[[at(i, j), at(i + 1, j), at(i + 1, j + 1), at(i, j + 1), at(i, j)]]]]);
  return Coverage.of(zones);
}

// Metres of a degree differ from zone to zone: the ground of all is measured by those of one place.
const ground = (shape) => shape.flatMap((polygon) => polygon.map((ring, i) => Math.abs(turning(ring)) * (i ? -0.5 : 0.5))).reduce((sum, part) => sum + part, 0) * 1.05e10;
const whole = (coverage) => [...coverage.zones.values()].reduce((sum, shape) => sum + ground(shape), 0);

function sameZones(one, other) {
  assert.deepEqual([...one.zones.keys()].sort(), [...other.zones.keys()].sort());
  for (const [id, shape] of one.zones) assert.ok(isSameShape(shape, other.shape(id)), id);
}

// No node lies on an edge of which it is no end.
function missing(coverage) {
  const edges = new Map();
  const nodes = new Map();
  for (const ring of [...coverage.zones.values()].flat(2))
    for (let i = 0; i + 1 < ring.length; i++) {
      nodes.set(keyOf(ring[i]), ring[i]);
      edges.set(`${keyOf(ring[i])} ${keyOf(ring[i + 1])}`, [ring[i], ring[i + 1]]);
    }
  return [...nodes.values()].filter((node) => [...edges.values()].some(([a, b]) => isOn(node, a, b)));
}

const LEAPS = [
  (coverage, random) => {
    const ring = someRing(coverage, random);
    const from = ring[Math.floor(random() * (ring.length - 1))];
    return move(coverage, from, [from[0] + (random() - 0.5) * STEP * 0.2, from[1] + (random() - 0.5) * STEP * 0.2]);
  },
  (coverage, random) => {
    const ring = someRing(coverage, random);
    const i = Math.floor(random() * (ring.length - 1));
    const part = 0.3 + random() * 0.4;
    const at = [ring[i][0] + (ring[i + 1][0] - ring[i][0]) * part, ring[i][1] + (ring[i + 1][1] - ring[i][1]) * part];
    return insert(coverage, ring[i], ring[i + 1], at);
  },
  (coverage, random) => remove(coverage, someRing(coverage, random)[0]),
  (coverage, random) => discard(coverage, someId(coverage, random)),
  (coverage, random) => {
    const id = someId(coverage, random);
    const [shell] = coverage.shape(id)[0];
    const [a, b] = [middleOf(shell[0], shell[1]), middleOf(shell[2], shell[3] ?? shell[0])];
    const far = (p, q) => [p[0] + (p[0] - q[0]) * 0.5, p[1] + (p[1] - q[1]) * 0.5];
    return split(coverage, [id], [far(a, b), far(b, a)], (name, part) => `${name}.${part}.${coverage.zones.size}`);
  },
  (coverage, random) => {
    const id = someId(coverage, random);
    const [shell] = coverage.shape(id)[0];
    const other = coverage.usersOfEdge(shell[0], shell[1]).find((one) => one !== id);
    return other ? merge(coverage, [id, other]) : null;
  },
];

const middleOf = (a, b) => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
const someId = (coverage, random) => [...coverage.zones.keys()][Math.floor(random() * coverage.zones.size)];
const someRing = (coverage, random) => coverage.shape(someId(coverage, random))[0][0];

function tried(leap, coverage, random) {
  try {
    return leap(coverage, random);
  } catch (trouble) {
    assert.ok(trouble instanceof NotPossible, trouble.stack);
    return null;
  }
}

test("whatever was done, taken back it is the base bit for bit", () => {
  for (let seed = 0; seed < SEEDS; seed++) {
    const random = chance(seed);
    const base = fields(5, random);
    let here = base;
    const done = [];
    for (let i = 0; i < 25; i++) {
      const leapt = tried(LEAPS[Math.floor(random() * LEAPS.length)], here, random);
      if (!leapt) continue;
      here = leapt.topology;
      done.push(leapt.change);
    }
    assert.ok(done.length > 5);
    sameZones(base.apply(invert(joined(done))), base);
    for (const change of done.reverse()) here = here.apply(invert(change));
    sameZones(here, base);
  }
});

test("what lies near a place is the same however the coverage came about", () => {
  for (let seed = 0; seed < SEEDS; seed++) {
    const random = chance(seed);
    let here = fields(5, random);
    for (let i = 0; i < 12; i++) here = tried(LEAPS[i % LEAPS.length], here, random)?.topology ?? here;
    const anew = Coverage.of(here.zones);
    for (const node of new Map([...here.zones.values()].flat(3).map((point) => [keyOf(point), point])).values()) {
      assert.deepEqual([...here.usersOf(node)].sort(), [...anew.usersOf(node)].sort());
      assert.deepEqual(here.neighboursOf(node).map(keyOf).sort(), anew.neighboursOf(node).map(keyOf).sort());
    }
  }
});

test("a noded coverage stays noded", () => {
  for (let seed = 0; seed < SEEDS; seed++) {
    const random = chance(seed);
    let here = fields(4, random);
    for (const leap of [LEAPS[0], LEAPS[1], LEAPS[4], LEAPS[4], LEAPS[5], LEAPS[0], LEAPS[2]]) here = tried(leap, here, random)?.topology ?? here;
    assert.deepEqual(missing(here), []);
  }
});

test("a shared corner moves in all four, and a detached one in one alone", () => {
  const base = fields(2);
  const corner = base.shape("0")[0][0][2];
  assert.equal(base.usersOf(corner).length, 4);
  const to = [corner[0] + STEP / 10, corner[1]];
  assert.equal(move(base, corner, to).topology.usersOf(to).length, 4);
  const alone = move(base, corner, to, { only: "0" }).topology;
  assert.deepEqual(alone.usersOf(to), ["0"]);
  assert.equal(alone.usersOf(corner).length, 3);
});

test("splitting and merging leave the ground as it was", () => {
  for (let seed = 0; seed < SEEDS; seed++) {
    const random = chance(seed);
    const base = fields(4, random);
    const cut = tried(LEAPS[4], base, random);
    assert.ok(cut);
    const near = (one) => Math.abs(whole(one) - whole(base)) < 1e-3;
    assert.ok(near(cut.topology));
    const [parent, child] = cut.change.after.filter(([id]) => id.includes(".") || cut.change.after.some(([other]) => other.startsWith(`${id}.`)));
    const back = merge(cut.topology, [parent[0], child[0]]).topology;
    assert.ok(near(back));
    assert.equal(back.zones.size, base.zones.size);
  }
});

test("a line leads through a hole and through several zones", () => {
  const base = fields(3);
  const hole = [[103.50140, 31.20140], [103.50140, 31.20160], [103.50160, 31.20160], [103.50160, 31.20140], [103.50140, 31.20140]].map(([x, y]) => [x + 0.00025, y + 0.00025]);
  const holed = addHole(base, "4", hole).topology;
  const y = 31.20175;
  const cut = split(holed, ["3", "4", "5"], [[103.5, y], [103.504, y + 1e-6]]).topology;
  assert.equal(cut.zones.size, 12);
  assert.ok(Math.abs(whole(cut) - whole(holed)) < 1e-3);
  assert.equal(cut.shape("4")[0].length, 1); // the hole has become a bay
  assert.deepEqual(missing(cut), []);
  const joinedAgain = merge(cut, ["4", "4.1"]).topology.shape("4");
  assert.equal(joinedAgain[0].length, 2);
  assert.ok(Math.abs(ground(joinedAgain) - ground(holed.shape("4"))) < 1e-3);
});

test("a line that does not lead through parts nothing; zones apart are not one", () => {
  const base = fields(3);
  assert.throws(() => split(base, ["0"], [[103.5003, 31.2003], [103.5006, 31.2006]]), NotPossible);
  assert.throws(() => merge(base, ["0", "8"]), NotPossible);
  assert.throws(() => merge(base, ["0", "4"]), NotPossible); // they share a corner alone
});

test("a border reshaped is the border of both", () => {
  const base = fields(2);
  const [, from, to] = base.shape("0")[0][0];
  const line = [from, [from[0] + STEP * 0.3, (from[1] + to[1]) / 2], to];
  const { topology, change } = reshape(base, "0", line);
  assert.deepEqual(topology.usersOf(line[1]).sort(), ["0", "1"]);
  assert.ok(ground(topology.shape("0")) > ground(base.shape("0")));
  assert.ok(Math.abs(whole(topology) - whole(base)) < 1e-3);
  assert.deepEqual(missing(topology), []);
  sameZones(topology.apply(invert(change)), base);
});

test("a border of several neighbours is not given up at once; a line must begin on the border", () => {
  const base = fields(3);
  const shell = base.shape("4")[0][0];
  assert.throws(() => reshape(base, "4", [shell[0], [shell[0][0] + STEP / 2, shell[0][1] + STEP / 2], shell[2]]), NotPossible);
  assert.throws(() => reshape(base, "4", [[103.5, 31.2], shell[2]]), NotPossible);
});

test("a ring keeps three corners", () => {
  const three = Coverage.of([["a", [[[[0, 0], [1, 0], [0, 1], [0, 0]]]]]]);
  assert.throws(() => remove(three, [0, 0]), NotPossible);
  assert.throws(() => move(three, [0, 0], [1, 0]), NotPossible);
});

test("what is drawn to: a node before an edge, an edge within reach alone", () => {
  const base = fields(2);
  const [a, b] = base.shape("0")[0][0];
  const near = [a[0] + STEP * 0.01, a[1] - STEP * 0.01];
  assert.equal(snapTo(base, near, { radius_m: 5 }).kind, "vertex");
  const beside = [(a[0] + b[0]) / 2, a[1] - STEP * 0.01];
  const edge = snapTo(base, beside, { radius_m: 5 });
  assert.equal(edge.kind, "edge");
  assert.ok(Math.abs(edge.distance_m - distance_m(beside, edge.at)) < 1e-9);
  assert.equal(snapTo(base, [a[0] - STEP, a[1] - STEP], { radius_m: 5 }), null);
});

test("a border is traced the shortest way, and to itself at once", () => {
  const base = fields(3);
  const [from, to] = [base.shape("0")[0][0][0], base.shape("2")[0][0][1]];
  const way = trace(base, from, to);
  assert.deepEqual(way.map(keyOf), [from, base.shape("0")[0][0][1], base.shape("1")[0][0][1], to].map(keyOf));
  assert.deepEqual(trace(base, from, from), [from]);
});

test("lines cross where they do, and a figure of eight is found", () => {
  assert.deepEqual(crossing([0, 0], [2, 2], [0, 2], [2, 0]), [1, 1]);
  assert.equal(crossing([0, 0], [1, 0], [0, 1], [1, 1]), null);
  assert.deepEqual(crossing([0, 0], [2, 0], [1, 0], [1, 5]), [1, 0]);
  assert.ok(selfCrossing([[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]));
  assert.equal(selfCrossing([[0, 0], [2, 0], [2, 2], [0, 2], [0, 0]]), null);
  assert.ok(selfCrossing([[0, 0], [2, 0], [1, 0], [1, 2], [0, 0]])); // it runs back on itself
});

test("a zone moves whole, comes and goes, and is written as it was read", () => {
  const base = fields(2);
  const moved = shift(base, ["0"], [STEP, 0]).topology;
  assert.ok(Math.abs(area_m2(moved.shape("0")) - area_m2(base.shape("0"))) < 0.01);
  const more = draw(base, "new", base.shape("0")).topology;
  assert.equal(more.zones.size, 5);
  sameZones(adopt(more, [["new", null]]).topology, base);
  for (const shape of base.zones.values()) assert.deepEqual(shapeOf(geometryOf(shape)), shape);
  assert.deepEqual(shapeOf({ type: "LineString", coordinates: [] }), []);
  assert.ok(turning(base.shape("0")[0][0]) > 0);
  assert.deepEqual(changed(base, new Map()).change, { before: [], after: [] });
});
