import assert from "node:assert/strict";
import { test } from "node:test";
import { Keyboard, keysOf } from "./keyboard.js";

function pressed(key, more = {}) {
  const event = { key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, target: null, ...more };
  return Object.assign(event, { preventDefault: () => Object.assign(event, { defaultPrevented: true }) });
}

const field = { matches: () => true };

test("keys are spelled with what is held; a sign that needs Shift is named by itself", () => {
  assert.equal(keysOf(pressed("z", { ctrlKey: true })), "Ctrl+Z");
  assert.equal(keysOf(pressed("z", { metaKey: true, shiftKey: true })), "Ctrl+Shift+Z");
  assert.equal(keysOf(pressed("?", { shiftKey: true })), "?");
  assert.equal(keysOf(pressed("Enter", { shiftKey: true })), "Shift+Enter");
  assert.equal(keysOf(pressed("m")), "M");
});

test("Escape lets one thing go, in one order, whoever registered first", () => {
  const keyboard = new Keyboard();
  const open = new Set(["selection", "suggestions", "tool", "drawer"]);
  for (const layer of [...open]) keyboard.lets({ layer, isOpen: () => open.has(layer), close: () => open.delete(layer) });
  const left = [];
  for (let time = 0; time < 5; time++) {
    keyboard.press(pressed("Escape"));
    left.push([...open].join(" "));
  }
  assert.deepEqual(left, ["selection tool drawer", "selection tool", "selection", "", ""]);
});

test("what answers only with the focus inside is passed over while the focus is elsewhere", () => {
  const keyboard = new Keyboard();
  const closed = [];
  const inside = {};
  keyboard.lets({ layer: "drawer", within: { contains: (target) => target === inside }, isOpen: () => true, close: () => closed.push("drawer") });
  keyboard.lets({ layer: "selection", isOpen: () => true, close: () => closed.push("selection") });
  keyboard.press(pressed("Escape"));
  keyboard.press(pressed("Escape", { target: inside }));
  assert.deepEqual(closed, ["selection", "drawer"]);
});

test("an Escape that somebody answered, or that ends the choice of a character, lets nothing go", () => {
  const keyboard = new Keyboard();
  const closed = [];
  keyboard.lets({ layer: "tool", isOpen: () => true, close: () => closed.push("tool") });
  keyboard.press(pressed("Escape", { defaultPrevented: true }));
  keyboard.press(pressed("Escape", { isComposing: true }));
  assert.deepEqual(closed, []);
});

test("an unknown layer of Escape is refused", () => {
  assert.throws(() => new Keyboard().lets({ layer: "window", isOpen: () => true, close: () => null }), /no layer/);
});

test("a letter is no shortcut while somebody writes; with a modifier it is one only in its own place", () => {
  const keyboard = new Keyboard();
  const run = [];
  const form = { contains: () => true };
  keyboard.add({ keys: ["?"], title: "help", run: () => run.push("help") });
  keyboard.add({ keys: ["M"], title: "measure", run: () => run.push("measure"), within: form });
  keyboard.add({ keys: ["Ctrl+Z"], title: "undo", run: () => run.push("undo"), within: form });
  for (const key of ["?", "m"]) keyboard.press(pressed(key, { target: field }));
  keyboard.press(pressed("z", { ctrlKey: true, target: field }));
  keyboard.press(pressed("?"));
  keyboard.press(pressed("m"));
  assert.deepEqual(run, ["undo", "help", "measure"]);
});

test("single keys can be switched off; what holds a modifier or has the focus in its place works on", () => {
  const keyboard = new Keyboard();
  const run = [];
  const place = {};
  keyboard.add({ keys: ["?", "Ctrl+/"], title: "help", run: () => run.push("help") });
  keyboard.add({ keys: ["M"], title: "measure", run: () => run.push("measure"), within: { contains: (target) => target === place } });
  keyboard.singleKeys = false;
  keyboard.press(pressed("?"));
  assert.deepEqual(run, []);
  keyboard.press(pressed("/", { ctrlKey: true }));
  keyboard.press(pressed("m", { target: place }));
  keyboard.singleKeys = true;
  keyboard.press(pressed("?"));
  assert.deepEqual(run, ["help", "measure", "help"]);
});

test("a key means one thing in one place", () => {
  const keyboard = new Keyboard();
  keyboard.add({ keys: ["M"], title: "measure", run: () => null });
  assert.throws(() => keyboard.add({ keys: ["D", "M"], title: "merge", run: () => null }), /taken: measure/);
});

test("the map of the keyboard is what was registered, also what others do", () => {
  const keyboard = new Keyboard();
  keyboard.add({ keys: ["M"], title: "measure", run: () => null });
  keyboard.add({ keys: ["+", "-"], title: "zoom" });
  keyboard.add({ keys: ["+", "-"], title: "zoom" });
  assert.deepEqual(keyboard.shortcuts, [
    { keys: ["M"], title: "measure" },
    { keys: ["+", "-"], title: "zoom" },
  ]);
});
