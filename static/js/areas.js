// Graded areas on a map: each by its grade, or, where there are very many, the ground of each grade as one.
import { gradeFill, UNSURVEYED_FILL } from "./legend.js";
import { inStratum, insidePoint } from "./map.js";
import { Newest } from "./newest.js";
import { reasonParts } from "./reasons.js";

export class Areas {
  joined;
  map;
  product;
  source;
  labels;
  legend;
  rows;

  // source: {all(), joined(), one(id), at(latlng)}; rows(properties) answers what leads to the rows of an area.
  constructor({ map, legend, labels, source, joined, product, rows = () => null }) {
    Object.assign(this, { map, legend, labels, source, joined, product, rows });
    this.known = new Map();
    this.newest = new Newest();
  }

  async draw() {
    const drawn = this.joined ? await this.ground() : await this.each();
    drawn.addTo(this.map);
    document.addEventListener("click", (/** @type {any} */ { target }) => {
      const button = target.closest?.("[data-area]");
      if (button) this.choose(Number(button.dataset.area), { look: true });
    });
  }

  shown(properties) {
    return this.product === "risk" && properties.risk ? properties.risk : properties;
  }

  async each() {
    const found = await this.source.all();
    for (const area of found) this.known.set(area.properties.id, area);
    this.labels.set(
      "grades",
      found.map((area) => this.numeral(area)),
    );
    return L.geoJSON(found, {
      ...inStratum(this.map, "grades", { interactive: true }),
      style: ({ properties }) => areaStyle(this.legend, this.shown(properties)),
      onEachFeature: ({ properties }, layer) => layer.on("click", () => this.choose(properties.id)),
    });
  }

  async ground() {
    return L.geoJSON(await this.source.joined(), {
      ...inStratum(this.map, "grades", { interactive: true }),
      style: ({ properties }) => areaStyle(this.legend, properties),
      onEachFeature: (_part, layer) => layer.on("click", ({ latlng }) => this.chooseAt(latlng)),
    });
  }

  // A triangle says that the unit holds ground of a worst grade which its own grade does not show.
  numeral({ geometry, properties }) {
    const { grade_scheme, grade_rank } = this.shown(properties);
    const entry = this.legend.grade(grade_scheme, grade_rank);
    const at = insidePoint(geometry);
    const below = at && L.latLng(at.lat - 0.0042, at.lng);
    const text = (entry?.numeral || "?") + (properties.extremes?.length ? "▲" : "");
    return { at: below, text, kind: "numerals", colour: entry?.ink || "#59646c", priority: 70 };
  }

  async chooseAt(place) {
    const current = this.newest.ask();
    const found = await this.source.at(place);
    if (found && current()) this.show(found);
  }

  async choose(id, { look = false } = {}) {
    const current = this.newest.ask();
    if (!this.known.has(id)) this.known.set(id, await this.source.one(id));
    if (current()) this.show(this.known.get(id), { look });
  }

  show(area, { look = false } = {}) {
    if (!area) return;
    this.selection?.remove();
    const style = { className: "selected-area", weight: 3, fill: false };
    this.selection = L.geoJSON(area, { ...inStratum(this.map, "selection"), style }).addTo(this.map);
    if (look && !this.map.getBounds().contains(this.selection.getBounds()))
      this.map.panTo(this.selection.getBounds().getCenter());
    const place = document.getElementById("reasons");
    const [header, ...why] = reasonParts(this.legend, area.properties);
    place.replaceChildren(...[header, this.rows(area.properties), ...why].filter(Boolean));
    place.scrollIntoView({ block: "nearest" });
    for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-area]")))
      button.ariaPressed = String(Number(button.dataset.area) === area.properties.id);
  }
}

export function areaStyle(legend, { grade_scheme, grade_rank }) {
  const entry = legend.grade(grade_scheme, grade_rank);
  if (!entry) return { fillColor: UNSURVEYED_FILL, fillOpacity: 1, color: "#59646c", weight: 0.8, dashArray: "4 3" };
  return { fillColor: gradeFill(entry), fillOpacity: 1, color: entry.ink, weight: 0.7, opacity: 0.5 };
}
