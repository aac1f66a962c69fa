// Why an area has its grade: what each hazard adds, what was measured, what nobody surveyed, how firm it is.
import { facts, gradeBadge } from "./card.js";
import { codeName } from "./codes.js";
import { UNSURVEYED_FILL } from "./legend.js";
import { areaWords, countWords, element, sentences, shareWords, t } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";
const NOTICEABLY_WHOLE = 0.9995;

export function reasonParts(legend, area) {
  return [
    element(
      "header",
      {},
      element("h2", { textContent: area.name }),
      element("span", { className: "basis" }, codeName("grading_product", "hazard"), " ", badge(legend, area)),
      area.risk && element("span", { className: "basis" }, codeName("grading_product", "risk"), " ", badge(legend, area.risk)),
    ),
    extremes(legend, area),
    firmness(area),
    element("p", { className: "why", textContent: sentence(legend, area) }),
    doubts(legend, area),
    element("h3", { textContent: t("各灾种的贡献") }),
    contributions(legend, area),
    element("h3", { textContent: t("量得的面积") }),
    measured(legend, area),
    element("h3", { textContent: t("分级结果·风险（计入人口、房屋与避难容量）") }),
    ...risk(legend, area),
  ];
}

function badge(legend, area) {
  return gradeBadge(legend, area) || element("span", { className: "badge", textContent: `? ${t("资料不足")}` });
}

function sentence(legend, area) {
  const gaps = area.data_gaps.map((key) => legend.hazardName(key)).join(t("、"));
  if (!area.grade)
    return t("缺少{gaps}的调查成果，不能给出等级；资料不足不等于风险低。", { gaps });
  const worst = [...area.contributions].sort((a, b) => (b.value ?? 1) - (a.value ?? 1))[0];
  const lacking = gaps ? t("缺少{gaps}，已按最不利计，等级不受影响。", { gaps }) : "";
  const alone = area.measurements.composite;
  return sentences([
    t("加权得分 {score}，属{weighted}；最不利的{hazard}得分 {maximum}，属{single}，减轻一级后与前者取较重的：{grade}。", {
      score: area.score.toFixed(3),
      weighted: t(alone.by_weighted),
      hazard: legend.hazardName(worst.hazard),
      maximum: area.maximum.toFixed(3),
      single: t(alone.by_maximum),
      grade: t(area.grade),
    }),
    lacking,
  ]);
}

// Ground of a worst grade that the mean over the unit hides: named beside the grade, never averaged away.
function extremes(legend, { extremes: hidden }) {
  if (!hidden?.length) return null;
  const named = hidden.map(({ hazard, grade, area_m2 }) =>
    t("{hazard}{grade} {area}", { hazard: legend.hazardName(hazard), grade: t(grade), area: areaWords(area_m2) }),
  );
  const words = { parts: named.join(t("、")) };
  return element("p", { className: "extreme", textContent: t("含 {parts}：等级按面积平均得出，这些地段仍按其自身等级管控。", words) });
}

function firmness({ grade, stability }) {
  if (!grade) return null;
  const contested = stability === "contested";
  return element(
    "p",
    { className: "firmness" },
    element("span", { className: contested ? "contested" : "stable", textContent: codeName("stability", stability) }),
    " ",
    contested ? t("稍有出入，等级就会改变：") : t("各权重增减一成、区划界线内外各移若干米，等级都不变。"),
  );
}

// What would change the grade: a weight, or where a boundary lies.
function doubts(legend, { contested_by: told }) {
  if (!told?.length) return null;
  return element(
    "ul",
    { className: "doubts" },
    told.map((doubt) => element("li", { textContent: doubtWords(legend, doubt) })),
  );
}

