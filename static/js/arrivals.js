// The answer in words: a sentence that says it all, the forces in their order, who was not asked, who is cut off.
import { codeName } from "./codes.js";
import { callParts } from "./calls.js";
import { element, lengthWords, sentences, t } from "./words.js";

const NEAR_EDGE_M = 1000;
const NOTED_S = 6; // a tenth of a minute: as fine as minutes are told
const capabilityNames = (words) => words.map((word) => codeName("capability", word)).join(t("、"));

export function minutesOf(seconds) {
  const minutes = Math.round(seconds / 6) / 10;
  return t("{n} 分钟", { n: minutes >= 60 ? Math.round(minutes) : minutes });
}

// What a screen reader says when the answer comes, and what everybody reads first.
export function sentenceOf(answer) {
  const { incident, forces } = answer;
  const first = forces.find(({ reachable }) => reachable);
  if (!forces.length) return t("没有可以派出的力量：台账里没有在勤的队伍。");
  if (!first) return t("没有一支力量能由道路到达。{why}", { why: forces[0].unreachable ? codeName("unreachable", forces[0].unreachable) : "" });
  const told = [t("{name}，{minutes}到达。", { name: first.name, minutes: minutesOf(first.arrival_s) })];
  if (answer.gather) told.unshift(t("到集结点（{road}，距现场 {away}）：", { road: answer.gather.road ?? t("未命名道路"), away: lengthWords(answer.gather.away_m) }));
  if (first.on_foot_m) told.push(t("车到封闭处，再步行 {metres}。", { metres: lengthWords(first.on_foot_m) }));
  const sooner = forces.filter(({ reachable, arrival_s }) => reachable && arrival_s < first.arrival_s).toSorted((one, other) => one.arrival_s - other.arrival_s)[0];
  if (sooner) told.push(t("更早能到但缺{what}的：{name}，{minutes}。", { what: capabilityNames(sooner.missing), name: sooner.name, minutes: minutesOf(sooner.arrival_s) }));
  const { avoid } = answer;
  const [open] = avoid.without;
  if (open && open.id !== first.id && open.arrival_s != null) told.push(t("不绕开{what}时最先到的是{name}，{minutes}。", { what: avoidedWords(avoid), name: open.name, minutes: minutesOf(open.arrival_s) }));
  else if (first.added_s >= NOTED_S) told.push(t("为绕开{what}，晚 {minutes}。", { what: avoidedWords(avoid), minutes: minutesOf(first.added_s) }));
  if (incident.road_closed) told.push(t("事发地所在的道路已封闭。"));
  if (!first.meets.length && stillCalledFor(incident)) told.push(t("能到的力量都没有所需的能力。"));
  return sentences(told);
}

// What was sent counts no more among what is called for.
function stillCalledFor({ run_card, sent }) {
  return run_card.some(({ capability, count }) => count > (sent.find((one) => one.capability === capability)?.count ?? 0));
}

export function placeParts({ place, answer }) {
  const { snapped_m, walk_s, road } = answer?.incident ?? {};
  const walk = walk_s ? t("离路 {away}，步行 {minutes}", { away: lengthWords(snapped_m), minutes: minutesOf(walk_s) }) : null;
  const far = answer && walk_s == null ? t("离最近的道路 {away}，车辆和人员都走不到", { away: lengthWords(snapped_m) }) : null;
  const edge = answer && answer.graph.data_edge_m < NEAR_EDGE_M ? t("靠近道路数据的边缘，界外的道路和力量没有算进来") : null;
  const where = `${place.lon.toFixed(5)}°, ${place.lat.toFixed(5)}°（CGCS2000）`;
  const converted = place.converted && element("span", { className: "converted", textContent: t("已换算：{system}", { system: codeName("shifted_system", place.converted) }) });
  return [
    element("b", { textContent: place.name || t("图上所点的位置") }),
    converted ? [" ", converted] : [],
    element("span", { className: "also", textContent: [where, road, walk].filter(Boolean).join(" · ") }),
    [far, edge].filter(Boolean).map((words) => element("span", { className: "also lacking", textContent: words })),
  ].flat();
}

export function forcesTable({ forces, incident, avoid }, { chosen, onChoose, hazardName }) {
  const heads = [t("序"), t("力量"), t("到达"), t("路程"), t("能力")];
  const rows = forces.map((force, i) => row(force, i, { chosen, onChoose, avoid, hazardName, asked: incident.run_card.length > 0 }));
  return element(
    "table",
    { className: "rows" },
    element("caption", { className: "visually-hidden", textContent: t("按到达时间排列的应急力量") }),
    element("thead", {}, element("tr", {}, heads.map((head) => element("th", { scope: "col", textContent: head })))),
    element("tbody", {}, rows),
  );
}

