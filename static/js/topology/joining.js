// @ts-check
// Zones made one and one made several: edges that two of them share cancel, a line through them becomes their border.
import { changed } from "./coverage.js";
import { NotPossible } from "./operations.js";
import { crossing, isSame, isWithin, keyOf, sideOf, turning } from "./plane.js";

/** @typedef {import("./plane.js").Point} Point */
/** @typedef {import("./plane.js").Ring} Ring */
/** @typedef {import("./plane.js").Shape} Shape */
/** @typedef {import("./coverage.js").Coverage} Coverage */
/** @typedef {import("./coverage.js").Change} Change */
/** @typedef {[Point, Point]} Step an edge walked with its ground to the left */

/**
 * The zones as one, under the number of the first. They must share a border: the plain one of a noded coverage.
 * @param {Coverage} topology
 * @param {string[]} ids
 * @returns {{topology: Coverage, change: Change}}
 */
export function merge(topology, ids) {
  const shape = mergedShape(ids.map((id) => topology.shape(id)));
  const parts = ids.reduce((count, id) => count + topology.shape(id).length, 0);
  if (shape.length > parts - ids.length + 1) throw new NotPossible("apart", topology.shape(ids[1])[0]?.[0]?.[0] ?? null);
  return changed(topology, new Map(ids.map((id, i) => [id, i ? null : shape])));
}

/** @param {Shape[]} shapes @returns {Shape} */
export function mergedShape(shapes) {
  /** @type {Map<string, Step>} */
  const steps = new Map();
  for (const [a, b] of shapes.flatMap(stepsOf)) {
    const back = `${keyOf(b)} ${keyOf(a)}`;
    if (!steps.delete(back)) steps.set(`${keyOf(a)} ${keyOf(b)}`, [a, b]);
  }
  return assembled([...steps.values()]);
}

/**
 * The zones along a line, each parted where the line leads through it from border to border. Their first part keeps the number.
 * A neighbour gets the node where the line meets its border.
 * @param {Coverage} topology
 * @param {string[]} ids
 * @param {Point[]} line
 * @param {(id: string, part: number) => string} [name] what a further part is called
 * @returns {{topology: Coverage, change: Change}}
 */
export function split(topology, ids, line, name = (id, part) => `${id}.${part}`) {
  /** @type {Map<string, Shape | null>} */
  const edits = new Map();
  const met = crossings(topology, ids, line);
  for (const id of ids) {
    const parts = splitShape(noded(topology.shape(id), met.edges), met.line);
    if (parts.length < 2) continue;
    parts.forEach((part, i) => edits.set(i ? name(id, i) : id, [part]));
  }
  if (!edits.size) throw new NotPossible("uncrossed", line[0]);
  for (const id of met.neighbours) if (!edits.has(id)) edits.set(id, noded(topology.shape(id), met.edges));
  return changed(topology, edits);
}

/** Every place where the line meets an edge, computed once: both sides of the edge get the very same node. @param {Coverage} topology @param {string[]} ids @param {Point[]} line */
function crossings(topology, ids, line) {
  /** @type {Map<string, Point[]>} */
  const edges = new Map();
  const neighbours = new Set();
  const walked = /** @type {Point[]} */ ([]);
  const rings = ids.flatMap((id) => topology.shape(id)).flat();
  for (let i = 0; i + 1 < line.length; i++) {
    const met = [line[i]];
    for (const ring of rings)
      for (let j = 0; j + 1 < ring.length; j++) {
        const [a, b] = ordered(ring[j], ring[j + 1]);
        const at = crossing(line[i], line[i + 1], a, b);
        if (!at) continue;
        met.push(at);
        if (isSame(at, a) || isSame(at, b)) continue;
        edges.set(`${keyOf(a)} ${keyOf(b)}`, [...(edges.get(`${keyOf(a)} ${keyOf(b)}`) ?? []), at]);
        for (const id of topology.usersOfEdge(a, b)) if (!ids.includes(id)) neighbours.add(id);
      }
    walked.push(...met.sort((one, other) => Math.hypot(one[0] - line[i][0], one[1] - line[i][1]) - Math.hypot(other[0] - line[i][0], other[1] - line[i][1])));
  }
  walked.push(line[line.length - 1]);
  return { edges, neighbours, line: walked.filter((point, i) => !i || !isSame(point, walked[i - 1])) };
}

/** @param {Point} a @param {Point} b @returns {Step} */
function ordered(a, b) {
  return a[0] < b[0] || (a[0] === b[0] && a[1] < b[1]) ? [a, b] : [b, a];
}

/** @param {Shape} shape @param {Map<string, Point[]>} edges @returns {Shape} */
function noded(shape, edges) {
  return shape.map((polygon) =>
    polygon.map((ring) =>
      ring.flatMap((point, i) => {
        if (i + 1 === ring.length) return [point];
        const [a, b] = ordered(point, ring[i + 1]);
        const met = edges.get(`${keyOf(a)} ${keyOf(b)}`) ?? [];
        const inOrder = [...met].sort((one, other) => Math.hypot(one[0] - point[0], one[1] - point[1]) - Math.hypot(other[0] - point[0], other[1] - point[1]));
        return [point, ...inOrder.filter((at, j) => !j || !isSame(at, inOrder[j - 1]))];
      }),
    ),
  );
}

