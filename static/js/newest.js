// @ts-check
// The newest of several questions about one place: an older one is given up, and what answers it is not shown there any more.
export class Newest {
  /** @type {AbortController | null} */
  #asked = null;

  /**
   * Begins a question; the answer tells whether it still is the newest, its signal gives the question up when it is not.
   * @returns {(() => boolean) & {signal: AbortSignal}}
   */
  ask() {
    this.#asked?.abort();
    const mine = (this.#asked = new AbortController());
    return Object.assign(() => this.#asked === mine, { signal: mine.signal });
  }
}
