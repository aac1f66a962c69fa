// A preview in words: counts, repairs to accept one by one or all of a kind, problems that lead to their place, rows.
import { CellWords } from "./importcells.js";
import { onPage } from "./optionlabels.js";
import { areaWords, element, t } from "./words.js";

const ROWS_A_STEP = 100;

export function countsOf(report, accepted) {
  const told = [
    [report.features_read, t("读到")],
    [report.features_loaded, t("载入")],
    [accepted, t("接受修复后另载入")],
    [report.features_refused - accepted, t("拒收")],
  ];
  return element("p", { className: "import-counts" }, told.map(([count, words]) => element("span", {}, element("b", { textContent: count }), words)));
}

// One line a repair; `toggle` is told its feature and whether it is accepted, `zoom` where to look.
export function repairsOf(repairs, accepted, { toggle, zoom }) {
  if (!repairs.length) return null;
  const kinds = [...new Set(repairs.map(({ problem }) => problem))];
  const all = kinds.map((kind, place) => {
    const mine = repairs.filter(({ problem }) => problem === kind).map(({ feature }) => feature);
    const open = mine.some((feature) => !accepted.has(feature));
    const words = open ? t("全部接受：{kind}（{n} 处）", { kind, n: mine.length }) : t("全部不接受：{kind}（{n} 处）", { kind, n: mine.length });
    const button = element("button", { type: "button", id: `repairs-of-${place}`, className: "button", textContent: words });
    button.addEventListener("click", () => toggle(mine, open));
    return button;
  });
  return element(
    "section",
    { className: "import-repairs" },
    element("h2", { textContent: t("建议的修复（不接受的不载入）") }),
    element("div", { className: "import-kinds" }, all),
    element("ul", { className: "import-repairs" }, repairs.map((one) => repairLine(one, accepted, { toggle, zoom }))),
  );
}

function repairLine(repair, accepted, { toggle, zoom }) {
  const { feature, problem, loads, still, location, area_before_m2: before, area_after_m2: after } = repair;
  const id = `repair-${feature}`;
  const box = element("input", { type: "checkbox", id, checked: accepted.has(feature) });
  box.addEventListener("change", () => toggle([feature], box.checked));
  const look = element("button", { type: "button", className: "button", textContent: t("在图上看") });
  look.addEventListener("click", () => zoom(feature, location));
  const areas = t("面积 {before} → {after}", { before: areaWords(before), after: areaWords(after) });
  const outcome = loads ? t("接受后载入") : t("接受后仍拒收：{reason}", { reason: still || "" });
  return element(
    "li",
    {},
    box,
    element("label", { htmlFor: id, textContent: `#${feature} ${problem}` }),
    look,
    element("small", { textContent: `${areas} · ${outcome}` }),
  );
}

export function problemsOf(problems, zoom) {
  if (!problems.length) return element("p", { className: "quiet", textContent: t("没有发现问题。") });
  const lines = problems.map(({ feature, problem, location, advice }) => {
    const words = feature == null ? onPage(problem) : `#${feature} ${onPage(problem)}`;
    const told = location ? element("button", { type: "button", textContent: words }) : element("span", { textContent: words });
    if (location) told.addEventListener("click", () => zoom(feature, location));
    return element("li", {}, told, element("small", { textContent: onPage(advice) }));
  });
  return element(
    "section",
    {},
    element("h2", { textContent: t("问题（{n}）", { n: problems.length }) }),
    element("ol", { className: "import-problems" }, lines),
  );
}

// The rows of a preview; what is refused stands among them by its number. More come when they are asked for.
export function tableOf(layer, rows, { accepted, zoom, titles, known }) {
  const cells = new CellWords(layer, known);
  const titleOf = (key) => t(titles[key] || key);
  const columns = [...new Set(rows.flatMap(({ cells }) => Object.keys(cells)))];
  const head = [t("序号"), t("结果"), titleOf("name"), ...columns.map(titleOf)];
  const body = element("tbody");
  const more = element("button", { type: "button", className: "button" });
  const step = () => {
    const next = rows.slice(body.children.length, body.children.length + ROWS_A_STEP);
    body.append(...next.map((row) => rowOf(row, { columns, accepted, zoom, cells })));
    const left = rows.length - body.children.length;
    more.hidden = !left;
    more.textContent = t("再显示（还有 {n} 条）", { n: left });
  };
  more.addEventListener("click", step);
  step();
  const heading = element("thead", {}, element("tr", {}, head.map((words) => element("th", { scope: "col", textContent: words }))));
  return [element("table", { className: "rows" }, heading, body), more];
}

function rowOf({ feature, state, name, cells: told }, { columns, accepted, zoom, cells }) {
  const outcome = state === "after" && !accepted.has(feature) ? "refused" : state;
  const words = { loaded: t("载入"), after: t("修复后载入"), refused: t("拒收") }[outcome];
  const look = element("button", { type: "button", textContent: `#${feature}` });
  look.addEventListener("click", () => zoom(feature));
  return element(
    "tr",
    { "data-feature": feature },
    element("td", {}, look),
    element("td", { className: `is-${outcome}`, textContent: words }),
    element("th", { scope: "row", textContent: name || "—" }),
    columns.map((key) => element("td", { textContent: cells.of(key, told[key]) })),
  );
}
