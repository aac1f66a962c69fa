// The desk: whose shift it is, what is under way, what asks to be looked at. Asked again all the time, so that two desks see one thing;
// with the service away what was last seen stays, with its age, and the desk comes back by itself.
import { codeName } from "./codes.js";
import { Problem, read } from "./core/api.js";
import { replaceRows } from "./core/list.js";
import { telephoneParts } from "./core/telephone.js";
import { dueWords } from "./duewords.js";
import { element, t } from "./words.js";

const SEEN_MS = 1500; // another desk's act is seen within two seconds
const HIDDEN_MS = 15_000;
const AWAY_MS = 3000;
const TICK_MS = 250;

export class Desk {
  answer = null;
  isAway = false;
  seenAt = 0;
  nextAt = Infinity; // until it was asked for the first time

  /** @param {{onChange: (changed: Set<string>, answer: any) => unknown, onBack: () => unknown, onOpen: (id: number) => unknown, onShift: (answer: any) => unknown}} does */
  constructor(does) {
    this.does = does;
    this.at = (id) => /** @type {any} */ (document.getElementById(id));
    this.at("desk-shift-button").addEventListener("click", () => this.does.onShift(this.answer));
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.look());
    setInterval(() => this.tick(), TICK_MS);
  }

  start() {
    return this.look();
  }

  // One question at a time; the next is asked when this one was answered, or was not.
  async look() {
    if (this.looking) return;
    this.looking = true;
    try {
      this.take(await read("/api/dispatch/desk"));
    } catch (trouble) {
      if (!(trouble instanceof Problem) || trouble.status >= 500) this.isAway = true;
      this.tick();
    } finally {
      this.looking = false;
    }
    this.nextAt = Date.now() + (document.visibilityState === "hidden" ? HIDDEN_MS : this.isAway ? AWAY_MS : SEEN_MS);
  }

  take(answer) {
    const before = this.answer;
    const changed = new Set(before ? Object.keys(answer.marks).filter((mark) => answer.marks[mark] !== before.marks[mark]) : []);
    const wasAway = this.isAway;
    Object.assign(this, { answer, isAway: false, seenAt: Date.now() });
    const isSame = before && JSON.stringify(before) === JSON.stringify(answer);
    if (!isSame) this.tell();
    this.tick();
    if (wasAway) this.does.onBack();
    if (changed.size) this.does.onChange(changed, answer);
  }

  tell() {
    const { shift, unsigned, incidents, overdue_closures, unverified_forces } = this.answer;
    this.at("desk-shift").replaceChildren(...(shift ? shiftParts(shift) : [element("b", { className: "lacking", textContent: t("值班表里没有现在这一班") })]));
    this.at("desk-shift-button").textContent = unsigned ? t("交接班：等待签字") : t("交接班");
    const asks = [
      overdue_closures ? t("已过复核时间的封路：{n}", { n: overdue_closures }) : null,
      unverified_forces ? t("未核实的力量：{n}，先电话核实", { n: unverified_forces }) : null,
    ];
    this.at("desk-asks").replaceChildren(...asks.filter(Boolean).map((words) => element("li", { textContent: words })));
    replaceRows(this.at("desk-incidents"), incidents.map((one) => this.row(one)));
    this.at("desk-none").hidden = incidents.length > 0;
  }

  row(one) {
    const where = [one.village, one.landmark].filter(Boolean).join(" · ");
    const due = element("span", { className: "due" });
    due.dataset.due = one.due ? JSON.stringify([one.due.kind, one.due.due_at]) : "";
    const parts = [
      element("b", { textContent: `${one.id} ${codeName("incident_kind", one.kind)}` }),
      element("span", { textContent: where || one.said }),
      element("span", { className: "also", textContent: t("出动 {n} 支", { n: one.forces_out }) }),
      due,
    ];
    const button = element("button", { type: "button", className: "desk-incident" }, parts);
    button.dataset.incident = String(one.id);
    button.addEventListener("click", () => this.does.onOpen(one.id));
    const line = element("li", {}, button);
    line.dataset.row = String(one.id);
    return line;
  }

  mark(id) {
    for (const button of this.at("desk-incidents").querySelectorAll("button")) button.setAttribute("aria-current", String(Number(button.dataset.incident) === id));
  }

  // What runs by the clock: the countdown of reports, and how old what is shown is.
  tick() {
    if (Date.now() >= this.nextAt) this.look();
    for (const one of document.querySelectorAll("[data-due]")) {
      const due = /** @type {HTMLElement} */ (one).dataset.due;
      const [kind, at] = due ? JSON.parse(due) : [null, null];
      const { words, isLate } = kind ? dueWords(kind, new Date(at).getTime() - Date.now()) : { words: t("已终报"), isLate: false };
      if (one.textContent !== words) one.textContent = words;
      one.classList.toggle("lacking", isLate);
    }
    const away = this.at("desk-away");
    const age = Math.round((Date.now() - this.seenAt) / 1000);
    const words = !this.isAway ? "" : this.seenAt ? t("没有连上服务：所示为 {n} 秒前的内容，恢复后自动更新。", { n: age < 10 ? age : 10 * Math.floor(age / 10) }) : t("没有连上服务，正在重试。");
    if (away.textContent !== words) away.textContent = words;
  }
}

function shiftParts({ leader, leader_phone, officer, officer_phone, taken_at }) {
  const person = (role, name, phone) => element("span", {}, element("small", { textContent: role }), element("b", { textContent: name }), ...telephoneParts(phone));
  return [person(t("带班领导"), leader, leader_phone), person(t("值班员"), officer, officer_phone), taken_at ? null : element("span", { className: "lacking", textContent: t("这一班还没有双方签字") })].filter(Boolean);
}
