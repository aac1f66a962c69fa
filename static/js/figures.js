// Charts of a run beside their tables: ground and people by grade, what each hazard adds. Drawn by ECharts as SVG.
import { fillOf } from "./charts.js";
import { t } from "./words.js";

const LABEL_PX = 96; // what is written at the end of the longest bar
const LIBRARY_OF_CHARTS = "/static/vendor/echarts/echarts.js";

export async function drawFigures(legend, figures) {
  const library = await chartLibrary().catch(() => null);
  if (!library) return; // the tables say the same
  const charts = [
    chartIn(library, "chart-grades", () => gradeChart(legend, figures.grades)),
    chartIn(library, "chart-hazards", () => hazardChart(legend, figures.hazards)),
  ];
  const again = () => charts.forEach((redraw) => redraw());
  new MutationObserver(again).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  matchMedia("print").addEventListener("change", again);
}

function chartLibrary() {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = LIBRARY_OF_CHARTS;
    script.onload = () => resolve(window.echarts);
    script.onerror = () => reject(new Error(LIBRARY_OF_CHARTS));
    document.head.append(script);
  });
}

function chartIn(library, id, options) {
  const place = document.getElementById(id);
  place.hidden = false;
  const chart = library.init(place, null, { renderer: "svg" });
  const draw = () => chart.setOption({ ...frame(), ...options() }, true);
  new ResizeObserver(() => chart.resize()).observe(place);
  draw();
  return draw;
}

function ink(name) {
  if (matchMedia("print").matches) return { "--ink-2": "#000", "--line": "#999", "--accent": "#333" }[name] || "#000";
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function frame() {
  return {
    animation: false,
    aria: { enabled: true, decal: { show: true } },
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: ink("--ink-2") },
    grid: { left: 4, right: 12, top: 4, bottom: 4, containLabel: true },
  };
}

function axes(names) {
  const label = { color: ink("--ink-2"), fontSize: 12 };
  const line = { lineStyle: { color: ink("--line") } };
  return {
    yAxis: { type: "category", data: names, inverse: true, axisLabel: label, axisLine: line, axisTick: { show: false } },
    xAxis: { type: "value", axisLabel: { ...label, hideOverlap: true }, splitLine: line },
  };
}

function gradeChart(legend, grades) {
  const entries = grades.map(({ grade_rank }) => legend.grade("comp5", grade_rank));
  const names = entries.map((entry) => (entry ? `${entry.numeral} ${t(entry.name)}` : `? ${t("资料不足")}`));
  const whole = (name) => grades.reduce((sum, row) => sum + (row[name] || 0), 0) || 1;
  const share = (name) => {
    const total = whole(name);
    return grades.map((row, i) => ({
      value: Number((((row[name] || 0) / total) * 100).toFixed(1)),
      itemStyle: { ...fillOf(entries[i]), borderColor: entries[i]?.ink || "#59646c", borderWidth: 1 },
    }));
  };
  return {
    ...axes(names),
    grid: { ...frame().grid, right: LABEL_PX },
    series: [
      { type: "bar", name: t("面积占比 %"), data: share("area_m2"), barMaxWidth: 12, label: told((n) => t("面积 {n}%", { n })) },
      { type: "bar", name: t("人口占比 %"), data: share("people"), barMaxWidth: 12, label: told((n) => t("人口 {n}%", { n })) },
    ],
  };
}

// What a bar stands for is written at its end: the grades are the map's, and so is the one key.
function told(words) {
  return { show: true, position: "right", fontSize: 11, color: ink("--ink-2"), formatter: ({ value }) => words(value) };
}

function hazardChart(legend, hazards) {
  return {
    ...axes(hazards.map(({ hazard }) => legend.hazardName(hazard))),
    series: [
      {
        type: "bar",
        name: t("加权贡献"),
        barMaxWidth: 12,
        data: hazards.map(({ weighted }) => Number((weighted || 0).toFixed(3))),
        itemStyle: { color: ink("--accent") },
        label: { show: true, position: "right", color: ink("--ink-2") },
      },
    ],
  };
}
