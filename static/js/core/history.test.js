import assert from "node:assert/strict";
import { test } from "node:test";
import { History } from "./history.js";
import { Store } from "./store.js";

function shelfOf(most = Infinity) {
  const held = new Map();
  return {
    held,
    getItem: (key) => held.get(key) ?? null,
    removeItem: (key) => held.delete(key),
    setItem(key, text) {
      if (text.length > most) throw new Error("QuotaExceededError");
      held.set(key, text);
    },
  };
}

function begun(values = { name: "", shape: null }, options = {}) {
  const store = new Store(values);
  let time = 0;
  const history = new History(store, { clock: () => time, ...options });
  return { store, history, pass: (ms) => (time += ms) };
}

test("every command is undone and redone in order, by name", () => {
  const { store, history } = begun();
  history.do("draw", { shape: [1] });
  history.do("move", { shape: [2] });
  assert.equal(history.undo().name, "move");
  assert.deepEqual(store.values.shape, [1]);
  assert.equal(history.undo().name, "draw");
  assert.equal(store.values.shape, null);
  assert.equal(history.undo(), null);
  assert.equal(history.redo().name, "draw");
  assert.equal(history.redo().name, "move");
  assert.equal(history.redo(), null);
  assert.deepEqual(store.values.shape, [2]);
});

test("a new command takes the place of what was undone", () => {
  const { store, history } = begun();
  history.do("one", { name: "1" });
  history.undo();
  history.do("two", { name: "2" });
  assert.equal(history.next, null);
  history.undo();
  assert.equal(store.values.name, "");
});

test("what changes nothing is no command", () => {
  const { history } = begun({ shape: { type: "Point" } });
  history.do("same", { shape: { type: "Point" } });
  assert.equal(history.last, null);
});

test("typing is one command until it rests, another kind comes between, or it is undone", () => {
  const { store, history, pass } = begun();
  for (const name of ["a", "ab", "abc"]) {
    history.do("type", { name }, { join: "name" });
    pass(100);
  }
  pass(5000);
  history.do("type", { name: "abcd" }, { join: "name" });
  history.do("draw", { shape: 1 });
  history.do("type", { name: "abcde" }, { join: "name" });
  const seen = [];
  while (history.undo()) seen.push(store.values.name);
  assert.deepEqual(seen, ["abcd", "abcd", "abc", ""]);
});

test("a command may wait for its second half as long as it says", () => {
  const { store, history, pass } = begun();
  history.do("file", { shape: null, name: "?" }, { join: "file 1" });
  pass(60_000);
  history.do("file", { shape: [1] }, { join: "file 1", pause_ms: Infinity });
  history.undo();
  assert.deepEqual(store.values, { name: "", shape: null });
});

test("who watches the state can tell a step from a command", () => {
  const { store, history } = begun();
  const seen = [];
  store.watch(null, () => seen.push(history.isStepping));
  history.do("one", { name: "1" });
  history.undo();
  history.redo();
  history.do("two", { name: "2" });
  assert.deepEqual(seen, [false, true, true, false]);
});

test("typing that ends where it began leaves nothing to undo", () => {
  const { history } = begun();
  history.do("type", { name: "a" }, { join: "name" });
  history.do("type", { name: "" }, { join: "name" });
  assert.equal(history.last, null);
  assert.equal(history.isDirty, false);
});

test("dirty is what was done since the last saving, also by undoing past it", () => {
  const { history } = begun();
  assert.equal(history.isDirty, false);
  history.do("one", { name: "1" }, { join: "name" });
  assert.equal(history.isDirty, true);
  history.saved();
  assert.equal(history.isDirty, false);
  history.do("one", { name: "12" }, { join: "name" });
  assert.equal(history.isDirty, true);
  history.undo();
  assert.equal(history.isDirty, false);
  history.undo();
  assert.equal(history.isDirty, true);
});

