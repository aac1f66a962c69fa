// The grades of the theme in the key under the map, as the map shows them.
import { gradeFill } from "../legend.js";
import { element, t } from "../words.js";

const NS = "http://www.w3.org/2000/svg";

export class GradeKey {
  constructor({ place, work, legend }) {
    let lines = [];
    work.store.watch(["theme"], ({ theme }) => {
      for (const line of lines) line.remove();
      lines = legend.grades.filter(({ scheme }) => scheme === theme.scheme).sort((one, other) => one.rank - other.rank).map(lineOf);
      place.prepend(...lines);
    });
  }
}

function lineOf(entry) {
  const swatch = document.createElementNS(NS, "svg");
  for (const [name, value] of Object.entries({ viewBox: "0 0 26 16", class: "swatch", "aria-hidden": "true" })) swatch.setAttribute(name, value);
  const box = document.createElementNS(NS, "rect");
  const told = { x: 0.5, y: 0.5, width: 25, height: 15, rx: 3, fill: gradeFill(entry), stroke: entry.colour };
  for (const [name, value] of Object.entries(told)) box.setAttribute(name, String(value));
  swatch.append(box);
  return element("li", {}, swatch, `${entry.numeral} ${t(entry.name)}`);
}
