// A Leaflet map made ready for our layers: ordered strata in two drawings, scale and zoom.
import { showCorners } from "./corners.js";
import { Strata } from "./strata.js";
import { t } from "./words.js";

const PANES = { ground: 150, tiles: 300, unsurveyed: 305, hillshade: 310, over: 350, labels: 590, objects: 595 };
const STRATA = {
  ground: ["land", "water", "grades"],
  unsurveyed: ["unsurveyed"], // over every grade, be it a shape or a tile: what nobody surveyed has none
  over: ["relief", "villages", "hazards", "buildings", "roads", "beyond", "selection", "sites"],
};

const FAR_BELOW_ZOOM = 12;

export function prepareMap(map) {
  for (const [name, order] of Object.entries(PANES)) map.createPane(name).style.zIndex = order;
  for (const name of ["hillshade", "labels"]) map.getPane(name).style.pointerEvents = "none";
  map.strata = {};
  for (const [pane, strata] of Object.entries(STRATA)) {
    const drawing = new Strata({ pane, strata });
    for (const name of strata) map.strata[name] = drawing;
  }
  map.setMinZoom(8);
  map.setMaxZoom(18);
  L.control.zoom({ position: "topright", zoomInTitle: t("放大"), zoomOutTitle: t("缩小") }).addTo(map);
  L.control.scale({ imperial: false, position: "bottomleft", maxWidth: 110 }).addTo(map);
  addNorth(map);
  showCorners(map);
  map.getContainer().setAttribute("aria-label", t("地图，可用方向键移动、加减号缩放"));
  new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(map.getContainer());
  const nearness = () => map.getContainer().classList.toggle("far", map.getZoom() < FAR_BELOW_ZOOM);
  map.on("zoomend", nearness);
  nearness();
  window.map = map;
  return map;
}

// On paper nobody can ask where north is; on the screen it is always up.
function addNorth(map) {
  const control = L.control({ position: "topright" });
  control.onAdd = () => {
    const arrow = L.SVG.create("svg");
    arrow.setAttribute("viewBox", "0 0 26 40");
    arrow.setAttribute("class", "north");
    arrow.setAttribute("aria-hidden", "true");
    const needle = L.SVG.create("path");
    needle.setAttribute("d", "M13 12 20 36 13 31 6 36Z");
    const letter = L.SVG.create("text");
    letter.setAttribute("x", "13");
    letter.setAttribute("y", "10");
    letter.textContent = "N";
    arrow.append(needle, letter);
    return arrow;
  };
  control.addTo(map);
}

export function inStratum(map, stratum, options = {}) {
  const renderer = map.strata[stratum];
  return { pane: renderer.options.pane, renderer, stratum, interactive: false, ...options };
}

export function fitTo(map, layer, padding = 24) {
  const bounds = layer.getBounds();
  if (bounds.isValid()) map.fitBounds(bounds, { padding: [padding, padding], animate: false });
}

// A point inside the polygon, on the widest stretch of a line through its middle: where its label reads best.
// Ground of ``covered`` (features) is left out; null where nothing else is left.
export function insidePoint(geometry, covered = []) {
  const rings = widestPolygon(geometry);
  if (!rings) return null;
  const over = covered.flatMap((one) => polygonsIn(one.geometry)).flat();
  const ys = rings[0].map((point) => point[1]);
  const low = Math.min(...ys);
  const high = Math.max(...ys);
  let best = null;
  for (const part of [0.5, 0.4, 0.6, 0.3, 0.7]) {
    const y = low + (high - low) * part + 1e-9;
    for (const [from, to] of without(stretchesAt(rings, y), stretchesAt(over, y))) {
      const width = to - from;
      if (!best || width > best.width * 1.25) best = { width, at: [y, (from + to) / 2] };
    }
  }
  return best ? L.latLng(best.at) : null;
}

export function isInside({ lat, lng }, ground) {
  const rings = ground.flatMap((one) => polygonsIn(one.geometry)).flat();
  return stretchesAt(rings, lat).some(([from, to]) => from <= lng && lng <= to);
}

function stretchesAt(rings, y) {
  const crossings = rings.flatMap((ring) => crossingsAt(ring, y)).sort((a, b) => a - b);
  return crossings.filter((_, i) => i % 2 === 0).map((from, i) => [from, crossings[2 * i + 1]]);
}

// The stretches with all that lies in ``covers`` cut away; what is left of a cut one only where it is more than the
// hair by which two drawings of one border differ.
const HAIR_DEGREES = 2e-4;

function without(stretches, covers) {
  let left = stretches;
  for (const [from, to] of covers)
    left = left.flatMap(([start, end]) =>
      [[start, Math.min(end, from)], [Math.max(start, to), end]].filter(
        ([a, b]) => b - a > (a === start && b === end ? 0 : HAIR_DEGREES),
      ),
    );
  return left;
}

function polygonsIn(geometry) {
  if (geometry?.type === "Polygon") return [geometry.coordinates];
  return geometry?.type === "MultiPolygon" ? geometry.coordinates : [];
}

function crossingsAt(ring, y) {
  const found = [];
  for (let i = 0; i + 1 < ring.length; i++) {
    const [[x0, y0], [x1, y1]] = [ring[i], ring[i + 1]];
    if (y0 < y !== y1 < y) found.push(x0 + ((y - y0) / (y1 - y0)) * (x1 - x0));
  }
  return found;
}

function widestPolygon(geometry) {
  if (geometry?.type === "Polygon") return geometry.coordinates;
  if (geometry?.type !== "MultiPolygon") return null;
  return geometry.coordinates.reduce(
    (widest, rings) => (!widest || ringArea(rings[0]) > ringArea(widest[0]) ? rings : widest),
    null,
  );
}

export function ringArea(ring) {
  let doubled = 0;
  for (let i = 0; i + 1 < ring.length; i++) doubled += ring[i][0] * ring[i + 1][1] - ring[i + 1][0] * ring[i][1];
  return Math.abs(doubled) / 2;
}
