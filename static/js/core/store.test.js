import assert from "node:assert/strict";
import { test } from "node:test";
import { Store } from "./store.js";

test("a change is told once, with the names that truly changed", () => {
  const store = new Store({ a: 1, b: 2, c: 3 });
  const told = [];
  store.watch(null, (values, changed) => told.push([values.a, changed]));
  assert.deepEqual(store.change({ a: 5, b: 2 }), ["a"]);
  assert.deepEqual(store.change({ a: 5 }), []);
  assert.deepEqual(told, [[5, ["a"]]]);
});

test("who watches other names is not told, and nobody after the end of a watch", () => {
  const store = new Store({ a: 1, b: 1 });
  const told = [];
  const end = store.watch(["a"], ({ a }) => told.push(a));
  store.change({ b: 2 });
  store.change({ a: 2 });
  end();
  store.change({ a: 3 });
  assert.deepEqual(told, [2]);
});

test("everybody hears of changes in the order they were made", () => {
  const store = new Store({ a: 0, b: 0 });
  const told = [];
  store.watch(["a"], ({ a }) => store.change({ b: a * 10 }));
  store.watch(null, (_, changed) => told.push(...changed));
  store.change({ a: 1 });
  assert.deepEqual(told, ["a", "b"]);
});

test("values cannot be changed behind the back of the store", () => {
  const store = new Store({ a: 1 });
  assert.throws(() => {
    store.values.a = 2;
  }, TypeError);
});

test("a watcher that fails leaves the store able to tell the next change", () => {
  const store = new Store({ a: 0 });
  const end = store.watch(["a"], () => {
    throw new Error("broken");
  });
  assert.throws(() => store.change({ a: 1 }), /broken/);
  end();
  const told = [];
  store.watch(["a"], ({ a }) => told.push(a));
  store.change({ a: 2 });
  assert.deepEqual(told, [2]);
});
