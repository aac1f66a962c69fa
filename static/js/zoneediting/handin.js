// How the draft stands: what it changes, every step of it by name, and what may follow: hand in, approve, return, put in force.
import { openDialog } from "../core/dialog.js";
import { boxOf } from "../topology/plane.js";
import { element, t } from "../words.js";
import { paperFields } from "./paper.js";
import { passedLines, reasonFields } from "./reasons.js";
import { nextEdition } from "./service.js";

const NAMED = {
  submit: () => t("提交审核"),
  approve: () => t("批准"),
  approve_on_paper: () => t("录入签字的审批单"),
  return: () => t("退回"),
  withdraw: () => t("撤回草稿"),
  publish: () => t("启用"),
  call_off: () => t("取消定期启用"),
};
const TAKEN = { ...NAMED, schedule: () => t("定期启用"), begin: () => t("新建草稿"), edit: () => t("修改") };
const MOST_EDITS = 100;
const ASKED = { publish: (panel) => panel.askNumber(), submit: (panel) => panel.askReasons(), approve_on_paper: (panel) => panel.askScan() };

export class HandIn {
  place;
  work;
  tell;
  reader;
  map;

  constructor({ place, work, tell, reader, map }) {
    Object.assign(this, { place, work, tell, reader, map });
    place.querySelector(".draft-sheet").href = work.service.fileAddress("approval-sheet.pdf");
    work.addEventListener("answered", () => this.isShown && this.refresh());
    place.addEventListener("shown", () => this.refresh());
  }

  get isShown() {
    return !this.place.hidden;
  }

  async refresh() {
    try {
      this.show(await this.work.refresh());
    } catch (trouble) {
      this.tell(trouble.message);
    }
  }

  show({ changes, edits, history, next_steps, authors, not_on_paper }) {
    this.place.querySelector(".draft-counts").textContent = t("新增 {create} 个、修改 {update} 个、删除 {delete} 个区", changes);
    const lines = [...edits].reverse().slice(0, MOST_EDITS).map((edit) => editLine(edit));
    this.place.querySelector(".draft-edits").replaceChildren(...(lines.length ? lines : [element("li", { className: "quiet", textContent: t("还没有改动。") })]));
    this.place.querySelector(".draft-history").replaceChildren(...history.flatMap((step) => this.historyLines(step)));
    const mine = next_steps.filter(({ step, roles, only, never }) => NAMED[step] && this.isMine({ roles, only, never }));
    const may = mine.filter(({ step }) => step !== "approve_on_paper" || !not_on_paper);
    this.place.querySelector(".draft-steps").replaceChildren(...may.map((step) => this.button(step)));
    const isAuthor = authors.includes(this.reader.name) && next_steps.some(({ step }) => step === "approve");
    const otherwise = may.length < mine.length ? not_on_paper : "";
    this.place.querySelector(".draft-why").textContent = isAuthor ? t("编制人不能审核自己的草稿，请由另一位审核人办理。") : otherwise;
  }

  isMine({ roles, only, never }) {
    const { name } = this.reader;
    const isTheirs = this.reader.roles.some((role) => role === "admin" || roles.includes(role));
    return isTheirs && (!only || only.includes(name)) && !never.includes(name);
  }

  button({ step }) {
    const isFirst = ["submit", "approve", "publish"].includes(step);
    const button = element("button", { type: "button", className: isFirst ? "button primary" : "button", textContent: NAMED[step]() });
    button.addEventListener("click", () => ASKED[step]?.(this) ?? this.askWords(step));
    return button;
  }

  historyLines({ step, by, at, comment, content }) {
    const line = element("li", {}, element("b", { textContent: TAKEN[step]?.() ?? step }), ` ${by} · ${moment(at)}`, comment && element("p", { textContent: comment }));
    const lead = (detail) => this.work.dispatchEvent(new CustomEvent("lead", { detail }));
    if (content?.in_place_of) line.append(element("p", { className: "quiet", textContent: t("代 {name} 办理", { name: content.in_place_of }) }));
    if (content?.effective_on) line.append(element("p", { className: "quiet", textContent: t("自 {day} 起生效", { day: content.effective_on }) }));
    if (content?.paper) line.append(this.signed(content));
    return [line, ...(content?.comments ?? []).map((one) => this.pinned(one)), ...passedLines(content, lead)];
  }

  signed({ paper, signed_by, signed_on }) {
    return element("a", { className: "button", href: this.work.service.fileAddress(`papers/${paper}`), download: "", textContent: t("{by} {on} 签字的扫描件", { by: signed_by, on: signed_on }) });
  }

  // A comment leads to the place it is pinned to.
  pinned({ text, place, zone }) {
    const button = element("button", { type: "button", className: "pinned", textContent: text });
    button.addEventListener("click", () => this.work.dispatchEvent(new CustomEvent("lead", { detail: { place, zones: zone ? [String(zone)] : [] } })));
    return element("li", {}, button);
  }

  // A return says why, and is pinned to the zones that are chosen on the map.
  askWords(step) {
    const isReturn = step === "return";
    const words = element("textarea", { rows: 3, id: "step-words", required: isReturn, maxLength: 500 });
    const { selected } = this.work.values;
    const pinned = isReturn && selected.length ? t("意见会钉在图上所选的 {n} 个区。", { n: selected.length }) : "";
    const centre = element("input", { type: "checkbox", id: "step-centre" });
    const asked = isReturn && !selected.length && element("label", { className: "check", htmlFor: "step-centre" }, centre, t("钉在地图的中心处"));
    this.dialog(NAMED[step](), {
      parts: [element("label", { htmlFor: "step-words", textContent: isReturn ? t("退回的意见") : t("说明（可不填）") }), words, element("p", { className: "quiet", textContent: pinned }), asked].filter(Boolean),
      send: () => this.take(step, stepDocument(step, words.value.trim(), isReturn ? this.pins(centre.checked) : [])),
    });
  }