/** The parts of a noded shape on the two sides of a noded line. @param {Shape} shape @param {Point[]} line @returns {Shape} */
function splitShape(shape, line) {
  const border = stepsOf(shape);
  const known = new Set(border.map(([a, b]) => edgeName(a, b)));
  const cuts = [];
  for (let i = 0; i + 1 < line.length; i++) {
    const [a, b] = [line[i], line[i + 1]];
    const middle = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
    if (!known.has(edgeName(a, b)) && shape.some((polygon) => isWithin(middle, polygon))) cuts.push(/** @type {Step} */ ([a, b]));
  }
  const through = pruned(cuts, border);
  return assembled([...border, ...through, ...through.map(([a, b]) => /** @type {Step} */ ([b, a]))]);
}

/** What of the line ends inside divides nothing. @param {Step[]} cuts @param {Step[]} border */
function pruned(cuts, border) {
  let left = cuts;
  for (;;) {
    /** @type {Map<string, number>} */
    const ends = new Map();
    for (const step of [...border, ...left]) for (const point of step) ends.set(keyOf(point), (ends.get(keyOf(point)) ?? 0) + 1);
    const kept = left.filter((step) => step.every((point) => (ends.get(keyOf(point)) ?? 0) > 1));
    if (kept.length === left.length) return kept;
    left = kept;
  }
}

/** @param {Point} a @param {Point} b */
function edgeName(a, b) {
  const [one, other] = ordered(a, b);
  return `${keyOf(one)} ${keyOf(other)}`;
}

/** @param {Shape} shape @returns {Step[]} */
function stepsOf(shape) {
  return shape.flatMap((polygon) =>
    polygon.flatMap((ring, place) => {
      const turned = turning(ring) > 0 === (place === 0) ? ring : [...ring].reverse();
      return turned.slice(1).map((point, i) => /** @type {Step} */ ([turned[i], point]));
    }),
  );
}

/** The ground to the left of the steps. @param {Step[]} steps @returns {Shape} */
function assembled(steps) {
  /** @type {Map<string, {step: Step, used: boolean}[]>} */
  const leaving = new Map();
  for (const step of steps) leaving.set(keyOf(step[0]), [...(leaving.get(keyOf(step[0])) ?? []), { step, used: false }]);
  const rings = [];
  for (const starts of leaving.values()) for (const start of starts) if (!start.used) rings.push(...simple(walk(start, leaving)));
  const shells = rings.filter((ring) => turning(ring) > 0).map((ring) => [ring]);
  for (const hole of rings.filter((ring) => turning(ring) < 0)) smallestAround(shells, hole)?.push(hole);
  return shells;
}

/** @param {{step: Step, used: boolean}} start @param {Map<string, {step: Step, used: boolean}[]>} leaving */
function walk(start, leaving) {
  const points = [];
  for (let here = start; !here.used; ) {
    here.used = true;
    points.push(here.step[0]);
    const [from, at] = here.step;
    const ways = (leaving.get(keyOf(at)) ?? []).filter(({ used }) => !used);
    if (!ways.length) break;
    here = ways.reduce((best, way) => (clockwise(at, from, way.step[1]) < clockwise(at, from, best.step[1]) ? way : best));
  }
  return points;
}

/** How far one turns clockwise at a node, from where one came to where one goes. @param {Point} at @param {Point} from @param {Point} to */
function clockwise(at, from, to) {
  const turn = Math.atan2(from[1] - at[1], from[0] - at[0]) - Math.atan2(to[1] - at[1], to[0] - at[0]);
  return turn > 1e-15 ? turn : turn + 2 * Math.PI;
}

/** A walk that comes to a node again is several rings. @param {Point[]} walked @returns {Ring[]} */
function simple(walked) {
  const rings = [];
  /** @type {Point[]} */
  const open = [];
  const places = new Map();
  for (const point of walked) {
    const key = keyOf(point);
    if (places.has(key)) {
      const ring = open.splice(places.get(key));
      for (const one of ring) places.delete(keyOf(one));
      rings.push([...ring, ring[0]]);
    }
    places.set(key, open.length);
    open.push(point);
  }
  if (open.length) rings.push([...open, open[0]]);
  return rings.filter((ring) => ring.length > 3);
}

/** @param {Ring[][]} shells @param {Ring} hole */
function smallestAround(shells, hole) {
  const around = shells.filter(([shell]) => isInside(hole, shell));
  return around.sort(([one], [other]) => turning(one) - turning(other))[0];
}

/** @param {Ring} hole @param {Ring} shell */
function isInside(hole, shell) {
  const corners = new Set(shell.map(keyOf));
  const own = hole.find((point) => !corners.has(keyOf(point)));
  if (own) return isWithin(own, [shell]);
  const [a, b] = hole;
  return sideOf(a, b, hole[2]) !== 0 && isWithin([(a[0] + b[0] + hole[2][0]) / 3, (a[1] + b[1] + hole[2][1]) / 3], [shell]);
}

