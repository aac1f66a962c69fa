// Names and numerals on the map: the important first, none over another, none on ground too small for it.
import { marker } from "./strata.js";
import { element } from "./words.js";

const NEARBY = [0, 19, -24, 34, -44];

export class Labels {
  constructor(map) {
    this.map = map;
    this.groups = new Map();
    this.reserved = new Map();
    map.on("zoomend", () => this.arrange());
  }

  // Each label: {at, text, kind, priority, span, room, beside}: span degrees of ground must be room pixels on screen;
  // beside: it may stand above or below its place where something else stands on it.
  set(group, labels) {
    this.groups.get(group)?.forEach((label) => label.marker.remove());
    this.groups.set(
      group,
      labels.filter((label) => label.at).map((label) => ({ ...label, marker: markerFor(label) })),
    );
    this.arrange();
  }

  // Ground that pins cover, the worst first: each {at, left, right, top, bottom} in pixels around a place. One that has a
  // name reaches `named` pixels to both sides where that covers no other pin and no name, and hears by `name` whether it does.
  reserve(group, boxes) {
    this.reserved.set(group, boxes);
    this.arrange();
  }

  arrange() {
    const taken = this.reservedBoxes();
    const labels = [...this.groups.values()].flat().sort((a, b) => b.priority - a.priority);
    for (const label of labels) {
      const box = this.hasRoom(label) && this.freeBox(label, taken);
      if (box) {
        taken.push(box);
        label.marker.setLatLng(this.map.unproject([(box.left + box.right) / 2, (box.top + box.bottom) / 2]));
      }
      if (Boolean(box) !== this.map.hasLayer(label.marker)) box ? label.marker.addTo(this.map) : label.marker.remove();
    }
  }

  reservedBoxes() {
    const pins = [...this.reserved.values()].flat().map((pin) => ({ pin, box: this.around(pin) }));
    const names = [];
    for (const { pin, box } of pins.filter((one) => one.pin.name)) {
      const wide = this.around({ ...pin, left: pin.named, right: pin.named });
      const free = !names.some((name) => overlap(wide, name)) && !pins.some((other) => other.box !== box && overlap(wide, other.box));
      if (free) names.push(wide);
      pin.name(free);
    }
    return [...pins.map(({ box }) => box), ...names];
  }

  // A village, a chain and what is so told keep their words beside their middle when something stands on it.
  freeBox(label, taken) {
    const box = this.boxOf(label);
    const shifts = label.beside || ["village", "chain-label"].includes(label.kind) ? NEARBY : [0];
    const moved = shifts.map((down) => ({ ...box, top: box.top + down, bottom: box.bottom + down }));
    return moved.find((place) => !taken.some((other) => overlap(place, other)));
  }

  around({ at, left, right, top, bottom }) {
    const { x, y } = this.map.project(at);
    return { left: x - left, right: x + right, top: y - top, bottom: y + bottom };
  }

  hasRoom({ span, room, at }) {
    if (!span) return true;
    const here = this.map.project(at);
    return here.y - this.map.project([at.lat + span, at.lng]).y > room;
  }

  boxOf({ at, text, kind }) {
    const point = this.map.project(at);
    const size = kind === "numerals" ? 14 : 13;
    const width = [...text].reduce((sum, sign) => sum + (sign > "\u2000" ? size : size * 0.6), 8);
    return { left: point.x - width / 2, right: point.x + width / 2, top: point.y - 10, bottom: point.y + 10 };
  }
}

function markerFor({ at, text, kind, colour }) {
  const span = element("span", { textContent: text });
  if (colour) span.style.setProperty("--grade-ink", colour);
  const icon = L.divIcon({ className: `map-label ${kind}`, html: span, iconSize: null });
  return marker(at, { icon, pane: "labels", interactive: false, keyboard: false });
}

function overlap(a, b) {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
