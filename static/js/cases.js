// The incident in hand: opened from a call, forces set in motion and led step by step, reported, closed. Choosing a force sends nobody.
import { codeName } from "./codes.js";
import { change, read, send } from "./core/api.js";
import { keyboard } from "./core/keyboard.js";
import { telephoneParts } from "./core/telephone.js";
import { toast } from "./core/toast.js";
import { askOutcome, askReason, askTime, openCall, showLog, showReport, showSheet } from "./casedialogs.js";
import { troubleWords } from "./duty.js";
import { element, sentences, t } from "./words.js";

const ENDED = ["recalled", "undone"];
const UNDO_MS = 10_000;
const STEP_KEYS = { answered: "E", under_way: "G", on_scene: "D", recalled: "B" };

export class Cases {
  /** @type {any} */
  incident = null;
  inHand = 0;
  last = null;
  store;
  board;
  onChange;
  acts = 0;
  /** @type {() => any[]} */
  more = () => [];
  onTell = () => {};

  /** @param {{store: any, board: HTMLElement, onChange: () => unknown}} options */
  constructor({ store, board, onChange }) {
    Object.assign(this, { store, board, onChange });
    store.watch(["case"], ({ case: id }) => Number(id || 0) !== (this.incident?.id ?? 0) && this.open(Number(id)));
    store.watch(["level"], ({ level }) => this.keepLevel(level));
    const button = document.getElementById("open-case");
    button?.addEventListener("click", () => this.call());
    const isOpen = () => this.incident?.state === "open";
    keyboard.add({ keys: ["N"], title: t("接报"), run: () => this.call(), isOn: () => store.values.place !== null && !this.incident });
    keyboard.add({ keys: ["A"], title: t("派出所选的力量或整组"), run: () => this.inTurn(() => this.assign()), isOn: () => isOpen() && store.values.answer !== null });
    for (const [state, key] of Object.entries(STEP_KEYS)) {
      keyboard.add({ keys: [key], title: codeName("assignment_state", state), run: () => this.inTurn(() => this.step(this.assignments[this.inHand], state)), isOn: isOpen });
      keyboard.add({ keys: [`Shift+${key}`], title: t("补录：{state}", { state: codeName("assignment_state", state) }), run: () => this.later(this.assignments[this.inHand], state), isOn: isOpen });
    }
    keyboard.add({ keys: ["M"], title: t("更正"), run: () => this.correct(), isOn: isOpen });
    keyboard.add({ keys: ["U"], title: t("撤销刚记下的一步"), run: () => this.undo(), isOn: isOpen });
    keyboard.add({ keys: ["J", "K"], title: t("换一支已派的力量"), run: ({ key }) => this.take(this.inHand + (key.toUpperCase() === "J" ? 1 : -1)), isOn: isOpen });
    keyboard.add({ keys: ["R"], title: t("报告文字"), run: () => showReport(this.incident, () => this.refresh()), isOn: () => Boolean(this.incident) });
    keyboard.add({ keys: ["P"], title: t("调派单"), run: () => showSheet(this.incident, this.store.values), isOn: () => Boolean(this.incident) });
  }

  // Keys come faster than answers: each waits for the one before, and acts on what that left.
  inTurn(act) {
    this.turn = (this.turn ?? Promise.resolve()).then(act);
    return this.turn;
  }

  get assignments() {
    return (this.incident?.assignments ?? []).filter(({ state }) => state !== "undone");
  }

  call() {
    const { place, incident, level } = this.store.values;
    if (!place) return toast(t("先说地点：按 / 查找，或在地图上点一下。"));
    return openCall({ place, kind: incident || "fire", level }, (made) => {
      toast(t("已接报，编号 {n}。", { n: made.id }));
      this.show(made);
    });
  }

  async open(id) {
    if (!id) return this.leave();
    try {
      this.show(await read("/api/incidents/{number}", { path: { number: id } }));
    } catch (trouble) {
      toast(troubleWords(trouble));
      this.store.change({ case: "" });
    }
    return null;
  }

  leave() {
    this.incident = null;
    this.tell();
  }

  // Its place and kind become the question of the page, so that the forces stand beside it.
  show(incident) {
    const [lon, lat] = incident.geometry.coordinates;
    this.incident = incident;
    const name = [incident.village, incident.stake, incident.landmark].filter(Boolean).join(" · ");
    const { place } = this.store.values;
    const isThere = place && Math.abs(place.lon - lon) < 1e-6 && Math.abs(place.lat - lat) < 1e-6;
    const form = /** @type {any} */ (document.getElementById("incident-form"));
    form.elements.incident.value = incident.kind;
    form.elements.level.value = incident.rescue_level ?? "";
    this.store.change({ case: String(incident.id), incident: incident.kind, level: incident.rescue_level ?? "", ...(!isThere && { place: { lon, lat, name, converted: incident.converted_from ?? "" } }) });
    this.tell();
  }

