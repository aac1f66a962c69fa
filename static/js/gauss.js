// Degrees to CGCS2000 three-degree Gauss-Krüger metres (CGCS2000 ellipsoid, Krüger's series in the third flattening n).

const A = 6378137;
const F = 1 / 298.257222101;
const N = F / (2 - F);
const RADIUS = (A / (1 + N)) * (1 + N ** 2 / 4 + N ** 4 / 64);
const SERIES = [
  N / 2 - (2 * N ** 2) / 3 + (5 * N ** 3) / 16,
  (13 * N ** 2) / 48 - (3 * N ** 3) / 5,
  (61 * N ** 3) / 240,
];
const ECCENTRICITY = Math.sqrt(F * (2 - F));
const FALSE_EASTING_M = 500000;

export function threeDegreeMeridian(lon) {
  return Math.round(lon / 3) * 3;
}

// East (with false easting, without zone number) and north in metres on the central meridian given.
export function gaussKrueger(lon, lat, meridian) {
  const sine = Math.sin((lat * Math.PI) / 180);
  const away = ((lon - meridian) * Math.PI) / 180;
  const tau = Math.sinh(Math.atanh(sine) - ECCENTRICITY * Math.atanh(ECCENTRICITY * sine));
  const xi = Math.atan2(tau, Math.cos(away));
  const eta = Math.atanh(Math.sin(away) / Math.hypot(1, tau));
  let [east, north] = [eta, xi];
  SERIES.forEach((term, i) => {
    const k = 2 * (i + 1);
    east += term * Math.cos(k * xi) * Math.sinh(k * eta);
    north += term * Math.sin(k * xi) * Math.cosh(k * eta);
  });
  return { east: FALSE_EASTING_M + RADIUS * east, north: RADIUS * north };
}

// Area in m² of a small ring of [lon, lat], from its Gauss-Krüger corners on the meridian nearest to it.
export function ringArea_m2(ring) {
  const meridian = threeDegreeMeridian(ring[0][0]);
  const corners = ring.map(([lon, lat]) => gaussKrueger(lon, lat, meridian));
  let doubled = 0;
  corners.forEach((here, i) => {
    const next = corners[(i + 1) % corners.length];
    doubled += here.east * next.north - next.east * here.north;
  });
  return Math.abs(doubled) / 2;
}
