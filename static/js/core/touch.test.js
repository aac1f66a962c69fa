import assert from "node:assert/strict";
import { test } from "node:test";

globalThis.window = { ANZHI: { messages: {} } };
globalThis.document = { documentElement: { lang: "zh-CN" }, getElementById: () => null };
const { isOfThePage } = await import("./touch.js");

const on = (hit) => ({ closest: () => hit });

test("one finger on the ground is the page's; two fingers, and what is dragged or pressed, are the map's", () => {
  assert.equal(isOfThePage({ touches: { length: 1 }, target: on(null) }), true);
  assert.equal(isOfThePage({ touches: { length: 2 }, target: on(null) }), false);
  assert.equal(isOfThePage({ touches: { length: 1 }, target: on({}) }), false);
});