  async refresh() {
    if (!this.incident) return null;
    const { acts } = this;
    try {
      const told = await read("/api/incidents/{number}", { path: { number: this.incident.id } });
      // What was asked for before an act tells less than the answer to the act.
      if (acts !== this.acts) return this.refresh();
      if (told.id !== this.incident?.id) return null;
      this.incident = told;
      this.tell();
    } catch {
      // what was last seen stays; the desk says that the service is away
    }
    return null;
  }

  async write(act) {
    try {
      const answer = await act();
      this.acts += 1;
      this.incident = answer.value ?? answer;
      this.tell();
    } catch (trouble) {
      toast(troubleWords(trouble));
      await this.refresh();
      return false;
    }
    await this.onChange();
    return true;
  }

  // The rescue level that is told while an incident is in hand is kept with it.
  async keepLevel(level) {
    if (this.incident?.state !== "open" || (this.incident.rescue_level ?? "") === level) return;
    const { id, version } = this.incident;
    await this.write(() => change("/api/incidents/{number}", { path: { number: id }, etag: `"${version}"` }, /** @type {any} */ ({ rescue_level: level || null })));
  }

  assign() {
    const { answer, chosen, inSet } = this.store.values;
    if (this.incident?.state !== "open") return null;
    if (inSet) return this.assignSet(answer);
    const force = answer?.forces[chosen];
    if (!force?.reachable) return null;
    const first = answer.forces.find(({ reachable }) => reachable);
    const go = (why) => this.send(force, { force: Number(force.id), why, shown: this.shown(answer) });
    return first.id === force.id ? go(null) : askReason({ force, first }, go);
  }

  // What stands on the page when somebody chooses, as the log keeps it.
  shown(answer) {
    const { condition, avoid_zones } = this.store.values;
    const forces = answer.forces.map(({ id, name, arrival_s }) => ({ id, name, arrival_s }));
    return { graph: answer.graph.version, condition: condition || null, avoid_zones: avoid_zones || null, card: answer.incident.card?.key ?? null, level: answer.incident.level, forces };
  }

  // One after the other, each by the authority there is over it; whom another desk took meanwhile is told, the others are sent.
  async assignSet(answer) {
    const path = { number: this.incident.id };
    const why = t("合起来满足力量调派方案");
    const [sent, missed] = [[], []];
    for (const { id, name } of answer.incident.together.forces) {
      try {
        this.incident = await send("/api/incidents/{number}/assignments", { force: Number(id), why, shown: this.shown(answer) }, { path });
        this.acts += 1;
        sent.push(this.assignments.at(-1));
      } catch (trouble) {
        missed.push(`${name}：${troubleWords(trouble)}`);
      }
    }
    const told = sent.map(({ authority, name }) => `${codeName("authority", authority)} ${name}`).join(t("、"));
    this.tell();
    this.take(this.assignments.length - 1);
    const words = [sent.length > 0 && t("已通知 {n} 支：{told}。", { n: sent.length, told }), missed.length > 0 && t("没有派出：{missed}", { missed: missed.join(t("；")) })];
    toast(sentences(words));
    await this.onChange();
  }

  async send(force, body) {
    const path = { number: this.incident.id };
    if (!(await this.write(() => send("/api/incidents/{number}/assignments", body, { path })))) return;
    this.take(this.assignments.length - 1);
    const made = this.assignments[this.inHand];
    this.remember(made, t("{verb}：{name}，已通知。", { verb: codeName("authority", made.authority), name: force.name }));
  }

  async step(assigned, state, occurred_at = null) {
    if (!assigned?.next.includes(state)) return;
    const path = { number: this.incident.id, assignment: assigned.id };
    const body = { state, ...(occurred_at && { occurred_at }) };
    const isDone = await this.write(() => change("/api/incidents/{number}/assignments/{assignment}", { path, etag: `"${assigned.version}"` }, body));
    if (isDone) this.remember(assigned, t("{name}：{state}。", { name: assigned.name, state: codeName("assignment_state", state) }));
  }

  later(assigned, state) {
    if (assigned?.next.includes(state)) askTime({ name: assigned.name, state }, (at) => this.step(assigned, state, at));
  }

  remember({ id }, words) {
    this.last = { id, at: Date.now() };
    toast(words, { act: { words: t("撤销（{n} 秒内）U", { n: UNDO_MS / 1000 }), run: () => this.undo() } });
  }

  async undo() {
    const assigned = this.incident.assignments.find(({ id }) => id === this.last?.id);
    if (!assigned || Date.now() - this.last.at > UNDO_MS) return toast(t("10 秒已过，不能再撤销；请记下新的状态。"));
    this.last = null;
    const path = { number: this.incident.id, assignment: assigned.id };
    const isDone = await this.write(() => send("/api/incidents/{number}/assignments/{assignment}/undo", undefined, /** @type {any} */ ({ path, etag: `"${assigned.version}"` })));
    return isDone && toast(t("已撤销，记录里两步都在。"));
  }

