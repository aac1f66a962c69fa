// The ways on the map: the incident, who comes from where by which road, on foot from the road on; the first is drawn last.
import { minutesOf } from "./arrivals.js";
import { inStratum } from "./map.js";
import { marker } from "./strata.js";
import { element } from "./words.js";

const CLOSEST = 15;
const APART_PX = 34; // forces whose signs would cover each other share one

export class Ways {
  map;
  onChoose;

  constructor({ map, onChoose }) {
    Object.assign(this, { map, onChoose });
    this.drawn = L.featureGroup().addTo(map);
    this.pins = L.layerGroup().addTo(map);
    map.on("zoomend", () => this.values && this.showPins(this.values));
  }

  /** @param {any} values */
  show({ place, answer, chosen }) {
    this.values = { place, answer, chosen };
    this.drawn.clearLayers();
    this.pins.clearLayers();
    if (!place) return;
    const reached = (answer?.forces ?? []).map((force, i) => ({ force, i })).filter(({ force }) => force.route);
    // Whoever is drawn last lies on top: the later ones first, then the first of all, then the one in hand.
    const order = reached.toReversed().sort((one, other) => Number(one.i === chosen) - Number(other.i === chosen));
    for (const { force, i } of order) this.line(force.route, i === chosen ? "route chosen" : "route", i === chosen ? 5 : 2.6);
    for (const { force } of order) if (force.on_foot) this.line(force.on_foot, "route on-foot", 3.2);
    if (answer?.incident.walk) this.line(answer.incident.walk, "route on-foot", 3.2);
    const icon = L.divIcon({ className: "incident-pin", html: element("span"), iconSize: [0, 0] });
    marker([place.lat, place.lon], { icon, pane: "objects", keyboard: false, zIndexOffset: 2000 }).addTo(this.drawn);
    this.showPins(this.values);
  }

  // A sign for each force that arrives, one for several that stand where their signs would cover each other.
  showPins({ answer, chosen }) {
    this.pins.clearLayers();
    const groups = [];
    for (const [i, force] of (answer?.forces ?? []).entries()) {
      if (!force.route) continue;
      const at = this.map.latLngToLayerPoint(latLng(force));
      const near = groups.find((group) => group.at.distanceTo(at) < APART_PX);
      near ? near.members.push({ force, i }) : groups.push({ at, members: [{ force, i }] });
    }
    for (const { members } of groups) this.pin(members, chosen);
  }

  line(geometry, className, weight) {
    for (const [look, wide] of [["route-case", weight + 3.2], [className, weight]])
      L.geoJSON(geometry, { ...inStratum(this.map, "selection"), style: { className: look, weight: wide, opacity: 1, fill: false } }).addTo(this.drawn);
  }

  pin(members, chosen) {
    const inHand = members.find(({ i }) => i === chosen);
    const { force } = inHand ?? members[0];
    const numbers = members.map(({ i }) => {
      const number = element("i", { className: i === chosen ? "arrival-number in-hand" : "arrival-number", textContent: i + 1 });
      number.dataset.number = String(i);
      return number;
    });
    // Only the one in hand says its name: all of them together would hide the roads.
    const words = inHand ? `${force.name} · ${minutesOf(force.arrival_s)}` : minutesOf(force.arrival_s);
    const icon = L.divIcon({ className: "arrival-pin", html: element("span", {}, numbers, words), iconSize: [0, 0] });
    const pin = marker(latLng(force), { icon, pane: "objects", keyboard: false, title: force.name, zIndexOffset: inHand ? 1000 : 100 - members[0].i });
    pin.on("click", ({ originalEvent }) => this.onChoose(Number(originalEvent.target.dataset.number ?? members[0].i))).addTo(this.pins);
  }

  fit() {
    const bounds = this.drawn.getBounds();
    if (bounds.isValid()) this.map.fitBounds(bounds.pad(0.12), { maxZoom: CLOSEST, animate: false });
  }
}

function latLng({ at }) {
  const [lon, lat] = at.coordinates;
  return L.latLng(lat, lon);
}
