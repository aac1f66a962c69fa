// @ts-check
// The state of a page: plain values by name, changed in one place and watched by whoever shows them.

/** @typedef {Readonly<Record<string, any>>} Values plain (JSON) values by name; null is "none" */

export class Store {
  /** @type {Values} */
  #values;
  /** @type {Set<{names: string[] | null, react: (values: Values, changed: string[]) => void}>} */
  #watching = new Set();
  /** @type {string[][]} */
  #untold = [];

  /** @param {Values} values what the page starts with */
  constructor(values = {}) {
    this.#values = Object.freeze({ ...values });
  }

  get values() {
    return this.#values;
  }

  /**
   * Takes the changes and tells whoever watches one of these names, once. A change made while others are told is told after.
   * @param {Values} changes
   * @returns {string[]} the names whose values truly changed
   */
  change(changes) {
    const changed = Object.keys(changes).filter((name) => !Object.is(changes[name], this.#values[name]));
    if (!changed.length) return changed;
    this.#values = Object.freeze({ ...this.#values, ...changes });
    this.#untold.push(changed);
    if (this.#untold.length === 1) this.#tell();
    return changed;
  }

  /**
   * @param {string[] | null} names those of interest; null for all
   * @param {(values: Values, changed: string[]) => void} react
   * @returns {() => void} ends the watch
   */
  watch(names, react) {
    const watcher = { names, react };
    this.#watching.add(watcher);
    return () => this.#watching.delete(watcher);
  }

  #tell() {
    try {
      while (this.#untold.length) {
        const [changed] = this.#untold;
        for (const { names, react } of [...this.#watching])
          if (!names || changed.some((name) => names.includes(name))) react(this.#values, changed);
        this.#untold.shift();
      }
    } finally {
      this.#untold = [];
    }
  }
}
