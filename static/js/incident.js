// @ts-check
// What the dispatcher asks for: the place, what happened there, what slows the drivers, what they keep out of; kept in the address of the page.
import { Store } from "./core/store.js";

/** @typedef {{lon: number, lat: number, name: string, converted?: string, kind?: string, village?: string}} Place */

const WORDS = ["incident", "level", "condition", "avoid_zones", "case", "gather"];
const DIGITS = 6; // a decimetre

/** @param {string} address what stands behind the question mark */
export function readIncident(address) {
  const asked = new URLSearchParams(address);
  const [lon, lat] = ["lon", "lat"].map((name) => (asked.get(name) ? Number(asked.get(name)) : NaN));
  const isThere = Math.abs(lon) <= 180 && Math.abs(lat) <= 90;
  const place = isThere ? { lon, lat, name: asked.get("place") ?? "", converted: asked.get("converted") ?? "" } : null;
  return { place, ...Object.fromEntries(WORDS.map((word) => [word, asked.get(word) ?? ""])), chosen: 0, inSet: false, answer: null, answeredAt: 0, trouble: "" };
}

/** @param {import("./core/store.js").Values} values @param {string} address the one that stands there, whose other words stay */
export function writeIncident({ place, ...values }, address) {
  const written = new URLSearchParams(address);
  for (const name of ["lon", "lat", "place", "converted", ...WORDS]) written.delete(name);
  if (place) {
    written.set("lon", place.lon.toFixed(DIGITS));
    written.set("lat", place.lat.toFixed(DIGITS));
    if (place.name) written.set("place", place.name);
    if (place.converted) written.set("converted", place.converted);
  }
  for (const word of WORDS) if (values[word]) written.set(word, values[word]);
  return String(written);
}

/** @param {import("./core/store.js").Values} values @param {number} k */
export function questionOf({ place, incident, level, condition, avoid_zones, gather, case: incidentInHand }, k) {
  const { lon, lat } = place;
  const words = { ...(incident && { incident }), ...(level && { level }), ...(condition && { condition }), ...(avoid_zones && { avoid_zones }) };
  return { lon, lat, k, ...words, ...(gather && { gather: Number(gather) }), ...(incidentInHand && { case: incidentInHand }) };
}

/** The state of the page: `place incident level condition avoid_zones case gather`, and of the answer `answer answeredAt trouble chosen` (the row in hand, from 0) and `inSet` (the set is). */
export function openIncident() {
  const store = new Store(readIncident(location.search));
  store.watch(["place", ...WORDS], (values) => {
    const words = writeIncident(values, location.search);
    history.replaceState(history.state, "", words ? `?${words}` : location.pathname);
  });
  return store;
}
