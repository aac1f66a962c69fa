// What is covered in words and figures: a sentence, a table by minutes, by day and by night, and what it all rests on.
import { codeName } from "./codes.js";
import { countWords, element, sentences, shareWords, t } from "./words.js";

const PROTECTED = ["people", "villages", "enterprises", "hazard_sites"];

// What a screen reader says when the answer comes.
export function coveredSentence({ summary, forces }) {
  if (!forces) return t("没有可以派出的力量：台账里没有在勤的队伍。");
  const [{ minutes, people }] = summary;
  const last = summary.at(-1);
  const told = [t("{minutes} 分钟内能到 {share} 的人口。", { minutes, share: shareWords(people.share) })];
  if (last.minutes !== minutes) told.push(t("{minutes} 分钟内 {share}。", { minutes: last.minutes, share: shareWords(last.people.share) }));
  if (last.people.uncovered) told.push(t("还有 {n} 人 {minutes} 分钟内到不了。", { n: last.people.uncovered, minutes: last.minutes }));
  return sentences(told);
}

/** @param {any} answer @param {any} night the same at night; null where one condition alone was asked for */
export function coveredTable({ summary }, night) {
  const heads = [t("人口与对象"), ...summary.map(({ minutes }) => t("{n} 分钟内", { n: minutes }))];
  const rows = PROTECTED.map((what) =>
    element("tr", {}, element("th", { scope: "row", textContent: codeName("protected", what) }), summary.map((one, place) => countCell(one[what], night?.summary[place][what]))),
  );
  return element(
    "table",
    { className: "rows" },
    element("caption", { className: "visually-hidden", textContent: t("各分钟数内的覆盖，逐点计算") }),
    element("thead", {}, element("tr", {}, heads.map((head) => element("th", { scope: "col", textContent: head })))),
    element("tbody", {}, rows),
  );
}

function countCell(count, atNight) {
  if (count.share == null) return element("td", { textContent: "—" });
  const figures = t("{covered} 有，{uncovered} 无", { covered: countWords(count.covered), uncovered: countWords(count.uncovered) });
  return element(
    "td",
    {},
    element("b", { textContent: shareWords(count.share) }),
    element("span", { className: "also", textContent: figures }),
    atNight && element("span", { className: "also", textContent: t("夜间 {share}，无 {uncovered}", { share: shareWords(atNight.share), uncovered: countWords(atNight.uncovered) }) }),
  );
}

export function basisParts({ standard, basis, graph_version, condition, avoid, forces, uncounted_villages }) {
  const { road_source, data_date, edition } = basis;
  const roads = road_source
    ? t("道路来源：{file}，{day} 接收{provider}", { file: road_source.file, day: road_source.received_on, provider: road_source.provider ? t("，{name} 提供", { name: road_source.provider }) : "" })
    : basis.synthetic ? t("道路来源：演示数据（合成）") : t("道路来源：没有登记接收的文件");
  const lines = [
    t("标准：{name}。{basis}", { name: codeName("coverage_standard", standard.key), basis: standardBasis(standard.key) }),
    `${roads} · ${t("路网 {version}", { version: graph_version.slice(0, 8) })}`,
    t("数据日期 {day} · 第 {edition} 版区划 · 计入力量 {n} 支 · 避开封路和灾害区 {met} 处", { day: data_date, edition: edition?.number, n: forces, met: avoid.filter(({ road_m }) => road_m > 0).length }),
    condition && t("车速按{condition}折减", { condition: codeName("driving_condition", condition) }),
    uncounted_villages > 0 && t("有 {n} 个村没有人口数，不在任何合计里", { n: uncounted_villages }),
  ];
  return lines.filter(Boolean).map((words) => element("p", { textContent: words }));
}

// The server writes what each standard rests on, in the reader's language.
const standardBasis = (key) => document.querySelector(`[data-standard="${key}"]`)?.textContent ?? "";
