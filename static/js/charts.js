// Charts beside their tables: SVG, patterns as well as colours, light or dark as the page is.
const UNKNOWN_COLOUR = "#9aa4ab";
const SIGNS = ["rect", "triangle", "diamond", "circle", "roundRect", "arrow"];

export function gradeSeries(grades, unknown) {
  return [
    ...grades.map(({ rank, colour, name }) => ({ key: String(rank), colour, name })),
    { key: "0", colour: UNKNOWN_COLOUR, name: unknown },
  ];
}

// Draws option(ink) into the element, and again when the page turns dark or its size changes.
export function drawChart(place, option) {
  const chart = window.echarts.init(place, null, { renderer: "svg" });
  const draw = () => chart.setOption({ ...frame(place), ...option(inks()) }, { notMerge: true });
  draw();
  new ResizeObserver(() => chart.resize()).observe(place);
  new MutationObserver(draw).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  window.addEventListener("beforeprint", () => chart.resize());
  return chart;
}

export function inks() {
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

export function legendOf({ quiet }, more = {}) {
  return { top: 0, textStyle: { color: quiet, fontSize: 12 }, itemWidth: 18, itemHeight: 11, ...more };
}

function frame(place) {
  return {
    animation: false,
    aria: {
      enabled: true,
      label: { description: place.getAttribute("aria-label") },
      decal: { show: true, decals: SIGNS.map((symbol, number) => decalOf(symbol, number)) },
    },
    tooltip: { trigger: "axis", axisPointer: { type: "shadow" }, renderMode: "richText", confine: true },
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
    grid: { left: 8, right: 16, top: 56, bottom: 8, containLabel: true },
  };
}

function decalOf(symbol, number) {
  return {
    symbol,
    symbolSize: 0.6,
    color: "rgba(0, 0, 0, 0.28)",
    dashArrayX: [6 + number, 4 + number],
    dashArrayY: [3, 4 + number],
    rotation: (Math.PI / 6) * number,
  };
}
