import assert from "node:assert/strict";
import { test } from "node:test";
import { writtenEarly } from "./earlyinput.js";

const text = (name, value, defaultValue = "") => ({ name, type: "text", value, defaultValue });
const box = (name, checked, defaultChecked) => ({ name, type: "checkbox", checked, defaultChecked, value: "on", defaultValue: "on" });
const choice = (name, selectedIndex, options) => ({ name, type: "select-one", selectedIndex, options, value: "" });
const option = (defaultSelected = false, disabled = false) => ({ defaultSelected, disabled });
const named = (...elements) => writtenEarly(/** @type {any} */ ({ elements })).map(({ name }) => name);

test("a form as the page came holds nothing written", () => {
  assert.deepEqual(named(text("a", "x", "x"), box("b", true, true), choice("c", 0, [option(), option()]), choice("d", 1, [option(), option(true)])), []);
});

test("whatever differs from how the page came was written", () => {
  const chosen = choice("c", 1, [option(), option()]);
  const undone = choice("d", 0, [option(), option(true)]);
  assert.deepEqual(named(text("a", "y", "x"), text("e", "", "x"), box("b", false, true), chosen, undone), ["a", "e", "b", "c", "d"]);
});

test("what cannot be chosen is not shown first, and files and buttons are written otherwise", () => {
  assert.deepEqual(named(choice("c", 1, [option(false, true), option()])), []);
  assert.deepEqual(named({ name: "f", type: "file", value: "C:/a", defaultValue: "" }, { name: "", type: "submit", value: "x", defaultValue: "" }), []);
});
