// @ts-check
// What is done to zones that share their borders: each answers the coverage afterwards and the change, which can be inverted.
import { changed, joined } from "./coverage.js";
import { crossing, isClosed, isSame, isWithin, keyOf, nearestOn, turning } from "./plane.js";

/** @typedef {import("./plane.js").Point} Point */
/** @typedef {import("./plane.js").Ring} Ring */
/** @typedef {import("./plane.js").Shape} Shape */
/** @typedef {import("./coverage.js").Coverage} Coverage */
/** @typedef {import("./coverage.js").Change} Change */
/** @typedef {{topology: Coverage, change: Change}} Done */
/** @typedef {"few" | "missing" | "elsewhere" | "several" | "apart" | "uncrossed" | "outside" | "crossing" | "joined" | "only"} Why */

const LEAST_POINTS = 4; // of a closed ring: three corners and the first again
const LEAST_ENDS = 2; // of a line

export class NotPossible extends Error {
  /** @param {Why} why @param {Point | null} at */
  constructor(why, at = null) {
    super(why);
    this.why = why;
    this.at = at;
  }
}

/** The node moves in every zone that has it; `only` detaches the nodes of that zone. @param {Coverage} topology @param {Point} from @param {Point} to @param {{only?: string | null}} [how] @returns {Done} */
export function move(topology, from, to, how = {}) {
  return changed(topology, movedShapes(topology, from, to, how));
}

/** What moving would make of the zones. @param {Coverage} topology @param {Point} from @param {Point} to @param {{only?: string | null}} [how] @returns {Map<string, Shape>} */
export function movedShapes(topology, from, to, { only = null } = {}) {
  const zones = only ? [only] : topology.usersOf(from);
  if (!zones.length) throw new NotPossible("missing", from);
  return edited(topology, zones, (ring) => ring.map((point) => (isSame(point, from) ? to : point)));
}

/** A node on the edge from a to b, in every zone that has that edge. @param {Coverage} topology @param {Point} a @param {Point} b @param {Point} at @returns {Done} */
export function insert(topology, a, b, at) {
  const zones = topology.usersOfEdge(a, b);
  if (!zones.length) throw new NotPossible("missing", at);
  const put = (/** @type {Ring} */ ring) =>
    ring.flatMap((point, i) => {
      const next = ring[i + 1];
      const isEdge = next && ((isSame(point, a) && isSame(next, b)) || (isSame(point, b) && isSame(next, a)));
      return isEdge ? [point, at] : [point];
    });
  return changed(topology, edited(topology, zones, put));
}

/** The node goes from every zone that has it. @param {Coverage} topology @param {Point} at @returns {Done} */
export function remove(topology, at) {
  const zones = topology.usersOf(at);
  if (!zones.length) throw new NotPossible("missing", at);
  return changed(topology, edited(topology, zones, (ring) => onNodes(ring, (nodes) => nodes.filter((point) => !isSame(point, at)))));
}

/** Whole zones move by so many degrees, and keep the borders they share; their neighbours stay. @param {Coverage} topology @param {string[]} ids @param {Point} by @returns {Done} */
export function shift(topology, ids, by) {
  return changed(topology, shiftedShapes(topology, ids, by));
}

/** What moving whole zones would make of them. @param {Coverage} topology @param {string[]} ids @param {Point} by @returns {Map<string, Shape>} */
export function shiftedShapes(topology, ids, [lon, lat]) {
  const put = (/** @type {Ring} */ ring) => onNodes(ring, (nodes) => nodes.map(([x, y]) => [x + lon, y + lat]));
  return new Map(ids.map((id) => [id, topology.shape(id).map((polygon) => polygon.map(put))]));
}

/** A new zone. @param {Coverage} topology @param {string} id @param {Shape} shape @returns {Done} */
export function draw(topology, id, shape) {
  return changed(topology, new Map([[id, shape]]));
}

/** @param {Coverage} topology @param {string} id @returns {Done} */
export function discard(topology, id) {
  return changed(topology, new Map([[id, null]]));
}

