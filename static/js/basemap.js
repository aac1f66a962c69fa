// The ground under the grades: the town's land, water, roads by class, village borders and names. All from our own data.
import { fitTo, inPane, insidePoint } from "./map.js";

const ROADS = {
  motorway: { width: 5, main: true },
  national: { width: 4.2, main: true },
  provincial: { width: 3.8, main: true },
  county: { width: 3 },
  township: { width: 2.4 },
  village: { width: 1.6 },
  track: { width: 1 },
};

export async function drawBasemap(map, sources, labels) {
  const [boundary, villages, water, roads] = await Promise.all(
    ["boundary", "villages", "water", "roads"].map((name) => sources[name]().catch(() => [])),
  );
  const ground = boundary.length ? boundary : villages;
  const land = L.geoJSON(ground, { ...inPane(map, "land"), style: { className: "land", fillOpacity: 1, weight: 0 } }).addTo(map);
  drawWater(map, water, labels);
  drawRoads(map, roads, labels);
  L.geoJSON(boundary, { ...inPane(map, "roads"), style: { className: "town-edge", weight: 1.6, fill: false } }).addTo(map);
  const borders = L.geoJSON(villages, { ...inPane(map, "villages"), style: { className: "village-edge", weight: 0.9, fill: false } });
  const names = villages.map((village) => villageLabel(village));
  fitTo(map, land);
  return {
    villageCount: villages.length,
    showVillages(shown) {
      shown ? borders.addTo(map) : borders.remove();
      labels.set("villages", shown ? names : []);
    },
  };
}

function villageLabel({ geometry, properties }) {
  return { at: insidePoint(geometry), text: properties.name || "", kind: "village", priority: 60 + (properties.population || 0) / 1e5 };
}

function drawWater(map, water, labels) {
  const style = ({ geometry }) =>
    geometry.type.endsWith("Polygon") ? { className: "water", weight: 0.8, fillOpacity: 1 } : { className: "stream", weight: 1.6, fill: false };
  L.geoJSON(water, { ...inPane(map, "water"), style }).addTo(map);
  const named = water.filter((piece) => piece.properties.name && piece.geometry.type.endsWith("Polygon"));
  labels.set("water", named.map(({ geometry, properties }) => ({ at: insidePoint(geometry), text: properties.name, kind: "water-name", priority: 30 })));
}

function drawRoads(map, roads, labels) {
  const classOf = (feature) => ROADS[feature.properties.road_class] || ROADS.village;
  const ordered = [...roads].sort((a, b) => classOf(a).width - classOf(b).width);
  const round = { lineCap: "round", lineJoin: "round" };
  const cases = L.geoJSON(ordered, { ...inPane(map, "roads"), style: (road) => ({ className: "road-case", weight: classOf(road).width + 1.4, ...round }) });
  const tops = L.geoJSON(ordered, {
    ...inPane(map, "roads"),
    style: (road) => ({ className: classOf(road).main ? "road road-main" : "road", weight: classOf(road).width, ...round }),
  });
  cases.addTo(map);
  tops.addTo(map);
  const shown = new Map();
  for (const { geometry, properties } of roads) {
    const number = /[GSX]\d+/.exec(properties.name || "")?.[0];
    const line = geometry.type === "LineString" ? geometry.coordinates : geometry.coordinates[0];
    if (number && line.length > (shown.get(number)?.length || 0)) shown.set(number, line);
  }
  labels.set("roads", [...shown].map(([text, line]) => ({ at: middle(line), text, kind: "road-name", priority: 20 })));
}

function middle(line) {
  const i = Math.floor(line.length / 2);
  const [a, b] = [line[Math.max(i - 1, 0)], line[i]];
  return L.latLng((a[1] + b[1]) / 2, (a[0] + b[0]) / 2);
}
