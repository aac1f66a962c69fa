// A preview on the map: what loads, every repair before and after, every problem that has a place.
import { showSymbol } from "./legend.js";
import { inStratum } from "./map.js";
import { element } from "./words.js";

const LOOKS = {
  loaded: { className: "import-loaded", weight: 1.6 },
  after: { className: "import-after", weight: 2.2 },
  before: { className: "import-before", weight: 2, dashArray: "5 4" },
};
const PROBLEM = "import-problem";
const CLOSE_ZOOM = 17;

export class ImportMap {
  choose;
  map;
  shapes;

  // choose: what happens where a shape is clicked, told its feature's number.
  constructor(map, choose) {
    Object.assign(this, { map, choose, shapes: new Map() });
    this.drawn = L.featureGroup().addTo(map);
    this.places = L.featureGroup().addTo(map);
  }

  clear() {
    for (const group of [this.drawn, this.places]) group.clearLayers();
    this.selection?.remove();
    this.shapes.clear();
    this.tell(new Set());
  }

  show(features, problems) {
    this.clear();
    // The broken outline lies over its repair, whose border it shares.
    for (const state of Object.keys(LOOKS)) for (const one of features) if (one.properties.state === state) this.add(one);
    for (const { feature, location } of problems.filter((one) => one.location)) this.place(location, feature);
    const seen = new Set(features.map(({ properties }) => LOOKS[properties.state]?.className));
    this.tell(this.places.getLayers().length ? seen.add(PROBLEM) : seen);
    const bounds = this.drawn.getBounds().extend(this.places.getBounds());
    if (bounds.isValid()) this.map.fitBounds(bounds.pad(0.1), { maxZoom: CLOSE_ZOOM, animate: false });
  }

  // The key shows the symbols that were drawn.
  tell(seen) {
    for (const name of [...Object.values(LOOKS).map(({ className }) => className), PROBLEM]) showSymbol(name, seen.has(name));
  }

  add(shown) {
    const { feature, state, name } = shown.properties;
    const options = inStratum(this.map, "sites", { interactive: true });
    const layer = L.geoJSON(shown, {
      ...options,
      style: LOOKS[state],
      pointToLayer: (_one, at) => L.circleMarker(at, { ...options, ...LOOKS[state], radius: 6 }),
    });
    layer.bindTooltip(element("span", { textContent: name || `#${feature}` }));
    layer.on("click", () => this.choose(feature));
    layer.addTo(this.drawn);
    this.shapes.set(feature, [...(this.shapes.get(feature) || []), layer]);
  }

  place([lon, lat], feature) {
    const ring = { ...inStratum(this.map, "sites", { interactive: true }), className: PROBLEM, weight: 2, radius: 6 };
    L.circleMarker([lat, lon], ring)
      .on("click", () => feature != null && this.choose(feature))
      .addTo(this.places);
  }

  // To a place that was told, else to the feature's shapes; a place is looked at from near.
  zoomTo(feature, location) {
    this.selection?.remove();
    const shapes = L.featureGroup(this.shapes.get(feature) || []);
    const ring = { ...inStratum(this.map, "selection"), className: "selected-area", weight: 3, fill: false, radius: 16 };
    if (location) {
      const at = [location[1], location[0]];
      this.selection = L.circleMarker(at, ring).addTo(this.map);
      this.map.setView(at, CLOSE_ZOOM, { animate: false });
    } else if (shapes.getLayers().length) {
      const bounds = shapes.getBounds();
      this.selection = L.circleMarker(bounds.getCenter(), ring).addTo(this.map);
      this.map.fitBounds(bounds.pad(0.4), { maxZoom: CLOSE_ZOOM, animate: false });
    }
    return Boolean(this.selection);
  }
}
