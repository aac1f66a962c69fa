// @ts-check
// Telephone numbers as they are written and as an address dials them; behind a mask, or without a number, nothing is dialled.
import { element, t } from "../words.js";

const BETWEEN = /[、，,；;/／\n]+/;
const DIALLED = /^(\+?\d{3,20})(?:(?:\u8f6c|-?ext\.?|x|#)(\d{1,6}))?$/;

/**
 * @param {string} text
 * @returns {{written: string, dialled: string | null}[]}
 */
export function telephonesIn(text) {
  return text
    .split(BETWEEN)
    .map((one) => one.trim())
    .filter(Boolean)
    .map((written) => ({ written, dialled: dialled(written) }));
}

/** @param {string} written */
function dialled(written) {
  const plain = written.normalize("NFKC").toLowerCase().replace(/[\s()·-]/g, "");
  const [, number, more] = DIALLED.exec(plain) ?? [];
  if (!number) return null;
  return more ? `${number};ext=${more}` : number;
}

/**
 * What a card says of a telephone: the number to dial, with a button that copies it.
 * @param {string | null | undefined} text
 */
export function telephoneParts(text) {
  return telephonesIn(text ?? "").map(({ written, dialled }) => {
    if (!dialled) return element("span", { className: "phone", textContent: written });
    const copy = element("button", { type: "button", className: "copy", title: t("复制"), ariaLabel: t("复制 {number}", { number: written }) });
    copy.dataset.copy = written;
    return element("span", { className: "phone" }, element("a", { href: `tel:${dialled}`, textContent: written }), copy);
  });
}
