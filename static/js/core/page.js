// @ts-check
// A page with a map: prepared, drawn by the page, told of where it fails, and said to be ready.
import { drawBasemap } from "../basemap.js";
import { Labels } from "../labels.js";
import { Legend } from "../legend.js";
import { prepareMap } from "../map.js";
import { followPaper } from "../paper.js";
import { t } from "../words.js";
import { keyboard } from "./keyboard.js";
import { bringLayersOver } from "./layersover.js";
import { Modes } from "./modes.js";
import { shareTouches } from "./touch.js";

/**
 * @typedef {object} MapPage
 * @property {any} map
 * @property {Legend} legend
 * @property {Labels} labels
 * @property {Modes} modes
 * @property {any} sources where the layers come from
 * @property {(options?: {villages?: boolean}) => Promise<any>} ground draws the ground, once the page wants it
 * @property {() => void} readable lets the note go: what the map is about can be read, whatever else comes
 * @property {(trouble: {message: string}) => void} tell says on the map that it is not whole
 */

/**
 * Hands the map to `draw`, which adds what this page is about.
 * @param {any} map
 * @param {{legend: any, sources: any}} options
 * @param {(page: MapPage) => Promise<unknown>} draw
 */
export async function mountMap(map, { legend, sources }, draw) {
  const note = document.getElementById("map-note");
  try {
    const labels = new Labels(prepareMap(map));
    const modes = new Modes(map.getContainer(), keyboard);
    nameKeysOfTheMap();
    shareTouches(map);
    bringLayersOver(map);
    await draw({
      ...{ map, labels, modes, sources },
      legend: new Legend(legend),
      ground: async ({ villages = true } = {}) => {
        const ground = await drawBasemap(map, sources, labels);
        if (villages) ground.showVillages(true);
        return ground;
      },
      readable: () => letGo(note),
      tell: (trouble) => tellTrouble(note, trouble),
    });
    followPaper(map);
    letGo(note);
  } catch (trouble) {
    tellTrouble(note, /** @type {Error} */ (trouble));
    throw trouble;
  } finally {
    window.READY = 1;
  }
}

/** @param {HTMLElement | null} note */
function letGo(note) {
  if (note && !note.classList.contains("trouble")) note.hidden = true;
  if (!performance.getEntriesByName("readable").length) performance.mark("readable");
}

/** @param {HTMLElement | null} note @param {{message: string}} trouble */
function tellTrouble(note, { message }) {
  if (!note) return;
  note.hidden = false;
  note.classList.add("trouble");
  note.textContent = t("地图没有画完：{reason}。请刷新重试。", { reason: message });
}

// Leaflet itself answers these while the focus is on the map.
function nameKeysOfTheMap() {
  keyboard.add({ keys: ["↑", "↓", "←", "→"], title: t("焦点在地图上时移动地图") });
  keyboard.add({ keys: ["+", "−"], title: t("焦点在地图上时放大、缩小") });
}
