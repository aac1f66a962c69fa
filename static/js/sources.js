// @ts-check
// Where the layers of a map come from when it has a server; each answer is asked for once.
import { collection, features, read } from "./core/api.js";

/** @typedef {NonNullable<import("../types/api").Where<"/api/basemap/{kind}", "get">["path"]>["kind"]} Ground */

const COARSE = 4; // ten metres: lines of a map of the whole town
const DECIMALS = 5; // about a metre: the ground, and grades of whole towns
const FINE = 6; // a decimetre: what is looked at closely

export function remoteSources() {
  /** @type {Map<string, Promise<any>>} */
  const known = new Map();
  /** @template T @param {string} name @param {() => Promise<T>} find @returns {Promise<T>} */
  const once = (name, find) => {
    const found = known.get(name) ?? find();
    known.set(name, found);
    found.catch(() => known.delete(name));
    return found;
  };
  /** @param {Ground} kind */
  const ground = (kind) => once(kind, () => collection("/api/basemap/{kind}", { path: { kind }, query: { decimals: DECIMALS } }));
  return {
    boundary: () => ground("boundary"),
    water: () => ground("water"),
    roads: () => ground("roads"),
    /** Contours as a map of the whole town shows them, or one that looks closely. @param {boolean} [close] */
    relief: (close = false) => {
      const decimals = close ? DECIMALS : COARSE;
      return once(`relief ${decimals}`, () => collection("/api/basemap/{kind}", { path: { kind: "relief" }, query: { decimals } }));
    },
    villages: () => once("villages", () => features("/api/villages", { query: { decimals: DECIMALS } })),
    projects: () => once("projects", () => features("/api/projects", { query: { decimals: FINE } })),
    /** @param {string} hazard @param {string} product */
    zones: (hazard, product) => once(`zones ${hazard} ${product}`, () => features("/api/zones", { query: { hazard, product, decimals: DECIMALS } })),
    /** @param {string} hazard */
    unsurveyed: (hazard) => once(`unsurveyed ${hazard}`, () => collection("/api/surveys/unsurveyed", { query: { hazard, decimals: DECIMALS } })),
    hillshade: async () => {
      const told = /** @type {HTMLMetaElement | null} */ (document.querySelector("meta[name=hillshade]"));
      return JSON.parse(told?.content || "null");
    },
    /** @param {string} bbox */
    buildings: (bbox) => collection("/api/basemap/buildings", { query: { bbox } }),
    enterprises: () => once("enterprises", () => features("/api/enterprises", { query: { decimals: FINE } })),
    stations: () => once("stations", () => features("/api/stations")),
    "geohazard-sites": () => once("geohazard-sites", () => features("/api/geohazard-sites")),
    shelters: () => once("shelters", () => features("/api/shelters")),
    /** @param {number} id */
    zone: (id) => read("/api/zones/{zone}", { path: { zone: id } }),
    /** @param {string} hazard @param {string} product @param {string} bbox */
    zonesWithin: (hazard, product, bbox) => features("/api/zones", { query: { hazard, product, bbox } }),
    /** @param {string} hazard @param {string} product @param {string} bbox @param {number} least */
    numerals: (hazard, product, bbox, least) => collection("/api/zones/numerals", { query: { hazard, product, bbox, least } }),
    tiles: "/tiles/zones/{z}/{x}/{y}.mvt",
  };
}