function doubtWords(legend, { by, hazard, change, grade }) {
  const words = { hazard: hazard ? legend.hazardName(hazard) : t("各灾种"), grade: t(grade) };
  if (by === "weight") {
    const share = Math.round(Math.abs(change) * 100);
    const sentence = change > 0 ? "{hazard}的权重增加 {share}%，等级为{grade}" : "{hazard}的权重减少 {share}%，等级为{grade}";
    return t(sentence, { ...words, share });
  }
  const sentence = change > 0 ? "{hazard}区划界线外移 {metres} 米，等级为{grade}" : "{hazard}区划界线内移 {metres} 米，等级为{grade}";
  return t(sentence, { ...words, metres: Math.abs(change) });
}

function contributions(legend, area) {
  const parts = [...area.contributions].sort((a, b) => (b.weighted ?? -1) - (a.weighted ?? -1));
  return element(
    "ul",
    { className: "parts" },
    parts.map((part) =>
      element(
        "li",
        {},
        element("span", { textContent: legend.hazardName(part.hazard) }),
        bar(part.share ?? part.value),
        element("b", { textContent: part.share == null ? "—" : shareWords(part.share) }),
        element("span", { className: "working", textContent: working(part) }),
      ),
    ),
  );
}

function working(part) {
  if (!part.product) return t("没有已发布的成果");
  if (part.value == null) return t("调查面积不足，不作评价");
  return t("得分 {value} × 权重 {weight} = {weighted}", {
    value: part.value.toFixed(3),
    weight: part.weight.toFixed(3),
    weighted: part.weighted.toFixed(3),
  });
}

function bar(value) {
  const drawing = document.createElementNS(SVG, "svg");
  for (const [name, setting] of Object.entries({ viewBox: "0 0 100 9", preserveAspectRatio: "none", class: "bar-track" }))
    drawing.setAttribute(name, setting);
  drawing.setAttribute("aria-hidden", "true");
  drawing.append(rectangle(100, "ground"));
  const length = rectangle(value == null ? 100 : value * 100, "measured");
  if (value == null) length.style.fill = UNSURVEYED_FILL;
  drawing.append(length);
  return drawing;
}

function rectangle(width, name) {
  const made = document.createElementNS(SVG, "rect");
  for (const [key, setting] of Object.entries({ width, height: 9, class: name })) made.setAttribute(key, setting);
  return made;
}

function measured(legend, { measurements, contributions: parts }) {
  const rows = parts.map(({ hazard }) => {
    const told = measurements.hazards[hazard];
    const words = told.by_grade.map(
      ({ grade, area_m2 }) => `${grade ? t(grade) : t("未划入任何区")} ${areaWords(area_m2)}`,
    );
    if (told.surveyed_share < NOTICEABLY_WHOLE)
      words.push(t("已调查 {share}", { share: shareWords(told.surveyed_share) }));
    return [legend.hazardName(hazard), words.join(" · ")];
  });
  return facts([
    [t("面积"), areaWords(measurements.area_m2)],
    [t("人口"), peopleWords(measurements)],
    [t("房屋占地"), measurements.building_m2 == null ? t("没有数据") : areaWords(measurements.building_m2)],
    ...rows,
  ]);
}

function peopleWords({ population, population_method: method }) {
  if (population == null) return t("没有数据");
  const how = method && codeName("population_method", method);
  const count = t("{n} 人", { n: countWords(Math.round(population)) });
  return how ? `${count}（${how}）` : count;
}

function risk(legend, { risk: told }) {
  const gaps = told.data_gaps.map((key) => codeName("grading_indicator", key)).join(t("、"));
  const figure = (value) => (value == null ? "—" : value.toFixed(3));
  return [
    element(
      "p",
      { className: "why" },
      badge(legend, told),
      " ",
      t("风险 {risk} · 暴露度 {exposure} · 脆弱性 {vulnerability} · 减灾能力 {capacity}", {
        risk: figure(told.score),
        exposure: figure(told.exposure),
        vulnerability: figure(told.vulnerability),
        capacity: figure(told.capacity),
      }),
    ),
    gaps ? element("p", { className: "quiet", textContent: t("缺少的指标：{gaps}", { gaps }) }) : null,
  ];
}