  // Where a return is pinned: the zones chosen on the map, each in its middle, or the middle of the map.
  pins(isAtCentre) {
    const { selected, coverage } = this.work.values;
    const { lng, lat } = this.map.getCenter();
    if (!selected.length) return isAtCentre ? [{ place: [lng, lat] }] : [];
    return selected.map((zone) => {
      const [west, south, east, north] = boxOf(coverage.shape(zone)) ?? [lng, lat, lng, lat];
      return { zone, place: [(west + east) / 2, (south + north) / 2] };
    });
  }

  // What is handed in with warnings says of each, or of all of them, why it may pass.
  async askReasons() {
    const { items } = await this.work.service.problems().catch((trouble) => this.tell(trouble.message) ?? { items: null });
    if (!items) return;
    const warnings = items.filter(({ level, inherited }) => level === "warning" && !inherited);
    const { parts, told } = reasonFields(warnings);
    const words = element("textarea", { rows: 3, id: "step-words", maxLength: 500 });
    this.dialog(NAMED.submit(), {
      parts: [...parts, element("label", { htmlFor: "step-words", textContent: t("说明（可不填）") }), words],
      send: () => this.take("submit", { comment: words.value.trim(), ...told() }),
    });
  }

  // The head signed on paper: the scan is kept, and the digest printed on it shows that it is of what stands here.
  async askScan() {
    const { form, parts } = paperFields();
    this.dialog(NAMED.approve_on_paper(), { parts, send: () => this.enterScan(form()) });
  }

  async enterScan(form) {
    await this.work.service.approveOnPaper(form, this.work.values.etag);
    this.show(await this.work.refresh());
    this.tell(t("已办理：{step}", { step: NAMED.approve_on_paper() }));
  }

  async askNumber() {
    const number = await nextEdition().catch((trouble) => this.tell(trouble.message));
    if (!number) return;
    const typed = element("input", { id: "edition-typed", inputMode: "numeric", autocomplete: "off", required: true, pattern: String(number) });
    const why = element("input", { id: "edition-why", required: true, maxLength: 500 });
    const day = element("input", { type: "date", id: "edition-day" });
    const changes = this.place.querySelector(".draft-counts").textContent;
    this.dialog(t("启用第 {edition} 版", { edition: number }), {
      parts: [
        element("p", { textContent: changes }),
        element("p", { className: "quiet", textContent: t("启用后，选址审查、区域分级与总览立即按新版次回答。") }),
        element("label", { htmlFor: "edition-typed", textContent: t("请输入版次号 {edition} 确认", { edition: number }) }),
        typed,
        element("label", { htmlFor: "edition-why", textContent: t("启用理由") }),
        why,
        element("label", { htmlFor: "edition-day", textContent: t("生效日期（不填为当天）") }),
        day,
        element("p", { className: "quiet", textContent: t("以后的日期：到那天自动启用，启用前重新核对。以前的日期：不早于文件的公告日期。") }),
      ],
      send: () => this.take("publish", { edition: Number(typed.value), reason: why.value.trim(), effective_on: day.value || null }),
    });
  }

  dialog(title, { parts, send }) {
    const close = element("button", { type: "button", className: "button", textContent: t("取消") });
    const trouble = element("p", { className: "trouble", role: "alert", hidden: true });
    const form = element("form", { className: "step-form" }, ...parts, trouble, element("div", { className: "row" }, close, element("button", { type: "submit", className: "button primary", textContent: title })));
    const dialog = openDialog({ title, className: "hand-in", parts: [form] });
    close.addEventListener("click", () => dialog.close());
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      try {
        await send();
        dialog.close();
      } catch (refusal) {
        trouble.textContent = refusal.message;
        trouble.hidden = false;
      }
    });
  }

  async take(step, document) {
    await this.work.flush();
    if (this.work.unsent.length) throw new Error(t("还有没保存的改动，先等它们保存。"));
    const { value } = await this.work.service.step(step, document, this.work.values.etag);
    this.show(await this.work.refresh());
    this.tell(doneWords(step, value));
  }
}

function doneWords(step, { number, effective_on }) {
  if (step !== "publish") return t("已办理：{step}", { step: NAMED[step]() });
  return number ? t("第 {edition} 版已启用。", { edition: number }) : t("已定于 {day} 自动启用。", { day: effective_on });
}

function stepDocument(step, comment, pins) {
  if (step === "withdraw") return {};
  if (step !== "return") return { comment };
  return { comment, comments: pins.map((pin) => ({ text: comment, ...pin })) };
}

function editLine({ number, name, by, at, undone, zones }) {
  const words = element("span", { textContent: `${number} · ${name}` });
  const more = element("small", { textContent: `${zones.slice(0, 4).join(t("、"))}${zones.length > 4 ? "…" : ""} · ${by} · ${moment(at)}` });
  return element("li", { className: undone ? "undone" : "" }, words, undone && element("em", { textContent: t("已撤销") }), more);
}

export const moment = (at) => new Date(at).toLocaleString(document.documentElement.lang, { month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit", timeZone: "Asia/Shanghai" });
