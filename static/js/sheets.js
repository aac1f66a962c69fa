// The margins of every printed sheet: whose it is, for whom, by which edition, printed when, which page of how many.
import { t } from "./words.js";

const margins = new CSSStyleSheet();
document.adoptedStyleSheets = [...document.adoptedStyleSheets, margins];
window.addEventListener("beforeprint", () => margins.replaceSync(marginRules()));

function marginRules() {
  const boxes = {
    "top-left": quoted([wordsIn(".brand"), wordsIn("h1") || document.title.split(" · ")[0]]),
    "top-right": quoted([runWords()]),
    "bottom-left": quoted([t("内部资料"), t("筛查意见，不替代法定评估"), wordsIn(".notice[aria-label] > b")]),
    "bottom-right": `${quoted([printedAt(), ""])} counter(page) " / " counter(pages)`,
  };
  const rules = Object.entries(boxes).map(([box, content]) => `@${box} { content: ${content}; }`);
  return `@layer print { @page { ${rules.join(" ")} } }`;
}

// By what: the grading run where the page shows one, and the edition and the date of the data in every case.
function runWords() {
  const [dated, edition, rulebook] = [...document.querySelectorAll(".foot > span")].map((one) => one.textContent);
  return [wordsIn(".run-facts dd"), edition, dated, rulebook].filter(Boolean).join(" · ");
}

function printedAt() {
  const form = { dateStyle: "short", timeStyle: "short", timeZone: "Asia/Shanghai", hourCycle: "h23" };
  return t("打印于 {at}（北京时间）", { at: new Intl.DateTimeFormat("sv", /** @type {any} */ (form)).format(new Date()) });
}

function wordsIn(place) {
  return document.querySelector(place)?.textContent.replace(/\s+/g, " ").trim() ?? "";
}

// A text as a string of CSS, whoever wrote what stands in it.
function quoted(parts) {
  const told = parts.filter((part, place) => part || place === parts.length - 1).join(" · ");
  return `"${told.replace(/["\\]/g, "\\$&").replace(/\s+/g, " ")}"`;
}
