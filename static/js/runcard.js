// The run card of the incident: what is called for, by which card, the set that together meets it, and what nobody brings in time.
import { minutesOf } from "./arrivals.js";
import { codeName, codeShort } from "./codes.js";
import { element, t } from "./words.js";

const FEW = 3;

const many = ({ capability, count }) => `${codeName("capability", capability)}×${count}`;
const listed = (words) => words.join(t("、"));

// The shortfall and the set in one sentence each; nothing where nothing is called for.
export function setWords({ run_card, sent, together }) {
  if (!run_card.length) return "";
  const { forces, lacking, complete_s, within_s } = together;
  const names = listed(forces.map(({ name }) => name));
  if (lacking.length) return t("{time}内没有{what}。", { time: minutesOf(within_s), what: listed(lacking.map(many)) });
  if (complete_s == null) return sent.length ? t("已派出的力量满足方案。") : "";
  return forces.length > 1 ? t("{names}合起来满足方案，{minutes}到齐。", { names, minutes: minutesOf(complete_s) }) : t("{names}一支就满足方案，{minutes}到达。", { names, minutes: minutesOf(complete_s) });
}

// What is said when the set is taken in hand: nobody has been told yet.
export function takenWords({ together }) {
  return t("已选 {n} 支：{names}。还没有通知任何人，按 A 派出。", { n: together.forces.length, names: listed(together.forces.map(({ name }) => name)) });
}

/** @param {any} values @param {{onSet: () => unknown}} acts */
export function runCardParts({ answer, inSet }, { onSet }) {
  const { incident } = answer;
  if (!incident.card) return [];
  const { together } = incident;
  const button = element("button", { type: "button", className: "button", ariaPressed: String(Boolean(inSet)), ariaKeyShortcuts: "S" }, t("选这一组"), element("kbd", { textContent: "S" }));
  button.addEventListener("click", onSet);
  const members = together.forces.map((one) => {
    const brings = listed(one.brings.map((word) => codeName("capability", word)));
    const first = one.lapse && t("先电话核实（{why}）", { why: codeName("lapse", one.lapse) });
    const made = element("li", {}, element("b", { textContent: one.name }), ` ${[minutesOf(one.arrival_s), brings, first].filter(Boolean).join(" · ")}`);
    if (inSet) made.setAttribute("aria-current", "true");
    return made;
  });
  return [
    element("h2", { textContent: t("力量调派方案：{level}", { level: codeShort("rescue_level", incident.level) }) }),
    element("ul", { className: "called-for" }, incident.run_card.map((one) => calledFor(one, incident))),
    whichCard(incident),
    together.complete_s == null ? element("p", { className: "lacking", textContent: setWords(incident) }) : element("p", { textContent: t("合起来满足方案的一组，{minutes}到齐：", { minutes: minutesOf(together.complete_s) }) }),
    members.length > 0 && element("ul", { className: "calling-set", ariaLabel: t("合起来满足方案的一组") }, members),
    members.length > 0 && element("div", { className: "acts" }, button),
    nearer(answer),
  ].filter(Boolean);
}

// One capability: how many are called for, and whether they are there, sent or still lacking.
function calledFor({ capability, count }, { sent, together }) {
  const of = (list) => list.find((one) => one.capability === capability)?.count ?? 0;
  const [gone, short] = [of(sent), of(together.lacking)];
  const words = [gone && t("已派 {n}", { n: gone }), short && t("缺 {n}", { n: short }), !short && (gone < count ? t("能到") : t("已满足"))].filter(Boolean).join(" · ");
  return element("li", { className: short ? "is-short" : "is-met" }, element("b", { textContent: many({ capability, count }) }), element("span", { textContent: words }));
}

// Why this card and no other: the place by what is on record there, the time, the level, and what it rests on.
function whichCard({ card, place, time, level, level_told }) {
  const there = place ? t("地点：{kind}（{name}，{m} 米）", { kind: codeName("incident_place", place.kind), name: place.name ?? t("没有名称"), m: Math.round(place.away_m) }) : t("地点：没有记录可判，用不限地点的方案");
  const grave = level_told ? codeName("rescue_level", level) : t("没有说明救援等级，按{level}", { level: codeShort("rescue_level", level) });
  const link = element("a", { href: `/rulebook/rules/run_cards.${card.key}`, textContent: t("方案全文和依据（{kind}）", { kind: codeName("basis_kind", card.basis_kind) }) });
  return element("details", { className: "which-card" }, element("summary", { textContent: [there, codeName("time_of_day", time), grave].join(" · ") }), element("p", { className: "quiet" }, link));
}

// Who is there before the set is complete and is not in it, with what each lacks.
function nearer({ forces, incident: { together } }) {
  const chosen = new Set(together.forces.map(({ id }) => id));
  const last = together.complete_s ?? together.within_s;
  const found = forces.filter(({ id, reachable, arrival_s, missing }) => reachable && !chosen.has(id) && arrival_s < last && missing.length);
  if (!found.length) return null;
  const rows = found.toSorted((one, other) => one.arrival_s - other.arrival_s).map(({ name, arrival_s, missing }) => {
    const what = listed(missing.map((word) => codeName("capability", word)));
    return element("li", { textContent: t("{name}，{minutes}，缺{what}", { name, minutes: minutesOf(arrival_s), what }) });
  });
  return element("details", { open: rows.length <= FEW }, element("summary", { textContent: t("更早能到但有所缺的：{n}", { n: rows.length }) }), element("ul", {}, rows));
}
