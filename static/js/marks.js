// Numbered marks on the map for what a list names: points as numbers, lines with their number in the middle, ways on foot dashed.
import { inStratum } from "./map.js";
import { marker } from "./strata.js";
import { element } from "./words.js";

const CLOSE = 15;

export class Marks {
  map;
  onChoose;

  /** @param {any} map @param {(place: number) => void} onChoose */
  constructor(map, onChoose) {
    Object.assign(this, { map, onChoose, marks: [] });
    this.drawn = L.featureGroup().addTo(map);
    this.pins = L.layerGroup().addTo(map);
  }

  /** @param {{geometry: any, number: number, title: string, look?: string, ways?: any[]}[]} marks @param {number} [chosen] */
  show(marks, chosen = -1) {
    this.marks = marks;
    this.drawn.clearLayers();
    this.pins.clearLayers();
    for (const [place, mark] of marks.entries()) {
      if (mark.geometry.type !== "Point") this.line(mark.geometry, "mark-line");
      for (const way of place === chosen ? (mark.ways ?? []) : []) ["mark-case", "mark-way"].forEach((look) => this.line(way, look));
      this.pin(mark, place, place === chosen);
    }
  }

  line(geometry, className) {
    L.geoJSON(geometry, { ...inStratum(this.map, "selection"), style: { className, weight: className === "mark-way" ? 3.5 : 7, opacity: null, color: null, fill: false } }).addTo(this.drawn);
  }

  pin({ geometry, number, title, look = "" }, place, chosen) {
    const sign = element("span", { className: `mark-number ${look} ${chosen ? "in-hand" : ""}`, textContent: number });
    const icon = L.divIcon({ className: "mark-pin", html: sign, iconSize: [0, 0] });
    const pin = marker(middleOf(geometry), { icon, pane: "objects", keyboard: false, title, zIndexOffset: chosen ? 2000 : 1000 - number });
    pin.on("click", () => this.onChoose(place)).addTo(this.pins);
  }

  /** @param {number} place */
  goTo(place) {
    const mark = this.marks[place];
    if (!mark) return;
    const ways = (mark.ways ?? []).filter(Boolean);
    const whole = L.geoJSON([mark.geometry, ...ways]).getBounds();
    this.map.fitBounds(whole.pad(0.4), { maxZoom: CLOSE, animate: false });
  }
}

function middleOf({ type, coordinates }) {
  const [lon, lat] = type === "Point" ? coordinates : coordinates[Math.floor(coordinates.length / 2)];
  return [lat, lon];
}
