// What the chosen zones are: grade, name, day and source, of one or of several at once. What several do not share stays as it is.
import { insidePoint } from "../map.js";
import { element, t } from "../words.js";

const FIELDS = ["grade_rank", "fault_age", "name", "survey_date", "source"];
const KEPT = "…"; // several zones, several values: what is not chosen anew stays

export class Attributes {
  form;
  work;
  legend;

  constructor({ form, work, legend }) {
    Object.assign(this, { form, work, legend });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.hand();
    });
    work.store.watch(["selected", "facts", "busy"], () => this.show());
    this.show();
  }

  show() {
    const { selected, theme } = this.work.values;
    this.form.hidden = !selected.length;
    if (!selected.length) return;
    const facts = selected.map((id) => this.work.fact(id));
    this.form.querySelector("h2").textContent = selected.length > 1 ? t("所选 {n} 个区", { n: selected.length }) : facts[0].name ? `${selected[0]} · ${facts[0].name}` : t("区 {zone}", { zone: selected[0] });
    for (const [name, isShown] of Object.entries({ grade_rank: theme.scheme, fault_age: theme.isOfLines }))
      for (const part of [this.form.elements[name], this.form.elements[name].labels[0]]) part.hidden = !isShown;
    fillGrades(this.form.grade_rank, this.legend, theme.scheme, { isMixed: !isOne(facts, "grade_rank") });
    for (const field of FIELDS) this.fill(this.form.elements[field], facts, field);
    for (const field of this.form.elements) field.disabled = !this.work.mayEdit;
    this.showPast(selected);
  }

  fill(field, facts, name) {
    if (document.activeElement === field) return;
    const one = isOne(facts, name);
    field.value = one ? String(facts[0][name] ?? "") : field.tagName === "SELECT" ? KEPT : "";
    field.placeholder = one ? "" : t("各不相同，不填则不改");
    field.dataset.shown = field.value;
  }

  // What happened to the ground of one zone, on the page that looks back.
  showPast([id, ...others]) {
    const [link, zone] = ["ground", "zone"].map((name) => this.form.querySelector(`[data-past=${name}]`));
    const { geometry, change } = this.work.fact(id);
    const at = others.length || this.work.isLine(id) ? null : insidePoint(geometry);
    link.hidden = !at;
    zone.hidden = others.length > 0 || change === "create";
    zone.href = `/zones/${id}/history`;
    if (at) link.href = `/zones/compare?${new URLSearchParams({ lon: at.lng.toFixed(7), lat: at.lat.toFixed(7), theme: this.work.values.theme.key })}`;
  }

  hand() {
    const attributes = {};
    for (const name of FIELDS) {
      const field = this.form.elements[name];
      if (field.value === field.dataset.shown || field.hidden) continue;
      attributes[name] = name === "grade_rank" ? Number(field.value) : field.value.trim() || null;
    }
    if (!Object.keys(attributes).length) return;
    if (attributes.grade_rank) attributes.grade_scheme = this.work.values.theme.scheme;
    const changes = this.work.values.selected.map((zone) => ({ zone, attributes }));
    /** @type {HTMLElement} */ (document.activeElement)?.blur();
    this.work.do(t("修改属性"), { op: "update", changes });
  }
}

const isOne = (facts, name) => facts.every((fact) => (fact[name] ?? null) === (facts[0][name] ?? null));

export function fillGrades(field, legend, scheme, { isMixed = false } = {}) {
  const grades = legend.grades.filter((entry) => entry.scheme === scheme).sort((one, other) => one.rank - other.rank);
  const options = grades.map(({ rank, numeral, name }) => element("option", { value: String(rank), textContent: `${numeral} ${t(name)}` }));
  field.replaceChildren(...(isMixed ? [element("option", { value: KEPT, textContent: t("各不相同，不改") })] : []), ...options);
}
