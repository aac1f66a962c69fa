// @ts-check
// What to do where somebody else wrote in between: which values are theirs alone, and of which there are two to choose from.

/** @typedef {Readonly<Record<string, any>>} Values plain (JSON) values by name; what is missing is null */

/**
 * @param {object} told
 * @param {string[]} told.names the values there are
 * @param {Values} told.base what was read
 * @param {Values} told.mine what is to be written, changes alone
 * @param {Values} told.theirs what stands there now
 * @returns {{both: string[], theirs: string[]}} both: changed to different values; theirs: changed by the other alone
 */
export function compare({ names, base, mine, theirs }) {
  const changed = names.filter((name) => !same(base[name], theirs[name]));
  return {
    both: changed.filter((name) => name in mine && !same(mine[name], theirs[name])),
    theirs: changed.filter((name) => !(name in mine)),
  };
}

/** @param {unknown} one @param {unknown} other */
export function same(one, other) {
  return JSON.stringify(one ?? null, inOrder) === JSON.stringify(other ?? null, inOrder);
}

// Whoever wrote an object last may have written its members in another order.
/** @param {string} _ @param {any} value */
function inOrder(_, value) {
  const isObject = value && typeof value === "object" && !Array.isArray(value);
  return isObject ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))) : value;
}
