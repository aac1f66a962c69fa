// Drawing one shape by clicking on the map: points, undo, done. What is drawn goes to the coordinates field.
import { inPane } from "./map.js";

const ENOUGH = { Point: 1, LineString: 2, Polygon: 3 };

export class Drawing {
  constructor({ map, buttons, shape, onDone }) {
    Object.assign(this, { map, buttons, shape, onDone, points: [] });
    this.trace = L.layerGroup();
    buttons.draw.addEventListener("click", () => (this.active ? this.stop() : this.start()));
    buttons.undo.addEventListener("click", () => this.step(() => this.points.pop()));
    buttons.done.addEventListener("click", () => this.finish());
    map.on(
      "click",
      ({ latlng }) => this.active && this.step(() => this.points.push([round(latlng.lng), round(latlng.lat)])),
    );
    map.on("dblclick", () => this.active && this.finish());
  }

  start() {
    this.active = true;
    this.points = [];
    this.trace.addTo(this.map);
    this.map.doubleClickZoom.disable();
    this.refresh();
  }

  stop() {
    this.active = false;
    this.trace.remove();
    this.map.doubleClickZoom.enable();
    this.refresh();
  }

  step(change) {
    change();
    if (this.shape() === "Point" && this.points.length) return this.finish();
    return this.refresh();
  }

  finish() {
    const points = this.points.filter((point, i) => String(point) !== String(this.points[i - 1]));
    if (points.length < ENOUGH[this.shape()]) return;
    this.stop();
    this.onDone(points);
  }

  refresh() {
    const { draw, done, undo } = this.buttons;
    draw.ariaPressed = String(Boolean(this.active));
    done.hidden = !this.active || this.points.length < ENOUGH[this.shape()];
    undo.hidden = !this.active || !this.points.length;
    document.body.classList.toggle("drawing", Boolean(this.active));
    this.trace.clearLayers();
    const corners = this.points.map(([lon, lat]) => [lat, lon]);
    const style = inPane(this.map, "sites", { className: "site-line", weight: 2.2, dashArray: "7 4" });
    (this.shape() === "Polygon"
      ? L.polygon(corners, { ...style, fillOpacity: 0.08 })
      : L.polyline(corners, style)
    ).addTo(this.trace);
    for (const corner of corners)
      L.circleMarker(corner, {
        ...inPane(this.map, "sites"),
        className: "site-line",
        radius: 4,
        weight: 2,
        fillColor: "#fff",
        fillOpacity: 1,
      }).addTo(this.trace);
  }
}

function round(degrees) {
  return Number(degrees.toFixed(7));
}
