// @ts-check
// Work that waits until a burst of calls is over: of many calls the last one is made, once.

/**
 * @template {any[]} Arguments
 * @param {(...given: Arguments) => unknown} work
 * @param {number} pause_ms how long no further call must come
 */
export function debounce(work, pause_ms) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let waiting;
  /** @type {Arguments | null} */
  let last = null;
  const now = () => {
    const given = last;
    later.cancel();
    return given && work(...given);
  };
  /** @param {Arguments} given */
  const later = (...given) => {
    clearTimeout(waiting);
    last = given;
    waiting = setTimeout(now, pause_ms);
  };
  /** Forgets the call that waits. */
  later.cancel = () => {
    clearTimeout(waiting);
    last = null;
  };
  /** Makes the call that waits, if there is one, without waiting longer. */
  later.now = now;
  return later;
}
