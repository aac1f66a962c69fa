// The zones of the theme as a list: found by words, chosen one or several, shown on the map.
import { element, t } from "../words.js";

const MOST = 40;

export class ZoneList {
  place;
  work;
  pointer;
  legend;

  constructor({ place, work, pointer, legend }) {
    Object.assign(this, { place, work, pointer, legend });
    this.words = place.querySelector("input");
    this.list = place.querySelector("ul");
    this.count = place.querySelector(".count");
    this.words.addEventListener("input", () => this.show());
    work.store.watch(["facts", "coverage", "selected"], () => this.show());
    this.show();
  }

  // The chosen first, then by number.
  show() {
    const { coverage, selected } = this.work.values;
    const asked = this.words.value.trim().toLowerCase();
    const ids = [...coverage.zones.keys()].filter((id) => selected.includes(id) || !asked || this.told(id).toLowerCase().includes(asked));
    ids.sort((one, other) => Number(selected.includes(other)) - Number(selected.includes(one)) || Number(one) - Number(other));
    const focused = this.list.contains(document.activeElement) ? document.activeElement.getAttribute("data-zone") : null;
    this.list.replaceChildren(...ids.slice(0, MOST).map((id) => this.line(id)));
    if (focused) this.list.querySelector(`[data-zone="${focused}"]`)?.focus();
    this.count.textContent = ids.length > MOST ? t("共 {zones} 个区，列出前 {most} 个；输入编号、名称或等级可缩小范围", { zones: ids.length, most: MOST }) : t("共 {zones} 个区", { zones: ids.length });
  }

  told(id) {
    const { name, grade } = this.work.fact(id);
    return [id, grade && t(grade), name].filter(Boolean).join(" · ");
  }

  line(id) {
    const box = element("input", { type: "checkbox", checked: this.work.values.selected.includes(id), ariaLabel: t("选择 {zone}", { zone: this.told(id) }) });
    box.dataset.zone = id;
    box.addEventListener("change", () => {
      const { selected } = this.work.values;
      this.work.select(box.checked ? [...selected, id] : selected.filter((one) => one !== id));
    });
    const { change, name } = this.work.fact(id);
    const grade = this.work.values.theme?.scheme ? this.grade(this.work.fact(id)) : "";
    const open = element("button", { type: "button" }, element("span", { textContent: name ? `${id} · ${name}` : id }), grade, change && element("small", { textContent: t("已改") }));
    open.addEventListener("click", () => {
      this.work.select([id]);
      this.pointer.show([id], { near: true });
    });
    return element("li", {}, box, open);
  }

  grade({ grade, grade_rank, grade_scheme }) {
    const numeral = this.legend.grade(grade_scheme, grade_rank)?.numeral ?? "?";
    return element("span", { className: `badge rank-${grade_rank ?? 0} of-${grade_scheme ?? ""}`, textContent: `${numeral} ${grade ? t(grade) : t("未分级")}` });
  }
}
