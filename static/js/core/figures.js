// @ts-check
// Figures as they are read: counts, areas, lengths and shares, each magnitude in one unit, thousands parted by commas.
// app/http/figures.py writes them alike; a test holds the two together.

const NO_FIGURE = "—";
const FROM_HECTARES_M2 = 9999.5;
const FROM_SQUARE_KM_M2 = 999950;
const FROM_KM_M = 9999.5;

/** @param {number} places at most */
const roundedTo = (places) => new Intl.NumberFormat("en", { maximumFractionDigits: places });
const wholes = roundedTo(0);
const tenths = roundedTo(1);
const hundredths = roundedTo(2);

/** @param {number | null | undefined} number */
export function countFigure(number) {
  return number == null ? NO_FIGURE : wholes.format(number);
}

/** @param {number | null | undefined} number */
export function tenthFigure(number) {
  return number == null ? NO_FIGURE : tenths.format(number);
}

/**
 * The number and its unit; `ha` is said in the reader's language.
 * @param {number | null | undefined} area_m2
 * @returns {[string, "" | "m²" | "ha" | "km²"]}
 */
export function areaFigure(area_m2) {
  if (area_m2 == null) return [NO_FIGURE, ""];
  if (area_m2 >= FROM_SQUARE_KM_M2) return [hundredths.format(area_m2 / 1e6), "km²"];
  if (area_m2 >= FROM_HECTARES_M2) return [hundredths.format(area_m2 / 1e4), "ha"];
  return [area_m2 > 0 && area_m2 < 1 ? "<1" : wholes.format(area_m2), "m²"];
}

/** @param {number | null | undefined} length_m */
export function lengthFigure(length_m) {
  if (length_m == null) return NO_FIGURE;
  return length_m >= FROM_KM_M ? `${hundredths.format(length_m / 1e3)} km` : `${wholes.format(length_m)} m`;
}

/** @param {number | null | undefined} share 0 to 1 */
export function shareFigure(share) {
  if (share == null) return NO_FIGURE;
  const per_cent = share * 100;
  if (per_cent > 0 && per_cent < 0.1) return "<0.1%";
  if (per_cent > 99.9 && per_cent < 100) return ">99.9%";
  return `${tenths.format(per_cent)}%`;
}
