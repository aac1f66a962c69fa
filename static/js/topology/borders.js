// @ts-check
// Borders that zones share, from one node where several meet to the next: made plainer or rounder for all who have them alike.
// What the zones cover together stays what it is.
import { changed } from "./coverage.js";
import { NotPossible, replaced } from "./operations.js";
import { distance_m, isSame, keyOf, nearestOn, shapeCrossing } from "./plane.js";

/** @typedef {import("./plane.js").Point} Point */
/** @typedef {import("./plane.js").Ring} Ring */
/** @typedef {import("./plane.js").Shape} Shape */
/** @typedef {import("./coverage.js").Coverage} Coverage */
/** @typedef {import("./operations.js").Done} Done */
/** @typedef {{way: Point[], zones: string[]}} Border */

const LEAST_POINTS = 4;
const LEAST_LEG_M = 0.1; // shorter legs are not rounded any more

/** The borders of these zones that others have too, each once and in one direction whoever is asked. @param {Coverage} topology @param {string[]} ids @returns {Border[]} */
export function sharedBorders(topology, ids) {
  /** @type {Map<string, Border>} */
  const found = new Map();
  for (const ring of ids.flatMap((id) => topology.shape(id)).flat())
    for (const walked of waysOf(topology, ring)) {
      const zones = topology.usersOfEdge(walked[0], walked[1]);
      if (zones.length < 2) continue;
      const [there, back] = [walked, [...walked].reverse()];
      const [one, other] = [there.map(keyOf).join(" "), back.map(keyOf).join(" ")];
      found.set(one < other ? one : other, { way: one < other ? there : back, zones });
    }
  return [...found.values()];
}

/** Shared borders without the nodes that lie within a distance of what is left. @param {Coverage} topology @param {string[]} ids @param {number} tolerance_m @returns {Done} */
export function simplify(topology, ids, tolerance_m) {
  return along(topology, ids, (way) => plainer(way, tolerance_m));
}

/** Shared borders with each of their corners cut at a quarter of its legs. @param {Coverage} topology @param {string[]} ids @returns {Done} */
export function smooth(topology, ids) {
  return along(topology, ids, rounder);
}

/** @param {Coverage} topology @param {string[]} ids @param {(way: Point[]) => Point[]} edit keeps both ends @returns {Done} */
function along(topology, ids, edit) {
  /** @type {Map<string, Shape>} */
  const shapes = new Map();
  for (const { way, zones } of sharedBorders(topology, ids)) {
    const line = edit(way);
    if (line.length === way.length) continue;
    for (const id of zones) {
      const shape = shapes.get(id) ?? topology.shape(id);
      shapes.set(id, shape.map((polygon) => polygon.map((ring) => (has(ring, way) ? replaced(ring, way, line) : ring))));
    }
  }
  for (const shape of shapes.values()) {
    const few = shape.flat().find((ring) => ring.length < LEAST_POINTS);
    if (few) throw new NotPossible("few", few[0]);
    const met = shapeCrossing(shape);
    if (met) throw new NotPossible("crossing", met);
  }
  return changed(topology, shapes);
}

/** @param {Ring} ring @param {Point[]} way */
function has(ring, way) {
  return ring.some((point, i) => {
    const next = ring[i + 1];
    return next && ((isSame(point, way[0]) && isSame(next, way[1])) || (isSame(point, way[1]) && isSame(next, way[0])));
  });
}

/** A ring from one fixed node to the next: those where more than two borders meet. @param {Coverage} topology @param {Ring} ring @returns {Point[][]} */
function waysOf(topology, ring) {
  const open = ring.slice(0, -1);
  const meeting = open.map((_, i) => i).filter((i) => topology.neighboursOf(open[i]).length !== 2);
  const fixed = meeting.length > 1 ? meeting : twoOf(open, meeting[0]);
  return fixed.map((from, k) => {
    const to = fixed[(k + 1) % fixed.length];
    return to > from ? open.slice(from, to + 1) : [...open.slice(from), ...open.slice(0, to + 1)];
  });
}

/** Two fixed nodes of a ring that meets others nowhere, or in one: the same two wherever the ring begins. @param {Point[]} open @param {number | undefined} first */
function twoOf(open, first) {
  const names = open.map(keyOf);
  const one = first ?? names.indexOf([...names].sort()[0]);
  const far = open.map((point) => distance_m(open[one], point));
  const farthest = Math.max(...far);
  const other = names.indexOf(names.filter((_, i) => far[i] === farthest).sort()[0]);
  return [one, other].sort((a, b) => a - b);
}

/** @param {Point[]} way @param {number} tolerance_m @returns {Point[]} */
function plainer(way, tolerance_m) {
  const kept = new Set([0, way.length - 1]);
  const open = [[0, way.length - 1]];
  for (let span = open.pop(); span; span = open.pop()) {
    const [from, to] = span;
    let [farthest, most] = [-1, tolerance_m];
    for (let i = from + 1; i < to; i++) {
      const away = distance_m(way[i], nearestOn(way[i], way[from], way[to]).at);
      if (away > most) [farthest, most] = [i, away];
    }
    if (farthest < 0) continue;
    kept.add(farthest);
    open.push([from, farthest], [farthest, to]);
  }
  return way.filter((_, i) => kept.has(i));
}

/** @param {Point[]} way @returns {Point[]} */
function rounder(way) {
  return way.flatMap((point, i) => {
    const [before, after] = [way[i - 1], way[i + 1]];
    if (!before || !after || Math.min(distance_m(before, point), distance_m(point, after)) < LEAST_LEG_M) return [point];
    return [between(point, before), between(point, after)];
  });
}

/** @param {Point} point @param {Point} to @returns {Point} a quarter of the way */
const between = (point, to) => [point[0] + (to[0] - point[0]) / 4, point[1] + (to[1] - point[1]) / 4];

