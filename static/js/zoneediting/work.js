// The draft in hand: its zones, what is chosen of them, and every gesture until the service has it.
import { Problem } from "../core/api.js";
import { lay, take } from "../core/shelf.js";
import { Store } from "../core/store.js";
import { Coverage, changed, geometryOf, invert, isSameShape, outlineOf } from "../topology/coverage.js";
import { area_m2, length_m } from "../topology/plane.js";

const AGAIN_MS = 5000; // until a gesture that found no service is tried again
const NOBODY = Object.freeze({ id: "", grade: null, grade_rank: null, grade_scheme: null, name: null, change: null });

export class Work extends EventTarget {
  service;

  // reader: whose unsent gestures are kept in this browser.
  constructor({ service, reader }) {
    super();
    this.service = service;
    this.key = `anzhi-zone-draft ${reader} ${service.number}`;
    this.unsent = []; // {edit, change, title}; the first is under way
    this.store = new Store({
      ...{ draft: null, etag: null, theme: null, coverage: Coverage.of([]), facts: new Map() },
      ...{ selected: [], vertex: null, showsNodes: false, busy: false, saving: "saved", unsent: 0, lastZones: [] },
    });
    window.addEventListener("online", () => this.flush());
    window.addEventListener("beforeunload", (event) => this.unsent.length && !this.isKept && event.preventDefault());
  }

  get values() {
    return this.store.values;
  }

  fact(id) {
    return this.values.facts.get(id) ?? NOBODY;
  }

  get mayEdit() {
    const { draft, theme } = this.values;
    return Boolean(theme?.mayEdit) && Boolean(draft?.next_steps.length);
  }

  async open(theme) {
    const [{ value: draft, etag }, items] = await Promise.all([this.service.draft(), this.service.zones(theme.hazard, theme.product)]);
    const coverage = Coverage.of(items.map((item) => [item.id, item.change === "delete" ? [] : outlineOf(item.geometry)]).filter(([, shape]) => shape.length));
    const facts = new Map(items.map((item) => [item.id, item]));
    this.opened = coverage;
    this.store.change({ draft, etag, theme, coverage, facts, selected: [], vertex: null });
  }

  // The draft as the service has it, and nothing of what it does not.
  async reopen() {
    this.unsent = [];
    this.keep();
    this.store.change({ busy: true, saving: "saving" });
    await this.open(this.values.theme);
    this.store.change({ busy: false, saving: "saved" });
  }

  // How large a zone is, in m², or how long where it is a line, in metres.
  sizeOf(id, shape) {
    return this.isLine(id) ? length_m(shape) : area_m2(shape);
  }

  // How large it was when the page was opened; a new one is measured against nothing.
  baseSize(id) {
    return this.sizeOf(id, this.opened?.shape(id) ?? []);
  }

  async refresh() {
    const { value: draft, etag } = await this.service.draft();
    if (!this.unsent.length) this.store.change({ draft, etag });
    return this.values.draft;
  }

  has(id) {
    return this.values.coverage.zones.has(id);
  }

  // Zones are ground, or lines where the theme has such: each part of a line is one ring that is open.
  isLine(id) {
    return Boolean(this.fact(id).geometry?.type.endsWith("LineString"));
  }

  // What a change makes of zones, as the service takes it.
  handed(change) {
    return change.after.map(([zone, shape]) => ({ zone, geometry: geometryOf(shape, this.isLine(zone)) }));
  }

  select(ids) {
    const known = ids.filter((id) => this.has(id));
    this.store.change({ selected: known, vertex: null });
  }

  // A gesture: shown at once where the page knows what it does, kept until the service has answered.
  do(title, edit, change = null) {
    if (!this.mayEdit || this.values.busy) return;
    if (change) this.adopt(change);
    else this.store.change({ busy: true });
    this.unsent.push({ title, edit, change, etag: this.values.etag });
    this.keep();
    this.flush();
  }

  adopt(change) {
    this.store.change({ coverage: this.values.coverage.apply(change) });
  }

  keep() {
    const gestures = this.unsent.map(({ title, edit, change }) => ({ title, edit, change }));
    this.isKept = lay(this.key, gestures.length ? { gestures, theme: this.values.theme?.key, etag: this.values.etag } : null);
    this.store.change({ unsent: this.unsent.length });
  }

