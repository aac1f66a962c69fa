import assert from "node:assert/strict";
import { afterEach, before, beforeEach, test } from "node:test";
import { geometryOf, isSameShape } from "../topology/coverage.js";
import { move } from "../topology/operations.js";

// A page as far as the draft in hand looks at one.
globalThis.window = Object.assign(globalThis, { addEventListener: () => null });
globalThis.document = { documentElement: { lang: "en" }, getElementById: () => null, querySelector: () => null };
const shelf = new Map();
globalThis.localStorage = { getItem: (key) => shelf.get(key) ?? null, setItem: (key, text) => shelf.set(key, text), removeItem: (key) => shelf.delete(key) };

const THEME = { key: "flood/hazard", hazard: "flood", product: "hazard", scheme: "flood4", mayEdit: true };
const WEST = [[[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]]];
const EAST = [[[[1, 0], [2, 0], [2, 1], [1, 1], [1, 0]]]];
const zone = (id, shape, more = {}) => ({ id, hazard: "flood", product: "hazard", change: null, geometry: geometryOf(shape), ...more });
const answer = (zones, more = {}) => ({ zones, removed: [], lineage: [], problems: [], state: "open", undo: "x", redo: null, edit: 1, ...more });

let modules;
let answers;
let asked;
let work;

before(async () => {
  const [{ Work }, { Problem }] = await Promise.all([import("./work.js"), import("../core/api.js")]);
  modules = { Work, Problem };
});

beforeEach(async () => {
  shelf.clear();
  [answers, asked] = [[], []];
  const service = {
    number: 7,
    draft: async () => ({ value: { state: "open", undo: null, redo: null, next_steps: [{ step: "submit" }] }, etag: '"0"' }),
    zones: async () => [zone("1", WEST), zone("2", EAST)],
    edit: async (edit, etag) => {
      asked.push({ edit, etag });
      const next = answers.shift();
      if (next instanceof Error) throw next;
      return { value: next, etag: `"${asked.length}"` };
    },
  };
  work = new modules.Work({ service, reader: "li" });
  await work.open(THEME);
});

afterEach(() => clearInterval(work.again));

function moved(from, to) {
  const { change } = move(work.values.coverage, from, to);
  work.do("move", { op: "update", changes: change.after.map(([id, shape]) => ({ zone: id, geometry: geometryOf(shape) })) }, change);
  return new Map(change.after);
}

test("a gesture is shown at once, handed in with the mark of what it was made on, and saved when it is answered", async () => {
  answers.push(answer([zone("1", WEST), zone("2", EAST)]));
  const shapes = moved([1, 1], [1.2, 1]);
  assert.ok(isSameShape(work.values.coverage.shape("2"), shapes.get("2")));
  assert.deepEqual([work.values.saving, shelf.size], ["saving", 1]);
  await new Promise(setImmediate);
  assert.deepEqual([work.values.saving, work.values.etag, shelf.size], ["saved", '"1"', 0]);
  assert.equal(asked[0].etag, '"0"');
  assert.ok(isSameShape(work.values.coverage.shape("1"), WEST)); // what the service answers is what stands
});

test("an answer does not take back what was done after its gesture", async () => {
  const first = [[[[0, 0], [1, 0], [1.2, 1], [0, 1], [0, 0]]]];
  answers.push(answer([zone("1", first), zone("2", EAST)]), answer([]));
  moved([1, 1], [1.2, 1]);
  const later = moved([0, 1], [0, 1.5]);
  await new Promise(setImmediate);
  assert.ok(isSameShape(work.values.coverage.shape("1"), later.get("1")));
  assert.deepEqual(asked.map(({ etag }) => etag), ['"0"', '"1"']);
});

test("without the service a gesture is kept, also for another visit, and handed in when there is one", async () => {
  answers.push(new TypeError("Failed to fetch"));
  moved([1, 1], [1.2, 1]);
  await new Promise(setImmediate);
  assert.deepEqual([work.values.saving, work.values.unsent], ["away", 1]);
  const again = new modules.Work({ service: work.service, reader: "li" });
  await again.open(THEME);
  assert.equal(again.kept().gestures.length, 1);
  assert.equal(new modules.Work({ service: work.service, reader: "wang" }).kept(), null);
  answers.push(answer([]));
  await again.resume(again.kept());
  assert.deepEqual([again.values.saving, again.kept(), asked[1].etag], ["saved", null, '"0"']);
});

test("what is refused is taken back, with all that stands on it, and why is told", async () => {
  answers.push(new modules.Problem({ detail: "outside your area" }, 403));
  const told = [];
  work.addEventListener("refused", ({ detail }) => told.push(detail.message));
  moved([1, 1], [1.2, 1]);
  moved([0, 1], [0, 1.5]);
  await new Promise(setImmediate);
  assert.ok(isSameShape(work.values.coverage.shape("1"), WEST));
  assert.ok(isSameShape(work.values.coverage.shape("2"), EAST));
  assert.deepEqual([told, work.unsent.length, asked.length, shelf.size], [["outside your area"], 0, 1, 0]);
});

test("an overtaken gesture waits for a person", async () => {
  answers.push(new modules.Problem({ detail: "stale" }, 412));
  const told = [];
  work.addEventListener("overtaken", ({ detail }) => told.push(detail.title));
  moved([1, 1], [1.2, 1]);
  await new Promise(setImmediate);
  assert.deepEqual([told, work.values.saving, work.unsent.length], [["move"], "conflict", 1]);
});

test("while the page cannot know what a gesture does, nothing else is done; its children are chosen", async () => {
  const half = [[[[0, 0], [0.5, 0], [0.5, 1], [0, 1], [0, 0]]]];
  answers.push(answer([zone("3", half), zone("4", half)], { removed: ["1"], lineage: [{ parent: "1", child: "3" }, { parent: "1", child: "4" }] }));
  work.select(["1"]);
  work.do("split", { op: "split", zone: "1" });
  work.do("split", { op: "split", zone: "1" });
  assert.equal(work.values.busy, true);
  await new Promise(setImmediate);
  assert.deepEqual([asked.length, work.values.busy, work.values.selected], [1, false, ["3", "4"]]);
  assert.deepEqual([...work.values.coverage.zones.keys()].sort(), ["2", "3", "4"]);
});

test("who may not change the theme changes nothing", () => {
  work.store.change({ theme: { ...THEME, mayEdit: false } });
  work.do("split", { op: "split", zone: "1" });
  assert.deepEqual([asked.length, work.values.busy], [0, false]);
});

test("a line is a zone too: chosen, kept among the others, gone when it is removed", async () => {
  const fault = zone("9", [], { geometry: { type: "LineString", coordinates: [[0, 0], [1, 1]] } });
  answers.push(answer([fault]), answer([], { removed: ["9"] }));
  work.do("draw", { op: "create" });
  await new Promise(setImmediate);
  work.select(["9"]);
  assert.deepEqual([work.values.selected, work.values.coverage.shape("9"), work.isLine("9")], [["9"], [[[[0, 0], [1, 1]]]], true]);
  assert.deepEqual(work.handed({ before: [], after: [["9", [[[[0, 0], [1, 2]]]]]] }), [{ zone: "9", geometry: { type: "LineString", coordinates: [[0, 0], [1, 2]] } }]);
  work.do("delete", { op: "delete", zone: "9" });
  await new Promise(setImmediate);
  assert.deepEqual([work.values.selected, work.has("9")], [[], false]);
});
