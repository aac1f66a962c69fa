// Where the pointer is, on which zone, and what it is drawn to.
import { area_m2, boxOf, distance_m, isWithin, nearestOn } from "../topology/plane.js";
import { snapTo } from "../topology/snapping.js";
import { t } from "../words.js";

const REACH_PX = 12;
const BEST = ["vertex", "intersection", "edge"];
const NAMED = { vertex: () => t("顶点"), intersection: () => t("交点"), edge: () => t("边") };

export class Pointer {
  map;
  work;
  canvas;
  references;

  constructor({ map, work, canvas, references, snapButton }) {
    Object.assign(this, { map, work, canvas, references });
    this.snaps = true;
    this.button = snapButton;
    snapButton.ariaPressed = "true";
    snapButton.addEventListener("click", () => this.switch());
  }

  switch() {
    this.snaps = !this.snaps;
    this.button.ariaPressed = String(this.snaps);
    if (!this.snaps) this.canvas.show({ target: null });
  }

  // Metres of so many pixels where the pointer is.
  reach_m(point, pixels = REACH_PX) {
    const at = this.map.latLngToContainerPoint([point[1], point[0]]);
    const { lng, lat } = this.map.containerPointToLatLng(at.add([pixels, 0]));
    return distance_m(point, [lng, lat]);
  }

  // The place meant: a node, a crossing or an edge near by, or the place itself. `but` tells nodes that are not meant.
  meant({ lng, lat }, { but = undefined, free = false } = {}) {
    const point = [lng, lat];
    const target = this.snaps && !free ? this.target(point, but) : null;
    this.canvas.show({ target });
    return { at: target?.at ?? point, target };
  }

  // What a place is drawn to: of the best kind the nearest, of zones before other lines.
  target(point, but) {
    const radius_m = this.reach_m(point);
    const own = snapTo(this.work.values.coverage, point, { radius_m, but });
    const other = own?.kind === "vertex" ? null : this.references.near(point, radius_m);
    if (own && (!other || BEST.indexOf(own.kind) <= BEST.indexOf(other.kind))) return { ...own, words: NAMED[own.kind]() };
    return other;
  }

  // The zone under a place; of several the smallest.
  zoneAt({ lng, lat }) {
    const { coverage } = this.work.values;
    const found = coverage.meeting([lng, lat, lng, lat]).filter((id) => !this.work.isLine(id) && coverage.shape(id).some((polygon) => isWithin([lng, lat], polygon)));
    return found.sort((one, other) => area_m2(coverage.shape(one)) - area_m2(coverage.shape(other)))[0] ?? this.lineAt([lng, lat]);
  }

  // The line nearest a place, within reach of the pointer.
  lineAt(point) {
    const reach = this.reach_m(point);
    const { coverage } = this.work.values;
    const away = [...coverage.zones.keys()].filter((id) => this.work.isLine(id)).map((id) => {
      const pieces = coverage.shape(id).flatMap(([line]) => line.slice(1).map((end, i) => distance_m(point, nearestOn(point, line[i], end).at)));
      return { id, away: Math.min(...pieces) };
    });
    return away.filter((one) => one.away <= reach).sort((one, other) => one.away - other.away)[0]?.id ?? null;
  }

  // The node, or else the edge, of these zones that lies under the pointer.
  handleAt({ lng, lat }, ids) {
    const point = [lng, lat];
    const target = snapTo(this.work.values.coverage, point, { radius_m: this.reach_m(point, 9) });
    return target && target.zones.some((id) => ids.includes(id)) ? target : null;
  }

  // Zones brought into sight; `near` also where they are in sight but small.
  show(ids, { maxZoom = 16, near = false } = {}) {
    const boxes = ids.map((id) => boxOf(this.work.values.coverage.shape(id))).filter(Boolean);
    if (!boxes.length) return;
    const bounds = L.latLngBounds(boxes.flatMap(([west, south, east, north]) => [[south, west], [north, east]]));
    if (near || !this.map.getBounds().contains(bounds)) this.map.fitBounds(bounds, { padding: [60, 60], maxZoom, animate: false });
  }

  bring([lon, lat]) {
    if (!this.map.getBounds().pad(-0.05).contains([lat, lon])) this.map.panTo([lat, lon], { animate: false });
  }
}