  take(i) {
    this.inHand = Math.max(0, Math.min(i, this.assignments.length - 1));
    for (const [at, row] of [...document.querySelectorAll("#case-forces > li")].entries()) row.setAttribute("aria-current", String(at === this.inHand));
  }

  // On its own page, which leads back to the desk as it was asked.
  correct() {
    const { condition, avoid_zones } = this.store.values;
    const asked = new URLSearchParams({ ...(condition && { condition }), ...(avoid_zones && { avoid_zones }) });
    location.assign(`/dispatch/incidents/${this.incident.id}/change?${asked}`);
  }

  async close() {
    askOutcome((outcome) => this.write(() => send("/api/incidents/{number}/close", { outcome }, { path: { number: this.incident.id }, etag: `"${this.incident.version}"` })));
  }

  // Nobody gathers where nothing is dangerous any more, and for no incident that is over.
  get gathersFor() {
    const { id, state, danger, danger_m } = this.incident ?? {};
    return state === "open" && (danger || danger_m) ? id : 0;
  }

  tell() {
    const board = this.board;
    board.hidden = !this.incident;
    const open = document.getElementById("open-case");
    if (open) open.hidden = Boolean(this.incident);
    const before = document.activeElement instanceof HTMLElement && board.contains(document.activeElement) ? document.activeElement.dataset.act : null;
    if (Number(this.store.values.gather || 0) !== this.gathersFor) this.store.change({ gather: "" });
    this.onTell();
    if (!this.incident) return board.replaceChildren();
    board.replaceChildren(...caseParts(this));
    this.take(this.inHand);
    if (before) /** @type {any} */ (board.querySelector(`[data-act="${before}"]`) ?? board.querySelector("h2"))?.focus({ preventScroll: true });
    return null;
  }
}

function caseParts(cases) {
  const { incident } = cases;
  const isOpen = incident.state === "open";
  const act = (name, words, key, run) => {
    const made = element("button", { type: "button", className: "button", ariaKeyShortcuts: key || null }, words, key ? element("kbd", { textContent: key }) : null);
    made.dataset.act = name;
    made.addEventListener("click", run);
    return made;
  };
  const said = [codeName("incident_kind", incident.kind), incident.level && codeName("incident_level", incident.level)].filter(Boolean).join(" · ");
  return [
    element("h2", { tabIndex: -1, textContent: t("事件 {n}：{said}", { n: incident.id, said }) }),
    element("p", { textContent: incident.said }),
    element("p", { className: "also" }, [incident.village, incident.stake, incident.landmark].filter(Boolean).join(" · "), " ", incident.reported_by, " ", ...telephoneParts(incident.reporter_phone)),
    isOpen ? null : element("p", { className: "answer", textContent: t("已结束：{outcome}", { outcome: incident.outcome }) }),
    element(
      "div",
      { className: "acts" },
      isOpen && act("assign", t("派出所选的力量"), "A", () => cases.assign()),
      act("report", t("报告文字"), "R", () => showReport(incident, () => cases.refresh())),
      act("sheet", t("调派单"), "P", () => showSheet(incident, cases.store.values)),
      isOpen && act("change", t("更正"), "M", () => cases.correct()),
      act("log", t("事件记录"), "", () => showLog(incident)),
      cases.more(),
      isOpen && act("close", t("结束事件"), "", () => cases.close()),
      act("leave", t("放下"), "", () => cases.store.change({ case: "" })),
    ),
    element("ul", { id: "case-forces", ariaLabel: t("已派力量") }, cases.assignments.map((one, i) => forceRow(cases, one, i))),
  ].filter(Boolean);
}

function forceRow(cases, one, i) {
  const steps = ENDED.includes(one.state) ? [] : one.next;
  const buttons = steps.map((state) => {
    const key = STEP_KEYS[state];
    const made = element("button", { type: "button", className: "button small", ariaLabel: `${codeName("assignment_state", state)}：${one.name}` }, codeName("assignment_state", state), element("kbd", { textContent: key }));
    made.dataset.act = `${one.id} ${state}`;
    made.addEventListener("click", (event) => (event.shiftKey ? cases.later(one, state) : cases.step(one, state)));
    return made;
  });
  const since = one[`${one.state}_at`];
  const whom = one.addressee ? codeName("addressee", one.addressee) : one.contact_name;
  const made = element(
    "li",
    {},
    element("span", { className: "verb", textContent: codeName("authority", one.authority) }),
    element("b", { textContent: one.name }),
    element("span", { className: "state", textContent: [codeName("assignment_state", one.state), since && clock(since)].filter(Boolean).join(" ") }),
    element("span", { className: "also" }, whom ?? "", " ", ...(one.addressee ? [] : telephoneParts(one.contact_phone))),
    element("span", { className: "acts" }, buttons),
  );
  made.addEventListener("focusin", () => cases.take(i));
  return made;
}

function clock(moment) {
  return new Date(moment).toLocaleTimeString("sv-SE", { timeZone: "Asia/Shanghai" });
}
