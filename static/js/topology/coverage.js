// @ts-check
// Zones that share their borders, as a value: who uses a node, what lies near a place. A change makes another value of it, which
// shares with the one before all that the change did not touch.
import { boxOf, isClosed, isSame, keyOf } from "./plane.js";

/** @typedef {import("./plane.js").Point} Point */
/** @typedef {import("./plane.js").Ring} Ring */
/** @typedef {import("./plane.js").Shape} Shape */
/** @typedef {{before: [string, Shape | null][], after: [string, Shape | null][]}} Change null: no such zone */
/** @typedef {{a: Point, b: Point, zones: string[]}} Edge */
/** @typedef {{nodes: Map<string, {at: Point, zones: string[]}>, edges: Map<string, Edge>}} Cell */
/** @typedef {{west: number, south: number, wide: number, high: number, side: number}} Grid */

const MOST_CELLS = 128; // a side: a square of some hundred metres where a town has ten thousand zones

export class Coverage {
  /** @type {ReadonlyMap<string, Shape>} */
  zones;
  /** @type {Grid} */
  #grid;
  /** @type {Map<number, string[]>} */
  #ids;
  /** @type {Map<number, Cell>} made when first asked for */
  #cells;

  /** @param {ReadonlyMap<string, Shape>} zones @param {{grid: Grid, ids: Map<number, string[]>, cells: Map<number, Cell>}} index */
  constructor(zones, { grid, ids, cells }) {
    this.zones = zones;
    this.#grid = grid;
    this.#ids = ids;
    this.#cells = cells;
  }

  /** @param {Iterable<[string, Shape]>} shapes by their zones' numbers */
  static of(shapes) {
    const zones = new Map(shapes);
    const grid = gridOver(zones);
    const ids = new Map();
    for (const [id, shape] of zones) enter(ids, grid, id, shape);
    return new Coverage(zones, { grid, ids, cells: new Map() });
  }

  /** @param {string} id @returns {Shape} */
  shape(id) {
    return this.zones.get(id) ?? [];
  }