/** A hole in the part of the zone that holds it. @param {Coverage} topology @param {string} id @param {Ring} ring @returns {Done} */
export function addHole(topology, id, ring) {
  const shape = topology.shape(id);
  const part = shape.findIndex((polygon) => ring.every((point) => isWithin(point, polygon)));
  if (part < 0) throw new NotPossible("outside", ring[0]);
  const hole = turning(ring) > 0 ? [...ring].reverse() : ring;
  return changed(topology, new Map([[id, shape.map((polygon, i) => (i === part ? [...polygon, hole] : polygon))]]));
}

/** One part more of a zone, apart from those it has. @param {Coverage} topology @param {string} id @param {Ring} ring @returns {Done} */
export function addPart(topology, id, ring) {
  const shape = topology.shape(id);
  const met = crossingOf(ring, shape) ?? ring.find((point) => shape.some((polygon) => isWithin(point, polygon)));
  const around = shape.find(([shell]) => isWithin(shell[0], [ring]));
  if (met || around) throw new NotPossible("joined", met ?? ring[0]);
  return changed(topology, new Map([[id, [...shape, [turning(ring) < 0 ? [...ring].reverse() : ring]]]]));
}

/** The part or the hole whose border has this node goes from the zone. @param {Coverage} topology @param {string} id @param {Point} at @returns {Done} */
export function removeRing(topology, id, at) {
  const shape = topology.shape(id);
  const isOf = (/** @type {Ring} */ ring) => ring.some((point) => isSame(point, at));
  const part = shape.find((polygon) => polygon.some(isOf));
  if (!part) throw new NotPossible("missing", at);
  if (!isOf(part[0])) return changed(topology, new Map([[id, shape.map((polygon) => (polygon === part ? polygon.filter((ring) => !isOf(ring)) : polygon))]]));
  if (shape.length === 1) throw new NotPossible("only", at);
  return changed(topology, new Map([[id, shape.filter((polygon) => polygon !== part)]]));
}

/** The zones as the service answered them: `null` of one that is gone. @param {Coverage} topology @param {Iterable<[string, Shape | null]>} answered @returns {Done} */
export function adopt(topology, answered) {
  return changed(topology, new Map(answered));
}

/**
 * The border between two places of it runs along a line: in the zone, and in the neighbour that has the same stretch of border.
 * Of the two ways between the places the one that the line stays nearer to is given up.
 * @param {Coverage} topology @param {string} id @param {Point[]} line its ends on the border @returns {Done}
 */
export function reshape(topology, id, line) {
  const nodes = line.filter((point, i) => !i || !isSame(point, line[i - 1]));
  const [from, to] = [nodes[0], nodes[nodes.length - 1]];
  if (nodes.length < 2 || isSame(from, to)) throw new NotPossible("few", from ?? null);
  const first = onBorder(topology, id, from);
  const second = onBorder(first.topology, id, to);
  const way = wayBetween(second.topology.shape(id), nodes);
  if (!way) throw new NotPossible("elsewhere", to);
  const zones = usersOfWay(second.topology, way);
  const put = (/** @type {Ring} */ ring) => replaced(ring, way, nodes);
  const last = changed(second.topology, edited(second.topology, zones, put));
  return { topology: last.topology, change: joined([first.change, second.change, last.change]) };
}

/** The place is made a node of the zone's border. @param {Coverage} topology @param {string} id @param {Point} at @returns {Done} */
function onBorder(topology, id, at) {
  const none = { topology, change: { before: [], after: [] } };
  if (topology.usersOf(at).includes(id)) return none;
  for (const polygon of topology.shape(id))
    for (const ring of polygon)
      for (let i = 0; i + 1 < ring.length; i++)
        if (isOn(at, ring[i], ring[i + 1])) return insert(topology, ring[i], ring[i + 1], at);
  throw new NotPossible("elsewhere", at);
}

const HAIR = 1e-9; // of a degree, a tenth of a millimetre: a place computed on an edge is never on it to the last bit

/** @param {Point} at @param {Point} a @param {Point} b */
export function isOn(at, a, b) {
  const { at: near, part } = nearestOn(at, a, b);
  return part > 0 && part < 1 && Math.abs(near[0] - at[0]) <= HAIR && Math.abs(near[1] - at[1]) <= HAIR;
}

