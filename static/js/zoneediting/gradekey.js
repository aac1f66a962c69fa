// The theme in the key under the map, as the map shows it: its grades; where it has none, its ground or its lines in their one colour.
import { gradeFill, hazardFill } from "../legend.js";
import { element, t } from "../words.js";

const NS = "http://www.w3.org/2000/svg";

export class GradeKey {
  constructor({ place, work, legend }) {
    let lines = [];
    work.store.watch(["theme"], ({ theme }) => {
      for (const line of lines) line.remove();
      lines = theme.scheme ? gradesOf(legend, theme.scheme) : [hazardLine(legend, theme)];
      place.prepend(...lines);
    });
  }
}

function gradesOf(legend, scheme) {
  const grades = legend.grades.filter((entry) => entry.scheme === scheme).sort((one, other) => one.rank - other.rank);
  return grades.map((entry) => element("li", {}, boxOf(gradeFill(entry), entry.colour), `${entry.numeral} ${t(entry.name)}`));
}

function hazardLine(legend, { hazard, isOfLines }) {
  const entry = legend.hazard(hazard);
  const sign = isOfLines ? swatch("path", { d: "M1 8h24", stroke: entry.colour, "stroke-width": 3 }) : boxOf(hazardFill(entry), entry.colour);
  return element("li", {}, sign, legend.hazardName(hazard));
}

const boxOf = (fill, stroke) => swatch("rect", { x: 0.5, y: 0.5, width: 25, height: 15, rx: 3, fill, stroke });

function swatch(shape, told) {
  const made = (name, values) => {
    const part = document.createElementNS(NS, name);
    for (const [key, value] of Object.entries(values)) part.setAttribute(key, String(value));
    return part;
  };
  const whole = made("svg", { viewBox: "0 0 26 16", class: "swatch", "aria-hidden": "true" });
  whole.append(made(shape, told));
  return whole;
}