  /** @param {Change} change @returns {Coverage} */
  apply({ before, after }) {
    const zones = new Map(this.zones);
    const ids = new Map(this.#ids);
    const cells = new Map(this.#cells);
    for (const [id, shape] of before) if (shape) leave(ids, this.#grid, id, this.zones.get(id) ?? shape, cells);
    for (const [id, shape] of after) {
      if (!shape) zones.delete(id);
      else {
        zones.set(id, shape);
        enter(ids, this.#grid, id, shape, cells);
      }
    }
    return new Coverage(zones, { grid: this.#grid, ids, cells });
  }

  /** The zones that have this very point among theirs. @param {Point} point */
  usersOf(point) {
    return this.#cell(cellAt(this.#grid, point)).nodes.get(keyOf(point))?.zones ?? [];
  }

  /** The zones of which the line from a to b is an edge, in either direction. @param {Point} a @param {Point} b */
  usersOfEdge(a, b) {
    return this.#cell(cellAt(this.#grid, a)).edges.get(edgeKey(a, b))?.zones ?? [];
  }

  /** Nodes and edges near a place. @param {Point} point @param {number} lon degrees to either side @param {number} lat */
  near(point, lon, lat) {
    /** @type {Map<string, {at: Point, zones: string[]}>} */
    const nodes = new Map();
    /** @type {Map<string, Edge>} */
    const edges = new Map();
    const box = /** @type {const} */ ([point[0] - lon, point[1] - lat, point[0] + lon, point[1] + lat]);
    for (const number of cellsIn(this.#grid, box)) {
      const cell = this.#cell(number);
      for (const [key, node] of cell.nodes) nodes.set(key, node);
      for (const [key, edge] of cell.edges) edges.set(key, edge);
    }
    return { nodes, edges };
  }

  /** The zones whose box meets this one. @param {readonly [number, number, number, number]} box */
  meeting(box) {
    const found = new Set(cellsIn(this.#grid, box).flatMap((number) => this.#ids.get(number) ?? []));
    return [...found].filter((id) => meets(boxOf(this.shape(id)), box));
  }

  /** The nodes an edge leads to from here. @param {Point} point */
  neighboursOf(point) {
    const key = keyOf(point);
    /** @type {Map<string, Point>} */
    const found = new Map();
    for (const { a, b } of this.#cell(cellAt(this.#grid, point)).edges.values()) {
      if (keyOf(a) === key) found.set(keyOf(b), b);
      else if (keyOf(b) === key) found.set(keyOf(a), a);
    }
    return [...found.values()];
  }

  /** @param {number} number @returns {Cell} */
  #cell(number) {
    const kept = this.#cells.get(number);
    if (kept) return kept;
    /** @type {Cell} */
    const made = { nodes: new Map(), edges: new Map() };
    for (const id of this.#ids.get(number) ?? []) fill(made, this.#grid, number, id, this.shape(id));
    this.#cells.set(number, made);
    return made;
  }
}

/** @param {Point} a @param {Point} b */
function edgeKey(a, b) {
  const [one, other] = [keyOf(a), keyOf(b)];
  return one < other ? `${one} ${other}` : `${other} ${one}`;
}

/** @param {Cell} cell @param {Grid} grid @param {number} number @param {string} id @param {Shape} shape */
function fill(cell, grid, number, id, shape) {
  const [i, j] = [number % MOST_CELLS, Math.floor(number / MOST_CELLS)];
  for (const polygon of shape)
    for (const ring of polygon) {
      const end = ring[ring.length - 1];
      if (!isClosed(ring) && columnOf(grid, end[0]) === i && rowOf(grid, end[1]) === j) user(cell.nodes, keyOf(end), () => ({ at: end, zones: [] })).add(id);
      for (let k = 0; k + 1 < ring.length; k++) {
        const [a, b] = [ring[k], ring[k + 1]];
        const [ai, aj, bi, bj] = [columnOf(grid, a[0]), rowOf(grid, a[1]), columnOf(grid, b[0]), rowOf(grid, b[1])];
        if (ai === i && aj === j) user(cell.nodes, keyOf(a), () => ({ at: a, zones: [] })).add(id);
        if (Math.min(ai, bi) <= i && i <= Math.max(ai, bi) && Math.min(aj, bj) <= j && j <= Math.max(aj, bj))
          user(cell.edges, edgeKey(a, b), () => ({ a, b, zones: [] })).add(id);
      }
    }
}

/** @template {{zones: string[]}} T @param {Map<string, T>} known @param {string} key @param {() => T} make */
function user(known, key, make) {
  const found = known.get(key) ?? make();
  known.set(key, found);
  return { add: (/** @type {string} */ id) => void (found.zones.includes(id) || found.zones.push(id)) };
}

/** @param {ReadonlyMap<string, Shape>} zones @returns {Grid} */
function gridOver(zones) {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const shape of zones.values()) {
    const box = boxOf(shape);
    if (!box) continue;
    [west, south] = [Math.min(west, box[0]), Math.min(south, box[1])];
    [east, north] = [Math.max(east, box[2]), Math.max(north, box[3])];
  }
  if (!(west <= east)) [west, south, east, north] = [0, 0, 1, 1];
  const side = Math.max(1, Math.min(MOST_CELLS, Math.ceil(Math.sqrt(zones.size))));
  return { west, south, wide: (east - west) / side || 1, high: (north - south) / side || 1, side };
}

// What lies beyond the ground the grid was laid over belongs to its outermost cells.
/** @param {Grid} grid @param {number} lon */
const columnOf = (grid, lon) => Math.max(0, Math.min(grid.side - 1, Math.floor((lon - grid.west) / grid.wide)));
/** @param {Grid} grid @param {number} lat */
const rowOf = (grid, lat) => Math.max(0, Math.min(grid.side - 1, Math.floor((lat - grid.south) / grid.high)));
/** @param {Grid} grid @param {Point} point */
const cellAt = (grid, point) => rowOf(grid, point[1]) * MOST_CELLS + columnOf(grid, point[0]);

/** @param {Grid} grid @param {readonly [number, number, number, number]} box */
function cellsIn(grid, [west, south, east, north]) {
  const found = [];
  for (let j = rowOf(grid, south); j <= rowOf(grid, north); j++)
    for (let i = columnOf(grid, west); i <= columnOf(grid, east); i++) found.push(j * MOST_CELLS + i);
  return found;
}

/** @param {Map<number, string[]>} ids @param {Grid} grid @param {string} id @param {Shape} shape @param {Map<number, Cell>} [cells] */
function enter(ids, grid, id, shape, cells) {
  const box = boxOf(shape);
  for (const number of box ? cellsIn(grid, box) : []) {
    ids.set(number, [...(ids.get(number) ?? []), id]);
    cells?.delete(number);
  }
}

/** @param {Map<number, string[]>} ids @param {Grid} grid @param {string} id @param {Shape} shape @param {Map<number, Cell>} cells */
function leave(ids, grid, id, shape, cells) {
  const box = boxOf(shape);
  for (const number of box ? cellsIn(grid, box) : []) {
    ids.set(number, (ids.get(number) ?? []).filter((one) => one !== id));
    cells.delete(number);
  }
}

/** @param {readonly [number, number, number, number] | null} one @param {readonly [number, number, number, number]} other */
function meets(one, other) {
  return one !== null && one[0] <= other[2] && other[0] <= one[2] && one[1] <= other[3] && other[1] <= one[3];
}

/** @param {Change} change @returns {Change} what takes it back */
export function invert({ before, after }) {
  return { before: after, after: before };
}

/** @param {Coverage} coverage @param {Map<string, Shape | null>} edited @returns {{topology: Coverage, change: Change}} */
export function changed(coverage, edited) {
  const before = /** @type {[string, Shape | null][]} */ ([...edited.keys()].map((id) => [id, coverage.zones.get(id) ?? null]));
  const change = { before, after: [...edited] };
  return { topology: coverage.apply(change), change };
}

/** One change of several that followed one another. @param {Change[]} changes @returns {Change} */
export function joined(changes) {
  /** @type {Map<string, Shape | null>} */
  const before = new Map();
  /** @type {Map<string, Shape | null>} */
  const after = new Map();
  for (const change of changes) {
    for (const [id, shape] of change.before) if (!before.has(id)) before.set(id, shape);
    for (const [id, shape] of change.after) after.set(id, shape);
  }
  return { before: [...before], after: [...after] };
}

/** Whether two shapes have the same points in the same order. @param {Shape | null | undefined} one @param {Shape | null | undefined} other */
export function isSameShape(one, other) {
  if (!one || !other) return (one ?? null) === (other ?? null);
  return one === other || (one.length === other.length && one.every((polygon, i) =>
    polygon.length === other[i].length && polygon.every((ring, j) =>
      ring.length === other[i][j].length && ring.every((point, k) => isSame(point, other[i][j][k])))));
}

/** The parts of a geometry that has an area; none of a line. @param {{type: string, coordinates?: any} | null | undefined} geometry @returns {Shape} */
export function shapeOf(geometry) {
  if (geometry?.type === "Polygon") return [geometry.coordinates];
  return geometry?.type === "MultiPolygon" ? geometry.coordinates : [];
}

/** The parts of a geometry, be it ground or lines: of a line each part is one open ring. @param {{type: string, coordinates?: any} | null | undefined} geometry @returns {Shape} */
export function outlineOf(geometry) {
  const ground = shapeOf(geometry);
  return ground.length ? ground : linesOf(geometry).map((line) => [line]);
}

/** The lines of a geometry that is one or several. @param {{type: string, coordinates?: any} | null | undefined} geometry @returns {Point[][]} */
export function linesOf(geometry) {
  if (geometry?.type === "LineString") return [geometry.coordinates];
  return geometry?.type === "MultiLineString" ? geometry.coordinates : [];
}

/** @param {Shape} shape @param {boolean} [isLine] */
export function geometryOf(shape, isLine = false) {
  if (isLine) return shape.length === 1 ? { type: "LineString", coordinates: shape[0][0] } : { type: "MultiLineString", coordinates: shape.map(([line]) => line) };
  return shape.length === 1 ? { type: "Polygon", coordinates: shape[0] } : { type: "MultiPolygon", coordinates: shape };
}
