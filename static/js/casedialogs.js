// Dialogs of an incident: the call, why another force, when it truly occurred, the report as text, the call sheet, the log.
import { codeName, codesOf } from "./codes.js";
import { addressOf } from "./core/address.js";
import { read, send } from "./core/api.js";
import { openDialog } from "./core/dialog.js";
import { toast } from "./core/toast.js";
import { fieldOf, formParts, localMoment, momentOf } from "./deskforms.js";
import { troubleWords } from "./duty.js";
import { element, language, t } from "./words.js";

const WINDS = 8;

const choices = (key, none) => [...(none ? [["", none]] : []), ...codesOf(key).map((code) => [code, codeName(key, code)])];

/** @param {{place: any, kind: string, level: string}} call `level` is the rescue level @param {(incident: any) => unknown} done */
export function openCall({ place, kind, level }, done) {
  const winds = [t("北"), t("东北"), t("东"), t("东南"), t("南"), t("西南"), t("西"), t("西北")];
  const bearings = [["", t("未说明")], ...winds.map((name, i) => [String((360 / WINDS) * i), t("{wind}风", { wind: name })])];
  const isVillage = ["village", "group"].includes(place.kind);
  const form = formParts(
    [
      fieldOf(t("事件类型"), { name: "kind", value: kind }, /** @type {any} */ (choices("incident_kind", ""))),
      fieldOf(t("说了什么"), { name: "said", required: true, maxLength: 2000 }),
      fieldOf(t("报告人"), { name: "reported_by", required: true, maxLength: 100 }),
      fieldOf(t("报告人电话"), { name: "reporter_phone", type: "tel", maxLength: 200 }),
      fieldOf(t("村社"), { name: "village", maxLength: 200, value: (isVillage ? place.name : place.village) ?? "" }),
      fieldOf(t("桩号"), { name: "stake", maxLength: 200, value: place.kind === "stake" ? place.name : "" }),
      fieldOf(t("参照物"), { name: "landmark", maxLength: 200, value: isVillage || place.kind === "stake" || place.converted ? "" : place.name }),
      fieldOf(t("发生时间"), { name: "occurred_at", type: "datetime-local" }),
      fieldOf(t("事故等级"), { name: "level" }, /** @type {any} */ (choices("incident_level", t("待核")))),
      fieldOf(t("风向"), { name: "wind_from" }, /** @type {any} */ (bearings)),
      fieldOf(t("危险范围（米）"), { name: "danger_m", type: "number", min: "1", max: "20000" }),
    ],
    t("接报"),
  );
  const dialog = openDialog({ title: t("接报"), className: "case-dialog wide", parts: [form] });
  form.bind(dialog, async (told) => {
    const number = (words) => (words ? Number(words) : null);
    const body = /** @type {any} */ ({
      ...told,
      rescue_level: level || null,
      occurred_at: momentOf(told.occurred_at),
      wind_from: number(told.wind_from),
      danger_m: number(told.danger_m),
      converted_from: place.converted || null,
      geometry: { type: "Point", coordinates: [place.lon, place.lat] },
    });
    done(await send("/api/incidents", body));
  });
  form.elements.said.focus();
}

/** @param {{force: any, first: any}} chosen @param {(why: string) => unknown} done */
export function askReason({ force, first }, done) {
  const reasons = [t("前一支另有任务"), t("电话核实后不能到"), t("装备更合适"), t("领导指定")];
  const list = element("datalist", { id: "reasons" }, reasons.map((value) => element("option", { value })));
  const form = formParts([fieldOf(t("为什么"), { name: "why", required: true, maxLength: 500, value: reasons[0], list: "reasons" })], t("派出"));
  form.prepend(element("p", { textContent: t("先到的是{first}，所选的是{name}。", { first: first.name, name: force.name }) }), list);
  const dialog = openDialog({ title: t("不是最先到的一支"), className: "case-dialog", parts: [form] });
  form.bind(dialog, async ({ why }) => done(why));
  form.elements.why.select();
}

/** @param {{name: string, state: string}} told @param {(at: string) => unknown} done */
export function askTime({ name, state }, done) {
  const form = formParts([fieldOf(t("实际发生时间"), { name: "at", type: "datetime-local", required: true, value: localMoment(new Date()) })], t("补录"));
  const dialog = openDialog({ title: t("补录 {name}：{state}", { name, state: codeName("assignment_state", state) }), className: "case-dialog", parts: [form] });
  form.bind(dialog, async ({ at }) => done(/** @type {string} */ (momentOf(at))));
}

/** @param {(outcome: string) => unknown} done */
export function askOutcome(done) {
  const form = formParts([fieldOf(t("结果"), { name: "outcome", required: true, maxLength: 2000 })], t("结束事件"));
  form.prepend(element("p", { textContent: t("还在外面的力量都记为撤回，重新待命。") }));
  const dialog = openDialog({ title: t("结束事件"), className: "case-dialog", parts: [form] });
  form.bind(dialog, async ({ outcome }) => done(outcome));
}

