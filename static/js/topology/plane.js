// @ts-check
// Points, rings and figures in the plane of longitude and latitude: what needs no neighbour to be told.

/** @typedef {number[]} Point longitude and latitude in degrees, exactly as the service told them */
/** @typedef {Point[]} Ring closed: the last point is the first */
/** @typedef {Ring[]} Polygon the shell, then its holes */
/** @typedef {Polygon[]} Shape the parts of a zone */

const A = 6378137;
const F = 1 / 298.257222101;
const E2 = F * (2 - F);
const RADIAN = Math.PI / 180;

/** The name of a place: two points are one node where their numbers are the same, bit for bit. @param {Point} point */
export function keyOf(point) {
  return `${point[0]},${point[1]}`;
}

/** @param {Point} a @param {Point} b */
export function isSame(a, b) {
  return a[0] === b[0] && a[1] === b[1];
}

/**
 * Metres of one degree of longitude and of latitude there, on the CGCS2000 ellipsoid. Near by, the ground is flat to a few parts in
 * a million; what counts is measured by the service.
 * @param {number} lat
 * @returns {[number, number]}
 */
export function metresAt(lat) {
  const w = Math.sqrt(1 - E2 * Math.sin(lat * RADIAN) ** 2);
  return [((A * Math.cos(lat * RADIAN)) / w) * RADIAN, ((A * (1 - E2)) / w ** 3) * RADIAN];
}

/** @param {Point} a @param {Point} b */
export function distance_m(a, b) {
  const [x, y] = metresAt((a[1] + b[1]) / 2);
  return Math.hypot((a[0] - b[0]) * x, (a[1] - b[1]) * y);
}

/** Twice the area to the left, in square degrees; negative where the ring runs clockwise. @param {Ring} ring */
export function turning(ring) {
  const [x0, y0] = ring[0];
  let doubled = 0;
  for (let i = 1; i + 2 < ring.length; i++)
    doubled += (ring[i][0] - x0) * (ring[i + 1][1] - y0) - (ring[i + 1][0] - x0) * (ring[i][1] - y0);
  return doubled;
}

/** Its area in m², by the metres of a degree in its middle. @param {Shape} shape */
export function area_m2(shape) {
  const box = boxOf(shape);
  if (!box) return 0;
  const [x, y] = metresAt((box[1] + box[3]) / 2);
  let doubled = 0;
  for (const polygon of shape)
    for (const [place, ring] of polygon.entries()) doubled += Math.abs(turning(ring)) * (place ? -1 : 1);
  return (doubled / 2) * x * y;
}

/** Whether a ring is closed; a line is open. @param {Ring} ring */
export function isClosed(ring) {
  return ring.length > 2 && isSame(ring[0], ring[ring.length - 1]);
}

/** The length of its lines in metres. @param {Shape} shape */
export function length_m(shape) {
  return shape.flat().reduce((sum, line) => line.slice(1).reduce((all, point, i) => all + distance_m(line[i], point), sum), 0);
}

/** West, south, east, north; null of nothing. @param {Shape} shape @returns {[number, number, number, number] | null} */
export function boxOf(shape) {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [shell] of shape)
    for (const [lon, lat] of shell) {
      if (lon < west) west = lon;
      if (lon > east) east = lon;
      if (lat < south) south = lat;
      if (lat > north) north = lat;
    }
  return west <= east ? [west, south, east, north] : null;
}

/** Where on the line from a to b the point is nearest to, and how far along (0 to 1). @param {Point} p @param {Point} a @param {Point} b */
export function nearestOn(p, a, b) {
  const [x, y] = metresAt(p[1]);
  const [dx, dy] = [(b[0] - a[0]) * x, (b[1] - a[1]) * y];
  const length2 = dx * dx + dy * dy;
  const along = length2 ? ((p[0] - a[0]) * x * dx + (p[1] - a[1]) * y * dy) / length2 : 0;
  const part = Math.max(0, Math.min(1, along));
  return { part, at: part === 0 ? a : part === 1 ? b : [a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part] };
}

/** On which side of the line from a to b: above 0 to the left. @param {Point} a @param {Point} b @param {Point} p */
export function sideOf(a, b, p) {
  return (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]);
}

/**
 * Where two lines cross or touch; null where they do not, or run along one another.
 * @param {Point} a @param {Point} b @param {Point} c @param {Point} d
 * @returns {Point | null} one of the four ends itself where it lies there
 */
export function crossing(a, b, c, d) {
  const [ac, bc] = [sideOf(c, d, a), sideOf(c, d, b)];
  const [ca, da] = [sideOf(a, b, c), sideOf(a, b, d)];
  if ((ac > 0 && bc > 0) || (ac < 0 && bc < 0) || (ca > 0 && da > 0) || (ca < 0 && da < 0) || ac === bc) return null;
  for (const [end, side] of /** @type {[Point, number][]} */ ([[a, ac], [b, bc], [c, ca], [d, da]])) if (side === 0) return end;
  const part = ac / (ac - bc);
  return [a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part];
}

/** Whether the point lies inside; on the border is neither. @param {Point} point @param {Polygon} polygon */
export function isWithin([x, y], polygon) {
  let inside = false;
  for (const ring of polygon)
    for (let i = 0; i + 1 < ring.length; i++) {
      const [[x0, y0], [x1, y1]] = [ring[i], ring[i + 1]];
      if (y0 > y !== y1 > y && x < x0 + ((y - y0) / (y1 - y0)) * (x1 - x0)) inside = !inside;
    }
  return inside;
}

/**
 * The first place where a line crosses or touches itself; null of a sound one. Edges are walked from west to east.
 * @param {Point[]} line
 * @param {boolean} [closed] a ring: its first point may be its last
 * @returns {Point | null}
 */
export function selfCrossing(line, closed = true) {
  const edges = [];
  for (let i = 0; i + 1 < line.length; i++) {
    const [a, b] = [line[i], line[i + 1]];
    edges.push({ i, a, b, west: Math.min(a[0], b[0]), east: Math.max(a[0], b[0]) });
  }
  edges.sort((one, other) => one.west - other.west);
  for (let i = 0; i < edges.length; i++)
    for (let j = i + 1; j < edges.length && edges[j].west <= edges[i].east; j++) {
      const met = meeting(edges[i], edges[j], closed ? line.length - 1 : -1);
      if (met) return met;
    }
  return null;
}

/** @param {{i: number, a: Point, b: Point}} one @param {{i: number, a: Point, b: Point}} other @param {number} count */
function meeting(one, other, count) {
  const apart = Math.abs(one.i - other.i);
  const isNext = apart === 1 || apart === count - 1;
  if (!isNext) return crossing(one.a, one.b, other.a, other.b);
  const shared = isSame(one.b, other.a) ? one.b : one.a;
  const ends = [one.a, one.b, other.a, other.b].filter((end) => !isSame(end, shared));
  if (ends.length < 2) return shared; // an edge without length
  const [p, q] = [ends[0], ends[1]];
  const back = (p[0] - shared[0]) * (q[0] - shared[0]) + (p[1] - shared[1]) * (q[1] - shared[1]) > 0;
  return back && sideOf(p, shared, q) === 0 ? shared : null; // the border runs back on itself
}

/** Where a shape, or a line of it, crosses itself; null of a sound one. @param {Shape} shape */
export function shapeCrossing(shape) {
  for (const polygon of shape)
    for (const ring of polygon) {
      const met = selfCrossing(ring, isClosed(ring));
      if (met) return met;
    }
  return null;
}
