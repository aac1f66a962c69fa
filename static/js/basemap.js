// The ground under the grades: the town's land, water, roads by class, village borders and names. All from our own data.
import { drawBuildings, drawHillshade } from "./hillshade.js";
import { showSymbol } from "./legend.js";
import { fitTo, inStratum, insidePoint } from "./map.js";

const ROADS = {
  motorway: { width: 5, main: true },
  national: { width: 4.2, main: true },
  provincial: { width: 3.8, main: true },
  county: { width: 3 },
  township: { width: 2.4 },
  village: { width: 1.6 },
  track: { width: 1 },
};

const STREAMS = { river: 2.6, canal: 1.3, stream: 0.9 };
const INDEX_CONTOUR_M = 250;
const CLOSE_FROM_ZOOM = 13.5;

export async function drawBasemap(map, sources, labels) {
  const [boundary, villages, water, roads] = await Promise.all(
    ["boundary", "villages", "water", "roads"].map((name) => sources[name]().catch(() => [])),
  );
  const ground = boundary.length ? boundary : villages;
  const land = L.geoJSON(ground, {
    ...inStratum(map, "land"),
    style: { className: "land", fillOpacity: 1, weight: 0 },
  }).addTo(map);
  drawWater(map, water, labels);
  drawRoads(map, roads, labels);
  drawEdge(map, boundary);
  for (const [name, drawn] of Object.entries({ boundary, water, roads })) showSymbol(name, drawn.length > 0);
  drawHillshade(map, sources);
  drawBuildings(map, sources);
  followRelief(map, sources);
  const borders = L.geoJSON(villages, {
    ...inStratum(map, "villages"),
    style: { className: "village-edge", weight: 0.9, fill: false },
  });
  const names = villages.map((village) => villageLabel(village));
  fitTo(map, land);
  return {
    villages,
    boundary: ground,
    whole: () => fitTo(map, land),
    bounds: () => land.getBounds(),
    showVillages(shown) {
      shown ? borders.addTo(map) : borders.remove();
      showSymbol("villages", shown && villages.length > 0);
      labels.set("villages", shown ? names : []);
    },
  };
}

function villageLabel({ geometry, properties }) {
  return {
    at: insidePoint(geometry),
    text: properties.name || "",
    kind: "village",
    priority: 60 + (properties.population || 0) / 1e5,
  };
}

// The town's border, and a veil over the ground beyond it: what lies outside is context, not judged.
function drawEdge(map, boundary) {
  const rings = boundary.flatMap(({ geometry }) =>
    geometry.type === "Polygon" ? [geometry.coordinates[0]] : geometry.coordinates.map((polygon) => polygon[0]),
  );
  if (!rings.length) return;
  const veil = {
    type: "Polygon",
    coordinates: [
      [
        [-180, -85],
        [180, -85],
        [180, 85],
        [-180, 85],
        [-180, -85],
      ],
      ...rings,
    ],
  };
  L.geoJSON(veil, { ...inStratum(map, "beyond"), style: { className: "beyond", weight: 0, fillOpacity: 0.74 } }).addTo(
    map,
  );
  L.geoJSON(boundary, { ...inStratum(map, "beyond"), style: { className: "town-edge", weight: 1.6, fill: false } }).addTo(
    map,
  );
}

// Contours and railways: first as a map of the whole town shows them, finer ones once somebody looks closely.
function followRelief(map, sources) {
  let drawn = L.layerGroup();
  const draw = (close) =>
    sources
      .relief(close)
      .then((relief) => {
        drawn.remove();
        drawn = drawRelief(relief, map).addTo(map);
      })
      .catch(() => null);
  const look = () => {
    if (map.getZoom() < CLOSE_FROM_ZOOM) return;
    map.off("zoomend", look);
    draw(true);
  };
  map.on("zoomend", look);
  draw(false).then(look);
}

function drawRelief(relief, map) {
  const drawn = L.layerGroup();
  const contours = relief.filter(({ properties }) => properties.kind === "contour");
  const isIndex = ({ properties }) => properties.elevation_m % INDEX_CONTOUR_M === 0;
  drawContours(map, drawn, contours.filter((line) => !isIndex(line)), { weight: 0.5, opacity: 0.32 });
  drawContours(map, drawn, contours.filter(isIndex), { weight: 0.9, opacity: 0.5 });
  const railways = relief.filter(({ properties }) => properties.kind === "railway");
  showSymbol("railways", railways.length > 0);
  L.geoJSON(railways, { ...inStratum(map, "roads"), style: { className: "railway", weight: 3 } }).addTo(drawn);
  L.geoJSON(railways, {
    ...inStratum(map, "roads"),
    style: { className: "railway-gaps", weight: 1.8, dashArray: "7 7" },
  }).addTo(drawn);
  return drawn;
}

// Hundreds of lines of one look are one path: the browser paints it as fast as a picture, and paper gets it too.
function drawContours(map, drawn, lines, look) {
  const parts = lines.flatMap(({ geometry }) =>
    geometry.type === "LineString" ? [geometry.coordinates] : geometry.coordinates,
  );
  if (!parts.length) return;
  const shape = { type: "MultiLineString", coordinates: parts };
  L.geoJSON(shape, { ...inStratum(map, "relief"), style: { className: "contour", fill: false, ...look } }).addTo(drawn);
}

function drawWater(map, water, labels) {
  const style = ({ geometry, properties }) =>
    geometry.type.endsWith("Polygon")
      ? { className: "water", weight: 0.8, fillOpacity: 1 }
      : { className: "stream", weight: STREAMS[properties.kind] || 1, fill: false };
  L.geoJSON(water, { ...inStratum(map, "water"), style }).addTo(map);
  const named = water.filter((piece) => piece.properties.name && piece.geometry.type.endsWith("Polygon"));
  labels.set(
    "water",
    named.map(({ geometry, properties }) => ({
      at: insidePoint(geometry),
      text: properties.name,
      kind: "water-name",
      priority: 30,
    })),
  );
}

function drawRoads(map, roads, labels) {
  const classOf = (feature) => ROADS[feature.properties.road_class] || ROADS.village;
  const ordered = [...roads].sort((a, b) => classOf(a).width - classOf(b).width);
  const round = { lineCap: "round", lineJoin: "round" };
  const cases = L.geoJSON(ordered, {
    ...inStratum(map, "roads"),
    style: (road) => ({ className: "road-case", weight: classOf(road).width + 1.4, ...round }),
  });
  const tops = L.geoJSON(ordered, {
    ...inStratum(map, "roads"),
    style: (road) => ({
      className: classOf(road).main ? "road road-main" : "road",
      weight: classOf(road).width,
      ...round,
    }),
  });
  cases.addTo(map);
  tops.addTo(map);
  const shown = new Map();
  for (const { geometry, properties } of roads) {
    const number = /[GSX]\d+/.exec(properties.name || "")?.[0];
    const line = geometry.type === "LineString" ? geometry.coordinates : geometry.coordinates[0];
    if (number && line.length > (shown.get(number)?.length || 0)) shown.set(number, line);
  }
  labels.set(
    "roads",
    [...shown].map(([text, line]) => ({ at: middle(line), text, kind: "road-name", priority: 20 })),
  );
}

function middle(line) {
  const i = Math.floor(line.length / 2);
  const [a, b] = [line[Math.max(i - 1, 0)], line[i]];
  return L.latLng((a[1] + b[1]) / 2, (a[0] + b[0]) / 2);
}
