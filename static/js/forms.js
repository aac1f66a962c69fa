// Forms of registers: made or changed through the API, what is wrong told at its field, what others wrote in between settled.
import { change, Conflict, Problem, send } from "./core/api.js";
import { settle } from "./conflict.js";
import { showTroubles } from "./form-errors.js";
import { FormDraft } from "./formdraft.js";
import { t } from "./words.js";

export class RegisterForm {
  // outlined: makes of the draft what reads its position, for forms that have one.
  constructor(form, outlined = (_draft) => null) {
    this.form = form;
    this.told = JSON.parse(form.dataset.form);
    this.draft = new FormDraft(form, this.told);
    this.outline = outlined(this.draft);
    this.button = form.querySelector("[type=submit]");
    this.progress = form.querySelector(".form-progress");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.save();
    });
  }

  async save() {
    this.button.disabled = true;
    this.progress.textContent = t("正在保存…");
    showTroubles(this.form, []);
    try {
      await this.outline?.reading;
      const trouble = this.unread();
      if (trouble) showTroubles(this.form, [trouble]);
      else await this.write();
    } catch (trouble) {
      this.tell(trouble);
    } finally {
      this.button.disabled = false;
      this.progress.textContent = "";
    }
  }

  // Coordinates nobody could read are no position; they stay where they are.
  unread() {
    if (!this.outline || this.outline.isEmpty || this.outline.geometry) return null;
    const message = this.outline.told.alternatives.length ? t("请先选定坐标的读法。") : t("坐标还没有读懂，请按提示改正。");
    return { field: "geometry", message };
  }

  async write() {
    const mine = this.draft.mine(this.outline?.geometry ?? null);
    if (!this.told.etag) return this.leave(await this.send(mine));
    if (!Object.keys(mine).length) return showTroubles(this.form, [{ message: t("没有改动，不用保存。") }]);
    try {
      const { address, path } = this.told;
      const { value } = await change(/** @type {any} */ (address), { path, etag: this.draft.values.seen }, /** @type {any} */ (mine));
      this.leave(value);
    } catch (trouble) {
      if (!(trouble instanceof Conflict)) throw trouble;
      await this.settle(trouble);
    }
  }

  send(mine) {
    const { address, path, fixed, seen } = this.told;
    return send(/** @type {any} */ (address), /** @type {any} */ ({ ...fixed, ...mine }), { path, etag: seen });
  }

  async settle({ mine, theirs: answer, etag }) {
    const { told_as, fields } = this.told;
    const theirs = Object.fromEntries(fields.map(({ name }) => [name, answer[told_as[name] ?? name] ?? null]));
    const chosen = await settle(this.draft, { mine, theirs });
    if (!chosen) return showTroubles(this.form, [{ message: t("还没有保存：别人刚修改过这一条。您填写的内容都还在。") }]);
    this.draft.take(chosen, theirs, etag);
    await this.outline?.reading;
    if (Object.keys(this.draft.mine(this.outline?.geometry ?? null)).length) await this.write();
    else this.leave(answer);
  }

  tell(trouble) {
    if (!(trouble instanceof Problem)) {
      showTroubles(this.form, [{ message: t("没有连上服务：{reason}", { reason: trouble.message }) }]);
      return;
    }
    const about = trouble.location || ["geometry", "intricate", "crs"].includes(trouble.code) ? "geometry" : "";
    showTroubles(this.form, trouble.errors.length ? trouble.errors : [{ field: about, message: trouble.message }]);
  }

  leave(answer) {
    this.draft.history.forget();
    location.assign(this.told.back.replace("{id}", answer.id));
  }
}
