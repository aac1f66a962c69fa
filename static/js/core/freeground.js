// @ts-check
// The part of a map that nothing lies over: what a card speaks of is shown there.

/** @typedef {{left: number, top: number, right: number, bottom: number}} Box pixels of the window */

/**
 * Of all boxes inside `whole` that none of `covers` reaches into, the one in which a thing of this shape stands largest.
 * @param {Box} whole
 * @param {Box[]} covers
 * @param {{width: number, height: number}} [shape] how the thing's width stands to its height
 * @returns {Box} `whole` itself where nothing is left free
 */
export function freeGround(whole, covers, shape = { width: 1, height: 1 }) {
  const over = covers.filter((one) => isWithin(one, whole));
  const xs = edges([whole, ...over], "left", "right", whole);
  const ys = edges([whole, ...over], "top", "bottom", whole);
  let best = null;
  for (const [left, right] of pairs(xs))
    for (const [top, bottom] of pairs(ys)) {
      const box = { left, top, right, bottom };
      const rank = [Math.min((right - left) / shape.width, (bottom - top) / shape.height), (right - left) * (bottom - top)];
      const isBetter = !best || rank[0] > best.rank[0] || (rank[0] === best.rank[0] && rank[1] > best.rank[1]);
      if (isBetter && !over.some((one) => isWithin(one, box))) best = { box, rank };
    }
  return best ? best.box : whole;
}

/** @param {Box} one @param {Box} other */
const isWithin = (one, other) =>
  one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;

/** @param {Box[]} boxes @param {"left" | "top"} from @param {"right" | "bottom"} to @param {Box} whole */
function edges(boxes, from, to, whole) {
  const met = boxes.flatMap((box) => [box[from], box[to]]).map((at) => Math.min(Math.max(at, whole[from]), whole[to]));
  return [...new Set(met)].sort((a, b) => a - b);
}

/** @param {number[]} places @returns {[number, number][]} */
function pairs(places) {
  return places.flatMap((from, i) => places.slice(i + 1).map((to) => /** @type {[number, number]} */ ([from, to])));
}
