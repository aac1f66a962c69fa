// Graded areas: villages or cells by grade on the map, the reasons of the one chosen beside it.
import { ask, features, remoteSources } from "../api.js";
import { drawBasemap } from "../basemap.js";
import { Labels } from "../labels.js";
import { gradeFill, Legend, UNSURVEYED_FILL } from "../legend.js";
import { inStratum, insidePoint, prepareMap } from "../map.js";
import { reasonParts } from "../reasons.js";
import { t } from "../words.js";

const POINT_DEGREES = 1e-6;

export async function attach(map, { legend: entries, unit, run }) {
  const note = document.getElementById("map-note");
  try {
    const legend = new Legend(entries);
    const labels = new Labels(prepareMap(map));
    (await drawBasemap(map, remoteSources(), labels)).showVillages(true);
    if (run) await new Areas({ map, legend, labels, unit, run }).draw();
    note.hidden = true;
  } catch (trouble) {
    note.classList.add("trouble");
    note.textContent = t("地图没有画完：{reason}。请刷新重试。", { reason: trouble.message });
    throw trouble;
  } finally {
    window.READY = 1;
  }
}

class Areas {
  constructor({ map, legend, labels, unit, run }) {
    Object.assign(this, { map, legend, labels, unit, run });
    this.known = new Map();
    this.buttons = [...document.querySelectorAll("[data-area]")];
  }

  async draw() {
    const drawn = this.unit === "grid" ? await this.cells() : await this.villages();
    drawn.addTo(this.map);
    for (const button of this.buttons)
      button.addEventListener("click", () => this.choose(Number(button.dataset.area), { look: true }));
    const asked = Number(new URLSearchParams(location.search).get("area"));
    if (asked) this.choose(asked, { look: true });
  }

  async villages() {
    const found = await features(`/api/areas?${new URLSearchParams({ unit: this.unit, run: this.run })}`);
    for (const area of found) this.known.set(area.properties.id, area);
    this.labels.set(
      "grades",
      found.map((area) => this.numeral(area)),
    );
    return L.geoJSON(found, {
      ...inStratum(this.map, "grades", { interactive: true }),
      style: ({ properties }) => this.style(properties),
      onEachFeature: ({ properties }, layer) => layer.on("click", () => this.choose(properties.id)),
    });
  }

  async cells() {
    const dissolved = await ask(`/api/runs/${this.run}/picture`, { accept: "application/geo+json" });
    return L.geoJSON(dissolved.features, {
      ...inStratum(this.map, "grades", { interactive: true }),
      style: ({ properties }) => this.style(properties),
      onEachFeature: (_part, layer) => layer.on("click", ({ latlng }) => this.chooseAt(latlng)),
    });
  }

  style({ grade_scheme, grade_rank }) {
    const entry = this.legend.grade(grade_scheme, grade_rank);
    if (!entry) return { fillColor: UNSURVEYED_FILL, fillOpacity: 1, color: "#59646c", weight: 0.8, dashArray: "4 3" };
    return { fillColor: gradeFill(entry), fillOpacity: 1, color: entry.ink, weight: 0.7, opacity: 0.5 };
  }

  numeral({ geometry, properties }) {
    const entry = this.legend.grade(properties.grade_scheme, properties.grade_rank);
    const at = insidePoint(geometry);
    const below = at && L.latLng(at.lat - 0.0042, at.lng);
    return { at: below, text: entry?.numeral || "?", kind: "numerals", colour: entry?.ink || "#59646c", priority: 70 };
  }

  async chooseAt({ lat, lng }) {
    const bbox = [lng, lat, lng + POINT_DEGREES, lat + POINT_DEGREES].join(",");
    const asked = new URLSearchParams({ unit: this.unit, run: this.run, bbox, limit: 1 });
    const { features: found } = await ask(`/api/areas?${asked}`, { accept: "application/geo+json" });
    if (found.length) this.show(found[0]);
  }

  async choose(id, { look = false } = {}) {
    if (!this.known.has(id)) {
      const { geometry, ...properties } = await ask(`/api/areas/${id}`);
      this.known.set(id, { type: "Feature", geometry, properties });
    }
    this.show(this.known.get(id), { look });
  }

  show(area, { look = false } = {}) {
    this.selection?.remove();
    const style = { className: "selected-area", weight: 3, fill: false };
    this.selection = L.geoJSON(area, { ...inStratum(this.map, "selection"), style }).addTo(this.map);
    if (look && !this.map.getBounds().contains(this.selection.getBounds()))
      this.map.panTo(this.selection.getBounds().getCenter());
    const place = document.getElementById("reasons");
    place.replaceChildren(...reasonParts(this.legend, area.properties).filter(Boolean));
    place.scrollIntoView({ block: "nearest" });
    for (const button of this.buttons)
      button.ariaPressed = String(Number(button.dataset.area) === area.properties.id);
  }
}
