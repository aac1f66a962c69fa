// What follows from coverage, in words: gaps, cover left behind, sites for stations, what hurts when it is lost, shelters.
import { codeName } from "./codes.js";
import { countWords, element, lengthWords, sentences, shareWords, t } from "./words.js";

/** @typedef {{sentence: string, nodes: any[], marks: any[]}} Told a sentence for everybody, what stands below it, its marks on the map */

const minutesWords = (minutes) => (minutes == null ? t("到不了") : t("{n} 分钟", { n: minutes }));
const peopleWords = (n) => t("{n} 人", { n });

/** @returns {Told} */
export function gapParts({ minutes, people, gaps }, { hazardName }) {
  const sentence = gaps.length
    ? t("{n} 人 {minutes} 分钟内到不了，分布在 {villages} 个村；按人口乘以所在灾害等级排序。", { n: people.uncovered, minutes, villages: gaps.length })
    : t("{minutes} 分钟内人人都有力量能到。", { minutes });
  const rows = gaps.map(({ village, people: count, hazard, minutes: first, second_minutes, nearest, behind }) => [
    [village.name, also(hazard ? `${hazardName(hazard.hazard)} ${t(hazard.grade)}` : t("不在已发布的危险区内"))],
    [peopleWords(count)],
    [minutesWords(first), also(nearest && nearest.name), ...behind.map((one) => behindWords(one, hazardName))],
    [minutesWords(second_minutes)],
  ]);
  const nodes = rows.length ? [numberedTable(t("覆盖缺口"), [t("村"), t("人口"), t("最早到"), t("第二支到")], rows)] : [];
  return { sentence, nodes, marks: gaps.map(({ at, rank, village }) => ({ geometry: at, number: rank, title: village.name })) };
}

// What a gap lies behind: which closure, where, why, since and until when.
function behindWords({ id, road, reason, hazard, since, review_at, overdue }, hazardName) {
  const number = id.split("/")[1];
  const day = (moment) => new Date(moment).toLocaleString("sv-SE", { timeZone: "Asia/Shanghai" }).slice(5, 16);
  const words = since
    ? t("在封路 {n}（{road}，{reason}）之后：{since} 起，{until} 前复核", { n: number, road: road ?? t("未命名道路"), reason, since: day(since), until: day(review_at) })
    : t("在{hazard}危险区之后", { hazard: hazardName(hazard) });
  return element("span", { className: "also lacking", textContent: overdue ? `${words} ${t("（已过复核时间）")}` : words });
}

/** @returns {Told} */
export function moveParts({ minutes, away, with_them, without_them, left_behind, moves }) {
  if (!away.length) return { sentence: t("没有力量外出；在下面勾选，可看它们离开后少了谁。"), nodes: [], marks: [] };
  const names = away.map(({ name }) => name).join(t("、"));
  const lost = with_them.covered - without_them.covered;
  const told = lost
    ? [t("{names}离开后，{n} 人 {minutes} 分钟内不再有力量能到：{villages}。", { names, n: lost, minutes, villages: left_behind.map(({ name, people }) => `${name} ${countWords(people)}`).join(t("、")) })]
    : [t("{names}离开后，{minutes} 分钟内没有人失去覆盖。", { names, minutes })];
  if (lost && !moves.length) told.push(t("没有一支留下的力量补位后能多覆盖人。"));
  const rows = moves.map(({ force, base, arrival_minutes, restored, people }) => [
    [t("{force}移驻{base}", { force: force.name, base: base.name }), also(codeName("post_kind", base.kind)), also(t("{minutes}后就位", { minutes: minutesWords(arrival_minutes) }))],
    [t("恢复 {n} 人", { n: restored })],
    [shareWords(people.share)],
  ]);
  const nodes = rows.length ? [numberedTable(t("补位备勤"), [t("补位"), t("恢复"), t("补位后覆盖")], rows)] : [];
  return { sentence: sentences(told), nodes, marks: moves.map(({ at, base }, place) => ({ geometry: at, number: place + 1, title: base.name })) };
}

