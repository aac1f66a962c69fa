// @ts-check
// Where the layers of a map come from when it has a server; each answer is asked for once.
import { ask, features, read } from "./core/api.js";

export function remoteSources() {
  /** @type {Map<string, Promise<any>>} */
  const known = new Map();
  /** @param {string} address @param {(address: string) => Promise<any>} find */
  const once = (address, find) => {
    const found = known.get(address) ?? find(address);
    known.set(address, found);
    return found;
  };
  /** @param {string} address */
  const whole = (address) => ask(address, { accept: "application/geo+json" }).then((answer) => answer.features);
  /** @param {string} address */
  const all = (address) => features(address);
  /** @param {Record<string, any>} asked */
  const of = (asked) => new URLSearchParams(asked);
  return {
    boundary: () => once("/api/basemap/boundary", whole),
    water: () => once("/api/basemap/water", whole),
    roads: () => once("/api/basemap/roads", whole),
    relief: () => once("/api/basemap/relief", whole),
    villages: () => once("/api/villages", all),
    projects: () => once("/api/projects", all),
    /** @param {string} hazard @param {string} product */
    zones: (hazard, product) => once(`/api/zones?${of({ hazard, product })}`, all),
    /** @param {string} hazard */
    unsurveyed: (hazard) => once(`/api/surveys/unsurveyed?${of({ hazard })}`, whole),
    hillshade: async () => {
      const told = /** @type {HTMLMetaElement | null} */ (document.querySelector("meta[name=hillshade]"));
      return JSON.parse(told?.content || "null");
    },
    /** @param {string} bbox */
    buildings: (bbox) => whole(`/api/basemap/buildings?${of({ bbox })}`),
    enterprises: () => once("/api/enterprises", all),
    stations: () => once("/api/stations", all),
    shelters: () => once("/api/shelters", all),
    /** @param {number} id */
    zone: (id) => read("/api/zones/{zone}", { path: { zone: id } }),
    /** @param {string} hazard @param {string} product @param {string} bbox */
    zonesWithin: (hazard, product, bbox) => all(`/api/zones?${of({ hazard, product, bbox })}`),
    /** @param {string} hazard @param {string} product @param {string} bbox @param {number} least */
    numerals: (hazard, product, bbox, least) => whole(`/api/zones/numerals?${of({ hazard, product, bbox, least })}`),
    tiles: "/tiles/zones/{z}/{x}/{y}.mvt",
  };
}
