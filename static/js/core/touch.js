// @ts-check
// A map in a page that scrolls, under a finger: one finger is the page's, two are the map's, and a word says so to whoever tries.
import { element, t } from "../words.js";
import { debounce } from "./debounce.js";

const STACKED = "(max-width: 900px)"; // where the page scrolls past its map, as layout.css has it
const OWN = ".leaflet-control, .leaflet-popup, .leaflet-marker-draggable, input, button, select, a";
const TRIED_PX = 12;
const READ_MS = 1400;

/**
 * Whether a touch is left to the page: one finger, on the ground and not on something that is dragged or pressed.
 * @param {{touches: {length: number}, target: any}} event
 */
export function isOfThePage({ touches, target }) {
  return touches.length === 1 && !target?.closest?.(OWN);
}

/** @param {any} map */
export function shareTouches(map) {
  const container = map.getContainer();
  const stacked = window.matchMedia(STACKED);
  const hint = element("p", { className: "touch-hint", ariaHidden: "true", textContent: t("用两根手指移动地图") });
  container.parentElement?.append(hint);
  /** @type {{x: number, y: number} | null} */
  let began = null;
  const hideOnceRead = debounce(() => hint.classList.remove("shown"), READ_MS);
  // Heard before Leaflet hears it: its own handlers on the ground never learn of a finger that belongs to the page.
  container.addEventListener(
    "touchstart",
    (/** @type {TouchEvent} */ event) => {
      began = null;
      if (!stacked.matches || !isOfThePage(event)) return;
      event.stopImmediatePropagation();
      began = { x: event.touches[0].clientX, y: event.touches[0].clientY };
    },
    { capture: true, passive: true },
  );
  container.addEventListener(
    "touchmove",
    (/** @type {TouchEvent} */ event) => {
      if (!began || event.touches.length !== 1) return;
      const [{ clientX, clientY }] = event.touches;
      if (Math.hypot(clientX - began.x, clientY - began.y) < TRIED_PX) return;
      hint.classList.add("shown");
      hideOnceRead();
    },
    { passive: true },
  );
}
