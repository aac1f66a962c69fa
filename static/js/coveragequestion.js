// @ts-check
// What is asked of coverage: by which standard or minutes, forces of which kind, what slows them; kept in the address of the page.
import { Store } from "./core/store.js";

const ASKED = ["standard", "minutes", "kinds", "condition", "avoid_zones"];
const OWN = "own";
const MINUTES = /^\d{1,3}(\.\d)?(,\d{1,3}(\.\d)?){0,7}$/;

/** @param {string} address what stands behind the question mark */
export function readCoverage(address) {
  const asked = new URLSearchParams(address);
  const read = Object.fromEntries(ASKED.map((word) => [word, asked.get(word) ?? ""]));
  return { ...read, standard: read.minutes ? OWN : read.standard || "usual" };
}

/** @param {import("./core/store.js").Values} values @param {string} address the one that stands there, whose other words stay */
export function writeCoverage(values, address) {
  const written = new URLSearchParams(address);
  for (const word of ASKED) written.delete(word);
  for (const [word, value] of Object.entries(coverageAsked(values))) if (value !== "usual") written.set(word, value);
  return String(written);
}

/**
 * The question as the service takes it.
 * @param {import("./core/store.js").Values} values
 * @returns {any}
 */
export function coverageAsked({ standard, minutes, kinds, condition, avoid_zones }) {
  const plain = String(minutes).replace(/[\s\uff0c\u3001]+/g, ",");
  const bands = standard === OWN ? { ...(MINUTES.test(plain) && { minutes: plain }) } : { standard };
  return { ...bands, ...(kinds && { kinds }), ...(condition && { condition }), ...(avoid_zones && { avoid_zones }) };
}

/** The state of the page: what is asked, `within` which minutes gaps are judged by, stations that are `tried` (longitude, latitude), and `answer night trouble`. */
export function openCoverage() {
  const store = new Store({ ...readCoverage(location.search), within: null, tried: [], answer: null, night: null, trouble: "" });
  store.watch(ASKED, (values) => {
    const words = writeCoverage(values, location.search);
    history.replaceState(history.state, "", `${words ? `?${words}` : location.pathname}${location.hash}`);
  });
  return store;
}
