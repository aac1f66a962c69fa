// Charts beside their tables: SVG, patterns as well as colours, light or dark as the page is.
const UNKNOWN = { colour: "#cdcdc8", pattern: "unsurveyed", ink: "#8a9093" };
const LINE = "rect";
const CROSS = "path://M0 1L1 0L8 7L7 8ZM7 0L8 1L1 8L0 7Z";

// The patterns of the map as ECharts draws them; what nobody surveyed has the hatch it has there.
const DECALS = {
  "cross-hatch": { strength: 0.75, symbol: CROSS, symbolSize: 1, dashArrayX: [7, 0], dashArrayY: [7, 0] },
  diagonal: { strength: 0.7, symbol: LINE, symbolSize: 1, dashArrayX: [1, 0], dashArrayY: [1, 5], rotation: -Math.PI / 4 },
  dots: { strength: 0.8, symbol: "circle", symbolSize: 0.7, dashArrayX: [[3, 3], [0, 3, 3, 0]], dashArrayY: [3, 0] },
  "light-lines": { strength: 0.3, symbol: LINE, symbolSize: 1, dashArrayX: [1, 0], dashArrayY: [0.7, 3.3] },
  plain: { strength: 0, symbol: "none" },
  unsurveyed: { strength: 1, symbol: LINE, symbolSize: 1, dashArrayX: [1, 0], dashArrayY: [2.4, 7.6], rotation: Math.PI / 4 },
};

// The grades of a chart, worst first, as the map's key shows them; ground without one last.
export function gradeSeries(grades, unknown) {
  return [
    ...grades.map((entry) => ({ key: String(entry.rank), name: entry.name, fill: fillOf(entry) })),
    { key: "0", name: unknown, fill: fillOf(null) },
  ];
}

// How a grade is filled, as the map fills it: its colour as strong as there, its pattern in its ink; without a grade the hatch.
export function fillOf(entry) {
  const { colour, fill_opacity: opacity = 1, pattern, ink = "#000000" } = entry ?? UNKNOWN;
  const { strength, ...drawn } = DECALS[pattern] ?? DECALS.plain;
  return { color: faint(colour, opacity), decal: { color: faint(ink, strength), ...drawn } };
}

function faint(colour, opacity) {
  return colour + Math.round(opacity * 255).toString(16).padStart(2, "0");
}

// Draws option(ink) into the element, and again when the page turns dark or its size changes.
export function drawChart(place, option) {
  const chart = window.echarts.init(place, null, { renderer: "svg" });
  const draw = () => chart.setOption({ ...frame(place), ...option(inks()) }, { notMerge: true });
  draw();
  new ResizeObserver(() => chart.resize()).observe(place);
  new MutationObserver(draw).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  matchMedia("print").addEventListener("change", draw);
  window.addEventListener("beforeprint", () => chart.resize());
  return chart;
}

export function inks() {
  if (matchMedia("print").matches) return { ink: "#000", quiet: "#222", line: "#999", paper: "#fff", accent: "#0f4659" };
  const style = getComputedStyle(document.documentElement);
  const of = (name) => style.getPropertyValue(name).trim();
  return { ink: of("--ink"), quiet: of("--ink-2"), line: of("--line-2"), paper: of("--paper"), accent: of("--accent") };
}

export function axisOf({ quiet, line }, more) {
  return {
    axisLabel: { color: quiet, fontSize: 12 },
    axisLine: { lineStyle: { color: line } },
    splitLine: { lineStyle: { color: line, opacity: 0.5 } },
    ...more,
  };
}

// The key of the grades stands once on the page, with the map's own swatches; a chart of lines has one of its own.
export const NO_LEGEND = { show: false };

export function legendOf({ quiet }, more = {}) {
  return { top: 0, textStyle: { color: quiet, fontSize: 12 }, itemWidth: 18, itemHeight: 11, ...more };
}

function frame(place) {
  return {
    animation: false,
    aria: {
      enabled: true,
      label: { description: place.getAttribute("aria-label") },
      decal: { show: true },
    },
    tooltip: { trigger: "axis", axisPointer: { type: "shadow" }, renderMode: "richText", confine: true },
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
    grid: { left: 8, right: 16, top: 12, bottom: 8, containLabel: true },
  };
}
