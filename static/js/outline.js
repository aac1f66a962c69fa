// The outline under review: one text, one geometry, always in step. The server alone reads coordinates.
import { Problem, send } from "./api.js";
import { writeFootprint } from "./footprint.js";
import { t } from "./words.js";

const PAUSE_MS = 350; // of typing, before the text is read

export class Outline extends EventTarget {
  constructor(form) {
    super();
    this.form = form;
    this.round = 0;
    this.forget();
    this.reading = Promise.resolve();
    form.coordinates.addEventListener("input", () => {
      this.own = null;
      this.round += 1;
      clearTimeout(this.waiting);
      this.waiting = setTimeout(() => this.read(), PAUSE_MS);
      this.reading = new Promise((done) => this.addEventListener("change", done, { once: true }));
    });
    for (const field of [form.crs, form.order, form.shape])
      field.addEventListener("change", () => {
        this.own = null;
        this.read();
      });
  }

  forget() {
    Object.assign(this, { geometry: null, understood: null, alternatives: [], problems: [], own: null });
  }

  get isEmpty() {
    return !this.form.coordinates.value.trim();
  }

  // A geometry that needs no reading: drawn, edited, from a file or from a stored project.
  write(geometry, source) {
    clearTimeout(this.waiting);
    this.form.coordinates.value = writeFootprint(geometry);
    for (const field of [this.form.crs, this.form.order, this.form.shape]) field.value = "";
    this.own = { geometry, source };
    this.geometry = geometry;
    return this.read();
  }

  clear() {
    clearTimeout(this.waiting);
    this.round += 1;
    this.forget();
    this.form.coordinates.value = "";
    this.tell("cleared");
  }

  choose({ crs, order }) {
    if (![...this.form.crs.options].some((option) => option.value === crs)) this.form.crs.append(new Option(crs, crs));
    this.form.crs.value = crs;
    this.form.order.value = order;
    this.own = null;
    return this.read();
  }

  read() {
    const round = ++this.round;
    if (this.isEmpty) {
      this.forget();
      this.tell("text");
      return this.reading;
    }
    this.reading = this.ask().then((answer) => {
      if (round !== this.round) return;
      Object.assign(this, answer, this.own ? { geometry: this.own.geometry } : {});
      this.tell(this.own?.source || "text");
    });
    return this.reading;
  }

  async ask() {
    const { coordinates, crs, order, shape, project_class } = this.form;
    const drawnAs = shape.value || (project_class.value === "K7" && !this.own ? "LineString" : null);
    const asked = { text: coordinates.value, crs: crs.value || null, order: order.value || null };
    try {
      return await send("/api/siting/outline", { ...asked, shape: this.own?.geometry.type.replace("Multi", "") ?? drawnAs });
    } catch (trouble) {
      const message = trouble instanceof Problem ? trouble.message : t("没有连上服务：{reason}", { reason: trouble.message });
      return { geometry: null, understood: null, alternatives: [], problems: [{ line: null, message }] };
    }
  }

  tell(source) {
    this.dispatchEvent(new CustomEvent("change", { detail: { source } }));
  }
}
