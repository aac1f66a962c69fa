// @ts-check
// What befell a date of a register, by the limits the service tells: it expired, or nobody verified it for too long, or ever.
import { codeName, codeSign } from "../codes.js";
import { element } from "../words.js";

const DAY_MS = 86_400_000;
const HERE = "Asia/Shanghai"; // days are those of the place, as the service counts them

/** @returns {string} */
function todayHere() {
  return new Date().toLocaleDateString("sv-SE", { timeZone: HERE });
}

/**
 * The code of what befell it; null where it may be relied upon.
 * @param {string} column
 * @param {string | null | undefined} day
 * @param {string} on
 * @returns {string | null}
 */
export function lapseOf(column, day, on = todayHere()) {
  const known = /** @type {[string, {columns: string[], days: number | null}][]} */ (Object.entries(window.ANZHI.lapses ?? {}));
  const befell = known.find(([, { columns, days }]) => {
    if (!columns.includes(column)) return false;
    return days == null ? !day : Boolean(day) && Date.parse(on) - Date.parse(String(day)) > days * DAY_MS;
  });
  return befell?.[0] ?? null;
}

/**
 * A date as a card says it: what befell it with its sign, then the day.
 * @param {string} column
 * @param {string | null | undefined} day
 */
export function datedParts(column, day) {
  const code = lapseOf(column, day);
  const sign = code && element("span", { className: "sign", ariaHidden: "true", textContent: codeSign("lapse", code) });
  const told = code && element("span", { className: `lapse is-${code}` }, sign, ` ${codeName("lapse", code)}`);
  return [told, day && element("span", { className: "until", textContent: day })].filter(Boolean);
}
