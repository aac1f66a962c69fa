// @ts-check
// A list walked with the keys: which entry an arrow, Home or End leads to.

/**
 * @param {string} key as the event names it
 * @param {{at: number, count: number, wraps?: boolean}} list at: the entry there is now, -1 for none
 * @returns {number | null} the entry it leads to, -1 for above the first; null where the key does not walk
 */
export function stepTo(key, { at, count, wraps = false }) {
  if (!count) return null;
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  const step = { ArrowDown: 1, ArrowUp: -1 }[key];
  if (!step) return null;
  if (!wraps) return Math.max(-1, Math.min(count - 1, at + step));
  return at < 0 && step < 0 ? count - 1 : (at + step + count) % count;
}

/**
 * Rows told anew: whoever had a button of one in hand has that button of that row in hand again, so that no key is lost.
 * @param {HTMLElement} list
 * @param {HTMLElement[]} rows each with the `data-row` it is known by
 */
export function replaceRows(list, rows) {
  const hand = document.activeElement;
  const row = hand?.closest("[data-row]");
  const held = row && list.contains(row) ? row.getAttribute("data-row") : null;
  const place = held === null || !row ? -1 : [...row.querySelectorAll("button")].findIndex((one) => one === hand);
  list.replaceChildren(...rows);
  if (place >= 0) rows.find((one) => one.dataset.row === held)?.querySelectorAll("button")[place]?.focus({ preventScroll: true });
}
