// The view in the address: where the map looks, what it shows and what is selected, so that a link is a place.
import { debounce } from "./core/debounce.js";

const PLACES = ["lon", "lat", "zoom"];
const SETTLE_MS = 250;

export class View {
  constructor(map) {
    this.map = map;
    this.asked = new URLSearchParams(location.search);
    this.write = debounce(() => this.writeNow(), SETTLE_MS);
    this.kept = new Map([...this.asked].filter(([name]) => name !== "lang" && !PLACES.includes(name)));
  }

  // Moves the map to where the address says; false where it says nothing.
  restore() {
    const [lon, lat, zoom] = PLACES.map((name) => Number.parseFloat(this.asked.get(name)));
    if (!(Math.abs(lon) <= 180 && Math.abs(lat) <= 85)) return false;
    this.map.setView([lat, lon], zoom >= 3 && zoom <= 18 ? zoom : 15, { animate: false });
    return true;
  }

  get(name) {
    return this.asked.get(name);
  }

  list(name) {
    return this.asked.has(name) ? this.asked.get(name).split(",").filter(Boolean) : null;
  }

  follow() {
    this.map.on("moveend", () => this.write());
    this.write();
  }

  keep(name, value) {
    const words = Array.isArray(value) ? value.join(",") : value;
    words == null || (words === "" && !Array.isArray(value)) ? this.kept.delete(name) : this.kept.set(name, words);
    this.write();
  }

  writeNow() {
    const { lat, lng } = this.map.getCenter();
    const query = new URLSearchParams({
      lon: lng.toFixed(5),
      lat: lat.toFixed(5),
      zoom: String(this.map.getZoom()),
      ...Object.fromEntries(this.kept),
    });
    const words = query.toString().replaceAll("%2C", ",").replaceAll("%2F", "/").replaceAll("%3A", ":");
    history.replaceState(null, "", `${location.pathname}?${words}`);
    for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll(".switch a[hreflang]")))
      link.search = `?lang=${link.lang.slice(0, 2)}&${words}`;
  }
}
