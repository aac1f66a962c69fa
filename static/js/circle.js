// @ts-check
// A circle on the ground as an area of GeoJSON.

const METRES_A_DEGREE = 111_320;
const CORNERS = 48;
const DIGITS = 1e7;

/** @param {{lat: number, lng: number}} middle @param {number} radius_m */
export function circleAround({ lat, lng }, radius_m) {
  const high = radius_m / METRES_A_DEGREE;
  const wide = high / Math.cos((lat * Math.PI) / 180);
  const round = (/** @type {number} */ degrees) => Math.round(degrees * DIGITS) / DIGITS;
  const ring = Array.from({ length: CORNERS }, (_, i) => {
    const turn = (i / CORNERS) * 2 * Math.PI;
    return [round(lng + wide * Math.cos(turn)), round(lat + high * Math.sin(turn))];
  });
  return { type: /** @type {const} */ ("Polygon"), coordinates: [[...ring, ring[0]]] };
}
