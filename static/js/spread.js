// @ts-check
// Points that stand on one another: a click on one spreads all of them round their place, the next click chooses.
import { inStratum } from "./map.js";
import { ring } from "./ring.js";

const NEAR_PX = 18; // closer signs than this cover each other
const APART_PX = 30;

/** @type {WeakMap<object, Spread>} */
const ofMaps = new WeakMap();

/**
 * The one spread of a map: whatever its signs are of, they may stand on each other.
 * @param {any} map
 */
export function spreadOf(map) {
  const known = ofMaps.get(map) ?? new Spread(map);
  ofMaps.set(map, known);
  return known;
}

class Spread {
  /** @type {WeakMap<any, any>} markers with the places they stand at while nothing is spread */
  #home = new WeakMap();
  /** @type {any} the legs of those that are spread now */
  #legs = null;
  /** @type {any[]} */
  #spread = [];

  /** @param {any} map */
  constructor(map) {
    this.map = map;
    map.on("zoomstart click", () => this.fold());
    // A filter takes signs away also while they are spread.
    map.on("layerremove", (/** @type {any} */ { layer }) => this.#spread.includes(layer) && this.fold());
  }

  /**
   * Lets a marker be chosen by a click, and be spread where others stand on it.
   * @param {any} marker
   * @param {() => unknown} choose
   */
  add(marker, choose) {
    this.#home.set(marker, marker.getLatLng());
    return marker.on("click", () => {
      if (this.#spread.includes(marker)) return choose();
      this.fold();
      const here = this.#near(marker);
      return here.length > 1 ? this.#lay(here) : choose();
    });
  }

  fold() {
    for (const marker of this.#spread) marker.setLatLng(this.#home.get(marker));
    this.#legs?.remove();
    this.#spread = [];
    this.#legs = null;
  }

  /** @param {any} marker @returns {any[]} */
  #near(marker) {
    const at = this.map.latLngToLayerPoint(this.#home.get(marker));
    /** @type {any[]} */
    const found = [];
    this.map.eachLayer((/** @type {any} */ one) => {
      const home = this.#home.get(one);
      if (home && at.distanceTo(this.map.latLngToLayerPoint(home)) < NEAR_PX) found.push(one);
    });
    return found;
  }

  /** @param {any[]} markers */
  #lay(markers) {
    const points = markers.map((one) => this.map.latLngToLayerPoint(this.#home.get(one)));
    const middle = L.bounds(points).getCenter();
    const places = ring(markers.length, APART_PX).map(({ x, y }) => this.map.layerPointToLatLng(middle.add([x, y])));
    const look = { ...inStratum(this.map, "selection"), className: "spread-leg", weight: 1.2 };
    this.#legs = L.layerGroup(markers.map((one, i) => L.polyline([this.#home.get(one), places[i]], look))).addTo(this.map);
    for (const [i, one] of markers.entries()) one.setLatLng(places[i]);
    this.#spread = markers;
  }
}
