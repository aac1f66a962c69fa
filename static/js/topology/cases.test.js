// The same cases that the model of the service is held against: the page previews what the service decides.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Coverage } from "./coverage.js";
import { merge, split } from "./joining.js";
import { insert, move, remove } from "./operations.js";
import { keyOf, turning } from "./plane.js";

const { cases } = JSON.parse(readFileSync(new URL("../../../tests/data/topology/cases.json", import.meta.url), "utf-8"));
const SERVICE_ALONE = [
  "a part the line passes by goes with the nearest piece",
  "zones of a T lose their border", // it nodes them first; the page has noded zones
];
const NEAR_M2 = 0.01;

const RUN = {
  move: (zones, { from, to }) => move(zones, from, to),
  insert: (zones, { edge: [a, b], at }) => insert(zones, a, b, at),
  remove: (zones, { at }) => remove(zones, at),
  merge: (zones, { zones: ids, into }) => merge(zones, [into, ...ids.filter((id) => id !== into)]),
  split: (zones, { zones: ids, line }) => split(zones, ids, line),
};

// A ring by its corners from the least on, in one direction: where it is begun says nothing.
function plain(ring) {
  const open = (turning(ring) > 0 ? ring : [...ring].reverse()).slice(0, -1).map(keyOf);
  const least = open.indexOf([...open].sort()[0]);
  return [...open.slice(least), ...open.slice(0, least)].join(" ");
}

const told = (zones) => Object.fromEntries([...zones].map(([id, shape]) => [id, shape.flatMap((polygon) => polygon.map(plain)).sort()]));
const ground = (shapes) => [...shapes].flatMap((shape) => shape.flatMap((polygon) => polygon.map((ring, i) => (Math.abs(turning(ring)) / 2) * (i ? -1 : 1)))).sort((one, other) => one - other);

for (const { name, zones, op, expect } of cases.filter((one) => one.op.op in RUN && !SERVICE_ALONE.includes(one.name)))
  test(name, () => {
    const done = RUN[op.op](Coverage.of(Object.entries(zones)), op).topology.zones;
    const wanted = new Map(Object.entries(expect.zones));
    if (op.op !== "split") return assert.deepEqual(told(done), told(wanted));
    const [ours, theirs] = [ground(done.values()), ground(wanted.values())];
    assert.equal(ours.length, theirs.length);
    for (const [i, area] of ours.entries()) assert.ok(Math.abs(area - theirs[i]) < NEAR_M2, `${area} ${theirs[i]}`);
    return null;
  });
