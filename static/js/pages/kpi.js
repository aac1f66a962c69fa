// The guidance page: its charts, and keeping today's figures as a baseline.
import { send } from "../core/api.js";
import { axisOf, drawChart, gradeSeries, legendOf, NO_LEGEND } from "../charts.js";
import { codeName, codesOf } from "../codes.js";
import { t } from "../words.js";

const SUBJECTS = codesOf("guidance_subject");
const figures = JSON.parse(document.getElementById("kpi-figures").textContent);
const grades = gradeSeries(
  figures.grades.map((grade) => ({ ...grade, name: `${grade.numeral} ${t(grade.name)}` })),
  `? ${t("资料不足")}`,
);
const whole = (tally) => Object.values(tally).reduce((sum, count) => sum + count, 0);

try {
  draw();
  bindBaseline();
} finally {
  window.READY = 1;
}

function draw() {
  drawChart(place("whole"), (ink) => wholeOption(ink));
  for (const key of SUBJECTS) drawChart(place(key), (ink) => villagesOption(ink, key));
  drawChart(place("years"), (ink) => yearsOption(ink));
}

function place(name) {
  return document.querySelector(`[data-chart="${name}"]`);
}

function wholeOption(ink) {
  const names = SUBJECTS.map((key) => codeName("guidance_subject", key));
  const share = (key, rank) => {
    const all = whole(figures.total[key]);
    return all ? Number(((figures.total[key][rank] / all) * 100).toFixed(1)) : 0;
  };
  return {
    legend: NO_LEGEND,
    xAxis: axisOf(ink, { type: "value", max: 100, axisLabel: { color: ink.quiet, formatter: "{value}%" } }),
    yAxis: axisOf(ink, { type: "category", data: names, inverse: true }),
    series: grades.map(({ key, name, fill }) => ({
      name,
      type: "bar",
      stack: "grade",
      barMaxWidth: 34,
      itemStyle: { ...fill, borderColor: ink.paper, borderWidth: 1 },
      data: SUBJECTS.map((subject) => share(subject, key)),
    })),
  };
}

function villagesOption(ink, subject) {
  const villages = figures.villages.filter((village) => village[subject]);
  return {
    legend: NO_LEGEND,
    xAxis: axisOf(ink, { type: "value", minInterval: 1 }),
    yAxis: axisOf(ink, { type: "category", data: villages.map(({ name }) => name), inverse: true }),
    series: grades.map(({ key, name, fill }) => ({
      name,
      type: "bar",
      stack: "grade",
      barMaxWidth: 20,
      itemStyle: { ...fill, borderColor: ink.paper, borderWidth: 0.6 },
      data: villages.map((village) => village[subject][key]),
    })),
  };
}

function yearsOption(ink) {
  const safe = (tally) =>
    Object.entries(tally).reduce((sum, [rank, count]) => sum + (Number(rank) >= figures.from_rank ? count : 0), 0);
  const share = (tally) => (whole(tally) ? Number(((safe(tally) / whole(tally)) * 100).toFixed(1)) : null);
  const signs = ["circle", "rect", "triangle"];
  return {
    legend: legendOf(ink),
    grid: { left: 8, right: 16, top: 36, bottom: 8, containLabel: true },
    xAxis: axisOf(ink, { type: "category", data: figures.series.map(({ year }) => String(year)) }),
    yAxis: axisOf(ink, { type: "value", max: 100, min: 0, axisLabel: { color: ink.quiet, formatter: "{value}%" } }),
    series: SUBJECTS.map((key, number) => ({
      name: codeName("guidance_subject", key),
      type: "line",
      symbol: signs[number],
      symbolSize: 9,
      lineStyle: { type: ["solid", "dashed", "dotted"][number], width: 2, color: ink.accent },
      itemStyle: { color: ink.accent },
      data: figures.series.map(({ total }) => share(total[key])),
    })),
  };
}

function bindBaseline() {
  const form = /** @type {HTMLFormElement | null} */ (document.getElementById("keep-baseline"));
  form?.addEventListener("submit", async (event) => {
    event.preventDefault();
    const note = document.getElementById("keep-note");
    const [name, reason] = ["name", "reason"].map((field) => String(new FormData(form).get(field)));
    try {
      const kept = await send("/api/kpi/baselines", { name, reason });
      location.assign(`/kpi?baseline=${kept.id}`);
    } catch (trouble) {
      note.textContent = t("基线没有存入：{reason}", { reason: trouble.message });
    }
  });
}