  // What an earlier visit could not hand in; its state is the one it was made on.
  kept() {
    return take(this.key);
  }

  resume({ gestures, etag }) {
    this.store.change({ etag });
    for (const gesture of gestures) {
      if (gesture.change) this.adopt(gesture.change);
      this.unsent.push(gesture);
    }
    this.store.change({ busy: gestures.some(({ change }) => !change) });
    this.keep();
    return this.flush();
  }

  forgetKept() {
    lay(this.key, null);
  }

  async flush() {
    if (this.isSending) return;
    this.isSending = true;
    clearInterval(this.again);
    try {
      while (this.unsent.length) {
        this.store.change({ saving: "saving" });
        await this.hand(this.unsent[0]);
        this.unsent.shift();
        this.keep();
        if (!this.unsent.some(({ change }) => !change)) this.store.change({ busy: false });
      }
      this.store.change({ saving: "saved" });
    } catch (trouble) {
      this.halted(trouble);
    } finally {
      this.isSending = false;
    }
  }

  async hand(gesture) {
    const { value, etag } = await this.service.edit(gesture.edit, this.values.etag);
    this.take(value, etag);
    const { vertex, coverage } = this.values;
    if (gesture.edit.op !== "update" && vertex && !coverage.usersOf(vertex).length) this.store.change({ vertex: null });
  }

  // The zones as the service has them now; those that a later gesture changed already wait for its answer.
  take(answer, etag) {
    const later = new Set(this.unsent.slice(1).flatMap(({ change }) => change?.after.map(([id]) => id) ?? []));
    const facts = new Map(this.values.facts);
    const shapes = new Map(answer.removed.filter((id) => this.values.coverage.zones.has(id)).map((id) => [id, null]));
    const { theme, selected, coverage } = this.values;
    for (const fact of answer.zones) {
      const isHere = fact.hazard === theme.hazard && fact.product === theme.product;
      const shape = outlineOf(fact.geometry);
      facts.set(fact.id, fact);
      if (isHere && !later.has(fact.id) && !isSameShape(shape, coverage.zones.get(fact.id))) shapes.set(fact.id, shape);
    }
    for (const id of answer.removed) facts.delete(id);
    const next = shapes.size ? changed(coverage, shapes).topology : coverage;
    const draft = { ...this.values.draft, state: answer.state, undo: answer.undo, redo: answer.redo, edit: answer.edit };
    const isLeft = (id) => next.zones.has(id);
    this.store.change({ draft, etag, facts, coverage: next, lastZones: answer.zones.map(({ id }) => id), selected: followed(selected, answer, isLeft) });
    this.dispatchEvent(new CustomEvent("answered", { detail: answer }));
  }

  // The first gesture was not taken: the service is away, somebody else wrote, or it refuses.
  halted(trouble) {
    if (!(trouble instanceof Problem) || trouble.status >= 502) {
      this.store.change({ saving: "away" });
      this.again = setInterval(() => this.flush(), AGAIN_MS);
    } else if (trouble.status === 412) {
      this.store.change({ saving: "conflict" });
      this.dispatchEvent(new CustomEvent("overtaken", { detail: this.unsent[0] }));
    } else this.refused(trouble);
  }

  // Nothing of what followed can stand on it: all of it is taken back on the page.
  refused(trouble) {
    this.dropUnsent();
    this.dispatchEvent(new CustomEvent("refused", { detail: trouble }));
  }

  dropUnsent() {
    for (const { change } of [...this.unsent].reverse()) if (change) this.adopt(invert(change));
    this.unsent = [];
    this.keep();
    this.store.change({ busy: false, saving: "saved", vertex: null });
  }
}

// What was chosen lives on in its children; what is gone is chosen no more.
function followed(selected, { removed, lineage, zones }, isLeft) {
  if (!selected.some((id) => removed.includes(id))) return selected.filter(isLeft);
  const heirs = lineage.filter(({ parent }) => selected.includes(parent)).map(({ child }) => child);
  const all = [...selected.filter((id) => !removed.includes(id)), ...heirs.filter((id) => zones.some((zone) => zone.id === id))];
  return [...new Set(all)];
}
