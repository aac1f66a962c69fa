// What became of the pasted text, said under its box: how it was read, which readings to choose from, what is wrong where.
import { element, t } from "./words.js";

export function showUnderstood(place, outline) {
  const { understood, alternatives, problems } = outline.told;
  place.replaceChildren(
    ...[
      understood && element("p", { className: "read-as" }, sentenceOf(understood)),
      alternatives.length && readings(outline),
      problems.length && element("ul", { className: "line-troubles" }, problems.map((one) => problemLine(one, outline))),
    ].filter(Boolean),
  );
}

export function sentenceOf({ phrases }) {
  return phrases.map(({ text, values }) => t(text, values)).join(t("；"));
}

function readings(outline) {
  const choices = outline.told.alternatives.map((meaning) => {
    const input = element("input", { type: "radio", name: "reading", value: `${meaning.crs} ${meaning.order}` });
    input.addEventListener("change", () => outline.choose(meaning));
    return element("label", { className: "reading" }, input, element("span", { textContent: sentenceOf(meaning) }));
  });
  return element(
    "fieldset",
    { className: "readings" },
    element("legend", { textContent: t("这些坐标有 {n} 种读法，请选定一种：", { n: choices.length }) }),
    choices,
  );
}

function problemLine({ line, message, text, values }, outline) {
  const words = text ? t(text, values) : message;
  if (!line) return element("li", { textContent: words });
  const button = element("button", { type: "button", className: "zone-link", textContent: words });
  button.addEventListener("click", () => selectLine(outline.form.coordinates, line));
  return element("li", {}, button);
}

function selectLine(box, number) {
  const lines = box.value.split("\n");
  const start = lines.slice(0, number - 1).reduce((sum, line) => sum + line.length + 1, 0);
  box.focus();
  box.setSelectionRange(start, start + (lines[number - 1] || "").length);
}