function row(force, i, { chosen, onChoose, avoid, hazardName, asked }) {
  const { name, kind, village, lapse, last_verified, reachable } = force;
  const number = element("button", { type: "button", className: "arrival-number", textContent: i + 1, disabled: !reachable, ariaLabel: t("选第 {n} 支：{name}", { n: i + 1, name }) });
  const first = lapse && t("先电话核实（{why}）", { why: [codeName("lapse", lapse), last_verified].filter(Boolean).join(" ") });
  const made = element(
    "tr",
    { className: reachable ? "" : "beyond-reach", "aria-current": i === chosen && reachable ? "true" : null },
    element("td", {}, number),
    element("th", { scope: "row" }, name, also([codeName("force_kind", kind), village, force.duty && codeName("duty", force.duty)]), also([first])),
    reachable ? arrival(force, avoid) : element("td", { colSpan: 2 }, element("b", { textContent: t("不可达") }), also([codeName("unreachable", force.unreachable), ...force.blocked_by.map((id) => avoidedName(avoid, id, hazardName))])),
    reachable && element("td", {}, lengthWords(force.road_m), also([force.detour && t("直线 {straight}，绕行 {ratio} 倍", { straight: lengthWords(force.straight_m), ratio: force.detour.toFixed(1) })])),
    element("td", {}, capabilities(force, asked)),
  );
  if (reachable) made.addEventListener("click", () => onChoose(i));
  return made;
}

// What of all that is avoided lies on a road, by its kind.
function avoidedWords(avoid) {
  const words = { closure: t("封路"), zone: t("所避开的风险区"), danger: t("事件的危险范围") };
  return Object.keys(words).filter((what) => avoid.by.some((one) => one.what === what && one.road_m > 0)).map((what) => words[what]).join(t("、"));
}

function arrival({ arrival_s, turnout_s, drive_s, walk_s, on_foot_m, added_s }, avoid) {
  const parts = [t("出动 {minutes}", { minutes: minutesOf(turnout_s) }), t("行车 {minutes}", { minutes: minutesOf(drive_s) }), walk_s >= 30 && t("步行 {minutes}", { minutes: minutesOf(walk_s) }), on_foot_m && t("其中弃车沿路步行 {metres}", { metres: lengthWords(on_foot_m) })];
  const later = added_s >= NOTED_S && element("span", { className: "also lacking", textContent: t("为绕开{what}，多 {minutes}", { what: avoidedWords(avoid), minutes: minutesOf(added_s) }) });
  return element("td", {}, element("span", { className: "minutes", textContent: minutesOf(arrival_s) }), also(parts), later || null);
}

// What somebody goes round or is held up by: a closure by its reason, a zone by what it is of.
function avoidedName({ by }, id, hazardName) {
  const { what, reason, hazard, grade, name } = by.find((one) => one.id === id);
  if (what === "danger") return t("危险范围");
  return what === "closure" ? reason : [name || hazardName(hazard), grade].filter(Boolean).join(" ");
}

function capabilities({ meets, missing, capabilities: all }, asked) {
  if (!asked) return [capabilityNames(all) || t("没有登记")];
  const lacks = missing.length > 0 && element("span", { className: "also lacking", textContent: t("缺：{what}", { what: capabilityNames(missing) }) });
  return [capabilityNames(meets) || "—", lacks];
}

function also(words) {
  const told = words.filter(Boolean).join(" · ");
  return told ? element("span", { className: "also", textContent: told }) : null;
}

// What stands below the table, folded: who was not asked and why, which villages nobody reaches, what it all rests on.
export function restParts({ passed_over, cut_off_villages, graph, roads, condition, avoid }, { hazardName, contacts = [] }) {
  const told = passed_over.map(({ name, reason }) => element("li", { textContent: `${name}：${codeName("passed_over", reason)}` }));
  const cut = cut_off_villages.map(({ id, name, population, blocked_by, call }) => {
    const who = population == null ? name : t("{name}，{n} 人", { name, n: population });
    const why = blocked_by.map((id) => avoidedName(avoid, id, hazardName)).join(t("、"));
    return element("li", { "data-unheard": call && call.state !== "answered" ? "" : null }, why ? t("{who}：{why}", { who, why }) : who, callParts({ id, name, call }, contacts));
  });
  const met = avoid.by.filter(({ road_m }) => road_m > 0).length;
  const basis = t("路网 {version}，{n} 段；车速与出动时间为默认值{condition}；已避开封路和灾害区 {met} 处。", {
    met,
    version: graph.version.slice(0, 8),
    n: graph.stretches,
    condition: condition ? t("，按{condition}折减", { condition: codeName("driving_condition", condition) }) : "",
  });
  const origin = roads.source ? t("道路来源：{source}，{date} 收到。", roads) : roads.synthetic ? t("道路为演示数据（合成）。") : t("道路没有登记来源。");
  return [
    cut.length ? folded(t("没有力量能到的村：{n}", { n: cut.length }), cut, true) : null,
    told.length ? folded(t("没有列入的力量：{n}", { n: told.length }), told, false) : null,
    element("p", { className: "quiet", textContent: `${basis} ${origin}` }),
  ];
}

function folded(title, items, open) {
  return element("details", { open }, element("summary", { textContent: title }), element("ul", {}, items));
}
