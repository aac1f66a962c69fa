// The view in the address: where the map looks, what it shows and what is selected, so that a link is a place.
import { debounce } from "./core/debounce.js";

const PLACES = ["lon", "lat", "zoom"];
const SETTLE_MS = 250;
const CHOICE = ["select", "place", "kind", "village", "row", "at"];
const KNOWN_BY = ["select", "place", "row", "at"]; // two choices are one where these are the same

export class View {
  constructor(map) {
    this.map = map;
    this.write = debounce(() => this.writeNow(), SETTLE_MS);
    this.read();
    // Heard from the beginning: whoever goes back while the page is still drawn finds it drawn by the address he went to.
    window.addEventListener("popstate", () => this.comeBack());
  }

  read() {
    this.arrives = true;
    this.asked = new URLSearchParams(location.search);
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

  // Back and forward lead to the choice that was left: `come` shows what the address says by then.
  returns(come) {
    this.come = come;
  }

  comeBack() {
    if (new URLSearchParams(location.search).toString() === this.written) return; // a place on the page
    this.write.cancel();
    this.read();
    this.restore();
    this.come?.();
  }

  // Another choice than the one in the address is a step of its own: the browser's Back leads from it to the last one.
  // What an address led to is none, whatever it is called by now: Back would lead to it again and again.
  choose(words = {}) {
    const told = new URLSearchParams(location.search);
    const isOther = KNOWN_BY.some((name) => (told.get(name) ?? "") !== String(words[name] ?? ""));
    const isStep = isOther && !(this.arrives && this.leadsTo(words));
    this.arrives = false;
    if (isStep) {
      this.write.now();
      history.pushState(null, "", location.href);
    }
    for (const name of CHOICE) this.keep(name, words[name] ?? null);
    this.write.now();
  }

  // Whoever chooses while the asked is still looked up takes a step from it. A zone nobody surveyed is shown as that ground.
  leadsTo({ select = "", place = "" }) {
    const [asked, called] = ["select", "place"].map((name) => this.asked.get(name) ?? "");
    const isGround = asked.startsWith("zone:") && select.startsWith("gap:");
    return (!select && !place) || (select ? select === asked || isGround : place === called);
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
    this.written = query.toString();
    for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll(".switch a[hreflang]")))
      link.search = `?lang=${link.lang.slice(0, 2)}&${words}`;
  }
}
