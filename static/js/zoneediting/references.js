// Lines that are no zones and may be drawn to: borders of villages and of the town, roads, water. Read when first a tool is in hand.
import { collection, features } from "../core/api.js";
import { Coverage } from "../topology/coverage.js";
import { snapTo } from "../topology/snapping.js";
import { codeName } from "../codes.js";

const SYMBOLS = new Map([["village", "villages"]]); // what the legend calls what is drawn to, where it has another key

export class References {
  coverage = Coverage.of([]);
  named = new Map();
  isAsked = false;

  constructor({ modes }) {
    modes.addEventListener("change", () => modes.active !== "pan" && this.load());
  }

  async load() {
    if (this.isAsked) return;
    this.isAsked = true;
    const ground = (kind) => collection("/api/basemap/{kind}", { path: { kind } });
    const asked = { village: features("/api/villages"), boundary: ground("boundary"), roads: ground("roads"), water: ground("water") };
    const found = await Promise.allSettled(Object.entries(asked).map(async ([kind, wanted]) => ({ kind, items: await wanted })));
    const known = found.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
    this.isAsked = known.length === found.length;
    this.take(known);
  }

  take(known) {
    const shapes = new Map();
    for (const { kind, items } of known)
      for (const [i, { geometry, properties }] of items.entries()) {
        shapes.set(`${kind} ${i}`, everyLineOf(geometry).map((line) => [line]));
        this.named.set(`${kind} ${i}`, { kind, name: properties?.name ?? "" });
      }
    this.coverage = Coverage.of(shapes);
  }

  // What lies near, named; it is no zone's.
  near(point, radius_m) {
    const target = snapTo(this.coverage, point, { radius_m });
    if (!target) return null;
    const [first] = target.zones;
    const { kind, name } = this.named.get(first);
    return { ...target, zones: [], words: [codeName("map_symbol", SYMBOLS.get(kind) ?? kind), name].filter(Boolean).join(" ") };
  }
}

// Every line and every ring of a geometry.
function everyLineOf({ type, coordinates }) {
  if (type === "LineString") return [coordinates];
  if (type === "MultiLineString" || type === "Polygon") return coordinates;
  return type === "MultiPolygon" ? coordinates.flat() : [];
}
