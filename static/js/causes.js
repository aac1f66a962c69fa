// Why a project has its verdict, on the map: zones and objects that decide it, the way to those beside it, ground nobody surveyed.
import { read } from "./core/api.js";
import { fitFree } from "./framing.js";
import { inStratum } from "./map.js";
import { Newest } from "./newest.js";
import { SET_ASIDE } from "./setaside.js";
import { marker } from "./strata.js";
import { element, lengthWords } from "./words.js";
import { drawHazard, UNKNOWN_LOOK } from "./zones.js";

const SELECTED = { className: "selected-zone", weight: 3, fill: false };

export class Causes {
  map;
  legend;
  panel;
  newest = new Newest();

  constructor({ map, legend, panel }) {
    Object.assign(this, { map, legend, panel });
    this.drawn = L.featureGroup().addTo(map);
    panel.addEventListener("change", ({ target, isTrusted }) => isTrusted && delete target.dataset.lent);
  }

  // fit: whether the map goes there; not where the address already says what is looked at.
  async show(project, { fit = true } = {}) {
    this.clear();
    const current = this.newest.ask();
    const site = L.geoJSON(project.geometry).getBounds();
    const found = await this.ask(project, current.signal);
    if (!current()) return;
    const shown = found ? [L.geoJSON(found.site).getBounds(), ...found.causes.map((cause) => this.draw(cause))] : [];
    for (const bounds of shown) site.extend(bounds);
    if (fit) fitFree(this.map, site);
  }

  ask({ id, properties }, signal) {
    if (properties.verdict === "permitted") return null;
    return read("/api/projects/{number}/causes", { path: { number: id }, signal }).catch(() => null);
  }

  clear() {
    this.newest.ask();
    this.drawn.clearLayers();
    for (const box of this.panel.querySelectorAll("[data-lent]")) this.switch(box, false);
  }

  // What has to be in sight of it: a distance, or all that lies over the site.
  draw(cause) {
    this.switchOn(cause);
    const shape = { type: "Feature", properties: {}, geometry: cause.geometry };
    this.groundOf(cause, shape).addTo(this.drawn);
    const outline = L.geoJSON(shape, { ...inStratum(this.map, "selection"), style: SELECTED }).addTo(this.drawn);
    if (!cause.line) return outline.getBounds();
    const way = L.geoJSON(cause.line, {
      ...inStratum(this.map, "sites"),
      style: { className: "distance-line", weight: 2.4, dashArray: "2 5" },
    }).addTo(this.drawn);
    this.tag(way.getBounds().getCenter(), lengthWords(cause.distance_m));
    return way.getBounds();
  }

  groundOf({ theme, kind, rule }, shape) {
    if (!rule) return L.geoJSON(shape, { ...inStratum(this.map, "unsurveyed"), style: { ...UNKNOWN_LOOK, fillOpacity: 0.55 } });
    if (kind || theme === "composite") {
      const { line, dashes } = SET_ASIDE[kind] ?? {};
      return L.geoJSON(shape, { ...inStratum(this.map, "hazards"), style: { stroke: Boolean(line), color: line, dashArray: dashes, fillColor: line, fillOpacity: line ? 0.1 : 0 } });
    }
    return drawHazard(this.map, { zones: [shape], entry: this.legend.hazard(theme) });
  }

  tag(at, words) {
    const icon = L.divIcon({ className: "map-label distance-tag", html: element("span", { textContent: words }), iconSize: null });
    marker(at, { icon, pane: "labels", interactive: false, keyboard: false }).addTo(this.drawn);
  }

  // The layer it belongs to is switched on for as long as the project is chosen, or becomes the theme where it is none to lay over.
  switchOn({ theme, product }) {
    const overlay = this.box("overlay", `${theme}/${product || "hazard"}`);
    if (overlay && !overlay.checked) this.switch(overlay, true);
    const radio = overlay ? null : this.box("theme", `${theme}/${product}`);
    if (radio && !radio.checked) {
      radio.checked = true;
      radio.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }

  box(name, value) {
    return this.panel.querySelector(`[name=${name}][value="${CSS.escape(value)}"]`);
  }

  switch(box, on) {
    on ? (box.dataset.lent = "") : delete box.dataset.lent;
    box.checked = on;
    box.dispatchEvent(new Event("change", { bubbles: true }));
  }
}
