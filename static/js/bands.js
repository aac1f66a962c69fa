// Bands on the map: the pieces of road that are arrived at within so many minutes, and where those stand who arrive.
import { inStratum } from "./map.js";
import { marker } from "./strata.js";
import { t } from "./words.js";

const WIDTHS = [5.5, 4.2, 3.2, 2.4];
const GLOW = 15; // how far beside the road the picture reaches, in pixels: it is no judge

// Which of the four looks a band has: the first is always the soonest, and whatever comes after the fourth is drawn like it.
export const lookOf = (place) => Math.min(place, WIDTHS.length - 1);

export class Bands {
  map;

  constructor(map) {
    this.map = map;
    this.drawn = L.featureGroup().addTo(map);
    this.pins = L.layerGroup().addTo(map);
  }

  /** @param {any} answer null where there is none */
  show(answer) {
    this.drawn.clearLayers();
    this.pins.clearLayers();
    const bands = answer?.features ?? [];
    for (const place of [...bands.keys()].reverse()) this.band(bands[place], lookOf(place)); // the soonest lies on top
    for (const force of answer?.standing ?? []) this.pin(force);
    showBandKey(bands);
  }

  band({ geometry }, look) {
    if (!geometry) return;
    const looks = [
      [`band-glow band-${look}`, GLOW],
      [`band band-${look}`, WIDTHS[look]],
    ];
    for (const [className, weight] of looks)
      L.geoJSON(geometry, { ...inStratum(this.map, "beyond"), style: { className, weight, opacity: null, color: null, fill: false } }).addTo(this.drawn);
  }

  pin({ at, name }) {
    const [lon, lat] = at.coordinates;
    const icon = L.divIcon({ className: "stand-pin", html: document.createElement("span"), iconSize: [0, 0] });
    marker([lat, lon], { icon, pane: "objects", keyboard: false, title: name }).addTo(this.pins);
  }
}

// The key tells the bands there are.
function showBandKey(bands) {
  for (const line of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-band]"))) {
    const { properties } = bands[Number(line.dataset.band)] ?? {};
    line.hidden = !properties;
    if (properties) line.lastElementChild.textContent = t("{n} 分钟内", { n: properties.minutes });
  }
}