// Never sent from here: the text is copied, and that it was given is recorded by a person.
export async function showReport(incident, done) {
  try {
    const path = { number: incident.id };
    const [{ kind, text, due }, assembly] = await Promise.all([
      read("/api/incidents/{number}/report", { path }),
      read("/api/incidents/{number}/assembly", { path }).catch(() => null),
    ]);
    const form = formParts(
      [
        fieldOf(t("文字（可改）"), { name: "text", rows: 12, required: true, value: [text, gatherWords(assembly)].filter(Boolean).join("\n") }),
        fieldOf(t("报给谁"), { name: "to", required: true, maxLength: 200, value: t("县应急管理局值班室") }),
      ],
      t("已报出，记入记录"),
    );
    const copy = copying(text);
    form.elements.text.addEventListener("input", () => (copy.dataset.copy = form.elements.text.value));
    copy.dataset.copy = form.elements.text.value;
    form.querySelector(".row").prepend(copy);
    form.prepend(
      element("p", { className: "quiet", textContent: t("系统不会自动报送；请复制后自行报出。") }),
      ...(due ? [element("p", { className: "quiet", textContent: t("时限依据：{basis}", { basis: due.basis }) })] : []),
    );
    const dialog = openDialog({ title: codeName("report_kind", kind), className: "case-dialog wide", parts: [form] });
    form.elements.text.setSelectionRange(0, 0);
    form.elements.text.scrollTop = 0;
    form.bind(dialog, async ({ text: words, to }) => {
      await send("/api/incidents/{number}/reports", /** @type {any} */ ({ kind, to, text: words }), { path });
      toast(t("已记入记录。"));
      done();
    });
  } catch (trouble) {
    toast(troubleWords(trouble));
  }
}

function gatherWords(assembly) {
  if (!assembly?.place) return "";
  const [lon, lat] = assembly.place.coordinates.map((degrees) => degrees.toFixed(6));
  const where = { lon, lat, road: assembly.road ?? t("未命名道路"), away: Math.round(assembly.away_m) };
  return assembly.upwind ? t("集结点（上风向）：{road}，距现场 {away} m，经度 {lon}，纬度 {lat}（CGCS2000）", where) : t("集结点：{road}，距现场 {away} m，经度 {lon}，纬度 {lat}（CGCS2000）", where);
}

/** What the arrivals on it are reckoned with is the question of the page. @param {any} incident @param {{condition: string, avoid_zones: string}} question */
export async function showSheet(incident, { condition, avoid_zones }) {
  try {
    const query = /** @type {any} */ ({ ...(condition && { condition }), ...(avoid_zones && { avoid_zones }) });
    const { text } = await read("/api/incidents/{number}/call-sheet", { path: { number: incident.id }, query });
    const words = element("textarea", { rows: 14, readOnly: true, value: text, ariaLabel: t("调派单") });
    const copy = copying(text);
    const paper = element("a", { className: "button primary", href: addressOf("/api/incidents/{number}/call-sheet.pdf", { path: { number: incident.id }, query: { ...query, lang: language.slice(0, 2) } }), textContent: t("下载 A4（PDF）") });
    const note = element("p", { className: "quiet", textContent: t("含完整电话；每次查看都有记录。") });
    openReading(t("调派单"), [note, words], [copy, paper]);
  } catch (trouble) {
    toast(troubleWords(trouble));
  }
}

export async function showLog(incident) {
  try {
    const { items } = await read("/api/incidents/{number}/log", { path: { number: incident.id } });
    const list = element("ol", { className: "case-log" }, items.map(entry));
    const whole = element("a", { className: "button primary", href: `/dispatch/incidents/${incident.id}`, textContent: t("打开事件页，可打印") });
    openReading(t("事件 {n} 的记录", { n: incident.id }), [list], [whole]);
  } catch (trouble) {
    toast(troubleWords(trouble));
  }
}

function entry({ act, state, occurred_at, recorded_at, by, said, content }) {
  const when = (moment) => new Date(moment).toLocaleString("sv-SE", { timeZone: "Asia/Shanghai" });
  const isLater = new Date(recorded_at).getTime() - new Date(occurred_at).getTime() > 60_000;
  const what = [codeName("dispatch_act", act), content.name, state && codeName("assignment_state", state), content.village, content.who].filter(Boolean).join(" · ");
  const shown = content.shown?.forces.map(({ name }, i) => `${i + 1} ${name}`).join(t("、"));
  const corrected = act === "changed" && content.before ? Object.keys(content.after).map((name) => correction(name, content)) : [];
  const basis = content.graph_now && t("路网 {version}，封路 {n} 处", { version: content.graph_now.slice(0, 8), n: content.closures.length });
  return element(
    "li",
    {},
    element("time", { textContent: when(occurred_at) }),
    element("b", { textContent: what }),
    element("span", { className: "also", textContent: [by, isLater && t("补录于 {at}", { at: when(recorded_at) })].filter(Boolean).join(" · ") }),
    said && element("span", { textContent: said }),
    ...corrected.map((words) => element("span", { className: "also", textContent: words })),
    shown && element("span", { className: "also", textContent: t("当时所示：{shown}", { shown }) }),
    basis && element("span", { className: "also", textContent: basis }),
  );
}

const CODED = { kind: "incident_kind", level: "incident_level", converted_from: "shifted_system" };

// What stood there before, and what stands there since; the page of the incident names the fields.
function correction(name, { before, after }) {
  const shown = (value) => (value == null ? t("未说明") : CODED[name] ? codeName(CODED[name], value) : name === "occurred_at" ? new Date(value).toLocaleString("sv-SE", { timeZone: "Asia/Shanghai" }) : String(value));
  return `${shown(before[name])} → ${shown(after[name])}`;
}

function copying(words) {
  const made = element("button", { type: "button", className: "button", textContent: t("复制文字") });
  made.dataset.copy = words;
  return made;
}

// A dialog to be read: it is closed by its last button.
function openReading(title, parts, acts) {
  const close = element("button", { type: "button", className: "button", textContent: t("关闭") });
  const dialog = openDialog({ title, className: "case-dialog wide", parts: [...parts, element("div", { className: "row" }, close, ...acts)] });
  close.addEventListener("click", () => dialog.close());
}
