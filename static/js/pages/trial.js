// The trial page: judgements and weights tried while they are edited. Everything is reckoned by the service.
import { send } from "../core/api.js";
import { axisOf, drawChart, gradeSeries, NO_LEGEND } from "../charts.js";
import { debounce } from "../core/debounce.js";
import { bindMoveMap, MoveMap } from "../movemap.js";
import { Newest } from "../newest.js";
import { element, shareWords, t } from "../words.js";

const SETTLE_MS = 350;
const told = JSON.parse(document.getElementById("trial-figures").textContent);
let showMoves = null;
const at = (id) => document.getElementById(id);

try {
  if (told.run) {
    drawChart(document.querySelector("[data-chart=breaks]"), breaksOption);
    showMoves = bindMoveMap(new MoveMap(at("moves-map"), { unit: told.unit, run: told.run.id }), at("moves-of"), trialsOf(told));
    bindJudgements(at("judgements"));
    bindWeights(at("weights"));
  }
} finally {
  window.READY = 1;
}

function trialsOf({ trials }) {
  return trials.map((trial) => ({ ...trial, name: t(trial.name) }));
}

function breaksOption(ink) {
  const grades = told.grades.map((grade) => ({ ...grade, name: `${grade.numeral} ${t(grade.name)}` }));
  return {
    legend: NO_LEGEND,
    xAxis: axisOf(ink, { type: "value", minInterval: 1 }),
    yAxis: axisOf(ink, { type: "category", data: told.trials.map(({ name }) => t(name)), inverse: true }),
    series: gradeSeries(grades, `? ${t("资料不足")}`).map(({ key, name, fill }) => ({
      name,
      type: "bar",
      stack: "grade",
      barMaxWidth: 34,
      itemStyle: { ...fill, borderColor: ink.paper, borderWidth: 1 },
      data: told.trials.map(({ counts }) => counts[key]),
    })),
  };
}

// Calls work once things have settled. What stood in the place answered another question and goes at once; an answer
// that a newer question has overtaken is dropped.
function settled(place, work) {
  const newest = new Newest();
  const later = debounce(async (current) => {
    await work(current);
    if (current()) place.ariaBusy = "false";
  }, SETTLE_MS);
  return () => {
    const current = newest.ask();
    place.replaceChildren();
    place.ariaBusy = "true";
    later(current);
  };
}

function bindJudgements(form) {
  const note = at("consistency");
  const change = settled(at("judged"), async (current) => {
    const answer = await tryOut({ judgements: matrixOf(form) }, at("judged"), current);
    if (!answer) return;
    const { ratio, accepted } = answer.consistency;
    note.classList.toggle("refused", !accepted);
    const words = { cr: ratio.toFixed(4) };
    note.textContent = accepted
      ? t("一致性比例 CR {cr} < 0.10，可以采用", words)
      : t("一致性比例 CR {cr} ≥ 0.10，拒绝：判断互相矛盾，请重看差得最远的一对", words);
    for (const [key, weight] of Object.entries(answer.criteria_weights))
      form.querySelector(`[data-weight="${key}"]`).textContent = accepted ? shareWords(weight) : "—";
    at("judged").replaceChildren(...(answer.trial ? resultParts(answer.trial) : []));
  });
  const mirrored = () => {
    for (const mirror of form.querySelectorAll("[data-mirror]")) {
      const [row, column] = mirror.dataset.mirror.split("-");
      if (row !== column) mirror.textContent = turned(form.elements[`j-${row}-${column}`].value);
    }
    change();
  };
  const anew = () => {
    note.textContent = "";
    note.classList.remove("refused");
    for (const weight of form.querySelectorAll("[data-weight]")) weight.textContent = "—";
    mirrored();
  };
  form.addEventListener("change", anew);
  form.addEventListener("reset", () => setTimeout(anew));
  mirrored();
}

function matrixOf(form) {
  const size = form.querySelectorAll("tbody tr").length;
  const value = (row, column) => form.elements[`j-${row}-${column}`].value;
  const cell = (row, column) => (row === column ? "1" : row < column ? value(row, column) : turned(value(column, row)));
  return Array.from({ length: size }, (_, row) => Array.from({ length: size }, (_, column) => cell(row, column)));
}

function turned(word) {
  if (word === "1") return "1";
  return word.startsWith("1/") ? word.slice(2) : `1/${word}`;
}

function bindWeights(form) {
  const sliders = [...form.querySelectorAll("input[type=range]")];
  const change = settled(at("weighed"), async (current) => {
    const weights = Object.fromEntries(sliders.map(({ name, value }) => [name, Number(value)]));
    if (!Object.values(weights).some(Boolean)) {
      at("weighed").textContent = t("权重不能全为 0");
      return;
    }
    const answer = await tryOut({ weights }, at("weighed"), current);
    if (!answer) return;
    at("weighed").replaceChildren(...resultParts(answer.trial));
    if (form.dataset.touched) showMoves({ ...answer.trial, name: t("自己的权重") });
  });
  const shown = () => {
    const whole = sliders.reduce((sum, { value }) => sum + Number(value), 0);
    for (const { name, value } of sliders)
      form.querySelector(`[data-share="${name}"]`).textContent = whole ? shareWords(Number(value) / whole) : "—";
    change();
  };
  form.addEventListener("input", () => {
    form.dataset.touched = "yes";
    shown();
  });
  form.addEventListener("reset", () => setTimeout(shown));
  change();
}

// What came of it; null where it failed, which the place then tells, or where it is not asked for any more.
async function tryOut(document, place, current) {
  try {
    const answer = await send("/api/trials", { unit: told.unit, run: told.run.id, ...document });
    return current() ? answer : null;
  } catch (trouble) {
    if (current()) place.textContent = t("试算没有完成：{reason}", { reason: trouble.message });
    return null;
  }
}

function resultParts({ changed, worse, milder, moves, stability, gvf }) {
  const order =
    stability.rho == null
      ? t("次序无法比较")
      : t("次序相关系数 {rho}，最重的 {of} 个中 {same} 个不变", {
          rho: stability.rho.toFixed(4),
          of: stability.of_worst,
          same: stability.same_worst,
        });
  const head = changed
    ? t("等级变动 {n} 个：变重 {worse}，变轻 {milder}", { n: changed, worse, milder })
    : t("与已发布等级完全相同");
  const fit = gvf == null ? "" : t("拟合优度 {gvf}", { gvf: gvf.toFixed(5) });
  const rows = moves.map(({ name, from, to }) =>
    element("li", { textContent: `${name}${t("：")}${t(from || "资料不足")} → ${t(to || "资料不足")}` }),
  );
  return [
    element("p", { textContent: [t("试算，不发布"), head, order, fit].filter(Boolean).join(" · ") }),
    rows.length ? element("ul", { className: "moves", tabIndex: 0 }, rows) : element("span"),
  ];
}
