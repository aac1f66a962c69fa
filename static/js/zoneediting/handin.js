// How the draft stands: what it changes, every step of it by name, and what may follow: hand in, approve, return, put in force.
import { openDialog } from "../core/dialog.js";
import { element, t } from "../words.js";
import { nextEdition } from "./service.js";

const NAMED = {
  submit: () => t("提交审核"),
  approve: () => t("批准"),
  return: () => t("退回"),
  withdraw: () => t("撤回草稿"),
  publish: () => t("启用"),
};
const TAKEN = { ...NAMED, begin: () => t("新建草稿"), edit: () => t("修改") };
const MOST_EDITS = 100;

export class HandIn {
  place;
  work;
  tell;
  reader;

  constructor({ place, work, tell, reader }) {
    Object.assign(this, { place, work, tell, reader });
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

  show({ changes, edits, history, next_steps, authors }) {
    this.place.querySelector(".draft-counts").textContent = t("新增 {create} 个、修改 {update} 个、删除 {delete} 个区", changes);
    const lines = [...edits].reverse().slice(0, MOST_EDITS).map((edit) => editLine(edit));
    this.place.querySelector(".draft-edits").replaceChildren(...(lines.length ? lines : [element("li", { className: "quiet", textContent: t("还没有改动。") })]));
    this.place.querySelector(".draft-history").replaceChildren(...history.flatMap((step) => this.historyLines(step)));
    const may = next_steps.filter(({ step, roles, only, never }) => NAMED[step] && this.isMine({ roles, only, never }));
    this.place.querySelector(".draft-steps").replaceChildren(...may.map((step) => this.button(step)));
    const isAuthor = authors.includes(this.reader.name) && next_steps.some(({ step }) => step === "approve");
    this.place.querySelector(".draft-why").textContent = isAuthor ? t("编制人不能审核自己的草稿，请由另一位审核人办理。") : "";
  }

  isMine({ roles, only, never }) {
    const { name, role } = this.reader;
    return (role === "admin" || roles.includes(role)) && (!only || only.includes(name)) && !never.includes(name);
  }

  button({ step }) {
    const isFirst = ["submit", "approve", "publish"].includes(step);
    const button = element("button", { type: "button", className: isFirst ? "button primary" : "button", textContent: NAMED[step]() });
    button.addEventListener("click", () => (step === "publish" ? this.askNumber() : this.askWords(step)));
    return button;
  }

  historyLines({ step, by, at, comment, content }) {
    const line = element("li", {}, element("b", { textContent: TAKEN[step]?.() ?? step }), ` ${by} · ${moment(at)}`, comment && element("p", { textContent: comment }));
    return [line, ...(content?.comments ?? []).map((one) => this.pinned(one))];
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
    this.dialog(NAMED[step](), {
      parts: [element("label", { htmlFor: "step-words", textContent: isReturn ? t("退回的意见") : t("说明（可不填）") }), words, element("p", { className: "quiet", textContent: pinned })],
      send: () => this.take(step, stepDocument(step, words.value.trim(), selected)),
    });
  }

  async askNumber() {
    const number = await nextEdition().catch((trouble) => this.tell(trouble.message));
    if (!number) return;
    const typed = element("input", { id: "edition-typed", inputMode: "numeric", autocomplete: "off", required: true, pattern: String(number) });
    const why = element("input", { id: "edition-why", required: true, maxLength: 500 });
    const changes = this.place.querySelector(".draft-counts").textContent;
    this.dialog(t("启用第 {edition} 版", { edition: number }), {
      parts: [
        element("p", { textContent: changes }),
        element("p", { className: "quiet", textContent: t("启用后，选址审查、区域分级与总览立即按新版次回答。") }),
        element("label", { htmlFor: "edition-typed", textContent: t("请输入版次号 {edition} 确认", { edition: number }) }),
        typed,
        element("label", { htmlFor: "edition-why", textContent: t("启用理由") }),
        why,
      ],
      send: () => this.take("publish", { edition: Number(typed.value), reason: why.value.trim() }),
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
    this.tell(step === "publish" ? t("第 {edition} 版已启用。", { edition: value.number }) : t("已办理：{step}", { step: NAMED[step]() }));
  }
}

function stepDocument(step, comment, selected) {
  if (step === "withdraw") return {};
  if (step !== "return") return { comment };
  return { comment, comments: selected.map((zone) => ({ text: comment, zone })) };
}

function editLine({ number, name, by, at, undone, zones }) {
  const words = element("span", { textContent: `${number} · ${name}` });
  const more = element("small", { textContent: `${zones.slice(0, 4).join(t("、"))}${zones.length > 4 ? "…" : ""} · ${by} · ${moment(at)}` });
  return element("li", { className: undone ? "undone" : "" }, words, undone && element("em", { textContent: t("已撤销") }), more);
}

const moment = (at) => new Date(at).toLocaleString(document.documentElement.lang, { month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit", timeZone: "Asia/Shanghai" });