test("a reload brings back the state, what can be undone and what can be redone", () => {
  const shelf = shelfOf();
  const first = begun(undefined, { shelf, key: "draft" });
  first.history.do("one", { name: "1" });
  first.history.do("two", { name: "2" });
  first.history.do("three", { shape: [3] });
  first.history.undo();
  first.history.keep();
  const again = begun(undefined, { shelf, key: "draft" });
  assert.equal(again.history.restore(), true);
  assert.deepEqual(again.store.values, { name: "2", shape: null });
  assert.equal(again.history.isDirty, true);
  again.history.redo();
  assert.deepEqual(again.store.values.shape, [3]);
  again.history.undo();
  again.history.undo();
  assert.equal(again.store.values.name, "1");
  again.history.do("four", { name: "4" });
  assert.equal(again.history.last.number, 4);
  again.history.keepSoon.cancel();
});

test("what the page started with is no command, and comes back with what was done to it", () => {
  const shelf = shelfOf();
  const { history } = begun(undefined, { shelf, key: "draft" });
  history.begin({ name: "stored", shape: [1] });
  assert.deepEqual([history.last, history.isDirty], [null, false]);
  history.do("one", { name: "mine" });
  history.keep();
  const again = begun(undefined, { shelf, key: "draft" });
  again.history.restore();
  assert.deepEqual(again.store.values, { name: "mine", shape: [1] });
  again.history.undo();
  assert.equal(again.store.values.name, "stored");
  again.history.keepSoon.cancel();
});

test("that it was saved is kept too", () => {
  const shelf = shelfOf();
  const { history } = begun(undefined, { shelf, key: "draft" });
  history.do("one", { name: "1" });
  history.keep();
  history.saved();
  history.keepSoon.now();
  const again = begun(undefined, { shelf, key: "draft" });
  again.history.restore();
  assert.equal(again.history.isDirty, false);
  again.history.keepSoon.cancel();
});

test("nothing kept, or something unreadable, is nothing to bring back", () => {
  const shelf = shelfOf();
  const { history } = begun(undefined, { shelf, key: "draft" });
  assert.equal(history.restore(), false);
  shelf.held.set("draft", "{broken");
  assert.equal(history.restore(), false);
});

test("forgetting leaves no draft and nothing to undo, and the state as it is", () => {
  const shelf = shelfOf();
  const { store, history } = begun(undefined, { shelf, key: "draft" });
  history.do("one", { name: "1" });
  history.keep();
  history.forget();
  assert.equal(shelf.held.size, 0);
  assert.deepEqual([history.last, history.isDirty, store.values.name], [null, false, "1"]);
});

test("where there is no room the work is said not to be kept, and leaving asks", () => {
  const asked = [];
  const page = { addEventListener: (kind, react) => (page[kind] = react) };
  const { history } = begun(undefined, { shelf: shelfOf(10), key: "draft" });
  history.guard(page);
  history.do("one", { name: "1" });
  page.beforeunload({ preventDefault: () => asked.push("leave?") });
  assert.equal(history.isKept, false);
  assert.deepEqual(asked, ["leave?"]);
});

test("work that a reload would bring back is left without a question, unless the page asks for one", () => {
  const asked = [];
  for (const asks of [false, true]) {
    const page = { addEventListener: (kind, react) => (page[kind] = react) };
    const { history } = begun(undefined, { shelf: shelfOf(), key: "draft" });
    history.guard(page, { asks });
    page.beforeunload({ preventDefault: () => asked.push("clean") });
    history.do("one", { name: "1" });
    page.beforeunload({ preventDefault: () => asked.push(asks) });
  }
  assert.deepEqual(asked, [true]);
});

test("the oldest commands go where there are too many, and what is left is still not saved", () => {
  const { history } = begun();
  for (let count = 1; count <= 450; count++) history.do("count", { name: String(count) });
  let undone = 0;
  while (history.undo()) undone += 1;
  assert.equal(undone, 200);
  assert.equal(history.isDirty, true);
});

test("a draft too long for the browser keeps the newest commands and all values", () => {
  const shelf = shelfOf();
  const long = "x".repeat(300_000);
  const { history } = begun(undefined, { shelf, key: "draft" });
  history.do("shape", { shape: "kept" });
  for (const sign of ["a", "b", "c", "d"]) history.do("long", { name: long + sign });
  history.keep();
  const again = begun(undefined, { shelf, key: "draft" });
  assert.equal(again.history.restore(), true);
  assert.equal(again.store.values.shape, "kept");
  assert.equal(again.store.values.name, `${long}d`);
  again.history.keepSoon.cancel();
});
