// How grades and hazards are drawn: ids of the page's SVG patterns, numerals, inks.
import { said, t } from "./words.js";

export class Legend {
  grades;
  hazards;
  classes;
  themes;

  constructor({ grades, hazards, classes = {}, themes = {} }) {
    Object.assign(this, { grades, hazards, classes, themes });
  }

  grade(scheme, rank) {
    return this.grades.find((entry) => entry.scheme === scheme && entry.rank === rank) || null;
  }

  hazard(key) {
    return (
      this.hazards.find((entry) => entry.hazard === key) || {
        hazard: key,
        name: key,
        symbol: "plus",
        colour: "#5b5f66",
        graded: true,
      }
    );
  }

  // A project class with what it means: K2 alone tells nobody anything.
  className(key) {
    return key in this.classes ? `${key} ${said(...this.classes[key])}` : key;
  }

  hazardName(key) {
    return t(this.themes[key] || this.hazard(key).name);
  }
}

// The key shows what the map shows: a symbol the page's key has is told when it is drawn, and when it is not.
export function showSymbol(name, drawn) {
  for (const line of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(`[data-symbol="${name}"]`)))
    line.hidden = !drawn;
}

export function gradeFill(entry) {
  return `url(#grade-${entry.scheme}-${entry.rank})`;
}

export function hazardFill(entry) {
  return `url(#hazard-${entry.hazard})`;
}

export const UNSURVEYED_FILL = "url(#unsurveyed)";