/** @returns {Told} */
export function siteParts({ minutes, sites, gain, gap, proven, candidates, excluded, people }, { proving }) {
  const last = sites.at(-1)?.people ?? people;
  const told = [t("{minutes} 分钟内覆盖由 {before} 增到 {after}。", { minutes, before: shareWords(people.share), after: shareWords(last.share) })];
  if (sites.some(({ tried }) => !tried))
    told.push(proving ? t("这是快速方案，正在验证…") : proven ? t("已证明没有更好的方案。") : t("离最优不超过 {gap}。", { gap: shareWords(gap) }));
  else if (gain === 0 && !sites.length) told.push(t("没有候选点能多覆盖人。"));
  const rows = sites.map(({ tried, village, gain: one, people: after, objection }) => [
    [village?.name ?? t("镇界以外"), also(tried && t("试放")), objection && element("span", { className: "also lacking", textContent: codeName("site_objection", objection) })],
    [t("增加 {n} 人", { n: one })],
    [shareWords(after.share)],
  ]);
  const basis = t("候选点 {n} 个（村驻地和路口）；另有 {red} 个在最高两级危险区内、{rules} 个触发选址禁止性规则，不作候选。", { n: candidates, red: excluded.red_ground, rules: excluded.siting_rules });
  const nodes = [rows.length && numberedTable(t("新站点"), [t("位置"), t("增加"), t("累计覆盖")], rows), element("p", { className: "quiet", textContent: basis })];
  return { sentence: sentences(told), nodes: nodes.filter(Boolean), marks: sites.map(({ at, number, village, tried }) => ({ geometry: at, number, title: village?.name ?? "", look: tried ? "tried" : "" })) };
}

/** @returns {Told} */
export function lossParts({ minutes, losses, proven }) {
  const [worst] = losses;
  const sentence = worst
    ? t("最要紧的是{what}「{name}」：失去它，{n} 人 {minutes} 分钟内不再有力量能到。", { what: codeName("loss_of", worst.what), name: worst.name ?? "", n: worst.people, minutes })
    : t("失去任何一段路、一座桥或一支力量，{minutes} 分钟内都没有人失去覆盖。", { minutes });
  const rows = losses.map(({ what, name, people }) => [[name ?? t("未命名道路"), also(codeName("loss_of", what))], [peopleWords(people)]]);
  const nodes = [rows.length && numberedTable(t("失去后影响最大"), [t("路、桥或力量"), t("失去覆盖")], rows), !proven && element("p", { className: "quiet", textContent: t("路段没有全部试完，可能还有影响更大的。") })];
  return { sentence, nodes: nodes.filter(Boolean), marks: losses.map(({ at, rank, name }) => ({ geometry: at, number: rank, title: name ?? "" })) };
}

/** @returns {Told} */
export function shelterParts({ people, rule, shelters, villages }) {
  const sentence = t("{n} 人有避难场所可去；{far} 人离得太远（超过 {most}），{full} 人附近的场所已满。", { n: people.served, far: countWords(people.too_far), most: lengthWords(rule.most_m), full: countWords(people.full) });
  const order = shelters.toSorted((one, other) => Number(Boolean(one.passed_over)) - Number(Boolean(other.passed_over)) || other.people - one.people);
  const rows = order.map(({ name, term, capacity, people: taken, passed_over }) => [
    [name, also(term && codeName("shelter_term", term)), passed_over && element("span", { className: "also lacking", textContent: codeName("shelter_passed_over", passed_over) })],
    [t("{taken} / {capacity} 人", { taken: countWords(taken), capacity: countWords(capacity) })],
  ]);
  const lacking = villages.filter(({ too_far, full }) => too_far + full > 0);
  const items = lacking.map(({ name, too_far, full }) => element("li", { textContent: t("{name}：太远 {far} 人，已满 {full} 人", { name, far: countWords(too_far), full: countWords(full) }) }));
  const nodes = [
    rows.length && numberedTable(t("避难场所"), [t("避难场所"), t("安置 / 容量")], rows),
    items.length > 0 && element("details", {}, element("summary", { textContent: t("有人没有去处的村：{n}", { n: items.length }) }), element("ul", {}, items)),
  ];
  const ways = (id) => villages.flatMap(({ to }) => to.filter(({ shelter }) => shelter.id === id).map(({ way }) => way)).filter(Boolean);
  const marks = order.map(({ id, at, name, passed_over }, place) => ({ geometry: at, number: place + 1, title: name, look: passed_over ? "unused" : "", ways: ways(id) }));
  return { sentence, nodes: nodes.filter(Boolean), marks };
}

function numberedTable(caption, heads, rows) {
  const row = (cells, place) => {
    const number = element("button", { type: "button", className: "arrival-number", textContent: place + 1, ariaLabel: t("在图上看第 {n} 个", { n: place + 1 }) });
    const [name, ...others] = cells;
    const made = element("tr", {}, element("td", {}, number), element("th", { scope: "row" }, name), others.map((cell) => element("td", {}, cell)));
    made.dataset.mark = String(place);
    return made;
  };
  const head = element("tr", {}, element("th", { scope: "col" }, element("span", { className: "visually-hidden", textContent: t("序") })), heads.map((words) => element("th", { scope: "col", textContent: words })));
  return element("table", { className: "rows" }, element("caption", { className: "visually-hidden", textContent: caption }), element("thead", {}, head), element("tbody", {}, rows.map(row)));
}

function also(words) {
  return words ? element("span", { className: "also", textContent: words }) : null;
}
