// @ts-check
// Patches: connected ground of one grade. A numeral stands once on each that is large enough to carry it.

/** @typedef {number[][][]} Rings an outline and its holes, [longitude, latitude] */

const MOST = 400; // of very many only the largest are named: no screen has room for more

/**
 * The patches of a shape, the largest first, with how wide each is in degrees of latitude.
 * @param {{type: string, coordinates: any} | null | undefined} geometry
 * @returns {{rings: Rings, span: number}[]}
 */
export function patchesOf(geometry) {
  const polygons = geometry?.type === "Polygon" ? [geometry.coordinates] : geometry?.type === "MultiPolygon" ? geometry.coordinates : [];
  return polygons
    .map((/** @type {Rings} */ rings) => ({ rings, span: spanOf(rings) }))
    .sort((/** @type {{span: number}} */ a, /** @type {{span: number}} */ b) => b.span - a.span)
    .slice(0, MOST);
}

/**
 * Four times the area by the perimeter: the side of a square, and twice the width of a strip however long it is.
 * @param {Rings} rings
 */
export function spanOf(rings) {
  const narrow = Math.cos((rings[0][0][1] * Math.PI) / 180);
  let doubled = 0;
  let around = 0;
  for (const [number, ring] of rings.entries()) {
    let area = 0;
    for (let i = 0; i + 1 < ring.length; i++) {
      const [[x0, y0], [x1, y1]] = [ring[i], ring[i + 1]];
      area += (x0 * y1 - x1 * y0) * narrow;
      around += Math.hypot((x1 - x0) * narrow, y1 - y0);
    }
    doubled += number === 0 ? Math.abs(area) : -Math.abs(area);
  }
  return around > 0 ? (2 * doubled) / around : 0;
}

/**
 * The middle one of sizes; 0 where there is none.
 * @param {number[]} sizes
 */
export function median(sizes) {
  return [...sizes].sort((a, b) => a - b)[Math.floor(sizes.length / 2)] ?? 0;
}
