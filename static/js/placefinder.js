// A place chosen in the search box is shown on the map that is open, and marked there until another is.
import { fitFree } from "./framing.js";
import { marker, placeMark } from "./strata.js";
import { element } from "./words.js";

const CLOSE = 16.5;

export class PlaceFinder {
  map;

  constructor({ map }) {
    this.map = map;
    this.marks = L.layerGroup().addTo(map);
    document.addEventListener("anzhi:place", (event) => {
      event.preventDefault();
      this.show(event.detail);
    });
  }

  show({ name, lon, lat, bbox: [west, south, east, north] }) {
    this.map.getContainer().scrollIntoView({ block: "nearest" });
    fitFree(this.map, L.latLngBounds([[south, west], [north, east]]), { maxZoom: CLOSE });
    this.marks.clearLayers();
    placeMark([lat, lon]).addTo(this.marks);
    const html = element("span", { className: "place-name", textContent: name });
    const icon = L.divIcon({ className: "map-label place-called", html, iconSize: null });
    marker([lat, lon], { icon, pane: "objects", interactive: false, keyboard: false }).addTo(this.marks);
  }
}