/** @param {Shape} shape @param {Point[]} line @returns {Point[] | null} the stretch of border that is given up, from the line's first point to its last */
function wayBetween(shape, line) {
  const [from, to] = [keyOf(line[0]), keyOf(line[line.length - 1])];
  for (const polygon of shape)
    for (const ring of polygon) {
      const open = ring.slice(0, -1);
      const [i, j] = [open.findIndex((point) => keyOf(point) === from), open.findIndex((point) => keyOf(point) === to)];
      if (i < 0 || j < 0) continue;
      const onward = stretch(open, i, j);
      const back = stretch(open, j, i).reverse();
      return between(onward, line) <= between(back, line) ? onward : back;
    }
  return null;
}

/** @param {Point[]} open @param {number} i @param {number} j */
function stretch(open, i, j) {
  return i <= j ? open.slice(i, j + 1) : [...open.slice(i), ...open.slice(0, j + 1)];
}

/** The ground between a stretch and a line of the same ends. @param {Point[]} way @param {Point[]} line */
function between(way, line) {
  return Math.abs(turning(closed([...way, ...line.slice(1, -1).reverse()])));
}

/** @param {Coverage} topology @param {Point[]} way */
function usersOfWay(topology, way) {
  const users = way.slice(1).map((point, i) => topology.usersOfEdge(way[i], point));
  const all = new Set(users.flat());
  const whole = [...all].filter((id) => users.every((zones) => zones.includes(id)));
  if (whole.length !== all.size) throw new NotPossible("several", way[Math.floor(way.length / 2)]);
  return whole;
}

/** The ring with a line in place of a stretch of it. @param {Ring} ring @param {Point[]} way @param {Point[]} line of the same ends */
export function replaced(ring, way, line) {
  const open = ring.slice(0, -1);
  const i = open.findIndex((point) => isSame(point, way[0]));
  const j = open.findIndex((point) => isSame(point, way[way.length - 1]));
  if (i < 0 || j < 0) return ring;
  const isOnward = isSame(open[(i + 1) % open.length], way[1]) && stretch(open, i, j).length === way.length;
  const kept = isOnward ? stretch(open, j, i) : stretch(open, i, j);
  const put = isOnward ? line : [...line].reverse();
  return closed([...put.slice(0, -1), ...kept.slice(0, -1)]);
}

/**
 * The shapes of the zones with their rings edited. A ring that loses too many corners is refused: the zone would not be one any more.
 * @param {Coverage} topology @param {string[]} ids @param {(ring: Ring) => Ring} edit @returns {Map<string, Shape>}
 */
function edited(topology, ids, edit) {
  return new Map(ids.map((id) => [id, topology.shape(id).map((polygon) => polygon.map((ring) => sound(edit(ring), ring)))]));
}

/** @param {Ring} ring @param {Ring} before */
function sound(ring, before) {
  const single = ring.filter((point, i) => !i || !isSame(point, ring[i - 1]));
  if (single.length < (isClosed(before) ? LEAST_POINTS : LEAST_ENDS)) throw new NotPossible("few", before[0]);
  return single.length === ring.length ? ring : single;
}

/** A closed ring stays closed, a line open. @param {Ring} ring @param {(nodes: Point[]) => Point[]} edit @returns {Ring} */
function onNodes(ring, edit) {
  return isClosed(ring) ? closed(edit(ring.slice(0, -1))) : edit(ring);
}

/** @param {Point[]} open @returns {Ring} */
export function closed(open) {
  return open.length ? [...open, open[0]] : open;
}

/** Where a line first crosses the border of a shape; null where it never does. @param {Point[]} line @param {Shape} shape */
export function crossingOf(line, shape) {
  for (let i = 0; i + 1 < line.length; i++)
    for (const polygon of shape)
      for (const ring of polygon)
        for (let j = 0; j + 1 < ring.length; j++) {
          const met = crossing(line[i], line[i + 1], ring[j], ring[j + 1]);
          if (met) return met;
        }
  return null;
}
