// The words of the page in the reader's language; the Chinese sentence is its own key.

window.ANZHI ??= {};
window.ANZHI.messages ??= JSON.parse(document.getElementById("anzhi-messages")?.textContent || "{}");

export function t(sentence, values = {}) {
  const words = window.ANZHI.messages[sentence] || sentence;
  return words.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? plain(values[name]) : whole));
}

// What is not there is a dash on the page, never a word of the program.
const plain = (value) => (value == null || Number.isNaN(value) || typeof value === "boolean" ? "—" : String(value));

// What the rulebook says in both languages, in the reader's.
export function said(chinese, english) {
  return english && language.startsWith("en") ? english : chinese;
}

export const language = document.documentElement.lang || "zh-CN";
const whole = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
const fine = new Intl.NumberFormat(language, { maximumFractionDigits: 2 });

export function areaWords(square_m) {
  if (square_m == null) return "—";
  if (square_m >= 1e6) return `${fine.format(square_m / 1e6)} km²`;
  if (square_m >= 1e4) return t("{n} 公顷", { n: fine.format(square_m / 1e4) });
  return `${square_m > 0 && square_m < 1 ? "<1" : whole.format(square_m)} m²`;
}

export function lengthWords(metres) {
  if (metres == null) return "—";
  return metres >= 1e4 ? `${fine.format(metres / 1e3)} km` : `${whole.format(metres)} m`;
}

export function shareWords(share) {
  if (share == null) return "—";
  const per_cent = share * 100;
  if (per_cent > 0 && per_cent < 0.1) return "<0.1%";
  if (per_cent > 99.9 && per_cent < 100) return ">99.9%";
  return `${Number(per_cent.toFixed(1))}%`;
}

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
