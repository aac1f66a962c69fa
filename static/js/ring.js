// @ts-check
// Places round a middle, evenly and so far apart that nothing laid on them touches.

/**
 * @param {number} count
 * @param {number} apart least distance between neighbours
 * @returns {{x: number, y: number}[]} from the top, clockwise
 */
export function ring(count, apart) {
  const radius = Math.max(apart, count > 1 ? apart / (2 * Math.sin(Math.PI / count)) : 0);
  return Array.from({ length: count }, (_, i) => {
    const turn = (i / count) * 2 * Math.PI;
    return { x: radius * Math.sin(turn), y: -radius * Math.cos(turn) };
  });
}
