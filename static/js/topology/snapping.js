// @ts-check
// What a place is drawn to: the nearest node, else where two edges cross, else the nearest point of an edge.
import { crossing, distance_m, keyOf, metresAt, nearestOn } from "./plane.js";

/** @typedef {import("./plane.js").Point} Point */
/** @typedef {import("./coverage.js").Coverage} Coverage */
/** @typedef {{kind: "vertex" | "intersection" | "edge", at: Point, distance_m: number, zones: string[], edge?: [Point, Point]}} Target */

const MOST_CROSSED = 60; // edges near a place that are looked at in pairs

/**
 * @param {Coverage} coverage
 * @param {Point} point
 * @param {{radius_m: number, but?: (at: Point) => boolean}} how but: nodes that are not drawn to, the one in hand for instance
 * @returns {Target | null} the nearest of the best kind within the radius
 */
export function snapTo(coverage, point, { radius_m, but = () => false }) {
  const [x, y] = metresAt(point[1]);
  const { nodes, edges } = coverage.near(point, radius_m / x, radius_m / y);
  /** @type {Target | null} */
  let best = null;
  for (const { at, zones } of nodes.values())
    if (!but(at)) best = nearer(best, { kind: "vertex", at, zones, distance_m: distance_m(point, at) }, radius_m);
  if (best) return best;
  const close = [];
  for (const { a, b, zones } of edges.values()) {
    if (but(a) || but(b)) continue;
    const { at } = nearestOn(point, a, b);
    const found = { kind: /** @type {const} */ ("edge"), at, zones, edge: /** @type {[Point, Point]} */ ([a, b]), distance_m: distance_m(point, at) };
    if (found.distance_m <= radius_m) close.push(found);
    best = nearer(best, found, radius_m);
  }
  return crossed(close, point, radius_m) ?? best;
}

/** @param {Target | null} best @param {Target} found @param {number} radius_m */
function nearer(best, found, radius_m) {
  return found.distance_m <= (best?.distance_m ?? radius_m) ? found : best;
}

/** @param {Target[]} close @param {Point} point @param {number} radius_m @returns {Target | null} */
function crossed(close, point, radius_m) {
  /** @type {Target | null} */
  let best = null;
  for (const [i, one] of close.slice(0, MOST_CROSSED).entries())
    for (const other of close.slice(i + 1, MOST_CROSSED)) {
      const [[a, b], [c, d]] = [one.edge ?? [point, point], other.edge ?? [point, point]];
      const at = [a, b].some((end) => [c, d].some((more) => keyOf(end) === keyOf(more))) ? null : crossing(a, b, c, d);
      if (!at) continue;
      const zones = [...new Set([...one.zones, ...other.zones])];
      best = nearer(best, { kind: "intersection", at, zones, distance_m: distance_m(point, at) }, radius_m);
    }
  return best;
}
