// Graded areas on a map: each by its grade, or, where there are very many, the ground of each grade as one.
import { gradeFill, showSymbol, UNSURVEYED_FILL } from "./legend.js";
import { inStratum, insidePoint } from "./map.js";
import { Newest } from "./newest.js";
import { median, patchesOf } from "./patches.js";
import { reasonParts } from "./reasons.js";

const LEGIBLE_PX = 40; // what is smaller on screen has neither an outline nor a numeral
export const METRES_PER_DEGREE = 111320;

export class Areas {
  joined;
  map;
  product;
  source;
  labels;
  legend;
  rows;
  cell_m;

  // source: {all(), joined(), one(id), at(latlng)}; rows(properties) answers what leads to the rows of an area.
  // cell_m: the side of the cells of a grid, whose numerals stand once a patch; null of other units, which have one each.
  constructor({ map, legend, labels, source, joined, product, cell_m = null, rows = () => null }) {
    Object.assign(this, { map, legend, labels, source, joined, product, cell_m, rows });
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
    const patches = this.cell_m ? await this.source.joined() : null;
    const size = this.cell_m ? this.cell_m / METRES_PER_DEGREE : median(found.map(({ geometry }) => sizeOf(geometry)));
    keepLegible(this.map, size);
    this.labels.set("grades", patches ? this.numeralsOf(patches) : found.map((area) => this.numeral(area)));
    showSymbol("extremes", !patches && found.some(({ properties }) => properties.extremes?.length));
    return L.geoJSON(found, {
      ...inStratum(this.map, "grades", { interactive: true }),
      style: ({ properties }) => areaStyle(this.legend, this.shown(properties)),
      onEachFeature: ({ properties }, layer) => layer.on("click", () => this.choose(properties.id)),
    });
  }

  async ground() {
    const patches = await this.source.joined();
    keepLegible(this.map, (this.cell_m ?? 0) / METRES_PER_DEGREE);
    this.labels.set("grades", this.numeralsOf(patches));
    return L.geoJSON(patches, {
      ...inStratum(this.map, "grades", { interactive: true }),
      style: ({ properties }) => areaStyle(this.legend, properties),
      onEachFeature: (_part, layer) => layer.on("click", ({ latlng }) => this.chooseAt(latlng)),
    });
  }

  // A triangle says that the unit holds ground of a worst grade which its own grade does not show.
  numeral({ geometry, properties }) {
    const { grade_scheme, grade_rank } = this.shown(properties);
    const entry = this.legend.grade(grade_scheme, grade_rank);
    const text = (entry?.numeral || "?") + (properties.extremes?.length ? "▲" : "");
    return { ...this.label(entry, text), at: insidePoint(geometry), span: sizeOf(geometry), beside: true };
  }

  // Ground of one grade that hangs together has one numeral.
  numeralsOf(grades) {
    return grades.flatMap(({ geometry, properties }) => {
      const entry = this.legend.grade(properties.grade_scheme, properties.grade_rank);
      const at = (rings) => insidePoint({ type: "Polygon", coordinates: rings });
      return patchesOf(geometry).map(({ rings, span }) => ({ ...this.label(entry, entry?.numeral || "?"), at: at(rings), span }));
    });
  }

  // Names of villages go first: a reader who knows where he looks finds the grade by its colour and pattern too.
  label(entry, text) {
    return { text, kind: "numerals", colour: entry?.ink || "#59646c", priority: 50, room: LEGIBLE_PX };
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

// How wide a unit is, in degrees of latitude.
function sizeOf(geometry) {
  return patchesOf(geometry)[0]?.span ?? 0;
}

// Takes the outlines off while units of this many degrees are too small on screen to be told apart.
export function keepLegible(map, degrees) {
  const look = () => {
    const middle = map.project(map.getCenter());
    const pixels = Math.abs(map.project([map.getCenter().lat + degrees, map.getCenter().lng]).y - middle.y);
    map.getContainer().classList.toggle("small-units", pixels < LEGIBLE_PX);
  };
  map.on("zoomend", look);
  look();
}

export function areaStyle(legend, { grade_scheme, grade_rank }) {
  const entry = legend.grade(grade_scheme, grade_rank);
  const className = "graded-area";
  if (!entry) return { className, fillColor: UNSURVEYED_FILL, fillOpacity: 1, color: "#59646c", weight: 0.8, dashArray: "4 3" };
  return { className, fillColor: gradeFill(entry), fillOpacity: 1, color: entry.ink, weight: 0.7, opacity: 0.5 };
}
