// Aliases of one place: what it is called already, one more by an officer, and one that people added taken back.
import { read, remove, send } from "./core/api.js";
import { debounce } from "./core/debounce.js";
import { openDialog } from "./core/dialog.js";
import { kindWords } from "./search.js";
import { element, t } from "./words.js";

const ALIASES = "/api/places/aliases";
const PAUSE_MS = 250;
const MOST_NAMED = 5;

class Aliases {
  place;
  back;

  // place: {id, name, kind, village, detail}; back is focused when the dialog is closed.
  constructor(place, back) {
    Object.assign(this, { place, back });
    this.list = element("ul", { className: "alias-list", ariaLabel: t("已有名称") });
    this.input = element("input", { type: "text", id: "alias-words", autocomplete: "off", "aria-describedby": "alias-trouble alias-others" });
    this.trouble = element("p", { className: "trouble", id: "alias-trouble", role: "alert", hidden: true });
    this.note = element("p", { className: "quiet", id: "alias-others", role: "status" });
    this.button = element("button", { className: "button primary", type: "submit", textContent: t("添加") });
    this.form = element(
      "form",
      { noValidate: true },
      element("label", { htmlFor: "alias-words", textContent: t("新的别名") }),
      element("div", { className: "row" }, this.input, this.button),
      this.trouble,
      this.note,
    );
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.add();
    });
    this.tellOthersSoon = debounce(() => this.tellOthers(), PAUSE_MS);
    this.input.addEventListener("input", () => {
      this.complain("");
      this.tellOthersSoon();
    });
  }

  open() {
    const { name, kind, village, detail } = this.place;
    const about = [kindWords(kind), village !== name && village, detail].filter(Boolean).join(" · ");
    const close = element("button", { className: "button", type: "button", textContent: t("关闭") });
    const dialog = openDialog({
      title: t("{place}的别名", { place: name }),
      className: "aliases",
      parts: [element("p", { className: "quiet", textContent: about }), this.list, this.form, element("div", { className: "row" }, close)],
      back: this.back,
    });
    close.addEventListener("click", () => dialog.close());
    this.input.focus();
    return this.refresh();
  }

  async refresh() {
    try {
      this.draw((await read(ALIASES, { query: { place: this.place.id, limit: 1000 } })).items);
    } catch (trouble) {
      this.complain(t("没有读到{place}的别名：{reason}。请关闭后重试。", { place: this.place.name, reason: trouble.message }));
    }
  }

  draw(aliases) {
    const registered = element("li", {}, element("b", { textContent: this.place.name }), element("small", { textContent: t("台账名称，随台账更新，不在这里撤回") }));
    this.list.replaceChildren(registered, ...aliases.map((alias) => this.line(alias)));
    for (const shown of document.querySelectorAll(`[data-aliases-of="${CSS.escape(this.place.id)}"]`))
      shown.textContent = aliases.length ? t("又称 {names}", { names: aliases.map(({ alias }) => alias).join(t("、")) }) : "";
  }

  line({ id, alias, created_by, created_at }) {
    const withdraw = element("button", { className: "button", type: "button", ariaLabel: t("撤回别名 {alias}", { alias }), textContent: t("撤回") });
    withdraw.addEventListener("click", () => this.withdraw(id, alias, withdraw));
    const who = [created_by, created_at.slice(0, 10)].filter(Boolean).join(" · ");
    return element("li", {}, element("b", { textContent: alias }), element("small", { textContent: who }), withdraw);
  }

  async add() {
    this.tellOthersSoon.cancel();
    this.button.disabled = true;
    try {
      const { alias } = await send(ALIASES, { name: this.place.id, alias: this.input.value });
      this.input.value = "";
      this.say([t("「{alias}」已登记为{place}的别名，现在就可以查到。", { alias, place: this.place.name }), await this.others(alias)]);
      await this.refresh();
    } catch (trouble) {
      this.complain(this.reason(trouble, this.input.value.trim()));
    } finally {
      this.button.disabled = false;
      this.input.focus();
    }
  }

  async withdraw(id, alias, button) {
    button.disabled = true;
    try {
      await remove("/api/places/aliases/{alias_id}", { path: { alias_id: id } });
      this.say([t("已撤回别名「{alias}」；需要时可以重新添加。", { alias })]);
    } catch (trouble) {
      this.complain(t("没有撤回别名「{alias}」：{reason}", { alias, reason: trouble.message }));
    }
    await this.refresh();
    this.input.focus();
  }

  reason({ status, message, errors }, alias) {
    const told = { alias, place: this.place.name };
    if (status === 409) return t("「{alias}」已经是{place}的名称，没有重复登记；请换一个叫法。", told);
    if (status === 404) return t("{place}已不在台账中，没有登记；请关闭后重新查找。", told);
    return t("没有给{place}登记别名：{reason}", { ...told, reason: errors?.[0]?.message || message });
  }

  async tellOthers() {
    const typed = this.input.value.trim();
    const words = typed && (await this.others(typed));
    if (typed === this.input.value.trim()) this.say([words]);
  }

  // Who else is called so: it is allowed, and every search offers all of them.
  async others(alias) {
    if (alias.length > 100) return "";
    const known = await read("/api/places/called", { query: { name: alias } }).catch(() => null);
    const found = (known?.items ?? []).filter(({ id }) => id !== this.place.id);
    if (!found.length) return "";
    const named = found.slice(0, MOST_NAMED).map(({ name, kind, village }) => `${name}（${[kindWords(kind), village !== name && village].filter(Boolean).join(" · ")}）`);
    return t("另有 {n} 处也叫这个名称：{places}。可以同名，查找时会全部列出。", { n: found.length, places: named.join(t("、")) });
  }

  say(words) {
    this.complain("");
    this.note.textContent = words.filter(Boolean).join(" ");
  }

  complain(words) {
    this.trouble.textContent = words;
    this.trouble.hidden = !words;
    if (words) this.note.textContent = "";
    this.input.setAttribute("aria-invalid", String(Boolean(words)));
  }
}

document.addEventListener("anzhi:alias", ({ detail: { place, back } }) => new Aliases(place, back).open());
document.addEventListener("click", (/** @type {any} */ { target }) => {
  const button = target.closest?.("[data-name-place]");
  if (button) new Aliases(JSON.parse(button.dataset.namePlace), button).open();
});
