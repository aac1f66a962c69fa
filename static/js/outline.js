// The outline under review: one text, one geometry, always in step. The server alone reads coordinates.
import { Problem, send } from "./core/api.js";
import { debounce } from "./core/debounce.js";
import { writeFootprint } from "./footprint.js";
import { Newest } from "./newest.js";
import { t } from "./words.js";

const PAUSE_MS = 350; // of typing, before the text is read
const NOTHING = { geometry: null, understood: null, alternatives: [], problems: [] };
const CALLED = { drawn: "绘制用地范围", edited: "编辑顶点", compared: "改用可比选范围" };

export class Outline {
  draft;
  newest;
  waiting;

  constructor(draft) {
    Object.assign(this, { draft, form: draft.form, newest: new Newest(), waiting: [] });
    this.reading = Promise.resolve();
    this.readSoon = debounce(() => this.read(), PAUSE_MS);
    draft.store.watch(["coordinates", "crs", "order", "shape", "own"], (_, changed) => this.follow(changed));
  }

  // What became of it: {geometry, understood, alternatives, problems}, its source (text, drawn, edited, compared, file, project,
  // link, step), and whether the service has read it.
  get told() {
    return this.draft.values.reading ?? NOTHING;
  }

  get geometry() {
    return this.told.geometry;
  }

  get isEmpty() {
    return !this.draft.values.coordinates.trim();
  }

  // A geometry that needs no reading: drawn, edited. All that one gesture does to the vertices is one command. more: what
  // changes with it.
  write(geometry, source, more = {}) {
    const gesture = source === "edited" ? { join: source, pause_ms: Infinity } : {};
    this.draft.history.do(CALLED[source], { ...asOutline(geometry, source), ...more }, gesture);
    return this.reading;
  }

  clear() {
    this.draft.clearOutline();
  }

  choose({ crs, order }) {
    this.draft.history.do("选定坐标读法", { crs, order, own: null });
    return this.reading;
  }

  // Typed text is read once it rests, everything else at once. What answers an older text is not shown any more.
  follow(changed) {
    const { values, history } = this.draft;
    const typed = changed.includes("coordinates") && !values.own && !history.isStepping;
    this.newest.ask(); // what is under way answers an older text
    this.reading = new Promise((done) => this.waiting.push(done));
    if (typed && !this.isEmpty) return this.readSoon();
    this.readSoon.cancel();
    return this.read();
  }

  async read() {
    const current = this.newest.ask();
    const { own } = this.draft.values;
    const source = this.draft.history.isStepping ? "step" : (own?.source ?? "text");
    const geometry = own && { geometry: own.geometry };
    if (own) this.tell({ ...NOTHING, ...geometry, source, isRead: false });
    const answer = this.isEmpty ? NOTHING : await this.answer(own, current.signal);
    if (!current()) return;
    this.tell({ ...answer, ...geometry, source, isRead: true });
    for (const done of this.waiting.splice(0)) done();
  }

  async answer(own, signal) {
    const { coordinates, crs, order, shape, project_class } = this.draft.values;
    const drawnAs = shape || (project_class === "K7" && !own ? "LineString" : null);
    const asked = { text: coordinates, crs: crs || null, order: order || null };
    try {
      const kind = own?.geometry.type.replace("Multi", "") ?? drawnAs;
      return await send("/api/siting/outline", { ...asked, shape: kind }, { signal });
    } catch (trouble) {
      const message = trouble instanceof Problem ? trouble.message : t("没有连上服务：{reason}", { reason: trouble.message });
      return { ...NOTHING, problems: [{ line: null, message }] };
    }
  }

  tell(reading) {
    this.draft.store.change({ reading });
  }
}

// The state of an outline that is written as a geometry.
export function asOutline(geometry, source) {
  return { coordinates: writeFootprint(geometry), crs: "", order: "", shape: "", own: { geometry, source } };
}
