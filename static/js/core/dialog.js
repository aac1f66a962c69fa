// @ts-check
// A dialog over the page: named by its title, closed by Escape, gone when closed; the focus goes back to where it was.
import { element } from "../words.js";

let opened = 0;

/**
 * @param {object} told
 * @param {string} told.title
 * @param {(Node | string)[]} told.parts
 * @param {string} [told.className]
 * @param {HTMLElement | null} [told.back] gets the focus afterwards; without it whoever had it before
 * @param {(answer: string) => unknown} [told.onClose] gets what it was closed with
 * @returns {HTMLDialogElement} open already
 */
export function openDialog({ title, parts, className = "", back, onClose }) {
  const before = back ?? /** @type {HTMLElement | null} */ (document.activeElement);
  const id = `dialog-title-${++opened}`;
  const dialog = element("dialog", { className: `dialog ${className}`.trim() }, element("h2", { id, textContent: title }), ...parts);
  dialog.setAttribute("aria-labelledby", id);
  dialog.addEventListener("close", () => {
    dialog.remove();
    before?.focus({ preventScroll: true });
    onClose?.(dialog.returnValue);
  });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}
