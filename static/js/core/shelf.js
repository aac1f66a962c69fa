// @ts-check
// Where a page keeps what the service does not have yet: over a reload, and over a sign-out too.

/** @typedef {Pick<Storage, "getItem" | "setItem" | "removeItem">} Store */

/** @returns {Store | null} null where the browser keeps nothing */
function lasting() {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}

/**
 * @param {string} key
 * @param {unknown} value null forgets it
 * @param {Store | null} [store]
 * @returns {boolean} whether it would be there again
 */
export function lay(key, value, store = lasting()) {
  try {
    if (!store) return false;
    value === null ? store.removeItem(key) : store.setItem(key, JSON.stringify(value));
    return true;
  } catch {
    return false; // no room
  }
}

/** @param {string} key @param {Store | null} [store] @returns {any} null of what was never laid there, or cannot be read */
export function take(key, store = lasting()) {
  try {
    return JSON.parse(store?.getItem(key) ?? "null");
  } catch {
    return null;
  }
}
