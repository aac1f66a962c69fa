// The words of the page in the reader's language; the Chinese sentence is its own key.
import { areaFigure, countFigure, lengthFigure, shareFigure, tenthFigure } from "./core/figures.js";

window.ANZHI ??= {};
window.ANZHI.messages ??= JSON.parse(document.getElementById("anzhi-messages")?.textContent || "{}");
window.ANZHI.counts ??= JSON.parse(document.getElementById("anzhi-counts")?.textContent || '{"singulars":{},"counted":[]}');
const COUNTED = new Set(window.ANZHI.counts.counted);

export function t(sentence, values = {}) {
  const words = formOf(sentence, values) || sentence;
  return words.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? plain(values[name], COUNTED.has(name)) : whole));
}

// Some languages say otherwise what there is one of: by the first count that stands in the sentence.
function formOf(sentence, values) {
  const { messages } = window.ANZHI;
  const { singulars } = window.ANZHI.counts;
  const counted = sentence in singulars && [...sentence.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).find((name) => COUNTED.has(name));
  return counted && String(values[counted]) === "1" ? singulars[sentence] : messages[sentence];
}

// What is not there is a dash on the page, never a word of the program; what was counted has its thousands parted.
const plain = (value, counted) => {
  if (value == null || Number.isNaN(value) || typeof value === "boolean") return "—";
  return counted && Number.isInteger(value) ? countFigure(value) : String(value);
};

// What the rulebook says in both languages, in the reader's.
export function said(chinese, english) {
  return english && language.startsWith("en") ? english : chinese;
}

export const language = document.documentElement.lang || "zh-CN";

// Sentences one after the other, parted as the language parts them.
export const sentences = (told) => told.filter(Boolean).join(language.startsWith("zh") ? "" : " ");

export function areaWords(square_m) {
  const [number, unit] = areaFigure(square_m);
  return unit === "ha" ? t("{n} 公顷", { n: number }) : `${number} ${unit}`.trim();
}

export const countWords = countFigure;
export const lengthWords = lengthFigure;
export const shareWords = shareFigure;
export const tenthWords = tenthFigure;

// Builds an element; text always goes in as text, never as markup.
export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value == null || value === false) continue;
    if (name in made && name !== "list") made[name] = value;
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat().filter((child) => child != null && typeof child !== "boolean"));
  return made;
}
