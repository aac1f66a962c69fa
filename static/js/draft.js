// The request being written on the siting page: one state, whose every change is a command that can be taken back.
import { History } from "./core/history.js";
import { Store } from "./core/store.js";
import { writtenEarly } from "./earlyinput.js";
import { homesteadName } from "./homestead.js";

const NO_OUTLINE = { coordinates: "", own: null, fixes: [] };
const NO_PARTS = []; // each {name, project_class, coordinates}
const READ_PLAINLY = { crs: "", order: "", shape: "" };
export const ABOUT = { name: "", project_class: "", seismic_class: "", building_type: "" };
const HOMESTEAD = { householder: "", hamlet: "" };
const FIELDS = { ...ABOUT, ...READ_PLAINLY, ...HOMESTEAD, coordinates: "" };
const CALLED = {
  name: "修改项目名称",
  householder: "修改户主",
  hamlet: "修改社",
  project_class: "选择项目类别",
  seismic_class: "修改抗震设防类别",
  building_type: "修改建筑类型",
  coordinates: "修改坐标",
  crs: "指定坐标系",
  order: "指定坐标顺序",
  shape: "指定图形类型",
};

export class Draft {
  // own: a geometry that needs no reading, {geometry, source}; filled: fields that came with the outline, not typed.
  constructor(form, { shelf, key }) {
    this.form = form;
    this.store = new Store({ ...FIELDS, ...NO_OUTLINE, parts: NO_PARTS, photo: null, filled: [], reading: null });
    this.history = new History(this.store, { shelf, key });
    this.history.guard(window);
    form.addEventListener("input", ({ target }) => this.typed(target));
    form.addEventListener("change", ({ target }) => {
      this.typed(target);
      if (target.name in FIELDS) this.history.seal();
    });
    this.store.watch(Object.keys(FIELDS), (values, changed) => this.show(values, changed));
  }

  get values() {
    return this.store.values;
  }

  // What was typed or chosen in a field is one command until the field is left or rests.
  typed({ name }) {
    if (!(name in FIELDS)) return;
    const value = this.form.elements.namedItem(name).value;
    const changes = { [name]: value, filled: this.values.filled.filter((field) => field !== name) };
    if (name === "coordinates" || name in READ_PLAINLY) changes.own = null;
    if (name in HOMESTEAD) changes.name = homesteadName({ .../** @type {any} */ (this.values), [name]: value });
    if (name === "project_class" && !this.fits(this.values.building_type, value)) changes.building_type = "";
    this.history.do(CALLED[name], changes, { join: name });
  }

  // What was typed or chosen before there was a draft.
  takeEarly() {
    for (const control of writtenEarly(this.form)) if (control.value !== this.values[control.name]) this.typed(control);
  }

  // Which buildings a class may be depends on the class.
  fits(building_type, project_class) {
    const option = [...this.form.building_type.options].find(({ value }) => value === building_type);
    return !building_type || option?.dataset.class === project_class;
  }

  // Another site: what the former brought with it goes with it, what a person typed stays.
  begin(called, join) {
    this.history.do(called, { ...NO_OUTLINE, parts: NO_PARTS, ...this.without() }, { join });
  }

  without() {
    return { ...Object.fromEntries(this.values.filled.map((field) => [field, ""])), filled: [] };
  }

  // A site with what it says of the project: geometry as `asOutline` writes it.
  take(called, outline, feature, joined) {
    this.history.do(called, { ...this.without(), parts: NO_PARTS, ...outline, ...aboutOf(feature) }, joined);
  }

  clearOutline() {
    this.history.do("删除用地范围", NO_OUTLINE);
  }

  startAnew() {
    this.history.do("重新开始", { ...FIELDS, ...NO_OUTLINE, parts: NO_PARTS, photo: null, filled: [] });
  }

  // What was kept is not wanted: nothing of it is left, not even to be taken back.
  discard() {
    this.store.change({ ...FIELDS, ...NO_OUTLINE, parts: NO_PARTS, photo: null, filled: [], reading: null });
    this.history.forget();
  }

  get isEmpty() {
    return !this.values.photo && !this.values.parts.length && Object.keys(FIELDS).every((name) => !this.values[name]);
  }

  show(values, changed) {
    for (const name of changed.filter((one) => one in FIELDS)) {
      const field = this.form.elements.namedItem(name);
      if (field.value === values[name]) continue;
      offer(field, values[name]).value = values[name];
    }
  }
}

// What a feature says of the project, and that these fields came with it.
export function aboutOf(feature) {
  const told = Object.fromEntries(Object.keys(ABOUT).flatMap((name) => (feature[name] ? [[name, feature[name]]] : [])));
  return { ...told, filled: Object.keys(told) };
}

// A reading the service found may be one the list does not hold yet.
function offer(field, value) {
  if (field instanceof HTMLSelectElement && ![...field.options].some((option) => option.value === value))
    field.append(new Option(value, value));
  return field;
}
