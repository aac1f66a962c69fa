// A geometry as the lines of the coordinates box: longitude,latitude; an empty line between plots, GeoJSON for holes.

export function writeFootprint(geometry) {
  const { type, coordinates } = geometry;
  if (type === "Point") return writePoint(coordinates);
  if (type === "LineString") return coordinates.map(writePoint).join("\n");
  const polygons = type === "Polygon" ? [coordinates] : type === "MultiPolygon" ? coordinates : null;
  if (polygons?.every((rings) => rings.length === 1))
    return polygons.map(([ring]) => openRing(ring).map(writePoint).join("\n")).join("\n\n");
  return JSON.stringify(geometry);
}

function writePoint([lon, lat]) {
  return `${rounded(lon)},${rounded(lat)}`;
}

function rounded(degrees) {
  return Number(degrees.toFixed(9));
}

// The last corner repeats the first; nobody writes it down.
function openRing(ring) {
  return ring.length > 1 && String(ring[0]) === String(ring.at(-1)) ? ring.slice(0, -1) : ring;
}
