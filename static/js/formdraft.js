// What stands in a form: one state, whose every change is a command that can be taken back, kept through a reload.
import { History, shelfOfBrowser } from "./core/history.js";
import { same } from "./core/merge.js";
import { Store } from "./core/store.js";
import { localMoment } from "./deskforms.js";
import { writtenEarly } from "./earlyinput.js";
import { writeFootprint } from "./footprint.js";

const READ_PLAINLY = { crs: "", order: "", shape: "", own: null };
const HERE = "+08:00"; // the time of the place, as the service keeps it
const NUMBER = /^[+-]?\d+(\.\d+)?$/;

export class FormDraft {
  form;
  told;

  // told: what the page says of the form (RegisterForm.as_told). base and seen are what was read, and the mark of that state.
  constructor(form, told) {
    Object.assign(this, { form, told });
    this.base = told.values;
    const written = Object.fromEntries(told.fields.map((field) => [boxOf(field), textOf(field, told.values[field.name])]));
    this.store = new Store({ ...READ_PLAINLY, ...written, reading: null, base: told.values, seen: told.etag });
    const reader = /** @type {HTMLMetaElement | null} */ (document.querySelector("meta[name=reader]"))?.content ?? "";
    const key = `anzhi-form ${reader} ${told.address} ${JSON.stringify(told.path)} ${JSON.stringify(told.fixed ?? {})}`;
    this.history = new History(this.store, { shelf: shelfOfBrowser(), key });
    this.history.guard(window, { asks: true });
    for (const kind of ["input", "change"]) form.addEventListener(kind, ({ target }) => this.typed(target, kind));
    this.store.watch(null, (values, changed) => this.show(values, changed));
    this.early = writtenEarly(form).map((control) => this.change(control)); // read before it is overwritten
    this.show(this.values, Object.keys(written)); // a position is written here, not by the page
  }

  get values() {
    return this.store.values;
  }

  // The state that was read is kept with what was typed into it: whoever reloads still learns of what others wrote since.
  // What was typed before there was a draft stands in it too.
  begin() {
    const isBack = this.history.restore();
    if (!isBack) this.history.begin({ base: this.values.base, seen: this.values.seen });
    const early = Object.assign({}, ...this.early);
    if (Object.keys(early).length) this.history.do("修改内容", early);
    return isBack;
  }

  typed(target, kind) {
    const change = this.change(target);
    if (!change) return;
    this.history.do("修改内容", change, { join: target.name });
    if (kind === "change") this.history.seal();
  }

  // What a control holds as a change of the draft; null where it is none of its fields.
  change(target) {
    const field = this.told.fields.find((one) => boxOf(one) === target.name);
    if (!field) return null;
    const value = field.kind === "flag" ? target.checked : field.kind === "several" ? this.ticked(field) : target.value;
    return { [target.name]: value, ...(field.kind === "position" ? READ_PLAINLY : {}) };
  }

  // The ticked of several boxes, as the text a list is kept as.
  ticked({ name }) {
    const boxes = [...this.form.querySelectorAll(`input[name="${name}"]`)];
    return textOf({ kind: "several" }, boxes.filter((box) => box.checked).map((box) => box.value));
  }

  show(values, changed) {
    for (const name of changed) {
      if (this.told.fields.some((field) => field.name === name && field.kind === "several")) {
        const held = linesOf(values[name]);
        for (const box of this.form.querySelectorAll(`input[name="${name}"]`)) box.checked = held.includes(box.value);
        continue;
      }
      const box = this.form.elements.namedItem(name);
      if (!box || box.value === values[name]) continue;
      if (typeof values[name] === "boolean") box.checked = values[name];
      else box.value = values[name];
    }
  }

  clearOutline() {
    this.history.do("删除位置", { ...READ_PLAINLY, coordinates: "" });
  }

  // What differs from what was read, or all of what is new, as it is sent; `geometry` is where the outline was read to lie.
  mine(geometry) {
    const from = this.told.etag ? this.values.base : {};
    const changed = this.told.fields.filter((field) => !same(this.values[boxOf(field)], textOf(field, from[field.name])));
    return Object.fromEntries(changed.map((field) => [field.name, sentOf(field, this.values[boxOf(field)], geometry)]));
  }

  // Values of the other side taken over; what is there now is the state that is changed.
  take(names, theirs, seen) {
    const fields = this.told.fields.filter(({ name }) => names.includes(name));
    const written = Object.fromEntries(fields.map((field) => [boxOf(field), textOf(field, theirs[field.name])]));
    const anew = "coordinates" in written ? READ_PLAINLY : {};
    this.history.do("采用对方的内容", { ...anew, ...written, base: theirs, seen });
  }
}

// The name of the control a field is written in: a position is written as coordinates.
export function boxOf({ name, kind }) {
  return kind === "position" ? "coordinates" : name;
}

export function textOf({ kind }, value) {
  if (kind === "flag") return Boolean(value);
  if (value == null) return "";
  if (kind === "moment") return clockOf(String(value));
  if (kind === "several") return [...value].sort().join("\n");
  if (kind === "lines") return value.join("\n");
  if (kind === "amounts") return value.map(({ name, count }) => `${name} ${count ?? ""}`.trim()).join("\n");
  return kind === "position" ? writeFootprint(value) : String(value);
}

// A moment as its control holds it; one that was typed has no zone and stays as it is.
function clockOf(written) {
  const isTold = /(Z|[+-]\d\d:?\d\d)$/.test(written);
  return isTold ? localMoment(new Date(written)) : written;
}

// What is no number is sent as it was typed: the service says what is wrong with it.
export function sentOf({ kind }, written, geometry) {
  if (kind === "flag") return written;
  if (kind === "position") return geometry;
  if (kind === "several" || kind === "lines") return linesOf(written);
  if (kind === "amounts") return linesOf(written).map(amountOf);
  const text = written.trim();
  if (!text) return null;
  if (kind === "moment") return `${text}${HERE}`;
  return (kind === "whole" || kind === "number") && NUMBER.test(text) ? Number(text) : text;
}

function linesOf(text) {
  return text.split("\n").map((line) => line.trim()).filter(Boolean);
}

// "Boat 2" is two boats. How many a line without a number means is the service's to ask.
function amountOf(line) {
  const found = /^(.+?)[\s×x*:\uff1a]+(\d+)$/.exec(line);
  return found ? { name: found[1], count: Number(found[2]) } : { name: line, count: null };
}
