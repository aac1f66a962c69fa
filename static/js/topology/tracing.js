// @ts-check
// The way along borders that stand already, from one node to another: the shortest.
import { distance_m, keyOf } from "./plane.js";

/** @typedef {import("./plane.js").Point} Point */
/** @typedef {import("./coverage.js").Coverage} Coverage */

const MOST_NODES = 20_000; // looked at before it is given up

/**
 * @param {Coverage} coverage
 * @param {Point} from a node
 * @param {Point} to a node
 * @returns {Point[] | null} both ends with it; null where no border leads from the one to the other
 */
export function trace(coverage, from, to) {
  const goal = keyOf(to);
  /** @type {Map<string, {at: Point, length: number, before: string | null}>} */
  const known = new Map([[keyOf(from), { at: from, length: 0, before: null }]]);
  const open = [{ key: keyOf(from), ahead: distance_m(from, to) }];
  const done = new Set();
  while (open.length && done.size < MOST_NODES) {
    const { key } = taken(open);
    if (done.has(key)) continue;
    if (key === goal) return wayTo(known, goal);
    done.add(key);
    const here = known.get(key) ?? { at: from, length: 0 };
    for (const next of coverage.neighboursOf(here.at)) {
      const length = here.length + distance_m(here.at, next);
      const name = keyOf(next);
      if (length >= (known.get(name)?.length ?? Infinity)) continue;
      known.set(name, { at: next, length, before: key });
      put(open, { key: name, ahead: length + distance_m(next, to) });
    }
  }
  return null;
}

/** @param {Map<string, {at: Point, before: string | null}>} known @param {string} goal */
function wayTo(known, goal) {
  const way = [];
  for (let key = /** @type {string | null} */ (goal); key !== null; ) {
    const node = known.get(key);
    if (!node) break;
    way.unshift(node.at);
    key = node.before;
  }
  return way;
}

/** @typedef {{key: string, ahead: number}} Open */

/** @param {Open[]} open @param {Open} one */
function put(open, one) {
  let place = open.push(one) - 1;
  while (place > 0) {
    const above = (place - 1) >> 1;
    if (open[above].ahead <= one.ahead) break;
    open[place] = open[above];
    place = above;
  }
  open[place] = one;
}

/** @param {Open[]} open @returns {Open} */
function taken(open) {
  const first = open[0];
  const last = open.pop();
  if (!open.length || !last) return first;
  let place = 0;
  for (;;) {
    let below = 2 * place + 1;
    if (below >= open.length) break;
    if (below + 1 < open.length && open[below + 1].ahead < open[below].ahead) below += 1;
    if (open[below].ahead >= last.ahead) break;
    open[place] = open[below];
    place = below;
  }
  open[place] = last;
  return first;
}
