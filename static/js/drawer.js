// Everything on the map as a list: for the keyboard, for screen readers, and for finding one among many.
import { element, t } from "./words.js";

const SHOWN = 200;

export class Drawer {
  // sections(): [{key, title, rows: async () => [{words, note, badge, choose}], hint}]
  constructor(map, sections) {
    Object.assign(this, { map, sections, rows: [] });
    this.select = element("select", { ariaLabel: t("图层") });
    this.filter = element("input", { type: "text", placeholder: t("按名称筛选"), ariaLabel: t("按名称筛选") });
    this.list = element("ul", { className: "drawer-list" });
    this.note = element("p", { className: "quiet", role: "status" });
    const close = element("button", { type: "button", className: "close", ariaLabel: t("关闭"), textContent: "×" });
    this.box = element(
      "section",
      { className: "over drawer", hidden: true, ariaLabel: t("对象列表") },
      element("header", {}, element("h2", { textContent: t("对象列表") }), close),
      this.select,
      this.filter,
      this.note,
      this.list,
    );
    map.getContainer().parentElement.append(this.box);
    close.addEventListener("click", () => this.close());
    this.select.addEventListener("change", () => this.load());
    this.filter.addEventListener("input", () => this.show());
    this.box.addEventListener("keydown", (event) => this.key(event));
  }

  bind(button) {
    this.button = button;
    button.setAttribute("aria-expanded", "false");
    button.addEventListener("click", () => (this.box.hidden ? this.open() : this.close()));
  }

  open(key) {
    const chosen = key || this.select.value;
    const options = this.sections().map((section) => {
      const option = element("option", { value: section.key, textContent: section.title });
      option.selected = section.key === chosen;
      return option;
    });
    this.select.replaceChildren(...options);
    this.box.hidden = false;
    this.button?.setAttribute("aria-expanded", "true");
    this.filter.focus();
    return this.load();
  }

  close() {
    this.box.hidden = true;
    this.button?.setAttribute("aria-expanded", "false");
    this.button?.focus();
  }

  key(event) {
    if (event.key === "Escape") {
      event.stopPropagation();
      this.close();
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || event.target === this.select) return;
    event.preventDefault();
    const buttons = [...this.list.querySelectorAll("button")];
    const next = buttons.indexOf(document.activeElement) + step;
    next < 0 ? this.filter.focus() : buttons[Math.min(next, buttons.length - 1)]?.focus();
  }

  async load() {
    const section = this.sections().find(({ key }) => key === this.select.value);
    this.rows = [];
    this.note.textContent = t("正在载入…");
    try {
      const rows = await section.rows();
      if (section.key !== this.select.value) return;
      this.rows = rows;
      this.hint = section.hint || "";
      this.show();
    } catch (trouble) {
      this.note.textContent = t("列表没有载入：{reason}", { reason: trouble.message });
    }
  }

  show() {
    const wanted = this.filter.value.trim().toLowerCase();
    const fitting = this.rows.filter(({ words, note }) => `${words} ${note || ""}`.toLowerCase().includes(wanted));
    this.list.replaceChildren(...fitting.slice(0, SHOWN).map((row) => drawerRow(row)));
    const count = t("{n} 项", { n: fitting.length });
    const more = fitting.length > SHOWN ? t("只列出前 {n} 项，请输入名称缩小范围", { n: SHOWN }) : "";
    this.note.textContent = [count, this.hint, more].filter(Boolean).join(" · ");
  }
}

function drawerRow({ words, note, badge, choose }) {
  const button = element(
    "button",
    { type: "button" },
    element("span", { className: "words", textContent: words }),
    badge,
    note ? element("small", { textContent: note }) : null,
  );
  button.addEventListener("click", choose);
  return element("li", {}, button);
}
